/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "program.h"

static void print_version(void)
{
    const int version = (int)bonemets_version();
    printf("bonemets %d.%d.%d\n", version / 1000000, version / 1000 % 1000, version % 1000);
}

static int run(const arguments *options)
{
    if (options->version) {
        print_version();
        return DONE;
    }
    if (options->help) {
        print_help(options);
        return DONE;
    }
    switch (options->command) {
    case ASSESS:
        return assess(options);
    case COHORT:
        return cohort(options);
    case CHECK:
        return check(options);
    case EXPLAIN:
        return explain(options);
    default:
        return facts(options);
    }
}

int main(int argc, char **argv)
{
    arguments options;
    int status = read_options(argc, argv, &options);
    if (status == DONE) {
        status = run(&options);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("bonemets: the answer could not be written in full\n", stderr);
        return FAILED;
    }
    return status;
}
