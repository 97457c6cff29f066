/* SPDX-License-Identifier: Apache-2.0 */
/* Patients. One belongs to one thread at a time, so it is marked while others may run. */
#include "core.h"

typedef struct {
    PyObject ob_base;
    core_guidelines *guidelines;
    bonemets_patient *patient;
    int busy;
} core_patient_object;

PyObject *core_patient(PyObject *module, PyObject *args)
{
    core_state *state = core_state_of_module(module);
    core_guidelines *guidelines;
    if (!PyArg_ParseTuple(args, "O!:patient", state->guidelines, &guidelines))
        return NULL;
    core_patient_object *self = PyObject_New(core_patient_object, state->patient);
    if (!self)
        return NULL;
    self->busy = 0;
    self->guidelines = guidelines;
    Py_INCREF((PyObject *)guidelines);
    bonemets_status status = bonemets_patient_new(guidelines->set, &self->patient);
    if (status) {
        Py_DECREF((PyObject *)self);
        return core_raise(state, status, NULL, 0);
    }
    return (PyObject *)self;
}

static void dealloc(PyObject *object)
{
    core_patient_object *self = (core_patient_object *)object;
    bonemets_patient_free(self->patient);
    Py_DECREF((PyObject *)self->guidelines);
    core_free(object);
}

/* ---- a call with its errors ---- */

typedef struct {
    core_patient_object *self;
    bonemets_patient *patient;
    bonemets_error *err;
} call;

/* False and an exception when the patient is in use. */
static int begin(PyObject *object, call *c)
{
    c->self = (core_patient_object *)object;
    if (c->self->busy) {
        PyErr_SetString(PyExc_RuntimeError, "this patient is in use by another thread");
        return 0;
    }
    c->patient = c->self->patient;
    c->err = bonemets_error_new();
    if (!c->err)
        PyErr_NoMemory();
    return c->err != NULL;
}

/* Takes over `result`, which is lost when the call failed. */
static PyObject *end(call *c, bonemets_status status, PyObject *result)
{
    if (status) {
        Py_XDECREF(result);
        result = core_raise(core_state_of((PyObject *)c->self), status, c->err, 0);
    }
    bonemets_error_free(c->err);
    return result;
}

static PyObject *done(call *c, bonemets_status status)
{
    Py_INCREF(Py_None);
    return end(c, status, Py_None);
}

static bonemets_fact fact_of(const call *c, const char *key)
{
    return bonemets_fact_find(c->self->guidelines->set, key);
}

/* ---- what is known ---- */

static PyObject *reset(PyObject *object, PyObject *unused)
{
    call c;
    (void)unused;
    if (!begin(object, &c))
        return NULL;
    bonemets_patient_reset(c.patient);
    return done(&c, BONEMETS_OK);
}

static PyObject *read_record(PyObject *object, PyObject *args)
{
    call c;
    const char *name, *text;
    Py_ssize_t size;
    bonemets_status status;
    if (!PyArg_ParseTuple(args, "sy#:read", &name, &text, &size) || !begin(object, &c))
        return NULL;
    c.self->busy = 1;
    Py_BEGIN_ALLOW_THREADS bonemets_patient_reset(c.patient);
    status = bonemets_patient_read(c.patient, name, text, (size_t)size, c.err);
    Py_END_ALLOW_THREADS c.self->busy = 0;
    return done(&c, status);
}

static PyObject *add_record(PyObject *object, PyObject *args)
{
    call c;
    const char *kind;
    bonemets_record record;
    if (!PyArg_ParseTuple(args, "s:add_record", &kind) || !begin(object, &c))
        return NULL;
    bonemets_status status = bonemets_patient_add_record(c.patient, kind, &record);
    return end(&c, status, PyLong_FromLong(record));
}

static PyObject *set_number(PyObject *object, PyObject *args)
{
    call c;
    int record;
    const char *fact, *unit;
    double low, high;
    if (!PyArg_ParseTuple(args, "isddz:set_number", &record, &fact, &low, &high, &unit) ||
        !begin(object, &c))
        return NULL;
    return done(&c, bonemets_patient_set_number(c.patient, record, fact_of(&c, fact), low, high,
                                                unit, c.err));
}

static PyObject *set_codes(PyObject *object, PyObject *args)
{
    call c;
    int record;
    const char *fact;
    PyObject *sequence, *keep;
    int32_t n;
    if (!PyArg_ParseTuple(args, "isO:set_codes", &record, &fact, &sequence))
        return NULL;
    const char **codes = core_texts(sequence, &n, &keep);
    if (!codes)
        return NULL;
    PyObject *out = NULL;
    if (begin(object, &c))
        out = done(
            &c, bonemets_patient_set_codes(c.patient, record, fact_of(&c, fact), codes, n, c.err));
    PyMem_Free(codes);
    Py_DECREF(keep);
    return out;
}

static PyObject *set_members(PyObject *object, PyObject *args)
{
    call c;
    int record;
    const char *fact;
    PyObject *sequence, *keep;
    int32_t n;
    if (!PyArg_ParseTuple(args, "isO:set_members", &record, &fact, &sequence))
        return NULL;
    const char **present = core_texts(sequence, &n, &keep);
    if (!present)
        return NULL;
    PyObject *out = NULL;
    if (begin(object, &c))
        out = done(&c, bonemets_patient_set_members(c.patient, record, fact_of(&c, fact), present,
                                                    n, NULL, 0, c.err));
    PyMem_Free(present);
    Py_DECREF(keep);
    return out;
}

static PyObject *set_instant(PyObject *object, PyObject *args)
{
    call c;
    int record;
    const char *fact, *from, *to;
    if (!PyArg_ParseTuple(args, "issz:set_instant", &record, &fact, &from, &to) ||
        !begin(object, &c))
        return NULL;
    return done(
        &c, bonemets_patient_set_instant(c.patient, record, fact_of(&c, fact), from, to, c.err));
}

static PyObject *set_unknown(PyObject *object, PyObject *args)
{
    call c;
    int record;
    const char *fact;
    if (!PyArg_ParseTuple(args, "is:set_unknown", &record, &fact) || !begin(object, &c))
        return NULL;
    return done(&c, bonemets_patient_set_unknown(c.patient, record, fact_of(&c, fact)));
}

static PyObject *set_now(PyObject *object, PyObject *args)
{
    call c;
    const char *now;
    if (!PyArg_ParseTuple(args, "s:set_now", &now) || !begin(object, &c))
        return NULL;
    return done(&c, bonemets_patient_set_now(c.patient, now, c.err));
}

static PyObject *set_profile(PyObject *object, PyObject *args)
{
    call c;
    const char *profile;
    if (!PyArg_ParseTuple(args, "s:set_profile", &profile) || !begin(object, &c))
        return NULL;
    return done(&c, bonemets_patient_set_profile(c.patient, profile, c.err));
}

/* ---- the answer ---- */

static PyObject *assess(PyObject *object, PyObject *args)
{
    call c;
    const char *target;
    bonemets_assessment *answer = NULL;
    bonemets_status status;
    if (!PyArg_ParseTuple(args, "z:assess", &target) || !begin(object, &c))
        return NULL;
    c.self->busy = 1;
    Py_BEGIN_ALLOW_THREADS status = bonemets_assess(c.patient, target, &answer, c.err);
    Py_END_ALLOW_THREADS c.self->busy = 0;
    PyObject *out = status ? NULL : core_assessment_new(core_state_of(object), answer);
    return end(&c, status, out);
}

static PyMethodDef methods[] = {
    {"reset", reset, METH_NOARGS, "Forgets everything."},
    {"read", read_record, METH_VARARGS, "read(name, bytes): a record in YAML or JSON."},
    {"add_record", add_record, METH_VARARGS, "add_record(kind): its number."},
    {"set_number", set_number, METH_VARARGS, "set_number(record, fact, low, high, unit)"},
    {"set_codes", set_codes, METH_VARARGS, "set_codes(record, fact, codes)"},
    {"set_members", set_members, METH_VARARGS, "set_members(record, fact, present)"},
    {"set_instant", set_instant, METH_VARARGS, "set_instant(record, fact, from, to)"},
    {"set_unknown", set_unknown, METH_VARARGS, "set_unknown(record, fact)"},
    {"set_now", set_now, METH_VARARGS, "set_now(instant)"},
    {"set_profile", set_profile, METH_VARARGS, "set_profile(name)"},
    {"assess", assess, METH_VARARGS, "assess(guideline): an assessment."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, (void *)dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

PyType_Spec core_patient_spec = {
    .name = "bonemets._core.Patient",
    .basicsize = sizeof(core_patient_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = slots,
};
