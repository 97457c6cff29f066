/* SPDX-License-Identifier: Apache-2.0 */
/* Batches. One belongs to one thread at a time; several threads take one each. */
#include <stdlib.h>
#include <string.h>

#include "core.h"

typedef struct {
    PyObject ob_base;
    bonemets_batch *batch;
    int busy;
} core_batch_object;

PyObject *core_batch(PyObject *module, PyObject *args)
{
    core_state *state = core_state_of_module(module);
    core_guidelines *guidelines;
    PyObject *sequence, *keep;
    int32_t n;
    if (!PyArg_ParseTuple(args, "O!O:batch", state->guidelines, &guidelines, &sequence))
        return NULL;
    const char **targets = core_texts(sequence, &n, &keep);
    if (!targets)
        return NULL;
    core_batch_object *self = PyObject_New(core_batch_object, state->batch);
    bonemets_error *err = bonemets_error_new();
    if (self) {
        self->busy = 0;
        bonemets_status status = bonemets_batch_new(guidelines->set, targets, n, &self->batch, err);
        if (status) {
            core_raise(state, status, err, 0);
            Py_CLEAR(self);
        }
    }
    bonemets_error_free(err);
    PyMem_Free(targets);
    Py_DECREF(keep);
    return (PyObject *)self;
}

static void dealloc(PyObject *self)
{
    bonemets_batch_free(((core_batch_object *)self)->batch);
    core_free(self);
}

static bonemets_batch *batch_of(PyObject *self)
{
    if (!((core_batch_object *)self)->busy)
        return ((core_batch_object *)self)->batch;
    PyErr_SetString(PyExc_RuntimeError, "this batch is in use by another thread");
    return NULL;
}

/* Takes over the errors. */
static PyObject *done(PyObject *self, bonemets_status status, bonemets_error *err)
{
    PyObject *out = Py_None;
    if (status)
        out = core_raise(core_state_of(self), status, err, 0);
    else
        Py_INCREF(out);
    bonemets_error_free(err);
    return out;
}

/* Takes over the errors; what was not refused may be worth a warning. */
static PyObject *done_with_entries(PyObject *self, bonemets_status status, bonemets_error *err)
{
    PyObject *out = status ? core_raise(core_state_of(self), status, err, 0) : core_entries(err, 0);
    bonemets_error_free(err);
    return out;
}

/* ---- before the rows ---- */

static PyObject *set_option(PyObject *self, PyObject *args)
{
    int option, on;
    bonemets_batch *batch = batch_of(self);
    if (!batch || !PyArg_ParseTuple(args, "ip:set_option", &option, &on))
        return NULL;
    return done(self, bonemets_batch_set_option(batch, option, on), NULL);
}

static PyObject *set_profile(PyObject *self, PyObject *args)
{
    const char *profile;
    bonemets_batch *batch = batch_of(self);
    if (!batch || !PyArg_ParseTuple(args, "s:set_profile", &profile))
        return NULL;
    bonemets_error *err = bonemets_error_new();
    return done(self, bonemets_batch_set_profile(batch, profile, err), err);
}

static PyObject *map(PyObject *self, PyObject *args)
{
    const char *column, *fact, *unit;
    bonemets_batch *batch = batch_of(self);
    if (!batch || !PyArg_ParseTuple(args, "szz:map", &column, &fact, &unit))
        return NULL;
    bonemets_error *err = bonemets_error_new();
    return done(self, bonemets_batch_map(batch, column, fact, unit, err), err);
}

static PyObject *keep(PyObject *self, PyObject *args)
{
    const char *column;
    bonemets_batch *batch = batch_of(self);
    if (!batch || !PyArg_ParseTuple(args, "s:keep", &column))
        return NULL;
    bonemets_error *err = bonemets_error_new();
    return done(self, bonemets_batch_keep(batch, column, err), err);
}

static core_table *table_of(PyObject *self, PyObject *object)
{
    if (Py_TYPE(object) == core_state_of(self)->table)
        return (core_table *)object;
    PyErr_SetString(PyExc_TypeError, "this is no table");
    return NULL;
}

static PyObject *bind(PyObject *self, PyObject *object)
{
    bonemets_batch *batch = batch_of(self);
    core_table *table = batch ? table_of(self, object) : NULL;
    if (!table)
        return NULL;
    bonemets_error *err = bonemets_error_new();
    return done_with_entries(self, bonemets_batch_bind(batch, core_schema_of(table->schema), err),
                             err);
}

/* ---- rows ---- */

/* A part of a chunk: same buffers, other rows. It is lent, so nobody releases it. */
static int part_of(const core_table *table, Py_ssize_t chunk, Py_ssize_t from, Py_ssize_t count,
                   struct ArrowArray *out)
{
    if (chunk < 0 || chunk >= table->count)
        return 0;
    *out = *core_array_of(table->chunks[chunk]);
    if (from == 0 && (int64_t)count == out->length)
        return 1; /* as it is, so that the library judges it */
    if (from < 0 || count < 0 || out->offset < 0 || count > out->length ||
        from > out->length - count || out->offset > INT64_MAX - from)
        return 0;
    out->offset += from;
    out->length = count;
    out->null_count = out->null_count == 0 ? 0 : -1;
    return 1;
}

static PyObject *answer_of(core_state *state, const bonemets_batch *batch, struct ArrowArray *array)
{
    struct ArrowSchema schema;
    bonemets_status status = bonemets_batch_schema(batch, &schema);
    if (status) {
        array->release(array);
        return core_raise(state, status, NULL, 0);
    }
    core_shared_schema *shared = core_share_schema(&schema);
    core_shared_array *chunk = core_share_array(array);
    if (shared && chunk)
        return core_table_new(state, shared, &chunk, 1);
    core_schema_unref(shared);
    core_array_unref(chunk);
    return PyErr_NoMemory();
}

static PyObject *run(PyObject *self, PyObject *args)
{
    PyObject *object;
    Py_ssize_t chunk, from, count;
    long long before;
    struct ArrowArray part, out = {0};
    bonemets_status status;
    if (!PyArg_ParseTuple(args, "OnnnL:run", &object, &chunk, &from, &count, &before))
        return NULL;
    bonemets_batch *batch = batch_of(self);
    core_table *table = batch ? table_of(self, object) : NULL;
    if (!table)
        return NULL;
    if (!part_of(table, chunk, from, count, &part))
        return PyErr_Format(PyExc_IndexError, "there are no such rows");
    bonemets_error *err = bonemets_error_new();
    ((core_batch_object *)self)->busy = 1;
    Py_BEGIN_ALLOW_THREADS status = bonemets_batch_run(batch, &part, &out, err);
    Py_END_ALLOW_THREADS((core_batch_object *)self)->busy = 0;
    core_state *state = core_state_of(self);
    PyObject *answer =
        status ? core_raise(state, status, err, before) : answer_of(state, batch, &out);
    PyObject *told = answer ? core_entries(err, before) : NULL;
    bonemets_error_free(err);
    if (told)
        return Py_BuildValue("(NN)", answer, told);
    Py_XDECREF(answer);
    return NULL;
}

/* Rows are evaluated as the stream that is given back is read. */
static PyObject *stream(PyObject *self, PyObject *capsule)
{
    bonemets_batch *batch = batch_of(self);
    struct ArrowArrayStream *in = batch ? core_stream_of_capsule(capsule) : NULL, out;
    bonemets_status status;
    if (!in)
        return NULL;
    bonemets_error *err = bonemets_error_new();
    ((core_batch_object *)self)->busy = 1;
    Py_BEGIN_ALLOW_THREADS status = bonemets_batch_stream(batch, in, &out, err);
    Py_END_ALLOW_THREADS PyObject *answer = NULL;
    if (status)
        core_raise(core_state_of(self), status, err, 0);
    else
        answer = core_stream_new(core_state_of(self), &out);
    PyObject *told = answer ? core_entries(err, 0) : NULL;
    PyObject *both = told ? PyTuple_Pack(2, answer, told) : NULL;
    Py_XDECREF(answer);
    Py_XDECREF(told);
    bonemets_error_free(err);
    ((core_batch_object *)self)->busy = both != NULL; /* from now on it is the stream's */
    return both;
}

/* ---- after the rows ---- */

static PyObject *counts(PyObject *self, PyObject *unused)
{
    bonemets_batch *batch = batch_of(self);
    (void)unused;
    if (!batch)
        return NULL;
    return Py_BuildValue("(LLL)", (long long)bonemets_batch_int(batch, BONEMETS_BATCH_ROWS),
                         (long long)bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR),
                         (long long)bonemets_batch_int(batch, BONEMETS_BATCH_BAD_CELLS));
}

static int add_reasons(const bonemets_batch *batch, int32_t column, PyObject *reasons)
{
    for (bonemets_status status = BONEMETS_E_OTHER; status <= BONEMETS_E_SPACE; status++) {
        int64_t bad = bonemets_batch_column_bad(batch, column, status);
        PyObject *item = bad > 0 ? Py_BuildValue("(iL)", (int)status, (long long)bad) : NULL;
        if (bad > 0 && (!item || PyList_Append(reasons, item))) {
            Py_XDECREF(item);
            return 0;
        }
        Py_XDECREF(item);
    }
    return 1;
}

static PyObject *column_of(const bonemets_batch *batch, int32_t i)
{
    PyObject *reasons = PyList_New(0);
    if (!reasons || !add_reasons(batch, i, reasons)) {
        Py_XDECREF(reasons);
        return NULL;
    }
    return Py_BuildValue("(zzzN)", bonemets_batch_column_str(batch, i, BONEMETS_F_LABEL),
                         bonemets_batch_column_str(batch, i, BONEMETS_F_ID),
                         bonemets_batch_column_str(batch, i, BONEMETS_F_UNIT), reasons);
}

static PyObject *columns(PyObject *self, PyObject *unused)
{
    bonemets_batch *batch = batch_of(self);
    (void)unused;
    PyObject *list = batch ? PyList_New(0) : NULL;
    for (int32_t i = 0; list && i < bonemets_batch_column_count(batch); i++) {
        PyObject *column = column_of(batch, i);
        if (!column || PyList_Append(list, column))
            Py_CLEAR(list);
        Py_XDECREF(column);
    }
    return list;
}

static PyObject *empty(PyObject *self, PyObject *unused)
{
    bonemets_batch *batch = batch_of(self);
    struct ArrowSchema schema;
    (void)unused;
    if (!batch)
        return NULL;
    bonemets_status status = bonemets_batch_schema(batch, &schema);
    if (status)
        return core_raise(core_state_of(self), status, NULL, 0);
    core_shared_schema *shared = core_share_schema(&schema);
    return shared ? core_table_new(core_state_of(self), shared, NULL, 0) : PyErr_NoMemory();
}

static PyMethodDef methods[] = {
    {"set_option", set_option, METH_VARARGS, "set_option(option, on)"},
    {"set_profile", set_profile, METH_VARARGS, "set_profile(name)"},
    {"map", map, METH_VARARGS, "map(column, fact, unit)"},
    {"keep", keep, METH_VARARGS, "keep(column)"},
    {"bind", bind, METH_O, "Takes the columns of a table; what is worth a warning."},
    {"run", run, METH_VARARGS,
     "run(table, chunk, from, count, rows before): a table of answers, and what was refused."},
    {"empty", empty, METH_NOARGS, "A table of answers without a chunk."},
    {"stream", stream, METH_O,
     "A stream of answers over a capsule `arrow_array_stream`, and what is worth a warning."},
    {"counts", counts, METH_NOARGS, "Rows, rows by columns and bad cells since bind()."},
    {"columns", columns, METH_NOARGS, "Name, fact, unit and bad cells by status of each column."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

PyType_Spec core_batch_spec = {
    .name = "bonemets._core.Batch",
    .basicsize = sizeof(core_batch_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};
