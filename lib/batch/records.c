/* SPDX-License-Identifier: Apache-2.0 */
/* Rows with lists of records. Each goes through the bounds evaluator by itself, in a frame with as
 * many records as it has, as bonemets_assess() would lay it out: an empty list says that there is no
 * such record, a null nothing. */
#include <limits.h>
#include <string.h>

#include "assess/layout.h"
#include "base/error.h"
#include "batch/batch.h"

static bonemets_status no_memory(bonemets_error *err)
{
    return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
}

/* ---- the lists of an array ---- */

static bool open_list(bonemets_batch *batch, const struct ArrowArray *in, bm_batch_list *list)
{
    const struct ArrowArray *array = in->children[list->column];
    if (!bm_vector_open(array, list->store, in->offset, in->length, &list->spans))
        return false;
    if (list->store == BM_STORE_NULL)
        return true;
    const struct ArrowArray *below =
        array->n_children == 1 && array->children ? array->children[0] : NULL;
    if (!below || !bm_vector_open(below, list->item, 0, below->length, &list->records))
        return false;
    list->room_below = below->length;
    if (list->item == BM_STORE_STRUCT &&
        (below->n_children != list->column_count || (list->column_count && !below->children)))
        return false;
    for (int c = 0; c < list->column_count; c++) {
        bm_reader *r = &list->readers[c];
        *r = (bm_reader){.batch = batch, .column = &list->columns[c], .rows = &list->records};
        if (r->column->fact && !bm_reader_open(r, below->children[c], below->offset, below->length))
            return false;
    }
    return true;
}

static bonemets_status read_dictionaries(bonemets_batch *batch, const struct ArrowArray *in,
                                         bm_batch_list *list, bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    for (int c = 0; c < list->column_count && status == BONEMETS_OK; c++) {
        bm_batch_column *column = &list->columns[c];
        const struct ArrowArray *below = in->children[list->column]->children[0];
        if (column->fact && column->shape.dictionary)
            status = bm_batch_read_dictionary(batch, column, below->children[c]->dictionary, err);
    }
    return status;
}

/* Bits of the marks of a frame with one record of each kind. */
static size_t marks_of_one(const bm_program *program)
{
    size_t bits = 0;
    for (int k = 0; k < program->kind_count; k++)
        bits += (size_t)program->kinds[k].inputs;
    return bits;
}

/* What row i lists; false when the array is not what its schema says. A list is refused that has
 * more records than a patient can have, or than an assessment has room for, with those before it. */
static bool find_list(const bm_program *program, bm_batch_list *list, int64_t i, bool null_row,
                      size_t *marks)
{
    int64_t to = 0;
    const bm_kind *kind = &program->kinds[list->kind];
    list->from = list->count = 0;
    list->none = list->refused = list->above_limit = false;
    if (null_row || bm_vector_null(&list->spans, i))
        return true;
    if (!bm_vector_span(&list->spans, i, &list->from, &to) || to > list->room_below)
        return false;
    if (to - list->from > kind->limit) {
        list->refused = list->above_limit = true;
        return true;
    }
    size_t more = to > list->from ? (size_t)(to - list->from - 1) * (size_t)kind->inputs : 0;
    list->refused = (*marks + more) / 64 + 1 > BM_MARK_WORDS;
    if (list->refused)
        return true;
    *marks += more;
    list->count = (int)(to - list->from);
    list->none = list->count == 0;
    return true;
}

static bonemets_status find_lists(bonemets_batch *batch, const bm_vector *rows, int64_t i,
                                  bonemets_error *err)
{
    size_t marks = marks_of_one(&batch->set->program);
    bool null = bm_vector_null(rows, i);
    for (int n = 0; n < batch->list_count; n++)
        if (!find_list(&batch->set->program, &batch->lists[n], i, null, &marks))
            return bm_cell_not_of_schema(&batch->columns[batch->lists[n].column], err);
    return BONEMETS_OK;
}

/* ---- how many records there are ---- */

static bool take_ends(const bonemets_batch *batch, bm_batch_list *list, int64_t rows)
{
    if ((uint64_t)rows > SIZE_MAX / 64)
        return false;
    size_t ends = ((size_t)rows + 1) * sizeof *list->ends;
    list->ends_size = ends + (size_t)rows / 8 + 1;
    list->ends = bm_take(&batch->memory, list->ends_size);
    if (!list->ends)
        return false;
    list->listed = (uint8_t *)list->ends + ends;
    list->ends[0] = 0;
    memset(list->listed, 0, (size_t)rows / 8 + 1);
    list->total = list->nulls = 0;
    list->most = 0;
    return true;
}

static bonemets_status count_row(const bonemets_batch *batch, bm_batch_list *list, int64_t i,
                                 bonemets_error *err)
{
    list->total += list->count;
    if (list->total > INT32_MAX)
        return bm_fail(err, BONEMETS_E_LIMIT,
                       &(bm_place){.path = batch->columns[list->column].name},
                       "more than %d records in one array; give it in parts", INT32_MAX);
    list->ends[i + 1] = (int32_t)list->total;
    if (list->count || list->none)
        list->listed[i >> 3] |= (uint8_t)(1 << (i & 7));
    else
        list->nulls++;
    list->most = list->count > list->most ? list->count : list->most;
    return BONEMETS_OK;
}

static bonemets_status count_rows(bonemets_batch *batch, const struct ArrowArray *in,
                                  bonemets_error *err)
{
    bm_vector rows;
    if (!bm_vector_open(in, BM_STORE_STRUCT, 0, in->length, &rows))
        return bm_cell_not_of_schema(NULL, err);
    bonemets_status status = BONEMETS_OK;
    for (int64_t i = 0; i < in->length && status == BONEMETS_OK; i++) {
        status = find_lists(batch, &rows, i, err);
        for (int n = 0; n < batch->list_count && status == BONEMETS_OK; n++)
            status = count_row(batch, &batch->lists[n], i, err);
    }
    return status;
}

/* ---- frames with room for several records ---- */

typedef struct {
    bm_cell *cells, *strict;
    uint8_t *given;
    uint64_t *awake, *closed, *leans, *awake_strictly;
} parts;

static parts lay_out(const bonemets_batch *batch, bm_layout *block, const bm_kind *kind,
                     size_t records)
{
    size_t cells = records * (size_t)kind->slots;
    size_t words = records * (size_t)batch->set->program.block_words;
    parts of = {.cells = bm_layout_part(block, cells, sizeof(bm_cell))};
    of.strict = batch->silent ? bm_layout_part(block, cells, sizeof(bm_cell)) : NULL;
    of.awake = bm_layout_part(block, words, sizeof(uint64_t));
    of.closed = bm_layout_part(block, words, sizeof(uint64_t));
    of.leans = bm_layout_part(block, words, sizeof(uint64_t));
    of.awake_strictly = bm_layout_part(block, words, sizeof(uint64_t));
    of.given = bm_layout_part(block, records * (size_t)kind->inputs, 1);
    return of;
}

/* Nothing is entered in any of them. */
static void make_blank(const bm_kind *kind, const parts *of, size_t records)
{
    memset(of->given, 0, records * (size_t)kind->inputs);
    for (size_t r = 0; r < records && kind->inputs; r++)
        memcpy(of->cells + r * (size_t)kind->slots, kind->blank,
               (size_t)kind->inputs * sizeof *of->cells);
}

static void hand_over(bonemets_batch *batch, int k, const parts *of)
{
    bm_frame *frame = &batch->answer->frame;
    frame->cells[k] = of->cells;
    frame->given[k] = of->given;
    frame->awake[k] = of->awake;
    frame->closed[k] = of->closed;
    frame->leans[k] = of->leans;
    batch->strict.cells[k] = of->strict;
    batch->strict.awake[k] = of->awake_strictly;
}

/* Of a list that grows from array to array the room is doubled. */
static bool make_room(bonemets_batch *batch, bm_batch_list *list)
{
    const bm_kind *kind = &batch->set->program.kinds[list->kind];
    int records = list->most;
    if (records <= (list->frame ? list->frame_records : 1))
        return true;
    if (records < 2 * list->frame_records)
        records = 2 * list->frame_records < kind->limit ? 2 * list->frame_records : kind->limit;
    bm_layout block = {NULL, 0};
    lay_out(batch, &block, kind, (size_t)records);
    size_t size = block.used;
    char *room = bm_take(&batch->memory, size);
    if (!room)
        return false;
    block = (bm_layout){room, 0};
    parts of = lay_out(batch, &block, kind, (size_t)records);
    make_blank(kind, &of, (size_t)records);
    hand_over(batch, list->kind, &of);
    if (list->frame)
        bm_give_back(&batch->memory, list->frame, list->frame_size);
    list->frame = room;
    list->frame_size = size;
    list->frame_records = records;
    return true;
}

bonemets_status bm_records_begin(bonemets_batch *batch, const struct ArrowArray *in,
                                 bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    for (int n = 0; n < batch->list_count && status == BONEMETS_OK; n++) {
        bm_batch_list *list = &batch->lists[n];
        if (!open_list(batch, in, list))
            status = bm_cell_not_of_schema(&batch->columns[list->column], err);
        else if (!take_ends(batch, list, in->length))
            status = no_memory(err);
        else
            status = read_dictionaries(batch, in, list, err);
    }
    if (status == BONEMETS_OK)
        status = count_rows(batch, in, err);
    for (int n = 0; n < batch->list_count && status == BONEMETS_OK && batch->by_row; n++)
        status = make_room(batch, &batch->lists[n]) ? BONEMETS_OK : no_memory(err);
    return status;
}

void bm_records_end(bonemets_batch *batch)
{
    for (int n = 0; n < batch->list_count; n++) {
        bm_batch_list *list = &batch->lists[n];
        if (list->ends)
            bm_give_back(&batch->memory, list->ends, list->ends_size);
        list->ends = NULL;
    }
}

/* ---- one record ---- */

/* Where a record is entered. */
typedef struct {
    bm_cell *cells; /* NULL: it is only checked */
    uint8_t *given;
} place;

static void enter(const place *to, int32_t slot, bm_cell cell)
{
    to->cells[slot] = cell;
    to->given[slot] = BM_GIVEN;
}

static void begin_record(const bonemets_batch *batch, bm_batch_list *list, const place *to)
{
    const bm_cell *blank = batch->set->program.kinds[list->kind].blank;
    for (int n = 0; n < list->input_count; n++) {
        bm_list_input *input = &list->inputs[n];
        int32_t slot = input->fact->input;
        input->any = false;
        input->cell = (bm_cell){.low.mask = 0, .high.mask = input->unlisted};
        if (to->cells && input->needed) {
            to->cells[slot] = blank[slot];
            to->given[slot] = BM_NOT_GIVEN;
        }
    }
}

static void add_member(bm_list_input *input, int member, bool null, bm_cell cell)
{
    uint64_t bit = UINT64_C(1) << member;
    bool present = !null && cell.low.mask == BM_YES;
    input->any |= !null;
    input->cell.low.mask |= present ? bit : 0;
    input->cell.high.mask |= present || null ? bit : 0;
}

static void end_record(bm_batch_list *list, const place *to)
{
    for (int n = 0; n < list->input_count && to->cells; n++) {
        const bm_list_input *input = &list->inputs[n];
        if (input->needed && input->any)
            enter(to, input->fact->input, input->cell);
    }
}

/* How many records a link can name in the row: one, where nothing is known of them. Of a list that is
 * refused nobody knows. */
static int records_to_name(const bonemets_batch *batch, int kind)
{
    const bm_batch_list *list = batch->list_of[kind];
    if (list && list->refused)
        return BM_OPTIONS;
    return list && (list->count || list->none) ? list->count : 1;
}

static bonemets_status read_cell(bm_reader *r, int64_t at, bool *null, bm_cell *cell)
{
    const bm_fact *fact = r->column->fact;
    bonemets_status status = bm_reader_cell(r, at, null, cell);
    if (status || *null || !fact->is_link)
        return status;
    status = bm_cell_check_link(r, at, *cell, records_to_name(r->batch, fact->type.link));
    *null = status != BONEMETS_OK;
    return status ? bm_cell_refused(r, status) : status;
}

static bonemets_status read_record(bonemets_batch *batch, bm_batch_list *list, int record,
                                   const place *to, int64_t line, bonemets_error *err)
{
    int64_t at = list->from + record;
    bonemets_status status = BONEMETS_OK;
    list->path[1].number = record + 1;
    begin_record(batch, list, to);
    for (int c = 0; c < list->column_count && status == BONEMETS_OK; c++) {
        bm_reader *r = &list->readers[c];
        bool null;
        bm_cell cell;
        if (!r->column->fact)
            continue;
        r->first = line - at;
        r->err = err;
        status = read_cell(r, at, &null, &cell);
        bm_list_input *input = &list->inputs[r->column->input];
        if (status == BONEMETS_OK && input->by_member)
            add_member(input, r->column->member, null, cell);
        else if (status == BONEMETS_OK && !null && input->needed && to->cells)
            enter(to, input->fact->input, cell);
    }
    end_record(list, to);
    return status;
}

/* ---- one row ---- */

static bonemets_status refuse_list(bonemets_batch *batch, const bm_batch_list *list, int64_t line,
                                   bonemets_error *err)
{
    bm_reader r = {.batch = batch, .column = &batch->columns[list->column], .err = err};
    bm_place at = {.path = r.column->name, .line = line > INT_MAX ? INT_MAX : (int)line};
    if (list->above_limit)
        bm_fail(bm_cell_told(&r), BONEMETS_E_LIMIT, &at, "more than %d records of one kind",
                batch->set->program.kinds[list->kind].limit);
    else
        bm_fail(bm_cell_told(&r), BONEMETS_E_LIMIT, &at, "too many records for one assessment");
    return bm_cell_refused(&r, BONEMETS_E_LIMIT);
}

static place place_of(const bonemets_batch *batch, const bm_batch_list *list, int record)
{
    bm_frame *frame = &batch->answer->frame;
    size_t inputs = (size_t)batch->set->program.kinds[list->kind].inputs;
    if (!batch->by_row)
        return (place){NULL, NULL};
    return (place){bm_frame_cells(frame, list->kind, record),
                   (uint8_t *)(uintptr_t)frame->given[list->kind] + (size_t)record * inputs};
}

static bonemets_status read_list(bonemets_batch *batch, bm_batch_list *list, int64_t line,
                                 bonemets_error *err)
{
    bonemets_status status = list->refused ? refuse_list(batch, list, line, err) : BONEMETS_OK;
    bm_frame *frame = &batch->answer->frame;
    if (batch->by_row) {
        frame->records[list->kind] = list->count ? list->count : 1;
        frame->listed[list->kind] = list->count > 0;
        frame->none[list->kind] = list->none;
    }
    if (list->count == 0) {
        place to = place_of(batch, list, 0);
        begin_record(batch, list, &to);
    }
    for (int r = 0; r < list->count && status == BONEMETS_OK; r++) {
        place to = place_of(batch, list, r);
        status = read_record(batch, list, r, &to, line, err);
    }
    return status;
}

static bool take_answer(const bonemets_batch *batch, bm_target *target, int64_t at)
{
    bm_batch_take(target, (size_t)at);
    return !batch->show_missing || bm_missing_add(batch, target, (size_t)at);
}

/* False when there is no memory for what is missing. */
static bool take_answers(bonemets_batch *batch, int64_t row)
{
    bool done = true;
    for (int n = 0; n < batch->target_count && done; n++) {
        bm_target *target = &batch->targets[n];
        const bm_batch_list *list = batch->list_of[target->view.guideline->kind];
        for (int r = 0; list && r < list->count && done; r++) {
            target->entry.record = r;
            done = take_answer(batch, target, list->ends[row] + r);
        }
        target->entry.record = 0;
        if (!list)
            done = take_answer(batch, target, row);
    }
    return done;
}

bonemets_status bm_records_rows(bonemets_batch *batch, const struct ArrowArray *in, int64_t to,
                                int64_t count, int64_t first, bool evaluate, bonemets_error *err)
{
    bm_vector rows;
    bonemets_status status = BONEMETS_OK;
    if (!bm_vector_open(in, BM_STORE_STRUCT, 0, in->length, &rows))
        return bm_cell_not_of_schema(NULL, err);
    if (evaluate)
        bm_batch_note_rows(batch, (size_t)count);
    for (int64_t i = 0; i < count && status == BONEMETS_OK; i++) {
        if (evaluate)
            bm_batch_enter_row(batch, &batch->answer->frame, (size_t)i);
        status = find_lists(batch, &rows, to + i, err);
        for (int n = 0; n < batch->list_count && status == BONEMETS_OK; n++)
            status = read_list(batch, &batch->lists[n], first + i, err);
        if (status || !evaluate || batch->refused)
            continue;
        bm_batch_evaluate(batch);
        if (!take_answers(batch, to + i))
            status = no_memory(err);
    }
    batch->rows += evaluate ? count : 0;
    return status ? status : batch->refused;
}
