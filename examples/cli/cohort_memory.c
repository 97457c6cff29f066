/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that grow, and digests. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

int make_room(text *to, size_t length)
{
    if (to->failed) {
        return 0;
    }
    if (to->room - to->used >= length) {
        return 1;
    }
    const size_t room = to->room + to->room / 2 + length + 256;
    char *bytes = realloc(to->bytes, room);
    if (!bytes) {
        to->failed = 1;
        return 0;
    }
    to->bytes = bytes;
    to->room = room;
    return 1;
}

void add(text *to, const void *bytes, size_t length)
{
    if (length > 0 && make_room(to, length)) {
        memcpy(to->bytes + to->used, bytes, length);
        to->used += length;
    }
}

void add_word(text *to, const char *word)
{
    add(to, word, strlen(word));
}

void add_field(text *to, const char *bytes, size_t length)
{
    int quoted = 0;
    for (size_t i = 0; i < length; i++) {
        quoted |= strchr(",;\"\r\n ", bytes[i]) != NULL;
    }
    if (!quoted) {
        add(to, bytes, length);
        return;
    }
    add(to, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        add(to, "\"\"", bytes[i] == '"');
        add(to, bytes + i, 1);
    }
    add(to, "\"", 1);
}

/* ---- digests ---- */

static uint64_t mix(uint64_t state, uint64_t word, uint64_t factor)
{
    state = (state ^ word) * factor;
    return state ^ (state >> 29);
}

static uint64_t word_at(const unsigned char *bytes)
{
    uint64_t word = 0;
    for (int i = 0; i < 8; i++) {
        word |= (uint64_t)bytes[i] << (8 * i);
    }
    return word;
}

/* Sixteen bytes, in two lanes that do not wait for each other. */
static void take(digest *of, const unsigned char *bytes)
{
    of->a = mix(of->a, word_at(bytes), UINT64_C(0x9E3779B97F4A7C15));
    of->b = mix(of->b, word_at(bytes + 8), UINT64_C(0xD6E8FEB86659FD93));
}

void digest_add(digest *of, const void *bytes, size_t length)
{
    const unsigned char *at = bytes, *end = at + length;
    size_t held = of->length % sizeof of->rest;
    of->length += length;
    for (; held > 0 && at < end; at++) {
        of->rest[held++] = *at;
        if (held == sizeof of->rest) {
            take(of, of->rest);
            held = 0;
        }
    }
    for (; end - at >= (ptrdiff_t)sizeof of->rest; at += sizeof of->rest) {
        take(of, at);
    }
    for (; at < end; at++) {
        of->rest[held++] = *at;
    }
}

void digest_word(digest *of, const char *word)
{
    digest_add(of, word ? "=" : "-", 1);
    digest_add(of, word ? word : "", word ? strlen(word) + 1 : 0);
}

/* With what is held, and its length. */
static digest ended(const digest *of)
{
    digest whole = *of;
    unsigned char last[sizeof whole.rest] = {0};
    memcpy(last, of->rest, of->length % sizeof last);
    take(&whole, last);
    for (int i = 0; i < 2; i++) {
        whole.a = mix(whole.a, whole.b + of->length, UINT64_C(0x9E3779B97F4A7C15));
        whole.b = mix(whole.b, whole.a, UINT64_C(0xD6E8FEB86659FD93));
    }
    return whole;
}

uint64_t digest_number(const digest *of)
{
    return ended(of).a;
}

void digest_write(const digest *of, char out[DIGEST_TEXT])
{
    const digest whole = ended(of);
    snprintf(out, DIGEST_TEXT, "%016llx%016llx", (unsigned long long)whole.a,
             (unsigned long long)whole.b);
}
