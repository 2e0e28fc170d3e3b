/* shape.h: which members `state.val` must have, by scheme and status (contract, section 2). */
#ifndef DC_SHAPE_H
#define DC_SHAPE_H

#include "words.h"

/* Names, ending in NULL. Clients of the family drop a `state` that lacks one of them, or has it as no string. */
const char *const *dc_shape_required(dc_scheme scheme, dc_status status);

#endif
