/* SPDX-License-Identifier: Apache-2.0 */
/* The evidence that rows, notes and scores carry: members of scales, and sources. */
#include "guideline/complete.h"

#include <string.h>

static bool scale_was_used_before(const bm_reader *reader, const char *scale)
{
    (void)reader;
    return scale == NULL;
}

/* Rank of what stands in a scale, -1 when it was reported or nothing stands there. */
static int rank_in(bm_reader *reader, const char *id, const bm_node *map, const char *key,
                   const char *member)
{
    const bm_scale *scale = bm_definitions_scale(reader->definitions, id);
    if (member == NULL) {
        return -1;
    }
    if (scale == NULL) {
        if (!scale_was_used_before(reader, id)) {
            bm_reader_fail(reader, bm_node_get(map, key), "no vocabulary declares the scale %q",
                           id);
        }
        return -1;
    }
    int rank = bm_scale_rank(scale, member);
    if (rank < 0) {
        bm_reader_unknown(reader, bm_node_get(map, key), id, member, NULL);
    }
    return rank;
}
