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

/* One paragraph, that begins with its first part. */
typedef struct {
    const char *lead;
    int put;
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
    return summary->a->target >= 0 || bm_group_has_spoken(summary, group);
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

/* Tables that said nothing and may yet do so. */
static void count_silent_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    bool open = false;
    for (int i = 0; i < group->guideline->choice_count; i++) {
        open = open || bm_choice_is_open(summary, group, i);
    }
    *(int *)ctx += open && !names_open_choices(summary, group);
}

static int count_results(const bm_summary *summary, int state)
{
    int count = 0;
    bm_view view;
    for (int32_t i = 0; bm_view_open(summary->a, BONEMETS_RESULTS, i, &view); i++) {
        count += bm_view_state(&view) == state;
    }
    return count;
}

static void put_count(bm_summary *summary, paragraph *list, int count, const char *one,
                      const char *many)
{
    if (count > 0) {
        put_part(summary, list, ", ");
        bm_page_int(summary->page, count);
        bm_page_put(summary->page, count == 1 ? one : many);
    }
}

/* How much there is that says nothing here; the full text has it by name. */
static void write_counts(bm_summary *summary)
{
    paragraph list = {"Not shown, by name in the full text: ", 0};
    int silent = 0;
    bm_for_groups(summary, count_silent_of, &silent);
    put_count(summary, &list, silent, " table that too little is known for",
              " tables that too little is known for");
    put_count(summary, &list, count_results(summary, BONEMETS_UNKNOWN),
              " score or equation of which nothing is known",
              " scores and equations of which nothing is known");
    put_count(summary, &list, count_results(summary, BONEMETS_INAPPLICABLE),
              " that does not apply here", " that do not apply here");
    end_paragraph(summary, &list);
}

void bm_write_to_find_out(bm_summary *summary)
{
    paragraph open = {"Still open: ", 0};
    bm_write_section(&summary->writer, "What to find out next, the most decisive first");
    write_questions(summary);
    bm_for_groups(summary, write_open_of, &open);
    end_paragraph(summary, &open);
    if (bonemets_assessment_count(summary->a, BONEMETS_MISSING) == 0) {
        bm_page_line(summary->page, 0, "- ",
                     "Nothing that is missing can change what stands here.");
    }
    write_counts(summary);
}

/* ---- what it rests on ---- */

/* What a table takes it to be, when the table declares it. */
static const char *assumed_value(const bm_summary *summary, const bm_marked_input *input)
{
    const bonemets_assessment *a = summary->a;
    const bm_questions *assumed = &bm_assessment_open(a)->assumed;
    for (int i = 0; i < assumed->count; i++) {
        const bm_asked *one = &assumed->items[i];
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
            bm_write_section(&summary->writer, "Not stated, and taken as");
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
        bm_page_name(summary->page, value == NULL      ? "left open"
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
            bm_group_has_spoken(
                summary, &(bm_group){.guideline = &summary->definitions->guidelines[number]}) ||
            has_short_row(summary, &summary->definitions->guidelines[number]));
}

static void put_used_names(bm_summary *summary)
{
    int put = 0;
    for (int i = 0; i < summary->definitions->guideline_count; i++) {
        const bm_guideline *guideline = &summary->definitions->guidelines[i];
        if (is_used(summary, i)) {
            bm_page_puts(summary->page, (const char *[]){put++ > 0 ? ", " : "", guideline->id, " ",
                                                         guideline->edition, NULL});
        }
    }
}

/* The full text names them all, with their marks. */
static void write_used(bm_summary *summary)
{
    enum { MOST_NAMES = 4 };
    int used = 0, apart = 0;
    for (int i = 0; i < summary->definitions->guideline_count; i++) {
        used += is_used(summary, i);
        apart += summary->definitions->guidelines[i].off;
    }
    bm_page_begin(summary->page, 0, "- ");
    bm_page_put(summary->page, "Tables that stand above: ");
    if (used > 0 && used <= MOST_NAMES) {
        put_used_names(summary);
    } else {
        bm_page_int(summary->page, used);
    }
    if (apart > 0 && summary->a->target < 0) {
        bm_page_put(summary->page, "; left out unless asked for, off or restricted: ");
        bm_page_int(summary->page, apart);
    }
    bm_page_puts(summary->page, (const char *[]){". Digest ", summary->writer.set->digest, NULL});
    bm_page_end(summary->page);
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
    bm_write_for_everybody(summary);
    write_left_out(summary);
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
