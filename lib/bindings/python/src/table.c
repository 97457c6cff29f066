/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: taken from capsules, and given as capsules or as buffers. */
#include <stdlib.h>
#include <string.h>

#include "core.h"

PyObject *core_table_new(core_state *state, core_shared_schema *schema,
                         core_shared_array *const *chunks, Py_ssize_t count)
{
    core_table *self = PyObject_New(core_table, state->table);
    core_shared_array **own = malloc(((size_t)count + 1) * sizeof(core_shared_array *));
    if (self && own) {
        if (count)
            memcpy(own, chunks, (size_t)count * sizeof(core_shared_array *));
        self->schema = schema;
        self->count = count;
        self->chunks = own;
        return (PyObject *)self;
    }
    for (Py_ssize_t i = 0; i < count; i++)
        core_array_unref(chunks[i]);
    core_schema_unref(schema);
    free(own);
    if (self)
        core_free((PyObject *)self);
    return PyErr_NoMemory();
}

static void dealloc(PyObject *object)
{
    core_table *self = (core_table *)object;
    for (Py_ssize_t i = 0; i < self->count; i++)
        core_array_unref(self->chunks[i]);
    core_schema_unref(self->schema);
    free(self->chunks);
    core_free(object);
}

/* ---- from streams ---- */

typedef struct {
    core_shared_array **chunks;
    Py_ssize_t count, room;
} chunk_list;

static int add_chunk(chunk_list *list, struct ArrowArray *array)
{
    core_shared_array *shared = core_share_array(array);
    if (shared && list->count == list->room) {
        list->room = list->room * 2 + 4;
        core_shared_array **more =
            realloc(list->chunks, (size_t)list->room * sizeof(core_shared_array *));
        if (!more) {
            core_array_unref(shared);
            return 0;
        }
        list->chunks = more;
    }
    if (shared)
        list->chunks[list->count++] = shared;
    return shared != NULL;
}

static void free_chunks(chunk_list *list)
{
    for (Py_ssize_t i = 0; i < list->count; i++)
        core_array_unref(list->chunks[i]);
    free(list->chunks);
}

static PyObject *source_failed(struct ArrowArrayStream *stream, const char *what)
{
    const char *message = stream->get_last_error ? stream->get_last_error(stream) : NULL;
    if (!PyErr_Occurred())
        PyErr_Format(PyExc_OSError, "%s cannot be read: %s", what,
                     message ? message : "no reason was given");
    return NULL;
}

static core_shared_schema *read_schema(struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema = {0};
    int error;
    Py_BEGIN_ALLOW_THREADS error = stream->get_schema(stream, &schema);
    Py_END_ALLOW_THREADS if (error || !schema.release)
    {
        source_failed(stream, "the schema");
        return NULL;
    }
    core_shared_schema *shared = core_share_schema(&schema);
    if (!shared)
        PyErr_NoMemory();
    return shared;
}

/* False and an exception when the stream fails. */
static int read_chunks(struct ArrowArrayStream *stream, chunk_list *list)
{
    for (;;) {
        struct ArrowArray array = {0};
        int error;
        Py_BEGIN_ALLOW_THREADS error = stream->get_next(stream, &array);
        Py_END_ALLOW_THREADS if (error)
        {
            if (array.release)
                array.release(&array);
            source_failed(stream, "the rows");
            return 0;
        }
        if (!array.release)
            return 1;
        if (!add_chunk(list, &array)) {
            PyErr_NoMemory();
            return 0;
        }
        if (PyErr_CheckSignals())
            return 0;
    }
}

/* A callback may run Python code, which must not find an exception set. */
static void release_after(struct ArrowArrayStream *stream, chunk_list *list,
                          core_shared_schema *schema)
{
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    if (list)
        free_chunks(list);
    core_schema_unref(schema);
    stream->release(stream);
    PyErr_Restore(type, value, trace);
}

PyObject *core_table_of_stream(PyObject *module, PyObject *capsule)
{
    struct ArrowArrayStream *stream = core_stream_of_capsule(capsule);
    core_shared_schema *schema = stream ? read_schema(stream) : NULL;
    chunk_list list = {0};
    PyObject *table = NULL;
    if (!stream)
        return NULL;
    if (!schema || !read_chunks(stream, &list)) {
        release_after(stream, &list, schema);
        return NULL;
    }
    table = core_table_new(core_state_of_module(module), schema, list.chunks, list.count);
    free(list.chunks);
    release_after(stream, NULL, NULL);
    return table;
}

PyObject *core_table_of_array(PyObject *module, PyObject *args)
{
    PyObject *of_schema, *of_array;
    if (!PyArg_ParseTuple(args, "OO:table_of_array", &of_schema, &of_array))
        return NULL;
    struct ArrowSchema *schema = PyCapsule_GetPointer(of_schema, "arrow_schema");
    struct ArrowArray *array = schema ? PyCapsule_GetPointer(of_array, "arrow_array") : NULL;
    if (!array)
        return NULL;
    if (!schema->release || !array->release) {
        PyErr_SetString(PyExc_ValueError, "this array was taken before");
        return NULL;
    }
    core_shared_schema *shared = core_share_schema(schema);
    core_shared_array *chunk = shared ? core_share_array(array) : NULL;
    if (!chunk) {
        core_schema_unref(shared);
        return PyErr_NoMemory();
    }
    return core_table_new(core_state_of_module(module), shared, &chunk, 1);
}

/* The schema is that of the first. */
PyObject *core_table_of_tables(PyObject *module, PyObject *args)
{
    core_state *state = core_state_of_module(module);
    PyObject *tables;
    Py_ssize_t count = 0;
    if (!PyArg_ParseTuple(args, "O!:table_of_tables", &PyList_Type, &tables))
        return NULL;
    for (Py_ssize_t i = 0; i < PyList_Size(tables); i++) {
        PyObject *table = PyList_GetItem(tables, i);
        if (Py_TYPE(table) != state->table)
            return PyErr_Format(PyExc_TypeError, "this is no table");
        count += ((core_table *)table)->count;
    }
    if (PyList_Size(tables) < 1)
        return PyErr_Format(PyExc_ValueError, "there is no table");
    core_shared_array **chunks = malloc(((size_t)count + 1) * sizeof(core_shared_array *));
    if (!chunks)
        return PyErr_NoMemory();
    core_shared_array **at = chunks;
    for (Py_ssize_t i = 0; i < PyList_Size(tables); i++) {
        core_table *table = (core_table *)PyList_GetItem(tables, i);
        for (Py_ssize_t c = 0; c < table->count; c++)
            *at++ = core_array_ref(table->chunks[c]);
    }
    core_shared_schema *schema = ((core_table *)PyList_GetItem(tables, 0))->schema;
    PyObject *out = core_table_new(state, core_schema_ref(schema), chunks, count);
    free(chunks);
    return out;
}

/* ---- as capsules ---- */

static PyObject *give_stream(PyObject *object, PyObject *args)
{
    core_table *self = (core_table *)object;
    struct ArrowArrayStream stream;
    PyObject *requested = NULL;
    if (!PyArg_ParseTuple(args, "|O:__arrow_c_stream__", &requested))
        return NULL;
    if (!core_stream_over(self->schema, self->chunks, self->count, &stream))
        return PyErr_NoMemory();
    return core_capsule_of_stream(&stream);
}

static PyObject *give_schema(PyObject *object, PyObject *unused)
{
    (void)unused;
    return core_capsule_of_schema(((core_table *)object)->schema);
}

static PyObject *give_array(PyObject *object, PyObject *unused)
{
    core_table *self = (core_table *)object;
    (void)unused;
    if (self->count != 1)
        return PyErr_Format(PyExc_ValueError, "the table has %zd chunks, not one", self->count);
    PyObject *schema = core_capsule_of_schema(self->schema);
    PyObject *array = schema ? core_capsule_of_array(self->chunks[0]) : NULL;
    if (!array) {
        Py_XDECREF(schema);
        return NULL;
    }
    return Py_BuildValue("(NN)", schema, array);
}

/* ---- as buffers ---- */

typedef struct {
    PyObject ob_base;
    core_shared_array *owner;
    const void *data;
    Py_ssize_t size;
} core_buffer;

static void free_buffer(PyObject *object)
{
    core_array_unref(((core_buffer *)object)->owner);
    core_free(object);
}

static int get_buffer(PyObject *object, Py_buffer *view, int flags)
{
    core_buffer *self = (core_buffer *)object;
    return PyBuffer_FillInfo(view, object, (void *)(uintptr_t)self->data, self->size, 1, flags);
}

static PyObject *new_buffer(core_state *state, core_shared_array *owner, const void *data,
                            Py_ssize_t size)
{
    if (!data)
        Py_RETURN_NONE;
    core_buffer *self = PyObject_New(core_buffer, state->buffer);
    if (self) {
        self->owner = core_array_ref(owner);
        self->data = data;
        self->size = size;
    }
    return (PyObject *)self;
}

static PyObject *texts_of(const struct ArrowArray *array)
{
    const int32_t *ends = array->buffers[1];
    const char *bytes = array->buffers[2];
    PyObject *list = PyList_New((Py_ssize_t)array->length);
    for (int64_t i = 0; list && i < array->length; i++) {
        int64_t at = i + array->offset;
        PyObject *text = PyUnicode_FromStringAndSize(bytes + ends[at], ends[at + 1] - ends[at]);
        if (!text || PyList_SetItem(list, (Py_ssize_t)i, text))
            Py_CLEAR(list);
    }
    return list;
}

/* What the columns of an answer are; NESTED: lists of answers about records. */
enum { NO_ANSWER, NUMBERS, CODES, LISTS, NESTED };

static int form_of(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    const struct ArrowSchema *item = schema->n_children == 1 ? schema->children[0] : NULL;
    if (array->offset)
        return NO_ANSWER;
    if (strcmp(schema->format, "g") == 0 && !schema->dictionary)
        return NUMBERS;
    if (strcmp(schema->format, "c") == 0 && schema->dictionary)
        return CODES;
    if (!item || strcmp(schema->format, "+l") != 0 || array->children[0]->offset)
        return NO_ANSWER;
    return strcmp(item->format, "i") == 0 && item->dictionary ? LISTS : NESTED;
}

static PyObject *column_of(core_state *state, core_shared_array *owner,
                           const struct ArrowSchema *schema, const struct ArrowArray *array);

/* The column of what the lists hold in the place of values. */
static PyObject *nested_of(core_state *state, core_shared_array *owner,
                           const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    Py_ssize_t rows = (Py_ssize_t)array->length;
    const void *nulls = array->null_count == 0 ? NULL : array->buffers[0];
    PyObject *values = column_of(state, owner, schema->children[0], array->children[0]);
    PyObject *valid = values ? new_buffer(state, owner, nulls, (rows + 7) / 8) : NULL;
    PyObject *ends = valid ? new_buffer(state, owner, array->buffers[1], (rows + 1) * 4) : NULL;
    if (ends)
        return Py_BuildValue("(sNNON)", schema->name, values, valid, Py_None, ends);
    Py_XDECREF(values);
    Py_XDECREF(valid);
    return NULL;
}

/* Doubles, or bytes or lists of words with a dictionary of texts. Of lists the values are those of
 * all, and the last buffer says where each ends; of lists of answers they are a column too. */
static PyObject *column_of(core_state *state, core_shared_array *owner,
                           const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    static const Py_ssize_t widths[] = {[NUMBERS] = 8, [CODES] = 1, [LISTS] = 4};
    Py_ssize_t rows = (Py_ssize_t)array->length;
    int form = form_of(schema, array);
    if (form == NO_ANSWER)
        return PyErr_Format(PyExc_TypeError, "this table is no answer");
    if (form == NESTED)
        return nested_of(state, owner, schema, array);
    const struct ArrowArray *from = form == LISTS ? array->children[0] : array;
    const void *nulls = array->null_count == 0 ? NULL : array->buffers[0];
    PyObject *valid = new_buffer(state, owner, nulls, (rows + 7) / 8);
    PyObject *values =
        new_buffer(state, owner, from->buffers[1], (Py_ssize_t)from->length * widths[form]);
    PyObject *ends =
        new_buffer(state, owner, form == LISTS ? array->buffers[1] : NULL, (rows + 1) * 4);
    PyObject *texts = NULL;
    if (form != NUMBERS)
        texts = texts_of(from->dictionary);
    else
        Py_INCREF(texts = Py_None);
    if (valid && values && ends && texts)
        return Py_BuildValue("(sNNNN)", schema->name, values, valid, texts, ends);
    Py_XDECREF(valid);
    Py_XDECREF(values);
    Py_XDECREF(ends);
    Py_XDECREF(texts);
    return NULL;
}

static PyObject *columns(PyObject *object, PyObject *args)
{
    core_table *self = (core_table *)object;
    Py_ssize_t i;
    if (!PyArg_ParseTuple(args, "n:columns", &i))
        return NULL;
    if (i < 0 || i >= self->count)
        return PyErr_Format(PyExc_IndexError, "there is no such chunk");
    const struct ArrowSchema *schema = core_schema_of(self->schema);
    const struct ArrowArray *array = core_array_of(self->chunks[i]);
    PyObject *list = PyList_New(0);
    for (int64_t c = 0; list && c < array->n_children; c++) {
        PyObject *column = column_of(core_state_of(object), self->chunks[i], schema->children[c],
                                     array->children[c]);
        if (!column || PyList_Append(list, column))
            Py_CLEAR(list);
        Py_XDECREF(column);
    }
    return list;
}

static PyObject *lengths(PyObject *object, void *unused)
{
    core_table *self = (core_table *)object;
    (void)unused;
    PyObject *list = PyList_New(self->count);
    for (Py_ssize_t i = 0; list && i < self->count; i++) {
        PyObject *length = PyLong_FromLongLong(core_array_of(self->chunks[i])->length);
        if (!length || PyList_SetItem(list, i, length))
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *names(PyObject *object, void *unused)
{
    const struct ArrowSchema *schema = core_schema_of(((core_table *)object)->schema);
    (void)unused;
    PyObject *list = PyList_New(0);
    for (int64_t i = 0; list && schema->children && i < schema->n_children; i++) {
        const char *name = schema->children[i] ? schema->children[i]->name : NULL;
        PyObject *text = PyUnicode_FromString(name ? name : "");
        if (!text || PyList_Append(list, text))
            Py_CLEAR(list);
        Py_XDECREF(text);
    }
    return list;
}

static PyMethodDef methods[] = {
    {"__arrow_c_stream__", give_stream, METH_VARARGS, "The rows, as an Arrow stream in a capsule."},
    {"array", give_array, METH_NOARGS, "Schema and the only chunk, as capsules."},
    {"__arrow_c_schema__", give_schema, METH_NOARGS, "The schema."},
    {"columns", columns, METH_VARARGS,
     "columns(chunk): name, values, null bits, texts and ends of each column of an answer."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef properties[] = {
    {"lengths", lengths, NULL, "Rows of each chunk.", NULL},
    {"names", names, NULL, "Names of the columns.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyObject *repr(PyObject *object)
{
    core_table *self = (core_table *)object;
    long long rows = 0;
    for (Py_ssize_t i = 0; i < self->count; i++)
        rows += (long long)core_array_of(self->chunks[i])->length;
    return PyUnicode_FromFormat("<bonemets.Table: %lld rows, %lld columns>", rows,
                                (long long)core_schema_of(self->schema)->n_children);
}

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_repr, (void *)repr},
    {Py_tp_methods, methods},
    {Py_tp_getset, properties},
    {0, NULL},
};

PyType_Spec core_table_spec = {
    .name = "bonemets._core.Table",
    .basicsize = sizeof(core_table),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};

static PyType_Slot buffer_slots[] = {
    {Py_tp_dealloc, (void *)free_buffer},
    {Py_bf_getbuffer, (void *)get_buffer},
    {0, NULL},
};

PyType_Spec core_buffer_spec = {
    .name = "bonemets._core.Buffer",
    .basicsize = sizeof(core_buffer),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = buffer_slots,
};
