/* SPDX-License-Identifier: Apache-2.0 */
/* Closed lists of options. */
#ifndef BM_GUIDELINE_READ_CODES_H
#define BM_GUIDELINE_READ_CODES_H

#include "guideline/fields.h"

/* Room for so many options. False when there is no memory. */
bool bm_codes_start(bm_reader *reader, bm_codes *codes, int room);
bool bm_codes_add(bm_reader *reader, bm_codes *codes, const char *id, const char *label);
/* A map of labels or a plain list of ids, at most `most` of them. */
void bm_read_codes(bm_reader *reader, const bm_node *node, int most, bm_codes *codes);
/* The number of an option, written exactly; -1 when that was reported. Codes NULL: no and yes. */
int bm_codes_expect(bm_reader *reader, const bm_node *node, const char *option,
                    const bm_codes *codes);
/* The same, reported at the key of the node. */
int bm_codes_expect_key(bm_reader *reader, const bm_node *node, const bm_codes *codes);

#endif
