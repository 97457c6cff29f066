/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/verify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/arithmetic.h"
#include "engine/witness.h"

enum { MOST_TOTALS = 4096, FEW_UNUSED = 3 };

/* A sorted list with room for one more than is allowed, which tells that there are too many. */
typedef struct {
    double *values;
    size_t count;
} bm_totals;

typedef struct {
    bonemets_guidelines *set;
    bm_arena scratch;
    bm_totals totals[3]; /* served by scratch; the same for all scores */
    bm_search search;
    bool started; /* the search */
    bonemets_error *err;
    const bm_guideline *guideline;
    bool failed;
    bool no_memory;
} bm_check;

static void complain(bm_check *check, int severity, const bm_file *file, const bm_node *node,
                     const char *format, ...)
{
    char path[200], message[400];
    bm_text text;
    bm_text_init(&text, message, sizeof message);
    va_list arguments;
    va_start(arguments, format);
    bm_put_format_list(&text, format, arguments);
    va_end(arguments);
    bm_place place = bm_node_place(file->name, node, path, sizeof path);
    bm_report(check->err, severity, BONEMETS_E_RULE, &place, "%s", message);
    check->failed |= severity == BONEMETS_SEVERITY_ERROR;
}

static void refuse(bm_check *check, const bm_node *node, const char *what, double number,
                   const char *rest)
{
    complain(check, BONEMETS_SEVERITY_ERROR, check->guideline->file, node, "%s %n%s", what, number,
             rest);
}

/* ---- totals that can occur ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t distinct(double *values, size_t count)
{
    size_t kept = 0;
    qsort(values, count, sizeof *values, by_value);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || bm_less(values[kept - 1], values[i]))
            values[kept++] = values[i];
    return kept;
}

static void keep(bm_totals *to, double value)
{
    if (to->count <= MOST_TOTALS && (to->count == 0 || bm_less(to->values[to->count - 1], value)))
        to->values[to->count++] = value;
}

/* What is in `sums`, and what is in `before` with the points added. */
static void merge(bm_totals *out, const bm_totals *sums, const bm_totals *before, double points)
{
    size_t a = 0, b = 0;
    out->count = 0;
    while (out->count <= MOST_TOTALS && (a < sums->count || b < before->count)) {
        bool first = b == before->count ||
                     (a < sums->count && sums->values[a] <= before->values[b] + points);
        keep(out, first ? sums->values[a++] : before->values[b++] + points);
    }
}

static void swap(bm_totals *a, bm_totals *b)
{
    bm_totals old = *a;
    *a = *b;
    *b = old;
}

/* Every total so far and each different number of points of the item. False without memory. */
static bool add_item(bm_check *check, const bm_item *item)
{
    bm_totals *t = check->totals;
    double *points = bm_arena_array(&check->scratch, (size_t)item->count + 1, sizeof *points);
    if (!points)
        return false;
    for (int p = 0; p < item->count; p++)
        points[p] = item->points[p].points;
    size_t count = distinct(points, (size_t)item->count);
    t[1].count = 0;
    for (size_t p = 0; p < count && t[1].count <= MOST_TOTALS; p++) {
        merge(&t[2], &t[1], &t[0], points[p]);
        swap(&t[1], &t[2]);
    }
    swap(&t[0], &t[1]);
    return true;
}

static bool start_totals(bm_check *check)
{
    for (int i = 0; i < 3; i++) {
        bm_totals *t = &check->totals[i];
        if (!t->values)
            t->values = bm_arena_array(&check->scratch, MOST_TOTALS + 1, sizeof *t->values);
        if (!t->values)
            return false;
    }
    check->totals[0].values[0] = 0;
    check->totals[0].count = 1;
    return true;
}

/* All sums of one option for each item; 0 when memory runs out or there are too many, which is an
 * error: bands that cannot be checked cannot be trusted. */
static size_t reachable_totals(bm_check *check, const bm_score *score, double **out)
{
    bm_totals *sums = &check->totals[0];
    check->no_memory |= !start_totals(check);
    for (int i = 0; i < score->item_count && !check->no_memory; i++) {
        check->no_memory |= !add_item(check, &score->items[i]);
        if (sums->count > MOST_TOTALS) {
            complain(check, BONEMETS_SEVERITY_ERROR, check->guideline->file, score->node,
                     "it has more than %d different totals, too many to check", (int)MOST_TOTALS);
            return 0;
        }
    }
    if (check->no_memory)
        return 0;
    for (size_t s = 0; score->has_cap && s < sums->count; s++)
        sums->values[s] = fmin(sums->values[s], score->cap);
    *out = sums->values;
    return distinct(sums->values, sums->count);
}

static bool in_range(const bm_range *range, double x)
{
    bm_cut cut = {range->low, range->high, range->low_open, range->high_open, 0};
    bm_cuts one = {1, &cut};
    return bm_cut_find(&one, x) == 0;
}

static void check_bands(bm_check *check, const bm_score *score, const double *totals, size_t count)
{
    for (size_t i = 0; i < count && score->band_count; i++) {
        const bm_band *first = NULL;
        for (int b = 0; b < score->band_count; b++) {
            if (!in_range(&score->bands[b].total, totals[i]))
                continue;
            if (first) {
                complain(check, BONEMETS_SEVERITY_ERROR, check->guideline->file,
                         score->bands[b].node, "overlaps band %q: both hold the total %n",
                         first->id, totals[i]);
                return;
            }
            first = &score->bands[b];
        }
        if (!first) {
            refuse(check, score->node, "no band holds the total", totals[i], ", which can occur");
            return;
        }
    }
}

static void check_empty_bands(bm_check *check, const bm_score *score, const double *totals,
                              size_t count)
{
    for (int b = 0; b < score->band_count; b++) {
        bool met = false;
        for (size_t i = 0; i < count; i++)
            met |= in_range(&score->bands[b].total, totals[i]);
        if (!met)
            complain(check, BONEMETS_SEVERITY_ERROR, check->guideline->file, score->bands[b].node,
                     "no total that can occur lies in band %q", score->bands[b].id);
    }
}

/* A band that ends where no total is was meant for another score, or is a slip. */
static void check_band_ends(bm_check *check, const bm_score *score, double least, double most)
{
    for (int b = 0; b < score->band_count; b++) {
        const bm_range *range = &score->bands[b].total;
        if ((isfinite(range->low) && range->low < least - BM_TOLERANCE) ||
            (isfinite(range->high) && range->high > most + BM_TOLERANCE))
            complain(check, BONEMETS_SEVERITY_ERROR, check->guideline->file, score->bands[b].node,
                     "it reaches beyond the totals that can occur, %n to %n", least, most);
    }
}

static void check_score(bm_check *check, const bm_score *score)
{
    double *totals = NULL;
    size_t count = reachable_totals(check, score, &totals);
    if (count == 0)
        return;
    check_bands(check, score, totals, count);
    check_empty_bands(check, score, totals, count);
    check_band_ends(check, score, totals[0], totals[count - 1]);
    if (!score->has_range)
        return;
    if (fabs(totals[0] - score->low) > BM_TOLERANCE)
        refuse(check, score->node, "the lowest total that can occur is", totals[0],
               ", not that of 'range'");
    if (fabs(totals[count - 1] - score->high) > BM_TOLERANCE)
        refuse(check, score->node, "the highest total that can occur is", totals[count - 1],
               ", not that of 'range'");
}

/* ---- rows and choices ---- */

/* Of the tables at hand, rows that were heard took up to 340 and complete choices up to 30. */
enum { BUDGET_OF_A_ROW = 1000 };

/* The facts of a witness, for the message. */
static void describe_witness(const bm_check *check, const bm_search *search, bm_text *text)
{
    const bm_program *p = search->frame.program;
    for (int k = 0; k < p->kind_count; k++)
        for (int32_t i = 0; i < p->kinds[k].inputs; i++) {
            const bm_fact *fact = bm_set_input_fact(check->set, k, i);
            bm_cell cell = search->frame.cells[k][i];
            if (!search->given[k][i])
                continue;
            bm_put(text, text->length ? ", " : "");
            bm_put(text, fact->id);
            if (fact->type.base == BM_BOOL)
                bm_put(text, cell.low.mask & BM_YES ? " = yes" : " = no");
            else if (fact->type.base == BM_CODE)
                bm_put_format(text, " = %s", fact->type.codes->ids[__builtin_ctzll(cell.low.mask)]);
            else if (fact->type.base == BM_NUMBER)
                bm_put_format(text, " = %n", cell.low.number);
        }
}

/* True when a record was found in which it speaks. */
static bool check_row(bm_check *check, bm_search *search, bm_row_def *row)
{
    const bm_guideline *guideline = check->guideline;
    switch (bm_search_row(search, &guideline->plan, guideline->kind, row->row, BUDGET_OF_A_ROW)) {
    case BM_FOUND:
        return true;
    case BM_IMPOSSIBLE:
        complain(check, BONEMETS_SEVERITY_ERROR, guideline->file, row->node,
                 "row %q can never speak: its condition cannot hold, or earlier rows always decide "
                 "otherwise",
                 row->id);
        break;
    case BM_GAVE_UP:
        row->unproven = true; /* an example may show it yet */
        break;
    }
    return false;
}

/* One record makes several rows speak; those need no search of their own. */
static void mark_heard(const bm_check *check, bm_search *search, bool *heard)
{
    const bm_guideline *guideline = check->guideline;
    bm_search_spread(search, &guideline->plan);
    for (int i = 0; i < guideline->row_count; i++)
        heard[i] |= guideline->rows[i].row >= 0 &&
                    bm_search_speaks(search, guideline->kind, guideline->rows[i].row);
}

static void check_rows(bm_check *check, bm_search *search)
{
    const bm_guideline *guideline = check->guideline;
    bool *heard = bm_arena_array(&check->scratch, (size_t)guideline->row_count, sizeof *heard);
    if (!heard) {
        check->no_memory = true;
        return;
    }
    memset(heard, 0, (size_t)guideline->row_count * sizeof *heard);
    for (int i = 0; i < guideline->row_count; i++)
        if (guideline->rows[i].row >= 0 && !heard[i] &&
            check_row(check, search, &guideline->rows[i]))
            mark_heard(check, search, heard);
}

static void check_choice(bm_check *check, bm_search *search, const bm_choice *choice)
{
    const bm_guideline *guideline = check->guideline;
    if (choice->optional || choice->row_count == 0)
        return;
    if (bm_search_unset(search, &guideline->plan, guideline->kind, choice->slot, guideline->applies,
                        BUDGET_OF_A_ROW) != BM_FOUND)
        return;
    char facts[300];
    bm_text text;
    bm_text_init(&text, facts, sizeof facts);
    describe_witness(check, search, &text);
    complain(check, BONEMETS_SEVERITY_ERROR, guideline->file, choice->node,
             "no row of choice %q covers: %s; add a row, or say 'optional: true'", choice->id,
             facts);
}

static void check_decisions(bm_check *check)
{
    const bm_guideline *guideline = check->guideline;
    if (guideline->row_count == 0)
        return;
    if (!check->started &&
        !bm_search_start(&check->search, &check->scratch, &check->set->program)) {
        check->no_memory = true;
        return;
    }
    check->started = true;
    check_rows(check, &check->search);
    for (int i = 0; i < guideline->choice_count; i++)
        check_choice(check, &check->search, &guideline->choices[i]);
}

/* ---- all of it ---- */

static void check_guideline(bm_check *check, const bm_guideline *guideline)
{
    check->guideline = guideline;
    for (int i = 0; i < guideline->score_count; i++)
        check_score(check, &guideline->scores[i]);
    if (!check->failed)
        check_decisions(check);
}

/* One of those may read it. */
static bool some_are_off(const bm_definitions *definitions)
{
    for (int i = 0; i < definitions->guideline_count; i++)
        if (definitions->guidelines[i].off)
            return true;
    return false;
}

static void check_unused(bm_check *check)
{
    const bm_definitions *definitions = &check->set->definitions;
    const bm_fact *first = NULL;
    int unused = 0;
    if (definitions->spare_facts || definitions->guideline_count == 0 || some_are_off(definitions))
        return;
    for (int i = 0; i < definitions->fact_count; i++) {
        const bm_fact *fact = &definitions->facts[i];
        if (fact->used || fact->descriptive || fact->is_value)
            continue;
        first = first ? first : fact;
        if (unused++ < FEW_UNUSED)
            complain(check, BONEMETS_SEVERITY_WARNING, fact->file, fact->node,
                     "no table reads fact %q", fact->id);
    }
    if (unused > FEW_UNUSED)
        complain(check, BONEMETS_SEVERITY_WARNING, first->file, first->node,
                 "no table reads %d more facts of the vocabulary", unused - FEW_UNUSED);
}

bonemets_status bm_verify(bonemets_guidelines *set, bonemets_error *err)
{
    bm_check check = {.set = set, .err = err};
    bm_arena_init(&check.scratch, &set->memory);
    for (int i = 0; i < set->definitions.guideline_count; i++)
        if (!set->definitions.guidelines[i].off)
            check_guideline(&check, &set->definitions.guidelines[i]);
    check_unused(&check);
    bm_arena_free(&check.scratch);
    if (check.no_memory)
        return BONEMETS_E_MEMORY;
    return check.failed ? BONEMETS_E_RULE : BONEMETS_OK;
}
