/* verifier.h: connections that the host confirms (contract, section 11). A link can be forwarded: then somebody else
 * connects an account, and it becomes that of the user who began. So a link can carry the SHA-256 of a verifier that the
 * host keeps. What the user's consent brings is held, sealed and of no use to anybody, until the host says the verifier;
 * then it is connected as it would have been at once. `verifier` and `held` of the record say where that stands. */
#ifndef DC_VERIFIER_H
#define DC_VERIFIER_H

#include "change.h"

extern const char dc_verifier_unconfirmed[]; /* status_reason of an account whose host did not confirm it in time */

/* What is wrong with a hash that a caller gave (NULL: it gave none); NULL: nothing. */
const dc_reply *dc_verifier_objection(const char *hash);
/* The refusal where nobody will be asked for a consent. */
const dc_reply *dc_verifier_needs_link(void);
/* The hash that confirms a new consent: the request's; where a consent is open already the one that it has, so that
 * another link does not do away with it. Nor does a link that ran out: an account that was begun with a verifier and was
 * not confirmed since takes no consent without one. What is wrong with it, or NULL. */
const dc_reply *dc_verifier_next(const dc_event_call *call, const char **hash);
/* No consent is open any more, so none waits for its confirmation. */
void dc_verifier_end(dc_record *record);

/* Instead of a connection: effect `hold`. The host keeps what it would need to connect. */
const dc_reply *dc_verifier_hold(dc_event_call *call);
/* The same for what a user typed in; part[1] is the credential, so that the provider can be asked about it. */
const dc_reply *dc_verifier_hold_typed(dc_event_call *call, const dc_taken *taken);

/* The host says the verifier. Head: `digest`, its SHA-256 in base64url. Effect `confirm`: the event that was held is to be
 * applied to this record; effect `wrong`: the record is to be written, and the caller refused. */
const dc_reply *dc_event_complete(dc_event_call *call);

#endif
