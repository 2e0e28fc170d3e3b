/* libc.c: what cJSON and we ask of the C library, as short as it gets. Only in WebAssembly: natively the library's
 * own functions serve. Emscripten's are made for speed (strstr alone is 1.4 KB); what we look for is short, and what
 * runs over whole bodies has SIMD of its own (run.h). */
#ifdef __wasm__
#include "arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

size_t strlen(const char *text) {
    const char *at = text;
    while (*at) at++;
    return (size_t)(at - text);
}

void *memchr(const void *block, int wanted, size_t size) {
    for (const char *at = block; size > 0; at++, size--) {
        if (*at == (char)wanted) return (void *)(size_t)at;
    }
    return NULL;
}

/* The terminating NUL can be looked for as well. */
char *strchr(const char *text, int wanted) {
    return memchr(text, wanted, strlen(text) + 1);
}

int strncmp(const char *a, const char *b, size_t size) {
    for (; size > 0 && *a == *b && *a; a++, b++) size--;
    return size > 0 ? (unsigned char)*a - (unsigned char)*b : 0;
}

int strcmp(const char *a, const char *b) {
    return strncmp(a, b, (size_t)-1);
}

size_t strcspn(const char *text, const char *stops) {
    size_t size = 0;
    while (!strchr(stops, text[size])) size++;
    return size;
}

char *strstr(const char *text, const char *wanted) {
    for (const size_t size = strlen(wanted); strncmp(text, wanted, size) != 0; text++) {
        if (!*text) return NULL;
    }
    return (char *)(size_t)text;
}
#else
typedef int dc_no_libc; /* ISO C wants a declaration in every file */
#endif
