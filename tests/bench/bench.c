/* SPDX-License-Identifier: Apache-2.0 */
/* Speed and memory, as ratios taken in one run where they can be. doc/performance.md says what is
 * measured and why. Not a test: nothing here fails because a machine is slow. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bonemets/bonemets.h"
#include "engine/exact.h"
#include "guideline/set.h"

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median of several runs. */
enum { RUNS = 9 };

static double median(double *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, by_value);
    return times[count / 2];
}

static uint64_t random_state = 42;

static uint32_t random_below(uint32_t limit)
{
    random_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) >> 32) % limit;
}

/* ---- SINS over columns ---- */

enum { LESIONS = 4000000, ITEMS = 6 };

typedef struct {
    uint8_t *items[ITEMS]; /* level, pain, lesion, alignment, collapse, posterolateral */
    uint8_t *total, *band;
} bm_columns;

/* What people write by hand: look-up tables over a structure of arrays, same flags. */
static void by_hand(const bm_columns *c, size_t n, uint8_t tables[ITEMS][64],
                    const uint8_t bands[32])
{
    for (size_t i = 0; i < n; i++) {
        unsigned total = 0;
        for (int k = 0; k < ITEMS; k++)
            total += tables[k][c->items[k][i]];
        c->total[i] = (uint8_t)total;
        c->band[i] = bands[total];
    }
}

static void fill_tables(const bonemets_guidelines *set, const bm_score *score,
                        const char *const *facts, uint8_t tables[ITEMS][64], uint8_t bands[32])
{
    (void)facts;
    for (int b = 0; b < score->band_count; b++)
        for (int t = (int)score->bands[b].total.low; t <= (int)score->bands[b].total.high; t++)
            bands[t] = (uint8_t)b;
    for (int k = 0; k < ITEMS; k++)
        for (int p = 0; p < score->items[k].count; p++) {
            const bm_fact *of = bm_definitions_fact(&set->definitions, score->items[k].of);
            int option = bm_names_find(&of->type.codes->index, score->items[k].points[p].option);
            tables[k][option] = (uint8_t)score->items[k].points[p].points;
        }
    /* from the level straight to its points, as one would by hand */
    const bm_fact *location = bm_definitions_fact(&set->definitions, score->items[0].of);
    const bm_fact *level = bm_definitions_fact(&set->definitions, location->from);
    uint8_t points[64];
    memcpy(points, tables[0], sizeof points);
    for (int i = 0; i < location->table_count; i++) {
        const bm_table_row *row = &location->table[i];
        int from = bm_names_find(&level->type.codes->index, row->option);
        int to = row->option_count == 1
                     ? bm_names_find(&location->type.codes->index, row->options[0])
                     : 0;
        tables[0][from] = points[to];
    }
}

static double time_exact(bm_exact *exact, const bm_column *in, const bm_output *out)
{
    double times[RUNS];
    for (int r = 0; r < RUNS; r++) {
        double start = seconds();
        bm_exact_run(exact, in, out, NULL, LESIONS);
        times[r] = seconds() - start;
    }
    return median(times, RUNS);
}

static void sins_over_columns(bonemets_guidelines *set)
{
    static const char *const facts[ITEMS] = {"level",     "sins_pain",     "lesion_type",
                                             "alignment", "sins_collapse", "posterolateral"};
    const bm_guideline *sins = &set->definitions.guidelines[bm_set_guideline(set, "sins")];
    const bm_score *score = &sins->scores[0];
    bm_columns mine, hand;
    bm_column in[ITEMS];
    for (int k = 0; k < ITEMS; k++) {
        const bm_fact *fact = bm_definitions_fact(&set->definitions, facts[k]);
        uint32_t options = (uint32_t)fact->type.codes->count - (k == 0); /* not the last level */
        mine.items[k] = malloc(LESIONS);
        for (size_t i = 0; i < LESIONS; i++)
            mine.items[k][i] = (uint8_t)random_below(options);
        in[k] = (bm_column){fact->kind, fact->input, mine.items[k]};
    }
    mine.total = malloc(LESIONS);
    mine.band = malloc(LESIONS);
    hand = mine;
    hand.total = malloc(LESIONS);
    hand.band = malloc(LESIONS);
    uint8_t tables[ITEMS][64] = {{0}}, bands[32] = {0};
    fill_tables(set, score, facts, tables, bands);
    bm_output out[2] = {{sins->kind, score->total, true, mine.total},
                        {sins->kind, score->band, false, mine.band}};
    double times[RUNS];
    for (int r = 0; r < RUNS; r++) {
        double start = seconds();
        by_hand(&hand, LESIONS, tables, bands);
        times[r] = seconds() - start;
    }
    double loop = median(times, RUNS);
    printf("SINS over %d lesions in columns\n  by hand            %8.0f million a second\n",
           LESIONS, LESIONS / loop * 1e-6);
    for (int plain = 0; plain < 2; plain++) {
        bm_exact *exact;
        int kind;
        int32_t input;
        if (bm_exact_new(&set->memory, &set->program, &sins->plan, in, ITEMS, out, 2, plain, &exact,
                         &kind, &input) != BM_EXACT_OK) {
            printf("  the exact evaluator refused\n");
            return;
        }
        double time = time_exact(exact, in, out);
        bool same = memcmp(mine.total, hand.total, LESIONS) == 0 &&
                    memcmp(mine.band, hand.band, LESIONS) == 0;
        printf("  exact, %-11s %8.0f million a second, %.2f of by hand, %s\n",
               plain ? "portable C" : "dispatched", LESIONS / time * 1e-6, loop / time,
               same ? "same bytes" : "DIFFERENT BYTES");
        bm_exact_free(exact);
    }
    for (int k = 0; k < ITEMS; k++)
        free(mine.items[k]);
    free(mine.total);
    free(mine.band);
    free(hand.total);
    free(hand.band);
}

/* ---- one patient through the handles ---- */

typedef struct {
    bonemets_fact fact;
    const char *code;
    double number;
    const char *unit;
} bm_given;

static void set_facts(bonemets_patient *patient, bonemets_record lesion, const bm_given *given,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (given[i].code)
            bonemets_patient_set_codes(patient, lesion, given[i].fact, &given[i].code, 1, NULL);
        else
            bonemets_patient_set_number(patient, lesion, given[i].fact, given[i].number,
                                        given[i].number, given[i].unit, NULL);
    }
}

static int read_sins(const bonemets_assessment *a)
{
    int sum = 0;
    int32_t i = bonemets_assessment_find(a, BONEMETS_RESULTS, "sins", 1);
    int32_t items = bonemets_assessment_sub_count(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS);
    for (int32_t j = 0; j < items; j++)
        sum += (int)bonemets_assessment_sub_num(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, j,
                                                BONEMETS_F_LOW);
    const char *band = bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND);
    return sum + (band ? band[0] : 0);
}

static void one_lesion(bonemets_guidelines *set)
{
    const bm_given given[] = {{bonemets_fact_find(set, "level"), "T12", 0, NULL},
                              {bonemets_fact_find(set, "sins_pain"), "mechanical", 0, NULL},
                              {bonemets_fact_find(set, "lesion_type"), "lytic", 0, NULL},
                              {bonemets_fact_find(set, "alignment"), "normal", 0, NULL},
                              {bonemets_fact_find(set, "collapse_pct"), NULL, 40, "%"},
                              {bonemets_fact_find(set, "posterolateral"), "bilateral", 0, NULL}};
    bonemets_patient *patient;
    bonemets_patient_new(set, &patient);
    enum { TIMES = 200000 };
    double times[RUNS];
    int check = 0;
    for (int r = 0; r < RUNS; r++) {
        double start = seconds();
        for (int i = 0; i < TIMES; i++) {
            bonemets_record lesion;
            bonemets_assessment *a;
            bonemets_patient_reset(patient);
            bonemets_patient_add_record(patient, "lesion", &lesion);
            set_facts(patient, lesion, given, sizeof given / sizeof *given);
            bonemets_assess(patient, "sins", &a, NULL);
            check += read_sins(a);
            bonemets_assessment_unref(a);
        }
        times[r] = (seconds() - start) / TIMES;
    }
    printf("one lesion, SINS with items and band through the handles: %.0f ns (check %d)\n",
           median(times, RUNS) * 1e9, check & 1023);
    bonemets_patient_free(patient);
}

static const char three_lesions[] =
    "{cancer_status: known_active, primary: kidney_rcc, spinal_pain: yes, "
    "pain_features: [mechanical, progressive], neuro_features: [limb_weakness], "
    "deficit_laterality: bilateral, mri_result: compression, n_compression_regions: 1, "
    "complete_paralysis_h: 0 h, nonambulatory_h: 0 h, life_expectancy: 8 mo, "
    "infection_features: no, lesions: ["
    "{level: T8, sins_pain: mechanical, lesion_type: lytic, alignment: normal, collapse_pct: 20, "
    "posterolateral: unilateral, escc_grade: '2', compression_level: cord, surgical_fitness: fit}, "
    "{level: L3, sins_pain: none, lesion_type: mixed, alignment: normal, collapse_pct: 0, "
    "body_involved_pct: 20, posterolateral: none, escc_grade: '0'}, "
    "{bone: femur_shaft, mirels_pain: moderate, lesion_type: lytic, "
    "mirels_size: third_to_two_thirds, fracture_present: no}]}";

static void all_guidelines(bonemets_guidelines *set)
{
    bonemets_patient *patient;
    bonemets_patient_new(set, &patient);
    if (bonemets_patient_read(patient, "bench", three_lesions, sizeof three_lesions - 1, NULL))
        printf("the record of three lesions was refused\n");
    enum { TIMES = 20000 };
    double times[RUNS], json[RUNS];
    static char buffer[1 << 17];
    for (int r = 0; r < RUNS; r++) {
        bonemets_assessment *a;
        double start = seconds();
        for (int i = 0; i < TIMES; i++) {
            bonemets_assess(patient, NULL, &a, NULL);
            bonemets_assessment_unref(a);
        }
        times[r] = (seconds() - start) / TIMES;
        bonemets_assess(patient, NULL, &a, NULL);
        start = seconds();
        for (int i = 0; i < TIMES / 100; i++)
            bonemets_assessment_write(a, BONEMETS_FORMAT_JSON, buffer, sizeof buffer, NULL);
        json[r] = (seconds() - start) / (TIMES / 100);
        bonemets_assessment_unref(a);
    }
    printf("three lesions, all guidelines: %.2f microseconds; JSON %.0f microseconds\n",
           median(times, RUNS) * 1e6, median(json, RUNS) * 1e6);
    bonemets_patient_free(patient);
}

/* ---- loading ---- */

static void *counting(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    size_t *held = ctx;
    *held += new_size - old_size;
    if (new_size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, new_size);
}

static void loading(void)
{
    double times[RUNS];
    size_t held = 0;
    for (int r = 0; r < RUNS; r++) {
        bonemets_loader *loader;
        bonemets_guidelines *set;
        double start = seconds();
        bonemets_loader_new(counting, &held, &loader);
        bonemets_loader_add_embedded(loader, NULL, NULL);
        bonemets_loader_build(loader, &set, NULL);
        bonemets_loader_free(loader);
        times[r] = seconds() - start;
        if (r == RUNS - 1)
            printf("loading and verifying the embedded set: %.2f ms, %.0f KiB held\n",
                   median(times, RUNS) * 1e3, (double)held / 1024);
        bonemets_guidelines_unref(set);
    }
}

int main(void)
{
    bonemets_loader *loader;
    bonemets_guidelines *set = NULL;
    if (bonemets_loader_new(NULL, NULL, &loader) ||
        bonemets_loader_add_embedded(loader, NULL, NULL) ||
        bonemets_loader_build(loader, &set, NULL)) {
        printf("the embedded tables do not load\n");
        return 1;
    }
    bonemets_loader_free(loader);
    loading();
    one_lesion(set);
    all_guidelines(set);
    sins_over_columns(set);
    bonemets_guidelines_unref(set);
    return 0;
}
