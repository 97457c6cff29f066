/* SPDX-License-Identifier: Apache-2.0 */
/* The handle: what is wanted, and what was said about columns. */
#include "batch/batch.h"

#include <string.h>

#include "base/error.h"

static bonemets_status no_memory(bonemets_error *err)
{
    return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
}

static bonemets_status add_targets(bonemets_batch *batch, const char *const *targets, int32_t n,
                                   bonemets_error *err)
{
    bonemets_status first = BONEMETS_OK;
    for (int32_t i = 0; i < n; i++) {
        bonemets_status status = targets[i]
                                     ? bm_batch_add_target(batch, targets[i], err)
                                     : bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "a target is NULL");
        first = first ? first : status;
    }
    if (first == BONEMETS_OK && batch->target_count == 0)
        return bm_fail(err, BONEMETS_E_FACT, NULL, "the tables have neither scores nor choices");
    return first;
}

static bonemets_status prepare(bonemets_batch *batch, const char *const *targets, int32_t n,
                               bonemets_error *err)
{
    bonemets_status status = add_targets(batch, targets, n, err);
    if (status)
        return status;
    status = bonemets_patient_new(batch->set, &batch->patient);
    if (status == BONEMETS_OK)
        status = bm_batch_find_needs(batch);
    return status == BONEMETS_E_MEMORY ? no_memory(err) : status;
}

bonemets_status bonemets_batch_new(bonemets_guidelines *set, const char *const *targets, int32_t n,
                                   bonemets_batch **out, bonemets_error *err)
{
    if (!out)
        return BONEMETS_E_ARGUMENT;
    *out = NULL;
    if (!set || !targets || n < 1)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no %s", set ? "target" : "set");
    bonemets_batch *batch = bm_take(&set->memory, sizeof *batch);
    if (!batch)
        return no_memory(err);
    memset(batch, 0, sizeof *batch);
    atomic_init(&batch->references, 1);
    batch->memory = set->memory;
    batch->level = BM_FOLD_BEST;
    batch->set = bonemets_guidelines_ref(set);
    bm_arena_init(&batch->arena, &batch->memory);
    bm_arena_init(&batch->bound, &batch->memory);
    bonemets_status status = prepare(batch, targets, n, err);
    if (status)
        bonemets_batch_free(batch);
    else
        *out = batch;
    return status;
}

bonemets_batch *bm_batch_ref(bonemets_batch *batch)
{
    atomic_fetch_add_explicit(&batch->references, 1, memory_order_relaxed);
    return batch;
}

void bonemets_batch_free(bonemets_batch *batch)
{
    if (!batch || atomic_fetch_sub_explicit(&batch->references, 1, memory_order_acq_rel) != 1)
        return;
    bm_memory memory = batch->memory;
    bonemets_guidelines *set = batch->set;
    bm_batch_unbind(batch);
    bonemets_patient_free(batch->patient);
    bm_arena_free(&batch->bound);
    bm_arena_free(&batch->arena);
    bm_give_back(&memory, batch, sizeof *batch);
    bonemets_guidelines_unref(set);
}

/* What the answers show besides; the evaluators were prepared for what they showed before. */
static bonemets_status show(bonemets_batch *batch, int32_t option, bool on)
{
    bool *shown = option == BONEMETS_BATCH_ITEMS     ? &batch->show_items
                  : option == BONEMETS_BATCH_MISSING ? &batch->show_missing
                                                     : NULL;
    if (!shown)
        return BONEMETS_E_ARGUMENT;
    if (*shown == on)
        return BONEMETS_OK;
    if (shown == &batch->show_items && !bm_batch_show_items(batch, on))
        return BONEMETS_E_MEMORY;
    *shown = on;
    bm_batch_unbind(batch);
    return BONEMETS_OK;
}

bonemets_status bonemets_batch_set_option(bonemets_batch *batch, int32_t option, int32_t value)
{
    if (!batch || (value != 0 && value != 1))
        return BONEMETS_E_ARGUMENT;
    if (option == BONEMETS_BATCH_COUNT_BAD)
        batch->count_bad = value;
    else if (option == BONEMETS_BATCH_SKIP_COLUMNS)
        batch->skip_columns = value;
    else
        return show(batch, option, value);
    return BONEMETS_OK;
}

bonemets_status bonemets_batch_set_profile(bonemets_batch *batch, const char *profile,
                                           bonemets_error *err)
{
    if (!batch)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no batch");
    bonemets_status status = bonemets_patient_set_profile(batch->patient, profile, err);
    if (status == BONEMETS_OK)
        bm_batch_unbind(batch); /* the evaluators were prepared without it */
    return status;
}

static bonemets_status check_mapping(const bonemets_batch *batch, const bm_mapped *one,
                                     bonemets_error *err)
{
    const bm_fact *fact;
    int member;
    if (!one->fact || (!one->unit && bm_list_kind(batch, one->fact)))
        return BONEMETS_OK;
    bonemets_status status =
        bm_batch_split_name(batch, one->column, one->fact, &fact, &member, err);
    if (status || !one->unit)
        return status;
    if (fact->type.base != BM_NUMBER || !bm_statement_unit(fact, one->unit))
        return bm_fail(err, BONEMETS_E_UNIT, &(bm_place){.path = one->column},
                       "%q is not a unit that fits %q", one->unit, fact->id);
    return BONEMETS_OK;
}

static const char *keep(bonemets_batch *batch, const char *text, bool *done)
{
    const char *copy = text ? bm_arena_text(&batch->arena, text, strlen(text)) : NULL;
    *done &= !text || copy;
    return copy;
}

static bm_mapped *new_mapping(bonemets_batch *batch)
{
    bm_mapped *mapped = bm_arena_grow(&batch->arena, batch->mapped, (size_t)batch->mapped_count,
                                      &batch->mapped_room, sizeof *mapped);
    if (!mapped)
        return NULL;
    batch->mapped = mapped;
    return &mapped[batch->mapped_count++];
}

bonemets_status bonemets_batch_map(bonemets_batch *batch, const char *column, const char *fact,
                                   const char *unit, bonemets_error *err)
{
    if (!batch || !column)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no %s",
                       batch ? "column" : "batch");
    bm_mapped one = {column, fact, unit};
    bonemets_status status = check_mapping(batch, &one, err);
    if (status)
        return status;
    bool done = true;
    bm_mapped *place = bm_batch_mapped(batch, column);
    one.column = place ? place->column : keep(batch, column, &done);
    one.fact = keep(batch, fact, &done);
    one.unit = keep(batch, unit, &done);
    if (done && !place)
        place = new_mapping(batch);
    if (!done || !place)
        return no_memory(err);
    *place = one; /* what was said before about the column counts no longer */
    return BONEMETS_OK;
}

int64_t bonemets_batch_int(const bonemets_batch *batch, int32_t count)
{
    if (!batch)
        return -1;
    switch (count) {
    case BONEMETS_BATCH_ROWS:
        return batch->rows;
    case BONEMETS_BATCH_COLUMNAR:
        return batch->columnar;
    case BONEMETS_BATCH_BAD_CELLS:
        return batch->bad_cells;
    default:
        return -1;
    }
}

int32_t bonemets_batch_column_count(const bonemets_batch *batch)
{
    return batch ? batch->all_column_count : 0;
}

static const bm_batch_column *column_at(const bonemets_batch *batch, int32_t i)
{
    return batch && i >= 0 && i < batch->all_column_count ? &batch->columns[i] : NULL;
}

const char *bonemets_batch_column_str(const bonemets_batch *batch, int32_t i, bonemets_field field)
{
    const bm_batch_column *column = column_at(batch, i);
    if (!column)
        return NULL;
    switch (field) {
    case BONEMETS_F_LABEL:
        return column->name;
    case BONEMETS_F_ID:
        return column->list   ? batch->set->definitions.kinds[column->list->kind].list
               : column->fact ? column->fact->id
                              : NULL;
    case BONEMETS_F_UNIT:
        return column->unit;
    default:
        return NULL;
    }
}

int64_t bonemets_batch_column_bad(const bonemets_batch *batch, int32_t i, bonemets_status reason)
{
    const bm_batch_column *column = column_at(batch, i);
    return column && reason >= 0 && reason < BM_REASONS ? column->bad[reason] : -1;
}
