/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges, quantities and names, which stand alone in a scalar. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "language/syntax.h"
#include "language/token.h"

typedef struct {
    const char *at;
    size_t length;
} slice;

static slice trimmed(const char *at, size_t length)
{
    while (length > 0 && bm_is_blank(*at)) {
        at++;
        length--;
    }
    while (length > 0 && bm_is_blank(at[length - 1])) {
        length--;
    }
    return (slice){at, length};
}

static const char *read_number(slice part, double *out)
{
    return bm_read_number(part.at, part.length, out);
}

/* `<18.5`, `>=30` */
static const char *read_open_range(slice text, bm_range *out)
{
    bool below = text.at[0] == '<';
    bool closed = text.length > 1 && text.at[1] == '=';
    size_t sign = closed ? 2 : 1;
    double end;
    const char *problem = read_number(trimmed(text.at + sign, text.length - sign), &end);
    if (problem != NULL) {
        return problem;
    }
    *out = below ? (bm_range){-INFINITY, end, true, !closed}
                 : (bm_range){end, INFINITY, !closed, true};
    return NULL;
}

/* `0..6`, of which `points` stands at the two points. */
static const char *read_closed_range(slice text, const char *points, bm_range *out)
{
    size_t before = (size_t)(points - text.at);
    slice low_text = trimmed(text.at, before);
    slice high_text = trimmed(points + 2, text.length - before - 2);
    double low, high;
    if (low_text.length == 0) {
        return "the lower end is missing; a range without one is written <=HIGH";
    }
    if (high_text.length == 0) {
        return "the upper end is missing; a range without one is written >=LOW";
    }
    const char *problem = read_number(low_text, &low);
    if (problem == NULL) {
        problem = read_number(high_text, &high);
    }
    if (problem != NULL) {
        return problem;
    }
    if (low > high) {
        return "the lower end is above the upper one";
    }
    *out = (bm_range){low, high, false, false};
    return NULL;
}

/* Other ways of writing a range, for which bm_read_number has no word. */
static const char *range_written_otherwise(slice text)
{
    static const char at_most[] = "\xe2\x89\xa4", at_least[] = "\xe2\x89\xa5",
                      dash[] = "\xe2\x80\x93";
    if (text.length > 0 && text.at[0] == '=') {
        return "a sign of equality; write the number alone, or <= or >=";
    }
    if (strncmp(text.at, at_most, 3) == 0) {
        return "a typographic sign; write <=";
    }
    if (strncmp(text.at, at_least, 3) == 0) {
        return "a typographic sign; write >=";
    }
    for (size_t i = 1; i < text.length; i++) {
        if (text.at[i] == '-' || strncmp(text.at + i, dash, 3) == 0 ||
            strncmp(text.at + i, " to ", 4) == 0) {
            return "a range is written LOW..HIGH";
        }
    }
    return NULL;
}

const char *bm_syntax_range(const char *text, bm_range *out)
{
    slice whole = trimmed(text, strlen(text));
    if (whole.length > 0 && (whole.at[0] == '<' || whole.at[0] == '>')) {
        return read_open_range(whole, out);
    }
    const char *points = strstr(whole.at, "..");
    if (points != NULL) {
        return read_closed_range(whole, points, out);
    }
    double number;
    const char *problem = read_number(whole, &number);
    if (problem != NULL) {
        const char *otherwise = range_written_otherwise(whole);
        return otherwise != NULL ? otherwise : problem;
    }
    *out = (bm_range){number, number, false, false};
    return NULL;
}

/* Everything that a number might have been meant to be, so that bm_read_number sees the mistake. */
static size_t number_length(const char *at)
{
    size_t length = 0;
    while (bm_is_digit(at[length]) ||
           (at[length] != '\0' && strchr("+-.,_'", at[length]) != NULL)) {
        length++;
    }
    bool exponent = length > 0 && (at[length] == 'e' || at[length] == 'E');
    size_t after = length + (exponent && (at[length + 1] == '+' || at[length + 1] == '-') ? 2 : 1);
    return exponent && bm_is_digit(at[after]) ? after + 1 : length;
}

static const char *unit_problem(const char *unit)
{
    unsigned char first = (unsigned char)unit[0];
    bool begins = bm_is_letter(unit[0]) || strchr("%[{", unit[0]) != NULL || first >= 0x80 ||
                  bm_is_power_of_ten(unit) || (unit[0] == '/' && bm_is_letter(unit[1]));
    if (!begins) {
        return bm_is_digit(unit[0]) ? "two numbers; write one, then its unit"
                                    : "after the number stands something that begins no unit";
    }
    for (const char *at = unit; *at != '\0'; at++) {
        if ((unsigned char)*at <= ' ' || *at == 0x7f) {
            return "a blank in or after the unit; leave it out";
        }
    }
    return NULL;
}

const char *bm_syntax_quantity(const char *text, double *number, const char **unit)
{
    const char *at = text;
    while (bm_is_blank(*at)) {
        at++;
    }
    size_t length = number_length(at);
    double value;
    if (length == 0) {
        const char *problem = bm_read_number(at, strlen(at), &value);
        return problem != NULL ? problem : "not a number";
    }
    const char *problem = bm_read_number(at, length, &value);
    if (problem != NULL) {
        return problem;
    }
    const char *rest = at + length;
    while (bm_is_blank(*rest)) {
        rest++;
    }
    if (*rest != '\0') {
        problem = unit_problem(rest);
        if (problem != NULL) {
            return problem;
        }
    }
    *number = value;
    *unit = *rest != '\0' ? rest : NULL;
    return NULL;
}

bool bm_syntax_is_name(const char *text)
{
    if (text == NULL || !bm_is_lower(text[0])) {
        return false;
    }
    size_t length = 1;
    while (bm_is_lower(text[length]) || bm_is_digit(text[length]) || text[length] == '_') {
        length++;
    }
    return text[length] == '\0' && bm_word_kind(text, length) == BM_TOKEN_NAME;
}
