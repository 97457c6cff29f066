/* SPDX-License-Identifier: Apache-2.0 */
/* Proves what can be proved of tables once they are compiled: bands, ranges, rows and choices. */
#ifndef BM_GUIDELINE_VERIFY_H
#define BM_GUIDELINE_VERIFY_H

#include "guideline/set.h"

/* Errors make it fail; unused facts are warnings. */
bonemets_status bm_verify(bonemets_guidelines *set, bonemets_error *err);

#endif
