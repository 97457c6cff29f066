/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on cells by columns: what bounds.c, gather.c and outcome.c do for one record, for the
 * rows of a chunk one after the other, so that the compiler makes vectors of them. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic", "no-math-errno")
#endif

#include <math.h>
#include <string.h>

#include "base/processor.h"
#include "engine/arithmetic.h"
#include "engine/fold_math.h"
#include "engine/gather.h"

/* ---- cells of what stands otherwise ---- */

BM_INLINE void look_up(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const uint8_t *from = columns[m->column].bytes;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        low[i] = m->by_state[from[i]].low;
        high[i] = m->by_state[from[i]].high;
    }
}

BM_INLINE void copy(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        m->to.low[i] = m->a.low[i];
        m->to.high[i] = m->a.high[i];
    }
}

/* A sum of points, as bytes: its lower ends, then its upper ones. */
BM_INLINE void points(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const uint8_t *lows = columns[m->column].bytes, *highs = columns[m->high_column].bytes;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        low[i].number = m->constant.low.number + m->factor * lows[i];
        high[i].number = m->constant.high.number + m->factor * highs[i];
    }
}

/* ---- arithmetic ---- */

BM_INLINE void add(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const bm_bound *al = m->a.low, *ah = m->a.high, *bl = m->b.low, *bh = m->b.high;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        bm_sum_ends(al[i].number + bl[i].number, ah[i].number + bh[i].number, &low[i].number,
                    &high[i].number);
}

BM_INLINE void subtract(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const bm_bound *al = m->a.low, *ah = m->a.high, *bl = m->b.low, *bh = m->b.high;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        bm_sum_ends(al[i].number - bh[i].number, ah[i].number - bl[i].number, &low[i].number,
                    &high[i].number);
}

BM_INLINE void multiply(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const bm_bound *al = m->a.low, *ah = m->a.high, *bl = m->b.low, *bh = m->b.high;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        bm_hull_ends(al[i].number * bl[i].number, al[i].number * bh[i].number,
                     ah[i].number * bl[i].number, ah[i].number * bh[i].number, &low[i].number,
                     &high[i].number);
}

BM_INLINE void divide(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const bm_bound *al = m->a.low, *ah = m->a.high, *bl = m->b.low, *bh = m->b.high;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        bm_hull_ends(al[i].number / bl[i].number, al[i].number / bh[i].number,
                     ah[i].number / bl[i].number, ah[i].number / bh[i].number, &low[i].number,
                     &high[i].number);
        bool zero = (bl[i].number <= 0) & (bh[i].number >= 0);
        low[i].number = zero ? -BM_ANYTHING : low[i].number;
        high[i].number = zero ? BM_ANYTHING : high[i].number;
    }
}

BM_INLINE double lesser(double a, double b)
{
    return a < b ? a : b;
}

BM_INLINE double greater(double a, double b)
{
    return a > b ? a : b;
}

BM_INLINE void least(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const bm_bound *al = m->a.low, *ah = m->a.high, *bl = m->b.low, *bh = m->b.high;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        bm_hull_ends(lesser(al[i].number, bl[i].number), lesser(al[i].number, bh[i].number),
                     lesser(ah[i].number, bl[i].number), lesser(ah[i].number, bh[i].number),
                     &low[i].number, &high[i].number);
}

BM_INLINE void most(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const bm_bound *al = m->a.low, *ah = m->a.high, *bl = m->b.low, *bh = m->b.high;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        bm_hull_ends(greater(al[i].number, bl[i].number), greater(al[i].number, bh[i].number),
                     greater(ah[i].number, bl[i].number), greater(ah[i].number, bh[i].number),
                     &low[i].number, &high[i].number);
}

BM_INLINE void root(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const bm_bound *al = m->a.low, *ah = m->a.high;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        double l = sqrt(al[i].number), h = sqrt(ah[i].number); /* of less than 0 it is none */
        bm_hull_ends(l, l, h, h, &low[i].number, &high[i].number);
    }
}

BM_INLINE void arithmetic(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        bm_cell x = bm_arith_bounds(m->code, (bm_cell){m->a.low[i], m->a.high[i]},
                                    (bm_cell){m->b.low[i], m->b.high[i]});
        m->to.low[i] = x.low;
        m->to.high[i] = x.high;
    }
}

/* ---- truth values ---- */

BM_INLINE uint8_t truth(bool can_be_false, bool can_be_true)
{
    return (uint8_t)(can_be_false * BM_NO | can_be_true * BM_YES);
}

BM_INLINE void put(const bm_fold_math *m, size_t i, uint8_t bits)
{
    m->bytes[i] = (uint8_t)((m->shift ? m->bytes[i] : 0) | bits << m->shift);
}

BM_INLINE void less(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        put(m, i,
            truth(!bm_less(m->a.high[i].number, m->b.low[i].number),
                  bm_less(m->a.low[i].number, m->b.high[i].number)));
}

BM_INLINE void at_most(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        put(m, i,
            truth(!bm_at_most(m->a.high[i].number, m->b.low[i].number),
                  bm_at_most(m->a.low[i].number, m->b.high[i].number)));
}

BM_INLINE void equal(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        double al = m->a.low[i].number, ah = m->a.high[i].number;
        double bl = m->b.low[i].number, bh = m->b.high[i].number;
        bool possible = (bm_at_most(al, bh) ? 1 : 0) & (bm_at_most(bl, ah) ? 1 : 0);
        bool certain = (bm_at_most(ah, bl) ? 1 : 0) & (bm_at_most(bh, al) ? 1 : 0);
        put(m, i, truth(!certain, possible));
    }
}

/* A choice that is open, or one that is decided. */
BM_INLINE void outcome_in(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        uint64_t possible = m->a.low[i].mask;
        bool open = (possible & (possible - 1)) != 0;
        bool in = (possible & m->constant.low.mask) != 0;
        put(m, i, truth(open | !in, open | in));
    }
}

/* ---- codes and sets ---- */

BM_INLINE void in(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    uint64_t wanted = m->constant.low.mask;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        uint64_t possible = m->a.low[i].mask;
        put(m, i, truth((possible & ~wanted) != 0, (possible & wanted) != 0));
    }
}

BM_INLINE void has_any(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    uint64_t wanted = m->constant.low.mask;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        put(m, i, truth(!(m->a.low[i].mask & wanted), (m->a.high[i].mask & wanted) != 0));
}

BM_INLINE void has_all(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    uint64_t wanted = m->constant.low.mask;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        put(m, i,
            truth((m->a.low[i].mask & wanted) != wanted, (m->a.high[i].mask & wanted) == wanted));
}

BM_INLINE void members(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        m->to.low[i].number = (double)__builtin_popcountll(m->a.low[i].mask);
        m->to.high[i].number = (double)__builtin_popcountll(m->a.high[i].mask);
    }
}

/* Of a set of numbers of records: the first is among them, it may be, any may be. */
BM_INLINE void links(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        uint64_t low = m->a.low[i].mask, high = m->a.high[i].mask;
        m->bytes[i] = (uint8_t)((low & 1) | (high & 1) << 1 | (uint64_t)(high != 0) << 2);
    }
}

/* ---- what is known of a number ---- */

BM_INLINE bool covers(const bm_fold_math *m, size_t i)
{
    return (m->a.low[i].number <= m->constant.low.number) &
           (m->a.high[i].number >= m->constant.high.number);
}

BM_INLINE void known(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    uint8_t no = m->strict ? BM_EITHER : BM_NO;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        put(m, i, m->a.low[i].number >= m->a.high[i].number ? (uint8_t)BM_YES : no);
}

BM_INLINE void missing(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    uint8_t yes = m->strict ? BM_EITHER : BM_YES;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++)
        put(m, i, covers(m, i) ? yes : (uint8_t)BM_NO);
}

BM_INLINE void assume(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        bool assumed = covers(m, i);
        m->to.low[i].number = assumed ? m->assumed.low.number : m->a.low[i].number;
        m->to.high[i].number = assumed ? m->assumed.high.number : m->a.high[i].number;
    }
}

/* ---- conditions ---- */

BM_INLINE void choose(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const uint8_t *when = columns[m->column].bytes;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        double al = m->a.low[i].number, ah = m->a.high[i].number;
        double bl = m->b.low[i].number, bh = m->b.high[i].number;
        double least = bl < al ? bl : al, most = bh > ah ? bh : ah;
        low[i].number = when[i] == BM_YES ? al : when[i] == BM_NO ? bl : least;
        high[i].number = when[i] == BM_YES ? ah : when[i] == BM_NO ? bh : most;
    }
}

/* As choose(), for codes and sets. */
BM_INLINE void choose_mask(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const uint8_t *when = columns[m->column].bytes;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        uint64_t a = m->a.low[i].mask, b = m->b.low[i].mask;
        m->to.low[i].mask = when[i] == BM_YES ? a : when[i] == BM_NO ? b : a | b;
        m->to.high[i].mask = 0;
    }
}

BM_INLINE void choose_set(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const uint8_t *when = columns[m->column].bytes;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        uint64_t al = m->a.low[i].mask, ah = m->a.high[i].mask;
        uint64_t bl = m->b.low[i].mask, bh = m->b.high[i].mask;
        m->to.low[i].mask = when[i] == BM_YES ? al : when[i] == BM_NO ? bl : al & bl;
        m->to.high[i].mask = when[i] == BM_YES ? ah : when[i] == BM_NO ? bh : ah | bh;
    }
}

/* What was entered, or else what it is derived from; bits of any kind. */
BM_INLINE void supply(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const uint8_t *given = columns[m->column].bytes;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        m->to.low[i].mask = given[i] ? m->a.low[i].mask : m->b.low[i].mask;
        m->to.high[i].mask = given[i] ? m->a.high[i].mask : m->b.high[i].mask;
    }
}

/* Of one record; the condition is that of bm_gather_one(). */
BM_INLINE void sum(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const uint8_t *in = columns[m->column].bytes;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        bool can = (in[i] & BM_YES) != 0, sure = !(in[i] & BM_NO),
             listed = (in[i] & BM_GATHER_LISTED) != 0;
        double al = m->a.low[i].number, ah = m->a.high[i].number;
        double l = can & (sure | (al < 0)) ? 0 + al : 0;
        double h = can & (sure | (ah > 0)) ? 0 + ah : 0;
        low[i].number = listed ? l : l * (l < 0 ? m->factor : 0);
        high[i].number = listed ? h : h * (h > 0 ? m->factor : 0);
    }
}

BM_INLINE void extreme(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    const uint8_t *in = columns[m->column].bytes;
    bm_bound *restrict low = m->to.low, *restrict high = m->to.high;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        bool sure = (in[i] & BM_EITHER) == BM_YES;
        low[i].number = sure ? m->a.low[i].number : m->constant.low.number;
        high[i].number = sure ? m->a.high[i].number : m->constant.high.number;
    }
}

/* ---- rows ---- */

enum { UNSET_BIT = 63 };

/* All ones or none, for masks of 64 bits. */
BM_INLINE uint64_t all_if(uint64_t truth_value)
{
    return (uint64_t)0 - truth_value;
}

/* What a row may do, for each row of the chunk: all ones or none. */
typedef struct {
    uint64_t holds[BM_FOLD_CHUNK], must[BM_FOLD_CHUNK], may[BM_FOLD_CHUNK], now[BM_FOLD_CHUNK];
} standing;

BM_INLINE void stand(const uint8_t *restrict when, size_t count, standing *restrict to)
{
    BM_APART
    for (size_t i = 0; i < count; i++) {
        uint64_t truth_value = when[i];
        to->holds[i] = to->must[i] = to->now[i] = all_if(truth_value == BM_YES);
        to->may[i] = all_if(truth_value >> 1); /* of BM_YES and BM_EITHER */
    }
}

/* Towards the choice that it leads, as lead_of() of outcome.c. */
BM_INLINE void stand_to(const bm_fold_setting *lead, size_t count, standing *restrict to)
{
    const bm_bound *low = lead->choice.low, *high = lead->choice.high;
    uint64_t open = BM_UNSET | lead->bit;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        to->must[i] &= all_if((low[i].mask & ~open) == 0);
        to->may[i] &= all_if((low[i].mask & open) != 0);
        to->now[i] &= all_if((high[i].mask == 0) | (high[i].mask == lead->value));
    }
}

BM_INLINE void tell(const bm_fold_math *m, const standing *from, size_t count)
{
    uint8_t *restrict bytes = m->bytes;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = (from->must[i] & BM_ROW_MUST) | (from->may[i] & BM_ROW_MAY) |
                        (from->now[i] & BM_ROW_SPEAKS) |
                        (from->holds[i] & ~from->now[i] & BM_ROW_SUPERSEDED);
        bytes[i] = (uint8_t)((m->shift ? bytes[i] : 0) | bits << m->shift);
    }
}

/* As set_choice() of outcome.c, where it may be set at all. */
BM_INLINE void set(const bm_fold_setting *setting, const uint64_t *restrict surely,
                   const standing *restrict from, size_t count)
{
    bm_bound *restrict low = setting->choice.low, *restrict high = setting->choice.high;
    uint64_t bit = setting->bit, value = setting->value;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        uint64_t unset = all_if(low[i].mask >> UNSET_BIT) & from->may[i];
        low[i].mask = (low[i].mask | (unset & bit)) & ~(unset & surely[i] & BM_UNSET);
        high[i].mask |= from->now[i] & from->may[i] & all_if(high[i].mask == 0) & value;
    }
}

BM_INLINE void row(const bm_fold_math *m, const bm_fold_column *columns, size_t count)
{
    standing all;
    stand(columns[m->column].bytes, count, &all);
    if (m->leads)
        stand_to(&m->settings[0], count, &all);
    if (m->bytes)
        tell(m, &all, count);
    for (int s = 0; s < m->setting_count; s++)
        set(&m->settings[s], m->leads && s == 0 ? all.holds : all.must, &all, count);
}

/* ---- to bytes, and from the caller's columns ---- */

/* Masks, or the bits of a number. Few are known in part. */
BM_INLINE void spread(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const bm_bound *values = (const bm_bound *)(const void *)columns[0].bytes;
    const uint8_t *says = columns[1].bytes;
    const bm_cell *cells = (const bm_cell *)(const void *)columns[2].bytes;
    bm_bound *restrict low = step->wide.plain.low, *restrict high = step->wide.plain.high;
    bool parts = memchr(says, BM_FOLD_SAYS_PART, count) != NULL;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        low[i].mask = says[i] ? step->blank.low.mask : values[i].mask;
        high[i].mask = says[i] ? step->blank.high.mask : values[i].mask;
    }
    for (size_t i = 0; parts && i < count; i++)
        if (says[i] == BM_FOLD_SAYS_PART) {
            low[i] = cells[i].low;
            high[i] = cells[i].high;
        }
}

enum { AT_ONCE = 8 };

/* Adds one for each rung that a number has reached. */
BM_INLINE void reach(const bm_fold_step *step, const double *values, uint64_t *restrict reached)
{
    for (int r = 0; r < step->rung_count; r++)
        for (size_t j = 0; j < AT_ONCE; j++)
            reached[j] += values[j] >= step->rungs[r];
}

/* Where the caller's numbers lie among the rungs; they can be read to a whole vector. */
BM_INLINE void climb(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const double *values = (const double *)(const void *)columns[0].bytes;
    const uint8_t *says = columns[1].bytes;
    uint8_t *restrict to = step->to, none = (uint8_t)(step->rung_count + 1);
    for (size_t i = 0; i < count; i += AT_ONCE) {
        uint64_t reached[AT_ONCE] = {0};
        reach(step, values + i, reached);
        for (size_t j = 0; j < AT_ONCE; j++)
            to[i + j] = (uint8_t)reached[j];
    }
    BM_APART
    for (size_t i = 0; i < count; i++)
        to[i] = says[i] ? none : to[i];
}

/* Where both ends lie among the rungs; buffers of a chunk end on whole vectors. */
BM_INLINE void places(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const double *low = &step->wide.plain.low->number, *high = &step->wide.plain.high->number;
    uint64_t each = (uint64_t)step->rung_count + 1;
    uint8_t *restrict to = step->to;
    (void)columns;
    for (size_t i = 0; i < count; i += AT_ONCE) {
        uint64_t lows[AT_ONCE] = {0}, highs[AT_ONCE] = {0};
        reach(step, low + i, lows);
        reach(step, high + i, highs);
        for (size_t j = 0; j < AT_ONCE; j++)
            to[i + j] = (uint8_t)(lows[j] * each + highs[j]);
    }
}

/* Whether a number is known, plus 2 where it is not `blank`, plus 4 where it rests on silence. */
BM_INLINE void whether_known(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const bm_ends *a = &step->wide.plain, *b = &step->wide.strict;
    double low = step->blank.low.number, high = step->blank.high.number;
    uint8_t *restrict to = step->to;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        double l = a->low[i].number, h = a->high[i].number;
        double sl = b->low[i].number, sh = b->high[i].number;
        to[i] = (uint8_t)((l >= h) | ((l < low) | (l > low) | (h < high) | (h > high)) << 1 |
                          ((l < sl) | (l > sl) | (h < sh) | (h > sh)) << 2);
    }
}

BM_INLINE void outcomes(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const bm_bound *choice = step->wide.plain.low, *strict = step->wide.strict.low;
    const bm_bound *value = step->wide.plain.high;
    uint8_t *restrict state = step->to, *restrict code = step->to_high;
    (void)columns;
    BM_APART
    for (size_t i = 0; i < count; i++) {
        uint64_t possible = choice[i].mask;
        uint64_t open = (possible & (possible - 1)) != 0, none = possible == BM_UNSET;
        uint64_t rests = possible != strict[i].mask;
        uint64_t found = none ? BM_FOLD_NONE : open ? BM_FOLD_PARTLY : BM_FOLD_KNOWN;
        state[i] = (uint8_t)(found | rests * BM_STATE_ASSUMED);
        code[i] = (uint8_t)(value[i].mask - 1); /* UINT8_MAX, which is -1: none */
    }
}

BM_INLINE void states(const uint8_t *bytes, const double *by_state, size_t count,
                      double *restrict to)
{
    BM_APART
    for (size_t i = 0; i < count; i++)
        to[i] = by_state[bytes[i]];
}

/* ---- for this processor ---- */

#define VARIANT(name, suffix, processor)                                                           \
    processor static void name##_##suffix(const bm_fold_step *step, const bm_fold_column *columns, \
                                          size_t count)                                            \
    {                                                                                              \
        name(step->math, columns, count);                                                          \
    }

#define STEP(name, suffix, processor)                                                              \
    processor static void name##_##suffix(const bm_fold_step *step, const bm_fold_column *columns, \
                                          size_t count)                                            \
    {                                                                                              \
        name(step, columns, count);                                                                \
    }

#define STEPS(name)                                                                                \
    STEP(name, plain, )                                                                            \
    STEP(name, avx2, BM_FOR_AVX2)                                                                  \
    STEP(name, avx512, BM_FOR_AVX512)

#define KERNEL(name)                                                                               \
    VARIANT(name, plain, )                                                                         \
    VARIANT(name, avx2, BM_FOR_AVX2)                                                               \
    VARIANT(name, avx512, BM_FOR_AVX512)

KERNEL(look_up)
KERNEL(copy)
KERNEL(points)
KERNEL(add)
KERNEL(subtract)
KERNEL(multiply)
KERNEL(divide)
KERNEL(least)
KERNEL(most)
KERNEL(root)
KERNEL(arithmetic)
KERNEL(less)
KERNEL(at_most)
KERNEL(equal)
KERNEL(outcome_in)
KERNEL(in)
KERNEL(has_any)
KERNEL(has_all)
KERNEL(members)
KERNEL(links)
KERNEL(known)
KERNEL(missing)
KERNEL(assume)
KERNEL(choose)
KERNEL(choose_mask)
KERNEL(choose_set)
KERNEL(supply)
KERNEL(sum)
KERNEL(extreme)
KERNEL(row)
STEPS(spread)
STEPS(climb)
STEPS(places)
STEPS(whether_known)
STEPS(outcomes)

#define STATES(suffix, processor)                                                                  \
    processor static void states_##suffix(const uint8_t *bytes, const double *by_state,            \
                                          size_t count, double *to)                                \
    {                                                                                              \
        states(bytes, by_state, count, to);                                                        \
    }

STATES(plain, )
STATES(avx2, BM_FOR_AVX2)
STATES(avx512, BM_FOR_AVX512)

#define ALL(name)                                                                                  \
    {                                                                                              \
        name##_plain, name##_avx2, name##_avx512                                                   \
    }

static const bm_fold_kernel others[][BM_PROCESSORS] = {
    [BM_FOLD_LOOK_UP] = ALL(look_up),  [BM_FOLD_COPY] = ALL(copy),
    [BM_FOLD_POINTS] = ALL(points),    [BM_FOLD_SPREAD] = ALL(spread),
    [BM_FOLD_LINKS] = ALL(links),      [BM_FOLD_CLIMB] = ALL(climb),
    [BM_FOLD_PLACES] = ALL(places),    [BM_FOLD_WHETHER_KNOWN] = ALL(whether_known),
    [BM_FOLD_OUTCOMES] = ALL(outcomes)};

static const bm_fold_kernel kernels[][BM_PROCESSORS] = {
    [BM_DO_IN] = ALL(in),
    [BM_DO_HAS_ANY] = ALL(has_any),
    [BM_DO_HAS_ALL] = ALL(has_all),
    [BM_DO_MEMBERS] = ALL(members),
    [BM_DO_ADD] = ALL(add),
    [BM_DO_SUB] = ALL(subtract),
    [BM_DO_MUL] = ALL(multiply),
    [BM_DO_DIV] = ALL(divide),
    [BM_DO_POW] = ALL(arithmetic),
    [BM_DO_NEG] = ALL(arithmetic),
    [BM_DO_MIN] = ALL(least),
    [BM_DO_MAX] = ALL(most),
    [BM_DO_EXP] = ALL(arithmetic),
    [BM_DO_LOG] = ALL(arithmetic),
    [BM_DO_SQRT] = ALL(root),
    [BM_DO_ABS] = ALL(arithmetic),
    [BM_DO_LT] = ALL(less),
    [BM_DO_LE] = ALL(at_most),
    [BM_DO_EQ] = ALL(equal),
    [BM_DO_OUTCOME_IN] = ALL(outcome_in),
    [BM_DO_KNOWN] = ALL(known),
    [BM_DO_MISSING] = ALL(missing),
    [BM_DO_ASSUME] = ALL(assume),
    [BM_DO_IF_NUMBER] = ALL(choose),
    [BM_DO_IF_MASK] = ALL(choose_mask),
    [BM_DO_IF_SET] = ALL(choose_set),
    [BM_DO_SUPPLY] = ALL(supply),
    [BM_DO_SUM] = ALL(sum),
    [BM_DO_LARGEST] = ALL(extreme),
    [BM_DO_SMALLEST] = ALL(extreme),
    [BM_DO_ROW] = ALL(row),
};

_Static_assert((int)BM_FOLD_PORTABLE == BM_ANY_PROCESSOR && (int)BM_FOLD_AVX2 == BM_WITH_AVX2 &&
                   (int)BM_FOLD_BEST == BM_WITH_AVX512,
               "levels are kinds of processor");

static bm_processor level_of(bm_fold_level level)
{
    return bm_processor_at_most((bm_processor)level);
}

bm_fold_kernel bm_fold_math_kernel(bm_do code, bm_fold_level level)
{
    bool there = (size_t)code < sizeof kernels / sizeof *kernels;
    return there ? kernels[code][level_of(level)] : NULL;
}

bm_fold_kernel bm_fold_cells_kernel(bm_fold_cells_from from, bm_fold_level level)
{
    return others[from][level_of(level)];
}

bm_fold_in_states bm_fold_states_kernel(bm_fold_level level)
{
    static const bm_fold_in_states all[BM_PROCESSORS] = ALL(states);
    return all[level_of(level)];
}
