/* devcaster.h: the one way into and out of the core.
 *
 * The core holds every rule of connected accounts and nothing else: no clock, no randomness, no I/O, no
 * state that outlives a call. A host (the SDK, the edge handler) does this for each call:
 *
 *   1. char *room = dc_open(size);   the arena is rewound, there is room for the input
 *   2. write the input to room       UTF-8: one JSON object, the head, on one line (no raw line feed in it);
 *                                    where the function says so, then a line feed and raw bytes, the rest
 *   3. const dc_reply *r = dc_...(); read the reply, copy what is needed out of it
 *   4. dc_close();                   every byte that was used since dc_open is overwritten with zeros
 *
 * A reply and everything that it points to live until the next dc_open or dc_close. No function keeps a
 * pointer, none traps on bad input, and running out of memory is a reply like any other (status 500).
 */
#ifndef DEVCASTER_H
#define DEVCASTER_H

#include <stdint.h>

/* UTF-8 bytes that somebody else owns; not terminated. */
typedef struct dc_span {
    const char *at;
    uint32_t size;
} dc_span;

enum { DC_PARTS = 4 };

/* What a call answers.
 *
 * status 0          perform this HTTP request. part[0] method, part[1] target (SDK: path and query; edge:
 *                   absolute URL), part[2] headers as lines `name: value` LF, part[3] body (size 0: none).
 * status 200-299    part[0] is a JSON value; part[1] is a second document where the function says so.
 * status 400-599    part[0] is a JSON error: for the edge the members of the contract's error object
 *                   (message, code, status, slug, suggested_fix, errors), for the SDK the error model.
 */
typedef struct dc_reply {
    uint32_t status;
    dc_span part[DC_PARTS];
} dc_reply;

/* Rewind the arena and make room for `size` bytes of input. NULL when there is no such room. */
char *dc_open(uint32_t size);

/* Overwrite with zeros all that was used since dc_open. The last reply is gone after it. */
void dc_close(void);

/* The constants of the core as JSON, so that no number and no name is written a second time in JavaScript: struct
 * layout, operations, statuses, schemes, scopes, limits. See catalog.c. */
const dc_reply *dc_catalog(void);

/* The same of the masker: layout, scopes and styles, what its calls answer. */
const dc_reply *dc_catalog_mask(void);

/* Edge: the further constants that only a service needs: events, steps, faults, columns. */
const dc_reply *dc_catalog_edge(void);

/* SDK: one call of an operation -> HTTP request. Head: the caller's arguments in camelCase. 4xx: an error
 * model whose `errors` names every faulty argument; nothing was built. See request.c. */
const dc_reply *dc_request(uint32_t op, uint32_t size);

/* SDK: HTTP answer -> model in camelCase, or error model. Head: {requestId?, retryAfter?, target?}; rest: the
 * body. `http` is the answer's status. See response.c. */
const dc_reply *dc_response(uint32_t op, uint32_t http, uint32_t size);

/* SDK: is this delivery of a webhook worth checking, and against what? Head: {headers, secrets}: an object whose names are
 * in lower case, an array of `whsec_...`; `now` in milliseconds since 1970. 200: {keys[], signatures[], prefix}: it is
 * genuine when one of the signatures is the HMAC-SHA-256 of prefix and payload under one of the keys, all of them in
 * base64. 400: an error model. See webhook.c. */
const dc_reply *dc_webhook(double now, uint32_t size);

/* Edge: request line and body -> operation with checked parameters. Head: {method, target}; rest: the body.
 * 200: part[0] {op, name, version, id?, query{}, refs{}}, part[1] the body as it came. See route.c. With `scope` in the
 * head the request is narrowed to it (narrow.c): part[0] has `reads` and `counts` where there are some, part[1] is the body
 * to work with. */
const dc_reply *dc_route(uint32_t size);

/* Gateway: request line and body -> the request to send on, built anew. Head: {method, target, scope, origin?}; rest: the
 * body. `scope` is "all" or what the caller may do (narrow.c); `origin` is the page's. 200: part[0] {name, id?, mask, reads[],
 * counts[]}, part[1] the target, part[2] the body. `mask` are the bits below for the answer. Each of `reads` is asked for
 * first, or is the answer itself (`self`), and goes into dc_owned. See forward.c. */
const dc_reply *dc_forward(uint32_t size);

/* Gateway: is what was read the caller's? Head: {read}, one of `reads`; rest: the answer. 200 or the refusal. */
const dc_reply *dc_owned(uint32_t size);

/* The same of an answer that stands in the core's memory already and that a masker has taken to its end, so that it is
 * well-formed. `read`: one of `reads`, as JSON. Neither is copied. */
const dc_reply *dc_owned_at(const char *read, uint32_t n, const char *answer, uint32_t size);

/* Gateway: the API's refusal or failure `http` -> the error to answer. Head: {}; rest: its body, scrubbed.
 * part[1] is `failed` where it is the API that fails, and not this request. See upstream.c. */
const dc_reply *dc_upstream(uint32_t http, uint32_t size);

/* Gateway: milliseconds for which the API is left alone after so many failures in a row; 0: go on. */
uint32_t dc_rest(uint32_t failures);

/* Edge: may one more request be made? `limit` a minute; `count` were made in this minute of the clock, `before` in the one
 * before, and this one is `into` milliseconds old. How many may still be made, this one among them; 0: none. See limit.h. */
uint32_t dc_limit(uint32_t limit, uint32_t before, uint32_t count, uint32_t into);

/* Edge: where the answer is 0: in how many seconds the next one may. */
uint32_t dc_limit_wait(uint32_t limit, uint32_t before, uint32_t count, uint32_t into);

/* Edge: may this caller do this, and what does it see? Head: {caller, config, target?}. See allow.c. */
const dc_reply *dc_allow(uint32_t op, uint32_t size);

/* Edge: the claims of a new user token (user_token.c). Head: {caller, key, id, epoch?, counts}: `key` is the signing key's
 * name, `id` the token's own, `counts` whether this host counts executions; rest: the body that dc_route accepted. 200:
 * part[0] {expires_at, user_id}, part[1] the claims, to be signed as they are. */
const dc_reply *dc_user_token_make(double now, uint32_t size);

/* Edge: claims whose signature is good -> {over, id, by, expires, epoch, scopes[], links, scope}, `scope` as dc_route takes
 * it. Head: {key}; rest: the claims. 401: it is no token of this kind; `over`: its time is. */
const dc_reply *dc_user_token_read(double now, uint32_t size);

/* Edge: (record, event, now) -> (record', effects). `now` in milliseconds since 1970. See change.c. */
const dc_reply *dc_change(uint32_t event, double now, uint32_t size);

/* Edge: a step of a grant (OAuth 2, OAuth 1.0a or typed-in fields): build the request or read the answer. 200: part[1]
 * is the credential, where there is one; of what is to be signed by OAuth 1.0a it is {base, key}. See grant.h, oauth1.h. */
const dc_reply *dc_grant(uint32_t step, double now, uint32_t size);

/* Edge: a step of a tool's execution: find the tool, choose the account, build, read. See tool.c. */
const dc_reply *dc_tool(uint32_t step, double now, uint32_t size);

/* Edge: records and (masked or plain) credentials -> response body of an operation. See answer.c. */
const dc_reply *dc_answer(uint32_t op, double now, uint32_t size);

/* Edge: which strings of a credential get a fingerprint (fingerprint.c). Head: {val, harmless?}, `harmless` as for the
 * masker: names, separated by line feeds. 200: part[0] an array of paths in `val`, part[1] an array of as many messages, to
 * be signed with HMAC-SHA-256 and the project's key. The messages hold the secrets: they go nowhere else. */
const dc_reply *dc_secrets(uint32_t size);

/* Edge: the `fingerprints` of an account. Head: {paths, digests}: the array of paths from above, and the digest of each
 * message in lower-case hex. */
const dc_reply *dc_fingerprints(uint32_t size);

/* Edge: the response body for a fault of the host's (body too large, provider down, ...), or, for fault 0,
 * for an error that the core gave before. Head: {request_id, error?, detail?}. See fault.c. */
const dc_reply *dc_fault(uint32_t fault, uint32_t size);

/* Milliseconds to wait before attempt number `attempt` (1: the first repetition) is made. `hint` is the
 * server's Retry-After in milliseconds, 0 where there was none; `seed` is any random number. */
uint32_t dc_delay(uint32_t attempt, uint32_t hint, uint32_t seed);

/* ---- Masking: a stream whose state is a plain block that the host keeps ------------------------------ */

/* Which members of a document are credential members (masked fail-closed), as bits; outside them the rule
 * by name applies when DC_MASK_BY_NAME is set, and nothing is changed when it is not. */
enum {
    DC_MASK_BY_NAME = 1,      /* by name, everywhere outside credential members */
    DC_MASK_STATE = 2,        /* `val` under `state` */
    DC_MASK_DATA = 4,         /* `data` */
    DC_MASK_PARAMS = 8,       /* `params` */
    DC_MASK_CONNECTION = 16,  /* `val` under `connectionData` */
    DC_MASK_CREDENTIALS = 32, /* `credentials`, `shared_credentials` */
    DC_MASK_WHOLE = 64,       /* the document itself is a credential (a stored `state.val`) */
    /* Gateway: an API is not trusted to put credentials where they belong. All of `state`, `connectionData` and
     * `proxy_config` is a credential, and a `link_token`, which is made for browsers, is none. */
    DC_MASK_WIDE = 128
};
enum { DC_MASK_PREFIX = 0, DC_MASK_FULL = 1 }; /* first four characters and `...`, or REDACTED */
enum { DC_MASK_GOING = 0, DC_MASK_FAULT = 1, DC_MASK_DONE = 2 };

/* Bytes of a state block, 8-byte aligned; it holds no pointer and may be copied anywhere between calls. */
uint32_t dc_mask_size(void);

/* Start a stream. `scope` are the bits above; `harmless` are further names that are not secret, separated
 * by line feeds (what a toolkit's definition marks so). 0: they do not fit, the stream was not started. */
uint32_t dc_mask_begin(void *state, uint32_t scope, uint32_t style, const char *harmless, uint32_t size);

/* Take up to `n` bytes in, put at most `room` bytes out. How many were consumed and produced stands in the
 * state's first two 32-bit words. Call again with what was not consumed; a `room` of at least 64 always
 * makes progress. Answers DC_MASK_GOING or DC_MASK_FAULT; after a fault nothing comes out any more. */
uint32_t dc_mask(void *state, const char *in, uint32_t n, char *out, uint32_t room);

/* No more input. DC_MASK_DONE: the document was whole (nothing is left to put out); DC_MASK_FAULT: it was not. */
uint32_t dc_mask_end(void *state);

/* ---- Echo scrub: a stream from which every form of a set of secrets is taken out ---------------------- */

/* For answers of a provider, which may echo the credential that was sent: any bytes, JSON or not. A secret is found as
 * it is, in base64 and base64url at every phase (the characters that hold a bit of it, with or without padding), in hex
 * (digits of both cases), each of them also percent-encoded or form-encoded (any characters of it, both cases) or in
 * JSON escapes (the short ones, \/ and \u00xx). What is covered by one or several of them that overlap becomes
 * REDACTED; the output is never longer than the input. Secrets of less than eight bytes are not looked for: they stand
 * in harmless text too often. Not found: what is encoded twice, wrapped into lines, compressed, or cut off.
 *
 * Time is linear in the input: text and secrets that were made for each other (a secret that repeats itself, and escapes
 * of it) are a fault after 128 steps for each byte. The state is about 12 bytes for each byte of the secrets, 48 for each
 * of the longest one, and 36 KB (110 KB for a hundred secrets). */
enum { DC_SCRUB_GOING = 0, DC_SCRUB_FAULT = 1, DC_SCRUB_DONE = 2 };

/* Bytes of a state block, 8-byte aligned; it holds no pointer and may be copied anywhere between calls. `secrets` is
 * JSON: a credential (`state.val`), whose strings are secrets but for those under names that are harmless for the masker
 * or listed in `harmless` (separated by line feeds); or an array of strings, which all are. 0: it is not JSON, or the
 * secrets have more than 64 KB together; then nothing may pass. */
uint32_t dc_scrub_size(const char *secrets, uint32_t size, const char *harmless, uint32_t harmless_size);

/* Start a stream in a block of that size, with the same arguments. 0: it was not started. */
uint32_t dc_scrub_begin(void *state, const char *secrets, uint32_t size, const char *harmless, uint32_t harmless_size);

/* Take up to `n` bytes in, put at most `room` out. The state's first three 32-bit words are: bytes consumed, produced,
 * and held back, because they may be the beginning of a secret. A `room` of `n` and what was held back always suffices;
 * call again with what was not consumed. DC_SCRUB_GOING, or DC_SCRUB_FAULT: the state was not begun, or the
 * text takes too many steps; then nothing more comes out. */
uint32_t dc_scrub(void *state, const char *in, uint32_t n, char *out, uint32_t room);

/* No more input: what is held back leaves, how much says the state's second word; `room` must be as large as that, or it
 * is DC_SCRUB_FAULT and nothing leaves. The rest of the state is wiped. */
uint32_t dc_scrub_end(void *state, char *out, uint32_t room);

#endif
