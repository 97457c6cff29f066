/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of R as arrays of Arrow, some rows at a time: numbers where they lie; what is NA as bits;
 * the codes of factors as keys from 0. All memory is R's and goes away with the routine. */
#include "bonemets_r.h"

#include <string.h>

static void release_nothing(struct ArrowArray *array)
{
    array->release = NULL;
}

static struct ArrowArray *new_array(int buffers, int children)
{
    struct ArrowArray *out = (void *)R_alloc(1, sizeof *out);
    *out = (struct ArrowArray){.n_buffers = buffers, .n_children = children};
    out->buffers = (void *)R_alloc((size_t)buffers + 1, sizeof *out->buffers);
    memset(out->buffers, 0, ((size_t)buffers + 1) * sizeof *out->buffers);
    out->release = release_nothing;
    if (children)
        out->children = (void *)R_alloc((size_t)children, sizeof *out->children);
    return out;
}

/* A level that is NA is null. */
static struct ArrowArray *new_dictionary(SEXP levels)
{
    size_t count = (size_t)XLENGTH(levels), bytes = 0;
    struct ArrowArray *out = new_array(3, 0);
    const char **texts = (void *)R_alloc(count + 1, sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        SEXP one = STRING_ELT(levels, (R_xlen_t)i);
        texts[i] = one == NA_STRING ? "" : Rf_translateCharUTF8(one);
        bytes += strlen(texts[i]);
    }
    uint8_t *valid = (void *)R_alloc(count / 8 + 1, 1);
    int32_t *ends = (void *)R_alloc(count + 1, sizeof *ends);
    char *text = R_alloc(bytes + 1, 1);
    memset(valid, 0xFF, count / 8 + 1);
    ends[0] = 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(texts[i]);
        memcpy(text + ends[i], texts[i], length);
        ends[i + 1] = ends[i] + (int32_t)length;
        if (STRING_ELT(levels, (R_xlen_t)i) == NA_STRING) {
            valid[i / 8] &= (uint8_t) ~(1u << i % 8);
            out->null_count++;
        }
    }
    out->length = (int64_t)count;
    out->buffers[0] = valid;
    out->buffers[1] = ends;
    out->buffers[2] = text;
    return out;
}

static struct ArrowArray *new_column(const column *one)
{
    struct ArrowArray *out = new_array(one->form == AS_NULL ? 0 : 2, 0);
    if (one->form == AS_KEYS)
        out->dictionary = new_dictionary(one->entries);
    return out;
}

void new_slices(const column *columns, int count, slices *out)
{
    *out = (slices){.columns = columns, .count = count, .array = new_array(1, count)};
    out->valid = (void *)R_alloc((size_t)count + 1, sizeof *out->valid);
    out->data = (void *)R_alloc((size_t)count + 1, sizeof *out->data);
    for (int i = 0; i < count; i++) {
        column_form form = columns[i].form;
        size_t width = form != AS_KEYS ? 1 : columns[i].short_keys ? 1 : sizeof(int32_t);
        int converted = form == AS_KEYS || form == AS_TRUTHS;
        out->array->children[i] = new_column(&columns[i]);
        out->valid[i] = (void *)R_alloc(SLICE_ROWS / 8 + 8, 1);
        out->data[i] = converted ? R_alloc(SLICE_ROWS, (int)width) : NULL;
    }
}

static const void *converted(const column *one, int64_t from, int64_t rows, void *room)
{
    const int32_t *x = one->integers + from;
    if (one->form == AS_TRUTHS)
        truth_bits(x, rows, room);
    else if (one->short_keys)
        short_keys(x, rows, room);
    else
        long_keys(x, rows, room);
    return room;
}

static void slice_column(const slices *all, int i, int64_t from, int64_t rows)
{
    const column *one = &all->columns[i];
    struct ArrowArray *out = all->array->children[i];
    out->length = rows;
    out->release = release_nothing;
    if (one->form == AS_NULL) {
        out->null_count = rows;
        return;
    }
    if (one->form == AS_DOUBLES) {
        out->null_count = double_bits(one->doubles + from, rows, all->valid[i]);
        out->buffers[1] = one->doubles + from;
    } else {
        out->null_count = integer_bits(one->integers + from, rows, all->valid[i]);
        out->buffers[1] = one->form == AS_INTEGERS ? one->integers + from
                                                   : converted(one, from, rows, all->data[i]);
    }
    if (out->null_count)
        out->null_count = -1; /* not counted to the last one */
    out->buffers[0] = out->null_count ? all->valid[i] : NULL;
}

const struct ArrowArray *slice_at(const slices *all, int64_t from, int64_t rows)
{
    all->array->length = rows;
    for (int i = 0; i < all->count; i++)
        slice_column(all, i, from, rows);
    return all->array;
}
