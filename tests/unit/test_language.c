/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions are compared in a form with all parentheses written. Three sources say what that form
 * is: the table below, a generator that writes a tree both ways, and reading the form again. */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "language/syntax.h"

enum { FORM = 1 << 16 };

/* ---- the written form of a tree ---- */

/* `bare` says that a bare option may stand here; another one could not be read again. */
static void put_tree(bm_text *out, const bm_ex *ex, bool bare, bool *readable);

static void put_option(bm_text *out, const bm_ex *ex, bool bare, bool *readable)
{
    if (ex->kind == BM_EX_QUOTED) {
        const char *quote = strchr(ex->name, '\'') != NULL ? "\"" : "'";
        bm_put(out, quote);
        bm_put(out, ex->name);
        bm_put(out, quote);
        return;
    }
    assert_int_equal(ex->kind, BM_EX_NAME);
    *readable = *readable && (bare || bm_syntax_is_name(ex->name));
    bm_put(out, ex->name);
}

static void put_list(bm_text *out, const bm_ex *ex, const char *between, bool *readable)
{
    assert_true(ex->count > 0);
    for (int i = 0; i < ex->count; i++) {
        bm_put(out, i > 0 ? between : "");
        put_tree(out, ex->list[i], ex->kind == BM_EX_IN || ex->kind == BM_EX_HAS, readable);
    }
}

static void put_number(bm_text *out, const bm_ex *ex, bool *readable)
{
    size_t start = out->length;
    bm_put_number(out, ex->number);
    *readable = *readable && memchr(out->buffer + start, 'e', out->length - start) == NULL;
    if (ex->unit != NULL) {
        bm_put(out, " ");
        bm_put(out, ex->unit);
    }
}

static void put_has(bm_text *out, const bm_ex *ex, bool *readable)
{
    static const char *const opening[] = {" has ", " has any {", " has all {"};
    assert_in_range(ex->op, BM_HAS_ONE, BM_HAS_ALL);
    assert_true(ex->op != BM_HAS_ONE || ex->count == 1);
    bm_put(out, opening[ex->op - BM_HAS_ONE]);
    put_list(out, ex, ", ", readable);
    bm_put(out, ex->op == BM_HAS_ONE ? "" : "}");
}

static const char *sign_of(bm_ex_op op)
{
    static const char *const signs[] = {"",     " = ", " != ", " < ", " <= ", " > ",
                                        " >= ", " + ", " - ",  " * ", " / ",  " ^ "};
    assert_in_range(op, BM_OP_EQ, BM_OP_POW);
    return signs[op];
}

static void put_over(bm_text *out, const bm_ex *ex, bool *readable)
{
    bm_put_format(out, "%s(%s: ", ex->name, ex->member);
    put_tree(out, ex->a, false, readable);
    if (ex->b != NULL) {
        bm_put(out, " where ");
        put_tree(out, ex->b, false, readable);
    }
    bm_put(out, ")");
}

static void put_parts(bm_text *out, const bm_ex *ex, bool *readable)
{
    const bm_ex *parts[] = {ex->a, ex->b, ex->c};
    static const char *const words[] = {"if ", " then ", " else "};
    for (size_t i = 0; i < 3; i++) {
        bm_put(out, words[i]);
        put_tree(out, parts[i], false, readable);
    }
}

/* What stands within parentheses. */
static void put_operation(bm_text *out, const bm_ex *ex, bool *readable)
{
    if (ex->kind == BM_EX_IF) {
        put_parts(out, ex, readable);
        return;
    }
    if (ex->kind == BM_EX_AND || ex->kind == BM_EX_OR) {
        assert_true(ex->count >= 2);
        put_list(out, ex, ex->kind == BM_EX_AND ? " and " : " or ", readable);
        return;
    }
    bm_put(out, ex->kind == BM_EX_NOT ? "not " : ex->kind == BM_EX_NEGATE ? "- " : "");
    put_tree(out, ex->a, false, readable);
    if (ex->kind == BM_EX_COMPARE || ex->kind == BM_EX_ARITH) {
        bm_put(out, sign_of(ex->op));
        put_tree(out, ex->b, ex->op == BM_OP_EQ || ex->op == BM_OP_NE, readable);
    } else if (ex->kind == BM_EX_IN) {
        bm_put(out, " in {");
        put_list(out, ex, ", ", readable);
        bm_put(out, "}");
    } else if (ex->kind == BM_EX_CONVERT) {
        bm_put_format(out, " in %s", ex->unit);
    } else if (ex->kind == BM_EX_HAS) {
        put_has(out, ex, readable);
    }
}

static int depth_of(const bm_ex *ex)
{
    const bm_ex *parts[] = {ex->a, ex->b, ex->c};
    int deepest = -1;
    for (size_t i = 0; i < 3; i++) {
        deepest = parts[i] != NULL && parts[i]->depth > deepest ? parts[i]->depth : deepest;
    }
    for (int i = 0; i < ex->count; i++) {
        deepest = ex->list[i]->depth > deepest ? ex->list[i]->depth : deepest;
    }
    return deepest + 1;
}

static void put_tree(bm_text *out, const bm_ex *ex, bool bare, bool *readable)
{
    assert_int_equal(ex->depth, depth_of(ex));
    assert_in_range(ex->depth, 0, BM_SYNTAX_DEPTH);
    switch (ex->kind) {
    case BM_EX_TRUTH:
        bm_put(out, ex->number != 0 ? "true" : "false");
        break;
    case BM_EX_NUMBER:
        put_number(out, ex, readable);
        break;
    case BM_EX_NAME:
    case BM_EX_QUOTED:
        put_option(out, ex, bare, readable);
        break;
    case BM_EX_MEMBER:
        bm_put_format(out, "%s.%s", ex->name, ex->member);
        break;
    case BM_EX_CALL:
        bm_put_format(out, "%s(", ex->name);
        put_list(out, ex, ", ", readable);
        bm_put(out, ")");
        break;
    case BM_EX_OVER:
        put_over(out, ex, readable);
        break;
    default:
        bm_put(out, "(");
        put_operation(out, ex, readable);
        bm_put(out, ")");
        break;
    }
}

/* ---- one parser run ---- */

typedef struct {
    bm_memory memory;
    bm_arena arena;
    bonemets_error *err;
    char *form; /* of the last tree */
    bool readable;
} desk;

static void desk_open(desk *d)
{
    bm_memory_init(&d->memory, NULL, NULL);
    bm_arena_init(&d->arena, &d->memory);
    d->err = bonemets_error_new();
    assert_non_null(d->err);
    d->form = malloc(FORM);
    assert_non_null(d->form);
    d->readable = true;
}

static void desk_close(desk *d)
{
    bm_arena_free(&d->arena);
    bonemets_error_free(d->err);
    free(d->form);
}

/* From a block that ends with the text and is gone afterwards, so that reading past it or keeping a
 * pointer into it is seen. */
static const bm_ex *parse(desk *d, const char *text, const bm_place *place)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    bool no_memory = true;
    assert_non_null(copy);
    memcpy(copy, text, size);
    bm_arena_free(&d->arena);
    bonemets_error_clear(d->err);
    const bm_ex *tree = bm_syntax_parse(&d->arena, copy, place, &no_memory, d->err);
    memset(copy, '#', size);
    free(copy);
    assert_false(no_memory);
    assert_int_equal(bonemets_error_count(d->err), tree == NULL ? 1 : 0);
    return tree;
}

static const char *form_of(desk *d, const bm_ex *tree)
{
    bm_text out;
    bm_text_init(&out, d->form, FORM);
    d->readable = true;
    put_tree(&out, tree, false, &d->readable);
    assert_true(out.length < FORM);
    return d->form;
}

static const char *message_of(const desk *d)
{
    return bonemets_error_str(d->err, 0, BONEMETS_F_MESSAGE);
}

/* ---- expressions that are read ---- */

static const struct {
    const char *text, *form;
} accepted[] = {
    /* atoms */
    {"true", "true"},
    {" false ", "false"},
    {"age", "age"},
    {"3", "3"},
    {"0.5", "0.5"},
    {"3 mo", "3 mo"},
    {"3mo", "3 mo"},
    {"50 %", "50 %"},
    {"50%", "50 %"},
    {"0.5 mg/dL", "0.5 mg/dL"},
    {"60 mL/min/{1.73_m2}", "60 mL/min/{1.73_m2}"},
    {"70 [in_i]", "70 [in_i]"},
    {"150 10*9/L", "150 10*9/L"},
    {"150 10^9/L", "150 10^9/L"},
    {"3 min", "3 min"},
    {"sins.band", "sins.band"},
    {"index_lesion.surgical_fitness", "index_lesion.surgical_fitness"},
    {"((age))", "age"},
    {"'80_85'", "'80_85'"},
    /* arithmetic */
    {"a + b * c", "(a + (b * c))"},
    {"a * b + c", "((a * b) + c)"},
    {"a - b - c", "((a - b) - c)"},
    {"a / b / c", "((a / b) / c)"},
    {"a / b * c", "((a / b) * c)"},
    {"a - (b - c)", "(a - (b - c))"},
    {"a ^ b ^ c", "(a ^ (b ^ c))"},
    {"(a ^ b) ^ c", "((a ^ b) ^ c)"},
    {"- a ^ 2", "(- (a ^ 2))"},
    {"a ^ -b", "(a ^ (- b))"},
    {"a ^ -b ^ c", "(a ^ (- (b ^ c)))"},
    {"2 ^ - 3 * 4", "((2 ^ (- 3)) * 4)"},
    {"-a * b", "((- a) * b)"},
    {"a * -b", "(a * (- b))"},
    {"a - -b", "(a - (- b))"},
    {"--a", "(- (- a))"},
    {"-a + b", "((- a) + b)"},
    {"-3", "(- 3)"},
    {"3*2", "(3 * 2)"},
    {"3 * 2", "(3 * 2)"},
    {"3-2", "(3 - 2)"},
    {"3/mo", "(3 / mo)"},
    {"3 mo - 2 wk", "(3 mo - 2 wk)"},
    {"(3 mo)*2", "(3 mo * 2)"},
    {"a-b", "(a - b)"},
    {"weight/(height^2)", "(weight / (height ^ 2))"},
    {"d * (1 + d / n / ab)", "(d * (1 + ((d / n) / ab)))"},
    /* comparisons */
    {"age >= 60", "(age >= 60)"},
    {"age<60", "(age < 60)"},
    {"age > 60", "(age > 60)"},
    {"age <= 60", "(age <= 60)"},
    {"a + b < c * d", "((a + b) < (c * d))"},
    {"a < -b", "(a < (- b))"},
    {"survival > 3 mo", "(survival > 3 mo)"},
    {"grade = 1a", "(grade = 1a)"},
    {"grade != '1a'", "(grade != '1a')"},
    {"grade = \"1a\"", "(grade = '1a')"},
    {"kps = 80_85", "(kps = 80_85)"},
    {"level=T12", "(level = T12)"},
    {"level = Co", "(level = Co)"},
    {"ecog = 3", "(ecog = 3)"},
    {"ecog != 3.5", "(ecog != 3.5)"},
    {"collapse = 50 %", "(collapse = 50 %)"},
    {"collapse = 50%", "(collapse = 50 %)"},
    {"a = -3", "(a = (- 3))"},
    {"a = b + 1", "(a = (b + 1))"},
    {"a + 1 = b", "((a + 1) = b)"},
    {"grade = 1a and level = T12", "((grade = 1a) and (level = T12))"},
    {"sins.band = unstable", "(sins.band = unstable)"},
    {"index_lesion.level = C7", "(index_lesion.level = C7)"},
    {"(a < b) = (b < c)", "((a < b) = (b < c))"},
    {"a = true", "(a = true)"},
    {"a = count(b)", "(a = count(b))"},
    {"a = any(lesion: b)", "(a = any(lesion: b))"},
    /* in, has */
    {"x in {a}", "(x in {a})"},
    {"x in{a,b}", "(x in {a, b})"},
    {"x in {1a, 80_85, T12, 'b c', 7}", "(x in {1a, 80_85, T12, 'b c', 7})"},
    {"x in {1,2}", "(x in {1, 2})"},
    {"x in {1e5}", "(x in {1e5})"},
    {"x in {ALL, Or}", "(x in {ALL, Or})"},
    {"sins.band in {stable, unstable}", "(sins.band in {stable, unstable})"},
    {"x has m", "(x has m)"},
    {"x has 'any'", "(x has 'any')"},
    {"x has T12", "(x has T12)"},
    {"x has 1a", "(x has 1a)"},
    {"x has 1", "(x has 1)"},
    {"x has any {a, 'b'}", "(x has any {a, 'b'})"},
    {"x has all {a}", "(x has all {a})"},
    {"x has any {a} or y has b", "((x has any {a}) or (y has b))"},
    {"x in {\"it's\"}", "(x in {\"it's\"})"},
    /* conversion */
    {"x in mg/dL", "(x in mg/dL)"},
    {"x in 10*9/L", "(x in 10*9/L)"},
    {"x in /uL", "(x in /uL)"},
    {"x in %", "(x in %)"},
    {"x in mL/min/{1.73_m2}", "(x in mL/min/{1.73_m2})"},
    {"x in [lb_av]", "(x in [lb_av])"},
    {"a + b in kg", "((a + b) in kg)"},
    {"(weight in kg) / (height in m) ^ 2", "((weight in kg) / ((height in m) ^ 2))"},
    {"exp(x in mg/dL)", "exp((x in mg/dL))"},
    {"max(x in mg/dL, 1)", "max((x in mg/dL), 1)"},
    {"(x in mg/dL) > 3", "((x in mg/dL) > 3)"},
    /* logic */
    {"a and b and c", "(a and b and c)"},
    {"a or b or c or d", "(a or b or c or d)"},
    {"a or b and c", "(a or (b and c))"},
    {"a and b or c", "((a and b) or c)"},
    {"a and b or c and d or e", "((a and b) or (c and d) or e)"},
    {"(a or b) and c", "((a or b) and c)"},
    {"(a and b) and c", "((a and b) and c)"},
    {"a and (b and c)", "(a and (b and c))"},
    {"not a and b", "((not a) and b)"},
    {"not (a and b)", "(not (a and b))"},
    {"not not a", "(not (not a))"},
    {"not a = b", "(not (a = b))"},
    {"not x in {a}", "(not (x in {a}))"},
    {"a and not b or not c", "((a and (not b)) or (not c))"},
    {"x > 0 and y > 0 or z", "(((x > 0) and (y > 0)) or z)"},
    {"x > 3 and y", "((x > 3) and y)"},
    {"x > 3 mo and y", "((x > 3 mo) and y)"},
    {"a\n  and\tb", "(a and b)"},
    /* if */
    {"if a then b else c", "(if a then b else c)"},
    {"if a or b then 1 else 2 + 3", "(if (a or b) then 1 else (2 + 3))"},
    {"if a then 1 else if b then 2 else 3", "(if a then 1 else (if b then 2 else 3))"},
    {"if a then if b then 1 else 2 else 3", "(if a then (if b then 1 else 2) else 3)"},
    {"(if a then 1 else 2) + 3", "((if a then 1 else 2) + 3)"},
    {"if x > 3 then 1 else 0", "(if (x > 3) then 1 else 0)"},
    {"if x > 3 mo then 1 mo else 0 mo", "(if (x > 3 mo) then 1 mo else 0 mo)"},
    {"if a = 1a then x else 'T12'", "(if (a = 1a) then x else 'T12')"},
    /* calls */
    {"min(a, b)", "min(a, b)"},
    {"max(a, b, c + 1)", "max(a, b, (c + 1))"},
    {"exp(-0.5 * x)", "exp(((- 0.5) * x))"},
    {"log(x)", "log(x)"},
    {"sqrt( x )", "sqrt(x)"},
    {"abs (x)", "abs(x)"},
    {"count(features) > 0", "(count(features) > 0)"},
    {"known(a)", "known(a)"},
    {"missing(a.b)", "missing(a.b)"},
    {"stated(a) or stated(b)", "(stated(a) or stated(b))"},
    {"known(a = 1a and b)", "known(((a = 1a) and b))"},
    {"any(lesion: x)", "any(lesion: x)"},
    {"all(lesion: x > 3)", "all(lesion: (x > 3))"},
    {"count(lesion: x or y) >= 2", "(count(lesion: (x or y)) >= 2)"},
    {"sum(rt_course: dose)", "sum(rt_course: dose)"},
    {"min(lesion : x)", "min(lesion: x)"},
    {"max(lesion: total where stated(level))", "max(lesion: total where stated(level))"},
    {"max(lesion: if a then 1 else 2 where b)", "max(lesion: (if a then 1 else 2) where b)"},
    {"count(f) > 0 or any(lesion: g)", "((count(f) > 0) or any(lesion: g))"},
    {"any(lesion: level in {T1, T2} and grade = 3)",
     "any(lesion: ((level in {T1, T2}) and (grade = 3)))"},
    /* names that only look like something else */
    {"android", "android"},
    {"in_situ and ifx", "(in_situ and ifx)"},
    {"count + min", "(count + min)"},
    {"x = known", "(x = known)"},
    {"nota", "nota"},
};

static void test_expressions(void **state)
{
    desk d;
    (void)state;
    desk_open(&d);
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        const bm_ex *tree = parse(&d, accepted[i].text, NULL);
        if (tree == NULL) {
            fail_msg("%s: %s", accepted[i].text, message_of(&d));
        }
        assert_string_equal(form_of(&d, tree), accepted[i].form);
        if (d.readable) {
            tree = parse(&d, accepted[i].form, NULL);
            assert_non_null(tree);
            assert_string_equal(form_of(&d, tree), accepted[i].form);
        }
    }
    desk_close(&d);
}

static void assert_at(const bm_ex *ex, bm_ex_kind kind, int column)
{
    assert_int_equal(ex->kind, kind);
    assert_int_equal(ex->line, 7);
    assert_int_equal(ex->column, column);
}

static void test_positions(void **state)
{
    bm_place place = {"t.yaml", 7, 11, "advice[1].when"};
    desk d;
    (void)state;
    desk_open(&d);
    /*                             1234567890123456789012345678901234567890123456 */
    const bm_ex *tree = parse(&d, "not a and b.c = 1a or max(k: - d where e) in mo", &place);
    assert_non_null(tree);
    assert_at(tree, BM_EX_OR, 10 + 20);
    assert_at(tree->list[0], BM_EX_AND, 10 + 7);
    assert_at(tree->list[0]->list[0], BM_EX_NOT, 10 + 1);
    assert_at(tree->list[0]->list[0]->a, BM_EX_NAME, 10 + 5);
    assert_at(tree->list[0]->list[1], BM_EX_COMPARE, 10 + 15);
    assert_at(tree->list[0]->list[1]->a, BM_EX_MEMBER, 10 + 11);
    assert_at(tree->list[0]->list[1]->b, BM_EX_NAME, 10 + 17);
    assert_at(tree->list[1], BM_EX_CONVERT, 10 + 43);
    assert_at(tree->list[1]->a, BM_EX_OVER, 10 + 23);
    assert_at(tree->list[1]->a->a, BM_EX_NEGATE, 10 + 30);
    assert_at(tree->list[1]->a->a->a, BM_EX_NAME, 10 + 32);
    assert_at(tree->list[1]->a->b, BM_EX_NAME, 10 + 40);
    /* Two bytes are one column, and a line break is one as the blank that it was folded into. */
    tree = parse(&d, "a = '\xc3\xa9'\nand b", &place);
    assert_non_null(tree);
    assert_at(tree, BM_EX_AND, 10 + 9);
    assert_at(tree->list[0]->b, BM_EX_QUOTED, 10 + 5);
    assert_at(tree->list[1], BM_EX_NAME, 10 + 13);
    desk_close(&d);
}

/* ---- expressions that are refused ---- */

static const struct {
    const char *text;
    int column;
    const char *message;
} refused[] = {
    /* something is missing */
    {"", 1, "expected a number or a name, found the end"},
    {"   ", 4, "expected a number or a name, found the end"},
    {"a >=", 5, "expected a number or a name after '>=', found the end"},
    {"a and", 6, "expected a number or a name after 'and', found the end"},
    {"a and and b", 7, "expected a number or a name after 'and', found 'and'"},
    {"or b", 1, "expected a number or a name, found 'or'"},
    {"a + * b", 5, "expected a number or a name after '+', found '*'"},
    {"+a", 1, "expected a number or a name, found '+'"},
    {"(a", 3, "expected an operator or ')' after 'a', found the end"},
    {"(a b", 4, "expected an operator or ')' after 'a', found 'b'"},
    {"()", 2, "expected a number or a name after '(', found ')'"},
    {"a)", 2, "expected an operator or the end after 'a', found ')'"},
    {"a b", 3, "expected an operator or the end after 'a', found 'b'"},
    {"3 4", 3, "expected an operator or the end after '3', found '4'"},
    {"3 mo 4", 6, "expected an operator or the end after '3 mo', found '4'"},
    {"a where b", 3, "expected an operator or the end after 'a', found 'where'"},
    {"a : b", 3, "expected an operator or the end after 'a', found ':'"},
    {"a, b", 2, "expected an operator or the end after 'a', found ','"},
    {"a.", 3, "expected a name after '.', found the end"},
    {"a.b.c", 4, "expected an operator or the end after 'b', found '.'"},
    {"a.if", 3, "expected a name after '.', found 'if'"},
    {"if a b", 6, "expected an operator or 'then' after 'a', found 'b'"},
    {"if a then b", 12, "expected an operator or 'else' after 'b', found the end"},
    {"if a then else c", 11, "expected a number or a name after 'then', found 'else'"},
    {"if", 3, "expected a number or a name after 'if', found the end"},
    {"a then b", 3, "expected an operator or the end after 'a', found 'then'"},
    {"any", 4, "expected '(' after 'any', found the end"},
    {"x = any", 8, "expected '(' after 'any', found the end"},
    /* lists */
    {"x in", 5, "expected '{' or a unit after 'in', found the end"},
    {"x in (a)", 6, "expected '{' or a unit after 'in', found '('"},
    {"x in and", 6, "expected '{' or a unit after 'in', found 'and'"},
    {"x in 'a'", 6, "expected '{' or a unit after 'in', found ''a''"},
    {"x in -3", 6, "expected '{' or a unit after 'in', found '-'"},
    {"x in {}", 7, "expected an option after '{', found '}'"},
    {"x in {a,}", 9, "expected an option after ',', found '}'"},
    {"x in {a b}", 9, "expected ',' or '}' after 'a', found 'b'"},
    {"x in {a", 8, "expected ',' or '}' after 'a', found the end"},
    {"x in {non-small}", 10, "expected ',' or '}' after 'non', found '-'"},
    {"x in {1.5}", 7, "expected an option after '{', found '1.5'"},
    {"x in {all}", 7,
     "expected an option after '{', found 'all'; an option of that name stands in quotes"},
    {"x has", 6, "expected an option, 'any' or 'all' after 'has', found the end"},
    {"x has {a}", 7, "expected an option, 'any' or 'all' after 'has', found '{'"},
    {"x has any a", 11, "expected '{' after 'any', found 'a'"},
    {"x has all", 10, "expected '{' after 'all', found the end"},
    {"x = {a}", 5,
     "expected a number or a name after '=', found '{'; braces stand after 'in', 'has any' and "
     "'has all'"},
    {"x in [a, b]", 6,
     "'[a': a unit closes its brackets and has no blanks; a list of options is {a, b}"},
    {"[a]", 1, "'[': a list of options is written {a, b}"},
    /* binding */
    {"a < b < c", 7,
     "'<': comparisons do not chain; join two with 'and', as in a < b and b < c, or put one in "
     "parentheses"},
    {"a = b != c", 7,
     "'!=': comparisons do not chain; join two with 'and', as in a < b and b < c, or put one in "
     "parentheses"},
    {"x in {a} = true", 10,
     "'=': comparisons do not chain; join two with 'and', as in a < b and b < c, or put one in "
     "parentheses"},
    {"a > 3 in mg", 7,
     "'in': comparisons do not chain; join two with 'and', as in a < b and b < c, or put one in "
     "parentheses"},
    {"x in mg/dL > 3", 12, "'>': put the part before it in parentheses, from its beginning on"},
    {"x in kg * 2", 9, "'*': put the part before it in parentheses, from its beginning on"},
    {"x has a + 1", 9, "'+': put the part before it in parentheses, from its beginning on"},
    {"x not in {a}", 3,
     "expected an operator or the end after 'x', found 'not'; 'not' stands before the whole "
     "comparison"},
    {"1 + not a", 5,
     "expected a number or a name after '+', found 'not'; put parentheses around the part that "
     "begins with it"},
    {"1 + if a then 1 else 2", 5,
     "expected a number or a name after '+', found 'if'; put parentheses around the part that "
     "begins with it"},
    /* signs and words of other languages */
    {"a == b", 3, "'==' is written '='"},
    {"a && b", 3, "'&&' is written 'and'"},
    {"a || b", 3, "'||' is written 'or'"},
    {"a & b", 3, "'&' is written 'and'"},
    {"a | b", 3, "'|' is written 'or'"},
    {"!a", 1, "'!' is written 'not'"},
    {"a and ~b", 7, "'~' is written 'not'"},
    {"a <> b", 3, "'<>' is written '!='"},
    {"a => b", 3, "'=>' is written '>='"},
    {"a =< b", 3, "'=<' is written '<='"},
    {"a ** b", 3, "'**' is written '^'"},
    {"a \xe2\x89\xa5 b", 3, "'\xe2\x89\xa5' is written '>='"},
    {"a \xc3\x97 b", 3, "'\xc3\x97' is written '*'"},
    {"a \xe2\x88\x92 b", 3, "'\xe2\x88\x92' is a typographic sign; write a plain -"},
    {"x = \xe2\x80\x98"
     "a\xe2\x80\x99",
     5, "'\xe2\x80\x98' is a typographic sign; write a plain quote"},
    {"a AND b", 3, "'AND' is written 'and'"},
    {"x > 3 OR b", 7, "'OR' is written 'or'"},
    {"x = True", 5, "'True' is written 'true'"},
    {"If a then b else c", 1, "'If' is written 'if'"},
    {"x ? y", 3, "'?' has no meaning here"},
    {"x; y", 2, "';' has no meaning here"},
    {"a \x01", 3, "'\\x01' has no meaning here"},
    {"a %", 3, "'%' stands only after a number"},
    {"_a", 1, "'_': a name begins with a letter"},
    {"Age > 3", 1,
     "'Age': a name has small letters only; an option stands after '=', 'has' or in braces, "
     "elsewhere in quotes"},
    {"x = 'a", 5, "''a': the quote is not closed"},
    {"x = 'a\nb'", 5, "''a': the quote is not closed"},
    {"x = ''", 5, "'''': there is no option between the quotes"},
    /* numbers and units */
    {"x > 1,4", 5,
     "'1,4': a decimal comma; write a point; in a list, write a blank after the comma"},
    {"x = 1,4", 5,
     "'1,4': a decimal comma; write a point; in a list, write a blank after the comma"},
    {"min(1,4)", 5,
     "'1,4': a decimal comma; write a point; in a list, write a blank after the comma"},
    {"x > 1e5", 5, "'1e5': write the number without an exponent (an option in quotes)"},
    {"x > 1e-5", 5, "'1e-5': write the number without an exponent (an option in quotes)"},
    {"x = 1e5", 5, "'1e5': write the number without an exponent (an option in quotes)"},
    {"x > .5", 5, "'.5': a number begins with a digit, as in 0.5"},
    {"x > 5.", 5, "'5.': no digit after the point"},
    {"x > 1234567890123456", 5, "'1234567890123456': more than 15 digits"},
    {"x > 0..6", 5, "'0..6': a range cannot stand here; write x >= LOW and x <= HIGH"},
    {"80_85 = x", 1,
     "'80_85': an option stands after '=', 'has' or in braces; elsewhere write it in quotes"},
    {"x > 3 mo+2 mo", 7, "a blank is missing after the unit 'mo'"},
    {"x > 50%>3", 7, "a blank is missing after the unit '%'"},
    {"x > 3 mL/{1.73 m2}", 7,
     "'mL/{1.73': a unit closes its brackets and has no blanks; a list of options is {a, b}"},
    /* functions */
    {"exq(x)", 1, "there is no function 'exq'; did you mean 'exp'?"},
    {"a + Max(b, c)", 5,
     "'Max': a name has small letters only; an option stands after '=', 'has' or in braces, "
     "elsewhere in quotes"},
    {"a + counts(b)", 5, "there is no function 'counts'; did you mean 'count'?"},
    {"ln(x)", 1, "there is no function 'ln'; 'log' is the natural logarithm"},
    {"log10(x)", 1, "there is no function 'log10'; write log(x) / log(10)"},
    {"pow(x, 2)", 1, "there is no function 'pow'; write x ^ y"},
    {"average(x)", 1,
     "there is no function 'average'; there are abs all any count derived exp known log max min "
     "missing restated shown sqrt stated sum"},
    {"exp()", 5, "expected a number or a name after '(', found ')'"},
    {"exp(a, b)", 1, "'exp' takes one value"},
    {"known(a, b)", 1, "'known' takes one value"},
    {"min(a)", 1, "'min' takes two values or more, or the records of a kind: (KIND: value)"},
    {"count(a, b)", 1, "'count' takes one set, or the records of a kind: (KIND: condition)"},
    {"min(a, b", 9, "expected an operator, ',' or ')' after 'b', found the end"},
    {"min(a b)", 7, "expected an operator, ',' or ')' after 'a', found 'b'"},
    {"min(a,)", 7, "expected a number or a name after ',', found ')'"},
    {"any(x)", 5, "'any' goes over the records of a kind: any(KIND: ...)"},
    {"sum(x, y)", 5, "'sum' goes over the records of a kind: sum(KIND: ...)"},
    {"any(!x)", 5, "'!' is written 'not'"},
    {"exp(lesion: x)", 5, "'exp' does not go over records; all any count max min sum do"},
    {"any(lesion: )", 13, "expected a number or a name after ':', found ')'"},
    {"any(lesion: x where)", 20, "expected a number or a name after 'where', found ')'"},
    {"any(lesion: x, y)", 14, "expected an operator, 'where' or ')' after 'x', found ','"},
    {"any(lesion: x where y where z)", 23, "expected an operator or ')' after 'y', found 'where'"},
    {"max(lesion: x where y", 22, "expected an operator or ')' after 'y', found the end"},
};

static void test_refusals(void **state)
{
    bm_place place = {"t.yaml", 7, 11, "advice[1].when"};
    desk d;
    (void)state;
    desk_open(&d);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const bm_ex *tree = parse(&d, refused[i].text, &place);
        if (tree != NULL) {
            fail_msg("accepted: %s as %s", refused[i].text, form_of(&d, tree));
        }
        assert_string_equal(message_of(&d), refused[i].message);
        assert_int_equal(bonemets_error_int(d.err, 0, BONEMETS_F_COLUMN), 10 + refused[i].column);
        assert_int_equal(bonemets_error_int(d.err, 0, BONEMETS_F_LINE), 7);
        assert_int_equal(bonemets_error_int(d.err, 0, BONEMETS_F_STATUS), BONEMETS_E_RULE);
        assert_int_equal(bonemets_error_int(d.err, 0, BONEMETS_F_SEVERITY),
                         BONEMETS_SEVERITY_ERROR);
        assert_string_equal(bonemets_error_str(d.err, 0, BONEMETS_F_FILE), "t.yaml");
        assert_string_equal(bonemets_error_str(d.err, 0, BONEMETS_F_PATH), "advice[1].when");
    }
    desk_close(&d);
}

/* A caller need not care for messages or places. */
static void test_without_place_and_error(void **state)
{
    bm_memory memory;
    bm_arena arena;
    bool no_memory = true;
    (void)state;
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&arena, &memory);
    assert_null(bm_syntax_parse(&arena, "a ==", NULL, &no_memory, NULL));
    assert_false(no_memory);
    const bm_ex *tree = bm_syntax_parse(&arena, " a", NULL, &no_memory, NULL);
    assert_non_null(tree);
    assert_int_equal(tree->line, 1);
    assert_int_equal(tree->column, 2);
    bm_arena_free(&arena);
}

/* ---- depth ---- */

/* first, then `count` times the middle, then last, then `count` times the end */
static char *repeated(const char *first, const char *middle, const char *last, const char *end,
                      size_t count)
{
    size_t size = strlen(first) + strlen(last) + count * (strlen(middle) + strlen(end)) + 1;
    char *all = malloc(size);
    bm_text text;
    assert_non_null(all);
    bm_text_init(&text, all, size);
    bm_put(&text, first);
    for (size_t i = 0; i < count; i++) {
        bm_put(&text, middle);
    }
    bm_put(&text, last);
    for (size_t i = 0; i < count; i++) {
        bm_put(&text, end);
    }
    return all;
}

static void test_depth(void **state)
{
    static const struct {
        const char *first, *middle, *last, *end;
        int depth; /* of the tree at the limit */
    } shapes[] = {
        {"", "(", "a", ")", 0},
        {"", "not ", "a", "", 64},
        {"", "- ", "a", "", 64},
        {"", "a ^ ", "a", "", 64},
        {"a", " + a", "", "", 64},
        {"a", " * a", "", "", 64},
        {"", "exp(", "a", ")", 64},
        {"", "any(k: ", "a", ")", 64},
        {"", "any(k: a where ", "a", ")", 64},
        {"", "if a then b else ", "c", "", 64},
        {"", "if ", "a", " then b else c", 64},
        {"", "a and (b or ", "c", ")", 128},
    };
    static const char message[] =
        "nested deeper than 64 levels; make values of its own of some parts";
    desk d;
    (void)state;
    desk_open(&d);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t most = shapes[i].depth > BM_SYNTAX_DEPTH ? 32 : 64;
        for (size_t n = most; n <= 400000; n = n == most ? n + 1 : n * 50) {
            char *text =
                repeated(shapes[i].first, shapes[i].middle, shapes[i].last, shapes[i].end, n);
            const bm_ex *tree = parse(&d, text, NULL);
            if (n == most) {
                assert_non_null(tree);
                assert_int_equal(tree->depth, shapes[i].depth > 0 ? 64 : 0);
                form_of(&d, tree);
            } else {
                assert_null(tree);
                assert_string_equal(message_of(&d), message);
            }
            free(text);
        }
    }
    char *wide = repeated("x in {a", ", a", "}", " or a", 20000);
    const bm_ex *tree = parse(&d, wide, NULL);
    assert_non_null(tree);
    assert_int_equal(tree->count, 20001);
    assert_int_equal(tree->list[0]->count, 20001);
    assert_int_equal(tree->depth, 2);
    free(wide);
    desk_close(&d);
}

/* ---- random input ---- */

static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
    /* splitmix64 */
    uint64_t z = (random_state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % limit;
}

/* Whatever the text, there is a tree that reads back as itself, or one message at one place. */
static void check_any_text(desk *d, const char *text)
{
    const bm_ex *tree = parse(d, text, NULL);
    if (tree == NULL) {
        int32_t column = bonemets_error_int(d->err, 0, BONEMETS_F_COLUMN);
        assert_in_range(column, 1, strlen(text) + 1);
        assert_true(strlen(message_of(d)) > 10);
        return;
    }
    form_of(d, tree);
    if (!d->readable) {
        return;
    }
    char *once = repeated(d->form, "", "", "", 0);
    tree = parse(d, once, NULL);
    if (tree == NULL) {
        fail_msg("%s\n became %s\n but %s", text, once, message_of(d));
    }
    assert_string_equal(form_of(d, tree), once);
    free(once);
}

static const char *const pieces[] = {
    "a",     "b.c",    "lesion",      "count",  "min",   "max",       "exp",     "any",
    "all",   "sum",    "known",       "T12",    "1a",    "80_85",     "'q'",     "\"q\"",
    "'",     "3",      "0.5",         "1,4",    "3 mo",  "50%",       "1e5",     "mg",
    "mg/dL", "10*9/L", "and",         "or",     "not",   "in",        "has",     "if",
    "then",  "else",   "where",       "true",   "false", "=",         "!=",      "<",
    "<=",    ">",      ">=",          "==",     "&&",    "!",         "+",       "-",
    "*",     "/",      "^",           "(",      ")",     "(",         ")",       "{",
    "}",     "[",      "]",           ",",      ":",     ".",         "..",      "%",
    "_",     "\n",     "any(lesion:", "count(", "in {",  "has any {", "a in mg", "\xe2\x89\xa5",
    "\xff",  "?",
};

static void test_random_tokens(void **state)
{
    enum { RUNS = 200000, LONGEST = 24 };
    desk d;
    char text[1024];
    (void)state;
    desk_open(&d);
    random_state = 1;
    for (int run = 0; run < RUNS; run++) {
        bm_text out;
        bm_text_init(&out, text, sizeof text);
        for (uint32_t n = random_below(LONGEST); n > 0; n--) {
            bm_put(&out, pieces[random_below(sizeof pieces / sizeof pieces[0])]);
            bm_put(&out, random_below(4) > 0 ? " " : "");
        }
        check_any_text(&d, text);
    }
    desk_close(&d);
}

static void test_random_bytes(void **state)
{
    enum { RUNS = 200000, LONGEST = 48 };
    static const char likely[] = "aAbT019._,(){}[]<>=!+-*/^%:'\" \n andornotinhasif";
    desk d;
    char text[LONGEST + 1];
    (void)state;
    desk_open(&d);
    random_state = 2;
    for (int run = 0; run < RUNS; run++) {
        uint32_t length = random_below(LONGEST);
        for (uint32_t i = 0; i < length; i++) {
            text[i] = likely[random_below(sizeof likely - 1)];
            if (run % 2 == 0) {
                text[i] = (char)(1 + random_below(255));
            }
        }
        text[length] = '\0';
        bm_range range;
        double number;
        const char *unit;
        (void)bm_syntax_range(text, &range);
        (void)bm_syntax_quantity(text, &number, &unit);
        (void)bm_syntax_is_name(text);
        check_any_text(&d, text);
    }
    desk_close(&d);
}

/* ---- trees written both ways ---- */

/* `text` has as few parentheses as the levels of doc/guideline-language.md ask for, `form` all. */
typedef struct {
    bm_text text, form;
    int budget; /* of nodes */
} writer;

enum level { IF, OR, AND, NOT, COMPARISON, SUM, PRODUCT, NEGATIVE, POWER, ATOM };

static void write_tree(writer *w, enum level least);

static void write_blank(writer *w)
{
    static const char *const blanks[] = {" ", " ", " ", "  ", "\n", "\t "};
    bm_put(&w->text, blanks[random_below(6)]);
}

/* The same word in both; blanks stand around it. */
static void write_word(writer *w, const char *word)
{
    write_blank(w);
    bm_put(&w->text, word);
    write_blank(w);
    bm_put_format(&w->form, " %s ", word);
}

static void write_both(writer *w, const char *word)
{
    bm_put(&w->text, word);
    bm_put(&w->form, word);
}

static const char *any_of(const char *const *list, uint32_t count)
{
    return list[random_below(count)];
}

static void write_options(writer *w)
{
    static const char *const options[] = {"a", "b_2", "1a", "80_85", "T12", "'a b'", "7", "'if'"};
    write_both(w, "{");
    for (uint32_t n = 1 + random_below(4), i = 0; i < n; i++) {
        if (i > 0) {
            bm_put(&w->text, ",");
            write_blank(w);
            bm_put(&w->form, ", ");
        }
        write_both(w, any_of(options, 8));
    }
    write_both(w, "}");
}

static void write_call(writer *w)
{
    static const char *const single[] = {"exp", "log", "sqrt", "abs", "count", "known", "missing"};
    static const char *const several[] = {"min", "max"};
    bool one = random_below(2) == 0;
    write_both(w, one ? any_of(single, 7) : any_of(several, 2));
    write_both(w, "(");
    for (uint32_t n = one ? 1 : 2 + random_below(3), i = 0; i < n; i++) {
        write_both(w, i > 0 ? ", " : "");
        write_tree(w, IF);
    }
    write_both(w, ")");
}

static void write_over(writer *w)
{
    static const char *const over[] = {"any", "all", "count", "sum", "min", "max"};
    write_both(w, any_of(over, 6));
    write_both(w, "(lesion: ");
    write_tree(w, IF);
    if (random_below(2) == 0) {
        write_word(w, "where");
        write_tree(w, IF);
    }
    write_both(w, ")");
}

static void write_atom(writer *w)
{
    static const char *const atoms[] = {"a",     "b",    "x.y",  "3",        "0.25", "true",
                                        "false", "3 mo", "50 %", "12 mg/dL", "'1a'", "4 10*9/L"};
    uint32_t kind = w->budget > 0 ? random_below(4) : 3;
    if (kind == 0) {
        write_call(w);
    } else if (kind == 1) {
        write_over(w);
    } else {
        write_both(w, any_of(atoms, 12));
    }
}

static void write_comparison(writer *w)
{
    static const char *const signs[] = {"=", "!=", "<", "<=", ">", ">="};
    static const char *const bare[] = {"T12", "1a", "80_85", "Co"};
    static const char *const units[] = {"mg/dL", "%", "10*9/L", "[lb_av]", "mL/min/{1.73_m2}"};
    static const char *const how[] = {"any", "all"};
    write_tree(w, SUM);
    switch (random_below(5)) {
    case 0:
        write_word(w, "in");
        write_options(w);
        break;
    case 1:
        write_word(w, "in");
        write_both(w, any_of(units, 5));
        break;
    case 2:
        write_word(w, "has");
        write_both(w, any_of(how, 2));
        write_both(w, " ");
        write_options(w);
        break;
    case 3:
        write_word(w, random_below(2) == 0 ? "=" : "!=");
        write_both(w, any_of(bare, 4));
        break;
    default:
        write_word(w, any_of(signs, 6));
        write_tree(w, SUM);
        break;
    }
}

static void write_joined(writer *w, const char *word, enum level part)
{
    write_tree(w, part);
    for (uint32_t n = 1 + random_below(3); n > 0; n--) {
        write_word(w, word);
        write_tree(w, part);
    }
}

static void write_if(writer *w)
{
    bm_put(&w->text, "if");
    write_blank(w);
    bm_put(&w->form, "if ");
    write_tree(w, IF);
    write_word(w, "then");
    write_tree(w, IF);
    write_word(w, "else");
    write_tree(w, IF);
}

static void write_binary(writer *w, enum level left, const char *sign, enum level right)
{
    write_tree(w, left);
    write_word(w, sign);
    write_tree(w, right);
}

static void write_prefix(writer *w, const char *sign, enum level operand)
{
    write_both(w, sign);
    write_both(w, " ");
    write_tree(w, operand);
}

static void write_level(writer *w, enum level level)
{
    switch (level) {
    case IF:
        write_if(w);
        break;
    case OR:
        write_joined(w, "or", AND);
        break;
    case AND:
        write_joined(w, "and", NOT);
        break;
    case NOT:
        write_prefix(w, "not", NOT);
        break;
    case COMPARISON:
        write_comparison(w);
        break;
    case SUM:
        write_binary(w, SUM, random_below(2) == 0 ? "+" : "-", PRODUCT);
        break;
    case PRODUCT:
        write_binary(w, PRODUCT, random_below(2) == 0 ? "*" : "/", NEGATIVE);
        break;
    case NEGATIVE:
        write_prefix(w, "-", NEGATIVE);
        break;
    case POWER:
        write_binary(w, ATOM, "^", NEGATIVE);
        break;
    case ATOM:
        write_atom(w);
        break;
    }
}

static void write_tree(writer *w, enum level least)
{
    enum level level = --w->budget > 0 ? (enum level)random_below(ATOM + 1) : ATOM;
    bool needless = level == ATOM && random_below(8) == 0;
    bool group = level < least || needless;
    bm_put(&w->text, group ? "(" : "");
    bm_put(&w->form, level != ATOM ? "(" : "");
    write_level(w, level);
    bm_put(&w->form, level != ATOM ? ")" : "");
    bm_put(&w->text, group ? ")" : "");
}

static void test_generated_trees(void **state)
{
    enum { RUNS = 30000, LONGEST = 20000 };
    char *text = malloc(LONGEST), *form = malloc(LONGEST);
    desk d;
    (void)state;
    assert_non_null(text);
    assert_non_null(form);
    desk_open(&d);
    random_state = 3;
    for (int run = 0; run < RUNS; run++) {
        writer w = {.budget = (int)random_below(40)};
        bm_text_init(&w.text, text, LONGEST);
        bm_text_init(&w.form, form, LONGEST);
        write_tree(&w, IF);
        assert_true(w.text.length < LONGEST && w.form.length < LONGEST);
        const bm_ex *tree = parse(&d, text, NULL);
        if (tree == NULL) {
            fail_msg("%s: %s", text, message_of(&d));
        }
        assert_string_equal(form_of(&d, tree), form);
    }
    desk_close(&d);
    free(text);
    free(form);
}

/* Texts that are nearly right get deeper than random ones. */
static void damage(const char *from, bm_text *out)
{
    size_t length = strlen(from), at = random_below((uint32_t)length);
    bm_put_bytes(out, from, at);
    switch (random_below(4)) {
    case 0:
        bm_put(out, pieces[random_below(sizeof pieces / sizeof pieces[0])]);
        break;
    case 1:
        bm_put_bytes(out, from + random_below((uint32_t)at + 1), 1);
        break;
    case 2:
        at += random_below(4);
        break;
    default:
        return; /* cut off */
    }
    at += random_below(2);
    bm_put(out, at < length ? from + at : "");
}

static void test_damaged_trees(void **state)
{
    enum { RUNS = 60000, LONGEST = 20000 };
    char *texts[] = {malloc(LONGEST), malloc(LONGEST)}, *form = malloc(LONGEST);
    desk d;
    (void)state;
    assert_true(texts[0] != NULL && texts[1] != NULL && form != NULL);
    desk_open(&d);
    random_state = 4;
    for (int run = 0; run < RUNS; run++) {
        writer w = {.budget = (int)random_below(25)};
        bm_text_init(&w.text, texts[0], LONGEST);
        bm_text_init(&w.form, form, LONGEST);
        write_tree(&w, IF);
        uint32_t times = random_below(3) + 1;
        for (uint32_t i = 0; i < times && texts[i % 2][0] != '\0'; i++) {
            bm_text damaged;
            bm_text_init(&damaged, texts[(i + 1) % 2], LONGEST);
            damage(texts[i % 2], &damaged);
            check_any_text(&d, texts[(i + 1) % 2]);
        }
    }
    desk_close(&d);
    free(texts[0]);
    free(texts[1]);
    free(form);
}

/* ---- no memory ---- */

typedef struct {
    int left; /* requests that succeed before one fails */
    bool once;
    int failed;
} scarcity;

static void *scarce(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    scarcity *s = ctx;
    (void)old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    if (s->left-- <= 0 && !(s->once && s->failed > 0)) {
        s->failed++;
        return NULL;
    }
    return realloc(ptr, new_size);
}

static const char everything[] =
    "if not a and b = T12 or c in {1a, 'b', c, d, e, f, g, h, i, j} then max(1, -x.y ^ 2 mo) * "
    "(z in mg/dL) - exp(q) / 3 else max(lesion: m where n has any {o, p}) + (r has s and t or u "
    "and v or w and true or a and b or c and d or e and f or g and h or i and j or k and l)";

/* The arena is filled until ever less of its newest chunk is left, so that each block that the
 * parser asks for is once the first for which there is no room. */
static bool parse_in_what_is_left(size_t filled, bool once, bonemets_error *err)
{
    scarcity s = {.left = 100, .once = once};
    bm_memory memory;
    bm_arena arena;
    bool no_memory = false;
    bm_memory_init(&memory, scarce, &s);
    bm_arena_init(&arena, &memory);
    while (arena.used < filled) {
        assert_non_null(bm_arena_take(&arena, 1));
    }
    s.left = 0;
    const bm_ex *tree = bm_syntax_parse(&arena, everything, NULL, &no_memory, err);
    assert_int_equal(bonemets_error_count(err), 0);
    assert_int_equal(tree == NULL, no_memory);
    assert_int_equal(s.failed, tree == NULL ? 1 : 0); /* it does not go on asking */
    bm_arena_free(&arena);
    return tree != NULL;
}

static void test_no_memory(void **state)
{
    enum { STEP = 16, MOST = 32 * 1024 };
    bonemets_error *err = bonemets_error_new();
    int refusals = 0, trees = 0;
    (void)state;
    assert_non_null(err);
    for (size_t filled = 0; filled < MOST; filled += STEP) {
        bool once = parse_in_what_is_left(filled, true, err);
        bool for_good = parse_in_what_is_left(filled, false, err);
        assert_true(once == for_good);
        refusals += !once;
        trees += once;
    }
    assert_true(refusals > 500);
    assert_true(trees > 100);
    bonemets_error_free(err);
}

/* ---- ranges, quantities, names ---- */

static void test_ranges(void **state)
{
    static const struct {
        const char *text;
        double low, high;
        bool low_open, high_open;
    } good[] = {
        {"0..6", 0, 6, false, false},
        {" 0 .. 6 ", 0, 6, false, false},
        {"18.5..20", 18.5, 20, false, false},
        {"-5..-1", -5, -1, false, false},
        {"-0.5..0.5", -0.5, 0.5, false, false},
        {"3..3", 3, 3, false, false},
        {"7", 7, 7, false, false},
        {"-7.25", -7.25, -7.25, false, false},
        {"<18.5", -HUGE_VAL, 18.5, true, true},
        {"< 18.5", -HUGE_VAL, 18.5, true, true},
        {"<=14", -HUGE_VAL, 14, true, false},
        {">20", 20, HUGE_VAL, true, true},
        {">=30", 30, HUGE_VAL, false, true},
        {">= -3", -3, HUGE_VAL, false, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        bm_range range = {-99, -99, true, true};
        assert_null(bm_syntax_range(good[i].text, &range));
        assert_true(range.low == good[i].low && range.high == good[i].high);
        assert_true(range.low_open == good[i].low_open && range.high_open == good[i].high_open);
    }
}

static void test_ranges_refused(void **state)
{
    static const struct {
        const char *text, *problem; /* NULL: in the words of bm_read_number */
    } bad[] = {
        {"", NULL},
        {" ", NULL},
        {"..", "the lower end is missing; a range without one is written <=HIGH"},
        {"..6", "the lower end is missing; a range without one is written <=HIGH"},
        {"0..", "the upper end is missing; a range without one is written >=LOW"},
        {"6..0", "the lower end is above the upper one"},
        {"0...6", NULL},
        {"0..6..9", NULL},
        {"0..6 h", NULL},
        {"0,5..1", "a decimal comma; write a point"},
        {"0..1,5", "a decimal comma; write a point"},
        {"0-6", "a range is written LOW..HIGH"},
        {"0 to 6", "a range is written LOW..HIGH"},
        {"0\xe2\x80\x93"
         "6",
         "a range is written LOW..HIGH"},
        {"=6", "a sign of equality; write the number alone, or <= or >="},
        {"\xe2\x89\xa4"
         "6",
         "a typographic sign; write <="},
        {"\xe2\x89\xa5"
         "6",
         "a typographic sign; write >="},
        {"<", NULL},
        {"<=", NULL},
        {">==3", NULL},
        {"<>3", NULL},
        {"<3..5", NULL},
        {"3..<5", NULL},
        {"inf", NULL},
        {"1e3", NULL},
        {"junctional", NULL},
        {"<1234567890123456", "more than 15 digits"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bm_range range = {-99, -99, true, true};
        const char *problem = bm_syntax_range(bad[i].text, &range);
        assert_non_null(problem);
        if (bad[i].problem != NULL) {
            assert_string_equal(problem, bad[i].problem);
        }
        assert_true(range.low == -99 && range.high == -99);
    }
}

static void test_quantities(void **state)
{
    static const struct {
        const char *text;
        double number;
        const char *unit;
    } good[] = {
        {"3", 3, NULL},
        {" 3 ", 3, NULL},
        {"-2.5", -2.5, NULL},
        {"24 h", 24, "h"},
        {"24h", 24, "h"},
        {"0.5 mg/dL", 0.5, "mg/dL"},
        {"0.5  mg/dL", 0.5, "mg/dL"},
        {"50 %", 50, "%"},
        {"50%", 50, "%"},
        {"150 10*9/L", 150, "10*9/L"},
        {"150 10^9/L", 150, "10^9/L"},
        {"150000 /uL", 150000, "/uL"},
        {"150000/uL", 150000, "/uL"},
        {"70 [in_i]", 70, "[in_i]"},
        {"80 {score}", 80, "{score}"},
        {"60 mL/min/{1.73_m2}", 60, "mL/min/{1.73_m2}"},
        {"124 \xc2\xb5mol/L", 124, "\xc2\xb5mol/L"}, /* for the reader of the fact to refuse */
        {"3 e", 3, "e"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double number = -99;
        const char *unit = "none";
        assert_null(bm_syntax_quantity(good[i].text, &number, &unit));
        assert_true(number == good[i].number);
        if (good[i].unit == NULL) {
            assert_null(unit);
        } else {
            assert_string_equal(unit, good[i].unit);
            assert_true(unit >= good[i].text && unit < good[i].text + strlen(good[i].text));
        }
    }
}

static void test_quantities_refused(void **state)
{
    static const struct {
        const char *text, *problem; /* NULL: in the words of bm_read_number */
    } bad[] = {
        {"", NULL},
        {" ", NULL},
        {"h", NULL},
        {"h 24", NULL},
        {"1,4 mg/dL", "a decimal comma; write a point"},
        {"1,400 mg/dL", NULL},
        {"1_400", NULL},
        {"1'400", NULL},
        {"80_85", NULL},
        {"+3 h", NULL},
        {"3-4 h", NULL},
        {"2020-01-02", NULL},
        {"1e5 mg", NULL},
        {"1e-5 mg", NULL},
        {".5 mg", NULL},
        {"5. mg", NULL},
        {"- 5 mg", NULL},
        {"3 4", "two numbers; write one, then its unit"},
        {"3 4 mg", "two numbers; write one, then its unit"},
        {"310*9/L", "after the number stands something that begins no unit"},
        {"3 *", "after the number stands something that begins no unit"},
        {"3 /", "after the number stands something that begins no unit"},
        {"3 / 4", "after the number stands something that begins no unit"},
        {"3 <", "after the number stands something that begins no unit"},
        {"3 _a", "after the number stands something that begins no unit"},
        {"3 mg ", "a blank in or after the unit; leave it out"},
        {"3 mg dL", "a blank in or after the unit; leave it out"},
        {"3 mL/{1.73 m2}", "a blank in or after the unit; leave it out"},
        {"<3 mg", NULL},
        {"inf", NULL},
        {"1234567890123456 mg", "more than 15 digits"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double number = -99;
        const char *unit = "none";
        const char *problem = bm_syntax_quantity(bad[i].text, &number, &unit);
        if (problem == NULL) {
            fail_msg("accepted: %s", bad[i].text);
        } else if (bad[i].problem != NULL) {
            assert_string_equal(problem, bad[i].problem);
        }
        assert_true(number == -99);
        assert_string_equal(unit, "none");
    }
}

static void test_names(void **state)
{
    static const char *const good[] = {"a",    "age", "sins_total", "t12", "a_",    "a1b2",
                                       "andy", "inn", "wheres",     "min", "count", "known"};
    static const char *const bad[] = {
        "",    "1a", "_a",  "Age", "aB",  "a-b", "a.b",  " a",   "a ",    "\xc3\xa9", "and",  "or",
        "not", "in", "has", "any", "all", "if",  "then", "else", "where", "true",     "false"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(bm_syntax_is_name(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(bm_syntax_is_name(bad[i]));
    }
    assert_false(bm_syntax_is_name(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),   cmocka_unit_test(test_positions),
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_without_place_and_error),
        cmocka_unit_test(test_depth),         cmocka_unit_test(test_generated_trees),
        cmocka_unit_test(test_damaged_trees), cmocka_unit_test(test_random_tokens),
        cmocka_unit_test(test_random_bytes),  cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_ranges),        cmocka_unit_test(test_ranges_refused),
        cmocka_unit_test(test_quantities),    cmocka_unit_test(test_quantities_refused),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
