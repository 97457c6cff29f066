/* SPDX-License-Identifier: Apache-2.0 */
/* What stands between operators: numbers, names, options, calls and groups. */
#include <limits.h>
#include <string.h>

#include "base/names.h"
#include "language/parser.h"

typedef struct {
    const char *name;
    int least, most;   /* values in a plain call; most 0: there is none */
    bool over;         /* may go over the records of a kind */
    const char *takes; /* for a message */
} function;

static const char one[] = "one value";
static const char one_kind[] = "one kind of record";
static const char set_or_records[] = "one set, or the records of a kind: (KIND: condition)";
static const char two_or_records[] = "two values or more, or the records of a kind: (KIND: value)";

static const function functions[] = {
    {"abs", 1, 1, false, one},
    {"all", 0, 0, true, NULL},
    {"any", 0, 0, true, NULL},
    {"count", 1, 1, true, set_or_records},
    {"derived", 1, 1, false, one},
    {"exp", 1, 1, false, one},
    {"known", 1, 1, false, one},
    {"log", 1, 1, false, one},
    {"max", 2, INT_MAX, true, two_or_records},
    {"min", 2, INT_MAX, true, two_or_records},
    {"missing", 1, 1, false, one},
    {"restated", 1, 1, false, one_kind},
    {"shown", 1, 1, false, one},
    {"sqrt", 1, 1, false, one},
    {"stated", 1, 1, false, one},
    {"sum", 0, 0, true, NULL},
};

/* Functions of other languages, where the nearest name would mean something else. */
static const struct {
    const char *name, *advice;
} elsewhere[] = {
    {"ln", "'log' is the natural logarithm"},
    {"log10", "write log(x) / log(10)"},
    {"log2", "write log(x) / log(2)"},
    {"not_known", "write not known(x)"},
    {"pow", "write x ^ y"},
    {"unknown", "write not known(x), or missing(x)"},
};

static const function *find_function(const bm_token *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strlen(functions[i].name) == name->length &&
            memcmp(functions[i].name, name->text, name->length) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

static const char *nearest_function(const char *name)
{
    enum { FAR = 2 };
    const char *nearest = NULL;
    int distance = FAR + 1;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        int d = bm_edit_distance(name, functions[i].name, FAR);
        if (d < distance && (size_t)d < strlen(name)) {
            distance = d;
            nearest = functions[i].name;
        }
    }
    return nearest;
}

static bm_ex *unknown_function(bm_parser *parser, const bm_token *name)
{
    char shown[BM_TOKEN_SHOWN];
    bm_token_show(name, shown);
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        if (strcmp(shown, elsewhere[i].name) == 0) {
            return bm_parser_refuse(parser, name, "there is no function %q; %s", shown,
                                    elsewhere[i].advice);
        }
    }
    const char *nearest = nearest_function(shown);
    if (nearest != NULL) {
        return bm_parser_refuse(parser, name, "there is no function %q; did you mean %q?", shown,
                                nearest);
    }
    return bm_parser_refuse(parser, name,
                            "there is no function %q; there are abs all any count derived exp "
                            "known log max min missing restated shown sqrt stated sum",
                            shown, NULL);
}

/* `by LINK`, which is no word of the language: no name can stand behind an expression. */
static bool parse_link(bm_parser *parser, bm_ex *node)
{
    const bm_token *token = &parser->token;
    if (token->kind != BM_TOKEN_NAME || token->length != 2 || memcmp(token->text, "by", 2) != 0) {
        return true;
    }
    bm_parser_advance(parser, BM_LEX_PLAIN);
    if (token->kind != BM_TOKEN_NAME) {
        bm_parser_unexpected(parser, "the fact that links the records", NULL);
        return false;
    }
    node->link = bm_ex_text(parser, token->text, token->length);
    if (node->link != NULL) {
        bm_parser_advance(parser, BM_LEX_PLAIN);
    }
    return node->link != NULL;
}

/* name(KIND: a where b by LINK); the next token is that after '('. */
static bm_ex *parse_over(bm_parser *parser, const function *f, const bm_token *name)
{
    if (!f->over) {
        return bm_parser_refuse(parser, &parser->token,
                                "%q does not go over records; all any count max min sum do",
                                f->name, NULL);
    }
    bm_ex *node = bm_ex_new(parser, BM_EX_OVER, name);
    if (node == NULL) {
        return NULL;
    }
    node->name = f->name;
    node->member = bm_ex_text(parser, parser->token.text, parser->token.length);
    if (node->member == NULL) {
        return NULL;
    }
    bm_parser_advance(parser, BM_LEX_PLAIN); /* the kind */
    bm_parser_advance(parser, BM_LEX_PLAIN); /* the colon, which was seen */
    node->a = bm_parse_nested(parser, bm_parse_expression);
    if (node->a == NULL) {
        return NULL;
    }
    if (bm_parser_accept(parser, BM_TOKEN_WHERE, BM_LEX_PLAIN)) {
        node->b = bm_parse_nested(parser, bm_parse_expression);
        if (node->b == NULL) {
            return NULL;
        }
    }
    if (!parse_link(parser, node) ||
        !bm_parser_expect(parser, BM_TOKEN_CLOSE, BM_LEX_PLAIN,
                          node->b == NULL ? "an operator, 'where' or ')'" : "an operator or ')'")) {
        return NULL;
    }
    return bm_ex_finish(parser, node);
}

static bool parse_arguments(bm_parser *parser, bm_ex *node)
{
    size_t capacity = 0;
    do {
        bm_ex *argument = bm_parse_nested(parser, bm_parse_expression);
        if (argument == NULL || !bm_ex_append(parser, node, &capacity, argument)) {
            return false;
        }
    } while (bm_parser_accept(parser, BM_TOKEN_COMMA, BM_LEX_PLAIN));
    return bm_parser_expect(parser, BM_TOKEN_CLOSE, BM_LEX_PLAIN, "an operator, ',' or ')'");
}

/* The next token is the '(' after the name. */
static bm_ex *parse_call(bm_parser *parser, const bm_token *name)
{
    const function *f = find_function(name);
    if (f == NULL) {
        return unknown_function(parser, name);
    }
    bm_parser_advance(parser, BM_LEX_PLAIN);
    if (parser->token.kind == BM_TOKEN_NAME && bm_lexer_peek(&parser->lexer) == ':') {
        return parse_over(parser, f, name);
    }
    if (f->most == 0) {
        return parser->token.kind == BM_TOKEN_WRONG
                   ? bm_parser_unexpected(parser, "a kind of record", NULL)
                   : bm_parser_refuse(parser, &parser->token,
                                      "%q goes over the records of a kind: %s(KIND: ...)", f->name,
                                      f->name);
    }
    bm_ex *node = bm_ex_new(parser, BM_EX_CALL, name);
    if (node == NULL) {
        return NULL;
    }
    node->name = f->name;
    if (!parse_arguments(parser, node)) {
        return NULL;
    }
    if (node->count < f->least || node->count > f->most) {
        return bm_parser_refuse(parser, name, "%q takes %s", f->name, f->takes);
    }
    return bm_ex_finish(parser, node);
}

static bm_ex *parse_truth(bm_parser *parser)
{
    bm_ex *node = bm_ex_new(parser, BM_EX_TRUTH, &parser->token);
    if (node != NULL) {
        node->number = parser->token.kind == BM_TOKEN_TRUE ? 1 : 0;
        bm_parser_advance(parser, BM_LEX_PLAIN);
    }
    return node;
}

static bm_ex *parse_number(bm_parser *parser)
{
    bm_ex *node = bm_ex_new(parser, BM_EX_NUMBER, &parser->token);
    if (node == NULL) {
        return NULL;
    }
    node->number = parser->token.number;
    if (parser->token.unit != NULL) {
        node->unit = bm_ex_text(parser, parser->token.unit, parser->token.unit_length);
        if (node->unit == NULL) {
            return NULL;
        }
    }
    bm_parser_advance(parser, BM_LEX_PLAIN);
    return node;
}

/* A name, a bare option or one in quotes. */
static bm_ex *parse_text(bm_parser *parser)
{
    const bm_token *token = &parser->token;
    size_t quote = token->kind == BM_TOKEN_QUOTED ? 1 : 0;
    bm_ex *node = bm_ex_new(parser, quote > 0 ? BM_EX_QUOTED : BM_EX_NAME, token);
    if (node == NULL) {
        return NULL;
    }
    node->name = bm_ex_text(parser, token->text + quote, token->length - 2 * quote);
    if (node->name == NULL) {
        return NULL;
    }
    bm_parser_advance(parser, BM_LEX_PLAIN);
    return node;
}

static bm_ex *parse_name(bm_parser *parser)
{
    bm_token name = parser->token;
    if (bm_lexer_peek(&parser->lexer) == '(') {
        bm_parser_advance(parser, BM_LEX_PLAIN);
        return parse_call(parser, &name);
    }
    bm_ex *node = parse_text(parser);
    if (node == NULL || !bm_parser_accept(parser, BM_TOKEN_DOT, BM_LEX_PLAIN)) {
        return node;
    }
    bm_token member = parser->token;
    if (!bm_parser_expect(parser, BM_TOKEN_NAME, BM_LEX_PLAIN, "a name")) {
        return NULL;
    }
    node->kind = BM_EX_MEMBER;
    node->member = bm_ex_text(parser, member.text, member.length);
    return node->member != NULL ? node : NULL;
}

static bm_ex *parse_quantifier(bm_parser *parser)
{
    bm_token name = parser->token;
    bm_parser_advance(parser, BM_LEX_PLAIN);
    if (parser->token.kind != BM_TOKEN_OPEN) {
        return bm_parser_unexpected(parser, "'('", NULL);
    }
    return parse_call(parser, &name);
}

static bm_ex *parse_group(bm_parser *parser)
{
    bm_parser_advance(parser, BM_LEX_PLAIN);
    bm_ex *inner = bm_parse_nested(parser, bm_parse_expression);
    if (inner == NULL ||
        !bm_parser_expect(parser, BM_TOKEN_CLOSE, BM_LEX_PLAIN, "an operator or ')'")) {
        return NULL;
    }
    return inner;
}

bm_ex *bm_parse_operand(bm_parser *parser)
{
    static const char expected[] = "a number or a name";
    switch (parser->token.kind) {
    case BM_TOKEN_NUMBER:
        return parse_number(parser);
    case BM_TOKEN_TRUE:
    case BM_TOKEN_FALSE:
        return parse_truth(parser);
    case BM_TOKEN_NAME:
        return parse_name(parser);
    case BM_TOKEN_OPTION:
    case BM_TOKEN_QUOTED:
        return parse_text(parser);
    case BM_TOKEN_ANY:
    case BM_TOKEN_ALL:
        return parse_quantifier(parser);
    case BM_TOKEN_OPEN:
        return parse_group(parser);
    case BM_TOKEN_NOT:
    case BM_TOKEN_IF:
        return bm_parser_unexpected(parser, expected,
                                    "put parentheses around the part that begins with it");
    case BM_TOKEN_OPEN_BRACE:
        return bm_parser_unexpected(parser, expected,
                                    "braces stand after 'in', 'has any' and 'has all'");
    default:
        return bm_parser_unexpected(parser, expected, NULL);
    }
}

static bool append_option(bm_parser *parser, bm_ex *node, size_t *capacity, const char *expected)
{
    bm_token_kind kind = parser->token.kind;
    if (kind != BM_TOKEN_NAME && kind != BM_TOKEN_OPTION && kind != BM_TOKEN_QUOTED) {
        bool word = bm_word_kind(parser->token.text, parser->token.length) != BM_TOKEN_NAME;
        bm_parser_unexpected(parser, expected,
                             word ? "an option of that name stands in quotes" : NULL);
        return false;
    }
    bm_ex *option = parse_text(parser);
    return option != NULL && bm_ex_append(parser, node, capacity, option);
}

bool bm_parse_option(bm_parser *parser, bm_ex *node, const char *expected)
{
    size_t capacity = 0;
    return append_option(parser, node, &capacity, expected);
}

bool bm_parse_options(bm_parser *parser, bm_ex *node)
{
    size_t capacity = 0;
    if (!bm_parser_expect(parser, BM_TOKEN_OPEN_BRACE, BM_LEX_OPTION, "'{'")) {
        return false;
    }
    do {
        if (!append_option(parser, node, &capacity, "an option")) {
            return false;
        }
    } while (bm_parser_accept(parser, BM_TOKEN_COMMA, BM_LEX_OPTION));
    return bm_parser_expect(parser, BM_TOKEN_CLOSE_BRACE, BM_LEX_PLAIN, "',' or '}'");
}
