/* SPDX-License-Identifier: Apache-2.0 */
/* Patients whose lines do not follow each other: digests of the keys are remembered, up to a limit, so
 * that memory does not grow with the file. */
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { FIRST_ROOM = 1024, MOST_ROOM = 1 << 22, MOST_SEEN = MOST_ROOM / 2 };

/* The place of a digest, or the free one where it belongs. 0 marks a free place. */
static size_t place_of(const seen *all, uint64_t key)
{
    size_t at = (size_t)(key >> 32) & (all->room - 1);
    while (all->keys[at] != 0 && all->keys[at] != key) {
        at = (at + 1) & (all->room - 1);
    }
    return at;
}

static int grow(seen *all)
{
    const seen before = *all;
    all->room = before.room > 0 ? before.room * 2 : FIRST_ROOM;
    all->keys = calloc(all->room, sizeof *all->keys);
    if (!all->keys) {
        *all = before;
        return 0;
    }
    for (size_t i = 0; i < before.room; i++) {
        if (before.keys[i] != 0) {
            all->keys[place_of(all, before.keys[i])] = before.keys[i];
        }
    }
    free(before.keys);
    return 1;
}

int was_seen(seen *all, uint64_t key)
{
    key += key == 0;
    if (all->room > 0 && all->keys[place_of(all, key)] == key) {
        return 1;
    }
    if (all->count >= MOST_SEEN || (all->count >= all->room / 2 && !grow(all))) {
        all->passed = 1;
        return 0;
    }
    all->keys[place_of(all, key)] = key;
    all->count++;
    return 0;
}

void forget_seen(seen *all)
{
    free(all->keys);
    *all = (seen){0};
}
