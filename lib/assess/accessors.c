/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the entries of an assessment. */
#include <string.h>

#include "assess/deadline.h"
#include "assess/entry.h"

static const char *about(const bm_guideline *guideline)
{
    return guideline->about ? guideline->about : "patient";
}

/* The band, when only one is left. */
static const char *certain_band(const bm_view *view)
{
    const bm_score *score = view->score;
    if (!score || score->band_count == 0)
        return NULL;
    uint64_t bands = bm_view_cell(view, score->band).low.mask;
    if (bands == 0 || (bands & (bands - 1)) || bm_view_state(view) == BONEMETS_INAPPLICABLE)
        return NULL;
    return score->bands[__builtin_ctzll(bands)].id;
}

static const char *guideline_str(const bm_guideline *guideline, bonemets_field field)
{
    switch (field) {
    case BONEMETS_F_GUIDELINE:
        return guideline->id;
    case BONEMETS_F_TITLE:
        return guideline->title;
    case BONEMETS_F_ABOUT:
        return about(guideline);
    case BONEMETS_F_STATUS:
        return guideline->status;
    case BONEMETS_F_VERIFIED:
        return guideline->verified;
    default:
        return NULL;
    }
}

static const char *result_str(const bm_view *view, bonemets_field field)
{
    switch (field) {
    case BONEMETS_F_ID:
        return view->score ? view->score->id : view->equation->id;
    case BONEMETS_F_LABEL:
        return view->score ? view->score->label : view->equation->label;
    case BONEMETS_F_UNIT:
        return view->score ? NULL : view->equation->unit;
    case BONEMETS_F_BAND:
        return certain_band(view);
    default:
        return guideline_str(view->guideline, field);
    }
}

static const char *row_str(const bm_row_def *row, bonemets_field field)
{
    switch (field) {
    case BONEMETS_F_ROW:
        return row->id;
    case BONEMETS_F_URGENCY:
        return row->urgency;
    case BONEMETS_F_STRENGTH:
        return row->strength;
    case BONEMETS_F_CERTAINTY:
        return row->certainty;
    case BONEMETS_F_VERIFIED:
        return row->verified;
    case BONEMETS_F_BECAUSE:
        return row->because;
    default:
        return NULL;
    }
}

static const char *choice_str(const bm_view *view, bonemets_field field)
{
    int value = bm_outcome_value(bm_view_cell(view, view->choice->slot));
    switch (field) {
    case BONEMETS_F_ID:
        return view->choice->id;
    case BONEMETS_F_LABEL:
        return view->choice->label;
    case BONEMETS_F_UNIT:
        return view->choice->unit;
    case BONEMETS_F_CODE:
        return value < 0 ? NULL : view->choice->codes.ids[value];
    case BONEMETS_F_GUIDELINE:
    case BONEMETS_F_TITLE:
    case BONEMETS_F_ABOUT:
    case BONEMETS_F_STATUS:
        return guideline_str(view->guideline, field);
    default:
        return view->row ? row_str(view->row, field) : NULL;
    }
}

static const char *entry_row_str(const bm_view *view, bonemets_field field)
{
    if (field == BONEMETS_F_ID)
        return view->row->id;
    const char *text = row_str(view->row, field);
    return text ? text : guideline_str(view->guideline, field);
}

static const char *urgency_name(const bonemets_assessment *a, int rank)
{
    const bm_scale *scale = bm_definitions_scale(&a->set->definitions, "urgency");
    return scale && rank >= 0 && rank < scale->members.count ? scale->members.items[rank].key
                                                             : NULL;
}

/* What a table assumed of a fact, as text. */
static const char *assumed_value(const bm_view *view)
{
    if (view->asked->assumption < 0)
        return NULL;
    const bm_assumption *one = &view->guideline->assumptions[view->asked->assumption];
    return one->is_list ? "" : one->options.items[0];
}

static const char *question_str(const bm_view *view, bonemets_field field)
{
    const bm_fact *fact = bm_view_fact(view, view->asked->kind, view->asked->input);
    switch (field) {
    case BONEMETS_F_ID:
        return fact->id;
    case BONEMETS_F_LABEL:
        return fact->label;
    case BONEMETS_F_URGENCY:
        return urgency_name(view->a, view->asked->urgency);
    case BONEMETS_F_CODE:
        return assumed_value(view);
    case BONEMETS_F_GUIDELINE:
        return view->guideline ? view->guideline->id : NULL;
    default:
        return NULL;
    }
}

static const char *entry_note_str(const bm_view *view, bonemets_field field)
{
    switch (field) {
    case BONEMETS_F_ID:
        return view->note->id;
    case BONEMETS_F_MESSAGE:
        return view->note->say;
    case BONEMETS_F_VERIFIED:
        return view->note->verified;
    case BONEMETS_F_GUIDELINE:
        return view->guideline->id;
    default:
        return NULL;
    }
}

const char *bm_view_str(const bm_view *view, bonemets_field field)
{
    if (view->differs.fact)
        return bm_differs_str(view, field);
    if (view->asked)
        return question_str(view, field);
    if (field == BONEMETS_F_CONTRADICTED && view->list != BONEMETS_NOTES)
        return bm_view_contradicted(view);
    if (view->list == BONEMETS_RESULTS)
        return result_str(view, field);
    if (view->list == BONEMETS_NOTES)
        return entry_note_str(view, field);
    return view->list == BONEMETS_CHOICES ? choice_str(view, field) : entry_row_str(view, field);
}

const char *bonemets_assessment_str(const bonemets_assessment *result, int32_t list, int32_t i,
                                    bonemets_field field)
{
    bm_view view;
    return bm_view_open(result, list, i, &view) ? bm_view_str(&view, field) : NULL;
}

static int kind_of(const bm_view *view)
{
    return view->asked ? view->asked->kind : view->guideline->kind;
}

/* Was the total of this score entered? */
static bool entered(const bm_view *view)
{
    if (!view->score || view->score->input < 0)
        return false;
    int kind = view->guideline->kind, inputs = view->a->frame.program->kinds[kind].inputs;
    return view->a->frame.given[kind][(size_t)view->entry->record * (size_t)inputs +
                                      (size_t)view->score->input] != 0;
}

int32_t bm_view_int(const bm_view *view, bonemets_field field)
{
    if (view->differs.fact)
        return bm_differs_int(view, field);
    bool limited = view->list == BONEMETS_CHOICES || view->list == BONEMETS_ADVICE;
    if (field == BONEMETS_F_LEFT)
        return limited ? bm_view_deadline(view).state : -1;
    if (field == BONEMETS_F_STATE)
        return view->asked ? -1 : bm_view_state(view);
    if (field == BONEMETS_F_MAY_BE_NONE && view->list == BONEMETS_CHOICES)
        return (bm_view_cell(view, view->choice->slot).low.mask & BM_UNSET) != 0;
    if (field == BONEMETS_F_IGNORE && view->list == BONEMETS_CHOICES)
        return bm_ignored(view->a, view->guideline, view->entry->record, &view->choice->ignore);
    if (field == BONEMETS_F_ONLY_BANDS && view->list == BONEMETS_RESULTS)
        return view->score != NULL && view->score->only_bands;
    if (field == BONEMETS_F_ENTERED && view->list == BONEMETS_RESULTS)
        return entered(view);
    if (field == BONEMETS_F_PRECEDENCE && !view->asked)
        return view->row && view->row->precedence > 0 ? view->row->precedence
                                                      : view->guideline->precedence;
    if (field == BONEMETS_F_LESION)
        return bm_assessment_record(view->a, kind_of(view),
                                    view->asked ? view->asked->record : view->entry->record);
    return -1;
}

int32_t bonemets_assessment_int(const bonemets_assessment *result, int32_t list, int32_t i,
                                bonemets_field field)
{
    bm_view view;
    return bm_view_open(result, list, i, &view) ? bm_view_int(&view, field) : -1;
}

static double side(bm_cell cell, bonemets_field field)
{
    return field == BONEMETS_F_LOW ? cell.low.number : cell.high.number;
}

static double choice_number(const bm_view *view)
{
    int value = bm_outcome_value(bm_view_cell(view, view->choice->slot));
    return value >= 0 && view->choice->numbers ? view->choice->numbers[value] : 0;
}

static double deadline_num(const bm_deadline *deadline, bonemets_field field)
{
    switch (field) {
    case BONEMETS_F_LEFT_LOW_H:
        return deadline->low;
    case BONEMETS_F_LEFT_HIGH_H:
        return deadline->high;
    case BONEMETS_F_DUE_LOW:
        return deadline->due_low;
    default:
        return deadline->due_high;
    }
}

static bool is_of_deadline(bonemets_field field)
{
    return field >= BONEMETS_F_LEFT_LOW_H && field <= BONEMETS_F_DUE_HIGH;
}

double bm_view_num(const bm_view *view, bonemets_field field)
{
    bool bound = field == BONEMETS_F_LOW || field == BONEMETS_F_HIGH;
    if (view->differs.fact)
        return bm_differs_num(view, field);
    if (view->asked)
        return 0;
    if (is_of_deadline(field)) {
        bm_deadline deadline = bm_view_deadline(view);
        return deadline_num(&deadline, field);
    }
    if (field == BONEMETS_F_WITHIN_H)
        return view->row ? view->row->within_h : -1;
    if (view->score && (field == BONEMETS_F_DERIVED_LOW || field == BONEMETS_F_DERIVED_HIGH))
        return side(bm_view_cell(view, view->score->sum),
                    field == BONEMETS_F_DERIVED_LOW ? BONEMETS_F_LOW : BONEMETS_F_HIGH);
    if (!bound)
        return 0;
    if (view->list == BONEMETS_RESULTS)
        return side(bm_view_cell(view, view->score ? view->score->total : view->equation->slot),
                    field);
    return view->list == BONEMETS_CHOICES ? choice_number(view) : 0;
}

double bonemets_assessment_num(const bonemets_assessment *result, int32_t list, int32_t i,
                               bonemets_field field)
{
    bm_view view;
    return bm_view_open(result, list, i, &view) ? bm_view_num(&view, field) : 0;
}

int32_t bonemets_assessment_find(const bonemets_assessment *result, int32_t list, const char *id,
                                 bonemets_record record)
{
    if (!id)
        return -1;
    bool dotted = list == BONEMETS_RESULTS || list == BONEMETS_CHOICES;
    const char *dot = dotted ? strchr(id, '.') : NULL;
    for (int32_t i = 0; i < bonemets_assessment_count(result, list); i++) {
        const char *one = bonemets_assessment_str(result, list, i, BONEMETS_F_ID);
        const char *of = bonemets_assessment_str(result, list, i, BONEMETS_F_GUIDELINE);
        bool here = !dot || (of && strlen(of) == (size_t)(dot - id) &&
                             strncmp(of, id, (size_t)(dot - id)) == 0);
        if (one && here && strcmp(one, dot ? dot + 1 : id) == 0 &&
            bonemets_assessment_int(result, list, i, BONEMETS_F_LESION) == record)
            return i;
    }
    return -1;
}

const char *bonemets_assessment_overall_str(const bonemets_assessment *result, bonemets_field field)
{
    if (!result)
        return NULL;
    if (field == BONEMETS_F_URGENCY)
        return urgency_name(result, result->most_urgent);
    if (field == BONEMETS_F_POSSIBLE_URGENCY)
        return urgency_name(result, result->most_urgent_possible);
    const bm_guideline *guidelines = result->set->definitions.guidelines;
    if (field == BONEMETS_F_WITHIN_ROW && result->within_h >= 0)
        return guidelines[result->shortest_row.guideline].rows[result->shortest_row.index].id;
    if (field == BONEMETS_F_LEFT_ROW)
        return result->soonest_row ? result->soonest_row->id : NULL;
    if (result->most_urgent < 0)
        return NULL;
    const bm_guideline *guideline = &guidelines[result->most_urgent_row.guideline];
    if (field == BONEMETS_F_ROW)
        return guideline->rows[result->most_urgent_row.index].id;
    return field == BONEMETS_F_GUIDELINE ? guideline->id : NULL;
}

double bonemets_assessment_overall_num(const bonemets_assessment *result, bonemets_field field)
{
    if (!result)
        return -1;
    if (field == BONEMETS_F_WITHIN_H)
        return result->within_h;
    if (is_of_deadline(field))
        return deadline_num(&result->soonest, field);
    return field == BONEMETS_F_POSSIBLE_WITHIN_H ? result->within_h_possible : -1;
}
