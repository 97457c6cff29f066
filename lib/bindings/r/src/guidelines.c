/* SPDX-License-Identifier: Apache-2.0 */
/* Guideline sets: loading them, and what is in them. */
#include "bonemets_r.h"

typedef struct {
    SEXP paths, ids, unverified, restricted;
    bonemets_loader *loader;
    bonemets_error *err;
} load_call;

static bonemets_status add_tables(const load_call *call)
{
    bonemets_status status = BONEMETS_OK;
    R_xlen_t paths = XLENGTH(call->paths), ids = XLENGTH(call->ids);
    for (R_xlen_t i = 0; i < paths && !status; i++)
        status = bonemets_loader_add_path(call->loader,
                                          Rf_translateChar(STRING_ELT(call->paths, i)), call->err);
    for (R_xlen_t i = 0; i < ids && !status; i++)
        status = bonemets_loader_add_embedded(
            call->loader, Rf_translateCharUTF8(STRING_ELT(call->ids, i)), call->err);
    if (paths + ids == 0)
        status = bonemets_loader_add_embedded(call->loader, NULL, call->err);
    return status;
}

static SEXP load_body(void *data)
{
    load_call *call = data;
    bonemets_guidelines *set = NULL;
    SEXP handle = PROTECT(new_set_handle());
    call->err = bonemets_error_new();
    bonemets_status status = bonemets_loader_new(NULL, NULL, &call->loader);
    bonemets_loader_set_option(call->loader, BONEMETS_OPTION_UNVERIFIED,
                               Rf_asLogical(call->unverified) == 1);
    bonemets_loader_set_option(call->loader, BONEMETS_OPTION_RESTRICTED,
                               Rf_asLogical(call->restricted) == 1);
    if (!status)
        status = add_tables(call);
    if (!status)
        status = bonemets_loader_build(call->loader, &set, call->err);
    R_SetExternalPtrAddr(handle, set);
    SEXP out = answer(handle, status, call->err);
    UNPROTECT(1);
    return out;
}

static void load_clean(void *data)
{
    load_call *call = data;
    bonemets_loader_free(call->loader);
    bonemets_error_free(call->err);
}

SEXP bmr_load(SEXP paths, SEXP ids, SEXP unverified, SEXP restricted)
{
    load_call call = {paths, ids, unverified, restricted, NULL, NULL};
    return run_and_clean(load_body, load_clean, &call);
}

SEXP bmr_version(void)
{
    return Rf_ScalarInteger(bonemets_version());
}

SEXP bmr_digest(SEXP handle)
{
    return Rf_ScalarString(string_from(bonemets_guidelines_str(set_of(handle), BONEMETS_F_DIGEST)));
}

/* A column for each field. */
SEXP bmr_guidelines(SEXP handle, SEXP fields)
{
    const bonemets_guidelines *set = set_of(handle);
    int32_t count = bonemets_guideline_count(set);
    SEXP out = PROTECT(Rf_allocVector(VECSXP, XLENGTH(fields)));
    for (R_xlen_t f = 0; f < XLENGTH(fields); f++) {
        SEXP one = Rf_allocVector(STRSXP, count);
        SET_VECTOR_ELT(out, f, one);
        for (int32_t i = 0; i < count; i++)
            SET_STRING_ELT(
                one, i,
                string_from(bonemets_guideline_str(set, i, (bonemets_field)INTEGER(fields)[f])));
    }
    UNPROTECT(1);
    return out;
}

static bonemets_status write_table(const void *set, const char *id, int32_t format, char *buf,
                                   size_t size, size_t *needed)
{
    return bonemets_explain(set, id, format, buf, size, needed);
}

SEXP bmr_explain(SEXP set, SEXP id, SEXP format)
{
    return written(write_table, set_of(set), text_of(id), Rf_asInteger(format));
}
