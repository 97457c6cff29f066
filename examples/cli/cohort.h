/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of `bonemets cohort` only.
 *
 * cohort_input.c cuts the file into blocks of whole rows, cohort_parse.c makes columns of a block,
 * cohort_score.c scores them, cohort_write.c writes the answers into the block, cohort_threads.c has
 * several blocks in work at a time and hands them back in order, and cohort.c puts them out. */
#ifndef COHORT_H
#define COHORT_H

#include <bonemets/arrow.h>
#include <stdint.h>
#include <stdio.h>

#include "program.h"

enum {
    BLOCK_ROWS = 2048,      /* most rows of a block */
    BLOCK_BYTES = 1 << 18,  /* most bytes of a block, unless a row is longer, … */
    LONGEST_ROW = 1 << 24,  /* … but not this long */
    LONGEST_FIELD = 1 << 20,
    MOST_COLUMNS = 4096,
    MOST_THREADS = 256,
    STATES = 5,
    REASONS = 16, /* more than there are statuses; the last one is the program's own, … */
    CONTRADICTED = REASONS - 1 /* … that lines of one patient say different things */
};

/* ---- cohort_memory.c ---- */

/* Bytes that grow. Nothing is added after an allocation has failed. */
typedef struct {
    char *bytes;
    size_t used, room;
    int failed;
} text;

int make_room(text *to, size_t length);
void add(text *to, const void *bytes, size_t length);
void add_word(text *to, const char *word);
/* A field of CSV: in quotes where it holds one of , ; " CR LF or a blank. */
void add_field(text *to, const char *bytes, size_t length);

/* A digest of bytes, the same however they are cut. It tells accidents, not attacks. */
typedef struct {
    uint64_t a, b;
    unsigned char rest[16];
    uint64_t length;
} digest;

enum { DIGEST_TEXT = 33 };
void digest_add(digest *of, const void *bytes, size_t length);
void digest_word(digest *of, const char *word); /* with its end; NULL is not the empty word */
void digest_write(const digest *of, char out[DIGEST_TEXT]);
uint64_t digest_number(const digest *of); /* its first half */

/* ---- cohort_plan.c, cohort_map.c: what the columns are ---- */

typedef struct {
    char *code, *option; /* an option that is empty: unknown */
} coded;

typedef enum { NOT_READ, AS_NUMBER, AS_TEXT, AS_BOX } column_use;

typedef struct {
    char *name, *fact, *unit; /* the last two as mapped; NULL otherwise */
    int mapped;               /* also to nothing */
    char *key, *key_unit;     /* what the batch reads it as: FACT or SET.MEMBER, and the unit */
    int kept;                 /* copied to the output */
    column_use use;
    const char *about, *type; /* of its fact */
    int whole;        /* a number without decimals */
    int field;        /* number of its checkbox field, or -1 */
    int box_for_none; /* it says that no other box of its field applies */
    coded *codes;
    int code_count;
} column;

/* All that the threads share; it does not change while they run. */
typedef struct {
    const arguments *options;
    bonemets_guidelines *set;
    const char *path;
    char delimiter;
    int count_bad; /* --on-error count */
    column *columns;
    int count, fields; /* columns, checkbox fields */
    int patient;       /* column that says which lines are of one patient, or -1 */
    const char **targets;
    char *target_list;
    int32_t target_count;
    struct ArrowSchema answers;
    digest map; /* of the map file */
} plan;

/* Reads --map into the columns. 0, or FAILED after saying why. */
int read_map(plan *of);
/* Finds out what the columns are, given their names. */
int make_plan(plan *of, const arguments *options, char **names, int count);
void free_plan(plan *of);
/* A batch that knows targets and options; NULL after saying why not. */
bonemets_batch *new_batch(const plan *of, bonemets_error *err);

/* ---- blocks ---- */

typedef struct {
    int64_t line;
    int column; /* -1: the whole line */
    bonemets_status reason;
    const char *message;
} problem;

/* The first line of a patient, with --patient. */
typedef struct {
    uint64_t key; /* digest of what stands in the column */
    int64_t line;
} begun;

/* Whole rows of the file, and what comes of them. */
typedef struct {
    text in;
    int64_t line; /* of the first row */
    int last, uncut; /* the last of the file; a row that never ends */
    int64_t end; /* where it ends in the file, … */
    int64_t next_line;
    int behind_left_out, next_behind_left_out; /* begins behind a line that is not scored */
    digest read; /* … and the digest of all up to there */

    text out;
    problem *problems;
    size_t problem_count, problem_room;
    begun *begun; /* patients */
    size_t begun_count, begun_room;
    int64_t rows, by_columns, left_out, first_left_out;
    int64_t *states; /* of each column of the answer STATES */
    int64_t no_end;  /* line that has no end; 0: none */
    int failed, done;
    const char *fatal; /* why nothing more can be read, … */
    int64_t fatal_line; /* … and where */
} block;

/* ---- cohort_input.c ---- */

typedef struct {
    FILE *file;
    const char *path;
    const plan *plan;
    text ahead; /* read, but behind the end of the last block */
    int64_t line, offset;
    size_t wanted; /* bytes that the next block is likely to take */
    int ended;
    int full;     /* as many rows were cut as there may be */
    int left_out; /* the last line of the last block is not scored; told with --patient only */
    digest read;
} input;

/* Opens a file and reads its first row. 0, or FAILED after saying why. */
int open_input(input *from, const plan *of, char ***names, int *count);
/* Fills a block; 1, 0 at the end, -1 after saying why not. */
int next_block(input *from, block *out);
/* ---- cohort_group.c ---- */

/* Where the last patient of some rows begins. */
typedef struct {
    size_t begin; /* 0: all rows are of one patient */
    int64_t line;
    int rows;
    int behind_left_out; /* the line before it is not scored */
    int broken, failed;  /* this is no CSV; without memory */
} grouped;
grouped last_patient(const plan *of, const text *in, int64_t line);

/* Goes on behind what was read before, which has to be the same. */
int skip_input(input *from, int64_t offset, int64_t line, const char *expected);
void close_input(input *from);
/* `FILE:LINE: error: WHAT` */
int fail_at(const char *path, int64_t line, const char *what);

/* ---- cohort_parse.c ---- */

/* A number as the library reads it, written plainly, in any locale. */
int plain_number(const char *word, size_t length, int whole, double *out);

typedef struct worker worker;

typedef struct {
    uint64_t word; /* its bytes, where they are few */
    uint32_t hash;
    size_t at, length;   /* as it stands in the file, in `raw` */
    int bad;             /* the batch, or the map, refuses it */
    bonemets_status reason;
    const char *message;
} known_text;

/* The cells of a column, as numbers or as keys of the texts that come up. */
typedef struct {
    column_use use;
    uint8_t valid[BLOCK_ROWS / 8];
    double *numbers;
    int16_t *keys;
    int16_t *slots; /* of a hash table; 0 is free, else key + 1 */
    size_t slot_count;
    known_text *entries;
    int32_t entry_count, entry_room;
    text raw, texts; /* texts: what the batch gets */
    int32_t *ends;   /* of texts, entry_count + 1 */
    int any_bad;
    int not_plain; /* something else than plain numbers came up */
} cells;

typedef struct {
    int64_t line;
    int row; /* -1: left out */
    size_t kept_end;
    int same; /* of the same patient as the row before */
} record;

typedef struct patients patients;

struct worker {
    const plan *plan;
    bonemets_error *err;
    bonemets_batch *batch;
    cells *cells; /* of each column */
    record *records;
    int record_count;
    int rows;
    int *row_record; /* of each row, its record */
    text kept, key, key_before; /* of the patient */
    patients *patients;
    char **messages; /* each once */
    int message_count;
    struct ArrowSchema *schemas, **schema_list;
    struct ArrowArray *arrays, **array_list, *dictionaries;
    const void *(*buffers)[3], *(*dictionary_buffers)[3];
    int *bound, bound_count; /* columns that the batch gets, each called by its number */
    char (*names)[16];
    int bind_again;
    text **words; /* of each text column of the answer, how its entries are written */
    size_t row_room;  /* most bytes of the answers of a row, but for lists, … */
    size_t list_room; /* … of which an entry takes so many */
    block *at;
    void *parser;
};

/* Makes columns of a block. 0, or FAILED; then the block says why. */
int parse_block(worker *by, block *of);
int open_parser(worker *by);
void close_parser(worker *by);
int is_valid(const uint8_t *bits, int64_t row);
void set_null(cells *of, int row);
void add_problem(worker *by, int64_t line, int column, bonemets_status reason,
                 const char *message);
/* The same text, kept as long as the worker. */
const char *keep_message(worker *by, const char *message);

/* ---- cohort_score.c ---- */

int open_worker(worker *by, const plan *of);
void score_block(worker *by, block *of);
void close_worker(worker *by);

/* ---- cohort_patients.c: patients of several lines ---- */

int open_patients(worker *by);
void close_patients(worker *by);
/* What lines of one patient say differently becomes unknown, and is told. */
void settle_patients(worker *by);
/* 0, or FAILED; then the block says why. */
int score_patients(worker *by, const struct ArrowArray *answer);
/* The answers of a row whose patient has several lines, as CSV; NULL for any other. */
const char *own_answers(const worker *by, int row, size_t *length);
/* ---- cohort_write.c ---- */

/* The shorter of two forms that reads back as the same number. */
char *put_number(char *to, double x);

void write_names(text *to, const plan *of);
void write_rows(worker *by, const struct ArrowArray *answer);

/* ---- cohort_seen.c ---- */

/* Keys that stood in the file so far, by their digests. All zero: none. */
typedef struct {
    uint64_t *keys; /* places of a hash table */
    size_t room, count;
    int passed; /* there were more than are remembered */
} seen;

/* Whether the key stood in the file before; from now on it did. */
int was_seen(seen *all, uint64_t key);
void forget_seen(seen *all);

/* ---- cohort_threads.c ---- */

typedef struct crew crew;
crew *start_crew(const plan *of, int threads);
/* The next block in the order of the file, scored; NULL at the end, or after a failure that was
 * said. It is lent until the next call. */
block *next_scored(crew *of, input *from, int *status);
void end_crew(crew *of);

/* ---- cohort_resume.c ---- */

typedef struct {
    int64_t rows, by_columns, left_out, first_left_out;
    int64_t *states; /* STATES of each column of the answer */
    int64_t *bad;    /* REASONS of each column, then of whole lines */
    int64_t named;   /* problems that were named on standard error */
    int64_t behind_left_out; /* the next line stands behind one that is not scored */
    int64_t written;
    digest output;
} progress;

/* The state of a run stands beside its draft. Whether there was one: 1, 0, or -1 after saying why it
 * is not to be used. */
int read_state(const plan *of, const char *path, progress *so_far, int64_t *offset, int64_t *line,
               char input_digest[DIGEST_TEXT]);
/* 0, or FAILED after saying why. */
int write_state(const plan *of, const char *path, const progress *so_far, const block *behind);

#endif
