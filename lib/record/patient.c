/* SPDX-License-Identifier: Apache-2.0 */
#include "record/patient.h"

#include <string.h>

#include "engine/bounds.h"

/* Most patients have few lesions: their records stand in the patient's own block. */
enum { OWN_ROOM = 4 };

static int own_room(const bm_program *program, int kind)
{
    if (kind == 0) {
        return 0;
    }
    int limit = program->kinds[kind].limit;
    return limit < OWN_ROOM ? limit : OWN_ROOM;
}

/* Inputs of record 0 and of as many records as there is room for. */
static size_t places(const bm_program *program, int kind, int room)
{
    return ((size_t)room + 1) * (size_t)program->kinds[kind].inputs;
}

static size_t block_of(size_t count)
{
    return count * (sizeof(bm_cell) + sizeof(uint8_t));
}

static size_t patient_size(const bm_program *program)
{
    size_t count = 0;
    for (int kind = 0; kind < program->kind_count; kind++) {
        count += places(program, kind, own_room(program, kind));
    }
    return sizeof(bonemets_patient) + block_of(count);
}

static void lay_out(bonemets_patient *patient)
{
    const bm_program *program = &patient->set->program;
    bm_cell *cells = (bm_cell *)(patient + 1);
    for (int kind = 0; kind < program->kind_count; kind++) {
        bm_records *records = &patient->kinds[kind];
        records->room = own_room(program, kind);
        records->cells = cells;
        cells += places(program, kind, records->room);
    }
    uint8_t *given = (uint8_t *)cells;
    for (int kind = 0; kind < program->kind_count; kind++) {
        bm_records *records = &patient->kinds[kind];
        records->given = given;
        given += places(program, kind, records->room);
    }
}

static const bm_cell *unentered(const bonemets_guidelines *set, int kind)
{
    return kind == 0 ? set->settings : set->program.kinds[kind].blank;
}

static void blank_record(bonemets_patient *patient, int kind, int record)
{
    size_t inputs = (size_t)patient->set->program.kinds[kind].inputs;
    size_t first = (size_t)record * inputs;
    if (inputs > 0) {
        memcpy(patient->kinds[kind].cells + first, unentered(patient->set, kind),
               inputs * sizeof(bm_cell));
        memset(patient->kinds[kind].given + first, 0, inputs);
    }
}

bonemets_status bonemets_patient_new(bonemets_guidelines *set, bonemets_patient **out)
{
    if (out == NULL) {
        return BONEMETS_E_ARGUMENT;
    }
    *out = NULL;
    if (set == NULL) {
        return BONEMETS_E_ARGUMENT;
    }
    bonemets_patient *patient = bm_take(&set->memory, patient_size(&set->program));
    if (patient == NULL) {
        return BONEMETS_E_MEMORY;
    }
    memset(patient, 0, sizeof *patient);
    patient->set = bonemets_guidelines_ref(set);
    patient->memory = set->memory;
    patient->limits = BM_YAML_LIMITS;
    lay_out(patient);
    bonemets_patient_reset(patient);
    *out = patient;
    return BONEMETS_OK;
}

/* A kind that outgrew its room has a block of its own, which begins with its cells. */
static void free_outgrown(bonemets_patient *patient, int kind)
{
    const bm_program *program = &patient->set->program;
    const bm_records *records = &patient->kinds[kind];
    if (records->room > own_room(program, kind)) {
        bm_give_back(&patient->memory, records->cells,
                     block_of(places(program, kind, records->room)));
    }
}

void bonemets_patient_free(bonemets_patient *patient)
{
    if (patient == NULL) {
        return;
    }
    bonemets_guidelines *set = patient->set;
    bm_memory memory = patient->memory;
    for (int kind = 0; kind < set->program.kind_count; kind++) {
        free_outgrown(patient, kind);
    }
    bm_give_back(&memory, patient, patient_size(&set->program));
    bonemets_guidelines_unref(set);
}

void bonemets_patient_reset(bonemets_patient *patient)
{
    if (patient == NULL) {
        return;
    }
    for (int kind = 0; kind < patient->set->program.kind_count; kind++) {
        patient->kinds[kind].count = 0;
        patient->kinds[kind].listed = false;
        blank_record(patient, kind, 0);
    }
}

static bonemets_status make_room(bonemets_patient *patient, int kind)
{
    const bm_program *program = &patient->set->program;
    bm_records *records = &patient->kinds[kind];
    int limit = program->kinds[kind].limit;
    if (records->count >= limit) {
        return BONEMETS_E_LIMIT;
    }
    if (records->count < records->room) {
        return BONEMETS_OK;
    }
    int room = records->room > limit / 2 ? limit : records->room * 2;
    size_t used = places(program, kind, records->count), count = places(program, kind, room);
    bm_cell *cells = bm_take(&patient->memory, block_of(count));
    if (cells == NULL) {
        return BONEMETS_E_MEMORY;
    }
    uint8_t *given = (uint8_t *)(cells + count);
    memcpy(cells, records->cells, used * sizeof *cells);
    memcpy(given, records->given, used);
    free_outgrown(patient, kind);
    records->cells = cells;
    records->given = given;
    records->room = room;
    return BONEMETS_OK;
}

bonemets_status bm_patient_add(bonemets_patient *patient, int kind, bonemets_record *out)
{
    bonemets_status status = make_room(patient, kind);
    if (status != BONEMETS_OK) {
        return status;
    }
    bm_records *records = &patient->kinds[kind];
    records->listed = true;
    *out = ++records->count;
    blank_record(patient, kind, *out);
    return BONEMETS_OK;
}

bonemets_status bonemets_patient_add_record(bonemets_patient *patient, const char *kind,
                                            bonemets_record *out)
{
    if (out == NULL) {
        return BONEMETS_E_ARGUMENT;
    }
    *out = 0;
    if (patient == NULL || kind == NULL) {
        return BONEMETS_E_ARGUMENT;
    }
    int number = bm_definitions_kind(&patient->set->definitions, kind);
    return number > 0 ? bm_patient_add(patient, number, out) : BONEMETS_E_FACT;
}

bonemets_status bonemets_patient_set_none(bonemets_patient *patient, const char *kind)
{
    if (patient == NULL || kind == NULL) {
        return BONEMETS_E_ARGUMENT;
    }
    int number = bm_definitions_kind(&patient->set->definitions, kind);
    if (number <= 0) {
        return BONEMETS_E_FACT;
    }
    if (patient->kinds[number].count > 0) {
        return BONEMETS_E_RANGE;
    }
    patient->kinds[number].listed = true;
    return BONEMETS_OK;
}

bonemets_status bonemets_patient_set_limit(bonemets_patient *patient, int32_t limit, int64_t value)
{
    return patient != NULL ? bm_yaml_set_limit(&patient->limits, limit, value)
                           : BONEMETS_E_ARGUMENT;
}

static size_t place_of(const bonemets_patient *patient, int record, const bm_fact *fact)
{
    size_t inputs = (size_t)patient->set->program.kinds[fact->kind].inputs;
    return (size_t)record * inputs + (size_t)fact->input;
}

void bm_patient_enter(bonemets_patient *patient, int record, const bm_fact *fact, bm_cell cell,
                      uint8_t unit)
{
    size_t place = place_of(patient, record, fact);
    patient->kinds[fact->kind].cells[place] = cell;
    patient->kinds[fact->kind].given[place] = bm_given_in(unit);
}

void bm_patient_forget(bonemets_patient *patient, int record, const bm_fact *fact)
{
    size_t place = place_of(patient, record, fact);
    patient->kinds[fact->kind].cells[place] = unentered(patient->set, fact->kind)[fact->input];
    patient->kinds[fact->kind].given[place] = 0;
}
