/* SPDX-License-Identifier: Apache-2.0 */
/* What the writers ask of an assessment and of the tables behind it, in short. */
#ifndef BM_REPORT_ANSWER_H
#define BM_REPORT_ANSWER_H

#include "assess/assessment.h"
#include "guideline/set.h"

typedef struct {
    const bonemets_assessment *result;
    int32_t list, at;
} bm_answer;

/* An entry of a list within an entry. */
typedef struct {
    bm_answer answer;
    int32_t sub, at;
} bm_part;

const char *bm_answer_str(bm_answer answer, bonemets_field field);
int32_t bm_answer_int(bm_answer answer, bonemets_field field);
double bm_answer_num(bm_answer answer, bonemets_field field);
int32_t bm_answer_count(bm_answer answer, int32_t sub);
bm_part bm_answer_part(bm_answer answer, int32_t sub, int32_t at);

const char *bm_part_str(bm_part part, bonemets_field field);
int32_t bm_part_int(bm_part part, bonemets_field field);
double bm_part_num(bm_part part, bonemets_field field);

/* Texts that may be NULL. */
bool bm_same(const char *a, const char *b);

/* Equal when the two name the same fact of the same record. */
bool bm_part_is(bm_part part, const char *fact, int32_t record);
/* Number of the record that a fact in a part belongs to, 0 when it is the patient or the record
 * that the entry is about anyway. */
int32_t bm_part_other_record(bm_part part);

/* The option of a setting that the answer was made with; NULL when the fact is no setting. */
const char *bm_setting_option(const bonemets_assessment *result, const bm_fact *fact);

/* Position in a scale of the vocabulary; past its end when it is no member. */
int bm_scale_position(const bonemets_guidelines *set, const char *scale, const char *member);
/* NULL when the scale has no such member. */
const char *bm_scale_meaning(const bonemets_guidelines *set, const char *scale, const char *member);
int bm_scale_size(const bonemets_guidelines *set, const char *scale);

/* NULL when there is none. */
const bm_guideline *bm_answer_guideline(bm_answer answer);
const bm_row_def *bm_answer_row(bm_answer answer);
const bm_score *bm_answer_score(bm_answer answer);
const bm_choice *bm_answer_choice(bm_answer answer);
const bm_band *bm_score_band(const bm_score *score, const char *id);
/* Label of an option or outcome, or NULL. */
const char *bm_codes_label(const bm_codes *codes, const char *id);
/* Label of a kind of record; NULL for the patient. */
const char *bm_kind_label(const bonemets_guidelines *set, int kind);

/* A result has all sources of its table, the principal ones first: text names only these. */
enum { BM_SOURCES_OF_RESULT = 2 };
/* Sources that an assessment names, by number, and works that were already written. */
typedef struct {
    uint64_t keys[BM_MOST_SOURCES / 64], taken[BM_MOST_SOURCES / 64];
} bm_named_sources;

/* Those of choices and advice, and of each result the first `most`. */
void bm_name_sources(const bonemets_assessment *result, int most, bm_named_sources *named);
/* Is it one of these, and the first of its work? To be asked of all sources in order. */
bool bm_take_source(bm_named_sources *named, const bm_source *source);

#endif
