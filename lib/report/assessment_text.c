/* SPDX-License-Identifier: Apache-2.0 */
/* The report for a person: what is urgent first, where it comes from last. */
#include "report/report.h"
#include "report/text.h"

static bool has_rows(const bonemets_assessment *result)
{
    return bonemets_assessment_count(result, BONEMETS_ADVICE) > 0 ||
           bonemets_assessment_count(result, BONEMETS_CHOICES) > 0 ||
           bonemets_assessment_count(result, BONEMETS_UNDECIDED) > 0;
}

static void put_limit(bm_writer *writer, double hours)
{
    if (hours >= 0) {
        bm_page_put(&writer->page, "; shortest limit ");
        bm_page_quantity(&writer->page, hours, "h");
    }
}

static void put_row_of_limit(bm_writer *writer, const char *most_urgent)
{
    const char *row = bonemets_assessment_overall_str(writer->result, BONEMETS_F_WITHIN_ROW);
    if (row != NULL && !bm_same(row, most_urgent)) {
        bm_page_puts(&writer->page, (const char *[]){" [", row, "]", NULL});
    }
}

static void put_least_left(bm_writer *writer)
{
    const char *row = bonemets_assessment_overall_str(writer->result, BONEMETS_F_LEFT_ROW);
    if (row != NULL) {
        bm_put_deadline(&writer->page, "; first limit to end: ", &writer->result->soonest);
        bm_page_puts(&writer->page, (const char *[]){" [", row, "]", NULL});
    }
}

/* "No urgency" is no answer while something urgent is still possible. */
static bool is_reassuring_too_early(const bm_writer *writer, const char *urgency)
{
    const char *possible =
        bonemets_assessment_overall_str(writer->result, BONEMETS_F_POSSIBLE_URGENCY);
    int last = bm_scale_size(writer->set, "urgency") - 1;
    return bm_scale_position(writer->set, "urgency", urgency) >= last && possible != NULL &&
           bm_scale_position(writer->set, "urgency", possible) < last;
}

static void write_certain(bm_writer *writer)
{
    const char *urgency = bonemets_assessment_overall_str(writer->result, BONEMETS_F_URGENCY);
    const char *row = bonemets_assessment_overall_str(writer->result, BONEMETS_F_ROW);
    bm_page_begin_title(&writer->page, '=');
    if (urgency == NULL || is_reassuring_too_early(writer, urgency)) {
        bm_page_put(&writer->page, "URGENCY NOT YET KNOWN");
    } else {
        bm_put_urgency(writer, urgency);
        bm_page_puts(&writer->page, (const char *[]){" [", row, "]", NULL});
        put_limit(writer, bonemets_assessment_overall_num(writer->result, BONEMETS_F_WITHIN_H));
        put_row_of_limit(writer, row);
        put_least_left(writer);
    }
    bm_page_end_title(&writer->page, '=');
}

static bool is_shorter(double limit, double than)
{
    return limit >= 0 && (than < 0 || limit < than);
}

static void write_still_possible(bm_writer *writer)
{
    const bonemets_assessment *result = writer->result;
    const char *certain = bonemets_assessment_overall_str(result, BONEMETS_F_URGENCY);
    const char *possible = bonemets_assessment_overall_str(result, BONEMETS_F_POSSIBLE_URGENCY);
    double within = bonemets_assessment_overall_num(result, BONEMETS_F_WITHIN_H);
    double perhaps = bonemets_assessment_overall_num(result, BONEMETS_F_POSSIBLE_WITHIN_H);
    if (possible == NULL || (bm_same(certain, possible) && !is_shorter(perhaps, within))) {
        return;
    }
    bm_page_begin(&writer->page, 0, NULL);
    bm_page_put(&writer->page, "Still possible: ");
    bm_put_urgency(writer, possible);
    put_limit(writer, perhaps);
    bm_page_end(&writer->page);
}

void bm_write_head(bm_writer *writer)
{
    if (has_rows(writer->result)) {
        write_certain(writer);
        write_still_possible(writer);
    } else {
        bm_page_title(&writer->page, "Assessment", '=');
    }
}

void bm_write_assessment_text(bm_text *out, const bonemets_assessment *result)
{
    bm_writer writer = {.result = result, .set = bm_assessment_set(result)};
    bm_page_init(&writer.page, out);
    bm_write_head(&writer);
    bm_write_warnings(&writer);
    bm_write_first_questions(&writer);
    bm_write_choices(&writer);
    bm_write_actions(&writer);
    bm_write_notes(&writer);
    bm_write_possible(&writer);
    bm_write_results(&writer);
    bm_write_missing(&writer);
    bm_write_assumed(&writer);
    bm_write_tables(&writer);
}
