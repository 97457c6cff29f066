/* SPDX-License-Identifier: Apache-2.0 */
/* A decimal of a column is an integer of up to 256 bits and a scale: integer / 10^scale. What it
 * becomes is the double that is nearest to that quotient, ties to even, rounded once. Where integer and
 * power of ten are doubles themselves one division or product does it; otherwise the quotient is
 * worked out in integers, to 64 bits and whether anything is left behind them. */
#include <math.h>
#include <string.h>

#include "batch/batch.h"

enum {
    LARGEST_POWER = 22, /* 10^22 is the largest power of ten that is a double */
    WORD = 32,
    OWN_WORDS = 8, /* of 256 bits */
    WORDS = 18     /* 2^256 * 10^76 < 2^509, and a bit of room */
};

#define BM_WHOLE_DOUBLES (UINT64_C(1) << 53) /* up to here every integer is a double */

typedef struct {
    uint32_t word[WORDS]; /* least significant first */
} wide;

static void multiply(wide *n, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < WORDS; i++) {
        carry += (uint64_t)n->word[i] * factor;
        n->word[i] = (uint32_t)carry;
        carry >>= WORD;
    }
}

static void multiply_by_power_of_ten(wide *n, int exponent)
{
    for (; exponent > 0; exponent--)
        multiply(n, 10);
}

static int bits_of(const wide *n)
{
    for (int i = WORDS - 1; i >= 0; i--)
        if (n->word[i])
            return WORD * (i + 1) - __builtin_clz(n->word[i]);
    return 0;
}

/* No bit is lost: there is room. */
static void shift_up(wide *n, int bits)
{
    int words = bits / WORD;
    memmove(n->word + words, n->word, (size_t)(WORDS - words) * sizeof *n->word);
    memset(n->word, 0, (size_t)words * sizeof *n->word);
    multiply(n, UINT32_C(1) << (bits % WORD));
}

static bool at_least(const wide *a, const wide *b)
{
    for (int i = WORDS - 1; i >= 0; i--)
        if (a->word[i] != b->word[i])
            return a->word[i] > b->word[i];
    return true;
}

static void subtract(wide *a, const wide *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < WORDS; i++) {
        uint64_t less = b->word[i] + borrow;
        borrow = a->word[i] < less;
        a->word[i] = (uint32_t)(a->word[i] - less);
    }
}

/* To 53 bits, to the nearest or the even one of two. */
static double rounded(uint64_t quotient, bool more, int exponent)
{
    enum { BEHIND = 11 };
    uint64_t kept = quotient >> BEHIND, rest = quotient & ((1u << BEHIND) - 1),
             half = 1u << (BEHIND - 1);
    bool up = rest > half || (rest == half && (more || (kept & 1)));
    return ldexp((double)(kept + up), exponent + BEHIND);
}

/* Both are above 0. 64 bits of the quotient, the first of them 1. */
static double divide(wide *n, wide *by)
{
    int exponent = bits_of(n) - bits_of(by);
    shift_up(exponent < 0 ? n : by, exponent < 0 ? -exponent : exponent);
    if (!at_least(n, by)) {
        shift_up(n, 1);
        exponent--;
    }
    uint64_t quotient = 0;
    for (int bit = 63; bit >= 0; bit--) {
        if (at_least(n, by)) {
            subtract(n, by);
            quotient |= UINT64_C(1) << bit;
        }
        shift_up(n, 1);
    }
    return rounded(quotient, bits_of(n) > 0, exponent - 63);
}

/* The words of the integer as Arrow has them: in the order of the machine, the highest with the
 * sign. Returns whether it is negative; it is without its sign then. */
static bool take(const char *data, int words, wide *out)
{
    const uint16_t order = 1;
    bool little = *(const uint8_t *)&order == 1;
    memset(out, 0, sizeof *out);
    for (int i = 0; i < words; i++)
        memcpy(&out->word[little ? i : words - 1 - i], data + i * (WORD / 8), WORD / 8);
    bool negative = out->word[words - 1] >> (WORD - 1);
    uint64_t carry = 1;
    for (int i = 0; i < words && negative; i++) {
        carry += ~out->word[i];
        out->word[i] = (uint32_t)carry;
        carry >>= WORD;
    }
    return negative;
}

static bool is_double(const wide *n)
{
    for (int i = 2; i < OWN_WORDS; i++)
        if (n->word[i])
            return false;
    return ((uint64_t)n->word[1] << WORD | n->word[0]) <= BM_WHOLE_DOUBLES;
}

double bm_decimal_number(const void *data, int width, int scale)
{
    static const double powers[LARGEST_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    wide n, by = {{1}};
    bool negative = take(data, width * 8 / WORD, &n);
    int power = scale < 0 ? -scale : scale;
    double value;
    if (power <= LARGEST_POWER && is_double(&n)) {
        value = (double)((uint64_t)n.word[1] << WORD | n.word[0]);
        value = scale < 0 ? value * powers[power] : value / powers[power];
    } else if (bits_of(&n) == 0) {
        return 0;
    } else {
        multiply_by_power_of_ten(scale < 0 ? &n : &by, power);
        value = divide(&n, &by);
    }
    return negative ? -value : value;
}

/* ---- floats ---- */

double bm_decimal_of_float(float x)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double exact = (double)x;
    for (size_t i = 0; i < sizeof powers / sizeof *powers; i++) {
        if (!(fabs(exact * powers[i]) < BM_WHOLE_ONLY / 3)) /* 2^51 */
            break;
        double whole = (exact * powers[i] + BM_WHOLE_ONLY) - BM_WHOLE_ONLY;
        double found = whole / powers[i]; /* rounded once */
        if ((float)found >= x && (float)found <= x)
            return found;
    }
    return exact;
}
