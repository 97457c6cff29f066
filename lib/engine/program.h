/* SPDX-License-Identifier: Apache-2.0 */
/* The program that a guideline set compiles into: straight lines of typed operations on numbered
 * slots, cut into units (one value, score or decision table each). Slots belong to a kind of
 * record; kind 0 is the patient. The first slots of a kind are its inputs: the facts, and the
 * values that a caller may supply. bounds.h and exact.h run the same program. */
#ifndef BM_ENGINE_PROGRAM_H
#define BM_ENGINE_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/names.h"

enum { BM_KINDS = 8, BM_OPTIONS = 64, BM_OUTCOMES = 62 };

/* A truth value, or a flag, as the set of what it can be. */
enum { BM_NO = 1, BM_YES = 2, BM_EITHER = 3 };

typedef enum { BM_BOOL, BM_CODE, BM_NUMBER, BM_SET, BM_OUTCOME } bm_base;

typedef struct {
    const char **ids;
    const char **labels;
    int count;
    bm_names index; /* ids and accepted spellings */
} bm_codes;

/* A unit that a number may be given in: canonical = x * factor, or x / factor. */
typedef struct {
    const char *unit;
    double factor;
    bool divide;
} bm_unit;

typedef struct {
    bm_base base;
    const bm_codes *codes; /* CODE, SET, OUTCOME with codes */
    const char *unit;      /* NUMBER; NULL: none */
    const bm_unit *units;  /* accepted units, the canonical one first; may be NULL */
    int unit_count;
    int link;              /* SET: the kind of record whose numbers are its members; 0: none */
    bool whole;            /* NUMBER: integers only */
    double low, high;      /* NUMBER: plausible range */
} bm_type;

/* The unit of points in time, which are numbers too: seconds, as base/instant.h counts them. It can
 * not be written, and arithmetic knows it: two of them differ by hours. */
extern const char bm_instant_unit[];
enum { BM_SECONDS_OF_HOUR = 3600 };

/* What a slot can be. BOOL and CODE: low.mask is the set of possible options. NUMBER: an interval.
 * SET: low.mask the members surely present, high.mask those possibly present. OUTCOME: low.mask
 * the outcomes still possible, with BM_UNSET; high.mask the outcome that the decided rows give,
 * plus one, and in its upper half the row that gave it, plus one. */
typedef union {
    double number;
    uint64_t mask;
} bm_bound;

typedef struct {
    bm_bound low, high;
} bm_cell;

#define BM_UNSET (UINT64_C(1) << 63)

/* What became of a row. */
enum {
    BM_ROW_MUST = 1,      /* speaks whatever the missing facts turn out to be */
    BM_ROW_MAY = 2,       /* can still speak */
    BM_ROW_SPEAKS = 4,    /* holds, and nothing decided supersedes it */
    BM_ROW_SUPERSEDED = 8 /* holds, but the outcome was chosen otherwise */
};

typedef enum {
    BM_DO_CONST,        /* a: constant */
    BM_DO_FROM_PATIENT, /* a: slot of kind 0 */
    BM_DO_NOT,
    BM_DO_AND,
    BM_DO_OR,
    BM_DO_IN,           /* a: BOOL or CODE, b: constant mask */
    BM_DO_SAME,         /* a, b: codes of one list */
    BM_DO_HAS_ANY,      /* a: SET, b: constant mask */
    BM_DO_HAS_ALL,
    BM_DO_MEMBERS,      /* a: SET; how many */
    BM_DO_LT,           /* a, b: numbers; closer than 1e-9 is equal */
    BM_DO_LE,
    BM_DO_EQ,
    BM_DO_ADD,
    BM_DO_SUB,
    BM_DO_MUL,
    BM_DO_DIV,
    BM_DO_POW,
    BM_DO_NEG,
    BM_DO_MIN,
    BM_DO_MAX,
    BM_DO_EXP,
    BM_DO_LOG,
    BM_DO_SQRT,
    BM_DO_ABS,
    BM_DO_TABLE_CODE,   /* a: CODE or BOOL, b: table; entries are masks */
    BM_DO_TABLE_NUMBER, /* a: CODE or BOOL, b: table; entries are intervals */
    BM_DO_CUT,          /* a: NUMBER, b: cuts; gives a CODE */
    BM_DO_IF_MASK,      /* c: BOOL ? a : b */
    BM_DO_IF_NUMBER,
    BM_DO_IF_SET,
    BM_DO_SUPPLY,       /* a: input, b: derived */
    BM_DO_GIVEN,        /* a: input; was it entered */
    BM_DO_STATED,       /* a: input; was it entered, or is it excluded */
    BM_DO_RESTATED,     /* a: input; was it entered otherwise than for all records */
    BM_DO_KNOWN,        /* a, c: base */
    BM_DO_MISSING,      /* a, b: constant of all that is possible, c: base */
    BM_DO_SHOWN,        /* a: BOOL; does it hold already, whatever is missing */
    BM_DO_ASSUME,       /* a, b: constant of all that is possible, c: constant to assume */
    BM_DO_ANY,          /* over kind `over`: a: slot there, b: BOOL slot there or -1 */
    BM_DO_ALL,
    BM_DO_COUNT,
    BM_DO_SUM,
    BM_DO_LARGEST,
    BM_DO_SMALLEST,
    BM_DO_PICK,         /* a: slot there, b: pick, c: constant of all that is possible */
    BM_DO_ROW,          /* a: row */
    BM_DO_OUTCOME_IN    /* a: OUTCOME, b: constant mask */
} bm_do;

typedef struct {
    uint8_t code;
    uint8_t kind; /* whose record it runs on */
    uint8_t over; /* aggregates: kind that is run over */
    uint8_t base; /* aggregates and picks: what is gathered */
    int32_t to, a, b, c;
    int32_t link; /* aggregates: plus one, those records only that belong to this one; 0: all. Then
                     b is the condition as it is where there is one record of each kind */
} bm_op;

/* Which records belong to one of another kind. Both are slots of the records. */
typedef struct {
    int32_t to;    /* SET, whose members are the numbers of what they belong to */
    int32_t where; /* further condition, -1: none */
} bm_linked;

/* Entries for every option of the operand. */
typedef struct {
    int count;
    bm_cell *cells;
    bool *undefined; /* cannot be told from this option: ask */
} bm_table;

typedef struct {
    double low, high;
    bool low_open, high_open;
    int code;
} bm_cut;

typedef struct {
    int count;
    bm_cut *cuts;
} bm_cuts;

typedef struct {
    int kind;
    int count;
    int32_t *ranks; /* slots, the first counts most */
} bm_pick;

typedef struct {
    int count;
    int32_t *slots;
} bm_slots;

typedef struct {
    int32_t choice; /* slot of an OUTCOME */
    int32_t value;
} bm_setting;

typedef struct {
    int kind;       /* whose record it runs on */
    int32_t when;   /* slot */
    int32_t slot;   /* receives BM_ROW_ bits */
    int32_t choice; /* slot of the choice it leads, -1: advice */
    int32_t value;
    int set_count;
    bm_setting *sets; /* further choices */
} bm_row;

/* A slot of another block that a unit reads. */
typedef struct {
    int32_t slot;
    uint8_t kind;
    bool all; /* of every record of that kind */
} bm_import;

typedef struct {
    int kind;
    int first, end; /* operations */
    bool silent;    /* something in its definition asks what is known, or assumes, or reads what
                       comes of that */
    int32_t definition; /* units of one definition have the same number */
    int32_t gate;   /* slot: while that is certainly false, nothing that it makes speaks; -1 */
    /* filled by idle.c */
    int32_t block;
    bool alone;     /* the only unit of its definition */
    const bm_import *imports; /* slots that are computed, then inputs */
    int import_count, input_count; /* input_count: those at the end that are inputs */
} bm_unit_of_work;

/* The units of one definition and kind: evaluated for a record together or not at all. */
typedef struct {
    bool silent;
    bool relies; /* with nothing entered, it comes upon a silence that may matter */
    bool differs; /* and one of its cells is another when silence decides nothing */
} bm_block;

typedef struct {
    int inputs, slots;
    bm_cell *blank;  /* of the inputs: all that is possible */
    bool *whole;     /* of the inputs: integers only */
    uint8_t *base;   /* bm_base of every slot */
    int32_t *maker;  /* operation that fills a slot, -1 for inputs */
    int32_t *partners; /* of an input: list of those that exclude it, -1: none */
    int limit;       /* most records */
    /* filled by idle.c */
    const int32_t *block_of;    /* of a slot that is computed */
    const bm_cell *idle;        /* what every slot of a record is when nothing was entered */
    const bm_cell *idle_strict; /* the same with silence deciding nothing */
    const bm_cell *closed;      /* and of a block whose gate is shut */
    const uint64_t *near;       /* of an input: the blocks of the same record that hang on it */
    const uint64_t *far;        /* of an input: the blocks of other records that do */
    const uint64_t *by_list;    /* the blocks that hang on which records there are */
} bm_kind;

typedef struct {
    int kind_count;
    bm_kind kinds[BM_KINDS];
    bm_op *ops;
    int op_count;
    bm_cell *constants;
    int constant_count;
    bm_table *tables;
    int table_count;
    bm_cuts *cuts;
    int cuts_count;
    bm_pick *picks;
    int pick_count;
    bm_linked *links;
    int link_count;
    bm_slots *partners;
    int partners_count;
    bm_row *rows;
    int row_count;
    bm_unit_of_work *units;
    int unit_count;
    bm_block *blocks;
    int block_count;
    int block_words; /* of a set of blocks; 0 until idle.c has filled it in */
} bm_program;

/* Which units answer a question, in an order that fills every slot before it is read. */
typedef struct {
    int count;
    const int32_t *units;
    bool silent;
} bm_plan;

bool bm_is_instant(const bm_type *type);
/* As callers and readers name it; NULL: none. */
const char *bm_type_unit_name(const bm_type *type);
/* All that a value of this type can be. */
bm_cell bm_type_blank(const bm_type *type);
/* True when exactly one value is left. */
bool bm_cell_known(bm_base base, bm_cell cell);
bool bm_cell_same(bm_base base, bm_cell a, bm_cell b);
/* True when a can be all that b can be: of what is derived the bounds may lie beyond the range in
 * which it is entered. */
bool bm_cell_covers(bm_base base, bm_cell a, bm_cell b);
/* True when the two have nothing in common. Numbers may be that far from each other. */
bool bm_cell_apart(bm_base base, bm_cell a, bm_cell b, double slack);

#endif
