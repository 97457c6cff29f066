/* SPDX-License-Identifier: Apache-2.0 */
/* Who reads a fact: found in the expressions as they are written. */
#include "report/explain.h"
#include "report/answer.h"

/* The depth of an expression is limited where it is parsed. */
static bool mentions(const bm_ex *ex, const char *id)
{
    if (ex == NULL) {
        return false;
    }
    bool named = ex->kind == BM_EX_NAME && bm_same(ex->name, id);
    bool member = ex->kind == BM_EX_MEMBER && bm_same(ex->member, id);
    if (named || member || mentions(ex->a, id) || mentions(ex->b, id) || mentions(ex->c, id)) {
        return true;
    }
    /* What stands in braces are options. */
    bool options = ex->kind == BM_EX_IN || ex->kind == BM_EX_HAS;
    for (int i = 0; i < ex->count && !options; i++) {
        if (mentions(ex->list[i], id)) {
            return true;
        }
    }
    return false;
}

static bool value_reads(const bm_fact *value, const char *id)
{
    if (bm_same(value->from, id) || mentions(value->value.ex, id)) {
        return true;
    }
    for (int i = 0; i < value->case_count; i++) {
        if (mentions(value->cases[i].when.ex, id) || mentions(value->cases[i].is.ex, id)) {
            return true;
        }
    }
    return false;
}

static bool item_reads(const bm_item *item, const char *id)
{
    if (bm_same(item->of, id)) {
        return true;
    }
    for (int i = 0; i < item->count; i++) {
        if (mentions(item->points[i].when.ex, id)) {
            return true;
        }
    }
    return false;
}

static bool scores_read(const bm_guideline *guideline, const char *id)
{
    for (int s = 0; s < guideline->score_count; s++) {
        for (int i = 0; i < guideline->scores[s].item_count; i++) {
            if (item_reads(&guideline->scores[s].items[i], id)) {
                return true;
            }
        }
    }
    for (int i = 0; i < guideline->equation_count; i++) {
        if (mentions(guideline->equations[i].value.ex, id)) {
            return true;
        }
    }
    return false;
}

static bool rows_read(const bm_guideline *guideline, const char *id)
{
    for (int i = 0; i < guideline->row_count; i++) {
        if (mentions(guideline->rows[i].when.ex, id) ||
            mentions(guideline->rows[i].clock.hours.ex, id)) {
            return true;
        }
    }
    for (int i = 0; i < guideline->choice_count; i++) {
        if (mentions(guideline->choices[i].clock.hours.ex, id) ||
            mentions(guideline->choices[i].ignore.when.ex, id)) {
            return true;
        }
    }
    for (int i = 0; i < guideline->list_count; i++) {
        if (mentions(guideline->lists[i].ignore.when.ex, id)) {
            return true;
        }
    }
    for (int i = 0; i < guideline->note_count; i++) {
        if (mentions(guideline->notes[i].when.ex, id) ||
            mentions(guideline->notes[i].alternative.ex, id)) {
            return true;
        }
    }
    return false;
}

static bool guideline_reads(const bm_guideline *guideline, const char *id)
{
    for (int i = 0; i < guideline->value_count; i++) {
        if (value_reads(&guideline->values[i], id)) {
            return true;
        }
    }
    return mentions(guideline->applies_when.ex, id) || scores_read(guideline, id) ||
           rows_read(guideline, id);
}

static bool pick_reads(const bm_pick_def *pick, const char *id)
{
    for (int i = 0; i < pick->highest.count; i++) {
        if (bm_same(pick->highest.items[i], id)) {
            return true;
        }
    }
    return false;
}

void bm_fact_readers(const bonemets_guidelines *set, const bm_fact *fact, bm_reader_found *found,
                     void *ctx)
{
    const bm_definitions *definitions = &set->definitions;
    for (int i = 0; i < definitions->guideline_count; i++) {
        if (guideline_reads(&definitions->guidelines[i], fact->id)) {
            found(ctx, "guideline", definitions->guidelines[i].id);
        }
    }
    for (int i = 0; i < definitions->fact_count; i++) {
        if (value_reads(&definitions->facts[i], fact->id)) {
            found(ctx, "value", definitions->facts[i].id);
        }
    }
    for (int i = 0; i < definitions->pick_count; i++) {
        if (pick_reads(&definitions->picks[i], fact->id)) {
            found(ctx, "pick", definitions->picks[i].id);
        }
    }
}
