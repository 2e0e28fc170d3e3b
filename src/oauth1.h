/* oauth1.h: OAuth 1.0a (RFC 5849) with HMAC-SHA1, whose digest the host makes.
 *
 * A step that builds a signed request is called twice with the same head, in which `timestamp` (seconds, a number) and
 * `nonce` are the host's:
 *
 *   without `signature`   200; part[0] {signature_method, hash}, part[1] {base, key}: texts to make the HMAC of, and with.
 *                         The key is the secrets of client and account: it goes into the HMAC and nowhere else
 *   with `signature`      the digest in base64: the request, with its Authorization header
 *
 * A consent of this scheme: `authorize` and `callback_check` answer {outcome: temporary}, and the host goes on with these:
 *
 * oauth1_temporary   head callback, state (goes into the callback's query); toolkit request_token_url (section 2.1)
 * oauth1_authorize   where the user is sent, for the temporary credential in `val` (section 2.2)
 * oauth1_returned    head: what the callback had; `val` as before. 204: the user agreed. 200 {error, error_description}: not.
 *                    4xx: it is not about this temporary credential, or says nothing; the trip is not over
 * oauth1_token       head oauth_token and oauth_verifier, as the callback had them; `val` as before (section 2.3)
 * oauth1_answer      head http and, for the first of the two answers, `temporary`; `val`: what the account has, whose own
 *                    members (a subdomain) go along; rest: the body. Like `token`; 4xx: the client gets no temporary credential
 * oauth1_sign        head method, url and content_type; rest: the body. Any request with the account's credential
 *
 * The client is consumer_key and consumer_secret of the auth config, or client_id and client_secret. */
#ifndef DC_OAUTH1_H
#define DC_OAUTH1_H

#include "grant.h"

/* Does the toolkit want the account's requests signed? */
bool dc_oauth1_signs(const dc_grant_call *call);
/* The request with the account's credential, or what is to be signed for it. */
const dc_reply *dc_oauth1_reply(const dc_grant_call *call, dc_call *request, const char *method);

const dc_reply *dc_oauth1_temporary(dc_grant_call *call);
const dc_reply *dc_oauth1_authorize(dc_grant_call *call);
const dc_reply *dc_oauth1_returned(dc_grant_call *call);
const dc_reply *dc_oauth1_token(dc_grant_call *call);
const dc_reply *dc_oauth1_answer(dc_grant_call *call);
const dc_reply *dc_oauth1_sign(dc_grant_call *call);

/* Is this where the provider gives credentials, or asks its users for them? Only the consent goes there: what an account
 * sends there itself, signed by the client, would be a consent that nobody began. */
bool dc_oauth1_gives(const dc_grant_call *call, dc_span target);

typedef struct dc_oauth1_pair {
    dc_span name, value;
} dc_oauth1_pair;

typedef enum dc_oauth1_fault {
    DC_OAUTH1_FINE,
    DC_OAUTH1_SPELLING, /* no absolute URL that fetch sends as it stands, or a parameter is not well-formed */
    DC_OAUTH1_PROTOCOL, /* a parameter of the request is one of the protocol's; *name is its decoded name */
    DC_OAUTH1_MANY,     /* more than 1,000 parameters */
    DC_OAUTH1_MEMORY
} dc_oauth1_fault;

/* The signature base string (section 3.4.1) of a request with these protocol parameters, none of which is encoded yet. */
dc_oauth1_fault dc_oauth1_base(dc_out *out, const dc_call *request, const char *method, const dc_oauth1_pair *own,
                               uint32_t count, dc_span *name);

#endif
