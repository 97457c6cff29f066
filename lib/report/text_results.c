/* SPDX-License-Identifier: Apache-2.0 */
/* Scores and equations: those with a number, then what is not known yet, then what does not apply. */
#include "report/text.h"

static int32_t state_of(bm_answer answer)
{
    return bm_answer_int(answer, BONEMETS_F_STATE);
}

static bool has_number(bm_answer answer)
{
    return state_of(answer) == BONEMETS_KNOWN || state_of(answer) == BONEMETS_PARTLY;
}

static bool only_bands(bm_answer answer)
{
    return bm_answer_int(answer, BONEMETS_F_ONLY_BANDS) == 1;
}

static void put_label(bm_writer *writer, bm_answer answer)
{
    const char *label = bm_answer_str(answer, BONEMETS_F_LABEL);
    bm_page_put(&writer->page, label != NULL ? label : bm_answer_str(answer, BONEMETS_F_ID));
    bm_put_record(writer, answer);
}

static void put_interval(bm_writer *writer, double low, double high, const char *unit)
{
    if (low < high) {
        bm_page_number(&writer->page, low);
        bm_page_put(&writer->page, " to ");
    }
    bm_page_quantity(&writer->page, high, unit);
}

static void put_bands(bm_writer *writer, bm_answer answer)
{
    int32_t count = bm_answer_count(answer, BONEMETS_SUB_BANDS);
    for (int32_t j = 0; j < count; j++) {
        bm_part band = bm_answer_part(answer, BONEMETS_SUB_BANDS, j);
        const char *label = bm_part_str(band, BONEMETS_F_LABEL);
        bm_page_put(&writer->page, j == 0 ? ": " : j + 1 < count ? ", " : " or ");
        if (label != NULL) {
            bm_page_put(&writer->page, label);
        } else {
            bm_page_name(&writer->page, bm_part_str(band, BONEMETS_F_ID));
        }
    }
    if (count == 1 && state_of(answer) == BONEMETS_PARTLY) {
        bm_page_put(&writer->page, ", whatever is missing");
    }
}

/* The option that gives these points, when the table leaves no doubt which. */
static const char *option_of(const bm_item *item, double points)
{
    const char *found = NULL;
    int count = 0;
    for (int i = 0; i < item->count; i++) {
        const bm_points *row = &item->points[i];
        if (!(row->points < points) && !(row->points > points)) {
            found = row->is_case ? NULL : row->text;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

static void put_item(bm_writer *writer, bm_part part, const bm_item *item)
{
    double low = bm_part_num(part, BONEMETS_F_LOW), high = bm_part_num(part, BONEMETS_F_HIGH);
    const char *label = bm_part_str(part, BONEMETS_F_LABEL);
    const char *option = low < high || item == NULL ? NULL : option_of(item, low);
    bm_page_put(&writer->page, label != NULL ? label : bm_part_str(part, BONEMETS_F_ID));
    if (option != NULL) {
        bm_page_put(&writer->page, " ");
        bm_page_name(&writer->page, option);
    }
    bm_page_put(&writer->page, " = ");
    put_interval(writer, low, high, NULL);
}

static void write_items(bm_writer *writer, bm_answer answer)
{
    int32_t count = bm_answer_count(answer, BONEMETS_SUB_ITEMS);
    const bm_score *score = bm_answer_score(answer);
    if (count == 0 || only_bands(answer)) {
        return;
    }
    bm_page_begin(&writer->page, 4, NULL);
    for (int32_t j = 0; j < count; j++) {
        const bm_item *item = score != NULL && j < score->item_count ? &score->items[j] : NULL;
        bm_page_put(&writer->page, j > 0 ? "; " : "");
        put_item(writer, bm_answer_part(answer, BONEMETS_SUB_ITEMS, j), item);
    }
    bm_page_end(&writer->page);
}

static bool says_something(const bm_band *band)
{
    return band != NULL && (band->meaning != NULL || band->action != NULL || band->more.count > 0);
}

enum { MOST_MEANINGS = 2, MOST_UNKNOWN = 8 };

/* What the table says about the band, or about each that is still possible. */
static void write_meanings(bm_writer *writer, bm_answer answer)
{
    int32_t count = bm_answer_count(answer, BONEMETS_SUB_BANDS);
    const bm_score *score = bm_answer_score(answer);
    if (score == NULL || (count > MOST_MEANINGS && count == score->band_count)) {
        return; /* nothing is ruled out, so a list of all says nothing about this patient */
    }
    for (int32_t j = 0; j < count; j++) {
        const char *id = bm_part_str(bm_answer_part(answer, BONEMETS_SUB_BANDS, j), BONEMETS_F_ID);
        const bm_band *band = bm_score_band(score, id);
        if (!says_something(band)) {
            continue;
        }
        bm_page_begin(&writer->page, 4, NULL);
        if (count > 1) {
            bm_page_puts(&writer->page, (const char *[]){"If ", band->label, ": ", NULL});
        }
        bm_page_put(&writer->page, band->meaning);
        bm_page_put(&writer->page, band->meaning != NULL && band->action != NULL ? "; " : "");
        bm_page_put(&writer->page, band->action);
        for (int k = 0; k < band->more.count; k++) {
            bool first = k == 0 && band->meaning == NULL && band->action == NULL;
            bm_page_put(&writer->page, first ? "" : "; ");
            bm_page_name(&writer->page, band->more.items[k].key);
            bm_page_puts(&writer->page, (const char *[]){": ", band->more.items[k].value, NULL});
        }
        bm_page_end(&writer->page);
    }
}

/* Scores of one question may run in opposite directions. */
static void put_direction(bm_writer *writer, bm_answer answer)
{
    const bm_score *score = bm_answer_score(answer);
    if (score == NULL || score->direction == NULL) {
        return;
    }
    bm_page_put(&writer->page, " (");
    bm_page_name(&writer->page, score->direction);
    bm_page_put(&writer->page, ")");
}

static void write_notes(bm_writer *writer, bm_answer answer)
{
    bool is_score = bm_answer_score(answer) != NULL; /* the other total is one of a score */
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_NOTES); j++) {
        bm_part note = bm_answer_part(answer, BONEMETS_SUB_NOTES, j);
        int32_t state = bm_part_int(note, BONEMETS_F_STATE);
        const char *verified = bm_part_str(note, BONEMETS_F_VERIFIED);
        bm_page_begin(&writer->page, 4, "Note: ");
        bm_page_put(&writer->page, bm_part_str(note, BONEMETS_F_MESSAGE));
        if (is_score && (state == BONEMETS_KNOWN || state == BONEMETS_PARTLY)) {
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

static void write_entered(bm_writer *writer, bm_answer answer)
{
    double total = bm_answer_num(answer, BONEMETS_F_LOW);
    double low = bm_answer_num(answer, BONEMETS_F_DERIVED_LOW);
    double high = bm_answer_num(answer, BONEMETS_F_DERIVED_HIGH);
    if (bm_answer_int(answer, BONEMETS_F_ENTERED) != 1) {
        return;
    }
    bm_page_begin(&writer->page, 4, NULL);
    bm_page_put(&writer->page, "The total was entered and counts; its items give ");
    put_interval(writer, low, high, NULL);
    bm_page_put(&writer->page, total < low || total > high ? ": THEY DISAGREE." : ".");
    bm_page_end(&writer->page);
}

static void write_marks(bm_writer *writer, bm_answer answer)
{
    int32_t sources = bm_answer_count(answer, BONEMETS_SUB_SOURCES);
    bm_page_begin(&writer->page, 4, NULL);
    bm_page_puts(&writer->page,
                 (const char *[]){bm_answer_str(answer, BONEMETS_F_GUIDELINE), " | ", NULL});
    bm_page_name(&writer->page, bm_answer_str(answer, BONEMETS_F_VERIFIED));
    for (int32_t j = 0; j < sources && j < BM_SOURCES_OF_RESULT; j++) {
        bm_page_put(&writer->page, j == 0 ? " | " : ", ");
        bm_page_put(&writer->page,
                    bm_part_str(bm_answer_part(answer, BONEMETS_SUB_SOURCES, j), BONEMETS_F_ID));
    }
    bm_page_end(&writer->page);
}

static void write_caution(bm_writer *writer, bm_answer answer)
{
    const bm_guideline *guideline = bm_answer_guideline(answer);
    if (guideline == NULL || bm_same(bm_answer_str(answer, BONEMETS_F_STATUS), "on")) {
        return;
    }
    bm_page_begin(&writer->page, 4, "! ");
    bm_page_puts(&writer->page, (const char *[]){"This table ships with status ",
                                                 bm_answer_str(answer, BONEMETS_F_STATUS), NULL});
    if (guideline->status_reason != NULL) {
        bm_page_puts(&writer->page, (const char *[]){": ", guideline->status_reason, NULL});
    }
    bm_page_end(&writer->page);
}

static void write_result(bm_writer *writer, bm_answer answer)
{
    if (!has_number(answer)) {
        return;
    }
    bm_page_begin(&writer->page, 0, "- ");
    put_label(writer, answer);
    if (!only_bands(answer)) {
        bm_page_put(&writer->page, " = ");
        put_interval(writer, bm_answer_num(answer, BONEMETS_F_LOW),
                     bm_answer_num(answer, BONEMETS_F_HIGH),
                     bm_answer_str(answer, BONEMETS_F_UNIT));
        put_direction(writer, answer);
    }
    put_bands(writer, answer);
    bm_page_end(&writer->page);
    write_caution(writer, answer);
    write_items(writer, answer);
    bm_write_waiting(writer, answer, 4, "Missing: ");
    write_meanings(writer, answer);
    write_entered(writer, answer);
    write_notes(writer, answer);
    write_marks(writer, answer);
}

static void write_unknown(bm_writer *writer, bm_answer answer)
{
    if (state_of(answer) != BONEMETS_UNKNOWN) {
        return;
    }
    bm_page_begin(&writer->page, 0, "- ");
    put_label(writer, answer);
    bm_page_put(&writer->page, " is not known yet");
    if (bm_answer_count(answer, BONEMETS_SUB_MISSING) > 0) {
        bm_page_put(&writer->page, "; it needs ");
        bm_put_fact_names(writer, answer, BONEMETS_SUB_MISSING);
    }
    bm_page_end(&writer->page);
}

static int32_t count_results(bm_writer *writer)
{
    return bonemets_assessment_count(writer->result, BONEMETS_RESULTS);
}

/* All of one record together, and the records in their order. */
static void for_results(bm_writer *writer, void (*write)(bm_writer *writer, bm_answer answer))
{
    int32_t last = 0;
    for (int32_t record = 0; record <= last; record++) {
        for (int32_t i = 0; i < count_results(writer); i++) {
            bm_answer answer = {writer->result, BONEMETS_RESULTS, i};
            int32_t about = bm_answer_int(answer, BONEMETS_F_LESION);
            last = about > last ? about : last;
            if (about == record) {
                write(writer, answer);
            }
        }
    }
}

static void write_inapplicable(bm_writer *writer)
{
    bool any = false;
    for (int32_t i = 0; i < count_results(writer); i++) {
        bm_answer answer = {writer->result, BONEMETS_RESULTS, i};
        if (state_of(answer) != BONEMETS_INAPPLICABLE) {
            continue;
        }
        if (!any) {
            bm_page_begin(&writer->page, 0, "- ");
            bm_page_put(&writer->page, "Not applicable: ");
        }
        bm_page_put(&writer->page, any ? ", " : "");
        bm_page_name(&writer->page, bm_answer_str(answer, BONEMETS_F_ID));
        bm_put_record(writer, answer);
        any = true;
    }
    if (any) {
        bm_page_end(&writer->page);
    }
}

/* Many tables of which nothing is known are one paragraph. */
static void write_all_unknown(bm_writer *writer)
{
    int32_t unknown = 0;
    for (int32_t i = 0; i < count_results(writer); i++) {
        unknown += state_of((bm_answer){writer->result, BONEMETS_RESULTS, i}) == BONEMETS_UNKNOWN;
    }
    if (unknown <= MOST_UNKNOWN) {
        for_results(writer, write_unknown);
        return;
    }
    bm_page_begin(&writer->page, 0, "- ");
    bm_page_put(&writer->page, "Nothing is known yet of: ");
    for (int32_t i = 0, put = 0; i < count_results(writer); i++) {
        bm_answer answer = {writer->result, BONEMETS_RESULTS, i};
        if (state_of(answer) == BONEMETS_UNKNOWN) {
            bm_page_put(&writer->page, put++ > 0 ? ", " : "");
            bm_page_put(&writer->page, bm_answer_str(answer, BONEMETS_F_ID));
            bm_put_record(writer, answer);
        }
    }
    bm_page_put(&writer->page, ". Explain one by its name to see what it needs.");
    bm_page_end(&writer->page);
}

void bm_write_results(bm_writer *writer)
{
    if (count_results(writer) == 0) {
        return;
    }
    bm_write_section(writer, "Scores and equations");
    for_results(writer, write_result);
    write_all_unknown(writer);
    write_inapplicable(writer);
}

void bm_write_notes(bm_writer *writer)
{
    int32_t count = bonemets_assessment_count(writer->result, BONEMETS_NOTES);
    if (count > 0) {
        bm_page_gap(&writer->page);
        bm_page_title(&writer->page, "Notes", '-');
    }
    for (int32_t i = 0; i < count; i++) {
        bm_answer note = {writer->result, BONEMETS_NOTES, i};
        bm_page_begin(&writer->page, 0, "- ");
        bm_page_put(&writer->page, bm_answer_str(note, BONEMETS_F_MESSAGE));
        bm_page_put(&writer->page, " (");
        bm_page_name(&writer->page, bm_answer_str(note, BONEMETS_F_VERIFIED));
        bm_page_put(&writer->page, ")");
        bm_page_end(&writer->page);
    }
}
