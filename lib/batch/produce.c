/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays and schemas that are handed out. Each is one block that owns its buffers and texts; its
 * children and dictionary are blocks of their own, so that they may be moved away. None refers to
 * the batch, so they outlive it. */
#include <string.h>

#include "batch/batch.h"

enum { ALIGNMENT = 64, MOST_BUFFERS = 3, STATES = 5 };

static const char *const result_states[STATES] = {"unknown", "partly", "known", "not_applicable",
                                                  "none"};
static const char *const choice_states[STATES] = {"unknown", "provisional", "known",
                                                  "not_applicable", "none"};

static const char *const no_yes[] = {"no", "yes"};

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* ---- arrays ---- */

typedef struct {
    bm_memory memory;
    size_t size;
    const void *buffers[MOST_BUFFERS];
    struct ArrowArray **pointers;
    struct ArrowArray dictionary;
} owned_array;

static void release_array(struct ArrowArray *array)
{
    if (!array || !array->release)
        return;
    owned_array *own = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    if (array->dictionary && array->dictionary->release)
        array->dictionary->release(array->dictionary);
    bm_memory memory = own->memory;
    array->release = NULL;
    bm_give_back(&memory, own, own->size);
}

/* The first buffer is zeroed; a size of 0 leaves one out. */
static bool new_array(const bm_memory *memory, int64_t length, int buffers,
                      const size_t sizes[MOST_BUFFERS], int children, struct ArrowArray *out)
{
    size_t pointers = aligned(sizeof(owned_array));
    size_t structs = pointers + aligned((size_t)children * sizeof(struct ArrowArray *));
    size_t data = structs + aligned((size_t)children * sizeof(struct ArrowArray));
    size_t size = data + ALIGNMENT;
    for (int i = 0; i < buffers; i++) {
        if (sizes[i] > SIZE_MAX / 4 - size)
            return false;
        size += aligned(sizes[i]);
    }
    char *block = bm_take(memory, size);
    if (!block)
        return false;
    /* values are all written later; zeroing them too would touch every page twice */
    memset(block, 0, data + ALIGNMENT + (buffers ? aligned(sizes[0]) : 0));
    owned_array *own = (owned_array *)(void *)block;
    own->memory = *memory;
    own->size = size;
    own->pointers = (struct ArrowArray **)(void *)(block + pointers);
    for (int i = 0; i < children; i++)
        own->pointers[i] = (struct ArrowArray *)(void *)(block + structs) + i;
    char *at = block + data;
    at += (ALIGNMENT - (uintptr_t)at % ALIGNMENT) % ALIGNMENT;
    for (int i = 0; i < buffers; at += aligned(sizes[i++]))
        own->buffers[i] = sizes[i] ? at : NULL;
    *out = (struct ArrowArray){.length = length,
                               .n_buffers = buffers,
                               .n_children = children,
                               .buffers = own->buffers,
                               .children = children ? own->pointers : NULL,
                               .release = release_array,
                               .private_data = own};
    return true;
}

static void *buffer(const struct ArrowArray *array, int i)
{
    return (void *)(uintptr_t)array->buffers[i];
}

static bool new_texts(const bm_memory *memory, const char *const *texts, int count,
                      struct ArrowArray *out)
{
    size_t bytes = 0;
    for (int i = 0; i < count; i++)
        bytes += strlen(texts[i]);
    size_t sizes[] = {0, ((size_t)count + 1) * sizeof(int32_t), bytes + 1};
    if (!new_array(memory, count, 3, sizes, 0, out))
        return false;
    int32_t *offsets = buffer(out, 1);
    char *at = buffer(out, 2);
    offsets[0] = 0;
    for (int i = 0; i < count; i++) {
        size_t length = strlen(texts[i]);
        memcpy(at + offsets[i], texts[i], length);
        offsets[i + 1] = offsets[i] + (int32_t)length;
    }
    return true;
}

static size_t bits(int64_t rows)
{
    return (size_t)rows / 8 + 1;
}

static bool new_doubles(const bm_memory *memory, int64_t rows, struct ArrowArray *out)
{
    size_t sizes[MOST_BUFFERS] = {bits(rows), ((size_t)rows + 1) * sizeof(double), 0};
    return new_array(memory, rows, 2, sizes, 0, out);
}

static bool new_codes(const bm_memory *memory, int64_t rows, const char *const *texts, int count,
                      struct ArrowArray *out)
{
    size_t sizes[MOST_BUFFERS] = {bits(rows), (size_t)rows + 1, 0};
    if (!new_array(memory, rows, 2, sizes, 0, out))
        return false;
    owned_array *own = out->private_data;
    out->dictionary = &own->dictionary;
    return new_texts(memory, texts, count, out->dictionary);
}

static int columns_of(const bm_target *target)
{
    return target->view.choice ? 4 : (target->numbers ? 2 : 0) + 2 + (target->codes ? 1 : 0);
}

static bool add_columns(const bonemets_batch *batch, bm_target *target, int64_t rows,
                        struct ArrowArray **children)
{
    const bm_memory *memory = &batch->memory;
    const bm_codes *codes = target->codes;
    const char *const *ids = codes ? (const char *const *)codes->ids : NULL;
    if (!new_codes(memory, rows, no_yes, 2, children[columns_of(target) - 1]))
        return false;
    if (target->view.choice)
        return new_codes(memory, rows, choice_states, STATES, children[0]) &&
               new_codes(memory, rows, ids, codes->count, children[1]) &&
               new_codes(memory, rows, ids, codes->count, children[2]);
    if (target->numbers &&
        (!new_doubles(memory, rows, children[0]) || !new_doubles(memory, rows, children[1])))
        return false;
    children += target->numbers ? 2 : 0;
    return new_codes(memory, rows, result_states, STATES, children[0]) &&
           (!codes || new_codes(memory, rows, ids, codes->count, children[1]));
}

/* Where the evaluators write. What no column shows goes to room of its own. */
static void aim(bm_target *target, struct ArrowArray **children, double *spare, int8_t *codes)
{
    target->low = target->high = spare;
    target->code = codes;
    target->assumed = buffer(children[columns_of(target) - 1], 1);
    if (target->view.choice) {
        target->state = buffer(children[0], 1);
        target->code = buffer(children[1], 1);
        return;
    }
    if (target->numbers) {
        target->low = buffer(children[0], 1);
        target->high = buffer(children[1], 1);
        children += 2;
    }
    target->state = buffer(children[0], 1);
    if (target->codes)
        target->code = buffer(children[1], 1);
}

/* The room of what is not shown hangs on the struct array as if it were its data. */
bonemets_status bm_produce_array(bonemets_batch *batch, int64_t rows, struct ArrowArray *out)
{
    int count = 0;
    bool spare = false;
    for (int i = 0; i < batch->target_count; i++) {
        count += columns_of(&batch->targets[i]);
        spare |= !batch->targets[i].view.choice &&
                 (!batch->targets[i].numbers || !batch->targets[i].codes);
    }
    if ((uint64_t)rows > SIZE_MAX / 64 - ALIGNMENT) /* of 32 bits too */
        return BONEMETS_E_MEMORY;
    size_t room = spare ? (size_t)rows + 1 : 0;
    size_t sizes[MOST_BUFFERS] = {0, room * sizeof(double), room};
    if (!new_array(&batch->memory, rows, 3, sizes, count, out))
        return BONEMETS_E_MEMORY;
    out->n_buffers = 1;
    int at = 0;
    for (int i = 0; i < batch->target_count; i++) {
        if (!add_columns(batch, &batch->targets[i], rows, out->children + at)) {
            out->release(out);
            return BONEMETS_E_MEMORY;
        }
        aim(&batch->targets[i], out->children + at, buffer(out, 1), buffer(out, 2));
        at += columns_of(&batch->targets[i]);
    }
    return BONEMETS_OK;
}

/* ---- what is null ---- */

/* Rows of an array, a chunk at a time. */
typedef struct {
    int64_t from;
    size_t count;
} bm_rows;

static uint8_t *bitmap(const struct ArrowArray *array, bm_rows rows)
{
    return (uint8_t *)buffer(array, 0) + rows.from / 8;
}

static void finish_states(const struct ArrowArray *array, bm_rows rows)
{
    memset(bitmap(array, rows), 0xFF, (rows.count + 7) / 8);
}

static void finish_codes(struct ArrowArray *array, bm_rows rows)
{
    size_t valid = bm_bytes_mark_codes((int8_t *)buffer(array, 1) + rows.from, rows.count,
                                       bitmap(array, rows));
    array->null_count += (int64_t)(rows.count - valid);
}

/* An outcome that is not certain is kept apart. */
static void finish_choice(const bm_target *target, struct ArrowArray **children, bm_rows rows)
{
    int8_t *provisional = (int8_t *)buffer(children[2], 1) + rows.from;
    int8_t *code = target->code + rows.from;
    const int8_t *state = target->state + rows.from;
    for (size_t i = 0; i < rows.count; i++) {
        provisional[i] = state[i] == BONEMETS_PARTLY ? code[i] : -1;
        code[i] = state[i] == BONEMETS_KNOWN ? code[i] : -1;
    }
    finish_states(children[0], rows);
    finish_codes(children[1], rows);
    finish_codes(children[2], rows);
}

static void finish_numbers(const bm_target *target, struct ArrowArray *array, bm_rows rows)
{
    double *numbers = (double *)buffer(array, 1) + rows.from;
    const int8_t *state = target->state + rows.from;
    size_t valid =
        bm_bytes_mark_other(state, BONEMETS_INAPPLICABLE, rows.count, bitmap(array, rows));
    array->null_count += (int64_t)(rows.count - valid);
    if (valid < rows.count)
        bm_bytes_clear((const uint8_t *)state, BONEMETS_INAPPLICABLE, rows.count, numbers);
}

static void finish_result(const bm_target *target, struct ArrowArray **children, bm_rows rows)
{
    for (int i = 0; i < 2 && target->numbers; i++)
        finish_numbers(target, children[i], rows);
    children += target->numbers ? 2 : 0;
    finish_states(children[0], rows);
    if (target->codes)
        finish_codes(children[1], rows);
}

void bm_produce_finish(const bonemets_batch *batch, struct ArrowArray *out, int64_t from,
                       int64_t count)
{
    struct ArrowArray **children = out->children;
    bm_rows rows = {from, (size_t)count};
    for (int i = 0; i < batch->target_count; i++) {
        const bm_target *target = &batch->targets[i];
        finish_states(children[columns_of(target) - 1], rows);
        if (target->view.choice)
            finish_choice(target, children, rows);
        else
            finish_result(target, children, rows);
        children += columns_of(target);
    }
}

/* ---- schemas ---- */

typedef struct {
    bm_memory memory;
    size_t size;
    struct ArrowSchema **pointers;
    struct ArrowSchema dictionary;
} owned_schema;

static void release_schema(struct ArrowSchema *schema)
{
    if (!schema || !schema->release)
        return;
    owned_schema *own = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    if (schema->dictionary && schema->dictionary->release)
        schema->dictionary->release(schema->dictionary);
    bm_memory memory = own->memory;
    schema->release = NULL;
    bm_give_back(&memory, own, own->size);
}

/* The name is that of the target with what of it the column shows. `format` is static. */
static bool new_schema(const bm_memory *memory, const char *format, const char *const name[2],
                       const char *const *pairs, int pair_count, int children,
                       struct ArrowSchema *out)
{
    size_t first = name ? strlen(name[0]) : 0, second = name ? strlen(name[1]) : 0;
    size_t metadata = pair_count ? bm_metadata_write(pairs, pair_count, NULL) : 0;
    size_t pointers = aligned(sizeof(owned_schema));
    size_t structs = pointers + aligned((size_t)children * sizeof(struct ArrowSchema *));
    size_t texts = structs + aligned((size_t)children * sizeof(struct ArrowSchema));
    size_t size = texts + metadata + first + second + 1;
    char *block = bm_take(memory, size);
    if (!block)
        return false;
    memset(block, 0, size);
    owned_schema *own = (owned_schema *)(void *)block;
    own->memory = *memory;
    own->size = size;
    own->pointers = (struct ArrowSchema **)(void *)(block + pointers);
    for (int i = 0; i < children; i++)
        own->pointers[i] = (struct ArrowSchema *)(void *)(block + structs) + i;
    if (metadata)
        bm_metadata_write(pairs, pair_count, block + texts);
    if (name) {
        memcpy(block + texts + metadata, name[0], first);
        memcpy(block + texts + metadata + first, name[1], second);
    }
    *out = (struct ArrowSchema){.format = format,
                                .name = block + texts + metadata,
                                .metadata = metadata ? block + texts : NULL,
                                .flags = ARROW_FLAG_NULLABLE,
                                .n_children = children,
                                .children = children ? own->pointers : NULL,
                                .release = release_schema,
                                .private_data = own};
    return true;
}

static bool add_schema(const bonemets_batch *batch, const bm_target *target, const char *what,
                       bool number, struct ArrowSchema *out)
{
    const char *name[2] = {target->name, what};
    const bm_equation *equation = target->view.equation;
    const char *pairs[] = {"bonemets.guideline", target->view.guideline->id, "bonemets.unit",
                           equation && number ? equation->unit : NULL};
    if (!new_schema(&batch->memory, number ? "g" : "c", name, pairs, pairs[3] ? 2 : 1, 0, out))
        return false;
    if (number)
        return true;
    owned_schema *own = out->private_data;
    out->dictionary = &own->dictionary;
    return new_schema(&batch->memory, "u", NULL, NULL, 0, 0, out->dictionary);
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
    int count = 0;
    version(number);
    for (int i = 0; i < batch->target_count; i++)
        count += columns_of(&batch->targets[i]);
    if (!new_schema(&batch->memory, "+s", NULL, pairs, 2, count, out))
        return BONEMETS_E_MEMORY;
    out->flags = 0;
    struct ArrowSchema **children = out->children;
    for (int i = 0; i < batch->target_count; i++) {
        if (!add_schemas(batch, &batch->targets[i], children)) {
            out->release(out);
            return BONEMETS_E_MEMORY;
        }
        children += columns_of(&batch->targets[i]);
    }
    return BONEMETS_OK;
}
