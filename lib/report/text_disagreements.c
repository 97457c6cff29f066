/* SPDX-License-Identifier: Apache-2.0 */
/* What was entered although the facts that it is derived from give something else. */
#include "report/text.h"

static void put_options(bm_writer *writer, bm_answer answer, int32_t sub)
{
    int32_t count = bm_answer_count(answer, sub);
    for (int32_t j = 0; j < count; j++) {
        bm_part part = bm_answer_part(answer, sub, j);
        const char *label = bm_part_str(part, BONEMETS_F_LABEL);
        bm_page_put(&writer->page, j == 0 ? "" : j + 1 < count ? ", " : " or ");
        bm_page_put(&writer->page, label);
    }
    bm_page_put(&writer->page, count == 0 ? "none" : "");
}

static void put_number(bm_writer *writer, bm_answer answer, bonemets_field low, bonemets_field high)
{
    double from = bm_answer_num(answer, low), to = bm_answer_num(answer, high);
    if (from < to) {
        bm_page_number(&writer->page, from);
        bm_page_put(&writer->page, " to ");
    }
    bm_page_quantity(&writer->page, to, bm_answer_str(answer, BONEMETS_F_UNIT));
}

static const bm_fact *fact_of(bm_answer answer)
{
    const bm_definitions *definitions = &bm_assessment_set(answer.result)->definitions;
    return bm_definitions_fact(definitions, bm_answer_str(answer, BONEMETS_F_ID));
}

static void put_side(bm_writer *writer, bm_answer answer, bool entered)
{
    const bm_fact *fact = fact_of(answer);
    bonemets_field low = entered ? BONEMETS_F_LOW : BONEMETS_F_DERIVED_LOW;
    bonemets_field high = entered ? BONEMETS_F_HIGH : BONEMETS_F_DERIVED_HIGH;
    if (fact->type.base != BM_NUMBER) {
        put_options(writer, answer, entered ? BONEMETS_SUB_ENTERED : BONEMETS_SUB_POSSIBLE);
    } else if (bm_is_instant(&fact->type)) {
        bm_page_instants(&writer->page, bm_answer_num(answer, low), bm_answer_num(answer, high));
    } else {
        put_number(writer, answer, low, high);
    }
}

static void write_one(bm_writer *writer, bm_answer answer)
{
    const char *row = bm_answer_str(answer, BONEMETS_F_CONTRADICTED);
    bm_page_begin(&writer->page, 0, "! ");
    bm_page_put(&writer->page, bm_answer_str(answer, BONEMETS_F_LABEL));
    bm_put_fact_record(writer, answer);
    bm_page_put(&writer->page, ": entered ");
    put_side(writer, answer, true);
    bm_page_put(&writer->page, ", which counts; its facts give ");
    put_side(writer, answer, false);
    if (bm_answer_count(answer, BONEMETS_SUB_FACTS) > 0) {
        bm_page_put(&writer->page, " (");
        bm_put_facts(writer, answer);
        bm_page_put(&writer->page, ")");
    }
    if (row != NULL) {
        bm_page_puts(&writer->page, (const char *[]){" [", row, "]", NULL});
    }
    bm_page_end(&writer->page);
}

void bm_write_each_disagreement(bm_writer *writer)
{
    bm_answer one = {writer->result, BONEMETS_DISAGREEMENTS, 0};
    int32_t count = bonemets_assessment_count(writer->result, BONEMETS_DISAGREEMENTS);
    for (; one.at < count; one.at++) {
        write_one(writer, one);
    }
}

void bm_write_disagreements(bm_writer *writer)
{
    if (bonemets_assessment_count(writer->result, BONEMETS_DISAGREEMENTS) > 0) {
        bm_write_section(writer, "Entered, but its own facts say otherwise");
        bm_write_each_disagreement(writer);
    }
}
