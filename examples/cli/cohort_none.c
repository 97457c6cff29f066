/* SPDX-License-Identifier: Apache-2.0 */
/* Where there was no libcsv when the program was built. */
#include <stdio.h>

#include "program.h"

int cohort(const arguments *options)
{
    (void)options;
    fputs("bonemets: this program was built without libcsv and cannot read CSV\n", stderr);
    return FAILED;
}
