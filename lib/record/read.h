/* SPDX-License-Identifier: Apache-2.0 */
/* Patient records as doc/guideline-language.md section 7 writes them. */
#ifndef BM_RECORD_READ_H
#define BM_RECORD_READ_H

#include "record/statement.h"
#include "record/patient.h"

/* Forgets what the patient holds and reads a record that is parsed already, such as the `given` of
 * a worked example. Status and reset as bonemets_patient_read. */
bonemets_status bm_record_read_node(bonemets_patient *patient, const char *file,
                                    const bm_node *record, bonemets_error *err);

/* Between the files of the reader: what a node says about a fact. */
bonemets_status bm_record_read_value(bm_statement statement, bm_cell *out);

#endif
