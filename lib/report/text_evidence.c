/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/deadline.h"
#include "report/text.h"

/* More names than these make a list that nobody reads; JSON has them all. */
enum { MOST_NAMES = 10 };

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

void bm_put_record(bm_writer *writer, bm_answer answer)
{
    const bm_guideline *guideline = bm_answer_guideline(answer);
    if (guideline != NULL) {
        put_record_number(writer, guideline->kind, bm_answer_int(answer, BONEMETS_F_LESION));
    }
}

void bm_put_fact_record(bm_writer *writer, bm_answer answer)
{
    const char *id = bm_answer_str(answer, BONEMETS_F_ID);
    const bm_fact *fact = id == NULL ? NULL : bm_definitions_fact(&writer->set->definitions, id);
    if (fact != NULL) {
        put_record_number(writer, fact->kind, bm_answer_int(answer, BONEMETS_F_LESION));
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

static const bm_fact *fact_of(bm_part part)
{
    const char *id = bm_part_str(part, BONEMETS_F_ID);
    const bm_definitions *definitions = &bm_assessment_set(part.answer.result)->definitions;
    return id == NULL ? NULL : bm_definitions_fact(definitions, id);
}

/* `lesion 2: ` before the first of the facts of a record. */
static void put_owner(bm_writer *writer, bm_part part)
{
    const bm_fact *fact = fact_of(part);
    const char *label = fact == NULL ? NULL : bm_kind_label(writer->set, fact->kind);
    int32_t record = bm_part_other_record(part);
    if (label != NULL && record > 0) {
        bm_page_puts(&writer->page, (const char *[]){label, " ", NULL});
        bm_page_int(&writer->page, record);
        bm_page_put(&writer->page, ": ");
    }
}

static bool has_same_owner(bm_part a, bm_part b)
{
    const bm_fact *first = fact_of(a), *second = fact_of(b);
    return first != NULL && second != NULL && first->kind == second->kind &&
           bm_part_int(a, BONEMETS_F_LESION) == bm_part_int(b, BONEMETS_F_LESION);
}

/* What goes before the name of fact j of a list. */
static void put_separator(bm_writer *writer, bm_part part)
{
    bm_part before = part;
    before.at--;
    bool same = part.at > 0 && has_same_owner(before, part);
    bm_page_put(&writer->page, part.at == 0 ? "" : same ? ", " : "; ");
    if (!same) {
        put_owner(writer, part);
    }
}

void bm_put_fact_names(bm_writer *writer, bm_answer answer, int32_t sub)
{
    int32_t count = bm_answer_count(answer, sub);
    for (int32_t j = 0; j < count; j++) {
        bm_part part = bm_answer_part(answer, sub, j);
        if (j == MOST_NAMES && count > MOST_NAMES + 1) {
            bm_page_put(&writer->page, " and ");
            bm_page_int(&writer->page, count - j);
            bm_page_put(&writer->page, " more");
            return;
        }
        put_separator(writer, part);
        bm_page_name(&writer->page, bm_part_str(part, BONEMETS_F_ID));
    }
}

/* ---- facts with their values ---- */

static void put_interval(bm_writer *writer, bm_part part)
{
    double low = bm_part_num(part, BONEMETS_F_LOW), high = bm_part_num(part, BONEMETS_F_HIGH);
    if (bm_is_instant(&fact_of(part)->type)) {
        bm_page_instants(&writer->page, low, high);
        return;
    }
    if (low < high) {
        bm_page_number(&writer->page, low);
        bm_page_put(&writer->page, " to ");
    }
    bm_page_quantity(&writer->page, high, bm_part_str(part, BONEMETS_F_UNIT));
}

static void put_value(bm_writer *writer, bm_part part)
{
    const bm_fact *fact = fact_of(part);
    const char *code = bm_part_str(part, BONEMETS_F_CODE);
    if (fact != NULL && fact->type.base == BM_NUMBER) {
        put_interval(writer, part);
    } else if (code != NULL) {
        bm_page_name(&writer->page, code);
    } else {
        bool partly = bm_part_int(part, BONEMETS_F_STATE) == BONEMETS_PARTLY;
        bm_page_put(&writer->page, partly ? "(partly known)" : "none");
    }
}

void bm_put_facts(bm_writer *writer, bm_answer answer)
{
    int32_t count = bm_answer_count(answer, BONEMETS_SUB_FACTS), record = -1;
    const char *id = NULL;
    for (int32_t j = 0; j < count; j++) {
        bm_part part = bm_answer_part(answer, BONEMETS_SUB_FACTS, j);
        if (j > 0 && bm_part_is(part, id, record)) {
            bm_page_put(&writer->page, " + "); /* another member of the set */
        } else {
            put_separator(writer, part);
            bm_page_name(&writer->page, bm_part_str(part, BONEMETS_F_ID));
            bm_page_put(&writer->page, " = ");
        }
        put_value(writer, part);
        id = bm_part_str(part, BONEMETS_F_ID);
        record = bm_part_int(part, BONEMETS_F_LESION);
    }
}

/* ---- what is left of a limit ---- */

static void put_hours(bm_page *page, double from, double to)
{
    if (from < to) {
        bm_page_number(page, from);
        bm_page_put(page, " to ");
    }
    bm_page_quantity(page, to, "h");
}

void bm_put_deadline(bm_page *page, const char *lead, const bm_deadline *deadline)
{
    if (deadline->state != BONEMETS_KNOWN && deadline->state != BONEMETS_PARTLY) {
        return;
    }
    bm_page_put(page, lead);
    if (deadline->high < 0) {
        bm_page_put(page, "OVERDUE by ");
        put_hours(page, -deadline->high, -deadline->low);
    } else if (deadline->low < 0) {
        bm_page_put(page, "perhaps OVERDUE by ");
        bm_page_quantity(page, -deadline->low, "h");
        bm_page_put(page, ", at most ");
        bm_page_quantity(page, deadline->high, "h");
        bm_page_put(page, " left");
    } else {
        put_hours(page, deadline->low, deadline->high);
        bm_page_put(page, " left");
    }
    if (deadline->dated) {
        bm_page_put(page, ", due ");
        bm_page_instants(page, deadline->due_low, deadline->due_high);
    }
}

void bm_put_deadline_of(bm_page *page, const char *lead, bm_answer answer)
{
    bm_view view;
    if (bm_view_open(answer.result, answer.list, answer.at, &view)) {
        bm_deadline deadline = bm_view_deadline(&view);
        bm_put_deadline(page, lead, &deadline);
    }
}

/* ---- what stands below a row ---- */

static void put_marks(bm_writer *writer, bm_answer answer)
{
    double within = bm_answer_num(answer, BONEMETS_F_WITHIN_H);
    bm_page_put(&writer->page, bm_answer_str(answer, BONEMETS_F_ROW));
    bm_put_record(writer, answer);
    bm_page_put(&writer->page, " | ");
    bm_page_name(&writer->page, bm_answer_str(answer, BONEMETS_F_URGENCY));
    if (within >= 0) {
        bm_page_put(&writer->page, ", within ");
        bm_page_quantity(&writer->page, within, "h");
    }
    if (answer.list == BONEMETS_ADVICE) {
        bm_put_deadline_of(&writer->page, ", ", answer);
    }
    bm_page_put(&writer->page, " | ");
    bm_page_name(&writer->page, bm_answer_str(answer, BONEMETS_F_STRENGTH));
    bm_page_put(&writer->page, ", certainty ");
    bm_page_name(&writer->page, bm_answer_str(answer, BONEMETS_F_CERTAINTY));
    bm_page_put(&writer->page, " | ");
    bm_page_name(&writer->page, bm_answer_str(answer, BONEMETS_F_VERIFIED));
    bm_page_put(&writer->page, " | ");
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_SOURCES); j++) {
        bm_page_put(&writer->page, j > 0 ? ", " : "");
        bm_page_put(&writer->page,
                    bm_part_str(bm_answer_part(answer, BONEMETS_SUB_SOURCES, j), BONEMETS_F_ID));
    }
}

void bm_write_waiting(bm_writer *writer, bm_answer answer, int indent, const char *lead)
{
    if (bm_answer_count(answer, BONEMETS_SUB_MISSING) == 0) {
        return;
    }
    bm_page_begin(&writer->page, indent, NULL);
    bm_page_put(&writer->page, lead);
    bm_put_fact_names(writer, answer, BONEMETS_SUB_MISSING);
    bm_page_end(&writer->page);
}

/* Several guidelines may have a choice of that name. */
static const char *outcome_of(bm_answer row, const char *choice)
{
    for (bm_answer one = {row.result, BONEMETS_CHOICES, 0};
         one.at < bonemets_assessment_count(row.result, BONEMETS_CHOICES); one.at++) {
        if (bm_same(bm_answer_str(one, BONEMETS_F_ID), choice) &&
            bm_answer_guideline(one) == bm_answer_guideline(row) &&
            bm_answer_int(one, BONEMETS_F_LESION) == bm_answer_int(row, BONEMETS_F_LESION)) {
            return bm_answer_str(one, BONEMETS_F_CODE);
        }
    }
    return NULL;
}

bool bm_answer_is_superseded(bm_answer answer)
{
    const bm_row_def *row = bm_answer_row(answer);
    if (row == NULL || row->choose == NULL || bm_answer_count(answer, BONEMETS_SUB_DO) > 0) {
        return false;
    }
    const char *choice = bm_answer_guideline(answer)->choices[row->choice].id;
    const char *outcome = outcome_of(answer, choice);
    return outcome != NULL && !bm_same(outcome, row->choose);
}

void bm_write_evidence(bm_writer *writer, bm_answer answer, int indent)
{
    bm_page *page = &writer->page;
    bm_page_line(page, indent, NULL, bm_answer_str(answer, BONEMETS_F_BECAUSE));
    if (bm_answer_count(answer, BONEMETS_SUB_FACTS) > 0) {
        bm_page_begin(page, indent, NULL);
        bm_page_put(page, "Facts: ");
        bm_put_facts(writer, answer);
        bm_page_end(page);
    }
    if (bm_answer_count(answer, BONEMETS_SUB_ASSUMED) > 0) {
        bm_page_begin(page, indent, NULL);
        bm_page_put(page, "Assumed: ");
        bm_put_fact_names(writer, answer, BONEMETS_SUB_ASSUMED);
        bm_page_end(page);
    }
    bm_page_begin(page, indent, NULL);
    put_marks(writer, answer);
    bm_page_end(page);
}
