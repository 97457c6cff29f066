/* SPDX-License-Identifier: Apache-2.0 */
/* What if, against trying everything: each option of every code and flag, each member of every set,
 * and numbers on a grid are entered by the public interface one after the other, and every result
 * and choice of a guideline is compared with what the outlook says of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/bounds.h"
#include "record/patient.h"

enum { GRID = 120, TEXT = 600, MOST_TARGETS = 64, MOST_FILE = 1 << 16 };

typedef struct {
    int32_t list;
    char id[80];
    int32_t record;
    char now[TEXT]; /* how it stands */
    bonemets_outlook *outlook;
    unsigned char *found; /* entries that were met */
} target;

typedef struct {
    bonemets_guidelines *set;
    bonemets_patient *patient;
    const char *guideline, *text;
    target targets[MOST_TARGETS];
    int count;
    long tried, altered;
} world;

static long total_altered;

static bonemets_guidelines *load(const char *path)
{
    bonemets_loader *loader = NULL;
    bonemets_guidelines *set = NULL;
    bonemets_error *err = bonemets_error_new();
    assert_int_equal(bonemets_loader_new(NULL, NULL, &loader), BONEMETS_OK);
    assert_int_equal(path ? bonemets_loader_add_path(loader, path, err)
                          : bonemets_loader_add_embedded(loader, NULL, err),
                     BONEMETS_OK);
    assert_int_equal(bonemets_loader_build(loader, &set, err), BONEMETS_OK);
    bonemets_loader_free(loader);
    bonemets_error_free(err);
    return set;
}

static void read_patient(world *w)
{
    bonemets_error *err = bonemets_error_new();
    if (bonemets_patient_read(w->patient, "record", w->text, strlen(w->text), err))
        fail_msg("%s", bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
    bonemets_error_free(err);
}

/* ---- how something stands, as text ---- */

static void append(char *text, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, TEXT - used, "%s ", more ? more : "-");
}

static void append_number(char *text, double x)
{
    char digits[40];
    snprintf(digits, sizeof digits, "%.9g", x);
    append(text, digits);
}

static void describe(const bonemets_assessment *a, const target *t, char *text)
{
    int32_t i = bonemets_assessment_find(a, t->list, t->id, t->record);
    int32_t sub = t->list == BONEMETS_CHOICES ? BONEMETS_SUB_POSSIBLE : BONEMETS_SUB_BANDS;
    assert_true(i >= 0);
    int32_t state = bonemets_assessment_int(a, t->list, i, BONEMETS_F_STATE);
    text[0] = '\0';
    if (t->list == BONEMETS_CHOICES) {
        append_number(text, state);
        append(text, bonemets_assessment_str(a, t->list, i, BONEMETS_F_CODE));
    } else if (state == BONEMETS_INAPPLICABLE) {
        append(text, "inapplicable");
        return;
    } else {
        append(text, state == BONEMETS_KNOWN ? "known" : "open");
        append_number(text, bonemets_assessment_num(a, t->list, i, BONEMETS_F_LOW));
        append_number(text, bonemets_assessment_num(a, t->list, i, BONEMETS_F_HIGH));
    }
    for (int32_t j = 0; j < bonemets_assessment_sub_count(a, t->list, i, sub); j++)
        append(text, bonemets_assessment_sub_str(a, t->list, i, sub, j, BONEMETS_F_ID));
}

static void describe_entry(const target *t, int32_t at, char *text)
{
    const bonemets_outlook *o = t->outlook;
    int32_t sub = t->list == BONEMETS_CHOICES ? BONEMETS_SUB_POSSIBLE : BONEMETS_SUB_BANDS;
    int32_t state = bonemets_outlook_int(o, at, BONEMETS_F_STATE);
    text[0] = '\0';
    if (t->list == BONEMETS_CHOICES) {
        append_number(text, state);
        append(text, bonemets_outlook_str(o, at, BONEMETS_F_CODE));
    } else if (state == BONEMETS_INAPPLICABLE) {
        append(text, "inapplicable");
        return;
    } else {
        append(text, state == BONEMETS_KNOWN ? "known" : "open");
        append_number(text, bonemets_outlook_num(o, at, BONEMETS_F_LOW));
        append_number(text, bonemets_outlook_num(o, at, BONEMETS_F_HIGH));
    }
    for (int32_t j = 0; j < bonemets_outlook_sub_count(o, at, sub); j++)
        append(text, bonemets_outlook_sub_str(o, at, sub, j, BONEMETS_F_ID));
}

/* ---- what is compared ---- */

typedef struct {
    const bm_fact *fact;
    int32_t record;
    const char *member, *to; /* NULL: a number */
    double x;
} attempt;

static bool is_it(const target *t, int32_t at, const attempt *one)
{
    const bonemets_outlook *o = t->outlook;
    const char *member = bonemets_outlook_str(o, at, BONEMETS_F_MEMBER);
    const char *to = bonemets_outlook_str(o, at, BONEMETS_F_TO);
    return strcmp(bonemets_outlook_str(o, at, BONEMETS_F_ID), one->fact->id) == 0 &&
           bonemets_outlook_int(o, at, BONEMETS_F_LESION) == one->record &&
           (member == one->member || (member && one->member && !strcmp(member, one->member))) &&
           (to == one->to || (to && one->to && !strcmp(to, one->to)));
}

/* The entry that has to be there when something changes, and must not be when nothing does. */
static void compare_option(target *t, const attempt *one, const char *then)
{
    char told[TEXT];
    int32_t at = 0, count = bonemets_outlook_count(t->outlook);
    while (at < count && !is_it(t, at, one))
        at++;
    bool altered = strcmp(then, t->now) != 0;
    if (altered != (at < count))
        fail_msg("%s@%d: %s@%d %s %s: %s, now %s, then %s", t->id, (int)t->record, one->fact->id,
                 (int)one->record, one->member ? one->member : "", one->to,
                 altered ? "not found" : "found", t->now, then);
    if (!altered)
        return;
    describe_entry(t, at, told);
    if (strcmp(told, then) != 0)
        fail_msg("%s: %s %s: told %s, is %s", t->id, one->fact->id, one->to, told, then);
    t->found[at] = 1;
}

static bool is_equation(const world *w, const target *t)
{
    const bm_guideline *guideline =
        &w->set->definitions.guidelines[bm_set_guideline(w->set, w->guideline)];
    for (int i = 0; i < guideline->equation_count; i++)
        if (t->list == BONEMETS_RESULTS && strcmp(guideline->equations[i].id, t->id) == 0)
            return true;
    return false;
}

/* A number of which something else comes: there is an entry that is as near, or it lies within one. */
static void compare_number(target *t, const attempt *one, const char *then, double now, bool known)
{
    bool near = strcmp(then, t->now) == 0;
    bool steps = one->fact->type.whole || one->fact->step > 0;
    double fine = steps ? 1e-9 : (one->fact->type.high - one->fact->type.low) / 1000;
    for (int32_t i = 0; i < bonemets_outlook_count(t->outlook) && !near; i++) {
        double low = bonemets_outlook_num(t->outlook, i, BONEMETS_F_TO_LOW);
        double high = bonemets_outlook_num(t->outlook, i, BONEMETS_F_TO_HIGH);
        if (!is_it(t, i, one))
            continue;
        near =
            known ? (low - now) * (one->x - now) > 0 && fabs(low - now) <= fabs(one->x - now) + fine
                  : one->x >= low - fine && one->x <= high + fine;
    }
    if (!near)
        fail_msg("%s@%d: %s@%d = %g: now %s, then %s, nothing nearer was found", t->id,
                 (int)t->record, one->fact->id, (int)one->record, one->x, t->now, then);
}

static bonemets_assessment *assess(world *w)
{
    bonemets_assessment *a = NULL;
    assert_int_equal(bonemets_assess(w->patient, w->guideline, &a, NULL), BONEMETS_OK);
    return a;
}

/* ---- trying ---- */

static void try_option(world *w, const attempt *one)
{
    bonemets_assessment *a = assess(w);
    for (int i = 0; i < w->count; i++) {
        char then[TEXT];
        describe(a, &w->targets[i], then);
        w->altered += strcmp(then, w->targets[i].now) != 0;
        compare_option(&w->targets[i], one, then);
    }
    w->tried++;
    bonemets_assessment_unref(a);
}

static bm_cell cell_of(const world *w, const bm_fact *fact, int32_t record, bool *given)
{
    const bm_records *records = &w->patient->kinds[fact->kind];
    size_t inputs = (size_t)w->set->program.kinds[fact->kind].inputs;
    size_t own = (size_t)record * inputs + (size_t)fact->input, all = (size_t)fact->input;
    *given = records->given[own] || records->given[all];
    return records->cells[records->given[own] ? own : all];
}

static const char *option_id(const bm_fact *fact, int option)
{
    return fact->type.base == BM_BOOL ? option ? "yes" : "no" : fact->type.codes->ids[option];
}

static void try_options(world *w, const bm_fact *fact, int32_t record, bm_cell now)
{
    int count = fact->type.base == BM_BOOL ? 2 : fact->type.codes->count;
    for (int i = 0; i < count; i++) {
        if (now.low.mask == UINT64_C(1) << i)
            continue;
        const char *id = option_id(fact, i);
        attempt one = {fact, record, NULL, id, 0};
        assert_int_equal(bonemets_patient_set_codes(w->patient, record,
                                                    bm_set_fact_number(w->set, fact), &id, 1, NULL),
                         BONEMETS_OK);
        try_option(w, &one);
    }
}

/* Enters a set whose members are present as `low` says, and perhaps as `high` says. */
static void enter_set(world *w, const bm_fact *fact, int32_t record, uint64_t low, uint64_t high)
{
    const char *present[64], *unknown[64];
    int32_t n = 0, m = 0;
    for (int i = 0; i < fact->type.codes->count; i++)
        if (low >> i & 1)
            present[n++] = option_id(fact, i);
        else if (high >> i & 1)
            unknown[m++] = option_id(fact, i);
    assert_int_equal(bonemets_patient_set_members(w->patient, record,
                                                  bm_set_fact_number(w->set, fact), present, n,
                                                  unknown, m, NULL),
                     BONEMETS_OK);
}

static void try_members(world *w, const bm_fact *fact, int32_t record, bm_cell now)
{
    int link = fact->type.link, records = link ? w->patient->kinds[link].count : 0;
    int count = link ? records ? records : 1 : fact->type.codes->count;
    now.high.mask &= count < 64 ? (UINT64_C(1) << count) - 1 : ~UINT64_C(0);
    for (int i = 0; i < count; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if (!(now.low.mask & bit)) {
            enter_set(w, fact, record, now.low.mask | bit, now.high.mask | bit);
            try_option(w, &(attempt){fact, record, option_id(fact, i), "present", 0});
        }
        if (now.high.mask & bit) {
            enter_set(w, fact, record, now.low.mask & ~bit, now.high.mask & ~bit);
            try_option(w, &(attempt){fact, record, option_id(fact, i), "absent", 0});
        }
    }
    if (now.high.mask & (now.high.mask - 1)) {
        enter_set(w, fact, record, 0, 0);
        try_option(w, &(attempt){fact, record, NULL, "none", 0});
    }
}

/* A grid in the fact's own steps, with the places right beside the ends. */
static double grid_value(const bm_fact *fact, int i)
{
    double low = fact->type.low, width = fact->type.high - low, step = fact->step;
    double x = low + width * i / GRID;
    step = step > 0 ? step : fact->type.whole ? 1 : 0;
    return step > 0 ? floor(x / step + 0.5) * step : x;
}

static void try_number(world *w, const bm_fact *fact, int32_t record, double x, bm_cell now,
                       bool given)
{
    bool known = given && now.low.number >= now.high.number;
    attempt one = {fact, record, NULL, NULL, x};
    const char *unit = fact->type.unit;
    if (bonemets_patient_set_number(w->patient, record, bm_set_fact_number(w->set, fact), x, x,
                                    unit, NULL))
        return;
    bonemets_assessment *a = assess(w);
    for (int i = 0; i < w->count; i++) {
        char then[TEXT];
        describe(a, &w->targets[i], then);
        if (!is_equation(w, &w->targets[i])) /* every number alters one */
            compare_number(&w->targets[i], &one, then, now.low.number, known);
    }
    w->tried++;
    bonemets_assessment_unref(a);
}

/* What the outlook says of a number is entered and compared. */
static void check_numbers(world *w, const bm_fact *fact, int32_t record)
{
    for (int t = 0; t < w->count; t++) {
        target *one = &w->targets[t];
        for (int32_t i = 0; i < bonemets_outlook_count(one->outlook); i++) {
            if (!is_it(one, i, &(attempt){fact, record, NULL, NULL, 0}))
                continue;
            char told[TEXT], then[TEXT];
            double low = bonemets_outlook_num(one->outlook, i, BONEMETS_F_TO_LOW);
            double high = bonemets_outlook_num(one->outlook, i, BONEMETS_F_TO_HIGH);
            bonemets_error *err = bonemets_error_new();
            if (bonemets_patient_set_number(w->patient, record, bm_set_fact_number(w->set, fact),
                                            low, high, fact->type.unit, err))
                fail_msg("%s", bonemets_error_str(err, 0, BONEMETS_F_MESSAGE));
            bonemets_error_free(err);
            bonemets_assessment *a = assess(w);
            describe(a, one, then);
            describe_entry(one, i, told);
            if (strcmp(told, then) != 0 || strcmp(then, one->now) == 0)
                fail_msg("%s: %s = %g..%g: told %s, is %s, now %s", one->id, fact->id, low, high,
                         told, then, one->now);
            one->found[i] = 1;
            bonemets_assessment_unref(a);
        }
    }
}

static bool is_open_to_change(const world *w, const bm_fact *fact, int32_t record)
{
    const bm_program *p = &w->set->program;
    const bm_records *records = &w->patient->kinds[fact->kind];
    size_t inputs = (size_t)p->kinds[fact->kind].inputs;
    uint8_t given[4096];
    for (size_t i = 0; i < inputs; i++)
        given[i] = records->given[i] || records->given[(size_t)record * inputs + i];
    /* values are left to the facts that they follow from */
    return given[fact->input] ||
           (!fact->is_value && !bm_excluded(&p->kinds[fact->kind], p, given, fact->input));
}

static void try_fact(world *w, const bm_fact *fact, int32_t record)
{
    bool given;
    if (!is_open_to_change(w, fact, record))
        return;
    bm_cell now = cell_of(w, fact, record, &given);
    if (fact->type.base == BM_NUMBER) {
        for (int i = 0; i <= GRID; i++)
            try_number(w, fact, record, grid_value(fact, i), now, given);
        check_numbers(w, fact, record);
    } else if (fact->type.base == BM_SET) {
        try_members(w, fact, record, now);
    } else {
        try_options(w, fact, record, now);
    }
    read_patient(w);
}

static void add_targets(world *w, const bonemets_assessment *a, int32_t list)
{
    for (int32_t i = 0; i < bonemets_assessment_count(a, list) && w->count < MOST_TARGETS; i++) {
        target *t = &w->targets[w->count++];
        t->list = list;
        snprintf(t->id, sizeof t->id, "%s", bonemets_assessment_str(a, list, i, BONEMETS_F_ID));
        t->record = bonemets_assessment_int(a, list, i, BONEMETS_F_LESION);
        describe(a, t, t->now);
        assert_int_equal(bonemets_what_if(a, list, i, &t->outlook, NULL), BONEMETS_OK);
        t->found = calloc((size_t)bonemets_outlook_count(t->outlook) + 1, 1);
    }
}

/* Every entry was met, but for values that can be entered, which are not tried. */
static void check_all_found(const world *w)
{
    for (int t = 0; t < w->count; t++)
        for (int32_t i = 0; i < bonemets_outlook_count(w->targets[t].outlook); i++) {
            const char *id = bonemets_outlook_str(w->targets[t].outlook, i, BONEMETS_F_ID);
            const bm_fact *fact = bm_definitions_fact(&w->set->definitions, id);
            if (!w->targets[t].found[i] && fact && !fact->is_value)
                fail_msg("%s: a change of %s was told that is none", w->targets[t].id, id);
        }
}

static void check_order(const world *w)
{
    for (int t = 0; t < w->count; t++)
        for (int32_t i = 1; i < bonemets_outlook_count(w->targets[t].outlook); i++)
            assert_true(bonemets_outlook_num(w->targets[t].outlook, i - 1, BONEMETS_F_SIZE) <=
                        bonemets_outlook_num(w->targets[t].outlook, i, BONEMETS_F_SIZE));
}

/* The guideline on one record, every fact of the vocabulary tried in every record of its kind. */
static void try_everything(bonemets_guidelines *set, const char *guideline, const char *text)
{
    static world w;
    memset(&w, 0, sizeof w);
    w.set = set;
    w.guideline = guideline;
    w.text = text;
    assert_int_equal(bonemets_patient_new(set, &w.patient), BONEMETS_OK);
    read_patient(&w);
    bonemets_assessment *a = assess(&w);
    add_targets(&w, a, BONEMETS_RESULTS);
    add_targets(&w, a, BONEMETS_CHOICES);
    for (int i = 0; i < set->definitions.fact_count; i++) {
        const bm_fact *fact = &set->definitions.facts[i];
        int count = w.patient->kinds[fact->kind].count;
        bool none = fact->kind && !count && w.patient->kinds[fact->kind].listed;
        if (fact->input < 0 || none || (fact->is_value && fact->no_supply))
            continue;
        for (int32_t r = fact->kind && count ? 1 : 0; r <= (fact->kind ? count : 0); r++)
            try_fact(&w, fact, r);
    }
    check_all_found(&w);
    check_order(&w);
    printf("%s: %d targets, %ld changes tried, %ld answers altered\n", guideline, w.count, w.tried,
           w.altered);
    total_altered += w.altered;
    for (int t = 0; t < w.count; t++) {
        bonemets_outlook_free(w.targets[t].outlook);
        free(w.targets[t].found);
    }
    bonemets_assessment_unref(a);
    bonemets_patient_free(w.patient);
}

static const char *read_file(const char *path)
{
    static char text[MOST_FILE];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

static void small_tables(void **state)
{
    (void)state;
    bonemets_guidelines *set = load(TEST_RULES);
    try_everything(set, "walk",
                   "sky: {one_of: [rain, cloudy]}\nwalkers: 3\n"
                   "gear: {present: [map], unknown: [boots]}\n"
                   "hills: [{steepness: 35}, {surface: rock}]\n");
    try_everything(set, "walk", "sky: rain\nwalkers: 5\nwindy: yes\nduration: 9\nhills: []\n");
    try_everything(set, "walk", "windy: no\n");
    bonemets_guidelines_unref(set);
}

static void real_tables(void **state)
{
    (void)state;
    bonemets_guidelines *set = load(NULL);
    try_everything(set, "sins", read_file(TEST_PATIENTS "/several_lesions.yaml"));
    try_everything(set, "sins", read_file(TEST_PATIENTS "/partly_known.yaml"));
    try_everything(set, "mscc_triage", read_file(TEST_PATIENTS "/suspected_cord_compression.yaml"));
    try_everything(set, "mscc_triage", read_file(TEST_PATIENTS "/complete.yaml"));
    try_everything(set, "long_bone", read_file(TEST_PATIENTS "/several_lesions.yaml"));
    assert_true(total_altered > 300);
    bonemets_guidelines_unref(set);
}

/* `what_if all`: every guideline on every patient of the examples, which takes minutes. */
static void all_tables(void **state)
{
    (void)state;
    static const char *const files[] = {"complete",
                                        "contradictory",
                                        "not_applicable",
                                        "partly_known",
                                        "several_lesions",
                                        "sparse",
                                        "suspected_cord_compression"};
    bonemets_guidelines *set = load(NULL);
    for (size_t f = 0; f < sizeof files / sizeof *files; f++)
        for (int g = 0; g < set->definitions.guideline_count; g++) {
            char path[400];
            snprintf(path, sizeof path, "%s/%s.yaml", TEST_PATIENTS, files[f]);
            if (!set->definitions.guidelines[g].off)
                try_everything(set, set->definitions.guidelines[g].id, read_file(path));
        }
    bonemets_guidelines_unref(set);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(small_tables),
                                       cmocka_unit_test(real_tables)};
    const struct CMUnitTest all[] = {cmocka_unit_test(all_tables)};
    if (argc > 1 && strcmp(argv[1], "all") == 0)
        return cmocka_run_group_tests(all, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
