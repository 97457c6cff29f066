/* SPDX-License-Identifier: Apache-2.0 */
/* A tree as bytes: read when the library is built, so that loading it takes no YAML parser. */
#ifndef BM_YAML_PACKED_H
#define BM_YAML_PACKED_H

#include "yaml/tree.h"

/* The tree that bm_yaml_read gave, in one array of `arena`. Its texts and keys stand within `bytes`,
 * which must outlive it. Damaged bytes give E_YAML, or another tree that is as safe to walk. */
bonemets_status bm_packed_read(bm_arena *arena, const unsigned char *bytes, size_t size,
                               const bm_node **out);

/* Takes an entry out of the map at the root of a tree that the caller has read itself. Returns a map,
 * in `arena`, that holds it alone at the same places; NULL: there is none, or no memory. */
const bm_node *bm_tree_take_out(bm_arena *arena, const bm_node *root, const char *key);

/* The bytes of a tree, in `arena`. */
bonemets_status bm_packed_write(bm_arena *arena, const bm_node *root, const unsigned char **out,
                                size_t *size);

#endif
