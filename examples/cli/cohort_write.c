/* SPDX-License-Identifier: Apache-2.0 */
/* CSV out: fields as add_field() writes them, numbers with 15 digits or, where these read back as
 * another number, with 17; lines end in CR LF. */
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { LONGEST_NUMBER = 32 };

void write_names(text *to, const plan *of)
{
    add_word(to, "line");
    for (int i = 0; i < of->count; i++) {
        if (of->columns[i].kept) {
            add_word(to, ",");
            add_field(to, of->columns[i].name, strlen(of->columns[i].name));
        }
    }
    if (of->count_bad) {
        add_word(to, ",problems");
    }
    for (int64_t i = 0; i < of->answers.n_children; i++) {
        const char *name = of->answers.children[i]->name;
        add_word(to, ",");
        add_field(to, name, strlen(name));
    }
    add_word(to, "\r\n");
}

/* ---- words of the answers ---- */

/* The entries of a dictionary as fields, with the comma in front, or as they are where several stand
 * in a field; the last has no bytes. */
static text *list_words(const struct ArrowArray *dictionary, int fields, size_t *longest)
{
    const int32_t *ends = dictionary->buffers[1];
    const char *bytes = dictionary->buffers[2];
    text *words = calloc((size_t)dictionary->length + 1, sizeof *words);
    *longest = 1;
    for (int64_t i = 0; words && i < dictionary->length; i++) {
        const size_t length = (size_t)(ends[i + 1] - ends[i]);
        add_word(&words[i], fields ? "," : "");
        if (fields) {
            add_field(&words[i], bytes + ends[i], length);
        } else {
            add(&words[i], bytes + ends[i], length);
        }
        *longest = words[i].used > *longest ? words[i].used : *longest;
        if (words[i].failed) {
            return NULL;
        }
    }
    return words;
}

static int find_words(worker *by, const struct ArrowArray *answer)
{
    by->words = calloc((size_t)answer->n_children + 1, sizeof *by->words);
    by->row_room = 2 * LONGEST_NUMBER;
    for (int64_t i = 0; by->words && i < answer->n_children; i++) {
        size_t longest = LONGEST_NUMBER;
        const struct ArrowArray *from = answer->children[i];
        const int list = from->n_children > 0;
        const struct ArrowArray *words = list ? from->children[0]->dictionary : from->dictionary;
        if (words) {
            by->words[i] = list_words(words, !list, &longest);
            if (!by->words[i]) {
                return FAILED;
            }
        }
        if (list) {
            by->list_room = longest + 1 > by->list_room ? longest + 1 : by->list_room;
            longest = sizeof ",''";
        }
        by->row_room += longest;
    }
    return by->words ? DONE : FAILED;
}

/* ---- numbers ---- */

static char *put_whole(char *to, uint64_t x)
{
    char digits[24];
    int count = 0;
    do {
        digits[count++] = (char)('0' + x % 10);
        x /= 10;
    } while (x > 0);
    while (count > 0) {
        *to++ = digits[--count];
    }
    return to;
}

/* The shorter of two forms that reads back as the same number, with a point whatever the locale. */
char *put_number(char *to, double x)
{
    const int64_t whole = x > -1e15 && x < 1e15 ? (int64_t)x : 0;
    if (whole != 0 && !((double)whole < x) && !((double)whole > x)) {
        if (whole < 0) {
            *to++ = '-';
        }
        return put_whole(to, (uint64_t)(whole < 0 ? -whole : whole));
    }
    int length = snprintf(to, LONGEST_NUMBER, "%.15g", x);
    const double back = strtod(to, NULL);
    if (back < x || back > x) {
        length = snprintf(to, LONGEST_NUMBER, "%.17g", x);
    }
    for (int i = 0; i < length; i++) {
        to[i] = to[i] == ',' ? '.' : to[i];
    }
    return to + length;
}

/* ---- rows ---- */

static size_t room_of_row(const worker *by, const struct ArrowArray *answer, int row)
{
    size_t names = 0;
    for (int64_t i = 0; i < answer->n_children && row >= 0 && by->list_room > 0; i++) {
        const int32_t *ends =
            answer->children[i]->n_children ? answer->children[i]->buffers[1] : NULL;
        names += ends ? (size_t)(ends[row + 1] - ends[row]) : 0;
    }
    return by->row_room + names * by->list_room;
}

/* A field of several names is in quotes, since semicolons part them. */
static char *put_quote(char *to, int64_t names)
{
    if (names > 1) {
        *to++ = '"';
    }
    return to;
}

/* Names with semicolons between them. */
static char *put_list(const text *words, char *to, const struct ArrowArray *from, int64_t row)
{
    const int32_t *ends = from->buffers[1], *names = from->children[0]->buffers[1];
    *to++ = ',';
    to = put_quote(to, ends[row + 1] - ends[row]);
    for (int32_t n = ends[row]; n < ends[row + 1]; n++) {
        const text *word = &words[names[n]];
        if (n > ends[row]) {
            *to++ = ';';
        }
        memcpy(to, word->bytes, word->used);
        to += word->used;
    }
    return put_quote(to, ends[row + 1] - ends[row]);
}

static char *put_answer(const worker *by, char *to, int64_t i, const struct ArrowArray *from,
                        int64_t row)
{
    if (!is_valid(from->buffers[0], row)) {
        *to = ',';
        return to + 1;
    }
    if (from->n_children > 0) {
        return put_list(by->words[i], to, from, row);
    }
    if (from->dictionary) {
        const text *word = &by->words[i][((const int8_t *)from->buffers[1])[row]];
        memcpy(to, word->bytes, word->used);
        return to + word->used;
    }
    *to++ = ',';
    return put_number(to, ((const double *)from->buffers[1])[row]);
}

/* What is wrong with a line, in one field. */
static size_t add_problems(const worker *by, text *to, size_t from, int64_t line)
{
    const block *of = by->at;
    text all = {0};
    for (; from < of->problem_count && of->problems[from].line == line; from++) {
        const problem *one = &of->problems[from];
        add_word(&all, all.used ? "; " : "");
        if (one->column >= 0) {
            add_word(&all, by->plan->columns[one->column].name);
            add_word(&all, ": ");
        }
        add_word(&all, one->message);
    }
    add(to, ",", 1);
    if (all.used > 0) {
        add_field(to, all.bytes, all.used);
    }
    to->failed |= all.failed;
    free(all.bytes);
    return from;
}

void write_rows(worker *by, const struct ArrowArray *answer)
{
    text *to = &by->at->out;
    size_t kept = 0, told = 0;
    if (!by->words && find_words(by, answer)) {
        to->failed = 1;
        return;
    }
    for (int r = 0; r < by->record_count && make_room(to, by->row_room); r++) {
        const record *one = &by->records[r];
        to->used = (size_t)(put_whole(to->bytes + to->used, (uint64_t)one->line) - to->bytes);
        add(to, by->kept.bytes + kept, one->kept_end - kept);
        kept = one->kept_end;
        if (by->plan->count_bad) {
            told = add_problems(by, to, told, one->line);
        }
        if (!make_room(to, room_of_row(by, answer, one->row))) {
            return;
        }
        size_t length = 0;
        const char *own = one->row >= 0 ? own_answers(by, one->row, &length) : NULL;
        if (own) {
            add(to, own, length);
            add(to, "\r\n", 2);
            continue;
        }
        char *at = to->bytes + to->used;
        for (int64_t i = 0; i < answer->n_children; i++) {
            if (one->row >= 0) {
                at = put_answer(by, at, i, answer->children[i], one->row);
            } else {
                *at++ = ',';
            }
        }
        *at++ = '\r';
        *at++ = '\n';
        to->used = (size_t)(at - to->bytes);
    }
}
