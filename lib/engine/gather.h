/* SPDX-License-Identifier: Apache-2.0 */
/* What a table reads from the records of another kind: any, all, count, sum, the largest, the
 * smallest, and the value of the record that ranks highest. */
#ifndef BM_ENGINE_GATHER_H
#define BM_ENGINE_GATHER_H

#include "engine/bounds.h"

/* `asking` is the number of the record that the operation runs on, from 0. */
bm_cell bm_gather(const bm_frame *frame, const bm_op *op, int asking);

/* Whether it runs over a record, whose cells these are: BM_YES, BM_NO or BM_EITHER. */
uint64_t bm_gather_includes(const bm_frame *frame, const bm_op *op, const bm_cell *cells,
                            int asking);

/* Which records a pick can mean: those that no other record surely outranks. */
bool bm_pick_possible(const bm_frame *frame, const bm_pick *pick, int record);

#endif
