/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that rest on facts of which two cannot both be true. Nothing is repaired: the answer
 * stands, with the row that says why it may be wrong. */
#include "assess/entry.h"
#include "engine/outcome.h"
#include "engine/reads.h"

/* A choice rests also on what kept earlier rows from deciding it. */
static void find_facts_of_rows_before(const bonemets_assessment *a, const bm_entry *entry,
                                      bm_marks *marks)
{
    const bm_guideline *guideline = &a->set->definitions.guidelines[entry->guideline];
    int32_t choice = guideline->choices[entry->index].slot;
    int setter =
        bm_outcome_setter(bm_assessment_cell(&a->frame, guideline->kind, entry->record, choice));
    for (int i = 0; i < guideline->row_count && guideline->rows[i].row != setter; i++) {
        const bm_row *row = &a->set->program.rows[guideline->rows[i].row];
        bm_cell when = bm_assessment_cell(&a->frame, guideline->kind, entry->record, row->when);
        if (bm_row_touches(row, choice) && when.low.mask == BM_NO)
            bm_why_so(&a->frame, guideline->kind, entry->record, row->when, marks);
    }
}

/* Inputs behind an entry, whatever its list. */
static void find_facts(const bonemets_assessment *a, int32_t list, const bm_entry *entry,
                       bm_marks *marks)
{
    const bm_guideline *guideline = &a->set->definitions.guidelines[entry->guideline];
    if (list != BONEMETS_RESULTS) {
        bm_reasons_facts(a, list, entry, marks);
        if (list == BONEMETS_CHOICES)
            find_facts_of_rows_before(a, entry, marks);
        return;
    }
    bool score = entry->index < guideline->score_count;
    int32_t slot = score ? guideline->scores[entry->index].total
                         : guideline->equations[entry->index - guideline->score_count].slot;
    bm_why_so(&a->frame, guideline->kind, entry->record, slot, marks);
}

static bool meet(const bm_marks *a, const bm_marks *b)
{
    bool common = false;
    for (size_t word = 0; word <= a->bits / 64; word++)
        common |= (a->words[word] & b->words[word]) != 0;
    return common;
}

static const bm_row_def *hard_row(const bonemets_assessment *a, const bm_entry *entry)
{
    const bm_row_def *row = &a->set->definitions.guidelines[entry->guideline].rows[entry->index];
    return row->hard ? row : NULL;
}

/* A hard row that speaks, from *at on in the list of advice; *at moves behind it. */
static const bm_row_def *next_hard_row(const bonemets_assessment *a, int *at, bm_marks *facts,
                                       uint64_t *words)
{
    while (*at < a->advice.count) {
        const bm_entry *entry = &a->advice.items[(*at)++];
        const bm_row_def *row = hard_row(a, entry);
        if (!row)
            continue;
        bm_marks_init(facts, &a->frame, words);
        bm_reasons_facts(a, BONEMETS_ADVICE, entry, facts);
        return row;
    }
    return NULL;
}

const char *bm_view_contradicted(const bm_view *view)
{
    const bonemets_assessment *a = view->a;
    uint64_t own_words[BM_MARK_WORDS], words[BM_MARK_WORDS];
    bm_marks own, pair;
    if (!a->contradicted || !view->entry || (view->row && view->row->hard) ||
        bm_view_state(view) == BONEMETS_INAPPLICABLE)
        return NULL;
    bm_marks_init(&own, &a->frame, own_words);
    find_facts(a, view->list, view->entry, &own);
    const bm_row_def *row;
    for (int at = 0; (row = next_hard_row(a, &at, &pair, words)) != NULL;)
        if (meet(&own, &pair))
            return row->id;
    return NULL;
}

const char *bm_input_contradicted(const bonemets_assessment *a, int kind, int record, int32_t input)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks pair;
    const bm_row_def *row;
    for (int at = 0; a->contradicted && (row = next_hard_row(a, &at, &pair, words)) != NULL;)
        if (bm_marked(&pair, &a->frame, kind, record, input))
            return row->id;
    return NULL;
}
