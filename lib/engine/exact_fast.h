/* SPDX-License-Identifier: Apache-2.0 */
/* Faster ways to the same bytes: cuts as ladders, and kernels for processors with AVX2. */
#ifndef BM_ENGINE_EXACT_FAST_H
#define BM_ENGINE_EXACT_FAST_H

#include "engine/exact_parts.h"

enum { BM_RUNGS = 12, BM_OFF_LADDER = 64 /* no cut holds it; codes are below */ };

/* Cuts, for numbers: the code is that of the last rung at or below; a NaN stands on none. */
struct bm_ladder {
    int count;
    double from[BM_RUNGS]; /* ascending; the first is -inf */
    uint64_t code[BM_RUNGS];
};

/* The least number that has come to the lower border of a cut, or is `past` the upper one; NaN: there
 * is none. */
double bm_ladder_first(const bm_cut *cut, bool past);

/* False when the cuts need more rungs, or have codes that do not fit. */
bool bm_ladder_make(const bm_cuts *cuts, bm_ladder *out);

/* The same kernel for this processor, or the one given. */
bm_kernel bm_kernel_fast(bm_kernel kernel);

#endif
