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
typedef void (*bm_fold_kernel)(const bm_fold_step *step, const bm_fold_column *columns,
                               size_t count);

/* What an operation that is run row by row reads. */
typedef enum { BM_DEP_CELL, BM_DEP_LOW, BM_DEP_HIGH, BM_DEP_GIVEN, BM_DEP_LISTED, BM_DEP_FLAG } bm_what;

typedef struct {
    bm_cell plain, strict;
} bm_twin;

/* To the bit: also numbers that compare as equal may differ in what comes of them. */
static inline bool bm_same_bits(bm_cell a, bm_cell b)
{
    return a.low.mask == b.low.mask && a.high.mask == b.high.mask;
}

typedef struct {
    bm_what what;
    int column; /* -1: of the cells `row` */
    int kind;
    int32_t slot;
    const bm_twin *cells;  /* CELL, by state */
    const uint8_t *flags;  /* GIVEN, LISTED, FLAG, by state */
    double base, unit;     /* LOW, HIGH: base + state * unit */
    const bm_cell *row;
} bm_dep;

typedef enum { BM_OUT_BOOL, BM_OUT_MASK, BM_OUT_CELLS } bm_out_form;

typedef struct {
    bm_out_form form;
    int32_t slot;
    uint8_t *bytes;
    bm_cell *cells;
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
    uint8_t *wide; /* in place of the table, with more entries; `high` of a source: its step / 256 */
    /* rungs: */
    const double *rungs;
    int rung_count, input; /* of the caller's data */
    const bm_cell *cells;
    bm_cell *to_cells;
    bm_cell blank;
    bool set; /* blank is of a set */
    bm_fold_row_op *op;
};

/* How a target is written. */
typedef struct {
    bool choice, alone;
    bool looks;         /* some rows may be unknown, or open */
    int state, code;    /* columns of bytes; -1: the same in all rows */
    int8_t same_state, same_code;
    /* the number: by state of a column, a sum of bytes, or cells */
    int column, high_column;
    const double *low, *high; /* by state */
    const bm_cell *cells;
    double same_low, same_high;
    bool steps; /* of a sum: `same` plus the byte times the unit */
    double unit;
    /* that the number hangs on, first those that matter whatever the others are */
    int *inputs;
    int input_count, sure_count;
    bool entered; /* something that it hangs on is entered for all rows */
} bm_fold_writer;

/* Behind a state: still to be looked at. */
enum { BM_STATE_ASSUMED = 8, BM_MAYBE_UNKNOWN = 16, BM_STATE_OPEN = 32, BM_STATE_BITS = 7 };

enum { BM_SPARES = 2, BM_CASES = 1 << 16 };

/* to[i] = base + unit * bytes[i] */
typedef void (*bm_fold_in_steps)(const uint8_t *bytes, double base, double unit, size_t count,
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
    int *input_column;      /* of codes: the column that is the caller's, -1 */
    int there_column[BM_KINDS];
    bool asks_there;
    bm_fold_in_steps in_steps;
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
    bm_cell *row;
    bm_fold_limits *limits;
    int given; /* of an input: column that says whether it is entered, -1: the same for all */
    const uint8_t *given_flags;
    int rungs; /* CELLS: column of the places among the limits, -1 */
    const bm_twin *rung_cells;
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

/* fold_inputs.c: which inputs a number hangs on */
void bm_fold_list_inputs(bm_folder *f, const bm_fold_target *target, bm_fold_writer *out);

/* fold_write.c */
void bm_fold_write_target(bm_folder *f, const bm_fold_target *target, bm_fold_writer *out);

/* fold_run.c */
void bm_fold_combine_wide(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_combine(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_sum_up(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_count(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_equal(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_climb(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_nulls(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_spread(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_climb_cells(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_known(const bm_fold_step *step, const bm_fold_column *columns, size_t count);
void bm_fold_row_by_row(const bm_fold_step *step, const bm_fold_column *columns, size_t count);

void bm_fold_steps(const uint8_t *bytes, double base, double unit, size_t count, double *to);

/* fold_fast.c: the same kernel for this processor, or the one given. */
bm_fold_kernel bm_fold_fast(bm_fold_kernel kernel, bm_fold_level level);
bm_fold_in_steps bm_fold_fast_steps(bm_fold_level level);

#endif
