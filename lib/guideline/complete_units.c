/* SPDX-License-Identifier: Apache-2.0 */
/* Units that convert through their family. */
#include "engine/compile.h"
#include "guideline/complete.h"
#include "guideline/read_scalar.h"

static const bm_unit_family *family_of(const bm_definitions *definitions, const char *unit)
{
    for (int i = 0; i < definitions->family_count; i++) {
        const bm_unit_family *family = &definitions->families[i];
        if (bm_entry_find(family->units, family->count, sizeof *family->units, unit) >= 0) {
            return family;
        }
    }
    return NULL;
}

static double size_in(const bm_unit_family *family, const char *unit)
{
    int i = bm_entry_find(family->units, family->count, sizeof *family->units, unit);
    return i >= 0 ? family->sizes[i] : 0;
}

static const bm_node *node_of_unit(const bm_unit_family *family, int i)
{
    const bm_node *node = family->node->first;
    while (i-- > 0) {
        node = node->next;
    }
    return node;
}

static void check_family(bm_reader *reader, const bm_unit_family *family)
{
    for (int i = 0; i < family->count; i++) {
        const bm_unit_family *other = family_of(reader->definitions, family->units[i]);
        if (other != family) {
            int at =
                bm_entry_find(other->units, other->count, sizeof *other->units, family->units[i]);
            bm_reader_again(reader, node_of_unit(family, i), family->units[i],
                            node_of_unit(other, at));
        }
    }
}

/* One multiplication or division, so that whole ratios round once. */
static bool convert(const bm_unit_family *family, const char *from, const char *to, bm_unit *out)
{
    double size_from = size_in(family, from), size_to = size_in(family, to);
    if (!(size_from > 0) || !(size_to > 0)) {
        return false;
    }
    double up = size_from / size_to, down = size_to / size_from;
    *out = (bm_unit){.unit = from, .factor = up};
    if (!bm_is_whole(up) && bm_is_whole(down)) {
        out->factor = down;
        out->divide = true;
    }
    return true;
}

static void refuse_unit(bm_reader *reader, const bm_node *node, const char *unit,
                        const bm_unit_family *family)
{
    const char *nearest =
        bm_entry_nearest(family->units, family->count, sizeof *family->units, unit);
    if (nearest != NULL) {
        bm_reader_fail(reader, node, "%q is no unit of the family %q; did you mean %q?", unit,
                       family->id, nearest);
    } else {
        bm_reader_fail(reader, node, "%q is no unit of the family %q", unit, family->id);
    }
}

static void complete_unit(bm_reader *reader, const bm_fact *fact, const bm_node *node,
                          bm_unit *unit)
{
    const bm_unit_family *family = family_of(reader->definitions, fact->type.unit);
    if (family == NULL) {
        bm_reader_fail(reader, node,
                       "no family of units has %q; say how to convert: {%s: {per: NUMBER}}",
                       fact->type.unit, unit->unit);
    } else if (!convert(family, unit->unit, fact->type.unit, unit)) {
        refuse_unit(reader, node, unit->unit, family);
    }
}

static void complete_units_of(bm_reader *reader, bm_fact *fact)
{
    const bm_node *accepts = bm_node_get(fact->node, "accepts");
    bm_type *type = &fact->type;
    if (accepts == NULL || accepts->kind != BM_SEQUENCE || type->unit_count < 2) {
        return;
    }
    bm_unit *units = bm_reader_array(reader, (size_t)type->unit_count, sizeof *units);
    if (units == NULL) {
        return;
    }
    const bm_node *node = accepts->first;
    units[0] = type->units[0];
    for (int i = 1; i < type->unit_count; i++, node = node->next) {
        units[i] = type->units[i];
        if (units[i].unit != NULL) {
            complete_unit(reader, fact, node, &units[i]);
        }
    }
    type->units = units;
}

/* A limit, in hours. */
static void complete_limit(bm_reader *reader, const bm_node *node, double *out)
{
    const bm_unit_family *time = family_of(reader->definitions, "h");
    const char *unit = NULL;
    double number = 0;
    bm_unit hours = {.unit = "h", .factor = 1};
    if (node == NULL || node->kind != BM_SCALAR ||
        bm_syntax_quantity(node->text, &number, &unit) != NULL || unit == NULL || number < 0) {
        return; /* reported */
    }
    if (time == NULL) {
        bm_reader_fail(reader, node, "no family of units has 'h', in which times are counted");
    } else if (!convert(time, unit, "h", &hours)) {
        refuse_unit(reader, node, unit, time);
    } else {
        *out = bm_unit_apply(&hours, number);
    }
}

static bool is_unit_of_fact(const bm_definitions *definitions, const char *unit)
{
    for (int i = 0; i < definitions->fact_count; i++) {
        if (bm_type_unit(&definitions->facts[i].type, unit) != NULL) {
            return true;
        }
    }
    return false;
}

/* What is another unit by itself cannot be a spelling of this one. */
static void complete_spellings(bm_reader *reader)
{
    bm_definitions *definitions = reader->definitions;
    bm_pairs *spellings = bm_reader_array(reader, 1, sizeof *spellings);
    if (spellings == NULL) {
        return;
    }
    *spellings = definitions->spellings;
    for (int i = 0; i < spellings->count; i++) {
        const bm_pair *one = &spellings->items[i];
        if (is_unit_of_fact(definitions, one->key) || family_of(definitions, one->key) != NULL) {
            bm_reader_fail_key(reader, one->node, "%q is a unit itself", one->key);
        } else if (!is_unit_of_fact(definitions, one->value) &&
                   family_of(definitions, one->value) == NULL) {
            bm_reader_fail(reader, one->node, "nothing is counted in the unit %q", one->value);
        }
    }
    for (int i = 0; i < definitions->fact_count; i++) {
        definitions->facts[i].spellings = spellings;
    }
}

void bm_complete_units(bm_reader *reader)
{
    bm_definitions *definitions = reader->definitions;
    for (int i = 0; i < definitions->family_count; i++) {
        check_family(reader, &definitions->families[i]);
    }
    for (int i = 0; i < definitions->fact_count && !bm_reader_stopped(reader); i++) {
        complete_units_of(reader, &definitions->facts[i]);
    }
    if (!bm_reader_stopped(reader)) {
        complete_spellings(reader);
    }
    for (int i = 0; i < definitions->guideline_count; i++) {
        bm_guideline *guideline = &definitions->guidelines[i];
        for (int j = 0; j < guideline->row_count; j++) {
            bm_row_def *row = &guideline->rows[j];
            complete_limit(reader, bm_node_get(row->node, "within"), &row->within_h);
        }
    }
    definitions->red_flag_h = -1;
    complete_limit(reader, definitions->red_flag_node, &definitions->red_flag_h);
}
