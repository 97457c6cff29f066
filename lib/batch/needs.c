/* SPDX-License-Identifier: Apache-2.0 */
/* Which units and inputs the targets hang on, found backwards from their slots. */
#include <string.h>

#include "batch/batch.h"
#include "engine/reads.h"

typedef struct {
    bonemets_batch *batch;
    const bm_program *program;
    bool *slots[BM_KINDS];
} walk;

static void need(walk *w, int kind, int32_t slot)
{
    if (slot >= 0)
        w->slots[kind][slot] = true;
}

static void need_target(walk *w, const bm_target *target)
{
    int kind = target->view.guideline->kind;
    const bm_score *score = target->view.score;
    if (target->view.choice) {
        need(w, kind, target->view.choice->slot);
    } else if (!score) {
        need(w, kind, target->view.equation->slot);
        need(w, kind, target->view.equation->applies);
    } else {
        need(w, kind, score->total);
        need(w, kind, score->applies);
        need(w, kind, score->sum);
        if (score->band_count)
            need(w, kind, score->band);
        for (int i = 0; i < score->item_count; i++)
            need(w, kind, score->items[i].slot);
    }
}

static bool row_is_needed(const walk *w, const bm_op *op)
{
    const bm_row *row = &w->program->rows[op->a];
    const bool *slots = w->slots[op->kind];
    bool needed = slots[row->slot] || (row->choice >= 0 && slots[row->choice]);
    for (int i = 0; i < row->set_count; i++)
        needed |= slots[row->sets[i].choice];
    return needed;
}

static bool unit_is_needed(const walk *w, const bm_unit_of_work *unit)
{
    for (int i = unit->first; i < unit->end; i++) {
        const bm_op *op = &w->program->ops[i];
        if (op->code == BM_DO_ROW ? row_is_needed(w, op) : w->slots[op->kind][op->to])
            return true;
    }
    return false;
}

/* What was entered of an input, and whether it is missing, may hang on what excludes it. */
static void need_partners(walk *w, int kind, int32_t slot)
{
    const bm_kind *owner = &w->program->kinds[kind];
    int32_t list = slot >= 0 && slot < owner->inputs ? owner->partners[slot] : -1;
    for (int i = 0; list >= 0 && i < w->program->partners[list].count; i++)
        need(w, kind, w->program->partners[list].slots[i]);
}

static void need_unit(walk *w, const bm_unit_of_work *unit)
{
    bm_read reads[BM_READS];
    for (int i = unit->first; i < unit->end; i++) {
        const bm_op *op = &w->program->ops[i];
        int count = bm_op_reads(w->program, op, reads);
        for (int r = 0; r < count; r++) {
            need(w, reads[r].kind, reads[r].slot);
            need_partners(w, reads[r].kind, reads[r].slot);
            w->batch->kinds[reads[r].kind] = true;
        }
        w->batch->kinds[op->kind] = true;
    }
}

static bool take_room(walk *w, int32_t **units)
{
    bonemets_batch *batch = w->batch;
    for (int k = 0; k < w->program->kind_count; k++) {
        const bm_kind *kind = &w->program->kinds[k];
        w->slots[k] = bm_arena_array(&batch->arena, (size_t)kind->slots + 1, sizeof(bool));
        batch->needed[k] = w->slots[k]; /* the inputs come first */
        if (!w->slots[k])
            return false;
    }
    *units =
        bm_arena_array(&batch->arena, (size_t)batch->set->everything.count + 1, sizeof **units);
    return *units != NULL;
}

bonemets_status bm_batch_find_needs(bonemets_batch *batch)
{
    const bm_plan *all = &batch->set->everything;
    walk w = {.batch = batch, .program = &batch->set->program};
    int32_t *units;
    if (!take_room(&w, &units))
        return BONEMETS_E_MEMORY;
    for (int i = 0; i < batch->target_count; i++)
        need_target(&w, &batch->targets[i]);
    int first = all->count;
    for (int i = all->count - 1; i >= 0; i--) {
        const bm_unit_of_work *unit = &w.program->units[all->units[i]];
        if (!unit_is_needed(&w, unit))
            continue;
        need_unit(&w, unit);
        batch->silent |= unit->silent;
        units[--first] = all->units[i];
    }
    batch->plan = (bm_plan){.count = all->count - first, .units = units + first};
    return BONEMETS_OK;
}
