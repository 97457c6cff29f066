/* SPDX-License-Identifier: Apache-2.0 */
/* What the files say, as they say it: the typed form of doc/guideline-language.md before anything
 * is looked up. Everything lives in the arena of the set. Texts are as written; expressions are
 * parsed but not compiled. Every definition keeps its node, so that later checks can say where. */
#ifndef BM_GUIDELINE_DEFINITIONS_H
#define BM_GUIDELINE_DEFINITIONS_H

#include "engine/program.h"
#include "language/syntax.h"
#include "yaml/tree.h"

/* A text list. */
typedef struct {
    const char **items;
    const bm_node **nodes;
    int count;
} bm_words;

/* A pair such as a scale member and its meaning, an alias and its option, a source and its key. */
typedef struct {
    const char *key;
    const char *value;
    const bm_node *node;
} bm_pair;

typedef struct {
    bm_pair *items;
    int count;
} bm_pairs;

/* An expression with its text, for explanations. */
typedef struct {
    const char *text;
    const bm_ex *ex; /* NULL: not given, or did not parse (reported) */
    const bm_node *node;
} bm_formula;

/* The trees are gone once a set is built: nodes of definitions serve messages until then. */
typedef struct bm_file {
    const char *name;
    const bm_node *root;
    const bm_node *examples; /* a map that holds them alone, when they are not in the root */
    const unsigned char *packed_examples; /* such a map for bm_packed_read; stays; NULL: none */
    size_t packed_size;
    const char *example_ids; /* `A, B`, when the examples are in neither tree */
} bm_file;

typedef enum {
    BM_FROM_NOWHERE, /* only ever supplied */
    BM_FROM_TABLE,
    BM_FROM_CASES,
    BM_FROM_VALUE,
    BM_GIVEN_BY    /* a score, an equation, or GUIDELINE.CHOICE */
} bm_origin;

typedef struct {
    bm_formula when; /* ex NULL: the `else` */
    bool ask;        /* `is: ask` */
    bm_formula is;   /* an option, number or expression */
    const char *text;
    const bm_node *node;
} bm_case;

typedef struct {
    const char *option; /* of the fact it is read from */
    bool ask;
    const char **options; /* CODE: the possible ones, usually one */
    int option_count;
    double number;        /* NUMBER */
    const bm_node *node;
} bm_table_row;

/* A fact or a value. */
typedef struct {
    const char *id, *label, *note, *basis, *source;
    const bm_file *file;
    const bm_node *node;
    const char *about; /* kind; NULL: patient */
    int kind;
    int precedence;    /* of its vocabulary in a list; 0: after all that have one */
    bm_type type;      /* filled by the reader, codes included */
    bool flag_type;    /* type: flag, shown with options no and yes */
    bm_words counted;   /* COUNT: words that may stand behind the number and change nothing */
    const bm_pairs *spellings; /* further spellings of units, of the whole vocabulary; NULL: none */
    bool unit_required; /* a number of a record without its unit is refused */
    double step;       /* COUNT: 0 none */
    bm_pairs aliases, refusals;
    bool setting, descriptive, now, is_value, no_supply, local;
    const char *default_option;
    bool is_link;        /* its members are numbers of the records that it belongs to, … */
    const char *link_to; /* … which are of this kind */
    /* values */
    bm_origin origin;
    const char *from;
    bm_table_row *table;
    int table_count;
    bm_case *cases;
    int case_count;
    bm_formula value;
    const char *given_by;
    double tolerance; /* NUMBER: what is entered may be off by that much from what is derived … */
    bool of_share;    /* … where 1 is as much as the number itself */
    bm_words only_entered; /* CODE: options that say more than any derivation can */
    /* filled when the program is built */
    int32_t input;   /* slot, -1 none */
    int32_t slot;    /* what readers read: the input of a fact, the supplied-or-derived of a value */
    int32_t applies; /* -1: always */
    int32_t derived, derived_applies; /* of a value that can be entered: what it is derived as; -1 */
    bool used;
} bm_fact;

typedef struct {
    const char *id, *label, *list;
    int most;
    const bm_node *node;
} bm_kind_def;

typedef struct {
    const char *id;
    bm_pairs members; /* in order */
    const bm_node *node;
} bm_scale;

typedef struct {
    const char *id;
    const char **units;
    double *sizes;
    int count;
    const bm_node *node;
} bm_unit_family;

typedef struct {
    const char *id, *label, *about;
    bm_words highest;
    const bm_node *node;
    const bm_file *file;
    int kind;
    int32_t index; /* in the program; -1 until built */
} bm_pick_def;

/* What a terminology calls a fact, or one or several of its options. */
typedef struct {
    const char *fact, *system, *code, *name, *unit, *note;
    bm_words options;
    const bm_node *node;
    const bm_fact *definition; /* filled when all files are read */
} bm_term;

typedef struct {
    const char *key, *cite, *doi, *url, *seen, *note;
    int year;
    const bm_node *node;
    int number; /* sources of the same key have the same, in whatever guideline they stand */
    int work;   /* the same for those of the same key and text */
} bm_source;

enum { BM_MOST_PRECEDENCE = 100 }; /* of a vocabulary, and one more */
enum { BM_MOST_SOURCES = 1 << 14 }; /* different ones */

typedef struct {
    const char *option;  /* code items: an option; NULL for a range or a case */
    bm_range range;
    bool is_range;
    bm_formula when;     /* cases; ex NULL: else */
    bool is_case;
    double points;
    const char *label;
    const char *text;    /* the key or condition as written */
    const bm_node *node;
} bm_points;

typedef struct {
    const char *id, *label, *of, *verified, *note;
    bm_points *points;
    int count;
    const bm_node *node;
    int32_t slot;  /* points, as a number */
    bm_cell blank; /* what it is when nothing is known */
} bm_item;

typedef struct {
    const char *id, *label, *meaning, *action;
    bm_range total;
    const char *text; /* `0..6` as written */
    const bm_node *node;
    bm_pairs more;    /* any further text keys, shown by explain: risk, survival, … */
} bm_band;

typedef struct {
    const char *id, *label, *direction, *note;
    const bm_file *file;
    const bm_node *node;
    bool has_range, has_cap;
    bool only_bands; /* the number is no more than the place of the band */
    double low, high, cap;
    bm_item *items;
    int item_count;
    bm_band *bands;
    int band_count;
    bm_codes band_codes;
    /* built */
    int32_t total, band, applies; /* slots; applies -1: always */
    int32_t sum, items_apply;     /* slots: what the items give, and whether they give anything */
    int32_t input;                /* where a total is entered, which wins; -1: nowhere */
    bm_cell blank;
} bm_score;

typedef struct {
    const char *id, *label, *note;
    const bm_node *node;
    bm_formula value;
    const char *unit;
    bool has_range;
    double low, high;
    int32_t slot, applies;
    bm_cell blank;
} bm_equation;

typedef struct {
    const char *choice;
    const char *value;
    const bm_node *node;
} bm_with;

/* When an outcome, or what rows add to a list, is not to be shown as advice. */
typedef struct {
    bm_formula when; /* ex NULL: never */
    int32_t slot;    /* -1: none */
} bm_ignore;

/* A list of names that rows add to, besides `do` and `warn`: referrals, tests, … */
typedef struct {
    const char *id, *label, *note;
    bm_ignore ignore;
    const bm_node *node;
} bm_list;

typedef struct {
    const char *list;
    bm_words words;
    const bm_node *node;
} bm_addition;

/* How many hours a limit has run, where the tables say when it starts. */
typedef struct {
    bm_formula hours;       /* ex NULL: they do not */
    int32_t slot, applies;  /* -1: none, always */
    double least, most;     /* that it can be */
    bm_cell blank;          /* what it is when nothing is known */
} bm_clock;

/* A row of a choice or of advice. */
typedef struct {
    const char *id;
    const char *of; /* the choice it is a row of; NULL: the one it stands under */
    bm_formula when;
    const char *choose; /* NULL: advice */
    bm_with *with;
    int with_count;
    bm_words actions, warnings, sources; /* do, warn, source */
    bm_addition *additions;              /* add */
    int addition_count;
    const char *urgency, *strength, *certainty, *verified, *because, *note;
    bool unproven;      /* no record was found in which it speaks */
    bm_place place;     /* as of its node, but for messages after loading */
    bool hard;          /* the facts that make it hold cannot all be true */
    int precedence;     /* where it is another than that of its guideline; 0: the same */
    int urgency_rank;   /* 0 most urgent; filled by the checks */
    double within_h;    /* negative: no limit */
    bm_clock clock;
    const bm_node *node;
    int choice;         /* of its guideline, -1 advice */
    int32_t row;        /* in the program */
} bm_row_def;

typedef struct {
    const char *id, *label, *note, *unit;
    bool is_text, optional;
    bm_codes codes;   /* options; for numbers and texts the outcomes that occur, in order */
    double *numbers;  /* of a choice with a unit: the number of each outcome */
    bm_clock clock;
    bm_ignore ignore;
    int first_row, row_count; /* that stand under it, in the guideline's rows */
    const bm_node *node;
    int32_t slot;
} bm_choice;

typedef struct {
    const char *id, *say, *source, *verified; /* source: all of them, `a, b` */
    const char *effect, *interval, *sample, *certainty; /* of a figure of evidence; may be NULL */
    bm_words sources;
    bm_formula when, alternative; /* ex NULL: none */
    const bm_node *node;
    int32_t when_slot, alternative_slot; /* -1: none */
} bm_note;

typedef struct {
    const char *id, *title, *note, *profile;
    const bm_node *given, *expect;
    double tolerance; /* 0: exact within 1e-9 */
    const bm_node *node;
} bm_example;

typedef struct {
    const char *fact;
    const bm_node *node;
    bm_words options; /* as written */
    bool is_list;
    bm_fact *definition; /* filled by the linker */
    bm_cell cell;
} bm_assumption;

/* Who owns the form of an instrument, on what terms, and whether a commercial product may use it. */
typedef struct {
    const char *owner, *terms, *commercial;
} bm_rights;

typedef struct {
    const char *id, *title, *about, *edition, *status, *status_reason, *verified, *verified_note;
    const char *purpose;
    bm_rights rights;
    const char *section; /* of a written assessment; NULL: among the others */
    const bm_file *file;
    const bm_node *node;
    int kind;
    int precedence; /* among guidelines: 1 goes before all others; 0: after all that have one */
    bool time_critical;
    bool off; /* not compiled: its status is off or restricted and nobody asked for it */
    bm_formula applies_when;
    bm_source *sources;
    int source_count;
    bm_assumption *assumptions;
    int assumption_count;
    bm_fact *values; /* local */
    int value_count;
    bm_score *scores;
    int score_count;
    bm_equation *equations;
    int equation_count;
    bm_choice *choices;
    int choice_count;
    bm_list *lists;
    int list_count;
    bm_row_def *rows; /* of all choices in order, then advice */
    int row_count;
    bm_note *notes;
    int note_count;
    bm_example *examples; /* only while the set is built; later bm_examples_read has them */
    int example_count;
    const char *example_ids; /* `A, B`; NULL: there are none */
    bm_pairs wording;
    int32_t applies; /* BOOL slot, -1: always */
    int first_unit, end_unit;
    bm_plan plan;       /* everything that assessing it needs */
    bm_plan notes_plan; /* what its notes need besides; run when somebody asks for them */
} bm_guideline;

/* All files together. */
typedef struct {
    bm_arena *arena;
    bool spare_facts; /* the vocabulary serves more tables than these: no warnings of unused facts */
    bool load_off; /* also take guidelines whose status is off; others keep id, title and reason */
    bool load_restricted; /* the same for those whose form has an owner */
    const bm_file **files; /* which file a node stands in, for messages */
    int file_count;
    const char *statement;
    const bm_node *red_flag_node; /* NULL: no limit makes a red flag */
    double red_flag_h;            /* rows with a limit up to this are red flags too; negative: none */
    bm_kind_def *kinds; /* from 1; 0 is the patient */
    int kind_count;
    bm_scale *scales;
    int scale_count;
    bm_unit_family *families;
    int family_count;
    bm_pairs spellings; /* of units: as it is written, the unit */
    bm_words *exclusive;
    int exclusive_count;
    bm_pick_def *picks;
    int pick_count;
    bm_term *terms;
    int term_count;
    bm_fact *facts; /* facts, then values, of all vocabularies in order */
    int fact_count;
    bm_names fact_names; /* index into facts */
    const bm_fact *now;  /* the instant at which the answer is asked for, or NULL */
    bm_guideline *guidelines;
    int guideline_count;
    bm_names guideline_names;
    /* growth of the arrays above while reading */
    size_t file_room, kind_room, scale_room, family_room, spelling_room, exclusive_room, pick_room, term_room, fact_room,
        guideline_room;
} bm_definitions;

/* Reads one parsed file into the definitions; everything wrong in it is reported. The file must
 * live as long as they do. Unit families, kinds and scales of other files may come later: what
 * crosses files is checked by bm_definitions_complete. */
bonemets_status bm_definitions_read(bm_definitions *definitions, const bm_file *file,
                                    bonemets_error *err);

/* After all files: resolves `about` to kinds, units of facts to their families (bm_type.units with
 * the canonical unit first, its factor 1), defaults of settings; checks that ids are unique over
 * all files, that members of scales exist, that sources are declared in their guideline, that
 * options in tables and points exist, that every option has its row or points. Turns `within`
 * into hours through the family that holds `h`. */
bonemets_status bm_definitions_complete(bm_definitions *definitions, bonemets_error *err);

/* The examples of a set that is built, again: trees and structs in `arena`. */
bonemets_status bm_examples_read(const bm_guideline *guideline, bm_arena *arena,
                                 const bm_example **out, int *count, bonemets_error *err);

bm_fact *bm_definitions_fact(const bm_definitions *definitions, const char *id);
int bm_definitions_kind(const bm_definitions *definitions, const char *id); /* -1: none */
const bm_scale *bm_definitions_scale(const bm_definitions *definitions, const char *id);
const bm_list *bm_guideline_list(const bm_guideline *guideline, const char *id); /* NULL: none */
/* Does a row stand at the head of a written assessment, by its urgency or its limit? */
bool bm_row_is_flag(const bm_definitions *definitions, const bm_row_def *row);
/* Position in a scale, -1: no member. */
int bm_scale_rank(const bm_scale *scale, const char *member);

#endif
