/* SPDX-License-Identifier: Apache-2.0 */
/* Facts and values. */
#ifndef BM_GUIDELINE_READ_FACT_H
#define BM_GUIDELINE_READ_FACT_H

#include "guideline/fields.h"

/* Entries of `facts` and `values` of a vocabulary, and of `values` of a guideline: a bm_fact. */
bm_read_function bm_read_fact;
bm_read_function bm_read_value;
bm_read_function bm_read_local_value;

/* What facts and values have in common. */
bm_read_function bm_read_type;       /* of a bm_fact */
bm_read_function bm_read_options;    /* of a bm_fact, after type and aliases */
bm_read_function bm_read_fact_unit;  /* of a bm_fact, after type */
bm_read_function bm_read_accepts;    /* of a bm_fact, after unit */
bm_read_function bm_read_fact_range; /* of a bm_fact, after type */
/* The beginning: nothing is built yet. False when the id will not do. */
bool bm_fact_start(bm_reader *reader, const bm_node *entry, bm_fact *fact);
/* The end: keys that the type lacks, or has no use for. */
void bm_fact_finish(bm_reader *reader, bm_fact *fact);

/* Whether the type is told by its expression, which only a local value may leave it to. */
bool bm_fact_is_untyped(const bm_fact *fact);
/* "a code", "a flag", … */
const char *bm_fact_word(const bm_fact *fact);

#endif
