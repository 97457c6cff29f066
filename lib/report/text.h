/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the text report, in the order in which they are read. */
#ifndef BM_REPORT_TEXT_H
#define BM_REPORT_TEXT_H

#include "report/answer.h"
#include "report/page.h"

typedef struct {
    bm_page page;
    const bonemets_assessment *result;
    const bonemets_guidelines *set;
} bm_writer;

/* text_rows.c */
void bm_write_warnings(bm_writer *writer);
void bm_write_actions(bm_writer *writer);
/* Notes of decision tables that hold for this patient. */
void bm_write_notes(bm_writer *writer);
/* text_disagreements.c: what was entered although its own facts say otherwise */
void bm_write_disagreements(bm_writer *writer);
void bm_write_each_disagreement(bm_writer *writer); /* the same without its section */
/* text_choices.c */
void bm_write_choices(bm_writer *writer);
/* text_results.c */
void bm_write_results(bm_writer *writer);
/* text_open.c: what could still change the answer, and what it rests on */
void bm_write_first_questions(bm_writer *writer);
void bm_write_possible(bm_writer *writer);
void bm_write_missing(bm_writer *writer);
void bm_write_assumed(bm_writer *writer);
/* text_tables.c */
void bm_write_tables(bm_writer *writer);

/* text_evidence.c: within a line */
/* The record that an answer is about, and the record that a fact in MISSING or ASSUMED is of. */
void bm_put_record(bm_writer *writer, bm_answer answer);
void bm_put_fact_record(bm_writer *writer, bm_answer answer);
void bm_put_urgency(bm_writer *writer, const char *urgency);
/* The facts in a list of an answer by their keys, with their records. */
void bm_put_fact_names(bm_writer *writer, bm_answer answer, int32_t sub);
/* The same with what they are. */
void bm_put_facts(bm_writer *writer, bm_answer answer);
/* What is left of a limit behind a lead; nothing where it is not known. Of choices and advice. */
void bm_put_deadline(bm_page *page, const char *lead, const bm_deadline *deadline);
void bm_put_deadline_of(bm_page *page, const char *lead, bm_answer answer);
/* Whole lines */
void bm_write_section(bm_writer *writer, const char *title);
/* Reason, facts, assumptions and sources of a row. */
void bm_write_evidence(bm_writer *writer, bm_answer answer, int indent);
void bm_write_waiting(bm_writer *writer, bm_answer answer, int indent, const char *lead);

/* Another row decided otherwise: only the warnings of this one are left. */
bool bm_answer_is_superseded(bm_answer answer);

#endif
