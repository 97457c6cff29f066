/* SPDX-License-Identifier: Apache-2.0 */
/* A number of which nothing is known is "partly" known all the same when something was entered that
 * it is made of (engine/why.h). Inputs that surely count, and those that may. */
#include "engine/fold_parts.h"

/* ---- all of them ---- */

static void mark(bool *const *seen, const bm_read *reads, int count)
{
    for (int r = 0; r < count; r++)
        if (reads[r].slot >= 0)
            seen[reads[r].kind][reads[r].slot] = true;
}

static bool is_seen(const bm_folder *f, bool *const *seen, const bm_op *op)
{
    if (op->code != BM_DO_ROW)
        return seen[op->kind][op->to];
    const bm_row *row = &f->program->rows[op->a];
    bool found = seen[op->kind][row->slot] || (row->choice >= 0 && seen[op->kind][row->choice]);
    for (int i = 0; i < row->set_count; i++)
        found |= seen[op->kind][row->sets[i].choice];
    return found;
}

static void follow(bm_folder *f, const bm_fold_target *target, bool *const *seen)
{
    seen[target->kind][target->slot] = true;
    for (int u = f->plan->count - 1; u >= 0; u--) {
        const bm_unit_of_work *unit = &f->program->units[f->plan->units[u]];
        for (int i = unit->end - 1; i >= unit->first; i--) {
            bm_read reads[BM_READS];
            const bm_op *op = &f->program->ops[i];
            if (is_seen(f, seen, op))
                mark(seen, reads, bm_op_reads(f->program, op, reads));
        }
    }
}

/* ---- those that count whatever the others are ---- */

enum { DEEPEST = 60 }; /* less than those who look for reasons go */

static void be_sure(bm_folder *f, bool *const *seen, int kind, int32_t slot, int depth);

/* What is entered wins, and counts; else what it is derived from does. */
static void be_sure_of_supply(bm_folder *f, bool *const *seen, const bm_op *op, int depth)
{
    seen[op->kind][op->a] = true;
    be_sure(f, seen, op->kind, op->b, depth);
}

/* Of what is gathered the condition counts, and without one the value. */
static void be_sure_of_gathered(bm_folder *f, bool *const *seen, const bm_op *op, int depth)
{
    bool values = op->code == BM_DO_SUM || op->code == BM_DO_LARGEST ||
                  op->code == BM_DO_SMALLEST || op->code == BM_DO_COUNT;
    if (op->code == BM_DO_PICK || (values && !op->link && op->b < 0))
        be_sure(f, seen, op->over, op->a, depth);
    else if (values && !op->link)
        be_sure(f, seen, op->over, op->b, depth);
}

static void be_sure_of_op(bm_folder *f, bool *const *seen, const bm_op *op, int depth)
{
    const int32_t operands[2] = {op->a, op->b};
    if (op->code == BM_DO_SUPPLY) {
        be_sure_of_supply(f, seen, op, depth);
    } else if (op->code == BM_DO_FROM_PATIENT) {
        be_sure(f, seen, 0, op->a, depth);
    } else if (op->code == BM_DO_IF_NUMBER || op->code == BM_DO_IF_MASK) {
        be_sure(f, seen, op->kind, op->c, depth);
    } else if (op->code >= BM_DO_ANY && op->code <= BM_DO_PICK) {
        be_sure_of_gathered(f, seen, op, depth);
    } else if (op->code >= BM_DO_LT && op->code <= BM_DO_CUT) { /* arithmetic and tables */
        for (int i = 0; i < bm_own_operands((bm_do)op->code); i++)
            be_sure(f, seen, op->kind, operands[i], depth);
    }
}

static void be_sure(bm_folder *f, bool *const *seen, int kind, int32_t slot, int depth)
{
    if (seen[kind][slot] || depth >= DEEPEST)
        return;
    seen[kind][slot] = true;
    if (slot >= f->program->kinds[kind].inputs)
        be_sure_of_op(f, seen, &f->program->ops[f->program->kinds[kind].maker[slot]], depth + 1);
}

/* ---- both ---- */

static bool open_seen(bm_folder *f, bool *seen[BM_KINDS])
{
    for (int k = 0; k < f->program->kind_count; k++)
        seen[k] = bm_fold_take(f, (size_t)f->program->kinds[k].slots + 1, 1);
    return !f->no_memory;
}

static void add_inputs(const bm_folder *f, bool *const *seen, bool *const *unless,
                       bm_fold_writer *out)
{
    for (int n = 0; n < f->input_count; n++) {
        const bm_fold_input *input = &f->inputs[n];
        if (seen[input->kind][input->input] && !(unless && unless[input->kind][input->input]))
            out->inputs[out->input_count++] = n;
    }
}

void bm_fold_list_inputs(bm_folder *f, const bm_fold_target *target, bm_fold_writer *out)
{
    bool *all[BM_KINDS] = {NULL}, *sure[BM_KINDS] = {NULL};
    out->inputs = bm_fold_keep(f, (size_t)f->input_count + 1, sizeof *out->inputs);
    if (!out->inputs || !open_seen(f, all) || !open_seen(f, sure))
        return;
    follow(f, target, all);
    be_sure(f, sure, target->kind, target->slot, 0);
    add_inputs(f, sure, NULL, out);
    out->sure_count = out->input_count;
    add_inputs(f, all, sure, out);
    for (int k = 0; k < f->program->kind_count; k++)
        for (int32_t i = 0; i < f->program->kinds[k].inputs; i++)
            out->entered |= all[k][i] && f->fold->plain.given[k][i];
}
