/* SPDX-License-Identifier: Apache-2.0 */
/* Random patients with lists of records through the batch call and, one by one, through the handles of
 * a single patient: every target says the same of every record, to the bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "batch/batch.h"

enum {
    ROWS = 400,
    MOST = 5,
    RECORDS = ROWS * MOST,
    PAD = 3,
    COLUMNS = 300,
    TEXT = 80,
    PARTS = 400
};

static uint64_t seed = 20261122;

static uint32_t below(uint32_t limit)
{
    uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)(((z ^ (z >> 31)) >> 32) % limit);
}

/* ---- what is entered ---- */

typedef struct {
    bool null;
    double number;
    uint64_t mask, unknown; /* of a code one bit, of a set its members */
} value;

typedef struct {
    const bm_fact *fact;
    bonemets_fact number;
    const char *unit;
    bool by_member;
    value *values; /* of the rows, or of all records one behind the other */
} given;

/* What a kind of record comes as. */
typedef enum { ABSENT, COLUMN, LIST } form;

typedef struct {
    form form;
    int count[ROWS], first[ROWS]; /* of a list; -1: null */
    int total;
    given facts[COLUMNS];
    int fact_count;
} group;

static group groups[BM_KINDS];

static void *room(size_t size)
{
    void *block = calloc(1, size + 1);
    assert_non_null(block);
    return block;
}

static double random_number(const bm_fact *fact)
{
    double low = fact->type.low > -1000 ? fact->type.low : -1000;
    double high = fact->type.high < 1000 ? fact->type.high : 1000;
    if (fact->type.whole || fact->step > 0) {
        double step = fact->step > 1 ? fact->step : 1;
        uint32_t steps = (uint32_t)((high - low) / step) + 1;
        return low + step * below(steps < 40 ? steps : 40);
    }
    return low + (high - low) * below(1001) / 1000.0;
}

/* The numbers of records that there are in the row, which a link can name. */
static int to_name(const bm_fact *fact, int row)
{
    const group *g = &groups[fact->type.link];
    return g->form == LIST && g->count[row] >= 0 ? g->count[row] : 1;
}

static value random_value(const given *g, uint32_t nulls, int row)
{
    const bm_fact *fact = g->fact;
    value v = {.null = below(100) < nulls};
    int count = fact->is_link                ? to_name(fact, row)
                : fact->type.base == BM_BOOL ? 2
                : fact->type.codes           ? fact->type.codes->count
                                             : 0;
    if (fact->type.base == BM_NUMBER) {
        v.number = random_number(fact);
    } else if (fact->type.base == BM_SET) {
        for (int i = 0; i < count; i++) {
            v.mask |= (uint64_t)(below(fact->is_link ? 2 : 4) == 0) << i;
            v.unknown |= (uint64_t)(g->by_member && below(100) < nulls / 2) << i;
        }
        v.mask &= ~v.unknown;
    } else {
        v.mask = UINT64_C(1) << below((uint32_t)count);
    }
    return v;
}

static const char *option(const bm_fact *fact, int i)
{
    return fact->type.base == BM_BOOL ? i ? "yes" : "no" : fact->type.codes->ids[i];
}

/* ---- columns ---- */

static int alive;

static void free_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++) {
        array->children[i]->release(array->children[i]);
        free(array->children[i]);
    }
    free(array->children);
    if (array->dictionary) {
        array->dictionary->release(array->dictionary);
        free(array->dictionary);
    }
    for (int64_t i = 0; i < array->n_buffers; i++)
        free((void *)(uintptr_t)array->buffers[i]);
    free(array->buffers);
    array->release = NULL;
    alive--;
}

static void free_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        schema->children[i]->release(schema->children[i]);
        free(schema->children[i]);
    }
    free(schema->children);
    if (schema->dictionary) {
        schema->dictionary->release(schema->dictionary);
        free(schema->dictionary);
    }
    free((void *)(uintptr_t)schema->name);
    schema->release = NULL;
    alive--;
}

/* A column that is being made; its rows stand behind `offset` others that nobody is to look at. */
typedef struct {
    struct ArrowArray *array;
    struct ArrowSchema *schema;
    uint8_t *valid;
    int64_t offset;
} column;

static column start(struct ArrowArray *array, struct ArrowSchema *schema, const char *format,
                    const char *name, int64_t length, int64_t offset, int buffers, int children)
{
    *array = (struct ArrowArray){.length = length,
                                 .offset = offset,
                                 .null_count = -1,
                                 .n_buffers = buffers,
                                 .n_children = children,
                                 .release = free_array};
    *schema =
        (struct ArrowSchema){.format = format, .n_children = children, .release = free_schema};
    schema->name = strcpy(room(strlen(name)), name);
    array->buffers = room((size_t)buffers * sizeof(void *));
    array->children = room((size_t)children * sizeof(void *));
    schema->children = room((size_t)children * sizeof(void *));
    for (int i = 0; i < children; i++) {
        array->children[i] = room(sizeof(struct ArrowArray));
        schema->children[i] = room(sizeof(struct ArrowSchema));
    }
    uint8_t *valid = room((size_t)(length + offset) / 8 + 1);
    if (buffers)
        array->buffers[0] = valid;
    alive += 2;
    return (column){array, schema, valid, offset};
}

static void set_bit(uint8_t *bits, int64_t i, bool on)
{
    if (on)
        bits[i >> 3] |= (uint8_t)(1 << (i & 7));
}

static void put_texts(struct ArrowArray *array, int64_t count, char (*texts)[TEXT])
{
    int64_t *ends = room(((size_t)count + 1) * sizeof *ends);
    char *bytes = room((size_t)count * TEXT);
    for (int64_t i = 0; i < count; i++) {
        memcpy(bytes + ends[i], texts[i], strlen(texts[i]));
        ends[i + 1] = ends[i] + (int64_t)strlen(texts[i]);
    }
    array->buffers[1] = ends;
    array->buffers[2] = bytes;
}

static void put_numbers(const given *g, int64_t rows, struct ArrowArray *array,
                        struct ArrowSchema *schema)
{
    char name[TEXT * 2];
    snprintf(name, sizeof name, g->unit ? "%s [%s]" : "%s", g->fact->id, g->unit);
    column c = start(array, schema, "g", name, rows, PAD, 2, 0);
    double *doubles = room((size_t)(rows + PAD) * sizeof *doubles);
    for (int64_t i = 0; i < rows; i++) {
        set_bit(c.valid, i + PAD, !g->values[i].null);
        doubles[i + PAD] = g->values[i].number;
    }
    array->buffers[1] = doubles;
}

static void put_bits(const given *g, int64_t rows, int member, struct ArrowArray *array,
                     struct ArrowSchema *schema)
{
    char name[TEXT * 3];
    snprintf(name, sizeof name, "%s.%s", g->fact->id, option(g->fact, member));
    column c = start(array, schema, "b", name, rows, PAD, 2, 0);
    uint8_t *data = room((size_t)(rows + PAD) / 8 + 1);
    for (int64_t i = 0; i < rows; i++) {
        set_bit(c.valid, i + PAD, !(g->values[i].unknown >> member & 1));
        set_bit(data, i + PAD, g->values[i].mask >> member & 1);
    }
    array->buffers[1] = data;
}

static void put_options(const given *g, int64_t rows, struct ArrowArray *array,
                        struct ArrowSchema *schema)
{
    static char texts[RECORDS + PAD][TEXT];
    int count = g->fact->type.base == BM_BOOL ? 2 : g->fact->type.codes->count;
    bool dictionary = below(2);
    column c =
        start(array, schema, dictionary ? "s" : "U", g->fact->id, rows, PAD, dictionary ? 2 : 3, 0);
    int16_t *keys = room((size_t)(rows + PAD) * sizeof *keys);
    memset(texts, 0, sizeof texts);
    for (int64_t i = 0; i < rows; i++) {
        int key = __builtin_ctzll(g->values[i].mask);
        set_bit(c.valid, i + PAD, !g->values[i].null);
        keys[i + PAD] = (int16_t)key;
        if (!dictionary)
            snprintf(texts[i + PAD], TEXT, "%s", option(g->fact, key));
    }
    if (!dictionary) {
        put_texts(array, rows + PAD, texts);
        free(keys);
        return;
    }
    for (int i = 0; i < count; i++)
        snprintf(texts[i], TEXT, "%s", option(g->fact, i));
    array->buffers[1] = keys;
    array->dictionary = room(sizeof *array->dictionary);
    schema->dictionary = room(sizeof *schema->dictionary);
    start(array->dictionary, schema->dictionary, "U", "", count, 0, 3, 0);
    memset((void *)(uintptr_t)array->dictionary->buffers[0], 0xFF, (size_t)count / 8 + 1);
    put_texts(array->dictionary, count, texts);
}

/* Members as lists of texts, numbers of records as lists of integers. */
static void put_sets(const given *g, int64_t rows, struct ArrowArray *array,
                     struct ArrowSchema *schema)
{
    static char texts[RECORDS * 8][TEXT];
    static int32_t numbers[RECORDS * 8];
    column c = start(array, schema, "+l", g->fact->id, rows, PAD, 2, 1);
    int32_t *ends = room((size_t)(rows + PAD + 1) * sizeof *ends), used = 0;
    for (int64_t i = 0; i < rows; i++) {
        set_bit(c.valid, i + PAD, !g->values[i].null);
        ends[i + PAD] = used;
        for (int m = 0; m < g->fact->type.codes->count && !g->values[i].null; m++)
            if (g->values[i].mask >> m & 1 && used < RECORDS * 8) {
                numbers[used] = m + 1;
                snprintf(texts[used++], TEXT, "%s", option(g->fact, m));
            }
        ends[i + PAD + 1] = used;
    }
    assert_true(used < RECORDS * 8);
    array->buffers[1] = ends;
    bool link = g->fact->is_link;
    column below_it = start(array->children[0], schema->children[0], link ? "i" : "U", "item", used,
                            0, link ? 2 : 3, 0);
    memset(below_it.valid, 0xFF, (size_t)used / 8 + 1);
    if (link)
        array->children[0]->buffers[1] =
            memcpy(room((size_t)used * sizeof *numbers), numbers, (size_t)used * sizeof *numbers);
    else
        put_texts(array->children[0], used, texts);
}

static int columns_of(const group *g)
{
    int count = 0;
    for (int i = 0; i < g->fact_count; i++)
        count += g->facts[i].by_member ? g->facts[i].fact->type.codes->count : 1;
    return count;
}

/* Returns how many columns they took. */
static int put_facts(const group *g, int64_t rows, struct ArrowArray **arrays,
                     struct ArrowSchema **schemas)
{
    int at = 0;
    for (int i = 0; i < g->fact_count; i++) {
        const given *one = &g->facts[i];
        bm_base base = one->fact->type.base;
        for (int m = 0; one->by_member && m < one->fact->type.codes->count; m++, at++)
            put_bits(one, rows, m, arrays[at], schemas[at]);
        if (one->by_member)
            continue;
        if (base == BM_NUMBER)
            put_numbers(one, rows, arrays[at], schemas[at]);
        else if (base == BM_SET)
            put_sets(one, rows, arrays[at], schemas[at]);
        else
            put_options(one, rows, arrays[at], schemas[at]);
        at++;
    }
    return at;
}

/* A list that begins behind others, in a list of structs that do so too. A record of which nothing
 * is known may be null as a whole. */
static void put_list(const group *g, const char *name, struct ArrowArray *array,
                     struct ArrowSchema *schema)
{
    bool large = below(2);
    column c = start(array, schema, large ? "+L" : "+l", name, ROWS, PAD, 2, 1);
    int32_t *ends = room((ROWS + PAD + 1) * sizeof *ends);
    int64_t *wide = room((ROWS + PAD + 1) * sizeof *wide);
    for (int i = 0; i < ROWS; i++) {
        set_bit(c.valid, i + PAD, g->count[i] >= 0);
        wide[i + PAD] = PAD + g->first[i];
        wide[i + PAD + 1] = PAD + g->first[i] + (g->count[i] > 0 ? g->count[i] : 0);
    }
    for (int i = 0; i <= ROWS + PAD; i++)
        ends[i] = (int32_t)wide[i];
    array->buffers[1] = large ? (void *)wide : (void *)ends;
    free(large ? (void *)ends : (void *)wide);
    column records = start(array->children[0], schema->children[0], "+s", "item", g->total + PAD, 0,
                           1, columns_of(g));
    memset(records.valid, 0xFF, (size_t)(g->total + PAD) / 8 + 1);
    put_facts(g, g->total, records.array->children, records.schema->children);
    /* the columns were made for the records alone: PAD more before them, which they have */
    for (int64_t i = 0; i < records.array->n_children; i++) {
        records.array->children[i]->offset -= PAD;
        records.array->children[i]->length += PAD;
    }
}

static void put_patients(const bonemets_guidelines *set, struct ArrowArray *array,
                         struct ArrowSchema *schema)
{
    int columns = 0, at = 0;
    for (int k = 0; k < set->program.kind_count; k++)
        columns += groups[k].form == COLUMN ? columns_of(&groups[k]) : groups[k].form == LIST;
    start(array, schema, "+s", "", ROWS, 0, 1, columns);
    memset((void *)(uintptr_t)array->buffers[0], 0xFF, ROWS / 8 + 1);
    for (int k = 0; k < set->program.kind_count; k++) {
        if (groups[k].form == COLUMN)
            at += put_facts(&groups[k], ROWS, array->children + at, schema->children + at);
        if (groups[k].form == LIST) {
            put_list(&groups[k], set->definitions.kinds[k].list, array->children[at],
                     schema->children[at]);
            at++;
        }
    }
}

/* ---- one patient ---- */

static int names_of(const bm_fact *fact, uint64_t mask, const char **names)
{
    int n = 0;
    for (; mask; mask &= mask - 1)
        names[n++] = option(fact, __builtin_ctzll(mask));
    return n;
}

static bool is_null(const given *g, const value *v)
{
    int count = g->by_member ? g->fact->type.codes->count : 0;
    return g->by_member ? v->unknown == (count == 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1)
                        : v->null;
}

static void enter(bonemets_patient *patient, int record, const given *g, const value *v)
{
    const char *present[64], *unknown[64];
    bonemets_status status;
    if (is_null(g, v))
        return;
    int count = names_of(g->fact, v->mask, present);
    if (g->fact->type.base == BM_NUMBER)
        status = bonemets_patient_set_number(patient, record, g->number, v->number, v->number,
                                             g->unit, NULL);
    else if (g->fact->type.base == BM_SET)
        status = bonemets_patient_set_members(patient, record, g->number, present, count, unknown,
                                              names_of(g->fact, v->unknown, unknown), NULL);
    else
        status = bonemets_patient_set_codes(patient, record, g->number, present, count, NULL);
    if (status)
        fail_msg("%s is refused: %s", g->fact->id, bonemets_status_name(status));
}

static bool says_anything(const group *g, int row)
{
    for (int i = 0; i < g->fact_count; i++)
        if (!is_null(&g->facts[i], &g->facts[i].values[row]))
            return true;
    return false;
}

static void enter_records(bonemets_patient *patient, const group *g, const char *kind, int row)
{
    int count = g->form == LIST ? g->count[row] : says_anything(g, row);
    int first = g->form == LIST ? g->first[row] : row;
    if (g->form == LIST && count == 0)
        assert_int_equal(bonemets_patient_set_none(patient, kind), BONEMETS_OK);
    for (int r = 0; r < count; r++) {
        bonemets_record record;
        assert_int_equal(bonemets_patient_add_record(patient, kind, &record), BONEMETS_OK);
        for (int i = 0; i < g->fact_count; i++)
            enter(patient, record, &g->facts[i], &g->facts[i].values[first + r]);
    }
}

static void enter_patient(const bonemets_guidelines *set, bonemets_patient *patient, int row)
{
    bonemets_patient_reset(patient);
    for (int i = 0; i < groups[0].fact_count; i++)
        enter(patient, 0, &groups[0].facts[i], &groups[0].facts[i].values[row]);
    for (int k = 1; k < set->program.kind_count; k++)
        if (groups[k].form != ABSENT)
            enter_records(patient, &groups[k], set->definitions.kinds[k].id, row);
}

/* ---- comparing ---- */

static bool valid(const struct ArrowArray *array, int64_t i)
{
    return ((const uint8_t *)array->buffers[0])[i >> 3] >> (i & 7) & 1;
}

static void same_text(const char *what, int row, const struct ArrowArray *array, int64_t i,
                      const char *handle)
{
    char text[256] = "null";
    if (valid(array, i)) {
        int8_t key = ((const int8_t *)array->buffers[1])[i];
        const int32_t *ends = array->dictionary->buffers[1];
        assert_in_range(key, 0, array->dictionary->length - 1);
        snprintf(text, sizeof text, "%.*s", (int)(ends[key + 1] - ends[key]),
                 (const char *)array->dictionary->buffers[2] + ends[key]);
    }
    if (strcmp(text, handle ? handle : "null") != 0)
        fail_msg("row %d: %s is %s, and %s for the patient alone", row, what, text,
                 handle ? handle : "null");
}

static void same_number(const char *what, int row, const struct ArrowArray *array, int64_t i,
                        bool there, double handle)
{
    double batch = ((const double *)array->buffers[1])[i];
    assert_int_equal(valid(array, i), there);
    if (there && memcmp(&batch, &handle, sizeof batch) != 0)
        fail_msg("row %d: %s is %.17g, and %.17g for the patient alone", row, what, batch, handle);
}

/* Of the record of that number, 0 where none is listed. */
static int32_t find(const bonemets_assessment *a, const bm_target *target, int record)
{
    int32_t list = target->view.list;
    const char *id = target->view.choice ? target->view.choice->id : target->name;
    for (int32_t i = 0; i < bonemets_assessment_count(a, list); i++)
        if (strcmp(bonemets_assessment_str(a, list, i, BONEMETS_F_ID), id) == 0 &&
            strcmp(bonemets_assessment_str(a, list, i, BONEMETS_F_GUIDELINE),
                   target->view.guideline->id) == 0 &&
            bonemets_assessment_int(a, list, i, BONEMETS_F_LESION) == record)
            return i;
    fail_msg("%s of record %d is not in the answer", id, record);
    return -1;
}

static struct ArrowArray *const *compare_items(const bonemets_assessment *a, int32_t i, int row,
                                               struct ArrowArray *const *columns, int64_t at)
{
    int32_t list = BONEMETS_RESULTS, sub = BONEMETS_SUB_ITEMS;
    for (int32_t j = 0; j < bonemets_assessment_sub_count(a, list, i, sub); j++, columns += 2) {
        const char *id = bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_ID);
        bool there = bonemets_assessment_sub_int(a, list, i, sub, j, BONEMETS_F_STATE) !=
                     BONEMETS_INAPPLICABLE;
        for (int end = 0; end < 2; end++)
            same_number(id, row, columns[end], at, there,
                        bonemets_assessment_sub_num(a, list, i, sub, j,
                                                    end ? BONEMETS_F_HIGH : BONEMETS_F_LOW));
    }
    return columns;
}

/* Those of the patient in their order, each named once, of however many records it is missing. */
static void compare_missing(const bonemets_assessment *a, const bm_target *target, int32_t i,
                            int row, const struct ArrowArray *missing, int64_t at)
{
    const struct ArrowArray *keys = missing->children[0];
    const int32_t *ends = missing->buffers[1], *places = keys->buffers[1];
    const int32_t *texts = keys->dictionary->buffers[1];
    const char *bytes = keys->dictionary->buffers[2];
    int32_t list = target->view.list, next = ends[at], sub = BONEMETS_SUB_MISSING;
    assert_int_equal(valid(missing, at), bonemets_assessment_int(a, list, i, BONEMETS_F_STATE) !=
                                             BONEMETS_INAPPLICABLE);
    for (int32_t j = 0; j < bonemets_assessment_sub_count(a, list, i, sub); j++) {
        const char *id = bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_ID);
        bool again = false;
        for (int32_t other = 0; other < j; other++)
            again |=
                strcmp(id, bonemets_assessment_sub_str(a, list, i, sub, other, BONEMETS_F_ID)) == 0;
        if (again)
            continue;
        assert_in_range(next, 0, ends[at + 1] - 1);
        int32_t place = places[next++];
        assert_in_range(place, 0, keys->dictionary->length - 1);
        if (strlen(id) != (size_t)(texts[place + 1] - texts[place]) ||
            memcmp(id, bytes + texts[place], strlen(id)) != 0)
            fail_msg("row %d: %s is not what is missing for %s", row, id, target->name);
    }
    assert_int_equal(next, ends[at + 1]);
}

static bool shows_items, shows_missing;

static void compare(const bonemets_assessment *a, const bm_target *target, int record, int row,
                    struct ArrowArray *const *columns, int64_t at)
{
    static const char *const states[] = {"unknown", "partly", "known", "not_applicable", "none"};
    int32_t list = target->view.list, i = find(a, target, record);
    int state = bonemets_assessment_int(a, list, i, BONEMETS_F_STATE);
    bool assumed = bonemets_assessment_sub_count(a, list, i, BONEMETS_SUB_ASSUMED) > 0;
    if (target->view.choice) {
        const char *code = bonemets_assessment_str(a, list, i, BONEMETS_F_CODE);
        same_text(target->name, row, *columns++, at,
                  state == BONEMETS_PARTLY ? "provisional" : states[state]);
        same_text(target->name, row, *columns++, at, state == BONEMETS_KNOWN ? code : NULL);
        same_text(target->name, row, *columns++, at, state == BONEMETS_PARTLY ? code : NULL);
    } else {
        bool there = state != BONEMETS_INAPPLICABLE;
        for (int end = 0; end < 2 && target->numbers; end++)
            same_number(
                target->name, row, *columns++, at, there,
                bonemets_assessment_num(a, list, i, end ? BONEMETS_F_HIGH : BONEMETS_F_LOW));
        same_text(target->name, row, *columns++, at, states[state]);
        if (target->codes)
            same_text(target->name, row, *columns++, at,
                      bonemets_assessment_str(a, list, i, BONEMETS_F_BAND));
    }
    same_text(target->name, row, *columns++, at, assumed ? "yes" : "no");
    if (shows_items && !target->view.choice)
        columns = compare_items(a, i, row, columns, at);
    if (shows_missing)
        compare_missing(a, target, i, row, *columns, at);
}

static int parts_of(const bm_target *target)
{
    int parts = target->view.choice ? 4 : 2 * target->numbers + 2 + (target->codes != NULL);
    return parts + 2 * target->item_count + shows_missing;
}

/* A list of answers is as long as that of the records; where nothing is known of them it is null. */
static void compare_list(const bonemets_assessment *a, const bm_target *target, const group *g,
                         int row, struct ArrowArray *const *columns)
{
    static struct ArrowArray *items[PARTS];
    int count = g->count[row];
    for (int c = 0; c < parts_of(target); c++) {
        const int32_t *ends = columns[c]->buffers[1];
        items[c] = columns[c]->children[0];
        assert_int_equal(valid(columns[c], row), count >= 0);
        assert_int_equal(ends[row + 1] - ends[row], count > 0 ? count : 0);
    }
    const int32_t *ends = columns[0]->buffers[1];
    for (int r = 0; r < count; r++)
        compare(a, target, r + 1, row, items, ends[row] + r);
}

static void compare_row(const bonemets_batch *batch, const bonemets_patient *patient, int row,
                        const struct ArrowArray *out)
{
    struct ArrowArray **columns = out->children;
    bonemets_assessment *a = NULL;
    const char *last = NULL;
    for (int n = 0; n < batch->target_count; n++) {
        const bm_target *target = &batch->targets[n];
        const char *id = target->view.guideline->id;
        const group *g = &groups[target->view.guideline->kind];
        if (id != last) {
            bonemets_assessment_unref(a);
            assert_int_equal(bonemets_assess(patient, id, &a, NULL), BONEMETS_OK);
            last = id;
        }
        bool listed = g != groups && g->form == COLUMN && says_anything(g, row);
        if (g->form == LIST)
            compare_list(a, target, g, row, columns);
        else
            compare(a, target, listed, row, columns, row);
        columns += parts_of(target);
    }
    bonemets_assessment_unref(a);
}

/* ---- cohorts ---- */

static bonemets_guidelines *open_set(void)
{
    bonemets_loader *loader;
    bonemets_guidelines *set = NULL;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    bonemets_loader_set_option(loader, BONEMETS_OPTION_UNVERIFIED, 1);
    assert_int_equal(bonemets_loader_add_embedded(loader, NULL, NULL), BONEMETS_OK);
    assert_int_equal(bonemets_loader_build(loader, &set, NULL), BONEMETS_OK);
    bonemets_loader_free(loader);
    return set;
}

static void count_records(group *g)
{
    g->total = 0;
    for (int row = 0; row < ROWS; row++) {
        g->count[row] = (int)below(MOST + 3) - 2;
        g->count[row] = g->count[row] < -1 ? 0 : g->count[row]; /* none is no rarer than others */
        g->first[row] = g->total;
        g->total += g->count[row] > 0 ? g->count[row] : 0;
    }
}

/* `share`: percent of the facts that have a column; `nulls`: percent of the cells that are null. */
static void make_group(const bonemets_batch *batch, int kind, uint32_t share, uint32_t values,
                       uint32_t nulls)
{
    const bm_definitions *definitions = &batch->set->definitions;
    group *g = &groups[kind];
    int count = g->form == LIST ? g->total : ROWS;
    g->fact_count = 0;
    for (int i = 0; i < definitions->fact_count && g->fact_count < COLUMNS; i++) {
        const bm_fact *fact = &definitions->facts[i];
        if (fact->kind != kind || g->form == ABSENT || fact->input < 0 ||
            (fact->is_value && fact->no_supply) || (fact->is_link && g->form != LIST))
            continue;
        bool needed = batch->needed[kind][fact->input];
        if (below(100) >= (needed ? fact->is_value ? values : share : 2))
            continue;
        given *one = &g->facts[g->fact_count++];
        bool plain = fact->type.whole || !fact->type.unit;
        *one = (given){
            .fact = fact,
            .number = bm_set_fact_number(batch->set, fact),
            .unit = fact->type.base == BM_NUMBER && !plain ? bm_type_unit_name(&fact->type) : NULL,
            .by_member = fact->type.base == BM_SET && !fact->is_link && below(3) == 0,
            .values = room((size_t)(count + 1) * sizeof(value))};
        for (int row = 0; row < ROWS; row++) {
            int first = g->form == LIST ? g->first[row] : row;
            int records = g->form == LIST ? g->count[row] : 1;
            for (int r = 0; r < records; r++)
                one->values[first + r] = random_value(one, nulls, row);
        }
    }
}

static void make_patients(const bonemets_batch *batch, uint32_t share, uint32_t values,
                          uint32_t nulls)
{
    int kinds = batch->set->program.kind_count;
    for (int k = 0; k < kinds; k++)
        groups[k].form = k == 0 ? COLUMN : below(4) ? LIST : below(2) ? COLUMN : ABSENT;
    for (int k = 1; k < kinds; k++)
        if (groups[k].form == LIST)
            count_records(&groups[k]);
    for (int k = 0; k < kinds; k++)
        make_group(batch, k, share, values, nulls);
}

static void run(bonemets_guidelines *set, const char *target, uint32_t share, uint32_t values,
                uint32_t nulls)
{
    bonemets_batch *batch;
    bonemets_patient *patient;
    struct ArrowArray in, out;
    struct ArrowSchema schema;
    bonemets_error *err = bonemets_error_new();
    if (bonemets_batch_new(set, &target, 1, &batch, err))
        fail_msg("%s", bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    assert_int_equal(bonemets_patient_new(set, &patient), BONEMETS_OK);
    shows_items = below(2);
    shows_missing = below(2);
    bonemets_batch_set_option(batch, BONEMETS_BATCH_ITEMS, shows_items);
    bonemets_batch_set_option(batch, BONEMETS_BATCH_MISSING, shows_missing);
    make_patients(batch, share, values, nulls);
    put_patients(set, &in, &schema);
    if (bonemets_batch_bind(batch, &schema, err) || bonemets_batch_run(batch, &in, &out, err))
        fail_msg("%s: %s", bonemets_error_str(err, 0, BONEMETS_F_PATH),
                 bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    assert_int_equal(out.length, ROWS);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_ROWS), ROWS);
    for (int row = 0; row < ROWS; row += strcmp(target, "*") == 0 ? 5 : 1) {
        enter_patient(set, patient, row);
        compare_row(batch, patient, row, &out);
    }
    bonemets_batch_free(batch);
    out.release(&out);
    in.release(&in);
    schema.release(&schema);
    assert_int_equal(alive, 0);
    for (int k = 0; k < BM_KINDS; k++)
        for (int i = 0; i < groups[k].fact_count; i++)
            free(groups[k].facts[i].values);
    bonemets_patient_free(patient);
    bonemets_error_free(err);
}

static void same_as_handles(void **state)
{
    static const char *const targets[] = {"sins",
                                          "mirels",
                                          "spine_selection",
                                          "mscc_triage",
                                          "long_bone",
                                          "eqd2",
                                          "follow_up",
                                          "bone_agents",
                                          "cumulative_dose",
                                          "isoeffective_dose",
                                          "hytec",
                                          "nieder",
                                          "katagiri_2014",
                                          "tomita_2001",

                                          "acb",
                                          "omed",
                                          "sre",
                                          "radiotherapy",
                                          "systemic_prompts",
                                          "*"};
    bonemets_guidelines *set = open_set();
    (void)state;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        run(set, targets[i], 100, 5, 0);
        run(set, targets[i], 100, 20, 10);
        run(set, targets[i], 60, 5, 40);
        run(set, targets[i], 20, 5, 80);
    }
    bonemets_guidelines_unref(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_handles)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
