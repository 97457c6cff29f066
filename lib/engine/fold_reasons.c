/* SPDX-License-Identifier: Apache-2.0 */
/* A number of which nothing is known is "partly" known all the same when something was entered that
 * it is made of (engine/why.h). Whether a walk for reasons comes to something entered is one bit of
 * every slot, which hangs on the bits and cells of what the slot is made of: the walk itself is asked
 * for it, one operation at a time, once for every case. */
#include <string.h>

#include "engine/fold_parts.h"
#include "engine/why.h"

enum { DEEPEST = 400 };

static bool find(bm_folder *f, int kind, int32_t slot, int depth);

static void keep_reason(bm_folder *f, int kind, int32_t number, int column, const uint8_t *flags)
{
    bm_folded *slot = bm_fold_slot(f, kind, number);
    slot->reasoned = true;
    slot->reason = column;
    slot->reasons = flags;
}

static void add_reason(bm_folder *f, int kind, int32_t number)
{
    const bm_folded *slot = bm_fold_slot(f, kind, number);
    bm_fold_add_dep(f, &(bm_dep){.what = BM_DEP_FLAG,
                                 .column = slot->reason,
                                 .flags = slot->reasons,
                                 .flag = &f->reasons[kind][number]});
}

/* ---- inputs ---- */

static bool find_input(bm_folder *f, int kind, int32_t number)
{
    bm_folded *slot = bm_fold_slot(f, kind, number);
    uint8_t *flag = slot->given < 0 ? bm_fold_take(f, 1, 1) : NULL;
    if (flag)
        *flag = f->fold->plain.given[kind][number] != 0;
    keep_reason(f, kind, number, slot->given, flag ? flag : slot->given_flags);
    return !f->no_memory;
}

/* ---- operations ---- */

/* What the walk goes on to, at most. */
typedef struct {
    bm_read slots[BM_READS];
    int count;
} ways;

static void add_way(ways *to, int kind, int32_t slot)
{
    to->slots[to->count++] = (bm_read){kind, slot};
}

/* Where the condition may be, and what it is a condition of. */
static void gathered(const bm_folder *f, const bm_op *op, ways *to)
{
    const bm_linked *link = op->link ? &f->program->links[op->link - 1] : NULL;
    int32_t where = link ? link->where : op->b;
    add_way(to, op->over, op->a);
    if (op->code == BM_DO_PICK)
        return;
    if (where >= 0)
        add_way(to, op->over, where);
    if (link)
        add_way(to, op->over, link->to);
}

static void find_ways(const bm_folder *f, const bm_op *op, ways *to)
{
    const int32_t operands[3] = {op->a, op->b, op->c};
    bool choice = op->code == BM_DO_OUTCOME_IN; /* the rows that lead to it: see below */
    if (bm_gathers(op))
        gathered(f, op, to);
    if (op->code == BM_DO_FROM_PATIENT)
        add_way(to, 0, op->a);
    for (int i = 0; i < bm_own_operands((bm_do)op->code) && !choice; i++)
        add_way(to, op->kind, operands[i]);
}

/* Cells that the walk looks at. */
static void read_cells(bm_folder *f, const bm_op *op)
{
    switch ((bm_do)op->code) {
    case BM_DO_AND:
    case BM_DO_OR:
        bm_fold_read(f, op->kind, op->b);
        bm_fold_read(f, op->kind, op->a);
        break;
    case BM_DO_KNOWN:
    case BM_DO_MISSING:
    case BM_DO_ASSUME:
        bm_fold_read_question(f, op);
        break;
    case BM_DO_IF_MASK:
    case BM_DO_IF_NUMBER:
    case BM_DO_IF_SET:
        bm_fold_read(f, op->kind, op->c);
        break;
    case BM_DO_ANY:
    case BM_DO_ALL:
        bm_fold_read(f, op->over, op->a);
        break;
    default:
        break;
    }
    if (bm_gathers(op) && op->code != BM_DO_PICK)
        bm_fold_read_included(f, op);
}

/* What was entered wins, or is asked for. */
static void read_entered(bm_folder *f, const bm_op *op)
{
    const bm_folded *slot = bm_fold_slot(f, op->kind, op->a);
    bool asks = op->code == BM_DO_SUPPLY || op->code == BM_DO_GIVEN || op->code == BM_DO_STATED ||
                op->code == BM_DO_RESTATED;
    if (asks && slot->given >= 0)
        bm_fold_add_dep(f, &(bm_dep){.what = BM_DEP_GIVEN,
                                     .column = slot->given,
                                     .kind = op->kind,
                                     .slot = op->a,
                                     .flags = slot->given_flags});
}

static void evaluate_reason(bm_folder *f, const void *context, bm_twin *outs)
{
    const bm_op *op = context;
    int32_t number = (int32_t)(op - f->program->ops);
    bm_bounds_run_ops(&f->plain, &number, 1);
    outs[0].plain.low.mask = bm_why_from(&f->plain, op, f->reasons);
}

static bool tabulate(bm_folder *f, const bm_op *op, const ways *to)
{
    bm_fold_result result;
    f->dep_count = 0;
    f->row_by_row = false;
    read_cells(f, op);
    read_entered(f, op);
    for (int i = 0; i < to->count; i++)
        add_reason(f, to->slots[i].kind, to->slots[i].slot);
    if (f->row_by_row || f->refused || !bm_fold_tabulate(f, evaluate_reason, op, 1, &result))
        return false;
    uint8_t *flags = bm_fold_take(f, (size_t)result.states, 1);
    for (int s = 0; flags && s < result.states; s++)
        flags[s] = (uint8_t)result.outs[s].plain.low.mask;
    keep_reason(f, op->kind, op->to, result.column, flags);
    return !f->no_memory;
}

/* ---- choices: the reasons of every row that speaks ---- */

static bool is_row_of(const bm_row *row, const bm_op *op)
{
    return row->kind == op->kind && bm_row_touches(row, op->a);
}

static void evaluate_row(bm_folder *f, const void *context, bm_twin *outs)
{
    const bm_row *row = context;
    bool speaks = f->plain.cells[row->kind][row->slot].low.mask & BM_ROW_SPEAKS;
    outs[0].plain.low.mask = speaks && f->reasons[row->kind][row->when];
}

/* Adds up the rows that speak with a reason. */
static bool add_row(bm_folder *f, const bm_row *row, bm_fold_source *sources, int *count,
                    bool *always)
{
    bm_fold_result result;
    f->dep_count = 0;
    f->row_by_row = false;
    bm_fold_read(f, row->kind, row->slot);
    add_reason(f, row->kind, row->when);
    if (f->row_by_row || f->refused || !bm_fold_tabulate(f, evaluate_row, row, 1, &result) ||
        f->no_memory)
        return false;
    if (result.column < 0) {
        *always |= result.outs[0].plain.low.mask != 0;
        return true;
    }
    bm_fold_source *source = &sources[(*count)++];
    *source = (bm_fold_source){.column = result.column, .used = result.states};
    for (int s = 0; s < result.states; s++)
        source->low[s] = (uint8_t)result.outs[s].plain.low.mask;
    return true;
}

static bool add_up(bm_folder *f, const bm_op *op, bm_fold_source *sources, int count, bool always)
{
    uint8_t *bytes, *flags = bm_fold_take(f, BM_STATES, 1);
    int column = always || count == 0 ? -1 : bm_fold_new_column(f, count + 1, &bytes);
    bm_fold_step *step = column < 0 ? NULL : bm_fold_new_step(f, bm_fold_count);
    if (f->no_memory)
        return false;
    memset(flags, 1, BM_STATES);
    flags[0] = always;
    if (step) {
        step->to = bytes;
        step->sources = sources;
        step->source_count = count;
    }
    keep_reason(f, op->kind, op->to, column, flags);
    return true;
}

static bool find_outcome(bm_folder *f, const bm_op *op, int depth)
{
    const bm_program *p = f->program;
    int rows = 0, count = 0;
    bool always = false;
    for (int i = 0; i < p->row_count; i++)
        rows += is_row_of(&p->rows[i], op);
    bm_fold_source *sources = bm_fold_keep(f, (size_t)rows + 1, sizeof *sources);
    if (!sources || rows >= BM_STATES)
        return false;
    for (int i = 0; i < p->row_count; i++)
        if (is_row_of(&p->rows[i], op) && (!find(f, op->kind, p->rows[i].when, depth) ||
                                           !add_row(f, &p->rows[i], sources, &count, &always)))
            return false;
    return add_up(f, op, sources, count, always);
}

static bool find_op(bm_folder *f, const bm_op *op, int depth)
{
    ways to = {.count = 0};
    if (op->code == BM_DO_OUTCOME_IN)
        return find_outcome(f, op, depth);
    find_ways(f, op, &to);
    for (int i = 0; i < to.count; i++)
        if (!find(f, to.slots[i].kind, to.slots[i].slot, depth))
            return false;
    return tabulate(f, op, &to);
}

static bool find(bm_folder *f, int kind, int32_t number, int depth)
{
    const bm_folded *slot = bm_fold_slot(f, kind, number);
    const bm_kind *owner = &f->program->kinds[kind];
    if (slot->reasoned)
        return true;
    if (!slot->needed || depth >= DEEPEST) /* nothing stands in its cells */
        return false;
    return number < owner->inputs ? find_input(f, kind, number)
                                  : find_op(f, &f->program->ops[owner->maker[number]], depth + 1);
}

/* ---- what has to stand somewhere for it ---- */

static void follow(bm_folder *f, bool *const *seen, const bm_op *op)
{
    const bm_program *p = f->program;
    ways to = {.count = 0};
    find_ways(f, op, &to);
    for (int i = 0; i < to.count; i++)
        seen[to.slots[i].kind][to.slots[i].slot] = true;
    for (int i = 0; op->code == BM_DO_OUTCOME_IN && i < p->row_count; i++) {
        if (!is_row_of(&p->rows[i], op))
            continue;
        bm_fold_slot(f, op->kind, p->rows[i].slot)->needed = true;
        bm_fold_slot(f, op->kind, p->rows[i].when)->needed = true;
        seen[op->kind][p->rows[i].when] = true;
    }
}

void bm_fold_need_reasons(bm_folder *f, const bm_fold_target *targets, int count)
{
    bool *seen[BM_KINDS] = {NULL};
    for (int k = 0; k < f->program->kind_count; k++)
        seen[k] = bm_fold_take(f, (size_t)f->program->kinds[k].slots + 1, 1);
    for (int i = 0; i < count && !f->no_memory; i++)
        if (!targets[i].choice)
            seen[targets[i].kind][targets[i].slot] = true;
    for (int u = f->plan->count - 1; u >= 0 && !f->no_memory; u--) {
        const bm_unit_of_work *unit = &f->program->units[f->plan->units[u]];
        for (int i = unit->end - 1; i >= unit->first; i--) {
            const bm_op *op = &f->program->ops[i];
            if (op->code != BM_DO_ROW && seen[op->kind][op->to])
                follow(f, seen, op);
        }
    }
}

bool bm_fold_find_reasons(bm_folder *f, int kind, int32_t number, int *column,
                          const uint8_t **flags)
{
    bool refused = f->refused, found = find(f, kind, number, 0) && !f->no_memory;
    f->refused = refused; /* what cannot be told so is walked */
    *column = bm_fold_slot(f, kind, number)->reason;
    *flags = bm_fold_slot(f, kind, number)->reasons;
    return found;
}
