/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALIGNMENT = alignof(max_align_t),
    FIRST_CHUNK = 4096,
    LARGEST_CHUNK = 256 * 1024,
    FIRST_CAPACITY = 8
};

struct bm_chunk {
    bm_chunk *older;
    size_t size; /* of the whole chunk, this header included */
    size_t used; /* likewise */
};

static void *standard_alloc(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    (void)ctx;
    (void)old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

void bm_memory_init(bm_memory *memory, bonemets_alloc alloc, void *ctx)
{
    memory->alloc = alloc != NULL ? alloc : standard_alloc;
    memory->ctx = ctx;
}

/* A block of 0 bytes is one of 1 byte to the allocator, to which size 0 would mean "free". */
static size_t block_size(size_t size)
{
    return size > 0 ? size : 1;
}

void *bm_take(const bm_memory *memory, size_t size)
{
    return memory->alloc(memory->ctx, NULL, 0, block_size(size));
}

void *bm_resize(const bm_memory *memory, void *ptr, size_t old_size, size_t new_size)
{
    size_t old_block = ptr != NULL ? block_size(old_size) : 0;
    return memory->alloc(memory->ctx, ptr, old_block, block_size(new_size));
}

void bm_give_back(const bm_memory *memory, void *ptr, size_t size)
{
    if (ptr != NULL) {
        memory->alloc(memory->ctx, ptr, block_size(size), 0);
    }
}

/* 0 when the sum does not fit. */
static size_t aligned(size_t size)
{
    if (size > SIZE_MAX - (ALIGNMENT - 1)) {
        return 0;
    }
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void bm_arena_init(bm_arena *arena, const bm_memory *memory)
{
    arena->memory = *memory;
    arena->chunks = NULL;
    arena->used = 0;
}

void bm_arena_free(bm_arena *arena)
{
    bm_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        bm_chunk *older = chunk->older;
        bm_give_back(&arena->memory, chunk, chunk->size);
        chunk = older;
    }
    arena->chunks = NULL;
    arena->used = 0;
}

/* Chunks double up to the largest, so that little stands in few of them. */
static size_t next_chunk_size(const bm_arena *arena)
{
    if (arena->chunks == NULL) {
        return FIRST_CHUNK;
    }
    size_t size = arena->chunks->size;
    return size < LARGEST_CHUNK / 2 ? size * 2 : LARGEST_CHUNK;
}

static bm_chunk *add_chunk(bm_arena *arena, size_t room)
{
    size_t header = aligned(sizeof(bm_chunk));
    size_t size = next_chunk_size(arena);
    if (room > SIZE_MAX - header) {
        return NULL;
    }
    if (size < header + room) {
        size = header + room;
    }
    bm_chunk *chunk = bm_take(&arena->memory, size);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->older = arena->chunks;
    chunk->size = size;
    chunk->used = header;
    arena->chunks = chunk;
    return chunk;
}

void *bm_arena_take(bm_arena *arena, size_t size)
{
    size_t room = aligned(block_size(size));
    if (room == 0) {
        return NULL;
    }
    bm_chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->size - chunk->used < room) {
        chunk = add_chunk(arena, room);
        if (chunk == NULL) {
            return NULL;
        }
    }
    void *block = (unsigned char *)chunk + chunk->used;
    chunk->used += room;
    arena->used += room;
    return memset(block, 0, room);
}

void *bm_arena_array(bm_arena *arena, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return bm_arena_take(arena, count * size);
}

char *bm_arena_text(bm_arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX) {
        return NULL;
    }
    char *copy = bm_arena_take(arena, length + 1);
    if (copy != NULL && length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

void *bm_arena_grow(bm_arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
    if (array != NULL && count < *capacity) {
        return array;
    }
    if (count > SIZE_MAX / 2) {
        return NULL;
    }
    size_t wanted = count < FIRST_CAPACITY / 2 ? FIRST_CAPACITY : count * 2;
    void *larger = bm_arena_array(arena, wanted, size);
    if (larger == NULL) {
        return NULL;
    }
    if (array != NULL && count > 0) {
        memcpy(larger, array, count * size);
    }
    *capacity = wanted;
    return larger;
}
