/* SPDX-License-Identifier: Apache-2.0 */
/* Values, applicability, scores and equations, as operations. */
#include <math.h>
#include <string.h>

#include "engine/arithmetic.h"
#include "guideline/link_parts.h"

static const bm_compiled nothing = {.ok = false, .slot = -1, .applies = -1};

/* Brings a symbol of the patient into the record that is being compiled. */
static bm_compiled read_name(const bm_scope *scope, const char *name, const bm_node *node)
{
    bm_ex ex = {.kind = BM_EX_NAME, .line = node->line, .column = node->column, .name = name};
    return bm_compile(scope, &ex);
}

static uint64_t options_mask(const bm_table_row *row, const bm_type *type)
{
    uint64_t mask = 0;
    for (int i = 0; i < row->option_count; i++) {
        int option = type->base == BM_BOOL ? (strcmp(row->options[i], "yes") == 0)
                                           : bm_names_find(&type->codes->index, row->options[i]);
        if (option >= 0)
            mask |= UINT64_C(1) << option;
    }
    return mask;
}

static int option_number(const bm_type *type, const char *option)
{
    if (type->base == BM_BOOL)
        return strcmp(option, "yes") == 0;
    return bm_names_find(&type->codes->index, option);
}

static bm_compiled derive_from_table(bm_linker *linker, const bm_scope *scope, bm_fact *fact)
{
    bm_compiled from = read_name(scope, fact->from, fact->node);
    if (!from.ok)
        return nothing;
    if (from.type.base != BM_CODE && from.type.base != BM_BOOL) {
        bm_link_error(linker, fact->file, fact->node, "a table reads a code, and %q is %s",
                      fact->from, bm_base_word(from.type.base));
        return nothing;
    }
    bm_table *table;
    int count = from.type.base == BM_BOOL ? 2 : from.type.codes->count;
    int32_t index = bm_build_table(&linker->build, count, &table);
    for (int i = 0; table && i < fact->table_count; i++) {
        const bm_table_row *row = &fact->table[i];
        int option = option_number(&from.type, row->option);
        if (option < 0)
            continue; /* reported when the definitions were completed */
        bm_cell cell = bm_type_blank(&fact->type);
        if (!row->ask && fact->type.base == BM_NUMBER)
            cell = (bm_cell){.low.number = row->number, .high.number = row->number};
        else if (!row->ask)
            cell = (bm_cell){.low.mask = options_mask(row, &fact->type)};
        table->cells[option] = cell;
        table->undefined[option] = !bm_cell_known(fact->type.base, cell);
    }
    bm_do code = fact->type.base == BM_NUMBER ? BM_DO_TABLE_NUMBER : BM_DO_TABLE_CODE;
    bm_compiled result = from;
    result.type = fact->type;
    result.slot = bm_build(&linker->build, scope->kind, code, fact->type.base, from.slot, index, 0);
    return result;
}

/* `is: ask` gives all that is possible. */
static bm_compiled ask(bm_linker *linker, int kind, const bm_type *type)
{
    return (bm_compiled){
        .ok = true,
        .type = *type,
        .applies = -1,
        .slot = bm_build_const_slot(&linker->build, kind, type->base, bm_type_blank(type))};
}

static bm_compiled truth_word(bm_linker *linker, const bm_scope *scope, const bm_ex *ex)
{
    bool yes = strcmp(ex->name, "yes") == 0;
    if (!yes && strcmp(ex->name, "no") != 0)
        return bm_compile_truth(scope, ex);
    bm_cell cell = {.low.mask = yes ? BM_YES : BM_NO};
    return (bm_compiled){.ok = true,
                         .type = {.base = BM_BOOL},
                         .applies = -1,
                         .slot = bm_build_const_slot(&linker->build, scope->kind, BM_BOOL, cell)};
}

/* An expression whose result must have the type of the fact. */
static bm_compiled typed(bm_linker *linker, const bm_scope *scope, const bm_fact *fact,
                         const bm_formula *formula)
{
    if (!formula->ex)
        return nothing; /* it did not parse, which was reported */
    const bm_type *type = &fact->type;
    if (type->base == BM_CODE)
        return bm_compile_code(scope, formula->ex, type->codes);
    bool word = formula->ex->kind == BM_EX_NAME || formula->ex->kind == BM_EX_QUOTED;
    if (type->base == BM_BOOL)
        return word ? truth_word(linker, scope, formula->ex) : bm_compile_truth(scope, formula->ex);
    bm_compiled value = bm_compile(scope, formula->ex);
    bool unit_fits = value.type.base != BM_NUMBER ||
                     (value.type.unit ? type->unit && strcmp(type->unit, value.type.unit) == 0
                                      : !bm_is_instant(type));
    if (value.ok && (value.type.base != type->base || !unit_fits)) {
        bm_link_error(linker, fact->file, formula->node, "expected %s in %s, found %s in %s",
                      bm_base_word(type->base), type->unit ? type->unit : "no unit",
                      bm_base_word(value.type.base), value.type.unit ? value.type.unit : "no unit");
        return nothing;
    }
    return value;
}

static int32_t select_slot(bm_linker *linker, const bm_scope *scope, const bm_type *type,
                           int32_t condition, int32_t yes, int32_t no)
{
    bm_do code = type->base == BM_NUMBER ? BM_DO_IF_NUMBER
                 : type->base == BM_SET  ? BM_DO_IF_SET
                                         : BM_DO_IF_MASK;
    return bm_build(&linker->build, scope->kind, code, type->base, yes, no, condition);
}

static int32_t all_apply(bm_linker *linker, int kind, int32_t a, int32_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return bm_build(&linker->build, kind, BM_DO_AND, BM_BOOL, a, b, 0);
}

/* Options are bits of a word, and chains of operations stay short. */
enum { MOST_PARTS = 64 };

static bool too_many(bm_linker *linker, const bm_file *file, const bm_node *node, int count,
                     const char *what)
{
    if (count > MOST_PARTS)
        bm_link_error(linker, file, node, "there are %d %s; at most %d are allowed", count, what,
                      (int)MOST_PARTS);
    return count > MOST_PARTS;
}

/* Built from the last case up; a case list without `else` asks. */
static bm_compiled derive_from_cases(bm_linker *linker, const bm_scope *scope, bm_fact *fact)
{
    bm_compiled result = ask(linker, scope->kind, &fact->type);
    bool good = !too_many(linker, fact->file, fact->node, fact->case_count, "cases");
    for (int i = fact->case_count - 1; i >= 0; i--) {
        const bm_case *one = &fact->cases[i];
        bm_compiled is =
            one->ask ? ask(linker, scope->kind, &fact->type) : typed(linker, scope, fact, &one->is);
        good &= is.ok;
        if (!one->when.ex) {
            result = is;
            continue;
        }
        bm_compiled when = bm_compile_truth(scope, one->when.ex);
        good &= when.ok;
        if (!good)
            continue;
        result.slot = select_slot(linker, scope, &fact->type, when.slot, is.slot, result.slot);
        result.applies = bm_choose_applies(scope, when.slot, is.applies, result.applies);
    }
    result.ok &= good;
    return result;
}

static bm_compiled derive(bm_linker *linker, const bm_scope *scope, bm_fact *fact)
{
    if (fact->basis && strcmp(fact->basis, "proposed") == 0)
        return nothing; /* off until a clinician signs it */
    switch (fact->origin) {
    case BM_FROM_TABLE:
        return derive_from_table(linker, scope, fact);
    case BM_FROM_CASES:
        return derive_from_cases(linker, scope, fact);
    case BM_FROM_VALUE:
        return typed(linker, scope, fact, &fact->value);
    case BM_GIVEN_BY:
        return bm_link_given(linker, fact);
    case BM_FROM_NOWHERE:
        break;
    }
    return nothing;
}

/* The short form `name: expression` takes its type from the expression. */
static bm_compiled derive_short(const bm_scope *scope, bm_fact *fact)
{
    bm_compiled value = fact->value.ex ? bm_compile(scope, fact->value.ex) : nothing;
    if (value.ok)
        fact->type = value.type;
    return value;
}

static bool typed_by_expression(const bm_fact *fact)
{
    return fact->local && fact->origin == BM_FROM_VALUE && fact->type.base == BM_BOOL &&
           !fact->flag_type;
}

/* What it would be if it had not been entered: of a total what the items give. */
static void remember_derived(bm_linker *linker, bm_fact *fact, bm_compiled derived)
{
    int giver = fact->origin == BM_GIVEN_BY ? bm_link_task_of_given(linker, fact) : -1;
    const bm_task *task = giver >= 0 ? &linker->tasks[giver] : NULL;
    const bm_score *score = task && task->kind == BM_TASK_SCORE ? task->thing : NULL;
    bool total = score && score->input == fact->input;
    fact->derived = total ? score->sum : derived.slot;
    fact->derived_applies = total ? score->items_apply : derived.applies;
}

void bm_link_value(bm_linker *linker, bm_guideline *guideline, bm_fact *fact)
{
    bm_place_of_use use;
    bm_scope scope = bm_link_scope(linker, &use, guideline, fact->kind, fact->file, fact->node);
    bm_compiled derived =
        typed_by_expression(fact) ? derive_short(&scope, fact) : derive(linker, &scope, fact);
    if (!derived.ok) {
        fact->slot = fact->input >= 0 ? fact->input : 0;
        fact->applies = -1;
        return;
    }
    fact->slot = derived.slot;
    fact->applies = derived.applies;
    if (fact->input < 0)
        return;
    remember_derived(linker, fact, derived);
    fact->slot = bm_build(&linker->build, fact->kind, BM_DO_SUPPLY, fact->type.base, fact->input,
                          derived.slot, 0);
    if (derived.applies >= 0) {
        int32_t given =
            bm_build(&linker->build, fact->kind, BM_DO_GIVEN, BM_BOOL, fact->input, 0, 0);
        fact->applies =
            bm_build(&linker->build, fact->kind, BM_DO_OR, BM_BOOL, given, derived.applies, 0);
    }
}

void bm_link_applies(bm_linker *linker, bm_guideline *guideline)
{
    guideline->applies = -1;
    if (!guideline->applies_when.ex)
        return;
    bm_place_of_use use;
    bm_scope scope = bm_link_scope(linker, &use, guideline, guideline->kind, guideline->file,
                                   guideline->applies_when.node);
    bm_compiled when = bm_compile_truth(&scope, guideline->applies_when.ex);
    if (when.ok)
        guideline->applies = when.slot;
}

static int32_t points_by_option(bm_linker *linker, const bm_scope *scope, const bm_item *item,
                                bm_compiled of)
{
    bm_table *table;
    int count = of.type.base == BM_BOOL ? 2 : of.type.codes->count;
    int32_t index = bm_build_table(&linker->build, count, &table);
    for (int i = 0; table && i < item->count; i++) {
        int option = option_number(&of.type, item->points[i].option);
        if (option >= 0)
            table->cells[option] = (bm_cell){.low.number = item->points[i].points,
                                             .high.number = item->points[i].points};
    }
    return bm_build(&linker->build, scope->kind, BM_DO_TABLE_NUMBER, BM_NUMBER, of.slot, index, 0);
}

/* A number is cut into its ranges, each of which has points. */
static int32_t points_by_range(bm_linker *linker, const bm_scope *scope, const bm_item *item,
                               bm_compiled of)
{
    bm_cuts *cuts;
    bm_table *table;
    int32_t cut_index = bm_build_cuts(&linker->build, item->count, &cuts);
    int32_t index = bm_build_table(&linker->build, item->count, &table);
    for (int i = 0; cuts && table && i < item->count; i++) {
        const bm_range *range = &item->points[i].range;
        cuts->cuts[i] = (bm_cut){range->low, range->high, range->low_open, range->high_open, i};
        table->cells[i] =
            (bm_cell){.low.number = item->points[i].points, .high.number = item->points[i].points};
    }
    int32_t range =
        bm_build(&linker->build, scope->kind, BM_DO_CUT, BM_CODE, of.slot, cut_index, 0);
    return bm_build(&linker->build, scope->kind, BM_DO_TABLE_NUMBER, BM_NUMBER, range, index, 0);
}

static int32_t points_by_case(bm_linker *linker, const bm_scope *scope, const bm_item *item)
{
    int32_t slot = bm_build_number(&linker->build, scope->kind, 0);
    bm_type number = {.base = BM_NUMBER};
    for (int i = item->count - 1; i >= 0; i--) {
        int32_t points = bm_build_number(&linker->build, scope->kind, item->points[i].points);
        if (!item->points[i].when.ex) {
            slot = points;
            continue;
        }
        bm_compiled when = bm_compile_truth(scope, item->points[i].when.ex);
        if (when.ok)
            slot = select_slot(linker, scope, &number, when.slot, points, slot);
    }
    return slot;
}

static void link_points(bm_linker *linker, const bm_scope *scope, const bm_guideline *guideline,
                        bm_item *item, bm_compiled of)
{
    bool ranges = item->count > 0 && item->points[0].is_range;
    if (ranges != (of.type.base == BM_NUMBER) || of.type.base == BM_SET)
        bm_link_error(linker, guideline->file, item->node, "%q is %s; give points to its %s",
                      item->of, bm_base_word(of.type.base),
                      of.type.base == BM_NUMBER ? "ranges" : "options");
    else if (!too_many(linker, guideline->file, item->node, item->count, "ranges"))
        item->slot = ranges ? points_by_range(linker, scope, item, of)
                            : points_by_option(linker, scope, item, of);
}

/* Whether the item has points at all: a slot, or -1 for always. */
static int32_t link_item(bm_linker *linker, bm_guideline *guideline, bm_item *item)
{
    bm_place_of_use use;
    bm_scope scope =
        bm_link_scope(linker, &use, guideline, guideline->kind, guideline->file, item->node);
    if (!item->of) {
        if (!too_many(linker, guideline->file, item->node, item->count, "cases"))
            item->slot = points_by_case(linker, &scope, item);
        return -1;
    }
    bm_compiled of = read_name(&scope, item->of, item->node);
    if (of.ok)
        link_points(linker, &scope, guideline, item, of);
    return of.applies;
}

static void link_bands(bm_linker *linker, bm_guideline *guideline, bm_score *score)
{
    bm_cuts *cuts;
    int32_t index = bm_build_cuts(&linker->build, score->band_count, &cuts);
    for (int i = 0; cuts && i < score->band_count; i++) {
        const bm_range *total = &score->bands[i].total;
        cuts->cuts[i] = (bm_cut){total->low, total->high, total->low_open, total->high_open, i};
    }
    score->band =
        bm_build(&linker->build, guideline->kind, BM_DO_CUT, BM_CODE, score->total, index, 0);
}

/* A total that was entered, as a value of the vocabulary, wins over the items. */
static void link_entered_total(bm_linker *linker, const bm_guideline *guideline, bm_score *score)
{
    const bm_definitions *definitions = linker->definitions;
    const bm_fact *value = NULL;
    for (int i = 0; i < definitions->fact_count && !value; i++) {
        const bm_fact *fact = &definitions->facts[i];
        if (fact->given_by && strcmp(fact->given_by, score->id) == 0 &&
            fact->kind == guideline->kind)
            value = fact;
    }
    score->input = value ? value->input : -1;
    if (score->input < 0)
        return;
    int kind = guideline->kind;
    score->total =
        bm_build(&linker->build, kind, BM_DO_SUPPLY, BM_NUMBER, score->input, score->sum, 0);
    if (score->applies < 0)
        return;
    int32_t given = bm_build(&linker->build, kind, BM_DO_GIVEN, BM_BOOL, score->input, 0, 0);
    score->applies = bm_build(&linker->build, kind, BM_DO_OR, BM_BOOL, given, score->applies, 0);
}

void bm_link_score(bm_linker *linker, bm_guideline *guideline, bm_score *score)
{
    int kind = guideline->kind;
    score->applies = guideline->applies;
    if (too_many(linker, guideline->file, score->node, score->item_count, "items") ||
        too_many(linker, guideline->file, score->node, score->band_count, "bands"))
        return;
    if (score->item_count == 0)
        score->total = bm_build_number(&linker->build, kind, 0);
    for (int i = 0; i < score->item_count; i++) {
        int32_t applies = link_item(linker, guideline, &score->items[i]);
        score->applies = all_apply(linker, kind, score->applies, applies);
        score->total = i == 0 ? score->items[0].slot
                              : bm_build(&linker->build, kind, BM_DO_ADD, BM_NUMBER, score->total,
                                         score->items[i].slot, 0);
    }
    if (score->has_cap)
        score->total = bm_build(&linker->build, kind, BM_DO_MIN, BM_NUMBER, score->total,
                                bm_build_number(&linker->build, kind, score->cap), 0);
    score->sum = score->total;
    score->items_apply = score->applies;
    link_entered_total(linker, guideline, score);
    if (score->band_count > 0)
        link_bands(linker, guideline, score);
}

void bm_link_equation_value(bm_linker *linker, bm_guideline *guideline, bm_equation *equation)
{
    bm_place_of_use use;
    bm_scope scope =
        bm_link_scope(linker, &use, guideline, guideline->kind, guideline->file, equation->node);
    if (!equation->value.ex)
        return;
    bm_compiled value = bm_compile(&scope, equation->value.ex);
    if (!value.ok)
        return;
    bool unit_fits =
        !value.type.unit || (equation->unit && strcmp(equation->unit, value.type.unit) == 0);
    if (value.type.base != BM_NUMBER || !unit_fits)
        bm_link_error(linker, guideline->file, equation->node, "it gives %s in %s, not in %s",
                      bm_base_word(value.type.base), value.type.unit ? value.type.unit : "no unit",
                      equation->unit ? equation->unit : "no unit");
    equation->slot = value.slot;
    equation->applies = all_apply(linker, guideline->kind, guideline->applies, value.applies);
}

static bool member_cell(const bm_fact *fact, const bm_node *node, bm_cell *out)
{
    *out = (bm_cell){.low.mask = 0, .high.mask = 0};
    for (const bm_node *one = node->first; one; one = one->next) {
        int option =
            one->kind == BM_SCALAR ? bm_names_find(&fact->type.codes->index, one->text) : -1;
        if (option < 0)
            return false;
        out->low.mask |= UINT64_C(1) << option;
    }
    out->high.mask = out->low.mask;
    return true;
}

/* A number in a unit of the fact and within its range; false with an error. */
static bool number_of(bm_linker *linker, const bm_file *file, const bm_fact *fact,
                      const bm_node *node, double *out)
{
    const bm_type *type = &fact->type;
    const char *unit, *wrong = bm_syntax_quantity(node->text, out, &unit);
    const char *own = type->unit ? type->unit : "no unit";
    bool same = unit ? type->unit && strcmp(unit, type->unit) == 0 : !type->unit;
    const bm_unit *other = unit && !same ? bm_type_unit(type, unit) : NULL;
    if (other)
        *out = bm_unit_apply(other, *out);
    if (wrong)
        bm_link_error(linker, file, node, "%s", wrong);
    else if (!same && !other)
        bm_link_error(linker, file, node, "%q has %s, found %s", fact->id, own,
                      unit ? unit : "no unit");
    else if (*out < type->low || *out > type->high || (type->whole && floor(*out) < *out))
        bm_link_error(linker, file, node, "%q takes %snumbers from %n to %n", fact->id,
                      type->whole ? "whole " : "", type->low, type->high);
    else
        return true;
    return false;
}

bool bm_link_cell(bm_linker *linker, const bm_file *file, const bm_fact *fact, const bm_node *node,
                  bm_cell *out)
{
    double number;
    if (fact->type.base == BM_SET && node->kind == BM_SEQUENCE)
        return member_cell(fact, node, out);
    if (node->kind != BM_SCALAR || fact->type.base == BM_SET)
        return false;
    if (fact->type.base == BM_NUMBER) {
        if (number_of(linker, file, fact, node, &number))
            *out = (bm_cell){.low.number = number, .high.number = number};
        return true;
    }
    int option = option_number(&fact->type, node->text);
    if (fact->type.base == BM_BOOL && strcmp(node->text, "yes") != 0 &&
        strcmp(node->text, "no") != 0)
        option = -1;
    *out = (bm_cell){.low.mask = option < 0 ? 0 : UINT64_C(1) << option};
    return option >= 0;
}
