/* SPDX-License-Identifier: Apache-2.0 */
/* One row that speaks: what it decides, asks for and warns of, with reason and source. */
#include "report/summary_row.h"

#include <string.h>

#include "assess/deadline.h"

enum { MOST_OTHERS = 4 };

static int ignored(const bm_summary *summary, const bm_spoken *item, const bm_ignore *ignore)
{
    return bm_ignored(summary->a, item->group->guideline, item->group->record, ignore);
}

static const bm_list *list_of(const bm_spoken *item, const bm_addition *added)
{
    return bm_guideline_list(item->group->guideline, added->list);
}

static bool adds_something(const bm_summary *summary, const bm_spoken *item)
{
    for (int i = 0; i < item->row->addition_count; i++) {
        const bm_list *list = list_of(item, &item->row->additions[i]);
        if (ignored(summary, item, &list->ignore) != BONEMETS_IGNORED) {
            return true;
        }
    }
    return false;
}

static bool is_decided_by(const bm_summary *summary, const bm_spoken *item, int choice)
{
    bm_cell cell =
        bm_group_cell(summary, item->group, item->group->guideline->choices[choice].slot);
    return bm_outcome_value(cell) >= 0 &&
           bm_outcome_setter(cell) == item->made - summary->a->set->program.rows &&
           ignored(summary, item, &item->group->guideline->choices[choice].ignore) !=
               BONEMETS_IGNORED;
}

/* False when the row says nothing here. */
bool bm_row_open(const bm_summary *summary, const bm_group *group, int index, bm_spoken *out)
{
    const bm_row_def *row = &group->guideline->rows[index];
    const bm_row *made = &summary->a->set->program.rows[row->row];
    uint64_t bits = bm_group_cell(summary, group, made->slot).low.mask;
    *out = (bm_spoken){.group = group, .row = row, .made = made};
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
static bm_view view_of(const bm_summary *summary, const bm_spoken *item)
{
    return (bm_view){.a = summary->a,
                     .list = BONEMETS_ADVICE,
                     .entry = &item->entry,
                     .guideline = item->group->guideline,
                     .row = item->row};
}

bool bm_row_rests_on_something_entered(const bm_summary *summary, const bm_spoken *item)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marks_init(&marks, &summary->a->frame, words);
    bm_why_so(&summary->a->frame, item->group->guideline->kind, item->entry.record,
              item->made->when, &marks);
    return bm_any_given(summary, &marks);
}

static bool is_flag_by_urgency(const bm_summary *summary, const bm_row_def *row)
{
    return bm_scale_meaning(summary->writer.set, "red_flags", row->urgency) != NULL;
}

bool bm_row_is_red_flag(const bm_summary *summary, const bm_row_def *row)
{
    return bm_row_is_flag(summary->definitions, row);
}

bm_place_on_page bm_row_place(const bm_summary *summary, const bm_spoken *item)
{
    if (bm_group_in_section(item->group, "conflicts")) {
        return BM_CONFLICT;
    }
    if (is_flag_by_urgency(summary, item->row)) {
        return BM_RED_FLAG;
    }
    if (!bm_row_rests_on_something_entered(summary, item)) {
        return BM_FOR_EVERYBODY;
    }
    return bm_row_is_red_flag(summary, item->row) ? BM_RED_FLAG : BM_CONSIDERATION;
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

static const char *wording_of(const bm_spoken *item, const char *word)
{
    bm_view view = {.guideline = item->group->guideline};
    return bm_view_wording(&view, word);
}

static bool is_said(const bm_summary *summary, const bm_spoken *item, const char *word)
{
    size_t at = place_in_said(summary, wording_of(item, word), item->group->guideline->kind,
                              item->entry.record);
    return summary->said[at].text != NULL;
}

static void keep_said(bm_summary *summary, const bm_spoken *item, const char *word)
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

static int count_new(const bm_summary *summary, const bm_spoken *item, const bm_words *words)
{
    int count = 0;
    for (int i = 0; i < words->count; i++) {
        count += !is_said(summary, item, words->items[i]);
    }
    return count;
}

/* The words not said before, after `put` other things. */
void bm_put_words(bm_summary *summary, const bm_spoken *item, const bm_words *words)
{
    for (int i = 0; i < words->count; i++) {
        bm_page_put(summary->page, i > 0 ? "; " : "");
        bm_put_label(summary, wording_of(item, words->items[i]), words->items[i]);
    }
}

int bm_put_new_words(bm_summary *summary, const bm_spoken *item, const bm_words *words, int put)
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

void bm_put_outcome(bm_summary *summary, const bm_choice *choice, int value)
{
    if (choice->numbers != NULL && bm_same(choice->unit, "h")) {
        bm_page_hours(summary->page, choice->numbers[value]);
    } else if (choice->numbers != NULL && choice->unit != NULL) {
        bm_page_quantity(summary->page, choice->numbers[value], choice->unit);
    } else if (choice->codes.labels != NULL && choice->codes.labels[value] != NULL) {
        bm_page_put(summary->page, choice->codes.labels[value]);
    } else {
        bm_page_put(summary->page, choice->codes.ids[value]);
    }
}

static bool choice_is_provisional(const bm_summary *summary, const bm_spoken *item, int choice)
{
    uint64_t possible =
        bm_group_cell(summary, item->group, item->group->guideline->choices[choice].slot).low.mask;
    return (possible & (possible - 1)) != 0;
}

/* Of a choice whose outcome are hours. */
static bm_deadline deadline_of_choice(const bm_summary *summary, const bm_spoken *item, int choice)
{
    const bm_entry entry = {item->entry.guideline, choice, item->entry.record};
    bm_view view = view_of(summary, item);
    view.list = BONEMETS_CHOICES;
    view.entry = &entry;
    view.choice = &item->group->guideline->choices[choice];
    return bm_view_deadline(&view);
}

static void put_time_left(bm_summary *summary, const bm_spoken *item, int choice)
{
    const bm_deadline deadline = deadline_of_choice(summary, item, choice);
    bm_put_deadline(summary->page, ", ", &deadline);
}

/* A provisional row has said already that it may change. */
static void put_doubt(bm_summary *summary, const bm_spoken *item, const bm_ignore *ignore)
{
    if (!item->provisional && ignored(summary, item, ignore) == BONEMETS_MAY_BE_IGNORED) {
        bm_page_put(summary->page, " (may turn out not to count)");
    }
}

static int put_decided_after(bm_summary *summary, const bm_spoken *item, int put)
{
    const bm_guideline *guideline = item->group->guideline;
    for (int i = 0; i < guideline->choice_count && item->decided > 0; i++) {
        if (!is_decided_by(summary, item, i)) {
            continue;
        }
        const bm_choice *choice = &guideline->choices[i];
        bm_page_put(summary->page, put++ > 0 ? "; " : "");
        bm_page_puts(summary->page, (const char *[]){choice->label, ": ", NULL});
        bm_page_put(summary->page, choice_is_provisional(summary, item, i) ? "PROVISIONAL " : "");
        bm_put_outcome(summary, choice,
                       bm_outcome_value(bm_group_cell(summary, item->group, choice->slot)));
        put_time_left(summary, item, i);
        put_doubt(summary, item, &choice->ignore);
    }
    return put;
}

void bm_put_additions(bm_summary *summary, const bm_spoken *item, int put)
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

/* A choice of hours that the row decides has said it already. */
static bool is_deadline_said(const bm_summary *summary, const bm_spoken *item,
                             const bm_deadline *deadline)
{
    for (int i = 0; i < item->group->guideline->choice_count && item->decided > 0; i++) {
        if (is_decided_by(summary, item, i)) {
            const bm_deadline said = deadline_of_choice(summary, item, i);
            if (said.state == deadline->state && said.low <= deadline->low &&
                said.low >= deadline->low) {
                return true;
            }
        }
    }
    return false;
}

static void put_limit(bm_summary *summary, const bm_spoken *item, bool limit)
{
    const bm_view view = view_of(summary, item);
    const bm_deadline deadline = bm_view_deadline(&view);
    if (limit) {
        bm_page_put(summary->page, ", within ");
        bm_page_hours(summary->page, item->row->within_h);
    }
    if (!is_deadline_said(summary, item, &deadline)) {
        bm_put_deadline(summary->page, ", ", &deadline);
    }
}

void bm_put_row_id(bm_summary *summary, const bm_spoken *item, bm_row_id id)
{
    int rank = bm_scale_position(summary->writer.set, "urgency", item->row->urgency);
    bool urgent = rank + 1 < bm_scale_size(summary->writer.set, "urgency");
    bm_page_puts(summary->page, (const char *[]){" [", item->row->id, NULL});
    if ((id & BM_WITH_URGENCY) && item->speaks && urgent) {
        bm_page_put(summary->page, ", ");
        bm_page_name(summary->page, item->row->urgency);
    }
    if (item->row->within_h >= 0 && (item->speaks || id == BM_WITH_LIMIT)) {
        put_limit(summary, item, (id & BM_WITH_LIMIT) != 0);
    }
    bm_page_put(summary->page, "]");
    if (id != BM_WITH_BOTH) {
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

static void put_reason(bm_summary *summary, const bm_spoken *item)
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

void bm_put_row_waiting(bm_summary *summary, const bm_spoken *item, int32_t list, int index)
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

void bm_put_possible(bm_summary *summary, const bm_choice *choice, bm_cell cell)
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
        bm_put_outcome(summary, choice, value);
    }
    bm_page_put(summary->page, put == 0 ? "nothing" : "");
}

/* What the outcome, or the row, may yet become and what decides it. */
static void write_provisional(bm_summary *summary, const bm_spoken *item)
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
        bm_put_possible(summary, choice, bm_group_cell(summary, item->group, choice->slot));
        if (!said) {
            bm_put_row_waiting(summary, item, BONEMETS_CHOICES, i);
        }
        bm_page_end(summary->page);
        said = true;
    }
    if (!said && item->provisional) {
        bm_page_begin(summary->page, 2, NULL);
        bm_page_put(summary->page, "Provisional: another row may overrule it");
        bm_put_row_waiting(summary, item, BONEMETS_ADVICE, item->entry.index);
        bm_page_end(summary->page);
    }
}

/* The row that says that facts cannot all be true on which this one rests, or what it decides. */
static const char *contradicted_by(const bm_summary *summary, const bm_spoken *item)
{
    bm_view view = view_of(summary, item);
    const char *row = bm_view_contradicted(&view);
    for (int i = 0; i < item->group->guideline->choice_count && row == NULL; i++) {
        if (is_decided_by(summary, item, i)) {
            const bm_entry entry = {item->entry.guideline, i, item->entry.record};
            view.list = BONEMETS_CHOICES;
            view.entry = &entry;
            view.choice = &item->group->guideline->choices[i];
            row = bm_view_contradicted(&view);
        }
    }
    return row;
}

static void write_contradicted(bm_summary *summary, const bm_spoken *item)
{
    const char *row = contradicted_by(summary, item);
    if (row != NULL) {
        bm_page_begin(summary->page, 2, "! ");
        bm_page_puts(
            summary->page,
            (const char *[]){"rests on entries that contradict each other [", row, "]", NULL});
        bm_page_end(summary->page);
    }
}

static bool has_main(const bm_summary *summary, const bm_spoken *item)
{
    return item->speaks && (item->decided > 0 || adds_something(summary, item) ||
                            count_new(summary, item, &item->row->actions) > 0);
}

bool bm_row_says_something_new(const bm_summary *summary, const bm_spoken *item)
{
    return has_main(summary, item) || count_new(summary, item, &item->row->warnings) > 0;
}

/* The reason of a row that lost speaks for the outcome that lost. */
static void end_paragraph(bm_summary *summary, const bm_spoken *item, bm_row_id id)
{
    bm_put_row_id(summary, item, id);
    if (item->speaks) {
        put_reason(summary, item);
    }
    bm_page_end(summary->page);
}

/* What the row decides and asks for, in one paragraph with its reason, and its warnings; or these
 * alone. */
void bm_write_spoken(bm_summary *summary, const bm_spoken *item, bm_row_id id)
{
    bool main = has_main(summary, item);
    if (main) {
        bm_page_begin(summary->page, 0, "- ");
        int put = 0;
        if (id == BM_WITH_URGENCY) { /* what to do goes before how it is classed */
            put = bm_put_new_words(summary, item, &item->row->actions, put);
        }
        put = put_decided_after(summary, item, put);
        put = bm_put_new_words(summary, item, &item->row->actions, put);
        bm_put_additions(summary, item, put);
        end_paragraph(summary, item, id);
    }
    if (count_new(summary, item, &item->row->warnings) > 0) {
        bm_page_begin(summary->page, main ? 2 : 0, "! ");
        bm_put_new_words(summary, item, &item->row->warnings, 0);
        if (main) {
            bm_page_end(summary->page);
        } else {
            end_paragraph(summary, item, id);
        }
    }
    if (item->speaks) {
        write_provisional(summary, item);
    }
    if (item->speaks && !bm_group_in_section(item->group, "conflicts")) {
        write_contradicted(summary, item);
    }
    bm_summary_mark(summary->rows, item->row->row);
    bm_reasons_assumed(summary->a, BONEMETS_ADVICE, &item->entry, &summary->silent);
}
