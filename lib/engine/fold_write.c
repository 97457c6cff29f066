/* SPDX-License-Identifier: Apache-2.0 */
/* How the answer for a target comes of what was folded: states and codes are bytes like any other. */
#include <string.h>

#include "engine/fold_parts.h"
#include "engine/outcome.h"

typedef struct {
    const bm_fold_target *target;
    int32_t flags;   /* spare slots of the patient: known, something known; -1 */
    bool total_cell; /* the total is read as a cell */
    bool any_known;  /* in all rows */
} context;

/* The result as a column of bytes: what came of it in the first place. */
static int byte_column(bm_folder *f, const bm_fold_result *result, int columns_before, int outs,
                       int8_t *same)
{
    bm_fold *fold = f->fold;
    if (f->no_memory || result->column < 0) {
        *same = f->no_memory ? 0 : (int8_t)result->outs[0].plain.low.mask;
        return -1;
    }
    if (result->column >= columns_before) { /* made for this: its table may as well say it itself */
        bm_fold_step *step = &fold->steps[fold->step_count - 1];
        uint8_t *table = step->wide ? step->wide : step->table;
        for (int i = 0; i < step->cases; i++)
            table[i] = (uint8_t)result->outs[table[i] * outs].plain.low.mask;
        return result->column;
    }
    uint8_t *bytes;
    int column = bm_fold_new_column(f, BM_STATES, &bytes);
    bm_fold_source *source = bm_fold_keep(f, 1, sizeof *source);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_count);
    if (f->no_memory)
        return -1;
    source->column = result->column;
    source->used = result->states;
    for (int s = 0; s < result->states; s++)
        source->low[s] = (uint8_t)result->outs[s * outs].plain.low.mask;
    step->to = bytes;
    step->sources = source;
    step->source_count = 1;
    return column;
}

/* False where it does not come to bytes. */
static bool tabulate_bytes(bm_folder *f, bm_fold_evaluate evaluate, const context *c, int *column,
                           int8_t *same, bool *looks)
{
    bm_fold_result result;
    int before = f->fold->column_count;
    *same = 0;
    *column = -1;
    if (f->row_by_row || f->refused || !bm_fold_tabulate(f, evaluate, c, 1, &result))
        return false;
    for (int s = 0; !f->no_memory && s < result.states && looks; s++)
        *looks |= (result.outs[s].plain.low.mask & ~(uint64_t)BM_STATE_BITS) != 0;
    *column = byte_column(f, &result, before, 1, same);
    return true;
}

/* Whoever wants it has to ask. */
static void leave_open(bm_fold_writer *out)
{
    out->state = out->code = -1;
    out->same_state = BM_STATE_OPEN;
    out->same_code = -1;
    out->looks = true;
}

static void forget(bm_folder *f)
{
    f->dep_count = 0;
    f->row_by_row = false;
}

/* ---- choices ---- */

static void evaluate_choice(bm_folder *f, const void *in, bm_twin *outs)
{
    const context *c = in;
    uint64_t possible = f->plain.cells[c->target->kind][c->target->slot].low.mask;
    uint64_t strict = f->strict.cells[c->target->kind][c->target->slot].low.mask;
    int state = possible == BM_UNSET        ? BM_FOLD_NONE
                : possible & (possible - 1) ? BM_FOLD_PARTLY
                                            : BM_FOLD_KNOWN;
    outs[0].plain.low.mask = (uint64_t)(state | (possible != strict ? BM_STATE_ASSUMED : 0));
}

static void evaluate_outcome(bm_folder *f, const void *in, bm_twin *outs)
{
    const context *c = in;
    int value = bm_outcome_value(f->plain.cells[c->target->kind][c->target->slot]);
    outs[0].plain.low.mask = (uint8_t)(int8_t)value;
}

static void write_choice(bm_folder *f, const bm_fold_target *target, bm_fold_writer *out)
{
    bm_folded *slot = bm_fold_slot(f, target->kind, target->slot);
    context c = {.target = target};
    out->choice = true;
    if (slot->form == BM_AS_CELLS) {
        out->cells = slot->row;
        return;
    }
    forget(f);
    bm_fold_read(f, target->kind, target->slot);
    if (!tabulate_bytes(f, evaluate_choice, &c, &out->state, &out->same_state, &out->looks) ||
        !tabulate_bytes(f, evaluate_outcome, &c, &out->code, &out->same_code, NULL))
        leave_open(out);
}

/* ---- the number ---- */

static void write_table(bm_folder *f, const bm_folded *slot, bm_fold_writer *out)
{
    int states = slot->column < 0 ? 1 : f->fold->columns[slot->column].states;
    double *low = bm_fold_keep(f, (size_t)states, sizeof *low);
    double *high = bm_fold_keep(f, (size_t)states, sizeof *high);
    for (int s = 0; low && high && s < states; s++) {
        low[s] = slot->cells[s].plain.low.number;
        high[s] = slot->cells[s].plain.high.number;
    }
    out->column = out->high_column = slot->column;
    out->low = low;
    out->high = high;
    out->same_low = slot->cells[0].plain.low.number;
    out->same_high = slot->cells[0].plain.high.number;
}

static void write_number(bm_folder *f, const bm_folded *slot, bm_fold_writer *out)
{
    if (slot->form == BM_AS_CELLS) {
        out->cells = slot->row;
    } else if (slot->form == BM_AS_TABLE) {
        write_table(f, slot, out);
    } else if (bm_fold_sum_bytes(f, slot->sum)) {
        const bm_fold_sum *sum = slot->sum;
        out->column = sum->low;
        out->high_column = sum->high;
        out->steps = true;
        out->same_low = sum->low_base;
        out->same_high = sum->high_base;
        out->unit = sum->unit;
    }
}

/* ---- its state ---- */

static const uint8_t first_bit[4] = {0, 1, 0, 1}, second_bit[4] = {0, 0, 1, 1};

static int known_column(bm_folder *f, const bm_cell *cells, bm_cell blank)
{
    uint8_t *bytes;
    int column = bm_fold_new_column(f, 4, &bytes);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_known);
    if (step) {
        step->to = bytes;
        step->cells = cells;
        step->blank = blank;
    }
    return column;
}

static int equal_column(bm_folder *f, const bm_fold_sum *sum)
{
    uint8_t *bytes;
    int column = bm_fold_new_column(f, 2, &bytes);
    bm_fold_source *sources = bm_fold_keep(f, 2, sizeof *sources);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_equal);
    if (f->no_memory)
        return -1;
    sources[0].column = sum->low;
    sources[1].column = sum->high;
    sources[0].used = sum->low_states;
    sources[1].used = sum->high_states;
    step->to = bytes;
    step->sources = sources;
    step->source_count = 2;
    step->input = (int)((sum->high_base - sum->low_base) / sum->unit);
    return column;
}

static void add_flag(bm_folder *f, int which, int column, const uint8_t *flags)
{
    bm_fold_add_dep(f, &(bm_dep){.what = BM_DEP_FLAG,
                                 .column = column,
                                 .slot = f->program->kinds[0].slots + which,
                                 .flags = flags});
}

/* Is the total known? Of a table the cell itself tells. */
static void read_known(bm_folder *f, const bm_fold_target *target, context *c)
{
    bm_folded *slot = bm_fold_slot(f, target->kind, target->slot);
    c->total_cell = slot->form == BM_AS_TABLE;
    if (slot->form == BM_AS_TABLE)
        bm_fold_read(f, target->kind, target->slot);
    else if (slot->form == BM_AS_CELLS)
        add_flag(f, 0, known_column(f, slot->row, (bm_cell){.low.number = 0}), first_bit);
    else if (bm_fold_sum_bytes(f, slot->sum))
        add_flag(f, 0, equal_column(f, slot->sum), first_bit);
}

/* Where an item is not what it is with nothing entered. */
static void add_item(bm_fold_source *sources, int *count, int column, int states,
                     const uint8_t *flags)
{
    int at = 0;
    while (at < *count && sources[at].column != column)
        at++;
    if (at == *count)
        sources[(*count)++] = (bm_fold_source){.column = column, .used = states};
    for (int s = 0; s < states; s++)
        sources[at].low[s] |= flags[s];
}

static bool differs(const bm_cell *cell, const bm_cell *blank)
{
    return !bm_cell_same(BM_NUMBER, *cell, *blank);
}

static void read_table_item(bm_folder *f, const bm_folded *slot, const bm_cell *blank,
                            bm_fold_source *sources, int *count, context *c)
{
    uint8_t flags[BM_STATES];
    int states = slot->column < 0 ? 1 : f->fold->columns[slot->column].states;
    for (int s = 0; s < states; s++)
        flags[s] = differs(&slot->cells[s].plain, blank);
    if (slot->column < 0)
        c->any_known |= flags[0];
    else
        add_item(sources, count, slot->column, states, flags);
}

static void read_sum_item(bm_folder *f, bm_fold_sum *sum, const bm_cell *blank,
                          bm_fold_source *sources, int *count)
{
    uint8_t low[BM_STATES] = {0}, high[BM_STATES] = {0};
    if (!bm_fold_sum_bytes(f, sum))
        return;
    for (int s = 0; s < sum->low_states; s++) {
        double x = sum->low_base + s * sum->unit;
        low[s] = x < blank->low.number || x > blank->low.number;
    }
    for (int s = 0; s < sum->high_states; s++) {
        double x = sum->high_base + s * sum->unit;
        high[s] = x < blank->high.number || x > blank->high.number;
    }
    add_item(sources, count, sum->low, sum->low_states, low);
    add_item(sources, count, sum->high, sum->high_states, high);
}

static void read_item(bm_folder *f, const bm_fold_target *target, int i, bm_fold_source *sources,
                      int *count, context *c)
{
    bm_folded *slot = bm_fold_slot(f, target->kind, target->items[i]);
    if (slot->form == BM_AS_TABLE)
        read_table_item(f, slot, &target->blanks[i], sources, count, c);
    else if (slot->form == BM_AS_SUM)
        read_sum_item(f, slot->sum, &target->blanks[i], sources, count);
    else
        add_item(sources, count, known_column(f, slot->row, target->blanks[i]), 4, second_bit);
}

static void read_any_known(bm_folder *f, const bm_fold_target *target, context *c)
{
    size_t room = (size_t)target->item_count * 2;
    bm_fold_source *sources = bm_fold_keep(f, room + 1, sizeof *sources);
    int count = 0;
    for (int i = 0; sources && i < target->item_count && !f->no_memory; i++)
        read_item(f, target, i, sources, &count, c);
    if (f->no_memory || c->any_known || count == 0)
        return;
    if (count == 1) {
        add_flag(f, 1, sources[0].column, sources[0].low);
        return;
    }
    uint8_t *bytes, *flags = bm_fold_take(f, BM_STATES, 1);
    int column = bm_fold_new_column(f, count + 1, &bytes);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_count);
    if (f->no_memory)
        return;
    memset(flags + 1, 1, BM_STATES - 1);
    step->to = bytes;
    step->sources = sources;
    step->source_count = count;
    add_flag(f, 1, column, flags);
}

static uint64_t applicable(const bm_folder *f, const bm_fold_target *target)
{
    return target->applies < 0 ? BM_YES : f->plain.cells[target->kind][target->applies].low.mask;
}

static void evaluate_state(bm_folder *f, const void *in, bm_twin *outs)
{
    const context *c = in;
    const bm_fold_target *target = c->target;
    const bm_cell *flags = &f->plain.cells[0][c->flags];
    bm_cell total = f->plain.cells[target->kind][target->slot];
    bm_cell strict = f->strict.cells[target->kind][target->slot];
    bool known = c->total_cell ? bm_cell_known(BM_NUMBER, total) : flags[0].low.mask != 0;
    bool any = c->any_known || flags[1].low.mask != 0;
    uint64_t applies = applicable(f, target);
    int state = applies == BM_NO ? BM_FOLD_INAPPLICABLE
                : known          ? applies == BM_YES ? BM_FOLD_KNOWN : BM_FOLD_PARTLY
                : any            ? BM_FOLD_PARTLY
                                 : BM_MAYBE_UNKNOWN;
    if (c->total_cell && !bm_cell_same(BM_NUMBER, total, strict))
        state |= BM_STATE_ASSUMED;
    outs[0].plain.low.mask = (uint64_t)state;
}

static void evaluate_band(bm_folder *f, const void *in, bm_twin *outs)
{
    const context *c = in;
    uint64_t bands = f->plain.cells[c->target->kind][c->target->band].low.mask;
    bool sure = applicable(f, c->target) != BM_NO && bands && !(bands & (bands - 1));
    outs[0].plain.low.mask = sure ? (uint64_t)__builtin_ctzll(bands) : UINT8_MAX;
}

/* ---- the whole ---- */

static bool write_band(bm_folder *f, const bm_fold_target *target, const context *c,
                       bm_fold_writer *out)
{
    out->same_code = -1;
    if (target->band < 0)
        return true;
    forget(f);
    if (target->applies >= 0)
        bm_fold_read(f, target->kind, target->applies);
    bm_fold_read(f, target->kind, target->band);
    return tabulate_bytes(f, evaluate_band, c, &out->code, &out->same_code, NULL);
}

static void write_result(bm_folder *f, const bm_fold_target *target, bm_fold_writer *out)
{
    context c = {.target = target, .flags = f->program->kinds[0].slots};
    bm_cell *flags = &f->plain.cells[0][c.flags];
    write_number(f, bm_fold_slot(f, target->kind, target->slot), out);
    forget(f);
    flags[0] = flags[1] = (bm_cell){.low.mask = 0};
    if (target->applies >= 0)
        bm_fold_read(f, target->kind, target->applies);
    read_known(f, target, &c);
    read_any_known(f, target, &c);
    if (f->no_memory)
        return;
    if (!tabulate_bytes(f, evaluate_state, &c, &out->state, &out->same_state, &out->looks) ||
        !write_band(f, target, &c, out))
        leave_open(out);
    if (out->looks && !f->no_memory)
        bm_fold_list_inputs(f, target, out);
}

void bm_fold_write_target(bm_folder *f, const bm_fold_target *target, bm_fold_writer *out)
{
    *out = (bm_fold_writer){.state = -1, .code = -1, .column = -1, .high_column = -1};
    if (target->choice)
        write_choice(f, target, out);
    else if ((out->alone = target->alone))
        write_number(f, bm_fold_slot(f, target->kind, target->slot), out);
    else
        write_result(f, target, out);
}
