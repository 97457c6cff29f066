/* SPDX-License-Identifier: Apache-2.0 */
/* Values: what they have beyond a fact is where they come from. */
#include <string.h>

#include "guideline/read_cases.h"
#include "guideline/read_codes.h"
#include "guideline/read_fact.h"
#include "guideline/read_scalar.h"
#include "language/syntax.h"

static void read_basis(bm_reader *reader, const bm_node *node, void *member)
{
    static const char *const bases[] = {"stated", "implied", "proposed", NULL};
    const char **out = member;
    int basis = bm_scalar_word(reader, node, bases);
    if (basis >= 0) {
        *out = bases[basis];
    }
}

/* `5 %`, or a number in the unit of the value. */
static void read_tolerance(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    const char *text, *unit, *own = fact->type.unit;
    if (!bm_scalar_text(reader, node, "a number", &text)) {
        return;
    }
    const char *wrong = bm_syntax_quantity(text, &fact->tolerance, &unit);
    bool same = wrong == NULL && (unit == NULL ? own == NULL : own && strcmp(unit, own) == 0);
    fact->of_share = !same && wrong == NULL && unit != NULL && strcmp(unit, "%") == 0;
    if (wrong != NULL || !(same || fact->of_share) || !(fact->tolerance > 0)) {
        bm_reader_expected(reader, node,
                           "such as 5 %%, or a number above 0 in the unit of the value");
    }
    fact->tolerance /= fact->of_share ? 100 : 1;
}

static const bm_field value_fields[] = {
    {"label", false, bm_read_text, offsetof(bm_fact, label)},
    {"about", false, bm_read_name, offsetof(bm_fact, about)},
    {"type", true, bm_read_type, 0},
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
    {"from", false, bm_read_name, offsetof(bm_fact, from)},
    {"table", false, bm_read_table, 0},
    {"cases", false, bm_read_cases, 0},
    {"value", false, bm_read_formula, offsetof(bm_fact, value)},
    {"given_by", false, bm_read_key, offsetof(bm_fact, given_by)},
    {"tolerance", false, read_tolerance, 0},
    {"only_entered", false, bm_read_keys, offsetof(bm_fact, only_entered)},
    {"basis", false, read_basis, offsetof(bm_fact, basis)},
    {"source", false, bm_read_key, offsetof(bm_fact, source)},
    {"supply", false, bm_read_off, offsetof(bm_fact, no_supply)},
    BM_END_OF_FIELDS,
};

static const bm_field local_fields[] = {
    {"label", false, bm_read_text, offsetof(bm_fact, label)},
    {"type", false, bm_read_type, 0},
    {"options", false, bm_read_options, 0},
    {"unit", false, bm_read_fact_unit, 0},
    {"range", false, bm_read_fact_range, 0},
    {"note", false, bm_read_text, offsetof(bm_fact, note)},
    {"from", false, bm_read_name, offsetof(bm_fact, from)},
    {"table", false, bm_read_table, 0},
    {"cases", false, bm_read_cases, 0},
    {"value", false, bm_read_formula, offsetof(bm_fact, value)},
    {"source", false, bm_read_key, offsetof(bm_fact, source)},
    BM_END_OF_FIELDS,
};

typedef struct {
    const char *key;
    bm_origin origin;
} bm_way;

static const bm_way ways[] = {
    {"table", BM_FROM_TABLE},
    {"cases", BM_FROM_CASES},
    {"value", BM_FROM_VALUE},
    {"given_by", BM_GIVEN_BY},
};

static void check_table_keys(bm_reader *reader, const bm_node *node)
{
    const bm_node *from = bm_node_get(node, "from"), *table = bm_node_get(node, "table");
    if (from != NULL && table == NULL) {
        bm_reader_missing(reader, node, "table");
    } else if (from == NULL && table != NULL) {
        bm_reader_missing(reader, node, "from");
    }
}

static bool is_proposed(const bm_fact *fact)
{
    return fact->basis != NULL && fact->basis[0] == 'p';
}

/* Where it comes from must be said, and once. */
static void find_origin(bm_reader *reader, bm_fact *fact)
{
    const bm_node *node = fact->node;
    const char *said = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        const bm_node *way = bm_node_get(node, ways[i].key);
        if (way != NULL && said != NULL) {
            bm_reader_fail_key(reader, way, "%q says already where the value comes from", said);
        } else if (way != NULL) {
            said = ways[i].key;
            fact->origin = ways[i].origin;
        }
    }
    check_table_keys(reader, node);
    if (said == NULL && bm_node_get(node, "from") == NULL && !is_proposed(fact)) {
        bm_reader_fail(reader, node,
                       "nothing says where the value comes from; expected one of: from with "
                       "table, cases, value%s",
                       fact->local ? "" : ", given_by; what is only entered is a fact");
    }
}

static void check_only_entered(bm_reader *reader, const bm_fact *fact)
{
    for (int i = 0; i < fact->only_entered.count; i++) {
        bm_codes_expect(reader, fact->only_entered.nodes[i], fact->only_entered.items[i],
                        fact->type.codes);
    }
}

static void check_value(bm_reader *reader, bm_fact *fact)
{
    find_origin(reader, fact);
    if (fact->type.codes != NULL) {
        check_only_entered(reader, fact);
    }
    if (is_proposed(fact) && fact->no_supply) {
        bm_reader_fail_key(reader, bm_node_get(fact->node, "supply"),
                           "a proposed value is only ever supplied");
    }
}

void bm_read_value(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    bm_fact_start(reader, node, fact);
    fact->is_value = true;
    bm_read_fields(reader, node, value_fields, fact);
    if (node->kind == BM_MAP && !bm_reader_stopped(reader)) {
        bm_fact_finish(reader, fact);
        check_value(reader, fact);
    }
}

void bm_read_local_value(bm_reader *reader, const bm_node *node, void *member)
{
    bm_fact *fact = member;
    bm_fact_start(reader, node, fact);
    fact->is_value = true;
    fact->local = true;
    fact->no_supply = true;
    if (node->kind == BM_SCALAR) {
        bm_read_formula(reader, node, &fact->value);
        fact->origin = BM_FROM_VALUE;
    } else {
        bm_read_fields(reader, node, local_fields, fact);
    }
    if (node->kind != BM_SEQUENCE && !bm_reader_stopped(reader)) {
        bm_fact_finish(reader, fact);
    }
    if (node->kind == BM_MAP && !bm_reader_stopped(reader)) {
        check_value(reader, fact);
    }
}
