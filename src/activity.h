/* activity.h: the log of an account: what happened to it, when, by whom and in whose request. An event of dc_change
 * says so itself, in the third part of its reply; the host keeps that in the transaction of the change. No secret is in
 * an entry: paths are templates, queries are left out, and a provider's words come scrubbed. */
#ifndef DC_ACTIVITY_H
#define DC_ACTIVITY_H

#include "catalog.h"
#include "record.h"
#include "reply.h"

/* What can have happened. */
typedef enum dc_activity {
    DC_NOTED_NOTHING,
    DC_NOTED_CREATED,
    DC_NOTED_CONNECTED,
    DC_NOTED_RECONNECTED,
    DC_NOTED_UPDATED,
    DC_NOTED_DISABLED,
    DC_NOTED_ENABLED,
    DC_NOTED_RECONNECT_BEGUN,
    DC_NOTED_EXPIRED,
    DC_NOTED_REVOKED,
    DC_NOTED_OPENED,
    DC_NOTED_DENIED,
    DC_NOTED_RECONNECT_LAPSED,
    DC_NOTED_OTHER_IDENTITY,
    DC_NOTED_REFRESHED,
    DC_NOTED_REFRESH_FAILED,
    DC_NOTED_RECOVERED,
    DC_NOTED_USED,
    DC_NOTED_REVEALED,
    DC_NOTED_HELD,
    DC_NOTED_UNPROVED,
    DC_ACTIVITIES
} dc_activity;

struct dc_event_call;

/* The reply of an event, with what is to be noted of it: part[2] = `[[group, entry], ...]`, or nothing. The head's
 * `by` {kind, id, request_id} says who did it; without one it was the service itself. */
const dc_reply *dc_activity_noted(const struct dc_event_call *call, dc_event_name event, const dc_record *before,
                                  const dc_reply *reply);

/* What a `used` entry says of the request that the account was used for (activity_use.c). */
void dc_activity_put_use(dc_out *out, const dc_input *in);

/* For the catalogue: how many entries of each group an account keeps. */
void dc_activity_put_limits(dc_out *out);

#endif
