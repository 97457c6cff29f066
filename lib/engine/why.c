/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/why.h"

#include <string.h>

#include "engine/gather.h"

/* One walk: what is looked for, and where the marks go. */
typedef enum { OPEN, SO, SILENT } bm_quest;

typedef struct {
    const bm_frame *frame;
    bm_quest quest;
    bm_marks *marks;
} bm_walk;

size_t bm_marks_words(const bm_frame *frame)
{
    size_t bits = 0;
    for (int k = 0; k < frame->program->kind_count; k++)
        bits += (size_t)frame->records[k] * (size_t)frame->program->kinds[k].inputs;
    return bits / 64 + 1;
}

void bm_marks_init(bm_marks *marks, const bm_frame *frame, uint64_t *words)
{
    memset(marks, 0, sizeof *marks);
    marks->words = words;
    for (int k = 0; k < frame->program->kind_count; k++) {
        marks->first[k] = marks->bits;
        marks->bits += (size_t)frame->records[k] * (size_t)frame->program->kinds[k].inputs;
    }
    memset(words, 0, (marks->bits / 64 + 1) * sizeof *words);
}

static size_t bit_of(const bm_marks *marks, const bm_frame *frame, int kind, int record,
                     int32_t input)
{
    return marks->first[kind]
           + (size_t)record * (size_t)frame->program->kinds[kind].inputs + (size_t)input;
}

bool bm_marked(const bm_marks *marks, const bm_frame *frame, int kind, int record, int32_t input)
{
    size_t bit = bit_of(marks, frame, kind, record, input);
    return marks->words[bit / 64] >> (bit % 64) & 1;
}

static void mark(bm_walk *walk, int kind, int record, int32_t input)
{
    bm_marks *marks = walk->marks;
    size_t bit = bit_of(marks, walk->frame, kind, record, input);
    uint64_t one = UINT64_C(1) << (bit % 64);
    marks->count += (marks->words[bit / 64] & one) == 0;
    marks->words[bit / 64] |= one;
}

static bm_base base_of(const bm_walk *walk, int kind, int32_t slot)
{
    return (bm_base)walk->frame->program->kinds[kind].base[slot];
}

static bm_cell cell_of(const bm_walk *walk, int kind, int record, int32_t slot)
{
    return bm_frame_cells(walk->frame, kind, record)[slot];
}

static bool given(const bm_walk *walk, int kind, int record, int32_t input)
{
    const bm_frame *frame = walk->frame;
    return frame->given[kind][(size_t)record * (size_t)frame->program->kinds[kind].inputs
                              + (size_t)input];
}

static bool is_open(const bm_walk *walk, int kind, int record, int32_t slot)
{
    return !bm_cell_known(base_of(walk, kind, slot), cell_of(walk, kind, record, slot));
}

static void visit(bm_walk *walk, int kind, int record, int32_t slot);

static void visit_input(bm_walk *walk, int kind, int record, int32_t input)
{
    if (walk->quest == OPEN ? is_open(walk, kind, record, input)
                            : walk->quest == SO && given(walk, kind, record, input))
        mark(walk, kind, record, input);
}

/* An `or` that is true has its true parts as reasons, one that is false all of them; an `and` the
 * other way round. While open, its open parts matter. */
static void visit_logic(bm_walk *walk, const bm_op *op, int record)
{
    uint64_t result = cell_of(walk, op->kind, record, op->to).low.mask;
    int32_t parts[2] = {op->a, op->b};
    for (int i = 0; i < 2; i++) {
        uint64_t part = cell_of(walk, op->kind, record, parts[i]).low.mask;
        if (walk->quest == OPEN ? part == BM_EITHER : part == result)
            visit(walk, op->kind, record, parts[i]);
    }
}

static void visit_if(bm_walk *walk, const bm_op *op, int record)
{
    uint64_t condition = cell_of(walk, op->kind, record, op->c).low.mask;
    visit(walk, op->kind, record, op->c);
    if (condition & BM_YES)
        visit(walk, op->kind, record, op->a);
    if (condition & BM_NO)
        visit(walk, op->kind, record, op->b);
}

/* What was entered wins; a derived value that is open although nothing it is derived from is, has
 * to be entered itself. */
static void visit_supply(bm_walk *walk, const bm_op *op, int record)
{
    if (given(walk, op->kind, record, op->a)) {
        visit_input(walk, op->kind, record, op->a);
        return;
    }
    int before = walk->marks->count;
    visit(walk, op->kind, record, op->b);
    bool nothing_to_ask = walk->marks->count == before;
    if (walk->quest == OPEN && nothing_to_ask && is_open(walk, op->kind, record, op->a)
        && is_open(walk, op->kind, record, op->to))
        mark(walk, op->kind, record, op->a);
}

/* The input behind a slot, when it is one that can be entered. */
static int32_t input_behind(const bm_walk *walk, int kind, int32_t slot)
{
    const bm_program *p = walk->frame->program;
    if (slot < p->kinds[kind].inputs)
        return slot;
    const bm_op *op = &p->ops[p->kinds[kind].maker[slot]];
    if (op->code == BM_DO_SUPPLY)
        return op->a;
    if (op->code == BM_DO_FROM_PATIENT)
        return -1;
    return -1;
}

static void visit_gather(bm_walk *walk, const bm_op *op)
{
    const bm_frame *frame = walk->frame;
    int before = walk->marks->count;
    uint64_t result = cell_of(walk, op->kind, 0, op->to).low.mask;
    for (int r = 0; r < frame->records[op->over] && !frame->none[op->over]; r++) {
        if (op->code == BM_DO_PICK && !bm_pick_possible(frame, &frame->program->picks[op->b], r))
            continue;
        bool narrow = op->code == BM_DO_ANY || op->code == BM_DO_ALL;
        uint64_t value = cell_of(walk, op->over, r, op->a).low.mask;
        if (narrow && walk->quest != OPEN && value != result)
            continue;
        if (op->code != BM_DO_PICK && op->b >= 0) {
            visit(walk, op->over, r, op->b);
            if (cell_of(walk, op->over, r, op->b).low.mask == BM_NO)
                continue;
        }
        visit(walk, op->over, r, op->a);
    }
    int32_t input = input_behind(walk, op->over, op->a);
    if (walk->quest == OPEN && walk->marks->count == before && input >= 0)
        mark(walk, op->over, 0, input);
}

/* All rows of the same table that could still set the choice. */
static void visit_outcome(bm_walk *walk, const bm_op *op, int record)
{
    const bm_program *p = walk->frame->program;
    for (int i = 0; i < p->row_count; i++) {
        const bm_row *row = &p->rows[i];
        const bm_op *maker = &p->ops[p->kinds[op->kind].maker[op->a]];
        bool sets = row->choice == op->a;
        for (int j = 0; j < row->set_count; j++)
            sets |= row->sets[j].choice == op->a;
        if (sets && maker->kind == op->kind
            && (walk->quest == SO ? (cell_of(walk, op->kind, record, row->slot).low.mask
                                     & BM_ROW_SPEAKS) != 0
                                  : true))
            visit(walk, op->kind, record, row->when);
    }
}

static void visit_question(bm_walk *walk, const bm_op *op, int record)
{
    bool silent = op->code == BM_DO_KNOWN ? is_open(walk, op->kind, record, op->a)
                                          : bm_cell_same((bm_base)op->base,
                                                         cell_of(walk, op->kind, record, op->a),
                                                         walk->frame->program->constants[op->b]);
    if (walk->quest == SILENT) {
        bm_walk open = {walk->frame, OPEN, walk->marks};
        if (silent)
            visit(&open, op->kind, record, op->a);
    } else if (!silent || walk->quest == OPEN) {
        visit(walk, op->kind, record, op->a);
    }
}

static bool is_question(const bm_op *op)
{
    return op->code == BM_DO_KNOWN || op->code == BM_DO_MISSING || op->code == BM_DO_ASSUME;
}

static bool has_second(const bm_op *op)
{
    switch ((bm_do)op->code) {
    case BM_DO_SAME:
    case BM_DO_LT:
    case BM_DO_LE:
    case BM_DO_EQ:
    case BM_DO_ADD:
    case BM_DO_SUB:
    case BM_DO_MUL:
    case BM_DO_DIV:
    case BM_DO_POW:
    case BM_DO_MIN:
    case BM_DO_MAX: return true;
    default: return false;
    }
}

static void visit_op(bm_walk *walk, const bm_op *op, int record)
{
    switch ((bm_do)op->code) {
    case BM_DO_CONST:
    case BM_DO_ROW: return;
    case BM_DO_FROM_PATIENT: visit(walk, 0, 0, op->a); return;
    case BM_DO_AND:
    case BM_DO_OR: visit_logic(walk, op, record); return;
    case BM_DO_IF_MASK:
    case BM_DO_IF_NUMBER:
    case BM_DO_IF_SET: visit_if(walk, op, record); return;
    case BM_DO_SUPPLY: visit_supply(walk, op, record); return;
    case BM_DO_GIVEN:
    case BM_DO_STATED: visit_input(walk, op->kind, record, op->a); return;
    case BM_DO_ANY:
    case BM_DO_ALL:
    case BM_DO_COUNT:
    case BM_DO_SUM:
    case BM_DO_LARGEST:
    case BM_DO_SMALLEST:
    case BM_DO_PICK: visit_gather(walk, op); return;
    case BM_DO_OUTCOME_IN: visit_outcome(walk, op, record); return;
    default: break;
    }
    visit(walk, op->kind, record, op->a);
    if (has_second(op))
        visit(walk, op->kind, record, op->b);
}

static void visit(bm_walk *walk, int kind, int record, int32_t slot)
{
    const bm_program *p = walk->frame->program;
    if (slot < p->kinds[kind].inputs) {
        visit_input(walk, kind, record, slot);
        return;
    }
    if (walk->quest == OPEN && !is_open(walk, kind, record, slot))
        return;
    const bm_op *op = &p->ops[p->kinds[kind].maker[slot]];
    if (is_question(op))
        visit_question(walk, op, record);
    else
        visit_op(walk, op, record);
}

void bm_why_open(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    bm_walk walk = {frame, OPEN, marks};
    visit(&walk, kind, record, slot);
}

void bm_why_so(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    bm_walk walk = {frame, SO, marks};
    visit(&walk, kind, record, slot);
}

void bm_why_silent(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    bm_walk walk = {frame, SILENT, marks};
    visit(&walk, kind, record, slot);
}
