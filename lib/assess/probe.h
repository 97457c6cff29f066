/* SPDX-License-Identifier: Apache-2.0 */
/* Tries out one other answer to a fact: the facts of an assessment are copied once, and each trial
 * evaluates them with one of them changed, in the same memory. */
#ifndef BM_ASSESS_PROBE_H
#define BM_ASSESS_PROBE_H

#include "assess/assessment.h"

typedef struct {
    const bonemets_assessment *a;
    const bm_plan *plan;
    bm_frame frame; /* what the last trial gave, with the input that it changed */
    bm_cell *changed, cell_before;
    uint8_t *changed_given, given_before;
    bm_memory memory;
    void *block;
    size_t size;
} bm_probe;

/* The plan of one guideline, -1: of everything that was assessed. False when there is no memory. */
bool bm_probe_open(bm_probe *probe, const bonemets_assessment *a, int guideline);
void bm_probe_close(bm_probe *probe);
void bm_probe_try(bm_probe *probe, int kind, int record, int32_t input, bm_cell cell);

/* How a result or choice stands: what an answer to a fact can change in it. */
typedef struct {
    int32_t list; /* BONEMETS_RESULTS or BONEMETS_CHOICES */
    bm_entry entry;
    uint64_t applies; /* truth value; of a choice always yes */
    uint64_t open;    /* bands or outcomes still possible, BM_UNSET among them */
    double low, high; /* of a result */
    int32_t value;    /* of a choice: outcome that the decided rows give, -1 none */
} bm_standing;

bm_standing bm_standing_of(const bonemets_assessment *a, const bm_frame *frame, int32_t list,
                           const bm_entry *entry);
/* BONEMETS_KNOWN and so on. */
int bm_standing_state(const bonemets_assessment *a, const bm_standing *standing);
/* Nothing is left open: a band or number, an outcome, or that there is none. */
bool bm_standing_settled(const bonemets_assessment *a, const bm_standing *standing);
/* Equal marks, equal standings. The main mark leaves out a number beside which there is a band, and
 * outcomes that are only possible. */
uint64_t bm_standing_mark(const bonemets_assessment *a, const bm_standing *standing, bool main);
/* How many outcomes or bands are still possible. */
int bm_standing_width(const bm_standing *standing);

const bm_score *bm_standing_score(const bonemets_assessment *a, const bm_standing *standing);
const bm_choice *bm_standing_choice(const bonemets_assessment *a, const bm_standing *standing);

#endif
