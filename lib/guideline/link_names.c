/* SPDX-License-Identifier: Apache-2.0 */
/* What the names in an expression mean. */
#include <string.h>

#include "base/text.h"
#include "guideline/link_parts.h"

static void report(bm_linker *linker, int severity, const bm_file *file, const bm_node *node,
                   const char *format, va_list arguments)
{
    char path[200], message[400];
    bm_text text;
    bm_text_init(&text, message, sizeof message);
    bm_put_format_list(&text, format, arguments);
    bm_place place = bm_node_place(file->name, node, path, sizeof path);
    bm_report(linker->err, severity, BONEMETS_E_RULE, &place, "%s", message);
}

void bm_link_error(bm_linker *linker, const bm_file *file, const bm_node *node, const char *format,
                   ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(linker, BONEMETS_SEVERITY_ERROR, file, node, format, arguments);
    va_end(arguments);
    linker->failed = true;
}

void bm_link_warning(bm_linker *linker, const bm_file *file, const bm_node *node,
                     const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(linker, BONEMETS_SEVERITY_WARNING, file, node, format, arguments);
    va_end(arguments);
}

bm_fact *bm_link_local(const bm_guideline *guideline, const char *name)
{
    for (int i = 0; guideline && i < guideline->value_count; i++)
        if (strcmp(guideline->values[i].id, name) == 0)
            return &guideline->values[i];
    return NULL;
}

int bm_link_choice(const bm_guideline *guideline, const char *name)
{
    for (int i = 0; guideline && i < guideline->choice_count; i++)
        if (strcmp(guideline->choices[i].id, name) == 0)
            return i;
    return -1;
}

bm_equation *bm_link_equation(const bm_guideline *guideline, const char *name)
{
    for (int i = 0; guideline && i < guideline->equation_count; i++)
        if (strcmp(guideline->equations[i].id, name) == 0)
            return &guideline->equations[i];
    return NULL;
}

int bm_link_pick(const bm_definitions *definitions, const char *name)
{
    for (int i = 0; i < definitions->pick_count; i++)
        if (strcmp(definitions->picks[i].id, name) == 0)
            return i;
    return -1;
}

static int task_of_thing(const bm_linker *linker, const void *thing)
{
    for (int i = 0; i < linker->task_count; i++)
        if (linker->tasks[i].thing == thing && linker->tasks[i].kind != BM_TASK_APPLIES &&
            linker->tasks[i].kind != BM_TASK_TABLE && linker->tasks[i].kind != BM_TASK_NOTES)
            return i;
    return -1;
}

int bm_link_task_of(bm_linker *linker, const bm_guideline *guideline, const char *name,
                    const char *member)
{
    if (member)
        return bm_names_find(&linker->scores, name);
    bm_fact *local = bm_link_local(guideline, name);
    if (local)
        return task_of_thing(linker, local);
    bm_equation *equation = bm_link_equation(guideline, name);
    if (equation)
        return task_of_thing(linker, equation);
    int index = bm_names_find(&linker->definitions->fact_names, name);
    return index >= 0 ? linker->value_task[index] : -1;
}

static bm_place_of_use *use_of(const bm_scope *scope)
{
    return scope->context;
}

static void symbol_of_fact(bm_fact *fact, bm_symbol *out)
{
    fact->used = true;
    *out = (bm_symbol){.type = fact->type,
                       .kind = fact->kind,
                       .slot = fact->slot,
                       .applies = fact->applies,
                       .input = fact->input,
                       .derived = fact->is_value ? fact->derived : -2,
                       .derived_applies = fact->derived_applies};
}

/* The last row that can set a choice. */
static int last_setter(const bm_guideline *guideline, int choice)
{
    int last = -1;
    for (int i = 0; i < guideline->row_count; i++) {
        const bm_row_def *row = &guideline->rows[i];
        if (row->choice == choice)
            last = i;
        for (int j = 0; j < row->with_count; j++)
            if (strcmp(row->with[j].choice, guideline->choices[choice].id) == 0)
                last = i;
    }
    return last;
}

static void symbol_of_choice(const bm_place_of_use *use, int choice, bm_symbol *out)
{
    const bm_guideline *guideline = use->guideline;
    const bm_choice *read = &guideline->choices[choice];
    int last = last_setter(guideline, choice);
    if (use->row <= last) {
        const bm_node *node = use->row >= 0 ? guideline->rows[use->row].node : read->node;
        bm_link_error(use->linker, guideline->file, node,
                      "reads choice %q, which row %q sets later; move it behind that row", read->id,
                      guideline->rows[last].id);
    }
    *out = (bm_symbol){.type = {.base = BM_OUTCOME, .codes = &read->codes},
                       .kind = guideline->kind,
                       .slot = read->slot,
                       .applies = -1,
                       .input = -1};
}

static bool find_band(const bm_linker *linker, const char *name, const char *member, bm_symbol *out)
{
    int task = bm_names_find(&linker->scores, name);
    if (task < 0 || linker->tasks[task].kind != BM_TASK_SCORE || strcmp(member, "band") != 0)
        return false;
    const bm_score *score = linker->tasks[task].thing;
    *out = (bm_symbol){.type = {.base = BM_CODE, .codes = &score->band_codes},
                       .kind = linker->tasks[task].guideline->kind,
                       .slot = score->band,
                       .applies = score->applies,
                       .input = -1};
    return true;
}

static bool find(const bm_scope *scope, const char *name, const char *member, bm_symbol *out)
{
    const bm_place_of_use *use = use_of(scope);
    if (member)
        return find_band(use->linker, name, member, out);
    bm_fact *local = bm_link_local(use->guideline, name);
    int choice = bm_link_choice(use->guideline, name);
    const bm_equation *equation = bm_link_equation(use->guideline, name);
    bm_fact *fact = bm_definitions_fact(use->linker->definitions, name);
    if (local) {
        symbol_of_fact(local, out);
    } else if (choice >= 0) {
        symbol_of_choice(use, choice, out);
    } else if (equation) {
        bm_type type = {.base = BM_NUMBER,
                        .unit = equation->unit,
                        .low = equation->low,
                        .high = equation->high};
        *out = (bm_symbol){.type = type,
                           .kind = use->guideline->kind,
                           .slot = equation->slot,
                           .applies = equation->applies,
                           .input = -1};
    } else if (fact) {
        symbol_of_fact(fact, out);
    } else {
        return false;
    }
    return true;
}

static const char *closer(const char *name, const char *best, const char *candidate, int *distance)
{
    int d = bm_edit_distance(name, candidate, *distance);
    if (d >= *distance)
        return best;
    *distance = d;
    return candidate;
}

static const char *nearest(const bm_scope *scope, const char *name)
{
    const bm_place_of_use *use = use_of(scope);
    const bm_guideline *guideline = use->guideline;
    const char *best = bm_names_nearest(&use->linker->definitions->fact_names, name);
    int distance = best ? bm_edit_distance(name, best, 4) : 4;
    for (int i = 0; guideline && i < guideline->value_count; i++)
        best = closer(name, best, guideline->values[i].id, &distance);
    for (int i = 0; guideline && i < guideline->choice_count; i++)
        best = closer(name, best, guideline->choices[i].id, &distance);
    return best;
}

static int find_kind(const bm_scope *scope, const char *name)
{
    return bm_definitions_kind(use_of(scope)->linker->definitions, name);
}

static const char *kind_name(const bm_scope *scope, int kind)
{
    const bm_definitions *definitions = use_of(scope)->linker->definitions;
    return kind == 0 ? "patient" : definitions->kinds[kind].id;
}

static int32_t find_pick(const bm_scope *scope, const char *name)
{
    const bm_definitions *definitions = use_of(scope)->linker->definitions;
    int pick = bm_link_pick(definitions, name);
    return pick >= 0 ? definitions->picks[pick].index : -1;
}

static bool assumed(const bm_scope *scope, const char *name, bm_cell *cell)
{
    const bm_guideline *guideline = use_of(scope)->guideline;
    for (int i = 0; guideline && i < guideline->assumption_count; i++)
        if (strcmp(guideline->assumptions[i].fact, name) == 0 &&
            guideline->assumptions[i].definition) {
            *cell = guideline->assumptions[i].cell;
            return true;
        }
    return false;
}

bm_scope bm_link_scope(bm_linker *linker, bm_place_of_use *use, bm_guideline *guideline, int kind,
                       const bm_file *file, const bm_node *node)
{
    *use = (bm_place_of_use){.linker = linker, .guideline = guideline, .row = -1};
    bm_node_place(file->name, node, use->path, sizeof use->path);
    return (bm_scope){.build = &linker->build,
                      .kind = kind,
                      .file = file->name,
                      .path = use->path,
                      .err = linker->err,
                      .failed = &linker->failed,
                      .context = use,
                      .find = find,
                      .nearest = nearest,
                      .find_kind = find_kind,
                      .kind_name = kind_name,
                      .find_pick = find_pick,
                      .assumed = assumed};
}
