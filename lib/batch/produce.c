/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of the answer: those that are kept, then those of each target. */
#include <string.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic")
#endif

#include "batch/batch.h"

enum { STATES = 5 };

static const char *const result_states[STATES] = {"unknown", "partly", "known", "not_applicable",
                                                  "none"};
static const char *const choice_states[STATES] = {"unknown", "provisional", "known",
                                                  "not_applicable", "none"};

static const char *const no_yes[] = {"no", "yes"};

/* Those that every target has; behind them stand its items and what is missing. */
static int columns_of(const bm_target *target)
{
    return target->view.choice ? 4 : (target->numbers ? 2 : 0) + 2 + (target->codes ? 1 : 0);
}

static int all_columns_of(const bonemets_batch *batch, const bm_target *target)
{
    return columns_of(target) + 2 * target->item_count + batch->show_missing;
}

static const bm_batch_list *list_of(const bonemets_batch *batch, const bm_target *target)
{
    return batch->list_of[target->view.guideline->kind];
}

/* One for each row, or for each record that the rows list. */
static int64_t answers_of(const bonemets_batch *batch, const bm_target *target, int64_t rows)
{
    const bm_batch_list *list = list_of(batch, target);
    return list ? list->total : rows;
}

static int count_columns(const bonemets_batch *batch)
{
    int count = batch->kept_count;
    for (int i = 0; i < batch->target_count; i++)
        count += all_columns_of(batch, &batch->targets[i]);
    return count;
}

static bool add_columns(const bonemets_batch *batch, bm_target *target, int64_t rows,
                        struct ArrowArray **children)
{
    const bm_memory *memory = &batch->memory;
    const bm_codes *codes = target->codes;
    const char *const *ids = codes ? (const char *const *)codes->ids : NULL;
    if (!bm_block_codes(memory, rows, no_yes, 2, children[columns_of(target) - 1]))
        return false;
    if (target->view.choice)
        return bm_block_codes(memory, rows, choice_states, STATES, children[0]) &&
               bm_block_codes(memory, rows, ids, codes->count, children[1]) &&
               bm_block_codes(memory, rows, ids, codes->count, children[2]);
    if (target->numbers && (!bm_block_doubles(memory, rows, children[0]) ||
                            !bm_block_doubles(memory, rows, children[1])))
        return false;
    children += target->numbers ? 2 : 0;
    return bm_block_codes(memory, rows, result_states, STATES, children[0]) &&
           (!codes || bm_block_codes(memory, rows, ids, codes->count, children[1]));
}

/* Where the evaluators write. What no column shows goes to room of its own. */
static void aim(bm_target *target, struct ArrowArray **children, double *spare, int8_t *codes)
{
    target->low = target->high = spare;
    target->code = codes;
    target->assumed = bm_array_buffer(children[columns_of(target) - 1], 1);
    if (target->view.choice) {
        target->state = bm_array_buffer(children[0], 1);
        target->code = bm_array_buffer(children[1], 1);
        return;
    }
    if (target->numbers) {
        target->low = bm_array_buffer(children[0], 1);
        target->high = bm_array_buffer(children[1], 1);
        children += 2;
    }
    target->state = bm_array_buffer(children[0], 1);
    if (target->codes)
        target->code = bm_array_buffer(children[1], 1);
}

/* Items, and what is missing. */
static bool add_more(const bonemets_batch *batch, bm_target *target, int64_t rows,
                     struct ArrowArray **children)
{
    const bm_memory *memory = &batch->memory;
    for (int i = 0; i < target->item_count; i++, children += 2) {
        if (!bm_block_doubles(memory, rows, children[0]) ||
            !bm_block_doubles(memory, rows, children[1]))
            return false;
        target->items[i].low = bm_array_buffer(children[0], 1);
        target->items[i].high = bm_array_buffer(children[1], 1);
    }
    return !batch->show_missing || bm_missing_begin(batch, target, rows, children[0]);
}

/* For how many answers there is something that no column shows. */
static size_t spare_room(const bonemets_batch *batch, int64_t rows)
{
    int64_t most = 0;
    for (int i = 0; i < batch->target_count; i++) {
        const bm_target *target = &batch->targets[i];
        int64_t answers = answers_of(batch, target, rows) + 1;
        if (!target->view.choice && (!target->numbers || !target->codes))
            most = answers > most ? answers : most;
    }
    return (size_t)most;
}

/* Of any column; lists have more than one a row. */
static uint64_t most_answers(const bonemets_batch *batch, int64_t rows)
{
    int64_t most = rows;
    for (int i = 0; i < batch->target_count; i++) {
        int64_t answers = answers_of(batch, &batch->targets[i], rows);
        most = answers > most ? answers : most;
    }
    return (uint64_t)most;
}

/* The room of what is not shown hangs on the struct array as if it were its data. */
bonemets_status bm_produce_array(bonemets_batch *batch, int64_t rows, struct ArrowArray *out)
{
    if (most_answers(batch, rows) > SIZE_MAX / 64 - BM_ALIGNMENT) /* of 32 bits too */
        return BONEMETS_E_MEMORY;
    size_t room = spare_room(batch, rows);
    size_t sizes[BM_BUFFERS] = {0, room * sizeof(double), room};
    if (!bm_block_array(&batch->memory, rows, 3, sizes, count_columns(batch), out))
        return BONEMETS_E_MEMORY;
    out->n_buffers = 1;
    struct ArrowArray **children = out->children + batch->kept_count;
    for (int i = 0; i < batch->target_count; i++) {
        bm_target *target = &batch->targets[i];
        int64_t answers = answers_of(batch, target, rows);
        if (!add_columns(batch, target, answers, children) ||
            !add_more(batch, target, answers, children + columns_of(target))) {
            out->release(out);
            return BONEMETS_E_MEMORY;
        }
        aim(target, children, bm_array_buffer(out, 1), bm_array_buffer(out, 2));
        children += all_columns_of(batch, target);
    }
    return BONEMETS_OK;
}

/* ---- what is null ---- */

static uint8_t *bitmap(const struct ArrowArray *array, bm_rows rows)
{
    return (uint8_t *)bm_array_buffer(array, 0) + rows.from / 8;
}

static void finish_states(const struct ArrowArray *array, bm_rows rows)
{
    memset(bitmap(array, rows), 0xFF, (rows.count + 7) / 8);
}

static void finish_codes(struct ArrowArray *array, bm_rows rows)
{
    size_t valid = bm_bytes_mark_codes((int8_t *)bm_array_buffer(array, 1) + rows.from, rows.count,
                                       bitmap(array, rows));
    array->null_count += (int64_t)(rows.count - valid);
}

/* An outcome that is not certain is kept apart. */
static void finish_choice(const bm_target *target, struct ArrowArray **children, bm_rows rows)
{
    int8_t *restrict provisional = (int8_t *)bm_array_buffer(children[2], 1) + rows.from;
    int8_t *restrict code = target->code + rows.from;
    const int8_t *restrict state = target->state + rows.from;
    for (size_t i = 0; i < rows.count; i++) {
        provisional[i] = state[i] == BONEMETS_PARTLY ? code[i] : -1;
        code[i] = state[i] == BONEMETS_KNOWN ? code[i] : -1;
    }
    finish_states(children[0], rows);
    finish_codes(children[1], rows);
    finish_codes(children[2], rows);
}

/* Nothing of a target where it does not apply; returns whether it does in all rows. */
static bool finish_valid(const bm_target *target, struct ArrowArray *array, bm_rows rows)
{
    size_t valid = bm_bytes_mark_other(target->state + rows.from, BONEMETS_INAPPLICABLE, rows.count,
                                       bitmap(array, rows));
    array->null_count += (int64_t)(rows.count - valid);
    return valid == rows.count;
}

static void clear_numbers(const bm_target *target, struct ArrowArray *array, bm_rows rows)
{
    double *numbers = (double *)bm_array_buffer(array, 1) + rows.from;
    const uint8_t *state = (const uint8_t *)target->state + rows.from;
    bm_bytes_clear(state, BONEMETS_INAPPLICABLE, rows.count, numbers);
}

/* Both ends are null in the same rows. */
static void finish_numbers(const bm_target *target, struct ArrowArray **ends, bm_rows rows)
{
    int64_t nulls = ends[0]->null_count;
    bool all = finish_valid(target, ends[0], rows);
    memcpy(bitmap(ends[1], rows), bitmap(ends[0], rows), (rows.count + 7) / 8);
    ends[1]->null_count += ends[0]->null_count - nulls;
    for (int i = 0; i < 2 && !all; i++)
        clear_numbers(target, ends[i], rows);
}

static void finish_result(const bm_target *target, struct ArrowArray **children, bm_rows rows)
{
    if (target->numbers)
        finish_numbers(target, children, rows);
    children += target->numbers ? 2 : 0;
    finish_states(children[0], rows);
    if (target->codes)
        finish_codes(children[1], rows);
}

static void finish_more(const bonemets_batch *batch, bm_target *target,
                        struct ArrowArray **children, bm_rows rows)
{
    for (int i = 0; i < target->item_count; i++)
        finish_numbers(target, children + 2 * (ptrdiff_t)i, rows);
    if (batch->show_missing) {
        struct ArrowArray *list = children[2 * target->item_count];
        finish_valid(target, list, rows);
        bm_missing_count(target, list, rows);
    }
}

static void finish(const bonemets_batch *batch, bm_target *target, struct ArrowArray **children,
                   bm_rows rows)
{
    finish_states(children[columns_of(target) - 1], rows);
    if (target->view.choice)
        finish_choice(target, children, rows);
    else
        finish_result(target, children, rows);
    finish_more(batch, target, children + columns_of(target), rows);
}

void bm_produce_finish(const bonemets_batch *batch, struct ArrowArray *out, int64_t from,
                       int64_t count)
{
    struct ArrowArray **children = out->children + batch->kept_count;
    bm_rows rows = {from, (size_t)count};
    for (int i = 0; i < batch->target_count; i++) {
        bm_target *target = &batch->targets[i];
        if (!list_of(batch, target))
            finish(batch, target, children, rows);
        children += all_columns_of(batch, target);
    }
}

/* The answers of a column become lists of them, one for each row. */
static bool wrap(const bm_memory *memory, const bm_batch_list *list, int64_t rows,
                 struct ArrowArray *column)
{
    size_t ends = ((size_t)rows + 1) * sizeof *list->ends;
    size_t sizes[BM_BUFFERS] = {bm_bits(rows), ends, 0};
    struct ArrowArray lists;
    if (!bm_block_array(memory, rows, 2, sizes, 1, &lists))
        return false;
    memcpy(bm_array_buffer(&lists, 0), list->listed, bm_bits(rows));
    memcpy(bm_array_buffer(&lists, 1), list->ends, ends);
    lists.null_count = list->nulls;
    *lists.children[0] = *column; /* arrays may be moved */
    *column = lists;
    return true;
}

bonemets_status bm_produce_end(const bonemets_batch *batch, struct ArrowArray *out)
{
    struct ArrowArray **children = out->children + batch->kept_count;
    for (int i = 0; i < batch->target_count; i++) {
        bm_target *target = &batch->targets[i];
        const bm_batch_list *list = list_of(batch, target);
        int count = all_columns_of(batch, target);
        if (list)
            finish(batch, target, children, (bm_rows){0, (size_t)list->total});
        if (batch->show_missing && !bm_missing_end(batch, target, children[count - 1]))
            return BONEMETS_E_MEMORY;
        for (int c = 0; list && c < count; c++)
            if (!wrap(&batch->memory, list, out->length, children[c]))
                return BONEMETS_E_MEMORY;
        children += count;
    }
    return BONEMETS_OK;
}

/* ---- schemas ---- */

/* `unit`: of numbers, NULL none. Of records that come in lists *out becomes what the lists hold. */
static bool add_plain(const bonemets_batch *batch, const bm_target *target, bm_schema_text text,
                      const char *unit, int children, struct ArrowSchema **out)
{
    const char *pairs[] = {"bonemets.guideline", target->view.guideline->id, "bonemets.unit", unit};
    bm_schema_text item = {.format = text.format, .name = "item"};
    bool lists = list_of(batch, target) != NULL;
    text.pairs = pairs;
    text.pair_count = unit ? 2 : 1;
    text.format = lists ? "+l" : text.format;
    bool done = bm_block_schema(&batch->memory, &text, lists ? 1 : children, *out);
    if (!done || !lists)
        return done;
    *out = (*out)->children[0];
    return bm_block_schema(&batch->memory, &item, children, *out);
}

static bool add_texts(const bm_memory *memory, struct ArrowSchema *out)
{
    bm_schema_text text = {.format = "u"};
    return bm_block_schema(memory, &text, 0, bm_block_schema_dictionary(out));
}

static bool add_schema(const bonemets_batch *batch, const bm_target *target, const char *what,
                       bool number, struct ArrowSchema *out)
{
    const bm_equation *equation = target->view.equation;
    bm_schema_text text = {.format = number ? "g" : "c", .name = target->name, .part = what};
    return add_plain(batch, target, text, equation && number ? equation->unit : NULL, 0, &out) &&
           (number || add_texts(&batch->memory, out));
}

static bool add_schemas(const bonemets_batch *batch, const bm_target *target,
                        struct ArrowSchema **children)
{
    if (!add_schema(batch, target, ".assumed", false, children[columns_of(target) - 1]))
        return false;
    if (target->view.choice)
        return add_schema(batch, target, ".state", false, children[0]) &&
               add_schema(batch, target, ".code", false, children[1]) &&
               add_schema(batch, target, ".provisional", false, children[2]);
    if (target->numbers && (!add_schema(batch, target, ".low", true, children[0]) ||
                            !add_schema(batch, target, ".high", true, children[1])))
        return false;
    children += target->numbers ? 2 : 0;
    return add_schema(batch, target, ".state", false, children[0]) &&
           (!target->codes || add_schema(batch, target, ".band", false, children[1]));
}

static bool add_missing_schema(const bonemets_batch *batch, const bm_target *target,
                               struct ArrowSchema *out)
{
    bm_schema_text list = {.format = "+l", .name = target->name, .part = ".missing"};
    bm_schema_text keys = {.format = "i", .name = "item"};
    return add_plain(batch, target, list, NULL, 1, &out) &&
           bm_block_schema(&batch->memory, &keys, 0, out->children[0]) &&
           add_texts(&batch->memory, out->children[0]);
}

static bool add_more_schemas(const bonemets_batch *batch, const bm_target *target,
                             struct ArrowSchema **children)
{
    for (int i = 0; i < target->item_count; i++, children += 2) {
        bm_schema_text low = {.format = "g", .name = target->items[i].name, .part = ".low"};
        bm_schema_text high = {.format = "g", .name = target->items[i].name, .part = ".high"};
        struct ArrowSchema *first = children[0], *second = children[1];
        if (!add_plain(batch, target, low, NULL, 0, &first) ||
            !add_plain(batch, target, high, NULL, 0, &second))
            return false;
    }
    return !batch->show_missing || add_missing_schema(batch, target, children[0]);
}

static bool add_all_schemas(const bonemets_batch *batch, struct ArrowSchema **children)
{
    if (!bm_keep_schemas(batch, children))
        return false;
    children += batch->kept_count;
    for (int i = 0; i < batch->target_count; i++) {
        const bm_target *target = &batch->targets[i];
        if (!add_schemas(batch, target, children) ||
            !add_more_schemas(batch, target, children + columns_of(target)))
            return false;
        children += all_columns_of(batch, target);
    }
    return true;
}

static void version(char out[32])
{
    bm_text text;
    int number = (int)bonemets_version();
    bm_text_init(&text, out, 32);
    bm_put_format(&text, "%d.%d.%d", number / 1000000, number / 1000 % 1000, number % 1000);
}

bonemets_status bm_produce_schema(const bonemets_batch *batch, struct ArrowSchema *out)
{
    char number[32];
    const char *pairs[] = {"bonemets.digest", batch->set->digest, "bonemets.version", number};
    bm_schema_text text = {.format = "+s", .pairs = pairs, .pair_count = 2};
    version(number);
    if (!bm_block_schema(&batch->memory, &text, count_columns(batch), out))
        return BONEMETS_E_MEMORY;
    out->flags = 0;
    if (add_all_schemas(batch, out->children))
        return BONEMETS_OK;
    out->release(out);
    return BONEMETS_E_MEMORY;
}
