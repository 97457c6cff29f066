/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
    ENTRIES = 63,
    POOL = 24 * 1024,
    FOR_ERRORS = 23,             /* entries that no warning or note takes … */
    POOL_FOR_ERRORS = 12 * 1024, /* … and bytes */
    LONGEST_TEXT = 1000,         /* of a message, path or file name; the rest is cut off */
    LONGEST_SUMMARY = 96,
    NO_TEXT = -1
};

typedef struct {
    int32_t severity, status;
    int32_t line, column;
    int32_t message, file, path; /* offsets into the pool, or NO_TEXT */
} entry;

struct bonemets_error {
    int32_t count;
    int32_t used;     /* bytes of the pool */
    int32_t left_out; /* entries for which there was no room */
    entry entries[ENTRIES];
    entry rest; /* stands for all that were left out */
    char summary[LONGEST_SUMMARY];
    char pool[POOL];
};

bonemets_error *bonemets_error_new(void)
{
    bonemets_error *err = malloc(sizeof *err);
    bonemets_error_clear(err);
    return err;
}

void bonemets_error_free(bonemets_error *err)
{
    free(err);
}

void bonemets_error_clear(bonemets_error *err)
{
    if (err != NULL) {
        err->count = 0;
        err->used = 0;
        err->left_out = 0;
    }
}

int32_t bonemets_error_count(const bonemets_error *err)
{
    if (err == NULL) {
        return 0;
    }
    return err->count + (err->left_out > 0 ? 1 : 0);
}

static const entry *entry_at(const bonemets_error *err, int32_t i)
{
    if (i < 0 || i >= bonemets_error_count(err)) {
        return NULL;
    }
    return i < err->count ? &err->entries[i] : &err->rest;
}

const char *bonemets_error_str(const bonemets_error *err, int32_t i, bonemets_field field)
{
    const entry *found = entry_at(err, i);
    if (found == NULL) {
        return NULL;
    }
    if (found == &err->rest) {
        return field == BONEMETS_F_MESSAGE ? err->summary : NULL;
    }
    int32_t at = NO_TEXT;
    if (field == BONEMETS_F_MESSAGE) {
        at = found->message;
    } else if (field == BONEMETS_F_FILE) {
        at = found->file;
    } else if (field == BONEMETS_F_PATH) {
        at = found->path;
    }
    return at != NO_TEXT ? err->pool + at : NULL;
}

int32_t bonemets_error_int(const bonemets_error *err, int32_t i, bonemets_field field)
{
    const entry *found = entry_at(err, i);
    if (found == NULL) {
        return -1;
    }
    switch (field) {
    case BONEMETS_F_LINE:
        return found->line > 0 ? found->line : -1;
    case BONEMETS_F_COLUMN:
        return found->column > 0 ? found->column : -1;
    case BONEMETS_F_STATUS:
        return found->status;
    case BONEMETS_F_SEVERITY:
        return found->severity;
    default:
        return -1;
    }
}

/* Length of a text cut to what fits, without half a character at its end. */
static size_t cut_length(const char *text, size_t length)
{
    return length <= LONGEST_TEXT ? length : bm_utf8_valid(text, LONGEST_TEXT);
}

static bool keep_text(bonemets_error *err, int32_t severity, const char *text, size_t length,
                      int32_t *at)
{
    int32_t pool = severity == BONEMETS_SEVERITY_ERROR ? POOL : POOL - POOL_FOR_ERRORS;
    length = cut_length(text, length);
    if (err->used > pool || length + 1 > (size_t)(pool - err->used)) {
        return false;
    }
    memcpy(err->pool + err->used, text, length);
    err->pool[(size_t)err->used + length] = '\0';
    *at = err->used;
    err->used += (int32_t)length + 1;
    return true;
}

/* A run of entries speaks of one file or path: its text is kept once. */
static bool keep_repeated(bonemets_error *err, int32_t severity, const char *text, int32_t last,
                          int32_t *at)
{
    *at = NO_TEXT;
    if (text == NULL || text[0] == '\0') {
        return true;
    }
    size_t length = strlen(text), kept = cut_length(text, length);
    if (last != NO_TEXT && strncmp(err->pool + last, text, kept) == 0 &&
        err->pool[(size_t)last + kept] == '\0') {
        *at = last;
        return true;
    }
    return keep_text(err, severity, text, length, at);
}

/* A warning never takes the room of an error. What is as grave as one that was left out is left out
 * too, so that those that are listed are the first. */
static bool has_entry(const bonemets_error *err, int32_t severity)
{
    int32_t entries = severity == BONEMETS_SEVERITY_ERROR ? ENTRIES : ENTRIES - FOR_ERRORS;
    return err->count < entries && (err->left_out == 0 || severity < err->rest.severity);
}

bool bm_error_has_room(const bonemets_error *err)
{
    return err != NULL && has_entry(err, BONEMETS_SEVERITY_ERROR);
}

bool bm_error_has_room_for_warning(const bonemets_error *err)
{
    return err != NULL && has_entry(err, BONEMETS_SEVERITY_WARNING) && err->left_out == 0 &&
           err->used <= POOL - POOL_FOR_ERRORS - 3 * (LONGEST_TEXT + 1);
}

void bm_error_soften(bonemets_error *err, int32_t from)
{
    for (int32_t i = from; err != NULL && i < err->count; i++) {
        if (err->entries[i].severity == BONEMETS_SEVERITY_ERROR) {
            err->entries[i].severity = BONEMETS_SEVERITY_WARNING;
        }
    }
}

static bool add_entry(bonemets_error *err, entry *new, const bm_place *place, const char *format,
                      va_list arguments)
{
    char message[LONGEST_TEXT + 1];
    bm_text text;
    const entry *last = err->count > 0 ? &err->entries[err->count - 1] : NULL;
    if (!has_entry(err, new->severity)) {
        return false;
    }
    bm_text_init(&text, message, sizeof message);
    bm_put_format_list(&text, format, arguments);
    size_t length = text.length;
    if (length > LONGEST_TEXT) {
        length = bm_utf8_valid(message, LONGEST_TEXT);
    }
    int32_t grave = new->severity;
    return keep_text(err, grave, message, length, &new->message) &&
           keep_repeated(err, grave, place->file, last ? last->file : NO_TEXT, &new->file) &&
           keep_repeated(err, grave, place->path, last ? last->path : NO_TEXT, &new->path);
}

static void count_left_out(bonemets_error *err, int severity, bonemets_status status)
{
    if (err->left_out == 0) {
        err->rest = (entry){.severity = severity, .status = status};
    } else if (severity < err->rest.severity) {
        err->rest.severity = severity;
        err->rest.status = status;
    }
    if (err->left_out < INT32_MAX) {
        err->left_out++;
    }
    bm_text text;
    bm_text_init(&text, err->summary, sizeof err->summary);
    bm_put_format(&text, "and %d more, for which there was no room in the list", err->left_out);
}

static void report(bonemets_error *err, int severity, bonemets_status status, const bm_place *place,
                   const char *format, va_list arguments)
{
    static const bm_place nowhere = {0};
    if (err == NULL) {
        return;
    }
    if (place == NULL) {
        place = &nowhere;
    }
    entry new = {
        .severity = severity, .status = status, .line = place->line, .column = place->column};
    if (add_entry(err, &new, place, format, arguments)) {
        err->entries[err->count++] = new;
    } else {
        count_left_out(err, severity, status);
    }
}

bonemets_status bm_report(bonemets_error *err, int severity, bonemets_status status,
                          const bm_place *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(err, severity, status, place, format, arguments);
    va_end(arguments);
    return status;
}

bonemets_status bm_fail(bonemets_error *err, bonemets_status status, const bm_place *place,
                        const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(err, BONEMETS_SEVERITY_ERROR, status, place, format, arguments);
    va_end(arguments);
    return status;
}
