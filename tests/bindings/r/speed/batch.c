/* SPDX-License-Identifier: Apache-2.0 */
/* The batch call alone over the columns of a data frame, to hold bm_score() against. */
#define R_NO_REMAP
#include <R.h>
#include <Rinternals.h>
#include <bonemets/arrow.h>
#include <bonemets/bonemets.h>
#include <string.h>
#include <time.h>

enum { COLUMNS = 6, TIMES = 5 };

static void keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

typedef struct {
    struct ArrowSchema schema, columns[COLUMNS], texts[COLUMNS], *children[COLUMNS];
    struct ArrowArray rows, values[COLUMNS], dictionaries[COLUMNS], *parts[COLUMNS];
    const void *buffers[COLUMNS][2], *text_buffers[COLUMNS][3], *none[1];
} frame;

static void put_texts(frame *f, int k, SEXP levels)
{
    size_t count = (size_t)XLENGTH(levels), bytes = 0;
    int32_t *ends = (void *)R_alloc(count + 1, sizeof *ends);
    for (size_t i = 0; i < count; i++)
        bytes += strlen(CHAR(STRING_ELT(levels, (R_xlen_t)i)));
    char *text = R_alloc(bytes + 1, 1);
    ends[0] = 0;
    for (size_t i = 0; i < count; i++) {
        const char *one = CHAR(STRING_ELT(levels, (R_xlen_t)i));
        memcpy(text + ends[i], one, strlen(one));
        ends[i + 1] = ends[i] + (int32_t)strlen(one);
    }
    f->text_buffers[k][1] = ends;
    f->text_buffers[k][2] = text;
    f->dictionaries[k] = (struct ArrowArray){.length = (int64_t)count,
                                             .n_buffers = 3,
                                             .buffers = f->text_buffers[k],
                                             .release = keep_array};
    f->texts[k] = (struct ArrowSchema){.format = "u", .release = keep_schema};
}

/* Keys of a byte and a bitmap, as the fastest producers have them. */
static void put_column(frame *f, int k, SEXP values, const char *name)
{
    size_t rows = (size_t)XLENGTH(values), missing = 0;
    uint8_t *keys = (void *)R_alloc(rows, 1), *valid = (void *)R_alloc(rows / 8 + 1, 1);
    memset(valid, 0, rows / 8 + 1);
    for (size_t i = 0; i < rows; i++) {
        int there = INTEGER(values)[i] != NA_INTEGER;
        keys[i] = there ? (uint8_t)(INTEGER(values)[i] - 1) : 0;
        valid[i / 8] |= (uint8_t)(there << i % 8);
        missing += !there;
    }
    put_texts(f, k, Rf_getAttrib(values, R_LevelsSymbol));
    f->buffers[k][0] = valid;
    f->buffers[k][1] = keys;
    f->columns[k] = (struct ArrowSchema){
        .format = "C", .name = name, .dictionary = &f->texts[k], .release = keep_schema};
    f->values[k] = (struct ArrowArray){.length = (int64_t)rows,
                                       .null_count = (int64_t)missing,
                                       .n_buffers = 2,
                                       .buffers = f->buffers[k],
                                       .dictionary = &f->dictionaries[k],
                                       .release = keep_array};
    f->children[k] = &f->columns[k];
    f->parts[k] = &f->values[k];
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void time_runs(bonemets_batch *batch, const frame *f, double *times)
{
    for (int i = 0; i < TIMES; i++) {
        struct ArrowArray out;
        double start = seconds();
        if (bonemets_batch_run(batch, &f->rows, &out, NULL))
            return;
        times[i] = seconds() - start;
        out.release(&out);
    }
}

/* Seconds of processor time of each of some runs over a list of factors. */
SEXP time_batch(SEXP handle, SEXP columns)
{
    static const char *const target[] = {"sins"};
    frame f;
    bonemets_batch *batch = NULL;
    SEXP names = Rf_getAttrib(columns, R_NamesSymbol);
    memset(&f, 0, sizeof f);
    for (int k = 0; k < COLUMNS; k++)
        put_column(&f, k, VECTOR_ELT(columns, k), CHAR(STRING_ELT(names, k)));
    f.schema = (struct ArrowSchema){
        .format = "+s", .n_children = COLUMNS, .children = f.children, .release = keep_schema};
    f.rows = (struct ArrowArray){.length = (int64_t)XLENGTH(VECTOR_ELT(columns, 0)),
                                 .n_buffers = 1,
                                 .n_children = COLUMNS,
                                 .buffers = f.none,
                                 .children = f.parts,
                                 .release = keep_array};
    SEXP out = PROTECT(Rf_allocVector(REALSXP, TIMES));
    memset(REAL(out), 0, TIMES * sizeof(double));
    if (!bonemets_batch_new(R_ExternalPtrAddr(handle), target, 1, &batch, NULL) &&
        !bonemets_batch_bind(batch, &f.schema, NULL))
        time_runs(batch, &f, REAL(out));
    bonemets_batch_free(batch);
    UNPROTECT(1);
    return out;
}
