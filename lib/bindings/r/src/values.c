/* SPDX-License-Identifier: Apache-2.0 */
/* Small values between R and C. */
#include "bonemets_r.h"

#include <string.h>

const char *text_of(SEXP value)
{
    if (TYPEOF(value) != STRSXP || XLENGTH(value) < 1 || STRING_ELT(value, 0) == NA_STRING)
        return NULL;
    return Rf_translateCharUTF8(STRING_ELT(value, 0));
}

SEXP string_from(const char *text)
{
    return text ? Rf_mkCharCE(text, CE_UTF8) : NA_STRING;
}

SEXP element(SEXP list, const char *name)
{
    SEXP names = Rf_getAttrib(list, R_NamesSymbol);
    for (R_xlen_t i = 0; i < XLENGTH(names); i++)
        if (strcmp(CHAR(STRING_ELT(names, i)), name) == 0)
            return VECTOR_ELT(list, i);
    return R_NilValue;
}
