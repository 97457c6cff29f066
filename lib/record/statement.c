/* SPDX-License-Identifier: Apache-2.0 */
#include "record/statement.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/instant.h"
#include "engine/compile.h"
#include "record/alike.h"

enum { LONGEST_MESSAGE = 1000, LONGEST_PATH = 512, LONGEST_OPTION = 64, FEW = 8 };

static const bm_unit in_itself = {.unit = "1", .factor = 1};

/* Decimals compare with this tolerance everywhere in the language. */
static const double tolerance = 1e-9;

static bm_place place_of(const bm_statement *statement, char path[LONGEST_PATH])
{
    if (statement->node == NULL) {
        return (bm_place){.path = statement->fact->id};
    }
    bm_place place = bm_node_place(statement->file, statement->node, path, LONGEST_PATH);
    place.path = statement->path != NULL ? statement->path : place.path;
    return place;
}

static bonemets_status refuse(const bm_statement *statement, bonemets_status status,
                              const char *what, const char *like)
{
    char path[LONGEST_PATH], expected[LONGEST_MESSAGE];
    bm_place place = place_of(statement, path);
    bm_text text;
    bm_text_init(&text, expected, sizeof expected);
    bm_put_expected(&text, statement->fact, like);
    bool asks = what[0] != '\0' && what[strlen(what) - 1] == '?';
    return bm_fail(statement->err, status, &place, asks ? "%s %q takes %s" : "%s; %q takes %s",
                   what, statement->fact->id, expected);
}

bonemets_status bm_statement_refuse(const bm_statement *statement, bonemets_status status,
                                    const char *format, ...)
{
    char what[LONGEST_MESSAGE];
    bm_text text;
    va_list arguments;
    bm_text_init(&text, what, sizeof what);
    va_start(arguments, format);
    bm_put_format_list(&text, format, arguments);
    va_end(arguments);
    return refuse(statement, status, what, NULL);
}

bonemets_status bm_statement_check(const bm_statement *statement)
{
    const bm_fact *fact = statement->fact;
    if (fact->input >= 0 && !(fact->is_value && fact->no_supply)) {
        return BONEMETS_OK;
    }
    char path[LONGEST_PATH];
    bm_place place = place_of(statement, path);
    if (statement->node != NULL) {
        place.line = statement->node->key_line;
        place.column = statement->node->key_column;
    }
    return bm_fail(statement->err, BONEMETS_E_TYPE, &place,
                   "%q is derived from other facts and is never entered", fact->id);
}

/* Numbers. */

static bool without_unit(const char *unit)
{
    return unit == NULL || strcmp(unit, "1") == 0;
}

static bool in_range(const bm_type *type, double x)
{
    return x >= type->low - tolerance && x <= type->high + tolerance;
}

/* Six digits are enough for a converted number in a message. */
static double shortened(double x)
{
    double scale = 1;
    while (fabs(x) * scale < 1e5 && scale < 1e12) {
        scale *= 10;
    }
    return floor(x * scale + 0.5) / scale;
}

static double backwards(const bm_unit *unit, double x)
{
    return shortened(unit->divide ? x * unit->factor : x / unit->factor);
}

/* The range of the fact in the unit that was written. */
static void put_range_in(bm_text *text, const bm_type *type, const bm_unit *unit)
{
    if (type->low > -DBL_MAX && type->high < DBL_MAX) {
        bm_put_format(text, " (%n..%n %s)", backwards(unit, type->low), backwards(unit, type->high),
                      unit->unit);
    }
}

/* A number that is impossible in the unit of the fact but plausible in another one. */
static void put_other_unit(bm_text *text, const bm_type *type, double x)
{
    for (int i = 0; i < type->unit_count; i++) {
        if (in_range(type, bm_unit_apply(&type->units[i], x))) {
            bm_put_format(text, "; it would fit in %s", type->units[i].unit);
            return;
        }
    }
}

/* What was entered is the patient's: messages, which end up in logs, say where it stands and what
 * is wrong with it, and never quote it. */
static bonemets_status refuse_range(const bm_statement *statement, double x, const bm_unit *unit)
{
    const bm_type *type = &statement->fact->type;
    char what[LONGEST_MESSAGE];
    bm_text text;
    bm_text_init(&text, what, sizeof what);
    bool own = without_unit(unit->unit) || (type->unit != NULL && !strcmp(unit->unit, type->unit));
    bm_put(&text, "this is out of range");
    if (own) {
        put_other_unit(&text, type, x);
    } else {
        put_range_in(&text, type, unit);
    }
    return refuse(statement, BONEMETS_E_RANGE, what, NULL);
}

static bool is_multiple(double x, double step)
{
    double steps = x / step;
    return fabs(steps - floor(steps + 0.5)) <= tolerance;
}

static bonemets_status check_steps(const bm_statement *statement, double x)
{
    if (statement->fact->type.whole && !is_multiple(x, 1)) {
        return bm_statement_refuse(statement, BONEMETS_E_RANGE, "this is not a whole number");
    }
    if (statement->fact->step > 0 && !is_multiple(x, statement->fact->step)) {
        return bm_statement_refuse(statement, BONEMETS_E_RANGE, "this lies between two steps");
    }
    return BONEMETS_OK;
}

static bonemets_status refuse_unit(const bm_statement *statement, const char *unit)
{
    bool in_record = statement->node != NULL && statement->path == NULL;
    return bm_statement_refuse(statement, BONEMETS_E_UNIT,
                               unit != NULL ? "this unit does not fit here"
                               : in_record  ? "the unit is missing; write it behind the number"
                                            : "the unit is missing");
}

static void keep_unit(const bm_statement *statement, const bm_unit *unit)
{
    const bm_type *type = &statement->fact->type;
    for (int i = 0; i < type->unit_count && i < UINT8_MAX && statement->unit != NULL; i++) {
        if (&type->units[i] == unit) {
            bool other = *statement->unit != UINT8_MAX && *statement->unit != i;
            *statement->unit = (uint8_t)(other ? 0 : i); /* of two ends in two units, its own */
        }
    }
}

bonemets_status bm_statement_number(const bm_statement *statement, double x, const char *unit,
                                    double *out)
{
    const bm_type *type = &statement->fact->type;
    const bm_unit *scale = bm_statement_unit(statement->fact, unit);
    if (scale == NULL) {
        return refuse_unit(statement, unit);
    }
    keep_unit(statement, scale);
    double value = bm_unit_apply(scale, x);
    if (!in_range(type, value)) {
        return refuse_range(statement, x, scale);
    }
    bonemets_status status = check_steps(statement, value);
    if (type->whole) {
        value = floor(value + 0.5);
    }
    value = value < type->low ? type->low : value;
    *out = value > type->high ? type->high : value;
    return status;
}

static bonemets_status refuse_interval(const bm_statement *statement)
{
    return refuse(statement, BONEMETS_E_RANGE, "the range runs down", NULL);
}

bonemets_status bm_statement_instant(const bm_statement *statement, const char *text, size_t length,
                                     double *from, double *to)
{
    const bm_type *type = &statement->fact->type;
    const char *wrong = bm_read_instant(text, length, from, to);
    if (wrong != NULL) {
        return bm_statement_refuse(statement, BONEMETS_E_TYPE, "this is not accepted: %s", wrong);
    }
    if (!in_range(type, *from) || *from >= type->high) {
        return refuse_range(statement, *from, &in_itself);
    }
    *to = fmin(*to, type->high);
    return BONEMETS_OK;
}

bonemets_status bm_statement_day(const bm_statement *statement, double midnight, bm_cell *out)
{
    const bm_type *type = &statement->fact->type;
    double days = midnight / BM_DAY;
    if (!in_range(type, midnight) || midnight >= type->high) {
        return refuse_range(statement, midnight, &in_itself);
    }
    if (days > floor(days)) {
        return bm_statement_refuse(statement, BONEMETS_E_TYPE,
                                   "this date is not at the beginning of a day");
    }
    return bm_statement_interval(statement, midnight,
                                 fmin(fmin(midnight + BM_DAY, type->high), bm_last_instant), out);
}

bonemets_status bm_statement_interval(const bm_statement *statement, double low, double high,
                                      bm_cell *out)
{
    if (low > high + tolerance) {
        return refuse_interval(statement);
    }
    out->low.number = low;
    out->high.number = low > high ? low : high;
    return BONEMETS_OK;
}

/* Options. */

static const char *option_id(const bm_fact *fact, int option)
{
    if (fact->type.base == BM_BOOL) {
        return option == 0 ? "no" : "yes";
    }
    return fact->type.codes->ids[option];
}

/* Few options are found faster by looking at each than by hashing. */
static int option_named(const bm_fact *fact, const char *text)
{
    if (fact->type.base == BM_BOOL) {
        return strcmp(text, "no") == 0 ? 0 : strcmp(text, "yes") == 0 ? 1 : -1;
    }
    const bm_codes *codes = fact->type.codes;
    for (int i = 0; i < codes->count && codes->count <= FEW; i++) {
        if (codes->ids[i][0] == text[0] && strcmp(codes->ids[i], text) == 0) {
            return i;
        }
    }
    return bm_names_find(&codes->index, text);
}

static const char *value_of(const bm_pairs *pairs, const char *key)
{
    for (int i = 0; i < pairs->count; i++) {
        if (strcmp(pairs->items[i].key, key) == 0) {
            return pairs->items[i].value;
        }
    }
    return NULL;
}

static int find_option(const bm_fact *fact, const char *text)
{
    int option = option_named(fact, text);
    if (option >= 0) {
        return option;
    }
    const char *meant = value_of(&fact->aliases, text);
    return meant != NULL ? option_named(fact, meant) : -1;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

/* `T5-T6`, `L1/L2`: two options where one fits. */
static bool names_several(const bm_fact *fact, const char *text)
{
    size_t length = strcspn(text, "-/,;+& ");
    char first[LONGEST_OPTION];
    if (fact->type.base == BM_BOOL || text[length] == '\0' || length >= sizeof first) {
        return false;
    }
    memcpy(first, text, length);
    first[length] = '\0';
    return find_option(fact, first) >= 0 && !is_blank(text + length);
}

static void put_several(bm_text *text, const bm_fact *fact)
{
    bm_put(text, "this names several options; ");
    if (fact->type.base == BM_SET) {
        bm_put(text, "each is an entry of the list");
        return;
    }
    bm_put(text, fact->kind > 0 ? "each has a record of its own; if it is one of them, not known "
                                  "which, write {one_of: [a, b]}"
                                : "if it is one of them, not known which, write {one_of: [a, b]}");
}

static bonemets_status refuse_option(const bm_statement *statement, const char *text)
{
    const char *reason = value_of(&statement->fact->refusals, text);
    char what[LONGEST_MESSAGE];
    bm_text message;
    bm_text_init(&message, what, sizeof what);
    if (reason != NULL) {
        bm_put_format(&message, "this is refused: %s", reason);
    } else if (names_several(statement->fact, text)) {
        put_several(&message, statement->fact);
    } else {
        size_t length = strlen(text);
        bool blank = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
        bm_put(&message, blank ? "this is not an option: there is a blank beside it"
                               : "this is not an option");
        if (bm_error_has_room(statement->err)) {
            bm_put_options_alike(&message, statement->fact, text);
        }
    }
    return refuse(statement, BONEMETS_E_TYPE, what, text);
}

bonemets_status bm_statement_option(const bm_statement *statement, const char *text, uint64_t *mask)
{
    int option = find_option(statement->fact, text);
    if (option < 0) {
        return refuse_option(statement, text);
    }
    const char *id = option_id(statement->fact, option);
    if (strcmp(id, text) != 0) {
        char path[LONGEST_PATH];
        bm_place place = place_of(statement, path);
        bm_report(statement->err, BONEMETS_SEVERITY_NOTE, BONEMETS_OK, &place,
                  "an accepted spelling, not the option's own name");
    }
    if ((*mask >> option & 1) != 0) {
        return bm_statement_refuse(statement, BONEMETS_E_TYPE, "one of them stands twice");
    }
    *mask |= UINT64_C(1) << option;
    return BONEMETS_OK;
}

bonemets_status bm_statement_members(const bm_statement *statement, uint64_t present,
                                     uint64_t unknown, bm_cell *out)
{
    if ((present & unknown) != 0) {
        return bm_statement_refuse(statement, BONEMETS_E_TYPE,
                                   "a member is named as present and as unknown");
    }
    out->low.mask = present;
    out->high.mask = present | unknown;
    return BONEMETS_OK;
}

bonemets_status bm_statement_settled(const bm_statement *statement, bm_cell cell)
{
    if (!statement->fact->setting || bm_cell_known(statement->fact->type.base, cell)) {
        return BONEMETS_OK;
    }
    return bm_statement_refuse(statement, BONEMETS_E_TYPE, "a setting has one value, not several");
}
