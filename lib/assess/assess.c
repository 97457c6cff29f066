/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "assess/assessment.h"
#include "base/error.h"
#include "engine/arithmetic.h"
#include "record/patient.h"

static void count_records(const bonemets_patient *patient, bm_frame *frame)
{
    const bm_program *program = &patient->set->program;
    frame->program = program;
    frame->strict = frame->searching = false;
    frame->plain = NULL;
    for (int k = 0; k < program->kind_count; k++) {
        int count = k == 0 ? 1 : patient->kinds[k].count;
        frame->records[k] = count ? count : 1;
        frame->listed[k] = k == 0 || count > 0;
        frame->none[k] = k > 0 && count == 0 && patient->kinds[k].listed;
    }
}

static void lay_out(bm_layout *block, bonemets_assessment *a, const bm_capacity *room, bool strict)
{
    const bm_program *program = a->frame.program;
    bm_layout_part(block, 1, sizeof *a);
    bm_lay_out_frame(block, &a->frame);
    for (int k = 0; k < program->kind_count; k++)
        a->frame.given[k] = bm_layout_part(
            block, (size_t)a->frame.records[k] * (size_t)program->kinds[k].inputs, 1);
    bm_lay_out_blocks(block, &a->frame, a->frame.awake);
    bm_lay_out_blocks(block, &a->frame, a->frame.closed);
    bm_lay_out_blocks(block, &a->frame, a->frame.leans);
    bm_lay_out_blocks(block, &a->frame, a->strict.awake);
    if (strict)
        bm_lay_out_frame(block, &a->strict);
    a->results.items = bm_layout_part(block, room->results, sizeof(bm_entry));
    a->states = bm_layout_part(block, room->results, sizeof *a->states);
    a->choices.items = bm_layout_part(block, room->choices, sizeof(bm_entry));
    a->advice.items = bm_layout_part(block, room->rows, sizeof(bm_entry));
    a->undecided.items = bm_layout_part(block, room->rows, sizeof(bm_entry));
    a->notes.items = bm_layout_part(block, room->notes, sizeof(bm_entry));
    bm_lay_out_open(block, &a->open_room, room);
    bm_lay_out_noted(block, &a->noted_room, &a->frame);
}

/* What is entered for a record is what was entered for all, or else it is another thing. */
static bool is_restated(uint8_t for_all, bm_base base, bm_cell common, bm_cell own)
{
    return for_all != BM_NOT_GIVEN && bm_cell_apart(base, common, own, BM_TOLERANCE);
}

/* A record's own entry, else what was entered for all records, else everything possible. */
static void fill_record(const bonemets_patient *patient, int kind, int record, bm_cell *cells,
                        uint8_t *given)
{
    const bm_records *records = &patient->kinds[kind];
    size_t inputs = (size_t)patient->set->program.kinds[kind].inputs;
    if (inputs == 0)
        return;
    memcpy(cells, records->cells, inputs * sizeof *cells);
    memcpy(given, records->given, inputs);
    if (record == 0)
        return;
    const bm_cell *own = records->cells + (size_t)record * inputs;
    const uint8_t *own_given = records->given + (size_t)record * inputs;
    const uint8_t *bases = patient->set->program.kinds[kind].base;
    for (size_t i = 0; i < inputs; i++) {
        if (!own_given[i])
            continue;
        bool restated = is_restated(given[i], (bm_base)bases[i], cells[i], own[i]);
        given[i] = (uint8_t)(own_given[i] | (restated ? BM_RESTATED : 0));
        cells[i] = own[i];
    }
}

static void fill_frame(const bonemets_patient *patient, bm_frame *frame)
{
    for (int k = 0; k < frame->program->kind_count; k++)
        for (int r = 0; r < frame->records[k]; r++) {
            int record = k == 0 || !frame->listed[k] ? 0 : r + 1;
            uint8_t *given = (uint8_t *)(uintptr_t)frame->given[k];
            fill_record(patient, k, record, bm_frame_cells(frame, k, r),
                        given + (size_t)r * (size_t)frame->program->kinds[k].inputs);
        }
}

/* The strict frame differs only in what hangs on silence; the rest of it stands in the other one. */
static void evaluate_strict(bonemets_assessment *a, const bm_plan *plan)
{
    if (!a->frame.relied_on_silence) {
        a->strict = a->frame;
        return;
    }
    for (int k = 0; k < a->frame.program->kind_count; k++)
        a->strict.given[k] = a->frame.given[k];
    a->strict.plain = &a->frame;
    bm_bounds_run_strict(&a->strict, plan);
}

static void evaluate(const bonemets_patient *patient, bonemets_assessment *a, const bm_plan *plan)
{
    fill_frame(patient, &a->frame);
    bm_bounds_wake(&a->frame);
    bm_bounds_run(&a->frame, plan);
    evaluate_strict(a, plan);
}

static bonemets_status find_target(const bonemets_guidelines *set, const char *target, int *out,
                                   bonemets_error *err)
{
    *out = target ? bm_set_guideline(set, target) : -1;
    if (!target)
        return BONEMETS_OK;
    if (*out < 0) {
        const char *nearest = bm_names_nearest(&set->definitions.guideline_names, target);
        if (nearest)
            return bm_fail(err, BONEMETS_E_FACT, NULL, "there is no guideline %q; did you mean %q?",
                           target, nearest);
        return bm_fail(err, BONEMETS_E_FACT, NULL, "there is no guideline %q", target);
    }
    if (set->definitions.guidelines[*out].off)
        return bm_fail(err, BONEMETS_E_FACT, NULL, "guideline %q is %s; load it with %s tables",
                       target, set->definitions.guidelines[*out].status,
                       set->definitions.guidelines[*out].status[0] == 'o' ? "unverified"
                                                                          : "restricted");
    return BONEMETS_OK;
}

static void prepare(const bonemets_patient *patient, bonemets_assessment *a, int target)
{
    a->set = patient->set;
    a->target = target;
    count_records(patient, &a->frame);
    count_records(patient, &a->strict);
}

bonemets_status bonemets_assess(const bonemets_patient *patient, const char *target,
                                bonemets_assessment **out, bonemets_error *err)
{
    if (!out)
        return BONEMETS_E_ARGUMENT;
    *out = NULL;
    if (!patient)
        return BONEMETS_E_ARGUMENT;
    bonemets_guidelines *set = patient->set;
    int number;
    bonemets_status status = find_target(set, target, &number, err);
    if (status)
        return status;
    const bm_plan *plan = number < 0 ? &set->everything : &set->definitions.guidelines[number].plan;
    bonemets_assessment shape; /* only measured, so only what that needs is filled */
    prepare(patient, &shape, number);
    if (bm_marks_words(&shape.frame) > BM_MARK_WORDS)
        return bm_fail(err, BONEMETS_E_LIMIT, NULL, "too many records for one assessment");
    bm_capacity room = bm_collect_capacity(&shape);
    bm_layout block = {NULL, 0};
    lay_out(&block, &shape, &room, plan->silent);
    bonemets_assessment *a = bm_take(&patient->memory, block.used);
    if (!a)
        return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    prepare(patient, a, number);
    a->memory = patient->memory;
    a->size = block.used;
    block = (bm_layout){(char *)a, 0};
    lay_out(&block, a, &room, plan->silent);
    atomic_init(&a->references, 1);
    bm_later_init(a);
    for (size_t i = 0; i < room.results; i++)
        atomic_init(&a->states[i], 0);
    atomic_init(&a->kept, NULL);
    bonemets_guidelines_ref(set);
    evaluate(patient, a, plan);
    bm_collect(a);
    *out = a;
    return BONEMETS_OK;
}

bonemets_assessment *bonemets_assessment_ref(bonemets_assessment *result)
{
    if (result)
        atomic_fetch_add_explicit(&result->references, 1, memory_order_relaxed);
    return result;
}

void bonemets_assessment_unref(bonemets_assessment *result)
{
    if (!result || atomic_fetch_sub_explicit(&result->references, 1, memory_order_acq_rel) != 1)
        return;
    bm_memory memory = result->memory;
    bonemets_guidelines *set = result->set;
    bm_kept *kept = atomic_load_explicit(&result->kept, memory_order_relaxed);
    for (size_t i = 0; kept && i < kept->count; i++) {
        bm_refs *refs = atomic_load_explicit(&kept->refs[i], memory_order_relaxed);
        if (refs)
            bm_give_back(&memory, refs, refs->size);
    }
    if (kept)
        bm_give_back(&memory, kept, kept->size);
    bm_later_free(result);
    bm_give_back(&memory, result, result->size);
    bonemets_guidelines_unref(set);
}

const bonemets_guidelines *bm_assessment_set(const bonemets_assessment *assessment)
{
    return assessment ? assessment->set : NULL;
}

bool bm_assessment_covers(const bonemets_assessment *assessment, int guideline)
{
    return assessment && (assessment->target < 0 || assessment->target == guideline) &&
           !assessment->set->definitions.guidelines[guideline].off;
}

int bm_assessment_record(const bonemets_assessment *assessment, int kind, int record)
{
    return kind == 0 || !assessment->frame.listed[kind] ? 0 : record + 1;
}
