/* SPDX-License-Identifier: Apache-2.0 */
/* Values and totals that were entered although what they are derived from gives something else. What
 * was entered wins; here it is told. Found when somebody asks, so that nothing else pays for it. */
#include <math.h>

#include "assess/entry.h"

/* Is a slot among what this assessment has evaluated? */
static bool evaluated(const bonemets_assessment *a, int kind, int32_t slot)
{
    const bm_program *program = &a->set->program;
    const bm_plan *plan =
        a->target < 0 ? &a->set->everything : &a->set->definitions.guidelines[a->target].plan;
    if (slot < program->kinds[kind].inputs)
        return true;
    int32_t block = program->kinds[kind].block_of[slot];
    for (int i = 0; i < plan->count; i++)
        if (program->units[plan->units[i]].block == block)
            return true;
    return false;
}

/* How far apart an entered number and a derived one may be: as the vocabulary says, and of whole
 * numbers what rounding takes. */
static double slack_of(const bm_fact *fact, bm_cell entered, bm_cell derived)
{
    double slack = fact->tolerance,
           largest = fmax(fabs(entered.high.number), fabs(derived.high.number));
    if (fact->of_share)
        slack *= largest;
    if (fact->type.whole) {
        double step = fact->step > 0 ? fact->step : 1;
        slack = fmax(slack, step * (1 - 1e-6));
    }
    return slack + 1e-9 * fmax(1, largest);
}

/* An option that says more than any derivation can is not held against one. */
static bool says_more(const bm_fact *fact, bm_cell entered)
{
    for (int i = 0; i < fact->only_entered.count; i++) {
        int option = bm_names_find(&fact->type.codes->index, fact->only_entered.items[i]);
        if (option >= 0 && (entered.low.mask >> option & 1))
            return true;
    }
    return false;
}

/* Only what is so whatever else is known, and does not rest on silence. */
static bool differs(const bonemets_assessment *a, const bm_fact *fact, int record,
                    bm_disagreement *out)
{
    int kind = fact->kind;
    if (fact->derived < 0 || !evaluated(a, kind, fact->derived) ||
        (fact->derived_applies >= 0 &&
         (!evaluated(a, kind, fact->derived_applies) ||
          bm_assessment_cell(&a->strict, kind, record, fact->derived_applies).low.mask != BM_YES)))
        return false;
    bm_cell entered = bm_assessment_cell(&a->frame, kind, record, fact->input);
    bm_cell derived = bm_assessment_cell(&a->strict, kind, record, fact->derived);
    double slack = fact->type.base == BM_NUMBER ? slack_of(fact, entered, derived) : 0;
    if (!bm_cell_apart(fact->type.base, entered, derived, slack) || says_more(fact, entered))
        return false;
    *out = (bm_disagreement){fact, record, entered, derived};
    return true;
}

int bm_disagreements(const bonemets_assessment *a, int wanted, bm_disagreement *out)
{
    const bm_program *program = &a->set->program;
    int count = 0;
    for (int k = 0; k < program->kind_count; k++)
        for (int r = 0; r < a->frame.records[k]; r++) {
            int inputs = program->kinds[k].inputs;
            const uint8_t *given = a->frame.given[k] + (size_t)r * (size_t)inputs;
            for (int32_t i = 0; i < inputs; i++) {
                bm_disagreement one;
                if (given[i] && differs(a, bm_set_input_fact(a->set, k, i), r, &one) &&
                    count++ == wanted)
                    *out = one;
            }
        }
    return count;
}

/* ---- fields ---- */

static const char *const flag_options[2] = {"no", "yes"};

static const char *option_str(const bm_fact *fact, int option, bonemets_field field)
{
    const bm_codes *codes = fact->type.codes;
    bool label = field == BONEMETS_F_LABEL;
    if (option < 0 || (!label && field != BONEMETS_F_ID && field != BONEMETS_F_CODE))
        return NULL;
    if (fact->type.base == BM_BOOL)
        return option < 2 ? flag_options[option] : NULL;
    return label && codes->labels ? codes->labels[option] : codes->ids[option];
}

static int nth_bit(uint64_t mask, int n)
{
    for (; n > 0 && mask; n--)
        mask &= mask - 1;
    return mask ? __builtin_ctzll(mask) : -1;
}

/* Options that were entered, or that the facts allow; of a set its members. */
static uint64_t options_of(const bm_disagreement *one, int32_t sub)
{
    bm_base base = one->fact->type.base;
    bool entered = sub == BONEMETS_SUB_ENTERED;
    bm_cell cell = entered ? one->entered : one->derived;
    if (base == BM_NUMBER || (!entered && sub != BONEMETS_SUB_POSSIBLE))
        return 0;
    return base == BM_SET && !entered ? cell.high.mask : cell.low.mask;
}

int bm_differs_count(const bm_view *view, int32_t sub)
{
    return __builtin_popcountll(options_of(&view->differs, sub));
}

const char *bm_differs_sub_str(const bm_view *view, int32_t sub, int32_t j, bonemets_field field)
{
    return option_str(view->differs.fact, nth_bit(options_of(&view->differs, sub), j), field);
}

const char *bm_differs_str(const bm_view *view, bonemets_field field)
{
    const bm_disagreement *one = &view->differs;
    const bm_fact *fact = one->fact;
    switch (field) {
    case BONEMETS_F_ID:
        return fact->id;
    case BONEMETS_F_LABEL:
        return fact->label;
    case BONEMETS_F_UNIT:
        return bm_type_unit_name(&fact->type);
    case BONEMETS_F_ABOUT:
        return fact->about ? fact->about : "patient";
    case BONEMETS_F_CODE:
        return fact->type.base != BM_SET && bm_differs_count(view, BONEMETS_SUB_ENTERED) == 1
                   ? bm_differs_sub_str(view, BONEMETS_SUB_ENTERED, 0, BONEMETS_F_ID)
                   : NULL;
    case BONEMETS_F_CONTRADICTED:
        return bm_input_contradicted(view->a, fact->kind, one->record, fact->input);
    default:
        return NULL;
    }
}

int32_t bm_differs_int(const bm_view *view, bonemets_field field)
{
    const bm_disagreement *one = &view->differs;
    if (field == BONEMETS_F_LESION)
        return bm_assessment_record(view->a, one->fact->kind, one->record);
    if (field == BONEMETS_F_STATE)
        return bm_cell_known(one->fact->type.base, one->derived) ? BONEMETS_KNOWN : BONEMETS_PARTLY;
    return -1;
}

double bm_differs_num(const bm_view *view, bonemets_field field)
{
    const bm_disagreement *one = &view->differs;
    if (one->fact->type.base != BM_NUMBER)
        return 0;
    switch (field) {
    case BONEMETS_F_LOW:
        return one->entered.low.number;
    case BONEMETS_F_HIGH:
        return one->entered.high.number;
    case BONEMETS_F_DERIVED_LOW:
        return one->derived.low.number;
    case BONEMETS_F_DERIVED_HIGH:
        return one->derived.high.number;
    default:
        return 0;
    }
}

void bm_differs_facts(const bm_view *view, bm_marks *marks)
{
    const bm_disagreement *one = &view->differs;
    bm_why_so(&view->a->frame, one->fact->kind, one->record, one->fact->derived, marks);
}
