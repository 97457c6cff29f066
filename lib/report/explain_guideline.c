/* SPDX-License-Identifier: Apache-2.0 */
/* A guideline as a clinician reads it. */
#include "report/explain.h"
#include "report/report.h"
#include "report/answer.h"

enum { POINTS_COLUMN = 6, OPTION_COLUMN = 12 };

void bm_explain_text(bm_explainer *explainer, int indent, const char *key, const char *text)
{
    if (text == NULL) {
        return;
    }
    bm_page_begin(&explainer->page, indent, NULL);
    bm_page_puts(&explainer->page, (const char *[]){key, ": ", text, NULL});
    bm_page_end(&explainer->page);
}

void bm_explain_heading(bm_explainer *explainer, const char *heading)
{
    bm_page_gap(&explainer->page);
    bm_page_title(&explainer->page, heading, '-');
}

void bm_explain_verified(bm_explainer *explainer, int indent, const char *verified)
{
    const char *meaning = bm_scale_meaning(explainer->set, "verified", verified);
    if (verified == NULL) {
        return;
    }
    bm_page_begin(&explainer->page, indent, NULL);
    bm_page_put(&explainer->page, "Verified: ");
    bm_page_name(&explainer->page, verified);
    if (meaning != NULL) {
        bm_page_puts(&explainer->page, (const char *[]){", ", meaning, NULL});
    }
    bm_page_end(&explainer->page);
}

const char *bm_guideline_wording(const bm_guideline *guideline, const char *token)
{
    for (int i = 0; i < guideline->wording.count; i++) {
        if (bm_same(guideline->wording.items[i].key, token)) {
            return guideline->wording.items[i].value;
        }
    }
    return NULL;
}

/* ---- head ---- */

static void write_rights(bm_explainer *explainer, const bm_rights *rights)
{
    bm_page *page = &explainer->page;
    if (rights->owner == NULL) {
        return;
    }
    bm_page_begin(page, 0, NULL);
    bm_page_puts(page, (const char *[]){"Rights: owner: ", rights->owner, "; ", rights->terms,
                                        "; commercial use: ", NULL});
    bm_page_name(page, rights->commercial);
    bm_page_end(page);
}

static void write_head(bm_explainer *explainer, const bm_guideline *guideline)
{
    bm_page *page = &explainer->page;
    const char *kind = bm_kind_label(explainer->set, guideline->kind);
    bm_page_title(page, guideline->title, '=');
    bm_page_begin(page, 0, NULL);
    bm_page_puts(page, (const char *[]){guideline->id, " | ", NULL});
    if (guideline->edition != NULL) {
        bm_page_puts(page, (const char *[]){"edition ", guideline->edition, " | ", NULL});
    }
    bm_page_puts(page, (const char *[]){"status ", guideline->status, " | about ",
                                        kind == NULL ? "the patient" : "each ", kind, NULL});
    bm_page_put(page, guideline->time_critical ? " | time-critical" : "");
    bm_page_end(page);
    bm_page_gap(page);
    bm_explain_text(explainer, 0, "Status", guideline->status_reason);
    bm_explain_text(explainer, 0, "Purpose", guideline->purpose);
    bm_explain_text(explainer, 0, "Applies when", guideline->applies_when.text);
    bm_explain_verified(explainer, 0, guideline->verified);
    bm_explain_text(explainer, 0, "How verified", guideline->verified_note);
    write_rights(explainer, &guideline->rights);
}

static void put_options(bm_explainer *explainer, const bm_words *options)
{
    bm_page_put(&explainer->page, options->count == 0 ? "none" : "");
    for (int i = 0; i < options->count; i++) {
        bm_page_put(&explainer->page, i == 0 ? "" : ", ");
        bm_page_name(&explainer->page, options->items[i]);
    }
}

static void write_assumptions(bm_explainer *explainer, const bm_guideline *guideline)
{
    if (guideline->assumption_count == 0) {
        return;
    }
    bm_explain_heading(explainer, "Assumed when nothing is known");
    for (int i = 0; i < guideline->assumption_count; i++) {
        const bm_assumption *assumption = &guideline->assumptions[i];
        bm_page_begin(&explainer->page, 0, "- ");
        bm_page_puts(&explainer->page, (const char *[]){assumption->fact, " = ", NULL});
        put_options(explainer, &assumption->options);
        bm_page_end(&explainer->page);
    }
}

static void write_case(bm_explainer *explainer, const bm_case *one)
{
    bm_page_begin(&explainer->page, 4, "- ");
    bm_page_put(&explainer->page, one->when.text == NULL ? "else" : "when ");
    bm_page_puts(&explainer->page,
                 (const char *[]){one->when.text == NULL ? "" : one->when.text, ": ", NULL});
    bm_page_put(&explainer->page, one->ask ? "ask" : one->is.text);
    bm_page_end(&explainer->page);
}

/* `a, b: c, d` for the options of a table that give the same, in the order in which they appear. */
static bool same_outcome(const bm_table_row *one, const bm_table_row *other)
{
    if (one->ask != other->ask || one->option_count != other->option_count) {
        return false;
    }
    for (int i = 0; i < one->option_count; i++) {
        if (!bm_same(one->options[i], other->options[i])) {
            return false;
        }
    }
    return one->option_count > 0 || one->ask ||
           !(one->number < other->number || one->number > other->number);
}

static void put_outcome_of(bm_page *page, const bm_table_row *row)
{
    for (int i = 0; i < row->option_count; i++) {
        bm_page_put(page, i > 0 ? " or " : "");
        bm_page_name(page, row->options[i]);
    }
    if (row->ask) {
        bm_page_put(page, "ask");
    } else if (row->option_count == 0) {
        bm_page_exact(page, row->number);
    }
    bm_page_put(page, ": ");
}

static void write_table(bm_explainer *explainer, const bm_fact *value)
{
    bm_page *page = &explainer->page;
    for (int i = 0; i < value->table_count; i++) {
        bool before = false;
        for (int k = 0; k < i; k++) {
            before = before || same_outcome(&value->table[k], &value->table[i]);
        }
        if (before) {
            continue;
        }
        bm_page_begin(page, 4, "- ");
        put_outcome_of(page, &value->table[i]);
        for (int k = i; k < value->table_count; k++) {
            if (same_outcome(&value->table[i], &value->table[k])) {
                bm_page_put(page, k > i ? ", " : "");
                bm_page_name(page, value->table[k].option);
            }
        }
        bm_page_end(page);
    }
}

static void write_local_values(bm_explainer *explainer, const bm_guideline *guideline)
{
    if (guideline->value_count == 0) {
        return;
    }
    bm_explain_heading(explainer, "Names used below");
    for (int i = 0; i < guideline->value_count; i++) {
        const bm_fact *value = &guideline->values[i];
        bm_page_begin(&explainer->page, 0, "- ");
        bm_page_put(&explainer->page, value->id);
        if (value->label != NULL && !bm_same(value->label, value->id)) {
            bm_page_puts(&explainer->page, (const char *[]){" (", value->label, ")", NULL});
        }
        bm_page_puts(&explainer->page, (const char *[]){": ", value->value.text, NULL});
        if (value->from != NULL) {
            bm_page_puts(&explainer->page, (const char *[]){"read from ", value->from, NULL});
        }
        bm_page_end(&explainer->page);
        write_table(explainer, value);
        for (int k = 0; k < value->case_count; k++) {
            write_case(explainer, &value->cases[k]);
        }
    }
}

/* ---- scores and equations ---- */

static const char *points_label(bm_explainer *explainer, const bm_item *item,
                                const bm_points *points)
{
    const bm_fact *fact =
        item->of == NULL ? NULL : bm_definitions_fact(&explainer->set->definitions, item->of);
    if (points->label != NULL || points->option == NULL || fact == NULL) {
        return points->label;
    }
    return bm_codes_label(fact->type.codes, points->option);
}

static void write_points(bm_explainer *explainer, const bm_item *item, const bm_points *points)
{
    bm_page *page = &explainer->page;
    const char *label = points_label(explainer, item, points);
    const char *text = points->text != NULL ? points->text : "else";
    bm_page_begin(page, POINTS_COLUMN, NULL);
    bm_page_exact(page, points->points);
    bm_page_tab(page, OPTION_COLUMN);
    bm_page_put(page, points->is_case && points->when.ex != NULL ? "when " : "");
    bm_page_put(page, points->is_case && points->when.ex == NULL ? "else" : text);
    if (label != NULL && !bm_same(label, text)) {
        bm_page_puts(page, (const char *[]){": ", label, NULL});
    }
    bm_page_end(page);
}

static void write_item(bm_explainer *explainer, const bm_item *item)
{
    bm_page *page = &explainer->page;
    bm_page_begin(page, 2, "- ");
    bm_page_put(page, item->label != NULL ? item->label : item->id);
    if (item->of != NULL) {
        bm_page_puts(page, (const char *[]){" (of ", item->of, ")", NULL});
    }
    bm_page_end(page);
    for (int i = 0; i < item->count; i++) {
        write_points(explainer, item, &item->points[i]);
    }
    bm_explain_text(explainer, POINTS_COLUMN, "Note", item->note);
    bm_explain_verified(explainer, POINTS_COLUMN, item->verified);
}

static void write_band(bm_explainer *explainer, const bm_band *band)
{
    bm_page *page = &explainer->page;
    bm_page_begin(page, 2, "- ");
    bm_page_puts(page,
                 (const char *[]){band->text, ": ", band->label ? band->label : band->id, NULL});
    bm_page_end(page);
    bm_explain_text(explainer, 4, "meaning", band->meaning);
    bm_explain_text(explainer, 4, "action", band->action);
    for (int i = 0; i < band->more.count; i++) {
        bm_page_begin(page, 4, NULL);
        bm_page_name(page, band->more.items[i].key);
        bm_page_puts(page, (const char *[]){": ", band->more.items[i].value, NULL});
        bm_page_end(page);
    }
}

static void write_score(bm_explainer *explainer, const bm_score *score)
{
    bm_page *page = &explainer->page;
    bm_explain_heading(explainer, score->label != NULL ? score->label : score->id);
    bm_page_begin(page, 0, NULL);
    bm_page_puts(page, (const char *[]){"Score ", score->id, NULL});
    if (score->only_bands) {
        bm_page_put(page, ", a class: its number only orders the bands");
    }
    if (score->has_range && !score->only_bands) {
        bm_page_put(page, ", ");
        bm_page_exact(page, score->low);
        bm_page_put(page, " to ");
        bm_page_exact(page, score->high);
    }
    if (score->direction != NULL) {
        bm_page_put(page, ", ");
        bm_page_name(page, score->direction);
    }
    if (score->has_cap) {
        bm_page_put(page, ", never above ");
        bm_page_exact(page, score->cap);
    }
    bm_page_end(page);
    bm_explain_text(explainer, 0, "Note", score->note);
    for (int i = 0; i < score->item_count; i++) {
        write_item(explainer, &score->items[i]);
    }
    bm_page_line(page, 0, NULL, score->band_count > 0 ? "Bands of the total:" : "No bands.");
    for (int i = 0; i < score->band_count; i++) {
        write_band(explainer, &score->bands[i]);
    }
}

static void write_equation(bm_explainer *explainer, const bm_equation *equation)
{
    bm_page *page = &explainer->page;
    bm_explain_heading(explainer, equation->label != NULL ? equation->label : equation->id);
    bm_page_begin(page, 0, NULL);
    bm_page_puts(page, (const char *[]){equation->id, " = ", equation->value.text, NULL});
    bm_page_puts(page,
                 (const char *[]){equation->unit == NULL ? NULL : ", in ", equation->unit, NULL});
    bm_page_end(page);
    if (equation->has_range) {
        bm_page_begin(page, 0, NULL);
        bm_page_put(page, "Plausible from ");
        bm_page_exact(page, equation->low);
        bm_page_put(page, " to ");
        bm_page_exact(page, equation->high);
        bm_page_end(page);
    }
    bm_explain_text(explainer, 0, "Note", equation->note);
}

/* ---- foot ---- */

/* What a study found: effect, interval, number of patients, certainty. */
static void write_figures(bm_explainer *explainer, const bm_note *note)
{
    const char *const names[] = {"effect", "interval", "n", "certainty"};
    const char *const texts[] = {note->effect, note->interval, note->sample, note->certainty};
    bm_page *page = &explainer->page;
    bool any = false;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i] == NULL) {
            continue;
        }
        if (!any) {
            bm_page_begin(page, 4, NULL);
        }
        bm_page_puts(page, (const char *[]){any ? "; " : "", names[i], " ", NULL});
        if (texts[i] == note->certainty) {
            bm_page_name(page, texts[i]);
        } else {
            bm_page_put(page, texts[i]);
        }
        any = true;
    }
    if (any) {
        bm_page_end(page);
    }
}

void bm_explain_note(bm_explainer *explainer, const bm_note *note)
{
    bm_page *page = &explainer->page;
    bm_page_begin(page, 0, "- ");
    bm_page_put(page, note->say);
    bm_page_end(page);
    bm_explain_text(explainer, 4, "when", note->when.text);
    bm_explain_text(explainer, 4, "the other total", note->alternative.text);
    write_figures(explainer, note);
    bm_page_begin(page, 4, NULL);
    bm_page_name(page, note->verified);
    if (note->source != NULL) {
        bm_page_puts(page,
                     (const char *[]){note->verified == NULL ? "" : " | ", note->source, NULL});
    }
    bm_page_end(page);
}

static void write_notes(bm_explainer *explainer, const bm_guideline *guideline)
{
    if (guideline->note_count > 0) {
        bm_explain_heading(explainer, "Notes, disputes and limitations");
    }
    for (int i = 0; i < guideline->note_count; i++) {
        bm_explain_note(explainer, &guideline->notes[i]);
    }
}

void bm_explain_source(bm_explainer *explainer, const bm_source *source)
{
    bm_page_begin(&explainer->page, 0, "- ");
    bm_page_puts(&explainer->page, (const char *[]){source->key, ": ", source->cite, NULL});
    if (source->doi != NULL) {
        bm_page_puts(&explainer->page, (const char *[]){"; doi ", source->doi, NULL});
    }
    if (source->url != NULL) {
        bm_page_puts(&explainer->page, (const char *[]){"; ", source->url, NULL});
    }
    if (source->seen != NULL) {
        bm_page_puts(&explainer->page, (const char *[]){"; seen: ", source->seen, NULL});
    }
    bm_page_end(&explainer->page);
    bm_explain_text(explainer, 4, "Note", source->note);
}

static void write_sources(bm_explainer *explainer, const bm_guideline *guideline)
{
    if (guideline->source_count > 0) {
        bm_explain_heading(explainer, "Sources");
    }
    for (int i = 0; i < guideline->source_count; i++) {
        bm_explain_source(explainer, &guideline->sources[i]);
    }
}

static void write_examples(bm_explainer *explainer, const bm_guideline *guideline)
{
    if (guideline->example_ids == NULL) {
        return;
    }
    bm_explain_heading(explainer, "Worked examples");
    bm_page_begin(&explainer->page, 0, NULL);
    bm_page_put(&explainer->page, guideline->example_ids);
    bm_page_end(&explainer->page);
}

void bm_write_guideline_text(bm_text *out, const bonemets_guidelines *set,
                             const bm_guideline *guideline)
{
    bm_explainer explainer = {.set = set};
    bm_page_init(&explainer.page, out);
    write_head(&explainer, guideline);
    write_assumptions(&explainer, guideline);
    write_local_values(&explainer, guideline);
    for (int i = 0; i < guideline->score_count; i++) {
        write_score(&explainer, &guideline->scores[i]);
    }
    for (int i = 0; i < guideline->equation_count; i++) {
        write_equation(&explainer, &guideline->equations[i]);
    }
    bm_explain_rows(&explainer, guideline);
    write_notes(&explainer, guideline);
    write_sources(&explainer, guideline);
    write_examples(&explainer, guideline);
}

void bm_write_guidelines_text(bm_text *out, const bonemets_guidelines *set)
{
    enum { TITLE_COLUMN = 24 };
    bm_page page;
    bm_page_init(&page, out);
    for (int i = 0; i < set->definitions.guideline_count; i++) {
        const bm_guideline *guideline = &set->definitions.guidelines[i];
        bm_page_begin(&page, 0, NULL);
        bm_page_put(&page, guideline->id);
        bm_page_tab(&page, TITLE_COLUMN);
        bm_page_put(&page, guideline->title);
        bm_page_puts(&page, (const char *[]){" (", guideline->status, ")", NULL});
        bm_page_end(&page);
    }
}
