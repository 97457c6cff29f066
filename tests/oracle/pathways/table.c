/* SPDX-License-Identifier: Apache-2.0 */
/* Tables from their files. */
#include "pathways.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 4096, SHORT = 160 };

static const char *const urgencies[] = {"immediate", "emergency", "urgent",
                                        "soon",      "routine",   "none"};

_Noreturn void pw_refuse(const pw_table *table, const char *message, const char *what)
{
    (void)fprintf(stderr, "%s:%d: %s %s\n", table->file, table->line, message, what);
    exit(1);
}

int pw_word(pw_table *table, const char *text, size_t size)
{
    for (int i = 0; i < table->n_words; i++)
        if (strlen(table->words[i]) == size && memcmp(table->words[i], text, size) == 0)
            return i;
    if (table->n_words == PW_WORDS)
        pw_refuse(table, "too many words", "");
    char *copy = malloc(size + 1);

    if (!copy)
        abort();
    memcpy(copy, text, size);
    copy[size] = '\0';
    table->words[table->n_words] = copy;
    return table->n_words++;
}

static int word(pw_table *table, const char *text)
{
    return pw_word(table, text, strlen(text));
}

static const char *text_of(pw_table *table, const char *text)
{
    return table->words[word(table, text)];
}

int pw_find_input(const pw_table *table, const char *name)
{
    for (int i = 0; i < table->n_inputs; i++)
        if (strcmp(table->inputs[i].name, name) == 0)
            return i;
    return -1;
}

int pw_find_let(const pw_table *table, const char *name)
{
    for (int i = 0; i < table->n_lets; i++)
        if (strcmp(table->lets[i].name, name) == 0)
            return i;
    return -1;
}

int pw_find_key(const pw_table *table, const char *name)
{
    for (int i = 0; i < table->n_keys; i++)
        if (strcmp(table->keys[i].name, name) == 0)
            return i;
    return -1;
}

int pw_find_row(const pw_table *table, const char *id)
{
    for (int i = 0; i < table->n_rows; i++)
        if (strcmp(table->rows[i].id, id) == 0)
            return i;
    return -1;
}

int pw_urgency(const char *name)
{
    for (int i = 0; name && i <= PW_NONE; i++)
        if (strcmp(urgencies[i], name) == 0)
            return i;
    return PW_NO_URGENCY;
}

const char *pw_urgency_name(int urgency)
{
    return urgency <= PW_NONE ? urgencies[urgency] : NULL;
}

static char *trim(char *text)
{
    size_t n;

    while (isspace((unsigned char)*text))
        text++;
    n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}

/* Cuts the text at the first mark; the rest, trimmed, or NULL. */
static char *cut(char *text, const char *mark)
{
    char *at = strstr(text, mark);

    if (!at)
        return NULL;
    *at = '\0';
    return trim(at + strlen(mark));
}

/* ---- Inputs ------------------------------------------------------------------------------- */

static pw_type type_of(const pw_table *t, const char *name)
{
    static const char *const names[] = {"flag", "code", "number", "set"};

    for (int i = 0; i < 4; i++)
        if (strcmp(names[i], name) == 0)
            return (pw_type)i;
    pw_refuse(t, "no such type:", name);
}

static int add_option(pw_table *t, pw_input *in, const char *text)
{
    int w = word(t, text), i = 0;

    while (i < in->n_options && in->words[i] != w)
        i++;
    if (i == PW_VALUES)
        pw_refuse(t, "too many values of", in->name);
    if (i == in->n_options) {
        in->options[i] = t->words[w];
        in->words[i] = w;
        in->numbers[i] = strtod(text, NULL);
        in->n_options++;
    }
    return i;
}

static void read_values(pw_table *t, pw_input *in, char *values)
{
    if (in->type == PW_FLAG) {
        (void)add_option(t, in, "no");
        (void)add_option(t, in, "yes");
    }
    for (char *v = values ? strtok(values, " ") : NULL; v; v = strtok(NULL, " ")) {
        if (in->n_draws == PW_VALUES)
            pw_refuse(t, "too many values of", in->name);
        in->draws[in->n_draws++] = add_option(t, in, v);
    }
    while (in->type == PW_FLAG && in->n_draws < 2) {
        in->draws[in->n_draws] = in->n_draws;
        in->n_draws++;
    }
    if (in->n_draws == 0)
        pw_refuse(t, "no values of", in->name);
}

static const char *next_word(pw_table *t, const char *after)
{
    const char *text = strtok(NULL, " ");

    if (!text)
        pw_refuse(t, "nothing after", after);
    return text;
}

/* NAME SCOPE TYPE and what follows; `rest` is taken apart. */
static void read_qualities(pw_table *t, pw_input *in, char *rest)
{
    in->name = text_of(t, strtok(rest, " "));
    in->of_record = strcmp(next_word(t, in->name), "patient") != 0;
    in->type = type_of(t, next_word(t, in->name));
    in->assumed = in->condition = in->bound = -1;
    for (char *q = strtok(NULL, " "); q; q = strtok(NULL, " ")) {
        if (strcmp(q, "assumed") == 0)
            in->assumed = word(t, next_word(t, q));
        else if (strcmp(q, "absent") == 0)
            in->absent = atoi(next_word(t, q));
        else if (strcmp(q, "always") == 0)
            in->always = true;
        else
            in->unit = text_of(t, q);
    }
}

static void read_input(pw_table *t, char *line)
{
    pw_input *in = &t->inputs[t->n_inputs];
    char *values = cut(line, " :"), *condition = cut(line, " if ");

    if (t->n_inputs == PW_INPUTS)
        pw_refuse(t, "too many inputs", "");
    read_qualities(t, in, line);
    read_values(t, in, values);
    if (condition)
        in->condition = pw_parse(t, condition);
    t->n_inputs++;
}

static void read_let(pw_table *t, char *line)
{
    char *expression = cut(line, " :");

    if (!expression || t->n_lets == PW_LETS)
        pw_refuse(t, "cannot be read:", line);
    t->lets[t->n_lets].node = pw_parse(t, expression);
    t->lets[t->n_lets++].name = text_of(t, trim(line));
}

static void read_bound(pw_table *t, char *line)
{
    char *expression = cut(line, " :");
    int input = pw_find_input(t, trim(line));

    if (!expression || input < 0)
        pw_refuse(t, "cannot be read:", line);
    t->inputs[input].bound = pw_parse(t, expression);
}

/* ---- Rows --------------------------------------------------------------------------------- */

static int key_of(pw_table *t, const char *name, const char *value)
{
    int key = pw_find_key(t, name);

    if (key >= 0)
        return key;
    if (t->n_keys == PW_KEYS)
        pw_refuse(t, "too many keys", "");
    t->keys[t->n_keys] = (pw_key){.name = text_of(t, name), .text = value[0] == '@'};
    return t->n_keys++;
}

static int list_of(pw_table *t, const char *name)
{
    for (int i = 0; i < t->n_lists; i++)
        if (strcmp(t->lists[i], name) == 0)
            return i;
    if (t->n_lists == PW_LISTS)
        pw_refuse(t, "too many lists", "");
    t->lists[t->n_lists] = text_of(t, name);
    return t->n_lists++;
}

static void read_tokens(pw_table *t, pw_row *row, const char *list, char *tokens)
{
    int l = list_of(t, list);

    for (char *token = strtok(tokens, ", "); token; token = strtok(NULL, ", ")) {
        if (row->n_tokens[l] == PW_TOKENS)
            pw_refuse(t, "too many tokens", token);
        row->tokens[l][row->n_tokens[l]++] = text_of(t, token);
    }
}

static void read_effect(pw_table *t, pw_row *row, char *effect)
{
    char *tokens = cut(effect, "+=");

    if (tokens) {
        read_tokens(t, row, trim(effect), tokens);
        return;
    }
    char *value = cut(effect, "=");

    if (!value || row->n_sets == PW_SETS)
        pw_refuse(t, "cannot be read:", effect);
    row->sets[row->n_sets].key = key_of(t, trim(effect), value);
    row->sets[row->n_sets++].word = word(t, value);
}

static void read_urgency(pw_table *t, pw_row *row, char *text)
{
    char *limit = cut(text, "/");

    row->urgency = pw_urgency(trim(text));
    if (row->urgency == PW_NO_URGENCY || !limit)
        pw_refuse(t, "no urgency:", text);
    row->within = strcmp(limit, "-") == 0 ? -1 : strtod(limit, NULL);
}

static void read_row(pw_table *t, char *line)
{
    pw_row *row = &t->rows[t->n_rows];
    char *condition = cut(line, " | "), *effects = condition ? cut(condition, " | ") : NULL;
    char *urgency = effects ? cut(effects, " | ") : NULL;

    if (!urgency || t->n_rows == PW_ROWS)
        pw_refuse(t, "cannot be read:", line);
    row->id = text_of(t, trim(line));
    row->condition = pw_parse(t, condition);
    for (char *effect = effects; effect;) {
        char *rest = cut(effect, ";");

        read_effect(t, row, trim(effect));
        effect = rest;
    }
    read_urgency(t, row, urgency);
    t->n_rows++;
}

/* ---- Files -------------------------------------------------------------------------------- */

static void read_head(pw_table *t, char *line)
{
    char *about = cut(line, " about ");

    if (!about)
        pw_refuse(t, "cannot be read:", line);
    char *with = cut(about, " with ");

    t->id = text_of(t, trim(line));
    t->about = text_of(t, trim(about));
    t->has_lesion = with || strcmp(t->about, "patient") != 0;
}

static char *after(char *line, const char *word_in_front)
{
    size_t n = strlen(word_in_front);

    return strncmp(line, word_in_front, n) == 0 ? line + n : NULL;
}

static void read_line(pw_table *t, char *line)
{
    char *rest;

    if (*line == '\0' || *line == '#')
        return;
    if ((rest = after(line, "pathway ")))
        read_head(t, rest);
    else if ((rest = after(line, "input ")))
        read_input(t, rest);
    else if ((rest = after(line, "let ")))
        read_let(t, rest);
    else if ((rest = after(line, "bound ")))
        read_bound(t, rest);
    else
        read_row(t, line);
}

pw_table *pw_read(const char *file)
{
    char line[LINE];
    pw_table *t = calloc(1, sizeof *t);
    FILE *stream = fopen(file, "r");

    if (!t || !stream) {
        (void)fprintf(stderr, "%s: cannot be read\n", file);
        exit(1);
    }
    t->file = file;
    (void)list_of(t, "do");
    (void)list_of(t, "warn");
    while (fgets(line, sizeof line, stream)) {
        t->line++;
        read_line(t, trim(line));
    }
    (void)fclose(stream);
    return t;
}

void pw_free(pw_table *table)
{
    for (int i = 0; table && i < table->n_words; i++) {
        union {
            const char *lent;
            char *owned;
        } w = {.lent = table->words[i]};

        free(w.owned);
    }
    free(table);
}
