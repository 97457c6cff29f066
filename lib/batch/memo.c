/* SPDX-License-Identifier: Apache-2.0 */
/* Rows with missing cells come again: what the bounds evaluator said of one is kept, in one place
 * for each hash, and dropped when another row needs the place. Where few rows come again, looking
 * is given up. */
#include <string.h>

#include "batch/batch.h"

enum {
    LONGEST_KEY = 256,
    LONGEST_ANSWER = 1024,
    MOST_PLACES = 1 << 16,
    TRIAL = 8192,
    LEAST_HITS = 8
};

static const size_t most_bytes = (size_t)4 << 20;

struct bm_memo {
    size_t key_size, answer_size; /* the key in words, its first byte 0 while the place is free */
    size_t places;                /* a power of two */
    uint64_t looked, found;
    char *bytes;
    uint64_t key[LONGEST_KEY / 8]; /* of the row that was looked for */
};

typedef struct {
    double low, high;
    int8_t state, code, assumed;
} kept_answer;

static size_t key_size(const bonemets_batch *batch)
{
    size_t size = 2; /* in use; kinds that have a record */
    for (int n = 0; n < batch->input_count; n++) {
        const bm_batch_input *input = &batch->inputs[n];
        bool wide = input->base == BM_NUMBER || input->base == BM_SET;
        size += input->needed ? wide ? 9 : 1 : 0;
    }
    return (size + 7) / 8 * 8;
}

static size_t answer_size(const bonemets_batch *batch)
{
    size_t size = 0;
    for (int n = 0; n < batch->target_count; n++)
        size += sizeof(kept_answer) + (size_t)batch->targets[n].item_count * 2 * sizeof(double);
    return size;
}

/* The items of a target in a row, to or from what is kept. */
static char *move_items(const bm_target *target, size_t row, char *kept, bool keep)
{
    for (int i = 0; i < target->item_count; i++) {
        double *ends[2] = {&target->items[i].low[row], &target->items[i].high[row]};
        for (int e = 0; e < 2; e++, kept += sizeof(double))
            memcpy(keep ? (void *)kept : ends[e], keep ? (void *)ends[e] : kept, sizeof(double));
    }
    return kept;
}

bm_memo *bm_memo_new(bonemets_batch *batch, bool *failed)
{
    size_t key = key_size(batch);
    size_t answer = answer_size(batch);
    if (key > LONGEST_KEY || answer > LONGEST_ANSWER)
        return NULL;
    bm_memo *memo = bm_arena_take(&batch->bound, sizeof *memo);
    size_t places = MOST_PLACES;
    while (places * (key + answer) > most_bytes)
        places /= 2;
    char *bytes = memo ? bm_arena_array(&batch->bound, places, key + answer) : NULL;
    *failed = bytes == NULL;
    if (*failed)
        return NULL;
    *memo = (bm_memo){.key_size = key, .answer_size = answer, .places = places, .bytes = bytes};
    return memo;
}

static size_t put_input(const bm_batch_input *input, size_t i, uint8_t *key)
{
    if (!input->says) {
        *key = ((const uint8_t *)input->values)[i];
        return 1;
    }
    key[0] = input->says[i] == BM_CELL_NULL;
    if (key[0])
        memset(key + 1, 0, 8);
    else
        memcpy(key + 1, (const char *)input->values + 8 * i, 8);
    return 9;
}

/* False for a row that is known in part: those hardly come again. */
static bool put_key(const bonemets_batch *batch, size_t i, uint8_t *key)
{
    size_t at = 2;
    key[0] = 1;
    key[1] = 0;
    for (int k = 1; k < BM_KINDS; k++)
        key[1] |= (uint8_t)((batch->there[k] && batch->there[k][i]) << k);
    for (int n = 0; n < batch->input_count; n++) {
        if (!batch->inputs[n].needed)
            continue;
        if (bm_input_says(&batch->inputs[n], i) == BM_CELL_PARTLY)
            return false;
        at += put_input(&batch->inputs[n], i, key + at);
    }
    return true;
}

static size_t hash_of(const uint64_t *key, size_t words)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < words; i++) {
        hash = (hash ^ key[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return (size_t)(hash >> 20);
}

void *bm_memo_find(bonemets_batch *batch, size_t i, bool *found)
{
    bm_memo *memo = batch->memo;
    memo->key[memo->key_size / 8 - 1] = 0;
    if (!put_key(batch, i, (uint8_t *)memo->key))
        return NULL;
    if (memo->looked++ % TRIAL == TRIAL - 1) {
        if (memo->found < TRIAL / LEAST_HITS) {
            batch->memo = NULL;
            batch->no_memo = true;
            return NULL;
        }
        memo->found = 0;
    }
    size_t at = hash_of(memo->key, memo->key_size / 8) & (memo->places - 1);
    char *place = memo->bytes + at * (memo->key_size + memo->answer_size);
    *found = memcmp(place, memo->key, memo->key_size) == 0;
    memo->found += *found;
    return place;
}

void bm_memo_keep(const bonemets_batch *batch, void *place, size_t row)
{
    const bm_memo *memo = batch->memo;
    char *answer = (char *)place + memo->key_size;
    memcpy(place, memo->key, memo->key_size);
    for (int n = 0; n < batch->target_count; n++) {
        const bm_target *target = &batch->targets[n];
        bool number = !target->view.choice;
        kept_answer kept = {.low = number ? target->low[row] : 0,
                            .high = number ? target->high[row] : 0,
                            .state = target->state[row],
                            .code = target->code[row],
                            .assumed = target->assumed[row]};
        memcpy(answer, &kept, sizeof kept);
        answer = move_items(target, row, answer + sizeof kept, true);
    }
}

void bm_memo_take(const bonemets_batch *batch, void *place, size_t row)
{
    char *answer = (char *)place + batch->memo->key_size;
    for (int n = 0; n < batch->target_count; n++) {
        const bm_target *target = &batch->targets[n];
        kept_answer kept;
        memcpy(&kept, answer, sizeof kept);
        if (!target->view.choice) {
            target->low[row] = kept.low;
            target->high[row] = kept.high;
        }
        target->state[row] = kept.state;
        target->code[row] = kept.code;
        target->assumed[row] = kept.assumed;
        answer = move_items(target, row, answer + sizeof kept, false);
    }
}
