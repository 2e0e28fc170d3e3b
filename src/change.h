/* change.h: what the parts of dc_change share. One file has one group of events: account events (change.c),
 * new accounts and typed-in credentials (create.c), auth configs (config.c), project and API keys (project.c). */
#ifndef DC_CHANGE_H
#define DC_CHANGE_H

#include "account.h"
#include "catalog.h"
#include "credential.h"

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

#endif
