/* SPDX-License-Identifier: Apache-2.0 */
/* What the rows say: warnings first, then what to do, the most urgent first. */
#include <limits.h>

#include "report/text.h"

typedef struct {
    int urgency, precedence;
    int32_t at; /* in the list of advice */
} place;

static place place_of(bm_answer answer)
{
    const bonemets_guidelines *set = bm_assessment_set(answer.result);
    const char *urgency = bm_answer_str(answer, BONEMETS_F_URGENCY);
    int32_t precedence = bm_answer_int(answer, BONEMETS_F_PRECEDENCE);
    return (place){bm_scale_position(set, "urgency", urgency),
                   precedence > 0 ? precedence : INT_MAX, answer.at};
}

static bool stands_before(place a, place b)
{
    if (a.urgency != b.urgency) {
        return a.urgency < b.urgency;
    }
    return a.precedence < b.precedence || (a.precedence == b.precedence && a.at < b.at);
}

/* Rows often ask for the same thing: it is said once, where it is most urgent. */
static bool is_said_before(bm_part part, place here)
{
    const char *label = bm_part_str(part, BONEMETS_F_LABEL);
    int32_t record = bm_answer_int(part.answer, BONEMETS_F_LESION);
    for (bm_answer other = {part.answer.result, BONEMETS_ADVICE, 0};
         other.at < bonemets_assessment_count(other.result, BONEMETS_ADVICE); other.at++) {
        if (bm_answer_int(other, BONEMETS_F_LESION) != record ||
            !stands_before(place_of(other), here)) {
            continue;
        }
        for (int32_t j = 0; j < bm_answer_count(other, part.sub); j++) {
            const char *said = bm_part_str(bm_answer_part(other, part.sub, j), BONEMETS_F_LABEL);
            if (bm_same(said, label)) {
                return true;
            }
        }
    }
    return false;
}

static void put_wording(bm_writer *writer, bm_part token)
{
    const char *label = bm_part_str(token, BONEMETS_F_LABEL);
    if (bm_same(label, bm_part_str(token, BONEMETS_F_ID))) {
        bm_page_name(&writer->page, label);
    } else {
        bm_page_put(&writer->page, label);
    }
}

/* The row to name behind a line whose evidence stands elsewhere. */
static void put_row(bm_writer *writer, bm_answer answer)
{
    const char *row = bm_answer_str(answer, BONEMETS_F_ROW);
    bm_page_puts(&writer->page, (const char *[]){" [", row, "]", NULL});
    bm_put_record(writer, answer);
}

static bool is_provisional(bm_answer answer)
{
    return bm_answer_int(answer, BONEMETS_F_STATE) == BONEMETS_PARTLY;
}

static void write_provisional(bm_writer *writer, bm_answer answer)
{
    if (is_provisional(answer)) {
        bm_write_waiting(writer, answer, 4,
                         "Provisional: another row may overrule it; depends on ");
    }
}

/* ---- warnings ---- */

static bool is_ignored(bm_part added)
{
    return bm_part_int(added, BONEMETS_F_IGNORE) == BONEMETS_IGNORED;
}

static int32_t count_additions(bm_answer answer)
{
    int32_t count = 0;
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_ADD); j++) {
        count += !is_ignored(bm_answer_part(answer, BONEMETS_SUB_ADD, j));
    }
    return count;
}

static bool has_actions(bm_answer answer)
{
    return bm_answer_count(answer, BONEMETS_SUB_DO) > 0 || count_additions(answer) > 0;
}

static void write_warning(bm_writer *writer, bm_part warning)
{
    bm_page_begin(&writer->page, 0, "! ");
    put_wording(writer, warning);
    put_row(writer, warning.answer);
    bm_page_end(&writer->page);
}

static void write_warnings_of(bm_writer *writer, bm_answer answer)
{
    int32_t written = 0;
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_WARN); j++) {
        bm_part warning = bm_answer_part(answer, BONEMETS_SUB_WARN, j);
        if (!is_said_before(warning, place_of(answer))) {
            write_warning(writer, warning);
            written++;
        }
    }
    /* Its reason speaks for the outcome that lost. */
    bool alone = !has_actions(answer) && !bm_answer_is_superseded(answer);
    if (written > 0 && alone) {
        write_provisional(writer, answer);
        bm_write_evidence(writer, answer, 4);
    }
}

static bool any_entry_has(const bonemets_assessment *result, int32_t sub)
{
    bool found = false;
    for (int32_t i = 0; i < bonemets_assessment_count(result, BONEMETS_ADVICE); i++) {
        found |= bm_answer_count((bm_answer){result, BONEMETS_ADVICE, i}, sub) > 0;
    }
    return found;
}

/* The first row of that urgency that stands behind a place. */
static bool next_row(const bm_writer *writer, int urgency, place *last)
{
    place best = {urgency, INT_MAX, INT32_MAX};
    for (int32_t i = 0; i < bonemets_assessment_count(writer->result, BONEMETS_ADVICE); i++) {
        place here = place_of((bm_answer){writer->result, BONEMETS_ADVICE, i});
        if (here.urgency == urgency && stands_before(*last, here) && stands_before(here, best)) {
            best = here;
        }
    }
    *last = best;
    return best.at != INT32_MAX;
}

/* Calls `write` for every row of that urgency; past the end of the scale: for those without. */
static void for_urgency(bm_writer *writer, int urgency,
                        void (*write)(bm_writer *writer, bm_answer answer))
{
    for (place last = {urgency, -1, -1}; next_row(writer, urgency, &last);) {
        write(writer, (bm_answer){writer->result, BONEMETS_ADVICE, last.at});
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

/* One line for each list: its label, then what the row adds. */
static void write_additions(bm_writer *writer, bm_answer answer)
{
    const char *list = NULL;
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_ADD); j++) {
        bm_part added = bm_answer_part(answer, BONEMETS_SUB_ADD, j);
        if (is_ignored(added)) {
            continue;
        }
        bool same = bm_same(list, bm_part_str(added, BONEMETS_F_LIST));
        if (list != NULL && !same) {
            bm_page_end(&writer->page);
        }
        if (!same) {
            bm_page_begin(&writer->page, 0, "- ");
            bm_page_puts(&writer->page,
                         (const char *[]){bm_part_str(added, BONEMETS_F_LIST_LABEL), ": ", NULL});
        } else {
            bm_page_put(&writer->page, "; ");
        }
        list = bm_part_str(added, BONEMETS_F_LIST);
        put_wording(writer, added);
    }
    if (list != NULL) {
        bm_page_end(&writer->page);
    }
}

static void write_actions_of(bm_writer *writer, bm_answer answer)
{
    int32_t count = bm_answer_count(answer, BONEMETS_SUB_DO), repeated = 0;
    if (!has_actions(answer)) {
        return;
    }
    bm_page_gap(&writer->page);
    for (int32_t j = 0; j < count; j++) {
        bm_part action = bm_answer_part(answer, BONEMETS_SUB_DO, j);
        if (is_said_before(action, place_of(answer))) {
            repeated++;
        } else {
            bm_page_begin(&writer->page, 0, "- ");
            put_wording(writer, action);
            bm_page_end(&writer->page);
        }
    }
    write_additions(writer, answer);
    if (repeated > 0 && repeated == count) {
        bm_page_line(&writer->page, 0, "- ", "as above, also for this reason:");
    }
    write_provisional(writer, answer);
    bm_write_evidence(writer, answer, 4);
}

static bool urgency_has_actions(bm_writer *writer, int urgency)
{
    bool found = false;
    for (int32_t i = 0; i < bonemets_assessment_count(writer->result, BONEMETS_ADVICE); i++) {
        bm_answer answer = {writer->result, BONEMETS_ADVICE, i};
        found |= place_of(answer).urgency == urgency && has_actions(answer);
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
    if (!any_entry_has(writer->result, BONEMETS_SUB_DO) &&
        !any_entry_has(writer->result, BONEMETS_SUB_ADD)) {
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
