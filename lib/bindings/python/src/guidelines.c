/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of guidelines: loading, and what they say. */
#include "core.h"

typedef struct {
    PyObject *paths; /* a tuple of bytes, or None */
    const char *only;
    int restricted, unverified;
} wanted;

static bonemets_status add_paths(bonemets_loader *loader, PyObject *paths, bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    for (Py_ssize_t i = 0; i < PyTuple_Size(paths) && status == BONEMETS_OK; i++) {
        const char *path = PyBytes_AsString(PyTuple_GetItem(paths, i));
        Py_BEGIN_ALLOW_THREADS status =
            path ? bonemets_loader_add_path(loader, path, err) : BONEMETS_E_ARGUMENT;
        Py_END_ALLOW_THREADS
    }
    return status;
}

static bonemets_status build(const wanted *w, bonemets_guidelines **out, bonemets_error *err)
{
    bonemets_loader *loader;
    bonemets_status status = bonemets_loader_new(NULL, NULL, &loader);
    if (status)
        return status;
    bonemets_loader_set_option(loader, BONEMETS_OPTION_RESTRICTED, w->restricted);
    bonemets_loader_set_option(loader, BONEMETS_OPTION_UNVERIFIED, w->unverified);
    status = w->paths == Py_None ? bonemets_loader_add_embedded(loader, w->only, err)
                                 : add_paths(loader, w->paths, err);
    if (status == BONEMETS_OK) {
        Py_BEGIN_ALLOW_THREADS status = bonemets_loader_build(loader, out, err);
        Py_END_ALLOW_THREADS
    }
    bonemets_loader_free(loader);
    return status;
}

PyObject *core_load(PyObject *module, PyObject *args)
{
    core_state *state = core_state_of_module(module);
    wanted w;
    if (!PyArg_ParseTuple(args, "Ozpp:load", &w.paths, &w.only, &w.restricted, &w.unverified))
        return NULL;
    if (w.paths != Py_None && !PyTuple_Check(w.paths))
        return PyErr_Format(PyExc_TypeError, "paths are a tuple of bytes");
    bonemets_guidelines *set = NULL;
    bonemets_error *err = bonemets_error_new();
    if (!err)
        return PyErr_NoMemory();
    bonemets_status status = build(&w, &set, err);
    core_guidelines *self = NULL;
    PyObject *warnings = status || PyErr_Occurred() ? NULL : core_entries(err, 0);
    if (warnings)
        self = PyObject_New(core_guidelines, state->guidelines);
    if (self) {
        self->set = set;
        self->warnings = warnings;
    } else {
        bonemets_guidelines_unref(set);
        Py_XDECREF(warnings);
        if (!PyErr_Occurred())
            core_raise(state, status, err, 0);
    }
    bonemets_error_free(err);
    return (PyObject *)self;
}

static void dealloc(PyObject *self)
{
    bonemets_guidelines_unref(((core_guidelines *)self)->set);
    Py_XDECREF(((core_guidelines *)self)->warnings);
    core_free(self);
}

static PyObject *digest(PyObject *self, void *unused)
{
    (void)unused;
    return PyUnicode_FromString(
        bonemets_guidelines_str(((core_guidelines *)self)->set, BONEMETS_F_DIGEST));
}

static PyObject *warnings(PyObject *self, void *unused)
{
    (void)unused;
    return PySequence_List(((core_guidelines *)self)->warnings);
}

static bonemets_status write_explanation(const void *of, const char *id, int32_t format, char *buf,
                                         size_t size, size_t *needed)
{
    return bonemets_explain(of, id, format, buf, size, needed);
}

static bonemets_status write_facts(const void *of, const char *id, int32_t format, char *buf,
                                   size_t size, size_t *needed)
{
    return bonemets_describe_facts(of, id, format, buf, size, needed);
}

static PyObject *explain(PyObject *self, PyObject *args)
{
    const char *id;
    int format;
    if (!PyArg_ParseTuple(args, "zi:explain", &id, &format))
        return NULL;
    return core_write(core_state_of(self), write_explanation, ((core_guidelines *)self)->set, id,
                      format);
}

static PyObject *describe_facts(PyObject *self, PyObject *args)
{
    const char *key;
    int format;
    if (!PyArg_ParseTuple(args, "zi:describe_facts", &key, &format))
        return NULL;
    return core_write(core_state_of(self), write_facts, ((core_guidelines *)self)->set, key,
                      format);
}

static PyObject *fact(PyObject *self, PyObject *args)
{
    const char *key;
    if (!PyArg_ParseTuple(args, "s:fact", &key))
        return NULL;
    const bonemets_guidelines *set = ((core_guidelines *)self)->set;
    bonemets_fact number = bonemets_fact_find(set, key);
    if (!number)
        Py_RETURN_NONE;
    return Py_BuildValue("(sz)", bonemets_fact_str(set, number, BONEMETS_F_TYPE),
                         bonemets_fact_str(set, number, BONEMETS_F_UNIT));
}

static PyMethodDef methods[] = {
    {"explain", explain, METH_VARARGS, "explain(id, format)"},
    {"describe_facts", describe_facts, METH_VARARGS, "describe_facts(key, format)"},
    {"fact", fact, METH_VARARGS, "Type and unit of a fact, or None."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef properties[] = {
    {"digest", digest, NULL, "SHA-256 of the tables.", NULL},
    {"warnings", warnings, NULL, "What loading warned of.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {Py_tp_getset, properties},
    {0, NULL},
};

PyType_Spec core_guidelines_spec = {
    .name = "bonemets._core.Guidelines",
    .basicsize = sizeof(core_guidelines),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};
