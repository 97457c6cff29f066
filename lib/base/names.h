/* SPDX-License-Identifier: Apache-2.0 */
/* Symbol table: names to numbers, and the nearest known name for a message. */
#ifndef BM_BASE_NAMES_H
#define BM_BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

typedef struct {
    const char *name; /* NULL: free place */
    uint32_t hash;
    int32_t value;
} bm_name_place;

typedef struct {
    bm_arena *arena;
    bm_name_place *places;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
} bm_names;

void bm_names_init(bm_names *names, bm_arena *arena);
/* The name must outlive the table. Returns false only when there is no memory; a name that is
 * there already keeps its value (look before adding). */
bool bm_names_add(bm_names *names, const char *name, int32_t value);
/* -1 when it is not there. */
int32_t bm_names_find(const bm_names *names, const char *name);
int32_t bm_names_find_bytes(const bm_names *names, const char *name, size_t length);
/* Closest name by edit distance, if close enough to be worth suggesting, else NULL. Of equally
 * close names the first in byte order, so that messages do not depend on hashing. */
const char *bm_names_nearest(const bm_names *names, const char *name);

/* Edit distance in bytes, capped at `limit` + 1 (insert, delete, replace, swap neighbours). */
int bm_edit_distance(const char *a, const char *b, int limit);

#endif
