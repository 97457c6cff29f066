/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as columns of a cohort: which columns, of what types, with which lengths, offsets, keys and
 * texts. What nobody can see of an array, the size of its buffers, is as it should be; all else
 * is as the bytes have it. An input is read as one table after the other. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bonemets/arrow.h>
#include <bonemets/bonemets.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_COLUMNS = 6, MOST_ROWS = 40, MOST_TABLES = 64, BYTES = 512, BUFFERS = 5, LEVELS = 4 };

/* Of the columns of records; and bytes of values: 32 each, as the widest decimals have. */
enum { FIELDS = 3, ROOM = 32 * (MOST_ROWS + 8) };

static const char words[] =
    "T8|L1|T12|mechanical|lytic|normal|falls|falls;weakness|none|yes|no|1|0|40 %|"
    "<0.3 mg/dL|60|999|-1|nan|1e400|T8;T8|bilateral|2026-11-21|";
static const char *const names[] = {"level",
                                    "sins_pain",
                                    "lesion_type",
                                    "spinal_pain",
                                    "age",
                                    "collapse_pct [%]",
                                    "creatinine [umol/L]",
                                    "neuro_features",
                                    "neuro_features.falls",
                                    "rt_lesion",
                                    "ecog",
                                    "mscc_suspected_at",
                                    "no_such"};
static const char *const lists[] = {"lesions", "rt_courses", "drugs", "lesion"};
static const char *const fields[] = {
    "level",     "sins_pain",        "lesion_type", "fracture_present", "collapse_pct [%]",
    "rt_lesion", "rt_total_gy [Gy]", "age"};
static const char *const formats[] = {
    "u",   "U",   "vu",  "n",    "b",        "c",         "C",       "s",       "S",
    "i",   "I",   "l",   "L",    "f",        "g",         "+l",      "+L",      "+s",
    "w:4", "tdD", "tdm", "tss:", "d:9,2,32", "d:18,3,64", "d:38,10", "d:38,-2", "d:76,30,256"};

/* ---- bytes, as long as they last; then zeros ---- */

typedef struct {
    const uint8_t *next, *end;
} source;

static unsigned take(source *from)
{
    return from->next < from->end ? *from->next++ : 0;
}

/* What stands there comes again after a while, so that an input holds more columns. */
static void fill_again(source *from, uint8_t *out, size_t size, size_t period)
{
    for (size_t i = 0; i < size; i++)
        out[i] = i < period ? (uint8_t)take(from) : out[i - period];
}

static void fill(source *from, void *out, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)out)[i] = (uint8_t)take(from);
}

/* ---- one column, with its dictionary or items ---- */

typedef struct column {
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct ArrowSchema *schema_children[FIELDS];
    struct ArrowArray *array_children[FIELDS];
    const void *buffers[BUFFERS];
    struct column *below[FIELDS];
    _Alignas(8) uint8_t data[ROOM + 8]; /* of the values */
    uint8_t valid[BYTES / 8];
    char name[32], metadata[64];
    int64_t piece_sizes[1];
} column;

static void release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static bool is(const char *format, const char *first, const char *second)
{
    return strcmp(format, first) == 0 || strcmp(format, second) == 0;
}

/* Offsets within the words, or within what is below; mostly from one word to the next. */
static void put_offsets(source *from, column *c, bool large, int64_t end, int at)
{
    bool wild = take(from) < 40, texts = end == (int64_t)sizeof words;
    int64_t offset = texts && !wild ? (int64_t)(take(from) % sizeof words) : 0;
    end = end < 0 ? 0 : end;
    for (int i = 0; i < BYTES / 8; i++) {
        if (wild)
            offset = (int64_t)take(from) % (end + 3) - 1; /* backwards, and beyond a list's items */
        else if (!texts)
            offset = offset + (take(from) & 3) > end ? end : offset + (take(from) & 1);
        else
            offset = offset < end && strchr(words + offset, '|')
                         ? strchr(words + offset, '|') - words + 1
                         : end;
        if (texts && offset > end)
            offset = end;
        int32_t small = (int32_t)offset;
        if (large)
            memcpy(c->data + at + (size_t)i * 8, &offset, sizeof offset);
        else
            memcpy(c->data + at + (size_t)i * 4, &small, sizeof small);
    }
}

/* Views, which say how long they are and in which piece the rest is. */
static void put_views(source *from, column *c)
{
    for (size_t i = 0; i < BYTES / 16; i++) {
        int32_t view[4] = {(int32_t)(take(from) % 24) - 1, 0, (int32_t)(take(from) % 3) - 1,
                           (int32_t)take(from) - 8};
        fill(from, &view[1], view[0] <= 12 ? 12 : 4);
        memcpy(c->data + i * 16, view, sizeof view);
    }
    c->piece_sizes[0] = sizeof words;
    c->array.n_buffers = 4;
    c->buffers[2] = words;
    c->buffers[3] = c->piece_sizes;
}

static void put_metadata(source *from, column *c)
{
    static const char key[] = "bonemets.fact";
    int32_t pairs = 1, key_size = sizeof key - 1, value_size = (int32_t)(take(from) % 8);
    memcpy(c->metadata, &pairs, 4);
    memcpy(c->metadata + 4, &key_size, 4);
    memcpy(c->metadata + 8, key, (size_t)key_size);
    memcpy(c->metadata + 8 + key_size, &value_size, 4);
    fill(from, c->metadata + 12 + key_size, (size_t)value_size);
    c->schema.metadata = c->metadata;
}

static void make_column(source *from, column *c, int rows, int level, const char *parent);

static void add_below(source *from, column *c, int i, const char *name, int rows, int level)
{
    column *below = c->below[i] = calloc(1, sizeof *below);
    if (!below)
        abort();
    memcpy(below->name, name, strlen(name) + 1);
    make_column(from, below, rows, level + 1, c->schema.format);
    c->schema_children[i] = &below->schema;
    c->array_children[i] = &below->array;
}

/* Mostly as many fields in the array as in the schema. */
static void have_below(source *from, column *c, int count)
{
    c->schema.n_children = c->array.n_children = count;
    if (take(from) > 250)
        c->array.n_children = count - 1;
    c->schema.children = c->schema_children;
    c->array.children = c->array_children;
}

static void put_below(source *from, column *c, bool dictionary, int level)
{
    if (level + 1 == LEVELS || take(from) == 0)
        return;
    add_below(from, c, 0, "item", (int)(take(from) % MOST_ROWS), level);
    if (!dictionary) {
        have_below(from, c, 1);
        return;
    }
    c->schema.dictionary = c->schema_children[0];
    c->array.dictionary = c->array_children[0];
}

/* The columns of records, which are mostly long enough. */
static void put_fields(source *from, column *c, int rows, int level)
{
    int count = (int)(take(from) % (FIELDS + 1));
    rows += (int)c->array.offset - (take(from) > 250);
    for (int i = 0; i < count; i++) {
        const char *name = fields[take(from) % (sizeof fields / sizeof *fields)];
        add_below(from, c, i, name, rows < 0 ? 0 : rows, level);
    }
    have_below(from, c, count);
}

/* What is called like a list of records mostly is one, and its columns are often texts; in a
 * dictionary, and in other lists, stands what is plain. */
static const char *pick_format(source *from, int level, const char *parent, const char *name)
{
    unsigned pick = take(from), count = sizeof formats / sizeof *formats;
    bool likely = pick >= 64;
    if (level == 0 && likely && is(name, "lesions", "rt_courses"))
        return pick & 1 ? "+l" : "+L";
    if (level == 1 && likely && is(parent, "+l", "+L"))
        return "+s";
    if (strcmp(parent, "+s") == 0)
        return pick & 1 ? "u" : formats[pick / 2 % count];
    return formats[pick % (level ? 12 : count)];
}

static void make_column(source *from, column *c, int rows, int level, const char *parent)
{
    const char *format = pick_format(from, level, parent, c->name);
    bool large = is(format, "U", "+L"), list = is(format, "+l", "+L");
    bool record = strcmp(format, "+s") == 0;
    unsigned odd = take(from), at = odd & 1; /* buffers at odd places too */
    c->schema = (struct ArrowSchema){.format = format, .name = c->name, .release = release_schema};
    c->array = (struct ArrowArray){.length = rows,
                                   .offset = odd >> 1 & 3,
                                   .null_count = odd & 8 ? 0 : -1,
                                   .n_buffers = is(format, "u", "U")  ? 3
                                                : record              ? 1
                                                : strcmp(format, "n") ? 2
                                                                      : 0,
                                   .buffers = c->buffers,
                                   .release = release_array};
    if (odd > 250) /* not of its schema */
        c->array.length = (int64_t)take(from) % (MOST_ROWS + 1) - 1;
    if (odd > 245)
        c->array.n_buffers = (int64_t)take(from) % BUFFERS;
    fill_again(from, c->valid, odd & 16 ? sizeof c->valid : 0, 7);
    c->buffers[0] = odd & 16 ? c->valid : NULL;
    c->buffers[1] = c->data + at;
    c->buffers[2] = c->buffers[3] = words;
    if (record)
        put_fields(from, c, rows, level);
    else if (list || (level < 3 && strchr("cCsSiIlL", format[0]) && odd & 32))
        put_below(from, c, !list, level);
    int64_t end = list ? (c->below[0] ? c->below[0]->array.length : 0) : (int64_t)sizeof words;
    if (is(format, "u", "U") || list)
        put_offsets(from, c, large, end, (int)at);
    else if (strcmp(format, "vu") == 0)
        put_views(from, c);
    else if (!record)
        fill_again(from, c->data, ROOM, 97);
}

static void free_column(column *c)
{
    for (int i = 0; i < FIELDS; i++) {
        if (c->below[i])
            free_column(c->below[i]);
        free(c->below[i]);
        c->below[i] = NULL;
    }
}

/* ---- a table of columns ---- */

static bonemets_guidelines *set;
static bonemets_batch *batch;

static void open_set(void)
{
    bonemets_loader *loader = NULL;
    if (bonemets_loader_new(NULL, NULL, &loader) ||
        bonemets_loader_add_embedded(loader, NULL, NULL) ||
        bonemets_loader_build(loader, &set, NULL))
        abort();
    bonemets_loader_free(loader);
}

static bonemets_batch *new_batch(void)
{
    static const char *const targets[] = {"sins", "mirels", "spine_selection.strategy", "eqd2"};
    bonemets_batch *one = NULL;
    if (bonemets_batch_new(set, targets, 4, &one, NULL))
        abort();
    return one;
}

static int64_t key_at(const struct ArrowSchema *schema, const struct ArrowArray *answer, int64_t i)
{
    return strcmp(schema->format, "i") == 0 ? ((const int32_t *)answer->buffers[1])[i]
                                            : ((const int8_t *)answer->buffers[1])[i];
}

static void read_column(const struct ArrowSchema *schema, const struct ArrowArray *answer,
                        int64_t rows)
{
    const uint8_t *valid = answer->buffers[0];
    const int32_t *ends = answer->n_children ? answer->buffers[1] : NULL;
    if (answer->length != rows)
        abort();
    for (int64_t i = 0; answer->dictionary && i < rows; i++)
        if ((!valid || valid[i >> 3] >> (i & 7) & 1) &&
            (key_at(schema, answer, i) < 0 ||
             key_at(schema, answer, i) >= answer->dictionary->length))
            abort();
    for (int64_t i = 0; ends && i < rows; i++)
        if (ends[i] < 0 || ends[i + 1] < ends[i])
            abort();
    if (ends)
        read_column(schema->children[0], answer->children[0], ends[rows]);
}

/* Every key of an answer is one of its dictionary, and every list holds answers. What is kept is as
 * long as the rows are. */
static void read_answer(const bonemets_batch *one, const struct ArrowArray *out, int64_t rows,
                        int64_t kept)
{
    struct ArrowSchema schema;
    if (out->length != rows || bonemets_batch_schema(one, &schema))
        abort();
    if (schema.n_children != out->n_children)
        abort();
    for (int64_t c = 0; c < kept; c++)
        if (out->children[c]->length != rows || out->children[c]->offset)
            abort();
    for (int64_t c = kept; c < out->n_children; c++)
        read_column(schema.children[c], out->children[c], rows);
    schema.release(&schema);
}

/* The names of some columns, each once as a batch counts them. */
static int64_t keep_some(bonemets_batch *one, const column *columns, int count, unsigned which)
{
    int64_t kept = 0;
    for (int i = 0; i < count; i++) {
        bool again = false;
        for (int j = 0; j < i; j++)
            again |= which >> j & 1 && strcmp(columns[i].name, columns[j].name) == 0;
        if (which >> i & 1 && bonemets_batch_keep(one, columns[i].name, NULL))
            abort();
        kept += (which >> i & 1) && !again;
    }
    return kept;
}

static void run_table(source *from, column *columns, int count, int rows, bonemets_error *err)
{
    struct ArrowSchema *schemas[MOST_COLUMNS], schema = {.format = "+s",
                                                         .name = "",
                                                         .n_children = count,
                                                         .children = schemas,
                                                         .release = release_schema};
    struct ArrowArray *arrays[MOST_COLUMNS], out;
    uint8_t valid[MOST_ROWS / 8 + 2];
    const void *own[] = {take(from) & 1 ? valid : NULL};
    struct ArrowArray array = {.length = rows,
                               .null_count = -1,
                               .offset = 0,
                               .n_buffers = 1,
                               .n_children = count,
                               .buffers = own,
                               .children = arrays,
                               .release = release_array};
    fill(from, valid, sizeof valid);
    for (int i = 0; i < count; i++) {
        schemas[i] = &columns[i].schema;
        arrays[i] = &columns[i].array;
    }
    unsigned how = take(from), others = take(from);
    bonemets_batch *one =
        how & 2 ? new_batch() : batch; /* what is to be kept cannot be taken back */
    int64_t kept = how & 2 ? keep_some(one, columns, count, others >> 2) : 0;
    bonemets_batch_set_option(one, BONEMETS_BATCH_COUNT_BAD, how & 1);
    bonemets_batch_set_option(one, BONEMETS_BATCH_ITEMS, how >> 2 & 1);
    bonemets_batch_set_option(one, BONEMETS_BATCH_MISSING, how >> 3 & 1);
    bonemets_batch_set_option(one, BONEMETS_BATCH_SKIP_COLUMNS, others & 1);
    bool bound = !bonemets_batch_bind(one, &schema, err);
    bonemets_status status = bound ? bonemets_batch_run(one, &array, &out, err) : BONEMETS_OK;
    if ((!bound || status) && bonemets_error_count(err) == 0)
        abort(); /* refused without a word */
    if (bound && status && out.release)
        abort();
    if (bound && !status) {
        read_answer(one, &out, rows, kept);
        out.release(&out);
    }
    if (how & 2)
        bonemets_batch_free(one);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static column columns[MOST_COLUMNS];
    source from = {data, data + size};
    bonemets_error *err = bonemets_error_new();
    if (!batch) {
        open_set();
        batch = new_batch();
    }
    for (int table = 0; table < MOST_TABLES && from.next < from.end; table++) {
        int count = (int)(take(&from) % (MOST_COLUMNS + 1)), rows = (int)(take(&from) % MOST_ROWS);
        memset(columns, 0, sizeof columns);
        for (int i = 0; i < count; i++) {
            unsigned pick = take(&from);
            const char *name = pick >= 192 ? lists[pick % (sizeof lists / sizeof *lists)]
                                           : names[pick % (sizeof names / sizeof *names)];
            memcpy(columns[i].name, name, strlen(name) + 1);
            make_column(&from, &columns[i], rows, 0, "");
            if (take(&from) > 235)
                put_metadata(&from, &columns[i]);
        }
        bonemets_error_clear(err);
        run_table(&from, columns, count, rows, err);
        for (int i = 0; i < count; i++)
            free_column(&columns[i]);
    }
    bonemets_error_free(err);
    return 0;
}
