/* SPDX-License-Identifier: Apache-2.0 */
/* The outcomes of choices, in the order of the tables. */
#include "report/text.h"

enum { MOST_OUTCOMES = 8 };

static bool is_open(bm_answer answer)
{
    return bm_answer_int(answer, BONEMETS_F_STATE) == BONEMETS_PARTLY;
}

static bool has_outcome(bm_answer answer)
{
    return bm_answer_int(answer, BONEMETS_F_STATE) == BONEMETS_KNOWN || is_open(answer);
}

static bool is_ignored(bm_answer answer)
{
    return bm_answer_int(answer, BONEMETS_F_IGNORE) == BONEMETS_IGNORED;
}

static bool is_same_group(bm_answer a, bm_answer b)
{
    return bm_answer_int(a, BONEMETS_F_LESION) == bm_answer_int(b, BONEMETS_F_LESION) &&
           bm_same(bm_answer_str(a, BONEMETS_F_GUIDELINE), bm_answer_str(b, BONEMETS_F_GUIDELINE));
}

/* The row explains itself elsewhere: with its advice, or with an earlier choice that it decided. */
static bool row_is_explained(bm_answer answer)
{
    const char *row = bm_answer_str(answer, BONEMETS_F_ROW);
    int32_t record = bm_answer_int(answer, BONEMETS_F_LESION);
    if (row == NULL) {
        return true;
    }
    int32_t advice = bonemets_assessment_find(answer.result, BONEMETS_ADVICE, row, record);
    if (advice >= 0 &&
        !bm_answer_is_superseded((bm_answer){answer.result, BONEMETS_ADVICE, advice})) {
        return true;
    }
    for (int32_t i = 0; i < answer.at; i++) {
        bm_answer earlier = {answer.result, BONEMETS_CHOICES, i};
        if (has_outcome(earlier) && is_same_group(earlier, answer) &&
            bm_same(bm_answer_str(earlier, BONEMETS_F_ROW), row)) {
            return true;
        }
    }
    return false;
}

static void put_outcome(bm_writer *writer, bm_answer answer, const char *code, double number)
{
    const char *unit = bm_answer_str(answer, BONEMETS_F_UNIT);
    const bm_choice *choice = bm_answer_choice(answer);
    const char *label = choice == NULL ? NULL : bm_codes_label(&choice->codes, code);
    if (unit != NULL) {
        bm_page_quantity(&writer->page, number, unit);
    } else if (label != NULL) {
        bm_page_put(&writer->page, label);
    } else {
        bm_page_put(&writer->page, code); /* text stays as it is */
    }
}

static void put_decided(bm_writer *writer, bm_answer answer)
{
    const char *row = bm_answer_str(answer, BONEMETS_F_ROW);
    put_outcome(writer, answer, bm_answer_str(answer, BONEMETS_F_CODE),
                bm_answer_num(answer, BONEMETS_F_LOW));
    if (row != NULL) {
        bm_page_puts(&writer->page, (const char *[]){" [", row, "]", NULL});
    }
    bm_put_deadline_of(&writer->page, ": ", answer);
}

/* The outcomes still possible beside the one that the decided rows give. A single one is still
 * open, because the choice may also stay without. */
static void put_alternatives(bm_writer *writer, bm_answer answer)
{
    const char *decided = bm_answer_str(answer, BONEMETS_F_CODE);
    int32_t count = bm_answer_count(answer, BONEMETS_SUB_POSSIBLE), put = 0;
    for (int32_t j = 0; j < count; j++) {
        bm_part outcome = bm_answer_part(answer, BONEMETS_SUB_POSSIBLE, j);
        const char *code = bm_part_str(outcome, BONEMETS_F_CODE);
        if (decided != NULL && bm_same(code, decided)) {
            continue;
        }
        bm_page_put(&writer->page, put++ > 0 ? " / " : "");
        if (put > MOST_OUTCOMES) {
            bm_page_put(&writer->page, "or another");
            break;
        }
        if (code == NULL) {
            bm_page_put(&writer->page, "no outcome");
        } else {
            put_outcome(writer, answer, code, bm_part_num(outcome, BONEMETS_F_LOW));
        }
    }
    if (put == 0 || (put == 1 && decided == NULL)) {
        bm_page_put(&writer->page, put == 0 ? "no outcome" : " / no outcome");
    }
}

static bool has_same_missing(bm_answer a, bm_answer b)
{
    int32_t count = bm_answer_count(a, BONEMETS_SUB_MISSING);
    bool same = count == bm_answer_count(b, BONEMETS_SUB_MISSING);
    for (int32_t j = 0; same && j < count; j++) {
        bm_part part = bm_answer_part(b, BONEMETS_SUB_MISSING, j);
        same = bm_part_is(bm_answer_part(a, BONEMETS_SUB_MISSING, j),
                          bm_part_str(part, BONEMETS_F_ID), bm_part_int(part, BONEMETS_F_LESION));
    }
    return same;
}

/* Choices that hang on one another wait for the same facts: those are listed once. */
static void write_decisive(bm_writer *writer, bm_answer answer)
{
    bm_answer before = {answer.result, BONEMETS_CHOICES, answer.at - 1};
    if (answer.at > 0 && is_open(before) && is_same_group(before, answer) &&
        has_same_missing(before, answer)) {
        bm_page_line(&writer->page, 4, NULL, "Depends on: the same");
    } else {
        bm_write_waiting(writer, answer, 4, "Depends on: ");
    }
}

static void write_open(bm_writer *writer, bm_answer answer)
{
    if (bm_answer_str(answer, BONEMETS_F_CODE) != NULL) {
        bm_page_begin(&writer->page, 4, NULL);
        bm_page_put(&writer->page, "Could become: ");
        put_alternatives(writer, answer);
        bm_page_end(&writer->page);
    }
    write_decisive(writer, answer);
}

static void write_choice(bm_writer *writer, bm_answer answer)
{
    bm_page *page = &writer->page;
    bool decided = bm_answer_str(answer, BONEMETS_F_CODE) != NULL;
    bm_page_begin(page, 0, "- ");
    bm_page_puts(page, (const char *[]){bm_answer_str(answer, BONEMETS_F_LABEL), ": ", NULL});
    if (decided) {
        bm_page_put(page, is_open(answer) ? "PROVISIONAL " : "");
        put_decided(writer, answer);
    } else {
        bm_page_put(page, "OPEN, ");
        put_alternatives(writer, answer);
    }
    if (bm_answer_int(answer, BONEMETS_F_IGNORE) == BONEMETS_MAY_BE_IGNORED) {
        bm_page_put(page, " (may turn out not to count)");
    }
    bm_page_end(page);
    if (is_open(answer)) {
        write_open(writer, answer);
    }
    if (decided && !row_is_explained(answer)) {
        bm_write_evidence(writer, answer, 4);
    }
}

static void write_group_heading(bm_writer *writer, bm_answer answer)
{
    const bm_guideline *guideline = bm_answer_guideline(answer);
    bm_page_begin(&writer->page, 0, NULL);
    bm_page_put(&writer->page, guideline == NULL ? NULL : guideline->title);
    bm_put_record(writer, answer);
    bm_page_end(&writer->page);
}

/* The choices of a group of which this is true, in one line. */
static void write_names(bm_writer *writer, bm_answer first, const char *heading,
                        bool (*fits)(bm_answer))
{
    int32_t put = 0;
    for (bm_answer answer = first;
         answer.at < bonemets_assessment_count(answer.result, BONEMETS_CHOICES) &&
         is_same_group(answer, first);
         answer.at++) {
        if (!fits(answer)) {
            continue;
        }
        if (put == 0) {
            bm_page_begin(&writer->page, 0, "- ");
            bm_page_put(&writer->page, heading);
        }
        bm_page_put(&writer->page, put++ > 0 ? ", " : "");
        bm_page_name(&writer->page, bm_answer_str(answer, BONEMETS_F_ID));
    }
    if (put > 0) {
        bm_page_end(&writer->page);
    }
}

static bool has_none(bm_answer answer)
{
    return !has_outcome(answer);
}

static bool has_ignored(bm_answer answer)
{
    return has_outcome(answer) && is_ignored(answer);
}

void bm_write_choices(bm_writer *writer)
{
    int32_t count = bonemets_assessment_count(writer->result, BONEMETS_CHOICES);
    if (count == 0) {
        return;
    }
    bm_write_section(writer, "Decisions");
    bm_answer first = {writer->result, BONEMETS_CHOICES, 0};
    for (bm_answer answer = first; answer.at < count; answer.at++) {
        bool opens = answer.at == 0 || !is_same_group(answer, first);
        if (opens) {
            first = answer;
            write_group_heading(writer, answer);
        }
        if (has_outcome(answer) && !is_ignored(answer)) {
            write_choice(writer, answer);
        }
        bm_answer next = {writer->result, BONEMETS_CHOICES, answer.at + 1};
        if (next.at == count || !is_same_group(next, first)) {
            write_names(writer, first, "without an outcome: ", has_none);
            write_names(writer, first, "does not count here: ", has_ignored);
        }
    }
}
