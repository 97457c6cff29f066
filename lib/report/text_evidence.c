/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text.h"

#include <math.h>

/* More names than these make a list that nobody reads; JSON has them all. */
enum { MOST_NAMES = 12 };

void bm_write_section(bm_writer *writer, const char *title)
{
    bm_page_gap(&writer->page);
    bm_page_title(&writer->page, title, '-');
}

static void put_record_number(bm_writer *writer, int kind, int32_t record)
{
    const char *label = bm_kind_label(writer->set, kind);
    if (record <= 0 || label == NULL) {
        return;
    }
    bm_page_puts(&writer->page, (const char *[]){" (", label, " ", NULL});
    bm_page_int(&writer->page, record);
    bm_page_put(&writer->page, ")");
}

void bm_put_record(bm_writer *writer, bm_view entry)
{
    const bm_guideline *guideline = bm_view_guideline(entry);
    if (guideline != NULL) {
        put_record_number(writer, guideline->kind, bm_view_int(entry, BONEMETS_F_LESION));
    }
}

void bm_put_fact_record(bm_writer *writer, bm_view entry)
{
    const char *id = bm_view_str(entry, BONEMETS_F_ID);
    const bm_fact *fact = id == NULL ? NULL : bm_definitions_fact(&writer->set->definitions, id);
    if (fact != NULL) {
        put_record_number(writer, fact->kind, bm_view_int(entry, BONEMETS_F_LESION));
    }
}

void bm_put_urgency(bm_writer *writer, const char *urgency)
{
    bm_page_capitals(&writer->page, urgency);
    const char *meaning = bm_scale_meaning(writer->set, "urgency", urgency);
    if (meaning != NULL) {
        bm_page_puts(&writer->page, (const char *[]){": ", meaning, NULL});
    }
}

bool bm_put_comma(bm_writer *writer, int32_t at, int32_t count)
{
    if (at > 0) {
        bm_page_put(&writer->page, ", ");
    }
    if (at < MOST_NAMES || count - at == 1) {
        return true;
    }
    bm_page_put(&writer->page, "and ");
    bm_page_int(&writer->page, count - at);
    bm_page_put(&writer->page, " more");
    return false;
}

static void put_fact_label(bm_writer *writer, bm_part part)
{
    const char *id = bm_part_str(part, BONEMETS_F_ID);
    const char *label = bm_part_str(part, BONEMETS_F_LABEL);
    const bm_definitions *definitions = &writer->set->definitions;
    const bm_fact *fact = id == NULL ? NULL : bm_definitions_fact(definitions, id);
    if (label != NULL) {
        bm_page_put(&writer->page, label);
    } else {
        bm_page_name(&writer->page, id);
    }
    if (fact != NULL) {
        put_record_number(writer, fact->kind, bm_part_int(part, BONEMETS_F_LESION));
    }
}

void bm_put_fact_labels(bm_writer *writer, bm_view entry, int32_t sub)
{
    int32_t count = bm_view_count(entry, sub);
    for (int32_t j = 0; j < count && bm_put_comma(writer, j, count); j++) {
        put_fact_label(writer, bm_view_part(entry, sub, j));
    }
}

/* ---- facts with their values ---- */

static void put_code(bm_writer *writer, bm_part part)
{
    const char *code = bm_part_str(part, BONEMETS_F_CODE);
    const char *id = bm_part_str(part, BONEMETS_F_ID);
    const bm_definitions *definitions = &writer->set->definitions;
    const bm_fact *fact = id == NULL ? NULL : bm_definitions_fact(definitions, id);
    const char *label = fact == NULL ? NULL : bm_codes_label(fact->type.codes, code);
    if (code == NULL) {
        bm_page_put(&writer->page, "none");
    } else if (label != NULL) {
        bm_page_put(&writer->page, label);
    } else {
        bm_page_name(&writer->page, code);
    }
}

static bool is_number(bm_writer *writer, bm_part part)
{
    const char *id = bm_part_str(part, BONEMETS_F_ID);
    const bm_definitions *definitions = &writer->set->definitions;
    const bm_fact *fact = id == NULL ? NULL : bm_definitions_fact(definitions, id);
    return fact != NULL && fact->type.base == BM_NUMBER;
}

static void put_interval(bm_writer *writer, bm_part part)
{
    double low = bm_part_num(part, BONEMETS_F_LOW), high = bm_part_num(part, BONEMETS_F_HIGH);
    const char *unit = bm_part_str(part, BONEMETS_F_UNIT);
    if (bm_part_int(part, BONEMETS_F_STATE) != BONEMETS_KNOWN && low < high) {
        bm_page_number(&writer->page, low);
        bm_page_put(&writer->page, " to ");
    }
    bm_page_quantity(&writer->page, high, unit);
}

static void put_facts(bm_writer *writer, bm_view entry)
{
    int32_t count = bm_view_count(entry, BONEMETS_SUB_FACTS), record = -1;
    const char *id = NULL;
    for (int32_t j = 0; j < count; j++) {
        bm_part part = bm_view_part(entry, BONEMETS_SUB_FACTS, j);
        if (j > 0 && bm_part_is(part, id, record)) {
            bm_page_put(&writer->page, ", ");
        } else {
            bm_page_put(&writer->page, j > 0 ? "; " : "");
            put_fact_label(writer, part);
            bm_page_put(&writer->page, " = ");
        }
        if (is_number(writer, part)) {
            put_interval(writer, part);
        } else {
            put_code(writer, part);
        }
        id = bm_part_str(part, BONEMETS_F_ID);
        record = bm_part_int(part, BONEMETS_F_LESION);
    }
}

/* ---- what stands below a row ---- */

static void put_marks(bm_writer *writer, bm_view entry)
{
    double within = bm_view_num(entry, BONEMETS_F_WITHIN_H);
    bm_page_put(&writer->page, bm_view_str(entry, BONEMETS_F_ROW));
    bm_put_record(writer, entry);
    bm_page_put(&writer->page, " | ");
    bm_page_name(&writer->page, bm_view_str(entry, BONEMETS_F_URGENCY));
    if (within >= 0) {
        bm_page_put(&writer->page, ", within ");
        bm_page_quantity(&writer->page, within, "h");
    }
    bm_page_put(&writer->page, " | ");
    bm_page_name(&writer->page, bm_view_str(entry, BONEMETS_F_STRENGTH));
    bm_page_put(&writer->page, ", certainty ");
    bm_page_name(&writer->page, bm_view_str(entry, BONEMETS_F_CERTAINTY));
    bm_page_put(&writer->page, " | ");
    bm_page_name(&writer->page, bm_view_str(entry, BONEMETS_F_VERIFIED));
    bm_page_put(&writer->page, " | ");
    for (int32_t j = 0; j < bm_view_count(entry, BONEMETS_SUB_SOURCES); j++) {
        bm_page_put(&writer->page, j > 0 ? ", " : "");
        bm_page_put(&writer->page,
                    bm_part_str(bm_view_part(entry, BONEMETS_SUB_SOURCES, j), BONEMETS_F_ID));
    }
}

void bm_write_waiting(bm_writer *writer, bm_view entry, int indent, const char *lead)
{
    if (bm_view_count(entry, BONEMETS_SUB_MISSING) == 0) {
        return;
    }
    bm_page_begin(&writer->page, indent, NULL);
    bm_page_put(&writer->page, lead);
    bm_put_fact_labels(writer, entry, BONEMETS_SUB_MISSING);
    bm_page_end(&writer->page);
}

static const bm_row_def *row_of(bm_view entry)
{
    const bm_guideline *guideline = bm_view_guideline(entry);
    const char *id = bm_view_str(entry, BONEMETS_F_ROW);
    for (int i = 0; guideline != NULL && i < guideline->row_count; i++) {
        if (bm_same(guideline->rows[i].id, id)) {
            return &guideline->rows[i];
        }
    }
    return NULL;
}

bool bm_view_is_superseded(bm_view entry)
{
    const bm_row_def *row = row_of(entry);
    return row != NULL && row->choose != NULL && row->actions.count > 0 &&
           bm_view_count(entry, BONEMETS_SUB_DO) == 0;
}

void bm_write_evidence(bm_writer *writer, bm_view entry, int indent)
{
    bm_page *page = &writer->page;
    bm_page_line(page, indent, NULL, bm_view_str(entry, BONEMETS_F_BECAUSE));
    if (bm_view_count(entry, BONEMETS_SUB_FACTS) > 0) {
        bm_page_begin(page, indent, NULL);
        bm_page_put(page, "Facts: ");
        put_facts(writer, entry);
        bm_page_end(page);
    }
    if (bm_view_count(entry, BONEMETS_SUB_ASSUMED) > 0) {
        bm_page_begin(page, indent, NULL);
        bm_page_put(page, "Assumed: ");
        bm_put_fact_labels(writer, entry, BONEMETS_SUB_ASSUMED);
        bm_page_end(page);
    }
    bm_page_begin(page, indent, NULL);
    put_marks(writer, entry);
    bm_page_end(page);
}
