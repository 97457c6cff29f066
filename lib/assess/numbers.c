/* SPDX-License-Identifier: Apache-2.0 */
/* Where a number has to lie for something else to come of it. What it is compared with is tried on
 * both sides; where more is made of it than comparisons the range is tried in places. Between two
 * places of which different things come the limit is found by halving. */
#include <float.h>
#include <math.h>

#include "assess/changes.h"

enum {
    MOST_PLACES = 3 * BM_MOST_LIMITS + 80,
    FINE = 1000,    /* a range has at least so many steps */
    PLACES = 32,    /* tried over the range */
    ALL_PLACES = 40 /* as few steps are all tried */
};

typedef struct {
    const bm_number_test *test;
    double low, high; /* what the fact can be */
    double step, per; /* numbers are multiples of the step, or of 1 / per where that is not 0 */
    bool only_steps;
    double places[MOST_PLACES];
    int count;
} bm_search;

/* Somewhere in the range, with what comes of it. */
typedef struct {
    double x;
    uint64_t whole, main;
} bm_spot;

static bm_spot spot_at(const bm_search *search, double x)
{
    bm_spot spot = {x, 0, 0};
    search->test->mark(search->test->context, x, &spot.whole, &spot.main);
    return spot;
}

/* ---- places ---- */

static double on_grid(const bm_search *search, double x)
{
    return search->per > 0 ? floor(x * search->per + 0.5) / search->per
                           : floor(x / search->step + 0.5) * search->step;
}

/* The grid's next number above or below x. */
static double beside(const bm_search *search, double x, double direction)
{
    double at = on_grid(search, x), least = search->step * 1e-6;
    if ((at - x) * direction <= least)
        at = on_grid(search, at + direction * search->step);
    return at;
}

/* Places stay in order and are never twice the same. */
static void add_place(bm_search *search, double x)
{
    int at = search->count;
    if (x < search->low || x > search->high || search->count == MOST_PLACES)
        return;
    while (at > 0 && search->places[at - 1] > x)
        at--;
    if (at > 0 && search->places[at - 1] >= x)
        return;
    for (int i = search->count++; i > at; i--)
        search->places[i] = search->places[i - 1];
    search->places[at] = x;
}

static void add_around(bm_search *search, double limit)
{
    if (!search->only_steps || fabs(on_grid(search, limit) - limit) < search->step * 1e-6)
        add_place(search, search->only_steps ? on_grid(search, limit) : limit);
    add_place(search, beside(search, limit, 1));
    add_place(search, beside(search, limit, -1));
}

/* A step that is a power of ten and goes into the range often enough. */
static void choose_grid(bm_search *search, const bm_fact *fact)
{
    search->only_steps = fact->type.whole || fact->step > 0;
    search->step = fact->step > 0 ? fact->step : 1;
    if (!search->only_steps) {
        double width = (search->high - search->low) / FINE;
        while (search->step > width && search->step > 1e-9)
            search->step /= 10;
        while (search->step * 10 <= width)
            search->step *= 10;
    }
    search->per = search->step < 1 ? floor(1 / search->step + 0.5) : 0;
}

/* What is only derived may have no range: then that of its limits. */
static void choose_range(bm_search *search, const bm_fact *fact, const bm_limits *limits)
{
    search->low = fact->type.low;
    search->high = fact->type.high;
    double least = 0, most = 1;
    for (int i = 0; i < limits->count; i++) {
        least = limits->items[i] < least ? limits->items[i] : least;
        most = limits->items[i] > most ? limits->items[i] : most;
    }
    if (search->low <= -DBL_MAX)
        search->low = 2 * least;
    if (search->high >= DBL_MAX)
        search->high = 2 * most;
}

static void choose_places(bm_search *search, const bm_limits *limits)
{
    double width = search->high - search->low;
    bool few = search->only_steps && width / search->step <= ALL_PLACES;
    add_place(search, search->only_steps ? on_grid(search, search->low) : search->low);
    add_place(search, search->only_steps ? on_grid(search, search->high) : search->high);
    for (double x = search->low; few && x < search->high; x = beside(search, x, 1))
        add_place(search, x);
    for (int i = 0; i < limits->count && !few; i++)
        add_around(search, limits->items[i]);
    for (int i = 1; i < PLACES && limits->derived && !few; i++)
        add_place(search, on_grid(search, search->low + width * i / PLACES));
}

/* ---- limits ---- */

static bool between(const bm_search *search, double a, double b, double *middle)
{
    *middle = on_grid(search, a + (b - a) / 2);
    double low = a < b ? a : b, high = a < b ? b : a, least = search->step * 1e-6;
    return *middle > low + least && *middle < high - least;
}

static bool differs(const bm_spot *spot, uint64_t whole, uint64_t main, bool only_main)
{
    return only_main ? spot->main != main : spot->whole != whole;
}

/* Between `same`, of which nothing else comes, and `other`: the number nearest to `same` of which
 * something else does; *same becomes the one before it. */
static bm_spot first_other(const bm_search *search, bm_spot *same, bm_spot other, bool only_main)
{
    const uint64_t whole = same->whole, main = same->main;
    double middle;
    while (between(search, same->x, other.x, &middle)) {
        bm_spot spot = spot_at(search, middle);
        if (differs(&spot, whole, main, only_main))
            other = spot;
        else
            *same = spot;
    }
    return other;
}

static bm_change change_to(const bm_search *search, bm_cell from, double low, double high)
{
    double width = search->high - search->low;
    double away = low > from.high.number   ? low - from.high.number
                  : high < from.low.number ? from.low.number - high
                                           : 0;
    return (bm_change){.to = BM_TO_NUMBER,
                       .option = -1,
                       .low = low,
                       .high = high,
                       .size = width > 0 ? away / width : 0,
                       .cell = {.low.number = low, .high.number = high}};
}

/* ---- a number that is known ---- */

/* Goes up (1) or down (-1) from `from`. Returns false when nothing changes on that side. */
static bool look(const bm_search *search, double x, double direction, bool only_main, bm_spot *out)
{
    bm_spot same = {x, search->test->whole, search->test->main};
    int first = direction > 0 ? 0 : search->count - 1;
    for (int i = first; i >= 0 && i<search->count; i += direction> 0 ? 1 : -1) {
        double place = search->places[i];
        if ((place - x) * direction <= search->step * 1e-6)
            continue;
        bm_spot spot = spot_at(search, place);
        if (differs(&spot, search->test->whole, search->test->main, only_main)) {
            *out = first_other(search, &same, spot, only_main);
            return true;
        }
        same = spot;
        same.whole = search->test->whole;
        same.main = search->test->main;
    }
    return false;
}

static int nearest_numbers(const bm_search *search, bm_cell from, bm_change *out)
{
    int n = 0;
    double x = from.low.number;
    for (double direction = -1; direction < 2; direction += 2) {
        bm_spot spot;
        if (!look(search, x, direction, false, &spot))
            continue;
        out[n++] = change_to(search, from, spot.x, spot.x);
        if (spot.main == search->test->main && look(search, x, direction, true, &spot))
            out[n++] = change_to(search, from, spot.x, spot.x);
    }
    return n;
}

/* ---- a number that is not ---- */

static int stretches(const bm_search *search, bm_cell from, bool all, bm_change *out)
{
    int n = 0;
    bm_spot first = spot_at(search, search->places[0]), last = first;
    for (int i = 1; i <= search->count && n < BM_MOST_NUMBERS;) {
        bm_spot next = first;
        if (i < search->count)
            next = spot_at(search, search->places[i]);
        if (i < search->count && next.whole == first.whole) {
            last = next;
            i++;
            continue;
        }
        if (i < search->count)
            next = first_other(search, &last, next, false);
        if (all || first.whole != search->test->whole)
            out[n++] = change_to(search, from, first.x, last.x);
        if (i == search->count)
            break;
        i += next.x >= search->places[i];
        first = last = next;
    }
    return n;
}

int bm_numbers_of(const bm_fact *fact, bm_cell from, const bm_limits *limits, bool only_open,
                  const bm_number_test *test, bm_change out[BM_MOST_NUMBERS])
{
    bm_search search = {.test = test};
    choose_range(&search, fact, limits);
    choose_grid(&search, fact);
    if (only_open) {
        search.low = from.low.number > search.low ? from.low.number : search.low;
        search.high = from.high.number < search.high ? from.high.number : search.high;
    }
    choose_places(&search, limits);
    if (search.count == 0)
        return 0;
    if (!only_open && bm_cell_known(BM_NUMBER, from))
        return nearest_numbers(&search, from, out);
    return stretches(&search, from, only_open, out);
}

int bm_numbers_beside(const bm_fact *fact, bm_cell from, bm_change out[2])
{
    static const bm_limits none = {.count = 0};
    bm_search search = {.test = NULL};
    int n = 0;
    choose_range(&search, fact, &none);
    choose_grid(&search, fact);
    for (double direction = -1; direction < 2; direction += 2) {
        double x = beside(&search, from.low.number, direction);
        if (x >= search.low && x <= search.high)
            out[n++] = change_to(&search, from, x, x);
    }
    return n;
}
