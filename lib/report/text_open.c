/* SPDX-License-Identifier: Apache-2.0 */
/* What the answer still depends on, and what it rests on. */
#include "report/text.h"

/* A page of questions is as much as anybody asks; they come in the order that matters. */
enum { MOST_QUESTIONS = 40 };

static int rank_of(bm_writer *writer, const char *urgency)
{
    return bm_scale_position(writer->set, "urgency", urgency);
}

static int overall_rank(bm_writer *writer)
{
    return rank_of(writer, bonemets_assessment_overall_str(writer->result, BONEMETS_F_URGENCY));
}

static void write_possible_row(bm_writer *writer, bm_view entry)
{
    double within = bm_view_num(entry, BONEMETS_F_WITHIN_H);
    bm_page_begin(&writer->page, 0, "? ");
    bm_page_capitals(&writer->page, bm_view_str(entry, BONEMETS_F_URGENCY));
    if (within >= 0) {
        bm_page_put(&writer->page, " within ");
        bm_page_quantity(&writer->page, within, "h");
    }
    const char *because = bm_view_str(entry, BONEMETS_F_BECAUSE);
    const char *row = bm_view_str(entry, BONEMETS_F_ROW);
    bm_page_puts(&writer->page, (const char *[]){": ", because, " [", row, "]", NULL});
    bm_put_record(writer, entry);
    bm_page_end(&writer->page);
    bm_write_waiting(writer, entry, 4, "Depends on: ");
}

/* Rows that wait and are more urgent than what is certain. */
void bm_write_possible(bm_writer *writer)
{
    bool any = false;
    for (int rank = 0; rank < overall_rank(writer); rank++) {
        for (int32_t i = 0; i < bonemets_assessment_count(writer->result, BONEMETS_UNDECIDED);
             i++) {
            bm_view entry = {writer->result, BONEMETS_UNDECIDED, i};
            if (rank_of(writer, bm_view_str(entry, BONEMETS_F_URGENCY)) != rank) {
                continue;
            }
            if (!any) {
                bm_write_section(writer, "Could still be more urgent");
            }
            write_possible_row(writer, entry);
            any = true;
        }
    }
}

/* ---- missing ---- */

static bool hangs_on(bm_view entry, const char *fact, int32_t record)
{
    for (int32_t j = 0; j < bm_view_count(entry, BONEMETS_SUB_MISSING); j++) {
        if (bm_part_is(bm_view_part(entry, BONEMETS_SUB_MISSING, j), fact, record)) {
            return true;
        }
    }
    return false;
}

/* Names what of one list hangs on a fact, up to a few; returns how many were named before. */
static int put_hanging(bm_writer *writer, bm_view question, int32_t list, bonemets_field name,
                       int named)
{
    enum { MOST_NAMED = 6 };
    const char *fact = bm_view_str(question, BONEMETS_F_ID);
    int32_t record = bm_view_int(question, BONEMETS_F_LESION);
    for (bm_view entry = {writer->result, list, 0};
         entry.at < bonemets_assessment_count(writer->result, list) && named <= MOST_NAMED;
         entry.at++) {
        if (!hangs_on(entry, fact, record)) {
            continue;
        }
        bm_page_put(&writer->page, named == 0 ? " -> " : ", ");
        if (named++ == MOST_NAMED) {
            bm_page_put(&writer->page, "and more");
            break;
        }
        bm_page_put(&writer->page, bm_view_str(entry, name));
        bm_put_record(writer, entry);
    }
    return named;
}

static void write_question(bm_writer *writer, bm_view question)
{
    const char *label = bm_view_str(question, BONEMETS_F_LABEL);
    const char *urgency = bm_view_str(question, BONEMETS_F_URGENCY);
    bm_page_begin(&writer->page, 0, "? ");
    if (label != NULL) {
        bm_page_put(&writer->page, label);
    } else {
        bm_page_name(&writer->page, bm_view_str(question, BONEMETS_F_ID));
    }
    bm_put_fact_record(writer, question);
    if (urgency != NULL) {
        bm_page_put(&writer->page, " (up to ");
        bm_page_name(&writer->page, urgency);
        bm_page_put(&writer->page, ")");
    }
    int named = put_hanging(writer, question, BONEMETS_CHOICES, BONEMETS_F_LABEL, 0);
    named = put_hanging(writer, question, BONEMETS_RESULTS, BONEMETS_F_LABEL, named);
    put_hanging(writer, question, BONEMETS_UNDECIDED, BONEMETS_F_ROW, named);
    bm_page_end(&writer->page);
}

void bm_write_missing(bm_writer *writer)
{
    int32_t count = bonemets_assessment_count(writer->result, BONEMETS_MISSING);
    if (count == 0) {
        return;
    }
    bm_write_section(writer, "Missing, the most decisive first");
    int32_t shown = count > MOST_QUESTIONS ? MOST_QUESTIONS : count;
    for (int32_t i = 0; i < shown; i++) {
        write_question(writer, (bm_view){writer->result, BONEMETS_MISSING, i});
    }
    if (shown < count) {
        bm_page_begin(&writer->page, 0, "? ");
        bm_page_put(&writer->page, "and ");
        bm_page_int(&writer->page, count - shown);
        bm_page_put(&writer->page, " more");
        bm_page_end(&writer->page);
    }
}

/* ---- assumed ---- */

static void put_assumed_value(bm_writer *writer, bm_view entry)
{
    const char *code = bm_view_str(entry, BONEMETS_F_CODE);
    const char *id = bm_view_str(entry, BONEMETS_F_ID);
    const bm_fact *fact = id == NULL ? NULL : bm_definitions_fact(&writer->set->definitions, id);
    const char *label = fact == NULL ? NULL : bm_codes_label(fact->type.codes, code);
    if (code == NULL) {
        bm_page_put(&writer->page, ": not stated, and something above rests on that");
        return;
    }
    bm_page_put(&writer->page, ": not stated, taken as ");
    bm_page_put(&writer->page, label != NULL ? label : code);
}

void bm_write_assumed(bm_writer *writer)
{
    int32_t count = bonemets_assessment_count(writer->result, BONEMETS_ASSUMED);
    if (count == 0) {
        return;
    }
    bm_write_section(writer, "Assumed");
    for (int32_t i = 0; i < count; i++) {
        bm_view entry = {writer->result, BONEMETS_ASSUMED, i};
        const char *guideline = bm_view_str(entry, BONEMETS_F_GUIDELINE);
        bm_page_begin(&writer->page, 0, "- ");
        bm_page_put(&writer->page, bm_view_str(entry, BONEMETS_F_LABEL));
        bm_put_fact_record(writer, entry);
        put_assumed_value(writer, entry);
        if (guideline != NULL) {
            bm_page_puts(&writer->page, (const char *[]){" [", guideline, "]", NULL});
        }
        bm_page_end(&writer->page);
    }
}
