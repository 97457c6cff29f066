/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/definitions.h"

#include "guideline/read_file.h"

bm_fact *bm_definitions_fact(const bm_definitions *definitions, const char *id)
{
    int index = bm_names_find(&definitions->fact_names, id);
    return index >= 0 ? &definitions->facts[index] : NULL;
}

int bm_definitions_kind(const bm_definitions *definitions, const char *id)
{
    return bm_entry_find(definitions->kinds, definitions->kind_count, sizeof *definitions->kinds,
                         id);
}

const bm_list *bm_guideline_list(const bm_guideline *guideline, const char *id)
{
    int i = bm_entry_find(guideline->lists, guideline->list_count, sizeof *guideline->lists, id);
    return i >= 0 ? &guideline->lists[i] : NULL;
}

const bm_scale *bm_definitions_scale(const bm_definitions *definitions, const char *id)
{
    int i = bm_entry_find(definitions->scales, definitions->scale_count,
                          sizeof *definitions->scales, id);
    return i >= 0 ? &definitions->scales[i] : NULL;
}

int bm_scale_rank(const bm_scale *scale, const char *member)
{
    return bm_entry_find(scale->members.items, scale->members.count, sizeof *scale->members.items,
                         member);
}

/* The patient always exists. */
static void start_kinds(bm_reader *reader, bm_definitions *definitions)
{
    if (definitions->kind_count > 0) {
        return;
    }
    bm_kind_def *kinds =
        bm_arena_grow(reader->arena, definitions->kinds, 0, &definitions->kind_room, sizeof *kinds);
    if (kinds == NULL) {
        bm_reader_lack_memory(reader);
        return;
    }
    kinds[0] = (bm_kind_def){.id = "patient", .label = "patient", .most = 1};
    definitions->kinds = kinds;
    definitions->kind_count = 1;
}

static void keep_file(bm_reader *reader, bm_definitions *definitions, const bm_file *file)
{
    const bm_file **files =
        bm_arena_grow(reader->arena, definitions->files, (size_t)definitions->file_count,
                      &definitions->file_room, sizeof *files);
    if (files == NULL) {
        bm_reader_lack_memory(reader);
        return;
    }
    files[definitions->file_count++] = file;
    definitions->files = files;
}

static void read_root(bm_reader *reader, const bm_node *root)
{
    bool vocabulary = bm_node_get(root, "vocabulary") != NULL;
    bool guideline = bm_node_get(root, "guideline") != NULL;
    if (vocabulary && guideline) {
        bm_reader_fail(reader, root,
                       "expected either 'vocabulary: NAME' or 'guideline: NAME', found both");
    } else if (vocabulary) {
        bm_read_vocabulary(reader, root);
    } else if (guideline) {
        bm_read_guideline(reader, root);
    } else {
        char shown[BM_SHOWN];
        bm_reader_fail(reader, root,
                       "expected 'vocabulary: NAME' or 'guideline: NAME' on top, found %s",
                       root->kind == BM_MAP ? "neither" : bm_node_show(root, shown));
    }
}

bonemets_status bm_definitions_read(bm_definitions *definitions, const bm_file *file,
                                    bonemets_error *err)
{
    bm_reader reader;
    bm_reader_start(&reader, definitions, err);
    reader.file = file;
    start_kinds(&reader, definitions);
    if (!bm_reader_stopped(&reader)) {
        keep_file(&reader, definitions, file);
    }
    if (!bm_reader_stopped(&reader)) {
        read_root(&reader, file->root);
    }
    return bm_reader_finish(&reader);
}

static bool is_in_scale(const bm_definitions *definitions, const char *id, const char *member)
{
    const bm_scale *scale = bm_definitions_scale(definitions, id);
    return scale != NULL && bm_scale_rank(scale, member) >= 0;
}

bool bm_row_is_flag(const bm_definitions *definitions, const bm_row_def *row)
{
    bool soon = row->within_h >= 0 && row->within_h <= definitions->red_flag_h;
    return is_in_scale(definitions, "red_flags", row->urgency) ||
           (soon && is_in_scale(definitions, "red_flags_by_limit", row->urgency));
}
