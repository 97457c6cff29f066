/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of C is released however a routine ends. */
#include "bonemets_r.h"

typedef struct {
    void (*clean)(void *);
    void *data;
} cleaning;

static void clean_up(void *data, Rboolean jump)
{
    cleaning *what = data;
    (void)jump;
    what->clean(what->data);
}

SEXP run_and_clean(SEXP (*body)(void *), void (*clean)(void *), void *data)
{
    cleaning what = {clean, data};
    return R_UnwindProtect(body, data, clean_up, &what, NULL);
}
