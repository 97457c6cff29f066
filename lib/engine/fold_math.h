/* SPDX-License-Identifier: Apache-2.0 */
/* An operation on cells by columns, and which kernel does it. */
#ifndef BM_ENGINE_FOLD_MATH_H
#define BM_ENGINE_FOLD_MATH_H

#include "engine/fold_parts.h"

/* A choice that a row leads or sets. */
typedef struct {
    bm_ends choice;
    uint64_t bit;   /* of its outcome */
    uint64_t value; /* the outcome plus one */
} bm_fold_setting;

/* For the plain and for the strict frame by itself. */
struct bm_fold_math {
    bm_do code;
    bool strict;
    bm_ends a, b, to;
    int column;      /* conditions as masks, or states */
    int high_column; /* of points */
    uint8_t *bytes;  /* receives truth values, or what became of a row; NULL: nobody asks */
    int shift;       /* to these bits of them; 0: the others are cleared */
    bool leads;      /* the first setting is of the choice that the row leads */
    bm_fold_setting *settings;
    int setting_count;
    bm_cell constant; /* all that is possible, or bits that are wanted, or where points begin */
    bm_cell assumed;
    double factor; /* of what is gathered where nothing is listed, or of points */
    const bm_cell *by_state;
};

/* NULL: there is none for it. */
bm_fold_kernel bm_fold_math_kernel(bm_do code, bm_fold_level level);

/* Cells that come from something else: states, other cells, sums of points, the caller's numbers and
 * sets. Bytes that come of cells: bits of links, places among limits (also of the caller's numbers), what is known,
 * state and code of a choice. */
typedef enum {
    BM_FOLD_LOOK_UP,
    BM_FOLD_COPY,
    BM_FOLD_POINTS,
    BM_FOLD_SPREAD,
    BM_FOLD_LINKS,
    BM_FOLD_CLIMB,
    BM_FOLD_PLACES,
    BM_FOLD_WHETHER_KNOWN,
    BM_FOLD_OUTCOMES
} bm_fold_cells_from;
bm_fold_kernel bm_fold_cells_kernel(bm_fold_cells_from from, bm_fold_level level);
bm_fold_in_states bm_fold_states_kernel(bm_fold_level level);

#endif
