/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers when a program is folded. Of one that is only compared it matters between which limits it
 * lies; points are added as bytes; the others stand in cells. */
#include <math.h>
#include <string.h>

#include "engine/arithmetic.h"
#include "engine/exact_fast.h"
#include "engine/fold_math.h"

/* ---- limits, found backwards ---- */

static bool is_number(const bm_folder *f, int kind, int32_t slot)
{
    return f->program->kinds[kind].base[slot] == BM_NUMBER;
}

/* In order; one that stands already is not added. */
static void add_limit(bm_folder *f, bm_folded *slot, double limit)
{
    int at = 0;
    if (!slot->limits)
        slot->limits = bm_fold_take(f, 1, sizeof *slot->limits);
    bm_fold_limits *all = slot->limits;
    if (!all || isnan(limit) || limit <= -INFINITY)
        return;
    while (at < all->count && all->at[at] < limit)
        at++;
    if (at < all->count && all->at[at] <= limit)
        return;
    if (all->count == BM_STEPS_UP) {
        slot->exact = true;
        return;
    }
    memmove(all->at + at + 1, all->at + at, (size_t)(all->count - at) * sizeof *all->at);
    all->at[at] = limit;
    all->count++;
}

/* What is copied matters as much as the copy. */
static void pass_on(bm_folder *f, const bm_folded *to, int kind, int32_t from)
{
    bm_folded *slot = bm_fold_slot(f, kind, from);
    slot->exact |= to->exact;
    for (int i = 0; to->limits && i < to->limits->count; i++)
        add_limit(f, slot, to->limits->at[i]);
}

/* A number that is compared with the borders of a constant. */
static void limit_by(bm_folder *f, bm_folded *slot, bm_do code, bool left, bm_twin constant)
{
    const double ends[4] = {constant.plain.low.number, constant.plain.high.number,
                            constant.strict.low.number, constant.strict.high.number};
    for (int i = 0; i < 4; i++) {
        bool open = code == BM_DO_LT;
        bm_cut cut = {ends[i], ends[i], open, open, 0};
        if (left || code == BM_DO_EQ)
            add_limit(f, slot, bm_ladder_first(&cut, true));
        if (!left || code == BM_DO_EQ)
            add_limit(f, slot, bm_ladder_first(&cut, false));
    }
}

static void limit_comparison(bm_folder *f, const bm_op *op)
{
    bm_folded *a = bm_fold_slot(f, op->kind, op->a), *b = bm_fold_slot(f, op->kind, op->b);
    bm_folded *slot = a->varies ? a : b;
    int32_t other = a->varies ? op->b : op->a;
    if (a->varies && b->varies) {
        a->exact = b->exact = true;
        return;
    }
    limit_by(f, slot, (bm_do)op->code, slot == a,
             (bm_twin){f->plain.cells[op->kind][other], f->strict.cells[op->kind][other]});
}

static void need_exactly(bm_folder *f, const bm_op *op)
{
    bm_read reads[BM_READS];
    int count = bm_op_reads(f->program, op, reads);
    for (int r = 0; r < count; r++)
        if (is_number(f, reads[r].kind, reads[r].slot))
            bm_fold_slot(f, reads[r].kind, reads[r].slot)->exact = true;
}

/* Whether a number that is made of others is known cannot be told from places among limits: two
 * numbers in one place would seem to be the same. What is entered is one number or none. */
static void ask_exactly(bm_folder *f, const bm_op *op)
{
    if (op->base == BM_NUMBER && op->a >= f->program->kinds[op->kind].inputs)
        bm_fold_slot(f, op->kind, op->a)->exact = true;
}

static void find_limit(bm_folder *f, const bm_op *op)
{
    const bm_folded *to = op->code == BM_DO_ROW ? NULL : bm_fold_slot(f, op->kind, op->to);
    if (!to || !to->needed || !f->op_needed[op - f->program->ops])
        return;
    switch ((bm_do)op->code) {
    case BM_DO_LT:
    case BM_DO_LE:
    case BM_DO_EQ:
        limit_comparison(f, op);
        break;
    case BM_DO_CUT:
        for (int i = 0; i < f->program->cuts[op->b].count; i++) {
            bm_folded *slot = bm_fold_slot(f, op->kind, op->a);
            add_limit(f, slot, bm_ladder_first(&f->program->cuts[op->b].cuts[i], false));
            add_limit(f, slot, bm_ladder_first(&f->program->cuts[op->b].cuts[i], true));
        }
        break;
    case BM_DO_SUPPLY:
    case BM_DO_IF_NUMBER:
        pass_on(f, to, op->kind, op->a);
        pass_on(f, to, op->kind, op->b);
        break;
    case BM_DO_ASSUME:
        pass_on(f, to, op->kind, op->a);
        ask_exactly(f, op);
        break;
    case BM_DO_FROM_PATIENT:
        pass_on(f, to, 0, op->a);
        break;
    case BM_DO_KNOWN:
    case BM_DO_MISSING:
        ask_exactly(f, op);
        break;
    case BM_DO_GIVEN:
    case BM_DO_STATED:
    case BM_DO_RESTATED:
        break;
    default:
        need_exactly(f, op);
    }
}

void bm_fold_find_limits(bm_folder *f)
{
    for (int u = f->plan->count - 1; u >= 0; u--) {
        const bm_unit_of_work *unit = &f->program->units[f->plan->units[u]];
        for (int i = unit->end - 1; i >= unit->first; i--)
            find_limit(f, &f->program->ops[i]);
    }
}

/* ---- inputs ---- */

/* Any number of a stretch stands for it. */
static double in_stretch(const bm_fold_limits *limits, int i)
{
    return i == 0 ? -INFINITY : limits->at[i - 1];
}

static const double *keep_limits(bm_folder *f, const bm_fold_limits *limits)
{
    double *kept = bm_fold_keep(f, (size_t)limits->count + 1, sizeof *kept);
    if (kept)
        memcpy(kept, limits->at, (size_t)limits->count * sizeof *kept);
    return kept;
}

static void between_limits(bm_folder *f, int n, bm_folded *slot, bm_cell rest, uint8_t entered)
{
    static const bm_fold_limits none;
    const bm_fold_limits *limits = slot->limits ? slot->limits : &none;
    int states = limits->count + 2;
    uint8_t *bytes, *given = bm_fold_take(f, (size_t)states, 1);
    bm_twin *cells = bm_fold_take(f, (size_t)states, sizeof *cells);
    slot->column = slot->given = bm_fold_new_column(f, states, &bytes);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_cells_kernel(BM_FOLD_CLIMB, f->level));
    if (!given || !cells || !step || slot->column < 0)
        return;
    for (int i = 0; i <= limits->count; i++) {
        double x = in_stretch(limits, i);
        bm_cell cell = {.low.number = x, .high.number = x};
        cells[i] = (bm_twin){cell, cell};
        given[i] = 1;
    }
    cells[states - 1] = (bm_twin){rest, rest};
    given[states - 1] = entered;
    slot->cells = cells;
    slot->given_flags = given;
    step->to = bytes;
    step->rungs = keep_limits(f, limits);
    step->rung_count = limits->count;
    step->input = n;
}

/* Numbers that matter as such, and sets. */
static void as_cells(bm_folder *f, int n, bm_folded *slot, bm_cell rest, uint8_t entered)
{
    uint8_t *bytes, *given = bm_fold_take(f, 2, 1);
    slot->form = BM_AS_CELLS;
    slot->wide = bm_fold_keep(f, 1, sizeof *slot->wide);
    slot->given = bm_fold_new_column(f, 2, &bytes);
    bm_fold_step *nulls = bm_fold_new_step(f, bm_fold_nulls);
    if (f->no_memory || !bm_fold_new_ends(f, &slot->wide->plain))
        return;
    slot->wide->strict = slot->wide->plain;
    nulls->to = bytes;
    nulls->input = n;
    bm_fold_step *spread = bm_fold_new_step(f, bm_fold_cells_kernel(BM_FOLD_SPREAD, f->level));
    if (!spread)
        return;
    spread->wide.plain = slot->wide->plain;
    spread->input = n;
    spread->blank = rest;
    given[0] = 1;
    given[1] = entered;
    slot->given_flags = given;
    f->fold->takes_parts[n] = true;
}

void bm_fold_number_input(bm_folder *f, int n, bm_folded *slot)
{
    int kind = f->inputs[n].kind;
    int32_t input = f->inputs[n].input;
    bm_cell rest = f->plain.cells[kind][input];
    if (is_number(f, kind, input) && !slot->exact)
        between_limits(f, n, slot, rest, f->plain.given[kind][input]);
    else
        as_cells(f, n, slot, rest, f->plain.given[kind][input]);
}

/* ---- cells that are compared ---- */

static int rung_column(bm_folder *f, const bm_fold_limits *limits, bm_ends ends)
{
    uint8_t *bytes;
    int places = limits->count + 1, column = bm_fold_new_column(f, places * places, &bytes);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_cells_kernel(BM_FOLD_PLACES, f->level));
    if (column < 0 || !step)
        return -1;
    step->to = bytes;
    step->wide = (bm_wide){ends, ends};
    step->rungs = keep_limits(f, limits);
    step->rung_count = limits->count;
    return column;
}

void bm_fold_rungs(bm_folder *f, bm_folded *slot)
{
    const bm_fold_limits *limits = slot->limits;
    int places = limits->count + 1;
    if (slot->rungs >= 0 || places * places > BM_STATES)
        return;
    bm_twin *cells = bm_fold_take(f, (size_t)places * (size_t)places, sizeof *cells);
    for (int low = 0; cells && low < places; low++)
        for (int high = 0; high < places; high++) {
            bm_cell cell = {.low.number = in_stretch(limits, low < high ? low : high),
                            .high.number = in_stretch(limits, low < high ? high : low)};
            cells[low * places + high] = (bm_twin){cell, cell};
        }
    slot->rungs = slot->strict_rungs = rung_column(f, limits, slot->wide->plain);
    if (bm_has_twin(slot->wide))
        slot->strict_rungs = rung_column(f, limits, slot->wide->strict);
    slot->rung_cells = cells;
}

/* ---- sums of points ---- */

static bool is_whole(double x)
{
    return floor(x) >= x;
}

/* Points are small, and at finest halves, so that sums of them are the same in any order. */
static bool are_points(const bm_folder *f, const bm_folded *slot)
{
    int states = slot->column < 0 ? 1 : f->fold->columns[slot->column].states;
    if (slot->form == BM_AS_SUM)
        return true;
    if (slot->form != BM_AS_TABLE || !slot->cells)
        return false;
    for (int s = 0; s < states; s++) {
        const bm_cell *cell = &slot->cells[s].plain;
        if (!bm_same_bits(*cell, slot->cells[s].strict) || fabs(cell->low.number) > 255 ||
            fabs(cell->high.number) > 255 || !is_whole(cell->low.number * 2) ||
            !is_whole(cell->high.number * 2))
            return false;
    }
    return true;
}

static bool add_terms(bm_fold_sum *sum, const bm_folded *slot)
{
    if (slot->form == BM_AS_SUM) {
        if (sum->count + slot->sum->count > BM_TERMS)
            return false;
        memcpy(sum->terms + sum->count, slot->sum->terms,
               (size_t)slot->sum->count * sizeof *sum->terms);
        sum->count += slot->sum->count;
        sum->base += slot->sum->base;
        sum->base_high += slot->sum->base_high;
        return true;
    }
    if (slot->column < 0) {
        sum->base += slot->cells[0].plain.low.number;
        sum->base_high += slot->cells[0].plain.high.number;
        return true;
    }
    if (sum->count == BM_TERMS)
        return false;
    sum->terms[sum->count++] = (bm_fold_term){slot->column, slot->cells};
    return true;
}

/* The least and the most of a term, of its lower and upper ends. */
typedef struct {
    double least[2], most[2];
    bool whole;
} term_range;

static term_range range_of(const bm_folder *f, const bm_fold_term *term)
{
    term_range range = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}, true};
    for (int s = 0; s < f->fold->columns[term->column].states; s++) {
        const double ends[2] = {term->cells[s].plain.low.number, term->cells[s].plain.high.number};
        for (int e = 0; e < 2; e++) {
            range.least[e] = ends[e] < range.least[e] ? ends[e] : range.least[e];
            range.most[e] = ends[e] > range.most[e] ? ends[e] : range.most[e];
            range.whole &= is_whole(ends[e]);
        }
    }
    return range;
}

/* How many states the two ends have, and in which steps. */
static bool measure(const bm_folder *f, bm_fold_sum *sum)
{
    double width[2] = {0, 0};
    bool whole = is_whole(sum->base) && is_whole(sum->base_high);
    sum->low_base = sum->base;
    sum->high_base = sum->base_high;
    for (int i = 0; i < sum->count; i++) {
        term_range range = range_of(f, &sum->terms[i]);
        sum->low_base += range.least[0];
        sum->high_base += range.least[1];
        width[0] += range.most[0] - range.least[0];
        width[1] += range.most[1] - range.least[1];
        whole &= range.whole;
    }
    sum->unit = whole ? 1 : 0.5;
    if (width[0] / sum->unit >= BM_STATES || width[1] / sum->unit >= BM_STATES)
        return false;
    sum->low_states = (int)(width[0] / sum->unit) + 1;
    sum->high_states = (int)(width[1] / sum->unit) + 1;
    return true;
}

bool bm_fold_add(bm_folder *f, const bm_op *op)
{
    const bm_folded *a = bm_fold_slot(f, op->kind, op->a), *b = bm_fold_slot(f, op->kind, op->b);
    bm_folded *to = bm_fold_slot(f, op->kind, op->to);
    bool both_tables = a->form == BM_AS_TABLE && b->form == BM_AS_TABLE;
    if (both_tables && (a->column < 0 || b->column < 0 || a->column == b->column))
        return false; /* the sum is a table too */
    if (!are_points(f, a) || !are_points(f, b))
        return false;
    bm_fold_sum *sum = bm_fold_take(f, 1, sizeof *sum);
    if (!sum || !add_terms(sum, a) || !add_terms(sum, b) || !measure(f, sum))
        return false;
    sum->low = sum->high = -1;
    to->form = BM_AS_SUM;
    to->sum = sum;
    return true;
}

static void fill_source(const bm_folder *f, const bm_fold_sum *sum, const bm_fold_term *term,
                        bm_fold_source *out)
{
    term_range range = range_of(f, term);
    out->column = term->column;
    out->used = f->fold->columns[term->column].states;
    for (int s = 0; s < out->used; s++) {
        const bm_cell *cell = &term->cells[s].plain;
        out->low[s] = (uint8_t)((cell->low.number - range.least[0]) / sum->unit);
        out->high[s] = (uint8_t)((cell->high.number - range.least[1]) / sum->unit);
    }
}

bool bm_fold_sum_bytes(bm_folder *f, bm_fold_sum *sum)
{
    uint8_t *low, *high;
    if (sum->low >= 0)
        return true;
    sum->low = bm_fold_new_column(f, sum->low_states, &low);
    sum->high = bm_fold_new_column(f, sum->high_states, &high);
    bm_fold_source *sources = bm_fold_keep(f, (size_t)sum->count, sizeof *sources);
    bm_fold_step *step = bm_fold_new_step(f, bm_fold_sum_up);
    if (f->no_memory)
        return false;
    step->to = low;
    step->to_high = high;
    step->sources = sources;
    step->source_count = sum->count;
    for (int i = 0; i < sum->count; i++)
        fill_source(f, sum, &sum->terms[i], &sources[i]);
    return true;
}
