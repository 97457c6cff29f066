/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/exact.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "engine/exact_fast.h"
#include "engine/exact_parts.h"
#include "engine/reads.h"

/* Where the values of a slot are while a chunk is computed. */
typedef struct {
    bool needed, ready, constant;
    bool open; /* a constant "ask": no value, so the rows that read it are undecided */
    bm_keep keep;
    int column; /* of the caller, -1: buffer */
    const void *buffer;
    const void *wide; /* the same as doubles, once that was needed */
    int most;         /* BYTES: no value is larger */
    bm_cell cell;     /* constant */
    uint64_t sure;    /* a truth value that is known before any row is */
} bm_where;

typedef struct {
    bm_exact *exact;
    const bm_program *program;
    const bm_plan *plan;
    const bm_column *columns;
    int column_count;
    bm_where *slots[BM_KINDS];
    bool plain;
    bool no_memory;
    bool incomplete;
    int kind;
    int32_t input;
} bm_binder;

/* NULL for what is no slot: not every operand is one. */
static bm_where *slot_of(bm_binder *b, int kind, int32_t slot)
{
    bool is_slot = slot >= 0 && slot < b->program->kinds[kind].slots;
    return is_slot ? &b->slots[kind][slot] : NULL;
}

static int column_of(const bm_binder *b, int kind, int32_t input)
{
    for (int i = 0; i < b->column_count; i++)
        if (b->columns[i].kind == kind && b->columns[i].input == input)
            return i;
    return -1;
}

/* Was it entered? The default of a setting has a column too. */
static bool is_given(const bm_binder *b, int kind, int32_t input)
{
    int column = column_of(b, kind, input);
    return column >= 0 && !b->columns[column].unentered;
}

static bool is_input(const bm_binder *b, int kind, int32_t slot)
{
    return slot < b->program->kinds[kind].inputs;
}

/* ---- truth values that are the same for all rows ---- */

static bool excluded(const bm_binder *b, const bm_op *op)
{
    int32_t list = b->program->kinds[op->kind].partners[op->a];
    for (int i = 0; list >= 0 && i < b->program->partners[list].count; i++)
        if (is_given(b, op->kind, b->program->partners[list].slots[i]))
            return true;
    return false;
}

static uint64_t sure_logic(bm_do code, uint64_t x, uint64_t y)
{
    uint64_t strong = code == BM_DO_AND ? BM_NO : BM_YES;
    if (x == strong || y == strong)
        return strong;
    return x && y ? BM_EITHER ^ strong : 0;
}

/* BM_YES, BM_NO, or 0 where it depends on the row. */
static uint64_t sure_truth(bm_binder *b, const bm_op *op)
{
    uint64_t x;
    switch ((bm_do)op->code) {
    case BM_DO_CONST:
        x = b->program->constants[op->a].low.mask;
        return x == BM_EITHER ? 0 : x;
    case BM_DO_RESTATED: /* a row has one record */
        return BM_NO;
    case BM_DO_GIVEN:
        return is_given(b, op->kind, op->a) ? BM_YES : BM_NO;
    case BM_DO_STATED:
        return is_given(b, op->kind, op->a) ? BM_YES : excluded(b, op) ? BM_NO : 0;
    case BM_DO_FROM_PATIENT:
        return slot_of(b, 0, op->a)->sure;
    case BM_DO_NOT:
        x = slot_of(b, op->kind, op->a)->sure;
        return x ? BM_EITHER ^ x : 0;
    case BM_DO_AND:
    case BM_DO_OR:
        return sure_logic((bm_do)op->code, slot_of(b, op->kind, op->a)->sure,
                          slot_of(b, op->kind, op->b)->sure);
    default:
        return 0;
    }
}

static void find_sure(bm_binder *b)
{
    for (int u = 0; u < b->plan->count; u++) {
        const bm_unit_of_work *unit = &b->program->units[b->plan->units[u]];
        for (int i = unit->first; i < unit->end; i++) {
            const bm_op *op = &b->program->ops[i];
            if (op->code != BM_DO_ROW && b->program->kinds[op->kind].base[op->to] == BM_BOOL)
                slot_of(b, op->kind, op->to)->sure = sure_truth(b, op);
        }
    }
}

/* ---- which slots are needed ---- */

static void need(bm_binder *b, int kind, int32_t slot)
{
    slot_of(b, kind, slot)->needed = true;
}

static bool row_is_needed(bm_binder *b, int kind, const bm_row *row)
{
    bool needed = slot_of(b, kind, row->slot)->needed ||
                  (row->choice >= 0 && slot_of(b, kind, row->choice)->needed);
    for (int i = 0; i < row->set_count; i++)
        needed |= slot_of(b, kind, row->sets[i].choice)->needed;
    return needed;
}

static void need_row(bm_binder *b, const bm_op *op)
{
    const bm_row *row = &b->program->rows[op->a];
    if (!row_is_needed(b, op->kind, row))
        return;
    need(b, op->kind, row->when);
    need(b, op->kind, row->slot);
    if (row->choice >= 0)
        need(b, op->kind, row->choice);
}

static void need_gathered(bm_binder *b, const bm_op *op)
{
    need(b, op->over, op->a);
    if (op->code != BM_DO_PICK && op->b >= 0)
        need(b, op->over, op->b);
}

/* What a sure truth value decides is all that is needed. */
static bool need_decisive(bm_binder *b, const bm_op *op)
{
    bool choice =
        op->code == BM_DO_IF_MASK || op->code == BM_DO_IF_NUMBER || op->code == BM_DO_IF_SET;
    uint64_t strong = op->code == BM_DO_AND ? BM_NO : op->code == BM_DO_OR ? BM_YES : 0;
    if (choice && slot_of(b, op->kind, op->c)->sure) {
        need(b, op->kind, op->c);
        need(b, op->kind, slot_of(b, op->kind, op->c)->sure == BM_YES ? op->a : op->b);
        return true;
    }
    for (int i = 0; i < 2 && strong; i++) {
        int32_t operand = i == 0 ? op->a : op->b;
        if (slot_of(b, op->kind, operand)->sure == strong) {
            need(b, op->kind, operand);
            return true;
        }
    }
    return false;
}

static void need_operands(bm_binder *b, const bm_op *op)
{
    if (need_decisive(b, op))
        return;
    switch ((bm_do)op->code) {
    case BM_DO_CONST:
    case BM_DO_GIVEN:
    case BM_DO_RESTATED:
    case BM_DO_ROW:
        return;
    case BM_DO_STATED:
        if (!slot_of(b, op->kind, op->to)->sure) /* it may yet be entered */
            need(b, op->kind, op->a);
        return;
    case BM_DO_KNOWN:
    case BM_DO_MISSING:
        if (!is_input(b, op->kind, op->a)) /* what is computed may end in an "ask" */
            need(b, op->kind, op->a);
        return;
    case BM_DO_FROM_PATIENT:
        need(b, 0, op->a);
        return;
    case BM_DO_SUPPLY:
        need(b, op->kind, is_given(b, op->kind, op->a) ? op->a : op->b);
        return;
    case BM_DO_ASSUME:
        if (!is_input(b, op->kind, op->a) || column_of(b, op->kind, op->a) >= 0)
            need(b, op->kind, op->a);
        return;
    case BM_DO_IF_MASK:
    case BM_DO_IF_NUMBER:
    case BM_DO_IF_SET:
        need(b, op->kind, op->c);
        break;
    case BM_DO_ANY:
    case BM_DO_ALL:
    case BM_DO_COUNT:
    case BM_DO_SUM:
    case BM_DO_LARGEST:
    case BM_DO_SMALLEST:
    case BM_DO_PICK:
        need_gathered(b, op);
        return;
    default:
        break;
    }
    need(b, op->kind, op->a);
    if (bm_own_operands((bm_do)op->code) > 1)
        need(b, op->kind, op->b);
}

static void find_needed(bm_binder *b)
{
    for (int u = b->plan->count - 1; u >= 0; u--) {
        const bm_unit_of_work *unit = &b->program->units[b->plan->units[u]];
        for (int i = unit->end - 1; i >= unit->first; i--) {
            const bm_op *op = &b->program->ops[i];
            if (op->code == BM_DO_ROW)
                need_row(b, op);
            else if (slot_of(b, op->kind, op->to)->needed)
                need_operands(b, op);
        }
    }
}

/* ---- buffers and steps ---- */

static size_t width(bm_keep keep)
{
    return keep == BM_BYTES ? 1 : 8;
}

static void *new_buffer(bm_binder *b, bm_keep keep)
{
    void *buffer = bm_arena_take(&b->exact->arena, BM_CHUNK * width(keep));
    b->no_memory |= buffer == NULL;
    return buffer;
}

static bm_step *new_step(bm_binder *b, bm_kernel kernel)
{
    bm_exact *exact = b->exact;
    bm_step *steps = bm_arena_grow(&exact->arena, exact->steps, (size_t)exact->step_count,
                                   &exact->step_room, sizeof *steps);
    if (!steps) {
        b->no_memory = true;
        return NULL;
    }
    exact->steps = steps;
    bm_step *step = &steps[exact->step_count++];
    *step =
        (bm_step){.run = b->plain ? kernel : bm_kernel_fast(kernel), .from_column = {-1, -1, -1}};
    return step;
}

static void read_from(bm_step *step, int which, const bm_where *from)
{
    const void **operand = which == 0 ? &step->a : which == 1 ? &step->b : &step->c;
    step->from_column[which] = from->column;
    *operand = from->buffer;
}

/* Marks rows as undecided where the table byte is 1. */
static bm_step *mark_undecided(bm_binder *b, const bm_where *from)
{
    bm_step *step = new_step(b, bm_kernel_or_lookup);
    if (!step)
        return NULL;
    read_from(step, 0, from);
    step->to = b->exact->undecided;
    step->look_up = bm_lookup_for(from->most + 1, b->plain);
    return step;
}

/* An "ask" has no value: whoever reads it cannot tell. */
static void undecided_if_open(bm_binder *b, const bm_where *from)
{
    bm_step *step = from && from->open ? new_step(b, bm_kernel_all_undecided) : NULL;
    if (step)
        step->to = b->exact->undecided;
}

/* A step that fills the slot from up to three others. */
static bm_step *fill(bm_binder *b, bm_where *to, bm_keep keep, bm_kernel kernel, const bm_where *x,
                     const bm_where *y, const bm_where *z)
{
    const bm_where *operands[3] = {x, y, z};
    for (int i = 0; i < 3; i++)
        undecided_if_open(b, operands[i]);
    void *buffer = new_buffer(b, keep);
    bm_step *step = new_step(b, kernel);
    if (!step || !buffer)
        return NULL;
    for (int i = 0; i < 3; i++)
        if (operands[i])
            read_from(step, i, operands[i]);
    step->to = buffer;
    to->ready = true;
    to->open = false;
    to->constant = false;
    to->keep = keep;
    to->column = -1;
    to->buffer = buffer;
    to->most = 255;
    return step;
}

static bool small_whole(double x, int most)
{
    return x >= 0 && x <= most && floor(x) >= x;
}

/* A constant is a buffer that is filled once. */
static void set_constant(bm_binder *b, bm_where *to, bm_base base, bm_cell cell)
{
    bool bytes = base == BM_BOOL || base == BM_CODE ||
                 (base == BM_NUMBER && small_whole(cell.low.number, 255));
    int value = base == BM_NUMBER ? (bytes ? (int)cell.low.number : 0)
                : cell.low.mask   ? __builtin_ctzll(cell.low.mask)
                                  : 0;
    *to = (bm_where){.needed = to->needed,
                     .ready = true,
                     .constant = true,
                     .column = -1,
                     .open = !bm_cell_known(base, cell),
                     .cell = cell,
                     .most = value};
    to->keep = bytes ? BM_BYTES : base == BM_NUMBER ? BM_DOUBLES : BM_WORDS;
    void *buffer = new_buffer(b, to->keep);
    to->buffer = buffer;
    for (int i = 0; i < BM_CHUNK && buffer; i++) {
        if (bytes)
            ((uint8_t *)buffer)[i] = (uint8_t)value;
        else if (base == BM_NUMBER)
            ((double *)buffer)[i] = cell.low.number;
        else
            ((uint64_t *)buffer)[i] = cell.low.mask;
    }
}

static void set_truth(bm_binder *b, bm_where *to, bool yes)
{
    set_constant(b, to, BM_BOOL, (bm_cell){.low.mask = yes ? BM_YES : BM_NO});
}

static void alias(bm_where *to, const bm_where *from)
{
    bool needed = to->needed;
    *to = *from;
    to->needed = needed;
}

static bool surely(const bm_where *w, uint64_t truth)
{
    return w->constant && w->keep == BM_BYTES && w->cell.low.mask == truth;
}

/* The operand as doubles. */
static const bm_where *wide(bm_binder *b, bm_where *w, bm_where *room)
{
    if (w->keep != BM_BYTES)
        return w;
    if (!w->wide) {
        bm_where made = {0};
        fill(b, &made, BM_DOUBLES, bm_kernel_widen, w, NULL, NULL);
        w->wide = made.buffer;
    }
    *room = (bm_where){.ready = true, .keep = BM_DOUBLES, .column = -1, .buffer = w->wide};
    return room;
}

/* ---- operations ---- */

static bm_step *look_up(bm_binder *b, bm_where *to, const bm_where *from, bm_kernel kernel)
{
    bm_step *step = fill(b, to, BM_BYTES, kernel, from, NULL, NULL);
    if (step)
        step->look_up = bm_lookup_for(from->most + 1, b->plain);
    return step;
}

static void undecided_where_asked(bm_binder *b, const bm_table *table, const bm_where *from)
{
    bool any = false;
    for (int i = 0; i < table->count; i++)
        any |= table->undefined[i];
    bm_step *step = any ? mark_undecided(b, from) : NULL;
    for (int i = 0; step && i < table->count; i++)
        step->table[i] = table->undefined[i];
}

static void bind_table_code(bm_binder *b, bm_where *to, const bm_op *op, const bm_where *from)
{
    const bm_table *table = &b->program->tables[op->b];
    bm_step *step = look_up(b, to, from, bm_kernel_lookup);
    to->most = 0;
    for (int i = 0; step && i < table->count; i++) {
        uint64_t mask = table->cells[i].low.mask;
        int code = mask ? __builtin_ctzll(mask) : 0;
        step->table[i] = (uint8_t)code;
        to->most = code > to->most ? code : to->most;
    }
    undecided_where_asked(b, table, from);
}

static void bind_table_number(bm_binder *b, bm_where *to, const bm_op *op, const bm_where *from)
{
    const bm_table *table = &b->program->tables[op->b];
    bool bytes = true;
    int most = 0;
    for (int i = 0; i < table->count; i++) {
        double x = table->undefined[i] ? 0 : table->cells[i].low.number;
        bytes &= small_whole(x, 255);
        most = bytes && (int)x > most ? (int)x : most;
    }
    if (bytes) {
        bm_step *step = look_up(b, to, from, bm_kernel_lookup);
        for (int i = 0; step && i < table->count; i++)
            step->table[i] = (uint8_t)(table->undefined[i] ? 0 : table->cells[i].low.number);
        to->most = most;
    } else {
        bm_step *step = fill(b, to, BM_DOUBLES, bm_kernel_look_up_number, from, NULL, NULL);
        if (step)
            step->cells = table->cells;
    }
    undecided_where_asked(b, table, from);
}

/* NULL where the cuts fit none. */
static const bm_ladder *ladder_of(bm_binder *b, const bm_cuts *cuts)
{
    bm_ladder made;
    if (b->plain || !bm_ladder_make(cuts, &made))
        return NULL;
    bm_ladder *ladder = bm_arena_take(&b->exact->arena, sizeof *ladder);
    if (ladder)
        *ladder = made;
    b->no_memory |= !ladder;
    return ladder;
}

static void bind_cut(bm_binder *b, bm_where *to, const bm_op *op, const bm_where *from)
{
    const bm_cuts *cuts = &b->program->cuts[op->b];
    if (from->keep != BM_BYTES) {
        const bm_ladder *ladder = ladder_of(b, cuts);
        bm_step *step =
            fill(b, to, BM_BYTES, ladder ? bm_kernel_ladder : bm_kernel_cut, from, NULL, NULL);
        if (step) {
            step->cuts = cuts;
            step->ladder = ladder;
            step->b = b->exact->undecided;
        }
        to->most = cuts->count - 1;
        return;
    }
    bm_step *step = look_up(b, to, from, bm_kernel_lookup);
    bool gap = false;
    for (int i = 0; step && i <= from->most; i++) {
        int code = bm_cut_find(cuts, i);
        gap |= code < 0;
        step->table[i] = (uint8_t)(code < 0 ? 0 : code);
    }
    to->most = cuts->count - 1;
    bm_step *mark = gap ? mark_undecided(b, from) : NULL;
    for (int i = 0; mark && i <= from->most; i++)
        mark->table[i] = bm_cut_find(cuts, i) < 0;
}

static void bind_in(bm_binder *b, bm_where *to, uint64_t mask, const bm_where *from, bool choice)
{
    bm_step *step = look_up(b, to, from, bm_kernel_lookup);
    to->most = 1;
    for (int i = 0; step && i < 64; i++) /* a choice counts its outcomes from one */
        step->table[choice ? i + 1 : i] = (uint8_t)(mask >> i & 1);
}

static void bind_logic(bm_binder *b, bm_where *to, bm_do code, const bm_where *x, const bm_where *y)
{
    uint64_t strong = code == BM_DO_AND ? BM_NO : BM_YES, weak = BM_EITHER ^ strong;
    if (surely(x, strong) || surely(y, strong))
        set_truth(b, to, strong == BM_YES);
    else if (surely(x, weak))
        alias(to, y);
    else if (surely(y, weak))
        alias(to, x);
    else {
        fill(b, to, BM_BYTES, code == BM_DO_AND ? bm_kernel_and : bm_kernel_or, x, y, NULL);
        to->most = 1;
    }
}

static void bind_compare(bm_binder *b, bm_where *to, const bm_op *op, bm_where *x, bm_where *y)
{
    bm_where room[2];
    bool bytes = x->keep == BM_BYTES && y->keep == BM_BYTES;
    const bm_where *p = bytes ? x : wide(b, x, &room[0]), *q = bytes ? y : wide(b, y, &room[1]);
    bm_step *step =
        fill(b, to, BM_BYTES, bytes ? bm_kernel_compare_bytes : bm_kernel_compare, p, q, NULL);
    if (step) {
        step->code = (bm_do)op->code;
        step->constant[0] = x->constant;
        step->constant[1] = y->constant;
    }
    to->most = 1;
}

static bool stays_bytes(bm_do code, const bm_where *x, const bm_where *y)
{
    if (x->keep != BM_BYTES || !y || y->keep != BM_BYTES)
        return false;
    return code == BM_DO_MIN || code == BM_DO_MAX ||
           (code == BM_DO_ADD && x->most + y->most <= 255);
}

static void bind_arith(bm_binder *b, bm_where *to, bm_do code, bm_where *x, bm_where *y)
{
    if (stays_bytes(code, x, y)) {
        int most = code == BM_DO_ADD   ? x->most + y->most
                   : code == BM_DO_MIN ? (x->most < y->most ? x->most : y->most)
                                       : (x->most > y->most ? x->most : y->most);
        fill(b, to, BM_BYTES,
             code == BM_DO_ADD   ? bm_kernel_add_bytes
             : code == BM_DO_MIN ? bm_kernel_min_bytes
                                 : bm_kernel_max_bytes,
             x, y, NULL);
        to->most = most;
        return;
    }
    bm_where room[2];
    const bm_where *p = wide(b, x, &room[0]), *q = y ? wide(b, y, &room[1]) : NULL;
    bm_step *step = fill(b, to, BM_DOUBLES, bm_kernel_arith, p, q, NULL);
    if (step) {
        step->code = code;
        step->c = b->exact->undecided;
    }
}

/* Only the rows that come to an "ask" are undecided. */
static bm_where *undecided_where(bm_binder *b, bm_where *branch, const bm_where *c, int taken,
                                 bm_where *room)
{
    if (!branch->open)
        return branch;
    bm_step *step = mark_undecided(b, c);
    if (step)
        step->table[taken] = 1;
    *room = *branch;
    room->open = false;
    return room;
}

static void bind_if(bm_binder *b, bm_where *to, bm_where *x, bm_where *y, const bm_where *c)
{
    bm_where room[2], closed[2];
    if (surely(c, BM_YES) || surely(c, BM_NO)) {
        alias(to, surely(c, BM_YES) ? x : y);
        return;
    }
    x = undecided_where(b, x, c, 1, &closed[0]);
    y = undecided_where(b, y, c, 0, &closed[1]);
    if (x->keep == BM_BYTES && y->keep == BM_BYTES) {
        int most = x->most > y->most ? x->most : y->most;
        fill(b, to, BM_BYTES, bm_kernel_if_bytes, x, y, c);
        to->most = most;
    } else if (x->keep == BM_WORDS) {
        fill(b, to, BM_WORDS, bm_kernel_if_words, x, y, c);
    } else {
        const bm_where *p = wide(b, x, &room[0]), *q = wide(b, y, &room[1]);
        fill(b, to, BM_DOUBLES, bm_kernel_if_doubles, p, q, c);
    }
}

static void bind_not(bm_binder *b, bm_where *to, const bm_where *x)
{
    if (x->constant && !x->open) {
        set_truth(b, to, x->cell.low.mask == BM_NO);
        return;
    }
    fill(b, to, BM_BYTES, bm_kernel_not, x, NULL, NULL);
    to->most = 1;
}

static void bind_set(bm_binder *b, bm_where *to, const bm_op *op, const bm_where *x)
{
    bm_kernel kernel = op->code == BM_DO_HAS_ANY   ? bm_kernel_has_any
                       : op->code == BM_DO_HAS_ALL ? bm_kernel_has_all
                                                   : bm_kernel_members;
    bm_step *step = fill(b, to, BM_BYTES, kernel, x, NULL, NULL);
    if (step && op->code != BM_DO_MEMBERS)
        step->mask = b->program->constants[op->b].low.mask;
    to->most = op->code == BM_DO_MEMBERS ? 64 : 1;
}

/* With one record of the kind, what is gathered is that record's value. */
static void bind_gathered(bm_binder *b, bm_where *to, const bm_op *op)
{
    bm_where *value = slot_of(b, op->over, op->a);
    bool truth = op->code == BM_DO_ANY || op->code == BM_DO_ALL || op->code == BM_DO_COUNT;
    bm_where *where = op->code == BM_DO_PICK || op->b < 0 ? NULL : slot_of(b, op->over, op->b);
    if (!where || surely(where, BM_YES)) {
        alias(to, value);
        return;
    }
    if (truth && op->code != BM_DO_ALL) {
        bind_logic(b, to, BM_DO_AND, value, where);
        return;
    }
    bm_where outside = {0};
    bind_not(b, &outside, where);
    if (op->code == BM_DO_ALL) {
        bind_logic(b, to, BM_DO_OR, value, &outside);
        return;
    }
    if (op->code == BM_DO_SUM) {
        bm_where zero = {0};
        set_constant(b, &zero, BM_NUMBER, (bm_cell){.low.number = 0, .high.number = 0});
        bind_if(b, to, value, &zero, where);
        return;
    }
    bm_step *step = mark_undecided(b, &outside);
    if (step)
        step->table[1] = 1;
    alias(to, value);
}

static void bind_row(bm_binder *b, const bm_op *op)
{
    const bm_row *row = &b->program->rows[op->a];
    bm_where *speaks = slot_of(b, op->kind, row->slot);
    if (!speaks->needed)
        return;
    const bm_where *when = slot_of(b, op->kind, row->when);
    bm_where *lead = row->choice >= 0 ? slot_of(b, op->kind, row->choice) : NULL;
    if (!lead) {
        undecided_if_open(b, when);
        alias(speaks, when);
    } else {
        bm_step *step = fill(b, speaks, BM_BYTES, bm_kernel_row_speaks, when, lead, NULL);
        if (step)
            step->value = (uint8_t)(row->value + 1);
    }
    for (int i = lead ? -1 : 0; i < row->set_count; i++) {
        bm_where *choice = i < 0 ? lead : slot_of(b, op->kind, row->sets[i].choice);
        bm_step *step = choice->needed ? new_step(b, bm_kernel_row_sets) : NULL;
        if (!step)
            continue;
        read_from(step, 0, speaks);
        step->to = (void *)(uintptr_t)choice->buffer;
        step->value = (uint8_t)((i < 0 ? row->value : row->sets[i].value) + 1);
    }
}

static bool entered(const bm_binder *b, int kind, int32_t slot)
{
    return !is_input(b, kind, slot) || column_of(b, kind, slot) >= 0;
}

static void bind_question(bm_binder *b, bm_where *to, const bm_op *op)
{
    bool there = entered(b, op->kind, op->a);
    undecided_if_open(b, slot_of(b, op->kind, op->a));
    if (op->code == BM_DO_ASSUME && there)
        alias(to, slot_of(b, op->kind, op->a));
    else if (op->code == BM_DO_ASSUME)
        set_constant(b, to, (bm_base)op->base, b->program->constants[op->c]);
    else
        set_truth(b, to, op->code == BM_DO_MISSING ? !there : there);
}

static void bind_const(bm_binder *b, bm_where *to, const bm_op *op, bm_base base)
{
    if (base != BM_OUTCOME) {
        set_constant(b, to, base, b->program->constants[op->a]);
        return;
    }
    fill(b, to, BM_BYTES, bm_kernel_clear, NULL, NULL, NULL);
    to->most = BM_OUTCOMES;
}

/* Questions about what was entered. */
static void bind_entry_op(bm_binder *b, bm_where *to, const bm_op *op, bm_where *x)
{
    switch ((bm_do)op->code) {
    case BM_DO_RESTATED:
        set_truth(b, to, false);
        break;
    case BM_DO_GIVEN:
    case BM_DO_STATED:
        if (op->code == BM_DO_GIVEN || to->sure)
            set_truth(b, to, is_given(b, op->kind, op->a));
        else /* it may yet be entered */
            set_constant(b, to, BM_BOOL, (bm_cell){.low.mask = BM_EITHER});
        break;
    case BM_DO_SHOWN:
        alias(to, x);
        break;
    case BM_DO_KNOWN:
    case BM_DO_MISSING:
    case BM_DO_ASSUME:
        bind_question(b, to, op);
        break;
    default:
        break;
    }
}

/* Arithmetic, comparisons and look-ups; what is left are questions. */
static void bind_number_op(bm_binder *b, bm_where *to, const bm_op *op, bm_where *x, bm_where *y)
{
    switch ((bm_do)op->code) {
    case BM_DO_LT:
    case BM_DO_LE:
    case BM_DO_EQ:
        bind_compare(b, to, op, x, y);
        break;
    case BM_DO_ADD:
    case BM_DO_SUB:
    case BM_DO_MUL:
    case BM_DO_DIV:
    case BM_DO_POW:
    case BM_DO_MIN:
    case BM_DO_MAX:
        bind_arith(b, to, (bm_do)op->code, x, y);
        break;
    case BM_DO_NEG:
    case BM_DO_EXP:
    case BM_DO_LOG:
    case BM_DO_SQRT:
    case BM_DO_ABS:
        bind_arith(b, to, (bm_do)op->code, x, NULL);
        break;
    case BM_DO_TABLE_CODE:
        bind_table_code(b, to, op, x);
        break;
    case BM_DO_TABLE_NUMBER:
        bind_table_number(b, to, op, x);
        break;
    case BM_DO_CUT:
        bind_cut(b, to, op, x);
        break;
    default:
        bind_entry_op(b, to, op, x);
    }
}

static void bind_op(bm_binder *b, const bm_op *op)
{
    bm_where *to = slot_of(b, op->kind, op->to);
    bm_where *x = slot_of(b, op->kind, op->a), *y = slot_of(b, op->kind, op->b);
    bm_base base = (bm_base)b->program->kinds[op->kind].base[op->to];
    switch ((bm_do)op->code) {
    case BM_DO_CONST:
        bind_const(b, to, op, base);
        break;
    case BM_DO_FROM_PATIENT:
        alias(to, slot_of(b, 0, op->a));
        break;
    case BM_DO_NOT:
        bind_not(b, to, x);
        break;
    case BM_DO_AND:
    case BM_DO_OR:
        bind_logic(b, to, (bm_do)op->code, x, y);
        break;
    case BM_DO_IN:
        bind_in(b, to, b->program->constants[op->b].low.mask, x, false);
        break;
    case BM_DO_OUTCOME_IN:
        bind_in(b, to, b->program->constants[op->b].low.mask, x, true);
        break;
    case BM_DO_SAME:
        fill(b, to, BM_BYTES, bm_kernel_same, x, y, NULL);
        to->most = 1;
        break;
    case BM_DO_HAS_ANY:
    case BM_DO_HAS_ALL:
    case BM_DO_MEMBERS:
        bind_set(b, to, op, x);
        break;
    case BM_DO_IF_MASK:
    case BM_DO_IF_NUMBER:
    case BM_DO_IF_SET:
        bind_if(b, to, x, y, slot_of(b, op->kind, op->c));
        break;
    case BM_DO_SUPPLY:
        alias(to, is_given(b, op->kind, op->a) ? x : y);
        break;
    case BM_DO_ANY:
    case BM_DO_ALL:
    case BM_DO_COUNT:
    case BM_DO_SUM:
    case BM_DO_LARGEST:
    case BM_DO_SMALLEST:
    case BM_DO_PICK:
        bind_gathered(b, to, op);
        break;
    case BM_DO_ROW:
        break;
    default:
        bind_number_op(b, to, op, x, y);
    }
}

static bm_keep keep_of(bm_base base)
{
    return base == BM_NUMBER ? BM_DOUBLES : base == BM_SET ? BM_WORDS : BM_BYTES;
}

static int most_of(bm_base base, bm_cell blank)
{
    if (base == BM_BOOL)
        return 1;
    return blank.low.mask ? 63 - __builtin_clzll(blank.low.mask) : 0;
}

static void bind_inputs(bm_binder *b)
{
    for (int k = 0; k < b->program->kind_count; k++)
        for (int32_t i = 0; i < b->program->kinds[k].inputs; i++) {
            bm_where *w = slot_of(b, k, i);
            int column = column_of(b, k, i);
            bm_base base = (bm_base)b->program->kinds[k].base[i];
            w->keep = keep_of(base);
            w->column = column;
            w->most = w->keep == BM_BYTES ? most_of(base, b->program->kinds[k].blank[i]) : 255;
            w->ready = column >= 0;
            if (w->needed && column < 0 && !b->incomplete) {
                b->incomplete = true;
                b->kind = k;
                b->input = i;
            }
        }
}

static void bind_plan(bm_binder *b)
{
    for (int u = 0; u < b->plan->count; u++) {
        const bm_unit_of_work *unit = &b->program->units[b->plan->units[u]];
        for (int i = unit->first; i < unit->end && !b->no_memory; i++) {
            const bm_op *op = &b->program->ops[i];
            if (op->code == BM_DO_ROW)
                bind_row(b, op);
            else if (slot_of(b, op->kind, op->to)->needed)
                bind_op(b, op);
        }
    }
}

static bool bind_outputs(bm_binder *b, const bm_output *outputs, int count)
{
    bm_exact *exact = b->exact;
    exact->column_keep =
        bm_arena_array(&exact->arena, (size_t)b->column_count + 1, sizeof *exact->column_keep);
    for (int i = 0; exact->column_keep && i < b->column_count; i++)
        exact->column_keep[i] =
            keep_of((bm_base)b->program->kinds[b->columns[i].kind].base[b->columns[i].input]);
    size_t n = (size_t)count + 1;
    exact->out_from = bm_arena_array(&exact->arena, n, sizeof *exact->out_from);
    exact->out_column = bm_arena_array(&exact->arena, n, sizeof *exact->out_column);
    exact->out_keep = bm_arena_array(&exact->arena, n, sizeof *exact->out_keep);
    exact->out_widen = bm_arena_array(&exact->arena, n, sizeof *exact->out_widen);
    if (!exact->column_keep || !exact->out_from || !exact->out_column || !exact->out_keep ||
        !exact->out_widen) {
        b->no_memory = true;
        return true;
    }
    exact->output_count = count;
    for (int i = 0; i < count; i++) {
        const bm_where *w = slot_of(b, outputs[i].kind, outputs[i].slot);
        bm_base base = (bm_base)b->program->kinds[outputs[i].kind].base[outputs[i].slot];
        undecided_if_open(b, w);
        exact->out_from[i] = w->buffer;
        exact->out_column[i] = w->column;
        exact->out_keep[i] = w->keep;
        exact->out_widen[i] = base == BM_NUMBER && w->keep == BM_BYTES && !outputs[i].bytes;
        if (base == BM_NUMBER && outputs[i].bytes && w->keep != BM_BYTES)
            return false;
    }
    return true;
}

static bm_exact_status bind(bm_binder *b, const bm_output *outputs, int count)
{
    for (int k = 0; k < b->program->kind_count; k++) {
        b->slots[k] = bm_arena_array(&b->exact->arena, (size_t)b->program->kinds[k].slots + 1,
                                     sizeof(bm_where));
        if (!b->slots[k])
            return BM_EXACT_MEMORY;
        for (int s = 0; s < b->program->kinds[k].slots; s++)
            b->slots[k][s].column = -1;
    }
    b->exact->undecided = new_buffer(b, BM_BYTES);
    for (int i = 0; i < count; i++)
        need(b, outputs[i].kind, outputs[i].slot);
    find_sure(b);
    find_needed(b);
    bind_inputs(b);
    if (b->incomplete)
        return BM_EXACT_INCOMPLETE;
    bind_plan(b);
    bool fits = !b->no_memory && bind_outputs(b, outputs, count);
    if (b->no_memory)
        return BM_EXACT_MEMORY;
    return fits ? BM_EXACT_OK : BM_EXACT_NOT_BYTES;
}

bm_exact_status bm_exact_new(const bm_memory *memory, const bm_program *program,
                             const bm_plan *plan, const bm_column *columns, int column_count,
                             const bm_output *outputs, int output_count, bool plain, bm_exact **out,
                             int *kind, int32_t *input)
{
    *out = NULL;
    bm_exact *exact = bm_take(memory, sizeof *exact);
    if (!exact)
        return BM_EXACT_MEMORY;
    memset(exact, 0, sizeof *exact);
    exact->memory = *memory;
    bm_arena_init(&exact->arena, memory);
    bm_binder binder = {.exact = exact,
                        .program = program,
                        .plan = plan,
                        .columns = columns,
                        .column_count = column_count,
                        .plain = plain,
                        .kind = -1};
    bm_exact_status status = bind(&binder, outputs, output_count);
    if (status != BM_EXACT_OK) {
        *kind = binder.kind;
        *input = binder.input;
        bm_exact_free(exact);
        return status;
    }
    *out = exact;
    return BM_EXACT_OK;
}

void bm_exact_free(bm_exact *exact)
{
    if (!exact)
        return;
    bm_memory memory = exact->memory;
    bm_arena_free(&exact->arena);
    bm_give_back(&memory, exact, sizeof *exact);
}

/* ---- running ---- */

static const char *in_column(const bm_column *column, bm_keep keep, size_t row)
{
    return (const char *)column->data + row * width(keep);
}

static void run_step(const bm_step *step, const bm_column *columns, const bm_keep *keeps,
                     size_t row, size_t count)
{
    bool direct = step->from_column[0] < 0 && step->from_column[1] < 0 && step->from_column[2] < 0;
    if (direct) {
        step->run(step, count);
        return;
    }
    bm_step moved = {.run = step->run};
    memcpy(&moved, step, sizeof moved);
    const void **operands[3] = {&moved.a, &moved.b, &moved.c};
    for (int i = 0; i < 3; i++)
        if (step->from_column[i] >= 0)
            *operands[i] =
                in_column(&columns[step->from_column[i]], keeps[step->from_column[i]], row);
    moved.run(&moved, count);
}

static void write_output(const bm_exact *exact, int i, const bm_output *output,
                         const bm_column *columns, size_t row, size_t count)
{
    bm_keep keep = exact->out_keep[i];
    const void *from = exact->out_column[i] >= 0
                           ? in_column(&columns[exact->out_column[i]], keep, row)
                           : exact->out_from[i];
    if (!exact->out_widen[i]) {
        memcpy((char *)output->data + row * width(keep), from, count * width(keep));
        return;
    }
    const uint8_t *bytes = from;
    double *to = (double *)output->data + row;
    for (size_t j = 0; j < count; j++)
        to[j] = bytes[j];
}

void bm_exact_run(bm_exact *exact, const bm_column *columns, const bm_output *outputs,
                  uint8_t *undecided, size_t count)
{
    for (size_t row = 0; row < count; row += BM_CHUNK) {
        size_t n = count - row < BM_CHUNK ? count - row : BM_CHUNK;
        memset(exact->undecided, 0, n);
        for (int i = 0; i < exact->step_count; i++)
            run_step(&exact->steps[i], columns, exact->column_keep, row, n);
        for (int i = 0; i < exact->output_count; i++)
            write_output(exact, i, &outputs[i], columns, row, n);
        if (undecided)
            memcpy(undecided + row, exact->undecided, n);
    }
}
