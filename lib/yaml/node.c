/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "yaml/tree.h"

enum { LONGEST_KEY = 60, PATH_DEPTH = 64 };

const bm_node *bm_node_get(const bm_node *map, const char *key)
{
    if (map == NULL || map->kind != BM_MAP || key == NULL) {
        return NULL;
    }
    for (const bm_node *entry = map->first; entry != NULL; entry = entry->next) {
        if (strcmp(entry->key, key) == 0) {
            return entry;
        }
    }
    return NULL;
}

bool bm_node_is_null(const bm_node *node)
{
    return node->kind == BM_SCALAR && !node->quoted &&
           (node->length == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

static bool is_visible(const char *key)
{
    size_t length = 0;
    for (; key[length] != '\0'; length++) {
        if (key[length] <= ' ' || key[length] > '~' || length == LONGEST_KEY) {
            return false;
        }
    }
    return length > 0;
}

static void put_step(bm_text *path, const bm_node *node)
{
    if (node->key == NULL) {
        bm_put_format(path, "[%d]", node->number);
        return;
    }
    if (path->length > 0) {
        bm_put_char(path, '.');
    }
    bm_put_format(path, is_visible(node->key) ? "%s" : "%q", node->key);
}

bm_place bm_node_place(const char *file, const bm_node *node, char *buffer, size_t size)
{
    const bm_node *steps[PATH_DEPTH];
    int depth = 0;
    bm_text path;
    bm_text_init(&path, buffer, size);
    for (const bm_node *at = node; at->parent != NULL && depth < PATH_DEPTH; at = at->parent) {
        steps[depth++] = at;
    }
    while (depth > 0) {
        put_step(&path, steps[--depth]);
    }
    if (path.length >= size && size > 0) {
        buffer[bm_utf8_valid(buffer, size - 1)] = '\0';
    }
    return (bm_place){.file = file,
                      .line = node->line,
                      .column = node->column,
                      .path = path.length > 0 && size > 0 ? buffer : NULL};
}
