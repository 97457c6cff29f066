/* SPDX-License-Identifier: Apache-2.0 */
/* Trees as bytes, and the tables that are embedded that way. */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "guideline/embedded.h"
#include "yaml/packed.h"

enum { LONGEST_FILE = 1 << 20 };

static bm_memory memory;
static bm_arena arena;
static bonemets_error *err;
static uint64_t random_state;

static int set_up(void **state)
{
    (void)state;
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&arena, &memory);
    err = bonemets_error_new();
    random_state = 20240601;
    return err == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    bm_arena_free(&arena);
    bonemets_error_free(err);
    return 0;
}

static int below(int bound)
{
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (int)((random_state >> 33) % (unsigned)bound);
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Field by field. */
static void assert_same(const bm_node *a, const bm_node *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->quoted, b->quoted);
    assert_int_equal(a->line, b->line);
    assert_int_equal(a->column, b->column);
    assert_true(same_text(a->text, b->text));
    assert_int_equal(a->length, b->length);
    assert_true(same_text(a->key, b->key));
    assert_int_equal(a->key_line, b->key_line);
    assert_int_equal(a->key_column, b->key_column);
    assert_int_equal(a->parent == NULL, b->parent == NULL);
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->count, b->count);
    const bm_node *entry = a->first, *other = b->first;
    for (; entry != NULL && other != NULL; entry = entry->next, other = other->next) {
        assert_ptr_equal(entry->parent, a);
        assert_ptr_equal(other->parent, b);
        assert_same(entry, other);
    }
    assert_ptr_equal(entry, NULL);
    assert_ptr_equal(other, NULL);
}

/* Reads every field of a tree that came from damaged bytes; returns the number of its nodes. */
static size_t walk(const bm_node *node, int depth)
{
    size_t nodes = 1;
    int entries = 0;
    assert_true(depth <= 200);
    assert_true(node->line > 0 && node->column > 0);
    if (node->kind == BM_SCALAR) {
        assert_int_equal(strlen(node->text), node->length);
    } else {
        assert_true(node->kind == BM_SEQUENCE || node->kind == BM_MAP);
        assert_null(node->text);
        assert_false(node->quoted);
    }
    for (const bm_node *entry = node->first; entry != NULL; entry = entry->next) {
        assert_ptr_equal(entry->parent, node);
        assert_int_equal(entry->number, ++entries);
        assert_int_equal(entry->key != NULL, node->kind == BM_MAP);
        if (entry->key != NULL) {
            assert_true(strlen(entry->key) < LONGEST_FILE);
        }
        nodes += walk(entry, depth + 1);
    }
    assert_int_equal(node->count, entries);
    return nodes;
}

typedef struct {
    const unsigned char *bytes;
    size_t size;
} stream;

static stream packed(const bm_node *root)
{
    stream out;
    assert_int_equal(bm_packed_write(&arena, root, &out.bytes, &out.size), BONEMETS_OK);
    return out;
}

static const bm_node *unpacked(stream from)
{
    const bm_node *root;
    assert_int_equal(bm_packed_read(&arena, from.bytes, from.size, &root), BONEMETS_OK);
    return root;
}

static void check_both_ways(const bm_node *root)
{
    assert_same(root, unpacked(packed(root)));
}

static const bm_node *read_yaml(const char *text, size_t size)
{
    const bm_yaml_limits limits = BM_YAML_LIMITS;
    const bm_node *root;
    assert_int_equal(bm_yaml_read(&arena, &limits, "file", text, size, &root, err), BONEMETS_OK);
    return root;
}

static size_t read_file(const char *path, char **bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    *bytes = bm_arena_take(&arena, LONGEST_FILE);
    assert_non_null(*bytes);
    size_t size = fread(*bytes, 1, LONGEST_FILE, file);
    fclose(file);
    assert_true(size > 0 && size < LONGEST_FILE);
    return size;
}

static void layouts_come_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "text",
        "''",
        "[]",
        "{}",
        "- a\n-\n-\n  - b\n  -   c\n- {}\n- []\n- d\n",
        "{a: {b: [], c: {}}, d: [[1, 2], {e: f}], 'g': \"h\"}\n",
        "# one\n\n\n  # two\nk\xc3\xbc: \xc3\xa4 b\nlong: >\n  c\n  d\nnext:\n\nend: |\n  x\n",
        "a:   b\n\"c d\": 'e'\nf:\n  g: h\n\n  i:\n  - j\n  -    k: l\n       m: n\n",
        "{\"a\": 1,\n \"b\": [true, null,\n 3], \"\\\"\\n\": \"\\u00fc\"}",
        "? a\n: b\n? c\n:\n  - d\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_both_ways(read_yaml(texts[i], strlen(texts[i])));
    }
}

static void deepest_tree_comes_back(void **state)
{
    (void)state;
    bm_yaml_limits limits = BM_YAML_LIMITS;
    char text[401];
    const bm_node *root;
    memset(text, '[', 200);
    memset(text + 200, ']', 200);
    limits.depth = 200;
    assert_int_equal(bm_yaml_read(&arena, &limits, "file", text, 400, &root, err), BONEMETS_OK);
    check_both_ways(root);
    bm_node outer = *root, wrap = {.kind = BM_SEQUENCE, .line = 1, .column = 1, .count = 1};
    outer.parent = &wrap;
    outer.number = 1;
    wrap.first = &outer;
    stream from = packed(&wrap);
    assert_int_equal(bm_packed_read(&arena, from.bytes, from.size, &root), BONEMETS_E_YAML);
    assert_null(root);
}

static void records_come_back(void **state)
{
    (void)state;
    DIR *folder = opendir(TEST_PATIENTS);
    int files = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[1024], *bytes;
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", TEST_PATIENTS, entry->d_name);
        size_t size = read_file(path, &bytes);
        check_both_ways(read_yaml(bytes, size));
        files++;
    }
    closedir(folder);
    assert_true(files > 0);
}

/* ---- trees that no file has ---- */

static const char *random_text(void)
{
    static const char *const texts[] = {"", "id", "a b", "\xc3\xbc", "\xe2\x89\xa5 3", "yes"};
    if (below(2)) {
        return texts[below(6)];
    }
    char text[400];
    int length = below(below(10) ? 12 : 400);
    for (int i = 0; i < length; i++) {
        text[i] = (char)('a' + below(26));
    }
    return bm_arena_text(&arena, text, (size_t)length);
}

static void random_place(int near, int *line, int *column)
{
    static const int far[] = {1, 127, 128, 16384, INT32_MAX - 1, INT32_MAX};
    *line = below(20) ? near + below(3) : far[below(6)];
    *column = below(20) ? 1 + below(30) : far[below(6)];
}

static bm_node *random_tree(bm_node *parent, int depth)
{
    bm_node *node = bm_arena_array(&arena, 1, sizeof *node);
    bm_node **end = &node->first;
    assert_non_null(node);
    node->kind = depth == 0 ? BM_SCALAR : (bm_node_kind)below(3);
    node->parent = parent;
    int near = parent != NULL && parent->line < 1 << 30 ? parent->line + parent->count : 1;
    random_place(near, &node->line, &node->column);
    if (parent != NULL && parent->kind == BM_MAP) {
        node->key = random_text();
        random_place(near, &node->key_line, &node->key_column);
    }
    if (node->kind == BM_SCALAR) {
        node->text = random_text();
        node->length = strlen(node->text);
        node->quoted = below(2);
        return node;
    }
    for (int entries = below(below(20) ? 6 : 300); entries > 0; entries--) {
        *end = random_tree(node, entries > 10 ? 0 : depth - 1);
        (*end)->number = ++node->count;
        end = &(*end)->next;
    }
    return node;
}

static void random_trees_come_back(void **state)
{
    (void)state;
    for (int i = 0; i < 500; i++) {
        check_both_ways(random_tree(NULL, below(7)));
    }
}

/* ---- damaged bytes ---- */

/* On the heap, so that a sanitizer sees a read past the end. */
static void read_damaged(const unsigned char *bytes, size_t size, bool must_fail)
{
    unsigned char *copy = malloc(size + !size);
    bm_arena small;
    const bm_node *root = (const bm_node *)&small;
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    bm_arena_init(&small, &memory);
    bonemets_status status = bm_packed_read(&small, copy, size, &root);
    if (status == BONEMETS_OK) {
        assert_false(must_fail);
        assert_true(walk(root, 0) <= size);
    } else {
        assert_int_equal(status, BONEMETS_E_YAML);
        assert_null(root);
    }
    bm_arena_free(&small);
    free(copy);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < bm_embedded_count; i++) {
        const bm_embedded_file *file = &bm_embedded_files[i];
        size_t stride = file->size > 5000 ? 97 : 1;
        for (size_t size = 0; size < file->size; size += stride) {
            read_damaged(file->tree, size, true);
        }
    }
    for (int i = 0; i < 50; i++) {
        stream from = packed(random_tree(NULL, 3));
        for (size_t size = 0; size < from.size; size++) {
            read_damaged(from.bytes, size, true);
        }
    }
}

static void bytes_behind_the_end_are_refused(void **state)
{
    (void)state;
    unsigned char bytes[4096];
    stream from = packed(read_yaml("a: [b, {c: d}]", 14));
    memcpy(bytes, from.bytes, from.size);
    for (int i = 0; i < 256; i++) {
        bytes[from.size] = (unsigned char)i;
        read_damaged(bytes, from.size + 1, true);
    }
}

/* Any entry can be taken out; what is left and what is taken are whole. */
static void entries_are_taken_out(void **state)
{
    (void)state;
    static const char *const keys[] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++) {
        const bm_node *root = read_yaml("a: 1\nb: [x, y]\nc: {d: 2}\n", 25);
        const bm_node *entry = bm_node_get(root, keys[i]);
        const bm_node *alone = bm_tree_take_out(&arena, root, keys[i]);
        assert_non_null(alone);
        assert_ptr_equal(alone->first, entry);
        assert_ptr_equal(entry->parent, alone);
        assert_int_equal(alone->count, 1);
        assert_null(entry->next);
        assert_null(bm_node_get(root, keys[i]));
        assert_int_equal(root->count, 2);
        assert_int_equal(root->first->number, 1);
        assert_int_equal(root->first->next->number, 2);
        assert_null(root->first->next->next);
        check_both_ways(root);
        check_both_ways(alone);
    }
    assert_null(bm_tree_take_out(&arena, read_yaml("a: 1\n", 5), "b"));
}

static void damage(stream from, int times)
{
    unsigned char *bytes = malloc(from.size);
    assert_non_null(bytes);
    for (int i = 0; i < times; i++) {
        memcpy(bytes, from.bytes, from.size);
        for (int flips = 1 + below(3); flips > 0; flips--) {
            /* Half of them near the end or the beginning, where numbers and heads stand. */
            size_t reach = below(2) || from.size < 40 ? from.size : 40;
            size_t at = (size_t)below((int)reach);
            bytes[below(2) ? at : from.size - 1 - at] = (unsigned char)below(256);
        }
        read_damaged(bytes, from.size, false);
    }
    free(bytes);
}

static void flipped_bytes_do_no_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < bm_embedded_count; i++) {
        const bm_embedded_file *file = &bm_embedded_files[i];
        damage((stream){file->tree, file->size}, file->size > 5000 ? 100 : 500);
    }
    for (int i = 0; i < 300; i++) {
        damage(packed(random_tree(NULL, 3)), 50);
    }
}

static void noise_does_no_harm(void **state)
{
    (void)state;
    unsigned char bytes[64];
    for (int i = 0; i < 50000; i++) {
        int size = below(64);
        for (int k = 0; k < size; k++) {
            bytes[k] = (unsigned char)(below(3) ? below(8) : below(256));
        }
        read_damaged(bytes, (size_t)size, false);
    }
}

/* ---- memory ---- */

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

static int fails_before_success(stream from, const bm_node *tree)
{
    bonemets_status status = BONEMETS_E_MEMORY;
    int fails = -1;
    while (status != BONEMETS_OK) {
        meter count = {++fails, 0};
        bm_memory scarce;
        bm_arena small;
        const bm_node *root = tree;
        bm_memory_init(&scarce, metered, &count);
        bm_arena_init(&small, &scarce);
        status = tree == NULL ? bm_packed_read(&small, from.bytes, from.size, &root)
                              : bm_packed_write(&small, tree, &from.bytes, &from.size);
        if (status != BONEMETS_OK) {
            assert_int_equal(status, BONEMETS_E_MEMORY);
            assert_true(tree == NULL ? root == NULL : from.bytes == NULL);
        }
        bm_arena_free(&small);
        assert_int_equal(count.held, 0);
    }
    return fails;
}

static void lack_of_memory_is_reported(void **state)
{
    (void)state;
    const bm_embedded_file *file = &bm_embedded_files[0]; /* the largest, of many blocks */
    for (size_t i = 1; i < bm_embedded_count; i++)
        file = bm_embedded_files[i].size > file->size ? &bm_embedded_files[i] : file;
    stream from = {file->tree, file->size};
    assert_int_equal(fails_before_success(from, NULL), 2); /* one array, and the shared texts */
    assert_true(fails_before_success((stream){0}, unpacked(from)) > 5);
}

/* ---- what is embedded ---- */

static void embedded_trees_equal_their_files(void **state)
{
    (void)state;
    assert_true(bm_embedded_count > 0);
    for (size_t i = 0; i < bm_embedded_count; i++) {
        const bm_embedded_file *file = &bm_embedded_files[i];
        char path[1024], *bytes;
        uint8_t expected[32];
        bm_digest digest;
        snprintf(path, sizeof path, "%s/%s", RULES, file->name);
        size_t size = read_file(path, &bytes);
        const bm_node *root = read_yaml(bytes, size);
        check_both_ways(root);
        const bm_node *guideline = bm_node_get(root, "guideline");
        const bm_node *examples = guideline ? bm_tree_take_out(&arena, root, "examples") : NULL;
        assert_same(root, unpacked((stream){file->tree, file->size}));
        assert_int_equal(examples != NULL, file->examples != NULL);
        if (examples != NULL) {
            assert_same(examples, unpacked((stream){file->examples, file->examples_size}));
        }
        assert_string_equal(file->guideline, guideline != NULL ? guideline->text : "");
        bm_digest_start(&digest);
        bm_digest_add(&digest, bytes, size);
        bm_digest_finish(&digest, expected);
        assert_memory_equal(file->digest, expected, sizeof expected);
        assert_true(i == 0 || strcmp(bm_embedded_files[i - 1].name, file->name) < 0);
    }
}

static bonemets_guidelines *load(const char *directory)
{
    bonemets_loader *loader;
    bonemets_guidelines *set;
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(directory != NULL ? bonemets_loader_add_path(loader, directory, err)
                                       : bonemets_loader_add_embedded(loader, NULL, err),
                     BONEMETS_OK);
    assert_int_equal(bonemets_loader_build(loader, &set, err), BONEMETS_OK);
    bonemets_loader_free(loader);
    return set;
}

static void both_forms_have_one_digest(void **state)
{
    (void)state;
    bonemets_guidelines *embedded = load(NULL), *files = load(RULES);
    const char *digest = bonemets_guidelines_str(embedded, BONEMETS_F_DIGEST);
    assert_non_null(digest);
    assert_int_equal(strlen(digest), 64);
    assert_string_equal(digest, bonemets_guidelines_str(files, BONEMETS_F_DIGEST));
    bonemets_guidelines_unref(embedded);
    bonemets_guidelines_unref(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(layouts_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deepest_tree_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(random_trees_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_behind_the_end_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(flipped_bytes_do_no_harm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(noise_does_no_harm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lack_of_memory_is_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_are_taken_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(embedded_trees_equal_their_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(both_forms_have_one_digest, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
