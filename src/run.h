/* run.h: long runs of plain text: how far does one go, and copying it. What stands above it asks for the next byte that
 * needs a look and takes what lies before it as a whole. */
#ifndef DC_RUN_H
#define DC_RUN_H

#include "block.h"

#include <stdbool.h>
#include <stddef.h>

static inline bool dc_plain(char byte, char also) {
    return (unsigned char)byte >= 0x20 && (unsigned char)byte < 0x80 && byte != '"' && byte != '\\' && byte != also;
}

/* The first byte of [at, end) that is `"`, `\`, `also`, a control character or not ASCII; `end` when there is
 * none. Pass `"` as `also` when there is nothing else to look for. */
static inline const char *dc_run(const char *at, const char *end, char also) {
    for (; end - at >= DC_BLOCK; at += DC_BLOCK) {
        const dc_bytes block = dc_load(at);
        const dc_bytes marks = (block == dc_each('"')) | (block == dc_each('\\')) | (block == dc_each(also));
        const uint32_t found = dc_bits(marks | dc_uncommon(block));
        if (found != 0) return at + __builtin_ctz(found);
    }
    while (at < end && dc_plain(*at, also)) at++;
    return at;
}

/* The first `one` or `other` in [at, end); `end` when there is none. */
static inline const char *dc_seek(const char *at, const char *end, char one, char other) {
    for (; end - at >= DC_BLOCK; at += DC_BLOCK) {
        const dc_bytes block = dc_load(at);
        const uint32_t found = dc_bits((block == dc_each(one)) | (block == dc_each(other)));
        if (found != 0) return at + __builtin_ctz(found);
    }
    while (at < end && *at != one && *at != other) at++;
    return at;
}

/* How far whole escapes `\uXXXX` go, taken by twos: behind what comes back another one may stand. */
static inline const char *dc_run_escapes(const char *at, const char *end) {
    const dc_bytes marks = {'\\', 'u', 0, 0, 0, 0, '\\', 'u', 0, 0, 0, 0, 0, 0, 0, 0};
    enum { TWO = 12, MARKS = 0xC3, DIGITS = 0xF3C };
    for (; end - at >= DC_BLOCK; at += TWO) {
        const dc_bytes block = dc_load(at), lower = block | dc_each(0x20);
        const uint32_t digits = dc_bits(dc_within(block, '0', 10) | dc_within(lower, 'a', 6));
        if ((digits & DIGITS) != DIGITS || (dc_bits(block == marks) & MARKS) != MARKS) break;
    }
    return at;
}

/* The value of four hex digits, all four at once: a byte's top bit tells what it is. False: they are none. */
static inline bool dc_hex4(const char *at, uint32_t *value) {
    const uint32_t each = 0x01010101U, top = 0x80808080U;
    uint32_t text;
    memcpy(&text, at, sizeof text);
    const uint32_t lower = text | 0x20 * each;
    const uint32_t digits = (text + (0x80 - '0') * each) & ~(text + (0x7F - '9') * each);
    const uint32_t letters = (lower + (0x80 - 'a') * each) & ~(lower + (0x7F - 'f') * each) & top;
    if (((digits | letters) & ~text & top) != top) return false;
    const uint32_t n = (text & 0x0F * each) + 9 * (letters >> 7); /* the first digit in the lowest byte */
    *value = (n & 0xF) << 12 | (n & 0xF00) | (n >> 12 & 0xF0) | n >> 24;
    return true;
}

/* Copy `size` bytes. Most copies are short, and calling memcpy for one costs more than the copy. Not inlined: a copy of
 * this in each place that copies made the masker 0.5 KB larger and 1 % faster. */
__attribute__((noinline)) static inline void dc_copy(char *to, const char *from, size_t size) {
    if (size >= DC_BLOCK) {
        size_t i = 0;
        for (; i + DC_BLOCK < size; i += DC_BLOCK) dc_copy_block(to + i, from + i);
        dc_copy_block(to + size - DC_BLOCK, from + size - DC_BLOCK); /* overlaps the block before it */
        return;
    }
    for (size_t i = 0; i < size; i++) to[i] = from[i];
}

#endif
