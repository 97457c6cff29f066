/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/reader.h"

#include <string.h>

#include "base/text.h"

enum { LONGEST_PATH = 200, LONGEST_MESSAGE = 900, WORST_DISTANCE = 3 };

void bm_reader_start(bm_reader *reader, bm_definitions *definitions, bonemets_error *err)
{
    *reader = (bm_reader){
        .definitions = definitions, .arena = definitions->arena, .err = err, .choice = -1};
}

bonemets_status bm_reader_finish(bm_reader *reader)
{
    bm_place place = {.file = reader->file != NULL ? reader->file->name : NULL};
    if (reader->status == BONEMETS_E_MEMORY) {
        bm_fail(reader->err, BONEMETS_E_MEMORY, &place, "out of memory");
    }
    return reader->status;
}

void bm_reader_lack_memory(bm_reader *reader)
{
    reader->status = BONEMETS_E_MEMORY;
}

bool bm_reader_stopped(const bm_reader *reader)
{
    return reader->status == BONEMETS_E_MEMORY;
}

void bm_reader_failed(bm_reader *reader, bonemets_status status)
{
    if (reader->status == BONEMETS_OK) {
        reader->status = status;
    }
}

void *bm_reader_array(bm_reader *reader, size_t count, size_t size)
{
    void *array = bm_arena_array(reader->arena, count, size);
    if (array == NULL) {
        bm_reader_lack_memory(reader);
    }
    return array;
}

static const char *file_of(const bm_reader *reader, const bm_node *node)
{
    const bm_definitions *definitions = reader->definitions;
    while (node->parent != NULL) {
        node = node->parent;
    }
    for (int i = 0; i < definitions->file_count; i++) {
        if (definitions->files[i]->root == node || definitions->files[i]->examples == node) {
            return definitions->files[i]->name;
        }
    }
    return NULL;
}

bm_place bm_reader_place(const bm_reader *reader, const bm_node *node, char *path, size_t size)
{
    return bm_node_place(file_of(reader, node), node, path, size);
}

static void report(bm_reader *reader, const bm_node *node, bool at_key, const char *format,
                   va_list arguments)
{
    char path[LONGEST_PATH], message[LONGEST_MESSAGE];
    bm_text text;
    if (bm_reader_stopped(reader)) {
        return; /* what is half read would look like a mistake */
    }
    bm_text_init(&text, message, sizeof message);
    bm_put_format_list(&text, format, arguments);
    if (text.length >= sizeof message) {
        message[bm_utf8_valid(message, sizeof message - 1)] = '\0';
    }
    bm_place place = bm_reader_place(reader, node, path, sizeof path);
    if (at_key && node->key != NULL) {
        place.line = node->key_line;
        place.column = node->key_column;
    }
    bm_reader_failed(reader, bm_fail(reader->err, BONEMETS_E_RULE, &place, "%s", message));
}

bool bm_reader_fail(bm_reader *reader, const bm_node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(reader, node, false, format, arguments);
    va_end(arguments);
    return false;
}

bool bm_reader_fail_key(bm_reader *reader, const bm_node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(reader, node, true, format, arguments);
    va_end(arguments);
    return false;
}

bool bm_reader_expected(bm_reader *reader, const bm_node *node, const char *expected)
{
    char shown[BM_SHOWN];
    return bm_reader_fail(reader, node, "expected %s, found %s", expected,
                          bm_node_show(node, shown));
}

bool bm_reader_unknown(bm_reader *reader, const bm_node *node, const char *what, const char *name,
                       const char *nearest)
{
    if (nearest == NULL) {
        return bm_reader_fail(reader, node, "there is no %s %q", what, name);
    }
    return bm_reader_fail(reader, node, "there is no %s %q; did you mean %q?", what, name, nearest);
}

bool bm_reader_again(bm_reader *reader, const bm_node *node, const char *name, const bm_node *other)
{
    char where[BM_WHERE];
    return bm_reader_fail_key(reader, node, "%q is declared already, at %s", name,
                              bm_reader_where(reader, other, where));
}

const char *bm_reader_where(const bm_reader *reader, const bm_node *node, char where[BM_WHERE])
{
    bm_text text;
    const char *file = file_of(reader, node);
    bm_text_init(&text, where, BM_WHERE);
    bm_put_format(&text, "%s:%d:%d", file != NULL ? file : "?",
                  node->key != NULL ? node->key_line : node->line,
                  node->key != NULL ? node->key_column : node->column);
    return where;
}

const char *bm_node_show(const bm_node *node, char shown[BM_SHOWN])
{
    bm_text text;
    if (node->kind != BM_SCALAR) {
        return node->kind == BM_MAP ? "a map" : "a list";
    }
    if (bm_node_is_null(node)) {
        return "nothing";
    }
    bm_text_init(&text, shown, BM_SHOWN);
    bm_put_format(&text, "%q", node->text);
    return shown;
}

bool bm_node_is(const bm_node *node, const char *text)
{
    return node->kind == BM_SCALAR && strcmp(node->text, text) == 0;
}

static const char *name_at(const void *entries, int i, size_t size)
{
    return *(const char *const *)((const char *)entries + (size_t)i * size);
}

int bm_entry_find(const void *entries, int count, size_t size, const char *name)
{
    for (int i = 0; i < count; i++) {
        const char *known = name_at(entries, i, size);
        if (known != NULL && strcmp(known, name) == 0) {
            return i;
        }
    }
    return -1;
}

/* Short names differ by little from anything, so they must come closer. */
static int worthwhile_distance(size_t length)
{
    if (length < 2) {
        return 0;
    }
    return length < 6 ? 1 : length < 10 ? 2 : WORST_DISTANCE;
}

const char *bm_entry_nearest(const void *entries, int count, size_t size, const char *name)
{
    const char *nearest = NULL;
    int least = worthwhile_distance(strlen(name)) + 1;
    for (int i = 0; i < count; i++) {
        const char *known = name_at(entries, i, size);
        int distance = known != NULL ? bm_edit_distance(known, name, WORST_DISTANCE) : least;
        if (distance < least) {
            nearest = known;
            least = distance;
        }
    }
    return nearest;
}
