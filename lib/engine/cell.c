/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/program.h"

#include <string.h>

const char bm_instant_unit[] = "an instant";

bool bm_is_instant(const bm_type *type)
{
    return type->base == BM_NUMBER && type->unit && strcmp(type->unit, bm_instant_unit) == 0;
}

const char *bm_type_unit_name(const bm_type *type)
{
    return bm_is_instant(type) ? "s" : type->unit;
}

static uint64_t all_of(int count)
{
    return count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

bm_cell bm_type_blank(const bm_type *type)
{
    bm_cell cell = {.low.mask = 0, .high.mask = 0};
    switch (type->base) {
    case BM_BOOL:
        cell.low.mask = BM_EITHER;
        break;
    case BM_CODE:
        cell.low.mask = all_of(type->codes->count);
        break;
    case BM_SET:
        cell.high.mask = all_of(type->codes->count);
        break;
    case BM_NUMBER:
        cell.low.number = type->low;
        cell.high.number = type->high;
        break;
    case BM_OUTCOME:
        cell.low.mask = BM_UNSET;
        break;
    }
    return cell;
}

static bool single(uint64_t mask)
{
    return mask != 0 && (mask & (mask - 1)) == 0;
}

bool bm_cell_known(bm_base base, bm_cell cell)
{
    switch (base) {
    case BM_NUMBER:
        return cell.low.number >= cell.high.number;
    case BM_SET:
        return cell.low.mask == cell.high.mask;
    case BM_BOOL:
    case BM_CODE:
    case BM_OUTCOME:
        break;
    }
    return single(cell.low.mask);
}

bool bm_cell_same(bm_base base, bm_cell a, bm_cell b)
{
    if (base == BM_NUMBER)
        return a.low.number <= b.low.number && a.low.number >= b.low.number &&
               a.high.number <= b.high.number && a.high.number >= b.high.number;
    return a.low.mask == b.low.mask && (base != BM_SET || a.high.mask == b.high.mask);
}

bool bm_cell_covers(bm_base base, bm_cell a, bm_cell b)
{
    if (base == BM_NUMBER)
        return a.low.number <= b.low.number && a.high.number >= b.high.number;
    if (base == BM_SET)
        return (a.low.mask & ~b.low.mask) == 0 && (b.high.mask & ~a.high.mask) == 0;
    return (b.low.mask & ~a.low.mask) == 0;
}

bool bm_cell_apart(bm_base base, bm_cell a, bm_cell b, double slack)
{
    if (base == BM_NUMBER)
        return a.low.number > b.high.number + slack || b.low.number > a.high.number + slack;
    if (base == BM_SET) /* a member surely in one and surely not in the other */
        return ((a.low.mask & ~b.high.mask) | (b.low.mask & ~a.high.mask)) != 0;
    return (a.low.mask & b.low.mask) == 0;
}
