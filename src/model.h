/* model.h: the SDK's models: wire JSON -> camelCase. */
#ifndef DC_MODEL_H
#define DC_MODEL_H

#include "operations.h"

/* Write the model of an answer. Members that nobody knows go along in camelCase; what a user or provider wrote
 * (`val`, `data`, `params`, JSON Schemas, credentials) goes along byte for byte. False: the answer is not what
 * its shape must be; *problem says how, without any value of it. */
bool dc_model_put(dc_out *out, dc_shape shape, dc_span body, const char **problem);

/* The walk underneath (model_walk.c): an answer without white space in front, in camelCase, its accounts made whole.
 * NULL, or the problem. */
const char *dc_model_walk(dc_out *out, dc_shape shape, dc_span body);

/* Take the last bracket of a model back, and the white space in front of it. */
void dc_model_reopen(dc_out *out);

#endif
