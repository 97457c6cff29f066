/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic")
#endif

#include "engine/fold_parts.h"
#include "engine/outcome.h"

/* ---- kernels ---- */

void bm_fold_combine(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const bm_fold_source *first = &step->sources[0];
    const uint8_t *from = columns[first->column].bytes;
    uint8_t *to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = first->low[from[i]];
    for (int s = 1; s < step->source_count; s++) {
        const bm_fold_source *source = &step->sources[s];
        from = columns[source->column].bytes;
        for (size_t i = 0; i < count; i++)
            to[i] = (uint8_t)(to[i] + source->low[from[i]]);
    }
    for (size_t i = 0; i < count; i++)
        to[i] = step->table[to[i]];
}

void bm_fold_combine_large(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    uint16_t index[BM_FOLD_CHUNK] = {0};
    for (int s = 0; s < step->source_count; s++) {
        const bm_fold_source *source = &step->sources[s];
        const uint8_t *from = columns[source->column].bytes;
        for (size_t i = 0; i < count; i++)
            index[i] = (uint16_t)(index[i] + source->low[from[i]] + source->high[from[i]] * 256);
    }
    for (size_t i = 0; i < count; i++)
        step->to[i] = step->large[index[i]];
}

void bm_fold_count(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    uint8_t *to = step->to;
    memset(to, 0, count);
    for (int s = 0; s < step->source_count; s++) {
        const bm_fold_source *source = &step->sources[s];
        const uint8_t *from = columns[source->column].bytes;
        for (size_t i = 0; i < count; i++)
            to[i] = (uint8_t)(to[i] + source->low[from[i]]);
    }
}

void bm_fold_sum_up(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    uint8_t *high = step->to_high;
    bm_fold_count(step, columns, count);
    memset(high, 0, count);
    for (int s = 0; s < step->source_count; s++) {
        const bm_fold_source *source = &step->sources[s];
        const uint8_t *from = columns[source->column].bytes;
        for (size_t i = 0; i < count; i++)
            high[i] = (uint8_t)(high[i] + source->high[from[i]]);
    }
}

/* Two sums of bytes are the same number: their bases differ by `input` steps. */
void bm_fold_equal(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const uint8_t *low = columns[step->sources[0].column].bytes;
    const uint8_t *high = columns[step->sources[1].column].bytes;
    uint8_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = low[i] == high[i] + step->input;
}

/* What is said of the caller's own numbers: see bm_fold_run. */
void bm_fold_nulls(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        step->to[i] = columns[1].bytes[i] == BM_FOLD_SAYS_NOTHING;
}

/* ---- answers ---- */

/* What stands behind the states: which rest on silence, and which are still to be found. */
static void look(bm_fold *fold, const bm_fold_answer *answer, size_t count)
{
    int8_t *restrict state = answer->state + fold->at, *restrict assumed =
                                                           answer->assumed + fold->at;
    uint8_t *restrict open = fold->open;
    for (size_t i = 0; i < count; i++) {
        open[i] |= (state[i] & BM_STATE_OPEN) != 0;
        assumed[i] = (state[i] & BM_STATE_ASSUMED) != 0;
        state[i] &= BM_STATE_BITS;
    }
}

static void write_bytes(const bm_fold *fold, int column, int8_t same, int8_t *to, size_t count)
{
    if (column < 0)
        memset(to, same, count);
    else
        memcpy(to, fold->columns[column].bytes, count);
}

static void write_ends(const bm_fold *fold, int column, const double *by_state, double same,
                       double *restrict to, size_t count)
{
    const uint8_t *bytes = column < 0 ? NULL : fold->columns[column].bytes;
    if (bytes) {
        fold->in_states(bytes, by_state, count, to);
        return;
    }
    for (size_t i = 0; i < count; i++)
        to[i] = same;
}

void bm_fold_steps(const uint8_t *bytes, double base, double unit, size_t count,
                   double *restrict to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = base + unit * bytes[i];
}

static void write_number(const bm_fold *fold, const bm_fold_writer *writer,
                         const bm_fold_answer *answer, size_t count)
{
    double *low = answer->low + fold->at, *high = answer->high + fold->at;
    if (writer->wide) {
        memcpy(low, writer->wide->plain.low, count * sizeof *low);
        memcpy(high, writer->wide->plain.high, count * sizeof *high);
        return;
    }
    if (writer->steps) {
        const uint8_t *lows = fold->columns[writer->column].bytes;
        const uint8_t *highs = fold->columns[writer->high_column].bytes;
        fold->in_steps(lows, writer->same_low, writer->unit, count, low);
        fold->in_steps(highs, writer->same_high, writer->unit, count, high);
        return;
    }
    write_ends(fold, writer->column, writer->low, writer->same_low, low, count);
    write_ends(fold, writer->high_column, writer->high, writer->same_high, high, count);
}

static void write_answer(bm_fold *fold, const bm_fold_writer *writer, const bm_fold_answer *answer,
                         size_t count)
{
    if (writer->alone) {
        write_number(fold, writer, answer, count);
        return;
    }
    memset(answer->assumed + fold->at, 0, count);
    if (!writer->choice)
        write_number(fold, writer, answer, count);
    write_bytes(fold, writer->state, writer->same_state, answer->state + fold->at, count);
    write_bytes(fold, writer->code, writer->same_code, answer->code + fold->at, count);
    if (writer->looks)
        look(fold, answer, count);
}

static void aim(bm_fold *fold, const uint8_t *const there[BM_KINDS])
{
    static const uint8_t nobody[BM_FOLD_CHUNK];
    for (int n = 0; n < fold->input_count; n++)
        if (fold->input_column[n] >= 0)
            fold->columns[fold->input_column[n]].bytes =
                (const uint8_t *)fold->data[n].values + fold->at;
    for (int k = 1; k < fold->program->kind_count; k++)
        if (fold->there_column[k] >= 0)
            fold->columns[fold->there_column[k]].bytes = there[k] ? there[k] + fold->at : nobody;
}

/* Steps that read the caller's own numbers get these in place of the columns. */
static void run_step(const bm_fold *fold, const bm_fold_step *step, size_t count)
{
    bool own = step->sources || step->op || step->math || step->wide.strict.low;
    if (own) {
        step->run(step, fold->columns, count);
        return;
    }
    const bm_fold_data *data = &fold->data[step->input];
    const bm_fold_column columns[3] = {
        {0, (const uint8_t *)((const double *)data->values + fold->at)},
        {0, data->says + fold->at},
        {0, (const uint8_t *)(data->cells + fold->at)}};
    step->run(step, columns, count);
}

void bm_fold_run(bm_fold *fold, const bm_fold_data *data, const uint8_t *const there[BM_KINDS],
                 const bm_fold_answer *answers, uint8_t *open, size_t count)
{
    fold->data = data;
    for (size_t row = 0; row < count; row += BM_FOLD_CHUNK) {
        size_t n = count - row < BM_FOLD_CHUNK ? count - row : BM_FOLD_CHUNK;
        fold->at = row;
        memset(fold->open, 0, n);
        aim(fold, there);
        for (int i = 0; i < fold->step_count; i++)
            run_step(fold, &fold->steps[i], n);
        for (int i = 0; i < fold->writer_count; i++)
            write_answer(fold, &fold->writers[i], &answers[i], n);
        for (size_t i = 0; i < n; i++)
            open[row + i] |= fold->open[i];
    }
}
