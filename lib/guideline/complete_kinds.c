/* SPDX-License-Identifier: Apache-2.0 */
/* Whom something is about. */
#include "guideline/complete.h"

/* The patient, where nothing is said; 0 as well when it was reported. */
static int kind_of(bm_reader *reader, const bm_node *node, const char *about)
{
    const bm_definitions *definitions = reader->definitions;
    int kind = about != NULL ? bm_definitions_kind(definitions, about) : 0;
    if (kind >= 0) {
        return kind;
    }
    bm_reader_unknown(reader, bm_node_get(node, "about"), "kind of record", about,
                      bm_entry_nearest(definitions->kinds, definitions->kind_count,
                                       sizeof *definitions->kinds, about));
    return 0;
}

enum { MOST_RANKS = 8 };

static void check_highest(bm_reader *reader, const bm_pick_def *pick)
{
    if (pick->highest.count > MOST_RANKS) {
        bm_reader_fail(reader, pick->node, "it ranks by %d values; at most %d are allowed",
                       pick->highest.count, (int)MOST_RANKS);
    }
    for (int i = 0; i < pick->highest.count; i++) {
        const char *name = pick->highest.items[i];
        const bm_node *node = pick->highest.nodes[i];
        const bm_fact *fact = bm_complete_find(reader, NULL, pick->kind, node, name);
        if (fact != NULL && fact->kind != pick->kind) {
            bm_reader_fail(reader, node, "%q is about the patient and ranks no records", name);
        } else if (fact != NULL && fact->type.base != BM_NUMBER) {
            bm_reader_fail(reader, node, "%q is no number and ranks no records", name);
        }
    }
}

static void complete_pick(bm_reader *reader, bm_pick_def *pick)
{
    pick->kind = kind_of(reader, pick->node, pick->about);
    if (pick->kind > 0) {
        check_highest(reader, pick);
    } else if (pick->about != NULL && bm_node_is(bm_node_get(pick->node, "about"), "patient")) {
        bm_reader_expected(reader, bm_node_get(pick->node, "about"),
                           "a kind of record of which there can be several");
    }
}

static void check_group(bm_reader *reader, const bm_words *group)
{
    const bm_fact *first = NULL;
    for (int i = 0; i < group->count; i++) {
        const bm_fact *fact = bm_definitions_fact(reader->definitions, group->items[i]);
        if (fact == NULL) {
            bm_reader_unknown(reader, group->nodes[i], "fact", group->items[i],
                              bm_names_nearest(&reader->definitions->fact_names, group->items[i]));
        } else if (first == NULL) {
            first = fact;
        } else if (fact->kind != first->kind) {
            bm_reader_fail(reader, group->nodes[i], "%q and %q are about different kinds of record",
                           first->id, fact->id);
        }
    }
}

static void complete_guideline(bm_reader *reader, bm_guideline *guideline)
{
    guideline->kind = kind_of(reader, guideline->node, guideline->about);
    for (int i = 0; i < guideline->value_count; i++) {
        guideline->values[i].kind = guideline->kind;
    }
}

static void complete_link(bm_reader *reader, bm_fact *fact)
{
    const bm_node *to = bm_node_get(fact->node, "to");
    int kind = bm_definitions_kind(reader->definitions, fact->link_to);
    if (fact->about == NULL || bm_definitions_kind(reader->definitions, fact->about) == 0) {
        bm_reader_fail(reader, to, "a patient belongs to no records; a link is about a record");
    } else if (kind < 0) {
        bm_reader_unknown(reader, to, "kind of record", fact->link_to, NULL);
    } else if (kind == 0 || kind == fact->kind) {
        bm_reader_expected(reader, to, "another kind of record, of which there can be several");
    } else {
        fact->type.link = kind;
    }
}

/* What the caller chooses holds for the whole patient. */
static void complete_fact(bm_reader *reader, bm_fact *fact)
{
    fact->kind = kind_of(reader, fact->node, fact->about);
    if (fact->is_link && fact->link_to != NULL) {
        complete_link(reader, fact);
    }
    if (fact->setting && fact->kind != 0) {
        bm_reader_fail(reader, bm_node_get(fact->node, "about"),
                       "a setting is no property of a record; leave 'about' out");
    }
}

/* The one instant at which the answer is asked for. */
static void complete_now(bm_reader *reader, const bm_fact *fact)
{
    bm_definitions *definitions = reader->definitions;
    const bm_node *node = bm_node_get(fact->node, "now");
    if (!bm_is_instant(&fact->type) || fact->kind != 0) {
        bm_reader_fail_key(reader, node, "only an instant of the patient can be the present");
    } else if (definitions->now != NULL) {
        bm_reader_again(reader, node, node->key, bm_node_get(definitions->now->node, "now"));
    } else {
        definitions->now = fact;
    }
}

void bm_complete_kinds(bm_reader *reader)
{
    bm_definitions *definitions = reader->definitions;
    for (int i = 0; i < definitions->fact_count; i++) {
        complete_fact(reader, &definitions->facts[i]);
        if (definitions->facts[i].now) {
            complete_now(reader, &definitions->facts[i]);
        }
    }
    for (int i = 0; i < definitions->pick_count; i++) {
        complete_pick(reader, &definitions->picks[i]);
    }
    for (int i = 0; i < definitions->exclusive_count; i++) {
        check_group(reader, &definitions->exclusive[i]);
    }
    for (int i = 0; i < definitions->guideline_count; i++) {
        complete_guideline(reader, &definitions->guidelines[i]);
    }
}
