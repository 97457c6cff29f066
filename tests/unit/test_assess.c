/* SPDX-License-Identifier: Apache-2.0 */
/* What the accessors of an assessment promise, on the small tables of tests/data/rules and on one
 * about hills. Expected answers are worked out from the tables by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "assess/assessment.h"

#define EVIDENCE                                                                                   \
    ", strength: strong, certainty: high, verified: one_source, source: map, because: so}\n"

static const char slope_facts[] = "vocabulary: slopes\n"
                                  "title: Values about a slope\n"
                                  "facts:\n"
                                  "  present: {label: now, type: instant, now: true,\n"
                                  "    range: 2000-01-01..2099-12-31}\n"
                                  "  seen_at: {label: seen, about: hill, type: instant,\n"
                                  "    range: 2000-01-01..2099-12-31}\n"
                                  "values:\n"
                                  "  since: {label: seen since, about: hill, type: quantity,\n"
                                  "    unit: h, range: 0..9000, value: present - seen_at}\n"
                                  "  slope_total: {label: total of the slope score, about: hill,\n"
                                  "    type: count, range: 0..3, given_by: slope}\n";

static const char slope[] =
    "guideline: slope\n"
    "title: Is it a hill to climb\n"
    "about: hill\n"
    "edition: '1'\n"
    "status: on\n"
    "verified: one_source\n"
    "purpose: to test\n"
    "applies_when: stated(surface)\n"
    "sources:\n"
    "  map: {cite: 'The map. 1902', year: 1902}\n"
    "scores:\n"
    "  slope:\n"
    "    label: slope score\n"
    "    direction: higher_is_worse\n"
    "    range: 0..3\n"
    "    items:\n"
    "      ground: {label: ground, of: surface, points: {rock: 2, grass: 0}}\n"
    "      tilt: {label: tilt, of: steepness, points: {<=30: 0, '>30': 1}}\n"
    "    bands:\n"
    "      easy: {total: 0..1, label: easy}\n"
    "      hard: {total: 2..3, label: hard}\n"
    "equations:\n"
    "  rise: {label: rise, value: (steepness in %) / 100}\n"
    "choices:\n"
    "  route:\n"
    "    label: which way\n"
    "    optional: true\n"
    "    options: {up: straight up, around: around it, back: back home}\n"
    "    rows:\n"
    "      - {id: S-1, when: slope.band = hard, choose: back, with: {rope: long, pause: 3}, "
    "do: [turn], urgency: soon, within: 3 h, clock: since" EVIDENCE
    "      - {id: S-2, when: windy, choose: around, with: {rope: short}, do: [walk], warn: "
    "[gusts], "
    "urgency: immediate, within: 1 h" EVIDENCE
    "      - {id: S-3, when: not windy, choose: up, urgency: none" EVIDENCE
    "  rope: {label: rope, options: {long: long rope, short: short rope}}\n"
    "  pause: {label: pause, unit: h, clock: since}\n"
    "advice:\n"
    "  - {id: S-10, when: slope.band = hard and missing(gear), warn: [bring_boots], urgency: "
    "soon" EVIDENCE "wording: {bring_boots: bring boots and a map}\n";

static const char notes_table[] =
    "guideline: remarks\n"
    "title: Remarks\n"
    "edition: '1'\n"
    "status: on\n"
    "verified: one_source\n"
    "purpose: to test\n"
    "sources:\n"
    "  map: {cite: 'The map. 1902', year: 1902}\n"
    "advice:\n"
    "  - {id: R-1, when: windy, do: [hold_your_hat], urgency: none" EVIDENCE "notes:\n"
    "  - {id: gale, when: windy, say: Some call it a gale., verified: one_source, source: map}\n"
    "  - {id: always, say: Nobody agrees., verified: one_source, source: map}\n";

/* ---- fixture ---- */

typedef struct {
    bonemets_error *err;
    bonemets_guidelines *set;
    bonemets_patient *patient;
    bonemets_assessment *a;
} fixture;

static void add(bonemets_loader *loader, const char *name, const char *text, bonemets_error *err)
{
    assert_int_equal(bonemets_loader_add_memory(loader, name, text, strlen(text), err),
                     BONEMETS_OK);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    bonemets_loader *loader;
    assert_non_null(f);
    f->err = bonemets_error_new();
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_path(loader, TEST_RULES, f->err), BONEMETS_OK);
    add(loader, "slope facts", slope_facts, f->err);
    add(loader, "slope", slope, f->err);
    add(loader, "remarks", notes_table, f->err);
    if (bonemets_loader_build(loader, &f->set, f->err))
        fail_msg("%s", bonemets_error_str(f->err, 0, BONEMETS_F_MESSAGE));
    bonemets_loader_free(loader);
    assert_int_equal(bonemets_patient_new(f->set, &f->patient), BONEMETS_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bonemets_assessment_unref(f->a);
    bonemets_patient_free(f->patient);
    bonemets_guidelines_unref(f->set);
    bonemets_error_free(f->err);
    free(f);
    return 0;
}

/* Reads a record and assesses it; target NULL: by all guidelines. */
static const bonemets_assessment *assess(fixture *f, const char *record, const char *target)
{
    bonemets_assessment_unref(f->a);
    f->a = NULL;
    bonemets_patient_reset(f->patient);
    bonemets_error_clear(f->err);
    if (bonemets_patient_read(f->patient, "record", record, strlen(record), f->err) ||
        bonemets_assess(f->patient, target, &f->a, f->err))
        fail_msg("%s: %s", record, bonemets_error_str(f->err, 0, BONEMETS_F_MESSAGE));
    return f->a;
}

/* ---- short forms ---- */

static int32_t at(const bonemets_assessment *a, int32_t list, const char *id, int record)
{
    int32_t i = bonemets_assessment_find(a, list, id, record);
    if (i < 0)
        fail_msg("there is no %s of record %d in list %d", id, record, (int)list);
    return i;
}

static void expect_text(const bonemets_assessment *a, int32_t list, int32_t i, bonemets_field field,
                        const char *wanted)
{
    const char *text = bonemets_assessment_str(a, list, i, field);
    if (!wanted)
        assert_null(text);
    else if (!text || strcmp(text, wanted) != 0)
        fail_msg("field %d is %s, not %s", (int)field, text ? text : "absent", wanted);
}

static void expect_state(const bonemets_assessment *a, int32_t list, int32_t i, int wanted)
{
    assert_int_equal(bonemets_assessment_int(a, list, i, BONEMETS_F_STATE), wanted);
}

static void expect_number(double is, double wanted)
{
    if (is < wanted || is > wanted)
        fail_msg("%g, not %g", is, wanted);
}

static void expect_range(const bonemets_assessment *a, int32_t i, double low, double high)
{
    expect_number(bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_LOW), low);
    expect_number(bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_HIGH), high);
}

/* A sublist's field as one text, `a b c`. */
static void expect_sub(const bonemets_assessment *a, int32_t list, int32_t i, int32_t sub,
                       bonemets_field field, const char *wanted)
{
    char all[500] = "";
    for (int32_t j = 0; j < bonemets_assessment_sub_count(a, list, i, sub); j++) {
        const char *one = bonemets_assessment_sub_str(a, list, i, sub, j, field);
        if (j)
            strcat(all, " ");
        strcat(all, one ? one : "-");
    }
    assert_string_equal(all, wanted);
}

/* The ids of a list. */
static void expect_ids(const bonemets_assessment *a, int32_t list, const char *wanted)
{
    char all[500] = "";
    for (int32_t i = 0; i < bonemets_assessment_count(a, list); i++) {
        const char *one = bonemets_assessment_str(a, list, i, BONEMETS_F_ID);
        if (i)
            strcat(all, " ");
        strcat(all, one ? one : "-");
    }
    assert_string_equal(all, wanted);
}

/* ---- careless callers ---- */

enum { LISTS = 10, SUBS = 18, FIELDS = 60 };

/* What is not there is NULL, -1 or 0, in every list. */
static void expect_nothing(const bonemets_assessment *a, int32_t list, int32_t i)
{
    for (bonemets_field field = -1; field < FIELDS; field++) {
        assert_null(bonemets_assessment_str(a, list, i, field));
        assert_int_equal(bonemets_assessment_int(a, list, i, field), -1);
        expect_number(bonemets_assessment_num(a, list, i, field), 0);
        for (int32_t sub = -1; sub < SUBS; sub++) {
            assert_int_equal(bonemets_assessment_sub_count(a, list, i, sub), 0);
            assert_null(bonemets_assessment_sub_str(a, list, i, sub, 0, field));
            assert_int_equal(bonemets_assessment_sub_int(a, list, i, sub, 0, field), -1);
            expect_number(bonemets_assessment_sub_num(a, list, i, sub, 0, field), 0);
        }
    }
}

static void no_assessment_has_nothing(void **state)
{
    (void)state;
    for (int32_t list = -1; list < LISTS; list++) {
        assert_int_equal(bonemets_assessment_count(NULL, list), 0);
        assert_int_equal(bonemets_assessment_find(NULL, list, "walk", 0), -1);
        expect_nothing(NULL, list, 0);
    }
    assert_null(bonemets_assessment_overall_str(NULL, BONEMETS_F_URGENCY));
    assert_true(bonemets_assessment_overall_num(NULL, BONEMETS_F_WITHIN_H) < 0);
    assert_null(bonemets_assessment_ref(NULL));
    bonemets_assessment_unref(NULL);
    assert_null(bm_assessment_set(NULL));
    assert_false(bm_assessment_covers(NULL, 0));
}

/* Entries of sublists past their end. */
static void expect_nothing_in(const bonemets_assessment *a, int32_t list, int32_t i, int32_t sub,
                              int32_t j)
{
    for (bonemets_field field = -1; field < FIELDS; field++) {
        assert_null(bonemets_assessment_sub_str(a, list, i, sub, j, field));
        assert_int_equal(bonemets_assessment_sub_int(a, list, i, sub, j, field), -1);
        expect_number(bonemets_assessment_sub_num(a, list, i, sub, j, field), 0);
    }
}

static void touch_entry(const bonemets_assessment *a, int32_t list, int32_t i)
{
    assert_null(bonemets_assessment_str(a, list, i, 0));
    assert_null(bonemets_assessment_str(a, list, i, FIELDS));
    for (int32_t sub = -1; sub < SUBS; sub++) {
        int32_t count = bonemets_assessment_sub_count(a, list, i, sub);
        assert_true(count >= 0);
        expect_nothing_in(a, list, i, sub, -1);
        expect_nothing_in(a, list, i, sub, count);
        expect_nothing_in(a, list, i, sub, INT32_MAX);
        for (int32_t j = 0; j < count; j++)
            assert_true(bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_ID) ||
                        bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_CODE));
    }
}

static void past_the_end_is_nothing(void **state)
{
    static const char *const records[] = {
        "{}", "{sky: rain, walkers: 3, windy: yes, duration: 9 h, gear: [boots]}",
        "{windy: no, hills: [{surface: rock}, {}, {surface: grass, steepness: 20 %}]}",
        "{walkers: {from: 2, to: 9}, gear: {present: [map], unknown: [boots]}, hills: []}"};
    fixture *f = *state;
    for (size_t n = 0; n < sizeof records / sizeof *records; n++) {
        const bonemets_assessment *a = assess(f, records[n], NULL);
        for (int32_t list = -1; list < LISTS; list++) {
            int32_t count = bonemets_assessment_count(a, list);
            assert_true(count >= 0);
            expect_nothing(a, list, -1);
            expect_nothing(a, list, count);
            expect_nothing(a, list, INT32_MIN);
            for (int32_t i = 0; i < count; i++)
                touch_entry(a, list, i);
            assert_int_equal(bonemets_assessment_find(a, list, NULL, 0), -1);
            assert_int_equal(bonemets_assessment_find(a, list, "nonsense", 0), -1);
            assert_int_equal(bonemets_assessment_find(a, list, "walk", 7), -1);
        }
        assert_null(bonemets_assessment_overall_str(a, BONEMETS_F_ID));
        assert_true(bonemets_assessment_overall_num(a, BONEMETS_F_LOW) < 0);
    }
}

static void targets(void **state)
{
    fixture *f = *state;
    bonemets_assessment *a = (void *)f;
    assert_int_equal(bonemets_assess(NULL, NULL, &a, NULL), BONEMETS_E_ARGUMENT);
    assert_null(a);
    assert_int_equal(bonemets_assess(f->patient, NULL, NULL, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_assess(f->patient, "wark", &a, f->err), BONEMETS_E_FACT);
    assert_null(a);
    int32_t last = bonemets_error_count(f->err) - 1;
    assert_non_null(strstr(bonemets_error_str(f->err, last, BONEMETS_F_MESSAGE), "'walk'"));
    const bonemets_assessment *one = assess(f, "{windy: yes}", "walk");
    assert_true(bm_assessment_covers(one, bm_set_guideline(f->set, "walk")));
    assert_false(bm_assessment_covers(one, bm_set_guideline(f->set, "slope")));
    assert_int_equal(bonemets_assessment_find(one, BONEMETS_RESULTS, "slope", 0), -1);
    at(one, BONEMETS_RESULTS, "walk", 0);
    assert_ptr_equal(bm_assessment_set(one), f->set);
}

static void an_assessment_outlives_its_patient(void **state)
{
    fixture *f = *state;
    assess(f, "{sky: clear, walkers: 2, windy: no}", "walk");
    bonemets_assessment *a = bonemets_assessment_ref(f->a);
    bonemets_assessment_unref(f->a);
    f->a = NULL;
    bonemets_patient_free(f->patient);
    f->patient = NULL;
    bonemets_guidelines_unref(f->set);
    f->set = NULL;
    expect_text(a, BONEMETS_RESULTS, at(a, BONEMETS_RESULTS, "walk", 0), BONEMETS_F_BAND, "fine");
    bonemets_assessment_unref(a);
}

/* ---- results ---- */

static void a_known_result(void **state)
{
    const bonemets_assessment *a = assess(*state, "{sky: rain, walkers: 5, windy: no}", "walk");
    int32_t i = at(a, BONEMETS_RESULTS, "walk", 0);
    expect_state(a, BONEMETS_RESULTS, i, BONEMETS_KNOWN);
    expect_range(a, i, 3, 3);
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_LABEL, "walk score");
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_GUIDELINE, "walk");
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND, "fair");
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_UNIT, NULL);
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_ABOUT, "patient");
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_VERIFIED, "one_source");
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_STATUS, "on");
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, BONEMETS_F_ID, "sky walkers wind");
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_BANDS, BONEMETS_F_ID, "fair");
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "");
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_SOURCES, BONEMETS_F_ID, "almanac");
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_SOURCES, BONEMETS_F_MESSAGE,
               "The almanac. 1901;1(1):1");
    static const double points[3] = {2, 1, 0};
    for (int32_t j = 0; j < 3; j++) {
        assert_int_equal(bonemets_assessment_sub_int(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, j,
                                                     BONEMETS_F_STATE),
                         BONEMETS_KNOWN);
        expect_number(bonemets_assessment_sub_num(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, j,
                                                  BONEMETS_F_LOW),
                      points[j]);
    }
}

static void a_result_that_is_partly_known(void **state)
{
    fixture *f = *state;
    const bonemets_assessment *a =
        assess(f, "{walkers: 5, windy: yes, sky: {one_of: [cloudy, rain]}}", "walk");
    int32_t i = at(a, BONEMETS_RESULTS, "walk", 0);
    expect_state(a, BONEMETS_RESULTS, i, BONEMETS_PARTLY);
    expect_range(a, i, 4, 5);
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND,
                "foul"); /* certain, though the total is not */
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "sky");
    assert_int_equal(bonemets_assessment_sub_int(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, 0,
                                                 BONEMETS_F_STATE),
                     BONEMETS_PARTLY);
    a = assess(f, "{walkers: 2, sky: clear}", "walk");
    i = at(a, BONEMETS_RESULTS, "walk", 0);
    expect_range(a, i, 0, 2);
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND, NULL);
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_BANDS, BONEMETS_F_ID, "fine fair");
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "windy");
    assert_int_equal(bonemets_assessment_sub_int(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, 2,
                                                 BONEMETS_F_STATE),
                     BONEMETS_UNKNOWN);
}

static void nothing_known_is_unknown(void **state)
{
    const bonemets_assessment *a = assess(*state, "{}", "walk");
    int32_t i = at(a, BONEMETS_RESULTS, "walk", 0);
    expect_state(a, BONEMETS_RESULTS, i, BONEMETS_UNKNOWN);
    expect_range(a, i, 1, 4); /* the sky is assumed to be cloudy */
    i = at(a, BONEMETS_RESULTS, "hours_each", 0);
    expect_state(a, BONEMETS_RESULTS, i, BONEMETS_UNKNOWN);
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_UNIT, "h");
    assert_null(bonemets_assessment_overall_str(a, BONEMETS_F_URGENCY));
    assert_true(bonemets_assessment_overall_num(a, BONEMETS_F_WITHIN_H) < 0);
    assert_string_equal(bonemets_assessment_overall_str(a, BONEMETS_F_POSSIBLE_URGENCY), "soon");
    expect_number(bonemets_assessment_overall_num(a, BONEMETS_F_POSSIBLE_WITHIN_H), 2);
}

static void equations_have_bounds(void **state)
{
    const bonemets_assessment *a =
        assess(*state, "{walkers: {from: 2, to: 4}, duration: 8 h}", "walk");
    int32_t i = at(a, BONEMETS_RESULTS, "hours_each", 0);
    expect_state(a, BONEMETS_RESULTS, i, BONEMETS_PARTLY);
    expect_range(a, i, 2, 4);
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "walkers");
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, BONEMETS_F_ID, "");
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND, NULL);
    a = assess(*state, "{walkers: 4, duration: 1 d}", "walk");
    i = at(a, BONEMETS_RESULTS, "hours_each", 0);
    expect_state(a, BONEMETS_RESULTS, i, BONEMETS_KNOWN);
    expect_range(a, i, 6, 6);
}

static void an_entered_total_wins(void **state)
{
    const bonemets_assessment *a =
        assess(*state, "{sky: clear, walkers: 2, windy: no, walk_total: 4}", "walk");
    int32_t i = at(a, BONEMETS_RESULTS, "walk", 0);
    expect_range(a, i, 4, 4);
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND, "foul");
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_ENTERED), 1);
    expect_number(bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_DERIVED_LOW), 0);
    expect_number(bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_DERIVED_HIGH), 0);
    expect_text(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "decision", 0), BONEMETS_F_CODE,
                "stay");
}

/* ---- what was entered although its facts say otherwise ---- */

static void entered_and_derived_disagree(void **state)
{
    fixture *f = *state;
    const bonemets_assessment *a =
        assess(f, "{sky: clear, walkers: 2, windy: no, walk_total: 4, exposed: yes}", NULL);
    expect_ids(a, BONEMETS_DISAGREEMENTS, "exposed walk_total");
    int32_t i = at(a, BONEMETS_DISAGREEMENTS, "walk_total", 0);
    expect_text(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_F_LABEL, "total of the walk score");
    expect_text(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_F_ABOUT, "patient");
    expect_text(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_F_CODE, NULL);
    expect_text(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_F_CONTRADICTED, NULL);
    const bonemets_field fields[] = {BONEMETS_F_LOW, BONEMETS_F_HIGH, BONEMETS_F_DERIVED_LOW,
                                     BONEMETS_F_DERIVED_HIGH};
    for (int n = 0; n < 4; n++)
        expect_number(bonemets_assessment_num(a, BONEMETS_DISAGREEMENTS, i, fields[n]),
                      n < 2 ? 4 : 0);
    expect_sub(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_SUB_ENTERED, BONEMETS_F_ID, "");
    expect_sub(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_SUB_FACTS, BONEMETS_F_ID,
               "sky windy walkers");
    expect_sub(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "");
    i = at(a, BONEMETS_DISAGREEMENTS, "exposed", 0);
    expect_text(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_F_CODE, "yes");
    expect_state(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_KNOWN);
    expect_sub(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_SUB_ENTERED, BONEMETS_F_LABEL, "yes");
    expect_sub(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_SUB_POSSIBLE, BONEMETS_F_ID, "no");
    expect_sub(a, BONEMETS_DISAGREEMENTS, i, BONEMETS_SUB_FACTS, BONEMETS_F_ID, "windy");
}

static void what_may_still_agree_is_no_disagreement(void **state)
{
    fixture *f = *state;
    expect_ids(assess(f, "{sky: clear, walkers: 2, walk_total: 2}", NULL), BONEMETS_DISAGREEMENTS,
               "");
    expect_ids(assess(f, "{sky: clear, walkers: 2, walk_total: 3}", NULL), BONEMETS_DISAGREEMENTS,
               "walk_total");
    expect_ids(assess(f, "{sky: clear, walkers: 2, walk_total: {from: 2, to: 4}}", NULL),
               BONEMETS_DISAGREEMENTS, "");
    expect_ids(assess(f, "{walk_total: 4, exposed: yes}", NULL), BONEMETS_DISAGREEMENTS, "");
    /* of one table: only what it reads */
    expect_ids(assess(f, "{windy: no, exposed: yes}", "slope"), BONEMETS_DISAGREEMENTS, "");
    expect_ids(assess(f, "{windy: no, exposed: yes}", "walk"), BONEMETS_DISAGREEMENTS, "exposed");
}

/* Of each record; a table that does not apply gives nothing to disagree with. */
static void records_disagree_one_by_one(void **state)
{
    const bonemets_assessment *a =
        assess(*state,
               "{hills: [{surface: rock, steepness: 40 %, slope_total: 3},"
               " {surface: grass, steepness: 40 %, slope_total: 3},"
               " {steepness: 40 %, slope_total: 0}]}",
               "slope");
    expect_ids(a, BONEMETS_DISAGREEMENTS, "slope_total");
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_DISAGREEMENTS, 0, BONEMETS_F_LESION), 2);
    assert_int_equal(bonemets_assessment_find(a, BONEMETS_DISAGREEMENTS, "slope_total", 1), -1);
}

static const char footing_facts[] =
    "vocabulary: footing_facts\n"
    "facts:\n"
    "  ground: {label: ground, type: code, options: [rock, grass]}\n"
    "  steps: {label: steps, type: quantity, unit: m, range: 0..1000}\n"
    "  sign: {label: sign, type: flag}\n"
    "units:\n"
    "  length: {m: 1}\n"
    "values:\n"
    "  footing: {label: footing, type: code, options: [firm, soft, bog], only_entered: [bog],\n"
    "    from: ground, table: {rock: firm, grass: soft}}\n"
    "  far: {label: how far, type: quantity, unit: m, range: 0..9000, value: 2 * steps,\n"
    "    tolerance: 5 %}\n"
    "  near: {label: how near, type: quantity, unit: m, range: 0..9000, value: steps / 2,\n"
    "    tolerance: 0.5 m}\n"
    "  pairs: {label: pairs of steps, type: count, range: 0..9000, value: (steps in m) / 2}\n"
    "  quiet: {label: no sign is there, type: flag, value: missing(sign)}\n"
    "  closed: {label: closed, type: flag, cases: [{when: sign, is: 'yes'}, {else: ask}]}\n";

static const char footing[] = "guideline: footing\n"
                              "title: Is it safe to stand\n"
                              "edition: '1'\n"
                              "status: on\n"
                              "verified: one_source\n"
                              "purpose: to test\n"
                              "sources:\n"
                              "  map: {cite: 'The map. 1902', year: 1902}\n"
                              "advice:\n"
                              "  - {id: F-1, when: footing = bog or far > 5 m or near > 5 m or "
                              "pairs > 5 or quiet or closed,\n"
                              "     do: [stop], urgency: none" EVIDENCE;

static void expect_footing(fixture *f, const char *record, const char *wanted)
{
    expect_ids(assess(f, record, NULL), BONEMETS_DISAGREEMENTS, wanted);
}

static void some_differences_are_none(void **state)
{
    fixture *f = *state, own = *f;
    bonemets_loader *loader;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_path(loader, TEST_RULES, f->err), BONEMETS_OK);
    add(loader, "footing facts", footing_facts, f->err);
    add(loader, "footing", footing, f->err);
    own.a = NULL;
    if (bonemets_loader_build(loader, &own.set, f->err))
        fail_msg("%s", bonemets_error_str(f->err, 0, BONEMETS_F_MESSAGE));
    bonemets_loader_free(loader);
    assert_int_equal(bonemets_patient_new(own.set, &own.patient), BONEMETS_OK);
    expect_footing(&own, "{ground: rock, footing: soft}", "footing");
    expect_footing(&own, "{ground: rock, footing: {one_of: [firm, soft]}}", "");
    expect_footing(&own, "{ground: rock, footing: bog}", ""); /* no derivation says as much */
    expect_footing(&own, "{steps: 100 m, far: 210 m, near: 50.5 m, pairs: 50}", "");
    expect_footing(&own, "{steps: 100 m, far: 211 m, near: 50.6 m, pairs: 51}", "far near pairs");
    expect_footing(&own, "{steps: 100 m, far: 191 m, near: 49.5 m}", "");
    expect_footing(&own, "{steps: 100 m, far: 189 m, near: 49.4 m}", "far near");
    expect_footing(&own, "{steps: 101 m, pairs: 50}", ""); /* 50.5 */
    expect_footing(&own, "{steps: 101 m, pairs: 51}", "");
    expect_footing(&own, "{quiet: no}", ""); /* a silence gives nothing */
    expect_footing(&own, "{sign: no, quiet: yes}", "quiet");
    expect_footing(&own, "{sign: no, closed: yes}", ""); /* only one answer is forced */
    expect_footing(&own, "{sign: yes, closed: no}", "closed");
    bonemets_assessment_unref(own.a);
    bonemets_patient_free(own.patient);
    bonemets_guidelines_unref(own.set);
}

static void notes_carry_an_alternative(void **state)
{
    fixture *f = *state;
    const bonemets_assessment *a = assess(f, "{sky: rain, walkers: 5, windy: no}", "walk");
    int32_t i = at(a, BONEMETS_RESULTS, "walk", 0);
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES, BONEMETS_F_ID, "drizzle");
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES, BONEMETS_F_MESSAGE,
               "Some count drizzle as cloudy.");
    expect_number(
        bonemets_assessment_sub_num(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES, 0, BONEMETS_F_LOW),
        2);
    assert_int_equal(bonemets_assessment_sub_int(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES, 0,
                                                 BONEMETS_F_STATE),
                     BONEMETS_KNOWN);
    a = assess(f, "{sky: rain, walkers: 5}", "walk");
    i = at(a, BONEMETS_RESULTS, "walk", 0);
    assert_int_equal(bonemets_assessment_sub_int(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES, 0,
                                                 BONEMETS_F_STATE),
                     BONEMETS_PARTLY);
    expect_number(
        bonemets_assessment_sub_num(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES, 0, BONEMETS_F_HIGH),
        4);
    a = assess(f, "{sky: {one_of: [rain, clear]}}", "walk"); /* it may not even rain */
    i = at(a, BONEMETS_RESULTS, "walk", 0);
    expect_sub(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES, BONEMETS_F_ID, "");
}

/* Tables without results show their notes in a list of their own. */
static void notes_of_decision_tables(void **state)
{
    const bonemets_assessment *a = assess(*state, "{windy: yes, sky: rain}", NULL);
    expect_ids(a, BONEMETS_NOTES, "gale");
    expect_text(a, BONEMETS_NOTES, 0, BONEMETS_F_MESSAGE, "Some call it a gale.");
    expect_text(a, BONEMETS_NOTES, 0, BONEMETS_F_GUIDELINE, "remarks");
    expect_text(a, BONEMETS_NOTES, 0, BONEMETS_F_VERIFIED, "one_source");
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_NOTES, 0, BONEMETS_F_LESION), 0);
    a = assess(*state, "{sky: rain}", NULL);
    expect_ids(a, BONEMETS_NOTES, "");
}

/* ---- choices ---- */

static void a_known_choice(void **state)
{
    const bonemets_assessment *a = assess(
        *state,
        "{sky: clear, walkers: 2, windy: yes, hills: [{steepness: 20 %}, {steepness: 35 %}]}",
        "walk");
    int32_t i = at(a, BONEMETS_CHOICES, "decision", 0);
    expect_state(a, BONEMETS_CHOICES, i, BONEMETS_KNOWN);
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_CODE, "stay");
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_LABEL, "whether to go");
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_ROW, "W-1");
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_URGENCY, "soon");
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_STRENGTH, "strong");
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_CERTAINTY, "low");
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_BECAUSE, "Storms are worse on a hill.");
    expect_number(bonemets_assessment_num(a, BONEMETS_CHOICES, i, BONEMETS_F_WITHIN_H), 2);
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_CHOICES, i, BONEMETS_F_MAY_BE_NONE), 0);
    expect_sub(a, BONEMETS_CHOICES, i, BONEMETS_SUB_POSSIBLE, BONEMETS_F_CODE, "stay");
    expect_sub(a, BONEMETS_CHOICES, i, BONEMETS_SUB_POSSIBLE, BONEMETS_F_LABEL, "stay at home");
    expect_sub(a, BONEMETS_CHOICES, i, BONEMETS_SUB_SOURCES, BONEMETS_F_ID, "almanac");
    /* the wind and the steep hill; not the other hill, not the sky */
    expect_sub(a, BONEMETS_CHOICES, i, BONEMETS_SUB_FACTS, BONEMETS_F_ID, "windy steepness");
    expect_sub(a, BONEMETS_CHOICES, i, BONEMETS_SUB_FACTS, BONEMETS_F_CODE, "yes -");
    assert_int_equal(bonemets_assessment_sub_int(a, BONEMETS_CHOICES, i, BONEMETS_SUB_FACTS, 1,
                                                 BONEMETS_F_LESION),
                     2);
    expect_number(
        bonemets_assessment_sub_num(a, BONEMETS_CHOICES, i, BONEMETS_SUB_FACTS, 1, BONEMETS_F_LOW),
        35);
    assert_int_equal(bonemets_assessment_sub_int(a, BONEMETS_CHOICES, i, BONEMETS_SUB_FACTS, 1,
                                                 BONEMETS_F_STATE),
                     BONEMETS_KNOWN);
    assert_string_equal(bonemets_assessment_overall_str(a, BONEMETS_F_URGENCY), "soon");
    assert_string_equal(bonemets_assessment_overall_str(a, BONEMETS_F_ROW), "W-1");
    assert_string_equal(bonemets_assessment_overall_str(a, BONEMETS_F_WITHIN_ROW), "W-1");
    expect_number(bonemets_assessment_overall_num(a, BONEMETS_F_WITHIN_H), 2);
}

static void a_provisional_choice(void **state)
{
    const bonemets_assessment *a = assess(*state, "{sky: clear, walkers: 2}", "walk");
    int32_t i = at(a, BONEMETS_CHOICES, "decision", 0);
    expect_state(a, BONEMETS_CHOICES, i, BONEMETS_PARTLY);
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_CODE, NULL);
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_ROW, NULL);
    expect_sub(a, BONEMETS_CHOICES, i, BONEMETS_SUB_POSSIBLE, BONEMETS_F_CODE, "go wait stay");
    expect_sub(a, BONEMETS_CHOICES, i, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "windy steepness");
    expect_ids(a, BONEMETS_UNDECIDED, "W-1 W-2 W-3 W-10");
    expect_text(a, BONEMETS_UNDECIDED, 0, BONEMETS_F_URGENCY, "soon");
    expect_number(bonemets_assessment_num(a, BONEMETS_UNDECIDED, 0, BONEMETS_F_WITHIN_H), 2);
    expect_sub(a, BONEMETS_UNDECIDED, 0, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "windy steepness");
    expect_state(a, BONEMETS_UNDECIDED, 0, BONEMETS_PARTLY);
}

/* A row that waits stands before one that holds: what the decided rows give is shown, and is
 * provisional. */
static void a_choice_that_may_be_superseded(void **state)
{
    const bonemets_assessment *a = assess(*state, "{sky: clear, walkers: 2, windy: yes}", "walk");
    int32_t i = at(a, BONEMETS_CHOICES, "decision", 0);
    expect_state(a, BONEMETS_CHOICES, i, BONEMETS_PARTLY);
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_CODE, "wait");
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_ROW, "W-2");
    expect_sub(a, BONEMETS_CHOICES, i, BONEMETS_SUB_POSSIBLE, BONEMETS_F_CODE, "wait stay");
    expect_sub(a, BONEMETS_CHOICES, i, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "steepness");
    expect_ids(a, BONEMETS_UNDECIDED, "W-1 W-10");
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_CHOICES, i, BONEMETS_F_MAY_BE_NONE), 0);
}

static void records_have_their_own_answers(void **state)
{
    const bonemets_assessment *a =
        assess(*state,
               "{windy: no, gear: [boots], hills: [{surface: rock, steepness: 40 %}, {steepness: "
               "10 %}, {surface: grass, steepness: 10 %}]}",
               "slope");
    int32_t rock = at(a, BONEMETS_RESULTS, "slope", 1), none = at(a, BONEMETS_RESULTS, "slope", 2);
    int32_t grass = at(a, BONEMETS_RESULTS, "slope", 3);
    expect_range(a, rock, 3, 3);
    expect_range(a, grass, 0, 0);
    expect_text(a, BONEMETS_RESULTS, rock, BONEMETS_F_ABOUT, "hill");
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_RESULTS, grass, BONEMETS_F_LESION), 3);
    /* whether the score applies to the second hill is not known */
    expect_state(a, BONEMETS_RESULTS, none, BONEMETS_PARTLY);
    expect_sub(a, BONEMETS_RESULTS, none, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "surface");
    none = at(a, BONEMETS_RESULTS, "rise", 2);
    expect_state(a, BONEMETS_RESULTS, none, BONEMETS_PARTLY); /* one number, if it applies */
    expect_range(a, none, 0.1, 0.1);
    expect_sub(a, BONEMETS_RESULTS, none, BONEMETS_SUB_MISSING, BONEMETS_F_ID, "surface");
    expect_text(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "route", 1), BONEMETS_F_CODE, "back");
    expect_text(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "rope", 1), BONEMETS_F_CODE, "long");
    expect_text(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "route", 3), BONEMETS_F_CODE, "up");
    expect_state(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "rope", 3), BONEMETS_NONE);
    expect_text(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "rope", 3), BONEMETS_F_CODE, NULL);
    int32_t waits = at(a, BONEMETS_CHOICES, "route", 2);
    expect_state(a, BONEMETS_CHOICES, waits, BONEMETS_PARTLY);
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_CHOICES, waits, BONEMETS_F_MAY_BE_NONE),
                     1);
    assert_int_equal(bonemets_assessment_find(a, BONEMETS_RESULTS, "slope", 0), -1);
}

static void numbers_as_outcomes(void **state)
{
    const bonemets_assessment *a =
        assess(*state, "{hills: [{surface: rock, steepness: 40 %}]}", "slope");
    int32_t i = at(a, BONEMETS_CHOICES, "pause", 1);
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_CODE, "3");
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_UNIT, "h");
    expect_number(bonemets_assessment_num(a, BONEMETS_CHOICES, i, BONEMETS_F_LOW), 3);
    expect_text(a, BONEMETS_CHOICES, i, BONEMETS_F_ROW, "S-1");
    expect_number(bonemets_assessment_sub_num(a, BONEMETS_CHOICES, i, BONEMETS_SUB_POSSIBLE, 0,
                                              BONEMETS_F_LOW),
                  3);
}

static void expect_left(const bonemets_assessment *a, int32_t list, int32_t i, int state,
                        const double wanted[4])
{
    assert_int_equal(bonemets_assessment_int(a, list, i, BONEMETS_F_LEFT), state);
    for (int32_t k = 0; k < 4; k++)
        expect_number(bonemets_assessment_num(a, list, i, BONEMETS_F_LEFT_LOW_H + k), wanted[k]);
}

/* 2026-11-21T08:00 is 1795248000. */
static void what_is_left_of_limits(void **state)
{
    static const double none[4] = {0, 0, 0, 0}, left[4] = {0.5, 0.5, 1795258800, 1795258800};
    fixture *f = *state;
    const bonemets_assessment *a =
        assess(f,
               "{present: 2026-11-21T10:30, hills: [{surface: rock, steepness: 40 %, "
               "seen_at: 2026-11-21T08:00}, {surface: rock, steepness: 40 %}, {surface: rock, "
               "steepness: 40 %, seen_at: {from: 2026-11-21T06:00, to: 2026-11-22}}]}",
               "slope");
    expect_left(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "pause", 1), BONEMETS_KNOWN, left);
    expect_left(a, BONEMETS_ADVICE, at(a, BONEMETS_ADVICE, "S-1", 1), BONEMETS_KNOWN, left);
    expect_left(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "pause", 2), BONEMETS_UNKNOWN, none);
    expect_left(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "route", 1), BONEMETS_INAPPLICABLE,
                none);
    expect_left(a, BONEMETS_ADVICE, at(a, BONEMETS_ADVICE, "S-10", 1), BONEMETS_INAPPLICABLE, none);
    expect_left(a, BONEMETS_RESULTS, at(a, BONEMETS_RESULTS, "slope", 1), -1, none);
    /* what would lie before the present is left out: the clock runs since 0 to 4.5 h */
    int32_t third = at(a, BONEMETS_CHOICES, "pause", 3);
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_CHOICES, third, BONEMETS_F_LEFT),
                     BONEMETS_PARTLY);
    expect_number(bonemets_assessment_num(a, BONEMETS_CHOICES, third, BONEMETS_F_LEFT_LOW_H), -1.5);
    expect_number(bonemets_assessment_num(a, BONEMETS_CHOICES, third, BONEMETS_F_LEFT_HIGH_H), 3);
    assert_string_equal(bonemets_assessment_overall_str(a, BONEMETS_F_LEFT_ROW), "S-1");
    expect_number(bonemets_assessment_overall_num(a, BONEMETS_F_LEFT_LOW_H), -1.5);
    expect_number(bonemets_assessment_overall_num(a, BONEMETS_F_DUE_HIGH), 1795267800);
    a = assess(f, "{hills: [{surface: rock, steepness: 40 %, since: 2.5 h}]}", "slope");
    expect_number(bonemets_assessment_num(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "pause", 1),
                                          BONEMETS_F_LEFT_HIGH_H),
                  0.5);
    expect_number(bonemets_assessment_overall_num(a, BONEMETS_F_DUE_LOW), 0);
    assert_null(bonemets_assessment_overall_str(NULL, BONEMETS_F_LEFT_ROW));
    a = assess(f, "{present: 2026-11-21T10:30, hills: [{surface: rock, steepness: 40 %}]}",
               "slope");
    assert_null(bonemets_assessment_overall_str(a, BONEMETS_F_LEFT_ROW));
    expect_number(bonemets_assessment_overall_num(a, BONEMETS_F_LEFT_LOW_H), 0);
}

/* What was entered for all hills holds for those that nobody has listed. */
static void records_that_are_not_listed(void **state)
{
    fixture *f = *state;
    const bonemets_assessment *a = assess(f, "{surface: rock, windy: no}", NULL);
    int32_t i = at(a, BONEMETS_RESULTS, "slope", 0);
    expect_range(a, i, 2, 3);
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_LESION), 0);
    expect_text(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND, "hard");
    a = assess(f, "{windy: no}", NULL); /* nothing that the table reads is known */
    assert_int_equal(bonemets_assessment_find(a, BONEMETS_RESULTS, "slope", 0), -1);
    a = assess(f, "{windy: no}", "slope"); /* but it was asked for */
    i = at(a, BONEMETS_RESULTS, "slope", 0);
    expect_state(a, BONEMETS_RESULTS, i, BONEMETS_UNKNOWN);
    a = assess(f, "{surface: rock, hills: [{}, {surface: grass}]}", "slope");
    expect_range(a, at(a, BONEMETS_RESULTS, "slope", 1), 2, 3); /* the top level speaks for it */
    expect_range(a, at(a, BONEMETS_RESULTS, "slope", 2), 0, 1); /* its own statement wins */
}

/* ---- advice ---- */

static void rows_that_speak_and_warnings_of_superseded_ones(void **state)
{
    const bonemets_assessment *a = assess(
        *state, "{windy: yes, gear: [], hills: [{surface: rock, steepness: 40 %}]}", "slope");
    expect_ids(a, BONEMETS_ADVICE, "S-1 S-2");
    expect_text(a, BONEMETS_ADVICE, 0, BONEMETS_F_ROW, "S-1");
    expect_state(a, BONEMETS_ADVICE, 0, BONEMETS_KNOWN);
    expect_sub(a, BONEMETS_ADVICE, 0, BONEMETS_SUB_DO, BONEMETS_F_ID, "turn");
    expect_sub(a, BONEMETS_ADVICE, 0, BONEMETS_SUB_WARN, BONEMETS_F_ID, "");
    expect_sub(a, BONEMETS_ADVICE, 1, BONEMETS_SUB_DO, BONEMETS_F_ID, "");
    expect_sub(a, BONEMETS_ADVICE, 1, BONEMETS_SUB_WARN, BONEMETS_F_ID, "gusts");
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_ADVICE, 1, BONEMETS_F_LESION), 1);
    /* the superseded row is more urgent, but does not count */
    assert_string_equal(bonemets_assessment_overall_str(a, BONEMETS_F_URGENCY), "soon");
    assert_string_equal(bonemets_assessment_overall_str(a, BONEMETS_F_POSSIBLE_URGENCY), "soon");
    expect_number(bonemets_assessment_overall_num(a, BONEMETS_F_WITHIN_H), 3);
    expect_text(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "rope", 1), BONEMETS_F_CODE, "long");
}

static void wording_and_members_of_sets(void **state)
{
    fixture *f = *state;
    const bonemets_assessment *a =
        assess(f, "{duration: 9 h, gear: [umbrella, boots], sky: clear}", "walk");
    int32_t i = at(a, BONEMETS_ADVICE, "W-10", 0);
    expect_sub(a, BONEMETS_ADVICE, i, BONEMETS_SUB_DO, BONEMETS_F_LABEL, "take_a_map");
    expect_sub(a, BONEMETS_ADVICE, i, BONEMETS_SUB_FACTS, BONEMETS_F_ID, "duration gear gear");
    expect_sub(a, BONEMETS_ADVICE, i, BONEMETS_SUB_FACTS, BONEMETS_F_CODE, "- umbrella boots");
    a = assess(f, "{duration: 9 h, gear: []}", "walk"); /* assessed, none: one fact without code */
    i = at(a, BONEMETS_ADVICE, "W-10", 0);
    expect_sub(a, BONEMETS_ADVICE, i, BONEMETS_SUB_FACTS, BONEMETS_F_ID, "duration gear");
    expect_sub(a, BONEMETS_ADVICE, i, BONEMETS_SUB_FACTS, BONEMETS_F_CODE, "- -");
    a = assess(f, "{hills: [{surface: rock}]}", "slope");
    i = at(a, BONEMETS_ADVICE, "S-10", 1);
    expect_sub(a, BONEMETS_ADVICE, i, BONEMETS_SUB_WARN, BONEMETS_F_LABEL, "bring boots and a map");
}

/* ---- what is missing and what was assumed ---- */

static void the_most_urgent_question_comes_first(void **state)
{
    const bonemets_assessment *a =
        assess(*state, "{hills: [{surface: grass}, {surface: rock}]}", "slope");
    /* the wind decides the most urgent row; the steepness of either hill only its score */
    expect_text(a, BONEMETS_MISSING, 0, BONEMETS_F_ID, "windy");
    expect_text(a, BONEMETS_MISSING, 0, BONEMETS_F_LABEL, "windy");
    expect_text(a, BONEMETS_MISSING, 0, BONEMETS_F_URGENCY, "immediate");
    assert_int_equal(bonemets_assessment_int(a, BONEMETS_MISSING, 0, BONEMETS_F_LESION), 0);
    assert_true(bonemets_assessment_find(a, BONEMETS_MISSING, "steepness", 1) > 0);
    assert_true(bonemets_assessment_find(a, BONEMETS_MISSING, "steepness", 2) > 0);
    assert_int_equal(bonemets_assessment_find(a, BONEMETS_MISSING, "surface", 1), -1);
}

/* Length decides a row and an equation, gear the row alone, the walkers two results and no row. */
static void questions_are_ordered_by_urgency_then_weight(void **state)
{
    const bonemets_assessment *a = assess(*state, "{sky: clear, windy: no}", "walk");
    expect_ids(a, BONEMETS_MISSING, "duration gear walkers");
    expect_text(a, BONEMETS_MISSING, 0, BONEMETS_F_URGENCY, "none");
    expect_text(a, BONEMETS_MISSING, 2, BONEMETS_F_URGENCY, NULL);
}

static void declared_assumptions_are_listed(void **state)
{
    fixture *f = *state;
    const bonemets_assessment *a = assess(f, "{walkers: 2, windy: no}", "walk");
    int32_t i = at(a, BONEMETS_ASSUMED, "sky", 0), walk = at(a, BONEMETS_RESULTS, "walk", 0);
    expect_text(a, BONEMETS_ASSUMED, i, BONEMETS_F_CODE, "cloudy");
    expect_text(a, BONEMETS_ASSUMED, i, BONEMETS_F_GUIDELINE, "walk");
    expect_range(a, walk, 1, 1);
    expect_sub(a, BONEMETS_RESULTS, walk, BONEMETS_SUB_ASSUMED, BONEMETS_F_ID, "sky");
    expect_sub(a, BONEMETS_CHOICES, at(a, BONEMETS_CHOICES, "decision", 0), BONEMETS_SUB_ASSUMED,
               BONEMETS_F_ID, "sky");
    a = assess(f, "{walkers: 2, windy: no, sky: {one_of: [clear, rain]}}", "walk");
    assert_int_equal(bonemets_assessment_find(a, BONEMETS_ASSUMED, "sky", 0), -1);
    expect_range(a, at(a, BONEMETS_RESULTS, "walk", 0), 0, 2);
}

static void silence_that_was_relied_on_is_listed(void **state)
{
    fixture *f = *state;
    const bonemets_assessment *a = assess(f, "{windy: no, hills: [{surface: rock}]}", "slope");
    int32_t i = at(a, BONEMETS_ASSUMED, "gear", 0), row = at(a, BONEMETS_ADVICE, "S-10", 1);
    expect_text(a, BONEMETS_ASSUMED, i, BONEMETS_F_CODE, NULL);
    expect_text(a, BONEMETS_ASSUMED, i, BONEMETS_F_GUIDELINE, "slope");
    expect_sub(a, BONEMETS_ADVICE, row, BONEMETS_SUB_ASSUMED, BONEMETS_F_ID, "gear");
    at(a, BONEMETS_MISSING, "gear", 0); /* and it is worth asking */
    a = assess(f, "{windy: no, gear: [], hills: [{surface: rock}]}", "slope");
    expect_ids(a, BONEMETS_ASSUMED, "");
    assert_int_equal(bonemets_assessment_find(a, BONEMETS_ADVICE, "S-10", 1), -1);
}

/* ---- settings ---- */

static void settings_and_profiles(void **state)
{
    fixture *f = *state;
    static const char record[] = "{hills: [{surface: rock}]}";
    const bonemets_assessment *a = assess(f, record, "walk");
    assert_int_equal(bonemets_assessment_find(a, BONEMETS_ADVICE, "W-11", 0), -1);
    assert_int_equal(bonemets_assessment_find(a, BONEMETS_MISSING, "season", 0), -1);
    assert_int_equal(bonemets_patient_set_profile(f->patient, "winter", f->err), BONEMETS_OK);
    bonemets_assessment_unref(f->a);
    assert_int_equal(bonemets_assess(f->patient, "walk", &f->a, f->err), BONEMETS_OK);
    int32_t i = at(f->a, BONEMETS_ADVICE, "W-11", 0);
    expect_sub(f->a, BONEMETS_ADVICE, i, BONEMETS_SUB_WARN, BONEMETS_F_ID, "ice_possible");
    assert_string_equal(bonemets_assessment_overall_str(f->a, BONEMETS_F_URGENCY), "immediate");
    assert_int_equal(bonemets_patient_set_profile(f->patient, "spring", f->err), BONEMETS_E_FACT);
    a = assess(f, record, "walk"); /* reset brings the default back */
    assert_int_equal(bonemets_assessment_find(a, BONEMETS_ADVICE, "W-11", 0), -1);
}

/* ---- worked examples ---- */

#define EXAMPLES(list)                                                                             \
    "guideline: tests\ntitle: T\nedition: '1'\nstatus: on\nverified: one_source\npurpose: p\n"     \
    "sources:\n  map: {cite: 'The map. 1902', year: 1902}\n"                                       \
    "scores:\n  damp:\n    label: damp\n    direction: higher_is_worse\n    items:\n"              \
    "      sky: {label: sky, of: sky, points: {clear: 0, cloudy: 1, rain: 2}}\n"                   \
    "    bands:\n      dry: {total: 0..1, label: dry}\n      wet: {total: 2..2, label: wet}\n"     \
    "choices:\n  hat: {label: hat, options: {cap: cap, hood: hood}, rows: ["                       \
    "{id: T-1, when: damp.band = wet, choose: hood, do: [cover], urgency: soon, within: 2 h, "     \
    "strength: strong, certainty: high, verified: one_source, source: map, because: so}, "         \
    "{id: T-2, when: damp.band = dry, choose: cap, urgency: none, "                                \
    "strength: strong, certainty: high, verified: one_source, source: map, because: so}]}\n"       \
    "examples:\n" list

typedef struct {
    const char *expect;  /* of {sky: rain, season: winter} */
    const char *message; /* NULL: it passes */
} example;

static void run_one(fixture *f, const example *one)
{
    char text[4096] = EXAMPLES("  - {id: X, given: {sky: rain}, expect: ");
    bonemets_loader *loader;
    bonemets_guidelines *set;
    int32_t passed, failed;
    strcat(strcat(text, one->expect), "}\n");
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_path(loader, TEST_RULES "/weather.yaml", f->err),
                     BONEMETS_OK);
    add(loader, "tests", text, f->err);
    bonemets_error_clear(f->err);
    if (bonemets_loader_build(loader, &set, f->err))
        fail_msg("%s", bonemets_error_str(f->err, 0, BONEMETS_F_MESSAGE));
    bonemets_error_clear(f->err);
    bonemets_status status = bonemets_guidelines_run_examples(set, &passed, &failed, f->err);
    const char *message = bonemets_error_str(f->err, 0, BONEMETS_F_MESSAGE);
    assert_int_equal(passed, one->message ? 0 : 1);
    assert_int_equal(failed, one->message ? 1 : 0);
    assert_int_equal(status, one->message ? BONEMETS_E_RULE : BONEMETS_OK);
    if (one->message &&
        (!message || !strstr(message, one->message) || strncmp(message, "example X: ", 11) != 0))
        fail_msg("%s: %s", one->expect, message ? message : "no message");
    if (one->message)
        assert_string_equal(bonemets_error_str(f->err, 0, BONEMETS_F_FILE), "tests");
    bonemets_guidelines_unref(set);
    bonemets_loader_free(loader);
}

static void examples_pass_and_fail(void **state)
{
    static const example list[] = {
        {"{damp: 2, damp.band: wet, damp.state: known, hat: hood, rows: [T-1], do: [cover], "
         "overall: {urgency: soon, within: 2 h}, provisional: [], missing: []}",
         NULL},
        {"{damp: {low: 2, high: 2}, damp.bands: [wet], damp.missing: [], hat.possible: [hood]}",
         NULL},
        {"{damp: 1}", "expected 1, found 2"},
        {"{damp: {low: 1}}", "expected 1, found 2"},
        {"{damp: {lowest: 1}}", "'lowest' is neither low nor high"},
        {"{damp.band: dry}", "expected 'dry', found 'wet'"},
        {"{damp.state: partly}", "expected 'partly', found 'known'"},
        {"{damp.bands: [dry, wet]}", "expected 'dry', which is not there"},
        {"{damp.bands: []}", "found 'wet', which is not expected"},
        {"{damp.colour: red}", "'colour' is none of"},
        {"{hat: cap}", "expected 'cap', found 'hood'"},
        {"{hat: null}", "found 'hood'"},
        {"{rows: [T-2]}", "expected 'T-2', which is not there"},
        {"{rows: [T-1, T-2]}", "expected 'T-2'"},
        {"{do: []}", "found 'cover', which is not expected"},
        {"{do: cover}", "expected a list"},
        {"{warn: [thunder]}", "expected 'thunder'"},
        {"{provisional: [hat]}", "expected 'hat'"},
        {"{missing: [windy]}", "expected 'windy'"},
        {"{overall: {urgency: none}}", "expected 'none', found 'soon'"},
        {"{overall: {within: 1 h}}", "expected 1 h, found 2 h"},
        {"{overall: {within: 2 d}}", "expected hours"},
        {"{overall: {speed: 1 h}}", "'speed' is none of"},
        {"{nothing: 1}", "no result or choice 'nothing'"},
        {"{damp@2: 1}", "no result or choice 'damp'"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        run_one(*state, &list[i]);
}

/* Of the shipped small tables all pass, and each counter may be left out. */
static void examples_of_the_small_tables(void **state)
{
    fixture *f = *state;
    int32_t passed = 9, failed = 9;
    assert_int_equal(bonemets_guidelines_run_examples(f->set, &passed, NULL, f->err), BONEMETS_OK);
    assert_int_equal(passed, 3);
    assert_int_equal(bonemets_guidelines_run_examples(f->set, NULL, &failed, NULL), BONEMETS_OK);
    assert_int_equal(failed, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_assessment_has_nothing),
        TEST(past_the_end_is_nothing),
        TEST(targets),
        TEST(an_assessment_outlives_its_patient),
        TEST(a_known_result),
        TEST(a_result_that_is_partly_known),
        TEST(nothing_known_is_unknown),
        TEST(equations_have_bounds),
        TEST(an_entered_total_wins),
        TEST(entered_and_derived_disagree),
        TEST(what_may_still_agree_is_no_disagreement),
        TEST(records_disagree_one_by_one),
        TEST(some_differences_are_none),
        TEST(notes_carry_an_alternative),
        TEST(notes_of_decision_tables),
        TEST(a_known_choice),
        TEST(a_provisional_choice),
        TEST(a_choice_that_may_be_superseded),
        TEST(records_have_their_own_answers),
        TEST(numbers_as_outcomes),
        TEST(what_is_left_of_limits),
        TEST(records_that_are_not_listed),
        TEST(rows_that_speak_and_warnings_of_superseded_ones),
        TEST(wording_and_members_of_sets),
        TEST(the_most_urgent_question_comes_first),
        TEST(questions_are_ordered_by_urgency_then_weight),
        TEST(declared_assumptions_are_listed),
        TEST(silence_that_was_relied_on_is_listed),
        TEST(settings_and_profiles),
        TEST(examples_pass_and_fail),
        TEST(examples_of_the_small_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
