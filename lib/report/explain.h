/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of what bonemets_explain writes as text. */
#ifndef BM_REPORT_EXPLAIN_H
#define BM_REPORT_EXPLAIN_H

#include "guideline/set.h"
#include "report/json.h"
#include "report/page.h"

typedef struct {
    bm_page page;
    const bonemets_guidelines *set;
} bm_explainer;

/* `key: text` with hanging lines; nothing when the text is NULL. */
void bm_explain_text(bm_explainer *explainer, int indent, const char *key, const char *text);
/* A heading within a table. */
void bm_explain_heading(bm_explainer *explainer, const char *heading);
/* The mark of verification and its meaning in the scale; `key` as above. */
void bm_explain_verified(bm_explainer *explainer, int indent, const char *verified);

/* explain_rows.c: choices and advice */
void bm_explain_rows(bm_explainer *explainer, const bm_guideline *guideline);

void bm_explain_row(bm_explainer *explainer, const bm_guideline *guideline, const bm_row_def *row);

/* explain_guideline.c */
void bm_explain_note(bm_explainer *explainer, const bm_note *note);
void bm_explain_source(bm_explainer *explainer, const bm_source *source);

/* guideline_json.c: the members of an object that the caller opens and closes */
void bm_put_row_members(bm_json *json, const bm_guideline *guideline, const bm_row_def *row);
void bm_put_note_members(bm_json *json, const bm_note *note);
void bm_put_source_members(bm_json *json, const bm_source *source);

/* What a token of `do` or `warn` is shown as; NULL: with blanks for its underscores. */
const char *bm_guideline_wording(const bm_guideline *guideline, const char *token);

/* readers.c: calls `found` for everything that reads a fact, in the order of the tables. */
typedef void bm_reader_found(void *ctx, const char *kind, const char *id);
void bm_fact_readers(const bonemets_guidelines *set, const bm_fact *fact, bm_reader_found *found,
                     void *ctx);

#endif
