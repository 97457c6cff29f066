/* SPDX-License-Identifier: Apache-2.0 */
/* A row that speaks, as it stands on the page; every row stands there once. */
#ifndef BM_REPORT_SUMMARY_ROW_H
#define BM_REPORT_SUMMARY_ROW_H

#include "report/summary.h"

typedef struct {
    const bm_group *group;
    const bm_row_def *row;
    const bm_row *made;
    bm_entry entry;
    bool speaks; /* not only its warnings are left */
    bool provisional;
    int decided; /* how many choices it decides that count */
} bm_spoken;

/* Where a row stands: at the head, with its guideline, with the conflicts, or last. */
typedef enum { BM_RED_FLAG, BM_CONSIDERATION, BM_CONFLICT, BM_FOR_EVERYBODY } bm_place_on_page;

/* How a row names itself: `[ROW]` behind what its heading says already, or with more. */
typedef enum { BM_ID_ONLY = 0, BM_WITH_URGENCY = 1, BM_WITH_LIMIT = 2, BM_WITH_BOTH = 3 } bm_row_id;

/* False when the row says nothing here. */
bool bm_row_open(const bm_summary *summary, const bm_group *group, int index, bm_spoken *out);
bm_place_on_page bm_row_place(const bm_summary *summary, const bm_spoken *item);
bool bm_row_is_red_flag(const bm_summary *summary, const bm_row_def *row);
bool bm_row_rests_on_something_entered(const bm_summary *summary, const bm_spoken *item);
bool bm_row_says_something_new(const bm_summary *summary, const bm_spoken *item);

/* The row as paragraphs: what it decides and asks for with its reason, its warnings, and what may
 * yet change. */
void bm_write_spoken(bm_summary *summary, const bm_spoken *item, bm_row_id id);

/* Parts of a line. `put`: how many things stand before; returns how many do now. */
void bm_put_words(bm_summary *summary, const bm_spoken *item, const bm_words *words);
/* Those that have not been said of the record. */
int bm_put_new_words(bm_summary *summary, const bm_spoken *item, const bm_words *words, int put);
void bm_put_additions(bm_summary *summary, const bm_spoken *item, int put);
void bm_put_outcome(bm_summary *summary, const bm_choice *choice, int value);
void bm_put_row_id(bm_summary *summary, const bm_spoken *item, bm_row_id id);
/* The outcomes that are possible besides the one that it has. */
void bm_put_possible(bm_summary *summary, const bm_choice *choice, bm_cell cell);
void bm_put_row_waiting(bm_summary *summary, const bm_spoken *item, int32_t list, int index);

#endif
