/* SPDX-License-Identifier: Apache-2.0 */
/* The files of rules/, compiled into the library by embed.py, in the order of their paths. */
#ifndef BM_GUIDELINE_EMBEDDED_H
#define BM_GUIDELINE_EMBEDDED_H

#include <stddef.h>

typedef struct {
    const char *name;      /* path below rules/, such as `instruments/sins.yaml` */
    const char *guideline; /* id of its guideline; empty for a vocabulary */
    const unsigned char *bytes;
    size_t size;
} bm_embedded_file;

extern const bm_embedded_file bm_embedded_files[];
extern const size_t bm_embedded_count;

#endif
