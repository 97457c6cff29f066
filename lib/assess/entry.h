/* SPDX-License-Identifier: Apache-2.0 */
/* What the accessors need to know of an entry, found out once for each call. */
#ifndef BM_ASSESS_ENTRY_H
#define BM_ASSESS_ENTRY_H

#include "assess/assessment.h"
#include "engine/outcome.h"

/* A value that was entered although what it is derived from gives something else. */
typedef struct {
    const bm_fact *fact; /* NULL: the view is of another list */
    int32_t record;      /* as evaluated, from 0 */
    bm_cell entered, derived;
} bm_disagreement;

typedef struct {
    const bonemets_assessment *a;
    int32_t list;
    const bm_entry *entry;     /* NULL for questions */
    const bm_asked *asked;     /* of BONEMETS_MISSING and BONEMETS_ASSUMED */
    const bm_guideline *guideline;
    const bm_score *score;     /* of a result; else an equation */
    const bm_equation *equation;
    const bm_choice *choice;
    const bm_note *note;       /* of BONEMETS_NOTES */
    bm_disagreement differs;   /* of BONEMETS_DISAGREEMENTS */
    const bm_row_def *row;     /* of advice and undecided; of a choice the row that set it, or NULL */
} bm_view;

/* False when there is no such entry. */
bool bm_view_open(const bonemets_assessment *a, int32_t list, int32_t i, bm_view *out);

bm_cell bm_view_cell(const bm_view *view, int32_t slot);
/* The fact behind an input. */
const bm_fact *bm_view_fact(const bm_view *view, int kind, int32_t input);
/* BONEMETS_KNOWN and so on. */
int bm_view_state(const bm_view *view);
/* The same without what was kept: for a frame that changes. */
int bm_view_fresh_state(const bm_view *view);
/* Position of an outcome's source, and so on. */
const bm_source *bm_view_source(const bm_view *view, const char *key);
const char *bm_view_wording(const bm_view *view, const char *word);

/* As bonemets_assessment_str and so on, for a view that is open. */
const char *bm_view_str(const bm_view *view, bonemets_field field);
int32_t bm_view_int(const bm_view *view, bonemets_field field);
double bm_view_num(const bm_view *view, bonemets_field field);
int32_t bm_view_count(const bm_view *view, int32_t sub);
const char *bm_view_sub_str(const bm_view *view, int32_t sub, int32_t j, bonemets_field field);
int32_t bm_view_sub_int(const bm_view *view, int32_t sub, int32_t j, bonemets_field field);
double bm_view_sub_num(const bm_view *view, int32_t sub, int32_t j, bonemets_field field);
/* Does this note of its guideline hold for a result? */
bool bm_view_note_holds(const bm_view *view, const bm_note *note);
/* The total by another reading of the facts, where the note names one. */
bool bm_view_note_alternative(const bm_view *view, const bm_note *note, bm_cell *out);
/* The row that says that facts behind the entry cannot all be true; NULL: none. */
const char *bm_view_contradicted(const bm_view *view);
/* The same for something that was entered. */
const char *bm_input_contradicted(const bonemets_assessment *a, int kind, int record, int32_t input);
/* Whether what comes with this condition is not to be shown: BONEMETS_IGNORED_… */
int bm_ignored(const bonemets_assessment *a, const bm_guideline *guideline, int record,
               const bm_ignore *ignore);
/* A fact of the lists `missing`, `facts` and `assumed`; false when there is no j-th. */
bool bm_view_ref(const bm_view *view, int32_t sub, int32_t j, bm_ref *out);

/* ---- disagreements.c ---- */

/* How many there are; the one of that number, from 0, goes to *out. Found anew at each call. */
int bm_disagreements(const bonemets_assessment *a, int wanted, bm_disagreement *out);
const char *bm_differs_str(const bm_view *view, bonemets_field field);
int32_t bm_differs_int(const bm_view *view, bonemets_field field);
double bm_differs_num(const bm_view *view, bonemets_field field);
int bm_differs_count(const bm_view *view, int32_t sub);
const char *bm_differs_sub_str(const bm_view *view, int32_t sub, int32_t j, bonemets_field field);
/* What the derivation rests on. */
void bm_differs_facts(const bm_view *view, bm_marks *marks);

#endif
