/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of cases of which the first that holds decides, and tables with a row for every option. */
#ifndef BM_GUIDELINE_READ_CASES_H
#define BM_GUIDELINE_READ_CASES_H

#include "guideline/fields.h"

bm_read_function bm_read_cases; /* of a bm_fact, after its type */
bm_read_function bm_read_table; /* of a bm_fact, after its type */

/* A case has `when` and what follows, under the key `result`, or is the `else`, which comes last. */
bool bm_check_case(bm_reader *reader, const bm_node *node, const char *result);

#endif
