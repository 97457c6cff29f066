/* SPDX-License-Identifier: Apache-2.0 */
/* Behind bonemets_outlook: changes of single facts with what comes of them, or questions with what
 * each answer decides. */
#ifndef BM_ASSESS_OUTLOOK_H
#define BM_ASSESS_OUTLOOK_H

#include "assess/changes.h"

/* What an answer decides that was open: a choice, a result, or a row of advice that then speaks. */
typedef struct {
    int answer;
    bm_standing after;
} bm_effect;

/* A fact that could be another one, or that is asked for. */
typedef struct {
    int kind, record;
    int32_t input;
    bm_cell from;
    bool given;
    /* what if */
    bm_change change;
    bm_standing after;
    bool main;     /* the band or outcome itself changes */
    uint64_t mark; /* of what comes of it */
    /* questions */
    bm_asked asked;
    int row_list;  /* of the most urgent row that waits for it; 0: none does */
    bm_entry row;
    int open;      /* outcomes that are still possible, beyond one for each choice and score */
    double excluded;
    int excluded_least, excluded_most;
    bm_change *answers;
    int answer_count;
    bm_effect *effects;
    int effect_count;
} bm_prospect;

struct bonemets_outlook {
    bm_arena arena;
    bonemets_assessment *a;
    bool questions;
    bm_standing target; /* of what-if */
    bm_prospect *items;
    int count;
    size_t room;
    int left; /* questions beyond those that were wanted */
};

const bm_fact *bm_prospect_fact(const bonemets_outlook *outlook, const bm_prospect *prospect);
/* The option or member of that number. */
const char *bm_option_id(const bm_fact *fact, int option);
const char *bm_option_label(const bm_fact *fact, int option);
/* The row behind an effect in a row of advice. */
const bm_row_def *bm_effect_row(const bonemets_outlook *outlook, const bm_effect *effect);

/* An empty one, or NULL. */
bonemets_outlook *bm_outlook_new(const bonemets_assessment *a);
/* A further, zeroed entry; NULL when there is no memory. */
bm_prospect *bm_outlook_add(bonemets_outlook *outlook);
/* Can this input be answered, or answered otherwise? Not where it is only derived or ruled out. */
bool bm_may_be_entered(const bonemets_assessment *a, int kind, int record, int32_t input);
bool bm_input_given(const bonemets_assessment *a, int kind, int record, int32_t input);
/* Room for marks of all slots; false when there is no memory. */
bool bm_take_marks(bm_arena *arena, const bm_program *program, bm_slot_marks *marks);

#endif
