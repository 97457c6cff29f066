/* SPDX-License-Identifier: Apache-2.0 */
/* Stands for another package that hands over streams of Arrow and reads them: its pointers are as
 * those of nanoarrow, its memory is its own. For tests. */
#define R_NO_REMAP
#include <R.h>
#include <Rinternals.h>
#include <bonemets/arrow.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BEFORE = 3 }; /* rows of another slice that stand before the first one of each array */

typedef struct {
    int64_t rows, slice, at, fails_at;
    int count, references; /* the stream and the arrays that are out */
    char **names;
    int32_t **keys; /* of a column of texts, else NULL */
    double **numbers;
    SEXP *levels;
} producer;

static void *room(size_t count, size_t size)
{
    void *out = calloc(count + 1, size);
    if (!out)
        abort();
    return out;
}

static void drop(producer *p)
{
    if (--p->references > 0)
        return;
    for (int i = 0; i < p->count; i++) {
        free(p->names[i]);
        free(p->keys[i]);
        free(p->numbers[i]);
        if (p->levels[i])
            R_ReleaseObject(p->levels[i]);
    }
    free(p->names);
    free(p->keys);
    free(p->numbers);
    free(p->levels);
    free(p);
}

/* ---- schemas ---- */

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
        free(schema->children[i]);
    }
    free(schema->children);
    free(schema->dictionary);
    free(schema->private_data);
    schema->release = NULL;
}

static void open_schema(struct ArrowSchema *out, const char *format, const char *name, int children)
{
    *out = (struct ArrowSchema){.format = format, .flags = ARROW_FLAG_NULLABLE};
    out->name = out->private_data = strdup(name);
    out->n_children = children;
    out->children = children ? room((size_t)children, sizeof *out->children) : NULL;
    out->release = release_schema;
}

static void release_text(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    producer *p = stream->private_data;
    open_schema(out, "+s", "", p->count);
    for (int i = 0; i < p->count; i++) {
        struct ArrowSchema *one = out->children[i] = room(1, sizeof *one);
        open_schema(one, p->keys[i] ? "i" : "g", p->names[i], 0);
        if (!p->keys[i])
            continue;
        one->dictionary = room(1, sizeof *one->dictionary);
        *one->dictionary = (struct ArrowSchema){.format = "u", .name = "", .release = release_text};
    }
    return 0;
}

/* ---- arrays ---- */

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
        free(array->children[i]);
    }
    if (array->dictionary) {
        array->dictionary->release(array->dictionary);
        free(array->dictionary);
    }
    for (int64_t i = 0; i < array->n_buffers; i++)
        free((void *)(uintptr_t)array->buffers[i]);
    free(array->buffers);
    free(array->children);
    if (array->private_data)
        drop(array->private_data);
    array->release = NULL;
}

static void open_array(struct ArrowArray *out, int64_t rows, int buffers)
{
    *out = (struct ArrowArray){.length = rows, .null_count = -1, .n_buffers = buffers};
    out->buffers = room((size_t)buffers, sizeof *out->buffers);
    out->release = release_array;
}

static struct ArrowArray *texts_of(SEXP levels)
{
    struct ArrowArray *out = room(1, sizeof *out);
    size_t count = (size_t)XLENGTH(levels), bytes = 0;
    int32_t *ends = room(count + 1, sizeof *ends);
    for (size_t i = 0; i < count; i++)
        bytes += strlen(CHAR(STRING_ELT(levels, (R_xlen_t)i)));
    char *text = room(bytes, 1);
    for (size_t i = 0; i < count; i++) {
        const char *one = CHAR(STRING_ELT(levels, (R_xlen_t)i));
        memcpy(text + ends[i], one, strlen(one));
        ends[i + 1] = ends[i] + (int32_t)strlen(one);
    }
    open_array(out, (int64_t)count, 3);
    out->null_count = 0;
    out->buffers[1] = ends;
    out->buffers[2] = text;
    return out;
}

/* Each array has rows before its first one, so that readers have to mind offsets. */
static struct ArrowArray *column_of(const producer *p, int i, int64_t rows)
{
    struct ArrowArray *out = room(1, sizeof *out);
    size_t all = (size_t)rows + BEFORE, width = p->keys[i] ? sizeof(int32_t) : sizeof(double);
    uint8_t *valid = room(all / 8 + 1, 1);
    char *data = room(all, width);
    for (int64_t row = 0; row < rows; row++) {
        int64_t at = p->at + row, to = row + BEFORE;
        int there = p->keys[i] ? p->keys[i][at] > 0 : !ISNAN(p->numbers[i][at]);
        int32_t key = there && p->keys[i] ? p->keys[i][at] - 1 : 0;
        valid[to / 8] |= (uint8_t)(there << to % 8);
        memcpy(data + (size_t)to * width,
               p->keys[i] ? (const void *)&key : (const void *)&p->numbers[i][at], width);
    }
    open_array(out, rows, 2);
    out->offset = BEFORE;
    out->buffers[0] = valid;
    out->buffers[1] = data;
    if (p->keys[i])
        out->dictionary = texts_of(p->levels[i]);
    return out;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    producer *p = stream->private_data;
    int64_t left = p->rows - p->at, rows = left < p->slice ? left : p->slice;
    memset(out, 0, sizeof *out);
    if (p->at >= p->fails_at)
        return EIO;
    if (rows == 0)
        return 0;
    open_array(out, rows, 1);
    out->n_children = p->count;
    out->children = room((size_t)p->count, sizeof *out->children);
    for (int i = 0; i < p->count; i++)
        out->children[i] = column_of(p, i, rows);
    out->private_data = p;
    p->references++;
    p->at += rows;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "the producer gave up";
}

static void release_stream(struct ArrowArrayStream *stream)
{
    drop(stream->private_data);
    stream->release = NULL;
}

/* ---- for R ---- */

static void finalize(SEXP handle)
{
    struct ArrowArrayStream *stream = R_ExternalPtrAddr(handle);
    if (stream && stream->release)
        stream->release(stream);
    free(stream);
    R_ClearExternalPtr(handle);
}

static void take_column(producer *p, int i, SEXP values)
{
    if (TYPEOF(values) == REALSXP) {
        p->numbers[i] = room((size_t)p->rows, sizeof(double));
        memcpy(p->numbers[i], REAL(values), (size_t)p->rows * sizeof(double));
        return;
    }
    p->keys[i] = room((size_t)p->rows, sizeof(int32_t));
    memcpy(p->keys[i], INTEGER(values), (size_t)p->rows * sizeof(int32_t));
    p->levels[i] = Rf_getAttrib(values, R_LevelsSymbol);
    R_PreserveObject(p->levels[i]);
}

/* A stream of doubles and factors, `slice` rows at a time, that fails at row `fails_at`. */
SEXP peer_stream(SEXP columns, SEXP slice, SEXP fails_at)
{
    producer *p = room(1, sizeof *p);
    struct ArrowArrayStream *stream = room(1, sizeof *stream);
    SEXP names = Rf_getAttrib(columns, R_NamesSymbol);
    p->count = (int)XLENGTH(columns);
    p->rows = XLENGTH(VECTOR_ELT(columns, 0));
    p->slice = (int64_t)Rf_asReal(slice);
    p->fails_at = ISNAN(Rf_asReal(fails_at)) ? INT64_MAX : (int64_t)Rf_asReal(fails_at);
    p->references = 1;
    p->names = room((size_t)p->count, sizeof *p->names);
    p->keys = room((size_t)p->count, sizeof *p->keys);
    p->numbers = room((size_t)p->count, sizeof *p->numbers);
    p->levels = room((size_t)p->count, sizeof *p->levels);
    for (int i = 0; i < p->count; i++) {
        p->names[i] = strdup(CHAR(STRING_ELT(names, i)));
        take_column(p, i, VECTOR_ELT(columns, i));
    }
    *stream = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, p};
    SEXP handle = PROTECT(R_MakeExternalPtr(stream, R_NilValue, R_NilValue));
    R_RegisterCFinalizerEx(handle, finalize, TRUE);
    SEXP name = PROTECT(Rf_mkString("nanoarrow_array_stream"));
    Rf_setAttrib(handle, R_ClassSymbol, name);
    UNPROTECT(2);
    return handle;
}

static SEXP cell_of(const struct ArrowArray *column, int64_t row)
{
    const uint8_t *valid = column->buffers[0];
    int64_t at = column->offset + row;
    if (valid && !(valid[at / 8] >> (at % 8) & 1))
        return Rf_ScalarLogical(NA_LOGICAL);
    if (!column->dictionary)
        return Rf_ScalarReal(((const double *)column->buffers[1])[at]);
    const int32_t *ends = column->dictionary->buffers[1];
    const char *text = column->dictionary->buffers[2];
    int key = ((const int8_t *)column->buffers[1])[at];
    return Rf_ScalarString(Rf_mkCharLen(text + ends[key], ends[key + 1] - ends[key]));
}

static SEXP slice_of(const struct ArrowArray *array)
{
    SEXP out = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)array->n_children));
    for (int64_t i = 0; i < array->n_children; i++) {
        SEXP cells = Rf_allocVector(VECSXP, (R_xlen_t)array->length);
        SET_VECTOR_ELT(out, (R_xlen_t)i, cells);
        for (int64_t row = 0; row < array->length; row++)
            SET_VECTOR_ELT(cells, (R_xlen_t)row, cell_of(array->children[i], row));
    }
    UNPROTECT(1);
    return out;
}

/* The next slice as lists of cells: NULL at the end, a text when the stream failed. */
SEXP peer_next(SEXP handle)
{
    struct ArrowArrayStream *stream = R_ExternalPtrAddr(handle);
    struct ArrowArray array;
    if (!stream || !stream->release)
        return Rf_mkString("released");
    if (stream->get_next(stream, &array)) {
        const char *why = stream->get_last_error(stream);
        return Rf_mkString(why ? why : "no reason");
    }
    if (!array.release)
        return R_NilValue;
    SEXP out = PROTECT(slice_of(&array));
    array.release(&array);
    UNPROTECT(1);
    return out;
}

/* Names of the columns of a stream. */
SEXP peer_names(SEXP handle)
{
    struct ArrowArrayStream *stream = R_ExternalPtrAddr(handle);
    struct ArrowSchema schema;
    if (!stream || !stream->release || stream->get_schema(stream, &schema))
        return R_NilValue;
    SEXP out = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)schema.n_children));
    for (int64_t i = 0; i < schema.n_children; i++)
        SET_STRING_ELT(out, (R_xlen_t)i, Rf_mkChar(schema.children[i]->name));
    schema.release(&schema);
    UNPROTECT(1);
    return out;
}
