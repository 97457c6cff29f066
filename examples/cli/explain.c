/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    complain(guidelines ? "there is no guideline, fact, row, note or source" : "there is no fact",
             options->words[0], search.nearest);
}

/* The same id in small letters or capitals, such as `SINS` or `mscc-01`. */
static char *write_in_other_letters(writer *write, const bonemets_guidelines *set, const char *id,
                                    int32_t format)
{
    char other[128], *text = NULL;
    const size_t length = strlen(id);
    for (int capitals = 0; capitals < 2 && !text && length < sizeof other; capitals++) {
        for (size_t i = 0; i <= length; i++) {
            other[i] = capitals && id[i] >= 'a' && id[i] <= 'z'    ? (char)(id[i] - 'a' + 'A')
                       : !capitals && id[i] >= 'A' && id[i] <= 'Z' ? (char)(id[i] - 'A' + 'a')
                                                                   : id[i];
        }
        text = write_text(write, set, other, format);
    }
    return text;
}

/* ---- what a word is in ---- */

static void print_found(int *count, const char *title, const char *id, const char *label)
{
    if (!(*count)++) {
        printf("%s\n", title);
    }
    printf("  %-32s %s\n", id, label ? label : "");
}

static int has(const char *text, const char *word)
{
    return text && find_word(text, word);
}

/* The first option that has the word; NULL: none. */
static const char *option_with(const bonemets_guidelines *set, bonemets_fact fact, const char *word)
{
    for (int32_t i = 0; i < bonemets_fact_option_count(set, fact); i++) {
        const char *id = bonemets_fact_option_str(set, fact, i, BONEMETS_F_ID);
        if (has(id, word) || has(bonemets_fact_option_str(set, fact, i, BONEMETS_F_LABEL), word)) {
            return id;
        }
    }
    return NULL;
}

static int list_facts(const bonemets_guidelines *set, const char *word)
{
    int named = 0, options = 0;
    for (int32_t i = 0; i < bonemets_fact_count(set); i++) {
        const bonemets_fact fact = bonemets_fact_at(set, i);
        const char *id = bonemets_fact_str(set, fact, BONEMETS_F_ID);
        const char *label = bonemets_fact_str(set, fact, BONEMETS_F_LABEL);
        if (has(id, word) || has(label, word)) {
            print_found(&named, "Facts and values", id, label);
        }
    }
    for (int32_t i = 0; i < bonemets_fact_count(set); i++) {
        const bonemets_fact fact = bonemets_fact_at(set, i);
        const char *option = option_with(set, fact, word);
        if (option) {
            print_found(&options, "Facts with such an option",
                        bonemets_fact_str(set, fact, BONEMETS_F_ID), option);
        }
    }
    return named + options;
}

static int list_guidelines(const bonemets_guidelines *set, const char *word)
{
    int titles = 0, texts = 0;
    for (int32_t i = 0; i < bonemets_guideline_count(set); i++) {
        const char *id = bonemets_guideline_str(set, i, BONEMETS_F_ID);
        const char *title = bonemets_guideline_str(set, i, BONEMETS_F_TITLE);
        if (has(id, word) || has(title, word)) {
            print_found(&titles, "Guidelines", id, title);
        }
    }
    for (int32_t i = 0; i < bonemets_guideline_count(set); i++) {
        const char *id = bonemets_guideline_str(set, i, BONEMETS_F_ID);
        const char *title = bonemets_guideline_str(set, i, BONEMETS_F_TITLE);
        char *text = write_text(bonemets_explain, set, id, BONEMETS_FORMAT_TEXT);
        if (has(text, word) && !has(id, word) && !has(title, word)) {
            print_found(&texts, "Guidelines with the word in their text", id, title);
        }
        free(text);
    }
    return titles + texts;
}

/* 0 when the word is nowhere. */
static int list_all_with(const bonemets_guidelines *set, const arguments *options)
{
    enum { LONG_ENOUGH = 3 };
    const char *word = options->words[0];
    if (strlen(word) < LONG_ENOUGH || options->format != BONEMETS_FORMAT_TEXT) {
        return 0;
    }
    const int guidelines = options->command == EXPLAIN ? list_guidelines(set, word) : 0;
    return guidelines + list_facts(set, word);
}

static int show(writer *write, const arguments *options)
{
    bonemets_guidelines *set = load_chosen_tables(options);
    const char *id = options->word_count > 0 ? options->words[0] : NULL;
    char *text = set ? write_text(write, set, id, options->format) : NULL;
    if (set && id && !text) {
        text = write_in_other_letters(write, set, id, options->format);
    }
    int status = text ? DONE : FAILED;
    if (text) {
        fputs(text, stdout);
    } else if (set && id && list_all_with(set, options)) {
        status = DONE;
    } else if (set && id) {
        suggest(set, options);
    }
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
