/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of changes and questions: keys are never renamed and keep their order. */
#include <math.h>

#include "report/json.h"
#include "report/outlook.h"
#include "report/report.h"

static const bm_definitions *definitions_of(const bonemets_outlook *outlook)
{
    return &outlook->a->set->definitions;
}

static const char *state_name(const bm_standing *standing, int state)
{
    bool choice = standing->list == BONEMETS_CHOICES;
    switch (state) {
    case BONEMETS_KNOWN:
        return "known";
    case BONEMETS_PARTLY:
        return choice ? "provisional" : "partly";
    case BONEMETS_INAPPLICABLE:
        return "not_applicable";
    default:
        return choice ? "none" : "unknown";
    }
}

static void put_open(bm_json *json, const bonemets_outlook *outlook, const bm_standing *standing)
{
    const bm_choice *choice = bm_standing_choice(outlook->a, standing);
    const bm_score *score = bm_standing_score(outlook->a, standing);
    bm_json_open_line(json, choice != NULL ? "possible" : "bands", '[');
    for (uint64_t mask = standing->open & ~BM_UNSET; mask != 0; mask &= mask - 1) {
        int at = __builtin_ctzll(mask);
        bm_json_text(json, NULL, choice != NULL ? choice->codes.ids[at] : score->bands[at].id);
    }
    bm_json_close(json, ']');
}

/* As a result or choice of an assessment, in the same words. */
static void put_standing(bm_json *json, const bonemets_outlook *outlook,
                         const bm_standing *standing)
{
    const bm_choice *choice = bm_standing_choice(outlook->a, standing);
    const bm_score *score = bm_standing_score(outlook->a, standing);
    bm_json_text(json, "state", state_name(standing, bm_standing_state(outlook->a, standing)));
    if (choice != NULL) {
        bm_json_text(json, "value",
                     standing->value < 0 ? NULL : choice->codes.ids[standing->value]);
        put_open(json, outlook, standing);
        bm_json_bool(json, "may_be_none", (standing->open & BM_UNSET) != 0);
        return;
    }
    bool any = standing->applies != BM_NO;
    bool one = score != NULL && any && __builtin_popcountll(standing->open) == 1;
    bm_json_number(json, "low", any ? standing->low : HUGE_VAL);
    bm_json_number(json, "high", any ? standing->high : HUGE_VAL);
    bm_json_text(json, "band", one ? score->bands[__builtin_ctzll(standing->open)].id : NULL);
    put_open(json, outlook, standing);
}

static void put_whose(bm_json *json, const bonemets_outlook *outlook, const bm_standing *standing)
{
    const bm_choice *choice = bm_standing_choice(outlook->a, standing);
    const bm_score *score = bm_standing_score(outlook->a, standing);
    const bm_guideline *guideline = &definitions_of(outlook)->guidelines[standing->entry.guideline];
    bm_json_text(json, "guideline", guideline->id);
    bm_json_text(json, "id",
                 choice != NULL ? choice->id
                 : score != NULL
                     ? score->id
                     : guideline->equations[standing->entry.index - guideline->score_count].id);
    bm_json_int(json, "lesion",
                bm_assessment_record(outlook->a, guideline->kind, standing->entry.record));
}

/* ---- facts ---- */

static void put_fact(bm_json *json, const bonemets_outlook *outlook, const bm_prospect *one)
{
    const bm_fact *fact = bm_prospect_fact(outlook, one);
    bm_json_text(json, "fact", fact->id);
    bm_json_text(json, "label", fact->label);
    bm_json_int(json, "lesion", bm_assessment_record(outlook->a, one->kind, one->record));
    bm_json_bool(json, "setting", fact->setting);
    bm_json_text(json, "unit", fact->type.unit);
}

static const char *word_of(const bm_fact *fact, const bm_change *change)
{
    switch (change->to) {
    case BM_TO_OPTION:
        return bm_option_id(fact, change->option);
    case BM_TO_PRESENT:
        return "present";
    case BM_TO_ABSENT:
        return "absent";
    case BM_TO_NONE:
        return "none";
    default:
        return NULL;
    }
}

static void put_change(bm_json *json, const char *key, const bm_fact *fact, const bm_change *change)
{
    bool member = change->to == BM_TO_PRESENT || change->to == BM_TO_ABSENT;
    bm_json_open_line(json, key, '{');
    if (member) {
        bm_json_text(json, "member", bm_option_id(fact, change->option));
    }
    if (change->to == BM_TO_NUMBER) {
        bm_json_number(json, "low", change->low);
        bm_json_number(json, "high", change->high);
    } else {
        bm_json_text(json, "value", word_of(fact, change));
    }
    bm_json_close(json, '}');
}

static void put_now(bm_json *json, const bonemets_outlook *outlook, int at)
{
    const bm_prospect *one = &outlook->items[at];
    int state = bonemets_outlook_int(outlook, at, BONEMETS_F_FROM_STATE);
    bm_json_open_line(json, "from", '{');
    bm_json_text(json, "state",
                 state == BONEMETS_KNOWN    ? "known"
                 : state == BONEMETS_PARTLY ? "partly"
                                            : "unknown");
    if (bm_prospect_fact(outlook, one)->type.base == BM_NUMBER) {
        bm_json_number(json, "low", one->from.low.number);
        bm_json_number(json, "high", one->from.high.number);
    } else {
        bm_json_text(json, "value", bonemets_outlook_str(outlook, at, BONEMETS_F_FROM));
    }
    bm_json_close(json, '}');
}

static void put_what_if(bm_json *json, const bonemets_outlook *outlook, int at)
{
    const bm_prospect *one = &outlook->items[at];
    bm_json_open(json, NULL, '{');
    put_fact(json, outlook, one);
    put_now(json, outlook, at);
    put_change(json, "to", bm_prospect_fact(outlook, one), &one->change);
    bm_json_number(json, "size", one->change.size);
    bm_json_bool(json, "decides", one->main);
    bm_json_open_line(json, "then", '{');
    put_standing(json, outlook, &one->after);
    bm_json_close(json, '}');
    bm_json_close(json, '}');
}

/* ---- questions ---- */

static void put_effect(bm_json *json, const bonemets_outlook *outlook, const bm_effect *effect)
{
    const bm_row_def *row = bm_effect_row(outlook, effect);
    const bm_entry *entry = &effect->after.entry;
    const bm_guideline *guideline = &definitions_of(outlook)->guidelines[entry->guideline];
    bm_json_open_line(json, NULL, '{');
    if (row != NULL) {
        bm_json_text(json, "guideline", guideline->id);
        bm_json_text(json, "row", row->id);
        bm_json_int(json, "lesion",
                    bm_assessment_record(outlook->a, guideline->kind, entry->record));
        bm_json_text(json, "urgency", row->urgency);
        bm_json_text(json, "because", row->because);
    } else {
        put_whose(json, outlook, &effect->after);
        put_standing(json, outlook, &effect->after);
    }
    bm_json_close(json, '}');
}

static void put_answer(bm_json *json, const bonemets_outlook *outlook, const bm_prospect *one,
                       int answer)
{
    bm_json_open(json, NULL, '{');
    put_change(json, "answer", bm_prospect_fact(outlook, one), &one->answers[answer]);
    bm_json_open(json, "decides", '[');
    for (int i = 0; i < one->effect_count; i++) {
        if (one->effects[i].answer == answer) {
            put_effect(json, outlook, &one->effects[i]);
        }
    }
    bm_json_close(json, ']');
    bm_json_close(json, '}');
}

static void put_question(bm_json *json, const bonemets_outlook *outlook, int at)
{
    const bm_prospect *one = &outlook->items[at];
    bm_json_open(json, NULL, '{');
    put_fact(json, outlook, one);
    bm_json_text(json, "urgency", bonemets_outlook_str(outlook, at, BONEMETS_F_URGENCY));
    bm_json_text(json, "guideline", bonemets_outlook_str(outlook, at, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "row", bonemets_outlook_str(outlook, at, BONEMETS_F_ROW));
    bm_json_text(json, "because", bonemets_outlook_str(outlook, at, BONEMETS_F_BECAUSE));
    bm_json_int(json, "waiting", one->asked.weight);
    bm_json_open_line(json, "excludes", '{');
    bm_json_number(json, "mean", one->excluded);
    bm_json_int(json, "least", one->excluded_least);
    bm_json_int(json, "most", one->excluded_most);
    bm_json_int(json, "of", one->open);
    bm_json_close(json, '}');
    bm_json_open(json, "answers", '[');
    for (int i = 0; i < one->answer_count; i++) {
        put_answer(json, outlook, one, i);
    }
    bm_json_close(json, ']');
    bm_json_close(json, '}');
}

static void put_all(bm_json *json, const char *key, const bonemets_outlook *outlook,
                    void (*put)(bm_json *json, const bonemets_outlook *outlook, int at))
{
    bm_json_open(json, key, '[');
    for (int i = 0; i < outlook->count; i++) {
        put(json, outlook, i);
    }
    bm_json_close(json, ']');
}

void bm_write_outlook_json(bm_text *out, const bonemets_outlook *outlook)
{
    bm_json json;
    bm_json_init(&json, out);
    bm_json_open(&json, NULL, '{');
    bm_json_text(&json, "digest", outlook->a->set->digest);
    if (outlook->questions) {
        put_all(&json, "questions", outlook, put_question);
        bm_json_int(&json, "left", outlook->left);
    } else {
        bm_json_open(&json, "what_if", '{');
        put_whose(&json, outlook, &outlook->target);
        put_standing(&json, outlook, &outlook->target);
        bm_json_close(&json, '}');
        put_all(&json, "changes", outlook, put_what_if);
    }
    bm_json_text(&json, "statement", definitions_of(outlook)->statement);
    bm_json_close(&json, '}');
    bm_put_char(out, '\n');
}
