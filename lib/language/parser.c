/* SPDX-License-Identifier: Apache-2.0 */
/* Operators, one function a level, the loosest at the end. */
#include <string.h>

#include "language/parser.h"

bm_ex *bm_parse_nested(bm_parser *parser, bm_parse_function *parse)
{
    if (parser->nesting == BM_SYNTAX_DEPTH) {
        return bm_parser_too_deep(parser, parser->token.column);
    }
    parser->nesting++;
    bm_ex *node = parse(parser);
    parser->nesting--;
    return node;
}

static bm_ex *binary(bm_parser *parser, bm_ex_kind kind, bm_ex_op op, bm_ex *left)
{
    bm_ex *node = bm_ex_new(parser, kind, &parser->token);
    if (node != NULL) {
        node->op = op;
        node->a = left;
    }
    return node;
}

static bm_ex *finish_right(bm_parser *parser, bm_ex *node, bm_ex *right)
{
    if (right == NULL) {
        return NULL;
    }
    node->b = right;
    return bm_ex_finish(parser, node);
}

static bm_ex *parse_negative(bm_parser *parser);

static bm_ex *parse_power(bm_parser *parser)
{
    bm_ex *base = bm_parse_operand(parser);
    if (base == NULL || parser->token.kind != BM_TOKEN_POWER) {
        return base;
    }
    bm_ex *node = binary(parser, BM_EX_ARITH, BM_OP_POW, base);
    if (node == NULL) {
        return NULL;
    }
    bm_parser_advance(parser, BM_LEX_PLAIN);
    return finish_right(parser, node, bm_parse_nested(parser, parse_negative));
}

/* An operator before its only operand. */
static bm_ex *prefix(bm_parser *parser, bm_ex_kind kind, bm_parse_function *operand)
{
    bm_ex *node = bm_ex_new(parser, kind, &parser->token);
    if (node == NULL) {
        return NULL;
    }
    bm_parser_advance(parser, BM_LEX_PLAIN);
    node->a = bm_parse_nested(parser, operand);
    return node->a != NULL ? bm_ex_finish(parser, node) : NULL;
}

static bm_ex *parse_negative(bm_parser *parser)
{
    if (parser->token.kind == BM_TOKEN_MINUS) {
        return prefix(parser, BM_EX_NEGATE, parse_negative);
    }
    return parse_power(parser);
}

static bm_ex *parse_product(bm_parser *parser)
{
    bm_ex *left = parse_negative(parser);
    while (left != NULL &&
           (parser->token.kind == BM_TOKEN_TIMES || parser->token.kind == BM_TOKEN_DIVIDED)) {
        bm_ex_op op = parser->token.kind == BM_TOKEN_TIMES ? BM_OP_MUL : BM_OP_DIV;
        bm_ex *node = binary(parser, BM_EX_ARITH, op, left);
        if (node == NULL) {
            return NULL;
        }
        bm_parser_advance(parser, BM_LEX_PLAIN);
        left = finish_right(parser, node, parse_negative(parser));
    }
    return left;
}

static bm_ex *parse_sum(bm_parser *parser)
{
    bm_ex *left = parse_product(parser);
    while (left != NULL &&
           (parser->token.kind == BM_TOKEN_PLUS || parser->token.kind == BM_TOKEN_MINUS)) {
        bm_ex_op op = parser->token.kind == BM_TOKEN_PLUS ? BM_OP_ADD : BM_OP_SUB;
        bm_ex *node = binary(parser, BM_EX_ARITH, op, left);
        if (node == NULL) {
            return NULL;
        }
        bm_parser_advance(parser, BM_LEX_PLAIN);
        left = finish_right(parser, node, parse_product(parser));
    }
    return left;
}

static bool is_order(bm_token_kind kind)
{
    return kind >= BM_TOKEN_EQ && kind <= BM_TOKEN_GE;
}

static bool is_arithmetic(bm_token_kind kind)
{
    return kind >= BM_TOKEN_PLUS && kind <= BM_TOKEN_POWER;
}

static bm_ex *parse_order(bm_parser *parser, bm_ex *left)
{
    bm_token_kind sign = parser->token.kind;
    bool equality = sign == BM_TOKEN_EQ || sign == BM_TOKEN_NE;
    bm_ex_op op = (bm_ex_op)((int)BM_OP_EQ + ((int)sign - (int)BM_TOKEN_EQ));
    bm_ex *node = binary(parser, BM_EX_COMPARE, op, left);
    if (node == NULL) {
        return NULL;
    }
    bm_parser_advance(parser, equality ? BM_LEX_RIGHT : BM_LEX_PLAIN);
    return finish_right(parser, node, parse_sum(parser));
}

static bm_ex *parse_in(bm_parser *parser, bm_ex *left)
{
    bm_ex *node = binary(parser, BM_EX_IN, 0, left);
    if (node == NULL) {
        return NULL;
    }
    bm_parser_advance(parser, BM_LEX_UNIT);
    if (parser->token.kind == BM_TOKEN_OPEN_BRACE) {
        return bm_parse_options(parser, node) ? bm_ex_finish(parser, node) : NULL;
    }
    if (parser->token.kind != BM_TOKEN_UNIT) {
        return bm_parser_unexpected(parser, "'{' or a unit", NULL);
    }
    node->kind = BM_EX_CONVERT;
    node->unit = bm_ex_text(parser, parser->token.unit, parser->token.unit_length);
    if (node->unit == NULL) {
        return NULL;
    }
    bm_parser_advance(parser, BM_LEX_PLAIN);
    return bm_ex_finish(parser, node);
}

static bm_ex *parse_has(bm_parser *parser, bm_ex *left)
{
    bm_ex *node = binary(parser, BM_EX_HAS, BM_HAS_ONE, left);
    if (node == NULL) {
        return NULL;
    }
    bm_parser_advance(parser, BM_LEX_OPTION);
    bool several = true;
    if (bm_parser_accept(parser, BM_TOKEN_ANY, BM_LEX_PLAIN)) {
        node->op = BM_HAS_ANY;
    } else if (bm_parser_accept(parser, BM_TOKEN_ALL, BM_LEX_PLAIN)) {
        node->op = BM_HAS_ALL;
    } else {
        several = false;
    }
    bool read = several ? bm_parse_options(parser, node)
                        : bm_parse_option(parser, node, "an option, 'any' or 'all'");
    return read ? bm_ex_finish(parser, node) : NULL;
}

/* What may not follow a comparison, although it is an operator. */
static bm_ex *end_comparison(bm_parser *parser, bm_ex *node)
{
    char shown[BM_TOKEN_SHOWN];
    bm_token_kind next = parser->token.kind;
    bool compares = is_order(next) || next == BM_TOKEN_IN || next == BM_TOKEN_HAS;
    if (node == NULL || !(compares || is_arithmetic(next))) {
        return node;
    }
    bm_token_show(&parser->token, shown);
    if (compares && node->kind != BM_EX_CONVERT) {
        return bm_parser_refuse(parser, &parser->token,
                                "%q: comparisons do not chain; join two with 'and', as in "
                                "a < b and b < c, or put one in parentheses",
                                shown, NULL);
    }
    return bm_parser_refuse(parser, &parser->token,
                            "%q: put the part before it in parentheses, from its beginning on",
                            shown, NULL);
}

static bm_ex *parse_comparison(bm_parser *parser)
{
    bm_ex *left = parse_sum(parser);
    if (left == NULL) {
        return NULL;
    }
    if (is_order(parser->token.kind)) {
        return end_comparison(parser, parse_order(parser, left));
    }
    if (parser->token.kind == BM_TOKEN_IN) {
        return end_comparison(parser, parse_in(parser, left));
    }
    if (parser->token.kind == BM_TOKEN_HAS) {
        return end_comparison(parser, parse_has(parser, left));
    }
    return left;
}

static bm_ex *parse_not(bm_parser *parser)
{
    if (parser->token.kind == BM_TOKEN_NOT) {
        return prefix(parser, BM_EX_NOT, parse_not);
    }
    return parse_comparison(parser);
}

/* Terms joined by one word, in one node. */
static bm_ex *parse_joined(bm_parser *parser, bm_token_kind joint, bm_ex_kind kind,
                           bm_parse_function *term)
{
    size_t capacity = 0;
    bm_ex *next = term(parser);
    if (next == NULL || parser->token.kind != joint) {
        return next;
    }
    bm_ex *node = bm_ex_new(parser, kind, &parser->token);
    if (node == NULL || !bm_ex_append(parser, node, &capacity, next)) {
        return NULL;
    }
    while (bm_parser_accept(parser, joint, BM_LEX_PLAIN)) {
        next = term(parser);
        if (next == NULL || !bm_ex_append(parser, node, &capacity, next)) {
            return NULL;
        }
    }
    return bm_ex_finish(parser, node);
}

static bm_ex *parse_and(bm_parser *parser)
{
    return parse_joined(parser, BM_TOKEN_AND, BM_EX_AND, parse_not);
}

static bm_ex *parse_or(bm_parser *parser)
{
    return parse_joined(parser, BM_TOKEN_OR, BM_EX_OR, parse_and);
}

static bm_ex *parse_if(bm_parser *parser)
{
    bm_ex *node = bm_ex_new(parser, BM_EX_IF, &parser->token);
    if (node == NULL) {
        return NULL;
    }
    bm_parser_advance(parser, BM_LEX_PLAIN);
    node->a = bm_parse_nested(parser, bm_parse_expression);
    if (node->a == NULL ||
        !bm_parser_expect(parser, BM_TOKEN_THEN, BM_LEX_PLAIN, "an operator or 'then'")) {
        return NULL;
    }
    node->b = bm_parse_nested(parser, bm_parse_expression);
    if (node->b == NULL ||
        !bm_parser_expect(parser, BM_TOKEN_ELSE, BM_LEX_PLAIN, "an operator or 'else'")) {
        return NULL;
    }
    node->c = bm_parse_nested(parser, bm_parse_expression);
    return node->c != NULL ? bm_ex_finish(parser, node) : NULL;
}

bm_ex *bm_parse_expression(bm_parser *parser)
{
    if (parser->token.kind == BM_TOKEN_IF) {
        return parse_if(parser);
    }
    return parse_or(parser);
}

static bm_ex *parse_all(bm_parser *parser)
{
    bm_ex *whole = bm_parse_expression(parser);
    if (whole == NULL || parser->token.kind == BM_TOKEN_END) {
        return whole;
    }
    return bm_parser_unexpected(
        parser, "an operator or the end",
        parser->token.kind == BM_TOKEN_NOT ? "'not' stands before the whole comparison" : NULL);
}

const bm_ex *bm_syntax_parse(bm_arena *arena, const char *text, const bm_place *place,
                             bool *no_memory, bonemets_error *err)
{
    bm_parser parser = {.arena = arena, .place = place, .err = err};
    int column = place != NULL && place->column > 0 ? place->column : 1;
    bm_lexer_start(&parser.lexer, text, column);
    parser.token = bm_lexer_next(&parser.lexer, BM_LEX_PLAIN);
    const bm_ex *tree = parse_all(&parser);
    *no_memory = parser.no_memory;
    return tree;
}
