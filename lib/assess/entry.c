/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/entry.h"

#include <string.h>

static const bm_entries *entries_of(const bonemets_assessment *a, int32_t list)
{
    switch (list) {
    case BONEMETS_RESULTS:
        return &a->results;
    case BONEMETS_CHOICES:
        return &a->choices;
    case BONEMETS_ADVICE:
        return &a->advice;
    case BONEMETS_UNDECIDED:
        return &a->undecided;
    case BONEMETS_NOTES:
        return &a->notes;
    default:
        return NULL;
    }
}

static const bm_questions *questions_of(const bonemets_assessment *a, int32_t list)
{
    if (list != BONEMETS_MISSING && list != BONEMETS_ASSUMED)
        return NULL;
    const bm_open *open = bm_assessment_open(a);
    return list == BONEMETS_MISSING ? &open->missing : &open->assumed;
}

int32_t bonemets_assessment_count(const bonemets_assessment *result, int32_t list)
{
    if (!result)
        return 0;
    const bm_entries *entries = entries_of(result, list);
    const bm_questions *questions = questions_of(result, list);
    if (list == BONEMETS_DISAGREEMENTS)
        return bm_disagreements(result, -1, NULL);
    return entries ? entries->count : questions ? questions->count : 0;
}

/* The definition of the row that set a choice. */
static const bm_row_def *setter_of(const bm_view *view)
{
    int row = bm_outcome_setter(bm_view_cell(view, view->choice->slot));
    for (int i = 0; row >= 0 && i < view->guideline->row_count; i++)
        if (view->guideline->rows[i].row == row)
            return &view->guideline->rows[i];
    return NULL;
}

static void open_entry(bm_view *view)
{
    const bm_guideline *guideline = view->guideline;
    int index = view->entry->index;
    if (view->list == BONEMETS_RESULTS && index < guideline->score_count)
        view->score = &guideline->scores[index];
    else if (view->list == BONEMETS_RESULTS)
        view->equation = &guideline->equations[index - guideline->score_count];
    else if (view->list == BONEMETS_CHOICES) {
        view->choice = &guideline->choices[index];
        view->row = setter_of(view);
    } else if (view->list == BONEMETS_NOTES)
        view->note = &guideline->notes[index];
    else
        view->row = &guideline->rows[index];
}

bool bm_view_open(const bonemets_assessment *a, int32_t list, int32_t i, bm_view *out)
{
    memset(out, 0, sizeof *out);
    if (i < 0 || i >= bonemets_assessment_count(a, list))
        return false;
    out->a = a;
    out->list = list;
    if (list == BONEMETS_DISAGREEMENTS)
        return bm_disagreements(a, i, &out->differs) > i;
    const bm_entries *entries = entries_of(a, list);
    if (!entries) {
        out->asked = &questions_of(a, list)->items[i];
        if (out->asked->guideline >= 0)
            out->guideline = &a->set->definitions.guidelines[out->asked->guideline];
        return true;
    }
    out->entry = &entries->items[i];
    out->guideline = &a->set->definitions.guidelines[out->entry->guideline];
    open_entry(out);
    return true;
}

bm_cell bm_view_cell(const bm_view *view, int32_t slot)
{
    return bm_assessment_cell(&view->a->frame, view->guideline->kind, view->entry->record, slot);
}

const bm_fact *bm_view_fact(const bm_view *view, int kind, int32_t input)
{
    return bm_set_input_fact(view->a->set, kind, input);
}

static bool any_item_known(const bm_view *view)
{
    for (int i = 0; i < view->score->item_count; i++)
        if (!bm_cell_same(BM_NUMBER, bm_view_cell(view, view->score->items[i].slot),
                          view->score->items[i].blank))
            return true;
    return false;
}

/* Has anything been entered that the number is made of? */
static bool anything_entered(const bm_view *view, int32_t slot)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marks_init(&marks, &view->a->frame, words);
    bm_why_so(&view->a->frame, view->guideline->kind, view->entry->record, slot, &marks);
    return marks.count > 0;
}

static int result_state(const bm_view *view)
{
    int32_t slot = view->score ? view->score->total : view->equation->slot;
    int32_t applies = view->score ? view->score->applies : view->equation->applies;
    uint64_t applicable = applies < 0 ? BM_YES : bm_view_cell(view, applies).low.mask;
    bm_cell cell = bm_view_cell(view, slot);
    if (applicable == BM_NO)
        return BONEMETS_INAPPLICABLE;
    if (bm_cell_known(BM_NUMBER, cell))
        return applicable == BM_YES ? BONEMETS_KNOWN : BONEMETS_PARTLY;
    bool partly =
        view->score ? any_item_known(view) : !bm_cell_same(BM_NUMBER, cell, view->equation->blank);
    return partly || anything_entered(view, slot) ? BONEMETS_PARTLY : BONEMETS_UNKNOWN;
}

/* Telling "partly" from "unknown" takes a walk, and every other field asks for the state. */
static int kept_result_state(const bm_view *view)
{
    atomic_uchar *kept = &view->a->states[view->entry - view->a->results.items];
    int state = atomic_load_explicit(kept, memory_order_relaxed) - 1;
    if (state >= 0)
        return state;
    state = result_state(view);
    atomic_store_explicit(kept, (unsigned char)(state + 1), memory_order_relaxed);
    return state;
}

static int choice_state(const bm_view *view)
{
    uint64_t possible = bm_view_cell(view, view->choice->slot).low.mask;
    if (possible == BM_UNSET)
        return BONEMETS_NONE;
    return possible & (possible - 1) ? BONEMETS_PARTLY : BONEMETS_KNOWN;
}

int bm_view_fresh_state(const bm_view *view)
{
    return view->list == BONEMETS_RESULTS ? result_state(view) : bm_view_state(view);
}

int bm_view_state(const bm_view *view)
{
    switch (view->list) {
    case BONEMETS_RESULTS:
        return kept_result_state(view);
    case BONEMETS_CHOICES:
        return choice_state(view);
    case BONEMETS_ADVICE: {
        const bm_row *row = &view->a->set->program.rows[view->row->row];
        uint64_t bits = bm_view_cell(view, row->slot).low.mask;
        return bits & (BM_ROW_MUST | BM_ROW_SUPERSEDED) ? BONEMETS_KNOWN : BONEMETS_PARTLY;
    }
    case BONEMETS_UNDECIDED:
        return BONEMETS_PARTLY;
    default:
        return BONEMETS_UNKNOWN;
    }
}

int bm_ignored(const bonemets_assessment *a, const bm_guideline *guideline, int record,
               const bm_ignore *ignore)
{
    if (ignore->slot < 0)
        return BONEMETS_COUNTS;
    switch (bm_assessment_cell(&a->frame, guideline->kind, record, ignore->slot).low.mask) {
    case BM_YES:
        return BONEMETS_IGNORED;
    case BM_NO:
        return BONEMETS_COUNTS;
    default:
        return BONEMETS_MAY_BE_IGNORED;
    }
}

const bm_source *bm_view_source(const bm_view *view, const char *key)
{
    for (int i = 0; i < view->guideline->source_count; i++)
        if (strcmp(view->guideline->sources[i].key, key) == 0)
            return &view->guideline->sources[i];
    return NULL;
}

const char *bm_view_wording(const bm_view *view, const char *word)
{
    for (int i = 0; i < view->guideline->wording.count; i++)
        if (strcmp(view->guideline->wording.items[i].key, word) == 0)
            return view->guideline->wording.items[i].value;
    return word;
}
