/* arena.c: all memory of the core. In WebAssembly it is what lies behind the program's own data and grows
 * with the module's memory; natively (tests, fuzzing) it is one reserved block, so that the sanitizers see
 * the same pattern of use.
 *
 * Input is written at the start, everything else is taken behind it. dc_close wipes up to the highest byte
 * that was used, so no token stays in the memory between two calls. */
#include "arena.h"
#include "devcaster.h"

#include <string.h>

enum { ALIGN = 8, PAGE = 65536 };
static const size_t LIMIT = (size_t)256 << 20; /* far over any body that a host may hand in */

static char *base;  /* first byte of the arena */
static char *next;  /* first free byte */
static char *end;   /* first byte that is not ours */
static bool failed; /* since dc_open */

#ifdef __wasm__
extern char __heap_base;

static char *reserve(void) {
    end = (char *)(__builtin_wasm_memory_size(0) * PAGE);
    return (char *)(((uintptr_t)&__heap_base + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1));
}

static bool extend(size_t bytes) {
    const size_t pages = (bytes + PAGE - 1) / PAGE;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return false;
    end += pages * PAGE;
    return true;
}
#else
#include <stdlib.h>

static char *reserve(void) {
    char *block = malloc(LIMIT);
    end = block ? block + LIMIT : NULL;
    return block;
}

static bool extend(size_t bytes) {
    (void)bytes;
    return false;
}

size_t dc_arena_allowance = SIZE_MAX;
#endif

static size_t rounded(size_t size) {
    return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static bool has_room(size_t size) {
#ifndef __wasm__
    if (dc_arena_allowance == 0) return false;
    dc_arena_allowance--;
#endif
    const size_t left = (size_t)(end - next);
    if (size <= left) return true;
    if (size > LIMIT || (size_t)(next - base) > LIMIT - size) return false;
    return extend(size - left);
}

static void *refuse(void) {
    failed = true;
    return NULL;
}

void *dc_arena_take(size_t size) {
    if (!base) base = next = reserve();
    if (!base || size > LIMIT || !has_room(rounded(size))) return refuse();
    char *block = next;
    next += rounded(size);
    return block;
}

void *dc_arena_grow(void *old, size_t size, size_t more) {
    if (more > LIMIT) return refuse();
    if (old && (char *)old + rounded(size) == next) {
        if (!has_room(rounded(more) - rounded(size))) return refuse();
        next = (char *)old + rounded(more);
        return old;
    }
    char *block = dc_arena_take(more);
    if (block && old) memcpy(block, old, size);
    return block;
}

bool dc_arena_failed(void) {
    return failed;
}

char *dc_open(uint32_t size) {
    failed = false;
    if (base) next = base;
    return dc_arena_take(size ? size : 1);
}

void dc_close(void) {
    failed = false;
    if (!base) return;
    memset(base, 0, (size_t)(next - base));
    __asm__ volatile("" : : "r"(base) : "memory"); /* a wipe that nobody reads must not be optimised away */
    next = base;
}

char *dc_arena_input(void) {
    return base;
}
