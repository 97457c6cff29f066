/* SPDX-License-Identifier: Apache-2.0 */
/* One loop for several kinds of processor: it is written once, inlined into a function for each
 * kind, and the compiler makes vectors of it. All give the same bits. */
#ifndef BM_BASE_PROCESSOR_H
#define BM_BASE_PROCESSOR_H

typedef enum { BM_ANY_PROCESSOR, BM_WITH_AVX2, BM_WITH_AVX512, BM_PROCESSORS } bm_processor;

#define BM_INLINE static inline __attribute__((always_inline))

/* Before a loop whose columns are different ones, or are written where they are read. */
#if defined(__GNUC__) && !defined(__clang__)
#define BM_APART _Pragma("GCC ivdep")
#else
#define BM_APART
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#define BM_FOR_AVX2 __attribute__((target("avx2")))
#define BM_FOR_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

/* This processor, or what is asked for if it can do more. */
static inline bm_processor bm_processor_at_most(bm_processor most)
{
    if (most >= BM_WITH_AVX512 && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return BM_WITH_AVX512;
    return most >= BM_WITH_AVX2 && __builtin_cpu_supports("avx2") ? BM_WITH_AVX2 : BM_ANY_PROCESSOR;
}
#else
#define BM_FOR_AVX2
#define BM_FOR_AVX512

static inline bm_processor bm_processor_at_most(bm_processor most)
{
    (void)most;
    return BM_ANY_PROCESSOR;
}
#endif

#endif
