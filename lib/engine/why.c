/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/why.h"

#include <string.h>

#include "engine/gather.h"
#include "engine/reads.h"

/* One walk: what is looked for, and where the marks go. */
typedef enum {
    OPEN,   /* inputs that can still change it */
    SO,     /* inputs that made it so */
    SILENT, /* inputs on whose silence it rests */
    HELD,   /* inputs that made true what is true of an open condition */
    NAMED   /* as OPEN, but a value that can be entered stands for all it is derived from */
} bm_quest;

/* What a part of the walk came to. */
enum {
    ASKED = 1,   /* it marked an input, or would have, had that not been marked */
    DEAD_END = 2 /* OPEN: it came to an "ask", which no further fact can answer */
};

/* A long walk remembers what came of each slot, so that what is reached on many ways is not walked
 * each time; most walks are over before a memory would pay. Deeper than `DEEPEST` none goes. */
enum { LONG_WALK = 250, MEMORY = 256, DEEPEST = 1000 };

typedef struct {
    uint64_t slot; /* kind, record and slot, plus one; 0: free */
    unsigned came;
} bm_visited;

typedef struct {
    const bm_frame *frame;
    bm_quest quest;
    bm_marks *marks;
    uint8_t *const *from; /* what is known of slots already; NULL: they are walked */
    int depth;
    int steps; /* so far, up to LONG_WALK: then the memory is in use */
    bm_visited memory[MEMORY];
} bm_walk;

size_t bm_marks_words(const bm_frame *frame)
{
    size_t bits = 0;
    for (int k = 0; k < frame->program->kind_count; k++)
        bits += (size_t)frame->records[k] * (size_t)frame->program->kinds[k].inputs;
    return bits / 64 + 1;
}

void bm_marks_init(bm_marks *marks, const bm_frame *frame, uint64_t *words)
{
    memset(marks, 0, sizeof *marks);
    marks->words = words;
    for (int k = 0; k < frame->program->kind_count; k++) {
        marks->first[k] = marks->bits;
        marks->bits += (size_t)frame->records[k] * (size_t)frame->program->kinds[k].inputs;
    }
    memset(words, 0, (marks->bits / 64 + 1) * sizeof *words);
}

static size_t bit_of(const bm_marks *marks, const bm_frame *frame, int kind, int record,
                     int32_t input)
{
    return marks->first[kind] + (size_t)record * (size_t)frame->program->kinds[kind].inputs +
           (size_t)input;
}

bool bm_marked(const bm_marks *marks, const bm_frame *frame, int kind, int record, int32_t input)
{
    size_t bit = bit_of(marks, frame, kind, record, input);
    return marks->words[bit / 64] >> (bit % 64) & 1;
}

/* The next marked bit from `at` on; marks->bits when there is none. */
static size_t next_bit(const bm_marks *marks, size_t at)
{
    size_t end = marks->bits / 64 + 1;
    for (size_t w = at / 64; w < end; w++) {
        uint64_t rest = marks->words[w] & (w == at / 64 ? ~UINT64_C(0) << (at % 64) : ~UINT64_C(0));
        if (rest)
            return w * 64 + (size_t)__builtin_ctzll(rest);
    }
    return marks->bits;
}

bool bm_marks_next(const bm_marks *marks, const bm_frame *frame, size_t *at, bm_marked_input *out)
{
    size_t bit = next_bit(marks, *at);
    if (bit >= marks->bits)
        return false;
    int kind = frame->program->kind_count - 1;
    while (marks->first[kind] > bit || frame->program->kinds[kind].inputs == 0)
        kind--;
    size_t inputs = (size_t)frame->program->kinds[kind].inputs, beyond = bit - marks->first[kind];
    *out = (bm_marked_input){kind, (int)(beyond / inputs), (int32_t)(beyond % inputs)};
    *at = bit + 1;
    return true;
}

static unsigned mark(bm_walk *walk, int kind, int record, int32_t input)
{
    bm_marks *marks = walk->marks;
    if (walk->from)
        return ASKED;
    size_t bit = bit_of(marks, walk->frame, kind, record, input);
    uint64_t one = UINT64_C(1) << (bit % 64);
    marks->count += (marks->words[bit / 64] & one) == 0;
    marks->words[bit / 64] |= one;
    return ASKED;
}

static bm_base base_of(const bm_walk *walk, int kind, int32_t slot)
{
    return (bm_base)walk->frame->program->kinds[kind].base[slot];
}

static bm_cell cell_of(const bm_walk *walk, int kind, int record, int32_t slot)
{
    return bm_frame_cell(walk->frame, kind, record, slot);
}

static bool given(const bm_walk *walk, int kind, int record, int32_t input)
{
    const bm_frame *frame = walk->frame;
    return frame
        ->given[kind][(size_t)record * (size_t)frame->program->kinds[kind].inputs + (size_t)input];
}

static bool is_open(const bm_walk *walk, int kind, int record, int32_t slot)
{
    return !bm_cell_known(base_of(walk, kind, slot), cell_of(walk, kind, record, slot));
}

static unsigned visit(bm_walk *walk, int kind, int record, int32_t slot);
static unsigned start(const bm_frame *frame, bm_quest quest, int kind, int record, int32_t slot,
                      bm_marks *marks);

static bool looks_for_open(const bm_walk *walk)
{
    return walk->quest == OPEN || walk->quest == NAMED;
}

/* What an exclusive partner rules out can no longer be asked. */
static bool excluded(const bm_walk *walk, int kind, int record, int32_t input)
{
    const bm_program *p = walk->frame->program;
    const bm_kind *owner = &p->kinds[kind];
    const uint8_t *given = walk->frame->given[kind] + (size_t)record * (size_t)owner->inputs;
    return !given[input] && bm_excluded(owner, p, given, input);
}

static unsigned visit_input(bm_walk *walk, int kind, int record, int32_t input)
{
    if (walk->quest == OPEN && excluded(walk, kind, record, input))
        return DEAD_END;
    bool wanted = walk->quest == SO ? given(walk, kind, record, input)
                                    : walk->quest != SILENT && is_open(walk, kind, record, input);
    return wanted ? mark(walk, kind, record, input) : 0;
}

/* The parts of an open condition that hold already; what is below other operations is open. */
static unsigned visit_held(bm_walk *walk, const bm_op *op, int record)
{
    int32_t parts[2] = {op->a, op->b};
    int count = op->code == BM_DO_AND || op->code == BM_DO_OR ? 2 : 0;
    unsigned came = 0;
    for (int i = 0; i < count; i++) {
        uint64_t part = cell_of(walk, op->kind, record, parts[i]).low.mask;
        if (part == BM_YES)
            came |= start(walk->frame, SO, op->kind, record, parts[i], walk->marks);
        else if (part == BM_EITHER)
            came |= visit(walk, op->kind, record, parts[i]);
    }
    return came;
}

/* An `or` that is true has its true parts as reasons, one that is false all of them; an `and` the
 * other way round. While open, its open parts matter. */
static unsigned visit_logic(bm_walk *walk, const bm_op *op, int record)
{
    uint64_t result = cell_of(walk, op->kind, record, op->to).low.mask;
    int32_t parts[2] = {op->a, op->b};
    unsigned came = 0;
    for (int i = 0; i < 2; i++) {
        uint64_t part = cell_of(walk, op->kind, record, parts[i]).low.mask;
        if (looks_for_open(walk) ? part == BM_EITHER : part == result)
            came |= visit(walk, op->kind, record, parts[i]);
    }
    return came;
}

static unsigned visit_if(bm_walk *walk, const bm_op *op, int record)
{
    uint64_t condition = cell_of(walk, op->kind, record, op->c).low.mask;
    unsigned came = visit(walk, op->kind, record, op->c);
    if (condition & BM_YES)
        came |= visit(walk, op->kind, record, op->a);
    if (condition & BM_NO)
        came |= visit(walk, op->kind, record, op->b);
    return came;
}

/* What was entered wins. A derived value has to be entered itself where its derivation ends in an
 * "ask", or where it is open although nothing that it is derived from is. */
static unsigned visit_supply(bm_walk *walk, const bm_op *op, int record)
{
    if (given(walk, op->kind, record, op->a))
        return visit_input(walk, op->kind, record, op->a);
    unsigned came = visit(walk, op->kind, record, op->b);
    bool enter = (came & DEAD_END) || !(came & ASKED);
    if (walk->quest == OPEN && enter && is_open(walk, op->kind, record, op->to))
        mark(walk, op->kind, record, op->a);
    return walk->quest == OPEN ? ASKED : came;
}

/* No option that is still possible has an answer in the table. */
static unsigned visit_table(bm_walk *walk, const bm_op *op, int record)
{
    const bm_table *table = &walk->frame->program->tables[op->b];
    uint64_t possible = cell_of(walk, op->kind, record, op->a).low.mask;
    bool answer = false;
    for (int i = 0; i < table->count; i++)
        answer |= !table->undefined[i] && (possible >> i & 1);
    return (answer ? 0u : (unsigned)DEAD_END) | visit(walk, op->kind, record, op->a);
}

/* The input behind a slot, when it is one that can be entered. */
static int32_t input_behind(const bm_walk *walk, int kind, int32_t slot)
{
    const bm_program *p = walk->frame->program;
    if (slot < p->kinds[kind].inputs)
        return slot;
    const bm_op *op = &p->ops[p->kinds[kind].maker[slot]];
    return op->code == BM_DO_SUPPLY ? op->a : -1;
}

static unsigned visit_ranks(bm_walk *walk, const bm_pick *pick, int record)
{
    unsigned came = 0;
    for (int i = 0; i < pick->count; i++)
        came |= visit(walk, pick->kind, record, pick->ranks[i]);
    return came;
}

/* Only one record may be meant: then its rank no longer matters. */
static bool one_is_picked(const bm_frame *frame, const bm_pick *pick)
{
    int possible = 0;
    for (int r = 0; r < frame->records[pick->kind]; r++)
        possible += bm_pick_possible(frame, pick, r);
    return possible < 2;
}

static unsigned visit_pick(bm_walk *walk, const bm_op *op)
{
    const bm_frame *frame = walk->frame;
    const bm_pick *pick = &frame->program->picks[op->b];
    bool settled = one_is_picked(frame, pick);
    unsigned came = 0;
    for (int r = 0; r < frame->records[op->over]; r++) {
        if (!bm_pick_possible(frame, pick, r))
            continue;
        came |= visit(walk, op->over, r, op->a);
        if (walk->quest == OPEN && !settled)
            came |= visit_ranks(walk, pick, r);
    }
    return came;
}

static uint64_t belonging(const bm_walk *walk, const bm_op *op, int asking, int record)
{
    const bm_linked *link = &walk->frame->program->links[op->link - 1];
    return bm_gather_belongs(cell_of(walk, op->over, record, link->to),
                             walk->frame->listed[op->kind], asking);
}

/* The condition beside the link, or without one. */
static int32_t condition_of(const bm_walk *walk, const bm_op *op)
{
    return op->link ? walk->frame->program->links[op->link - 1].where : op->b;
}

static bool is_left_out(const bm_walk *walk, const bm_op *op, int record)
{
    int32_t where = condition_of(walk, op);
    return where >= 0 && cell_of(walk, op->over, record, where).low.mask == BM_NO;
}

/* One part that excludes the record is reason enough. */
static unsigned visit_inclusion(bm_walk *walk, const bm_op *op, int asking, int record)
{
    int32_t where = condition_of(walk, op);
    bool elsewhere = op->link && belonging(walk, op, asking, record) == BM_NO;
    unsigned came = 0;
    if (op->link && (elsewhere || !is_left_out(walk, op, record)))
        came = visit(walk, op->over, record, walk->frame->program->links[op->link - 1].to);
    return where >= 0 && !elsewhere ? came | visit(walk, op->over, record, where) : came;
}

static unsigned visit_gathered(bm_walk *walk, const bm_op *op, int asking, int record)
{
    bool narrow = op->code == BM_DO_ANY || op->code == BM_DO_ALL;
    uint64_t result = cell_of(walk, op->kind, asking, op->to).low.mask;
    uint64_t value = cell_of(walk, op->over, record, op->a).low.mask;
    unsigned came = 0;
    if (narrow && !looks_for_open(walk) && value != result)
        return 0;
    if (walk->quest != NAMED)
        came |= visit_inclusion(walk, op, asking, record);
    if (is_left_out(walk, op, record) || (op->link && belonging(walk, op, asking, record) == BM_NO))
        return came;
    came |= visit(walk, op->over, record, op->a);
    if (walk->quest == NAMED && !(came & ASKED)) /* the value itself is named, unless it is known */
        came |= visit_inclusion(walk, op, asking, record);
    return came;
}

static unsigned visit_gather(bm_walk *walk, const bm_op *op, int asking)
{
    const bm_frame *frame = walk->frame;
    unsigned came = 0;
    if (op->code == BM_DO_PICK)
        came = visit_pick(walk, op);
    else
        for (int r = 0; r < frame->records[op->over] && !frame->none[op->over]; r++)
            came |= visit_gathered(walk, op, asking, r);
    int32_t input = input_behind(walk, op->over, op->a);
    bool ask = looks_for_open(walk) && !(came & ASKED) && input >= 0;
    for (int r = 0; r < frame->records[op->over] && ask; r++)
        if (is_open(walk, op->over, r, input))
            came |= mark(walk, op->over, r, input);
    return came;
}

/* All rows that could still set the choice, the last first. One that sets it besides another that it
 * leads waits for that one, so whoever asks what is open, or silent, looks at the rows before it that
 * touch the other, too. */
static unsigned visit_choice(bm_walk *walk, const bm_op *op, int record)
{
    const bm_program *p = walk->frame->program;
    bm_choices choices;
    unsigned came = 0;
    bm_choices_begin(&choices, op->a);
    for (int i = p->row_count - 1; i >= 0; i--) {
        const bm_row *row = &p->rows[i];
        if (row->kind != op->kind || !bm_choices_touched(&choices, row))
            continue;
        bool speaks = cell_of(walk, op->kind, record, row->slot).low.mask & BM_ROW_SPEAKS;
        if (walk->quest != SO || speaks)
            came |= visit(walk, op->kind, record, row->when);
        if (walk->quest != SO)
            bm_choices_add(&choices, row->choice);
    }
    return came;
}

static unsigned visit_question(bm_walk *walk, const bm_op *op, int record)
{
    bool silent = op->code == BM_DO_KNOWN
                      ? is_open(walk, op->kind, record, op->a)
                      : bm_cell_covers((bm_base)op->base, cell_of(walk, op->kind, record, op->a),
                                       walk->frame->program->constants[op->b]);
    if (walk->quest != SILENT)
        return !silent || looks_for_open(walk) ? visit(walk, op->kind, record, op->a) : 0;
    if (!silent) /* what it asks about may itself rest on silence */
        return visit(walk, op->kind, record, op->a);
    return start(walk->frame, NAMED, op->kind, record, op->a, walk->marks);
}

static bool is_question(const bm_op *op)
{
    return op->code == BM_DO_KNOWN || op->code == BM_DO_MISSING || op->code == BM_DO_ASSUME;
}

static unsigned visit_op(bm_walk *walk, const bm_op *op, int record)
{
    switch ((bm_do)op->code) {
    case BM_DO_CONST:
        return DEAD_END; /* an open constant is an "ask" */
    case BM_DO_ROW:
        return 0;
    case BM_DO_TABLE_CODE:
    case BM_DO_TABLE_NUMBER:
        return visit_table(walk, op, record);
    case BM_DO_FROM_PATIENT:
        return visit(walk, 0, 0, op->a);
    case BM_DO_AND:
    case BM_DO_OR:
        return visit_logic(walk, op, record);
    case BM_DO_IF_MASK:
    case BM_DO_IF_NUMBER:
    case BM_DO_IF_SET:
        return visit_if(walk, op, record);
    case BM_DO_SUPPLY:
        return visit_supply(walk, op, record);
    case BM_DO_GIVEN:
    case BM_DO_STATED:
    case BM_DO_RESTATED:
        return visit_input(walk, op->kind, record, op->a);
    case BM_DO_ANY:
    case BM_DO_ALL:
    case BM_DO_COUNT:
    case BM_DO_SUM:
    case BM_DO_LARGEST:
    case BM_DO_SMALLEST:
    case BM_DO_PICK:
        return visit_gather(walk, op, record);
    case BM_DO_OUTCOME_IN:
        return visit_choice(walk, op, record);
    case BM_DO_SHOWN: /* it never waits, so it has reasons, perhaps a silence, but nothing to ask */
        return walk->quest == SO || walk->quest == SILENT || walk->frame->searching
                   ? visit(walk, op->kind, record, op->a)
                   : 0;
    default:
        break;
    }
    unsigned came = visit(walk, op->kind, record, op->a);
    if (bm_own_operands((bm_do)op->code) > 1)
        came |= visit(walk, op->kind, record, op->b);
    return came;
}

static uint64_t key_of(int kind, int record, int32_t slot)
{
    return ((uint64_t)kind << 56 | (uint64_t)record << 32 | (uint64_t)(uint32_t)slot) + 1;
}

/* The place of a slot in the memory, or of another that it drives out. NULL on a short walk. */
static bm_visited *place_of(bm_walk *walk, uint64_t key)
{
    if (walk->steps < LONG_WALK && ++walk->steps == LONG_WALK)
        memset(walk->memory, 0, sizeof walk->memory);
    if (walk->steps < LONG_WALK)
        return NULL;
    return &walk->memory[(key * UINT64_C(0x9E3779B97F4A7C15)) >> 40 & (MEMORY - 1)];
}

static unsigned visit_made(bm_walk *walk, int kind, int record, int32_t slot)
{
    const bm_program *p = walk->frame->program;
    const bm_op *op = &p->ops[p->kinds[kind].maker[slot]];
    if (walk->quest == NAMED && op->code == BM_DO_SUPPLY)
        return mark(walk, kind, record, op->a);
    if (walk->quest == HELD)
        return visit_held(walk, op, record);
    return is_question(op) ? visit_question(walk, op, record) : visit_op(walk, op, record);
}

static unsigned visit(bm_walk *walk, int kind, int record, int32_t slot)
{
    const bm_program *p = walk->frame->program;
    if (walk->from)
        return walk->from[kind][slot] ? ASKED : 0;
    if (slot < p->kinds[kind].inputs)
        return walk->quest == HELD ? 0 : visit_input(walk, kind, record, slot);
    if ((looks_for_open(walk) && !is_open(walk, kind, record, slot)) || walk->depth >= DEEPEST)
        return 0;
    uint64_t key = key_of(kind, record, slot);
    const bm_visited *known = place_of(walk, key);
    if (known && known->slot == key)
        return known->came;
    walk->depth++;
    unsigned came = visit_made(walk, kind, record, slot);
    walk->depth--;
    if (known)
        *place_of(walk, key) = (bm_visited){.slot = key, .came = came};
    return came;
}

static unsigned start(const bm_frame *frame, bm_quest quest, int kind, int record, int32_t slot,
                      bm_marks *marks)
{
    bm_walk walk; /* its memory is set when it is needed */
    walk.frame = frame;
    walk.quest = quest;
    walk.marks = marks;
    walk.from = NULL;
    walk.depth = 0;
    walk.steps = 0;
    return visit(&walk, kind, record, slot);
}

bool bm_why_from(const bm_frame *frame, const bm_op *op, uint8_t *const from[BM_KINDS])
{
    bm_walk walk;
    walk.frame = frame;
    walk.quest = SO;
    walk.marks = NULL;
    walk.from = from;
    walk.depth = 0;
    walk.steps = 0;
    return (is_question(op) ? visit_question(&walk, op, 0) : visit_op(&walk, op, 0)) & ASKED;
}

void bm_why_open(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    start(frame, OPEN, kind, record, slot, marks);
}

void bm_why_named(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    start(frame, NAMED, kind, record, slot, marks);
}

void bm_why_so(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    start(frame, SO, kind, record, slot, marks);
}

void bm_why_silent(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    start(frame, SILENT, kind, record, slot, marks);
}

void bm_why_held(const bm_frame *frame, int kind, int record, int32_t slot, bm_marks *marks)
{
    start(frame, HELD, kind, record, slot, marks);
}
