/* SPDX-License-Identifier: Apache-2.0 */
/* Which slots an operation reads, for whoever follows a program backwards. */
#ifndef BM_ENGINE_READS_H
#define BM_ENGINE_READS_H

#include "engine/program.h"

typedef struct {
    int kind;
    int32_t slot;
} bm_read;

enum { BM_READS = 3 + 8 }; /* the most that one operation reads: a pick reads its ranks */

/* Does it read the records of a kind together? */
static inline bool bm_gathers(const bm_op *op)
{
    return op->code >= BM_DO_ANY && op->code <= BM_DO_PICK;
}

/* How many of a, b, c are slots of the operation's own kind, in this order. */
int bm_own_operands(bm_do code);

/* Fills out with what the operation reads and returns how many. Of BM_DO_SUPPLY both the input and
 * the derived slot; of a row its condition and the choice that it leads. */
int bm_op_reads(const bm_program *program, const bm_op *op, bm_read out[BM_READS]);

/* Does the row lead or set the choice? */
bool bm_row_touches(const bm_row *row, int32_t choice);

/* Choices that matter to whoever goes through the rows of a table backwards. */
enum { BM_CHOICES = 64 };
typedef struct {
    int32_t slots[BM_CHOICES];
    int count;
    bool all; /* there are more */
} bm_choices;

void bm_choices_begin(bm_choices *choices, int32_t choice);
/* -1 is no choice. */
void bm_choices_add(bm_choices *choices, int32_t choice);
/* Does the row lead or set one of them? */
bool bm_choices_touched(const bm_choices *choices, const bm_row *row);

#endif
