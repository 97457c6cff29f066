/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a run, beside the draft of its output: how far it came, and digests by which a later
 * run knows that the tables, the options, what was read and what was written are the same. The state
 * is replaced at once, and only when the output behind it is on the disk. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cohort.h"

enum { VERSION = 2, TABLES_TEXT = 65, MOST_NUMBERS = 1 << 20 };

static void options_digest(const plan *of, char out[DIGEST_TEXT])
{
    const arguments *given = of->options;
    const char *const words[] = {given->score,   given->keep,   given->unknown,  given->delimiter,
                                 given->profile, given->others, given->on_error, given->patient};
    const int switches[] = {given->include_unverified,
                            given->with_restricted,
                            given->items,
                            given->missing,
                            (int)bonemets_version(),
                            VERSION};
    digest all = {0};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        digest_word(&all, words[i]);
    }
    digest_add(&all, switches, sizeof switches);
    char map[DIGEST_TEXT];
    digest_write(&of->map, map);
    digest_word(&all, map);
    digest_write(&all, out);
}

/* ---- writing ---- */

static void put_numbers(FILE *file, const char *name, const int64_t *numbers, size_t count)
{
    fprintf(file, "%s %zu", name, count);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, " %lld", (long long)numbers[i]);
    }
    putc('\n', file);
}

static size_t state_count(const plan *of)
{
    return (size_t)of->answers.n_children * STATES;
}

static size_t bad_count(const plan *of)
{
    return ((size_t)of->count + 1) * REASONS;
}

static void put_state(FILE *file, const plan *of, const progress *so_far, const block *behind)
{
    char options[DIGEST_TEXT], read[DIGEST_TEXT], written[DIGEST_TEXT];
    const int64_t counts[] = {so_far->rows,     so_far->by_columns,
                              so_far->left_out, so_far->first_left_out,
                              so_far->named,    behind->next_behind_left_out};
    options_digest(of, options);
    digest_write(&behind->read, read);
    digest_write(&so_far->output, written);
    fprintf(file, "bonemets-cohort-state %d\ntables %s\noptions %s\n", VERSION,
            bonemets_guidelines_str(of->set, BONEMETS_F_DIGEST), options);
    fprintf(file, "input %lld %lld %s\noutput %lld %s\n", (long long)behind->end,
            (long long)behind->next_line, read, (long long)so_far->written, written);
    put_numbers(file, "rows", counts, sizeof counts / sizeof *counts);
    put_numbers(file, "states", so_far->states, state_count(of));
    put_numbers(file, "bad", so_far->bad, bad_count(of));
    fputs("end\n", file);
}

int write_state(const plan *of, const char *path, const progress *so_far, const block *behind)
{
    char *draft = malloc(strlen(path) + sizeof ".new");
    FILE *file = draft ? fopen(strcat(strcpy(draft, path), ".new"), "wb") : NULL;
    int ok = file != NULL;
    if (file) {
        put_state(file, of, so_far, behind);
        ok = fflush(file) == 0 && fsync(fileno(file)) == 0 && !ferror(file);
        ok = fclose(file) == 0 && ok;
        ok = ok && rename(draft, path) == 0;
    }
    if (!ok) {
        complain("the state of the run cannot be written:", path, NULL);
    }
    free(draft);
    return ok ? DONE : FAILED;
}

/* ---- reading ---- */

enum { NUMBER_TEXT = 24 };

/* The whole text is a number. */
static int number_of(const char *digits, int64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoll(digits, &end, 10);
    return errno == 0 && end != digits && *end == '\0';
}

static int get_number(FILE *file, int64_t *number)
{
    char digits[NUMBER_TEXT];
    *number = 0;
    return fscanf(file, "%23s", digits) == 1 && number_of(digits, number);
}

static int get_numbers(FILE *file, const char *name, int64_t *numbers, size_t count)
{
    char word[16];
    int64_t there = 0;
    int ok = fscanf(file, "%15s", word) == 1 && strcmp(word, name) == 0 &&
             get_number(file, &there) && there == (int64_t)count;
    for (size_t i = 0; i < count && ok; i++) {
        ok = get_number(file, &numbers[i]);
    }
    return ok;
}

static int get_rest(FILE *file, const plan *of, progress *so_far)
{
    char word[8];
    int64_t counts[6];
    if (!get_numbers(file, "rows", counts, 6) ||
        !get_numbers(file, "states", so_far->states, state_count(of)) ||
        !get_numbers(file, "bad", so_far->bad, bad_count(of)) || fscanf(file, "%7s", word) != 1) {
        return 0;
    }
    so_far->rows = counts[0];
    so_far->by_columns = counts[1];
    so_far->left_out = counts[2];
    so_far->first_left_out = counts[3];
    so_far->named = counts[4];
    so_far->behind_left_out = counts[5];
    return strcmp(word, "end") == 0;
}

static int refuse(const char *why)
{
    fprintf(stderr, "bonemets: the run cannot go on: %s; start anew without --resume\n", why);
    return -1;
}

/* The draft holds what was written up to the state, and perhaps more. */
static int same_output(const char *path, int64_t written, const char *expected, progress *so_far)
{
    char bytes[1 << 14], found[DIGEST_TEXT];
    char *draft = malloc(strlen(path) + 1);
    FILE *file = NULL;
    if (draft) {
        strcpy(draft, path);
        *strrchr(draft, '.') = '\0'; /* OUT.part.state is the state of OUT.part */
        file = fopen(draft, "rb");
        free(draft);
    }
    int64_t left = written;
    while (file && left > 0) {
        const size_t want = left < (int64_t)sizeof bytes ? (size_t)left : sizeof bytes;
        const size_t got = fread(bytes, 1, want, file);
        digest_add(&so_far->output, bytes, got);
        left = got ? left - (int64_t)got : -1;
    }
    if (file) {
        fclose(file);
    }
    digest_write(&so_far->output, found);
    so_far->written = written;
    return file && left == 0 && strcmp(found, expected) == 0;
}

int read_state(const plan *of, const char *path, progress *so_far, int64_t *offset, int64_t *line,
               char input_digest[DIGEST_TEXT])
{
    char tables[TABLES_TEXT], options[DIGEST_TEXT], own[DIGEST_TEXT], written[DIGEST_TEXT];
    char texts[4][NUMBER_TEXT]; /* version, where the input and the output stand, the next line */
    int64_t version = 0, at = 0, next = 0, bytes = 0;
    FILE *file = fopen(path, "rb");
    if (!file) {
        return 0;
    }
    const int head =
        fscanf(file,
               "bonemets-cohort-state %23s tables %64s options %32s input %23s %23s %32s "
               "output %23s %32s",
               texts[0], tables, options, texts[1], texts[2], input_digest, texts[3], written);
    const int numbers = head == 8 && number_of(texts[0], &version) && number_of(texts[1], &at) &&
                        number_of(texts[2], &next) && number_of(texts[3], &bytes);
    options_digest(of, own);
    const char *why = !numbers || version != VERSION ? "its state is damaged" : NULL;
    if (!why && strcmp(tables, bonemets_guidelines_str(of->set, BONEMETS_F_DIGEST)) != 0) {
        why = "the tables are others than those it began with";
    }
    if (!why && strcmp(options, own) != 0) {
        why = "the options, the map or the program are others than those it began with";
    }
    if (!why && !get_rest(file, of, so_far)) {
        why = "its state is damaged, or the columns are others";
    }
    if (!why && !same_output(path, bytes, written, so_far)) {
        why = "what it has written was changed";
    }
    fclose(file);
    *offset = at;
    *line = next;
    return why ? refuse(why) : 1;
}
