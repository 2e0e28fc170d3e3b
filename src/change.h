/* change.h: what the parts of dc_change share. One file has one group of events: account events (change.c), new accounts
 * (create.c), credentials from the outside (typed.c), auth configs (config.c), project and API keys (project.c). */
#ifndef DC_CHANGE_H
#define DC_CHANGE_H

#include "account.h"
#include "activity.h"
#include "catalog.h"
#include "credential.h"

typedef struct dc_event_call {
    dc_input in;
    double now;
    dc_record record;
    dc_activity noted; /* by an event that refuses: what the account's log says of it */
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
const dc_reply *dc_event_config_health(dc_event_call *call);
const dc_reply *dc_event_health(dc_event_call *call);
const dc_reply *dc_event_project_open(dc_event_call *call);
const dc_reply *dc_event_project_update(dc_event_call *call);
const dc_reply *dc_event_key_create(dc_event_call *call);

/* The reply of an account event. `effects` ends in NULL; `result` and `second` may be empty. */
const dc_reply *dc_changed(const dc_record *record, const char *const *effects, const dc_out *result, dc_span second);

/* A credential that somebody gives. */
typedef struct dc_taken {
    const cJSON *toolkit;
    dc_span val;           /* raw JSON object */
    const cJSON *identity; /* whose it is; NULL: not asked, or not known */
    bool verify;           /* the provider is to be asked whether it is good, where the toolkit says how */
    double now;
} dc_taken;

/* It becomes the account's: effects `seal`, `identify`, `verify` where the provider is to be asked first, and `sign` where
 * what it is asked is signed with the client's secret. */
const dc_reply *dc_take_credential(dc_record *record, const dc_taken *taken);
/* A client's own grant: effect `obtain`, a token is to be fetched with `val` beside it and given to event `connect`. */
const dc_reply *dc_obtain(const dc_record *record, const dc_taken *taken);

/* The members by which clients find the way to the provider: it begins with our own page. `callback` may be NULL. */
void dc_put_way(dc_out *val, dc_scheme scheme, const char *url, const char *callback);

/* Has the body this member, written exactly so? */
bool dc_body_is(const dc_event_call *call, const char *path, const char *literal);

/* 501, naming a scheme that is known and not run yet. */
const dc_reply *dc_scheme_unserved(dc_scheme scheme);

/* The id of the account, other than `own_id`, whose record has this text; NULL: none. */
const char *dc_holder_of(const cJSON *siblings, const char *name, const char *text, const char *own_id);
/* Why the accounts of one user and toolkit (`siblings`: their records) forbid it; NULL: they do not. */
const dc_reply *dc_alias_objection(const cJSON *siblings, const char *alias, const char *own_id);
const dc_reply *dc_already_connected(const cJSON *siblings, const char *config, const char *own_id);
/* The call's account was made with allow_multiple: false, and another became ACTIVE while it waited. */
const dc_reply *dc_second_account(const dc_event_call *call);
/* What is wrong with `{authScheme, val}`; NULL: nothing. */
const dc_reply *dc_state_objection(dc_span state, dc_scheme scheme);

/* Why a connection of this identity may not become the account's; NULL: it may. */
const char *dc_identity_objection(const dc_record *record, const cJSON *identity);
void dc_identity_take(dc_record *record, const cJSON *identity);

/* May a user be sent to this address? A project without a list of callback_urls allows every one; NULL is none. */
bool dc_callback_allowed(const cJSON *project, const char *url);

/* Is the head's auth config switched off? Then nothing is connected with it. */
bool dc_config_is_off(const dc_input *in);

#endif
