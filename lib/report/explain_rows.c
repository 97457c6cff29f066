/* SPDX-License-Identifier: Apache-2.0 */
#include "report/explain.h"
#include "report/answer.h"

static const bm_choice *find_choice(const bm_guideline *guideline, const char *id)
{
    for (int i = 0; i < guideline->choice_count; i++) {
        if (bm_same(guideline->choices[i].id, id)) {
            return &guideline->choices[i];
        }
    }
    return NULL;
}

static void put_outcome(bm_explainer *explainer, const bm_choice *choice, const char *value)
{
    bm_page *page = &explainer->page;
    if (choice == NULL || choice->is_text) {
        bm_page_put(page, value);
    } else {
        bm_page_name(page, value);
    }
    if (choice != NULL && choice->unit != NULL) {
        bm_page_puts(page, (const char *[]){" ", choice->unit, NULL});
    }
}

static void write_outcomes(bm_explainer *explainer, const bm_guideline *guideline,
                           const bm_row_def *row)
{
    bm_page *page = &explainer->page;
    const bm_choice *own = row->choice < 0 ? NULL : &guideline->choices[row->choice];
    if (row->choose == NULL && row->with_count == 0) {
        return;
    }
    bm_page_begin(page, 4, NULL);
    if (row->choose != NULL) {
        bm_page_put(page, "-> ");
        put_outcome(explainer, own, row->choose);
    }
    for (int i = 0; i < row->with_count; i++) {
        bm_page_puts(page, (const char *[]){i > 0 || row->choose != NULL ? "; " : "",
                                            row->with[i].choice, " = ", NULL});
        put_outcome(explainer, find_choice(guideline, row->with[i].choice), row->with[i].value);
    }
    bm_page_end(page);
}

static void write_words(bm_explainer *explainer, const bm_guideline *guideline, const char *bullet,
                        const bm_words *words)
{
    for (int i = 0; i < words->count; i++) {
        const char *wording = bm_guideline_wording(guideline, words->items[i]);
        bm_page_begin(&explainer->page, 4, bullet);
        if (wording != NULL) {
            bm_page_put(&explainer->page, wording);
        } else {
            bm_page_name(&explainer->page, words->items[i]);
        }
        bm_page_end(&explainer->page);
    }
}

static void write_additions(bm_explainer *explainer, const bm_guideline *guideline,
                            const bm_row_def *row)
{
    for (int i = 0; i < row->addition_count; i++) {
        const bm_addition *added = &row->additions[i];
        const bm_list *list = bm_guideline_list(guideline, added->list);
        bm_page_begin(&explainer->page, 4, NULL);
        bm_page_puts(&explainer->page, (const char *[]){list->label, ":", NULL});
        bm_page_end(&explainer->page);
        write_words(explainer, guideline, "+ ", &added->words);
    }
}

static void write_marks(bm_explainer *explainer, const bm_row_def *row)
{
    bm_page *page = &explainer->page;
    bm_page_begin(page, 4, NULL);
    bm_page_name(page, row->urgency);
    if (row->within_h >= 0) {
        bm_page_put(page, ", within ");
        bm_page_quantity(page, row->within_h, "h");
        if (row->clock.hours.text != NULL) {
            bm_page_puts(page, (const char *[]){" from ", row->clock.hours.text, NULL});
        }
    }
    bm_page_put(page, " | ");
    bm_page_name(page, row->strength);
    bm_page_put(page, ", certainty ");
    bm_page_name(page, row->certainty);
    bm_page_put(page, " | ");
    bm_page_name(page, row->verified);
    for (int i = 0; i < row->sources.count; i++) {
        bm_page_puts(page, (const char *[]){i == 0 ? " | " : ", ", row->sources.items[i], NULL});
    }
    bm_page_end(page);
}

void bm_explain_row(bm_explainer *explainer, const bm_guideline *guideline, const bm_row_def *row)
{
    bm_page *page = &explainer->page;
    bm_page_gap(page);
    bm_page_begin(page, 0, NULL);
    bm_page_puts(page, (const char *[]){row->id, " when ", NULL});
    page->hang = 4;
    bm_page_put(page, row->when.text);
    bm_page_end(page);
    write_outcomes(explainer, guideline, row);
    write_words(explainer, guideline, "- ", &row->actions);
    write_words(explainer, guideline, "! ", &row->warnings);
    write_additions(explainer, guideline, row);
    bm_page_line(page, 4, NULL, row->because);
    bm_explain_text(explainer, 4, "Note", row->note);
    write_marks(explainer, row);
}

static void write_choice_head(bm_explainer *explainer, const bm_choice *choice)
{
    bm_page *page = &explainer->page;
    bm_explain_heading(explainer, choice->label != NULL ? choice->label : choice->id);
    bm_page_begin(page, 0, NULL);
    bm_page_puts(page, (const char *[]){"Choice ", choice->id, NULL});
    bm_page_put(page, choice->row_count > 0 ? "; the first row that holds decides" : "");
    bm_page_put(page, choice->optional ? "; may stay without an outcome" : "");
    bm_page_end(page);
    bm_explain_text(explainer, 0, "Not to be shown when", choice->ignore.when.text);
    bm_explain_text(explainer, 0, "Note", choice->note);
    for (int i = 0; i < choice->codes.count && !choice->is_text && choice->unit == NULL; i++) {
        const char *label = choice->codes.labels == NULL ? NULL : choice->codes.labels[i];
        bm_page_begin(page, 2, "- ");
        bm_page_name(page, choice->codes.ids[i]);
        if (label != NULL && !bm_same(label, choice->codes.ids[i])) {
            bm_page_puts(page, (const char *[]){": ", label, NULL});
        }
        bm_page_end(page);
    }
}

/* Choices without rows of their own are set by `with`; one paragraph names them. */
static void write_set_by_others(bm_explainer *explainer, const bm_guideline *guideline)
{
    bool any = false;
    for (int i = 0; i < guideline->choice_count; i++) {
        const bm_choice *choice = &guideline->choices[i];
        if (choice->row_count > 0) {
            continue;
        }
        if (!any) {
            bm_explain_heading(explainer, "Set by the rows of other choices");
        }
        bm_page_begin(&explainer->page, 0, "- ");
        bm_page_puts(&explainer->page, (const char *[]){choice->id, ": ", choice->label, NULL});
        if (choice->unit != NULL) {
            bm_page_puts(&explainer->page, (const char *[]){", in ", choice->unit, NULL});
        }
        bm_page_end(&explainer->page);
        bm_explain_text(explainer, 4, "Not to be shown when", choice->ignore.when.text);
        bm_explain_text(explainer, 4, "Note", choice->note);
        any = true;
    }
}

void bm_explain_rows(bm_explainer *explainer, const bm_guideline *guideline)
{
    write_set_by_others(explainer, guideline);
    bool advice = false;
    int before = -1;
    for (int i = 0; i < guideline->row_count; i++) {
        const bm_row_def *row = &guideline->rows[i];
        if (row->choice >= 0 && row->choice != before) {
            write_choice_head(explainer, &guideline->choices[row->choice]);
            before = row->choice;
        } else if (row->choice < 0 && !advice) {
            bm_explain_heading(explainer, "Advice: every row that holds speaks");
            advice = true;
        }
        bm_explain_row(explainer, guideline, row);
    }
}
