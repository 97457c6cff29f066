/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SINS once more, plainly: Fisher CG et al. Spine 2010;35(22):E1221-E1229. An item that is not
 * fully known has a set of points it may still have; the totals are the sums of one of each.
 */
#include "oracle.h"

#include <stdio.h>
#include <string.h>

enum { N_LEVELS = 30, N_ITEMS = 6 };
enum { LOCATION, PAIN, LESION, ALIGNMENT, COLLAPSE, POSTEROLATERAL };

static const char *const levels[N_LEVELS] = {
    "C0", "C1", "C2",  "C3",  "C4",  "C5", "C6", "C7", "T1", "T2", "T3", "T4", "T5", "T6", "T7",
    "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5", "S1", "S2", "S3", "S4", "S5"};
static const char *const pains[] = {"mechanical", "nonmechanical", "none"};
static const char *const lesions[] = {"lytic", "mixed", "blastic"};
static const char *const alignments[] = {"subluxation", "deformity", "normal"};
static const char *const posterolaterals[] = {"bilateral", "unilateral", "none"};
static const char *const item_ids[N_ITEMS] = {"location",  "pain",     "lesion",
                                              "alignment", "collapse", "posterolateral"};

/* Options are masks; 0 says that nothing was entered. The percentages are ranges. */
struct lesion {
    uint32_t level, pain, type, alignment, posterolateral;
    bool has_collapse, has_involved;
    double collapse[2], involved[2];
};

struct points {
    unsigned item[N_ITEMS]; /* bit p: this item may have p points */
    uint32_t totals;        /* bit t: the total may be t */
};

static int location_points(int level)
{
    const char *name = levels[level];
    int n = name[1] - '0';

    if (name[2] != '\0')
        n = n * 10 + (name[2] - '0');
    switch (name[0]) {
    case 'C':
        return n <= 2 || n == 7 ? 3 : 2;
    case 'T':
        return n <= 2 || n >= 11 ? 3 : 1;
    case 'L':
        return n == 1 || n == 5 ? 3 : 2;
    default:
        return n == 1 ? 3 : 0;
    }
}

static unsigned location_set(uint32_t mask)
{
    unsigned set = 0;

    for (int i = 0; i < N_LEVELS; i++)
        if (mask == 0 || (mask >> i & 1))
            set |= 1U << location_points(i);
    return set;
}

static unsigned option_set(uint32_t mask, const int points[3])
{
    unsigned set = 0;

    for (int i = 0; i < 3; i++)
        if (mask == 0 || (mask >> i & 1))
            set |= 1U << points[i];
    return set;
}

static unsigned collapse_set(const struct lesion *l)
{
    double low = l->has_collapse ? l->collapse[0] : 0;
    double high = l->has_collapse ? l->collapse[1] : 100;
    unsigned set = 0;

    if (high > 50)
        set |= 1U << 3;
    if (high > 0 && low <= 50)
        set |= 1U << 2;
    if (low <= 0 && (!l->has_involved || l->involved[1] > 50))
        set |= 1U << 1;
    if (low <= 0 && (!l->has_involved || l->involved[0] <= 50))
        set |= 1U << 0;
    return set;
}

static struct points score(const struct lesion *l)
{
    static const int pain[3] = {3, 1, 0}, lesion[3] = {2, 1, 0}, alignment[3] = {4, 2, 0},
                     posterolateral[3] = {3, 1, 0};
    struct points p;

    p.item[LOCATION] = location_set(l->level);
    p.item[PAIN] = option_set(l->pain, pain);
    p.item[LESION] = option_set(l->type, lesion);
    p.item[ALIGNMENT] = option_set(l->alignment, alignment);
    p.item[COLLAPSE] = collapse_set(l);
    p.item[POSTEROLATERAL] = option_set(l->posterolateral, posterolateral);
    p.totals = 1;
    for (int i = 0; i < N_ITEMS; i++) {
        uint32_t sum = 0;

        for (int points = 0; points <= 4; points++)
            if (p.item[i] >> points & 1)
                sum |= p.totals << points;
        p.totals = sum;
    }
    return p;
}

static int lowest(uint32_t set)
{
    int i = 0;

    while (!(set >> i & 1))
        i++;
    return i;
}

static int highest(uint32_t set)
{
    int i = 31;

    while (!(set >> i & 1))
        i--;
    return i;
}

static oracle_words bands_of(uint32_t totals)
{
    oracle_words bands = {0};

    for (int t = 0; t <= 18; t++)
        if (totals >> t & 1)
            oracle_words_add(&bands, t <= 6    ? "stable"
                                     : t <= 12 ? "potentially_unstable"
                                               : "unstable");
    return bands;
}

static void fill(oracle_case *c, const struct lesion *l)
{
    oracle_case_clear(c, "lesion", "lesions", 1);
    if (l->level)
        oracle_add_mask(c, 1, "level", levels, l->level);
    if (l->pain)
        oracle_add_mask(c, 1, "sins_pain", pains, l->pain);
    if (l->type)
        oracle_add_mask(c, 1, "lesion_type", lesions, l->type);
    if (l->alignment)
        oracle_add_mask(c, 1, "alignment", alignments, l->alignment);
    if (l->has_collapse)
        oracle_add_number(c, 1, "collapse_pct", l->collapse[0], l->collapse[1], "%");
    if (l->has_involved)
        oracle_add_number(c, 1, "body_involved_pct", l->involved[0], l->involved[1], "%");
    if (l->posterolateral)
        oracle_add_mask(c, 1, "posterolateral", posterolaterals, l->posterolateral);
}

static void check_items(const oracle_case *c, const bonemets_assessment *a, int32_t i,
                        const struct points *p)
{
    oracle_check_int(c, "number of items", N_ITEMS,
                     bonemets_assessment_sub_count(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS));
    for (int k = 0; k < N_ITEMS; k++) {
        int32_t j = oracle_sub_find(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, item_ids[k]);

        if (j < 0)
            oracle_mismatch(c, "item", item_ids[k], NULL);
        oracle_check_num(c, item_ids[k], lowest(p->item[k]),
                         bonemets_assessment_sub_num(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, j,
                                                     BONEMETS_F_LOW));
        oracle_check_num(c, item_ids[k], highest(p->item[k]),
                         bonemets_assessment_sub_num(a, BONEMETS_RESULTS, i, BONEMETS_SUB_ITEMS, j,
                                                     BONEMETS_F_HIGH));
    }
}

static void check_state(const oracle_case *c, const bonemets_assessment *a, int32_t i, bool known,
                        bool nothing)
{
    int32_t state = bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE);

    if (known)
        oracle_check_int(c, "state", BONEMETS_KNOWN, state);
    else if (!nothing || state != BONEMETS_UNKNOWN)
        oracle_check_int(c, "state", BONEMETS_PARTLY, state);
}

static void check_bands(const oracle_case *c, const bonemets_assessment *a, int32_t i,
                        uint32_t totals)
{
    oracle_words expected = bands_of(totals);
    oracle_words actual = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_BANDS);

    oracle_check_words(c, "bands", &expected, &actual);
    oracle_check_str(c, "band", expected.n == 1 ? expected.word[0] : NULL,
                     bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND));
}

static bool can_change(const struct points *p, int item)
{
    return lowest(p->item[item]) != highest(p->item[item]);
}

/* A range of collapse that holds no zero makes the share of the body irrelevant. */
static oracle_words missing_of(const struct lesion *l, const struct points *p)
{
    oracle_words missing = {0};

    if (can_change(p, LOCATION))
        oracle_words_add(&missing, "level");
    if (can_change(p, PAIN))
        oracle_words_add(&missing, "sins_pain");
    if (can_change(p, LESION))
        oracle_words_add(&missing, "lesion_type");
    if (can_change(p, ALIGNMENT))
        oracle_words_add(&missing, "alignment");
    if (can_change(p, COLLAPSE) && (!l->has_collapse || l->collapse[0] < l->collapse[1]))
        oracle_words_add(&missing, "collapse_pct");
    if (can_change(p, COLLAPSE) && (p->item[COLLAPSE] & 3U) == 3U)
        oracle_words_add(&missing, "body_involved_pct");
    if (can_change(p, POSTEROLATERAL))
        oracle_words_add(&missing, "posterolateral");
    return missing;
}

/*
 * Without a level, `bone` may be asked beside it, which decides whether SINS applies, and the
 * location itself, which the coccyx leaves open.
 */
static void check_missing(const oracle_case *c, const bonemets_assessment *a, int32_t i,
                          const struct lesion *l, const struct points *p)
{
    oracle_words expected = missing_of(l, p);
    oracle_words actual = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING);

    if (l->level == 0 && oracle_words_has(&actual, "bone"))
        oracle_words_add(&expected, "bone");
    if (l->level == 0 && oracle_words_has(&actual, "sins_location"))
        oracle_words_add(&expected, "sins_location");
    oracle_check_words(c, "missing", &expected, &actual);
}

static void check_lesion(oracle_session *session, const struct lesion *l, bool exact_missing,
                         bool reread)
{
    static oracle_case c;
    struct points p = score(l);

    fill(&c, l);
    bonemets_assessment *a = oracle_assess(session, &c, "sins");
    int32_t i = oracle_result(&c, a, "sins", 1);

    oracle_check_num(&c, "low", lowest(p.totals),
                     bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_LOW));
    oracle_check_num(&c, "high", highest(p.totals),
                     bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_HIGH));
    check_items(&c, a, i, &p);
    check_bands(&c, a, i, p.totals);
    check_state(&c, a, i, lowest(p.totals) == highest(p.totals), c.n_entries == 0);
    if (exact_missing)
        check_missing(&c, a, i, l, &p);
    if (reread)
        oracle_check_reread(session, &c, "sins", a);
    bonemets_assessment_unref(a);
}

/* How the vertebral body can be entered, from complete to not at all. */
struct body {
    bool has_collapse, has_involved;
    double collapse, involved;
};

static const struct body complete_bodies[] = {
    {true, true, 0, 0},    {true, true, 0, 49.9}, {true, true, 0, 50},    {true, true, 0, 50.1},
    {true, true, 0, 100},  {true, false, 0.5, 0}, {true, true, 20, 90},   {true, false, 49.9, 0},
    {true, false, 50, 0},  {true, true, 50, 80},  {true, false, 50.1, 0}, {true, true, 75, 10},
    {true, false, 100, 0},
};
static const struct body open_bodies[] = {
    {true, false, 75, 0}, {true, false, 30, 0}, {true, true, 0, 80},  {true, true, 0, 20},
    {true, false, 0, 0},  {false, true, 0, 80}, {false, true, 0, 20}, {false, false, 0, 0},
};

static void set_body(struct lesion *l, const struct body *body)
{
    l->has_collapse = body->has_collapse;
    l->has_involved = body->has_involved;
    l->collapse[0] = l->collapse[1] = body->collapse;
    l->involved[0] = l->involved[1] = body->involved;
}

/* Number k of all combinations of the five coded items; with `gaps` each may also be absent. */
static bool combination(struct lesion *l, long k, bool gaps)
{
    uint32_t *const items[] = {&l->level, &l->pain, &l->type, &l->alignment, &l->posterolateral};

    for (int i = 0; i < 5; i++) {
        int n = (i == 0 ? N_LEVELS : 3) + (gaps ? 1 : 0);
        int option = (int)(k % n);

        k /= n;
        *items[i] = option == (i == 0 ? N_LEVELS : 3) ? 0 : 1U << option;
    }
    return k == 0;
}

static void enumerate(oracle_session *session, const struct body *bodies, size_t n, bool gaps)
{
    long done = 0;

    for (size_t b = 0; b < n; b++) {
        struct lesion l;

        set_body(&l, &bodies[b]);
        for (long k = 0; combination(&l, k, gaps); k++) {
            if (!oracle_keep(session))
                continue;
            check_lesion(session, &l, true, done % 997 == 0);
            done++;
        }
    }
    print_message("%ld lesions\n", done);
}

static void every_complete_lesion(void **state)
{
    enumerate(*state, complete_bodies, sizeof complete_bodies / sizeof *complete_bodies, false);
}

static void every_subset_of_items_missing(void **state)
{
    enumerate(*state, open_bodies, sizeof open_bodies / sizeof *open_bodies, true);
}

static uint32_t random_mask(uint64_t *random, int n)
{
    uint32_t mask = 0;
    int want = 1 + oracle_below(random, n < 6 ? n : 6);

    if (oracle_chance(random, 15))
        return 0;
    for (int i = 0; i < want; i++)
        mask |= 1U << oracle_below(random, n);
    return mask;
}

static bool random_range(uint64_t *random, double range[2])
{
    static const double grid[] = {0, 0, 0.5, 10, 49.9, 50, 50.1, 75, 100};
    double x = grid[oracle_below(random, 9)], y = grid[oracle_below(random, 9)];

    if (oracle_chance(random, 40))
        y = x;
    range[0] = x < y ? x : y;
    range[1] = x < y ? y : x;
    return !oracle_chance(random, 20);
}

static void partly_known_codes(void **state)
{
    oracle_session *session = *state;
    uint64_t random = 20101;

    for (long n = oracle_count(session, 150000), k = 0; k < n; k++) {
        struct lesion l;

        l.level = random_mask(&random, N_LEVELS);
        l.pain = random_mask(&random, 3);
        l.type = random_mask(&random, 3);
        l.alignment = random_mask(&random, 3);
        l.posterolateral = random_mask(&random, 3);
        l.has_collapse = random_range(&random, l.collapse);
        l.has_involved = random_range(&random, l.involved);
        check_lesion(session, &l, false, k % 4999 == 0);
    }
}

/* The published kind of example: one total for each pattern, by level. */
static void worked_examples(void **state)
{
    static const struct {
        const char *yaml;
        int low, high;
        const char *band;
    } examples[] = {
        {"lesions: [{level: T5, sins_pain: none, lesion_type: blastic, alignment: normal, "
         "collapse_pct: 0, body_involved_pct: 10, posterolateral: unilateral}]\n",
         2, 2, "stable"},
        {"lesions: [{level: S3, sins_pain: nonmechanical, lesion_type: lytic, alignment: normal, "
         "collapse_pct: 0, body_involved_pct: 60, posterolateral: none}]\n",
         4, 4, "stable"},
        {"lesions: [{level: L3, sins_pain: nonmechanical, lesion_type: lytic, alignment: normal, "
         "collapse_pct: 0, body_involved_pct: 60, posterolateral: none}]\n",
         6, 6, "stable"},
        {"lesions: [{level: T8, sins_pain: mechanical, lesion_type: mixed, alignment: normal, "
         "collapse_pct: 30, posterolateral: none}]\n",
         7, 7, "potentially_unstable"},
        {"lesions: [{level: C5, sins_pain: mechanical, lesion_type: lytic, alignment: deformity, "
         "collapse_pct: 30, posterolateral: unilateral}]\n",
         12, 12, "potentially_unstable"},
        {"lesions: [{level: L1, sins_pain: mechanical, lesion_type: lytic, alignment: normal, "
         "collapse_pct: 30, posterolateral: bilateral}]\n",
         13, 13, "unstable"},
        {"lesions: [{level: C2, sins_pain: mechanical, lesion_type: lytic, alignment: subluxation, "
         "collapse_pct: 0, body_involved_pct: 60, posterolateral: bilateral}]\n",
         16, 16, "unstable"},
        {"lesions: [{level: T12, lesion_type: lytic, alignment: normal, collapse_pct: 60, "
         "posterolateral: bilateral}]\n",
         11, 14, NULL},
    };
    static oracle_case c;

    for (size_t k = 0; k < sizeof examples / sizeof *examples; k++) {
        c.yaml = examples[k].yaml;
        bonemets_assessment *a = oracle_assess(*state, &c, "sins");
        int32_t i = oracle_result(&c, a, "sins", 1);

        oracle_check_num(&c, "low", examples[k].low,
                         bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_LOW));
        oracle_check_num(&c, "high", examples[k].high,
                         bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_HIGH));
        oracle_check_str(&c, "band", examples[k].band,
                         bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND));
        bonemets_assessment_unref(a);
    }
}

/* One more note at exactly 50 % than beside it, because the source leaves that point open. */
static void boundary_notes(void **state)
{
    static const struct {
        const char *at, *beside;
    } pairs[] = {
        {"{level: T8, collapse_pct: 50}", "{level: T8, collapse_pct: 49.9}"},
        {"{level: T8, collapse_pct: 50}", "{level: T8, collapse_pct: 50.1}"},
        {"{level: T8, collapse_pct: 0, body_involved_pct: 50}",
         "{level: T8, collapse_pct: 0, body_involved_pct: 49.9}"},
        {"{level: T8, collapse_pct: 0, body_involved_pct: 50}",
         "{level: T8, collapse_pct: 0, body_involved_pct: 50.1}"},
    };
    static oracle_case c;

    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        int32_t notes[2];

        for (int side = 0; side < 2; side++) {
            char yaml[256];

            (void)snprintf(yaml, sizeof yaml,
                           "sins_pain: none\nlesion_type: lytic\nalignment: normal\n"
                           "posterolateral: none\nlesions:\n  - %s\n",
                           side == 0 ? pairs[k].at : pairs[k].beside);
            c.yaml = yaml;
            bonemets_assessment *a = oracle_assess(*state, &c, "sins");
            int32_t i = oracle_result(&c, a, "sins", 1);

            notes[side] = bonemets_assessment_sub_count(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES);
            bonemets_assessment_unref(a);
        }
        c.yaml = pairs[k].at;
        oracle_check_int(&c, "notes at 50 %", notes[1] + 1, notes[0]);
    }
}

static void where_sins_does_not_fit(void **state)
{
    static const struct {
        const char *yaml;
        int state, low, high;
        const char *missing;
    } cases[] = {
        {"lesions: [{bone: femur_shaft, sins_pain: none, lesion_type: lytic}]\n",
         BONEMETS_INAPPLICABLE, 0, 0, NULL},
        {"lesions: [{bone: rib}]\n", BONEMETS_INAPPLICABLE, 0, 0, NULL},
        {"lesions: [{level: coccyx, sins_pain: none, lesion_type: lytic, alignment: normal, "
         "collapse_pct: 30, posterolateral: none}]\n",
         BONEMETS_PARTLY, 4, 7, "sins_location"},
        {"lesions: [{bone: sacrum, sins_pain: none, lesion_type: lytic, alignment: normal, "
         "collapse_pct: 30, posterolateral: none}]\n",
         BONEMETS_PARTLY, 4, 7, "sins_location"},
        {"lesions: [{level: coccyx, sins_location: rigid, sins_pain: none, lesion_type: lytic, "
         "alignment: normal, collapse_pct: 30, posterolateral: none}]\n",
         BONEMETS_KNOWN, 4, 4, NULL},
        {"lesions: [{bone: sacrum, sins_location: junctional, sins_pain: none, lesion_type: lytic, "
         "alignment: normal, collapse_pct: 30, posterolateral: none}]\n",
         BONEMETS_KNOWN, 7, 7, NULL},
    };
    static oracle_case c;

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        c.yaml = cases[k].yaml;
        bonemets_assessment *a = oracle_assess(*state, &c, "sins");
        int32_t i = oracle_result(&c, a, "sins", 1);

        oracle_check_int(&c, "state", cases[k].state,
                         bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE));
        if (cases[k].state != BONEMETS_INAPPLICABLE) {
            oracle_words missing = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING);

            oracle_check_num(&c, "low", cases[k].low,
                             bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_LOW));
            oracle_check_num(&c, "high", cases[k].high,
                             bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_HIGH));
            if (cases[k].missing && !oracle_words_has(&missing, cases[k].missing))
                oracle_mismatch(&c, "missing", cases[k].missing,
                                missing.n > 0 ? missing.word[0] : NULL);
            if (!cases[k].missing)
                oracle_check_int(&c, "missing facts", 0, missing.n);
        }
        bonemets_assessment_unref(a);
    }
}

/* The coccyx is never to be taken for the occiput. */
static void misread_levels_are_refused(void **state)
{
    static const char *const wrong[] = {"Co", "CO", "T13", "L6", "S6"};
    oracle_session *session = *state;
    bonemets_fact level = oracle_fact(session, "level");
    bonemets_record record = 0;

    bonemets_patient_reset(session->patient);
    assert_int_equal(bonemets_patient_add_record(session->patient, "lesion", &record), BONEMETS_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(
            bonemets_patient_set_codes(session->patient, record, level, &wrong[i], 1, NULL),
            BONEMETS_E_TYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_examples),
        cmocka_unit_test(where_sins_does_not_fit),
        cmocka_unit_test(misread_levels_are_refused),
        cmocka_unit_test(boundary_notes),
        cmocka_unit_test(every_complete_lesion),
        cmocka_unit_test(every_subset_of_items_missing),
        cmocka_unit_test(partly_known_codes),
    };

    return cmocka_run_group_tests(tests, oracle_setup, oracle_teardown);
}
