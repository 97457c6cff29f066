/* SPDX-License-Identifier: Apache-2.0 */
/* Points: every option has them, or every number that can be. */
#include <float.h>
#include <math.h>

#include "guideline/complete.h"
#include "guideline/read_codes.h"
#include "guideline/read_fact.h"
#include "guideline/read_scalar.h"

static void complete_options(bm_reader *reader, bm_item *item, const bm_codes *codes)
{
    for (int i = 0; i < item->count; i++) {
        bm_points *points = &item->points[i];
        int option = bm_codes_expect_key(reader, points->node, codes);
        if (option >= 0) {
            points->label = codes != NULL ? codes->labels[option] : points->option;
        }
    }
    bm_complete_options(reader, bm_node_get(item->node, "points"), codes, "points");
}

static bool read_range(bm_reader *reader, bm_points *points)
{
    const char *problem = bm_syntax_range(points->text, &points->range);
    points->is_range = true;
    points->option = NULL;
    return problem == NULL ||
           bm_reader_fail_key(reader, points->node, "expected a range such as 0..6, found %q: %s",
                              points->text, problem);
}

/* The whole numbers of a range, as a range of its own. */
static bm_range whole_part(bm_range range)
{
    double low = ceil(range.low), high = floor(range.high);
    low += range.low_open && low <= range.low ? 1 : 0;
    high -= range.high_open && high >= range.high ? 1 : 0;
    return (bm_range){low, high, false, false};
}

static bool meet(bm_range a, bm_range b)
{
    double low = fmax(a.low, b.low), high = fmin(a.high, b.high);
    if (low < high) {
        return true;
    }
    bool open = (a.low >= low && a.low_open) || (b.low >= low && b.low_open) ||
                (a.high <= high && a.high_open) || (b.high <= high && b.high_open);
    return low <= high && !open;
}

/* A place on the line: at x, or just behind it. */
typedef struct {
    double x;
    bool behind;
} bm_edge;

static bool holds(bm_range range, bm_edge edge)
{
    bool from = range.low < edge.x || (range.low <= edge.x && (!range.low_open || edge.behind));
    bool to = range.high > edge.x || (range.high >= edge.x && !range.high_open && !edge.behind);
    return from && to;
}

/* The first place behind a range at which a value can be. */
static bm_edge edge_behind(bm_range range, const bm_fact *of)
{
    if (!of->type.whole) {
        return (bm_edge){range.high, !range.high_open};
    }
    double step = of->step > 0 ? of->step : 1;
    return (bm_edge){of->type.low + step * (floor((range.high - of->type.low) / step) + 1), false};
}

static const bm_points *points_at(const bm_item *item, bm_edge edge)
{
    for (int i = 0; i < item->count; i++) {
        if (holds(item->points[i].range, edge)) {
            return &item->points[i];
        }
    }
    return NULL;
}

static void check_gaps(bm_reader *reader, const bm_item *item, const bm_fact *of)
{
    bm_edge edge = {of->type.low, false};
    for (int i = 0; i <= item->count; i++) {
        const bm_points *points = points_at(item, edge);
        if (points == NULL) {
            bm_reader_fail(reader, bm_node_get(item->node, "points"),
                           edge.behind
                               ? "no points for numbers just above %n; %q goes from %n to %n"
                               : "no points for %n; %q goes from %n to %n",
                           edge.x, of->id, of->type.low, of->type.high);
            return;
        }
        edge = edge_behind(points->range, of);
        if (edge.x > of->type.high || (edge.behind && edge.x >= of->type.high)) {
            return;
        }
    }
}

static bool check_overlaps(bm_reader *reader, const bm_item *item)
{
    for (int i = 1; i < item->count; i++) {
        for (int j = 0; j < i; j++) {
            if (meet(item->points[i].range, item->points[j].range)) {
                return bm_reader_fail_key(reader, item->points[i].node, "%q overlaps with %q",
                                          item->points[i].text, item->points[j].text);
            }
        }
    }
    return true;
}

/* A number at which the fact can be; counts may go in steps. */
static bool can_be(const bm_fact *of, double x)
{
    double steps = (x - of->type.low) / (of->step > 0 ? of->step : 1);
    return !isfinite(x) || (x >= of->type.low && x <= of->type.high &&
                            (!of->type.whole || fabs(steps - floor(steps + 0.5)) < 1e-9));
}

/* A range that ends where no value is was meant for another fact, or is a slip. */
static void check_ends(bm_reader *reader, const bm_points *points, const bm_fact *of)
{
    const bm_range *range = &points->range;
    bool low = range->low_open || can_be(of, range->low);
    bool high = range->high_open || can_be(of, range->high);
    if (!low || !high) {
        bm_reader_fail_key(reader, points->node,
                           "%q ends where %q has no value; it goes from %n to %n%s", points->text,
                           of->id, of->type.low, of->type.high, of->step > 0 ? " in steps" : "");
    }
}

static void complete_ranges(bm_reader *reader, bm_item *item, const bm_fact *of)
{
    bool good = true;
    for (int i = 0; i < item->count; i++) {
        good &= read_range(reader, &item->points[i]);
        if (good) {
            check_ends(reader, &item->points[i], of);
        }
        if (of->type.whole) {
            item->points[i].range = whole_part(item->points[i].range);
        }
    }
    bool bounded = of->type.low > -DBL_MAX && of->type.high < DBL_MAX;
    if (good && check_overlaps(reader, item) && bounded) {
        check_gaps(reader, item, of);
    }
}

/* The expression of a local value tells its type later; until then the keys tell what they are. */
static void complete_by_keys(bm_reader *reader, bm_item *item)
{
    bm_range range;
    if (item->count > 0 && bm_syntax_range(item->points[0].text, &range) != NULL) {
        complete_options(reader, item, NULL);
        return;
    }
    for (int i = 0; i < item->count; i++) {
        read_range(reader, &item->points[i]);
    }
}

static void complete_item(bm_reader *reader, const bm_guideline *guideline, bm_item *item)
{
    const bm_node *node = bm_node_get(item->node, "of");
    if (item->of == NULL || item->count == 0 || item->points[0].is_case) {
        return;
    }
    const bm_fact *of = bm_complete_find(reader, guideline, guideline->kind, node, item->of);
    if (of == NULL) {
        return;
    }
    if (bm_fact_is_untyped(of)) {
        complete_by_keys(reader, item);
    } else if (of->type.base == BM_NUMBER) {
        complete_ranges(reader, item, of);
    } else if (of->type.base == BM_SET) {
        bm_reader_fail(reader, node, "%q is a set, which has no single option; use 'cases'",
                       item->of);
    } else {
        complete_options(reader, item, of->type.base == BM_CODE ? of->type.codes : NULL);
    }
}

void bm_complete_points(bm_reader *reader)
{
    const bm_definitions *definitions = reader->definitions;
    for (int i = 0; i < definitions->guideline_count; i++) {
        const bm_guideline *guideline = &definitions->guidelines[i];
        for (int j = 0; j < guideline->score_count; j++) {
            for (int k = 0; k < guideline->scores[j].item_count; k++) {
                complete_item(reader, guideline, &guideline->scores[j].items[k]);
            }
        }
    }
}
