/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons and membership. */
#include <string.h>

#include "engine/compile_parts.h"

static const bm_compiled failed = {.ok = false, .slot = 0, .applies = -1};

/* The mask of one option, or 0 with an error. */
static uint64_t option_mask(const bm_scope *scope, const bm_ex *word, const bm_codes *codes)
{
    int32_t option = bm_names_find(&codes->index, word->name);
    if (option >= 0)
        return UINT64_C(1) << option;
    const char *nearest = bm_names_nearest(&codes->index, word->name);
    if (nearest)
        bm_refuse(scope, word, "there is no option %q; did you mean %q?", word->name, nearest);
    else
        bm_refuse(scope, word, "there is no option %q; the options begin with %q", word->name,
                  codes->ids[0]);
    return 0;
}

static uint64_t truth_mask(const bm_scope *scope, const bm_ex *word)
{
    if (strcmp(word->name, "yes") == 0)
        return BM_YES;
    if (strcmp(word->name, "no") == 0)
        return BM_NO;
    bm_refuse(scope, word, "a flag is yes or no, not %q", word->name);
    return 0;
}

static bool has_options(const bm_compiled *value)
{
    return value->type.base == BM_BOOL || value->type.codes != NULL;
}

static uint64_t words_mask(const bm_scope *scope, bm_ex *const *words, int count,
                           const bm_type *type)
{
    uint64_t mask = 0;
    bool good = true;
    for (int i = 0; i < count; i++) {
        uint64_t one =
            type->codes ? option_mask(scope, words[i], type->codes) : truth_mask(scope, words[i]);
        good &= one != 0;
        mask |= one;
    }
    return good ? mask : 0;
}

/* `value in mask`, for codes, flags and choices. */
static bm_compiled membership(const bm_scope *scope, bm_compiled value, uint64_t mask)
{
    bm_do code = value.type.base == BM_OUTCOME ? BM_DO_OUTCOME_IN : BM_DO_IN;
    int32_t slot = bm_emit(scope, code, BM_BOOL, value.slot, bm_build_mask(scope->build, mask), 0);
    return bm_absorb(scope, slot, value.applies);
}

static bm_compiled negated(const bm_scope *scope, bm_compiled value)
{
    return bm_truth_of(bm_emit(scope, BM_DO_NOT, BM_BOOL, value.slot, 0, 0));
}

static bool is_word(const bm_ex *ex)
{
    return ex->kind == BM_EX_NAME || ex->kind == BM_EX_QUOTED;
}

/* Is the right side an option of the left, or a flag's yes or no? */
static bool is_option(const bm_ex *ex, const bm_type *type)
{
    if (!is_word(ex))
        return false;
    if (ex->kind == BM_EX_QUOTED)
        return true;
    if (type->codes)
        return bm_names_find(&type->codes->index, ex->name) >= 0;
    return strcmp(ex->name, "yes") == 0 || strcmp(ex->name, "no") == 0;
}

static bm_compiled compare_codes(const bm_scope *scope, const bm_ex *ex, bm_compiled a)
{
    if (ex->op != BM_OP_EQ && ex->op != BM_OP_NE)
        return bm_refuse(scope, ex, "options have no order; use =, != or in {…}");
    bm_compiled same;
    bm_symbol symbol;
    if (is_option(ex->b, &a.type) ||
        (ex->b->kind == BM_EX_NAME && !scope->find(scope, ex->b->name, NULL, &symbol))) {
        uint64_t mask = words_mask(scope, &ex->b, 1, &a.type);
        if (!mask)
            return failed;
        same = membership(scope, a, mask);
    } else {
        bm_compiled b = bm_compile(scope, ex->b);
        if (!b.ok)
            return failed;
        if (b.type.base != a.type.base || b.type.codes != a.type.codes || a.type.base == BM_OUTCOME)
            return bm_refuse(scope, ex, "the two sides do not share their options");
        int32_t slot = bm_emit(scope, BM_DO_SAME, BM_BOOL, a.slot, b.slot, 0);
        same = bm_absorb(scope, slot, bm_both_apply(scope, a.applies, b.applies));
    }
    return ex->op == BM_OP_NE ? negated(scope, same) : same;
}

/* A literal takes the unit of the other side. */
static bm_compiled literal_like(const bm_scope *scope, const bm_ex *ex, const bm_type *type)
{
    if (bm_is_instant(type))
        return bm_refuse(scope, ex, "an instant is compared with an instant, not with a number");
    if (!ex->unit && type->unit)
        return bm_refuse(scope, ex, "a number needs its unit here, such as %n %s", ex->number,
                         type->unit);
    double number = ex->number;
    if (ex->unit && !(type->unit && strcmp(ex->unit, type->unit) == 0)) {
        const bm_unit *unit = bm_type_unit(type, ex->unit);
        if (!unit)
            return bm_refuse(scope, ex, "unit %q does not fit; expected %s", ex->unit,
                             type->unit ? type->unit : "a plain number");
        number = bm_unit_apply(unit, number);
    }
    return bm_number_of(bm_build_number(scope->build, scope->kind, number), type->unit, -1);
}

static bm_compiled compare_numbers(const bm_scope *scope, const bm_ex *ex, bm_compiled a,
                                   bm_compiled b)
{
    if (a.type.base != BM_NUMBER || b.type.base != BM_NUMBER)
        return bm_refuse(scope, ex, "cannot compare %s with %s", bm_base_word(a.type.base),
                         bm_base_word(b.type.base));
    if (!bm_same_unit(a.type.unit, b.type.unit))
        return bm_refuse(scope, ex, "cannot compare %s with %s",
                         a.type.unit ? a.type.unit : "a plain number",
                         b.type.unit ? b.type.unit : "a plain number");
    bool swap = ex->op == BM_OP_GT || ex->op == BM_OP_GE;
    bm_do code = ex->op == BM_OP_LT || ex->op == BM_OP_GT   ? BM_DO_LT
                 : ex->op == BM_OP_LE || ex->op == BM_OP_GE ? BM_DO_LE
                                                            : BM_DO_EQ;
    int32_t slot = bm_emit(scope, code, BM_BOOL, swap ? b.slot : a.slot, swap ? a.slot : b.slot, 0);
    bm_compiled result = bm_absorb(scope, slot, bm_both_apply(scope, a.applies, b.applies));
    return ex->op == BM_OP_NE ? negated(scope, result) : result;
}

bm_compiled bm_compile_compare(const bm_scope *scope, const bm_ex *ex)
{
    bool literal_left = ex->a->kind == BM_EX_NUMBER, literal_right = ex->b->kind == BM_EX_NUMBER;
    if (literal_left && !literal_right) {
        bm_compiled b = bm_compile(scope, ex->b);
        bm_compiled a = b.ok ? literal_like(scope, ex->a, &b.type) : failed;
        return a.ok ? compare_numbers(scope, ex, a, b) : failed;
    }
    bm_compiled a = bm_compile(scope, ex->a);
    if (!a.ok)
        return failed;
    if (has_options(&a))
        return a.type.base == BM_SET
                   ? bm_refuse(scope, ex, "a set is asked with 'has', not with a comparison")
                   : compare_codes(scope, ex, a);
    bm_compiled b = literal_right && a.type.base == BM_NUMBER ? literal_like(scope, ex->b, &a.type)
                                                              : bm_compile(scope, ex->b);
    return b.ok ? compare_numbers(scope, ex, a, b) : failed;
}

bm_compiled bm_compile_in(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = bm_compile(scope, ex->a);
    if (!a.ok)
        return failed;
    if (!has_options(&a) || a.type.base == BM_SET)
        return bm_refuse(scope, ex, "'in {…}' asks for the options of a code, and this is %s",
                         bm_base_word(a.type.base));
    uint64_t mask = words_mask(scope, ex->list, ex->count, &a.type);
    return mask ? membership(scope, a, mask) : failed;
}

bm_compiled bm_compile_has(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = bm_compile(scope, ex->a);
    if (!a.ok)
        return failed;
    if (a.type.base != BM_SET)
        return bm_refuse(scope, ex, "'has' asks for the members of a set, and this is %s",
                         bm_base_word(a.type.base));
    uint64_t mask = words_mask(scope, ex->list, ex->count, &a.type);
    if (!mask)
        return failed;
    bm_do code = ex->op == BM_HAS_ALL ? BM_DO_HAS_ALL : BM_DO_HAS_ANY;
    int32_t slot = bm_emit(scope, code, BM_BOOL, a.slot, bm_build_mask(scope->build, mask), 0);
    return bm_absorb(scope, slot, a.applies);
}
