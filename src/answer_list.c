/* answer_list.c: see answer_list.h. */
#include "answer_list.h"

#include <string.h>

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Letter case aside (ASCII). An empty needle is everywhere. */
static bool contains(const char *text, const char *needle) {
    const size_t size = strlen(needle);
    for (; text && *text; text++) {
        size_t i = 0;
        while (i < size && text[i] && lower(text[i]) == lower(needle[i])) i++;
        if (i == size) return true;
    }
    return size == 0;
}

int dc_alphabetical(const char *a, const char *b) {
    for (a = a ? a : "", b = b ? b : ""; *a && lower(*a) == lower(*b); a++) b++;
    return (unsigned char)lower(*a) - (unsigned char)lower(*b);
}

bool dc_found_by(const cJSON *definition, const char *search) {
    if (!search) return true;
    return contains(dc_json_text(definition, "slug"), search) || contains(dc_json_text(definition, "name"), search) ||
           contains(dc_json_text(definition, "description"), search);
}

dc_window dc_window_of(const dc_answer_call *call) {
    return (dc_window){dc_input_number(&call->in, "offset", 0), dc_input_number(&call->in, "limit", 20), 0};
}

bool dc_on_page(dc_window *w) {
    const double at = w->seen++;
    return at >= w->offset && at < w->offset + w->limit;
}

void dc_put_page(dc_answer_call *call, const dc_window *w) {
    const bool more = w->seen > w->offset + w->limit;
    dc_json_close(&call->out, ']');
    dc_answer_page(call, w->seen, more);
    dc_json_close(&call->out, '}');
}
