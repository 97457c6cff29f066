/* SPDX-License-Identifier: Apache-2.0 */
/* What the two halves of the parser share: parser.c has the operators, operand.c what stands
 * between them. A function that returns NULL or false has reported why, unless memory was short. */
#ifndef BM_LANGUAGE_PARSER_H
#define BM_LANGUAGE_PARSER_H

#include <stdbool.h>
#include <stddef.h>

#include "language/syntax.h"
#include "language/token.h"

typedef struct {
    bm_arena *arena;
    bm_lexer lexer;
    bm_token token;    /* the next one */
    bm_token previous; /* END before the first */
    const bm_place *place;
    bonemets_error *err;
    int nesting; /* calls of bm_parse_nested under way */
    bool no_memory;
} bm_parser;

typedef bm_ex *bm_parse_function(bm_parser *parser);

/* operand.c */
bm_ex *bm_parse_operand(bm_parser *parser);
/* Fill the list of `node`: with all that stands between braces, or with one option. */
bool bm_parse_options(bm_parser *parser, bm_ex *node);
bool bm_parse_option(bm_parser *parser, bm_ex *node, const char *expected);

/* parser.c */
bm_ex *bm_parse_expression(bm_parser *parser);
/* Everything that calls itself goes through here, which bounds the stack. */
bm_ex *bm_parse_nested(bm_parser *parser, bm_parse_function *parse);

/* expression.c */
void bm_parser_advance(bm_parser *parser, bm_lex_mode mode);
bool bm_parser_accept(bm_parser *parser, bm_token_kind kind, bm_lex_mode mode);
bool bm_parser_expect(bm_parser *parser, bm_token_kind kind, bm_lex_mode mode,
                      const char *expected);
/* Reports the next token, with a hint or NULL. Always returns NULL. */
bm_ex *bm_parser_unexpected(bm_parser *parser, const char *expected, const char *hint);
/* Reports at a token; the format takes two texts. Always returns NULL. */
bm_ex *bm_parser_refuse(bm_parser *parser, const bm_token *at, const char *format,
                        const char *first, const char *second);
/* Copies the token into the buffer for a message, long ones cut. */
enum { BM_TOKEN_SHOWN = 80 };
const char *bm_token_show(const bm_token *token, char buffer[BM_TOKEN_SHOWN]);

bm_ex *bm_ex_new(bm_parser *parser, bm_ex_kind kind, const bm_token *at);
/* NULL when there is no memory. */
const char *bm_ex_text(bm_parser *parser, const char *text, size_t length);
bool bm_ex_append(bm_parser *parser, bm_ex *node, size_t *capacity, bm_ex *item);
/* To be called when all parts of a node are in place: refuses a tree that is too deep. */
bm_ex *bm_ex_finish(bm_parser *parser, bm_ex *node);
bm_ex *bm_parser_too_deep(bm_parser *parser, int column);

#endif
