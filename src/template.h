/* template.h: the braces of toolkit definitions: `{name}` is a member of the credential or of the client. */
#ifndef DC_TEMPLATE_H
#define DC_TEMPLATE_H

#include "text.h"

/* Where the text will stand, which decides what a value may be and how it is written. */
typedef enum dc_template_use {
    DC_IN_TEXT,   /* as it is: a JSON string */
    DC_IN_HEADER, /* as it is, but no control character: nothing may end the line */
    DC_IN_URL     /* in the authority only letters, digits, `-` and `.`; behind it percent-encoded, and no `..` */
} dc_template_use;

/* Objects that values are looked up in, in order. */
typedef struct dc_values {
    dc_span from[3]; /* raw JSON objects; size 0: none */
    uint32_t hosts;  /* bits of `from`: only their members may decide which domain a URL leads to. 0: all of them */
} dc_values;

/* A member as decoded text: strings, and numbers as written. False: nowhere there, or empty. */
bool dc_values_find(const dc_values *values, dc_span name, dc_span *text);

/* Writes the template with its values; `base64(...)` encodes what it holds. False: a value is missing or may not stand
 * there. */
bool dc_template_put(dc_out *out, const char *text, const dc_values *values, dc_template_use use);

/* Has the path of this absolute URL a segment `.` or `..`, in any spelling? Whoever sends it would shorten it. */
bool dc_url_walks(dc_span url);

#endif
