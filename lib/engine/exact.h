/* SPDX-License-Identifier: Apache-2.0 */
/* The exact evaluator: runs a plan over columns of complete facts, one row a patient with one
 * record of each kind, a chunk of rows at a time. It gives what the bounds evaluator gives on the
 * same facts, to the bit. */
#ifndef BM_ENGINE_EXACT_H
#define BM_ENGINE_EXACT_H

#include "base/memory.h"
#include "engine/program.h"

/* A column of facts: uint8_t for flags (0, 1) and codes, double for numbers, uint64_t for sets. */
typedef struct {
    int kind;
    int32_t input;
    const void *data;
    bool unentered; /* the value of a setting that nobody entered */
} bm_column;

/* A wanted slot: uint8_t for truth values and codes, double for numbers, uint64_t for sets, for a
 * choice uint8_t with 0 for no outcome and else the outcome plus one, for a row uint8_t 1 where it
 * speaks. A number that is known to be a small whole one may be asked for as bytes. */
typedef struct {
    int kind;
    int32_t slot;
    bool bytes; /* NUMBER: as uint8_t; refused unless it always fits */
    void *data;
} bm_output;

typedef struct bm_exact bm_exact;

typedef enum { BM_EXACT_OK, BM_EXACT_MEMORY, BM_EXACT_INCOMPLETE, BM_EXACT_NOT_BYTES } bm_exact_status;

/* Prepares to compute the outputs from columns of these inputs; `data` of both is set later. When
 * a needed fact has no column, *kind and *input name it. `plain` keeps to portable C. */
bm_exact_status bm_exact_new(const bm_memory *memory, const bm_program *program,
                             const bm_plan *plan, const bm_column *columns, int column_count,
                             const bm_output *outputs, int output_count, bool plain,
                             bm_exact **out, int *kind, int32_t *input);
void bm_exact_free(bm_exact *exact);

/* Computes rows 0..count-1 of the columns into the outputs, in the order given to bm_exact_new.
 * undecided[i] (may be NULL) becomes 1 where a table answers "ask" or a number is not defined: such
 * rows go to the bounds evaluator. One bm_exact belongs to one thread. */
void bm_exact_run(bm_exact *exact, const bm_column *columns, const bm_output *outputs,
                  uint8_t *undecided, size_t count);

#endif
