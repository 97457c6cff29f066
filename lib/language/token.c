/* SPDX-License-Identifier: Apache-2.0 */
#include "language/token.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"

typedef struct {
    const char *text;
    bm_token_kind kind;
} word;

static const word words[] = {
    {"all", BM_TOKEN_ALL},     {"and", BM_TOKEN_AND},     {"any", BM_TOKEN_ANY},
    {"else", BM_TOKEN_ELSE},   {"false", BM_TOKEN_FALSE}, {"has", BM_TOKEN_HAS},
    {"if", BM_TOKEN_IF},       {"in", BM_TOKEN_IN},       {"not", BM_TOKEN_NOT},
    {"or", BM_TOKEN_OR},       {"then", BM_TOKEN_THEN},   {"true", BM_TOKEN_TRUE},
    {"where", BM_TOKEN_WHERE},
};

static const char written[] = "%q is written %q";
static const char typographic[] = "%q is a typographic sign; write %s";

typedef struct {
    const char *text;
    bm_token_kind kind;
    const char *problem, *detail;
} sign;

/* The longer of two signs that begin alike stands first. */
static const sign signs[] = {
    {"==", BM_TOKEN_WRONG, written, "="},
    {"=<", BM_TOKEN_WRONG, written, "<="},
    {"=>", BM_TOKEN_WRONG, written, ">="},
    {"<>", BM_TOKEN_WRONG, written, "!="},
    {"~=", BM_TOKEN_WRONG, written, "!="},
    {"&&", BM_TOKEN_WRONG, written, "and"},
    {"||", BM_TOKEN_WRONG, written, "or"},
    {"**", BM_TOKEN_WRONG, written, "^"},
    {"!=", BM_TOKEN_NE, NULL, NULL},
    {"<=", BM_TOKEN_LE, NULL, NULL},
    {">=", BM_TOKEN_GE, NULL, NULL},
    {"=", BM_TOKEN_EQ, NULL, NULL},
    {"<", BM_TOKEN_LT, NULL, NULL},
    {">", BM_TOKEN_GT, NULL, NULL},
    {"+", BM_TOKEN_PLUS, NULL, NULL},
    {"-", BM_TOKEN_MINUS, NULL, NULL},
    {"*", BM_TOKEN_TIMES, NULL, NULL},
    {"/", BM_TOKEN_DIVIDED, NULL, NULL},
    {"^", BM_TOKEN_POWER, NULL, NULL},
    {"(", BM_TOKEN_OPEN, NULL, NULL},
    {")", BM_TOKEN_CLOSE, NULL, NULL},
    {"{", BM_TOKEN_OPEN_BRACE, NULL, NULL},
    {"}", BM_TOKEN_CLOSE_BRACE, NULL, NULL},
    {",", BM_TOKEN_COMMA, NULL, NULL},
    {":", BM_TOKEN_COLON, NULL, NULL},
    {".", BM_TOKEN_DOT, NULL, NULL},
    {"!", BM_TOKEN_WRONG, written, "not"},
    {"~", BM_TOKEN_WRONG, written, "not"},
    {"&", BM_TOKEN_WRONG, written, "and"},
    {"|", BM_TOKEN_WRONG, written, "or"},
    {"%", BM_TOKEN_WRONG, "%q stands only after a number", NULL},
    {"[", BM_TOKEN_WRONG, "%q: a list of options is written {a, b}", NULL},
    {"]", BM_TOKEN_WRONG, "%q: a list of options is written {a, b}", NULL},
    {"_", BM_TOKEN_WRONG, "%q: a name begins with a letter", NULL},
    {"\xe2\x89\xa4", BM_TOKEN_WRONG, written, "<="},            /* less-than or equal to */
    {"\xe2\x89\xa5", BM_TOKEN_WRONG, written, ">="},            /* greater-than or equal to */
    {"\xe2\x89\xa0", BM_TOKEN_WRONG, written, "!="},            /* not equal to */
    {"\xc3\x97", BM_TOKEN_WRONG, written, "*"},                 /* multiplication sign */
    {"\xc2\xb7", BM_TOKEN_WRONG, written, "*"},                 /* middle dot */
    {"\xc3\xb7", BM_TOKEN_WRONG, written, "/"},                 /* division sign */
    {"\xc2\xb2", BM_TOKEN_WRONG, written, "^2"},                /* superscript two */
    {"\xc2\xb3", BM_TOKEN_WRONG, written, "^3"},                /* superscript three */
    {"\xe2\x88\x92", BM_TOKEN_WRONG, typographic, "a plain -"}, /* minus sign */
    {"\xe2\x80\x93", BM_TOKEN_WRONG, typographic, "a plain -"}, /* en dash */
    {"\xe2\x80\x98", BM_TOKEN_WRONG, typographic, "a plain quote"},
    {"\xe2\x80\x99", BM_TOKEN_WRONG, typographic, "a plain quote"},
    {"\xe2\x80\x9c", BM_TOKEN_WRONG, typographic, "a plain quote"},
    {"\xe2\x80\x9d", BM_TOKEN_WRONG, typographic, "a plain quote"},
    {"\xe2\x80\x9e", BM_TOKEN_WRONG, typographic, "a plain quote"},
    {"\xc2\xa0", BM_TOKEN_WRONG, "%q: a no-break space; write a plain blank", NULL},
};

bool bm_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool bm_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool bm_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool bm_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool bm_is_letter(char c)
{
    return bm_is_lower(c) || bm_is_upper(c);
}

bool bm_is_power_of_ten(const char *text)
{
    return text[0] == '1' && text[1] == '0' && (text[2] == '*' || text[2] == '^') &&
           bm_is_digit(text[3]);
}

static bool is_word_byte(char c)
{
    return bm_is_letter(c) || bm_is_digit(c) || c == '_';
}

static bool is_unit_byte(char c)
{
    return c != '\0' && (bm_is_letter(c) || bm_is_digit(c) || strchr("/%*{}.[]_-^", c) != NULL);
}

static size_t word_length(const char *at)
{
    size_t length = 0;
    while (is_word_byte(at[length])) {
        length++;
    }
    return length;
}

static size_t unit_length(const char *at)
{
    size_t length = 0;
    while (is_unit_byte(at[length])) {
        length++;
    }
    return length;
}

static bool same_but_case(const char *text, size_t length, const char *lower)
{
    for (size_t i = 0; i < length; i++) {
        int c = bm_is_upper(text[i]) ? text[i] - 'A' + 'a' : text[i];
        if (c != lower[i]) { /* which also ends at the NUL of `lower` */
            return false;
        }
    }
    return lower[length] == '\0';
}

/* The word of the language that this is, in whatever case. */
static const word *find_word(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (same_but_case(text, length, words[i].text)) {
            return &words[i];
        }
    }
    return NULL;
}

bm_token_kind bm_word_kind(const char *text, size_t length)
{
    const word *found = find_word(text, length);
    return found != NULL && memcmp(text, found->text, length) == 0 ? found->kind : BM_TOKEN_NAME;
}

void bm_lexer_start(bm_lexer *lexer, const char *text, int column)
{
    lexer->at = text;
    lexer->counted = text;
    lexer->column = column;
}

static const char *skip_blanks(const char *at)
{
    while (bm_is_blank(*at)) {
        at++;
    }
    return at;
}

char bm_lexer_peek(const bm_lexer *lexer)
{
    return *skip_blanks(lexer->at);
}

/* Characters, not bytes, as the columns of the YAML reader are. */
static int column_of(bm_lexer *lexer, const char *at)
{
    for (; lexer->counted < at; lexer->counted++) {
        bool continues = ((unsigned char)*lexer->counted & 0xc0) == 0x80;
        if (!continues && lexer->column < INT_MAX) {
            lexer->column++;
        }
    }
    return lexer->column;
}

static bm_token take(bm_lexer *lexer, bm_token_kind kind, size_t length)
{
    bm_token token = {.kind = kind, .text = lexer->at, .length = length};
    token.column = column_of(lexer, lexer->at);
    lexer->at += length;
    return token;
}

static bm_token refuse(bm_lexer *lexer, size_t length, const char *problem, const char *detail)
{
    bm_token token = take(lexer, BM_TOKEN_WRONG, length);
    token.problem = problem;
    token.detail = detail;
    return token;
}

/* What is wrong with the text of a unit, or NULL. */
static const char *unit_problem(const char *unit, size_t length)
{
    int braces = 0, brackets = 0;
    for (size_t i = 0; i < length && braces >= 0 && brackets >= 0; i++) {
        braces += (unit[i] == '{') - (unit[i] == '}');
        brackets += (unit[i] == '[') - (unit[i] == ']');
    }
    if (braces != 0 || brackets != 0) {
        return "%q: a unit closes its brackets and has no blanks; a list of options is {a, b}";
    }
    char after = unit[length];
    if (after != '\0' && after != ')' && after != ',' && !bm_is_blank(after)) {
        return "a blank is missing after the unit %q";
    }
    return NULL;
}

static bool unit_begins(const char *at)
{
    if (*at == '%' || *at == '[') {
        return true;
    }
    if (bm_is_letter(*at)) {
        return find_word(at, word_length(at)) == NULL;
    }
    return bm_is_power_of_ten(at);
}

static bool is_exponent(const char *at)
{
    if (*at != 'e' && *at != 'E') {
        return false;
    }
    return bm_is_digit(at[1]) || ((at[1] == '+' || at[1] == '-') && bm_is_digit(at[2]));
}

static const char no_exponent[] = "%q: write the number without an exponent (an option in quotes)";

static size_t number_length(const char *at)
{
    size_t length = 0;
    while (bm_is_digit(at[length]) || at[length] == '.') {
        length++;
    }
    return length;
}

/* What is wrong with the number, with the length of all that belongs to the mistake. */
static const char *number_problem(const char *at, size_t *length)
{
    size_t end = *length;
    if (is_exponent(at + end)) {
        *length = end + 2 + word_length(at + end + 2);
        return no_exponent;
    }
    if (at[end] == ',' && bm_is_digit(at[end + 1])) {
        *length = end + 1 + number_length(at + end + 1);
        return "%q: %s; in a list, write a blank after the comma";
    }
    if (at[end] == '_') {
        *length = end + word_length(at + end);
        return "%q: an option stands after '=', 'has' or in braces; elsewhere write it in quotes";
    }
    for (size_t i = 1; i < end; i++) {
        if (at[i - 1] == '.' && at[i] == '.') {
            return "%q: a range cannot stand here; write x >= LOW and x <= HIGH";
        }
    }
    return NULL;
}

static bm_token lex_number(bm_lexer *lexer)
{
    const char *at = lexer->at;
    size_t length = number_length(at);
    const char *problem = number_problem(at, &length);
    double number;
    const char *detail = bm_read_number(at, length, &number);
    if (problem != NULL || detail != NULL) {
        return refuse(lexer, length, problem != NULL ? problem : "%q: %s", detail);
    }
    const char *unit = skip_blanks(at + length);
    if (!unit_begins(unit)) {
        bm_token plain = take(lexer, BM_TOKEN_NUMBER, length);
        plain.number = number;
        return plain;
    }
    size_t unit_size = unit_length(unit);
    problem = unit_problem(unit, unit_size);
    if (problem != NULL) {
        lexer->at = unit;
        return refuse(lexer, unit_size, problem, NULL);
    }
    bm_token token = take(lexer, BM_TOKEN_NUMBER, (size_t)(unit - at) + unit_size);
    token.number = number;
    token.unit = unit;
    token.unit_length = unit_size;
    return token;
}

static bool all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!bm_is_digit(text[i])) {
            return false;
        }
    }
    return true;
}

static bm_token lex_digits(bm_lexer *lexer, bm_lex_mode mode)
{
    size_t length = word_length(lexer->at);
    bool digits = all_digits(lexer->at, length);
    if (mode == BM_LEX_OPTION && lexer->at[length] != '.') {
        return take(lexer, BM_TOKEN_OPTION, length);
    }
    if (mode == BM_LEX_RIGHT && !digits && lexer->at[length] != '.') {
        if (is_exponent(lexer->at + number_length(lexer->at))) {
            return refuse(lexer, length, no_exponent, NULL);
        }
        /* `24h` would be an option that nothing has: only the blank tells it from `1a`. */
        return take(lexer, BM_TOKEN_OPTION, length);
    }
    return lex_number(lexer);
}

static bool has_capital(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bm_is_upper(text[i])) {
            return true;
        }
    }
    return false;
}

static bm_token lex_word(bm_lexer *lexer, bm_lex_mode mode)
{
    size_t length = word_length(lexer->at);
    bool capital = has_capital(lexer->at, length);
    const word *found = find_word(lexer->at, length);
    if (found != NULL && !capital) {
        return take(lexer, found->kind, length);
    }
    if (found != NULL && mode != BM_LEX_OPTION) {
        return refuse(lexer, length, written, found->text);
    }
    if (!capital) {
        return take(lexer, BM_TOKEN_NAME, length);
    }
    if (mode == BM_LEX_RIGHT || mode == BM_LEX_OPTION) {
        return take(lexer, BM_TOKEN_OPTION, length);
    }
    return refuse(lexer, length,
                  "%q: a name has small letters only; an option stands after '=', 'has' or in "
                  "braces, elsewhere in quotes",
                  NULL);
}

static bm_token lex_quoted(bm_lexer *lexer)
{
    const char *at = lexer->at;
    size_t length = 1;
    while ((unsigned char)at[length] >= 0x20 && at[length] != at[0]) {
        length++;
    }
    if (at[length] != at[0]) {
        return refuse(lexer, length, "%q: the quote is not closed", NULL);
    }
    if (length == 1) {
        return refuse(lexer, 2, "%q: there is no option between the quotes", NULL);
    }
    return take(lexer, BM_TOKEN_QUOTED, length + 1);
}

static size_t character_length(const char *at)
{
    size_t length = 1;
    while (((unsigned char)at[length] & 0xc0) == 0x80 && length < 4) {
        length++;
    }
    return length;
}

static bm_token lex_sign(bm_lexer *lexer)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t length = strlen(signs[i].text);
        if (strncmp(lexer->at, signs[i].text, length) == 0) {
            bm_token token = take(lexer, signs[i].kind, length);
            token.problem = signs[i].problem;
            token.detail = signs[i].detail;
            return token;
        }
    }
    return refuse(lexer, character_length(lexer->at), "%q has no meaning here", NULL);
}

static bm_token lex_unit(bm_lexer *lexer)
{
    size_t length = unit_length(lexer->at);
    const char *problem = unit_problem(lexer->at, length);
    if (problem != NULL) {
        return refuse(lexer, length, problem, NULL);
    }
    bm_token token = take(lexer, BM_TOKEN_UNIT, length);
    token.unit = token.text;
    token.unit_length = length;
    return token;
}

bm_token bm_lexer_next(bm_lexer *lexer, bm_lex_mode mode)
{
    lexer->at = skip_blanks(lexer->at);
    char c = *lexer->at;
    if (c == '\0') {
        return take(lexer, BM_TOKEN_END, 0);
    }
    if (mode == BM_LEX_UNIT && (c == '/' || unit_begins(lexer->at))) {
        return lex_unit(lexer);
    }
    if (bm_is_digit(c)) {
        return lex_digits(lexer, mode);
    }
    if (c == '.' && bm_is_digit(lexer->at[1])) {
        return refuse(lexer, 1 + number_length(lexer->at + 1),
                      "%q: a number begins with a digit, as in 0.5", NULL);
    }
    if (bm_is_letter(c)) {
        return lex_word(lexer, mode);
    }
    if (c == '\'' || c == '"') {
        return lex_quoted(lexer);
    }
    return lex_sign(lexer);
}
