/* SPDX-License-Identifier: Apache-2.0 */
/* Columns that hold lists of records: which they are, and what the columns of their records give. */
#include <string.h>

#include "base/error.h"
#include "batch/batch.h"

static bonemets_status no_memory(bonemets_error *err)
{
    return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
}

static void note(bonemets_status *status, bonemets_status other)
{
    if (*status == BONEMETS_OK || other == BONEMETS_E_MEMORY)
        *status = other;
}

int bm_list_kind(const bonemets_batch *batch, const char *name)
{
    const bm_definitions *definitions = &batch->set->definitions;
    for (int k = 1; k < definitions->kind_count; k++)
        if (definitions->kinds[k].list && strcmp(definitions->kinds[k].list, name) == 0)
            return k;
    return 0;
}

size_t bm_lists_columns(const struct ArrowSchema *schema)
{
    size_t count = 0;
    bm_store list, item;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (bm_shape_records(schema->children[i], &list, &item) && item == BM_STORE_STRUCT)
            count += (size_t)schema->children[i]->children[0]->n_children;
    return count;
}

static bm_list_input *input_of(const bm_batch_list *list, const bm_fact *fact)
{
    for (int i = 0; i < list->input_count; i++)
        if (list->inputs[i].fact == fact)
            return &list->inputs[i];
    return NULL;
}

static bonemets_status add_input(const bonemets_batch *batch, bm_batch_list *list, int number,
                                 bonemets_error *err)
{
    bm_batch_column *column = &list->columns[number];
    const bm_fact *fact = column->fact;
    bm_list_input *input = input_of(list, fact);
    uint64_t member = column->member >= 0 ? UINT64_C(1) << column->member : 0;
    if (input && !(input->by_member && (input->unlisted & member)))
        return bm_fail(err, BONEMETS_E_TYPE, &(bm_place){.path = column->name},
                       "two columns hold %q; the other one is %q", fact->id,
                       list->columns[input->column].name);
    if (!input) {
        input = &list->inputs[list->input_count++];
        *input = (bm_list_input){
            .fact = fact,
            .needed = batch->needed[fact->kind][fact->input],
            .by_member = member != 0,
            .unlisted =
                member ? batch->set->program.kinds[fact->kind].blank[fact->input].high.mask : 0,
            .column = number};
    }
    input->unlisted &= ~member;
    column->input = (int)(input - list->inputs);
    return BONEMETS_OK;
}

static bonemets_status open_columns(bonemets_batch *batch, const struct ArrowSchema *records,
                                    bm_batch_list *list, bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    size_t count = (size_t)records->n_children;
    list->columns = batch->columns + batch->all_column_count;
    list->inputs = bm_arena_array(&batch->bound, count + 1, sizeof *list->inputs);
    list->readers = bm_arena_array(&batch->bound, count + 1, sizeof *list->readers);
    if (!list->inputs || !list->readers)
        return no_memory(err);
    list->column_count = (int)count;
    batch->all_column_count += (int)count;
    for (int i = 0; i < list->column_count && status != BONEMETS_E_MEMORY; i++) {
        bm_batch_column *column = &list->columns[i];
        bonemets_status one = bm_batch_open_column(batch, records->children[i], list, column, err);
        if (one == BONEMETS_OK && column->fact)
            one = add_input(batch, list, i, err);
        note(&status, one);
    }
    return status;
}

/* Where messages say that a cell stands: `lesions[2].level`. */
static void lay_path(const bm_batch_column *column, bm_batch_list *list)
{
    static const bm_node root = {.kind = BM_MAP};
    list->path[0] = (bm_node){.kind = BM_SEQUENCE, .key = column->name, .parent = &root};
    list->path[1] = (bm_node){.kind = BM_MAP, .parent = &list->path[0]};
}

bonemets_status bm_list_open(bonemets_batch *batch, const struct ArrowSchema *schema, int kind,
                             bm_batch_column *column, bonemets_error *err)
{
    if (batch->list_of[kind])
        return bm_fail(err, BONEMETS_E_TYPE, &(bm_place){.path = column->name},
                       "two columns hold %q; the other one is %q",
                       batch->set->definitions.kinds[kind].list,
                       batch->columns[batch->list_of[kind]->column].name);
    bm_batch_list *list = &batch->lists[batch->list_count++];
    memset(list, 0, sizeof *list);
    list->kind = kind;
    list->column = (int)(column - batch->columns);
    batch->list_of[kind] = column->list = list;
    lay_path(column, list);
    bm_shape_records(schema, &list->store, &list->item);
    return list->item == BM_STORE_STRUCT ? open_columns(batch, schema->children[0], list, err)
                                         : BONEMETS_OK;
}

static bonemets_status check_column(const bonemets_batch *batch, const bm_batch_column *column,
                                    bonemets_error *err)
{
    const bm_kind_def *kinds = batch->set->definitions.kinds;
    const bm_fact *fact = column->fact;
    bm_place place = {.path = column->name};
    const bm_batch_list *list = batch->list_of[fact->kind];
    if (list)
        return bm_fail(err, BONEMETS_E_TYPE, &place,
                       "%q is about a %s; these come as lists in %q, and so do their facts",
                       fact->id, kinds[fact->kind].id, batch->columns[list->column].name);
    if (fact->is_link && batch->list_of[fact->type.link])
        return bm_fail(err, BONEMETS_E_TYPE, &place,
                       "%q names records of a list; then records of kind %q come as the list %q",
                       fact->id, kinds[fact->kind].id, kinds[fact->kind].list);
    return BONEMETS_OK;
}

static bool hangs_on_lists(const bonemets_batch *batch)
{
    bool hangs = false;
    for (int i = 0; i < batch->list_count; i++)
        hangs |= batch->kinds[batch->lists[i].kind];
    for (int i = 0; i < batch->target_count; i++)
        hangs |= batch->list_of[batch->targets[i].view.guideline->kind] != NULL;
    return hangs;
}

bonemets_status bm_lists_check(bonemets_batch *batch, bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    for (int i = 0; i < batch->column_count && batch->list_count; i++)
        if (batch->columns[i].fact)
            note(&status, check_column(batch, &batch->columns[i], err));
    batch->by_row = hangs_on_lists(batch);
    return status;
}

void bm_lists_unbind(bonemets_batch *batch)
{
    bm_records_end(batch);
    for (int i = 0; i < batch->list_count; i++)
        if (batch->lists[i].frame)
            bm_give_back(&batch->memory, batch->lists[i].frame, batch->lists[i].frame_size);
    batch->list_count = 0;
    memset(batch->list_of, 0, sizeof batch->list_of);
    batch->by_row = false;
}
