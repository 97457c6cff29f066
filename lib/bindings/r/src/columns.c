/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of R, and as what bonemets gets them. Nothing is copied here. */
#include "bonemets_r.h"

static int says_nothing(SEXP truths)
{
    for (R_xlen_t i = 0; i < XLENGTH(truths); i++)
        if (LOGICAL(truths)[i] != NA_LOGICAL)
            return 0;
    return 1;
}

static void read_column(SEXP values, column *out)
{
    out->form = AS_NULL;
    switch (TYPEOF(values)) {
    case LGLSXP: /* a column of NA alone is one of any type */
        out->integers = LOGICAL(values);
        out->form = says_nothing(values) ? AS_NULL : AS_TRUTHS;
        break;
    case INTSXP:
        out->integers = INTEGER(values);
        out->entries = Rf_isFactor(values) ? Rf_getAttrib(values, R_LevelsSymbol) : R_NilValue;
        out->form = Rf_isFactor(values) ? AS_KEYS : AS_INTEGERS;
        out->short_keys = out->form == AS_KEYS && XLENGTH(out->entries) <= UINT8_MAX;
        break;
    case REALSXP:
        out->doubles = REAL(values);
        out->form = AS_DOUBLES;
        break;
    default: /* R code hands over nothing else */
        break;
    }
}

int read_columns(SEXP columns, int64_t rows, column *out)
{
    SEXP names = Rf_getAttrib(columns, R_NamesSymbol);
    int fit = 1;
    for (R_xlen_t i = 0; i < XLENGTH(columns); i++) {
        out[i] =
            (column){.name = Rf_translateCharUTF8(STRING_ELT(names, i)), .entries = R_NilValue};
        read_column(VECTOR_ELT(columns, i), &out[i]);
        fit = fit && Rf_xlength(VECTOR_ELT(columns, i)) == rows;
    }
    return fit;
}
