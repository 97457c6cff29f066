/* SPDX-License-Identifier: Apache-2.0 */
/* What everything that reads definitions shares: where they go, and how a mistake is reported.
 * Reading goes on after a mistake, so that all of them are found in one run; only lack of memory
 * ends it. */
#ifndef BM_GUIDELINE_READER_H
#define BM_GUIDELINE_READER_H

#include "guideline/definitions.h"

typedef struct {
    bm_definitions *definitions;
    bm_arena *arena;
    bonemets_error *err;
    bonemets_status status;  /* of the first mistake; lack of memory comes before all */
    const bm_file *file;     /* being read */
    bm_guideline *guideline; /* being read, or NULL */
    bm_fact *fact;           /* whose cases are being read */
    int precedence;          /* of the vocabulary being read */
    int choice;              /* whose rows are being read; -1: advice */
} bm_reader;

void bm_reader_start(bm_reader *reader, bm_definitions *definitions, bonemets_error *err);
bonemets_status bm_reader_finish(bm_reader *reader);

/* NULL, and remembered, when there is no memory. */
void *bm_reader_array(bm_reader *reader, size_t count, size_t size);
void bm_reader_lack_memory(bm_reader *reader);
bool bm_reader_stopped(const bm_reader *reader);
/* After somebody else has reported a mistake. */
void bm_reader_failed(bm_reader *reader, bonemets_status status);

/* Reports at a node, in words of bm_put_format. All of these return false. */
bool bm_reader_fail(bm_reader *reader, const bm_node *node, const char *format, ...);
/* At the key of an entry of a map. */
bool bm_reader_fail_key(bm_reader *reader, const bm_node *node, const char *format, ...);
/* "expected …, found …" */
bool bm_reader_expected(bm_reader *reader, const bm_node *node, const char *expected);
/* "there is no … 'x'; did you mean 'y'?"; nearest may be NULL. */
bool bm_reader_unknown(bm_reader *reader, const bm_node *node, const char *what, const char *name,
                       const char *nearest);
/* `name` is declared at `other` already. */
bool bm_reader_again(bm_reader *reader, const bm_node *node, const char *name,
                     const bm_node *other);

bm_place bm_reader_place(const bm_reader *reader, const bm_node *node, char *path, size_t size);
/* `file:line:column` of a definition: of its key where it has one. */
enum { BM_WHERE = 200 };
const char *bm_reader_where(const bm_reader *reader, const bm_node *node, char where[BM_WHERE]);
/* What a person sees at a node: text in quotes, "a map", "a list", "nothing". */
enum { BM_SHOWN = 80 };
const char *bm_node_show(const bm_node *node, char shown[BM_SHOWN]);
bool bm_node_is(const bm_node *node, const char *text);

/* Arrays of names, or of structs whose first member is their name. */
int bm_entry_find(const void *entries, int count, size_t size, const char *name);
const char *bm_entry_nearest(const void *entries, int count, size_t size, const char *name);

#endif
