/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mirels once more, plainly: Mirels H. Clin Orthop Relat Res 1989;(249):256-264. Femoral head and
 * neck count as peritrochanteric here; the other reading is a note.
 */
#include "oracle.h"

#include <stdio.h>
#include <string.h>

enum { N_BONES = 33, N_LONG = 17, N_ITEMS = 4 };
enum { SITE, PAIN, LESION, SIZE };

/* The long bones of the limbs first: Mirels does not apply to the others. */
static const char *const bones[N_BONES] = {
    "humerus",
    "humerus_proximal",
    "humerus_shaft",
    "humerus_distal",
    "radius",
    "ulna",
    "femur_shaft",
    "femur_distal",
    "tibia",
    "tibia_shaft",
    "tibia_distal",
    "fibula",
    "femur_head",
    "femur_neck",
    "femur_intertrochanteric",
    "femur_subtrochanteric",
    "femur", /* the part decides: shaft 2, trochanteric region 3 */
    "patella",
    "pelvis",
    "acetabulum",
    "ilium",
    "ischium",
    "pubis",
    "sacrum",
    "rib",
    "sternum",
    "clavicle",
    "scapula",
    "skull",
    "mandible",
    "maxilla",
    "hand",
    "foot"};
static const char *const pains[] = {"mild", "moderate", "functional"};
static const char *const lesions[] = {"blastic", "mixed", "lytic"};
static const char *const sizes[] = {"lt_third", "third_to_two_thirds", "gt_two_thirds"};
static const char *const item_ids[N_ITEMS] = {"site", "pain", "lesion", "size"};

/* Options are masks; 0 says that nothing was entered. */
struct lesion {
    uint64_t bone;
    uint32_t pain, type, size;
};

struct points {
    unsigned item[N_ITEMS]; /* bit p: this item may have p points */
    uint32_t totals;        /* bit t: the total may be t */
};

static unsigned site_points(int bone)
{
    if (bone <= 5)
        return 1U << 1;
    if (bone <= 11)
        return 1U << 2;
    if (bone <= 15)
        return 1U << 3;
    return bone == 16 ? 1U << 2 | 1U << 3 : 0;
}

static unsigned site_set(uint64_t mask)
{
    unsigned set = 0;

    for (int i = 0; i < N_LONG; i++)
        if (mask == 0 || (mask >> i & 1))
            set |= site_points(i);
    return set;
}

/* The three options of the other items give 1, 2 and 3 points in the order they stand. */
static unsigned option_set(uint32_t mask)
{
    return mask == 0 ? 0xEU : mask << 1;
}

static struct points score(const struct lesion *l)
{
    struct points p = {
        {site_set(l->bone), option_set(l->pain), option_set(l->type), option_set(l->size)}, 1};

    for (int i = 0; i < N_ITEMS; i++) {
        uint32_t sum = 0;

        for (int points = 1; points <= 3; points++)
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

    for (int t = 4; t <= 12; t++)
        if (totals >> t & 1)
            oracle_words_add(&bands, t <= 7 ? "low" : t == 8 ? "borderline" : "high");
    return bands;
}

static void fill(oracle_case *c, const struct lesion *l)
{
    oracle_case_clear(c, "lesion", "lesions", 1);
    oracle_add_code(c, 1, "fracture_present", "no");
    if (l->bone)
        oracle_add_mask(c, 1, "bone", bones, l->bone);
    if (l->pain)
        oracle_add_mask(c, 1, "mirels_pain", pains, l->pain);
    if (l->type)
        oracle_add_mask(c, 1, "lesion_type", lesions, l->type);
    if (l->size)
        oracle_add_mask(c, 1, "mirels_size", sizes, l->size);
}

static double number(const bonemets_assessment *a, int32_t i, bonemets_field field)
{
    return bonemets_assessment_num(a, BONEMETS_RESULTS, i, field);
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
                        uint32_t totals, bool exact)
{
    oracle_words expected = bands_of(totals);
    oracle_words actual = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_BANDS);
    const char *band = bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND);

    if (exact) {
        oracle_check_words(c, "bands", &expected, &actual);
        oracle_check_str(c, "band", expected.n == 1 ? expected.word[0] : NULL, band);
        return;
    }
    for (int k = 0; k < expected.n; k++)
        if (!oracle_words_has(&actual, expected.word[k]))
            oracle_mismatch(c, "band that a completion reaches", expected.word[k], NULL);
    if (band && expected.n > 1)
        oracle_check_str(c, "band", NULL, band);
}

static bool can_change(const struct points *p, int item)
{
    return lowest(p->item[item]) != highest(p->item[item]);
}

/*
 * A femur without its part may be asked for as `bone` or as the site itself. Without a bone, the
 * site (which `femur` leaves open) and `level` may be asked beside it; a grade of pain may be
 * answered by pain on use, or by no pain at all.
 */
static void check_missing(const oracle_case *c, const bonemets_assessment *a, int32_t i,
                          const struct lesion *l, const struct points *p)
{
    oracle_words expected = {0};
    oracle_words actual = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING);

    if (can_change(p, SITE) && !(l->bone && oracle_words_has(&actual, "mirels_site")))
        oracle_words_add(&expected, "bone");
    if (can_change(p, SITE) && oracle_words_has(&actual, "mirels_site"))
        oracle_words_add(&expected, "mirels_site");
    if (l->bone == 0 && oracle_words_has(&actual, "level"))
        oracle_words_add(&expected, "level");
    if (can_change(p, PAIN))
        oracle_words_add(&expected, "mirels_pain");
    if (can_change(p, PAIN) && oracle_words_has(&actual, "functional_pain"))
        oracle_words_add(&expected, "functional_pain");
    if (can_change(p, PAIN) && oracle_words_has(&actual, "painful"))
        oracle_words_add(&expected, "painful");
    if (can_change(p, LESION))
        oracle_words_add(&expected, "lesion_type");
    if (can_change(p, SIZE))
        oracle_words_add(&expected, "mirels_size");
    oracle_check_words(c, "missing", &expected, &actual);
}

static void check_lesion(oracle_session *session, const struct lesion *l, bool exact, bool reread)
{
    static oracle_case c;
    struct points p = score(l);

    fill(&c, l);
    bonemets_assessment *a = oracle_assess(session, &c, "mirels");
    int32_t i = oracle_result(&c, a, "mirels", 1);

    oracle_check_num(&c, "low", lowest(p.totals), number(a, i, BONEMETS_F_LOW));
    oracle_check_num(&c, "high", highest(p.totals), number(a, i, BONEMETS_F_HIGH));
    check_items(&c, a, i, &p);
    check_bands(&c, a, i, p.totals, exact);
    check_state(&c, a, i, lowest(p.totals) == highest(p.totals), c.n_entries == 1);
    if (exact)
        check_missing(&c, a, i, l, &p);
    if (reread)
        oracle_check_reread(session, &c, "mirels", a);
    bonemets_assessment_unref(a);
}

/* Every long bone, the femur whose part is not known and no bone; every option and none. */
static void every_subset_of_items_missing(void **state)
{
    long done = 0;

    for (long k = 0; k < (N_LONG + 1) * 64; k++) {
        long bone = k / 64;
        struct lesion l = {bone == N_LONG ? 0 : 1ULL << bone, 1U << (k & 3), 1U << (k >> 2 & 3),
                           1U << (k >> 4 & 3)};

        l.pain &= 7U;
        l.type &= 7U;
        l.size &= 7U;
        if (!oracle_keep(*state))
            continue;
        check_lesion(*state, &l, true, done++ % 97 == 0);
    }
    print_message("%ld lesions\n", done);
}

static uint32_t random_mask(uint64_t *random)
{
    return oracle_chance(random, 15) ? 0 : 1U + (uint32_t)oracle_below(random, 7);
}

static void partly_known_codes(void **state)
{
    oracle_session *session = *state;
    uint64_t random = 1989;

    for (long n = oracle_count(session, 120000), k = 0; k < n; k++) {
        struct lesion l = {0, random_mask(&random), random_mask(&random), random_mask(&random)};

        if (!oracle_chance(&random, 10))
            for (int bone = oracle_below(&random, 4); bone >= 0; bone--)
                l.bone |= 1ULL << oracle_below(&random, N_LONG);
        check_lesion(session, &l, false, k % 4999 == 0);
    }
}

/* Some bones that are possible do not fit Mirels: the totals of the others stay contained. */
static void partly_known_bone_that_may_not_fit(void **state)
{
    oracle_session *session = *state;
    uint64_t random = 249;

    for (long n = oracle_count(session, 20000), k = 0; k < n; k++) {
        static oracle_case c;
        struct lesion l = {1ULL << oracle_below(&random, N_LONG), random_mask(&random),
                           random_mask(&random), random_mask(&random)};
        struct points p = score(&l);

        for (int more = oracle_below(&random, 3); more >= 0; more--)
            l.bone |= 1ULL << (N_LONG + oracle_below(&random, N_BONES - N_LONG));
        fill(&c, &l);
        bonemets_assessment *a = oracle_assess(session, &c, "mirels");
        int32_t i = oracle_result(&c, a, "mirels", 1);

        if (bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE) ==
            BONEMETS_INAPPLICABLE)
            oracle_mismatch(&c, "state", "may apply", "not applicable");
        if (number(a, i, BONEMETS_F_LOW) > lowest(p.totals))
            oracle_check_num(&c, "low", lowest(p.totals), number(a, i, BONEMETS_F_LOW));
        if (number(a, i, BONEMETS_F_HIGH) < highest(p.totals))
            oracle_check_num(&c, "high", highest(p.totals), number(a, i, BONEMETS_F_HIGH));
        check_bands(&c, a, i, p.totals, false);
        bonemets_assessment_unref(a);
    }
}

static const char *const others_given = "fracture_present: no\nmirels_pain: functional\n"
                                        "lesion_type: lytic\nmirels_size: gt_two_thirds\n";

static void expect_not_applicable(void **state, const char *yaml)
{
    static oracle_case c;

    c.yaml = yaml;
    bonemets_assessment *a = oracle_assess(*state, &c, "mirels");
    int32_t i = oracle_result(&c, a, "mirels", 1);

    oracle_check_int(&c, "state", BONEMETS_INAPPLICABLE,
                     bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE));
    oracle_check_str(&c, "band", NULL,
                     bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND));
    bonemets_assessment_unref(a);
}

static void not_applicable(void **state)
{
    char yaml[512];

    for (int bone = 0; bone < N_BONES; bone++) {
        (void)snprintf(yaml, sizeof yaml, "lesions: [{bone: %s, fracture_present: yes}]\n",
                       bones[bone]);
        expect_not_applicable(state, yaml);
        (void)snprintf(yaml, sizeof yaml, "%slesions: [{bone: %s}]\n", others_given, bones[bone]);
        if (bone >= N_LONG)
            expect_not_applicable(state, yaml);
        (void)snprintf(yaml, sizeof yaml, "lesions: [{bone: %s}]\n", bones[bone]);
        if (bone >= N_LONG)
            expect_not_applicable(state, yaml);
    }
    expect_not_applicable(state, "lesions: [{fracture_present: yes}]\n");
    expect_not_applicable(state, "lesions: [{level: T8, fracture_present: no}]\n");
    expect_not_applicable(state, "lesions: [{bone: {one_of: [pelvis, rib, hand]}}]\n");
}

struct example {
    const char *lesion;
    int low, high;
    const char *band; /* "" leaves it open */
    int least_notes;
    const char *missing; /* a fact that must be among those named */
};

static void check_example(void **state, const struct example *e)
{
    static oracle_case c;
    char yaml[512];

    (void)snprintf(yaml, sizeof yaml, "lesions:\n  - %s\n", e->lesion);
    c.yaml = yaml;
    bonemets_assessment *a = oracle_assess(*state, &c, "mirels");
    int32_t i = oracle_result(&c, a, "mirels", 1);
    oracle_words missing = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING);
    int32_t notes = bonemets_assessment_sub_count(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES);

    oracle_check_num(&c, "low", e->low, number(a, i, BONEMETS_F_LOW));
    oracle_check_num(&c, "high", e->high, number(a, i, BONEMETS_F_HIGH));
    if (!e->band || e->band[0] != '\0')
        oracle_check_str(&c, "band", e->band,
                         bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND));
    if (notes < e->least_notes)
        oracle_check_int(&c, "notes, at least", e->least_notes, notes);
    if (e->missing && !oracle_words_has(&missing, e->missing))
        oracle_mismatch(&c, "missing", e->missing, NULL);
    bonemets_assessment_unref(a);
}

#define UNBROKEN "{fracture_present: no, "

static void worked_examples(void **state)
{
    static const struct example examples[] = {
        {UNBROKEN "bone: humerus, mirels_pain: mild, lesion_type: mixed, "
                  "mirels_size: third_to_two_thirds}",
         6, 6, "low", 0, NULL},
        {UNBROKEN "bone: tibia, mirels_pain: mild, lesion_type: lytic, mirels_size: lt_third}", 7,
         7, "low", 0, NULL},
        {UNBROKEN "bone: femur_shaft, mirels_pain: mild, lesion_type: lytic, "
                  "mirels_size: third_to_two_thirds}",
         8, 8, "borderline", 0, NULL},
        {UNBROKEN "bone: femur_intertrochanteric, mirels_pain: moderate, lesion_type: blastic, "
                  "mirels_size: gt_two_thirds}",
         9, 9, "high", 0, NULL},
        {UNBROKEN "bone: ulna, mirels_pain: functional, lesion_type: lytic, "
                  "mirels_size: gt_two_thirds}",
         10, 10, "high", 0, NULL},
        {UNBROKEN "bone: femur_distal, mirels_pain: functional, lesion_type: lytic, "
                  "mirels_size: gt_two_thirds}",
         11, 11, "high", 0, NULL},
        {UNBROKEN "bone: radius, mirels_pain: functional, lesion_type: lytic}", 8, 10, NULL, 0,
         "mirels_size"},
        /* Head and neck: the total with two points for the site is a note. */
        {UNBROKEN "bone: femur_head, mirels_pain: mild, lesion_type: lytic, mirels_size: lt_third}",
         8, 8, "borderline", 1, NULL},
        {UNBROKEN "bone: femur_neck, mirels_pain: mild, lesion_type: lytic, mirels_size: lt_third}",
         8, 8, "borderline", 1, NULL},
        /* Upper limb at 7 or 8: a lower threshold has been proposed for the humerus. */
        {UNBROKEN "bone: humerus, mirels_pain: mild, lesion_type: lytic, "
                  "mirels_size: third_to_two_thirds}",
         7, 7, "low", 1, NULL},
        {UNBROKEN "bone: humerus, mirels_pain: moderate, lesion_type: lytic, "
                  "mirels_size: third_to_two_thirds}",
         8, 8, "borderline", 1, NULL},
        /* Whether it is broken was not said: the total stands, the question is asked. */
        {"{bone: femur_shaft, mirels_pain: mild, lesion_type: lytic, mirels_size: lt_third}", 7, 7,
         "", 0, "fracture_present"},
    };

    for (size_t k = 0; k < sizeof examples / sizeof *examples; k++)
        check_example(state, &examples[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_examples),
        cmocka_unit_test(not_applicable),
        cmocka_unit_test(every_subset_of_items_missing),
        cmocka_unit_test(partly_known_codes),
        cmocka_unit_test(partly_known_bone_that_may_not_fit),
    };

    return cmocka_run_group_tests(tests, oracle_setup, oracle_teardown);
}
