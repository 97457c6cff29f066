/* SPDX-License-Identifier: Apache-2.0 */
/* What to find out next, and what the answer rests on: assumptions, tables, works cited. */
#include "report/summary.h"

#include <string.h>

enum { MOST_QUESTIONS = 8 };

/* ---- what to find out ---- */

bool bm_choice_is_open(const bm_summary *summary, const bm_group *group, int choice)
{
    bm_cell cell = bm_group_cell(summary, group, group->guideline->choices[choice].slot);
    const bm_ignore *ignore = &group->guideline->choices[choice].ignore;
    return bm_outcome_value(cell) < 0 && (cell.low.mask & ~BM_UNSET) != 0 &&
           bm_ignored(summary->a, group->guideline, group->record, ignore) != BONEMETS_IGNORED;
}

/* The last member of the scale says that nothing is. */
static bool is_urgent(const bm_summary *summary, const char *urgency)
{
    int last = bm_scale_size(summary->writer.set, "urgency") - 1;
    return urgency != NULL && bm_scale_position(summary->writer.set, "urgency", urgency) < last;
}

static void write_questions(bm_summary *summary)
{
    int32_t count = bonemets_assessment_count(summary->a, BONEMETS_MISSING);
    int32_t shown = count > MOST_QUESTIONS + 1 ? MOST_QUESTIONS : count;
    for (bm_answer question = {summary->a, BONEMETS_MISSING, 0}; question.at < shown;
         question.at++) {
        const char *urgency = bm_answer_str(question, BONEMETS_F_URGENCY);
        bm_page_begin(summary->page, 0, "? ");
        bm_page_put(summary->page, bm_answer_str(question, BONEMETS_F_LABEL));
        bm_put_fact_record(&summary->writer, question);
        bm_page_puts(summary->page,
                     (const char *[]){" [", bm_answer_str(question, BONEMETS_F_ID), NULL});
        if (is_urgent(summary, urgency)) {
            bm_page_put(summary->page, ", ");
            bm_page_name(summary->page, urgency);
        }
        bm_page_put(summary->page, "]");
        bm_page_end(summary->page);
    }
    if (shown < count) {
        bm_page_begin(summary->page, 0, "? ");
        bm_page_put(summary->page, "and ");
        bm_page_int(summary->page, count - shown);
        bm_page_put(summary->page, " more, which the full text names");
        bm_page_end(summary->page);
    }
}

static bool has_written_row(const bm_summary *summary, const bm_guideline *guideline)
{
    for (int i = 0; i < guideline->row_count; i++) {
        if (bm_summary_marked(summary->rows, guideline->rows[i].row)) {
            return true;
        }
    }
    return false;
}

/* One paragraph, that begins with its first part. */
typedef struct {
    const char *lead;
    int put;
    int uncounted;
} paragraph;

static void put_part(bm_summary *summary, paragraph *list, const char *between)
{
    if (list->put == 0) {
        bm_page_begin(summary->page, 0, "- ");
    }
    bm_page_put(summary->page, list->put++ == 0 ? list->lead : between);
}

static void end_paragraph(bm_summary *summary, const paragraph *list)
{
    if (list->put > 0) {
        bm_page_end(summary->page);
    }
}

/* Of tables that said something else, or that were asked for. */
static bool names_open_choices(const bm_summary *summary, const bm_group *group)
{
    return summary->a->target >= 0 || has_written_row(summary, group->guideline);
}

/* Choices without an outcome. */
static void write_open_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    int put = 0;
    for (int i = 0; i < group->guideline->choice_count; i++) {
        if (!names_open_choices(summary, group) || !bm_choice_is_open(summary, group, i)) {
            continue;
        }
        if (put == 0) {
            put_part(summary, ctx, ". ");
            bm_page_put(summary->page, group->guideline->id);
            bm_put_group_record(summary, group);
        }
        bm_page_puts(summary->page, (const char *[]){put++ == 0 ? ": " : "; ",
                                                     group->guideline->choices[i].label, NULL});
    }
}

/* Tables that said nothing and may yet do so: by their choices here, by their scores below. */
static void write_silent_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    bool open = false;
    for (int i = 0; i < group->guideline->choice_count; i++) {
        open = open || bm_choice_is_open(summary, group, i);
    }
    if (open && !names_open_choices(summary, group)) {
        put_part(summary, ctx, ", ");
        bm_page_put(summary->page, group->guideline->id);
        bm_put_group_record(summary, group);
    }
}

static void put_results_of_state(bm_summary *summary, paragraph *list, int state)
{
    bm_view view;
    bm_entry before = {-1, -1, -1};
    for (int32_t i = 0; bm_view_open(summary->a, BONEMETS_RESULTS, i, &view); i++) {
        const bm_group group = {.number = view.entry->guideline,
                                .record = view.entry->record,
                                .guideline = view.guideline};
        if (bm_view_state(&view) != state) {
            continue;
        }
        list->uncounted += view.score == NULL;
        if (view.score != NULL &&
            (before.guideline != group.number || before.record != group.record)) {
            before = *view.entry;
            put_part(summary, list, ", ");
            bm_page_put(summary->page, group.guideline->id);
            bm_put_group_record(summary, &group);
        }
    }
}

static void write_nothing_known(bm_summary *summary)
{
    paragraph list = {"Nothing to say yet for: ", 0, 0};
    bm_for_groups(summary, write_silent_of, &list);
    put_results_of_state(summary, &list, BONEMETS_UNKNOWN);
    if (list.put > 0 && list.uncounted > 0) {
        bm_page_put(summary->page, " and ");
        bm_page_int(summary->page, list.uncounted);
        bm_page_put(summary->page, list.uncounted == 1 ? " equation" : " equations");
    }
    end_paragraph(summary, &list);
}

void bm_write_to_find_out(bm_summary *summary)
{
    paragraph open = {"Still open: ", 0, 0}, inapplicable = {"Not applicable: ", 0, 0};
    bm_write_section(&summary->writer, "What to find out next, the most decisive first");
    write_questions(summary);
    bm_for_groups(summary, write_open_of, &open);
    end_paragraph(summary, &open);
    write_nothing_known(summary);
    if (bonemets_assessment_count(summary->a, BONEMETS_MISSING) == 0) {
        bm_page_line(summary->page, 0, "- ",
                     "Nothing that is missing can change what stands here.");
    }
    put_results_of_state(summary, &inapplicable, BONEMETS_INAPPLICABLE);
    end_paragraph(summary, &inapplicable);
}

/* ---- what it rests on ---- */

/* What a table takes it to be, when the table declares it. */
static const char *assumed_value(const bm_summary *summary, const bm_marked_input *input)
{
    const bonemets_assessment *a = summary->a;
    bm_assessment_want_questions(a);
    for (int i = 0; i < a->assumed.count; i++) {
        const bm_asked *one = &a->assumed.items[i];
        bm_view view;
        if (one->assumption >= 0 && one->kind == input->kind && one->input == input->input &&
            one->record == input->record && bm_view_open(a, BONEMETS_ASSUMED, i, &view)) {
            return bm_view_str(&view, BONEMETS_F_CODE);
        }
    }
    return NULL;
}

void bm_write_rests_on(bm_summary *summary)
{
    const bm_frame *frame = &summary->a->frame;
    bm_marked_input one;
    int put = 0;
    for (size_t at = 0; bm_marks_next(&summary->silent, frame, &at, &one); put++) {
        const bm_fact *fact = bm_set_input_fact(summary->a->set, one.kind, one.input);
        const char *value = assumed_value(summary, &one);
        int record = bm_assessment_record(summary->a, one.kind, one.record);
        if (put == 0) {
            bm_write_section(&summary->writer, "Assumed, because nobody stated it");
            bm_page_begin(summary->page, 0, NULL);
        }
        bm_page_put(summary->page, put > 0 ? "; " : "");
        bm_put_label(summary, fact->label, fact->id);
        if (record > 0) {
            bm_page_puts(
                summary->page,
                (const char *[]){" (", bm_kind_label(summary->writer.set, one.kind), " ", NULL});
            bm_page_int(summary->page, record);
            bm_page_put(summary->page, ")");
        }
        bm_page_put(summary->page, ": ");
        bm_page_name(summary->page, value == NULL      ? "not stated"
                                    : value[0] == '\0' ? "none"
                                                       : value);
    }
    if (put > 0) {
        bm_page_put(summary->page, ".");
        bm_page_end(summary->page);
    }
}

/* ---- limits of the tables ---- */

static bool has_short_row(const bm_summary *summary, const bm_guideline *guideline)
{
    for (int i = 0; i < guideline->row_count; i++) {
        if (bm_summary_marked(summary->short_rows, guideline->rows[i].row)) {
            return true;
        }
    }
    return false;
}

static bool is_used(const bm_summary *summary, int number)
{
    return !summary->definitions->guidelines[number].off &&
           (bm_summary_marked(summary->results, number) ||
            has_written_row(summary, &summary->definitions->guidelines[number]) ||
            has_short_row(summary, &summary->definitions->guidelines[number]));
}

static void write_used(bm_summary *summary)
{
    int put = 0;
    for (int i = 0; i < summary->definitions->guideline_count; i++) {
        const bm_guideline *guideline = &summary->definitions->guidelines[i];
        if (!is_used(summary, i)) {
            continue;
        }
        if (put == 0) {
            bm_page_begin(summary->page, 0, "- ");
        }
        bm_page_puts(summary->page,
                     (const char *[]){put++ == 0 ? "Tables used: " : "; ", guideline->id, NULL});
        if (guideline->edition != NULL) {
            bm_page_puts(summary->page, (const char *[]){" ", guideline->edition, NULL});
        }
        bm_page_put(summary->page, " (");
        bm_page_name(summary->page, guideline->verified);
        bm_page_put(summary->page, ")");
    }
    if (put > 0) {
        bm_page_end(summary->page);
    }
}

static void write_cautions(bm_summary *summary)
{
    for (int i = 0; i < summary->definitions->guideline_count; i++) {
        const bm_guideline *guideline = &summary->definitions->guidelines[i];
        if (is_used(summary, i) && !bm_same(guideline->status, "on")) {
            bm_page_begin(summary->page, 0, "! ");
            bm_page_puts(summary->page,
                         (const char *[]){guideline->id, ", status ", guideline->status, ": ",
                                          guideline->status_reason, NULL});
            bm_page_end(summary->page);
        }
    }
}

static void write_not_used(bm_summary *summary)
{
    int put = 0;
    for (int i = 0; i < summary->definitions->guideline_count; i++) {
        const bm_guideline *guideline = &summary->definitions->guidelines[i];
        if (!guideline->off || summary->a->target >= 0) {
            continue;
        }
        if (put == 0) {
            bm_page_begin(summary->page, 0, "- ");
        }
        bm_page_puts(summary->page,
                     (const char *[]){put++ == 0 ? "Not used unless asked for: " : ", ",
                                      guideline->id, " (", guideline->status, ")", NULL});
    }
    if (put > 0) {
        bm_page_end(summary->page);
    }
}

static void write_left_out(bm_summary *summary)
{
    if (summary->left_out > 0) {
        bm_page_begin(summary->page, 0, "- ");
        bm_page_put(summary->page,
                    "Notes of tables that rest on nothing entered, left to the full text: ");
        bm_page_int(summary->page, summary->left_out);
        bm_page_end(summary->page);
    }
}

void bm_write_limits(bm_summary *summary)
{
    bm_write_section(&summary->writer, "Limits");
    write_used(summary);
    write_cautions(summary);
    write_not_used(summary);
    write_left_out(summary);
    bm_page_begin(summary->page, 0, "- ");
    bm_page_puts(summary->page,
                 (const char *[]){"Digest of the tables: ", summary->writer.set->digest, NULL});
    bm_page_end(summary->page);
    if (summary->definitions->statement != NULL) {
        bm_page_line(summary->page, 0, NULL, summary->definitions->statement);
    }
}

/* ---- works cited ---- */

static bool row_cites(const bm_summary *summary, const bm_guideline *guideline, const char *key)
{
    for (int i = 0; i < guideline->row_count; i++) {
        const bm_words *sources = &guideline->rows[i].sources;
        for (int j = 0; j < sources->count; j++) {
            if (bm_same(sources->items[j], key) &&
                bm_summary_marked(summary->rows, guideline->rows[i].row)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_cited(const bm_summary *summary, int number, int source)
{
    const bm_guideline *guideline = &summary->definitions->guidelines[number];
    return !guideline->off &&
           ((source < BM_SOURCES_OF_RESULT && bm_summary_marked(summary->results, number)) ||
            row_cites(summary, guideline, guideline->sources[source].key));
}

/* Under this key something was listed already, of an earlier table. */
static bool is_listed(const bm_summary *summary, int number, const char *key)
{
    for (int g = 0; g < number; g++) {
        const bm_guideline *guideline = &summary->definitions->guidelines[g];
        for (int i = 0; i < guideline->source_count; i++) {
            if (bm_same(guideline->sources[i].key, key) && is_cited(summary, g, i)) {
                return true;
            }
        }
    }
    return false;
}

/* A few words of a work; the full text and `explain` have it whole. */
static void put_work(bm_summary *summary, const bm_source *source)
{
    enum { MOST_BYTES = 56 };
    char text[MOST_BYTES + 1];
    size_t length = strlen(source->cite), end = MOST_BYTES;
    if (length <= MOST_BYTES) {
        bm_page_put(summary->page, source->cite);
        return;
    }
    while (end > 0 && source->cite[end] != ' ') {
        end--;
    }
    end = end > 0 ? end : bm_utf8_valid(source->cite, MOST_BYTES);
    memcpy(text, source->cite, end);
    text[end] = '\0';
    bm_page_puts(summary->page, (const char *[]){text, " ...", NULL});
}

void bm_write_cited(bm_summary *summary)
{
    int put = 0;
    for (int g = 0; g < summary->definitions->guideline_count; g++) {
        const bm_guideline *guideline = &summary->definitions->guidelines[g];
        for (int i = 0; i < guideline->source_count; i++) {
            const bm_source *source = &guideline->sources[i];
            if (!is_cited(summary, g, i) || is_listed(summary, g, source->key)) {
                continue;
            }
            if (put == 0) {
                bm_write_section(&summary->writer, "Sources");
                bm_page_begin(summary->page, 0, NULL);
            }
            bm_page_puts(summary->page,
                         (const char *[]){put++ > 0 ? "; " : "", source->key, ": ", NULL});
            put_work(summary, source);
        }
    }
    if (put > 0) {
        bm_page_end(summary->page);
    }
}
