/* SPDX-License-Identifier: Apache-2.0 */
/* Scores a cohort through the Arrow C data interface: columns in, columns out.
 *
 *   score sins,katagiri_2014 < cohort.csv > scores.csv
 *
 * The first line names the facts, as for `bonemets cohort`; cells are plain, without quotes. What is
 * written is to the byte what `bonemets cohort --skip-others --score …` writes. */
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

/* What is lent to the library for a call needs no memory of its own, and its release does nothing. */
static void keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static int complain(const bonemets_error *err)
{
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
    for (char *one = strtok(list, ","); one && count < TARGETS; one = strtok(NULL, ",")) {
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

/* Parts a line at its commas. */
static int split(char *line, char *fields[COLUMNS])
{
    int count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at && count < COLUMNS;) {
        char *comma = strchr(at, ',');
        fields[count++] = at;
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
    for (int i = 0; i < count; i++) {
        columns[i] = (struct ArrowSchema){.format = "u", .name = names[i], .release = keep_schema};
        children[i] = &columns[i];
    }
    const struct ArrowSchema schema = {
        .format = "+s", .n_children = count, .children = children, .release = keep_schema};
    return bonemets_batch_bind(batch, &schema, err) == BONEMETS_OK ? count : 0;
}

/* The next rows of the file as an array; how many. */
static int read_rows(int count, char *line)
{
    char *fields[COLUMNS];
    int rows = 0;
    memset(cells, 0, sizeof cells);
    while (rows < ROWS && fgets(line, LINE, stdin) && split(line, fields) == count) {
        for (int i = 0; i < count; i++) {
            const size_t length = strlen(fields[i]);
            const int32_t from = cells[i].ends[rows];
            if ((size_t)from + length > sizeof cells[i].bytes) {
                return -1;
            }
            memcpy(cells[i].bytes + from, fields[i], length);
            cells[i].ends[rows + 1] = from + (int32_t)length;
            cells[i].valid[rows / 8] |= (uint8_t)((length > 0) << rows % 8);
        }
        rows++;
    }
    return rows;
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
        const int key = ((const int8_t *)column->buffers[1])[row];
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
    long number = 2;
    int rows;
    const int count = fgets(line, sizeof line, stdin) ? bind(batch, line, err) : 0;
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
            printf("%ld", number++);
            for (int64_t i = 0; i < answer.n_children; i++) {
                write_cell(answer.children[i], row);
            }
            printf("\r\n");
        }
        answer.release(&answer);
    }
    return 0;
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
