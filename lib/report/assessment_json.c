/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of an assessment: keys are never renamed and keep their order, new ones come behind. */
#include <math.h>

#include "report/answer.h"
#include "report/json.h"
#include "report/report.h"

static const char *state_name(int32_t state)
{
    switch (state) {
    case BONEMETS_KNOWN:
        return "known";
    case BONEMETS_PARTLY:
        return "partly";
    case BONEMETS_INAPPLICABLE:
        return "not_applicable";
    default:
        return "unknown";
    }
}

static const char *choice_state_name(int32_t state)
{
    return state == BONEMETS_KNOWN ? "known" : state == BONEMETS_PARTLY ? "provisional" : "none";
}

static void put_version(bm_json *json)
{
    char version[48];
    bm_text text;
    int32_t number = bonemets_version();
    bm_text_init(&text, version, sizeof version);
    bm_put_format(&text, "%d.%d.%d", number / 1000000, number / 1000 % 1000, number % 1000);
    bm_json_text(json, "bonemets", version);
}

/* Low and high, or null for what has no bounds. */
static void put_bounds(bm_json *json, bool any, double low, double high)
{
    bm_json_number(json, "low", any ? low : HUGE_VAL);
    bm_json_number(json, "high", any ? high : HUGE_VAL);
}

/* ---- lists that several entries have ---- */

static void put_names(bm_json *json, const char *key, bm_answer answer, int32_t sub,
                      bonemets_field field)
{
    bm_json_open_line(json, key, '[');
    for (int32_t j = 0; j < bm_answer_count(answer, sub); j++) {
        bm_json_text(json, NULL, bm_part_str(bm_answer_part(answer, sub, j), field));
    }
    bm_json_close(json, ']');
}

/* Words of a row as they are shown: a token without wording of its own has blanks for underscores. */
static void put_wordings(bm_json *json, const char *key, bm_answer answer, int32_t sub)
{
    bm_json_open_line(json, key, '[');
    for (int32_t j = 0; j < bm_answer_count(answer, sub); j++) {
        bm_part token = bm_answer_part(answer, sub, j);
        const char *label = bm_part_str(token, BONEMETS_F_LABEL);
        if (bm_same(label, bm_part_str(token, BONEMETS_F_ID))) {
            bm_json_name(json, NULL, label);
        } else {
            bm_json_text(json, NULL, label);
        }
    }
    bm_json_close(json, ']');
}

/* `fact`, or `fact@2` when it belongs to another record than the answer. */
static void put_fact_key(bm_json *json, bm_part part)
{
    char name[256];
    bm_text text;
    int32_t record = bm_part_other_record(part);
    bm_text_init(&text, name, sizeof name);
    bm_put(&text, bm_part_str(part, BONEMETS_F_ID));
    if (record > 0) {
        bm_put_format(&text, "@%d", (int)record);
    }
    bm_json_text(json, NULL, name);
}

static void put_fact_keys(bm_json *json, const char *key, bm_answer answer, int32_t sub)
{
    bm_json_open_line(json, key, '[');
    for (int32_t j = 0; j < bm_answer_count(answer, sub); j++) {
        put_fact_key(json, bm_answer_part(answer, sub, j));
    }
    bm_json_close(json, ']');
}

static const bm_fact *fact_of(bm_part part)
{
    const char *id = bm_part_str(part, BONEMETS_F_ID);
    const bm_definitions *definitions = &bm_assessment_set(part.answer.result)->definitions;
    return id == NULL ? NULL : bm_definitions_fact(definitions, id);
}

/* Members of a set that are present have an entry each. */
static int32_t put_members(bm_json *json, bm_part part)
{
    bm_part next = part;
    const char *id = bm_part_str(part, BONEMETS_F_ID);
    int32_t record = bm_part_int(part, BONEMETS_F_LESION);
    int32_t count = bm_answer_count(part.answer, part.sub);
    bm_json_open_line(json, "value", '[');
    for (; next.at < count && bm_part_is(next, id, record); next.at++) {
        if (bm_part_str(next, BONEMETS_F_CODE) != NULL) {
            bm_json_text(json, NULL, bm_part_str(next, BONEMETS_F_CODE));
        }
    }
    bm_json_close(json, ']');
    return next.at;
}

static void put_number(bm_json *json, bm_part part, bool known)
{
    double low = bm_part_num(part, BONEMETS_F_LOW), high = bm_part_num(part, BONEMETS_F_HIGH);
    if (known) {
        bm_json_number(json, "value", low);
    } else {
        put_bounds(json, true, low, high);
    }
    if (bm_part_str(part, BONEMETS_F_UNIT) != NULL) {
        bm_json_text(json, "unit", bm_part_str(part, BONEMETS_F_UNIT));
    }
}

/* Returns the number of the next part. */
static int32_t put_fact(bm_json *json, bm_part part)
{
    const bm_fact *fact = fact_of(part);
    bool known = bm_part_int(part, BONEMETS_F_STATE) == BONEMETS_KNOWN;
    int32_t next = part.at + 1;
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "fact", bm_part_str(part, BONEMETS_F_ID));
    bm_json_int(json, "lesion", bm_part_int(part, BONEMETS_F_LESION));
    bm_json_text(json, "state", known ? "known" : "partly");
    if (fact != NULL && fact->type.base == BM_SET) {
        next = put_members(json, part);
    } else if (fact != NULL && fact->type.base == BM_NUMBER) {
        put_number(json, part, known);
    } else {
        bm_json_text(json, "value", bm_part_str(part, BONEMETS_F_CODE));
    }
    bm_json_close(json, '}');
    return next;
}

static void put_facts(bm_json *json, bm_answer answer)
{
    int32_t count = bm_answer_count(answer, BONEMETS_SUB_FACTS);
    bm_json_open(json, "facts", '[');
    for (int32_t j = 0; j < count;) {
        j = put_fact(json, bm_answer_part(answer, BONEMETS_SUB_FACTS, j));
    }
    bm_json_close(json, ']');
}

/* From `urgency` to `missing`: the same for a choice and a row that advises. */
static void put_evidence(bm_json *json, bm_answer answer)
{
    bm_json_text(json, "urgency", bm_answer_str(answer, BONEMETS_F_URGENCY));
    bm_json_limit(json, "within_h", bm_answer_num(answer, BONEMETS_F_WITHIN_H));
    bm_json_text(json, "strength", bm_answer_str(answer, BONEMETS_F_STRENGTH));
    bm_json_text(json, "certainty", bm_answer_str(answer, BONEMETS_F_CERTAINTY));
    bm_json_text(json, "verified", bm_answer_str(answer, BONEMETS_F_VERIFIED));
    put_names(json, "source", answer, BONEMETS_SUB_SOURCES, BONEMETS_F_ID);
    bm_json_text(json, "because", bm_answer_str(answer, BONEMETS_F_BECAUSE));
    put_facts(json, answer);
    put_fact_keys(json, "missing", answer, BONEMETS_SUB_MISSING);
}

/* ---- lists of the assessment ---- */

static void put_guidelines(bm_json *json, const bonemets_assessment *result)
{
    const bonemets_guidelines *set = bm_assessment_set(result);
    bm_json_open(json, "guidelines", '[');
    for (int32_t i = 0; i < bonemets_guideline_count(set); i++) {
        if (!bm_assessment_covers(result, i)) {
            continue;
        }
        bm_json_open_line(json, NULL, '{');
        bm_json_text(json, "id", bonemets_guideline_str(set, i, BONEMETS_F_ID));
        bm_json_text(json, "title", bonemets_guideline_str(set, i, BONEMETS_F_TITLE));
        bm_json_text(json, "edition", bonemets_guideline_str(set, i, BONEMETS_F_EDITION));
        bm_json_text(json, "status", bonemets_guideline_str(set, i, BONEMETS_F_STATUS));
        bm_json_text(json, "verified", bonemets_guideline_str(set, i, BONEMETS_F_VERIFIED));
        bm_json_close(json, '}');
    }
    bm_json_close(json, ']');
}

static void put_items(bm_json *json, bm_answer answer)
{
    bm_json_open(json, "items", '[');
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_ITEMS); j++) {
        bm_part item = bm_answer_part(answer, BONEMETS_SUB_ITEMS, j);
        int32_t state = bm_part_int(item, BONEMETS_F_STATE);
        bm_json_open_line(json, NULL, '{');
        bm_json_text(json, "id", bm_part_str(item, BONEMETS_F_ID));
        bm_json_text(json, "state", state_name(state));
        put_bounds(json, state != BONEMETS_INAPPLICABLE, bm_part_num(item, BONEMETS_F_LOW),
                   bm_part_num(item, BONEMETS_F_HIGH));
        bm_json_text(json, "label", bm_part_str(item, BONEMETS_F_LABEL));
        bm_json_close(json, '}');
    }
    bm_json_close(json, ']');
}

static void put_notes(bm_json *json, bm_answer answer)
{
    bool is_score = bm_answer_score(answer) != NULL; /* the other total is one of a score */
    bm_json_open(json, "notes", '[');
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_NOTES); j++) {
        bm_part note = bm_answer_part(answer, BONEMETS_SUB_NOTES, j);
        int32_t state = bm_part_int(note, BONEMETS_F_STATE);
        bm_json_open_line(json, NULL, '{');
        bm_json_text(json, "id", bm_part_str(note, BONEMETS_F_ID));
        bm_json_text(json, "say", bm_part_str(note, BONEMETS_F_MESSAGE));
        bm_json_text(json, "verified", bm_part_str(note, BONEMETS_F_VERIFIED));
        put_bounds(json, is_score && (state == BONEMETS_KNOWN || state == BONEMETS_PARTLY),
                   bm_part_num(note, BONEMETS_F_LOW), bm_part_num(note, BONEMETS_F_HIGH));
        bm_json_close(json, '}');
    }
    bm_json_close(json, ']');
}

/* An entered total wins; what the items give stands beside it, so that a difference is seen. */
static void put_entered(bm_json *json, bm_answer answer)
{
    bool entered = bm_answer_int(answer, BONEMETS_F_ENTERED) == 1;
    bm_json_text(json, "origin", entered ? "entered" : "derived");
    if (entered) {
        bm_json_open_line(json, "derived", '{');
        put_bounds(json, true, bm_answer_num(answer, BONEMETS_F_DERIVED_LOW),
                   bm_answer_num(answer, BONEMETS_F_DERIVED_HIGH));
        bm_json_close(json, '}');
    }
}

/* What the table says about each band that is still possible. */
static void put_says(bm_json *json, bm_answer answer)
{
    bm_json_open(json, "says", '[');
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_BANDS); j++) {
        const char *id = bm_part_str(bm_answer_part(answer, BONEMETS_SUB_BANDS, j), BONEMETS_F_ID);
        const bm_band *band = bm_score_band(bm_answer_score(answer), id);
        if (band == NULL) {
            continue;
        }
        bm_json_open(json, NULL, '{');
        bm_json_text(json, "band", id);
        bm_json_text(json, "label", band->label);
        bm_json_text(json, "meaning", band->meaning);
        bm_json_text(json, "action", band->action);
        for (int k = 0; k < band->more.count; k++) {
            bm_json_text(json, band->more.items[k].key, band->more.items[k].value);
        }
        bm_json_close(json, '}');
    }
    bm_json_close(json, ']');
}

static void put_result(bm_json *json, bm_answer answer)
{
    int32_t state = bm_answer_int(answer, BONEMETS_F_STATE);
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "id", bm_answer_str(answer, BONEMETS_F_ID));
    bm_json_int(json, "lesion", bm_answer_int(answer, BONEMETS_F_LESION));
    bm_json_text(json, "state", state_name(state));
    put_bounds(json, state != BONEMETS_INAPPLICABLE, bm_answer_num(answer, BONEMETS_F_LOW),
               bm_answer_num(answer, BONEMETS_F_HIGH));
    bm_json_bool(json, "only_bands", bm_answer_int(answer, BONEMETS_F_ONLY_BANDS) == 1);
    bm_json_text(json, "band", bm_answer_str(answer, BONEMETS_F_BAND));
    put_names(json, "bands", answer, BONEMETS_SUB_BANDS, BONEMETS_F_ID);
    put_says(json, answer);
    put_items(json, answer);
    put_fact_keys(json, "missing", answer, BONEMETS_SUB_MISSING);
    bm_json_text(json, "label", bm_answer_str(answer, BONEMETS_F_LABEL));
    bm_json_text(json, "guideline", bm_answer_str(answer, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "about", bm_answer_str(answer, BONEMETS_F_ABOUT));
    bm_json_text(json, "unit", bm_answer_str(answer, BONEMETS_F_UNIT));
    bm_json_text(json, "status", bm_answer_str(answer, BONEMETS_F_STATUS));
    bm_json_text(json, "verified", bm_answer_str(answer, BONEMETS_F_VERIFIED));
    put_entered(json, answer);
    put_notes(json, answer);
    put_names(json, "source", answer, BONEMETS_SUB_SOURCES, BONEMETS_F_ID);
    bm_json_close(json, '}');
}

static void put_outcome(bm_json *json, const char *key, const char *unit, const char *code,
                        double number)
{
    if (code != NULL && unit != NULL) {
        bm_json_number(json, key, number);
    } else {
        bm_json_text(json, key, code);
    }
}

static void put_possible(bm_json *json, bm_answer answer, const char *unit)
{
    bm_json_open_line(json, "possible", '[');
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_POSSIBLE); j++) {
        bm_part outcome = bm_answer_part(answer, BONEMETS_SUB_POSSIBLE, j);
        put_outcome(json, NULL, unit, bm_part_str(outcome, BONEMETS_F_CODE),
                    bm_part_num(outcome, BONEMETS_F_LOW));
    }
    bm_json_close(json, ']');
}

static void put_choice(bm_json *json, bm_answer answer)
{
    const char *unit = bm_answer_str(answer, BONEMETS_F_UNIT);
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "guideline", bm_answer_str(answer, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "id", bm_answer_str(answer, BONEMETS_F_ID));
    bm_json_int(json, "lesion", bm_answer_int(answer, BONEMETS_F_LESION));
    bm_json_text(json, "state", choice_state_name(bm_answer_int(answer, BONEMETS_F_STATE)));
    put_outcome(json, "value", unit, bm_answer_str(answer, BONEMETS_F_CODE),
                bm_answer_num(answer, BONEMETS_F_LOW));
    put_possible(json, answer, unit);
    bm_json_bool(json, "may_be_none", bm_answer_int(answer, BONEMETS_F_MAY_BE_NONE) == 1);
    bm_json_text(json, "row", bm_answer_str(answer, BONEMETS_F_ROW));
    put_evidence(json, answer);
    put_fact_keys(json, "assumed", answer, BONEMETS_SUB_ASSUMED);
    bm_json_text(json, "label", bm_answer_str(answer, BONEMETS_F_LABEL));
    bm_json_text(json, "unit", unit);
    bm_json_close(json, '}');
}

static void put_additions(bm_json *json, bm_answer answer)
{
    bm_json_open_line(json, "add", '[');
    for (int32_t j = 0; j < bm_answer_count(answer, BONEMETS_SUB_ADD); j++) {
        bm_part added = bm_answer_part(answer, BONEMETS_SUB_ADD, j);
        bm_json_open_line(json, NULL, '{');
        bm_json_text(json, "list", bm_part_str(added, BONEMETS_F_LIST));
        bm_json_text(json, "id", bm_part_str(added, BONEMETS_F_ID));
        bm_json_text(json, "text", bm_part_str(added, BONEMETS_F_LABEL));
        bm_json_close(json, '}');
    }
    bm_json_close(json, ']');
}

static void put_advice(bm_json *json, bm_answer answer)
{
    bool settled = bm_answer_int(answer, BONEMETS_F_STATE) == BONEMETS_KNOWN;
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "guideline", bm_answer_str(answer, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "row", bm_answer_str(answer, BONEMETS_F_ROW));
    put_names(json, "do", answer, BONEMETS_SUB_DO, BONEMETS_F_ID);
    put_names(json, "warn", answer, BONEMETS_SUB_WARN, BONEMETS_F_ID);
    put_additions(json, answer);
    put_evidence(json, answer);
    bm_json_int(json, "lesion", bm_answer_int(answer, BONEMETS_F_LESION));
    bm_json_text(json, "state", settled ? "known" : "provisional");
    put_fact_keys(json, "assumed", answer, BONEMETS_SUB_ASSUMED);
    put_wordings(json, "do_text", answer, BONEMETS_SUB_DO);
    put_wordings(json, "warn_text", answer, BONEMETS_SUB_WARN);
    bm_json_close(json, '}');
}

static void put_undecided(bm_json *json, bm_answer answer)
{
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "guideline", bm_answer_str(answer, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "row", bm_answer_str(answer, BONEMETS_F_ROW));
    bm_json_int(json, "lesion", bm_answer_int(answer, BONEMETS_F_LESION));
    bm_json_text(json, "urgency", bm_answer_str(answer, BONEMETS_F_URGENCY));
    bm_json_limit(json, "within_h", bm_answer_num(answer, BONEMETS_F_WITHIN_H));
    bm_json_text(json, "because", bm_answer_str(answer, BONEMETS_F_BECAUSE));
    put_fact_keys(json, "missing", answer, BONEMETS_SUB_MISSING);
    bm_json_close(json, '}');
}

static void put_missing(bm_json *json, bm_answer answer)
{
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "fact", bm_answer_str(answer, BONEMETS_F_ID));
    bm_json_text(json, "label", bm_answer_str(answer, BONEMETS_F_LABEL));
    bm_json_int(json, "lesion", bm_answer_int(answer, BONEMETS_F_LESION));
    bm_json_text(json, "urgency", bm_answer_str(answer, BONEMETS_F_URGENCY));
    bm_json_close(json, '}');
}

/* Without a value it was not a declared assumption but a silence that something rests on. */
static void put_assumed(bm_json *json, bm_answer answer)
{
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "fact", bm_answer_str(answer, BONEMETS_F_ID));
    bm_json_text(json, "label", bm_answer_str(answer, BONEMETS_F_LABEL));
    bm_json_int(json, "lesion", bm_answer_int(answer, BONEMETS_F_LESION));
    bm_json_text(json, "value", bm_answer_str(answer, BONEMETS_F_CODE));
    bm_json_text(json, "guideline", bm_answer_str(answer, BONEMETS_F_GUIDELINE));
    bm_json_close(json, '}');
}

static void put_table_note(bm_json *json, bm_answer answer)
{
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "guideline", bm_answer_str(answer, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "id", bm_answer_str(answer, BONEMETS_F_ID));
    bm_json_int(json, "lesion", bm_answer_int(answer, BONEMETS_F_LESION));
    bm_json_text(json, "say", bm_answer_str(answer, BONEMETS_F_MESSAGE));
    bm_json_text(json, "verified", bm_answer_str(answer, BONEMETS_F_VERIFIED));
    bm_json_close(json, '}');
}

static void put_list(bm_json *json, const char *key, const bonemets_assessment *result,
                     int32_t list, void (*put)(bm_json *json, bm_answer answer))
{
    bm_json_open(json, key, '[');
    for (int32_t i = 0; i < bonemets_assessment_count(result, list); i++) {
        put(json, (bm_answer){result, list, i});
    }
    bm_json_close(json, ']');
}

static void put_settings(bm_json *json, const bonemets_assessment *result)
{
    const bm_definitions *definitions = &bm_assessment_set(result)->definitions;
    bm_json_open_line(json, "settings", '{');
    for (int i = 0; i < definitions->fact_count; i++) {
        const char *option = bm_setting_option(result, &definitions->facts[i]);
        if (option != NULL) {
            bm_json_text(json, definitions->facts[i].id, option);
        }
    }
    bm_json_close(json, '}');
}

static void put_overall(bm_json *json, const bonemets_assessment *result)
{
    bm_json_open_line(json, "overall", '{');
    bm_json_text(json, "urgency", bonemets_assessment_overall_str(result, BONEMETS_F_URGENCY));
    bm_json_limit(json, "within_h", bonemets_assessment_overall_num(result, BONEMETS_F_WITHIN_H));
    bm_json_text(json, "row", bonemets_assessment_overall_str(result, BONEMETS_F_ROW));
    bm_json_text(json, "within_row",
                 bonemets_assessment_overall_str(result, BONEMETS_F_WITHIN_ROW));
    bm_json_text(json, "possible_urgency",
                 bonemets_assessment_overall_str(result, BONEMETS_F_POSSIBLE_URGENCY));
    bm_json_limit(json, "possible_within_h",
                  bonemets_assessment_overall_num(result, BONEMETS_F_POSSIBLE_WITHIN_H));
    bm_json_close(json, '}');
}

static void put_sources(bm_json *json, const bonemets_assessment *result)
{
    const bm_definitions *definitions = &bm_assessment_set(result)->definitions;
    bm_json_open(json, "sources", '{');
    for (int g = 0; g < definitions->guideline_count; g++) {
        const bm_guideline *guideline = &definitions->guidelines[g];
        for (int i = 0; bm_assessment_covers(result, g) && i < guideline->source_count; i++) {
            const bm_source *source = &guideline->sources[i];
            if (bm_source_is_used(result, source->key, INT32_MAX) &&
                !bm_source_is_repeated(result, g, i)) {
                bm_json_text(json, source->key, source->cite);
            }
        }
    }
    bm_json_close(json, '}');
}

void bm_write_assessment_json(bm_text *out, const bonemets_assessment *result)
{
    const bonemets_guidelines *set = bm_assessment_set(result);
    bm_json json;
    bm_json_init(&json, out);
    bm_json_open(&json, NULL, '{');
    put_version(&json);
    bm_json_text(&json, "digest", bonemets_guidelines_str(set, BONEMETS_F_DIGEST));
    put_guidelines(&json, result);
    put_list(&json, "results", result, BONEMETS_RESULTS, put_result);
    put_list(&json, "choices", result, BONEMETS_CHOICES, put_choice);
    put_list(&json, "advice", result, BONEMETS_ADVICE, put_advice);
    put_overall(&json, result);
    put_list(&json, "missing", result, BONEMETS_MISSING, put_missing);
    put_list(&json, "assumed", result, BONEMETS_ASSUMED, put_assumed);
    put_list(&json, "undecided", result, BONEMETS_UNDECIDED, put_undecided);
    put_list(&json, "notes", result, BONEMETS_NOTES, put_table_note);
    put_settings(&json, result);
    put_sources(&json, result);
    bm_json_text(&json, "statement", set->definitions.statement);
    bm_json_close(&json, '}');
    bm_put_char(out, '\n');
}
