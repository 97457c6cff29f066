/* SPDX-License-Identifier: Apache-2.0 */
/* Cohorts through the batch call, against the floor that memory sets and against loops written by
 * hand, all in one run. doc/performance.md says what is measured and why. Nothing here fails because
 * a machine is slow. */
#define _POSIX_C_SOURCE 200809L
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch/batch.h"
#include "bonemets/arrow.h"
#include "bonemets/bonemets.h"
#include "measure.h"

enum { RUNS = 7, MOST_COLUMNS = 512, LESIONS = 4000000, PATIENTS = 1000000 };

static void *room(size_t size)
{
    void *block = malloc(size + 64);
    if (!block)
        exit(1);
    return block;
}

/* ---- memory: new each time, or blocks that were there before ---- */

enum { KEPT = 1024, LARGE = 1 << 16 };

static struct {
    void *block;
    size_t size;
} kept[KEPT];

static bool keeping;

static void *take(size_t size)
{
    for (int i = 0; i < KEPT && keeping && size >= LARGE; i++)
        if (kept[i].block && kept[i].size == size) {
            void *block = kept[i].block;
            kept[i].block = NULL;
            return block;
        }
    return malloc(size);
}

static void give(void *block, size_t size)
{
    for (int i = 0; i < KEPT && keeping && size >= LARGE; i++)
        if (!kept[i].block) {
            kept[i].block = block;
            kept[i].size = size;
            return;
        }
    free(block);
}

static void *allocate(void *context, void *block, size_t old_size, size_t new_size)
{
    (void)context;
    if (old_size == 0)
        return new_size ? take(new_size) : NULL;
    if (new_size == 0) {
        give(block, old_size);
        return NULL;
    }
    void *moved = take(new_size);
    if (moved) {
        memcpy(moved, block, old_size < new_size ? old_size : new_size);
        give(block, old_size);
    }
    return moved;
}

static void keep_blocks(bool on)
{
    for (int i = 0; i < KEPT; i++) {
        free(kept[i].block);
        kept[i].block = NULL;
    }
    keeping = on;
}

/* ---- a cohort ---- */

typedef struct {
    struct ArrowSchema schema, columns[MOST_COLUMNS], texts[MOST_COLUMNS], *children[MOST_COLUMNS];
    struct ArrowArray rows, values[MOST_COLUMNS], dictionaries[MOST_COLUMNS], *parts[MOST_COLUMNS];
    const void *buffers[MOST_COLUMNS][2], *text_buffers[MOST_COLUMNS][3], *none[1];
    size_t widths[MOST_COLUMNS];
    int count;
    int64_t length;
} cohort;

static void keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static void keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void put_options(cohort *c, int k, const bm_fact *fact)
{
    static const char *const truths[] = {"no", "yes"};
    bool truth = fact->type.base == BM_BOOL;
    int count = truth ? 2 : fact->type.codes->count;
    int32_t *offsets = room(((size_t)count + 1) * sizeof *offsets);
    char *bytes = room(1 << 16);
    offsets[0] = 0;
    for (int i = 0; i < count; i++) {
        const char *id = truth ? truths[i] : fact->type.codes->ids[i];
        memcpy(bytes + offsets[i], id, strlen(id));
        offsets[i + 1] = offsets[i] + (int32_t)strlen(id);
    }
    c->text_buffers[k][0] = NULL;
    c->text_buffers[k][1] = offsets;
    c->text_buffers[k][2] = bytes;
    c->dictionaries[k] = (struct ArrowArray){
        .length = count, .n_buffers = 3, .buffers = c->text_buffers[k], .release = keep_array};
    c->texts[k] = (struct ArrowSchema){.format = "u", .release = keep_schema};
}

static double number_of(const bm_fact *fact)
{
    double low = fact->type.low > 0 ? fact->type.low : 0;
    double high = fact->type.high < 400 ? fact->type.high : 400;
    double x = low + (high - low) * random_below(1001) / 1000;
    return fact->type.whole || fact->step > 0
               ? (double)(int)(x / 10) * 10 < low ? low : (double)(int)(x / 10) * 10
               : x;
}

static void put_values(cohort *c, int k, const bm_fact *fact)
{
    uint32_t options = fact->type.base == BM_BOOL ? 2 : 0;
    if (fact->type.base == BM_CODE)
        options = (uint32_t)fact->type.codes->count;
    uint8_t *keys = room((size_t)c->length * (options ? 1 : sizeof(double)));
    double *numbers = (double *)(void *)keys;
    for (int64_t i = 0; i < c->length; i++)
        if (options)
            keys[i] = (uint8_t)random_below(options);
        else
            numbers[i] = number_of(fact);
    c->buffers[k][1] = keys;
    c->widths[k] = options ? 1 : sizeof(double);
}

static void add_column(cohort *c, const bm_fact *fact, uint32_t missing)
{
    int k = c->count++;
    uint8_t *valid = room((size_t)c->length / 8 + 1);
    char *name = room(strlen(fact->id) + 64);
    bool number = fact->type.base == BM_NUMBER;
    const char *unit = number ? bm_type_unit_name(&fact->type) : NULL;
    memset(valid, 0, (size_t)c->length / 8 + 1);
    for (int64_t i = 0; i < c->length; i++)
        valid[i / 8] |= (uint8_t)((random_below(100) >= missing) << (i % 8));
    put_values(c, k, fact);
    if (!number)
        put_options(c, k, fact);
    snprintf(name, strlen(fact->id) + 64, unit ? "%s [%s]" : "%s", fact->id, unit);
    c->buffers[k][0] = valid;
    c->columns[k] = (struct ArrowSchema){.format = number ? "g" : "C",
                                         .name = name,
                                         .dictionary = number ? NULL : &c->texts[k],
                                         .release = keep_schema};
    c->values[k] = (struct ArrowArray){.length = c->length,
                                       .null_count = missing ? -1 : 0,
                                       .n_buffers = 2,
                                       .buffers = c->buffers[k],
                                       .dictionary = number ? NULL : &c->dictionaries[k],
                                       .release = keep_array};
    c->children[k] = &c->columns[k];
    c->parts[k] = &c->values[k];
}

static void close_cohort(cohort *c)
{
    c->schema = (struct ArrowSchema){
        .format = "+s", .n_children = c->count, .children = c->children, .release = keep_schema};
    c->rows = (struct ArrowArray){.length = c->length,
                                  .n_buffers = 1,
                                  .n_children = c->count,
                                  .buffers = c->none,
                                  .children = c->parts,
                                  .release = keep_array};
}

static void free_cohort(cohort *c)
{
    for (int k = 0; k < c->count; k++) {
        free((void *)(uintptr_t)c->buffers[k][0]);
        free((void *)(uintptr_t)c->buffers[k][1]);
        free((void *)(uintptr_t)c->columns[k].name);
        if (c->columns[k].dictionary) {
            free((void *)(uintptr_t)c->text_buffers[k][1]);
            free((void *)(uintptr_t)c->text_buffers[k][2]);
        }
    }
    free(c);
}

/* ---- the floor ---- */

static volatile uint64_t sink;

static void read_bytes(const void *from, size_t size)
{
    const uint64_t *words = from;
    uint64_t all[8] = {0};
    for (size_t i = 0; i + 8 <= size / 8; i += 8)
        for (int j = 0; j < 8; j++)
            all[j] ^= words[i + (size_t)j];
    for (int j = 0; j < 8; j++)
        sink ^= all[j];
}

static size_t input_bytes(const cohort *c)
{
    size_t size = 0;
    for (int k = 0; k < c->count; k++)
        size += (size_t)c->length * c->widths[k] +
                (c->values[k].null_count ? (size_t)c->length / 8 : 0);
    return size;
}

static size_t output_bytes(const struct ArrowSchema *schema, int64_t length)
{
    size_t size = 0;
    for (int64_t i = 0; i < schema->n_children; i++)
        size += (size_t)length / 8 +
                (size_t)length * (schema->children[i]->dictionary ? 1 : sizeof(double));
    return size;
}

/* Reads the same bytes and writes as many, a chunk at a time, to new memory as the answer does. */
static double floor_of(const cohort *c, const struct ArrowSchema *answers)
{
    enum { CHUNK = 2048 };
    double times[RUNS];
    size_t out = output_bytes(answers, c->length);
    for (int r = 0; r < RUNS; r++) {
        double start = seconds_by(CLOCK_THREAD_CPUTIME_ID);
        uint8_t *to = take(out);
        for (int64_t row = 0; row < c->length; row += CHUNK) {
            int64_t left = c->length - row;
            size_t n = (size_t)(left < CHUNK ? left : CHUNK);
            for (int k = 0; k < c->count; k++) {
                read_bytes((const uint8_t *)c->buffers[k][1] + (size_t)row * c->widths[k],
                           n * c->widths[k]);
                if (c->values[k].null_count)
                    read_bytes((const uint8_t *)c->buffers[k][0] + row / 8, n / 8);
            }
            size_t per_row = out / (size_t)c->length;
            memset(to + (size_t)row * per_row, r, n * per_row);
        }
        give(to, out);
        times[r] = seconds_by(CLOCK_THREAD_CPUTIME_ID) - start;
    }
    return median(times, RUNS);
}

/* ---- through the batch call ---- */

static bm_fold_level level = BM_FOLD_BEST;

static bonemets_batch *bind(bonemets_guidelines *set, const char *target, const cohort *c)
{
    bonemets_batch *batch;
    bonemets_error *err = bonemets_error_new();
    bonemets_status status = bonemets_batch_new(set, &target, 1, &batch, err);
    if (status == BONEMETS_OK) {
        batch->level = level;
        status = bonemets_batch_bind(batch, &c->schema, err);
    }
    if (status) {
        printf("  refused: %s: %s\n", bonemets_error_str(err, 0, BONEMETS_F_PATH),
               bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
        exit(1);
    }
    bonemets_error_free(err);
    return batch;
}

static double time_batch(bonemets_batch *batch, const cohort *c, int runs)
{
    double times[RUNS];
    for (int r = 0; r < runs; r++) {
        struct ArrowArray out;
        double start = seconds_by(CLOCK_THREAD_CPUTIME_ID);
        if (bonemets_batch_run(batch, &c->rows, &out, NULL))
            exit(1);
        out.release(&out);
        times[r] = seconds_by(CLOCK_THREAD_CPUTIME_ID) - start;
    }
    return median(times, runs);
}

static void compare(const cohort *c, const struct ArrowSchema *answers, bonemets_batch *batch,
                    bool keep, int runs)
{
    double rows = (double)c->length;
    keep_blocks(keep);
    double time = time_batch(batch, c, runs), least = floor_of(c, answers);
    printf("  %s: %8.2f million rows a second, %.1f ns a row; floor %.0f million, %.2f of it\n",
           keep ? "memory that is there" : "new memory          ", rows / time * 1e-6,
           time / rows * 1e9, rows / least * 1e-6, least / time);
    keep_blocks(false);
}

static void measure(bonemets_guidelines *set, const char *target, const cohort *c, const char *what)
{
    struct ArrowSchema answers;
    double start = seconds_by(CLOCK_THREAD_CPUTIME_ID);
    bonemets_batch *batch = bind(set, target, c);
    double bound = seconds_by(CLOCK_THREAD_CPUTIME_ID) - start;
    bonemets_batch_schema(batch, &answers);
    printf("%s, %s: %.1f bytes in, %.1f out a row; bound in %.0f ms\n", target, what,
           (double)input_bytes(c) / (double)c->length,
           (double)output_bytes(&answers, c->length) / (double)c->length, bound * 1e3);
    compare(c, &answers, batch, false, RUNS);
    compare(c, &answers, batch, true, RUNS);
    printf("  %.1f %% by columns\n",
           100.0 * (double)bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR) /
               (double)bonemets_batch_int(batch, BONEMETS_BATCH_ROWS));
    answers.release(&answers);
    bonemets_batch_free(batch);
}

/* ---- a table loop by hand, with the columns that the answer has ---- */

static uint8_t points[6][64], band_of[32];

static void sins_by_hand(const cohort *c, double *low, double *high, int8_t *state, int8_t *band)
{
    for (int64_t i = 0; i < c->length; i++) {
        unsigned total = 0;
        for (int k = 0; k < 6; k++)
            total += points[k][((const uint8_t *)c->buffers[k][1])[i]];
        low[i] = high[i] = total;
        state[i] = BONEMETS_KNOWN;
        band[i] = (int8_t)band_of[total];
    }
}

static double time_by_hand(const cohort *c)
{
    double times[RUNS];
    size_t n = (size_t)c->length;
    for (int k = 0; k < 6; k++)
        for (int i = 0; i < 64; i++)
            points[k][i] = (uint8_t)(i % 4);
    for (int i = 0; i < 32; i++)
        band_of[i] = (uint8_t)((i > 6) + (i > 12));
    for (int r = 0; r < RUNS; r++) {
        double start = seconds_by(CLOCK_THREAD_CPUTIME_ID);
        double *low = take(n * 8), *high = take(n * 8);
        int8_t *state = take(n), *band = take(n);
        sins_by_hand(c, low, high, state, band);
        sink ^= (uint64_t)low[n / 2] + (uint64_t)band[n / 3] + (uint64_t)state[0];
        give(band, n);
        give(state, n);
        give(high, n * 8);
        give(low, n * 8);
        times[r] = seconds_by(CLOCK_THREAD_CPUTIME_ID) - start;
    }
    return median(times, RUNS);
}

static void by_hand(const cohort *c)
{
    for (int keep = 0; keep < 2; keep++) {
        keep_blocks(keep);
        printf("  a table loop by hand, %s: %.0f million\n",
               keep ? "memory that is there" : "new memory",
               (double)c->length / time_by_hand(c) * 1e-6);
        keep_blocks(false);
    }
}

/* ---- cohorts ---- */

static cohort *new_cohort(int64_t length)
{
    cohort *c = calloc(1, sizeof *c);
    if (!c)
        exit(1);
    c->length = length;
    return c;
}

static cohort *with_facts(const bonemets_guidelines *set, const char *const *facts, int64_t length,
                          uint32_t missing)
{
    cohort *c = new_cohort(length);
    for (; *facts; facts++)
        add_column(c, bm_definitions_fact(&set->definitions, *facts), missing);
    close_cohort(c);
    return c;
}

/* Every fact that a table reads and that is no set; of facts that exclude each other the first. */
static cohort *with_all(bonemets_guidelines *set, int64_t length, uint32_t missing)
{
    cohort *c = new_cohort(length);
    bonemets_batch *batch;
    const char *target = "*";
    bool out[BM_KINDS][1024] = {{false}};
    if (bonemets_batch_new(set, &target, 1, &batch, NULL))
        exit(1);
    for (int i = 0; i < set->definitions.fact_count && c->count < MOST_COLUMNS; i++) {
        const bm_fact *fact = &set->definitions.facts[i];
        if (fact->is_value || fact->input < 0 || !batch->needed[fact->kind][fact->input] ||
            fact->type.base == BM_SET || out[fact->kind][fact->input])
            continue;
        int32_t list = set->program.kinds[fact->kind].partners[fact->input];
        for (int p = 0; list >= 0 && p < set->program.partners[list].count; p++)
            out[fact->kind][set->program.partners[list].slots[p]] = true;
        add_column(c, fact, missing);
    }
    bonemets_batch_free(batch);
    close_cohort(c);
    return c;
}

/* ---- threads ---- */

typedef struct {
    bonemets_batch *batch;
    const cohort *c;
} worker;

static void *work(void *context)
{
    worker *one = context;
    for (int r = 0; r < 5; r++) {
        struct ArrowArray out;
        if (bonemets_batch_run(one->batch, &one->c->rows, &out, NULL))
            exit(1);
        out.release(&out);
    }
    return NULL;
}

static double time_threads(bonemets_guidelines *set, const char *target, const cohort *c, int count)
{
    pthread_t threads[2];
    worker workers[2];
    for (int i = 0; i < count; i++)
        workers[i] = (worker){bind(set, target, c), c};
    double start = seconds_by(CLOCK_MONOTONIC);
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, work, &workers[i]))
            exit(1);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    double time = seconds_by(CLOCK_MONOTONIC) - start;
    for (int i = 0; i < count; i++)
        bonemets_batch_free(workers[i].batch);
    return time;
}

static void measure_threads(bonemets_guidelines *set, const char *target, const cohort *c)
{
    double one = time_threads(set, target, c, 1), two = time_threads(set, target, c, 2);
    printf("%s, two threads on one set: %.2f times the rows of one (wall clock)\n", target,
           2 * one / two);
}

static bonemets_guidelines *open_set(void)
{
    bonemets_loader *loader;
    bonemets_guidelines *set = NULL;
    if (bonemets_loader_new(allocate, NULL, &loader) ||
        bonemets_loader_add_embedded(loader, NULL, NULL) ||
        bonemets_loader_build(loader, &set, NULL))
        exit(1);
    bonemets_loader_free(loader);
    return set;
}

int main(int count, char **arguments)
{
    static const char *const sins[] = {
        "level", "sins_pain", "lesion_type", "alignment", "sins_collapse", "posterolateral", NULL};
    static const char *const tokuhashi[] = {
        "primary", "castration_resistant",  "organ_mets",     "frankel",
        "kps",     "extraspinal_bone_foci", "vertebral_mets", NULL};
    static const char *const katagiri[] = {"primary",
                                           "castration_resistant",
                                           "visceral_spread",
                                           "prior_chemo",
                                           "skeletal_extent",
                                           "ecog",
                                           "platelets",
                                           "calcium_total",
                                           "bilirubin",
                                           "crp",
                                           "ldh",
                                           "albumin",
                                           NULL};
    const struct {
        const char *target;
        const char *const *facts;
        int64_t length;
    } all[] = {{"sins", sins, LESIONS},
               {"tokuhashi_2005", tokuhashi, PATIENTS},
               {"katagiri_2014", katagiri, PATIENTS},
               {"*", NULL, PATIENTS / 16}};
    if (count > 2) /* what other processors do */
        level = strcmp(arguments[2], "avx2") == 0 ? BM_FOLD_AVX2 : BM_FOLD_PORTABLE;
    mallopt(M_MMAP_THRESHOLD, 1 << 20); /* what is large is given back, and new each time */
    bonemets_guidelines *set = open_set();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (uint32_t missing = 0; missing <= 20; missing += 20) {
            if (count > 1 && strcmp(arguments[1], all[i].target) != 0)
                continue;
            cohort *c = all[i].facts ? with_facts(set, all[i].facts, all[i].length, missing)
                                     : with_all(set, all[i].length, missing);
            measure(set, all[i].target, c, missing ? "20 % missing" : "complete");
            if (i == 0 && !missing)
                by_hand(c);
            measure_threads(set, all[i].target, c);
            free_cohort(c);
        }
    bonemets_guidelines_unref(set);
    return 0;
}
