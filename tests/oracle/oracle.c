/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_errors(const bonemets_error *err)
{
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        const char *file = bonemets_error_str(err, i, BONEMETS_F_FILE);
        const char *message = bonemets_error_str(err, i, BONEMETS_F_MESSAGE);

        (void)fprintf(stderr, "%s:%d: %s\n", file ? file : "-",
                      (int)bonemets_error_int(err, i, BONEMETS_F_LINE), message ? message : "-");
    }
}

static bonemets_status add_below(bonemets_loader *loader, const char *directory, const char *below,
                                 const char *id, const char *ending, bonemets_error *err)
{
    char path[1024];

    (void)snprintf(path, sizeof path, "%s%s%s%s", directory, below, id, ending);
    return bonemets_loader_add_path(loader, path, err);
}

/* The vocabulary with one pathway, or everything when `id` is NULL. */
static bonemets_status add_tables(bonemets_loader *loader, const char *id, bonemets_error *err)
{
    const char *directory = getenv("BONEMETS_TEST_RULES");
    bonemets_status status;

    if (!directory)
        return bonemets_loader_add_embedded(loader, id, err);
    if (!id)
        return bonemets_loader_add_path(loader, directory, err);
    status = add_below(loader, directory, "/facts", "", "", err);
    if (status != BONEMETS_OK)
        return status;
    return add_below(loader, directory, "/pathways/", id, ".yaml", err);
}

static bonemets_guidelines *load(const char *id)
{
    bonemets_error *err = bonemets_error_new();
    bonemets_loader *loader = NULL;
    bonemets_guidelines *set = NULL;
    bonemets_status status = bonemets_loader_new(NULL, NULL, &loader);

    if (status == BONEMETS_OK)
        status = add_tables(loader, id, err);
    if (status == BONEMETS_OK)
        status = bonemets_loader_build(loader, &set, err);
    if (status != BONEMETS_OK) {
        (void)fprintf(stderr, "no tables: %s\n", bonemets_status_name(status));
        print_errors(err);
    }
    bonemets_loader_free(loader);
    bonemets_error_free(err);
    return set;
}

int oracle_setup_one(void **state, const char *id)
{
    oracle_session *session = calloc(1, sizeof *session);
    const char *scale = getenv("ORACLE_SCALE");

    *state = session;
    if (!session)
        return -1;
    session->scale = scale ? atof(scale) : 1.0;
    session->random = 0x5eed0fb0e3e75ULL;
    session->set = load(id);
    if (!session->set || bonemets_patient_new(session->set, &session->patient) != BONEMETS_OK ||
        bonemets_patient_new(session->set, &session->reread) != BONEMETS_OK)
        return -1;
    return 0;
}

int oracle_setup(void **state)
{
    return oracle_setup_one(state, NULL);
}

int oracle_teardown(void **state)
{
    oracle_session *session = *state;

    if (session) {
        bonemets_patient_free(session->patient);
        bonemets_patient_free(session->reread);
        bonemets_guidelines_unref(session->set);
    }
    free(session);
    return 0;
}

long oracle_count(const oracle_session *session, long full)
{
    double n = session->scale * (double)full;

    return n < 1.0 ? 1 : (long)n;
}

bool oracle_keep(oracle_session *session)
{
    if (session->scale >= 1.0)
        return true;
    return (double)(oracle_next(&session->random) >> 11) * 0x1p-53 < session->scale;
}

uint64_t oracle_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

int oracle_below(uint64_t *state, int n)
{
    return (int)((oracle_next(state) >> 33) % (uint64_t)n);
}

bool oracle_chance(uint64_t *state, int percent)
{
    return oracle_below(state, 100) < percent;
}

void oracle_case_clear(oracle_case *c, const char *kind, const char *list, int32_t n_records)
{
    c->kind = kind;
    c->list = list;
    c->yaml = NULL;
    c->n_records = n_records;
    c->n_entries = 0;
}

static oracle_entry *new_entry(oracle_case *c, int32_t record, const char *key, int kind)
{
    assert_true(c->n_entries < ORACLE_MAX_ENTRIES);
    oracle_entry *entry = &c->entries[c->n_entries++];

    entry->kind = kind;
    entry->record = record;
    entry->key = key;
    entry->unit = NULL;
    entry->n_codes = 0;
    entry->n_unknown = 0;
    return entry;
}

void oracle_add_number(oracle_case *c, int32_t record, const char *key, double low, double high,
                       const char *unit)
{
    oracle_entry *entry = new_entry(c, record, key, ORACLE_NUMBER);

    entry->low = low;
    entry->high = high;
    entry->unit = unit;
}

void oracle_add_code(oracle_case *c, int32_t record, const char *key, const char *code)
{
    oracle_entry *entry = new_entry(c, record, key, ORACLE_CODES);

    entry->codes[entry->n_codes++] = code;
}

static int pick(const char **to, const char *const *options, uint64_t mask)
{
    int n = 0;

    for (int i = 0; i < ORACLE_MAX_CODES; i++)
        if (mask >> i & 1)
            to[n++] = options[i];
    return n;
}

void oracle_add_mask(oracle_case *c, int32_t record, const char *key, const char *const *options,
                     uint64_t mask)
{
    oracle_entry *entry = new_entry(c, record, key, ORACLE_CODES);

    entry->n_codes = pick(entry->codes, options, mask);
}

void oracle_add_members(oracle_case *c, int32_t record, const char *key, const char *const *options,
                        uint64_t present, uint64_t unknown)
{
    oracle_entry *entry = new_entry(c, record, key, ORACLE_MEMBERS);

    entry->n_codes = pick(entry->codes, options, present);
    entry->n_unknown = pick(entry->unknown, options, unknown);
}

typedef struct {
    char *text;
    size_t size, used;
} writer;

static void put(writer *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (w->used < w->size) {
        int n = vsnprintf(w->text + w->used, w->size - w->used, format, args);

        w->used += n > 0 ? (size_t)n : 0;
    }
    va_end(args);
}

static void put_word(writer *w, const char *word)
{
    bool digit = word[0] >= '0' && word[0] <= '9';

    put(w, digit ? "'%s'" : "%s", word);
}

static void put_list(writer *w, const char *const *words, int n)
{
    put(w, "[");
    for (int i = 0; i < n; i++) {
        if (i > 0)
            put(w, ", ");
        put_word(w, words[i]);
    }
    put(w, "]");
}

static void put_number(writer *w, double value, const char *unit)
{
    put(w, "%.15g", value);
    if (unit)
        put(w, " %s", unit);
}

static void put_value(writer *w, const oracle_entry *entry)
{
    if (entry->kind == ORACLE_NUMBER && entry->low < entry->high) {
        put(w, "{from: ");
        put_number(w, entry->low, entry->unit);
        put(w, ", to: ");
        put_number(w, entry->high, entry->unit);
        put(w, "}");
    } else if (entry->kind == ORACLE_NUMBER) {
        put_number(w, entry->low, entry->unit);
    } else if (entry->kind == ORACLE_CODES && entry->n_codes == 1) {
        put_word(w, entry->codes[0]);
    } else if (entry->kind == ORACLE_CODES) {
        put(w, "{one_of: ");
        put_list(w, entry->codes, entry->n_codes);
        put(w, "}");
    } else if (entry->n_unknown == 0) {
        put_list(w, entry->codes, entry->n_codes);
    } else {
        put(w, "{present: ");
        put_list(w, entry->codes, entry->n_codes);
        put(w, ", unknown: ");
        put_list(w, entry->unknown, entry->n_unknown);
        put(w, "}");
    }
}

static void put_record(writer *w, const oracle_case *c, int32_t record)
{
    const char *separator = "";

    put(w, "  - {");
    for (int i = 0; i < c->n_entries; i++) {
        if (c->entries[i].record != record)
            continue;
        put(w, "%s%s: ", separator, c->entries[i].key);
        put_value(w, &c->entries[i]);
        separator = ", ";
    }
    put(w, "}\n");
}

const char *oracle_yaml(const oracle_case *c, char *text, size_t size)
{
    writer w = {text, size, 0};

    put(&w, "%s", c->yaml ? c->yaml : "");
    for (int i = 0; !c->yaml && i < c->n_entries; i++) {
        if (c->entries[i].record != 0)
            continue;
        put(&w, "%s: ", c->entries[i].key);
        put_value(&w, &c->entries[i]);
        put(&w, "\n");
    }
    if (!c->yaml && c->n_records > 0)
        put(&w, "%s:\n", c->list);
    for (int32_t r = 1; !c->yaml && r <= c->n_records; r++)
        put_record(&w, c, r);
    return text;
}

void oracle_mismatch(const oracle_case *c, const char *what, const char *expected,
                     const char *actual)
{
    char text[ORACLE_TEXT];

    (void)fprintf(stderr, "---\n%s---\n%s\n  expected: %s\n  actual:   %s\n",
                  c ? oracle_yaml(c, text, sizeof text) : "", what, expected ? expected : "(none)",
                  actual ? actual : "(none)");
    fail();
}

void oracle_check_int(const oracle_case *c, const char *what, long expected, long actual)
{
    char left[32], right[32];

    if (expected == actual)
        return;
    (void)snprintf(left, sizeof left, "%ld", expected);
    (void)snprintf(right, sizeof right, "%ld", actual);
    oracle_mismatch(c, what, left, right);
}

void oracle_check_num(const oracle_case *c, const char *what, double expected, double actual)
{
    char left[40], right[40];

    if (fabs(expected - actual) <= 1e-12)
        return;
    (void)snprintf(left, sizeof left, "%.17g", expected);
    (void)snprintf(right, sizeof right, "%.17g", actual);
    oracle_mismatch(c, what, left, right);
}

void oracle_check_str(const oracle_case *c, const char *what, const char *expected,
                      const char *actual)
{
    bool same = expected && actual ? strcmp(expected, actual) == 0 : expected == actual;

    if (!same)
        oracle_mismatch(c, what, expected, actual);
}

bonemets_fact oracle_fact(oracle_session *session, const char *key)
{
    for (int i = 0; i < session->n_keys; i++)
        if (session->keys[i] == key)
            return session->facts[i];
    bonemets_fact fact = bonemets_fact_find(session->set, key);

    if (fact <= 0)
        oracle_mismatch(NULL, key, "a fact of the vocabulary", "no such fact");
    if (session->n_keys < ORACLE_MAX_KEYS) {
        session->keys[session->n_keys] = key;
        session->facts[session->n_keys++] = fact;
    }
    return fact;
}

static bonemets_status set_entry(oracle_session *session, const oracle_entry *e,
                                 bonemets_error *err)
{
    bonemets_fact fact = oracle_fact(session, e->key);
    bonemets_patient *patient = session->patient;

    if (e->kind == ORACLE_NUMBER)
        return bonemets_patient_set_number(patient, e->record, fact, e->low, e->high, e->unit, err);
    if (e->kind == ORACLE_CODES)
        return bonemets_patient_set_codes(patient, e->record, fact, e->codes, e->n_codes, err);
    return bonemets_patient_set_members(patient, e->record, fact, e->codes, e->n_codes, e->unknown,
                                        e->n_unknown, err);
}

static void set_all(oracle_session *session, const oracle_case *c)
{
    bonemets_patient_reset(session->patient);
    for (int32_t r = 1; r <= c->n_records; r++) {
        bonemets_record record = 0;
        bonemets_status status = bonemets_patient_add_record(session->patient, c->kind, &record);

        oracle_check_int(c, "status of a new record", BONEMETS_OK, status);
        oracle_check_int(c, "number of a new record", r, record);
    }
    for (int i = 0; i < c->n_entries; i++) {
        bonemets_status status = set_entry(session, &c->entries[i], NULL);

        if (status == BONEMETS_OK)
            continue;
        bonemets_error *err = bonemets_error_new();

        (void)set_entry(session, &c->entries[i], err);
        print_errors(err);
        bonemets_error_free(err);
        oracle_mismatch(c, c->entries[i].key, "accepted", bonemets_status_name(status));
    }
}

static void read_all(const oracle_case *c, bonemets_patient *patient)
{
    char text[ORACLE_TEXT];
    bonemets_error *err = bonemets_error_new();
    const char *yaml = oracle_yaml(c, text, sizeof text);

    bonemets_patient_reset(patient);
    bonemets_status status = bonemets_patient_read(patient, "case", yaml, strlen(yaml), err);

    if (status != BONEMETS_OK)
        print_errors(err);
    bonemets_error_free(err);
    if (status != BONEMETS_OK)
        oracle_mismatch(c, "reading the record", "accepted", bonemets_status_name(status));
}

static bonemets_assessment *assess(const oracle_case *c, const bonemets_patient *patient,
                                   const char *target)
{
    bonemets_assessment *result = NULL;
    bonemets_status status = bonemets_assess(patient, target, &result, NULL);

    if (status != BONEMETS_OK || !result)
        oracle_mismatch(c, target ? target : "all guidelines", "assessed",
                        bonemets_status_name(status));
    return result;
}

bonemets_assessment *oracle_assess(oracle_session *session, const oracle_case *c,
                                   const char *target)
{
    if (c->yaml)
        read_all(c, session->patient);
    else
        set_all(session, c);
    return assess(c, session->patient, target);
}

static char *json(const oracle_case *c, const bonemets_assessment *a)
{
    size_t needed = 0;

    (void)bonemets_assessment_write(a, BONEMETS_FORMAT_JSON, NULL, 0, &needed);
    char *text = malloc(needed + 1);

    assert_non_null(text);
    oracle_check_int(c, "status of writing JSON", BONEMETS_OK,
                     bonemets_assessment_write(a, BONEMETS_FORMAT_JSON, text, needed, NULL));
    return text;
}

void oracle_check_reread(oracle_session *session, const oracle_case *c, const char *target,
                         const bonemets_assessment *expected)
{
    read_all(c, session->reread);
    bonemets_assessment *again = assess(c, session->reread, target);
    char *left = json(c, expected);
    char *right = json(c, again);

    oracle_check_str(c, "the same record read from text", left, right);
    free(left);
    free(right);
    bonemets_assessment_unref(again);
}

void oracle_words_add(oracle_words *w, const char *word)
{
    if (!word || oracle_words_has(w, word))
        return;
    assert_true(w->n < ORACLE_MAX_WORDS);
    w->word[w->n++] = word;
}

bool oracle_words_has(const oracle_words *w, const char *word)
{
    for (int i = 0; i < w->n; i++)
        if (strcmp(w->word[i], word) == 0)
            return true;
    return false;
}

const char *oracle_words_join(const oracle_words *w, char *text, size_t size)
{
    writer out = {text, size, 0};

    put(&out, "[");
    for (int i = 0; i < w->n; i++)
        put(&out, "%s%s", i > 0 ? ", " : "", w->word[i]);
    put(&out, "]");
    return text;
}

void oracle_check_words(const oracle_case *c, const char *what, const oracle_words *expected,
                        const oracle_words *actual)
{
    static char left[ORACLE_TEXT], right[ORACLE_TEXT];
    bool same = expected->n == actual->n;

    for (int i = 0; same && i < expected->n; i++)
        same = oracle_words_has(actual, expected->word[i]);
    if (!same)
        oracle_mismatch(c, what, oracle_words_join(expected, left, sizeof left),
                        oracle_words_join(actual, right, sizeof right));
}

oracle_words oracle_sub_words(const bonemets_assessment *a, int32_t list, int32_t i, int32_t sub)
{
    oracle_words words = {0};

    for (int32_t j = 0; j < bonemets_assessment_sub_count(a, list, i, sub); j++) {
        const char *word = bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_ID);

        oracle_words_add(
            &words, word ? word : bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_CODE));
    }
    return words;
}

int32_t oracle_sub_find(const bonemets_assessment *a, int32_t list, int32_t i, int32_t sub,
                        const char *id)
{
    for (int32_t j = 0; j < bonemets_assessment_sub_count(a, list, i, sub); j++) {
        const char *word = bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_ID);

        if (word && strcmp(word, id) == 0)
            return j;
    }
    return -1;
}

int32_t oracle_result(const oracle_case *c, const bonemets_assessment *a, const char *id,
                      bonemets_record record)
{
    int32_t i = bonemets_assessment_find(a, BONEMETS_RESULTS, id, record);

    if (i < 0)
        oracle_mismatch(c, id, "a result", "no such result");
    return i;
}
