/* SPDX-License-Identifier: Apache-2.0 */
/* The Arrow structs in capsules, as the Arrow PyCapsule interface has them, and streams over chunks. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"

static const char schema_name[] = "arrow_schema", array_name[] = "arrow_array",
                  stream_name[] = "arrow_array_stream";

/* ---- capsules: what is still there when one goes is released ---- */

static void free_schema(PyObject *capsule)
{
    struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, schema_name);
    if (schema->release)
        schema->release(schema);
    free(schema);
}

static void free_array(PyObject *capsule)
{
    struct ArrowArray *array = PyCapsule_GetPointer(capsule, array_name);
    if (array->release)
        array->release(array);
    free(array);
}

static void free_stream(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, stream_name);
    if (stream->release)
        stream->release(stream);
    free(stream);
}

PyObject *core_capsule_of_schema(core_shared_schema *schema)
{
    struct ArrowSchema *out = calloc(1, sizeof *out);
    if (!out || !core_schema_view(schema, out)) {
        free(out);
        return PyErr_NoMemory();
    }
    PyObject *capsule = PyCapsule_New(out, schema_name, free_schema);
    if (!capsule) {
        out->release(out);
        free(out);
    }
    return capsule;
}

PyObject *core_capsule_of_array(core_shared_array *array)
{
    struct ArrowArray *out = calloc(1, sizeof *out);
    if (!out || !core_array_view(array, out)) {
        free(out);
        return PyErr_NoMemory();
    }
    PyObject *capsule = PyCapsule_New(out, array_name, free_array);
    if (!capsule) {
        out->release(out);
        free(out);
    }
    return capsule;
}

PyObject *core_capsule_of_stream(struct ArrowArrayStream *stream)
{
    struct ArrowArrayStream *out = malloc(sizeof *out);
    PyObject *capsule = NULL;
    if (out) {
        *out = *stream;
        capsule = PyCapsule_New(out, stream_name, free_stream);
    } else {
        PyErr_NoMemory();
    }
    if (!capsule) {
        stream->release(stream);
        free(out);
    }
    return capsule;
}

struct ArrowArrayStream *core_stream_of_capsule(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, stream_name);
    if (stream && (!stream->release || !stream->get_schema || !stream->get_next)) {
        PyErr_SetString(PyExc_ValueError, "this stream was read before");
        return NULL;
    }
    return stream;
}

/* ---- streams over chunks ---- */

typedef struct {
    core_shared_schema *schema;
    const char *message;
    Py_ssize_t count, next;
    core_shared_array *chunks[];
} chunk_stream;

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    chunk_stream *s = self->private_data;
    memset(out, 0, sizeof *out);
    s->message = core_schema_view(s->schema, out) ? NULL : "out of memory";
    return s->message ? ENOMEM : 0;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    chunk_stream *s = self->private_data;
    memset(out, 0, sizeof *out);
    s->message = NULL;
    if (s->next == s->count)
        return 0;
    if (!core_array_view(s->chunks[s->next], out)) {
        s->message = "out of memory";
        return ENOMEM;
    }
    s->next++;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    return ((chunk_stream *)self->private_data)->message;
}

static void release(struct ArrowArrayStream *self)
{
    chunk_stream *s = self->private_data;
    for (Py_ssize_t i = 0; i < s->count; i++)
        core_array_unref(s->chunks[i]);
    core_schema_unref(s->schema);
    free(s);
    self->release = NULL;
}

int core_stream_over(core_shared_schema *schema, core_shared_array *const *chunks, Py_ssize_t count,
                     struct ArrowArrayStream *out)
{
    chunk_stream *s = calloc(1, sizeof *s + (size_t)count * sizeof(core_shared_array *));
    if (!s)
        return 0;
    s->schema = core_schema_ref(schema);
    s->count = count;
    for (Py_ssize_t i = 0; i < count; i++)
        s->chunks[i] = core_array_ref(chunks[i]);
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release,
                                     .private_data = s};
    return 1;
}

/* ---- a stream that is read while rows are evaluated; it can be read once ---- */

typedef struct {
    PyObject ob_base;
    struct ArrowArrayStream stream;
} core_stream;

PyObject *core_stream_new(core_state *state, struct ArrowArrayStream *stream)
{
    core_stream *self = PyObject_New(core_stream, state->stream);
    if (self)
        self->stream = *stream;
    else
        stream->release(stream);
    return (PyObject *)self;
}

static void dealloc(PyObject *object)
{
    core_stream *self = (core_stream *)object;
    if (self->stream.release)
        self->stream.release(&self->stream);
    core_free(object);
}

static PyObject *give_stream(PyObject *object, PyObject *args)
{
    core_stream *self = (core_stream *)object;
    PyObject *requested = NULL;
    if (!PyArg_ParseTuple(args, "|O:__arrow_c_stream__", &requested))
        return NULL;
    if (!self->stream.release) {
        PyErr_SetString(PyExc_ValueError, "this stream was read before");
        return NULL;
    }
    struct ArrowArrayStream moved = self->stream;
    self->stream.release = NULL;
    return core_capsule_of_stream(&moved);
}

static PyMethodDef methods[] = {
    {"__arrow_c_stream__", give_stream, METH_VARARGS, "The stream, once."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

PyType_Spec core_stream_spec = {
    .name = "bonemets._core.Stream",
    .basicsize = sizeof(core_stream),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};
