/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L /* uselocale */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/text.h"

/* An allocator that fails at the n-th request and checks what it is told about sizes. */

typedef struct {
    int left; /* requests that still succeed */
    size_t held;
} meter;

static void *metered(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    meter *count = ctx;
    if (ptr != NULL) {
        size_t known;
        ptr = (char *)ptr - 16;
        memcpy(&known, ptr, sizeof known);
        assert_int_equal(known, old_size);
    } else {
        assert_int_equal(old_size, 0);
    }
    if (new_size == 0) {
        count->held -= old_size;
        free(ptr);
        return NULL;
    }
    if (count->left-- <= 0) {
        return NULL;
    }
    char *block = realloc(ptr, new_size + 16);
    assert_non_null(block);
    memcpy(block, &new_size, sizeof new_size);
    count->held += new_size - old_size;
    return block + 16;
}

static void memory_takes_resizes_and_gives_back(void **state)
{
    (void)state;
    meter count = {3, 0};
    bm_memory memory;
    bm_memory_init(&memory, metered, &count);
    char *block = bm_take(&memory, 0);
    assert_non_null(block);
    block = bm_resize(&memory, block, 0, 100);
    assert_non_null(block);
    memset(block, 'x', 100);
    block = bm_resize(&memory, block, 100, 10);
    assert_int_equal(block[9], 'x');
    assert_null(bm_resize(&memory, block, 10, 20));
    assert_null(bm_take(&memory, 1));
    bm_give_back(&memory, block, 10);
    bm_give_back(&memory, NULL, 0);
    assert_int_equal(count.held, 0);
}

static void memory_without_allocator_is_malloc(void **state)
{
    (void)state;
    bm_memory memory;
    bm_memory_init(&memory, NULL, NULL);
    void *block = bm_take(&memory, 8);
    assert_non_null(block);
    block = bm_resize(&memory, block, 8, 16);
    assert_non_null(block);
    bm_give_back(&memory, block, 16);
}

static void arena_gives_zeroed_aligned_blocks(void **state)
{
    (void)state;
    bm_memory memory;
    bm_arena arena;
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&arena, &memory);
    unsigned char *last = NULL;
    for (size_t size = 0; size < 3000; size = size * 3 / 2 + 1) {
        unsigned char *block = bm_arena_take(&arena, size);
        assert_non_null(block);
        assert_ptr_not_equal(block, last);
        assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(block[i], 0);
        }
        memset(block, 0xa5, size);
        last = block;
    }
    unsigned char *large = bm_arena_take(&arena, 3000000);
    assert_non_null(large);
    assert_int_equal(large[2999999], 0);
    assert_true(arena.used >= 3000000);
    assert_string_equal(bm_arena_text(&arena, "lesion and more", 6), "lesion");
    assert_string_equal(bm_arena_text(&arena, NULL, 0), "");
    bm_arena_free(&arena);
    assert_int_equal(arena.used, 0);
    bm_arena_free(&arena);
}

static void arena_refuses_sizes_that_overflow(void **state)
{
    (void)state;
    bm_memory memory;
    bm_arena arena;
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&arena, &memory);
    assert_null(bm_arena_array(&arena, SIZE_MAX / 8 + 1, 8));
    assert_null(bm_arena_take(&arena, SIZE_MAX));
    assert_null(bm_arena_take(&arena, SIZE_MAX - 20));
    assert_null(bm_arena_text(&arena, "x", SIZE_MAX));
    size_t capacity = SIZE_MAX;
    assert_null(bm_arena_grow(&arena, NULL, SIZE_MAX, &capacity, 1));
    assert_non_null(bm_arena_array(&arena, 0, 8));
    bm_arena_free(&arena);
}

static void arena_grows_arrays(void **state)
{
    (void)state;
    bm_memory memory;
    bm_arena arena;
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&arena, &memory);
    int *numbers = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 5000; i++) {
        numbers = bm_arena_grow(&arena, numbers, (size_t)i, &capacity, sizeof *numbers);
        assert_non_null(numbers);
        assert_true(capacity > (size_t)i);
        assert_int_equal(numbers[i], 0);
        numbers[i] = i;
    }
    for (int i = 0; i < 5000; i++) {
        assert_int_equal(numbers[i], i);
    }
    bm_arena_free(&arena);
}

static bool fill_table(bm_arena *arena, int count)
{
    bm_names names;
    bm_names_init(&names, arena);
    for (int i = 0; i < count; i++) {
        char *name = bm_arena_take(arena, 24);
        if (name == NULL) {
            return false;
        }
        snprintf(name, 24, "fact_%d", i);
        if (!bm_names_add(&names, name, i)) {
            return false;
        }
    }
    return bm_names_find(&names, "fact_0") == 0;
}

static void lack_of_memory_is_survived_at_every_call(void **state)
{
    (void)state;
    bool done = false;
    int fails = 0;
    for (; !done; fails++) {
        meter count = {fails, 0};
        bm_memory memory;
        bm_arena arena;
        bm_memory_init(&memory, metered, &count);
        bm_arena_init(&arena, &memory);
        done = fill_table(&arena, 2000);
        bm_arena_free(&arena);
        assert_int_equal(count.held, 0);
        assert_true(fails < 100);
    }
    assert_true(fails > 5);
}

static void old_array_survives_failed_growth(void **state)
{
    (void)state;
    meter count = {1, 0};
    bm_memory memory;
    bm_arena arena;
    bm_memory_init(&memory, metered, &count);
    bm_arena_init(&arena, &memory);
    size_t capacity = 0;
    char *array = bm_arena_grow(&arena, NULL, 0, &capacity, 400);
    assert_non_null(array);
    assert_int_equal(capacity, 8);
    array[3199] = 'x';
    assert_null(bm_arena_grow(&arena, array, 8, &capacity, 400));
    assert_int_equal(capacity, 8);
    assert_int_equal(array[3199], 'x');
    bm_arena_free(&arena);
}

/* Text. */

static const char *shown(const char *format, ...)
{
    static char buffer[2048];
    bm_text text;
    va_list arguments;
    bm_text_init(&text, buffer, sizeof buffer);
    va_start(arguments, format);
    bm_put_format_list(&text, format, arguments);
    va_end(arguments);
    assert_int_equal(text.length, strlen(buffer));
    return buffer;
}

static void text_counts_what_does_not_fit(void **state)
{
    (void)state;
    char buffer[6] = "#####";
    bm_text text;
    bm_text_init(&text, buffer, 0);
    bm_put(&text, "spinal");
    assert_int_equal(text.length, 6);
    assert_int_equal(buffer[0], '#');
    bm_text_init(&text, buffer, 5);
    bm_put(&text, "spi");
    bm_put(&text, NULL);
    bm_put_bytes(&text, "nal", 3);
    bm_put_char(&text, '!');
    assert_string_equal(buffer, "spin");
    assert_int_equal(text.length, 7);
    assert_int_equal(buffer[5], '\0');
    bm_text_init(&text, buffer, 1);
    bm_put(&text, "x");
    assert_string_equal(buffer, "");
    bm_text_init(&text, NULL, 0);
    bm_put_number(&text, 14.25);
    assert_int_equal(text.length, 5);
}

static void format_knows_its_letters(void **state)
{
    (void)state;
    assert_string_equal(shown("%s: %d of %n %%", "items", -3, 7.5), "items: -3 of 7.5 %");
    assert_string_equal(shown("%s|%q", NULL, NULL), "|''");
    assert_string_equal(shown("%d %d", INT32_MIN, INT32_MAX), "-2147483648 2147483647");
    assert_string_equal(shown("100%"), "100%");
    assert_string_equal(shown("%q", "a\tb\n\x1b[0m\x7f"), "'a\\tb\\n\\x1b[0m\\x7f'");
    assert_string_equal(shown("%q", "Z\xc3\xbcrich \xff \xc2\x9b"),
                        "'Z\xc3\xbcrich \\xff \\xc2\\x9b'");
    assert_string_equal(shown("%q", "\xe2\x80\xae\xe2\x80\xa6\xe2\x81\xa6\xe2\x81\xaa"),
                        "'\\xe2\\x80\\xae\xe2\x80\xa6\\xe2\\x81\\xa6\xe2\x81\xaa'");
}

static void quoted_text_is_shortened_between_characters(void **state)
{
    (void)state;
    char long_text[200] = "";
    for (int i = 0; i < 59; i++) {
        long_text[i] = 'x';
    }
    strcat(long_text, "\xc3\xbc and so on");
    const char *quoted = shown("%q", long_text);
    assert_int_equal(strlen(quoted), 1 + 59 + 3 + 1);
    assert_string_equal(quoted + 60, "\xe2\x80\xa6'");
    long_text[59] = 'y';
    long_text[60] = '\0';
    assert_int_equal(strlen(shown("%q", long_text)), 62);
}

static void integers_reach_their_ends(void **state)
{
    (void)state;
    char buffer[32];
    bm_text text;
    bm_text_init(&text, buffer, sizeof buffer);
    bm_put_int(&text, INT64_MIN);
    assert_string_equal(buffer, "-9223372036854775808");
    bm_text_init(&text, buffer, sizeof buffer);
    bm_put_int(&text, 0);
    assert_string_equal(buffer, "0");
}

static const char *json(const char *string)
{
    static char buffer[256];
    bm_text text;
    bm_text_init(&text, buffer, sizeof buffer);
    bm_put_json(&text, string);
    return buffer;
}

static void json_strings_are_escaped(void **state)
{
    (void)state;
    assert_string_equal(json("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
    assert_string_equal(json("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
    assert_string_equal(json("\x01\x0b\x1f\x7f"), "\"\\u0001\\u000b\\u001f\x7f\"");
    assert_string_equal(json("\xc3\xa9\xf0\x9f\xa6\xb4"), "\"\xc3\xa9\xf0\x9f\xa6\xb4\"");
    assert_string_equal(json("a\xff\xc3"), "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
    assert_string_equal(json(NULL), "\"\"");
}

static void utf8_is_checked_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t valid;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"\xc3\xa9", 2},
        {"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 12},
        {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8},
        {"a\xc0\x80", 1}, /* overlong */
        {"a\xc1\xbf", 1},
        {"a\xe0\x9f\xbf", 1},
        {"a\xf0\x8f\xbf\xbf", 1},
        {"a\xed\xa0\x80", 1},     /* surrogate */
        {"a\xf4\x90\x80\x80", 1}, /* beyond U+10FFFF */
        {"a\xf5\x80\x80\x80", 1},
        {"a\x80", 1},
        {"ab\xe2\x82", 2}, /* cut short */
        {"ab\xe2\x82x", 2},
        {"ab\xf0\x90\x80", 2},
        {"ab\xc3", 2},
        {"\xff", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(bm_utf8_valid(cases[i].bytes, strlen(cases[i].bytes)), cases[i].valid);
    }
    assert_int_equal(bm_utf8_valid("a\0b", 3), 3);
}

/* Numbers. The oracle is the C library in the "C" locale; what is tested runs in whatever locale
 * the program was started in, for example one with a decimal comma. */

static locale_t plain_locale;

static int make_plain_locale(void **state)
{
    (void)state;
    plain_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return plain_locale == (locale_t)0;
}

static int free_plain_locale(void **state)
{
    (void)state;
    freelocale(plain_locale);
    return 0;
}

static double oracle_read(const char *text)
{
    locale_t before = uselocale(plain_locale);
    double value = strtod(text, NULL);
    uselocale(before);
    return value;
}

static double oracle_rounded(double value, int precision, char text[64])
{
    locale_t before = uselocale(plain_locale);
    snprintf(text, 64, "%.*g", precision, value);
    double rounded = strtod(text, NULL);
    uselocale(before);
    return rounded;
}

static const char *written(double value)
{
    static char buffer[64];
    bm_text text;
    bm_text_init(&text, buffer, sizeof buffer);
    bm_put_number(&text, value);
    return buffer;
}

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void numbers_are_written_shortest(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {14.4, "14.4"},
        {-14.4, "-14.4"},
        {26.666666666666668, "26.666666666666668"},
        {0.1 + 0.2, "0.30000000000000004"},
        {5e-324, "5e-324"},
        {2.2250738585072009e-308, "2.225073858507201e-308"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {9007199254740991, "9007199254740991"},
        {9007199254740992, "9007199254740992"},
        {9007199254740994, "9007199254740994"},
        {999999999999999, "999999999999999"},
        {1000000000000000, "1000000000000000"},
        {1e20, "100000000000000000000"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e21, "1e+21"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {9.5e-7, "9.5e-7"},
        {1e-6, "0.000001"},
        {0.00123, "0.00123"},
        {5.684341886080802e-14, "5.684341886080802e-14"}, /* 2^-44: unequal neighbours */
        {9.007199254740993e15, "9007199254740992"},
        {4.35, "4.35"},
        {0.5, "0.5"},
        {72057594037927936.0, "72057594037927940"}, /* 2^56 */
        {72057594037927952.0, "72057594037927950"},
        {1125899906842624.25, "1125899906842624.2"}, /* ties go to the even digit */
        {1125899906842624.75, "1125899906842624.8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(written(cases[i].value), cases[i].text);
    }
    assert_string_equal(written(from_bits(0x7ff0000000000000)), "null");
    assert_string_equal(written(from_bits(0xfff0000000000000)), "null");
    assert_string_equal(written(from_bits(0x7ff8000000000001)), "null");
}

static int significant_digits(const char *text)
{
    int digits = 0, zeros = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text == '0') {
            zeros += digits > 0;
        } else if (*text >= '1' && *text <= '9') {
            digits += zeros + 1;
            zeros = 0;
        }
    }
    return digits;
}

static void check_round_trip(double value)
{
    char plain[64];
    const char *text = written(value);
    if (oracle_read(text) != value) {
        fail_msg("%a was written as %s", value, text);
    }
    int precision = 1;
    while (oracle_rounded(value, precision, plain) != value && precision < 17) {
        precision++;
    }
    if (significant_digits(text) > precision) {
        fail_msg("%s was written as %s", plain, text);
    }
}

/* xorshift64*: the same patterns in every run. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717U;
}

static void random_bit_patterns_round_trip(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252U;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = next_random(&seed);
        if ((bits >> 52 & 0x7ff) != 0x7ff) {
            check_round_trip(from_bits(bits));
        }
    }
}

static void powers_of_two_and_neighbours_round_trip(void **state)
{
    (void)state;
    for (uint64_t exponent = 0; exponent < 0x7ff; exponent++) {
        uint64_t bits = exponent << 52;
        check_round_trip(from_bits(bits + 1));
        if (bits > 0) {
            check_round_trip(from_bits(bits));
            check_round_trip(from_bits(bits - 1));
        }
    }
    for (int shift = 0; shift < 52; shift++) {
        check_round_trip(from_bits((uint64_t)1 << shift)); /* denormal */
    }
}

static void numbers_are_read_exactly(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "0",
        "-0",
        "0.000",
        "7",
        "-7",
        "14.4",
        "-0.5",
        "999999999999999",
        "0.999999999999999",
        "0.00000123456789012345",
        "0.0000001",
        "0.0000000000000000000001",
        "100000000000000000000",
        "12345678901234500000",
        "1.50000000000000000000000000000000",
        "0.100000000000000000000000000000",
        "10000000000000000000000",
        "8.41",
        "4.35",
        "0.011",
        "9007199254740.99",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 99;
        const char *wrong = bm_read_number(cases[i], strlen(cases[i]), &value);
        if (wrong != NULL || value != oracle_read(cases[i])) {
            fail_msg("%s: %s", cases[i], wrong != NULL ? wrong : written(value));
        }
    }
    double value = 99;
    assert_null(bm_read_number("-0.0", 4, &value));
    assert_string_equal(written(1 / value), "null"); /* not -0, of which 1/x is -inf */
    assert_true(1 / value > 0);
    assert_null(bm_read_number("12 h", 2, &value));
    assert_true(value == 12);
}

static void random_decimals_are_read_exactly(void **state)
{
    (void)state;
    uint64_t seed = 1181783497276652981U;
    for (int i = 0; i < 100000; i++) {
        char text[64];
        uint64_t bits = next_random(&seed);
        uint64_t integer = next_random(&seed) % 1000000000000000U >> bits % 50;
        int decimals = (int)(bits >> 32 & 15);
        snprintf(text, sizeof text, "%s%016llu", bits >> 63 ? "-" : "",
                 (unsigned long long)integer);
        size_t length = strlen(text), point = length - (size_t)decimals;
        memmove(text + point + 1, text + point, (size_t)decimals + 1);
        text[point] = decimals > 0 ? '.' : '\0';
        size_t sign = text[0] == '-', first = sign;
        while (text[first] == '0' && text[first + 1] >= '0' && text[first + 1] <= '9') {
            first++;
        }
        memmove(text + sign, text + first, strlen(text + first) + 1);
        double value = 99;
        const char *wrong = bm_read_number(text, strlen(text), &value);
        if (wrong != NULL || value != oracle_read(text)) {
            fail_msg("%s: %s", text, wrong != NULL ? wrong : written(value));
        }
    }
}

static void wrong_numbers_are_explained(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "nothing"},
        {"-", "nothing"},
        {"14,4", "decimal comma"},
        {",5", "decimal comma"},
        {"1,000", "decimals or thousands"},
        {"1,000.5", "between thousands"},
        {"1,000,000", "between thousands"},
        {"1.000,5", "decimal comma"},
        {"1.000.000", "second point"},
        {"1'000", "separator"},
        {"1_000", "separator"},
        {"1 000", "blank within"},
        {" 1", "blank before"},
        {"1 ", "blank after"},
        {"+1", "plus"},
        {"1e5", "exponent"},
        {"1E-5", "exponent"},
        {"1.5e+3", "exponent"},
        {"inf", "no finite"},
        {"-Infinity", "no finite"},
        {"NaN", "no finite"},
        {".5", "before the point"},
        {"-.5", "before the point"},
        {"5.", "after the point"},
        {".", "not a number"},
        {".inf", "not a number"},
        {"0x10", "hexadecimal"},
        {"010", "zero in front"},
        {"00", "zero in front"},
        {"-01.5", "zero in front"},
        {"--1", "not a number"},
        {"1-2", "minus sign within"},
        {"\xe2\x88\x92"
         "5",
         "typographic minus"},
        {"50%", "percent"},
        {"24h", "more than a number"},
        {"24 h", "more than a number"},
        {"1:30", "more than a number"},
        {"1/2", "more than a number"},
        {"4em", "more than a number"},
        {"abc", "not a number"},
        {"\xd9\xa1", "not a number"}, /* a digit, but not ASCII */
        {"1234567890123456", "15 digits"},
        {"0.1234567890123456", "15 digits"},
        {"100000000000000000000000", "too large"},
        {"0.00000000000000000000001", "22 decimals"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 99;
        const char *wrong = bm_read_number(cases[i].text, strlen(cases[i].text), &value);
        if (wrong == NULL || strstr(wrong, cases[i].part) == NULL || value != 0) {
            fail_msg("'%s': %s", cases[i].text, wrong != NULL ? wrong : "accepted");
        }
    }
    double value;
    assert_non_null(bm_read_number("1\0", 2, &value));
}

/* Names. */

static void names_are_found(void **state)
{
    (void)state;
    bm_memory memory;
    bm_arena arena;
    bm_names names;
    char buffer[500][24];
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&arena, &memory);
    bm_names_init(&names, &arena);
    assert_int_equal(bm_names_find(&names, "nothing"), -1);
    for (int i = 0; i < 500; i++) {
        snprintf(buffer[i], sizeof buffer[i], "name_%d", i);
        assert_true(bm_names_add(&names, buffer[i], i));
    }
    assert_int_equal(names.count, 500);
    for (int i = 0; i < 500; i++) {
        assert_int_equal(bm_names_find(&names, buffer[i]), i);
    }
    assert_int_equal(bm_names_find(&names, "name_500"), -1);
    assert_int_equal(bm_names_find(&names, ""), -1);
    assert_int_equal(bm_names_find_bytes(&names, "name_12345", 7), 12);
    assert_int_equal(bm_names_find_bytes(&names, "name_1\0", 7), -1);
    assert_true(bm_names_add(&names, "name_7", 99));
    assert_int_equal(bm_names_find(&names, "name_7"), 7);
    assert_int_equal(names.count, 500);
    bm_arena_free(&arena);
}

static void edit_distance_counts_slips(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int limit, distance;
    } cases[] = {
        {"", "", 3, 0},
        {"", "abc", 3, 3},
        {"abc", "", 2, 3},
        {"kitten", "sitting", 5, 3},
        {"pain", "pian", 2, 1},
        {"pain", "pain", 0, 0},
        {"pain", "pains", 0, 1},
        {"ca", "abc", 9, 3},
        {"abcdef", "badcfe", 5, 3},
        {"abcdef", "uvwxyz", 2, 3},
        {"abcdef", "uvwxyz", 6, 6},
        {"ab", "ba", 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(bm_edit_distance(cases[i].a, cases[i].b, cases[i].limit),
                         cases[i].distance);
        assert_int_equal(bm_edit_distance(cases[i].b, cases[i].a, cases[i].limit),
                         cases[i].distance);
    }
    char long_name[101];
    memset(long_name, 'x', 100);
    long_name[100] = '\0';
    assert_int_equal(bm_edit_distance(long_name, long_name, 2), 0);
    assert_int_equal(bm_edit_distance(long_name, long_name + 1, 2), 3);
}

static void nearest_name_is_suggested(void **state)
{
    (void)state;
    static const char *const known[] = {"creatinine", "calcium", "age",    "ecog",
                                        "pain",       "paid",    "lesion", "level"};
    bm_memory memory;
    bm_arena arena;
    bm_names names;
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&arena, &memory);
    bm_names_init(&names, &arena);
    assert_null(bm_names_nearest(&names, "age"));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_true(bm_names_add(&names, known[i], (int32_t)i));
    }
    assert_string_equal(bm_names_nearest(&names, "creatinin"), "creatinine");
    assert_string_equal(bm_names_nearest(&names, "craetinine"), "creatinine");
    assert_string_equal(bm_names_nearest(&names, "kreatinin"), "creatinine");
    assert_string_equal(bm_names_nearest(&names, "ECOG"), "ecog");
    assert_string_equal(bm_names_nearest(&names, "Lesions"), "lesion");
    assert_string_equal(bm_names_nearest(&names, "paix"), "paid"); /* first of two */
    assert_null(bm_names_nearest(&names, "weight"));
    assert_null(bm_names_nearest(&names, "xyz"));
    assert_null(bm_names_nearest(&names, ""));
    bm_arena_free(&arena);
}

/* SHA-256: the examples of FIPS 180-4 and the vectors that NIST publishes with it. */

static const char *digest_of(const char *bytes, size_t length, size_t piece, size_t times)
{
    static char digits[65];
    uint8_t out[32];
    bm_digest digest;
    bm_digest_start(&digest);
    for (; times > 0; times--) {
        for (size_t at = 0; at < length; at += piece) {
            bm_digest_add(&digest, bytes + at, length - at < piece ? length - at : piece);
        }
    }
    bm_digest_finish(&digest, out);
    bm_digest_hex(out, digits);
    return digits;
}

static void digest_agrees_with_published_vectors(void **state)
{
    (void)state;
    static const char two[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    static const char four[] = "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                               "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
    char many[1000];
    memset(many, 'a', sizeof many);
    assert_string_equal(digest_of("", 0, 1, 1),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(digest_of("abc", 3, 3, 1),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    for (size_t piece = 1; piece <= 64; piece++) {
        assert_string_equal(digest_of(two, 56, piece, 1),
                            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        assert_string_equal(digest_of(four, 112, piece, 1),
                            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    }
    assert_string_equal(digest_of(many, sizeof many, 77, 1000),
                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* The error block. */

static void errors_are_kept_with_their_places(void **state)
{
    (void)state;
    bonemets_error *err = bonemets_error_new();
    bm_place place = {"sins.yaml", 12, 7, "scores.sins.items"};
    assert_non_null(err);
    assert_int_equal(bonemets_error_count(err), 0);
    assert_int_equal(bm_fail(err, BONEMETS_E_RULE, &place, "gap after %d", 6), BONEMETS_E_RULE);
    assert_int_equal(bm_report(err, BONEMETS_SEVERITY_WARNING, BONEMETS_OK, NULL, "unused %q", "x"),
                     BONEMETS_OK);
    assert_int_equal(bonemets_error_count(err), 2);
    assert_string_equal(bonemets_error_str(err, 0, BONEMETS_F_MESSAGE), "gap after 6");
    assert_string_equal(bonemets_error_str(err, 0, BONEMETS_F_FILE), "sins.yaml");
    assert_string_equal(bonemets_error_str(err, 0, BONEMETS_F_PATH), "scores.sins.items");
    assert_int_equal(bonemets_error_int(err, 0, BONEMETS_F_LINE), 12);
    assert_int_equal(bonemets_error_int(err, 0, BONEMETS_F_COLUMN), 7);
    assert_int_equal(bonemets_error_int(err, 0, BONEMETS_F_STATUS), BONEMETS_E_RULE);
    assert_int_equal(bonemets_error_int(err, 0, BONEMETS_F_SEVERITY), BONEMETS_SEVERITY_ERROR);
    assert_string_equal(bonemets_error_str(err, 1, BONEMETS_F_MESSAGE), "unused 'x'");
    assert_null(bonemets_error_str(err, 1, BONEMETS_F_FILE));
    assert_null(bonemets_error_str(err, 1, BONEMETS_F_PATH));
    assert_int_equal(bonemets_error_int(err, 1, BONEMETS_F_LINE), -1);
    assert_int_equal(bonemets_error_int(err, 1, BONEMETS_F_COLUMN), -1);
    assert_int_equal(bonemets_error_int(err, 1, BONEMETS_F_STATUS), BONEMETS_OK);
    assert_null(bonemets_error_str(err, 2, BONEMETS_F_MESSAGE));
    assert_null(bonemets_error_str(err, -1, BONEMETS_F_MESSAGE));
    assert_null(bonemets_error_str(err, 0, BONEMETS_F_DIGEST));
    assert_int_equal(bonemets_error_int(err, 2, BONEMETS_F_LINE), -1);
    assert_int_equal(bonemets_error_int(err, 0, BONEMETS_F_LOW), -1);
    bonemets_error_clear(err);
    assert_int_equal(bonemets_error_count(err), 0);
    assert_null(bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    bonemets_error_free(err);
}

static void errors_may_go_nowhere(void **state)
{
    (void)state;
    assert_int_equal(bm_fail(NULL, BONEMETS_E_UNIT, NULL, "x"), BONEMETS_E_UNIT);
    assert_int_equal(bonemets_error_count(NULL), 0);
    assert_null(bonemets_error_str(NULL, 0, BONEMETS_F_MESSAGE));
    assert_int_equal(bonemets_error_int(NULL, 0, BONEMETS_F_LINE), -1);
    bonemets_error_clear(NULL);
    bonemets_error_free(NULL);
}

static void full_block_says_how_many_were_left_out(void **state)
{
    (void)state;
    bonemets_error *err = bonemets_error_new();
    for (int i = 0; i < 40; i++) {
        bm_report(err, BONEMETS_SEVERITY_WARNING, BONEMETS_OK, NULL, "number %d", i);
    }
    assert_int_equal(bonemets_error_count(err), 40);
    const char *first = bonemets_error_str(err, 0, BONEMETS_F_MESSAGE);
    bm_report(err, BONEMETS_SEVERITY_WARNING, BONEMETS_OK, NULL, "one too many");
    assert_int_equal(bonemets_error_count(err), 41);
    assert_int_equal(bonemets_error_int(err, 40, BONEMETS_F_SEVERITY), BONEMETS_SEVERITY_WARNING);
    for (int i = 40; i < 63; i++) { /* an error has room all the same */
        bm_fail(err, BONEMETS_E_RULE, NULL, "number %d", i);
        bm_report(err, BONEMETS_SEVERITY_NOTE, BONEMETS_OK, NULL, "a note");
    }
    for (int i = 0; i < 1000; i++) {
        bm_fail(err, BONEMETS_E_RULE, NULL, "far too many");
    }
    assert_int_equal(bonemets_error_count(err), 64);
    assert_string_equal(first, "number 0");
    assert_string_equal(bonemets_error_str(err, 62, BONEMETS_F_MESSAGE), "number 62");
    const char *rest = bonemets_error_str(err, 63, BONEMETS_F_MESSAGE);
    assert_non_null(strstr(rest, "1024 more"));
    assert_int_equal(bonemets_error_int(err, 63, BONEMETS_F_SEVERITY), BONEMETS_SEVERITY_ERROR);
    assert_int_equal(bonemets_error_int(err, 63, BONEMETS_F_STATUS), BONEMETS_E_RULE);
    assert_null(bonemets_error_str(err, 63, BONEMETS_F_FILE));
    bonemets_error_clear(err);
    bm_fail(err, BONEMETS_E_RULE, NULL, "again");
    assert_int_equal(bonemets_error_count(err), 1);
    bonemets_error_free(err);
}

static void long_texts_fill_the_block_without_harm(void **state)
{
    (void)state;
    char long_text[5000];
    bonemets_error *err = bonemets_error_new();
    for (size_t i = 0; i + 2 < sizeof long_text; i += 2) {
        memcpy(long_text + i, "\xc3\xbc", 3);
    }
    long_text[0] = 'x'; /* so that the cut falls within a character */
    long_text[1] = 'y';
    memmove(long_text + 1, long_text + 2, sizeof long_text - 4);
    bm_place place = {long_text, 1, 1, long_text};
    for (int i = 0; i < 63; i++) {
        bm_fail(err, BONEMETS_E_RULE, &place, "%s", long_text);
    }
    int32_t count = bonemets_error_count(err);
    assert_in_range(count, 20, 30);
    const char *message = bonemets_error_str(err, 0, BONEMETS_F_MESSAGE);
    assert_int_equal(bm_utf8_valid(message, strlen(message)), strlen(message));
    assert_int_equal(strlen(message), 999);
    assert_ptr_equal(bonemets_error_str(err, 0, BONEMETS_F_FILE),
                     bonemets_error_str(err, count - 2, BONEMETS_F_FILE));
    assert_null(bonemets_error_str(err, count - 1, BONEMETS_F_FILE));
    bonemets_error_free(err);
}

static void library_knows_itself(void **state)
{
    (void)state;
    assert_int_equal(bonemets_version(), 1000000);
    assert_int_equal(bonemets_has("embedded"), 1);
    assert_int_equal(bonemets_has("json"), 1);
    assert_int_equal(bonemets_has("text"), 1);
    assert_int_equal(bonemets_has("jso"), 0);
    assert_int_equal(bonemets_has(""), 0);
    assert_int_equal(bonemets_has(NULL), 0);
    for (bonemets_status i = BONEMETS_OK; i <= BONEMETS_E_SPACE; i++) {
        assert_true(strlen(bonemets_status_name(i)) > 1);
        for (bonemets_status j = BONEMETS_OK; j < i; j++) {
            assert_string_not_equal(bonemets_status_name(i), bonemets_status_name(j));
        }
    }
    assert_string_equal(bonemets_status_name(BONEMETS_OK), "ok");
    assert_string_equal(bonemets_status_name(-1), bonemets_status_name(BONEMETS_E_OTHER));
    assert_string_equal(bonemets_status_name(999), bonemets_status_name(BONEMETS_E_OTHER));
}

/* Goes from day to day by the rules that everybody knows, and counts. */
typedef struct {
    int year, month, day;
} calendar;

static int days_in(const calendar *at)
{
    if (at->month == 2)
        return at->year % 400 == 0 || (at->year % 4 == 0 && at->year % 100 != 0) ? 29 : 28;
    return at->month == 4 || at->month == 6 || at->month == 9 || at->month == 11 ? 30 : 31;
}

static void next_day(calendar *at)
{
    if (at->day++ < days_in(at))
        return;
    at->day = 1;
    if (at->month++ < 12)
        return;
    at->month = 1;
    at->year++;
}

static void instants_follow_the_calendar(void **state)
{
    (void)state;
    calendar at = {1, 1, 1};
    for (double day = -719162; at.year < 2501; day++, next_day(&at)) {
        char text[64], again[32];
        double from, to;
        int second = (int)((long long)((day + 719162) * 7919) % 86400);
        snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", at.year, at.month, at.day,
                 second / 3600, second / 60 % 60, second % 60);
        assert_null(bm_read_instant(text, 19, &from, &to));
        assert_true(from >= day * 86400 + second && from <= day * 86400 + second);
        assert_true(to <= from && to >= from);
        assert_int_equal(bonemets_instant_write(from, again, sizeof again, NULL), BONEMETS_OK);
        assert_string_equal(again, second % 60 ? text : (text[16] = '\0', text));
        assert_null(bm_read_instant(text, 10, &from, &to));
        assert_true(from <= day * 86400 && from >= day * 86400 && to - from <= 86400 &&
                    to - from >= 86400);
    }
}

static void wrong_instants_are_explained(void **state)
{
    static const struct {
        const char *text, *problem;
    } cases[] = {{"2026-02-29", "there is no such day in that month"},
                 {"1900-02-29T08:00", "there is no such day in that month"},
                 {"2026-04-31", "there is no such day in that month"},
                 {"2026-00-10", "there is no such month"},
                 {"2026-13-10", "there is no such month"},
                 {"2026-11-00", "there is no such day in that month"},
                 {"0000-01-01", "there is no year 0000"},
                 {"2026-11-21T24:00", "the day ends at 23:59; midnight is 00:00 of the next one"},
                 {"2026-11-21T25:00", "there is no such time of day"},
                 {"2026-11-21T08:60", "there is no such time of day"},
                 {"2026-11-21T08:00:60", "there is no such time of day"},
                 {"2026-11-21 08:00", "between date and time stands a T"},
                 {"2026-11-21t08:00", "between date and time stands a T"},
                 {"2026-11-21T08:00Z", "it names a time zone"},
                 {"2026-11-21T08:00+01:00", "it names a time zone"},
                 {"2026-11-21T08:00:00-05:00", "it names a time zone"},
                 {"2026-11-21T08:00:00.5", "parts of a second are not taken"},
                 {"2026-11-21T08:00:0", "something stands behind the minutes"},
                 {"2026-11-21T08:00 ", "something stands behind the minutes"},
                 {"2026-11-21T8:00", "expected date and time such as"},
                 {"2026-11-21T08", "expected date and time such as"},
                 {"26-11-21", "expected date and time such as"},
                 {"21.11.2026", "expected date and time such as"},
                 {"20261121T0800", "expected date and time such as"},
                 {"-2026-11-21", "expected date and time such as"},
                 {"", "expected date and time such as"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double from, to;
        const char *problem = bm_read_instant(cases[i].text, strlen(cases[i].text), &from, &to);
        if (problem == NULL || strstr(problem, cases[i].problem) == NULL)
            fail_msg("%s: %s", cases[i].text, problem ? problem : "was read");
    }
}

static void instants_are_written(void **state)
{
    char text[20];
    size_t needed = 99;
    (void)state;
    assert_int_equal(bonemets_instant_write(0, text, 17, &needed), BONEMETS_OK);
    assert_string_equal(text, "1970-01-01T00:00");
    assert_int_equal(needed, 17);
    assert_int_equal(bonemets_instant_write(0, text, 16, &needed), BONEMETS_E_SPACE);
    assert_int_equal(needed, 17);
    assert_int_equal(bonemets_instant_write(1, NULL, 0, &needed), BONEMETS_E_SPACE);
    assert_int_equal(needed, 20);
    assert_int_equal(bonemets_instant_write(0, NULL, 5, &needed), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_instant_write(NAN, text, sizeof text, &needed), BONEMETS_E_RANGE);
    assert_int_equal(needed, 0);
    assert_int_equal(bonemets_instant_write(1e300, text, sizeof text, NULL), BONEMETS_E_RANGE);
    assert_int_equal(bonemets_instant_write(-62135596801, text, sizeof text, NULL),
                     BONEMETS_E_RANGE);
    assert_int_equal(bonemets_instant_write(253402300799, text, sizeof text, NULL), BONEMETS_OK);
    assert_string_equal(text, "9999-12-31T23:59:59");
    assert_int_equal(bonemets_instant_write(59.6, text, sizeof text, NULL), BONEMETS_OK);
    assert_string_equal(text, "1970-01-01T00:01");
    assert_int_equal(bonemets_instant_write(-0.4, text, sizeof text, NULL), BONEMETS_OK);
    assert_string_equal(text, "1970-01-01T00:00");
    assert_int_equal(bonemets_instant_write(-1, text, sizeof text, NULL), BONEMETS_OK);
    assert_string_equal(text, "1969-12-31T23:59:59");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_takes_resizes_and_gives_back),
        cmocka_unit_test(memory_without_allocator_is_malloc),
        cmocka_unit_test(arena_gives_zeroed_aligned_blocks),
        cmocka_unit_test(arena_refuses_sizes_that_overflow),
        cmocka_unit_test(arena_grows_arrays),
        cmocka_unit_test(lack_of_memory_is_survived_at_every_call),
        cmocka_unit_test(old_array_survives_failed_growth),
        cmocka_unit_test(text_counts_what_does_not_fit),
        cmocka_unit_test(format_knows_its_letters),
        cmocka_unit_test(quoted_text_is_shortened_between_characters),
        cmocka_unit_test(integers_reach_their_ends),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(utf8_is_checked_strictly),
        cmocka_unit_test(numbers_are_written_shortest),
        cmocka_unit_test(random_bit_patterns_round_trip),
        cmocka_unit_test(powers_of_two_and_neighbours_round_trip),
        cmocka_unit_test(numbers_are_read_exactly),
        cmocka_unit_test(random_decimals_are_read_exactly),
        cmocka_unit_test(wrong_numbers_are_explained),
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(edit_distance_counts_slips),
        cmocka_unit_test(nearest_name_is_suggested),
        cmocka_unit_test(digest_agrees_with_published_vectors),
        cmocka_unit_test(errors_are_kept_with_their_places),
        cmocka_unit_test(errors_may_go_nowhere),
        cmocka_unit_test(full_block_says_how_many_were_left_out),
        cmocka_unit_test(long_texts_fill_the_block_without_harm),
        cmocka_unit_test(instants_follow_the_calendar),
        cmocka_unit_test(wrong_instants_are_explained),
        cmocka_unit_test(instants_are_written),
        cmocka_unit_test(library_knows_itself),
    };
    return cmocka_run_group_tests(tests, make_plain_locale, free_plain_locale);
}
