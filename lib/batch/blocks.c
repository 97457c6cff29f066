/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays and schemas that are handed out. Each is one block that owns its buffers and texts; its
 * children and dictionary are blocks of their own, so that they may be moved away. None refers to
 * the batch, so they outlive it. */
#include <string.h>

#include "batch/batch.h"

static size_t aligned(size_t size)
{
    return (size + BM_ALIGNMENT - 1) / BM_ALIGNMENT * BM_ALIGNMENT;
}

/* ---- arrays ---- */

typedef struct {
    bm_memory memory;
    size_t size;
    const void *buffers[BM_BUFFERS];
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

bool bm_block_array(const bm_memory *memory, int64_t length, int buffers,
                    const size_t sizes[BM_BUFFERS], int children, struct ArrowArray *out)
{
    size_t pointers = aligned(sizeof(owned_array));
    size_t structs = pointers + aligned((size_t)children * sizeof(struct ArrowArray *));
    size_t data = structs + aligned((size_t)children * sizeof(struct ArrowArray));
    size_t size = data + BM_ALIGNMENT;
    for (int i = 0; i < buffers; i++) {
        if (sizes[i] > SIZE_MAX / 4 - size)
            return false;
        size += aligned(sizes[i]);
    }
    char *block = bm_take(memory, size);
    if (!block)
        return false;
    /* values are all written later; zeroing them too would touch every page twice */
    memset(block, 0, data + BM_ALIGNMENT + (buffers ? aligned(sizes[0]) : 0));
    owned_array *own = (owned_array *)(void *)block;
    own->memory = *memory;
    own->size = size;
    own->pointers = (struct ArrowArray **)(void *)(block + pointers);
    for (int i = 0; i < children; i++)
        own->pointers[i] = (struct ArrowArray *)(void *)(block + structs) + i;
    char *at = block + data;
    at += (BM_ALIGNMENT - (uintptr_t)at % BM_ALIGNMENT) % BM_ALIGNMENT;
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

void *bm_array_buffer(const struct ArrowArray *array, int i)
{
    return (void *)(uintptr_t)array->buffers[i];
}

struct ArrowArray *bm_block_dictionary(struct ArrowArray *array)
{
    owned_array *own = array->private_data;
    return array->dictionary = &own->dictionary;
}

bool bm_block_texts(const bm_memory *memory, const char *const *texts, int count,
                    struct ArrowArray *out)
{
    size_t bytes = 0;
    for (int i = 0; i < count; i++)
        bytes += strlen(texts[i]);
    size_t sizes[] = {0, ((size_t)count + 1) * sizeof(int32_t), bytes + 1};
    if (!bm_block_array(memory, count, 3, sizes, 0, out))
        return false;
    int32_t *offsets = bm_array_buffer(out, 1);
    char *at = bm_array_buffer(out, 2);
    offsets[0] = 0;
    for (int i = 0; i < count; i++) {
        size_t length = strlen(texts[i]);
        memcpy(at + offsets[i], texts[i], length);
        offsets[i + 1] = offsets[i] + (int32_t)length;
    }
    return true;
}

size_t bm_bits(int64_t rows)
{
    return (size_t)rows / 8 + 1;
}

bool bm_block_doubles(const bm_memory *memory, int64_t rows, struct ArrowArray *out)
{
    size_t sizes[BM_BUFFERS] = {bm_bits(rows), ((size_t)rows + 1) * sizeof(double), 0};
    return bm_block_array(memory, rows, 2, sizes, 0, out);
}

bool bm_block_codes(const bm_memory *memory, int64_t rows, const char *const *texts, int count,
                    struct ArrowArray *out)
{
    size_t sizes[BM_BUFFERS] = {bm_bits(rows), (size_t)rows + 1, 0};
    if (!bm_block_array(memory, rows, 2, sizes, 0, out))
        return false;
    return bm_block_texts(memory, texts, count, bm_block_dictionary(out));
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

static size_t length_of(const char *text)
{
    return text ? strlen(text) : 0;
}

static char *put_text(char *at, const char *text)
{
    size_t length = length_of(text);
    if (length)
        memcpy(at, text, length);
    return at + length;
}

static size_t metadata_size(const bm_schema_text *text)
{
    return text->pair_count ? bm_metadata_write(text->pairs, text->pair_count, NULL)
                            : bm_metadata_size(text->metadata);
}

bool bm_block_schema(const bm_memory *memory, const bm_schema_text *text, int children,
                     struct ArrowSchema *out)
{
    size_t metadata = metadata_size(text);
    size_t pointers = aligned(sizeof(owned_schema));
    size_t structs = pointers + aligned((size_t)children * sizeof(struct ArrowSchema *));
    size_t texts = structs + aligned((size_t)children * sizeof(struct ArrowSchema));
    size_t size = texts + metadata + length_of(text->name) + length_of(text->part) +
                  length_of(text->format) + 2;
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
    if (text->pair_count)
        bm_metadata_write(text->pairs, text->pair_count, block + texts);
    else if (metadata)
        memcpy(block + texts, text->metadata, metadata);
    char *name = block + texts + metadata, *format = put_text(name, text->name);
    format = put_text(format, text->part) + 1;
    put_text(format, text->format);
    *out = (struct ArrowSchema){.format = format,
                                .name = name,
                                .metadata = metadata ? block + texts : NULL,
                                .flags = ARROW_FLAG_NULLABLE,
                                .n_children = children,
                                .children = children ? own->pointers : NULL,
                                .release = release_schema,
                                .private_data = own};
    return true;
}

struct ArrowSchema *bm_block_schema_dictionary(struct ArrowSchema *schema)
{
    owned_schema *own = schema->private_data;
    return schema->dictionary = &own->dictionary;
}
