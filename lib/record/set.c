/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that a program sets one by one. */
#include <string.h>

#include "record/statement.h"
#include "record/patient.h"

enum { LONGEST_MESSAGE = 1000 };

static bonemets_status no_record(const bm_statement *statement, const bm_records *records,
                                 int record)
{
    bm_place place = {.path = statement->fact->id};
    return bm_fail(statement->err, BONEMETS_E_ARGUMENT, &place,
                   statement->fact->kind == 0 ? "%q is about the patient, record 0; there is no %d"
                                              : "%q is set for record %d, but there are %d",
                   statement->fact->id, record, records->count);
}

static bonemets_status open_statement(bonemets_patient *patient, bonemets_record record,
                                      bonemets_fact number, bonemets_error *err,
                                      bm_statement *statement)
{
    if (patient == NULL) {
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no patient");
    }
    const bm_fact *fact = bm_set_fact(patient->set, number);
    if (fact == NULL) {
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL,
                       "%d is not the number of a fact of the patient's guideline set", number);
    }
    *statement = (bm_statement){.fact = fact, .err = err};
    const bm_records *records = &patient->kinds[fact->kind];
    if (record < 0 || record > records->count) {
        return no_record(statement, records, record);
    }
    return bm_statement_check(statement);
}

static bonemets_status enter(bonemets_patient *patient, bonemets_record record,
                             const bm_statement *statement, bm_cell cell)
{
    bonemets_status status = bm_statement_settled(statement, cell);
    if (status == BONEMETS_OK) {
        bm_patient_enter(patient, record, statement->fact, cell,
                         statement->unit != NULL ? *statement->unit : 0);
    }
    return status;
}

bonemets_status bonemets_patient_set_number(bonemets_patient *patient, bonemets_record record,
                                            bonemets_fact fact, double low, double high,
                                            const char *unit, bonemets_error *err)
{
    bm_statement statement;
    bm_cell cell = {0};
    double from = 0, to = 0;
    uint8_t own_unit = UINT8_MAX;
    bonemets_status status = open_statement(patient, record, fact, err, &statement);
    if (status != BONEMETS_OK) {
        return status;
    }
    statement.unit = &own_unit;
    if (statement.fact->type.base != BM_NUMBER) {
        return bm_statement_refuse(&statement, BONEMETS_E_TYPE, "a number does not fit");
    }
    status = bm_statement_number(&statement, low, unit, &from);
    if (low <= high && low >= high) {
        to = from;
    } else if (status == BONEMETS_OK) {
        status = bm_statement_number(&statement, high, unit, &to);
    }
    if (status == BONEMETS_OK) {
        status = bm_statement_interval(&statement, from, to, &cell);
    }
    return status == BONEMETS_OK ? enter(patient, record, &statement, cell) : status;
}

static bonemets_status read_options(const bm_statement *statement, const char *const *options,
                                    int32_t n, uint64_t *mask)
{
    if (n < 0 || (n > 0 && options == NULL)) {
        return bm_statement_refuse(statement, BONEMETS_E_ARGUMENT,
                                   "the list of options is missing");
    }
    for (int32_t i = 0; i < n; i++) {
        if (options[i] == NULL) {
            return bm_statement_refuse(statement, BONEMETS_E_ARGUMENT, "an option is NULL");
        }
        bonemets_status status = bm_statement_option(statement, options[i], mask);
        if (status != BONEMETS_OK) {
            return status;
        }
    }
    return BONEMETS_OK;
}

bonemets_status bonemets_patient_set_codes(bonemets_patient *patient, bonemets_record record,
                                           bonemets_fact fact, const char *const *codes, int32_t n,
                                           bonemets_error *err)
{
    bm_statement statement;
    bm_cell cell = {0};
    bonemets_status status = open_statement(patient, record, fact, err, &statement);
    if (status != BONEMETS_OK) {
        return status;
    }
    if (statement.fact->type.base != BM_CODE && statement.fact->type.base != BM_BOOL) {
        return bm_statement_refuse(&statement, BONEMETS_E_TYPE, "an option does not fit");
    }
    if (n == 0) {
        return bm_statement_refuse(&statement, BONEMETS_E_ARGUMENT, "the list of options is empty");
    }
    status = read_options(&statement, codes, n, &cell.low.mask);
    return status == BONEMETS_OK ? enter(patient, record, &statement, cell) : status;
}

bonemets_status bonemets_patient_set_members(bonemets_patient *patient, bonemets_record record,
                                             bonemets_fact fact, const char *const *present,
                                             int32_t n_present, const char *const *unknown,
                                             int32_t n_unknown, bonemets_error *err)
{
    bm_statement statement;
    bm_cell cell;
    uint64_t surely = 0, perhaps = 0;
    bonemets_status status = open_statement(patient, record, fact, err, &statement);
    if (status != BONEMETS_OK) {
        return status;
    }
    if (statement.fact->type.base != BM_SET) {
        return bm_statement_refuse(&statement, BONEMETS_E_TYPE, "a list of members does not fit");
    }
    status = read_options(&statement, present, n_present, &surely);
    if (status == BONEMETS_OK) {
        status = read_options(&statement, unknown, n_unknown, &perhaps);
    }
    if (status == BONEMETS_OK) {
        status = bm_statement_members(&statement, surely, perhaps, &cell);
    }
    return status == BONEMETS_OK ? enter(patient, record, &statement, cell) : status;
}

static bonemets_status read_instants(const bm_statement *statement, const char *from,
                                     const char *to, bm_cell *cell)
{
    double low, high, other;
    if (!bm_is_instant(&statement->fact->type)) {
        return bm_statement_refuse(statement, BONEMETS_E_TYPE, "an instant does not fit");
    }
    if (from == NULL) {
        return bm_statement_refuse(statement, BONEMETS_E_ARGUMENT, "the text is missing");
    }
    bonemets_status status = bm_statement_instant(statement, from, strlen(from), &low, &high);
    if (status == BONEMETS_OK && to != NULL) {
        status = bm_statement_instant(statement, to, strlen(to), &other, &high);
    }
    return status == BONEMETS_OK ? bm_statement_interval(statement, low, high, cell) : status;
}

bonemets_status bonemets_patient_set_instant(bonemets_patient *patient, bonemets_record record,
                                             bonemets_fact fact, const char *from, const char *to,
                                             bonemets_error *err)
{
    bm_statement statement;
    bm_cell cell = {0};
    bonemets_status status = open_statement(patient, record, fact, err, &statement);
    if (status == BONEMETS_OK) {
        status = read_instants(&statement, from, to, &cell);
    }
    return status == BONEMETS_OK ? enter(patient, record, &statement, cell) : status;
}

bonemets_status bonemets_patient_set_now(bonemets_patient *patient, const char *now,
                                         bonemets_error *err)
{
    const bm_fact *fact = patient != NULL ? patient->set->definitions.now : NULL;
    if (patient != NULL && fact == NULL) {
        return bm_fail(err, BONEMETS_E_FACT, NULL,
                       "the vocabulary says of no instant that it is "
                       "now");
    }
    bonemets_fact number = fact != NULL ? bm_set_fact_number(patient->set, fact) : 0;
    return bonemets_patient_set_instant(patient, 0, number, now, NULL, err);
}

bonemets_status bonemets_patient_set_unknown(bonemets_patient *patient, bonemets_record record,
                                             bonemets_fact fact)
{
    bm_statement statement;
    bonemets_status status = open_statement(patient, record, fact, NULL, &statement);
    if (status == BONEMETS_OK) {
        bm_patient_forget(patient, record, statement.fact);
    }
    return status;
}

/* Profiles. */

static bool has_profile(const bm_fact *fact, const char *profile, int *option)
{
    if (!fact->setting || fact->type.base != BM_CODE || fact->input < 0) {
        return false;
    }
    for (int i = 0; i < fact->type.codes->count; i++) {
        if (strcmp(fact->type.codes->ids[i], profile) == 0) {
            *option = i;
            return true;
        }
    }
    return false;
}

static bonemets_status refuse_profile(const bm_definitions *definitions, const char *profile,
                                      bonemets_error *err)
{
    char known[LONGEST_MESSAGE];
    bm_text text;
    bm_text_init(&text, known, sizeof known);
    for (int i = 0; i < definitions->fact_count; i++) {
        const bm_fact *fact = &definitions->facts[i];
        if (fact->setting && fact->type.base == BM_CODE) {
            bm_put_format(&text, text.length > 0 ? "; %s: " : "%s: ", fact->id);
            for (int j = 0; j < fact->type.codes->count; j++) {
                bm_put_format(&text, j > 0 ? ", %s" : "%s", fact->type.codes->ids[j]);
            }
        }
    }
    return bm_fail(err, BONEMETS_E_FACT, NULL, "there is no profile %q; %s%s", profile,
                   text.length > 0 ? "known: " : "the tables have none", known);
}

bonemets_status bonemets_patient_set_profile(bonemets_patient *patient, const char *profile,
                                             bonemets_error *err)
{
    if (patient == NULL || profile == NULL) {
        return bm_fail(err, BONEMETS_E_ARGUMENT, NULL, "there is no %s",
                       patient == NULL ? "patient" : "profile");
    }
    const bm_definitions *definitions = &patient->set->definitions;
    const bm_fact *found = NULL;
    bm_cell cell = {0};
    for (int i = 0; i < definitions->fact_count; i++) {
        int option = 0;
        if (!has_profile(&definitions->facts[i], profile, &option)) {
            continue;
        }
        if (found != NULL) {
            return bm_fail(err, BONEMETS_E_FACT, NULL,
                           "profile %q may mean %s or %s; enter the setting itself", profile,
                           found->id, definitions->facts[i].id);
        }
        found = &definitions->facts[i];
        cell.low.mask = UINT64_C(1) << option;
    }
    if (found == NULL) {
        return refuse_profile(definitions, profile, err);
    }
    bm_patient_enter(patient, 0, found, cell, 0);
    return BONEMETS_OK;
}
