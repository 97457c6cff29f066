/* SPDX-License-Identifier: Apache-2.0 */
#include "report/answer.h"

#include <string.h>

#include "assess/entry.h"

const char *bm_answer_str(bm_answer answer, bonemets_field field)
{
    return bonemets_assessment_str(answer.result, answer.list, answer.at, field);
}

int32_t bm_answer_int(bm_answer answer, bonemets_field field)
{
    return bonemets_assessment_int(answer.result, answer.list, answer.at, field);
}

double bm_answer_num(bm_answer answer, bonemets_field field)
{
    return bonemets_assessment_num(answer.result, answer.list, answer.at, field);
}

int32_t bm_answer_count(bm_answer answer, int32_t sub)
{
    return bonemets_assessment_sub_count(answer.result, answer.list, answer.at, sub);
}

bm_part bm_answer_part(bm_answer answer, int32_t sub, int32_t at)
{
    return (bm_part){answer, sub, at};
}

const char *bm_part_str(bm_part part, bonemets_field field)
{
    return bonemets_assessment_sub_str(part.answer.result, part.answer.list, part.answer.at,
                                       part.sub, part.at, field);
}

int32_t bm_part_int(bm_part part, bonemets_field field)
{
    return bonemets_assessment_sub_int(part.answer.result, part.answer.list, part.answer.at,
                                       part.sub, part.at, field);
}

double bm_part_num(bm_part part, bonemets_field field)
{
    return bonemets_assessment_sub_num(part.answer.result, part.answer.list, part.answer.at,
                                       part.sub, part.at, field);
}

bool bm_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool bm_part_is(bm_part part, const char *fact, int32_t record)
{
    return bm_part_int(part, BONEMETS_F_LESION) == record &&
           bm_same(bm_part_str(part, BONEMETS_F_ID), fact);
}

int32_t bm_part_other_record(bm_part part)
{
    int32_t record = bm_part_int(part, BONEMETS_F_LESION);
    const char *id = bm_part_str(part, BONEMETS_F_ID);
    const bm_guideline *guideline = bm_answer_guideline(part.answer);
    const bm_definitions *definitions = &bm_assessment_set(part.answer.result)->definitions;
    const bm_fact *fact = id == NULL ? NULL : bm_definitions_fact(definitions, id);
    bool same_kind = fact == NULL || guideline == NULL || fact->kind == guideline->kind;
    bool same = same_kind && record == bm_answer_int(part.answer, BONEMETS_F_LESION);
    return record < 0 || same ? 0 : record;
}

const char *bm_setting_option(const bonemets_assessment *result, const bm_fact *fact)
{
    if (!fact->setting || fact->input < 0) {
        return NULL;
    }
    uint64_t mask = bm_assessment_cell(&result->frame, 0, 0, fact->input).low.mask;
    return mask == 0 ? NULL : fact->type.codes->ids[__builtin_ctzll(mask)];
}

static const bm_scale *find_scale(const bonemets_guidelines *set, const char *scale)
{
    return bm_definitions_scale(&set->definitions, scale);
}

int bm_scale_size(const bonemets_guidelines *set, const char *scale)
{
    const bm_scale *found = find_scale(set, scale);
    return found == NULL ? 0 : found->members.count;
}

int bm_scale_position(const bonemets_guidelines *set, const char *scale, const char *member)
{
    const bm_scale *found = find_scale(set, scale);
    int rank = found == NULL || member == NULL ? -1 : bm_scale_rank(found, member);
    return rank < 0 ? bm_scale_size(set, scale) : rank;
}

const char *bm_scale_meaning(const bonemets_guidelines *set, const char *scale, const char *member)
{
    int rank = bm_scale_position(set, scale, member);
    const bm_scale *found = find_scale(set, scale);
    return found == NULL || rank >= found->members.count ? NULL : found->members.items[rank].value;
}

const bm_guideline *bm_answer_guideline(bm_answer answer)
{
    const bonemets_guidelines *set = bm_assessment_set(answer.result);
    const char *id = bm_answer_str(answer, BONEMETS_F_GUIDELINE);
    int found = id == NULL ? -1 : bm_set_guideline(set, id);
    return found < 0 ? NULL : &set->definitions.guidelines[found];
}

const bm_row_def *bm_answer_row(bm_answer answer)
{
    const bm_guideline *guideline = bm_answer_guideline(answer);
    const char *id = bm_answer_str(answer, BONEMETS_F_ROW);
    for (int i = 0; guideline != NULL && i < guideline->row_count; i++) {
        if (bm_same(guideline->rows[i].id, id)) {
            return &guideline->rows[i];
        }
    }
    return NULL;
}

const bm_score *bm_answer_score(bm_answer answer)
{
    const bm_guideline *guideline = bm_answer_guideline(answer);
    const char *id = bm_answer_str(answer, BONEMETS_F_ID);
    for (int i = 0; guideline != NULL && i < guideline->score_count; i++) {
        if (bm_same(guideline->scores[i].id, id)) {
            return &guideline->scores[i];
        }
    }
    return NULL;
}

const bm_choice *bm_answer_choice(bm_answer answer)
{
    const bm_guideline *guideline = bm_answer_guideline(answer);
    const char *id = bm_answer_str(answer, BONEMETS_F_ID);
    for (int i = 0; guideline != NULL && i < guideline->choice_count; i++) {
        if (bm_same(guideline->choices[i].id, id)) {
            return &guideline->choices[i];
        }
    }
    return NULL;
}

const bm_band *bm_score_band(const bm_score *score, const char *id)
{
    for (int i = 0; score != NULL && i < score->band_count; i++) {
        if (bm_same(score->bands[i].id, id)) {
            return &score->bands[i];
        }
    }
    return NULL;
}

const char *bm_codes_label(const bm_codes *codes, const char *id)
{
    for (int i = 0; codes != NULL && i < codes->count; i++) {
        if (bm_same(codes->ids[i], id)) {
            return codes->labels == NULL ? NULL : codes->labels[i];
        }
    }
    return NULL;
}

const char *bm_kind_label(const bonemets_guidelines *set, int kind)
{
    const bm_definitions *definitions = &set->definitions;
    if (kind <= 0 || kind >= definitions->kind_count) {
        return NULL;
    }
    const bm_kind_def *found = &definitions->kinds[kind];
    return found->label == NULL ? found->id : found->label;
}

static void add_number(uint64_t *numbers, int number)
{
    numbers[number / 64] |= UINT64_C(1) << (number % 64);
}

static bool has_number(const uint64_t *numbers, int number)
{
    return numbers[number / 64] >> (number % 64) & 1;
}

static void add_sources(const bm_view *view, bm_named_sources *named, int most)
{
    const bm_guideline *guideline = view->guideline;
    bool result = view->list == BONEMETS_RESULTS;
    if (result && bm_view_state(view) != BONEMETS_INAPPLICABLE) {
        for (int i = 0; i < guideline->source_count && i < most; i++) {
            add_number(named->keys, guideline->sources[i].number);
        }
    }
    for (int i = 0; !result && view->row != NULL && i < view->row->sources.count; i++) {
        const bm_source *source = bm_view_source(view, view->row->sources.items[i]);
        if (source != NULL) {
            add_number(named->keys, source->number);
        }
    }
}

void bm_name_sources(const bonemets_assessment *result, int most, bm_named_sources *named)
{
    *named = (bm_named_sources){{0}, {0}};
    for (int32_t list = BONEMETS_RESULTS; list <= BONEMETS_ADVICE; list++) {
        for (int32_t i = 0; i < bonemets_assessment_count(result, list); i++) {
            bm_view view;
            bm_view_open(result, list, i, &view);
            add_sources(&view, named, most);
        }
    }
}

bool bm_take_source(bm_named_sources *named, const bm_source *source)
{
    bool again = has_number(named->taken, source->work);
    add_number(named->taken, source->work);
    return !again && has_number(named->keys, source->number);
}
