/* SPDX-License-Identifier: Apache-2.0 */
/* From definitions to a program: every value, score, equation and table becomes a task; a task is
 * compiled after all that it reads. */
#ifndef BM_GUIDELINE_LINK_H
#define BM_GUIDELINE_LINK_H

#include "guideline/set.h"

/* Fills set->program, the built fields of the definitions, the plans and the input tables.
 * Everything wrong is reported. */
bonemets_status bm_link(bonemets_guidelines *set, bonemets_error *err);

#endif
