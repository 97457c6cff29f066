/* SPDX-License-Identifier: Apache-2.0 */
#include "record/read.h"

#include <string.h>

#include "record/alike.h"

enum { LONGEST_PATH = 512 };

typedef struct {
    bonemets_patient *patient;
    const bm_definitions *definitions;
    const char *file;
    bonemets_error *err;
    bonemets_status status; /* of the first error, but lack of memory comes before all */
    char path[LONGEST_PATH];
} reader;

static void note(reader *reading, bonemets_status status)
{
    if (reading->status == BONEMETS_OK || status == BONEMETS_E_MEMORY) {
        reading->status = status;
    }
}

static bm_place place_of(reader *reading, const bm_node *node)
{
    return bm_node_place(reading->file, node, reading->path, sizeof reading->path);
}

static bm_place key_of(reader *reading, const bm_node *node)
{
    bm_place place = place_of(reading, node);
    place.line = node->key_line;
    place.column = node->key_column;
    return place;
}

static const char *kind_label(const reader *reading, int kind)
{
    const bm_kind_def *def = &reading->definitions->kinds[kind];
    return def->label != NULL ? def->label : def->id;
}

/* The kind whose records are listed under that key, or 0. */
static int kind_listed_as(const reader *reading, const char *key)
{
    for (int kind = 1; kind < reading->definitions->kind_count; kind++) {
        const char *list = reading->definitions->kinds[kind].list;
        if (list != NULL && strcmp(list, key) == 0) {
            return kind;
        }
    }
    return 0;
}

static bonemets_status refuse_unknown(reader *reading, const bm_node *node)
{
    bm_place place = key_of(reading, node);
    int kind = bm_definitions_kind(reading->definitions, node->key);
    if (kind > 0) {
        return bm_fail(reading->err, BONEMETS_E_FACT, &place,
                       "%q is a kind of record; its records are listed under %q", node->key,
                       reading->definitions->kinds[kind].list);
    }
    char meant[LONGEST_PATH] = "";
    bm_text text;
    bm_text_init(&text, meant, sizeof meant);
    if (bm_error_has_room(reading->err)) {
        bm_put_facts_alike(&text, reading->definitions, node->key);
    }
    return bm_fail(reading->err, BONEMETS_E_FACT, &place, "there is no fact %q%s", node->key,
                   meant);
}

/* A key that is known, but has no place in a record of this kind. */
static bonemets_status refuse_here(reader *reading, const bm_node *node, int kind, int belongs)
{
    bm_place place = key_of(reading, node);
    if (belongs == 0) {
        return bm_fail(reading->err, BONEMETS_E_FACT, &place,
                       "%q is not about a %s; it stands at the top level", node->key,
                       kind_label(reading, kind));
    }
    return bm_fail(reading->err, BONEMETS_E_FACT, &place,
                   "%q is about a %s, not a %s; it stands in the list %q or at the top level",
                   node->key, kind_label(reading, belongs), kind_label(reading, kind),
                   reading->definitions->kinds[belongs].list);
}

static void read_fact(reader *reading, const bm_node *node, const bm_fact *fact, int record)
{
    uint8_t unit = UINT8_MAX;
    bm_statement statement = {
        .fact = fact, .file = reading->file, .node = node, .err = reading->err, .unit = &unit};
    bm_cell cell;
    if (bm_node_is_null(node)) {
        return;
    }
    bonemets_status status = bm_statement_check(&statement);
    if (status == BONEMETS_OK) {
        status = bm_record_read_value(statement, &cell);
    }
    if (status == BONEMETS_OK) {
        bm_patient_enter(reading->patient, record, fact, cell, unit);
    } else {
        note(reading, status);
    }
}

static void read_records(reader *reading, const bm_node *list, int kind);

/* One entry of the patient (kind 0) or of a record. */
static void read_key(reader *reading, const bm_node *node, int kind, int record)
{
    const bm_fact *fact = bm_definitions_fact(reading->definitions, node->key);
    int listed = kind_listed_as(reading, node->key);
    if (fact != NULL && (kind == 0 || fact->kind == kind)) {
        read_fact(reading, node, fact, record);
    } else if (fact != NULL) {
        note(reading, refuse_here(reading, node, kind, fact->kind));
    } else if (listed > 0 && kind == 0) {
        read_records(reading, node, listed);
    } else if (listed > 0) {
        note(reading, refuse_here(reading, node, kind, 0));
    } else {
        note(reading, refuse_unknown(reading, node));
    }
}

static void read_map(reader *reading, const bm_node *map, int kind, int record)
{
    for (const bm_node *node = map->first; node != NULL; node = node->next) {
        read_key(reading, node, kind, record);
    }
}

static bonemets_status refuse_record(reader *reading, const bm_node *node, int kind,
                                     bonemets_status status)
{
    bm_place place = place_of(reading, node);
    switch (status) {
    case BONEMETS_E_MEMORY:
        return bm_fail(reading->err, status, &place, "out of memory");
    case BONEMETS_E_LIMIT:
        return bm_fail(reading->err, status, &place, "more than %d records of one kind",
                       reading->patient->set->program.kinds[kind].limit);
    default:
        return bm_fail(reading->err, status, &place,
                       "a %s is a map of facts, such as {fact: value}", kind_label(reading, kind));
    }
}

static void read_records(reader *reading, const bm_node *list, int kind)
{
    if (bm_node_is_null(list)) {
        return;
    }
    if (list->kind != BM_SEQUENCE) {
        bm_place place = place_of(reading, list);
        note(reading, bm_fail(reading->err, BONEMETS_E_TYPE, &place,
                              "%q is a list, one entry for each %s; [] means that there is none",
                              list->key, kind_label(reading, kind)));
        return;
    }
    reading->patient->kinds[kind].listed = true;
    for (const bm_node *node = list->first; node != NULL; node = node->next) {
        bonemets_record record = 0;
        bonemets_status status = node->kind == BM_MAP
                                     ? bm_patient_add(reading->patient, kind, &record)
                                     : BONEMETS_E_TYPE;
        if (status == BONEMETS_OK) {
            read_map(reading, node, kind, record);
            continue;
        }
        note(reading, refuse_record(reading, node, kind, status));
        if (status != BONEMETS_E_TYPE) {
            return;
        }
    }
}

/* ---- facts that exclude each other ---- */

enum { MOST_KEPT = 16 };

/* Facts of which one is stated at most, and those of them that are stated for all records. */
typedef struct {
    const bm_words *group;
    const bm_node *root;
    const bm_node *common[MOST_KEPT];
} exclusive;

static const bm_node *said(const bm_node *map, const char *key)
{
    const bm_node *node = bm_node_get(map, key);
    return node != NULL && !bm_node_is_null(node) ? node : NULL;
}

/* What a record states, by itself or through what holds for all records of its kind. */
static const bm_node *stated(const exclusive *of, const bm_node *record, int i)
{
    const bm_node *own = record != of->root ? said(record, of->group->items[i]) : NULL;
    if (own == NULL) {
        own = i < MOST_KEPT ? of->common[i] : said(of->root, of->group->items[i]);
    }
    return own;
}

static void check_record(reader *reading, const exclusive *of, const bm_node *record)
{
    const bm_node *first = NULL;
    for (int i = 0; i < of->group->count; i++) {
        const bm_node *node = stated(of, record, i);
        if (node != NULL && first != NULL) {
            bm_place place = key_of(reading, node->parent == record ? node : first);
            bm_report(reading->err, BONEMETS_SEVERITY_WARNING, BONEMETS_OK, &place,
                      "%q and %q exclude each other unless they name the same place; both are kept",
                      first->key, node->key);
        } else if (node != NULL) {
            first = node;
        }
    }
}

static void check_group(reader *reading, const bm_words *group, int kind, const bm_node *root)
{
    exclusive of = {.group = group, .root = root};
    for (int i = 0; i < group->count && i < MOST_KEPT; i++) {
        of.common[i] = said(root, group->items[i]);
    }
    const bm_node *list = bm_node_get(root, reading->definitions->kinds[kind].list);
    const bm_node *record = list != NULL ? list->first : NULL;
    if (record == NULL) {
        check_record(reading, &of, root);
    }
    /* those that were read: there may be more than a patient can have */
    for (int i = 0; record != NULL && i < reading->patient->kinds[kind].count; i++) {
        check_record(reading, &of, record);
        record = record->next;
    }
}

static void check_exclusive(reader *reading, const bm_node *root)
{
    for (int i = 0; i < reading->definitions->exclusive_count; i++) {
        const bm_words *group = &reading->definitions->exclusive[i];
        const bm_fact *fact =
            group->count > 0 ? bm_definitions_fact(reading->definitions, group->items[0]) : NULL;
        if (fact != NULL) {
            check_group(reading, group, fact->kind, root);
        }
    }
}

/* ---- links ---- */

/* How many records there are to belong to: one, where nothing is listed. */
static int records_of(const reader *reading, const bm_node *root, int kind)
{
    const bm_node *list = bm_node_get(root, reading->definitions->kinds[kind].list);
    return list == NULL || list->kind != BM_SEQUENCE ? 1 : list->count;
}

/* Every number that stands in it, however it is written. */
static void check_numbers(reader *reading, const bm_node *node, int kind, int records)
{
    double number;
    if (node->kind != BM_SCALAR) {
        for (const bm_node *one = node->first; one != NULL; one = one->next) {
            check_numbers(reading, one, kind, records);
        }
    } else if (bm_read_number(node->text, node->length, &number) == NULL && number > records) {
        bm_place place = place_of(reading, node);
        note(reading,
             bm_fail(reading->err, BONEMETS_E_RANGE, &place,
                     "there is no %s of that number; %q lists %d", kind_label(reading, kind),
                     reading->definitions->kinds[kind].list, records));
    }
}

static void check_link(reader *reading, const bm_fact *fact, const bm_node *root)
{
    const bm_node *list = bm_node_get(root, reading->definitions->kinds[fact->kind].list);
    const bm_node *record = list != NULL && list->kind == BM_SEQUENCE ? list->first : NULL;
    int records = records_of(reading, root, fact->type.link);
    const bm_node *common = bm_node_get(root, fact->id);
    if (common != NULL) {
        check_numbers(reading, common, fact->type.link, records);
    }
    for (; record != NULL; record = record->next) {
        const bm_node *node = bm_node_get(record, fact->id);
        if (node != NULL) {
            check_numbers(reading, node, fact->type.link, records);
        }
    }
}

static void check_links(reader *reading, const bm_node *root)
{
    for (int i = 0; i < reading->definitions->fact_count; i++) {
        const bm_fact *fact = &reading->definitions->facts[i];
        if (fact->is_link && fact->type.link > 0) {
            check_link(reading, fact, root);
        }
    }
}

bonemets_status bm_record_read_node(bonemets_patient *patient, const char *file,
                                    const bm_node *record, bonemets_error *err)
{
    reader reading = {.patient = patient,
                      .definitions = &patient->set->definitions,
                      .file = file,
                      .err = err,
                      .status = BONEMETS_OK};
    bonemets_patient_reset(patient);
    if (record->kind != BM_MAP) {
        bm_place place = place_of(&reading, record);
        return bm_fail(err, BONEMETS_E_TYPE, &place,
                       "a patient record is a map of facts, such as fact: value");
    }
    read_map(&reading, record, 0, 0);
    check_exclusive(&reading, record);
    check_links(&reading, record);
    if (reading.status != BONEMETS_OK) {
        bonemets_patient_reset(patient);
    }
    return reading.status;
}

bonemets_status bonemets_patient_read(bonemets_patient *patient, const char *name, const void *text,
                                      size_t size, bonemets_error *err)
{
    if (patient == NULL || (text == NULL && size > 0)) {
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no %s",
                       patient == NULL ? "patient" : "text");
    }
    const char *file = name != NULL ? name : "patient";
    const bm_node *record = NULL;
    bm_arena arena;
    bonemets_patient_reset(patient);
    bm_arena_init(&arena, &patient->memory);
    bonemets_status status = bm_yaml_read(&arena, &patient->limits, file, text, size, &record, err);
    if (status == BONEMETS_OK) {
        status = bm_record_read_node(patient, file, record, err);
    }
    bm_arena_free(&arena);
    return status;
}
