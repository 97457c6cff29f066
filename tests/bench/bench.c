/* SPDX-License-Identifier: Apache-2.0 */
/* Speed and memory, as ratios taken in one run where they can be. doc/performance.md says what is
 * measured and why. Not a test: nothing here fails because a machine is slow. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bonemets/arrow.h"
#include "bonemets/bonemets.h"
#include "engine/exact.h"
#include "guideline/set.h"
#include "measure.h"

static double seconds(void)
{
    return seconds_by(CLOCK_THREAD_CPUTIME_ID);
}

/* Median of several runs. */
enum { RUNS = 9 };

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
        in[k] = (bm_column){fact->kind, fact->input, mine.items[k], false};
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

/* ---- prognostic scores over columns ---- */

enum { PATIENTS = 1000000, MOST_COLUMNS = 16 };

/* A column of random facts: a number is low, low + step, … low + (values - 1) * step. */
typedef struct {
    const char *fact;
    int values; /* 0: all options of a code that the table knows */
    double low, step;
} bm_filling;

typedef struct {
    const void *columns[MOST_COLUMNS];
    uint8_t primary[2][64]; /* points of each primary; of prostate also by castration resistance */
    uint8_t *total, *band;
} bm_prognosis;

static unsigned tiers(double x, double first, double second)
{
    return (unsigned)(x > first) + (unsigned)(x > second);
}

static void tokuhashi_by_hand(const bm_prognosis *p, size_t n)
{
    const uint8_t *primary = p->columns[0], *resistant = p->columns[1], *organ = p->columns[2],
                  *frankel = p->columns[3];
    const double *kps = p->columns[4], *foci = p->columns[5], *vertebrae = p->columns[6];
    static const uint8_t organs[3] = {2, 1, 0}, palsy[5] = {0, 0, 1, 1, 2};
    for (size_t i = 0; i < n; i++) {
        unsigned total = 0u + p->primary[resistant[i]][primary[i]] + organs[organ[i]] +
                         palsy[frankel[i]] + tiers(kps[i], 40, 70) + 2 - tiers(foci[i], 0, 2) + 2 -
                         tiers(vertebrae[i], 1, 2);
        p->total[i] = (uint8_t)total;
        p->band[i] = (uint8_t)((total > 8) + (total > 11));
    }
}

static void katagiri_by_hand(const bm_prognosis *p, size_t n)
{
    const uint8_t *primary = p->columns[0], *resistant = p->columns[1], *spread = p->columns[2],
                  *chemo = p->columns[3], *extent = p->columns[4];
    const double *ecog = p->columns[5], *platelets = p->columns[6], *calcium = p->columns[7],
                 *bilirubin = p->columns[8], *crp = p->columns[9], *ldh = p->columns[10],
                 *albumin = p->columns[11];
    for (size_t i = 0; i < n; i++) {
        bool critical = platelets[i] < 100 || calcium[i] >= 10.3 || bilirubin[i] >= 1.4;
        bool abnormal = crp[i] >= 0.4 || ldh[i] >= 250 || albumin[i] < 3.7;
        unsigned laboratory = critical ? 2 : abnormal ? 1 : 0;
        unsigned total = 0u + p->primary[resistant[i]][primary[i]] + spread[i] + laboratory +
                         (ecog[i] >= 3) + chemo[i] + extent[i];
        p->total[i] = (uint8_t)total;
        p->band[i] = (uint8_t)((total > 3) + (total > 6));
    }
}

static const bm_fact *local_value(const bm_guideline *guideline, const char *id)
{
    for (int i = 0; i < guideline->value_count; i++)
        if (strcmp(guideline->values[i].id, id) == 0)
            return &guideline->values[i];
    return NULL;
}

/* Points of a primary through its group; 255 where the table asks. */
static uint8_t points_of(const bm_fact *table, const bm_item *item, const char *primary)
{
    for (int r = 0; r < table->table_count; r++)
        for (int q = 0; q < item->count && strcmp(table->table[r].option, primary) == 0; q++)
            if (table->table[r].option_count == 1 &&
                strcmp(item->points[q].option, table->table[r].options[0]) == 0)
                return (uint8_t)item->points[q].points;
    return 255;
}

static void fill_primaries(const bonemets_guidelines *set, const bm_guideline *guideline,
                           const char *group, uint8_t points[2][64])
{
    const bm_fact *table = local_value(guideline, group);
    const bm_codes *codes = bm_definitions_fact(&set->definitions, "primary")->type.codes;
    const bm_item *item = guideline->scores[0].items;
    while (strcmp(item->id, "primary") != 0)
        item++;
    for (int i = 0; i < codes->count; i++)
        points[0][i] = points[1][i] = points_of(table, item, codes->ids[i]);
    int prostate = bm_names_find(&codes->index, "prostate_nos");
    points[0][prostate] = points_of(table, item, "prostate_hormone_sensitive");
    points[1][prostate] = points_of(table, item, "prostate_castration_resistant");
}

static void *random_column(const bm_fact *fact, const bm_filling *filling, const uint8_t *known)
{
    double *numbers = malloc(PATIENTS * sizeof *numbers);
    uint8_t *codes = (uint8_t *)numbers;
    uint32_t options = fact->type.codes ? (uint32_t)fact->type.codes->count : 2;
    for (size_t i = 0; i < PATIENTS; i++) {
        uint32_t code = random_below(filling->values ? (uint32_t)filling->values : options);
        while (known && known[code] == 255)
            code = random_below(options);
        if (fact->type.base == BM_NUMBER)
            numbers[i] = filling->low + filling->step * code;
        else
            codes[i] = (uint8_t)code;
    }
    return numbers;
}

static void time_prognosis(bonemets_guidelines *set, const bm_guideline *guideline,
                           const bm_column *in, int columns, const bm_prognosis *hand, double loop)
{
    const bm_score *score = &guideline->scores[0];
    uint8_t *total = malloc(PATIENTS), *band = malloc(PATIENTS);
    bm_output out[2] = {{guideline->kind, score->total, true, total},
                        {guideline->kind, score->band, false, band}};
    for (int plain = 0; plain < 2; plain++) {
        bm_exact *exact;
        int kind;
        int32_t input;
        bm_exact_status status = bm_exact_new(&set->memory, &set->program, &guideline->plan, in,
                                              columns, out, 2, plain, &exact, &kind, &input);
        if (status != BM_EXACT_OK) {
            printf("  the exact evaluator wants %s\n",
                   status == BM_EXACT_INCOMPLETE ? bm_set_input_fact(set, kind, input)->id : "?");
            break;
        }
        double times[RUNS];
        for (int r = 0; r < RUNS; r++) {
            double start = seconds();
            bm_exact_run(exact, in, out, NULL, PATIENTS);
            times[r] = seconds() - start;
        }
        double time = median(times, RUNS);
        bool same =
            memcmp(total, hand->total, PATIENTS) == 0 && memcmp(band, hand->band, PATIENTS) == 0;
        printf("  exact, %-11s %8.0f million a second, %.2f of by hand, %s\n",
               plain ? "portable C" : "dispatched", PATIENTS / time * 1e-6, loop / time,
               same ? "same bytes" : "DIFFERENT BYTES");
        bm_exact_free(exact);
    }
    free(total);
    free(band);
}

static void prognosis_over_columns(bonemets_guidelines *set, const char *id, const char *group,
                                   const bm_filling *fillings, int count,
                                   void (*loop)(const bm_prognosis *p, size_t n))
{
    const bm_guideline *guideline = &set->definitions.guidelines[bm_set_guideline(set, id)];
    bm_prognosis hand = {.total = malloc(PATIENTS), .band = malloc(PATIENTS)};
    bm_column in[MOST_COLUMNS];
    fill_primaries(set, guideline, group, hand.primary);
    for (int k = 0; k < count; k++) {
        const bm_fact *fact = bm_definitions_fact(&set->definitions, fillings[k].fact);
        void *data = random_column(fact, &fillings[k], k == 0 ? hand.primary[0] : NULL);
        in[k] = (bm_column){.kind = fact->kind, .input = fact->input, .data = data};
        hand.columns[k] = data;
    }
    double times[RUNS];
    for (int r = 0; r < RUNS; r++) {
        double start = seconds();
        loop(&hand, PATIENTS);
        times[r] = seconds() - start;
    }
    double time = median(times, RUNS);
    printf("%s over %d patients in columns\n  by hand            %8.0f million a second\n", id,
           PATIENTS, PATIENTS / time * 1e-6);
    time_prognosis(set, guideline, in, count, &hand, time);
    for (int k = 0; k < count; k++)
        free((void *)(uintptr_t)in[k].data);
    free(hand.total);
    free(hand.band);
}

static void prognosis(bonemets_guidelines *set)
{
    static const bm_filling tokuhashi[] = {{"primary", 0, 0, 0},
                                           {"castration_resistant", 2, 0, 0},
                                           {"organ_mets", 0, 0, 0},
                                           {"frankel", 0, 0, 0},
                                           {"kps", 10, 10, 10},
                                           {"extraspinal_bone_foci", 7, 0, 1},
                                           {"vertebral_mets", 5, 1, 1},
                                           {"silent_primary", 1, 0, 0},
                                           {"ecog", 5, 0, 1}};
    static const bm_filling katagiri[] = {
        {"primary", 0, 0, 0},         {"castration_resistant", 2, 0, 0},
        {"visceral_spread", 0, 0, 0}, {"prior_chemo", 0, 0, 0},
        {"skeletal_extent", 0, 0, 0}, {"ecog", 5, 0, 1},
        {"platelets", 300, 20, 1},    {"calcium_total", 80, 7, 0.1},
        {"bilirubin", 40, 0, 0.1},    {"crp", 40, 0, 0.05},
        {"ldh", 300, 100, 2},         {"albumin", 40, 2, 0.1},
        {"silent_primary", 1, 0, 0},  {"kps", 10, 10, 10}};
    prognosis_over_columns(set, "tokuhashi_2005", "primary_group_by_code", tokuhashi,
                           (int)(sizeof tokuhashi / sizeof *tokuhashi), tokuhashi_by_hand);
    prognosis_over_columns(set, "katagiri_2014", "growth_by_code", katagiri,
                           (int)(sizeof katagiri / sizeof *katagiri), katagiri_by_hand);
}

/* ---- SINS through the batch call ---- */

static void keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static void keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

/* Six dictionaries of bytes with validity bitmaps, as a data frame has them. */
typedef struct {
    struct ArrowSchema schema, columns[ITEMS], texts[ITEMS], *children[ITEMS];
    struct ArrowArray rows, values[ITEMS], dictionaries[ITEMS], *parts[ITEMS];
    const void *buffers[ITEMS][2], *text_buffers[ITEMS][3], *none[1];
    uint8_t *keys[ITEMS], *valid[ITEMS];
    int32_t offsets[ITEMS][66];
    char bytes[ITEMS][4096];
} bm_frame_of_rows;

static void put_options(bm_frame_of_rows *f, int k, const bm_fact *fact)
{
    for (int i = 0; i < fact->type.codes->count; i++) {
        size_t length = strlen(fact->type.codes->ids[i]);
        memcpy(f->bytes[k] + f->offsets[k][i], fact->type.codes->ids[i], length);
        f->offsets[k][i + 1] = f->offsets[k][i] + (int32_t)length;
    }
    f->text_buffers[k][1] = f->offsets[k];
    f->text_buffers[k][2] = f->bytes[k];
    f->dictionaries[k] = (struct ArrowArray){.length = fact->type.codes->count,
                                             .n_buffers = 3,
                                             .buffers = f->text_buffers[k],
                                             .release = keep_array};
    f->texts[k] = (struct ArrowSchema){.format = "u", .release = keep_schema};
}

static void put_column(bm_frame_of_rows *f, int k, const bm_fact *fact, uint32_t missing)
{
    f->keys[k] = malloc(LESIONS);
    f->valid[k] = calloc(1, LESIONS / 8 + 1);
    for (size_t i = 0; i < LESIONS; i++) {
        f->keys[k][i] = (uint8_t)random_below((uint32_t)fact->type.codes->count - (k == 0));
        f->valid[k][i / 8] |= (uint8_t)((random_below(100) >= missing) << (i % 8));
    }
    put_options(f, k, fact);
    f->buffers[k][0] = f->valid[k];
    f->buffers[k][1] = f->keys[k];
    f->columns[k] = (struct ArrowSchema){
        .format = "C", .name = fact->id, .dictionary = &f->texts[k], .release = keep_schema};
    f->values[k] = (struct ArrowArray){.length = LESIONS,
                                       .null_count = missing ? -1 : 0,
                                       .n_buffers = 2,
                                       .buffers = f->buffers[k],
                                       .dictionary = &f->dictionaries[k],
                                       .release = keep_array};
    f->children[k] = &f->columns[k];
    f->parts[k] = &f->values[k];
}

static void time_batch(bonemets_batch *batch, const bm_frame_of_rows *f, uint32_t missing)
{
    double times[3];
    for (int r = 0; r < 3; r++) {
        struct ArrowArray out;
        double start = seconds();
        if (bonemets_batch_run(batch, &f->rows, &out, NULL)) {
            printf("  the batch was refused\n");
            return;
        }
        times[r] = seconds() - start;
        out.release(&out);
    }
    double time = median(times, 3);
    printf("  batch, %2u %% missing %8.1f million a second, %.0f ns a row, %.0f %% by columns\n",
           missing, LESIONS / time * 1e-6, time / LESIONS * 1e9,
           100.0 * (double)bonemets_batch_int(batch, BONEMETS_BATCH_COLUMNAR) /
               (double)bonemets_batch_int(batch, BONEMETS_BATCH_ROWS));
}

static void sins_through_batch(bonemets_guidelines *set, uint32_t missing)
{
    static const char *const facts[ITEMS] = {"level",     "sins_pain",     "lesion_type",
                                             "alignment", "sins_collapse", "posterolateral"};
    static const char *const target[] = {"sins"};
    static bm_frame_of_rows f;
    bonemets_batch *batch;
    memset(&f, 0, sizeof f);
    for (int k = 0; k < ITEMS; k++)
        put_column(&f, k, bm_definitions_fact(&set->definitions, facts[k]), missing);
    f.schema = (struct ArrowSchema){
        .format = "+s", .n_children = ITEMS, .children = f.children, .release = keep_schema};
    f.rows = (struct ArrowArray){.length = LESIONS,
                                 .n_buffers = 1,
                                 .n_children = ITEMS,
                                 .buffers = f.none,
                                 .children = f.parts,
                                 .release = keep_array};
    if (bonemets_batch_new(set, target, 1, &batch, NULL) == BONEMETS_OK &&
        bonemets_batch_bind(batch, &f.schema, NULL) == BONEMETS_OK)
        time_batch(batch, &f, missing);
    bonemets_batch_free(batch);
    for (int k = 0; k < ITEMS; k++) {
        free(f.keys[k]);
        free(f.valid[k]);
    }
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

static const char five_lesions[] =
    "{cancer_status: known_active, primary: kidney_rcc, spinal_pain: yes, "
    "pain_features: [mechanical, progressive], neuro_features: [limb_weakness], "
    "deficit_laterality: bilateral, mri_result: compression, n_compression_regions: 1, "
    "complete_paralysis_h: 0 h, nonambulatory_h: 0 h, life_expectancy: 8 mo, "
    "infection_features: no, lesions: ["
    "{level: T8, sins_pain: mechanical, lesion_type: lytic, alignment: normal, collapse_pct: 20, "
    "posterolateral: unilateral, escc_grade: '2', compression_level: cord, surgical_fitness: fit}, "
    "{level: L3, sins_pain: none, lesion_type: mixed, alignment: normal, collapse_pct: 0, "
    "body_involved_pct: 20, posterolateral: none, escc_grade: '0'}, "
    "{level: T12, sins_pain: none, lesion_type: lytic, posterolateral: none, escc_grade: '0'}, "
    "{bone: humerus_shaft, mirels_pain: mild, lesion_type: mixed}, "
    "{bone: femur_shaft, mirels_pain: moderate, lesion_type: lytic, "
    "mirels_size: third_to_two_thirds, fracture_present: no}]}";

/* Written once, as a service does: assessed anew for each time. */
static double time_json(const bonemets_patient *patient, int times, size_t *needed)
{
    static char buffer[1 << 21];
    double spent = 0;
    for (int i = 0; i < times; i++) {
        bonemets_assessment *a;
        bonemets_assess(patient, NULL, &a, NULL);
        double start = seconds();
        bonemets_assessment_write(a, BONEMETS_FORMAT_JSON, buffer, sizeof buffer, needed);
        spent += seconds() - start;
        bonemets_assessment_unref(a);
    }
    return spent / times;
}

static void all_guidelines(bonemets_guidelines *set, const char *which, const char *record)
{
    bonemets_patient *patient;
    bonemets_patient_new(set, &patient);
    if (bonemets_patient_read(patient, "bench", record, strlen(record), NULL))
        printf("the record of %s was refused\n", which);
    enum { TIMES = 4000 };
    double times[RUNS], json[RUNS];
    size_t needed = 0;
    for (int r = 0; r < RUNS; r++) {
        bonemets_assessment *a;
        double start = seconds();
        for (int i = 0; i < TIMES; i++) {
            bonemets_assess(patient, NULL, &a, NULL);
            bonemets_assessment_unref(a);
        }
        times[r] = (seconds() - start) / TIMES;
        json[r] = time_json(patient, TIMES / 100, &needed);
    }
    printf("%s, all guidelines: %.2f microseconds; JSON of %zu KiB %.0f microseconds\n", which,
           median(times, RUNS) * 1e6, needed >> 10, median(json, RUNS) * 1e6);
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
    all_guidelines(set, "three lesions", three_lesions);
    all_guidelines(set, "five lesions", five_lesions);
    sins_over_columns(set);
    sins_through_batch(set, 0);
    sins_through_batch(set, 20);
    prognosis(set);
    bonemets_guidelines_unref(set);
    return 0;
}
