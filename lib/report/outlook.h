/* SPDX-License-Identifier: Apache-2.0 */
/* Writing changes and questions, by themselves or within a report. */
#ifndef BM_REPORT_OUTLOOK_H
#define BM_REPORT_OUTLOOK_H

#include "assess/outlook.h"
#include "report/text.h"

void bm_write_outlook_text(bm_text *out, const bonemets_outlook *outlook);
void bm_write_outlook_json(bm_text *out, const bonemets_outlook *outlook);

/* One question with its row and what each answer decides. */
void bm_write_asked(bm_writer *writer, const bonemets_outlook *outlook, int at);
/* How a result or choice stands: `8, potentially unstable`; while open all that is possible. */
void bm_put_standing(bm_writer *writer, const bm_standing *standing);
/* ` (lesion 2)`, or nothing for the patient. */
void bm_put_record_number(bm_writer *writer, int kind, int32_t record);

#endif
