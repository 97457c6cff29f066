/* SPDX-License-Identifier: Apache-2.0 */
/* Scores and equations in a line each; those for survival side by side. */
#include "report/summary.h"

#include <math.h>

enum { TOTAL = 38, BAND = 48, DIRECTION = 74 }; /* columns of the table */

static double limit_of(const bm_view *view, bonemets_field field)
{
    return bm_view_num(view, field);
}

static bool is_bounded(const bm_view *view)
{
    return limit_of(view, BONEMETS_F_LOW) > -1e300 && limit_of(view, BONEMETS_F_HIGH) < 1e300;
}

static bool is_survival(const bm_view *view)
{
    return bm_same(view->guideline->section, "prognosis");
}

static bool band_is_decided(const bm_view *view)
{
    int32_t bands = bm_view_count(view, BONEMETS_SUB_BANDS);
    return view->score != NULL && bands > 0 && bands < view->score->band_count;
}

/* The band is certain whatever the rest is, or half is known and two bands are left. */
static bool tells_something(const bm_view *view)
{
    int32_t known = 0;
    for (int32_t j = 0; j < view->score->item_count; j++) {
        known += bm_view_sub_int(view, BONEMETS_SUB_ITEMS, j, BONEMETS_F_STATE) == BONEMETS_KNOWN;
    }
    int32_t bands = bm_view_count(view, BONEMETS_SUB_BANDS);
    return bands == 1 || (bands == 2 && 2 * known >= view->score->item_count);
}

/* Everything that an equation still waits for has been entered, if not to the last digit. */
static bool is_only_imprecise(const bm_view *view)
{
    const bm_frame *frame = &view->a->frame;
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marked_input one;
    bm_marks_init(&marks, frame, words);
    bm_reasons_missing(view->a, BONEMETS_RESULTS, view->entry, &marks);
    for (size_t at = 0; bm_marks_next(&marks, frame, &at, &one);) {
        size_t inputs = (size_t)frame->program->kinds[one.kind].inputs;
        if (!frame->given[one.kind][(size_t)one.record * inputs + (size_t)one.input]) {
            return false;
        }
    }
    return true;
}

static bool is_worth_a_line(const bm_view *view)
{
    int state = bm_view_state(view);
    if (state == BONEMETS_PARTLY && view->score != NULL) {
        return band_is_decided(view) && tells_something(view);
    }
    return state == BONEMETS_KNOWN ||
           (state == BONEMETS_PARTLY && is_bounded(view) && is_only_imprecise(view));
}

static bool opens(const bm_summary *summary, int32_t i, bm_view *view)
{
    return bm_view_open(summary->a, BONEMETS_RESULTS, i, view);
}

/* A fraction or the like beside a score says nothing where the score says nothing. */
static bool stands_beside_an_open_score(const bm_summary *summary, int32_t i)
{
    bm_view view, score;
    opens(summary, i, &view);
    if (view.score != NULL) {
        return false;
    }
    for (int32_t j = i - 1; j >= 0 && opens(summary, j, &score); j--) {
        if (score.guideline != view.guideline || score.entry->record != view.entry->record) {
            break;
        }
        if (score.score != NULL) {
            return !is_worth_a_line(&score);
        }
    }
    return false;
}

static bool is_shown(const bm_summary *summary, int32_t i, bm_view *view)
{
    bool asked = opens(summary, i, view) &&
                 (summary->a->target >= 0 || !bm_same(view->guideline->section, "on_request"));
    return asked && is_worth_a_line(view) && !stands_beside_an_open_score(summary, i);
}

static void put_total(bm_summary *summary, const bm_view *view)
{
    double low = limit_of(view, BONEMETS_F_LOW), high = limit_of(view, BONEMETS_F_HIGH);
    if (low < high) {
        bm_page_number(summary->page, low);
        bm_page_put(summary->page, " to ");
    }
    bm_page_quantity(summary->page, high, bm_view_str(view, BONEMETS_F_UNIT));
}

/* The one fact that the points of a score stand for, when it is a code that is known: a grade is
 * called by its name, not by its place in the order. */
static bool put_grade(bm_summary *summary, const bm_view *view)
{
    const bm_score *score = view->score;
    if (score == NULL || score->item_count != 1 || score->items[0].of == NULL) {
        return false;
    }
    const bm_fact *fact = bm_definitions_fact(summary->definitions, score->items[0].of);
    if (fact == NULL || fact->type.base != BM_CODE || fact->kind != view->guideline->kind ||
        fact->slot < 0) {
        return false;
    }
    uint64_t mask = bm_view_cell(view, fact->slot).low.mask;
    if (mask == 0 || (mask & (mask - 1)) != 0) {
        return false;
    }
    bm_page_name(summary->page, fact->type.codes->ids[__builtin_ctzll(mask)]);
    return true;
}

static void put_bands(bm_summary *summary, const bm_view *view)
{
    int32_t count = bm_view_count(view, BONEMETS_SUB_BANDS);
    for (int32_t j = 0; j < count; j++) {
        bm_page_put(summary->page, j > 0 ? " or " : "");
        bm_put_label(summary, bm_view_sub_str(view, BONEMETS_SUB_BANDS, j, BONEMETS_F_LABEL),
                     bm_view_sub_str(view, BONEMETS_SUB_BANDS, j, BONEMETS_F_ID));
    }
}

static const char *further(const bm_band *band, const char *key)
{
    for (int i = 0; i < band->more.count; i++) {
        if (bm_same(band->more.items[i].key, key)) {
            return band->more.items[i].value;
        }
    }
    return NULL;
}

/* Whether the table speaks for this patient at all is not known. */
static bool may_not_apply(const bm_view *view)
{
    int32_t applies = view->score != NULL ? view->score->applies : view->equation->applies;
    return applies >= 0 && bm_view_cell(view, applies).low.mask == BM_EITHER;
}

/* What the table says of a band: survival and its cohort, else meaning and action. */
static void put_meaning(bm_summary *summary, const bm_view *view)
{
    int32_t count = bm_view_count(view, BONEMETS_SUB_BANDS);
    for (int32_t j = 0; j < count && view->score != NULL; j++) {
        const bm_band *band =
            bm_score_band(view->score, bm_view_sub_str(view, BONEMETS_SUB_BANDS, j, BONEMETS_F_ID));
        const char *survival = further(band, "survival"), *cohort = further(band, "cohort");
        const char *first = survival != NULL ? survival : band->meaning;
        const char *second = survival != NULL ? cohort : band->action;
        if (first == NULL && second == NULL) {
            continue;
        }
        bm_page_put(summary->page, j > 0 ? ". " : "");
        if (count > 1) {
            bm_page_puts(summary->page, (const char *[]){"If ", band->label, ": ", NULL});
        }
        bm_page_put(summary->page, first);
        bm_page_put(summary->page, first != NULL && second != NULL ? "; " : "");
        bm_page_put(summary->page, second);
    }
}

static void put_keys(bm_summary *summary, const bm_view *view)
{
    int32_t sources = bm_view_count(view, BONEMETS_SUB_SOURCES);
    bm_page_put(summary->page, " [");
    bm_page_name(summary->page, bm_view_str(view, BONEMETS_F_VERIFIED));
    for (int32_t j = 0; j < sources && j < BM_SOURCES_OF_RESULT; j++) {
        bm_page_puts(summary->page,
                     (const char *[]){j == 0 ? "; " : ", ",
                                      bm_view_sub_str(view, BONEMETS_SUB_SOURCES, j, BONEMETS_F_ID),
                                      NULL});
    }
    bm_page_put(summary->page, "]");
    bm_summary_mark(summary->results, view->entry->guideline);
    bm_reasons_assumed(summary->a, BONEMETS_RESULTS, view->entry, &summary->silent);
}

static void put_caution(bm_summary *summary, const bm_view *view)
{
    const char *row = bm_view_contradicted(view);
    if (may_not_apply(view)) {
        bm_page_put(summary->page, " ! whether it applies here is not known");
    }
    if (!bm_same(view->guideline->status, "on")) {
        bm_page_puts(summary->page, (const char *[]){" ! status ", view->guideline->status, NULL});
    }
    if (row != NULL) {
        bm_page_puts(
            summary->page,
            (const char *[]){" ! rests on entries that contradict each other [", row, "]", NULL});
    }
}

static void put_direction(bm_summary *summary, const bm_view *view)
{
    if (view->score != NULL && view->score->direction != NULL) {
        bm_page_put(summary->page, " (");
        bm_page_name(summary->page, view->score->direction);
        bm_page_put(summary->page, ")");
    }
}

static void write_entered(bm_summary *summary, const bm_view *view)
{
    double total = limit_of(view, BONEMETS_F_LOW);
    double low = limit_of(view, BONEMETS_F_DERIVED_LOW);
    double high = limit_of(view, BONEMETS_F_DERIVED_HIGH);
    if (bm_view_int(view, BONEMETS_F_ENTERED) != 1) {
        return;
    }
    bm_page_begin(summary->page, 2, NULL);
    bm_page_put(summary->page, "The total was entered and counts; its items give ");
    bm_page_number(summary->page, low);
    if (low < high) {
        bm_page_put(summary->page, " to ");
        bm_page_number(summary->page, high);
    }
    bm_page_put(summary->page, total < low || total > high ? ": THEY DISAGREE." : ".");
    bm_page_end(summary->page);
}

/* `of`: the score that they are about, when they do not stand below it. */
static void write_notes(bm_summary *summary, const bm_view *view, const char *of)
{
    for (int32_t j = 0; j < bm_view_count(view, BONEMETS_SUB_NOTES); j++) {
        int state = bm_view_sub_int(view, BONEMETS_SUB_NOTES, j, BONEMETS_F_STATE);
        bm_page_begin(summary->page, 2, NULL);
        bm_page_puts(summary->page, (const char *[]){of != NULL ? of : "Note", ": ", NULL});
        bm_page_put(summary->page,
                    bm_view_sub_str(view, BONEMETS_SUB_NOTES, j, BONEMETS_F_MESSAGE));
        if (view->score != NULL && state == BONEMETS_KNOWN) {
            bm_page_put(summary->page, " The total would then be ");
            bm_page_number(summary->page,
                           bm_view_sub_num(view, BONEMETS_SUB_NOTES, j, BONEMETS_F_LOW));
            bm_page_put(summary->page, ".");
        }
        bm_page_end(summary->page);
    }
}

static void write_result(bm_summary *summary, const bm_view *view)
{
    const bm_group group = {.number = view->entry->guideline,
                            .record = view->entry->record,
                            .guideline = view->guideline};
    bm_page_begin(summary->page, 0, "- ");
    bm_put_label(summary, bm_view_str(view, BONEMETS_F_LABEL), bm_view_str(view, BONEMETS_F_ID));
    bm_put_group_record(summary, &group);
    if (bm_view_int(view, BONEMETS_F_ONLY_BANDS) != 1) {
        bm_page_put(summary->page, " = ");
        if (!put_grade(summary, view)) {
            put_total(summary, view);
            put_direction(summary, view);
        }
    }
    if (bm_view_count(view, BONEMETS_SUB_BANDS) > 0) {
        bm_page_put(summary->page, ": ");
        put_bands(summary, view);
        if (bm_view_state(view) == BONEMETS_PARTLY &&
            bm_view_count(view, BONEMETS_SUB_BANDS) == 1) {
            bm_page_put(summary->page, ", whatever is missing");
        }
        bm_page_put(summary->page, ". ");
        put_meaning(summary, view);
    }
    put_caution(summary, view);
    put_keys(summary, view);
    bm_page_end(summary->page);
    write_entered(summary, view);
    write_notes(summary, view, NULL);
}

/* What the band means stands in the row as Markdown, and below it as text. */
static void put_survival(bm_summary *summary, const bm_view *view)
{
    if (summary->page->markdown) {
        bm_page_cell(summary->page, 0);
    } else {
        bm_page_end(summary->page);
        bm_page_begin(summary->page, 4, NULL);
    }
    put_meaning(summary, view);
    put_caution(summary, view);
    put_keys(summary, view);
}

static void write_row(bm_summary *summary, const bm_view *view)
{
    bm_page_row(summary->page, false);
    bm_put_label(summary, bm_view_str(view, BONEMETS_F_LABEL), bm_view_str(view, BONEMETS_F_ID));
    bm_page_cell(summary->page, TOTAL);
    put_total(summary, view);
    bm_page_cell(summary->page, BAND);
    put_bands(summary, view);
    bm_page_cell(summary->page, DIRECTION);
    if (view->score != NULL) {
        bm_page_name(summary->page, view->score->direction);
    }
    put_survival(summary, view);
    bm_page_end_row(summary->page, 0);
}

static void write_titles(bm_summary *summary)
{
    bm_page_row(summary->page, true);
    bm_page_put(summary->page, "Survival score");
    bm_page_cell(summary->page, TOTAL);
    bm_page_put(summary->page, "total");
    bm_page_cell(summary->page, BAND);
    bm_page_put(summary->page, "band");
    bm_page_cell(summary->page, DIRECTION);
    bm_page_put(summary->page, "direction");
    if (summary->page->markdown) {
        bm_page_cell(summary->page, 0);
        bm_page_put(summary->page, "survival; cohort [verified; source]");
    }
    bm_page_end_row(summary->page, 5);
}

static void open_section(bm_summary *summary, bool *section)
{
    if (!*section) {
        bm_write_section(&summary->writer, "Scores");
    }
    *section = true;
}

/* Those of which too little is known to tell one band from another. */
static void write_begun(bm_summary *summary, bool *section)
{
    bool any = false;
    bm_view view;
    for (int32_t i = 0; opens(summary, i, &view); i++) {
        if (bm_view_state(&view) != BONEMETS_PARTLY || view.score == NULL ||
            is_worth_a_line(&view) || !is_bounded(&view)) {
            continue;
        }
        if (!any) {
            open_section(summary, section);
            bm_page_begin(summary->page, 0, "- ");
            bm_page_put(summary->page, "Too little known yet: ");
        }
        const bm_group group = {.number = view.entry->guideline,
                                .record = view.entry->record,
                                .guideline = view.guideline};
        bm_page_put(summary->page, any ? "; " : "");
        bm_put_label(summary, view.score->label, view.score->id);
        bm_put_group_record(summary, &group);
        bm_page_put(summary->page, ": ");
        put_total(summary, &view);
        if (band_is_decided(&view)) {
            bm_page_put(summary->page, " (");
            put_bands(summary, &view);
            bm_page_put(summary->page, ")");
        }
        any = true;
    }
    if (any) {
        bm_page_end(summary->page);
    }
}

static void write_survival(bm_summary *summary, bool *section)
{
    bool any = false;
    bm_view view;
    for (int32_t i = 0; opens(summary, i, &view); i++) {
        if (!is_survival(&view) || !is_shown(summary, i, &view)) {
            continue;
        }
        if (!any) {
            open_section(summary, section);
            bm_page_gap(summary->page);
            write_titles(summary);
        }
        write_row(summary, &view);
        any = true;
    }
    for (int32_t i = 0; any && opens(summary, i, &view); i++) {
        if (is_survival(&view) && is_shown(summary, i, &view)) {
            write_entered(summary, &view);
            write_notes(summary, &view, view.score != NULL ? view.score->label : NULL);
        }
    }
    if (any) {
        bm_write_section_note(summary, "prognosis");
    }
}

void bm_write_scores(bm_summary *summary)
{
    bool section = false;
    bm_view view;
    for (int32_t i = 0; opens(summary, i, &view); i++) {
        if (!is_survival(&view) && is_shown(summary, i, &view)) {
            open_section(summary, &section);
            write_result(summary, &view);
        }
    }
    write_survival(summary, &section);
    write_begun(summary, &section);
}
