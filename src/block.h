/* block.h: sixteen bytes at once. The vectors are the compiler's own (clang and gcc), so that one spelling serves
 * wasm, x86 and the rest; only turning a vector of answers into bits is asked of the machine. */
#ifndef DC_BLOCK_H
#define DC_BLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { DC_BLOCK = 16 };

/* Comparing two gives a vector of answers: -1 where it is so, 0 where it is not. */
typedef signed char dc_bytes __attribute__((vector_size(DC_BLOCK)));

static inline dc_bytes dc_load(const char *at) {
    dc_bytes bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

static inline void dc_store(char *to, dc_bytes bytes) {
    memcpy(to, &bytes, sizeof bytes);
}

static inline void dc_copy_block(char *to, const char *from) {
    memcpy(to, from, DC_BLOCK);
}

static inline dc_bytes dc_each(int byte) {
    const signed char b = (signed char)byte;
    return (dc_bytes){b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b};
}

/* Yes for the first `count`. */
static inline dc_bytes dc_first(size_t count) {
    const dc_bytes places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return places < dc_each((int)count);
}

/* Where is a byte from `low` to `low + count - 1`? The signed comparison is turned into an unsigned one. */
static inline dc_bytes dc_within(dc_bytes bytes, int low, int count) {
    return bytes - dc_each(low - 128) < dc_each(count - 128);
}

/* Control characters, and what is not ASCII: as signed numbers those are negative. */
static inline dc_bytes dc_uncommon(dc_bytes bytes) {
    return bytes < dc_each(0x20);
}

/* A bit for each answer, the first in the lowest. */
static inline uint32_t dc_bits(dc_bytes answers) {
#if defined(__wasm_simd128__)
    return (uint32_t)wasm_i8x16_bitmask((v128_t)answers);
#elif defined(__SSE2__)
    return (uint32_t)_mm_movemask_epi8((__m128i)answers);
#else
    uint32_t bits = 0;
    for (uint32_t i = 0; i < DC_BLOCK; i++) bits |= (uint32_t)(answers[i] < 0) << i;
    return bits;
#endif
}

#endif
