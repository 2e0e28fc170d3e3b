/* reply.h: reading a call's input and building its reply. */
#ifndef DC_REPLY_H
#define DC_REPLY_H

#include "errors.h"
#include "json.h"

/* The input of a call: one line of JSON, and what stands behind its line feed. */
typedef struct dc_input {
    dc_span head;
    dc_span rest;
} dc_input;

/* False: the head is no JSON object; the call then answers dc_refuse(DC_ERR_INTERNAL). */
bool dc_input_read(uint32_t size, dc_input *in);

/* Is the rest one JSON document, or nothing at all? Members are found in nothing else (scan.h), so what looks for some
 * asks this first, although the host says that it hands in what dc_route accepted. */
bool dc_input_is_document(const dc_input *in);

/* A member of the head: as a document of ours, as text (NULL: absent or no string), as a span of raw JSON. */
const cJSON *dc_input_tree(const dc_input *in, const char *name);
const char *dc_input_text(const dc_input *in, const char *name);
double dc_input_number(const dc_input *in, const char *name, double otherwise);
bool dc_input_true(const dc_input *in, const char *name);
dc_span dc_input_raw(const dc_input *in, const char *name);

/* Everything that is wrong with an input, collected so that the caller hears all of it at once. */
typedef struct dc_faults {
    dc_out list; /* JSON array items */
    uint32_t count;
} dc_faults;

/* Adds `name: problem`. Neither may hold a value of the caller's: it could be a secret. */
void dc_faults_add(dc_faults *faults, const char *name, const char *problem);
void dc_faults_add_span(dc_faults *faults, dc_span name, const char *problem);

/* A value; `second` may be empty. An output that failed becomes the out-of-memory reply. */
const dc_reply *dc_reply_value(uint32_t status, const dc_out *json, dc_span second);
/* An HTTP request to perform. */
const dc_reply *dc_reply_request(dc_span method, const dc_out *target, const dc_out *headers, const dc_out *body);
/* An error of the table. `message` NULL: the table's. `faults` may be NULL. */
const dc_reply *dc_refuse(dc_error error, const char *message, const dc_faults *faults);
/* The last reply with a second part, with a third one. */
const dc_reply *dc_reply_with(dc_span second);
const dc_reply *dc_reply_third(dc_span third);

#endif
