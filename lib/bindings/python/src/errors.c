/* SPDX-License-Identifier: Apache-2.0 */
/* From error objects of the library to exceptions. */
#include "core.h"

static PyObject *entry_of(const bonemets_error *err, int32_t i, int64_t row)
{
    int32_t line = bonemets_error_int(err, i, BONEMETS_F_LINE);
    return Py_BuildValue("(zzLizii)", bonemets_error_str(err, i, BONEMETS_F_MESSAGE),
                         bonemets_error_str(err, i, BONEMETS_F_FILE),
                         (long long)line + (line > 0 ? (long long)row : 0),
                         (int)bonemets_error_int(err, i, BONEMETS_F_COLUMN),
                         bonemets_error_str(err, i, BONEMETS_F_PATH),
                         (int)bonemets_error_int(err, i, BONEMETS_F_STATUS),
                         (int)bonemets_error_int(err, i, BONEMETS_F_SEVERITY));
}

PyObject *core_entries(const bonemets_error *err, int64_t row)
{
    PyObject *list = PyList_New(0);
    for (int32_t i = 0; list && i < bonemets_error_count(err); i++) {
        PyObject *entry = entry_of(err, i, row);
        if (!entry || PyList_Append(list, entry))
            Py_CLEAR(list);
        Py_XDECREF(entry);
    }
    return list;
}

PyObject *core_raise(core_state *state, bonemets_status status, const bonemets_error *err,
                     int64_t row)
{
    if (status == BONEMETS_E_MEMORY)
        return PyErr_NoMemory();
    PyObject *entries = core_entries(err, row);
    if (!entries)
        return NULL;
    PyObject *error = PyObject_CallFunction(state->make_error, "isN", (int)status,
                                            bonemets_status_name(status), entries);
    if (error) {
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_DECREF(error);
    }
    return NULL;
}
