/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic with units, functions, questions about knowledge, and what runs over records. */
#include <string.h>

#include "engine/compile_parts.h"

static const bm_compiled failed = {.ok = false, .slot = 0, .applies = -1};

bool bm_same_unit(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bm_compiled number_operand(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled value = bm_compile(scope, ex);
    if (value.ok && value.type.base != BM_NUMBER)
        return bm_refuse(scope, ex, "expected a number, found %s", bm_base_word(value.type.base));
    return value;
}

/* Two operands that must share their unit. */
static bool like_operands(const bm_scope *scope, const bm_ex *ex, const bm_compiled *a,
                          const bm_compiled *b)
{
    if (bm_same_unit(a->type.unit, b->type.unit))
        return true;
    bm_refuse(scope, ex, "cannot combine %s with %s here",
              a->type.unit ? a->type.unit : "a plain number",
              b->type.unit ? b->type.unit : "a plain number");
    return false;
}

/* Of instants only differences are numbers to reckon with. */
static bm_compiled measure_operand(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled value = number_operand(scope, ex);
    if (value.ok && bm_is_instant(&value.type))
        return bm_refuse(scope, ex, "an instant is no amount; only its difference to another is");
    return value;
}

static bm_compiled apply_arith(const bm_scope *scope, bm_do code, bm_compiled a, bm_compiled b,
                               const char *unit)
{
    int32_t slot = bm_emit(scope, code, BM_NUMBER, a.slot, b.slot, 0);
    return bm_number_of(slot, unit, bm_both_apply(scope, a.applies, b.applies));
}

/* Two instants differ by hours; hours later or earlier is another instant. */
static bm_compiled shift_instant(const bm_scope *scope, const bm_ex *ex, bm_compiled a,
                                 bm_compiled b)
{
    int32_t hour = bm_build_number(scope->build, scope->kind, BM_SECONDS_OF_HOUR);
    bool subtract = ex->op == BM_OP_SUB;
    if (bm_is_instant(&a.type) && bm_is_instant(&b.type)) {
        if (!subtract)
            return bm_refuse(scope, ex,
                             "two instants cannot be added; only their difference is a "
                             "time");
        bm_compiled seconds = apply_arith(scope, BM_DO_SUB, a, b, NULL);
        int32_t slot = bm_emit(scope, BM_DO_DIV, BM_NUMBER, seconds.slot, hour, 0);
        return bm_number_of(slot, "h", seconds.applies);
    }
    bool first = bm_is_instant(&a.type);
    bm_compiled *hours = first ? &b : &a;
    if (!hours->type.unit || strcmp(hours->type.unit, "h") != 0)
        return bm_refuse(scope, ex,
                         "an instant and %s cannot be combined; a time in h can be added",
                         hours->type.unit ? hours->type.unit : "a plain number");
    if (subtract && !first)
        return bm_refuse(scope, ex, "an instant cannot be taken from a time");
    hours->slot = bm_emit(scope, BM_DO_MUL, BM_NUMBER, hours->slot, hour, 0);
    return apply_arith(scope, subtract ? BM_DO_SUB : BM_DO_ADD, a, b, bm_instant_unit);
}

static bm_compiled sum_or_difference(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = number_operand(scope, ex->a), b = number_operand(scope, ex->b);
    if (!a.ok || !b.ok)
        return failed;
    if (bm_is_instant(&a.type) || bm_is_instant(&b.type))
        return shift_instant(scope, ex, a, b);
    if (!like_operands(scope, ex, &a, &b))
        return failed;
    return apply_arith(scope, ex->op == BM_OP_ADD ? BM_DO_ADD : BM_DO_SUB, a, b, a.type.unit);
}

static bm_compiled product(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = measure_operand(scope, ex->a), b = measure_operand(scope, ex->b);
    if (!a.ok || !b.ok)
        return failed;
    if (a.type.unit && b.type.unit)
        return bm_refuse(scope, ex,
                         "%s times %s has no unit here; write `… in UNIT` for the "
                         "plain number",
                         a.type.unit, b.type.unit);
    return apply_arith(scope, BM_DO_MUL, a, b, a.type.unit ? a.type.unit : b.type.unit);
}

static bm_compiled quotient(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = measure_operand(scope, ex->a), b = measure_operand(scope, ex->b);
    if (!a.ok || !b.ok)
        return failed;
    if (b.type.unit && !bm_same_unit(a.type.unit, b.type.unit))
        return bm_refuse(scope, ex,
                         "%s by %s has no unit here; write `… in UNIT` for the plain "
                         "number",
                         a.type.unit ? a.type.unit : "a plain number", b.type.unit);
    return apply_arith(scope, BM_DO_DIV, a, b, b.type.unit ? NULL : a.type.unit);
}

static bm_compiled power(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = measure_operand(scope, ex->a), b = measure_operand(scope, ex->b);
    if (!a.ok || !b.ok)
        return failed;
    if (a.type.unit || b.type.unit)
        return bm_refuse(scope, ex, "'^' takes plain numbers; write `… in UNIT`");
    return apply_arith(scope, BM_DO_POW, a, b, NULL);
}

static bm_compiled compile_arith(const bm_scope *scope, const bm_ex *ex)
{
    switch (ex->op) {
    case BM_OP_ADD:
    case BM_OP_SUB:
        return sum_or_difference(scope, ex);
    case BM_OP_MUL:
        return product(scope, ex);
    case BM_OP_DIV:
        return quotient(scope, ex);
    default:
        return power(scope, ex);
    }
}

/* `x in UNIT`: the plain number, converted from the canonical unit if need be. */
static bm_compiled convert(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = measure_operand(scope, ex->a);
    if (!a.ok)
        return failed;
    if (bm_same_unit(a.type.unit, ex->unit))
        return bm_number_of(a.slot, NULL, a.applies);
    const bm_unit *unit = bm_type_unit(&a.type, ex->unit);
    if (!unit)
        return bm_refuse(scope, ex, "it is not known in %s; it has %s", ex->unit,
                         a.type.unit ? a.type.unit : "no unit");
    int32_t factor = bm_build_number(scope->build, scope->kind, unit->factor);
    int32_t slot =
        bm_emit(scope, unit->divide ? BM_DO_MUL : BM_DO_DIV, BM_NUMBER, a.slot, factor, 0);
    return bm_number_of(slot, NULL, a.applies);
}

bm_compiled bm_compile_number(const bm_scope *scope, const bm_ex *ex)
{
    if (ex->kind == BM_EX_NUMBER)
        return bm_number_of(bm_build_number(scope->build, scope->kind, ex->number), ex->unit, -1);
    if (ex->kind == BM_EX_ARITH)
        return compile_arith(scope, ex);
    if (ex->kind == BM_EX_CONVERT)
        return convert(scope, ex);
    bm_compiled a = measure_operand(scope, ex->a);
    if (!a.ok)
        return failed;
    return bm_number_of(bm_emit(scope, BM_DO_NEG, BM_NUMBER, a.slot, 0, 0), a.type.unit, a.applies);
}

static bool arguments(const bm_scope *scope, const bm_ex *ex, int least, int most)
{
    if (ex->count >= least && ex->count <= most)
        return true;
    bm_refuse(scope, ex, "%s takes %d argument(s), found %d", ex->name, least, ex->count);
    return false;
}

static bm_compiled smallest_or_largest(const bm_scope *scope, const bm_ex *ex, bm_do code)
{
    if (!arguments(scope, ex, 2, 64))
        return failed;
    bm_compiled best = failed;
    for (int i = 0; i < ex->count; i++) {
        bm_compiled next = number_operand(scope, ex->list[i]);
        if (!next.ok)
            return failed;
        if (i > 0 && !bm_same_unit(best.type.unit, next.type.unit))
            return bm_refuse(scope, ex->list[i], "the arguments differ in their units");
        best = i == 0 ? next : apply_arith(scope, code, best, next, best.type.unit);
    }
    return best;
}

static bm_compiled plain_function(const bm_scope *scope, const bm_ex *ex, bm_do code)
{
    if (!arguments(scope, ex, 1, 1))
        return failed;
    bm_compiled a = measure_operand(scope, ex->list[0]);
    if (!a.ok)
        return failed;
    if (a.type.unit && code != BM_DO_ABS)
        return bm_refuse(scope, ex, "%s takes a plain number; write `… in UNIT`", ex->name);
    return bm_number_of(bm_emit(scope, code, BM_NUMBER, a.slot, 0, 0), a.type.unit, a.applies);
}

static bm_compiled count_members(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = arguments(scope, ex, 1, 1) ? bm_compile(scope, ex->list[0]) : failed;
    if (!a.ok)
        return failed;
    if (a.type.base != BM_SET)
        return bm_refuse(scope, ex,
                         "count(x) counts the members of a set; over records write "
                         "count(KIND: …)");
    return bm_number_of(bm_emit(scope, BM_DO_MEMBERS, BM_NUMBER, a.slot, 0, 0), NULL, a.applies);
}

/* What is asked about is what was entered, not what a table assumes in its place. */
static bm_compiled asked_about(const bm_scope *scope, const bm_ex *ex)
{
    bm_scope plain = *scope;
    plain.assumed = NULL;
    return arguments(scope, ex, 1, 1) ? bm_compile(&plain, ex->list[0]) : failed;
}

static bm_compiled ask_known(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = asked_about(scope, ex);
    if (!a.ok)
        return failed;
    bm_op op = {.code = BM_DO_KNOWN,
                .kind = (uint8_t)scope->kind,
                .a = a.slot,
                .base = (uint8_t)a.type.base};
    return bm_truth_of(bm_build_op(scope->build, op, BM_BOOL));
}

static bm_compiled ask_missing(const bm_scope *scope, const bm_ex *ex)
{
    bm_compiled a = asked_about(scope, ex);
    if (!a.ok)
        return failed;
    if (ex->list[0]->kind != BM_EX_NAME && ex->list[0]->kind != BM_EX_MEMBER)
        return bm_refuse(scope, ex,
                         "missing(x) asks about one fact or value; for an expression "
                         "write `not known(…)`");
    bm_op op = {.code = BM_DO_MISSING,
                .kind = (uint8_t)scope->kind,
                .a = a.slot,
                .base = (uint8_t)a.type.base};
    op.b = bm_build_constant(scope->build, bm_type_blank(&a.type));
    return bm_truth_of(bm_build_op(scope->build, op, BM_BOOL));
}

static bm_compiled ask_shown(const bm_scope *scope, const bm_ex *ex)
{
    bm_scope plain = *scope;
    plain.assumed = NULL;
    bm_compiled a = arguments(scope, ex, 1, 1) ? bm_compile_truth(&plain, ex->list[0]) : failed;
    if (!a.ok)
        return failed;
    return bm_truth_of(bm_emit(scope, BM_DO_SHOWN, BM_BOOL, a.slot, 0, 0));
}

static bm_compiled ask_stated(const bm_scope *scope, const bm_ex *ex)
{
    bm_symbol symbol;
    if (!arguments(scope, ex, 1, 1))
        return failed;
    const bm_ex *name = ex->list[0];
    if (name->kind != BM_EX_NAME || !scope->find(scope, name->name, NULL, &symbol) ||
        symbol.input < 0 || symbol.kind != scope->kind)
        return bm_refuse(scope, ex, "stated(x) asks whether a fact of this record was entered");
    if (symbol.slot != symbol.input) /* a value is entered or not, whatever facts may come */
        return bm_truth_of(bm_emit(scope, BM_DO_GIVEN, BM_BOOL, symbol.input, 0, 0));
    return bm_truth_of(bm_emit(scope, BM_DO_STATED, BM_BOOL, symbol.input, 0, 0));
}

/* What the facts give, also where something else was entered. Without a derivation it is unknown. */
static bm_compiled ask_derived(const bm_scope *scope, const bm_ex *ex)
{
    bm_symbol symbol;
    bm_scope plain = *scope;
    plain.assumed = NULL;
    if (!arguments(scope, ex, 1, 1))
        return failed;
    const bm_ex *name = ex->list[0];
    if (name->kind != BM_EX_NAME || !scope->find(scope, name->name, NULL, &symbol) ||
        symbol.input < 0 || symbol.derived < -1)
        return bm_refuse(scope, ex,
                         "derived(x) asks what a value that can be entered is derived as");
    if (symbol.derived < 0)
        return bm_value_of(bm_build_const_slot(scope->build, scope->kind, symbol.type.base,
                                               bm_type_blank(&symbol.type)),
                           symbol.type, -1);
    symbol.slot = symbol.derived;
    symbol.applies = symbol.derived_applies;
    return bm_read_symbol(&plain, name, &symbol);
}

static int32_t any_restated(const bm_scope *scope, int32_t first, int32_t count)
{
    if (count == 1)
        return bm_emit(scope, BM_DO_RESTATED, BM_BOOL, first, 0, 0);
    int32_t a = any_restated(scope, first, count / 2);
    return bm_emit(scope, BM_DO_OR, BM_BOOL, a,
                   any_restated(scope, first + count / 2, count - count / 2), 0);
}

static bm_compiled ask_restated(const bm_scope *scope, const bm_ex *ex)
{
    if (!arguments(scope, ex, 1, 1))
        return failed;
    const bm_ex *name = ex->list[0];
    int kind = name->kind == BM_EX_NAME ? scope->find_kind(scope, name->name) : -1;
    int inputs = kind > 0 ? scope->build->program->kinds[kind].inputs : 0;
    if (kind != scope->kind || inputs == 0)
        return bm_refuse(scope, ex,
                         "restated(KIND) asks of a record of that kind whether it states a fact "
                         "otherwise than it was stated for all: any(KIND: restated(KIND))");
    return bm_truth_of(any_restated(scope, 0, inputs));
}

bm_compiled bm_compile_call(const bm_scope *scope, const bm_ex *ex)
{
    static const struct {
        const char *name;
        bm_compiled (*compile)(const bm_scope *, const bm_ex *);
    } questions[] = {{"count", count_members}, {"derived", ask_derived},   {"known", ask_known},
                     {"missing", ask_missing}, {"restated", ask_restated}, {"shown", ask_shown},
                     {"stated", ask_stated}};
    static const struct {
        const char *name;
        bm_do code;
    } functions[] = {
        {"exp", BM_DO_EXP}, {"log", BM_DO_LOG}, {"sqrt", BM_DO_SQRT}, {"abs", BM_DO_ABS}};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (strcmp(questions[i].name, ex->name) == 0)
            return questions[i].compile(scope, ex);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strcmp(functions[i].name, ex->name) == 0)
            return plain_function(scope, ex, functions[i].code);
    return smallest_or_largest(scope, ex, strcmp(ex->name, "min") == 0 ? BM_DO_MIN : BM_DO_MAX);
}

/* Records to which the value does not apply are left out. */
static int32_t where_slot(const bm_scope *inner, const bm_ex *ex, int32_t applies, bool *good)
{
    if (!ex->b)
        return applies;
    bm_compiled where = bm_compile_truth(inner, ex->b);
    *good &= where.ok;
    return where.ok ? bm_both_apply(inner, applies, where.slot) : -1;
}

static bm_do over_code(const char *name)
{
    static const struct {
        const char *name;
        bm_do code;
    } codes[] = {{"any", BM_DO_ANY}, {"all", BM_DO_ALL},     {"count", BM_DO_COUNT},
                 {"sum", BM_DO_SUM}, {"max", BM_DO_LARGEST}, {"min", BM_DO_SMALLEST}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i].name, name) == 0)
            return codes[i].code;
    return BM_DO_ANY;
}

static bool wants_truth(bm_do code)
{
    return code == BM_DO_ANY || code == BM_DO_ALL || code == BM_DO_COUNT;
}

/* Records that belong to the one that asks. For the evaluator that knows one record of each kind
 * the condition is also put together from `where` and that the link holds the first. */
static bool link_records(const bm_scope *inner, const bm_ex *ex, int kind, bm_op *op)
{
    bm_symbol link;
    bool found = inner->find(inner, ex->link, NULL, &link);
    if (!found || link.kind != inner->kind || link.type.link != kind || kind == 0) {
        bm_refuse(inner, ex, "%q links no %s to a %s", ex->link,
                  inner->kind_name(inner, inner->kind), inner->kind_name(inner, kind));
        return false;
    }
    op->link = bm_build_link(inner->build, (bm_linked){.to = link.slot, .where = op->b});
    int32_t first =
        bm_emit(inner, BM_DO_HAS_ANY, BM_BOOL, link.slot, bm_build_mask(inner->build, 1), 0);
    op->b = bm_both_apply(inner, op->b, first);
    return true;
}

bm_compiled bm_compile_over(const bm_scope *scope, const bm_ex *ex)
{
    int over = scope->find_kind(scope, ex->member);
    if (over <= 0)
        return bm_refuse(scope, ex, "there is no kind of record %q", ex->member);
    if (scope->kind != 0 && ex->link == NULL)
        return bm_refuse(
            scope, ex,
            "only a table about the patient can run over all records; a table about a %s "
            "needs a fact that links them: by FACT",
            scope->kind_name(scope, scope->kind));
    bm_scope inner = *scope;
    inner.kind = over;
    bm_do code = over_code(ex->name);
    bm_compiled value = wants_truth(code)   ? bm_compile_truth(&inner, ex->a)
                        : code == BM_DO_SUM ? measure_operand(&inner, ex->a)
                                            : number_operand(&inner, ex->a);
    bool good = value.ok;
    int32_t where = good ? where_slot(&inner, ex, value.applies, &good) : -1;
    if (!good)
        return failed;
    bm_base base = code == BM_DO_ANY || code == BM_DO_ALL ? BM_BOOL : BM_NUMBER;
    bm_op op = {.code = (uint8_t)code,
                .kind = (uint8_t)scope->kind,
                .over = (uint8_t)over,
                .base = (uint8_t)value.type.base,
                .a = value.slot,
                .b = where};
    op.c = bm_build_constant(scope->build, bm_type_blank(&value.type));
    if (ex->link != NULL && !link_records(&inner, ex, scope->kind, &op))
        return failed;
    int32_t slot = bm_build_op(scope->build, op, base);
    if (base == BM_BOOL)
        return bm_truth_of(slot);
    bm_compiled result = bm_number_of(slot, value.type.unit, -1);
    if (code == BM_DO_LARGEST || code == BM_DO_SMALLEST)
        result.type = value.type;
    return result;
}
