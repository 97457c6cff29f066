/* SPDX-License-Identifier: Apache-2.0 */
/* The hit policy: how rows set choices when some conditions are undecided. */
#ifndef BM_ENGINE_OUTCOME_H
#define BM_ENGINE_OUTCOME_H

#include "engine/program.h"

/* Applies one row to the choices that it leads and sets, and records in its own slot what became
 * of it. s are the cells of one record. */
void bm_outcome_row(bm_cell *s, const bm_row *row, int32_t row_number);

/* Reads a choice: while it is provisional the answer is open, and a choice without outcome equals
 * nothing. */
uint64_t bm_outcome_in(bm_cell choice, uint64_t wanted);

/* The outcome that the decided rows give, or -1; the row that gave it, or -1. */
static inline int bm_outcome_value(bm_cell choice)
{
    return (int)(choice.high.mask & 0xFFFFFFFFu) - 1;
}

static inline int bm_outcome_setter(bm_cell choice)
{
    return (int)(choice.high.mask >> 32) - 1;
}

#endif
