/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/why.h"

#include <string.h>

#include "engine/gather.h"
#include "engine/reads.h"

/* One walk: what is looked for, and where the marks go. */
typedef enum {
    OPEN,   /* inputs that can still change it */
    SO,     /* inputs that made it so */
    SILENT, /* inputs on whose silence it rests */
    NAMED   /* as OPEN, but a value that can be entered stands for all it is derived from */
} bm_quest;

typedef struct {
    const bm_frame *frame;
    bm_quest quest;
    bm_marks *marks;
    bool dead_end; /* OPEN: came to an "ask", which no further fact can answer */
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

static bool looks_for_open(const bm_walk *walk)
{
    return walk->quest == OPEN || walk->quest == NAMED;
}

/* What an exclusive partner rules out can no longer be asked. */
static bool excluded(const bm_walk *walk, int kind, int record, int32_t input)
{
    const bm_program *p = walk->frame->program;
    const bm_kind *owner = &p->kinds[kind];
    const uint8_t *given = walk->frame->given[kind] + (size_t)record * (size_t)owner->inputs;
    return !given[input] && bm_excluded(owner, p, given, input);
}

static void visit_input(bm_walk *walk, int kind, int record, int32_t input)
{
    if (looks_for_open(walk) && excluded(walk, kind, record, input)) {
        walk->dead_end = true;
        return;
    }
    bool wanted = walk->quest == SO ? given(walk, kind, record, input)
                                    : walk->quest != SILENT && is_open(walk, kind, record, input);
    if (wanted)
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
        if (looks_for_open(walk) ? part == BM_EITHER : part == result)
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

/* What was entered wins. A derived value has to be entered itself where its derivation ends in an
 * "ask", or where it is open although nothing that it is derived from is. */
static void visit_supply(bm_walk *walk, const bm_op *op, int record)
{
    if (given(walk, op->kind, record, op->a)) {
        visit_input(walk, op->kind, record, op->a);
        return;
    }
    int before = walk->marks->count;
    bool outer = walk->dead_end;
    walk->dead_end = false;
    visit(walk, op->kind, record, op->b);
    bool enter = walk->dead_end || walk->marks->count == before;
    walk->dead_end = outer;
    if (walk->quest == OPEN && enter && is_open(walk, op->kind, record, op->to))
        mark(walk, op->kind, record, op->a);
}

/* No option that is still possible has an answer in the table. */
static void visit_table(bm_walk *walk, const bm_op *op, int record)
{
    const bm_table *table = &walk->frame->program->tables[op->b];
    uint64_t possible = cell_of(walk, op->kind, record, op->a).low.mask;
    bool answer = false;
    for (int i = 0; i < table->count; i++)
        answer |= !table->undefined[i] && (possible >> i & 1);
    walk->dead_end |= !answer;
    visit(walk, op->kind, record, op->a);
}

/* The input behind a slot, when it is one that can be entered. */
static int32_t input_behind(const bm_walk *walk, int kind, int32_t slot)
{
    const bm_program *p = walk->frame->program;
    if (slot < p->kinds[kind].inputs)
        return slot;
    const bm_op *op = &p->ops[p->kinds[kind].maker[slot]];
    return op->code == BM_DO_SUPPLY ? op->a : -1;
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
        if (narrow && !looks_for_open(walk) && value != result)
            continue;
        if (op->code != BM_DO_PICK && op->b >= 0) {
            if (walk->quest != NAMED) /* the value itself is what is named */
                visit(walk, op->over, r, op->b);
            if (cell_of(walk, op->over, r, op->b).low.mask == BM_NO)
                continue;
        }
        visit(walk, op->over, r, op->a);
    }
    int32_t input = input_behind(walk, op->over, op->a);
    if (looks_for_open(walk) && walk->marks->count == before && input >= 0)
        mark(walk, op->over, 0, input);
}

/* All rows of the same table that could still set the choice. */
static void visit_outcome(bm_walk *walk, const bm_op *op, int record)
{
    const bm_program *p = walk->frame->program;
    for (int i = 0; i < p->row_count; i++) {
        const bm_row *row = &p->rows[i];
        const bm_op *maker = &p->ops[p->kinds[op->kind].maker[op->a]];
        if (bm_row_touches(row, op->a) && maker->kind == op->kind
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
        bm_walk named = {.frame = walk->frame, .quest = NAMED, .marks = walk->marks};
        if (silent)
            visit(&named, op->kind, record, op->a);
    } else if (!silent || looks_for_open(walk)) {
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
    case BM_DO_CONST: walk->dead_end = true; return; /* an open constant is an "ask" */
    case BM_DO_ROW: return;
    case BM_DO_TABLE_CODE:
    case BM_DO_TABLE_NUMBER: visit_table(walk, op, record); return;
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
    case BM_DO_SHOWN: /* it never waits, so it has reasons but nothing to ask */
        if (walk->quest == SO)
            visit(walk, op->kind, record, op->a);
        return;
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
    if (looks_for_open(walk) && !is_open(walk, kind, record, slot))
        return;
    const bm_op *op = &p->ops[p->kinds[kind].maker[slot]];
    if (walk->quest == NAMED && op->code == BM_DO_SUPPLY)
        mark(walk, kind, record, op->a);
    else if (is_question(op))
        visit_question(walk, op, record);
    else
        visit_op(walk, op, record);
}

void bm_why_open(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    bm_walk walk = {.frame = frame, .quest = OPEN, .marks = marks};
    visit(&walk, kind, record, slot);
}

void bm_why_named(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    bm_walk walk = {.frame = frame, .quest = NAMED, .marks = marks};
    visit(&walk, kind, record, slot);
}

void bm_why_so(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    bm_walk walk = {.frame = frame, .quest = SO, .marks = marks};
    visit(&walk, kind, record, slot);
}

void bm_why_silent(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    bm_walk walk = {.frame = frame, .quest = SILENT, .marks = marks};
    visit(&walk, kind, record, slot);
}
