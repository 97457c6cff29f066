/* SPDX-License-Identifier: Apache-2.0 */
/* What to find out next: the first of the missing facts, each with the most urgent row that waits for
 * it, what every answer would decide, and how much it would exclude. */
#include <string.h>

#include "assess/outlook.h"
#include "base/error.h"

enum { POOL = 2 /* so many times what is wanted is looked at */, MOST_WANTED = 1000 };

typedef struct {
    bonemets_outlook *outlook;
    bm_probe probe;
    bm_arena scratch;
    bm_slot_marks marks, same;
    bm_standing *before; /* of all results, then choices */
    int count, results;
    int width; /* outcomes still possible */
    const bm_prospect *asked;
    size_t effect_room;
} bm_inquiry;

static const bonemets_assessment *assessment_of(const bm_inquiry *inquiry)
{
    return inquiry->outlook->a;
}

static bm_standing stands_now(const bm_inquiry *inquiry, int i)
{
    return bm_standing_of(assessment_of(inquiry), &inquiry->probe.frame, inquiry->before[i].list,
                          &inquiry->before[i].entry);
}

static bool stand_before(bm_inquiry *inquiry)
{
    const bonemets_assessment *a = assessment_of(inquiry);
    inquiry->results = a->results.count;
    inquiry->count = a->results.count + a->choices.count;
    inquiry->before =
        bm_arena_array(&inquiry->scratch, (size_t)inquiry->count + 1, sizeof(bm_standing));
    for (int i = 0; i < inquiry->count && inquiry->before; i++) {
        bool result = i < inquiry->results;
        inquiry->before[i] =
            bm_standing_of(a, &a->frame, result ? BONEMETS_RESULTS : BONEMETS_CHOICES,
                           result ? &a->results.items[i] : &a->choices.items[i - inquiry->results]);
        inquiry->width += bm_standing_width(&inquiry->before[i]);
    }
    return inquiry->before != NULL;
}

/* ---- why it matters ---- */

static const bm_row_def *row_of(const bonemets_assessment *a, const bm_entry *entry)
{
    return &a->set->definitions.guidelines[entry->guideline].rows[entry->index];
}

static bool more_urgent(int rank, int than)
{
    return rank >= 0 && (than < 0 || rank < than);
}

/* The row is given to each question that it waits for, unless a more urgent one does. */
static void give_row(bm_inquiry *inquiry, int32_t list, const bm_entry *entry,
                     const bm_marks *marks)
{
    const bonemets_assessment *a = assessment_of(inquiry);
    for (int i = 0; i < inquiry->outlook->count; i++) {
        bm_prospect *one = &inquiry->outlook->items[i];
        int now = one->row_list ? row_of(a, &one->row)->urgency_rank : -1;
        if (!bm_marked(marks, &a->frame, one->kind, one->record, one->input) ||
            (one->row_list && !more_urgent(row_of(a, entry)->urgency_rank, now)))
            continue;
        one->row_list = list;
        one->row = *entry;
    }
}

static void give_rows(bm_inquiry *inquiry, int32_t list, const bm_entries *entries)
{
    const bonemets_assessment *a = assessment_of(inquiry);
    uint64_t words[BM_MARK_WORDS];
    for (int n = 0; n < entries->count; n++) {
        const bm_entry *entry = &entries->items[n];
        bm_marks marks;
        bm_marks_init(&marks, &a->frame, words);
        if (list == BONEMETS_UNDECIDED)
            bm_why_open(&a->frame, a->set->definitions.guidelines[entry->guideline].kind,
                        entry->record, a->set->program.rows[row_of(a, entry)->row].when, &marks);
        else
            bm_reasons_assumed(a, list, entry, &marks);
        if (marks.count)
            give_row(inquiry, list, entry, &marks);
    }
}

/* ---- answers ---- */

static bool is_settled_now(const bm_inquiry *inquiry, int i, bm_standing *after)
{
    const bonemets_assessment *a = assessment_of(inquiry);
    if (bm_standing_settled(a, &inquiry->before[i]))
        return false;
    *after = stands_now(inquiry, i);
    return bm_standing_settled(a, after);
}

/* Of numbers only those have to be told apart that decide something else. */
static void mark_number(void *context, double x, uint64_t *whole, uint64_t *main)
{
    bm_inquiry *inquiry = context;
    const bm_prospect *asked = inquiry->asked;
    uint64_t mark = 0;
    bm_probe_try(&inquiry->probe, asked->kind, asked->record, asked->input,
                 (bm_cell){.low.number = x, .high.number = x});
    for (int i = 0; i < inquiry->count; i++) {
        bm_standing after;
        if (is_settled_now(inquiry, i, &after))
            mark = (mark ^ bm_standing_mark(assessment_of(inquiry), &after, true) ^ (uint64_t)i) *
                   UINT64_C(0x9E3779B97F4A7C15);
    }
    *whole = *main = mark;
}

static int find_answers(bm_inquiry *inquiry, const bm_fact *fact, bm_cell from, bm_change *out)
{
    const bonemets_assessment *a = assessment_of(inquiry);
    if (fact->type.base != BM_NUMBER)
        return bm_changes_of(a, fact, from, true, out);
    bm_number_test test = {.context = inquiry, .mark = mark_number};
    bm_limits limits;
    bm_limits_of(&a->frame, inquiry->probe.plan, &inquiry->marks, inquiry->asked->kind,
                 inquiry->asked->input, &inquiry->same, &limits);
    return bm_numbers_of(fact, from, &limits, true, &test, out);
}

static bool add_effect(bm_inquiry *inquiry, bm_prospect *one, int answer, const bm_standing *after)
{
    bm_effect *effects =
        bm_arena_grow(&inquiry->outlook->arena, one->effects, (size_t)one->effect_count,
                      &inquiry->effect_room, sizeof *effects);
    if (!effects)
        return false;
    one->effects = effects;
    effects[one->effect_count++] = (bm_effect){answer, *after};
    return true;
}

/* Advice that then speaks for certain. */
static bool add_rows(bm_inquiry *inquiry, bm_prospect *one, int answer)
{
    const bonemets_assessment *a = assessment_of(inquiry);
    for (int n = 0; n < a->undecided.count; n++) {
        const bm_entry *entry = &a->undecided.items[n];
        const bm_row_def *row = row_of(a, entry);
        if (row->choose)
            continue;
        bm_standing after = {.list = BONEMETS_ADVICE, .entry = *entry, .value = -1};
        int kind = a->set->definitions.guidelines[entry->guideline].kind;
        after.open = bm_frame_cell(&inquiry->probe.frame, kind, entry->record,
                                   a->set->program.rows[row->row].slot)
                         .low.mask;
        if ((after.open & BM_ROW_MUST) && !add_effect(inquiry, one, answer, &after))
            return false;
    }
    return true;
}

/* Tries an answer: what it decides, and how many outcomes are left. */
static bool try_answer(bm_inquiry *inquiry, bm_prospect *one, int answer, int *left)
{
    bm_probe_try(&inquiry->probe, one->kind, one->record, one->input, one->answers[answer].cell);
    *left = 0;
    if (!add_rows(inquiry, one, answer))
        return false;
    for (int pass = 0; pass < 3; pass++) { /* outcomes, results, and that there is no outcome */
        int first = pass == 1 ? 0 : inquiry->results;
        int end = pass == 1 ? inquiry->results : inquiry->count;
        for (int i = first; i < end; i++) {
            bm_standing after = stands_now(inquiry, i);
            bool none = after.open == BM_UNSET;
            if (pass == 2 ? !none : none)
                continue;
            *left += bm_standing_width(&after);
            if (is_settled_now(inquiry, i, &after) && !add_effect(inquiry, one, answer, &after))
                return false;
        }
    }
    return true;
}

static void count_excluded(bm_inquiry *inquiry, bm_prospect *one, int left)
{
    int excluded = inquiry->width > left ? inquiry->width - left : 0;
    one->excluded += excluded / (double)one->answer_count;
    if (one->excluded_least < 0 || excluded < one->excluded_least)
        one->excluded_least = excluded;
    if (excluded > one->excluded_most)
        one->excluded_most = excluded;
}

static bool answer_question(bm_inquiry *inquiry, bm_prospect *one)
{
    bm_change answers[BM_MOST_CHANGES];
    inquiry->asked = one;
    inquiry->effect_room = 0;
    int count = find_answers(inquiry, bm_prospect_fact(inquiry->outlook, one), one->from, answers);
    one->answers = bm_arena_array(&inquiry->outlook->arena, (size_t)count + 1, sizeof *answers);
    if (!one->answers)
        return false;
    memcpy(one->answers, answers, (size_t)count * sizeof *answers);
    one->answer_count = count;
    one->open = inquiry->width;
    one->excluded_least = -1;
    for (int i = 0; i < count; i++) {
        int left;
        if (!try_answer(inquiry, one, i, &left))
            return false;
        count_excluded(inquiry, one, left);
    }
    if (one->excluded_least < 0)
        one->excluded_least = 0;
    return true;
}

/* ---- which come first ---- */

static bool comes_before(const bm_prospect *x, const bm_prospect *y)
{
    int order = bm_asked_order(&x->asked, &y->asked);
    if (order)
        return order < 0;
    if (x->excluded < y->excluded || x->excluded > y->excluded)
        return x->excluded > y->excluded;
    return x->asked.weight > y->asked.weight;
}

static void sort_questions(bonemets_outlook *outlook)
{
    for (int i = 1; i < outlook->count; i++) { /* stable */
        bm_prospect one = outlook->items[i];
        int at = i;
        for (; at > 0 && comes_before(&one, &outlook->items[at - 1]); at--)
            outlook->items[at] = outlook->items[at - 1];
        outlook->items[at] = one;
    }
}

/* The first of the missing facts become questions. */
static bool choose_questions(bm_inquiry *inquiry, int wanted)
{
    const bonemets_assessment *a = assessment_of(inquiry);
    const bm_questions *missing = &bm_assessment_open(a)->missing;
    for (int i = 0; i < missing->count && i < POOL * wanted; i++) {
        const bm_asked *asked = &missing->items[i];
        bm_prospect *one = bm_outlook_add(inquiry->outlook);
        if (!one)
            return false;
        one->kind = asked->kind;
        one->record = asked->record;
        one->input = asked->input;
        one->asked = *asked;
        one->from = bm_assessment_cell(&a->frame, asked->kind, asked->record, asked->input);
        one->given = bm_input_given(a, asked->kind, asked->record, asked->input);
    }
    return true;
}

static bool fill(bm_inquiry *inquiry, int wanted)
{
    bonemets_outlook *outlook = inquiry->outlook;
    const bonemets_assessment *a = outlook->a;
    for (int k = 0; k < a->frame.program->kind_count; k++) /* everything is asked about */
        memset(inquiry->marks.slots[k], BM_OF_OWN, (size_t)a->frame.program->kinds[k].slots);
    if (!stand_before(inquiry) || !choose_questions(inquiry, wanted))
        return false;
    give_rows(inquiry, BONEMETS_UNDECIDED, &a->undecided);
    if (a->frame.relied_on_silence)
        give_rows(inquiry, BONEMETS_ADVICE, &a->advice);
    for (int i = 0; i < outlook->count; i++)
        if (!answer_question(inquiry, &outlook->items[i]))
            return false;
    sort_questions(outlook);
    outlook->count = outlook->count < wanted ? outlook->count : wanted;
    outlook->left = bm_assessment_open(a)->missing.count - outlook->count;
    return true;
}

static bonemets_status find_questions(bonemets_outlook *outlook, int wanted)
{
    const bonemets_assessment *a = outlook->a;
    bm_inquiry inquiry = {.outlook = outlook};
    bm_arena_init(&inquiry.scratch, &a->memory);
    bool done = bm_take_marks(&inquiry.scratch, a->frame.program, &inquiry.marks) &&
                bm_take_marks(&inquiry.scratch, a->frame.program, &inquiry.same) &&
                bm_probe_open(&inquiry.probe, a, -1);
    if (done) {
        done = fill(&inquiry, wanted);
        bm_probe_close(&inquiry.probe);
    }
    bm_arena_free(&inquiry.scratch);
    return done ? BONEMETS_OK : BONEMETS_E_MEMORY;
}

bonemets_status bonemets_next_questions(const bonemets_assessment *result, int32_t most,
                                        bonemets_outlook **out, bonemets_error *err)
{
    if (!out)
        return BONEMETS_E_ARGUMENT;
    *out = NULL;
    if (!result || most < 1)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no assessment, or none to ask");
    bonemets_outlook *outlook = bm_outlook_new(result);
    if (!outlook)
        return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    outlook->questions = true;
    bonemets_status status = find_questions(outlook, most < MOST_WANTED ? most : MOST_WANTED);
    if (status) {
        bonemets_outlook_free(outlook);
        return bm_fail(err, status, NULL, "out of memory");
    }
    *out = outlook;
    return BONEMETS_OK;
}
