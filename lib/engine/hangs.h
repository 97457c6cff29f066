/* SPDX-License-Identifier: Apache-2.0 */
/* What hangs on what, whatever the facts are: which slots a question can read, and with which limits
 * a number is compared on its way there. */
#ifndef BM_ENGINE_HANGS_H
#define BM_ENGINE_HANGS_H

#include "engine/bounds.h"

/* Whose slot is read: that of the record asked about, or that of every record. */
enum { BM_OF_OWN = 1, BM_OF_EVERY = 2 };

/* For each kind one byte for each slot. */
typedef struct {
    uint8_t *slots[BM_KINDS];
} bm_slot_marks;

/* The caller marks what is asked for; everything that a plan reads for it is marked too. */
void bm_hangs_on(const bm_program *program, const bm_plan *plan, bm_slot_marks *marks);

enum { BM_MOST_LIMITS = 160 };

typedef struct {
    double items[BM_MOST_LIMITS];
    int count;
    bool derived; /* more is made of the number than comparisons: there may be other limits */
} bm_limits;

/* Limits with which an input is compared in what is marked. `same` is room for marks, which are
 * cleared; what it is compared with may be computed, so the frame has been evaluated. */
void bm_limits_of(const bm_frame *frame, const bm_plan *plan, const bm_slot_marks *marks, int kind,
                  int32_t input, bm_slot_marks *same, bm_limits *out);

#endif
