/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "guideline/read_fact.h"
#include "guideline/read_file.h"
#include "guideline/read_scalar.h"
#include "yaml/packed.h"

static const bm_field source_fields[] = {
    {"cite", true, bm_read_text, offsetof(bm_source, cite)},
    {"doi", false, bm_read_text, offsetof(bm_source, doi)},
    {"url", false, bm_read_text, offsetof(bm_source, url)},
    {"year", false, bm_read_count, offsetof(bm_source, year)},
    {"seen", false, bm_read_text, offsetof(bm_source, seen)},
    {"note", false, bm_read_text, offsetof(bm_source, note)},
    BM_END_OF_FIELDS,
};

static void read_source(bm_reader *reader, const bm_node *node, void *member)
{
    bm_source *source = member;
    *source = (bm_source){.key = node->key, .node = node};
    if (!bm_is_key(node->key)) {
        bm_reader_fail_key(reader, node, "%q is no key of letters, digits and . _ -", node->key);
    }
    bm_read_fields(reader, node, source_fields, source);
}

static void read_sources(bm_reader *reader, const bm_node *node, void *member)
{
    bm_guideline *guideline = member;
    guideline->sources = bm_read_entries(reader, node, BM_MAP, sizeof *guideline->sources,
                                         &guideline->source_count, read_source);
}

/* What it assumes is read where the type of the fact is known. */
static void read_assumption(bm_reader *reader, const bm_node *node, void *member)
{
    bm_assumption *assumption = member;
    *assumption = (bm_assumption){.fact = node->key, .node = node};
    if (node->kind == BM_MAP || bm_node_is_null(node)) {
        bm_reader_expected(reader, node, "the value to assume");
        return;
    }
    const bm_node *one = node->kind == BM_SCALAR ? node : node->first;
    int count = node->kind == BM_SCALAR ? 1 : node->count;
    assumption->is_list = node->kind == BM_SEQUENCE;
    assumption->options.items = bm_reader_array(reader, (size_t)count, sizeof(char *));
    for (; assumption->options.items != NULL && one != NULL; one = one->next) {
        assumption->options.items[assumption->options.count++] = one->text;
        if (one == node) {
            break;
        }
    }
}

static void read_assumptions(bm_reader *reader, const bm_node *node, void *member)
{
    bm_guideline *guideline = member;
    guideline->assumptions = bm_read_entries(reader, node, BM_MAP, sizeof *guideline->assumptions,
                                             &guideline->assumption_count, read_assumption);
}

static void read_values(bm_reader *reader, const bm_node *node, void *member)
{
    bm_guideline *guideline = member;
    guideline->values = bm_read_entries(reader, node, BM_MAP, sizeof *guideline->values,
                                        &guideline->value_count, bm_read_local_value);
}

static const bm_field note_fields[] = {
    {"id", true, bm_read_key, offsetof(bm_note, id)},
    {"when", false, bm_read_formula, offsetof(bm_note, when)},
    {"say", true, bm_read_text, offsetof(bm_note, say)},
    {"alternative", false, bm_read_formula, offsetof(bm_note, alternative)},
    {"effect", false, bm_read_text, offsetof(bm_note, effect)},
    {"interval", false, bm_read_text, offsetof(bm_note, interval)},
    {"n", false, bm_read_text, offsetof(bm_note, sample)},
    {"certainty", false, bm_read_name, offsetof(bm_note, certainty)},
    {"verified", true, bm_read_name, offsetof(bm_note, verified)},
    {"source", false, bm_read_keys, offsetof(bm_note, sources)},
    BM_END_OF_FIELDS,
};

/* Several sources are shown as `a, b`. */
static const char *joined(bm_reader *reader, const bm_words *words)
{
    size_t size = 1;
    bm_text text;
    for (int i = 0; i < words->count; i++) {
        size += strlen(words->items[i]) + 2;
    }
    char *buffer = words->count > 1 ? bm_reader_array(reader, size, 1) : NULL;
    if (buffer == NULL) {
        return words->count > 0 ? words->items[0] : NULL;
    }
    bm_text_init(&text, buffer, size);
    for (int i = 0; i < words->count; i++) {
        bm_put_format(&text, i > 0 ? ", %s" : "%s", words->items[i]);
    }
    return buffer;
}

static void read_note(bm_reader *reader, const bm_node *node, void *member)
{
    bm_note *note = member;
    *note = (bm_note){.node = node, .when_slot = -1, .alternative_slot = -1};
    bm_read_fields(reader, node, note_fields, note);
    note->source = joined(reader, &note->sources);
    const bm_node *alternative = bm_node_get(node, "alternative");
    if (alternative != NULL && bm_node_get(node, "when") == NULL) {
        bm_reader_fail_key(reader, alternative, "'alternative' needs a 'when' beside it");
    }
}

static void read_notes(bm_reader *reader, const bm_node *node, void *member)
{
    bm_guideline *guideline = member;
    guideline->notes = bm_read_entries(reader, node, BM_SEQUENCE, sizeof *guideline->notes,
                                       &guideline->note_count, read_note);
}

static void read_map(bm_reader *reader, const bm_node *node, void *member)
{
    const bm_node **out = member;
    *out = node;
    if (node->kind != BM_MAP) {
        bm_reader_expected(reader, node, "a map");
    }
}

static const bm_field example_fields[] = {
    {"id", true, bm_read_key, offsetof(bm_example, id)},
    {"title", false, bm_read_text, offsetof(bm_example, title)},
    {"note", false, bm_read_text, offsetof(bm_example, note)},
    {"profile", false, bm_read_name, offsetof(bm_example, profile)},
    {"given", true, read_map, offsetof(bm_example, given)},
    {"expect", true, read_map, offsetof(bm_example, expect)},
    {"tolerance", false, bm_read_positive, offsetof(bm_example, tolerance)},
    BM_END_OF_FIELDS,
};

static void read_example(bm_reader *reader, const bm_node *node, void *member)
{
    bm_example *example = member;
    *example = (bm_example){.node = node};
    bm_read_fields(reader, node, example_fields, example);
}

static void join_example_ids(bm_reader *reader, bm_guideline *guideline)
{
    bm_words ids = {
        .items = bm_reader_array(reader, (size_t)guideline->example_count, sizeof(const char *))};
    for (int i = 0; ids.items != NULL && i < guideline->example_count; i++) {
        if (guideline->examples[i].id != NULL) {
            ids.items[ids.count++] = guideline->examples[i].id;
        }
    }
    guideline->example_ids = joined(reader, &ids);
}

static void read_examples(bm_reader *reader, const bm_node *node, void *member)
{
    bm_guideline *guideline = member;
    guideline->examples = bm_read_entries(reader, node, BM_SEQUENCE, sizeof *guideline->examples,
                                          &guideline->example_count, read_example);
    join_example_ids(reader, guideline);
}

bonemets_status bm_examples_read(const bm_guideline *guideline, bm_arena *arena,
                                 const bm_example **out, int *count, bonemets_error *err)
{
    bm_file file = {.name = guideline->file->name};
    const bm_file *files[1] = {&file};
    bm_definitions definitions = {.arena = arena, .files = files, .file_count = 1};
    bm_guideline again = {.file = &file};
    bm_reader reader;
    *out = NULL;
    *count = 0;
    if (guideline->file->packed_examples == NULL) {
        return BONEMETS_OK;
    }
    bonemets_status status = bm_packed_read(arena, guideline->file->packed_examples,
                                            guideline->file->packed_size, &file.examples);
    if (status) {
        return status;
    }
    bm_reader_start(&reader, &definitions, err);
    reader.file = &file;
    read_examples(&reader, bm_node_get(file.examples, "examples"), &again);
    *out = again.examples;
    *count = again.example_count;
    return bm_reader_finish(&reader);
}

static void read_status(bm_reader *reader, const bm_node *node, void *member)
{
    static const char *const words[] = {"on", "warning", "off", "restricted", NULL};
    const char **out = member;
    int word = bm_scalar_word(reader, node, words);
    if (word >= 0) {
        *out = words[word];
    }
}

static void read_commercial(bm_reader *reader, const bm_node *node, void *member)
{
    static const char *const words[] = {"free", "no_known_owner", "ask_owner", NULL};
    const char **out = member;
    int word = bm_scalar_word(reader, node, words);
    if (word >= 0) {
        *out = words[word];
    }
}

static const bm_field rights_fields[] = {
    {"owner", true, bm_read_text, offsetof(bm_rights, owner)},
    {"terms", true, bm_read_text, offsetof(bm_rights, terms)},
    {"commercial", true, read_commercial, offsetof(bm_rights, commercial)},
    BM_END_OF_FIELDS,
};

static void read_rights(bm_reader *reader, const bm_node *node, void *member)
{
    bm_read_fields(reader, node, rights_fields, member);
}

static const bm_field guideline_fields[] = {
    {"guideline", true, bm_read_name, offsetof(bm_guideline, id)},
    {"title", true, bm_read_text, offsetof(bm_guideline, title)},
    {"about", false, bm_read_name, offsetof(bm_guideline, about)},
    {"edition", false, bm_read_text, offsetof(bm_guideline, edition)},
    {"status", true, read_status, offsetof(bm_guideline, status)},
    {"status_reason", false, bm_read_text, offsetof(bm_guideline, status_reason)},
    {"precedence", false, bm_read_count, offsetof(bm_guideline, precedence)},
    {"time_critical", false, bm_read_switch, offsetof(bm_guideline, time_critical)},
    {"verified", true, bm_read_name, offsetof(bm_guideline, verified)},
    {"verified_note", false, bm_read_text, offsetof(bm_guideline, verified_note)},
    {"purpose", false, bm_read_text, offsetof(bm_guideline, purpose)},
    {"rights", false, read_rights, offsetof(bm_guideline, rights)},
    {"section", false, bm_read_name, offsetof(bm_guideline, section)},
    {"applies_when", false, bm_read_formula, offsetof(bm_guideline, applies_when)},
    {"sources", false, read_sources, 0},
    {"assumes", false, read_assumptions, 0},
    {"values", false, read_values, 0},
    {"scores", false, bm_read_scores, 0},
    {"equations", false, bm_read_equations, 0},
    {"lists", false, bm_read_lists, 0},
    {"choices", false, bm_read_choices, 0},
    {"advice", false, bm_read_advice, 0},
    {"wording", false, bm_read_pairs, offsetof(bm_guideline, wording)},
    {"notes", false, read_notes, 0},
    {"examples", false, read_examples, 0},
    BM_END_OF_FIELDS,
};

static void check_status(bm_reader *reader, const bm_guideline *guideline)
{
    bool on = guideline->status == NULL || guideline->status[1] == 'n';
    if (!on && bm_node_get(guideline->node, "status_reason") == NULL) {
        bm_reader_fail(reader, guideline->node,
                       "the key 'status_reason' is missing; the status %q needs a reason",
                       guideline->status);
    }
}

/* Within one guideline an expression finds values, choices and equations by their bare names. */
static void check_local_names(bm_reader *reader, const bm_guideline *guideline)
{
    for (int i = 0; i < guideline->value_count; i++) {
        const bm_fact *value = &guideline->values[i];
        int choice = bm_entry_find(guideline->choices, guideline->choice_count,
                                   sizeof *guideline->choices, value->id);
        int equation = bm_entry_find(guideline->equations, guideline->equation_count,
                                     sizeof *guideline->equations, value->id);
        if (choice >= 0) {
            bm_reader_again(reader, value->node, value->id, guideline->choices[choice].node);
        } else if (equation >= 0) {
            bm_reader_again(reader, value->node, value->id, guideline->equations[equation].node);
        }
    }
}

static void check_ids(bm_reader *reader, const bm_guideline *guideline)
{
    check_local_names(reader, guideline);
    bm_check_distinct(reader, guideline->rows, guideline->row_count, sizeof *guideline->rows,
                      offsetof(bm_row_def, node));
    bm_check_distinct(reader, guideline->notes, guideline->note_count, sizeof *guideline->notes,
                      offsetof(bm_note, node));
    bm_check_distinct(reader, guideline->examples, guideline->example_count,
                      sizeof *guideline->examples, offsetof(bm_example, node));
}

static bm_guideline *new_guideline(bm_reader *reader, const bm_node *root)
{
    bm_definitions *definitions = reader->definitions;
    bm_guideline *guidelines =
        bm_arena_grow(reader->arena, definitions->guidelines, (size_t)definitions->guideline_count,
                      &definitions->guideline_room, sizeof *guidelines);
    if (guidelines == NULL) {
        bm_reader_lack_memory(reader);
        return NULL;
    }
    definitions->guidelines = guidelines;
    bm_guideline *guideline = &guidelines[definitions->guideline_count++];
    *guideline = (bm_guideline){.file = reader->file,
                                .node = root,
                                .applies = -1,
                                .example_ids = reader->file->example_ids};
    return guideline;
}

void bm_read_guideline(bm_reader *reader, const bm_node *root)
{
    bm_guideline *guideline = new_guideline(reader, root);
    if (guideline == NULL) {
        return;
    }
    reader->guideline = guideline;
    bm_start_rows(reader, root, guideline);
    if (!bm_reader_stopped(reader)) {
        bm_read_fields(reader, root, guideline_fields, guideline);
    }
    if (!bm_reader_stopped(reader) && reader->file->examples != NULL) {
        read_examples(reader, bm_node_get(reader->file->examples, "examples"), guideline);
    }
    if (!bm_reader_stopped(reader)) {
        check_status(reader, guideline);
        check_ids(reader, guideline);
        bm_collect_outcomes(reader, guideline);
    }
    reader->guideline = NULL;
}
