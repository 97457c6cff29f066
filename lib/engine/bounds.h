/* SPDX-License-Identifier: Apache-2.0 */
/* The bounds evaluator: runs a plan over what is known, partly known and unknown about one
 * patient. Every slot receives all values that some completion of the facts could give it (and
 * possibly more, never fewer). Nothing is allocated. */
#ifndef BM_ENGINE_BOUNDS_H
#define BM_ENGINE_BOUNDS_H

#include "engine/program.h"

typedef struct {
    const bm_program *program;
    int records[BM_KINDS];           /* how many are evaluated, at least 1 */
    bool listed[BM_KINDS];           /* the records were entered; otherwise the one record stands
                                        for all that may exist */
    bool none[BM_KINDS];             /* it is known that there is no record */
    bm_cell *cells[BM_KINDS];        /* records x slots; the inputs are filled by the caller */
    const uint8_t *given[BM_KINDS];  /* records x inputs: was it entered */
    bool strict;                     /* silence decides nothing: known, missing and assumptions
                                        count as undecided */
    bool searching;                  /* what may yet be shown is undecided: for proofs over all that
                                        can be entered */
    bool relied_on_silence;          /* out: an outcome may rest on known, missing or assumes */
} bm_frame;

void bm_bounds_run(bm_frame *frame, const bm_plan *plan);
/* Once more with nothing resting on silence, on a frame that holds all cells of a finished run:
 * only what hangs on silence is computed again. */
void bm_bounds_run_strict(bm_frame *frame, const bm_plan *plan);
/* The same for single operations, in the order given, on record 0 of each kind. */
void bm_bounds_run_ops(bm_frame *frame, const int32_t *ops, int count);

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

/* The cells of one record. */
static inline bm_cell *bm_frame_cells(const bm_frame *frame, int kind, int record)
{
    return frame->cells[kind] + (size_t)record * (size_t)frame->program->kinds[kind].slots;
}

#endif
