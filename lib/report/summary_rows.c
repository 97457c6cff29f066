/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that speak: what they decide, ask for and warn of, with reason and source. A row stands once:
 * with what is urgent, with its guideline, with the conflicts, or last when it holds for everybody. */
#include "report/summary.h"

#include <limits.h>
#include <string.h>

#include "assess/deadline.h"

enum { MOST_OTHERS = 4 };

typedef struct {
    const bm_group *group;
    const bm_row_def *row;
    const bm_row *made;
    bm_entry entry;
    bool speaks; /* not only its warnings are left */
    bool provisional;
    int decided;
} spoken;

typedef enum { RED_FLAG, CONSIDERATION, CONFLICT, EVERYBODY } place;

static int ignored(const bm_summary *summary, const spoken *item, const bm_ignore *ignore)
{
    return bm_ignored(summary->a, item->group->guideline, item->group->record, ignore);
}

static const bm_list *list_of(const spoken *item, const bm_addition *added)
{
    return bm_guideline_list(item->group->guideline, added->list);
}

static bool adds_something(const bm_summary *summary, const spoken *item)
{
    for (int i = 0; i < item->row->addition_count; i++) {
        const bm_list *list = list_of(item, &item->row->additions[i]);
        if (ignored(summary, item, &list->ignore) != BONEMETS_IGNORED) {
            return true;
        }
    }
    return false;
}

static bool is_decided_by(const bm_summary *summary, const spoken *item, int choice)
{
    bm_cell cell =
        bm_group_cell(summary, item->group, item->group->guideline->choices[choice].slot);
    return bm_outcome_value(cell) >= 0 &&
           bm_outcome_setter(cell) == item->made - summary->a->set->program.rows &&
           ignored(summary, item, &item->group->guideline->choices[choice].ignore) !=
               BONEMETS_IGNORED;
}

/* False when the row says nothing here. */
static bool open_row(const bm_summary *summary, const bm_group *group, int index, spoken *out)
{
    const bm_row_def *row = &group->guideline->rows[index];
    const bm_row *made = &summary->a->set->program.rows[row->row];
    uint64_t bits = bm_group_cell(summary, group, made->slot).low.mask;
    *out = (spoken){.group = group, .row = row, .made = made};
    out->entry = (bm_entry){group->number, index, group->record};
    out->speaks = (bits & BM_ROW_SPEAKS) != 0;
    out->provisional = out->speaks && !(bits & BM_ROW_MUST);
    if (!out->speaks) {
        return (bits & BM_ROW_SUPERSEDED) && row->warnings.count > 0;
    }
    for (int i = 0; i < group->guideline->choice_count; i++) {
        out->decided += is_decided_by(summary, out, i);
    }
    return out->decided > 0 || row->actions.count > 0 || row->warnings.count > 0 ||
           adds_something(summary, out);
}

/* As if it were an entry of the advice. */
static bm_view view_of(const bm_summary *summary, const spoken *item)
{
    return (bm_view){.a = summary->a,
                     .list = BONEMETS_ADVICE,
                     .entry = &item->entry,
                     .guideline = item->group->guideline,
                     .row = item->row};
}

static bool rests_on_something_entered(const bm_summary *summary, const spoken *item)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marks_init(&marks, &summary->a->frame, words);
    bm_why_so(&summary->a->frame, item->group->guideline->kind, item->entry.record,
              item->made->when, &marks);
    return bm_any_given(summary, &marks);
}

static bool is_red_flag(const bm_summary *summary, const bm_row_def *row)
{
    return bm_scale_meaning(summary->writer.set, "red_flags", row->urgency) != NULL;
}

static place place_of(const bm_summary *summary, const spoken *item)
{
    if (bm_group_in_section(item->group, "conflicts")) {
        return CONFLICT;
    }
    if (is_red_flag(summary, item->row)) {
        return RED_FLAG;
    }
    return rests_on_something_entered(summary, item) ? CONSIDERATION : EVERYBODY;
}

/* ---- said once ---- */

static size_t place_in_said(const bm_summary *summary, const char *text, int kind, int record)
{
    size_t hash = 5381 + (size_t)kind * 31 + (size_t)record;
    for (const char *c = text; *c != '\0'; c++) {
        hash = hash * 33 + (unsigned char)*c;
    }
    size_t at = hash % BM_SAID_ROOM;
    while (summary->said[at].text != NULL &&
           (summary->said[at].kind != kind || summary->said[at].record != record ||
            strcmp(summary->said[at].text, text) != 0)) {
        at = (at + 1) % BM_SAID_ROOM;
    }
    return at;
}

static const char *wording_of(const spoken *item, const char *word)
{
    bm_view view = {.guideline = item->group->guideline};
    return bm_view_wording(&view, word);
}

static bool is_said(const bm_summary *summary, const spoken *item, const char *word)
{
    size_t at = place_in_said(summary, wording_of(item, word), item->group->guideline->kind,
                              item->entry.record);
    return summary->said[at].text != NULL;
}

static void keep_said(bm_summary *summary, const spoken *item, const char *word)
{
    const char *text = wording_of(item, word);
    int kind = item->group->guideline->kind;
    size_t at = place_in_said(summary, text, kind, item->entry.record);
    if (summary->said[at].text == NULL && summary->said_count < BM_SAID_ROOM * 3 / 4) {
        summary->said[at].text = text;
        summary->said[at].kind = kind;
        summary->said[at].record = item->entry.record;
        summary->said_count++;
    }
}

static int count_new(const bm_summary *summary, const spoken *item, const bm_words *words)
{
    int count = 0;
    for (int i = 0; i < words->count; i++) {
        count += !is_said(summary, item, words->items[i]);
    }
    return count;
}

/* The words not said before, after `put` other things. */
static int put_words(bm_summary *summary, const spoken *item, const bm_words *words, int put)
{
    for (int i = 0; i < words->count; i++) {
        if (!is_said(summary, item, words->items[i])) {
            bm_page_put(summary->page, put++ > 0 ? "; " : "");
            bm_put_label(summary, wording_of(item, words->items[i]), words->items[i]);
            keep_said(summary, item, words->items[i]);
        }
    }
    return put;
}

/* ---- one row ---- */

static void put_outcome(bm_summary *summary, const bm_choice *choice, int value)
{
    if (choice->numbers != NULL && choice->unit != NULL) {
        bm_page_quantity(summary->page, choice->numbers[value], choice->unit);
    } else if (choice->codes.labels != NULL && choice->codes.labels[value] != NULL) {
        bm_page_put(summary->page, choice->codes.labels[value]);
    } else {
        bm_page_put(summary->page, choice->codes.ids[value]);
    }
}

static bool choice_is_provisional(const bm_summary *summary, const spoken *item, int choice)
{
    uint64_t possible =
        bm_group_cell(summary, item->group, item->group->guideline->choices[choice].slot).low.mask;
    return (possible & (possible - 1)) != 0;
}

/* Of a choice whose outcome are hours. */
static void put_time_left(bm_summary *summary, const spoken *item, int choice)
{
    const bm_entry entry = {item->entry.guideline, choice, item->entry.record};
    bm_view view = view_of(summary, item);
    view.list = BONEMETS_CHOICES;
    view.entry = &entry;
    view.choice = &item->group->guideline->choices[choice];
    const bm_deadline deadline = bm_view_deadline(&view);
    bm_put_deadline(summary->page, ", ", &deadline);
}

/* A provisional row has said already that it may change. */
static void put_doubt(bm_summary *summary, const spoken *item, const bm_ignore *ignore)
{
    if (!item->provisional && ignored(summary, item, ignore) == BONEMETS_MAY_BE_IGNORED) {
        bm_page_put(summary->page, " (may turn out not to count)");
    }
}

static int put_decided(bm_summary *summary, const spoken *item)
{
    const bm_guideline *guideline = item->group->guideline;
    int put = 0;
    for (int i = 0; i < guideline->choice_count && item->decided > 0; i++) {
        if (!is_decided_by(summary, item, i)) {
            continue;
        }
        const bm_choice *choice = &guideline->choices[i];
        bm_page_put(summary->page, put++ > 0 ? "; " : "");
        bm_page_puts(summary->page, (const char *[]){choice->label, ": ", NULL});
        bm_page_put(summary->page, choice_is_provisional(summary, item, i) ? "PROVISIONAL " : "");
        put_outcome(summary, choice,
                    bm_outcome_value(bm_group_cell(summary, item->group, choice->slot)));
        put_time_left(summary, item, i);
        put_doubt(summary, item, &choice->ignore);
    }
    return put;
}

static void put_additions(bm_summary *summary, const spoken *item, int put)
{
    for (int i = 0; i < item->row->addition_count; i++) {
        const bm_addition *added = &item->row->additions[i];
        const bm_list *list = list_of(item, added);
        if (ignored(summary, item, &list->ignore) == BONEMETS_IGNORED) {
            continue;
        }
        bm_page_put(summary->page, put++ > 0 ? "; " : "");
        bm_page_puts(summary->page, (const char *[]){list->label, ": ", NULL});
        for (int j = 0; j < added->words.count; j++) {
            bm_page_put(summary->page, j > 0 ? ", " : "");
            bm_put_label(summary, wording_of(item, added->words.items[j]), added->words.items[j]);
        }
        put_doubt(summary, item, &list->ignore);
    }
}

/* ` [ROW, urgency, within 4 h] (lesion 1)`; below a heading of the urgency without it. */
static void put_row(bm_summary *summary, const spoken *item, bool urgency)
{
    int rank = bm_scale_position(summary->writer.set, "urgency", item->row->urgency);
    bm_page_puts(summary->page, (const char *[]){" [", item->row->id, NULL});
    if (urgency && item->speaks && rank + 1 < bm_scale_size(summary->writer.set, "urgency")) {
        bm_page_put(summary->page, ", ");
        bm_page_name(summary->page, item->row->urgency);
    }
    if (item->row->within_h >= 0 && (item->speaks || !urgency)) {
        const bm_view view = view_of(summary, item);
        const bm_deadline deadline = bm_view_deadline(&view);
        bm_page_put(summary->page, ", within ");
        bm_page_quantity(summary->page, item->row->within_h, "h");
        bm_put_deadline(summary->page, ", ", &deadline);
    }
    bm_page_put(summary->page, "]");
    if (!urgency) {
        bm_put_group_record(summary, item->group);
    }
    bm_page_put(summary->page, ".");
}

static void put_sources(bm_summary *summary, const bm_words *sources)
{
    for (int i = 0; i < sources->count; i++) {
        bm_page_puts(summary->page,
                     (const char *[]){i == 0 ? "; " : ", ", sources->items[i], NULL});
    }
}

static void put_reason(bm_summary *summary, const spoken *item)
{
    const bm_row_def *row = item->row;
    bm_page_puts(summary->page, (const char *[]){" ", row->because, " (", NULL});
    bm_page_name(summary->page, row->strength);
    bm_page_put(summary->page, ", certainty ");
    bm_page_name(summary->page, row->certainty);
    bm_page_put(summary->page, ", ");
    bm_page_name(summary->page, row->verified);
    put_sources(summary, &row->sources);
    bm_page_put(summary->page, ")");
}

static void put_waiting(bm_summary *summary, const spoken *item, int32_t list, int index)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_entry entry = {item->group->number, index, item->entry.record};
    bm_marks_init(&marks, &summary->a->frame, words);
    bm_reasons_missing(summary->a, list, &entry, &marks);
    if (marks.count > 0) {
        bm_page_put(summary->page, "; depends on ");
        bm_put_marked(summary, &marks, item->group);
    }
}

static void put_others(bm_summary *summary, const bm_choice *choice, bm_cell cell)
{
    int put = 0;
    for (int value = 0; value < choice->codes.count; value++) {
        if (value == bm_outcome_value(cell) || ((cell.low.mask >> value) & 1) == 0) {
            continue;
        }
        if (put == MOST_OTHERS) {
            bm_page_put(summary->page, " / another");
            return;
        }
        bm_page_put(summary->page, put++ > 0 ? " / " : "");
        put_outcome(summary, choice, value);
    }
    bm_page_put(summary->page, put == 0 ? "no outcome" : "");
}

/* What the outcome, or the row, may yet become and what decides it. */
static void write_provisional(bm_summary *summary, const spoken *item)
{
    const bm_guideline *guideline = item->group->guideline;
    bool said = false;
    for (int i = 0; i < guideline->choice_count && item->decided > 0; i++) {
        if (!is_decided_by(summary, item, i) || !choice_is_provisional(summary, item, i)) {
            continue;
        }
        const bm_choice *choice = &guideline->choices[i];
        bm_page_begin(summary->page, 2, NULL);
        bm_page_puts(summary->page, (const char *[]){choice->label, " may become ", NULL});
        put_others(summary, choice, bm_group_cell(summary, item->group, choice->slot));
        if (!said) {
            put_waiting(summary, item, BONEMETS_CHOICES, i);
        }
        bm_page_end(summary->page);
        said = true;
    }
    if (!said && item->provisional) {
        bm_page_begin(summary->page, 2, NULL);
        bm_page_put(summary->page, "Provisional: another row may overrule it");
        put_waiting(summary, item, BONEMETS_ADVICE, item->entry.index);
        bm_page_end(summary->page);
    }
}

static void write_contradicted(bm_summary *summary, const spoken *item)
{
    const bm_view view = view_of(summary, item);
    const char *row = bm_view_contradicted(&view);
    if (row != NULL) {
        bm_page_begin(summary->page, 2, NULL);
        bm_page_puts(
            summary->page,
            (const char *[]){"RESTS ON ENTRIES THAT CONTRADICT EACH OTHER [", row, "]", NULL});
        bm_page_end(summary->page);
    }
}

static bool has_main(const bm_summary *summary, const spoken *item)
{
    return item->speaks && (item->decided > 0 || adds_something(summary, item) ||
                            count_new(summary, item, &item->row->actions) > 0);
}

static bool says_something_new(const bm_summary *summary, const spoken *item)
{
    return has_main(summary, item) || count_new(summary, item, &item->row->warnings) > 0;
}

/* The reason of a row that lost speaks for the outcome that lost. */
static void end_paragraph(bm_summary *summary, const spoken *item, bool urgency)
{
    put_row(summary, item, urgency);
    if (item->speaks) {
        put_reason(summary, item);
    }
    bm_page_end(summary->page);
}

/* What the row decides and asks for, in one paragraph with its reason, and its warnings; or these
 * alone. */
static void write_row(bm_summary *summary, const spoken *item, bool urgency)
{
    bool main = has_main(summary, item);
    if (main) {
        bm_page_begin(summary->page, 0, "- ");
        int put = put_decided(summary, item);
        put = put_words(summary, item, &item->row->actions, put);
        put_additions(summary, item, put);
        end_paragraph(summary, item, urgency);
    }
    if (count_new(summary, item, &item->row->warnings) > 0) {
        bm_page_begin(summary->page, main ? 2 : 0, "! ");
        put_words(summary, item, &item->row->warnings, 0);
        if (main) {
            bm_page_end(summary->page);
        } else {
            end_paragraph(summary, item, urgency);
        }
    }
    if (item->speaks) {
        write_provisional(summary, item);
        write_contradicted(summary, item);
    }
    bm_summary_mark(summary->rows, item->row->row);
    bm_reasons_assumed(summary->a, BONEMETS_ADVICE, &item->entry, &summary->silent);
}

/* ---- what is urgent ---- */

typedef struct {
    int rank, precedence, next; /* those of one urgency and precedence, and the next precedence */
    bool section, heading;
} red_flags;

static int precedence_of(const spoken *item)
{
    int own = item->row->precedence, all = item->group->guideline->precedence;
    return own > 0 ? own : all > 0 ? all : INT_MAX - 1;
}

static void write_urgency(bm_summary *summary, red_flags *flags, const char *urgency)
{
    if (!flags->section) {
        bm_write_section(&summary->writer, "Red flags and deadlines");
    } else if (!flags->heading) {
        bm_page_gap(summary->page);
    }
    if (!flags->heading) {
        bm_page_begin_title(summary->page, ' ');
        bm_put_urgency(&summary->writer, urgency);
        bm_page_end_title(summary->page, ' ');
    }
    flags->section = flags->heading = true;
}

static void write_red_flags_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    red_flags *flags = ctx;
    for (int i = 0; i < group->guideline->row_count; i++) {
        spoken item;
        if (group->guideline->rows[i].urgency_rank != flags->rank ||
            !open_row(summary, group, i, &item) || place_of(summary, &item) != RED_FLAG) {
            continue;
        }
        int precedence = precedence_of(&item);
        if (precedence == flags->precedence && says_something_new(summary, &item)) {
            write_urgency(summary, flags, item.row->urgency);
            write_row(summary, &item, false);
        } else if (precedence > flags->precedence && precedence < flags->next) {
            flags->next = precedence;
        }
    }
}

/* ---- what may still be urgent ---- */

/* A row that waits matters when it is more urgent than what is certain, and advice also when it is
 * as urgent; a choice says itself that it is open. */
static bool is_pressing(const bm_summary *summary, const bm_row_def *row)
{
    int certain = summary->a->most_urgent;
    return is_red_flag(summary, row) && (certain < 0 || row->urgency_rank < certain ||
                                         (row->urgency_rank == certain && row->choose == NULL));
}

/* The outcome that the row would give. */
static void put_would_be(bm_summary *summary, const bm_guideline *guideline, const bm_row_def *row)
{
    const bm_choice *choice = row->choose == NULL ? NULL : &guideline->choices[row->choice];
    for (int value = 0; choice != NULL && value < choice->codes.count; value++) {
        if (bm_same(choice->codes.ids[value], row->choose)) {
            bm_page_puts(summary->page, (const char *[]){" ", choice->label, ": ", NULL});
            put_outcome(summary, choice, value);
            bm_page_put(summary->page, ".");
        }
    }
}

static void write_waiting(bm_summary *summary, const bm_entry *entry)
{
    const bm_guideline *guideline = &summary->definitions->guidelines[entry->guideline];
    const bm_row_def *row = &guideline->rows[entry->index];
    const bm_group group = {
        .number = entry->guideline, .record = entry->record, .guideline = guideline};
    const spoken item = {.group = &group, .row = row, .entry = *entry};
    bm_page_begin(summary->page, 0, "? ");
    bm_page_capitals(summary->page, row->urgency);
    put_row(summary, &item, false);
    put_would_be(summary, guideline, row);
    bm_page_puts(summary->page, (const char *[]){" ", row->because, " Open", NULL});
    put_waiting(summary, &item, BONEMETS_UNDECIDED, entry->index);
    bm_page_end(summary->page);
}

/* Of one urgency; `left`: how many may still be written. Returns how many there are. */
static int write_pressing(bm_summary *summary, int rank, int left)
{
    int count = 0;
    for (int i = 0; i < summary->a->undecided.count; i++) {
        const bm_entry *entry = &summary->a->undecided.items[i];
        const bm_row_def *row =
            &summary->definitions->guidelines[entry->guideline].rows[entry->index];
        if (row->urgency_rank == rank && is_pressing(summary, row) && count++ < left) {
            write_waiting(summary, entry);
        }
    }
    return count;
}

static bool any_pressing(const bm_summary *summary)
{
    for (int i = 0; i < summary->a->undecided.count; i++) {
        const bm_entry *entry = &summary->a->undecided.items[i];
        if (is_pressing(summary,
                        &summary->definitions->guidelines[entry->guideline].rows[entry->index])) {
            return true;
        }
    }
    return false;
}

static void write_may_be_urgent(bm_summary *summary)
{
    enum { MOST_PRESSING = 5 };
    int count = 0;
    if (!any_pressing(summary)) {
        return;
    }
    bm_write_section(&summary->writer, "May still be urgent");
    for (int rank = 0; rank < bm_scale_size(summary->writer.set, "urgency"); rank++) {
        count += write_pressing(summary, rank, MOST_PRESSING - count);
    }
    if (count > MOST_PRESSING) {
        bm_page_begin(summary->page, 0, "? ");
        bm_page_put(summary->page, "and ");
        bm_page_int(summary->page, count - MOST_PRESSING);
        bm_page_put(summary->page, " more rows, which the full text names");
        bm_page_end(summary->page);
    }
}

void bm_write_red_flags(bm_summary *summary)
{
    red_flags flags = {0};
    for (; flags.rank < bm_scale_size(summary->writer.set, "urgency"); flags.rank++) {
        flags.heading = false;
        for (flags.precedence = 0; flags.precedence < INT_MAX; flags.precedence = flags.next) {
            flags.next = INT_MAX;
            bm_for_groups(summary, write_red_flags_of, &flags);
        }
    }
    write_may_be_urgent(summary);
}

/* ---- by guideline ---- */

typedef struct {
    bool section;
} considerations;

/* It reads something that was entered. */
static bool note_bears(const bm_summary *summary, const bm_group *group, const bm_note *note)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marks_init(&marks, &summary->a->frame, words);
    bm_why_so(&summary->a->frame, group->guideline->kind, group->record, note->when_slot, &marks);
    return bm_any_given(summary, &marks);
}

static bool is_conflict(const bm_note *note)
{
    return strncmp(note->id, "conflict_", strlen("conflict_")) == 0;
}

static void write_note(bm_summary *summary, const bm_group *group, const bm_note *note, bool record)
{
    bm_page_begin(summary->page, 0, "- ");
    bm_page_puts(summary->page, (const char *[]){"Note: ", note->say, " (", NULL});
    bm_page_name(summary->page, note->verified);
    bm_page_put(summary->page, ")");
    if (record) {
        bm_put_group_record(summary, group);
    }
    bm_page_end(summary->page);
}

static void write_notes(bm_summary *summary, const bm_group *group)
{
    for (int32_t i = group->first_note; i < group->end_note; i++) {
        const bm_note *note = &group->guideline->notes[summary->a->notes.items[i].index];
        if (!is_conflict(note) && note_bears(summary, group, note)) {
            write_note(summary, group, note, false);
        } else if (!is_conflict(note)) {
            summary->left_out++;
        }
    }
}

static void write_heading(bm_summary *summary, const bm_group *group, bool section)
{
    if (section) {
        bm_write_section(&summary->writer, "Considerations");
    } else {
        bm_page_gap(summary->page);
    }
    bm_page_begin_title(summary->page, ' ');
    bm_page_put(summary->page, group->guideline->title);
    bm_put_group_record(summary, group);
    bm_page_end_title(summary->page, ' ');
}

static void write_group(bm_summary *summary, const bm_group *group, void *ctx)
{
    considerations *state = ctx;
    bool any = false;
    for (int i = 0; i < group->guideline->row_count; i++) {
        spoken item;
        if (!open_row(summary, group, i, &item) || place_of(summary, &item) != CONSIDERATION ||
            !says_something_new(summary, &item)) {
            continue;
        }
        if (!any) {
            write_heading(summary, group, !state->section);
        }
        write_row(summary, &item, true);
        any = state->section = true;
    }
    if (any) {
        write_notes(summary, group);
    } else {
        summary->left_out += group->end_note - group->first_note;
    }
}

void bm_write_considerations(bm_summary *summary)
{
    considerations state = {false};
    bm_for_groups(summary, write_group, &state);
}

/* ---- for everybody ---- */

static void write_short(bm_summary *summary, const spoken *item, bool first)
{
    if (first) {
        bm_page_begin(summary->page, 0, "- ");
        bm_page_puts(summary->page, (const char *[]){item->group->guideline->title, NULL});
        bm_put_group_record(summary, item->group);
    }
    bm_page_put(summary->page, first ? ": " : "; ");
    int put = put_decided(summary, item);
    put = put_words(summary, item, &item->row->actions, put);
    put = put_words(summary, item, &item->row->warnings, put);
    put_additions(summary, item, put);
    bm_page_puts(summary->page, (const char *[]){" [", item->row->id, "]", NULL});
    bm_summary_mark(summary->short_rows, item->row->row);
    bm_reasons_assumed(summary->a, BONEMETS_ADVICE, &item->entry, &summary->silent);
}

static void write_everybody_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    bool *section = ctx, first = true;
    for (int i = 0; i < group->guideline->row_count; i++) {
        spoken item;
        if (!open_row(summary, group, i, &item) || !item.speaks ||
            place_of(summary, &item) != EVERYBODY || !says_something_new(summary, &item)) {
            continue;
        }
        if (!*section) {
            bm_write_section(&summary->writer, "Rests on nothing that was entered: for everybody");
        }
        write_short(summary, &item, first);
        *section = true;
        first = false;
    }
    if (!first) {
        bm_page_end(summary->page);
    }
}

void bm_write_for_everybody(bm_summary *summary)
{
    bool section = false;
    bm_for_groups(summary, write_everybody_of, &section);
}

/* ---- conflicts ---- */

static void open_conflicts(bm_summary *summary, bool *section)
{
    if (!*section) {
        bm_write_section(&summary->writer, "Conflicts");
        bm_write_section_note(summary, "conflicts");
    }
    *section = true;
}

static void write_conflicts_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    for (int i = 0; i < group->guideline->row_count && bm_group_in_section(group, "conflicts");
         i++) {
        spoken item;
        if (open_row(summary, group, i, &item)) {
            open_conflicts(summary, ctx);
            write_row(summary, &item, true);
        }
    }
    for (int32_t i = group->first_note; i < group->end_note; i++) {
        const bm_note *note = &group->guideline->notes[summary->a->notes.items[i].index];
        if (is_conflict(note) && note_bears(summary, group, note)) {
            open_conflicts(summary, ctx);
            write_note(summary, group, note, true);
        }
    }
}

void bm_write_conflicts(bm_summary *summary)
{
    bool section = false;
    bm_for_groups(summary, write_conflicts_of, &section);
}
