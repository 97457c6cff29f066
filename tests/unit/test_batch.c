/* SPDX-License-Identifier: Apache-2.0 */
/* Cohorts as columns: what is refused and in which words, hostile producers, and who releases what. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bonemets/arrow.h"
#include "bonemets/bonemets.h"

enum { MOST = 8, ROWS = 3 };

/* ---- a set, and columns in static memory ---- */

static bonemets_guidelines *set;
static bonemets_error *err;
static int released; /* arrays, schemas and streams */

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

static void release_array(struct ArrowArray *array)
{
    array->release = NULL;
    released++;
}

static void release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
    released++;
}

typedef struct {
    struct ArrowSchema schema, columns[MOST], inner[MOST];
    struct ArrowSchema *children[MOST], *inner_children[MOST];
    struct ArrowArray array, values[MOST], inner_values[MOST];
    struct ArrowArray *value_children[MOST], *inner_value_children[MOST];
    const void *buffers[MOST][4], *inner_buffers[MOST][3], *own[1];
    int count;
} table;

static void start(table *t)
{
    memset(t, 0, sizeof *t);
    t->schema = (struct ArrowSchema){
        .format = "+s", .name = "", .children = t->children, .release = release_schema};
    t->array = (struct ArrowArray){.length = ROWS,
                                   .null_count = 0,
                                   .n_buffers = 1,
                                   .buffers = t->own,
                                   .children = t->value_children,
                                   .release = release_array};
    bonemets_error_clear(err);
}

static int add(table *t, const char *name, const char *format, const void *valid, const void *data,
               const void *bytes)
{
    int i = t->count++;
    t->columns[i] = (struct ArrowSchema){.format = format, .name = name, .release = release_schema};
    t->children[i] = &t->columns[i];
    t->buffers[i][0] = valid;
    t->buffers[i][1] = data;
    t->buffers[i][2] = bytes;
    t->values[i] = (struct ArrowArray){.length = ROWS,
                                       .null_count = -1,
                                       .n_buffers = strcmp(format, "n") == 0 ? 0
                                                    : bytes                  ? 3
                                                                             : 2,
                                       .buffers = t->buffers[i],
                                       .release = release_array};
    t->value_children[i] = &t->values[i];
    t->schema.n_children = t->array.n_children = t->count;
    return i;
}

static const int32_t three[] = {0, 2, 4, 7}; /* T8, L1, T12 */

static void add_level(table *t)
{
    add(t, "level", "u", NULL, three, "T8L1T12");
}

static const int32_t ends_of_pain[] = {0, 10, 20, 30};

static void add_complete(table *t)
{
    static const int32_t ends[] = {0, 5, 10, 15}, aligned[] = {0, 6, 12, 18},
                         sides[] = {0, 9, 18, 27};
    static const double collapse[] = {20, 40, 80};
    start(t);
    add_level(t);
    add(t, "sins_pain", "u", NULL, ends_of_pain, "mechanicalmechanicalmechanical");
    add(t, "lesion_type", "u", NULL, ends, "lyticlyticlytic");
    add(t, "alignment", "u", NULL, aligned, "normalnormalnormal");
    add(t, "collapse_pct [%]", "g", NULL, collapse, NULL);
    add(t, "posterolateral", "u", NULL, sides, "bilateralbilateralbilateral");
    add(t, "body_involved_pct [%]", "g", NULL, collapse, NULL);
}

static bonemets_batch *sins(void)
{
    static const char *const targets[] = {"sins"};
    bonemets_batch *batch;
    bonemets_error_clear(err);
    assert_int_equal(bonemets_batch_new(set, targets, 1, &batch, err), BONEMETS_OK);
    return batch;
}

static bool says(const char *words)
{
    for (int32_t i = 0; i < bonemets_error_count(err); i++)
        if (strstr(bonemets_error_str(err, i, BONEMETS_F_MESSAGE), words))
            return true;
    for (int32_t i = 0; i < bonemets_error_count(err); i++)
        print_error("%s: %s\n", bonemets_error_str(err, i, BONEMETS_F_PATH),
                    bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
    return false;
}

static void binds(table *t, bonemets_status status, const char *words)
{
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_bind(batch, &t->schema, err), status);
    assert_true(!words || says(words));
    bonemets_batch_free(batch);
}

static void runs(table *t, bonemets_status status, const char *words, int row)
{
    bonemets_batch *batch = sins();
    struct ArrowArray out;
    assert_int_equal(bonemets_batch_bind(batch, &t->schema, err), BONEMETS_OK);
    memset(&out, 0xFF, sizeof out);
    assert_int_equal(bonemets_batch_run(batch, &t->array, &out, err), status);
    assert_true((out.release != NULL) == (status == BONEMETS_OK));
    if (words)
        if (!says(words))
            fail_msg("'%s' is not in: %s", words, bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    if (row)
        assert_int_equal(bonemets_error_int(err, 0, BONEMETS_F_LINE), row);
    if (out.release)
        out.release(&out);
    bonemets_batch_free(batch);
}

static const char *text_of(const struct ArrowArray *array, int64_t i)
{
    static char text[64];
    if (!(((const uint8_t *)array->buffers[0])[i >> 3] >> (i & 7) & 1))
        return NULL;
    int8_t key = ((const int8_t *)array->buffers[1])[i];
    const int32_t *offsets = array->dictionary->buffers[1];
    snprintf(text, sizeof text, "%.*s", (int)(offsets[key + 1] - offsets[key]),
             (const char *)array->dictionary->buffers[2] + offsets[key]);
    return text;
}

static double number(const struct ArrowArray *out, int column, int64_t i)
{
    return ((const double *)out->children[column]->buffers[1])[i];
}

/* ---- answers ---- */

static void scores_complete_rows(void **state)
{
    table t;
    struct ArrowArray out;
    (void)state;
    add_complete(&t);
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    assert_int_equal(out.length, 3);
    assert_int_equal(out.n_children, 5);
    assert_string_equal(text_of(out.children[4], 0), "no");
    assert_true(fabs(number(&out, 0, 1) - number(&out, 1, 1)) <= 0);
    assert_string_equal(text_of(out.children[2], 0), "known");
    assert_string_equal(text_of(out.children[3], 1), "unstable"); /* 3 + 3 + 2 + 0 + 2 + 3 */
    assert_true(fabs(number(&out, 0, 1) - 13) <= 0);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_ROWS), 3);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR), 3);
    bonemets_batch_free(batch);
    out.release(&out);
    assert_null(out.release);
}

static void bounds_what_is_null(void **state)
{
    table t;
    struct ArrowArray out;
    static const uint8_t valid[] = {5}; /* not the second */
    (void)state;
    add_complete(&t);
    t.buffers[1][0] = valid;
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    assert_true(fabs(number(&out, 0, 1) - 10) <= 0);
    assert_true(fabs(number(&out, 1, 1) - 13) <= 0);
    assert_string_equal(text_of(out.children[2], 1), "partly");
    assert_null(text_of(out.children[3], 1));
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR), 3);
    bonemets_batch_free(batch);
    out.release(&out);
}

/* Sliced: the parent begins at row 1, a child at 0. */
static void slices_and_no_rows(void **state)
{
    table t;
    struct ArrowArray out;
    (void)state;
    add_complete(&t);
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    t.array.offset = 1;
    t.array.length = 1;
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    assert_int_equal(out.length, 1);
    assert_true(fabs(number(&out, 0, 0) - 13) <= 0);
    out.release(&out);
    t.array.offset = 3;
    t.array.length = 0;
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    assert_int_equal(out.length, 0);
    out.release(&out);
    bonemets_batch_free(batch);
}

static void null_rows_and_null_columns(void **state)
{
    table t;
    struct ArrowArray out;
    static const uint8_t valid[] = {6}, bad[] = "T8L1XXX";
    (void)state;
    add_complete(&t);
    t.own[0] = valid;
    t.array.null_count = 1;
    t.columns[3].format = "n";
    t.values[3].n_buffers = 0;
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    assert_string_equal(text_of(out.children[2], 0), "unknown");
    assert_string_equal(text_of(out.children[2], 1), "partly");
    out.release(&out);
    static const uint8_t not_last[] = {3}; /* nobody looks into a row that is null */
    t.own[0] = not_last;
    t.buffers[0][2] = bad;
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    out.release(&out);
    bonemets_batch_free(batch);
}

/* Files that are mapped into memory begin where they begin. */
static void takes_buffers_at_odd_places(void **state)
{
    table t;
    struct ArrowArray out, odd;
    static _Alignas(8) char room[12][64];
    bonemets_batch *batch = sins();
    (void)state;
    add_complete(&t);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    for (int i = 0; i < t.count; i++) {
        size_t size = strcmp(t.columns[i].format, "g") == 0 ? 24 : 16;
        memcpy(room[i] + 1, t.buffers[i][1], size);
        t.buffers[i][1] = room[i] + 1;
    }
    assert_int_equal(bonemets_batch_run(batch, &t.array, &odd, err), BONEMETS_OK);
    for (int i = 0; i < ROWS; i++)
        assert_true(fabs(number(&out, 0, i) - number(&odd, 0, i)) <= 0);
    out.release(&out);
    odd.release(&odd);
    bonemets_batch_free(batch);
}

static void takes_keys_at_odd_places(void **state)
{
    table t;
    struct ArrowArray out, levels;
    struct ArrowSchema texts = {.format = "u", .release = release_schema};
    static const int32_t keys[] = {2, 0, 1};
    static _Alignas(8) char odd[16];
    bonemets_batch *batch = sins();
    (void)state;
    memcpy(odd + 1, keys, sizeof keys);
    add_complete(&t);
    levels = t.values[0];
    t.columns[0].format = "i";
    t.columns[0].dictionary = &texts;
    const void *buffers[] = {NULL, odd + 1};
    t.values[0] = (struct ArrowArray){.length = ROWS,
                                      .n_buffers = 2,
                                      .buffers = buffers,
                                      .dictionary = &levels,
                                      .release = release_array};
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    /* L1, T8, T12: the semirigid place is now in the middle row */
    assert_true(number(&out, 0, 1) < number(&out, 0, 2));
    out.release(&out);
    bonemets_batch_free(batch);
}

/* ---- what is said about a batch ---- */

static void a_profile_forgets_the_schema(void **state)
{
    table t;
    struct ArrowArray out;
    bonemets_batch *batch = sins();
    (void)state;
    add_complete(&t);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_set_profile(batch, "no_such_profile", err), BONEMETS_E_FACT);
    assert_string_equal(bonemets_batch_column_str(batch, 0, BONEMETS_F_LABEL), "level");
    assert_int_equal(bonemets_batch_set_profile(batch, "dutch_2015", err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_column_count(batch), 0);
    assert_null(bonemets_batch_column_str(batch, 0, BONEMETS_F_LABEL));
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_E_ARGUMENT);
    assert_true(says("no schema is bound"));
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    bonemets_batch_free(batch);
}

static void what_was_said_of_a_column_can_be_taken_back(void **state)
{
    table t;
    bonemets_batch *batch = sins();
    (void)state;
    start(&t);
    add_level(&t);
    assert_int_equal(bonemets_batch_map(batch, "levle", "level", NULL, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_FACT);
    assert_int_equal(bonemets_batch_map(batch, "levle", NULL, NULL, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_map(batch, "level", NULL, NULL, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_null(bonemets_batch_column_str(batch, 0, BONEMETS_F_ID));
    assert_int_equal(bonemets_batch_map(batch, "level", "level", NULL, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_string_equal(bonemets_batch_column_str(batch, 0, BONEMETS_F_ID), "level");
    bonemets_batch_free(batch);
}

/* Rows and cells count when they were answered. */
static void a_run_that_is_refused_counts_nothing(void **state)
{
    enum { MANY = 5000 };
    static double ages[MANY];
    table t;
    struct ArrowArray out;
    bonemets_batch *batch = sins();
    (void)state;
    for (int i = 0; i < MANY; i++)
        ages[i] = 60;
    ages[MANY - 1] = 999;
    start(&t);
    add(&t, "age", "g", NULL, ages, NULL);
    t.array.length = t.values[0].length = MANY;
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_E_RANGE);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_ROWS), 0);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR), 0);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_BAD_CELLS), 0);
    assert_int_equal(bonemets_batch_column_bad(batch, 0, BONEMETS_OK), 0);
    assert_int_equal(bonemets_batch_set_option(batch, BONEMETS_BATCH_COUNT_BAD, 1), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_ROWS), MANY);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_BAD_CELLS), 1);
    assert_int_equal(bonemets_batch_column_bad(batch, 0, BONEMETS_E_RANGE), 1);
    out.release(&out);
    bonemets_batch_free(batch);
}

/* No room for so many rows, on any machine. */
static void refuses_lengths_beyond_memory(void **state)
{
    table t;
    struct ArrowArray out;
    bonemets_batch *batch = sins();
    (void)state;
    start(&t);
    t.array.length = INT64_MAX / 4;
    t.array.children = NULL;
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_E_MEMORY);
    bonemets_batch_free(batch);
}

static void refuses_members_as_a_record_does(void **state)
{
    table t;
    static const int32_t twice[] = {0, 11, 16, 16}, items[] = {0, 16, 16, 16}, one[] = {0, 1, 1, 1};
    (void)state;
    start(&t);
    add(&t, "neuro_features", "u", NULL, twice, "falls;fallsfalls");
    runs(&t, BONEMETS_E_TYPE, "one of them stands twice", 1);
    start(&t);
    int i = add(&t, "neuro_features", "+l", NULL, one, NULL);
    t.inner[i] = (struct ArrowSchema){.format = "u", .name = "item", .release = release_schema};
    t.inner_children[i] = &t.inner[i];
    t.columns[i].n_children = 1;
    t.columns[i].children = &t.inner_children[i];
    t.inner_buffers[i][1] = items;
    t.inner_buffers[i][2] = "falls\0  excluded";
    t.inner_values[i] = (struct ArrowArray){
        .length = 1, .n_buffers = 3, .buffers = t.inner_buffers[i], .release = release_array};
    t.inner_value_children[i] = &t.inner_values[i];
    t.values[i].n_children = 1;
    t.values[i].children = &t.inner_value_children[i];
    runs(&t, BONEMETS_E_TYPE, "a member of the list is no name", 1);
    start(&t);
    add(&t, "level", "u", NULL, (const int32_t[]){0, 4, 4, 4}, "T8\0x");
    runs(&t, BONEMETS_E_TYPE, "the text holds a NUL", 1);
}

static void says_what_a_link_takes(void **state)
{
    table t;
    (void)state;
    start(&t);
    add(&t, "rt_lesion", "g", NULL, three, NULL);
    binds(&t, BONEMETS_E_TYPE, "but integers or texts do");
}

/* ---- names and types ---- */

static void refuses_targets(void **state)
{
    bonemets_batch *batch;
    const char *targets[] = {"sin", NULL};
    (void)state;
    bonemets_error_clear(err);
    assert_int_equal(bonemets_batch_new(set, targets, 1, &batch, err), BONEMETS_E_FACT);
    assert_null(batch);
    assert_true(says("did you mean 'sins'"));
    assert_int_equal(bonemets_batch_new(set, targets + 1, 1, &batch, err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_new(set, targets, 0, &batch, err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_new(set, NULL, 1, &batch, err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_new(NULL, targets, 1, &batch, err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_new(set, targets, 1, NULL, err), BONEMETS_E_ARGUMENT);
}

static void takes_every_kind_of_target(void **state)
{
    static const char *const targets[] = {"sins", "sins", "spine_selection.strategy", "mirels",
                                          "*"};
    bonemets_batch *batch;
    struct ArrowSchema schema;
    (void)state;
    for (int n = 1; n <= 5; n++) {
        static const int columns[] = {0, 5, 5, 9, 14};
        assert_int_equal(bonemets_batch_new(set, targets, n, &batch, err), BONEMETS_OK);
        assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
        assert_true(n == 5 ? schema.n_children > 100 : schema.n_children == columns[n]);
        schema.release(&schema);
        bonemets_batch_free(batch);
    }
}

static void refuses_names(void **state)
{
    table t;
    (void)state;
    start(&t);
    add(&t, "levl", "u", NULL, three, "T8L1T12");
    binds(&t, BONEMETS_E_FACT, "did you mean 'level'");
    start(&t);
    add_level(&t);
    add_level(&t);
    binds(&t, BONEMETS_E_TYPE, "two columns hold 'level'");
    start(&t);
    add(&t, "neuro_features.no_such_sign", "b", NULL, three, NULL);
    binds(&t, BONEMETS_E_FACT, "is no member of the set 'neuro_features'");
}

static void refuses_types(void **state)
{
    static const struct {
        const char *name, *format, *words;
        bonemets_status status;
    } cases[] = {
        {"level", "g", "a column of 64-bit floats does not fit here, but texts, or categories that",
         BONEMETS_E_TYPE},
        {"level", "e", "a column of 16-bit floats does not fit here", BONEMETS_E_TYPE},
        {"level", "vz", "a column of bytes does not fit here", BONEMETS_E_TYPE},
        {"level", "tsu:Europe/Berlin", "a column of timestamps with a time zone", BONEMETS_E_TYPE},
        {"level", "q", "a column of an unknown type", BONEMETS_E_TYPE},
        {"level", "d:10,2", "does not fit here", BONEMETS_E_TYPE},
        {"level", "+s", "does not fit here", BONEMETS_E_TYPE},
        {"collapse_pct", "g", "is missing; call the column 'collapse_pct [%]'", BONEMETS_E_UNIT},
        {"creatinine", "l", "call the column 'creatinine [mg/dL]' if", BONEMETS_E_UNIT},
        {"collapse_pct [mm]", "g", "'mm' is not a unit that fits", BONEMETS_E_UNIT},
        {"level [mm]", "u", "'mm' is not a unit that fits", BONEMETS_E_UNIT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        table t;
        start(&t);
        add(&t, cases[i].name, cases[i].format, NULL, three, NULL);
        binds(&t, cases[i].status, cases[i].words);
    }
}

static void refuses_schemas(void **state)
{
    table t;
    (void)state;
    add_complete(&t);
    t.columns[2].release = NULL;
    binds(&t, BONEMETS_E_ARGUMENT, "was released");
    add_complete(&t);
    t.children[2] = NULL;
    binds(&t, BONEMETS_E_ARGUMENT, "was released");
    add_complete(&t);
    t.schema.format = "+l";
    binds(&t, BONEMETS_E_TYPE, "no struct of columns");
    add_complete(&t);
    t.schema.n_children = -1;
    binds(&t, BONEMETS_E_TYPE, "no struct of columns");
    add_complete(&t);
    t.schema.release = NULL;
    binds(&t, BONEMETS_E_ARGUMENT, "there is no schema");
    /* records in a list: several lesions a row */
    start(&t);
    int i = add(&t, "lesions", "+l", NULL, three, NULL);
    t.inner[i] = (struct ArrowSchema){.format = "+s", .name = "item", .release = release_schema};
    t.inner_children[i] = &t.inner[i];
    t.columns[i].n_children = 1;
    t.columns[i].children = &t.inner_children[i];
    t.columns[i].name = "neuro_features";
    binds(&t, BONEMETS_E_TYPE,
          "a column of lists of records does not fit here, but lists of texts");
}

/* ---- mapping ---- */

static void maps_columns(void **state)
{
    table t;
    struct ArrowArray out;
    static const double tenths[] = {0, 0.4, 0.8};
    (void)state;
    add_complete(&t);
    t.columns[0].name = "Wervel";
    t.columns[1].name = "patient";
    (void)tenths;
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_map(batch, "Wervel", "levell", NULL, err), BONEMETS_E_FACT);
    assert_int_equal(bonemets_batch_map(batch, "Wervel", "level", "kg", err), BONEMETS_E_UNIT);
    assert_int_equal(bonemets_batch_map(batch, "Wervel", "level", NULL, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_FACT);
    assert_int_equal(bonemets_batch_map(batch, "patient", NULL, NULL, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_string_equal(bonemets_batch_column_str(batch, 0, BONEMETS_F_ID), "level");
    assert_string_equal(bonemets_batch_column_str(batch, 0, BONEMETS_F_LABEL), "Wervel");
    assert_null(bonemets_batch_column_str(batch, 1, BONEMETS_F_ID));
    assert_string_equal(bonemets_batch_column_str(batch, 4, BONEMETS_F_UNIT), "%");
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    assert_string_equal(text_of(out.children[2], 0), "partly");
    out.release(&out);
    assert_int_equal(bonemets_batch_map(batch, "Wervl", "level", NULL, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_FACT);
    assert_true(says("there is no column 'Wervl'"));
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_E_ARGUMENT);
    bonemets_batch_free(batch);
}

/* 2026-11-21T08:00 and 20:30, in all the ticks that a timestamp can have. */
static void takes_timestamps(void **state)
{
    static const struct {
        const char *format;
        int64_t ticks;
    } kinds[] = {{"tss:", 1}, {"tsm:", 1000}, {"tsu:", 1000000}, {"tsn:", 1000000000}};
    static const char *const targets[] = {"hours_left"};
    static const int64_t limits[] = {24, 24, 24};
    (void)state;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        table t;
        struct ArrowArray out;
        int64_t begin[ROWS], now[ROWS];
        for (int i = 0; i < ROWS; i++) {
            begin[i] = INT64_C(1795248000) * kinds[k].ticks;
            now[i] = (INT64_C(1795248000) + 45000 + 3600 * i) * kinds[k].ticks;
        }
        start(&t);
        add(&t, "clock_start", kinds[k].format, NULL, begin, NULL);
        add(&t, "clock_now", kinds[k].format, NULL, now, NULL);
        add(&t, "limit [h]", "l", NULL, limits, NULL);
        bonemets_batch *batch;
        assert_int_equal(bonemets_batch_new(set, targets, 1, &batch, err), BONEMETS_OK);
        assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
        assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
        for (int i = 0; i < ROWS; i++) {
            double left = ((const double *)out.children[0]->buffers[1])[i];
            assert_true(left >= 11.5 - i && left <= 11.5 - i);
        }
        out.release(&out);
        t.columns[0].format = "tsu:Europe/Vienna";
        assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_TYPE);
        assert_true(says("timestamps without a time zone"));
        t.columns[0].format = "tss:";
        t.columns[0].name = "creatinine";
        assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_TYPE);
        bonemets_batch_free(batch);
    }
}

static void reads_metadata(void **state)
{
    table t;
    char metadata[128];
    int32_t lengths[] = {2, 13, 12, 13, 1};
    char *at = metadata;
    (void)state;
    add_complete(&t);
    memcpy(at, &lengths[0], 4), at += 4;
    memcpy(at, &lengths[1], 4), at += 4;
    memcpy(at, "bonemets.fact", 13), at += 13;
    memcpy(at, &lengths[2], 4), at += 4;
    memcpy(at, "collapse_pct", 12), at += 12;
    memcpy(at, &lengths[3], 4), at += 4;
    memcpy(at, "bonemets.unit", 13), at += 13;
    memcpy(at, &lengths[4], 4), at += 4;
    memcpy(at, "%", 1);
    t.columns[4].name = "V17";
    t.columns[4].metadata = metadata;
    binds(&t, BONEMETS_OK, NULL);
    lengths[0] = -5;
    memcpy(metadata, lengths, 4);
    binds(&t, BONEMETS_E_FACT, "there is no fact 'V17'");
}

static void skips_columns(void **state)
{
    table t;
    (void)state;
    add_complete(&t);
    t.columns[3].name = "seen_by";
    t.columns[3].format = "tdD";
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_set_option(batch, 99, 1), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_set_option(batch, BONEMETS_BATCH_SKIP_COLUMNS, 2),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_FACT);
    bonemets_batch_set_option(batch, BONEMETS_BATCH_SKIP_COLUMNS, 1);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    bonemets_batch_free(batch);
}

/* What is passed over although it is nearly a fact is told, and nothing else is. */
static void warns_of_slips(void **state)
{
    static const struct {
        const char *name, *meant;
    } names[] = {{"alignement", "did you mean 'alignment'?"},
                 {"lesion_typ", "did you mean 'lesion_type'?"},
                 {"platelets..10.9.L.", "did you mean 'platelets'?"},
                 {"seen_by", NULL},
                 {"patient_id", NULL}};
    table t;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        add_complete(&t);
        t.columns[3].name = names[i].name;
        bonemets_batch *batch = sins();
        bonemets_batch_set_option(batch, BONEMETS_BATCH_SKIP_COLUMNS, 1);
        assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
        assert_int_equal(bonemets_error_count(err), names[i].meant != NULL);
        if (names[i].meant) {
            assert_int_equal(bonemets_error_int(err, 0, BONEMETS_F_SEVERITY),
                             BONEMETS_SEVERITY_WARNING);
            assert_string_equal(bonemets_error_str(err, 0, BONEMETS_F_PATH), names[i].name);
            assert_non_null(strstr(bonemets_error_str(err, 0, BONEMETS_F_MESSAGE), names[i].meant));
        }
        bonemets_batch_free(batch);
    }
}

/* A child that was released has no name yet when maps look for their columns. */
static void maps_past_released_columns(void **state)
{
    table t;
    (void)state;
    add_complete(&t);
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_map(batch, "pain", "sins_pain", NULL, err), BONEMETS_OK);
    t.columns[2].release = NULL;
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_ARGUMENT);
    bonemets_batch_free(batch);
}

static void says_what_fits(void **state)
{
    table t;
    (void)state;
    add_complete(&t);
    t.columns[3].name = "platelets..10.9.L.";
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_FACT);
    assert_true(says("'platelets' has no members; write 'platelets [10*9/L]'"));
    add_complete(&t);
    t.columns[3].name = "platelets [G/l]";
    t.columns[3].format = "g";
    t.columns[3].dictionary = NULL;
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_UNIT);
    assert_true(says("these do: 10*9/L"));
    bonemets_batch_free(batch);
}

/* ---- cells ---- */

static void refuses_cells(void **state)
{
    table t;
    static const double much[] = {0, 40, 400}, nan_too[] = {0, NAN, 0};
    static const int8_t odd[] = {0, 2, 1};
    (void)state;
    add_complete(&t);
    t.buffers[0][2] = "T8L1T13";
    runs(&t, BONEMETS_E_TYPE, "this is refused", 3);
    assert_string_equal(bonemets_error_str(err, 0, BONEMETS_F_PATH), "level");
    add_complete(&t);
    t.buffers[0][2] = "T8L9T12";
    runs(&t, BONEMETS_E_TYPE, "this is not an option", 2);
    add_complete(&t);
    t.buffers[0][2] = "T8L\0T12";
    runs(&t, BONEMETS_E_TYPE, "holds a NUL", 2);
    add_complete(&t);
    t.buffers[0][2] = "T8L\xE9T12";
    runs(&t, BONEMETS_E_TYPE, "not UTF-8", 2);
    add_complete(&t);
    t.buffers[4][1] = much;
    runs(&t, BONEMETS_E_RANGE, "out of range", 3);
    add_complete(&t);
    t.buffers[4][1] = nan_too;
    runs(&t, BONEMETS_E_RANGE, "this is out of range", 2);
    start(&t);
    add(&t, "fracture_present", "c", NULL, odd, NULL);
    runs(&t, BONEMETS_E_TYPE, "this is neither 0 nor 1", 2);
    start(&t);
    add(&t, "neuro_features", "u", NULL, three, "axb;no!");
    runs(&t, BONEMETS_E_TYPE, "this is not an option", 1);
}

static void tells_all_bad_cells(void **state)
{
    table t;
    static const double much[] = {-1, 40, 400};
    (void)state;
    add_complete(&t);
    t.buffers[0][2] = "T8L9T13";
    t.buffers[4][1] = much;
    runs(&t, BONEMETS_E_TYPE, "this is not an option", 2);
    assert_int_equal(bonemets_error_count(err), 4);
}

static void told(int32_t i, const char *column, int32_t row, bonemets_status status)
{
    assert_string_equal(bonemets_error_str(err, i, BONEMETS_F_PATH), column);
    assert_int_equal(bonemets_error_int(err, i, BONEMETS_F_LINE), row);
    assert_int_equal(bonemets_error_int(err, i, BONEMETS_F_STATUS), status);
    assert_int_equal(bonemets_error_int(err, i, BONEMETS_F_SEVERITY), BONEMETS_SEVERITY_WARNING);
}

static void counts_cells(void **state)
{
    table t;
    struct ArrowArray out;
    static const double much[] = {-1, 40, 400};
    (void)state;
    add_complete(&t);
    t.buffers[0][2] = "T8L9T12";
    t.buffers[4][1] = much;
    bonemets_batch *batch = sins();
    bonemets_batch_set_option(batch, BONEMETS_BATCH_COUNT_BAD, 1);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    told(0, "level", 2, BONEMETS_E_TYPE);
    told(1, "collapse_pct [%]", 1, BONEMETS_E_RANGE);
    told(2, "collapse_pct [%]", 3, BONEMETS_E_RANGE);
    assert_int_equal(bonemets_error_count(err), 3);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_BAD_CELLS), 3);
    assert_int_equal(bonemets_batch_column_bad(batch, 0, BONEMETS_E_TYPE), 1);
    assert_int_equal(bonemets_batch_column_bad(batch, 4, BONEMETS_E_RANGE), 2);
    assert_int_equal(bonemets_batch_column_bad(batch, 4, BONEMETS_OK), 2);
    assert_int_equal(bonemets_batch_column_bad(batch, 9, BONEMETS_OK), -1);
    assert_string_equal(text_of(out.children[2], 1), "partly");
    out.release(&out);
    bonemets_batch_free(batch);
}

/* Of many cells that are counted the first 20 of each column are told, and an error has room still. */
static void tells_the_first_that_it_counts(void **state)
{
    enum { MANY_ROWS = 3000, TOLD = 20 };
    table t;
    struct ArrowArray out;
    static double ages[MANY_ROWS], weights[MANY_ROWS];
    (void)state;
    for (int i = 0; i < MANY_ROWS; i++) {
        ages[i] = -1;
        weights[i] = i < 2990 ? 70 : -1;
    }
    bonemets_batch *batch = sins();
    start(&t);
    add(&t, "age", "g", NULL, ages, NULL);
    add(&t, "weight [kg]", "g", NULL, weights, NULL);
    t.array.length = t.values[0].length = t.values[1].length = MANY_ROWS;
    bonemets_batch_set_option(batch, BONEMETS_BATCH_COUNT_BAD, 1);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    out.release(&out);
    told(0, "age", 1, BONEMETS_E_RANGE);
    told(TOLD - 1, "age", TOLD, BONEMETS_E_RANGE);
    told(TOLD, "weight [kg]", 2991, BONEMETS_E_RANGE);
    assert_int_equal(bonemets_error_count(err), TOLD + 10);
    assert_int_equal(bonemets_batch_column_bad(batch, 0, BONEMETS_OK), MANY_ROWS);
    bonemets_error_clear(err);
    assert_int_equal(bonemets_batch_run(batch, &t.array, NULL, err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    out.release(&out);
    assert_int_equal(bonemets_error_count(err), 10);
    bonemets_batch_free(batch);
}

/* A number as text has its own unit, or that of its column, or none is known. */
static void reads_texts(void **state)
{
    table t;
    static const int32_t ends[] = {0, 4, 6, 9};
    (void)state;
    add_complete(&t);
    t.columns[4] =
        (struct ArrowSchema){.format = "u", .name = "collapse_pct [%]", .release = release_schema};
    t.buffers[4][1] = ends;
    t.buffers[4][2] = "40 %40<50";
    t.values[4].n_buffers = 3;
    runs(&t, BONEMETS_OK, NULL, 0);
    t.columns[4].name = "collapse_pct";
    runs(&t, BONEMETS_E_UNIT, "the unit is missing", 2);
}

/* As somebody writes a list in YAML. */
static void members_stand_without_brackets(void **state)
{
    static const int32_t ends[] = {0, 5, 12, 12}, commas[] = {0, 5, 25, 25};
    table t;
    (void)state;
    start(&t);
    add(&t, "neuro_features", "u", NULL, ends, "falls[falls]");
    runs(&t, BONEMETS_E_TYPE, "stand without brackets, parted by semicolons: a;b", 2);
    start(&t);
    add(&t, "neuro_features", "u", NULL, commas, "fallsfalls, limb_weakness");
    runs(&t, BONEMETS_E_TYPE, "stand without brackets, parted by semicolons: a;b", 2);
}

/* As a text, as an entry of a dictionary, and of whatever type the fact is. */
static void an_empty_text_is_unknown(void **state)
{
    static const int32_t ends[] = {0, 0, 2, 2}, entries[] = {0, 0, 2};
    static const int8_t keys[] = {0, 1, 0};
    static const char *const names[] = {
        "level", "collapse_pct [%]", "neuro_features", "neuro_features.falls", "mscc_suspected_at",
        "age"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        table t;
        struct ArrowArray out;
        bonemets_batch *batch = sins();
        bonemets_batch_set_option(batch, BONEMETS_BATCH_COUNT_BAD, 1);
        start(&t);
        add(&t, names[i], "u", NULL, ends, "??");
        assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
        assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
        assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_BAD_CELLS), 1);
        assert_string_equal(text_of(out.children[2], 0), "unknown");
        out.release(&out);
        bonemets_batch_free(batch);
    }
    table t;
    add_complete(&t);
    struct ArrowSchema words = {.format = "u", .name = "", .release = release_schema};
    const void *buffers[] = {NULL, entries, "T8"};
    struct ArrowArray dictionary = {
        .length = 2, .n_buffers = 3, .buffers = buffers, .release = release_array};
    t.columns[0].format = "c";
    t.columns[0].dictionary = &words;
    t.buffers[0][1] = keys;
    t.values[0].n_buffers = 2;
    t.values[0].dictionary = &dictionary;
    runs(&t, BONEMETS_OK, NULL, 0);
}

/* ---- texts as views ---- */

typedef struct {
    int32_t length;
    char start[4];
    int32_t piece, offset;
} view;

static const char piece[] = "..nonmechanical..";
static const int64_t piece_sizes[] = {sizeof piece - 1};

/* Pain as views: the first and last stand in the piece, the second within its view. */
static void add_views(table *t, view *views)
{
    view given[] = {{13, "nonm", 0, 2}, {10, "", 0, 0}, {13, "nonm", 0, 2}};
    memcpy(views, given, sizeof given);
    memcpy(views[1].start, "mechanical", 10);
    add_complete(t);
    t->columns[1].format = "vu";
    t->buffers[1][1] = views;
    t->buffers[1][2] = piece;
    t->buffers[1][3] = piece_sizes;
    t->values[1].n_buffers = 4;
}

static void reads_views(void **state)
{
    table t;
    view views[ROWS];
    struct ArrowArray out;
    bonemets_batch *batch = sins();
    (void)state;
    add_views(&t, views);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    assert_true(((const double *)out.children[0]->buffers[1])[0] <
                ((const double *)out.children[0]->buffers[1])[1]);
    assert_string_equal(text_of(out.children[2], 0), "known");
    assert_string_equal(text_of(out.children[2], 1), "known");
    out.release(&out);
    bonemets_batch_free(batch);
}

static void refuses_views(void **state)
{
    table t;
    view views[ROWS];
    (void)state;
#define HOSTILE_VIEW(change)                                                                       \
    do {                                                                                           \
        add_views(&t, views);                                                                      \
        change;                                                                                    \
        runs(&t, BONEMETS_E_ARGUMENT, NULL, 0);                                                    \
    } while (0)
    HOSTILE_VIEW(views[0].length = -1);
    HOSTILE_VIEW(views[0].piece = 1);
    HOSTILE_VIEW(views[0].piece = -1);
    HOSTILE_VIEW(views[0].offset = -1);
    HOSTILE_VIEW(views[0].offset = 5);
    HOSTILE_VIEW(views[0].length = INT32_MAX);
    HOSTILE_VIEW(t.buffers[1][1] = NULL);
    HOSTILE_VIEW(t.buffers[1][2] = NULL);
    HOSTILE_VIEW(t.buffers[1][3] = NULL);
    HOSTILE_VIEW(t.values[1].n_buffers = 2);
    HOSTILE_VIEW(t.values[1].buffers = NULL);
#undef HOSTILE_VIEW
}

static void set_as_members(void **state)
{
    table t;
    static const uint8_t bits[] = {1}, valid[] = {3};
    static const char *const target[] = {"mscc_triage"};
    bonemets_batch *batch;
    struct ArrowArray out;
    (void)state;
    start(&t);
    add(&t, "neuro_features.limb_weakness", "b", valid, bits, NULL);
    add(&t, "neuro_features", "u", NULL, three, "axb;no!");
    assert_int_equal(bonemets_batch_new(set, target, 1, &batch, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_TYPE);
    t.schema.n_children = t.array.n_children = 1;
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    out.release(&out);
    bonemets_batch_free(batch);
}

/* ---- arrays that are not what they say ---- */

static void refuses_arrays(void **state)
{
    table t;
    static const int32_t backwards[] = {2, 0, 4, 7}, below_zero[] = {-8, 2, 4, 7};
    (void)state;
#define HOSTILE(change)                                                                            \
    do {                                                                                           \
        add_complete(&t);                                                                          \
        change;                                                                                    \
        runs(&t, BONEMETS_E_ARGUMENT, NULL, 0);                                                    \
    } while (0)
    HOSTILE(t.array.n_children = 6);
    HOSTILE(t.array.length = -1);
    HOSTILE(t.array.length = 4);
    HOSTILE(t.array.length = INT64_MAX);
    HOSTILE(t.array.offset = -1);
    HOSTILE(t.array.offset = 1);
    HOSTILE(t.array.offset = INT64_MAX - 1);
    HOSTILE(t.array.children = NULL);
    HOSTILE(t.array.release = NULL);
    HOSTILE(t.array.n_buffers = 0);
    HOSTILE(t.value_children[2] = NULL);
    HOSTILE(t.values[2].release = NULL);
    HOSTILE(t.values[2].length = 2);
    HOSTILE(t.values[2].length = -3);
    HOSTILE(t.values[2].offset = INT64_MAX - 1);
    HOSTILE(t.values[2].null_count = -2);
    HOSTILE(t.values[2].n_buffers = 2);
    HOSTILE(t.values[2].buffers = NULL);
    HOSTILE(t.buffers[2][1] = NULL);
    HOSTILE(t.buffers[2][2] = NULL);
    HOSTILE(t.buffers[0][1] = backwards);
    HOSTILE(t.buffers[0][1] = below_zero);
    HOSTILE(t.buffers[4][1] = NULL);
}

static void add_dictionary(table *t, int i, const char *format, const void *keys)
{
    static const int32_t ends[] = {0, 2, 4};
    t->columns[i].format = format;
    t->inner[i] = (struct ArrowSchema){.format = "u", .name = "", .release = release_schema};
    t->columns[i].dictionary = &t->inner[i];
    t->inner_buffers[i][1] = ends;
    t->inner_buffers[i][2] = "T8XX";
    t->inner_values[i] = (struct ArrowArray){
        .length = 2, .n_buffers = 3, .buffers = t->inner_buffers[i], .release = release_array};
    t->values[i].dictionary = &t->inner_values[i];
    t->values[i].n_buffers = 2;
    t->buffers[i][1] = keys;
}

static void refuses_dictionaries(void **state)
{
    table t;
    static const int8_t good[] = {0, 0, 0}, bad[] = {0, 1, 0}, far[] = {0, 2, 0},
                        low[] = {0, -1, 0};
    static const uint64_t huge[] = {0, UINT64_MAX, 0};
    (void)state;
    add_complete(&t);
    add_dictionary(&t, 0, "c", good); /* an entry that no row has may be anything */
    runs(&t, BONEMETS_OK, NULL, 0);
    add_complete(&t);
    add_dictionary(&t, 0, "c", bad);
    runs(&t, BONEMETS_E_TYPE, "this is not an option", 2);
    add_complete(&t);
    add_dictionary(&t, 0, "c", far);
    runs(&t, BONEMETS_E_ARGUMENT, "not what its schema says", 0);
    add_complete(&t);
    add_dictionary(&t, 0, "c", low);
    runs(&t, BONEMETS_E_ARGUMENT, NULL, 0);
    add_complete(&t);
    add_dictionary(&t, 0, "L", huge);
    runs(&t, BONEMETS_E_ARGUMENT, NULL, 0);
    add_complete(&t);
    add_dictionary(&t, 0, "c", good);
    t.values[0].dictionary = NULL;
    runs(&t, BONEMETS_E_ARGUMENT, NULL, 0);
    add_complete(&t);
    add_dictionary(&t, 0, "c", good);
    t.inner[0].format = "g";
    binds(&t, BONEMETS_E_TYPE, "does not fit here");
}

/* More rows than are taken at a time, the first of them not at the beginning of a byte of validity. */
enum { MANY = 5003, SKIPPED = 3, NOBODY = 4100 };

typedef struct {
    table t;
    uint8_t valid[(MANY + SKIPPED) / 8 + 1];
    int8_t keys[MANY + SKIPPED];
    double collapse[MANY + SKIPPED];
} long_table;

static void start_long(long_table *l)
{
    start(&l->t);
    add(&l->t, "level", "c", l->valid, l->keys, NULL);
    add_dictionary(&l->t, 0, "c", l->keys);
    add(&l->t, "collapse_pct [%]", "g", l->valid, l->collapse, NULL);
    memset(l->valid, 0xFF, sizeof l->valid);
    memset(l->keys, 0, sizeof l->keys);
    for (int i = 0; i < MANY + SKIPPED; i++)
        l->collapse[i] = 40;
    l->valid[(NOBODY + SKIPPED) / 8] &= (uint8_t) ~(1 << (NOBODY + SKIPPED) % 8);
    l->t.array.length = MANY;
    for (int i = 0; i < 2; i++) {
        l->t.values[i].length = MANY;
        l->t.values[i].offset = SKIPPED;
    }
}

/* What lies beneath a null is nobody's business; one row further it is. */
static void looks_at_every_row(void **state)
{
    static const int8_t far[] = {-128, -1, 2, 127};
    static const double odd[] = {NAN, INFINITY, -1, 101};
    static long_table l;
    (void)state;
    for (int i = 0; i < 4; i++) {
        start_long(&l);
        l.keys[NOBODY + SKIPPED] = far[i];
        l.collapse[NOBODY + SKIPPED] = odd[i];
        runs(&l.t, BONEMETS_OK, NULL, 0);
        l.keys[NOBODY + SKIPPED + 1] = far[i];
        runs(&l.t, BONEMETS_E_ARGUMENT, "not what its schema says", 0);
        start_long(&l);
        l.collapse[NOBODY + SKIPPED + 1] = odd[i];
        runs(&l.t, BONEMETS_E_RANGE, NULL, NOBODY + 2);
        start_long(&l);
        l.keys[MANY + SKIPPED - 1] = far[i];
        runs(&l.t, BONEMETS_E_ARGUMENT, NULL, 0);
    }
    start_long(&l);
    l.keys[NOBODY + SKIPPED + 1] = 1; /* an entry that is no level */
    runs(&l.t, BONEMETS_E_TYPE, "this is not an option", NOBODY + 2);
}

/* A row that is null as a whole says nothing, whatever its columns hold. */
static void null_rows_of_many(void **state)
{
    static long_table l;
    struct ArrowArray out;
    (void)state;
    start_long(&l);
    l.t.own[0] = l.valid;
    l.t.array.null_count = -1;
    l.t.values[0].null_count = l.t.values[1].null_count = 0;
    l.keys[NOBODY + 2 * SKIPPED] = -7;
    l.t.array.offset = SKIPPED;
    l.t.array.length = MANY - SKIPPED;
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_bind(batch, &l.t.schema, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_run(batch, &l.t.array, &out, err), BONEMETS_OK);
    assert_string_equal(text_of(out.children[2], NOBODY - 1), "partly");
    assert_string_equal(text_of(out.children[2], NOBODY), "unknown");
    assert_string_equal(text_of(out.children[2], NOBODY + 1), "partly");
    bonemets_batch_free(batch);
    out.release(&out);
}

/* ---- who releases what ---- */

static void children_may_move(void **state)
{
    table t;
    struct ArrowArray out, moved;
    struct ArrowSchema schema, part;
    (void)state;
    add_complete(&t);
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
    released = 0;
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
    assert_int_equal(released, 0);
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
    bonemets_batch_free(batch);
    moved = *out.children[3];
    out.children[3]->release = NULL;
    out.release(&out);
    assert_string_equal(text_of(&moved, 1), "unstable");
    moved.release(&moved);
    assert_null(moved.release);
    part = *schema.children[3];
    schema.children[3]->release = NULL;
    schema.release(&schema);
    assert_string_equal(part.name, "sins.band");
    assert_string_equal(part.dictionary->format, "u");
    part.release(&part);
}

static void schema_names_its_tables(void **state)
{
    struct ArrowSchema schema;
    int32_t pairs;
    (void)state;
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
    memcpy(&pairs, schema.metadata, sizeof pairs);
    assert_int_equal(pairs, 2);
    assert_memory_equal(schema.metadata + 8, "bonemets.digest", 15);
    assert_memory_equal(schema.metadata + 27, bonemets_guidelines_str(set, BONEMETS_F_DIGEST), 64);
    assert_string_equal(schema.format, "+s");
    assert_string_equal(schema.children[0]->name, "sins.low");
    assert_string_equal(schema.children[0]->format, "g");
    schema.release(&schema);
    assert_int_equal(bonemets_batch_schema(NULL, &schema), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_schema(batch, NULL), BONEMETS_E_ARGUMENT);
    bonemets_batch_free(batch);
}

/* ---- streams ---- */

typedef struct {
    table t;
    int given, end, fail_at;
    bool schema_fails, silent;
} source;

static int source_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    source *s = self->private_data;
    if (s->schema_fails)
        return EIO;
    *out = s->t.schema;
    return 0;
}

static int source_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    source *s = self->private_data;
    memset(out, 0, sizeof *out);
    if (s->given == s->fail_at)
        return EIO;
    if (s->given++ < s->end)
        *out = s->t.array;
    return 0;
}

static const char *source_error(struct ArrowArrayStream *self)
{
    return ((source *)self->private_data)->silent ? NULL : "the disk is gone";
}

static void source_release(struct ArrowArrayStream *self)
{
    self->release = NULL;
    released += 100;
}

static void open_source(source *s, int arrays, int fail_at, struct ArrowArrayStream *out)
{
    memset(s, 0, sizeof *s);
    add_complete(&s->t);
    s->end = arrays;
    s->fail_at = fail_at;
    released = 0;
    *out = (struct ArrowArrayStream){.get_schema = source_schema,
                                     .get_next = source_next,
                                     .get_last_error = source_error,
                                     .release = source_release,
                                     .private_data = s};
}

static void streams(void **state)
{
    source s;
    struct ArrowArrayStream in, out;
    struct ArrowArray array;
    struct ArrowSchema schema;
    (void)state;
    open_source(&s, 2, -1, &in);
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_stream(batch, &in, &out, err), BONEMETS_OK);
    assert_null(in.release);
    bonemets_batch_free(batch); /* the stream goes on */
    assert_int_equal(out.get_schema(&out, &schema), 0);
    schema.release(&schema);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(out.get_next(&out, &array), 0);
        assert_int_equal(array.length, 3);
        assert_true(fabs(number(&array, 0, 1) - 13) <= 0);
        array.release(&array);
    }
    assert_int_equal(out.get_next(&out, &array), 0);
    assert_null(array.release);
    assert_null(out.get_last_error(&out));
    out.release(&out);
    assert_null(out.release);
    assert_int_equal(released, 103); /* a schema, two arrays, the stream */
}

static void streams_fail(void **state)
{
    source s;
    struct ArrowArrayStream in, out;
    struct ArrowArray array;
    (void)state;
    open_source(&s, 5, 1, &in);
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_stream(batch, &in, &out, err), BONEMETS_OK);
    assert_int_equal(out.get_next(&out, &array), 0);
    array.release(&array);
    assert_int_equal(out.get_next(&out, &array), EIO);
    assert_null(array.release);
    assert_non_null(strstr(out.get_last_error(&out), "the disk is gone"));
    s.fail_at = -1; /* what comes after an error is not trusted */
    assert_int_equal(out.get_next(&out, &array), EIO);
    out.release(&out);
    assert_int_equal(released, 102);
    open_source(&s, 5, -1, &in);
    s.t.buffers[0][2] = "T8L1T99";
    assert_int_equal(bonemets_batch_stream(batch, &in, &out, err), BONEMETS_OK);
    assert_int_equal(out.get_next(&out, &array), EINVAL);
    assert_non_null(strstr(out.get_last_error(&out), "this is not an option"));
    out.release(&out);
    assert_int_equal(released, 102);
    bonemets_batch_free(batch);
}

static void streams_do_not_open(void **state)
{
    source s;
    struct ArrowArrayStream in, out;
    struct ArrowArray array;
    (void)state;
    open_source(&s, 1, -1, &in);
    s.schema_fails = s.silent = true;
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_stream(batch, &in, &out, err), BONEMETS_E_IO);
    assert_null(out.release);
    assert_non_null(in.release);
    s.schema_fails = false;
    s.t.columns[0].name = "no";
    assert_int_equal(bonemets_batch_stream(batch, &in, &out, err), BONEMETS_E_FACT);
    assert_non_null(in.release);
    assert_int_equal(released, 1);
    assert_int_equal(bonemets_batch_stream(batch, NULL, &out, err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_stream(NULL, &in, &out, err), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_stream(batch, &in, NULL, err), BONEMETS_E_ARGUMENT);
    open_source(&s, 1, -1, &in); /* bound again while it is open */
    assert_int_equal(bonemets_batch_stream(batch, &in, &out, err), BONEMETS_OK);
    assert_int_equal(bonemets_batch_bind(batch, &s.t.schema, err), BONEMETS_OK);
    assert_int_equal(out.get_next(&out, &array), EINVAL);
    assert_non_null(strstr(out.get_last_error(&out), "bound again"));
    out.release(&out);
    bonemets_batch_free(batch);
}

/* ---- what is shown on request ---- */

static struct ArrowArray run_rows(bonemets_batch *batch, table *t)
{
    struct ArrowArray out = {0};
    if (bonemets_batch_bind(batch, &t->schema, err) ||
        bonemets_batch_run(batch, &t->array, &out, err))
        fail_msg("%s", bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    return out;
}

static void shows_items(void **state)
{
    table t;
    struct ArrowSchema schema;
    static const uint8_t valid[] = {5}; /* pain of the second is unknown */
    static const char *const names[] = {"location",  "pain",     "lesion",
                                        "alignment", "collapse", "posterolateral"};
    static const double low[] = {3, 0, 2, 0, 2, 3}, high[] = {3, 3, 2, 0, 2, 3};
    (void)state;
    add_complete(&t);
    t.buffers[1][0] = valid;
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_set_option(batch, BONEMETS_BATCH_ITEMS, 1), BONEMETS_OK);
    struct ArrowArray out = run_rows(batch, &t);
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
    assert_int_equal(schema.n_children, 5 + 12);
    assert_int_equal(out.n_children, 5 + 12);
    assert_string_equal(schema.children[4]->name, "sins.assumed");
    for (int i = 0; i < 6; i++) {
        char name[64];
        snprintf(name, sizeof name, "sins.items.%s.low", names[i]);
        assert_string_equal(schema.children[5 + 2 * i]->name, name);
        snprintf(name, sizeof name, "sins.items.%s.high", names[i]);
        assert_string_equal(schema.children[6 + 2 * i]->name, name);
        assert_string_equal(schema.children[6 + 2 * i]->format, "g");
        assert_true(fabs(number(&out, 5 + 2 * i, 1) - low[i]) <= 0);
        assert_true(fabs(number(&out, 6 + 2 * i, 1) - high[i]) <= 0);
    }
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR), ROWS);
    bonemets_batch_free(batch);
    out.release(&out);
    schema.release(&schema);
}

/* A score that does not apply has no items: this one is about the spine. */
static void items_are_null_where_the_score_does_not_apply(void **state)
{
    table t;
    static const char *const target = "sins";
    static const int32_t ends[] = {0, 5, 10, 12};
    bonemets_batch *batch;
    (void)state;
    start(&t);
    add(&t, "bone", "u", NULL, (const int32_t[]){0, 5, 10, 10}, "femurfemur");
    t.buffers[0][0] = (const uint8_t[]){3};
    add(&t, "level", "u", (const uint8_t[]){4}, ends, "xxxxxxxxxxL1");
    assert_int_equal(bonemets_batch_new(set, &target, 1, &batch, err), BONEMETS_OK);
    bonemets_batch_set_option(batch, BONEMETS_BATCH_ITEMS, 1);
    bonemets_batch_set_option(batch, BONEMETS_BATCH_MISSING, 1);
    struct ArrowArray out = run_rows(batch, &t);
    assert_string_equal(text_of(out.children[2], 0), "not_applicable");
    for (int c = 5; c < 18; c++)
        assert_int_equal(*(const uint8_t *)out.children[c]->buffers[0], 4);
    assert_int_equal(out.children[5]->null_count, 2);
    assert_int_equal(out.children[17]->null_count, 2);
    bonemets_batch_free(batch);
    out.release(&out);
}

static void lists_what_is_missing(void **state)
{
    table t;
    struct ArrowSchema schema;
    static const uint8_t no_pain[] = {5}, no_collapse[] = {1};
    (void)state;
    add_complete(&t);
    t.buffers[1][0] = no_pain;     /* not the second */
    t.buffers[4][0] = no_collapse; /* only the first */
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_set_option(batch, BONEMETS_BATCH_MISSING, 1), BONEMETS_OK);
    struct ArrowArray out = run_rows(batch, &t);
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
    assert_int_equal(schema.n_children, 6);
    assert_string_equal(schema.children[5]->name, "sins.missing");
    assert_string_equal(schema.children[5]->format, "+l");
    assert_string_equal(schema.children[5]->children[0]->name, "item");
    assert_string_equal(schema.children[5]->children[0]->format, "i");
    assert_string_equal(schema.children[5]->children[0]->dictionary->format, "u");
    const int32_t *ends = out.children[5]->buffers[1];
    const struct ArrowArray *keys = out.children[5]->children[0];
    const int32_t *places = keys->buffers[1], *texts = keys->dictionary->buffers[1];
    const char *bytes = keys->dictionary->buffers[2];
    assert_int_equal(ends[0], 0);
    assert_int_equal(ends[1], 0); /* the first is certain */
    assert_int_equal(ends[2], 2); /* body_involved_pct is told in all rows */
    assert_int_equal(ends[3], 3);
    assert_int_equal(keys->length, 3);
    for (int i = 0; i < 3; i++) {
        static const char *const facts[2] = {"sins_pain", "collapse_pct"};
        size_t length = (size_t)(texts[places[i] + 1] - texts[places[i]]);
        const char *fact = bytes + texts[places[i]];
        bool one = strncmp(fact, facts[0], length) == 0 && length == strlen(facts[0]);
        bool other = strncmp(fact, facts[1], length) == 0 && length == strlen(facts[1]);
        assert_true(i == 2 ? other : one || other);
    }
    assert_int_not_equal(places[0], places[1]);
    assert_int_equal(bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR), 1);
    bonemets_batch_free(batch);
    out.release(&out);
    schema.release(&schema);
}

/* What is shown is decided before the schema is bound. */
static void options_of_answers_forget_the_schema(void **state)
{
    table t;
    struct ArrowArray out;
    (void)state;
    add_complete(&t);
    bonemets_batch *batch = sins();
    for (int32_t option = BONEMETS_BATCH_ITEMS; option <= BONEMETS_BATCH_MISSING; option++) {
        assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
        assert_int_equal(bonemets_batch_set_option(batch, option, 0), BONEMETS_OK);
        assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_OK);
        assert_int_equal(out.n_children, 5);
        out.release(&out);
        assert_int_equal(bonemets_batch_set_option(batch, option, 1), BONEMETS_OK);
        assert_int_equal(bonemets_batch_run(batch, &t.array, &out, NULL), BONEMETS_E_ARGUMENT);
        assert_int_equal(bonemets_batch_set_option(batch, option, 0), BONEMETS_OK);
    }
    assert_int_equal(bonemets_batch_set_option(batch, BONEMETS_BATCH_MISSING + 1, 1),
                     BONEMETS_E_ARGUMENT);
    bonemets_batch_free(batch);
}

/* ---- columns that are kept ---- */

static void keep(bonemets_batch *batch, const char *column)
{
    assert_int_equal(bonemets_batch_keep(batch, column, err), BONEMETS_OK);
}

static const int64_t long_ids[] = {7, -8, INT64_C(1) << 60}, group_ends[] = {0, 3, 8};
static const char id_metadata[] = "\1\0\0\0\1\0\0\0k\2\0\0\0vv";

/* Beside the level columns of several types, of which some are null in the second row. */
static void add_kept(table *t, struct ArrowSchema *texts, struct ArrowArray *entries)
{
    static const int32_t name_ends[] = {0, 2, 5, 5};
    static const uint8_t flags[] = {4}, not_second[] = {5}, keys[] = {1, 1, 0};
    static const void *entry_buffers[] = {NULL, group_ends, "oneother"};
    add_complete(t);
    t->count = 1; /* level */
    add(t, "id", "l", NULL, long_ids, NULL);
    t->columns[1].metadata = id_metadata;
    add(t, "name", "u", not_second, name_ends, "abcde");
    add(t, "flag", "b", not_second, flags, NULL);
    add(t, "when", "tsu:Europe/Amsterdam", NULL, long_ids, NULL);
    int group = add(t, "group", "C", not_second, keys, NULL);
    *texts = (struct ArrowSchema){.format = "U", .release = release_schema};
    *entries = (struct ArrowArray){
        .length = 2, .n_buffers = 3, .buffers = entry_buffers, .release = release_array};
    t->columns[group].dictionary = texts;
    t->columns[group].flags = ARROW_FLAG_DICTIONARY_ORDERED;
    t->values[group].dictionary = entries;
    add(t, "empty", "n", NULL, NULL, NULL);
}

/* Of the columns above the second row and the third, when nothing is lent any more. */
static void check_kept(const struct ArrowSchema *schema, const struct ArrowArray *out)
{
    const struct ArrowArray *group = out->children[0];
    const int32_t *ends = out->children[2]->buffers[1], *levels = out->children[6]->buffers[1];
    assert_memory_equal(schema->children[1]->metadata, id_metadata, sizeof id_metadata - 1);
    assert_true(schema->children[0]->flags & ARROW_FLAG_DICTIONARY_ORDERED);
    assert_string_equal(schema->children[0]->dictionary->format, "U");
    assert_int_equal(*(const uint8_t *)group->buffers[0], 2);
    assert_int_equal(((const uint8_t *)group->buffers[1])[1], 0);
    assert_int_equal(group->dictionary->length, 2);
    assert_memory_equal(group->dictionary->buffers[1], group_ends, sizeof group_ends);
    assert_memory_equal(group->dictionary->buffers[2], "oneother", 8);
    assert_null(out->children[1]->buffers[0]);
    assert_memory_equal(out->children[1]->buffers[1], long_ids + 1, 16);
    assert_memory_equal(out->children[4]->buffers[1], long_ids + 1, 16);
    assert_int_equal(out->children[2]->null_count, 1);
    assert_int_equal(*(const uint8_t *)out->children[2]->buffers[0], 2);
    assert_int_equal(ends[1], ends[2]); /* the last is empty, not null */
    assert_int_equal(*(const uint8_t *)out->children[3]->buffers[0], 2);
    assert_int_equal(*(const uint8_t *)out->children[3]->buffers[1] & 2, 2);
    assert_int_equal(out->children[5]->null_count, 2);
    assert_int_equal(levels[2], 5);
    assert_memory_equal(out->children[6]->buffers[2], "L1T12", 5);
}

static void keeps_columns(void **state)
{
    static const char *const order[] = {"group", "id",    "name",  "flag",
                                        "when",  "empty", "level", "id"};
    static const char *const formats[] = {"C", "l", "u", "b", "tsu:Europe/Amsterdam", "n", "u"};
    table t;
    struct ArrowSchema schema, texts;
    struct ArrowArray entries;
    (void)state;
    add_kept(&t, &texts, &entries);
    t.array.offset = 1; /* bits begin at odd places */
    t.array.length = 2;
    bonemets_batch *batch = sins();
    for (int i = 0; i < 8; i++)
        keep(batch, order[i]);
    struct ArrowArray out = run_rows(batch, &t);
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
    bonemets_batch_free(batch);
    memset(&t, 0xAA, sizeof t);
    memset(&entries, 0xAA, sizeof entries);
    assert_int_equal(schema.n_children, 7 + 5);
    for (int i = 0; i < 7; i++) {
        assert_string_equal(schema.children[i]->name, order[i]);
        assert_string_equal(schema.children[i]->format, formats[i]);
        assert_int_equal(out.children[i]->length, 2);
        assert_int_equal(out.children[i]->offset, 0);
    }
    assert_string_equal(schema.children[7]->name, "sins.low");
    check_kept(&schema, &out);
    out.release(&out);
    schema.release(&schema);
}

static void rows_that_are_null_keep_nothing(void **state)
{
    table t;
    static const int32_t ids[] = {1, 2, 3};
    static const uint8_t rows[] = {6};
    (void)state;
    add_complete(&t);
    add(&t, "id", "i", NULL, ids, NULL);
    t.own[0] = rows;
    t.array.null_count = 1;
    bonemets_batch *batch = sins();
    keep(batch, "id");
    keep(batch, "level");
    struct ArrowArray out = run_rows(batch, &t);
    for (int c = 0; c < 2; c++) {
        assert_int_equal(*(const uint8_t *)out.children[c]->buffers[0], 6);
        assert_int_equal(out.children[c]->null_count, 1);
    }
    assert_memory_equal(out.children[1]->buffers[2], "L1T12", 5);
    bonemets_batch_free(batch);
    out.release(&out);
}

/* Every type of which values lie beside each other, by its width. */
static void keeps_values_of_any_width(void **state)
{
    static const struct {
        const char *format;
        size_t width;
    } types[] = {{"c", 1},          {"C", 1},        {"s", 2},        {"S", 2},
                 {"e", 2},          {"i", 4},        {"I", 4},        {"f", 4},
                 {"l", 8},          {"L", 8},        {"g", 8},        {"tdD", 4},
                 {"tdm", 8},        {"tts", 4},      {"ttm", 4},      {"ttu", 8},
                 {"ttn", 8},        {"tss:", 8},     {"tsm:", 8},     {"tsn:UTC", 8},
                 {"tDs", 8},        {"tDn", 8},      {"w:5", 5},      {"d:9,2", 16},
                 {"d:9,2,128", 16}, {"d:9,2,32", 4}, {"d:9,2,64", 8}, {"d:9,2,256", 32}};
    static unsigned char bytes[3 * 32];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7 + 1);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        table t;
        add_complete(&t);
        add(&t, "own", types[i].format, NULL, bytes, NULL);
        bonemets_batch *batch = sins();
        keep(batch, "own");
        struct ArrowArray out = run_rows(batch, &t);
        assert_memory_equal(out.children[0]->buffers[1], bytes, 3 * types[i].width);
        out.release(&out);
        bonemets_batch_free(batch);
    }
}

static void refuses_to_keep_types(void **state)
{
    static const char *const types[] = {"+s",
                                        "+r",
                                        "+vl",
                                        "w:",
                                        "w:0",
                                        "w:x",
                                        "d:",
                                        "d:9",
                                        "d:9,2,20",
                                        "d:9,2,",
                                        "w:99999999999999999999999",
                                        "tsx:",
                                        "ts",
                                        "tsu",
                                        "q",
                                        "",
                                        "uu",
                                        "vux"};
    table t;
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        add_complete(&t);
        add(&t, "own", types[i], NULL, NULL, NULL);
        bonemets_batch *batch = sins();
        keep(batch, "own");
        assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_TYPE);
        assert_true(says("cannot be kept"));
        bonemets_batch_free(batch);
    }
}

static void refuses_to_keep_names(void **state)
{
    table t;
    struct ArrowSchema schema;
    struct ArrowArray out;
    (void)state;
    add_complete(&t);
    add(&t, "id", "i", NULL, three, NULL);
    bonemets_batch *batch = sins();
    keep(batch, "idd");
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_FACT);
    assert_true(says("there is no column 'idd', which is to be kept"));
    assert_true(says("there is no fact 'id'")); /* that one is not kept */
    assert_string_equal(bonemets_error_str(err, 1, BONEMETS_F_PATH), "idd");
    bonemets_batch_free(batch);

    batch = sins();
    t.columns[t.count - 1].name = "sins.low";
    keep(batch, "sins.low");
    bonemets_error_clear(err);
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_TYPE);
    assert_true(says("the answer has a column of that name"));
    bonemets_batch_free(batch);

    batch = sins();
    t.columns[t.count - 1].name = "x";
    t.columns[t.count - 2].name = "x";
    keep(batch, "x");
    assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_E_TYPE);
    assert_true(says("several columns are called 'x'"));
    assert_int_equal(bonemets_batch_keep(batch, NULL, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_keep(NULL, "x", NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, NULL), BONEMETS_E_ARGUMENT);
    bonemets_batch_free(batch);
}

/* Arrays that are not what their schema says. */
static void refuses_kept_arrays(void **state)
{
    static const int32_t backwards[] = {0, 2, 1, 3}, below[] = {-1, 0, 1, 2};
    static const int32_t *const ends[] = {backwards, below};
    (void)state;
    for (int i = 0; i < 5; i++) {
        table t;
        struct ArrowSchema texts = {.format = "u", .release = release_schema};
        struct ArrowArray out;
        add_complete(&t);
        int own = add(&t, "own", "u", NULL, i < 2 ? ends[i] : three, i == 2 ? NULL : "T8L1T12");
        t.values[own].n_buffers = i == 3 ? 2 : 3;
        t.values[own].length = i == 4 ? 2 : ROWS;
        bonemets_batch *batch = sins();
        keep(batch, "own");
        assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
        assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_E_ARGUMENT);
        assert_null(out.release);
        assert_string_equal(bonemets_error_str(err, 0, BONEMETS_F_PATH), "own");
        t.columns[own].format = "i"; /* a dictionary that is not there */
        t.columns[own].dictionary = &texts;
        t.values[own] = (struct ArrowArray){
            .length = ROWS, .n_buffers = 2, .buffers = t.buffers[own], .release = release_array};
        assert_int_equal(bonemets_batch_bind(batch, &t.schema, err), BONEMETS_OK);
        assert_int_equal(bonemets_batch_run(batch, &t.array, &out, err), BONEMETS_E_ARGUMENT);
        bonemets_batch_free(batch);
    }
}

static void keeps_views_as_large_texts(void **state)
{
    table t;
    view views[ROWS];
    static const uint8_t not_last[] = {3};
    static const int64_t ends[] = {0, 13, 23, 23};
    struct ArrowSchema schema;
    (void)state;
    add_views(&t, views);
    t.buffers[1][0] = not_last;
    views[2].length = -1; /* nobody looks at it */
    bonemets_batch *batch = sins();
    keep(batch, "sins_pain");
    struct ArrowArray out = run_rows(batch, &t);
    assert_int_equal(bonemets_batch_schema(batch, &schema), BONEMETS_OK);
    assert_string_equal(schema.children[0]->format, "U");
    assert_memory_equal(out.children[0]->buffers[1], ends, sizeof ends);
    assert_memory_equal(out.children[0]->buffers[2], "nonmechanicalmechanical", 23);
    assert_int_equal(out.children[0]->null_count, 1);
    bonemets_batch_free(batch);
    out.release(&out);
    schema.release(&schema);
}

static void careless_callers(void **state)
{
    table t;
    struct ArrowArray out;
    (void)state;
    add_complete(&t);
    bonemets_batch *batch = sins();
    assert_int_equal(bonemets_batch_run(batch, &t.array, &out, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_run(NULL, &t.array, &out, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_run(batch, NULL, &out, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_run(batch, &t.array, NULL, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_bind(batch, NULL, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_bind(NULL, &t.schema, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_map(NULL, "a", "b", NULL, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_map(batch, NULL, "b", NULL, NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_set_profile(NULL, "a", NULL), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_set_profile(batch, "nobody", NULL), BONEMETS_E_FACT);
    assert_int_equal(bonemets_batch_set_profile(batch, "dutch_2015", NULL), BONEMETS_OK);
    assert_int_equal(bonemets_batch_set_option(NULL, 1, 1), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_batch_int(NULL, 1), -1);
    assert_int_equal(bonemets_batch_int(batch, 0), -1);
    assert_int_equal(bonemets_batch_column_count(NULL), 0);
    assert_null(bonemets_batch_column_str(NULL, 0, BONEMETS_F_ID));
    assert_int_equal(bonemets_batch_column_bad(NULL, 0, 0), -1);
    bonemets_batch_free(NULL);
    bonemets_batch_free(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_complete_rows),
        cmocka_unit_test(bounds_what_is_null),
        cmocka_unit_test(slices_and_no_rows),
        cmocka_unit_test(null_rows_and_null_columns),
        cmocka_unit_test(takes_buffers_at_odd_places),
        cmocka_unit_test(takes_keys_at_odd_places),
        cmocka_unit_test(a_profile_forgets_the_schema),
        cmocka_unit_test(what_was_said_of_a_column_can_be_taken_back),
        cmocka_unit_test(a_run_that_is_refused_counts_nothing),
        cmocka_unit_test(refuses_lengths_beyond_memory),
        cmocka_unit_test(refuses_members_as_a_record_does),
        cmocka_unit_test(says_what_a_link_takes),
        cmocka_unit_test(refuses_targets),
        cmocka_unit_test(takes_every_kind_of_target),
        cmocka_unit_test(refuses_names),
        cmocka_unit_test(refuses_types),
        cmocka_unit_test(refuses_schemas),
        cmocka_unit_test(maps_columns),
        cmocka_unit_test(takes_timestamps),
        cmocka_unit_test(reads_metadata),
        cmocka_unit_test(skips_columns),
        cmocka_unit_test(warns_of_slips),
        cmocka_unit_test(maps_past_released_columns),
        cmocka_unit_test(says_what_fits),
        cmocka_unit_test(refuses_cells),
        cmocka_unit_test(tells_all_bad_cells),
        cmocka_unit_test(counts_cells),
        cmocka_unit_test(tells_the_first_that_it_counts),
        cmocka_unit_test(reads_texts),
        cmocka_unit_test(an_empty_text_is_unknown),
        cmocka_unit_test(members_stand_without_brackets),
        cmocka_unit_test(reads_views),
        cmocka_unit_test(refuses_views),
        cmocka_unit_test(set_as_members),
        cmocka_unit_test(refuses_arrays),
        cmocka_unit_test(refuses_dictionaries),
        cmocka_unit_test(looks_at_every_row),
        cmocka_unit_test(null_rows_of_many),
        cmocka_unit_test(children_may_move),
        cmocka_unit_test(schema_names_its_tables),
        cmocka_unit_test(streams),
        cmocka_unit_test(streams_fail),
        cmocka_unit_test(streams_do_not_open),
        cmocka_unit_test(shows_items),
        cmocka_unit_test(items_are_null_where_the_score_does_not_apply),
        cmocka_unit_test(lists_what_is_missing),
        cmocka_unit_test(options_of_answers_forget_the_schema),
        cmocka_unit_test(keeps_columns),
        cmocka_unit_test(rows_that_are_null_keep_nothing),
        cmocka_unit_test(keeps_values_of_any_width),
        cmocka_unit_test(refuses_to_keep_types),
        cmocka_unit_test(refuses_to_keep_names),
        cmocka_unit_test(refuses_kept_arrays),
        cmocka_unit_test(keeps_views_as_large_texts),
        cmocka_unit_test(careless_callers),
    };
    return cmocka_run_group_tests(tests, open_set, close_set);
}
