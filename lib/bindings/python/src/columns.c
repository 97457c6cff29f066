/* SPDX-License-Identifier: Apache-2.0 */
/* Arrow columns over buffers of Python objects, for frames that have no Arrow of their own. */
#include <stdlib.h>
#include <string.h>

#include "core.h"

enum { MOST_BUFFERS = 3 };

/* A column as it was given. */
typedef struct {
    const char *name, *format;
    PyObject *buffers, *dictionary;
    Py_ssize_t rows, nulls;
} given;

/* ---- arrays ---- */

typedef struct {
    Py_buffer views[MOST_BUFFERS];
    const void *buffers[MOST_BUFFERS];
    int held[MOST_BUFFERS];
    struct ArrowArray dictionary;
    struct ArrowArray records, *child; /* of lists */
} column_array;

/* PyGILState is of the main interpreter; module.c refuses all others. An interpreter that ends takes
 * no more calls, and what it had lent goes with the process. */
static void release_views(column_array *own)
{
    if (!Py_IsInitialized())
        return;
    PyGILState_STATE gil = PyGILState_Ensure();
    for (int i = 0; i < MOST_BUFFERS; i++)
        if (own->held[i])
            PyBuffer_Release(&own->views[i]);
    PyGILState_Release(gil);
}

/* May be called by any thread, and late. */
static void release_column(struct ArrowArray *array)
{
    column_array *own = array->private_data;
    release_views(own);
    if (own->dictionary.release)
        own->dictionary.release(&own->dictionary);
    if (own->records.release)
        own->records.release(&own->records);
    free(own);
    array->release = NULL;
}

/* Bytes that a buffer must have; -1: there is no such format. */
static Py_ssize_t least(const char *format, int buffer, Py_ssize_t rows)
{
    static const struct {
        char format;
        int bits, ends;
    } formats[] = {{'b', 1, 0},  {'c', 8, 0},  {'C', 8, 0},  {'s', 16, 0}, {'S', 16, 0},
                   {'i', 32, 0}, {'I', 32, 0}, {'l', 64, 0}, {'L', 64, 0}, {'f', 32, 0},
                   {'g', 64, 0}, {'u', 32, 1}, {'U', 64, 1}};
    if (buffer == 0)
        return (rows + 7) / 8;
    if (strcmp(format, "+l") == 0)
        return (rows + 1) * 4;
    for (size_t i = 0; i < sizeof formats / sizeof *formats && format[1] == '\0'; i++)
        if (formats[i].format == format[0])
            return buffer == 1 ? ((rows + formats[i].ends) * formats[i].bits + 7) / 8
                               : formats[i].ends - 1;
    return -1;
}

/* Where the last text ends. */
static int64_t end_of_texts(const given *g, const void *ends)
{
    if (g->format[0] == 'u')
        return ((const int32_t *)ends)[g->rows];
    return ((const int64_t *)ends)[g->rows];
}

static int is_list(const given *g)
{
    return strcmp(g->format, "+l") == 0;
}

/* Buffers; of lists of records those of the lists: null bits, and where each ends. */
static int hold_buffers(const given *g, column_array *own, int64_t *count)
{
    *count = PyTuple_Check(g->buffers) ? PyTuple_Size(g->buffers) : -1;
    if (*count == 0)
        return strcmp(g->format, "n") == 0;
    if (*count < 2 || *count > MOST_BUFFERS || g->rows < 0 || g->rows > INT64_MAX / 128)
        return 0;
    for (int i = 0; i < *count; i++) {
        PyObject *object = PyTuple_GetItem(g->buffers, i);
        Py_ssize_t size = least(g->format, i, g->rows);
        if (size < 0)
            return 0;
        if (object == Py_None && i == 0)
            continue;
        if (PyObject_GetBuffer(object, &own->views[i], PyBUF_SIMPLE))
            return 0;
        own->held[i] = 1;
        own->buffers[i] = own->views[i].buf;
        if (own->views[i].len < size)
            return 0;
    }
    return *count < 3 || end_of_texts(g, own->buffers[1]) <= own->views[2].len;
}

static int read_given(PyObject *object, int named, given *out)
{
    memset(out, 0, sizeof *out);
    if (!PyTuple_Check(object))
        return 0;
    return named ? PyArg_ParseTuple(object, "ssnnOO", &out->name, &out->format, &out->rows,
                                    &out->nulls, &out->buffers, &out->dictionary)
                 : PyArg_ParseTuple(object, "snnOO", &out->format, &out->rows, &out->nulls,
                                    &out->buffers, &out->dictionary);
}

static int make_array(const given *g, struct ArrowArray *out);
static int start_array(Py_ssize_t count, Py_ssize_t rows, struct ArrowArray *out);
static int fill_arrays(PyObject *list, Py_ssize_t rows, const struct ArrowArray *array);

/* The columns of the records that stand in lists, one behind the other; without any they are nulls,
 * as lists of something else may be that are all empty. */
static int make_records(PyObject *columns, const int32_t *ends, Py_ssize_t rows, column_array *own)
{
    if (!PyList_Check(columns) || ends[rows] < 0 ||
        !start_array(PyList_Size(columns), ends[rows], &own->records))
        return 0;
    own->records.n_buffers = PyList_Size(columns) > 0;
    return fill_arrays(columns, ends[rows], &own->records);
}

static int make_array(const given *g, struct ArrowArray *out)
{
    column_array *own = calloc(1, sizeof *own);
    if (!own)
        return 0;
    *out = (struct ArrowArray){.length = g->rows,
                               .null_count = g->nulls,
                               .buffers = own->buffers,
                               .release = release_column,
                               .private_data = own};
    given inner;
    int fine = hold_buffers(g, own, &out->n_buffers);
    if (fine && is_list(g)) {
        fine = out->n_buffers == 2 && make_records(g->dictionary, own->buffers[1], g->rows, own);
        own->child = &own->records;
        out->children = &own->child;
        out->n_children = 1;
    } else if (fine && g->dictionary != Py_None) {
        out->dictionary = &own->dictionary;
        fine = read_given(g->dictionary, 0, &inner) && make_array(&inner, &own->dictionary);
    }
    if (!fine)
        release_column(out);
    return fine;
}

/* ---- schemas ---- */

typedef struct {
    struct ArrowSchema dictionary;
    struct ArrowSchema records, *child; /* of lists */
    char format[3];
    char name[];
} column_schema;

static void release_column_schema(struct ArrowSchema *schema)
{
    column_schema *own = schema->private_data;
    if (own->dictionary.release)
        own->dictionary.release(&own->dictionary);
    if (own->records.release)
        own->records.release(&own->records);
    free(own);
    schema->release = NULL;
}

static int start_schema(Py_ssize_t count, struct ArrowSchema *out);
static int fill_schemas(PyObject *list, const struct ArrowSchema *schema);

static int make_schema(const given *g, struct ArrowSchema *out)
{
    const char *name = g->name ? g->name : "";
    column_schema *own = calloc(1, sizeof *own + strlen(name) + 1);
    given inner;
    if (!own)
        return 0;
    own->format[0] = g->format[0];
    own->format[1] = is_list(g) ? g->format[1] : '\0';
    memcpy(own->name, name, strlen(name) + 1);
    *out = (struct ArrowSchema){.format = own->format,
                                .name = own->name,
                                .flags = ARROW_FLAG_NULLABLE,
                                .release = release_column_schema,
                                .private_data = own};
    if (g->dictionary == Py_None)
        return 1;
    if (is_list(g)) {
        own->child = &own->records;
        out->children = &own->child;
        out->n_children = 1;
        if (start_schema(PyList_Size(g->dictionary), &own->records)) {
            if (PyList_Size(g->dictionary) == 0)
                own->records.format = "n";
            if (fill_schemas(g->dictionary, &own->records))
                return 1;
        }
    } else {
        out->dictionary = &own->dictionary;
        if (read_given(g->dictionary, 0, &inner) && make_schema(&inner, &own->dictionary))
            return 1;
    }
    release_column_schema(out);
    return 0;
}

/* ---- tables ---- */

typedef struct {
    const void *buffers[1];
    struct ArrowArray **pointers, *columns;
} rows_array;

static void release_rows(struct ArrowArray *array)
{
    rows_array *own = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        if (own->columns[i].release)
            own->columns[i].release(&own->columns[i]);
    free(own->pointers);
    free(own->columns);
    free(own);
    array->release = NULL;
}

typedef struct {
    struct ArrowSchema **pointers, *columns;
} rows_schema;

static void release_rows_schema(struct ArrowSchema *schema)
{
    rows_schema *own = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (own->columns[i].release)
            own->columns[i].release(&own->columns[i]);
    free(own->pointers);
    free(own->columns);
    free(own);
    schema->release = NULL;
}

/* Empty columns; false when there is no memory. */
static int start_array(Py_ssize_t count, Py_ssize_t rows, struct ArrowArray *out)
{
    rows_array *own = calloc(1, sizeof *own);
    struct ArrowArray **pointers = calloc((size_t)count + 1, sizeof(struct ArrowArray *));
    struct ArrowArray *columns = calloc((size_t)count + 1, sizeof *columns);
    if (!own || !pointers || !columns) {
        free(own);
        free(pointers);
        free(columns);
        return 0;
    }
    own->pointers = pointers;
    own->columns = columns;
    for (Py_ssize_t i = 0; i < count; i++)
        pointers[i] = &columns[i];
    *out = (struct ArrowArray){.length = rows,
                               .n_buffers = 1,
                               .n_children = count,
                               .buffers = own->buffers,
                               .children = pointers,
                               .release = release_rows,
                               .private_data = own};
    return 1;
}

static int start_schema(Py_ssize_t count, struct ArrowSchema *out)
{
    rows_schema *own = calloc(1, sizeof *own);
    struct ArrowSchema **pointers = calloc((size_t)count + 1, sizeof(struct ArrowSchema *));
    struct ArrowSchema *columns = calloc((size_t)count + 1, sizeof *columns);
    if (!own || !pointers || !columns) {
        free(own);
        free(pointers);
        free(columns);
        return 0;
    }
    own->pointers = pointers;
    own->columns = columns;
    for (Py_ssize_t i = 0; i < count; i++)
        pointers[i] = &columns[i];
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = count,
                                .children = pointers,
                                .release = release_rows_schema,
                                .private_data = own};
    return 1;
}

static int fill_arrays(PyObject *list, Py_ssize_t rows, const struct ArrowArray *array)
{
    for (Py_ssize_t i = 0; i < array->n_children; i++) {
        given g;
        if (!read_given(PyList_GetItem(list, i), 1, &g) || g.rows != rows ||
            !make_array(&g, array->children[i]))
            return 0;
    }
    return 1;
}

/* Of columns of which arrays were made. */
static int fill_schemas(PyObject *list, const struct ArrowSchema *schema)
{
    for (Py_ssize_t i = 0; i < schema->n_children; i++) {
        given g;
        if (!read_given(PyList_GetItem(list, i), 1, &g) || !make_schema(&g, schema->children[i]))
            return 0;
    }
    return 1;
}

PyObject *core_table_of_columns(PyObject *module, PyObject *args)
{
    PyObject *list;
    Py_ssize_t rows;
    struct ArrowSchema schema = {0};
    struct ArrowArray array = {0};
    if (!PyArg_ParseTuple(args, "O!n:table_of_columns", &PyList_Type, &list, &rows))
        return NULL;
    int fine = start_schema(PyList_Size(list), &schema) &&
               start_array(PyList_Size(list), rows, &array) && fill_arrays(list, rows, &array) &&
               fill_schemas(list, &schema);
    if (!fine) {
        if (schema.release)
            schema.release(&schema);
        if (array.release)
            array.release(&array);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "this is no column");
    }
    core_shared_schema *shared = core_share_schema(&schema);
    core_shared_array *chunk = core_share_array(&array);
    if (shared && chunk)
        return core_table_new(core_state_of_module(module), shared, &chunk, 1);
    core_schema_unref(shared);
    core_array_unref(chunk);
    return PyErr_NoMemory();
}
