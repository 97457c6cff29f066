/* SPDX-License-Identifier: Apache-2.0 */
/* The module bonemets._core: the calls of bonemets.h as they are, for the Python code beside it, which
 * makes of them what people use. Everything is per module; nothing is static but constants. */
#ifndef BONEMETS_PYTHON_CORE_H
#define BONEMETS_PYTHON_CORE_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <bonemets/arrow.h>
#include <bonemets/bonemets.h>

/* What belongs to the module. */
typedef struct {
    PyObject *make_error; /* bonemets._errors.make */
    PyTypeObject *guidelines, *patient, *assessment, *batch, *table, *buffer, *stream;
} core_state;

/* An instance of one of these types is made by a function of the module only. */
typedef struct {
    PyObject ob_base;
    bonemets_guidelines *set;
    PyObject *warnings;
} core_guidelines;

core_state *core_state_of_module(PyObject *module);
/* Of an instance of one of the types above. */
core_state *core_state_of(PyObject *self);
/* Frees an instance after its parts. */
void core_free(PyObject *self);

/* ---- errors.c ---- */

/* Sets the exception for a status; returns NULL. `row` is added to the lines of entries. */
PyObject *core_raise(core_state *state, bonemets_status status, const bonemets_error *err,
                     int64_t row);
/* Entries as a list of tuples. */
PyObject *core_entries(const bonemets_error *err, int64_t row);

/* ---- text.c ---- */

/* One of the calls that write text into a buffer. */
typedef bonemets_status (*core_writer)(const void *of, const char *id, int32_t format, char *buf,
                                       size_t size, size_t *needed);
/* The text as a str. Other threads run meanwhile. */
PyObject *core_write(core_state *state, core_writer writer, const void *of, const char *id,
                     int32_t format);
/* A sequence of str as texts that live as long as *keep, which the caller drops. NULL and an
 * exception when it is none. Free with PyMem_Free(). */
const char **core_texts(PyObject *sequence, int32_t *count, PyObject **keep);

/* ---- share.c: arrays and schemas that several hold ---- */

typedef struct core_shared_array core_shared_array;
typedef struct core_shared_schema core_shared_schema;

/* Take over what they are given; NULL when there is no memory. */
core_shared_array *core_share_array(struct ArrowArray *array);
core_shared_schema *core_share_schema(struct ArrowSchema *schema);
core_shared_array *core_array_ref(core_shared_array *shared);
core_shared_schema *core_schema_ref(core_shared_schema *shared);
void core_array_unref(core_shared_array *shared);
void core_schema_unref(core_shared_schema *shared);
const struct ArrowArray *core_array_of(const core_shared_array *shared);
const struct ArrowSchema *core_schema_of(const core_shared_schema *shared);
/* A view that keeps the shared one alive and may be released and moved part by part, from any thread.
 * False when there is no memory. */
int core_array_view(core_shared_array *shared, struct ArrowArray *out);
int core_schema_view(core_shared_schema *shared, struct ArrowSchema *out);

/* ---- table.c ---- */

/* Rows in chunks of one schema. Never changes. */
typedef struct {
    PyObject ob_base;
    core_shared_schema *schema;
    Py_ssize_t count;
    core_shared_array **chunks;
} core_table;

/* Takes over the schema (a reference) and the arrays that are in `chunks`, also when it fails. */
PyObject *core_table_new(core_state *state, core_shared_schema *schema,
                         core_shared_array *const *chunks, Py_ssize_t count);

/* ---- capsules.c ---- */

struct ArrowArrayStream *core_stream_of_capsule(PyObject *capsule);
PyObject *core_capsule_of_schema(core_shared_schema *schema);
PyObject *core_capsule_of_array(core_shared_array *array);
/* Takes the stream over, also when it fails. */
PyObject *core_capsule_of_stream(struct ArrowArrayStream *stream);
/* A stream over chunks that it keeps alive. False when there is no memory. */
int core_stream_over(core_shared_schema *schema, core_shared_array *const *chunks, Py_ssize_t count,
                     struct ArrowArrayStream *out);

/* ---- functions of the module ---- */

PyObject *core_load(PyObject *module, PyObject *args);
PyObject *core_patient(PyObject *module, PyObject *args);
PyObject *core_batch(PyObject *module, PyObject *args);
PyObject *core_table_of_stream(PyObject *module, PyObject *capsule);
PyObject *core_table_of_array(PyObject *module, PyObject *args);
PyObject *core_table_of_columns(PyObject *module, PyObject *args);
PyObject *core_table_of_tables(PyObject *module, PyObject *args);
PyObject *core_column(PyObject *module, PyObject *args);

/* Makes an assessment, whose reference it takes over. */
PyObject *core_assessment_new(core_state *state, bonemets_assessment *answer);
PyObject *core_stream_new(core_state *state, struct ArrowArrayStream *stream);

/* ---- types ---- */

extern PyType_Spec core_guidelines_spec, core_patient_spec, core_assessment_spec, core_batch_spec,
    core_table_spec, core_buffer_spec, core_stream_spec;

#endif
