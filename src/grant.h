/* grant.h: what the steps of a grant share. Requests: oauth.c, revoke.c, oauth1.c; token answers: token.c, refused.c;
 * identity, test request and the credential on a request: provider.c; dispatch and callback: grant.c. */
#ifndef DC_GRANT_H
#define DC_GRANT_H

#include "credential.h"
#include "record.h"
#include "template.h"

typedef struct dc_grant_call {
    dc_input in;
    double now;
    const cJSON *toolkit, *scheme; /* definition, and its entry of the config's scheme */
    dc_config config;
    dc_span credentials, val; /* raw: the client's, the account's */
    bool previous;            /* the client shows itself with the secret that it had before */
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
/* The same as the last thing before it leaves: with these further headers, and signed where the toolkit wants that. */
const dc_reply *dc_call_send(dc_call *call, const dc_grant_call *grant, const cJSON *headers, const char *method);
/* `{name: template}` as headers. */
bool dc_call_headers(dc_call *call, const cJSON *headers, const dc_values *values);

/* A header of the request; size 0: it has none of that name. */
dc_span dc_call_find(const dc_call *call, const char *name);

/* The body of a request: form-encoded, or JSON where the provider wants that. */
typedef struct dc_body {
    dc_out *out;
    bool json;
} dc_body;

dc_body dc_body_open(dc_call *call, bool json); /* sets the content type, too */
void dc_body_put(const dc_body *body, const char *name, dc_span value);
void dc_body_close(const dc_body *body);

/* A text of the auth config's credentials; size 0: not there. The account has no say in these. */
dc_span dc_client_part(const dc_grant_call *call, const char *name);
/* Values for the addresses that the client's secret is sent to: from the auth config first, and what decides on the
 * domain only from there. Whoever may only change an account's credential must not choose where the secret goes. */
dc_values dc_client_values(const dc_grant_call *call);
/* Id and secret in the header (RFC 6749 section 2.3.1: form-encoded each). False: there is no secret. */
bool dc_client_basic(dc_call *call, const dc_grant_call *grant);
/* Is there another secret to try, once the provider does not accept the one that was sent? */
bool dc_client_other_secret(const dc_grant_call *call);
/* Client authentication as the toolkit wants it: true when it went into the header; false when id and secret belong
 * into the body. */
bool dc_client_header(dc_call *call, const dc_grant_call *grant);

/* {"outcome": word} */
const dc_reply *dc_grant_outcome(const char *word);

const dc_reply *dc_oauth_authorize(dc_grant_call *call);
const dc_reply *dc_oauth_exchange(dc_grant_call *call);
const dc_reply *dc_oauth_refresh(dc_grant_call *call);
const dc_reply *dc_oauth_client_credentials(dc_grant_call *call);
const dc_reply *dc_oauth_revoke(dc_grant_call *call);
/* The same of a token that no account takes: not where others would lose theirs by it. */
const dc_reply *dc_oauth_discard(dc_grant_call *call);
const dc_reply *dc_oauth_revoked(const dc_input *in);
const dc_reply *dc_oauth_retry(const dc_input *in);
const dc_reply *dc_oauth_token(dc_grant_call *call);
const dc_reply *dc_provider_identify(dc_grant_call *call);
const dc_reply *dc_provider_identity(dc_grant_call *call);
const dc_reply *dc_provider_test(dc_grant_call *call);

/* The provider's address with its values. Credentials go to https; to http only where the definition itself names this
 * machine (a demo provider). False: a value is missing or may not stand there, or it is no such address. */
bool dc_call_address(dc_call *call, const char *url, const dc_values *values);

/* Somebody else's words for a person to read: at most 300 code points, controls as spaces. Size 0: nothing is left. */
dc_span dc_said_plain(dc_span text);
/* `error` and `error_description`, each NULL where there is none: the provider's words, and no secret of the call. */
void dc_said_put(dc_out *out, const dc_grant_call *call, const char *error, const char *more);

/* The body of a token endpoint's answer as a JSON object; size 0: it is none, in either encoding. */
dc_span dc_token_body(dc_span body);
/* The answer without a byte order mark and white space before it. */
dc_span dc_token_bare(dc_span body);
/* A string member of such a body; NULL: not there, or empty. */
const char *dc_token_text(dc_span body, const char *name);
/* What an answer without tokens means: {outcome: lost | broken | later, error, error_description, unanswered?}. */
const dc_reply *dc_token_refused(const dc_grant_call *call, double http, dc_span body);
/* The same of OAuth 1.0a, which has no words for it: a plain 400 or 401 is the answer (RFC 5849 section 3.2). */
const dc_reply *dc_consent_refused(const dc_grant_call *call, double http, dc_span body);

/* The scopes that an auth config asks for, as raw JSON: a string or a list. Size 0: none. */
dc_span dc_grant_scopes(const dc_grant_call *call);
/* The scopes of a raw string or list as one text, escapes undone. */
dc_span dc_scope_text(dc_span raw);
/* Walk the single scopes of such a text, whatever separates them. */
bool dc_scope_next(dc_span *rest, dc_span *scope);

#endif
