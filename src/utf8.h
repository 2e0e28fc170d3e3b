/* utf8.h: one sequence of UTF-8 (RFC 3629 section 4). */
#ifndef DC_UTF8_H
#define DC_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The size of the sequence at `at` (1 to 4), of which `left` bytes are there; 0: it is not whole, or not well-formed
 * (overlong, a surrogate, over U+10FFFF). */
static inline uint32_t dc_utf8_size(const char *at, size_t left) {
    const uint8_t *byte = (const uint8_t *)at;
    const uint8_t first = byte[0];
    if (first < 0x80) return 1;
    if (first < 0xE0) return first >= 0xC2 && left >= 2 && (byte[1] & 0xC0) == 0x80 ? 2 : 0;
    const uint32_t size = first >= 0xF0 ? 4 : 3;
    if (first > 0xF4 || size > left) return 0;
    const uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte[1] < low || byte[1] > high) return 0;
    for (uint32_t i = 2; i < size; i++) {
        if ((byte[i] & 0xC0) != 0x80) return 0;
    }
    return size;
}

#endif
