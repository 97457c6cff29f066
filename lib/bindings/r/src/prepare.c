/* SPDX-License-Identifier: Apache-2.0 */
/* A batch as R describes it, and what it counted. */
#include "bonemets_r.h"

static bonemets_status map_columns(bonemets_batch *batch, SEXP how, bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    SEXP columns = element(how, "columns"), facts = element(how, "facts");
    SEXP units = element(how, "units");
    for (R_xlen_t i = 0; i < XLENGTH(columns) && !status; i++) {
        SEXP fact = STRING_ELT(facts, i), unit = STRING_ELT(units, i);
        status = bonemets_batch_map(batch, Rf_translateCharUTF8(STRING_ELT(columns, i)),
                                    fact == NA_STRING ? NULL : Rf_translateCharUTF8(fact),
                                    unit == NA_STRING ? NULL : Rf_translateCharUTF8(unit), err);
    }
    return status;
}

static bonemets_status show_more(bonemets_batch *batch, SEXP how, bonemets_error *err)
{
    SEXP keep = element(how, "keep");
    bonemets_status status = bonemets_batch_set_option(batch, BONEMETS_BATCH_ITEMS,
                                                       Rf_asLogical(element(how, "items")) == 1);
    if (!status)
        status = bonemets_batch_set_option(batch, BONEMETS_BATCH_MISSING,
                                           Rf_asLogical(element(how, "missing")) == 1);
    for (R_xlen_t i = 0; i < Rf_xlength(keep) && !status; i++)
        status = bonemets_batch_keep(batch, Rf_translateCharUTF8(STRING_ELT(keep, i)), err);
    return status;
}

bonemets_status prepare_batch(bonemets_guidelines *set, SEXP how, bonemets_batch **out,
                              bonemets_error *err)
{
    SEXP targets = element(how, "targets");
    int32_t count = (int32_t)XLENGTH(targets);
    const char **ids = (const char **)(void *)R_alloc((size_t)count + 1, sizeof *ids);
    const char *profile = text_of(element(how, "profile"));
    for (int32_t i = 0; i < count; i++)
        ids[i] = Rf_translateCharUTF8(STRING_ELT(targets, i));
    bonemets_status status = bonemets_batch_new(set, ids, count, out, err);
    if (status)
        return status;
    bonemets_batch_set_option(*out, BONEMETS_BATCH_COUNT_BAD,
                              Rf_asLogical(element(how, "count_bad")) == 1);
    bonemets_batch_set_option(*out, BONEMETS_BATCH_SKIP_COLUMNS,
                              Rf_asLogical(element(how, "skip")) == 1);
    status = show_more(*out, how, err);
    if (!status && profile)
        status = bonemets_batch_set_profile(*out, profile, err);
    return status ? status : map_columns(*out, how, err);
}

static SEXP refused_cells(const bonemets_batch *batch)
{
    int32_t columns = bonemets_batch_column_count(batch);
    SEXP out = PROTECT(Rf_allocMatrix(REALSXP, columns, BONEMETS_E_RANGE + 1));
    for (int32_t reason = 0; reason <= BONEMETS_E_RANGE; reason++)
        for (int32_t i = 0; i < columns; i++)
            REAL(out)[reason * columns + i] = (double)bonemets_batch_column_bad(batch, i, reason);
    UNPROTECT(1);
    return out;
}

static SEXP column_texts(const bonemets_batch *batch, bonemets_field field)
{
    int32_t columns = bonemets_batch_column_count(batch);
    SEXP out = PROTECT(Rf_allocVector(STRSXP, columns));
    for (int32_t i = 0; i < columns; i++)
        SET_STRING_ELT(out, i, string_from(bonemets_batch_column_str(batch, i, field)));
    UNPROTECT(1);
    return out;
}

SEXP counts_of(const bonemets_batch *batch)
{
    const char *names[] = {"rows", "columnar", "column", "fact", "unit", "bad", ""};
    SEXP out = PROTECT(Rf_mkNamed(VECSXP, names));
    double rows = (double)bonemets_batch_int(batch, BONEMETS_BATCH_ROWS);
    double columnar = (double)bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR);
    SET_VECTOR_ELT(out, 0, Rf_ScalarReal(rows));
    SET_VECTOR_ELT(out, 1, Rf_ScalarReal(columnar));
    SET_VECTOR_ELT(out, 2, column_texts(batch, BONEMETS_F_LABEL));
    SET_VECTOR_ELT(out, 3, column_texts(batch, BONEMETS_F_ID));
    SET_VECTOR_ELT(out, 4, column_texts(batch, BONEMETS_F_UNIT));
    SET_VECTOR_ELT(out, 5, refused_cells(batch));
    UNPROTECT(1);
    return out;
}

SEXP told_by_team(const team *all)
{
    const char *names[] = {"problems", "before", ""};
    SEXP out = PROTECT(Rf_allocVector(VECSXP, all->count));
    for (int i = 0; i < all->count; i++) {
        const worker *one = &all->workers[i];
        SEXP told = Rf_mkNamed(VECSXP, names);
        SET_VECTOR_ELT(out, i, told);
        SET_VECTOR_ELT(told, 0, problems_of(one->err));
        SEXP before = Rf_allocVector(REALSXP, one->told);
        SET_VECTOR_ELT(told, 1, before);
        for (int32_t j = 0; j < one->told; j++)
            REAL(before)[j] = (double)one->told_before[j];
    }
    UNPROTECT(1);
    return out;
}

/* Rows and cells of all workers together. */
SEXP counts_of_team(const team *all)
{
    SEXP out = PROTECT(counts_of(all->workers[0].batch));
    for (int i = 1; i < all->count; i++) {
        SEXP one = PROTECT(counts_of(all->workers[i].batch));
        for (int part = 0; part < 6; part++) {
            SEXP sum = VECTOR_ELT(out, part), more = VECTOR_ELT(one, part);
            for (R_xlen_t j = 0; TYPEOF(sum) == REALSXP && j < XLENGTH(sum); j++)
                REAL(sum)[j] += REAL(more)[j];
        }
        UNPROTECT(1);
    }
    UNPROTECT(1);
    return out;
}
