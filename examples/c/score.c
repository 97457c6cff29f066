/* SPDX-License-Identifier: Apache-2.0 */
/* Scores a cohort through the Arrow C data interface: columns in, columns out.
 *
 *   score sins,katagiri_2014 < cohort.csv > scores.csv
 *
 * The first line names the facts, as for `bonemets cohort`; cells are plain, without quotes. What is
 * written is to the byte what `bonemets cohort --others skip --score …` writes. What this program has
 * no room for it refuses: then its exit status is 1, and nothing of its answer is to be used. */
#include <bonemets/arrow.h>
#include <bonemets/bonemets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 64, ROWS = 1024, LINE = 4096, TARGETS = 16 };

/* The cells of a column: which are there, where each ends, and their bytes. */
static struct {
    uint8_t valid[ROWS / 8];
    int32_t ends[ROWS + 1];
    char bytes[1 << 16];
} cells[COLUMNS];
static long lines[ROWS], line_number; /* of each row; of the line read last */

/* What is lent to the library for a call needs no memory of its own, and its release does nothing. */
static void keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

/* About the line read last; -1. */
static int refuse(const char *why)
{
    fprintf(stderr, "line %ld: %s\n", line_number, why);
    return -1;
}

static int complain(const bonemets_error *err)
{
    if (bonemets_error_count(err) == 0) {
        fputs("nothing is scored\n", stderr);
    }
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        const char *column = bonemets_error_str(err, i, BONEMETS_F_PATH);
        fprintf(stderr, "row %d, column %s: %s\n", bonemets_error_int(err, i, BONEMETS_F_LINE),
                column ? column : "-", bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
    }
    return 1;
}

static bonemets_batch *open_batch(char *list, bonemets_error *err)
{
    const char *targets[TARGETS];
    int32_t count = 0;
    bonemets_loader *loader = NULL;
    bonemets_guidelines *set = NULL;
    bonemets_batch *batch = NULL;
    for (char *one = strtok(list, ","); one; one = strtok(NULL, ",")) {
        if (count == TARGETS) {
            fprintf(stderr, "at most %d scores\n", TARGETS);
            return NULL;
        }
        targets[count++] = one;
    }
    bonemets_loader_new(NULL, NULL, &loader);
    bonemets_loader_add_embedded(loader, NULL, NULL);
    bonemets_loader_build(loader, &set, NULL);
    bonemets_loader_free(loader);
    bonemets_batch_new(set, targets, count, &batch, err);
    bonemets_guidelines_unref(set); /* the batch keeps it alive */
    bonemets_batch_set_option(batch, BONEMETS_BATCH_SKIP_COLUMNS, 1);
    return batch;
}

/* The next line that is not empty, without its end: 1, 0 at the end of the file, -1 after saying why
 * not. */
static int read_line(char line[LINE])
{
    int length, c;
    do {
        line_number++;
        for (length = 0; (c = getchar()) != EOF && c != '\n'; line[length++] = (char)c) {
            if (c == '\0' || length == LINE - 2) {
                return refuse(c ? "the line is too long" : "the line is not text");
            }
        }
        length -= length > 0 && line[length - 1] == '\r';
    } while (c == '\n' && length == 0);
    line[length] = '\0';
    return ferror(stdin) ? refuse("the file cannot be read") : length > 0;
}

/* Parts a line at its commas; how many fields it has, also where there is room for fewer. */
static int split(char *line, char *fields[COLUMNS])
{
    int count = 0;
    for (char *at = line; at; count++) {
        char *comma = strchr(at, ',');
        if (count < COLUMNS) {
            fields[count] = at;
        }
        if (comma) {
            *comma = '\0';
        }
        at = comma ? comma + 1 : NULL;
    }
    return count;
}

static int bind(bonemets_batch *batch, char *header, bonemets_error *err)
{
    char *names[COLUMNS];
    struct ArrowSchema columns[COLUMNS], *children[COLUMNS];
    const int count = split(header, names);
    if (count > COLUMNS) {
        refuse("there are too many columns");
        return 0;
    }
    for (int i = 0; i < count; i++) {
        columns[i] = (struct ArrowSchema){.format = "u", .name = names[i], .release = keep_schema};
        children[i] = &columns[i];
    }
    const struct ArrowSchema schema = {
        .format = "+s", .n_children = count, .children = children, .release = keep_schema};
    return bonemets_batch_bind(batch, &schema, err) == BONEMETS_OK ? count : 0;
}

static int take_row(int count, char *line, int row)
{
    char *fields[COLUMNS];
    if (split(line, fields) != count) {
        return refuse("the number of fields is not that of the first line");
    }
    for (int i = 0; i < count; i++) {
        const size_t length = strlen(fields[i]);
        const int32_t from = cells[i].ends[row];
        if ((size_t)from + length > sizeof cells[i].bytes) {
            return refuse("the cells of a column are too long");
        }
        memcpy(cells[i].bytes + from, fields[i], length);
        cells[i].ends[row + 1] = from + (int32_t)length;
        cells[i].valid[row / 8] |= (uint8_t)((length > 0) << row % 8);
    }
    lines[row] = line_number;
    return 0;
}

/* The next rows of the file as an array: how many, -1 after saying why not. */
static int read_rows(int count, char *line)
{
    int rows = 0, more = 1;
    memset(cells, 0, sizeof cells);
    while (rows < ROWS && (more = read_line(line)) > 0) {
        if (take_row(count, line, rows++)) {
            return -1;
        }
    }
    return more < 0 ? -1 : rows;
}

static bonemets_status run(bonemets_batch *batch, int count, int rows, struct ArrowArray *answer,
                           bonemets_error *err)
{
    struct ArrowArray columns[COLUMNS], *children[COLUMNS];
    const void *buffers[COLUMNS][3], *none[1] = {NULL};
    for (int i = 0; i < count; i++) {
        buffers[i][0] = cells[i].valid;
        buffers[i][1] = cells[i].ends;
        buffers[i][2] = cells[i].bytes;
        columns[i] = (struct ArrowArray){.length = rows,
                                         .null_count = -1,
                                         .n_buffers = 3,
                                         .buffers = buffers[i],
                                         .release = keep_array};
        children[i] = &columns[i];
    }
    const struct ArrowArray array = {.length = rows,
                                     .n_buffers = 1,
                                     .n_children = count,
                                     .buffers = none,
                                     .children = children,
                                     .release = keep_array};
    return bonemets_batch_run(batch, &array, answer, err);
}

/* Doubles, or 8-bit keys of a dictionary of texts; the first buffer says what is null. */
static void write_cell(const struct ArrowArray *column, int64_t row)
{
    char number[32];
    putchar(',');
    if (!(((const uint8_t *)column->buffers[0])[row / 8] >> row % 8 & 1)) {
        return;
    }
    if (column->dictionary) {
        const int32_t *ends = column->dictionary->buffers[1];
        const int key = ((const uint8_t *)column->buffers[1])[row]; /* not null, so not negative */
        printf("%.*s", (int)(ends[key + 1] - ends[key]),
               (const char *)column->dictionary->buffers[2] + ends[key]);
        return;
    }
    const double x = ((const double *)column->buffers[1])[row];
    snprintf(number, sizeof number, "%.15g", x);
    if (strtod(number, NULL) < x || strtod(number, NULL) > x) {
        snprintf(number, sizeof number, "%.17g", x);
    }
    for (char *c = number; *c; c++) /* a point whatever the locale */
        *c = *c == ',' ? '.' : *c;
    fputs(number, stdout);
}

static int score(bonemets_batch *batch, bonemets_error *err)
{
    static char line[LINE];
    struct ArrowSchema schema;
    int rows;
    const int count = read_line(line) > 0 ? bind(batch, line, err) : 0;
    if (count == 0 || bonemets_batch_schema(batch, &schema) != BONEMETS_OK) {
        return complain(err);
    }
    printf("line");
    for (int64_t i = 0; i < schema.n_children; i++) {
        printf(",%s", schema.children[i]->name);
    }
    printf("\r\n");
    schema.release(&schema);
    while ((rows = read_rows(count, line)) > 0) {
        struct ArrowArray answer;
        if (run(batch, count, rows, &answer, err) != BONEMETS_OK) {
            return complain(err);
        }
        for (int64_t row = 0; row < answer.length; row++) {
            printf("%ld", lines[row]);
            for (int64_t i = 0; i < answer.n_children; i++) {
                write_cell(answer.children[i], row);
            }
            printf("\r\n");
        }
        answer.release(&answer);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("the answer could not be written\n", stderr);
        return 1;
    }
    return rows < 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s ID[,ID]... < cohort.csv\n", argv[0]);
        return 2;
    }
    bonemets_error *err = bonemets_error_new();
    bonemets_batch *batch = open_batch(argv[1], err);
    const int status = batch ? score(batch, err) : complain(err);
    bonemets_batch_free(batch);
    bonemets_error_free(err);
    return status;
}
