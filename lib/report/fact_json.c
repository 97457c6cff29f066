/* SPDX-License-Identifier: Apache-2.0 */
#include "report/explain.h"
#include "report/json.h"
#include "report/report.h"

static const char *origin_name(const bm_fact *fact)
{
    if (!fact->is_value) {
        return NULL;
    }
    switch (fact->origin) {
    case BM_FROM_TABLE:
        return "table";
    case BM_FROM_CASES:
        return "cases";
    case BM_FROM_VALUE:
        return "expression";
    case BM_GIVEN_BY:
        return "score";
    default:
        return "entered";
    }
}

static void put_units(bm_json *json, const bm_type *type)
{
    bm_json_open_line(json, "units", '[');
    for (int i = 0; i < type->unit_count; i++) {
        bm_json_text(json, NULL, type->units[i].unit);
    }
    bm_json_close(json, ']');
}

static void put_bounds(bm_json *json, const bm_fact *fact)
{
    const bm_type *type = &fact->type;
    if (type->base != BM_NUMBER) {
        bm_json_null(json, "low");
        bm_json_null(json, "high");
        bm_json_null(json, "step");
        return;
    }
    bm_json_number(json, "low", type->low);
    bm_json_number(json, "high", type->high);
    if (fact->step > 0 || type->whole) {
        bm_json_number(json, "step", fact->step > 0 ? fact->step : 1);
    } else {
        bm_json_null(json, "step");
    }
}

/* How far what is entered may be off from what is derived. */
static void put_tolerance(bm_json *json, const bm_fact *fact)
{
    if (!(fact->tolerance > 0)) {
        bm_json_null(json, "tolerance");
        bm_json_null(json, "tolerance_unit");
        return;
    }
    bm_json_number(json, "tolerance", fact->tolerance * (fact->of_share ? 100 : 1));
    bm_json_text(json, "tolerance_unit", fact->of_share ? "%" : bm_type_unit_name(&fact->type));
}

static void put_options(bm_json *json, const bonemets_guidelines *set, bonemets_fact fact)
{
    bm_json_open(json, "options", '[');
    for (int32_t i = 0; i < bonemets_fact_option_count(set, fact); i++) {
        bm_json_open_line(json, NULL, '{');
        bm_json_text(json, "id", bonemets_fact_option_str(set, fact, i, BONEMETS_F_ID));
        bm_json_text(json, "label", bonemets_fact_option_str(set, fact, i, BONEMETS_F_LABEL));
        bm_json_close(json, '}');
    }
    bm_json_close(json, ']');
}

static void put_pairs(bm_json *json, const char *key, const bm_pairs *pairs)
{
    bm_json_open_line(json, key, '{');
    for (int i = 0; i < pairs->count; i++) {
        bm_json_text(json, pairs->items[i].key, pairs->items[i].value);
    }
    bm_json_close(json, '}');
}

static void put_reader(void *ctx, const char *kind, const char *id)
{
    bm_json *json = ctx;
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "kind", kind);
    bm_json_text(json, "id", id);
    bm_json_close(json, '}');
}

static void put_term(bm_json *json, const bm_term *term)
{
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "system", term->system);
    bm_json_text(json, "code", term->code);
    bm_json_text(json, "name", term->name);
    bm_json_text(json, "unit", term->unit);
    bm_json_open_line(json, "options", '[');
    for (int i = 0; i < term->options.count; i++) {
        bm_json_text(json, NULL, term->options.items[i]);
    }
    bm_json_close(json, ']');
    bm_json_text(json, "note", term->note);
    bm_json_close(json, '}');
}

static void put_terms(bm_json *json, const bonemets_guidelines *set, const bm_fact *fact)
{
    bm_json_open(json, "codes", '[');
    for (int i = 0; i < set->definitions.term_count; i++) {
        if (set->definitions.terms[i].definition == fact) {
            put_term(json, &set->definitions.terms[i]);
        }
    }
    bm_json_close(json, ']');
}

static void put_fact(bm_json *json, const bonemets_guidelines *set, const bm_fact *fact)
{
    bonemets_fact number = bm_set_fact_number(set, fact);
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "id", fact->id);
    bm_json_text(json, "label", fact->label);
    bm_json_text(json, "about", bonemets_fact_str(set, number, BONEMETS_F_ABOUT));
    bm_json_text(json, "type", bonemets_fact_str(set, number, BONEMETS_F_TYPE));
    bm_json_text(json, "unit", bm_type_unit_name(&fact->type));
    put_units(json, &fact->type);
    bm_json_bool(json, "unit_required", fact->unit_required);
    put_bounds(json, fact);
    put_tolerance(json, fact);
    put_options(json, set, number);
    put_pairs(json, "aliases", &fact->aliases);
    put_terms(json, set, fact);
    bm_json_bool(json, "setting", fact->setting);
    bm_json_text(json, "derived", origin_name(fact));
    bm_json_text(json, "default", fact->default_option);
    bm_json_text(json, "note", fact->note);
    bm_json_bool(json, "enterable", !fact->no_supply);
    bm_json_open(json, "read_by", '[');
    bm_fact_readers(set, fact, put_reader, json);
    bm_json_close(json, ']');
    bm_json_close(json, '}');
}

void bm_write_fact_json(bm_text *out, const bonemets_guidelines *set, const bm_fact *fact)
{
    bm_json json;
    bm_json_init(&json, out);
    put_fact(&json, set, fact);
    bm_put_char(out, '\n');
}

void bm_write_facts_json(bm_text *out, const bonemets_guidelines *set)
{
    bm_json json;
    bm_json_init(&json, out);
    bm_json_open(&json, NULL, '[');
    for (int i = 0; i < set->definitions.fact_count; i++) {
        put_fact(&json, set, &set->definitions.facts[i]);
    }
    bm_json_close(&json, ']');
    bm_put_char(out, '\n');
}
