/* SPDX-License-Identifier: Apache-2.0 */
/* Arrow structs have one owner; here they get several. A view repeats the structs and shares the
 * buffers and texts. It may be released by any thread, so nothing here needs the interpreter. */
#include <stdatomic.h>
#include <stdlib.h>

#include "core.h"

/* ---- arrays ---- */

struct core_shared_array {
    atomic_int references;
    struct ArrowArray array;
};

core_shared_array *core_share_array(struct ArrowArray *array)
{
    core_shared_array *shared = malloc(sizeof *shared);
    if (!shared) {
        array->release(array);
        return NULL;
    }
    atomic_init(&shared->references, 1);
    shared->array = *array;
    array->release = NULL;
    return shared;
}

core_shared_array *core_array_ref(core_shared_array *shared)
{
    atomic_fetch_add(&shared->references, 1);
    return shared;
}

void core_array_unref(core_shared_array *shared)
{
    if (!shared || atomic_fetch_sub(&shared->references, 1) > 1)
        return;
    if (shared->array.release)
        shared->array.release(&shared->array);
    free(shared);
}

const struct ArrowArray *core_array_of(const core_shared_array *shared)
{
    return &shared->array;
}

/* Behind the view of one struct: its children and its dictionary, the last part. */
typedef struct {
    core_shared_array *root;
    struct ArrowArray **pointers;
    struct ArrowArray parts[];
} array_view;

static void release_array(struct ArrowArray *array)
{
    array_view *view = array->private_data;
    for (int64_t i = 0; i <= array->n_children; i++)
        if (view->parts[i].release)
            view->parts[i].release(&view->parts[i]);
    core_array_unref(view->root);
    free(view->pointers);
    free(view);
    array->release = NULL;
}

static int view_array(core_shared_array *root, const struct ArrowArray *from,
                      struct ArrowArray *out)
{
    if (from->n_children < 0 || (from->n_children && !from->children))
        return 0;
    size_t parts = (size_t)from->n_children + 1;
    array_view *view = calloc(1, sizeof *view + parts * sizeof *view->parts);
    struct ArrowArray **pointers = calloc(parts, sizeof(struct ArrowArray *));
    if (!view || !pointers) {
        free(view);
        free(pointers);
        return 0;
    }
    view->root = core_array_ref(root);
    view->pointers = pointers;
    *out = *from;
    out->children = from->n_children ? pointers : NULL;
    out->dictionary = from->dictionary ? &view->parts[from->n_children] : NULL;
    out->release = release_array;
    out->private_data = view;
    int fine = 1;
    for (int64_t i = 0; i < from->n_children && fine; i++) {
        pointers[i] = &view->parts[i];
        fine = from->children[i] && view_array(root, from->children[i], pointers[i]);
    }
    if (fine && from->dictionary)
        fine = view_array(root, from->dictionary, out->dictionary);
    if (!fine)
        release_array(out);
    return fine;
}

int core_array_view(core_shared_array *shared, struct ArrowArray *out)
{
    return view_array(shared, &shared->array, out);
}

/* ---- schemas ---- */

struct core_shared_schema {
    atomic_int references;
    struct ArrowSchema schema;
};

core_shared_schema *core_share_schema(struct ArrowSchema *schema)
{
    core_shared_schema *shared = malloc(sizeof *shared);
    if (!shared) {
        schema->release(schema);
        return NULL;
    }
    atomic_init(&shared->references, 1);
    shared->schema = *schema;
    schema->release = NULL;
    return shared;
}

core_shared_schema *core_schema_ref(core_shared_schema *shared)
{
    atomic_fetch_add(&shared->references, 1);
    return shared;
}

void core_schema_unref(core_shared_schema *shared)
{
    if (!shared || atomic_fetch_sub(&shared->references, 1) > 1)
        return;
    if (shared->schema.release)
        shared->schema.release(&shared->schema);
    free(shared);
}

const struct ArrowSchema *core_schema_of(const core_shared_schema *shared)
{
    return &shared->schema;
}

typedef struct {
    core_shared_schema *root;
    struct ArrowSchema **pointers;
    struct ArrowSchema parts[];
} schema_view;

static void release_schema(struct ArrowSchema *schema)
{
    schema_view *view = schema->private_data;
    for (int64_t i = 0; i <= schema->n_children; i++)
        if (view->parts[i].release)
            view->parts[i].release(&view->parts[i]);
    core_schema_unref(view->root);
    free(view->pointers);
    free(view);
    schema->release = NULL;
}

static int view_schema(core_shared_schema *root, const struct ArrowSchema *from,
                       struct ArrowSchema *out)
{
    if (from->n_children < 0 || (from->n_children && !from->children))
        return 0;
    size_t parts = (size_t)from->n_children + 1;
    schema_view *view = calloc(1, sizeof *view + parts * sizeof *view->parts);
    struct ArrowSchema **pointers = calloc(parts, sizeof(struct ArrowSchema *));
    if (!view || !pointers) {
        free(view);
        free(pointers);
        return 0;
    }
    view->root = core_schema_ref(root);
    view->pointers = pointers;
    *out = *from;
    out->children = from->n_children ? pointers : NULL;
    out->dictionary = from->dictionary ? &view->parts[from->n_children] : NULL;
    out->release = release_schema;
    out->private_data = view;
    int fine = 1;
    for (int64_t i = 0; i < from->n_children && fine; i++) {
        pointers[i] = &view->parts[i];
        fine = from->children[i] && view_schema(root, from->children[i], pointers[i]);
    }
    if (fine && from->dictionary)
        fine = view_schema(root, from->dictionary, out->dictionary);
    if (!fine)
        release_schema(out);
    return fine;
}

int core_schema_view(core_shared_schema *shared, struct ArrowSchema *out)
{
    return view_schema(shared, &shared->schema, out);
}
