/* SPDX-License-Identifier: Apache-2.0 */
/* The caller's allocator, and an arena on top of it. Everything that lives as long as its handle
 * comes from an arena, so that freeing is one walk over a few chunks. */
#ifndef BM_BASE_MEMORY_H
#define BM_BASE_MEMORY_H

#include <stddef.h>

#include "bonemets/bonemets.h"

typedef struct {
    bonemets_alloc alloc; /* never NULL after bm_memory_init */
    void *ctx;
} bm_memory;

/* NULL alloc means malloc and free. */
void bm_memory_init(bm_memory *memory, bonemets_alloc alloc, void *ctx);
/* NULL when there is no memory. Not zeroed. */
void *bm_take(const bm_memory *memory, size_t size);
void *bm_resize(const bm_memory *memory, void *ptr, size_t old_size, size_t new_size);
void bm_give_back(const bm_memory *memory, void *ptr, size_t size);

typedef struct bm_chunk bm_chunk;

typedef struct {
    bm_memory memory;
    bm_chunk *chunks; /* newest first */
    size_t used;      /* bytes handed out, for the figures of doc/performance.md */
} bm_arena;

void bm_arena_init(bm_arena *arena, const bm_memory *memory);
void bm_arena_free(bm_arena *arena);
/* Zeroed and aligned for any type; NULL when there is no memory. Size 0 gives a valid pointer. */
void *bm_arena_take(bm_arena *arena, size_t size);
/* count * size with overflow checked. */
void *bm_arena_array(bm_arena *arena, size_t count, size_t size);
/* A NUL-terminated copy. */
char *bm_arena_text(bm_arena *arena, const char *text, size_t length);
/* Makes room for one more element in an array that lives in the arena: returns the array, moved if
 * it had to grow, or NULL when there is no memory (the old one stays valid). `capacity` is updated.
 * New elements are zeroed. */
void *bm_arena_grow(bm_arena *arena, void *array, size_t count, size_t *capacity, size_t size);

#endif
