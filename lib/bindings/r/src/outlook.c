/* SPDX-License-Identifier: Apache-2.0 */
/* What would alter an answer, and what to find out next. */
#include "bonemets_r.h"

typedef struct {
    SEXP assessment, list, i; /* `i` NULL: `list` says how many questions are wanted */
    bonemets_error *err;
} outlook_call;

static SEXP outlook_body(void *data)
{
    outlook_call *call = data;
    bonemets_outlook *outlook = NULL;
    const bonemets_assessment *result = assessment_of(call->assessment);
    SEXP handle = PROTECT(new_outlook_handle());
    call->err = bonemets_error_new();
    bonemets_status status =
        call->i ? bonemets_what_if(result, Rf_asInteger(call->list), Rf_asInteger(call->i),
                                   &outlook, call->err)
                : bonemets_next_questions(result, Rf_asInteger(call->list), &outlook, call->err);
    R_SetExternalPtrAddr(handle, outlook);
    SEXP out = answer(handle, status, call->err);
    UNPROTECT(1);
    return out;
}

static void outlook_clean(void *data)
{
    outlook_call *call = data;
    bonemets_error_free(call->err);
}

/* An outlook, which bmr_parts() reads. `i` counts from 0. */
SEXP bmr_what_if(SEXP assessment, SEXP list, SEXP i)
{
    outlook_call call = {assessment, list, i, NULL};
    return run_and_clean(outlook_body, outlook_clean, &call);
}

SEXP bmr_next_questions(SEXP assessment, SEXP most)
{
    outlook_call call = {assessment, most, NULL, NULL};
    return run_and_clean(outlook_body, outlook_clean, &call);
}
