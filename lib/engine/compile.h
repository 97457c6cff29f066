/* SPDX-License-Identifier: Apache-2.0 */
/* From an expression to typed operations. What a name means is asked of the caller, who knows the
 * vocabulary and the tables. */
#ifndef BM_ENGINE_COMPILE_H
#define BM_ENGINE_COMPILE_H

#include "base/error.h"
#include "engine/build.h"
#include "language/syntax.h"

/* What a name stands for. */
typedef struct {
    bm_type type;
    int kind;          /* whose record it belongs to */
    int32_t slot;
    int32_t applies;   /* BOOL slot: is there a value at all; -1: always */
    int32_t input;     /* input slot where it is entered, -1: never */
    int32_t derived, derived_applies; /* as slot and applies, whatever was entered; -1: nothing is
                                         derived, -2: it is no value */
} bm_symbol;

typedef struct bm_scope bm_scope;
struct bm_scope {
    bm_builder *build;
    int kind; /* whose record the expression runs on */
    const char *file;
    const char *path;
    bonemets_error *err;
    bool *failed; /* set when anything is refused, whether or not err has room for it */
    void *context;
    /* False when there is no such name; everything it needs is computed before it. `member` is the
     * part after a dot, or NULL. */
    bool (*find)(const bm_scope *scope, const char *name, const char *member, bm_symbol *out);
    const char *(*nearest)(const bm_scope *scope, const char *name);
    int (*find_kind)(const bm_scope *scope, const char *name); /* -1: none */
    const char *(*kind_name)(const bm_scope *scope, int kind);
    /* The pick of that name: its index in the program, or -1. */
    int32_t (*find_pick)(const bm_scope *scope, const char *name);
    /* The local assumption about a symbol: true and *cell when there is one. */
    bool (*assumed)(const bm_scope *scope, const char *name, bm_cell *cell);
};

typedef struct {
    bool ok;
    bm_type type;
    int32_t slot;
    int32_t applies;
} bm_compiled;

/* Errors are reported at their place; ok is false then, and when memory runs out. */
bm_compiled bm_compile(const bm_scope *scope, const bm_ex *ex);
/* The same, and it must be a truth value; otherwise reported. Absorbs applicability: what does not
 * apply does not hold. */
bm_compiled bm_compile_truth(const bm_scope *scope, const bm_ex *ex);
/* The same, and it must be a code of that list; a bare name is taken as an option of it. */
bm_compiled bm_compile_code(const bm_scope *scope, const bm_ex *ex, const bm_codes *codes);

/* Whether there is a value, when the condition chooses between two (-1: always); -1: always. */
int32_t bm_choose_applies(const bm_scope *scope, int32_t condition, int32_t a, int32_t b);

/* Small words for messages: "a code", "a number in mg/dL". */
const char *bm_base_word(bm_base base);

/* Factor to the canonical unit of a type; NULL when the unit is not accepted. */
const bm_unit *bm_type_unit(const bm_type *type, const char *unit);
double bm_unit_apply(const bm_unit *unit, double x);

#endif
