/* SPDX-License-Identifier: Apache-2.0 */
/* What a node says about one fact. All errors of a node are reported; the status is that of the
 * first. */
#include <string.h>

#include "record/read.h"

static void note(bonemets_status *status, bonemets_status new)
{
    if (*status == BONEMETS_OK) {
        *status = new;
    }
}

static bm_statement at(const bm_statement *statement, const bm_node *node)
{
    bm_statement other = *statement;
    other.node = node;
    return other;
}

static bonemets_status misplaced(const bm_statement *statement)
{
    static const char *const things[] = {
        [BM_SCALAR] = "a single value does not fit here",
        [BM_SEQUENCE] = "a list does not fit here",
        [BM_MAP] = "a map does not fit here",
    };
    return bm_statement_refuse(statement, BONEMETS_E_TYPE, "%s", things[statement->node->kind]);
}

/* The entry of that key; absent and null are the same. */
static const bm_node *part(const bm_node *map, const char *key)
{
    const bm_node *found = bm_node_get(map, key);
    return found != NULL && !bm_node_is_null(found) ? found : NULL;
}

/* A map with other keys than these two (b may be NULL), or with neither, is refused. */
static bonemets_status check_keys(const bm_statement *statement, const char *a, const char *b,
                                  const char *written)
{
    bonemets_status status = BONEMETS_OK;
    for (const bm_node *one = statement->node->first; one; one = one->next) {
        if (strcmp(one->key, a) != 0 && (b == NULL || strcmp(one->key, b) != 0)) {
            bm_node key = *one;
            key.line = one->key_line;
            key.column = one->key_column;
            bm_statement here = at(statement, &key);
            note(&status,
                 bm_statement_refuse(&here, BONEMETS_E_TYPE, "key %q does not fit here, write %s",
                                     key.key, written));
        }
    }
    if (status == BONEMETS_OK && part(statement->node, a) == NULL &&
        (b == NULL || part(statement->node, b) == NULL)) {
        status = bm_statement_refuse(statement, BONEMETS_E_TYPE, "an empty map, write %s", written);
    }
    return status;
}

/* Numbers. */

static const char *unit_of_fact(const bm_fact *fact)
{
    return fact->type.unit != NULL ? fact->type.unit : "1";
}

static size_t number_length(const char *text)
{
    size_t length = 0;
    while ((text[length] >= '0' && text[length] <= '9') || text[length] == '.' ||
           text[length] == '-') {
        length++;
    }
    return length;
}

static size_t skip_blanks(const char *text, size_t at)
{
    return at + strspn(text + at, " ");
}

/* `60-70`, `2 – 3 mo`, but no date and nothing below zero. */
static bool looks_like_a_range(const char *text)
{
    static const char dash[] = "\xe2\x80\x93", digits[] = "0123456789.";
    size_t first = strspn(text, digits), at = skip_blanks(text, first);
    size_t between = text[at] == '-' ? 1 : strncmp(text + at, dash, 3) == 0 ? 3 : 0;
    size_t second = skip_blanks(text, at + between);
    size_t length = between > 0 ? strspn(text + second, digits) : 0;
    return first > 0 && length > 0 && text[second + length] != '-';
}

enum { LONGEST_FORM = 120 };

/* How a range is written; with units where the fact asks for them. */
static const char *range_form(const bm_fact *fact, char form[LONGEST_FORM])
{
    const char *unit = fact->unit_required ? unit_of_fact(fact) : "";
    const char *blank = fact->unit_required ? " " : "";
    bm_text text;
    bm_text_init(&text, form, LONGEST_FORM);
    bm_put_format(&text, "{from: 2%s%s, to: 4%s%s}", blank, unit, blank, unit);
    return form;
}

static bonemets_status refuse_number(const bm_statement *statement, const char *wrong)
{
    char form[LONGEST_FORM];
    if (looks_like_a_range(statement->node->text) && statement->file == NULL) {
        return bm_statement_refuse(statement, BONEMETS_E_TYPE, "a range has no place in a column");
    }
    if (looks_like_a_range(statement->node->text)) {
        return bm_statement_refuse(statement, BONEMETS_E_TYPE, "a range is written %s",
                                   range_form(statement->fact, form));
    }
    return bm_statement_refuse(statement, BONEMETS_E_TYPE, "this is not accepted: %s", wrong);
}

/* Where a unit begins behind a number, with blanks between or without; NULL when there is none. */
static const char *unit_in(const bm_fact *fact, const bm_node *node, size_t *number)
{
    const char *blank = strchr(node->text, ' ');
    size_t length = number_length(node->text);
    if (blank == NULL && length > 0 && bm_statement_unit(fact, node->text + length) != NULL) {
        *number = length;
        return node->text + length;
    }
    if (blank == NULL || blank == node->text) {
        return NULL;
    }
    const char *unit = blank;
    while (*unit == ' ') {
        unit++;
    }
    /* Another digit is more likely to be of the number than of a unit, unless it is 10*9/L. */
    bool digit = *unit >= '0' && *unit <= '9';
    if (*unit == '\0' || (digit && bm_statement_unit(fact, unit) == NULL)) {
        return NULL;
    }
    *number = (size_t)(blank - node->text);
    return unit;
}

static bonemets_status read_measure(const bm_statement *statement, double *out)
{
    const bm_node *node = statement->node;
    if (node->kind != BM_SCALAR) {
        return misplaced(statement);
    }
    size_t length = node->length;
    const char *unit = unit_in(statement->fact, node, &length);
    double number = 0;
    const char *wrong = bm_read_number(node->text, length, &number);
    if (wrong != NULL || looks_like_a_range(node->text)) {
        return refuse_number(statement, wrong);
    }
    if (unit == NULL && !statement->fact->unit_required) {
        unit = unit_of_fact(statement->fact);
    }
    return bm_statement_number(statement, number, unit, out);
}

static bonemets_status read_end(const bm_statement *statement, const char *key, double *out)
{
    const bm_node *node = part(statement->node, key);
    if (node == NULL) {
        return BONEMETS_OK;
    }
    bm_statement end = at(statement, node);
    return read_measure(&end, out);
}

static bool is_censored(const bm_node *node)
{
    return node->kind == BM_SCALAR && (node->text[0] == '<' || node->text[0] == '>');
}

/* The next possible number, where only some are possible; a limit of detection is no such step. */
static double step_of(const bm_fact *fact)
{
    return fact->step > 0 ? fact->step : fact->type.whole ? 1 : 0;
}

/* `<0.3`, `>=150 10*9/L`: laboratories report what lies beyond their range so. The end itself is
 * kept where any number is possible, which is the cautious reading. */
static bonemets_status read_censored(const bm_statement *statement, double *low, double *high)
{
    bm_node number = *statement->node;
    bool below = number.text[0] == '<', closed = number.text[1] == '=';
    size_t skip = closed ? 2 : 1;
    while (number.text[skip] == ' ') {
        skip++;
    }
    number.text += skip;
    number.length -= skip;
    bm_statement end = at(statement, &number);
    bonemets_status status = read_measure(&end, below ? high : low);
    if (status == BONEMETS_OK && !closed) {
        *high -= below ? step_of(statement->fact) : 0;
        *low += below ? 0 : step_of(statement->fact);
    }
    return status;
}

/* Either end of an instant. */
static bonemets_status read_moment(const bm_statement *statement, double *from, double *to)
{
    const bm_node *node = statement->node;
    if (node->kind != BM_SCALAR) {
        return misplaced(statement);
    }
    return bm_statement_instant(statement, node->text, node->length, from, to);
}

static bonemets_status read_instant(const bm_statement *statement, bm_cell *out)
{
    double low = statement->fact->type.low, high = statement->fact->type.high, other;
    if (statement->node->kind != BM_MAP) {
        bonemets_status status = read_moment(statement, &low, &high);
        return status == BONEMETS_OK ? bm_statement_interval(statement, low, high, out) : status;
    }
    bonemets_status status =
        check_keys(statement, "from", "to", "{from: 2026-11-21T08:00, to: 2026-11-21T09:00}");
    if (status == BONEMETS_OK) {
        const bm_node *from = part(statement->node, "from"), *to = part(statement->node, "to");
        bm_statement first = at(statement, from), last = at(statement, to);
        note(&status, from != NULL ? read_moment(&first, &low, &other) : BONEMETS_OK);
        note(&status, to != NULL ? read_moment(&last, &other, &high) : BONEMETS_OK);
    }
    return status == BONEMETS_OK ? bm_statement_interval(statement, low, high, out) : status;
}

static bonemets_status read_number(const bm_statement *statement, bm_cell *out)
{
    double low = statement->fact->type.low, high = statement->fact->type.high;
    bonemets_status status;
    if (bm_is_instant(&statement->fact->type)) {
        return read_instant(statement, out);
    }
    if (is_censored(statement->node)) {
        status = read_censored(statement, &low, &high);
    } else if (statement->node->kind != BM_MAP) {
        status = read_measure(statement, &low);
        high = low;
    } else {
        char form[LONGEST_FORM];
        status = check_keys(statement, "from", "to", range_form(statement->fact, form));
        if (status == BONEMETS_OK) {
            status = read_end(statement, "from", &low);
            note(&status, read_end(statement, "to", &high));
        }
    }
    return status == BONEMETS_OK ? bm_statement_interval(statement, low, high, out) : status;
}

/* Options. */

static bonemets_status read_option(const bm_statement *statement, uint64_t *mask)
{
    const bm_node *node = statement->node;
    if (node->kind != BM_SCALAR) {
        return misplaced(statement);
    }
    if (bm_node_is_null(node)) {
        return bm_statement_refuse(statement, BONEMETS_E_TYPE, "null does not fit in a list");
    }
    const char *text = node->text;
    if (statement->fact->type.base == BM_BOOL) {
        text = strcmp(text, "true") == 0 ? "yes" : strcmp(text, "false") == 0 ? "no" : text;
    }
    return bm_statement_option(statement, text, mask);
}

static bonemets_status read_options(const bm_statement *statement, uint64_t *mask)
{
    bonemets_status status = BONEMETS_OK;
    if (statement->node->kind != BM_SEQUENCE) {
        return misplaced(statement);
    }
    for (const bm_node *node = statement->node->first; node != NULL; node = node->next) {
        bm_statement option = at(statement, node);
        note(&status, read_option(&option, mask));
    }
    return status;
}

static bonemets_status read_code(const bm_statement *statement, bm_cell *out)
{
    if (statement->node->kind == BM_SCALAR) {
        return read_option(statement, &out->low.mask);
    }
    if (statement->node->kind == BM_SEQUENCE) {
        return bm_statement_refuse(
            statement, BONEMETS_E_TYPE,
            "a list does not fit here; several that are possible are written "
            "{one_of: [a, b]}");
    }
    bonemets_status status = check_keys(statement, "one_of", NULL, "{one_of: [a, b]}");
    if (status != BONEMETS_OK) {
        return status;
    }
    bm_statement list = at(statement, part(statement->node, "one_of"));
    status = read_options(&list, &out->low.mask);
    if (status == BONEMETS_OK && out->low.mask == 0) {
        status = bm_statement_refuse(&list, BONEMETS_E_TYPE, "the list is empty");
    }
    return status;
}

static bonemets_status read_part(const bm_statement *statement, const char *key, uint64_t *mask)
{
    const bm_node *node = part(statement->node, key);
    if (node == NULL) {
        return BONEMETS_OK;
    }
    bm_statement list = at(statement, node);
    return read_options(&list, mask);
}

static bonemets_status read_set(const bm_statement *statement, bm_cell *out)
{
    uint64_t present = 0, unknown = 0;
    bonemets_status status;
    if (statement->node->kind == BM_SCALAR && statement->fact->is_link) {
        status = read_option(statement, &present); /* most belong to one */
        return status == BONEMETS_OK ? bm_statement_members(statement, present, unknown, out)
                                     : status;
    }
    if (statement->node->kind == BM_SCALAR) {
        return bm_statement_refuse(
            statement, BONEMETS_E_TYPE,
            "a single value does not fit here; write [a, b], or [] for none");
    }
    if (statement->node->kind == BM_SEQUENCE) {
        status = read_options(statement, &present);
    } else {
        status = check_keys(statement, "present", "unknown", "{present: [a], unknown: [b]}");
        if (status == BONEMETS_OK) {
            status = read_part(statement, "present", &present);
            note(&status, read_part(statement, "unknown", &unknown));
        }
    }
    return status == BONEMETS_OK ? bm_statement_members(statement, present, unknown, out) : status;
}

bonemets_status bm_record_read_value(bm_statement statement, bm_cell *out)
{
    *out = (bm_cell){0};
    bonemets_status status;
    switch (statement.fact->type.base) {
    case BM_NUMBER:
        status = read_number(&statement, out);
        break;
    case BM_SET:
        status = read_set(&statement, out);
        break;
    default:
        status = read_code(&statement, out);
        break;
    }
    return status == BONEMETS_OK ? bm_statement_settled(&statement, *out) : status;
}
