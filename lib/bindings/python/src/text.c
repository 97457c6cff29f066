/* SPDX-License-Identifier: Apache-2.0 */
/* Texts out of the library and into it. */
#include "core.h"

enum { FIRST_ROOM = 1 << 20 };

PyObject *core_write(core_state *state, core_writer writer, const void *of, const char *id,
                     int32_t format)
{
    size_t room = FIRST_ROOM, needed = 0;
    bonemets_status status = BONEMETS_E_SPACE;
    char *text = NULL;
    while (status == BONEMETS_E_SPACE) {
        room = needed > room ? needed : room;
        char *more = PyMem_Realloc(text, room);
        if (!more) {
            PyMem_Free(text);
            return PyErr_NoMemory();
        }
        text = more;
        Py_BEGIN_ALLOW_THREADS status = writer(of, id, format, text, room, &needed);
        Py_END_ALLOW_THREADS
    }
    PyObject *out = status ? core_raise(state, status, NULL, 0)
                           : PyUnicode_FromStringAndSize(text, (Py_ssize_t)needed - 1);
    PyMem_Free(text);
    return out;
}

const char **core_texts(PyObject *sequence, int32_t *count, PyObject **keep)
{
    *count = 0;
    *keep = PySequence_Tuple(sequence);
    Py_ssize_t n = *keep ? PyTuple_Size(*keep) : -1;
    const char **texts = n < 0 || n > INT16_MAX ? NULL : PyMem_Calloc((size_t)n + 1, sizeof *texts);
    for (Py_ssize_t i = 0; texts && i < n; i++) {
        texts[i] = PyUnicode_AsUTF8AndSize(PyTuple_GetItem(*keep, i), NULL);
        if (!texts[i]) {
            PyMem_Free(texts);
            texts = NULL;
        }
    }
    if (!texts) {
        if (!PyErr_Occurred())
            PyErr_NoMemory();
        Py_CLEAR(*keep);
        return NULL;
    }
    *count = (int32_t)n;
    return texts;
}
