/* SPDX-License-Identifier: Apache-2.0 */
/* The public interface against careless callers, on the small tables of tests/data/rules. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <bonemets/bonemets.h>

typedef struct {
    bonemets_error *err;
    bonemets_guidelines *set;
    bonemets_patient *patient;
} fixture;

static char garbage;

static bonemets_guidelines *load(const char *path)
{
    bonemets_loader *loader = NULL;
    bonemets_guidelines *set = (void *)&garbage;
    bonemets_error *err = bonemets_error_new();
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    const bonemets_status added = path ? bonemets_loader_add_path(loader, path, err)
                                       : bonemets_loader_add_embedded(loader, NULL, err);
    if (added || bonemets_loader_build(loader, &set, err))
        fail_msg("%s", bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    bonemets_loader_free(loader);
    bonemets_error_free(err);
    return set;
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->err = bonemets_error_new();
    f->set = load(TEST_RULES);
    assert_int_equal(bonemets_patient_new(f->set, &f->patient), BONEMETS_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bonemets_patient_free(f->patient);
    bonemets_guidelines_unref(f->set);
    bonemets_error_free(f->err);
    free(f);
    return 0;
}

static bonemets_fact fact(const fixture *f, const char *key)
{
    const bonemets_fact found = bonemets_fact_find(f->set, key);
    assert_true(found > 0);
    return found;
}

static void null_handles_of_loading(void **state)
{
    fixture *f = *state;
    bonemets_guidelines *set = (void *)&garbage;
    int32_t passed = 7, failed = 7;
    size_t needed = 7;
    assert_int_equal(bonemets_loader_new(NULL, NULL, NULL), BONEMETS_E_ARGUMENT);
    bonemets_loader_free(NULL);
    assert_int_equal(bonemets_loader_set_limit(NULL, BONEMETS_LIMIT_BYTES, 1), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_set_option(NULL, BONEMETS_OPTION_UNVERIFIED, 1),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_add_path(NULL, "x", f->err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_add_memory(NULL, "x", "", 0, f->err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_add_embedded(NULL, NULL, f->err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_build(NULL, &set, f->err), BONEMETS_E_ARGUMENT);
    assert_null(set);
    assert_int_equal(bonemets_guidelines_run_examples(NULL, &passed, &failed, f->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(passed, 0);
    assert_int_equal(failed, 0);
    assert_int_equal(bonemets_explain(NULL, NULL, BONEMETS_FORMAT_TEXT, NULL, 0, &needed),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(needed, 0);
    assert_int_equal(bonemets_describe_facts(NULL, NULL, BONEMETS_FORMAT_TEXT, NULL, 0, NULL),
                     BONEMETS_E_ARGUMENT);
}

static void null_handles_of_sets(void **state)
{
    (void)state;
    assert_null(bonemets_guidelines_ref(NULL));
    bonemets_guidelines_unref(NULL);
    assert_null(bonemets_guidelines_str(NULL, BONEMETS_F_DIGEST));
    assert_int_equal(bonemets_guideline_count(NULL), 0);
    assert_null(bonemets_guideline_str(NULL, 0, BONEMETS_F_ID));
    assert_int_equal(bonemets_fact_count(NULL), 0);
    assert_int_equal(bonemets_fact_at(NULL, 0), 0);
    assert_int_equal(bonemets_fact_find(NULL, "sky"), 0);
    assert_null(bonemets_fact_str(NULL, 1, BONEMETS_F_ID));
    assert_true(bonemets_fact_num(NULL, 1, BONEMETS_F_LOW) == 0);
    assert_int_equal(bonemets_fact_option_count(NULL, 1), 0);
    assert_null(bonemets_fact_option_str(NULL, 1, 0, BONEMETS_F_ID));
    assert_int_equal(bonemets_has(NULL), 0);
    assert_int_equal(bonemets_has("embedded"), 1);
    assert_int_equal(bonemets_has("telepathy"), 0);
    static const char *const features[] = {"json",  "text",  "markdown", "full",    "instants",
                                           "links", "batch", "arrow",    "what_if", "questions"};
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        assert_int_equal(bonemets_has(features[i]), 1);
    assert_int_equal(BONEMETS_VERSION, VERSION_NUMBER);
    assert_int_equal(bonemets_version(), BONEMETS_VERSION);
    assert_int_equal(bonemets_patient_set_none(NULL, "hill"), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_limit(NULL, BONEMETS_LIMIT_BYTES, 1),
                     BONEMETS_E_ARGUMENT);
    assert_non_null(bonemets_status_name(BONEMETS_E_SPACE));
    assert_non_null(bonemets_status_name(-9999));
}

static void null_handles_of_patients(void **state)
{
    fixture *f = *state;
    bonemets_patient *patient = (void *)&garbage;
    bonemets_assessment *result = (void *)&garbage;
    bonemets_record record = 7;
    const char *yes = "yes";
    assert_int_equal(bonemets_patient_new(NULL, &patient), BONEMETS_E_ARGUMENT);
    assert_null(patient);
    assert_int_equal(bonemets_patient_new(f->set, NULL), BONEMETS_E_ARGUMENT);
    bonemets_patient_free(NULL);
    bonemets_patient_reset(NULL);
    assert_int_equal(bonemets_patient_add_record(NULL, "hill", &record), BONEMETS_E_ARGUMENT);
    assert_int_equal(record, 0);
    assert_int_equal(bonemets_patient_set_number(NULL, 0, 1, 1, 1, NULL, f->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(NULL, 0, 1, &yes, 1, f->err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_members(NULL, 0, 1, &yes, 1, NULL, 0, f->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_unknown(NULL, 0, 1), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_profile(NULL, "winter", f->err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_instant(NULL, 0, 1, "2026-11-21", NULL, f->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_now(NULL, "2026-11-21", f->err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_read(NULL, "x", "", 0, f->err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_assess(NULL, NULL, &result, f->err), BONEMETS_E_ARGUMENT);
    assert_null(result);
    assert_int_equal(bonemets_assess(f->patient, NULL, NULL, f->err), BONEMETS_E_ARGUMENT);
}

static void null_handles_of_outlooks(void **state)
{
    fixture *f = *state;
    bonemets_outlook *outlook = (void *)&garbage;
    bonemets_assessment *result = NULL;
    size_t needed = 7;
    assert_int_equal(bonemets_assess(f->patient, NULL, &result, f->err), BONEMETS_OK);
    assert_int_equal(bonemets_what_if(NULL, BONEMETS_RESULTS, 0, &outlook, f->err),
                     BONEMETS_E_ARGUMENT);
    assert_null(outlook);
    assert_int_equal(bonemets_what_if(result, BONEMETS_RESULTS, 0, NULL, f->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_what_if(result, BONEMETS_ADVICE, 0, &outlook, f->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_what_if(result, BONEMETS_RESULTS, 99, &outlook, f->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_next_questions(NULL, 3, &outlook, f->err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_next_questions(result, 0, &outlook, f->err), BONEMETS_E_ARGUMENT);
    assert_null(outlook);
    assert_int_equal(bonemets_next_questions(result, 3, NULL, f->err), BONEMETS_E_ARGUMENT);
    bonemets_assessment_unref(result);
    bonemets_outlook_free(NULL);
    assert_int_equal(bonemets_outlook_count(NULL), 0);
    assert_null(bonemets_outlook_str(NULL, 0, BONEMETS_F_ID));
    assert_int_equal(bonemets_outlook_int(NULL, 0, BONEMETS_F_LESION), -1);
    assert_true(bonemets_outlook_num(NULL, 0, BONEMETS_F_SIZE) == 0);
    assert_int_equal(bonemets_outlook_sub_count(NULL, 0, BONEMETS_SUB_ANSWERS), 0);
    assert_null(bonemets_outlook_sub_str(NULL, 0, BONEMETS_SUB_ANSWERS, 0, BONEMETS_F_TO));
    assert_int_equal(bonemets_outlook_sub_int(NULL, 0, BONEMETS_SUB_DECIDES, 0, BONEMETS_F_ANSWER),
                     -1);
    assert_true(bonemets_outlook_sub_num(NULL, 0, BONEMETS_SUB_ANSWERS, 0, BONEMETS_F_TO_LOW) == 0);
    assert_int_equal(bonemets_outlook_write(NULL, BONEMETS_FORMAT_TEXT, NULL, 0, &needed),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(needed, 0);
}

/* Outlooks of an empty patient, one of whose answers is entered, and read with wrong places. */
static void an_outlook_tells_what_comes_of_an_answer(void **state)
{
    fixture *f = *state;
    bonemets_outlook *outlook = NULL;
    bonemets_assessment *result = NULL;
    const char *sky = "clear";
    assert_int_equal(bonemets_patient_set_codes(f->patient, 0, fact(f, "sky"), &sky, 1, f->err),
                     BONEMETS_OK);
    assert_int_equal(
        bonemets_patient_set_number(f->patient, 0, fact(f, "walkers"), 4, 4, NULL, f->err),
        BONEMETS_OK);
    const char *no = "no";
    assert_int_equal(bonemets_patient_set_codes(f->patient, 0, fact(f, "windy"), &no, 1, f->err),
                     BONEMETS_OK);
    assert_int_equal(bonemets_assess(f->patient, "walk", &result, f->err), BONEMETS_OK);
    int32_t at = bonemets_assessment_find(result, BONEMETS_RESULTS, "walk", 0);
    assert_int_equal(bonemets_what_if(result, BONEMETS_RESULTS, at, &outlook, f->err), BONEMETS_OK);
    bonemets_assessment_unref(result); /* the outlook keeps it */
    assert_int_equal(bonemets_outlook_count(outlook), 4);
    /* first what changes the band: wind; then the next sky; then the sky beyond; and one more */
    assert_string_equal(bonemets_outlook_str(outlook, 0, BONEMETS_F_ID), "windy");
    assert_string_equal(bonemets_outlook_str(outlook, 0, BONEMETS_F_FROM), "no");
    assert_string_equal(bonemets_outlook_str(outlook, 0, BONEMETS_F_TO), "yes");
    assert_string_equal(bonemets_outlook_str(outlook, 0, BONEMETS_F_BAND), "fair");
    assert_string_equal(bonemets_outlook_str(outlook, 1, BONEMETS_F_TO), "cloudy");
    assert_string_equal(bonemets_outlook_str(outlook, 1, BONEMETS_F_BAND), "fine");
    assert_string_equal(bonemets_outlook_str(outlook, 2, BONEMETS_F_ID), "walkers");
    assert_true(bonemets_outlook_num(outlook, 2, BONEMETS_F_TO_LOW) == 5);
    assert_true(bonemets_outlook_num(outlook, 2, BONEMETS_F_HIGH) == 1);
    assert_string_equal(bonemets_outlook_str(outlook, 3, BONEMETS_F_TO), "rain");
    assert_int_equal(bonemets_outlook_int(outlook, 3, BONEMETS_F_STATE), BONEMETS_KNOWN);
    assert_int_equal(bonemets_outlook_int(outlook, 3, BONEMETS_F_SETTING), 0);
    assert_null(bonemets_outlook_str(outlook, 4, BONEMETS_F_ID));
    assert_null(bonemets_outlook_sub_str(outlook, 0, BONEMETS_SUB_BANDS, 1, BONEMETS_F_ID));
    bonemets_outlook_free(outlook);
}

static void null_handles_of_assessments(void **state)
{
    (void)state;
    size_t needed = 7;
    assert_null(bonemets_assessment_ref(NULL));
    bonemets_assessment_unref(NULL);
    assert_int_equal(bonemets_assessment_count(NULL, BONEMETS_RESULTS), 0);
    assert_int_equal(bonemets_assessment_find(NULL, BONEMETS_RESULTS, "walk", 0), -1);
    assert_null(bonemets_assessment_str(NULL, BONEMETS_RESULTS, 0, BONEMETS_F_ID));
    assert_int_equal(bonemets_assessment_int(NULL, BONEMETS_RESULTS, 0, BONEMETS_F_STATE), -1);
    assert_true(bonemets_assessment_num(NULL, BONEMETS_RESULTS, 0, BONEMETS_F_LOW) == 0);
    assert_int_equal(bonemets_assessment_sub_count(NULL, BONEMETS_RESULTS, 0, BONEMETS_SUB_ITEMS),
                     0);
    assert_null(bonemets_assessment_sub_str(NULL, BONEMETS_RESULTS, 0, BONEMETS_SUB_ITEMS, 0,
                                            BONEMETS_F_ID));
    assert_int_equal(bonemets_assessment_sub_int(NULL, BONEMETS_RESULTS, 0, BONEMETS_SUB_ITEMS, 0,
                                                 BONEMETS_F_STATE),
                     -1);
    assert_true(bonemets_assessment_sub_num(NULL, BONEMETS_RESULTS, 0, BONEMETS_SUB_ITEMS, 0,
                                            BONEMETS_F_LOW) == 0);
    assert_null(bonemets_assessment_overall_str(NULL, BONEMETS_F_URGENCY));
    assert_true(bonemets_assessment_overall_num(NULL, BONEMETS_F_WITHIN_H) < 0);
    assert_int_equal(bonemets_assessment_write(NULL, BONEMETS_FORMAT_JSON, NULL, 0, &needed),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(needed, 0);
    bonemets_error_free(NULL);
    bonemets_error_clear(NULL);
    assert_int_equal(bonemets_error_count(NULL), 0);
    assert_null(bonemets_error_str(NULL, 0, BONEMETS_F_MESSAGE));
    assert_int_equal(bonemets_error_int(NULL, 0, BONEMETS_F_LINE), -1);
}

/* Expects a refusal with a word about it. */
static void assert_refused(fixture *f, bonemets_status status, bonemets_status expected)
{
    assert_int_equal(status, expected);
    assert_true(bonemets_error_count(f->err) > 0);
    assert_true(strlen(bonemets_error_str(f->err, 0, BONEMETS_F_MESSAGE)) > 0);
    assert_int_equal(bonemets_error_int(f->err, 0, BONEMETS_F_STATUS), expected);
    bonemets_error_clear(f->err);
    assert_int_equal(bonemets_error_count(f->err), 0);
}

static bonemets_status number(fixture *f, const char *key, double low, double high,
                              const char *unit)
{
    return bonemets_patient_set_number(f->patient, 0, fact(f, key), low, high, unit, f->err);
}

static void numbers_that_are_refused(void **state)
{
    fixture *f = *state;
    assert_refused(f, number(f, "duration", (double)NAN, (double)NAN, "h"), BONEMETS_E_RANGE);
    assert_refused(f, number(f, "duration", 1, (double)NAN, "h"), BONEMETS_E_RANGE);
    assert_refused(f, number(f, "duration", 1, (double)INFINITY, "h"), BONEMETS_E_RANGE);
    assert_refused(f, number(f, "duration", -1, 1, "h"), BONEMETS_E_RANGE);
    assert_refused(f, number(f, "duration", 2, 1, "h"), BONEMETS_E_RANGE);
    assert_refused(f, number(f, "duration", 11, 11, "d"), BONEMETS_E_RANGE);
    assert_refused(f, number(f, "duration", 1, 1, "furlong"), BONEMETS_E_UNIT);
    assert_refused(f, number(f, "duration", 1, 1, NULL), BONEMETS_E_UNIT);
    assert_refused(f, number(f, "sky", 1, 1, NULL), BONEMETS_E_TYPE);
    assert_int_equal(number(f, "duration", 1, 1, "d"), BONEMETS_OK);
    assert_int_equal(number(f, "walkers", 3, 3, NULL), BONEMETS_OK);
    assert_int_equal(number(f, "walkers", 3, 4, "1"), BONEMETS_OK);
}

static void instants_that_are_refused(void **state)
{
    fixture *f = *state;
    assert_refused(f, bonemets_patient_set_now(f->patient, "2026-11-21", f->err), BONEMETS_E_FACT);
    assert_refused(
        f, bonemets_patient_set_instant(f->patient, 0, fact(f, "sky"), "2026-11-21", NULL, f->err),
        BONEMETS_E_TYPE);
}

static void codes_that_are_refused(void **state)
{
    fixture *f = *state;
    const char *const snow = "snow", *const rain = "rain", *const none = NULL;
    const bonemets_fact sky = fact(f, "sky"), gear = fact(f, "gear");
    bonemets_patient *p = f->patient;
    assert_refused(f, bonemets_patient_set_codes(p, 0, sky, &snow, 1, f->err), BONEMETS_E_TYPE);
    assert_refused(f, bonemets_patient_set_codes(p, 0, gear, &rain, 1, f->err), BONEMETS_E_TYPE);
    assert_refused(f, bonemets_patient_set_members(p, 0, gear, &rain, 1, NULL, 0, f->err),
                   BONEMETS_E_TYPE);
    assert_int_equal(bonemets_patient_set_codes(p, 0, sky, &none, 1, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(p, 0, sky, NULL, 1, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(p, 0, sky, &rain, 0, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(p, 0, sky, &rain, -1, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(p, 0, sky, &rain, 1, f->err), BONEMETS_OK);
    assert_int_equal(bonemets_patient_set_members(p, 0, gear, NULL, 0, NULL, 0, f->err),
                     BONEMETS_OK);
}

static char *answer(bonemets_patient *patient)
{
    static char text[2][1 << 16];
    static int turn;
    bonemets_assessment *a;
    char *out = text[turn ^= 1];
    assert_int_equal(bonemets_assess(patient, NULL, &a, NULL), BONEMETS_OK);
    assert_int_equal(bonemets_assessment_write(a, BONEMETS_FORMAT_JSON, out, sizeof text[0], NULL),
                     BONEMETS_OK);
    bonemets_assessment_unref(a);
    return out;
}

/* That there are none is more than that nobody spoke of any: no hill is steep. */
static void none_of_a_kind(void **state)
{
    static const char none[] = "windy: yes\nhills: []\n", nothing[] = "windy: yes\n";
    fixture *f = *state;
    const char *const yes = "yes";
    bonemets_record hill;
    assert_int_equal(bonemets_patient_read(f->patient, "r", none, strlen(none), f->err),
                     BONEMETS_OK);
    char *wanted = answer(f->patient);
    bonemets_patient_reset(f->patient);
    assert_int_equal(bonemets_patient_set_none(f->patient, "valley"), BONEMETS_E_FACT);
    assert_int_equal(bonemets_patient_set_none(f->patient, "patient"), BONEMETS_E_FACT);
    assert_int_equal(bonemets_patient_set_none(f->patient, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(f->patient, 0, fact(f, "windy"), &yes, 1, f->err),
                     BONEMETS_OK);
    assert_string_not_equal(answer(f->patient), wanted);
    wanted = answer(f->patient);
    assert_int_equal(bonemets_patient_set_none(f->patient, "hill"), BONEMETS_OK);
    assert_string_not_equal(answer(f->patient), wanted);
    assert_int_equal(bonemets_patient_read(f->patient, "r", none, strlen(none), f->err),
                     BONEMETS_OK);
    wanted = answer(f->patient);
    assert_int_equal(bonemets_patient_read(f->patient, "r", nothing, strlen(nothing), f->err),
                     BONEMETS_OK);
    assert_int_equal(bonemets_patient_set_none(f->patient, "hill"), BONEMETS_OK);
    assert_string_equal(answer(f->patient), wanted);
    bonemets_patient_reset(f->patient);
    assert_int_equal(bonemets_patient_add_record(f->patient, "hill", &hill), BONEMETS_OK);
    assert_int_equal(bonemets_patient_set_none(f->patient, "hill"), BONEMETS_E_RANGE);
}

static void limits_of_records(void **state)
{
    static const char text[] = "windy: yes\nsky: clear\n";
    fixture *f = *state;
    bonemets_patient *p = f->patient;
    assert_int_equal(bonemets_patient_set_limit(p, BONEMETS_LIMIT_BYTES, 0), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_limit(p, 0, 1), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_limit(p, 5, 1), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_limit(p, BONEMETS_LIMIT_BYTES, 10), BONEMETS_OK);
    assert_refused(f, bonemets_patient_read(p, "r", text, strlen(text), f->err), BONEMETS_E_LIMIT);
    bonemets_patient_reset(p);
    assert_refused(f, bonemets_patient_read(p, "r", text, strlen(text), f->err), BONEMETS_E_LIMIT);
    assert_int_equal(bonemets_patient_set_limit(p, BONEMETS_LIMIT_BYTES, 100), BONEMETS_OK);
    assert_int_equal(bonemets_patient_read(p, "r", text, strlen(text), f->err), BONEMETS_OK);
}

static void records_and_facts_that_do_not_exist(void **state)
{
    fixture *f = *state;
    const bonemets_fact sky = fact(f, "sky"), steepness = fact(f, "steepness");
    const int32_t numbers[] = {INT32_MIN, -1, 0, INT32_MAX, sky + 1000};
    bonemets_record hill = 7;
    assert_int_equal(bonemets_patient_add_record(f->patient, "valley", &hill), BONEMETS_E_FACT);
    assert_int_equal(hill, 0);
    assert_int_equal(bonemets_patient_add_record(f->patient, NULL, &hill), BONEMETS_E_ARGUMENT);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const int32_t n = numbers[i];
        assert_int_equal(bonemets_patient_set_number(f->patient, 0, n, 1, 1, NULL, NULL),
                         BONEMETS_E_ARGUMENT);
        if (n != 0)
            assert_int_equal(bonemets_patient_set_number(f->patient, n, steepness, 1, 1, "%", NULL),
                             BONEMETS_E_ARGUMENT);
        assert_null(bonemets_fact_str(f->set, n, BONEMETS_F_ID));
        assert_int_equal(bonemets_fact_option_count(f->set, n), 0);
    }
    assert_int_equal(bonemets_patient_add_record(f->patient, "hill", &hill), BONEMETS_OK);
    assert_int_equal(hill, 1);
    assert_int_equal(bonemets_patient_set_number(f->patient, 1, steepness, 1, 1, "%", NULL),
                     BONEMETS_OK);
    assert_int_equal(bonemets_patient_set_number(f->patient, 2, steepness, 1, 1, "%", NULL),
                     BONEMETS_E_ARGUMENT);
}

static void a_fact_of_another_set(void **state)
{
    fixture *f = *state;
    bonemets_guidelines *other = load(NULL);
    for (int32_t i = 0; i < bonemets_fact_count(other); i++)
        assert_int_equal(bonemets_patient_set_unknown(f->patient, 0, bonemets_fact_at(other, i)),
                         BONEMETS_E_ARGUMENT);
    bonemets_guidelines_unref(other);
}

static void a_limit_of_records(void **state)
{
    fixture *f = *state;
    bonemets_record hill = 0;
    for (int i = 1; i <= 1000; i++)
        assert_int_equal(bonemets_patient_add_record(f->patient, "hill", &hill), BONEMETS_OK);
    assert_int_equal(hill, 1000);
    assert_int_equal(bonemets_patient_add_record(f->patient, "hill", &hill), BONEMETS_E_LIMIT);
    assert_int_equal(hill, 0);
}

static void a_buffer_that_is_too_small(void **state)
{
    fixture *f = *state;
    bonemets_assessment *result = NULL;
    size_t needed = 0, again = 0;
    assert_int_equal(bonemets_assess(f->patient, NULL, &result, f->err), BONEMETS_OK);
    assert_int_equal(bonemets_assessment_write(result, BONEMETS_FORMAT_JSON, NULL, 0, &needed),
                     BONEMETS_E_SPACE);
    char *exact = malloc(needed);
    assert_non_null(exact);
    assert_int_equal(
        bonemets_assessment_write(result, BONEMETS_FORMAT_JSON, exact, needed - 1, &again),
        BONEMETS_E_SPACE);
    assert_int_equal(again, needed);
    assert_int_equal(bonemets_assessment_write(result, BONEMETS_FORMAT_JSON, exact, needed, &again),
                     BONEMETS_OK);
    assert_int_equal(strlen(exact) + 1, needed);
    assert_int_equal(bonemets_assessment_write(result, 99, exact, needed, &again),
                     BONEMETS_E_ARGUMENT);
    free(exact);
    bonemets_assessment_unref(result);
}

static void a_record_that_is_refused_leaves_nothing(void **state)
{
    fixture *f = *state;
    const char bad[] = "walkers: 3\nsky: snow\n";
    bonemets_assessment *empty = NULL, *after = NULL;
    static char expected[1 << 16], found[1 << 16];
    assert_int_equal(bonemets_assess(f->patient, NULL, &empty, f->err), BONEMETS_OK);
    assert_refused(f, bonemets_patient_read(f->patient, "bad", bad, strlen(bad), f->err),
                   BONEMETS_E_TYPE);
    assert_int_equal(bonemets_assess(f->patient, NULL, &after, f->err), BONEMETS_OK);
    assert_int_equal(
        bonemets_assessment_write(empty, BONEMETS_FORMAT_JSON, expected, sizeof expected, NULL),
        BONEMETS_OK);
    assert_int_equal(
        bonemets_assessment_write(after, BONEMETS_FORMAT_JSON, found, sizeof found, NULL),
        BONEMETS_OK);
    assert_string_equal(found, expected);
    bonemets_assessment_unref(empty);
    bonemets_assessment_unref(after);
}

static void names_that_do_not_exist(void **state)
{
    fixture *f = *state;
    bonemets_assessment *result = (void *)&garbage;
    assert_refused(f, bonemets_assess(f->patient, "wlak", &result, f->err), BONEMETS_E_FACT);
    assert_null(result);
    assert_refused(f, bonemets_patient_set_profile(f->patient, "spring", f->err), BONEMETS_E_FACT);
    assert_int_equal(bonemets_patient_set_profile(f->patient, "winter", f->err), BONEMETS_OK);
    assert_int_equal(bonemets_explain(f->set, "wlak", BONEMETS_FORMAT_TEXT, NULL, 0, NULL),
                     BONEMETS_E_FACT);
    assert_int_equal(bonemets_describe_facts(f->set, "wlak", BONEMETS_FORMAT_TEXT, NULL, 0, NULL),
                     BONEMETS_E_FACT);
}

static void a_set_outlives_its_loader_and_a_result_its_patient(void **state)
{
    fixture *f = *state;
    bonemets_assessment *result = NULL;
    assert_int_equal(bonemets_assess(f->patient, "walk", &result, f->err), BONEMETS_OK);
    bonemets_patient_free(f->patient);
    f->patient = NULL;
    bonemets_guidelines_unref(f->set);
    f->set = NULL;
    const int32_t i = bonemets_assessment_find(result, BONEMETS_RESULTS, "walk", 0);
    assert_true(i >= 0);
    assert_string_equal(bonemets_assessment_str(result, BONEMETS_RESULTS, i, BONEMETS_F_ID),
                        "walk");
    bonemets_assessment_unref(result);
}

static void limits_of_the_loader(void **state)
{
    fixture *f = *state;
    bonemets_loader *loader = NULL;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_set_limit(loader, 99, 1), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_set_limit(loader, BONEMETS_LIMIT_BYTES, 0),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_set_option(loader, 99, 1), BONEMETS_E_ARGUMENT);
    for (int32_t limit = BONEMETS_LIMIT_BYTES; limit <= BONEMETS_LIMIT_EVENTS; limit++) {
        bonemets_loader *strict = NULL;
        assert_int_equal(bonemets_loader_new(NULL, NULL, &strict), BONEMETS_OK);
        assert_int_equal(bonemets_loader_set_limit(strict, limit, 2), BONEMETS_OK);
        bonemets_guidelines *set = NULL;
        bonemets_status status = bonemets_loader_add_path(strict, TEST_RULES, f->err);
        if (status == BONEMETS_OK)
            status = bonemets_loader_build(strict, &set, f->err);
        assert_refused(f, status, BONEMETS_E_LIMIT);
        assert_null(set);
        bonemets_loader_free(strict);
    }
    bonemets_loader_free(loader);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(null_handles_of_loading),    TEST(null_handles_of_sets),
        TEST(null_handles_of_patients),   TEST(null_handles_of_assessments),
        TEST(numbers_that_are_refused),   TEST(instants_that_are_refused),
        TEST(codes_that_are_refused),     TEST(none_of_a_kind),
        TEST(limits_of_records),          TEST(records_and_facts_that_do_not_exist),
        TEST(a_fact_of_another_set),      TEST(a_limit_of_records),
        TEST(a_buffer_that_is_too_small), TEST(a_record_that_is_refused_leaves_nothing),
        TEST(names_that_do_not_exist),    TEST(a_set_outlives_its_loader_and_a_result_its_patient),
        TEST(null_handles_of_outlooks),   TEST(an_outlook_tells_what_comes_of_an_answer),
        TEST(limits_of_the_loader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
