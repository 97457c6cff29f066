/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the oracle tests share: a set of tables, records that can be given to the library and
 * printed as a patient file, lists of words, and a generator of numbers of our own. The oracles
 * know the clinical sources and the public header, never the tables or the code they judge.
 */
#ifndef BONEMETS_TESTS_ORACLE_H
#define BONEMETS_TESTS_ORACLE_H

#include <bonemets/bonemets.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

enum {
    ORACLE_MAX_CODES = 40,
    ORACLE_MAX_ENTRIES = 64,
    ORACLE_MAX_KEYS = 96,
    ORACLE_MAX_WORDS = 128,
    ORACLE_TEXT = 16384
};

enum { ORACLE_NUMBER = 1, ORACLE_CODES, ORACLE_MEMBERS };

/* One fact of a record: a number, one or several options, or the members of a set. */
typedef struct {
    int kind;
    int32_t record;
    const char *key;
    const char *unit;
    double low, high;
    int n_codes, n_unknown;
    const char *codes[ORACLE_MAX_CODES];
    const char *unknown[ORACLE_MAX_CODES];
} oracle_entry;

/* A record; `yaml`, when it is not NULL, says all of it as text instead. */
typedef struct {
    const char *kind, *list;
    const char *yaml;
    int32_t n_records;
    int n_entries;
    oracle_entry entries[ORACLE_MAX_ENTRIES];
} oracle_case;

typedef struct {
    int n;
    const char *word[ORACLE_MAX_WORDS];
} oracle_words;

typedef struct {
    bonemets_guidelines *set;
    bonemets_patient *patient;
    bonemets_patient *reread;
    double scale;
    uint64_t random;
    int n_keys;
    const char *keys[ORACLE_MAX_KEYS];
    bonemets_fact facts[ORACLE_MAX_KEYS];
} oracle_session;

/* cmocka group fixtures; the state is an oracle_session. */
int oracle_setup(void **state);
/* The same with a single guideline and the vocabulary; NULL for all. */
int oracle_setup_one(void **state, const char *id);
int oracle_teardown(void **state);

/* How many of `full` to run: full times ORACLE_SCALE, at least 1. */
long oracle_count(const oracle_session *session, long full);
/* Whether to run one case of an enumeration: always at scale 1, else a share of them. */
bool oracle_keep(oracle_session *session);

uint64_t oracle_next(uint64_t *state);
int oracle_below(uint64_t *state, int n);
bool oracle_chance(uint64_t *state, int percent);

void oracle_case_clear(oracle_case *c, const char *kind, const char *list, int32_t n_records);
void oracle_add_number(oracle_case *c, int32_t record, const char *key, double low, double high,
                       const char *unit);
void oracle_add_code(oracle_case *c, int32_t record, const char *key, const char *code);
/* The options of `options` whose bits are set in `mask`. */
void oracle_add_mask(oracle_case *c, int32_t record, const char *key, const char *const *options,
                     uint64_t mask);
void oracle_add_members(oracle_case *c, int32_t record, const char *key, const char *const *options,
                        uint64_t present, uint64_t unknown);

/* The case as a patient file; returns `text`. */
const char *oracle_yaml(const oracle_case *c, char *text, size_t size);

bonemets_fact oracle_fact(oracle_session *session, const char *key);
/* Hands the case to the library through the setters (or as text) and assesses it. */
bonemets_assessment *oracle_assess(oracle_session *session, const oracle_case *c,
                                   const char *target);
/* Reads the case as a patient file and demands the same answer, byte for byte. */
void oracle_check_reread(oracle_session *session, const oracle_case *c, const char *target,
                         const bonemets_assessment *expected);

/* Prints the record, the expected and the actual, and fails the test. */
void oracle_mismatch(const oracle_case *c, const char *what, const char *expected,
                     const char *actual);
void oracle_check_int(const oracle_case *c, const char *what, long expected, long actual);
void oracle_check_num(const oracle_case *c, const char *what, double expected, double actual);
void oracle_check_str(const oracle_case *c, const char *what, const char *expected,
                      const char *actual);

void oracle_words_add(oracle_words *w, const char *word);
bool oracle_words_has(const oracle_words *w, const char *word);
const char *oracle_words_join(const oracle_words *w, char *text, size_t size);
/* Both lists hold the same words, in any order. */
void oracle_check_words(const oracle_case *c, const char *what, const oracle_words *expected,
                        const oracle_words *actual);
/* The words of a list within an entry: its id, else its code. */
oracle_words oracle_sub_words(const bonemets_assessment *a, int32_t list, int32_t i, int32_t sub);
/* Entry of a sub-list by id; -1 when there is none. */
int32_t oracle_sub_find(const bonemets_assessment *a, int32_t list, int32_t i, int32_t sub,
                        const char *id);
/* Entry of BONEMETS_RESULTS; fails the test when there is none. */
int32_t oracle_result(const oracle_case *c, const bonemets_assessment *a, const char *id,
                      bonemets_record record);

#endif
