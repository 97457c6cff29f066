/* SPDX-License-Identifier: Apache-2.0 */
/* Bits of validity to bytes and back, many rows at a time. */
#include <string.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic")
#endif

#include "batch/bytes.h"

void bm_bytes_from_words(const void *words, size_t count, uint8_t *restrict to)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t word;
        memcpy(&word, (const char *)words + i * sizeof word, sizeof word);
        to[i] = (uint8_t)(word > UINT8_MAX ? UINT8_MAX : word);
    }
}

static uint64_t load(const void *from)
{
    uint64_t word;
    memcpy(&word, from, sizeof word);
    return word;
}

static const uint64_t ones = UINT64_C(0x0101010101010101);
static const uint64_t tops = UINT64_C(0x8080808080808080);

/* The bits of a byte as the lowest bits of eight. */
static uint64_t spread(uint8_t bits)
{
    uint64_t each = (bits * ones) & UINT64_C(0x8040201008040201);
    return ((each + ~tops) | each) >> 7 & ones;
}

static void one_by_one(const uint8_t *valid, int64_t at, size_t from, size_t count, uint8_t null,
                       uint8_t *to)
{
    for (size_t i = from; i < count; i++) {
        int64_t bit = at + (int64_t)i;
        if (!(valid[bit >> 3] >> (bit & 7) & 1))
            to[i] = null;
    }
}

/* Eight bits from any place; the byte behind is read only where it has some of them. */
static uint8_t eight(const uint8_t *bits, int64_t at)
{
    unsigned low = bits[at >> 3], shift = (unsigned)(at & 7);
    return (uint8_t)(shift ? low >> shift | (unsigned)bits[(at >> 3) + 1] << (8 - shift) : low);
}

static size_t put_nulls_plain(const uint8_t *valid, int64_t at, size_t count, uint8_t null,
                              uint8_t *to)
{
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t there = spread(eight(valid, at + (int64_t)i)) * UINT8_MAX;
        uint64_t word = (load(to + i) & there) | (null * ones & ~there);
        memcpy(to + i, &word, sizeof word);
    }
    return i;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

enum { ROWS = 32 };

__attribute__((target("avx2"))) static size_t put_nulls_fast(const uint8_t *valid, int64_t at,
                                                             size_t count, uint8_t null,
                                                             uint8_t *to)
{
    const __m256i which = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2,
                                           2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3);
    const __m256i bit = _mm256_set1_epi64x((long long)UINT64_C(0x8040201008040201));
    const __m256i nulls = _mm256_set1_epi8((char)null);
    size_t i = 0;
    for (; i + ROWS <= count; i += ROWS) {
        uint32_t bits = 0;
        for (int b = 0; b < 4; b++)
            bits |= (uint32_t)eight(valid, at + (int64_t)i + 8 * b) << (8 * b);
        __m256i *out = (__m256i *)(void *)(to + i);
        __m256i each = _mm256_shuffle_epi8(_mm256_set1_epi32((int)bits), which);
        __m256i there = _mm256_cmpeq_epi8(_mm256_and_si256(each, bit), bit);
        _mm256_storeu_si256(out, _mm256_blendv_epi8(nulls, _mm256_loadu_si256(out), there));
    }
    return i;
}

void bm_bytes_put_nulls(const uint8_t *valid, int64_t at, size_t count, uint8_t null, uint8_t *to)
{
    size_t done = __builtin_cpu_supports("avx2") ? put_nulls_fast(valid, at, count, null, to)
                                                 : put_nulls_plain(valid, at, count, null, to);
    one_by_one(valid, at, done, count, null, to);
}
#else
void bm_bytes_put_nulls(const uint8_t *valid, int64_t at, size_t count, uint8_t null, uint8_t *to)
{
    one_by_one(valid, at, put_nulls_plain(valid, at, count, null, to), count, null, to);
}
#endif

bool bm_bytes_any(const uint8_t *bytes, size_t count, uint8_t wanted)
{
    uint8_t found = 0;
    for (size_t i = 0; i < count; i++)
        found |= bytes[i] == wanted;
    return found != 0;
}

void bm_bytes_clear(const uint8_t *bytes, uint8_t where, size_t count, double *numbers)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t word;
        memcpy(&word, numbers + i, sizeof word);
        word &= (uint64_t)(bytes[i] == where) - 1;
        memcpy(numbers + i, &word, sizeof word);
    }
}

/* Eight signs or lowest bits in one byte. */
static uint8_t gather(uint64_t lowest_bits)
{
    return (uint8_t)(lowest_bits * UINT64_C(0x0102040810204080) >> 56);
}

size_t bm_bytes_mark_other(const int8_t *of, int8_t than, size_t count, uint8_t *bitmap)
{
    size_t marked = 0, i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t other = load(of + i) ^ ((uint8_t)than * ones);
        uint64_t differs = ((other & ~tops) + ~tops) | other;
        uint64_t lowest = differs >> 7 & ones;
        bitmap[i >> 3] = gather(lowest);
        marked += (size_t)(lowest * ones >> 56); /* all eight added up */
    }
    for (; i < count; i++) {
        bool differs = of[i] != than;
        bitmap[i >> 3] = (uint8_t)((i & 7 ? bitmap[i >> 3] : 0) | differs << (i & 7));
        marked += differs;
    }
    return marked;
}

size_t bm_bytes_mark_codes(int8_t *codes, size_t count, uint8_t *bitmap)
{
    size_t marked = 0, i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t word = load(codes + i), there = ~word >> 7 & ones;
        bitmap[i >> 3] = gather(there);
        marked += (size_t)(there * ones >> 56);
        word &= there * UINT8_MAX;
        memcpy(codes + i, &word, sizeof word);
    }
    for (; i < count; i++) {
        bool there = codes[i] >= 0;
        bitmap[i >> 3] = (uint8_t)((i & 7 ? bitmap[i >> 3] : 0) | there << (i & 7));
        codes[i] = there ? codes[i] : 0;
        marked += there;
    }
    return marked;
}
