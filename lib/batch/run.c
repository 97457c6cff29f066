/* SPDX-License-Identifier: Apache-2.0 */
/* One array of rows through the batch, a chunk at a time. */
#include <string.h>

#include "base/error.h"
#include "batch/batch.h"

static bool is_of_schema(const bonemets_batch *batch, const struct ArrowArray *in)
{
    bm_vector rows;
    if (in->length < 0 || !bm_vector_open(in, BM_STORE_STRUCT, 0, in->length, &rows))
        return false;
    if (in->n_children != batch->column_count || (in->n_children && !in->children))
        return false;
    for (int64_t i = 0; i < in->n_children; i++)
        if (!in->children[i])
            return false;
    return true;
}

/* What is counted of an array that was refused counts for nothing. */
static void count_cells(bonemets_batch *batch, bool answered)
{
    for (int i = 0; i < batch->all_column_count; i++) {
        bm_batch_column *column = &batch->columns[i];
        for (int reason = 0; reason < BM_REASONS && answered; reason++)
            column->bad[reason] += column->refused[reason];
        batch->bad_cells += answered ? column->refused[0] : 0;
        memset(column->refused, 0, sizeof column->refused);
    }
}

/* What the columns of a chunk are refused for is told with what its lists are. */
static bonemets_status run_chunk(bonemets_batch *batch, const struct ArrowArray *in, int64_t row,
                                 int64_t count, int64_t first, bonemets_error *err)
{
    bonemets_status status = bm_batch_read_chunk(batch, in, row, count, first + row, err);
    if (batch->list_count && (status == BONEMETS_OK || status == batch->refused)) {
        bool evaluate = status == BONEMETS_OK && batch->by_row;
        status = bm_records_rows(batch, in, row, count, first + row, evaluate, err);
    }
    return status == BONEMETS_OK && !batch->by_row ? bm_batch_rows(batch, row, count) : status;
}

static bonemets_status run_chunks(bonemets_batch *batch, const struct ArrowArray *in, int64_t first,
                                  struct ArrowArray *out, bonemets_error *err)
{
    bonemets_status status = bm_keep_copy(batch, in, out->children, err);
    for (int64_t row = 0; row < in->length && status == BONEMETS_OK; row += BM_BATCH_CHUNK) {
        int64_t left = in->length - row, count = left < BM_BATCH_CHUNK ? left : BM_BATCH_CHUNK;
        status = run_chunk(batch, in, row, count, first, err);
        if (status == BONEMETS_OK)
            bm_produce_finish(batch, out, row, count);
    }
    if (status == BONEMETS_OK && bm_produce_end(batch, out))
        status = bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    return status;
}

bonemets_status bm_batch_run_rows(bonemets_batch *batch, const struct ArrowArray *in, int64_t first,
                                  struct ArrowArray *out, bonemets_error *err)
{
    if (!is_of_schema(batch, in))
        return bm_cell_not_of_schema(NULL, err);
    bonemets_status status = bm_batch_read_dictionaries(batch, in, err);
    if (status == BONEMETS_OK && batch->list_count)
        status = bm_records_begin(batch, in, err);
    if (status == BONEMETS_OK && bm_produce_array(batch, in->length, out))
        status = bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    if (status) {
        bm_records_end(batch);
        return status;
    }
    int64_t rows = batch->rows, columnar = batch->columnar;
    status = run_chunks(batch, in, first, out, err);
    bm_records_end(batch);
    count_cells(batch, status == BONEMETS_OK);
    if (status) {
        batch->rows = rows;
        batch->columnar = columnar;
        out->release(out);
    }
    return status;
}

bonemets_status bonemets_batch_run(bonemets_batch *batch, const struct ArrowArray *in,
                                   struct ArrowArray *out, bonemets_error *err)
{
    if (!out)
        return BONEMETS_E_ARGUMENT;
    memset(out, 0, sizeof *out);
    if (!batch || !in || !in->release || !batch->is_bound)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL,
                       !batch            ? "there is no batch"
                       : !in             ? "there is no array"
                       : batch->is_bound ? "the array was released"
                                         : "no schema is bound");
    struct ArrowArray made = {0};
    bonemets_status status = bm_batch_run_rows(batch, in, 1, &made, err);
    if (status == BONEMETS_OK)
        *out = made;
    return status;
}

bonemets_status bonemets_batch_schema(const bonemets_batch *batch, struct ArrowSchema *out)
{
    if (!out)
        return BONEMETS_E_ARGUMENT;
    memset(out, 0, sizeof *out);
    if (!batch || (batch->keep_count && !batch->is_bound))
        return BONEMETS_E_ARGUMENT;
    struct ArrowSchema made = {0};
    bonemets_status status = bm_produce_schema(batch, &made);
    if (status == BONEMETS_OK)
        *out = made;
    return status;
}
