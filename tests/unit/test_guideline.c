/* SPDX-License-Identifier: Apache-2.0 */
/* The loader, the compiler's complaints and what is proved of tables. In the refused texts an @
 * stands where the message must point. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "guideline/link.h"
#include "guideline/verify.h"

static const char facts[] =
    "vocabulary: holes\n"
    "title: Facts about holes\n"
    "statement: A test.\n"
    "kinds:\n"
    "  hole: {label: hole, list: holes}\n"
    "scales:\n"
    "  urgency: {now: now, none: none}\n"
    "  strength: {strong: strong}\n"
    "  certainty: {high: high}\n"
    "  verified: {one_source: one}\n"
    "units:\n"
    "  time: {h: 1, d: 24}\n"
    "  length: {mm: 1, cm: 10}\n"
    "facts:\n"
    "  wet: {label: wet, type: flag}\n"
    "  dark: {label: dark, type: flag}\n"
    "  soil: {label: soil, type: code, options: [clay, sand, rock]}\n"
    "  frost: {label: frost, type: code, options: [clay, sand, rock]}\n"
    "  worms: {label: worms, type: count, range: 0..10}\n"
    "  length: {label: length, type: quantity, unit: cm, accepts: [mm], range: 0..100}\n"
    "  finds: {label: finds, type: set, options: [coin, bone, shoe]}\n"
    "  deep: {label: deep, about: hole, type: flag}\n"
    "  depth: {label: depth, about: hole, type: quantity, unit: cm, range: 0..500}\n"
    "values:\n"
    "  loops: {label: loops, type: count, range: 0..1, given_by: loop}\n"
    "picks:\n"
    "  deepest: {about: hole, highest: [depth]}\n";

#define HEAD                                                                                       \
    "guideline: dig\n"                                                                             \
    "title: Digging\n"                                                                             \
    "edition: '1'\n"                                                                               \
    "status: on\n"                                                                                 \
    "verified: one_source\n"                                                                       \
    "purpose: to test\n"                                                                           \
    "sources:\n"                                                                                   \
    "  book: {cite: 'Book 1', year: 2000}\n"

#define EVIDENCE                                                                                   \
    ", urgency: none, strength: strong, certainty: high, verified: one_source, source: book, "     \
    "because: so}\n"

#define ADVICE(condition) HEAD "advice:\n  - {id: D-1, when: " condition ", do: [dig]" EVIDENCE

/* ---- building from texts ---- */

typedef struct {
    bonemets_loader *loader;
    bonemets_error *err;
    bonemets_guidelines *set;
} bench;

static int open_bench(void **state)
{
    bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->err = bonemets_error_new();
    assert_non_null(b->err);
    assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
    *state = b;
    return 0;
}

static int close_bench(void **state)
{
    bench *b = *state;
    bonemets_guidelines_unref(b->set);
    bonemets_loader_free(b->loader);
    bonemets_error_free(b->err);
    free(b);
    return 0;
}

static bonemets_status add(bench *b, const char *name, const char *text)
{
    return bonemets_loader_add_memory(b->loader, name, text, strlen(text), b->err);
}

static bonemets_status build(bench *b)
{
    bonemets_guidelines_unref(b->set);
    return bonemets_loader_build(b->loader, &b->set, b->err);
}

static const char *message(const bench *b, int i)
{
    const char *text = bonemets_error_str(b->err, i, BONEMETS_F_MESSAGE);
    return text ? text : "(no message)";
}

static void expect_built(bench *b)
{
    bonemets_status status = build(b);
    if (status)
        fail_msg("refused: line %d: %s", (int)bonemets_error_int(b->err, 0, BONEMETS_F_LINE),
                 message(b, 0));
    assert_non_null(b->set);
}

static const char *digest(const bench *b)
{
    return bonemets_guidelines_str(b->set, BONEMETS_F_DIGEST);
}

static bool is_error(const bench *b, int i)
{
    return bonemets_error_int(b->err, i, BONEMETS_F_SEVERITY) == BONEMETS_SEVERITY_ERROR;
}

/* ---- refusals ---- */

/* Where the @ is; it is taken out. */
static void find_mark(char *text, int *line, int *column)
{
    char *at = strchr(text, '@');
    assert_non_null(at);
    *line = *column = 1;
    for (const char *c = text; c < at; c++, ++*column)
        if (*c == '\n') {
            ++*line;
            *column = 0;
        }
    memmove(at, at + 1, strlen(at));
}

static void print_errors(const bench *b)
{
    for (int i = 0; i < bonemets_error_count(b->err); i++)
        if (is_error(b, i))
            print_error("  %s:%d:%d: %s: %s\n", bonemets_error_str(b->err, i, BONEMETS_F_FILE),
                        (int)bonemets_error_int(b->err, i, BONEMETS_F_LINE),
                        (int)bonemets_error_int(b->err, i, BONEMETS_F_COLUMN),
                        bonemets_error_str(b->err, i, BONEMETS_F_PATH), message(b, i));
}

static bool complains(const bench *b, const char *file, int line, int column, const char *words)
{
    for (int i = 0; i < bonemets_error_count(b->err); i++) {
        const char *where = bonemets_error_str(b->err, i, BONEMETS_F_FILE);
        if (is_error(b, i) && where && strcmp(where, file) == 0 &&
            bonemets_error_int(b->err, i, BONEMETS_F_LINE) == line &&
            bonemets_error_int(b->err, i, BONEMETS_F_COLUMN) == column &&
            strstr(message(b, i), words))
            return true;
    }
    return false;
}

/* The table, with its @, must be refused there with these words. */
static void expect_refused(bench *b, const char *marked, const char *words)
{
    char text[8192];
    int line, column;
    assert_true(strlen(marked) < sizeof text);
    strcpy(text, marked);
    find_mark(text, &line, &column);
    bonemets_loader_free(b->loader);
    assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
    bonemets_error_clear(b->err);
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    assert_int_equal(add(b, "table", text), BONEMETS_OK);
    bonemets_status status = build(b);
    if (status == BONEMETS_E_RULE && !b->set && complains(b, "table", line, column, words))
        return;
    print_error("status %d; expected at %d:%d: %s; found:\n", (int)status, line, column, words);
    print_errors(b);
    fail_msg("not refused as expected:\n%s", marked);
}

static void expect_accepted(bench *b, const char *text)
{
    bonemets_loader_free(b->loader);
    assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
    bonemets_error_clear(b->err);
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    assert_int_equal(add(b, "table", text), BONEMETS_OK);
    expect_built(b);
}

typedef struct {
    const char *text, *words;
} refusal;

static void expect_all_refused(bench *b, const refusal *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_refused(b, list[i].text, list[i].words);
}

#define REFUSED(b, list) expect_all_refused(b, list, sizeof list / sizeof *(list))

/* ---- the loader ---- */

static void arguments_of_the_loader(void **state)
{
    bench *b = *state;
    assert_int_equal(bonemets_loader_set_limit(b->loader, BONEMETS_LIMIT_BYTES, 0),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_set_limit(b->loader, BONEMETS_LIMIT_DEPTH, -1),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_set_limit(b->loader, 99, 1), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_set_option(b->loader, BONEMETS_OPTION_UNVERIFIED, 2),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_set_option(b->loader, 99, 1), BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_add_memory(b->loader, NULL, "a", 1, b->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(bonemets_loader_add_memory(b->loader, "a", NULL, 1, b->err),
                     BONEMETS_E_ARGUMENT);
    assert_int_equal(build(b), BONEMETS_E_RULE);
    assert_null(b->set);
    assert_non_null(strstr(message(b, 0), "no guideline tables"));
}

static bonemets_status build_limited(bench *b, int32_t limit, int64_t value)
{
    bonemets_loader *loader;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    bonemets_loader_free(b->loader);
    b->loader = loader;
    bonemets_error_clear(b->err);
    assert_int_equal(bonemets_loader_set_limit(loader, limit, value), BONEMETS_OK);
    bonemets_status status = add(b, "facts", facts);
    return status ? status : build(b);
}

static void limits_are_kept(void **state)
{
    bench *b = *state;
    int64_t size = (int64_t)strlen(facts);
    assert_int_equal(build_limited(b, BONEMETS_LIMIT_BYTES, size - 1), BONEMETS_E_LIMIT);
    assert_string_equal(bonemets_error_str(b->err, 0, BONEMETS_F_FILE), "facts");
    assert_int_equal(build_limited(b, BONEMETS_LIMIT_BYTES, size), BONEMETS_OK);
    assert_int_equal(build_limited(b, BONEMETS_LIMIT_DEPTH, 2), BONEMETS_E_LIMIT);
    assert_int_equal(build_limited(b, BONEMETS_LIMIT_DEPTH, 4), BONEMETS_OK);
    assert_int_equal(build_limited(b, BONEMETS_LIMIT_SCALAR, 5), BONEMETS_E_LIMIT);
    assert_int_equal(build_limited(b, BONEMETS_LIMIT_SCALAR, 40), BONEMETS_OK);
    assert_int_equal(build_limited(b, BONEMETS_LIMIT_EVENTS, 20), BONEMETS_E_LIMIT);
    assert_int_equal(build_limited(b, BONEMETS_LIMIT_EVENTS, 2000), BONEMETS_OK);
}

/* A limit holds for the tables that come after it. */
static void limits_hold_from_then_on(void **state)
{
    bench *b = *state;
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    bonemets_loader_set_limit(b->loader, BONEMETS_LIMIT_BYTES, 10);
    assert_int_equal(add(b, "table", ADVICE("wet")), BONEMETS_E_LIMIT);
    expect_built(b);
    assert_int_equal(bonemets_guideline_count(b->set), 0);
}

static void texts_may_be_freed_once_they_are_added(void **state)
{
    bench *b = *state;
    char *copy = malloc(sizeof facts), name[] = "facts";
    assert_non_null(copy);
    memcpy(copy, facts, sizeof facts);
    assert_int_equal(add(b, name, copy), BONEMETS_OK);
    assert_int_equal(add(b, "table", ADVICE("wet")), BONEMETS_OK);
    memset(copy, 'x', sizeof facts);
    memset(name, 'x', 5);
    free(copy);
    expect_built(b);
    bonemets_loader_free(b->loader);
    b->loader = NULL;
    assert_int_equal(bonemets_guideline_count(b->set), 1);
    assert_string_equal(bonemets_guideline_str(b->set, 0, BONEMETS_F_ID), "dig");
    assert_true(bonemets_fact_find(b->set, "soil") > 0);
}

static void a_loader_builds_more_than_once(void **state)
{
    bench *b = *state;
    char first[65];
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    expect_built(b);
    memcpy(first, digest(b), sizeof first);
    expect_built(b);
    assert_string_equal(digest(b), first);
    assert_int_equal(bonemets_guideline_count(b->set), 0);
    assert_int_equal(add(b, "table", ADVICE("wet")), BONEMETS_OK);
    expect_built(b);
    assert_int_equal(bonemets_guideline_count(b->set), 1);
    assert_string_not_equal(digest(b), first);
}

static void ids_stand_once(void **state)
{
    bench *b = *state;
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    assert_int_equal(add(b, "again", facts), BONEMETS_OK);
    assert_int_equal(build(b), BONEMETS_E_RULE);
    assert_null(b->set);
    bonemets_loader_free(b->loader);
    assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
    bonemets_error_clear(b->err);
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    assert_int_equal(add(b, "table", ADVICE("wet")), BONEMETS_OK);
    assert_int_equal(add(b, "again", ADVICE("dark")), BONEMETS_OK);
    assert_int_equal(build(b), BONEMETS_E_RULE);
    const char *file = bonemets_error_str(b->err, 0, BONEMETS_F_FILE); /* one of the two */
    assert_true(strcmp(file, "again") == 0 || strcmp(file, "table") == 0);
    assert_non_null(strstr(message(b, 0), "dig"));
}

/* All errors of all files are reported together. */
static void errors_of_all_files_are_reported(void **state)
{
    bench *b = *state;
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    assert_int_equal(add(b, "one", "guideline: one\nbroken: yes\n"), BONEMETS_OK);
    assert_int_equal(add(b, "two", "guideline: [two\n"), BONEMETS_OK);
    assert_true(build(b) != BONEMETS_OK);
    bool found[2] = {false, false};
    for (int i = 0; i < bonemets_error_count(b->err); i++) {
        const char *file = bonemets_error_str(b->err, i, BONEMETS_F_FILE);
        found[0] |= file && strcmp(file, "one") == 0;
        found[1] |= file && strcmp(file, "two") == 0;
    }
    assert_true(found[0] && found[1]);
}

static void digest_of(bench *b, const char *first, const char *second, const char *one,
                      const char *two, char out[65])
{
    bonemets_loader_free(b->loader);
    assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
    assert_int_equal(add(b, first, one), BONEMETS_OK);
    assert_int_equal(add(b, second, two), BONEMETS_OK);
    expect_built(b);
    memcpy(out, digest(b), 65);
}

static void digests_name_the_content_alone(void **state)
{
    bench *b = *state;
    char plain[65], swapped[65], renamed[65], changed[65];
    digest_of(b, "a", "b", facts, ADVICE("wet"), plain);
    digest_of(b, "a", "b", ADVICE("wet"), facts, swapped);
    digest_of(b, "x", "y", facts, ADVICE("wet"), renamed);
    digest_of(b, "a", "b", facts, ADVICE("dark"), changed);
    assert_int_equal(strlen(plain), 64);
    assert_int_equal(strspn(plain, "0123456789abcdef"), 64);
    assert_string_equal(plain, swapped);
    assert_string_equal(plain, renamed);
    assert_string_not_equal(plain, changed);
}

static const char more_facts[] =
    "vocabulary: roots\ntitle: Facts about roots\n"
    "facts:\n  thick: {label: thick, type: flag}\n  thin: {label: thin, type: flag}\n";
static const char another[] =
    "guideline: climb\ntitle: Climbing\nedition: '1'\nstatus: on\nverified: one_source\n"
    "purpose: to test\nsources:\n  book: {cite: 'Book 1', year: 2000}\n"
    "advice:\n  - {id: C-1, when: wet and thick, do: [climb]" EVIDENCE;

static char *json_of(bonemets_guidelines *set, const char *record)
{
    static char text[2][1 << 20];
    static int turn;
    bonemets_patient *patient;
    bonemets_assessment *a;
    char *out = text[turn ^= 1];
    assert_int_equal(bonemets_patient_new(set, &patient), BONEMETS_OK);
    assert_int_equal(bonemets_patient_read(patient, "record", record, strlen(record), NULL),
                     BONEMETS_OK);
    assert_int_equal(bonemets_assess(patient, NULL, &a, NULL), BONEMETS_OK);
    assert_int_equal(bonemets_assessment_write(a, BONEMETS_FORMAT_JSON, out, sizeof text[0], NULL),
                     BONEMETS_OK);
    bonemets_assessment_unref(a);
    bonemets_patient_free(patient);
    return out;
}

/* What a set is does not depend on the order in which its files were added. */
static void the_order_of_files_says_nothing(void **state)
{
    bench *b = *state;
    const char *texts[] = {facts, more_facts, ADVICE("wet"), another};
    char first[65];
    bonemets_fact wet = 0, thin = 0;
    char *json = NULL;
    for (int order = 0; order < 24; order++) {
        const char *left[4];
        memcpy(left, texts, sizeof left);
        bonemets_loader_free(b->loader);
        assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
        for (int n = 4, rest = order; n > 0; rest /= n, n--) {
            const char *next = left[rest % n];
            left[rest % n] = left[n - 1];
            assert_int_equal(add(b, "file", next), BONEMETS_OK);
        }
        expect_built(b);
        if (order == 0) {
            memcpy(first, digest(b), sizeof first);
            wet = bonemets_fact_find(b->set, "wet");
            thin = bonemets_fact_find(b->set, "thin");
            json = json_of(b->set, "wet: yes\n");
            continue;
        }
        assert_string_equal(digest(b), first);
        assert_int_equal(bonemets_fact_find(b->set, "wet"), wet);
        assert_int_equal(bonemets_fact_find(b->set, "thin"), thin);
        assert_string_equal(json_of(b->set, "wet: yes\n"), json);
    }
}

static void embedded_tables_may_be_added_in_any_order(void **state)
{
    bench *b = *state;
    static const char *const folders[] = {"restricted",  "prognosis", "pathways",
                                          "instruments", "facts",     "contradictions.yaml",
                                          "evidence",    "equations"};
    static const char record[] = "spinal_pain: yes\nlesions:\n  - {level: T8}\n  - {level: T12}\n";
    char all[65], path[512];
    assert_int_equal(bonemets_loader_add_embedded(b->loader, NULL, b->err), BONEMETS_OK);
    expect_built(b);
    memcpy(all, digest(b), sizeof all);
    const char *json = json_of(b->set, record);
    bonemets_fact level = bonemets_fact_find(b->set, "level");
    bonemets_loader_free(b->loader);
    assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/../../../rules/%s", TEST_RULES, folders[i]);
        assert_int_equal(bonemets_loader_add_path(b->loader, path, b->err), BONEMETS_OK);
    }
    expect_built(b);
    assert_string_equal(digest(b), all);
    assert_int_equal(bonemets_fact_find(b->set, "level"), level);
    assert_string_equal(json_of(b->set, record), json);
}

/* A number of another set means nothing here, except in one of 131,071. */
static void facts_of_another_set_are_refused(void **state)
{
    bench *b = *state;
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    expect_built(b);
    bonemets_fact wet = bonemets_fact_find(b->set, "wet");
    assert_string_equal(bonemets_fact_str(b->set, wet, BONEMETS_F_ID), "wet");
    assert_int_equal(add(b, "more", more_facts), BONEMETS_OK);
    expect_built(b);
    assert_null(bonemets_fact_str(b->set, wet, BONEMETS_F_ID));
    assert_null(bonemets_fact_str(b->set, -wet, BONEMETS_F_ID));
    assert_null(bonemets_fact_str(b->set, 1, BONEMETS_F_ID));
}

static void too_many_facts_are_refused(void **state)
{
    bench *b = *state;
    enum { FACTS = 16384, IN_A_FILE = 4096, ROOM = IN_A_FILE * 48 + 200 };
    char *text = malloc(ROOM);
    assert_non_null(text);
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    for (int f = 0; f < FACTS; f += IN_A_FILE) {
        int used = snprintf(text, ROOM, "vocabulary: v%d\ntitle: Many\nfacts:\n", f);
        for (int i = f; i < f + IN_A_FILE; i++)
            used +=
                snprintf(text + used, (size_t)(ROOM - used), "  f%d: {label: x, type: flag}\n", i);
        assert_int_equal(add(b, "many", text), BONEMETS_OK);
    }
    free(text);
    assert_int_equal(build(b), BONEMETS_E_LIMIT);
    assert_non_null(strstr(message(b, bonemets_error_count(b->err) - 1), "at most 16383"));
}

/* ---- memory that proofs take ---- */

static size_t most_held, held;

static void *measure(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    (void)ctx;
    held += new_size - old_size;
    most_held = held > most_held ? held : most_held;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

/* Sums of many items stand in the same room, one score after the other. */
static void proofs_of_totals_take_little(void **state)
{
    bench *b = *state;
    enum { ROOM = 1 << 19, SCORES = 8, ITEMS = 30 };
    char *text = malloc(ROOM);
    assert_non_null(text);
    int used = snprintf(text, ROOM, "%sscores:\n", HEAD);
    for (int s = 0; s < SCORES; s++) {
        used += snprintf(text + used, (size_t)(ROOM - used),
                         "  s%d:\n    label: s\n    direction: higher_is_worse\n    items:\n", s);
        for (int i = 0; i < ITEMS; i++) {
            int step = i == 0 ? 1 : i == 1 ? 64 : 0;
            used += snprintf(text + used, (size_t)(ROOM - used),
                             "      i%d: {label: i, of: many, points: {", i);
            for (int o = 0; o < 64; o++)
                used += snprintf(text + used, (size_t)(ROOM - used), "%so%d: %d", o ? ", " : "", o,
                                 o * step);
            used += snprintf(text + used, (size_t)(ROOM - used), "}}\n");
        }
    }
    char many[2048] = "vocabulary: many\ntitle: Many\nfacts:\n"
                      "  many: {label: many, type: code, options: [";
    for (int o = 0; o < 64; o++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%so%d", o ? ", " : "", o);
    strcat(many, "]}\n");
    bonemets_loader_free(b->loader);
    held = most_held = 0;
    assert_int_equal(bonemets_loader_new(measure, NULL, &b->loader), BONEMETS_OK);
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    assert_int_equal(add(b, "many", many), BONEMETS_OK);
    assert_int_equal(add(b, "table", text), BONEMETS_OK);
    expect_built(b);
    assert_true(most_held < 32u << 20); /* 480 MB when every item took its own */
    free(text);
}

static void embedded_tables_are_those_of_the_files(void **state)
{
    bench *b = *state;
    char embedded[65];
    assert_int_equal(bonemets_loader_add_embedded(b->loader, NULL, b->err), BONEMETS_OK);
    expect_built(b);
    assert_int_equal(bonemets_error_count(b->err), 0); /* nor a warning: what is off may read it */
    memcpy(embedded, digest(b), sizeof embedded);
    bonemets_loader_free(b->loader);
    assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_path(b->loader, TEST_RULES "/../../../rules", b->err),
                     BONEMETS_OK);
    expect_built(b);
    assert_string_equal(digest(b), embedded);
}

static void one_embedded_guideline_comes_with_its_vocabulary(void **state)
{
    bench *b = *state;
    assert_int_equal(bonemets_loader_add_embedded(b->loader, "nonsense", b->err), BONEMETS_E_FACT);
    assert_non_null(strstr(message(b, 0), "nonsense"));
    assert_int_equal(bonemets_loader_add_embedded(b->loader, "sins", b->err), BONEMETS_OK);
    expect_built(b);
    assert_int_equal(bonemets_guideline_count(b->set), 1);
    assert_string_equal(bonemets_guideline_str(b->set, 0, BONEMETS_F_ID), "sins");
    assert_true(bonemets_fact_find(b->set, "level") > 0);
    assert_int_equal(bonemets_guidelines_run_examples(b->set, NULL, NULL, b->err), BONEMETS_OK);
}

/* Nobody reads what was meant by the last of many thousand unknown names. */
static void unknown_names_cost_little(void **state)
{
    bench *b = *state;
    enum { NAMES = 40000, ROOM = NAMES * 24 };
    static const char slip[] = "spinal_pian: yes\n";
    bonemets_patient *patient;
    char *text = malloc(ROOM);
    size_t used = 0;
    assert_non_null(text);
    for (int i = 0; i < NAMES; i++)
        used += (size_t)snprintf(text + used, ROOM - used, "spinal_pain_%d: 1\n", i);
    assert_int_equal(bonemets_loader_add_embedded(b->loader, NULL, b->err), BONEMETS_OK);
    expect_built(b);
    assert_int_equal(bonemets_patient_new(b->set, &patient), BONEMETS_OK);
    clock_t start = clock();
    assert_int_equal(bonemets_patient_read(patient, "text", text, used, NULL), BONEMETS_E_FACT);
    assert_int_equal(bonemets_patient_read(patient, "text", text, used, b->err), BONEMETS_E_FACT);
    assert_true(clock() - start < 5 * CLOCKS_PER_SEC); /* 0.4 s, of which YAML takes most; once 9 */
    assert_int_equal(bonemets_error_count(b->err), 64);
    bonemets_error_clear(b->err);
    assert_int_equal(bonemets_patient_read(patient, "text", slip, strlen(slip), b->err),
                     BONEMETS_E_FACT);
    assert_non_null(strstr(message(b, 0), "spinal_pain"));
    bonemets_patient_free(patient);
    free(text);
}

/* ---- files ---- */

static void write_file(const char *directory, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text, 1, strlen(text), stream), strlen(text));
    assert_int_equal(fclose(stream), 0);
}

static void remove_file(const char *directory, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    assert_int_equal(unlink(path), 0);
}

static void paths_that_cannot_be_read(void **state)
{
    bench *b = *state;
    char directory[] = "guideline-test-XXXXXX";
    assert_int_equal(bonemets_loader_add_path(b->loader, "no/such/file.yaml", b->err),
                     BONEMETS_E_IO);
    assert_string_equal(bonemets_error_str(b->err, 0, BONEMETS_F_FILE), "no/such/file.yaml");
    assert_non_null(mkdtemp(directory));
    assert_int_equal(bonemets_loader_add_path(b->loader, directory, b->err), BONEMETS_E_IO);
    write_file(directory, "notes.txt", "no table");
    write_file(directory, ".hidden.yaml", "no: table");
    assert_int_equal(bonemets_loader_add_path(b->loader, directory, b->err), BONEMETS_E_IO);
    remove_file(directory, "notes.txt");
    remove_file(directory, ".hidden.yaml");
    assert_int_equal(rmdir(directory), 0);
}

static void directories_and_files_give_the_same_set(void **state)
{
    bench *b = *state;
    char directory[] = "guideline-test-XXXXXX", path[512], texts[65];
    digest_of(b, "a", "b", facts, ADVICE("wet"), texts);
    assert_non_null(mkdtemp(directory));
    write_file(directory, "facts.yaml", facts);
    write_file(directory, "dig.yaml", ADVICE("wet"));
    write_file(directory, "notes.txt", "no table");
    bonemets_loader_free(b->loader);
    assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
    assert_int_equal(bonemets_loader_add_path(b->loader, directory, b->err), BONEMETS_OK);
    expect_built(b);
    assert_string_equal(digest(b), texts);
    snprintf(path, sizeof path, "%s/facts.yaml", directory);
    bonemets_loader_set_limit(b->loader, BONEMETS_LIMIT_BYTES, 100);
    assert_int_equal(bonemets_loader_add_path(b->loader, path, b->err), BONEMETS_E_LIMIT);
    remove_file(directory, "facts.yaml");
    remove_file(directory, "dig.yaml");
    remove_file(directory, "notes.txt");
    assert_int_equal(rmdir(directory), 0);
}

/* ---- names, types and units ---- */

static void names_that_mean_nothing(void **state)
{
    static const refusal list[] = {
        {ADVICE("dark and @wett"), "did you mean 'wet'?"},
        {ADVICE("@elephant"), "no fact, value or choice 'elephant'"},
        {ADVICE("@top.band = high"), "'top' has no 'band'"},
        {ADVICE("'@any(pit: deep)'"), "no kind of record 'pit'"},
        {ADVICE("@deepest.wet"), "not about the records"},
        {ADVICE("@deepest.nothing"), "no fact or value 'nothing'"},
        {ADVICE("wet and @deep"), "about each hole"},
        {ADVICE("soil = @mud"), "no option 'mud'"},
        {ADVICE("'soil in {clay, @snad}'"), "did you mean 'sand'?"},
        {ADVICE("'finds has any {coin, @bonne}'"), "did you mean 'bone'?"},
    };
    REFUSED(*state, list);
}

static void types_that_do_not_fit(void **state)
{
    static const refusal list[] = {
        {ADVICE("@worms"), "expected something true or false, found a number"},
        {ADVICE("wet @> 3"), "options have no order"},
        {ADVICE("soil @> clay"), "options have no order"},
        {ADVICE("soil @= frost"), "do not share their options"},
        {ADVICE("wet = @maybe"), "a flag is yes or no"},
        {ADVICE("finds @= coin"), "a set is asked with 'has'"},
        {ADVICE("'soil @has clay'"), "'has' asks for the members of a set"},
        {ADVICE("'finds @in {coin}'"), "'in {…}' asks for the options of a code"},
        {ADVICE("'worms @in {coin}'"), "'in {…}' asks for the options of a code"},
        {ADVICE("@count(soil) > 1"), "counts the members of a set"},
        {ADVICE("worms + @wet > 1"), "expected a number, found a truth value"},
        {ADVICE("worms @> soil"), "cannot compare a number with a code"},
        {ADVICE("(@if wet then worms else soil) > 1"), "both branches"},
        {ADVICE("not @worms"), "expected something true or false"},
        {ADVICE("'@missing(worms + 1)'"), "asks about one fact or value"},
        {ADVICE("'@stated(worms + 1)'"), "asks whether a fact"},
        {ADVICE("'@stated(deepest.depth)'"), "asks whether a fact"},
        {ADVICE("'@known(wet, dark)'"), "takes one value"},
        {ADVICE("'@max(worms) > 1'"), "takes two values or more"},
    };
    REFUSED(*state, list);
}

static void units_that_do_not_fit(void **state)
{
    static const refusal list[] = {
        {ADVICE("length > @3"), "a number needs its unit here"},
        {ADVICE("length > @3 h"), "unit 'h' does not fit"},
        {ADVICE("worms > @3 cm"), "unit 'cm' does not fit"},
        {ADVICE("length @+ worms > 3 cm"), "cannot combine cm with a plain number"},
        {ADVICE("length @* length > 3"), "has no unit here"},
        {ADVICE("worms @/ length > 1"), "has no unit here"},
        {ADVICE("length @^ 2 > 1"), "'^' takes plain numbers"},
        {ADVICE("'@exp(length) > 1'"), "takes a plain number"},
        {ADVICE("(worms @in cm) > 1"), "not known in cm"},
        {ADVICE("'max(worms, @length) > 1'"), "differ in their units"},
        {ADVICE("length @> worms"), "cannot compare cm with a plain number"},
    };
    REFUSED(*state, list);
    expect_accepted(*state, ADVICE("length > 30 mm and (length in mm) > 40 and length / 2 < 9 cm"));
}

static void tables_of_records_read_their_own_record(void **state)
{
    expect_refused(
        *state,
        HEAD "about: hole\nadvice:\n  - {id: D-1, when: '@any(hole: deep)', do: [dig]" EVIDENCE,
        "only a table about the patient can run over all records");
    expect_accepted(*state, HEAD
                    "about: hole\nadvice:\n  - {id: D-1, when: deep and wet, do: [dig]" EVIDENCE);
}

static void values_have_their_type(void **state)
{
    static const refusal list[] = {
        {HEAD "values:\n  v: {label: v, type: count, range: 0..9, value: @wet}\nadvice:\n"
              "  - {id: D-1, when: v > 1, do: [dig]" EVIDENCE,
         "found a truth value"},
        {HEAD "values:\n  v: {label: v, type: quantity, unit: mm, range: 0..9, value: @length * 2}"
              "\nadvice:\n  - {id: D-1, when: v > 1 mm, do: [dig]" EVIDENCE,
         "expected a number in mm, found a number in cm"},
        {HEAD "equations:\n  e: @{label: e, unit: h, value: length + 3 cm}\n", "not in h"},
        {HEAD "assumes: {soil: @mud}\n"
              "advice:\n  - {id: D-1, when: wet, do: [dig]" EVIDENCE,
         "not a value of 'soil'"},
        {HEAD "assumes: {mood: @good}\n"
              "advice:\n  - {id: D-1, when: wet, do: [dig]" EVIDENCE,
         "no fact 'mood'"},
        {HEAD "values:\n  v: wet and dark\nscores:\n  s:\n    label: s\n    direction: "
              "higher_is_worse\n    items:\n      i: @{label: i, of: v, points: {0..3: 1, 4..9: "
              "2}}\n    bands:\n      low: {total: 0..2, label: low}\n",
         "'v' is a truth value; give points to its options"},
        {HEAD "notes:\n  - {id: N, when: wet, say: so, alternative: @dark, verified: one_source, "
              "source: book}\n",
         "a number"},
    };
    REFUSED(*state, list);
}

/* ---- cycles and order ---- */

static void definitions_do_not_need_themselves(void **state)
{
    static const refusal list[] = {
        {HEAD "values:\n  a: @b and wet\n  b: a or dark\n", "needs itself: a -> b -> a"},
        {HEAD "values:\n  a: @a and wet\n", "needs itself: a -> a"},
    };
    bench *b = *state;
    REFUSED(b, list);
    bonemets_loader_free(b->loader);
    assert_int_equal(bonemets_loader_new(NULL, NULL, &b->loader), BONEMETS_OK);
    bonemets_error_clear(b->err);
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    assert_int_equal(add(b, "table",
                         HEAD
                         "values:\n  hard: loops > 0\n"
                         "scores:\n  loop:\n    label: s\n    direction: higher_is_worse\n"
                         "    items:\n      i: {label: i, of: hard, points: {'no': 0, 'yes': 1}}\n"
                         "    bands:\n      low: {total: 0..1, label: low}\n"),
                     BONEMETS_OK);
    assert_int_equal(build(b), BONEMETS_E_RULE);
    assert_non_null(strstr(message(b, 0), "needs itself: loops -> loop -> hard -> loops"));
}

#define CHOICE(rows)                                                                               \
    HEAD "choices:\n  tool:\n    label: tool\n    options: {spade: s, pick: p, none: n}\n"         \
         "    rows:\n" rows
#define ROW(id, condition, rest) "      - {id: " id ", when: " condition ", " rest EVIDENCE

static void choices_are_read_after_they_are_set(void **state)
{
    static const refusal list[] = {
        {CHOICE("      - @{id: D-1, when: tool = spade or wet, choose: pick" EVIDENCE ROW(
             "D-2", "not wet", "choose: spade")),
         "reads choice 'tool', which row 'D-2' sets later"},
        {CHOICE(ROW("D-1", "wet", "choose: pick") ROW(
             "D-2", "not wet",
             "choose: spade, with: "
             "{hat: big}")) "  hat:\n    label: hat\n    optional: true\n    options: {big: b, "
                            "small: s}\n"
                            "    rows:\n      - @{id: H-1, when: dark and shoe = red, choose: "
                            "small" EVIDENCE "  shoe: {label: shoe, options: {red: r, blue: b}}\n"
                            "advice:\n  - {id: A-1, when: wet, do: [dig], with: {shoe: "
                            "red}" EVIDENCE,
         "sets later"},
    };
    REFUSED(*state, list);
    expect_accepted(*state,
                    CHOICE(ROW("D-1", "wet", "choose: pick") ROW(
                        "D-2", "not wet", "choose: spade")) "advice:\n  - {id: A-1, when: tool = "
                                                            "spade and dark, do: [dig]" EVIDENCE);
}

/* ---- bands and ranges ---- */

#define SCORE(range, bands)                                                                        \
    HEAD "scores:\n  s: @{label: s, direction: higher_is_worse, " range "items: {"                 \
         "soil: {label: soil, of: soil, points: {clay: 0, sand: 1, rock: 3}}, "                    \
         "wet: {label: wet, of: wet, points: {'no': 0, 'yes': 1}}}, bands: {" bands "}}\n"
#define BANDS(bands)                                                                               \
    HEAD "scores:\n  s:\n    label: s\n    direction: higher_is_worse\n    items:\n"               \
         "      soil: {label: soil, of: soil, points: {clay: 0, sand: 1, rock: 3}}\n"              \
         "      wet: {label: wet, of: wet, points: {'no': 0, 'yes': 1}}\n    bands:\n" bands

static void bands_hold_every_total_once(void **state)
{
    static const refusal list[] = {
        {SCORE("", "low: {total: 0..1, label: l}, high: {total: 3..4, label: h}"),
         "no band holds the total 2, which can occur"},
        {SCORE("", "low: {total: 0..2, label: l}, high: {total: 4..4, label: h}"),
         "no band holds the total 3"},
        {SCORE("range: 0..5, ", "low: {total: 0..2, label: l}, high: {total: 3..5, label: h}"),
         "the highest total that can occur is 4"},
        {SCORE("range: 1..4, ", "low: {total: 0..2, label: l}, high: {total: 3..4, label: h}"),
         "the lowest total that can occur is 0"},
        {SCORE("cap: 3, range: 0..4, ", "low: {total: 0..2, label: l}, high: {total: 3..4, "
                                        "label: h}"),
         "the highest total that can occur is 3"},
        {BANDS("      low: {total: 0..2, label: l}\n      high: @{total: 2..4, label: h}\n"),
         "overlaps band 'low': both hold the total 2"},
        {BANDS("      low: {total: 0..4, label: l}\n      high: @{total: 5..9, label: h}\n"),
         "no total that can occur lies in band 'high'"},
    };
    REFUSED(*state, list);
    expect_accepted(*state, BANDS("      low: {total: <2, label: l}\n"
                                  "      high: {total: '>=2', label: h}\n"));
}

/* ---- rows and choices ---- */

static void rows_can_speak(void **state)
{
    static const refusal list[] = {
        {HEAD "advice:\n  - @{id: D-1, when: wet and not wet, do: [dig]" EVIDENCE,
         "row 'D-1' can never speak"},
        {HEAD "advice:\n  - @{id: D-1, when: worms > 10, do: [dig]" EVIDENCE, "can never speak"},
        {HEAD "advice:\n  - @{id: D-1, when: length < 3 cm and length > 50 mm, do: [dig]" EVIDENCE,
         "can never speak"},
        {HEAD "advice:\n  - @{id: D-1, when: false, do: [dig]" EVIDENCE, "can never speak"},
        {HEAD "applies_when: wet\nadvice:\n  - @{id: D-1, when: not wet, do: [dig]" EVIDENCE,
         "can never speak"},
        {CHOICE(ROW("D-1", "wet", "choose: pick")
                    ROW("D-2", "not wet",
                        "choose: spade") "      - @{id: D-3, when: dark, choose: none" EVIDENCE),
         "earlier rows always decide otherwise"},
        {CHOICE(ROW("D-1", "true",
                    "choose: pick") "      - @{id: D-2, when: dark, choose: none" EVIDENCE),
         "row 'D-2' can never speak"},
        {CHOICE(ROW("D-1", "soil = clay", "choose: pick") ROW(
             "D-2", "true",
             "choose: none")) "advice:\n  - @{id: A-1, when: tool = spade, do: [dig]" EVIDENCE,
         "can never speak"},
    };
    REFUSED(*state, list);
}

static void rows_that_do_speak(void **state)
{
    bench *b = *state;
    expect_accepted(b,
                    CHOICE(ROW("D-1", "wet", "choose: pick") ROW("D-2", "not wet", "choose: spade")
                               ROW("D-3", "dark", "choose: pick"))); /* the same outcome */
    expect_accepted(b, ADVICE("missing(soil) and wet"));
    expect_accepted(b, ADVICE("'not known(worms > 3)'"));
    expect_accepted(b, ADVICE("shown(worms > 3) and dark"));
    expect_accepted(b, ADVICE("not shown(wet) and not shown(not wet)"));
    expect_accepted(b, ADVICE("'finds has all {coin, bone, shoe} and worms = 7'"));
    expect_accepted(b, ADVICE("'count(hole: deep) > 2 and deepest.depth > 90 cm'"));
}

static void rows_that_want_one_number(void **state)
{
    bench *b = *state;
    expect_accepted(b, ADVICE("'deepest.depth = 30 cm'"));
    for (int i = 0; i < bonemets_error_count(b->err); i++)
        assert_null(strstr(message(b, i), "no record was found"));
}

static void choices_cover_every_patient(void **state)
{
    static const refusal list[] = {
        {HEAD "choices:\n  tool: @{label: tool, options: {spade: s, pick: p}, rows: [{id: D-1, "
              "when: wet, choose: pick, urgency: none, strength: strong, certainty: high, "
              "verified: one_source, source: book, because: so}]}\n",
         "no row of choice 'tool' covers: wet = no"},
        {HEAD "applies_when: dark\nchoices:\n  tool: @{label: tool, options: {spade: s, pick: p}, "
              "rows: [{id: D-1, when: wet, choose: pick, urgency: none, strength: strong, "
              "certainty: high, verified: one_source, source: book, because: so}]}\n",
         "dark = yes"},
        {HEAD "choices:\n  tool: @{label: tool, options: {spade: s, pick: p}, rows: [{id: D-1, "
              "when: soil != rock or worms < 9, choose: pick, urgency: none, strength: strong, "
              "certainty: high, verified: one_source, source: book, because: so}]}\n",
         "soil = rock"},
    };
    bench *b = *state;
    REFUSED(b, list);
    assert_non_null(strstr(message(b, 0), "worms = "));
    expect_accepted(b,
                    HEAD "choices:\n  tool:\n    label: tool\n    optional: true\n"
                         "    options: {pick: p}\n    rows:\n" ROW("D-1", "wet", "choose: pick"));
    expect_accepted(b, CHOICE(ROW("D-1", "worms < 5", "choose: pick")
                                  ROW("D-2", "worms >= 5", "choose: spade")));
    /* Where the table does not apply there is nothing to cover. */
    expect_accepted(b,
                    HEAD "applies_when: dark\nchoices:\n  tool:\n    label: tool\n"
                         "    options: {pick: p}\n    rows:\n" ROW("D-1", "true", "choose: pick"));
    expect_accepted(
        b, HEAD "applies_when: dark\nchoices:\n  tool:\n    label: tool\n"
                "    options: {pick: p}\n    rows:\n" ROW("D-1", "dark or wet", "choose: pick"));
}

/* ---- what is only worth knowing ---- */

static void unread_facts_are_warnings(void **state)
{
    bench *b = *state;
    bool found = false, read = false;
    expect_accepted(b, ADVICE("wet"));
    for (int i = 0; i < bonemets_error_count(b->err); i++) {
        assert_int_equal(bonemets_error_int(b->err, i, BONEMETS_F_SEVERITY),
                         BONEMETS_SEVERITY_WARNING);
        found |= strstr(message(b, i), "no table reads fact 'dark'") != NULL;
        read |= strstr(message(b, i), "'wet'") != NULL;
    }
    assert_true(found);
    assert_false(read);
}

static void tables_that_are_off_are_not_compiled(void **state)
{
    bench *b = *state;
    static const char off[] =
        "guideline: dig\ntitle: Digging\nedition: '1'\nstatus: off\nstatus_reason: old\n"
        "verified: one_source\npurpose: to test\nsources:\n  book: {cite: 'Book 1', year: 2000}\n"
        "advice:\n  - {id: D-1, when: wet and not wet, do: [dig]" EVIDENCE;
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    assert_int_equal(add(b, "table", off), BONEMETS_OK);
    expect_built(b);
    assert_int_equal(bonemets_guideline_count(b->set), 1);
    assert_string_equal(bonemets_guideline_str(b->set, 0, BONEMETS_F_STATUS), "off");
    assert_int_equal(bonemets_loader_set_option(b->loader, BONEMETS_OPTION_UNVERIFIED, 1),
                     BONEMETS_OK);
    assert_int_equal(build(b), BONEMETS_E_RULE); /* now its row is looked at */
}

static void tables_of_owned_forms_wait_to_be_asked_for(void **state)
{
    bench *b = *state;
    static const char owned[] =
        "guideline: dig\ntitle: Digging\nedition: '1'\nstatus: restricted\n"
        "status_reason: a form with an owner\nrights: {owner: somebody, terms: ask, commercial: "
        "ask_owner}\n"
        "verified: one_source\npurpose: to test\nsources:\n  book: {cite: 'Book 1', year: 2000}\n"
        "advice:\n  - {id: D-1, when: wet and not wet, do: [dig]" EVIDENCE;
    assert_int_equal(add(b, "facts", facts), BONEMETS_OK);
    assert_int_equal(add(b, "table", owned), BONEMETS_OK);
    assert_int_equal(bonemets_loader_set_option(b->loader, BONEMETS_OPTION_UNVERIFIED, 1),
                     BONEMETS_OK);
    expect_built(b);
    assert_string_equal(bonemets_guideline_str(b->set, 0, BONEMETS_F_STATUS), "restricted");
    assert_int_equal(bonemets_loader_set_option(b->loader, BONEMETS_OPTION_RESTRICTED, 1),
                     BONEMETS_OK);
    assert_int_equal(build(b), BONEMETS_E_RULE); /* now its row is looked at */
    assert_int_equal(bonemets_loader_set_option(b->loader, 3, 1), BONEMETS_E_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(arguments_of_the_loader),
        TEST(limits_are_kept),
        TEST(limits_hold_from_then_on),
        TEST(texts_may_be_freed_once_they_are_added),
        TEST(a_loader_builds_more_than_once),
        TEST(ids_stand_once),
        TEST(errors_of_all_files_are_reported),
        TEST(digests_name_the_content_alone),
        TEST(the_order_of_files_says_nothing),
        TEST(embedded_tables_may_be_added_in_any_order),
        TEST(facts_of_another_set_are_refused),
        TEST(too_many_facts_are_refused),
        TEST(proofs_of_totals_take_little),
        TEST(embedded_tables_are_those_of_the_files),
        TEST(one_embedded_guideline_comes_with_its_vocabulary),
        TEST(unknown_names_cost_little),
        TEST(paths_that_cannot_be_read),
        TEST(directories_and_files_give_the_same_set),
        TEST(names_that_mean_nothing),
        TEST(types_that_do_not_fit),
        TEST(units_that_do_not_fit),
        TEST(tables_of_records_read_their_own_record),
        TEST(values_have_their_type),
        TEST(definitions_do_not_need_themselves),
        TEST(choices_are_read_after_they_are_set),
        TEST(bands_hold_every_total_once),
        TEST(rows_can_speak),
        TEST(rows_that_do_speak),
        TEST(rows_that_want_one_number),
        TEST(choices_cover_every_patient),
        TEST(unread_facts_are_warnings),
        TEST(tables_that_are_off_are_not_compiled),
        TEST(tables_of_owned_forms_wait_to_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
