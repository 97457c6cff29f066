/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of an assessment or outlook as columns. */
#include "bonemets_r.h"

/* The entries of a list of an assessment, or those of an outlook, which are one list; with `part` above
 * 0 the parts of each. */
typedef struct {
    const bonemets_assessment *result;
    const bonemets_outlook *outlook; /* NULL: of the assessment */
    int32_t list, part;
} from;

typedef struct {
    int32_t entry, part;
} spot;

static const char *string_at(const from *of, spot at, bonemets_field field)
{
    if (of->outlook)
        return of->part ? bonemets_outlook_sub_str(of->outlook, at.entry, of->part, at.part, field)
                        : bonemets_outlook_str(of->outlook, at.entry, field);
    return of->part ? bonemets_assessment_sub_str(of->result, of->list, at.entry, of->part, at.part,
                                                  field)
                    : bonemets_assessment_str(of->result, of->list, at.entry, field);
}

static int32_t integer_at(const from *of, spot at, bonemets_field field)
{
    if (of->outlook)
        return of->part ? bonemets_outlook_sub_int(of->outlook, at.entry, of->part, at.part, field)
                        : bonemets_outlook_int(of->outlook, at.entry, field);
    return of->part ? bonemets_assessment_sub_int(of->result, of->list, at.entry, of->part, at.part,
                                                  field)
                    : bonemets_assessment_int(of->result, of->list, at.entry, field);
}

static double number_at(const from *of, spot at, bonemets_field field)
{
    if (of->outlook)
        return of->part ? bonemets_outlook_sub_num(of->outlook, at.entry, of->part, at.part, field)
                        : bonemets_outlook_num(of->outlook, at.entry, field);
    return of->part ? bonemets_assessment_sub_num(of->result, of->list, at.entry, of->part, at.part,
                                                  field)
                    : bonemets_assessment_num(of->result, of->list, at.entry, field);
}

static int32_t entries_of(const from *of)
{
    return of->outlook ? bonemets_outlook_count(of->outlook)
                       : bonemets_assessment_count(of->result, of->list);
}

static int32_t parts_of(const from *of, int32_t i)
{
    return !of->part     ? 1
           : of->outlook ? bonemets_outlook_sub_count(of->outlook, i, of->part)
                         : bonemets_assessment_sub_count(of->result, of->list, i, of->part);
}

/* All places; *out is R_alloc()'s. */
static R_xlen_t spots_of(const from *of, spot **out)
{
    int32_t entries = entries_of(of);
    R_xlen_t count = 0;
    for (int32_t i = 0; i < entries; i++)
        count += parts_of(of, i);
    *out = (spot *)(void *)R_alloc((size_t)count + 1, sizeof **out);
    spot *at = *out;
    for (int32_t i = 0; i < entries; i++) {
        int32_t parts = parts_of(of, i);
        for (int32_t j = 0; j < parts; j++)
            *at++ = (spot){i, j};
    }
    return count;
}

static SEXP string_column(const from *of, const spot *at, R_xlen_t count, bonemets_field field)
{
    SEXP out = PROTECT(Rf_allocVector(STRSXP, count));
    for (R_xlen_t i = 0; i < count; i++)
        SET_STRING_ELT(out, i, string_from(string_at(of, at[i], field)));
    UNPROTECT(1);
    return out;
}

static SEXP integer_column(const from *of, const spot *at, R_xlen_t count, bonemets_field field)
{
    SEXP out = Rf_allocVector(INTSXP, count);
    for (R_xlen_t i = 0; i < count; i++) {
        int32_t value = integer_at(of, at[i], field);
        INTEGER(out)[i] = value < 0 ? NA_INTEGER : value;
    }
    return out;
}

static SEXP number_column(const from *of, const spot *at, R_xlen_t count, bonemets_field field)
{
    SEXP out = Rf_allocVector(REALSXP, count);
    for (R_xlen_t i = 0; i < count; i++)
        REAL(out)[i] = number_at(of, at[i], field);
    return out;
}

/* Which entry each row belongs to, from 1. */
static SEXP entry_column(const spot *at, R_xlen_t count)
{
    SEXP out = Rf_allocVector(INTSXP, count);
    for (R_xlen_t i = 0; i < count; i++)
        INTEGER(out)[i] = at[i].entry + 1;
    return out;
}

/* Of an assessment or an outlook. */
SEXP bmr_parts(SEXP handle, SEXP list, SEXP part, SEXP strings, SEXP integers, SEXP numbers)
{
    from of = {assessment_of(handle), outlook_of(handle), Rf_asInteger(list), Rf_asInteger(part)};
    spot *at;
    R_xlen_t count = spots_of(&of, &at), next = 0;
    SEXP out = PROTECT(
        Rf_allocVector(VECSXP, 1 + XLENGTH(strings) + XLENGTH(integers) + XLENGTH(numbers)));
    SET_VECTOR_ELT(out, next++, entry_column(at, count));
    for (R_xlen_t f = 0; f < XLENGTH(strings); f++)
        SET_VECTOR_ELT(out, next++, string_column(&of, at, count, INTEGER(strings)[f]));
    for (R_xlen_t f = 0; f < XLENGTH(integers); f++)
        SET_VECTOR_ELT(out, next++, integer_column(&of, at, count, INTEGER(integers)[f]));
    for (R_xlen_t f = 0; f < XLENGTH(numbers); f++)
        SET_VECTOR_ELT(out, next++, number_column(&of, at, count, INTEGER(numbers)[f]));
    UNPROTECT(1);
    return out;
}

SEXP bmr_overall(SEXP assessment, SEXP strings, SEXP numbers)
{
    const bonemets_assessment *result = assessment_of(assessment);
    SEXP out = PROTECT(Rf_allocVector(VECSXP, XLENGTH(strings) + XLENGTH(numbers)));
    for (R_xlen_t f = 0; f < XLENGTH(strings); f++)
        SET_VECTOR_ELT(out, f,
                       Rf_ScalarString(string_from(
                           bonemets_assessment_overall_str(result, INTEGER(strings)[f]))));
    for (R_xlen_t f = 0; f < XLENGTH(numbers); f++) {
        double hours = bonemets_assessment_overall_num(result, INTEGER(numbers)[f]);
        SET_VECTOR_ELT(out, XLENGTH(strings) + f, Rf_ScalarReal(hours < 0 ? NA_REAL : hours));
    }
    UNPROTECT(1);
    return out;
}
