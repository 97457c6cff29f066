/* SPDX-License-Identifier: Apache-2.0 */
/* What the library answers, in the words of the tables. */
#ifndef BONEMETS_TESTS_ORACLE_ANSWER_H
#define BONEMETS_TESTS_ORACLE_ANSWER_H

#include "pathways.h"

typedef struct {
    int32_t state;
    const char *row;
    const char *value; /* NULL when there is none */
    char text[32];
    oracle_words possible, assumed;
    char numbers[PW_ITEMS][32];
} pw_answer;

void pw_read_answer(const oracle_case *c, const bonemets_assessment *a, const pw_table *table,
                    int key, pw_answer *answer);
/* Two outcomes are the same: as words, as numbers, or as a truth. */
bool pw_same(const char *left, const char *right);
bool pw_may_be(const pw_answer *answer, const char *value);
/* Position of the row in the list; -1 when it is not there. */
int32_t pw_find_entry(const bonemets_assessment *a, int32_t list, const char *row);
oracle_words pw_tokens_of_row(const pw_row *row, int list);
/* The words of an entry of the advice that belong to a list of the table. */
oracle_words pw_tokens_of_entry(const bonemets_assessment *a, int32_t i, const pw_table *table,
                                int list);

#endif
