/* SPDX-License-Identifier: Apache-2.0 */
#include "report/explain.h"
#include "report/json.h"
#include "report/report.h"
#include "report/answer.h"

static void put_words(bm_json *json, const char *key, const bm_words *words)
{
    bm_json_open_line(json, key, '[');
    for (int i = 0; i < words->count; i++) {
        bm_json_text(json, NULL, words->items[i]);
    }
    bm_json_close(json, ']');
}

static void put_head(bm_json *json, const bm_guideline *guideline)
{
    bm_json_text(json, "id", guideline->id);
    bm_json_text(json, "title", guideline->title);
    bm_json_text(json, "edition", guideline->edition);
    bm_json_text(json, "status", guideline->status);
    bm_json_text(json, "status_reason", guideline->status_reason);
    bm_json_text(json, "verified", guideline->verified);
    bm_json_text(json, "about", guideline->about == NULL ? "patient" : guideline->about);
}

static void put_points(bm_json *json, const bm_points *points)
{
    bool otherwise = points->is_case && points->when.ex == NULL;
    bm_json_open_line(json, NULL, '{');
    bm_json_text(json, "when", otherwise ? "else" : points->text);
    bm_json_number(json, "points", points->points);
    bm_json_text(json, "label", points->label);
    bm_json_close(json, '}');
}

static void put_item(bm_json *json, const bm_item *item)
{
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "id", item->id);
    bm_json_text(json, "label", item->label);
    bm_json_text(json, "of", item->of);
    bm_json_open(json, "points", '[');
    for (int i = 0; i < item->count; i++) {
        put_points(json, &item->points[i]);
    }
    bm_json_close(json, ']');
    bm_json_close(json, '}');
}

static void put_band(bm_json *json, const bm_band *band)
{
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "id", band->id);
    bm_json_text(json, "total", band->text);
    bm_json_text(json, "label", band->label);
    bm_json_text(json, "meaning", band->meaning);
    bm_json_text(json, "action", band->action);
    for (int i = 0; i < band->more.count; i++) {
        bm_json_text(json, band->more.items[i].key, band->more.items[i].value);
    }
    bm_json_close(json, '}');
}

static void put_score(bm_json *json, const bm_score *score)
{
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "id", score->id);
    bm_json_text(json, "label", score->label);
    bm_json_text(json, "direction", score->direction);
    bm_json_bool(json, "only_bands", score->only_bands);
    bm_json_open(json, "items", '[');
    for (int i = 0; i < score->item_count; i++) {
        put_item(json, &score->items[i]);
    }
    bm_json_close(json, ']');
    bm_json_open(json, "bands", '[');
    for (int i = 0; i < score->band_count; i++) {
        put_band(json, &score->bands[i]);
    }
    bm_json_close(json, ']');
    bm_json_close(json, '}');
}

static void put_equation(bm_json *json, const bm_equation *equation)
{
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "id", equation->id);
    bm_json_text(json, "label", equation->label);
    bm_json_text(json, "value", equation->value.text);
    bm_json_text(json, "unit", equation->unit);
    bm_json_close(json, '}');
}

static void put_choice(bm_json *json, const bm_choice *choice)
{
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "id", choice->id);
    bm_json_text(json, "label", choice->label);
    bm_json_text(json, "unit", choice->unit);
    bm_json_bool(json, "optional", choice->optional);
    bm_json_text(json, "ignore_when", choice->ignore.when.text);
    bm_json_open_line(json, "outcomes", '[');
    for (int i = 0; i < choice->codes.count; i++) {
        bm_json_text(json, NULL, choice->codes.ids[i]);
    }
    bm_json_close(json, ']');
    bm_json_close(json, '}');
}

void bm_put_row_members(bm_json *json, const bm_guideline *guideline, const bm_row_def *row)
{
    bm_json_text(json, "id", row->id);
    bm_json_text(json, "choice", row->choice < 0 ? NULL : guideline->choices[row->choice].id);
    bm_json_text(json, "when", row->when.text);
    bm_json_text(json, "choose", row->choose);
    bm_json_open_line(json, "with", '{');
    for (int i = 0; i < row->with_count; i++) {
        bm_json_text(json, row->with[i].choice, row->with[i].value);
    }
    bm_json_close(json, '}');
    put_words(json, "do", &row->actions);
    put_words(json, "warn", &row->warnings);
    bm_json_open_line(json, "add", '{');
    for (int i = 0; i < row->addition_count; i++) {
        put_words(json, row->additions[i].list, &row->additions[i].words);
    }
    bm_json_close(json, '}');
    bm_json_text(json, "urgency", row->urgency);
    bm_json_limit(json, "within_h", row->within_h);
    bm_json_text(json, "strength", row->strength);
    bm_json_text(json, "certainty", row->certainty);
    bm_json_text(json, "verified", row->verified);
    put_words(json, "source", &row->sources);
    bm_json_text(json, "because", row->because);
}

void bm_put_note_members(bm_json *json, const bm_note *note)
{
    bm_json_text(json, "id", note->id);
    bm_json_text(json, "when", note->when.text);
    bm_json_text(json, "say", note->say);
    bm_json_text(json, "alternative", note->alternative.text);
    bm_json_text(json, "effect", note->effect);
    bm_json_text(json, "interval", note->interval);
    bm_json_text(json, "n", note->sample);
    bm_json_text(json, "certainty", note->certainty);
    bm_json_text(json, "verified", note->verified);
    bm_json_text(json, "source", note->source);
}

void bm_put_source_members(bm_json *json, const bm_source *source)
{
    bm_json_text(json, "key", source->key);
    bm_json_text(json, "cite", source->cite);
    bm_json_text(json, "doi", source->doi);
    bm_json_text(json, "url", source->url);
    bm_json_text(json, "seen", source->seen);
}

static void put_source(bm_json *json, const bm_source *source)
{
    bm_json_open(json, NULL, '{');
    bm_put_source_members(json, source);
    bm_json_close(json, '}');
}

static void put_tables(bm_json *json, const bm_guideline *guideline)
{
    bm_json_open(json, "scores", '[');
    for (int i = 0; i < guideline->score_count; i++) {
        put_score(json, &guideline->scores[i]);
    }
    bm_json_close(json, ']');
    bm_json_open(json, "equations", '[');
    for (int i = 0; i < guideline->equation_count; i++) {
        put_equation(json, &guideline->equations[i]);
    }
    bm_json_close(json, ']');
    bm_json_open(json, "choices", '[');
    for (int i = 0; i < guideline->choice_count; i++) {
        put_choice(json, &guideline->choices[i]);
    }
    bm_json_close(json, ']');
    bm_json_open(json, "rows", '[');
    for (int i = 0; i < guideline->row_count; i++) {
        bm_json_open(json, NULL, '{');
        bm_put_row_members(json, guideline, &guideline->rows[i]);
        bm_json_close(json, '}');
    }
    bm_json_close(json, ']');
}

void bm_write_guideline_json(bm_text *out, const bonemets_guidelines *set,
                             const bm_guideline *guideline)
{
    bm_json json;
    bm_json_init(&json, out);
    bm_json_open(&json, NULL, '{');
    put_head(&json, guideline);
    bm_json_text(&json, "verified_note", guideline->verified_note);
    bm_json_open_line(&json, "rights", '{');
    bm_json_text(&json, "owner", guideline->rights.owner);
    bm_json_text(&json, "terms", guideline->rights.terms);
    bm_json_text(&json, "commercial", guideline->rights.commercial);
    bm_json_close(&json, '}');
    bm_json_text(&json, "purpose", guideline->purpose);
    bm_json_text(&json, "applies_when", guideline->applies_when.text);
    put_tables(&json, guideline);
    bm_json_open(&json, "notes", '[');
    for (int i = 0; i < guideline->note_count; i++) {
        bm_json_open(&json, NULL, '{');
        bm_put_note_members(&json, &guideline->notes[i]);
        bm_json_close(&json, '}');
    }
    bm_json_close(&json, ']');
    bm_json_open(&json, "sources", '[');
    for (int i = 0; i < guideline->source_count; i++) {
        put_source(&json, &guideline->sources[i]);
    }
    bm_json_close(&json, ']');
    bm_json_text(&json, "digest", set->digest);
    bm_json_close(&json, '}');
    bm_put_char(out, '\n');
}

void bm_write_guidelines_json(bm_text *out, const bonemets_guidelines *set)
{
    bm_json json;
    bm_json_init(&json, out);
    bm_json_open(&json, NULL, '[');
    for (int i = 0; i < set->definitions.guideline_count; i++) {
        bm_json_open(&json, NULL, '{');
        put_head(&json, &set->definitions.guidelines[i]);
        bm_json_close(&json, '}');
    }
    bm_json_close(&json, ']');
    bm_put_char(out, '\n');
}
