/* model.h: the SDK's models: wire JSON -> camelCase. */
#ifndef DC_MODEL_H
#define DC_MODEL_H

#include "operations.h"

/* Write the model of an answer. Members that nobody knows go along in camelCase; what a user or provider wrote
 * (`val`, `data`, `params`, JSON Schemas, credentials) goes along byte for byte. False: the answer is not what
 * its shape must be; *problem says how, without any value of it. */
bool dc_model_put(dc_out *out, dc_shape shape, dc_span body, const char **problem);

#endif
