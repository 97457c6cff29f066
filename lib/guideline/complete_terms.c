/* SPDX-License-Identifier: Apache-2.0 */
/* Codes of terminologies: each names something that there is, and stands once. */
#include <string.h>

#include "guideline/complete.h"
#include "guideline/read_codes.h"

static const bm_scale *systems(const bm_reader *reader)
{
    return bm_definitions_scale(reader->definitions, "systems");
}

static void check_system(bm_reader *reader, const bm_term *term)
{
    const bm_scale *scale = systems(reader);
    if (scale == NULL || bm_scale_rank(scale, term->system) < 0) {
        bm_reader_fail(reader, bm_node_get(term->node, "system"),
                       "%q is no member of the scale 'systems'", term->system);
    }
}

static void check_unit(bm_reader *reader, const bm_term *term)
{
    const bm_type *type = &term->definition->type;
    bool known = type->unit != NULL && strcmp(type->unit, term->unit) == 0;
    for (int i = 0; i < type->unit_count; i++) {
        known = known || strcmp(type->units[i].unit, term->unit) == 0;
    }
    if (!known) {
        bm_reader_fail(reader, bm_node_get(term->node, "unit"), "fact %q does not accept %q",
                       term->fact, term->unit);
    }
}

static void check_options(bm_reader *reader, const bm_term *term)
{
    const bm_type *type = &term->definition->type;
    if (term->options.count > 0 && type->base == BM_NUMBER) {
        bm_reader_fail(reader, bm_node_get(term->node, "option"), "fact %q has no options",
                       term->fact);
        return;
    }
    for (int i = 0; i < term->options.count; i++) {
        bm_codes_expect(reader, term->options.nodes[i], term->options.items[i],
                        term->definition->flag_type ? NULL : type->codes);
    }
}

static void check_once(bm_reader *reader, const bm_term *terms, int count)
{
    const bm_term *last = &terms[count];
    for (int i = 0; i < count && last->system != NULL && last->code != NULL; i++) {
        if (terms[i].system != NULL && terms[i].code != NULL &&
            strcmp(terms[i].system, last->system) == 0 && strcmp(terms[i].code, last->code) == 0) {
            bm_reader_again(reader, last->node, last->code, terms[i].node);
            return;
        }
    }
}

static const bm_fact *find(bm_reader *reader, const bm_term *term)
{
    const bm_definitions *definitions = reader->definitions;
    const bm_fact *fact = bm_definitions_fact(definitions, term->fact);
    if (fact == NULL) {
        bm_reader_unknown(reader, bm_node_get(term->node, "fact"), "fact", term->fact,
                          bm_names_nearest(&definitions->fact_names, term->fact));
    }
    return fact;
}

void bm_complete_terms(bm_reader *reader)
{
    bm_definitions *definitions = reader->definitions;
    for (int i = 0; i < definitions->term_count && !bm_reader_stopped(reader); i++) {
        bm_term *term = &definitions->terms[i];
        if (term->fact == NULL || term->system == NULL) {
            continue; /* reported when it was read */
        }
        term->definition = find(reader, term);
        check_system(reader, term);
        check_once(reader, definitions->terms, i);
        if (term->definition != NULL) {
            check_options(reader, term);
        }
        if (term->definition != NULL && term->unit != NULL) {
            check_unit(reader, term);
        }
    }
}
