/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "program.h"

enum { LONGEST = 64 };

/* A name from a file or an argument must not steer the terminal. */
void print_plain(FILE *stream, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        const int c1 = at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0;
        if (*at < 0x20 || *at == 0x7f || c1) {
            fprintf(stream, "\\x%02x", at[c1]);
            at += c1;
        } else {
            putc(*at, stream);
        }
    }
}

void complain(const char *message, const char *name, const char *nearest)
{
    fprintf(stderr, "bonemets: %s '", message);
    print_plain(stderr, name);
    fputs("'", stderr);
    if (nearest) {
        fprintf(stderr, "; did you mean '%s'?", nearest);
    }
    fputs("\n", stderr);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Letters to insert, delete or replace. */
static int edit_distance(const char *a, const char *b)
{
    int row[LONGEST + 1];
    const int width = (int)strlen(b);
    if (width > LONGEST || strlen(a) > LONGEST) {
        return LONGEST;
    }
    for (int j = 0; j <= width; j++) {
        row[j] = j;
    }
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= width; j++) {
            const int replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = least(replaced, 1 + least(row[j], row[j - 1]));
        }
    }
    return row[width];
}

static char small(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static int begins(const char *text, const char *word)
{
    while (*word && small(*text) == small(*word)) {
        text++;
        word++;
    }
    return !*word;
}

const char *find_word(const char *text, const char *word)
{
    for (; *text; text++) {
        if (begins(text, word)) {
            return text;
        }
    }
    return NULL;
}

nearest_name search_for(const char *wanted)
{
    const int limit = 1 + (int)strlen(wanted) / 4;
    return (nearest_name){wanted, NULL, limit + 1};
}

/* A name that begins with what was wanted is as near as one letter, one that has it within as two. */
void offer(nearest_name *search, const char *name)
{
    enum { LONG_ENOUGH = 3 };
    const char *within =
        strlen(search->wanted) < LONG_ENOUGH ? NULL : find_word(name, search->wanted);
    const int edits = edit_distance(search->wanted, name);
    const int distance = within ? least(edits, within == name ? 1 : 2) : edits;
    if (distance < search->distance) {
        search->distance = distance;
        search->nearest = name;
    }
}
