/* utf8.c: well-formed UTF-8 (RFC 3629), for the texts of our own documents. */
#include "text.h"

/* The length of the sequence at `at` (1 to 4), 0 where it is not well-formed. */
static uint32_t sequence(const unsigned char *at, uint32_t left) {
    const unsigned char c = at[0];
    if (c < 0x80) return 1;
    const uint32_t size = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || size > left) return 0;
    for (uint32_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
    }
    if (c == 0xE0 && at[1] < 0xA0) return 0; /* overlong */
    if (c == 0xED && at[1] > 0x9F) return 0; /* surrogate */
    if (c == 0xF0 && at[1] < 0x90) return 0; /* overlong */
    if (c == 0xF4 && at[1] > 0x8F) return 0; /* over U+10FFFF */
    return size;
}

bool dc_utf8_valid(dc_span span) {
    for (uint32_t i = 0; i < span.size;) {
        const uint32_t size = sequence((const unsigned char *)span.at + i, span.size - i);
        if (!size) return false;
        i += size;
    }
    return true;
}

size_t dc_utf8_count(dc_span span) {
    size_t count = 0;
    for (uint32_t i = 0; i < span.size; i++) count += ((unsigned char)span.at[i] & 0xC0) != 0x80;
    return count;
}
