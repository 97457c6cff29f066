/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the entries of an outlook. */
#include "assess/outlook.h"

static const bm_prospect *entry_of(const bonemets_outlook *outlook, int32_t i)
{
    return outlook && i >= 0 && i < outlook->count ? &outlook->items[i] : NULL;
}

int32_t bonemets_outlook_count(const bonemets_outlook *outlook)
{
    return outlook ? outlook->count : 0;
}

/* ---- what a fact becomes ---- */

static const char *word_of_member(bm_becoming to)
{
    return to == BM_TO_PRESENT ? "present" : to == BM_TO_ABSENT ? "absent" : "none";
}

static const char *change_str(const bm_fact *fact, const bm_change *change, bonemets_field field)
{
    bool member = change->to == BM_TO_PRESENT || change->to == BM_TO_ABSENT;
    if (field == BONEMETS_F_MEMBER)
        return member ? bm_option_id(fact, change->option) : NULL;
    if (field != BONEMETS_F_TO || change->to == BM_TO_NUMBER)
        return NULL;
    return change->to == BM_TO_OPTION ? bm_option_id(fact, change->option)
                                      : word_of_member(change->to);
}

static double change_num(const bm_change *change, bonemets_field field)
{
    return field == BONEMETS_F_TO_LOW    ? change->low
           : field == BONEMETS_F_TO_HIGH ? change->high
           : field == BONEMETS_F_SIZE    ? change->size
                                         : 0;
}

/* What the fact, or the member that would change, is now; NULL: not known, or a number. */
static const char *from_str(const bm_prospect *one, const bm_fact *fact)
{
    if (fact->type.base == BM_NUMBER)
        return NULL;
    if (fact->type.base != BM_SET)
        return bm_cell_known(fact->type.base, one->from)
                   ? bm_option_id(fact, __builtin_ctzll(one->from.low.mask))
                   : NULL;
    if (one->change.option < 0)
        return one->from.high.mask ? NULL : "none";
    uint64_t bit = UINT64_C(1) << one->change.option;
    return one->from.low.mask & bit ? "present" : !(one->from.high.mask & bit) ? "absent" : NULL;
}

static int from_state(const bonemets_outlook *outlook, const bm_prospect *one)
{
    const bm_fact *fact = bm_prospect_fact(outlook, one);
    if (bm_cell_known(fact->type.base, one->from))
        return BONEMETS_KNOWN;
    const bm_cell *blank = outlook->a->frame.program->kinds[one->kind].blank;
    bool unknown = bm_cell_same(fact->type.base, one->from, blank[one->input]);
    return unknown ? BONEMETS_UNKNOWN : BONEMETS_PARTLY;
}

/* ---- how something stands then ---- */

static int one_of(uint64_t mask)
{
    return mask && (mask & (mask - 1)) == 0 ? __builtin_ctzll(mask) : -1;
}

static const char *standing_str(const bonemets_assessment *a, const bm_standing *standing,
                                bonemets_field field)
{
    const bm_score *score = bm_standing_score(a, standing);
    const bm_choice *choice = bm_standing_choice(a, standing);
    int band = score && score->band_count ? one_of(standing->open) : -1;
    if (field == BONEMETS_F_CODE && choice)
        return standing->value < 0 ? NULL : choice->codes.ids[standing->value];
    if (field == BONEMETS_F_BAND)
        return band < 0 ? NULL : score->bands[band].id;
    if (field == BONEMETS_F_GUIDELINE)
        return a->set->definitions.guidelines[standing->entry.guideline].id;
    return NULL;
}

static double standing_num(const bonemets_assessment *a, const bm_standing *standing,
                           bonemets_field field)
{
    const bm_choice *choice = bm_standing_choice(a, standing);
    if (field != BONEMETS_F_LOW && field != BONEMETS_F_HIGH)
        return 0;
    if (choice)
        return choice->numbers && standing->value >= 0 ? choice->numbers[standing->value] : 0;
    return field == BONEMETS_F_LOW ? standing->low : standing->high;
}

/* ---- entries ---- */

static const bm_row_def *row_of(const bonemets_outlook *outlook, const bm_prospect *one)
{
    return one->row_list
               ? &outlook->a->set->definitions.guidelines[one->row.guideline].rows[one->row.index]
               : NULL;
}

static const char *urgency_of(const bonemets_outlook *outlook, int rank)
{
    const bm_scale *scale = bm_definitions_scale(&outlook->a->set->definitions, "urgency");
    return scale && rank >= 0 && rank < scale->members.count ? scale->members.items[rank].key
                                                             : NULL;
}

static const char *question_str(const bonemets_outlook *outlook, const bm_prospect *one,
                                bonemets_field field)
{
    const bm_row_def *row = row_of(outlook, one);
    switch (field) {
    case BONEMETS_F_URGENCY:
        return urgency_of(outlook, one->asked.urgency);
    case BONEMETS_F_ROW:
        return row ? row->id : NULL;
    case BONEMETS_F_BECAUSE:
        return row ? row->because : NULL;
    case BONEMETS_F_GUIDELINE:
        return row ? outlook->a->set->definitions.guidelines[one->row.guideline].id : NULL;
    default:
        return NULL;
    }
}

const char *bonemets_outlook_str(const bonemets_outlook *outlook, int32_t i, bonemets_field field)
{
    const bm_prospect *one = entry_of(outlook, i);
    if (!one)
        return NULL;
    const bm_fact *fact = bm_prospect_fact(outlook, one);
    switch (field) {
    case BONEMETS_F_ID:
        return fact->id;
    case BONEMETS_F_LABEL:
        return fact->label;
    case BONEMETS_F_UNIT:
        return fact->type.unit;
    case BONEMETS_F_ABOUT:
        return fact->about ? fact->about : "patient";
    case BONEMETS_F_FROM:
        return outlook->questions ? NULL : from_str(one, fact);
    case BONEMETS_F_TO:
    case BONEMETS_F_MEMBER:
        return outlook->questions ? NULL : change_str(fact, &one->change, field);
    default:
        return outlook->questions ? question_str(outlook, one, field)
                                  : standing_str(outlook->a, &one->after, field);
    }
}

int32_t bonemets_outlook_int(const bonemets_outlook *outlook, int32_t i, bonemets_field field)
{
    const bm_prospect *one = entry_of(outlook, i);
    if (!one)
        return -1;
    switch (field) {
    case BONEMETS_F_LESION:
        return bm_assessment_record(outlook->a, one->kind, one->record);
    case BONEMETS_F_SETTING:
        return bm_prospect_fact(outlook, one)->setting;
    case BONEMETS_F_FROM_STATE:
        return from_state(outlook, one);
    case BONEMETS_F_STATE:
        return outlook->questions ? -1 : bm_standing_state(outlook->a, &one->after);
    case BONEMETS_F_WAITING:
        return outlook->questions ? one->asked.weight : -1;
    default:
        return -1;
    }
}

static double from_num(const bonemets_outlook *outlook, const bm_prospect *one,
                       bonemets_field field)
{
    if (bm_prospect_fact(outlook, one)->type.base != BM_NUMBER)
        return 0;
    return field == BONEMETS_F_FROM_LOW ? one->from.low.number : one->from.high.number;
}

static double question_num(const bm_prospect *one, bonemets_field field)
{
    return field == BONEMETS_F_EXCLUDES         ? one->excluded
           : field == BONEMETS_F_EXCLUDES_LEAST ? one->excluded_least
           : field == BONEMETS_F_EXCLUDES_MOST  ? one->excluded_most
           : field == BONEMETS_F_OPEN           ? one->open
                                                : 0;
}

double bonemets_outlook_num(const bonemets_outlook *outlook, int32_t i, bonemets_field field)
{
    const bm_prospect *one = entry_of(outlook, i);
    if (!one)
        return 0;
    if (field == BONEMETS_F_FROM_LOW || field == BONEMETS_F_FROM_HIGH)
        return from_num(outlook, one, field);
    if (outlook->questions)
        return question_num(one, field);
    if (field == BONEMETS_F_LOW || field == BONEMETS_F_HIGH)
        return standing_num(outlook->a, &one->after, field);
    return change_num(&one->change, field);
}

/* ---- lists within an entry ---- */

static uint64_t possible(const bonemets_outlook *outlook, const bm_prospect *one, int32_t sub)
{
    bool choice = one->after.list == BONEMETS_CHOICES;
    if (outlook->questions || choice != (sub == BONEMETS_SUB_POSSIBLE))
        return 0;
    return one->after.open & ~BM_UNSET;
}

int32_t bonemets_outlook_sub_count(const bonemets_outlook *outlook, int32_t i, int32_t sub)
{
    const bm_prospect *one = entry_of(outlook, i);
    if (!one)
        return 0;
    switch (sub) {
    case BONEMETS_SUB_ANSWERS:
        return one->answer_count;
    case BONEMETS_SUB_DECIDES:
        return one->effect_count;
    case BONEMETS_SUB_POSSIBLE:
    case BONEMETS_SUB_BANDS:
        return __builtin_popcountll(possible(outlook, one, sub));
    default:
        return 0;
    }
}

static bool has_sub(const bonemets_outlook *outlook, int32_t i, int32_t sub, int32_t j)
{
    return j >= 0 && j < bonemets_outlook_sub_count(outlook, i, sub);
}

static const char *possible_str(const bonemets_outlook *outlook, const bm_prospect *one,
                                int32_t sub, int32_t j, bonemets_field field)
{
    uint64_t mask = possible(outlook, one, sub);
    for (; j > 0; j--)
        mask &= mask - 1;
    int bit = __builtin_ctzll(mask);
    const bm_choice *choice = bm_standing_choice(outlook->a, &one->after);
    const bm_score *score = bm_standing_score(outlook->a, &one->after);
    if (field == BONEMETS_F_ID || field == BONEMETS_F_CODE)
        return choice ? choice->codes.ids[bit] : score->bands[bit].id;
    if (field == BONEMETS_F_LABEL && choice)
        return choice->codes.labels ? choice->codes.labels[bit] : NULL;
    return field == BONEMETS_F_LABEL ? score->bands[bit].label : NULL;
}

static const char *decided_str(const bonemets_outlook *outlook, const bm_effect *effect,
                               bonemets_field field)
{
    const bm_row_def *row = bm_effect_row(outlook, effect);
    const bonemets_assessment *a = outlook->a;
    const bm_score *score = bm_standing_score(a, &effect->after);
    const bm_choice *choice = bm_standing_choice(a, &effect->after);
    const bm_entry *entry = &effect->after.entry;
    const bm_guideline *guideline = &a->set->definitions.guidelines[entry->guideline];
    const bm_equation *equation =
        row || score || choice ? NULL
                               : &guideline->equations[entry->index - guideline->score_count];
    switch (field) {
    case BONEMETS_F_ID:
        return row ? row->id : score ? score->id : choice ? choice->id : equation->id;
    case BONEMETS_F_LABEL:
        return row ? NULL : score ? score->label : choice ? choice->label : equation->label;
    case BONEMETS_F_UNIT:
        return equation ? equation->unit : choice ? choice->unit : NULL;
    case BONEMETS_F_ROW:
        return row ? row->id : NULL;
    case BONEMETS_F_URGENCY:
        return row ? row->urgency : NULL;
    case BONEMETS_F_BECAUSE:
        return row ? row->because : NULL;
    default:
        return row && field != BONEMETS_F_GUIDELINE ? NULL : standing_str(a, &effect->after, field);
    }
}

const char *bonemets_outlook_sub_str(const bonemets_outlook *outlook, int32_t i, int32_t sub,
                                     int32_t j, bonemets_field field)
{
    const bm_prospect *one = entry_of(outlook, i);
    if (!has_sub(outlook, i, sub, j))
        return NULL;
    if (sub == BONEMETS_SUB_ANSWERS)
        return change_str(bm_prospect_fact(outlook, one), &one->answers[j], field);
    return sub == BONEMETS_SUB_DECIDES ? decided_str(outlook, &one->effects[j], field)
                                       : possible_str(outlook, one, sub, j, field);
}

int32_t bonemets_outlook_sub_int(const bonemets_outlook *outlook, int32_t i, int32_t sub, int32_t j,
                                 bonemets_field field)
{
    const bm_prospect *one = entry_of(outlook, i);
    if (!has_sub(outlook, i, sub, j) || sub != BONEMETS_SUB_DECIDES)
        return -1;
    const bm_effect *effect = &one->effects[j];
    int kind = outlook->a->set->definitions.guidelines[effect->after.entry.guideline].kind;
    if (field == BONEMETS_F_ANSWER)
        return effect->answer;
    if (field == BONEMETS_F_LESION)
        return bm_assessment_record(outlook->a, kind, effect->after.entry.record);
    if (field == BONEMETS_F_STATE)
        return effect->after.list == BONEMETS_ADVICE
                   ? BONEMETS_KNOWN
                   : bm_standing_state(outlook->a, &effect->after);
    return -1;
}

double bonemets_outlook_sub_num(const bonemets_outlook *outlook, int32_t i, int32_t sub, int32_t j,
                                bonemets_field field)
{
    const bm_prospect *one = entry_of(outlook, i);
    if (!has_sub(outlook, i, sub, j))
        return 0;
    if (sub == BONEMETS_SUB_ANSWERS)
        return change_num(&one->answers[j], field);
    return sub == BONEMETS_SUB_DECIDES ? standing_num(outlook->a, &one->effects[j].after, field)
                                       : 0;
}
