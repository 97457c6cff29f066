/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of R as a schema of Arrow. All memory is R's and goes away with the routine. */
#include "bonemets_r.h"

static void release_nothing(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static const char *format_of(const column *one)
{
    switch (one->form) {
    case AS_TRUTHS:
        return "b";
    case AS_INTEGERS:
        return "i";
    case AS_DOUBLES:
        return "g";
    case AS_KEYS:
        return one->short_keys ? "C" : "i";
    default:
        return "n";
    }
}

static struct ArrowSchema *new_schema(const char *format, const char *name, int children)
{
    struct ArrowSchema *out = (void *)R_alloc(1, sizeof *out);
    *out = (struct ArrowSchema){.format = format,
                                .name = name,
                                .flags = ARROW_FLAG_NULLABLE,
                                .n_children = children,
                                .release = release_nothing};
    if (children)
        out->children = (void *)R_alloc((size_t)children, sizeof *out->children);
    return out;
}

struct ArrowSchema *schema_of(const column *columns, int count)
{
    struct ArrowSchema *out = new_schema("+s", "", count);
    for (int i = 0; i < count; i++) {
        out->children[i] = new_schema(format_of(&columns[i]), columns[i].name, 0);
        if (columns[i].form == AS_KEYS)
            out->children[i]->dictionary = new_schema("u", "", 0);
    }
    return out;
}
