/* change.h: what the parts of dc_change share. One file has one group of events: account events (change.c),
 * new accounts and typed-in credentials (create.c), auth configs (config.c), project and API keys (project.c). */
#ifndef DC_CHANGE_H
#define DC_CHANGE_H

#include "account.h"
#include "catalog.h"
#include "reply.h"

typedef struct dc_event_call {
    dc_input in;
    double now;
    dc_record record;
} dc_event_call;

typedef const dc_reply *(*dc_event_handler)(dc_event_call *call);

const dc_reply *dc_event_create(dc_event_call *call);
const dc_reply *dc_event_link(dc_event_call *call);
const dc_reply *dc_event_submit(dc_event_call *call);
const dc_reply *dc_event_update(dc_event_call *call);
const dc_reply *dc_event_config_create(dc_event_call *call);
const dc_reply *dc_event_config_update(dc_event_call *call);
const dc_reply *dc_event_config_status(dc_event_call *call);
const dc_reply *dc_event_config_delete(dc_event_call *call);
const dc_reply *dc_event_project_open(dc_event_call *call);
const dc_reply *dc_event_project_update(dc_event_call *call);
const dc_reply *dc_event_key_create(dc_event_call *call);

/* The reply of an account event. `effects` ends in NULL; `result` and `second` may be empty. */
const dc_reply *dc_changed(const dc_record *record, const char *const *effects, const dc_out *result, dc_span second);

/* May a user be sent to this address? A project without a list of callback_urls allows every one; NULL is none. */
bool dc_callback_allowed(const cJSON *project, const char *url);

/* Is the head's auth config switched off? Then nothing is connected with it. */
bool dc_config_is_off(const dc_input *in);

/* The auth scheme's entry in a toolkit definition; NULL: the toolkit has no such scheme. */
const cJSON *dc_scheme_of(const cJSON *toolkit, dc_scheme scheme);
/* The toolkit has an endpoint that tells whether a credential is good. */
bool dc_has_test(const cJSON *toolkit);

/* Copies the members of a credential (raw JSON object) that are kept, compact, into *out. Refuses, by name,
 * values that are masked. False: faults were added. `faults` NULL: a provider's own answer; nothing in it is
 * refused (`Home...` may be a workspace's name), and what is empty counts as left out. Over 256 members, 64 KiB or a
 * depth of 16, a caller's member is a fault; of a provider's answer only what a grant is made of is kept then. */
bool dc_credential_copy(dc_out *out, dc_span val, dc_faults *faults);
/* The same, and behind it the members of `old` that `fresh` leaves out: a refresh need not repeat the refresh token,
 * and a PATCH merges. */
bool dc_credential_merge(dc_out *out, dc_span fresh, dc_span old, dc_faults *faults);
/* Adds a fault for each field that the scheme requires and `val` (raw JSON) lacks. */
void dc_credential_check(const cJSON *toolkit, dc_scheme scheme, dc_span val, dc_faults *faults);

#endif
