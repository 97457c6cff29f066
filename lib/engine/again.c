/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/again.h"

#include <string.h>

#include "engine/reads.h"

bool bm_again_start(bm_again *again, bm_arena *arena, const bm_program *program)
{
    memset(again, 0, sizeof *again);
    for (int k = 0; k < program->kind_count; k++) {
        const bm_kind *kind = &program->kinds[k];
        again->on[k] = bm_arena_array(arena, (size_t)kind->slots + 1, sizeof *again->on[k]);
        again->number[k] = bm_arena_array(arena, (size_t)kind->inputs + 1, 1);
        if (!again->on[k] || !again->number[k])
            return false;
    }
    size_t words = (size_t)program->op_count / 64 + 1;
    again->hanging = bm_arena_array(arena, words * BM_REASONS, sizeof *again->hanging);
    again->due = bm_arena_array(arena, words, sizeof *again->due);
    return again->hanging && again->due;
}

static void add_reason(bm_reasons *to, int reason)
{
    to->bits[reason / 64] |= UINT64_C(1) << (reason % 64);
}

/* True when that added something. */
static bool add_reasons(bm_reasons *to, const bm_reasons *from)
{
    bm_reasons before = *to;
    to->bits[0] |= from->bits[0];
    to->bits[1] |= from->bits[1];
    return to->bits[0] != before.bits[0] || to->bits[1] != before.bits[1];
}

/* ---- what hangs on what ---- */

/* The slots that an operation writes, one by one; -1 behind the last. A choice is written by several
 * rows, one after the other. */
static int32_t written(const bm_program *program, const bm_op *op, int i)
{
    if (op->code != BM_DO_ROW)
        return i == 0 ? op->to : -1;
    const bm_row *row = &program->rows[op->a];
    if (i == 0)
        return row->slot;
    if (i <= row->set_count)
        return row->sets[i - 1].choice;
    return i == row->set_count + 1 ? row->choice : -1;
}

static bm_reasons own_reasons(const bm_op *op)
{
    bm_reasons own = {{0}};
    switch ((bm_do)op->code) {
    case BM_DO_STATED: /* hangs on what else is given */
        add_reason(&own, BM_ALWAYS);
        break;
    case BM_DO_GIVEN:
    case BM_DO_RESTATED:
    case BM_DO_KNOWN:
    case BM_DO_MISSING:
    case BM_DO_ASSUME:
    case BM_DO_SHOWN:
        add_reason(&own, BM_MODE);
        break;
    default:
        break;
    }
    return own;
}

static void clear_slots(bm_again *again, const bm_program *program, const bm_op *op)
{
    bm_read reads[BM_READS];
    int32_t to;
    int count = bm_op_reads(program, op, reads);
    for (int i = 0; i < count; i++) {
        bm_read read = reads[i];
        again->on[read.kind][read.slot] = (bm_reasons){{0}};
        if (read.slot >= program->kinds[read.kind].inputs)
            continue;
        uint8_t *number = &again->number[read.kind][read.slot];
        if (!*number) {
            *number = (uint8_t)(again->count < BM_TOLD_APART ? again->count + 1 : BM_TOLD_APART);
            again->count += again->count < BM_TOLD_APART;
        }
        add_reason(&again->on[read.kind][read.slot], *number - 1);
    }
    for (int i = 0; (to = written(program, op, i)) >= 0; i++)
        again->on[op->kind][to] = (bm_reasons){{0}};
}

/* What is written by several operations is written by all of them again or by none. */
static bool spread(bm_again *again, const bm_program *program, const bm_op *op)
{
    bm_read reads[BM_READS];
    int32_t to;
    bm_reasons reasons = own_reasons(op);
    int count = bm_op_reads(program, op, reads);
    for (int i = 0; i < count; i++)
        add_reasons(&reasons, &again->on[reads[i].kind][reads[i].slot]);
    for (int i = 0; (to = written(program, op, i)) >= 0; i++)
        add_reasons(&reasons, &again->on[op->kind][to]);
    bool more = false;
    for (int i = 0; (to = written(program, op, i)) >= 0; i++)
        more |= add_reasons(&again->on[op->kind][to], &reasons);
    return more;
}

static void list_hanging(bm_again *again, const bm_program *program)
{
    again->words = (size_t)again->op_count / 64 + 1;
    memset(again->hanging, 0, again->words * BM_REASONS * sizeof *again->hanging);
    for (int i = 0; i < again->op_count; i++) {
        const bm_op *op = &program->ops[again->ops[i]];
        const bm_reasons *on = &again->on[op->kind][written(program, op, 0)];
        for (int half = 0; half < 2; half++)
            for (uint64_t left = on->bits[half]; left; left &= left - 1) {
                size_t reason = (size_t)half * 64 + (size_t)__builtin_ctzll(left);
                again->hanging[reason * again->words + (size_t)i / 64] |= UINT64_C(1) << (i % 64);
            }
    }
}

void bm_again_take(bm_again *again, const bm_program *program, const int32_t *ops, int count)
{
    again->ops = ops;
    again->op_count = count;
    again->count = 0;
    for (int k = 0; k < program->kind_count; k++)
        memset(again->number[k], 0, (size_t)program->kinds[k].inputs);
    for (int i = 0; i < count; i++)
        clear_slots(again, program, &program->ops[ops[i]]);
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < count; i++)
            more |= spread(again, program, &program->ops[ops[i]]);
    }
    list_hanging(again, program);
    bm_again_touch_all(again);
}

/* ---- running ---- */

void bm_again_touch(bm_again *again, int kind, int32_t input)
{
    int number = again->number[kind][input];
    if (number)
        add_reason(&again->changed, number - 1);
}

void bm_again_touch_mode(bm_again *again)
{
    add_reason(&again->changed, BM_MODE);
}

void bm_again_touch_all(bm_again *again)
{
    again->all = true;
}

static void gather_due(bm_again *again)
{
    memset(again->due, 0, again->words * sizeof *again->due);
    add_reason(&again->changed, BM_ALWAYS);
    for (int half = 0; half < 2; half++)
        for (uint64_t left = again->changed.bits[half]; left; left &= left - 1) {
            size_t reason = (size_t)half * 64 + (size_t)__builtin_ctzll(left);
            const uint64_t *from = again->hanging + reason * again->words;
            for (size_t w = 0; w < again->words; w++)
                again->due[w] |= from[w];
        }
}

void bm_again_run(bm_again *again, bm_frame *frame)
{
    if (again->all) {
        bm_bounds_run_ops(frame, again->ops, again->op_count);
    } else {
        gather_due(again);
        bm_bounds_run_due(frame, again->ops, again->due, again->words);
    }
    again->all = false;
    again->changed = (bm_reasons){{0}};
}
