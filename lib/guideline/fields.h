/* SPDX-License-Identifier: Apache-2.0 */
/* The table-driven reader: a kind of map is an array of keys, each with the function that reads it
 * and the member that it fills. */
#ifndef BM_GUIDELINE_FIELDS_H
#define BM_GUIDELINE_FIELDS_H

#include "guideline/reader.h"

typedef void bm_read_function(bm_reader *reader, const bm_node *node, void *member);

typedef struct {
    const char *key; /* NULL ends the array */
    bool required;
    bm_read_function *read; /* of the end: takes every other key; NULL: there is no other */
    size_t offset;
} bm_field;

#define BM_END_OF_FIELDS                                                                           \
    {                                                                                              \
        NULL, false, NULL, 0                                                                       \
    }

/* Fills the struct at `target`. Keys are read in the order of the array, so that a function can rely
 * on what stands before it. Other keys, missing keys and keys with nothing behind are reported. */
void bm_read_fields(bm_reader *reader, const bm_node *map, const bm_field *fields, void *target);

/* Reads every entry of a map or list into an element of a new array. NULL with *count 0 when it is
 * not such a node (reported) or memory ran out. */
void *bm_read_entries(bm_reader *reader, const bm_node *node, bm_node_kind kind, size_t size,
                      int *count, bm_read_function *read);

/* Reports that a key is missing in a map. */
bool bm_reader_missing(bm_reader *reader, const bm_node *map, const char *key);
/* Reports every name that occurs twice; `nodes` is where a struct holds its node. */
void bm_check_distinct(bm_reader *reader, const void *entries, int count, size_t size,
                       size_t nodes);

#endif
