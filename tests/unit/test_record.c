/* SPDX-License-Identifier: Apache-2.0 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "record/patient.h"
#include "record/read.h"

/* One fact of every shape. */
static const char vocabulary[] =
    "vocabulary: test\n"
    "title: Facts to test the reading of records\n"
    "statement: A test.\n"
    "kinds:\n"
    "  lesion: {label: lesion, list: lesions}\n"
    "  course: {label: course of treatment, list: courses}\n"
    "units:\n"
    "  time: {h: 1, d: 24, wk: 168, mo: 730.5, a: 8766}\n"
    "  length: {mm: 1, cm: 10}\n"
    "unit_spellings: {months: mo, Weeks: wk, years: a, percent: '%', micrograms: ug}\n"
    "scales:\n"
    "  urgency: {urgent: now, none: no urgency}\n"
    "  strength: {strong: strong}\n"
    "  certainty: {high: high}\n"
    "  verified: {one_source: read in one source}\n"
    "facts:\n"
    "  age: {label: age, type: count, counted: [years, y], range: 0..120}\n"
    "  dose: {label: dose, type: quantity, unit: mg, accepts: {Mg: {times: 1000}, ug: {per: "
    "1000}},\n"
    "    range: 0..9000, unit_required: true}\n"
    "  kps: {label: performance, type: count, step: 10, range: 0..100}\n"
    "  creatinine: {label: creatinine, type: quantity, unit: mg/dL,\n"
    "    accepts: {umol/L: {per: 88.4}}, range: 0.2..15}\n"
    "  vitamin: {label: vitamin, type: quantity, unit: nmol/L,\n"
    "    accepts: {ng/mL: {times: 2.496}}, range: 0..400}\n"
    "  survival: {label: survival, type: quantity, unit: mo, accepts: [wk, d, a], range: 0..120}\n"
    "  inr: {label: ratio, type: quantity, unit: '1', range: 0.8..6}\n"
    "  shift: {label: shift, type: quantity, unit: '%', range: -100..100}\n"
    "  now: {label: now, type: instant, range: 2000-01-01..2099-12-31, now: true}\n"
    "  onset: {label: onset, type: instant, range: 2000-01-01..2099-12-31}\n"
    "  pain: {label: pain, type: flag}\n"
    "  grade: {label: grade, type: code, options: {'0': none, 1a: a, 1b: b, '2': two},\n"
    "    refuse: {'1': 'needs a sub-grade: 1a or 1b'}}\n"
    "  colour: {label: colour, type: code, options: [red, green, dark_blue],\n"
    "    aliases: {navy: dark_blue}}\n"
    "  diabetes: {label: diabetes, type: code, options: ['no', diet, drugs]}\n"
    "  origin: {label: origin, type: code, options: [lung_squamous_carcinoma,\n"
    "    lung_adenocarcinoma_mutated, lung_adenocarcinoma_other, lung_small_cell_carcinoma,\n"
    "    breast_receptor_positive, breast_receptor_negative, prostate_hormone_sensitive,\n"
    "    prostate_castration_resistant, kidney_clear_cell_carcinoma, kidney_other_carcinoma]}\n"
    "  signs: {label: signs, type: set, options: [weakness, falls, numbness, pins],\n"
    "    aliases: {paraesthesia: pins}}\n"
    "  profile: {label: profile, type: code, options: [uk_2023, nl_2015, other], setting: true,\n"
    "    default: uk_2023}\n"
    "  region: {label: region, type: code, options: [eu, other], setting: true, default: eu}\n"
    "  level: {label: level, about: lesion, type: code, options: [T1, T2, T12, L1],\n"
    "    aliases: {Th12: T12}, refuse: {T13: there is no such vertebra}}\n"
    "  bone: {label: bone, about: lesion, type: code, options: [femur, tibia]}\n"
    "  size: {label: size, about: lesion, type: quantity, unit: mm, accepts: [cm], range: 0..400}\n"
    "  fit: {label: fit, about: lesion, type: flag}\n"
    "  fractions: {label: fractions, about: course, type: count, range: 1..45}\n"
    "exclusive:\n"
    "  - [level, bone]\n"
    "values:\n"
    "  large: {label: large, about: lesion, type: flag, value: size > 20 mm}\n"
    "  old: {label: old, type: flag, value: age >= 65, supply: false}\n";

/* An allocator that counts, and can fail. */
typedef struct {
    long bytes, blocks, taken;
    long left;   /* allocations until it fails for good, 0: never */
    bool failed; /* it has */
} memory;

static void *hook(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    memory *counts = ctx;
    if (new_size == 0) {
        counts->bytes -= (long)old_size;
        counts->blocks -= ptr != NULL;
        free(ptr);
        return NULL;
    }
    counts->taken++;
    if (counts->left > 0 && --counts->left == 0) {
        counts->left = 1;
        counts->failed = true;
        return NULL;
    }
    void *moved = realloc(ptr, new_size);
    if (moved != NULL) {
        counts->bytes += (long)new_size - (long)old_size;
        counts->blocks += ptr == NULL;
    }
    return moved;
}

typedef struct {
    memory counts;
    bonemets_guidelines *set;
    bonemets_patient *patient;
    bonemets_error *err;
} fixture;

static void print_errors(const bonemets_error *err)
{
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        const char *path = bonemets_error_str(err, i, BONEMETS_F_PATH);
        print_message("%d:%d: %s: %s\n", bonemets_error_int(err, i, BONEMETS_F_LINE),
                      bonemets_error_int(err, i, BONEMETS_F_COLUMN), path != NULL ? path : "-",
                      bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
    }
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    bonemets_loader *loader = NULL;
    assert_non_null(f);
    *state = f;
    f->err = bonemets_error_new();
    assert_int_equal(bonemets_loader_new(hook, &f->counts, &loader), BONEMETS_OK);
    assert_int_equal(
        bonemets_loader_add_memory(loader, "test.yaml", vocabulary, strlen(vocabulary), f->err),
        BONEMETS_OK);
    if (bonemets_loader_build(loader, &f->set, f->err) != BONEMETS_OK) {
        print_errors(f->err);
        fail();
    }
    bonemets_loader_free(loader);
    bonemets_error_clear(f->err);
    assert_int_equal(bonemets_patient_new(f->set, &f->patient), BONEMETS_OK);
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bonemets_patient_free(f->patient);
    bonemets_guidelines_unref(f->set);
    bonemets_error_free(f->err);
    long bytes = f->counts.bytes, blocks = f->counts.blocks;
    free(f);
    return bytes != 0 || blocks != 0;
}

static bonemets_fact fact(const fixture *f, const char *key)
{
    bonemets_fact number = bonemets_fact_find(f->set, key);
    assert_true(number > 0);
    return number;
}

static bm_cell cell(const fixture *f, const char *key, int record, bool *given)
{
    const bm_fact *one = bm_set_fact(f->set, fact(f, key));
    size_t inputs = (size_t)f->set->program.kinds[one->kind].inputs;
    size_t place = (size_t)record * inputs + (size_t)one->input;
    *given = f->patient->kinds[one->kind].given[place] > 0;
    return f->patient->kinds[one->kind].cells[place];
}

static void assert_mask(const fixture *f, const char *key, int record, uint64_t mask)
{
    bool given;
    bm_cell found = cell(f, key, record, &given);
    assert_true(given);
    assert_int_equal(found.low.mask, mask);
}

static void assert_interval(const fixture *f, const char *key, int record, double low, double high)
{
    bool given;
    bm_cell found = cell(f, key, record, &given);
    assert_true(given);
    assert_float_equal(found.low.number, low, 1e-12);
    assert_float_equal(found.high.number, high, 1e-12);
}

static void assert_members(const fixture *f, const char *key, uint64_t present, uint64_t possible)
{
    bool given;
    bm_cell found = cell(f, key, 0, &given);
    assert_true(given);
    assert_int_equal(found.low.mask, present);
    assert_int_equal(found.high.mask, possible);
}

static void assert_blank(const fixture *f, const char *key, int record)
{
    bool given;
    const bm_fact *one = bm_set_fact(f->set, fact(f, key));
    bm_cell found = cell(f, key, record, &given);
    assert_false(given);
    assert_true(bm_cell_same(one->type.base, found, bm_type_blank(&one->type)));
}

/* Everything that is known, as text: two patients are equal when these are. */
static char *dump(const bonemets_patient *patient)
{
    size_t size = 1 << 20;
    char *buffer = malloc(size);
    assert_non_null(buffer);
    bm_text text;
    bm_text_init(&text, buffer, size);
    const bm_program *program = &patient->set->program;
    for (int kind = 0; kind < program->kind_count; kind++) {
        const bm_records *records = &patient->kinds[kind];
        size_t inputs = (size_t)program->kinds[kind].inputs;
        bm_put_format(&text, "%d:%d%s\n", kind, records->count, records->listed ? " listed" : "");
        for (size_t i = 0; i < ((size_t)records->count + 1) * inputs; i++) {
            const unsigned char *bytes = (const unsigned char *)&records->cells[i];
            bm_put_format(&text, "%d ", records->given[i]);
            for (size_t j = 0; j < sizeof(bm_cell); j++) {
                bm_put_int(&text, bytes[j]);
                bm_put_char(&text, ' ');
            }
        }
    }
    assert_true(text.length < size);
    return buffer;
}

static void assert_new(fixture *f)
{
    bonemets_patient *other = NULL;
    assert_int_equal(bonemets_patient_new(f->set, &other), BONEMETS_OK);
    char *expected = dump(other), *found = dump(f->patient);
    assert_string_equal(found, expected);
    free(expected);
    free(found);
    bonemets_patient_free(other);
}

static void assert_no_errors(fixture *f)
{
    if (bonemets_error_count(f->err) > 0) {
        print_errors(f->err);
    }
    assert_int_equal(bonemets_error_count(f->err), 0);
}

/* Exactly one error, which says all these words (parted by |). */
static void assert_says(fixture *f, bonemets_status status, const char *words)
{
    char list[256];
    assert_int_equal(bonemets_error_count(f->err), 1);
    assert_int_equal(bonemets_error_int(f->err, 0, BONEMETS_F_STATUS), status);
    const char *message = bonemets_error_str(f->err, 0, BONEMETS_F_MESSAGE);
    assert_true(strlen(words) < sizeof list);
    strcpy(list, words);
    for (char *word = strtok(list, "|"); word != NULL; word = strtok(NULL, "|")) {
        if (strstr(message, word) == NULL) {
            fail_msg("'%s' is not in: %s", word, message);
        }
    }
    bonemets_error_clear(f->err);
}

/* Numbers set by a program. */

static bonemets_status number(fixture *f, const char *key, double low, double high,
                              const char *unit)
{
    return bonemets_patient_set_number(f->patient, 0, fact(f, key), low, high, unit, f->err);
}

static void numbers_in_every_unit(void **state)
{
    fixture *f = *state;
    assert_int_equal(number(f, "creatinine", 1.4, 1.4, "mg/dL"), BONEMETS_OK);
    assert_interval(f, "creatinine", 0, 1.4, 1.4);
    assert_int_equal(number(f, "creatinine", 88.4, 176.8, "umol/L"), BONEMETS_OK);
    assert_interval(f, "creatinine", 0, 1, 2);
    assert_int_equal(number(f, "vitamin", 10, 10, "ng/mL"), BONEMETS_OK);
    assert_interval(f, "vitamin", 0, 24.96, 24.96);
    assert_int_equal(number(f, "survival", 0.5, 2, "a"), BONEMETS_OK);
    assert_interval(f, "survival", 0, 6, 24);
    assert_int_equal(number(f, "survival", 30.4375, 30.4375, "d"), BONEMETS_OK);
    assert_interval(f, "survival", 0, 1, 1);
    assert_int_equal(number(f, "age", 64, 64, NULL), BONEMETS_OK);
    assert_interval(f, "age", 0, 64, 64);
    assert_int_equal(number(f, "age", 64, 70, "1"), BONEMETS_OK);
    assert_interval(f, "age", 0, 64, 70);
    assert_int_equal(number(f, "kps", 70, 90, NULL), BONEMETS_OK);
    assert_interval(f, "kps", 0, 70, 90);
    assert_int_equal(number(f, "inr", 1.2, 1.2, "1"), BONEMETS_OK);
    assert_interval(f, "inr", 0, 1.2, 1.2);
    assert_int_equal(number(f, "shift", -3, 2, "%"), BONEMETS_OK);
    assert_interval(f, "shift", 0, -3, 2);
    assert_no_errors(f);
}

/* What rounding adds at the ends of a range is taken off again, and no more than that. */
static void numbers_at_the_ends_of_a_range(void **state)
{
    fixture *f = *state;
    bool given;
    assert_int_equal(number(f, "creatinine", 17.68, 1326, "umol/L"), BONEMETS_OK);
    assert_true(cell(f, "creatinine", 0, &given).low.number >= 0.2);
    assert_true(cell(f, "creatinine", 0, &given).high.number <= 15);
    assert_int_equal(number(f, "creatinine", 15 + 5e-10, 15 + 5e-10, "mg/dL"), BONEMETS_OK);
    assert_true(cell(f, "creatinine", 0, &given).low.number <= 15);
    assert_int_equal(number(f, "creatinine", 15.00001, 15.00001, "mg/dL"), BONEMETS_E_RANGE);
    assert_int_equal(number(f, "age", 64 + 1e-10, 64 + 1e-10, NULL), BONEMETS_OK);
    assert_interval(f, "age", 0, 64, 64);
    assert_int_equal(number(f, "age", 0, 120, NULL), BONEMETS_OK);
}

static void numbers_that_are_refused(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *key;
        double low, high;
        const char *unit;
        bonemets_status status;
        const char *words;
    } cases[] = {
        {"age", -3, -3, NULL, BONEMETS_E_RANGE, "'age'|a whole number in 0..120"},
        {"age", 121, 121, NULL, BONEMETS_E_RANGE, "0..120"},
        {"age", 10, 121, NULL, BONEMETS_E_RANGE, "0..120"},
        {"age", 1.5, 1.5, NULL, BONEMETS_E_RANGE, "whole"},
        {"age", 64, 63, NULL, BONEMETS_E_RANGE, "'age'"},
        {"age", 64, 64, "mg", BONEMETS_E_UNIT, "'age'"},
        {"kps", 75, 75, NULL, BONEMETS_E_RANGE, "in steps of 10|0..100"},
        {"kps", 70, 75, NULL, BONEMETS_E_RANGE, "in steps of 10"},
        {"creatinine", 1, 1, NULL, BONEMETS_E_UNIT, "the unit is missing|mg/dL|umol/L"},
        {"creatinine", 1, 1, "", BONEMETS_E_UNIT, "mg/dL|umol/L"},
        {"creatinine", 1, 1, "1", BONEMETS_E_UNIT, "mg/dL|umol/L"},
        {"creatinine", 1, 1, "mmol/L", BONEMETS_E_UNIT, "mg/dL|umol/L"},
        {"creatinine", 124, 124, "mg/dL", BONEMETS_E_RANGE, "0.2..15 mg/dL"},
        {"creatinine", 2000, 2000, "umol/L", BONEMETS_E_RANGE, "17.68..1326 umol/L|0.2..15 mg/dL"},
        {"vitamin", 500, 500, "ng/mL", BONEMETS_E_RANGE, "160.256 ng/mL"},
        {"shift", -101, 0, "%", BONEMETS_E_RANGE, "-100..100 %"},
        {"age", (double)NAN, 5, NULL, BONEMETS_E_RANGE, "0..120"},
        {"age", 5, (double)NAN, NULL, BONEMETS_E_RANGE, "0..120"},
        {"creatinine", (double)INFINITY, (double)INFINITY, "mg/dL", BONEMETS_E_RANGE, "this"},
        {"creatinine", 100, (double)INFINITY, "umol/L", BONEMETS_E_RANGE, "this"},
        {"creatinine", (double)-INFINITY, 1, "mg/dL", BONEMETS_E_RANGE, "this"},
        {"survival", 1e308, 1e308, "a", BONEMETS_E_RANGE, "0..120 mo"},
        {"colour", 1, 1, NULL, BONEMETS_E_TYPE, "'colour'|one of red, green, dark_blue"},
        {"signs", 1, 1, NULL, BONEMETS_E_TYPE, "'signs'|weakness, falls, numbness, pins"},
        {"pain", 1, 1, NULL, BONEMETS_E_TYPE, "'pain'|yes or no"},
        {"old", 1, 1, NULL, BONEMETS_E_TYPE, "'old'|derived"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(number(f, cases[i].key, cases[i].low, cases[i].high, cases[i].unit),
                         cases[i].status);
        assert_string_equal(bonemets_error_str(f->err, 0, BONEMETS_F_PATH), cases[i].key);
        assert_says(f, cases[i].status, cases[i].words);
    }
    assert_new(f);
}

/* Options set by a program. */

static bonemets_status codes(fixture *f, int record, const char *key, const char *a, const char *b)
{
    const char *const list[] = {a, b};
    return bonemets_patient_set_codes(f->patient, record, fact(f, key), list, b != NULL ? 2 : 1,
                                      f->err);
}

static void options(void **state)
{
    fixture *f = *state;
    bonemets_record lesion = 0;
    assert_int_equal(codes(f, 0, "colour", "red", NULL), BONEMETS_OK);
    assert_mask(f, "colour", 0, 1);
    assert_int_equal(codes(f, 0, "colour", "red", "dark_blue"), BONEMETS_OK);
    assert_mask(f, "colour", 0, 5);
    assert_int_equal(codes(f, 0, "colour", "green", "green"), BONEMETS_E_TYPE);
    assert_mask(f, "colour", 0, 5);
    assert_says(f, BONEMETS_E_TYPE, "stands twice");
    bonemets_error_clear(f->err);
    assert_int_equal(codes(f, 0, "pain", "no", NULL), BONEMETS_OK);
    assert_mask(f, "pain", 0, BM_NO);
    assert_int_equal(codes(f, 0, "pain", "yes", NULL), BONEMETS_OK);
    assert_mask(f, "pain", 0, BM_YES);
    assert_int_equal(codes(f, 0, "pain", "yes", "no"), BONEMETS_OK);
    assert_mask(f, "pain", 0, BM_EITHER);
    assert_int_equal(codes(f, 0, "grade", "2", NULL), BONEMETS_OK);
    assert_mask(f, "grade", 0, 8);
    assert_int_equal(codes(f, 0, "region", "other", NULL), BONEMETS_OK);
    assert_mask(f, "region", 0, 2);
    assert_int_equal(codes(f, 0, "level", "T12", NULL), BONEMETS_OK);
    assert_int_equal(bonemets_patient_add_record(f->patient, "lesion", &lesion), BONEMETS_OK);
    assert_int_equal(codes(f, lesion, "level", "L1", NULL), BONEMETS_OK);
    assert_mask(f, "level", 0, 4);
    assert_mask(f, "level", 1, 8);
    assert_int_equal(codes(f, lesion, "large", "yes", NULL), BONEMETS_OK);
    assert_mask(f, "large", 1, BM_YES);
    assert_no_errors(f);
}

static void another_spelling_is_accepted_and_told(void **state)
{
    fixture *f = *state;
    assert_int_equal(codes(f, 0, "colour", "navy", NULL), BONEMETS_OK);
    assert_mask(f, "colour", 0, 4);
    assert_int_equal(bonemets_error_int(f->err, 0, BONEMETS_F_SEVERITY), BONEMETS_SEVERITY_NOTE);
    assert_says(f, BONEMETS_OK, "an accepted spelling");
    const char *const pins[] = {"paraesthesia"};
    assert_int_equal(
        bonemets_patient_set_members(f->patient, 0, fact(f, "signs"), pins, 1, NULL, 0, f->err),
        BONEMETS_OK);
    assert_members(f, "signs", 8, 8);
    assert_says(f, BONEMETS_OK, "an accepted spelling");
}

/* S1 and sacrum may name the same place, so a pair is told and not refused. */
static void facts_that_exclude_each_other_are_told(void **state)
{
    static const struct {
        const char *text;
        int line, column;
    } cases[] = {{"lesions:\n  - level: T1\n    bone: femur\n", 3, 5},
                 {"level: T1\nlesions: [{size: 3}, {bone: femur}]\n", 2, 23},
                 {"bone: femur\nlesions: [{level: T1}]\n", 2, 12},
                 {"level: T1\nbone: femur\n", 2, 1}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bonemets_error_clear(f->err);
        assert_int_equal(bonemets_patient_read(f->patient, "p.yaml", cases[i].text,
                                               strlen(cases[i].text), f->err),
                         BONEMETS_OK);
        assert_int_equal(bonemets_error_count(f->err), 1);
        assert_int_equal(bonemets_error_int(f->err, 0, BONEMETS_F_SEVERITY),
                         BONEMETS_SEVERITY_WARNING);
        assert_int_equal(bonemets_error_int(f->err, 0, BONEMETS_F_LINE), cases[i].line);
        assert_int_equal(bonemets_error_int(f->err, 0, BONEMETS_F_COLUMN), cases[i].column);
        assert_says(f, BONEMETS_OK, "'level'|'bone'|exclude");
    }
}

static void options_that_are_refused(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *key, *option, *words;
    } cases[] = {
        {"colour", "gren", "did you mean 'green'|red, green, dark_blue"},
        {"colour", "nvay", "did you mean 'dark_blue'"},
        {"colour", "yellowish", "red, green, dark_blue"},
        {"colour", "Red", "red, green"},
        {"colour", "", "this"},
        {"grade", "1", "needs a sub-grade: 1a or 1b|0, 1a, 1b, 2"},
        {"grade", "2.0", "0, 1a, 1b, 2"},
        {"level", "T13", "there is no such vertebra|T12"},
        {"level", "T3", "this"},
        {"origin", "lung", "10 options, among them lung_squamous_carcinoma, lung_adeno"},
        {"origin", "spleen", "10 options"},
        {"pain", "true", "yes or no"},
        {"pain", "Yes", "yes or no"},
        {"age", "64", "'age'|a whole number in 0..120"},
        {"signs", "falls", "'signs'|a list of members out of weakness"},
        {"old", "yes", "'old'|derived"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(codes(f, 0, cases[i].key, cases[i].option, NULL), BONEMETS_E_TYPE);
        assert_says(f, BONEMETS_E_TYPE, cases[i].words);
    }
    assert_int_equal(codes(f, 0, "colour", "red", "rde"), BONEMETS_E_TYPE);
    assert_says(f, BONEMETS_E_TYPE, "this");
    assert_int_equal(codes(f, 0, "profile", "uk_2023", "nl_2015"), BONEMETS_E_TYPE);
    assert_says(f, BONEMETS_E_TYPE, "a setting has one value|'profile'");
    assert_new(f);
}

static void members(void **state)
{
    fixture *f = *state;
    const char *const some[] = {"falls", "pins"}, *const one[] = {"weakness"};
    const char *const wrong[] = {"fals"};
    bonemets_fact signs = fact(f, "signs");
    bonemets_patient *p = f->patient;
    assert_int_equal(bonemets_patient_set_members(p, 0, signs, some, 2, NULL, 0, f->err), 0);
    assert_members(f, "signs", 10, 10);
    assert_int_equal(bonemets_patient_set_members(p, 0, signs, some, 2, one, 1, f->err), 0);
    assert_members(f, "signs", 10, 11);
    assert_int_equal(bonemets_patient_set_members(p, 0, signs, NULL, 0, some, 2, f->err), 0);
    assert_members(f, "signs", 0, 10);
    assert_int_equal(bonemets_patient_set_members(p, 0, signs, NULL, 0, NULL, 0, f->err), 0);
    assert_members(f, "signs", 0, 0);
    assert_no_errors(f);
    assert_int_equal(bonemets_patient_set_members(p, 0, signs, some, 2, some, 1, f->err),
                     BONEMETS_E_TYPE);
    assert_says(f, BONEMETS_E_TYPE, "present|unknown|'signs'");
    assert_int_equal(bonemets_patient_set_members(p, 0, signs, some, 1, wrong, 1, f->err),
                     BONEMETS_E_TYPE);
    assert_says(f, BONEMETS_E_TYPE, "did you mean 'falls'");
    assert_int_equal(
        bonemets_patient_set_members(p, 0, fact(f, "colour"), NULL, 0, NULL, 0, f->err),
        BONEMETS_E_TYPE);
    assert_says(f, BONEMETS_E_TYPE, "'colour'|one of red");
    assert_members(f, "signs", 0, 0);
}

static void arguments(void **state)
{
    fixture *f = *state;
    const char *const red[] = {"red"}, *const none[] = {NULL};
    bonemets_fact colour = fact(f, "colour"), size = fact(f, "size"), signs = fact(f, "signs");
    bonemets_patient *p = f->patient;
    const bonemets_fact wrong[] = {0, -1, 1, INT32_MAX, INT32_MIN, colour ^ 1 << 20};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(bonemets_patient_set_unknown(p, 0, wrong[i]), BONEMETS_E_ARGUMENT);
        assert_int_equal(bonemets_patient_set_codes(p, 0, wrong[i], red, 1, f->err),
                         BONEMETS_E_ARGUMENT);
        assert_says(f, BONEMETS_E_ARGUMENT, "is not the number of a fact");
    }
    assert_int_equal(bonemets_patient_set_codes(p, 1, colour, red, 1, f->err), BONEMETS_E_ARGUMENT);
    assert_says(f, BONEMETS_E_ARGUMENT, "'colour' is about the patient");
    assert_int_equal(bonemets_patient_set_number(p, 1, size, 1, 1, "mm", f->err),
                     BONEMETS_E_ARGUMENT);
    assert_says(f, BONEMETS_E_ARGUMENT, "'size' is set for record 1, but there are 0");
    assert_int_equal(bonemets_patient_set_number(p, -1, size, 1, 1, "mm", NULL),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(p, 0, colour, none, 1, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(p, 0, colour, NULL, 1, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(p, 0, colour, red, 0, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_codes(p, 0, colour, red, -1, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_members(p, 0, signs, NULL, 1, NULL, 0, NULL),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_members(p, 0, signs, NULL, 0, none, 1, NULL),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_members(p, 0, signs, NULL, -1, NULL, 0, NULL),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_members(NULL, 0, signs, NULL, 0, NULL, 0, f->err),
                     BONEMETS_E_ARGUMENT);
    bonemets_error_clear(f->err);
    assert_int_equal(bonemets_patient_read(p, "p", NULL, 3, f->err), BONEMETS_E_ARGUMENT);
    assert_says(f, BONEMETS_E_ARGUMENT, "there is no text");
    assert_new(f);
}

static void unknown_again(void **state)
{
    fixture *f = *state;
    bonemets_record lesion = 0;
    assert_int_equal(bonemets_patient_add_record(f->patient, "lesion", &lesion), BONEMETS_OK);
    assert_int_equal(codes(f, lesion, "level", "T1", NULL), BONEMETS_OK);
    assert_int_equal(codes(f, 0, "colour", "red", NULL), BONEMETS_OK);
    assert_int_equal(codes(f, 0, "profile", "nl_2015", NULL), BONEMETS_OK);
    assert_int_equal(number(f, "age", 64, 64, NULL), BONEMETS_OK);
    assert_int_equal(bonemets_patient_set_unknown(f->patient, lesion, fact(f, "level")), 0);
    assert_int_equal(bonemets_patient_set_unknown(f->patient, 0, fact(f, "colour")), 0);
    assert_int_equal(bonemets_patient_set_unknown(f->patient, 0, fact(f, "profile")), 0);
    assert_int_equal(bonemets_patient_set_unknown(f->patient, 0, fact(f, "age")), 0);
    assert_blank(f, "level", 1);
    assert_blank(f, "colour", 0);
    assert_blank(f, "age", 0);
    bool given;
    assert_int_equal(cell(f, "profile", 0, &given).low.mask, 1);
    assert_false(given);
    assert_int_equal(bonemets_patient_set_unknown(f->patient, 0, fact(f, "old")), BONEMETS_E_TYPE);
    assert_int_equal(bonemets_patient_set_unknown(f->patient, 2, fact(f, "level")),
                     BONEMETS_E_ARGUMENT);
}

static void profiles(void **state)
{
    fixture *f = *state;
    assert_int_equal(bonemets_patient_set_profile(f->patient, "nl_2015", f->err), BONEMETS_OK);
    assert_mask(f, "profile", 0, 2);
    assert_int_equal(bonemets_patient_set_profile(f->patient, "eu", f->err), BONEMETS_OK);
    assert_mask(f, "region", 0, 1);
    assert_int_equal(bonemets_patient_set_profile(f->patient, "red", f->err), BONEMETS_E_FACT);
    assert_says(f, BONEMETS_E_FACT, "'red'|profile: uk_2023, nl_2015, other; region: eu, other");
    assert_int_equal(bonemets_patient_set_profile(f->patient, "other", f->err), BONEMETS_E_FACT);
    assert_says(f, BONEMETS_E_FACT, "'other'|profile|region");
    assert_int_equal(bonemets_patient_set_profile(f->patient, NULL, f->err), BONEMETS_E_ARGUMENT);
    assert_says(f, BONEMETS_E_ARGUMENT, "profile");
}

/* Records. */

static void add(fixture *f, const char *kind, int expected)
{
    bonemets_record record = 0;
    assert_int_equal(bonemets_patient_add_record(f->patient, kind, &record), BONEMETS_OK);
    assert_int_equal(record, expected);
}

static void a_thousand_records(void **state)
{
    fixture *f = *state;
    bonemets_record record = 7;
    double sizes[1001];
    assert_int_equal(number(f, "size", 1, 1, "mm"), BONEMETS_OK);
    for (int i = 1; i <= 1000; i++) {
        add(f, "lesion", i);
        assert_blank(f, "size", i);
        sizes[i] = i % 400;
        assert_int_equal(bonemets_patient_set_number(f->patient, i, fact(f, "size"), sizes[i],
                                                     sizes[i], "mm", f->err),
                         BONEMETS_OK);
        if (i == 500) {
            add(f, "course", 1);
        }
    }
    assert_int_equal(bonemets_patient_add_record(f->patient, "lesion", &record), BONEMETS_E_LIMIT);
    assert_int_equal(record, 0);
    assert_interval(f, "size", 0, 1, 1);
    for (int i = 1; i <= 1000; i++) {
        assert_interval(f, "size", i, sizes[i], sizes[i]);
        assert_blank(f, "level", i);
    }
    bonemets_patient_reset(f->patient);
    assert_new(f);
    add(f, "lesion", 1);
    assert_blank(f, "size", 1);
}

static void kinds_of_records(void **state)
{
    fixture *f = *state;
    bonemets_record record = 7;
    assert_int_equal(bonemets_patient_add_record(f->patient, "patient", &record), BONEMETS_E_FACT);
    assert_int_equal(record, 0);
    assert_int_equal(bonemets_patient_add_record(f->patient, "lesions", &record), BONEMETS_E_FACT);
    assert_int_equal(bonemets_patient_add_record(f->patient, "", &record), BONEMETS_E_FACT);
    assert_int_equal(bonemets_patient_add_record(f->patient, "lesion", NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_add_record(f->patient, NULL, &record), BONEMETS_E_ARGUMENT);
    add(f, "lesion", 1);
    add(f, "course", 1);
    add(f, "lesion", 2);
    assert_true(f->patient->kinds[1].listed);
}

static void a_patient_is_one_allocation(void **state)
{
    fixture *f = *state;
    bonemets_patient *other = NULL;
    long before = f->counts.taken;
    assert_int_equal(bonemets_patient_new(f->set, &other), BONEMETS_OK);
    assert_int_equal(f->counts.taken, before + 1);
    bonemets_patient *kept = f->patient;
    f->patient = other;
    for (int i = 1; i <= 4; i++) {
        add(f, "lesion", i);
        add(f, "course", i);
    }
    assert_int_equal(f->counts.taken, before + 1);
    add(f, "lesion", 5);
    assert_int_equal(f->counts.taken, before + 2);
    bonemets_patient_reset(other);
    for (int i = 1; i <= 8; i++) {
        add(f, "lesion", i);
    }
    assert_int_equal(f->counts.taken, before + 2);
    f->patient = kept;
    bonemets_patient_free(other);
}

static void reset_is_like_new(void **state)
{
    fixture *f = *state;
    const char *const falls[] = {"falls"};
    for (int i = 1; i <= 6; i++) {
        add(f, "lesion", i);
        assert_int_equal(codes(f, i, "fit", "yes", NULL), BONEMETS_OK);
    }
    assert_int_equal(codes(f, 0, "level", "T1", NULL), BONEMETS_OK);
    assert_int_equal(codes(f, 0, "profile", "nl_2015", NULL), BONEMETS_OK);
    assert_int_equal(number(f, "age", 1, 2, NULL), BONEMETS_OK);
    assert_int_equal(
        bonemets_patient_set_members(f->patient, 0, fact(f, "signs"), falls, 1, NULL, 0, f->err),
        BONEMETS_OK);
    bonemets_patient_reset(f->patient);
    assert_new(f);
    bonemets_patient_reset(NULL);
    bonemets_patient_free(NULL);
}

static void a_patient_keeps_its_set(void **state)
{
    fixture *f = *state;
    bonemets_guidelines_unref(f->set);
    assert_int_equal(codes(f, 0, "colour", "red", NULL), BONEMETS_OK);
    bonemets_guidelines_ref(f->set);
}

/* Records read from text. */

static bonemets_status read_text(fixture *f, const char *text)
{
    return bonemets_patient_read(f->patient, "p.yaml", text, strlen(text), f->err);
}

static void assert_read(fixture *f, const char *text)
{
    if (read_text(f, text) != BONEMETS_OK) {
        print_errors(f->err);
        fail();
    }
}

static void spellings_of_numbers(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *text, *key;
        double low, high;
    } cases[] = {
        {"age: 64", "age", 64, 64},
        {"age: \"64\"", "age", 64, 64},
        {"{\"age\": 64.0}", "age", 64, 64},
        {"age: {from: 60, to: 64}", "age", 60, 64},
        {"age: {to: 64, from: 64}", "age", 64, 64},
        {"age: {from: 60}", "age", 60, 120},
        {"age: {from: 60, to: null}", "age", 60, 120},
        {"age: {from: ~, to: 7}", "age", 0, 7},
        {"age: {to: '7'}", "age", 0, 7},
        {"kps: 70", "kps", 70, 70},
        {"creatinine: 1.4", "creatinine", 1.4, 1.4},
        {"creatinine: 1.4 mg/dL", "creatinine", 1.4, 1.4},
        {"creatinine: '1.4   mg/dL'", "creatinine", 1.4, 1.4},
        {"creatinine: 88.4 umol/L", "creatinine", 1, 1},
        {"creatinine: {from: 88.4 umol/L, to: 2}", "creatinine", 1, 2},
        {"survival: 2 a", "survival", 24, 24},
        {"survival: {from: 30.4375 d, to: 1 mo}", "survival", 1, 1},
        {"survival: {from: 4 wk}", "survival", 672 / 730.5, 120},
        {"inr: 1.1", "inr", 1.1, 1.1},
        {"shift: -5 %", "shift", -5, -5},
        {"size: 3 cm", "size", 30, 30},
        {"age: 64\nkps: null\npain: ~\ncolour:\n", "age", 64, 64},
        /* as people write them */
        {"age: 64 years", "age", 64, 64},
        {"age: 64Y", "age", 64, 64},
        {"creatinine: 88.4 \xc2\xb5mol/L", "creatinine", 1, 1},
        {"creatinine: 88.4 \xce\xbcmol/l", "creatinine", 1, 1},
        {"creatinine: <88.4UMOL/L", "creatinine", 0.2, 1},
        {"creatinine: 1.4mg/dL", "creatinine", 1.4, 1.4},
        {"creatinine: {from: 1.4 MG/DL, to: 2mg/dl}", "creatinine", 1.4, 2},
        {"survival: 2 years", "survival", 24, 24},
        {"survival: 2Months", "survival", 2, 2},
        {"survival: 4 weeks", "survival", 672 / 730.5, 672 / 730.5},
        {"shift: -50%", "shift", -50, -50},
        {"shift: 50 percent", "shift", 50, 50},
        {"dose: 2 Mg", "dose", 2000, 2000},
        {"dose: 2 mg", "dose", 2, 2},
        {"dose: 2000 \xc2\xb5g", "dose", 2, 2},
        {"dose: 2000 micrograms", "dose", 2, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_read(f, cases[i].text);
        assert_interval(f, cases[i].key, 0, cases[i].low, cases[i].high);
        assert_no_errors(f);
    }
}

static void spellings_of_options(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *text, *key;
        uint64_t mask;
    } cases[] = {
        {"pain: yes", "pain", BM_YES},
        {"pain: no", "pain", BM_NO},
        {"pain: true", "pain", BM_YES},
        {"pain: false", "pain", BM_NO},
        {"pain: 'yes'", "pain", BM_YES},
        {"pain: \"no\"", "pain", BM_NO},
        {"pain: 'true'", "pain", BM_YES},
        {"{\"pain\": false}", "pain", BM_NO},
        {"pain: {one_of: [yes, no]}", "pain", BM_EITHER},
        {"diabetes: no", "diabetes", 1},
        {"diabetes: 'no'", "diabetes", 1},
        {"diabetes: {one_of: [diet, drugs]}", "diabetes", 6},
        {"grade: 2", "grade", 8},
        {"grade: '2'", "grade", 8},
        {"{\"grade\": 2}", "grade", 8},
        {"grade: 0", "grade", 1},
        {"grade: 1a", "grade", 2},
        {"grade: {one_of: [1b, 2]}", "grade", 12},
        {"colour: {one_of: [red]}", "colour", 1},
        {"colour: {one_of: [red, green, dark_blue]}", "colour", 7},
        {"profile: nl_2015", "profile", 2},
        {"profile: {one_of: [nl_2015]}", "profile", 2},
        {"level: T12", "level", 4},
        {"large: yes", "large", BM_YES},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_read(f, cases[i].text);
        assert_mask(f, cases[i].key, 0, cases[i].mask);
        assert_no_errors(f);
    }
}

static void spellings_of_sets(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *text;
        uint64_t present, possible;
    } cases[] = {
        {"signs: []", 0, 0},
        {"signs: [falls]", 2, 2},
        {"signs:\n  - weakness\n  - 'pins'\n", 9, 9},
        {"{\"signs\": [\"falls\", \"numbness\"]}", 6, 6},
        {"signs: {present: [falls], unknown: [pins]}", 2, 10},
        {"signs: {present: [falls]}", 2, 2},
        {"signs: {unknown: [pins, falls]}", 0, 10},
        {"signs: {present: [], unknown: []}", 0, 0},
        {"signs: {present: null, unknown: [pins]}", 0, 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_read(f, cases[i].text);
        assert_members(f, "signs", cases[i].present, cases[i].possible);
        assert_no_errors(f);
    }
    assert_read(f, "signs: null");
    assert_blank(f, "signs", 0);
}

static void other_spellings_in_a_file_are_told_with_their_place(void **state)
{
    fixture *f = *state;
    assert_read(f, "colour: navy\nlesions:\n  - level: {one_of: [L1, Th12]}\n");
    assert_mask(f, "colour", 0, 4);
    assert_mask(f, "level", 1, 12);
    assert_int_equal(bonemets_error_count(f->err), 2);
    assert_int_equal(bonemets_error_int(f->err, 1, BONEMETS_F_SEVERITY), BONEMETS_SEVERITY_NOTE);
    assert_int_equal(bonemets_error_int(f->err, 1, BONEMETS_F_LINE), 3);
    assert_int_equal(bonemets_error_int(f->err, 1, BONEMETS_F_COLUMN), 26);
    assert_string_equal(bonemets_error_str(f->err, 1, BONEMETS_F_PATH),
                        "lesions[1].level.one_of[2]");
}

static void lists_of_records(void **state)
{
    fixture *f = *state;
    assert_read(f, "fit: yes\nlesions:\n  - {level: T1, size: 2 cm}\n  - {bone: femur, fit: no}\n"
                   "  - {}\ncourses: []\n");
    assert_int_equal(f->patient->kinds[1].count, 3);
    assert_true(f->patient->kinds[1].listed);
    assert_int_equal(f->patient->kinds[2].count, 0);
    assert_true(f->patient->kinds[2].listed);
    assert_mask(f, "fit", 0, BM_YES);
    assert_blank(f, "fit", 1);
    assert_mask(f, "fit", 2, BM_NO);
    assert_mask(f, "level", 1, 1);
    assert_interval(f, "size", 1, 20, 20);
    assert_blank(f, "level", 2);
    assert_mask(f, "bone", 2, 1);
    assert_blank(f, "bone", 3);
    assert_read(f, "lesions: null\n");
    assert_false(f->patient->kinds[1].listed);
    assert_int_equal(f->patient->kinds[1].count, 0);
    assert_read(f, "lesions: [{level: T1, bone: null}, {level: null, bone: tibia}]");
    assert_read(f, "{}");
    assert_new(f);
    assert_no_errors(f);
}

static void reading_forgets_what_was_there(void **state)
{
    fixture *f = *state;
    assert_read(f, "colour: red\nprofile: nl_2015\nlesions: [{level: T1}]");
    assert_read(f, "age: 64");
    assert_blank(f, "colour", 0);
    assert_int_equal(f->patient->kinds[1].count, 0);
    bool given;
    assert_int_equal(cell(f, "profile", 0, &given).low.mask, 1);
}

typedef struct {
    const char *text;
    bonemets_status status;
    int line, column;
    const char *path, *words;
} refusal;

static const refusal refusals[] = {
    /* keys */
    {"age: 64\nkolour: red\n", BONEMETS_E_FACT, 2, 1, "kolour", "'kolour'|did you mean 'colour'"},
    {"qwertz: 1\n", BONEMETS_E_FACT, 1, 1, "qwertz", "there is no fact 'qwertz'"},
    {"lesion: []\n", BONEMETS_E_FACT, 1, 1, "lesion", "listed under 'lesions'"},
    {"leisons: []\n", BONEMETS_E_FACT, 1, 1, "leisons", "did you mean 'lesions'"},
    {"lesions:\n  - {level: T1, farbe: red}\n", BONEMETS_E_FACT, 2, 17, "lesions[1].farbe",
     "there is no fact 'farbe'"},
    {"lesions:\n  - level: T1\n    age: 3\n", BONEMETS_E_FACT, 3, 5, "lesions[1].age",
     "'age'|top level"},
    {"lesions: [{profile: nl_2015}]\n", BONEMETS_E_FACT, 1, 12, "lesions[1].profile",
     "'profile'|top level"},
    {"courses: [{level: T1}]\n", BONEMETS_E_FACT, 1, 12, "courses[1].level",
     "'level' is about a lesion|course of treatment|'lesions'"},
    {"lesions: [{courses: []}]\n", BONEMETS_E_FACT, 1, 12, "lesions[1].courses",
     "'courses'|top level"},
    {"age: 1\nold: yes\n", BONEMETS_E_TYPE, 2, 1, "old", "'old' is derived"},
    {"vita: 3\n", BONEMETS_E_FACT, 1, 1, "vita", "; did you mean 'vitamin'?"},
    {"origins_of: 3\n", BONEMETS_E_FACT, 1, 1, "origins_of", "there is no fact 'origins_of'"},
    {"receptor: 3\n", BONEMETS_E_FACT, 1, 1, "receptor",
     "did you mean 'breast_receptor_positive' of 'origin' or 'breast_receptor_negative' of "
     "'origin'?"},
    /* the shape of the record */
    {"- age: 64\n", BONEMETS_E_TYPE, 1, 1, NULL, "a patient record is a map"},
    {"age\n", BONEMETS_E_TYPE, 1, 1, NULL, "a patient record is a map"},
    {"lesions: {level: T1}\n", BONEMETS_E_TYPE, 1, 10, "lesions", "'lesions' is a list"},
    {"lesions: T1\n", BONEMETS_E_TYPE, 1, 10, "lesions", "'lesions' is a list"},
    {"lesions:\n  - {level: T1}\n  - T2\n", BONEMETS_E_TYPE, 3, 5, "lesions[2]",
     "a lesion is a map of facts"},
    {"lesions: [null]\n", BONEMETS_E_TYPE, 1, 11, "lesions[1]", "a lesion is a map of facts"},
    /* numbers */
    {"creatinine: 1,4\n", BONEMETS_E_TYPE, 1, 13, "creatinine",
     "a decimal comma; write a point|'creatinine'"},
    {"creatinine: 1,4 mg/dL\n", BONEMETS_E_TYPE, 1, 13, "creatinine", "comma"},
    {"age: NaN\n", BONEMETS_E_TYPE, 1, 6, "age", "a whole number in 0..120"},
    {"age: .nan\n", BONEMETS_E_TYPE, 1, 6, "age", "this"},
    {"age: inf\n", BONEMETS_E_TYPE, 1, 6, "age", "this"},
    {"age: -.inf\n", BONEMETS_E_TYPE, 1, 6, "age", "this"},
    {"age: 1e999\n", BONEMETS_E_TYPE, 1, 6, "age", "exponent"},
    {"age: 0x40\n", BONEMETS_E_TYPE, 1, 6, "age", "this"},
    {"age: +64\n", BONEMETS_E_TYPE, 1, 6, "age", "this"},
    {"age: ''\n", BONEMETS_E_TYPE, 1, 6, "age", "this"},
    {"age: ' 64'\n", BONEMETS_E_TYPE, 1, 6, "age", "a blank before"},
    {"age: 6 4\n", BONEMETS_E_TYPE, 1, 6, "age", "a blank within"},
    {"age: yes\n", BONEMETS_E_TYPE, 1, 6, "age", "this"},
    {"age: 12345678901234567\n", BONEMETS_E_TYPE, 1, 6, "age", "digits"},
    {"age: -3\n", BONEMETS_E_RANGE, 1, 6, "age", "0..120"},
    {"age: 1962\n", BONEMETS_E_RANGE, 1, 6, "age", "0..120"},
    {"age: 64.5\n", BONEMETS_E_RANGE, 1, 6, "age", "this"},
    {"kps: 75\n", BONEMETS_E_RANGE, 1, 6, "kps", "in steps of 10"},
    {"age: 64 pounds\n", BONEMETS_E_UNIT, 1, 6, "age", "this"},
    {"creatinine: 124\n", BONEMETS_E_RANGE, 1, 13, "creatinine", "0.2..15 mg/dL"},
    {"creatinine: 3 fortnights\n", BONEMETS_E_UNIT, 1, 13, "creatinine", "mg/dL, also in umol/L"},
    {"creatinine: 1.4mcmol/L\n", BONEMETS_E_TYPE, 1, 13, "creatinine", "more than a number"},
    {"creatinine: 1.4 months\n", BONEMETS_E_UNIT, 1, 13, "creatinine", "mg/dL, also in umol/L"},
    {"survival: 1500 months\n", BONEMETS_E_RANGE, 1, 11, "survival",
     "out of range; it would fit in d"},
    {"survival: 50000 days\n", BONEMETS_E_UNIT, 1, 11, "survival", "wk, d, a"},
    {"dose: 2\n", BONEMETS_E_UNIT, 1, 7, "dose",
     "the unit is missing|in 0..9000 mg, also in Mg, ug"},
    {"dose: <2\n", BONEMETS_E_UNIT, 1, 7, "dose", "the unit is missing"},
    {"dose: 2 MG\n", BONEMETS_E_UNIT, 1, 7, "dose", "this unit does not fit"}, /* mg or Mg? */
    {"kps: 60-70\n", BONEMETS_E_TYPE, 1, 6, "kps", "a range is written {from: 2, to: 4}"},
    {"kps: 60 \xe2\x80\x93 70\n", BONEMETS_E_TYPE, 1, 6, "kps", "{from: 2, to: 4}"},
    {"dose: 2-4 mg\n", BONEMETS_E_TYPE, 1, 7, "dose", "{from: 2 mg, to: 4 mg}"},
    {"dose: {mean: 2}\n", BONEMETS_E_TYPE, 1, 8, "dose.mean", "{from: 2 mg, to: 4 mg}"},
    {"age: 1956-03-04\n", BONEMETS_E_TYPE, 1, 6, "age", "a minus sign"},
    {"age: [64]\n", BONEMETS_E_TYPE, 1, 6, "age", "a list does not fit|0..120"},
    {"age: {one_of: [1, 2]}\n", BONEMETS_E_TYPE, 1, 7, "age.one_of", "'one_of'|{from: 2, to: 4}"},
    {"age: {}\n", BONEMETS_E_TYPE, 1, 6, "age", "an empty map|from"},
    {"age: {from: null}\n", BONEMETS_E_TYPE, 1, 6, "age", "an empty map|from"},
    {"survival: {from: 5 mo, to: 2 mo}\n", BONEMETS_E_RANGE, 1, 11, "survival",
     "the range runs down|'survival'"},
    {"survival:\n  from: 5 d\n  to: 500 a\n", BONEMETS_E_RANGE, 3, 7, "survival.to",
     "out of range|0..10 a"},
    {"age: {from: [1]}\n", BONEMETS_E_TYPE, 1, 13, "age.from", "a list does not fit"},
    /* options */
    {"lesions:\n  - level: T1\n  - level: T13\n", BONEMETS_E_TYPE, 3, 12, "lesions[2].level",
     "there is no such vertebra|T1, T2, T12, L1"},
    {"grade: 1\n", BONEMETS_E_TYPE, 1, 8, "grade", "needs a sub-grade"},
    {"colour: blue\n", BONEMETS_E_TYPE, 1, 9, "colour", "red, green, dark_blue"},
    {"colour: BLUE\n", BONEMETS_E_TYPE, 1, 9, "colour", "did you mean 'dark_blue'?"},
    {"origin: breast\n", BONEMETS_E_TYPE, 1, 9, "origin",
     "did you mean 'breast_receptor_positive' or 'breast_receptor_negative'?"},
    {"origin: mutated adenocarcinoma\n", BONEMETS_E_TYPE, 1, 9, "origin", "one of 10 options"},
    {"diabetes: some_drugs\n", BONEMETS_E_TYPE, 1, 11, "diabetes", "did you mean 'drugs'?"},
    {"lesions: [{level: T1-T2}]\n", BONEMETS_E_TYPE, 1, 19, "lesions[1].level",
     "names several options; each has a record of its own|{one_of: [a, b]}"},
    {"colour: red/green\n", BONEMETS_E_TYPE, 1, 9, "colour", "names several options"},
    {"signs: [falls and pins]\n", BONEMETS_E_TYPE, 1, 9, "signs[1]",
     "each is an entry of the list"},
    {"colour: 'null'\n", BONEMETS_E_TYPE, 1, 9, "colour", "takes"},
    {"colour: [red]\n", BONEMETS_E_TYPE, 1, 9, "colour", "{one_of: [a, b]}"},
    {"colour: {one_off: [red]}\n", BONEMETS_E_TYPE, 1, 10, "colour.one_off", "'one_off'|one_of"},
    {"colour: {one_of: red}\n", BONEMETS_E_TYPE, 1, 18, "colour.one_of", "a single value"},
    {"colour: {one_of: []}\n", BONEMETS_E_TYPE, 1, 18, "colour.one_of", "the list is empty"},
    {"colour: {one_of: [red, rot]}\n", BONEMETS_E_TYPE, 1, 24, "colour.one_of[2]", "takes"},
    {"colour: {one_of: [red, red]}\n", BONEMETS_E_TYPE, 1, 24, "colour.one_of[2]", "twice"},
    {"colour: {one_of: [red, null]}\n", BONEMETS_E_TYPE, 1, 24, "colour.one_of[2]", "null"},
    {"colour: {one_of: [red, [green]]}\n", BONEMETS_E_TYPE, 1, 24, "colour.one_of[2]", "a list"},
    {"pain: maybe\n", BONEMETS_E_TYPE, 1, 7, "pain", "yes or no"},
    {"pain: Yes\n", BONEMETS_E_TYPE, 1, 7, "pain", "yes or no"},
    {"pain: 1\n", BONEMETS_E_TYPE, 1, 7, "pain", "yes or no"},
    {"diabetes: false\n", BONEMETS_E_TYPE, 1, 11, "diabetes", "no, diet, drugs"},
    {"profile: {one_of: [uk_2023, nl_2015]}\n", BONEMETS_E_TYPE, 1, 10, "profile",
     "a setting has one value"},
    /* sets */
    {"signs: falls\n", BONEMETS_E_TYPE, 1, 8, "signs", "[] for none"},
    {"signs: [fals]\n", BONEMETS_E_TYPE, 1, 9, "signs[1]", "did you mean 'falls'"},
    {"signs: [falls, falls]\n", BONEMETS_E_TYPE, 1, 16, "signs[2]", "twice"},
    {"signs: [falls, null]\n", BONEMETS_E_TYPE, 1, 16, "signs[2]", "null"},
    {"signs: {present: falls}\n", BONEMETS_E_TYPE, 1, 18, "signs.present", "a single value"},
    {"signs: {absent: [falls]}\n", BONEMETS_E_TYPE, 1, 9, "signs.absent", "'absent'|present"},
    {"signs: {present: [falls], unknown: [pins, falls]}\n", BONEMETS_E_TYPE, 1, 8, "signs",
     "present|unknown"},
    {"signs: {}\n", BONEMETS_E_TYPE, 1, 8, "signs", "an empty map"},
    /* YAML itself */
    {"", BONEMETS_E_YAML, 1, 1, NULL, "empty"},
    {"age: 64\nage: 65\n", BONEMETS_E_YAML, 2, 1, "age", "'age'|twice"},
    {"age: *a\n", BONEMETS_E_YAML, 1, 6, "age", "alias"},
    {"age: 64\n---\nage: 65\n", BONEMETS_E_YAML, 2, 1, NULL, "second document"},
};

/* Messages end up in logs: they say where and what is wrong, never what was entered. */
static void what_was_entered_is_never_quoted(void **state)
{
    fixture *f = *state;
    static const char *const records[] = {
        "age: Zebra7391\n",
        "age: 7391\n",
        "age: 73.91\n",
        "kps: 73\n",
        "age: 73,91\n",
        "age: {from: 7391, to: 1}\n",
        "survival: {from: 7391 d, to: 73.91 d}\n",
        "creatinine: 7391\n",
        "creatinine: 7391 umol/L\n",
        "creatinine: 7.391mg/L\n",
        "kps: 73-91\n",
        "colour: 73-91\n",
        "colour: Zebra blue\n",
        "creatinine: 1 Zebra7391\n",
        "colour: Zebra7391\n",
        "colour: navy\n",
        "colour: {one_of: [red, Zebra7391]}\n",
        "pain: Zebra7391\n",
        "signs: [Zebra7391]\n",
        "signs: {present: [falls], unknown: [falls]}\n",
        "signs: [falls, falls]\n",
        "lesions:\n  - {level: T13}\n",
        "age: [Zebra7391\n",
        "age: *Zebra7391\n",
    };
    static const char *const entered[] = {"7391",  "73.91", "73,91", "7.391",
                                          "Zebra", "T13",   "navy",  "'falls'"};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        read_text(f, records[i]);
        assert_true(bonemets_error_count(f->err) > 0);
        for (int32_t e = 0; e < bonemets_error_count(f->err); e++) {
            const char *message = bonemets_error_str(f->err, e, BONEMETS_F_MESSAGE);
            for (size_t k = 0; k < sizeof entered / sizeof *entered; k++) {
                if (strstr(message, entered[k]) != NULL) {
                    fail_msg("%s: %s", records[i], message);
                }
            }
        }
        bonemets_error_clear(f->err);
    }
}

static void records_that_are_refused(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const refusal *r = &refusals[i];
        bonemets_status status = read_text(f, r->text);
        int line = bonemets_error_int(f->err, 0, BONEMETS_F_LINE);
        int column = bonemets_error_int(f->err, 0, BONEMETS_F_COLUMN);
        if (status != r->status || line != r->line || column != r->column) {
            print_errors(f->err);
            fail_msg("status %d at %d:%d for: %s", status, line, column, r->text);
        }
        assert_string_equal(bonemets_error_str(f->err, 0, BONEMETS_F_FILE), "p.yaml");
        const char *path = bonemets_error_str(f->err, 0, BONEMETS_F_PATH);
        assert_string_equal(path != NULL ? path : "", r->path != NULL ? r->path : "");
        assert_says(f, r->status, r->words);
        assert_new(f);
    }
}

static void all_errors_of_a_record_are_reported(void **state)
{
    fixture *f = *state;
    static const int places[][2] = {{1, 6},  {2, 1}, {3, 10}, {3, 16}, {5, 13},
                                    {5, 23}, {6, 5}, {8, 7},  {5, 28}};
    assert_int_equal(read_text(f, "age: -3\n"
                                  "kolour: red\n"
                                  "signs: [ fals, nmbness, pins]\n"
                                  "lesions:\n"
                                  "  - {level: T5, size: red, bone: femur}\n"
                                  "  - T3\n"
                                  "grade: 2\n"
                                  "pain: maybe\n"),
                     BONEMETS_E_RANGE);
    assert_int_equal(bonemets_error_count(f->err), 9);
    for (int i = 0; i < 9; i++) {
        assert_int_equal(bonemets_error_int(f->err, i, BONEMETS_F_LINE), places[i][0]);
        assert_int_equal(bonemets_error_int(f->err, i, BONEMETS_F_COLUMN), places[i][1]);
    }
    assert_new(f);
}

static void nothing_is_needed_to_report(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        assert_int_equal(bonemets_patient_read(f->patient, NULL, refusals[i].text,
                                               strlen(refusals[i].text), NULL),
                         refusals[i].status);
    }
    assert_int_equal(bonemets_patient_set_number(f->patient, 0, fact(f, "age"), -1, -1, NULL, NULL),
                     BONEMETS_E_RANGE);
    assert_int_equal(bonemets_patient_read(f->patient, NULL, NULL, 0, f->err), BONEMETS_E_YAML);
}

static void too_many_records(void **state)
{
    fixture *f = *state;
    enum { SIZE = 3 * 1002 + 64 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    strcpy(text, "lesions: [");
    for (int i = 0; i < 1000; i++) {
        strcat(text, i > 0 ? ",{}" : "{}");
    }
    char *end = text + strlen(text);
    strcpy(end, "]\n");
    assert_read(f, text);
    assert_int_equal(f->patient->kinds[1].count, 1000);
    strcpy(end, ",{},{}]\n");
    assert_int_equal(read_text(f, text), BONEMETS_E_LIMIT);
    assert_string_equal(bonemets_error_str(f->err, 0, BONEMETS_F_PATH), "lesions[1001]");
    assert_says(f, BONEMETS_E_LIMIT, "1000");
    assert_new(f);
    free(text);
}

static void a_node_is_read_like_a_text(void **state)
{
    fixture *f = *state;
    static const char text[] = "given: {age: 64, lesions: [{level: T1}]}\nwrong: {age: -3}\n";
    const bm_node *root = NULL;
    bm_arena arena;
    bm_arena_init(&arena, &f->set->memory);
    assert_int_equal(
        bm_yaml_read(&arena, &BM_YAML_LIMITS, "g.yaml", text, strlen(text), &root, f->err), 0);
    assert_int_equal(bm_record_read_node(f->patient, "g.yaml", bm_node_get(root, "given"), f->err),
                     0);
    assert_mask(f, "level", 1, 1);
    assert_int_equal(bm_record_read_node(f->patient, "g.yaml", bm_node_get(root, "wrong"), f->err),
                     BONEMETS_E_RANGE);
    assert_string_equal(bonemets_error_str(f->err, 0, BONEMETS_F_PATH), "wrong.age");
    assert_string_equal(bonemets_error_str(f->err, 0, BONEMETS_F_FILE), "g.yaml");
    assert_new(f);
    bm_arena_free(&arena);
}

/* Every allocation fails in turn. */

static void no_memory_for_a_patient(void **state)
{
    fixture *f = *state;
    bonemets_patient *other = f->patient;
    f->counts.left = 1;
    assert_int_equal(bonemets_patient_new(f->set, &other), BONEMETS_E_MEMORY);
    assert_null(other);
    f->counts.left = 0;
}

static void no_memory_for_records(void **state)
{
    fixture *f = *state;
    bonemets_record record = 7;
    for (int i = 1; i <= 4; i++) {
        add(f, "lesion", i);
        assert_int_equal(codes(f, i, "fit", "no", NULL), BONEMETS_OK);
    }
    char *before = dump(f->patient);
    f->counts.left = 1;
    assert_int_equal(bonemets_patient_add_record(f->patient, "lesion", &record), BONEMETS_E_MEMORY);
    assert_int_equal(record, 0);
    f->counts.left = 0;
    char *after = dump(f->patient);
    assert_string_equal(after, before);
    free(before);
    free(after);
    add(f, "lesion", 5);
    assert_mask(f, "fit", 4, BM_NO);
}

static void no_memory_for_reading(void **state)
{
    fixture *f = *state;
    static const char text[] =
        "age: 64\ncolour: {one_of: [red, green]}\nsigns: {present: [falls], unknown: [pins]}\n"
        "lesions: [{level: T1}, {size: 3 cm}, {fit: yes}, {fit: no}, {bone: femur}]\n"
        "courses: [{fractions: 1}, {fractions: 2}, {}, {}, {}, {}, {}, {}, {}]\n";
    long at = 1;
    for (;; at++) {
        bonemets_patient *kept = f->patient;
        f->counts.left = 0;
        assert_int_equal(bonemets_patient_new(f->set, &f->patient), BONEMETS_OK);
        f->counts.left = at;
        f->counts.failed = false;
        bonemets_status status = read_text(f, text);
        bool failed = f->counts.failed;
        f->counts.left = 0;
        assert_int_equal(status, failed ? BONEMETS_E_MEMORY : BONEMETS_OK);
        if (failed) {
            assert_true(bonemets_error_count(f->err) > 0);
            bonemets_error_clear(f->err);
            assert_new(f);
        }
        bonemets_patient_free(f->patient);
        f->patient = kept;
        if (!failed) {
            break;
        }
    }
    assert_true(at > 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* Seconds from 1970-01-01 to 2026-11-21T08:00. */
static const double eight = 1795248000;

static bonemets_status instant(fixture *f, const char *key, const char *from, const char *to)
{
    return bonemets_patient_set_instant(f->patient, 0, fact(f, key), from, to, f->err);
}

static void instants_are_set(void **state)
{
    fixture *f = *state;
    assert_int_equal(instant(f, "onset", "2026-11-21T08:00", NULL), BONEMETS_OK);
    assert_interval(f, "onset", 0, eight, eight);
    assert_int_equal(instant(f, "onset", "2026-11-21T08:00:01", "2026-11-22"), BONEMETS_OK);
    assert_interval(f, "onset", 0, eight + 1, eight + 40 * 3600);
    assert_int_equal(instant(f, "onset", "2026-11-21", NULL), BONEMETS_OK);
    assert_interval(f, "onset", 0, eight - 8 * 3600, eight + 16 * 3600);
    assert_int_equal(instant(f, "onset", "2099-12-31", NULL), BONEMETS_OK);
    assert_int_equal(
        bonemets_patient_set_number(f->patient, 0, fact(f, "onset"), eight, eight, "s", f->err),
        BONEMETS_OK);
    assert_interval(f, "onset", 0, eight, eight);
    assert_int_equal(bonemets_patient_set_now(f->patient, "2026-11-21T08:00", f->err), BONEMETS_OK);
    assert_interval(f, "now", 0, eight, eight);
    assert_string_equal(bonemets_fact_str(f->set, fact(f, "now"), BONEMETS_F_TYPE), "instant");
    assert_string_equal(bonemets_fact_str(f->set, fact(f, "now"), BONEMETS_F_UNIT), "s");
    assert_no_errors(f);
}

static void instants_are_read(void **state)
{
    fixture *f = *state;
    assert_read(f, "now: 2026-11-21T08:00\nonset: {from: 2026-11-20, to: 2026-11-21T08:00:00}\n");
    assert_interval(f, "now", 0, eight, eight);
    assert_interval(f, "onset", 0, eight - 32 * 3600, eight);
    assert_read(f, "now: '2026-11-21'\nonset: {from: 2026-11-21T08:00}\n");
    assert_interval(f, "now", 0, eight - 8 * 3600, eight + 16 * 3600);
    assert_interval(f, "onset", 0, eight, 4102444800);
    assert_read(f, "{\"now\": null, \"onset\": {\"to\": \"2026-11-20\"}}");
    assert_blank(f, "now", 0);
    assert_interval(f, "onset", 0, 946684800, eight - 8 * 3600);
    assert_no_errors(f);
}

static void instants_that_are_refused(void **state)
{
    fixture *f = *state;
    const bonemets_fact onset = fact(f, "onset");
    assert_int_equal(instant(f, "onset", "2026-11-21T08:00", NULL), BONEMETS_OK);
    assert_int_equal(instant(f, "onset", "yesterday", NULL), BONEMETS_E_TYPE);
    assert_int_equal(instant(f, "onset", "2026-11-21T08:00", "2026-11-21T08"), BONEMETS_E_TYPE);
    assert_int_equal(instant(f, "onset", "2026-11-21T08:00", "2026-11-21T07:59"), BONEMETS_E_RANGE);
    assert_int_equal(instant(f, "onset", "1999-12-31T23:59", NULL), BONEMETS_E_RANGE);
    assert_int_equal(instant(f, "onset", "2100-01-01", NULL), BONEMETS_E_RANGE);
    assert_int_equal(instant(f, "onset", NULL, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(instant(f, "age", "2026-11-21", NULL), BONEMETS_E_TYPE);
    assert_int_equal(bonemets_patient_set_instant(f->patient, 1, onset, "2026-11-21", NULL, f->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_patient_set_number(f->patient, 0, onset, 1e9, 1e9, "h", f->err),
                     BONEMETS_E_UNIT);
    assert_int_equal(bonemets_patient_set_number(f->patient, 0, onset, 1e9, 1e9, NULL, f->err),
                     BONEMETS_E_UNIT);
    assert_int_equal(
        bonemets_patient_set_number(f->patient, 0, onset, 1e9 + 0.5, 1e9 + 0.5, "s", f->err),
        BONEMETS_E_RANGE);
    assert_int_equal(bonemets_patient_set_number(f->patient, 0, onset, 5, 5, "s", f->err),
                     BONEMETS_E_RANGE);
    assert_int_equal(bonemets_patient_set_now(f->patient, "noon", f->err), BONEMETS_E_TYPE);
    assert_int_equal(bonemets_patient_set_now(f->patient, NULL, f->err), BONEMETS_E_ARGUMENT);
    assert_interval(f, "onset", 0, eight, eight);
    assert_blank(f, "now", 0);
    bonemets_error_clear(f->err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_in_every_unit),
        TEST(numbers_at_the_ends_of_a_range),
        TEST(numbers_that_are_refused),
        TEST(options),
        TEST(another_spelling_is_accepted_and_told),
        TEST(facts_that_exclude_each_other_are_told),
        TEST(options_that_are_refused),
        TEST(members),
        TEST(instants_are_set),
        TEST(instants_are_read),
        TEST(instants_that_are_refused),
        TEST(arguments),
        TEST(unknown_again),
        TEST(profiles),
        TEST(a_thousand_records),
        TEST(kinds_of_records),
        TEST(a_patient_is_one_allocation),
        TEST(reset_is_like_new),
        TEST(a_patient_keeps_its_set),
        TEST(spellings_of_numbers),
        TEST(spellings_of_options),
        TEST(spellings_of_sets),
        TEST(other_spellings_in_a_file_are_told_with_their_place),
        TEST(lists_of_records),
        TEST(reading_forgets_what_was_there),
        TEST(what_was_entered_is_never_quoted),
        TEST(records_that_are_refused),
        TEST(all_errors_of_a_record_are_reported),
        TEST(nothing_is_needed_to_report),
        TEST(too_many_records),
        TEST(a_node_is_read_like_a_text),
        TEST(no_memory_for_a_patient),
        TEST(no_memory_for_records),
        TEST(no_memory_for_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
