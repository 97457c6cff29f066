/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/complete.h"

#include "base/text.h"

enum { LONGEST_LIST = 400 };

static const bm_fact *find_fact(const bm_reader *reader, const bm_guideline *guideline,
                                const char *name)
{
    int local = guideline != NULL ? bm_entry_find(guideline->values, guideline->value_count,
                                                  sizeof *guideline->values, name)
                                  : -1;
    return local >= 0 ? &guideline->values[local] : bm_definitions_fact(reader->definitions, name);
}

static const char *nearest_fact(const bm_reader *reader, const bm_guideline *guideline,
                                const char *name)
{
    const char *local = guideline != NULL
                            ? bm_entry_nearest(guideline->values, guideline->value_count,
                                               sizeof *guideline->values, name)
                            : NULL;
    return local != NULL ? local : bm_names_nearest(&reader->definitions->fact_names, name);
}

const bm_fact *bm_complete_find(bm_reader *reader, const bm_guideline *guideline, int kind,
                                const bm_node *node, const char *name)
{
    const bm_fact *fact = find_fact(reader, guideline, name);
    if (fact == NULL) {
        bm_reader_unknown(reader, node, "fact or value", name,
                          nearest_fact(reader, guideline, name));
        return NULL;
    }
    if (fact->kind != kind && fact->kind != 0) {
        bm_reader_fail(reader, node, "%q is about each %s, and is read here about %s", name,
                       reader->definitions->kinds[fact->kind].label,
                       reader->definitions->kinds[kind].label);
        return NULL;
    }
    return fact;
}

void bm_complete_options(bm_reader *reader, const bm_node *map, const bm_codes *codes,
                         const char *what)
{
    const char *flag_ids[] = {"no", "yes"};
    const bm_codes flag = {.ids = flag_ids, .count = 2};
    char list[LONGEST_LIST];
    bm_text text;
    bm_text_init(&text, list, sizeof list);
    codes = codes != NULL ? codes : &flag;
    for (int i = 0; i < codes->count; i++) {
        if (bm_node_get(map, codes->ids[i]) == NULL) {
            bm_put_format(&text, text.length > 0 ? ", %s" : "%s", codes->ids[i]);
        }
    }
    if (text.length > 0) {
        bm_reader_fail(reader, map, "no %s for %s", what, list);
    }
}

bonemets_status bm_definitions_complete(bm_definitions *definitions, bonemets_error *err)
{
    static void (*const parts[])(bm_reader *) = {
        bm_complete_names,  bm_complete_kinds, bm_complete_units, bm_complete_tables,
        bm_complete_points, bm_complete_terms, bm_complete_rows,  bm_complete_sources};
    bm_reader reader;
    bm_reader_start(&reader, definitions, err);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!bm_reader_stopped(&reader)) {
            parts[i](&reader);
        }
    }
    return bm_reader_finish(&reader);
}
