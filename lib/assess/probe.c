/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/probe.h"

#include <string.h>

#include "assess/layout.h"
#include "engine/outcome.h"

/* ---- trials ---- */

static void lay_out(bm_layout *block, bm_frame *frame)
{
    const bm_program *program = frame->program;
    for (int k = 0; k < program->kind_count; k++) {
        size_t records = (size_t)frame->records[k];
        size_t words = records * (size_t)program->block_words;
        frame->cells[k] =
            bm_layout_part(block, records * (size_t)program->kinds[k].slots, sizeof(bm_cell));
        frame->given[k] = bm_layout_part(block, records * (size_t)program->kinds[k].inputs, 1);
        frame->awake[k] = bm_layout_part(block, words, sizeof(uint64_t));
        frame->closed[k] = bm_layout_part(block, words, sizeof(uint64_t));
        frame->leans[k] = bm_layout_part(block, words, sizeof(uint64_t));
    }
}

static void copy_inputs(bm_frame *frame, const bm_frame *from)
{
    for (int k = 0; k < frame->program->kind_count; k++) {
        size_t inputs = (size_t)frame->program->kinds[k].inputs;
        for (int r = 0; r < frame->records[k] && inputs; r++)
            memcpy(bm_frame_cells(frame, k, r), bm_frame_cells(from, k, r),
                   inputs * sizeof(bm_cell));
        if (inputs)
            memcpy((void *)(uintptr_t)frame->given[k], from->given[k],
                   inputs * (size_t)frame->records[k]);
    }
}

bool bm_probe_open(bm_probe *probe, const bonemets_assessment *a, int guideline)
{
    const bonemets_guidelines *set = a->set;
    int plan = guideline < 0 ? a->target : guideline;
    probe->a = a;
    probe->plan = plan < 0 ? &set->everything : &set->definitions.guidelines[plan].plan;
    probe->frame = a->frame;
    probe->memory = a->memory;
    probe->changed = NULL;
    bm_layout block = {NULL, 0};
    lay_out(&block, &probe->frame);
    probe->size = block.used;
    probe->block = bm_take(&a->memory, block.used);
    if (!probe->block)
        return false;
    block = (bm_layout){probe->block, 0};
    lay_out(&block, &probe->frame);
    copy_inputs(&probe->frame, &a->frame);
    return true;
}

void bm_probe_close(bm_probe *probe)
{
    bm_give_back(&probe->memory, probe->block, probe->size);
}

void bm_probe_try(bm_probe *probe, int kind, int record, int32_t input, bm_cell cell)
{
    bm_frame *frame = &probe->frame;
    if (probe->changed) {
        *probe->changed = probe->cell_before;
        *probe->changed_given = probe->given_before;
    }
    probe->changed = &bm_frame_cells(frame, kind, record)[input];
    probe->changed_given = (uint8_t *)(uintptr_t)frame->given[kind] +
                           (size_t)record * (size_t)frame->program->kinds[kind].inputs + input;
    probe->cell_before = *probe->changed;
    probe->given_before = *probe->changed_given;
    *probe->changed = cell;
    *probe->changed_given = 1;
    bm_bounds_wake(frame);
    bm_bounds_run(frame, probe->plan);
}

/* ---- how an entry stands ---- */

static const bm_guideline *guideline_of(const bonemets_assessment *a, const bm_entry *entry)
{
    return &a->set->definitions.guidelines[entry->guideline];
}

const bm_score *bm_standing_score(const bonemets_assessment *a, const bm_standing *standing)
{
    const bm_guideline *guideline = guideline_of(a, &standing->entry);
    bool score =
        standing->list == BONEMETS_RESULTS && standing->entry.index < guideline->score_count;
    return score ? &guideline->scores[standing->entry.index] : NULL;
}

static const bm_equation *equation_of(const bonemets_assessment *a, const bm_standing *standing)
{
    const bm_guideline *guideline = guideline_of(a, &standing->entry);
    return &guideline->equations[standing->entry.index - guideline->score_count];
}

const bm_choice *bm_standing_choice(const bonemets_assessment *a, const bm_standing *standing)
{
    return standing->list == BONEMETS_CHOICES
               ? &guideline_of(a, &standing->entry)->choices[standing->entry.index]
               : NULL;
}

static void read_result(const bonemets_assessment *a, const bm_frame *frame, bm_standing *out)
{
    const bm_score *score = bm_standing_score(a, out);
    const bm_equation *equation = score ? NULL : equation_of(a, out);
    int kind = guideline_of(a, &out->entry)->kind, record = out->entry.record;
    int32_t applies = score ? score->applies : equation->applies;
    bm_cell number = bm_frame_cell(frame, kind, record, score ? score->total : equation->slot);
    if (applies >= 0)
        out->applies = bm_frame_cell(frame, kind, record, applies).low.mask;
    if (out->applies == BM_NO)
        return;
    out->low = number.low.number;
    out->high = number.high.number;
    if (score && score->band_count)
        out->open = bm_frame_cell(frame, kind, record, score->band).low.mask;
}

bm_standing bm_standing_of(const bonemets_assessment *a, const bm_frame *frame, int32_t list,
                           const bm_entry *entry)
{
    bm_standing out = {.list = list, .entry = *entry, .applies = BM_YES, .value = -1};
    if (list == BONEMETS_RESULTS) {
        read_result(a, frame, &out);
        return out;
    }
    bm_cell cell = bm_frame_cell(frame, guideline_of(a, entry)->kind, entry->record,
                                 bm_standing_choice(a, &out)->slot);
    out.open = cell.low.mask;
    out.value = bm_outcome_value(cell);
    return out;
}

static bool has_one(uint64_t mask)
{
    return mask != 0 && (mask & (mask - 1)) == 0;
}

static bool is_number(const bm_standing *standing)
{
    return standing->low <= standing->high && standing->low >= standing->high;
}

int bm_standing_state(const bonemets_assessment *a, const bm_standing *standing)
{
    if (standing->list == BONEMETS_CHOICES)
        return standing->open == BM_UNSET ? BONEMETS_NONE
               : has_one(standing->open)  ? BONEMETS_KNOWN
                                          : BONEMETS_PARTLY;
    if (standing->applies == BM_NO)
        return BONEMETS_INAPPLICABLE;
    if (is_number(standing))
        return standing->applies == BM_YES ? BONEMETS_KNOWN : BONEMETS_PARTLY;
    const bm_score *score = bm_standing_score(a, standing);
    bm_cell blank = score ? score->blank : equation_of(a, standing)->blank;
    bm_cell now = {.low.number = standing->low, .high.number = standing->high};
    return bm_cell_same(BM_NUMBER, now, blank) ? BONEMETS_UNKNOWN : BONEMETS_PARTLY;
}

bool bm_standing_settled(const bonemets_assessment *a, const bm_standing *standing)
{
    if (standing->list == BONEMETS_CHOICES || standing->applies == BM_NO)
        return standing->applies == BM_NO || has_one(standing->open);
    const bm_score *score = bm_standing_score(a, standing);
    bool band = score && score->band_count;
    return standing->applies == BM_YES && (band ? has_one(standing->open) : is_number(standing));
}

static uint64_t mix(uint64_t mark, uint64_t part)
{
    mark = (mark ^ part) * UINT64_C(0x9E3779B97F4A7C15);
    return mark ^ mark >> 29;
}

static uint64_t bits_of(double number)
{
    uint64_t bits;
    number = number <= 0 && number >= 0 ? 0 : number; /* one zero */
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

uint64_t bm_standing_mark(const bonemets_assessment *a, const bm_standing *standing, bool main)
{
    uint64_t mark = mix(standing->applies == BM_NO, (uint64_t)standing->value + 1);
    bool settled = bm_standing_settled(a, standing);
    if (!main || settled)
        mark = mix(mark, standing->open);
    const bm_score *score = bm_standing_score(a, standing);
    bool number = standing->list == BONEMETS_RESULTS && !(main && score && score->band_count);
    if (number && (score || !main)) {
        mark = mix(mark, bits_of(standing->low));
        mark = mix(mark, bits_of(standing->high));
    }
    return mix(mark, (uint64_t)settled);
}

int bm_standing_width(const bm_standing *standing)
{
    return standing->applies == BM_NO ? 0 : __builtin_popcountll(standing->open);
}
