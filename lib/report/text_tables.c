/* SPDX-License-Identifier: Apache-2.0 */
/* Where the answer comes from: tables, their digest, sources, and the statement of the vocabulary. */
#include "report/text.h"

static void write_table(bm_writer *writer, const bm_guideline *guideline)
{
    bm_page *page = &writer->page;
    bm_page_begin(page, 0, "- ");
    bm_page_puts(page, (const char *[]){guideline->title, " [", guideline->id, "]", NULL});
    if (guideline->edition != NULL) {
        bm_page_puts(page, (const char *[]){", edition ", guideline->edition, NULL});
    }
    bm_page_puts(page, (const char *[]){", status ", guideline->status, ", verified: ", NULL});
    bm_page_name(page, guideline->verified);
    if (guideline->status_reason != NULL) {
        bm_page_puts(page, (const char *[]){". ", guideline->status_reason, NULL});
    }
    bm_page_end(page);
}

static void write_sources(bm_writer *writer, int number, bm_named_sources *named)
{
    const bm_guideline *guideline = &writer->set->definitions.guidelines[number];
    for (int i = 0; i < guideline->source_count; i++) {
        const bm_source *source = &guideline->sources[i];
        if (!bm_take_source(named, source)) {
            continue;
        }
        bm_page_begin(&writer->page, 0, "- ");
        bm_page_puts(&writer->page, (const char *[]){source->key, ": ", source->cite, NULL});
        bm_page_end(&writer->page);
    }
}

/* A result of which nothing is known, or that does not apply, says nothing. */
static bool is_empty(bm_writer *writer, int32_t list, int32_t i)
{
    int32_t state = bonemets_assessment_int(writer->result, list, i, BONEMETS_F_STATE);
    return list == BONEMETS_RESULTS && state != BONEMETS_KNOWN && state != BONEMETS_PARTLY;
}

/* Something in the answer comes from it. */
static bool has_spoken(bm_writer *writer, const bm_guideline *guideline)
{
    for (int32_t list = BONEMETS_RESULTS; list <= BONEMETS_UNDECIDED; list++) {
        for (int32_t i = 0; i < bonemets_assessment_count(writer->result, list); i++) {
            const char *from =
                bonemets_assessment_str(writer->result, list, i, BONEMETS_F_GUIDELINE);
            if (bm_same(from, guideline->id) && !is_empty(writer, list, i)) {
                return true;
            }
        }
    }
    return false;
}

static void write_settings(bm_writer *writer)
{
    const bm_definitions *definitions = &writer->set->definitions;
    for (int i = 0; i < definitions->fact_count; i++) {
        const char *option = bm_setting_option(writer->result, &definitions->facts[i]);
        if (option != NULL) {
            bm_page_begin(&writer->page, 0, NULL);
            bm_page_puts(&writer->page, (const char *[]){"Setting: ", definitions->facts[i].label,
                                                         " = ", option, NULL});
            bm_page_end(&writer->page);
        }
    }
}

void bm_write_tables(bm_writer *writer)
{
    const bm_definitions *definitions = &writer->set->definitions;
    bm_named_sources named;
    bm_name_sources(writer->result, BM_SOURCES_OF_RESULT, &named);
    bm_write_section(writer, "Tables and sources");
    for (int i = 0; i < definitions->guideline_count; i++) {
        if (bm_assessment_covers(writer->result, i) &&
            has_spoken(writer, &definitions->guidelines[i])) {
            write_table(writer, &definitions->guidelines[i]);
        }
    }
    for (int i = 0; i < definitions->guideline_count; i++) {
        if (bm_assessment_covers(writer->result, i)) {
            write_sources(writer, i, &named);
        }
    }
    write_settings(writer);
    bm_page_begin(&writer->page, 0, NULL);
    bm_page_puts(&writer->page,
                 (const char *[]){"Digest of the tables: ", writer->set->digest, NULL});
    bm_page_end(&writer->page);
    if (definitions->statement != NULL) {
        bm_page_gap(&writer->page);
        bm_page_line(&writer->page, 0, NULL, definitions->statement);
    }
}
