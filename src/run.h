/* run.h: long runs of plain text: how far does one go, and copying it. The one place that knows about SIMD;
 * everything above it asks for the next byte that needs a look and takes what lies before it as a whole. */
#ifndef DC_RUN_H
#define DC_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { DC_BLOCK = 16 };

/* A bit for each of the 16 bytes at `at` that is `"`, `\`, `also`, a control character or not ASCII. Signed
 * comparison finds the last two kinds at once: bytes of 0x80 and more are negative. */
#if defined(__wasm_simd128__)
static inline uint32_t dc_block(const char *at, char also) {
    v128_t block = wasm_v128_load(at);
    v128_t found =
        wasm_v128_or(wasm_i8x16_eq(block, wasm_i8x16_splat('"')), wasm_i8x16_eq(block, wasm_i8x16_splat('\\')));
    found = wasm_v128_or(found, wasm_i8x16_eq(block, wasm_i8x16_splat(also)));
    found = wasm_v128_or(found, wasm_i8x16_lt(block, wasm_i8x16_splat(0x20)));
    return (uint32_t)wasm_i8x16_bitmask(found);
}

static inline void dc_copy_block(char *to, const char *from) {
    wasm_v128_store(to, wasm_v128_load(from));
}
#elif defined(__SSE2__)
static inline uint32_t dc_block(const char *at, char also) {
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i found = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')), _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
    found = _mm_or_si128(found, _mm_cmpeq_epi8(block, _mm_set1_epi8(also)));
    found = _mm_or_si128(found, _mm_cmplt_epi8(block, _mm_set1_epi8(0x20)));
    return (uint32_t)_mm_movemask_epi8(found);
}

static inline void dc_copy_block(char *to, const char *from) {
    _mm_storeu_si128((__m128i *)(void *)to, _mm_loadu_si128((const __m128i *)(const void *)from));
}
#endif

static inline bool dc_plain(char byte, char also) {
    return (unsigned char)byte >= 0x20 && (unsigned char)byte < 0x80 && byte != '"' && byte != '\\' && byte != also;
}

/* The first byte of [at, end) that is `"`, `\`, `also`, a control character or not ASCII; `end` when there is
 * none. Pass `"` as `also` when there is nothing else to look for. */
static inline const char *dc_run(const char *at, const char *end, char also) {
#if defined(__wasm_simd128__) || defined(__SSE2__)
    while (end - at >= DC_BLOCK) {
        uint32_t found = dc_block(at, also);
        if (found != 0) return at + __builtin_ctz(found);
        at += DC_BLOCK;
    }
#endif
    while (at < end && dc_plain(*at, also)) at++;
    return at;
}

/* The first `one` or `other` in [at, end); `end` when there is none. */
static inline const char *dc_seek(const char *at, const char *end, char one, char other) {
#if defined(__wasm_simd128__)
    for (; end - at >= DC_BLOCK; at += DC_BLOCK) {
        const v128_t block = wasm_v128_load(at);
        const v128_t found =
            wasm_v128_or(wasm_i8x16_eq(block, wasm_i8x16_splat(one)), wasm_i8x16_eq(block, wasm_i8x16_splat(other)));
        if (wasm_v128_any_true(found)) return at + __builtin_ctz((uint32_t)wasm_i8x16_bitmask(found));
    }
#elif defined(__SSE2__)
    for (; end - at >= DC_BLOCK; at += DC_BLOCK) {
        const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
        const int found = _mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8(one)), _mm_cmpeq_epi8(block, _mm_set1_epi8(other))));
        if (found != 0) return at + __builtin_ctz((uint32_t)found);
    }
#endif
    while (at < end && *at != one && *at != other) at++;
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
#if defined(__wasm_simd128__) || defined(__SSE2__)
    if (size >= DC_BLOCK) {
        size_t i = 0;
        for (; i + DC_BLOCK < size; i += DC_BLOCK) dc_copy_block(to + i, from + i);
        dc_copy_block(to + size - DC_BLOCK, from + size - DC_BLOCK); /* overlaps the block before it */
        return;
    }
#endif
    for (size_t i = 0; i < size; i++) to[i] = from[i];
}

#endif
