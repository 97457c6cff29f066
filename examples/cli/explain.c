/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "program.h"

typedef bonemets_status writer(const bonemets_guidelines *set, const char *id, int32_t format,
                               char *buf, size_t size, size_t *needed);

/* In memory of its own, or NULL. */
static char *write_text(writer *write, const bonemets_guidelines *set, const char *id,
                        int32_t format)
{
    size_t size = 0;
    write(set, id, format, NULL, 0, &size);
    char *text = size ? malloc(size) : NULL;
    if (text && write(set, id, format, text, size, NULL) != BONEMETS_OK) {
        free(text);
        return NULL;
    }
    return text;
}

static void suggest(const bonemets_guidelines *set, const arguments *options)
{
    const int guidelines = options->command == EXPLAIN;
    nearest_name search = search_for(options->words[0]);
    for (int32_t i = 0; guidelines && i < bonemets_guideline_count(set); i++) {
        offer(&search, bonemets_guideline_str(set, i, BONEMETS_F_ID));
    }
    for (int32_t i = 0; i < bonemets_fact_count(set); i++) {
        offer(&search, bonemets_fact_str(set, bonemets_fact_at(set, i), BONEMETS_F_ID));
    }
    complain(guidelines ? "there is no guideline, fact, row or note" : "there is no fact",
             options->words[0], search.nearest);
}

static int show(writer *write, const arguments *options)
{
    bonemets_guidelines *set = load_chosen_tables(options);
    const char *id = options->word_count > 0 ? options->words[0] : NULL;
    char *text = set ? write_text(write, set, id, options->format) : NULL;
    if (text) {
        fputs(text, stdout);
    } else if (set && id) {
        suggest(set, options);
    }
    const int status = text ? DONE : FAILED;
    free(text);
    bonemets_guidelines_unref(set);
    return status;
}

int explain(const arguments *options)
{
    return show(bonemets_explain, options);
}

int facts(const arguments *options)
{
    return show(bonemets_describe_facts, options);
}
