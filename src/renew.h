/* renew.h: what renew.c shares with the other events of an account. */
#ifndef DC_RENEW_H
#define DC_RENEW_H

#include "change.h"

/* What a token answer (grant step `token`) says of the credential; everything of the earlier one is over. */
void dc_take_grant(dc_event_call *call, const cJSON *grant);
/* A consent of the user, where there is nothing to refresh with (change.c). */
const dc_reply *dc_new_consent(dc_event_call *call);
/* The record as it is now, and nothing else to do (change.c). */
const dc_reply *dc_unchanged(dc_event_call *call);

const dc_reply *dc_event_refresh(dc_event_call *call);
const dc_reply *dc_event_refresh_begin(dc_event_call *call);
const dc_reply *dc_event_refresh_end(dc_event_call *call);

#endif
