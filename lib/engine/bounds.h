/* SPDX-License-Identifier: Apache-2.0 */
/* The bounds evaluator: runs a plan over what is known, partly known and unknown about one
 * patient. Every slot receives all values that some completion of the facts could give it (and
 * possibly more, never fewer). Nothing is allocated. */
#ifndef BM_ENGINE_BOUNDS_H
#define BM_ENGINE_BOUNDS_H

#include "engine/program.h"

/* Of an input: it was not entered; it was, in this of its units (counted from 0, for those who show
 * it); besides, otherwise for all records of its kind. */
enum { BM_NOT_GIVEN = 0, BM_GIVEN = 1, BM_RESTATED = 128 };

static inline uint8_t bm_given_in(uint8_t unit)
{
    return (uint8_t)(BM_GIVEN + (unit < BM_RESTATED - BM_GIVEN ? unit : 0));
}

static inline uint8_t bm_given_unit(uint8_t given)
{
    uint8_t kept = given & (BM_RESTATED - 1);
    return kept > 0 ? (uint8_t)(kept - BM_GIVEN) : 0;
}

typedef struct bm_frame {
    const bm_program *program;
    int records[BM_KINDS];           /* how many are evaluated, at least 1 */
    bool listed[BM_KINDS];           /* the records were entered; otherwise the one record stands
                                        for all that may exist */
    bool none[BM_KINDS];             /* it is known that there is no record */
    bm_cell *cells[BM_KINDS];        /* records x slots; the inputs are filled by the caller */
    const uint8_t *given[BM_KINDS];  /* records x inputs: BM_GIVEN and so on */
    /* Sets of blocks for each record; NULL: all are evaluated. Of a strict frame `awake` are those
     * that are evaluated once more, and the others stand in the frame `plain`. */
    uint64_t *awake[BM_KINDS];       /* evaluated, as something they hang on was entered; the cells
                                        of others stand in the program */
    uint64_t *closed[BM_KINDS];      /* not evaluated, as their gate is shut */
    uint64_t *leans[BM_KINDS];       /* came upon a silence that may matter */
    const struct bm_frame *plain;
    bool strict;                     /* silence decides nothing: known, missing and assumptions
                                        count as undecided */
    bool searching;                  /* what may yet be shown is undecided: for proofs over all that
                                        can be entered */
    bool relied_on_silence;          /* out: an outcome may rest on known, missing or assumes */
} bm_frame;

/* Marks as awake what hangs on anything that was entered. */
void bm_bounds_wake(bm_frame *frame);
void bm_bounds_run(bm_frame *frame, const bm_plan *plan);
/* Once more with nothing resting on silence: only what hangs on silence is computed again. The frame
 * holds all cells of a finished run, or refers to it by `plain`. */
void bm_bounds_run_strict(bm_frame *frame, const bm_plan *plan);
/* The same for single operations, in the order given, on record 0 of each kind. */
void bm_bounds_run_ops(bm_frame *frame, const int32_t *ops, int count);
/* Those of a list whose bits are set, 64 to a word. */
void bm_bounds_run_due(bm_frame *frame, const int32_t *ops, const uint64_t *due, size_t words);

/* Is an exclusive partner of this input entered? `given` is of the same record. */
static inline bool bm_excluded(const bm_kind *kind, const bm_program *program,
                               const uint8_t *given, int32_t input)
{
    if (kind->partners[input] < 0)
        return false;
    const bm_slots *partners = &program->partners[kind->partners[input]];
    for (int i = 0; i < partners->count; i++)
        if (given[partners->slots[i]])
            return true;
    return false;
}

static inline bool bm_has_block(const bm_frame *frame, uint64_t *const *sets, int kind, int record,
                                int32_t block)
{
    const uint64_t *words = sets[kind] + (size_t)record * (size_t)frame->program->block_words;
    return words[block / 64] >> (block % 64) & 1;
}

/* The cells of one record. */
static inline bm_cell *bm_frame_cells(const bm_frame *frame, int kind, int record)
{
    return frame->cells[kind] + (size_t)record * (size_t)frame->program->kinds[kind].slots;
}

/* One cell, wherever it stands. */
static inline bm_cell bm_frame_cell(const bm_frame *frame, int kind, int record, int32_t slot)
{
    const bm_kind *owner = &frame->program->kinds[kind];
    const bm_frame *plain = frame->plain ? frame->plain : frame;
    if (slot < owner->inputs || !frame->awake[kind])
        return bm_frame_cells(plain, kind, record)[slot];
    int32_t block = owner->block_of[slot];
    if (bm_has_block(frame, frame->awake, kind, record, block))
        return bm_frame_cells(frame, kind, record)[slot];
    if (bm_has_block(plain, plain->awake, kind, record, block))
        return bm_frame_cells(plain, kind, record)[slot];
    if (bm_has_block(plain, plain->closed, kind, record, block))
        return owner->closed[slot];
    return (frame->strict ? owner->idle_strict : owner->idle)[slot];
}

#endif
