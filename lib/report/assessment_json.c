/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of an assessment: keys are never renamed and keep their order, new ones come behind. */
#include <math.h>

#include "assess/deadline.h"
#include "report/answer.h"
#include "report/json.h"
#include "report/report.h"

/* An entry of a list within an entry. */
typedef struct {
    const bm_view *view;
    int32_t sub, at;
} sub_entry;

static const char *sub_str(sub_entry entry, bonemets_field field)
{
    return bm_view_sub_str(entry.view, entry.sub, entry.at, field);
}

static int32_t sub_int(sub_entry entry, bonemets_field field)
{
    return bm_view_sub_int(entry.view, entry.sub, entry.at, field);
}

static double sub_num(sub_entry entry, bonemets_field field)
{
    return bm_view_sub_num(entry.view, entry.sub, entry.at, field);
}

static sub_entry sub_at(const bm_view *view, int32_t sub, int32_t at)
{
    return (sub_entry){view, sub, at};
}

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

static void put_names(bm_json *json, const char *key, const bm_view *view, int32_t sub,
                      bonemets_field field)
{
    bm_json_open_line(json, key, '[');
    for (int32_t j = 0, count = bm_view_count(view, sub); j < count; j++) {
        bm_json_text(json, NULL, sub_str(sub_at(view, sub, j), field));
    }
    bm_json_close(json, ']');
}

/* Words of a row as they are shown: a token without wording of its own has blanks for underscores. */
static void put_wordings(bm_json *json, const char *key, const bm_view *view, int32_t sub)
{
    bm_json_open_line(json, key, '[');
    for (int32_t j = 0, count = bm_view_count(view, sub); j < count; j++) {
        sub_entry token = sub_at(view, sub, j);
        const char *label = sub_str(token, BONEMETS_F_LABEL);
        if (bm_same(label, sub_str(token, BONEMETS_F_ID))) {
            bm_json_name(json, NULL, label);
        } else {
            bm_json_text(json, NULL, label);
        }
    }
    bm_json_close(json, ']');
}

/* `fact`, or `fact@2` when it belongs to another record than the answer. */
static void put_fact_key(bm_json *json, const bm_view *view, const bm_ref *ref)
{
    char name[256];
    bm_text text;
    const bm_fact *fact = bm_view_fact(view, ref->kind, ref->input);
    int record = bm_assessment_record(view->a, ref->kind, ref->record);
    bool same_kind = ref->kind == view->guideline->kind;
    if (record == 0 || (same_kind && record == bm_view_int(view, BONEMETS_F_LESION))) {
        bm_json_text(json, NULL, fact->id);
        return;
    }
    bm_text_init(&text, name, sizeof name);
    bm_put_format(&text, "%s@%d", fact->id, record);
    bm_json_text(json, NULL, name);
}

static void put_fact_keys(bm_json *json, const char *key, const bm_view *view, int32_t sub)
{
    bm_ref ref;
    bm_json_open_line(json, key, '[');
    for (int32_t j = 0; bm_view_ref(view, sub, j, &ref); j++) {
        put_fact_key(json, view, &ref);
    }
    bm_json_close(json, ']');
}

static const bm_fact *fact_of(sub_entry part)
{
    bm_ref ref;
    return bm_view_ref(part.view, part.sub, part.at, &ref)
               ? bm_view_fact(part.view, ref.kind, ref.input)
               : NULL;
}

/* Members of a set that are present have an entry each. */
static int32_t put_members(bm_json *json, sub_entry part)
{
    bm_ref first, ref;
    sub_entry next = part;
    bool any = bm_view_ref(part.view, part.sub, part.at, &first);
    bm_json_open_line(json, "value", '[');
    for (; any && bm_view_ref(next.view, next.sub, next.at, &ref); next.at++) {
        if (ref.kind != first.kind || ref.record != first.record || ref.input != first.input) {
            break;
        }
        if (sub_str(next, BONEMETS_F_CODE) != NULL) {
            bm_json_text(json, NULL, sub_str(next, BONEMETS_F_CODE));
        }
    }
    bm_json_close(json, ']');
    return next.at;
}

static void put_number(bm_json *json, sub_entry part, bool known)
{
    double low = sub_num(part, BONEMETS_F_LOW), high = sub_num(part, BONEMETS_F_HIGH);
    if (bm_is_instant(&fact_of(part)->type)) {
        bm_json_instant(json, known ? "value" : "low", low);
        if (!known) {
            bm_json_instant(json, "high", high);
        }
        return;
    }
    if (known) {
        bm_json_number(json, "value", low);
    } else {
        put_bounds(json, true, low, high);
    }
    if (sub_str(part, BONEMETS_F_UNIT) != NULL) {
        bm_json_text(json, "unit", sub_str(part, BONEMETS_F_UNIT));
    }
}

/* Returns the number of the next part. */
static int32_t put_fact(bm_json *json, sub_entry part)
{
    const bm_fact *fact = fact_of(part);
    bool known = sub_int(part, BONEMETS_F_STATE) == BONEMETS_KNOWN;
    int32_t next = part.at + 1;
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "fact", sub_str(part, BONEMETS_F_ID));
    bm_json_int(json, "lesion", sub_int(part, BONEMETS_F_LESION));
    bm_json_text(json, "state", known ? "known" : "partly");
    if (fact != NULL && fact->type.base == BM_SET) {
        next = put_members(json, part);
    } else if (fact != NULL && fact->type.base == BM_NUMBER) {
        put_number(json, part, known);
    } else {
        bm_json_text(json, "value", sub_str(part, BONEMETS_F_CODE));
    }
    bm_json_close(json, '}');
    return next;
}

static void put_facts(bm_json *json, const bm_view *view)
{
    int32_t count = bm_view_count(view, BONEMETS_SUB_FACTS);
    bm_json_open(json, "facts", '[');
    for (int32_t j = 0; j < count;) {
        j = put_fact(json, sub_at(view, BONEMETS_SUB_FACTS, j));
    }
    bm_json_close(json, ']');
}

/* From `urgency` to `missing`: the same for a choice and a row that advises. */
static void put_evidence(bm_json *json, const bm_view *view)
{
    bm_json_text(json, "contradicted", bm_view_str(view, BONEMETS_F_CONTRADICTED));
    bm_json_int(json, "precedence", bm_view_int(view, BONEMETS_F_PRECEDENCE));
    bm_json_text(json, "urgency", bm_view_str(view, BONEMETS_F_URGENCY));
    bm_json_limit(json, "within_h", bm_view_num(view, BONEMETS_F_WITHIN_H));
    bm_json_text(json, "strength", bm_view_str(view, BONEMETS_F_STRENGTH));
    bm_json_text(json, "certainty", bm_view_str(view, BONEMETS_F_CERTAINTY));
    bm_json_text(json, "verified", bm_view_str(view, BONEMETS_F_VERIFIED));
    put_names(json, "source", view, BONEMETS_SUB_SOURCES, BONEMETS_F_ID);
    bm_json_text(json, "because", bm_view_str(view, BONEMETS_F_BECAUSE));
    put_facts(json, view);
    put_fact_keys(json, "missing", view, BONEMETS_SUB_MISSING);
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

static void put_items(bm_json *json, const bm_view *view)
{
    bm_json_open(json, "items", '[');
    for (int32_t j = 0, count = bm_view_count(view, BONEMETS_SUB_ITEMS); j < count; j++) {
        sub_entry item = sub_at(view, BONEMETS_SUB_ITEMS, j);
        int32_t state = sub_int(item, BONEMETS_F_STATE);
        bm_json_open_line(json, NULL, '{');
        bm_json_text(json, "id", sub_str(item, BONEMETS_F_ID));
        bm_json_text(json, "state", state_name(state));
        put_bounds(json, state != BONEMETS_INAPPLICABLE, sub_num(item, BONEMETS_F_LOW),
                   sub_num(item, BONEMETS_F_HIGH));
        bm_json_text(json, "label", sub_str(item, BONEMETS_F_LABEL));
        bm_json_close(json, '}');
    }
    bm_json_close(json, ']');
}

/* A note, with the total that another reading of the facts gives where it names one. */
static void put_note(bm_json *json, const bm_view *view, const bm_note *note)
{
    bm_cell cell = {.low.mask = 0};
    bool other = view->score != NULL && bm_view_note_alternative(view, note, &cell);
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "id", note->id);
    bm_json_text(json, "say", note->say);
    bm_json_text(json, "verified", note->verified);
    put_bounds(json, other, cell.low.number, cell.high.number);
    bm_json_close(json, '}');
}

static void put_notes(bm_json *json, const bm_view *view)
{
    bool applies = bm_view_state(view) != BONEMETS_INAPPLICABLE;
    bm_json_open(json, "notes", '[');
    for (int i = 0; applies && i < view->guideline->note_count; i++) {
        if (bm_view_note_holds(view, &view->guideline->notes[i])) {
            put_note(json, view, &view->guideline->notes[i]);
        }
    }
    bm_json_close(json, ']');
}

/* An entered total wins; what the items give stands beside it, so that a difference is seen. */
static void put_entered(bm_json *json, const bm_view *view)
{
    bool entered = bm_view_int(view, BONEMETS_F_ENTERED) == 1;
    bm_json_text(json, "origin", entered ? "entered" : "derived");
    if (entered) {
        bm_json_open_line(json, "derived", '{');
        put_bounds(json, true, bm_view_num(view, BONEMETS_F_DERIVED_LOW),
                   bm_view_num(view, BONEMETS_F_DERIVED_HIGH));
        bm_json_close(json, '}');
    }
}

/* What the table says about each band that is still possible. */
static void put_says(bm_json *json, const bm_view *view)
{
    bm_json_open(json, "says", '[');
    for (int32_t j = 0, count = bm_view_count(view, BONEMETS_SUB_BANDS); j < count; j++) {
        const char *id = sub_str(sub_at(view, BONEMETS_SUB_BANDS, j), BONEMETS_F_ID);
        const bm_band *band = bm_score_band(view->score, id);
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

static void put_result(bm_json *json, const bm_view *view)
{
    int32_t state = bm_view_int(view, BONEMETS_F_STATE);
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "id", bm_view_str(view, BONEMETS_F_ID));
    bm_json_int(json, "lesion", bm_view_int(view, BONEMETS_F_LESION));
    bm_json_text(json, "state", state_name(state));
    put_bounds(json, state != BONEMETS_INAPPLICABLE, bm_view_num(view, BONEMETS_F_LOW),
               bm_view_num(view, BONEMETS_F_HIGH));
    bm_json_bool(json, "only_bands", bm_view_int(view, BONEMETS_F_ONLY_BANDS) == 1);
    bm_json_text(json, "band", bm_view_str(view, BONEMETS_F_BAND));
    put_names(json, "bands", view, BONEMETS_SUB_BANDS, BONEMETS_F_ID);
    put_says(json, view);
    put_items(json, view);
    put_fact_keys(json, "missing", view, BONEMETS_SUB_MISSING);
    bm_json_text(json, "contradicted", bm_view_str(view, BONEMETS_F_CONTRADICTED));
    bm_json_text(json, "label", bm_view_str(view, BONEMETS_F_LABEL));
    bm_json_text(json, "guideline", bm_view_str(view, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "about", bm_view_str(view, BONEMETS_F_ABOUT));
    bm_json_text(json, "unit", bm_view_str(view, BONEMETS_F_UNIT));
    bm_json_text(json, "status", bm_view_str(view, BONEMETS_F_STATUS));
    bm_json_text(json, "verified", bm_view_str(view, BONEMETS_F_VERIFIED));
    put_entered(json, view);
    put_notes(json, view);
    put_names(json, "source", view, BONEMETS_SUB_SOURCES, BONEMETS_F_ID);
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

static void put_possible(bm_json *json, const bm_view *view, const char *unit)
{
    bm_json_open_line(json, "possible", '[');
    for (int32_t j = 0, count = bm_view_count(view, BONEMETS_SUB_POSSIBLE); j < count; j++) {
        sub_entry outcome = sub_at(view, BONEMETS_SUB_POSSIBLE, j);
        put_outcome(json, NULL, unit, sub_str(outcome, BONEMETS_F_CODE),
                    sub_num(outcome, BONEMETS_F_LOW));
    }
    bm_json_close(json, ']');
}

/* What is left of a limit; null where none runs against a clock that was told. */
static void put_deadline(bm_json *json, const bm_deadline *deadline)
{
    bool told = deadline->state == BONEMETS_KNOWN || deadline->state == BONEMETS_PARTLY;
    if (!told) {
        bm_json_null(json, "deadline");
        return;
    }
    bm_json_open_line(json, "deadline", '{');
    bm_json_bool(json, "overdue", deadline->high < 0);
    bm_json_number(json, "left_low_h", deadline->low);
    bm_json_number(json, "left_high_h", deadline->high);
    if (deadline->dated) {
        bm_json_instant(json, "due_low", deadline->due_low);
        bm_json_instant(json, "due_high", deadline->due_high);
    } else {
        bm_json_null(json, "due_low");
        bm_json_null(json, "due_high");
    }
    bm_json_close(json, '}');
}

static void put_deadline_of(bm_json *json, const bm_view *view)
{
    bm_deadline deadline = bm_view_deadline(view);
    put_deadline(json, &deadline);
}

static const char *ignore_name(int32_t ignore)
{
    return ignore == BONEMETS_IGNORED          ? "yes"
           : ignore == BONEMETS_MAY_BE_IGNORED ? "possible"
                                               : "no";
}

static void put_choice(bm_json *json, const bm_view *view)
{
    const char *unit = bm_view_str(view, BONEMETS_F_UNIT);
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "guideline", bm_view_str(view, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "id", bm_view_str(view, BONEMETS_F_ID));
    bm_json_int(json, "lesion", bm_view_int(view, BONEMETS_F_LESION));
    bm_json_text(json, "state", choice_state_name(bm_view_int(view, BONEMETS_F_STATE)));
    put_outcome(json, "value", unit, bm_view_str(view, BONEMETS_F_CODE),
                bm_view_num(view, BONEMETS_F_LOW));
    put_possible(json, view, unit);
    bm_json_text(json, "ignored", ignore_name(bm_view_int(view, BONEMETS_F_IGNORE)));
    bm_json_bool(json, "may_be_none", bm_view_int(view, BONEMETS_F_MAY_BE_NONE) == 1);
    bm_json_text(json, "row", bm_view_str(view, BONEMETS_F_ROW));
    put_evidence(json, view);
    put_fact_keys(json, "assumed", view, BONEMETS_SUB_ASSUMED);
    bm_json_text(json, "label", bm_view_str(view, BONEMETS_F_LABEL));
    bm_json_text(json, "unit", unit);
    put_deadline_of(json, view);
    bm_json_close(json, '}');
}

static void put_additions(bm_json *json, const bm_view *view)
{
    bm_json_open_line(json, "add", '[');
    for (int32_t j = 0, count = bm_view_count(view, BONEMETS_SUB_ADD); j < count; j++) {
        sub_entry added = sub_at(view, BONEMETS_SUB_ADD, j);
        bm_json_open_line(json, NULL, '{');
        bm_json_text(json, "list", sub_str(added, BONEMETS_F_LIST));
        bm_json_text(json, "id", sub_str(added, BONEMETS_F_ID));
        bm_json_text(json, "text", sub_str(added, BONEMETS_F_LABEL));
        bm_json_text(json, "ignored", ignore_name(sub_int(added, BONEMETS_F_IGNORE)));
        bm_json_close(json, '}');
    }
    bm_json_close(json, ']');
}

static void put_advice(bm_json *json, const bm_view *view)
{
    bool settled = bm_view_int(view, BONEMETS_F_STATE) == BONEMETS_KNOWN;
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "guideline", bm_view_str(view, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "row", bm_view_str(view, BONEMETS_F_ROW));
    put_names(json, "do", view, BONEMETS_SUB_DO, BONEMETS_F_ID);
    put_names(json, "warn", view, BONEMETS_SUB_WARN, BONEMETS_F_ID);
    put_additions(json, view);
    put_evidence(json, view);
    bm_json_int(json, "lesion", bm_view_int(view, BONEMETS_F_LESION));
    bm_json_text(json, "state", settled ? "known" : "provisional");
    put_fact_keys(json, "assumed", view, BONEMETS_SUB_ASSUMED);
    put_wordings(json, "do_text", view, BONEMETS_SUB_DO);
    put_wordings(json, "warn_text", view, BONEMETS_SUB_WARN);
    put_deadline_of(json, view);
    bm_json_close(json, '}');
}

static void put_undecided(bm_json *json, const bm_view *view)
{
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "guideline", bm_view_str(view, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "row", bm_view_str(view, BONEMETS_F_ROW));
    bm_json_int(json, "lesion", bm_view_int(view, BONEMETS_F_LESION));
    bm_json_text(json, "urgency", bm_view_str(view, BONEMETS_F_URGENCY));
    bm_json_limit(json, "within_h", bm_view_num(view, BONEMETS_F_WITHIN_H));
    bm_json_text(json, "because", bm_view_str(view, BONEMETS_F_BECAUSE));
    put_fact_keys(json, "missing", view, BONEMETS_SUB_MISSING);
    bm_json_close(json, '}');
}

static void put_missing(bm_json *json, const bm_view *view)
{
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "fact", bm_view_str(view, BONEMETS_F_ID));
    bm_json_text(json, "label", bm_view_str(view, BONEMETS_F_LABEL));
    bm_json_int(json, "lesion", bm_view_int(view, BONEMETS_F_LESION));
    bm_json_text(json, "urgency", bm_view_str(view, BONEMETS_F_URGENCY));
    bm_json_close(json, '}');
}

/* Without a value it was not a declared assumption but a silence that something rests on. */
static void put_assumed(bm_json *json, const bm_view *view)
{
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "fact", bm_view_str(view, BONEMETS_F_ID));
    bm_json_text(json, "label", bm_view_str(view, BONEMETS_F_LABEL));
    bm_json_int(json, "lesion", bm_view_int(view, BONEMETS_F_LESION));
    bm_json_text(json, "value", bm_view_str(view, BONEMETS_F_CODE));
    bm_json_text(json, "guideline", bm_view_str(view, BONEMETS_F_GUIDELINE));
    bm_json_close(json, '}');
}

static void put_table_note(bm_json *json, const bm_view *view)
{
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "guideline", bm_view_str(view, BONEMETS_F_GUIDELINE));
    bm_json_text(json, "id", bm_view_str(view, BONEMETS_F_ID));
    bm_json_int(json, "lesion", bm_view_int(view, BONEMETS_F_LESION));
    bm_json_text(json, "say", bm_view_str(view, BONEMETS_F_MESSAGE));
    bm_json_text(json, "verified", bm_view_str(view, BONEMETS_F_VERIFIED));
    bm_json_close(json, '}');
}

/* Options of a code, flag or set; of a number its bounds. */
static void put_one_side(bm_json *json, const char *key, const bm_view *view, int32_t sub,
                         bonemets_field low, bonemets_field high)
{
    bool number = view->differs.fact->type.base == BM_NUMBER;
    bm_json_open_line(json, key, '{');
    put_names(json, "options", view, sub, BONEMETS_F_ID);
    put_bounds(json, number, bm_view_num(view, low), bm_view_num(view, high));
    bm_json_close(json, '}');
}

static void put_disagreement(bm_json *json, const bm_view *view)
{
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "fact", bm_view_str(view, BONEMETS_F_ID));
    bm_json_text(json, "label", bm_view_str(view, BONEMETS_F_LABEL));
    bm_json_text(json, "about", bm_view_str(view, BONEMETS_F_ABOUT));
    bm_json_int(json, "lesion", bm_view_int(view, BONEMETS_F_LESION));
    put_one_side(json, "entered", view, BONEMETS_SUB_ENTERED, BONEMETS_F_LOW, BONEMETS_F_HIGH);
    put_one_side(json, "derived", view, BONEMETS_SUB_POSSIBLE, BONEMETS_F_DERIVED_LOW,
                 BONEMETS_F_DERIVED_HIGH);
    bm_json_text(json, "unit", bm_view_str(view, BONEMETS_F_UNIT));
    put_facts(json, view);
    bm_json_text(json, "contradicted", bm_view_str(view, BONEMETS_F_CONTRADICTED));
    bm_json_close(json, '}');
}

static void put_list(bm_json *json, const char *key, const bonemets_assessment *result,
                     int32_t list, void (*put)(bm_json *json, const bm_view *view))
{
    bm_json_open(json, key, '[');
    for (int32_t i = 0, count = bonemets_assessment_count(result, list); i < count; i++) {
        bm_view view;
        bm_view_open(result, list, i, &view);
        put(json, &view);
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
    bm_json_text(json, "left_row", bonemets_assessment_overall_str(result, BONEMETS_F_LEFT_ROW));
    put_deadline(json, &result->soonest);
    bm_json_close(json, '}');
}

static void put_sources(bm_json *json, const bonemets_assessment *result)
{
    const bm_definitions *definitions = &bm_assessment_set(result)->definitions;
    bm_named_sources named;
    bm_name_sources(result, INT32_MAX, &named);
    bm_json_open(json, "sources", '{');
    for (int g = 0; g < definitions->guideline_count; g++) {
        const bm_guideline *guideline = &definitions->guidelines[g];
        for (int i = 0; bm_assessment_covers(result, g) && i < guideline->source_count; i++) {
            const bm_source *source = &guideline->sources[i];
            if (bm_take_source(&named, source)) {
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
    put_list(&json, "disagreements", result, BONEMETS_DISAGREEMENTS, put_disagreement);
    bm_json_close(&json, '}');
    bm_put_char(out, '\n');
}
