/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a CSV file with libcsv and does nothing with it: what `bonemets cohort` is measured against.
 * usage: csv_alone FILE */
#include <csv.h>
#include <stdio.h>

static long fields, rows;

static void on_field(void *text, size_t length, void *context)
{
    (void)text;
    (void)length;
    (void)context;
    fields++;
}

static void on_row(int end, void *context)
{
    (void)end;
    (void)context;
    rows++;
}

int main(int argc, char **argv)
{
    static char block[1 << 16];
    size_t got;
    struct csv_parser parser;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        fputs("usage: csv_alone FILE\n", stderr);
        return 1;
    }
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        if (csv_parse(&parser, block, got, on_field, on_row, NULL) != got) {
            return 1;
        }
    }
    csv_fini(&parser, on_field, on_row, NULL);
    csv_free(&parser);
    fclose(file);
    printf("%ld rows, %ld fields\n", rows, fields);
    return 0;
}
