/* SPDX-License-Identifier: Apache-2.0 */
/* The vocabulary of a set as columns. */
#include "bonemets_r.h"

#include <string.h>

static SEXP strings_of(const bonemets_guidelines *set, int32_t count, bonemets_field field)
{
    SEXP out = PROTECT(Rf_allocVector(STRSXP, count));
    for (int32_t i = 0; i < count; i++)
        SET_STRING_ELT(out, i,
                       string_from(bonemets_fact_str(set, bonemets_fact_at(set, i), field)));
    UNPROTECT(1);
    return out;
}

static int is_number(const bonemets_guidelines *set, bonemets_fact fact)
{
    const char *type = bonemets_fact_str(set, fact, BONEMETS_F_TYPE);
    return type && (strcmp(type, "count") == 0 || strcmp(type, "quantity") == 0);
}

static SEXP numbers_of(const bonemets_guidelines *set, int32_t count, bonemets_field field)
{
    SEXP out = PROTECT(Rf_allocVector(REALSXP, count));
    for (int32_t i = 0; i < count; i++) {
        bonemets_fact fact = bonemets_fact_at(set, i);
        REAL(out)[i] = is_number(set, fact) ? bonemets_fact_num(set, fact, field) : NA_REAL;
    }
    UNPROTECT(1);
    return out;
}

static SEXP options_of(const bonemets_guidelines *set, int32_t count)
{
    SEXP out = PROTECT(Rf_allocVector(VECSXP, count));
    for (int32_t i = 0; i < count; i++) {
        bonemets_fact fact = bonemets_fact_at(set, i);
        int32_t options = bonemets_fact_option_count(set, fact);
        SEXP one = Rf_allocVector(STRSXP, options);
        SET_VECTOR_ELT(out, i, one);
        for (int32_t j = 0; j < options; j++)
            SET_STRING_ELT(one, j,
                           string_from(bonemets_fact_option_str(set, fact, j, BONEMETS_F_ID)));
    }
    UNPROTECT(1);
    return out;
}

/* A column for each field of text, then low, high and the options. */
SEXP bmr_facts(SEXP handle, SEXP fields)
{
    const bonemets_guidelines *set = set_of(handle);
    int32_t count = bonemets_fact_count(set);
    R_xlen_t texts = XLENGTH(fields);
    SEXP out = PROTECT(Rf_allocVector(VECSXP, texts + 3));
    for (R_xlen_t f = 0; f < texts; f++)
        SET_VECTOR_ELT(out, f, strings_of(set, count, INTEGER(fields)[f]));
    SET_VECTOR_ELT(out, texts, numbers_of(set, count, BONEMETS_F_LOW));
    SET_VECTOR_ELT(out, texts + 1, numbers_of(set, count, BONEMETS_F_HIGH));
    SET_VECTOR_ELT(out, texts + 2, options_of(set, count));
    UNPROTECT(1);
    return out;
}
