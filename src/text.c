/* text.c: spans of UTF-8 and a growing output. */
#include "text.h"

#include "arena.h"

#include <string.h>

dc_span dc_span_of(const char *text) {
    return (dc_span){text, text ? (uint32_t)strlen(text) : 0};
}

bool dc_span_equal(dc_span a, dc_span b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

/* Without the text's length first: most comparisons end at the first character. */
bool dc_span_is(dc_span span, const char *text) {
    for (uint32_t i = 0; i < span.size; i++) {
        if (!text[i] || text[i] != span.at[i]) return false;
    }
    return !text[span.size];
}

bool dc_span_starts(dc_span span, const char *prefix) {
    const size_t size = strlen(prefix);
    return span.size >= size && memcmp(span.at, prefix, size) == 0;
}

char *dc_span_copy(dc_span span) {
    char *copy = dc_arena_take((size_t)span.size + 1);
    if (!copy) return NULL;
    if (span.size) memcpy(copy, span.at, span.size);
    copy[span.size] = '\0';
    return copy;
}

/* The block at least doubles, so n bytes cost O(n). */
bool dc_out_reserve(dc_out *out, size_t more) {
    if (out->failed) return false;
    if (more <= out->room - out->size) return true;
    size_t room = out->room * 2;
    if (room < 256) room = 256;
    if (room < out->size + more) room = out->size + more;
    char *block = dc_arena_grow(out->at, out->room, room);
    out->failed = !block;
    if (!block) return false;
    out->at = block;
    out->room = room;
    return true;
}

void dc_put(dc_out *out, dc_span span) {
    if (!span.size || !dc_out_reserve(out, span.size)) return;
    memcpy(out->at + out->size, span.at, span.size);
    out->size += span.size;
}

void dc_put_text(dc_out *out, const char *text) {
    dc_put(out, dc_span_of(text));
}

void dc_put_byte(dc_out *out, char byte) {
    dc_put(out, (dc_span){&byte, 1});
}

/* Whole numbers are exact in a double up to 2^53; nothing that we write is larger. */
void dc_put_integer(dc_out *out, double value) {
    char digits[24];
    size_t at = sizeof digits;
    const bool negative = value < 0;
    if (negative) value = -value;
    uint64_t rest = value < 9007199254740992.0 ? (uint64_t)value : 9007199254740992U;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (negative) digits[--at] = '-';
    dc_put(out, (dc_span){digits + at, (uint32_t)(sizeof digits - at)});
}

static bool unreserved(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

void dc_put_percent(dc_out *out, dc_span span) {
    static const char hex[] = "0123456789ABCDEF";
    for (uint32_t i = 0; i < span.size; i++) {
        const unsigned char c = (unsigned char)span.at[i];
        if (unreserved(c)) {
            dc_put_byte(out, (char)c);
        } else {
            const char escape[3] = {'%', hex[c >> 4], hex[c & 15]};
            dc_put(out, (dc_span){escape, 3});
        }
    }
}

void dc_put_base64(dc_out *out, dc_span span) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (uint32_t i = 0; i < span.size; i += 3) {
        uint32_t word = 0;
        for (uint32_t k = 0; k < 3; k++) word = word << 8 | (i + k < span.size ? (unsigned char)span.at[i + k] : 0);
        char group[4];
        for (uint32_t k = 0; k < 4; k++) group[k] = i + k > span.size ? '=' : digits[word >> (18 - 6 * k) & 63];
        dc_put(out, (dc_span){group, 4});
    }
}

static void put_padded(dc_out *out, int64_t value, int width) {
    char digits[8];
    for (int i = width; i-- > 0; value /= 10) digits[i] = (char)('0' + value % 10);
    dc_put(out, (dc_span){digits, (uint32_t)width});
}

/* Days since 1970 to a civil date: years begin in March, so that the leap day is the last of the year. */
static void put_date(dc_out *out, int64_t days) {
    days += 719468;                                         /* days from 0000-03-01 to 1970-01-01 */
    const int64_t era = days / 146097, day = days % 146097; /* 400 years a turn */
    const int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const int64_t of_year = day - (365 * year + year / 4 - year / 100);
    const int64_t month = (5 * of_year + 2) / 153;
    put_padded(out, era * 400 + year + (month >= 10), 4);
    dc_put_byte(out, '-');
    put_padded(out, month < 10 ? month + 3 : month - 9, 2);
    dc_put_byte(out, '-');
    put_padded(out, of_year - (153 * month + 2) / 5 + 1, 2);
}

void dc_put_time(dc_out *out, double at) {
    const double last = 253402300799999.0; /* the end of year 9999 */
    const int64_t ms = at > 0 ? (int64_t)(at < last ? at : last) : 0;
    put_date(out, ms / 86400000);
    dc_put_byte(out, 'T');
    put_padded(out, ms / 3600000 % 24, 2);
    dc_put_byte(out, ':');
    put_padded(out, ms / 60000 % 60, 2);
    dc_put_byte(out, ':');
    put_padded(out, ms / 1000 % 60, 2);
    dc_put_byte(out, '.');
    put_padded(out, ms % 1000, 3);
    dc_put_byte(out, 'Z');
}

dc_span dc_out_span(const dc_out *out) {
    return (dc_span){out->at, (uint32_t)out->size};
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool dc_percent_decode(dc_span in, bool plus, dc_span *out) {
    char *text = dc_arena_take((size_t)in.size + 1);
    if (!text) return false;
    uint32_t size = 0;
    for (uint32_t i = 0; i < in.size; i++) {
        char c = in.at[i];
        if (c == '%') {
            const int high = i + 2 < in.size ? hex_value(in.at[i + 1]) : -1;
            const int low = i + 2 < in.size ? hex_value(in.at[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        text[size++] = c;
    }
    text[size] = '\0';
    *out = (dc_span){text, size};
    return true;
}

/* What stands before the first `mark`; *rest is what stands behind it. */
static dc_span cut(dc_span text, char mark, dc_span *rest) {
    const char *found = text.size ? memchr(text.at, mark, text.size) : NULL;
    const uint32_t size = found ? (uint32_t)(found - text.at) : text.size;
    *rest = found ? (dc_span){found + 1, text.size - size - 1} : (dc_span){"", 0};
    return (dc_span){text.at, size};
}

static bool form_decode(dc_span raw, dc_span *text) {
    return dc_percent_decode(raw, true, text) && dc_utf8_valid(*text);
}

dc_form dc_form_next(dc_span *rest, dc_span *name, dc_span *value) {
    dc_span pair = {"", 0}, raw;
    while (rest->size && !pair.size) pair = cut(*rest, '&', rest);
    if (!pair.size) return DC_FORM_END;
    pair = cut(pair, '=', &raw);
    return form_decode(pair, name) && form_decode(raw, value) && !memchr(name->at, 0, name->size) ? DC_FORM_PAIR
                                                                                                  : DC_FORM_BAD;
}

void dc_form_put(dc_out *out, const char *name, dc_span value) {
    if (out->size) dc_put_byte(out, '&');
    dc_put_percent(out, dc_span_of(name));
    dc_put_byte(out, '=');
    dc_put_percent(out, value);
}
