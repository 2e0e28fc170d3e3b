/* words.h: the closed vocabularies of the contract: statuses, authentication schemes, scopes. */
#ifndef DC_WORDS_H
#define DC_WORDS_H

#include "text.h"

typedef enum dc_status {
    DC_INITIALIZING,
    DC_INITIATED,
    DC_ACTIVE,
    DC_FAILED,
    DC_EXPIRED,
    DC_INACTIVE,
    DC_REVOKED,
    DC_STATUS_COUNT
} dc_status;

typedef enum dc_scheme {
    DC_OAUTH2,
    DC_OAUTH1,
    DC_API_KEY,
    DC_BASIC,
    DC_BEARER_TOKEN,
    DC_NO_AUTH,
    DC_BASIC_WITH_JWT,
    DC_GOOGLE_SERVICE_ACCOUNT,
    DC_SERVICE_ACCOUNT,
    DC_BILLCOM_AUTH,
    DC_CALCOM_AUTH,
    DC_SAML,
    DC_DCR_OAUTH,
    DC_S2S_OAUTH2,
    DC_SCHEME_COUNT
} dc_scheme;

/* How a scheme's credential comes to us. */
typedef enum dc_way {
    DC_WAY_NONE,    /* not run yet: 501 by name */
    DC_WAY_CONSENT, /* the user is sent to the provider */
    DC_WAY_TYPED,   /* the user or the caller gives it */
    DC_WAY_CLIENT,  /* the auth config's client fetches it: nobody is asked */
    DC_WAY_NOTHING  /* there is no credential */
} dc_way;

extern const char *const dc_status_names[DC_STATUS_COUNT + 1]; /* all lists of words end in NULL */
extern const char *const dc_scheme_names[DC_SCHEME_COUNT + 1];
extern const char *const dc_scope_names[]; /* of API keys */
extern const char *const dc_wait_ends[];   /* by status: what waiting for a connection does there */
dc_way dc_scheme_way(dc_scheme scheme);

/* The place of a word in a list, or -1. */
int dc_word_index(const char *const *words, dc_span word);

#endif
