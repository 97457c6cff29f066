/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/read_fact.h"
#include "guideline/read_file.h"
#include "guideline/read_scalar.h"

#include <string.h>

enum { MOST_RECORDS = 1000 }; /* of a kind, as bonemets.h says */

/* One element more in an array of the definitions, zeroed; NULL when there is no memory. */
static void *grown(bm_reader *reader, void *array, int count, size_t *room, size_t size)
{
    void *larger = bm_arena_grow(reader->arena, array, (size_t)count, room, size);
    if (larger == NULL) {
        bm_reader_lack_memory(reader);
    }
    return larger;
}

/* What only one vocabulary may say; false when an earlier one said it. */
static bool is_first(bm_reader *reader, const bm_node *node)
{
    const bm_definitions *definitions = reader->definitions;
    for (int i = 0; i < definitions->file_count; i++) {
        const bm_node *other = bm_node_get(definitions->files[i]->root, node->key);
        if (other != NULL && other != node) {
            bm_reader_again(reader, node, node->key, other);
            return false;
        }
    }
    return true;
}

static void read_statement(bm_reader *reader, const bm_node *node, void *member)
{
    const char *text = NULL;
    (void)member;
    if (bm_scalar_text(reader, node, "text", &text) && is_first(reader, node)) {
        reader->definitions->statement = text;
    }
}

static void read_red_flag_within(bm_reader *reader, const bm_node *node, void *member)
{
    bm_read_within(reader, node, member);
    if (is_first(reader, node)) {
        reader->definitions->red_flag_node = node;
    }
}

static const bm_field kind_fields[] = {
    {"label", true, bm_read_text, offsetof(bm_kind_def, label)},
    {"list", true, bm_read_name, offsetof(bm_kind_def, list)},
    BM_END_OF_FIELDS,
};

static void check_kind(bm_reader *reader, const bm_node *node)
{
    const bm_definitions *definitions = reader->definitions;
    int other = bm_entry_find(definitions->kinds, definitions->kind_count,
                              sizeof *definitions->kinds, node->key);
    bm_check_id(reader, node);
    if (other == 0) {
        bm_reader_fail_key(reader, node, "the kind 'patient' always exists; leave it out");
    } else if (other > 0) {
        bm_reader_again(reader, node, node->key, definitions->kinds[other].node);
    } else if (definitions->kind_count == BM_KINDS) {
        bm_reader_fail_key(reader, node, "at most %d kinds beside the patient are possible",
                           BM_KINDS - 1);
    }
}

static void check_list(bm_reader *reader, const bm_kind_def *kind)
{
    const bm_definitions *definitions = reader->definitions;
    for (const bm_kind_def *other = definitions->kinds; other < kind; other++) {
        if (kind->list != NULL && other->list != NULL && strcmp(kind->list, other->list) == 0) {
            bm_reader_again(reader, bm_node_get(kind->node, "list"), kind->list, other->node);
        }
    }
}

static void read_kind(bm_reader *reader, const bm_node *node)
{
    bm_definitions *definitions = reader->definitions;
    bm_kind_def *kinds = grown(reader, definitions->kinds, definitions->kind_count,
                               &definitions->kind_room, sizeof *kinds);
    if (kinds == NULL) {
        return;
    }
    definitions->kinds = kinds;
    check_kind(reader, node);
    bm_kind_def *kind = &kinds[definitions->kind_count];
    *kind = (bm_kind_def){.id = node->key, .most = MOST_RECORDS, .node = node};
    bm_read_fields(reader, node, kind_fields, kind);
    check_list(reader, kind);
    /* One too many is reported, and not kept where others have no room for it. */
    definitions->kind_count += definitions->kind_count < BM_KINDS;
}

static void read_scale(bm_reader *reader, const bm_node *node)
{
    bm_definitions *definitions = reader->definitions;
    bm_scale *scales = grown(reader, definitions->scales, definitions->scale_count,
                             &definitions->scale_room, sizeof *scales);
    if (scales == NULL) {
        return;
    }
    definitions->scales = scales;
    bm_check_id(reader, node);
    int other = bm_entry_find(scales, definitions->scale_count, sizeof *scales, node->key);
    if (other >= 0) {
        bm_reader_again(reader, node, node->key, scales[other].node);
    }
    bm_scale *scale = &scales[definitions->scale_count++];
    *scale = (bm_scale){.id = node->key, .node = node};
    bm_read_pairs(reader, node, &scale->members);
    if (node->kind == BM_MAP && node->count == 0) {
        bm_reader_expected(reader, node, "the members of the scale and what they mean");
    }
}

static void read_unit_size(bm_reader *reader, const bm_node *node, void *member)
{
    bm_read_positive(reader, node, member);
}

static void check_first_size(bm_reader *reader, const bm_node *node, const bm_unit_family *family)
{
    if (family->count > 0 && family->sizes[0] > 0 &&
        (family->sizes[0] < 1 || family->sizes[0] > 1)) {
        bm_reader_fail(reader, node->first,
                       "the sizes are counted in the first unit, so its own is 1");
    }
}

static void read_spelling(bm_reader *reader, const bm_node *node)
{
    bm_pairs *spellings = &reader->definitions->spellings;
    bm_pair *items = grown(reader, spellings->items, spellings->count,
                           &reader->definitions->spelling_room, sizeof *items);
    const char *unit = NULL;
    if (items == NULL) {
        return;
    }
    spellings->items = items;
    bm_read_unit(reader, node, &unit);
    int other = bm_entry_find(items, spellings->count, sizeof *items, node->key);
    if (other >= 0) {
        bm_reader_again(reader, node, node->key, items[other].node);
    } else if (unit != NULL) {
        items[spellings->count++] = (bm_pair){.key = node->key, .value = unit, .node = node};
    }
}

static void read_family(bm_reader *reader, const bm_node *node)
{
    bm_definitions *definitions = reader->definitions;
    bm_unit_family *families = grown(reader, definitions->families, definitions->family_count,
                                     &definitions->family_room, sizeof *families);
    if (families == NULL) {
        return;
    }
    definitions->families = families;
    int other = bm_entry_find(families, definitions->family_count, sizeof *families, node->key);
    if (other >= 0) {
        bm_reader_again(reader, node, node->key, families[other].node);
    }
    bm_unit_family *family = &families[definitions->family_count++];
    *family = (bm_unit_family){.id = node->key, .node = node};
    family->sizes = bm_read_entries(reader, node, BM_MAP, sizeof *family->sizes, &family->count,
                                    read_unit_size);
    family->units = bm_reader_array(reader, (size_t)family->count, sizeof *family->units);
    if (bm_reader_stopped(reader)) {
        family->count = 0;
        return;
    }
    int i = 0;
    for (const bm_node *unit = node->first; i < family->count; unit = unit->next) {
        family->units[i++] = unit->key;
    }
    check_first_size(reader, node, family);
}

static bm_fact *new_fact(bm_reader *reader)
{
    bm_definitions *definitions = reader->definitions;
    bm_fact *facts = grown(reader, definitions->facts, definitions->fact_count,
                           &definitions->fact_room, sizeof *facts);
    if (facts == NULL) {
        return NULL;
    }
    definitions->facts = facts;
    return &facts[definitions->fact_count++];
}

static void read_fact(bm_reader *reader, const bm_node *node)
{
    bm_fact *fact = new_fact(reader);
    if (fact != NULL) {
        bm_read_fact(reader, node, fact);
    }
}

static void read_value(bm_reader *reader, const bm_node *node)
{
    bm_fact *fact = new_fact(reader);
    if (fact != NULL) {
        bm_read_value(reader, node, fact);
    }
}

static void read_group(bm_reader *reader, const bm_node *node)
{
    bm_definitions *definitions = reader->definitions;
    bm_words *groups = grown(reader, definitions->exclusive, definitions->exclusive_count,
                             &definitions->exclusive_room, sizeof *groups);
    if (groups == NULL) {
        return;
    }
    definitions->exclusive = groups;
    bm_words *group = &groups[definitions->exclusive_count++];
    if (node->kind != BM_SEQUENCE || node->count < 2) {
        bm_reader_expected(reader, node, "a list of two facts or more");
    } else {
        bm_read_names(reader, node, group);
    }
}

static const bm_field pick_fields[] = {
    {"label", false, bm_read_text, offsetof(bm_pick_def, label)},
    {"about", true, bm_read_name, offsetof(bm_pick_def, about)},
    {"highest", true, bm_read_names, offsetof(bm_pick_def, highest)},
    BM_END_OF_FIELDS,
};

static void read_pick(bm_reader *reader, const bm_node *node)
{
    bm_definitions *definitions = reader->definitions;
    bm_pick_def *picks = grown(reader, definitions->picks, definitions->pick_count,
                               &definitions->pick_room, sizeof *picks);
    if (picks == NULL) {
        return;
    }
    definitions->picks = picks;
    bm_check_id(reader, node);
    int other = bm_entry_find(picks, definitions->pick_count, sizeof *picks, node->key);
    if (other >= 0) {
        bm_reader_again(reader, node, node->key, picks[other].node);
    }
    bm_pick_def *pick = &picks[definitions->pick_count++];
    *pick = (bm_pick_def){.id = node->key, .node = node, .file = reader->file, .index = -1};
    bm_read_fields(reader, node, pick_fields, pick);
    bm_default_label(reader, &pick->label, pick->id);
    const bm_node *highest = bm_node_get(node, "highest");
    if (highest != NULL && highest->kind == BM_SEQUENCE && highest->count == 0) {
        bm_reader_expected(reader, highest, "the values that rank the records");
    }
}

static const bm_field term_fields[] = {
    {"fact", true, bm_read_name, offsetof(bm_term, fact)},
    {"option", false, bm_read_keys, offsetof(bm_term, options)},
    {"system", true, bm_read_name, offsetof(bm_term, system)},
    {"code", true, bm_read_key, offsetof(bm_term, code)},
    {"name", false, bm_read_text, offsetof(bm_term, name)},
    {"unit", false, bm_read_unit, offsetof(bm_term, unit)},
    {"note", false, bm_read_text, offsetof(bm_term, note)},
    BM_END_OF_FIELDS,
};

static void read_term(bm_reader *reader, const bm_node *node)
{
    bm_definitions *definitions = reader->definitions;
    bm_term *terms = grown(reader, definitions->terms, definitions->term_count,
                           &definitions->term_room, sizeof *terms);
    if (terms == NULL) {
        return;
    }
    definitions->terms = terms;
    bm_term *term = &terms[definitions->term_count++];
    *term = (bm_term){.node = node};
    bm_read_fields(reader, node, term_fields, term);
}

typedef void read_part(bm_reader *reader, const bm_node *node);

static void read_parts(bm_reader *reader, const bm_node *node, bm_node_kind kind, read_part *read)
{
    if (node->kind != kind) {
        bm_reader_expected(reader, node, kind == BM_MAP ? "a map" : "a list");
        return;
    }
    for (const bm_node *entry = node->first; entry != NULL; entry = entry->next) {
        if (bm_reader_stopped(reader)) {
            return;
        }
        read(reader, entry);
    }
}

static void read_kinds(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_parts(reader, node, BM_MAP, read_kind);
}

static void read_scales(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_parts(reader, node, BM_MAP, read_scale);
}

static void read_units(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_parts(reader, node, BM_MAP, read_family);
}

static void read_spellings(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_parts(reader, node, BM_MAP, read_spelling);
}

static void read_facts(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_parts(reader, node, BM_MAP, read_fact);
}

static void read_values(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_parts(reader, node, BM_MAP, read_value);
}

static void read_exclusive(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_parts(reader, node, BM_SEQUENCE, read_group);
}

static void read_picks(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_parts(reader, node, BM_MAP, read_pick);
}

static void read_terms(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    read_parts(reader, node, BM_SEQUENCE, read_term);
}

static void read_precedence(bm_reader *reader, const bm_node *node, void *member)
{
    (void)member;
    bm_read_count(reader, node, &reader->precedence);
    if (reader->precedence >= BM_MOST_PRECEDENCE) {
        bm_reader_fail(reader, node, "a vocabulary has a precedence below %d", BM_MOST_PRECEDENCE);
    }
}

typedef struct {
    const char *id, *title;
} bm_vocabulary;

static const bm_field vocabulary_fields[] = {
    {"vocabulary", true, bm_read_name, offsetof(bm_vocabulary, id)},
    {"title", false, bm_read_text, offsetof(bm_vocabulary, title)},
    {"precedence", false, read_precedence, 0},
    {"statement", false, read_statement, 0},
    {"red_flag_within", false, read_red_flag_within, 0},
    {"kinds", false, read_kinds, 0},
    {"scales", false, read_scales, 0},
    {"units", false, read_units, 0},
    {"unit_spellings", false, read_spellings, 0},
    {"facts", false, read_facts, 0},
    {"values", false, read_values, 0},
    {"exclusive", false, read_exclusive, 0},
    {"picks", false, read_picks, 0},
    {"terms", false, read_terms, 0},
    BM_END_OF_FIELDS,
};

void bm_read_vocabulary(bm_reader *reader, const bm_node *root)
{
    bm_vocabulary vocabulary = {NULL, NULL};
    reader->precedence = 0;
    bm_read_fields(reader, root, vocabulary_fields, &vocabulary);
}
