/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool number_of(const char *text, double *number)
{
    char *end;

    *number = strtod(text, &end);
    return end != text && *end == '\0';
}

static bool truth_of(const char *text, int *truth)
{
    *truth = strcmp(text, "true") == 0 || strcmp(text, "yes") == 0;
    return *truth || strcmp(text, "false") == 0 || strcmp(text, "no") == 0;
}

bool pw_same(const char *left, const char *right)
{
    double l, r;
    int yes, no;

    if (!left || !right)
        return left == right;
    if (number_of(left, &l) && number_of(right, &r))
        return fabs(l - r) <= 1e-9;
    if (truth_of(left, &yes) && truth_of(right, &no))
        return yes == no;
    return strcmp(left, right) == 0;
}

bool pw_may_be(const pw_answer *answer, const char *value)
{
    for (int i = 0; i < answer->possible.n; i++)
        if (pw_same(answer->possible.word[i], value))
            return true;
    return false;
}

/* A text is named by the row that sets it. */
static const char *text_by_row(const pw_table *t, int key, const char *id)
{
    int r = id ? pw_find_row(t, id) : -1;

    for (int i = 0; r >= 0 && i < t->rows[r].n_sets; i++)
        if (t->rows[r].sets[i].key == key)
            return t->words[t->rows[r].sets[i].word];
    return id;
}

static void read_possible(const bonemets_assessment *a, int32_t i, pw_answer *answer)
{
    int32_t n = bonemets_assessment_sub_count(a, BONEMETS_CHOICES, i, BONEMETS_SUB_POSSIBLE);

    for (int32_t j = 0; j < n && j < PW_ITEMS; j++) {
        const char *word = bonemets_assessment_sub_str(a, BONEMETS_CHOICES, i,
                                                       BONEMETS_SUB_POSSIBLE, j, BONEMETS_F_ID);

        if (!word)
            word = bonemets_assessment_sub_str(a, BONEMETS_CHOICES, i, BONEMETS_SUB_POSSIBLE, j,
                                               BONEMETS_F_CODE);
        if (!word) {
            (void)snprintf(answer->numbers[j], sizeof answer->numbers[j], "%g",
                           bonemets_assessment_sub_num(a, BONEMETS_CHOICES, i,
                                                       BONEMETS_SUB_POSSIBLE, j, BONEMETS_F_LOW));
            word = answer->numbers[j];
        }
        oracle_words_add(&answer->possible, word);
    }
}

void pw_read_answer(const oracle_case *c, const bonemets_assessment *a, const pw_table *table,
                    int key, pw_answer *answer)
{
    const char *name = table->keys[key].name;
    int32_t record = strcmp(table->about, "patient") == 0 ? 0 : 1;
    int32_t i = bonemets_assessment_find(a, BONEMETS_CHOICES, name, record);

    memset(answer, 0, sizeof *answer);
    if (i < 0)
        oracle_mismatch(c, name, "a choice", "no such choice");
    answer->state = bonemets_assessment_int(a, BONEMETS_CHOICES, i, BONEMETS_F_STATE);
    answer->row = bonemets_assessment_str(a, BONEMETS_CHOICES, i, BONEMETS_F_ROW);
    answer->value = bonemets_assessment_str(a, BONEMETS_CHOICES, i, BONEMETS_F_CODE);
    if (table->keys[key].text) {
        answer->value = text_by_row(table, key, answer->row);
    } else if (!answer->value && answer->row) {
        (void)snprintf(answer->text, sizeof answer->text, "%g",
                       bonemets_assessment_num(a, BONEMETS_CHOICES, i, BONEMETS_F_LOW));
        answer->value = answer->text;
    }
    answer->assumed = oracle_sub_words(a, BONEMETS_CHOICES, i, BONEMETS_SUB_ASSUMED);
    read_possible(a, i, answer);
}

int32_t pw_find_entry(const bonemets_assessment *a, int32_t list, const char *row)
{
    for (int32_t i = 0; i < bonemets_assessment_count(a, list); i++) {
        const char *id = bonemets_assessment_str(a, list, i, BONEMETS_F_ROW);

        if (!id)
            id = bonemets_assessment_str(a, list, i, BONEMETS_F_ID);
        if (id && strcmp(id, row) == 0)
            return i;
    }
    return -1;
}

oracle_words pw_tokens_of_row(const pw_row *row, int list)
{
    oracle_words words = {0};

    for (int i = 0; i < row->n_tokens[list]; i++)
        oracle_words_add(&words, row->tokens[list][i]);
    return words;
}

oracle_words pw_tokens_of_entry(const bonemets_assessment *a, int32_t i, const pw_table *table,
                                int list)
{
    oracle_words words = {0};

    if (list <= PW_WARN)
        return oracle_sub_words(a, BONEMETS_ADVICE, i,
                                list == PW_DO ? BONEMETS_SUB_DO : BONEMETS_SUB_WARN);
    for (int32_t j = 0; j < bonemets_assessment_sub_count(a, BONEMETS_ADVICE, i, BONEMETS_SUB_ADD);
         j++) {
        const char *of = bonemets_assessment_sub_str(a, BONEMETS_ADVICE, i, BONEMETS_SUB_ADD, j,
                                                     BONEMETS_F_LIST);

        if (of && strcmp(of, table->lists[list]) == 0)
            oracle_words_add(&words,
                             bonemets_assessment_sub_str(a, BONEMETS_ADVICE, i, BONEMETS_SUB_ADD, j,
                                                         BONEMETS_F_ID));
    }
    return words;
}
