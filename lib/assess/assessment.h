/* SPDX-License-Identifier: Apache-2.0 */
/* Behind bonemets_assessment: the evaluated frames, and lists of what in them speaks. All of it is
 * one block of memory, but for the lists within an entry (what is missing, which facts made it
 * so): they are worked out when somebody first asks for them, and then kept. */
#ifndef BM_ASSESS_ASSESSMENT_H
#define BM_ASSESS_ASSESSMENT_H

#include "assess/layout.h"
#include "engine/bounds.h"
#include "engine/why.h"
#include "guideline/set.h"

/* Words of the marks of an assessment; more records than fit are refused. */
enum { BM_MARK_WORDS = 2048 };

/* One entry of a list: a score or equation, a choice, or a row of a guideline, for one record. */
typedef struct {
    int32_t guideline;
    int32_t index;  /* of the score (or, past the scores, equation), choice or row */
    int32_t record; /* as evaluated, from 0 */
} bm_entry;

/* What is left of a limit. */
typedef struct {
    int state;        /* BONEMETS_INAPPLICABLE: no limit, or no clock; UNKNOWN, PARTLY, KNOWN */
    double low, high; /* hours left, negative when overdue */
    bool dated;       /* the present is known, so the end can be told */
    double due_low, due_high; /* instants */
} bm_deadline;

/* An input of a record, with what hangs on it. */
typedef struct {
    int32_t kind, record, input;
    int32_t urgency; /* rank of the most urgent row, or -1 */
    int32_t weight;  /* how many rows and results it can still change */
    int32_t guideline, assumption; /* assumed: whose, and which of them; -1: silence */
    int32_t decides; /* rank of the most urgent red flag that waits for nothing else; -1 none */
    bool critical;   /* a time-critical guideline is among those that ask so urgently */
} bm_asked;

/* Which of two is to be asked first as far as urgency tells: negative the first, positive the
 * second, 0 either. */
int bm_asked_order(const bm_asked *x, const bm_asked *y);

typedef struct {
    bm_entry *items;
    int count;
} bm_entries;

typedef struct {
    bm_asked *items;
    int count;
} bm_questions;

/* An input, and for a set one of its members; member -1: the fact as a whole. */
typedef struct {
    int32_t kind, record, input, member;
} bm_ref;

/* A list within an entry, once somebody has asked for it. */
typedef struct {
    size_t size;
    int32_t count;
    bm_ref items[];
} bm_refs;

/* What is missing and what is assumed, worked out when somebody first asks for it. */
typedef struct {
    size_t size; /* 0: part of the assessment */
    bm_questions missing, assumed;
    int32_t *asked_at; /* for each input of a frame: its place in `missing`, from 1 */
} bm_open;

/* The frame with the notes that were put off evaluated as well. */
typedef struct {
    size_t size; /* 0: part of the assessment */
    bm_frame frame;
} bm_noted;

enum { BM_KEPT_LISTS = 3 }; /* missing, facts, assumed */

/* All lists within entries, each worked out when first asked for. */
typedef struct {
    size_t size, count;
    _Atomic(bm_refs *) refs[];
} bm_kept;

/* Most entries that an assessment of the set over these records can have. */
typedef struct {
    size_t results, choices, rows, notes, inputs, assumed;
} bm_capacity;

struct bonemets_assessment {
    atomic_int references;
    bm_memory memory;
    size_t size;
    bonemets_guidelines *set;
    int target;      /* index of the one guideline, -1: all */
    bm_frame frame;
    bm_frame strict; /* silence decides nothing; the same cells where nothing rests on silence */
    bm_entries results, choices, advice, undecided, notes;
    /* Room for what is worked out later: the first thread to ask takes it, so that this cannot fail.
     * Others that ask meanwhile take their own, and the first that has done publishes. */
    bm_open open_room;
    bm_noted noted_room;
    atomic_flag open_taken, noted_taken;
    _Atomic(const bm_open *) open;   /* NULL until somebody asks; bm_assessment_open */
    _Atomic(const bm_noted *) noted; /* the same; bm_assessment_noted */
    atomic_uchar *states; /* of each result, plus one; 0: nobody has asked yet */
    _Atomic(bm_kept *) kept; /* NULL until somebody asks for a list within an entry */
    bool contradicted; /* a row speaks that says that facts cannot all be true */
    int most_urgent, most_urgent_possible; /* rows as guideline entries: rank, -1 none */
    bm_entry most_urgent_row, shortest_row;
    double within_h, within_h_possible;    /* negative: none */
    const bm_row_def *soonest_row; /* of the limit of which the least is left; NULL: none */
    bm_deadline soonest;
};

const bonemets_guidelines *bm_assessment_set(const bonemets_assessment *assessment);
bool bm_assessment_covers(const bonemets_assessment *assessment, int guideline);

/* Number of the record as the caller knows it: 0 when no record of the kind was entered. */
int bm_assessment_record(const bonemets_assessment *assessment, int kind, int record);

static inline bm_cell bm_assessment_cell(const bm_frame *frame, int kind, int record, int32_t slot)
{
    return bm_frame_cell(frame, kind, record, slot);
}

/* ---- later.c: what is worked out when somebody first asks for it ---- */

/* Add the parts of each to a block, or measure them. */
void bm_lay_out_frame(bm_layout *block, bm_frame *frame);
void bm_lay_out_blocks(bm_layout *block, const bm_frame *frame, uint64_t **sets);
void bm_lay_out_open(bm_layout *block, bm_open *open, const bm_capacity *room);
void bm_lay_out_noted(bm_layout *block, bm_noted *noted, const bm_frame *frame);
void bm_later_init(bonemets_assessment *assessment);
void bm_later_free(bonemets_assessment *assessment);
/* What is missing and what is assumed. */
const bm_open *bm_assessment_open(const bonemets_assessment *assessment);
/* The frame in which all notes are evaluated. */
const bm_frame *bm_assessment_noted(const bonemets_assessment *assessment);

/* ---- reasons.c: inputs behind an entry ---- */

void bm_reasons_missing(const bonemets_assessment *a, int32_t list, const bm_entry *entry,
                        bm_marks *marks);
void bm_reasons_facts(const bonemets_assessment *a, int32_t list, const bm_entry *entry,
                      bm_marks *marks);
/* Nothing can change this result any more. */
bool bm_result_settled(const bonemets_assessment *a, const bm_entry *entry);
void bm_reasons_assumed(const bonemets_assessment *a, int32_t list, const bm_entry *entry,
                        bm_marks *marks);

/* ---- collect.c ---- */

bm_capacity bm_collect_capacity(const bonemets_assessment *a);
void bm_collect(bonemets_assessment *assessment);
void bm_collect_questions(const bonemets_assessment *assessment, bm_open *out);

#endif
