/* route.h: a request line taken apart: what route.c (which operation, what is answered) and route_read.c (reading and
 * checking the parameters) share. */
#ifndef DC_ROUTE_H
#define DC_ROUTE_H

#include "fields.h"
#include "request.h"

enum { DC_MOST_ITEMS = 1000 };

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
    dc_out reads, counts; /* of a narrowed one (narrow.c): JSON items */
} dc_request_line;

/* Read and check the request of a call's input. False: *refusal says why, with the operation's name as its second part
 * where that is known. */
bool dc_route_open(dc_request_line *in, const dc_input *input, const dc_reply **refusal);

/* Letters, digits, `-_.~`, and not dots alone: whoever reads the path that it is put into reads the same. */
bool dc_route_is_plain(dc_span segment);

/* What the request holds for each field, as request.c takes it. */
void dc_route_values(const dc_request_line *in, dc_span values[DC_MOST_FIELDS]);

/* Narrow a good request to what a scope allows (narrow.c). NULL: it may go on as it is now; otherwise the refusal. */
const dc_reply *dc_narrow(dc_request_line *in, const dc_input *input);

/* What the host must do before a narrowed request goes on, as members of an object that is open. */
void dc_narrow_put(dc_out *out, const dc_request_line *in);

/* Names of the operations that a caller with a scope may use unasked. */
void dc_narrow_put_names(dc_out *out, const char *name);

/* May a caller with this scope use the operation at all, by whatever account? And does `tools` of a scope name what this
 * operation (tools.execute, tools.proxy) may run? */
bool dc_narrow_allows(const cJSON *scope, const char *name);
bool dc_narrow_tools_say(const cJSON *tools, const char *name);

/* An error of a request that was recognised: its operation's name goes along. */
const dc_reply *dc_route_refuse(const dc_request_line *in, dc_error error, const char *message);

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
