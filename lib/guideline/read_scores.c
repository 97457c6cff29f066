/* SPDX-License-Identifier: Apache-2.0 */
/* Scores with their items and bands, and equations. */
#include "guideline/read_cases.h"
#include "guideline/read_codes.h"
#include "guideline/read_file.h"
#include "guideline/read_scalar.h"

/* Whether the key is an option or a range shows when the type of the fact is known. */
static void read_option_points(bm_reader *reader, const bm_node *node, void *member)
{
    bm_points *points = member;
    *points = (bm_points){.option = node->key, .text = node->key, .node = node};
    bm_scalar_number(reader, node, &points->points);
}

static const bm_field case_fields[] = {
    {"when", false, bm_read_formula, offsetof(bm_points, when)},
    {"points", false, bm_read_decimal, offsetof(bm_points, points)},
    {"else", false, bm_read_decimal, offsetof(bm_points, points)},
    {"label", false, bm_read_text, offsetof(bm_points, label)},
    BM_END_OF_FIELDS,
};

/* Without an `else` there would be no points when nothing holds. */
static void read_case_points(bm_reader *reader, const bm_node *node, void *member)
{
    bm_points *points = member;
    *points = (bm_points){.is_case = true, .node = node};
    bm_read_fields(reader, node, case_fields, points);
    points->text = points->when.text != NULL ? points->when.text : "else";
    if (node->kind != BM_MAP || !bm_check_case(reader, node, "points")) {
        return;
    }
    if (node->next == NULL && bm_node_get(node, "else") == NULL) {
        bm_reader_fail(reader, node, "the last case must be {else: POINTS}");
    }
}

static void read_points(bm_reader *reader, const bm_node *node, void *member)
{
    bm_item *item = member;
    item->points = bm_read_entries(reader, node, BM_MAP, sizeof *item->points, &item->count,
                                   read_option_points);
}

static void read_cases(bm_reader *reader, const bm_node *node, void *member)
{
    bm_item *item = member;
    item->points = bm_read_entries(reader, node, BM_SEQUENCE, sizeof *item->points, &item->count,
                                   read_case_points);
}

static const bm_field item_fields[] = {
    {"label", true, bm_read_text, offsetof(bm_item, label)},
    {"of", false, bm_read_name, offsetof(bm_item, of)},
    {"points", false, read_points, 0},
    {"cases", false, read_cases, 0},
    {"verified", false, bm_read_name, offsetof(bm_item, verified)},
    {"note", false, bm_read_text, offsetof(bm_item, note)},
    BM_END_OF_FIELDS,
};

static void check_item(bm_reader *reader, const bm_item *item)
{
    const bm_node *of = bm_node_get(item->node, "of"), *points = bm_node_get(item->node, "points");
    const bm_node *cases = bm_node_get(item->node, "cases");
    if (cases != NULL && (of != NULL || points != NULL)) {
        bm_reader_fail_key(reader, cases, "expected either 'of' with 'points', or 'cases'");
    } else if (cases == NULL && of == NULL && points == NULL) {
        bm_reader_fail(reader, item->node,
                       "nothing says what gives points; expected 'of' with 'points', or 'cases'");
    } else if (cases == NULL && of == NULL) {
        bm_reader_missing(reader, item->node, "of");
    } else if (cases == NULL && points == NULL) {
        bm_reader_missing(reader, item->node, "points");
    }
    const bm_node *list = cases != NULL ? cases : points;
    if (list != NULL && list->kind != BM_SCALAR && list->count == 0) {
        bm_reader_fail(reader, list, "nothing gives points");
    }
}

static void read_item(bm_reader *reader, const bm_node *node, void *member)
{
    bm_item *item = member;
    *item = (bm_item){.id = node->key, .node = node, .slot = -1};
    bm_check_id(reader, node);
    bm_read_fields(reader, node, item_fields, item);
    if (node->kind == BM_MAP) {
        check_item(reader, item);
    }
}

static void read_items(bm_reader *reader, const bm_node *node, void *member)
{
    bm_score *score = member;
    score->items =
        bm_read_entries(reader, node, BM_MAP, sizeof *score->items, &score->item_count, read_item);
    if (node->kind == BM_MAP && node->count == 0) {
        bm_reader_expected(reader, node, "at least one item");
    }
}

static void read_total(bm_reader *reader, const bm_node *node, void *member)
{
    bm_band *band = member;
    if (!bm_scalar_text(reader, node, "a range such as 0..6, <18.5 or >=30", &band->text)) {
        return;
    }
    const char *problem = bm_syntax_range(band->text, &band->total);
    if (problem != NULL) {
        bm_reader_fail(reader, node, "expected a range such as 0..6, <18.5 or >=30, found %q: %s",
                       band->text, problem);
    }
}

static void read_more(bm_reader *reader, const bm_node *node, void *member)
{
    bm_pairs *more = member;
    const char *text = NULL;
    if (!bm_scalar_text(reader, node, "text", &text)) {
        return;
    }
    if (more->items == NULL) {
        more->items = bm_reader_array(reader, (size_t)node->parent->count, sizeof *more->items);
    }
    if (more->items != NULL) {
        more->items[more->count++] = (bm_pair){.key = node->key, .value = text, .node = node};
    }
}

static const bm_field band_fields[] = {
    {"total", true, read_total, 0},
    {"label", true, bm_read_text, offsetof(bm_band, label)},
    {"meaning", false, bm_read_text, offsetof(bm_band, meaning)},
    {"action", false, bm_read_text, offsetof(bm_band, action)},
    {NULL, false, read_more, offsetof(bm_band, more)},
};

static void read_band(bm_reader *reader, const bm_node *node, void *member)
{
    bm_band *band = member;
    *band = (bm_band){.id = node->key, .node = node};
    if (!bm_is_option(node->key)) {
        bm_reader_fail_key(reader, node, "%q is no option: small letters, digits and underscores",
                           node->key);
    }
    bm_read_fields(reader, node, band_fields, band);
}

static void read_bands(bm_reader *reader, const bm_node *node, void *member)
{
    bm_score *score = member;
    score->bands =
        bm_read_entries(reader, node, BM_MAP, sizeof *score->bands, &score->band_count, read_band);
    if (score->band_count > BM_OPTIONS) {
        bm_reader_fail(reader, node, "%d bands; at most %d are possible", score->band_count,
                       BM_OPTIONS);
    }
    if (bm_reader_stopped(reader) ||
        !bm_codes_start(reader, &score->band_codes, score->band_count)) {
        return;
    }
    for (int i = 0; i < score->band_count; i++) {
        bm_codes_add(reader, &score->band_codes, score->bands[i].id, score->bands[i].label);
    }
}

static void read_direction(bm_reader *reader, const bm_node *node, void *member)
{
    static const char *const directions[] = {"higher_is_worse", "higher_is_better", NULL};
    const char **out = member;
    int direction = bm_scalar_word(reader, node, directions);
    if (direction >= 0) {
        *out = directions[direction];
    }
}

static void read_score_range(bm_reader *reader, const bm_node *node, void *member)
{
    bm_score *score = member;
    score->has_range = bm_scalar_range(reader, node, &score->low, &score->high);
}

static void read_cap(bm_reader *reader, const bm_node *node, void *member)
{
    bm_score *score = member;
    score->has_cap = bm_scalar_number(reader, node, &score->cap);
}

static const bm_field score_fields[] = {
    {"label", true, bm_read_text, offsetof(bm_score, label)},
    {"direction", true, read_direction, offsetof(bm_score, direction)},
    {"range", false, read_score_range, 0},
    {"items", true, read_items, 0},
    {"cap", false, read_cap, 0},
    {"only_bands", false, bm_read_switch, offsetof(bm_score, only_bands)},
    {"bands", false, read_bands, 0},
    {"note", false, bm_read_text, offsetof(bm_score, note)},
    BM_END_OF_FIELDS,
};

static void read_score(bm_reader *reader, const bm_node *node, void *member)
{
    bm_score *score = member;
    *score = (bm_score){.id = node->key,
                        .file = reader->file,
                        .node = node,
                        .total = -1,
                        .band = -1,
                        .applies = -1};
    bm_check_id(reader, node);
    bm_read_fields(reader, node, score_fields, score);
}

void bm_read_scores(bm_reader *reader, const bm_node *node, void *member)
{
    bm_guideline *guideline = member;
    guideline->scores = bm_read_entries(reader, node, BM_MAP, sizeof *guideline->scores,
                                        &guideline->score_count, read_score);
}

static void read_equation_range(bm_reader *reader, const bm_node *node, void *member)
{
    bm_equation *equation = member;
    equation->has_range = bm_scalar_range(reader, node, &equation->low, &equation->high);
}

static const bm_field equation_fields[] = {
    {"label", true, bm_read_text, offsetof(bm_equation, label)},
    {"unit", false, bm_read_unit, offsetof(bm_equation, unit)},
    {"value", true, bm_read_formula, offsetof(bm_equation, value)},
    {"range", false, read_equation_range, 0},
    {"note", false, bm_read_text, offsetof(bm_equation, note)},
    BM_END_OF_FIELDS,
};

static void read_equation(bm_reader *reader, const bm_node *node, void *member)
{
    bm_equation *equation = member;
    *equation = (bm_equation){.id = node->key, .node = node, .slot = -1, .applies = -1};
    bm_check_id(reader, node);
    bm_read_fields(reader, node, equation_fields, equation);
}

void bm_read_equations(bm_reader *reader, const bm_node *node, void *member)
{
    bm_guideline *guideline = member;
    guideline->equations = bm_read_entries(reader, node, BM_MAP, sizeof *guideline->equations,
                                           &guideline->equation_count, read_equation);
}
