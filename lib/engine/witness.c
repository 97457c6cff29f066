/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/witness.h"

#include <math.h>
#include <string.h>

#include "engine/why.h"

bool bm_search_start(bm_search *search, bm_arena *arena, const bm_program *program)
{
    memset(search, 0, sizeof *search);
    search->frame.program = program;
    for (int k = 0; k < program->kind_count; k++) {
        const bm_kind *kind = &program->kinds[k];
        search->frame.records[k] = 1;
        search->frame.cells[k] = bm_arena_array(arena, (size_t)kind->slots + 1, sizeof(bm_cell));
        search->given[k] = bm_arena_array(arena, (size_t)kind->inputs + 1, 1);
        search->frame.given[k] = search->given[k];
        if (!search->frame.cells[k] || !search->given[k])
            return false;
        if (kind->inputs)
            memcpy(search->frame.cells[k], kind->blank,
                   (size_t)kind->inputs * sizeof *kind->blank);
    }
    size_t words = bm_marks_words(&search->frame);
    search->marks = bm_arena_array(arena, words, sizeof *search->marks);
    search->frozen = bm_arena_array(arena, words, sizeof *search->frozen);
    return search->marks && search->frozen;
}

/* What is looked for. */
typedef struct {
    const bm_plan *plan;
    int kind;
    int32_t row;    /* -1: the choice */
    int32_t choice;
    bool *spoken;
} bm_goal;

static bm_cell goal_cell(const bm_search *search, const bm_goal *goal)
{
    const bm_program *p = search->frame.program;
    int32_t slot = goal->row >= 0 ? p->rows[goal->row].slot : goal->choice;
    return bm_frame_cells(&search->frame, goal->kind, 0)[slot];
}

static bool reached(bm_cell cell, const bm_goal *goal)
{
    return goal->row >= 0 ? (cell.low.mask & BM_ROW_MUST) != 0 : cell.low.mask == BM_UNSET;
}

static bool reachable(bm_cell cell, const bm_goal *goal)
{
    return goal->row >= 0 ? (cell.low.mask & BM_ROW_MAY) != 0 : (cell.low.mask & BM_UNSET) != 0;
}

static void note_spoken(const bm_search *search, const bm_goal *goal)
{
    const bm_program *p = search->frame.program;
    for (int i = 0; goal->spoken && i < p->row_count; i++) {
        const bm_op *maker = &p->ops[p->kinds[goal->kind].maker[p->rows[i].slot]];
        if (maker->code == BM_DO_ROW && maker->a == i && maker->kind == goal->kind
            && bm_frame_cells(&search->frame, goal->kind, 0)[p->rows[i].slot].low.mask
                   & BM_ROW_MUST)
            goal->spoken[i] = true;
    }
}

static bm_cell evaluate(bm_search *search, const bm_goal *goal, bool strict)
{
    search->budget--;
    search->frame.strict = strict;
    bm_bounds_run(&search->frame, goal->plan);
    return goal_cell(search, goal);
}

/* Adds the inputs on which the rows of a choice hang; `other`: of outcomes that differ. */
static void open_setters(bm_search *search, const bm_goal *goal, int32_t choice, bm_marks *marks)
{
    const bm_program *p = search->frame.program;
    for (int i = 0; i < p->row_count && i != goal->row; i++) {
        bool sets = p->rows[i].choice == choice;
        for (int j = 0; j < p->rows[i].set_count; j++)
            sets |= p->rows[i].sets[j].choice == choice;
        if (sets)
            bm_why_open(&search->frame, goal->kind, 0, p->rows[i].when, marks);
    }
}

/* An input worth splitting, the first in order that is not frozen; kind -1: none. */
static int next_open(bm_search *search, const bm_goal *goal, int32_t *input)
{
    const bm_program *p = search->frame.program;
    bm_marks marks;
    bm_marks_init(&marks, &search->frame, search->marks);
    if (goal->row >= 0) {
        bm_why_open(&search->frame, goal->kind, 0, p->rows[goal->row].when, &marks);
        if (marks.count == 0 && p->rows[goal->row].choice >= 0)
            open_setters(search, goal, p->rows[goal->row].choice, &marks);
    } else {
        open_setters(search, goal, goal->choice, &marks);
    }
    for (int k = 0; k < p->kind_count; k++)
        for (int32_t i = 0; i < p->kinds[k].inputs; i++) {
            size_t bit = marks.first[k] + (size_t)i;
            if (bm_marked(&marks, &search->frame, k, 0, i)
                && !(search->frozen[bit / 64] >> (bit % 64) & 1)) {
                *input = i;
                return k;
            }
        }
    return -1;
}

/* Splits what a cell can be in two; false when there is nothing left to split. */
static bool split(bm_base base, bm_cell cell, bm_cell *one, bm_cell *two)
{
    *one = *two = cell;
    if (base == BM_NUMBER) {
        double middle = floor((cell.low.number + cell.high.number) / 2);
        if (middle >= cell.high.number || middle < cell.low.number)
            middle = (cell.low.number + cell.high.number) / 2;
        one->high.number = middle;
        two->low.number = middle + 1 <= cell.high.number ? middle + 1 : cell.high.number;
        if (cell.high.number - cell.low.number <= 1) {
            one->high = cell.low; /* both ends, then */
            two->low = cell.high;
        }
        return cell.low.number < cell.high.number;
    }
    uint64_t open = base == BM_SET ? cell.high.mask & ~cell.low.mask : cell.low.mask;
    uint64_t lowest = open & (~open + 1);
    if (base == BM_SET) {
        one->low.mask |= lowest;
        two->high.mask &= ~lowest;
        return open != 0;
    }
    one->low.mask = lowest;
    two->low.mask = open & ~lowest;
    return two->low.mask != 0;
}

static bm_verdict explore(bm_search *search, const bm_goal *goal, int depth);

static bm_verdict worse(bm_verdict a, bm_verdict b)
{
    if (a == BM_FOUND || b == BM_FOUND)
        return BM_FOUND;
    return a == BM_GAVE_UP || b == BM_GAVE_UP ? BM_GAVE_UP : BM_IMPOSSIBLE;
}

static bm_verdict branch(bm_search *search, const bm_goal *goal, int kind, int32_t input,
                         int depth)
{
    bm_cell *cell = &search->frame.cells[kind][input], before = *cell, halves[2];
    uint8_t *given = &search->given[kind][input], was_given = *given;
    bm_base base = (bm_base)search->frame.program->kinds[kind].base[input];
    bm_verdict verdict = BM_IMPOSSIBLE;
    if (!split(base, before, &halves[0], &halves[1]))
        return verdict;
    *given = 1;
    for (int i = 0; i < 2 && verdict != BM_FOUND; i++) {
        *cell = halves[i];
        verdict = worse(verdict, explore(search, goal, depth + 1));
    }
    if (verdict == BM_FOUND)
        return verdict; /* the facts stay as they are, for the caller to look at */
    *cell = before;
    *given = was_given;
    return verdict;
}

/* Leaves an input unknown for good: some rows speak only of what is missing. */
static bm_verdict freeze(bm_search *search, const bm_goal *goal, int kind, int32_t input,
                         int depth)
{
    bm_marks marks;
    bm_marks_init(&marks, &search->frame, search->marks);
    size_t bit = marks.first[kind] + (size_t)input;
    search->frozen[bit / 64] |= UINT64_C(1) << (bit % 64);
    bm_verdict verdict = explore(search, goal, depth + 1);
    search->frozen[bit / 64] &= ~(UINT64_C(1) << (bit % 64));
    return verdict;
}

static bm_verdict explore(bm_search *search, const bm_goal *goal, int depth)
{
    if (search->budget <= 0 || depth > 60)
        return BM_GAVE_UP;
    bm_cell cell = evaluate(search, goal, true);
    note_spoken(search, goal);
    if (reached(cell, goal))
        return BM_FOUND;
    if (!reachable(cell, goal))
        return BM_IMPOSSIBLE;
    int32_t input;
    int kind = next_open(search, goal, &input);
    if (goal->plan->silent) {
        cell = evaluate(search, goal, false);
        note_spoken(search, goal);
        if (reached(cell, goal))
            return BM_FOUND;
    }
    if (kind < 0)
        return BM_GAVE_UP;
    bm_verdict verdict = branch(search, goal, kind, input, depth);
    if (verdict != BM_FOUND && goal->plan->silent)
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
    memset(search->frozen, 0, bm_marks_words(&search->frame) * sizeof *search->frozen);
}

bm_verdict bm_search_row(bm_search *search, const bm_plan *plan, int kind, int32_t row,
                         bool *spoken)
{
    bm_goal goal = {.plan = plan, .kind = kind, .row = row, .spoken = spoken};
    forget(search);
    return explore(search, &goal, 0);
}

bm_verdict bm_search_unset(bm_search *search, const bm_plan *plan, int kind, int32_t choice)
{
    bm_goal goal = {.plan = plan, .kind = kind, .row = -1, .choice = choice};
    forget(search);
    return explore(search, &goal, 0);
}
