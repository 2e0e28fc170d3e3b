/* text.h: spans of UTF-8 and a growing output. */
#ifndef DC_TEXT_H
#define DC_TEXT_H

#include "devcaster.h"

#include <stdbool.h>
#include <stddef.h>

/* A span over a terminated string; NULL gives the empty span. */
dc_span dc_span_of(const char *text);
bool dc_span_is(dc_span span, const char *text);
bool dc_span_equal(dc_span a, dc_span b);
bool dc_span_starts(dc_span span, const char *prefix);

/* A terminated copy in the arena; NULL when there is no memory. */
char *dc_span_copy(dc_span span);

/* Bytes that grow in the arena. After the first failure every further put does nothing and `failed` stays
 * true, so callers check once, at the end. */
typedef struct dc_out {
    char *at;
    size_t size;
    size_t room;
    bool failed;
} dc_out;

/* Make room for `more` bytes behind what is there. False: no memory. */
bool dc_out_reserve(dc_out *out, size_t more);
void dc_put(dc_out *out, dc_span span);
void dc_put_text(dc_out *out, const char *text);
void dc_put_byte(dc_out *out, char byte);
void dc_put_integer(dc_out *out, double value);
/* RFC 3986 section 2.1: all but unreserved characters as %XX. */
void dc_put_percent(dc_out *out, dc_span span);
/* The two forms of base64 (RFC 4648 section 4), with padding. */
void dc_put_base64(dc_out *out, dc_span span);
/* ISO 8601 in UTC with milliseconds; `at` in milliseconds since 1970. */
void dc_put_time(dc_out *out, double at);
dc_span dc_out_span(const dc_out *out);

/* Undo percent-encoding; with `plus`, `+` is a space (form encoding). False: a bad escape or no memory. */
bool dc_percent_decode(dc_span in, bool plus, dc_span *out);

/* Walk form-encoded text, a body or a query: `a=b&c=d`. Each call gives the next pair, its encoding undone, and moves
 * *rest on; nothing between two `&` is no pair, a name without `=` has the empty value. DC_FORM_BAD: the pair has a bad
 * escape, is not UTF-8, or has a NUL in its name; the next call goes on behind it. */
typedef enum dc_form { DC_FORM_END, DC_FORM_PAIR, DC_FORM_BAD } dc_form;
dc_form dc_form_next(dc_span *rest, dc_span *name, dc_span *value);
/* The other way: `name=value`, behind `&` where something stands before it. */
void dc_form_put(dc_out *out, const char *name, dc_span value);

/* True for well-formed UTF-8 (RFC 3629: no surrogates, nothing over U+10FFFF, no overlong form). */
bool dc_utf8_valid(dc_span span);
/* Code points in well-formed UTF-8. */
size_t dc_utf8_count(dc_span span);

#endif
