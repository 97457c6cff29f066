/* SPDX-License-Identifier: Apache-2.0 */
/* Values that a table gives: the total of a score, an equation, the outcome of a choice. */
#include <math.h>
#include <string.h>

#include "engine/arithmetic.h"
#include "guideline/link_parts.h"

static const bm_compiled nothing = {.ok = false, .slot = -1, .applies = -1};

/* What is entered in place of a total can be no other number than the items can give. */
static bool same_range(bm_linker *linker, const bm_fact *fact, const bm_score *score)
{
    if (!score->has_range || !isfinite(fact->type.low) || !isfinite(fact->type.high) ||
        (fabs(score->low - fact->type.low) <= BM_TOLERANCE &&
         fabs(score->high - fact->type.high) <= BM_TOLERANCE))
        return true;
    bm_link_error(linker, fact->file, fact->node, "its range is %n to %n, that of %q is %n to %n",
                  fact->type.low, fact->type.high, score->id, score->low, score->high);
    return false;
}

static bm_compiled given_by_score(bm_linker *linker, const bm_fact *fact, int task)
{
    bm_compiled result = {.ok = true, .type = fact->type};
    bool score = linker->tasks[task].kind == BM_TASK_SCORE;
    const bm_score *by_score = linker->tasks[task].thing;
    const bm_equation *by_equation = linker->tasks[task].thing;
    result.slot = score ? by_score->total : by_equation->slot;
    result.applies = score ? by_score->applies : by_equation->applies;
    if (score && !same_range(linker, fact, by_score))
        return nothing;
    if (linker->tasks[task].guideline->kind != fact->kind) {
        bm_link_error(linker, fact->file, fact->node, "%q is about another kind of record than %q",
                      fact->given_by, fact->id);
        return nothing;
    }
    return result;
}

/* ---- `given_by: GUIDELINE.CHOICE` ---- */

/* NULL when there is no such guideline, or nobody asked for it. */
static bm_guideline *guideline_before_dot(const bm_linker *linker, const char *text)
{
    const char *dot = strchr(text, '.');
    const bm_definitions *definitions = linker->definitions;
    for (int i = 0; dot && i < definitions->guideline_count; i++) {
        bm_guideline *guideline = &definitions->guidelines[i];
        if (!guideline->off && strlen(guideline->id) == (size_t)(dot - text) &&
            strncmp(guideline->id, text, (size_t)(dot - text)) == 0)
            return guideline;
    }
    return NULL;
}

int bm_link_task_of_given(const bm_linker *linker, const bm_fact *fact)
{
    const bm_guideline *guideline = guideline_before_dot(linker, fact->given_by);
    if (!guideline)
        return bm_names_find(&linker->scores, fact->given_by);
    for (int i = 0; i < linker->task_count; i++)
        if (linker->tasks[i].guideline == guideline && linker->tasks[i].kind == BM_TASK_TABLE)
            return i;
    return -1;
}

/* An error unless the value is a code that has all outcomes. */
static bool fits(bm_linker *linker, const bm_fact *fact, const bm_guideline *guideline, int choice)
{
    const bm_codes *outcomes = choice < 0 ? NULL : &guideline->choices[choice].codes;
    bool named =
        choice >= 0 && !guideline->choices[choice].is_text && !guideline->choices[choice].unit;
    if (!named || fact->type.base != BM_CODE || guideline->kind != fact->kind) {
        bm_link_error(linker, fact->file, fact->node,
                      !named ? "there is no choice with options called %q"
                             : "%q is no code, or about another kind of record",
                      fact->given_by);
        return false;
    }
    for (int i = 0; i < outcomes->count; i++)
        if (bm_names_find(&fact->type.codes->index, outcomes->ids[i]) < 0) {
            bm_link_error(linker, fact->file, fact->node, "it has no option for the outcome %q",
                          outcomes->ids[i]);
            return false;
        }
    return true;
}

static int32_t outcome_in(bm_linker *linker, int kind, int32_t choice, uint64_t wanted)
{
    int32_t mask = bm_build_constant(&linker->build, (bm_cell){.low.mask = wanted});
    return bm_build(&linker->build, kind, BM_DO_OUTCOME_IN, BM_BOOL, choice, mask, 0);
}

/* One option after the other; the last needs no test, because a choice without an outcome gives no
 * value at all. While the choice is provisional the value can be anything. */
static int32_t option_by_option(bm_linker *linker, const bm_fact *fact, const bm_choice *choice)
{
    int32_t slot = -1;
    for (int i = choice->codes.count - 1; i >= 0; i--) {
        int option = bm_names_find(&fact->type.codes->index, choice->codes.ids[i]);
        bm_cell cell = {.low.mask = UINT64_C(1) << option};
        int32_t is = bm_build_const_slot(&linker->build, fact->kind, BM_CODE, cell);
        slot = slot < 0 ? is
                        : bm_build(&linker->build, fact->kind, BM_DO_IF_MASK, BM_CODE, is, slot,
                                   outcome_in(linker, fact->kind, choice->slot, UINT64_C(1) << i));
    }
    return slot;
}

static bm_compiled given_by_choice(bm_linker *linker, const bm_fact *fact,
                                   const bm_guideline *guideline)
{
    int choice = bm_link_choice(guideline, strchr(fact->given_by, '.') + 1);
    if (!fits(linker, fact, guideline, choice))
        return nothing;
    const bm_choice *read = &guideline->choices[choice];
    return (bm_compiled){.ok = true,
                         .type = fact->type,
                         .slot = option_by_option(linker, fact, read),
                         .applies = outcome_in(linker, fact->kind, read->slot, ~BM_UNSET)};
}

bm_compiled bm_link_given(bm_linker *linker, const bm_fact *fact)
{
    const bm_guideline *guideline = guideline_before_dot(linker, fact->given_by);
    int task = bm_link_task_of_given(linker, fact);
    if (task < 0) /* its guideline is not loaded: the value can only be supplied */
        return nothing;
    return guideline ? given_by_choice(linker, fact, guideline)
                     : given_by_score(linker, fact, task);
}
