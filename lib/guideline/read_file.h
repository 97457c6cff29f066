/* SPDX-License-Identifier: Apache-2.0 */
/* The two kinds of file, and what several of their parts share. */
#ifndef BM_GUIDELINE_READ_FILE_H
#define BM_GUIDELINE_READ_FILE_H

#include "guideline/fields.h"

void bm_read_vocabulary(bm_reader *reader, const bm_node *root);
void bm_read_guideline(bm_reader *reader, const bm_node *root);

/* Parts of a guideline; the member is the bm_guideline. */
bm_read_function bm_read_scores;
bm_read_function bm_read_equations;
bm_read_function bm_read_lists;
bm_read_function bm_read_choices; /* with their rows */
bm_read_function bm_read_advice;  /* after the choices */

/* Room for the rows of all choices and of the advice. */
void bm_start_rows(bm_reader *reader, const bm_node *root, bm_guideline *guideline);
/* What rows choose: that it is possible, and the outcomes of choices of numbers and texts. */
void bm_collect_outcomes(bm_reader *reader, bm_guideline *guideline);

#endif
