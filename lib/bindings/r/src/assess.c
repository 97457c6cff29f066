/* SPDX-License-Identifier: Apache-2.0 */
/* One patient. */
#include "bonemets_r.h"

#include <string.h>

typedef struct {
    SEXP set, record, target, profile, now;
    bonemets_patient *patient;
    bonemets_error *err;
} assess_call;

static bonemets_status read_patient(assess_call *call)
{
    const char *record = text_of(call->record), *profile = text_of(call->profile);
    const char *now = text_of(call->now);
    bonemets_status status = bonemets_patient_new(set_of(call->set), &call->patient);
    if (!status)
        status = record ? bonemets_patient_read(call->patient, "record", record, strlen(record),
                                                call->err)
                        : BONEMETS_E_ARGUMENT;
    if (!status && profile)
        status = bonemets_patient_set_profile(call->patient, profile, call->err);
    if (!status && now)
        status = bonemets_patient_set_now(call->patient, now, call->err);
    return status;
}

static SEXP assess_body(void *data)
{
    assess_call *call = data;
    bonemets_assessment *result = NULL;
    SEXP handle = PROTECT(new_assessment_handle());
    const char *target = text_of(call->target);
    call->err = bonemets_error_new();
    bonemets_status status = read_patient(call);
    if (!status)
        status = bonemets_assess(call->patient, target, &result, call->err);
    R_SetExternalPtrAddr(handle, result);
    SEXP out = answer(handle, status, call->err);
    UNPROTECT(1);
    return out;
}

static void assess_clean(void *data)
{
    assess_call *call = data;
    bonemets_patient_free(call->patient);
    bonemets_error_free(call->err);
}

SEXP bmr_assess(SEXP set, SEXP record, SEXP target, SEXP profile, SEXP now)
{
    assess_call call = {set, record, target, profile, now, NULL, NULL};
    return run_and_clean(assess_body, assess_clean, &call);
}

static bonemets_status write_assessment(const void *result, const char *id, int32_t format,
                                        char *buf, size_t size, size_t *needed)
{
    (void)id;
    return bonemets_assessment_write(result, format, buf, size, needed);
}

SEXP bmr_write(SEXP assessment, SEXP format)
{
    return written(write_assessment, assessment_of(assessment), NULL, Rf_asInteger(format));
}
