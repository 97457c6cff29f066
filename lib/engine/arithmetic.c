/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/arithmetic.h"

#include <math.h>

#include "engine/elementary.h"

/* A base that is not positive takes whole exponents, and zero none below zero. */
static double power(double a, double b)
{
    bool defined = a > 0 || (floor(b) >= b && (b >= 0 || a < 0));
    return defined ? bm_pow(a, b) : (double)NAN;
}

double bm_arith(bm_do code, double a, double b)
{
    switch (code) {
    case BM_DO_ADD:
        return a + b;
    case BM_DO_SUB:
        return a - b;
    case BM_DO_MUL:
        return a * b;
    case BM_DO_DIV:
        return fabs(b) > 0 ? a / b : (double)NAN;
    case BM_DO_POW:
        return power(a, b);
    case BM_DO_NEG:
        return -a;
    case BM_DO_MIN:
        return a < b ? a : b;
    case BM_DO_MAX:
        return a > b ? a : b;
    case BM_DO_EXP:
        return bm_exp(a);
    case BM_DO_LOG:
        return a > 0 ? bm_log(a) : (double)NAN;
    case BM_DO_SQRT:
        return a >= 0 ? sqrt(a) : (double)NAN;
    case BM_DO_ABS:
        return fabs(a);
    default:
        return (double)NAN;
    }
}

static bm_cell interval(double low, double high)
{
    return (bm_cell){.low.number = low, .high.number = high};
}

static const double anything = BM_ANYTHING;

static bm_cell sum_bounds(double low, double high)
{
    bm_cell sum;
    bm_sum_ends(low, high, &sum.low.number, &sum.high.number);
    return sum;
}

static bool is_point(bm_cell x)
{
    return x.low.number >= x.high.number;
}

/* An end that is the same twice is not looked at twice. */
static bm_cell corners(bm_do code, bm_cell a, bm_cell b)
{
    double al = a.low.number, ah = a.high.number, bl = b.low.number, bh = b.high.number;
    bool one_a = is_point(a), one_b = is_point(b);
    bm_cell hull;
    double ll = bm_arith(code, al, bl);
    double lh = one_b ? ll : bm_arith(code, al, bh);
    double hl = one_a ? ll : bm_arith(code, ah, bl);
    double hh = one_a ? lh : one_b ? hl : bm_arith(code, ah, bh);
    bm_hull_ends(ll, lh, hl, hh, &hull.low.number, &hull.high.number);
    return hull;
}

static bool holds_zero(bm_cell x)
{
    return x.low.number <= 0 && x.high.number >= 0;
}

static bm_cell power_bounds(bm_cell a, bm_cell b)
{
    bool one_exponent = b.low.number >= b.high.number;
    if (a.low.number > 0 || (one_exponent && a.low.number >= a.high.number))
        return corners(BM_DO_POW, a, b);
    if (!one_exponent || b.low.number < 0 || floor(b.low.number) < b.low.number)
        return interval(-anything, anything);
    bm_cell hull = corners(BM_DO_POW, a, b);
    if (holds_zero(a)) {
        hull.low.number = fmin(hull.low.number, 0);
        hull.high.number = fmax(hull.high.number, 0);
    }
    return hull;
}

static bm_cell absolute_bounds(bm_cell a)
{
    double x = fabs(a.low.number), y = fabs(a.high.number);
    return interval(holds_zero(a) ? 0 : fmin(x, y), fmax(x, y));
}

bm_cell bm_arith_bounds(bm_do code, bm_cell a, bm_cell b)
{
    switch (code) {
    case BM_DO_DIV:
        return holds_zero(b) ? interval(-anything, anything) : corners(code, a, b);
    case BM_DO_POW:
        return power_bounds(a, b);
    case BM_DO_ABS:
        return absolute_bounds(a);
    case BM_DO_NEG:
        return interval(-a.high.number, -a.low.number);
    case BM_DO_ADD:
        return sum_bounds(a.low.number + b.low.number, a.high.number + b.high.number);
    case BM_DO_SUB:
        return sum_bounds(a.low.number - b.high.number, a.high.number - b.low.number);
    default: /* monotone in each operand, or a product */
        return corners(code, a, b);
    }
}

static bool in_cut(const bm_cut *cut, double x)
{
    bool above = cut->low_open ? bm_less(cut->low, x) : bm_at_most(cut->low, x);
    bool below = cut->high_open ? bm_less(x, cut->high) : bm_at_most(x, cut->high);
    return above && below;
}

int bm_cut_find(const bm_cuts *cuts, double x)
{
    for (int i = 0; i < cuts->count; i++)
        if (in_cut(&cuts->cuts[i], x))
            return cuts->cuts[i].code;
    return -1;
}

uint64_t bm_cut_bounds(const bm_cuts *cuts, bm_cell x)
{
    uint64_t mask = 0, all = 0;
    for (int i = 0; i < cuts->count; i++) {
        const bm_cut *cut = &cuts->cuts[i];
        bool below = cut->low_open ? !bm_less(cut->low, x.high.number)
                                   : !bm_at_most(cut->low, x.high.number);
        bool above = cut->high_open ? !bm_less(x.low.number, cut->high)
                                    : !bm_at_most(x.low.number, cut->high);
        all |= UINT64_C(1) << cut->code;
        if (!below && !above)
            mask |= UINT64_C(1) << cut->code;
    }
    bool within = bm_cut_find(cuts, x.low.number) >= 0 && bm_cut_find(cuts, x.high.number) >= 0;
    return within ? mask : all; /* outside the cuts it cannot be told */
}
