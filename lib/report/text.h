/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the text report, in the order in which they are read. */
#ifndef BM_REPORT_TEXT_H
#define BM_REPORT_TEXT_H

#include "report/view.h"
#include "report/page.h"

typedef struct {
    bm_page page;
    const bonemets_assessment *result;
    const bonemets_guidelines *set;
} bm_writer;

/* text_rows.c */
void bm_write_warnings(bm_writer *writer);
void bm_write_actions(bm_writer *writer);
/* text_choices.c */
void bm_write_choices(bm_writer *writer);
/* text_results.c */
void bm_write_results(bm_writer *writer);
/* text_open.c: what could still change, and what the answer rests on */
void bm_write_possible(bm_writer *writer);
void bm_write_missing(bm_writer *writer);
void bm_write_assumed(bm_writer *writer);
/* text_tables.c */
void bm_write_tables(bm_writer *writer);

/* text_evidence.c: within a line */
/* The record that an entry is about, and the record that a fact in MISSING or ASSUMED is of. */
void bm_put_record(bm_writer *writer, bm_view entry);
void bm_put_fact_record(bm_writer *writer, bm_view entry);
void bm_put_urgency(bm_writer *writer, const char *urgency);
/* Names of the facts in a list of an entry, with their records. */
void bm_put_fact_labels(bm_writer *writer, bm_view entry, int32_t sub);
/* What goes between the entries of a list: false when enough have been named, which it then says. */
bool bm_put_comma(bm_writer *writer, int32_t at, int32_t count);
/* Whole lines */
void bm_write_section(bm_writer *writer, const char *title);
/* Reason, facts, assumptions and sources of a row. */
void bm_write_evidence(bm_writer *writer, bm_view entry, int indent);
void bm_write_waiting(bm_writer *writer, bm_view entry, int indent, const char *lead);

/* In a row that lost only its warnings are left. */
bool bm_view_is_superseded(bm_view entry);

#endif
