/* SPDX-License-Identifier: Apache-2.0 */
/* What a table reads from the records of another kind: any, all, count, sum, the largest, the
 * smallest, and the value of the record that ranks highest. */
#ifndef BM_ENGINE_GATHER_H
#define BM_ENGINE_GATHER_H

#include "engine/bounds.h"

/* `asking` is the number of the record that the operation runs on, from 0. */
bm_cell bm_gather(const bm_frame *frame, const bm_op *op, int asking);

/* Of the first record there is: is it among those that are gathered, as a truth value, plus
 * BM_GATHER_LISTED where the records are listed. For the first record that asks. */
enum { BM_GATHER_LISTED = 4 };
uint64_t bm_gather_one(const bm_frame *frame, const bm_op *op);

/* Whether a record with a link to `members` belongs to the one that asks. Where nothing is listed
 * that one stands for all, and beyond the last bit nobody can tell either. */
uint64_t bm_gather_belongs(bm_cell members, bool listed, int asking);

/* Which records a pick can mean: those that no other record surely outranks. */
bool bm_pick_possible(const bm_frame *frame, const bm_pick *pick, int record);

#endif
