/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows of the file belong together. */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { AT_ROW_START = 0 };

typedef struct {
    const plan *plan;
    text key, now; /* of the rows before, of this row */
    size_t row_begin, last_begin;
    int64_t row_line, last_line;
    int field, rows;
    int left_out, last_behind_left_out; /* the row before, the row before last_begin */
} grouping;

static void on_field(void *bytes, size_t length, void *context)
{
    grouping *of = context;
    if (of->field++ == of->plan->patient) {
        of->now.used = 0;
        add(&of->now, bytes, length);
    }
}

/* A row with a wrong number of fields stays with those before it. */
static void on_row(int end, void *context)
{
    grouping *of = context;
    (void)end;
    if (of->field == of->plan->count) {
        const int same = of->key.used > 0 && of->key.used == of->now.used &&
                         memcmp(of->key.bytes, of->now.bytes, of->now.used) == 0;
        if (!same) {
            of->last_begin = of->row_begin;
            of->last_line = of->row_line;
            of->last_behind_left_out = of->left_out;
        }
        const text swap = of->key;
        of->key = of->now;
        of->now = swap;
    }
    of->left_out = of->field != of->plan->count;
    of->field = 0;
    of->rows++;
}

grouped last_patient(const plan *of, const text *in, int64_t line)
{
    grouping group = {.plan = of};
    struct csv_parser csv;
    const char *at = in->bytes, *end = at + in->used;
    grouped found = {0};
    if (csv_init(&csv, CSV_STRICT) != 0) {
        found.failed = 1;
        return found;
    }
    csv_set_delim(&csv, (unsigned char)of->delimiter);
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const size_t length = line_end ? (size_t)(line_end - at) + 1 : (size_t)(end - at);
        if (csv.pstate == AT_ROW_START) {
            group.row_begin = (size_t)(at - in->bytes);
            group.row_line = line;
        }
        if (csv_parse(&csv, at, length, on_field, on_row, &group) != length) {
            found.broken = 1; /* it is told when the rows are read */
            found.failed = csv_error(&csv) != CSV_EPARSE;
            break;
        }
        line += line_end != NULL;
        at += length;
    }
    csv_free(&csv);
    free(group.key.bytes);
    free(group.now.bytes);
    found.failed |= group.key.failed || group.now.failed;
    found.begin = group.last_begin;
    found.line = group.last_line;
    found.rows = group.rows;
    found.behind_left_out = group.last_behind_left_out;
    return found;
}
