/* SPDX-License-Identifier: Apache-2.0 */
/* From bytes to a tree with positions. Takes the part of YAML that doc/guideline-language.md
 * section 1 allows (JSON is within it) and refuses the rest with file:line:column. */
#ifndef BM_YAML_TREE_H
#define BM_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"

/* Positions count from 1, columns in characters (not bytes; a byte order mark does not count). They
 * are where a node begins:
 * - plain scalar: its first character, so that column + offset is exact on its first line;
 * - quoted scalar: the opening quote, so its text begins one column later (escapes before a place
 *   shift it further);
 * - block scalar (| or >): the indicator; its text begins on a later line;
 * - map or list: `{` or `[`, or the first key or `-`; an empty value: just behind the colon. */

typedef enum { BM_SCALAR, BM_SEQUENCE, BM_MAP } bm_node_kind;

typedef struct bm_node bm_node;
struct bm_node {
    bm_node_kind kind;
    bool quoted;      /* scalar: written in quotes or as a block, so it is text */
    int line, column; /* from 1, in characters; see above */
    const char *text; /* scalar: NUL-terminated, no NUL inside */
    size_t length;
    const char *key; /* of an entry of a map; NULL in a sequence and at the root */
    int key_line, key_column;
    const bm_node *parent; /* NULL at the root */
    int number;            /* of an entry, from 1 */
    int count;             /* entries of a map or sequence */
    bm_node *first;        /* entries in order */
    bm_node *next;
};

typedef struct {
    int64_t bytes, depth, scalar, events;
} bm_yaml_limits;

#define BM_YAML_LIMITS ((bm_yaml_limits){1 << 20, 16, 64 * 1024, 100000})

/* Changes one of BONEMETS_LIMIT_. */
bonemets_status bm_yaml_set_limit(bm_yaml_limits *limits, int32_t limit, int64_t value);

/* A tree in `arena`, or NULL with every error reported (as many as can be found: duplicate keys and
 * the like do not end the reading, broken syntax does). `name` must live as long as the tree.
 * Whatever the limits say, the depth ends at 200, so that a tree may be walked by recursion. Refused
 * beyond what section 1 lists: control characters, invisible line breaks and marks that turn the
 * direction of writing, also as escapes, and empty keys. Returns the status of the first error. */
bonemets_status bm_yaml_read(bm_arena *arena, const bm_yaml_limits *limits, const char *name,
                             const void *bytes, size_t size, const bm_node **out,
                             bonemets_error *err);

/* The entry of a map with that key, or NULL. */
const bm_node *bm_node_get(const bm_node *map, const char *key);
/* A plain null: empty, `~` or `null` outside quotes. */
bool bm_node_is_null(const bm_node *node);
/* Fills `place` for a message; the key path is written into `buffer`, as
 * `lesions[2].collapse_pct`: sequence entries from 1. */
bm_place bm_node_place(const char *file, const bm_node *node, char *buffer, size_t size);

#endif
