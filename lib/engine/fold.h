/* SPDX-License-Identifier: Apache-2.0 */
/* The folded evaluator: what the bounds evaluator says of rows with missing facts, by columns. Most
 * slots can be only a few things, so a row is a byte that says which, and all operations upon it are
 * done once, by the bounds evaluator itself, when the program is folded; between bytes only tables
 * are left. Sums of points are sums of bytes. What does not fold is run row by row, operation by
 * operation. One row is a patient with at most one record of each kind. */
#ifndef BM_ENGINE_FOLD_H
#define BM_ENGINE_FOLD_H

#include "base/memory.h"
#include "engine/program.h"

enum { BM_FOLD_CHUNK = 256, BM_FOLD_ROOM = 64 }; /* rows at a time; columns can be read to a multiple */

/* Which kernels are taken: for tests all come to the same bytes. */
typedef enum { BM_FOLD_PORTABLE, BM_FOLD_AVX2, BM_FOLD_BEST } bm_fold_level;

/* An input with a column. */
typedef struct {
    int kind;
    int32_t input;
} bm_fold_input;

/* Its rows, with room for a multiple of BM_FOLD_ROOM. Truth values and codes: `values` are bytes, the
 * option, or the number of options where nothing is entered. Numbers (double) and sets (uint64_t):
 * `says` tells how much is entered; what is known in part stands in `cells`. */
typedef struct {
    const void *values;
    const uint8_t *says;
    const bm_cell *cells;
} bm_fold_data;

enum { BM_FOLD_SAYS_ALL, BM_FOLD_SAYS_NOTHING, BM_FOLD_SAYS_PART };

/* What is wanted: a number with what says whether it applies and its band, or a number alone, or a
 * choice. */
typedef struct {
    int kind;
    bool choice, alone; /* alone: the answer has neither state nor code */
    int32_t slot, applies, band; /* -1: none */
    /* a number is known in part when one of these is not what it is with nothing entered */
    const int32_t *items;
    const bm_cell *blanks;
    int item_count;
} bm_fold_target;

enum { BM_FOLD_UNKNOWN, BM_FOLD_PARTLY, BM_FOLD_KNOWN, BM_FOLD_INAPPLICABLE, BM_FOLD_NONE };

/* Where the answer goes; code is a band or outcome, or -1. */
typedef struct {
    double *low, *high; /* of a number */
    int8_t *state, *code; /* these and what follows: not of a number alone */
    int8_t *assumed; /* 1: it would be another if silence decided nothing */
} bm_fold_answer;

typedef struct bm_fold bm_fold;

/* What holds for all rows: cells and `given` of one record of each kind, as a frame has them. */
typedef struct {
    const bm_cell *cells[BM_KINDS];
    const uint8_t *given[BM_KINDS];
    bool there[BM_KINDS]; /* rows may have a record of the kind */
} bm_fold_rest;

/* NULL when there is no memory, or the program is of a kind that does not fold. */
bm_fold *bm_fold_new(const bm_memory *memory, const bm_program *program, const bm_plan *plan,
                     const bm_fold_rest *rest, const bm_fold_input *inputs, int input_count,
                     const bm_fold_target *targets, int target_count, bm_fold_level level,
                     bool *no_memory);
void bm_fold_free(bm_fold *fold);

/* there[k][i]: row i has a record of kind k; NULL: none has. open[i] becomes 1 where the bounds
 * evaluator has to be asked: something that is not folded rests on silence, or it has to be found out
 * whether anything entered matters to an answer. One bm_fold belongs to one thread. */
void bm_fold_run(bm_fold *fold, const bm_fold_data *data, const uint8_t *const there[BM_KINDS],
                 const bm_fold_answer *answers, uint8_t *open, size_t count);

/* Can an input be known in part? Rows in which another one is have to be left to others. */
bool bm_fold_takes_parts(const bm_fold *fold, int input);
/* Does any answer hang on whether there are records? Else `there` is not read. */
bool bm_fold_asks_there(const bm_fold *fold);
/* How many operations are left to be run row by row. */
int bm_fold_rest_count(const bm_fold *fold);

#endif
