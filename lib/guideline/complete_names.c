/* SPDX-License-Identifier: Apache-2.0 */
/* Names that must be unique over all files. */
#include "guideline/complete.h"

static bool add_name(bm_reader *reader, bm_names *names, const char *name, int value)
{
    if (!bm_names_add(names, name, value)) {
        bm_reader_lack_memory(reader);
        return false;
    }
    return true;
}

static void name_facts(bm_reader *reader)
{
    bm_definitions *definitions = reader->definitions;
    bm_names_init(&definitions->fact_names, reader->arena);
    for (int i = 0; i < definitions->fact_count && !bm_reader_stopped(reader); i++) {
        const bm_fact *fact = &definitions->facts[i];
        int other = bm_names_find(&definitions->fact_names, fact->id);
        if (other >= 0) {
            bm_reader_again(reader, fact->node, fact->id, definitions->facts[other].node);
        } else {
            add_name(reader, &definitions->fact_names, fact->id, i);
        }
    }
}

static void name_guidelines(bm_reader *reader)
{
    bm_definitions *definitions = reader->definitions;
    bm_names_init(&definitions->guideline_names, reader->arena);
    for (int i = 0; i < definitions->guideline_count && !bm_reader_stopped(reader); i++) {
        const bm_guideline *guideline = &definitions->guidelines[i];
        if (guideline->id == NULL) {
            continue;
        }
        int other = bm_names_find(&definitions->guideline_names, guideline->id);
        if (other >= 0) {
            bm_reader_again(reader, bm_node_get(guideline->node, "guideline"), guideline->id,
                            bm_node_get(definitions->guidelines[other].node, "guideline"));
        } else {
            add_name(reader, &definitions->guideline_names, guideline->id, i);
        }
    }
}

/* Everything that an expression reads a member of, or that a result is named by. */
typedef struct {
    bm_names names;
    const bm_node **nodes;
    int count;
} bm_named;

static void add_named(bm_reader *reader, bm_named *named, const char *id, const bm_node *node)
{
    int other = bm_reader_stopped(reader) ? -1 : bm_names_find(&named->names, id);
    if (other >= 0) {
        bm_reader_again(reader, node, id, named->nodes[other]);
    } else if (add_name(reader, &named->names, id, named->count)) {
        named->nodes[named->count++] = node;
    }
}

static size_t count_named(const bm_definitions *definitions)
{
    size_t count = (size_t)definitions->pick_count;
    for (int i = 0; i < definitions->guideline_count; i++) {
        const bm_guideline *guideline = &definitions->guidelines[i];
        count += (size_t)guideline->score_count + (size_t)guideline->equation_count;
    }
    return count;
}

static void check_scores(bm_reader *reader)
{
    const bm_definitions *definitions = reader->definitions;
    bm_named named = {.count = 0};
    bm_names_init(&named.names, reader->arena);
    named.nodes = bm_reader_array(reader, count_named(definitions), sizeof *named.nodes);
    for (int i = 0; i < definitions->pick_count && named.nodes != NULL; i++) {
        add_named(reader, &named, definitions->picks[i].id, definitions->picks[i].node);
    }
    for (int i = 0; i < definitions->guideline_count && named.nodes != NULL; i++) {
        const bm_guideline *guideline = &definitions->guidelines[i];
        for (int j = 0; j < guideline->score_count; j++) {
            add_named(reader, &named, guideline->scores[j].id, guideline->scores[j].node);
        }
        for (int j = 0; j < guideline->equation_count; j++) {
            add_named(reader, &named, guideline->equations[j].id, guideline->equations[j].node);
        }
    }
}

static void check_against_facts(bm_reader *reader, const char *id, const bm_node *node)
{
    const bm_fact *fact = bm_definitions_fact(reader->definitions, id);
    if (fact != NULL) {
        bm_reader_again(reader, node, id, fact->node);
    }
}

/* Where a name would hide a fact, a table would not read what its author meant. */
static void check_hidden_facts(bm_reader *reader)
{
    const bm_definitions *definitions = reader->definitions;
    for (int i = 0; i < definitions->guideline_count; i++) {
        const bm_guideline *guideline = &definitions->guidelines[i];
        for (int j = 0; j < guideline->value_count; j++) {
            check_against_facts(reader, guideline->values[j].id, guideline->values[j].node);
        }
        for (int j = 0; j < guideline->choice_count; j++) {
            check_against_facts(reader, guideline->choices[j].id, guideline->choices[j].node);
        }
    }
    for (int i = 1; i < definitions->kind_count; i++) {
        const bm_kind_def *kind = &definitions->kinds[i];
        if (kind->list != NULL) {
            check_against_facts(reader, kind->list, bm_node_get(kind->node, "list"));
        }
    }
}

void bm_complete_names(bm_reader *reader)
{
    name_facts(reader);
    if (!bm_reader_stopped(reader)) {
        name_guidelines(reader);
    }
    if (!bm_reader_stopped(reader)) {
        check_scores(reader);
    }
    if (!bm_reader_stopped(reader)) {
        check_hidden_facts(reader);
    }
}
