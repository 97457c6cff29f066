/* SPDX-License-Identifier: Apache-2.0 */
/* Goes once over the evaluated frame and lists what speaks, what waits, and what is missing. */
#include <string.h>

#include "assess/deadline.h"
#include "engine/outcome.h"

static void make_room(const bm_guideline *guideline, const bm_frame *frame, bm_capacity *room)
{
    size_t records = (size_t)frame->records[guideline->kind];
    room->results += records * (size_t)(guideline->score_count + guideline->equation_count);
    room->choices += records * (size_t)guideline->choice_count;
    room->rows += records * (size_t)guideline->row_count;
    room->notes += records * (size_t)guideline->note_count;
    for (int i = 0; i < guideline->assumption_count; i++)
        room->assumed += (size_t)frame->records[guideline->assumptions[i].definition->kind];
}

/* An assessment by one guideline does not look at the others. */
static int first_guideline(const bonemets_assessment *a)
{
    return a->target < 0 ? 0 : a->target;
}

static int end_guideline(const bonemets_assessment *a)
{
    return a->target < 0 ? a->set->definitions.guideline_count : a->target + 1;
}

bm_capacity bm_collect_capacity(const bonemets_assessment *a)
{
    bm_capacity room = {0, 0, 0, 0, 0, 0};
    for (int g = first_guideline(a); g < end_guideline(a); g++)
        if (bm_assessment_covers(a, g))
            make_room(&a->set->definitions.guidelines[g], &a->frame, &room);
    room.inputs = bm_marks_words(&a->frame) * 64;
    room.assumed += room.inputs;
    return room;
}

static void add(bm_entries *entries, int guideline, int index, int record)
{
    entries->items[entries->count++] = (bm_entry){guideline, index, record};
}

/* Without entered records a table about them is shown only when something it reads is known. */
static bool worth_showing(const bonemets_assessment *a, const bm_guideline *guideline, int index)
{
    if (a->target >= 0 || a->frame.listed[guideline->kind])
        return true;
    if (index >= guideline->score_count) {
        const bm_equation *equation = &guideline->equations[index - guideline->score_count];
        return !bm_cell_same(BM_NUMBER,
                             bm_assessment_cell(&a->frame, guideline->kind, 0, equation->slot),
                             equation->blank);
    }
    const bm_score *score = &guideline->scores[index];
    for (int i = 0; i < score->item_count; i++)
        if (!bm_cell_same(BM_NUMBER,
                          bm_assessment_cell(&a->frame, guideline->kind, 0, score->items[i].slot),
                          score->items[i].blank))
            return true;
    return false;
}

static bool has_words(const bm_row_def *row)
{
    return row->actions.count > 0 || row->warnings.count > 0 || row->addition_count > 0;
}

static bool more_urgent(int rank, int than)
{
    return rank >= 0 && (than < 0 || rank < than);
}

static bool shorten(double *limit, double hours)
{
    bool shorter = hours >= 0 && (*limit < 0 || hours < *limit);
    if (shorter)
        *limit = hours;
    return shorter;
}

static void note_deadline(bonemets_assessment *a, const bm_row_def *row, bm_deadline deadline)
{
    bool told = deadline.state == BONEMETS_KNOWN || deadline.state == BONEMETS_PARTLY;
    if (row && told && (!a->soonest_row || deadline.low < a->soonest.low)) {
        a->soonest_row = row;
        a->soonest = deadline;
    }
}

/* Of the choice that was added last. */
static void note_deadline_of_choice(bonemets_assessment *a, const bm_guideline *guideline)
{
    bm_view view;
    int32_t last = a->choices.count - 1;
    const bm_choice *choice = &guideline->choices[a->choices.items[last].index];
    if (choice->clock.slot >= 0 && bm_view_open(a, BONEMETS_CHOICES, last, &view))
        note_deadline(a, view.row, bm_view_deadline(&view));
}

static void collect_row(bonemets_assessment *a, int g, int index, int record)
{
    const bm_guideline *guideline = &a->set->definitions.guidelines[g];
    const bm_row_def *row = &guideline->rows[index];
    const bm_row *made = &a->set->program.rows[row->row];
    uint64_t bits = bm_assessment_cell(&a->frame, guideline->kind, record, made->slot).low.mask;
    uint64_t when = bm_assessment_cell(&a->frame, guideline->kind, record, made->when).low.mask;
    if (bits & BM_ROW_SPEAKS) {
        a->contradicted |= row->hard;
        if (has_words(row))
            add(&a->advice, g, index, record);
        if (more_urgent(row->urgency_rank, a->most_urgent)) {
            a->most_urgent = row->urgency_rank;
            a->most_urgent_row = (bm_entry){g, index, record};
        }
        if (shorten(&a->within_h, row->within_h))
            a->shortest_row = (bm_entry){g, index, record};
        note_deadline(a, row, bm_deadline_of(a, guideline, record, &row->clock, row->within_h));
    } else if ((bits & BM_ROW_SUPERSEDED) && row->warnings.count > 0) {
        add(&a->advice, g, index, record);
    }
    if ((bits & BM_ROW_MAY) || (bits & BM_ROW_SPEAKS)) {
        if (more_urgent(row->urgency_rank, a->most_urgent_possible))
            a->most_urgent_possible = row->urgency_rank;
        shorten(&a->within_h_possible, row->within_h);
    }
    /* also a row that holds, and that only what is decided so far supersedes */
    if ((bits & BM_ROW_MAY) && (when == BM_EITHER || !(bits & BM_ROW_SPEAKS)))
        add(&a->undecided, g, index, record);
}

/* A table without results has nothing else to show its notes with. */
static void collect_notes(bonemets_assessment *a, int g, int record)
{
    const bm_guideline *guideline = &a->set->definitions.guidelines[g];
    for (int i = 0; i < guideline->note_count; i++) {
        const bm_note *note = &guideline->notes[i];
        if (note->when.ex &&
            bm_assessment_cell(&a->frame, guideline->kind, record, note->when_slot).low.mask ==
                BM_YES)
            add(&a->notes, g, i, record);
    }
}

static void collect_guideline(bonemets_assessment *a, int g)
{
    const bm_guideline *guideline = &a->set->definitions.guidelines[g];
    int results = guideline->score_count + guideline->equation_count;
    for (int r = 0; r < a->frame.records[guideline->kind]; r++) {
        for (int i = 0; i < results; i++)
            if (worth_showing(a, guideline, i))
                add(&a->results, g, i, r);
        for (int i = 0; i < guideline->choice_count; i++) {
            add(&a->choices, g, i, r);
            note_deadline_of_choice(a, guideline);
        }
        for (int i = 0; i < guideline->row_count; i++)
            collect_row(a, g, i, r);
        if (results == 0)
            collect_notes(a, g, r);
    }
}

/* ---- what to find out ---- */

/* What waits for an answer: how urgent it is, whether its table is time-critical, and the rank of a
 * red flag that one answer decides. */
typedef struct {
    int urgency;
    bool critical;
    int decides;
} bm_cause;

/* Adds the marked inputs to the questions, or raises those that are there. */
static void ask(const bonemets_assessment *a, bm_open *open, const bm_marks *marks, bm_cause cause)
{
    bm_questions *list = &open->missing;
    bm_marked_input one;
    for (size_t at = 0; bm_marks_next(marks, &a->frame, &at, &one);) {
        int32_t *place = &open->asked_at[at - 1]; /* marks number the inputs */
        if (*place == 0) {
            list->items[list->count++] = (bm_asked){.kind = one.kind,
                                                    .record = one.record,
                                                    .input = one.input,
                                                    .urgency = -1,
                                                    .guideline = -1,
                                                    .assumption = -1,
                                                    .decides = -1};
            *place = list->count;
        }
        bm_asked *asked = &list->items[*place - 1];
        asked->weight++;
        if (more_urgent(cause.decides, asked->decides))
            asked->decides = cause.decides;
        if (more_urgent(cause.urgency, asked->urgency)) {
            asked->urgency = cause.urgency;
            asked->critical = cause.critical;
        } else if (cause.urgency == asked->urgency) {
            asked->critical |= cause.critical;
        }
    }
}

static void ask_for_rows(const bonemets_assessment *a, bm_open *open, uint64_t *words)
{
    const bm_definitions *definitions = &a->set->definitions;
    for (int n = 0; n < a->undecided.count; n++) {
        const bm_entry *entry = &a->undecided.items[n];
        const bm_guideline *guideline = &definitions->guidelines[entry->guideline];
        const bm_row_def *row = &guideline->rows[entry->index];
        bm_marks marks;
        bm_marks_init(&marks, &a->frame, words);
        bm_why_open(&a->frame, guideline->kind, entry->record, a->set->program.rows[row->row].when,
                    &marks);
        bool alone = marks.count == 1 && bm_row_is_flag(definitions, row);
        ask(a, open, &marks,
            (bm_cause){row->urgency_rank, guideline->time_critical,
                       alone ? row->urgency_rank : -1});
    }
}

/* What a row that speaks rests on in silence is worth asking too. */
static void ask_for_silence(const bonemets_assessment *a, bm_open *open, uint64_t *words)
{
    for (int n = 0; n < a->advice.count && a->frame.relied_on_silence; n++) {
        const bm_entry *entry = &a->advice.items[n];
        const bm_guideline *guideline = &a->set->definitions.guidelines[entry->guideline];
        bm_marks marks;
        bm_marks_init(&marks, &a->frame, words);
        bm_reasons_assumed(a, BONEMETS_ADVICE, entry, &marks);
        if (marks.count)
            ask(a, open, &marks,
                (bm_cause){guideline->rows[entry->index].urgency_rank, guideline->time_critical,
                           -1});
    }
}

static void ask_for_results(const bonemets_assessment *a, bm_open *open, uint64_t *words)
{
    for (int n = 0; n < a->results.count; n++) {
        bm_marks marks;
        if (bm_result_settled(a, &a->results.items[n]))
            continue;
        bm_marks_init(&marks, &a->frame, words);
        bm_reasons_missing(a, BONEMETS_RESULTS, &a->results.items[n], &marks);
        if (marks.count)
            ask(a, open, &marks, (bm_cause){-1, false, -1});
    }
}

int bm_asked_order(const bm_asked *x, const bm_asked *y)
{
    if (x->decides != y->decides)
        return more_urgent(x->decides, y->decides) ? -1 : 1;
    if (x->urgency != y->urgency)
        return more_urgent(x->urgency, y->urgency) ? -1 : 1;
    return (int)y->critical - (int)x->critical;
}

/* The most urgent first, then what decides most, then the order of the vocabulary. */
static bool comes_before(const bm_asked *x, const bm_asked *y)
{
    int order = bm_asked_order(x, y);
    return order ? order < 0 : x->weight > y->weight;
}

static void sort_questions(bm_questions *list)
{
    for (int i = 1; i < list->count; i++) { /* stable; short but for hundreds of records */
        bm_asked one = list->items[i];
        int at = i;
        for (; at > 0 && comes_before(&one, &list->items[at - 1]); at--)
            list->items[at] = list->items[at - 1];
        list->items[at] = one;
    }
}

/* ---- assumptions ---- */

static bool given(const bonemets_assessment *a, const bm_fact *fact, int record)
{
    int inputs = a->frame.program->kinds[fact->kind].inputs;
    return fact->input < 0 ||
           a->frame.given[fact->kind][(size_t)record * (size_t)inputs + (size_t)fact->input];
}

static void assumed_by(const bonemets_assessment *a, bm_open *open, int g)
{
    const bm_guideline *guideline = &a->set->definitions.guidelines[g];
    for (int i = 0; i < guideline->assumption_count; i++) {
        const bm_fact *fact = guideline->assumptions[i].definition;
        for (int r = 0; r < a->frame.records[fact->kind]; r++)
            if (!given(a, fact, r))
                open->assumed.items[open->assumed.count++] =
                    (bm_asked){fact->kind, r, fact->input, -1, 0, g, i, -1, false};
    }
}

/* Silence that is no declared assumption: what `known` and `missing` found unknown. */
static void silence_of(const bonemets_assessment *a, bm_open *open, const bm_entry *entry,
                       const bm_marks *marks)
{
    bm_marked_input silent;
    for (size_t at = 0; bm_marks_next(marks, &a->frame, &at, &silent);) {
        bool there = false;
        for (int n = 0; n < open->assumed.count && !there; n++) {
            const bm_asked *one = &open->assumed.items[n];
            there = one->kind == silent.kind && one->record == silent.record &&
                    one->input == silent.input &&
                    (one->assumption < 0 || one->guideline == entry->guideline);
        }
        if (!there)
            open->assumed.items[open->assumed.count++] = (bm_asked){
                silent.kind, silent.record, silent.input, -1, 0, entry->guideline, -1, -1, false};
    }
}

static void collect_silence(const bonemets_assessment *a, bm_open *open, uint64_t *words)
{
    for (int n = 0; n < a->advice.count && a->frame.relied_on_silence; n++) {
        bm_marks marks;
        bm_marks_init(&marks, &a->frame, words);
        bm_reasons_assumed(a, BONEMETS_ADVICE, &a->advice.items[n], &marks);
        if (marks.count)
            silence_of(a, open, &a->advice.items[n], &marks);
    }
}

void bm_collect(bonemets_assessment *a)
{
    a->results.count = a->choices.count = a->advice.count = 0;
    a->undecided.count = a->notes.count = 0;
    a->most_urgent = a->most_urgent_possible = -1;
    a->within_h = a->within_h_possible = -1;
    a->soonest_row = NULL;
    a->soonest = (bm_deadline){.state = BONEMETS_INAPPLICABLE};
    a->contradicted = false;
    /* one guideline is found without going over all of them in order */
    int count = a->target < 0 ? a->set->definitions.guideline_count : 1;
    for (int n = 0; n < count; n++) {
        int g = a->target < 0 ? a->set->order[n] : a->target;
        if (bm_assessment_covers(a, g))
            collect_guideline(a, g);
    }
}

void bm_collect_questions(const bonemets_assessment *a, bm_open *out)
{
    uint64_t words[BM_MARK_WORDS];
    out->missing.count = out->assumed.count = 0;
    memset(out->asked_at, 0, bm_marks_words(&a->frame) * 64 * sizeof *out->asked_at);
    for (int g = first_guideline(a); g < end_guideline(a); g++)
        if (bm_assessment_covers(a, g))
            assumed_by(a, out, g);
    collect_silence(a, out, words);
    ask_for_rows(a, out, words);
    ask_for_silence(a, out, words);
    ask_for_results(a, out, words);
    sort_questions(&out->missing);
}
