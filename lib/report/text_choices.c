/* SPDX-License-Identifier: Apache-2.0 */
/* The outcomes of choices, in the order of the tables. */
#include "report/text.h"

enum { LABEL_COLUMN = 2, VALUE_COLUMN = 36, MOST_OUTCOMES = 8 };

static bool is_open(bm_view entry)
{
    return bm_view_int(entry, BONEMETS_F_STATE) == BONEMETS_PARTLY;
}

static bool has_outcome(bm_view entry)
{
    return bm_view_int(entry, BONEMETS_F_STATE) == BONEMETS_KNOWN || is_open(entry);
}

static bool is_same_group(bm_view a, bm_view b)
{
    return bm_view_int(a, BONEMETS_F_LESION) == bm_view_int(b, BONEMETS_F_LESION) &&
           bm_same(bm_view_str(a, BONEMETS_F_GUIDELINE), bm_view_str(b, BONEMETS_F_GUIDELINE));
}

/* The row explains itself elsewhere: with its advice, or with an earlier choice that it decided. */
static bool row_is_explained(bm_view entry)
{
    const char *row = bm_view_str(entry, BONEMETS_F_ROW);
    int32_t record = bm_view_int(entry, BONEMETS_F_LESION);
    if (row == NULL) {
        return true;
    }
    int32_t advice = bonemets_assessment_find(entry.result, BONEMETS_ADVICE, row, record);
    if (advice >= 0 && !bm_view_is_superseded((bm_view){entry.result, BONEMETS_ADVICE, advice})) {
        return true;
    }
    for (int32_t i = 0; i < entry.at; i++) {
        bm_view earlier = {entry.result, BONEMETS_CHOICES, i};
        if (has_outcome(earlier) && is_same_group(earlier, entry) &&
            bm_same(bm_view_str(earlier, BONEMETS_F_ROW), row)) {
            return true;
        }
    }
    return false;
}

static void put_outcome(bm_writer *writer, bm_view entry, const char *code, double number)
{
    const char *unit = bm_view_str(entry, BONEMETS_F_UNIT);
    const bm_choice *choice = bm_view_choice(entry);
    const char *label = choice == NULL ? NULL : bm_codes_label(&choice->codes, code);
    if (unit != NULL) {
        bm_page_quantity(&writer->page, number, unit);
    } else if (label != NULL) {
        bm_page_put(&writer->page, label);
    } else {
        bm_page_put(&writer->page, code); /* text stays as it is */
    }
}

static void put_decided(bm_writer *writer, bm_view entry)
{
    const char *row = bm_view_str(entry, BONEMETS_F_ROW);
    put_outcome(writer, entry, bm_view_str(entry, BONEMETS_F_CODE),
                bm_view_num(entry, BONEMETS_F_LOW));
    if (row != NULL) {
        bm_page_puts(&writer->page, (const char *[]){" [", row, "]", NULL});
    }
}

/* The outcomes still possible beside the one that the decided rows give. */
static int32_t put_alternatives(bm_writer *writer, bm_view entry)
{
    const char *decided = bm_view_str(entry, BONEMETS_F_CODE);
    int32_t count = bm_view_count(entry, BONEMETS_SUB_POSSIBLE), put = 0;
    for (int32_t j = 0; j < count; j++) {
        bm_part outcome = bm_view_part(entry, BONEMETS_SUB_POSSIBLE, j);
        const char *code = bm_part_str(outcome, BONEMETS_F_CODE);
        if (decided != NULL && bm_same(code, decided)) {
            continue;
        }
        bm_page_put(&writer->page, put++ > 0 ? "; " : "");
        if (put > MOST_OUTCOMES) {
            bm_page_put(&writer->page, "or another");
            break;
        }
        if (code == NULL) {
            bm_page_put(&writer->page, "no outcome");
        } else {
            put_outcome(writer, entry, code, bm_part_num(outcome, BONEMETS_F_LOW));
        }
    }
    return put;
}

static void write_open(bm_writer *writer, bm_view entry)
{
    bool decided = bm_view_str(entry, BONEMETS_F_CODE) != NULL;
    bm_page_begin(&writer->page, decided ? 4 : VALUE_COLUMN, NULL);
    if (decided) {
        bm_page_put(&writer->page, "Could become: ");
        put_alternatives(writer, entry);
        bm_page_end(&writer->page);
    }
    bm_write_waiting(writer, entry, 4, "Depends on: ");
}

static void write_choice(bm_writer *writer, bm_view entry)
{
    bm_page *page = &writer->page;
    bool decided = bm_view_str(entry, BONEMETS_F_CODE) != NULL;
    bm_page_begin(page, LABEL_COLUMN, NULL);
    bm_page_put(page, bm_view_str(entry, BONEMETS_F_LABEL));
    bm_page_tab(page, VALUE_COLUMN);
    if (decided) {
        bm_page_put(page, is_open(entry) ? "PROVISIONAL " : "");
        put_decided(writer, entry);
    } else {
        bm_page_put(page, "OPEN: ");
        put_alternatives(writer, entry);
    }
    bm_page_end(page);
    if (is_open(entry)) {
        write_open(writer, entry);
    }
    if (decided && !row_is_explained(entry)) {
        bm_write_evidence(writer, entry, 4);
    }
}

static void write_group_heading(bm_writer *writer, bm_view entry)
{
    const bm_guideline *guideline = bm_view_guideline(entry);
    bm_page_begin(&writer->page, 0, NULL);
    bm_page_put(&writer->page, guideline == NULL ? NULL : guideline->title);
    bm_put_record(writer, entry);
    bm_page_end(&writer->page);
}

/* Choices that certainly stay without an outcome, in one line. */
static void write_without_outcome(bm_writer *writer, bm_view first)
{
    int32_t put = 0;
    for (bm_view entry = first;
         entry.at < bonemets_assessment_count(entry.result, BONEMETS_CHOICES) &&
         is_same_group(entry, first);
         entry.at++) {
        if (has_outcome(entry)) {
            continue;
        }
        if (put == 0) {
            bm_page_begin(&writer->page, LABEL_COLUMN, NULL);
            bm_page_put(&writer->page, "Nothing is decided here about: ");
        }
        bm_page_put(&writer->page, put++ > 0 ? ", " : "");
        bm_page_put(&writer->page, bm_view_str(entry, BONEMETS_F_LABEL));
    }
    if (put > 0) {
        bm_page_end(&writer->page);
    }
}

void bm_write_choices(bm_writer *writer)
{
    int32_t count = bonemets_assessment_count(writer->result, BONEMETS_CHOICES);
    if (count == 0) {
        return;
    }
    bm_write_section(writer, "Decisions");
    bm_view first = {writer->result, BONEMETS_CHOICES, 0};
    for (bm_view entry = first; entry.at < count; entry.at++) {
        bool opens = entry.at == 0 || !is_same_group(entry, first);
        if (opens) {
            first = entry;
            write_group_heading(writer, entry);
        }
        if (has_outcome(entry)) {
            write_choice(writer, entry);
        }
        bm_view next = {writer->result, BONEMETS_CHOICES, entry.at + 1};
        if (next.at == count || !is_same_group(next, first)) {
            write_without_outcome(writer, first);
        }
    }
}
