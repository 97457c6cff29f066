/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "yaml/tree.h"

static bm_memory memory;
static bm_arena arena;
static bonemets_error *err;

static int set_up(void **state)
{
    (void)state;
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&arena, &memory);
    err = bonemets_error_new();
    return err == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    bm_arena_free(&arena);
    bonemets_error_free(err);
    return 0;
}

static const bm_node *read_bytes(const void *bytes, size_t size, bonemets_status expected)
{
    bm_yaml_limits limits = BM_YAML_LIMITS;
    const bm_node *root = (const bm_node *)&limits;
    bonemets_error_clear(err);
    bonemets_status status = bm_yaml_read(&arena, &limits, "file", bytes, size, &root, err);
    if (status != expected) {
        fail_msg("status %d: %s", (int)status, bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    }
    assert_int_equal(root != NULL, expected == BONEMETS_OK);
    assert_int_equal(bonemets_error_count(err) > 0, expected != BONEMETS_OK);
    return root;
}

static const bm_node *read_good(const char *text)
{
    return read_bytes(text, strlen(text), BONEMETS_OK);
}

static void assert_place(const bm_node *node, int line, int column)
{
    assert_non_null(node);
    assert_int_equal(node->line, line);
    assert_int_equal(node->column, column);
}

/* One line for each error: "LINE:COLUMN: PATH: MESSAGE". */
static void assert_error(int32_t i, int line, int column, const char *path, const char *part)
{
    const char *message = bonemets_error_str(err, i, BONEMETS_F_MESSAGE);
    const char *stated = bonemets_error_str(err, i, BONEMETS_F_PATH);
    stated = stated != NULL ? stated : "";
    assert_non_null(message);
    if (bonemets_error_int(err, i, BONEMETS_F_LINE) != line ||
        bonemets_error_int(err, i, BONEMETS_F_COLUMN) != column || strcmp(stated, path) != 0 ||
        strstr(message, part) == NULL) {
        fail_msg("expected %d:%d: %s: %s, got %d:%d: %s: %s", line, column, path, part,
                 (int)bonemets_error_int(err, i, BONEMETS_F_LINE),
                 (int)bonemets_error_int(err, i, BONEMETS_F_COLUMN), stated, message);
    }
    assert_string_equal(bonemets_error_str(err, i, BONEMETS_F_FILE), "file");
}

static void tree_holds_entries_in_order(void **state)
{
    (void)state;
    const bm_node *root = read_good("guideline: sins\n"
                                    "items:\n"
                                    "  - {id: pain, points: 3}\n"
                                    "  - id: 'lesion'\n"
                                    "    points:   0..6\n"
                                    "empty:\n"
                                    "none: ~\n");
    assert_int_equal(root->kind, BM_MAP);
    assert_int_equal(root->count, 4);
    assert_null(root->parent);
    assert_null(root->key);
    const bm_node *items = bm_node_get(root, "items");
    assert_ptr_equal(root->first->next, items);
    assert_ptr_equal(items->parent, root);
    assert_int_equal(items->kind, BM_SEQUENCE);
    assert_int_equal(items->count, 2);
    assert_int_equal(items->key_line, 2);
    assert_int_equal(items->key_column, 1);
    const bm_node *second = items->first->next;
    assert_null(second->key);
    assert_null(second->next);
    assert_int_equal(second->number, 2);
    assert_int_equal(bm_node_get(second, "points")->number, 2);
    assert_string_equal(bm_node_get(items->first, "points")->text, "3");
    assert_true(bm_node_get(second, "id")->quoted);
    assert_string_equal(bm_node_get(second, "id")->text, "lesion");
    assert_false(bm_node_get(second, "points")->quoted);
    assert_string_equal(bm_node_get(second, "points")->text, "0..6");
    assert_int_equal(bm_node_get(second, "points")->length, 4);
    assert_true(bm_node_is_null(bm_node_get(root, "empty")));
    assert_true(bm_node_is_null(bm_node_get(root, "none")));
    assert_false(bm_node_is_null(root));
    assert_null(bm_node_get(root, "nothing"));
    assert_null(bm_node_get(items, "id"));
    assert_null(bm_node_get(NULL, "id"));
}

static void nulls_are_plain(void **state)
{
    (void)state;
    const bm_node *list = read_good("[null, 'null', Null, '', ~, \"~\", nullx]");
    static const bool expected[] = {true, false, false, false, true, false, false};
    const bm_node *entry = list->first;
    for (size_t i = 0; i < sizeof expected; i++, entry = entry->next) {
        assert_int_equal(bm_node_is_null(entry), expected[i]);
    }
    assert_null(entry);
}

static void positions_are_exact(void **state)
{
    (void)state;
    const bm_node *root = read_good("# comment\n"
                                    "plain:    text\n"
                                    "single: 'text'\n"
                                    "double: \"text\"\n"
                                    "block: |\n"
                                    "  text\n"
                                    "\xc3\xbc\xc3\xbc: {k\xc3\xa9y: text, list: [ a,  b ]}\r\n"
                                    "empty:\r\n"
                                    "nested:\n"
                                    "  deeper: x\n"
                                    "next:\n"
                                    "- - y\n");
    assert_place(root, 2, 1);
    assert_place(bm_node_get(root, "plain"), 2, 11);
    assert_place(bm_node_get(root, "single"), 3, 9);
    assert_place(bm_node_get(root, "double"), 4, 9);
    assert_place(bm_node_get(root, "block"), 5, 8);
    assert_string_equal(bm_node_get(root, "block")->text, "text\n");
    assert_true(bm_node_get(root, "block")->quoted);
    const bm_node *map = bm_node_get(root, "\xc3\xbc\xc3\xbc");
    assert_place(map, 7, 5);
    assert_place(bm_node_get(map, "k\xc3\xa9y"), 7, 11);
    assert_int_equal(bm_node_get(map, "list")->key_column, 17);
    assert_place(bm_node_get(map, "list")->first, 7, 25);
    assert_place(bm_node_get(map, "list")->first->next, 7, 29);
    assert_place(bm_node_get(root, "empty"), 8, 7);
    assert_place(bm_node_get(root, "nested"), 10, 3);
    assert_place(bm_node_get(root, "next"), 12, 1);
    assert_place(bm_node_get(root, "next")->first, 12, 3);
    assert_place(bm_node_get(root, "next")->first->first, 12, 5);
}

static void byte_order_mark_is_allowed_once(void **state)
{
    (void)state;
    const bm_node *root = read_good("\xef\xbb\xbfkey: x\n");
    assert_string_equal(root->first->key, "key");
    assert_int_equal(root->first->key_column, 1);
    assert_place(root->first, 1, 6);
    read_bytes("\xef\xbb\xbf\xef\xbb\xbfkey: x\n", 13, BONEMETS_E_YAML);
    assert_error(0, 1, 1, "", "U+FEFF");
}

static void json_is_read(void **state)
{
    (void)state;
    const bm_node *root =
        read_good("{\"age\":64,\"creatinine\":\"124 umol/L\",\n"
                  "\t\"lesions\": [{\"level\":\"T12\"},{\"level\":null}],\n"
                  "\t\"label\": \"M\\u00fcller \\\"x\\\" \\/ \\n\", \"e\":[],\"m\":{}}\n");
    assert_int_equal(root->count, 6);
    assert_string_equal(bm_node_get(root, "age")->text, "64");
    assert_false(bm_node_get(root, "age")->quoted);
    assert_string_equal(bm_node_get(root, "creatinine")->text, "124 umol/L");
    assert_place(bm_node_get(root, "creatinine"), 1, 24);
    const bm_node *lesions = bm_node_get(root, "lesions");
    assert_string_equal(bm_node_get(lesions->first, "level")->text, "T12");
    assert_true(bm_node_is_null(bm_node_get(lesions->first->next, "level")));
    assert_string_equal(bm_node_get(root, "label")->text, "M\xc3\xbcller \"x\" / \n");
    assert_int_equal(bm_node_get(root, "e")->kind, BM_SEQUENCE);
    assert_int_equal(bm_node_get(root, "e")->count, 0);
    assert_int_equal(bm_node_get(root, "m")->kind, BM_MAP);
}

static void a_scalar_may_be_the_whole_file(void **state)
{
    (void)state;
    assert_string_equal(read_good("--- text\n...\n")->text, "text");
    assert_string_equal(read_good("''")->text, "");
}

/* Everything that is refused, with the place. Bytes may hold NUL, so they carry their size. */

typedef struct {
    const char *text;
    size_t size; /* 0: up to the NUL */
    int line, column;
    const char *path, *part;
    int32_t count;
} refusal;

static void check_refusals(const refusal *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const refusal *one = &cases[i];
        read_bytes(one->text, one->size > 0 ? one->size : strlen(one->text), BONEMETS_E_YAML);
        assert_error(0, one->line, one->column, one->path, one->part);
        if (bonemets_error_count(err) != one->count) {
            fail_msg("%s: %d errors", one->text, (int)bonemets_error_count(err));
        }
    }
}

#define CHECK_REFUSALS(cases) check_refusals(cases, sizeof cases / sizeof cases[0])

static void parts_of_yaml_are_refused(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {"a: &x 1\nb: 2\n", 0, 1, 4, "a", "anchor", 1},
        {"a:\n  - &x {b: 1}\n", 0, 2, 5, "a[1]", "anchor", 1},
        {"a: &x\n  - b\n", 0, 1, 4, "a", "anchor", 1},
        {"&x a: 1\n", 0, 1, 1, "", "anchor", 1},
        {"a: 1\nb:   *x\n", 0, 2, 6, "b", "alias", 1},
        {"a: [1, *x]\n", 0, 1, 8, "a[2]", "alias", 1},
        {"a:\n  *x : 1\n", 0, 2, 3, "a", "alias", 1},
        {"a: !!str 1\n", 0, 1, 4, "a", "tag", 1},
        {"a: !foreign {b: 1}\n", 0, 1, 4, "a", "tag", 1},
        {"a: ! x\n", 0, 1, 4, "a", "tag", 1},
        {"a: !<tag:yaml.org,2002:str> x\n", 0, 1, 4, "a", "tag", 1},
        {"a: !!seq [b]\n", 0, 1, 4, "a", "tag", 1},
        {"!x a: 1\n", 0, 1, 1, "", "tag", 1},
        {"%YAML 1.1\n---\na: 1\n", 0, 1, 1, "", "directive", 1},
        {"%TAG !e! tag:example.org,2000:\n---\na: 1\n", 0, 1, 1, "", "directive", 1},
        {"a: 1\n---\nb: 2\n", 0, 2, 1, "", "second document", 1},
        {"a: 1\n...\n---\nb: 2\n", 0, 3, 1, "", "second document", 1},
        {"a: 1\n---\n", 0, 2, 1, "", "second document", 1},
        {"a: 1\nb: 2\na: 3\n", 0, 3, 1, "a", "'a' stands twice in one map; first in line 1", 1},
        {"x:\n  - {b: 1, c: 2, \"b\": 3}\n", 0, 2, 18, "x[1].b", "first in line 2", 1},
        {"[a]: 1\n", 0, 1, 1, "", "where a key should stand", 1},
        {"a: {{b: 1}: 2, c: 3}\n", 0, 1, 5, "a", "where a key should stand", 1},
        {"? - a\n  - b\n: 1\n", 0, 1, 3, "", "where a key should stand", 1},
        {"a:\n  ? \n  : 1\n", 0, 2, 4, "a.''", "empty key", 1},
        {"{\"\": 1}\n", 0, 1, 2, "''", "empty key", 1},
    };
    CHECK_REFUSALS(cases);
}

static void bytes_are_refused(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {"", 0, 1, 1, "", "file is empty", 1},
        {" \n\n", 0, 1, 1, "", "file is empty", 1},
        {"# nothing\n", 0, 1, 1, "", "file is empty", 1},
        {"---\n", 0, 1, 1, "", "file is empty", 1},
        {"\xef\xbb\xbf", 0, 1, 1, "", "file is empty", 1},
        {"\xff\xfe"
         "a\0:\0 \0001\0",
         10, 1, 1, "", "UTF-16", 1},
        {"\xfe\xff\0a\0:\0 \0001", 10, 1, 1, "", "UTF-16", 1},
        {"a\0:\0 \0001\0", 8, 1, 1, "", "UTF-16", 1},
        {"\0a\0:\0 \0001", 8, 1, 1, "", "UTF-16", 1},
        {"a: 1\nbc: x\0y\n", 13, 2, 6, "", "U+0000", 1},
        {"a: 1\n\0", 6, 2, 1, "", "U+0000", 1},
        {"a: 1\nb\xc3\xbc: \xe4\n", 0, 2, 5, "", "byte 0xE4", 1},
        {"a: 1\r\nb: 2\rc: \xed\xa0\x80\r", 0, 3, 4, "", "byte 0xED", 1},
        {"a: \xc0\x80\n", 0, 1, 4, "", "byte 0xC0", 1},
        {"a: \x1b[0m\n", 0, 1, 4, "", "U+001B", 1},
        {"a: b\x7f\n", 0, 1, 5, "", "U+007F", 1},
        {"# a\xe2\x80\xa8points: 5\na: 1\n", 0, 1, 4, "", "U+2028", 1},
        {"# a\xc2\x85points: 5\na: 1\n", 0, 1, 4, "", "U+0085", 1},
        {"a: 'x\xe2\x80\xaey'\n", 0, 1, 6, "", "U+202E", 1},
        {"a: x\xef\xbb\xbf\n", 0, 1, 5, "", "U+FEFF", 1},
        {"a: x\xf4\x8f\xbf\xbf\n", 0, 1, 5, "", "U+10FFFF", 1},
        {"a: \"x\\0y\"\n", 0, 1, 4, "a", "escape", 1},
        {"a: [\"\\u0000\"]\n", 0, 1, 5, "a[1]", "escape", 1},
        {"\"\\e\": 1\n", 0, 1, 1, "", "escape", 2},
        {"a: \"\\u202e\"\n", 0, 1, 4, "a", "escape", 1},
    };
    CHECK_REFUSALS(cases);
}

static void broken_syntax_is_located(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {"a: 1\n  b: 2\n", 0, 2, 4, "", "colon", 1},
        {"a:\n\t- b\n", 0, 2, 1, "a", "not tabs", 1},
        {"a: [1, 2\nb: 3\n", 0, 2, 2, "a[3]", "bracket", 1},
        {"a: {b: 1\n", 0, 2, 1, "a", "brace", 1},
        {"a: 'text\n", 0, 2, 1, "a", "closing quote", 1},
        {"a: @b\n", 0, 1, 4, "a", "quotes", 1},
        {"a: \"\\ud83e\\uddb4\"\n", 0, 1, 7, "a", "write the character itself", 1},
        {"a: 1\n- b\n", 0, 2, 1, "", "indentation", 1},
        {"a: \"\\q\"\n", 0, 1, 5, "a", "broken YAML", 1},
        {"%FOO bar\n---\na: 1\n", 0, 1, 5, "", "broken YAML", 1},
        {"a: !e!x 1\n", 0, 1, 4, "a", "broken YAML", 1},
        {"a: 1\n...\nb: 2\n", 0, 3, 1, "", "broken YAML", 1},
    };
    CHECK_REFUSALS(cases);
}

static void all_errors_are_reported_in_one_run(void **state)
{
    (void)state;
    const char *text = "a: &x 1\n"
                       "b: *x\n"
                       "a: !t 2\n"
                       "list:\n"
                       "  - k: 1\n"
                       "    k: 2\n"
                       "    k: 3\n"
                       "  - [p]: 4\n"
                       "  - 'broken\n";
    read_bytes(text, strlen(text), BONEMETS_E_YAML);
    assert_int_equal(bonemets_error_count(err), 8);
    assert_error(0, 1, 4, "a", "anchor");
    assert_error(1, 2, 4, "b", "alias");
    assert_error(2, 3, 1, "a", "twice");
    assert_error(3, 3, 4, "a", "tag");
    assert_error(4, 6, 5, "list[1].k", "first in line 5");
    assert_error(5, 7, 5, "list[1].k", "first in line 5");
    assert_error(6, 8, 5, "list[2]", "where a key should stand");
    assert_error(7, 10, 1, "list[3]", "closing quote");
}

static void duplicates_are_found_in_large_maps(void **state)
{
    (void)state;
    char text[20000];
    size_t length = 0;
    for (int i = 0; i < 1000; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "key_%d: %d\n", i, i);
    }
    const bm_node *root = read_bytes(text, length, BONEMETS_OK);
    assert_string_equal(bm_node_get(root, "key_999")->text, "999");
    static const int repeated[] = {0, 15, 16, 17, 999};
    for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++) {
        snprintf(text + length, sizeof text - length, "key_%d: 0\n", repeated[i]);
        read_bytes(text, strlen(text), BONEMETS_E_YAML);
        assert_error(0, 1001, 1, bonemets_error_str(err, 0, BONEMETS_F_PATH), "twice");
        char part[40];
        snprintf(part, sizeof part, "first in line %d", repeated[i] + 1);
        assert_non_null(strstr(bonemets_error_str(err, 0, BONEMETS_F_MESSAGE), part));
    }
}

/* Limits. */

static bonemets_status read_within(const bm_yaml_limits *limits, const char *text, size_t size)
{
    const bm_node *root = NULL;
    bonemets_error_clear(err);
    bonemets_status status = bm_yaml_read(&arena, limits, "file", text, size, &root, err);
    assert_int_equal(root != NULL, status == BONEMETS_OK);
    return status;
}

static void each_limit_holds_exactly(void **state)
{
    (void)state;
    const char *text = "abc: [[def]]";
    size_t size = strlen(text);
    bm_yaml_limits limits = {12, 3, 3, 12};
    assert_int_equal(read_within(&limits, text, size), BONEMETS_OK);
    limits.bytes = 11;
    assert_int_equal(read_within(&limits, text, size), BONEMETS_E_LIMIT);
    assert_error(0, -1, -1, "", "larger than 11 bytes");
    limits = (bm_yaml_limits){12, 2, 3, 12};
    assert_int_equal(read_within(&limits, text, size), BONEMETS_E_LIMIT);
    assert_error(0, 1, 7, "abc[1]", "nested deeper than 2");
    limits = (bm_yaml_limits){12, 3, 2, 12};
    assert_int_equal(read_within(&limits, text, size), BONEMETS_E_LIMIT);
    assert_error(0, 1, 1, "", "longer than 2 bytes");
    limits = (bm_yaml_limits){12, 3, 3, 11};
    assert_int_equal(read_within(&limits, text, size), BONEMETS_E_LIMIT);
    assert_error(0, 2, 1, "", "more than 11 pieces");
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void check_deep(const char *piece, const bm_yaml_limits *limits, int64_t depth)
{
    enum { TIMES = 60000 };
    size_t step = strlen(piece), size = step * TIMES;
    char *text = malloc(size), part[40];
    assert_non_null(text);
    for (size_t i = 0; i < TIMES; i++) {
        memcpy(text + i * step, piece, step);
    }
    double start = seconds();
    assert_int_not_equal(read_within(limits, text, size), BONEMETS_OK);
    double took = seconds() - start;
    snprintf(part, sizeof part, "deeper than %d", (int)depth);
    int32_t last = bonemets_error_count(err) - 1; /* a map as a key was reported before */
    assert_int_equal(bonemets_error_int(err, last, BONEMETS_F_STATUS), BONEMETS_E_LIMIT);
    assert_non_null(strstr(bonemets_error_str(err, last, BONEMETS_F_MESSAGE), part));
    assert_true(took < 1.0); /* milliseconds in truth; seconds if it were read to its end */
    free(text);
}

static void deep_nesting_is_refused_at_once(void **state)
{
    (void)state;
    bm_yaml_limits limits = BM_YAML_LIMITS;
    static const char *const pieces[] = {"[", "{", "[\n", "{\n", "- ", "? ", "{a: "};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        check_deep(pieces[i], &limits, 16);
    }
    limits.depth = INT64_MAX;
    limits.bytes = INT64_MAX;
    check_deep("[", &limits, 200);
}

static void huge_input_is_refused_unread(void **state)
{
    (void)state;
    bm_yaml_limits limits = BM_YAML_LIMITS;
    char only[1] = {'a'}; /* a sanitizer would tell if more were read */
    assert_int_equal(read_within(&limits, only, (size_t)200 << 20), BONEMETS_E_LIMIT);
    assert_non_null(strstr(bonemets_error_str(err, 0, BONEMETS_F_MESSAGE), "1048576"));
}

/* Memory. What libyaml takes by itself is made to fail in tests/oom. */

typedef struct {
    int left, held;
} meter;

static void *metered(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    meter *count = ctx;
    (void)old_size;
    if (new_size == 0) {
        count->held -= ptr != NULL;
        free(ptr);
        return NULL;
    }
    if (count->left-- <= 0) {
        return NULL;
    }
    count->held += ptr == NULL;
    return realloc(ptr, new_size);
}

static void lack_of_memory_is_reported(void **state)
{
    (void)state;
    char text[30000] = "list: [[[[{a: b}]]]]\n";
    for (int i = 0; i < 1000; i++) {
        snprintf(text + strlen(text), 40, "key_%d: [%d]\n", i, i);
    }
    bonemets_status status = BONEMETS_E_MEMORY;
    int fails = 0;
    for (; status != BONEMETS_OK; fails++) {
        meter count = {fails, 0};
        bm_memory scarce;
        bm_arena small;
        bm_yaml_limits limits = BM_YAML_LIMITS;
        const bm_node *root = NULL;
        bm_memory_init(&scarce, metered, &count);
        bm_arena_init(&small, &scarce);
        bonemets_error_clear(err);
        status = bm_yaml_read(&small, &limits, "file", text, strlen(text), &root, err);
        if (status != BONEMETS_OK) {
            assert_int_equal(status, BONEMETS_E_MEMORY);
            assert_null(root);
            assert_int_equal(bonemets_error_count(err), 1);
            assert_error(0, -1, -1, "", "out of memory");
        }
        bm_arena_free(&small);
        assert_int_equal(count.held, 0);
    }
    assert_true(fails > 5);
}

static void places_have_paths(void **state)
{
    (void)state;
    const bm_node *root = read_good("lesions:\n"
                                    "  - level: T12\n"
                                    "  - collapse_pct: [1, {'a b': 2}]\n"
                                    "0..6: x\n"
                                    "\"a\\nb\": y\n");
    char buffer[64];
    const bm_node *list = bm_node_get(bm_node_get(root, "lesions")->first->next, "collapse_pct");
    bm_place place = bm_node_place("f.yaml", list, buffer, sizeof buffer);
    assert_string_equal(place.file, "f.yaml");
    assert_string_equal(place.path, "lesions[2].collapse_pct");
    assert_int_equal(place.line, 3);
    assert_int_equal(place.column, 19);
    place = bm_node_place("f.yaml", list->first->next->first, buffer, sizeof buffer);
    assert_string_equal(place.path, "lesions[2].collapse_pct[2].'a b'");
    place = bm_node_place("f.yaml", bm_node_get(root, "0..6"), buffer, sizeof buffer);
    assert_string_equal(place.path, "0..6");
    place = bm_node_place("f.yaml", bm_node_get(root, "a\nb"), buffer, sizeof buffer);
    assert_string_equal(place.path, "'a\\nb'");
    assert_null(bm_node_place("f.yaml", root, buffer, sizeof buffer).path);
    place = bm_node_place("f.yaml", list, buffer, 10);
    assert_string_equal(place.path, "lesions[2");
    assert_null(bm_node_place("f.yaml", list, NULL, 0).path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tree_holds_entries_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nulls_are_plain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(positions_are_exact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(byte_order_mark_is_allowed_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_scalar_may_be_the_whole_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_of_yaml_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_syntax_is_located, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_errors_are_reported_in_one_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(duplicates_are_found_in_large_maps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_limit_holds_exactly, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deep_nesting_is_refused_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(huge_input_is_refused_unread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lack_of_memory_is_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_have_paths, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
