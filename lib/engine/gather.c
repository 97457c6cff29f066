/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/gather.h"

#include "engine/arithmetic.h"

uint64_t bm_gather_belongs(bm_cell members, bool listed, int asking)
{
    if (!listed || asking >= BM_OPTIONS)
        return members.high.mask ? BM_EITHER : BM_NO;
    return members.low.mask >> asking & 1    ? BM_YES
           : members.high.mask >> asking & 1 ? BM_EITHER
                                             : BM_NO;
}

static uint64_t included(const bm_frame *frame, const bm_op *op, const bm_cell *cells, int asking)
{
    if (!op->link)
        return op->b < 0 ? BM_YES : cells[op->b].low.mask;
    const bm_linked *link = &frame->program->links[op->link - 1];
    uint64_t member = bm_gather_belongs(cells[link->to], frame->listed[op->kind], asking);
    uint64_t where = link->where < 0 ? BM_YES : cells[link->where].low.mask;
    return (member & where & BM_YES) | ((member | where) & BM_NO);
}

uint64_t bm_gather_one(const bm_frame *frame, const bm_op *op)
{
    uint64_t in = included(frame, op, bm_frame_cells(frame, op->over, 0), 0);
    return in | (frame->listed[op->over] ? (uint64_t)BM_GATHER_LISTED : 0);
}

/* True if it can be true for some record, false if it can be false for all. */
static bm_cell any_of(const bm_frame *frame, const bm_op *op, bool all, int asking)
{
    uint64_t wanted = all ? BM_NO : BM_YES; /* all = not any not */
    bool possible = false, certain = false;
    for (int r = 0; r < frame->records[op->over] && !frame->none[op->over]; r++) {
        const bm_cell *cells = bm_frame_cells(frame, op->over, r);
        uint64_t in = included(frame, op, cells, asking), value = cells[op->a].low.mask;
        possible |= (in & BM_YES) && (value & wanted);
        certain |= in == BM_YES && value == wanted && frame->listed[op->over];
    }
    /* nothing listed: what holds for the one record that stands for all holds for any and all of
     * them; that there is one at all is not known */
    if (!frame->listed[op->over] && !frame->none[op->over]) {
        const bm_cell *cells = bm_frame_cells(frame, op->over, 0);
        certain = included(frame, op, cells, asking) == BM_YES && cells[op->a].low.mask == wanted;
    }
    uint64_t found = (possible ? BM_YES : 0u) | (certain ? 0u : BM_NO);
    if (all)
        found = (found & BM_YES ? BM_NO : 0u) | (found & BM_NO ? BM_YES : 0u);
    return (bm_cell){.low.mask = found};
}

static bm_cell count_of(const bm_frame *frame, const bm_op *op, int asking)
{
    bm_cell count = {.low.number = 0, .high.number = 0};
    if (frame->none[op->over])
        return count;
    for (int r = 0; r < frame->records[op->over]; r++) {
        const bm_cell *cells = bm_frame_cells(frame, op->over, r);
        uint64_t in = included(frame, op, cells, asking), value = cells[op->a].low.mask;
        count.low.number += in == BM_YES && value == BM_YES;
        count.high.number += (in & BM_YES) && (value & BM_YES);
    }
    if (!frame->listed[op->over] && count.high.number > 0)
        count.high.number = frame->program->kinds[op->over].limit;
    return count;
}

static bm_cell sum_of(const bm_frame *frame, const bm_op *op, int asking)
{
    bm_cell sum = {.low.number = 0, .high.number = 0};
    if (frame->none[op->over])
        return sum;
    for (int r = 0; r < frame->records[op->over]; r++) {
        const bm_cell *cells = bm_frame_cells(frame, op->over, r);
        uint64_t in = included(frame, op, cells, asking);
        bm_cell value = cells[op->a];
        if (in == BM_NO)
            continue;
        bool sure = in == BM_YES;
        sum.low.number += sure || value.low.number < 0 ? value.low.number : 0;
        sum.high.number += sure || value.high.number > 0 ? value.high.number : 0;
    }
    if (!frame->listed[op->over]) {
        int most = frame->program->kinds[op->over].limit;
        sum.low.number *= sum.low.number < 0 ? most : 0;
        sum.high.number *= sum.high.number > 0 ? most : 0;
    }
    return sum;
}

/* The largest or smallest; anything at all when it is not sure that one is included. */
static bm_cell extreme_of(const bm_frame *frame, const bm_op *op, double sign, int asking)
{
    bm_cell best = frame->program->constants[op->c], all = best;
    bool found = false, sure = false;
    for (int r = 0; r < frame->records[op->over] && !frame->none[op->over]; r++) {
        const bm_cell *cells = bm_frame_cells(frame, op->over, r);
        uint64_t in = included(frame, op, cells, asking);
        if (in == BM_NO)
            continue;
        double near = sign > 0 ? cells[op->a].low.number : -cells[op->a].high.number;
        double far = sign > 0 ? cells[op->a].high.number : -cells[op->a].low.number;
        if (in == BM_YES && (!sure || near > best.low.number)) {
            best.low.number = near;
            sure = true;
        }
        if (!found || far > best.high.number)
            best.high.number = far;
        found = true;
    }
    if (!sure)
        return all;
    if (sign > 0)
        return best;
    return (bm_cell){.low.number = -best.high.number, .high.number = -best.low.number};
}

/* Does the record surely rank below the other? */
static bool outranked(const bm_frame *frame, const bm_pick *pick, int record, int other)
{
    for (int i = 0; i < pick->count; i++) {
        bm_cell a = bm_frame_cell(frame, pick->kind, record, pick->ranks[i]);
        bm_cell b = bm_frame_cell(frame, pick->kind, other, pick->ranks[i]);
        if (bm_less(a.high.number, b.low.number))
            return true;
        bool equal =
            bm_at_most(a.high.number, b.low.number) && bm_at_most(b.high.number, a.low.number);
        if (!equal)
            return false;
    }
    return false;
}

bool bm_pick_possible(const bm_frame *frame, const bm_pick *pick, int record)
{
    for (int r = 0; r < frame->records[pick->kind]; r++)
        if (r != record && outranked(frame, pick, record, r))
            return false;
    return true;
}

static void widen(bm_base base, bm_cell *hull, bm_cell cell)
{
    if (base == BM_NUMBER) {
        if (cell.low.number < hull->low.number)
            hull->low = cell.low;
        if (cell.high.number > hull->high.number)
            hull->high = cell.high;
    } else if (base == BM_SET) {
        hull->low.mask &= cell.low.mask;
        hull->high.mask |= cell.high.mask;
    } else {
        hull->low.mask |= cell.low.mask;
    }
}

static bm_cell picked(const bm_frame *frame, const bm_op *op)
{
    const bm_pick *pick = &frame->program->picks[op->b];
    bm_cell hull = frame->program->constants[op->c];
    bool found = false;
    for (int r = 0; r < frame->records[op->over] && !frame->none[op->over]; r++) {
        if (!bm_pick_possible(frame, pick, r))
            continue;
        bm_cell cell = bm_frame_cells(frame, op->over, r)[op->a];
        if (!found)
            hull = cell;
        else
            widen((bm_base)op->base, &hull, cell);
        found = true;
    }
    return hull;
}

bm_cell bm_gather(const bm_frame *frame, const bm_op *op, int asking)
{
    switch ((bm_do)op->code) {
    case BM_DO_ANY:
        return any_of(frame, op, false, asking);
    case BM_DO_ALL:
        return any_of(frame, op, true, asking);
    case BM_DO_COUNT:
        return count_of(frame, op, asking);
    case BM_DO_SUM:
        return sum_of(frame, op, asking);
    case BM_DO_LARGEST:
        return extreme_of(frame, op, 1, asking);
    case BM_DO_SMALLEST:
        return extreme_of(frame, op, -1, asking);
    default:
        return picked(frame, op);
    }
}
