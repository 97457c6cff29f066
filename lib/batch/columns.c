/* SPDX-License-Identifier: Apache-2.0 */
/* Arrow arrays as they come. A producer is not trusted further than can be seen: sizes of buffers
 * cannot. */
#include <string.h>

#include "base/instant.h"
#include "batch/batch.h"

static bm_store store_of(const char *format)
{
    static const struct {
        const char *format;
        bm_store store;
    } formats[] = {
        {"n", BM_STORE_NULL},        {"b", BM_STORE_BOOL},       {"c", BM_STORE_I8},
        {"C", BM_STORE_U8},          {"s", BM_STORE_I16},        {"S", BM_STORE_U16},
        {"i", BM_STORE_I32},         {"I", BM_STORE_U32},        {"l", BM_STORE_I64},
        {"L", BM_STORE_U64},         {"f", BM_STORE_F32},        {"g", BM_STORE_F64},
        {"u", BM_STORE_TEXT},        {"U", BM_STORE_LARGE_TEXT}, {"+l", BM_STORE_LIST},
        {"+L", BM_STORE_LARGE_LIST}, {"+s", BM_STORE_STRUCT},    {"vu", BM_STORE_TEXT_VIEW},
        {"tss:", BM_STORE_TIME_S},   {"tsm:", BM_STORE_TIME_MS}, {"tsu:", BM_STORE_TIME_US},
        {"tsn:", BM_STORE_TIME_NS},  {"tdD", BM_STORE_DAYS},     {"tdm", BM_STORE_DAYS_MS},
    };
    for (size_t i = 0; format && i < sizeof formats / sizeof *formats; i++)
        if (strcmp(format, formats[i].format) == 0)
            return formats[i].store;
    return BM_STORE_OTHER;
}

bool bm_is_integer(bm_store store)
{
    return store >= BM_STORE_I8 && store <= BM_STORE_U64;
}

bool bm_is_time(bm_store store)
{
    return store >= BM_STORE_TIME_S && store <= BM_STORE_TIME_NS;
}

bool bm_is_date(bm_store store)
{
    return store == BM_STORE_DAYS || store == BM_STORE_DAYS_MS;
}

bool bm_is_decimal(bm_store store)
{
    return store >= BM_STORE_DECIMAL_32 && store <= BM_STORE_DECIMAL_256;
}

bool bm_is_text(bm_store store)
{
    return store >= BM_STORE_TEXT && store <= BM_STORE_TEXT_VIEW;
}

bool bm_is_list(bm_store store)
{
    return store == BM_STORE_LIST || store == BM_STORE_LARGE_LIST;
}

/* `-12` and what follows it; false when no number of up to three digits begins there. */
static bool take_number(const char **text, int *out)
{
    bool negative = **text == '-';
    const char *at = *text + negative;
    int digits = 0;
    *out = 0;
    for (; at[digits] >= '0' && at[digits] <= '9' && digits < 3; digits++)
        *out = *out * 10 + (at[digits] - '0');
    *out = negative ? -*out : *out;
    *text = at + digits;
    return digits > 0;
}

/* `d:PRECISION,SCALE` and, unless 128, `,BITS`. */
static bm_store decimal_of(const char *format, int *scale)
{
    static const int widths[] = {32, 64, 128, 256}, most[] = {9, 18, 38, 76};
    int precision, bits = 128;
    if (!format || strncmp(format, "d:", 2) != 0)
        return BM_STORE_OTHER;
    format += 2;
    if (!take_number(&format, &precision) || *format++ != ',' || !take_number(&format, scale))
        return BM_STORE_OTHER;
    if (*format == ',' && (format++, !take_number(&format, &bits)))
        return BM_STORE_OTHER;
    if (*format || *scale < -BM_LARGEST_SCALE || *scale > BM_LARGEST_SCALE || precision < 1)
        return BM_STORE_OTHER;
    for (int i = 0; i < 4; i++)
        if (bits == widths[i] && precision <= most[i])
            return BM_STORE_DECIMAL_32 + (bm_store)i;
    return BM_STORE_OTHER;
}

/* A plain type, or a dictionary of texts. */
static bool read_flat(const struct ArrowSchema *schema, bm_store *store, bm_store *dictionary)
{
    *store = schema && schema->release ? store_of(schema->format) : BM_STORE_OTHER;
    *dictionary = BM_STORE_OTHER;
    if (*store == BM_STORE_OTHER || *store == BM_STORE_STRUCT)
        return false;
    if (!schema->dictionary)
        return true;
    *dictionary = store_of(schema->dictionary->format);
    return bm_is_integer(*store) && bm_is_text(*dictionary) && schema->dictionary->release &&
           !schema->dictionary->dictionary;
}

bool bm_shape_read(const struct ArrowSchema *schema, bm_shape *out)
{
    memset(out, 0, sizeof *out);
    if (schema && schema->release && !schema->dictionary)
        out->store = decimal_of(schema->format, &out->scale);
    if (out->store)
        return true;
    if (!read_flat(schema, &out->store, &out->dictionary))
        return false;
    if (!bm_is_list(out->store))
        return true;
    return schema->n_children == 1 && schema->children &&
           read_flat(schema->children[0], &out->item, &out->item_dictionary) &&
           (bm_is_text(out->item) || bm_is_text(out->item_dictionary) ||
            (bm_is_integer(out->item) && !out->item_dictionary) || out->item == BM_STORE_NULL);
}

bool bm_shape_records(const struct ArrowSchema *schema, bm_store *list, bm_store *item)
{
    *item = BM_STORE_NULL;
    if (!schema || !schema->release || schema->dictionary)
        return false;
    *list = store_of(schema->format);
    if (*list == BM_STORE_NULL)
        return true;
    if (!bm_is_list(*list) || schema->n_children != 1 || !schema->children)
        return false;
    const struct ArrowSchema *child = schema->children[0];
    if (!child || !child->release || child->dictionary)
        return false;
    *item = store_of(child->format);
    return *item == BM_STORE_NULL ||
           (*item == BM_STORE_STRUCT && child->n_children >= 0 && child->n_children < INT16_MAX &&
            (child->n_children == 0 || child->children));
}

static int buffers_of(bm_store store)
{
    return store == BM_STORE_NULL ? 0 : store == BM_STORE_STRUCT ? 1 : bm_is_text(store) ? 3 : 2;
}

/* Nulls, views, any number of pieces that hold the longer texts, and how long the pieces are. */
static bool open_views(const struct ArrowArray *array, int64_t count, bm_vector *out)
{
    if (array->n_buffers < 3 || !array->buffers)
        return false;
    out->valid = array->null_count == 0 ? NULL : array->buffers[0];
    out->data = array->buffers[1];
    out->piece_count = array->n_buffers - 3;
    out->pieces = array->buffers + 2;
    out->piece_sizes = array->buffers[array->n_buffers - 1];
    return (count == 0 || out->data) && (out->piece_count == 0 || out->piece_sizes);
}

bool bm_vector_open(const struct ArrowArray *array, bm_store store, int64_t from, int64_t count,
                    bm_vector *out)
{
    memset(out, 0, sizeof *out);
    out->store = store;
    if (!array || !array->release || array->length < 0 || array->offset < 0 ||
        array->null_count < -1 || from < 0 || count < 0 || count > array->length ||
        from > array->length - count || array->offset > INT64_MAX / 2 - array->length)
        return false;
    out->at = array->offset + from;
    int buffers = buffers_of(store);
    if (buffers == 0)
        return true;
    if (store == BM_STORE_TEXT_VIEW)
        return open_views(array, count, out);
    if (array->n_buffers != buffers || !array->buffers)
        return false;
    out->valid = array->null_count == 0 ? NULL : array->buffers[0];
    out->data = buffers > 1 ? array->buffers[1] : NULL;
    out->bytes = buffers > 2 ? array->buffers[2] : NULL;
    return count == 0 || buffers == 1 || out->data;
}

bool bm_vector_null(const bm_vector *vector, int64_t i)
{
    int64_t at = vector->at + i;
    return vector->store == BM_STORE_NULL ||
           (vector->valid && !(vector->valid[at >> 3] >> (at & 7) & 1));
}

/* Buffers should be aligned, but need not be: files are mapped at odd places. */
#define LOADER(type)                                                                               \
    static inline type load_##type(const void *data, int64_t at)                                   \
    {                                                                                              \
        type value;                                                                                \
        memcpy(&value, (const char *)data + at * (int64_t)sizeof value, sizeof value);             \
        return value;                                                                              \
    }
LOADER(int16_t)
LOADER(uint16_t)
LOADER(int32_t)
LOADER(uint32_t)
LOADER(int64_t)
LOADER(uint64_t)
LOADER(float)
LOADER(double)

int64_t bm_vector_integer(const bm_vector *vector, int64_t i)
{
    const void *data = vector->data;
    int64_t at = vector->at + i;
    switch (vector->store) {
    case BM_STORE_BOOL:
        return ((const uint8_t *)data)[at >> 3] >> (at & 7) & 1;
    case BM_STORE_I8:
        return ((const int8_t *)data)[at];
    case BM_STORE_U8:
        return ((const uint8_t *)data)[at];
    case BM_STORE_I16:
        return load_int16_t(data, at);
    case BM_STORE_U16:
        return load_uint16_t(data, at);
    case BM_STORE_I32:
        return load_int32_t(data, at);
    case BM_STORE_U32:
        return load_uint32_t(data, at);
    case BM_STORE_I64:
        return load_int64_t(data, at);
    case BM_STORE_U64: {
        uint64_t x = load_uint64_t(data, at);
        return x > INT64_MAX ? -1 : (int64_t)x; /* no key of a dictionary */
    }
    default:
        return -1;
    }
}

/* In seconds; a whole second stays whole, which a division of doubles would not keep. */
static double seconds_at(const bm_vector *vector, int64_t at)
{
    static const int64_t ticks[] = {1, 1000, 1000000, 1000000000, 1, 1000};
    if (vector->store == BM_STORE_DAYS)
        return (double)load_int32_t(vector->data, at) * BM_DAY;
    int64_t time = load_int64_t(vector->data, at), second = ticks[vector->store - BM_STORE_TIME_S];
    int64_t whole = time / second;
    return (double)whole + (double)(time % second) / (double)second;
}

double bm_vector_number(const bm_vector *vector, int64_t i)
{
    int64_t at = vector->at + i;
    if (vector->store == BM_STORE_F32)
        return bm_decimal_of_float(load_float(vector->data, at));
    if (vector->store == BM_STORE_F64)
        return load_double(vector->data, at);
    if (vector->store == BM_STORE_U64)
        return (double)load_uint64_t(vector->data, at);
    if (bm_is_time(vector->store) || bm_is_date(vector->store))
        return seconds_at(vector, at);
    if (bm_is_decimal(vector->store)) {
        int width = 4 << (vector->store - BM_STORE_DECIMAL_32);
        return bm_decimal_number((const char *)vector->data + at * width, width, vector->scale);
    }
    return (double)bm_vector_integer(vector, i);
}

bool bm_vector_span(const bm_vector *vector, int64_t i, int64_t *from, int64_t *to)
{
    int64_t at = vector->at + i;
    if (vector->store == BM_STORE_TEXT || vector->store == BM_STORE_LIST) {
        *from = load_int32_t(vector->data, at);
        *to = load_int32_t(vector->data, at + 1);
    } else {
        *from = load_int64_t(vector->data, at);
        *to = load_int64_t(vector->data, at + 1);
    }
    return *from >= 0 && *to >= *from;
}

/* A short text stands in its view; of a longer one the view says in which piece it is, and where. */
static bool view_text(const bm_vector *vector, int64_t i, const char **text, size_t *length)
{
    enum { VIEW = 16, SHORT = 12, PIECE = 8, OFFSET = 12 };
    const char *view = (const char *)vector->data + (vector->at + i) * VIEW;
    int32_t size, piece, offset;
    memcpy(&size, view, sizeof size);
    if (size < 0)
        return false;
    *length = (size_t)size;
    *text = view + sizeof size;
    if (size <= SHORT)
        return true;
    memcpy(&piece, view + PIECE, sizeof piece);
    memcpy(&offset, view + OFFSET, sizeof offset);
    if (piece < 0 || piece >= vector->piece_count || !vector->pieces[piece] || offset < 0 ||
        offset > load_int64_t(vector->piece_sizes, piece) - size)
        return false;
    *text = (const char *)vector->pieces[piece] + offset;
    return true;
}

bool bm_vector_text(const bm_vector *vector, int64_t i, const char **text, size_t *length)
{
    int64_t from, to;
    if (vector->store == BM_STORE_TEXT_VIEW)
        return view_text(vector, i, text, length);
    if (!bm_vector_span(vector, i, &from, &to) || (to > from && !vector->bytes))
        return false;
    *text = vector->bytes ? vector->bytes + from : "";
    *length = (size_t)(to - from);
    return true;
}
