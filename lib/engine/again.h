/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a list of operations again and again while few inputs change: only what hangs on them. */
#ifndef BM_ENGINE_AGAIN_H
#define BM_ENGINE_AGAIN_H

#include "base/memory.h"
#include "engine/bounds.h"

/* Up to so many inputs are told apart; further ones count as one. */
enum { BM_TOLD_APART = 126, BM_MODE = 126 /* strict or not */, BM_ALWAYS = 127, BM_REASONS = 128 };

typedef struct {
    uint64_t bits[BM_REASONS / 64];
} bm_reasons;

typedef struct {
    bm_reasons *on[BM_KINDS];    /* for each slot that the list touches: what it hangs on */
    uint8_t *number[BM_KINDS];   /* of an input that the list reads, from 1; 0: none */
    int count;                   /* of these inputs */
    uint64_t *hanging;           /* for each reason: its operations, as places in the list */
    size_t words;                /* for each reason */
    uint64_t *due;
    bm_reasons changed;
    bool all;                    /* everything is due */
    const int32_t *ops;
    int op_count;
} bm_again;

/* False when there is no memory. */
bool bm_again_start(bm_again *again, bm_arena *arena, const bm_program *program);
/* The list, which must stay, in the order in which it is run; all of it is due. */
void bm_again_take(bm_again *again, const bm_program *program, const int32_t *ops, int count);
/* An input of its only record was changed, or whether it is given. */
void bm_again_touch(bm_again *again, int kind, int32_t input);
/* The frame is strict, or searching, where it was not; or the other way round. */
void bm_again_touch_mode(bm_again *again);
void bm_again_touch_all(bm_again *again);
/* As bm_bounds_run_ops over the whole list. */
void bm_again_run(bm_again *again, bm_frame *frame);

#endif
