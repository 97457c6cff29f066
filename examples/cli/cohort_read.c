/* SPDX-License-Identifier: Apache-2.0 */
/* CSV in: a file of any size, a chunk of rows at a time. */
#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { BLOCK = 1 << 16, LONGEST_FIELD = 1 << 20, AT_ROW_START = 0 };

struct csv_source {
    FILE *file;
    struct csv_parser parser;
    char block[BLOCK];
    size_t used, filled;
    int64_t line, row_line; /* being read, from 1; where the row begins */
    int in_header, field;   /* which column comes next */
    int failed, ended, ends_in_line;
    int rows_in_line; /* more than one: lone carriage returns, and nothing can be told by its line */
};

static int fail_at(const csv_rows *rows, int64_t line, const char *what)
{
    print_plain(stderr, file_name(rows->path));
    fprintf(stderr, ":%lld: error: %s\n", (long long)line, what);
    rows->source->failed = 1;
    return -1;
}

static int no_memory(const csv_rows *rows)
{
    return fail_at(rows, rows->source->row_line, "out of memory");
}

/* ---- cells ---- */

static int make_room(text_column *column, size_t length)
{
    if (column->room - column->used > length) {
        return 1;
    }
    size_t room = column->room * 2 + length + 64;
    char *bytes = realloc(column->bytes, room);
    if (!bytes) {
        return 0;
    }
    column->bytes = bytes;
    column->room = room;
    return 1;
}

static int is_missing(const csv_rows *rows, const char *text, size_t length)
{
    return length == 0 || (rows->missing && strlen(rows->missing) == length &&
                           memcmp(text, rows->missing, length) == 0);
}

static void take_cell(csv_rows *rows, const char *text, size_t length)
{
    csv_source *source = rows->source;
    if (source->field >= rows->count) {
        return; /* too many fields: told at the end of the row */
    }
    text_column *column = &rows->columns[source->field];
    if (!make_room(column, length)) {
        no_memory(rows);
        return;
    }
    const size_t row = (size_t)rows->rows;
    const uint8_t bit = (uint8_t)(1 << (row & 7));
    if (is_missing(rows, text, length)) {
        column->valid[row >> 3] &= (uint8_t)~bit;
        length = 0;
    } else {
        column->valid[row >> 3] |= bit;
        memcpy(column->bytes + column->used, text, length);
    }
    column->ends[row + 1] = column->ends[row] + (int32_t)length;
    column->used = (size_t)column->ends[row + 1];
}

static int new_column(text_column *column, const char *name, size_t length)
{
    memset(column, 0, sizeof *column);
    column->name = calloc(1, length + 1);
    column->ends = calloc(CHUNK_ROWS + 1, sizeof *column->ends);
    column->valid = calloc(CHUNK_ROWS / 8 + 1, 1);
    if (column->name && length) {
        memcpy(column->name, name, length);
    }
    return column->name && column->ends && column->valid;
}

static void take_name(csv_rows *rows, const char *name, size_t length)
{
    if (rows->count == MOST_COLUMNS) {
        fail_at(rows, 1, "there are too many columns");
    } else if (memchr(name ? name : "", '\0', name ? length : 0)) {
        fail_at(rows, 1, "the file is not text in UTF-8");
    } else if (!new_column(&rows->columns[rows->count++], name, length)) {
        no_memory(rows);
    }
}

static void on_field(void *text, size_t length, void *context)
{
    csv_rows *rows = context;
    if (rows->source->failed || rows->source->rows_in_line > 0) {
        return; /* the end of the row tells */
    }
    if (rows->source->in_header) {
        take_name(rows, text, length);
    } else {
        take_cell(rows, text, length);
    }
    rows->source->field++;
}

/* ---- rows ---- */

static void count_ragged(csv_rows *rows)
{
    char what[96];
    csv_source *source = rows->source;
    if (!rows->skip_ragged) {
        snprintf(what, sizeof what, "%d fields, but the first line names %d columns", source->field,
                 rows->count);
        fail_at(rows, source->row_line, what);
        return;
    }
    rows->first_ragged = rows->ragged++ ? rows->first_ragged : source->row_line;
}

static void on_row(int end, void *context)
{
    csv_rows *rows = context;
    csv_source *source = rows->source;
    (void)end;
    if (source->failed) {
        return;
    }
    if (source->rows_in_line++ > 0) {
        fail_at(rows, source->row_line, "lines end in lone carriage returns; write line feeds");
    } else if (source->in_header) {
        source->in_header = 0;
    } else if (source->field != rows->count) {
        count_ragged(rows);
        for (int i = 0; i < rows->count; i++) {
            rows->columns[i].used = (size_t)rows->columns[i].ends[rows->rows];
        }
    } else {
        rows->lines[rows->rows++] = source->row_line;
        rows->total++;
    }
    source->field = 0;
}

/* ---- the file ---- */

static int skip_mark(csv_rows *rows)
{
    csv_source *source = rows->source;
    const unsigned char *begin = (const unsigned char *)source->block;
    if (source->filled >= 2 &&
        ((begin[0] == 0xff && begin[1] == 0xfe) || (begin[0] == 0xfe && begin[1] == 0xff))) {
        return fail_at(rows, 1, "the file is in UTF-16; write it as CSV in UTF-8");
    }
    if (source->filled >= 3 && memcmp(begin, "\xef\xbb\xbf", 3) == 0) {
        source->used = 3;
    }
    return 0;
}

static int fill_block(csv_rows *rows)
{
    csv_source *source = rows->source;
    const int first = source->line == 1 && source->filled == 0;
    errno = 0;
    source->used = 0;
    source->filled = fread(source->block, 1, BLOCK, source->file);
    if (ferror(source->file)) {
        return fail_at(rows, source->line, errno ? strerror(errno) : "the file cannot be read");
    }
    return first ? skip_mark(rows) : 0;
}

static int broken(csv_rows *rows)
{
    return fail_at(rows, rows->source->row_line,
                   "this is no CSV: a quote stands within a field, or never ends");
}

/* Up to the end of the line, so that it is known in which line a row begins. */
static int feed_line(csv_rows *rows)
{
    csv_source *source = rows->source;
    const char *begin = source->block + source->used;
    const size_t left = source->filled - source->used;
    const char *end = memchr(begin, '\n', left);
    const size_t length = end ? (size_t)(end - begin) + 1 : left;
    if (source->parser.pstate == AT_ROW_START) {
        source->row_line = source->line;
    }
    source->used += length;
    source->rows_in_line = source->ends_in_line ? source->rows_in_line : 0;
    source->ends_in_line = !end;
    if (csv_parse(&source->parser, begin, length, on_field, on_row, rows) != length) {
        return source->failed ? -1 : broken(rows);
    }
    source->line += end != NULL;
    if (csv_get_buffer_size(&source->parser) > LONGEST_FIELD) {
        return fail_at(rows, source->row_line, "a field is too long; does its quote end?");
    }
    return source->failed ? -1 : 0;
}

static int finish(csv_rows *rows)
{
    csv_source *source = rows->source;
    source->ended = 1;
    if (source->ends_in_line) {
        print_plain(stderr, file_name(rows->path));
        fprintf(stderr, ":%lld: warning: the last line has no end; is the file complete?\n",
                (long long)source->line);
    }
    if (csv_fini(&source->parser, on_field, on_row, rows) != 0) {
        return source->failed ? -1 : broken(rows);
    }
    return source->failed ? -1 : 0;
}

static int step(csv_rows *rows)
{
    csv_source *source = rows->source;
    if (source->used == source->filled && fill_block(rows)) {
        return -1;
    }
    return source->used < source->filled ? feed_line(rows) : finish(rows);
}

static size_t bytes_held(const csv_rows *rows)
{
    size_t most = 0;
    for (int i = 0; i < rows->count; i++) {
        most = rows->columns[i].used > most ? rows->columns[i].used : most;
    }
    return most;
}

int next_rows(csv_rows *rows)
{
    csv_source *source = rows->source;
    rows->rows = 0;
    for (int i = 0; i < rows->count; i++) {
        rows->columns[i].used = 0;
        memset(rows->columns[i].valid, 0, CHUNK_ROWS / 8 + 1);
    }
    while (!source->ended && rows->rows < CHUNK_ROWS && bytes_held(rows) < CHUNK_BYTES) {
        if (step(rows)) {
            return -1;
        }
    }
    return rows->rows > 0;
}

int open_rows(csv_rows *rows)
{
    csv_source *source = rows->source = calloc(1, sizeof *source);
    rows->columns = calloc(MOST_COLUMNS, sizeof *rows->columns);
    rows->lines = calloc(CHUNK_ROWS, sizeof *rows->lines);
    if (!source || !rows->columns || !rows->lines ||
        csv_init(&source->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        fputs("bonemets: out of memory\n", stderr);
        return 0;
    }
    csv_set_delim(&source->parser, (unsigned char)rows->delimiter);
    source->line = source->row_line = source->in_header = 1;
    errno = 0;
    source->file = strcmp(rows->path, "-") == 0 ? stdin : fopen(rows->path, "rb");
    if (!source->file) {
        fputs("bonemets: ", stderr);
        print_plain(stderr, rows->path);
        fprintf(stderr, ": cannot be read: %s\n", strerror(errno));
        return 0;
    }
    while (source->in_header && !source->ended) {
        if (step(rows)) {
            return 0;
        }
    }
    if (source->in_header) {
        return fail_at(rows, 1, "the file is empty; its first line names the columns") > 0;
    }
    return 1;
}

void close_rows(csv_rows *rows)
{
    for (int i = 0; i < rows->count; i++) {
        free(rows->columns[i].name);
        free(rows->columns[i].bytes);
        free(rows->columns[i].ends);
        free(rows->columns[i].valid);
    }
    if (rows->source) {
        csv_free(&rows->source->parser);
        if (rows->source->file && rows->source->file != stdin) {
            fclose(rows->source->file);
        }
    }
    free(rows->source);
    free(rows->columns);
    free(rows->lines);
}
