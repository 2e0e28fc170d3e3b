/* libc.c: what cJSON asks of the C library, in the little that our documents need. Only in WebAssembly:
 * natively the library's own functions serve. */
#ifdef __wasm__
#include "arena.h"

#include <stdbool.h>
#include <stdlib.h>

void *malloc(size_t size) {
    return dc_arena_take(size);
}

void free(void *block) {
    (void)block;
}

/* cJSON reallocates in its printer only, which is not linked. */
void *realloc(void *block, size_t size) {
    (void)block;
    (void)size;
    return NULL;
}

/* The numbers of our own documents are times, counts and limits: decimal digits, a fraction, a small
 * exponent. Exact up to 2^53; values that are forwarded never come here. */
double strtod(const char *text, char **end) {
    const char *at = text;
    const bool negative = *at == '-';
    if (negative) at++;
    double value = 0, scale = 1;
    for (; *at >= '0' && *at <= '9'; at++) value = value * 10 + (*at - '0');
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++) {
            value = value * 10 + (*at - '0');
            scale *= 10;
        }
    }
    int exponent = 0;
    if (*at == 'e' || *at == 'E') {
        at++;
        const bool down = *at == '-';
        if (*at == '-' || *at == '+') at++;
        for (; *at >= '0' && *at <= '9'; at++) exponent = exponent < 400 ? exponent * 10 + (*at - '0') : 400;
        for (; exponent > 0; exponent--) {
            if (down) scale *= 10;
            else value *= 10;
        }
    }
    if (end) *end = (char *)(size_t)at;
    return negative ? -value / scale : value / scale;
}
#else
typedef int dc_no_libc; /* ISO C wants a declaration in every file */
#endif
