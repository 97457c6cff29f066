/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in and out of decimal, exact and independent of locale. */
#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum {
    MOST_DIGITS = 15,    /* every decimal of so many digits is below 2^53, hence a double */
    LARGEST_POWER = 22,  /* 10^22 is the largest power of ten that is a double */
    WORDS = 40,          /* 1280 bits hold 2^53 * 10^324 with room for a factor of 20 */
    SHORTEST_DIGITS = 17 /* no double needs more */
};

/* Reading: the digits become an integer below 10^15 and are then multiplied or divided by a power
 * of ten, both exact; the one rounding is the one that makes the nearest double. */

typedef struct {
    uint64_t integer; /* significant digits without the zeros behind them */
    int digits;       /* how many */
    int zeros;        /* how many zeros stand behind them */
    int decimals;     /* digits after the point, those zeros included */
} bm_decimal;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void add_digit(bm_decimal *decimal, char digit)
{
    if (digit == '0') {
        decimal->zeros += decimal->digits > 0;
        return;
    }
    for (; decimal->zeros >= 0; decimal->zeros--) {
        decimal->digits++;
        if (decimal->digits <= MOST_DIGITS) {
            decimal->integer *= 10;
        }
    }
    decimal->zeros = 0;
    if (decimal->digits <= MOST_DIGITS) {
        decimal->integer += (uint64_t)(digit - '0');
    }
}

static size_t count_digits(const char *text, size_t length, size_t from)
{
    size_t at = from;
    while (at < length && is_digit(text[at])) {
        at++;
    }
    return at - from;
}

static const char *wrong_comma(const char *text, size_t length, size_t comma)
{
    size_t after = count_digits(text, length, comma + 1);
    size_t end = comma + 1 + after;
    if (after != 3) {
        return "a decimal comma; write a point";
    }
    if (end < length && (text[end] == ',' || text[end] == '.')) {
        return "a comma between thousands; leave it out";
    }
    return "a comma, which may mean decimals or thousands; write a point or leave it out";
}

static const char *wrong_blank(const char *text, size_t length, size_t blank)
{
    if (blank == 0) {
        return "a blank before the number";
    }
    while (blank < length && text[blank] == ' ') {
        blank++;
    }
    if (blank == length) {
        return "a blank after the number";
    }
    return is_digit(text[blank]) ? "a blank within the number; leave it out"
                                 : "more than a number; only a number may stand here";
}

/* What is wrong when text[at] is neither a digit nor a first point between digits. */
static const char *wrong_character(const char *text, size_t length, size_t at)
{
    char next = at + 1 < length ? text[at + 1] : '\0';
    switch (text[at]) {
    case ',':
        return wrong_comma(text, length, at);
    case ' ':
        return wrong_blank(text, length, at);
    case '\'':
    case '_':
        return "a separator between thousands; leave it out";
    case '.':
        return "a second point; write a point before the decimals only";
    case 'e':
    case 'E':
        if (is_digit(next) || next == '+' || next == '-') {
            return "an exponent; write all digits of the number";
        }
        break;
    case 'x':
    case 'X':
        return "a hexadecimal number; write it in decimal";
    case '%':
        return "a percent sign; only a number may stand here";
    case '-':
        return "a minus sign within the number";
    default:
        break;
    }
    return "more than a number; only a number may stand here";
}

static bool begins_with(const char *text, size_t length, const char *word)
{
    size_t i = 0;
    for (; word[i] != '\0'; i++) {
        char c = i < length ? text[i] : '\0';
        if (c != word[i] && c != word[i] - 'a' + 'A') {
            return false;
        }
    }
    return true;
}

/* What is wrong when there is no digit where the number should begin. */
static const char *wrong_beginning(const char *text, size_t length)
{
    static const char minus[] = "\xe2\x88\x92"; /* U+2212 */
    if (length == 0) {
        return "nothing where a number should stand";
    }
    if (text[0] == '.') {
        return count_digits(text, length, 1) > 0 ? "no digit before the point; write 0.5, not .5"
                                                 : "not a number";
    }
    if (text[0] == '+') {
        return "a plus sign; leave it out";
    }
    if (length >= 3 && memcmp(text, minus, 3) == 0) {
        return "a typographic minus sign; write a plain hyphen";
    }
    if (text[0] == ' ' || text[0] == ',') {
        return wrong_character(text, length, 0);
    }
    if (begins_with(text, length, "inf") || begins_with(text, length, "nan")) {
        return "no finite number";
    }
    return "not a number";
}

static const char *read_digits(const char *text, size_t length, bm_decimal *decimal)
{
    size_t whole = count_digits(text, length, 0), at = 0;
    if (whole == 0) {
        return wrong_beginning(text, length);
    }
    for (; at < whole; at++) {
        add_digit(decimal, text[at]);
    }
    if (at < length && text[at] == '.') {
        at++;
        if (count_digits(text, length, at) == 0) {
            return "no digit after the point";
        }
        for (; at < length && is_digit(text[at]); at++) {
            add_digit(decimal, text[at]);
            decimal->decimals++;
        }
    }
    if (at < length) {
        return wrong_character(text, length, at);
    }
    return whole > 1 && text[0] == '0' ? "a zero in front; leave it out" : NULL;
}

static double power_of_ten(int exponent)
{
    static const double powers[LARGEST_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    return powers[exponent];
}

const char *bm_read_number(const char *text, size_t length, double *out)
{
    bm_decimal decimal = {0};
    bool negative = length > 0 && text[0] == '-';
    *out = 0;
    if (length > INT32_MAX / 2) {
        return "more than 15 digits";
    }
    const char *wrong = read_digits(text + negative, length - negative, &decimal);
    if (wrong != NULL) {
        return wrong;
    }
    if (decimal.digits > MOST_DIGITS) {
        return "more than 15 digits";
    }
    if (decimal.digits == 0) {
        return NULL;
    }
    int exponent = decimal.zeros - decimal.decimals;
    if (exponent > LARGEST_POWER) {
        return "too large a number";
    }
    if (exponent < -LARGEST_POWER) {
        return "more than 22 decimals";
    }
    double value = (double)decimal.integer;
    value = exponent >= 0 ? value * power_of_ten(exponent) : value / power_of_ten(-exponent);
    *out = negative ? -value : value;
    return NULL;
}

/* Writing: free-format generation of digits after Steele and White (1990) in the form of Burger
 * and Dybvig (1996), with integers large enough for every double. */

typedef struct {
    uint32_t word[WORDS]; /* least significant first */
    int count;            /* words in use; the last of them is not 0 */
} bm_integer;

static void set_integer(bm_integer *n, uint64_t value)
{
    n->count = 0;
    for (; value > 0; value >>= 32) {
        n->word[n->count++] = (uint32_t)(value & 0xffffffffU);
    }
}

static void multiply(bm_integer *n, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < n->count; i++) {
        carry += (uint64_t)n->word[i] * factor;
        n->word[i] = (uint32_t)(carry & 0xffffffffU);
        carry >>= 32;
    }
    if (carry > 0) {
        n->word[n->count++] = (uint32_t)carry;
    }
}

static void multiply_by_power_of_ten(bm_integer *n, int exponent)
{
    for (; exponent >= 9; exponent -= 9) {
        multiply(n, 1000000000U);
    }
    for (; exponent > 0; exponent--) {
        multiply(n, 10);
    }
}

static void multiply_by_power_of_two(bm_integer *n, int exponent)
{
    int words = exponent / 32;
    if (n->count == 0) {
        return;
    }
    memmove(n->word + words, n->word, (size_t)n->count * sizeof n->word[0]);
    memset(n->word, 0, (size_t)words * sizeof n->word[0]);
    n->count += words;
    multiply(n, (uint32_t)1 << (exponent % 32));
}

static int compare(const bm_integer *a, const bm_integer *b)
{
    if (a->count != b->count) {
        return a->count < b->count ? -1 : 1;
    }
    for (int i = a->count - 1; i >= 0; i--) {
        if (a->word[i] != b->word[i]) {
            return a->word[i] < b->word[i] ? -1 : 1;
        }
    }
    return 0;
}

static void add(bm_integer *a, const bm_integer *b)
{
    uint64_t carry = 0;
    for (int i = 0; i < b->count || carry > 0; i++) {
        carry += i < a->count ? a->word[i] : 0;
        carry += i < b->count ? b->word[i] : 0;
        a->word[i] = (uint32_t)(carry & 0xffffffffU);
        a->count = i < a->count ? a->count : i + 1;
        carry >>= 32;
    }
}

/* b is not larger than a. */
static void subtract(bm_integer *a, const bm_integer *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < a->count; i++) {
        uint64_t less = borrow + (i < b->count ? b->word[i] : 0);
        borrow = a->word[i] < less;
        a->word[i] = (uint32_t)((a->word[i] - less) & 0xffffffffU);
    }
    while (a->count > 0 && a->word[a->count - 1] == 0) {
        a->count--;
    }
}

/* The value is rest / whole; decimals between (rest - below) / whole and (rest + above) / whole
 * read back as the same double, the ends too if `ends`. */
typedef struct {
    bm_integer rest, whole, below, above;
    bool ends;
} bm_dragon;

/* value = fraction * 2^exponent, more than 0. All is doubled, so that half the distance to the
 * neighbours is an integer; the lower neighbour of a power of two is nearer. */
static void start_dragon(bm_dragon *dragon, uint64_t fraction, int exponent, bool near_below)
{
    int up = exponent > 0 ? exponent : 0, down = exponent < 0 ? -exponent : 0;
    int doubled = near_below ? 2 : 1;
    set_integer(&dragon->rest, fraction);
    set_integer(&dragon->whole, 1);
    set_integer(&dragon->below, 1);
    set_integer(&dragon->above, 1);
    multiply_by_power_of_two(&dragon->rest, up + doubled);
    multiply_by_power_of_two(&dragon->whole, down + doubled);
    multiply_by_power_of_two(&dragon->below, up);
    multiply_by_power_of_two(&dragon->above, up + doubled - 1);
    dragon->ends = fraction % 2 == 0;
}

static bool reaches_whole(const bm_dragon *dragon)
{
    bm_integer sum = dragon->rest;
    add(&sum, &dragon->above);
    int order = compare(&sum, &dragon->whole);
    return order > 0 || (order == 0 && dragon->ends);
}

static void ten_times(bm_dragon *dragon)
{
    multiply(&dragon->rest, 10);
    multiply(&dragon->below, 10);
    multiply(&dragon->above, 10);
}

/* Divides by the power of ten that leaves 0.1 to 1, and returns its exponent. */
static int scale_dragon(bm_dragon *dragon, uint64_t fraction, int exponent)
{
    int bits = exponent;
    for (; fraction > 0; fraction >>= 1) {
        bits++;
    }
    /* log10(2) from below: the estimate is right or one too small. */
    int power = (bits - 1) * 30103 / 100000 - (bits - 1 < 0);
    if (power >= 0) {
        multiply_by_power_of_ten(&dragon->whole, power);
    } else {
        multiply_by_power_of_ten(&dragon->rest, -power);
        multiply_by_power_of_ten(&dragon->below, -power);
        multiply_by_power_of_ten(&dragon->above, -power);
    }
    while (reaches_whole(dragon)) {
        multiply(&dragon->whole, 10);
        power++;
    }
    return power;
}

static int take_digits(bm_dragon *dragon, char digits[SHORTEST_DIGITS])
{
    for (int count = 0;;) {
        int digit = 0;
        ten_times(dragon);
        while (compare(&dragon->rest, &dragon->whole) >= 0) {
            subtract(&dragon->rest, &dragon->whole);
            digit++;
        }
        int order = compare(&dragon->rest, &dragon->below);
        bool low = order < 0 || (order == 0 && dragon->ends);
        bool high = reaches_whole(dragon);
        if (low && high) {
            bm_integer twice = dragon->rest;
            multiply(&twice, 2);
            order = compare(&twice, &dragon->whole);
            high = order > 0 || (order == 0 && digit % 2 == 1);
        }
        digits[count++] = (char)('0' + digit + high);
        if (low || high || count == SHORTEST_DIGITS) {
            return count;
        }
    }
}

static int shortest_digits(uint64_t bits, char digits[SHORTEST_DIGITS], int *power)
{
    bm_dragon dragon;
    uint64_t fraction = bits & 0xfffffffffffffU;
    int exponent = (int)(bits >> 52 & 0x7ff);
    bool near_below = fraction == 0 && exponent > 1;
    if (exponent > 0) {
        fraction |= (uint64_t)1 << 52;
    } else {
        exponent = 1;
    }
    exponent -= 1075;
    start_dragon(&dragon, fraction, exponent, near_below);
    *power = scale_dragon(&dragon, fraction, exponent);
    return take_digits(&dragon, digits);
}

static void put_zeros(bm_text *text, int count)
{
    for (; count > 0; count--) {
        bm_put_char(text, '0');
    }
}

/* 0.DIGITS * 10^power, laid out as JavaScript does: plain from 1e-6 up to below 1e21. */
static void put_decimal(bm_text *text, const char *digits, int count, int power)
{
    if (power > 21 || power < -5) {
        bm_put_bytes(text, digits, 1);
        if (count > 1) {
            bm_put_char(text, '.');
            bm_put_bytes(text, digits + 1, (size_t)count - 1);
        }
        bm_put(text, power > 0 ? "e+" : "e");
        bm_put_int(text, power - 1);
    } else if (power <= 0) {
        bm_put(text, "0.");
        put_zeros(text, -power);
        bm_put_bytes(text, digits, (size_t)count);
    } else if (power >= count) {
        bm_put_bytes(text, digits, (size_t)count);
        put_zeros(text, power - count);
    } else {
        bm_put_bytes(text, digits, (size_t)power);
        bm_put_char(text, '.');
        bm_put_bytes(text, digits + power, (size_t)(count - power));
    }
}

void bm_put_number(bm_text *text, double value)
{
    uint64_t bits;
    char digits[SHORTEST_DIGITS];
    int power = 0;
    memcpy(&bits, &value, sizeof bits);
    bool negative = bits >> 63 != 0;
    bits &= INT64_MAX;
    if (bits >= (uint64_t)0x7ff << 52) {
        bm_put(text, "null"); /* what JSON has for them */
        return;
    }
    if (value > -1e15 && value < 1e15 && value == (double)(int64_t)value) {
        bm_put_int(text, (int64_t)value);
        return;
    }
    if (negative) {
        bm_put_char(text, '-');
    }
    int count = shortest_digits(bits, digits, &power);
    put_decimal(text, digits, count, power);
}
