/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/read_scalar.h"

#include <float.h>
#include <string.h>

#include "base/text.h"

enum { LARGEST_COUNT = 100000 };

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_rest_of_name(const char *text)
{
    while (is_lower(*text) || is_digit(*text) || *text == '_') {
        text++;
    }
    return *text == '\0';
}

bool bm_is_name(const char *text)
{
    return is_lower(text[0]) && is_rest_of_name(text);
}

/* A capital, small letters, digits: `T12`, `Co` */
static bool is_capital_code(const char *text)
{
    if (!is_upper(*text++)) {
        return false;
    }
    while (is_lower(*text)) {
        text++;
    }
    while (is_digit(*text)) {
        text++;
    }
    return *text == '\0';
}

bool bm_is_option(const char *text)
{
    return ((is_lower(text[0]) || is_digit(text[0])) && is_rest_of_name(text)) ||
           is_capital_code(text);
}

bool bm_is_key(const char *text)
{
    if (!is_lower(*text) && !is_upper(*text) && !is_digit(*text)) {
        return false;
    }
    while (is_lower(*text) || is_upper(*text) || is_digit(*text) ||
           (*text != '\0' && strchr("._-", *text) != NULL)) {
        text++;
    }
    return *text == '\0';
}

bool bm_check_id(bm_reader *reader, const bm_node *entry)
{
    if (!bm_is_name(entry->key)) {
        return bm_reader_fail_key(reader, entry,
                                  "%q is no name: small letters, digits and underscores, "
                                  "a letter first",
                                  entry->key);
    }
    if (!bm_syntax_is_name(entry->key)) {
        return bm_reader_fail_key(reader, entry,
                                  "%q is a word of the language; choose another name", entry->key);
    }
    return true;
}

const char *bm_label_of(bm_reader *reader, const char *id)
{
    if (strchr(id, '_') == NULL) {
        return id;
    }
    char *label = bm_arena_text(reader->arena, id, strlen(id));
    if (label == NULL) {
        bm_reader_lack_memory(reader);
        return id;
    }
    for (char *at = label; *at != '\0'; at++) {
        *at = *at == '_' ? ' ' : *at;
    }
    return label;
}

void bm_default_label(bm_reader *reader, const char **label, const char *id)
{
    if (*label == NULL && id != NULL) {
        *label = bm_label_of(reader, id);
    }
}

bool bm_scalar_text(bm_reader *reader, const bm_node *node, const char *expected, const char **out)
{
    if (node->kind != BM_SCALAR || bm_node_is_null(node) || node->text[0] == '\0') {
        return bm_reader_expected(reader, node, expected);
    }
    *out = node->text;
    return true;
}

void bm_read_text(bm_reader *reader, const bm_node *node, void *member)
{
    bm_scalar_text(reader, node, "text", member);
}

void bm_read_name(bm_reader *reader, const bm_node *node, void *member)
{
    const char *text = NULL, **out = member;
    if (!bm_scalar_text(reader, node, "a name", &text)) {
        return;
    }
    if (bm_is_name(text)) {
        *out = text;
    } else {
        bm_reader_expected(reader, node, "a name of small letters, digits and underscores");
    }
}

void bm_read_key(bm_reader *reader, const bm_node *node, void *member)
{
    const char *text = NULL, **out = member;
    if (!bm_scalar_text(reader, node, "a key", &text)) {
        return;
    }
    if (bm_is_key(text)) {
        *out = text;
    } else {
        bm_reader_expected(reader, node, "a key of letters, digits and . _ -");
    }
}

void bm_read_unit(bm_reader *reader, const bm_node *node, void *member)
{
    const char *text = NULL, **out = member;
    if (!bm_scalar_text(reader, node, "a unit", &text)) {
        return;
    }
    if (strpbrk(text, " \t\n") != NULL) {
        bm_reader_expected(reader, node, "a unit without blanks");
    } else if (strcmp(text, "1") != 0) {
        *out = text;
    }
}

static bool read_switch(bm_reader *reader, const bm_node *node, bool *out)
{
    bool on = bm_node_is(node, "true") && !node->quoted;
    bool off = bm_node_is(node, "false") && !node->quoted;
    if (!on && !off) {
        return bm_reader_expected(reader, node, "true or false");
    }
    *out = on;
    return true;
}

void bm_read_switch(bm_reader *reader, const bm_node *node, void *member)
{
    read_switch(reader, node, member);
}

void bm_read_off(bm_reader *reader, const bm_node *node, void *member)
{
    bool on = false, *out = member;
    if (read_switch(reader, node, &on)) {
        *out = !on;
    }
}

bool bm_scalar_number(bm_reader *reader, const bm_node *node, double *out)
{
    const char *text = NULL;
    if (!bm_scalar_text(reader, node, "a number", &text)) {
        return false;
    }
    const char *problem = bm_read_number(text, node->length, out);
    return problem == NULL ||
           bm_reader_fail(reader, node, "expected a number, found %q: %s", text, problem);
}

void bm_read_decimal(bm_reader *reader, const bm_node *node, void *member)
{
    bm_scalar_number(reader, node, member);
}

void bm_read_positive(bm_reader *reader, const bm_node *node, void *member)
{
    double number = 0, *out = member;
    if (!bm_scalar_number(reader, node, &number)) {
        return;
    }
    if (number > 0) {
        *out = number;
    } else {
        bm_reader_expected(reader, node, "a number above 0");
    }
}

bool bm_is_whole(double x)
{
    return x > -1e15 && x < 1e15 && x == (double)(int64_t)x;
}

void bm_read_count(bm_reader *reader, const bm_node *node, void *member)
{
    double number = 0;
    int *out = member;
    if (!bm_scalar_number(reader, node, &number)) {
        return;
    }
    if (number >= 1 && number <= LARGEST_COUNT && bm_is_whole(number)) {
        *out = (int)number;
    } else {
        bm_reader_expected(reader, node, "a whole number above 0");
    }
}

bool bm_scalar_range(bm_reader *reader, const bm_node *node, double *low, double *high)
{
    const char *text = NULL;
    bm_range range = {0, 0, false, false};
    if (!bm_scalar_text(reader, node, "a range LOW..HIGH", &text)) {
        return false;
    }
    const char *problem = bm_syntax_range(text, &range);
    if (problem != NULL) {
        return bm_reader_fail(reader, node, "expected a range LOW..HIGH, found %q: %s", text,
                              problem);
    }
    bool closed = !range.low_open && !range.high_open;
    if (!closed || range.low < -DBL_MAX || range.high > DBL_MAX) {
        return bm_reader_expected(reader, node, "a range with both ends, LOW..HIGH");
    }
    *low = range.low;
    *high = range.high;
    return true;
}

static void list_words(const char *const *words, char *list, size_t size)
{
    bm_text text;
    bm_text_init(&text, list, size);
    for (int i = 0; words[i] != NULL; i++) {
        bm_put(&text, i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ");
        bm_put(&text, words[i]);
    }
}

int bm_scalar_word(bm_reader *reader, const bm_node *node, const char *const *words)
{
    char list[120];
    for (int i = 0; words[i] != NULL; i++) {
        if (bm_node_is(node, words[i])) {
            return i;
        }
    }
    list_words(words, list, sizeof list);
    bm_reader_expected(reader, node, list);
    return -1;
}

bool bm_scalar_is_ask(const bm_node *node)
{
    return bm_node_is(node, "ask");
}

void bm_read_formula(bm_reader *reader, const bm_node *node, void *member)
{
    char path[200];
    bool no_memory = false;
    bm_formula *formula = member;
    formula->node = node;
    if (!bm_scalar_text(reader, node, "an expression", &formula->text)) {
        return;
    }
    bm_place place = bm_reader_place(reader, node, path, sizeof path);
    place.column += node->quoted ? 1 : 0;
    formula->ex = bm_syntax_parse(reader->arena, formula->text, &place, &no_memory, reader->err);
    if (no_memory) {
        bm_reader_lack_memory(reader);
    } else if (formula->ex == NULL) {
        bm_reader_failed(reader, BONEMETS_E_RULE);
    }
}

static void add_word(bm_reader *reader, const bm_node *node, bm_read_function *read,
                     bm_words *words)
{
    const char *word = NULL;
    read(reader, node, &word);
    if (word == NULL) {
        return;
    }
    if (bm_entry_find(words->items, words->count, sizeof *words->items, word) >= 0) {
        bm_reader_fail(reader, node, "%q stands here twice", word);
        return;
    }
    words->items[words->count] = word;
    words->nodes[words->count++] = node;
}

static void read_words(bm_reader *reader, const bm_node *node, bm_read_function *read,
                       bm_words *words)
{
    bool list = node->kind == BM_SEQUENCE;
    size_t room = list ? (size_t)node->count : 1;
    words->items = bm_reader_array(reader, room, sizeof *words->items);
    words->nodes = bm_reader_array(reader, room, sizeof *words->nodes);
    if (bm_reader_stopped(reader)) {
        return;
    }
    if (!list) {
        add_word(reader, node, read, words);
        return;
    }
    for (const bm_node *entry = node->first; entry != NULL; entry = entry->next) {
        add_word(reader, entry, read, words);
    }
}

void bm_read_names(bm_reader *reader, const bm_node *node, void *member)
{
    read_words(reader, node, bm_read_name, member);
}

void bm_read_texts(bm_reader *reader, const bm_node *node, void *member)
{
    read_words(reader, node, bm_read_text, member);
}

void bm_read_keys(bm_reader *reader, const bm_node *node, void *member)
{
    read_words(reader, node, bm_read_key, member);
}

static void read_pair(bm_reader *reader, const bm_node *node, void *member)
{
    bm_pair *pair = member;
    pair->key = node->key;
    pair->node = node;
    bm_scalar_text(reader, node, "text", &pair->value);
}

void bm_read_pairs(bm_reader *reader, const bm_node *node, void *member)
{
    bm_pairs *pairs = member;
    pairs->items =
        bm_read_entries(reader, node, BM_MAP, sizeof *pairs->items, &pairs->count, read_pair);
}

/* In hours once the families of units are known. */
void bm_read_within(bm_reader *reader, const bm_node *node, void *member)
{
    const char *text = NULL, *unit = NULL;
    double number = 0;
    (void)member;
    if (!bm_scalar_text(reader, node, "a time such as 24 h", &text)) {
        return;
    }
    const char *problem = bm_syntax_quantity(text, &number, &unit);
    if (problem != NULL) {
        bm_reader_fail(reader, node, "expected a time such as 24 h, found %q: %s", text, problem);
    } else if (unit == NULL || number < 0) {
        bm_reader_expected(reader, node,
                           unit == NULL ? "a time with its unit, such as 24 h" : "a time from now");
    }
}
