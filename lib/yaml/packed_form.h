/* SPDX-License-Identifier: Apache-2.0 */
/* What the writer and the reader of packed trees agree on. Bytes of a tree:
 *
 *     number of nodes
 *     number of shared texts, and these texts: all that occur twice or more, most frequent first
 *     nodes in preorder, each:
 *         head byte: kind, quoted, form of the place of the key, form of the place of the node
 *         of an entry of a map: key, place of the key
 *         place of the node
 *         scalar: text; map or list: number of entries
 *
 * Numbers take 7 bits a byte, lowest first; the upper bit says that more follow. A text is the number
 * of a shared one from 1, or 0 and the text itself. Texts end with a NUL, so that nodes can point at
 * them. Places follow from what stands before them wherever the file is laid out as files usually
 * are, and then take no byte of their own. */
#ifndef BM_YAML_PACKED_FORM_H
#define BM_YAML_PACKED_FORM_H

#include "yaml/tree.h"

enum {
    BM_PACKED_KIND = 3, /* mask */
    BM_PACKED_QUOTED = 4,
    BM_PACKED_KEY_PLACE = 3, /* first of two bits */
    BM_PACKED_NODE_PLACE = 5,
    BM_PACKED_UNUSED = 0x80,
    BM_PACKED_DEEPEST = 200 /* as bm_yaml_read */
};

/* Forms of a place. */
enum {
    BM_PACKED_BESIDE, /* behind the text before and two characters: `, ` or `: ` */
    BM_PACKED_BELOW,  /* where the next line of a block stands */
    BM_PACKED_LATER,  /* as below, but a number of lines further; the number follows */
    BM_PACKED_STATED  /* lines from the text before (signed, lowest bit) and column follow */
};

/* The text or bracket that stands before a place. */
typedef struct {
    int64_t line, column;
    const char *text; /* reaches from there on; empty where `column` is the end already */
    size_t length;
} bm_packed_before;

/* Where a place is expected. */
typedef struct {
    int64_t line;  /* of what stands before */
    int64_t below; /* line of BM_PACKED_BELOW */
    int64_t indent;
} bm_packed_guess;

static inline int64_t bm_packed_beside(const bm_packed_before *before)
{
    int64_t column = before->column + 2;
    for (size_t i = 0; i < before->length; i++) {
        column += ((unsigned char)before->text[i] & 0xc0) != 0x80;
    }
    return column;
}

/* For an entry of a list, the key of an entry of a map, or the root. */
static inline bm_packed_guess bm_packed_guess_entry(const bm_node *entry,
                                                    const bm_packed_before *before)
{
    const bm_node *parent = entry->parent;
    if (parent == NULL) {
        return (bm_packed_guess){.line = 1, .below = 1, .indent = 1};
    }
    return (bm_packed_guess){.line = before->line,
                             .below = entry->number == 1 ? parent->line : before->line + 1,
                             .indent =
                                 (int64_t)parent->column + (parent->kind == BM_SEQUENCE ? 2 : 0)};
}

/* For what belongs to a key. */
static inline bm_packed_guess bm_packed_guess_value(const bm_node *entry)
{
    return (bm_packed_guess){.line = entry->key_line,
                             .below = (int64_t)entry->key_line + 1,
                             .indent = (int64_t)entry->key_column + 2};
}

static inline bm_packed_before bm_packed_behind_key(const bm_node *entry, size_t length)
{
    return (bm_packed_before){entry->key_line, entry->key_column, entry->key, length};
}

/* Behind a scalar, an opening bracket, or both brackets of nothing. */
static inline bm_packed_before bm_packed_behind_node(const bm_node *node)
{
    if (node->kind == BM_SCALAR) {
        return (bm_packed_before){node->line, (int64_t)node->column + (node->quoted ? 2 : 0),
                                  node->text, node->length};
    }
    return (bm_packed_before){node->line, (int64_t)node->column + (node->count > 0 ? -1 : 2), "",
                              0};
}

/* Behind the bracket that closes a map or list with entries. */
static inline void bm_packed_close(bm_packed_before *before)
{
    before->column++;
}

#endif
