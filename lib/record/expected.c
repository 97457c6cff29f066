/* SPDX-License-Identifier: Apache-2.0 */
/* What a fact takes, in words. */
#include <float.h>
#include <string.h>

#include "base/instant.h"
#include "record/statement.h"

enum { LONGEST_LIST = 240, MOST_ALIKE = 8, LONGEST_BEGINNING = 4 };

static void put_between(bm_text *text, const char *separator, bool *first)
{
    if (!*first) {
        bm_put(text, separator);
    }
    *first = false;
}

static bool is_alike(const char *option, const char *like)
{
    size_t length = strlen(like);
    if (length == 0) {
        return false;
    }
    return strncmp(option, like, length < LONGEST_BEGINNING ? length : LONGEST_BEGINNING) == 0;
}

static void put_alike(bm_text *text, const bm_codes *codes, const char *like)
{
    int count = 0;
    bool first = true;
    bm_put_format(text, "%d options", codes->count);
    for (int i = 0; i < codes->count && like != NULL && count < MOST_ALIKE; i++) {
        if (is_alike(codes->ids[i], like)) {
            bm_put(text, count++ == 0 ? ", among them " : "");
            put_between(text, ", ", &first);
            bm_put(text, codes->ids[i]);
        }
    }
}

static void put_codes(bm_text *text, const bm_codes *codes, const char *like)
{
    size_t length = 0;
    bool first = true;
    for (int i = 0; i < codes->count; i++) {
        length += strlen(codes->ids[i]) + 2;
    }
    if (length > LONGEST_LIST) {
        put_alike(text, codes, like);
        return;
    }
    for (int i = 0; i < codes->count; i++) {
        put_between(text, ", ", &first);
        bm_put(text, codes->ids[i]);
    }
}

static void put_range(bm_text *text, const bm_type *type)
{
    if (type->low > -DBL_MAX && type->high < DBL_MAX) {
        bm_put_format(text, " in %n..%n", type->low, type->high);
    } else if (type->low > -DBL_MAX) {
        bm_put_format(text, " from %n", type->low);
    } else if (type->high < DBL_MAX) {
        bm_put_format(text, " up to %n", type->high);
    }
}

static void put_instant_expected(bm_text *text, const bm_type *type)
{
    bm_put(text, "a date and time such as ");
    bm_put_instant(text, type->low);
    if (type->low > -DBL_MAX && type->high < DBL_MAX) {
        bm_put(text, ", from then to ");
        bm_put_instant(text, type->high);
    }
}

static void put_number_expected(bm_text *text, const bm_fact *fact)
{
    const bm_type *type = &fact->type;
    bool first = true;
    if (bm_is_instant(type)) {
        put_instant_expected(text, type);
        return;
    }
    bm_put(text, type->whole ? "a whole number" : "a number");
    put_range(text, type);
    if (type->unit != NULL && strcmp(type->unit, "1") != 0) {
        bm_put_format(text, " %s", type->unit);
    }
    if (fact->step > 0) {
        bm_put_format(text, " in steps of %n", fact->step);
    }
    for (int i = 0; i < type->unit_count; i++) {
        if (type->unit == NULL || strcmp(type->units[i].unit, type->unit) != 0) {
            bm_put(text, first ? ", also in " : "");
            put_between(text, ", ", &first);
            bm_put(text, type->units[i].unit);
        }
    }
}

void bm_put_expected(bm_text *text, const bm_fact *fact, const char *like)
{
    switch (fact->type.base) {
    case BM_BOOL:
        bm_put(text, "yes or no");
        break;
    case BM_NUMBER:
        put_number_expected(text, fact);
        break;
    case BM_SET:
        bm_put(text, "a list of members out of ");
        put_codes(text, fact->type.codes, like);
        break;
    case BM_CODE:
    case BM_OUTCOME:
        bm_put(text, "one of ");
        put_codes(text, fact->type.codes, like);
        break;
    }
}
