/* SPDX-License-Identifier: Apache-2.0 */
/* A tree as bytes: read when the library is built, so that loading it takes no YAML parser. */
#ifndef BM_YAML_PACKED_H
#define BM_YAML_PACKED_H

#include "yaml/tree.h"

/* The tree that bm_yaml_read gave, in one array of `arena`. Its texts and keys stand within `bytes`,
 * which must outlive it. Damaged bytes give E_YAML, or another tree that is as safe to walk. */
bonemets_status bm_packed_read(bm_arena *arena, const unsigned char *bytes, size_t size,
                               const bm_node **out);

/* The bytes of a tree, in `arena`. Only build tools and tests call it: not part of the library. */
bonemets_status bm_packed_write(bm_arena *arena, const bm_node *root, const unsigned char **out,
                                size_t *size);

#endif
