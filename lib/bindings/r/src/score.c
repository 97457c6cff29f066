/* SPDX-License-Identifier: Apache-2.0 */
/* A data frame through the batch call, with a look at interrupts after each slice. */
#include "bonemets_r.h"

typedef struct {
    SEXP set, how, columns;
    int64_t rows;
    bonemets_batch *batch;
    bonemets_error *err;
    struct ArrowSchema schema;
    struct ArrowArray made;
} score_call;

static void score_clean(void *data)
{
    score_call *call = data;
    if (call->made.release)
        call->made.release(&call->made);
    if (call->schema.release)
        call->schema.release(&call->schema);
    bonemets_batch_free(call->batch);
    bonemets_error_free(call->err);
}

static bonemets_status score_slice(score_call *call, const slices *in, int64_t from, SEXP answers)
{
    int64_t left = call->rows - from, count = left < SLICE_ROWS ? left : SLICE_ROWS;
    const struct ArrowArray *slice = slice_at(in, from, count);
    bonemets_status status = bonemets_batch_run(call->batch, slice, &call->made, call->err);
    if (status)
        return status;
    if (from == 0)
        name_levels(answers, &call->made);
    fill_answers(answers, &call->made, from);
    call->made.release(&call->made);
    return BONEMETS_OK;
}

/* The answers, the counts, and how many rows stand before those that errors count from 1. */
static SEXP score_rows(score_call *call, const column *columns, int count, SEXP value)
{
    slices in;
    int64_t from = 0;
    bonemets_status status = bonemets_batch_schema(call->batch, &call->schema);
    if (status)
        return answer(R_NilValue, status, call->err);
    SET_VECTOR_ELT(value, 0, new_answers(&call->schema, call->rows));
    new_slices(columns, count, &in);
    do { /* once even when there are no rows: the levels come with the answers */
        status = score_slice(call, &in, from, VECTOR_ELT(value, 0));
        if (status)
            break;
        R_CheckUserInterrupt();
        from += SLICE_ROWS;
    } while (from < call->rows);
    SET_VECTOR_ELT(value, 1, counts_of(call->batch));
    SET_VECTOR_ELT(value, 2, Rf_ScalarReal((double)from));
    return answer(value, status, call->err);
}

static SEXP score_body(void *data)
{
    score_call *call = data;
    const char *names[] = {"answers", "counts", "before", ""};
    int count = (int)XLENGTH(call->columns);
    SEXP value = PROTECT(Rf_mkNamed(VECSXP, names)), out;
    column *columns = (void *)R_alloc((size_t)count + 1, sizeof *columns);
    read_columns(call->columns, columns);
    struct ArrowSchema *schema = schema_of(columns, count);
    call->err = bonemets_error_new();
    bonemets_status status = prepare_batch(set_of(call->set), call->how, &call->batch, call->err);
    if (!status)
        status = bonemets_batch_bind(call->batch, schema, call->err);
    out = status ? answer(R_NilValue, status, call->err) : score_rows(call, columns, count, value);
    UNPROTECT(1);
    return out;
}

/* `columns` is a named list of vectors of length `rows`. */
SEXP bmr_score(SEXP set, SEXP how, SEXP columns, SEXP rows)
{
    score_call call = {
        .set = set, .how = how, .columns = columns, .rows = (int64_t)Rf_asReal(rows)};
    return run_and_clean(score_body, score_clean, &call);
}

/* ---- which facts columns hold ---- */

static SEXP columns_body(void *data)
{
    score_call *call = data;
    int count = (int)XLENGTH(call->columns);
    column *columns = (void *)R_alloc((size_t)count + 1, sizeof *columns);
    for (int i = 0; i < count; i++)
        columns[i] = (column){.name = Rf_translateCharUTF8(STRING_ELT(call->columns, i)),
                              .form = AS_NULL,
                              .entries = R_NilValue};
    struct ArrowSchema *schema = schema_of(columns, count);
    call->err = bonemets_error_new();
    bonemets_status status = prepare_batch(set_of(call->set), call->how, &call->batch, call->err);
    if (!status)
        status = bonemets_batch_bind(call->batch, schema, call->err);
    SEXP counts = PROTECT(status ? R_NilValue : counts_of(call->batch));
    SEXP out = answer(counts, status, call->err);
    UNPROTECT(1);
    return out;
}

/* Binds names alone, so that only columns that are needed are made ready. */
SEXP bmr_columns(SEXP set, SEXP how, SEXP names)
{
    score_call call = {.set = set, .how = how, .columns = names};
    return run_and_clean(columns_body, score_clean, &call);
}
