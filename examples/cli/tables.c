/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "program.h"

static void print_place(const bonemets_error *err, int32_t i)
{
    const char *file = bonemets_error_str(err, i, BONEMETS_F_FILE);
    const int line = (int)bonemets_error_int(err, i, BONEMETS_F_LINE);
    const int column = (int)bonemets_error_int(err, i, BONEMETS_F_COLUMN);
    print_plain(stderr, file ? file : "bonemets");
    if (line > 0) {
        fprintf(stderr, ":%d", line);
    }
    if (line > 0 && column > 0) {
        fprintf(stderr, ":%d", column);
    }
    fputs(": ", stderr);
}

static void print_entry(const bonemets_error *err, int32_t i, int32_t severity)
{
    const char *path = bonemets_error_str(err, i, BONEMETS_F_PATH);
    const char *message = bonemets_error_str(err, i, BONEMETS_F_MESSAGE);
    print_place(err, i);
    if (severity != BONEMETS_SEVERITY_ERROR) {
        fputs(severity == BONEMETS_SEVERITY_WARNING ? "warning: " : "note: ", stderr);
    }
    if (path && *path) {
        print_plain(stderr, path);
        fputs(": ", stderr);
    }
    print_plain(stderr, message ? message : "");
    fputs("\n", stderr);
}

int print_errors(const bonemets_error *err)
{
    int errors = 0;
    for (int rest = 0; rest < 2; rest++) {
        for (int32_t i = 0; i < bonemets_error_count(err); i++) {
            const int32_t severity = bonemets_error_int(err, i, BONEMETS_F_SEVERITY);
            const int error = severity == BONEMETS_SEVERITY_ERROR;
            if (error != rest) {
                print_entry(err, i, severity);
                errors += error;
            }
        }
    }
    return errors;
}

static bonemets_status add(bonemets_loader *loader, const char *const *paths, int count, int more,
                           bonemets_error *err)
{
    bonemets_status status = BONEMETS_OK;
    if (count == 0 || (more & WITH_EMBEDDED)) {
        status = bonemets_loader_add_embedded(loader, NULL, err);
    }
    for (int i = 0; i < count; i++) {
        const bonemets_status added = bonemets_loader_add_path(loader, paths[i], err);
        status = status ? status : added;
    }
    return status;
}

static bonemets_status switch_on(bonemets_loader *loader, int32_t option, int wanted)
{
    return bonemets_loader_set_option(loader, option, wanted != 0);
}

bonemets_guidelines *load_tables(const char *const *paths, int count, int more, bonemets_error *err)
{
    bonemets_loader *loader = NULL;
    bonemets_guidelines *set = NULL;
    if (bonemets_loader_new(NULL, NULL, &loader) == BONEMETS_OK &&
        switch_on(loader, BONEMETS_OPTION_UNVERIFIED, more & WITH_UNVERIFIED) == BONEMETS_OK &&
        switch_on(loader, BONEMETS_OPTION_RESTRICTED, more & WITH_RESTRICTED) == BONEMETS_OK &&
        add(loader, paths, count, more, err) == BONEMETS_OK) {
        bonemets_loader_build(loader, &set, err); /* leaves NULL in set when it fails */
    }
    bonemets_loader_free(loader);
    return set;
}

/* Warnings about tables are for `check`: who assesses a patient can do nothing about them. */
bonemets_guidelines *load_chosen_tables(const arguments *options)
{
    bonemets_error *err = bonemets_error_new();
    const int all = options->command == EXPLAIN;
    const int more = (options->include_unverified || all ? WITH_UNVERIFIED : 0) |
                     (options->with_restricted || all ? WITH_RESTRICTED : 0) |
                     (options->rules ? 0 : WITH_EMBEDDED);
    const char *const *path = options->rules ? &options->rules : &options->add;
    bonemets_guidelines *set = load_tables(path, *path ? 1 : 0, more, err);
    if (!set && print_errors(err) == 0) {
        fputs("bonemets: the tables cannot be loaded\n", stderr);
    }
    bonemets_error_free(err);
    return set;
}
