/* SPDX-License-Identifier: Apache-2.0 */
/* Gathers files, and builds a verified set of them. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/text.h"
#include "guideline/embedded.h"
#include "guideline/link.h"
#include "guideline/verify.h"
#include "yaml/packed.h"

typedef struct {
    const char *name;
    const void *bytes;
    size_t size;
    bm_yaml_limits limits;
    const bm_embedded_file *embedded; /* instead of bytes */
} bm_source_file;

struct bonemets_loader {
    bm_memory memory;
    bm_arena arena; /* names and bytes of the files */
    bm_yaml_limits limits;
    bool unverified, restricted;
    bool one_guideline; /* with a vocabulary for many: unused facts say nothing */
    bm_source_file *files;
    size_t count, room;
};

bonemets_status bonemets_loader_new(bonemets_alloc alloc, void *ctx, bonemets_loader **out)
{
    if (!out)
        return BONEMETS_E_ARGUMENT;
    *out = NULL;
    bm_memory memory;
    bm_memory_init(&memory, alloc, ctx);
    bonemets_loader *loader = bm_take(&memory, sizeof *loader);
    if (!loader)
        return BONEMETS_E_MEMORY;
    memset(loader, 0, sizeof *loader);
    loader->memory = memory;
    loader->limits = BM_YAML_LIMITS;
    bm_arena_init(&loader->arena, &memory);
    *out = loader;
    return BONEMETS_OK;
}

void bonemets_loader_free(bonemets_loader *loader)
{
    if (!loader)
        return;
    bm_memory memory = loader->memory;
    bm_arena_free(&loader->arena);
    bm_give_back(&memory, loader, sizeof *loader);
}

bonemets_status bonemets_loader_set_limit(bonemets_loader *loader, int32_t limit, int64_t value)
{
    return loader ? bm_yaml_set_limit(&loader->limits, limit, value) : BONEMETS_E_ARGUMENT;
}

bonemets_status bonemets_loader_set_option(bonemets_loader *loader, int32_t option, int32_t value)
{
    if (!loader || (value != 0 && value != 1))
        return BONEMETS_E_ARGUMENT;
    if (option == BONEMETS_OPTION_UNVERIFIED)
        loader->unverified = value == 1;
    else if (option == BONEMETS_OPTION_RESTRICTED)
        loader->restricted = value == 1;
    else
        return BONEMETS_E_ARGUMENT;
    return BONEMETS_OK;
}

static bonemets_status add_source(bonemets_loader *loader, bm_source_file source)
{
    bm_source_file *files =
        bm_arena_grow(&loader->arena, loader->files, loader->count, &loader->room, sizeof *files);
    source.name = bm_arena_text(&loader->arena, source.name, strlen(source.name));
    if (!files || !source.name)
        return BONEMETS_E_MEMORY;
    loader->files = files;
    files[loader->count++] = source;
    return BONEMETS_OK;
}

/* `bytes` must live as long as the loader. */
static bonemets_status add_bytes(bonemets_loader *loader, const char *name, const void *bytes,
                                 size_t size)
{
    return add_source(loader, (bm_source_file){name, bytes, size, loader->limits, NULL});
}

static bonemets_status too_large(const bonemets_loader *loader, const char *name,
                                 bonemets_error *err)
{
    bm_place place = {.file = name};
    return bm_fail(err, BONEMETS_E_LIMIT, &place, "the file is larger than the limit of %d bytes",
                   (int)loader->limits.bytes);
}

bonemets_status bonemets_loader_add_memory(bonemets_loader *loader, const char *name,
                                           const void *yaml, size_t size, bonemets_error *err)
{
    if (!loader || !name || (!yaml && size > 0))
        return BONEMETS_E_ARGUMENT;
    if (size > (size_t)loader->limits.bytes)
        return too_large(loader, name, err);
    char *copy = bm_arena_take(&loader->arena, size + 1);
    if (!copy)
        return BONEMETS_E_MEMORY;
    if (size)
        memcpy(copy, yaml, size);
    return add_bytes(loader, name, copy, size);
}

static bool is_vocabulary(const bm_embedded_file *file)
{
    return !file->guideline[0];
}

bonemets_status bonemets_loader_add_embedded(bonemets_loader *loader, const char *id,
                                             bonemets_error *err)
{
    if (!loader)
        return BONEMETS_E_ARGUMENT;
    bool found = id == NULL;
    for (size_t i = 0; i < bm_embedded_count; i++)
        found |= id && strcmp(bm_embedded_files[i].guideline, id) == 0;
    if (!found)
        return bm_fail(err, BONEMETS_E_FACT, NULL, "there is no embedded guideline %q", id);
    size_t before = loader->count;
    loader->one_guideline |= id != NULL;
    for (size_t i = 0; i < bm_embedded_count; i++) {
        const bm_embedded_file *file = &bm_embedded_files[i];
        if (id && !is_vocabulary(file) && strcmp(file->guideline, id) != 0)
            continue;
        bonemets_status status =
            add_source(loader, (bm_source_file){.name = file->name, .embedded = file});
        if (status) {
            loader->count = before;
            return status;
        }
    }
    return BONEMETS_OK;
}

/* ---- files and directories ---- */

static bonemets_status cannot_read(const char *path, const char *why, bonemets_error *err)
{
    bm_place place = {.file = path};
    return bm_fail(err, BONEMETS_E_IO, &place, "%s", why);
}

static bonemets_status read_stream(bonemets_loader *loader, const char *path, FILE *stream,
                                   bonemets_error *err)
{
    size_t limit = (size_t)loader->limits.bytes, size = 0, room = 0;
    char *bytes = NULL;
    for (;;) { /* a file can grow while it is read, so its size is not asked beforehand */
        if (size == room) {
            size_t wanted = room ? room * 2 : 16384;
            char *more = bm_arena_take(&loader->arena, wanted);
            if (!more)
                return BONEMETS_E_MEMORY;
            if (size)
                memcpy(more, bytes, size);
            bytes = more;
            room = wanted;
        }
        size_t got = fread(bytes + size, 1, room - size, stream);
        size += got;
        if (size > limit)
            return too_large(loader, path, err);
        if (got == 0)
            break;
    }
    if (ferror(stream))
        return cannot_read(path, "the file cannot be read", err);
    return add_bytes(loader, path, bytes, size);
}

static bonemets_status add_file(bonemets_loader *loader, const char *path, bonemets_error *err)
{
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return cannot_read(path, "the file cannot be opened", err);
    bonemets_status status = read_stream(loader, path, stream, err);
    fclose(stream);
    return status;
}

typedef struct {
    char **names;
    size_t count, room;
} bm_listing;

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Entries of a directory without the hidden ones, sorted, as full paths. */
static bonemets_status list_directory(bonemets_loader *loader, const char *path, bm_listing *out,
                                      bonemets_error *err)
{
    DIR *directory = opendir(path);
    if (!directory)
        return cannot_read(path, "the directory cannot be opened", err);
    bonemets_status status = BONEMETS_OK;
    for (struct dirent *entry; !status && (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            continue;
        size_t length = strlen(path) + strlen(entry->d_name) + 2;
        char **names =
            bm_arena_grow(&loader->arena, out->names, out->count, &out->room, sizeof *names);
        char *full = bm_arena_take(&loader->arena, length);
        if (!names || !full) {
            status = BONEMETS_E_MEMORY;
            break;
        }
        bm_text text;
        bm_text_init(&text, full, length);
        bm_put_format(&text, "%s/%s", path, entry->d_name);
        out->names = names;
        names[out->count++] = full;
    }
    closedir(directory);
    if (!status && out->count)
        qsort(out->names, out->count, sizeof *out->names, by_name);
    return status;
}

static bool is_yaml(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

enum { DEEPEST_DIRECTORY = 8 };

static bonemets_status add_directory(bonemets_loader *loader, const char *path, int depth,
                                     size_t *found, bonemets_error *err)
{
    bm_listing listing = {0};
    bonemets_status status = list_directory(loader, path, &listing, err);
    for (size_t i = 0; !status && i < listing.count; i++) {
        struct stat info;
        if (stat(listing.names[i], &info) != 0)
            status = cannot_read(listing.names[i], "the file cannot be opened", err);
        else if (S_ISDIR(info.st_mode) && depth == DEEPEST_DIRECTORY)
            status = cannot_read(listing.names[i], "folders are nested too deep", err);
        else if (S_ISDIR(info.st_mode))
            status = add_directory(loader, listing.names[i], depth + 1, found, err);
        else if (S_ISREG(info.st_mode) && is_yaml(listing.names[i])) {
            status = add_file(loader, listing.names[i], err);
            *found += status == BONEMETS_OK;
        }
    }
    return status;
}

bonemets_status bonemets_loader_add_path(bonemets_loader *loader, const char *path,
                                         bonemets_error *err)
{
    if (!loader || !path)
        return BONEMETS_E_ARGUMENT;
    struct stat info;
    if (stat(path, &info) != 0)
        return cannot_read(path, "there is no such file or directory", err);
    if (!S_ISDIR(info.st_mode))
        return add_file(loader, path, err);
    size_t found = 0, before = loader->count;
    bonemets_status status = add_directory(loader, path, 0, &found, err);
    if (status)
        loader->count = before; /* all files or none */
    if (!status && found == 0)
        return cannot_read(path, "the directory holds no .yaml file", err);
    return status;
}

/* ---- building ---- */

/* The first error, but lack of memory comes before all. */
static bonemets_status worse_of(bonemets_status a, bonemets_status b)
{
    return a == BONEMETS_OK || b == BONEMETS_E_MEMORY ? b : a;
}

/* While a set is built: the trees, which nobody needs afterwards, and what serves one file. */
typedef struct {
    bonemets_guidelines *set;
    bm_arena trees, scratch;
    bonemets_error *err;
} bm_builder;

static bonemets_status open_embedded(bm_builder *builder, const bm_embedded_file *from,
                                     bm_file *file)
{
    bonemets_status status = bm_packed_read(&builder->trees, from->tree, from->size, &file->root);
    file->packed_examples = from->examples;
    file->packed_size = from->examples_size;
    file->example_ids = from->example_ids;
    if (status != BONEMETS_E_YAML)
        return status;
    bm_place place = {.file = file->name};
    return bm_fail(builder->err, status, &place, "the embedded table is damaged");
}

/* Texts of the definitions stay where the packed tree has them. */
static bonemets_status pack(bm_builder *builder, const bm_node *root, const bm_node **out,
                            const unsigned char **bytes, size_t *size)
{
    const unsigned char *packed;
    if (bm_packed_write(&builder->scratch, root, &packed, size))
        return BONEMETS_E_MEMORY;
    unsigned char *copy = bm_arena_take(&builder->set->arena, *size);
    if (!copy)
        return BONEMETS_E_MEMORY;
    memcpy(copy, packed, *size);
    *bytes = copy;
    return bm_packed_read(&builder->trees, copy, *size, out);
}

static bonemets_status open_yaml(bm_builder *builder, const bm_source_file *source, bm_file *file)
{
    const bm_node *root, *examples = NULL;
    const unsigned char *bytes;
    size_t size;
    bonemets_status status = bm_yaml_read(&builder->scratch, &source->limits, file->name,
                                          source->bytes, source->size, &root, builder->err);
    if (status)
        return status;
    bool has = bm_node_get(root, "guideline") && bm_node_get(root, "examples");
    if (has)
        examples = bm_tree_take_out(&builder->scratch, root, "examples");
    if (has && !examples)
        return BONEMETS_E_MEMORY;
    status = pack(builder, root, &file->root, &bytes, &size);
    if (!status && examples)
        status =
            pack(builder, examples, &file->examples, &file->packed_examples, &file->packed_size);
    return status;
}

static bonemets_status open_source(bm_builder *builder, const bm_source_file *source, bm_file *file)
{
    bonemets_guidelines *set = builder->set;
    *file = (bm_file){.name = bm_arena_text(&set->arena, source->name, strlen(source->name))};
    if (!file->name)
        return BONEMETS_E_MEMORY;
    bonemets_status status = source->embedded ? open_embedded(builder, source->embedded, file)
                                              : open_yaml(builder, source, file);
    bm_arena_free(&builder->scratch);
    return status;
}

/* ---- one order, whatever the files are called and in whatever order they were added ---- */

typedef struct {
    const bm_source_file *source;
    bm_file *file; /* without a root where it could not be read */
    const char *id;
    uint8_t digest[32];
} bm_part;

static bool is_guideline(const bm_part *part)
{
    return part->file->root && bm_node_get(part->file->root, "guideline");
}

/* Vocabularies before guidelines, both by their names: facts are numbered and guidelines stand in
 * this order. Two of one name are an error, but the same one whichever came first. */
static int in_order(const void *a, const void *b)
{
    const bm_part *x = a, *y = b;
    int guidelines = is_guideline(x) - is_guideline(y);
    int names = guidelines ? guidelines : strcmp(x->id, y->id);
    return names ? names : memcmp(x->digest, y->digest, sizeof x->digest);
}

static const char *id_of(const bm_file *file)
{
    const bm_node *id = NULL;
    if (file->root)
        id = bm_node_get(file->root, "guideline");
    if (file->root && !id)
        id = bm_node_get(file->root, "vocabulary");
    return id && id->kind == BM_SCALAR ? id->text : "";
}

static void digest_source(const bm_source_file *source, uint8_t out[32])
{
    bm_digest digest;
    if (source->embedded) {
        memcpy(out, source->embedded->digest, 32);
        return;
    }
    bm_digest_start(&digest);
    bm_digest_add(&digest, source->bytes, source->size);
    bm_digest_finish(&digest, out);
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(((const bm_part *)a)->digest, ((const bm_part *)b)->digest, 32);
}

/* Names the content and what is switched on. The parts come out of it sorted. */
static void make_digest(const bonemets_loader *loader, bonemets_guidelines *set, bm_part *parts)
{
    bm_digest digest;
    qsort(parts, loader->count, sizeof *parts, by_bytes);
    bm_digest_start(&digest);
    for (size_t i = 0; i < loader->count; i++)
        bm_digest_add(&digest, parts[i].digest, sizeof parts[i].digest);
    if (loader->unverified) /* the same files with more switched on answer differently */
        bm_digest_add(&digest, "unverified", strlen("unverified"));
    if (loader->restricted)
        bm_digest_add(&digest, "restricted", strlen("restricted"));
    uint8_t all[32];
    bm_digest_finish(&digest, all);
    bm_digest_hex(all, set->digest);
    bm_set_tag(set, (uint32_t)all[0] << 16 | (uint32_t)all[1] << 8 | all[2]);
}

static void forget_trees(bm_builder *builder, bm_file *files, size_t count)
{
    bm_definitions *definitions = &builder->set->definitions;
    for (size_t i = 0; i < count; i++)
        files[i].root = files[i].examples = NULL;
    for (int i = 0; i < definitions->guideline_count; i++) {
        definitions->guidelines[i].examples = NULL;
        definitions->guidelines[i].example_count = 0;
    }
    bm_arena_free(&builder->trees);
}

/* Takes all files, so that everything that is wrong is reported; *worst is the first error, but lack
 * of memory comes before all. */
static void open_all(bonemets_loader *loader, bm_builder *builder, bm_part *parts, bm_file *files,
                     bonemets_status *worst)
{
    for (size_t i = 0; i < loader->count && *worst != BONEMETS_E_MEMORY; i++) {
        const bm_source_file *source = &loader->files[i];
        *worst = worse_of(*worst, open_source(builder, source, &files[i]));
        parts[i] = (bm_part){.source = source, .file = &files[i], .id = id_of(&files[i])};
        digest_source(source, parts[i].digest);
    }
}

static bonemets_status read_all(bonemets_loader *loader, bm_builder *builder, bm_file *files)
{
    bonemets_status status = BONEMETS_OK;
    bm_definitions *definitions = &builder->set->definitions;
    bm_part *parts = bm_arena_array(&builder->trees, loader->count, sizeof *parts);
    if (!parts)
        return BONEMETS_E_MEMORY;
    open_all(loader, builder, parts, files, &status);
    if (status == BONEMETS_E_MEMORY)
        return status;
    make_digest(loader, builder->set, parts);
    qsort(parts, loader->count, sizeof *parts, in_order);
    for (size_t i = 0; i < loader->count && status != BONEMETS_E_MEMORY; i++)
        if (parts[i].file->root)
            status =
                worse_of(status, bm_definitions_read(definitions, parts[i].file, builder->err));
    return status;
}

static bonemets_status fill_set(bonemets_loader *loader, bm_builder *builder)
{
    bonemets_guidelines *set = builder->set;
    bm_file *files = bm_arena_array(&set->arena, loader->count, sizeof *files);
    if (!files)
        return BONEMETS_E_MEMORY;
    set->definitions.arena = &set->arena;
    set->definitions.load_off = loader->unverified;
    set->definitions.load_restricted = loader->restricted;
    set->definitions.spare_facts = loader->one_guideline;
    bonemets_status status = read_all(loader, builder, files);
    if (!status)
        status = bm_definitions_complete(&set->definitions, builder->err);
    if (!status)
        status = bm_set_check_size(set, builder->err);
    if (!status)
        status = bm_link(set, builder->err);
    if (!status)
        status = bm_verify(set, builder->err);
    forget_trees(builder, files, loader->count);
    return status;
}

bonemets_status bonemets_loader_build(bonemets_loader *loader, bonemets_guidelines **out,
                                      bonemets_error *err)
{
    if (!out)
        return BONEMETS_E_ARGUMENT;
    *out = NULL;
    if (!loader)
        return BONEMETS_E_ARGUMENT;
    if (loader->count == 0)
        return bm_fail(err, BONEMETS_E_RULE, NULL, "no guideline tables were added");
    bonemets_guidelines *set = bm_take(&loader->memory, sizeof *set);
    if (!set)
        return BONEMETS_E_MEMORY;
    memset(set, 0, sizeof *set);
    atomic_init(&set->references, 1);
    set->memory = loader->memory;
    bm_arena_init(&set->arena, &set->memory);
    bm_builder builder = {.set = set, .err = err};
    bm_arena_init(&builder.trees, &set->memory);
    bm_arena_init(&builder.scratch, &set->memory);
    bonemets_status status = fill_set(loader, &builder);
    if (status) {
        bonemets_guidelines_unref(set);
        return status;
    }
    *out = set;
    return BONEMETS_OK;
}
