/* SPDX-License-Identifier: Apache-2.0 */
/* Why an entry is as it is: the inputs that made it so, those that can change it, and those on
 * whose silence it rests. */
#include "assess/assessment.h"
#include "engine/outcome.h"
#include "engine/reads.h"

static const bm_guideline *guideline_of(const bonemets_assessment *a, const bm_entry *entry)
{
    return &a->set->definitions.guidelines[entry->guideline];
}

static const bm_row *program_row(const bonemets_assessment *a, const bm_row_def *row)
{
    return &a->set->program.rows[row->row];
}

static bm_cell cell_of(const bm_frame *frame, const bm_guideline *guideline, const bm_entry *entry,
                       int32_t slot)
{
    return bm_assessment_cell(frame, guideline->kind, entry->record, slot);
}

static void result_slots(const bm_guideline *guideline, int index, int32_t *slot, int32_t *applies)
{
    if (index < guideline->score_count) {
        *slot = guideline->scores[index].total;
        *applies = guideline->scores[index].applies;
    } else {
        *slot = guideline->equations[index - guideline->score_count].slot;
        *applies = guideline->equations[index - guideline->score_count].applies;
    }
}

bool bm_result_settled(const bonemets_assessment *a, const bm_entry *entry)
{
    const bm_guideline *guideline = guideline_of(a, entry);
    int32_t slot, applies;
    result_slots(guideline, entry->index, &slot, &applies);
    uint64_t truth = applies < 0 ? BM_YES : cell_of(&a->frame, guideline, entry, applies).low.mask;
    return truth == BM_NO || (truth == BM_YES &&
                              bm_cell_known(BM_NUMBER, cell_of(&a->frame, guideline, entry, slot)));
}

static void open_result(const bonemets_assessment *a, const bm_guideline *guideline,
                        const bm_entry *entry, bm_marks *marks)
{
    int32_t slot, applies;
    result_slots(guideline, entry->index, &slot, &applies);
    if (applies >= 0)
        bm_why_open(&a->frame, guideline->kind, entry->record, applies, marks);
    if (applies < 0 || cell_of(&a->frame, guideline, entry, applies).low.mask != BM_NO)
        bm_why_open(&a->frame, guideline->kind, entry->record, slot, marks);
}

/* A row that is undecided, or whose choice another undecided row may still take. */
static bool row_is_open(const bonemets_assessment *a, const bm_guideline *guideline,
                        const bm_entry *entry, const bm_row *row)
{
    uint64_t bits = cell_of(&a->frame, guideline, entry, row->slot).low.mask;
    return (bits & BM_ROW_MAY) && !(bits & BM_ROW_MUST);
}

static void open_choice(const bonemets_assessment *a, const bm_guideline *guideline,
                        const bm_entry *entry, int32_t choice, bm_marks *marks)
{
    for (int i = 0; i < guideline->row_count; i++) {
        const bm_row *row = program_row(a, &guideline->rows[i]);
        if (!bm_row_touches(row, choice) || !row_is_open(a, guideline, entry, row))
            continue;
        bm_why_open(&a->frame, guideline->kind, entry->record, row->when, marks);
        /* a row that sets this choice besides its own waits for its own */
        if (row->choice >= 0 && row->choice != choice)
            for (int j = 0; j < i; j++) {
                const bm_row *before = program_row(a, &guideline->rows[j]);
                if (bm_row_touches(before, row->choice) && row_is_open(a, guideline, entry, before))
                    bm_why_open(&a->frame, guideline->kind, entry->record, before->when, marks);
            }
    }
}

static void open_row(const bonemets_assessment *a, const bm_guideline *guideline,
                     const bm_entry *entry, bm_marks *marks)
{
    const bm_row *row = program_row(a, &guideline->rows[entry->index]);
    bm_why_open(&a->frame, guideline->kind, entry->record, row->when, marks);
    if (row->choice >= 0 && row_is_open(a, guideline, entry, row))
        open_choice(a, guideline, entry, row->choice, marks);
}

void bm_reasons_missing(const bonemets_assessment *a, int32_t list, const bm_entry *entry,
                        bm_marks *marks)
{
    const bm_guideline *guideline = guideline_of(a, entry);
    if (list == BONEMETS_RESULTS)
        open_result(a, guideline, entry, marks);
    else if (list == BONEMETS_CHOICES) {
        int32_t slot = guideline->choices[entry->index].slot;
        if (!bm_cell_known(BM_OUTCOME, cell_of(&a->frame, guideline, entry, slot)))
            open_choice(a, guideline, entry, slot, marks);
    } else
        open_row(a, guideline, entry, marks);
}

void bm_reasons_facts(const bonemets_assessment *a, int32_t list, const bm_entry *entry,
                      bm_marks *marks)
{
    const bm_guideline *guideline = guideline_of(a, entry);
    int index = entry->index;
    if (list == BONEMETS_CHOICES) {
        int32_t slot = guideline->choices[index].slot;
        int setter = bm_outcome_setter(cell_of(&a->frame, guideline, entry, slot));
        if (setter >= 0)
            bm_why_so(&a->frame, guideline->kind, entry->record, a->set->program.rows[setter].when,
                      marks);
    } else if (list != BONEMETS_RESULTS) {
        bm_why_so(&a->frame, guideline->kind, entry->record,
                  program_row(a, &guideline->rows[index])->when, marks);
    }
}

/* The silence that decides a row's condition. */
static void silent_row(const bonemets_assessment *a, const bm_guideline *guideline,
                       const bm_entry *entry, const bm_row *row, bm_marks *marks)
{
    uint64_t now = cell_of(&a->frame, guideline, entry, row->when).low.mask;
    uint64_t strict = cell_of(&a->strict, guideline, entry, row->when).low.mask;
    if (now != strict)
        bm_why_silent(&a->frame, guideline->kind, entry->record, row->when, marks);
}

/* Of the rows before `rows` that lead to the choice, the last first: also of what a row waits for that
 * sets it besides another. */
static void silent_choice(const bonemets_assessment *a, const bm_guideline *guideline,
                          const bm_entry *entry, int32_t choice, int rows, bm_marks *marks)
{
    bm_choices choices;
    bm_choices_begin(&choices, choice);
    for (int i = rows - 1; i >= 0; i--) {
        const bm_row *row = program_row(a, &guideline->rows[i]);
        if (!bm_choices_touched(&choices, row))
            continue;
        silent_row(a, guideline, entry, row, marks);
        bm_choices_add(&choices, row->choice);
    }
}

void bm_reasons_assumed(const bonemets_assessment *a, int32_t list, const bm_entry *entry,
                        bm_marks *marks)
{
    const bm_guideline *guideline = guideline_of(a, entry);
    if (!a->frame.relied_on_silence)
        return;
    if (list == BONEMETS_RESULTS) {
        int32_t slot, applies;
        result_slots(guideline, entry->index, &slot, &applies);
        bm_base base = (bm_base)a->set->program.kinds[guideline->kind].base[slot];
        if (!bm_cell_same(base, cell_of(&a->frame, guideline, entry, slot),
                          cell_of(&a->strict, guideline, entry, slot)))
            bm_why_silent(&a->frame, guideline->kind, entry->record, slot, marks);
    } else if (list == BONEMETS_CHOICES) {
        int32_t slot = guideline->choices[entry->index].slot;
        if (cell_of(&a->frame, guideline, entry, slot).low.mask !=
            cell_of(&a->strict, guideline, entry, slot).low.mask)
            silent_choice(a, guideline, entry, slot, guideline->row_count, marks);
    } else {
        const bm_row *row = program_row(a, &guideline->rows[entry->index]);
        silent_row(a, guideline, entry, row, marks);
        uint64_t must = BM_ROW_MUST;
        bool loses = (cell_of(&a->frame, guideline, entry, row->slot).low.mask & must) &&
                     !(cell_of(&a->strict, guideline, entry, row->slot).low.mask & must);
        if (loses && row->choice >= 0)
            silent_choice(a, guideline, entry, row->choice, entry->index, marks);
    }
}
