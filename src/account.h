/* account.h: the account state machine. */
#ifndef DC_ACCOUNT_H
#define DC_ACCOUNT_H

#include "errors.h"
#include "record.h"

/* What can happen to an account, as far as its status is concerned. */
typedef enum dc_happening {
    DC_OPENED,  /* the user went to the provider, or to the form */
    DC_GRANTED, /* a credential arrived */
    DC_DENIED,  /* the provider or the user said no */
    DC_LAPSED,  /* the time of an open link is over */
    DC_RENEW,   /* a new consent is asked for */
    DC_RENEWED, /* a refresh gave a new credential */
    DC_LOST,    /* the provider no longer accepts the grant */
    DC_DISABLE,
    DC_ENABLE,
    DC_REVOKE, /* the credential is taken back */
    DC_HAPPENINGS
} dc_happening;

typedef enum dc_verdict { DC_REFUSED, DC_ALLOWED, DC_SAME /* nothing to do, and no error */ } dc_verdict;

typedef struct dc_rule {
    uint8_t verdict, next;
    const char *why; /* refused: the message; allowed: the new status_reason (NULL: none) */
} dc_rule;

const dc_rule *dc_account_rule(dc_status status, dc_happening happening);

/* Apply a happening to the record: its status, reason and times. False: refused, see dc_account_rule. */
bool dc_account_apply(dc_record *record, dc_happening happening, double now);

#endif
