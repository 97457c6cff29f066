/* SPDX-License-Identifier: Apache-2.0 */
/* Making and freeing an outlook, and which facts can be part of it. */
#include "assess/outlook.h"

bonemets_outlook *bm_outlook_new(const bonemets_assessment *a)
{
    bonemets_outlook *outlook = bm_take(&a->memory, sizeof *outlook);
    if (!outlook)
        return NULL;
    *outlook = (bonemets_outlook){.a = (bonemets_assessment *)(uintptr_t)a};
    bm_arena_init(&outlook->arena, &a->memory);
    bonemets_assessment_ref(outlook->a);
    return outlook;
}

void bonemets_outlook_free(bonemets_outlook *outlook)
{
    if (!outlook)
        return;
    bonemets_assessment *a = outlook->a;
    bm_memory memory = a->memory;
    bm_arena_free(&outlook->arena);
    bm_give_back(&memory, outlook, sizeof *outlook);
    bonemets_assessment_unref(a);
}

bm_prospect *bm_outlook_add(bonemets_outlook *outlook)
{
    bm_prospect *items = bm_arena_grow(&outlook->arena, outlook->items, (size_t)outlook->count,
                                       &outlook->room, sizeof *items);
    if (!items)
        return NULL;
    outlook->items = items;
    bm_prospect *one = &items[outlook->count++];
    *one = (bm_prospect){0};
    return one;
}

bool bm_take_marks(bm_arena *arena, const bm_program *program, bm_slot_marks *marks)
{
    for (int k = 0; k < program->kind_count; k++) {
        marks->slots[k] = bm_arena_take(arena, (size_t)program->kinds[k].slots + 1);
        if (!marks->slots[k])
            return false;
    }
    return true;
}

static const uint8_t *given_of(const bonemets_assessment *a, int kind, int record)
{
    return a->frame.given[kind] + (size_t)record * (size_t)a->frame.program->kinds[kind].inputs;
}

bool bm_input_given(const bonemets_assessment *a, int kind, int record, int32_t input)
{
    return given_of(a, kind, record)[input];
}

/* A value that follows from what is known is not entered as well. */
static bool is_derived(const bonemets_assessment *a, const bm_fact *fact, int record)
{
    if (!fact->is_value || fact->slot < 0 || fact->slot == fact->input)
        return false;
    bm_base base = (bm_base)a->frame.program->kinds[fact->kind].base[fact->slot];
    return bm_cell_known(base, bm_assessment_cell(&a->frame, fact->kind, record, fact->slot));
}

bool bm_may_be_entered(const bonemets_assessment *a, int kind, int record, int32_t input)
{
    const bm_fact *fact = bm_set_input_fact(a->set, kind, input);
    const uint8_t *given = given_of(a, kind, record);
    if (fact->is_value && fact->no_supply)
        return false;
    if (given[input])
        return true;
    return !bm_excluded(&a->frame.program->kinds[kind], a->frame.program, given, input) &&
           !is_derived(a, fact, record);
}

const bm_fact *bm_prospect_fact(const bonemets_outlook *outlook, const bm_prospect *prospect)
{
    return bm_set_input_fact(outlook->a->set, prospect->kind, prospect->input);
}

const char *bm_option_id(const bm_fact *fact, int option)
{
    if (option < 0)
        return NULL;
    if (fact->type.base == BM_BOOL)
        return option == 0 ? "no" : "yes";
    return fact->type.codes->ids[option];
}

const char *bm_option_label(const bm_fact *fact, int option)
{
    return option < 0 || fact->type.base == BM_BOOL ? bm_option_id(fact, option)
                                                    : fact->type.codes->labels[option];
}

const bm_row_def *bm_effect_row(const bonemets_outlook *outlook, const bm_effect *effect)
{
    const bm_entry *entry = &effect->after.entry;
    return effect->after.list == BONEMETS_ADVICE
               ? &outlook->a->set->definitions.guidelines[entry->guideline].rows[entry->index]
               : NULL;
}
