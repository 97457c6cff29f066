/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows say: warnings first, then what to do, the most urgent first. */
#include "report/text.h"

typedef struct {
    int urgency;
    int32_t at; /* in the list of advice */
} place;

static place place_of(bm_view entry)
{
    const bonemets_guidelines *set = bm_assessment_set(entry.result);
    const char *urgency = bm_view_str(entry, BONEMETS_F_URGENCY);
    return (place){bm_scale_position(set, "urgency", urgency), entry.at};
}

static bool stands_before(place a, place b)
{
    return a.urgency < b.urgency || (a.urgency == b.urgency && a.at < b.at);
}

/* Rows often ask for the same thing: it is said once, where it is most urgent. */
static bool is_said_before(bm_part part, place here)
{
    const char *label = bm_part_str(part, BONEMETS_F_LABEL);
    int32_t record = bm_view_int(part.entry, BONEMETS_F_LESION);
    for (bm_view other = {part.entry.result, BONEMETS_ADVICE, 0};
         other.at < bonemets_assessment_count(other.result, BONEMETS_ADVICE); other.at++) {
        if (bm_view_int(other, BONEMETS_F_LESION) != record ||
            !stands_before(place_of(other), here)) {
            continue;
        }
        for (int32_t j = 0; j < bm_view_count(other, part.sub); j++) {
            const char *said = bm_part_str(bm_view_part(other, part.sub, j), BONEMETS_F_LABEL);
            if (bm_same(said, label)) {
                return true;
            }
        }
    }
    return false;
}

/* The row to name behind a line whose evidence stands elsewhere. */
static void put_row(bm_writer *writer, bm_view entry)
{
    const char *row = bm_view_str(entry, BONEMETS_F_ROW);
    bm_page_puts(&writer->page, (const char *[]){" [", row, "]", NULL});
    bm_put_record(writer, entry);
}

static bool is_provisional(bm_view entry)
{
    return bm_view_int(entry, BONEMETS_F_STATE) == BONEMETS_PARTLY;
}

static void write_provisional(bm_writer *writer, bm_view entry)
{
    if (is_provisional(entry)) {
        bm_write_waiting(writer, entry, 4, "Provisional: another row may overrule it; depends on ");
    }
}

/* ---- warnings ---- */

static void write_warning(bm_writer *writer, bm_part warning)
{
    bm_page_begin(&writer->page, 0, "! ");
    bm_page_put(&writer->page, bm_part_str(warning, BONEMETS_F_LABEL));
    put_row(writer, warning.entry);
    bm_page_end(&writer->page);
}

static void write_warnings_of(bm_writer *writer, bm_view entry)
{
    int32_t written = 0;
    for (int32_t j = 0; j < bm_view_count(entry, BONEMETS_SUB_WARN); j++) {
        bm_part warning = bm_view_part(entry, BONEMETS_SUB_WARN, j);
        if (!is_said_before(warning, place_of(entry))) {
            write_warning(writer, warning);
            written++;
        }
    }
    /* Its reason speaks for the outcome that lost. */
    bool alone = bm_view_count(entry, BONEMETS_SUB_DO) == 0 && !bm_view_is_superseded(entry);
    if (written > 0 && alone) {
        write_provisional(writer, entry);
        bm_write_evidence(writer, entry, 4);
    }
}

static bool any_entry_has(const bonemets_assessment *result, int32_t sub)
{
    bool found = false;
    for (int32_t i = 0; i < bonemets_assessment_count(result, BONEMETS_ADVICE); i++) {
        found |= bm_view_count((bm_view){result, BONEMETS_ADVICE, i}, sub) > 0;
    }
    return found;
}

/* Calls `write` for every row of that urgency; past the end of the scale: for those without. */
static void for_urgency(bm_writer *writer, int urgency,
                        void (*write)(bm_writer *writer, bm_view entry))
{
    for (int32_t i = 0; i < bonemets_assessment_count(writer->result, BONEMETS_ADVICE); i++) {
        bm_view entry = {writer->result, BONEMETS_ADVICE, i};
        if (place_of(entry).urgency == urgency) {
            write(writer, entry);
        }
    }
}

void bm_write_warnings(bm_writer *writer)
{
    if (!any_entry_has(writer->result, BONEMETS_SUB_WARN)) {
        return;
    }
    bm_write_section(writer, "Warnings");
    for (int urgency = 0; urgency <= bm_scale_size(writer->set, "urgency"); urgency++) {
        for_urgency(writer, urgency, write_warnings_of);
    }
}

/* ---- what to do ---- */

static void write_actions_of(bm_writer *writer, bm_view entry)
{
    int32_t count = bm_view_count(entry, BONEMETS_SUB_DO), repeated = 0;
    if (count == 0) {
        return;
    }
    bm_page_gap(&writer->page);
    for (int32_t j = 0; j < count; j++) {
        bm_part action = bm_view_part(entry, BONEMETS_SUB_DO, j);
        if (is_said_before(action, place_of(entry))) {
            repeated++;
        } else {
            bm_page_line(&writer->page, 0, "- ", bm_part_str(action, BONEMETS_F_LABEL));
        }
    }
    if (repeated == count) {
        bm_page_line(&writer->page, 0, "- ", "as above, also for this reason:");
    }
    write_provisional(writer, entry);
    bm_write_evidence(writer, entry, 4);
}

static bool urgency_has_actions(bm_writer *writer, int urgency)
{
    bool found = false;
    for (int32_t i = 0; i < bonemets_assessment_count(writer->result, BONEMETS_ADVICE); i++) {
        bm_view entry = {writer->result, BONEMETS_ADVICE, i};
        found |= place_of(entry).urgency == urgency && bm_view_count(entry, BONEMETS_SUB_DO) > 0;
    }
    return found;
}

static void write_urgency_heading(bm_writer *writer, int urgency)
{
    const bm_scale *scale = bm_definitions_scale(&writer->set->definitions, "urgency");
    if (scale == NULL || urgency >= scale->members.count) {
        return;
    }
    bm_page_gap(&writer->page);
    bm_page_begin(&writer->page, 0, NULL);
    bm_put_urgency(writer, scale->members.items[urgency].key);
    bm_page_end(&writer->page);
}

void bm_write_actions(bm_writer *writer)
{
    if (!any_entry_has(writer->result, BONEMETS_SUB_DO)) {
        return;
    }
    bm_write_section(writer, "What to do");
    for (int urgency = 0; urgency <= bm_scale_size(writer->set, "urgency"); urgency++) {
        if (urgency_has_actions(writer, urgency)) {
            write_urgency_heading(writer, urgency);
            for_urgency(writer, urgency, write_actions_of);
        }
    }
}
