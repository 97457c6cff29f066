/* SPDX-License-Identifier: Apache-2.0 */
#include "guideline/read_codes.h"

#include <string.h>

#include "base/text.h"
#include "guideline/read_scalar.h"

enum { LONGEST_LIST = 240 };

bool bm_codes_start(bm_reader *reader, bm_codes *codes, int room)
{
    bm_names_init(&codes->index, reader->arena);
    codes->ids = bm_reader_array(reader, (size_t)room, sizeof *codes->ids);
    codes->labels = bm_reader_array(reader, (size_t)room, sizeof *codes->labels);
    return codes->ids != NULL && codes->labels != NULL;
}

bool bm_codes_add(bm_reader *reader, bm_codes *codes, const char *id, const char *label)
{
    if (!bm_names_add(&codes->index, id, codes->count)) {
        bm_reader_lack_memory(reader);
        return false;
    }
    codes->ids[codes->count] = id;
    codes->labels[codes->count++] = label;
    return true;
}

static bool is_reserved(const char *text)
{
    static const char *const words[] = {"ask", "true", "false", "null"};
    return bm_entry_find(words, sizeof words / sizeof words[0], sizeof words[0], text) >= 0;
}

static bool check_option(bm_reader *reader, const bm_node *node, const char *text)
{
    if (is_reserved(text)) {
        return bm_reader_fail_key(reader, node,
                                  "%q is a word of the language; it cannot be an option", text);
    }
    return bm_is_option(text) ||
           bm_reader_fail_key(reader, node,
                              "%q is no option: small letters, digits and underscores, or a "
                              "vertebra such as T12",
                              text);
}

static void read_option(bm_reader *reader, const bm_node *node, bm_codes *codes)
{
    const char *id = node->key, *label = NULL;
    if (id == NULL && !bm_scalar_text(reader, node, "an option", &id)) {
        return;
    }
    check_option(reader, node, id);
    if (bm_names_find(&codes->index, id) >= 0) {
        bm_reader_fail(reader, node, "%q stands here twice", id);
        return;
    }
    if (node->key != NULL) {
        bm_scalar_text(reader, node, "a label", &label);
    }
    bm_default_label(reader, &label, id);
    bm_codes_add(reader, codes, id, label);
}

void bm_read_codes(bm_reader *reader, const bm_node *node, int most, bm_codes *codes)
{
    bool fits = node->kind != BM_SCALAR && node->count > 0;
    if (!bm_codes_start(reader, codes, fits ? node->count : 0)) {
        return;
    }
    if (!fits) {
        bm_reader_expected(reader, node, "options, as a map of labels or a list");
        return;
    }
    if (node->count > most) {
        bm_reader_fail(reader, node, "%d options; at most %d are possible", node->count, most);
    }
    for (const bm_node *entry = node->first; entry != NULL; entry = entry->next) {
        if (bm_reader_stopped(reader)) {
            return;
        }
        read_option(reader, entry, codes);
    }
}

static void list_options(const bm_codes *codes, char list[LONGEST_LIST])
{
    bm_text text;
    bm_text_init(&text, list, LONGEST_LIST);
    for (int i = 0; i < codes->count; i++) {
        if (text.length + strlen(codes->ids[i]) + 8 > LONGEST_LIST) {
            bm_put(&text, ", \xe2\x80\xa6");
            return;
        }
        bm_put_format(&text, i > 0 ? ", %s" : "%s", codes->ids[i]);
    }
}

typedef bool fail_function(bm_reader *, const bm_node *, const char *, ...);

static fail_function *failing(bool at_key)
{
    return at_key ? bm_reader_fail_key : bm_reader_fail;
}

static bool no_such_option(bm_reader *reader, const bm_node *node, bool at_key, const char *option,
                           const bm_codes *codes)
{
    fail_function *fail = failing(at_key);
    char list[LONGEST_LIST];
    const char *nearest = bm_names_nearest(&codes->index, option);
    if (nearest != NULL) {
        return fail(reader, node, "there is no option %q; did you mean %q?", option, nearest);
    }
    list_options(codes, list);
    return fail(reader, node, "there is no option %q; expected one of: %s", option, list);
}

static int expect(bm_reader *reader, const bm_node *node, bool at_key, const char *option,
                  const bm_codes *codes)
{
    int number = bm_entry_find(codes->ids, codes->count, sizeof *codes->ids, option);
    int spelling = bm_names_find(&codes->index, option);
    if (number >= 0) {
        return number;
    }
    if (spelling >= 0) {
        const char *id = codes->ids[spelling];
        failing(at_key)(reader, node, "%q is another spelling of %q; write %q", option, id, id);
    } else {
        no_such_option(reader, node, at_key, option, codes);
    }
    return -1;
}

static int expect_of(bm_reader *reader, const bm_node *node, bool at_key, const char *option,
                     const bm_codes *codes)
{
    const char *flag_ids[] = {"no", "yes"};
    const bm_codes flag = {.ids = flag_ids, .count = 2};
    return expect(reader, node, at_key, option, codes != NULL ? codes : &flag);
}

int bm_codes_expect(bm_reader *reader, const bm_node *node, const char *option,
                    const bm_codes *codes)
{
    return expect_of(reader, node, false, option, codes);
}

int bm_codes_expect_key(bm_reader *reader, const bm_node *node, const bm_codes *codes)
{
    return expect_of(reader, node, true, node->key, codes);
}
