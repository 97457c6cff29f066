/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of dates and decimals: what a cell becomes, and what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "batch/batch.h"

enum { ROWS = 4, WORDS = 8 };

static bonemets_guidelines *set;
static bonemets_error *err;

static int open_set(void **state)
{
    bonemets_loader *loader;
    (void)state;
    err = bonemets_error_new();
    if (!err || bonemets_loader_new(NULL, NULL, &loader) ||
        bonemets_loader_add_embedded(loader, NULL, err) || bonemets_loader_build(loader, &set, err))
        return -1;
    bonemets_loader_free(loader);
    return 0;
}

static int close_set(void **state)
{
    (void)state;
    bonemets_guidelines_unref(set);
    bonemets_error_free(err);
    return 0;
}

static uint64_t seed = 20261122;

static uint32_t random_word(void)
{
    uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

/* ---- one decimal ---- */

/* The digits of an integer, by dividing it by ten again and again. */
static const char *digits_of(const uint32_t *word, int count)
{
    static char digits[100];
    uint32_t left[WORDS] = {0};
    char *at = digits + sizeof digits - 1;
    bool any = true;
    memcpy(left, word, (size_t)count * sizeof *left);
    while (any) {
        uint64_t rest = 0;
        any = false;
        for (int i = count - 1; i >= 0; i--) {
            rest = rest << 32 | left[i];
            left[i] = (uint32_t)(rest / 10);
            any |= left[i] != 0;
            rest %= 10;
        }
        *--at = (char)('0' + (int)rest);
    }
    return at;
}

/* The same words with the other sign. */
static void negate(uint32_t *word, int count)
{
    uint64_t carry = 1;
    for (int i = 0; i < count; i++) {
        carry += ~word[i];
        word[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* strtod() of the C library rounds correctly; there is no point in the text that a locale minds. */
static void same_as_text(uint32_t *word, int count, int scale)
{
    char text[140];
    snprintf(text, sizeof text, "%se%d", digits_of(word, count), -scale);
    double wanted = strtod(text, NULL);
    double found = bm_decimal_number(word, count * 4, scale);
    if (memcmp(&found, &wanted, sizeof found) != 0)
        fail_msg("%s: %.17g, not %.17g", text, found, wanted);
    negate(word, count);
    found = -bm_decimal_number(word, count * 4, scale);
    if (memcmp(&found, &wanted, sizeof found) != 0 && wanted > 0)
        fail_msg("-%s: %.17g, not %.17g", text, -found, -wanted);
}

static void is_the_nearest_double(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        static const int counts[] = {1, 2, 4, 8};
        int count = counts[i % 4];
        uint32_t word[WORDS] = {0};
        int used = (int)(random_word() % (uint32_t)count) + 1;
        for (int w = 0; w < used; w++)
            word[w] = random_word() % 5 ? random_word() : random_word() % 2 ? UINT32_MAX : 0;
        word[count - 1] >>= 1 + random_word() % 8; /* not negative */
        same_as_text(word, count, (int)(random_word() % 153) - BM_LARGEST_SCALE);
    }
}

/* Half way between two doubles the even one is nearest; just beyond it the other. */
static void ties_go_to_the_even_one(void **state)
{
    static const struct {
        uint32_t word[4];
        int scale;
        double value;
    } cases[] = {
        {{1, 0x200000, 0, 0}, 0, 9007199254740992.0},   /* 2^53 + 1 */
        {{3, 0x200000, 0, 0}, 0, 9007199254740996.0},   /* 2^53 + 3 */
        {{11, 0x1400000, 0, 0}, 1, 9007199254740993.0}, /* (10 * 2^53 + 11) / 10 */
        {{125, 0, 0, 0}, 2, 1.25},
        {{7, 0, 0, 0}, 0, 7},
        {{7, 0, 0, 0}, -3, 7000},
        {{0, 0, 0, 0}, 30, 0},
        {{1, 0, 0, 0}, 38, 1e-38},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t word[4];
        double found = bm_decimal_number(cases[i].word, 16, cases[i].scale);
        memcpy(word, cases[i].word, sizeof word);
        same_as_text(word, 4, cases[i].scale);
        if (i != 2)
            assert_true(found >= cases[i].value && found <= cases[i].value);
    }
    uint32_t lowest[4] = {0, 0, 0, UINT32_C(1) << 31}; /* -2^127 */
    double found = bm_decimal_number(lowest, 16, 0);
    assert_true(found >= -ldexp(1, 127) && found <= -ldexp(1, 127));
}

/* ---- columns ---- */

static void release_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

typedef struct {
    const char *name, *format;
    const void *valid, *data, *bytes;
    int64_t offset;
} given;

typedef struct {
    struct ArrowSchema schema, columns[4], *children[4];
    struct ArrowArray array, values[4], *value_children[4];
    const void *buffers[4][3], *own[1];
} table;

static void fill(table *t, const given *columns, int count)
{
    memset(t, 0, sizeof *t);
    for (int i = 0; i < count; i++) {
        t->columns[i] = (struct ArrowSchema){
            .format = columns[i].format, .name = columns[i].name, .release = release_schema};
        t->children[i] = &t->columns[i];
        t->buffers[i][0] = columns[i].valid;
        t->buffers[i][1] = columns[i].data;
        t->buffers[i][2] = columns[i].bytes;
        t->values[i] = (struct ArrowArray){.length = ROWS,
                                           .offset = columns[i].offset,
                                           .null_count = -1,
                                           .n_buffers = columns[i].bytes ? 3 : 2,
                                           .buffers = t->buffers[i],
                                           .release = release_array};
        t->value_children[i] = &t->values[i];
    }
    t->schema = (struct ArrowSchema){
        .format = "+s", .n_children = count, .children = t->children, .release = release_schema};
    t->array = (struct ArrowArray){.length = ROWS,
                                   .n_buffers = 1,
                                   .n_children = count,
                                   .buffers = t->own,
                                   .children = t->value_children,
                                   .release = release_array};
    bonemets_error_clear(err);
}

static bonemets_status run(const char *target, const given *columns, int count,
                           struct ArrowArray *out)
{
    table t;
    bonemets_batch *batch;
    fill(&t, columns, count);
    memset(out, 0, sizeof *out);
    assert_int_equal(bonemets_batch_new(set, &target, 1, &batch, err), BONEMETS_OK);
    bonemets_status status = bonemets_batch_bind(batch, &t.schema, err);
    if (status == BONEMETS_OK)
        status = bonemets_batch_run(batch, &t.array, out, err);
    bonemets_batch_free(batch);
    return status;
}

static void refused(const char *target, const given *columns, int count, bonemets_status status,
                    const char *words, int row)
{
    struct ArrowArray out;
    assert_int_equal(run(target, columns, count, &out), status);
    assert_null(out.release);
    if (!strstr(bonemets_error_str(err, 0, BONEMETS_F_MESSAGE), words))
        fail_msg("'%s' is not in: %s", words, bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    if (row)
        assert_int_equal(bonemets_error_int(err, 0, BONEMETS_F_LINE), row);
}

/* The same answers in every column, nulls too. */
static void same_answers(const char *target, const given *a, const given *b, int count)
{
    struct ArrowArray one, other;
    if (run(target, a, count, &one) || run(target, b, count, &other))
        fail_msg("%s", bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    assert_int_equal(one.n_children, other.n_children);
    for (int64_t c = 0; c < one.n_children; c++) {
        const struct ArrowArray *x = one.children[c], *y = other.children[c];
        size_t size = x->dictionary ? 1 : sizeof(double);
        for (int64_t i = 0; i < ROWS; i++)
            assert_int_equal(((const uint8_t *)x->buffers[0])[0] >> i & 1,
                             ((const uint8_t *)y->buffers[0])[0] >> i & 1);
        assert_memory_equal(x->buffers[1], y->buffers[1], ROWS * size);
    }
    one.release(&one);
    other.release(&other);
}

/* A date is any moment of its day, as in a text: what is left of a limit is a range of 24 h. */
static void a_date_is_any_moment_of_its_day(void **state)
{
    static const int32_t ends[] = {0, 10, 20, 20, 30};
    static const char bytes[] = "2026-11-202026-11-212026-11-22";
    static const int32_t days[] = {-7, 20777, 20778, 0, 20779}; /* the first is not of the column */
    static const int64_t ms[] = {INT64_C(20777) * 86400000, INT64_C(20778) * 86400000, 5,
                                 INT64_C(20779) * 86400000};
    static const int64_t limits[] = {24, 24, 24, 24},
                         now[] = {INT64_C(20778) * 86400, INT64_C(20778) * 86400 + 3600,
                                  INT64_C(20778) * 86400, INT64_C(20778) * 86400};
    static const uint8_t valid[] = {0x16}, first[] = {0x0B};
    given texts[] = {{"clock_start", "u", first, ends, bytes, 0},
                     {"clock_now", "tss:", NULL, now, NULL, 0},
                     {"limit [h]", "l", NULL, limits, NULL, 0}};
    given dates[] = {{"clock_start", "tdD", valid, days, NULL, 1}, texts[1], texts[2]};
    given wide[] = {{"clock_start", "tdm", first, ms, NULL, 0}, texts[1], texts[2]};
    struct ArrowArray out;
    (void)state;
    same_answers("hours_left", texts, dates, 3);
    same_answers("hours_left", texts, wide, 3);
    assert_int_equal(run("hours_left", dates, 3, &out), BONEMETS_OK);
    const double *low = out.children[0]->buffers[1], *high = out.children[1]->buffers[1];
    assert_true(low[0] >= 0 && low[0] <= 0 && high[0] >= 24 && high[0] <= 24);
    assert_true(low[1] >= 23 && low[1] <= 23);
    out.release(&out);
}

static void refuses_dates(void **state)
{
    static const int64_t ms[] = {INT64_C(20777) * 86400000, INT64_C(20778) * 86400000,
                                 INT64_C(20778) * 86400000 + 1, INT64_C(20777) * 86400000},
                         far[] = {INT64_C(20777) * 86400000, INT64_MAX, INT64_C(20777) * 86400000,
                                  INT64_C(20777) * 86400000};
    static const int32_t days[] = {20777, 20777, 20777, INT32_MIN};
    given noon = {"clock_start", "tdm", NULL, ms, NULL, 0};
    given late = {"clock_start", "tdm", NULL, far, NULL, 0};
    given early = {"clock_start", "tdD", NULL, days, NULL, 0};
    given other = {"age", "tdD", NULL, days, NULL, 0};
    (void)state;
    refused("hours_left", &noon, 1, BONEMETS_E_TYPE, "this date is not at the beginning of a day",
            3);
    refused("hours_left", &late, 1, BONEMETS_E_RANGE, "this is out of range", 2);
    refused("hours_left", &early, 1, BONEMETS_E_RANGE, "this is out of range", 4);
    refused("hours_left", &other, 1, BONEMETS_E_TYPE, "does not fit here", 0);
}

/* A decimal is the double that its digits name: the same answers as from a column of doubles. */
static void decimals_are_numbers(void **state)
{
    static const double doubles[] = {88.4, 0, 61.25, 120};
    static const struct {
        const char *format;
        int scale, words;
    } kinds[] = {{"d:9,2,32", 2, 1},
                 {"d:18,4,64", 4, 2},
                 {"d:38,20", 20, 4},
                 {"d:38,30,128", 30, 4},
                 {"d:76,40,256", 40, 8}};
    static const int64_t hundredths[] = {8840, 0, 6125, 12000}, years[] = {60, 61, 62, 63};
    static const int32_t weight[] = {70, 71, 72, 73};
    static const uint8_t valid[] = {0x0D}, shifted[] = {0x1A};
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        uint32_t words[(ROWS + 1) * WORDS] = {0};
        for (int i = 0; i < ROWS; i++) {
            uint32_t *at = words + (i + 1) * kinds[k].words;
            at[0] = (uint32_t)hundredths[i];
            for (int s = 2; s < kinds[k].scale; s++) {
                uint64_t carry = 0;
                for (int w = 0; w < kinds[k].words; w++) {
                    carry += (uint64_t)at[w] * 10;
                    at[w] = (uint32_t)carry;
                    carry >>= 32;
                }
            }
        }
        char odd[sizeof words + 1]; /* buffers need not be aligned */
        memcpy(odd + 1, words, sizeof words);
        given plain[] = {{"creatinine [umol/L]", "g", valid, doubles, NULL, 0},
                         {"age", "l", NULL, years, NULL, 0},
                         {"weight [kg]", "i", NULL, weight, NULL, 0}};
        given decimals[] = {{"creatinine [umol/L]", kinds[k].format, shifted, odd + 1, NULL, 1},
                            plain[1],
                            plain[2]};
        same_answers("cockcroft_gault", plain, decimals, 3);
    }
}

/* Of a scale below 0 and of 0; 128 bits each. */
static void decimals_are_checked_as_numbers(void **state)
{
    static const uint32_t ages[ROWS * 4] = {6, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0};
    static const uint32_t below[ROWS * 4] = {60,         0,          0,          0,
                                             UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    static const uint32_t half[ROWS * 4] = {60, 0, 0, 0, 70, 0, 0, 0, 605};
    static const int64_t plain[] = {60, 70, 80, 90};
    given tens = {"age", "d:5,-1", NULL, ages, NULL, 0};
    given years = {"age", "l", NULL, plain, NULL, 0};
    given negative = {"age", "d:5,0", NULL, below, NULL, 0};
    given fraction = {"age", "d:5,1", NULL, half, NULL, 0};
    given bare = {"creatinine", "d:5,1", NULL, half, NULL, 0};
    (void)state;
    same_answers("cockcroft_gault", &tens, &years, 1);
    refused("cockcroft_gault", &negative, 1, BONEMETS_E_RANGE, "this is out of range", 2);
    refused("cockcroft_gault", &fraction, 1, BONEMETS_E_RANGE, "this is not a whole number", 3);
    refused("cockcroft_gault", &bare, 1, BONEMETS_E_UNIT, "the unit of 'creatinine' is missing", 0);
}

static void refuses_decimals(void **state)
{
    static const char *const formats[] = {"d:",         "d:5",      "d:5,",     "d:5,x",
                                          "d:0,0",      "d:39,0",   "d:5,77",   "d:5,-77",
                                          "d:10,0,32",  "d:5,0,",   "d:5,0,16", "d:5,0,128,",
                                          "d:77,0,256", "d:1111,0", "d:5,0 ",   "d:5,,128"};
    static const uint32_t zeros[ROWS * 8] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        given one = {"age", formats[i], NULL, zeros, NULL, 0};
        refused("cockcroft_gault", &one, 1, BONEMETS_E_TYPE, "does not fit here", 0);
    }
    given code = {"level", "d:5,0", NULL, zeros, NULL, 0};
    refused("sins", &code, 1, BONEMETS_E_TYPE, "does not fit here", 0);
    given none = {"age", "d:5,0", NULL, NULL, NULL, 0};
    refused("cockcroft_gault", &none, 1, BONEMETS_E_ARGUMENT, "not what its schema says", 0);
}

/* ---- floats ---- */

/* The shortest text that is read as the float, read as a double. */
static double by_text(float x)
{
    char text[40];
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)x);
        float back = strtof(text, NULL);
        if (memcmp(&back, &x, sizeof x) == 0)
            break;
    }
    return strtod(text, NULL);
}

static void floats_are_what_somebody_wrote(void **state)
{
    static const float some[] = {1.4f, 0.1f, 0.3f, 2.5f, 1e-5f, 123456.78f, 16777216.0f, -7.25f, 0};
    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_true(bm_decimal_of_float(some[i]) >= by_text(some[i]) &&
                    bm_decimal_of_float(some[i]) <= by_text(some[i]));
    for (int i = 0; i < 200000; i++) {
        uint32_t word = random_word();
        float x;
        memcpy(&x, &word, sizeof x);
        if (!(fabsf(x) > 1e-9f && fabsf(x) < 16777216)) /* beyond, floats are whole numbers */
            continue;
        double found = bm_decimal_of_float(x), wanted = by_text(x);
        if (memcmp(&found, &wanted, sizeof found) != 0)
            fail_msg("%.9g becomes %.17g and not %.17g", (double)x, found, wanted);
    }
    assert_true(isnan(bm_decimal_of_float(NAN)));
    assert_true(isinf(bm_decimal_of_float(INFINITY)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_nearest_double),
        cmocka_unit_test(ties_go_to_the_even_one),
        cmocka_unit_test(a_date_is_any_moment_of_its_day),
        cmocka_unit_test(refuses_dates),
        cmocka_unit_test(decimals_are_numbers),
        cmocka_unit_test(floats_are_what_somebody_wrote),
        cmocka_unit_test(decimals_are_checked_as_numbers),
        cmocka_unit_test(refuses_decimals),
    };
    return cmocka_run_group_tests(tests, open_set, close_set);
}
