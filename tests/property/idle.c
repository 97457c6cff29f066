/* SPDX-License-Identifier: Apache-2.0 */
/* An assessment evaluates only what hangs on something that was entered. Here everything is evaluated
 * over the same random records: every cell must come out the same, with and without silence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "assess/assessment.h"
#include "record/patient.h"

enum { PATIENTS = 400, MOST_RECORDS = 4 };

static uint64_t random_state = 2026;

static uint32_t random_below(uint32_t limit)
{
    random_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) >> 32) % limit;
}

/* Mostly one value, sometimes several that are possible. */
static bm_cell random_cell(const bm_type *type)
{
    bm_cell blank = bm_type_blank(type), cell = blank;
    double width = blank.high.number - blank.low.number;
    switch (type->base) {
    case BM_BOOL:
        cell.low.mask = 1 + random_below(2);
        return cell;
    case BM_NUMBER:
        cell.low.number = blank.low.number + width * random_below(1000) / 1000;
        if (type->whole)
            cell.low.number = (double)(long long)cell.low.number;
        cell.high.number = cell.low.number;
        return cell;
    case BM_SET:
        cell.low.mask = cell.high.mask = blank.high.mask & (random_state >> random_below(60));
        return cell;
    default:
        cell.low.mask = UINT64_C(1) << random_below((uint32_t)type->codes->count);
        if (random_below(8) == 0)
            cell.low.mask |= UINT64_C(1) << random_below((uint32_t)type->codes->count);
        return cell;
    }
}

static void enter_some(bonemets_patient *patient, int kind, int record, uint32_t percent)
{
    const bm_kind *owner = &patient->set->program.kinds[kind];
    for (int32_t i = 0; i < owner->inputs; i++) {
        const bm_fact *fact = bm_set_input_fact(patient->set, kind, i);
        if (random_below(100) < percent)
            bm_patient_enter(patient, record, fact, random_cell(&fact->type), 0);
    }
}

static void random_patient(bonemets_patient *patient)
{
    static const uint32_t percents[] = {0, 1, 3, 10, 40};
    const bm_program *p = &patient->set->program;
    bonemets_patient_reset(patient);
    enter_some(patient, 0, 0, percents[random_below(5)]);
    for (int k = 1; k < p->kind_count; k++) {
        uint32_t count = random_below(MOST_RECORDS + 1);
        if (random_below(4) == 0)
            enter_some(patient, k, 0, percents[random_below(5)]);
        for (uint32_t r = 0; r < count; r++) {
            bonemets_record record;
            assert_int_equal(bm_patient_add(patient, k, &record), BONEMETS_OK);
            enter_some(patient, k, record, percents[random_below(5)]);
        }
    }
}

static size_t cells_of(const bm_frame *frame, int kind)
{
    return (size_t)frame->records[kind] * (size_t)frame->program->kinds[kind].slots;
}

/* A frame with the same inputs in which everything is evaluated. */
static bm_frame whole_frame(const bm_frame *from)
{
    bm_frame frame = *from;
    frame.plain = NULL;
    frame.strict = false;
    for (int k = 0; k < from->program->kind_count; k++) {
        const bm_kind *owner = &from->program->kinds[k];
        frame.awake[k] = frame.closed[k] = frame.leans[k] = NULL;
        frame.cells[k] = calloc(cells_of(from, k) + 1, sizeof(bm_cell));
        assert_non_null(frame.cells[k]);
        for (int r = 0; r < from->records[k] && owner->inputs; r++)
            memcpy(bm_frame_cells(&frame, k, r), bm_frame_cells(from, k, r),
                   (size_t)owner->inputs * sizeof(bm_cell));
    }
    return frame;
}

static void free_cells(bm_frame *frame)
{
    for (int k = 0; k < frame->program->kind_count; k++)
        free(frame->cells[k]);
}

/* Of a table that does not apply only what becomes of its rows counts, not what they ask. */
static bool counts(const bm_frame *awake, const bm_unit_of_work *unit, int record, int32_t slot)
{
    const bm_program *p = awake->program;
    const bm_frame *plain = awake->plain ? awake->plain : awake;
    if (!bm_has_block(plain, plain->closed, unit->kind, record, unit->block) ||
        bm_has_block(awake, awake->awake, unit->kind, record, unit->block))
        return true;
    bool is_row = p->kinds[unit->kind].base[slot] == BM_OUTCOME;
    for (int i = 0; i < p->row_count && !is_row; i++)
        is_row = p->rows[i].kind == unit->kind && p->rows[i].when == slot;
    return is_row;
}

static void compare(const bm_frame *awake, const bm_frame *whole, const bm_plan *plan)
{
    const bm_program *p = whole->program;
    for (int u = 0; u < plan->count; u++) {
        const bm_unit_of_work *unit = &p->units[plan->units[u]];
        for (int i = unit->first; i < unit->end; i++)
            for (int r = 0; r < whole->records[unit->kind]; r++) {
                int32_t slot = p->ops[i].to;
                if (!counts(awake, unit, r, slot))
                    continue;
                bm_cell a = bm_frame_cell(awake, unit->kind, r, slot);
                bm_cell b = bm_frame_cell(whole, unit->kind, r, slot);
                if (!bm_cell_same((bm_base)p->kinds[unit->kind].base[slot], a, b))
                    fail_msg("kind %d, record %d, slot %d", unit->kind, r, (int)slot);
            }
    }
}

static void check_patient(bonemets_patient *patient)
{
    bonemets_guidelines *set = patient->set;
    bonemets_assessment *a;
    assert_int_equal(bonemets_assess(patient, NULL, &a, NULL), BONEMETS_OK);
    bm_frame whole = whole_frame(&a->frame);
    bm_bounds_run(&whole, &set->everything);
    assert_true(whole.relied_on_silence || !a->frame.relied_on_silence);
    bm_bounds_run(&whole, &set->everything_notes);
    compare(&a->frame, &whole, &set->everything);
    compare(bm_assessment_noted(a), &whole, &set->everything_notes);
    bm_bounds_run_strict(&whole, &set->everything);
    compare(&a->strict, &whole, &set->everything);
    free_cells(&whole);
    bonemets_assessment_unref(a);
}

static void check_set(bonemets_loader *loader)
{
    bonemets_guidelines *set;
    bonemets_patient *patient;
    assert_int_equal(bonemets_loader_build(loader, &set, NULL), BONEMETS_OK);
    bonemets_loader_free(loader);
    assert_int_equal(bonemets_patient_new(set, &patient), BONEMETS_OK);
    for (int i = 0; i < PATIENTS; i++) {
        random_patient(patient);
        check_patient(patient);
    }
    bonemets_patient_free(patient);
    bonemets_guidelines_unref(set);
}

static void small_tables(void **state)
{
    (void)state;
    bonemets_loader *loader;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_path(loader, TEST_RULES, NULL), BONEMETS_OK);
    check_set(loader);
}

static void embedded_tables(void **state)
{
    (void)state;
    bonemets_loader *loader;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_embedded(loader, NULL, NULL), BONEMETS_OK);
    check_set(loader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(small_tables),
                                       cmocka_unit_test(embedded_tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
