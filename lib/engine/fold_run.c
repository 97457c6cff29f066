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

void bm_fold_combine_wide(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    uint16_t index[BM_FOLD_CHUNK] = {0};
    for (int s = 0; s < step->source_count; s++) {
        const bm_fold_source *source = &step->sources[s];
        const uint8_t *from = columns[source->column].bytes;
        for (size_t i = 0; i < count; i++)
            index[i] = (uint16_t)(index[i] + source->low[from[i]] + source->high[from[i]] * 256);
    }
    for (size_t i = 0; i < count; i++)
        step->to[i] = step->wide[index[i]];
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

/* `values` and `null` are those of the chunk: see bm_fold_run. */
void bm_fold_climb(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const double *values = (const double *)(const void *)columns[0].bytes;
    const uint8_t *null = columns[1].bytes;
    for (size_t i = 0; i < count; i++) {
        int rung = 0;
        for (int r = 0; r < step->rung_count; r++)
            rung += values[i] >= step->rungs[r];
        step->to[i] = (uint8_t)(null[i] ? step->rung_count + 1 : rung);
    }
}

void bm_fold_nulls(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    memcpy(step->to, columns[1].bytes, count);
}

void bm_fold_spread(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const uint64_t *words = (const uint64_t *)(const void *)columns[0].bytes;
    const uint8_t *null = columns[1].bytes;
    for (size_t i = 0; i < count; i++) {
        bm_cell cell = {.low.mask = words[i], .high.mask = words[i]}; /* or a number's bits */
        step->to_cells[i] = null[i] ? step->blank : cell;
    }
}

static int place(const bm_fold_step *step, double x)
{
    int rung = 0;
    for (int r = 0; r < step->rung_count; r++)
        rung += x >= step->rungs[r];
    return rung;
}

void bm_fold_climb_cells(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    for (size_t i = 0; i < count; i++)
        step->to[i] = (uint8_t)(place(step, step->cells[i].low.number) * (step->rung_count + 1) +
                                place(step, step->cells[i].high.number));
}

/* Whether a number in cells is known, plus 2 where it is not `blank`. */
void bm_fold_known(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    (void)columns;
    for (size_t i = 0; i < count; i++)
        step->to[i] = (uint8_t)(bm_cell_known(BM_NUMBER, step->cells[i]) +
                                2 * !bm_cell_same(BM_NUMBER, step->cells[i], step->blank));
}

/* ---- row by row ---- */

static void enter(const bm_fold_row_op *op, size_t i)
{
    bm_fold *fold = op->fold;
    for (int d = 0; d < op->dep_count; d++) {
        const bm_dep *dep = &op->deps[d];
        if (dep->row)
            fold->plain.cells[dep->kind][dep->slot] = fold->strict.cells[dep->kind][dep->slot] =
                dep->row[i];
        else /* what is the same in all rows, too: the operation may change it */
            bm_fold_apply(dep, dep->column < 0 ? 0 : fold->columns[dep->column].bytes[i],
                          &fold->plain, &fold->strict);
    }
}

static void leave(const bm_fold_row_op *op, const bm_fold_out *out, int kind, size_t i)
{
    bm_fold *fold = op->fold;
    bm_base base = (bm_base)fold->program->kinds[kind].base[out->slot];
    bm_cell plain = fold->plain.cells[kind][out->slot];
    bm_cell strict = op->strict ? fold->strict.cells[kind][out->slot] : plain;
    if (out->form == BM_OUT_BOOL) {
        out->bytes[i] = (uint8_t)(plain.low.mask | strict.low.mask << 2);
        return;
    }
    bool same = base == BM_NUMBER || base == BM_SET ? bm_cell_same(base, plain, strict)
                                                    : plain.low.mask == strict.low.mask;
    fold->open[i] |= !same;
    if (out->form == BM_OUT_MASK)
        out->bytes[i] = (uint8_t)plain.low.mask;
    else
        out->cells[i] = plain;
}

void bm_fold_row_by_row(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
{
    const bm_fold_row_op *op = step->op;
    bm_fold *fold = op->fold;
    int kind = fold->program->ops[op->op].kind;
    (void)columns;
    for (size_t i = 0; i < count; i++) {
        enter(op, i);
        bm_bounds_run_ops(&fold->plain, &op->op, 1);
        if (op->strict)
            bm_bounds_run_ops(&fold->strict, &op->op, 1);
        for (int o = 0; o < op->out_count; o++)
            leave(op, &op->outs[o], kind, i);
    }
}

/* ---- answers ---- */

static bool entered(const bm_fold *fold, int n, size_t i)
{
    const bm_fold_data *data = &fold->data[n];
    int column = fold->input_column[n];
    if (data->null)
        return !data->null[fold->at + i];
    return column < 0 || fold->columns[column].bytes[i] != fold->columns[column].states - 1;
}

static bool any_entered(const bm_fold *fold, const int *inputs, int count, size_t i)
{
    for (int n = 0; n < count; n++)
        if (entered(fold, inputs[n], i))
            return true;
    return false;
}

/* Nothing is known of the number: was anything entered that it is made of? */
static void tell_unknown(bm_fold *fold, const bm_fold_writer *writer, size_t i, int8_t *state)
{
    const int *others = writer->inputs + writer->sure_count;
    int other_count = writer->input_count - writer->sure_count;
    if (any_entered(fold, writer->inputs, writer->sure_count, i))
        *state = (int8_t)((*state & BM_STATE_ASSUMED) | BM_FOLD_PARTLY);
    else
        fold->open[i] |= writer->entered || any_entered(fold, others, other_count, i);
}

/* Rows whose state is still to be looked at; there are few, so eight are passed over at once. */
static void look(bm_fold *fold, const bm_fold_writer *writer, const bm_fold_answer *answer,
                 size_t count)
{
    int8_t *state = answer->state + fold->at, *assumed = answer->assumed + fold->at;
    for (size_t i = 0; i < count; i++) {
        uint64_t eight;
        if (i % 8 == 0 && i + 8 <= count) {
            memcpy(&eight, state + i, 8);
            if ((eight & UINT64_C(0x3838383838383838)) == 0) {
                i += 7;
                continue;
            }
        }
        if (state[i] & BM_STATE_OPEN)
            fold->open[i] = 1;
        if (state[i] & BM_MAYBE_UNKNOWN)
            tell_unknown(fold, writer, i, &state[i]);
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
    for (size_t i = 0; i < count; i++)
        to[i] = bytes ? by_state[bytes[i]] : same;
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
    for (size_t i = 0; writer->cells && i < count; i++) {
        low[i] = writer->cells[i].low.number;
        high[i] = writer->cells[i].high.number;
    }
    if (writer->cells)
        return;
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

static void write_outcomes(const bm_fold *fold, const bm_fold_writer *writer,
                           const bm_fold_answer *answer, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t possible = writer->cells[i].low.mask;
        answer->state[fold->at + i] = possible == BM_UNSET        ? BM_FOLD_NONE
                                      : possible & (possible - 1) ? BM_FOLD_PARTLY
                                                                  : BM_FOLD_KNOWN;
        answer->code[fold->at + i] = (int8_t)bm_outcome_value(writer->cells[i]);
    }
}

static void write_answer(bm_fold *fold, const bm_fold_writer *writer, const bm_fold_answer *answer,
                         size_t count)
{
    if (writer->alone) {
        write_number(fold, writer, answer, count);
        return;
    }
    memset(answer->assumed + fold->at, 0, count);
    if (writer->choice && writer->cells) {
        write_outcomes(fold, writer, answer, count);
        return;
    }
    if (!writer->choice)
        write_number(fold, writer, answer, count);
    write_bytes(fold, writer->state, writer->same_state, answer->state + fold->at, count);
    write_bytes(fold, writer->code, writer->same_code, answer->code + fold->at, count);
    if (writer->looks)
        look(fold, writer, answer, count);
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
    bool own = step->sources || step->op || step->cells;
    if (own) {
        step->run(step, fold->columns, count);
        return;
    }
    const bm_fold_data *data = &fold->data[step->input];
    const bm_fold_column columns[2] = {
        {0, (const uint8_t *)((const double *)data->values + fold->at)},
        {0, data->null + fold->at}};
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
