/* SPDX-License-Identifier: Apache-2.0 */
/* What a fact can be answered with, or changed to. */
#ifndef BM_ASSESS_CHANGES_H
#define BM_ASSESS_CHANGES_H

#include "assess/probe.h"
#include "engine/hangs.h"

typedef enum {
    BM_TO_OPTION,  /* a code or flag becomes this option */
    BM_TO_PRESENT, /* this member of a set becomes present */
    BM_TO_ABSENT,
    BM_TO_NONE,    /* a set has no members */
    BM_TO_NUMBER   /* a number becomes one from low to high */
} bm_becoming;

typedef struct {
    bm_becoming to;
    int option;       /* or member; -1: none */
    double low, high; /* of a number */
    double size;      /* 0: to the next option or an answer to what is unknown; 1: the whole range */
    bm_cell cell;     /* what is entered for it */
} bm_change;

enum { BM_MOST_CHANGES = 2 * BM_OPTIONS + 1 };

/* How many options or members a fact has here. */
int bm_option_count(const bonemets_assessment *a, const bm_fact *fact);
/* All changes of a code, flag or set that is now `from`; none of a number. With `only_open` only
 * answers that agree with what is known. Returns how many. */
int bm_changes_of(const bonemets_assessment *a, const bm_fact *fact, bm_cell from, bool only_open,
                  bm_change out[BM_MOST_CHANGES]);

/* ---- numbers: numbers.c ---- */

/* Marks what comes of a number: equal marks, nothing changes. */
typedef struct {
    void *context;
    void (*mark)(void *context, double x, uint64_t *whole, uint64_t *main);
    uint64_t whole, main; /* as it is now */
} bm_number_test;

enum { BM_MOST_NUMBERS = 64 };

/* Of a number that is known the nearest on either side of `from` at which something changes, and at
 * which the main thing does; of one that is not, each stretch of numbers of which something else
 * comes than now. With `only_open` nothing outside `from` is tried, and no stretch is left out.
 * Returns how many. */
int bm_numbers_of(const bm_fact *fact, bm_cell from, const bm_limits *limits, bool only_open,
                  const bm_number_test *test, bm_change out[BM_MOST_NUMBERS]);
/* The numbers one step below and above one that is known. Returns how many. */
int bm_numbers_beside(const bm_fact *fact, bm_cell from, bm_change out[2]);

#endif
