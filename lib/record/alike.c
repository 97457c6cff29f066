/* SPDX-License-Identifier: Apache-2.0 */
#include "record/alike.h"

#include <string.h>

enum { MOST_OFFERED = 6, LONGEST_WORD = 63, LONG_ENOUGH = 3, LONG_ENOUGH_FOR_LABELS = 4 };

/* From the most to the least alike. */
typedef enum { SAME, BEGINS_WITH, HAS_WORD, HAS_BEGINNING, IS_WORD_OF, LABEL, UNLIKE } likeness;

typedef struct {
    char word[LONGEST_WORD + 1]; /* in small letters, its words parted by _ */
    size_t length;
    struct {
        const char *name, *of; /* of: the fact whose option it is; NULL: it stands for itself */
        likeness how;
    } offers[MOST_OFFERED];
    int count;
} search;

static char small(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_letter(char c)
{
    return (small(c) >= 'a' && small(c) <= 'z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 128;
}

static bool begin(search *found, const char *word)
{
    size_t length = strlen(word);
    found->count = 0;
    found->length = length;
    for (size_t i = 0; i < length && i < LONGEST_WORD; i++) {
        found->word[i] = (char)(is_letter(word[i]) ? small(word[i]) : '_');
    }
    found->word[length < LONGEST_WORD ? length : LONGEST_WORD] = '\0';
    return length >= LONG_ENOUGH && length <= LONGEST_WORD;
}

/* Both as far as the shorter one goes, whatever stands between words. */
static bool matches(const char *text, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = (char)(is_letter(text[i]) ? small(text[i]) : '_');
        if (text[i] == '\0' || c != word[i]) {
            return false;
        }
    }
    return true;
}

/* Whether the word stands in the text between other words. */
static bool has_word(const char *text, const char *word, size_t length)
{
    for (size_t i = 0; text[i] != '\0'; i++) {
        if ((i == 0 || !is_letter(text[i - 1])) && matches(text + i, word, length) &&
            !is_letter(text[i + length])) {
            return true;
        }
    }
    return false;
}

static likeness compare(const search *found, const char *name, const char *label)
{
    size_t length = strlen(name);
    if (matches(name, found->word, found->length)) {
        char next = name[found->length];
        return next == '\0' ? SAME : is_letter(next) ? HAS_BEGINNING : BEGINS_WITH;
    }
    if (has_word(name, found->word, found->length)) {
        return HAS_WORD;
    }
    if (length >= LONG_ENOUGH_FOR_LABELS && has_word(found->word, name, length)) {
        return IS_WORD_OF;
    }
    bool named = label != NULL && found->length >= LONG_ENOUGH_FOR_LABELS &&
                 has_word(label, found->word, found->length);
    return named ? LABEL : UNLIKE;
}

/* Keeps the most alike, of equals the first. */
static void offer(search *found, const char *name, const char *of, likeness how)
{
    int at = found->count;
    while (at > 0 && found->offers[at - 1].how > how) {
        at--;
    }
    if (how == UNLIKE || at == MOST_OFFERED) {
        return;
    }
    int last = found->count < MOST_OFFERED ? found->count++ : MOST_OFFERED - 1;
    for (int i = last; i > at; i--) {
        found->offers[i] = found->offers[i - 1];
    }
    found->offers[at].name = name;
    found->offers[at].of = of;
    found->offers[at].how = how;
}

static void put_offers(bm_text *text, const search *found)
{
    bool same = found->count > 0 && found->offers[0].how == SAME && found->offers[0].of == NULL;
    int count = same ? 1 : found->count;
    for (int i = 0; i < count; i++) {
        bm_put(text, i == 0 ? "; did you mean " : i + 1 < count ? ", " : " or ");
        bm_put_format(text, "%q", found->offers[i].name);
        if (found->offers[i].of != NULL) {
            bm_put_format(text, " of %q", found->offers[i].of);
        }
    }
    bm_put(text, count > 0 ? "?" : "");
}

static void put_one(bm_text *text, const char *nearest)
{
    bm_put_format(text, "; did you mean %q?", nearest);
}

/* ---- facts ---- */

static bool is_entered(const bm_fact *fact)
{
    return fact->input >= 0 && !(fact->is_value && fact->no_supply);
}

static void offer_facts(search *found, const bm_definitions *definitions)
{
    for (int i = 0; i < definitions->fact_count; i++) {
        const bm_fact *fact = &definitions->facts[i];
        if (is_entered(fact)) {
            offer(found, fact->id, NULL, compare(found, fact->id, fact->label));
        }
    }
    for (int i = 1; i < definitions->kind_count; i++) {
        const char *list = definitions->kinds[i].list;
        offer(found, list, NULL, list != NULL ? compare(found, list, NULL) : UNLIKE);
    }
}

/* `bladder` is no fact, but an option of one has the word in it. */
static void offer_options_of_all(search *found, const bm_definitions *definitions)
{
    for (int i = 0; i < definitions->fact_count; i++) {
        const bm_fact *fact = &definitions->facts[i];
        const bm_codes *codes = is_entered(fact) && !fact->is_link ? fact->type.codes : NULL;
        for (int k = 0; codes != NULL && k < codes->count; k++) {
            likeness how = compare(found, codes->ids[k], NULL);
            offer(found, codes->ids[k], fact->id, how == IS_WORD_OF ? UNLIKE : how);
        }
    }
}

/* Lists of records are keys of a record too. */
static const char *nearest_key(const bm_definitions *definitions, const char *word)
{
    enum { MOST_APART = 2 };
    const char *nearest = bm_names_nearest(&definitions->fact_names, word);
    for (int kind = 1; kind < definitions->kind_count && nearest == NULL; kind++) {
        const char *list = definitions->kinds[kind].list;
        if (list != NULL && bm_edit_distance(list, word, MOST_APART) <= MOST_APART) {
            nearest = list;
        }
    }
    return nearest;
}

void bm_put_facts_alike(bm_text *text, const bm_definitions *definitions, const char *word)
{
    search found;
    const char *nearest = nearest_key(definitions, word);
    if (begin(&found, word)) {
        offer_facts(&found, definitions);
    }
    if (nearest != NULL && (found.count == 0 || found.offers[0].how > HAS_BEGINNING)) {
        put_one(text, nearest);
        return;
    }
    bool long_enough = found.length >= LONG_ENOUGH && found.length <= LONGEST_WORD;
    if (long_enough && (found.count == 0 || found.offers[0].how == LABEL)) {
        offer_options_of_all(&found, definitions);
    }
    put_offers(text, &found);
}

/* ---- options ---- */

/* Between short ones such as T13 and T1 there is nothing to guess. */
void bm_put_options_alike(bm_text *text, const bm_fact *fact, const char *word)
{
    search found;
    const bm_codes *codes = fact->type.codes;
    if (fact->type.base == BM_BOOL || fact->is_link || !begin(&found, word)) {
        return;
    }
    for (int i = 0; i < codes->count; i++) {
        offer(&found, codes->ids[i], NULL, compare(&found, codes->ids[i], codes->labels[i]));
    }
    const char *nearest =
        found.length < LONG_ENOUGH_FOR_LABELS ? NULL : bm_names_nearest(&codes->index, word);
    if (nearest != NULL && (found.count == 0 || found.offers[0].how > HAS_BEGINNING)) {
        put_one(text, codes->ids[bm_names_find(&codes->index, nearest)]);
        return;
    }
    put_offers(text, &found);
}
