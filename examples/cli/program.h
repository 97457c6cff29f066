/* SPDX-License-Identifier: Apache-2.0 */
/* The program `bonemets`. It uses the library as any embedder does: the public header and the C
 * library, nothing else. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <bonemets/bonemets.h>
#include <stdio.h>

/* Exit status. */
enum { DONE = 0, FAILED = 1, WRONG_USAGE = 2 };

/* ---- options.c ---- */

typedef enum { ASSESS = 1, CHECK = 2, EXPLAIN = 4, FACTS = 8, COHORT = 16 } command;

typedef struct {
    command command;
    const char *guideline, *format_name, *rules, *add, *profile, *now, *what_if, *next_name;
    const char *score, *output, *map, *others, *on_error, *keep, *unknown, *delimiter; /* of cohort */
    const char *patient, *threads_name;
    int resume, threads; /* how many threads, 0: as many as there are processors */
    int items, missing;
    int full, include_unverified, with_restricted, help, version;
    int32_t format, next; /* how many questions, 0: none */
    const char **words; /* what is no option, in order */
    int word_count;
} arguments;

/* Sorts the arguments in place. 0, or WRONG_USAGE after saying why. */
int read_options(int argc, char **argv, arguments *out);
void print_help(const arguments *options);

/* ---- tables.c ---- */

enum { WITH_UNVERIFIED = 1, WITH_RESTRICTED = 2, WITH_EMBEDDED = 4 };

/* The tables of the paths, beside the embedded ones when that is wanted; those alone when there is
 * no path. NULL after a failure, which is in err; warnings are there too. */
bonemets_guidelines *load_tables(const char *const *paths, int count, int more,
                                 bonemets_error *err);
/* The same for --rules, --add and the switches, and prints what is in err. */
bonemets_guidelines *load_chosen_tables(const arguments *options);
/* Prints every entry as `file:line:column: key path: message`, errors first. Returns how many these
 * are. */
int print_errors(const bonemets_error *err);

/* ---- files.c ---- */

typedef struct {
    char *bytes;
    size_t size;
} contents;

/* Reads a file, or standard input for `-`, but no more than bonemets accepts and one byte, so that
 * a huge one is refused at once. 0 after saying why not. Free the bytes. */
int read_file(const char *path, contents *out);
/* How a file is called in messages. */
const char *file_name(const char *path);

/* ---- words.c ---- */

/* Prints text that came from outside, with its control characters made visible. */
void print_plain(FILE *stream, const char *text);
/* `bonemets: MESSAGE 'name'`, and the nearest known name if one is near. */
void complain(const char *message, const char *name, const char *nearest);

/* Keeps the nearest of the names offered to it. */
typedef struct {
    const char *wanted, *nearest;
    int distance;
} nearest_name;

nearest_name search_for(const char *wanted);
void offer(nearest_name *search, const char *name);
/* Where the word, or part of a word, stands in a text, whatever its capitals; NULL: nowhere. */
const char *find_word(const char *text, const char *word);

/* ---- outlook.c ---- */

/* What --what-if or --next asks for, in memory of its own. NULL after a failure; *said is 1 when it
 * was told already. */
char *report_outlook(const bonemets_assessment *result, const arguments *options,
                     bonemets_error *err, int *said);

/* ---- commands ---- */

int assess(const arguments *options);
int cohort(const arguments *options);
int check(const arguments *options);
int explain(const arguments *options);
int facts(const arguments *options);

#endif
