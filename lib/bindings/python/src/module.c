/* SPDX-License-Identifier: Apache-2.0 */
/* The module itself: its functions, types and state. */
#include "core.h"

core_state *core_state_of_module(PyObject *module)
{
    return PyModule_GetState(module);
}

core_state *core_state_of(PyObject *self)
{
    return PyType_GetModuleState(Py_TYPE(self));
}

void core_free(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyObject *version(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    int32_t v = bonemets_version();
    return PyUnicode_FromFormat("%d.%d.%d", (int)(v / 1000000), (int)(v / 1000 % 1000),
                                (int)(v % 1000));
}

static PyMethodDef functions[] = {
    {"version", version, METH_NOARGS, "Version of the library."},
    {"load", core_load, METH_VARARGS,
     "load(paths, only, restricted, unverified): a set of guidelines."},
    {"patient", core_patient, METH_VARARGS,
     "patient(guidelines): a patient of whom nothing is known."},
    {"batch", core_batch, METH_VARARGS, "batch(guidelines, targets): evaluates tables of rows."},
    {"table_of_stream", core_table_of_stream, METH_O,
     "Reads a capsule `arrow_array_stream` to its end."},
    {"table_of_array", core_table_of_array, METH_VARARGS,
     "Takes capsules `arrow_schema` and `arrow_array`."},
    {"table_of_columns", core_table_of_columns, METH_VARARGS,
     "table_of_columns(columns, rows): a table over buffers of Python objects."},
    {"table_of_tables", core_table_of_tables, METH_VARARGS, "The chunks of several tables as one."},
    {"column", core_column, METH_VARARGS,
     "column(list): format, null count and buffers for numbers, truth values or texts."},
    {NULL, NULL, 0, NULL},
};

static int add_types(PyObject *module, core_state *state)
{
    const struct {
        PyType_Spec *spec;
        PyTypeObject **type;
    } types[] = {
        {&core_guidelines_spec, &state->guidelines}, {&core_patient_spec, &state->patient},
        {&core_assessment_spec, &state->assessment}, {&core_batch_spec, &state->batch},
        {&core_table_spec, &state->table},           {&core_buffer_spec, &state->buffer},
        {&core_stream_spec, &state->stream},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        *types[i].type = (PyTypeObject *)PyType_FromModuleAndSpec(module, types[i].spec, NULL);
        if (!*types[i].type || PyModule_AddType(module, *types[i].type))
            return -1;
    }
    return 0;
}

/* Columns are released from any thread, by PyGILState, which knows the main interpreter alone. The slot
 * that would say so is not in the limited interface of 3.11. */
static int is_main_interpreter(void)
{
    if (PyInterpreterState_GetID(PyInterpreterState_Get()) == 0)
        return 1;
    PyErr_SetString(PyExc_ImportError, "bonemets works in the main interpreter only");
    return 0;
}

static int fill(PyObject *module)
{
    core_state *state = core_state_of_module(module);
    PyObject *errors = is_main_interpreter() ? PyImport_ImportModule("bonemets._errors") : NULL;
    if (!errors)
        return -1;
    state->make_error = PyObject_GetAttrString(errors, "make");
    Py_DECREF(errors);
    return state->make_error ? add_types(module, state) : -1;
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    core_state *state = core_state_of_module(module);
    Py_VISIT(state->make_error);
    Py_VISIT(state->guidelines);
    Py_VISIT(state->patient);
    Py_VISIT(state->assessment);
    Py_VISIT(state->batch);
    Py_VISIT(state->table);
    Py_VISIT(state->buffer);
    Py_VISIT(state->stream);
    return 0;
}

static int clear(PyObject *module)
{
    core_state *state = core_state_of_module(module);
    Py_CLEAR(state->make_error);
    Py_CLEAR(state->guidelines);
    Py_CLEAR(state->patient);
    Py_CLEAR(state->assessment);
    Py_CLEAR(state->batch);
    Py_CLEAR(state->table);
    Py_CLEAR(state->buffer);
    Py_CLEAR(state->stream);
    return 0;
}

static void free_module(void *module)
{
    clear(module);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)fill},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,        .m_name = "bonemets._core", .m_doc = "The calls of bonemets.h.",
    .m_size = sizeof(core_state), .m_methods = functions,     .m_slots = slots,
    .m_traverse = traverse,       .m_clear = clear,           .m_free = free_module,
};

PyMODINIT_FUNC PyInit__core(void)
{
    return PyModuleDef_Init(&definition);
}
