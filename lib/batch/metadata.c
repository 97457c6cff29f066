/* SPDX-License-Identifier: Apache-2.0 */
/* The key-value pairs of an Arrow schema: their number, then each key and value behind its length,
 * all lengths as 32 bits of the machine. */
#include <string.h>

#include "batch/batch.h"

static int32_t take_length(const char **at)
{
    int32_t length;
    memcpy(&length, *at, sizeof length);
    *at += sizeof length;
    return length;
}

bool bm_metadata_find(const char *metadata, const char *key, bm_arena *arena, const char **out)
{
    *out = NULL;
    if (!metadata)
        return true;
    size_t wanted = strlen(key);
    int32_t count = take_length(&metadata);
    for (int32_t i = 0; i < count; i++) {
        int32_t key_length = take_length(&metadata);
        if (key_length < 0)
            return true;
        const char *name = metadata;
        metadata += key_length;
        int32_t length = take_length(&metadata);
        if (length < 0)
            return true;
        if ((size_t)key_length == wanted && memcmp(name, key, wanted) == 0) {
            *out = bm_arena_text(arena, metadata, (size_t)length);
            return *out != NULL;
        }
        metadata += length;
    }
    return true;
}

static size_t put(const void *bytes, size_t length, char *out, size_t at)
{
    if (out && length)
        memcpy(out + at, bytes, length);
    return at + length;
}

static size_t put_text(const char *text, char *out, size_t at)
{
    int32_t length = (int32_t)strlen(text);
    at = put(&length, sizeof length, out, at);
    return put(text, (size_t)length, out, at);
}

size_t bm_metadata_write(const char *const *pairs, int count, char *out)
{
    int32_t number = count;
    size_t at = put(&number, sizeof number, out, 0);
    for (int i = 0; i < 2 * count; i++)
        at = put_text(pairs[i], out, at);
    return at;
}

size_t bm_metadata_size(const char *metadata)
{
    const char *at = metadata;
    int32_t count = metadata ? take_length(&at) : 0;
    for (int64_t i = 0; i < 2 * (int64_t)count; i++) {
        int32_t length = take_length(&at);
        if (length < 0)
            return 0;
        at += length;
    }
    return count > 0 ? (size_t)(at - metadata) : 0;
}
