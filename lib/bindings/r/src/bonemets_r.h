/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the R package only. What they know of bonemets is its public header.
 *
 * No routine jumps out of itself while it holds memory of C: run_and_clean() runs what may jump and
 * releases afterwards, however it ends. What is wrong goes back to R as a value, see answer(). */
#ifndef BONEMETS_R_H
#define BONEMETS_R_H

#define R_NO_REMAP
#define STRICT_R_HEADERS
#include <pthread.h>
#include <stdatomic.h>

#include <R.h>
#include <Rinternals.h>

#include <bonemets/arrow.h>
#include <bonemets/bonemets.h>

/* ---- cleanup.c ---- */

/* Calls body(data), then clean(data), also when R jumps out of the body: an error, an interrupt. */
SEXP run_and_clean(SEXP (*body)(void *), void (*clean)(void *), void *data);

/* ---- answer.c ---- */

/* What every routine gives back to R: the value, the status, what was reported. */
SEXP answer(SEXP value, bonemets_status status, const bonemets_error *err);
/* What was reported, as vectors. */
SEXP problems_of(const bonemets_error *err);

/* ---- handles.c ---- */

/* External pointers; each frees what it holds when R collects it. The address is NULL at first. */
SEXP new_set_handle(void);
SEXP new_assessment_handle(void);
SEXP new_outlook_handle(void);
SEXP new_batch_handle(void);
SEXP new_stream_handle(void);
/* What a handle holds; NULL for one of another kind, or that was saved to a file and read back. */
bonemets_guidelines *set_of(SEXP handle);
bonemets_assessment *assessment_of(SEXP handle);
bonemets_outlook *outlook_of(SEXP handle);
bonemets_batch *batch_of(SEXP handle);
/* Also of a handle that another package made, when its class says that it is one. */
struct ArrowArrayStream *stream_of(SEXP handle);

/* ---- values.c ---- */

/* Text of a length-one character vector; NULL for NULL and NA. It lives until the routine ends. */
const char *text_of(SEXP value);
/* A string of R from UTF-8, NA from NULL. */
SEXP string_from(const char *text);
/* The element of that name of a list, or NULL. */
SEXP element(SEXP list, const char *name);

/* ---- written.c ---- */

/* Calls write() until the buffer is large enough, and gives a string of R. */
typedef bonemets_status (*writer)(const void *of, const char *id, int32_t format, char *buf,
                                  size_t size, size_t *needed);
SEXP written(writer write, const void *of, const char *id, int32_t format);

/* ---- columns.c ---- */

/* How a column of R is handed to bonemets. */
typedef enum { AS_NULL, AS_TRUTHS, AS_INTEGERS, AS_DOUBLES, AS_KEYS } column_form;

typedef struct {
    const char *name;
    column_form form;
    const int32_t *integers;
    const double *doubles;
    SEXP entries; /* of AS_KEYS: the texts that the keys stand for, from 1 */
    int short_keys; /* are the keys bytes? */
} column;

/* Reads a named list of vectors. False when one is not of that many rows. */
int read_columns(SEXP columns, int64_t rows, column *out);

/* ---- schema.c ---- */

/* Lives until the routine ends. */
struct ArrowSchema *schema_of(const column *columns, int count);

/* ---- slices.c ---- */

enum { SLICE_ROWS = 32768 };

/* Room for one slice of the columns; it lives until the routine ends. */
typedef struct {
    const column *columns;
    int count;
    struct ArrowArray *array;
    uint8_t **valid; /* bits */
    void **data;     /* of columns that do not go in as they are */
} slices;

void new_slices(const column *columns, int count, slices *out);
/* Rows `from` to `from + rows`, at most SLICE_ROWS; valid until the next call. */
const struct ArrowArray *slice_at(const slices *all, int64_t from, int64_t rows);

/* ---- kernels.c ---- */

/* One bit for each row: is it there? 0 when all are, else some number above. */
int64_t integer_bits(const int32_t *x, int64_t rows, uint8_t *bits);
int64_t double_bits(const double *x, int64_t rows, uint8_t *bits);
/* One bit for each row: is it TRUE? */
void truth_bits(const int32_t *x, int64_t rows, uint8_t *bits);
/* Keys from 0 of the codes of a factor, and codes from keys. */
void short_keys(const int32_t *x, int64_t rows, uint8_t *keys);
void long_keys(const int32_t *x, int64_t rows, int32_t *keys);
void codes_from_keys(const int8_t *keys, int64_t rows, int *out);
/* NA where the bit is unset. */
void codes_missing(const uint8_t *bits, int64_t rows, int *out);
void numbers_missing(const uint8_t *bits, int64_t rows, double *out);

/* ---- answers.c ---- */

/* Where the cells of a column of the answers go. */
typedef struct {
    double *numbers; /* or … */
    int *codes;      /* … or, for lists of texts, … */
    struct ArrowArray *lists; /* … the arrays of each slice, which become vectors at the end */
} sink;

/* Vectors of R for each column of the answers, to be filled slice by slice. */
SEXP new_answers(const struct ArrowSchema *schema, int64_t rows);
/* The levels of factors are those of the first slice; every slice has the same. */
void name_levels(SEXP answers, const struct ArrowArray *first);
const sink *sinks_of(SEXP answers, int64_t rows);
/* Takes lists out of the slice. */
void fill_answers(const sink *sinks, const struct ArrowArray *slice, int64_t from);
/* When all slices are there. */
void fill_lists(SEXP answers, const sink *sinks, int64_t rows);
void free_lists(const sink *sinks, R_xlen_t count, int64_t rows);

/* ---- workers.c ---- */

typedef struct team team;

enum { MOST_TOLD = 64 }; /* as many as errors hold */

typedef struct {
    team *all;
    bonemets_batch *batch;
    bonemets_error *err;
    slices in;
    struct ArrowArray made;
    bonemets_status status;
    int64_t before; /* rows before the slice that was refused */
    int32_t told;   /* cells that were refused and counted, as warnings in err, … */
    int64_t told_before[MOST_TOLD]; /* … and the rows before the slice of each */
    pthread_t thread;
} worker;

struct team {
    worker *workers;
    int count, started; /* threads beside R's own */
    int64_t rows;
    const sink *sinks; /* NULL: none yet */
    R_xlen_t sink_count;
    atomic_int_fast64_t next; /* row of the next slice */
    atomic_int stop;
};

/* Evaluates all rows. The worker whose slice is the first that was refused, or NULL. */
const worker *run_team(team *all, SEXP answers);
/* Waits for the threads and frees what workers hold. */
void free_team(team *all);

/* ---- prepare.c ---- */

/* Makes a batch as a list of R says: targets, columns, facts, units, profile, count_bad, skip, items,
 * missing, keep. */
bonemets_status prepare_batch(bonemets_guidelines *set, SEXP how, bonemets_batch **out,
                              bonemets_error *err);
/* How many rows, how many of them by columns, and for each column the cells that were refused. */
SEXP counts_of(const bonemets_batch *batch);
SEXP counts_of_team(const team *all);
/* For each worker the cells that it refused and counted, and the rows before those that they count. */
SEXP told_by_team(const team *all);

/* ---- routines, see init.c ---- */

SEXP bmr_version(void);
SEXP bmr_load(SEXP paths, SEXP ids, SEXP unverified, SEXP restricted);
SEXP bmr_guidelines(SEXP set, SEXP fields);
SEXP bmr_digest(SEXP set);
SEXP bmr_facts(SEXP set, SEXP fields);
SEXP bmr_explain(SEXP set, SEXP id, SEXP format);
SEXP bmr_assess(SEXP set, SEXP record, SEXP target, SEXP profile, SEXP now);
SEXP bmr_write(SEXP assessment, SEXP format);
SEXP bmr_overall(SEXP assessment, SEXP strings, SEXP numbers);
SEXP bmr_parts(SEXP handle, SEXP list, SEXP part, SEXP strings, SEXP integers, SEXP numbers);
SEXP bmr_what_if(SEXP assessment, SEXP list, SEXP i);
SEXP bmr_next_questions(SEXP assessment, SEXP most);
SEXP bmr_columns(SEXP set, SEXP how, SEXP names);
SEXP bmr_score(SEXP set, SEXP how, SEXP columns, SEXP rows, SEXP threads);
SEXP bmr_new_stream(void);
SEXP bmr_score_stream(SEXP set, SEXP how, SEXP stream);
SEXP bmr_counts(SEXP batch);

#endif
