/* SPDX-License-Identifier: Apache-2.0 */
#include "base/names.h"

#include <string.h>

enum { FIRST_PLACES = 16, LONGEST_COMPARED = 63 };

void bm_names_init(bm_names *names, bm_arena *arena)
{
    memset(names, 0, sizeof *names);
    names->arena = arena;
}

/* FNV-1a. */
static uint32_t hash_of(const char *name, size_t length)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)name[i]) * 16777619U;
    }
    return hash;
}

static bool same_name(const char *known, const char *name, size_t length)
{
    return strncmp(known, name, length) == 0 && known[length] == '\0';
}

/* The place where the name stands or, if it is unknown, where it would go. */
static bm_name_place *place_of(const bm_names *names, const char *name, size_t length,
                               uint32_t hash)
{
    size_t mask = names->capacity - 1;
    size_t i = hash & mask;
    while (names->places[i].name != NULL) {
        bm_name_place *place = &names->places[i];
        if (place->hash == hash && same_name(place->name, name, length)) {
            return place;
        }
        i = (i + 1) & mask;
    }
    return &names->places[i];
}

static bool make_room(bm_names *names)
{
    if (names->count + 1 <= names->capacity / 4 * 3) {
        return true;
    }
    bm_names larger = *names;
    larger.capacity = names->capacity > 0 ? names->capacity * 2 : FIRST_PLACES;
    larger.places = bm_arena_array(names->arena, larger.capacity, sizeof *larger.places);
    if (larger.places == NULL) {
        return false;
    }
    for (size_t i = 0; i < names->capacity; i++) {
        const bm_name_place *old = &names->places[i];
        if (old->name != NULL) {
            *place_of(&larger, old->name, strlen(old->name), old->hash) = *old;
        }
    }
    *names = larger;
    return true;
}

bool bm_names_add(bm_names *names, const char *name, int32_t value)
{
    if (!make_room(names)) {
        return false;
    }
    size_t length = strlen(name);
    uint32_t hash = hash_of(name, length);
    bm_name_place *place = place_of(names, name, length, hash);
    if (place->name == NULL) {
        *place = (bm_name_place){name, hash, value};
        names->count++;
    }
    return true;
}

int32_t bm_names_find(const bm_names *names, const char *name)
{
    return bm_names_find_bytes(names, name, strlen(name));
}

int32_t bm_names_find_bytes(const bm_names *names, const char *name, size_t length)
{
    if (names->capacity == 0 || memchr(name, '\0', length) != NULL) {
        return -1;
    }
    const bm_name_place *place = place_of(names, name, length, hash_of(name, length));
    return place->name != NULL ? place->value : -1;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* One row of the table of optimal string alignment: distances of `a` up to and including a[i] from
 * every beginning of b. Returns the smallest of them. */
static int next_row(const char *a, size_t i, const char *b, size_t length_b, const int *before_last,
                    const int *last, int *row)
{
    row[0] = (int)i + 1;
    int least = row[0];
    for (size_t j = 0; j < length_b; j++) {
        int best = last[j] + (a[i] != b[j]);
        best = smaller(best, smaller(last[j + 1], row[j]) + 1);
        if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
            best = smaller(best, before_last[j - 1] + 1);
        }
        row[j + 1] = best;
        least = smaller(least, best);
    }
    return least;
}

int bm_edit_distance(const char *a, const char *b, int limit)
{
    size_t length_a = strlen(a), length_b = strlen(b);
    size_t difference = length_a > length_b ? length_a - length_b : length_b - length_a;
    if (strcmp(a, b) == 0) {
        return 0;
    }
    if (limit < 0 || difference > (size_t)limit || length_a > LONGEST_COMPARED ||
        length_b > LONGEST_COMPARED) {
        return limit + 1;
    }
    int rows[3][LONGEST_COMPARED + 1];
    for (size_t j = 0; j <= length_b; j++) {
        rows[2][j] = (int)j;
    }
    for (size_t i = 0; i < length_a; i++) {
        int least = next_row(a, i, b, length_b, rows[(i + 1) % 3], rows[(i + 2) % 3], rows[i % 3]);
        if (least > limit) {
            return limit + 1;
        }
    }
    return smaller(rows[(length_a + 2) % 3][length_b], limit + 1);
}

/* Short names differ by little from anything, so they must come closer. */
static int worthwhile_distance(size_t length)
{
    if (length < 3) {
        return length < 2 ? 0 : 1;
    }
    return length < 6 ? 1 : length < 10 ? 2 : 3;
}

/* Names are lower case: `ECOG` is meant to be `ecog`. */
static void lower_case(const char *name, char lowered[LONGEST_COMPARED + 1])
{
    size_t i = 0;
    for (; name[i] != '\0' && i < LONGEST_COMPARED; i++) {
        bool upper = name[i] >= 'A' && name[i] <= 'Z';
        lowered[i] = (char)(upper ? name[i] - 'A' + 'a' : name[i]);
    }
    lowered[i] = '\0';
}

const char *bm_names_nearest(const bm_names *names, const char *name)
{
    char lowered[LONGEST_COMPARED + 1];
    size_t length = strlen(name);
    if (length > LONGEST_COMPARED) {
        return NULL;
    }
    lower_case(name, lowered);
    const char *nearest = NULL;
    int limit = worthwhile_distance(length);
    for (size_t i = 0; i < names->capacity; i++) {
        const char *known = names->places[i].name;
        if (known == NULL) {
            continue;
        }
        int distance =
            smaller(bm_edit_distance(known, name, limit), bm_edit_distance(known, lowered, limit));
        bool closer = distance < limit || (distance == limit && nearest == NULL);
        if (closer || (distance == limit && strcmp(known, nearest) < 0)) {
            nearest = known;
            limit = distance;
        }
    }
    return nearest;
}
