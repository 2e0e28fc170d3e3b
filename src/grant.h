/* grant.h: what the steps of a grant share. requests: oauth.c; token answers: token.c; identity, test request and
 * the credential on a request: provider.c; dispatch and callback: grant.c. */
#ifndef DC_GRANT_H
#define DC_GRANT_H

#include "change.h"
#include "template.h"

typedef struct dc_grant_call {
    dc_input in;
    double now;
    const cJSON *toolkit, *scheme; /* definition, and its entry of the config's scheme */
    dc_config config;
    dc_span credentials, val; /* raw: the client's, the account's */
} dc_grant_call;

/* A request in the making. */
typedef struct dc_call {
    dc_out target, headers, body;
} dc_call;

bool dc_grant_read(dc_grant_call *call, uint32_t size);

/* Values for templates: the account's credential, then the client's. */
dc_values dc_grant_values(const dc_grant_call *call);

void dc_call_header(dc_call *call, const char *name, dc_span value);
/* A query parameter, appended with `?` or `&`. */
void dc_call_query(dc_call *call, const char *name, dc_span value);
const dc_reply *dc_call_reply(const dc_call *call, const char *method);

/* Put the account's credential on a request, as the toolkit says. False: a member is missing. */
bool dc_call_authorize(dc_call *call, const dc_grant_call *grant);
/* `{name: template}` as headers. */
bool dc_call_headers(dc_call *call, const cJSON *headers, const dc_values *values);

/* Client authentication (RFC 6749 section 2.3.1): true when it went into the header; false when id and secret
 * belong into the body. */
bool dc_client_header(dc_call *call, const dc_grant_call *grant);

const dc_reply *dc_oauth_authorize(dc_grant_call *call);
const dc_reply *dc_oauth_exchange(dc_grant_call *call);
const dc_reply *dc_oauth_refresh(dc_grant_call *call);
const dc_reply *dc_oauth_revoke(dc_grant_call *call);
const dc_reply *dc_oauth_token(dc_grant_call *call);
const dc_reply *dc_provider_identify(dc_grant_call *call);
const dc_reply *dc_provider_identity(dc_grant_call *call);
const dc_reply *dc_provider_test(dc_grant_call *call);

/* The scopes that an auth config asks for, as raw JSON: a string or a list. Size 0: none. */
dc_span dc_grant_scopes(const dc_grant_call *call);
/* The scopes of a raw string or list as one text, escapes undone. */
dc_span dc_scope_text(dc_span raw);
/* Walk the single scopes of such a text, whatever separates them. */
bool dc_scope_next(dc_span *rest, dc_span *scope);

#endif
