/* SPDX-License-Identifier: Apache-2.0 */
/* What rows choose. The outcomes of a choice of numbers or texts are those that its rows name, so
 * they are known only when all rows are read. */
#include "base/text.h"
#include "guideline/read_codes.h"
#include "guideline/read_file.h"
#include "guideline/read_scalar.h"

typedef enum { OPTIONS, NUMBERS, TEXTS } bm_choice_kind;

static bm_choice_kind kind_of(const bm_choice *choice)
{
    if (choice->is_text) {
        return TEXTS;
    }
    return bm_node_get(choice->node, "unit") != NULL ? NUMBERS : OPTIONS;
}

static void start_outcomes(bm_reader *reader, bm_choice *choice)
{
    bm_choice_kind kind = kind_of(choice);
    if (kind != OPTIONS || choice->codes.ids == NULL) {
        bm_codes_start(reader, &choice->codes, BM_OUTCOMES);
    }
    if (kind == NUMBERS) {
        choice->numbers = bm_reader_array(reader, BM_OUTCOMES, sizeof *choice->numbers);
    }
}

/* Two ways of writing one number are one outcome. */
static int find_number(const bm_choice *choice, double number)
{
    for (int i = 0; i < choice->codes.count; i++) {
        if (choice->numbers[i] >= number && choice->numbers[i] <= number) {
            return i;
        }
    }
    return -1;
}

static bool add_outcome(bm_reader *reader, bm_choice *choice, const bm_node *node)
{
    if (choice->codes.count == BM_OUTCOMES) {
        return bm_reader_fail(reader, node, "%q would be outcome %d of %q; at most %d are possible",
                              node->text, BM_OUTCOMES + 1, choice->id, BM_OUTCOMES);
    }
    return bm_codes_add(reader, &choice->codes, node->text, node->text);
}

static void collect_number(bm_reader *reader, bm_choice *choice, const bm_node *node)
{
    double number = 0;
    const char *problem = bm_read_number(node->text, node->length, &number);
    if (problem != NULL) {
        bm_reader_fail(reader, node, "expected a number for %q, found %q: %s", choice->id,
                       node->text, problem);
        return;
    }
    int known = find_number(choice, number);
    if (known < 0 && add_outcome(reader, choice, node)) {
        choice->numbers[choice->codes.count - 1] = number;
    } else if (known >= 0 && !bm_names_add(&choice->codes.index, node->text, known)) {
        bm_reader_lack_memory(reader);
    }
}

static void collect(bm_reader *reader, bm_choice *choice, const bm_node *node)
{
    if (node->kind != BM_SCALAR || bm_node_is_null(node) || node->text[0] == '\0') {
        return; /* reported */
    }
    if (bm_scalar_is_ask(node)) {
        bm_reader_fail(reader, node, "a row must choose; what cannot be told yet is provisional");
        return;
    }
    switch (kind_of(choice)) {
    case OPTIONS:
        if (choice->codes.count > 0) {
            bm_codes_expect(reader, node, node->text, &choice->codes);
        }
        break;
    case NUMBERS:
        collect_number(reader, choice, node);
        break;
    case TEXTS:
        if (bm_names_find(&choice->codes.index, node->text) < 0) {
            add_outcome(reader, choice, node);
        }
        break;
    }
}

static void collect_with(bm_reader *reader, bm_guideline *guideline, const bm_row_def *row,
                         const bm_with *with)
{
    size_t size = sizeof *guideline->choices;
    int choice = bm_entry_find(guideline->choices, guideline->choice_count, size, with->choice);
    if (choice < 0) {
        bm_reader_unknown(
            reader, with->node, "choice of this guideline called", with->choice,
            bm_entry_nearest(guideline->choices, guideline->choice_count, size, with->choice));
    } else if (choice == row->choice) {
        bm_reader_fail_key(reader, with->node, "the row chooses %q already", with->choice);
    } else {
        collect(reader, &guideline->choices[choice], with->node);
    }
}

/* `of` makes a row lead another choice than the one it stands under. False: reported. */
static bool find_lead(bm_reader *reader, const bm_guideline *guideline, bm_row_def *row)
{
    if (row->of == NULL || row->choice < 0) {
        return true;
    }
    const bm_node *of = bm_node_get(row->node, "of");
    size_t size = sizeof *guideline->choices;
    int choice = bm_entry_find(guideline->choices, guideline->choice_count, size, row->of);
    if (choice < 0) {
        bm_reader_unknown(
            reader, of, "choice of this guideline called", row->of,
            bm_entry_nearest(guideline->choices, guideline->choice_count, size, row->of));
        return false;
    }
    if (choice == row->choice) {
        bm_reader_fail_key(reader, of, "the row stands under %q already", row->of);
        return false;
    }
    row->choice = choice;
    return true;
}

static void collect_row(bm_reader *reader, bm_guideline *guideline, const bm_row_def *row)
{
    const bm_node *choose = bm_node_get(row->node, "choose");
    if (row->choice >= 0 && choose != NULL) {
        collect(reader, &guideline->choices[row->choice], choose);
    }
    for (int i = 0; i < row->with_count; i++) {
        collect_with(reader, guideline, row, &row->with[i]);
    }
}

void bm_collect_outcomes(bm_reader *reader, bm_guideline *guideline)
{
    for (int i = 0; i < guideline->choice_count && !bm_reader_stopped(reader); i++) {
        start_outcomes(reader, &guideline->choices[i]);
    }
    for (int i = 0; i < guideline->row_count && !bm_reader_stopped(reader); i++) {
        if (find_lead(reader, guideline, &guideline->rows[i])) {
            collect_row(reader, guideline, &guideline->rows[i]);
        }
    }
}
