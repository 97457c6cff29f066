/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "language/parser.h"

/* Two tokens of up to 60 bytes, of which each may be escaped to four, and the words around. */
enum { LONGEST_MESSAGE = 768 };

void bm_parser_advance(bm_parser *parser, bm_lex_mode mode)
{
    parser->previous = parser->token;
    parser->token = bm_lexer_next(&parser->lexer, mode);
}

bool bm_parser_accept(bm_parser *parser, bm_token_kind kind, bm_lex_mode mode)
{
    if (parser->token.kind != kind) {
        return false;
    }
    bm_parser_advance(parser, mode);
    return true;
}

bool bm_parser_expect(bm_parser *parser, bm_token_kind kind, bm_lex_mode mode, const char *expected)
{
    if (!bm_parser_accept(parser, kind, mode)) {
        bm_parser_unexpected(parser, expected, NULL);
        return false;
    }
    return true;
}

const char *bm_token_show(const bm_token *token, char buffer[BM_TOKEN_SHOWN])
{
    size_t length = token->length < BM_TOKEN_SHOWN ? token->length : BM_TOKEN_SHOWN - 1;
    memcpy(buffer, token->text, length);
    buffer[length] = '\0';
    return buffer;
}

static int line_of(const bm_parser *parser)
{
    return parser->place != NULL && parser->place->line > 0 ? parser->place->line : 1;
}

static bm_place place_of(const bm_parser *parser, int column)
{
    bm_place place = {.line = line_of(parser), .column = column};
    if (parser->place != NULL) {
        place.file = parser->place->file;
        place.path = parser->place->path;
    }
    return place;
}

bm_ex *bm_parser_refuse(bm_parser *parser, const bm_token *at, const char *format,
                        const char *first, const char *second)
{
    bm_place place = place_of(parser, at->column);
    bm_fail(parser->err, BONEMETS_E_RULE, &place, format, first, second);
    return NULL;
}

bm_ex *bm_parser_too_deep(bm_parser *parser, int column)
{
    bm_place place = place_of(parser, column);
    bm_fail(parser->err, BONEMETS_E_RULE, &place,
            "nested deeper than %d levels; make values of its own of some parts", BM_SYNTAX_DEPTH);
    return NULL;
}

bm_ex *bm_parser_unexpected(bm_parser *parser, const char *expected, const char *hint)
{
    char shown[BM_TOKEN_SHOWN], message[LONGEST_MESSAGE];
    bm_text text;
    if (parser->token.kind == BM_TOKEN_WRONG) {
        bm_token_show(&parser->token, shown);
        return bm_parser_refuse(parser, &parser->token, parser->token.problem, shown,
                                parser->token.detail);
    }
    bm_text_init(&text, message, sizeof message);
    bm_put_format(&text, "expected %s", expected);
    if (parser->previous.kind != BM_TOKEN_END) {
        bm_put_format(&text, " after %q", bm_token_show(&parser->previous, shown));
    }
    if (parser->token.kind == BM_TOKEN_END) {
        bm_put(&text, ", found the end");
    } else {
        bm_put_format(&text, ", found %q", bm_token_show(&parser->token, shown));
    }
    if (hint != NULL) {
        bm_put_format(&text, "; %s", hint);
    }
    return bm_parser_refuse(parser, &parser->token, "%s", message, NULL);
}

static void *no_memory(bm_parser *parser)
{
    parser->no_memory = true;
    return NULL;
}

bm_ex *bm_ex_new(bm_parser *parser, bm_ex_kind kind, const bm_token *at)
{
    bm_ex *node = bm_arena_take(parser->arena, sizeof *node);
    if (node == NULL) {
        return no_memory(parser);
    }
    node->kind = kind;
    node->line = line_of(parser);
    node->column = at->column;
    return node;
}

const char *bm_ex_text(bm_parser *parser, const char *text, size_t length)
{
    const char *copy = bm_arena_text(parser->arena, text, length);
    return copy != NULL ? copy : no_memory(parser);
}

bool bm_ex_append(bm_parser *parser, bm_ex *node, size_t *capacity, bm_ex *item)
{
    bm_ex **list =
        bm_arena_grow(parser->arena, node->list, (size_t)node->count, capacity, sizeof(bm_ex *));
    if (list == NULL) {
        no_memory(parser);
        return false;
    }
    node->list = list;
    node->list[node->count++] = item;
    return true;
}

static int deeper(int depth, const bm_ex *part)
{
    return part != NULL && part->depth >= depth ? part->depth + 1 : depth;
}

bm_ex *bm_ex_finish(bm_parser *parser, bm_ex *node)
{
    int depth = deeper(deeper(deeper(0, node->a), node->b), node->c);
    for (int i = 0; i < node->count; i++) {
        depth = deeper(depth, node->list[i]);
    }
    node->depth = depth;
    return depth <= BM_SYNTAX_DEPTH ? node : bm_parser_too_deep(parser, node->column);
}
