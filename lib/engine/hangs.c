/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/hangs.h"

#include <float.h>
#include <string.h>

#include "engine/reads.h"

/* ---- what is read ---- */

static uint8_t of_row(const bm_row *row, const uint8_t *slots)
{
    uint8_t wanted = slots[row->slot];
    if (row->choice >= 0)
        wanted |= slots[row->choice];
    for (int i = 0; i < row->set_count; i++)
        wanted |= slots[row->sets[i].choice];
    return wanted;
}

/* Whether something was stated is settled by what excludes it as well. */
static void mark_partners(const bm_program *program, const bm_op *op, uint8_t *slots,
                          uint8_t wanted)
{
    int32_t list = program->kinds[op->kind].partners[op->a];
    for (int i = 0; list >= 0 && i < program->partners[list].count; i++)
        slots[program->partners[list].slots[i]] |= wanted;
}

static void mark_reads(const bm_program *program, const bm_op *op, uint8_t wanted,
                       bm_slot_marks *marks)
{
    bm_read reads[BM_READS];
    int count = bm_op_reads(program, op, reads);
    for (int i = 0; i < count; i++)
        marks->slots[reads[i].kind][reads[i].slot] |=
            bm_gathers(op) ? (uint8_t)BM_OF_EVERY : wanted;
    if (op->code == BM_DO_STATED)
        mark_partners(program, op, marks->slots[op->kind], wanted);
}

/* An operation reads only what was filled before it, so one walk backwards finds everything. */
static uint8_t mark_unit(const bm_program *program, const bm_unit_of_work *unit,
                         bm_slot_marks *marks)
{
    uint8_t *slots = marks->slots[unit->kind], rows = 0;
    for (int i = unit->end - 1; i >= unit->first; i--) {
        const bm_op *op = &program->ops[i];
        bool row = op->code == BM_DO_ROW;
        uint8_t wanted = row ? of_row(&program->rows[op->a], slots) : slots[op->to];
        if (wanted)
            mark_reads(program, op, wanted, marks);
        if (row)
            rows |= wanted;
    }
    return rows;
}

void bm_hangs_on(const bm_program *program, const bm_plan *plan, bm_slot_marks *marks)
{
    for (int i = plan->count - 1; i >= 0; i--) {
        const bm_unit_of_work *unit = &program->units[plan->units[i]];
        uint8_t rows = mark_unit(program, unit, marks);
        if (rows && unit->gate >= 0) {
            marks->slots[unit->kind][unit->gate] |= rows;
            mark_unit(program, unit, marks); /* the gate may be filled in the unit itself */
        }
    }
}

/* ---- what a number is compared with ---- */

static void add_limit(bm_limits *out, double limit)
{
    if (limit <= -DBL_MAX || limit >= DBL_MAX)
        return;
    for (int i = 0; i < out->count; i++)
        if (out->items[i] <= limit && out->items[i] >= limit)
            return;
    if (out->count < BM_MOST_LIMITS)
        out->items[out->count++] = limit;
    else
        out->derived = true;
}

static void add_cuts(bm_limits *out, const bm_cuts *cuts)
{
    for (int i = 0; i < cuts->count; i++) {
        add_limit(out, cuts->cuts[i].low);
        add_limit(out, cuts->cuts[i].high);
    }
}

/* What the other operand is, for each record. */
static void add_other(bm_limits *out, const bm_frame *frame, const bm_op *op, int32_t slot)
{
    for (int r = 0; r < frame->records[op->kind]; r++) {
        bm_cell cell = bm_frame_cell(frame, op->kind, r, slot);
        add_limit(out, cell.low.number);
        add_limit(out, cell.high.number);
    }
}

static void add_operands(bm_limits *out, const bm_frame *frame, const bm_op *op,
                         const uint8_t *same)
{
    if (!same[op->a])
        add_other(out, frame, op, op->a);
    if (!same[op->b])
        add_other(out, frame, op, op->b);
}

static bool reads_it(const bm_program *program, const bm_op *op, const bm_slot_marks *same)
{
    bm_read reads[BM_READS];
    int count = bm_op_reads(program, op, reads);
    for (int i = 0; i < count; i++)
        if (same->slots[reads[i].kind][reads[i].slot])
            return true;
    return false;
}

/* What an operation that reads the number does with it. */
static void follow(const bm_frame *frame, const bm_op *op, bm_slot_marks *same, bm_limits *out)
{
    uint8_t *slots = same->slots[op->kind];
    switch ((bm_do)op->code) {
    case BM_DO_LT:
    case BM_DO_LE:
    case BM_DO_EQ:
        add_operands(out, frame, op, slots);
        return;
    case BM_DO_CUT:
        add_cuts(out, &frame->program->cuts[op->b]);
        return;
    case BM_DO_MIN:
    case BM_DO_MAX:
        add_operands(out, frame, op, slots);
        slots[op->to] = 1;
        return;
    case BM_DO_LARGEST:
    case BM_DO_SMALLEST:
    case BM_DO_PICK:
        out->derived = true; /* the other records are its limits */
        slots[op->to] = 1;
        return;
    case BM_DO_FROM_PATIENT:
    case BM_DO_SUPPLY:
    case BM_DO_ASSUME:
    case BM_DO_IF_NUMBER:
        slots[op->to] = 1;
        return;
    case BM_DO_KNOWN:
    case BM_DO_MISSING:
    case BM_DO_GIVEN:
    case BM_DO_STATED:
    case BM_DO_RESTATED:
        return;
    default:
        out->derived = true;
    }
}

void bm_limits_of(const bm_frame *frame, const bm_plan *plan, const bm_slot_marks *marks, int kind,
                  int32_t input, bm_slot_marks *same, bm_limits *out)
{
    const bm_program *program = frame->program;
    out->count = 0;
    out->derived = false;
    for (int k = 0; k < program->kind_count; k++)
        memset(same->slots[k], 0, (size_t)program->kinds[k].slots);
    same->slots[kind][input] = 1;
    for (int i = 0; i < plan->count; i++) {
        const bm_unit_of_work *unit = &program->units[plan->units[i]];
        for (const bm_op *op = program->ops + unit->first; op < program->ops + unit->end; op++)
            if (op->code != BM_DO_ROW && marks->slots[op->kind][op->to] &&
                reads_it(program, op, same))
                follow(frame, op, same, out);
    }
}
