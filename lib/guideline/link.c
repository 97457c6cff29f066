/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/link.h"

#include <string.h>

#include "base/text.h"
#include "engine/idle.h"
#include "engine/reads.h"
#include "engine/witness.h"
#include "guideline/link_parts.h"

/* ---- tasks ---- */

static int add_task(bm_linker *linker, bm_task_kind kind, bm_guideline *guideline, void *thing)
{
    bm_task *tasks = bm_arena_grow(linker->arena, linker->tasks, (size_t)linker->task_count,
                                   &linker->task_room, sizeof *tasks);
    if (!tasks) {
        linker->build.failed = true;
        return -1;
    }
    linker->tasks = tasks;
    tasks[linker->task_count] = (bm_task){.kind = kind, .guideline = guideline, .thing = thing};
    return linker->task_count++;
}

static void add_named_task(bm_linker *linker, bm_task_kind kind, bm_guideline *guideline,
                           void *thing, const char *id)
{
    int task = add_task(linker, kind, guideline, thing);
    if (task >= 0 && !bm_names_add(&linker->scores, id, task))
        linker->build.failed = true;
}

static void add_guideline_tasks(bm_linker *linker, bm_guideline *guideline)
{
    add_task(linker, BM_TASK_APPLIES, guideline, guideline);
    for (int i = 0; i < guideline->value_count; i++)
        add_task(linker, BM_TASK_VALUE, guideline, &guideline->values[i]);
    for (int i = 0; i < guideline->score_count; i++)
        add_named_task(linker, BM_TASK_SCORE, guideline, &guideline->scores[i],
                       guideline->scores[i].id);
    for (int i = 0; i < guideline->equation_count; i++)
        add_named_task(linker, BM_TASK_EQUATION, guideline, &guideline->equations[i],
                       guideline->equations[i].id);
    add_task(linker, BM_TASK_TABLE, guideline, guideline);
    add_task(linker, BM_TASK_NOTES, guideline, guideline);
}

static void add_tasks(bm_linker *linker)
{
    bm_definitions *definitions = linker->definitions;
    linker->value_task = bm_arena_array(linker->arena, (size_t)definitions->fact_count + 1,
                                        sizeof *linker->value_task);
    if (!linker->value_task) {
        linker->build.failed = true;
        return;
    }
    for (int i = 0; i < definitions->fact_count; i++)
        linker->value_task[i] = definitions->facts[i].is_value
                                    ? add_task(linker, BM_TASK_VALUE, NULL, &definitions->facts[i])
                                    : -1;
    for (int i = 0; i < definitions->guideline_count; i++) {
        bm_guideline *guideline = &definitions->guidelines[i];
        guideline->off =
            (strcmp(guideline->status, "off") == 0 && !definitions->load_off) ||
            (strcmp(guideline->status, "restricted") == 0 && !definitions->load_restricted);
        if (!guideline->off)
            add_guideline_tasks(linker, guideline);
    }
    linker->order =
        bm_arena_array(linker->arena, (size_t)linker->task_count + 1, sizeof *linker->order);
    if (!linker->order)
        linker->build.failed = true;
}

/* ---- what a task needs ---- */

static void need(bm_linker *linker, int task, int other)
{
    bm_task *one = &linker->tasks[task];
    for (int i = 0; i < one->need_count; i++)
        if (one->needs[i] == other)
            return;
    int32_t *needs = bm_arena_grow(linker->arena, one->needs, (size_t)one->need_count,
                                   &one->need_room, sizeof *needs);
    if (!needs) {
        linker->build.failed = true;
        return;
    }
    one->needs = needs;
    needs[one->need_count++] = other;
}

static void need_name(bm_linker *linker, int task, const char *name, const char *member)
{
    const bm_guideline *guideline = linker->tasks[task].guideline;
    int pick = member ? bm_link_pick(linker->definitions, name) : -1;
    if (pick >= 0) {
        const bm_words *highest = &linker->definitions->picks[pick].highest;
        for (int i = 0; i < highest->count; i++)
            need_name(linker, task, highest->items[i], NULL);
        name = member;
        member = NULL;
    }
    int other = bm_link_task_of(linker, guideline, name, member);
    if (other >= 0)
        need(linker, task, other);
}

static void need_expression(bm_linker *linker, int task, const bm_ex *ex)
{
    if (!ex)
        return;
    if (ex->kind == BM_EX_NAME)
        need_name(linker, task, ex->name, NULL);
    if (ex->kind == BM_EX_MEMBER)
        need_name(linker, task, ex->name, ex->member);
    need_expression(linker, task, ex->a);
    need_expression(linker, task, ex->b);
    need_expression(linker, task, ex->c);
    bool options = ex->kind == BM_EX_IN || ex->kind == BM_EX_HAS;
    for (int i = 0; i < ex->count && !options; i++)
        need_expression(linker, task, ex->list[i]);
}

static void needs_of_value(bm_linker *linker, int task, const bm_fact *fact)
{
    if (fact->from)
        need_name(linker, task, fact->from, NULL);
    need_expression(linker, task, fact->value.ex);
    for (int i = 0; i < fact->case_count; i++) {
        need_expression(linker, task, fact->cases[i].when.ex);
        /* a bare option of the value itself is no name */
        const bm_ex *is = fact->cases[i].is.ex;
        bool option = is && is->kind == BM_EX_NAME && fact->type.codes &&
                      bm_names_find(&fact->type.codes->index, is->name) >= 0;
        if (!option)
            need_expression(linker, task, is);
    }
    if (fact->given_by) {
        int giver = bm_link_task_of_given(linker, fact);
        if (giver >= 0)
            need(linker, task, giver);
    }
}

static int task_of_guideline(const bm_linker *linker, const bm_guideline *guideline,
                             bm_task_kind kind)
{
    for (int i = 0; i < linker->task_count; i++)
        if (linker->tasks[i].guideline == guideline && linker->tasks[i].kind == kind)
            return i;
    return -1;
}

static void needs_of_score(bm_linker *linker, int task, const bm_score *score)
{
    for (int i = 0; i < score->item_count; i++) {
        if (score->items[i].of)
            need_name(linker, task, score->items[i].of, NULL);
        for (int j = 0; j < score->items[i].count; j++)
            need_expression(linker, task, score->items[i].points[j].when.ex);
    }
}

static void needs_of_task(bm_linker *linker, int task)
{
    const bm_task *one = &linker->tasks[task];
    bm_guideline *guideline = one->guideline;
    if (one->kind != BM_TASK_VALUE && one->kind != BM_TASK_APPLIES)
        need(linker, task, task_of_guideline(linker, guideline, BM_TASK_APPLIES));
    switch (one->kind) {
    case BM_TASK_VALUE:
        needs_of_value(linker, task, one->thing);
        break;
    case BM_TASK_APPLIES:
        need_expression(linker, task, guideline->applies_when.ex);
        break;
    case BM_TASK_SCORE:
        needs_of_score(linker, task, one->thing);
        break;
    case BM_TASK_EQUATION:
        need_expression(linker, task, ((bm_equation *)one->thing)->value.ex);
        break;
    case BM_TASK_TABLE:
        for (int i = 0; i < guideline->row_count; i++) {
            need_expression(linker, task, guideline->rows[i].when.ex);
            need_expression(linker, task, guideline->rows[i].clock.hours.ex);
        }
        for (int i = 0; i < guideline->choice_count; i++) {
            need_expression(linker, task, guideline->choices[i].clock.hours.ex);
            need_expression(linker, task, guideline->choices[i].ignore.when.ex);
        }
        for (int i = 0; i < guideline->list_count; i++)
            need_expression(linker, task, guideline->lists[i].ignore.when.ex);
        break;
    case BM_TASK_NOTES:
        need(linker, task, task_of_guideline(linker, guideline, BM_TASK_TABLE));
        for (int i = 0; i < guideline->note_count; i++) {
            need_expression(linker, task, guideline->notes[i].when.ex);
            need_expression(linker, task, guideline->notes[i].alternative.ex);
        }
        break;
    }
}

/* ---- running tasks in order ---- */

static const char *task_name(const bm_task *task)
{
    switch (task->kind) {
    case BM_TASK_VALUE:
        return ((bm_fact *)task->thing)->id;
    case BM_TASK_SCORE:
        return ((bm_score *)task->thing)->id;
    case BM_TASK_EQUATION:
        return ((bm_equation *)task->thing)->id;
    default:
        return task->guideline->id;
    }
}

static void report_cycle(bm_linker *linker, const int *chain, int depth, int again)
{
    char buffer[300];
    bm_text text;
    bm_text_init(&text, buffer, sizeof buffer);
    int start = depth > 0 ? depth - 1 : 0;
    while (start > 0 && chain[start] != again)
        start--;
    for (int i = start; i < depth; i++)
        bm_put_format(&text, "%s -> ", task_name(&linker->tasks[chain[i]]));
    bm_put(&text, task_name(&linker->tasks[again]));
    const bm_task *task = &linker->tasks[again];
    const bm_fact *fact = task->kind == BM_TASK_VALUE ? task->thing : NULL;
    bm_link_error(linker, fact ? fact->file : task->guideline->file,
                  fact ? fact->node : task->guideline->node, "a definition that needs itself: %s",
                  buffer);
}

/* Picks rank by slots that must be there before anything reads the pick. */
static void build_picks(bm_linker *linker)
{
    bm_definitions *definitions = linker->definitions;
    for (int i = 0; i < definitions->pick_count; i++) {
        bm_pick_def *def = &definitions->picks[i];
        bm_pick *pick;
        if (def->index < 0)
            def->index = bm_build_pick(&linker->build, def->kind, def->highest.count, &pick);
        pick = &linker->set->program.picks[def->index];
        for (int j = 0; j < def->highest.count && !linker->build.failed; j++) {
            const bm_fact *fact = bm_definitions_fact(definitions, def->highest.items[j]);
            pick->ranks[j] = fact && fact->slot >= 0 ? fact->slot : 0;
        }
    }
}

/* Notes of a table with results are shown with these, when somebody looks; a decision table's stand
 * in the answer by themselves. */
static bool can_wait(const bm_task *task)
{
    return task->kind == BM_TASK_NOTES &&
           task->guideline->score_count + task->guideline->equation_count > 0;
}

/* Rows and notes are silent where their guideline does not apply. What is evaluated later cannot be
 * left out any more: other threads may look at what has been. */
static void set_gates(bm_linker *linker, const bm_task *task)
{
    const bm_guideline *guideline = task->guideline;
    bool gated = task->kind == BM_TASK_TABLE || (task->kind == BM_TASK_NOTES && !can_wait(task));
    for (int u = task->first_unit; gated && u < task->end_unit; u++) {
        bm_unit_of_work *unit = &linker->set->program.units[u];
        if (unit->kind == guideline->kind)
            unit->gate = guideline->applies;
    }
}

static void compile_task(bm_linker *linker, bm_task *task)
{
    build_picks(linker);
    task->first_unit = bm_build_begin(&linker->build);
    switch (task->kind) {
    case BM_TASK_VALUE:
        bm_link_value(linker, task->guideline, task->thing);
        break;
    case BM_TASK_APPLIES:
        bm_link_applies(linker, task->guideline);
        break;
    case BM_TASK_SCORE:
        bm_link_score(linker, task->guideline, task->thing);
        break;
    case BM_TASK_EQUATION:
        bm_link_equation_value(linker, task->guideline, task->thing);
        break;
    case BM_TASK_TABLE:
        bm_link_table(linker, task->guideline);
        break;
    case BM_TASK_NOTES:
        bm_link_notes(linker, task->guideline);
        break;
    }
    task->end_unit = bm_build_end(&linker->build);
    set_gates(linker, task);
}

/* Asking why follows a chain as deep as it is. */
enum { DEEPEST_CHAIN = 50 };

static void report_deep_chain(bm_linker *linker, int number)
{
    const bm_task *task = &linker->tasks[number];
    const bm_fact *fact = task->kind == BM_TASK_VALUE ? task->thing : NULL;
    bm_link_error(linker, fact ? fact->file : task->guideline->file,
                  fact ? fact->node : task->guideline->node,
                  "%q ends a chain of more than %d definitions that read each other",
                  task_name(task), (int)DEEPEST_CHAIN);
}

static void run_task(bm_linker *linker, int number, int *chain, int depth)
{
    bm_task *task = &linker->tasks[number];
    if (task->state == BM_DONE || linker->build.failed)
        return;
    if (task->state == BM_RUNNING) {
        report_cycle(linker, chain, depth, number);
        return;
    }
    if (depth >= DEEPEST_CHAIN) {
        report_deep_chain(linker, number);
        return;
    }
    task->state = BM_RUNNING;
    chain[depth] = number;
    needs_of_task(linker, number);
    for (int i = 0; i < task->need_count; i++)
        run_task(linker, task->needs[i], chain, depth + 1);
    if (!linker->build.failed)
        compile_task(linker, task);
    task->state = BM_DONE;
    linker->order[linker->order_count++] = number;
}

/* ---- inputs ---- */

static bool is_in_group(const bm_words *group, const char *id)
{
    for (int i = 0; i < group->count; i++)
        if (strcmp(group->items[i], id) == 0)
            return true;
    return false;
}

static void add_partners(const bm_definitions *definitions, const bm_words *group,
                         const bm_fact *fact, bm_slots *list)
{
    for (int j = 0; j < group->count; j++) {
        const bm_fact *other = bm_definitions_fact(definitions, group->items[j]);
        if (other && other != fact && other->kind == fact->kind && other->input >= 0)
            list->slots[list->count++] = other->input;
    }
}

/* Facts of which a record states at most one know each other. */
static void declare_partners(bm_linker *linker, const bm_fact *fact)
{
    const bm_definitions *definitions = linker->definitions;
    int most = 0;
    for (int i = 0; i < definitions->exclusive_count; i++)
        if (is_in_group(&definitions->exclusive[i], fact->id))
            most += definitions->exclusive[i].count;
    bm_slots *list = NULL;
    int32_t index = most ? bm_build_partners(&linker->build, most, &list) : -1;
    if (!list)
        return;
    list->count = 0;
    for (int i = 0; i < definitions->exclusive_count; i++)
        if (is_in_group(&definitions->exclusive[i], fact->id))
            add_partners(definitions, &definitions->exclusive[i], fact, list);
    linker->set->program.kinds[fact->kind].partners[fact->input] = index;
}

static void declare_inputs(bm_linker *linker)
{
    bonemets_guidelines *set = linker->set;
    bm_definitions *definitions = linker->definitions;
    set->input_facts = bm_arena_array(linker->arena, BM_KINDS, sizeof *set->input_facts);
    for (int k = 0; set->input_facts && k < definitions->kind_count; k++) {
        bm_build_kind(&linker->build, k == 0 ? 1 : definitions->kinds[k].most);
        set->input_facts[k] =
            bm_arena_array(linker->arena, (size_t)definitions->fact_count + 1, sizeof(int));
        if (!set->input_facts[k])
            linker->build.failed = true;
    }
    if (!set->input_facts || linker->build.failed) {
        linker->build.failed = true;
        return;
    }
    for (int i = 0; i < definitions->fact_count; i++) {
        bm_fact *fact = &definitions->facts[i];
        fact->input =
            fact->no_supply ? -1 : bm_build_input(&linker->build, fact->kind, &fact->type);
        if (linker->build.failed)
            return;
        fact->slot = fact->input;
        fact->derived = fact->derived_applies = -1;
        if (fact->input >= 0)
            set->input_facts[fact->kind][fact->input] = i;
    }
    for (int i = 0; i < definitions->fact_count; i++)
        if (definitions->facts[i].input >= 0)
            declare_partners(linker, &definitions->facts[i]);
}

static void link_settings(bm_linker *linker)
{
    bonemets_guidelines *set = linker->set;
    const bm_kind *patient = &set->program.kinds[0];
    set->settings =
        bm_arena_array(linker->arena, (size_t)patient->inputs + 1, sizeof *set->settings);
    if (!set->settings) {
        linker->build.failed = true;
        return;
    }
    for (int i = 0; i < patient->inputs; i++) {
        const bm_fact *fact = &linker->definitions->facts[set->input_facts[0][i]];
        int option = fact->setting && fact->default_option && fact->type.codes
                         ? bm_names_find(&fact->type.codes->index, fact->default_option)
                         : -1;
        set->settings[i] = patient->blank[i];
        if (option >= 0)
            set->settings[i] = (bm_cell){.low.mask = UINT64_C(1) << option};
    }
}

static void link_assumptions(bm_linker *linker)
{
    for (int i = 0; i < linker->definitions->guideline_count; i++) {
        bm_guideline *guideline = &linker->definitions->guidelines[i];
        for (int j = 0; j < guideline->assumption_count; j++) {
            bm_assumption *one = &guideline->assumptions[j];
            bm_fact *fact = bm_definitions_fact(linker->definitions, one->fact);
            if (!fact)
                bm_link_error(linker, guideline->file, one->node, "there is no fact %q", one->fact);
            else if (!bm_link_cell(linker, guideline->file, fact, one->node, &one->cell))
                bm_link_error(linker, guideline->file, one->node, "not a value of %q", one->fact);
            else
                one->definition = fact;
        }
    }
}

/* ---- plans ---- */

static bool hangs_on_silence(const bm_program *program, const bm_unit_of_work *unit,
                             bool *const *silent)
{
    bool hangs = unit->silent;
    for (int32_t i = unit->first; i < unit->end && !hangs; i++) {
        bm_read reads[BM_READS];
        int count = bm_op_reads(program, &program->ops[i], reads);
        for (int r = 0; r < count; r++)
            hangs |= silent[reads[r].kind][reads[r].slot];
    }
    return hangs;
}

static void mark_silent(const bm_program *program, bm_unit_of_work *unit, bool *const *silent)
{
    unit->silent = true;
    for (int32_t i = unit->first; i < unit->end; i++)
        silent[program->ops[i].kind][program->ops[i].to] = true;
}

/* A definition hangs on silence as a whole, since rows change choices in place. */
static void spread_silence(bm_linker *linker)
{
    bm_program *program = &linker->set->program;
    bool *silent[BM_KINDS] = {NULL};
    for (int k = 0; k < program->kind_count; k++) {
        silent[k] = bm_arena_array(linker->arena, (size_t)program->kinds[k].slots + 1, 1);
        if (!silent[k]) {
            linker->build.failed = true;
            return;
        }
        memset(silent[k], 0, (size_t)program->kinds[k].slots + 1);
    }
    for (int i = 0; i < linker->order_count; i++) {
        const bm_task *task = &linker->tasks[linker->order[i]];
        bool hangs = false;
        for (int u = task->first_unit; u < task->end_unit; u++)
            hangs |= hangs_on_silence(program, &program->units[u], silent);
        for (int u = task->first_unit; u < task->end_unit && hangs; u++)
            mark_silent(program, &program->units[u], silent);
    }
}

static void mark_needed(const bm_linker *linker, int task, bool *marked)
{
    if (marked[task])
        return;
    marked[task] = true;
    for (int i = 0; i < linker->tasks[task].need_count; i++)
        mark_needed(linker, linker->tasks[task].needs[i], marked);
}

/* The units of all marked tasks, in the order in which the tasks were finished. */
static bm_plan plan_of(bm_linker *linker, const bool *marked)
{
    bm_plan plan = {0};
    const bm_program *program = &linker->set->program;
    size_t count = 0;
    for (int i = 0; i < linker->order_count; i++) {
        const bm_task *task = &linker->tasks[linker->order[i]];
        if (marked[linker->order[i]])
            count += (size_t)(task->end_unit - task->first_unit);
    }
    int32_t *units = bm_arena_array(linker->arena, count + 1, sizeof *units);
    for (int i = 0; units && i < linker->order_count; i++) {
        const bm_task *task = &linker->tasks[linker->order[i]];
        for (int u = task->first_unit; marked[linker->order[i]] && u < task->end_unit; u++) {
            units[plan.count++] = u;
            plan.silent |= program->units[u].silent;
        }
    }
    if (!units)
        linker->build.failed = true;
    plan.units = units;
    return plan;
}

/* Two plans over the tasks of a guideline, or of all (NULL): what is needed at once, and what only
 * the notes need besides. `marked` has room for two flags a task. */
static void make_plan(bm_linker *linker, const bm_guideline *guideline, bool *marked, bm_plan *plan,
                      bm_plan *notes)
{
    size_t count = (size_t)linker->task_count;
    bool *later = marked + count;
    memset(marked, 0, 2 * count * sizeof *marked);
    for (int i = 0; i < linker->task_count; i++) {
        const bm_task *task = &linker->tasks[i];
        if (!task->guideline || (guideline && task->guideline != guideline))
            continue;
        mark_needed(linker, i, can_wait(task) ? later : marked);
    }
    for (size_t i = 0; i < count; i++)
        later[i] = later[i] && !marked[i];
    *plan = plan_of(linker, marked);
    *notes = plan_of(linker, later);
}

static void make_plans(bm_linker *linker)
{
    bonemets_guidelines *set = linker->set;
    bool *marked =
        bm_arena_array(linker->arena, 2 * (size_t)linker->task_count + 1, sizeof *marked);
    if (!marked) {
        linker->build.failed = true;
        return;
    }
    for (int g = 0; g < linker->definitions->guideline_count; g++) {
        bm_guideline *guideline = &linker->definitions->guidelines[g];
        make_plan(linker, guideline, marked, &guideline->plan, &guideline->notes_plan);
    }
    make_plan(linker, NULL, marked, &set->everything, &set->everything_notes);
}

static bool goes_before(const bm_guideline *a, const bm_guideline *b)
{
    return a->precedence > 0 && (b->precedence == 0 || a->precedence < b->precedence);
}

static void order_guidelines(bm_linker *linker)
{
    const bm_definitions *definitions = linker->definitions;
    int *order =
        bm_arena_array(linker->arena, (size_t)definitions->guideline_count + 1, sizeof *order);
    linker->set->order = order;
    linker->build.failed |= !order;
    for (int g = 0; order && g < definitions->guideline_count; g++) {
        int at = g;
        for (; at > 0 &&
               goes_before(&definitions->guidelines[g], &definitions->guidelines[order[at - 1]]);
             at--)
            order[at] = order[at - 1];
        order[at] = g;
    }
}

static void remember_blank_clock(bm_clock *clock, const bm_cell *cells)
{
    if (clock->slot >= 0)
        clock->blank = cells[clock->slot];
}

/* What every result is when nothing is known, so that an answer can tell "unknown" from "partly". */
static void remember_blanks(bm_linker *linker)
{
    bm_search search;
    bm_arena scratch;
    bm_arena_init(&scratch, &linker->set->memory);
    if (!bm_search_start(&search, &scratch, &linker->set->program))
        linker->build.failed = true;
    else
        bm_bounds_run(&search.frame, &linker->set->everything);
    for (int g = 0; g < linker->definitions->guideline_count && !linker->build.failed; g++) {
        bm_guideline *guideline = &linker->definitions->guidelines[g];
        const bm_cell *cells = search.frame.cells[guideline->kind];
        for (int i = 0; i < guideline->score_count && !guideline->off; i++) {
            bm_score *score = &guideline->scores[i];
            score->blank = cells[score->total];
            for (int j = 0; j < score->item_count; j++)
                score->items[j].blank = cells[score->items[j].slot];
        }
        for (int i = 0; i < guideline->equation_count && !guideline->off; i++)
            guideline->equations[i].blank = cells[guideline->equations[i].slot];
        for (int i = 0; i < guideline->choice_count && !guideline->off; i++)
            remember_blank_clock(&guideline->choices[i].clock, cells);
        for (int i = 0; i < guideline->row_count && !guideline->off; i++)
            remember_blank_clock(&guideline->rows[i].clock, cells);
    }
    bm_arena_free(&scratch);
}

bonemets_status bm_link(bonemets_guidelines *set, bonemets_error *err)
{
    bm_linker linker = {
        .set = set, .definitions = &set->definitions, .arena = &set->arena, .err = err};
    int chain[DEEPEST_CHAIN + 1];
    bm_build_start(&linker.build, &set->arena, &set->program);
    bm_names_init(&linker.scores, &set->arena);
    declare_inputs(&linker);
    if (!linker.build.failed)
        add_tasks(&linker);
    if (!linker.build.failed)
        link_assumptions(&linker);
    for (int i = 0; i < linker.task_count && !linker.build.failed; i++)
        run_task(&linker, i, chain, 0);
    if (!linker.build.failed)
        spread_silence(&linker);
    if (!linker.build.failed)
        make_plans(&linker);
    if (!linker.build.failed)
        order_guidelines(&linker);
    if (!linker.build.failed)
        link_settings(&linker);
    if (!linker.build.failed && !linker.failed &&
        !bm_idle_prepare(&set->program, &set->arena, set->settings))
        linker.build.failed = true;
    if (!linker.build.failed && !linker.failed)
        remember_blanks(&linker);
    if (linker.build.failed)
        return BONEMETS_E_MEMORY;
    return linker.failed ? BONEMETS_E_RULE : BONEMETS_OK;
}
