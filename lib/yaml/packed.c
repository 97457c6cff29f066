/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/packed.h"

#include <string.h>

#include "yaml/packed_form.h"

enum { LONGEST_NUMBER = 5, LEAST_NODE = 2 /* bytes */ };

typedef struct {
    const char *text;
    size_t length;
} packed_text;

typedef struct {
    const unsigned char *at, *end;
    bool broken;
    packed_text *shared;
    size_t shared_count;
    bm_packed_before before;
    bm_node *open[BM_PACKED_DEEPEST]; /* maps and lists with entries to come, outermost first */
    int depth;
} unpacker;

static unsigned take_byte(unpacker *from)
{
    if (from->at == from->end) {
        from->broken = true;
        return 0;
    }
    return *from->at++;
}

static uint64_t take_number(unpacker *from)
{
    uint64_t number = 0;
    for (int i = 0; i < LONGEST_NUMBER; i++) {
        unsigned byte = take_byte(from);
        number |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            return number;
        }
    }
    from->broken = true;
    return 0;
}

/* A number of things that take `least` bytes each at the least; no more than could follow. */
static size_t take_count(unpacker *from, size_t least)
{
    uint64_t count = take_number(from);
    if (count > (size_t)(from->end - from->at) / least) {
        from->broken = true;
        return 0;
    }
    return (size_t)count;
}

static packed_text take_text_itself(unpacker *from)
{
    size_t left = (size_t)(from->end - from->at);
    const unsigned char *nul = left > 0 ? memchr(from->at, '\0', left) : NULL;
    if (nul == NULL) {
        from->broken = true;
        return (packed_text){"", 0};
    }
    packed_text text = {(const char *)from->at, (size_t)(nul - from->at)};
    from->at = nul + 1;
    return text;
}

static packed_text take_text(unpacker *from)
{
    uint64_t number = take_number(from);
    if (number == 0) {
        return take_text_itself(from);
    }
    if (number > from->shared_count) {
        from->broken = true;
        return (packed_text){"", 0};
    }
    return from->shared[number - 1];
}

static int64_t take_signed(unpacker *from)
{
    uint64_t number = take_number(from);
    int64_t size = (int64_t)(number >> 1);
    return number & 1 ? -size : size;
}

static void take_place(unpacker *from, unsigned form, bm_packed_guess guess, int *line, int *column)
{
    int64_t at_line = guess.line, at_column = guess.indent;
    switch (form & 3) {
    case BM_PACKED_BESIDE:
        at_column = bm_packed_beside(&from->before);
        break;
    case BM_PACKED_BELOW:
        at_line = guess.below;
        break;
    case BM_PACKED_LATER:
        at_line += (int64_t)take_number(from);
        break;
    default:
        at_line += take_signed(from);
        at_column = (int64_t)take_number(from);
        break;
    }
    if (at_line < 1 || at_line > INT32_MAX || at_column < 1 || at_column > INT32_MAX) {
        from->broken = true;
        return;
    }
    *line = (int)at_line;
    *column = (int)at_column;
}

static void take_content(unpacker *from, bm_node *node, size_t nodes_left)
{
    if (node->kind == BM_SCALAR) {
        packed_text text = take_text(from);
        node->text = text.text;
        node->length = text.length;
        return;
    }
    uint64_t count = take_number(from);
    if (count > nodes_left || count > INT32_MAX || from->depth == BM_PACKED_DEEPEST) {
        from->broken = true;
        return;
    }
    node->count = (int)count;
}

/* `nodes_left`: how many may follow. */
static void take_node(unpacker *from, bm_node *node, size_t nodes_left)
{
    unsigned head = take_byte(from), kind = head & BM_PACKED_KIND;
    bm_packed_guess guess = bm_packed_guess_entry(node, &from->before);
    if (kind > BM_MAP || (head & BM_PACKED_UNUSED)) {
        from->broken = true;
        return;
    }
    node->kind = (bm_node_kind)kind;
    node->quoted = kind == BM_SCALAR && (head & BM_PACKED_QUOTED);
    if (node->parent != NULL && node->parent->kind == BM_MAP) {
        packed_text key = take_text(from);
        node->key = key.text;
        take_place(from, head >> BM_PACKED_KEY_PLACE, guess, &node->key_line, &node->key_column);
        from->before = bm_packed_behind_key(node, key.length);
        guess = bm_packed_guess_value(node);
    }
    take_place(from, head >> BM_PACKED_NODE_PLACE, guess, &node->line, &node->column);
    take_content(from, node, nodes_left);
    from->before = bm_packed_behind_node(node);
}

/* Opens a map or list with entries; else closes all that end with this node. Returns the entry
 * behind which the next node stands in the innermost open one, or NULL. */
static bm_node *open_or_close(unpacker *from, bm_node *node)
{
    if (node->count > 0) {
        from->open[from->depth++] = node;
        return NULL;
    }
    while (from->depth > 0 && node->number == from->open[from->depth - 1]->count) {
        node = from->open[--from->depth];
        bm_packed_close(&from->before);
    }
    return node;
}

static void take_nodes(unpacker *from, bm_node *nodes, size_t count)
{
    bm_node *previous = NULL;
    for (size_t i = 0; i < count && !from->broken; i++) {
        bm_node *node = &nodes[i];
        if (from->depth > 0) {
            bm_node *parent = from->open[from->depth - 1];
            node->parent = parent;
            node->number = previous != NULL ? previous->number + 1 : 1;
            *(previous != NULL ? &previous->next : &parent->first) = node;
        } else if (i > 0) {
            from->broken = true; /* nodes behind the end of the root */
            return;
        }
        take_node(from, node, count - i - 1);
        if (!from->broken) {
            previous = open_or_close(from, node);
        }
    }
    from->broken |= from->depth > 0 || from->at != from->end;
}

static bonemets_status take_tree(unpacker *from, bm_arena *arena, size_t count, const bm_node **out)
{
    for (size_t i = 0; i < from->shared_count && !from->broken; i++) {
        from->shared[i] = take_text_itself(from);
    }
    if (from->broken) {
        return BONEMETS_E_YAML;
    }
    bm_node *nodes = bm_arena_array(arena, count, sizeof *nodes);
    if (nodes == NULL) {
        return BONEMETS_E_MEMORY;
    }
    take_nodes(from, nodes, count);
    if (from->broken) {
        return BONEMETS_E_YAML;
    }
    *out = nodes;
    return BONEMETS_OK;
}

bonemets_status bm_packed_read(bm_arena *arena, const unsigned char *bytes, size_t size,
                               const bm_node **out)
{
    unpacker from = {.at = bytes, .end = bytes + size};
    *out = NULL;
    size_t count = take_count(&from, LEAST_NODE);
    from.shared_count = take_count(&from, 1);
    if (from.broken || count == 0 || from.shared_count > SIZE_MAX / sizeof *from.shared) {
        return BONEMETS_E_YAML;
    }
    size_t needed = from.shared_count * sizeof *from.shared;
    from.shared = bm_take(&arena->memory, needed);
    if (from.shared == NULL) {
        return BONEMETS_E_MEMORY;
    }
    bonemets_status status = take_tree(&from, arena, count, out);
    bm_give_back(&arena->memory, from.shared, needed);
    return status;
}
