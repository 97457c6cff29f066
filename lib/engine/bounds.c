/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/bounds.h"

#include <string.h>

#include "engine/arithmetic.h"
#include "engine/gather.h"
#include "engine/outcome.h"

static uint64_t truth(bool can_be_false, bool can_be_true)
{
    return (can_be_false ? BM_NO : 0u) | (can_be_true ? BM_YES : 0u);
}

static uint64_t both(uint64_t a, uint64_t b)
{
    return (a & b & BM_YES) | ((a | b) & BM_NO);
}

static uint64_t either(uint64_t a, uint64_t b)
{
    return ((a | b) & BM_YES) | (a & b & BM_NO);
}

static uint64_t opposite(uint64_t a)
{
    return (a & BM_NO ? BM_YES : 0u) | (a & BM_YES ? BM_NO : 0u);
}

static uint64_t ordered(bm_do code, bm_cell a, bm_cell b)
{
    double al = a.low.number, ah = a.high.number, bl = b.low.number, bh = b.high.number;
    switch (code) {
    case BM_DO_LT:
        return truth(!bm_less(ah, bl), bm_less(al, bh));
    case BM_DO_LE:
        return truth(!bm_at_most(ah, bl), bm_at_most(al, bh));
    default: { /* equal */
        bool possible = bm_at_most(al, bh) && bm_at_most(bl, ah);
        bool certain = bm_at_most(ah, bl) && bm_at_most(bh, al);
        return truth(!certain, possible);
    }
    }
}

static uint64_t membership(uint64_t possible, uint64_t wanted)
{
    return truth((possible & ~wanted) != 0, (possible & wanted) != 0);
}

static uint64_t same_code(uint64_t a, uint64_t b)
{
    bool certain = a == b && (a & (a - 1)) == 0;
    return truth(!certain, (a & b) != 0);
}

static bm_cell member_count(bm_cell set)
{
    return (bm_cell){.low.number = (double)__builtin_popcountll(set.low.mask),
                     .high.number = (double)__builtin_popcountll(set.high.mask)};
}

static uint64_t table_mask(const bm_table *table, uint64_t possible)
{
    uint64_t mask = 0;
    for (; possible; possible &= possible - 1)
        mask |= table->cells[__builtin_ctzll(possible)].low.mask;
    return mask;
}

static bm_cell table_number(const bm_table *table, uint64_t possible)
{
    bm_cell hull = table->cells[possible ? __builtin_ctzll(possible) : 0];
    for (possible &= possible - 1; possible; possible &= possible - 1) {
        bm_cell cell = table->cells[__builtin_ctzll(possible)];
        if (cell.low.number < hull.low.number)
            hull.low.number = cell.low.number;
        if (cell.high.number > hull.high.number)
            hull.high.number = cell.high.number;
    }
    return hull;
}

static bm_cell choose(bm_do code, uint64_t condition, bm_cell a, bm_cell b)
{
    if (condition == BM_YES)
        return a;
    if (condition == BM_NO)
        return b;
    switch (code) {
    case BM_DO_IF_NUMBER:
        if (b.low.number < a.low.number)
            a.low = b.low;
        if (b.high.number > a.high.number)
            a.high = b.high;
        return a;
    case BM_DO_IF_SET:
        a.low.mask &= b.low.mask;
        a.high.mask |= b.high.mask;
        return a;
    default:
        a.low.mask |= b.low.mask;
        return a;
    }
}

/* An exclusive partner that was entered rules this fact out. */
static uint64_t stated(const bm_program *program, const uint8_t *given, const bm_op *op)
{
    return bm_excluded(&program->kinds[op->kind], program, given, op->a) ? BM_NO : BM_EITHER;
}

/* While a proof is searched for, what was not entered may still be. */
static uint64_t entered(const bm_frame *frame, const uint8_t *given, const bm_op *op)
{
    if (given[op->a] && op->code != BM_DO_RESTATED)
        return BM_YES;
    if (frame->searching)
        return BM_EITHER;
    if (op->code == BM_DO_RESTATED)
        return given[op->a] & BM_RESTATED ? BM_YES : BM_NO;
    return op->code == BM_DO_STATED ? stated(frame->program, given, op) : BM_NO;
}

static uint64_t known(bm_frame *frame, bm_base base, bm_cell cell)
{
    if (bm_cell_known(base, cell))
        return BM_YES;
    frame->relied_on_silence = true;
    return frame->strict ? BM_EITHER : BM_NO;
}

static uint64_t shown(const bm_frame *frame, uint64_t truth_value)
{
    if (truth_value == BM_EITHER && frame->searching)
        return BM_EITHER;
    return truth_value == BM_YES ? BM_YES : BM_NO;
}

static uint64_t missing(bm_frame *frame, bm_base base, bm_cell cell, bm_cell blank)
{
    if (!bm_cell_covers(base, cell, blank))
        return BM_NO;
    frame->relied_on_silence = true;
    return frame->strict ? BM_EITHER : BM_YES;
}

static bm_cell assume(bm_frame *frame, bm_base base, bm_cell cell, bm_cell blank, bm_cell assumed)
{
    if (!bm_cell_covers(base, cell, blank))
        return cell;
    frame->relied_on_silence = true;
    return frame->strict ? cell : assumed;
}

static uint64_t has_any(bm_cell set, uint64_t wanted)
{
    return truth(!(set.low.mask & wanted), (set.high.mask & wanted) != 0);
}

static uint64_t has_all(bm_cell set, uint64_t wanted)
{
    return truth((set.low.mask & wanted) != wanted, (set.high.mask & wanted) == wanted);
}

static bm_cell mask_cell(uint64_t mask)
{
    return (bm_cell){.low.mask = mask};
}

/* Tests of codes and sets. */
static inline __attribute__((always_inline)) bm_cell step_test(const bm_program *p, const bm_op *op,
                                                               const bm_cell *s)
{
    switch ((bm_do)op->code) {
    case BM_DO_IN:
        return mask_cell(membership(s[op->a].low.mask, p->constants[op->b].low.mask));
    case BM_DO_SAME:
        return mask_cell(same_code(s[op->a].low.mask, s[op->b].low.mask));
    case BM_DO_HAS_ANY:
        return mask_cell(has_any(s[op->a], p->constants[op->b].low.mask));
    case BM_DO_HAS_ALL:
        return mask_cell(has_all(s[op->a], p->constants[op->b].low.mask));
    default: /* BM_DO_MEMBERS */
        return member_count(s[op->a]);
    }
}

/* Questions about what was entered and what is known. */
static inline __attribute__((always_inline)) bm_cell step_question(bm_frame *frame, const bm_op *op,
                                                                   const bm_cell *s,
                                                                   const uint8_t *given)
{
    const bm_program *p = frame->program;
    switch ((bm_do)op->code) {
    case BM_DO_GIVEN:
    case BM_DO_STATED:
    case BM_DO_RESTATED:
        return mask_cell(entered(frame, given, op));
    case BM_DO_KNOWN:
        return mask_cell(known(frame, (bm_base)op->base, s[op->a]));
    case BM_DO_SHOWN:
        return mask_cell(shown(frame, s[op->a].low.mask));
    case BM_DO_MISSING:
        return mask_cell(missing(frame, (bm_base)op->base, s[op->a], p->constants[op->b]));
    case BM_DO_ASSUME:
        return assume(frame, (bm_base)op->base, s[op->a], p->constants[op->b], p->constants[op->c]);
    default:
        return step_test(p, op, s);
    }
}

static int record_of(const bm_frame *frame, const bm_op *op, const bm_cell *s)
{
    return (int)((s - frame->cells[op->kind]) / frame->program->kinds[op->kind].slots);
}

/* One operation on one record; s are its cells. Inlined into the loop that is the evaluator. */
static inline __attribute__((always_inline)) bm_cell step(bm_frame *frame, const bm_op *op,
                                                          const bm_cell *s, const uint8_t *given)
{
    const bm_program *p = frame->program;
    switch ((bm_do)op->code) {
    case BM_DO_CONST:
        return p->constants[op->a];
    case BM_DO_FROM_PATIENT:
        return frame->cells[0][op->a];
    case BM_DO_NOT:
        return mask_cell(opposite(s[op->a].low.mask));
    case BM_DO_AND:
        return mask_cell(both(s[op->a].low.mask, s[op->b].low.mask));
    case BM_DO_OR:
        return mask_cell(either(s[op->a].low.mask, s[op->b].low.mask));
    case BM_DO_LT:
    case BM_DO_LE:
    case BM_DO_EQ:
        return mask_cell(ordered((bm_do)op->code, s[op->a], s[op->b]));
    case BM_DO_ADD:
    case BM_DO_SUB:
    case BM_DO_MUL:
    case BM_DO_DIV:
    case BM_DO_POW:
    case BM_DO_NEG:
    case BM_DO_MIN:
    case BM_DO_MAX:
    case BM_DO_EXP:
    case BM_DO_LOG:
    case BM_DO_SQRT:
    case BM_DO_ABS:
        return bm_arith_bounds((bm_do)op->code, s[op->a], s[op->b]);
    case BM_DO_TABLE_CODE:
        return mask_cell(table_mask(&p->tables[op->b], s[op->a].low.mask));
    case BM_DO_TABLE_NUMBER:
        return table_number(&p->tables[op->b], s[op->a].low.mask);
    case BM_DO_CUT:
        return mask_cell(bm_cut_bounds(&p->cuts[op->b], s[op->a]));
    case BM_DO_IF_MASK:
    case BM_DO_IF_NUMBER:
    case BM_DO_IF_SET:
        return choose((bm_do)op->code, s[op->c].low.mask, s[op->a], s[op->b]);
    case BM_DO_SUPPLY:
        return given[op->a] ? s[op->a] : s[op->b];
    case BM_DO_ANY:
    case BM_DO_ALL:
    case BM_DO_COUNT:
    case BM_DO_SUM:
    case BM_DO_LARGEST:
    case BM_DO_SMALLEST:
    case BM_DO_PICK:
        return bm_gather(frame, op, op->link ? record_of(frame, op, s) : 0);
    case BM_DO_ROW:
        return mask_cell(0); /* handled by its caller: it changes other slots */
    case BM_DO_OUTCOME_IN:
        return mask_cell(bm_outcome_in(s[op->a], p->constants[op->b].low.mask));
    default:
        return step_question(frame, op, s, given);
    }
}

static inline __attribute__((always_inline)) void run(bm_frame *frame, const bm_op *op, bm_cell *s,
                                                      const uint8_t *given)
{
    if (op->code == BM_DO_ROW)
        bm_outcome_row(s, &frame->program->rows[op->a], op->a);
    else
        s[op->to] = step(frame, op, s, given);
}

static void run_record(bm_frame *frame, const bm_unit_of_work *unit, int record)
{
    const bm_program *p = frame->program;
    bm_cell *s = bm_frame_cells(frame, unit->kind, record);
    const uint8_t *given =
        frame->given[unit->kind] + (size_t)record * (size_t)p->kinds[unit->kind].inputs;
    for (const bm_op *op = p->ops + unit->first, *end = p->ops + unit->end; op < end; op++)
        run(frame, op, s, given);
}

/* ---- only what is awake ---- */

static void add_blocks(uint64_t *to, const uint64_t *from, int words)
{
    for (int w = 0; w < words; w++)
        to[w] |= from[w];
}

/* What hangs on the inputs of one record that were entered: in that record, and elsewhere. */
static void wake_by_record(const bm_frame *frame, int k, int record, uint64_t *near, uint64_t *far)
{
    const bm_kind *kind = &frame->program->kinds[k];
    size_t words = (size_t)frame->program->block_words, inputs = (size_t)kind->inputs;
    const uint8_t *given = frame->given[k] + (size_t)record * inputs;
    for (size_t i = 0; i < inputs; i++) {
        uint64_t eight;
        if (i % 8 == 0 && i + 8 <= inputs) { /* few are entered, so eight are skipped at once */
            memcpy(&eight, given + i, 8);
            if (eight == 0) {
                i += 7;
                continue;
            }
        }
        if (!given[i])
            continue;
        add_blocks(near, kind->near + i * words, (int)words);
        add_blocks(far, kind->far + i * words, (int)words);
    }
}

void bm_bounds_wake(bm_frame *frame)
{
    const bm_program *p = frame->program;
    size_t words = (size_t)p->block_words;
    uint64_t *far = frame->awake[0]; /* the patient is one record: what wakes there wakes all */
    memset(far, 0, words * sizeof *far);
    for (int k = 0; k < p->kind_count; k++) {
        size_t room = (size_t)frame->records[k] * words * sizeof *far;
        memset(frame->closed[k], 0, room);
        memset(frame->leans[k], 0, room);
        if (k > 0 && (frame->listed[k] || frame->none[k]))
            add_blocks(far, p->kinds[k].by_list, p->block_words);
        for (int r = 0; r < frame->records[k]; r++) {
            uint64_t *near = frame->awake[k] + (size_t)r * words;
            if (k > 0)
                memset(near, 0, words * sizeof *near);
            wake_by_record(frame, k, r, near, far);
        }
    }
    for (int k = 1; k < p->kind_count; k++)
        for (int r = 0; r < frame->records[k]; r++)
            add_blocks(frame->awake[k] + (size_t)r * words, far, p->block_words);
}

static void add_block(const bm_frame *frame, uint64_t *const *sets, int kind, int record,
                      int32_t block)
{
    uint64_t *words = sets[kind] + (size_t)record * (size_t)frame->program->block_words;
    words[block / 64] |= UINT64_C(1) << (block % 64);
}

static void remove_block(const bm_frame *frame, uint64_t *const *sets, int kind, int record,
                         int32_t block)
{
    uint64_t *words = sets[kind] + (size_t)record * (size_t)frame->program->block_words;
    words[block / 64] &= ~(UINT64_C(1) << (block % 64));
}

/* The records of a slot that is read for one record. */
static void records_of(const bm_frame *frame, const bm_import *one, int record, int *first,
                       int *end)
{
    *first = one->all || one->kind == 0 ? 0 : record;
    *end = one->all ? frame->records[one->kind] : *first + 1;
}

/* Puts cells that stand elsewhere where the operations of a record read them. */
static void fetch(const bm_frame *frame, const bm_unit_of_work *unit, int record)
{
    int count = unit->import_count - (frame->plain ? 0 : unit->input_count);
    for (const bm_import *one = unit->imports; one < unit->imports + count; one++) {
        const bm_kind *kind = &frame->program->kinds[one->kind];
        bool input = one->slot < kind->inputs;
        int first, end;
        records_of(frame, one, record, &first, &end);
        for (int r = first; r < end; r++)
            if (input ||
                !bm_has_block(frame, frame->awake, one->kind, r, kind->block_of[one->slot]))
                bm_frame_cells(frame, one->kind, r)[one->slot] =
                    bm_frame_cell(frame, one->kind, r, one->slot);
    }
}

/* Where a table does not apply none of its rows speaks, whatever its conditions come to. */
static bool shut(const bm_frame *frame, const bm_unit_of_work *unit, int record)
{
    return unit->gate >= 0 &&
           bm_frame_cell(frame, unit->kind, record, unit->gate).low.mask == BM_NO;
}

static void run_awake(bm_frame *frame, const bm_unit_of_work *unit, int record)
{
    bool relied = frame->relied_on_silence;
    if (!bm_has_block(frame, frame->awake, unit->kind, record, unit->block)) {
        if (!bm_has_block(frame, frame->closed, unit->kind, record, unit->block))
            frame->relied_on_silence |= frame->program->blocks[unit->block].relies;
        return;
    }
    if (shut(frame, unit, record)) {
        remove_block(frame, frame->awake, unit->kind, record, unit->block);
        add_block(frame, frame->closed, unit->kind, record, unit->block);
        return;
    }
    fetch(frame, unit, record);
    frame->relied_on_silence = false;
    run_record(frame, unit, record);
    if (frame->relied_on_silence)
        add_block(frame, frame->leans, unit->kind, record, unit->block);
    frame->relied_on_silence |= relied;
}

static void run_unit(bm_frame *frame, const bm_unit_of_work *unit)
{
    for (int record = 0; record < frame->records[unit->kind]; record++)
        if (frame->awake[unit->kind])
            run_awake(frame, unit, record);
        else
            run_record(frame, unit, record);
}

void bm_bounds_run(bm_frame *frame, const bm_plan *plan)
{
    frame->relied_on_silence = false;
    for (int i = 0; i < plan->count; i++)
        run_unit(frame, &frame->program->units[plan->units[i]]);
}

/* ---- once more, with nothing resting on silence ---- */

/* Can a slot that is read differ from what it was? */
static bool has_changed(const bm_frame *frame, const bm_import *one, int record)
{
    const bm_frame *plain = frame->plain;
    int32_t block = frame->program->kinds[one->kind].block_of[one->slot];
    int first, end;
    if (!frame->program->blocks[block].silent)
        return false;
    records_of(frame, one, record, &first, &end);
    for (int r = first; r < end; r++) {
        if (bm_has_block(frame, frame->awake, one->kind, r, block))
            return true;
        if (frame->program->blocks[block].differs &&
            !bm_has_block(plain, plain->awake, one->kind, r, block) &&
            !bm_has_block(plain, plain->closed, one->kind, r, block))
            return true;
    }
    return false;
}

static bool can_change(const bm_frame *frame, const bm_unit_of_work *unit, int record)
{
    const bm_frame *plain = frame->plain;
    bool was_closed = bm_has_block(plain, plain->closed, unit->kind, record, unit->block);
    if (was_closed)
        return !shut(frame, unit, record);
    if (!bm_has_block(plain, plain->awake, unit->kind, record, unit->block))
        return false;
    if (bm_has_block(plain, plain->leans, unit->kind, record, unit->block))
        return true;
    int made = unit->import_count - unit->input_count;
    for (int i = 0; i < made; i++)
        if (has_changed(frame, &unit->imports[i], record))
            return true;
    return false;
}

static bool any_can_change(const bm_frame *frame, const bm_unit_of_work *unit)
{
    for (int record = 0; record < frame->records[unit->kind]; record++)
        if (can_change(frame, unit, record))
            return true;
    return false;
}

static bool was_idle(const bm_frame *frame, const bm_unit_of_work *unit, int record)
{
    const bm_frame *plain = frame->plain;
    return !bm_has_block(plain, plain->awake, unit->kind, record, unit->block) &&
           !bm_has_block(plain, plain->closed, unit->kind, record, unit->block);
}

/* Units of one definition read and change each other's slots, so all of them are run or none. */
static void run_changed(bm_frame *frame, const bm_plan *plan, int first, int end)
{
    const bm_unit_of_work *units = frame->program->units;
    bool together = false;
    for (int i = first; i < end && !units[plan->units[first]].alone; i++)
        together |= any_can_change(frame, &units[plan->units[i]]);
    for (int i = first; i < end; i++) {
        const bm_unit_of_work *unit = &units[plan->units[i]];
        for (int record = 0; record < frame->records[unit->kind]; record++) {
            bool again = together ? !was_idle(frame, unit, record)
                                  : unit->alone && can_change(frame, unit, record);
            if (!again)
                continue;
            add_block(frame, frame->awake, unit->kind, record, unit->block);
            fetch(frame, unit, record);
            run_record(frame, unit, record);
        }
    }
}

static void run_whole_again(bm_frame *frame, const bm_plan *plan)
{
    for (int i = 0; i < plan->count; i++) {
        const bm_unit_of_work *unit = &frame->program->units[plan->units[i]];
        for (int record = 0; unit->silent && record < frame->records[unit->kind]; record++)
            run_record(frame, unit, record);
    }
}

void bm_bounds_run_strict(bm_frame *frame, const bm_plan *plan)
{
    const bm_unit_of_work *units = frame->program->units;
    frame->strict = true;
    if (!frame->plain) {
        run_whole_again(frame, plan);
        return;
    }
    for (int k = 0; k < frame->program->kind_count; k++)
        memset(frame->awake[k], 0,
               (size_t)frame->records[k] * (size_t)frame->program->block_words * sizeof(uint64_t));
    for (int i = 0, end; i < plan->count; i = end) {
        const bm_unit_of_work *unit = &units[plan->units[i]];
        for (end = i + 1;
             end < plan->count && units[plan->units[end]].definition == unit->definition;)
            end++;
        if (unit->silent)
            run_changed(frame, plan, i, end);
    }
}

void bm_bounds_run_ops(bm_frame *frame, const int32_t *ops, int count)
{
    frame->relied_on_silence = false;
    for (int i = 0; i < count; i++) {
        const bm_op *op = &frame->program->ops[ops[i]];
        run(frame, op, frame->cells[op->kind], frame->given[op->kind]);
    }
}

void bm_bounds_run_due(bm_frame *frame, const int32_t *ops, const uint64_t *due, size_t words)
{
    for (size_t w = 0; w < words; w++)
        for (uint64_t left = due[w]; left; left &= left - 1) {
            const bm_op *op = &frame->program->ops[ops[w * 64 + (size_t)__builtin_ctzll(left)]];
            run(frame, op, frame->cells[op->kind], frame->given[op->kind]);
        }
}
