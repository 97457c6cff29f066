/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/idle.h"

#include <string.h>

#include "engine/bounds.h"
#include "engine/reads.h"

typedef struct {
    bm_program *program;
    bm_arena *arena;  /* what stays */
    bm_arena scratch; /* what does not */
    int32_t *block_of[BM_KINDS];
    int32_t *seen[BM_KINDS];     /* by slot: the last unit that reads it, from 1 */
    int32_t *seen_all[BM_KINDS]; /* the same, of every record */
    bm_import *imports;          /* of the unit at hand */
    int import_count;
    size_t import_room;
    int inputs;          /* of all kinds together */
    int first[BM_KINDS]; /* number of a kind's first input among these */
    int hung_words;
    uint64_t *hung; /* by block: on which inputs of its own record it hangs, then on which of
                            any record, then on the lists of which kinds */
    bool failed;
} bm_idle;

static void *scratch_array(bm_idle *idle, size_t count, size_t size)
{
    void *array = bm_arena_array(&idle->scratch, count + 1, size);
    idle->failed |= !array;
    return array;
}

static void *kept_array(bm_idle *idle, size_t count, size_t size)
{
    void *array = bm_arena_array(idle->arena, count + 1, size);
    idle->failed |= !array;
    return array;
}

/* ---- blocks ---- */

/* The block of a unit: that of an earlier unit of the same definition and kind, or a new one. */
static int32_t block_of_unit(bm_program *p, int unit)
{
    for (int u = unit - 1; u >= 0 && p->units[u].definition == p->units[unit].definition; u--)
        if (p->units[u].kind == p->units[unit].kind)
            return p->units[u].block;
    return p->block_count++;
}

static void make_blocks(bm_idle *idle)
{
    bm_program *p = idle->program;
    p->blocks = kept_array(idle, (size_t)p->unit_count, sizeof *p->blocks);
    for (int k = 0; k < p->kind_count; k++)
        p->kinds[k].block_of = idle->block_of[k] =
            kept_array(idle, (size_t)p->kinds[k].slots, sizeof *idle->block_of[k]);
    if (idle->failed)
        return;
    p->block_count = 0;
    for (int u = 0; u < p->unit_count; u++) {
        bm_unit_of_work *unit = &p->units[u];
        unit->block = block_of_unit(p, u);
        unit->alone = (u == 0 || p->units[u - 1].definition != unit->definition) &&
                      (u + 1 == p->unit_count || p->units[u + 1].definition != unit->definition);
        p->blocks[unit->block].silent |= unit->silent;
        for (int i = unit->first; i < unit->end; i++)
            idle->block_of[unit->kind][p->ops[i].to] = unit->block;
    }
    p->block_words = p->block_count / 64 + 1;
}

/* ---- what units read ---- */

static void import(bm_idle *idle, int unit, int kind, int32_t slot, bool all)
{
    int32_t *seen = all ? idle->seen_all[kind] : idle->seen[kind];
    if (seen[slot] == unit + 1 || idle->failed)
        return;
    seen[slot] = unit + 1;
    bm_import *imports = bm_arena_grow(&idle->scratch, idle->imports, (size_t)idle->import_count,
                                       &idle->import_room, sizeof *imports);
    if (!imports) {
        idle->failed = true;
        return;
    }
    idle->imports = imports;
    imports[idle->import_count++] = (bm_import){slot, (uint8_t)kind, all};
}

/* Whether a fact is excluded by another one depends on that being entered. */
static void import_partners(bm_idle *idle, int unit, const bm_op *op)
{
    const bm_program *p = idle->program;
    int32_t list = op->code == BM_DO_STATED ? p->kinds[op->kind].partners[op->a] : -1;
    for (int i = 0; list >= 0 && i < p->partners[list].count; i++)
        import(idle, unit, op->kind, p->partners[list].slots[i], false);
}

static void import_reads(bm_idle *idle, int unit, const bm_op *op)
{
    const bm_program *p = idle->program;
    bm_read reads[BM_READS];
    int count = bm_op_reads(p, op, reads);
    for (int i = 0; i < count; i++) {
        int kind = reads[i].kind;
        bool all = bm_gathers(op) && kind == op->over;
        bool own = kind == op->kind && reads[i].slot >= p->kinds[kind].inputs &&
                   idle->block_of[kind][reads[i].slot] == p->units[unit].block;
        if (!own || all)
            import(idle, unit, kind, reads[i].slot, all);
    }
    import_partners(idle, unit, op);
}

static void keep_imports(bm_idle *idle, bm_unit_of_work *unit)
{
    const bm_program *p = idle->program;
    bm_import *kept = kept_array(idle, (size_t)idle->import_count, sizeof *kept);
    if (idle->failed)
        return;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < idle->import_count; i++) {
            bool input = idle->imports[i].slot < p->kinds[idle->imports[i].kind].inputs;
            if (input == (pass == 1))
                kept[unit->import_count++] = idle->imports[i];
            unit->input_count += input && pass == 1;
        }
    unit->imports = kept;
}

static void find_imports(bm_idle *idle)
{
    bm_program *p = idle->program;
    for (int k = 0; k < p->kind_count; k++) {
        idle->seen[k] = scratch_array(idle, (size_t)p->kinds[k].slots, sizeof(int32_t));
        idle->seen_all[k] = scratch_array(idle, (size_t)p->kinds[k].slots, sizeof(int32_t));
    }
    for (int u = 0; u < p->unit_count && !idle->failed; u++) {
        idle->import_count = 0;
        for (int i = p->units[u].first; i < p->units[u].end; i++)
            import_reads(idle, u, &p->ops[i]);
        keep_imports(idle, &p->units[u]);
    }
}

/* ---- what blocks hang on ---- */

static uint64_t *hung_of(const bm_idle *idle, int32_t block)
{
    return idle->hung + (size_t)block * (size_t)idle->hung_words;
}

static bool add_bit(uint64_t *words, int bit)
{
    uint64_t one = UINT64_C(1) << (bit % 64);
    bool is_new = !(words[bit / 64] & one);
    words[bit / 64] |= one;
    return is_new;
}

static bool has_bit(const uint64_t *words, int bit)
{
    return words[bit / 64] >> (bit % 64) & 1;
}

/* Bits of a block: near inputs, far inputs, lists of kinds. */
static int far_bit(const bm_idle *idle, int input)
{
    return idle->inputs + input;
}

static int list_bit(const bm_idle *idle, int kind)
{
    return 2 * idle->inputs + kind;
}

/* What another block hangs on; seen from another record, all of it is far. */
static bool hang_on_block(const bm_idle *idle, uint64_t *words, const uint64_t *other, bool far)
{
    bool grew = false;
    if (!far) {
        for (int w = 0; w < idle->hung_words; w++) {
            grew |= (other[w] & ~words[w]) != 0;
            words[w] |= other[w];
        }
        return grew;
    }
    for (int i = 0; i < idle->inputs; i++)
        if (has_bit(other, i) || has_bit(other, far_bit(idle, i)))
            grew |= add_bit(words, far_bit(idle, i));
    for (int k = 0; k < idle->program->kind_count; k++)
        if (has_bit(other, list_bit(idle, k)))
            grew |= add_bit(words, list_bit(idle, k));
    return grew;
}

/* Which records belong to a record also depends on its own kind being listed. */
static bool hang_on_links(const bm_idle *idle, const bm_unit_of_work *unit)
{
    bool grew = false;
    for (int i = unit->first; i < unit->end; i++)
        if (idle->program->ops[i].link)
            grew |= add_bit(hung_of(idle, unit->block), list_bit(idle, unit->kind));
    return grew;
}

static bool hang_on_imports(const bm_idle *idle, const bm_unit_of_work *unit)
{
    const bm_program *p = idle->program;
    uint64_t *words = hung_of(idle, unit->block);
    bool grew = hang_on_links(idle, unit);
    for (int i = 0; i < unit->import_count; i++) {
        const bm_import *one = &unit->imports[i];
        bool far = one->all || one->kind != unit->kind;
        int input = idle->first[one->kind] + one->slot;
        if (one->all)
            grew |= add_bit(words, list_bit(idle, one->kind));
        if (one->slot < p->kinds[one->kind].inputs)
            grew |= add_bit(words, far ? far_bit(idle, input) : input);
        else
            grew |= hang_on_block(idle, words, hung_of(idle, idle->block_of[one->kind][one->slot]),
                                  far);
    }
    return grew;
}

/* Whether other records belong to this one depends on whether it is one of a list. */
static void hang_on_lists(bm_idle *idle)
{
    const bm_program *p = idle->program;
    for (int u = 0; u < p->unit_count && !idle->failed; u++)
        for (int i = p->units[u].first; i < p->units[u].end; i++)
            if (p->ops[i].link)
                add_bit(hung_of(idle, p->units[u].block), list_bit(idle, p->ops[i].kind));
}

/* Definitions stand in the order in which they are computed; within one, units of several kinds may
 * read each other, so it is gone over until nothing is added. */
static void find_hung(bm_idle *idle)
{
    const bm_program *p = idle->program;
    for (int k = 0; k < p->kind_count; k++) {
        idle->first[k] = idle->inputs;
        idle->inputs += p->kinds[k].inputs;
    }
    idle->hung_words = (2 * idle->inputs + BM_KINDS) / 64 + 1;
    idle->hung =
        scratch_array(idle, (size_t)p->block_count * (size_t)idle->hung_words, sizeof *idle->hung);
    hang_on_lists(idle);
    for (int u = 0, end; u < p->unit_count && !idle->failed; u = end) {
        bool grew = true;
        for (end = u; end < p->unit_count && p->units[end].definition == p->units[u].definition;)
            end++;
        while (grew) {
            grew = false;
            for (int i = u; i < end; i++)
                grew |= hang_on_imports(idle, &p->units[i]);
        }
    }
}

/* The same the other way round: what each input wakes. */
static uint64_t *wakes_of(bm_idle *idle, int bit)
{
    const bm_program *p = idle->program;
    uint64_t *words = kept_array(idle, (size_t)p->block_words, sizeof *words);
    for (int b = 0; words && b < p->block_count; b++)
        if (has_bit(hung_of(idle, b), bit))
            add_bit(words, b);
    return words;
}

static void turn_round(bm_idle *idle)
{
    bm_program *p = idle->program;
    size_t words = (size_t)p->block_words;
    for (int k = 0; k < p->kind_count && !idle->failed; k++) {
        bm_kind *kind = &p->kinds[k];
        uint64_t *near = kept_array(idle, (size_t)kind->inputs * words, sizeof *near);
        uint64_t *far = kept_array(idle, (size_t)kind->inputs * words, sizeof *far);
        for (int i = 0; i < kind->inputs && !idle->failed; i++)
            for (int b = 0; b < p->block_count; b++) {
                const uint64_t *hung = hung_of(idle, b);
                if (has_bit(hung, idle->first[k] + i))
                    add_bit(near + (size_t)i * words, b);
                if (has_bit(hung, far_bit(idle, idle->first[k] + i)))
                    add_bit(far + (size_t)i * words, b);
            }
        kind->near = near;
        kind->far = far;
        kind->by_list = idle->failed ? NULL : wakes_of(idle, list_bit(idle, k));
    }
}

/* ---- cells when nothing was entered ---- */

static void run_idle(bm_program *p, bm_frame *frame, bool strict)
{
    frame->strict = strict;
    for (int u = 0; u < p->unit_count; u++) {
        int32_t number = u;
        bm_bounds_run(frame, &(bm_plan){.count = 1, .units = &number});
        if (!strict)
            p->blocks[p->units[u].block].relies |= frame->relied_on_silence;
    }
}

/* A frame with one record of each kind, whose cells stay. */
static bm_frame idle_frame(bm_idle *idle)
{
    const bm_program *p = idle->program;
    bm_frame frame = {.program = p};
    for (int k = 0; k < p->kind_count && !idle->failed; k++) {
        frame.records[k] = 1;
        frame.listed[k] = k == 0;
        frame.given[k] = scratch_array(idle, (size_t)p->kinds[k].inputs, 1);
        frame.cells[k] = kept_array(idle, (size_t)p->kinds[k].slots, sizeof(bm_cell));
    }
    return frame;
}

static void evaluate_idle(bm_idle *idle, const bm_cell *settings, bool strict)
{
    bm_program *p = idle->program;
    bm_frame frame = idle_frame(idle);
    for (int k = 0; k < p->kind_count && !idle->failed; k++) {
        bm_kind *kind = &p->kinds[k];
        if (kind->inputs > 0)
            memcpy(frame.cells[k], k == 0 ? settings : kind->blank,
                   (size_t)kind->inputs * sizeof(bm_cell));
        *(strict ? &kind->idle_strict : &kind->idle) = frame.cells[k];
    }
    if (!idle->failed)
        run_idle(p, &frame, strict);
}

static bool same_bits(bm_cell a, bm_cell b)
{
    return a.low.mask == b.low.mask && a.high.mask == b.high.mask;
}

static void compare_idle(bm_idle *idle)
{
    bm_program *p = idle->program;
    for (int k = 0; k < p->kind_count; k++)
        for (int32_t s = p->kinds[k].inputs; s < p->kinds[k].slots; s++)
            p->blocks[idle->block_of[k][s]].differs |=
                !same_bits(p->kinds[k].idle[s], p->kinds[k].idle_strict[s]);
}

/* What units with a gate come to while it is shut. */
static void evaluate_closed(bm_idle *idle)
{
    bm_program *p = idle->program;
    bm_frame frame = idle_frame(idle);
    for (int k = 0; k < p->kind_count && !idle->failed; k++) {
        if (p->kinds[k].slots > 0)
            memcpy(frame.cells[k], p->kinds[k].idle, (size_t)p->kinds[k].slots * sizeof(bm_cell));
        p->kinds[k].closed = frame.cells[k];
    }
    for (int u = 0; u < p->unit_count && !idle->failed; u++) {
        const bm_unit_of_work *unit = &p->units[u];
        int32_t number = u;
        if (unit->gate < 0)
            continue;
        bm_cell *gate = &frame.cells[unit->kind][unit->gate], before = *gate;
        *gate = (bm_cell){.low.mask = BM_NO};
        bm_bounds_run(&frame, &(bm_plan){.count = 1, .units = &number});
        *gate = before;
    }
}

bool bm_idle_prepare(bm_program *program, bm_arena *arena, const bm_cell *settings)
{
    bm_idle idle = {.program = program, .arena = arena};
    bm_arena_init(&idle.scratch, &arena->memory);
    make_blocks(&idle);
    if (!idle.failed)
        find_imports(&idle);
    if (!idle.failed)
        find_hung(&idle);
    if (!idle.failed)
        turn_round(&idle);
    if (!idle.failed)
        evaluate_idle(&idle, settings, false);
    if (!idle.failed)
        evaluate_idle(&idle, settings, true);
    if (!idle.failed)
        compare_idle(&idle);
    if (!idle.failed)
        evaluate_closed(&idle);
    bm_arena_free(&idle.scratch);
    return !idle.failed;
}
