/* SPDX-License-Identifier: Apache-2.0 */
/* How the answer for a target comes of what was folded: states and codes are bytes like any other. */
#include <string.h>

#include "engine/fold_math.h"
#include "engine/outcome.h"

typedef struct {
    const bm_fold_target *target;
    bool total_cell; /* the total is read as a cell */
    bool any_known;  /* in all rows */
} context;

/* Flags that tell of the total: it is known; it is not what it is with nothing entered, or an item is
 * not; it rests on silence. Reasons: something entered is behind it. */
enum { KNOWN, ANY, RESTS, REASON };

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
        uint8_t *table = step->large ? step->large : step->table;
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

/* State and code of a choice in cells are bytes that one step makes. */
static void write_cells(bm_folder *f, const bm_wide *wide, bm_fold_writer *out)
{
    uint8_t *states, *codes;
    out->state = bm_fold_new_column(f, BM_STATES, &states);
    out->code = bm_fold_new_column(f, BM_STATES, &codes);
    out->looks = bm_has_twin(wide);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_cells_kernel(BM_FOLD_OUTCOMES, f->level));
    if (f->no_memory)
        return;
    step->wide = *wide;
    step->to = states;
    step->to_high = codes;
}

static void write_choice(bm_folder *f, const bm_fold_target *target, bm_fold_writer *out)
{
    bm_folded *slot = bm_fold_slot(f, target->kind, target->slot);
    context c = {.target = target};
    out->choice = true;
    if (slot->form == BM_AS_CELLS) {
        write_cells(f, slot->wide, out);
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
        out->wide = slot->wide;
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

enum { CELL_STATES = 8 };

static const uint8_t bits[3][CELL_STATES] = {
    {0, 1, 0, 1, 0, 1, 0, 1}, {0, 0, 1, 1, 0, 0, 1, 1}, {0, 0, 0, 0, 1, 1, 1, 1}};

static int known_column(bm_folder *f, const bm_wide *wide, bm_cell blank)
{
    uint8_t *bytes;
    int column = bm_fold_new_column(f, CELL_STATES, &bytes);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_cells_kernel(BM_FOLD_WHETHER_KNOWN, f->level));
    if (step) {
        step->to = bytes;
        step->wide = *wide;
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
    bm_fold_add_dep(
        f,
        &(bm_dep){.what = BM_DEP_FLAG, .column = column, .flags = flags, .flag = &f->flags[which]});
}

static void read_known_cells(bm_folder *f, const bm_wide *wide)
{
    int column = known_column(f, wide, (bm_cell){.low.number = 0});
    add_flag(f, KNOWN, column, bits[KNOWN]);
    if (bm_has_twin(wide))
        add_flag(f, RESTS, column, bits[RESTS]);
}

/* Is the total known? Of a table the cell itself tells. */
static void read_known(bm_folder *f, const bm_fold_target *target, context *c)
{
    bm_folded *slot = bm_fold_slot(f, target->kind, target->slot);
    c->total_cell = slot->form == BM_AS_TABLE;
    if (slot->form == BM_AS_TABLE)
        bm_fold_read(f, target->kind, target->slot);
    else if (slot->form == BM_AS_CELLS)
        read_known_cells(f, slot->wide);
    else if (bm_fold_sum_bytes(f, slot->sum))
        add_flag(f, KNOWN, equal_column(f, slot->sum), bits[KNOWN]);
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
        add_item(sources, count, known_column(f, slot->wide, target->blanks[i]), CELL_STATES,
                 bits[ANY]);
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
        add_flag(f, ANY, sources[0].column, sources[0].low);
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
    add_flag(f, ANY, column, flags);
}

static uint64_t applicable(const bm_folder *f, const bm_fold_target *target)
{
    return target->applies < 0 ? BM_YES : f->plain.cells[target->kind][target->applies].low.mask;
}

static void evaluate_state(bm_folder *f, const void *in, bm_twin *outs)
{
    const context *c = in;
    const bm_fold_target *target = c->target;
    bm_cell total = f->plain.cells[target->kind][target->slot];
    bm_cell strict = f->strict.cells[target->kind][target->slot];
    bool known = c->total_cell ? bm_cell_known(BM_NUMBER, total) : f->flags[KNOWN];
    bool rests = c->total_cell ? !bm_cell_same(BM_NUMBER, total, strict) : f->flags[RESTS];
    bool any = c->any_known || f->flags[ANY] || f->flags[REASON];
    uint64_t applies = applicable(f, target);
    int state = applies == BM_NO ? BM_FOLD_INAPPLICABLE
                : known          ? applies == BM_YES ? BM_FOLD_KNOWN : BM_FOLD_PARTLY
                : any            ? BM_FOLD_PARTLY
                                 : BM_FOLD_UNKNOWN;
    outs[0].plain.low.mask = (uint64_t)(state | (rests ? BM_STATE_ASSUMED : 0));
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

/* Nothing is known of the number: was anything entered that it is made of? */
static bool read_reasons(bm_folder *f, const bm_fold_target *target, context *c)
{
    int column;
    const uint8_t *flags;
    int count = f->dep_count;
    bm_dep deps[BM_DEPS];
    memcpy(deps, f->deps, sizeof deps);
    bool found = bm_fold_find_reasons(f, target->kind, target->slot, &column, &flags);
    memcpy(f->deps, deps, sizeof deps);
    f->dep_count = count;
    f->row_by_row = false;
    if (found && column < 0)
        c->any_known |= flags[0];
    else if (found)
        add_flag(f, REASON, column, flags);
    return found;
}

/* Can it be that nothing is known, as far as has been read? Nothing of the trial stays. */
static bool can_be_unknown(bm_folder *f, const context *c)
{
    bm_fold_result result;
    bm_fold *fold = f->fold;
    int columns = fold->column_count, steps = fold->step_count;
    bool can = false;
    if (f->row_by_row || f->refused || !bm_fold_tabulate(f, evaluate_state, c, 1, &result))
        return false;
    for (int s = 0; !f->no_memory && s < result.states; s++)
        can |= (result.outs[s].plain.low.mask & BM_STATE_BITS) == BM_FOLD_UNKNOWN;
    fold->column_count = columns;
    fold->step_count = steps;
    return can;
}

static void write_result(bm_folder *f, const bm_fold_target *target, bm_fold_writer *out)
{
    context c = {.target = target};
    write_number(f, bm_fold_slot(f, target->kind, target->slot), out);
    forget(f);
    memset(f->flags, 0, sizeof f->flags);
    if (target->applies >= 0)
        bm_fold_read(f, target->kind, target->applies);
    read_known(f, target, &c);
    read_any_known(f, target, &c);
    if (f->no_memory)
        return;
    if ((can_be_unknown(f, &c) && !read_reasons(f, target, &c)) ||
        !tabulate_bytes(f, evaluate_state, &c, &out->state, &out->same_state, &out->looks) ||
        !write_band(f, target, &c, out))
        leave_open(out);
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
