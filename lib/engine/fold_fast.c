/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels of the folded evaluator for processors with AVX2, and with byte permutations of
 * AVX-512. Rows come in whole vectors: buffers have room behind the last row. */
#include <string.h>

#include "engine/fold_parts.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include "engine/avx2.h"

/* ---- AVX2: tables in parts of 16 ---- */

BM_AVX2 static inline __m256i part_of(const uint8_t *table, int part)
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)(table + 16 * part)));
}

/* Indexes of other parts get their highest bit, so that a shuffle makes nothing of them. */
BM_AVX2 static inline __m256i within(__m256i index, int part)
{
    return _mm256_adds_epu8(_mm256_sub_epi8(index, _mm256_set1_epi8((char)(16 * part))),
                            _mm256_set1_epi8(0x70));
}

BM_AVX2 static inline __m256i look_up(const uint8_t *table, int used, __m256i index)
{
    if (used <= 16)
        return _mm256_shuffle_epi8(part_of(table, 0), index);
    __m256i found = _mm256_setzero_si256();
    for (int part = 0; 16 * part < used; part++)
        found =
            _mm256_or_si256(found, _mm256_shuffle_epi8(part_of(table, part), within(index, part)));
    return found;
}

BM_AVX2 static inline __m256i rows_of(const bm_fold_source *source, const bm_fold_column *columns,
                                      size_t i)
{
    return bm_load_bytes(columns[source->column].bytes + i);
}

BM_AVX2 static void combine_256(const bm_fold_step *step, const bm_fold_column *columns,
                                size_t count)
{
    for (size_t i = 0; i < count; i += BM_AVX2_ROWS) {
        __m256i index = _mm256_setzero_si256();
        for (int s = 0; s < step->source_count; s++) {
            const bm_fold_source *source = &step->sources[s];
            index = _mm256_add_epi8(
                index, look_up(source->low, source->used, rows_of(source, columns, i)));
        }
        bm_store_bytes(step->to + i, look_up(step->table, step->cases, index));
    }
}

BM_AVX2 static void count_256(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i += BM_AVX2_ROWS) {
        __m256i sum = _mm256_setzero_si256();
        for (int s = 0; s < step->source_count; s++) {
            const bm_fold_source *source = &step->sources[s];
            sum = _mm256_add_epi8(sum,
                                  look_up(source->low, source->used, rows_of(source, columns, i)));
        }
        bm_store_bytes(step->to + i, sum);
    }
}

BM_AVX2 static void sum_up_256(const bm_fold_step *step, const bm_fold_column *columns,
                               size_t count)
{
    for (size_t i = 0; i < count; i += BM_AVX2_ROWS) {
        __m256i low = _mm256_setzero_si256(), high = low;
        for (int s = 0; s < step->source_count; s++) {
            const bm_fold_source *source = &step->sources[s];
            __m256i index = rows_of(source, columns, i);
            low = _mm256_add_epi8(low, look_up(source->low, source->used, index));
            high = _mm256_add_epi8(high, look_up(source->high, source->used, index));
        }
        bm_store_bytes(step->to + i, low);
        bm_store_bytes(step->to_high + i, high);
    }
}

BM_AVX2 static void steps_256(const uint8_t *bytes, double base, double unit, size_t count,
                              double *to)
{
    __m256d first = _mm256_set1_pd(base), each = _mm256_set1_pd(unit);
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        int32_t four;
        memcpy(&four, bytes + i, sizeof four);
        __m256d x = _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_cvtsi32_si128(four)));
        _mm256_storeu_pd(to + i, _mm256_add_pd(first, _mm256_mul_pd(each, x)));
    }
    bm_fold_steps(bytes + i, base, unit, count - i, to + i);
}

/* ---- AVX-512: tables in parts of 64 ---- */

#define BM_VBMI __attribute__((target("avx512f,avx512bw,avx512vbmi")))
enum { WIDE = 64 };

BM_VBMI static inline __m512i load_wide(const uint8_t *from)
{
    return _mm512_loadu_si512((const void *)from);
}

BM_VBMI static inline __m512i permute(const uint8_t *table, int used, __m512i index)
{
    if (used <= WIDE)
        return _mm512_permutexvar_epi8(index, load_wide(table));
    __m512i low = _mm512_permutex2var_epi8(load_wide(table), index, load_wide(table + WIDE));
    if (used <= 2 * WIDE)
        return low;
    __m512i high =
        _mm512_permutex2var_epi8(load_wide(table + 2 * WIDE), index, load_wide(table + 3 * WIDE));
    return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
}

BM_VBMI static inline __m512i wide_rows(const bm_fold_source *source, const bm_fold_column *columns,
                                        size_t i)
{
    return load_wide(columns[source->column].bytes + i);
}

BM_VBMI static void combine_512(const bm_fold_step *step, const bm_fold_column *columns,
                                size_t count)
{
    for (size_t i = 0; i < count; i += WIDE) {
        __m512i index = _mm512_setzero_si512();
        for (int s = 0; s < step->source_count; s++) {
            const bm_fold_source *source = &step->sources[s];
            index = _mm512_add_epi8(
                index, permute(source->low, source->used, wide_rows(source, columns, i)));
        }
        _mm512_storeu_si512((void *)(step->to + i), permute(step->table, step->cases, index));
    }
}

BM_VBMI static void count_512(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i += WIDE) {
        __m512i sum = _mm512_setzero_si512();
        for (int s = 0; s < step->source_count; s++) {
            const bm_fold_source *source = &step->sources[s];
            sum = _mm512_add_epi8(
                sum, permute(source->low, source->used, wide_rows(source, columns, i)));
        }
        _mm512_storeu_si512((void *)(step->to + i), sum);
    }
}

BM_VBMI static void sum_up_512(const bm_fold_step *step, const bm_fold_column *columns,
                               size_t count)
{
    for (size_t i = 0; i < count; i += WIDE) {
        __m512i low = _mm512_setzero_si512(), high = low;
        for (int s = 0; s < step->source_count; s++) {
            const bm_fold_source *source = &step->sources[s];
            __m512i index = wide_rows(source, columns, i);
            low = _mm512_add_epi8(low, permute(source->low, source->used, index));
            high = _mm512_add_epi8(high, permute(source->high, source->used, index));
        }
        _mm512_storeu_si512((void *)(step->to + i), low);
        _mm512_storeu_si512((void *)(step->to_high + i), high);
    }
}

/* Lower and upper bytes as words of 16 bits. */
BM_VBMI static inline __m512i words_of(__m256i low, __m256i high)
{
    return _mm512_or_si512(_mm512_cvtepu8_epi16(low),
                           _mm512_slli_epi16(_mm512_cvtepu8_epi16(high), 8));
}

BM_VBMI static void combine_large_512(const bm_fold_step *step, const bm_fold_column *columns,
                                      size_t count)
{
    uint16_t index[BM_FOLD_CHUNK];
    for (size_t i = 0; i < count; i += WIDE) {
        __m512i first = _mm512_setzero_si512(), second = first;
        for (int s = 0; s < step->source_count; s++) {
            const bm_fold_source *source = &step->sources[s];
            __m512i rows = wide_rows(source, columns, i);
            __m512i low = permute(source->low, source->used, rows);
            __m512i high = permute(source->high, source->used, rows);
            first = _mm512_add_epi16(
                first, words_of(_mm512_castsi512_si256(low), _mm512_castsi512_si256(high)));
            second = _mm512_add_epi16(second, words_of(_mm512_extracti64x4_epi64(low, 1),
                                                       _mm512_extracti64x4_epi64(high, 1)));
        }
        _mm512_storeu_si512((void *)(index + i), first);
        _mm512_storeu_si512((void *)(index + i + WIDE / 2), second);
    }
    for (size_t i = 0; i < count; i++)
        step->to[i] = step->large[index[i]];
}

static const struct {
    bm_fold_kernel plain, avx2, avx512;
} kernels[] = {
    {bm_fold_combine, combine_256, combine_512},
    {bm_fold_combine_large, bm_fold_combine_large, combine_large_512},
    {bm_fold_count, count_256, count_512},
    {bm_fold_sum_up, sum_up_256, sum_up_512},
};

bm_fold_kernel bm_fold_fast(bm_fold_kernel kernel, bm_fold_level level)
{
    bool avx512 = level == BM_FOLD_BEST && __builtin_cpu_supports("avx512vbmi") &&
                  __builtin_cpu_supports("avx512bw");
    if (level == BM_FOLD_PORTABLE || !__builtin_cpu_supports("avx2"))
        return kernel;
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        if (kernels[i].plain == kernel)
            return avx512 ? kernels[i].avx512 : kernels[i].avx2;
    return kernel;
}
bm_fold_in_steps bm_fold_fast_steps(bm_fold_level level)
{
    bool avx2 = level != BM_FOLD_PORTABLE && __builtin_cpu_supports("avx2");
    return avx2 ? steps_256 : bm_fold_steps;
}
#else
bm_fold_in_steps bm_fold_fast_steps(bm_fold_level level)
{
    (void)level;
    return bm_fold_steps;
}

bm_fold_kernel bm_fold_fast(bm_fold_kernel kernel, bm_fold_level level)
{
    (void)level;
    return kernel;
}
#endif
