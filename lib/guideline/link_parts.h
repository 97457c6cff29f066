/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the linker only. */
#ifndef BM_GUIDELINE_LINK_PARTS_H
#define BM_GUIDELINE_LINK_PARTS_H

#include "engine/compile.h"
#include "guideline/link.h"

typedef enum { BM_TASK_VALUE, BM_TASK_APPLIES, BM_TASK_SCORE, BM_TASK_EQUATION, BM_TASK_TABLE,
               BM_TASK_NOTES } bm_task_kind;

typedef enum { BM_FRESH, BM_RUNNING, BM_DONE } bm_task_state;

typedef struct {
    bm_task_kind kind;
    bm_task_state state;
    bm_guideline *guideline; /* NULL for values of the vocabulary */
    void *thing;             /* bm_fact, bm_score, bm_equation, or the guideline itself */
    int first_unit, end_unit;
    int32_t *needs; /* other tasks */
    int need_count;
    size_t need_room;
} bm_task;

typedef struct {
    bonemets_guidelines *set;
    bm_definitions *definitions;
    bm_arena *arena;
    bm_builder build;
    bonemets_error *err;
    bm_task *tasks;
    int task_count;
    size_t task_room;
    int32_t *order; /* tasks as they were finished */
    int order_count;
    bm_names scores;    /* ids of scores and equations -> task */
    int32_t *value_task; /* by index of fact: its task, -1 for a plain fact */
    bool failed;
} bm_linker;

/* What an expression is part of: the context of a bm_scope. */
typedef struct {
    bm_linker *linker;
    bm_guideline *guideline; /* NULL: vocabulary */
    int row;                 /* row being compiled, -1: none; choices may be read before it */
    char path[160];
} bm_place_of_use;

/* A scope for compiling on records of `kind`; `node` gives the key path for messages. */
bm_scope bm_link_scope(bm_linker *linker, bm_place_of_use *use, bm_guideline *guideline, int kind,
                       const bm_file *file, const bm_node *node);

/* Where a name leads, for ordering: the task that must be done before, or -1. */
int bm_link_task_of(bm_linker *linker, const bm_guideline *guideline, const char *name,
                    const char *member);
bm_fact *bm_link_local(const bm_guideline *guideline, const char *name);
int bm_link_choice(const bm_guideline *guideline, const char *name);
int bm_link_pick(const bm_definitions *definitions, const char *name);
bm_equation *bm_link_equation(const bm_guideline *guideline, const char *name);

/* The task that gives a value by `given_by`, -1 when its guideline is not loaded. */
int bm_link_task_of_given(const bm_linker *linker, const bm_fact *fact);
bm_compiled bm_link_given(bm_linker *linker, const bm_fact *fact);

/* Reports at a node of a file. */
void bm_link_error(bm_linker *linker, const bm_file *file, const bm_node *node,
                   const char *format, ...);
void bm_link_warning(bm_linker *linker, const bm_file *file, const bm_node *node,
                     const char *format, ...);

void bm_link_value(bm_linker *linker, bm_guideline *guideline, bm_fact *fact);
void bm_link_applies(bm_linker *linker, bm_guideline *guideline);
void bm_link_score(bm_linker *linker, bm_guideline *guideline, bm_score *score);
void bm_link_equation_value(bm_linker *linker, bm_guideline *guideline, bm_equation *equation);
void bm_link_table(bm_linker *linker, bm_guideline *guideline);
void bm_link_notes(bm_linker *linker, bm_guideline *guideline);

/* The cell that `assumes` gives, or that a scalar of a table stands for. */
bool bm_link_cell(bm_linker *linker, const bm_file *file, const bm_fact *fact, const bm_node *node,
                  bm_cell *out);

#endif
