/* SPDX-License-Identifier: Apache-2.0 */
/* Operations that neither come to a table nor have a way by columns: the bounds evaluator itself runs
 * them, a row at a time. */
#include <string.h>

#include "engine/fold_parts.h"

/* ---- building ---- */

static bool dep_rests(const bm_folder *f, const bm_dep *dep)
{
    int states = dep->column < 0 ? 1 : f->fold->columns[dep->column].states;
    if (dep->wide)
        return bm_has_twin(dep->wide);
    for (int s = 0; dep->cells && s < states; s++)
        if (!bm_same_bits(dep->cells[s].plain, dep->cells[s].strict))
            return true;
    return dep->what == BM_DEP_STRICT;
}

bool bm_fold_rests_on_silence(const bm_folder *f, const bm_op *op)
{
    bool rests = op->code == BM_DO_KNOWN || op->code == BM_DO_MISSING || op->code == BM_DO_ASSUME;
    for (int d = 0; d < f->dep_count; d++)
        rests |= dep_rests(f, &f->deps[d]);
    return rests;
}

void bm_fold_open_bytes(bm_folder *f, int kind, int32_t number, int shift, bool twin,
                        uint8_t **bytes)
{
    bm_folded *slot = bm_fold_slot(f, kind, number);
    int states = 1 << (twin ? 2 * shift : shift), low = (1 << shift) - 1;
    bm_twin *cells = bm_fold_take(f, (size_t)states, sizeof *cells);
    slot->form = BM_AS_TABLE;
    slot->column = bm_fold_new_column(f, states, bytes);
    slot->cells = cells;
    slot->wide = NULL;
    for (int s = 0; cells && s < states; s++) {
        uint64_t strict = (uint64_t)(twin ? s >> shift : s);
        cells[s] = (bm_twin){{.low.mask = (uint64_t)(s & low)}, {.low.mask = strict}};
    }
}

/* All that an operation can give; everything where it is not its own table that says so. */
static uint64_t options_of(const bm_folder *f, const bm_op *op)
{
    uint64_t all = op->code == BM_DO_TABLE_CODE || op->code == BM_DO_CUT ? 0 : UINT64_MAX;
    const bm_table *table = op->code == BM_DO_TABLE_CODE ? &f->program->tables[op->b] : NULL;
    const bm_cuts *cuts = op->code == BM_DO_CUT ? &f->program->cuts[op->b] : NULL;
    for (int i = 0; table && i < table->count; i++)
        all |= table->cells[i].low.mask;
    for (int i = 0; cuts && i < cuts->count; i++)
        all |= UINT64_C(1) << cuts->cuts[i].code;
    return all;
}

/* A code of few options: its mask is a byte, where silence changes nothing. */
static void open_mask(bm_folder *f, const bm_op *op, bm_fold_out *out)
{
    bm_folded *slot = bm_fold_slot(f, op->kind, out->slot);
    bm_twin *cells = bm_fold_take(f, BM_STATES, sizeof *cells);
    out->form = BM_OUT_MASK;
    slot->form = BM_AS_TABLE;
    slot->column = bm_fold_new_column(f, BM_STATES, &out->bytes);
    slot->cells = cells;
    for (int s = 0; cells && s < BM_STATES; s++)
        cells[s].plain.low.mask = cells[s].strict.low.mask = (uint64_t)s;
}

static void open_out(bm_folder *f, const bm_op *op, int32_t number, bool strict, bm_fold_out *out)
{
    bm_base base = (bm_base)f->program->kinds[op->kind].base[number];
    bool row = op->code == BM_DO_ROW && f->program->rows[op->a].slot == number;
    bool few = base == BM_CODE && options_of(f, op) < BM_STATES;
    out->slot = number;
    out->shift = row ? BM_ROW_BITS : BM_TRUTH_BITS;
    if (base == BM_BOOL || row) {
        out->form = BM_OUT_BYTES;
        bm_fold_open_bytes(f, op->kind, number, out->shift, strict, &out->bytes);
    } else if (few) {
        open_mask(f, op, out);
    } else {
        const bm_wide *wide = bm_fold_open_wide(f, op->kind, number, strict);
        out->form = BM_OUT_WIDE;
        if (wide)
            out->wide = *wide;
    }
}

/* Tables that are read while it runs. */
static void keep_deps(bm_folder *f, bm_dep *deps)
{
    memcpy(deps, f->deps, (size_t)f->dep_count * sizeof *deps);
    for (int d = 0; d < f->dep_count; d++) {
        int states = deps[d].column < 0 ? 1 : f->fold->columns[deps[d].column].states;
        bm_twin *cells = deps[d].cells ? bm_fold_keep(f, (size_t)states, sizeof *cells) : NULL;
        uint8_t *flags = deps[d].flags ? bm_fold_keep(f, (size_t)states, 1) : NULL;
        if (cells)
            memcpy(cells, deps[d].cells, (size_t)states * sizeof *cells);
        if (flags)
            memcpy(flags, deps[d].flags, (size_t)states);
        deps[d].cells = cells;
        deps[d].flags = flags;
    }
}

void bm_fold_row_by_row(bm_folder *f, const bm_op *op, const int32_t *outs, int out_count)
{
    bm_fold_row_op *one = bm_fold_keep(f, 1, sizeof *one);
    bm_dep *deps = bm_fold_keep(f, (size_t)f->dep_count, sizeof *deps);
    bm_fold_out *to = bm_fold_keep(f, (size_t)out_count, sizeof *to);
    if (!one || !deps || !to)
        return;
    keep_deps(f, deps);
    *one = (bm_fold_row_op){
        f->fold, (int32_t)(op - f->program->ops), deps, f->dep_count, to, out_count, false};
    one->strict = bm_fold_rests_on_silence(f, op);
    for (int i = 0; i < out_count; i++)
        open_out(f, op, outs[i], one->strict, &to[i]);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_row_op_run);
    if (step)
        step->op = one;
    f->fold->row_ops++;
}

/* ---- running ---- */

static void enter_wide(const bm_dep *dep, bm_fold *fold, size_t i)
{
    const bm_wide *wide = dep->wide;
    fold->plain.cells[dep->kind][dep->slot] = (bm_cell){wide->plain.low[i], wide->plain.high[i]};
    fold->strict.cells[dep->kind][dep->slot] = (bm_cell){wide->strict.low[i], wide->strict.high[i]};
}

static void enter(const bm_fold_row_op *op, size_t i)
{
    bm_fold *fold = op->fold;
    for (int d = 0; d < op->dep_count; d++) {
        const bm_dep *dep = &op->deps[d];
        if (dep->wide)
            enter_wide(dep, fold, i);
        else /* what is the same in all rows, too: the operation may change it */
            bm_fold_apply(dep, dep->column < 0 ? 0 : fold->columns[dep->column].bytes[i],
                          &fold->plain, &fold->strict);
    }
}

static void put(const bm_ends *to, bm_base base, size_t i, bm_cell cell)
{
    if (base == BM_OUTCOME) /* which row it was does not matter */
        cell.high.mask &= UINT32_MAX;
    to->low[i] = cell.low;
    to->high[i] = cell.high;
}

static void leave(const bm_fold_row_op *op, const bm_fold_out *out, int kind, size_t i)
{
    bm_fold *fold = op->fold;
    bm_base base = (bm_base)fold->program->kinds[kind].base[out->slot];
    bm_cell plain = fold->plain.cells[kind][out->slot];
    bm_cell strict = op->strict ? fold->strict.cells[kind][out->slot] : plain;
    switch (out->form) {
    case BM_OUT_BYTES:
        out->bytes[i] =
            (uint8_t)(plain.low.mask | (op->strict ? strict.low.mask << out->shift : 0));
        break;
    case BM_OUT_MASK:
        out->bytes[i] = (uint8_t)plain.low.mask;
        fold->open[i] |= plain.low.mask != strict.low.mask;
        break;
    case BM_OUT_WIDE:
        put(&out->wide.plain, base, i, plain);
        if (bm_has_twin(&out->wide))
            put(&out->wide.strict, base, i, strict);
        break;
    }
}

void bm_fold_row_op_run(const bm_fold_step *step, const bm_fold_column *columns, size_t count)
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
