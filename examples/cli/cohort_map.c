/* SPDX-License-Identifier: Apache-2.0 */
/* The map file: which fact a column holds, and what its codes mean.
 *
 *   COLUMN = FACT            or FACT [UNIT]; without a fact the column is passed over
 *     CODE = OPTION          the cell CODE means OPTION; without an option it means unknown
 *
 * Where there is no COLUMN but COLUMN___CODE (checkboxes of a REDCap export), FACT is a set and the
 * codes say which box is which member; OPTION `none` is the box for none of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { LONGEST_LINE = 1000, MOST_ENTRIES = MOST_COLUMNS };

typedef struct {
    char *column, *fact, *unit;
    int line;
    coded *codes;
    int code_count;
} map_entry;

typedef struct {
    plan *plan;
    map_entry *entries;
    int count, line;
} map_file;

static int complain_at(const map_file *map, int line, const char *what, const char *name)
{
    fputs("bonemets: ", stderr);
    print_plain(stderr, map->plan->options->map);
    fprintf(stderr, ":%d: %s", line, what);
    if (name) {
        fputs(" '", stderr);
        print_plain(stderr, name);
        fputs("'", stderr);
    }
    fputs("\n", stderr);
    return FAILED;
}

static char *trimmed(char *at)
{
    at += strspn(at, " \t\r\n");
    size_t length = strlen(at);
    while (length > 0 && strchr(" \t\r\n", at[length - 1])) {
        at[--length] = '\0';
    }
    return at;
}

static char *copy_of(const char *word)
{
    char *copy = malloc(strlen(word) + 1);
    return copy ? strcpy(copy, word) : NULL;
}

/* ---- reading ---- */

static int take_code(map_file *map, const char *code, const char *option)
{
    map_entry *to = map->count > 0 ? &map->entries[map->count - 1] : NULL;
    if (!to || !to->fact) {
        return complain_at(map, map->line, "a code stands under the column that it is about", NULL);
    }
    coded *codes = realloc(to->codes, ((size_t)to->code_count + 1) * sizeof *codes);
    if (codes) {
        to->codes = codes;
        codes[to->code_count].code = copy_of(code);
        codes[to->code_count++].option = copy_of(option);
    }
    return codes && codes[to->code_count - 1].code && codes[to->code_count - 1].option
               ? DONE
               : complain_at(map, map->line, "out of memory", NULL);
}

static int take_column(map_file *map, const char *name, char *fact)
{
    int failed = 0;
    char *open = strchr(fact, '[');
    const size_t length = strlen(fact);
    if (map->count == MOST_ENTRIES) {
        return complain_at(map, map->line, "there are too many columns", NULL);
    }
    map_entry *to = &map->entries[map->count++];
    to->line = map->line;
    if (open && fact[length - 1] == ']') {
        fact[length - 1] = '\0';
        *open = '\0';
        to->unit = copy_of(open + 1);
        failed = !to->unit;
        fact = trimmed(fact);
    }
    to->column = copy_of(name);
    to->fact = *fact ? copy_of(fact) : NULL;
    failed |= !to->column || (*fact && !to->fact);
    return !failed ? DONE : complain_at(map, map->line, "out of memory", NULL);
}

static int take_line(map_file *map, char *line)
{
    const int indented = *line == ' ' || *line == '\t';
    char *equals = strchr(line, '=');
    char *name = trimmed(line);
    map->line++;
    if (*name == '\0' || *name == '#') {
        return DONE;
    }
    if (!equals) {
        return complain_at(map, map->line, "write COLUMN = FACT or COLUMN = FACT [UNIT]", NULL);
    }
    *equals = '\0';
    name = trimmed(line);
    return indented ? take_code(map, name, trimmed(equals + 1))
                    : take_column(map, name, trimmed(equals + 1));
}

static int read_lines(map_file *map)
{
    char line[LONGEST_LINE];
    int status = DONE;
    const char *path = map->plan->options->map;
    errno = 0;
    FILE *file = fopen(path, "r");
    if (!file) {
        complain("the map cannot be read:", path, NULL);
        return FAILED;
    }
    while (status == DONE && fgets(line, sizeof line, file)) {
        digest_word(&map->plan->map, line);
        status = strlen(line) == sizeof line - 1
                     ? complain_at(map, map->line + 1, "the line is too long", NULL)
                     : take_line(map, line);
    }
    if (status == DONE && ferror(file)) {
        complain("the map cannot be read:", path, NULL);
        status = FAILED;
    }
    fclose(file);
    return status;
}

/* ---- onto the columns ---- */

static const char *option_of(const map_entry *entry, const char *code)
{
    for (int i = 0; i < entry->code_count; i++) {
        if (strcmp(entry->codes[i].code, code) == 0) {
            return entry->codes[i].option;
        }
    }
    return NULL;
}

static int has_option(const plan *of, const char *key, const char *option)
{
    const bonemets_fact fact = bonemets_fact_find(of->set, key);
    for (int32_t i = 0; i < bonemets_fact_option_count(of->set, fact); i++) {
        if (strcmp(bonemets_fact_option_str(of->set, fact, i, BONEMETS_F_ID), option) == 0) {
            return 1;
        }
    }
    return 0;
}

/* One box: `column___code`. */
static int map_box(map_file *map, const map_entry *entry, column *to, const char *code)
{
    const char *option = option_of(entry, code);
    to->mapped = 1;
    if (!option || !entry->fact) {
        return entry->fact ? complain_at(map, entry->line,
                                         "the map does not say what this box is:", to->name)
                           : DONE;
    }
    if (*option == '\0') {
        return DONE;
    }
    to->field = map->plan->fields;
    to->box_for_none = strcmp(option, "none") == 0 && !has_option(map->plan, entry->fact, "none");
    if (!to->box_for_none) {
        to->fact = malloc(strlen(entry->fact) + strlen(option) + 2);
        if (!to->fact) {
            return complain_at(map, entry->line, "out of memory", NULL);
        }
        strcat(strcat(strcpy(to->fact, entry->fact), "."), option);
    }
    return DONE;
}

static int map_boxes(map_file *map, const map_entry *entry)
{
    const size_t length = strlen(entry->column);
    int found = 0, status = DONE;
    for (int i = 0; i < map->plan->count && status == DONE; i++) {
        column *to = &map->plan->columns[i];
        if (strncmp(to->name, entry->column, length) == 0 &&
            strncmp(to->name + length, "___", 3) == 0) {
            status = map_box(map, entry, to, to->name + length + 3);
            found = 1;
        }
    }
    map->plan->fields += found;
    return found || !entry->fact
               ? status
               : complain_at(map, entry->line, "there is no column", entry->column);
}

static int map_one(map_file *map, map_entry *entry)
{
    int found = 0;
    for (int i = 0; i < map->plan->count; i++) {
        column *to = &map->plan->columns[i];
        if (strcmp(to->name, entry->column) != 0) {
            continue;
        }
        if (to->mapped) {
            return complain_at(map, entry->line, "this column is mapped twice:", entry->column);
        }
        found = to->mapped = 1;
        to->fact = entry->fact ? copy_of(entry->fact) : NULL;
        to->unit = entry->unit ? copy_of(entry->unit) : NULL;
        if ((entry->fact && !to->fact) || (entry->unit && !to->unit)) {
            return complain_at(map, entry->line, "out of memory", NULL);
        }
        to->codes = entry->codes;
        to->code_count = entry->code_count;
        entry->codes = NULL;
        entry->code_count = 0;
    }
    return found ? DONE : map_boxes(map, entry);
}

static void free_entries(map_file *map)
{
    for (int i = 0; i < map->count; i++) {
        map_entry *entry = &map->entries[i];
        for (int c = 0; c < entry->code_count; c++) {
            free(entry->codes[c].code);
            free(entry->codes[c].option);
        }
        free(entry->codes);
        free(entry->column);
        free(entry->fact);
        free(entry->unit);
    }
    free(map->entries);
}

int read_map(plan *of)
{
    map_file map = {.plan = of, .entries = calloc(MOST_ENTRIES, sizeof *map.entries)};
    int status = map.entries ? read_lines(&map) : complain_at(&map, 0, "out of memory", NULL);
    for (int i = 0; i < map.count && status == DONE; i++) {
        status = map_one(&map, &map.entries[i]);
    }
    if (map.entries) {
        free_entries(&map);
    }
    return status;
}
