/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of lists of records: what they mean, what is refused, and hostile producers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bonemets/arrow.h"
#include "bonemets/bonemets.h"

enum { MOST = 40, BELOW = 12 };

static bonemets_guidelines *set;
static bonemets_error *err;

static int open_set(void **state)
{
    bonemets_loader *loader;
    (void)state;
    err = bonemets_error_new();
    if (!err || bonemets_loader_new(NULL, NULL, &loader) ||
        bonemets_loader_add_embedded(loader, NULL, err) || bonemets_loader_build(loader, &set, err))
        return -1;
    bonemets_loader_free(loader);
    return 0;
}

static int close_set(void **state)
{
    (void)state;
    bonemets_guidelines_unref(set);
    bonemets_error_free(err);
    return 0;
}

/* ---- columns in static memory ---- */

typedef struct {
    struct ArrowSchema schema, *schemas[BELOW];
    struct ArrowArray array, *arrays[BELOW];
    const void *buffers[3];
} column;

static column made[MOST];
static int count;

static void release_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static column *make(const char *name, const char *format, int64_t length, int buffers,
                    const void *valid, const void *data, const void *bytes)
{
    column *c = &made[count++];
    memset(c, 0, sizeof *c);
    c->buffers[0] = valid;
    c->buffers[1] = data;
    c->buffers[2] = bytes;
    c->schema = (struct ArrowSchema){
        .format = format, .name = name, .children = c->schemas, .release = release_schema};
    c->array = (struct ArrowArray){.length = length,
                                   .null_count = -1,
                                   .n_buffers = buffers,
                                   .buffers = c->buffers,
                                   .children = c->arrays,
                                   .release = release_array};
    return c;
}

static void put(column *parent, column *child)
{
    parent->schemas[parent->schema.n_children++] = &child->schema;
    parent->arrays[parent->array.n_children++] = &child->array;
}

static column *texts(const char *name, int64_t length, const void *valid, const void *ends,
                     const char *bytes)
{
    return make(name, "u", length, 3, valid, ends, bytes);
}

/* Five records; the rows have two, one that is null, none, an unknown number, and two. */
enum { ROWS = 5, RECORDS = 5 };
static const int32_t ends[] = {0, 2, 3, 3, 3, 5};
static const uint8_t rows_known[] = {0x17}, records_known[] = {0x1B};
static const int32_t level_ends[] = {0, 2, 4, 4, 6, 9};
static const char levels[] = "T8L1T5T12";
static const int32_t pain_ends[] = {0, 10, 14, 14, 24, 34};
static const char pains[] = "mechanicalnonemechanicalmechanical";
static const uint8_t pains_known[] = {0x0B};

typedef struct {
    column *table, *lesions, *records, *level, *pain;
} lesions;

static lesions two_lesions(void)
{
    lesions t;
    count = 0;
    bonemets_error_clear(err);
    t.table = make("", "+s", ROWS, 1, NULL, NULL, NULL);
    t.lesions = make("lesions", "+l", ROWS, 2, rows_known, ends, NULL);
    t.records = make("item", "+s", RECORDS, 1, records_known, NULL, NULL);
    t.level = texts("level", RECORDS, NULL, level_ends, levels);
    t.pain = texts("sins_pain", RECORDS, pains_known, pain_ends, pains);
    put(t.table, t.lesions);
    put(t.lesions, t.records);
    put(t.records, t.level);
    put(t.records, t.pain);
    return t;
}

static bonemets_batch *batch_of(const char *target)
{
    bonemets_batch *batch;
    assert_int_equal(bonemets_batch_new(set, &target, 1, &batch, err), BONEMETS_OK);
    return batch;
}

static void says(const char *words, const char *path, int row)
{
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        const char *at = bonemets_error_str(err, i, BONEMETS_F_PATH);
        if (strstr(bonemets_error_str(err, i, BONEMETS_F_MESSAGE), words) &&
            (!path || (at && strcmp(at, path) == 0)) &&
            (!row || bonemets_error_int(err, i, BONEMETS_F_LINE) == row))
            return;
    }
    for (int32_t i = 0; i < bonemets_error_count(err); i++)
        print_error("%d %s: %s\n", (int)bonemets_error_int(err, i, BONEMETS_F_LINE),
                    bonemets_error_str(err, i, BONEMETS_F_PATH),
                    bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
    fail_msg("'%s' is not said of %s", words, path);
}

static void does_not_bind(const lesions *t, bonemets_status status, const char *words,
                          const char *path)
{
    bonemets_batch *batch = batch_of("sins");
    assert_int_equal(bonemets_batch_bind(batch, &t->table->schema, err), status);
    says(words, path, 0);
    bonemets_error_clear(err);
    bonemets_batch_free(batch);
}

static void runs(const lesions *t, const char *target, struct ArrowArray *out)
{
    bonemets_batch *batch = batch_of(target);
    memset(out, 0, sizeof *out);
    if (bonemets_batch_bind(batch, &t->table->schema, err) ||
        bonemets_batch_run(batch, &t->table->array, out, err))
        says("nothing", NULL, 0);
    bonemets_batch_free(batch);
}

static void does_not_run(const lesions *t, bonemets_status status, const char *words,
                         const char *path, int row)
{
    struct ArrowArray out;
    bonemets_batch *batch = batch_of("sins");
    if (bonemets_batch_bind(batch, &t->table->schema, err))
        says("nothing", NULL, 0);
    assert_int_equal(bonemets_batch_run(batch, &t->table->array, &out, err), status);
    assert_null(out.release);
    says(words, path, row);
    bonemets_error_clear(err);
    bonemets_batch_free(batch);
}

static bool valid(const struct ArrowArray *array, int64_t i)
{
    const uint8_t *bits = array->buffers[0];
    return !bits || (bits[i >> 3] >> (i & 7) & 1);
}

static double number(const struct ArrowArray *array, int64_t i)
{
    return ((const double *)array->buffers[1])[i];
}

/* What a list of answers has from place `from` to `to`. */
static void has(const struct ArrowArray *list, int row, int32_t from, int32_t to)
{
    const int32_t *offsets = list->buffers[1];
    assert_true(valid(list, row));
    assert_int_equal(offsets[row], from);
    assert_int_equal(offsets[row + 1], to);
}

static bool is(double x, double y)
{
    return x >= y && x <= y;
}

/* The result `sins` of one lesion by the handle of a patient. */
static void sins_of(const char *level, const char *pain, double *low, double *high)
{
    bonemets_patient *patient;
    bonemets_assessment *a;
    char record[200];
    snprintf(record, sizeof record, "lesions: [{level: %s, sins_pain: %s}]", level, pain);
    assert_int_equal(bonemets_patient_new(set, &patient), BONEMETS_OK);
    assert_int_equal(bonemets_patient_read(patient, NULL, record, strlen(record), err),
                     BONEMETS_OK);
    assert_int_equal(bonemets_assess(patient, "sins", &a, err), BONEMETS_OK);
    *low = bonemets_assessment_num(a, BONEMETS_RESULTS, 0, BONEMETS_F_LOW);
    *high = bonemets_assessment_num(a, BONEMETS_RESULTS, 0, BONEMETS_F_HIGH);
    bonemets_assessment_unref(a);
    bonemets_patient_free(patient);
}

/* ---- what lists mean ---- */

static void an_answer_for_each_record(void **state)
{
    static const char *const said[RECORDS][2] = {
        {"T8", "mechanical"}, {"L1", "none"}, {"~", "~"}, {"T5", "mechanical"}, {"T12", "~"}};
    struct ArrowArray out;
    (void)state;
    lesions t = two_lesions();
    runs(&t, "sins", &out);
    assert_int_equal(out.length, ROWS);
    assert_int_equal(out.n_children, 5);
    for (int c = 0; c < 5; c++) {
        const struct ArrowArray *list = out.children[c];
        assert_int_equal(list->length, ROWS);
        assert_int_equal(list->null_count, 1);
        assert_int_equal(list->children[0]->length, RECORDS);
        has(list, 0, 0, 2);
        has(list, 1, 2, 3);
        has(list, 2, 3, 3);           /* none */
        assert_false(valid(list, 3)); /* not known */
        has(list, 4, 3, 5);
    }
    for (int r = 0; r < RECORDS; r++) {
        double low, high;
        sins_of(said[r][0], said[r][1], &low, &high);
        assert_true(is(number(out.children[0]->children[0], r), low));
        assert_true(is(number(out.children[1]->children[0], r), high));
    }
    out.release(&out);
    assert_null(out.release);
}

/* An empty list is known to be one: nothing of a lesion can be found out any more. */
static void none_is_no_unknown(void **state)
{
    static const char *const targets[] = {"spine_selection", "mscc_triage", "tokuhashi_2005"};
    static const char *const records[] = {"lesions: []", "lesions: ~"};
    (void)state;
    for (int i = 0; i < 3; i++)
        for (int known = 0; known < 2; known++) {
            struct ArrowArray out;
            bonemets_patient *patient;
            bonemets_assessment *a;
            lesions t = two_lesions();
            runs(&t, targets[i], &out);
            assert_int_equal(bonemets_patient_new(set, &patient), BONEMETS_OK);
            assert_int_equal(
                bonemets_patient_read(patient, NULL, records[known], strlen(records[known]), err),
                BONEMETS_OK);
            assert_int_equal(bonemets_assess(patient, targets[i], &a, err), BONEMETS_OK);
            const struct ArrowArray *first = out.children[0];
            if (first->n_children == 0 && !first->dictionary)
                assert_true(is(number(first, 2 + known),
                               bonemets_assessment_num(a, BONEMETS_RESULTS, 0, BONEMETS_F_LOW)));
            else if (first->n_children)
                assert_true(valid(first, 2) && !valid(first, 3));
            bonemets_assessment_unref(a);
            bonemets_patient_free(patient);
            out.release(&out);
        }
}

/* One record in each list says what columns of its facts say. */
static void one_record_is_a_row_of_columns(void **state)
{
    static const int32_t each[] = {0, 1, 2, 3, 4, 5};
    struct ArrowArray lists, columns;
    (void)state;
    lesions t = two_lesions();
    t.lesions->buffers[0] = NULL;
    t.lesions->buffers[1] = each;
    t.records->buffers[0] = NULL;
    runs(&t, "spine_selection", &lists);
    t.table->schema.n_children = t.table->array.n_children = 0;
    put(t.table, t.level);
    put(t.table, t.pain);
    runs(&t, "spine_selection", &columns);
    assert_int_equal(lists.n_children, columns.n_children);
    for (int64_t c = 0; c < lists.n_children; c++) {
        const struct ArrowArray *a = lists.children[c]->children[0], *b = columns.children[c];
        for (int i = 0; i < ROWS; i++)
            assert_int_equal(valid(a, i), valid(b, i));
        assert_memory_equal(a->buffers[1], b->buffers[1],
                            ROWS * (a->dictionary ? 1 : sizeof(double)));
    }
    lists.release(&lists);
    columns.release(&columns);
}

static void slices_and_no_rows(void **state)
{
    static const int32_t shifted[] = {0, 0, 1, 1, 1, 3};
    struct ArrowArray part;
    double low, high;
    (void)state;
    lesions t = two_lesions();
    t.table->array.offset = 1; /* of the rows, … */
    t.table->array.length = 2;
    t.lesions->array.offset = 1; /* … of the lists, … */
    t.lesions->array.length = 4;
    runs(&t, "sins", &part);
    assert_int_equal(part.length, 2);
    has(part.children[0], 0, 0, 0);
    assert_false(valid(part.children[0], 1));
    part.release(&part);
    t = two_lesions();
    t.lesions->buffers[1] = shifted;
    t.records->array.offset = 1; /* … and of the records: the first is the one at L1 */
    t.records->array.length = 4;
    runs(&t, "sins", &part);
    has(part.children[0], 1, 0, 1);
    sins_of("L1", "none", &low, &high);
    assert_true(is(number(part.children[0]->children[0], 0), low));
    assert_true(is(number(part.children[1]->children[0], 0), high));
    part.release(&part);
    t = two_lesions();
    t.table->array.length = t.lesions->array.length = 0;
    t.records->array.length = t.level->array.length = t.pain->array.length = 0;
    t.lesions->buffers[1] = t.level->buffers[1] = t.pain->buffers[1] = NULL;
    runs(&t, "sins", &part);
    assert_int_equal(part.length, 0);
    assert_int_equal(part.children[0]->children[0]->length, 0);
    part.release(&part);
}

/* More rows than are taken at a time, and a list that needs more room than those before it. */
static void chunks_and_growth(void **state)
{
    enum { LONG = 5000, MANY = 40 };
    static int32_t offsets[LONG + 1], of_level[LONG + MANY + 1];
    static char bytes[2 * (LONG + MANY)];
    struct ArrowArray out;
    (void)state;
    for (int i = 0; i < LONG; i++)
        offsets[i + 1] = offsets[i] + (i == 4000 ? MANY : 1);
    for (int r = 0; r < LONG + MANY - 1; r++) {
        memcpy(bytes + 2 * r, r % 2 ? "T8" : "L1", 2);
        of_level[r + 1] = 2 * (r + 1);
    }
    lesions t = two_lesions();
    t.lesions->buffers[0] = t.records->buffers[0] = NULL;
    t.lesions->buffers[1] = offsets;
    t.level->buffers[1] = of_level;
    t.level->buffers[2] = bytes;
    t.records->schema.n_children = t.records->array.n_children = 1;
    t.table->array.length = t.lesions->array.length = LONG;
    t.records->array.length = t.level->array.length = LONG + MANY - 1;
    bonemets_batch *batch = batch_of("sins");
    assert_int_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    for (int again = 0; again < 3; again++) {
        t.table->array.length = again == 0 ? 10 : LONG; /* the room grows between arrays */
        assert_int_equal(bonemets_batch_run(batch, &t.table->array, &out, err), BONEMETS_OK);
        const struct ArrowArray *low = out.children[0]->children[0];
        for (int64_t r = 2; r < low->length; r++)
            assert_true(is(number(low, r), number(low, r % 2)));
        assert_int_equal(low->length, again == 0 ? 10 : LONG + MANY - 1);
        out.release(&out);
    }
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_ROWS), 2 * LONG + 10);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR), 0);
    bonemets_batch_free(batch);
}

/* A column of nulls, and lists of them: nothing is known of the records, but how many there are. */
static void nulls_of_all_kinds(void **state)
{
    struct ArrowArray out;
    (void)state;
    lesions t = two_lesions();
    t.lesions->schema.format = "n";
    t.lesions->schema.n_children = t.lesions->array.n_children = 0;
    t.lesions->array.n_buffers = 0;
    runs(&t, "sins", &out);
    assert_int_equal(out.children[0]->null_count, ROWS);
    assert_int_equal(out.children[0]->children[0]->length, 0);
    out.release(&out);
    t = two_lesions();
    t.records->schema.format = "n";
    t.records->schema.n_children = t.records->array.n_children = t.records->array.n_buffers = 0;
    runs(&t, "sins", &out);
    has(out.children[0], 0, 0, 2);
    assert_true(is(number(out.children[0]->children[0], 0), 0));
    out.release(&out);
    t = two_lesions();
    t.records->schema.n_children = t.records->array.n_children = 0; /* structs of nothing */
    runs(&t, "sins", &out);
    has(out.children[0], 4, 3, 5);
    out.release(&out);
    static const uint8_t all_but_first[] = {0x1E};
    t = two_lesions();
    t.table->buffers[0] = all_but_first; /* a row that is null as a whole */
    runs(&t, "sins", &out);
    assert_false(valid(out.children[0], 0));
    has(out.children[0], 4, 1, 3);
    out.release(&out);
}

/* Targets that do not hang on the lists go by columns; the lists are looked at nevertheless. */
static void other_targets_stay_as_they_are(void **state)
{
    static const int64_t ages[] = {60, 61, 62, 63, 64};
    struct ArrowArray out;
    (void)state;
    lesions t = two_lesions();
    put(t.table, make("age", "l", ROWS, 2, NULL, ages, NULL));
    bonemets_batch *batch = batch_of("cockcroft_gault");
    assert_int_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.table->array, &out, err), BONEMETS_OK);
    assert_int_equal(out.children[0]->n_children, 0);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_ROWS), ROWS);
    out.release(&out);
    t.level->buffers[2] = "T8L1T5X12";
    assert_int_equal(bonemets_batch_run(batch, &t.table->array, &out, err), BONEMETS_E_TYPE);
    says("this is not an option", "lesions[2].level", 5);
    bonemets_batch_free(batch);
}

/* ---- names ---- */

static void write_metadata(char *out, const char *key, const char *value)
{
    int32_t one = 1, first = (int32_t)strlen(key), second = (int32_t)strlen(value);
    memcpy(out, &one, 4);
    memcpy(out + 4, &first, 4);
    memcpy(out + 8, key, (size_t)first);
    memcpy(out + 8 + first, &second, 4);
    memcpy(out + 12 + first, value, (size_t)second);
}

static void columns_may_be_called_otherwise(void **state)
{
    char metadata[80];
    struct ArrowArray out;
    (void)state;
    lesions t = two_lesions();
    write_metadata(metadata, "bonemets.records", "lesions");
    t.lesions->schema.metadata = metadata;
    t.lesions->schema.name = "Läsionen";
    runs(&t, "sins", &out);
    out.release(&out);
    t = two_lesions();
    t.lesions->schema.name = "tumours";
    t.pain->schema.name = "pain";
    bonemets_batch *batch = batch_of("sins");
    assert_int_equal(bonemets_batch_map(batch, "tumours", "lesions", "mm", err), BONEMETS_E_FACT);
    assert_int_equal(bonemets_batch_map(batch, "tumours", "lesions", NULL, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_map(batch, "tumours.pain", "sins_pain", NULL, err),
                     BONEMETS_OK);
    bonemets_error_clear(err);
    assert_int_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_column_count(batch), 3);
    assert_string_equal(bonemets_batch_column_str(batch, 0, BONEMETS_F_ID), "lesions");
    assert_string_equal(bonemets_batch_column_str(batch, 2, BONEMETS_F_LABEL), "tumours.pain");
    assert_string_equal(bonemets_batch_column_str(batch, 2, BONEMETS_F_ID), "sins_pain");
    assert_int_equal(bonemets_batch_run(batch, &t.table->array, &out, err), BONEMETS_OK);
    assert_true(is(number(out.children[0]->children[0], 0), 1 + 3)); /* T8, mechanical */
    out.release(&out);
    assert_int_equal(bonemets_batch_map(batch, "tumours.pain", NULL, NULL, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    assert_null(bonemets_batch_column_str(batch, 2, BONEMETS_F_ID));
    bonemets_batch_free(batch);
}

static void refuses_names(void **state)
{
    (void)state;
    lesions t = two_lesions();
    t.lesions->schema.name = "lesion";
    does_not_bind(&t, BONEMETS_E_FACT, "is called 'lesions'", "lesion");
    t.lesions->schema.name = "tumours";
    does_not_bind(&t, BONEMETS_E_FACT, "'tumours' is no list of records", "tumours");
    t.lesions->schema.name = "neuro_features";
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "neuro_features");
    t = two_lesions();
    t.level->schema.name = "age";
    does_not_bind(&t, BONEMETS_E_FACT, "'age' is not about a lesion", "lesions.age");
    t.level->schema.name = "levle";
    does_not_bind(&t, BONEMETS_E_FACT, "there is no fact 'levle'", "lesions.levle");
    t.level->schema.name = "drugs";
    does_not_bind(&t, BONEMETS_E_FACT, "there is no fact 'drugs'", "lesions.drugs");
    t.level->schema.name = "sins_pain";
    does_not_bind(&t, BONEMETS_E_TYPE, "two columns hold 'sins_pain'", "lesions.sins_pain");
    t.level->schema.name = "collapse_pct";
    t.level->schema.format = "g";
    does_not_bind(&t, BONEMETS_E_UNIT, "the unit of 'collapse_pct' is missing",
                  "lesions.collapse_pct");
    t = two_lesions();
    put(t.table, texts("collapse_pct", RECORDS, NULL, level_ends, levels));
    does_not_bind(&t, BONEMETS_E_TYPE, "these come as lists in 'lesions'", "collapse_pct");
    t = two_lesions();
    put(t.table, t.lesions);
    does_not_bind(&t, BONEMETS_E_TYPE, "two columns hold 'lesions'", "lesions");
    t = two_lesions();
    put(t.table, texts("drugs", ROWS, NULL, level_ends, levels));
    does_not_bind(&t, BONEMETS_E_TYPE,
                  "a column of texts does not fit here, but lists of records do", "drugs");
}

static void passes_over(void **state)
{
    struct ArrowArray out;
    (void)state;
    lesions t = two_lesions();
    put(t.records, texts("surgeon", RECORDS, NULL, level_ends, levels));
    put(t.table, texts("drugs", ROWS, NULL, level_ends, levels));
    bonemets_batch *batch = batch_of("sins");
    bonemets_batch_set_option(batch, BONEMETS_BATCH_SKIP_COLUMNS, 1);
    assert_int_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.table->array, &out, err), BONEMETS_OK);
    assert_int_equal(out.children[0]->n_children, 1);
    out.release(&out);
    t.lesions->schema.name = "tumours";
    assert_int_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.table->array, &out, err), BONEMETS_OK);
    assert_int_equal(out.children[0]->n_children, 0);
    out.release(&out);
    bonemets_batch_free(batch);
}

/* The schema of answers is of lists while such a schema is bound. */
static void the_schema_says_lists(void **state)
{
    struct ArrowSchema schema;
    (void)state;
    lesions t = two_lesions();
    bonemets_batch *batch = batch_of("sins");
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
    assert_string_equal(schema.children[0]->format, "g");
    schema.release(&schema);
    assert_int_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
    assert_string_equal(schema.children[0]->format, "+l");
    assert_string_equal(schema.children[0]->name, "sins.low");
    assert_non_null(schema.children[0]->metadata);
    assert_string_equal(schema.children[0]->children[0]->format, "g");
    assert_string_equal(schema.children[0]->children[0]->name, "item");
    assert_string_equal(schema.children[2]->children[0]->format, "c");
    assert_string_equal(schema.children[2]->children[0]->dictionary->format, "u");
    schema.release(&schema);
    t.lesions->schema.format = "x";
    assert_int_not_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
    assert_string_equal(schema.children[0]->format, "g");
    schema.release(&schema);
    bonemets_batch_free(batch);
}

/* ---- cells ---- */

static void names_cells(void **state)
{
    (void)state;
    lesions t = two_lesions();
    t.level->buffers[2] = "T8X1T5X12";
    t.pain->buffers[2] = "mechanicalnxnemechanicalmechanical";
    does_not_run(&t, BONEMETS_E_TYPE, "this is not an option", "lesions[2].level", 5);
    does_not_run(&t, BONEMETS_E_TYPE, "this is not an option", "lesions[2].level", 1);
    does_not_run(&t, BONEMETS_E_TYPE, "this is not an option", "lesions[2].sins_pain", 1);
    bonemets_batch *batch = batch_of("sins");
    struct ArrowArray out;
    bonemets_batch_set_option(batch, BONEMETS_BATCH_COUNT_BAD, 1);
    assert_int_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.table->array, &out, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_BAD_CELLS), 3);
    assert_int_equal(bonemets_batch_column_bad(batch, 0, BONEMETS_OK), 0);
    assert_int_equal(bonemets_batch_column_bad(batch, 1, BONEMETS_E_TYPE), 2);
    assert_int_equal(bonemets_batch_column_bad(batch, 2, BONEMETS_OK), 1);
    says("this is not an option", "lesions[2].sins_pain", 1);
    has(out.children[0], 0, 0, 2); /* the record stays, of which a fact is unknown */
    out.release(&out);
    bonemets_batch_free(batch);
}

/* What columns are refused for is told with what lists are. */
static void tells_both(void **state)
{
    static const int64_t ages[] = {60, -1, 62, 63, 64};
    (void)state;
    lesions t = two_lesions();
    put(t.table, make("age", "l", ROWS, 2, NULL, ages, NULL));
    t.level->buffers[2] = "T8X1T5T12";
    does_not_run(&t, BONEMETS_E_RANGE, "this is out of range", "age", 2);
    does_not_run(&t, BONEMETS_E_RANGE, "this is not an option", "lesions[2].level", 1);
}

/* 1,000 records are the most of a patient. */
static void refuses_too_many(void **state)
{
    static const int32_t many[] = {0, 1, 1001, 2002, 2002, 2002};
    static int32_t of_level[2003];
    struct ArrowArray out;
    (void)state;
    lesions t = two_lesions();
    t.lesions->buffers[0] = t.records->buffers[0] = NULL;
    t.lesions->buffers[1] = many;
    t.level->buffers[1] = of_level;
    t.level->buffers[0] = of_level; /* none is known */
    t.records->schema.n_children = t.records->array.n_children = 1;
    t.records->array.length = t.level->array.length = 2002;
    bonemets_batch *batch = batch_of("sins");
    bonemets_batch_set_option(batch, BONEMETS_BATCH_COUNT_BAD, 1);
    assert_int_equal(bonemets_batch_bind(batch, &t.table->schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.table->array, &out, err), BONEMETS_OK);
    has(out.children[0], 0, 0, 1);
    assert_false(valid(out.children[0], 2)); /* 1,001 */
    says("more than 1000 records of one kind", "lesions", 3);
    const int32_t *offsets = out.children[0]->buffers[1];
    bool fits = valid(out.children[0], 1); /* 1,000, if an assessment of so many fits */
    assert_int_equal(offsets[2], fits ? 1001 : 1);
    assert_int_equal(bonemets_batch_column_bad(batch, 0, BONEMETS_E_LIMIT), fits ? 1 : 2);
    out.release(&out);
    bonemets_batch_free(batch);
    bonemets_error_clear(err);
    does_not_run(&t, BONEMETS_E_LIMIT, "more than 1000 records of one kind", "lesions", 3);
}

/* ---- links ---- */

static lesions with_courses(const char *format, const void *valid_links, const void *links)
{
    static const int32_t one_each[] = {0, 1, 2, 3, 4, 5};
    lesions t = two_lesions();
    column *courses = make("rt_courses", "+l", ROWS, 2, NULL, one_each, NULL);
    column *records = make("item", "+s", ROWS, 1, NULL, NULL, NULL);
    put(t.table, courses);
    put(courses, records);
    put(records, make("rt_lesion", format, ROWS, 2, valid_links, links, NULL));
    return t;
}

static void links_name_records(void **state)
{
    static const int32_t fits[] = {2, 1, 1, 1, 2}, beyond[] = {2, 2, 1, 1, 2}, none[] = {2, 1, 1};
    static const uint8_t not_the_third[] = {0x1B}, not_beyond[] = {0x03};
    static const int64_t wide[] = {0, 1, 1, 1, 1};
    struct ArrowArray out;
    (void)state;
    lesions t = with_courses("i", not_the_third, fits);
    runs(&t, "sins", &out);
    out.release(&out);
    t = with_courses("i", NULL, beyond);
    does_not_run(&t, BONEMETS_E_RANGE, "there is no lesion of that number; the row has 1",
                 "rt_courses[1].rt_lesion", 2);
    t = with_courses("i", NULL, fits);
    does_not_run(&t, BONEMETS_E_RANGE, "there is no lesion of that number; the row has 0",
                 "rt_courses[1].rt_lesion", 3);
    t = with_courses("l", not_beyond, wide);
    does_not_run(&t, BONEMETS_E_TYPE, "this is not an option", "rt_courses[1].rt_lesion", 1);
    t = with_courses("i", not_the_third, none);
    (void)t;
    /* as a list of integers, and as texts */
    t = with_courses("+l", not_the_third, ends);
    column *list = &made[count - 1];
    static const int32_t numbers[] = {1, 2, 1, 1, 2};
    put(list, make("item", "i", RECORDS, 2, NULL, numbers, NULL));
    runs(&t, "sins", &out);
    out.release(&out);
    t = with_courses("u", not_the_third, level_ends);
    made[count - 1].array.n_buffers = 3;
    made[count - 1].buffers[2] = "01";
    static const int32_t words[] = {0, 0, 0, 0, 0, 2};
    made[count - 1].buffers[1] = words;
    does_not_run(&t, BONEMETS_E_TYPE, "this is not an option", "rt_courses[1].rt_lesion", 5);
    /* courses as columns beside lists of lesions */
    t = two_lesions();
    put(t.table, make("rt_lesion", "i", ROWS, 2, NULL, fits, NULL));
    does_not_bind(&t, BONEMETS_E_TYPE, "'rt_lesion' names records of a list", "rt_lesion");
}

/* ---- members ---- */

static const char vocabulary[] =
    "vocabulary: burrows\ntitle: Facts about a hill\nstatement: A test, not advice.\n"
    "kinds:\n  hill: {label: hill, list: hills}\n"
    "scales:\n  urgency: {none: no urgency}\n  strength: {strong: strong}\n"
    "  certainty: {high: high}\n  verified: {one_source: read in one source}\n"
    "facts:\n"
    "  burrows: {label: burrows, about: hill, type: set, options: {fox: fox, hare: hare, owl: "
    "owl}}\n";
static const char table[] =
    "guideline: life\ntitle: Who lives there\nedition: '1'\nstatus: on\nabout: hill\n"
    "verified: one_source\npurpose: to test\n"
    "sources:\n  almanac: {cite: 'The almanac. 1901;1(1):1', year: 1901}\n"
    "scores:\n  life:\n    label: life\n    direction: higher_is_worse\n    range: 0..3\n"
    "    items:\n"
    "      fox: {label: fox, cases: [{when: burrows has fox, points: 1}, {else: 0}]}\n"
    "      hare: {label: hare, cases: [{when: burrows has hare, points: 2}, {else: 0}]}\n"
    "    bands:\n"
    "      none: {total: 0, label: none, meaning: none}\n"
    "      some: {total: 1..3, label: some, meaning: some}\n"
    "examples:\n  - id: L-1\n    given: {hills: [{burrows: [fox]}]}\n    expect: {life: 1}\n";

static bonemets_guidelines *set_of_hills(void)
{
    bonemets_loader *loader;
    bonemets_guidelines *hills = NULL;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(
        bonemets_loader_add_memory(loader, "v.yaml", vocabulary, sizeof vocabulary - 1, err),
        BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_memory(loader, "t.yaml", table, sizeof table - 1, err),
                     BONEMETS_OK);
    if (bonemets_loader_build(loader, &hills, err))
        says("nothing", NULL, 0);
    bonemets_loader_free(loader);
    return hills;
}

/* Members of a set about a record, each in a column of its own: null is unknown, and so is the owl,
 * who has no column. Of a record with no member known nothing was said. */
static void members_of_records(void **state)
{
    static const uint8_t fox[] = {0x01}, hare[] = {0x05}, fox_known[] = {0x0B},
                         hare_known[] = {0x05};
    static const double low[] = {3, 0, 2, 0, 0}, high[] = {3, 2, 3, 2, 3};
    static const char *const states[] = {"known", "partly", "partly", "partly", "unknown"};
    struct ArrowArray out;
    const char *target = "life";
    bonemets_batch *batch;
    (void)state;
    lesions t = two_lesions();
    t.lesions->schema.name = "hills";
    t.lesions->buffers[0] = t.records->buffers[0] = NULL;
    t.records->schema.n_children = t.records->array.n_children = 0;
    put(t.records, make("burrows.fox", "b", RECORDS, 2, fox_known, fox, NULL));
    put(t.records, make("burrows.hare", "b", RECORDS, 2, hare_known, hare, NULL));
    bonemets_guidelines *hills = set_of_hills();
    assert_int_equal(bonemets_batch_new(hills, &target, 1, &batch, err), BONEMETS_OK);
    if (bonemets_batch_bind(batch, &t.table->schema, err) ||
        bonemets_batch_run(batch, &t.table->array, &out, err))
        says("nothing", NULL, 0);
    const struct ArrowArray *keys = out.children[2]->children[0];
    const int32_t *at = keys->dictionary->buffers[1];
    for (int r = 0; r < RECORDS; r++) {
        int8_t key = ((const int8_t *)keys->buffers[1])[r];
        assert_true(is(number(out.children[0]->children[0], r), low[r]));
        assert_true(is(number(out.children[1]->children[0], r), high[r]));
        assert_int_equal(at[key + 1] - at[key], strlen(states[r]));
    }
    out.release(&out);
    bonemets_batch_free(batch);
    bonemets_guidelines_unref(hills);
}

/* ---- hostile producers ---- */

static void is_refused(lesions *t, const char *path)
{
    does_not_run(t, BONEMETS_E_ARGUMENT, "the array is not what its schema says", path, 0);
}

static void refuses_offsets(void **state)
{
    static const int32_t backwards[] = {0, 3, 2, 3, 3, 5}, beyond[] = {0, 2, 3, 3, 3, 6},
                         negative[] = {-1, 2, 3, 3, 3, 5};
    (void)state;
    lesions t = two_lesions();
    t.lesions->buffers[1] = backwards;
    is_refused(&t, "lesions");
    t.lesions->buffers[1] = beyond;
    is_refused(&t, "lesions");
    t.lesions->buffers[1] = negative;
    is_refused(&t, "lesions");
    t.lesions->buffers[1] = NULL;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.records->array.offset = 1; /* its columns would have to be longer */
    is_refused(&t, "lesions");
    t = two_lesions();
    t.records->array.offset = INT64_MAX;
    is_refused(&t, "lesions");
}

static void refuses_arrays_of_lists(void **state)
{
    (void)state;
    lesions t = two_lesions();
    t.lesions->array.n_children = 0;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.lesions->array.children = NULL;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.lesions->arrays[0] = NULL;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.records->array.release = NULL;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.lesions->array.release = NULL;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.records->array.n_children = 1;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.records->array.children = NULL;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.records->arrays[1] = NULL;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.records->array.n_buffers = 2;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.records->array.length = -1;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.lesions->array.length = ROWS - 1;
    is_refused(&t, "lesions");
}

static void refuses_arrays_of_records(void **state)
{
    static const int32_t texts_backwards[] = {0, 2, 1, 4, 6, 9};
    (void)state;
    lesions t = two_lesions();
    t.level->array.length = RECORDS - 1;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.pain->array.release = NULL;
    is_refused(&t, "lesions");
    t = two_lesions();
    t.level->buffers[1] = texts_backwards;
    is_refused(&t, "lesions.level");
    t = two_lesions();
    t.level->schema.dictionary = &t.pain->schema; /* the array has none */
    t.level->schema.format = "i";
    t.level->array.n_buffers = 2;
    is_refused(&t, "lesions");
}

static void refuses_schemas(void **state)
{
    (void)state;
    lesions t = two_lesions();
    t.records->schemas[0] = NULL;
    does_not_bind(&t, BONEMETS_E_ARGUMENT, "a column of the schema was released", NULL);
    t = two_lesions();
    t.level->schema.release = NULL;
    does_not_bind(&t, BONEMETS_E_ARGUMENT, "a column of the schema was released", NULL);
    t = two_lesions();
    t.records->schema.release = NULL;
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions");
    t = two_lesions();
    t.records->schema.n_children = -1;
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions");
    t = two_lesions();
    t.records->schema.children = NULL;
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions");
    t = two_lesions();
    t.lesions->schema.n_children = 2;
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions");
    t = two_lesions();
    t.lesions->schema.children = NULL;
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions");
    t = two_lesions();
    t.lesions->schemas[0] = NULL;
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions");
    t = two_lesions();
    t.records->schema.format = NULL;
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions");
    t = two_lesions();
    t.lesions->schema.format = "+w:2";
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions");
    t = two_lesions();
    t.lesions->schema.dictionary = &t.level->schema;
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions");
    t = two_lesions();
    t.level->schema.format = "+s";
    does_not_bind(&t, BONEMETS_E_TYPE, "does not fit here", "lesions.level");
}

/* Answers outlive the batch, and their children the array that held them. */
static void answers_live_on(void **state)
{
    struct ArrowArray out, moved;
    (void)state;
    lesions t = two_lesions();
    runs(&t, "sins", &out);
    moved = *out.children[0]->children[0];
    out.children[0]->children[0]->release = NULL;
    out.release(&out);
    assert_int_equal(moved.length, RECORDS);
    moved.release(&moved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_for_each_record),
        cmocka_unit_test(none_is_no_unknown),
        cmocka_unit_test(one_record_is_a_row_of_columns),
        cmocka_unit_test(slices_and_no_rows),
        cmocka_unit_test(chunks_and_growth),
        cmocka_unit_test(nulls_of_all_kinds),
        cmocka_unit_test(other_targets_stay_as_they_are),
        cmocka_unit_test(columns_may_be_called_otherwise),
        cmocka_unit_test(refuses_names),
        cmocka_unit_test(passes_over),
        cmocka_unit_test(the_schema_says_lists),
        cmocka_unit_test(names_cells),
        cmocka_unit_test(tells_both),
        cmocka_unit_test(refuses_too_many),
        cmocka_unit_test(links_name_records),
        cmocka_unit_test(members_of_records),
        cmocka_unit_test(refuses_offsets),
        cmocka_unit_test(refuses_arrays_of_lists),
        cmocka_unit_test(refuses_arrays_of_records),
        cmocka_unit_test(refuses_schemas),
        cmocka_unit_test(answers_live_on),
    };
    return cmocka_run_group_tests(tests, open_set, close_set);
}
