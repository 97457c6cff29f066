/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/changes.h"

static uint64_t bit(int option)
{
    return UINT64_C(1) << option;
}

int bm_option_count(const bonemets_assessment *a, const bm_fact *fact)
{
    if (fact->type.base == BM_BOOL)
        return 2;
    if (fact->type.base == BM_NUMBER)
        return 0;
    int link = fact->type.link, count = fact->type.codes->count;
    return link && a->frame.records[link] < count ? a->frame.records[link] : count;
}

/* How far it is to another option: those beside it come first. */
static double step_to(const bm_fact *fact, bm_cell from, int option, int count)
{
    if (fact->type.base == BM_BOOL || !bm_cell_known(BM_CODE, from))
        return 0;
    int steps = option - __builtin_ctzll(from.low.mask);
    return ((steps < 0 ? -steps : steps) - 1) / (double)count;
}

static int options_of(const bonemets_assessment *a, const bm_fact *fact, bm_cell from,
                      bool only_open, bm_change *out)
{
    int n = 0, count = bm_option_count(a, fact);
    for (int i = 0; i < count; i++) {
        bool possible = from.low.mask >> i & 1;
        if (only_open ? !possible : from.low.mask == bit(i))
            continue;
        out[n++] = (bm_change){.to = BM_TO_OPTION,
                               .option = i,
                               .size = step_to(fact, from, i, count),
                               .cell.low.mask = bit(i)};
    }
    return n;
}

static int members_of(const bonemets_assessment *a, const bm_fact *fact, bm_cell from,
                      bool only_open, bm_change *out)
{
    int n = 0, count = bm_option_count(a, fact);
    uint64_t all = count < 64 ? bit(count) - 1 : ~UINT64_C(0);
    from.high.mask &= all;
    int present_now = __builtin_popcountll(from.low.mask);
    if ((from.high.mask & (from.high.mask - 1)) && !(only_open && present_now))
        out[n++] = (bm_change){.to = BM_TO_NONE,
                               .option = -1,
                               .size = present_now > 1 ? (present_now - 1) / (double)count : 0};
    for (int i = 0; i < count; i++) {
        bool present = from.low.mask >> i & 1, possible = from.high.mask >> i & 1;
        if (only_open && (present || !possible))
            continue;
        bm_cell with = {.low.mask = from.low.mask | bit(i), .high.mask = from.high.mask | bit(i)};
        bm_cell without = {.low.mask = from.low.mask & ~bit(i),
                           .high.mask = from.high.mask & ~bit(i)};
        if (!present)
            out[n++] = (bm_change){.to = BM_TO_PRESENT, .option = i, .cell = with};
        if (possible && !only_open)
            out[n++] = (bm_change){.to = BM_TO_ABSENT, .option = i, .cell = without};
    }
    return n;
}

int bm_changes_of(const bonemets_assessment *a, const bm_fact *fact, bm_cell from, bool only_open,
                  bm_change out[BM_MOST_CHANGES])
{
    if (fact->type.base == BM_SET)
        return members_of(a, fact, from, only_open, out);
    return fact->type.base == BM_NUMBER ? 0 : options_of(a, fact, from, only_open, out);
}
