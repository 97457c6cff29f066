/* SPDX-License-Identifier: Apache-2.0 */
/* What the answer still depends on, and what it rests on. */
#include "report/outlook.h"

/* A page of questions is as much as anybody asks; they come in the order that matters. */
enum { ASKED_IN_FULL = 5, MOST_QUESTIONS = 40 };

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

/* The key comes first: it is what goes into the record. */
static void put_missing(bm_writer *writer, bm_answer question)
{
    bm_page_put(&writer->page, bm_answer_str(question, BONEMETS_F_ID));
    bm_put_fact_record(writer, question);
}

static bool is_asked(const bonemets_outlook *outlook, bm_answer question)
{
    for (int32_t i = 0; i < bonemets_outlook_count(outlook); i++) {
        if (bonemets_outlook_int(outlook, i, BONEMETS_F_LESION) ==
                bm_answer_int(question, BONEMETS_F_LESION) &&
            bm_same(bonemets_outlook_str(outlook, i, BONEMETS_F_ID),
                    bm_answer_str(question, BONEMETS_F_ID))) {
            return true;
        }
    }
    return false;
}

/* The others by their keys, in one paragraph. */
static void write_others(bm_writer *writer, const bonemets_outlook *outlook)
{
    int32_t count = bonemets_assessment_count(writer->result, BONEMETS_MISSING), shown = 0;
    int32_t left = count - bonemets_outlook_count(outlook);
    if (left <= 0) {
        return;
    }
    bm_page_begin(&writer->page, 0, "? ");
    bm_page_put(&writer->page, outlook == NULL ? "" : "then: ");
    for (bm_answer question = {writer->result, BONEMETS_MISSING, 0};
         question.at < count && shown < MOST_QUESTIONS; question.at++) {
        if (!is_asked(outlook, question)) {
            bm_page_put(&writer->page, shown++ == 0 ? "" : ", ");
            put_missing(writer, question);
        }
    }
    if (shown < left) {
        bm_page_put(&writer->page, " and ");
        bm_page_int(&writer->page, left - shown);
        bm_page_put(&writer->page, " more");
    }
    bm_page_end(&writer->page);
}

/* Without memory to try the answers out, what is missing is named all the same. */
void bm_write_missing(bm_writer *writer)
{
    bonemets_outlook *outlook = NULL;
    if (bonemets_assessment_count(writer->result, BONEMETS_MISSING) == 0) {
        return;
    }
    bonemets_next_questions(writer->result, ASKED_IN_FULL, &outlook, NULL);
    bm_write_section(writer, "What to find out next, and what each answer decides");
    for (int32_t i = 0; i < bonemets_outlook_count(outlook); i++) {
        bm_write_asked(writer, outlook, i);
    }
    write_others(writer, outlook);
    bonemets_outlook_free(outlook);
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
