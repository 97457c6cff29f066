/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic and order of numbers, plain and over intervals. Both evaluators use the plain
 * functions, so that on complete facts they agree to the bit. */
#ifndef BM_ENGINE_ARITHMETIC_H
#define BM_ENGINE_ARITHMETIC_H

#include <float.h>
#include <math.h>

#include "engine/program.h"

/* Values closer than this are equal: decimals such as 1.4 - 0.9 are not exact in binary. */
#define BM_TOLERANCE 1e-9

static inline bool bm_less(double a, double b)
{
    return a < b - BM_TOLERANCE;
}

static inline bool bm_at_most(double a, double b)
{
    return a <= b + BM_TOLERANCE;
}

/* What a number can be where nothing can be said. */
#define BM_ANYTHING DBL_MAX

/* Infinities of opposite signs have no sum. */
static inline void bm_sum_ends(double least, double most, double *low, double *high)
{
    bool none = isnan(least) || isnan(most);
    *low = none ? -BM_ANYTHING : least;
    *high = none ? BM_ANYTHING : most;
}

/* The hull of what an operation gives at the four corners. */
static inline void bm_hull_ends(double a, double b, double c, double d, double *low, double *high)
{
    bool none = isnan(a) || isnan(b) || isnan(c) || isnan(d);
    double least = b < a ? b : a, most = b > a ? b : a;
    least = c < least ? c : least;
    most = c > most ? c : most;
    least = d < least ? d : least;
    most = d > most ? d : most;
    *low = none ? -BM_ANYTHING : least;
    *high = none ? BM_ANYTHING : most;
}

/* One number from one or two, by operation code. Outside a function's domain the result is NaN. */
double bm_arith(bm_do code, double a, double b);
/* All that the operation can give; where a divisor may be zero, or an operand lie outside the
 * domain of a function, any number. */
bm_cell bm_arith_bounds(bm_do code, bm_cell a, bm_cell b);

/* The code of the cut that holds x; -1 when none does. */
int bm_cut_find(const bm_cuts *cuts, double x);
/* The codes of all cuts that x can lie in; all there are when it lies between them. */
uint64_t bm_cut_bounds(const bm_cuts *cuts, bm_cell x);

#endif
