/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of `bonemets cohort` only. */
#ifndef COHORT_H
#define COHORT_H

#include <bonemets/arrow.h>
#include <stdint.h>
#include <stdio.h>

#include "program.h"

enum { CHUNK_ROWS = 2048, CHUNK_BYTES = 1 << 24, MOST_COLUMNS = 4096 };

/* ---- cohort_read.c ---- */

/* The cells of one column for the rows at hand, as Arrow text. */
typedef struct {
    char *name;
    char *bytes;
    size_t used, room;
    int32_t *ends;  /* CHUNK_ROWS + 1 offsets */
    uint8_t *valid; /* bits */
} text_column;

typedef struct csv_source csv_source;

typedef struct {
    const char *path;
    char delimiter;
    const char *missing; /* a text that means null, besides nothing at all; may be NULL */
    int skip_ragged;     /* leave out lines with a wrong number of fields, and count them */
    text_column *columns;
    int count;
    int64_t *lines; /* where each row begins */
    int64_t rows;
    int64_t ragged, first_ragged, total;
    csv_source *source;
} csv_rows;

/* Opens a file and reads the names of its columns. 0 after saying why not. */
int open_rows(csv_rows *rows);
/* Reads the next rows; 1 when there are some, 0 at the end, -1 after saying what is wrong. */
int next_rows(csv_rows *rows);
void close_rows(csv_rows *rows);

/* ---- cohort_write.c ---- */

/* Writes names, then rows: the line, the columns that are kept, the answer. */
void write_names(FILE *out, const csv_rows *rows, const uint8_t *kept,
                 const struct ArrowSchema *schema);
void write_rows(FILE *out, const csv_rows *rows, const uint8_t *kept,
                const struct ArrowSchema *schema, const struct ArrowArray *answer);
/* The text of a cell of a dictionary column, with its length; NULL: null. */
const char *answer_text(const struct ArrowArray *column, int64_t row, size_t *length);

#endif
