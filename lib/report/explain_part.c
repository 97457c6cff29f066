/* SPDX-License-Identifier: Apache-2.0 */
/* One row or note on its own, so that an id in an answer can be followed to what the table says. */
#include "report/explain.h"
#include "report/report.h"
#include "report/answer.h"

static const bm_row_def *find_row(const bm_guideline *guideline, const char *id)
{
    for (int i = 0; i < guideline->row_count; i++) {
        if (bm_same(guideline->rows[i].id, id)) {
            return &guideline->rows[i];
        }
    }
    return NULL;
}

static const bm_note *find_note(const bm_guideline *guideline, const char *id)
{
    for (int i = 0; i < guideline->note_count; i++) {
        if (bm_same(guideline->notes[i].id, id)) {
            return &guideline->notes[i];
        }
    }
    return NULL;
}

static bool has_table(const bm_guideline *guideline, const char *id)
{
    bool has = false;
    for (int i = 0; i < guideline->score_count; i++) {
        has = has || bm_same(guideline->scores[i].id, id);
    }
    for (int i = 0; i < guideline->equation_count; i++) {
        has = has || bm_same(guideline->equations[i].id, id);
    }
    for (int i = 0; i < guideline->choice_count; i++) {
        has = has || bm_same(guideline->choices[i].id, id);
    }
    return has;
}

const bm_guideline *bm_guideline_of_table(const bonemets_guidelines *set, const char *id)
{
    for (int i = 0; i < set->definitions.guideline_count; i++) {
        if (has_table(&set->definitions.guidelines[i], id)) {
            return &set->definitions.guidelines[i];
        }
    }
    return NULL;
}

static void write_source(bm_explainer *explainer, const bm_guideline *guideline, const char *key)
{
    for (int i = 0; i < guideline->source_count; i++) {
        if (bm_same(guideline->sources[i].key, key)) {
            bm_explain_source(explainer, &guideline->sources[i]);
        }
    }
}

static void write_place(bm_explainer *explainer, const bm_guideline *guideline, const char *id)
{
    bm_page_gap(&explainer->page);
    bm_page_title(&explainer->page, id, '=');
    bm_page_begin(&explainer->page, 0, NULL);
    bm_page_puts(&explainer->page, (const char *[]){"In ", guideline->id, ": ", NULL});
    bm_page_puts(&explainer->page, (const char *[]){guideline->title, " (status ", NULL});
    bm_page_puts(&explainer->page, (const char *[]){guideline->status, ")", NULL});
    bm_page_end(&explainer->page);
}

static bool write_part(bm_explainer *explainer, const bm_guideline *guideline, const char *id)
{
    const bm_row_def *row = find_row(guideline, id);
    const bm_note *note = row == NULL ? find_note(guideline, id) : NULL;
    const bm_words *sources = row != NULL ? &row->sources : note != NULL ? &note->sources : NULL;
    if (sources == NULL) {
        return false;
    }
    write_place(explainer, guideline, id);
    if (row != NULL) {
        bm_explain_row(explainer, guideline, row);
    } else {
        bm_explain_note(explainer, note);
    }
    for (int i = 0; i < sources->count; i++) {
        write_source(explainer, guideline, sources->items[i]);
    }
    return true;
}

/* ---- sources ---- */

static const bm_source *find_source(const bm_guideline *guideline, const char *key)
{
    for (int i = 0; i < guideline->source_count; i++) {
        if (bm_same(guideline->sources[i].key, key)) {
            return &guideline->sources[i];
        }
    }
    return NULL;
}

/* The first guideline from `from` on that names this work; -1: none. A key may stand for several
 * works, each with a text of its own. */
static int next_with(const bonemets_guidelines *set, int from, const bm_source *work)
{
    for (int i = from; i < set->definitions.guideline_count; i++) {
        const bm_source *source = find_source(&set->definitions.guidelines[i], work->key);
        if (source != NULL && source->work == work->work) {
            return i;
        }
    }
    return -1;
}

static void write_work(bm_explainer *explainer, const bm_source *work, int first)
{
    bm_page *page = &explainer->page;
    bm_explain_source(explainer, work);
    bm_page_begin(page, 4, NULL);
    for (int i = first, n = 0; i >= 0; i = next_with(explainer->set, i + 1, work), n++) {
        const bm_guideline *guideline = &explainer->set->definitions.guidelines[i];
        bm_page_puts(page, (const char *[]){n == 0 ? "Used by: " : ", ", guideline->id, NULL});
    }
    bm_page_end(page);
}

static bool write_source_named(bm_explainer *explainer, const char *key)
{
    const bm_definitions *definitions = &explainer->set->definitions;
    bool any = false;
    for (int i = 0; i < definitions->guideline_count; i++) {
        const bm_source *source = find_source(&definitions->guidelines[i], key);
        if (source != NULL && next_with(explainer->set, 0, source) == i) {
            write_work(explainer, source, i);
            any = true;
        }
    }
    return any;
}

bool bm_write_parts_text(bm_text *out, const bonemets_guidelines *set, const char *id)
{
    bm_explainer explainer = {.set = set};
    bool any = false;
    bm_page_init(&explainer.page, out);
    for (int i = 0; i < set->definitions.guideline_count; i++) {
        any = write_part(&explainer, &set->definitions.guidelines[i], id) || any;
    }
    return any || write_source_named(&explainer, id);
}

static bool put_part(bm_json *json, const bm_guideline *guideline, const char *id)
{
    const bm_row_def *row = find_row(guideline, id);
    const bm_note *note = row == NULL ? find_note(guideline, id) : NULL;
    if (row == NULL && note == NULL) {
        return false;
    }
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "guideline", guideline->id);
    bm_json_text(json, "status", guideline->status);
    if (row != NULL) {
        bm_put_row_members(json, guideline, row);
    } else {
        bm_put_note_members(json, note);
    }
    bm_json_close(json, '}');
    return true;
}

static bool put_source_of(bm_json *json, const bm_guideline *guideline, const char *key)
{
    const bm_source *source = find_source(guideline, key);
    if (source == NULL) {
        return false;
    }
    bm_json_open(json, NULL, '{');
    bm_json_text(json, "guideline", guideline->id);
    bm_json_text(json, "status", guideline->status);
    bm_put_source_members(json, source);
    bm_json_close(json, '}');
    return true;
}

bool bm_write_parts_json(bm_text *out, const bonemets_guidelines *set, const char *id)
{
    bm_json json;
    bool any = false;
    bm_json_init(&json, out);
    bm_json_open(&json, NULL, '[');
    for (int i = 0; i < set->definitions.guideline_count; i++) {
        any = put_part(&json, &set->definitions.guidelines[i], id) || any;
    }
    const bool rows = any;
    for (int i = 0; i < set->definitions.guideline_count && !rows; i++) {
        any = put_source_of(&json, &set->definitions.guidelines[i], id) || any;
    }
    bm_json_close(&json, ']');
    bm_put_char(out, '\n');
    return any;
}
