/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/witness.h"

#include <math.h>
#include <string.h>

#include "engine/reads.h"
#include "engine/why.h"

static bool start_kind(bm_search *search, bm_arena *arena, int k)
{
    const bm_kind *kind = &search->frame.program->kinds[k];
    search->frame.records[k] = 1;
    search->frame.cells[k] = bm_arena_array(arena, (size_t)kind->slots + 1, sizeof(bm_cell));
    search->given[k] = bm_arena_array(arena, (size_t)kind->inputs + 1, 1);
    search->needed[k] = bm_arena_array(arena, (size_t)kind->slots + 1, sizeof(bool));
    search->asked[k] = bm_arena_array(arena, (size_t)kind->inputs + 1, sizeof(bool));
    search->frame.given[k] = search->given[k];
    if (!search->frame.cells[k] || !search->given[k] || !search->needed[k] || !search->asked[k])
        return false;
    if (kind->inputs)
        memcpy(search->frame.cells[k], kind->blank, (size_t)kind->inputs * sizeof *kind->blank);
    return true;
}

bool bm_search_start(bm_search *search, bm_arena *arena, const bm_program *program)
{
    memset(search, 0, sizeof *search);
    search->frame.program = program;
    for (int k = 0; k < program->kind_count; k++)
        if (!start_kind(search, arena, k))
            return false;
    size_t words = bm_marks_words(&search->frame);
    search->marks = bm_arena_array(arena, words, sizeof *search->marks);
    search->frozen = bm_arena_array(arena, words, sizeof *search->frozen);
    search->ops = bm_arena_array(arena, (size_t)program->op_count + 1, sizeof *search->ops);
    return search->marks && search->frozen && search->ops &&
           bm_again_start(&search->again, arena, program);
}

/* What is looked for. */
typedef struct {
    const bm_plan *plan;
    int kind;
    int32_t row; /* -1: the choice */
    int32_t choice;
    int32_t
        applies; /* where the choice is asked for; -1: always, or a row, which holds only there */
} bm_goal;

static bm_cell goal_cell(const bm_search *search, const bm_goal *goal)
{
    const bm_program *p = search->frame.program;
    int32_t slot = goal->row >= 0 ? p->rows[goal->row].slot : goal->choice;
    return bm_frame_cells(&search->frame, goal->kind, 0)[slot];
}

/* Whether the table applies: yes, no, or either. */
static uint64_t applying(const bm_search *search, const bm_goal *goal)
{
    return goal->applies < 0
               ? BM_YES
               : bm_frame_cells(&search->frame, goal->kind, 0)[goal->applies].low.mask & BM_EITHER;
}

static bool reached(bm_cell cell, const bm_goal *goal)
{
    return goal->row >= 0 ? (cell.low.mask & BM_ROW_MUST) != 0 : cell.low.mask == BM_UNSET;
}

static bool reachable(bm_cell cell, const bm_goal *goal)
{
    return goal->row >= 0 ? (cell.low.mask & BM_ROW_MAY) != 0 : (cell.low.mask & BM_UNSET) != 0;
}

/* ---- the operations on which the goal hangs ---- */

static bool row_matters(const bm_search *search, const bm_op *op)
{
    const bm_row *row = &search->frame.program->rows[op->a];
    bool *needed = search->needed[op->kind];
    bool matters = needed[row->slot] || (row->choice >= 0 && needed[row->choice]);
    for (int i = 0; i < row->set_count; i++)
        matters |= needed[row->sets[i].choice];
    return matters;
}

static bool is_question(const bm_op *op)
{
    return op->code == BM_DO_KNOWN || op->code == BM_DO_MISSING || op->code == BM_DO_ASSUME ||
           op->code == BM_DO_SHOWN;
}

static void take_op(bm_search *search, int32_t index)
{
    const bm_program *p = search->frame.program;
    const bm_op *op = &p->ops[index];
    bm_read reads[BM_READS];
    bool matters =
        op->code == BM_DO_ROW ? row_matters(search, op) : search->needed[op->kind][op->to];
    if (!matters)
        return;
    search->needed[op->kind][op->code == BM_DO_ROW ? p->rows[op->a].slot : op->to] = true;
    int count = bm_op_reads(p, op, reads);
    for (int i = 0; i < count; i++)
        search->needed[reads[i].kind][reads[i].slot] = true;
    search->ops[search->op_count++] = index;
    search->silent |= is_question(op);
    search->shown |= op->code == BM_DO_SHOWN;
}

/* The inputs that the questions among the operations ask about. */
static void find_asked(bm_search *search)
{
    const bm_program *p = search->frame.program;
    for (int k = 0; k < p->kind_count; k++)
        memset(search->asked[k], 0, (size_t)p->kinds[k].inputs * sizeof(bool));
    bm_marks marks;
    bm_marks_init(&marks, &search->frame, search->marks);
    for (int i = 0; i < search->op_count; i++) {
        const bm_op *op = &p->ops[search->ops[i]];
        if (is_question(op) && (op->code != BM_DO_SHOWN || search->freeze_shown))
            bm_why_named(&search->frame, op->kind, 0, op->a, &marks);
    }
    for (int k = 0; k < p->kind_count; k++)
        for (int32_t i = 0; i < p->kinds[k].inputs; i++)
            search->asked[k][i] = bm_marked(&marks, &search->frame, k, 0, i);
}

static void take_ops(bm_search *search, const bm_goal *goal)
{
    const bm_program *p = search->frame.program;
    for (int k = 0; k < p->kind_count; k++)
        memset(search->needed[k], 0, (size_t)p->kinds[k].slots * sizeof(bool));
    search->op_count = 0;
    search->silent = search->shown = false;
    search->needed[goal->kind][goal->row >= 0 ? p->rows[goal->row].slot : goal->choice] = true;
    if (goal->applies >= 0)
        search->needed[goal->kind][goal->applies] = true;
    for (int u = goal->plan->count - 1; u >= 0; u--) {
        const bm_unit_of_work *unit = &p->units[goal->plan->units[u]];
        for (int32_t i = unit->end - 1; i >= unit->first; i--)
            take_op(search, i);
    }
    for (int i = 0, j = search->op_count - 1; i < j; i++, j--) {
        int32_t swapped = search->ops[i];
        search->ops[i] = search->ops[j];
        search->ops[j] = swapped;
    }
    bm_again_take(&search->again, p, search->ops, search->op_count);
}

/* ---- splitting what is unknown ---- */

static bm_cell evaluate(bm_search *search, const bm_goal *goal, bool strict)
{
    search->budget--;
    if (search->frame.strict != strict)
        bm_again_touch_mode(&search->again);
    search->frame.strict = search->frame.searching = strict;
    bm_again_run(&search->again, &search->frame);
    bm_cell cell = goal_cell(search, goal);
    /* A choice without outcome counts only where the table applies. */
    uint64_t applies = applying(search, goal);
    if (!(applies & BM_YES))
        cell.low.mask &= ~BM_UNSET;
    else if (applies & BM_NO)
        cell.low.mask |= ~BM_UNSET;
    return cell;
}

/* The inputs on which the first of the other rows of a choice hangs that is open: one row is settled
 * after the other, so that what is split decides something. */
static void open_setters(bm_search *search, const bm_goal *goal, int32_t choice, bm_marks *marks)
{
    const bm_program *p = search->frame.program;
    for (int i = 0; i < search->op_count && !marks->count; i++) {
        const bm_op *op = &p->ops[search->ops[i]];
        if (op->code != BM_DO_ROW)
            continue;
        if (op->a == goal->row)
            return;
        if (bm_row_touches(&p->rows[op->a], choice))
            bm_why_named(&search->frame, goal->kind, 0, p->rows[op->a].when, marks);
    }
}

static void collect_open(bm_search *search, const bm_goal *goal, bm_marks *marks)
{
    const bm_program *p = search->frame.program;
    bm_marks_init(marks, &search->frame, search->marks);
    if (goal->row < 0) {
        if (applying(search, goal) == BM_EITHER)
            bm_why_named(&search->frame, goal->kind, 0, goal->applies, marks);
        open_setters(search, goal, goal->choice, marks);
        return;
    }
    bm_why_named(&search->frame, goal->kind, 0, p->rows[goal->row].when, marks);
    if (marks->count == 0 && p->rows[goal->row].choice >= 0)
        open_setters(search, goal, p->rows[goal->row].choice, marks);
}

static uint32_t next_random(bm_search *search)
{
    search->shuffle = search->shuffle * 1664525u + 1013904223u;
    return search->shuffle >> 16;
}

/* An input worth splitting, that is not frozen: the first in order, or any; kind -1: none. */
static int next_open(bm_search *search, const bm_goal *goal, int32_t *input)
{
    bm_marks marks;
    bm_marked_input one;
    collect_open(search, goal, &marks);
    int skip =
        search->shuffle && marks.count ? (int)(next_random(search) % (uint32_t)marks.count) : 0;
    int found = -1;
    for (size_t at = 0; bm_marks_next(&marks, &search->frame, &at, &one);) {
        size_t bit = at - 1;
        if (search->frozen[bit / 64] >> (bit % 64) & 1)
            continue;
        *input = one.input;
        found = one.kind;
        if (skip-- <= 0)
            return found;
    }
    return found;
}

enum { SPLIT_NOT, SPLIT_DONE, SPLIT_TOO_FINE };

/* Numbers are halved; unless whole, the halves share their border, so that nothing is lost. */
static int split_number(bm_cell cell, bool whole, bm_cell *one, bm_cell *two)
{
    double middle = floor((cell.low.number + cell.high.number) / 2);
    if (whole) {
        one->high.number = middle;
        two->low.number = middle + 1;
        return cell.low.number < cell.high.number ? SPLIT_DONE : SPLIT_NOT;
    }
    if (middle <= cell.low.number || middle >= cell.high.number)
        middle = (cell.low.number + cell.high.number) / 2;
    one->high.number = middle;
    two->low.number = middle;
    if (cell.low.number >= cell.high.number)
        return SPLIT_NOT;
    return cell.high.number - cell.low.number < 1e-6 ? SPLIT_TOO_FINE : SPLIT_DONE;
}

/* Splits what a cell can be in two. */
static int split(bm_base base, bm_cell cell, bool whole, bm_cell *one, bm_cell *two)
{
    *one = *two = cell;
    if (base == BM_NUMBER)
        return split_number(cell, whole, one, two);
    uint64_t open = base == BM_SET ? cell.high.mask & ~cell.low.mask : cell.low.mask;
    uint64_t lowest = open & (~open + 1);
    if (base == BM_SET) { /* absent first: few rows want many members */
        one->high.mask &= ~lowest;
        two->low.mask |= lowest;
        return open ? SPLIT_DONE : SPLIT_NOT;
    }
    one->low.mask = lowest;
    two->low.mask = open & ~lowest;
    return two->low.mask ? SPLIT_DONE : SPLIT_NOT;
}

static bm_verdict explore(bm_search *search, const bm_goal *goal, int depth);

static bm_verdict worse(bm_verdict a, bm_verdict b)
{
    if (a == BM_FOUND || b == BM_FOUND)
        return BM_FOUND;
    return a == BM_GAVE_UP || b == BM_GAVE_UP ? BM_GAVE_UP : BM_IMPOSSIBLE;
}

/* Halves never end in a point, and a row may ask for exactly 30 mm: whole numbers are tried too. */
static bool has_point(bm_base base, bool whole, bm_cell cell)
{
    double low = cell.low.number, width = cell.high.number - low;
    return base == BM_NUMBER && !whole && width > 0.5 && width <= 1 && low == floor(low);
}

static bm_verdict branch(bm_search *search, const bm_goal *goal, int kind, int32_t input, int depth)
{
    bm_cell *cell = &search->frame.cells[kind][input], before = *cell, parts[3];
    uint8_t *given = &search->given[kind][input], was_given = *given;
    bm_base base = (bm_base)search->frame.program->kinds[kind].base[input];
    bm_verdict verdict = BM_IMPOSSIBLE;
    bool whole = search->frame.program->kinds[kind].whole[input];
    int done = split(base, before, whole, &parts[0], &parts[1]), count = 2;
    if (done != SPLIT_DONE) /* known, yet open: it hangs on how many records there are */
        return BM_GAVE_UP;
    if (has_point(base, whole, before)) {
        parts[count] = before;
        parts[count++].high.number = before.low.number;
    }
    *given = 1;
    int first = search->shuffle ? (int)(next_random(search) % (uint32_t)count) : 0;
    for (int i = 0; i < count && verdict != BM_FOUND; i++) {
        *cell = parts[(i + first) % count];
        bm_again_touch(&search->again, kind, input);
        verdict = worse(verdict, explore(search, goal, depth + 1));
    }
    if (verdict == BM_FOUND)
        return verdict; /* the facts stay as they are, for the caller to look at */
    *cell = before;
    *given = was_given;
    bm_again_touch(&search->again, kind, input);
    return verdict;
}

/* Only what a question asks about can matter by staying unknown. */
static bool can_freeze(const bm_search *search, int kind, int32_t input)
{
    return search->asked[kind][input];
}

/* Leaves an input unknown for good: some rows speak only of what is missing. */
static bm_verdict freeze(bm_search *search, const bm_goal *goal, int kind, int32_t input, int depth)
{
    bm_marks marks;
    bm_marks_init(&marks, &search->frame, search->marks);
    size_t bit = marks.first[kind] + (size_t)input;
    search->frozen[bit / 64] |= UINT64_C(1) << (bit % 64);
    search->frozen_count++;
    bm_verdict verdict = explore(search, goal, depth + 1);
    search->frozen_count--;
    search->frozen[bit / 64] &= ~(UINT64_C(1) << (bit % 64));
    return verdict;
}

static bm_verdict explore(bm_search *search, const bm_goal *goal, int depth)
{
    if (search->budget <= 0 || depth > 60)
        return BM_GAVE_UP;
    bm_cell cell = evaluate(search, goal, true);
    if (reached(cell, goal))
        return BM_FOUND;
    if (!reachable(cell, goal))
        return BM_IMPOSSIBLE;
    int32_t input = 0;
    int kind = next_open(search, goal, &input);
    if (search->silent && (kind < 0 || search->frozen_count > 0)) {
        cell = evaluate(search, goal, false);
        if (reached(cell, goal))
            return BM_FOUND;
    }
    if (kind < 0)
        return BM_GAVE_UP;
    bm_verdict verdict = branch(search, goal, kind, input, depth);
    if (verdict != BM_FOUND && can_freeze(search, kind, input))
        verdict = worse(verdict, freeze(search, goal, kind, input, depth));
    return verdict;
}

static void forget(bm_search *search)
{
    const bm_program *p = search->frame.program;
    for (int k = 0; k < p->kind_count; k++) {
        size_t inputs = (size_t)p->kinds[k].inputs;
        if (inputs == 0)
            continue;
        memcpy(search->frame.cells[k], p->kinds[k].blank, inputs * sizeof(bm_cell));
        memset(search->given[k], 0, inputs);
    }
    bm_again_touch_all(&search->again);
    search->frozen_count = 0;
    memset(search->frozen, 0, bm_marks_words(&search->frame) * sizeof *search->frozen);
}

enum { ATTEMPTS = 10, BUDGET_OF_AN_ATTEMPT = 80 };

/* A few short tries in different orders, so that one unlucky beginning does not cost everything;
 * then one that may take what is left. */
static bm_verdict try_often(bm_search *search, const bm_goal *goal, int budget)
{
    bm_verdict verdict = BM_GAVE_UP;
    forget(search);
    search->frame.strict = search->frame.searching = true;
    bm_again_run(&search->again, &search->frame);
    find_asked(search);
    for (int attempt = 0; attempt <= ATTEMPTS && verdict == BM_GAVE_UP && budget > 0; attempt++) {
        bool last = attempt == ATTEMPTS;
        forget(search);
        search->shuffle = last ? 0 : (uint32_t)attempt * 2654435761u;
        search->budget = last || budget < BUDGET_OF_AN_ATTEMPT ? budget : BUDGET_OF_AN_ATTEMPT;
        budget -= search->budget;
        verdict = explore(search, goal, 0);
    }
    return verdict;
}

/* What is not shown because it is unknown is mostly not shown because it is otherwise, too: that
 * it stays unknown is tried only before something is called impossible. */
static bm_verdict look_for(bm_search *search, const bm_goal *goal, int budget)
{
    take_ops(search, goal);
    search->freeze_shown = false;
    bm_verdict verdict = try_often(search, goal, budget);
    if (verdict != BM_IMPOSSIBLE || !search->shown)
        return verdict;
    search->freeze_shown = true;
    return try_often(search, goal, budget);
}

bm_verdict bm_search_row(bm_search *search, const bm_plan *plan, int kind, int32_t row, int budget)
{
    bm_goal goal = {.plan = plan, .kind = kind, .row = row, .applies = -1};
    return look_for(search, &goal, budget);
}

void bm_search_spread(bm_search *search, const bm_plan *plan)
{
    search->frame.strict = search->frame.searching = false;
    bm_bounds_run(&search->frame, plan);
}

bool bm_search_speaks(const bm_search *search, int kind, int32_t row)
{
    bm_goal goal = {.kind = kind, .row = row, .applies = -1};
    return reached(goal_cell(search, &goal), &goal);
}

bm_verdict bm_search_unset(bm_search *search, const bm_plan *plan, int kind, int32_t choice,
                           int32_t applies, int budget)
{
    bm_goal goal = {.plan = plan, .kind = kind, .row = -1, .choice = choice, .applies = applies};
    return look_for(search, &goal, budget);
}
