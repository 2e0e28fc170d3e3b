/* narrow.h: what a caller who speaks for one user can have at all (narrow_table.c), for narrow.c, which narrows requests. */
#ifndef DC_NARROW_H
#define DC_NARROW_H

#include "route.h"

typedef enum dc_reach {
    DC_REACH_DEFINITIONS, /* toolkits and tools: the same for everybody */
    DC_REACH_LIST,        /* accounts, filtered to the user */
    DC_REACH_ACCOUNT,     /* one account, whose owner is looked at first */
    DC_REACH_NEW,         /* an account that becomes the user's */
    DC_REACH_TOOL,
    DC_REACH_PROXY,
    DC_REACH_CONFIGS,
    DC_REACH_CONFIG
} dc_reach;

typedef struct dc_narrow_row {
    const char *name;
    dc_reach reach;
    bool usual; /* allowed where the scope names no operations */
} dc_narrow_row;

/* NULL: an operation that is nothing for a single user, whatever its scope names. */
const dc_narrow_row *dc_narrow_row_of(const char *name);

/* Does the credential in a body say where a link leads back to, or whose the account is? Those are said where they are
 * checked. */
bool dc_narrow_strays(dc_span body);

#endif
