/* SPDX-License-Identifier: Apache-2.0 */
/* What somebody may have meant who wrote a word that the vocabulary does not have. Only names of the
 * vocabulary are offered. */
#ifndef BM_RECORD_ALIKE_H
#define BM_RECORD_ALIKE_H

#include "base/text.h"
#include "guideline/definitions.h"

/* `; did you mean 'a', 'b' or 'c'?`, or nothing when no fact is like the word. */
void bm_put_facts_alike(bm_text *text, const bm_definitions *definitions, const char *word);
/* The same of the options of a fact. */
void bm_put_options_alike(bm_text *text, const bm_fact *fact, const char *word);

#endif
