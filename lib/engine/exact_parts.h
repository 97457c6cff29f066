/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the exact evaluator only. */
#ifndef BM_ENGINE_EXACT_PARTS_H
#define BM_ENGINE_EXACT_PARTS_H

#include "engine/arithmetic.h"
#include "engine/exact.h"
#include "engine/lookup.h"

enum { BM_CHUNK = 2048 }; /* rows; all buffers of a score stay in the nearest cache */

/* How a slot is kept: one byte, a double, a set of 64. */
typedef enum { BM_BYTES, BM_DOUBLES, BM_WORDS } bm_keep;

typedef struct bm_step bm_step;
typedef struct bm_ladder bm_ladder;
typedef void (*bm_kernel)(const bm_step *step, size_t count);

/* One pass over a chunk. Operands point to buffers, or into the caller's columns. */
struct bm_step {
    bm_kernel run;
    void *to;
    const void *a, *b, *c;
    int from_column[3]; /* the column that operand a, b, c reads, -1: a buffer */
    bm_lookup look_up;
    uint8_t table[256];
    uint8_t value;
    uint64_t mask;
    const bm_cuts *cuts;
    const bm_ladder *ladder; /* the same, where they fit one */
    bool constant[2];        /* operand a, b has the same in all rows */
    const bm_cell *cells;
    bm_do code;
};

struct bm_exact {
    bm_memory memory;
    bm_arena arena;
    bm_step *steps;
    int step_count;
    size_t step_room;
    bm_keep *column_keep;
    uint8_t *undecided;     /* a chunk */
    const void **out_from;  /* buffers of the outputs, NULL: straight from a column */
    int *out_column;
    bm_keep *out_keep;
    bool *out_widen;        /* bytes to doubles on the way out */
    int output_count;
};

/* Kernels, by what they compute. */
void bm_kernel_lookup(const bm_step *step, size_t count);
void bm_kernel_or_lookup(const bm_step *step, size_t count); /* to |= table[a] */
void bm_kernel_all_undecided(const bm_step *step, size_t count); /* to = 1 */
void bm_kernel_not(const bm_step *step, size_t count);
void bm_kernel_and(const bm_step *step, size_t count);
void bm_kernel_or(const bm_step *step, size_t count);
void bm_kernel_same(const bm_step *step, size_t count);
void bm_kernel_has_any(const bm_step *step, size_t count);
void bm_kernel_has_all(const bm_step *step, size_t count);
void bm_kernel_members(const bm_step *step, size_t count);
void bm_kernel_compare(const bm_step *step, size_t count);
void bm_kernel_compare_bytes(const bm_step *step, size_t count);
void bm_kernel_add_bytes(const bm_step *step, size_t count);
void bm_kernel_min_bytes(const bm_step *step, size_t count);
void bm_kernel_max_bytes(const bm_step *step, size_t count);
void bm_kernel_arith(const bm_step *step, size_t count);
void bm_kernel_widen(const bm_step *step, size_t count);
void bm_kernel_look_up_number(const bm_step *step, size_t count);
void bm_kernel_cut(const bm_step *step, size_t count); /* `b`: bytes set where no cut holds it */
void bm_kernel_ladder(const bm_step *step, size_t count); /* as cut */
void bm_kernel_if_bytes(const bm_step *step, size_t count);
void bm_kernel_if_doubles(const bm_step *step, size_t count);
void bm_kernel_if_words(const bm_step *step, size_t count);
void bm_kernel_clear(const bm_step *step, size_t count);
void bm_kernel_row_speaks(const bm_step *step, size_t count); /* to = a and (b unset or value) */
void bm_kernel_row_sets(const bm_step *step, size_t count);   /* to = value where a and unset */

#endif
