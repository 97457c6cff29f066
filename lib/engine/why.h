/* SPDX-License-Identifier: Apache-2.0 */
/* Walks a program backwards over an evaluated frame, to say which entered facts made something so,
 * which missing ones can still change it, and on whose silence it rests. */
#ifndef BM_ENGINE_WHY_H
#define BM_ENGINE_WHY_H

#include "engine/bounds.h"

/* A set of inputs of all records of a frame, one bit each. */
typedef struct {
    uint64_t *words;
    size_t first[BM_KINDS]; /* bit of record 0, input 0 of a kind */
    size_t bits;
    int count;              /* how many are marked */
} bm_marks;

/* Number of words that marks over this frame need. */
size_t bm_marks_words(const bm_frame *frame);
/* `words` is cleared. */
void bm_marks_init(bm_marks *marks, const bm_frame *frame, uint64_t *words);
/* Goes through what is marked, in the order of kinds, records and inputs; start with *at 0. */
typedef struct {
    int kind, record;
    int32_t input;
} bm_marked_input;
bool bm_marks_next(const bm_marks *marks, const bm_frame *frame, size_t *at, bm_marked_input *out);
bool bm_marked(const bm_marks *marks, const bm_frame *frame, int kind, int record, int32_t input);

/* Inputs that can still change a slot that is not known. */
void bm_why_open(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks);
/* The same, but a value that can be entered stands for all that it is derived from. */
void bm_why_named(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks);
/* Inputs that made a truth value what it is: all reasons of an `or`, all parts of an `and`. */
void bm_why_so(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks);
/* Would bm_why_so(), from what an operation fills, come to anything entered, if from slots that the
 * operation reads it does where `from` says so (by kind and slot)? On record 0 of each kind. */
bool bm_why_from(const bm_frame *frame, const bm_op *op, uint8_t *const from[BM_KINDS]);
/* Of a condition that is open: what made those parts of it true that are. */
void bm_why_held(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks);
/* Inputs about which nothing is known and on whose silence a slot rests. */
void bm_why_silent(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks);

#endif
