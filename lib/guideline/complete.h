/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files that check what crosses files, once all of them are read. */
#ifndef BM_GUIDELINE_COMPLETE_H
#define BM_GUIDELINE_COMPLETE_H

#include "guideline/reader.h"

void bm_complete_names(bm_reader *reader);  /* ids are unique; fills the names of facts */
void bm_complete_kinds(bm_reader *reader);  /* `about`, picks, exclusive facts */
void bm_complete_units(bm_reader *reader);  /* accepted units, `within` */
void bm_complete_tables(bm_reader *reader); /* options of tables */
void bm_complete_points(bm_reader *reader); /* options and ranges of items */
void bm_complete_terms(bm_reader *reader);  /* codes of terminologies */
void bm_complete_rows(bm_reader *reader);   /* members of scales, sources */
void bm_complete_sources(bm_reader *reader); /* numbers them over all guidelines */

/* The fact or value that a name means, in a guideline or (NULL) in the vocabulary; NULL when that
 * was reported. It must be readable from records of `kind`. */
const bm_fact *bm_complete_find(bm_reader *reader, const bm_guideline *guideline, int kind,
                                const bm_node *node, const char *name);
/* Reports the options for which nothing stands in a map, all at once. */
void bm_complete_options(bm_reader *reader, const bm_node *map, const bm_codes *codes,
                         const char *what);

#endif
