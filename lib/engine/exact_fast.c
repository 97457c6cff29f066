/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exact_fast.h"

#include <math.h>
#include <string.h>

/* ---- ladders ---- */

/* Doubles in order, as whole numbers: 0 is 0. */
static double of_key(int64_t key)
{
    double x;
    uint64_t bits = key < 0 ? (uint64_t)-key | UINT64_C(1) << 63 : (uint64_t)key;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Whether a number has come to the lower border of a cut, or is past the upper one. */
static bool has_come(const bm_cut *cut, bool past, double x)
{
    if (past)
        return cut->high_open ? !bm_less(x, cut->high) : !bm_at_most(x, cut->high);
    return cut->low_open ? bm_less(cut->low, x) : bm_at_most(cut->low, x);
}

/* Borders have a tolerance and sums are rounded, so it is searched for by the comparison itself. */
double bm_ladder_first(const bm_cut *cut, bool past)
{
    int64_t high = INT64_C(0x7ff0000000000000), low = -high;
    if (has_come(cut, past, -INFINITY))
        return -INFINITY;
    if (!has_come(cut, past, INFINITY))
        return NAN;
    while ((uint64_t)high - (uint64_t)low > 1) {
        int64_t middle = low / 2 + high / 2 + (low % 2 + high % 2) / 2;
        if (has_come(cut, past, of_key(middle)))
            high = middle;
        else
            low = middle;
    }
    return of_key(high);
}

/* In order; one that stands already is not added. */
static bool add_rung(bm_ladder *to, double from)
{
    int at = 0;
    if (isnan(from))
        return true;
    while (at < to->count && to->from[at] < from)
        at++;
    if (at < to->count && to->from[at] <= from)
        return true;
    if (to->count == BM_RUNGS)
        return false;
    memmove(to->from + at + 1, to->from + at, (size_t)(to->count - at) * sizeof *to->from);
    to->from[at] = from;
    to->count++;
    return true;
}

bool bm_ladder_make(const bm_cuts *cuts, bm_ladder *out)
{
    *out = (bm_ladder){.from = {-INFINITY}, .count = 1};
    for (int c = 0; c < cuts->count; c++)
        if (cuts->cuts[c].code >= BM_OFF_LADDER ||
            !add_rung(out, bm_ladder_first(&cuts->cuts[c], false)) ||
            !add_rung(out, bm_ladder_first(&cuts->cuts[c], true)))
            return false;
    for (int i = 0; i < out->count; i++) {
        int code = bm_cut_find(cuts, out->from[i]);
        out->code[i] = code < 0 ? BM_OFF_LADDER : (uint64_t)code;
    }
    return true;
}

void bm_kernel_ladder(const bm_step *step, size_t count)
{
    const double *a = step->a;
    uint8_t *to = step->to, *undecided = (uint8_t *)(uintptr_t)step->b;
    for (size_t i = 0; i < count; i++) {
        uint64_t code = BM_OFF_LADDER;
        for (int r = 0; r < step->ladder->count; r++)
            code = a[i] >= step->ladder->from[r] ? step->ladder->code[r] : code;
        to[i] = (uint8_t)(code & (BM_OFF_LADDER - 1));
        undecided[i] |= (uint8_t)(code / BM_OFF_LADDER);
    }
}

#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__)
#include "engine/avx2.h"

BM_AVX2 static inline __attribute__((always_inline)) void climb(const bm_step *step, size_t count,
                                                                int rungs)
{
    const double *a = step->a;
    uint8_t *to = step->to, *undecided = (uint8_t *)(uintptr_t)step->b;
    __m256d from[BM_RUNGS], code[BM_RUNGS];
    size_t i = 0;
    for (int r = 0; r < rungs; r++) {
        from[r] = _mm256_set1_pd(step->ladder->from[r]);
        code[r] = _mm256_castsi256_pd(_mm256_set1_epi64x((long long)step->ladder->code[r]));
    }
    __m256d off = _mm256_castsi256_pd(_mm256_set1_epi64x(BM_OFF_LADDER));
    __m256i mask = _mm256_set1_epi8(BM_OFF_LADDER - 1), one = _mm256_set1_epi8(1);
    for (; i + BM_AVX2_ROWS <= count; i += BM_AVX2_ROWS) {
        __m256i lanes[8];
        for (int j = 0; j < 8; j++) {
            __m256d x = _mm256_loadu_pd(a + i + 4 * j), at = off;
            for (int r = 0; r < rungs; r++)
                at = _mm256_blendv_pd(at, code[r], _mm256_cmp_pd(x, from[r], _CMP_GE_OQ));
            lanes[j] = _mm256_castpd_si256(at);
        }
        __m256i bytes = bm_narrow(lanes);
        bm_store_bytes(to + i, _mm256_and_si256(bytes, mask));
        bytes = _mm256_and_si256(_mm256_srli_epi16(bytes, 6), one);
        bm_store_bytes(undecided + i, _mm256_or_si256(bm_load_bytes(undecided + i), bytes));
    }
    bm_step rest = {.to = to + i, .a = a + i, .b = undecided + i, .ladder = step->ladder};
    bm_kernel_ladder(&rest, count - i);
}

BM_AVX2 static void ladder(const bm_step *step, size_t count)
{
    switch (step->ladder->count) { /* the usual ones unrolled */
    case 2:
        climb(step, count, 2);
        break;
    case 3:
        climb(step, count, 3);
        break;
    case 4:
        climb(step, count, 4);
        break;
    case 5:
        climb(step, count, 5);
        break;
    default:
        climb(step, count, step->ladder->count);
    }
}

/* As bm_less and bm_at_most. */
BM_AVX2 static inline __attribute__((always_inline)) __m256d compared(bm_do code, __m256d a,
                                                                      __m256d b)
{
    __m256d tolerance = _mm256_set1_pd(BM_TOLERANCE);
    if (code == BM_DO_LT)
        return _mm256_cmp_pd(a, _mm256_sub_pd(b, tolerance), _CMP_LT_OQ);
    return _mm256_cmp_pd(a, _mm256_add_pd(b, tolerance), _CMP_LE_OQ);
}

/* A constant stands in all rows of its buffer: one of them will do. */
BM_AVX2 static inline __attribute__((always_inline)) size_t compare_rows(bm_do code,
                                                                         const bm_step *step,
                                                                         size_t count)
{
    const double *a = step->a, *b = step->b;
    bool one_a = step->constant[0], one_b = step->constant[1];
    __m256d x = _mm256_set1_pd(a[0]), y = _mm256_set1_pd(b[0]);
    size_t i = 0;
    for (; i + BM_AVX2_ROWS <= count; i += BM_AVX2_ROWS) {
        __m256i lanes[8];
        for (int j = 0; j < 8; j++) {
            size_t at = i + 4 * (size_t)j;
            __m256d p = one_a ? x : _mm256_loadu_pd(a + at);
            __m256d q = one_b ? y : _mm256_loadu_pd(b + at);
            lanes[j] = _mm256_castpd_si256(compared(code, p, q));
        }
        bm_store_bytes((uint8_t *)step->to + i,
                       _mm256_and_si256(bm_narrow(lanes), _mm256_set1_epi8(1)));
    }
    return i;
}

BM_AVX2 static void compare(const bm_step *step, size_t count)
{
    size_t done = 0;
    if (count >= BM_AVX2_ROWS && step->code == BM_DO_LT)
        done = compare_rows(BM_DO_LT, step, count);
    else if (count >= BM_AVX2_ROWS && step->code == BM_DO_LE)
        done = compare_rows(BM_DO_LE, step, count);
    bm_step rest = {.to = (uint8_t *)step->to + done,
                    .a = (const double *)step->a + done,
                    .b = (const double *)step->b + done,
                    .code = step->code};
    bm_kernel_compare(&rest, count - done);
}

BM_AVX2 static void if_bytes(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a, *b = step->b, *c = step->c;
    uint8_t *to = step->to;
    size_t i = 0;
    for (; i + BM_AVX2_ROWS <= count; i += BM_AVX2_ROWS) {
        __m256i no = _mm256_cmpeq_epi8(bm_load_bytes(c + i), _mm256_setzero_si256());
        bm_store_bytes(to + i, _mm256_blendv_epi8(bm_load_bytes(a + i), bm_load_bytes(b + i), no));
    }
    for (; i < count; i++)
        to[i] = c[i] ? a[i] : b[i];
}

bm_kernel bm_kernel_fast(bm_kernel kernel)
{
    if (!__builtin_cpu_supports("avx2"))
        return kernel;
    return kernel == bm_kernel_ladder     ? ladder
           : kernel == bm_kernel_compare  ? compare
           : kernel == bm_kernel_if_bytes ? if_bytes
                                          : kernel;
}
#else
bm_kernel bm_kernel_fast(bm_kernel kernel)
{
    return kernel;
}
#endif
