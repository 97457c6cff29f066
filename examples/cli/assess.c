/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

enum { USUAL_REPORT = 1 << 16 };

/* The report in memory of its own, or NULL. The first buffer is nearly always large enough; if not,
 * the library says how much it takes. */
static char *write_report(const bonemets_assessment *result, int32_t format)
{
    size_t size = USUAL_REPORT, needed = 0;
    char *text = malloc(size);
    while (text) {
        const bonemets_status status =
            bonemets_assessment_write(result, format, text, size, &needed);
        if (status == BONEMETS_OK) {
            return text;
        }
        free(text);
        text = status == BONEMETS_E_SPACE && needed > size ? malloc(needed) : NULL;
        size = needed;
    }
    return NULL;
}

/* Reads, assesses and reports one record. */
static char *assess_record(bonemets_patient *patient, const arguments *options, const char *name,
                           const contents *record, bonemets_error *err, int *said)
{
    bonemets_assessment *result = NULL;
    char *report = NULL;
    bonemets_patient_reset(patient);
    if (bonemets_patient_read(patient, name, record->bytes, record->size, err) == BONEMETS_OK &&
        (!options->profile ||
         bonemets_patient_set_profile(patient, options->profile, err) == BONEMETS_OK) &&
        (!options->now || bonemets_patient_set_now(patient, options->now, err) == BONEMETS_OK) &&
        bonemets_assess(patient, options->guideline, &result, err) == BONEMETS_OK) {
        report = options->what_if || options->next ? report_outlook(result, options, err, said)
                                                   : write_report(result, options->format);
    }
    bonemets_assessment_unref(result);
    return report;
}

/* Where to look, once for a record. */
static void point_to_facts(const bonemets_error *err)
{
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        switch (bonemets_error_int(err, i, BONEMETS_F_STATUS)) {
        case BONEMETS_E_FACT:
        case BONEMETS_E_TYPE:
        case BONEMETS_E_RANGE:
        case BONEMETS_E_UNIT:
            fputs("bonemets: 'bonemets facts FACT' says what a fact takes, 'bonemets facts WORD' "
                  "which facts a word is in\n",
                  stderr);
            return;
        default:
            break;
        }
    }
}

static char *assess_file(bonemets_patient *patient, const arguments *options, const char *path)
{
    contents record;
    if (!read_file(path, &record)) {
        return NULL;
    }
    bonemets_error *err = bonemets_error_new();
    int said = 0;
    char *report = assess_record(patient, options, file_name(path), &record, err, &said);
    if (print_errors(err) == 0 && !report && !said) {
        fputs("bonemets: out of memory\n", stderr);
    }
    point_to_facts(err);
    bonemets_error_free(err);
    free(record.bytes);
    return report;
}

/* Several records: a heading before each report, or the elements of one JSON array, null for a
 * record that was refused, so that the order tells which is which. */
static void print_report(const arguments *options, int number, const char *report)
{
    const int several = options->word_count > 1;
    const int json = options->format == BONEMETS_FORMAT_JSON;
    if (several && json) {
        fputs(number == 0 ? "[\n" : ",\n", stdout);
    } else if (several && report) {
        fputs(number == 0 ? "==> " : "\n==> ", stdout);
        print_plain(stdout, file_name(options->words[number]));
        fputs(" <==\n\n", stdout);
    }
    fputs(report ? report : several && json ? "null\n" : "", stdout);
    if (several && json && number + 1 == options->word_count) {
        fputs("]\n", stdout);
    }
}

int assess(const arguments *options)
{
    bonemets_guidelines *set = load_chosen_tables(options);
    bonemets_patient *patient = NULL;
    int status = set && bonemets_patient_new(set, &patient) == BONEMETS_OK ? DONE : FAILED;
    for (int i = 0; patient && i < options->word_count; i++) {
        char *report = assess_file(patient, options, options->words[i]);
        print_report(options, i, report);
        status = report ? status : FAILED;
        free(report);
    }
    bonemets_patient_free(patient);
    bonemets_guidelines_unref(set);
    return status;
}
