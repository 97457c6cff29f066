/* SPDX-License-Identifier: Apache-2.0 */
/* Faster kernels against the portable ones, at and around borders most of all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "engine/exact_fast.h"

enum { ROUNDS = 3000, MOST_CUTS = 5, ROWS = 203 };

static uint64_t random_state = 7;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(random_state >> 33) % limit;
}

static double random_border(void)
{
    static const double some[] = {0, 1e-9, -1e-9, 2, 100, 1.4, 10.3, 1e12, INFINITY, -INFINITY};
    return random_below(3) ? (double)random_below(20) / 4 : some[random_below(10)];
}

/* Anything, in any order: overlaps, gaps, upside down. */
static void random_cuts(bm_cuts *cuts, bm_cut *room)
{
    *cuts = (bm_cuts){1 + (int)random_below(MOST_CUTS), room};
    for (int i = 0; i < cuts->count; i++)
        room[i] = (bm_cut){random_border(), random_border(), random_below(2), random_below(2),
                           (int)random_below(64)};
}

/* On a border, at the end of its tolerance, or next to one of these. */
static double random_number(const bm_cuts *cuts)
{
    const bm_cut *cut = &cuts->cuts[random_below((uint32_t)cuts->count)];
    double x = random_below(2) ? cut->low : cut->high;
    x += ((int)random_below(3) - 1) * BM_TOLERANCE;
    for (uint32_t left = random_below(4); left > 0; left--)
        x = nextafter(x, random_below(2) ? INFINITY : -INFINITY);
    return random_below(20) ? x : random_below(2) ? NAN : random_border();
}

static void cuts_are_ladders(void **state)
{
    (void)state;
    int climbed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double a[ROWS];
        uint8_t to[3][ROWS], undecided[3][ROWS] = {{0}};
        bm_cut room[MOST_CUTS];
        bm_cuts cuts;
        bm_ladder ladder;
        random_cuts(&cuts, room);
        for (int i = 0; i < ROWS; i++)
            a[i] = random_number(&cuts);
        if (!bm_ladder_make(&cuts, &ladder))
            continue;
        climbed++;
        bm_kernel kernels[3] = {bm_kernel_cut, bm_kernel_ladder, bm_kernel_fast(bm_kernel_ladder)};
        for (int k = 0; k < 3; k++) {
            bm_step step = {.to = to[k], .a = a, .b = undecided[k], .cuts = &cuts};
            step.ladder = &ladder;
            kernels[k](&step, ROWS);
            assert_memory_equal(to[k], to[0], ROWS);
            assert_memory_equal(undecided[k], undecided[0], ROWS);
        }
    }
    assert_int_equal(climbed, ROUNDS);
}

static void comparisons_agree(void **state)
{
    (void)state;
    static const bm_do codes[] = {BM_DO_LT, BM_DO_LE, BM_DO_EQ};
    for (int round = 0; round < ROUNDS; round++) {
        double a[ROWS], b[ROWS];
        uint8_t to[2][ROWS];
        bm_cut room[MOST_CUTS];
        bm_cuts cuts;
        random_cuts(&cuts, room);
        bool one[2] = {random_below(2), random_below(2)};
        for (int i = 0; i < ROWS; i++) {
            a[i] = i > 0 && one[0] ? a[0] : random_number(&cuts);
            b[i] = i > 0 && one[1] ? b[0] : random_number(&cuts);
        }
        for (int k = 0; k < 2; k++) {
            bm_step step = {.to = to[k], .a = a, .b = b, .constant = {one[0], one[1]}};
            step.code = codes[round % 3];
            (k ? bm_kernel_fast(bm_kernel_compare) : bm_kernel_compare)(&step, ROWS);
        }
        assert_memory_equal(to[1], to[0], ROWS);
    }
}

static void choices_agree(void **state)
{
    (void)state;
    for (int round = 0; round < 100; round++) {
        uint8_t a[ROWS], b[ROWS], c[ROWS], to[2][ROWS];
        for (int i = 0; i < ROWS; i++) {
            a[i] = (uint8_t)random_below(256);
            b[i] = (uint8_t)random_below(256);
            c[i] = (uint8_t)random_below(2);
        }
        for (int k = 0; k < 2; k++) {
            bm_step step = {.to = to[k], .a = a, .b = b, .c = c};
            (k ? bm_kernel_fast(bm_kernel_if_bytes) : bm_kernel_if_bytes)(&step, ROWS);
        }
        assert_memory_equal(to[1], to[0], ROWS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cuts_are_ladders),
                                       cmocka_unit_test(comparisons_agree),
                                       cmocka_unit_test(choices_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
