/* SPDX-License-Identifier: Apache-2.0 */
/* Streams of Arrow from one package to another. */
#include "bonemets_r.h"

typedef struct {
    SEXP set, how, stream;
    bonemets_batch *batch;
    bonemets_error *err;
} stream_call;

static void stream_clean(void *data)
{
    stream_call *call = data;
    bonemets_batch_free(call->batch);
    bonemets_error_free(call->err);
}

/* The stream that came in is taken over; the one that goes out is evaluated as it is read. */
static SEXP stream_body(void *data)
{
    stream_call *call = data;
    const char *names[] = {"stream", "batch", ""};
    SEXP value = PROTECT(Rf_mkNamed(VECSXP, names));
    SET_VECTOR_ELT(value, 0, new_stream_handle());
    SET_VECTOR_ELT(value, 1, new_batch_handle());
    R_SetExternalPtrProtected(VECTOR_ELT(value, 0), call->stream); /* it may lend what it streams */
    struct ArrowArrayStream *in = stream_of(call->stream), *made = stream_of(VECTOR_ELT(value, 0));
    call->err = bonemets_error_new();
    bonemets_status status = BONEMETS_E_ARGUMENT;
    if (in && in->release && made)
        status = prepare_batch(set_of(call->set), call->how, &call->batch, call->err);
    if (!status)
        status = bonemets_batch_stream(call->batch, in, made, call->err);
    R_SetExternalPtrAddr(VECTOR_ELT(value, 1), call->batch);
    call->batch = NULL;
    SEXP out = answer(value, status, call->err);
    UNPROTECT(1);
    return out;
}

SEXP bmr_score_stream(SEXP set, SEXP how, SEXP stream)
{
    stream_call call = {set, how, stream, NULL, NULL};
    return run_and_clean(stream_body, stream_clean, &call);
}

SEXP bmr_new_stream(void)
{
    return new_stream_handle();
}

SEXP bmr_counts(SEXP batch)
{
    return counts_of(batch_of(batch));
}
