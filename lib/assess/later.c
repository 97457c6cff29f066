/* SPDX-License-Identifier: Apache-2.0 */
/* What is worked out when somebody first asks for it, whichever thread that is. It is worked out
 * apart and then published, so that nothing changes that another thread may look at; who finds that
 * another was faster gives his own back. */
#include <string.h>

#include "assess/assessment.h"

void bm_lay_out_frame(bm_layout *block, bm_frame *frame)
{
    const bm_program *program = frame->program;
    for (int k = 0; k < program->kind_count; k++) {
        size_t records = (size_t)frame->records[k];
        frame->cells[k] =
            bm_layout_part(block, records * (size_t)program->kinds[k].slots, sizeof(bm_cell));
    }
}

void bm_lay_out_blocks(bm_layout *block, const bm_frame *frame, uint64_t **sets)
{
    for (int k = 0; k < frame->program->kind_count; k++)
        sets[k] =
            bm_layout_part(block, (size_t)frame->records[k] * (size_t)frame->program->block_words,
                           sizeof(uint64_t));
}

void bm_lay_out_open(bm_layout *block, bm_open *open, const bm_capacity *room)
{
    open->missing.items = bm_layout_part(block, room->inputs, sizeof(bm_asked));
    open->asked_at = bm_layout_part(block, room->inputs, sizeof *open->asked_at);
    open->assumed.items = bm_layout_part(block, room->assumed, sizeof(bm_asked));
}

void bm_lay_out_noted(bm_layout *block, bm_noted *noted, const bm_frame *frame)
{
    noted->frame = *frame;
    bm_lay_out_frame(block, &noted->frame);
    bm_lay_out_blocks(block, frame, noted->frame.awake);
    bm_lay_out_blocks(block, frame, noted->frame.closed);
    bm_lay_out_blocks(block, frame, noted->frame.leans);
}

void bm_later_init(bonemets_assessment *a)
{
    a->open_room.size = a->noted_room.size = 0;
    atomic_flag_clear(&a->open_taken);
    atomic_flag_clear(&a->noted_taken);
    atomic_init(&a->open, NULL);
    atomic_init(&a->noted, NULL);
}

static void give_back(const bonemets_assessment *a, const void *block, size_t size)
{
    if (size)
        bm_give_back(&a->memory, (void *)(uintptr_t)block, size);
}

void bm_later_free(bonemets_assessment *a)
{
    const bm_open *open = atomic_load_explicit(&a->open, memory_order_relaxed);
    const bm_noted *noted = atomic_load_explicit(&a->noted, memory_order_relaxed);
    if (open)
        give_back(a, open, open->size);
    if (noted)
        give_back(a, noted, noted->size);
}

/* ---- what is missing and what is assumed ---- */

/* NULL when another thread has the room, and there is no memory for more. */
static bm_open *room_for_open(bonemets_assessment *a)
{
    if (!atomic_flag_test_and_set(&a->open_taken))
        return &a->open_room;
    bm_capacity room = bm_collect_capacity(a);
    bm_open shape;
    bm_layout block = {NULL, 0};
    bm_layout_part(&block, 1, sizeof shape);
    bm_lay_out_open(&block, &shape, &room);
    bm_open *open = bm_take(&a->memory, block.used);
    if (!open)
        return NULL;
    open->size = block.used;
    block = (bm_layout){(char *)open, 0};
    bm_layout_part(&block, 1, sizeof *open);
    bm_lay_out_open(&block, open, &room);
    return open;
}

const bm_open *bm_assessment_open(const bonemets_assessment *assessment)
{
    bonemets_assessment *a = (bonemets_assessment *)(uintptr_t)assessment;
    const bm_open *done = atomic_load_explicit(&a->open, memory_order_acquire);
    if (done)
        return done;
    bm_open *own = room_for_open(a);
    if (own) {
        bm_collect_questions(a, own);
        if (atomic_compare_exchange_strong_explicit(&a->open, &done, own, memory_order_acq_rel,
                                                    memory_order_acquire))
            return own;
        give_back(a, own, own->size);
        return done;
    }
    while (!(done = atomic_load_explicit(&a->open, memory_order_acquire)))
        ; /* out of memory: the thread that has the room needs none */
    return done;
}

/* ---- notes that were put off ---- */

static bm_noted *room_for_noted(bonemets_assessment *a)
{
    if (!atomic_flag_test_and_set(&a->noted_taken))
        return &a->noted_room;
    bm_noted shape;
    bm_layout block = {NULL, 0};
    bm_layout_part(&block, 1, sizeof shape);
    bm_lay_out_noted(&block, &shape, &a->frame);
    bm_noted *noted = bm_take(&a->memory, block.used);
    if (!noted)
        return NULL;
    noted->size = block.used;
    block = (bm_layout){(char *)noted, 0};
    bm_layout_part(&block, 1, sizeof *noted);
    bm_lay_out_noted(&block, noted, &a->frame);
    return noted;
}

static void copy_blocks(uint64_t *const *to, uint64_t *const *from, int kind, size_t words)
{
    if (words)
        memcpy(to[kind], from[kind], words * sizeof **to);
}

static void run_notes(const bonemets_assessment *a, bm_frame *frame)
{
    const bonemets_guidelines *set = a->set;
    const bm_program *program = frame->program;
    for (int k = 0; k < program->kind_count; k++) {
        size_t records = (size_t)frame->records[k];
        size_t cells = records * (size_t)program->kinds[k].slots;
        size_t words = records * (size_t)program->block_words;
        if (cells)
            memcpy(frame->cells[k], a->frame.cells[k], cells * sizeof(bm_cell));
        copy_blocks(frame->awake, a->frame.awake, k, words);
        copy_blocks(frame->closed, a->frame.closed, k, words);
        copy_blocks(frame->leans, a->frame.leans, k, words);
        frame->given[k] = a->frame.given[k];
    }
    bm_bounds_run(frame, a->target < 0 ? &set->everything_notes
                                       : &set->definitions.guidelines[a->target].notes_plan);
}

const bm_frame *bm_assessment_noted(const bonemets_assessment *assessment)
{
    bonemets_assessment *a = (bonemets_assessment *)(uintptr_t)assessment;
    const bm_noted *done = atomic_load_explicit(&a->noted, memory_order_acquire);
    if (done)
        return &done->frame;
    bm_noted *own = room_for_noted(a);
    if (own) {
        run_notes(a, &own->frame);
        if (atomic_compare_exchange_strong_explicit(&a->noted, &done, own, memory_order_acq_rel,
                                                    memory_order_acquire))
            return &own->frame;
        give_back(a, own, own->size);
        return &done->frame;
    }
    while (!(done = atomic_load_explicit(&a->noted, memory_order_acquire)))
        ; /* out of memory: the thread that has the room needs none */
    return &done->frame;
}
