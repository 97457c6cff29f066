/* SPDX-License-Identifier: Apache-2.0 */
/* The expression language of doc/guideline-language.md section 4, from text to a tree. Names are
 * not looked up here: what they mean is decided where the tree is compiled. */
#ifndef BM_LANGUAGE_SYNTAX_H
#define BM_LANGUAGE_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"

typedef enum {
    BM_EX_TRUTH,    /* true, false: number is 1 or 0 */
    BM_EX_NUMBER,   /* number, unit or NULL */
    BM_EX_NAME,     /* name: a fact, value, choice or bare option */
    BM_EX_QUOTED,   /* name: an option in quotes */
    BM_EX_MEMBER,   /* name.member: `index_lesion.surgical_fitness`, `sins.band` */
    BM_EX_NOT,      /* a */
    BM_EX_AND,      /* list, two or more: `a and b and c` is one node */
    BM_EX_OR,       /* list */
    BM_EX_COMPARE,  /* a op b; op one of BM_OP_ below */
    BM_EX_IN,       /* a in {list of NAME or QUOTED} */
    BM_EX_HAS,      /* a has; op BM_HAS_ONE, _ANY, _ALL; list of NAME or QUOTED */
    BM_EX_ARITH,    /* a op b: + - * / ^ */
    BM_EX_NEGATE,   /* - a */
    BM_EX_CALL,     /* name(list): min max exp log sqrt abs count known missing stated shown
                       derived restated */
    BM_EX_OVER,     /* name(kind: a where b): any all count sum min max; b or NULL; member: kind */
    BM_EX_IF,       /* if a then b else c */
    BM_EX_CONVERT   /* a in UNIT: the plain number; unit */
} bm_ex_kind;

typedef enum {
    BM_OP_EQ = 1, BM_OP_NE, BM_OP_LT, BM_OP_LE, BM_OP_GT, BM_OP_GE,
    BM_OP_ADD, BM_OP_SUB, BM_OP_MUL, BM_OP_DIV, BM_OP_POW,
    BM_HAS_ONE, BM_HAS_ANY, BM_HAS_ALL
} bm_ex_op;

typedef struct bm_ex bm_ex;
struct bm_ex {
    bm_ex_kind kind;
    bm_ex_op op;
    int line, column; /* of its first character, or of the operator of a binary node; from 1 */
    double number;
    const char *unit;
    const char *name;
    const char *member;
    const char *link; /* BM_EX_OVER: the fact behind `by`, or NULL */
    bm_ex *a, *b, *c;
    bm_ex **list;
    int count;
    int depth; /* levels below it: 0 for a leaf, never above BM_SYNTAX_DEPTH */
};

/* So no walk over a tree needs to fear for its stack. */
enum { BM_SYNTAX_DEPTH = 64 };

/* Parses the whole text. `place` says where its first character stands (column exact for text on
 * one line). A tree deeper than BM_SYNTAX_DEPTH is refused, which a sum of many terms is too. On
 * failure reports what was expected and returns NULL; *no_memory tells the two failures apart: it
 * is then true and nothing was reported. */
const bm_ex *bm_syntax_parse(bm_arena *arena, const char *text, const bm_place *place,
                             bool *no_memory, bonemets_error *err);

/* A range of numbers: `0..6`, `<18.5`, `<=14`, `>20`, `>=30`, or a single number. Open ends are
 * infinite. Returns NULL when it was read, else what is wrong. */
typedef struct {
    double low, high;
    bool low_open, high_open; /* the end itself does not belong to it */
} bm_range;
const char *bm_syntax_range(const char *text, bm_range *out);

/* A number with an optional unit: `24 h`, `0.5 mg/dL`, `3`. `unit` points into text or is NULL. */
const char *bm_syntax_quantity(const char *text, double *number, const char **unit);

/* True for `[a-z][a-z0-9_]*` that is no word of the language. */
bool bm_syntax_is_name(const char *text);

#endif
