/* SPDX-License-Identifier: Apache-2.0 */
/* Units as people write them: capitals and the two code points of micro do not matter, and a
 * vocabulary lists further spellings. Tables themselves take the unit alone. */
#include <string.h>

#include "engine/compile.h"
#include "record/statement.h"

static const bm_unit as_it_is = {.unit = "1", .factor = 1};

static bool without_unit(const char *unit)
{
    return unit == NULL || strcmp(unit, "1") == 0;
}

/* The next letter, small, with U+00B5 and U+03BC as u; 0 at the end. */
static char next_letter(const char **text)
{
    static const char micro[] = "\xc2\xb5", mu[] = "\xce\xbc";
    const char *at = *text;
    if (strncmp(at, micro, 2) == 0 || strncmp(at, mu, 2) == 0) {
        *text += 2;
        return 'u';
    }
    *text += *at != '\0';
    return (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
}

bool bm_unit_alike(const char *a, const char *b)
{
    char letter;
    do {
        letter = next_letter(&a);
        if (letter != next_letter(&b)) {
            return false;
        }
    } while (letter != '\0');
    return true;
}

/* As the fact names it. */
static const bm_unit *exactly(const bm_type *type, const char *unit)
{
    if (type->unit != NULL && strcmp(unit, type->unit) == 0) {
        return &as_it_is;
    }
    return bm_type_unit(type, unit);
}

/* The one unit that is written so but for capitals; none when there are two. */
static const bm_unit *nearly(const bm_type *type, const char *unit)
{
    const bm_unit *found = NULL;
    for (int i = 0; i < type->unit_count; i++) {
        if (bm_unit_alike(type->units[i].unit, unit)) {
            if (found != NULL) {
                return NULL;
            }
            found = &type->units[i];
        }
    }
    return found;
}

static const bm_unit *spelled(const bm_fact *fact, const char *unit)
{
    for (int i = 0; fact->spellings != NULL && i < fact->spellings->count; i++) {
        const bm_pair *spelling = &fact->spellings->items[i];
        if (bm_unit_alike(spelling->key, unit) && exactly(&fact->type, spelling->value) != NULL) {
            return exactly(&fact->type, spelling->value);
        }
    }
    return NULL;
}

static bool is_counted_in(const bm_fact *fact, const char *unit)
{
    for (int i = 0; i < fact->counted.count; i++) {
        if (bm_unit_alike(fact->counted.items[i], unit)) {
            return true;
        }
    }
    return false;
}

const bm_unit *bm_statement_unit(const bm_fact *fact, const char *unit)
{
    const bm_type *type = &fact->type;
    if (bm_is_instant(type)) {
        return unit != NULL && strcmp(unit, bm_type_unit_name(type)) == 0 ? &as_it_is : NULL;
    }
    if (without_unit(unit)) {
        return type->whole || without_unit(type->unit) ? &as_it_is : NULL;
    }
    const bm_unit *found = exactly(type, unit);
    found = found != NULL ? found : nearly(type, unit);
    found = found != NULL ? found : spelled(fact, unit);
    return found == NULL && is_counted_in(fact, unit) ? &as_it_is : found;
}
