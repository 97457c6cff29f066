/* SPDX-License-Identifier: Apache-2.0 */
/* From a list of Python objects to the buffers of a column: truth values, numbers or texts. Where
 * texts stand beside others, these are written as texts. */
#include <string.h>

#include "core.h"

enum { IS_NULL, IS_TRUTH, IS_NUMBER, IS_TEXT, IS_OTHER, KINDS };

static int kind_of(PyObject *item)
{
    if (item == Py_None)
        return IS_NULL;
    if (PyBool_Check(item))
        return IS_TRUTH;
    if (PyUnicode_Check(item))
        return IS_TEXT;
    if (PyFloat_Check(item)) {
        double x = PyFloat_AsDouble(item);
        return x != x ? IS_NULL : IS_NUMBER;
    }
    return PyLong_Check(item) ? IS_NUMBER : IS_OTHER;
}

/* The items as None, truth values, numbers and texts; `convert` makes these of others. */
static PyObject *settle(PyObject *list, PyObject *convert, Py_ssize_t counts[KINDS])
{
    Py_ssize_t n = PyList_Size(list);
    PyObject *out = PyList_New(n);
    for (Py_ssize_t i = 0; out && i < n; i++) {
        PyObject *item = PyList_GetItem(list, i);
        if (!item) {
            Py_CLEAR(out); /* the list was changed meanwhile */
            break;
        }
        int kind = kind_of(item);
        if (kind == IS_OTHER) {
            item = PyObject_CallFunctionObjArgs(convert, item, NULL);
            kind = item ? kind_of(item) : IS_OTHER;
        } else {
            Py_INCREF(item);
        }
        counts[kind]++;
        if (!item || PyList_SetItem(out, i, item))
            Py_CLEAR(out);
    }
    if (out && counts[IS_OTHER]) {
        Py_CLEAR(out);
        PyErr_SetString(PyExc_TypeError, "this is neither a number, a truth value nor a text");
    }
    return out;
}

static PyObject *zeroed(Py_ssize_t size, char **at)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);
    *at = bytes ? PyBytes_AsString(bytes) : NULL;
    if (bytes)
        memset(*at, 0, (size_t)size);
    return bytes;
}

static void set_bit(char *bits, Py_ssize_t i)
{
    bits[i / 8] = (char)((unsigned char)bits[i / 8] | 1u << (i % 8));
}

static PyObject *null_bits(PyObject *list)
{
    Py_ssize_t n = PyList_Size(list);
    char *bits;
    PyObject *out = zeroed((n + 7) / 8, &bits);
    for (Py_ssize_t i = 0; out && i < n; i++)
        if (kind_of(PyList_GetItem(list, i)) != IS_NULL)
            set_bit(bits, i);
    return out;
}

static PyObject *truths(PyObject *list)
{
    Py_ssize_t n = PyList_Size(list);
    char *bits;
    PyObject *out = zeroed((n + 7) / 8, &bits);
    for (Py_ssize_t i = 0; out && i < n; i++)
        if (PyList_GetItem(list, i) == Py_True)
            set_bit(bits, i);
    return out;
}

/* Doubles; where all are whole, integers, which can also name options. */
static PyObject *numbers(PyObject *list, const char **format)
{
    Py_ssize_t n = PyList_Size(list);
    const double most = 9007199254740992; /* 2^53: up to here every integer is a double */
    char *at;
    int whole = 1;
    PyObject *out = zeroed(n * (Py_ssize_t)sizeof(double), &at);
    for (Py_ssize_t i = 0; out && i < n; i++) {
        PyObject *item = PyList_GetItem(list, i);
        double x = kind_of(item) == IS_NULL ? 0 : PyFloat_AsDouble(item);
        if (PyErr_Occurred())
            Py_CLEAR(out);
        else
            memcpy(at + (size_t)i * sizeof x, &x, sizeof x);
        whole = whole && x >= -most && x <= most && (double)(int64_t)x == x;
    }
    *format = whole ? "l" : "g";
    for (Py_ssize_t i = 0; out && whole && i < n; i++) {
        double x;
        memcpy(&x, at + (size_t)i * sizeof x, sizeof x);
        int64_t integer = (int64_t)x;
        memcpy(at + (size_t)i * sizeof x, &integer, sizeof integer);
    }
    return out;
}

/* Truth values and numbers become texts, in place. */
static int write_others(PyObject *list)
{
    for (Py_ssize_t i = 0; i < PyList_Size(list); i++) {
        PyObject *item = PyList_GetItem(list, i), *text;
        int kind = kind_of(item);
        if (kind == IS_NULL || kind == IS_TEXT)
            continue;
        text = kind == IS_TRUTH ? PyUnicode_FromString(item == Py_True ? "yes" : "no")
                                : PyObject_Str(item);
        if (!text || PyList_SetItem(list, i, text))
            return 0;
    }
    return 1;
}

static const char *text_at(PyObject *list, Py_ssize_t i, Py_ssize_t *length)
{
    PyObject *item = PyList_GetItem(list, i);
    *length = 0;
    if (PyBytes_Check(item)) {
        *length = PyBytes_Size(item);
        return PyBytes_AsString(item);
    }
    return PyUnicode_Check(item) ? PyUnicode_AsUTF8AndSize(item, length) : "";
}

/* A text with half of a surrogate pair is none in UTF-8. Its bytes are handed over as they would be, so
 * that the library refuses the cell, by its row, as any other. False and an exception: no memory. */
static int lay_bare(PyObject *list, Py_ssize_t i)
{
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
        return 0;
    PyErr_Clear();
    PyObject *bytes = PyUnicode_AsEncodedString(PyList_GetItem(list, i), "utf-8", "surrogatepass");
    return bytes && PyList_SetItem(list, i, bytes) == 0;
}

/* Ends and bytes. */
static int texts(PyObject *list, PyObject **ends, PyObject **bytes)
{
    Py_ssize_t n = PyList_Size(list), length;
    int64_t size = 0;
    char *at, *to;
    *ends = zeroed((n + 1) * (Py_ssize_t)sizeof size, &at);
    if (!*ends)
        return 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (!text_at(list, i, &length) && (!lay_bare(list, i) || !text_at(list, i, &length)))
            return 0;
        size += length;
        memcpy(at + (size_t)(i + 1) * sizeof size, &size, sizeof size);
    }
    *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (!*bytes)
        return 0;
    to = PyBytes_AsString(*bytes);
    for (Py_ssize_t i = 0; i < n; i++) {
        const char *text = text_at(list, i, &length);
        memcpy(to, text, (size_t)length);
        to += length;
    }
    return 1;
}

static PyObject *column_of(PyObject *list, const Py_ssize_t counts[KINDS])
{
    const char *format = counts[IS_TEXT] ? "U" : "b";
    if (counts[IS_NULL] == PyList_Size(list))
        return Py_BuildValue("(sn())", "n", counts[IS_NULL]);
    PyObject *nulls = null_bits(list), *data = NULL, *bytes = NULL;
    int fine = nulls != NULL;
    if (fine && counts[IS_TEXT])
        fine = write_others(list) && texts(list, &data, &bytes);
    else if (fine)
        fine = (data = counts[IS_NUMBER] ? numbers(list, &format) : truths(list)) != NULL;
    if (!fine) {
        Py_XDECREF(nulls);
        Py_XDECREF(data);
        Py_XDECREF(bytes);
        return NULL;
    }
    return bytes ? Py_BuildValue("(sn(NNN))", format, counts[IS_NULL], nulls, data, bytes)
                 : Py_BuildValue("(sn(NN))", format, counts[IS_NULL], nulls, data);
}

PyObject *core_column(PyObject *module, PyObject *args)
{
    PyObject *list, *convert;
    Py_ssize_t counts[KINDS] = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O:column", &PyList_Type, &list, &convert))
        return NULL;
    PyObject *clean = settle(list, convert, counts);
    PyObject *out = clean ? column_of(clean, counts) : NULL;
    Py_XDECREF(clean);
    return out;
}
