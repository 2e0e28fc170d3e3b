/* utf8.c: well-formed UTF-8 (RFC 3629), for the texts of our own documents. */
#include "utf8.h"

#include "text.h"

bool dc_utf8_valid(dc_span span) {
    for (uint32_t i = 0; i < span.size;) {
        const uint32_t size = dc_utf8_size(span.at + i, span.size - i);
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
