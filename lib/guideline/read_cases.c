/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/read_cases.h"

#include <float.h>
#include <string.h>

#include "base/text.h"
#include "guideline/read_codes.h"
#include "guideline/read_fact.h"
#include "guideline/read_scalar.h"

bool bm_check_case(bm_reader *reader, const bm_node *node, const char *result)
{
    const bm_node *otherwise = bm_node_get(node, "else");
    const bm_node *when = bm_node_get(node, "when"), *then = bm_node_get(node, result);
    if (otherwise != NULL && (when != NULL || then != NULL)) {
        return bm_reader_fail_key(reader, otherwise, "'else' stands alone, as {else: RESULT}");
    }
    if (otherwise != NULL && node->next != NULL) {
        return bm_reader_fail_key(reader, otherwise, "'else' must be the last case");
    }
    if (otherwise == NULL && when == NULL) {
        return bm_reader_missing(reader, node, "when");
    }
    return otherwise != NULL || then != NULL || bm_reader_missing(reader, node, result);
}

/* What a result means without being looked up: an option, or yes and no of a flag. */
static bm_ex *literal(const bm_reader *reader, const char *text, bm_ex *ex)
{
    const bm_fact *fact = reader->fact;
    bool yes = strcmp(text, "yes") == 0;
    if (fact->type.codes != NULL && bm_names_find(&fact->type.codes->index, text) >= 0) {
        ex->kind = BM_EX_QUOTED;
        ex->name = text;
        return ex;
    }
    if (fact->type.base == BM_BOOL && (yes || strcmp(text, "no") == 0)) {
        ex->kind = BM_EX_TRUTH;
        ex->number = yes;
        return ex;
    }
    return NULL;
}

/* An option that no expression could be would only give a puzzling message there. */
static bool is_strange_option(const bm_reader *reader, const char *text)
{
    double number = 0;
    return reader->fact->type.base == BM_CODE && bm_is_option(text) && !bm_is_name(text) &&
           bm_read_number(text, strlen(text), &number) != NULL;
}

static void read_result(bm_reader *reader, const bm_node *node, void *member)
{
    bm_case *one = member;
    const char *text = NULL;
    if (bm_scalar_is_ask(node)) {
        one->ask = true;
        one->is.node = node;
        one->is.text = node->text;
        return;
    }
    if (!bm_scalar_text(reader, node, "an option, number, expression or 'ask'", &text)) {
        return;
    }
    bm_ex *ex = bm_reader_array(reader, 1, sizeof *ex);
    if (ex == NULL) {
        return;
    }
    ex->line = node->line;
    ex->column = node->column;
    if (literal(reader, text, ex) != NULL) {
        one->is = (bm_formula){.text = text, .ex = ex, .node = node};
    } else if (is_strange_option(reader, text)) {
        bm_codes_expect(reader, node, text, reader->fact->type.codes);
    } else {
        bm_read_formula(reader, node, &one->is);
    }
}

static const bm_field case_fields[] = {
    {"when", false, bm_read_formula, offsetof(bm_case, when)},
    {"is", false, read_result, 0},
    {"else", false, read_result, 0},
    BM_END_OF_FIELDS,
};

static void read_case(bm_reader *reader, const bm_node *node, void *member)
{
    bm_case *one = member;
    one->node = node;
    bm_read_fields(reader, node, case_fields, one);
    one->text = one->when.text != NULL ? one->when.text : "else";
    if (node->kind == BM_MAP) {
        bm_check_case(reader, node, "is");
    }
}

static const bm_ex *plain_number(const bm_ex *ex)
{
    if (ex != NULL && ex->kind == BM_EX_NEGATE) {
        ex = ex->a;
    }
    return ex != NULL && ex->kind == BM_EX_NUMBER ? ex : NULL;
}

/* The first result tells: a plain number makes it a number of that unit, all else true or false. */
static void infer_type(bm_fact *fact)
{
    const bm_ex *first = NULL;
    for (int i = 0; i < fact->case_count && first == NULL; i++) {
        first = fact->cases[i].is.ex;
    }
    const bm_ex *number = plain_number(first);
    fact->flag_type = number == NULL;
    if (number != NULL) {
        fact->type.base = BM_NUMBER;
        fact->type.unit = fact->type.unit != NULL ? fact->type.unit : number->unit;
        fact->type.low = -DBL_MAX;
        fact->type.high = DBL_MAX;
    }
}

void bm_read_cases(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    reader->fact = fact;
    fact->cases = bm_read_entries(reader, node, BM_SEQUENCE, sizeof *fact->cases, &fact->case_count,
                                  read_case);
    reader->fact = NULL;
    if (node->kind == BM_SEQUENCE && node->count == 0) {
        bm_reader_expected(reader, node, "at least one case");
    }
    if (bm_fact_is_untyped(fact)) {
        infer_type(fact);
    }
}

static void add_option(bm_reader *reader, const bm_node *node, bm_table_row *row)
{
    const char *option = NULL;
    if (!bm_scalar_text(reader, node, "an option", &option)) {
        return;
    }
    if (bm_scalar_is_ask(node)) {
        bm_reader_fail(reader, node, "'ask' stands alone, not in a list");
    } else if (bm_entry_find(row->options, row->option_count, sizeof *row->options, option) >= 0) {
        bm_reader_fail(reader, node, "%q stands here twice", option);
    } else if (bm_codes_expect(reader, node, option, reader->fact->type.codes) >= 0) {
        row->options[row->option_count++] = option;
    }
}

static void read_possible(bm_reader *reader, const bm_node *node, bm_table_row *row)
{
    bool list = node->kind == BM_SEQUENCE;
    row->options = bm_reader_array(reader, list ? (size_t)node->count : 1, sizeof *row->options);
    if (row->options == NULL) {
        return;
    }
    if (!list) {
        add_option(reader, node, row);
        return;
    }
    if (node->count == 0) {
        bm_reader_fail(reader, node, "an empty list; expected the possible options, or 'ask'");
    }
    for (const bm_node *entry = node->first; entry != NULL; entry = entry->next) {
        add_option(reader, entry, row);
    }
}

static void read_table_number(bm_reader *reader, const bm_node *node, bm_table_row *row)
{
    const bm_type *type = &reader->fact->type;
    if (!bm_scalar_number(reader, node, &row->number)) {
        return;
    }
    if (row->number < type->low || row->number > type->high) {
        bm_reader_fail(reader, node, "%n lies outside the range %n..%n", row->number, type->low,
                       type->high);
    } else if (type->whole && !bm_is_whole(row->number)) {
        bm_reader_expected(reader, node, "a whole number, since it is a count");
    }
}

static void read_table_row(bm_reader *reader, const bm_node *node, void *member)
{
    bm_table_row *row = member;
    *row = (bm_table_row){.option = node->key, .node = node, .ask = bm_scalar_is_ask(node)};
    if (row->ask) {
        return;
    }
    if (reader->fact->type.base == BM_NUMBER) {
        read_table_number(reader, node, row);
    } else {
        read_possible(reader, node, row);
    }
}

/* Without a type, numbers and flags tell themselves; options must be declared. */
static void infer_table_type(bm_reader *reader, const bm_node *table, bm_fact *fact)
{
    const bm_node *row = table->first;
    double number = 0;
    while (row != NULL && bm_scalar_is_ask(row)) {
        row = row->next;
    }
    if (row == NULL || bm_node_is(row, "yes") || bm_node_is(row, "no")) {
        fact->flag_type = true;
    } else if (row->kind == BM_SCALAR && bm_read_number(row->text, row->length, &number) == NULL) {
        fact->type.base = BM_NUMBER;
        fact->type.low = -DBL_MAX;
        fact->type.high = DBL_MAX;
    } else {
        bm_reader_fail(reader, row,
                       "expected a number, yes or no; a table of options needs 'type: code' and "
                       "'options'");
    }
}

void bm_read_table(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    if (node->kind != BM_MAP) {
        bm_reader_expected(reader, node, "a map with a row for every option");
        return;
    }
    if (fact->type.base == BM_SET) {
        bm_reader_fail_key(reader, node, "a set cannot be read from a table");
        return;
    }
    if (bm_fact_is_untyped(fact)) {
        infer_table_type(reader, node, fact);
    }
    if (bm_fact_is_untyped(fact) || (fact->type.base == BM_CODE && fact->type.codes == NULL)) {
        return;
    }
    reader->fact = fact;
    fact->table = bm_read_entries(reader, node, BM_MAP, sizeof *fact->table, &fact->table_count,
                                  read_table_row);
    reader->fact = NULL;
}
