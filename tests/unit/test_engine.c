/* SPDX-License-Identifier: Apache-2.0 */
/* The engine on small programs made by hand: arithmetic, look-ups, the hit policy, what is gathered
 * over records, reasons, and the search for witnesses. Oracles are brute force over completions. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/arithmetic.h"
#include "engine/bounds.h"
#include "engine/build.h"
#include "engine/elementary.h"
#include "engine/exact.h"
#include "engine/gather.h"
#include "engine/lookup.h"
#include "engine/outcome.h"
#include "engine/why.h"
#include "engine/witness.h"

/* ---- random ---- */

static uint64_t seed;

static uint64_t next_random(void)
{
    uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int below(int limit)
{
    return (int)((next_random() >> 32) % (uint32_t)limit);
}

static double between(double low, double high)
{
    return low + (high - low) * ((double)(next_random() >> 11) / 9007199254740992.0);
}

/* ---- cells ---- */

#define BIT(n) (UINT64_C(1) << (n))

static bm_cell mask(uint64_t possible)
{
    return (bm_cell){.low.mask = possible};
}

static bm_cell members(uint64_t present, uint64_t possible)
{
    return (bm_cell){.low.mask = present, .high.mask = possible};
}

static bm_cell range(double low, double high)
{
    return (bm_cell){.low.number = low, .high.number = high};
}

static bm_cell exactly(double x)
{
    return range(x, x);
}

static bool same_number(double a, double b)
{
    return a <= b && a >= b;
}

/* ---- a laboratory: one program and one frame ---- */

enum { MOST_RECORDS = 4 };

typedef struct {
    bm_arena arena;
    bm_program program;
    bm_builder build;
    bm_frame frame;
    uint8_t *given[BM_KINDS];
    bm_plan plan;
    uint64_t *words; /* for marks */
    bm_marks marks;
} lab;

static const bm_type flag_type = {.base = BM_BOOL};
static const bm_codes three_codes = {.count = 3};
static const bm_type code_type = {.base = BM_CODE, .codes = &three_codes};
static const bm_type set_type = {.base = BM_SET, .codes = &three_codes};
static const bm_type number_type = {.base = BM_NUMBER, .low = -10, .high = 10};
static const bm_type count_type = {.base = BM_NUMBER, .low = 0, .high = 5, .whole = true};

static void start(lab *l, int kinds)
{
    bm_memory memory;
    memset(l, 0, sizeof *l);
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&l->arena, &memory);
    bm_build_start(&l->build, &l->arena, &l->program);
    for (int k = 0; k < kinds; k++)
        bm_build_kind(&l->build, k ? MOST_RECORDS : 1);
}

static int32_t input(lab *l, int kind, const bm_type *type)
{
    return bm_build_input(&l->build, kind, type);
}

static int32_t op(lab *l, bm_do code, bm_base base, int32_t a, int32_t b, int32_t c)
{
    return bm_build(&l->build, 0, code, base, a, b, c);
}

static int32_t truth(lab *l, bm_do code, int32_t a, int32_t b)
{
    return op(l, code, BM_BOOL, a, b, 0);
}

static int32_t number(lab *l, double x)
{
    return bm_build_number(&l->build, 0, x);
}

static void blank_record(lab *l, int kind, int record)
{
    const bm_kind *owner = &l->program.kinds[kind];
    for (int32_t i = 0; i < owner->inputs; i++) {
        bm_frame_cells(&l->frame, kind, record)[i] = owner->blank[i];
        l->given[kind][record * owner->inputs + i] = 0;
    }
}

/* After the last operation: nothing is known, one record of each kind. */
static void ready(lab *l)
{
    bm_build_end(&l->build);
    assert_false(l->build.failed);
    l->frame.program = &l->program;
    for (int k = 0; k < l->program.kind_count; k++) {
        const bm_kind *kind = &l->program.kinds[k];
        l->frame.records[k] = 1;
        l->frame.listed[k] = true;
        l->frame.cells[k] =
            bm_arena_array(&l->arena, MOST_RECORDS * (size_t)kind->slots + 1, sizeof(bm_cell));
        l->given[k] = bm_arena_array(&l->arena, MOST_RECORDS * (size_t)kind->inputs + 1, 1);
        assert_non_null(l->frame.cells[k]);
        assert_non_null(l->given[k]);
        l->frame.given[k] = l->given[k];
        for (int r = 0; r < MOST_RECORDS; r++)
            blank_record(l, k, r);
    }
    int32_t *units = bm_arena_array(&l->arena, (size_t)l->program.unit_count + 1, sizeof *units);
    assert_non_null(units);
    for (int i = 0; i < l->program.unit_count; i++)
        units[i] = i;
    l->plan = (bm_plan){l->program.unit_count, units, false};
    l->words = bm_arena_array(&l->arena, 64, sizeof *l->words);
    assert_non_null(l->words);
}

static void finish(lab *l)
{
    bm_arena_free(&l->arena);
}

static void enter_in(lab *l, int kind, int record, int32_t slot, bm_cell cell)
{
    bm_frame_cells(&l->frame, kind, record)[slot] = cell;
    l->given[kind][record * l->program.kinds[kind].inputs + slot] = 1;
}

static void enter(lab *l, int32_t slot, bm_cell cell)
{
    enter_in(l, 0, 0, slot, cell);
}

static void run(lab *l)
{
    bm_bounds_run(&l->frame, &l->plan);
}

static bm_cell cell_of(const lab *l, int32_t slot)
{
    return l->frame.cells[0][slot];
}

static uint64_t mask_of(const lab *l, int32_t slot)
{
    return cell_of(l, slot).low.mask;
}

/* ---- arithmetic ---- */

static const bm_do arithmetic[] = {BM_DO_ADD, BM_DO_SUB, BM_DO_MUL,  BM_DO_DIV,
                                   BM_DO_POW, BM_DO_NEG, BM_DO_MIN,  BM_DO_MAX,
                                   BM_DO_EXP, BM_DO_LOG, BM_DO_SQRT, BM_DO_ABS};
enum { ARITHMETIC = sizeof arithmetic / sizeof *arithmetic };

static double some_number(void)
{
    static const double special[] = {0, 1, -1, 2, 0.5, -0.5, 70, -3, 100, 1e6, -1e6, 1e-9};
    switch (below(4)) {
    case 0:
        return special[below((int)(sizeof special / sizeof *special))];
    case 1:
        return floor(between(-12, 12));
    case 2:
        return between(-3, 3);
    default:
        return between(-1, 1) * pow(10, between(-6, 6));
    }
}

static bm_cell some_range(void)
{
    double a = some_number(), b = below(3) ? some_number() : a;
    return a < b ? range(a, b) : range(b, a);
}

static double inside(bm_cell cell)
{
    int which = below(4);
    return which == 0   ? cell.low.number
           : which == 1 ? cell.high.number
                        : between(cell.low.number, cell.high.number);
}

static bool is_anything(bm_cell cell)
{
    return cell.low.number <= -DBL_MAX && cell.high.number >= DBL_MAX;
}

static bool holds_number(bm_cell cell, double x)
{
    if (isnan(x))
        return is_anything(cell);
    double slack = 1e-12 * fabs(x);
    if (isinf(x))
        return x > 0 ? cell.high.number >= DBL_MAX : cell.low.number <= -DBL_MAX;
    return cell.low.number <= x + slack && cell.high.number >= x - slack;
}

static void bounds_hold_every_sample(void **state)
{
    (void)state;
    seed = 1;
    for (int n = 0; n < 100000; n++) {
        bm_do code = arithmetic[n % ARITHMETIC];
        bm_cell a = some_range(), b = some_range();
        bm_cell bounds = bm_arith_bounds(code, a, b);
        assert_false(isnan(bounds.low.number) || isnan(bounds.high.number));
        for (int i = 0; i < 8; i++) {
            double x = inside(a), y = inside(b), z = bm_arith(code, x, y);
            if (!holds_number(bounds, z))
                fail_msg("operation %d: %.17g, %.17g gives %.17g, outside %.17g..%.17g", code, x, y,
                         z, bounds.low.number, bounds.high.number);
        }
    }
}

static void bounds_of_one_number_are_that_number(void **state)
{
    (void)state;
    seed = 2;
    for (int n = 0; n < 100000; n++) {
        bm_do code = arithmetic[n % ARITHMETIC];
        double x = some_number(), y = some_number(), z = bm_arith(code, x, y);
        bm_cell bounds = bm_arith_bounds(code, exactly(x), exactly(y));
        bool same = isnan(z)
                        ? is_anything(bounds)
                        : same_number(bounds.low.number, z) && same_number(bounds.high.number, z);
        if (!same)
            fail_msg("operation %d: %.17g, %.17g gives %.17g, bounds %.17g..%.17g", code, x, y, z,
                     bounds.low.number, bounds.high.number);
    }
}

static void outside_a_domain_nothing_is_defined(void **state)
{
    (void)state;
    assert_true(isnan(bm_arith(BM_DO_DIV, 3, 0)));
    assert_true(isnan(bm_arith(BM_DO_DIV, 0, 0)));
    assert_true(isnan(bm_arith(BM_DO_DIV, 3, -0.0)));
    assert_true(isnan(bm_arith(BM_DO_LOG, 0, 0)));
    assert_true(isnan(bm_arith(BM_DO_LOG, -1, 0)));
    assert_true(isnan(bm_arith(BM_DO_SQRT, -1e-9, 0)));
    assert_true(isnan(bm_arith(BM_DO_POW, -2, 0.5)));
    assert_true(isnan(bm_arith(BM_DO_POW, 0, -1)));
    assert_true(is_anything(bm_arith_bounds(BM_DO_DIV, exactly(3), range(-1, 1))));
    assert_true(is_anything(bm_arith_bounds(BM_DO_DIV, exactly(3), range(0, 1))));
    assert_true(is_anything(bm_arith_bounds(BM_DO_LOG, range(0, 1), exactly(0))));
    assert_true(is_anything(bm_arith_bounds(BM_DO_SQRT, range(-1, 1), exactly(0))));
    assert_true(is_anything(bm_arith_bounds(BM_DO_POW, range(-1, 1), exactly(0.5))));
}

/* What overflows twice, in opposite directions, is no number. */
static void infinities_do_not_cancel(void **state)
{
    (void)state;
    bm_cell up = bm_arith_bounds(BM_DO_EXP, exactly(1000), exactly(0));
    bm_cell down = bm_arith_bounds(BM_DO_NEG, up, exactly(0));
    assert_true(is_anything(bm_arith_bounds(BM_DO_ADD, up, down)));
    assert_true(is_anything(bm_arith_bounds(BM_DO_SUB, up, up)));
    assert_true(is_anything(bm_arith_bounds(BM_DO_MUL, up, exactly(0))));
    assert_true(isnan(bm_exp((double)NAN)));
    assert_true(isnan(bm_pow(2, (double)NAN)));
}

static void close_numbers_are_equal(void **state)
{
    (void)state;
    volatile double a = 1.4, b = 0.9; /* 0.4999… in binary */
    assert_true(a - b < 0.5);
    assert_true(bm_at_most(0.5, a - b));
    assert_false(bm_less(a - b, 0.5));
    assert_true(bm_less(0.5, 0.5 + 3e-9));
    assert_false(bm_at_most(0.5 + 3e-9, 0.5));
    assert_false(bm_less((double)NAN, 1));
    assert_false(bm_at_most((double)NAN, 1));
}

/* A comparison holds when it holds for all values, and can hold when it does for one. */
static void comparisons_hold_every_sample(void **state)
{
    static const bm_do codes[3] = {BM_DO_LT, BM_DO_LE, BM_DO_EQ};
    lab l;
    (void)state;
    seed = 3;
    start(&l, 1);
    int32_t a = input(&l, 0, &number_type), b = input(&l, 0, &number_type), slots[3];
    for (int i = 0; i < 3; i++)
        slots[i] = truth(&l, codes[i], a, b);
    ready(&l);
    for (int n = 0; n < 20000; n++) {
        bm_cell x = below(2) ? some_range() : exactly(floor(between(-2, 2)));
        bm_cell y = below(2) ? some_range() : exactly(floor(between(-2, 2)));
        enter(&l, a, x);
        enter(&l, b, y);
        run(&l);
        double p = inside(x), q = inside(y);
        bool holds[3] = {bm_less(p, q), bm_at_most(p, q), bm_at_most(p, q) && bm_at_most(q, p)};
        for (int i = 0; i < 3; i++)
            assert_true(mask_of(&l, slots[i]) & (holds[i] ? BM_YES : BM_NO));
    }
    enter(&l, a, exactly(1.4 - 0.9));
    enter(&l, b, exactly(0.5));
    run(&l);
    assert_int_equal(mask_of(&l, slots[0]), BM_NO);
    assert_int_equal(mask_of(&l, slots[1]), BM_YES);
    assert_int_equal(mask_of(&l, slots[2]), BM_YES);
    finish(&l);
}

static void cuts_hold_their_numbers(void **state)
{
    (void)state;
    bm_cut list[3] = {{0, 6, false, false, 0}, {7, 12, false, false, 1}, {12, 20, true, false, 2}};
    bm_cuts cuts = {3, list};
    assert_int_equal(bm_cut_find(&cuts, 6), 0);
    assert_int_equal(bm_cut_find(&cuts, 6 + 1e-10), 0);
    assert_int_equal(bm_cut_find(&cuts, 6.5), -1);
    assert_int_equal(bm_cut_find(&cuts, 12), 1);
    assert_int_equal(bm_cut_find(&cuts, 12.1), 2);
    assert_int_equal(bm_cut_find(&cuts, 20.1), -1);
    assert_int_equal(bm_cut_bounds(&cuts, range(5, 7)), 3);
    assert_int_equal(bm_cut_bounds(&cuts, exactly(12)), 2);
    assert_int_equal(bm_cut_bounds(&cuts, range(12, 13)), 6);
    /* between the cuts nothing can be told: every answer stays possible */
    assert_int_equal(bm_cut_bounds(&cuts, exactly(6.5)), 7);
    assert_int_equal(bm_cut_bounds(&cuts, range(6.2, 6.8)), 7);
    assert_int_equal(bm_cut_bounds(&cuts, exactly(99)), 7);
}

/* ---- codes, sets and branches: every cell against every value that it can be ---- */

enum { IS_IN, IS_SAME, HAS_ANY, HAS_ALL, IF_CODE, MAPPED, LOGIC_AND, LOGIC_OR, NEGATED, MASKS };

typedef struct {
    lab l;
    int32_t a, b, s, t, c, d; /* two codes, two sets, two flags */
    int32_t to[MASKS], members, if_set, points;
} mask_lab;

static const uint64_t wanted_members = 5;
static const int mapped_to[3] = {2, 0, 2};
static const double points_of[3] = {4, -1, 2};

static void build_tables(mask_lab *m)
{
    bm_table *codes, *points;
    int32_t first = bm_build_table(&m->l.build, 3, &codes);
    assert_non_null(codes);
    for (int i = 0; i < 3; i++)
        codes->cells[i] = mask(BIT(mapped_to[i]));
    int32_t second = bm_build_table(&m->l.build, 3, &points);
    assert_non_null(points);
    for (int i = 0; i < 3; i++)
        points->cells[i] = exactly(points_of[i]);
    m->to[MAPPED] = op(&m->l, BM_DO_TABLE_CODE, BM_CODE, m->a, first, 0);
    m->points = op(&m->l, BM_DO_TABLE_NUMBER, BM_NUMBER, m->a, second, 0);
}

static void build_masks(mask_lab *m)
{
    lab *l = &m->l;
    start(l, 1);
    m->a = input(l, 0, &code_type);
    m->b = input(l, 0, &code_type);
    m->s = input(l, 0, &set_type);
    m->t = input(l, 0, &set_type);
    m->c = input(l, 0, &flag_type);
    m->d = input(l, 0, &flag_type);
    int32_t wanted = bm_build_mask(&l->build, wanted_members);
    m->to[IS_IN] = truth(l, BM_DO_IN, m->a, wanted);
    m->to[IS_SAME] = truth(l, BM_DO_SAME, m->a, m->b);
    m->to[HAS_ANY] = truth(l, BM_DO_HAS_ANY, m->s, wanted);
    m->to[HAS_ALL] = truth(l, BM_DO_HAS_ALL, m->s, wanted);
    m->to[IF_CODE] = op(l, BM_DO_IF_MASK, BM_CODE, m->a, m->b, m->c);
    m->to[LOGIC_AND] = truth(l, BM_DO_AND, m->c, m->d);
    m->to[LOGIC_OR] = truth(l, BM_DO_OR, m->c, m->d);
    m->to[NEGATED] = truth(l, BM_DO_NOT, m->c, 0);
    m->members = op(l, BM_DO_MEMBERS, BM_NUMBER, m->s, 0, 0);
    m->if_set = op(l, BM_DO_IF_SET, BM_SET, m->s, m->t, m->c);
    build_tables(m);
    ready(l);
}

/* What can come of the cells, found by trying; bit n: value n, of flags no and yes. */
typedef struct {
    uint64_t masks[MASKS];
    uint64_t always, ever; /* members of the chosen set */
    double members[2], points[2];
} tried;

static void widen_range(double range_of[2], double x)
{
    range_of[0] = fmin(range_of[0], x);
    range_of[1] = fmax(range_of[1], x);
}

static void try_values(tried *all, int a, int b, uint64_t s, uint64_t t, bool c, bool d)
{
    uint64_t chosen = c ? s : t;
    all->masks[IS_IN] |= BIT((wanted_members >> a & 1) != 0);
    all->masks[IS_SAME] |= BIT(a == b);
    all->masks[HAS_ANY] |= BIT((s & wanted_members) != 0);
    all->masks[HAS_ALL] |= BIT((s & wanted_members) == wanted_members);
    all->masks[IF_CODE] |= BIT(c ? a : b);
    all->masks[MAPPED] |= BIT(mapped_to[a]);
    all->masks[LOGIC_AND] |= BIT(c && d);
    all->masks[LOGIC_OR] |= BIT(c || d);
    all->masks[NEGATED] |= BIT(!c);
    all->always &= chosen;
    all->ever |= chosen;
    widen_range(all->members, __builtin_popcountll(s));
    widen_range(all->points, points_of[a]);
}

static bool can_be_set(bm_cell cell, uint64_t set)
{
    return (cell.low.mask & ~set) == 0 && (set & ~cell.high.mask) == 0;
}

/* n counts through all combinations of values. */
static tried try_all(const mask_lab *m)
{
    tried all = {.always = 7, .members = {99, -99}, .points = {99, -99}};
    for (int n = 0; n < 3 * 3 * 8 * 8 * 2 * 2; n++) {
        int a = n % 3, b = n / 3 % 3, c = n / 576 % 2, d = n / 1152;
        uint64_t s = (uint64_t)(n / 9 % 8), t = (uint64_t)(n / 72 % 8);
        if ((mask_of(&m->l, m->a) >> a & 1) && (mask_of(&m->l, m->b) >> b & 1) &&
            (mask_of(&m->l, m->c) >> c & 1) && (mask_of(&m->l, m->d) >> d & 1) &&
            can_be_set(cell_of(&m->l, m->s), s) && can_be_set(cell_of(&m->l, m->t), t))
            try_values(&all, a, b, s, t, c, d);
    }
    return all;
}

static void expect_range(const lab *l, int32_t slot, const double wanted[2])
{
    assert_true(same_number(cell_of(l, slot).low.number, wanted[0]));
    assert_true(same_number(cell_of(l, slot).high.number, wanted[1]));
}

/* The operands do not depend on each other, so the cells are exactly what can come of them. */
static void codes_and_sets_are_exact(void **state)
{
    mask_lab m;
    (void)state;
    seed = 12;
    build_masks(&m);
    for (int n = 0; n < 3000; n++) {
        uint64_t s = (uint64_t)below(8), t = (uint64_t)below(8);
        enter(&m.l, m.a, mask(1 + (uint64_t)below(7)));
        enter(&m.l, m.b, mask(1 + (uint64_t)below(7)));
        enter(&m.l, m.s, members(s, s | (uint64_t)below(8)));
        enter(&m.l, m.t, members(t, t | (uint64_t)below(8)));
        enter(&m.l, m.c, mask(1 + (uint64_t)below(3)));
        enter(&m.l, m.d, mask(1 + (uint64_t)below(3)));
        run(&m.l);
        tried all = try_all(&m);
        for (int i = 0; i < MASKS; i++)
            assert_int_equal(mask_of(&m.l, m.to[i]), all.masks[i]);
        assert_int_equal(cell_of(&m.l, m.if_set).low.mask, all.always);
        assert_int_equal(cell_of(&m.l, m.if_set).high.mask, all.ever);
        expect_range(&m.l, m.members, all.members);
        expect_range(&m.l, m.points, all.points);
    }
    finish(&m.l);
}

/* ---- elementary functions against the system's ---- */

static void assert_close(const char *what, double x, double y, double is, double wanted)
{
    double error = fabs(is - wanted);
    if (fabs(wanted) < DBL_MIN ? error > 1e-322 : error > 1e-13 * fabs(wanted))
        fail_msg("%s(%.17g, %.17g) is %.17g, not %.17g", what, x, y, is, wanted);
}

static void exponentials_and_logarithms(void **state)
{
    (void)state;
    seed = 4;
    for (int n = 0; n < 200000; n++) {
        double x = n % 2 ? between(-744, 709.6) : between(-2, 2);
        assert_close("exp", x, 0, bm_exp(x), exp(x));
        double y = n % 2 ? exp(between(-700, 700)) : 1 + between(-0.5, 0.5) * between(0, 1e-3);
        assert_close("log", y, 0, bm_log(y), log(y));
    }
    assert_true(same_number(bm_exp(0), 1));
    assert_true(same_number(bm_log(1), 0));
    assert_true(isinf(bm_exp(1000)));
    assert_true(same_number(bm_exp(-1000), 0));
}

static void powers(void **state)
{
    (void)state;
    seed = 5;
    for (int n = 0; n < 200000; n++) {
        double x = exp(between(-7, 7)), y = between(-60, 60);
        assert_close("pow", x, y, bm_pow(x, y), pow(x, y));
        double whole = floor(y);
        assert_close("pow", x, whole, bm_pow(x, whole), pow(x, whole));
        assert_close("pow", -x, fabs(whole), bm_pow(-x, fabs(whole)), pow(-x, fabs(whole)));
    }
    assert_true(same_number(bm_pow(0, 0), 1));
    assert_true(same_number(bm_pow(0, 3), 0));
}

static void powers_with_large_whole_exponents(void **state)
{
    (void)state;
    assert_true(same_number(bm_pow(0, 65), 0));
    for (double n = 60; n < 90; n++) {
        assert_close("pow", -1.7, n, bm_pow(-1.7, n), pow(-1.7, n));
        assert_close("pow", -0.3, n, bm_pow(-0.3, n), pow(-0.3, n));
        assert_close("pow", -0.3, -n, bm_pow(-0.3, -n), pow(-0.3, -n));
    }
    assert_close("pow", -1.001, 1000, bm_pow(-1.001, 1000), pow(-1.001, 1000));
    assert_close("pow", -1.001, 1001, bm_pow(-1.001, 1001), pow(-1.001, 1001));
}

static void elementary_functions_are_monotone(void **state)
{
    (void)state;
    double before[3] = {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
    for (int n = 0; n < 400000; n++) {
        double x = -20 + n * 1e-4, y = 1e-3 + n * 1e-5;
        double now[3] = {bm_exp(x), bm_log(y), bm_pow(y, 2.5)};
        for (int i = 0; i < 3; i++) {
            assert_true(now[i] >= before[i]);
            before[i] = now[i];
        }
    }
}

/* ---- look-ups ---- */

static void every_path_looks_up_the_same(void **state)
{
    uint8_t table[256], in[128], fast[129], plain[129];
    (void)state;
    seed = 6;
    for (int i = 0; i < 256; i++)
        table[i] = (uint8_t)next_random();
    for (int used = 1; used <= 256; used++)
        for (size_t count = 0; count <= 100; count++) {
            /* also indices that the table should never be asked for, near its end and far */
            int most = count % 3 == 0 ? 256 : count % 3 == 1 && used < 256 ? used + 1 : used;
            for (size_t i = 0; i < count; i++)
                in[i] = (uint8_t)below(most);
            fast[count] = plain[count] = 0xA5;
            bm_lookup_for(used, false)(table, in, fast, count);
            bm_lookup_for(used, true)(table, in, plain, count);
            assert_memory_equal(fast, plain, count + 1);
            for (size_t i = 0; i < count; i++)
                assert_int_equal(plain[i], table[in[i]]);
        }
}

/* ---- the hit policy ---- */

enum { ROWS = 6, CHOICES = 3, OUTCOMES = 3 };

typedef struct {
    int choice, value; /* choice -1: advice */
    int set_count;
    int set_choice[2], set_value[2];
} small_row;

typedef struct {
    int rows;
    small_row row[ROWS];
} small_table;

typedef struct {
    lab l;
    int32_t when[ROWS], row[ROWS], choice[CHOICES];
} table_lab;

static void build_table(table_lab *t, const small_table *table)
{
    start(&t->l, 1);
    for (int i = 0; i < table->rows; i++)
        t->when[i] = input(&t->l, 0, &flag_type);
    bm_build_begin(&t->l.build);
    for (int i = 0; i < CHOICES; i++)
        t->choice[i] = bm_build_choice(&t->l.build, 0);
    for (int i = 0; i < table->rows; i++) {
        const small_row *row = &table->row[i];
        bm_setting *sets = bm_arena_array(&t->l.arena, 2, sizeof *sets);
        assert_non_null(sets);
        for (int j = 0; j < row->set_count; j++)
            sets[j] = (bm_setting){t->choice[row->set_choice[j]], row->set_value[j]};
        bm_row made = {.when = t->when[i],
                       .value = row->value,
                       .set_count = row->set_count,
                       .sets = sets,
                       .choice = row->choice < 0 ? -1 : t->choice[row->choice]};
        int32_t number_of_row = bm_build_row(&t->l.build, 0, &made);
        t->row[i] = t->l.program.rows[number_of_row].slot;
    }
    ready(&t->l);
}

/* What the language page says, for conditions that are all decided. */
typedef struct {
    int outcome[CHOICES], setter[CHOICES]; /* -1: none */
    bool speaks[ROWS], superseded[ROWS];
} concrete;

static void set_if_unset(concrete *c, int choice, int value, int row)
{
    if (c->outcome[choice] >= 0)
        return;
    c->outcome[choice] = value;
    c->setter[choice] = row;
}

static concrete decide(const small_table *table, const bool *holds)
{
    concrete c = {.outcome = {-1, -1, -1}, .setter = {-1, -1, -1}};
    for (int i = 0; i < table->rows; i++) {
        const small_row *row = &table->row[i];
        int now = row->choice < 0 ? -1 : c.outcome[row->choice];
        bool free_to_speak = row->choice < 0 || now < 0 || now == row->value;
        c.speaks[i] = holds[i] && free_to_speak;
        c.superseded[i] = holds[i] && !free_to_speak;
        if (!c.speaks[i])
            continue;
        if (row->choice >= 0)
            set_if_unset(&c, row->choice, row->value, i);
        for (int j = 0; j < row->set_count; j++)
            set_if_unset(&c, row->set_choice[j], row->set_value[j], i);
    }
    return c;
}

static void answer(table_lab *t, const small_table *table, const uint64_t *truths)
{
    for (int i = 0; i < table->rows; i++)
        enter(&t->l, t->when[i], mask(truths[i]));
    run(&t->l);
}

static uint64_t row_bits(const table_lab *t, int i)
{
    return mask_of(&t->l, t->row[i]);
}

static int value_of(const table_lab *t, int choice)
{
    return bm_outcome_value(cell_of(&t->l, t->choice[choice]));
}

static uint64_t possible(const table_lab *t, int choice)
{
    return mask_of(&t->l, t->choice[choice]);
}

static const small_table plain_table = {4,
                                        {{0, 0, 1, {1, -1}, {0, 0}},
                                         {0, 1, 1, {1, -1}, {1, 0}},
                                         {0, 0, 1, {2, -1}, {2, 0}},
                                         {1, 2, 0, {0}, {0}}}};

static void the_first_row_that_holds_decides(void **state)
{
    (void)state;
    table_lab t;
    build_table(&t, &plain_table);
    answer(&t, &plain_table, (uint64_t[]){BM_YES, BM_YES, BM_YES, BM_YES});
    assert_int_equal(value_of(&t, 0), 0);
    assert_int_equal(possible(&t, 0), BIT(0));
    assert_int_equal(bm_outcome_setter(cell_of(&t.l, t.choice[0])), 0);
    assert_int_equal(row_bits(&t, 0), BM_ROW_MUST | BM_ROW_MAY | BM_ROW_SPEAKS);
    assert_int_equal(row_bits(&t, 1), BM_ROW_SUPERSEDED);
    assert_int_equal(row_bits(&t, 2), BM_ROW_MUST | BM_ROW_MAY | BM_ROW_SPEAKS); /* same outcome */
    assert_int_equal(row_bits(&t, 3), BM_ROW_SUPERSEDED); /* set by `with` before */
    assert_int_equal(value_of(&t, 1), 0);
    assert_int_equal(value_of(&t, 2), 2);
    assert_int_equal(bm_outcome_setter(cell_of(&t.l, t.choice[2])), 2);
    finish(&t.l);
}

static void no_row_no_outcome(void **state)
{
    (void)state;
    table_lab t;
    build_table(&t, &plain_table);
    answer(&t, &plain_table, (uint64_t[]){BM_NO, BM_NO, BM_NO, BM_YES});
    assert_int_equal(possible(&t, 0), BM_UNSET);
    assert_int_equal(value_of(&t, 0), -1);
    assert_int_equal(bm_outcome_setter(cell_of(&t.l, t.choice[0])), -1);
    assert_int_equal(row_bits(&t, 0), 0);
    assert_int_equal(value_of(&t, 1), 2);
    assert_int_equal(bm_outcome_in(cell_of(&t.l, t.choice[0]), 7), BM_NO);
    assert_int_equal(bm_outcome_in(cell_of(&t.l, t.choice[1]), BIT(2)), BM_YES);
    assert_int_equal(bm_outcome_in(cell_of(&t.l, t.choice[1]), BIT(1)), BM_NO);
    finish(&t.l);
}

static void a_provisional_lead_makes_its_companions_provisional(void **state)
{
    (void)state; /* row 0 waits; row 1 holds and leads to another outcome */
    table_lab t;
    build_table(&t, &plain_table);
    answer(&t, &plain_table, (uint64_t[]){BM_EITHER, BM_YES, BM_NO, BM_NO});
    assert_int_equal(possible(&t, 0), BIT(0) | BIT(1));
    assert_int_equal(possible(&t, 1), BIT(0) | BIT(1) | BM_UNSET);
    assert_int_equal(value_of(&t, 0), 1);
    assert_int_equal(value_of(&t, 1), 1);
    assert_int_equal(row_bits(&t, 0), BM_ROW_MAY);
    assert_int_equal(row_bits(&t, 1), BM_ROW_MAY | BM_ROW_SPEAKS);
    finish(&t.l);
}

static void a_row_that_cannot_lead_any_more_leaves_its_companions(void **state)
{
    (void)state; /* row 0 holds: row 1 could only be superseded */
    table_lab t;
    build_table(&t, &plain_table);
    answer(&t, &plain_table, (uint64_t[]){BM_YES, BM_EITHER, BM_EITHER, BM_NO});
    assert_int_equal(possible(&t, 1), BIT(0));
    assert_int_equal(row_bits(&t, 1), 0);
    assert_int_equal(row_bits(&t, 2), BM_ROW_MAY);
    assert_int_equal(possible(&t, 2), BIT(2) | BM_UNSET);
    finish(&t.l);
}

static void reading_a_provisional_choice_waits(void **state)
{
    (void)state;
    table_lab t;
    build_table(&t, &plain_table);
    answer(&t, &plain_table, (uint64_t[]){BM_EITHER, BM_YES, BM_NO, BM_NO});
    bm_cell lead = cell_of(&t.l, t.choice[0]);
    assert_int_equal(bm_outcome_in(lead, BIT(0)), BM_EITHER);
    assert_int_equal(bm_outcome_in(lead, BIT(0) | BIT(1)), BM_EITHER); /* whichever it becomes */
    assert_int_equal(bm_outcome_in(lead, BIT(2)), BM_EITHER);
    finish(&t.l);
}

static small_row random_row(void)
{
    small_row row = {.choice = below(8) == 0 ? -1 : below(CHOICES), .value = below(OUTCOMES)};
    for (int choice = 0; choice < CHOICES; choice++) {
        if (choice == row.choice || row.set_count == 2 || below(3))
            continue;
        row.set_choice[row.set_count] = choice;
        row.set_value[row.set_count++] = below(OUTCOMES);
    }
    return row;
}

static void check_against(const table_lab *t, const small_table *table, const concrete *c)
{
    for (int i = 0; i < CHOICES; i++)
        assert_true(possible(t, i) & (c->outcome[i] < 0 ? BM_UNSET : BIT(c->outcome[i])));
    for (int i = 0; i < table->rows; i++) {
        uint64_t bits = row_bits(t, i);
        assert_true(!(bits & BM_ROW_MUST) || c->speaks[i]);
        assert_true((bits & BM_ROW_MAY) || !c->speaks[i]);
    }
}

/* With the waiting rows taken as not holding, that is what the decided rows give. */
static void check_decided(const table_lab *t, const small_table *table, const concrete *c)
{
    for (int i = 0; i < CHOICES; i++) {
        assert_int_equal(value_of(t, i), c->outcome[i]);
        assert_int_equal(bm_outcome_setter(cell_of(&t->l, t->choice[i])), c->setter[i]);
    }
    for (int i = 0; i < table->rows; i++) {
        assert_int_equal((row_bits(t, i) & BM_ROW_SPEAKS) != 0, c->speaks[i]);
        assert_int_equal((row_bits(t, i) & BM_ROW_SUPERSEDED) != 0, c->superseded[i]);
    }
}

static void check_table(table_lab *t, const small_table *table, const uint64_t *truths)
{
    bool holds[ROWS];
    int open = 0, waits[ROWS];
    for (int i = 0; i < table->rows; i++) {
        holds[i] = truths[i] == BM_YES;
        if (truths[i] == BM_EITHER)
            waits[open++] = i;
    }
    answer(t, table, truths);
    concrete decided = decide(table, holds);
    check_decided(t, table, &decided);
    for (unsigned n = 0; n < 1u << open; n++) {
        for (int i = 0; i < open; i++)
            holds[waits[i]] = n >> i & 1;
        concrete c = decide(table, holds);
        check_against(t, table, &c);
        for (int i = 0; i < CHOICES && !open; i++)
            assert_int_equal(possible(t, i), c.outcome[i] < 0 ? BM_UNSET : BIT(c.outcome[i]));
    }
}

/* Every state of the conditions of random tables, every completion of each. */
static void outcomes_hold_every_completion(void **state)
{
    static const uint64_t states[3] = {BM_NO, BM_YES, BM_EITHER};
    (void)state;
    seed = 7;
    for (int n = 0; n < 300; n++) {
        small_table table = {.rows = 1 + below(ROWS)};
        table_lab t;
        int all = 1;
        for (int i = 0; i < table.rows; i++, all *= 3)
            table.row[i] = random_row();
        build_table(&t, &table);
        for (int s = 0; s < all; s++) {
            uint64_t truths[ROWS];
            for (int i = 0, rest = s; i < table.rows; i++, rest /= 3)
                truths[i] = states[rest % 3];
            check_table(&t, &table, truths);
        }
        finish(&t.l);
    }
}

/* ---- what is gathered over records ---- */

/* Inputs of the repeated kind, and the operations over it. */
enum { TRUTH, WHERE, FIRST, SECOND, CODE, SET, FIELDS };
enum {
    ANY,
    ALL,
    COUNT,
    SUM,
    LARGEST,
    SMALLEST,
    PLAIN,
    PICK_NUMBER = 2 * PLAIN,
    PICK_CODE,
    PICK_SET,
    GATHERS
};

typedef struct {
    lab l;
    int32_t to[GATHERS]; /* the first six with `where`, the next six without */
} gather_lab;

static int32_t gather(lab *l, bm_do code, bm_base base, bm_base value, int32_t a, int32_t b,
                      bm_cell blank)
{
    bm_op one = {.code = (uint8_t)code, .over = 1, .base = (uint8_t)value, .a = a, .b = b};
    one.c = bm_build_constant(&l->build, blank);
    return bm_build_op(&l->build, one, base);
}

static void build_gathers(gather_lab *g)
{
    static const bm_do codes[PLAIN] = {BM_DO_ANY, BM_DO_ALL,     BM_DO_COUNT,
                                       BM_DO_SUM, BM_DO_LARGEST, BM_DO_SMALLEST};
    static const bm_type *const fields[FIELDS] = {&flag_type,   &flag_type, &number_type,
                                                  &number_type, &code_type, &set_type};
    start(&g->l, 2);
    for (int i = 0; i < FIELDS; i++)
        input(&g->l, 1, fields[i]);
    bm_build_begin(&g->l.build);
    bm_pick *pick;
    int32_t first = bm_build_pick(&g->l.build, 1, 2, &pick);
    assert_non_null(pick);
    pick->ranks[0] = FIRST;
    pick->ranks[1] = SECOND;
    for (int i = 0; i < 2 * PLAIN; i++) {
        bool flags = i % PLAIN < SUM;
        g->to[i] = gather(&g->l, codes[i % PLAIN], i % PLAIN < COUNT ? BM_BOOL : BM_NUMBER,
                          flags ? BM_BOOL : BM_NUMBER, flags ? TRUTH : FIRST,
                          i < PLAIN ? WHERE : -1, range(-10, 10));
    }
    g->to[PICK_NUMBER] =
        gather(&g->l, BM_DO_PICK, BM_NUMBER, BM_NUMBER, SECOND, first, range(-10, 10));
    g->to[PICK_CODE] = gather(&g->l, BM_DO_PICK, BM_CODE, BM_CODE, CODE, first, mask(7));
    g->to[PICK_SET] = gather(&g->l, BM_DO_PICK, BM_SET, BM_SET, SET, first, members(0, 7));
    ready(&g->l);
}

/* A record's field with one value, or open between two. */
typedef struct {
    double number[2];
    uint64_t mask[2];
} field;

typedef struct {
    int records;
    field fields[MOST_RECORDS][FIELDS];
    int open; /* how many fields have two values */
    int open_record[8], open_field[8];
} records;

static field random_field(int which)
{
    field f = {{0, 0}, {0, 0}};
    if (which == FIRST || which == SECOND) {
        f.number[0] = f.number[1] = below(7) - 3;
    } else if (which == SET) {
        f.mask[0] = f.mask[1] = (uint64_t)below(8);
    } else {
        f.mask[0] = f.mask[1] = BIT(below(which == CODE ? 3 : 2));
    }
    return f;
}

static void open_field(records *all, int record, int which)
{
    field *f = &all->fields[record][which];
    if (all->open == 8)
        return;
    if (which == FIRST || which == SECOND)
        f->number[1] = f->number[0] + 1 + below(3);
    else if (which == SET)
        f->mask[1] = f->mask[0] | BIT(below(3));
    else
        f->mask[1] = f->mask[0] == 1 ? 2 : 1;
    all->open_record[all->open] = record;
    all->open_field[all->open++] = which;
}

static void random_records(records *all, int count)
{
    memset(all, 0, sizeof *all);
    all->records = count;
    for (int r = 0; r < count; r++)
        for (int i = 0; i < FIELDS; i++) {
            all->fields[r][i] = random_field(i);
            if (below(3) == 0)
                open_field(all, r, i);
        }
}

static void enter_records(gather_lab *g, const records *all)
{
    g->l.frame.records[1] = all->records;
    for (int r = 0; r < all->records; r++)
        for (int i = 0; i < FIELDS; i++) {
            const field *f = &all->fields[r][i];
            bm_cell cell = i == FIRST || i == SECOND ? range(f->number[0], f->number[1])
                           : i == SET                ? members(f->mask[0], f->mask[1])
                                                     : mask(f->mask[0] | f->mask[1]);
            enter_in(&g->l, 1, r, i, cell);
        }
}

/* Which value of each field a completion takes. */
typedef struct {
    int take[MOST_RECORDS][FIELDS];
} taken;

static taken take(const records *all, unsigned n)
{
    taken t = {{{0}}};
    for (int i = 0; i < all->open; i++)
        t.take[all->open_record[i]][all->open_field[i]] = n >> i & 1;
    return t;
}

static bool flag_in(const records *all, const taken *t, int r, int which)
{
    return all->fields[r][which].mask[t->take[r][which]] == BM_YES;
}

static double number_in(const records *all, const taken *t, int r, int which)
{
    return all->fields[r][which].number[t->take[r][which]];
}

/* The answers for one completion. */
typedef struct {
    double value[PLAIN];
    bool found; /* a record is included */
} gathered;

static gathered brute(const records *all, const taken *t, bool where)
{
    gathered g = {{0, 1, 0, 0, 0, 0}, false};
    for (int r = 0; r < all->records; r++) {
        if (where && !flag_in(all, t, r, WHERE))
            continue;
        bool flag = flag_in(all, t, r, TRUTH);
        double x = number_in(all, t, r, FIRST);
        if (flag)
            g.value[ANY] = 1;
        if (!flag)
            g.value[ALL] = 0;
        g.value[COUNT] += flag;
        g.value[SUM] += x;
        g.value[LARGEST] = g.found ? fmax(g.value[LARGEST], x) : x;
        g.value[SMALLEST] = g.found ? fmin(g.value[SMALLEST], x) : x;
        g.found = true;
    }
    return g;
}

static bool holds_gathered(int which, bm_cell cell, double value)
{
    if (which < COUNT)
        return (cell.low.mask & (value > 0 ? BM_YES : BM_NO)) != 0;
    return cell.low.number <= value && value <= cell.high.number;
}

static void check_gathered(gather_lab *g, const gathered *b, bool where)
{
    for (int i = 0; i < PLAIN; i++)
        if (i < LARGEST || b->found)
            assert_true(
                holds_gathered(i, cell_of(&g->l, g->to[i + (where ? 0 : PLAIN)]), b->value[i]));
}

static bool outranks(const records *all, const taken *t, int a, int b)
{
    double x = number_in(all, t, a, FIRST), y = number_in(all, t, b, FIRST);
    if (!same_number(x, y))
        return x > y;
    return number_in(all, t, a, SECOND) > number_in(all, t, b, SECOND);
}

/* Any of the records that no other outranks may be meant. */
static void check_pick(gather_lab *g, const records *all, const taken *t)
{
    for (int r = 0; r < all->records; r++) {
        bool first = true;
        for (int other = 0; other < all->records; other++)
            first &= !outranks(all, t, other, r);
        if (!first)
            continue;
        bm_cell number_cell = cell_of(&g->l, g->to[PICK_NUMBER]);
        double x = number_in(all, t, r, SECOND);
        uint64_t code = all->fields[r][CODE].mask[t->take[r][CODE]];
        uint64_t set = all->fields[r][SET].mask[t->take[r][SET]];
        bm_cell set_cell = cell_of(&g->l, g->to[PICK_SET]);
        assert_true(number_cell.low.number <= x && x <= number_cell.high.number);
        assert_true(mask_of(&g->l, g->to[PICK_CODE]) & code);
        assert_true((set_cell.low.mask & ~set) == 0 && (set & ~set_cell.high.mask) == 0);
        assert_true(bm_pick_possible(&g->l.frame, &g->l.program.picks[0], r));
    }
}

static void gathering_holds_every_completion(void **state)
{
    gather_lab g;
    (void)state;
    seed = 8;
    build_gathers(&g);
    for (int n = 0; n < 4000; n++) {
        records all;
        random_records(&all, 1 + below(MOST_RECORDS));
        enter_records(&g, &all);
        run(&g.l);
        for (unsigned i = 0; i < 1u << all.open; i++) {
            taken t = take(&all, i);
            for (int where = 0; where < 2; where++) {
                gathered b = brute(&all, &t, where);
                check_gathered(&g, &b, where);
            }
            check_pick(&g, &all, &t);
        }
    }
    finish(&g.l);
}

/* With everything known the answers are exact. */
static void gathering_of_known_records_is_exact(void **state)
{
    gather_lab g;
    (void)state;
    seed = 9;
    build_gathers(&g);
    for (int n = 0; n < 4000; n++) {
        records all;
        random_records(&all, 1 + below(MOST_RECORDS));
        for (int i = 0; i < all.open; i++) {
            field *f = &all.fields[all.open_record[i]][all.open_field[i]];
            f->number[1] = f->number[0];
            f->mask[1] = f->mask[0];
        }
        enter_records(&g, &all);
        run(&g.l);
        taken t = take(&all, 0);
        gathered b = brute(&all, &t, true);
        for (int i = 0; i < PLAIN; i++) {
            bm_cell cell = cell_of(&g.l, g.to[i]);
            if (i < COUNT)
                assert_int_equal(cell.low.mask, b.value[i] > 0 ? BM_YES : BM_NO);
            else if (i < LARGEST || b.found)
                assert_true(same_number(cell.low.number, b.value[i]) &&
                            same_number(cell.high.number, b.value[i]));
            else
                assert_true(same_number(cell.low.number, -10) && same_number(cell.high.number, 10));
        }
    }
    finish(&g.l);
}

/* Nothing listed: what is entered holds for every record that may turn up. */
static void gathering_holds_what_may_turn_up(void **state)
{
    gather_lab g;
    (void)state;
    seed = 10;
    build_gathers(&g);
    g.l.frame.listed[1] = false;
    for (int n = 0; n < 3000; n++) {
        records one, all;
        random_records(&one, 1);
        enter_records(&g, &one);
        run(&g.l);
        memset(&all, 0, sizeof all);
        all.records = 1 + below(MOST_RECORDS);
        for (int r = 0; r < all.records; r++)
            memcpy(all.fields[r], one.fields[0], sizeof all.fields[r]);
        for (int i = 0; i < 50; i++) {
            taken t;
            for (int r = 0; r < MOST_RECORDS; r++)
                for (int f = 0; f < FIELDS; f++)
                    t.take[r][f] = below(2);
            for (int where = 0; where < 2; where++) {
                gathered b = brute(&all, &t, where);
                check_gathered(&g, &b, where);
            }
            check_pick(&g, &all, &t);
        }
    }
    finish(&g.l);
}

/* It is known that there is no record, whatever was entered for all of them. */
static void gathering_over_no_record(void **state)
{
    gather_lab g;
    (void)state;
    build_gathers(&g);
    g.l.frame.listed[1] = false;
    g.l.frame.none[1] = true;
    enter_in(&g.l, 1, 0, TRUTH, mask(BM_YES));
    enter_in(&g.l, 1, 0, FIRST, exactly(3));
    enter_in(&g.l, 1, 0, CODE, mask(BIT(1)));
    run(&g.l);
    for (int i = 0; i < 2 * PLAIN; i += PLAIN) {
        assert_int_equal(mask_of(&g.l, g.to[i + ANY]), BM_NO);
        assert_int_equal(mask_of(&g.l, g.to[i + ALL]), BM_YES);
        assert_true(same_number(cell_of(&g.l, g.to[i + COUNT]).high.number, 0));
        assert_true(same_number(cell_of(&g.l, g.to[i + SUM]).high.number, 0));
        assert_true(same_number(cell_of(&g.l, g.to[i + LARGEST]).low.number, -10));
        assert_true(same_number(cell_of(&g.l, g.to[i + SMALLEST]).high.number, 10));
    }
    assert_int_equal(mask_of(&g.l, g.to[PICK_CODE]), 7);
    finish(&g.l);
}

/* ---- reasons ---- */

typedef void (*why)(const bm_frame *, int, int, int32_t, bm_marks *);

/* Asks, and says whether exactly these inputs of the patient (a mask) come back. */
static void expect_inputs(lab *l, why ask, int32_t slot, uint64_t wanted)
{
    uint64_t found = 0;
    bm_marks_init(&l->marks, &l->frame, l->words);
    ask(&l->frame, 0, 0, slot, &l->marks);
    for (int32_t i = 0; i < l->program.kinds[0].inputs; i++)
        if (bm_marked(&l->marks, &l->frame, 0, 0, i))
            found |= BIT(i);
    assert_int_equal(found, wanted);
    assert_int_equal(l->marks.count, __builtin_popcountll(wanted));
}

static void open_parts_of_logic_are_missing(void **state)
{
    lab l;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &flag_type), b = input(&l, 0, &flag_type);
    int32_t c = input(&l, 0, &flag_type);
    int32_t both = truth(&l, BM_DO_AND, a, b), any = truth(&l, BM_DO_OR, both, c);
    ready(&l);
    run(&l);
    expect_inputs(&l, bm_why_open, any, BIT(a) | BIT(b) | BIT(c));
    enter(&l, a, mask(BM_NO)); /* b no longer matters */
    run(&l);
    expect_inputs(&l, bm_why_open, any, BIT(c));
    enter(&l, c, mask(BM_YES));
    run(&l);
    expect_inputs(&l, bm_why_open, any, 0);
    expect_inputs(&l, bm_why_so, any, BIT(c));
    enter(&l, a, mask(BM_YES));
    enter(&l, b, mask(BM_YES));
    run(&l);
    expect_inputs(&l, bm_why_so, any, BIT(a) | BIT(b) | BIT(c)); /* all reasons of an or */
    enter(&l, c, mask(BM_NO));
    enter(&l, b, mask(BM_NO));
    run(&l);
    expect_inputs(&l, bm_why_so, any, BIT(b) | BIT(c)); /* false: only what is false */
    finish(&l);
}

/* value: entered, or from a table that cannot tell for option 2. */
static int32_t build_ask(lab *l, int32_t *from, int32_t *value)
{
    bm_table *table;
    *from = input(l, 0, &code_type);
    *value = input(l, 0, &code_type);
    int32_t index = bm_build_table(&l->build, 3, &table);
    assert_non_null(table);
    for (int i = 0; i < 3; i++) {
        table->cells[i] = mask(i == 2 ? 7 : BIT(i));
        table->undefined[i] = i == 2;
    }
    int32_t derived = op(l, BM_DO_TABLE_CODE, BM_CODE, *from, index, 0);
    return op(l, BM_DO_SUPPLY, BM_CODE, *value, derived, 0);
}

static void an_ask_names_the_value_to_enter(void **state)
{
    lab l;
    int32_t from, value;
    (void)state;
    start(&l, 1);
    int32_t slot = build_ask(&l, &from, &value);
    ready(&l);
    run(&l);
    expect_inputs(&l, bm_why_open, slot, BIT(from));
    expect_inputs(&l, bm_why_named, slot, BIT(value));
    enter(&l, from, mask(BIT(2)));
    run(&l);
    assert_int_equal(mask_of(&l, slot), 7);
    expect_inputs(&l, bm_why_open, slot, BIT(value));
    enter(&l, value, mask(BIT(0)));
    run(&l);
    assert_int_equal(mask_of(&l, slot), BIT(0));
    expect_inputs(&l, bm_why_open, slot, 0);
    expect_inputs(&l, bm_why_so, slot, BIT(value)); /* what was entered wins */
    finish(&l);
}

static void partner(lab *l, int32_t of, int32_t other)
{
    bm_slots *list;
    int32_t index = bm_build_partners(&l->build, 1, &list);
    assert_non_null(list);
    list->slots[0] = other;
    l->program.kinds[0].partners[of] = index;
}

static void an_excluded_fact_is_not_asked(void **state)
{
    lab l;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &code_type), b = input(&l, 0, &code_type);
    partner(&l, a, b);
    partner(&l, b, a);
    int32_t is_a = truth(&l, BM_DO_IN, a, bm_build_mask(&l.build, 1));
    int32_t stated = truth(&l, BM_DO_STATED, a, 0);
    int32_t either = truth(&l, BM_DO_OR, is_a, stated);
    ready(&l);
    run(&l);
    assert_int_equal(mask_of(&l, stated), BM_EITHER);
    expect_inputs(&l, bm_why_open, either, BIT(a));
    enter(&l, b, mask(BIT(1)));
    run(&l);
    assert_int_equal(mask_of(&l, stated), BM_NO);
    assert_int_equal(mask_of(&l, either), BM_EITHER);
    expect_inputs(&l, bm_why_open, either, 0);
    enter(&l, a, mask(BIT(0)));
    run(&l);
    assert_int_equal(mask_of(&l, stated), BM_YES);
    finish(&l);
}

static void silence_is_named(void **state)
{
    lab l;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &code_type), b = input(&l, 0, &flag_type);
    bm_op known = {.code = BM_DO_KNOWN, .base = BM_CODE, .a = a};
    bm_op missing = {.code = BM_DO_MISSING, .base = BM_BOOL, .a = b};
    missing.b = bm_build_mask(&l.build, BM_EITHER);
    int32_t is_known = bm_build_op(&l.build, known, BM_BOOL);
    int32_t is_missing = bm_build_op(&l.build, missing, BM_BOOL);
    ready(&l);
    run(&l);
    assert_true(l.frame.relied_on_silence);
    assert_int_equal(mask_of(&l, is_known), BM_NO);
    assert_int_equal(mask_of(&l, is_missing), BM_YES);
    expect_inputs(&l, bm_why_silent, is_known, BIT(a));
    expect_inputs(&l, bm_why_silent, is_missing, BIT(b));
    l.frame.strict = true;
    run(&l);
    assert_int_equal(mask_of(&l, is_known), BM_EITHER);
    assert_int_equal(mask_of(&l, is_missing), BM_EITHER);
    enter(&l, a, mask(BIT(1)));
    enter(&l, b, mask(BM_NO));
    run(&l);
    assert_false(l.frame.relied_on_silence);
    assert_int_equal(mask_of(&l, is_known), BM_YES);
    assert_int_equal(mask_of(&l, is_missing), BM_NO);
    expect_inputs(&l, bm_why_silent, is_missing, 0);
    finish(&l);
}

static void assumptions_stand_for_silence_alone(void **state)
{
    lab l;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &code_type);
    bm_op assume = {.code = BM_DO_ASSUME, .base = BM_CODE, .a = a};
    assume.b = bm_build_mask(&l.build, 7);
    assume.c = bm_build_mask(&l.build, 2);
    int32_t slot = bm_build_op(&l.build, assume, BM_CODE);
    ready(&l);
    run(&l);
    assert_int_equal(mask_of(&l, slot), 2);
    assert_true(l.frame.relied_on_silence);
    expect_inputs(&l, bm_why_silent, slot, BIT(a));
    enter(&l, a, mask(5)); /* partly known is not silence */
    run(&l);
    assert_int_equal(mask_of(&l, slot), 5);
    assert_false(l.frame.relied_on_silence);
    finish(&l);
}

/* It never waits and never asks; only a search over all that can be entered looks into it. */
static void what_is_shown_does_not_wait(void **state)
{
    lab l;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &flag_type), b = input(&l, 0, &flag_type);
    int32_t any = truth(&l, BM_DO_OR, a, b), shown = truth(&l, BM_DO_SHOWN, any, 0);
    ready(&l);
    run(&l);
    assert_int_equal(mask_of(&l, shown), BM_NO);
    assert_false(l.frame.relied_on_silence);
    expect_inputs(&l, bm_why_open, shown, 0);
    l.frame.strict = true;
    run(&l);
    assert_int_equal(mask_of(&l, shown), BM_NO);
    l.frame.searching = true;
    run(&l);
    assert_int_equal(mask_of(&l, shown), BM_EITHER);
    expect_inputs(&l, bm_why_open, shown, BIT(a) | BIT(b));
    l.frame.strict = l.frame.searching = false;
    enter(&l, b, mask(BM_YES));
    run(&l);
    assert_int_equal(mask_of(&l, shown), BM_YES);
    expect_inputs(&l, bm_why_so, shown, BIT(b));
    enter(&l, b, mask(BM_NO));
    enter(&l, a, mask(BM_NO));
    run(&l);
    assert_int_equal(mask_of(&l, shown), BM_NO);
    finish(&l);
}

/* ---- witnesses ---- */

enum { FLAGS = 3, VARIABLES = FLAGS + 3 }; /* flags, a code, a count, a set */

typedef struct {
    lab l;
    int32_t row[2], choice;
} formula_lab;

static int32_t random_atom(lab *l)
{
    int kind = below(5);
    if (kind < 2)
        return below(FLAGS);
    if (kind == 2)
        return truth(l, BM_DO_IN, FLAGS, bm_build_mask(&l->build, 1 + (uint64_t)below(6)));
    if (kind == 3)
        return truth(l, below(2) ? BM_DO_LT : BM_DO_EQ, FLAGS + 1, number(l, below(7)));
    return truth(l, below(2) ? BM_DO_HAS_ANY : BM_DO_HAS_ALL, FLAGS + 2,
                 bm_build_mask(&l->build, 1 + (uint64_t)below(7)));
}

static int32_t random_formula(lab *l, int depth)
{
    int kind = depth ? below(5) : 4;
    if (kind == 4)
        return random_atom(l);
    if (kind == 3)
        return truth(l, BM_DO_NOT, random_formula(l, depth - 1), 0);
    int32_t a = random_formula(l, depth - 1), b = random_formula(l, depth - 1);
    return truth(l, kind == 0 ? BM_DO_OR : BM_DO_AND, a, b);
}

static void build_formulas(formula_lab *f)
{
    start(&f->l, 1);
    for (int i = 0; i < FLAGS; i++)
        input(&f->l, 0, &flag_type);
    input(&f->l, 0, &code_type);
    input(&f->l, 0, &count_type);
    input(&f->l, 0, &set_type);
    bm_build_begin(&f->l.build);
    f->choice = bm_build_choice(&f->l.build, 0);
    for (int i = 0; i < 2; i++) {
        bm_row row = {.when = random_formula(&f->l, 4), .choice = f->choice, .value = i};
        f->row[i] = bm_build_row(&f->l.build, 0, &row);
    }
    ready(&f->l);
}

/* Enters the n-th of all complete patients; false past the last. */
static bool enter_patient(lab *l, int n)
{
    for (int i = 0; i < FLAGS; i++, n /= 2)
        enter(l, i, mask(n % 2 ? BM_YES : BM_NO));
    enter(l, FLAGS, mask(BIT(n % 3)));
    n /= 3;
    enter(l, FLAGS + 1, exactly(n % 6));
    n /= 6;
    enter(l, FLAGS + 2, members((uint64_t)(n % 8), (uint64_t)(n % 8)));
    return n / 8 == 0;
}

/* Can it come about? Bit 0, 1: the rows; bit 2: no outcome. */
static int brute_witnesses(formula_lab *f)
{
    int found = 0;
    for (int n = 0; enter_patient(&f->l, n); n++) {
        run(&f->l);
        for (int i = 0; i < 2; i++)
            if (mask_of(&f->l, f->l.program.rows[f->row[i]].slot) & BM_ROW_SPEAKS)
                found |= 1 << i;
        if (mask_of(&f->l, f->choice) == BM_UNSET)
            found |= 4;
    }
    return found;
}

static void check_verdict(bm_verdict verdict, bool can, int *gave_up)
{
    if (verdict == BM_GAVE_UP)
        ++*gave_up;
    else
        assert_int_equal(verdict, can ? BM_FOUND : BM_IMPOSSIBLE);
}

static void witnesses_are_found_where_there_are_any(void **state)
{
    int gave_up = 0;
    (void)state;
    seed = 11;
    for (int n = 0; n < 400; n++) {
        formula_lab f;
        bm_search search;
        build_formulas(&f);
        int can = brute_witnesses(&f);
        assert_true(bm_search_start(&search, &f.l.arena, &f.l.program));
        for (int i = 0; i < 2; i++)
            check_verdict(bm_search_row(&search, &f.l.plan, 0, f.row[i], 2000), can >> i & 1,
                          &gave_up);
        check_verdict(bm_search_unset(&search, &f.l.plan, 0, f.choice, -1, 2000), can >> 2 & 1,
                      &gave_up);
        finish(&f.l);
    }
    assert_true(gave_up <= 12); /* of 1200 */
}

static void rows_that_speak_of_silence_have_witnesses(void **state)
{
    lab l;
    bm_search search;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &code_type), b = input(&l, 0, &flag_type);
    bm_op missing = {.code = BM_DO_MISSING, .base = BM_CODE, .a = a};
    missing.b = bm_build_mask(&l.build, 7);
    int32_t silent = bm_build_op(&l.build, missing, BM_BOOL);
    bm_op known = {.code = BM_DO_KNOWN, .base = BM_CODE, .a = a};
    int32_t said = bm_build_op(&l.build, known, BM_BOOL);
    bm_row rows[3] = {
        {.when = truth(&l, BM_DO_AND, silent, b), .choice = -1},
        {.when = truth(&l, BM_DO_AND, said, truth(&l, BM_DO_NOT, b, 0)), .choice = -1},
        {.when = truth(&l, BM_DO_AND, said, silent), .choice = -1}};
    int32_t made[3];
    for (int i = 0; i < 3; i++)
        made[i] = bm_build_row(&l.build, 0, &rows[i]);
    ready(&l);
    assert_true(bm_search_start(&search, &l.arena, &l.program));
    assert_int_equal(bm_search_row(&search, &l.plan, 0, made[0], 2000), BM_FOUND);
    assert_int_equal(bm_search_row(&search, &l.plan, 0, made[1], 2000), BM_FOUND);
    assert_int_not_equal(bm_search_row(&search, &l.plan, 0, made[2], 2000), BM_FOUND);
    finish(&l);
}

static void rows_that_speak_of_what_is_shown_have_witnesses(void **state)
{
    lab l;
    bm_search search;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &flag_type);
    int32_t shown = truth(&l, BM_DO_SHOWN, a, 0);
    int32_t refuted = truth(&l, BM_DO_SHOWN, truth(&l, BM_DO_NOT, a, 0), 0);
    int32_t neither = truth(&l, BM_DO_NOT, truth(&l, BM_DO_OR, shown, refuted), 0);
    bm_row rows[3] = {{.when = shown, .choice = -1},
                      {.when = neither, .choice = -1},
                      {.when = truth(&l, BM_DO_AND, shown, refuted), .choice = -1}};
    int32_t made[3];
    for (int i = 0; i < 3; i++)
        made[i] = bm_build_row(&l.build, 0, &rows[i]);
    ready(&l);
    assert_true(bm_search_start(&search, &l.arena, &l.program));
    assert_int_equal(bm_search_row(&search, &l.plan, 0, made[0], 2000), BM_FOUND);
    assert_int_equal(bm_search_row(&search, &l.plan, 0, made[1], 2000), BM_FOUND);
    assert_int_not_equal(bm_search_row(&search, &l.plan, 0, made[2], 2000), BM_FOUND);
    finish(&l);
}

/* The search tries one record of each kind; that no number of records does is not proved. */
static void what_several_records_can_do_is_not_impossible(void **state)
{
    lab l;
    bm_search search;
    (void)state;
    start(&l, 2);
    int32_t deep = input(&l, 1, &flag_type);
    int32_t count = gather(&l, BM_DO_COUNT, BM_NUMBER, BM_BOOL, deep, -1, mask(BM_EITHER));
    bm_row many = {.when = truth(&l, BM_DO_LT, number(&l, 2), count), .choice = -1};
    bm_row more = {.when = truth(&l, BM_DO_LT, number(&l, MOST_RECORDS), count), .choice = -1};
    int32_t rows[2] = {bm_build_row(&l.build, 0, &many), bm_build_row(&l.build, 0, &more)};
    ready(&l);
    assert_true(bm_search_start(&search, &l.arena, &l.program));
    assert_int_not_equal(bm_search_row(&search, &l.plan, 0, rows[0], 2000), BM_IMPOSSIBLE);
    assert_int_equal(bm_search_row(&search, &l.plan, 0, rows[1], 2000), BM_IMPOSSIBLE);
    finish(&l);
}

/* ---- the exact evaluator where it must not answer ---- */

static bm_exact_status exact_of(lab *l, const bm_column *columns, int count, bm_output *out,
                                uint8_t *undecided, size_t rows, int32_t *missing)
{
    bm_memory memory;
    bm_exact *exact;
    int kind = -1;
    bm_memory_init(&memory, NULL, NULL);
    *missing = -1;
    bm_exact_status status = bm_exact_new(&memory, &l->program, &l->plan, columns, count, out, 1,
                                          false, &exact, &kind, missing);
    if (status == BM_EXACT_OK) {
        bm_exact_run(exact, columns, out, undecided, rows);
        bm_exact_free(exact);
    }
    return status;
}

/* An "ask" in cases: if flag then 1, else it cannot be told. */
static void an_ask_is_undecided(void **state)
{
    static const uint8_t flags[4] = {1, 0, 1, 0};
    uint8_t codes[4], undecided[4];
    int32_t missing;
    lab l;
    (void)state;
    start(&l, 1);
    int32_t flag = input(&l, 0, &flag_type);
    int32_t ask = bm_build_const_slot(&l.build, 0, BM_CODE, mask(7));
    int32_t one = bm_build_const_slot(&l.build, 0, BM_CODE, mask(2));
    int32_t slot = op(&l, BM_DO_IF_MASK, BM_CODE, one, ask, flag);
    bm_op known = {.code = BM_DO_KNOWN, .base = BM_CODE, .a = slot};
    int32_t is_known = bm_build_op(&l.build, known, BM_BOOL);
    known.a = ask;
    int32_t ask_known = bm_build_op(&l.build, known, BM_BOOL);
    ready(&l);
    bm_column column = {0, flag, flags, false};
    bm_output out = {0, slot, false, codes};
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 4, &missing), BM_EXACT_OK);
    assert_memory_equal(undecided, ((uint8_t[]){0, 1, 0, 1}), 4);
    assert_int_equal(codes[0], 1);
    assert_int_equal(codes[2], 1);
    out.slot = is_known; /* in the bounds evaluator: known where the flag is set */
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 4, &missing), BM_EXACT_OK);
    assert_memory_equal(undecided, ((uint8_t[]){0, 1, 0, 1}), 4);
    assert_int_equal(codes[0], 1);
    out.slot = ask_known;
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 4, &missing), BM_EXACT_OK);
    assert_memory_equal(undecided, ((uint8_t[]){1, 1, 1, 1}), 4);
    out.slot = ask;
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 4, &missing), BM_EXACT_OK);
    assert_memory_equal(undecided, ((uint8_t[]){1, 1, 1, 1}), 4);
    finish(&l);
}

static void a_sum_over_no_included_record_is_zero(void **state)
{
    static const double numbers[2] = {3, 4};
    static const uint8_t included[2] = {1, 0};
    double sums[2];
    uint8_t undecided[2];
    int32_t missing;
    lab l;
    (void)state;
    start(&l, 2);
    int32_t x = input(&l, 1, &number_type), where = input(&l, 1, &flag_type);
    int32_t sum = gather(&l, BM_DO_SUM, BM_NUMBER, BM_NUMBER, x, where, range(-10, 10));
    int32_t most = gather(&l, BM_DO_LARGEST, BM_NUMBER, BM_NUMBER, x, where, range(-10, 10));
    ready(&l);
    bm_column columns[2] = {{1, x, numbers, false}, {1, where, included, false}};
    bm_output out = {0, sum, false, sums};
    assert_int_equal(exact_of(&l, columns, 2, &out, undecided, 2, &missing), BM_EXACT_OK);
    assert_memory_equal(undecided, ((uint8_t[]){0, 0}), 2);
    assert_true(same_number(sums[0], 3) && same_number(sums[1], 0));
    out.slot = most; /* the largest of none is nothing */
    assert_int_equal(exact_of(&l, columns, 2, &out, undecided, 2, &missing), BM_EXACT_OK);
    assert_memory_equal(undecided, ((uint8_t[]){0, 1}), 2);
    finish(&l);
}

/* Points are kept as bytes as long as no sum can pass 255. */
static void sums_past_a_byte_are_kept_whole(void **state)
{
    static const uint8_t codes[3] = {0, 1, 2};
    double sums[3];
    uint8_t undecided[3];
    int32_t missing;
    bm_table *table;
    lab l;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &code_type);
    int32_t index = bm_build_table(&l.build, 3, &table);
    assert_non_null(table);
    for (int i = 0; i < 3; i++)
        table->cells[i] = exactly(100 * i);
    int32_t points = op(&l, BM_DO_TABLE_NUMBER, BM_NUMBER, a, index, 0);
    int32_t sum = op(&l, BM_DO_ADD, BM_NUMBER, points, points, 0);
    int32_t less = op(&l, BM_DO_SUB, BM_NUMBER, points, sum, 0);
    ready(&l);
    bm_column column = {0, a, codes, false};
    bm_output out = {0, sum, false, sums};
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 3, &missing), BM_EXACT_OK);
    for (int i = 0; i < 3; i++)
        assert_true(same_number(sums[i], 200 * i));
    out.bytes = true;
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 3, &missing), BM_EXACT_NOT_BYTES);
    out = (bm_output){0, less, false, sums};
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 3, &missing), BM_EXACT_OK);
    assert_true(same_number(sums[2], -200));
    finish(&l);
}

static void what_is_not_a_number_is_undecided(void **state)
{
    static const double numbers[4] = {4, 0, -1, 9};
    uint8_t larger[4], undecided[4];
    int32_t missing;
    lab l;
    (void)state;
    start(&l, 1);
    int32_t x = input(&l, 0, &number_type);
    int32_t inverse = op(&l, BM_DO_DIV, BM_NUMBER, number(&l, 1), x, 0);
    int32_t root = op(&l, BM_DO_SQRT, BM_NUMBER, x, 0, 0);
    int32_t larger_inverse = truth(&l, BM_DO_LT, number(&l, 0.2), inverse);
    int32_t larger_root = truth(&l, BM_DO_LT, number(&l, 2.5), root);
    ready(&l);
    bm_column column = {0, x, numbers, false};
    bm_output out = {0, larger_inverse, false, larger};
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 4, &missing), BM_EXACT_OK);
    assert_memory_equal(undecided, ((uint8_t[]){0, 1, 0, 0}), 4);
    assert_int_equal(larger[0], 1);
    assert_int_equal(larger[2], 0);
    out.slot = larger_root;
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 4, &missing), BM_EXACT_OK);
    assert_memory_equal(undecided, ((uint8_t[]){0, 0, 1, 0}), 4);
    assert_int_equal(larger[3], 1);
    finish(&l);
}

static void a_missing_column_is_named(void **state)
{
    static const uint8_t flags[1] = {1};
    uint8_t out_bytes[8], undecided[1];
    int32_t missing;
    lab l;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &flag_type), b = input(&l, 0, &flag_type);
    int32_t x = input(&l, 0, &number_type);
    int32_t any = truth(&l, BM_DO_OR, a, b);
    bm_op known = {.code = BM_DO_KNOWN, .base = BM_BOOL, .a = any};
    int32_t is_known = bm_build_op(&l.build, known, BM_BOOL);
    ready(&l);
    bm_column column = {0, a, flags, false};
    bm_output out = {0, any, false, out_bytes};
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 1, &missing), BM_EXACT_INCOMPLETE);
    assert_int_equal(missing, b);
    out.slot = is_known; /* what is not there is not known either */
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 1, &missing), BM_EXACT_INCOMPLETE);
    static const double ten[1] = {10};
    bm_column number_column = {0, x, ten, false};
    out = (bm_output){0, x, true, out_bytes};
    assert_int_equal(exact_of(&l, &number_column, 1, &out, undecided, 1, &missing),
                     BM_EXACT_NOT_BYTES);
    finish(&l);
}

/* `stated(a) or b = 1` needs no b where a has a column; b excludes a where only b has one. */
static void what_is_excluded_needs_no_column(void **state)
{
    static const uint8_t codes[2] = {0, 1};
    uint8_t out_bytes[2], undecided[2];
    int32_t missing;
    lab l;
    (void)state;
    start(&l, 1);
    int32_t a = input(&l, 0, &code_type), b = input(&l, 0, &code_type);
    partner(&l, a, b);
    partner(&l, b, a);
    int32_t is_b = truth(&l, BM_DO_IN, b, bm_build_mask(&l.build, 2));
    int32_t any = truth(&l, BM_DO_OR, truth(&l, BM_DO_STATED, a, 0), is_b);
    ready(&l);
    bm_output out = {0, any, false, out_bytes};
    bm_column column = {0, a, codes, false};
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 2, &missing), BM_EXACT_OK);
    assert_memory_equal(out_bytes, ((uint8_t[]){1, 1}), 2);
    column.input = b;
    assert_int_equal(exact_of(&l, &column, 1, &out, undecided, 2, &missing), BM_EXACT_OK);
    assert_memory_equal(out_bytes, ((uint8_t[]){0, 1}), 2);
    assert_int_equal(exact_of(&l, NULL, 0, &out, undecided, 2, &missing), BM_EXACT_INCOMPLETE);
    finish(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_hold_every_sample),
        cmocka_unit_test(bounds_of_one_number_are_that_number),
        cmocka_unit_test(outside_a_domain_nothing_is_defined),
        cmocka_unit_test(infinities_do_not_cancel),
        cmocka_unit_test(close_numbers_are_equal),
        cmocka_unit_test(comparisons_hold_every_sample),
        cmocka_unit_test(cuts_hold_their_numbers),
        cmocka_unit_test(codes_and_sets_are_exact),
        cmocka_unit_test(exponentials_and_logarithms),
        cmocka_unit_test(powers),
        cmocka_unit_test(powers_with_large_whole_exponents),
        cmocka_unit_test(elementary_functions_are_monotone),
        cmocka_unit_test(every_path_looks_up_the_same),
        cmocka_unit_test(the_first_row_that_holds_decides),
        cmocka_unit_test(no_row_no_outcome),
        cmocka_unit_test(a_provisional_lead_makes_its_companions_provisional),
        cmocka_unit_test(a_row_that_cannot_lead_any_more_leaves_its_companions),
        cmocka_unit_test(reading_a_provisional_choice_waits),
        cmocka_unit_test(outcomes_hold_every_completion),
        cmocka_unit_test(gathering_holds_every_completion),
        cmocka_unit_test(gathering_of_known_records_is_exact),
        cmocka_unit_test(gathering_holds_what_may_turn_up),
        cmocka_unit_test(gathering_over_no_record),
        cmocka_unit_test(open_parts_of_logic_are_missing),
        cmocka_unit_test(an_ask_names_the_value_to_enter),
        cmocka_unit_test(an_excluded_fact_is_not_asked),
        cmocka_unit_test(silence_is_named),
        cmocka_unit_test(assumptions_stand_for_silence_alone),
        cmocka_unit_test(what_is_shown_does_not_wait),
        cmocka_unit_test(witnesses_are_found_where_there_are_any),
        cmocka_unit_test(rows_that_speak_of_silence_have_witnesses),
        cmocka_unit_test(rows_that_speak_of_what_is_shown_have_witnesses),
        cmocka_unit_test(what_several_records_can_do_is_not_impossible),
        cmocka_unit_test(an_ask_is_undecided),
        cmocka_unit_test(a_sum_over_no_included_record_is_zero),
        cmocka_unit_test(sums_past_a_byte_are_kept_whole),
        cmocka_unit_test(what_is_not_a_number_is_undecided),
        cmocka_unit_test(a_missing_column_is_named),
        cmocka_unit_test(what_is_excluded_needs_no_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
