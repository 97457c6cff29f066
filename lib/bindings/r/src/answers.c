/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of Arrow as vectors of R: numbers, factors from dictionaries, and lists of texts. */
#include "bonemets_r.h"

#include <string.h>

static SEXP texts_of(const struct ArrowArray *dictionary)
{
    const int32_t *ends = dictionary->buffers[1];
    const char *text = dictionary->buffers[2];
    SEXP texts = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)dictionary->length));
    for (int64_t i = 0; i < dictionary->length; i++)
        SET_STRING_ELT(texts, (R_xlen_t)i,
                       Rf_mkCharLenCE(text + ends[i], ends[i + 1] - ends[i], CE_UTF8));
    UNPROTECT(1);
    return texts;
}

static void make_factor(SEXP codes, const struct ArrowArray *dictionary)
{
    SEXP levels = PROTECT(texts_of(dictionary));
    SEXP name = PROTECT(Rf_mkString("factor"));
    Rf_setAttrib(codes, R_LevelsSymbol, levels);
    Rf_setAttrib(codes, R_ClassSymbol, name);
    UNPROTECT(2);
}

SEXP new_answers(const struct ArrowSchema *schema, int64_t rows)
{
    R_xlen_t count = (R_xlen_t)schema->n_children;
    SEXP out = PROTECT(Rf_allocVector(VECSXP, count));
    SEXP names = PROTECT(Rf_allocVector(STRSXP, count));
    for (R_xlen_t i = 0; i < count; i++) {
        const struct ArrowSchema *one = schema->children[i];
        SEXPTYPE type = one->n_children ? VECSXP : one->dictionary ? INTSXP : REALSXP;
        SET_VECTOR_ELT(out, i, Rf_allocVector(type, (R_xlen_t)rows));
        SET_STRING_ELT(names, i, string_from(one->name));
    }
    Rf_setAttrib(out, R_NamesSymbol, names);
    UNPROTECT(2);
    return out;
}

void name_levels(SEXP answers, const struct ArrowArray *first)
{
    for (R_xlen_t i = 0; i < XLENGTH(answers); i++)
        if (first->children[i]->dictionary)
            make_factor(VECTOR_ELT(answers, i), first->children[i]->dictionary);
}

static void fill_numbers(double *out, const struct ArrowArray *in)
{
    memcpy(out, in->buffers[1], (size_t)in->length * sizeof *out);
    if (in->null_count)
        numbers_missing(in->buffers[0], in->length, out);
}

static void fill_codes(int *out, const struct ArrowArray *in)
{
    codes_from_keys(in->buffers[1], in->length, out);
    if (in->null_count)
        codes_missing(in->buffers[0], in->length, out);
}

/* One even when there are no rows. */
static int64_t slices_of(int64_t rows)
{
    return rows / SLICE_ROWS + 1;
}

const sink *sinks_of(SEXP answers, int64_t rows)
{
    size_t places = (size_t)slices_of(rows);
    R_xlen_t count = XLENGTH(answers);
    sink *out = (void *)R_alloc((size_t)count + 1, sizeof *out);
    for (R_xlen_t i = 0; i < count; i++) {
        SEXP one = VECTOR_ELT(answers, i);
        out[i] = (sink){NULL, NULL, NULL};
        if (TYPEOF(one) == REALSXP)
            out[i].numbers = REAL(one);
        else if (TYPEOF(one) == INTSXP)
            out[i].codes = INTEGER(one);
        else
            out[i].lists = (void *)R_alloc(places, sizeof *out[i].lists);
        if (out[i].lists)
            memset(out[i].lists, 0, places * sizeof *out[i].lists);
    }
    return out;
}

/* The array is moved: its parent will find nothing there to release. */
static void take_list(struct ArrowArray *to, struct ArrowArray *from)
{
    *to = *from;
    from->release = NULL;
}

void fill_answers(const sink *sinks, const struct ArrowArray *slice, int64_t from)
{
    for (int64_t i = 0; i < slice->n_children; i++)
        if (sinks[i].numbers)
            fill_numbers(sinks[i].numbers + from, slice->children[i]);
        else if (sinks[i].codes)
            fill_codes(sinks[i].codes + from, slice->children[i]);
        else
            take_list(&sinks[i].lists[from / SLICE_ROWS], slice->children[i]);
}

/* ---- lists of texts ---- */

static int is_there(const struct ArrowArray *array, int64_t i)
{
    return ((const uint8_t *)array->buffers[0])[i >> 3] >> (i & 7) & 1;
}

/* What is null stays NULL. */
static void fill_list(SEXP out, SEXP texts, const struct ArrowArray *list, int64_t from)
{
    const int32_t *ends = list->buffers[1], *places = list->children[0]->buffers[1];
    for (int64_t i = 0; i < list->length; i++) {
        if (!is_there(list, i))
            continue;
        SEXP one = Rf_allocVector(STRSXP, ends[i + 1] - ends[i]);
        SET_VECTOR_ELT(out, (R_xlen_t)(from + i), one);
        for (int32_t j = ends[i]; j < ends[i + 1]; j++)
            SET_STRING_ELT(one, j - ends[i], STRING_ELT(texts, places[j]));
    }
}

void fill_lists(SEXP answers, const sink *sinks, int64_t rows)
{
    for (R_xlen_t i = 0; i < XLENGTH(answers); i++) {
        const struct ArrowArray *lists = sinks[i].lists;
        if (!lists)
            continue;
        SEXP texts = PROTECT(texts_of(lists[0].children[0]->dictionary));
        for (int64_t s = 0; s < slices_of(rows) && lists[s].release; s++) {
            fill_list(VECTOR_ELT(answers, i), texts, &lists[s], s * SLICE_ROWS);
            R_CheckUserInterrupt();
        }
        UNPROTECT(1);
    }
}

void free_lists(const sink *sinks, R_xlen_t count, int64_t rows)
{
    for (R_xlen_t i = 0; i < count; i++)
        for (int64_t s = 0; sinks[i].lists && s < slices_of(rows); s++)
            if (sinks[i].lists[s].release)
                sinks[i].lists[s].release(&sinks[i].lists[s]);
}
