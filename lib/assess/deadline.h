/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of a limit, from the hours that its clock has run. */
#ifndef BM_ASSESS_DEADLINE_H
#define BM_ASSESS_DEADLINE_H

#include "assess/entry.h"

/* Of a limit of a guideline about one record. */
bm_deadline bm_deadline_of(const bonemets_assessment *a, const bm_guideline *guideline, int record,
                           const bm_clock *clock, double limit);
/* Of a row that speaks, or of a choice whose outcome are hours. */
bm_deadline bm_view_deadline(const bm_view *view);

#endif
