/* SPDX-License-Identifier: Apache-2.0 */
/* Choices, advice and notes, as operations. */
#include <string.h>

#include "guideline/link_parts.h"

static int32_t outcome_number(const bm_choice *choice, const char *value)
{
    return value ? bm_names_find(&choice->codes.index, value) : -1;
}

static int32_t row_condition(bm_linker *linker, bm_guideline *guideline, int number)
{
    bm_row_def *row = &guideline->rows[number];
    bm_place_of_use use;
    bm_scope scope =
        bm_link_scope(linker, &use, guideline, guideline->kind, guideline->file, row->node);
    use.row = number;
    if (!row->when.ex)
        return -1;
    bm_compiled when = bm_compile_truth(&scope, row->when.ex);
    if (!when.ok)
        return -1;
    if (guideline->applies < 0)
        return when.slot;
    return bm_build(&linker->build, guideline->kind, BM_DO_AND, BM_BOOL, guideline->applies,
                    when.slot, 0);
}

static void link_sets(bm_linker *linker, const bm_guideline *guideline, const bm_row_def *row,
                      bm_row *out)
{
    out->sets = bm_arena_array(linker->arena, (size_t)row->with_count, sizeof *out->sets);
    if (!out->sets) {
        linker->build.failed = true;
        return;
    }
    for (int i = 0; i < row->with_count; i++) {
        int choice = bm_link_choice(guideline, row->with[i].choice);
        if (choice < 0)
            continue; /* reported when the definitions were completed */
        int32_t value = outcome_number(&guideline->choices[choice], row->with[i].value);
        if (value >= 0)
            out->sets[out->set_count++] = (bm_setting){guideline->choices[choice].slot, value};
    }
}

static void link_row(bm_linker *linker, bm_guideline *guideline, int number)
{
    bm_row_def *row = &guideline->rows[number];
    bm_row out = {.when = row_condition(linker, guideline, number), .choice = -1};
    if (out.when < 0)
        return;
    if (row->choice >= 0) {
        const bm_choice *choice = &guideline->choices[row->choice];
        out.choice = choice->slot;
        out.value = outcome_number(choice, row->choose);
        if (out.value < 0)
            return; /* reported before */
    }
    link_sets(linker, guideline, row, &out);
    row->row = bm_build_row(&linker->build, guideline->kind, &out);
}

static void link_clock(bm_linker *linker, bm_guideline *guideline, bm_clock *clock)
{
    if (!clock->hours.ex)
        return;
    bm_place_of_use use;
    bm_scope scope =
        bm_link_scope(linker, &use, guideline, guideline->kind, guideline->file, clock->hours.node);
    bm_compiled hours = bm_compile(&scope, clock->hours.ex);
    if (!hours.ok)
        return;
    if (hours.type.base != BM_NUMBER || !hours.type.unit || strcmp(hours.type.unit, "h") != 0) {
        bm_link_error(linker, guideline->file, clock->hours.node,
                      "a clock is a number in h, found %s in %s", bm_base_word(hours.type.base),
                      hours.type.unit ? hours.type.unit : "no unit");
        return;
    }
    clock->slot = hours.slot;
    clock->applies = hours.applies;
    clock->least = hours.type.low;
    clock->most = hours.type.high;
}

static void link_ignore(bm_linker *linker, bm_guideline *guideline, bm_ignore *ignore)
{
    if (!ignore->when.ex)
        return;
    bm_place_of_use use;
    bm_scope scope =
        bm_link_scope(linker, &use, guideline, guideline->kind, guideline->file, ignore->when.node);
    use.row = guideline->row_count;
    bm_compiled when = bm_compile_truth(&scope, ignore->when.ex);
    if (when.ok)
        ignore->slot = when.slot;
}

void bm_link_table(bm_linker *linker, bm_guideline *guideline)
{
    for (int i = 0; i < guideline->choice_count; i++)
        guideline->choices[i].slot = bm_build_choice(&linker->build, guideline->kind);
    for (int i = 0; i < guideline->row_count; i++)
        link_row(linker, guideline, i);
    for (int i = 0; i < guideline->choice_count; i++)
        link_clock(linker, guideline, &guideline->choices[i].clock);
    for (int i = 0; i < guideline->row_count; i++)
        link_clock(linker, guideline, &guideline->rows[i].clock);
    for (int i = 0; i < guideline->choice_count; i++)
        link_ignore(linker, guideline, &guideline->choices[i].ignore);
    for (int i = 0; i < guideline->list_count; i++)
        link_ignore(linker, guideline, &guideline->lists[i].ignore);
}

static int32_t note_number(bm_linker *linker, const bm_scope *scope, const bm_file *file,
                           const bm_formula *formula)
{
    bm_compiled value = bm_compile(scope, formula->ex);
    if (value.ok && value.type.base != BM_NUMBER)
        bm_link_error(linker, file, formula->node, "expected a number, found %s",
                      bm_base_word(value.type.base));
    return value.ok && value.type.base == BM_NUMBER ? value.slot : -1;
}

void bm_link_notes(bm_linker *linker, bm_guideline *guideline)
{
    for (int i = 0; i < guideline->note_count; i++) {
        bm_note *note = &guideline->notes[i];
        bm_place_of_use use;
        bm_scope scope =
            bm_link_scope(linker, &use, guideline, guideline->kind, guideline->file, note->node);
        use.row = guideline->row_count;
        if (!note->when.ex)
            continue;
        bm_compiled when = bm_compile_truth(&scope, note->when.ex);
        note->when_slot = when.ok ? when.slot : -1;
        /* a note goes with a result that may apply; one of a table of rows stands for itself */
        bool alone = guideline->score_count + guideline->equation_count == 0;
        if (when.ok && alone && guideline->applies >= 0)
            note->when_slot = bm_build(&linker->build, guideline->kind, BM_DO_AND, BM_BOOL,
                                       guideline->applies, when.slot, 0);
        if (note->alternative.ex)
            note->alternative_slot =
                note_number(linker, &scope, guideline->file, &note->alternative);
    }
}
