/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/fields.h"

#include <string.h>

#include "base/text.h"

enum { LONGEST_LIST = 400 };

static int count_fields(const bm_field *fields)
{
    int count = 0;
    while (fields[count].key != NULL) {
        count++;
    }
    return count;
}

static void list_keys(const bm_field *fields, char list[LONGEST_LIST])
{
    bm_text text;
    bm_text_init(&text, list, LONGEST_LIST);
    for (int i = 0; fields[i].key != NULL; i++) {
        bm_put_format(&text, i > 0 ? ", %s" : "%s", fields[i].key);
    }
}

static void refuse_key(bm_reader *reader, const bm_node *entry, const bm_field *fields,
                       const char *nearest)
{
    char list[LONGEST_LIST];
    if (nearest != NULL) {
        bm_reader_fail_key(reader, entry, "unknown key %q; did you mean %q?", entry->key, nearest);
        return;
    }
    list_keys(fields, list);
    bm_reader_fail_key(reader, entry, "unknown key %q; expected one of: %s", entry->key, list);
}

/* A key that is nearly a known one is taken for a slip even where any key may stand. */
static void read_other_keys(bm_reader *reader, const bm_node *map, const bm_field *fields,
                            void *target)
{
    int count = count_fields(fields);
    const bm_field *other = &fields[count];
    for (const bm_node *entry = map->first; entry != NULL; entry = entry->next) {
        if (bm_entry_find(fields, count, sizeof *fields, entry->key) >= 0) {
            continue;
        }
        const char *nearest = bm_entry_nearest(fields, count, sizeof *fields, entry->key);
        if (nearest != NULL || other->read == NULL) {
            refuse_key(reader, entry, fields, nearest);
        } else {
            other->read(reader, entry, (char *)target + other->offset);
        }
    }
}

bool bm_reader_missing(bm_reader *reader, const bm_node *map, const char *key)
{
    return bm_reader_fail(reader, map, "the key %q is missing", key);
}

static void read_field(bm_reader *reader, const bm_node *map, const bm_field *field, void *target)
{
    const bm_node *node = bm_node_get(map, field->key);
    if (node == NULL) {
        if (field->required) {
            bm_reader_missing(reader, map, field->key);
        }
    } else if (bm_node_is_null(node)) {
        bm_reader_fail(reader, node, "nothing stands behind %q; fill it in%s", field->key,
                       field->required ? "" : ", or leave the key out");
    } else {
        field->read(reader, node, (char *)target + field->offset);
    }
}

void bm_read_fields(bm_reader *reader, const bm_node *map, const bm_field *fields, void *target)
{
    if (map->kind != BM_MAP) {
        bm_reader_expected(reader, map, "a map");
        return;
    }
    read_other_keys(reader, map, fields, target);
    for (const bm_field *field = fields; field->key != NULL; field++) {
        if (bm_reader_stopped(reader)) {
            return;
        }
        read_field(reader, map, field, target);
    }
}

void *bm_read_entries(bm_reader *reader, const bm_node *node, bm_node_kind kind, size_t size,
                      int *count, bm_read_function *read)
{
    *count = 0;
    if (node->kind != kind) {
        bm_reader_expected(reader, node, kind == BM_MAP ? "a map" : "a list");
        return NULL;
    }
    char *array = bm_reader_array(reader, (size_t)node->count, size);
    if (array == NULL) {
        return NULL;
    }
    for (const bm_node *entry = node->first; entry != NULL; entry = entry->next) {
        if (bm_reader_stopped(reader)) {
            break;
        }
        read(reader, entry, array + (size_t)*count * size);
        (*count)++;
    }
    return array;
}

void bm_check_distinct(bm_reader *reader, const void *entries, int count, size_t size, size_t nodes)
{
    for (int i = 1; i < count; i++) {
        const char *entry = (const char *)entries + (size_t)i * size;
        const char *name = *(const char *const *)entry;
        int first = name != NULL ? bm_entry_find(entries, i, size, name) : -1;
        if (first < 0) {
            continue;
        }
        const char *other = (const char *)entries + (size_t)first * size;
        bm_reader_again(reader, *(const bm_node *const *)(entry + nodes), name,
                        *(const bm_node *const *)(other + nodes));
    }
}
