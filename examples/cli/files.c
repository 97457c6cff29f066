/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

enum { MOST_BYTES = 1 << 20 }; /* what bonemets_patient_read accepts */

static int is_standard_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

const char *file_name(const char *path)
{
    return is_standard_input(path) ? "standard input" : path;
}

static int cannot_read(const char *path)
{
    const int reason = errno;
    fputs("bonemets: ", stderr);
    print_plain(stderr, file_name(path));
    fprintf(stderr, ": cannot be read: %s\n", reason ? strerror(reason) : "input error");
    return 0;
}

int read_file(const char *path, contents *out)
{
    out->size = 0;
    errno = 0;
    out->bytes = malloc(MOST_BYTES + 1);
    FILE *file = is_standard_input(path) ? stdin : fopen(path, "rb");
    if (!out->bytes || !file) {
        cannot_read(path);
    } else {
        out->size = fread(out->bytes, 1, MOST_BYTES + 1, file);
    }
    const int done = out->bytes && file && (!ferror(file) || cannot_read(path));
    if (file && file != stdin) {
        fclose(file);
    }
    if (!done) {
        free(out->bytes);
        out->bytes = NULL;
    }
    return done;
}
