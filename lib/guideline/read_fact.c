/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/read_fact.h"

#include <float.h>
#include <string.h>

#include "base/instant.h"
#include "guideline/read_codes.h"
#include "guideline/read_scalar.h"

enum { CODE, FLAG, COUNT, QUANTITY, SET, LINK, INSTANT };

static const char *const type_words[] = {"code", "flag", "count",   "quantity",
                                         "set",  "link", "instant", NULL};

static int type_of(const bm_fact *fact)
{
    switch (fact->type.base) {
    case BM_CODE:
        return CODE;
    case BM_SET:
        return fact->is_link ? LINK : SET;
    case BM_NUMBER:
        return bm_is_instant(&fact->type) ? INSTANT : fact->type.whole ? COUNT : QUANTITY;
    case BM_BOOL:
    case BM_OUTCOME:
        break;
    }
    return FLAG;
}

bool bm_fact_is_untyped(const bm_fact *fact)
{
    return fact->type.base == BM_BOOL && !fact->flag_type;
}

const char *bm_fact_word(const bm_fact *fact)
{
    static const char *const words[] = {"a code", "a flag", "a count",   "a quantity",
                                        "a set",  "a link", "an instant"};
    return words[type_of(fact)];
}

void bm_read_type(bm_reader *reader, const bm_node *node, void *member)
{
    static const bm_base bases[] = {BM_CODE, BM_BOOL, BM_NUMBER, BM_NUMBER,
                                    BM_SET,  BM_SET,  BM_NUMBER};
    bm_fact *fact = member;
    int word = bm_scalar_word(reader, node, type_words);
    if (word < 0) {
        return;
    }
    fact->type.base = bases[word];
    fact->flag_type = word == FLAG;
    fact->is_link = word == LINK;
    fact->type.whole = word == COUNT;
    fact->type.unit = word == INSTANT ? bm_instant_unit : NULL;
    fact->step = word == INSTANT ? 1 : 0; /* whole seconds */
    if (fact->type.base == BM_NUMBER) {
        fact->type.low = -DBL_MAX;
        fact->type.high = DBL_MAX;
    }
}

static void add_alias(bm_reader *reader, const bm_pair *alias, bm_codes *codes)
{
    if (alias->value == NULL) {
        return;
    }
    int option = bm_codes_expect(reader, alias->node, alias->value, codes);
    if (bm_names_find(&codes->index, alias->key) >= 0) {
        bm_reader_fail_key(reader, alias->node, "%q is an option, or a spelling, already",
                           alias->key);
    } else if (option >= 0 && !bm_names_add(&codes->index, alias->key, option)) {
        bm_reader_lack_memory(reader);
    }
}

static void check_refusals(bm_reader *reader, const bm_fact *fact)
{
    for (int i = 0; i < fact->refusals.count; i++) {
        const bm_pair *refusal = &fact->refusals.items[i];
        if (bm_names_find(&fact->type.codes->index, refusal->key) >= 0) {
            bm_reader_fail_key(reader, refusal->node, "%q is an option, or a spelling of one",
                               refusal->key);
        }
    }
}

/* Spellings of a spelling would depend on the order, so options are looked up by their ids. */
void bm_read_options(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    bm_codes *codes = bm_reader_array(reader, 1, sizeof *codes);
    if (codes == NULL) {
        return;
    }
    fact->type.codes = codes;
    bm_read_codes(reader, node, BM_OPTIONS, codes);
    for (int i = 0; i < fact->aliases.count && !bm_reader_stopped(reader); i++) {
        add_alias(reader, &fact->aliases.items[i], codes);
    }
    if (!bm_reader_stopped(reader)) {
        check_refusals(reader, fact);
    }
}

typedef struct {
    double per, times;
} conversion;

static const bm_field conversion_fields[] = {
    {"per", false, bm_read_positive, offsetof(conversion, per)},
    {"times", false, bm_read_positive, offsetof(conversion, times)},
    BM_END_OF_FIELDS,
};

/* A factor of 0 waits for the family of the unit, which may stand in a later file. */
static void read_accepted_unit(bm_reader *reader, const bm_node *node, void *member)
{
    conversion how = {0, 0};
    bm_unit *unit = member;
    if (node->key == NULL) {
        bm_read_unit(reader, node, &unit->unit);
        return;
    }
    unit->unit = node->key;
    unit->factor = 1;
    bm_read_fields(reader, node, conversion_fields, &how);
    if (node->kind == BM_MAP && node->count != 1) {
        bm_reader_fail(reader, node, "expected either 'per' or 'times'");
    } else if (how.per > 0 || how.times > 0) {
        unit->divide = how.per > 0;
        unit->factor = unit->divide ? how.per : how.times;
    }
}

void bm_read_fact_unit(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    if (!bm_is_instant(&fact->type)) { /* otherwise it is reported at the end */
        bm_read_unit(reader, node, &fact->type.unit);
    }
}

void bm_read_accepts(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    int count;
    bm_unit *units = bm_read_entries(reader, node, node->kind == BM_MAP ? BM_MAP : BM_SEQUENCE,
                                     sizeof *units, &count, read_accepted_unit);
    if (fact->type.unit == NULL) {
        bm_reader_fail_key(reader, node, "a number without a unit accepts no other");
    } else if (units != NULL) {
        fact->type.units = units;
        fact->type.unit_count = count;
    }
}

/* `2000-01-01..2099-12-31`: the last day belongs to it. */
static void read_range_of_instants(bm_reader *reader, const bm_node *node, bm_type *type)
{
    const char *text, *points;
    double from = 0, to = 0, other;
    if (!bm_scalar_text(reader, node, "a range of instants", &text)) {
        return;
    }
    points = strstr(text, "..");
    const char *problem = points == NULL
                              ? "two dates such as 2000-01-01..2099-12-31 are expected"
                              : bm_read_instant(text, (size_t)(points - text), &from, &other);
    if (problem == NULL) {
        problem = bm_read_instant(points + 2, strlen(points + 2), &other, &to);
    }
    if (problem == NULL && from > to) {
        problem = "the lower end is above the upper one";
    }
    if (problem != NULL) {
        bm_reader_fail(reader, node, "%q is no range of instants: %s", text, problem);
        return;
    }
    type->low = from;
    type->high = to;
}

void bm_read_fact_range(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    bm_type *type = &fact->type;
    if (bm_is_instant(type)) {
        read_range_of_instants(reader, node, type);
        return;
    }
    if (bm_scalar_range(reader, node, &type->low, &type->high) && type->whole &&
        !(bm_is_whole(type->low) && bm_is_whole(type->high))) {
        bm_reader_expected(reader, node, "whole numbers, since it is a count");
    }
}

typedef struct {
    const char *key;
    bool of[INSTANT + 1];    /* may have it */
    bool needs[INSTANT + 1]; /* must have it */
} bm_type_key;

enum { NO, YES };

/*                code flag count quantity set link instant */
static const bm_type_key type_keys[] = {
    {"options", {YES, NO, NO, NO, YES, NO, NO}, {YES, NO, NO, NO, YES, NO, NO}},
    {"aliases", {YES, NO, NO, NO, YES, NO, NO}, {NO, NO, NO, NO, NO, NO, NO}},
    {"refuse", {YES, NO, NO, NO, YES, NO, NO}, {NO, NO, NO, NO, NO, NO, NO}},
    {"unit", {NO, NO, YES, YES, NO, NO, NO}, {NO, NO, NO, YES, NO, NO, NO}},
    {"accepts", {NO, NO, NO, YES, NO, NO, NO}, {NO, NO, NO, NO, NO, NO, NO}},
    {"unit_required", {NO, NO, NO, YES, NO, NO, NO}, {NO, NO, NO, NO, NO, NO, NO}},
    {"range", {NO, NO, YES, YES, NO, NO, YES}, {NO, NO, YES, YES, NO, NO, YES}},
    {"step", {NO, NO, YES, NO, NO, NO, NO}, {NO, NO, NO, NO, NO, NO, NO}},
    {"only_entered", {YES, NO, NO, NO, NO, NO, NO}, {NO, NO, NO, NO, NO, NO, NO}},
    {"tolerance", {NO, NO, YES, YES, NO, NO, NO}, {NO, NO, NO, NO, NO, NO, NO}},
    {"counted", {NO, NO, YES, NO, NO, NO, NO}, {NO, NO, NO, NO, NO, NO, NO}},
    {"to", {NO, NO, NO, NO, NO, YES, NO}, {NO, NO, NO, NO, NO, YES, NO}},
};

/* What is only computed needs no plausible range, a type that showed by itself needs no unit. */
static bool is_needed(const bm_fact *fact, const bm_type_key *key)
{
    bool range = key->needs[COUNT], computed = fact->local || fact->no_supply;
    return key->needs[type_of(fact)] && !(range && computed) &&
           bm_node_get(fact->node, "type") != NULL;
}

static void check_type_key(bm_reader *reader, const bm_fact *fact, const bm_type_key *key)
{
    const bm_node *node = bm_node_get(fact->node, key->key);
    if (bm_fact_is_untyped(fact)) {
        if (node != NULL && bm_node_get(fact->node, "type") == NULL) {
            bm_reader_fail_key(reader, node, "%q needs a 'type' beside it", key->key);
        }
    } else if (node == NULL && is_needed(fact, key)) {
        bm_reader_fail(reader, fact->node, "the key %q is missing; %s needs it", key->key,
                       bm_fact_word(fact));
    } else if (node != NULL && !key->of[type_of(fact)]) {
        bm_reader_fail_key(reader, node, "%s has no %q", bm_fact_word(fact), key->key);
    }
}

static bool unit_is_listed(bm_reader *reader, const bm_node *accepts, const bm_unit *unit,
                           const bm_unit *units, int count)
{
    if (unit->unit == NULL || bm_entry_find(units, count, sizeof *units, unit->unit) < 0) {
        return false;
    }
    const bm_node *entry = accepts->first;
    for (int i = 1; i < count; i++) {
        entry = entry->next;
    }
    bm_reader_fail_key(reader, entry, "the unit %q stands here twice", unit->unit);
    return true;
}

/* The canonical unit stands first. */
static void list_units(bm_reader *reader, bm_type *type, const bm_node *accepts)
{
    const bm_unit *accepted = type->units;
    int count = type->unit_count;
    bm_unit *units = bm_reader_array(reader, (size_t)count + 1, sizeof *units);
    if (units == NULL) {
        return;
    }
    units[0] = (bm_unit){.unit = type->unit, .factor = 1};
    for (int i = 0; i < count; i++) {
        unit_is_listed(reader, accepts, &accepted[i], units, i + 1);
        units[i + 1] = accepted[i];
    }
    type->units = units;
    type->unit_count = count + 1;
}

/* The members of a link are numbers of records, from 1. */
static void list_numbers(bm_reader *reader, bm_fact *fact)
{
    enum { DIGITS = 4 };
    bm_codes *codes = bm_reader_array(reader, 1, sizeof *codes);
    char *digits = bm_reader_array(reader, BM_OPTIONS, DIGITS);
    if (codes == NULL || digits == NULL || !bm_codes_start(reader, codes, BM_OPTIONS)) {
        return;
    }
    fact->type.codes = codes;
    for (int i = 0; i < BM_OPTIONS; i++, digits += DIGITS) {
        bm_text number;
        bm_text_init(&number, digits, DIGITS);
        bm_put_format(&number, "%d", i + 1);
        if (!bm_codes_add(reader, codes, digits, digits)) {
            return;
        }
    }
}

static void check_required_unit(bm_reader *reader, const bm_fact *fact)
{
    bool without = fact->type.unit == NULL || strcmp(fact->type.unit, "1") == 0;
    if (fact->unit_required && without && type_of(fact) == QUANTITY) {
        bm_reader_fail_key(reader, bm_node_get(fact->node, "unit_required"),
                           "a number without a unit cannot require one");
    }
}

bool bm_fact_start(bm_reader *reader, const bm_node *entry, bm_fact *fact)
{
    *fact = (bm_fact){.id = entry->key,
                      .node = entry,
                      .file = reader->file,
                      .precedence = reader->precedence,
                      .input = -1,
                      .slot = -1,
                      .applies = -1};
    return bm_check_id(reader, entry);
}

void bm_fact_finish(bm_reader *reader, bm_fact *fact)
{
    bm_default_label(reader, &fact->label, fact->id);
    bool codes = fact->type.base == BM_CODE || fact->type.base == BM_SET;
    if (fact->is_link) {
        list_numbers(reader, fact);
    } else if (codes && fact->type.codes == NULL) {
        fact->type.codes = bm_reader_array(reader, 1, sizeof *fact->type.codes);
    }
    if (fact->type.base == BM_NUMBER && fact->type.unit != NULL && !bm_is_instant(&fact->type) &&
        !bm_reader_stopped(reader)) {
        list_units(reader, &fact->type, bm_node_get(fact->node, "accepts"));
    }
    for (size_t i = 0; i < sizeof type_keys / sizeof type_keys[0]; i++) {
        check_type_key(reader, fact, &type_keys[i]);
    }
    check_required_unit(reader, fact);
    if (fact->type.whole && !bm_is_whole(fact->step)) {
        fact->type.whole = false; /* half points are counted too */
    }
}

static const bm_field fact_fields[] = {
    {"label", false, bm_read_text, offsetof(bm_fact, label)},
    {"about", false, bm_read_name, offsetof(bm_fact, about)},
    {"type", true, bm_read_type, 0},
    {"to", false, bm_read_name, offsetof(bm_fact, link_to)},
    {"aliases", false, bm_read_pairs, offsetof(bm_fact, aliases)},
    {"refuse", false, bm_read_pairs, offsetof(bm_fact, refusals)},
    {"options", false, bm_read_options, 0},
    {"unit", false, bm_read_fact_unit, 0},
    {"accepts", false, bm_read_accepts, 0},
    {"unit_required", false, bm_read_switch, offsetof(bm_fact, unit_required)},
    {"range", false, bm_read_fact_range, 0},
    {"step", false, bm_read_positive, offsetof(bm_fact, step)},
    {"counted", false, bm_read_texts, offsetof(bm_fact, counted)},
    {"note", false, bm_read_text, offsetof(bm_fact, note)},
    {"descriptive", false, bm_read_switch, offsetof(bm_fact, descriptive)},
    {"setting", false, bm_read_switch, offsetof(bm_fact, setting)},
    {"default", false, bm_read_text, offsetof(bm_fact, default_option)},
    {"now", false, bm_read_switch, offsetof(bm_fact, now)},
    BM_END_OF_FIELDS,
};

static void check_setting(bm_reader *reader, const bm_fact *fact)
{
    const bm_node *given = bm_node_get(fact->node, "default");
    const bm_node *setting = bm_node_get(fact->node, "setting");
    if (fact->setting && fact->type.base != BM_CODE && !bm_fact_is_untyped(fact)) {
        bm_reader_fail_key(reader, setting, "a setting is a code; this is %s", bm_fact_word(fact));
    } else if (fact->default_option != NULL && !fact->setting) {
        bm_reader_fail_key(reader, given,
                           "only a setting has a default; leave a fact unknown, or say what "
                           "one guideline assumes under its 'assumes'");
    } else if (fact->default_option != NULL && fact->type.codes != NULL) {
        bm_codes_expect(reader, given, fact->default_option, fact->type.codes);
    }
}

void bm_read_fact(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    bm_fact_start(reader, node, fact);
    bm_read_fields(reader, node, fact_fields, fact);
    if (node->kind == BM_MAP && !bm_reader_stopped(reader)) {
        bm_fact_finish(reader, fact);
        check_setting(reader, fact);
    }
}
