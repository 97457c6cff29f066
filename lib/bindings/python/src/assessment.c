/* SPDX-License-Identifier: Apache-2.0 */
/* Answers, which are read as text: JSON for programs. */
#include "core.h"

typedef struct {
    PyObject ob_base;
    bonemets_assessment *answer;
} core_assessment_object;

PyObject *core_assessment_new(core_state *state, bonemets_assessment *answer)
{
    core_assessment_object *self = PyObject_New(core_assessment_object, state->assessment);
    if (self)
        self->answer = answer;
    else
        bonemets_assessment_unref(answer);
    return (PyObject *)self;
}

static void dealloc(PyObject *self)
{
    bonemets_assessment_unref(((core_assessment_object *)self)->answer);
    core_free(self);
}

static const bonemets_assessment *answer_of(PyObject *self)
{
    return ((core_assessment_object *)self)->answer;
}

static bonemets_status write_answer(const void *of, const char *id, int32_t format, char *buf,
                                    size_t size, size_t *needed)
{
    (void)id;
    return bonemets_assessment_write(of, format, buf, size, needed);
}

static bonemets_status write_outlook(const void *of, const char *id, int32_t format, char *buf,
                                     size_t size, size_t *needed)
{
    (void)id;
    return bonemets_outlook_write(of, format, buf, size, needed);
}

static PyObject *write_as(PyObject *self, PyObject *args)
{
    int format;
    if (!PyArg_ParseTuple(args, "i:write", &format))
        return NULL;
    return core_write(core_state_of(self), write_answer, answer_of(self), NULL, format);
}

static PyObject *find(PyObject *self, PyObject *args)
{
    int list, record;
    const char *id;
    if (!PyArg_ParseTuple(args, "isi:find", &list, &id, &record))
        return NULL;
    return PyLong_FromLong(bonemets_assessment_find(answer_of(self), list, id, record));
}

/* Takes the outlook over. */
static PyObject *written(PyObject *self, bonemets_status status, bonemets_outlook *outlook,
                         bonemets_error *err, int format)
{
    core_state *state = core_state_of(self);
    PyObject *out = status ? core_raise(state, status, err, 0)
                           : core_write(state, write_outlook, outlook, NULL, format);
    bonemets_outlook_free(outlook);
    bonemets_error_free(err);
    return out;
}

static PyObject *what_if(PyObject *self, PyObject *args)
{
    int list, i, format;
    bonemets_outlook *outlook;
    bonemets_status status;
    if (!PyArg_ParseTuple(args, "iii:what_if", &list, &i, &format))
        return NULL;
    bonemets_error *err = bonemets_error_new();
    Py_BEGIN_ALLOW_THREADS status = bonemets_what_if(answer_of(self), list, i, &outlook, err);
    Py_END_ALLOW_THREADS return written(self, status, outlook, err, format);
}

static PyObject *next_questions(PyObject *self, PyObject *args)
{
    int most, format;
    bonemets_outlook *outlook;
    bonemets_status status;
    if (!PyArg_ParseTuple(args, "ii:next_questions", &most, &format))
        return NULL;
    bonemets_error *err = bonemets_error_new();
    Py_BEGIN_ALLOW_THREADS status = bonemets_next_questions(answer_of(self), most, &outlook, err);
    Py_END_ALLOW_THREADS return written(self, status, outlook, err, format);
}

static PyMethodDef methods[] = {
    {"write", write_as, METH_VARARGS, "write(format)"},
    {"find", find, METH_VARARGS, "find(list, id, record): its place, or -1."},
    {"what_if", what_if, METH_VARARGS, "what_if(list, place, format)"},
    {"next_questions", next_questions, METH_VARARGS, "next_questions(most, format)"},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

PyType_Spec core_assessment_spec = {
    .name = "bonemets._core.Assessment",
    .basicsize = sizeof(core_assessment_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};
