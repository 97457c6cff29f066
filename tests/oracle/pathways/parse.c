/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions of the tables: `or`, `and`, `not`, comparisons, `in [...]`, sums and a few calls. */
#include "pathways.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    pw_table *table;
    const char *at;
} reader;

static int parse_or(reader *r);

static void skip_space(reader *r)
{
    while (isspace((unsigned char)*r->at))
        r->at++;
}

static bool name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool take(reader *r, const char *sign)
{
    size_t n = strlen(sign);

    skip_space(r);
    if (strncmp(r->at, sign, n) != 0 || (name_char(sign[n - 1]) && name_char(r->at[n])))
        return false;
    r->at += n;
    return true;
}

static void need(reader *r, const char *sign)
{
    if (!take(r, sign))
        pw_refuse(r->table, "expected elsewhere in the expression:", sign);
}

static int new_node(reader *r, pw_operation operation, int left, int right)
{
    pw_table *t = r->table;
    pw_node *node = &t->nodes[t->n_nodes];

    if (t->n_nodes == PW_NODES)
        pw_refuse(t, "too many nodes", "");
    node->operation = operation;
    node->left = left;
    node->right = right;
    return t->n_nodes++;
}

static int constant(reader *r, pw_kind kind, int word, double number)
{
    int node = new_node(r, PW_IS_VALUE, -1, -1);

    r->table->nodes[node].value = (pw_value){.kind = kind, .word = word, .number = number};
    return node;
}

static int quoted(reader *r)
{
    const char *end;

    need(r, "'");
    end = strchr(r->at, '\'');
    if (!end)
        pw_refuse(r->table, "no closing quote", r->at);
    int word = pw_word(r->table, r->at, (size_t)(end - r->at));

    r->at = end + 1;
    return word;
}

static size_t name(reader *r, char *text, size_t size)
{
    size_t n = 0;

    skip_space(r);
    while (name_char(r->at[n]) && n + 1 < size) {
        text[n] = r->at[n];
        n++;
    }
    text[n] = '\0';
    r->at += n;
    return n;
}

static int option(reader *r, int input, int word)
{
    const pw_input *in = &r->table->inputs[input];

    for (int i = 0; i < in->n_options; i++)
        if (in->words[i] == word)
            return i;
    pw_refuse(r->table, "no such option of a set:", r->table->words[word]);
}

static int input_in_call(reader *r)
{
    char text[64];

    name(r, text, sizeof text);
    int input = pw_find_input(r->table, text);

    if (input < 0)
        pw_refuse(r->table, "no such input:", text);
    return input;
}

static void list_of_words(reader *r, int node)
{
    pw_node *n = &r->table->nodes[node];

    need(r, "[");
    do {
        if (n->n_items == PW_ITEMS)
            pw_refuse(r->table, "too many items", "");
        n->items[n->n_items++] = quoted(r);
    } while (take(r, ","));
    need(r, "]");
}

/* has(set, 'a') and has_any(set, ['a', 'b']) */
static int parse_has(reader *r, bool any)
{
    int input = input_in_call(r);
    int node = new_node(r, PW_IS_HAS, input, -1);
    pw_node *n = &r->table->nodes[node];

    need(r, ",");
    if (any)
        list_of_words(r, node);
    else
        n->items[n->n_items++] = quoted(r);
    for (int i = 0; i < n->n_items; i++)
        n->value.members |= UINT64_C(1) << option(r, input, n->items[i]);
    return node;
}

static int parse_missing(reader *r)
{
    int input = input_in_call(r);

    r->table->inputs[input].asked = true;
    return new_node(r, PW_IS_MISSING, input, -1);
}

static int parse_call(reader *r, const char *function)
{
    int node;

    if (strcmp(function, "has") == 0 || strcmp(function, "has_any") == 0)
        node = parse_has(r, function[3] == '_');
    else if (strcmp(function, "count") == 0)
        node = new_node(r, PW_IS_COUNT, input_in_call(r), -1);
    else if (strcmp(function, "missing") == 0)
        node = parse_missing(r);
    else
        pw_refuse(r->table, "no such function:", function);
    need(r, ")");
    return node;
}

static int parse_name(reader *r)
{
    char text[64];
    int found;

    if (name(r, text, sizeof text) == 0)
        pw_refuse(r->table, "cannot be read:", r->at);
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return constant(r, PW_TRUTH, text[0] == 't', 0.0);
    if (take(r, "("))
        return parse_call(r, text);
    if ((found = pw_find_input(r->table, text)) >= 0)
        return new_node(r, PW_IS_INPUT, found, -1);
    if ((found = pw_find_let(r->table, text)) >= 0)
        return new_node(r, PW_IS_LET, found, -1);
    if (strncmp(text, "out_", 4) == 0 && (found = pw_find_key(r->table, text + 4)) >= 0)
        return new_node(r, PW_IS_OUT, found, -1);
    pw_refuse(r->table, "no such name:", text);
}

static int parse_atom(reader *r)
{
    skip_space(r);
    if (isdigit((unsigned char)*r->at)) {
        char *end;
        double number = strtod(r->at, &end);

        r->at = end;
        return constant(r, PW_NUMBER, 0, number);
    }
    if (*r->at == '\'')
        return constant(r, PW_WORD, quoted(r), 0.0);
    if (take(r, "(")) {
        int node = parse_or(r);

        need(r, ")");
        return node;
    }
    return parse_name(r);
}

/* A chain of binary signs of one rank, from the left. */
static int parse_chain(reader *r, const char *const signs[2], pw_operation operation,
                       int (*part)(reader *))
{
    int left = part(r);

    for (;;) {
        const char *sign = take(r, signs[0]) ? signs[0] : take(r, signs[1]) ? signs[1] : NULL;

        if (!sign)
            return left;
        int right = part(r), node = new_node(r, operation, left, right);

        r->table->nodes[node].sign[0] = sign[0];
        left = node;
    }
}

static int parse_product(reader *r)
{
    static const char *const signs[2] = {"*", "/"};

    return parse_chain(r, signs, PW_IS_SUM, parse_atom);
}

static int parse_sum(reader *r)
{
    static const char *const signs[2] = {"+", "-"};

    return parse_chain(r, signs, PW_IS_SUM, parse_product);
}

static int parse_comparison(reader *r)
{
    static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">"};
    int left = parse_sum(r);

    if (take(r, "in")) {
        int node = new_node(r, PW_IS_IN, left, -1);

        list_of_words(r, node);
        return node;
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!take(r, signs[i]))
            continue;
        int right = parse_sum(r), node = new_node(r, PW_IS_COMPARED, left, right);

        memcpy(r->table->nodes[node].sign, signs[i], strlen(signs[i]));
        return node;
    }
    return left;
}

static int parse_not(reader *r)
{
    if (take(r, "not"))
        return new_node(r, PW_IS_NOT, parse_not(r), -1);
    return parse_comparison(r);
}

static int parse_and(reader *r)
{
    int left = parse_not(r);

    while (take(r, "and"))
        left = new_node(r, PW_IS_AND, left, parse_not(r));
    return left;
}

static int parse_or(reader *r)
{
    int left = parse_and(r);

    while (take(r, "or"))
        left = new_node(r, PW_IS_OR, left, parse_and(r));
    return left;
}

int pw_parse(pw_table *table, const char *text)
{
    reader r = {table, text};
    int node = parse_or(&r);

    skip_space(&r);
    if (*r.at)
        pw_refuse(table, "cannot be read:", r.at);
    return node;
}
