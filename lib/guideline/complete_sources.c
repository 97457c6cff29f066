/* SPDX-License-Identifier: Apache-2.0 */
/* Several guidelines may cite one work: writers tell by these numbers which sources an answer names
 * and which of them are the same. */
#include <string.h>

#include "base/names.h"
#include "guideline/complete.h"

typedef struct {
    bm_names keys;            /* -> number */
    const bm_source **latest; /* of each number */
    int numbers, works;
} numbering;

/* The work of an earlier source of the same key and text, or a new one. Few share a key, so all
 * earlier ones of the guidelines are not worth an index of their own. */
static int work_of(const bm_definitions *definitions, const bm_source *source, numbering *all)
{
    const bm_source *latest = all->latest[source->number];
    if (latest == NULL) {
        return all->works++;
    }
    if (strcmp(latest->cite, source->cite) == 0) {
        return latest->work;
    }
    for (int g = 0; g < definitions->guideline_count; g++) {
        const bm_guideline *guideline = &definitions->guidelines[g];
        for (int i = 0; i < guideline->source_count; i++) {
            const bm_source *other = &guideline->sources[i];
            if (other == source) {
                return all->works++;
            }
            if (other->number == source->number && strcmp(other->cite, source->cite) == 0) {
                return other->work;
            }
        }
    }
    return all->works++;
}

static void number_source(bm_reader *reader, bm_source *source, numbering *all)
{
    int number = bm_names_find(&all->keys, source->key);
    if (number < 0) {
        number = all->numbers++;
        if (!bm_names_add(&all->keys, source->key, number)) {
            bm_reader_lack_memory(reader);
            return;
        }
    }
    source->number = number;
    source->work = work_of(reader->definitions, source, all);
    all->latest[number] = source;
    if (all->works == BM_MOST_SOURCES) {
        bm_reader_fail(reader, source->node, "there are more than %d different sources",
                       (int)BM_MOST_SOURCES - 1);
    }
}

void bm_complete_sources(bm_reader *reader)
{
    bm_definitions *definitions = reader->definitions;
    size_t count = 1;
    numbering all = {.numbers = 0};
    bm_names_init(&all.keys, reader->arena);
    for (int g = 0; g < definitions->guideline_count; g++) {
        count += (size_t)definitions->guidelines[g].source_count;
    }
    all.latest = bm_reader_array(reader, count, sizeof *all.latest);
    for (int g = 0; g < definitions->guideline_count; g++) {
        bm_guideline *guideline = &definitions->guidelines[g];
        for (int i = 0; i < guideline->source_count && !bm_reader_stopped(reader); i++) {
            if (guideline->sources[i].key != NULL && guideline->sources[i].cite != NULL) {
                number_source(reader, &guideline->sources[i], &all);
            }
        }
    }
}
