/* SPDX-License-Identifier: Apache-2.0 */
/* Pages, JSON, and the reports over tables about gardens, made for what a report has to show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bonemets/bonemets.h"
#include "report/json.h"
#include "report/page.h"

enum { ROOM = 1 << 17 };

/* ---- pages ---- */

static char *page_text(char *buffer, void (*write)(bm_page *page))
{
    bm_text out;
    bm_page page;
    bm_text_init(&out, buffer, ROOM);
    bm_page_init(&page, &out);
    write(&page);
    return buffer;
}

/* Columns are characters: every line is at most 100 wide. */
static void assert_fits(const char *text)
{
    int column = 0;
    for (; *text; text++) {
        column = *text == '\n' ? 0 : column + (((unsigned char)*text & 0xc0) != 0x80);
        assert_true(column <= BM_PAGE_WIDTH);
    }
}

static void write_words(bm_page *page)
{
    bm_page_begin(page, 2, "- ");
    for (int i = 0; i < 30; i++) {
        bm_page_put(page, "bone  \n");
    }
    bm_page_end(page);
}

static void words_wrap_behind_their_bullet(void **state)
{
    (void)state;
    char *buffer = malloc(ROOM);
    assert_string_equal(
        page_text(buffer, write_words),
        "  - bone bone bone bone bone bone bone bone bone bone bone bone bone bone bone bone bone "
        "bone bone\n"
        "    bone bone bone bone bone bone bone bone bone bone bone\n");
    free(buffer);
}

static void put_tens(bm_page *page, const char *last)
{
    bm_page_begin(page, 0, NULL);
    for (int i = 0; i < 9; i++) {
        bm_page_put(page, "123456789 ");
    }
    bm_page_put(page, last);
    bm_page_end(page);
}

static void write_full_line(bm_page *page)
{
    put_tens(page, "1234567890 x");
}

static void write_one_too_many(bm_page *page)
{
    put_tens(page, "12345678901");
}

static void a_line_takes_exactly_100(void **state)
{
    (void)state;
    char *buffer = malloc(ROOM);
    page_text(buffer, write_full_line);
    assert_int_equal(strcspn(buffer, "\n"), 100);
    assert_string_equal(buffer + 100, "\nx\n");
    page_text(buffer, write_one_too_many);
    assert_int_equal(strcspn(buffer, "\n"), 89);
    assert_string_equal(buffer + 89, "\n12345678901\n");
    free(buffer);
}

static void write_long_word(bm_page *page)
{
    bm_page_begin(page, 4, NULL);
    for (int i = 0; i < 250; i++) {
        bm_page_put(page, "\xc3\xa4");
    }
    bm_page_end(page);
}

static void a_word_longer_than_a_line_is_broken_between_characters(void **state)
{
    (void)state;
    char *buffer = malloc(ROOM);
    page_text(buffer, write_long_word);
    assert_fits(buffer);
    int characters = 0, lines = 0;
    for (const char *at = buffer; *at; at++) {
        characters += strncmp(at, "\xc3\xa4", 2) == 0;
        lines += *at == '\n';
    }
    assert_int_equal(characters, 250);
    assert_int_equal(lines, 3);
    assert_int_equal(bm_utf8_valid(buffer, strlen(buffer)), strlen(buffer));
    free(buffer);
}

static void write_pieces(bm_page *page)
{
    bm_page_begin(page, 0, NULL);
    bm_page_name(page, "limb_weakness");
    bm_page_put(page, " ");
    bm_page_capitals(page, "very_low");
    bm_page_put(page, " ");
    bm_page_number(page, 26.666666666666668);
    bm_page_put(page, " ");
    bm_page_number(page, 0.0123456);
    bm_page_put(page, " ");
    bm_page_quantity(page, 24, "h");
    bm_page_tab(page, 60);
    bm_page_put(page, "behind");
    bm_page_end(page);
    bm_page_title(page, "T\xc3\xa4", '=');
}

static void names_numbers_tabs_and_titles(void **state)
{
    (void)state;
    char *buffer = malloc(ROOM);
    assert_string_equal(page_text(buffer, write_pieces),
                        "limb weakness VERY LOW 26.667 0.0123456 24 h                behind\n"
                        "T\xc3\xa4\n==\n");
    free(buffer);
}

static void write_tab_too_late(bm_page *page)
{
    bm_page_begin(page, 0, NULL);
    bm_page_put(page, "abcdefgh");
    bm_page_tab(page, 4);
    bm_page_put(page, "ij");
    bm_page_end(page);
}

static void a_tab_that_is_passed_begins_a_line(void **state)
{
    (void)state;
    char *buffer = malloc(ROOM);
    assert_string_equal(page_text(buffer, write_tab_too_late), "abcdefgh\n    ij\n");
    free(buffer);
}

/* ---- JSON ---- */

static void json_puts_commas_and_indents(void **state)
{
    (void)state;
    char buffer[500];
    bm_text out;
    bm_json json;
    bm_text_init(&out, buffer, sizeof buffer);
    bm_json_init(&json, &out);
    bm_json_open(&json, NULL, '{');
    bm_json_text(&json, "a", "\"\n");
    bm_json_text(&json, "b", NULL);
    bm_json_open(&json, "c", '[');
    bm_json_open_line(&json, NULL, '{');
    bm_json_number(&json, "d", 0.5);
    bm_json_open_line(&json, "e", '[');
    bm_json_int(&json, NULL, -1);
    bm_json_bool(&json, NULL, true);
    bm_json_close(&json, ']');
    bm_json_close(&json, '}');
    bm_json_open(&json, NULL, '{');
    bm_json_close(&json, '}');
    bm_json_close(&json, ']');
    bm_json_number(&json, "f", 1e300 * 1e300);
    bm_json_limit(&json, "g", -1);
    bm_json_limit(&json, "h", 0);
    bm_json_name(&json, "i", "make_tea");
    bm_json_close(&json, '}');
    assert_string_equal(buffer, "{\n  \"a\": \"\\\"\\n\",\n  \"b\": null,\n  \"c\": [\n"
                                "    {\"d\": 0.5, \"e\": [-1, true]},\n    {}\n  ],\n"
                                "  \"f\": null,\n  \"g\": null,\n  \"h\": 0,\n"
                                "  \"i\": \"make tea\"\n}");
}

/* ---- reports ---- */

static const char vocabulary[] =
    "vocabulary: garden\n"
    "statement: Ask a gardener.\n"
    "kinds:\n"
    "  bed: {label: bed, list: beds}\n"
    "scales:\n"
    "  urgency: {now: before noon, later: this week, none: no hurry}\n"
    "  strength: {strong: strong}\n"
    "  certainty: {very_low: very low}\n"
    "  verified: {memory: not read anywhere}\n"
    "units:\n"
    "  time: {h: 1, d: 24}\n"
    "facts:\n"
    "  frost: {label: frost tonight, type: flag}\n"
    "  rain: {label: rain, type: quantity, unit: mm, range: 0..500}\n"
    "  pests: {label: pests found, type: set, options: {slug: slugs, aphid: aphids}}\n"
    "  help: {label: who helps, type: code, options: [nobody, a_friend]}\n"
    "  soil: {label: soil, about: bed, type: code, options: {clay: heavy clay, sand: sand}}\n"
    "  age: {label: age of the bed, about: bed, type: quantity, unit: d, accepts: [h],\n"
    "        range: 0..9000}\n";

#define EVIDENCE "strength: strong, certainty: very_low, verified: memory, source: book"

static const char guideline[] =
    "guideline: beds\n"
    "title: Care of beds\n"
    "edition: '3'\n"
    "status: warning\n"
    "status_reason: nobody has weeded it\n"
    "verified: memory\n"
    "about: bed\n"
    "sources: {book: {cite: 'The book. 1900'}, other: {cite: 'Another book'}}\n"
    "scores:\n"
    "  bed_score:\n"
    "    label: bed score\n"
    "    direction: higher_is_worse\n"
    "    range: 0..5\n"
    "    items:\n"
    "      soil: {label: soil, of: soil, points: {clay: 3, sand: 0}}\n"
    "      frost: {label: frost, of: frost, points: {'no': 0, 'yes': 2}}\n"
    "    bands:\n"
    "      good: {total: 0..2, label: good, meaning: leave it}\n"
    "      bad: {total: 3..5, label: bad, meaning: dig, action: dig deep}\n"
    "notes:\n"
    "  - {id: clay_note, when: soil = clay, say: Some count clay as sand., alternative: 0,\n"
    "     verified: memory, source: other}\n";

static const char pathway[] =
    "guideline: evening\n"
    "title: What to do in the evening\n"
    "status: on\n"
    "verified: memory\n"
    "assumes: {help: nobody}\n"
    "sources: {book: {cite: 'The book. 1900'}}\n"
    "wording: {call_help: call for help}\n"
    "choices:\n"
    "  cover:\n"
    "    label: cover the beds\n"
    "    options: {fleece: with fleece, straw: with straw, leave: leave them}\n"
    "    rows:\n"
    "      - {id: E-1, when: frost and help = a_friend, choose: fleece, urgency: now, within: 2 "
    "h,\n"
    "         do: [bring_fleece], " EVIDENCE ", because: Friends have fleece.}\n"
    "      - {id: E-2, when: frost, choose: straw, with: {hours: 3, text: two bales_of straw},\n"
    "         urgency: now, do: [bring_straw, call_help], warn: [ice_on_the_path],\n"
    "         " EVIDENCE ", because: Straw is warm.}\n"
    "      - {id: E-3, when: rain > 10 mm, choose: leave, do: [empty_the_barrel],\n"
    "         warn: [mud_on_the_path], urgency: later, " EVIDENCE ", because: Rain is warm.}\n"
    "      - {id: E-4, when: not frost, choose: leave, urgency: none, " EVIDENCE ",\n"
    "         because: It stays mild.}\n"
    "  hours: {label: hours of work, unit: h}\n"
    "  text: {label: what to bring, text: true}\n"
    "advice:\n"
    "  - {id: E-9, when: pests has slug, do: [call_help, collect_slugs], urgency: later,\n"
    "     " EVIDENCE ", because: Slugs eat at night.}\n";

typedef struct {
    bonemets_guidelines *set;
    char *text;
} fixture;

static void add(bonemets_loader *loader, const char *name, const char *yaml, bonemets_error *err)
{
    if (bonemets_loader_add_memory(loader, name, yaml, strlen(yaml), err)) {
        fail_msg("%s: %s", name, bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    }
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    bonemets_error *err = bonemets_error_new();
    bonemets_loader *loader = NULL;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    add(loader, "vocabulary", vocabulary, err);
    add(loader, "beds", guideline, err);
    add(loader, "evening", pathway, err);
    if (bonemets_loader_build(loader, &f->set, err)) {
        fail_msg("line %d: %s", (int)bonemets_error_int(err, 0, BONEMETS_F_LINE),
                 bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    }
    bonemets_loader_free(loader);
    bonemets_error_free(err);
    f->text = malloc(ROOM);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bonemets_guidelines_unref(f->set);
    free(f->text);
    free(f);
    return 0;
}

/* The report on a record. */
static const char *report(fixture *f, const char *record, int32_t format)
{
    bonemets_patient *patient = NULL;
    bonemets_assessment *result = NULL;
    bonemets_error *err = bonemets_error_new();
    assert_int_equal(bonemets_patient_new(f->set, &patient), BONEMETS_OK);
    if (bonemets_patient_read(patient, "record", record, strlen(record), err)) {
        fail_msg("%s", bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    }
    assert_int_equal(bonemets_assess(patient, NULL, &result, err), BONEMETS_OK);
    assert_int_equal(bonemets_assessment_write(result, format, f->text, ROOM, NULL), BONEMETS_OK);
    bonemets_assessment_unref(result);
    bonemets_patient_free(patient);
    bonemets_error_free(err);
    return f->text;
}

static const char *text_report(fixture *f, const char *record)
{
    const char *text = report(f, record, BONEMETS_FORMAT_FULL);
    assert_fits(text);
    return text;
}

static void assert_says(const char *text, const char *expected)
{
    if (strstr(text, expected) == NULL) {
        fail_msg("'%s' is not in:\n%s", expected, text);
    }
}

static void assert_silent(const char *text, const char *unexpected)
{
    if (strstr(text, unexpected) != NULL) {
        fail_msg("'%s' is in:\n%s", unexpected, text);
    }
}

/* All of them, one behind the other. The last is NULL. */
static void assert_order(const char *text, const char *const *expected)
{
    const char *at = text;
    for (; *expected != NULL; expected++) {
        const char *found = strstr(at, *expected);
        if (found == NULL) {
            fail_msg("'%s' does not follow in:\n%s", *expected, text);
        }
        at = found + 1;
    }
}

static void what_is_urgent_comes_first(void **state)
{
    const char *text = text_report(
        *state, "{frost: yes, help: a_friend, rain: 20, pests: [slug], beds: [{soil: clay}]}");
    assert_order(text, (const char *[]){
                           "NOW: within 2 h [E-1]\n===", "Warnings", "! ice on the path",
                           "! mud on the path", "Decisions", "- cover the beds: with fleece [E-1]",
                           "What to do", "NOW: before noon", "- bring fleece", "LATER: this week",
                           "- call for help", "- collect slugs", "Scores and equations",
                           "bed score (bed 1) = 5 (higher is worse): bad", "Tables and sources",
                           "Ask a gardener.\n", NULL});
}

static void a_row_that_lost_only_warns(void **state)
{
    const char *text = text_report(*state, "{frost: yes, help: a_friend, rain: 20}");
    assert_says(text, "! ice on the path [E-2]\n");
    assert_silent(text, "bring straw");
    assert_silent(text, "Straw is warm.");
    assert_silent(text, "empty the barrel");
    assert_silent(text, "Rain is warm.");
}

static void every_row_shows_its_reason_and_marks(void **state)
{
    const char *text = text_report(*state, "{frost: yes, help: a_friend, pests: [slug, aphid]}");
    assert_says(text, "    Friends have fleece.\n    Facts: frost = yes, help = a friend\n"
                      "    E-1 | now, within 2 h | strong, certainty very low | memory | book\n");
    assert_says(text, "    Slugs eat at night.\n    Facts: pests = slug + aphid\n"
                      "    E-9 | later | strong, certainty very low | memory | book\n");
}

static void the_same_request_is_said_once_where_it_is_most_urgent(void **state)
{
    const char *text = text_report(*state, "{frost: yes, pests: [slug]}");
    const char *first = strstr(text, "- call for help");
    assert_non_null(first);
    assert_null(strstr(first + 1, "- call for help"));
    assert_true(first < strstr(text, "LATER"));
    assert_says(text, "- collect slugs");
}

static void outcomes_are_numbers_texts_and_options(void **state)
{
    const char *text = text_report(*state, "{frost: yes}");
    assert_says(text, "- cover the beds: with straw [E-2]\n");
    assert_says(text, "- hours of work: 3 h [E-2]\n");
    assert_says(text, "- what to bring: two bales_of straw [E-2]\n");
    assert_says(text, "help = nobody: who helps [evening]");
    text = text_report(*state, "{frost: no, rain: 0}");
    assert_says(text, "- cover the beds: leave them [E-4]\n    It stays mild.\n");
    assert_says(text, "- without an outcome: hours, text\n");
}

static void an_open_choice_names_what_it_could_be_and_what_decides(void **state)
{
    const char *text = text_report(*state, "{rain: 20, help: a_friend}");
    assert_order(
        text, (const char *[]){
                  "LATER: this week [E-3]", "Still possible: NOW: before noon",
                  "- cover the beds: PROVISIONAL leave them [E-3]", "Could become: with fleece",
                  "Depends on: frost", "Could still be more urgent",
                  "? NOW within 2 h: Friends have fleece. [E-1]",
                  "What to find out next, and what each answer decides\n---",
                  "? frost: frost tonight | now | excludes 4 of 7 outcomes\n"
                  "    Friends have fleece. [E-1]\n"
                  "    - no -> cover the beds = leave them; hours of work = "
                  "no outcome; ",
                  "    - yes -> cover the beds = with fleece; ", "? pests: pests found | later\n",
                  "    - none, aphid -> nothing by itself\n"
                  "    - slug -> E-9 speaks, later\n",
                  NULL});
    text = text_report(*state, "{help: a_friend, rain: 0}");
    assert_says(text, "- cover the beds: OPEN, with fleece / ");
    assert_says(text, "URGENCY NOT YET KNOWN\n");
}

static void pressing_advice_is_asked_before_the_decisions(void **state)
{
    const char *text = text_report(*state, "{rain: 20, frost: no}");
    assert_order(text, (const char *[]){"LATER: this week [E-3]", "Ask first\n",
                                        "? LATER: Slugs eat at night. [E-9]\n"
                                        "    Depends on: pests\n",
                                        "Decisions", NULL});
    assert_silent(text_report(*state, "{frost: yes}"), "Ask first");
}

static void scores_say_what_is_possible_and_missing(void **state)
{
    const char *text = text_report(*state, "{beds: [{soil: sand}, {soil: clay}, {}]}");
    assert_order(
        text, (const char *[]){
                  "- bed score (bed 1) = 0 to 2 (higher is worse): good, whatever is missing\n",
                  "    ! This table ships with status warning: nobody has"
                  " weeded it\n",
                  "    soil sand = 0; frost = 0 to 2\n", "    Missing: frost\n", "    leave it\n",
                  "- bed score (bed 2) = 3 to 5 (higher is worse): bad, whatever is missing\n",
                  "    dig; dig deep\n",
                  "    Note: Some count clay as sand. The total would then be"
                  " 0. (memory)\n",
                  NULL});
    assert_says(text, "bed score (bed 3)");
    assert_says(text, "? soil (bed 3): soil");
    assert_says(text, "- Care of beds [beds], edition 3, status warning, verified: memory. nobody"
                      " has weeded it\n");
}

static void a_sparse_record_fits_the_page_too(void **state)
{
    text_report(*state, "{}");
    text_report(*state, "{frost: no, help: {one_of: [nobody, a_friend]}, rain: {from: 3, to: 30}}");
    assert_silent(text_report(*state, "{frost: no, rain: 0, pests: []}"), "Warnings");
}

static void json_keeps_the_order_of_its_keys(void **state)
{
    const char *text =
        report(*state, "{frost: yes, pests: [slug], beds: [{soil: clay}]}", BONEMETS_FORMAT_JSON);
    assert_order(text, (const char *[]){
                           "{\n  \"bonemets\": \"", "\n  \"digest\": \"", "\n  \"guidelines\": [",
                           "\n  \"results\": [", "\n  \"choices\": [", "\n  \"advice\": [",
                           "\n  \"overall\": {", "\n  \"missing\": [", "\n  \"assumed\": [",
                           "\n  \"undecided\": [", "\n  \"sources\": {", NULL});
    assert_order(strstr(text, "\n  \"results\""),
                 (const char *[]){"\"id\": \"bed_score\"", "\"lesion\": 1", "\"state\": \"known\"",
                                  "\"low\": 5", "\"high\": 5", "\"band\": \"bad\"",
                                  "\"bands\": [\"bad\"]", "\"items\": [", "\"id\": \"soil\"",
                                  "\"state\": \"known\", \"low\": 3, \"high\": 3",
                                  "\"missing\": []", NULL});
    assert_order(strstr(text, "\n  \"choices\""),
                 (const char *[]){"\"guideline\": \"evening\"",
                                  "\"id\": \"cover\"",
                                  "\"lesion\": 0",
                                  "\"state\": \"known\"",
                                  "\"value\": \"straw\"",
                                  "\"possible\": [\"straw\"]",
                                  "\"row\": \"E-2\"",
                                  "\"urgency\": \"now\"",
                                  "\"within_h\": null",
                                  "\"strength\": \"strong\"",
                                  "\"certainty\": \"very_low\"",
                                  "\"verified\": \"memory\"",
                                  "\"source\": [\"book\"]",
                                  "\"because\": \"Straw is warm.\"",
                                  "\"facts\": [",
                                  "{\"fact\": \"frost\", \"lesion\": 0, \"state\": \"known\","
                                  " \"value\": \"yes\"}",
                                  "\"missing\": []",
                                  "\"id\": \"hours\"",
                                  "\"value\": 3,",
                                  "\"possible\": [3]",
                                  NULL});
    assert_order(strstr(text, "\n  \"advice\""),
                 (const char *[]){"\"guideline\": \"evening\"", "\"row\": \"E-2\"",
                                  "\"do\": [\"bring_straw\", \"call_help\"]",
                                  "\"warn\": [\"ice_on_the_path\"]", "\"urgency\": \"now\"",
                                  "\"do_text\": [\"bring straw\", \"call for help\"]", NULL});
}

static void json_says_what_is_open(void **state)
{
    const char *text =
        report(*state, "{rain: {from: 3, to: 30}, beds: [{}]}", BONEMETS_FORMAT_JSON);
    assert_order(text,
                 (const char *[]){"\"state\": \"unknown\"", "\"band\": null", "\"missing\": [",
                                  "\"choices\"", "\"state\": \"provisional\"", "\"value\": null",
                                  "\"row\": null", "\"overall\"",
                                  "\"urgency\": null, \"within_h\": null, \"row\": null",
                                  "\"missing\": [", "{\"fact\": \"frost\"", NULL});
}

static void json_of_sets_and_ranges(void **state)
{
    const char *text = report(*state, "{frost: no, rain: {from: 20, to: 30}, pests: [slug, aphid]}",
                              BONEMETS_FORMAT_JSON);
    assert_says(text, "{\"fact\": \"rain\", \"lesion\": 0, \"state\": \"partly\", \"low\": 20,"
                      " \"high\": 30, \"unit\": \"mm\"}");
    assert_says(text, "\"value\": [\"slug\", \"aphid\"]");
}

/* ---- explanations ---- */

static const char *explanation(fixture *f, const char *id, int32_t format)
{
    size_t needed = 0;
    assert_int_equal(bonemets_explain(f->set, id, format, NULL, 0, &needed), BONEMETS_E_SPACE);
    assert_int_equal(bonemets_explain(f->set, id, format, f->text, needed - 1, NULL),
                     BONEMETS_E_SPACE);
    assert_int_equal(bonemets_explain(f->set, id, format, f->text, needed, NULL), BONEMETS_OK);
    assert_int_equal(strlen(f->text) + 1, needed);
    return f->text;
}

static void a_guideline_is_explained(void **state)
{
    const char *text = explanation(*state, "beds", BONEMETS_FORMAT_TEXT);
    assert_fits(text);
    assert_order(text, (const char *[]){"Care of beds\n============\n",
                                        "beds | edition 3 | status warning | about each bed",
                                        "Status: nobody has weeded it", "bed score",
                                        "Score bed_score, 0 to 5, higher is worse",
                                        "- soil (of soil)", "3     clay: heavy clay", "0     sand",
                                        "0..2: good", "meaning: leave it", "action: dig deep",
                                        "- Some count clay as sand.", "when: soil = clay",
                                        "memory | other", "- book: The book. 1900", NULL});
    text = explanation(*state, "evening", BONEMETS_FORMAT_TEXT);
    assert_fits(text);
    assert_order(text,
                 (const char *[]){"- help = nobody", "- hours: hours of work, in h",
                                  "cover the beds\n", "- straw: with straw", "E-2 when frost\n",
                                  "-> straw; hours = 3 h; text = two bales", "- bring straw",
                                  "- call for help", "! ice on the path", "Straw is warm.",
                                  "now | strong, certainty very low | memory", "Advice",
                                  "E-9 when pests has slug", NULL});
}

static void a_row_a_note_and_a_table_are_found_by_their_ids(void **state)
{
    const char *text = explanation(*state, "E-2", BONEMETS_FORMAT_TEXT);
    assert_fits(text);
    assert_order(
        text, (const char *[]){"In evening: ", "E-2 when frost\n", "Straw is warm.", "- ", NULL});
    assert_silent(text, "E-9");
    text = explanation(*state, "clay_note", BONEMETS_FORMAT_TEXT);
    assert_order(text, (const char *[]){"In beds: Care of beds (status warning)",
                                        "- Some count clay as sand.", NULL});
    text = explanation(*state, "clay_note", BONEMETS_FORMAT_JSON);
    assert_order(text, (const char *[]){"\"guideline\": \"beds\"", "\"id\": \"clay_note\"",
                                        "\"when\": \"soil = clay\"", NULL});
    assert_says(explanation(*state, "E-9", BONEMETS_FORMAT_JSON), "\"urgency\": \"later\"");
    assert_says(explanation(*state, "bed_score", BONEMETS_FORMAT_TEXT), "Care of beds\n====");
}

static void a_fact_is_explained(void **state)
{
    const char *text = explanation(*state, "soil", BONEMETS_FORMAT_TEXT);
    assert_order(text, (const char *[]){"soil | code | about each bed", "- clay", "heavy clay",
                                        "Read by: guideline beds", NULL});
    assert_silent(text, "guideline evening");
    text = explanation(*state, "age", BONEMETS_FORMAT_TEXT);
    assert_order(text, (const char *[]){"Plausible: 0 to 9000 d", "Also in h: 1 d is 24 h",
                                        "Read by: no table", NULL});
    assert_says(explanation(*state, "frost", BONEMETS_FORMAT_TEXT),
                "Read by: guideline beds, guideline evening");
}

static void the_lists(void **state)
{
    const char *text = explanation(*state, NULL, BONEMETS_FORMAT_TEXT);
    assert_order(text, (const char *[]){"beds", "Care of beds (warning)", "evening", NULL});
    text = explanation(*state, NULL, BONEMETS_FORMAT_JSON);
    assert_order(text,
                 (const char *[]){"[\n", "\"id\": \"beds\"", "\"id\": \"evening\"", "]\n", NULL});
    assert_says(explanation(*state, "evening", BONEMETS_FORMAT_JSON), "\"when\": \"frost\"");
}

static void the_vocabulary(void **state)
{
    fixture *f = *state;
    assert_int_equal(
        bonemets_describe_facts(f->set, NULL, BONEMETS_FORMAT_TEXT, f->text, ROOM, NULL),
        BONEMETS_OK);
    assert_fits(f->text);
    assert_order(f->text,
                 (const char *[]){"Facts about the patient", "rain", "quantity 0 to 500 mm",
                                  "Facts about each bed", "soil", NULL});
    assert_int_equal(
        bonemets_describe_facts(f->set, NULL, BONEMETS_FORMAT_JSON, f->text, ROOM, NULL),
        BONEMETS_OK);
    assert_order(f->text,
                 (const char *[]){"[\n  {\n    \"id\": \"frost\"", "\"label\": \"frost tonight\"",
                                  "\"about\": \"patient\"", "\"type\": \"flag\"", "\"unit\": null",
                                  "\"units\": []", "\"low\": null", "\"high\": null",
                                  "\"options\": [", "{\"id\": \"no\"", "\"aliases\": {}",
                                  "\"setting\": false", "\"derived\": null", "\"id\": \"age\"",
                                  "\"units\": [\"d\", \"h\"]", "\"high\": 9000", NULL});
    assert_int_equal(
        bonemets_describe_facts(f->set, "beds", BONEMETS_FORMAT_TEXT, f->text, ROOM, NULL),
        BONEMETS_E_FACT);
}

static void wrong_arguments(void **state)
{
    fixture *f = *state;
    size_t needed = 7;
    assert_int_equal(bonemets_explain(f->set, "bed", BONEMETS_FORMAT_TEXT, f->text, ROOM, &needed),
                     BONEMETS_E_FACT);
    assert_int_equal(needed, 0);
    assert_string_equal(f->text, "");
    assert_int_equal(bonemets_explain(f->set, NULL, 3, f->text, ROOM, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_explain(f->set, NULL, BONEMETS_FORMAT_TEXT, NULL, 5, NULL),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_explain(NULL, NULL, BONEMETS_FORMAT_TEXT, f->text, ROOM, NULL),
                     BONEMETS_E_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_wrap_behind_their_bullet),
        cmocka_unit_test(a_line_takes_exactly_100),
        cmocka_unit_test(a_word_longer_than_a_line_is_broken_between_characters),
        cmocka_unit_test(names_numbers_tabs_and_titles),
        cmocka_unit_test(a_tab_that_is_passed_begins_a_line),
        cmocka_unit_test(json_puts_commas_and_indents),
        TEST(what_is_urgent_comes_first),
        TEST(a_row_that_lost_only_warns),
        TEST(every_row_shows_its_reason_and_marks),
        TEST(the_same_request_is_said_once_where_it_is_most_urgent),
        TEST(outcomes_are_numbers_texts_and_options),
        TEST(an_open_choice_names_what_it_could_be_and_what_decides),
        TEST(pressing_advice_is_asked_before_the_decisions),
        TEST(scores_say_what_is_possible_and_missing),
        TEST(a_sparse_record_fits_the_page_too),
        TEST(json_keeps_the_order_of_its_keys),
        TEST(json_says_what_is_open),
        TEST(json_of_sets_and_ranges),
        TEST(a_guideline_is_explained),
        TEST(a_row_a_note_and_a_table_are_found_by_their_ids),
        TEST(a_fact_is_explained),
        TEST(the_lists),
        TEST(the_vocabulary),
        TEST(wrong_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
