/* SPDX-License-Identifier: Apache-2.0 */
/* What the answer still depends on, and what it rests on. */
#include "report/text.h"

/* A page of questions is as much as anybody asks; they come in the order that matters. */
enum { MOST_QUESTIONS = 40 };

static int rank_of(bm_writer *writer, const char *urgency)
{
    return bm_scale_position(writer->set, "urgency", urgency);
}

static void write_possible_row(bm_writer *writer, bm_answer answer)
{
    double within = bm_answer_num(answer, BONEMETS_F_WITHIN_H);
    bm_page_begin(&writer->page, 0, "? ");
    bm_page_capitals(&writer->page, bm_answer_str(answer, BONEMETS_F_URGENCY));
    if (within >= 0) {
        bm_page_put(&writer->page, " within ");
        bm_page_quantity(&writer->page, within, "h");
    }
    const char *because = bm_answer_str(answer, BONEMETS_F_BECAUSE);
    const char *row = bm_answer_str(answer, BONEMETS_F_ROW);
    bm_page_puts(&writer->page, (const char *[]){": ", because, " [", row, "]", NULL});
    bm_put_record(writer, answer);
    bm_page_end(&writer->page);
    bm_write_waiting(writer, answer, 4, "Depends on: ");
}

static bool is_advice(bm_answer answer)
{
    const bm_row_def *row = bm_answer_row(answer);
    return row != NULL && row->choose == NULL;
}

/* Advice that waits matters when it is as urgent as what is certain; a row of a choice only when it
 * is more so, since the choice says itself that it is open. The last member of the scale is never
 * urgent. */
static bool is_pressing(bm_writer *writer, bm_answer answer)
{
    int least = bm_scale_size(writer->set, "urgency") - 1;
    int rank = rank_of(writer, bm_answer_str(answer, BONEMETS_F_URGENCY));
    int certain =
        rank_of(writer, bonemets_assessment_overall_str(writer->result, BONEMETS_F_URGENCY));
    return rank < least && (rank < certain || (rank == certain && is_advice(answer)));
}

/* The pressing rows that are advice, or those that are not, the most urgent first. */
static void write_pressing(bm_writer *writer, const char *title, bool advice)
{
    bool any = false;
    for (int rank = 0; rank < bm_scale_size(writer->set, "urgency"); rank++) {
        for (int32_t i = 0; i < bonemets_assessment_count(writer->result, BONEMETS_UNDECIDED);
             i++) {
            bm_answer answer = {writer->result, BONEMETS_UNDECIDED, i};
            if (rank_of(writer, bm_answer_str(answer, BONEMETS_F_URGENCY)) != rank ||
                is_advice(answer) != advice || !is_pressing(writer, answer)) {
                continue;
            }
            if (!any) {
                bm_write_section(writer, title);
            }
            write_possible_row(writer, answer);
            any = true;
        }
    }
}

void bm_write_first_questions(bm_writer *writer)
{
    write_pressing(writer, "Ask first", true);
}

void bm_write_possible(bm_writer *writer)
{
    write_pressing(writer, "Could still be more urgent", false);
}

/* ---- missing ---- */

static bool hangs_on(bm_answer answer, const char *fact, int32_t record)
{
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_MISSING); j++) {
        if (bm_part_is(bm_answer_part(answer, BONEMETS_SUB_MISSING, j), fact, record)) {
            return true;
        }
    }
    return false;
}

/* What a waiting row would decide has been named as a choice already. */
static bool is_named(bm_answer answer, int named)
{
    const bm_row_def *row = answer.list == BONEMETS_UNDECIDED ? bm_answer_row(answer) : NULL;
    return named > 0 && row != NULL && row->choose != NULL;
}

/* Names what of one list hangs on a fact, up to a few; returns how many were named before. */
static int put_hanging(bm_writer *writer, bm_answer question, int32_t list, bonemets_field name,
                       int named)
{
    enum { MOST_NAMED = 8 };
    const char *fact = bm_answer_str(question, BONEMETS_F_ID);
    int32_t record = bm_answer_int(question, BONEMETS_F_LESION);
    for (bm_answer answer = {writer->result, list, 0};
         answer.at < bonemets_assessment_count(writer->result, list) && named <= MOST_NAMED;
         answer.at++) {
        if (is_named(answer, named) || !hangs_on(answer, fact, record)) {
            continue;
        }
        bm_page_put(&writer->page, named == 0 ? " -> " : ", ");
        if (named++ == MOST_NAMED) {
            bm_page_put(&writer->page, "and more");
            break;
        }
        bm_page_name(&writer->page, bm_answer_str(answer, name));
        bm_put_record(writer, answer);
    }
    return named;
}

/* The key comes first: it is what goes into the record. */
static void write_question(bm_writer *writer, bm_answer question)
{
    const char *urgency = bm_answer_str(question, BONEMETS_F_URGENCY);
    bm_page_begin(&writer->page, 0, "? ");
    bm_page_put(&writer->page, bm_answer_str(question, BONEMETS_F_ID));
    bm_put_fact_record(writer, question);
    bm_page_puts(&writer->page,
                 (const char *[]){": ", bm_answer_str(question, BONEMETS_F_LABEL), NULL});
    if (urgency != NULL) {
        bm_page_put(&writer->page, " | ");
        bm_page_name(&writer->page, urgency);
    }
    int named = put_hanging(writer, question, BONEMETS_CHOICES, BONEMETS_F_ID, 0);
    named = put_hanging(writer, question, BONEMETS_RESULTS, BONEMETS_F_ID, named);
    put_hanging(writer, question, BONEMETS_UNDECIDED, BONEMETS_F_ROW, named);
    bm_page_end(&writer->page);
}

void bm_write_missing(bm_writer *writer)
{
    int32_t count = bonemets_assessment_count(writer->result, BONEMETS_MISSING);
    if (count == 0) {
        return;
    }
    bm_write_section(writer, "Missing, the most decisive first; what it can change");
    int32_t shown = count > MOST_QUESTIONS ? MOST_QUESTIONS : count;
    for (int32_t i = 0; i < shown; i++) {
        write_question(writer, (bm_answer){writer->result, BONEMETS_MISSING, i});
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

static bool is_silence(bm_answer assumed)
{
    return bm_answer_str(assumed, BONEMETS_F_CODE) == NULL;
}

static void write_assumption(bm_writer *writer, bm_answer assumed)
{
    bm_page_begin(&writer->page, 0, "- ");
    bm_page_put(&writer->page, bm_answer_str(assumed, BONEMETS_F_ID));
    bm_put_fact_record(writer, assumed);
    bm_page_put(&writer->page, " = ");
    bm_page_name(&writer->page, bm_answer_str(assumed, BONEMETS_F_CODE));
    bm_page_puts(&writer->page,
                 (const char *[]){": ", bm_answer_str(assumed, BONEMETS_F_LABEL), " [",
                                  bm_answer_str(assumed, BONEMETS_F_GUIDELINE), "]", NULL});
    bm_page_end(&writer->page);
}

/* Facts that nobody stated, on whose silence rows rest: one paragraph. */
static void write_silences(bm_writer *writer)
{
    bool any = false;
    for (bm_answer assumed = {writer->result, BONEMETS_ASSUMED, 0};
         assumed.at < bonemets_assessment_count(writer->result, BONEMETS_ASSUMED); assumed.at++) {
        if (!is_silence(assumed)) {
            continue;
        }
        if (!any) {
            bm_page_begin(&writer->page, 0, "- ");
            bm_page_put(&writer->page, "not stated, and rows above rest on that: ");
        }
        bm_page_put(&writer->page, any ? ", " : "");
        bm_page_put(&writer->page, bm_answer_str(assumed, BONEMETS_F_ID));
        bm_put_fact_record(writer, assumed);
        any = true;
    }
    if (any) {
        bm_page_end(&writer->page);
    }
}

void bm_write_assumed(bm_writer *writer)
{
    int32_t count = bonemets_assessment_count(writer->result, BONEMETS_ASSUMED);
    if (count == 0) {
        return;
    }
    bm_write_section(writer, "Assumed, because it is not stated");
    for (int32_t i = 0; i < count; i++) {
        bm_answer assumed = {writer->result, BONEMETS_ASSUMED, i};
        if (!is_silence(assumed)) {
            write_assumption(writer, assumed);
        }
    }
    write_silences(writer);
}
