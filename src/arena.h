/* arena.h: memory that is taken in order and given back all at once. Nothing is freed one by one: the next
 * dc_open rewinds, dc_close wipes. */
#ifndef DC_ARENA_H
#define DC_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/* `size` bytes aligned to 8, or NULL when the memory is used up. */
void *dc_arena_take(size_t size);

/* The block `old` of `size` bytes made `more` bytes large, in place where it is the last one taken, else
 * moved. NULL: no memory; the old block is as it was. */
void *dc_arena_grow(void *old, size_t size, size_t more);

/* Did an allocation fail since dc_open? Then no reply may be built on what is there: it could lack something. */
bool dc_arena_failed(void);

#ifndef __wasm__
/* How many more allocations succeed: tests make each one of a call fail in turn. */
extern size_t dc_arena_allowance;
#endif

/* The input of this call: what the host wrote behind dc_open. */
char *dc_arena_input(void);

#endif
