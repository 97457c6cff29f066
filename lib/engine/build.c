/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/build.h"

#include <string.h>

void bm_build_start(bm_builder *builder, bm_arena *arena, bm_program *program)
{
    memset(builder, 0, sizeof *builder);
    builder->arena = arena;
    builder->program = program;
}

/* Room for one more element of an array of the program; NULL marks the builder as failed. */
static void *one_more(bm_builder *builder, void *array, int count, size_t *room, size_t size)
{
    void *grown = NULL;
    if (!builder->failed)
        grown = bm_arena_grow(builder->arena, array, (size_t)count, room, size);
    if (!grown)
        builder->failed = true;
    return grown;
}

int bm_build_kind(bm_builder *builder, int limit)
{
    bm_program *program = builder->program;
    program->kinds[program->kind_count].limit = limit;
    return program->kind_count++;
}

static int32_t new_slot(bm_builder *builder, int kind, bm_base base, int32_t maker)
{
    bm_kind *owner = &builder->program->kinds[kind];
    uint8_t *bases = one_more(builder, owner->base, owner->slots, &builder->base_room[kind], 1);
    if (!bases)
        return 0;
    owner->base = bases;
    int32_t *makers =
        one_more(builder, owner->maker, owner->slots, &builder->slot_room[kind], sizeof *makers);
    if (!makers)
        return 0;
    owner->maker = makers;
    owner->base[owner->slots] = (uint8_t)base;
    owner->maker[owner->slots] = maker;
    return owner->slots++;
}

int32_t bm_build_input(bm_builder *builder, int kind, const bm_type *type)
{
    bm_kind *owner = &builder->program->kinds[kind];
    size_t room = (size_t)owner->inputs; /* exact growth would move it each time */
    if ((owner->inputs & (owner->inputs - 1)) == 0) {
        size_t wanted = owner->inputs ? (size_t)owner->inputs * 2 : 1;
        bm_cell *blank = bm_arena_array(builder->arena, wanted, sizeof *blank);
        int32_t *partners = bm_arena_array(builder->arena, wanted, sizeof *partners);
        bool *whole = bm_arena_array(builder->arena, wanted, sizeof *whole);
        if (!blank || !partners || !whole) {
            builder->failed = true;
            return 0;
        }
        if (room) {
            memcpy(blank, owner->blank, room * sizeof *blank);
            memcpy(partners, owner->partners, room * sizeof *partners);
            memcpy(whole, owner->whole, room * sizeof *whole);
        }
        owner->blank = blank;
        owner->partners = partners;
        owner->whole = whole;
    }
    int32_t slot = new_slot(builder, kind, type->base, -1);
    owner->blank[owner->inputs] = bm_type_blank(type);
    owner->whole[owner->inputs] = type->whole;
    owner->partners[owner->inputs++] = -1;
    return slot;
}

int bm_build_begin(bm_builder *builder)
{
    builder->epoch++;
    builder->open = false;
    return builder->program->unit_count;
}

int bm_build_end(bm_builder *builder)
{
    builder->open = false;
    return builder->program->unit_count;
}

/* The unit that takes the next operation: the open one, if it is of that kind. */
static bm_unit_of_work *unit_for(bm_builder *builder, int kind)
{
    bm_program *program = builder->program;
    if (builder->open && program->units[program->unit_count - 1].kind == kind)
        return &program->units[program->unit_count - 1];
    bm_unit_of_work *units =
        one_more(builder, program->units, program->unit_count, &builder->unit_room, sizeof *units);
    if (!units)
        return NULL;
    program->units = units;
    units[program->unit_count] = (bm_unit_of_work){.kind = kind,
                                                   .first = program->op_count,
                                                   .end = program->op_count,
                                                   .definition = builder->epoch,
                                                   .gate = -1};
    builder->open = true;
    return &units[program->unit_count++];
}

static uint64_t op_hash(const uint64_t key[3])
{
    uint64_t hash = key[0] * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ key[1]) * UINT64_C(0xC2B2AE3D27D4EB4F);
    hash = (hash ^ key[2]) * UINT64_C(0x165667B19E3779F9);
    return hash ^ (hash >> 29);
}

enum { SEEN_ROOM = 1024 };

/* The place of an operation among those seen in this unit: its own, or a free one. */
static bm_seen *seen_place(bm_builder *builder, const uint64_t key[3])
{
    if (!builder->seen) {
        builder->seen = bm_arena_array(builder->arena, SEEN_ROOM, sizeof *builder->seen);
        if (!builder->seen)
            return NULL;
        for (int i = 0; i < SEEN_ROOM; i++)
            builder->seen[i].epoch = -1;
    }
    size_t start = op_hash(key) % SEEN_ROOM;
    for (size_t i = 0; i < 16; i++) { /* a miss only costs an operation twice */
        bm_seen *place = &builder->seen[(start + i) % SEEN_ROOM];
        if (place->epoch != builder->epoch || memcmp(place->key, key, sizeof place->key) == 0)
            return place;
    }
    return NULL;
}

static bool asks_about_silence(bm_do code)
{
    return code == BM_DO_KNOWN || code == BM_DO_MISSING || code == BM_DO_ASSUME;
}

static int32_t emit(bm_builder *builder, bm_op op, bm_base base)
{
    bm_program *program = builder->program;
    bm_unit_of_work *unit = unit_for(builder, op.kind);
    bm_op *ops = one_more(builder, program->ops, program->op_count, &builder->op_room, sizeof *ops);
    if (!ops || !unit)
        return 0;
    program->ops = ops;
    op.to = new_slot(builder, op.kind, base, program->op_count);
    ops[program->op_count++] = op;
    unit->end = program->op_count;
    unit->silent |= asks_about_silence((bm_do)op.code);
    return op.to;
}

int32_t bm_build_op(bm_builder *builder, bm_op op, bm_base base)
{
    if (builder->failed)
        return 0;
    bool of_the_moment = op.code == BM_DO_ROW || op.code == BM_DO_OUTCOME_IN ||
                         op.base == BM_OUTCOME || base == BM_OUTCOME;
    if (of_the_moment)
        return emit(builder, op, base);
    uint64_t key[3] = {(uint64_t)op.code | (uint64_t)op.kind << 8 | (uint64_t)op.over << 16 |
                           (uint64_t)base << 24 | (uint64_t)(uint32_t)op.a << 32,
                       (uint64_t)(uint32_t)op.b | (uint64_t)(uint32_t)op.c << 32,
                       (uint64_t)op.base | (uint64_t)(uint32_t)op.link << 32};
    bm_seen *place = seen_place(builder, key);
    if (place && place->epoch == builder->epoch)
        return place->slot;
    int32_t slot = emit(builder, op, base);
    if (place) {
        memcpy(place->key, key, sizeof place->key);
        place->slot = slot;
        place->epoch = builder->epoch;
    }
    return slot;
}

int32_t bm_build(bm_builder *builder, int kind, bm_do code, bm_base base, int32_t a, int32_t b,
                 int32_t c)
{
    bm_op op = {.code = (uint8_t)code, .kind = (uint8_t)kind, .a = a, .b = b, .c = c};
    return bm_build_op(builder, op, base);
}

int32_t bm_build_constant(bm_builder *builder, bm_cell cell)
{
    bm_program *program = builder->program;
    for (int i = 0; i < program->constant_count; i++)
        if (program->constants[i].low.mask == cell.low.mask &&
            program->constants[i].high.mask == cell.high.mask)
            return i;
    bm_cell *constants = one_more(builder, program->constants, program->constant_count,
                                  &builder->constant_room, sizeof *constants);
    if (!constants)
        return 0;
    program->constants = constants;
    constants[program->constant_count] = cell;
    return program->constant_count++;
}

int32_t bm_build_mask(bm_builder *builder, uint64_t mask)
{
    return bm_build_constant(builder, (bm_cell){.low.mask = mask, .high.mask = mask});
}

int32_t bm_build_const_slot(bm_builder *builder, int kind, bm_base base, bm_cell cell)
{
    return bm_build(builder, kind, BM_DO_CONST, base, bm_build_constant(builder, cell), 0, 0);
}

int32_t bm_build_number(bm_builder *builder, int kind, double number)
{
    return bm_build_const_slot(builder, kind, BM_NUMBER,
                               (bm_cell){.low.number = number, .high.number = number});
}

int32_t bm_build_table(bm_builder *builder, int count, bm_table **out)
{
    bm_program *program = builder->program;
    *out = NULL;
    bm_table *tables = one_more(builder, program->tables, program->table_count,
                                &builder->table_room, sizeof *tables);
    bm_cell *cells = bm_arena_array(builder->arena, (size_t)count, sizeof *cells);
    bool *undefined = bm_arena_array(builder->arena, (size_t)count, sizeof *undefined);
    if (!tables || !cells || !undefined) {
        builder->failed = true;
        return 0;
    }
    program->tables = tables;
    tables[program->table_count] = (bm_table){count, cells, undefined};
    *out = &tables[program->table_count];
    return program->table_count++;
}

int32_t bm_build_cuts(bm_builder *builder, int count, bm_cuts **out)
{
    bm_program *program = builder->program;
    *out = NULL;
    bm_cuts *lists =
        one_more(builder, program->cuts, program->cuts_count, &builder->cuts_room, sizeof *lists);
    bm_cut *cuts = bm_arena_array(builder->arena, (size_t)count, sizeof *cuts);
    if (!lists || !cuts) {
        builder->failed = true;
        return 0;
    }
    program->cuts = lists;
    lists[program->cuts_count] = (bm_cuts){count, cuts};
    *out = &lists[program->cuts_count];
    return program->cuts_count++;
}

int32_t bm_build_pick(bm_builder *builder, int kind, int count, bm_pick **out)
{
    bm_program *program = builder->program;
    *out = NULL;
    bm_pick *picks =
        one_more(builder, program->picks, program->pick_count, &builder->pick_room, sizeof *picks);
    int32_t *ranks = bm_arena_array(builder->arena, (size_t)count, sizeof *ranks);
    if (!picks || !ranks) {
        builder->failed = true;
        return 0;
    }
    program->picks = picks;
    picks[program->pick_count] = (bm_pick){kind, count, ranks};
    *out = &picks[program->pick_count];
    return program->pick_count++;
}

int32_t bm_build_link(bm_builder *builder, bm_linked link)
{
    bm_program *program = builder->program;
    bm_linked *links =
        one_more(builder, program->links, program->link_count, &builder->link_room, sizeof *links);
    if (!links)
        return 0;
    program->links = links;
    links[program->link_count] = link;
    return ++program->link_count;
}

int32_t bm_build_partners(bm_builder *builder, int count, bm_slots **out)
{
    bm_program *program = builder->program;
    *out = NULL;
    bm_slots *lists = one_more(builder, program->partners, program->partners_count,
                               &builder->partners_room, sizeof *lists);
    int32_t *slots = bm_arena_array(builder->arena, (size_t)count, sizeof *slots);
    if (!lists || !slots) {
        builder->failed = true;
        return 0;
    }
    program->partners = lists;
    lists[program->partners_count] = (bm_slots){count, slots};
    *out = &lists[program->partners_count];
    return program->partners_count++;
}

int32_t bm_build_choice(bm_builder *builder, int kind)
{
    /* not through the memory of seen operations: every choice needs a slot of its own */
    if (builder->failed)
        return 0;
    int32_t unset = bm_build_constant(builder, (bm_cell){.low.mask = BM_UNSET});
    return emit(builder, (bm_op){.code = BM_DO_CONST, .kind = (uint8_t)kind, .a = unset},
                BM_OUTCOME);
}

int32_t bm_build_row(bm_builder *builder, int kind, const bm_row *row)
{
    bm_program *program = builder->program;
    bm_row *rows =
        one_more(builder, program->rows, program->row_count, &builder->row_room, sizeof *rows);
    if (!rows)
        return 0;
    program->rows = rows;
    rows[program->row_count] = *row;
    rows[program->row_count].kind = kind;
    rows[program->row_count].slot =
        bm_build(builder, kind, BM_DO_ROW, BM_OUTCOME, program->row_count, 0, 0);
    return program->row_count++;
}
