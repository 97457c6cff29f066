/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/lookup.h"

static void look_up_plain(const uint8_t *table, const uint8_t *in, uint8_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = table[in[i]];
}

#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__)
#include <immintrin.h>

#define BM_AVX2 __attribute__((target("avx2")))

BM_AVX2 static __m256i part_of(const uint8_t *table, int part)
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)(table + 16 * part)));
}

/* An index past the parts would wrap around in a shuffle: such blocks go the plain way. */
BM_AVX2 static bool beyond(__m256i index, int parts)
{
    __m256i limit = _mm256_set1_epi8((char)(16 * parts - 1));
    __m256i over = _mm256_subs_epu8(index, limit);
    return !_mm256_testz_si256(over, over);
}

BM_AVX2 static __m256i shuffle_parts(const __m256i *parts, int count, __m256i index)
{
    __m256i low = _mm256_and_si256(index, _mm256_set1_epi8(15));
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(index, 4), _mm256_set1_epi8(15));
    __m256i result = _mm256_shuffle_epi8(parts[0], low);
    for (int part = 1; part < count; part++)
        result = _mm256_blendv_epi8(result, _mm256_shuffle_epi8(parts[part], low),
                                    _mm256_cmpeq_epi8(high, _mm256_set1_epi8((char)part)));
    return result;
}

BM_AVX2 static inline void look_up_parts(const uint8_t *table, const uint8_t *in, uint8_t *out,
                                         size_t count, int parts)
{
    __m256i loaded[4];
    size_t i = 0;
    for (int part = 0; part < parts; part++)
        loaded[part] = part_of(table, part);
    for (; i + 32 <= count; i += 32) {
        __m256i index = _mm256_loadu_si256((const __m256i *)(const void *)(in + i));
        if (beyond(index, parts))
            look_up_plain(table, in + i, out + i, 32);
        else
            _mm256_storeu_si256((__m256i *)(void *)(out + i), shuffle_parts(loaded, parts, index));
    }
    look_up_plain(table, in + i, out + i, count - i);
}

BM_AVX2 static void look_up_16(const uint8_t *table, const uint8_t *in, uint8_t *out, size_t count)
{
    look_up_parts(table, in, out, count, 1);
}

BM_AVX2 static void look_up_32(const uint8_t *table, const uint8_t *in, uint8_t *out, size_t count)
{
    look_up_parts(table, in, out, count, 2);
}

BM_AVX2 static void look_up_64(const uint8_t *table, const uint8_t *in, uint8_t *out, size_t count)
{
    look_up_parts(table, in, out, count, 4);
}

bm_lookup bm_lookup_for(int used, bool plain)
{
    if (plain || used > 64 || !__builtin_cpu_supports("avx2"))
        return look_up_plain;
    return used <= 16 ? look_up_16 : used <= 32 ? look_up_32 : look_up_64;
}
#else
bm_lookup bm_lookup_for(int used, bool plain)
{
    (void)used;
    (void)plain;
    return look_up_plain;
}
#endif
