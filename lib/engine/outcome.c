/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/outcome.h"

static uint64_t bit(int32_t value)
{
    return UINT64_C(1) << value;
}

/* How a row stands towards its lead choice. Advice leads none and is always free to speak. */
typedef struct {
    bool surely_free, possibly_free; /* unset, or already set to the row's own outcome */
    bool free_now;                   /* the same, by the decided rows alone */
} bm_lead;

static bm_lead lead_of(const bm_cell *s, const bm_row *row)
{
    if (row->choice < 0)
        return (bm_lead){true, true, true};
    bm_cell choice = s[row->choice];
    uint64_t open = BM_UNSET | bit(row->value);
    int current = bm_outcome_value(choice);
    return (bm_lead){(choice.low.mask & ~open) == 0, (choice.low.mask & open) != 0,
                     current < 0 || current == row->value};
}

/* `surely`: the row sets it whatever is missing; `now`: the decided rows say so. */
static void set_choice(bm_cell *choice, int32_t value, int32_t row, bool surely, bool now)
{
    if (choice->low.mask & BM_UNSET) {
        choice->low.mask |= bit(value);
        if (surely)
            choice->low.mask &= ~BM_UNSET;
    }
    if (now && choice->high.mask == 0)
        choice->high.mask = (uint64_t)(uint32_t)(row + 1) << 32 | (uint32_t)(value + 1);
}

void bm_outcome_row(bm_cell *s, const bm_row *row, int32_t row_number)
{
    uint64_t when = s[row->when].low.mask;
    bool holds = when == BM_YES, can_hold = (when & BM_YES) != 0;
    bm_lead lead = lead_of(s, row);
    bool must = holds && lead.surely_free;
    bool may = can_hold && lead.possibly_free;
    bool speaks = holds && lead.free_now;

    s[row->slot].low.mask = (must ? BM_ROW_MUST : 0u) | (may ? BM_ROW_MAY : 0u) |
                            (speaks ? BM_ROW_SPEAKS : 0u) |
                            (holds && !lead.free_now ? BM_ROW_SUPERSEDED : 0u);
    s[row->slot].high.mask = 0;
    if (!may)
        return;
    if (row->choice >= 0) /* a row that holds leaves its choice set, by itself or by another */
        set_choice(&s[row->choice], row->value, row_number, holds, speaks);
    for (int i = 0; i < row->set_count; i++)
        set_choice(&s[row->sets[i].choice], row->sets[i].value, row_number, must, speaks);
}

uint64_t bm_outcome_in(bm_cell choice, uint64_t wanted)
{
    uint64_t possible = choice.low.mask;
    if (possible & (possible - 1))
        return BM_EITHER;
    return possible & wanted ? BM_YES : BM_NO;
}
