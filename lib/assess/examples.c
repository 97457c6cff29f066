/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the worked examples that guideline files carry. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assess/deadline.h"
#include "base/error.h"
#include "base/instant.h"
#include "record/read.h"

typedef struct {
    bonemets_guidelines *set;
    const bm_guideline *guideline;
    const bm_example *example;
    bonemets_assessment *result;
    bonemets_error *err;
    bool *heard; /* by row of the program: it spoke in some example */
    bool failed;
} bm_run;

static void differ(bm_run *run, const bm_node *node, const char *format, ...)
{
    char path[200], message[600];
    bm_text text;
    bm_text_init(&text, message, sizeof message);
    va_list arguments;
    va_start(arguments, format);
    bm_put_format_list(&text, format, arguments);
    va_end(arguments);
    bm_place place = bm_node_place(run->guideline->file->name, node, path, sizeof path);
    bm_fail(run->err, BONEMETS_E_RULE, &place, "example %s: %s", run->example->id, message);
    run->failed = true;
}

static double tolerance(const bm_run *run)
{
    return run->example->tolerance > 0 ? run->example->tolerance + 1e-9 : 1e-9;
}

/* ---- lists, compared whatever their order ---- */

typedef struct {
    const char **items;
    int count, room;
} bm_found;

static void found(bm_found *list, const char *item)
{
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->items[i], item) == 0)
            return;
    if (item && list->count < list->room)
        list->items[list->count++] = item;
}

static bool holds(const bm_node *expected, const char *item)
{
    for (const bm_node *one = expected->first; one; one = one->next)
        if (one->kind == BM_SCALAR && strcmp(one->text, item) == 0)
            return true;
    return false;
}

static bool among(const bm_found *list, const char *item)
{
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->items[i], item) == 0)
            return true;
    return false;
}

static void compare_lists(bm_run *run, const bm_node *expected, const bm_found *list)
{
    if (expected->kind != BM_SEQUENCE) {
        differ(run, expected, "expected a list");
        return;
    }
    for (const bm_node *one = expected->first; one; one = one->next)
        if (one->kind != BM_SCALAR || !among(list, one->text))
            differ(run, one, "expected %q, which is not there",
                   one->kind == BM_SCALAR ? one->text : "");
    for (int i = 0; i < list->count; i++)
        if (!holds(expected, list->items[i]))
            differ(run, expected, "found %q, which is not expected", list->items[i]);
}

enum { LONGEST_LIST = 512 };

static void gather_sub(const bm_run *run, int32_t list, int32_t i, int32_t sub, bm_found *out)
{
    int32_t count = bonemets_assessment_sub_count(run->result, list, i, sub);
    for (int32_t j = 0; j < count; j++)
        found(out, bonemets_assessment_sub_str(run->result, list, i, sub, j, BONEMETS_F_ID));
}

static void check_sub(bm_run *run, const bm_node *expected, int32_t list, int32_t i, int32_t sub)
{
    const char *items[LONGEST_LIST];
    bm_found out = {items, 0, LONGEST_LIST};
    gather_sub(run, list, i, sub, &out);
    compare_lists(run, expected, &out);
}

/* ---- the whole of a table ---- */

static void check_words(bm_run *run, const bm_node *expected, int32_t sub)
{
    const char *items[LONGEST_LIST];
    bm_found out = {items, 0, LONGEST_LIST};
    for (int32_t i = 0; i < bonemets_assessment_count(run->result, BONEMETS_ADVICE); i++)
        gather_sub(run, BONEMETS_ADVICE, i, sub, &out);
    compare_lists(run, expected, &out);
}

static void gather_added(const bm_run *run, int32_t i, const char *list, bm_found *out)
{
    const bonemets_assessment *result = run->result;
    int32_t sub = BONEMETS_SUB_ADD;
    int32_t count = bonemets_assessment_sub_count(result, BONEMETS_ADVICE, i, sub);
    for (int32_t j = 0; j < count; j++) {
        const char *of =
            bonemets_assessment_sub_str(result, BONEMETS_ADVICE, i, sub, j, BONEMETS_F_LIST);
        if (strcmp(of, list) == 0)
            found(out,
                  bonemets_assessment_sub_str(result, BONEMETS_ADVICE, i, sub, j, BONEMETS_F_ID));
    }
}

/* Every list that the guideline has: one that is not expected is empty. */
static void check_lists(bm_run *run, const bm_node *expected)
{
    const bm_guideline *guideline = run->guideline;
    for (const bm_node *one = expected->first; one; one = one->next)
        if (!bm_guideline_list(guideline, one->key))
            differ(run, one, "%q is no list of this guideline", one->key);
    for (int l = 0; l < guideline->list_count; l++) {
        const char *items[LONGEST_LIST];
        bm_found out = {items, 0, LONGEST_LIST};
        const bm_node *one = bm_node_get(expected, guideline->lists[l].id);
        for (int32_t i = 0; i < bonemets_assessment_count(run->result, BONEMETS_ADVICE); i++)
            gather_added(run, i, guideline->lists[l].id, &out);
        if (one)
            compare_lists(run, one, &out);
        else if (out.count > 0)
            differ(run, expected, "list %q has entries and is not expected",
                   guideline->lists[l].id);
    }
}

static void check_rows(bm_run *run, const bm_node *expected)
{
    const char *items[LONGEST_LIST];
    bm_found out = {items, 0, LONGEST_LIST};
    const bm_guideline *guideline = run->guideline;
    const bm_frame *frame = &run->result->frame;
    for (int r = 0; r < frame->records[guideline->kind]; r++)
        for (int i = 0; i < guideline->row_count; i++) {
            const bm_row *row = &run->set->program.rows[guideline->rows[i].row];
            if (bm_assessment_cell(frame, guideline->kind, r, row->slot).low.mask & BM_ROW_SPEAKS)
                found(&out, guideline->rows[i].id);
        }
    compare_lists(run, expected, &out);
}

/* Choices with an outcome that does not count. */
static void check_ignored(bm_run *run, const bm_node *expected)
{
    const char *items[LONGEST_LIST];
    bm_found out = {items, 0, LONGEST_LIST};
    const bonemets_assessment *result = run->result;
    for (int32_t i = 0; i < bonemets_assessment_count(result, BONEMETS_CHOICES); i++)
        if (bonemets_assessment_str(result, BONEMETS_CHOICES, i, BONEMETS_F_CODE) &&
            bonemets_assessment_int(result, BONEMETS_CHOICES, i, BONEMETS_F_IGNORE) ==
                BONEMETS_IGNORED)
            found(&out, bonemets_assessment_str(result, BONEMETS_CHOICES, i, BONEMETS_F_ID));
    compare_lists(run, expected, &out);
}

static void check_provisional(bm_run *run, const bm_node *expected)
{
    const char *items[LONGEST_LIST];
    bm_found out = {items, 0, LONGEST_LIST};
    for (int32_t i = 0; i < bonemets_assessment_count(run->result, BONEMETS_CHOICES); i++)
        if (bonemets_assessment_int(run->result, BONEMETS_CHOICES, i, BONEMETS_F_STATE) ==
            BONEMETS_PARTLY)
            found(&out, bonemets_assessment_str(run->result, BONEMETS_CHOICES, i, BONEMETS_F_ID));
    compare_lists(run, expected, &out);
}

static void check_missing(bm_run *run, const bm_node *expected)
{
    const char *items[LONGEST_LIST];
    bm_found out = {items, 0, LONGEST_LIST};
    for (int32_t i = 0; i < bonemets_assessment_count(run->result, BONEMETS_MISSING); i++)
        found(&out, bonemets_assessment_str(run->result, BONEMETS_MISSING, i, BONEMETS_F_ID));
    compare_lists(run, expected, &out);
}

static void check_notes(bm_run *run, const bm_node *expected)
{
    const char *items[LONGEST_LIST];
    bm_found out = {items, 0, LONGEST_LIST};
    for (int32_t i = 0; i < bonemets_assessment_count(run->result, BONEMETS_NOTES); i++)
        found(&out, bonemets_assessment_str(run->result, BONEMETS_NOTES, i, BONEMETS_F_ID));
    compare_lists(run, expected, &out);
}

static void check_disagreements(bm_run *run, const bm_node *expected)
{
    const char *items[LONGEST_LIST];
    bm_found out = {items, 0, LONGEST_LIST};
    int32_t list = BONEMETS_DISAGREEMENTS;
    for (int32_t i = 0; i < bonemets_assessment_count(run->result, list); i++)
        found(&out, bonemets_assessment_str(run->result, list, i, BONEMETS_F_ID));
    compare_lists(run, expected, &out);
}

static void check_text(bm_run *run, const bm_node *expected, const char *is)
{
    bool null = expected->kind == BM_SCALAR && bm_node_is_null(expected);
    if (expected->kind != BM_SCALAR || (null ? is != NULL : !is || strcmp(expected->text, is) != 0))
        differ(run, expected, "expected %q, found %q",
               expected->kind == BM_SCALAR ? expected->text : "a list", is ? is : "nothing");
}

static void check_hours(bm_run *run, const bm_node *expected, double is)
{
    double number = -1;
    const char *unit = NULL;
    bool null = bm_node_is_null(expected);
    bool read = expected->kind == BM_SCALAR &&
                (null || (!bm_syntax_quantity(expected->text, &number, &unit) && unit &&
                          strcmp(unit, "h") == 0));
    if (!read)
        differ(run, expected, "expected hours, such as 24 h");
    else if (fabs(number - is) > 1e-9)
        differ(run, expected, "expected %n h, found %n h", number, is);
}

static void check_number(bm_run *run, const bm_node *expected, double is)
{
    double number;
    const char *wrong = expected->kind == BM_SCALAR
                            ? bm_read_number(expected->text, expected->length, &number)
                            : "expected a number";
    if (wrong)
        differ(run, expected, "%s", wrong);
    else if (!(fabs(number - is) <= tolerance(run)))
        differ(run, expected, "expected %n, found %n", number, is);
}

static void check_instant(bm_run *run, const bm_node *expected, double is)
{
    char found[32];
    bm_text text;
    bm_text_init(&text, found, sizeof found);
    bm_put_instant(&text, is);
    check_text(run, expected, found);
}

/* `11.5`, `{low: 9, high: 12}`, of what is due instants; null: it is not known. */
static void check_deadline(bm_run *run, const bm_node *expected, const bm_deadline *is, bool due)
{
    bool told =
        (is->state == BONEMETS_KNOWN || is->state == BONEMETS_PARTLY) && (!due || is->dated);
    double low = due ? is->due_low : is->low, high = due ? is->due_high : is->high;
    void (*check)(bm_run *, const bm_node *, double) = due ? check_instant : check_number;
    const bm_node *first = bm_node_get(expected, "low"), *last = bm_node_get(expected, "high");
    if (expected->kind == BM_MAP && told && first && last && expected->count == 2) {
        check(run, first, low);
        check(run, last, high);
    } else if (expected->kind == BM_MAP || !told || low < high) {
        check_text(run, expected, !told ? NULL : low < high ? "a range" : "one end");
    } else {
        check(run, expected, low);
    }
}

static void check_overall(bm_run *run, const bm_node *expected)
{
    static const struct {
        const char *key;
        bonemets_field field;
        bool hours;
    } keys[] = {{"urgency", BONEMETS_F_URGENCY, false},
                {"within", BONEMETS_F_WITHIN_H, true},
                {"possible_urgency", BONEMETS_F_POSSIBLE_URGENCY, false},
                {"possible_within", BONEMETS_F_POSSIBLE_WITHIN_H, true}};
    for (const bm_node *one = expected->first; one; one = one->next) {
        size_t k = 0;
        while (k < 4 && strcmp(keys[k].key, one->key) != 0)
            k++;
        if (strcmp(one->key, "left_row") == 0)
            check_text(run, one, bonemets_assessment_overall_str(run->result, BONEMETS_F_LEFT_ROW));
        else if (strcmp(one->key, "left") == 0 || strcmp(one->key, "due") == 0)
            check_deadline(run, one, &run->result->soonest, one->key[0] == 'd');
        else if (k == 4)
            differ(run, one,
                   "%q is none of urgency, within, possible_urgency, possible_within, left, due, "
                   "left_row",
                   one->key);
        else if (keys[k].hours)
            check_hours(run, one, bonemets_assessment_overall_num(run->result, keys[k].field));
        else
            check_text(run, one, bonemets_assessment_overall_str(run->result, keys[k].field));
    }
}

/* ---- one result or choice ---- */

static void check_result(bm_run *run, const bm_node *expected, int32_t i)
{
    int32_t state = bonemets_assessment_int(run->result, BONEMETS_RESULTS, i, BONEMETS_F_STATE);
    double low = bonemets_assessment_num(run->result, BONEMETS_RESULTS, i, BONEMETS_F_LOW);
    double high = bonemets_assessment_num(run->result, BONEMETS_RESULTS, i, BONEMETS_F_HIGH);
    if (expected->kind == BM_MAP) {
        for (const bm_node *one = expected->first; one; one = one->next) {
            if (strcmp(one->key, "low") == 0)
                check_number(run, one, low);
            else if (strcmp(one->key, "high") == 0)
                check_number(run, one, high);
            else
                differ(run, one, "%q is neither low nor high", one->key);
        }
    } else if (state != BONEMETS_KNOWN) {
        differ(run, expected, "expected one number, found %n to %n", low, high);
    } else {
        check_number(run, expected, low);
    }
}

static const char *state_word(int32_t list, int32_t state)
{
    bool choice = list == BONEMETS_CHOICES;
    switch (state) {
    case BONEMETS_KNOWN:
        return "known";
    case BONEMETS_PARTLY:
        return choice ? "provisional" : "partly";
    case BONEMETS_INAPPLICABLE:
        return "not_applicable";
    case BONEMETS_NONE:
        return "none";
    default:
        return "unknown";
    }
}

static void check_detail(bm_run *run, const bm_node *expected, int32_t list, int32_t i,
                         const char *detail)
{
    static const struct {
        const char *name;
        int32_t sub;
    } lists[] = {{"bands", BONEMETS_SUB_BANDS},
                 {"missing", BONEMETS_SUB_MISSING},
                 {"notes", BONEMETS_SUB_NOTES},
                 {"possible", BONEMETS_SUB_POSSIBLE},
                 {"assumed", BONEMETS_SUB_ASSUMED}};
    if (strcmp(detail, "left") == 0 || strcmp(detail, "due") == 0) {
        bm_view view;
        bm_view_open(run->result, list, i, &view);
        bm_deadline deadline = bm_view_deadline(&view);
        check_deadline(run, expected, &deadline, detail[0] == 'd');
        return;
    }
    if (strcmp(detail, "band") == 0) {
        check_text(run, expected, bonemets_assessment_str(run->result, list, i, BONEMETS_F_BAND));
        return;
    }
    if (strcmp(detail, "state") == 0) {
        int32_t state = bonemets_assessment_int(run->result, list, i, BONEMETS_F_STATE);
        check_text(run, expected, state_word(list, state));
        return;
    }
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        if (strcmp(lists[k].name, detail) == 0) {
            check_sub(run, expected, list, i, lists[k].sub);
            return;
        }
    differ(run, expected,
           "%q is none of band, bands, state, missing, notes, possible, assumed, left, due, "
           "within, alternative",
           detail);
}

/* ---- one row or note ---- */

/* Several results may show the note; it says the same beside each. */
static void check_alternative(bm_run *run, const bm_node *expected, const char *note, int record)
{
    const bonemets_assessment *result = run->result;
    int32_t list = BONEMETS_RESULTS, sub = BONEMETS_SUB_NOTES;
    for (int32_t i = 0; i < bonemets_assessment_count(result, list); i++) {
        if (bonemets_assessment_int(result, list, i, BONEMETS_F_LESION) != record)
            continue;
        for (int32_t j = 0; j < bonemets_assessment_sub_count(result, list, i, sub); j++) {
            const char *id = bonemets_assessment_sub_str(result, list, i, sub, j, BONEMETS_F_ID);
            if (strcmp(id, note) != 0 ||
                bonemets_assessment_sub_int(result, list, i, sub, j, BONEMETS_F_STATE) !=
                    BONEMETS_KNOWN)
                continue;
            check_number(run, expected,
                         bonemets_assessment_sub_num(result, list, i, sub, j, BONEMETS_F_LOW));
            return;
        }
    }
    differ(run, expected, "no note %q gives another number here", note);
}

/* The row of this id, if it speaks for the record, which is 0 where none is listed. */
static const bm_row_def *speaking(const bm_run *run, const char *id, int record)
{
    const bm_guideline *guideline = run->guideline;
    const bm_frame *frame = &run->result->frame;
    int r = record > 0 ? record - 1 : 0;
    for (int i = 0; i < guideline->row_count && r < frame->records[guideline->kind]; i++) {
        const bm_row_def *row = &guideline->rows[i];
        const bm_row *made = &run->set->program.rows[row->row];
        if (strcmp(row->id, id) == 0 &&
            bm_assessment_cell(frame, guideline->kind, r, made->slot).low.mask & BM_ROW_SPEAKS)
            return row;
    }
    return NULL;
}

static void check_within(bm_run *run, const bm_node *expected, const char *id, int record)
{
    const bm_row_def *row = speaking(run, id, record);
    if (row)
        check_hours(run, expected, row->within_h);
    else
        differ(run, expected, "row %q does not speak", id);
}

/* `id`, `id@2`, `id.band`, `id@2.band`. */
typedef struct {
    char id[80];
    const char *detail; /* NULL: the thing itself */
    int record;         /* -1: not said */
} bm_wanted;

static bool parse_key(const char *key, bm_wanted *out)
{
    size_t length = strcspn(key, "@.");
    if (length == 0 || length >= sizeof out->id)
        return false;
    memcpy(out->id, key, length);
    out->id[length] = '\0';
    out->record = -1;
    key += length;
    if (*key == '@') {
        double number;
        size_t digits = strspn(key + 1, "0123456789");
        if (digits == 0 || digits > 4 || bm_read_number(key + 1, digits, &number))
            return false;
        out->record = (int)number;
        key += 1 + digits;
    }
    out->detail = *key == '.' ? key + 1 : NULL;
    return *key == '\0' || *key == '.';
}

static int default_record(const bm_run *run)
{
    int kind = run->guideline->kind;
    return kind > 0 && run->result->frame.listed[kind] ? 1 : 0;
}

static void check_thing(bm_run *run, const bm_node *expected)
{
    bm_wanted wanted;
    if (!parse_key(expected->key, &wanted)) {
        differ(run, expected, "%q names no result or choice", expected->key);
        return;
    }
    int record = wanted.record < 0 ? default_record(run) : wanted.record;
    if (wanted.detail && strcmp(wanted.detail, "within") == 0) {
        check_within(run, expected, wanted.id, record);
        return;
    }
    if (wanted.detail && strcmp(wanted.detail, "alternative") == 0) {
        check_alternative(run, expected, wanted.id, record);
        return;
    }
    int32_t list = BONEMETS_RESULTS;
    int32_t i = bonemets_assessment_find(run->result, list, wanted.id, record);
    if (i < 0) {
        list = BONEMETS_CHOICES;
        i = bonemets_assessment_find(run->result, list, wanted.id, record);
    }
    if (i < 0 && wanted.detail) {
        list = BONEMETS_ADVICE;
        i = bonemets_assessment_find(run->result, list, wanted.id, record);
    }
    if (i < 0)
        differ(run, expected, "there is no result or choice %q", wanted.id);
    else if (wanted.detail)
        check_detail(run, expected, list, i, wanted.detail);
    else if (list == BONEMETS_RESULTS)
        check_result(run, expected, i);
    else
        check_text(run, expected, bonemets_assessment_str(run->result, list, i, BONEMETS_F_CODE));
}

static void check_expectation(bm_run *run, const bm_node *one)
{
    if (strcmp(one->key, "provisional") == 0)
        check_provisional(run, one);
    else if (strcmp(one->key, "ignored") == 0)
        check_ignored(run, one);
    else if (strcmp(one->key, "rows") == 0)
        check_rows(run, one);
    else if (strcmp(one->key, "do") == 0)
        check_words(run, one, BONEMETS_SUB_DO);
    else if (strcmp(one->key, "warn") == 0)
        check_words(run, one, BONEMETS_SUB_WARN);
    else if (strcmp(one->key, "lists") == 0)
        check_lists(run, one);
    else if (strcmp(one->key, "overall") == 0)
        check_overall(run, one);
    else if (strcmp(one->key, "missing") == 0)
        check_missing(run, one);
    else if (strcmp(one->key, "notes") == 0)
        check_notes(run, one);
    else if (strcmp(one->key, "disagreements") == 0)
        check_disagreements(run, one);
    else
        check_thing(run, one);
}

/* An example may contradict itself on purpose: only what is refused is reported. */
static bonemets_status read_given(bm_run *run, bonemets_patient *patient)
{
    const char *file = run->guideline->file->name;
    bonemets_status status = bm_record_read_node(patient, file, run->example->given, NULL);
    if (status == BONEMETS_OK)
        return status;
    bonemets_patient_reset(patient);
    return bm_record_read_node(patient, file, run->example->given, run->err);
}

static bonemets_status prepare(bm_run *run, bonemets_patient *patient)
{
    const bm_example *example = run->example;
    bonemets_status status = read_given(run, patient);
    if (!status && example->profile)
        status = bonemets_patient_set_profile(patient, example->profile, run->err);
    if (!status)
        status = bonemets_assess(patient, run->guideline->id, &run->result, run->err);
    return status;
}

static void listen(const bm_run *run)
{
    const bm_guideline *guideline = run->guideline;
    const bm_frame *frame = &run->result->frame;
    for (int r = 0; r < frame->records[guideline->kind]; r++)
        for (int i = 0; i < guideline->row_count; i++) {
            int32_t row = guideline->rows[i].row;
            int32_t slot = run->set->program.rows[row].slot;
            bm_cell cell = bm_assessment_cell(frame, guideline->kind, r, slot);
            run->heard[row] |= (cell.low.mask & BM_ROW_SPEAKS) != 0;
        }
}

static bonemets_status run_example(bm_run *run, bonemets_patient *patient)
{
    bonemets_patient_reset(patient);
    bonemets_status status = prepare(run, patient);
    if (status == BONEMETS_E_MEMORY)
        return status;
    if (!status)
        listen(run);
    run->failed = status != BONEMETS_OK;
    for (const bm_node *one = status ? NULL : run->example->expect->first; one; one = one->next)
        check_expectation(run, one);
    bonemets_assessment_unref(run->result);
    run->result = NULL;
    return BONEMETS_OK;
}

/* Rows that speak in no example; a warning where the proofs at loading have found no record either. */
static void report_unheard(const bonemets_guidelines *set, const bool *heard, bonemets_error *err)
{
    for (int g = 0; g < set->definitions.guideline_count; g++) {
        const bm_guideline *guideline = &set->definitions.guidelines[g];
        for (int i = 0; i < guideline->row_count && !guideline->off; i++) {
            const bm_row_def *row = &guideline->rows[i];
            if (heard[row->row])
                continue;
            bm_report(err, row->unproven ? BONEMETS_SEVERITY_WARNING : BONEMETS_SEVERITY_NOTE,
                      row->unproven ? BONEMETS_E_RULE : BONEMETS_OK, &row->place,
                      row->unproven
                          ? "no record was found in which row %q speaks; can its condition hold?"
                          : "no example makes row %q speak",
                      row->id);
        }
    }
}

static bonemets_status run_guideline(bm_run *run, bonemets_patient *patient, int32_t counts[2])
{
    bm_arena arena;
    const bm_example *examples;
    int count;
    bm_arena_init(&arena, &run->set->memory);
    bonemets_status status = bm_examples_read(run->guideline, &arena, &examples, &count, run->err);
    for (int i = 0; !status && i < count; i++) {
        run->example = &examples[i];
        status = run_example(run, patient);
        counts[run->failed]++;
    }
    bm_arena_free(&arena);
    return status;
}

static bonemets_status run_all(const bm_run *common, bonemets_patient *patient, int32_t counts[2])
{
    bonemets_status status = BONEMETS_OK;
    const bm_definitions *definitions = &common->set->definitions;
    for (int g = 0; !status && g < definitions->guideline_count; g++) {
        const bm_guideline *guideline = &definitions->guidelines[g];
        bm_run run = *common;
        run.guideline = guideline;
        if (!guideline->off)
            status = run_guideline(&run, patient, counts);
    }
    return status;
}

bonemets_status bonemets_guidelines_run_examples(bonemets_guidelines *set, int32_t *passed,
                                                 int32_t *failed, bonemets_error *err)
{
    int32_t counts[2] = {0, 0};
    if (passed)
        *passed = 0;
    if (failed)
        *failed = 0;
    if (!set)
        return BONEMETS_E_ARGUMENT;
    bonemets_patient *patient;
    size_t size = ((size_t)set->program.row_count + 1) * sizeof(bool);
    bool *heard = bm_take(&set->memory, size);
    bonemets_status status = heard ? bonemets_patient_new(set, &patient) : BONEMETS_E_MEMORY;
    if (!status) {
        memset(heard, 0, size);
        bm_run common = {.set = set, .heard = heard, .err = err};
        status = run_all(&common, patient, counts);
        report_unheard(set, heard, err);
        bonemets_patient_free(patient);
    }
    if (heard)
        bm_give_back(&set->memory, heard, size);
    if (passed)
        *passed = counts[0];
    if (failed)
        *failed = counts[1];
    if (status)
        return status;
    return counts[1] ? BONEMETS_E_RULE : BONEMETS_OK;
}
