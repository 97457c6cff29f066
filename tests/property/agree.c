/* SPDX-License-Identifier: Apache-2.0 */
/* Random patients through both evaluators. On complete facts the exact evaluator and the bounds
 * evaluator agree to the bit; on partial facts the bounds hold however the facts turn out. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "zoo.h"
#include "engine/bounds.h"
#include "engine/exact.h"
#include "engine/outcome.h"
#include "guideline/set.h"

enum { ROWS = 2500, MOST_RECORDS = 3, MOST_NUMBERS = 4096 };

/* ---- random ---- */

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint32_t below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)((next_random(state) >> 32) % limit);
}

static double unit_random(uint64_t *state)
{
    return (double)(next_random(state) >> 11) / 9007199254740992.0;
}

/* ---- a set of tables ---- */

typedef struct {
    bonemets_guidelines *set;
    const bm_program *program;
    double *numbers; /* where something changes: borders and constants */
    int number_count;
    uint64_t seed;
} world;

static void add_number(world *w, double x)
{
    for (int i = 0; i < w->number_count; i++)
        if (fabs(w->numbers[i] - x) <= 0)
            return;
    if (fabs(x) < 1e12 && w->number_count < MOST_NUMBERS)
        w->numbers[w->number_count++] = x;
}

static void find_numbers(world *w)
{
    const bm_program *p = w->program;
    w->numbers = calloc(MOST_NUMBERS, sizeof *w->numbers);
    assert_non_null(w->numbers);
    for (int i = 0; i < p->op_count; i++)
        if (p->ops[i].code == BM_DO_CONST &&
            p->kinds[p->ops[i].kind].base[p->ops[i].to] == BM_NUMBER)
            add_number(w, p->constants[p->ops[i].a].low.number);
    for (int i = 0; i < p->cuts_count; i++)
        for (int j = 0; j < p->cuts[i].count; j++) {
            add_number(w, p->cuts[i].cuts[j].low);
            add_number(w, p->cuts[i].cuts[j].high);
        }
}

static void fail_with(const bonemets_error *err)
{
    for (int i = 0; i < bonemets_error_count(err); i++)
        print_error("%s:%d: %s\n", bonemets_error_str(err, i, BONEMETS_F_FILE),
                    (int)bonemets_error_int(err, i, BONEMETS_F_LINE),
                    bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
    fail_msg("the tables were refused");
}

/* NULL: the embedded tables; "zoo"; else a path. */
static void open_world(world *w, const char *which)
{
    bonemets_loader *loader;
    bonemets_error *err = bonemets_error_new();
    bonemets_status status = bonemets_loader_new(NULL, NULL, &loader);
    bonemets_loader_set_option(loader, BONEMETS_OPTION_UNVERIFIED, 1);
    if (!which) {
        status = bonemets_loader_add_embedded(loader, NULL, err);
    } else if (strcmp(which, "zoo") == 0) {
        bonemets_loader_add_memory(loader, "facts", zoo_facts, sizeof zoo_facts - 1, err);
        bonemets_loader_add_memory(loader, "zoo", zoo_table, sizeof zoo_table - 1, err);
    } else {
        status = bonemets_loader_add_path(loader, which, err);
    }
    if (!status)
        status = bonemets_loader_build(loader, &w->set, err);
    if (status)
        fail_with(err);
    bonemets_loader_free(loader);
    bonemets_error_free(err);
    w->program = &w->set->program;
    w->number_count = 0;
    w->seed = 20260101;
    find_numbers(w);
}

static void close_world(world *w)
{
    bonemets_guidelines_unref(w->set);
    free(w->numbers);
}

/* ---- random values ---- */

static double random_number(world *w, double low, double high, double step)
{
    double from = fmax(low, -1000), to = fmin(high, 1000), x;
    if (w->number_count && below(&w->seed, 3) == 0)
        x = w->numbers[below(&w->seed, (uint32_t)w->number_count)];
    else
        x = from + (to - from) * unit_random(&w->seed);
    if (below(&w->seed, 2))
        x = floor(x * 10) / 10;
    if (step > 0)
        x = floor(x / step + 0.5) * step;
    return x < from ? from : x > to ? to : x;
}

static int random_member(world *w, uint64_t mask)
{
    for (int n = (int)below(&w->seed, (uint32_t)__builtin_popcountll(mask)); n > 0; n--)
        mask &= mask - 1;
    return __builtin_ctzll(mask);
}

/* Counts go in steps; 0: any number. */
static double step_of(const world *w, int kind, int32_t input)
{
    const bm_fact *fact = bm_set_input_fact(w->set, kind, input);
    return fact->step > 0 ? fact->step : w->program->kinds[kind].whole[input] ? 1 : 0;
}

/* One of the values that a cell can have. */
static bm_cell complete(world *w, bm_base base, bm_cell cell, double step)
{
    if (base == BM_NUMBER) {
        double x = random_number(w, cell.low.number, cell.high.number, step);
        return (bm_cell){.low.number = x, .high.number = x};
    }
    if (base == BM_SET) {
        uint64_t open = cell.high.mask & ~cell.low.mask;
        uint64_t more =
            below(&w->seed, 2) ? open & next_random(&w->seed) & next_random(&w->seed) : 0;
        return (bm_cell){.low.mask = cell.low.mask | more, .high.mask = cell.low.mask | more};
    }
    return (bm_cell){.low.mask = UINT64_C(1) << random_member(w, cell.low.mask)};
}

/* Something that holds the value, within what is possible. */
static bm_cell widen(world *w, bm_base base, bm_cell cell, bm_cell blank, double step)
{
    if (base == BM_NUMBER) {
        double a = random_number(w, blank.low.number, blank.high.number, step);
        double b = below(&w->seed, 2) ? a : random_number(w, a, blank.high.number, step);
        cell.low.number = fmin(cell.low.number, a);
        cell.high.number = fmax(cell.high.number, b);
    } else if (base == BM_SET) {
        cell.low.mask &= next_random(&w->seed);
        cell.high.mask |= blank.high.mask & next_random(&w->seed);
    } else {
        cell.low.mask |= blank.low.mask & next_random(&w->seed) & next_random(&w->seed);
    }
    return cell;
}

/* ---- frames ---- */

static void new_frame(const bm_program *p, bm_frame *frame)
{
    memset(frame, 0, sizeof *frame);
    frame->program = p;
    for (int k = 0; k < p->kind_count; k++) {
        size_t records = k ? MOST_RECORDS : 1;
        frame->records[k] = 1;
        frame->listed[k] = true;
        frame->cells[k] = calloc(records * (size_t)p->kinds[k].slots + 1, sizeof(bm_cell));
        frame->given[k] = calloc(records * (size_t)p->kinds[k].inputs + 1, 1);
        assert_non_null(frame->cells[k]);
        assert_non_null(frame->given[k]);
    }
}

static void free_frame(bm_frame *frame)
{
    for (int k = 0; k < frame->program->kind_count; k++) {
        free(frame->cells[k]);
        free((void *)(uintptr_t)frame->given[k]);
    }
}

static uint8_t *given_of(bm_frame *frame, int kind, int record)
{
    uint8_t *given = (uint8_t *)(uintptr_t)frame->given[kind];
    return given + (size_t)record * (size_t)frame->program->kinds[kind].inputs;
}

static const bm_fact *fact_of(const world *w, int kind, int32_t input)
{
    return bm_set_input_fact(w->set, kind, input);
}

static void blank_record(bm_frame *frame, int kind, int record)
{
    const bm_kind *owner = &frame->program->kinds[kind];
    if (owner->inputs == 0)
        return;
    memcpy(bm_frame_cells(frame, kind, record), owner->blank,
           (size_t)owner->inputs * sizeof(bm_cell));
    memset(given_of(frame, kind, record), 0, (size_t)owner->inputs);
}

/* ---- what is compared ---- */

typedef enum { VALUE, CHOICE, ROW } what;

typedef struct {
    what what;
    int kind;
    int32_t slot;
    const char *name;
} wanted;

typedef struct {
    wanted *items;
    int count, room;
} wishes;

static void wish(wishes *list, what kind_of, int kind, int32_t slot, const char *name)
{
    if (slot < 0)
        return;
    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 64;
        list->items = realloc(list->items, (size_t)list->room * sizeof *list->items);
        assert_non_null(list->items);
    }
    list->items[list->count++] = (wanted){kind_of, kind, slot, name};
}

static void wish_numbers(const bm_guideline *g, wishes *list)
{
    wish(list, VALUE, g->kind, g->applies, g->id);
    for (int i = 0; i < g->value_count; i++)
        wish(list, VALUE, g->values[i].kind, g->values[i].slot, g->values[i].id);
    for (int i = 0; i < g->score_count; i++) {
        const bm_score *score = &g->scores[i];
        wish(list, VALUE, g->kind, score->total, score->id);
        if (score->band_count)
            wish(list, VALUE, g->kind, score->band, "band");
        for (int j = 0; j < score->item_count; j++)
            wish(list, VALUE, g->kind, score->items[j].slot, score->items[j].id);
    }
    for (int i = 0; i < g->equation_count; i++)
        wish(list, VALUE, g->kind, g->equations[i].slot, g->equations[i].id);
}

static void wish_guideline(const world *w, const bm_guideline *g, wishes *list)
{
    wish_numbers(g, list);
    for (int i = 0; i < g->choice_count; i++)
        wish(list, CHOICE, g->kind, g->choices[i].slot, g->choices[i].id);
    for (int i = 0; i < g->row_count; i++)
        if (g->rows[i].row >= 0)
            wish(list, ROW, g->kind, w->program->rows[g->rows[i].row].slot, g->rows[i].id);
}

/* ---- complete facts ---- */

/* A chunk of rows of complete facts, column by column. */
typedef struct {
    bm_column *columns;
    int count;
    bm_cell *cells[BM_KINDS]; /* rows x inputs */
    bool given[BM_KINDS][512];
} chunk;

static size_t width_of(bm_base base)
{
    return base == BM_NUMBER || base == BM_SET ? 8 : 1;
}

static void put_in_column(void *data, bm_base base, size_t row, bm_cell cell)
{
    if (base == BM_NUMBER)
        ((double *)data)[row] = cell.low.number;
    else if (base == BM_SET)
        ((uint64_t *)data)[row] = cell.low.mask;
    else
        ((uint8_t *)data)[row] = (uint8_t)__builtin_ctzll(cell.low.mask);
}

static void fill_column(world *w, chunk *c, int kind, int32_t input)
{
    const bm_kind *owner = &w->program->kinds[kind];
    bm_base base = (bm_base)owner->base[input];
    char *data = calloc(ROWS, width_of(base));
    assert_non_null(data);
    for (size_t row = 0; row < ROWS; row++) {
        bm_cell cell = complete(w, base, owner->blank[input], step_of(w, kind, input));
        c->cells[kind][row * (size_t)owner->inputs + (size_t)input] = cell;
        put_in_column(data, base, row, cell);
    }
    c->columns[c->count++] = (bm_column){kind, input, data, false};
    c->given[kind][input] = true;
}

/* Of facts that exclude each other the first or the last one is entered, or all of them. */
static bool left_out(const world *w, int kind, int32_t input, int exclusive)
{
    int32_t list = w->program->kinds[kind].partners[input];
    if (list < 0 || exclusive == 2)
        return false;
    bool first = w->program->partners[list].slots[0] > input;
    return first == (exclusive == 1);
}

/* `share` of 8: how often a value is entered besides what it is derived from. */
static void fill_chunk(world *w, chunk *c, uint32_t share, int exclusive)
{
    const bm_program *p = w->program;
    memset(c, 0, sizeof *c);
    size_t inputs = 0;
    for (int k = 0; k < p->kind_count; k++)
        inputs += (size_t)p->kinds[k].inputs;
    c->columns = calloc(inputs + 1, sizeof *c->columns);
    assert_non_null(c->columns);
    for (int k = 0; k < p->kind_count; k++) {
        assert_true(p->kinds[k].inputs <= 512);
        c->cells[k] = calloc(ROWS * (size_t)p->kinds[k].inputs + 1, sizeof(bm_cell));
        assert_non_null(c->cells[k]);
        for (int32_t i = 0; i < p->kinds[k].inputs; i++) {
            bool value = fact_of(w, k, i)->is_value;
            if (value ? below(&w->seed, 8) < share : !left_out(w, k, i, exclusive))
                fill_column(w, c, k, i);
        }
    }
}

static void free_chunk(const world *w, chunk *c)
{
    for (int i = 0; i < c->count; i++)
        free((void *)(uintptr_t)c->columns[i].data);
    for (int k = 0; k < w->program->kind_count; k++)
        free(c->cells[k]);
    free(c->columns);
}

static void frame_from_row(const chunk *c, size_t row, bm_frame *frame)
{
    for (int k = 0; k < frame->program->kind_count; k++) {
        const bm_kind *owner = &frame->program->kinds[k];
        blank_record(frame, k, 0);
        for (int32_t i = 0; i < owner->inputs; i++) {
            if (!c->given[k][i])
                continue;
            frame->cells[k][i] = c->cells[k][row * (size_t)owner->inputs + (size_t)i];
            given_of(frame, k, 0)[i] = 1;
        }
    }
}

/* What the bounds evaluator says, as the exact one would write it; false when it is open. */
static bool same_value(bm_base base, bm_cell cell, const void *data, size_t row)
{
    if (base == BM_NUMBER) {
        const double *x = (const double *)data + row;
        return memcmp(x, &cell.low.number, sizeof *x) == 0 &&
               memcmp(x, &cell.high.number, sizeof *x) == 0;
    }
    if (base == BM_SET)
        return ((const uint64_t *)data)[row] == cell.low.mask && cell.low.mask == cell.high.mask;
    return cell.low.mask == UINT64_C(1) << ((const uint8_t *)data)[row];
}

static bool same_choice(bm_cell cell, int out)
{
    return bm_outcome_value(cell) == out - 1 &&
           cell.low.mask == (out ? UINT64_C(1) << (out - 1) : BM_UNSET);
}

static bool same_row(bm_cell cell, int out)
{
    uint64_t all = BM_ROW_MUST | BM_ROW_MAY | BM_ROW_SPEAKS;
    return (cell.low.mask & all) == (out ? all : 0);
}

static bool same(const world *w, const wanted *want, const bm_frame *frame, const void *data,
                 size_t row)
{
    bm_cell cell = frame->cells[want->kind][want->slot];
    if (want->what == CHOICE)
        return same_choice(cell, ((const uint8_t *)data)[row]);
    if (want->what == ROW)
        return same_row(cell, ((const uint8_t *)data)[row]);
    return same_value((bm_base)w->program->kinds[want->kind].base[want->slot], cell, data, row);
}

/* Is anything that the plan computes not known? */
static bool is_open(const bm_frame *frame, const bm_plan *plan)
{
    const bm_program *p = frame->program;
    for (int u = 0; u < plan->count; u++)
        for (int i = p->units[plan->units[u]].first; i < p->units[plan->units[u]].end; i++) {
            const bm_op *op = &p->ops[i];
            if (op->code == BM_DO_ROW || p->kinds[op->kind].base[op->to] == BM_OUTCOME)
                continue;
            if (!bm_cell_known((bm_base)p->kinds[op->kind].base[op->to],
                               frame->cells[op->kind][op->to]))
                return true;
        }
    return false;
}

/* The wishes that these columns can answer, as outputs with room for their values. */
static bm_output *answerable(const world *w, const bm_plan *plan, const chunk *c, wishes *list)
{
    int kept = 0;
    bm_output *outputs = calloc((size_t)list->count + 1, sizeof *outputs);
    assert_non_null(outputs);
    for (int i = 0; i < list->count; i++) {
        const wanted *want = &list->items[i];
        bm_output one = {want->kind, want->slot, false, NULL};
        bm_exact *exact;
        int kind;
        int32_t input;
        bm_exact_status status = bm_exact_new(&w->set->memory, w->program, plan, c->columns,
                                              c->count, &one, 1, false, &exact, &kind, &input);
        assert_true(status == BM_EXACT_OK || status == BM_EXACT_INCOMPLETE);
        if (status == BM_EXACT_INCOMPLETE)
            continue;
        bm_exact_free(exact);
        one.data = calloc(ROWS, 8);
        assert_non_null(one.data);
        outputs[kept] = one;
        list->items[kept++] = *want;
    }
    list->count = kept;
    return outputs;
}

typedef struct {
    size_t rows, undecided, compared, left_out;
} tally;

static void run_exact(const world *w, const bm_plan *plan, const chunk *c, const bm_output *outputs,
                      int count, bool plain, uint8_t *undecided)
{
    bm_exact *exact;
    int kind;
    int32_t input;
    assert_int_equal(bm_exact_new(&w->set->memory, w->program, plan, c->columns, c->count, outputs,
                                  count, plain, &exact, &kind, &input),
                     BM_EXACT_OK);
    bm_exact_run(exact, c->columns, outputs, undecided, ROWS);
    bm_exact_free(exact);
}

static void compare_row(const world *w, const bm_plan *plan, const wishes *list,
                        const bm_output *outputs, bool undecided, size_t row, bm_frame *frame,
                        tally *t)
{
    bm_bounds_run(frame, plan);
    t->rows++;
    t->undecided += undecided;
    if (undecided) {
        assert_true(is_open(frame, plan));
        return;
    }
    for (int i = 0; i < list->count; i++, t->compared++) {
        if (same(w, &list->items[i], frame, outputs[i].data, row))
            continue;
        bm_cell cell = frame->cells[list->items[i].kind][list->items[i].slot];
        fail_msg("row %zu: %s differs: bounds %g..%g, masks %llx %llx", row, list->items[i].name,
                 cell.low.number, cell.high.number, (unsigned long long)cell.low.mask,
                 (unsigned long long)cell.high.mask);
    }
}

static void compare_guideline(world *w, const bm_guideline *g, const chunk *c, bm_frame *frame,
                              tally *t)
{
    static uint8_t undecided[2][ROWS];
    wishes list = {0};
    wish_guideline(w, g, &list);
    int all = list.count;
    bm_output *outputs = answerable(w, &g->plan, c, &list);
    t->left_out += (size_t)(all - list.count);
    for (int plain = 0; plain < 2 && list.count; plain++) {
        run_exact(w, &g->plan, c, outputs, list.count, plain, undecided[plain]);
        for (size_t row = 0; row < ROWS; row++) {
            frame_from_row(c, row, frame);
            compare_row(w, &g->plan, &list, outputs, undecided[plain][row], row, frame, t);
        }
    }
    assert_memory_equal(undecided[0], undecided[1], ROWS);
    for (int i = 0; i < list.count; i++)
        free(outputs[i].data);
    free(outputs);
    free(list.items);
}

static void compare_chunks(world *w, int chunks, tally *t)
{
    const bm_definitions *definitions = &w->set->definitions;
    bm_frame frame;
    new_frame(w->program, &frame);
    for (int n = 0; n < chunks; n++) {
        chunk c;
        fill_chunk(w, &c, n % 4 ? 1 + below(&w->seed, 7) : 0, n % 3);
        for (int g = 0; g < definitions->guideline_count; g++)
            compare_guideline(w, &definitions->guidelines[g], &c, &frame, t);
        free_chunk(w, &c);
    }
    free_frame(&frame);
}

/* `most`: percent of the rows that may be undecided. */
static void agrees(const char *which, int chunks, size_t most)
{
    world w;
    tally t = {0};
    open_world(&w, which);
    compare_chunks(&w, chunks, &t);
    print_message("%zu rows, %zu undecided, %zu values compared, %zu not answerable\n", t.rows,
                  t.undecided, t.compared, t.left_out);
    assert_true(t.undecided * 100 < t.rows * most);
    close_world(&w);
}

static void complete_embedded(void **state)
{
    (void)state;
    agrees(NULL, 12, 40);
}

static void complete_zoo(void **state)
{
    (void)state;
    agrees("zoo", 30, 90); /* roots and logarithms are rarely defined there */
}

static void complete_weather(void **state)
{
    (void)state;
    agrees(TEST_RULES, 4, 1);
}

/* ---- partial facts ---- */

/* Nothing entered excludes it. */
static bool free_to_enter(bm_frame *frame, int kind, int record, int32_t input)
{
    return !bm_excluded(&frame->program->kinds[kind], frame->program, given_of(frame, kind, record),
                        input);
}

static void enter(bm_frame *frame, int kind, int record, int32_t input, bm_cell cell)
{
    bm_frame_cells(frame, kind, record)[input] = cell;
    given_of(frame, kind, record)[input] = 1;
}

static void make_partial_record(world *w, bm_frame *frame, int kind, int record, uint32_t known)
{
    const bm_kind *owner = &w->program->kinds[kind];
    blank_record(frame, kind, record);
    for (int32_t i = 0; i < owner->inputs; i++) {
        bm_base base = (bm_base)owner->base[i];
        uint32_t share = fact_of(w, kind, i)->is_value ? 2 : known;
        if (below(&w->seed, 16) >= share || !free_to_enter(frame, kind, record, i))
            continue;
        bm_cell cell = complete(w, base, owner->blank[i], step_of(w, kind, i));
        if (below(&w->seed, 3) == 0)
            cell = widen(w, base, cell, owner->blank[i], step_of(w, kind, i));
        enter(frame, kind, record, i, cell);
    }
}

static void make_partial(world *w, bm_frame *frame)
{
    uint32_t known = below(&w->seed, 16);
    for (int k = 0; k < w->program->kind_count; k++) {
        frame->listed[k] = k == 0 || below(&w->seed, 3) > 0;
        frame->none[k] = k > 0 && !frame->listed[k] && below(&w->seed, 4) == 0;
        frame->records[k] = k && frame->listed[k] ? 1 + (int)below(&w->seed, MOST_RECORDS) : 1;
        for (int r = 0; r < frame->records[k]; r++)
            make_partial_record(w, frame, k, r, known);
    }
}

/* Every fact gets one of the values that it could have. A value is left as it was: entering it
 * would say more than what it is derived from. */
static void complete_record(world *w, const bm_frame *partial, int from, bm_frame *full, int kind,
                            int record)
{
    const bm_kind *owner = &w->program->kinds[kind];
    const bm_cell *cells = bm_frame_cells(partial, kind, from);
    blank_record(full, kind, record);
    for (int pass = 0; pass < 2; pass++) /* what was entered goes before what it excludes */
        for (int32_t i = 0; i < owner->inputs; i++) {
            bool given = partial->given[kind][(size_t)from * (size_t)owner->inputs + (size_t)i];
            bool wanted_now = pass == 0 ? given : !given && !fact_of(w, kind, i)->is_value;
            if (wanted_now && free_to_enter(full, kind, record, i))
                enter(full, kind, record, i,
                      complete(w, (bm_base)owner->base[i], cells[i], step_of(w, kind, i)));
        }
}

/* When nothing is listed, one record or several may turn up. */
static void make_full(world *w, const bm_frame *partial, bm_frame *full)
{
    for (int k = 0; k < w->program->kind_count; k++) {
        bool listed = partial->listed[k] || partial->none[k];
        full->none[k] = partial->none[k];
        full->listed[k] = !partial->none[k];
        full->records[k] = listed ? partial->records[k] : 1 + (int)below(&w->seed, MOST_RECORDS);
        for (int r = 0; r < full->records[k]; r++)
            complete_record(w, partial, listed ? r : 0, full, k, r);
    }
}

static bool number_within(double low, double high, bm_cell cell)
{
    double slack = 1e-12 * (fabs(cell.low.number) + fabs(cell.high.number));
    return (isinf(cell.low.number) || cell.low.number >= low - slack) &&
           (isinf(cell.high.number) || cell.high.number <= high + slack);
}

/* Does the wide cell hold all that the narrow one can be? */
static bool holds(bm_base base, bool row, bm_cell wide, bm_cell narrow)
{
    if (base == BM_NUMBER)
        return number_within(wide.low.number, wide.high.number, narrow);
    if (base == BM_SET)
        return (wide.low.mask & ~narrow.low.mask) == 0 && (narrow.high.mask & ~wide.high.mask) == 0;
    if (row)
        return ((narrow.low.mask & ~wide.low.mask) & BM_ROW_MAY) == 0 &&
               ((wide.low.mask & ~narrow.low.mask) & BM_ROW_MUST) == 0;
    return narrow.low.mask != 0 && (narrow.low.mask & ~wide.low.mask) == 0;
}

static int32_t filled_by(const bm_program *p, const bm_op *op)
{
    return op->code == BM_DO_ROW ? p->rows[op->a].slot : op->to;
}

static void check_op(const bm_frame *wide, const bm_frame *narrow, const bm_op *op, int i)
{
    const bm_program *p = wide->program;
    int32_t slot = filled_by(p, op);
    bm_base base = (bm_base)p->kinds[op->kind].base[slot];
    bool none = wide->none[op->kind];
    for (int r = 0; r < narrow->records[op->kind] && !none; r++) {
        int from = wide->listed[op->kind] ? r : 0;
        bm_cell a = bm_frame_cells(wide, op->kind, from)[slot];
        bm_cell b = bm_frame_cells(narrow, op->kind, r)[slot];
        if (!holds(base, op->code == BM_DO_ROW, a, b))
            fail_msg("operation %d (code %d) of record %d: %g..%g (%llx %llx) does not hold "
                     "%g..%g (%llx %llx)",
                     i, op->code, r, a.low.number, a.high.number, (unsigned long long)a.low.mask,
                     (unsigned long long)a.high.mask, b.low.number, b.high.number,
                     (unsigned long long)b.low.mask, (unsigned long long)b.high.mask);
    }
}

static void check_holds(const bm_frame *wide, const bm_frame *narrow, const bm_plan *plan)
{
    const bm_program *p = wide->program;
    for (int u = 0; u < plan->count; u++)
        for (int i = p->units[plan->units[u]].first; i < p->units[plan->units[u]].end; i++)
            check_op(wide, narrow, &p->ops[i], i);
}

static void copy_frame(const bm_frame *from, bm_frame *to)
{
    for (int k = 0; k < from->program->kind_count; k++) {
        const bm_kind *owner = &from->program->kinds[k];
        to->records[k] = from->records[k];
        to->listed[k] = from->listed[k];
        to->none[k] = from->none[k];
        memcpy(to->cells[k], from->cells[k],
               (size_t)from->records[k] * (size_t)owner->slots * sizeof(bm_cell));
        memcpy(given_of(to, k, 0), from->given[k],
               (size_t)from->records[k] * (size_t)owner->inputs);
    }
}

/* Silence decides something only where it is allowed to: the strict answer always holds the other,
 * and they are equal when nothing rested on silence. */
static void check_silence(const bm_frame *strict, bm_frame *plain, const bm_plan *plan)
{
    copy_frame(strict, plain);
    plain->strict = false;
    plain->searching = true;
    bm_bounds_run(plain, plan);
    check_holds(strict, plain, plan);
    if (!plain->relied_on_silence)
        check_holds(plain, strict, plan);
    plain->searching = false;
    bm_bounds_run(plain, plan);
    check_holds(strict, plain, plan);
}

/* Running again only what silence can reach gives what running everything does. */
static void check_shortcut(const bm_frame *partial, bm_frame *shortcut, bm_frame *whole,
                           const bm_plan *plan)
{
    copy_frame(partial, shortcut);
    shortcut->strict = shortcut->searching = false;
    bm_bounds_run(shortcut, plan);
    bm_bounds_run_strict(shortcut, plan);
    copy_frame(partial, whole);
    whole->strict = true;
    whole->searching = false;
    bm_bounds_run(whole, plan);
    check_holds(whole, shortcut, plan);
    check_holds(shortcut, whole, plan);
}

static void bounds_hold(const char *which, int patients, int completions)
{
    world w;
    bm_frame partial, full, other;
    open_world(&w, which);
    new_frame(w.program, &partial);
    new_frame(w.program, &full);
    new_frame(w.program, &other);
    for (int n = 0; n < patients; n++) {
        make_partial(&w, &partial);
        partial.strict = partial.searching = true;
        bm_bounds_run(&partial, &w.set->everything);
        check_silence(&partial, &full, &w.set->everything);
        check_shortcut(&partial, &full, &other, &w.set->everything);
        for (int i = 0; i < completions; i++) {
            make_full(&w, &partial, &full);
            full.strict = full.searching = true;
            bm_bounds_run(&full, &w.set->everything);
            check_holds(&partial, &full, &w.set->everything);
        }
    }
    free_frame(&partial);
    free_frame(&full);
    free_frame(&other);
    close_world(&w);
}

static void partial_embedded(void **state)
{
    (void)state;
    bounds_hold(NULL, 20000, 4);
}

static void partial_zoo(void **state)
{
    (void)state;
    bounds_hold("zoo", 40000, 5);
}

static void partial_weather(void **state)
{
    (void)state;
    bounds_hold(TEST_RULES, 20000, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complete_embedded), cmocka_unit_test(complete_zoo),
        cmocka_unit_test(complete_weather),  cmocka_unit_test(partial_embedded),
        cmocka_unit_test(partial_zoo),       cmocka_unit_test(partial_weather),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
