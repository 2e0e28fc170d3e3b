/* credential.h: what a credential may hold, and the auth scheme of a toolkit that it belongs to. */
#ifndef DC_CREDENTIAL_H
#define DC_CREDENTIAL_H

#include "reply.h"
#include "words.h"

/* The auth scheme's entry in a toolkit definition; NULL: the toolkit has no such scheme. */
const cJSON *dc_scheme_of(const cJSON *toolkit, dc_scheme scheme);
/* The toolkit has an endpoint that tells whether a credential is good. */
bool dc_has_test(const cJSON *toolkit);

/* Copies the members of a credential (raw JSON object) that are kept, compact, into *out. Refuses, by name,
 * values that are masked. False: faults were added. `faults` NULL: a provider's own answer; nothing in it is
 * refused (`Home...` may be a workspace's name), and what is empty counts as left out. Over 256 members, 64 KiB or a
 * depth of 16, a caller's member is a fault; of a provider's answer only what a grant is made of is kept then. */
bool dc_credential_copy(dc_out *out, dc_span val, dc_faults *faults);
/* The same, and behind it the members of `old` that `fresh` leaves out: a refresh need not repeat the refresh token,
 * and a PATCH merges. */
bool dc_credential_merge(dc_out *out, dc_span fresh, dc_span old, dc_faults *faults);
/* A provider's answer as far as it may say what the account is: without what belongs to a connection under way, and without
 * what `val` has already where the scheme's `fields` ask whoever connects for it, or the toolkit's definition (raw; size 0:
 * a provider's facts are taken there) has a place for it, which may be an address. Size 0: no memory. */
dc_span dc_credential_facts(const cJSON *scheme, dc_span definition, dc_span answer, dc_span val);
/* What stays of a credential when its grant goes: the connection's own members (a subdomain, a tenant). */
void dc_credential_rest(dc_out *out, dc_span val);
/* Does `val` (raw JSON; size 0: none) hold a text of this name that is not empty? */
bool dc_credential_has(dc_span val, const char *name);
/* Does `val` hold what else a consent brings, or a part of it? */
bool dc_credential_brought(dc_scheme scheme, dc_span val);
/* Adds a fault for each field that the scheme requires and `val` (raw JSON) lacks. */
void dc_credential_check(const cJSON *toolkit, dc_scheme scheme, dc_span val, dc_faults *faults);

#endif
