/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/compile.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "engine/compile_parts.h"

static const bm_compiled failed = {.ok = false, .slot = 0, .applies = -1};

bm_compiled bm_refuse(const bm_scope *scope, const bm_ex *ex, const char *format, ...)
{
    char message[400];
    bm_text text;
    bm_text_init(&text, message, sizeof message);
    va_list arguments;
    va_start(arguments, format);
    bm_put_format_list(&text, format, arguments);
    va_end(arguments);
    bm_place place = {scope->file, ex->line, ex->column, scope->path};
    bm_fail(scope->err, BONEMETS_E_RULE, &place, "%s", message);
    *scope->failed = true;
    return failed;
}

const char *bm_base_word(bm_base base)
{
    static const char *const words[] = {"a truth value", "a code", "a number", "a set", "a choice"};
    return words[base];
}

const bm_unit *bm_type_unit(const bm_type *type, const char *unit)
{
    for (int i = 0; i < type->unit_count; i++)
        if (strcmp(type->units[i].unit, unit) == 0)
            return &type->units[i];
    return NULL;
}

double bm_unit_apply(const bm_unit *unit, double x)
{
    return unit->divide ? x / unit->factor : x * unit->factor;
}

bm_compiled bm_value_of(int32_t slot, bm_type type, int32_t applies)
{
    return (bm_compiled){.ok = true, .type = type, .slot = slot, .applies = applies};
}

bm_compiled bm_truth_of(int32_t slot)
{
    return bm_value_of(slot, (bm_type){.base = BM_BOOL}, -1);
}

bm_compiled bm_number_of(int32_t slot, const char *unit, int32_t applies)
{
    bm_type type = {.base = BM_NUMBER, .unit = unit, .low = -DBL_MAX, .high = DBL_MAX};
    return bm_value_of(slot, type, applies);
}

int32_t bm_emit(const bm_scope *scope, bm_do code, bm_base base, int32_t a, int32_t b, int32_t c)
{
    return bm_build(scope->build, scope->kind, code, base, a, b, c);
}

int32_t bm_both_apply(const bm_scope *scope, int32_t a, int32_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return bm_emit(scope, BM_DO_AND, BM_BOOL, a, b, 0);
}

/* What does not apply does not hold. */
bm_compiled bm_absorb(const bm_scope *scope, int32_t slot, int32_t applies)
{
    if (applies >= 0)
        slot = bm_emit(scope, BM_DO_AND, BM_BOOL, applies, slot, 0);
    return bm_truth_of(slot);
}

/* A symbol of another kind can be read when it is the patient's; it is brought into the record. */
static int32_t bring(const bm_scope *scope, const bm_symbol *symbol, int32_t slot, bm_base base)
{
    if (slot < 0 || symbol->kind == scope->kind)
        return slot;
    return bm_emit(scope, BM_DO_FROM_PATIENT, base, slot, 0, 0);
}

static bm_compiled assume(const bm_scope *scope, const char *name, bm_compiled value)
{
    bm_cell cell;
    if (!scope->assumed || !scope->assumed(scope, name, &cell))
        return value;
    bm_op op = {.code = BM_DO_ASSUME,
                .kind = (uint8_t)scope->kind,
                .a = value.slot,
                .base = (uint8_t)value.type.base};
    op.b = bm_build_constant(scope->build, bm_type_blank(&value.type));
    op.c = bm_build_constant(scope->build, cell);
    value.slot = bm_build_op(scope->build, op, value.type.base);
    return value;
}

static bm_compiled unknown_name(const bm_scope *scope, const bm_ex *ex)
{
    const char *nearest = scope->nearest(scope, ex->name);
    if (nearest)
        return bm_refuse(scope, ex, "there is no fact, value or choice %q; did you mean %q?",
                         ex->name, nearest);
    return bm_refuse(scope, ex, "there is no fact, value or choice %q", ex->name);
}

bm_compiled bm_read_symbol(const bm_scope *scope, const bm_ex *ex, const bm_symbol *symbol)
{
    if (symbol->kind != scope->kind && symbol->kind != 0)
        return bm_refuse(
            scope, ex, "%q is about each %s; say which: any(%s: …), max(%s: …) or a pick", ex->name,
            scope->kind_name(scope, symbol->kind), scope->kind_name(scope, symbol->kind),
            scope->kind_name(scope, symbol->kind));
    int32_t slot = bring(scope, symbol, symbol->slot, symbol->type.base);
    int32_t applies = bring(scope, symbol, symbol->applies, BM_BOOL);
    return assume(scope, ex->name, bm_value_of(slot, symbol->type, applies));
}

static bm_compiled compile_name(const bm_scope *scope, const bm_ex *ex)
{
    bm_symbol symbol;
    if (!scope->find(scope, ex->name, NULL, &symbol))
        return unknown_name(scope, ex);
    return bm_read_symbol(scope, ex, &symbol);
}

/* `index_lesion.fact`: the value of the picked record. */
static bm_compiled compile_picked(const bm_scope *scope, const bm_ex *ex, int32_t pick)
{
    bm_symbol symbol;
    int over = scope->build->program->picks[pick].kind;
    if (!scope->find(scope, ex->member, NULL, &symbol))
        return bm_refuse(scope, ex, "there is no fact or value %q to read from %q", ex->member,
                         ex->name);
    if (symbol.kind != over || scope->kind != 0)
        return bm_refuse(scope, ex, "%q is not about the records that %q picks from", ex->member,
                         ex->name);
    bm_op op = {.code = BM_DO_PICK,
                .kind = 0,
                .over = (uint8_t)over,
                .base = (uint8_t)symbol.type.base,
                .a = symbol.slot,
                .b = pick};
    op.c = bm_build_constant(scope->build, bm_type_blank(&symbol.type));
    int32_t slot = bm_build_op(scope->build, op, symbol.type.base), applies = -1;
    if (symbol.applies >= 0) {
        bm_type truth = {.base = BM_BOOL};
        op.base = BM_BOOL;
        op.a = symbol.applies;
        op.c = bm_build_constant(scope->build, bm_type_blank(&truth));
        applies = bm_build_op(scope->build, op, BM_BOOL);
    }
    return assume(scope, ex->member, bm_value_of(slot, symbol.type, applies));
}

static bm_compiled compile_member(const bm_scope *scope, const bm_ex *ex)
{
    int32_t pick = scope->find_pick(scope, ex->name);
    if (pick >= 0)
        return compile_picked(scope, ex, pick);
    bm_symbol symbol;
    if (!scope->find(scope, ex->name, ex->member, &symbol))
        return bm_refuse(scope, ex, "%q has no %q; a score has .band, a pick has facts", ex->name,
                         ex->member);
    return bm_read_symbol(scope, ex, &symbol);
}

static bm_compiled compile_not(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = bm_compile_truth(scope, ex->a);
    if (!a.ok)
        return failed;
    return bm_truth_of(bm_emit(scope, BM_DO_NOT, BM_BOOL, a.slot, 0, 0));
}

/* Folded in halves, so that a long list does not become a deep one. */
static bm_compiled compile_parts(const bm_scope *scope, bm_do code, bm_ex *const *parts, int count)
{
    if (count == 1)
        return bm_compile_truth(scope, parts[0]);
    int half = count / 2;
    bm_compiled a = compile_parts(scope, code, parts, half);
    bm_compiled b = compile_parts(scope, code, parts + half, count - half);
    if (!a.ok || !b.ok) /* both, so that all errors are reported */
        return failed;
    return bm_truth_of(bm_emit(scope, code, BM_BOOL, a.slot, b.slot, 0));
}

static bm_compiled compile_logic(const bm_scope *scope, const bm_ex *ex)
{
    bm_do code = ex->kind == BM_EX_AND ? BM_DO_AND : BM_DO_OR;
    return compile_parts(scope, code, ex->list, ex->count);
}

/* A branch that always applies counts as true. */
static int32_t applies_or_true(const bm_scope *scope, int32_t applies)
{
    bm_cell yes = {.low.mask = BM_YES};
    return applies >= 0 ? applies : bm_build_const_slot(scope->build, scope->kind, BM_BOOL, yes);
}

int32_t bm_choose_applies(const bm_scope *scope, int32_t condition, int32_t a, int32_t b)
{
    if (a < 0 && b < 0)
        return -1;
    return bm_emit(scope, BM_DO_IF_MASK, BM_BOOL, applies_or_true(scope, a),
                   applies_or_true(scope, b), condition);
}

/* The two branches become one value; codes and sets must share their options. */
static bm_compiled join(const bm_scope *scope, const bm_ex *ex, bm_compiled c, bm_compiled a,
                        bm_compiled b)
{
    bool alike = a.type.base == b.type.base &&
                 (a.type.base == BM_NUMBER ? bm_same_unit(a.type.unit, b.type.unit)
                                           : a.type.codes == b.type.codes);
    if (!alike || a.type.base == BM_OUTCOME)
        return bm_refuse(scope, ex, "both branches must be of one type and unit");
    bm_do code = a.type.base == BM_NUMBER ? BM_DO_IF_NUMBER
                 : a.type.base == BM_SET  ? BM_DO_IF_SET
                                          : BM_DO_IF_MASK;
    int32_t slot = bm_emit(scope, code, a.type.base, a.slot, b.slot, c.slot);
    bm_type type = a.type;
    type.low = fmin(a.type.low, b.type.low);
    type.high = fmax(a.type.high, b.type.high);
    return bm_value_of(slot, type, bm_choose_applies(scope, c.slot, a.applies, b.applies));
}

static bm_compiled compile_if(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled c = bm_compile_truth(scope, ex->a);
    bm_compiled a = bm_compile(scope, ex->b), b = bm_compile(scope, ex->c);
    return c.ok && a.ok && b.ok ? join(scope, ex, c, a, b) : failed;
}

static bm_compiled compile_truth_word(const bm_scope *scope, const bm_ex *ex)
{
    bm_cell cell = {.low.mask = ex->number > 0 ? BM_YES : BM_NO};
    return bm_truth_of(bm_build_const_slot(scope->build, scope->kind, BM_BOOL, cell));
}

bm_compiled bm_compile(const bm_scope *scope, const bm_ex *ex)
{
    switch (ex->kind) {
    case BM_EX_TRUTH:
        return compile_truth_word(scope, ex);
    case BM_EX_NAME:
        return compile_name(scope, ex);
    case BM_EX_MEMBER:
        return compile_member(scope, ex);
    case BM_EX_NOT:
        return compile_not(scope, ex);
    case BM_EX_AND:
    case BM_EX_OR:
        return compile_logic(scope, ex);
    case BM_EX_IF:
        return compile_if(scope, ex);
    case BM_EX_COMPARE:
        return bm_compile_compare(scope, ex);
    case BM_EX_IN:
        return bm_compile_in(scope, ex);
    case BM_EX_HAS:
        return bm_compile_has(scope, ex);
    case BM_EX_NUMBER:
    case BM_EX_ARITH:
    case BM_EX_NEGATE:
    case BM_EX_CONVERT:
        return bm_compile_number(scope, ex);
    case BM_EX_CALL:
        return bm_compile_call(scope, ex);
    case BM_EX_OVER:
        return bm_compile_over(scope, ex);
    case BM_EX_QUOTED:
        break;
    }
    return bm_refuse(scope, ex, "an option can only stand beside the code it belongs to");
}

bm_compiled bm_compile_truth(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled value = bm_compile(scope, ex);
    if (!value.ok)
        return value;
    if (value.type.base != BM_BOOL)
        return bm_refuse(scope, ex, "expected something true or false, found %s",
                         bm_base_word(value.type.base));
    return bm_absorb(scope, value.slot, value.applies);
}

/* The same options in the same order, be it in two lists. */
static bool same_options(const bm_codes *a, const bm_codes *b)
{
    bool same = a->count == b->count;
    for (int i = 0; same && a != b && i < a->count; i++)
        same = strcmp(a->ids[i], b->ids[i]) == 0;
    return same;
}

bm_compiled bm_compile_code(const bm_scope *scope, const bm_ex *ex, const bm_codes *codes)
{
    bool word = ex->kind == BM_EX_NAME || ex->kind == BM_EX_QUOTED;
    int32_t option = word ? bm_names_find(&codes->index, ex->name) : -1;
    bm_type type = {.base = BM_CODE, .codes = codes};
    if (option >= 0) {
        bm_cell cell = {.low.mask = UINT64_C(1) << option};
        return bm_value_of(bm_build_const_slot(scope->build, scope->kind, BM_CODE, cell), type, -1);
    }
    bm_compiled value = bm_compile(scope, ex);
    if (value.ok && (value.type.base != BM_CODE || !same_options(value.type.codes, codes)))
        return bm_refuse(scope, ex, "expected one of the options of this value");
    return value;
}
