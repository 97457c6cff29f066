/* SPDX-License-Identifier: Apache-2.0 */
/* Choices and advice. */
#include <string.h>

#include "guideline/read_codes.h"
#include "guideline/read_file.h"
#include "guideline/read_scalar.h"

static int count_entries(const bm_node *list)
{
    return list != NULL && list->kind == BM_SEQUENCE ? list->count : 0;
}

void bm_start_rows(bm_reader *reader, const bm_node *root, bm_guideline *guideline)
{
    const bm_node *choices = bm_node_get(root, "choices");
    const bm_node *choice = choices != NULL && choices->kind == BM_MAP ? choices->first : NULL;
    int count = count_entries(bm_node_get(root, "advice"));
    for (; choice != NULL; choice = choice->next) {
        count += count_entries(bm_node_get(choice, "rows"));
    }
    guideline->rows = bm_reader_array(reader, (size_t)count, sizeof *guideline->rows);
}

static void read_with_entry(bm_reader *reader, const bm_node *node, void *member)
{
    bm_with *with = member;
    with->choice = node->key;
    with->node = node;
    bm_scalar_text(reader, node, "an outcome", &with->value);
}

static void read_with(bm_reader *reader, const bm_node *node, void *member)
{
    bm_row_def *row = member;
    row->with =
        bm_read_entries(reader, node, BM_MAP, sizeof *row->with, &row->with_count, read_with_entry);
}

static void read_addition(bm_reader *reader, const bm_node *node, void *member)
{
    bm_addition *addition = member;
    *addition = (bm_addition){.list = node->key, .node = node};
    bm_read_names(reader, node, &addition->words);
}

static void read_additions(bm_reader *reader, const bm_node *node, void *member)
{
    bm_row_def *row = member;
    row->additions = bm_read_entries(reader, node, BM_MAP, sizeof *row->additions,
                                     &row->addition_count, read_addition);
}

static void read_contradiction(bm_reader *reader, const bm_node *node, void *member)
{
    static const char *const words[] = {"hard", "soft", NULL};
    bool *hard = member;
    *hard = bm_scalar_word(reader, node, words) == 0;
}

static const bm_field row_fields[] = {
    {"id", true, bm_read_key, offsetof(bm_row_def, id)},
    {"of", false, bm_read_key, offsetof(bm_row_def, of)},
    {"when", true, bm_read_formula, offsetof(bm_row_def, when)},
    {"choose", false, bm_read_text, offsetof(bm_row_def, choose)},
    {"with", false, read_with, 0},
    {"do", false, bm_read_names, offsetof(bm_row_def, actions)},
    {"warn", false, bm_read_names, offsetof(bm_row_def, warnings)},
    {"add", false, read_additions, 0},
    {"contradiction", false, read_contradiction, offsetof(bm_row_def, hard)},
    {"precedence", false, bm_read_count, offsetof(bm_row_def, precedence)},
    {"urgency", true, bm_read_name, offsetof(bm_row_def, urgency)},
    {"within", false, bm_read_within, 0},
    {"clock", false, bm_read_formula, offsetof(bm_row_def, clock.hours)},
    {"strength", true, bm_read_name, offsetof(bm_row_def, strength)},
    {"certainty", true, bm_read_name, offsetof(bm_row_def, certainty)},
    {"verified", true, bm_read_name, offsetof(bm_row_def, verified)},
    {"source", true, bm_read_keys, offsetof(bm_row_def, sources)},
    {"because", true, bm_read_text, offsetof(bm_row_def, because)},
    {"note", false, bm_read_text, offsetof(bm_row_def, note)},
    BM_END_OF_FIELDS,
};

static void check_row(bm_reader *reader, const bm_row_def *row)
{
    const bm_node *choose = bm_node_get(row->node, "choose");
    const bm_node *source = bm_node_get(row->node, "source");
    bool advice = row->choice < 0;
    if (advice && row->of != NULL) {
        bm_reader_fail_key(reader, bm_node_get(row->node, "of"),
                           "advice is a row of no choice; move the row to a choice");
    } else if (advice && choose != NULL) {
        bm_reader_fail_key(reader, choose, "advice chooses nothing; move the row to its choice");
    } else if (!advice && choose == NULL) {
        bm_reader_missing(reader, row->node, "choose");
    } else if (advice &&
               row->actions.count + row->warnings.count + row->with_count + row->addition_count ==
                   0) {
        bm_reader_fail(reader, row->node, "it advises nothing; expected 'do', 'warn' or 'add'");
    }
    if (bm_node_get(row->node, "clock") != NULL && bm_node_get(row->node, "within") == NULL) {
        bm_reader_fail_key(reader, bm_node_get(row->node, "clock"),
                           "a clock needs the limit that it runs against: 'within'");
    }
    if (source != NULL && source->kind == BM_SEQUENCE && source->count == 0) {
        bm_reader_expected(reader, source, "at least one source");
    }
}

static bm_place place_of_row(bm_reader *reader, const bm_node *node)
{
    char path[100];
    bm_place place = bm_node_place(reader->file->name, node, path, sizeof path);
    place.path = bm_arena_text(reader->arena, path, strlen(path));
    if (place.path == NULL) {
        bm_reader_lack_memory(reader);
    }
    return place;
}

static void read_row(bm_reader *reader, const bm_node *node)
{
    bm_guideline *guideline = reader->guideline;
    bm_row_def *row = &guideline->rows[guideline->row_count++];
    *row = (bm_row_def){
        .node = node, .choice = reader->choice, .within_h = -1, .row = -1, .clock.slot = -1};
    row->place = place_of_row(reader, node);
    bm_read_fields(reader, node, row_fields, row);
    if (node->kind == BM_MAP) {
        check_row(reader, row);
    }
}

static void read_rows(bm_reader *reader, const bm_node *node)
{
    if (node->kind != BM_SEQUENCE) {
        bm_reader_expected(reader, node, "a list of rows");
        return;
    }
    for (const bm_node *entry = node->first; entry != NULL; entry = entry->next) {
        if (bm_reader_stopped(reader)) {
            return;
        }
        read_row(reader, entry);
    }
}

static void read_rows_of_choice(bm_reader *reader, const bm_node *node, void *member)
{
    bm_choice *choice = member;
    choice->first_row = reader->guideline->row_count;
    reader->choice = reader->guideline->choice_count;
    read_rows(reader, node);
    reader->choice = -1;
    choice->row_count = reader->guideline->row_count - choice->first_row;
}

void bm_read_advice(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_rows(reader, node);
}

static void read_options(bm_reader *reader, const bm_node *node, void *member)
{
    bm_read_codes(reader, node, BM_OUTCOMES, member);
}

static const bm_field choice_fields[] = {
    {"label", true, bm_read_text, offsetof(bm_choice, label)},
    {"options", false, read_options, offsetof(bm_choice, codes)},
    {"unit", false, bm_read_unit, offsetof(bm_choice, unit)},
    {"clock", false, bm_read_formula, offsetof(bm_choice, clock.hours)},
    {"ignore_when", false, bm_read_formula, offsetof(bm_choice, ignore.when)},
    {"text", false, bm_read_switch, offsetof(bm_choice, is_text)},
    {"optional", false, bm_read_switch, offsetof(bm_choice, optional)},
    {"note", false, bm_read_text, offsetof(bm_choice, note)},
    {"rows", false, read_rows_of_choice, 0},
    BM_END_OF_FIELDS,
};

static void check_choice(bm_reader *reader, const bm_choice *choice)
{
    int kinds = (bm_node_get(choice->node, "options") != NULL) +
                (bm_node_get(choice->node, "unit") != NULL) + (choice->is_text ? 1 : 0);
    if (kinds != 1) {
        bm_reader_fail(reader, choice->node, "expected one of: options, unit, text: true; found %s",
                       kinds == 0 ? "none" : "more than one");
    }
    const bm_node *clock = bm_node_get(choice->node, "clock");
    if (clock != NULL && (choice->unit == NULL || strcmp(choice->unit, "h") != 0)) {
        bm_reader_fail_key(reader, clock, "only a choice of hours, unit: h, runs against a clock");
    }
}

static const bm_field list_fields[] = {
    {"label", true, bm_read_text, offsetof(bm_list, label)},
    {"ignore_when", false, bm_read_formula, offsetof(bm_list, ignore.when)},
    {"note", false, bm_read_text, offsetof(bm_list, note)},
    BM_END_OF_FIELDS,
};

static void read_list(bm_reader *reader, const bm_node *node, void *member)
{
    bm_list *list = member;
    *list = (bm_list){.id = node->key, .node = node, .ignore.slot = -1};
    bm_check_id(reader, node);
    bm_read_fields(reader, node, list_fields, list);
}

void bm_read_lists(bm_reader *reader, const bm_node *node, void *member)
{
    bm_guideline *guideline = member;
    guideline->lists = bm_read_entries(reader, node, BM_MAP, sizeof *guideline->lists,
                                       &guideline->list_count, read_list);
}

static void read_choice(bm_reader *reader, const bm_node *node, void *member)
{
    bm_choice *choice = member;
    *choice = (bm_choice){.id = node->key,
                          .node = node,
                          .slot = -1,
                          .clock.slot = -1,
                          .ignore.slot = -1,
                          .first_row = reader->guideline->row_count};
    bm_check_id(reader, node);
    bm_read_fields(reader, node, choice_fields, choice);
    if (node->kind == BM_MAP) {
        check_choice(reader, choice);
    }
}

void bm_read_choices(bm_reader *reader, const bm_node *node, void *member)
{
    bm_guideline *guideline = member;
    guideline->choices = bm_read_entries(reader, node, BM_MAP, sizeof *guideline->choices,
                                         &guideline->choice_count, read_choice);
}
