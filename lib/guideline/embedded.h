/* SPDX-License-Identifier: Apache-2.0 */
/* The files of rules/, compiled into the library by lib/guideline/embed.c, in the order of their paths. */
#ifndef BM_GUIDELINE_EMBEDDED_H
#define BM_GUIDELINE_EMBEDDED_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *name;          /* path below rules/, such as `instruments/sins.yaml` */
    const char *guideline;     /* id of its guideline; empty for a vocabulary */
    const unsigned char *tree; /* packed, for bm_packed_read; without the examples */
    size_t size;
    const unsigned char *examples; /* a tree of them alone; NULL: none */
    size_t examples_size;
    const char *example_ids; /* `A, B`; NULL: none */
    uint8_t digest[32]; /* SHA-256 of the file */
} bm_embedded_file;

extern const bm_embedded_file bm_embedded_files[];
extern const size_t bm_embedded_count;

#endif
