/* SPDX-License-Identifier: Apache-2.0 */
/* Several arrays in one block of memory: measured first, then handed out. */
#ifndef BM_ASSESS_LAYOUT_H
#define BM_ASSESS_LAYOUT_H

#include <stddef.h>

typedef struct {
    char *start; /* NULL: only measure */
    size_t used;
} bm_layout;

static inline void *bm_layout_part(bm_layout *block, size_t count, size_t size)
{
    block->used = (block->used + 15) & ~(size_t)15;
    void *place = block->start ? block->start + block->used : NULL;
    block->used += count * size;
    return place;
}

#endif
