/* SPDX-License-Identifier: Apache-2.0 */
/* Words, numbers and signs of an expression. What a word or a number may look like depends on what
 * stands before it, so the parser asks for each token in a mode. */
#ifndef BM_LANGUAGE_TOKEN_H
#define BM_LANGUAGE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    BM_TOKEN_END,
    BM_TOKEN_WRONG,  /* has a message of its own */
    BM_TOKEN_NUMBER, /* with its unit */
    BM_TOKEN_NAME,
    BM_TOKEN_OPTION, /* a bare option that could be no name: 1a, 80_85, T12 */
    BM_TOKEN_QUOTED,
    BM_TOKEN_UNIT, /* after `in` */
    /* words of the language */
    BM_TOKEN_ALL,
    BM_TOKEN_AND,
    BM_TOKEN_ANY,
    BM_TOKEN_ELSE,
    BM_TOKEN_FALSE,
    BM_TOKEN_HAS,
    BM_TOKEN_IF,
    BM_TOKEN_IN,
    BM_TOKEN_NOT,
    BM_TOKEN_OR,
    BM_TOKEN_THEN,
    BM_TOKEN_TRUE,
    BM_TOKEN_WHERE,
    /* signs */
    BM_TOKEN_EQ,
    BM_TOKEN_NE,
    BM_TOKEN_LT,
    BM_TOKEN_LE,
    BM_TOKEN_GT,
    BM_TOKEN_GE,
    BM_TOKEN_PLUS,
    BM_TOKEN_MINUS,
    BM_TOKEN_TIMES,
    BM_TOKEN_DIVIDED,
    BM_TOKEN_POWER,
    BM_TOKEN_OPEN,
    BM_TOKEN_CLOSE,
    BM_TOKEN_OPEN_BRACE,
    BM_TOKEN_CLOSE_BRACE,
    BM_TOKEN_COMMA,
    BM_TOKEN_COLON,
    BM_TOKEN_DOT
} bm_token_kind;

typedef enum {
    BM_LEX_PLAIN,
    BM_LEX_RIGHT,  /* right of = and !=: a number, a name or a bare option */
    BM_LEX_OPTION, /* within braces and after `has`: digits are an option too */
    BM_LEX_UNIT    /* after `in`: a brace or the text of a unit */
} bm_lex_mode;

typedef struct {
    bm_token_kind kind;
    const char *text; /* as it is written: quotes and unit included */
    size_t length;
    int column; /* from 1, counted in characters */
    double number;
    const char *unit; /* NULL when there is none */
    size_t unit_length;
    /* WRONG: a format that takes the text and then `detail` */
    const char *problem, *detail;
} bm_token;

typedef struct {
    const char *at;      /* next byte to look at */
    const char *counted; /* `column` is that of this byte */
    int column;
} bm_lexer;

void bm_lexer_start(bm_lexer *lexer, const char *text, int column);
bm_token bm_lexer_next(bm_lexer *lexer, bm_lex_mode mode);
/* The next character that is no blank; NUL at the end. */
char bm_lexer_peek(const bm_lexer *lexer);

/* BM_TOKEN_NAME when it is no word of the language. */
bm_token_kind bm_word_kind(const char *text, size_t length);

bool bm_is_blank(char c);
bool bm_is_digit(char c);
bool bm_is_lower(char c);
bool bm_is_upper(char c);
bool bm_is_letter(char c);
/* `10*9/L` and `10^9/L` are the only units that begin with a digit. */
bool bm_is_power_of_ten(const char *text);

#endif
