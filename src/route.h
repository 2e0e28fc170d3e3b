/* route.h: a request line taken apart: what route.c (which operation, what is answered) and route_read.c (reading and
 * checking the parameters) share. */
#ifndef DC_ROUTE_H
#define DC_ROUTE_H

#include "fields.h"

enum { DC_MOST_FIELDS = 16, DC_MOST_ITEMS = 1000 };

/* What a request holds for each field: for lists the items one behind the other. */
typedef struct dc_held {
    dc_out items; /* JSON strings, or the raw value of a scalar */
    uint32_t count;
} dc_held;

typedef struct dc_request_line {
    const dc_operation *op;
    const char *api; /* "v3", "v3.1", or NULL outside the API */
    dc_span path, query, body;
    dc_held fields[DC_MOST_FIELDS];
    const char *refs[DC_REF_COUNT];
    dc_faults faults;
} dc_request_line;

/* The next segment of a path that begins with `/`; false at its end. */
bool dc_route_segment(dc_span *path, dc_span *out);
/* A segment of a template that stands for a value: `{id}`. */
bool dc_route_is_parameter(dc_span part);

/* Read the parameters of a request whose operation is known; what is wrong is added to its faults. */
void dc_route_read_path(dc_request_line *in);
void dc_route_read_query(dc_request_line *in);
/* False: the body is no JSON object. */
bool dc_route_read_body(dc_request_line *in);

#endif
