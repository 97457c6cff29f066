/* SPDX-License-Identifier: Apache-2.0 */
/* A value that is entered as its own facts give it disagrees with nothing. Over all worked examples of
 * the embedded tables: what each of them derives is entered, and then no disagreement is there that was
 * not there before. With an argument: the disagreements of the examples as they stand are listed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "assess/assessment.h"
#include "record/patient.h"
#include "record/read.h"

static bool listing;

typedef struct {
    bonemets_guidelines *set;
    bonemets_patient *patient;
    const bm_guideline *guideline;
    const bm_example *example;
    int entered;
} world;

static bonemets_assessment *assess(world *w, const char *target)
{
    bonemets_assessment *a = NULL;
    assert_int_equal(bonemets_assess(w->patient, target, &a, NULL), BONEMETS_OK);
    return a;
}

/* Enters a derived value for the record that it was derived for. */
static void enter(world *w, const bonemets_assessment *a, const bm_fact *fact, int record)
{
    int32_t inputs = a->frame.program->kinds[fact->kind].inputs;
    bool given = a->frame.given[fact->kind][record * inputs + fact->input];
    bm_cell cell = bm_assessment_cell(&a->strict, fact->kind, record, fact->derived);
    uint64_t applies =
        fact->derived_applies < 0
            ? BM_YES
            : bm_assessment_cell(&a->strict, fact->kind, record, fact->derived_applies).low.mask;
    bool known = bm_cell_known(fact->type.base, cell);
    if (given || !known || applies != BM_YES)
        return;
    if (fact->type.base == BM_NUMBER &&
        (cell.low.number < fact->type.low || cell.low.number > fact->type.high))
        return;
    bm_patient_enter(w->patient, bm_assessment_record(a, fact->kind, record), fact, cell, 0);
    w->entered++;
}

static void enter_all(world *w, const bonemets_assessment *a, const bool *evaluated)
{
    const bm_definitions *definitions = &w->set->definitions;
    for (int i = 0; i < definitions->fact_count; i++) {
        const bm_fact *fact = &definitions->facts[i];
        if (!fact->is_value || fact->input < 0 || fact->derived < 0 || !evaluated[i])
            continue;
        for (int r = 0; r < a->frame.records[fact->kind]; r++)
            enter(w, a, fact, r);
    }
}

static void print_one(const world *w, const bonemets_assessment *a, int32_t i)
{
    int32_t list = BONEMETS_DISAGREEMENTS;
    const char *code = bonemets_assessment_str(a, list, i, BONEMETS_F_CODE);
    const char *gives =
        bonemets_assessment_sub_str(a, list, i, BONEMETS_SUB_POSSIBLE, 0, BONEMETS_F_ID);
    printf("%s %s: %s@%d %s %g, derived %s %g to %g\n", w->guideline->id, w->example->id,
           bonemets_assessment_str(a, list, i, BONEMETS_F_ID),
           (int)bonemets_assessment_int(a, list, i, BONEMETS_F_LESION), code ? code : "",
           bonemets_assessment_num(a, list, i, BONEMETS_F_LOW), gives ? gives : "",
           bonemets_assessment_num(a, list, i, BONEMETS_F_DERIVED_LOW),
           bonemets_assessment_num(a, list, i, BONEMETS_F_DERIVED_HIGH));
}

static void check_example(world *w, const bool *evaluated)
{
    const char *file = w->guideline->file->name;
    bonemets_patient_reset(w->patient);
    if (bm_record_read_node(w->patient, file, w->example->given, NULL) != BONEMETS_OK)
        return;
    if (w->example->profile)
        assert_int_equal(bonemets_patient_set_profile(w->patient, w->example->profile, NULL), 0);
    bonemets_assessment *before = assess(w, NULL);
    int32_t count = bonemets_assessment_count(before, BONEMETS_DISAGREEMENTS);
    for (int32_t i = 0; listing && i < count; i++)
        print_one(w, before, i);
    enter_all(w, before, evaluated);
    bonemets_assessment_unref(before);
    bonemets_assessment *after = assess(w, NULL);
    int32_t more = bonemets_assessment_count(after, BONEMETS_DISAGREEMENTS);
    for (int32_t i = 0; more > count && i < more; i++)
        print_one(w, after, i);
    assert_true(more <= count);
    bonemets_assessment_unref(after);
}

static void check_guideline(world *w, const bool *evaluated)
{
    bm_arena arena;
    const bm_example *examples;
    int count;
    bm_arena_init(&arena, &w->set->memory);
    assert_int_equal(bm_examples_read(w->guideline, &arena, &examples, &count, NULL), BONEMETS_OK);
    for (int i = 0; i < count; i++) {
        w->example = &examples[i];
        check_example(w, evaluated);
    }
    bm_arena_free(&arena);
}

/* Which values the plan over all tables works out. */
static void find_evaluated(const bonemets_guidelines *set, bool *out)
{
    const bm_definitions *definitions = &set->definitions;
    for (int i = 0; i < definitions->fact_count; i++) {
        const bm_fact *fact = &definitions->facts[i];
        const bm_kind *kind = &set->program.kinds[fact->kind];
        out[i] = fact->derived >= 0 && fact->derived < kind->inputs;
        for (int u = 0; fact->derived >= kind->inputs && u < set->everything.count; u++)
            out[i] |=
                set->program.units[set->everything.units[u]].block == kind->block_of[fact->derived];
    }
}

static void what_is_derived_may_be_entered(void **state)
{
    (void)state;
    enum { MOST_FACTS = 2000 };
    static bool evaluated[MOST_FACTS];
    world w = {0};
    bonemets_loader *loader;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_embedded(loader, NULL, NULL), BONEMETS_OK);
    assert_int_equal(bonemets_loader_build(loader, &w.set, NULL), BONEMETS_OK);
    bonemets_loader_free(loader);
    assert_true(w.set->definitions.fact_count < MOST_FACTS);
    find_evaluated(w.set, evaluated);
    assert_int_equal(bonemets_patient_new(w.set, &w.patient), BONEMETS_OK);
    for (int g = 0; g < w.set->definitions.guideline_count; g++) {
        w.guideline = &w.set->definitions.guidelines[g];
        if (!w.guideline->off)
            check_guideline(&w, evaluated);
    }
    assert_true(w.entered > 10000);
    bonemets_patient_free(w.patient);
    bonemets_guidelines_unref(w.set);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_derived_may_be_entered)};
    listing = count > 1 && arguments[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
