/* names.h: which member names are secret, which are harmless, which open a credential (contract section 3).
 * Names come decoded: escapes undone, without quotes. */
#ifndef DC_NAMES_H
#define DC_NAMES_H

#include "devcaster.h"

#include <stdbool.h>

/* What a name means for the masker, as bits: the same bits as in a scope, so that `meaning & scope` tells what
 * applies. The names of credential members are folded as secret names are: `connection_data` is `connectionData`. */
enum {
    DC_NAME_SECRET = DC_MASK_BY_NAME,
    DC_NAME_STATE = DC_MASK_STATE, /* `state`: its `val` is a credential */
    DC_NAME_DATA = DC_MASK_DATA,
    DC_NAME_PARAMS = DC_MASK_PARAMS,
    DC_NAME_CONNECTION = DC_MASK_CONNECTION,   /* `connectionData`: its `val` likewise */
    DC_NAME_CREDENTIALS = DC_MASK_CREDENTIALS, /* `credentials`, `shared_credentials` */
    DC_NAME_WIDE = DC_MASK_WIDE,               /* `proxy_config` */
    DC_NAME_PARAMETER = 256, /* secret in the parameters of a URL only: as members these words mean too much else */
    DC_NAME_VAL = 512
};

/* In any letter case, in snake, camel and kebab spelling. 0: an ordinary name. */
uint32_t dc_name_meaning(dc_span name);

/* Do a few of its letters tell already that it means nothing? Quicker than remembering it. */
bool dc_name_dull(dc_span name);

/* Is it one of the contract's names that are not secret inside credentials? Spelled exactly so. */
bool dc_name_harmless(dc_span name);

/* Is the name one of these lines? So a host hands over further names that are not secret. */
bool dc_name_listed(dc_span lines, dc_span name);

#endif
