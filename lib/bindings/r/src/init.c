/* SPDX-License-Identifier: Apache-2.0 */
/* What R may call. */
#include "bonemets_r.h"

#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>

#define ROUTINE(name, count)                                                                       \
    {                                                                                              \
#name, (DL_FUNC)(void (*)(void))name, count                                                \
    }

static const R_CallMethodDef routines[] = {
    ROUTINE(bmr_version, 0),    ROUTINE(bmr_load, 4),           ROUTINE(bmr_guidelines, 2),
    ROUTINE(bmr_digest, 1),     ROUTINE(bmr_facts, 2),          ROUTINE(bmr_explain, 3),
    ROUTINE(bmr_assess, 5),     ROUTINE(bmr_write, 2),          ROUTINE(bmr_overall, 3),
    ROUTINE(bmr_parts, 6),      ROUTINE(bmr_columns, 3),        ROUTINE(bmr_score, 5),
    ROUTINE(bmr_new_stream, 0), ROUTINE(bmr_counts, 1),         ROUTINE(bmr_score_stream, 3),
    ROUTINE(bmr_what_if, 3),    ROUTINE(bmr_next_questions, 2), {NULL, NULL, 0},
};

attribute_visible void R_init_bonemets(DllInfo *info)
{
    R_registerRoutines(info, NULL, routines, NULL, NULL);
    R_useDynamicSymbols(info, FALSE);
    R_forceSymbols(info, TRUE);
}
