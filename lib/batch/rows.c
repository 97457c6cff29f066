/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluates the chunk at hand: all rows by columns, then those that are not complete one by one. */
#include <string.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic")
#endif

#include "batch/batch.h"

_Static_assert((int)BM_FOLD_UNKNOWN == BONEMETS_UNKNOWN && (int)BM_FOLD_PARTLY == BONEMETS_PARTLY &&
                   (int)BM_FOLD_KNOWN == BONEMETS_KNOWN && (int)BM_FOLD_NONE == BONEMETS_NONE &&
                   (int)BM_FOLD_INAPPLICABLE == BONEMETS_INAPPLICABLE,
               "states are handed on as they are");

/* ---- complete rows ---- */

static const void *output_of(const bonemets_batch *batch, int output)
{
    return output < 0 ? NULL : batch->outputs[output].data;
}

static void take_result(const bonemets_batch *batch, const bm_target *target, size_t to,
                        size_t count)
{
    const uint8_t *applies = output_of(batch, target->applies);
    const uint8_t *band = output_of(batch, target->pick);
    memcpy(target->low + to, output_of(batch, target->total), count * sizeof(double));
    memcpy(target->high + to, output_of(batch, target->total), count * sizeof(double));
    for (size_t i = 0; i < count; i++) {
        bool applicable = !applies || applies[i];
        target->state[to + i] = applicable ? BONEMETS_KNOWN : BONEMETS_INAPPLICABLE;
        target->code[to + i] = applicable && band ? (int8_t)band[i] : -1;
    }
    for (int i = 0; i < target->item_count; i++) {
        const void *points = output_of(batch, target->items[i].output);
        memcpy(target->items[i].low + to, points, count * sizeof(double));
        memcpy(target->items[i].high + to, points, count * sizeof(double));
    }
}

static void take_choice(const bonemets_batch *batch, const bm_target *target, size_t to,
                        size_t count)
{
    const uint8_t *outcome = output_of(batch, target->pick);
    for (size_t i = 0; i < count; i++) {
        target->state[to + i] = outcome[i] ? BONEMETS_KNOWN : BONEMETS_NONE;
        target->code[to + i] = (int8_t)((int)outcome[i] - 1);
    }
}

/* ---- the others ---- */

static uint8_t *given_of(const bm_frame *frame, int kind)
{
    return (uint8_t *)(uintptr_t)frame->given[kind];
}

static bm_cell cell_of(const bm_batch_input *input, size_t i)
{
    if (bm_input_says(input, i) == BM_CELL_PARTLY)
        return input->cells[i];
    if (input->base == BM_NUMBER) {
        double x = ((const double *)input->values)[i];
        return (bm_cell){.low.number = x, .high.number = x};
    }
    if (input->base == BM_SET) {
        uint64_t mask = ((const uint64_t *)input->values)[i];
        return (bm_cell){.low.mask = mask, .high.mask = mask};
    }
    return (bm_cell){.low.mask = UINT64_C(1) << ((const uint8_t *)input->values)[i]};
}

void bm_batch_enter_row(const bonemets_batch *batch, bm_frame *frame, size_t i)
{
    for (int k = 1; k < frame->program->kind_count; k++)
        frame->listed[k] = batch->there[k] && batch->there[k][i];
    for (int n = 0; n < batch->input_count; n++) {
        const bm_batch_input *input = &batch->inputs[n];
        int kind = input->fact->kind;
        int32_t slot = input->fact->input;
        if (!input->needed)
            continue;
        bool given = bm_input_says(input, i) != BM_CELL_NULL;
        const bm_records *all = &batch->patient->kinds[kind];
        frame->cells[kind][slot] = given ? cell_of(input, i) : all->cells[slot];
        given_of(frame, kind)[slot] = given ? 1 : all->given[slot];
    }
}

static int certain_band(const bm_target *target, int state)
{
    if (!target->codes || state == BONEMETS_INAPPLICABLE)
        return -1;
    uint64_t bands = bm_view_cell(&target->view, target->view.score->band).low.mask;
    return bands == 0 || (bands & (bands - 1)) ? -1 : __builtin_ctzll(bands);
}

/* Once more with silence deciding nothing, where it mattered. */
static void run_strict(const bonemets_batch *batch)
{
    bonemets_assessment *a = batch->answer;
    if (!batch->silent || !a->frame.relied_on_silence)
        return;
    a->strict = a->frame;
    memcpy(a->strict.cells, batch->strict.cells, sizeof a->strict.cells);
    memcpy(a->strict.awake, batch->strict.awake, sizeof a->strict.awake);
    a->strict.plain = &a->frame;
    bm_bounds_run_strict(&a->strict, &batch->plan);
}

/* By what silence changes, as the folded evaluator tells it. */
static bool is_assumed(const bm_view *view)
{
    const bonemets_assessment *a = view->a;
    bm_base base = view->choice ? BM_OUTCOME : BM_NUMBER;
    int32_t slot = view->choice  ? view->choice->slot
                   : view->score ? view->score->total
                                 : view->equation->slot;
    if (!a->frame.relied_on_silence)
        return false;
    return !bm_cell_same(
        base, bm_view_cell(view, slot),
        bm_assessment_cell(&a->strict, view->guideline->kind, view->entry->record, slot));
}

void bm_batch_take(const bm_target *target, size_t to)
{
    const bm_view *view = &target->view;
    target->assumed[to] = is_assumed(view);
    int state = bm_view_fresh_state(view);
    target->state[to] = (int8_t)state;
    if (view->choice) {
        target->code[to] = (int8_t)bm_outcome_value(bm_view_cell(view, view->choice->slot));
        return;
    }
    bm_cell cell = bm_view_cell(view, view->score ? view->score->total : view->equation->slot);
    target->low[to] = cell.low.number;
    target->high[to] = cell.high.number;
    target->code[to] = (int8_t)certain_band(target, state);
    for (int i = 0; i < target->item_count; i++) {
        cell = bm_view_cell(view, target->items[i].slot);
        target->items[i].low[to] = cell.low.number;
        target->items[i].high[to] = cell.high.number;
    }
}

void bm_batch_evaluate(const bonemets_batch *batch)
{
    bm_frame *frame = &batch->answer->frame;
    bm_bounds_wake(frame);
    bm_bounds_run(frame, &batch->plan);
    run_strict(batch);
}

static void run_row(const bonemets_batch *batch, size_t i, size_t to)
{
    bm_batch_enter_row(batch, &batch->answer->frame, i);
    bm_batch_evaluate(batch);
    for (int n = 0; n < batch->target_count; n++)
        bm_batch_take(&batch->targets[n], to);
}

/* ---- by columns ---- */

/* Rows of which an input says something, and those of which it does not say all. */
static void note_states(const bm_batch_input *input, size_t count, uint8_t *restrict there,
                        uint8_t *restrict open)
{
    const uint8_t *states = input->values;
    uint8_t null = input->null_state, needed = input->needed;
    for (size_t i = 0; i < count; i++) {
        there[i] |= states[i] != null;
        open[i] |= needed & ((states[i] == null) | (states[i] == BM_STATE_PARTLY));
    }
}

static void note_says(const bm_batch_input *input, size_t count, uint8_t *restrict there,
                      uint8_t *restrict open)
{
    const uint8_t *says = input->says;
    uint8_t needed = input->needed;
    for (size_t i = 0; i < count; i++) {
        there[i] |= says[i] != BM_CELL_NULL;
        open[i] |= needed & (says[i] != BM_CELL_KNOWN);
    }
}

void bm_batch_note_rows(bonemets_batch *batch, size_t count)
{
    memset(batch->open, 0, count);
    for (int k = 0; k < BM_KINDS; k++)
        if (batch->there[k])
            memset(batch->there[k], 0, count);
    for (int n = 0; n < batch->input_count; n++) {
        const bm_batch_input *input = &batch->inputs[n];
        uint8_t *there = batch->there[input->fact->kind];
        if (input->says)
            note_says(input, count, there, batch->open);
        else
            note_states(input, count, there, batch->open);
    }
    for (int k = 1; k < BM_KINDS; k++)
        for (size_t i = 0; i < count && batch->kinds[k] && batch->there[k]; i++)
            batch->open[i] |= !batch->there[k][i];
}

static void aim_answers(const bonemets_batch *batch, size_t first)
{
    for (int n = 0; n < batch->target_count; n++) {
        const bm_target *target = &batch->targets[n];
        bool number = !target->view.choice;
        batch->answers[n] = (bm_fold_answer){.low = number ? target->low + first : NULL,
                                             .high = number ? target->high + first : NULL,
                                             .state = target->state + first,
                                             .code = target->code + first,
                                             .assumed = target->assumed + first};
    }
    bm_fold_answer *answer = batch->answers + batch->target_count;
    for (int n = 0; n < batch->target_count; n++)
        for (int i = 0; i < batch->targets[n].item_count; i++)
            *answer++ = (bm_fold_answer){.low = batch->targets[n].items[i].low + first,
                                         .high = batch->targets[n].items[i].high + first};
}

_Static_assert((int)BM_CELL_KNOWN == BM_FOLD_SAYS_ALL &&
                   (int)BM_CELL_NULL == BM_FOLD_SAYS_NOTHING &&
                   (int)BM_CELL_PARTLY == BM_FOLD_SAYS_PART,
               "what cells say is handed on as it is");

/* Rows that are known in part, where that does not fold, go one by one. */
static void open_partly(const bm_batch_input *input, size_t rows, uint8_t *open)
{
    const uint8_t *bytes = input->says ? input->says : input->values;
    uint8_t partly = input->says ? BM_CELL_PARTLY : BM_STATE_PARTLY;
    if (!bm_bytes_any(bytes, rows, partly))
        return;
    for (size_t i = 0; i < rows; i++)
        open[i] |= bytes[i] == partly;
}

static void fold_rows(bonemets_batch *batch, size_t first, size_t rows, uint8_t *open)
{
    int folded = 0;
    memset(open, 0, rows);
    for (int n = 0; n < batch->input_count; n++)
        if (batch->inputs[n].needed && !bm_fold_takes_parts(batch->fold, folded++))
            open_partly(&batch->inputs[n], rows, open);
    aim_answers(batch, first);
    if (bm_fold_asks_there(batch->fold))
        bm_batch_note_rows(batch, rows);
    bm_fold_run(batch->fold, batch->fold_data, (const uint8_t *const *)batch->there, batch->answers,
                open, rows);
}

static void exact_rows(bonemets_batch *batch, size_t first, size_t rows, uint8_t *open)
{
    memset(open, batch->exact == NULL, rows);
    bm_batch_note_rows(batch, rows);
    if (!batch->exact)
        return;
    bm_exact_run(batch->exact, batch->exact_columns, batch->outputs, open, rows);
    for (int n = 0; n < batch->target_count; n++) {
        const bm_target *target = &batch->targets[n];
        memset(target->assumed + first, 0, rows);
        if (target->view.choice)
            take_choice(batch, target, first, rows);
        else
            take_result(batch, target, first, rows);
    }
    for (size_t i = 0; i < rows; i++)
        open[i] |= batch->open[i];
}

/* Rows that are open, one by one. */
static bonemets_status take_open(bonemets_batch *batch, size_t first, size_t rows,
                                 const uint8_t *open)
{
    bool noted = !batch->fold || bm_fold_asks_there(batch->fold);
    for (size_t i = 0; i < rows; i++) {
        if (!open[i])
            continue;
        if (!noted)
            bm_batch_note_rows(batch, rows);
        noted = true;
        run_row(batch, i, first + i);
        if (batch->show_missing && !bm_missing_list(batch, first + i))
            return BONEMETS_E_MEMORY;
        batch->columnar--;
    }
    return BONEMETS_OK;
}

bonemets_status bm_batch_rows(bonemets_batch *batch, int64_t to, int64_t count)
{
    uint8_t open[BM_BATCH_CHUNK];
    size_t rows = (size_t)count, first = (size_t)to;
    if (batch->fold)
        fold_rows(batch, first, rows, open);
    else
        exact_rows(batch, first, rows, open);
    if (batch->show_missing)
        bm_missing_mark(batch, first, rows, open);
    batch->columnar += count;
    batch->rows += count;
    return bm_bytes_any(open, rows, 1) ? take_open(batch, first, rows, open) : BONEMETS_OK;
}
