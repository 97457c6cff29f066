/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the folded evaluator only. */
#ifndef BM_ENGINE_FOLD_PARTS_H
#define BM_ENGINE_FOLD_PARTS_H

#include "engine/bounds.h"
#include "engine/fold.h"
#include "engine/reads.h"

enum {
    BM_STATES = 256,
    BM_AXES = 12,  /* columns that one table hangs on */
    BM_DEPS = 40,  /* things that one operation reads */
    BM_TERMS = 32, /* of a sum */
    BM_OUTS = 16,  /* slots that one operation fills */
    BM_STEPS_UP = 60
};

/* ---- what is run ---- */

/* A column of bytes: `bytes` of the chunk at hand. */
typedef struct {
    int states;
    const uint8_t *bytes;
} bm_fold_column;

/* Where a byte of a table comes from. `used`: states. */
typedef struct {
    int column, used;
    uint8_t low[BM_STATES], high[BM_STATES];
} bm_fold_source;

typedef struct bm_fold_step bm_fold_step;
typedef struct bm_fold_math bm_fold_math; /* fold_math.h */
typedef void (*bm_fold_kernel)(const bm_fold_step *step, const bm_fold_column *columns,
                               size_t count);

/* What an operation reads: a cell, whole or by its ends, in the plain frame, the strict one or both;
 * what was entered; a flag that stands somewhere else. */
typedef enum {
    BM_DEP_CELL,
    BM_DEP_PLAIN,
    BM_DEP_STRICT,
    BM_DEP_LOW,
    BM_DEP_HIGH,
    BM_DEP_GIVEN,
    BM_DEP_LISTED,
    BM_DEP_FLAG
} bm_what;

typedef struct {
    bm_cell plain, strict;
} bm_twin;

/* Cells of the chunk at hand, each end by itself. */
typedef struct {
    bm_bound *low, *high;
} bm_ends;

/* Where silence changes nothing both are the same arrays. */
typedef struct {
    bm_ends plain, strict;
} bm_wide;

static inline bool bm_has_twin(const bm_wide *wide)
{
    return wide->plain.low != wide->strict.low;
}

/* To the bit: also numbers that compare as equal may differ in what comes of them. */
static inline bool bm_same_bits(bm_cell a, bm_cell b)
{
    return a.low.mask == b.low.mask && a.high.mask == b.high.mask;
}

typedef struct {
    bm_what what;
    int column; /* -1: the same in all rows, or of the cells `wide` */
    int kind;
    int32_t slot;
    const bm_twin *cells;  /* CELL, PLAIN, STRICT, by state */
    const uint8_t *flags;  /* GIVEN, LISTED, FLAG, by state */
    uint8_t *flag;         /* FLAG: where it stands */
    double base, unit;     /* LOW, HIGH: base + state * unit */
    const bm_wide *wide;
} bm_dep;

typedef enum { BM_OUT_BYTES, BM_OUT_MASK, BM_OUT_WIDE } bm_out_form;

typedef struct {
    bm_out_form form;
    int32_t slot;
    uint8_t *bytes;
    int shift; /* BYTES: where the strict frame has its bits */
    bm_wide wide;
} bm_fold_out;

/* An operation that is run row by row. */
typedef struct {
    bm_fold *fold;
    int32_t op;
    bm_dep *deps;
    int dep_count;
    bm_fold_out *outs;
    int out_count;
    bool strict; /* silence may decide */
} bm_fold_row_op;

/* One pass over a chunk. */
struct bm_fold_step {
    bm_fold_kernel run;
    uint8_t *to, *to_high;
    bm_fold_source *sources;
    int source_count, cases; /* entries of the table */
    uint8_t table[BM_STATES];
    uint8_t *large; /* in place of the table, with more entries; `high` of a source: its step / 256 */
    /* rungs: */
    const double *rungs;
    int rung_count, input; /* of the caller's data */
    bm_wide wide;
    bm_cell blank;
    bm_fold_row_op *op;
    const bm_fold_math *math;
};

/* How a target is written. */
typedef struct {
    bool choice, alone;
    bool looks;         /* some rows may rest on silence, or be open */
    int state, code;    /* columns of bytes; -1: the same in all rows */
    int8_t same_state, same_code;
    /* the number: by state of a column, a sum of bytes, or cells; a choice in cells */
    int column, high_column;
    const double *low, *high; /* by state */
    const bm_wide *wide;
    double same_low, same_high;
    bool steps; /* of a sum: `same` plus the byte times the unit */
    double unit;
} bm_fold_writer;

/* Behind a state: still to be looked at. */
enum { BM_STATE_ASSUMED = 8, BM_STATE_OPEN = 16, BM_STATE_BITS = 7 };

enum { BM_FLAGS = 4, BM_CASES = 1 << 16 };

/* Of truth values and of what became of a row: as wide they are in a byte for both frames. */
enum { BM_TRUTH_BITS = 2, BM_ROW_BITS = 4 };

/* to[i] = base + unit * bytes[i] */
typedef void (*bm_fold_in_steps)(const uint8_t *bytes, double base, double unit, size_t count,
                                 double *to);

/* to[i] = by_state[bytes[i]] */
typedef void (*bm_fold_in_states)(const uint8_t *bytes, const double *by_state, size_t count,
                                  double *to);

struct bm_fold {
    bm_memory memory;
    bm_arena arena;
    const bm_program *program;
    bm_frame plain, strict; /* scratch for operations that are run row by row */
    bm_fold_column *columns;
    int column_count;
    size_t column_room;
    bm_fold_step *steps;
    int step_count;
    size_t step_room;
    bm_fold_writer *writers;
    int writer_count;
    bool *takes_parts;      /* by input */
    int *input_column;      /* of codes: the column that is the caller's, -1 */
    int there_column[BM_KINDS];
    bool asks_there;
    bm_fold_in_steps in_steps;
    bm_fold_in_states in_states;
    int input_count, row_ops;
    const bm_fold_data *data; /* of the run at hand */
    size_t at;
    uint8_t *open;            /* of the chunk at hand */
};

/* ---- building ---- */

typedef enum { BM_AS_TABLE, BM_AS_SUM, BM_AS_CELLS } bm_form;

typedef struct {
    int column;
    const bm_twin *cells;
} bm_fold_term;

typedef struct {
    int count;
    bm_fold_term terms[BM_TERMS];
    double base, base_high; /* of what is the same in all rows */
    /* once it is needed as bytes */
    int low, high; /* columns, -1 */
    double low_base, high_base, unit;
    int low_states, high_states;
} bm_fold_sum;

typedef struct {
    int count;
    double at[BM_STEPS_UP]; /* ascending: first numbers of which something else comes */
} bm_fold_limits;

typedef struct {
    bool varies, needed, exact; /* exact: the number itself matters, not only its limits */
    bm_form form;
    int column; /* TABLE; -1: the same in all rows */
    const bm_twin *cells;
    bm_fold_sum *sum;
    bm_wide *wide; /* CELLS; of others, if something has read them so */
    bm_fold_limits *limits;
    int given; /* of an input: column that says whether it is entered, -1: the same for all */
    const uint8_t *given_flags;
    int rungs, strict_rungs; /* CELLS: columns of the places among the limits, -1 */
    const bm_twin *rung_cells;
    int masks[2]; /* of a truth value: columns of its masks, plain and strict, -1: none yet */
    bool reasoned; /* fold_reasons.c: whether anything entered is behind it */
    int reason;    /* column, -1: the same in all rows */
    const uint8_t *reasons;
} bm_folded;

typedef struct {
    bm_fold *fold;
    bm_arena room; /* while it is built */
    const bm_program *program;
    const bm_plan *plan;
    const bm_fold_input *inputs;
    int input_count;
    bm_folded *slots[BM_KINDS];
    bool listed_varies[BM_KINDS];
    bool *op_needed; /* by operation */
    bm_frame plain, strict; /* scratch */
    uint8_t flags[BM_FLAGS];
    uint8_t *reasons[BM_KINDS]; /* fold_reasons.c: of slots, in the case at hand */
    bm_dep deps[BM_DEPS];
    int dep_count;
    uint8_t *ids;    /* of one table, of each case what comes of it, and that */
    bm_twin *results;
    bool row_by_row; /* something that is read stands in cells */
    bool refused;    /* an operation reads or fills more than there is room for */
    bool no_memory;
    bm_fold_level level;
} bm_folder;

/* Computes what comes of the scratch as it stands. */
typedef void (*bm_fold_evaluate)(bm_folder *f, const void *context, bm_twin *outs);

/* What came of it: by state of a column, or the same in all rows (-1). */
typedef struct {
    int column, states;
    bm_twin *outs; /* states x out_count */
} bm_fold_result;

bm_folded *bm_fold_slot(bm_folder *f, int kind, int32_t slot);
/* Reads what says whether the record of a row is among those that are gathered. */
void bm_fold_read_included(bm_folder *f, const bm_op *op);
void *bm_fold_take(bm_folder *f, size_t count, size_t size);  /* until it is built */
void *bm_fold_keep(bm_folder *f, size_t count, size_t size);  /* as long as the fold */
int bm_fold_new_column(bm_folder *f, int states, uint8_t **bytes);
bm_fold_step *bm_fold_new_step(bm_folder *f, bm_fold_kernel kernel);

/* fold_table.c */
void bm_fold_read(bm_folder *f, int kind, int32_t slot);
void bm_fold_add_dep(bm_folder *f, const bm_dep *dep);
/* False when there are too many states. */
bool bm_fold_tabulate(bm_folder *f, bm_fold_evaluate evaluate, const void *context, int out_count,
                      bm_fold_result *out);
void bm_fold_apply(const bm_dep *dep, int state, bm_frame *plain, bm_frame *strict);

/* fold_number.c */
void bm_fold_find_limits(bm_folder *f);
bool bm_fold_add(bm_folder *f, const bm_op *op);
bool bm_fold_sum_bytes(bm_folder *f, bm_fold_sum *sum);
void bm_fold_rungs(bm_folder *f, bm_folded *slot);
void bm_fold_number_input(bm_folder *f, int input, bm_folded *slot);

/* fold_wide.c: operations on cells */
bool bm_fold_new_ends(bm_folder *f, bm_ends *out);
/* The cells of a slot, whatever its form; NULL when there is no memory. */
const bm_wide *bm_fold_widen(bm_folder *f, int kind, int32_t slot);
/* The same for what is about to be changed, with a twin or without. */
bm_wide *bm_fold_open_wide(bm_folder *f, int kind, int32_t slot, bool twin);
/* False where there is no way to do it by columns. */
bool bm_fold_by_cells(bm_folder *f, const bm_op *op);
/* Reads of a link what matters for the one record of a row. */
void bm_fold_read_link(bm_folder *f, int kind, int32_t slot);
/* Reads of the operand of `known`, `missing` or `assume` what decides the question. */
void bm_fold_read_question(bm_folder *f, const bm_op *op);

/* fold_rows.c: what is left, row by row */
void bm_fold_row_by_row(bm_folder *f, const bm_op *op, const int32_t *outs, int out_count);
/* Truth values, or bits of rows, of both frames in a byte (or of one that stands for both): the
 * slot has a table of them. */
void bm_fold_open_bytes(bm_folder *f, int kind, int32_t slot, int shift, bool twin, uint8_t **bytes);
bool bm_fold_rests_on_silence(const bm_folder *f, const bm_op *op);

/* fold_reasons.c: 1 where the walk for reasons (why.h) from a slot comes to something entered, by
 * state of a column (-1: the same in all rows). False where it has to be walked. */
/* Marks what is needed for it besides. */
void bm_fold_need_reasons(bm_folder *f, const bm_fold_target *targets, int count);
bool bm_fold_find_reasons(bm_folder *f, int kind, int32_t slot, int *column, const uint8_t **flags);

/* fold_write.c */
void bm_fold_write_target(bm_folder *f, const bm_fold_target *target, bm_fold_writer *out);

/* fold_run.c */
void bm_fold_combine_large(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_combine(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_sum_up(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_count(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_equal(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_nulls(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_row_op_run(const bm_fold_step *step, const bm_fold_column *columns, size_t count);

void bm_fold_steps(const uint8_t *bytes, double base, double unit, size_t count, double *to);

/* fold_fast.c: the same kernel for this processor, or the one given. */
bm_fold_kernel bm_fold_fast(bm_fold_kernel kernel, bm_fold_level level);
bm_fold_in_steps bm_fold_fast_steps(bm_fold_level level);

#endif
