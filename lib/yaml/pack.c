/* SPDX-License-Identifier: Apache-2.0 */
/* Writes packed trees: those of the library when it is built, and the examples of files that are
 * loaded. */
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "yaml/packed.h"
#include "yaml/packed_form.h"

typedef struct {
    const char *text;
    int32_t uses, first; /* first: how many other texts stand before it */
} used_text;

typedef struct {
    bm_arena *arena;
    unsigned char *bytes;
    size_t size, room;
    bool failed; /* no memory */
    size_t nodes;
    used_text *texts;
    size_t text_count, text_room;
    bm_names numbers; /* first of texts to their index, then of the shared ones to their number */
    bm_packed_before before;
} packer;

static void put_byte(packer *to, unsigned byte)
{
    unsigned char *bytes = bm_arena_grow(to->arena, to->bytes, to->size, &to->room, 1);
    if (bytes == NULL) {
        to->failed = true;
        return;
    }
    to->bytes = bytes;
    bytes[to->size++] = (unsigned char)byte;
}

static void put_number(packer *to, uint64_t number)
{
    for (; number >= 0x80; number >>= 7) {
        put_byte(to, (unsigned)(number & 0x7f) | 0x80);
    }
    put_byte(to, (unsigned)number);
}

static void put_text_itself(packer *to, const char *text)
{
    do {
        put_byte(to, (unsigned char)*text);
    } while (*text++ != '\0');
}

static void put_text(packer *to, const char *text)
{
    int32_t number = bm_names_find(&to->numbers, text);
    put_number(to, number > 0 ? (uint64_t)number : 0);
    if (number <= 0) {
        put_text_itself(to, text);
    }
}

/* ---- which texts are shared ---- */

static void count_text(packer *to, const char *text)
{
    int32_t index = bm_names_find(&to->numbers, text);
    if (index >= 0) {
        to->texts[index].uses++;
        return;
    }
    used_text *texts =
        bm_arena_grow(to->arena, to->texts, to->text_count, &to->text_room, sizeof *texts);
    index = (int32_t)to->text_count;
    if (texts == NULL || !bm_names_add(&to->numbers, text, index)) {
        to->failed = true;
        return;
    }
    to->texts = texts;
    texts[to->text_count++] = (used_text){text, 1, index};
}

static void count_texts(packer *to, const bm_node *node)
{
    to->nodes++;
    if (node->key != NULL) {
        count_text(to, node->key);
    }
    if (node->kind == BM_SCALAR) {
        count_text(to, node->text);
    }
    for (const bm_node *entry = node->first; entry != NULL; entry = entry->next) {
        count_texts(to, entry);
    }
}

static int by_uses(const void *a, const void *b)
{
    const used_text *one = a, *other = b;
    if (one->uses != other->uses) {
        return one->uses > other->uses ? -1 : 1;
    }
    return one->first < other->first ? -1 : 1;
}

/* The most frequent ones first: their numbers take one byte. */
static void put_shared_texts(packer *to)
{
    size_t shared = 0;
    if (to->text_count > 0) {
        qsort(to->texts, to->text_count, sizeof *to->texts, by_uses);
    }
    while (shared < to->text_count && to->texts[shared].uses > 1) {
        shared++;
    }
    bm_names_init(&to->numbers, to->arena);
    put_number(to, shared);
    for (size_t i = 0; i < shared; i++) {
        put_text_itself(to, to->texts[i].text);
        to->failed |= !bm_names_add(&to->numbers, to->texts[i].text, (int32_t)i + 1);
    }
}

/* ---- nodes ---- */

static unsigned form_of(const packer *to, bm_packed_guess guess, int line, int column)
{
    if (line == guess.line && column == bm_packed_beside(&to->before)) {
        return BM_PACKED_BESIDE;
    }
    if (column != guess.indent || line < guess.line) {
        return BM_PACKED_STATED;
    }
    return line == guess.below ? BM_PACKED_BELOW : BM_PACKED_LATER;
}

static void put_place(packer *to, unsigned form, bm_packed_guess guess, int line, int column)
{
    int64_t lines = line - guess.line;
    if (form == BM_PACKED_LATER) {
        put_number(to, (uint64_t)lines);
    } else if (form == BM_PACKED_STATED) {
        put_number(to, lines < 0 ? (uint64_t)-lines << 1 | 1 : (uint64_t)lines << 1);
        put_number(to, (uint64_t)column);
    }
}

static void put_node(packer *to, const bm_node *node);

static void put_content(packer *to, const bm_node *node)
{
    if (node->kind == BM_SCALAR) {
        put_text(to, node->text);
    } else {
        put_number(to, (uint64_t)node->count);
    }
    to->before = bm_packed_behind_node(node);
    for (const bm_node *entry = node->first; entry != NULL; entry = entry->next) {
        put_node(to, entry);
    }
    if (node->count > 0) {
        bm_packed_close(&to->before);
    }
}

static void put_node(packer *to, const bm_node *node)
{
    unsigned head = (unsigned)node->kind | (node->quoted ? BM_PACKED_QUOTED : 0U), form;
    bm_packed_guess guess = bm_packed_guess_entry(node, &to->before);
    size_t at = to->size;
    put_byte(to, 0); /* its place is taken; what it says comes out below */
    if (node->key != NULL) {
        form = form_of(to, guess, node->key_line, node->key_column);
        head |= form << BM_PACKED_KEY_PLACE;
        put_text(to, node->key);
        put_place(to, form, guess, node->key_line, node->key_column);
        to->before = bm_packed_behind_key(node, strlen(node->key));
        guess = bm_packed_guess_value(node);
    }
    form = form_of(to, guess, node->line, node->column);
    head |= form << BM_PACKED_NODE_PLACE;
    put_place(to, form, guess, node->line, node->column);
    if (!to->failed) {
        to->bytes[at] = (unsigned char)head;
    }
    put_content(to, node);
}

bonemets_status bm_packed_write(bm_arena *arena, const bm_node *root, const unsigned char **out,
                                size_t *size)
{
    packer to = {.arena = arena};
    bm_names_init(&to.numbers, arena);
    count_texts(&to, root);
    if (!to.failed) {
        put_number(&to, to.nodes);
        put_shared_texts(&to);
        put_node(&to, root);
    }
    *out = to.failed ? NULL : to.bytes;
    *size = to.failed ? 0 : to.size;
    return to.failed ? BONEMETS_E_MEMORY : BONEMETS_OK;
}

const bm_node *bm_tree_take_out(bm_arena *arena, const bm_node *root, const char *key)
{
    const bm_node *found = bm_node_get(root, key);
    bm_node *alone = found != NULL ? bm_arena_take(arena, sizeof *alone) : NULL;
    if (alone == NULL) {
        return NULL;
    }
    *alone = *root;
    bm_node **at = &alone->first; /* the entries, by pointers that may be written */
    while (*at != found) {
        at = &(*at)->next;
    }
    bm_node *entry = *at;
    if (entry == root->first) {
        ((bm_node *)root)->first = entry->next;
    } else {
        *at = entry->next;
    }
    for (bm_node *later = entry->next; later != NULL; later = later->next) {
        later->number--;
    }
    ((bm_node *)root)->count--;
    alone->first = entry;
    alone->count = entry->number = 1;
    alone->next = entry->next = NULL;
    entry->parent = alone;
    return alone;
}
