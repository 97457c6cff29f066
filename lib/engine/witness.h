/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for facts under which something comes about: proves that a row can speak, or that a choice
 * can be left without outcome. Splits what is unknown until the bounds decide. */
#ifndef BM_ENGINE_WITNESS_H
#define BM_ENGINE_WITNESS_H

#include "base/memory.h"
#include "engine/again.h"
#include "engine/bounds.h"

typedef enum { BM_FOUND, BM_IMPOSSIBLE, BM_GAVE_UP } bm_verdict;

/* A workspace for one program: one record of each kind, about which nothing is known. */
typedef struct {
    bm_frame frame;
    uint8_t *given[BM_KINDS];
    bool *needed[BM_KINDS]; /* slots on which the goal hangs */
    bool *asked[BM_KINDS];  /* inputs whose silence can matter */
    int32_t *ops;           /* the operations that fill them, in order */
    int op_count;
    bm_again again;         /* runs them */
    bool silent;            /* one of them asks what is known, or shown */
    bool shown, freeze_shown; /* one asks what is shown; then that may stay unknown too */
    uint64_t *marks, *frozen; /* frozen: inputs that stay unknown */
    int frozen_count;
    uint32_t shuffle;       /* 0: inputs in order; else the state of a generator */
    int budget;             /* evaluations left */
} bm_search;

/* False when there is no memory. */
bool bm_search_start(bm_search *search, bm_arena *arena, const bm_program *program);

/* Can this row speak? Spends at most `budget` evaluations. */
bm_verdict bm_search_row(bm_search *search, const bm_plan *plan, int kind, int32_t row,
                         int budget);
/* After BM_FOUND: the whole plan over what was found, to see which other rows speak there. */
void bm_search_spread(bm_search *search, const bm_plan *plan);
bool bm_search_speaks(const bm_search *search, int kind, int32_t row);
/* Can this choice end without outcome where slot `applies` says that its table applies (-1: it
 * always does)? On BM_FOUND the frame holds the facts. */
bm_verdict bm_search_unset(bm_search *search, const bm_plan *plan, int kind, int32_t choice,
                           int32_t applies, int budget);

#endif
