/* SPDX-License-Identifier: Apache-2.0 */
/* What is done to every cell: bits for what is NA, codes to keys and back. Loops run over blocks of
 * a fixed size, which compilers turn into wide instructions at the usual -O2. */
#include "bonemets_r.h"

#include <string.h>

enum { BLOCK = 64 };

/* Eight bytes that are 0 or 1 become eight bits, the first byte the lowest. */
static uint8_t eight_bits(const uint8_t *bytes)
{
#ifdef WORDS_BIGENDIAN
    unsigned bits = 0;
    for (int i = 0; i < 8; i++)
        bits |= (unsigned)bytes[i] << i;
    return (uint8_t)bits;
#else
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return (uint8_t)(word * UINT64_C(0x0102040810204080) >> 56);
#endif
}

static void pack(const uint8_t *bytes, int64_t rows, uint8_t *bits)
{
    for (int64_t i = 0; i < rows; i += 8)
        bits[i / 8] = eight_bits(bytes + i);
}

static uint8_t integers_there(const int32_t *restrict x, uint8_t *restrict there)
{
    uint8_t all = 1;
    for (int i = 0; i < BLOCK; i++)
        there[i] = x[i] != NA_INTEGER;
    for (int i = 0; i < BLOCK; i++)
        all &= there[i];
    return all;
}

int64_t integer_bits(const int32_t *x, int64_t rows, uint8_t *bits)
{
    uint8_t there[BLOCK];
    int64_t missing = 0, i = 0;
    for (; i + BLOCK <= rows; i += BLOCK) {
        missing += !integers_there(x + i, there);
        pack(there, BLOCK, bits + i / 8);
    }
    memset(there, 0, sizeof there);
    for (int64_t j = i; j < rows; j++) {
        there[j - i] = x[j] != NA_INTEGER;
        missing += !there[j - i];
    }
    pack(there, rows - i, bits + i / 8);
    return missing;
}

int64_t double_bits(const double *x, int64_t rows, uint8_t *bits)
{
    uint8_t there[8];
    int64_t missing = 0;
    for (int64_t i = 0; i < rows; i += 8) {
        int64_t left = rows - i < 8 ? rows - i : 8;
        memset(there, 0, sizeof there);
        for (int64_t j = 0; j < left; j++) {
            there[j] = x[i + j] == x[i + j];
            missing += !there[j];
        }
        bits[i / 8] = eight_bits(there);
    }
    return missing;
}

void truth_bits(const int32_t *x, int64_t rows, uint8_t *bits)
{
    uint8_t yes[8];
    for (int64_t i = 0; i < rows; i += 8) {
        int64_t left = rows - i < 8 ? rows - i : 8;
        memset(yes, 0, sizeof yes);
        for (int64_t j = 0; j < left; j++)
            yes[j] = x[i + j] == 1;
        bits[i / 8] = eight_bits(yes);
    }
}

static void block_of_keys(const int32_t *restrict x, uint8_t *restrict keys)
{
    for (int i = 0; i < BLOCK; i++)
        keys[i] = (uint8_t)((uint32_t)x[i] - 1u);
}

/* NA becomes some key; its bit says that it does not count. */
void short_keys(const int32_t *x, int64_t rows, uint8_t *keys)
{
    int64_t i = 0;
    for (; i + BLOCK <= rows; i += BLOCK)
        block_of_keys(x + i, keys + i);
    for (; i < rows; i++)
        keys[i] = (uint8_t)((uint32_t)x[i] - 1u);
}

void long_keys(const int32_t *x, int64_t rows, int32_t *keys)
{
    for (int64_t i = 0; i < rows; i++)
        keys[i] = x[i] == NA_INTEGER ? 0 : x[i] - 1;
}

static void block_of_codes(const int8_t *restrict keys, int *restrict out)
{
    for (int i = 0; i < BLOCK; i++)
        out[i] = keys[i] + 1;
}

void codes_from_keys(const int8_t *keys, int64_t rows, int *out)
{
    int64_t i = 0;
    for (; i + BLOCK <= rows; i += BLOCK)
        block_of_codes(keys + i, out + i);
    for (; i < rows; i++)
        out[i] = keys[i] + 1;
}

/* A byte of bits that are all set, as most are, is passed over. */
void codes_missing(const uint8_t *bits, int64_t rows, int *out)
{
    for (int64_t i = 0; i < rows; i++)
        if (i % 8 == 0 && bits[i / 8] == UINT8_MAX)
            i += 7;
        else
            out[i] = bits[i / 8] >> (i % 8) & 1 ? out[i] : NA_INTEGER;
}

void numbers_missing(const uint8_t *bits, int64_t rows, double *out)
{
    for (int64_t i = 0; i < rows; i++)
        if (i % 8 == 0 && bits[i / 8] == UINT8_MAX)
            i += 7;
        else if (!(bits[i / 8] >> (i % 8) & 1))
            out[i] = NA_REAL;
}
