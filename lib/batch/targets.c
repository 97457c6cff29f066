/* SPDX-License-Identifier: Apache-2.0 */
/* From the names of what is wanted to scores, equations and choices. */
#include <string.h>

#include "batch/batch.h"

enum { LONGEST_NAME = 200, GUESS = 3 };

static bool no_memory(bonemets_error *err)
{
    bm_fail(err, BONEMETS_E_MEMORY, NULL, "out of memory");
    return false;
}

static bool is_there(const bonemets_batch *batch, const bm_target *one)
{
    for (int i = 0; i < batch->target_count; i++)
        if (batch->targets[i].view.list == one->view.list &&
            batch->targets[i].entry.guideline == one->entry.guideline &&
            batch->targets[i].entry.index == one->entry.index)
            return true;
    return false;
}

static bool add(bonemets_batch *batch, const bm_target *one, bonemets_error *err)
{
    if (is_there(batch, one))
        return true;
    bm_target *targets = bm_arena_grow(&batch->arena, batch->targets, (size_t)batch->target_count,
                                       &batch->target_room, sizeof *targets);
    if (!targets)
        return no_memory(err);
    batch->targets = targets;
    targets[batch->target_count++] = *one;
    return true;
}

static bool add_result(bonemets_batch *batch, int g, int index, bonemets_error *err)
{
    const bm_guideline *guideline = &batch->set->definitions.guidelines[g];
    bm_target one = {.view = {.list = BONEMETS_RESULTS, .guideline = guideline},
                     .entry = {g, index, 0},
                     .numbers = true};
    if (index < guideline->score_count) {
        const bm_score *score = one.view.score = &guideline->scores[index];
        one.name = score->id;
        one.codes = score->band_count ? &score->band_codes : NULL;
        one.numbers = !score->only_bands;
    } else {
        one.view.equation = &guideline->equations[index - guideline->score_count];
        one.name = one.view.equation->id;
    }
    return add(batch, &one, err);
}

/* `guideline.choice` */
static const char *choice_name(bonemets_batch *batch, const bm_guideline *guideline,
                               const bm_choice *choice)
{
    size_t first = strlen(guideline->id), second = strlen(choice->id);
    char *name = bm_arena_take(&batch->arena, first + second + 2);
    if (!name)
        return NULL;
    memcpy(name, guideline->id, first);
    name[first] = '.';
    memcpy(name + first + 1, choice->id, second);
    return name;
}

static bool add_choice(bonemets_batch *batch, int g, int index, bonemets_error *err)
{
    const bm_guideline *guideline = &batch->set->definitions.guidelines[g];
    const bm_choice *choice = &guideline->choices[index];
    bm_target one = {.view = {.list = BONEMETS_CHOICES, .guideline = guideline, .choice = choice},
                     .entry = {g, index, 0},
                     .name = choice_name(batch, guideline, choice),
                     .codes = &choice->codes};
    return one.name ? add(batch, &one, err) : no_memory(err);
}

static bool add_guideline(bonemets_batch *batch, int g, bonemets_error *err)
{
    const bm_guideline *guideline = &batch->set->definitions.guidelines[g];
    bool done = true;
    for (int i = 0; i < guideline->score_count + guideline->equation_count && done; i++)
        done = add_result(batch, g, i, err);
    for (int i = 0; i < guideline->choice_count && done; i++)
        done = add_choice(batch, g, i, err);
    return done;
}

/* What a name may mean. A result comes before a choice, and a choice before a guideline. */
typedef struct {
    const char *id;
    int results, choices, guideline; /* how many; number or -1 */
    int g, index;                    /* of the last */
    const char *nearest;
    int distance;
} search;

static bool is_choice(const bm_guideline *guideline, const bm_choice *choice, const char *id)
{
    size_t length = strlen(guideline->id);
    if (strncmp(id, guideline->id, length) == 0 && id[length] == '.')
        id += length + 1;
    return strcmp(choice->id, id) == 0;
}

static void offer(search *s, const char *name)
{
    int distance = bm_edit_distance(name, s->id, GUESS);
    if (distance <= GUESS && distance < s->distance) {
        s->distance = distance;
        s->nearest = name;
    }
}

static void search_guideline(const bm_definitions *definitions, int g, search *s)
{
    const bm_guideline *guideline = &definitions->guidelines[g];
    int results = guideline->score_count + guideline->equation_count;
    offer(s, guideline->id);
    if (strcmp(guideline->id, s->id) == 0)
        s->guideline = g;
    for (int i = 0; i < results && !guideline->off; i++) {
        const char *id = i < guideline->score_count
                             ? guideline->scores[i].id
                             : guideline->equations[i - guideline->score_count].id;
        offer(s, id);
        if (strcmp(id, s->id) == 0) {
            s->results++;
            s->g = g;
            s->index = i;
        }
    }
    for (int i = 0; i < guideline->choice_count && !guideline->off && s->results == 0; i++) {
        if (!is_choice(guideline, &guideline->choices[i], s->id))
            continue;
        s->choices++;
        s->g = g;
        s->index = i;
    }
}

static bonemets_status refuse(const bm_definitions *definitions, const search *s,
                              bonemets_error *err)
{
    if (s->choices > 1)
        return bm_fail(err, BONEMETS_E_FACT, NULL,
                       "several guidelines have a choice %q; write GUIDELINE.%s", s->id, s->id);
    if (s->guideline >= 0)
        return bm_fail(err, BONEMETS_E_FACT, NULL,
                       definitions->guidelines[s->guideline].off
                           ? "guideline %q is %s; load it with such tables"
                           : "guideline %q has neither scores nor choices",
                       s->id, definitions->guidelines[s->guideline].status);
    if (s->nearest)
        return bm_fail(err, BONEMETS_E_FACT, NULL,
                       "there is no score, choice or guideline %q; did you mean %q?", s->id,
                       s->nearest);
    return bm_fail(err, BONEMETS_E_FACT, NULL, "there is no score, choice or guideline %q", s->id);
}

static bonemets_status add_all(bonemets_batch *batch, bonemets_error *err)
{
    const bm_definitions *definitions = &batch->set->definitions;
    for (int g = 0; g < definitions->guideline_count; g++)
        if (!definitions->guidelines[g].off && !add_guideline(batch, g, err))
            return BONEMETS_E_MEMORY;
    return BONEMETS_OK;
}

bonemets_status bm_batch_add_target(bonemets_batch *batch, const char *id, bonemets_error *err)
{
    const bm_definitions *definitions = &batch->set->definitions;
    search s = {.id = id, .guideline = -1, .distance = GUESS + 1};
    bool done = true;
    if (strcmp(id, "*") == 0)
        return add_all(batch, err);
    for (int g = 0; g < definitions->guideline_count; g++)
        search_guideline(definitions, g, &s);
    int before = batch->target_count;
    bool found = s.results == 1 || s.choices == 1;
    if (s.results == 1)
        done = add_result(batch, s.g, s.index, err);
    else if (s.choices == 1)
        done = add_choice(batch, s.g, s.index, err);
    else if (s.guideline >= 0 && s.choices == 0 && !definitions->guidelines[s.guideline].off) {
        done = add_guideline(batch, s.guideline, err);
        found = batch->target_count > before || !done;
        const bm_guideline *guideline = &definitions->guidelines[s.guideline];
        found |= guideline->score_count + guideline->equation_count + guideline->choice_count > 0;
    }
    if (!found)
        return refuse(definitions, &s, err);
    return done ? BONEMETS_OK : BONEMETS_E_MEMORY;
}

/* ---- items ---- */

/* `score.items.item` */
static const char *item_name(bonemets_batch *batch, const char *score, const char *item)
{
    static const char between[] = ".items.";
    size_t first = strlen(score), second = strlen(item);
    char *name = bm_arena_take(&batch->arena, first + sizeof between + second);
    if (!name)
        return NULL;
    memcpy(name, score, first);
    memcpy(name + first, between, sizeof between - 1);
    memcpy(name + first + sizeof between - 1, item, second + 1);
    return name;
}

static bool make_items(bonemets_batch *batch, bm_target *target)
{
    const bm_score *score = target->view.score;
    bm_target_item *items = bm_arena_array(&batch->arena, (size_t)score->item_count, sizeof *items);
    for (int i = 0; items && i < score->item_count; i++) {
        items[i].slot = score->items[i].slot;
        items[i].name = item_name(batch, score->id, score->items[i].id);
        if (!items[i].name)
            return false;
    }
    target->items = items;
    return items != NULL;
}

bool bm_batch_show_items(bonemets_batch *batch, bool show)
{
    for (int i = 0; i < batch->target_count; i++) {
        bm_target *target = &batch->targets[i];
        if (show && target->view.score && !target->items && !make_items(batch, target))
            return false;
    }
    for (int i = 0; i < batch->target_count; i++) {
        bm_target *target = &batch->targets[i];
        target->item_count = show && target->view.score ? target->view.score->item_count : 0;
    }
    return true;
}
