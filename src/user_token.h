/* user_token.h: what the members of a user token may be (user_token_scope.c), and how many bytes they may have. */
#ifndef DC_USER_TOKEN_H
#define DC_USER_TOKEN_H

#include "json.h"

enum { DC_CLAIMS_MOST = 3072 }; /* bytes: a token travels in a header, and headers are short everywhere */

/* A member of a scope that a token can have. */
typedef struct dc_scope_member {
    const char *name;
    const char *(*problem)(const cJSON *value); /* NULL: it is good */
} dc_scope_member;

/* Ends with a member without a name. */
extern const dc_scope_member dc_scope_members[];

/* What members that are good by themselves say against each other: operations against tools. NULL: nothing. */
const char *dc_scope_conflict(const cJSON *scope);

/* Is this a list of exact origins, or an empty one? NULL: it is. */
const char *dc_scope_origins(const cJSON *list);

#endif
