/* SPDX-License-Identifier: Apache-2.0 */
/* What a patient's table reads from the records of a kind: any, all, count, sum, the largest, the
 * smallest, and the value of the record that ranks highest. */
#ifndef BM_ENGINE_GATHER_H
#define BM_ENGINE_GATHER_H

#include "engine/bounds.h"

bm_cell bm_gather(const bm_frame *frame, const bm_op *op);

/* Which records a pick can mean: those that no other record surely outranks. */
bool bm_pick_possible(const bm_frame *frame, const bm_pick *pick, int record);

#endif
