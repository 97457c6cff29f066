/* SPDX-License-Identifier: Apache-2.0 */
/* The nearest changes of single facts that alter a result or choice: what it can hang on is found in
 * the program, and each change is tried out. */
#include <string.h>

#include "assess/entry.h"
#include "assess/outlook.h"
#include "base/error.h"

typedef struct {
    bonemets_outlook *outlook;
    bm_probe probe;
    bm_arena scratch;
    bm_slot_marks marks, same;
    uint64_t whole, main; /* marks of the target as it is */
    int kind, record;     /* of the fact that is tried */
    int32_t input;
    bm_cell from;
    bool full; /* no memory for a further entry */
} bm_trial;

static const bonemets_assessment *assessment_of(const bm_trial *trial)
{
    return trial->outlook->a;
}

static bm_standing stands_now(const bm_trial *trial)
{
    const bm_standing *target = &trial->outlook->target;
    return bm_standing_of(assessment_of(trial), &trial->probe.frame, target->list, &target->entry);
}

static bm_standing try_cell(bm_trial *trial, bm_cell cell)
{
    bm_probe_try(&trial->probe, trial->kind, trial->record, trial->input, cell);
    return stands_now(trial);
}

static bool is_equation(const bm_trial *trial)
{
    const bm_standing *target = &trial->outlook->target;
    return target->list == BONEMETS_RESULTS && !bm_standing_score(assessment_of(trial), target);
}

/* Every step of a number gives another result of an equation, so only its state counts. */
static void mark_number(void *context, double x, uint64_t *whole, uint64_t *main)
{
    bm_trial *trial = context;
    const bonemets_assessment *a = assessment_of(trial);
    bm_standing after = try_cell(trial, (bm_cell){.low.number = x, .high.number = x});
    *main = bm_standing_mark(a, &after, true);
    *whole = bm_standing_mark(a, &after, is_equation(trial));
}

/* Keeps a change when it alters the target. */
static void keep(bm_trial *trial, const bm_change *change)
{
    const bonemets_assessment *a = assessment_of(trial);
    bm_standing after = try_cell(trial, change->cell);
    uint64_t whole = bm_standing_mark(a, &after, false);
    if (whole == trial->whole)
        return;
    bm_prospect *one = bm_outlook_add(trial->outlook);
    if (!one) {
        trial->full = true;
        return;
    }
    one->kind = trial->kind;
    one->record = trial->record;
    one->input = trial->input;
    one->from = trial->from;
    one->given = bm_input_given(a, trial->kind, trial->record, trial->input);
    one->change = *change;
    one->after = after;
    one->mark = whole;
    one->main = bm_standing_mark(a, &after, true) != trial->main;
}

/* Every number gives another result of an equation: of a stretch both ends are shown. */
static void keep_ends(bm_trial *trial, const bm_change *stretch)
{
    bm_change end = *stretch;
    end.high = end.cell.high.number = stretch->low;
    keep(trial, &end);
    end.low = end.high = stretch->high;
    end.cell = (bm_cell){.low.number = end.low, .high.number = end.low};
    if (stretch->low < stretch->high)
        keep(trial, &end);
}

static void try_number(bm_trial *trial, const bm_fact *fact)
{
    const bonemets_assessment *a = assessment_of(trial);
    bool equation = is_equation(trial);
    bm_number_test test = {.context = trial,
                           .mark = mark_number,
                           .whole = equation ? trial->main : trial->whole,
                           .main = trial->main};
    bm_limits limits;
    bm_change changes[BM_MOST_NUMBERS + 2];
    bm_limits_of(&a->frame, trial->probe.plan, &trial->marks, trial->kind, trial->input,
                 &trial->same, &limits);
    int count = bm_numbers_of(fact, trial->from, &limits, false, &test, changes);
    if (equation && bm_cell_known(BM_NUMBER, trial->from))
        count += bm_numbers_beside(fact, trial->from, changes + count);
    for (int i = 0; i < count; i++)
        if (equation)
            keep_ends(trial, &changes[i]);
        else
            keep(trial, &changes[i]);
}

static void try_input(bm_trial *trial, int kind, int record, int32_t input)
{
    const bonemets_assessment *a = assessment_of(trial);
    const bm_fact *fact = bm_set_input_fact(a->set, kind, input);
    bm_change changes[BM_MOST_CHANGES];
    trial->kind = kind;
    trial->record = record;
    trial->input = input;
    trial->from = bm_assessment_cell(&a->frame, kind, record, input);
    if (fact->type.base == BM_NUMBER) {
        try_number(trial, fact);
        return;
    }
    int count = bm_changes_of(a, fact, trial->from, false, changes);
    for (int i = 0; i < count; i++)
        keep(trial, &changes[i]);
}

/* What the target itself is entered with is no change of a fact. */
static bool is_own_total(const bm_trial *trial, int kind, int32_t input)
{
    const bonemets_assessment *a = assessment_of(trial);
    const bm_standing *target = &trial->outlook->target;
    const bm_score *score = bm_standing_score(a, target);
    int own = a->set->definitions.guidelines[target->entry.guideline].kind;
    return score && kind == own && input == score->input;
}

static void try_record(bm_trial *trial, int kind, int record, uint8_t wanted)
{
    const bonemets_assessment *a = assessment_of(trial);
    for (int32_t i = 0; i < a->frame.program->kinds[kind].inputs; i++)
        if ((trial->marks.slots[kind][i] & wanted) && !is_own_total(trial, kind, i) &&
            bm_may_be_entered(a, kind, record, i))
            try_input(trial, kind, record, i);
}

static void try_all(bm_trial *trial)
{
    const bonemets_assessment *a = assessment_of(trial);
    const bm_entry *entry = &trial->outlook->target.entry;
    int own = a->set->definitions.guidelines[entry->guideline].kind;
    for (int k = 0; k < a->frame.program->kind_count; k++)
        for (int r = 0; r < a->frame.records[k] && !a->frame.none[k]; r++)
            try_record(trial, k, r,
                       k == 0 || (k == own && r == entry->record) ? BM_OF_OWN | BM_OF_EVERY
                                                                  : BM_OF_EVERY);
}

/* The slots that make up how the target stands. */
static void mark_target(bm_trial *trial)
{
    const bonemets_assessment *a = assessment_of(trial);
    const bm_standing *target = &trial->outlook->target;
    const bm_guideline *guideline = &a->set->definitions.guidelines[target->entry.guideline];
    const bm_score *score = bm_standing_score(a, target);
    const bm_choice *choice = bm_standing_choice(a, target);
    uint8_t *slots = trial->marks.slots[guideline->kind];
    if (choice) {
        slots[choice->slot] = BM_OF_OWN;
        return;
    }
    const bm_equation *equation =
        score ? NULL : &guideline->equations[target->entry.index - guideline->score_count];
    int32_t applies = score ? score->applies : equation->applies;
    slots[score ? score->total : equation->slot] = BM_OF_OWN;
    if (score && score->band_count)
        slots[score->band] = BM_OF_OWN;
    if (applies >= 0)
        slots[applies] = BM_OF_OWN;
}

/* The smallest changes first, and of these what changes the band or outcome itself. */
static bool comes_before(const bm_prospect *x, const bm_prospect *y)
{
    if (x->change.size < y->change.size || x->change.size > y->change.size)
        return x->change.size < y->change.size;
    return x->main && !y->main;
}

static void sort_changes(bonemets_outlook *outlook)
{
    for (int i = 1; i < outlook->count; i++) { /* stable */
        bm_prospect one = outlook->items[i];
        int at = i;
        for (; at > 0 && comes_before(&one, &outlook->items[at - 1]); at--)
            outlook->items[at] = outlook->items[at - 1];
        outlook->items[at] = one;
    }
}

static bonemets_status find_changes(bonemets_outlook *outlook)
{
    const bonemets_assessment *a = outlook->a;
    bm_trial trial = {.outlook = outlook};
    bm_arena_init(&trial.scratch, &a->memory);
    bool room = bm_take_marks(&trial.scratch, a->frame.program, &trial.marks) &&
                bm_take_marks(&trial.scratch, a->frame.program, &trial.same) &&
                bm_probe_open(&trial.probe, a, outlook->target.entry.guideline);
    if (room) {
        trial.whole = bm_standing_mark(a, &outlook->target, false);
        trial.main = bm_standing_mark(a, &outlook->target, true);
        mark_target(&trial);
        bm_hangs_on(a->frame.program, trial.probe.plan, &trial.marks);
        try_all(&trial);
        sort_changes(outlook);
        bm_probe_close(&trial.probe);
    }
    bm_arena_free(&trial.scratch);
    return room && !trial.full ? BONEMETS_OK : BONEMETS_E_MEMORY;
}

bonemets_status bonemets_what_if(const bonemets_assessment *result, int32_t list, int32_t i,
                                 bonemets_outlook **out, bonemets_error *err)
{
    bm_view view;
    if (!out)
        return BONEMETS_E_ARGUMENT;
    *out = NULL;
    if (list != BONEMETS_RESULTS && list != BONEMETS_CHOICES)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "what if is asked of a result or a choice");
    if (!bm_view_open(result, list, i, &view))
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no entry %d", i);
    bonemets_outlook *outlook = bm_outlook_new(result);
    if (!outlook)
        return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    outlook->target = bm_standing_of(result, &result->frame, list, view.entry);
    bonemets_status status = find_changes(outlook);
    if (status) {
        bonemets_outlook_free(outlook);
        return bm_fail(err, status, NULL, "out of memory");
    }
    *out = outlook;
    return BONEMETS_OK;
}
