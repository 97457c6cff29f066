/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that the library writes into a buffer. */
#include "bonemets_r.h"

enum { USUAL_SIZE = 1 << 16 };

/* The buffer is R's, so it goes away whatever happens. */
SEXP written(writer write, const void *of, const char *id, int32_t format)
{
    size_t size = USUAL_SIZE, needed = 0;
    bonemets_status status = BONEMETS_E_SPACE;
    char *text = NULL;
    while (status == BONEMETS_E_SPACE) {
        text = R_alloc(size, 1);
        status = write(of, id, format, text, size, &needed);
        if (status == BONEMETS_E_SPACE && needed <= size)
            status = BONEMETS_E_OTHER;
        size = needed;
    }
    SEXP value = PROTECT(status ? R_NilValue : Rf_ScalarString(string_from(text)));
    SEXP out = answer(value, status, NULL);
    UNPROTECT(1);
    return out;
}
