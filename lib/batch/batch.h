/* SPDX-License-Identifier: Apache-2.0 */
/* Behind bonemets_batch: which columns give which inputs, what is wanted of each row, and what
 * answers. Rows are taken a chunk at a time: every input is read into a column of its own, the folded
 * evaluator answers for the chunk, and rows that do not fold go one by one to the bounds evaluator, as
 * do those with lists of records. */
#ifndef BM_BATCH_BATCH_H
#define BM_BATCH_BATCH_H

#include <stdatomic.h>

#include "assess/entry.h"
#include "base/processor.h"
#include "bonemets/arrow.h"
#include "batch/bytes.h"
#include "engine/exact.h"
#include "engine/fold.h"
#include "record/patient.h"
#include "record/statement.h"

enum { BM_BATCH_CHUNK = 2048, BM_REASONS = 16, BM_FEW_ENTRIES = 256 };

/* How values lie in memory. */
typedef enum {
    BM_STORE_OTHER,
    BM_STORE_NULL,
    BM_STORE_BOOL,
    BM_STORE_I8,
    BM_STORE_U8,
    BM_STORE_I16,
    BM_STORE_U16,
    BM_STORE_I32,
    BM_STORE_U32,
    BM_STORE_I64,
    BM_STORE_U64,
    BM_STORE_F32,
    BM_STORE_F64,
    BM_STORE_TEXT,
    BM_STORE_LARGE_TEXT,
    BM_STORE_TEXT_VIEW,
    BM_STORE_LIST,
    BM_STORE_LARGE_LIST,
    BM_STORE_STRUCT,
    BM_STORE_TIME_S, /* instants: integers of 64 bits since 1970, without a time zone */
    BM_STORE_TIME_MS,
    BM_STORE_TIME_US,
    BM_STORE_TIME_NS,
    BM_STORE_DAYS, /* dates: days since 1970, of 32 bits; or their milliseconds, of 64 */
    BM_STORE_DAYS_MS,
    BM_STORE_DECIMAL_32, /* integers of so many bits that have a scale */
    BM_STORE_DECIMAL_64,
    BM_STORE_DECIMAL_128,
    BM_STORE_DECIMAL_256
} bm_store;

/* A column as its schema has it: `store` of its own values (of the keys, if it has a dictionary),
 * and what a dictionary or list holds. */
typedef struct {
    bm_store store, dictionary; /* OTHER: none */
    bm_store item, item_dictionary;
    int scale; /* of decimals */
} bm_shape;

/* Values `from` to `from + count` of an array. */
typedef struct {
    bm_store store;
    const uint8_t *valid; /* NULL: no nulls */
    const void *data;     /* values, or offsets */
    const char *bytes;    /* of texts */
    int64_t at;           /* place of the first value in the buffers */
    int scale;            /* of decimals; whoever opens it says so */
    /* of views: where longer texts are, and how many bytes there */
    const void *const *pieces;
    const int64_t *piece_sizes;
    int64_t piece_count;
} bm_vector;

/* What a cell of a column says. */
enum { BM_CELL_KNOWN, BM_CELL_NULL, BM_CELL_PARTLY };

/* Among the states of a truth value or code, of which there are at most 65: known in part, or to be
 * read with care. */
enum { BM_STATE_PARTLY = 255, BM_STATE_OTHERWISE = 254 };

/* A text that was read before. */
typedef struct {
    const char *text; /* NULL: a free place */
    size_t length;
    bm_cell cell;
    bonemets_status status;
} bm_read_text;

/* A column of the schema, or of the records of one that holds lists of them. */
typedef struct {
    const char *name;     /* of the record's: with that of the list before it, as `lesions.level` */
    const char *key;      /* by itself */
    struct bm_batch_list *list; /* it holds lists of records; NULL: it does not */
    struct bm_batch_list *of;   /* it is about the records of this list; NULL: about the row */
    const bm_fact *fact; /* NULL: passed over, or a list */
    const char *unit;    /* NULL: none */
    int member;          /* of a set, -1: the whole fact */
    int input;           /* of the batch, -1 */
    bm_shape shape;
    int64_t bad[BM_REASONS]; /* cells refused, by status; 0 all */
    int64_t refused[BM_REASONS]; /* the same of the array at hand */
    bm_read_text *texts;     /* places of a hash table; NULL until the first text */
    int text_count;
    bm_read_text *entries;   /* what the entries of the dictionary at hand say */
    size_t entry_count, entry_room;
    uint8_t states[BM_FEW_ENTRIES]; /* of the first entries, if an option */
} bm_batch_column;

/* An input that has a column, or a set with a column for some members. */
typedef struct {
    const bm_fact *fact;
    bm_base base;
    bool needed; /* something wanted hangs on it */
    bool by_member;
    uint64_t unlisted; /* members without a column */
    int column;        /* the first */
    /* of the chunk at hand */
    uint8_t *says;      /* of numbers and sets */
    void *values;       /* as bm_column has them; a truth value or code is a state: the option, … */
    uint8_t null_state; /* … or this, or one of BM_STATE_ */
    bm_cell *cells;     /* where it is known in part */
} bm_batch_input;

static inline int bm_input_says(const bm_batch_input *input, size_t i)
{
    if (input->says)
        return input->says[i];
    uint8_t state = ((const uint8_t *)input->values)[i];
    return state == input->null_state ? BM_CELL_NULL
           : state == BM_STATE_PARTLY ? BM_CELL_PARTLY
                                      : BM_CELL_KNOWN;
}

/* An item of a score, shown beside it. */
typedef struct {
    const char *name; /* `SCORE.items.ITEM` */
    int32_t slot;
    int output;         /* of the exact evaluator */
    double *low, *high; /* of the array at hand */
} bm_target_item;

/* Something wanted: a score, an equation or a choice. */
typedef struct {
    bm_view view;
    bm_entry entry;
    const char *name;
    const bm_codes *codes; /* of its bands or outcomes, NULL: none */
    bool numbers;          /* low and high are shown */
    int total, applies, pick; /* among the outputs of the exact evaluator, -1: none */
    /* of the array at hand; state is one of BONEMETS_KNOWN and so on, code a band or outcome, or -1 */
    double *low, *high;
    int8_t *state, *code, *assumed; /* assumed: it rests on silence or on an assumption */
    bm_target_item *items;          /* NULL until they were asked for */
    int item_count;                 /* those that are shown */
    /* facts that are missing, row behind row: their places in `missing_names` */
    int32_t *missing;
    size_t missing_count, missing_room;
    int32_t *missing_ends; /* of each row; while a chunk is at work, how many it has */
} bm_target;

/* What a caller said about a column. */
typedef struct {
    const char *column, *fact, *unit;
} bm_mapped;

/* A column that is copied to the answer. */
typedef struct {
    const char *name;
    /* of the schema that is bound */
    int column;
    const char *format, *dictionary_format; /* as it comes; NULL: no dictionary */
    struct ArrowSchema schema;              /* of the copy */
} bm_kept_column;

/* What a column gives of the records of a list. */
typedef struct {
    const bm_fact *fact;
    bool needed, by_member;
    uint64_t unlisted; /* members without a column */
    int column;        /* the first of the list's */
    /* of the record at hand, if it comes member by member */
    bool any; /* one of them is known */
    bm_cell cell;
} bm_list_input;

/* A column of lists of records: a row has as many of that kind as its list has. */
typedef struct bm_batch_list {
    int kind;
    int column;          /* of the schema */
    bm_store store, item; /* of the lists and what they hold: structs, or nothing but nulls */
    bm_batch_column *columns;
    int column_count;
    bm_list_input *inputs;
    int input_count;
    struct bm_reader *readers; /* of the columns */
    bm_node path[2];           /* the list and the record at hand, for messages */
    /* of the array at hand */
    bm_vector spans, records;
    int64_t room_below; /* records there are */
    int32_t *ends;      /* where the records of each row begin among all that are taken, and end */
    uint8_t *listed;    /* rows of which the records are known; bits */
    size_t ends_size;   /* bytes of both */
    int64_t total;      /* records that are taken */
    int64_t nulls;      /* rows of which the records are not known */
    int most;           /* of a row */
    /* of the row at hand */
    int64_t from;
    int count;
    bool none, refused; /* none: the list is empty */
    bool above_limit;   /* refused: a patient has no more */
    /* frames with room for several records; NULL: for one */
    void *frame;
    size_t frame_size;
    int frame_records;
} bm_batch_list;

struct bonemets_batch {
    atomic_int references;
    bm_memory memory;
    bonemets_guidelines *set;
    bm_arena arena; /* lives as long as the batch */
    bool count_bad, skip_columns;
    bool show_items, show_missing;
    bonemets_patient *patient; /* what holds for all rows */
    bm_target *targets;
    int target_count;
    size_t target_room;
    bm_mapped *mapped;
    int mapped_count;
    size_t mapped_room;
    const char **keep; /* columns to be kept */
    int keep_count;
    size_t keep_room;
    /* needs.c */
    bm_plan plan;           /* the units that the targets hang on */
    bool silent;            /* one of them asks what is known, or assumes */
    bool *needed[BM_KINDS]; /* by input */
    bool kinds[BM_KINDS];   /* something that is needed is about records of that kind */
    /* bind.c: until the next bind */
    bm_arena bound;
    bool is_bound;
    int64_t generation; /* how often it was bound or unbound */
    bm_frame strict;             /* of a row that came upon silence; unused unless `silent` */
    bonemets_assessment *answer; /* evaluated anew for every row that is not complete */
    bm_batch_column *columns;
    int column_count;            /* of the schema */
    int all_column_count;        /* and of the records of lists, which stand behind them */
    bm_batch_list lists[BM_KINDS];
    int list_count;
    bm_batch_list *list_of[BM_KINDS]; /* NULL: the kind comes in no list */
    bool by_row;                 /* the targets hang on records that come in lists */
    bm_kept_column *kept;
    int kept_count;
    const char **missing_names; /* facts that the targets hang on */
    int missing_name_count;
    int32_t *missing_places[BM_KINDS]; /* of inputs, in missing_names */
    bm_batch_input *inputs;
    int input_count;
    bm_column *exact_columns; /* those of needed inputs, then defaults of settings */
    int exact_column_count;
    bm_output *outputs;
    int output_count;
    bm_exact *exact;          /* NULL: no row can be complete */
    bm_fold_level level;      /* of its kernels; tests try all */
    bm_fold *fold;            /* NULL: the targets do not fold */
    bm_fold_data *fold_data;  /* of needed inputs */
    bm_fold_answer *answers;  /* of targets, for the chunk at hand */
    uint8_t *open;            /* rows of the chunk that are not complete */
    uint8_t *there[BM_KINDS]; /* rows of the chunk that have a record of the kind */
    bonemets_status refused; /* of the first cell of the chunk that ends the run */
    int64_t rows, columnar, bad_cells;
};

/* ---- columns.c: arrays as they come ---- */

/* The shape of a column; false when it is of no type that is accepted. */
bool bm_shape_read(const struct ArrowSchema *schema, bm_shape *out);
/* Lists of structs, or of nulls, or nothing but nulls; false for any other type. */
bool bm_shape_records(const struct ArrowSchema *schema, bm_store *list, bm_store *item);

/* False when the array is not what its schema says. */
bool bm_vector_open(const struct ArrowArray *array, bm_store store, int64_t from, int64_t count,
                    bm_vector *out);
bool bm_vector_null(const bm_vector *vector, int64_t i);
double bm_vector_number(const bm_vector *vector, int64_t i);
int64_t bm_vector_integer(const bm_vector *vector, int64_t i);
bool bm_vector_text(const bm_vector *vector, int64_t i, const char **text, size_t *length);
/* Where a list begins and ends; false when it runs backwards. */
bool bm_vector_span(const bm_vector *vector, int64_t i, int64_t *from, int64_t *to);
bool bm_is_integer(bm_store store);
bool bm_is_time(bm_store store);
bool bm_is_date(bm_store store);
bool bm_is_decimal(bm_store store);
bool bm_is_text(bm_store store);
bool bm_is_list(bm_store store);

/* From 2^52 to 2^53 doubles are whole numbers: what is added is rounded to one, ties to even. For up to
 * 2^51. */
#define BM_WHOLE_ONLY 6755399441055744.0

/* ---- decimal.c ---- */

enum { BM_LARGEST_SCALE = 76 };

/* The double nearest to an integer of `width` bytes (4, 8, 16 or 32) divided by 10^scale, which may
 * be negative, up to BM_LARGEST_SCALE. */
double bm_decimal_number(const void *data, int width, int scale);
/* What somebody meant who has it as a float: the double nearest to the shortest decimal that becomes
 * this float, 1.4 and not 1.39999998. */
double bm_decimal_of_float(float x);

/* ---- numbers.c ---- */

/* Values in the unit of the fact; doubtful[i]: it has to be looked at by itself. */
void bm_numbers_read(const bm_vector *from, const bm_fact *fact, const bm_unit *unit,
                     bm_processor most, size_t count, double *values, uint8_t *doubtful);

/* ---- words.c ---- */

/* The type of a column as a person says it: `64-bit integers`, `lists of texts`. */
void bm_put_type(bm_text *text, const struct ArrowSchema *schema);

/* ---- metadata.c ---- */

/* The value of a key in the metadata of a schema, as a copy in the arena. NULL: none. False: no
 * memory. */
bool bm_metadata_find(const char *metadata, const char *key, bm_arena *arena, const char **out);
/* Writes pairs; returns how many bytes it takes. `out` may be NULL. */
size_t bm_metadata_write(const char *const *pairs, int count, char *out);
/* Bytes of the metadata of a schema; 0 for none, and for what is no such thing. */
size_t bm_metadata_size(const char *metadata);

/* ---- targets.c, needs.c ---- */

bonemets_status bm_batch_add_target(bonemets_batch *batch, const char *id, bonemets_error *err);
bonemets_status bm_batch_find_needs(bonemets_batch *batch);
/* Shows the items of scores, or no longer. False when there is no memory. */
bool bm_batch_show_items(bonemets_batch *batch, bool show);

/* ---- bind.c ---- */

void bm_batch_unbind(bonemets_batch *batch);
/* What was said about a column; NULL: nothing. */
bm_mapped *bm_batch_mapped(const bonemets_batch *batch, const char *column);
bonemets_status bm_batch_split_name(const bonemets_batch *batch, const char *column,
                                    const char *name, const bm_fact **fact, int *member,
                                    bonemets_error *err);
/* Takes a column of the schema, or of the records of a list (`of`). */
bonemets_status bm_batch_open_column(bonemets_batch *batch, const struct ArrowSchema *schema,
                                     bm_batch_list *of, bm_batch_column *column,
                                     bonemets_error *err);

/* ---- lists.c: which columns hold lists of records ---- */

/* The kind whose records a patient record lists under that key; 0: none. */
int bm_list_kind(const bonemets_batch *batch, const char *name);
/* Columns of the records in all lists of a schema. */
size_t bm_lists_columns(const struct ArrowSchema *schema);
/* Takes a column that holds lists, with those of its records. */
bonemets_status bm_list_open(bonemets_batch *batch, const struct ArrowSchema *schema, int kind,
                             bm_batch_column *column, bonemets_error *err);
/* When all columns are known. */
bonemets_status bm_lists_check(bonemets_batch *batch, bonemets_error *err);
void bm_lists_unbind(bonemets_batch *batch);

/* ---- cells.c ---- */

/* Where the cells of a column come from, and what is being read. */
typedef struct bm_reader {
    bonemets_batch *batch;
    bm_batch_column *column;
    bm_vector own, dictionary; /* or, of lists, … */
    bm_vector item;            /* … of their items */
    const bm_vector *rows;     /* a row that is null as a whole says nothing */
    const struct ArrowArray *array;
    int64_t first; /* number of the first row, for messages */
    bonemets_error *err;
    int32_t told; /* entries of err before the cell at hand */
} bm_reader;

/* Cells `row` to `row + count` of an array; false when it is not of the column's schema. */
bool bm_reader_open(bm_reader *r, const struct ArrowArray *array, int64_t row, int64_t count);
/* What row i says; *null also after a cell that is refused and counted. */
bonemets_status bm_reader_cell(bm_reader *r, int64_t i, bool *null, bm_cell *out);
/* A cell that is refused is counted, or ends the run with the chunk, so that others are told too. */
bonemets_status bm_cell_refused(bm_reader *r, bonemets_status status);
/* Who is told if the cell at hand is refused; NULL: nobody. */
bonemets_error *bm_cell_told(bm_reader *r);
/* Refuses numbers of records that are not there, of which there are `count` in the row. */
bonemets_status bm_cell_check_link(bm_reader *r, int64_t i, bm_cell cell, int count);
bonemets_status bm_batch_read_dictionary(bonemets_batch *batch, bm_batch_column *column,
                                         const struct ArrowArray *array, bonemets_error *err);
/* Reads the rows of a chunk into the inputs. `first` is the number of the first row in messages. */
bonemets_status bm_batch_read_chunk(bonemets_batch *batch, const struct ArrowArray *in, int64_t row,
                                    int64_t count, int64_t first, bonemets_error *err);
/* Takes the dictionaries of an array. */
bonemets_status bm_batch_read_dictionaries(bonemets_batch *batch, const struct ArrowArray *in,
                                           bonemets_error *err);
/* What a text in the column says; status as that of a cell. */
bonemets_status bm_cell_from_text(const bm_batch_column *column, const char *text, size_t length,
                                  int64_t row, bonemets_error *err, bm_cell *out);
bonemets_status bm_cell_from_number(const bm_batch_column *column, double x, int64_t row,
                                    bonemets_error *err, bm_cell *out);
bonemets_status bm_cell_not_of_schema(const bm_batch_column *column, bonemets_error *err);

/* ---- records.c: rows with lists of records ---- */

/* Opens the lists of an array and counts their records. */
bonemets_status bm_records_begin(bonemets_batch *batch, const struct ArrowArray *in,
                                 bonemets_error *err);
/* Reads the lists of the chunk at hand and, unless they are only to be checked, evaluates its rows,
 * whose answers begin at row `to`. */
bonemets_status bm_records_rows(bonemets_batch *batch, const struct ArrowArray *in, int64_t to,
                                int64_t count, int64_t first, bool evaluate, bonemets_error *err);
void bm_records_end(bonemets_batch *batch);

/* ---- rows.c: the chunk at hand ---- */

/* Enters row i of the columns, one record of each kind, … */
void bm_batch_enter_row(const bonemets_batch *batch, bm_frame *frame, size_t i);
/* … evaluates what was entered … */
void bm_batch_evaluate(const bonemets_batch *batch);
/* … and takes what it says of the record of a target. */
void bm_batch_take(const bm_target *target, size_t to);

/* Which rows of the chunk have records, and which are complete. */
void bm_batch_note_rows(bonemets_batch *batch, size_t count);
bonemets_status bm_batch_rows(bonemets_batch *batch, int64_t to, int64_t count);

/* ---- blocks.c: arrays and schemas that are handed out ---- */

enum { BM_BUFFERS = 3, BM_ALIGNMENT = 64 };

/* The first buffer is zeroed; a size of 0 leaves one out. Children are to be made. */
bool bm_block_array(const bm_memory *memory, int64_t length, int buffers,
                    const size_t sizes[BM_BUFFERS], int children, struct ArrowArray *out);
void *bm_array_buffer(const struct ArrowArray *array, int i);
/* Room for the dictionary of an array, which is to be made. */
struct ArrowArray *bm_block_dictionary(struct ArrowArray *array);
bool bm_block_texts(const bm_memory *memory, const char *const *texts, int count,
                    struct ArrowArray *out);
bool bm_block_doubles(const bm_memory *memory, int64_t rows, struct ArrowArray *out);
/* Keys of 8 bits. */
bool bm_block_codes(const bm_memory *memory, int64_t rows, const char *const *texts, int count,
                    struct ArrowArray *out);
/* Bytes of as many bits, and one more. */
size_t bm_bits(int64_t rows);

typedef struct {
    const char *format;
    const char *name, *part;  /* the name is both; NULL: nothing */
    const char *const *pairs; /* of its metadata, … */
    int pair_count;
    const char *metadata;     /* … or these as they are; NULL: none */
} bm_schema_text;

bool bm_block_schema(const bm_memory *memory, const bm_schema_text *text, int children,
                     struct ArrowSchema *out);
struct ArrowSchema *bm_block_schema_dictionary(struct ArrowSchema *schema);

/* ---- produce.c ---- */

/* Rows of an array, a chunk at a time. */
typedef struct {
    int64_t from;
    size_t count;
} bm_rows;

/* All but the columns that are kept. */
bonemets_status bm_produce_array(bonemets_batch *batch, int64_t rows, struct ArrowArray *out);
/* What is null of the rows from `from`, a multiple of 8. */
void bm_produce_finish(const bonemets_batch *batch, struct ArrowArray *out, int64_t from,
                       int64_t count);
/* When all rows are done: answers about records of lists become lists. */
bonemets_status bm_produce_end(const bonemets_batch *batch, struct ArrowArray *out);
bonemets_status bm_produce_schema(const bonemets_batch *batch, struct ArrowSchema *out);

/* ---- keep.c: columns that are copied ---- */

bool bm_keep_wanted(const bonemets_batch *batch, const char *column);
/* Finds them in a schema; their copies go with the bound schema. */
bonemets_status bm_keep_bind(bonemets_batch *batch, const struct ArrowSchema *in,
                             bonemets_error *err);
void bm_keep_unbind(bonemets_batch *batch);
/* They must not be called as a column of the answers. */
bonemets_status bm_keep_check_names(const bonemets_batch *batch, bonemets_error *err);
/* The first children of a schema, and of an array. */
bool bm_keep_schemas(const bonemets_batch *batch, struct ArrowSchema **children);
bonemets_status bm_keep_copy(const bonemets_batch *batch, const struct ArrowArray *in,
                             struct ArrowArray **children, bonemets_error *err);

/* ---- missing.c: lists of facts that could still change an answer ---- */

/* Names the facts. False when there is no memory. */
bool bm_missing_open(bonemets_batch *batch);
void bm_missing_free(bonemets_batch *batch);
/* The list array of a target. False when there is no memory. */
bool bm_missing_begin(const bonemets_batch *batch, bm_target *target, int64_t rows,
                      struct ArrowArray *out);
/* Rows of the chunk that have to be looked at: those with an answer that is not certain. */
void bm_missing_mark(const bonemets_batch *batch, size_t first, size_t count, uint8_t *open);
/* Lists what is missing of a target, or of all, in the row or record that was evaluated last. False when
 * there is no memory. */
bool bm_missing_add(const bonemets_batch *batch, bm_target *target, size_t at);
bool bm_missing_list(const bonemets_batch *batch, size_t row);
/* From how many each row has to where they end. */
void bm_missing_count(bm_target *target, const struct ArrowArray *list, bm_rows rows);
bool bm_missing_end(const bonemets_batch *batch, const bm_target *target, struct ArrowArray *list);

/* ---- run.c ---- */

bonemets_status bm_batch_run_rows(bonemets_batch *batch, const struct ArrowArray *in, int64_t first,
                                  struct ArrowArray *out, bonemets_error *err);
bonemets_batch *bm_batch_ref(bonemets_batch *batch);

#endif
