/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/set.h"

#include <string.h>

#include "base/error.h"

/* A number of a fact: above the index, from 1, the tag of its set. */
enum { INDEX_BITS = 14, TAG_BITS = 31 - INDEX_BITS, MOST_FACTS = (1 << INDEX_BITS) - 1 };

void bm_set_tag(bonemets_guidelines *set, uint32_t random)
{
    set->tag = 1 + (int32_t)(random % ((1u << TAG_BITS) - 1));
}

bonemets_status bm_set_check_size(const bonemets_guidelines *set, bonemets_error *err)
{
    int count = set->definitions.fact_count;
    if (count <= MOST_FACTS)
        return BONEMETS_OK;
    return bm_fail(err, BONEMETS_E_LIMIT, NULL, "%d facts and values; at most %d are allowed",
                   count, (int)MOST_FACTS);
}

bm_fact *bm_set_fact(const bonemets_guidelines *set, bonemets_fact fact)
{
    if (!set || fact <= 0 || fact >> INDEX_BITS != set->tag)
        return NULL;
    int index = (fact & MOST_FACTS) - 1;
    return index >= 0 && index < set->definitions.fact_count ? &set->definitions.facts[index]
                                                             : NULL;
}

bonemets_fact bm_set_fact_number(const bonemets_guidelines *set, const bm_fact *fact)
{
    return set->tag << INDEX_BITS | (bonemets_fact)(fact - set->definitions.facts + 1);
}

const bm_fact *bm_set_input_fact(const bonemets_guidelines *set, int kind, int32_t input)
{
    return &set->definitions.facts[set->input_facts[kind][input]];
}

int bm_set_guideline(const bonemets_guidelines *set, const char *id)
{
    return bm_names_find(&set->definitions.guideline_names, id);
}

bonemets_guidelines *bonemets_guidelines_ref(bonemets_guidelines *set)
{
    if (set)
        atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
    return set;
}

void bonemets_guidelines_unref(bonemets_guidelines *set)
{
    if (!set || atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) != 1)
        return;
    bm_memory memory = set->memory;
    bm_arena_free(&set->arena);
    bm_give_back(&memory, set, sizeof *set);
}

const char *bonemets_guidelines_str(const bonemets_guidelines *set, bonemets_field field)
{
    return set && field == BONEMETS_F_DIGEST ? set->digest : NULL;
}

int32_t bonemets_guideline_count(const bonemets_guidelines *set)
{
    return set ? set->definitions.guideline_count : 0;
}

const char *bonemets_guideline_str(const bonemets_guidelines *set, int32_t i, bonemets_field field)
{
    if (!set || i < 0 || i >= set->definitions.guideline_count)
        return NULL;
    const bm_guideline *guideline = &set->definitions.guidelines[i];
    switch (field) {
    case BONEMETS_F_ID:
        return guideline->id;
    case BONEMETS_F_TITLE:
        return guideline->title;
    case BONEMETS_F_OWNER:
        return guideline->rights.owner;
    case BONEMETS_F_TERMS:
        return guideline->rights.terms;
    case BONEMETS_F_COMMERCIAL:
        return guideline->rights.commercial;
    case BONEMETS_F_EDITION:
        return guideline->edition;
    case BONEMETS_F_STATUS:
        return guideline->status;
    case BONEMETS_F_VERIFIED:
        return guideline->verified;
    case BONEMETS_F_ABOUT:
        return guideline->about ? guideline->about : "patient";
    default:
        return NULL;
    }
}

int32_t bonemets_fact_count(const bonemets_guidelines *set)
{
    return set ? set->definitions.fact_count : 0;
}

bonemets_fact bonemets_fact_at(const bonemets_guidelines *set, int32_t i)
{
    if (!set || i < 0 || i >= set->definitions.fact_count)
        return 0;
    return bm_set_fact_number(set, &set->definitions.facts[i]);
}

bonemets_fact bonemets_fact_find(const bonemets_guidelines *set, const char *key)
{
    const bm_fact *fact = set && key ? bm_definitions_fact(&set->definitions, key) : NULL;
    return fact ? bm_set_fact_number(set, fact) : 0;
}

static const char *type_word(const bm_fact *fact)
{
    switch (fact->type.base) {
    case BM_BOOL:
        return "flag";
    case BM_SET:
        return "set";
    case BM_NUMBER:
        return bm_is_instant(&fact->type) ? "instant" : fact->type.whole ? "count" : "quantity";
    default:
        return "code";
    }
}

const char *bonemets_fact_str(const bonemets_guidelines *set, bonemets_fact number,
                              bonemets_field field)
{
    const bm_fact *fact = bm_set_fact(set, number);
    if (!fact)
        return NULL;
    switch (field) {
    case BONEMETS_F_ID:
        return fact->id;
    case BONEMETS_F_LABEL:
        return fact->label;
    case BONEMETS_F_TYPE:
        return type_word(fact);
    case BONEMETS_F_UNIT:
        return bm_type_unit_name(&fact->type);
    case BONEMETS_F_ABOUT:
        return fact->about ? fact->about : "patient";
    default:
        return NULL;
    }
}

double bonemets_fact_num(const bonemets_guidelines *set, bonemets_fact number, bonemets_field field)
{
    const bm_fact *fact = bm_set_fact(set, number);
    if (!fact || fact->type.base != BM_NUMBER)
        return 0;
    if (field == BONEMETS_F_LOW)
        return fact->type.low;
    return field == BONEMETS_F_HIGH ? fact->type.high : 0;
}

static const char *const flag_options[2] = {"no", "yes"};

int32_t bonemets_fact_option_count(const bonemets_guidelines *set, bonemets_fact number)
{
    const bm_fact *fact = bm_set_fact(set, number);
    if (!fact)
        return 0;
    if (fact->type.base == BM_BOOL)
        return 2;
    return fact->type.codes ? fact->type.codes->count : 0;
}

const char *bonemets_fact_option_str(const bonemets_guidelines *set, bonemets_fact number,
                                     int32_t i, bonemets_field field)
{
    const bm_fact *fact = bm_set_fact(set, number);
    if (!fact || i < 0 || i >= bonemets_fact_option_count(set, number))
        return NULL;
    if (fact->type.base == BM_BOOL)
        return field == BONEMETS_F_ID || field == BONEMETS_F_LABEL ? flag_options[i] : NULL;
    if (field == BONEMETS_F_ID)
        return fact->type.codes->ids[i];
    return field == BONEMETS_F_LABEL ? fact->type.codes->labels[i] : NULL;
}
