/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Biologically effective dose and dose in 2 Gy fractions, computed here from the definition:
 * d = D / n, BED = D (1 + d / ab), EQD2 = D (d + ab) / (2 + ab).
 */
#include "oracle.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct course {
    double dose[2], fractions[2], alpha_beta[2];
};

static double bed_of(double dose, double fractions, double alpha_beta)
{
    return dose * (1.0 + dose / fractions / alpha_beta);
}

static double eqd2_of(double dose, double fractions, double alpha_beta)
{
    return dose * (dose / fractions + alpha_beta) / (2.0 + alpha_beta);
}

/* The three numbers may be facts of the patient or of a course of radiotherapy. */
static int32_t record_of(oracle_session *session, const char *key)
{
    const char *about =
        bonemets_fact_str(session->set, oracle_fact(session, key), BONEMETS_F_ABOUT);

    return about && strcmp(about, "patient") != 0 ? 1 : 0;
}

static const char *kind_of(oracle_session *session)
{
    return bonemets_fact_str(session->set, oracle_fact(session, "rt_total_gy"), BONEMETS_F_ABOUT);
}

static void fill(oracle_session *session, oracle_case *c, const struct course *course)
{
    int32_t records = record_of(session, "rt_total_gy");

    oracle_case_clear(c, kind_of(session), "rt_courses", records);
    oracle_add_number(c, records, "rt_total_gy", course->dose[0], course->dose[1], "Gy");
    oracle_add_number(c, records, "rt_fractions", course->fractions[0], course->fractions[1], NULL);
    oracle_add_number(c, record_of(session, "alpha_beta"), "alpha_beta", course->alpha_beta[0],
                      course->alpha_beta[1], "Gy");
}

/* The guideline that computes it, whatever the file calls it; NULL assesses all. */
static const char *target_of(const oracle_session *session)
{
    for (int32_t i = 0; i < bonemets_guideline_count(session->set); i++) {
        const char *id = bonemets_guideline_str(session->set, i, BONEMETS_F_ID);

        if (id && strstr(id, "eqd2"))
            return id;
    }
    return NULL;
}

static int32_t find(oracle_session *session, const oracle_case *c, const bonemets_assessment *a,
                    const char *id)
{
    return oracle_result(c, a, id, record_of(session, "rt_total_gy"));
}

static double low_of(const bonemets_assessment *a, int32_t i)
{
    return bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_LOW);
}

static double high_of(const bonemets_assessment *a, int32_t i)
{
    return bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_HIGH);
}

static void check_near(const oracle_case *c, const char *what, double expected, double actual,
                       double tolerance)
{
    if (fabs(expected - actual) > tolerance || isnan(actual))
        oracle_check_num(c, what, expected, isnan(actual) ? -1.0 : actual);
}

/* Both results of a fully known course; NAN leaves one out. */
static void check_known(oracle_session *session, double dose, double fractions, double alpha_beta,
                        const double expected[2], double tolerance)
{
    static const char *const ids[2] = {"bed", "eqd2"};
    static oracle_case c;
    struct course course = {{dose, dose}, {fractions, fractions}, {alpha_beta, alpha_beta}};

    fill(session, &c, &course);
    bonemets_assessment *a = oracle_assess(session, &c, target_of(session));

    for (int k = 0; k < 2; k++) {
        int32_t i = find(session, &c, a, ids[k]);

        if (isnan(expected[k]))
            continue;
        oracle_check_int(&c, "state", BONEMETS_KNOWN,
                         bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE));
        check_near(&c, ids[k], expected[k], low_of(a, i), tolerance);
        check_near(&c, ids[k], expected[k], high_of(a, i), tolerance);
        oracle_check_str(&c, "unit", "Gy",
                         bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_UNIT));
    }
    bonemets_assessment_unref(a);
}

static void worked_examples(void **state)
{
    static const double examples[][5] = {
        {8, 1, 10, 14.4, 12.0},  {30, 10, 2, 75.0, 37.5},   {50, 25, 2, 100.0, 50.0},
        {24, 2, 2, 168.0, 84.0}, {20, 5, 4, 40.0, 26.6667}, {50, 25, 4, 75.0, 50.0},
    };

    for (size_t k = 0; k < sizeof examples / sizeof *examples; k++)
        check_known(*state, examples[k][0], examples[k][1], examples[k][2], &examples[k][3],
                    0.5e-4 + 1e-9);
}

/* Printed to two decimals: BED and EQD2 at 10, at 2, EQD2 at 0.87, at 1.5 and at 4. */
static void schedule_table(void **state)
{
    static const double table[][9] = {
        {8, 1, 14.40, 12.00, 40.00, 20.00, 24.72, 21.71, 16.00},
        {16, 2, 28.80, 24.00, 80.00, 40.00, 49.45, 43.43, 32.00},
        {20, 5, 28.00, 23.33, 60.00, 30.00, 33.94, 31.43, 26.67},
        {24, 6, 33.60, 28.00, 72.00, 36.00, 40.72, 37.71, 32.00},
        {30, 10, 39.00, 32.50, 75.00, 37.50, 40.45, 38.57, 35.00},
        {20, 8, 25.00, 20.83, 45.00, 22.50, 23.48, 22.86, 21.67},
        {37.5, 15, 46.88, 39.06, 84.38, 42.19, 44.03, 42.86, 40.62},
        {40, 20, 48.00, 40.00, 80.00, 40.00, 40.00, 40.00, 40.00},
        {45, 25, 53.10, 44.25, 85.50, 42.75, 41.86, 42.43, 43.50},
        {50, 25, 60.00, 50.00, 100.00, 50.00, 50.00, 50.00, 50.00},
        {24, 2, 52.80, 44.00, 168.00, 84.00, 107.62, 92.57, 64.00},
        {16, 1, 41.60, 34.67, 144.00, 72.00, 94.05, 80.00, 53.33},
        {18, 1, 50.40, 42.00, 180.00, 90.00, 118.35, 100.29, 66.00},
        {24, 1, 81.60, 68.00, 312.00, 156.00, 207.97, 174.86, 112.00},
        {27, 3, 51.30, 42.75, 148.50, 74.25, 92.85, 81.00, 58.50},
        {30, 5, 48.00, 40.00, 120.00, 60.00, 71.81, 64.29, 50.00},
        {35, 5, 59.50, 49.58, 157.50, 78.75, 95.98, 85.00, 64.17},
    };
    const double half = 0.005 + 1e-9;

    for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
        const double *row = table[k];
        const double only_eqd2[3][2] = {
            {(double)NAN, row[6]}, {(double)NAN, row[7]}, {(double)NAN, row[8]}};

        check_known(*state, row[0], row[1], 10, &row[2], half);
        check_known(*state, row[0], row[1], 2, &row[4], half);
        check_known(*state, row[0], row[1], 0.87, only_eqd2[0], half);
        check_known(*state, row[0], row[1], 1.5, only_eqd2[1], half);
        check_known(*state, row[0], row[1], 4, only_eqd2[2], half);
    }
}

/* A number of at most three decimals, so that a failing record can be typed in again. */
static double random_number(uint64_t *random, double low, double high)
{
    int steps = (int)((high - low) * 1000.0);

    return low + (double)oracle_below(random, steps + 1) / 1000.0;
}

static struct course random_course(oracle_session *session, uint64_t *random)
{
    bonemets_fact ab = oracle_fact(session, "alpha_beta");
    double low = bonemets_fact_num(session->set, ab, BONEMETS_F_LOW);
    double high = bonemets_fact_num(session->set, ab, BONEMETS_F_HIGH);
    struct course course;

    course.dose[0] = course.dose[1] = random_number(random, 0.5, 100.0);
    course.fractions[0] = course.fractions[1] = 1 + oracle_below(random, 45);
    course.alpha_beta[0] = course.alpha_beta[1] =
        random_number(random, low < 0.3 ? 0.3 : low, high > 20.0 ? 20.0 : high);
    return course;
}

static void random_values(void **state)
{
    oracle_session *session = *state;
    uint64_t random = 100;

    for (long n = oracle_count(session, 100000), k = 0; k < n; k++) {
        struct course c = random_course(session, &random);
        double expected[2] = {bed_of(c.dose[0], c.fractions[0], c.alpha_beta[0]),
                              eqd2_of(c.dose[0], c.fractions[0], c.alpha_beta[0])};
        double least = expected[0] < expected[1] ? expected[0] : expected[1];

        check_known(session, c.dose[0], c.fractions[0], c.alpha_beta[0], expected, 1e-12 * least);
    }
}

static void widen(double range[2], double other)
{
    range[0] = range[0] < other ? range[0] : other;
    range[1] = range[1] > other ? range[1] : other;
}

static double between(uint64_t *random, const double range[2])
{
    switch (oracle_below(random, 4)) {
    case 0:
        return range[0];
    case 1:
        return range[1];
    default:
        return range[0] + (range[1] - range[0]) * (double)oracle_below(random, 1001) / 1000.0;
    }
}

static void check_contains(const oracle_case *c, const char *what, const bonemets_assessment *a,
                           int32_t i, double value)
{
    double slack = 1e-12 * value;

    if (low_of(a, i) > value + slack)
        oracle_check_num(c, what, value, low_of(a, i));
    if (high_of(a, i) < value - slack)
        oracle_check_num(c, what, value, high_of(a, i));
}

static void ranges(void **state)
{
    oracle_session *session = *state;
    uint64_t random = 200;
    static oracle_case c;

    for (long n = oracle_count(session, 20000), k = 0; k < n; k++) {
        struct course one = random_course(session, &random);
        struct course two = random_course(session, &random);

        if (oracle_chance(&random, 60))
            widen(one.dose, two.dose[0]);
        if (oracle_chance(&random, 60))
            widen(one.fractions, two.fractions[0]);
        if (oracle_chance(&random, 60))
            widen(one.alpha_beta, two.alpha_beta[0]);
        fill(session, &c, &one);
        bonemets_assessment *a = oracle_assess(session, &c, target_of(session));
        int32_t bed = find(session, &c, a, "bed");
        int32_t eqd2 = find(session, &c, a, "eqd2");

        for (int sample = 0; sample < 12; sample++) {
            double dose = between(&random, one.dose);
            double fractions = floor(between(&random, one.fractions));
            double alpha_beta = between(&random, one.alpha_beta);

            check_contains(&c, "bed", a, bed, bed_of(dose, fractions, alpha_beta));
            check_contains(&c, "eqd2", a, eqd2, eqd2_of(dose, fractions, alpha_beta));
        }
        bonemets_assessment_unref(a);
    }
}

static bool has_lq_note(const bonemets_assessment *a, const char *id, int32_t record)
{
    int32_t i = bonemets_assessment_find(a, BONEMETS_RESULTS, id, record);

    return i >= 0 &&
           oracle_sub_find(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES, "lq_extrapolation") >= 0;
}

/* The model is extrapolated above 10 Gy a fraction, and the answer says so. */
static void extrapolation_is_noted(void **state)
{
    static const struct {
        double dose, fractions;
        bool noted;
    } cases[] = {{10, 1, false}, {10.001, 1, true}, {24, 1, true},  {24, 2, true},
                 {30, 3, false}, {27, 3, false},    {30, 10, false}};
    oracle_session *session = *state;
    static oracle_case c;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct course course = {
            {cases[k].dose, cases[k].dose}, {cases[k].fractions, cases[k].fractions}, {2, 2}};

        fill(session, &c, &course);
        bonemets_assessment *a = oracle_assess(session, &c, target_of(session));
        int32_t record = record_of(session, "rt_total_gy");

        oracle_check_int(&c, "note lq_extrapolation", cases[k].noted,
                         has_lq_note(a, "bed", record) || has_lq_note(a, "eqd2", record));
        bonemets_assessment_unref(a);
    }
}

/* 800 cGy is 8 Gy; without the dose nothing is known. */
static void unit_and_silence(void **state)
{
    oracle_session *session = *state;
    int32_t record = record_of(session, "rt_total_gy");
    static oracle_case c;

    oracle_case_clear(&c, kind_of(session), "rt_courses", record);
    oracle_add_number(&c, record, "rt_fractions", 1, 1, NULL);
    oracle_add_number(&c, record_of(session, "alpha_beta"), "alpha_beta", 10, 10, "Gy");
    bonemets_assessment *a = oracle_assess(session, &c, target_of(session));
    int32_t i = find(session, &c, a, "bed");
    int32_t state_of = bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE);

    if (state_of != BONEMETS_UNKNOWN && state_of != BONEMETS_PARTLY)
        oracle_mismatch(&c, "state without a dose", "unknown", "certain");
    bonemets_assessment_unref(a);

    oracle_add_number(&c, record, "rt_total_gy", 800, 800, "cGy");
    a = oracle_assess(session, &c, target_of(session));
    i = find(session, &c, a, "bed");
    check_near(&c, "bed of 800 cGy", 14.4, low_of(a, i), 1e-12);
    bonemets_assessment_unref(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_examples),  cmocka_unit_test(schedule_table),
        cmocka_unit_test(unit_and_silence), cmocka_unit_test(extrapolation_is_noted),
        cmocka_unit_test(random_values),    cmocka_unit_test(ranges),
    };

    return cmocka_run_group_tests(tests, oracle_setup, oracle_teardown);
}
