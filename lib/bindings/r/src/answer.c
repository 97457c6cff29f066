/* SPDX-License-Identifier: Apache-2.0 */
/* Errors leave C as values; R code turns them into conditions. */
#include "bonemets_r.h"

static SEXP strings_of(const bonemets_error *err, int32_t count, bonemets_field field)
{
    SEXP out = PROTECT(Rf_allocVector(STRSXP, count));
    for (int32_t i = 0; i < count; i++)
        SET_STRING_ELT(out, i, string_from(bonemets_error_str(err, i, field)));
    UNPROTECT(1);
    return out;
}

static SEXP integers_of(const bonemets_error *err, int32_t count, bonemets_field field)
{
    SEXP out = PROTECT(Rf_allocVector(INTSXP, count));
    for (int32_t i = 0; i < count; i++) {
        int32_t value = bonemets_error_int(err, i, field);
        INTEGER(out)[i] = value < 0 ? NA_INTEGER : value;
    }
    UNPROTECT(1);
    return out;
}

SEXP problems_of(const bonemets_error *err)
{
    const char *names[] = {"severity", "status", "message", "file", "line", "column", "path", ""};
    int32_t count = bonemets_error_count(err);
    SEXP out = PROTECT(Rf_mkNamed(VECSXP, names));
    SET_VECTOR_ELT(out, 0, integers_of(err, count, BONEMETS_F_SEVERITY));
    SET_VECTOR_ELT(out, 1, integers_of(err, count, BONEMETS_F_STATUS));
    SET_VECTOR_ELT(out, 2, strings_of(err, count, BONEMETS_F_MESSAGE));
    SET_VECTOR_ELT(out, 3, strings_of(err, count, BONEMETS_F_FILE));
    SET_VECTOR_ELT(out, 4, integers_of(err, count, BONEMETS_F_LINE));
    SET_VECTOR_ELT(out, 5, integers_of(err, count, BONEMETS_F_COLUMN));
    SET_VECTOR_ELT(out, 6, strings_of(err, count, BONEMETS_F_PATH));
    UNPROTECT(1);
    return out;
}

SEXP answer(SEXP value, bonemets_status status, const bonemets_error *err)
{
    const char *names[] = {"value", "status", "problems", ""};
    PROTECT(value);
    SEXP out = PROTECT(Rf_mkNamed(VECSXP, names));
    SET_VECTOR_ELT(out, 0, value);
    if (status != BONEMETS_OK)
        SET_VECTOR_ELT(out, 1, Rf_ScalarInteger(status));
    if (bonemets_error_count(err) > 0)
        SET_VECTOR_ELT(out, 2, problems_of(err));
    UNPROTECT(2);
    return out;
}
