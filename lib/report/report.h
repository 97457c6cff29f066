/* SPDX-License-Identifier: Apache-2.0 */
/* The writers behind bonemets_assessment_write, bonemets_explain and bonemets_describe_facts. */
#ifndef BM_REPORT_REPORT_H
#define BM_REPORT_REPORT_H

#include "base/text.h"
#include "guideline/set.h"

void bm_write_assessment_text(bm_text *out, const bonemets_assessment *result);
/* What a clinician reads, on a page or so; as text or Markdown. */
void bm_write_summary(bm_text *out, const bonemets_assessment *result, bool markdown);
void bm_write_assessment_json(bm_text *out, const bonemets_assessment *result);

void bm_write_guideline_text(bm_text *out, const bonemets_guidelines *set,
                             const bm_guideline *guideline);
void bm_write_guideline_json(bm_text *out, const bonemets_guidelines *set,
                             const bm_guideline *guideline);
void bm_write_guidelines_text(bm_text *out, const bonemets_guidelines *set);
void bm_write_guidelines_json(bm_text *out, const bonemets_guidelines *set);

/* The guideline of a score, equation or choice; NULL: none. */
const bm_guideline *bm_guideline_of_table(const bonemets_guidelines *set, const char *id);
/* All rows and notes of this id; false: there is none. */
bool bm_write_parts_text(bm_text *out, const bonemets_guidelines *set, const char *id);
bool bm_write_parts_json(bm_text *out, const bonemets_guidelines *set, const char *id);

void bm_write_fact_text(bm_text *out, const bonemets_guidelines *set, const bm_fact *fact);
void bm_write_fact_json(bm_text *out, const bonemets_guidelines *set, const bm_fact *fact);
void bm_write_facts_text(bm_text *out, const bonemets_guidelines *set);
void bm_write_facts_json(bm_text *out, const bonemets_guidelines *set);

#endif
