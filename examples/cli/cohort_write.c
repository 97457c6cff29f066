/* SPDX-License-Identifier: Apache-2.0 */
/* CSV out. */
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

static void write_text(FILE *out, const char *text, size_t length)
{
    int quoted = 0;
    for (size_t i = 0; i < length; i++) {
        quoted |= strchr(",;\"\r\n ", text[i]) != NULL;
    }
    if (!quoted) {
        fwrite(text, 1, length, out);
        return;
    }
    putc('"', out);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"') {
            putc('"', out);
        }
        putc(text[i], out);
    }
    putc('"', out);
}

/* The shortest of two forms that reads back as the same number; the program stays in the C locale. */
static void write_number(FILE *out, double x)
{
    char text[40];
    snprintf(text, sizeof text, "%.15g", x);
    if (strtod(text, NULL) < x || strtod(text, NULL) > x) {
        snprintf(text, sizeof text, "%.17g", x);
    }
    fputs(text, out);
}

void write_names(FILE *out, const csv_rows *rows, const uint8_t *kept,
                 const struct ArrowSchema *schema)
{
    fputs("line", out);
    for (int i = 0; i < rows->count; i++) {
        if (kept[i]) {
            putc(',', out);
            write_text(out, rows->columns[i].name, strlen(rows->columns[i].name));
        }
    }
    for (int64_t i = 0; i < schema->n_children; i++) {
        putc(',', out);
        write_text(out, schema->children[i]->name, strlen(schema->children[i]->name));
    }
    fputs("\r\n", out);
}

static int is_valid(const struct ArrowArray *column, int64_t row)
{
    return ((const uint8_t *)column->buffers[0])[row >> 3] >> (row & 7) & 1;
}

const char *answer_text(const struct ArrowArray *column, int64_t row, size_t *length)
{
    if (!is_valid(column, row)) {
        return NULL;
    }
    const int8_t key = ((const int8_t *)column->buffers[1])[row];
    const int32_t *ends = column->dictionary->buffers[1];
    *length = (size_t)(ends[key + 1] - ends[key]);
    return (const char *)column->dictionary->buffers[2] + ends[key];
}

static void write_answer(FILE *out, const struct ArrowSchema *schema,
                         const struct ArrowArray *column, int64_t row)
{
    size_t length = 0;
    putc(',', out);
    if (schema->dictionary) {
        const char *text = answer_text(column, row, &length);
        if (text) {
            write_text(out, text, length);
        }
    } else if (is_valid(column, row)) {
        write_number(out, ((const double *)column->buffers[1])[row]);
    }
}

void write_rows(FILE *out, const csv_rows *rows, const uint8_t *kept,
                const struct ArrowSchema *schema, const struct ArrowArray *answer)
{
    for (int64_t row = 0; row < rows->rows; row++) {
        fprintf(out, "%lld", (long long)rows->lines[row]);
        for (int i = 0; i < rows->count; i++) {
            const text_column *column = &rows->columns[i];
            if (kept[i]) {
                putc(',', out);
                write_text(out, column->bytes ? column->bytes + column->ends[row] : "",
                           (size_t)(column->ends[row + 1] - column->ends[row]));
            }
        }
        for (int64_t i = 0; i < schema->n_children; i++) {
            write_answer(out, schema->children[i], answer->children[i], row);
        }
        fputs("\r\n", out);
    }
}
