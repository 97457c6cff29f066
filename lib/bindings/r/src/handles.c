/* SPDX-License-Identifier: Apache-2.0 */
/* External pointers and what frees them. */
#include "bonemets_r.h"

#include <stdlib.h>

static void free_set(SEXP handle)
{
    bonemets_guidelines_unref(R_ExternalPtrAddr(handle));
    R_ClearExternalPtr(handle);
}

static void free_assessment(SEXP handle)
{
    bonemets_assessment_unref(R_ExternalPtrAddr(handle));
    R_ClearExternalPtr(handle);
}

static void free_outlook(SEXP handle)
{
    bonemets_outlook_free(R_ExternalPtrAddr(handle));
    R_ClearExternalPtr(handle);
}

static void free_batch(SEXP handle)
{
    bonemets_batch_free(R_ExternalPtrAddr(handle));
    R_ClearExternalPtr(handle);
}

static void free_stream(SEXP handle)
{
    struct ArrowArrayStream *stream = R_ExternalPtrAddr(handle);
    if (stream && stream->release)
        stream->release(stream);
    free(stream);
    R_ClearExternalPtr(handle);
}

static SEXP new_handle(const char *tag, R_CFinalizer_t finalizer)
{
    SEXP handle = PROTECT(R_MakeExternalPtr(NULL, Rf_install(tag), R_NilValue));
    R_RegisterCFinalizerEx(handle, finalizer, TRUE);
    UNPROTECT(1);
    return handle;
}

SEXP new_set_handle(void)
{
    return new_handle("bonemets_guidelines", free_set);
}

SEXP new_assessment_handle(void)
{
    return new_handle("bonemets_assessment", free_assessment);
}

SEXP new_outlook_handle(void)
{
    return new_handle("bonemets_outlook", free_outlook);
}

SEXP new_batch_handle(void)
{
    return new_handle("bonemets_batch", free_batch);
}

/* The class is the one by which packages know pointers to streams of Arrow. */
SEXP new_stream_handle(void)
{
    SEXP handle = PROTECT(new_handle("bonemets_stream", free_stream));
    SEXP name = PROTECT(Rf_mkString("nanoarrow_array_stream"));
    Rf_setAttrib(handle, R_ClassSymbol, name);
    R_SetExternalPtrAddr(handle, calloc(1, sizeof(struct ArrowArrayStream)));
    UNPROTECT(2);
    return handle;
}

static void *address_of(SEXP handle, const char *tag)
{
    if (TYPEOF(handle) != EXTPTRSXP || R_ExternalPtrTag(handle) != Rf_install(tag))
        return NULL;
    return R_ExternalPtrAddr(handle);
}

bonemets_guidelines *set_of(SEXP handle)
{
    return address_of(handle, "bonemets_guidelines");
}

bonemets_assessment *assessment_of(SEXP handle)
{
    return address_of(handle, "bonemets_assessment");
}

bonemets_outlook *outlook_of(SEXP handle)
{
    return address_of(handle, "bonemets_outlook");
}

bonemets_batch *batch_of(SEXP handle)
{
    return address_of(handle, "bonemets_batch");
}

struct ArrowArrayStream *stream_of(SEXP handle)
{
    if (TYPEOF(handle) != EXTPTRSXP || !Rf_inherits(handle, "nanoarrow_array_stream"))
        return NULL;
    return R_ExternalPtrAddr(handle);
}
