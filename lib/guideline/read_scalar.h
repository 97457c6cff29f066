/* SPDX-License-Identifier: Apache-2.0 */
/* Functions for tables of fields that read what stands in one scalar, or in a list or map of
 * scalars. */
#ifndef BM_GUIDELINE_READ_SCALAR_H
#define BM_GUIDELINE_READ_SCALAR_H

#include "guideline/fields.h"

/* Each fills a member of the type named. */
bm_read_function bm_read_text;     /* const char * */
bm_read_function bm_read_name;     /* const char *; [a-z][a-z0-9_]* */
bm_read_function bm_read_key;      /* const char *; letters, digits and . _ - */
bm_read_function bm_read_unit;     /* const char *; NULL for 1, which is no unit */
bm_read_function bm_read_switch;   /* bool; true or false */
bm_read_function bm_read_off;      /* bool; the opposite */
bm_read_function bm_read_decimal;  /* double */
bm_read_function bm_read_positive; /* double, above 0 */
bm_read_function bm_read_count;    /* int, above 0 */
bm_read_function bm_read_within;   /* nothing; a time, in hours once the families of units are known */
bm_read_function bm_read_formula;  /* bm_formula */
bm_read_function bm_read_names;    /* bm_words; a list, or one alone */
bm_read_function bm_read_keys;     /* bm_words of keys */
bm_read_function bm_read_texts;    /* bm_words of any texts */
bm_read_function bm_read_pairs;    /* bm_pairs; a map of texts */

/* False when it was reported. */
bool bm_scalar_text(bm_reader *reader, const bm_node *node, const char *expected, const char **out);
bool bm_scalar_number(bm_reader *reader, const bm_node *node, double *out);
/* Both ends are part of it and finite. */
bool bm_scalar_range(bm_reader *reader, const bm_node *node, double *low, double *high);
/* Position in a list of words that ends with NULL; -1 when it was reported. */
int bm_scalar_word(bm_reader *reader, const bm_node *node, const char *const *words);
bool bm_scalar_is_ask(const bm_node *node);
bool bm_is_whole(double x);

/* By their letters alone: words of the language are names here. */
bool bm_is_name(const char *text);
bool bm_is_option(const char *text);
bool bm_is_key(const char *text);
/* For what an expression can call by its name; reports at the key. */
bool bm_check_id(bm_reader *reader, const bm_node *entry);
/* A label for what has none: its id with blanks for underscores. */
const char *bm_label_of(bm_reader *reader, const char *id);
void bm_default_label(bm_reader *reader, const char **label, const char *id);

#endif
