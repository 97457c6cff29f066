/* SPDX-License-Identifier: Apache-2.0 */
/* Writes every .yaml file below a folder into one C file, for lib/guideline/embedded.h.
 *
 * usage: embed RULES OUT.c DEPFILE
 *
 * The dependency file also names the folders, so that a new or removed table rebuilds the library. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/text.h"
#include "yaml/packed.h"

enum { DEEPEST_DIRECTORY = 8, BYTES_IN_LINE = 20, LONGEST_FILE = 1 << 20 };

typedef struct {
    const char *path, *name; /* name: below the folder */
    const char *guideline;
    const unsigned char *tree, *examples;
    size_t size, examples_size;
    const bm_node *example_root;
    uint8_t digest[32];
} table;

typedef struct {
    bm_memory memory;
    bm_arena arena;
    bonemets_error *err;
    bool failed;
    size_t root_length; /* of the folder's path and the slash behind it */
    const char **folders;
    size_t folder_count, folder_room;
    table *tables;
    size_t table_count, table_room;
} embedder;

static bool fail(embedder *to, const char *path, const char *what)
{
    fprintf(stderr, "%s: %s\n", path, what);
    to->failed = true;
    return false;
}

/* As compilers say it, so that editors find the place. */
static void show_errors(embedder *to)
{
    for (int32_t i = 0; i < bonemets_error_count(to->err); i++) {
        const char *file = bonemets_error_str(to->err, i, BONEMETS_F_FILE);
        const char *path = bonemets_error_str(to->err, i, BONEMETS_F_PATH);
        fprintf(stderr, "%s:%d:%d: %s%s%s\n", file ? file : "",
                (int)bonemets_error_int(to->err, i, BONEMETS_F_LINE),
                (int)bonemets_error_int(to->err, i, BONEMETS_F_COLUMN), path ? path : "",
                path ? ": " : "", bonemets_error_str(to->err, i, BONEMETS_F_MESSAGE));
    }
    bonemets_error_clear(to->err);
    to->failed = true;
}

/* ---- the tree of folders ---- */

static char *joined(embedder *to, const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = bm_arena_take(&to->arena, size);
    if (path) {
        snprintf(path, size, "%s/%s", folder, name);
    }
    return path;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Paths of what is in a folder without the hidden entries, sorted. */
static bool list(embedder *to, const char *path, char ***out, size_t *count)
{
    size_t room = 0;
    DIR *directory = opendir(path);
    if (!directory) {
        return fail(to, path, "the directory cannot be opened");
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char **paths = bm_arena_grow(&to->arena, *out, *count, &room, sizeof *paths);
        if (!paths) {
            break;
        }
        *out = paths;
        paths[*count] = joined(to, path, entry->d_name);
        if (!paths[(*count)++]) {
            break;
        }
    }
    closedir(directory);
    if (*count && !(*out)[*count - 1]) {
        return fail(to, path, "out of memory");
    }
    if (*count) {
        qsort(*out, *count, sizeof **out, by_name);
    }
    return true;
}

static bool is_yaml(const char *path)
{
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".yaml") == 0;
}

static bool add_table(embedder *to, const char *path)
{
    table *tables =
        bm_arena_grow(&to->arena, to->tables, to->table_count, &to->table_room, sizeof *tables);
    if (!tables) {
        return fail(to, path, "out of memory");
    }
    to->tables = tables;
    tables[to->table_count++] = (table){.path = path, .name = path + to->root_length};
    return true;
}

static bool add_folder(embedder *to, const char *path, int depth)
{
    char **paths = NULL;
    size_t count = 0;
    const char **folders =
        bm_arena_grow(&to->arena, to->folders, to->folder_count, &to->folder_room, sizeof *folders);
    if (!folders) {
        return fail(to, path, "out of memory");
    }
    to->folders = folders;
    folders[to->folder_count++] = path;
    bool good = list(to, path, &paths, &count);
    for (size_t i = 0; good && i < count; i++) {
        struct stat info;
        if (stat(paths[i], &info) != 0) {
            good = fail(to, paths[i], "the file cannot be opened");
        } else if (S_ISDIR(info.st_mode) && depth == DEEPEST_DIRECTORY) {
            good = fail(to, paths[i], "folders are nested too deep");
        } else if (S_ISDIR(info.st_mode)) {
            good = add_folder(to, paths[i], depth + 1);
        } else if (S_ISREG(info.st_mode) && is_yaml(paths[i])) {
            good = add_table(to, paths[i]);
        }
    }
    return good;
}

/* ---- tables ---- */

static bool read_file(embedder *to, const char *path, char *bytes, size_t *size)
{
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        return fail(to, path, "the file cannot be opened");
    }
    *size = fread(bytes, 1, LONGEST_FILE, stream);
    bool whole = !ferror(stream) && fgetc(stream) == EOF;
    fclose(stream);
    return whole || fail(to, path, "the file is too large or cannot be read");
}

static void pack(embedder *to, table *file, const char *bytes, size_t size)
{
    const bm_yaml_limits limits = BM_YAML_LIMITS;
    const bm_node *root = NULL;
    bm_digest digest;
    bm_digest_start(&digest);
    bm_digest_add(&digest, bytes, size);
    bm_digest_finish(&digest, file->digest);
    if (bm_yaml_read(&to->arena, &limits, file->path, bytes, size, &root, to->err)) {
        show_errors(to);
        return;
    }
    const bm_node *guideline = bm_node_get(root, "guideline");
    file->guideline = guideline && guideline->kind == BM_SCALAR ? guideline->text : "";
    file->example_root = guideline ? bm_tree_take_out(&to->arena, root, "examples") : NULL;
    if (bm_packed_write(&to->arena, root, &file->tree, &file->size) ||
        (file->example_root &&
         bm_packed_write(&to->arena, file->example_root, &file->examples, &file->examples_size))) {
        fail(to, file->path, "out of memory");
    }
}

static void pack_all(embedder *to)
{
    char *bytes = bm_arena_take(&to->arena, LONGEST_FILE);
    if (!bytes) {
        fail(to, "", "out of memory");
        return;
    }
    for (size_t i = 0; i < to->table_count; i++) {
        size_t size = 0;
        if (read_file(to, to->tables[i].path, bytes, &size)) {
            pack(to, &to->tables[i], bytes, size);
        }
    }
}

/* ---- output ---- */

static void write_bytes(FILE *out, const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        fprintf(out, "%d%s", bytes[i], i + 1 == size ? "" : (i + 1) % BYTES_IN_LINE ? "," : ",\n");
    }
}

static void write_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    }
    fputc('"', out);
}

/* Those that cannot be read have no id here; whoever runs them is told. */
static void write_examples(const table *file, int number, FILE *out)
{
    const bm_node *list = file->examples ? file->example_root->first : NULL;
    bool any = false;
    if (!list) {
        fprintf(out, "0, 0, 0");
        return;
    }
    fprintf(out, "examples_%d, sizeof examples_%d,\n", number, number);
    for (const bm_node *one = list->first; one; one = one->next) {
        const bm_node *id = bm_node_get(one, "id");
        if (id && id->kind == BM_SCALAR) {
            fprintf(out, any ? " \", \" " : "");
            write_text(out, id->text);
            any = true;
        }
    }
    fprintf(out, any ? "" : "0");
}

static void write_tables(const embedder *from, FILE *out)
{
    fprintf(out, "/* SPDX-License-Identifier: Apache-2.0 */\n/* Generated by tools/embed.c. */\n"
                 "#include \"guideline/embedded.h\"\n");
    for (size_t i = 0; i < from->table_count; i++) {
        fprintf(out, "static const unsigned char tree_%d[] = {\n", (int)i);
        write_bytes(out, from->tables[i].tree, from->tables[i].size);
        fprintf(out, "};\n");
        if (from->tables[i].examples) {
            fprintf(out, "static const unsigned char examples_%d[] = {\n", (int)i);
            write_bytes(out, from->tables[i].examples, from->tables[i].examples_size);
            fprintf(out, "};\n");
        }
    }
    fprintf(out, "const bm_embedded_file bm_embedded_files[] = {\n");
    for (size_t i = 0; i < from->table_count; i++) {
        fprintf(out, "{");
        write_text(out, from->tables[i].name);
        fprintf(out, ", ");
        write_text(out, from->tables[i].guideline);
        fprintf(out, ", tree_%d, sizeof tree_%d,\n", (int)i, (int)i);
        write_examples(&from->tables[i], (int)i, out);
        fprintf(out, ",\n{");
        write_bytes(out, from->tables[i].digest, sizeof from->tables[i].digest);
        fprintf(out, "}},\n");
    }
    fprintf(out, "{0}};\nconst size_t bm_embedded_count = %d;\n", (int)from->table_count);
}

static void write_prerequisite(FILE *out, const char *path)
{
    fputc(' ', out);
    for (; *path; path++) {
        if (*path == ' ' || *path == '#' || *path == '$') {
            fputc(*path == '$' ? '$' : '\\', out);
        }
        fputc(*path, out);
    }
}

static void write_prerequisites(const embedder *from, const char *target, FILE *out)
{
    fprintf(out, "%s:", target);
    for (size_t i = 0; i < from->table_count; i++) {
        write_prerequisite(out, from->tables[i].path);
    }
    for (size_t i = 0; i < from->folder_count; i++) {
        write_prerequisite(out, from->folders[i]);
    }
    fputc('\n', out);
}

static void write_both(embedder *to, const char *path, const char *depfile)
{
    FILE *out = fopen(path, "wb"), *needed = fopen(depfile, "wb");
    if (out && needed) {
        write_tables(to, out);
        write_prerequisites(to, path, needed);
    }
    bool written = out && needed && !ferror(out) && !ferror(needed);
    written = (!out || fclose(out) == 0) && written;
    written = (!needed || fclose(needed) == 0) && written;
    if (!written) {
        fail(to, path, "cannot be written");
        remove(path);
    }
}

int main(int argc, char **argv)
{
    embedder to = {.err = bonemets_error_new()};
    if (argc != 4 || !to.err) {
        fprintf(stderr, "usage: embed RULES OUT.c DEPFILE\n");
        return 2;
    }
    bm_memory_init(&to.memory, NULL, NULL);
    bm_arena_init(&to.arena, &to.memory);
    to.root_length = strlen(argv[1]) + 1;
    if (add_folder(&to, argv[1], 0)) {
        pack_all(&to);
    }
    if (!to.failed) {
        write_both(&to, argv[2], argv[3]);
    }
    bm_arena_free(&to.arena);
    bonemets_error_free(to.err);
    return to.failed;
}
