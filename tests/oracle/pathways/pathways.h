/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second implementation of the pathways: tables of rows in a flat form of their own, read from
 * the top to the bottom, over records made at random.
 *
 * A table is a text file:
 *
 *   pathway ID about KIND [with lesion]
 *   input NAME SCOPE TYPE [UNIT] [assumed VALUE] [absent PERCENT] [always] [if EXPRESSION] : VALUES
 *   let NAME : EXPRESSION
 *   bound NAME : EXPRESSION
 *   ROW | EXPRESSION | KEY = VALUE; LIST += TOKEN, TOKEN | URGENCY / HOURS
 *
 * The scope is `patient` or `lesion`, of which the record then holds one. The types are flag, code,
 * number and set. A value that stands twice is drawn twice as often. `absent`: left out of so many
 * complete records, for rows that ask what is missing. `always`: never left out. `if`: given only
 * where the expression holds, otherwise it does not apply. `bound`: what other facts of the record
 * say about an input that is left out. The lists `do` and `warn` are those of the library. A key
 * whose value begins with `@` holds a text; the row that sets it is compared, not the words.
 */
#ifndef BONEMETS_TESTS_ORACLE_PATHWAYS_H
#define BONEMETS_TESTS_ORACLE_PATHWAYS_H

#include "../oracle.h"

enum {
    PW_INPUTS = 64,
    PW_VALUES = 48,
    PW_LETS = 32,
    PW_KEYS = 24,
    PW_LISTS = 8,
    PW_ROWS = 96,
    PW_SETS = 6,
    PW_TOKENS = 12,
    PW_NODES = 4096,
    PW_WORDS = 1024,
    PW_ITEMS = 16
};

typedef enum { PW_UNKNOWN, PW_INAPPLICABLE, PW_TRUTH, PW_NUMBER, PW_WORD, PW_SET } pw_kind;

typedef struct {
    pw_kind kind;
    int word; /* of a word its number, of a truth 0 or 1 */
    double number;
    uint64_t members;
} pw_value;

typedef enum { PW_NO, PW_YES, PW_MAYBE } pw_truth;

typedef enum {
    PW_IS_VALUE,
    PW_IS_INPUT,
    PW_IS_LET,
    PW_IS_OUT,
    PW_IS_NOT,
    PW_IS_AND,
    PW_IS_OR,
    PW_IS_COMPARED,
    PW_IS_IN,
    PW_IS_HAS,
    PW_IS_COUNT,
    PW_IS_MISSING,
    PW_IS_SUM
} pw_operation;

typedef struct {
    pw_operation operation;
    char sign[3];
    int left, right; /* nodes, or the number of an input, let or key */
    pw_value value;
    int n_items;
    int items[PW_ITEMS];
} pw_node;

typedef enum { PW_FLAG, PW_CODE, PW_COUNTED, PW_MEMBERS } pw_type;

typedef struct {
    const char *name;
    bool of_record;
    pw_type type;
    const char *unit; /* NULL for a plain count */
    int assumed;      /* number of a word, -1 none */
    int absent;       /* percent */
    bool always;
    bool asked;           /* some row asks whether it is missing */
    int condition, bound; /* nodes, -1 none */
    int n_options;        /* the different values */
    const char *options[PW_VALUES];
    int words[PW_VALUES];
    double numbers[PW_VALUES];
    int n_draws; /* positions in options */
    int draws[PW_VALUES];
} pw_input;

typedef struct {
    const char *name;
    bool text;
    bool wide; /* the outcome is a number in the library */
} pw_key;

typedef struct {
    const char *id;
    int condition;
    int n_sets;
    struct {
        int key, word;
    } sets[PW_SETS]; /* the first one leads */
    int n_tokens[PW_LISTS];
    const char *tokens[PW_LISTS][PW_TOKENS];
    int urgency;
    double within; /* hours, -1 none */
} pw_row;

enum { PW_DO, PW_WARN }; /* the first two lists */

typedef struct {
    const char *id, *about;
    bool has_lesion; /* the record holds one */
    const char *file;
    int line;
    int n_words, n_nodes, n_inputs, n_lets, n_keys, n_lists, n_rows;
    const char *words[PW_WORDS];
    pw_node nodes[PW_NODES];
    pw_input inputs[PW_INPUTS];
    struct {
        const char *name;
        int node;
    } lets[PW_LETS];
    pw_key keys[PW_KEYS];
    const char *lists[PW_LISTS];
    pw_row rows[PW_ROWS];
} pw_table;

typedef struct {
    pw_value inputs[PW_INPUTS];
} pw_record;

enum { PW_IDLE, PW_WAITS, PW_SPEAKS, PW_SUPERSEDED };
enum { PW_NONE = 5, PW_NO_URGENCY };
enum { PW_SEVERAL = -1 };

typedef struct {
    int word[PW_KEYS]; /* -1 unset */
    int row[PW_KEYS];
    int doubt[PW_KEYS]; /* what is missing may set it: 1 + the word, or several; 0 decided */
    int state[PW_ROWS];
    int urgency; /* PW_NO_URGENCY when no row speaks */
    double within;
    bool open; /* some row waits */
} pw_outcome;

/* What the library is told: some inputs left out, some known in part. */
typedef struct {
    bool absent[PW_INPUTS];
    uint64_t mask[PW_INPUTS], unknown[PW_INPUTS]; /* options */
    double low[PW_INPUTS], high[PW_INPUTS];
} pw_view;

/* table.c */
pw_table *pw_read(const char *file);
void pw_free(pw_table *table);
/* Prints file, line and message, and fails. */
_Noreturn void pw_refuse(const pw_table *table, const char *message, const char *what);
int pw_word(pw_table *table, const char *text, size_t size);
int pw_find_input(const pw_table *table, const char *name);
int pw_find_let(const pw_table *table, const char *name);
int pw_find_key(const pw_table *table, const char *name);
int pw_find_row(const pw_table *table, const char *id);
int pw_urgency(const char *name);
const char *pw_urgency_name(int urgency);

/* parse.c: an expression as a node */
int pw_parse(pw_table *table, const char *text);

/* interpret.c */
pw_outcome pw_interpret(const pw_table *table, const pw_record *record);
pw_truth pw_holds(const pw_table *table, int node, const pw_record *record);

/* record.c */
pw_record pw_random_record(const pw_table *table, uint64_t *random);
/* Leaves out what rows ask for, in some records. */
void pw_leave_out(const pw_table *table, uint64_t *random, pw_record *record);
pw_view pw_complete_view(const pw_table *table, const pw_record *record);
pw_view pw_random_view(const pw_table *table, uint64_t *random, const pw_record *record);
/* A record that the view allows; false when none was found that keeps the bounds. */
bool pw_completion(const pw_table *table, uint64_t *random, const pw_view *view,
                   const pw_record *truth, pw_record *record);
void pw_fill(oracle_case *c, const pw_table *table, const pw_view *view);

#endif
