/* SPDX-License-Identifier: Apache-2.0 */
/* Columns that are copied to the front of the answer, so that its rows can be told apart. What they
 * hold is not looked at. */
#include <string.h>

#include "base/error.h"
#include "batch/batch.h"

enum { LONGEST_TYPE = 400 };

static bonemets_status fail(bonemets_error *err, bonemets_status status, const char *column,
                            const char *format, const char *a)
{
    return bm_fail(err, status, &(bm_place){.path = column}, format, a);
}

/* ---- which ---- */

bool bm_keep_wanted(const bonemets_batch *batch, const char *column)
{
    for (int i = 0; i < batch->keep_count; i++)
        if (strcmp(batch->keep[i], column) == 0)
            return true;
    return false;
}

bonemets_status bonemets_batch_keep(bonemets_batch *batch, const char *column, bonemets_error *err)
{
    if (!batch || !column)
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no %s",
                       batch ? "column" : "batch");
    if (bm_keep_wanted(batch, column))
        return BONEMETS_OK;
    const char *name = bm_arena_text(&batch->arena, column, strlen(column));
    const char **keep = name ? bm_arena_grow(&batch->arena, batch->keep, (size_t)batch->keep_count,
                                             &batch->keep_room, sizeof *keep)
                             : NULL;
    if (!keep)
        return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    batch->keep = keep;
    keep[batch->keep_count++] = name;
    return BONEMETS_OK;
}

/* ---- how values lie in memory ---- */

typedef enum {
    LIES_OTHERWISE,
    AS_NULLS,
    AS_BITS,
    AS_BYTES,
    AS_TEXTS,
    AS_LARGE_TEXTS,
    AS_VIEWS
} form;

typedef struct {
    form form;
    size_t width; /* of AS_BYTES */
} layout;

/* The number at the end of `w:16` and `d:38,2,256`; 0 when there is none. */
static size_t last_number(const char *format, char before)
{
    size_t number = 0;
    for (const char *at = strrchr(format, before) + 1; *at; at++) {
        if (*at < '0' || *at > '9' || number >= 1 << 16)
            return 0;
        number = number * 10 + (size_t)(*at - '0');
    }
    return number;
}

static layout layout_of_decimal(const char *format)
{
    const char *comma = strchr(format, ',');
    size_t bits = comma && strchr(comma + 1, ',') ? last_number(format, ',') : 128;
    return (layout){bits % 8 || bits == 0 || !comma ? LIES_OTHERWISE : AS_BYTES, bits / 8};
}

static layout layout_of(const char *format)
{
    static const struct {
        const char *begin; /* of the format */
        layout layout;
    } known[] = {
        {"n", {AS_NULLS, 0}},       {"b", {AS_BITS, 0}},        {"c", {AS_BYTES, 1}},
        {"C", {AS_BYTES, 1}},       {"s", {AS_BYTES, 2}},       {"S", {AS_BYTES, 2}},
        {"e", {AS_BYTES, 2}},       {"i", {AS_BYTES, 4}},       {"I", {AS_BYTES, 4}},
        {"f", {AS_BYTES, 4}},       {"l", {AS_BYTES, 8}},       {"L", {AS_BYTES, 8}},
        {"g", {AS_BYTES, 8}},       {"u", {AS_TEXTS, 0}},       {"z", {AS_TEXTS, 0}},
        {"U", {AS_LARGE_TEXTS, 0}}, {"Z", {AS_LARGE_TEXTS, 0}}, {"vu", {AS_VIEWS, 0}},
        {"vz", {AS_VIEWS, 0}},      {"tdD", {AS_BYTES, 4}},     {"tdm", {AS_BYTES, 8}},
        {"tts", {AS_BYTES, 4}},     {"ttm", {AS_BYTES, 4}},     {"ttu", {AS_BYTES, 8}},
        {"ttn", {AS_BYTES, 8}},     {"tDs", {AS_BYTES, 8}},     {"tDm", {AS_BYTES, 8}},
        {"tDu", {AS_BYTES, 8}},     {"tDn", {AS_BYTES, 8}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(format, known[i].begin) == 0)
            return known[i].layout;
    if (strncmp(format, "ts", 2) == 0 && format[2] && strchr("smun", format[2]) && format[3] == ':')
        return (layout){AS_BYTES, 8}; /* an instant, then its time zone */
    size_t width = strncmp(format, "w:", 2) == 0 ? last_number(format, ':') : 0;
    if (strncmp(format, "d:", 2) == 0)
        return layout_of_decimal(format);
    return (layout){width ? AS_BYTES : LIES_OTHERWISE, width};
}

static bool is_key(const char *format)
{
    return strlen(format) == 1 && strchr("cCsSiIlL", format[0]);
}

/* Lists, records and what is encoded otherwise are not copied. */
static bool can_be_copied(const struct ArrowSchema *schema)
{
    const struct ArrowSchema *dictionary = schema->dictionary;
    if (!schema->release || !schema->format || schema->n_children ||
        layout_of(schema->format).form == LIES_OTHERWISE)
        return false;
    return !dictionary ||
           (is_key(schema->format) && !dictionary->dictionary && can_be_copied(dictionary));
}

/* ---- schemas ---- */

/* Texts in views come out as large texts, which have no pieces. */
static const char *copied_format(const char *format)
{
    return layout_of(format).form != AS_VIEWS ? format : strcmp(format, "vu") == 0 ? "U" : "Z";
}

static bool copy_schema(const bm_memory *memory, const struct ArrowSchema *in,
                        struct ArrowSchema *out)
{
    bm_schema_text text = {
        .format = copied_format(in->format), .name = in->name, .metadata = in->metadata};
    if (!bm_block_schema(memory, &text, 0, out))
        return false;
    out->flags = in->flags | ARROW_FLAG_NULLABLE; /* a whole row may be null */
    if (!in->dictionary || copy_schema(memory, in->dictionary, bm_block_schema_dictionary(out)))
        return true;
    out->release(out);
    return false;
}

bool bm_keep_schemas(const bonemets_batch *batch, struct ArrowSchema **children)
{
    for (int i = 0; i < batch->kept_count; i++)
        if (!copy_schema(&batch->memory, &batch->kept[i].schema, children[i]))
            return false;
    return true;
}

/* ---- binding ---- */

static bonemets_status find_column(const bonemets_batch *batch, const struct ArrowSchema *in,
                                   bm_kept_column *kept, bonemets_error *err)
{
    int found = 0;
    for (int i = 0; i < batch->column_count; i++)
        if (batch->columns[i].name && strcmp(batch->columns[i].name, kept->name) == 0) {
            kept->column = i;
            found++;
        }
    if (found == 0)
        return fail(err, BONEMETS_E_FACT, kept->name, "there is no column %q, which is to be kept",
                    kept->name);
    if (found > 1)
        return fail(err, BONEMETS_E_TYPE, kept->name,
                    "several columns are called %q, so that it cannot be kept", kept->name);
    const struct ArrowSchema *schema = in->children[kept->column];
    if (!can_be_copied(schema)) {
        char words[LONGEST_TYPE];
        bm_text text;
        bm_text_init(&text, words, sizeof words);
        bm_put_type(&text, schema);
        return fail(err, BONEMETS_E_TYPE, kept->name, "a column of %s cannot be kept", words);
    }
    return BONEMETS_OK;
}

static bool take_schema(bonemets_batch *batch, const struct ArrowSchema *in, bm_kept_column *kept)
{
    const struct ArrowSchema *dictionary = in->dictionary;
    kept->format = bm_arena_text(&batch->bound, in->format, strlen(in->format));
    kept->dictionary_format =
        dictionary ? bm_arena_text(&batch->bound, dictionary->format, strlen(dictionary->format))
                   : NULL;
    return kept->format && (!dictionary || kept->dictionary_format) &&
           copy_schema(&batch->memory, in, &kept->schema);
}

bonemets_status bm_keep_bind(bonemets_batch *batch, const struct ArrowSchema *in,
                             bonemets_error *err)
{
    bonemets_status first = BONEMETS_OK;
    batch->kept = bm_arena_array(&batch->bound, (size_t)batch->keep_count + 1, sizeof *batch->kept);
    if (!batch->kept)
        return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    for (int i = 0; i < batch->keep_count; i++) {
        bm_kept_column *kept = &batch->kept[batch->kept_count];
        kept->name = batch->keep[i];
        bonemets_status status = find_column(batch, in, kept, err);
        if (status == BONEMETS_OK && !take_schema(batch, in->children[kept->column], kept))
            return bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
        batch->kept_count += status == BONEMETS_OK;
        first = first ? first : status;
    }
    return first;
}

void bm_keep_unbind(bonemets_batch *batch)
{
    for (int i = 0; i < batch->kept_count; i++)
        batch->kept[i].schema.release(&batch->kept[i].schema);
    batch->kept = NULL;
    batch->kept_count = 0;
}

bonemets_status bm_keep_check_names(const bonemets_batch *batch, bonemets_error *err)
{
    struct ArrowSchema answer;
    if (batch->kept_count == 0)
        return BONEMETS_OK;
    bonemets_status status = bm_produce_schema(batch, &answer);
    if (status)
        return bm_fail(err, status, NULL, "out of memory");
    for (int i = 0; i < batch->kept_count; i++)
        for (int64_t c = batch->kept_count; c < answer.n_children; c++)
            if (strcmp(answer.children[c]->name, batch->kept[i].name) == 0)
                status = fail(err, BONEMETS_E_TYPE, batch->kept[i].name,
                              "%q cannot be kept: the answer has a column of that name",
                              batch->kept[i].name);
    answer.release(&answer);
    return status;
}

/* ---- arrays ---- */

/* Rows of a column. */
typedef struct {
    const bm_memory *memory;
    const bm_vector *rows; /* the records that it is part of; NULL: none */
    bm_vector values;
    int64_t count;
} source;

static bool bit_at(const uint8_t *bits, int64_t at)
{
    return bits[at >> 3] >> (at & 7) & 1;
}

static void copy_bits(const uint8_t *from, int64_t at, int64_t count, uint8_t *to)
{
    if (at % 8 == 0)
        memcpy(to, from + at / 8, ((size_t)count + 7) / 8);
    for (int64_t i = 0; at % 8 && i < count; i += 8) {
        unsigned byte = 0;
        for (int64_t b = 0; b < 8 && i + b < count; b++)
            byte |= (unsigned)bit_at(from, at + i + b) << b;
        to[i / 8] = (uint8_t)byte;
    }
}

static bool may_be_null(const source *from)
{
    return from->values.valid || (from->rows && from->rows->valid);
}

static bool is_null(const source *from, int64_t i)
{
    return bm_vector_null(&from->values, i) || (from->rows && bm_vector_null(from->rows, i));
}

static void copy_nulls(const source *from, struct ArrowArray *out)
{
    uint8_t *valid = bm_array_buffer(out, 0); /* zeroed */
    for (int64_t i = 0; valid && i < from->count; i++) {
        bool null = is_null(from, i);
        valid[i >> 3] |= (uint8_t)(!null << (i & 7));
        out->null_count += null;
    }
}

static bonemets_status new_array(const source *from, size_t values, size_t bytes, int buffers,
                                 struct ArrowArray *out)
{
    size_t sizes[BM_BUFFERS] = {may_be_null(from) ? bm_bits(from->count) : 0, values, bytes};
    if (!bm_block_array(from->memory, from->count, buffers, sizes, 0, out))
        return BONEMETS_E_MEMORY;
    copy_nulls(from, out);
    return BONEMETS_OK;
}

static bonemets_status copy_bytes(const source *from, size_t width, struct ArrowArray *out)
{
    size_t count = (size_t)from->count;
    if (count >= SIZE_MAX / 4 / width)
        return BONEMETS_E_MEMORY;
    bonemets_status status = new_array(from, (count + 1) * width, 0, 2, out);
    if (status == BONEMETS_OK && count)
        memcpy(bm_array_buffer(out, 1),
               (const char *)from->values.data + (size_t)from->values.at * width, count * width);
    return status;
}

static bonemets_status copy_bools(const source *from, struct ArrowArray *out)
{
    bonemets_status status = new_array(from, bm_bits(from->count), 0, 2, out);
    if (status == BONEMETS_OK && from->count)
        copy_bits(from->values.data, from->values.at, from->count, bm_array_buffer(out, 1));
    return status;
}

/* Bytes of all texts; false when the array is not what its schema says. What is null is empty. */
static bool measure(const source *from, size_t *bytes)
{
    *bytes = 0;
    for (int64_t i = 0; i < from->count; i++) {
        const char *text;
        size_t length;
        if (is_null(from, i))
            continue;
        if (!bm_vector_text(&from->values, i, &text, &length) || length > SIZE_MAX / 4 - *bytes)
            return false;
        *bytes += length;
    }
    return true;
}

static bonemets_status copy_texts(const source *from, bool large, struct ArrowArray *out)
{
    size_t bytes, width = large ? sizeof(int64_t) : sizeof(int32_t), count = (size_t)from->count;
    int64_t end = 0;
    if (!measure(from, &bytes) || (!large && bytes > INT32_MAX))
        return BONEMETS_E_ARGUMENT;
    if (count >= SIZE_MAX / 4 / width || new_array(from, (count + 1) * width, bytes + 1, 3, out))
        return BONEMETS_E_MEMORY;
    int32_t *ends = bm_array_buffer(out, 1);
    int64_t *large_ends = bm_array_buffer(out, 1);
    char *to = bm_array_buffer(out, 2);
    for (int64_t i = 0; i <= from->count; i++) {
        const char *text = NULL;
        size_t length = 0;
        if (large)
            large_ends[i] = end;
        else
            ends[i] = (int32_t)end;
        if (i < from->count && !is_null(from, i))
            bm_vector_text(&from->values, i, &text, &length);
        if (length)
            memcpy(to + end, text, length);
        end += (int64_t)length;
    }
    return BONEMETS_OK;
}

static bonemets_status copy_values(source *from, const char *format, const struct ArrowArray *in,
                                   int64_t at, struct ArrowArray *out)
{
    static const bm_store stores[] = {
        [AS_NULLS] = BM_STORE_NULL,      [AS_BITS] = BM_STORE_BOOL,
        [AS_BYTES] = BM_STORE_I8,        [AS_TEXTS] = BM_STORE_TEXT,
        [AS_VIEWS] = BM_STORE_TEXT_VIEW, [AS_LARGE_TEXTS] = BM_STORE_LARGE_TEXT,
    };
    static const size_t none[BM_BUFFERS];
    layout how = layout_of(format);
    if (!bm_vector_open(in, stores[how.form], at, from->count, &from->values))
        return BONEMETS_E_ARGUMENT;
    switch (how.form) {
    case AS_NULLS:
        if (!bm_block_array(from->memory, from->count, 0, none, 0, out))
            return BONEMETS_E_MEMORY;
        out->null_count = from->count;
        return BONEMETS_OK;
    case AS_BITS:
        return copy_bools(from, out);
    case AS_BYTES:
        return copy_bytes(from, how.width, out);
    default:
        return copy_texts(from, how.form != AS_TEXTS, out);
    }
}

static bonemets_status copy_column(const bonemets_batch *batch, const bm_kept_column *kept,
                                   const struct ArrowArray *in, const bm_vector *rows,
                                   struct ArrowArray *out)
{
    const struct ArrowArray *column = in->children[kept->column];
    source from = {.memory = &batch->memory, .rows = rows, .count = in->length};
    bonemets_status status = copy_values(&from, kept->format, column, in->offset, out);
    if (status || !kept->dictionary_format)
        return status;
    const struct ArrowArray *dictionary = column->dictionary;
    if (!dictionary || !dictionary->release || dictionary->length < 0)
        return BONEMETS_E_ARGUMENT;
    source entries = {.memory = &batch->memory, .count = dictionary->length};
    return copy_values(&entries, kept->dictionary_format, dictionary, 0, bm_block_dictionary(out));
}

bonemets_status bm_keep_copy(const bonemets_batch *batch, const struct ArrowArray *in,
                             struct ArrowArray **children, bonemets_error *err)
{
    bm_vector rows;
    if (batch->kept_count && !bm_vector_open(in, BM_STORE_STRUCT, 0, in->length, &rows))
        return bm_cell_not_of_schema(NULL, err);
    for (int i = 0; i < batch->kept_count; i++) {
        const bm_kept_column *kept = &batch->kept[i];
        bonemets_status status = copy_column(batch, kept, in, &rows, children[i]);
        if (status == BONEMETS_E_MEMORY)
            return bm_fail(err, status, NULL, "out of memory");
        if (status)
            return bm_cell_not_of_schema(&batch->columns[kept->column], err);
    }
    return BONEMETS_OK;
}
