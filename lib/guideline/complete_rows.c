/* SPDX-License-Identifier: Apache-2.0 */
/* The evidence that rows, notes and scores carry: members of scales, and sources. */
#include "guideline/complete.h"

typedef enum { URGENCY, STRENGTH, CERTAINTY, VERIFIED, SCALES } bm_evidence;

static const char *const scale_ids[SCALES] = {"urgency", "strength", "certainty", "verified"};

/* Rank of what a map has for a scale; -1 when it was reported or nothing stands there. */
static int rank_of(bm_reader *reader, const bm_node *map, bm_evidence evidence)
{
    const bm_scale *scale = bm_definitions_scale(reader->definitions, scale_ids[evidence]);
    const bm_node *node = bm_node_get(map, scale_ids[evidence]);
    if (scale == NULL || node == NULL || node->kind != BM_SCALAR) {
        return -1; /* reported, once for a scale */
    }
    int rank = bm_scale_rank(scale, node->text);
    if (rank < 0) {
        const bm_pair *members = scale->members.items;
        bm_reader_unknown(
            reader, node, scale->id, node->text,
            bm_entry_nearest(members, scale->members.count, sizeof *members, node->text));
    }
    return rank;
}

static void check_source(bm_reader *reader, const bm_guideline *guideline, const bm_node *node,
                         const char *key)
{
    const bm_source *sources = guideline->sources;
    if (bm_entry_find(sources, guideline->source_count, sizeof *sources, key) < 0) {
        bm_reader_unknown(reader, node, "source in this guideline called", key,
                          bm_entry_nearest(sources, guideline->source_count, sizeof *sources, key));
    }
}

static void check_sources(bm_reader *reader, const bm_guideline *guideline, const bm_words *words)
{
    for (int i = 0; i < words->count; i++) {
        check_source(reader, guideline, words->nodes[i], words->items[i]);
    }
}

static void check_additions(bm_reader *reader, const bm_guideline *guideline, const bm_row_def *row)
{
    const bm_list *lists = guideline->lists;
    for (int i = 0; i < row->addition_count; i++) {
        const bm_addition *added = &row->additions[i];
        if (bm_guideline_list(guideline, added->list) == NULL) {
            bm_reader_unknown(
                reader, added->node, "list in this guideline called", added->list,
                bm_entry_nearest(lists, guideline->list_count, sizeof *lists, added->list));
        }
    }
}

static void complete_row(bm_reader *reader, const bm_guideline *guideline, bm_row_def *row)
{
    row->urgency_rank = rank_of(reader, row->node, URGENCY);
    rank_of(reader, row->node, STRENGTH);
    rank_of(reader, row->node, CERTAINTY);
    rank_of(reader, row->node, VERIFIED);
    check_sources(reader, guideline, &row->sources);
    check_additions(reader, guideline, row);
}

static void check_items(bm_reader *reader, const bm_guideline *guideline)
{
    for (int i = 0; i < guideline->score_count; i++) {
        for (int j = 0; j < guideline->scores[i].item_count; j++) {
            rank_of(reader, guideline->scores[i].items[j].node, VERIFIED);
        }
    }
}

static void complete_guideline(bm_reader *reader, bm_guideline *guideline)
{
    rank_of(reader, guideline->node, VERIFIED);
    check_items(reader, guideline);
    for (int i = 0; i < guideline->value_count; i++) {
        const bm_fact *value = &guideline->values[i];
        if (value->source != NULL) {
            check_source(reader, guideline, bm_node_get(value->node, "source"), value->source);
        }
    }
    for (int i = 0; i < guideline->row_count; i++) {
        complete_row(reader, guideline, &guideline->rows[i]);
    }
    for (int i = 0; i < guideline->note_count; i++) {
        rank_of(reader, guideline->notes[i].node, VERIFIED);
        rank_of(reader, guideline->notes[i].node, CERTAINTY);
        check_sources(reader, guideline, &guideline->notes[i].sources);
    }
}

/* A missing scale would otherwise be reported at every row. */
static void check_scales(bm_reader *reader)
{
    const bm_definitions *definitions = reader->definitions;
    const bm_guideline *rows = NULL, *any = definitions->guidelines;
    for (int i = 0; i < definitions->guideline_count && rows == NULL; i++) {
        rows = definitions->guidelines[i].row_count > 0 ? &definitions->guidelines[i] : NULL;
    }
    for (int i = 0; i < SCALES; i++) {
        const bm_guideline *user = i == VERIFIED && definitions->guideline_count > 0 ? any : rows;
        if (user != NULL && bm_definitions_scale(definitions, scale_ids[i]) == NULL) {
            bm_reader_fail(reader, user->node, "no vocabulary declares the scale %q", scale_ids[i]);
        }
    }
}

/* Sections of a written assessment are those that a vocabulary declares. */
static void check_section(bm_reader *reader, const bm_guideline *guideline)
{
    const bm_scale *sections = bm_definitions_scale(reader->definitions, "sections");
    if (guideline->section != NULL &&
        (sections == NULL || bm_scale_rank(sections, guideline->section) < 0)) {
        bm_reader_fail(reader, bm_node_get(guideline->node, "section"),
                       "%q is no member of the scale 'sections'", guideline->section);
    }
}

void bm_complete_rows(bm_reader *reader)
{
    bm_definitions *definitions = reader->definitions;
    check_scales(reader);
    for (int i = 0; i < definitions->guideline_count; i++) {
        complete_guideline(reader, &definitions->guidelines[i]);
        check_section(reader, &definitions->guidelines[i]);
    }
}
