/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of Arrow as vectors of R: numbers, and factors from dictionaries. */
#include "bonemets_r.h"

#include <string.h>

static void make_factor(SEXP codes, const struct ArrowArray *dictionary)
{
    const int32_t *ends = dictionary->buffers[1];
    const char *text = dictionary->buffers[2];
    SEXP levels = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)dictionary->length));
    for (int64_t i = 0; i < dictionary->length; i++)
        SET_STRING_ELT(levels, (R_xlen_t)i,
                       Rf_mkCharLenCE(text + ends[i], ends[i + 1] - ends[i], CE_UTF8));
    SEXP name = PROTECT(Rf_mkString("factor"));
    Rf_setAttrib(codes, R_LevelsSymbol, levels);
    Rf_setAttrib(codes, R_ClassSymbol, name);
    UNPROTECT(2);
}

SEXP new_answers(const struct ArrowSchema *schema, int64_t rows)
{
    R_xlen_t count = (R_xlen_t)schema->n_children;
    SEXP out = PROTECT(Rf_allocVector(VECSXP, count));
    SEXP names = PROTECT(Rf_allocVector(STRSXP, count));
    for (R_xlen_t i = 0; i < count; i++) {
        const struct ArrowSchema *one = schema->children[i];
        SET_VECTOR_ELT(out, i, Rf_allocVector(one->dictionary ? INTSXP : REALSXP, (R_xlen_t)rows));
        SET_STRING_ELT(names, i, string_from(one->name));
    }
    Rf_setAttrib(out, R_NamesSymbol, names);
    UNPROTECT(2);
    return out;
}

void name_levels(SEXP answers, const struct ArrowArray *first)
{
    for (R_xlen_t i = 0; i < XLENGTH(answers); i++)
        if (first->children[i]->dictionary)
            make_factor(VECTOR_ELT(answers, i), first->children[i]->dictionary);
}

static void fill_numbers(double *out, const struct ArrowArray *in)
{
    memcpy(out, in->buffers[1], (size_t)in->length * sizeof *out);
    if (in->null_count)
        numbers_missing(in->buffers[0], in->length, out);
}

static void fill_codes(int *out, const struct ArrowArray *in)
{
    codes_from_keys(in->buffers[1], in->length, out);
    if (in->null_count)
        codes_missing(in->buffers[0], in->length, out);
}

const sink *sinks_of(SEXP answers)
{
    R_xlen_t count = XLENGTH(answers);
    sink *out = (void *)R_alloc((size_t)count + 1, sizeof *out);
    for (R_xlen_t i = 0; i < count; i++) {
        SEXP one = VECTOR_ELT(answers, i);
        int numbers = TYPEOF(one) == REALSXP;
        out[i] = (sink){numbers ? REAL(one) : NULL, numbers ? NULL : INTEGER(one)};
    }
    return out;
}

void fill_answers(const sink *sinks, const struct ArrowArray *slice, int64_t from)
{
    for (int64_t i = 0; i < slice->n_children; i++)
        if (sinks[i].numbers)
            fill_numbers(sinks[i].numbers + from, slice->children[i]);
        else
            fill_codes(sinks[i].codes + from, slice->children[i]);
}
