/* SPDX-License-Identifier: Apache-2.0 */
/* Behind bonemets_patient: the inputs of the patient and of each record, as cells. */
#ifndef BM_RECORD_PATIENT_H
#define BM_RECORD_PATIENT_H

#include "guideline/set.h"

/* Records of one kind. Record 0 holds what was entered for all records of the kind (for kind 0:
 * the patient). Every cell that was not entered is blank: all that is possible. */
typedef struct {
    int count; /* entered records, without record 0 */
    int room;
    bool listed;    /* a list was entered, perhaps an empty one */
    bm_cell *cells; /* (room + 1) x inputs */
    uint8_t *given; /* (room + 1) x inputs: BM_GIVEN and so on */
} bm_records;

struct bonemets_patient {
    bonemets_guidelines *set;
    bm_memory memory;
    bm_yaml_limits limits; /* of records that are read */
    bm_records kinds[BM_KINDS];
};

/* Adds a record of a kind above 0, as bonemets_patient_add_record. */
bonemets_status bm_patient_add(bonemets_patient *patient, int kind, bonemets_record *out);
/* Enters a fact that has an input, for a record that exists; the cell was checked. */
/* `unit`: place among those of the fact in which it came, for those who show it. */
void bm_patient_enter(bonemets_patient *patient, int record, const bm_fact *fact, bm_cell cell,
                      uint8_t unit);
/* Makes it unknown again; a setting returns to its default. */
void bm_patient_forget(bonemets_patient *patient, int record, const bm_fact *fact);

#endif
