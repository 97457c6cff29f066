/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that could still change an answer, as lists. Who asks for them pays a walk for every row
 * with an answer that is not certain; where all are, the lists are empty without one. */
#include <string.h>

#include "batch/batch.h"

/* ---- their names ---- */

static int count_needed(const bonemets_batch *batch)
{
    int count = 0;
    for (int k = 0; k < batch->set->program.kind_count; k++)
        for (int32_t i = 0; i < batch->set->program.kinds[k].inputs; i++)
            count += batch->needed[k][i];
    return count;
}

bool bm_missing_open(bonemets_batch *batch)
{
    const bm_program *program = &batch->set->program;
    batch->missing_name_count = 0;
    batch->missing_names =
        bm_arena_array(&batch->bound, (size_t)count_needed(batch) + 1, sizeof(char *));
    if (!batch->missing_names)
        return false;
    for (int k = 0; k < program->kind_count; k++) {
        size_t inputs = (size_t)program->kinds[k].inputs;
        int32_t *places = bm_arena_array(&batch->bound, inputs + 1, sizeof *places);
        if (!places)
            return false;
        for (int32_t i = 0; i < program->kinds[k].inputs; i++) {
            places[i] = batch->missing_name_count;
            if (batch->needed[k][i])
                batch->missing_names[batch->missing_name_count++] =
                    bm_set_input_fact(batch->set, k, i)->id;
        }
        batch->missing_places[k] = places;
    }
    return true;
}

void bm_missing_free(bonemets_batch *batch)
{
    for (int i = 0; i < batch->target_count; i++) {
        bm_target *target = &batch->targets[i];
        if (target->missing)
            bm_give_back(&batch->memory, target->missing,
                         target->missing_room * sizeof *target->missing);
        target->missing = NULL;
        target->missing_room = 0;
    }
}

/* ---- rows ---- */

static bool is_open(int state)
{
    return state == BONEMETS_UNKNOWN || state == BONEMETS_PARTLY;
}

void bm_missing_mark(const bonemets_batch *batch, size_t first, size_t count, uint8_t *open)
{
    for (int n = 0; n < batch->target_count; n++) {
        const bm_target *target = &batch->targets[n];
        const int8_t *state = target->state + first;
        memset(target->missing_ends + first, 0, count * sizeof *target->missing_ends);
        for (size_t i = 0; i < count; i++)
            open[i] |= is_open(state[i]);
    }
}

static bool make_room(const bonemets_batch *batch, bm_target *target, size_t more)
{
    size_t wanted = target->missing_count + more, room = target->missing_room;
    if (wanted > INT32_MAX) /* lists end at numbers of 32 bits */
        return false;
    if (wanted <= room)
        return true;
    room = room * 2 > wanted ? room * 2 : wanted + BM_BATCH_CHUNK;
    int32_t *missing = bm_resize(&batch->memory, target->missing,
                                 target->missing_room * sizeof *missing, room * sizeof *missing);
    if (!missing)
        return false;
    target->missing = missing;
    target->missing_room = room;
    return true;
}

/* A fact is named once, of however many records it is missing. */
static bool is_listed(const bm_target *target, size_t row, int32_t place)
{
    const int32_t *end = target->missing + target->missing_count;
    for (const int32_t *at = end - target->missing_ends[row]; at < end; at++)
        if (*at == place)
            return true;
    return false;
}

static bool list_target(const bonemets_batch *batch, bm_target *target, size_t row)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marked_input one;
    const bm_frame *frame = &batch->answer->frame;
    bm_marks_init(&marks, frame, words);
    bm_reasons_missing(batch->answer, target->view.list, &target->entry, &marks);
    if (!make_room(batch, target, (size_t)marks.count))
        return false;
    for (size_t at = 0; bm_marks_next(&marks, frame, &at, &one);) {
        int32_t place = batch->missing_places[one.kind][one.input];
        if (frame->records[one.kind] > 1 && is_listed(target, row, place))
            continue;
        target->missing[target->missing_count++] = place;
        target->missing_ends[row]++;
    }
    return true;
}

bool bm_missing_add(const bonemets_batch *batch, bm_target *target, size_t at)
{
    return !is_open(target->state[at]) || list_target(batch, target, at);
}

bool bm_missing_list(const bonemets_batch *batch, size_t row)
{
    for (int n = 0; n < batch->target_count; n++)
        if (!bm_missing_add(batch, &batch->targets[n], row))
            return false;
    return true;
}

/* ---- arrays ---- */

bool bm_missing_begin(const bonemets_batch *batch, bm_target *target, int64_t rows,
                      struct ArrowArray *out)
{
    size_t sizes[BM_BUFFERS] = {bm_bits(rows), ((size_t)rows + 1) * sizeof(int32_t), 0};
    if (!bm_block_array(&batch->memory, rows, 2, sizes, 1, out))
        return false;
    int32_t *offsets = bm_array_buffer(out, 1);
    offsets[0] = 0;
    if (batch->by_row) /* else chunk by chunk */
        memset(offsets, 0, sizes[1]);
    target->missing_ends = offsets + 1;
    target->missing_count = 0;
    return true;
}

void bm_missing_count(bm_target *target, const struct ArrowArray *list, bm_rows rows)
{
    int32_t *ends = target->missing_ends + rows.from;
    int32_t at = ((const int32_t *)bm_array_buffer(list, 1))[rows.from];
    for (size_t i = 0; i < rows.count; i++)
        at = ends[i] += at;
}

bool bm_missing_end(const bonemets_batch *batch, const bm_target *target, struct ArrowArray *list)
{
    struct ArrowArray *keys = list->children[0];
    size_t bytes = target->missing_count * sizeof(int32_t);
    size_t sizes[BM_BUFFERS] = {0, bytes + 1, 0};
    if (!bm_block_array(&batch->memory, (int64_t)target->missing_count, 2, sizes, 0, keys))
        return false;
    if (bytes)
        memcpy(bm_array_buffer(keys, 1), target->missing, bytes);
    return bm_block_texts(&batch->memory, batch->missing_names, batch->missing_name_count,
                          bm_block_dictionary(keys));
}
