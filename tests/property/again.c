/* SPDX-License-Identifier: Apache-2.0 */
/* What is run again after a few inputs changed gives the cells that running everything gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "engine/again.h"
#include "guideline/set.h"

enum { STEPS = 300 };

static uint64_t random_state = 2027;

static uint32_t random_below(uint32_t limit)
{
    random_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) >> 32) % limit;
}

/* Back to nothing known, or narrower than that. */
static bm_cell random_cell(bm_base base, bm_cell blank)
{
    bm_cell cell = blank;
    double width = blank.high.number - blank.low.number;
    if (random_below(3) == 0)
        return blank;
    if (base == BM_NUMBER) {
        cell.low.number = blank.low.number + width * random_below(1000) / 1000;
        cell.high.number = cell.low.number + (random_below(2) ? 0 : width / 8);
    } else if (base == BM_SET) {
        cell.low.mask = blank.high.mask & (UINT64_C(1) << random_below(8));
        cell.high.mask = cell.low.mask | (blank.high.mask & random_state);
    } else {
        cell.low.mask &= random_state;
        if (!cell.low.mask)
            return blank;
    }
    return cell;
}

static void change_some(bm_again *again, const bm_frame *frame, uint8_t *const *given)
{
    const bm_program *p = frame->program;
    for (uint32_t left = random_below(4); left > 0; left--) {
        int k = (int)random_below((uint32_t)p->kind_count);
        if (p->kinds[k].inputs == 0)
            continue;
        int32_t input = (int32_t)random_below((uint32_t)p->kinds[k].inputs);
        frame->cells[k][input] =
            random_cell((bm_base)p->kinds[k].base[input], p->kinds[k].blank[input]);
        given[k][input] = (uint8_t)random_below(2);
        bm_again_touch(again, k, input);
    }
}

static void compare(const bm_frame *one, const bm_frame *other, const int32_t *ops, int count)
{
    for (int i = 0; i < count; i++) {
        const bm_op *op = &one->program->ops[ops[i]];
        int32_t slot = op->code == BM_DO_ROW ? one->program->rows[op->a].slot : op->to;
        if (memcmp(&one->cells[op->kind][slot], &other->cells[op->kind][slot], sizeof(bm_cell)))
            fail_msg("operation %d of %d, code %d", i, count, (int)op->code);
    }
}

static void check_list(const bm_program *p, const int32_t *ops, int count)
{
    bm_memory memory;
    bm_arena arena;
    bm_again again;
    bm_frame frame = {.program = p}, whole;
    uint8_t *given[BM_KINDS];
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&arena, &memory);
    assert_true(bm_again_start(&again, &arena, p));
    for (int k = 0; k < p->kind_count; k++) {
        size_t slots = (size_t)p->kinds[k].slots + 1, inputs = (size_t)p->kinds[k].inputs;
        frame.records[k] = 1;
        frame.cells[k] = bm_arena_array(&arena, slots, sizeof(bm_cell));
        frame.given[k] = given[k] = bm_arena_array(&arena, inputs + 1, 1);
        if (inputs)
            memcpy(frame.cells[k], p->kinds[k].blank, inputs * sizeof(bm_cell));
    }
    bm_again_take(&again, p, ops, count);
    whole = frame;
    for (int k = 0; k < p->kind_count; k++)
        whole.cells[k] = bm_arena_array(&arena, (size_t)p->kinds[k].slots + 1, sizeof(bm_cell));
    for (int step = 0; step < STEPS; step++) {
        change_some(&again, &frame, given);
        if (random_below(8) == 0) {
            frame.strict = frame.searching = !frame.strict;
            bm_again_touch_mode(&again);
        }
        bm_again_run(&again, &frame);
        whole.strict = whole.searching = frame.strict;
        for (int k = 0; k < p->kind_count; k++)
            if (p->kinds[k].inputs)
                memcpy(whole.cells[k], frame.cells[k],
                       (size_t)p->kinds[k].inputs * sizeof(bm_cell));
        bm_bounds_run_ops(&whole, ops, count);
        compare(&frame, &whole, ops, count);
    }
    bm_arena_free(&arena);
}

/* All operations of each guideline's plan: more inputs than are told apart in some of them. */
static void check_set(const bonemets_guidelines *set)
{
    const bm_program *p = &set->program;
    int32_t *ops = malloc(((size_t)p->op_count + 1) * sizeof *ops);
    assert_non_null(ops);
    for (int g = 0; g <= set->definitions.guideline_count; g++) {
        bool all = g == set->definitions.guideline_count;
        const bm_plan *plan = all ? &set->everything : &set->definitions.guidelines[g].plan;
        int count = 0;
        for (int u = 0; u < plan->count; u++) {
            const bm_unit_of_work *unit = &p->units[plan->units[u]];
            for (int32_t i = unit->first; i < unit->end; i++)
                ops[count++] = i;
        }
        check_list(p, ops, count);
    }
    free(ops);
}

static void embedded_tables(void **state)
{
    (void)state;
    bonemets_loader *loader;
    bonemets_guidelines *set;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_embedded(loader, NULL, NULL), BONEMETS_OK);
    assert_int_equal(bonemets_loader_build(loader, &set, NULL), BONEMETS_OK);
    bonemets_loader_free(loader);
    check_set(set);
    bonemets_guidelines_unref(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(embedded_tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
