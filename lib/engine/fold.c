/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/fold.h"

#include <string.h>

#include "engine/fold_math.h"
#include "engine/outcome.h"

/* ---- room ---- */

bm_folded *bm_fold_slot(bm_folder *f, int kind, int32_t slot)
{
    return &f->slots[kind][slot];
}

void *bm_fold_take(bm_folder *f, size_t count, size_t size)
{
    void *room = bm_arena_array(&f->room, count, size);
    f->no_memory |= room == NULL;
    return room;
}

void *bm_fold_keep(bm_folder *f, size_t count, size_t size)
{
    void *room = bm_arena_array(&f->fold->arena, count, size);
    f->no_memory |= room == NULL;
    return room;
}

/* -1 when there is no memory. Without `bytes` the caller of the run has them. */
int bm_fold_new_column(bm_folder *f, int states, uint8_t **bytes)
{
    bm_fold *fold = f->fold;
    bm_fold_column *columns = bm_arena_grow(&fold->arena, fold->columns, (size_t)fold->column_count,
                                            &fold->column_room, sizeof *columns);
    uint8_t *buffer = columns && bytes ? bm_fold_keep(f, BM_FOLD_CHUNK, 1) : NULL;
    if (!columns || (bytes && !buffer)) {
        f->no_memory = true;
        return -1;
    }
    fold->columns = columns;
    columns[fold->column_count] = (bm_fold_column){.states = states, .bytes = buffer};
    if (bytes)
        *bytes = buffer;
    return fold->column_count++;
}

bm_fold_step *bm_fold_new_step(bm_folder *f, bm_fold_kernel kernel)
{
    bm_fold *fold = f->fold;
    bm_fold_step *steps = bm_arena_grow(&fold->arena, fold->steps, (size_t)fold->step_count,
                                        &fold->step_room, sizeof *steps);
    if (!steps) {
        f->no_memory = true;
        return NULL;
    }
    fold->steps = steps;
    steps[fold->step_count] = (bm_fold_step){.run = kernel};
    return &steps[fold->step_count++];
}

/* ---- what differs between rows ---- */

static bool asks_given(bm_do code)
{
    return code == BM_DO_SUPPLY || code == BM_DO_GIVEN || code == BM_DO_STATED;
}

static const bm_slots *partners_of(const bm_folder *f, const bm_op *op)
{
    int32_t list = op->code == BM_DO_STATED ? f->program->kinds[op->kind].partners[op->a] : -1;
    return list < 0 ? NULL : &f->program->partners[list];
}

static bool given_varies(bm_folder *f, const bm_op *op)
{
    if (!asks_given((bm_do)op->code))
        return false;
    const bm_slots *partners = partners_of(f, op);
    bool varies = bm_fold_slot(f, op->kind, op->a)->varies;
    for (int i = 0; partners && i < partners->count; i++)
        varies |= bm_fold_slot(f, op->kind, partners->slots[i])->varies;
    return varies;
}

static bool op_varies(bm_folder *f, const bm_op *op)
{
    bm_read reads[BM_READS];
    int count = bm_op_reads(f->program, op, reads);
    if (op->code == BM_DO_RESTATED) /* no: a row has one record of a kind */
        return false;
    bool varies = given_varies(f, op);
    if (bm_gathers(op))
        varies |= f->listed_varies[op->over] || (op->link && f->listed_varies[op->kind]);
    for (int r = 0; r < count; r++)
        varies |= bm_fold_slot(f, reads[r].kind, reads[r].slot)->varies;
    const bm_row *row = op->code == BM_DO_ROW ? &f->program->rows[op->a] : NULL;
    for (int i = 0; row && i < row->set_count; i++)
        varies |= bm_fold_slot(f, op->kind, row->sets[i].choice)->varies;
    return varies;
}

static void mark_varying(bm_folder *f, const bm_op *op)
{
    if (!op_varies(f, op))
        return;
    if (op->code != BM_DO_ROW) {
        bm_fold_slot(f, op->kind, op->to)->varies = true;
        return;
    }
    const bm_row *row = &f->program->rows[op->a];
    bm_fold_slot(f, op->kind, row->slot)->varies = true;
    if (row->choice >= 0)
        bm_fold_slot(f, op->kind, row->choice)->varies = true;
    for (int i = 0; i < row->set_count; i++)
        bm_fold_slot(f, op->kind, row->sets[i].choice)->varies = true;
}

typedef void (*bm_fold_visit)(bm_folder *f, const bm_op *op);

static void forwards(bm_folder *f, bm_fold_visit visit)
{
    for (int u = 0; u < f->plan->count; u++) {
        const bm_unit_of_work *unit = &f->program->units[f->plan->units[u]];
        for (int i = unit->first; i < unit->end && !f->no_memory && !f->refused; i++)
            visit(f, &f->program->ops[i]);
    }
}

static void backwards(bm_folder *f, bm_fold_visit visit)
{
    for (int u = f->plan->count - 1; u >= 0; u--) {
        const bm_unit_of_work *unit = &f->program->units[f->plan->units[u]];
        for (int i = unit->end - 1; i >= unit->first; i--)
            visit(f, &f->program->ops[i]);
    }
}

/* ---- what is needed ---- */

static void need(bm_folder *f, int kind, int32_t slot)
{
    if (slot >= 0)
        bm_fold_slot(f, kind, slot)->needed = true;
}

static bool row_is_needed(bm_folder *f, const bm_op *op)
{
    const bm_row *row = &f->program->rows[op->a];
    bool needed = bm_fold_slot(f, op->kind, row->slot)->needed ||
                  (row->choice >= 0 && bm_fold_slot(f, op->kind, row->choice)->needed);
    for (int i = 0; i < row->set_count; i++)
        needed |= bm_fold_slot(f, op->kind, row->sets[i].choice)->needed;
    return needed;
}

static bool is_needed(bm_folder *f, const bm_op *op)
{
    return op->code == BM_DO_ROW ? row_is_needed(f, op) : bm_fold_slot(f, op->kind, op->to)->needed;
}

static void need_reads(bm_folder *f, const bm_op *op)
{
    bm_read reads[BM_READS];
    if (!is_needed(f, op))
        return;
    f->op_needed[op - f->program->ops] = true; /* not: rows behind all that read their choices */
    int count = bm_op_reads(f->program, op, reads);
    for (int r = 0; r < count; r++)
        need(f, reads[r].kind, reads[r].slot);
    const bm_slots *partners = partners_of(f, op);
    for (int i = 0; partners && i < partners->count; i++)
        need(f, op->kind, partners->slots[i]);
}

static void need_targets(bm_folder *f, const bm_fold_target *targets, int count)
{
    for (int i = 0; i < count; i++) {
        need(f, targets[i].kind, targets[i].slot);
        need(f, targets[i].kind, targets[i].applies);
        need(f, targets[i].kind, targets[i].band);
        if (!targets[i].choice)
            bm_fold_slot(f, targets[i].kind, targets[i].slot)->exact = true;
        for (int j = 0; j < targets[i].item_count; j++)
            need(f, targets[i].kind, targets[i].items[j]);
    }
}

/* ---- the scratch: what every slot is with nothing entered ---- */

static bool open_frame(bm_folder *f, bm_arena *arena, const bm_fold_rest *rest, bool strict,
                       bm_frame *frame)
{
    frame->program = f->program;
    frame->strict = strict;
    for (int k = 0; k < f->program->kind_count; k++) {
        const bm_kind *kind = &f->program->kinds[k];
        size_t inputs = (size_t)kind->inputs;
        uint8_t *given = bm_arena_array(arena, inputs + 1, 1);
        frame->cells[k] = bm_arena_array(arena, (size_t)kind->slots + 1, sizeof(bm_cell));
        frame->given[k] = given;
        frame->records[k] = 1;
        frame->listed[k] = k == 0;
        if (!given || !frame->cells[k])
            return false;
        if (inputs) {
            memcpy(frame->cells[k], rest->cells[k], inputs * sizeof(bm_cell));
            memcpy(given, rest->given[k], inputs);
        }
    }
    bm_bounds_run(frame, f->plan);
    return true;
}

static void leave_as_they_are(bm_folder *f)
{
    for (int k = 0; k < f->program->kind_count; k++)
        for (int32_t s = 0; s < f->program->kinds[k].slots; s++) {
            bm_folded *slot = bm_fold_slot(f, k, s);
            slot->column = slot->given = slot->rungs = slot->strict_rungs = -1;
            slot->masks[0] = slot->masks[1] = -1;
            bm_twin *cells =
                slot->varies || !slot->needed ? NULL : bm_fold_take(f, 1, sizeof *cells);
            if (cells)
                *cells = (bm_twin){f->plain.cells[k][s], f->strict.cells[k][s]};
            slot->cells = cells;
        }
}

/* ---- inputs ---- */

static void open_code(bm_folder *f, int n, bm_folded *slot)
{
    const bm_fold_input *input = &f->inputs[n];
    bm_cell rest = f->plain.cells[input->kind][input->input];
    bool code = f->program->kinds[input->kind].base[input->input] == BM_CODE;
    uint64_t blank = f->program->kinds[input->kind].blank[input->input].low.mask;
    int options = code ? 64 - __builtin_clzll(blank | 1) : 2;
    bm_twin *cells = bm_fold_take(f, (size_t)options + 1, sizeof *cells);
    uint8_t *given = bm_fold_take(f, (size_t)options + 1, 1);
    slot->column = slot->given = bm_fold_new_column(f, options + 1, NULL);
    if (!cells || !given)
        return;
    for (int i = 0; i < options; i++) {
        cells[i].plain.low.mask = cells[i].strict.low.mask = UINT64_C(1) << i;
        given[i] = 1;
    }
    cells[options] = (bm_twin){rest, rest};
    given[options] = f->plain.given[input->kind][input->input];
    slot->cells = cells;
    slot->given_flags = given;
    f->fold->input_column[n] = slot->column;
}

static void open_inputs(bm_folder *f)
{
    for (int n = 0; n < f->input_count; n++) {
        bm_folded *slot = bm_fold_slot(f, f->inputs[n].kind, f->inputs[n].input);
        uint8_t base = f->program->kinds[f->inputs[n].kind].base[f->inputs[n].input];
        f->fold->input_column[n] = -1;
        if (!slot->needed)
            continue;
        if (base == BM_NUMBER || base == BM_SET)
            bm_fold_number_input(f, n, slot);
        else
            open_code(f, n, slot);
    }
    for (int k = 1; k < f->program->kind_count; k++)
        f->fold->there_column[k] = f->listed_varies[k] ? bm_fold_new_column(f, 2, NULL) : -1;
}

/* ---- operations ---- */

static void alias(bm_folder *f, const bm_op *op, int kind, int32_t from)
{
    bm_folded *to = bm_fold_slot(f, op->kind, op->to), old = *to;
    *to = *bm_fold_slot(f, kind, from);
    to->varies = old.varies;
    to->needed = old.needed;
    to->exact = old.exact;
    to->limits = old.limits;
    to->given = -1;
    to->rungs = to->strict_rungs = -1; /* the limits are its own */
    to->reasoned = false;
}

/* The operand that is the result in all rows; -1: there is none. */
static int32_t same_as(bm_folder *f, const bm_op *op)
{
    uint64_t sure;
    switch ((bm_do)op->code) {
    case BM_DO_SUPPLY:
        if (bm_fold_slot(f, op->kind, op->a)->varies)
            return -1;
        return f->plain.given[op->kind][op->a] ? op->a : op->b;
    case BM_DO_IF_MASK:
    case BM_DO_IF_NUMBER:
    case BM_DO_IF_SET:
        if (bm_fold_slot(f, op->kind, op->c)->varies)
            return -1;
        sure = f->plain.cells[op->kind][op->c].low.mask;
        if (sure != f->strict.cells[op->kind][op->c].low.mask)
            return -1;
        return sure == BM_YES ? op->a : sure == BM_NO ? op->b : -1;
    default:
        return -1;
    }
}

/* Places among limits will do for comparisons with what is the same in all rows. */
static bool compares(bm_folder *f, const bm_op *op)
{
    if (op->code == BM_DO_CUT)
        return true;
    return (op->code == BM_DO_LT || op->code == BM_DO_LE || op->code == BM_DO_EQ) &&
           (!bm_fold_slot(f, op->kind, op->a)->varies || !bm_fold_slot(f, op->kind, op->b)->varies);
}

static void read_given(bm_folder *f, int kind, int32_t input)
{
    const bm_folded *slot = bm_fold_slot(f, kind, input);
    if (slot->given >= 0)
        bm_fold_add_dep(f, &(bm_dep){.what = BM_DEP_GIVEN,
                                     .column = slot->given,
                                     .kind = kind,
                                     .slot = input,
                                     .flags = slot->given_flags});
}

static void read_listed(bm_folder *f, int kind)
{
    static const uint8_t flags[2] = {0, 1};
    if (!f->listed_varies[kind])
        return;
    f->fold->asks_there = true;
    bm_fold_add_dep(f, &(bm_dep){.what = BM_DEP_LISTED,
                                 .column = f->fold->there_column[kind],
                                 .kind = kind,
                                 .flags = flags});
}

static void read_lists(bm_folder *f, const bm_op *op)
{
    read_listed(f, op->over);
    if (op->link)
        read_listed(f, op->kind);
}

static void read_rungs(bm_folder *f, const bm_read *read, const bm_folded *slot)
{
    bm_dep dep = {
        .column = slot->rungs, .kind = read->kind, .slot = read->slot, .cells = slot->rung_cells};
    bm_fold_add_dep(f, &dep);
    dep.what = BM_DEP_STRICT;
    dep.column = slot->strict_rungs;
    if (dep.column != slot->rungs)
        bm_fold_add_dep(f, &dep);
}

static void read_op(bm_folder *f, const bm_op *op)
{
    bm_read reads[BM_READS];
    int count = bm_op_reads(f->program, op, reads);
    const bm_row *row = op->code == BM_DO_ROW ? &f->program->rows[op->a] : NULL;
    const bm_slots *partners = partners_of(f, op);
    for (int r = 0; r < count; r++) {
        bm_folded *slot = bm_fold_slot(f, reads[r].kind, reads[r].slot);
        if (slot->form == BM_AS_CELLS && slot->limits && compares(f, op))
            bm_fold_rungs(f, slot);
        if (slot->form == BM_AS_CELLS && slot->rungs >= 0 && compares(f, op))
            read_rungs(f, &reads[r], slot);
        else if (op->link && reads[r].slot == f->program->links[op->link - 1].to)
            bm_fold_read_link(f, reads[r].kind, reads[r].slot);
        else if (op->code != BM_DO_GIVEN && op->code != BM_DO_STATED && op->code != BM_DO_RESTATED)
            bm_fold_read(f, reads[r].kind, reads[r].slot);
    }
    for (int i = 0; row && i < row->set_count; i++)
        if (bm_fold_slot(f, op->kind, row->sets[i].choice)->needed)
            bm_fold_read(f, op->kind, row->sets[i].choice);
    if (asks_given((bm_do)op->code))
        read_given(f, op->kind, op->a);
    for (int i = 0; partners && i < partners->count; i++)
        read_given(f, op->kind, partners->slots[i]);
    if (bm_gathers(op))
        read_lists(f, op);
}

void bm_fold_read_included(bm_folder *f, const bm_op *op)
{
    const bm_linked *link = op->link ? &f->program->links[op->link - 1] : NULL;
    int32_t where = link ? link->where : op->b;
    if (where >= 0)
        bm_fold_read(f, op->over, where);
    if (link)
        bm_fold_read_link(f, op->over, link->to);
    read_lists(f, op);
}

/* Slots that an operation fills and something reads. */
static int outs_of(bm_folder *f, const bm_op *op, int32_t outs[BM_OUTS])
{
    int count = 0;
    if (op->code != BM_DO_ROW) {
        outs[0] = op->to;
        return 1;
    }
    const bm_row *row = &f->program->rows[op->a];
    if (bm_fold_slot(f, op->kind, row->slot)->needed)
        outs[count++] = row->slot;
    if (row->choice >= 0 && bm_fold_slot(f, op->kind, row->choice)->needed)
        outs[count++] = row->choice;
    for (int i = 0; i < row->set_count; i++)
        if (bm_fold_slot(f, op->kind, row->sets[i].choice)->needed) {
            f->refused |= count == BM_OUTS;
            outs[f->refused ? 0 : count++] = row->sets[i].choice;
        }
    return count;
}

/* What nobody reads is left out, so that cells that mean the same are the same. */
static bm_cell tidy(const bm_folder *f, int kind, int32_t slot, bm_cell cell)
{
    bm_base base = (bm_base)f->program->kinds[kind].base[slot];
    if (base == BM_BOOL || base == BM_CODE)
        cell.high.mask = 0;
    if (base == BM_OUTCOME)
        cell.high.mask &= UINT32_MAX; /* which row it was */
    return cell;
}

typedef struct {
    int32_t op;
    int kind, count;
    int32_t outs[BM_OUTS];
} bm_fold_call;

static void evaluate_op(bm_folder *f, const void *context, bm_twin *outs)
{
    const bm_fold_call *call = context;
    bm_bounds_run_ops(&f->plain, &call->op, 1);
    bm_bounds_run_ops(&f->strict, &call->op, 1);
    for (int i = 0; i < call->count; i++) {
        int32_t slot = call->outs[i];
        outs[i].plain = tidy(f, call->kind, slot, f->plain.cells[call->kind][slot]);
        outs[i].strict = tidy(f, call->kind, slot, f->strict.cells[call->kind][slot]);
    }
}

static void take_result(bm_folder *f, const bm_fold_call *call, const bm_fold_result *result)
{
    for (int i = 0; i < call->count; i++) {
        bm_folded *slot = bm_fold_slot(f, call->kind, call->outs[i]);
        bm_twin *cells = bm_fold_take(f, (size_t)result->states, sizeof *cells);
        for (int s = 0; cells && s < result->states; s++)
            cells[s] = result->outs[s * call->count + i];
        slot->form = BM_AS_TABLE;
        slot->column = result->column;
        slot->cells = cells;
        slot->wide = NULL;
    }
}

static void row_by_row(bm_folder *f, const bm_op *op, const bm_fold_call *call)
{
    f->dep_count = 0;
    read_op(f, op);
    if (!f->refused)
        bm_fold_row_by_row(f, op, call->outs, call->count);
}

/* Results that stand somewhere already: a row has one record, so that is the one that is picked. */
static bool build_alias(bm_folder *f, const bm_op *op)
{
    bool outcome = op->code != BM_DO_ROW && f->program->kinds[op->kind].base[op->to] == BM_OUTCOME;
    int32_t same = same_as(f, op);
    if (op->code == BM_DO_FROM_PATIENT && !outcome)
        alias(f, op, 0, op->a);
    else if (op->code == BM_DO_PICK)
        alias(f, op, op->over, op->a);
    else if (same >= 0)
        alias(f, op, op->kind, same);
    else
        return false;
    return true;
}

static void build_op(bm_folder *f, const bm_op *op)
{
    bm_fold_call call = {.op = (int32_t)(op - f->program->ops), .kind = op->kind};
    bm_fold_result result;
    bool varies =
        op->code == BM_DO_ROW ? op_varies(f, op) : bm_fold_slot(f, op->kind, op->to)->varies;
    if (!f->op_needed[call.op] || !varies || build_alias(f, op) ||
        (op->code == BM_DO_ADD && bm_fold_add(f, op)))
        return;
    f->dep_count = 0;
    f->row_by_row = false;
    read_op(f, op);
    call.count = outs_of(f, op, call.outs);
    if (!f->row_by_row && !f->refused &&
        bm_fold_tabulate(f, evaluate_op, &call, call.count, &result))
        take_result(f, &call, &result);
    else if (!f->no_memory && !f->refused && !bm_fold_by_cells(f, op))
        row_by_row(f, op, &call);
}

/* ---- the whole ---- */

static bool open_folder(bm_folder *f, const bm_fold_rest *rest, const bm_fold_target *targets,
                        int target_count)
{
    bm_fold *fold = f->fold;
    for (int k = 0; k < f->program->kind_count; k++) {
        size_t slots = (size_t)f->program->kinds[k].slots + 1;
        f->slots[k] = bm_fold_take(f, slots, sizeof(bm_folded));
        f->reasons[k] = bm_fold_take(f, slots, 1);
    }
    f->op_needed = bm_fold_take(f, (size_t)f->program->op_count + 1, sizeof *f->op_needed);
    fold->input_column = bm_fold_keep(f, (size_t)f->input_count + 1, sizeof(int));
    fold->takes_parts = bm_fold_keep(f, (size_t)f->input_count + 1, sizeof(bool));
    fold->writers = bm_fold_keep(f, (size_t)target_count + 1, sizeof *fold->writers);
    fold->open = bm_fold_keep(f, BM_FOLD_CHUNK, 1);
    f->ids = bm_fold_take(f, BM_CASES, 1);
    f->results = bm_fold_take(f, (size_t)BM_STATES * BM_OUTS, sizeof *f->results);
    fold->writer_count = target_count;
    fold->input_count = f->input_count;
    if (f->no_memory || !open_frame(f, &f->room, rest, false, &f->plain) ||
        !open_frame(f, &f->room, rest, true, &f->strict) ||
        !open_frame(f, &fold->arena, rest, false, &fold->plain) ||
        !open_frame(f, &fold->arena, rest, true, &fold->strict))
        return false;
    for (int n = 0; n < f->input_count; n++) {
        bm_fold_slot(f, f->inputs[n].kind, f->inputs[n].input)->varies = true;
    }
    for (int k = 1; k < f->program->kind_count; k++)
        f->listed_varies[k] = rest->there[k];
    forwards(f, mark_varying);
    forwards(f, mark_varying); /* rows before one that made their choice vary */
    need_targets(f, targets, target_count);
    bm_fold_need_reasons(f, targets, target_count);
    backwards(f, need_reads);
    return !f->no_memory;
}

static bool build(bm_folder *f, const bm_fold_rest *rest, const bm_fold_target *targets,
                  int target_count)
{
    if (!open_folder(f, rest, targets, target_count))
        return false;
    bm_fold_find_limits(f);
    leave_as_they_are(f);
    if (!f->no_memory)
        open_inputs(f);
    forwards(f, build_op);
    for (int i = 0; i < target_count && !f->no_memory && !f->refused; i++)
        bm_fold_write_target(f, &targets[i], &f->fold->writers[i]);
    for (int i = 0; i < f->fold->step_count; i++)
        f->fold->steps[i].run = bm_fold_fast(f->fold->steps[i].run, f->level);
    f->fold->in_steps = bm_fold_fast_steps(f->level);
    f->fold->in_states = bm_fold_states_kernel(f->level);
    return !f->no_memory && !f->refused;
}

bm_fold *bm_fold_new(const bm_memory *memory, const bm_program *program, const bm_plan *plan,
                     const bm_fold_rest *rest, const bm_fold_input *inputs, int input_count,
                     const bm_fold_target *targets, int target_count, bm_fold_level level,
                     bool *no_memory)
{
    bm_fold *fold = bm_take(memory, sizeof *fold);
    *no_memory = fold == NULL;
    if (!fold)
        return NULL;
    memset(fold, 0, sizeof *fold);
    fold->memory = *memory;
    fold->program = program;
    bm_arena_init(&fold->arena, memory);
    bm_folder f = {.fold = fold,
                   .program = program,
                   .plan = plan,
                   .inputs = inputs,
                   .input_count = input_count,
                   .level = level};
    bm_arena_init(&f.room, memory);
    bool built = build(&f, rest, targets, target_count);
    bm_arena_free(&f.room);
    *no_memory = !built && !f.refused;
    if (built)
        return fold;
    bm_fold_free(fold);
    return NULL;
}

void bm_fold_free(bm_fold *fold)
{
    if (!fold)
        return;
    bm_memory memory = fold->memory;
    bm_arena_free(&fold->arena);
    bm_give_back(&memory, fold, sizeof *fold);
}

bool bm_fold_asks_there(const bm_fold *fold)
{
    return fold->asks_there;
}

bool bm_fold_takes_parts(const bm_fold *fold, int input)
{
    return fold->takes_parts[input];
}

int bm_fold_rest_count(const bm_fold *fold)
{
    return fold->row_ops;
}
