/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

/* What `--what-if` names: `sins@2`, `mscc_triage.imaging`. */
typedef struct {
    char guideline[128], id[128]; /* guideline empty: any */
    long record;                  /* -1: not said */
} target;

static int take_part(char *to, size_t size, const char *from, size_t length)
{
    if (length == 0 || length >= size) {
        return 0;
    }
    memcpy(to, from, length);
    to[length] = '\0';
    return 1;
}

static int read_target(const char *text, target *out)
{
    const char *at = strchr(text, '@'), *end = at ? at : text + strlen(text);
    const char *dot = memchr(text, '.', (size_t)(end - text));
    char *rest = NULL;
    memset(out, 0, sizeof *out);
    out->record = at ? strtol(at + 1, &rest, 10) : -1;
    if (at && (at[1] < '0' || at[1] > '9' || *rest != '\0')) {
        return 0;
    }
    return (!dot || take_part(out->guideline, sizeof out->guideline, text, (size_t)(dot - text))) &&
           take_part(out->id, sizeof out->id, dot ? dot + 1 : text,
                     (size_t)(end - (dot ? dot + 1 : text)));
}

static int fits(const bonemets_assessment *result, int32_t list, int32_t i, const target *wanted)
{
    const char *guideline = bonemets_assessment_str(result, list, i, BONEMETS_F_GUIDELINE);
    const int32_t record = bonemets_assessment_int(result, list, i, BONEMETS_F_LESION);
    return strcmp(bonemets_assessment_str(result, list, i, BONEMETS_F_ID), wanted->id) == 0 &&
           (!wanted->guideline[0] || strcmp(guideline, wanted->guideline) == 0) &&
           (wanted->record < 0 || wanted->record == record);
}

static int refuse_several(const char *text)
{
    complain("there is more than one answer of that name; say which, as in GUIDELINE.ID@RECORD:",
             text, NULL);
    return 0;
}

/* Which records have an answer of that name, when the one that was named has none. */
static int refuse_record(const bonemets_assessment *result, const char *text, const target *wanted)
{
    target any = *wanted;
    int found = 0;
    any.record = -1;
    for (int32_t list = BONEMETS_RESULTS; list <= BONEMETS_CHOICES; list++) {
        for (int32_t i = 0; i < bonemets_assessment_count(result, list); i++) {
            if (fits(result, list, i, &any)) {
                if (!found++) {
                    fputs("bonemets: there is no such record: '", stderr);
                    print_plain(stderr, text);
                    fprintf(stderr, "'; '%s' is answered for", wanted->id);
                }
                const int record = (int)bonemets_assessment_int(result, list, i, BONEMETS_F_LESION);
                fprintf(stderr, record ? "%s record %d" : "%s the patient", found > 1 ? "," : "",
                        record);
            }
        }
    }
    fputs(found ? "\n" : "", stderr);
    return found;
}

static int refuse_name(const bonemets_assessment *result, const char *text, const target *wanted)
{
    nearest_name search = search_for(wanted->id);
    if (wanted->record >= 0 && refuse_record(result, text, wanted)) {
        return 0;
    }
    for (int32_t list = BONEMETS_RESULTS; list <= BONEMETS_CHOICES; list++) {
        for (int32_t i = 0; i < bonemets_assessment_count(result, list); i++) {
            offer(&search, bonemets_assessment_str(result, list, i, BONEMETS_F_ID));
        }
    }
    complain("there is no score, equation or choice", text,
             search.distance > 0 ? search.nearest : NULL);
    return 0;
}

/* The one result or choice of that name; 0 after saying why not. */
static int find(const bonemets_assessment *result, const char *text, int32_t *list, int32_t *at)
{
    target wanted;
    int found = 0;
    if (!read_target(text, &wanted)) {
        complain("what if is asked of ID, ID@RECORD or GUIDELINE.ID@RECORD, not", text, NULL);
        return 0;
    }
    for (int32_t l = BONEMETS_RESULTS; l <= BONEMETS_CHOICES; l++) {
        for (int32_t i = 0; i < bonemets_assessment_count(result, l); i++) {
            if (fits(result, l, i, &wanted)) {
                *list = l;
                *at = i;
                found++;
            }
        }
    }
    return found == 1 || (found ? refuse_several(text) : refuse_name(result, text, &wanted));
}

static char *write_outlook(const bonemets_outlook *outlook, int32_t format)
{
    size_t needed = 0;
    bonemets_outlook_write(outlook, format, NULL, 0, &needed);
    char *text = malloc(needed);
    if (text && bonemets_outlook_write(outlook, format, text, needed, NULL) != BONEMETS_OK) {
        free(text);
        text = NULL;
    }
    return text;
}

char *report_outlook(const bonemets_assessment *result, const arguments *options,
                     bonemets_error *err, int *said)
{
    bonemets_outlook *outlook = NULL;
    int32_t list = 0, at = 0;
    char *report = NULL;
    if (options->what_if) {
        if (!find(result, options->what_if, &list, &at)) {
            *said = 1;
            return NULL;
        }
        bonemets_what_if(result, list, at, &outlook, err);
    } else {
        bonemets_next_questions(result, options->next, &outlook, err);
    }
    if (outlook) {
        report = write_outlook(outlook, options->format);
    }
    bonemets_outlook_free(outlook);
    return report;
}
