/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/reads.h"

int bm_own_operands(bm_do code)
{
    switch (code) {
    case BM_DO_CONST:
    case BM_DO_FROM_PATIENT:
    case BM_DO_ANY:
    case BM_DO_ALL:
    case BM_DO_COUNT:
    case BM_DO_SUM:
    case BM_DO_LARGEST:
    case BM_DO_SMALLEST:
    case BM_DO_PICK:
    case BM_DO_ROW:
        return 0;
    case BM_DO_AND:
    case BM_DO_OR:
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
    case BM_DO_MAX:
    case BM_DO_SUPPLY:
        return 2;
    case BM_DO_IF_MASK:
    case BM_DO_IF_NUMBER:
    case BM_DO_IF_SET:
        return 3;
    default:
        return 1;
    }
}

static int gathered(const bm_program *program, const bm_op *op, bm_read out[BM_READS])
{
    int count = 0;
    out[count++] = (bm_read){op->over, op->a};
    if (op->code != BM_DO_PICK) {
        if (op->b >= 0)
            out[count++] = (bm_read){op->over, op->b};
        const bm_linked *link = op->link ? &program->links[op->link - 1] : NULL;
        if (link)
            out[count++] = (bm_read){op->over, link->to};
        if (link && link->where >= 0)
            out[count++] = (bm_read){op->over, link->where};
        return count;
    }
    const bm_pick *pick = &program->picks[op->b];
    for (int i = 0; i < pick->count && count < BM_READS; i++)
        out[count++] = (bm_read){op->over, pick->ranks[i]};
    return count;
}

int bm_op_reads(const bm_program *program, const bm_op *op, bm_read out[BM_READS])
{
    const int32_t operands[3] = {op->a, op->b, op->c};
    int own = bm_own_operands((bm_do)op->code);
    for (int i = 0; i < own; i++)
        out[i] = (bm_read){op->kind, operands[i]};
    switch ((bm_do)op->code) {
    case BM_DO_FROM_PATIENT:
        out[0] = (bm_read){0, op->a};
        return 1;
    case BM_DO_ROW: {
        const bm_row *row = &program->rows[op->a];
        out[0] = (bm_read){op->kind, row->when};
        out[1] = (bm_read){op->kind, row->choice};
        return row->choice >= 0 ? 2 : 1;
    }
    case BM_DO_ANY:
    case BM_DO_ALL:
    case BM_DO_COUNT:
    case BM_DO_SUM:
    case BM_DO_LARGEST:
    case BM_DO_SMALLEST:
    case BM_DO_PICK:
        return gathered(program, op, out);
    default:
        return own;
    }
}

bool bm_row_touches(const bm_row *row, int32_t choice)
{
    if (row->choice == choice)
        return true;
    for (int i = 0; i < row->set_count; i++)
        if (row->sets[i].choice == choice)
            return true;
    return false;
}

void bm_choices_begin(bm_choices *choices, int32_t choice)
{
    choices->slots[0] = choice;
    choices->count = 1;
    choices->all = false;
}

void bm_choices_add(bm_choices *choices, int32_t choice)
{
    for (int i = 0; i < choices->count; i++)
        if (choices->slots[i] == choice)
            return;
    if (choice < 0)
        return;
    if (choices->count < BM_CHOICES)
        choices->slots[choices->count++] = choice;
    else
        choices->all = true;
}

bool bm_choices_touched(const bm_choices *choices, const bm_row *row)
{
    for (int i = 0; i < choices->count; i++)
        if (bm_row_touches(row, choices->slots[i]))
            return true;
    return choices->all;
}
