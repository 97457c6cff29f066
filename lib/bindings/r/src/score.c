/* SPDX-License-Identifier: Apache-2.0 */
/* A data frame through the batch call. */
#include "bonemets_r.h"

#include <unistd.h>

enum { MOST_THREADS = 64, ROWS_OF_A_THREAD = 200000, USUAL_THREADS = 2 };

typedef struct {
    SEXP set, how, columns, threads;
    struct ArrowSchema schema;
    team all;
} score_call;

static void score_clean(void *data)
{
    score_call *call = data;
    free_team(&call->all);
    if (call->schema.release)
        call->schema.release(&call->schema);
}

/* As many as were asked for; else two where there are two processors and it is worth it. */
static int how_many_threads(const score_call *call)
{
    int wanted = Rf_asInteger(call->threads);
    if (wanted == NA_INTEGER) {
        int64_t worth = call->all.rows / ROWS_OF_A_THREAD;
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        wanted = worth < USUAL_THREADS || processors < USUAL_THREADS ? 1 : USUAL_THREADS;
    }
    return wanted < 1 ? 1 : wanted > MOST_THREADS ? MOST_THREADS : wanted;
}

/* Each worker has a batch of its own. */
static bonemets_status new_workers(score_call *call, int count, const struct ArrowSchema *schema)
{
    bonemets_status status = BONEMETS_OK;
    call->all.workers = (void *)R_alloc((size_t)count, sizeof *call->all.workers);
    for (int i = 0; i < count && !status; i++) {
        worker *one = &call->all.workers[i];
        *one = (worker){.all = &call->all, .err = bonemets_error_new()};
        call->all.count = i + 1;
        status = prepare_batch(set_of(call->set), call->how, &one->batch, one->err);
        if (!status)
            status = bonemets_batch_bind(one->batch, schema, one->err);
    }
    return status;
}

static const bonemets_error *last_error(const score_call *call)
{
    return call->all.count > 0 ? call->all.workers[call->all.count - 1].err : NULL;
}

/* The answers, the counts, how many rows stand before those that errors count from 1, and the cells
 * that were refused and counted. */
static SEXP score_rows(score_call *call, const column *columns, int count, SEXP value)
{
    bonemets_status status = bonemets_batch_schema(call->all.workers[0].batch, &call->schema);
    if (status)
        return answer(R_NilValue, status, NULL);
    SET_VECTOR_ELT(value, 0, new_answers(&call->schema, call->all.rows));
    call->all.sinks = sinks_of(VECTOR_ELT(value, 0), call->all.rows);
    call->all.sink_count = XLENGTH(VECTOR_ELT(value, 0));
    for (int i = 0; i < call->all.count; i++)
        new_slices(columns, count, &call->all.workers[i].in);
    const worker *refused = run_team(&call->all, VECTOR_ELT(value, 0));
    SET_VECTOR_ELT(value, 1, counts_of_team(&call->all));
    SET_VECTOR_ELT(value, 2, Rf_ScalarReal(refused ? (double)refused->before : 0));
    SET_VECTOR_ELT(value, 3, told_by_team(&call->all));
    return answer(value, refused ? refused->status : BONEMETS_OK, refused ? refused->err : NULL);
}

static SEXP score_body(void *data)
{
    score_call *call = data;
    const char *names[] = {"answers", "counts", "before", "told", ""};
    int count = (int)XLENGTH(call->columns);
    SEXP value = PROTECT(Rf_mkNamed(VECSXP, names)), out;
    column *columns = (void *)R_alloc((size_t)count + 1, sizeof *columns);
    bonemets_status status = BONEMETS_E_ARGUMENT;
    if (read_columns(call->columns, call->all.rows, columns))
        status = new_workers(call, how_many_threads(call), schema_of(columns, count));
    out = status ? answer(R_NilValue, status, last_error(call))
                 : score_rows(call, columns, count, value);
    UNPROTECT(1);
    return out;
}

/* `columns` is a named list of vectors of length `rows`; `threads` may be NA. */
SEXP bmr_score(SEXP set, SEXP how, SEXP columns, SEXP rows, SEXP threads)
{
    score_call call = {.set = set,
                       .how = how,
                       .columns = columns,
                       .threads = threads,
                       .all = {.rows = (int64_t)Rf_asReal(rows)}};
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
    bonemets_status status = new_workers(call, 1, schema_of(columns, count));
    SEXP counts = PROTECT(status ? R_NilValue : counts_of_team(&call->all));
    SEXP out = answer(counts, status, last_error(call));
    UNPROTECT(1);
    return out;
}

/* Binds names alone, so that only columns that are needed are made ready. */
SEXP bmr_columns(SEXP set, SEXP how, SEXP names)
{
    score_call call = {.set = set, .how = how, .columns = names};
    return run_and_clean(columns_body, score_clean, &call);
}
