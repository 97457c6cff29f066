/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a program together, one operation at a time. Memory comes from the arena of the guideline
 * set; when it runs out `failed` is set, every later call does nothing, and the slots returned
 * are valid numbers that nobody will run. */
#ifndef BM_ENGINE_BUILD_H
#define BM_ENGINE_BUILD_H

#include "base/memory.h"
#include "engine/program.h"

typedef struct {
    uint64_t key[3];
    int32_t slot;
    int32_t epoch;
} bm_seen;

typedef struct {
    bm_arena *arena;
    bm_program *program;
    size_t op_room, constant_room, table_room, cuts_room, pick_room, link_room, partners_room, row_room;
    size_t unit_room, slot_room[BM_KINDS], base_room[BM_KINDS];
    bm_seen *seen; /* operations of this definition, so that equal ones are computed once */
    int epoch;     /* counts definitions */
    bool open;     /* a unit is open */
    bool failed;
} bm_builder;

void bm_build_start(bm_builder *builder, bm_arena *arena, bm_program *program);

/* Declares a kind; returns its number. Kind 0 must be the patient. */
int bm_build_kind(bm_builder *builder, int limit);
/* Declares an input of a kind; all inputs of a kind come before its first operation. */
int32_t bm_build_input(bm_builder *builder, int kind, const bm_type *type);

/* A definition is what is computed together or not at all. Its operations are cut into units of
 * one kind each as they come; the definition owns the units from the number that begin returns up
 * to the one that end returns. */
int bm_build_begin(bm_builder *builder);
int bm_build_end(bm_builder *builder);

/* Emits an operation of op.kind and returns its slot; an equal operation of the same definition
 * is reused, unless it depends on the moment (BM_DO_ROW, BM_DO_OUTCOME_IN). */
int32_t bm_build_op(bm_builder *builder, bm_op op, bm_base base);
/* The common shape. */
int32_t bm_build(bm_builder *builder, int kind, bm_do code, bm_base base, int32_t a, int32_t b,
                 int32_t c);

/* Constants, by index for operands b and c, or as a slot. */
int32_t bm_build_constant(bm_builder *builder, bm_cell cell);
int32_t bm_build_mask(bm_builder *builder, uint64_t mask);
int32_t bm_build_const_slot(bm_builder *builder, int kind, bm_base base, bm_cell cell);
int32_t bm_build_number(bm_builder *builder, int kind, double number);

/* Tables: returns the index; the caller fills the entries. NULL cells when memory ran out. */
int32_t bm_build_table(bm_builder *builder, int count, bm_table **out);
int32_t bm_build_cuts(bm_builder *builder, int count, bm_cuts **out);
int32_t bm_build_pick(bm_builder *builder, int kind, int count, bm_pick **out);
/* Returns the index plus one, as an operation carries it. */
int32_t bm_build_link(bm_builder *builder, bm_linked link);
int32_t bm_build_partners(bm_builder *builder, int count, bm_slots **out);

/* A choice starts unset. */
int32_t bm_build_choice(bm_builder *builder, int kind);
/* Emits the row and returns its index. */
int32_t bm_build_row(bm_builder *builder, int kind, const bm_row *row);

#endif
