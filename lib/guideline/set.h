/* SPDX-License-Identifier: Apache-2.0 */
/* Behind bonemets_guidelines: definitions, the program that they compile into, and the plans. */
#ifndef BM_GUIDELINE_SET_H
#define BM_GUIDELINE_SET_H

#include <stdatomic.h>

#include "engine/program.h"
#include "guideline/definitions.h"

struct bonemets_guidelines {
    atomic_int references;
    bm_memory memory;
    bm_arena arena; /* everything below lives in it */
    bm_definitions definitions;
    bm_program program;
    bm_plan everything, everything_notes; /* as plan and notes_plan of a guideline */
    int *order; /* of the guidelines: by precedence, then as they were loaded */
    char digest[65];
    int32_t tag;       /* upper bits of the numbers of its facts */
    int **input_facts; /* for each kind: input slot -> index of the fact */
    bm_cell *settings; /* default cells of settings, by input of kind 0; others blank */
};

/* Gives the numbers of its facts their tag; `random` comes of the digest. */
void bm_set_tag(bonemets_guidelines *set, uint32_t random);
/* Refuses more facts than numbers can tell apart. */
bonemets_status bm_set_check_size(const bonemets_guidelines *set, bonemets_error *err);
/* The fact of that number, or NULL when it is not of this set. */
bm_fact *bm_set_fact(const bonemets_guidelines *set, bonemets_fact fact);
bonemets_fact bm_set_fact_number(const bonemets_guidelines *set, const bm_fact *fact);
/* The fact that an input of a kind belongs to. */
const bm_fact *bm_set_input_fact(const bonemets_guidelines *set, int kind, int32_t input);
/* Index of a guideline, -1: none. */
int bm_set_guideline(const bonemets_guidelines *set, const char *id);

#endif
