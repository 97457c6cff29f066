/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: a row for every option of what they are read from, and no other. */
#include "guideline/complete.h"
#include "guideline/read_codes.h"
#include "guideline/read_fact.h"

static void check_rows(bm_reader *reader, const bm_fact *value, const bm_fact *from)
{
    const bm_codes *codes = from->type.base == BM_CODE ? from->type.codes : NULL;
    for (int i = 0; i < value->table_count; i++) {
        bm_codes_expect_key(reader, value->table[i].node, codes);
    }
    bm_complete_options(reader, bm_node_get(value->node, "table"), codes, "row");
}

static void check_table(bm_reader *reader, const bm_guideline *guideline, const bm_fact *value)
{
    const bm_node *node = bm_node_get(value->node, "from");
    if (value->from == NULL || value->table == NULL) {
        return;
    }
    const bm_fact *from = bm_complete_find(reader, guideline, value->kind, node, value->from);
    if (from == NULL || bm_fact_is_untyped(from)) {
        return;
    }
    if (from->type.base == BM_CODE || from->type.base == BM_BOOL) {
        check_rows(reader, value, from);
    } else {
        bm_reader_fail(reader, node, "%q is %s; a table reads a code or a flag, cases read all",
                       value->from, bm_fact_word(from));
    }
}

void bm_complete_tables(bm_reader *reader)
{
    const bm_definitions *definitions = reader->definitions;
    for (int i = 0; i < definitions->fact_count; i++) {
        check_table(reader, NULL, &definitions->facts[i]);
    }
    for (int i = 0; i < definitions->guideline_count; i++) {
        const bm_guideline *guideline = &definitions->guidelines[i];
        for (int j = 0; j < guideline->value_count; j++) {
            check_table(reader, guideline, &guideline->values[j]);
        }
    }
}
