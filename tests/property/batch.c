/* SPDX-License-Identifier: Apache-2.0 */
/* Random cohorts through the batch call and, row by row, through the handles of single patients:
 * what they say about every target is the same to the bit, whatever types the columns have and
 * whatever is null. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "batch/batch.h"
#include "zoo.h"

enum { ROWS = 2300, MOST_COLUMNS = 400, PAD = 11, TEXT = 64 };

static uint64_t seed = 20260202;

static int pool = ROWS; /* rows that differ; the others come again */

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
    uint64_t mask;    /* of a code one bit, of a set its members */
    uint64_t unknown; /* of a set */
} value;

typedef struct {
    const bm_fact *fact;
    bonemets_fact number;
    const char *unit;
    value *values; /* ROWS */
    bool by_member;
} given;

typedef struct {
    given facts[MOST_COLUMNS];
    int count;
} cohort;

static double random_number(const bm_fact *fact)
{
    double low = fact->type.low > -1000 ? fact->type.low : -1000;
    double high = fact->type.high < 1000 ? fact->type.high : 1000;
    if (fact->type.whole || fact->step > 0) {
        double step = fact->step > 1 ? fact->step : 1; /* half steps are whole numbers too */
        uint32_t steps = (uint32_t)((high - low) / step) + 1;
        return low + step * below(steps < 40 ? steps : 40);
    }
    double x = low + (high - low) * below(1001) / 1000.0;
    return below(2) ? x : (double)(int)x < low ? low : (double)(int)x;
}

static value random_value(const given *g, uint32_t nulls)
{
    const bm_fact *fact = g->fact;
    value v = {0};
    v.null = below(100) < nulls;
    v.mask = 1;
    if (fact->is_link)
        return v;
    v.mask = 0;
    if (fact->type.base == BM_NUMBER) {
        v.number = random_number(fact);
    } else if (fact->type.base == BM_SET) {
        int count = fact->type.codes->count;
        for (int i = 0; i < count; i++) {
            v.mask |= (uint64_t)(below(4) == 0) << i;
            v.unknown |= (uint64_t)(g->by_member && below(100) < nulls / 4) << i;
        }
        if (g->by_member)
            v.null = false;
        v.mask &= ~v.unknown;
    } else {
        uint32_t count = fact->type.base == BM_BOOL ? 2 : (uint32_t)fact->type.codes->count;
        v.mask = UINT64_C(1) << below(count);
    }
    return v;
}

static const char *option(const bm_fact *fact, int i)
{
    return fact->type.base == BM_BOOL ? i ? "yes" : "no" : fact->type.codes->ids[i];
}

/* ---- columns ---- */

static int alive; /* arrays and schemas that were not released */

static void free_array(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release)
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
        if (schema->children[i]->release)
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

static void *room(size_t size)
{
    void *block = calloc(1, size + 1);
    assert_non_null(block);
    return block;
}

static void new_array(struct ArrowArray *out, int64_t length, int buffers, int children)
{
    *out = (struct ArrowArray){.length = length,
                               .null_count = -1,
                               .n_buffers = buffers,
                               .n_children = children,
                               .release = free_array};
    out->buffers = room((size_t)buffers * sizeof(void *));
    out->children = room((size_t)children * sizeof(void *));
    for (int i = 0; i < children; i++)
        out->children[i] = room(sizeof(struct ArrowArray));
    alive++;
}

static void new_schema(struct ArrowSchema *out, const char *format, const char *name, int children)
{
    *out = (struct ArrowSchema){.format = format, .n_children = children, .release = free_schema};
    out->name = strcpy(room(strlen(name)), name);
    out->children = room((size_t)children * sizeof(void *));
    for (int i = 0; i < children; i++)
        out->children[i] = room(sizeof(struct ArrowSchema));
    alive++;
}

static void set_bit(void *bitmap, int64_t i, bool on)
{
    if (on)
        ((uint8_t *)bitmap)[i >> 3] |= (uint8_t)(1 << (i & 7));
}

/* Rows stand behind PAD others that nobody is to look at. */
static uint8_t *begin_column(struct ArrowArray *array, int buffers, int children)
{
    new_array(array, ROWS, buffers, children);
    array->offset = PAD;
    uint8_t *valid = room(ROWS + PAD);
    array->buffers[0] = valid;
    return valid;
}

static void put_texts(struct ArrowArray *array, bool large, int64_t count, char (*texts)[TEXT])
{
    size_t bytes = 0;
    for (int64_t i = 0; i < count; i++)
        bytes += strlen(texts[i]);
    int32_t *small = room(((size_t)count + 1) * 4);
    int64_t *wide = room(((size_t)count + 1) * 8);
    char *data = room(bytes);
    for (int64_t i = 0; i < count; i++) {
        memcpy(data + wide[i], texts[i], strlen(texts[i]));
        wide[i + 1] = wide[i] + (int64_t)strlen(texts[i]);
        small[i + 1] = (int32_t)wide[i + 1];
    }
    array->buffers[1] = large ? (void *)wide : (void *)small;
    array->buffers[2] = data;
    free(large ? (void *)small : (void *)wide);
}

/* Options of a fact as a dictionary, which begins with one that no row has. */
static void put_dictionary(const bm_fact *fact, struct ArrowArray *array,
                           struct ArrowSchema *schema)
{
    static char texts[BM_OPTIONS + 1][TEXT];
    int count = fact->type.base == BM_BOOL ? 2 : fact->type.codes->count;
    strcpy(texts[0], "no such option");
    for (int i = 0; i < count; i++)
        snprintf(texts[i + 1], TEXT, "%s", option(fact, i));
    array->dictionary = room(sizeof *array->dictionary);
    new_array(array->dictionary, count + 1, 3, 0);
    put_texts(array->dictionary, false, count + 1, texts);
    schema->dictionary = room(sizeof *schema->dictionary);
    new_schema(schema->dictionary, "u", "", 0);
}

static void put_keys(const given *g, struct ArrowArray *array, struct ArrowSchema *schema)
{
    static const char *const formats[] = {"c", "s", "I", "l"};
    int width = (int)below(4);
    uint8_t *valid = begin_column(array, 2, 0);
    char *data = room((ROWS + PAD) * 8);
    new_schema(schema, formats[width], g->fact->id, 0);
    for (int64_t i = 0; i < ROWS; i++) {
        const value *v = &g->values[i];
        int64_t key = __builtin_ctzll(v->mask) + 1, at = i + PAD;
        set_bit(valid, at, !v->null);
        memcpy(data + (at << width), &key, (size_t)1 << width); /* little endian */
    }
    array->buffers[1] = data;
    put_dictionary(g->fact, array, schema);
}

static void put_numbers(const given *g, struct ArrowArray *array, struct ArrowSchema *schema)
{
    char name[TEXT * 2];
    bool small = g->fact->type.whole && g->fact->type.low >= -128 && g->fact->type.high <= 127;
    uint8_t *valid = begin_column(array, 2, 0);
    double *doubles = room((ROWS + PAD) * 8);
    int8_t *bytes = room(ROWS + PAD);
    snprintf(name, sizeof name, g->unit ? "%s [%s]" : "%s", g->fact->id, g->unit);
    new_schema(schema, small ? "c" : "g", name, 0);
    for (int64_t i = 0; i < ROWS; i++) {
        set_bit(valid, i + PAD, !g->values[i].null);
        doubles[i + PAD] = g->values[i].number;
        if (small)
            bytes[i + PAD] = (int8_t)g->values[i].number;
    }
    array->buffers[1] = small ? (void *)bytes : (void *)doubles;
    free(small ? (void *)doubles : (void *)bytes);
}

static void put_bits(const given *g, struct ArrowArray *array, struct ArrowSchema *schema,
                     int member)
{
    char name[TEXT * 3];
    uint8_t *valid = begin_column(array, 2, 0), *data = room(ROWS + PAD);
    snprintf(name, sizeof name, member >= 0 ? "%s.%s" : "%s", g->fact->id,
             member >= 0 ? option(g->fact, member) : "");
    new_schema(schema, "b", name, 0);
    for (int64_t i = 0; i < ROWS; i++) {
        const value *v = &g->values[i];
        int bit = member >= 0 ? member : 1;
        set_bit(valid, i + PAD, member >= 0 ? !(v->unknown >> bit & 1) : !v->null);
        set_bit(data, i + PAD, v->mask >> bit & 1);
    }
    array->buffers[1] = data;
}

static void put_lists(const given *g, struct ArrowArray *array, struct ArrowSchema *schema)
{
    static char texts[ROWS * 16][TEXT];
    uint8_t *valid = begin_column(array, 2, 1);
    int32_t *offsets = room((ROWS + PAD + 1) * 4), used = 0;
    new_schema(schema, "+l", g->fact->id, 1);
    new_schema(schema->children[0], "U", "item", 0);
    for (int64_t i = 0; i < ROWS; i++) {
        set_bit(valid, i + PAD, !g->values[i].null);
        offsets[i + PAD] = used;
        for (int m = 0; m < g->fact->type.codes->count && !g->values[i].null; m++)
            if (g->values[i].mask >> m & 1 && used < ROWS * 16)
                snprintf(texts[used++], TEXT, "%s", option(g->fact, m));
        offsets[i + PAD + 1] = used;
    }
    array->buffers[1] = offsets;
    new_array(array->children[0], used, 3, 0);
    put_texts(array->children[0], true, used, texts);
}

static void put_text_column(const given *g, struct ArrowArray *array, struct ArrowSchema *schema)
{
    static char texts[ROWS + PAD][TEXT];
    bool large = below(2);
    uint8_t *valid = begin_column(array, 3, 0);
    new_schema(schema, large ? "U" : "u", g->fact->id, 0);
    memset(texts, 0, sizeof texts);
    for (int64_t i = 0; i < ROWS; i++) {
        const value *v = &g->values[i];
        set_bit(valid, i + PAD, !v->null);
        if (g->fact->type.base == BM_NUMBER && g->unit)
            snprintf(texts[i + PAD], TEXT, "%d %s", (int)v->number, g->unit);
        else if (g->fact->type.base == BM_NUMBER)
            snprintf(texts[i + PAD], TEXT, "%d", (int)v->number);
        else
            snprintf(texts[i + PAD], TEXT, "%s", option(g->fact, __builtin_ctzll(v->mask)));
    }
    put_texts(array, large, ROWS + PAD, texts);
}

/* Numbers are written as texts only when that keeps every bit. */
static bool all_whole(const given *g)
{
    for (int i = 0; i < ROWS; i++)
        if (g->values[i].number > (int)g->values[i].number ||
            g->values[i].number < (int)g->values[i].number)
            return false;
    return true;
}

static void put_column(const given *g, struct ArrowArray *array, struct ArrowSchema *schema)
{
    bm_base base = g->fact->type.base;
    if (base == BM_NUMBER && (below(2) || bm_is_instant(&g->fact->type) || !all_whole(g)))
        put_numbers(g, array, schema);
    else if (base == BM_SET && !g->fact->is_link)
        put_lists(g, array, schema);
    else if (base == BM_BOOL && below(2))
        put_bits(g, array, schema, -1);
    else if (base == BM_NUMBER || base == BM_SET || below(2))
        put_text_column(g, array, schema);
    else
        put_keys(g, array, schema);
}

/* The rows themselves stand behind some others, in blocks that were sliced. */
static void put_cohort(const cohort *c, struct ArrowArray *array, struct ArrowSchema *schema)
{
    int columns = 0, at = 0;
    for (int i = 0; i < c->count; i++)
        columns += c->facts[i].by_member ? c->facts[i].fact->type.codes->count : 1;
    new_array(array, ROWS, 1, columns);
    new_schema(schema, "+s", "", columns);
    for (int i = 0; i < c->count; i++) {
        const given *g = &c->facts[i];
        int members = g->by_member ? g->fact->type.codes->count : 0;
        for (int m = 0; m < members; m++, at++)
            put_bits(g, array->children[at], schema->children[at], m);
        if (!g->by_member) {
            put_column(g, array->children[at], schema->children[at]);
            at++;
        }
    }
}

/* ---- one patient ---- */

static bool is_null(const given *g, int row)
{
    const value *v = &g->values[row];
    if (!g->by_member)
        return v->null;
    int count = g->fact->type.codes->count;
    return v->unknown == (count == 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1);
}

static int names_of(const bm_fact *fact, uint64_t mask, const char **names)
{
    int n = 0;
    for (; mask; mask &= mask - 1)
        names[n++] = option(fact, __builtin_ctzll(mask));
    return n;
}

static void enter(bonemets_patient *patient, int record, const given *g, int row)
{
    const char *present[64], *unknown[64];
    const value *v = &g->values[row];
    bonemets_status status;
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

static void enter_row(const bonemets_guidelines *set, bonemets_patient *patient, const cohort *c,
                      int row)
{
    bonemets_record records[BM_KINDS] = {0};
    bonemets_patient_reset(patient);
    for (int i = 0; i < c->count; i++) {
        const given *g = &c->facts[i];
        int kind = g->fact->kind;
        if (is_null(g, row))
            continue;
        if (kind && !records[kind])
            assert_int_equal(bonemets_patient_add_record(patient, set->definitions.kinds[kind].id,
                                                         &records[kind]),
                             BONEMETS_OK);
        enter(patient, records[kind], g, row);
    }
}

/* ---- comparing ---- */

static bool valid(const struct ArrowArray *array, int64_t i)
{
    return ((const uint8_t *)array->buffers[0])[i >> 3] >> (i & 7) & 1;
}

static const char *text_at(const struct ArrowArray *array, int64_t i)
{
    static char text[4][256];
    static int turn;
    if (!valid(array, i))
        return NULL;
    int8_t key = ((const int8_t *)array->buffers[1])[i];
    const int32_t *offsets = array->dictionary->buffers[1];
    char *out = text[turn = (turn + 1) % 4];
    assert_in_range(key, 0, array->dictionary->length - 1);
    snprintf(out, 256, "%.*s", (int)(offsets[key + 1] - offsets[key]),
             (const char *)array->dictionary->buffers[2] + offsets[key]);
    return out;
}

static void same_text(const char *what, int row, const char *batch, const char *handle)
{
    bool same = batch && handle ? strcmp(batch, handle) == 0 : batch == handle;
    if (!same)
        fail_msg("row %d: %s is %s, and %s for the patient alone", row, what,
                 batch ? batch : "null", handle ? handle : "null");
}

static void same_number(const char *what, int row, const struct ArrowArray *array, bool there,
                        double handle)
{
    assert_int_equal(valid(array, row), there);
    double batch = ((const double *)array->buffers[1])[row];
    if (there && memcmp(&batch, &handle, sizeof batch) != 0)
        fail_msg("row %d: %s is %.17g, and %.17g for the patient alone", row, what, batch, handle);
}

static int32_t find(const bonemets_assessment *a, const bm_target *target)
{
    int32_t list = target->view.list;
    const char *id = target->view.choice ? target->view.choice->id : target->name;
    for (int32_t i = 0; i < bonemets_assessment_count(a, list); i++)
        if (strcmp(bonemets_assessment_str(a, list, i, BONEMETS_F_ID), id) == 0 &&
            strcmp(bonemets_assessment_str(a, list, i, BONEMETS_F_GUIDELINE),
                   target->view.guideline->id) == 0)
            return i;
    fail_msg("%s is not in the answer", id);
    return -1;
}

/* An assessment lists the facts on whose silence an answer rests. In tables that nobody would write it
 * finds none now and then although the answer would be another: the cohort then says so. */
static bool lists_all = true;

static void same_assumed(const char *name, int row, const char *batch, const char *listed)
{
    if (lists_all || strcmp(listed, "yes") == 0)
        same_text(name, row, batch, listed);
}

static const char *assumed(const bonemets_assessment *a, int32_t list, int32_t i)
{
    return bonemets_assessment_sub_count(a, list, i, BONEMETS_SUB_ASSUMED) > 0 ? "yes" : "no";
}

static struct ArrowArray **compare_choice(const bonemets_assessment *a, int32_t i,
                                          const bm_target *target, int row,
                                          struct ArrowArray **columns)
{
    static const char *const states[] = {"unknown", "provisional", "known", "not_applicable",
                                         "none"};
    int state = bonemets_assessment_int(a, BONEMETS_CHOICES, i, BONEMETS_F_STATE);
    const char *code = bonemets_assessment_str(a, BONEMETS_CHOICES, i, BONEMETS_F_CODE);
    same_text(target->name, row, text_at(columns[0], row), states[state]);
    same_text(target->name, row, text_at(columns[1], row), state == BONEMETS_KNOWN ? code : NULL);
    same_text(target->name, row, text_at(columns[2], row), state == BONEMETS_PARTLY ? code : NULL);
    same_assumed(target->name, row, text_at(columns[3], row), assumed(a, BONEMETS_CHOICES, i));
    return columns + 4;
}

static struct ArrowArray **compare_result(const bonemets_assessment *a, int32_t i,
                                          const bm_target *target, int row,
                                          struct ArrowArray **columns)
{
    static const char *const states[] = {"unknown", "partly", "known", "not_applicable"};
    int state = bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE);
    bool there = state != BONEMETS_INAPPLICABLE;
    if (target->numbers) {
        same_number(target->name, row, columns[0], there,
                    bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_LOW));
        same_number(target->name, row, columns[1], there,
                    bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_HIGH));
        columns += 2;
    }
    same_text(target->name, row, text_at(columns[0], row), states[state]);
    if (target->codes)
        same_text(target->name, row, text_at(columns[1], row),
                  bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND));
    columns += 1 + (target->codes != NULL);
    same_assumed(target->name, row, text_at(columns[0], row), assumed(a, BONEMETS_RESULTS, i));
    return columns + 1;
}

static struct ArrowArray **compare_items(const bonemets_assessment *a, int32_t i, int row,
                                         struct ArrowArray **columns)
{
    int32_t list = BONEMETS_RESULTS, sub = BONEMETS_SUB_ITEMS;
    for (int32_t j = 0; j < bonemets_assessment_sub_count(a, list, i, sub); j++, columns += 2) {
        const char *id = bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_ID);
        int state = bonemets_assessment_sub_int(a, list, i, sub, j, BONEMETS_F_STATE);
        same_number(id, row, columns[0], state != BONEMETS_INAPPLICABLE,
                    bonemets_assessment_sub_num(a, list, i, sub, j, BONEMETS_F_LOW));
        same_number(id, row, columns[1], state != BONEMETS_INAPPLICABLE,
                    bonemets_assessment_sub_num(a, list, i, sub, j, BONEMETS_F_HIGH));
    }
    return columns;
}

static struct ArrowArray **compare_missing(const bonemets_assessment *a, const bm_target *target,
                                           int32_t i, int row, struct ArrowArray **columns)
{
    const struct ArrowArray *keys = columns[0]->children[0];
    const int32_t *ends = columns[0]->buffers[1], *places = keys->buffers[1];
    const int32_t *texts = keys->dictionary->buffers[1];
    const char *bytes = keys->dictionary->buffers[2];
    int32_t list = target->view.list, count = ends[row + 1] - ends[row];
    bool there = bonemets_assessment_int(a, list, i, BONEMETS_F_STATE) != BONEMETS_INAPPLICABLE;
    assert_int_equal(valid(columns[0], row), there);
    assert_in_range(ends[row], 0, keys->length - count);
    if (count != (there ? bonemets_assessment_sub_count(a, list, i, BONEMETS_SUB_MISSING) : 0))
        fail_msg("row %d: %d facts are missing for %s", row, (int)count, target->name);
    for (int32_t j = 0; j < count; j++) {
        int32_t place = places[ends[row] + j];
        assert_in_range(place, 0, keys->dictionary->length - 1);
        char fact[TEXT];
        snprintf(fact, sizeof fact, "%.*s", (int)(texts[place + 1] - texts[place]),
                 bytes + texts[place]);
        same_text(target->name, row, fact,
                  bonemets_assessment_sub_str(a, list, i, BONEMETS_SUB_MISSING, j, BONEMETS_F_ID));
    }
    return columns + 1;
}

/* What was asked for besides. */
enum { ITEMS = 1, MISSING = 2 };

/* Each target by itself, as it is shown when its guideline is asked for. */
static void compare_row(const bonemets_batch *batch, int more, const bonemets_patient *patient,
                        int row, const struct ArrowArray *out)
{
    struct ArrowArray **columns = out->children;
    bonemets_assessment *a = NULL;
    const char *last = NULL;
    for (int n = 0; n < batch->target_count; n++) {
        const bm_target *target = &batch->targets[n];
        const char *id = target->view.guideline->id;
        if (id != last) {
            bonemets_assessment_unref(a);
            assert_int_equal(bonemets_assess(patient, id, &a, NULL), BONEMETS_OK);
            last = id;
        }
        int32_t i = find(a, target);
        columns = target->view.choice ? compare_choice(a, i, target, row, columns)
                                      : compare_result(a, i, target, row, columns);
        if ((more & ITEMS) && !target->view.choice)
            columns = compare_items(a, i, row, columns);
        if (more & MISSING)
            columns = compare_missing(a, target, i, row, columns);
    }
    assert_ptr_equal(columns, out->children + out->n_children);
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

static bool wanted(const bonemets_batch *batch, const bm_fact *fact, uint32_t share,
                   uint32_t values)
{
    if (fact->input < 0 || (fact->is_value && fact->no_supply))
        return false;
    bool needed = batch->needed[fact->kind][fact->input];
    return below(100) < (needed ? fact->is_value ? values : share : 2);
}

/* `share`: percent of the facts that have a column; `nulls`: percent of the cells that are null. */
static void make_cohort(const bonemets_batch *batch, uint32_t share, uint32_t values,
                        uint32_t nulls, cohort *c)
{
    const bm_definitions *definitions = &batch->set->definitions;
    c->count = 0;
    for (int i = 0; i < definitions->fact_count && c->count < MOST_COLUMNS; i++) {
        const bm_fact *fact = &definitions->facts[i];
        if (!wanted(batch, fact, share, values))
            continue;
        given *g = &c->facts[c->count++];
        *g = (given){.fact = fact, .number = bm_set_fact_number(batch->set, fact)};
        bool plain = fact->type.whole || !fact->type.unit;
        g->unit = fact->type.base == BM_NUMBER && !plain ? bm_type_unit_name(&fact->type) : NULL;
        g->by_member = fact->type.base == BM_SET && !fact->is_link && below(3) == 0;
        g->values = room(ROWS * sizeof(value));
        uint32_t own = below(3) ? nulls : 0;
        for (int row = 0; row < ROWS; row++)
            g->values[row] = row < pool ? random_value(g, own) : g->values[row % pool];
    }
}

static void free_cohort(cohort *c)
{
    for (int i = 0; i < c->count; i++)
        free(c->facts[i].values);
}

static int64_t run_cohort(bonemets_guidelines *set, const char *target, uint32_t share,
                          uint32_t values, uint32_t nulls)
{
    static cohort c;
    static int turn;
    bonemets_batch *batch;
    bonemets_patient *patient;
    struct ArrowArray in, out;
    struct ArrowSchema schema;
    bonemets_error *err = bonemets_error_new();
    assert_int_equal(bonemets_batch_new(set, &target, 1, &batch, err), BONEMETS_OK);
    assert_int_equal(bonemets_patient_new(set, &patient), BONEMETS_OK);
    int more = pool < ROWS ? ITEMS : turn % 4;  /* rows that come again, with these */
    batch->level = (bm_fold_level)(turn++ % 3); /* kernels of every kind give the same bits */
    bonemets_batch_set_option(batch, BONEMETS_BATCH_ITEMS, more & ITEMS);
    bonemets_batch_set_option(batch, BONEMETS_BATCH_MISSING, (more & MISSING) != 0);
    make_cohort(batch, share, values, nulls, &c);
    put_cohort(&c, &in, &schema);
    bonemets_status status = bonemets_batch_bind(batch, &schema, err);
    if (status == BONEMETS_OK &&
        (turn % 7 == 0 || pool < ROWS)) { /* as when a program does not fold */
        bm_fold_free(batch->fold);
        batch->fold = NULL;
    }
    if (status || bonemets_batch_run(batch, &in, &out, err))
        fail_msg("%s: %s", bonemets_error_str(err, 0, BONEMETS_F_PATH),
                 bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    assert_int_equal(out.length, ROWS);
    for (int row = 0; row < ROWS; row += strcmp(target, "*") == 0 ? 9 : 1) {
        enter_row(set, patient, &c, row);
        compare_row(batch, more, patient, row, &out);
    }
    int64_t columnar = bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_ROWS), ROWS);
    bonemets_batch_free(batch);
    out.release(&out);
    in.release(&in);
    schema.release(&schema);
    assert_int_equal(alive, 0);
    free_cohort(&c);
    bonemets_patient_free(patient);
    bonemets_error_free(err);
    return columnar;
}

/* How many rows of a cohort go by columns. */
static int64_t by_columns(bonemets_batch *batch, const struct ArrowSchema *schema,
                          const struct ArrowArray *in, int items)
{
    struct ArrowArray out;
    assert_int_equal(bonemets_batch_set_option(batch, BONEMETS_BATCH_ITEMS, items), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, schema, NULL), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, in, &out, NULL), BONEMETS_OK);
    out.release(&out);
    return bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR);
}

/* Items take no row from those that go by columns. */
static void items_stay_by_columns(void **state)
{
    static const char *const targets[] = {"sins", "tokuhashi_2005", "katagiri_2014", "mirels", "*"};
    static cohort c;
    bonemets_guidelines *set = open_set();
    (void)state;
    for (uint32_t i = 0; i < 2 * sizeof targets / sizeof *targets; i++) {
        bonemets_batch *batch;
        struct ArrowArray in;
        struct ArrowSchema schema;
        assert_int_equal(bonemets_batch_new(set, &targets[i / 2], 1, &batch, NULL), BONEMETS_OK);
        make_cohort(batch, 90, 0, 30 * (i % 2), &c);
        put_cohort(&c, &in, &schema);
        int64_t plain = by_columns(batch, &schema, &in, 0);
        assert_int_equal(by_columns(batch, &schema, &in, 1), plain);
        in.release(&in);
        schema.release(&schema);
        free_cohort(&c);
        bonemets_batch_free(batch);
    }
    assert_int_equal(alive, 0);
    bonemets_guidelines_unref(set);
}

static void same_as_handles(void **state)
{
    static const char *const targets[] = {"sins",
                                          "katagiri_2014",
                                          "mirels",
                                          "spine_selection",
                                          "mscc_triage",
                                          "long_bone",
                                          "tokuhashi_2005",
                                          "eqd2",
                                          "follow_up",
                                          "spine_selection.strategy",
                                          "bone_agents",
                                          "cockcroft_gault",
                                          "radionuclides",
                                          "escc",
                                          "*"};
    bonemets_guidelines *set = open_set();
    (void)state;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        int64_t complete = run_cohort(set, targets[i], 100, 0, 0);
        int64_t supplied = run_cohort(set, targets[i], 100, 30, 0);
        int64_t sparse = run_cohort(set, targets[i], 100, 10, 4);
        run_cohort(set, targets[i], 60, 5, 50);
        run_cohort(set, targets[i], 20, 5, 90);
        pool = 150;
        run_cohort(set, targets[i], 100, 5, 20);
        pool = ROWS;
        print_message("%s: by columns %d, %d and %d of %d rows\n", targets[i], (int)complete,
                      (int)supplied, (int)sparse, ROWS);
    }
    bonemets_guidelines_unref(set);
}

/* Numbers and choices with more values than a table can have, made by every operation. */
static const char keeper_table[] =
    "guideline: keeper\n"
    "title: Keeper\n"
    "edition: '1'\n"
    "status: on\n"
    "verified: one_source\n"
    "purpose: to test\n"
    "sources:\n"
    "  book: {cite: 'Book 1', year: 2000}\n"
    "assumes: {guests: 4, rain: 'no'}\n"
    "values:\n"
    "  warm: (heat in %) + 1.5\n"
    "  span: '(max(cage: size where legs >= 2) - min(cage: size)) in %'\n"
    "  walk: 'sum(cage: legs where wild)'\n"
    "  many: {label: many, type: flag, cases: [{when: count(signs) >= 2, is: 'yes'}, {else: "
    "'no'}]}\n"
    "equations:\n"
    "  stretch: {label: span, value: span}\n"
    "  walked: {label: walk, value: walk * warm}\n"
    "  wilds: {label: wild, value: 'count(cage: wild) + warm / 7'}\n"
    "  share: {label: share, value: warm / (guests - 3)}\n"
    "  power: {label: power, value: abs(warm) ^ 1.3 + warm ^ 2 - 2 ^ guests}\n"
    "  curve: {label: curve, value: exp(warm / 10) + sqrt(warm + 15) - log(guests)}\n"
    "  either: {label: either, value: 'if open and many then -warm else max(guests, warm, 3)'}\n"
    "  lowest: {label: least, value: 'min(warm, guests * 2, wait in h)'}\n"
    "  colours: {label: colours, value: count(signs) * warm}\n"
    "  silent: {label: silent, value: 'if known(warm > 3) then warm else 0 - warm'}\n"
    "  gone: {label: gone, value: 'if missing(wait) then 1 else (wait in h) * 2'}\n"
    "  told: {label: told, value: 'if stated(open) then guests + 1 else staff + 1'}\n"
    "choices:\n"
    "  first:\n"
    "    label: first\n"
    "    optional: true\n"
    "    options: {a: a, b: b, c: c, d: d, e: e, f: f, g: g, h: h, i: i, j: j}\n"
    "    rows:\n"
    "      - {id: K-1, when: warm > 20, choose: a, with: {second: p}" EVIDENCE
    "      - {id: K-2, when: warm / (guests - 3) > 2, choose: b, with: {second: q}" EVIDENCE
    "      - {id: K-3, when: 'signs has all {red, blue}', choose: c, with: {second: r}" EVIDENCE
    "      - {id: K-4, when: 'signs has any {green} and day = mon', choose: d" EVIDENCE
    "      - {id: K-5, when: day = tue and meal = tue, choose: e, with: {second: s}" EVIDENCE
    "      - {id: K-6, when: known(walk > 3) and rain, choose: f, with: {second: t}" EVIDENCE
    "      - {id: K-7, when: missing(heat) and open, choose: g, with: {second: p}" EVIDENCE
    "      - {id: K-8, when: span > 4, choose: h, with: {second: u}" EVIDENCE
    "      - {id: K-9, when: guests > 9, choose: i, with: {second: v}" EVIDENCE
    "      - {id: K-10, when: wait > 1 d, choose: j" EVIDENCE "  second:\n"
    "    label: second\n"
    "    optional: true\n"
    "    options: {p: p, q: q, r: r, s: s, t: t, u: u, v: v, w: w}\n"
    "    rows:\n"
    "      - {id: K-20, when: first = d and wait < 30 h, choose: w" EVIDENCE
    "      - {id: K-21, when: not open and guests > 6, choose: r" EVIDENCE "  third:\n"
    "    label: third\n"
    "    optional: true\n"
    "    options: {x: x, y: y, z: z}\n"
    "    rows:\n"
    "      - {id: K-30, when: 'second in {p, q, w} and not shown(rain)', choose: x" EVIDENCE
    "      - {id: K-31, when: 'second in {r, s, t} or first in {i, j}', choose: y" EVIDENCE
    "      - {id: K-32, when: 'any(cage: temper = foul)', choose: z" EVIDENCE "  fourth:\n"
    "    label: fourth\n"
    "    optional: true\n"
    "    options: {k: k, l: l, m: m, n: n}\n"
    "    rows:\n"
    "      - {id: K-40, when: 'any(cage: legs > 2) and day = mon', choose: k" EVIDENCE
    "      - {id: K-41, when: 'known(if open then guests else staff)', choose: l" EVIDENCE
    "      - {id: K-42, when: 'any(cage: wild and first in {a, b, c, g})', choose: m" EVIDENCE
    "      - {id: K-43, when: 'shown(missing(wait)) and rain', choose: n" EVIDENCE
    "      - {id: K-44, when: main.legs < 1, choose: l" EVIDENCE
    "      - {id: K-45, when: main.legs >= 1, choose: m" EVIDENCE;

static bonemets_guidelines *open_zoo(void)
{
    bonemets_loader *loader;
    bonemets_guidelines *set = NULL;
    bonemets_error *err = bonemets_error_new();
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    bonemets_loader_set_option(loader, BONEMETS_OPTION_UNVERIFIED, 1);
    bonemets_loader_add_memory(loader, "facts", zoo_facts, sizeof zoo_facts - 1, err);
    bonemets_loader_add_memory(loader, "zoo", zoo_table, sizeof zoo_table - 1, err);
    bonemets_loader_add_memory(loader, "keeper", keeper_table, sizeof keeper_table - 1, err);
    if (bonemets_loader_build(loader, &set, err))
        fail_msg("line %d: %s", (int)bonemets_error_int(err, 0, BONEMETS_F_LINE),
                 bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    bonemets_loader_free(loader);
    bonemets_error_free(err);
    return set;
}

static void same_in_the_zoo(void **state)
{
    static const uint32_t nulls[] = {0, 4, 20, 50, 90};
    bonemets_guidelines *set = open_zoo();
    int64_t columnar = 0, runs = 0;
    (void)state;
    for (int turn = 0; turn < 24; turn++)
        for (size_t n = 0; n < sizeof nulls / sizeof *nulls; n++, runs++)
            columnar += run_cohort(set, "*", turn % 2 ? 100 : 70, turn % 3 ? 0 : 50, nulls[n]);
    print_message("zoo: %d of %d rows by columns\n", (int)columnar, (int)(runs * ROWS));
    bonemets_guidelines_unref(set);
}

/* Tables of a folder, for tables.py; a refusal is told apart from a difference. */
enum { REFUSED = 3 };

static const char *folder;

static void same_over_folder(void **state)
{
    static const uint32_t nulls[] = {4, 20, 50, 80};
    bonemets_loader *loader;
    bonemets_guidelines *set = NULL;
    bonemets_error *err = bonemets_error_new();
    (void)state;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    bonemets_loader_set_option(loader, BONEMETS_OPTION_UNVERIFIED, 1);
    bonemets_loader_add_path(loader, folder, err);
    bonemets_status status = bonemets_loader_build(loader, &set, err);
    bonemets_loader_free(loader);
    if (status) {
        print_error("%s\n", bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
        exit(REFUSED);
    }
    bonemets_error_free(err);
    for (uint32_t turn = 0; turn < 6; turn++)
        run_cohort(set, "*", turn % 2 ? 100 : 70, turn % 3 ? 0 : 50, nulls[turn % 4]);
    bonemets_guidelines_unref(set);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest over_folder[] = {cmocka_unit_test(same_over_folder)};
    if (count > 2) {
        folder = arguments[1];
        lists_all = false;
        seed += strtoull(arguments[2], NULL, 10) << 32;
        return cmocka_run_group_tests(over_folder, NULL, NULL);
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(items_stay_by_columns),
                                       cmocka_unit_test(same_as_handles),
                                       cmocka_unit_test(same_in_the_zoo)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
