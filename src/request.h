/* request.h: writing the address and the body of a request from its operation's table (request.c): for the SDK from its
 * caller's arguments, for a gateway from what it has read and checked (forward.c). */
#ifndef DC_REQUEST_H
#define DC_REQUEST_H

#include "operations.h"

enum { DC_MOST_FIELDS = 16 };

/* `values` holds the raw JSON for each field of the operation, a list as an array; size 0: not given. */
void dc_request_put_target(dc_out *out, const dc_operation *op, const char *api, const dc_span *values);
void dc_request_put_body(dc_out *out, const dc_operation *op, const dc_span *values);

#endif
