/* SPDX-License-Identifier: Apache-2.0 */
/* Scores and equations: those with a number, then what is not known yet, then what does not apply. */
#include "report/text.h"

static int32_t state_of(bm_view entry)
{
    return bm_view_int(entry, BONEMETS_F_STATE);
}

static bool has_number(bm_view entry)
{
    return state_of(entry) == BONEMETS_KNOWN || state_of(entry) == BONEMETS_PARTLY;
}

static bool is_unknown(bm_view entry)
{
    return state_of(entry) == BONEMETS_UNKNOWN;
}

static bool is_inapplicable(bm_view entry)
{
    return state_of(entry) == BONEMETS_INAPPLICABLE;
}

static void put_label(bm_writer *writer, bm_view entry)
{
    const char *label = bm_view_str(entry, BONEMETS_F_LABEL);
    bm_page_put(&writer->page, label != NULL ? label : bm_view_str(entry, BONEMETS_F_ID));
    bm_put_record(writer, entry);
}

static void put_interval(bm_writer *writer, double low, double high, const char *unit)
{
    if (low < high) {
        bm_page_number(&writer->page, low);
        bm_page_put(&writer->page, " to ");
    }
    bm_page_quantity(&writer->page, high, unit);
}

static void put_bands(bm_writer *writer, bm_view entry)
{
    int32_t count = bm_view_count(entry, BONEMETS_SUB_BANDS);
    for (int32_t j = 0; j < count; j++) {
        bm_part band = bm_view_part(entry, BONEMETS_SUB_BANDS, j);
        const char *label = bm_part_str(band, BONEMETS_F_LABEL);
        bm_page_put(&writer->page, j == 0 ? ": " : j + 1 < count ? ", " : " or ");
        if (label != NULL) {
            bm_page_put(&writer->page, label);
        } else {
            bm_page_name(&writer->page, bm_part_str(band, BONEMETS_F_ID));
        }
    }
    if (count == 1 && state_of(entry) == BONEMETS_PARTLY) {
        bm_page_put(&writer->page, ", whatever is missing");
    }
}

static void write_items(bm_writer *writer, bm_view entry)
{
    int32_t count = bm_view_count(entry, BONEMETS_SUB_ITEMS);
    if (count == 0) {
        return;
    }
    bm_page_begin(&writer->page, 4, NULL);
    for (int32_t j = 0; j < count; j++) {
        bm_part item = bm_view_part(entry, BONEMETS_SUB_ITEMS, j);
        const char *label = bm_part_str(item, BONEMETS_F_LABEL);
        bm_page_put(&writer->page, j > 0 ? "; " : "");
        bm_page_put(&writer->page, label != NULL ? label : bm_part_str(item, BONEMETS_F_ID));
        bm_page_put(&writer->page, " ");
        put_interval(writer, bm_part_num(item, BONEMETS_F_LOW), bm_part_num(item, BONEMETS_F_HIGH),
                     NULL);
    }
    bm_page_end(&writer->page);
}

/* What the table says about the band, or about each that is still possible. */
static void write_meanings(bm_writer *writer, bm_view entry)
{
    int32_t count = bm_view_count(entry, BONEMETS_SUB_BANDS);
    for (int32_t j = 0; j < count; j++) {
        const char *id = bm_part_str(bm_view_part(entry, BONEMETS_SUB_BANDS, j), BONEMETS_F_ID);
        const bm_band *band = bm_score_band(bm_view_score(entry), id);
        if (band == NULL || (band->meaning == NULL && band->action == NULL)) {
            continue;
        }
        bm_page_begin(&writer->page, 4, NULL);
        if (count > 1) {
            bm_page_puts(&writer->page, (const char *[]){"If ", band->label, ": ", NULL});
        }
        bm_page_put(&writer->page, band->meaning);
        bm_page_put(&writer->page, band->meaning != NULL && band->action != NULL ? "; " : "");
        bm_page_put(&writer->page, band->action);
        bm_page_end(&writer->page);
    }
}

static void write_notes(bm_writer *writer, bm_view entry)
{
    for (int32_t j = 0; j < bm_view_count(entry, BONEMETS_SUB_NOTES); j++) {
        bm_part note = bm_view_part(entry, BONEMETS_SUB_NOTES, j);
        int32_t state = bm_part_int(note, BONEMETS_F_STATE);
        const char *verified = bm_part_str(note, BONEMETS_F_VERIFIED);
        bm_page_begin(&writer->page, 4, "Note: ");
        bm_page_put(&writer->page, bm_part_str(note, BONEMETS_F_MESSAGE));
        if (state == BONEMETS_KNOWN || state == BONEMETS_PARTLY) {
            bm_page_put(&writer->page, " The total would then be ");
            put_interval(writer, bm_part_num(note, BONEMETS_F_LOW),
                         bm_part_num(note, BONEMETS_F_HIGH), NULL);
            bm_page_put(&writer->page, ".");
        }
        if (verified != NULL) {
            bm_page_put(&writer->page, " (");
            bm_page_name(&writer->page, verified);
            bm_page_put(&writer->page, ")");
        }
        bm_page_end(&writer->page);
    }
}

static void write_marks(bm_writer *writer, bm_view entry)
{
    const char *verified = bm_view_str(entry, BONEMETS_F_VERIFIED);
    int32_t sources = bm_view_count(entry, BONEMETS_SUB_SOURCES);
    bm_page_begin(&writer->page, 4, NULL);
    bm_page_put(&writer->page, bm_view_str(entry, BONEMETS_F_GUIDELINE));
    if (verified != NULL) {
        bm_page_put(&writer->page, " | ");
        bm_page_name(&writer->page, verified);
    }
    for (int32_t j = 0; j < sources; j++) {
        bm_page_put(&writer->page, j == 0 ? " | " : ", ");
        bm_page_put(&writer->page,
                    bm_part_str(bm_view_part(entry, BONEMETS_SUB_SOURCES, j), BONEMETS_F_ID));
    }
    bm_page_end(&writer->page);
}

static void write_caution(bm_writer *writer, bm_view entry)
{
    const bm_guideline *guideline = bm_view_guideline(entry);
    if (guideline == NULL || bm_same(bm_view_str(entry, BONEMETS_F_STATUS), "on")) {
        return;
    }
    bm_page_begin(&writer->page, 4, "! ");
    bm_page_puts(&writer->page, (const char *[]){"This table ships with status ",
                                                 bm_view_str(entry, BONEMETS_F_STATUS), NULL});
    if (guideline->status_reason != NULL) {
        bm_page_puts(&writer->page, (const char *[]){": ", guideline->status_reason, NULL});
    }
    bm_page_end(&writer->page);
}

static void write_result(bm_writer *writer, bm_view entry)
{
    if (!has_number(entry)) {
        return;
    }
    bm_page_begin(&writer->page, 0, "- ");
    put_label(writer, entry);
    bm_page_put(&writer->page, " = ");
    put_interval(writer, bm_view_num(entry, BONEMETS_F_LOW), bm_view_num(entry, BONEMETS_F_HIGH),
                 bm_view_str(entry, BONEMETS_F_UNIT));
    put_bands(writer, entry);
    bm_page_end(&writer->page);
    write_caution(writer, entry);
    write_items(writer, entry);
    bm_write_waiting(writer, entry, 4, "Missing: ");
    write_meanings(writer, entry);
    write_notes(writer, entry);
    write_marks(writer, entry);
}

static void write_unknown(bm_writer *writer, bm_view entry)
{
    if (!is_unknown(entry)) {
        return;
    }
    bm_page_begin(&writer->page, 0, "- ");
    put_label(writer, entry);
    bm_page_put(&writer->page, " is not known yet");
    if (bm_view_count(entry, BONEMETS_SUB_MISSING) > 0) {
        bm_page_put(&writer->page, "; it needs ");
        bm_put_fact_labels(writer, entry, BONEMETS_SUB_MISSING);
    }
    bm_page_end(&writer->page);
}

static void for_results(bm_writer *writer, void (*write)(bm_writer *writer, bm_view entry))
{
    for (int32_t i = 0; i < bonemets_assessment_count(writer->result, BONEMETS_RESULTS); i++) {
        write(writer, (bm_view){writer->result, BONEMETS_RESULTS, i});
    }
}

static void write_inapplicable(bm_writer *writer)
{
    bool any = false;
    for (int32_t i = 0; i < bonemets_assessment_count(writer->result, BONEMETS_RESULTS); i++) {
        bm_view entry = {writer->result, BONEMETS_RESULTS, i};
        if (!is_inapplicable(entry)) {
            continue;
        }
        if (!any) {
            bm_page_begin(&writer->page, 0, "- ");
            bm_page_put(&writer->page, "Not applicable: ");
        }
        bm_page_put(&writer->page, any ? "; " : "");
        put_label(writer, entry);
        any = true;
    }
    if (any) {
        bm_page_end(&writer->page);
    }
}

void bm_write_results(bm_writer *writer)
{
    if (bonemets_assessment_count(writer->result, BONEMETS_RESULTS) == 0) {
        return;
    }
    bm_write_section(writer, "Scores and equations");
    for_results(writer, write_result);
    for_results(writer, write_unknown);
    write_inapplicable(writer);
}
