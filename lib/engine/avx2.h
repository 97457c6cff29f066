/* SPDX-License-Identifier: Apache-2.0 */
/* What kernels for processors with AVX2 share. */
#ifndef BM_ENGINE_AVX2_H
#define BM_ENGINE_AVX2_H

#include <stdint.h>

#include <immintrin.h>

#define BM_AVX2 __attribute__((target("avx2")))
enum { BM_AVX2_ROWS = 32 }; /* at a time: a vector of bytes */

BM_AVX2 static inline __m256i bm_load_bytes(const uint8_t *from)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

BM_AVX2 static inline void bm_store_bytes(uint8_t *to, __m256i bytes)
{
    _mm256_storeu_si256((__m256i *)(void *)to, bytes);
}

/* The lower halves of lanes of 64 bits, each at most 127 or -1. */
BM_AVX2 static inline __m256i bm_narrow_two(__m256i one, __m256i other)
{
    return _mm256_castps_si256(
        _mm256_shuffle_ps(_mm256_castsi256_ps(one), _mm256_castsi256_ps(other), 0x88));
}

/* 32 lanes of 64 bits as bytes. What the narrowing within halves of vectors has mixed, pairs of rows,
 * is put in order at the end. */
BM_AVX2 static inline __m256i bm_narrow(const __m256i lanes[8])
{
    __m256i a = _mm256_packs_epi32(bm_narrow_two(lanes[0], lanes[1]), bm_narrow_two(lanes[2], lanes[3]));
    __m256i b = _mm256_packs_epi32(bm_narrow_two(lanes[4], lanes[5]), bm_narrow_two(lanes[6], lanes[7]));
    __m256i mixed = _mm256_packs_epi16(a, b);
    __m128i low = _mm256_castsi256_si128(mixed), high = _mm256_extracti128_si256(mixed, 1);
    return _mm256_set_m128i(_mm_unpackhi_epi16(low, high), _mm_unpacklo_epi16(low, high));
}

#endif
