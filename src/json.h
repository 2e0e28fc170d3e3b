/* json.h: reading documents of our own with cJSON, and writing JSON. */
#ifndef DC_JSON_H
#define DC_JSON_H

#include "text.h"

#include <cJSON.h>

/* A document whose meaning is ours. NULL: not JSON, deeper than 64, a NUL in a string, or no memory. */
const cJSON *dc_json_read(dc_span text);
/* The same of text that dc_scan_valid has accepted, or of a value in it. */
const cJSON *dc_json_tree(dc_span text);

const cJSON *dc_json_get(const cJSON *object, const char *name); /* exact letter case; NULL when absent */
const char *dc_json_text(const cJSON *object, const char *name); /* NULL when absent or no string */
double dc_json_number(const cJSON *object, const char *name, double otherwise);
bool dc_json_true(const cJSON *object, const char *name);
bool dc_json_holds(const cJSON *list, const char *text); /* NULL text or no list: false */

/* Writing. `name` is NULL inside arrays. Commas come by themselves. */
void dc_json_open(dc_out *out, const char *name, char bracket);
void dc_json_close(dc_out *out, char bracket);
void dc_json_put_text(dc_out *out, const char *name, const char *text); /* NULL text writes null */
void dc_json_put_span(dc_out *out, const char *name, dc_span text);
void dc_json_put_raw(dc_out *out, const char *name, dc_span json);
/* JSON of somebody else's on one line: records and credentials go back into heads. */
void dc_put_compact(dc_out *out, dc_span json);
/* A member as it was found: its name with the quotes, and its value. */
void dc_json_put_member(dc_out *out, dc_span quoted, dc_span json);
void dc_json_put_number(dc_out *out, const char *name, double value); /* whole numbers only */
void dc_json_put_bool(dc_out *out, const char *name, bool value);
void dc_json_put_null(dc_out *out, const char *name);
void dc_json_put_time(dc_out *out, const char *name, double at);          /* 0 or less writes null */
void dc_json_put_tree(dc_out *out, const char *name, const cJSON *value); /* a value of ours, as read */

#endif
