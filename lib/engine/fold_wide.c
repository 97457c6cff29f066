/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on numbers and choices that have too many values for a table: their cells stand in
 * columns, one for each end, and a kernel of fold_math.c does the operation. Where silence may
 * decide, it is done twice. */
#include <math.h>
#include <string.h>

#include "engine/fold_math.h"
#include "engine/gather.h"
#include "engine/reads.h"

/* ---- cells ---- */

bool bm_fold_new_ends(bm_folder *f, bm_ends *out)
{
    out->low = bm_fold_keep(f, BM_FOLD_CHUNK, sizeof *out->low);
    out->high = bm_fold_keep(f, BM_FOLD_CHUNK, sizeof *out->high);
    return !f->no_memory;
}

static bool new_wide(bm_folder *f, bool twin, bm_wide *out)
{
    if (!bm_fold_new_ends(f, &out->plain))
        return false;
    out->strict = out->plain;
    return !twin || bm_fold_new_ends(f, &out->strict);
}

static void add_step(bm_folder *f, bm_fold_kernel kernel, const bm_fold_math *math)
{
    bm_fold_math *kept = bm_fold_keep(f, 1, sizeof *kept);
    bm_fold_step *step = bm_fold_new_step(f, kernel);
    if (!kept || !step)
        return;
    *kept = *math;
    step->math = kept;
}

static void add_cells(bm_folder *f, bm_fold_cells_from from, const bm_fold_math *math)
{
    add_step(f, bm_fold_cells_kernel(from, f->level), math);
}

static bm_cell side(bm_twin twin, bool strict)
{
    return strict ? twin.strict : twin.plain;
}

static void fill(bm_ends ends, bm_cell cell)
{
    for (int i = 0; i < BM_FOLD_CHUNK; i++) {
        ends.low[i] = cell.low;
        ends.high[i] = cell.high;
    }
}

static void widen_table(bm_folder *f, const bm_folded *slot, bool strict, bm_ends to)
{
    int states = slot->column < 0 ? 1 : f->fold->columns[slot->column].states;
    if (slot->column < 0) {
        fill(to, side(slot->cells[0], strict));
        return;
    }
    bm_cell *by_state = bm_fold_keep(f, (size_t)states, sizeof *by_state);
    for (int s = 0; by_state && s < states; s++)
        by_state[s] = side(slot->cells[s], strict);
    add_cells(f, BM_FOLD_LOOK_UP,
              &(bm_fold_math){.to = to, .column = slot->column, .by_state = by_state});
}

static void widen_sum(bm_folder *f, bm_fold_sum *sum, bm_ends to)
{
    if (!bm_fold_sum_bytes(f, sum))
        return;
    bm_cell base = {.low.number = sum->low_base, .high.number = sum->high_base};
    add_cells(f, BM_FOLD_POINTS,
              &(bm_fold_math){.to = to,
                              .column = sum->low,
                              .high_column = sum->high,
                              .constant = base,
                              .factor = sum->unit});
}

static bool table_has_twin(const bm_folder *f, const bm_folded *slot)
{
    int states = slot->column < 0 ? 1 : f->fold->columns[slot->column].states;
    for (int s = 0; s < states; s++)
        if (!bm_same_bits(slot->cells[s].plain, slot->cells[s].strict))
            return true;
    return false;
}

const bm_wide *bm_fold_widen(bm_folder *f, int kind, int32_t number)
{
    bm_folded *slot = bm_fold_slot(f, kind, number);
    bool table = slot->form == BM_AS_TABLE;
    if (slot->wide)
        return slot->wide;
    bm_wide *wide = bm_fold_keep(f, 1, sizeof *wide);
    if (!wide || !new_wide(f, table && table_has_twin(f, slot), wide))
        return NULL;
    if (table)
        widen_table(f, slot, false, wide->plain);
    else
        widen_sum(f, slot->sum, wide->plain);
    if (bm_has_twin(wide))
        widen_table(f, slot, true, wide->strict);
    slot->wide = wide;
    return f->no_memory ? NULL : wide;
}

static bool add_copy(bm_folder *f, bm_ends from, bm_ends *to)
{
    if (!bm_fold_new_ends(f, to))
        return false;
    add_cells(f, BM_FOLD_COPY, &(bm_fold_math){.a = from, .to = *to});
    return !f->no_memory;
}

/* Of a number or code what it was does not matter; a choice is changed row after row, beginning anew
 * with what it is in all rows. */
static bool change_choice(bm_folder *f, int kind, int32_t number, bool twin, bm_wide *to)
{
    const bm_folded *slot = bm_fold_slot(f, kind, number);
    bool constant = slot->form == BM_AS_TABLE && slot->column < 0;
    const bm_wide *was = bm_fold_widen(f, kind, number);
    if (!was)
        return false;
    *to = *was;
    if (constant && !add_copy(f, was->plain, &to->plain))
        return false;
    if (!twin && !bm_has_twin(was))
        to->strict = to->plain;
    else if (constant || !bm_has_twin(was))
        return add_copy(f, was->strict, &to->strict);
    return true;
}

bm_wide *bm_fold_open_wide(bm_folder *f, int kind, int32_t number, bool twin)
{
    bm_folded *slot = bm_fold_slot(f, kind, number);
    bool filled = slot->cells || slot->form == BM_AS_CELLS; /* else it is a copy that begins here */
    bool choice = filled && f->program->kinds[kind].base[number] == BM_OUTCOME;
    bm_wide *wide = bm_fold_keep(f, 1, sizeof *wide);
    if (!wide || !(choice ? change_choice(f, kind, number, twin, wide) : new_wide(f, twin, wide)))
        return NULL;
    slot->form = BM_AS_CELLS;
    slot->column = slot->rungs = -1;
    slot->wide = wide;
    return wide;
}

/* ---- conditions ---- */

/* The column with `table` of the states of another. */
static int translate(bm_folder *f, int from, const uint8_t *table)
{
    uint8_t *bytes;
    int states = f->fold->columns[from].states;
    int column = bm_fold_new_column(f, BM_STATES, &bytes);
    bm_fold_source *source = bm_fold_keep(f, 1, sizeof *source);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_count);
    if (column < 0 || !source || !step)
        return -1;
    *source = (bm_fold_source){.column = from, .used = states};
    memcpy(source->low, table, (size_t)states);
    step->to = bytes;
    step->sources = source;
    step->source_count = 1;
    return column;
}

/* A column that is the same in all rows. */
static int constant_column(bm_folder *f, uint8_t byte)
{
    uint8_t *bytes;
    int column = bm_fold_new_column(f, BM_STATES, &bytes);
    if (column >= 0)
        memset(bytes, byte, BM_FOLD_CHUNK);
    return column;
}

/* The masks of a truth value. */
static int mask_column(bm_folder *f, int kind, int32_t number, bool strict)
{
    bm_folded *slot = bm_fold_slot(f, kind, number);
    int *known = &slot->masks[strict];
    uint8_t masks[BM_STATES];
    if (*known >= 0)
        return *known;
    int states = slot->column < 0 ? 1 : f->fold->columns[slot->column].states;
    bool same = slot->column >= 0;
    for (int s = 0; s < states; s++) {
        masks[s] = (uint8_t)side(slot->cells[s], strict).low.mask;
        same &= masks[s] == s;
    }
    *known = slot->column < 0 ? constant_column(f, masks[0])
             : same           ? slot->column
                              : translate(f, slot->column, masks);
    return *known;
}

static bool is_table(bm_folder *f, int kind, int32_t number)
{
    const bm_folded *slot = bm_fold_slot(f, kind, number);
    return slot->form == BM_AS_TABLE && slot->cells;
}

/* ---- operations ---- */

/* What an operation reads and fills, for both frames. */
typedef struct {
    const bm_wide *a, *b;
    bool condition;
    int conditions[2]; /* columns, plain and strict */
    bm_wide to;
    uint8_t *bytes;
    int bits; /* for each frame */
} cells_of;

static const bm_ends *ends_of(const bm_wide *wide, bool strict)
{
    return strict ? &wide->strict : &wide->plain;
}

static void add_side(bm_folder *f, const cells_of *c, bm_fold_math math, bool strict)
{
    math.strict = strict;
    math.shift = strict ? c->bits : 0;
    math.bytes = c->bytes;
    if (c->a)
        math.a = *ends_of(c->a, strict);
    math.b = c->b ? *ends_of(c->b, strict) : math.a;
    if (c->condition)
        math.column = c->conditions[strict];
    if (c->to.plain.low)
        math.to = *ends_of(&c->to, strict);
    add_step(f, bm_fold_math_kernel(math.code, f->level), &math);
}

static bool is_if(bm_do code)
{
    return code == BM_DO_IF_NUMBER || code == BM_DO_IF_MASK || code == BM_DO_IF_SET;
}

static bool asks_number(bm_do code)
{
    return code == BM_DO_KNOWN || code == BM_DO_MISSING || code == BM_DO_ASSUME;
}

static bool gathers(bm_do code)
{
    return code == BM_DO_SUM || code == BM_DO_LARGEST || code == BM_DO_SMALLEST;
}

/* The one record of a row: which bits tell of it, by case. */
static void evaluate_included(bm_folder *f, const void *context, bm_twin *outs)
{
    const bm_op *op = context;
    outs[0].plain.low.mask = bm_gather_one(&f->plain, op);
    outs[0].strict.low.mask = bm_gather_one(&f->strict, op);
}

static int included_column(bm_folder *f, const bm_fold_result *result, bool strict)
{
    uint8_t masks[BM_STATES];
    for (int s = 0; s < result->states; s++)
        masks[s] = (uint8_t)side(result->outs[s], strict).low.mask;
    return result->column < 0 ? constant_column(f, masks[0]) : translate(f, result->column, masks);
}

static bool find_included(bm_folder *f, const bm_op *op, cells_of *c)
{
    bm_fold_result result;
    f->dep_count = 0;
    f->row_by_row = false;
    bm_fold_read_included(f, op);
    if (f->row_by_row || f->refused || !bm_fold_tabulate(f, evaluate_included, op, 1, &result) ||
        f->no_memory)
        return false;
    for (int strict = 0; strict < 2; strict++)
        c->conditions[strict] = included_column(f, &result, strict);
    c->condition = true;
    return true;
}

static bool find_condition(bm_folder *f, const bm_op *op, cells_of *c)
{
    if (!is_table(f, op->kind, op->c))
        return false;
    for (int strict = 0; strict < 2; strict++)
        c->conditions[strict] = mask_column(f, op->kind, op->c, strict);
    c->condition = true;
    return true;
}

/* Whether it was entered does not hang on silence. */
static bool find_given(bm_folder *f, const bm_op *op, cells_of *c)
{
    const bm_folded *slot = bm_fold_slot(f, op->kind, op->a);
    if (slot->given < 0)
        return false;
    c->conditions[0] = c->conditions[1] = translate(f, slot->given, slot->given_flags);
    c->condition = true;
    return true;
}

/* False where an operand is of a form that no kernel reads. */
static bool find_operands(bm_folder *f, const bm_op *op, cells_of *c)
{
    bm_do code = (bm_do)op->code;
    if (is_if(code) && !find_condition(f, op, c))
        return false;
    if (code == BM_DO_SUPPLY && !find_given(f, op, c))
        return false;
    if (gathers(code) && !find_included(f, op, c))
        return false;
    c->a = bm_fold_widen(f, gathers(code) ? op->over : op->kind, op->a);
    c->b = bm_own_operands(code) > 1 ? bm_fold_widen(f, op->kind, op->b) : NULL;
    return !f->no_memory;
}

static bool reads_constant(bm_do code)
{
    return code == BM_DO_OUTCOME_IN || code == BM_DO_MISSING || code == BM_DO_ASSUME ||
           code == BM_DO_IN || code == BM_DO_HAS_ANY || code == BM_DO_HAS_ALL;
}

static bm_fold_math math_of(const bm_folder *f, const bm_op *op)
{
    const bm_program *p = f->program;
    bm_do code = (bm_do)op->code;
    bm_fold_math math = {.code = code, .column = -1};
    if (reads_constant(code))
        math.constant = p->constants[op->b];
    if (code == BM_DO_ASSUME)
        math.assumed = p->constants[op->c];
    if (code == BM_DO_LARGEST || code == BM_DO_SMALLEST)
        math.constant = p->constants[op->c];
    if (code == BM_DO_SUM)
        math.factor = p->kinds[op->over].limit;
    return math;
}

static bool by_cells(bm_folder *f, const bm_op *op, bool twin)
{
    cells_of c = {.bits = BM_TRUTH_BITS};
    bm_fold_math math = math_of(f, op);
    if (!find_operands(f, op, &c))
        return f->no_memory;
    if (f->program->kinds[op->kind].base[op->to] == BM_BOOL) {
        bm_fold_open_bytes(f, op->kind, op->to, BM_TRUTH_BITS, twin, &c.bytes);
    } else {
        const bm_wide *to = bm_fold_open_wide(f, op->kind, op->to, twin);
        if (!to)
            return true;
        c.to = *to;
    }
    add_side(f, &c, math, false);
    if (twin && math.code == BM_DO_ASSUME)
        add_cells(f, BM_FOLD_COPY, &(bm_fold_math){.a = c.a->strict, .to = c.to.strict});
    else if (twin)
        add_side(f, &c, math, true);
    return true;
}

/* ---- links in cells ---- */

enum { LINK_STATES = 8 };

void bm_fold_read_link(bm_folder *f, int kind, int32_t number)
{
    bm_folded *slot = bm_fold_slot(f, kind, number);
    uint8_t *bytes;
    if (slot->form != BM_AS_CELLS || bm_has_twin(slot->wide)) {
        bm_fold_read(f, kind, number);
        return;
    }
    if (slot->rungs < 0) {
        bm_twin *cells = bm_fold_take(f, LINK_STATES, sizeof *cells);
        slot->rungs = bm_fold_new_column(f, LINK_STATES, &bytes);
        slot->rung_cells = cells;
        for (int s = 0; cells && s < LINK_STATES; s++) {
            uint64_t others = s & 4 ? 2 : 0, first = s & 2 ? 1 : 0;
            bm_cell cell = {.low.mask = (uint64_t)(s & 1), .high.mask = first | others};
            cells[s] = (bm_twin){cell, cell};
        }
        if (!f->no_memory)
            add_cells(f, BM_FOLD_LINKS, &(bm_fold_math){.a = slot->wide->plain, .bytes = bytes});
    }
    bm_fold_add_dep(
        f,
        &(bm_dep){.column = slot->rungs, .kind = kind, .slot = number, .cells = slot->rung_cells});
}

/* ---- questions about a number in cells ---- */

/* Cells of which the question is answered so. */
static bm_twin answered(const bm_op *op, bm_cell all, bool yes)
{
    bm_cell none = {.low.number = NAN, .high.number = NAN};
    bm_cell open = {.low.number = 0, .high.number = 1}, one = {.low.number = 0};
    bm_cell cell = op->code == BM_DO_KNOWN ? yes ? one : open : yes ? all : none;
    return (bm_twin){cell, cell};
}

void bm_fold_read_question(bm_folder *f, const bm_op *op)
{
    const bm_folded *slot = bm_fold_slot(f, op->kind, op->a);
    bm_do code = op->code == BM_DO_KNOWN ? BM_DO_KNOWN : BM_DO_MISSING;
    bm_cell all = code == BM_DO_KNOWN ? (bm_cell){.low.number = 0} : f->program->constants[op->b];
    uint8_t *bytes;
    if (slot->form != BM_AS_CELLS || op->base != BM_NUMBER) {
        bm_fold_read(f, op->kind, op->a);
        return;
    }
    int column = bm_fold_new_column(f, BM_EITHER + 1, &bytes);
    bm_twin *cells = bm_fold_take(f, BM_EITHER + 1, sizeof *cells);
    if (column < 0 || !cells)
        return;
    for (int mask = 0; mask <= BM_EITHER; mask++)
        cells[mask] = answered(op, all, mask == BM_YES);
    add_step(
        f, bm_fold_math_kernel(code, f->level),
        &(bm_fold_math){.code = code, .a = slot->wide->plain, .constant = all, .bytes = bytes});
    bm_fold_add_dep(f,
                    &(bm_dep){.column = column, .kind = op->kind, .slot = op->a, .cells = cells});
}

/* ---- rows ---- */

typedef struct {
    bm_wide *choices[BM_OUTS];
    int values[BM_OUTS];
    int count;
} settings_of;

static bool add_setting(bm_folder *f, int kind, int32_t choice, int32_t value, bool twin,
                        settings_of *all)
{
    if (all->count == BM_OUTS)
        return false;
    all->values[all->count] = value;
    all->choices[all->count] = bm_fold_open_wide(f, kind, choice, twin);
    return all->choices[all->count++] != NULL;
}

static bm_fold_setting *keep_settings(bm_folder *f, const settings_of *all, bool strict)
{
    bm_fold_setting *kept = bm_fold_keep(f, (size_t)all->count + 1, sizeof *kept);
    for (int i = 0; kept && i < all->count; i++)
        kept[i] = (bm_fold_setting){.choice = *ends_of(all->choices[i], strict),
                                    .bit = UINT64_C(1) << all->values[i],
                                    .value = (uint64_t)all->values[i] + 1};
    return kept;
}

/* The lead counts even where nobody asks for it: what a row sets besides hangs on it. */
static bool find_settings(bm_folder *f, const bm_op *op, bool twin, settings_of *all)
{
    const bm_row *row = &f->program->rows[op->a];
    if (row->choice >= 0 && !add_setting(f, op->kind, row->choice, row->value, twin, all))
        return false;
    for (int i = 0; i < row->set_count; i++)
        if (bm_fold_slot(f, op->kind, row->sets[i].choice)->needed &&
            !add_setting(f, op->kind, row->sets[i].choice, row->sets[i].value, twin, all))
            return false;
    return true;
}

static bool row_by_cells(bm_folder *f, const bm_op *op, bool twin)
{
    const bm_row *row = &f->program->rows[op->a];
    cells_of c = {.bits = BM_ROW_BITS, .condition = true};
    bm_fold_math math = {.code = BM_DO_ROW, .leads = row->choice >= 0};
    settings_of all = {.count = 0};
    if (!is_table(f, op->kind, row->when) || row->set_count >= BM_OUTS)
        return false;
    for (int strict = 0; strict < 2; strict++)
        c.conditions[strict] = mask_column(f, op->kind, row->when, strict);
    if (!find_settings(f, op, twin, &all))
        return true;
    if (bm_fold_slot(f, op->kind, row->slot)->needed)
        bm_fold_open_bytes(f, op->kind, row->slot, BM_ROW_BITS, twin, &c.bytes);
    math.setting_count = all.count;
    for (int strict = 0; strict <= twin; strict++) {
        math.settings = keep_settings(f, &all, strict);
        add_side(f, &c, math, strict);
    }
    return true;
}

bool bm_fold_by_cells(bm_folder *f, const bm_op *op)
{
    bm_do code = (bm_do)op->code;
    bool twin = bm_fold_rests_on_silence(f, op);
    if (code == BM_DO_ROW)
        return row_by_cells(f, op, twin);
    if (!bm_fold_math_kernel(code, f->level) || (asks_number(code) && op->base != BM_NUMBER))
        return false;
    return by_cells(f, op, twin);
}
