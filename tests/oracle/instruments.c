/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smaller instruments and equations once more, plainly, from the clinical sources. Each is a
 * list of inputs and a function that judges one fully known record; the library must say the same,
 * and what it says of a partly known record must contain every completion.
 */
#include "oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_INPUTS = 12, N_FEMUR = 7, GRID_LIMIT = 200000, COMPLETIONS = 16 };

typedef struct {
    const char *key;
    const char *const *options; /* NULL for a number */
    int n_options;
    const char *unit;
    double low, high;
    int digits; /* decimals of a number that is drawn */
    int n_points;
    const double *points; /* numbers that matter */
    const char *other_unit;
    double other_size; /* in the other unit, 1 is this much */
    bool always;       /* a setting: neither left out nor open */
    bool given;        /* never left out: without it the table does not apply */
} input;

/* What the sources say of one record. REFUSED: a value that is an error; OPEN: nothing. */
enum { APPLIES, NOT_APPLICABLE, REFUSED, OPEN };

typedef struct {
    int kind;
    double total;
    const char *band;
} verdict;

typedef struct {
    const char *id;
    const char *kind, *list; /* of a record that is given; NULL for the patient alone */
    const char *key, *code;  /* a fact that is always given; NULL for none */
    bool total;              /* the total counts, not the band alone */
    bool light;              /* one line: a fifth of the records will do */
    bool separable;          /* a sum of points, one item a fact: the bounds are exact */
    verdict (*judge)(const double *x);
    void (*aim)(double *x, uint64_t *random); /* moves a record to a boundary */
    int n_inputs;
    const input *inputs;
} instrument;

static const char *const no_yes[] = {"no", "yes"};
static const char *const able[] = {"independent", "dependent"};

#define COUNT(list) (int)(sizeof(list) / sizeof *(list))

static bool below(double a, double b)
{
    return a < b - 1e-9;
}

static bool above(double a, double b)
{
    return a > b + 1e-9;
}

static verdict in_band(double total, const char *band)
{
    return (verdict){APPLIES, total, band};
}

static verdict outside(int kind)
{
    return (verdict){kind, 0, NULL};
}

/* --- Long bones ------------------------------------------------------------------------------ */

static verdict judge_axial(const double *x)
{
    return in_band(0, !below(x[0], 30) || above(x[1], 50) ? "high" : "not_high");
}

/* The total is the number of criteria. Only a femur has a lesser trochanter that can break off. */
static verdict judge_harrington(const double *x)
{
    int n = (above(x[0], 50) ? 1 : 0) + (above(x[1], 25) ? 1 : 0) + (x[2] > 0) + (x[3] > 0);

    if (x[2] > 0 && x[4] >= N_FEMUR)
        return outside(OPEN);
    return in_band(n, n > 0 ? "positive" : "negative");
}

static verdict judge_ctra(const double *x)
{
    double worst = fmax(x[0], fmax(x[1], x[2]));

    if (!below(worst, 35))
        return in_band(0, "high");
    return in_band(0, below(worst, 33) ? "not_high" : "threshold_dependent");
}

/* --- Neurology, function, frailty -------------------------------------------------------------- */

/* Without a key muscle below the level, or with more strong ones than there are, it says nothing. */
static verdict judge_ais(const double *x)
{
    if (x[0] < 1)
        return outside(NOT_APPLICABLE);
    if (x[5] > x[4])
        return outside(OPEN);
    if (x[1] > 0)
        return in_band(0, "e");
    if (x[2] < 1)
        return in_band(0, "a");
    if (x[3] < 1)
        return in_band(0, "b");
    if (x[4] < 1)
        return outside(OPEN);
    return in_band(0, 2 * x[5] >= x[4] ? "d" : "c");
}

static double sum(const double *x, int n)
{
    double total = 0;

    for (int i = 0; i < n; i++)
        total += x[i];
    return total;
}

static verdict judge_katz(const double *x)
{
    double total = 6 - sum(x, 6);

    return in_band(total, total > 5 ? "independent" : total > 2 ? "moderate" : "severe");
}

static verdict judge_mfi5(const double *x)
{
    double total = (x[0] > 1 ? 1 : 0) + sum(x + 1, 4);

    return in_band(total, total > 1 ? "frail" : total > 0 ? "prefrail" : "not_frail");
}

static verdict judge_mfi11(const double *x)
{
    double total = (x[0] > 0 ? 1 : 0) + sum(x + 1, 10);

    return in_band(total, total > 2 ? "at_or_above_cutoff" : "below_cutoff");
}

static verdict judge_mstfi(const double *x)
{
    static const char *const bands[] = {"not_frail", "mild", "moderate", "severe"};
    double total = sum(x, 9);

    return in_band(total, bands[total > 3 ? 3 : (int)total]);
}

static double bmi_of(double kg, double cm)
{
    return kg / (cm / 100) / (cm / 100);
}

static bool bmi_refused(double bmi)
{
    return below(bmi, 10) || above(bmi, 80);
}

/* Swelling makes weight useless: no total can be certain. */
static verdict judge_must(const double *x)
{
    double bmi = bmi_of(x[1], x[2]);
    double total = x[4] > 0 ? 2 : 0;

    if (x[0] < 18)
        return outside(NOT_APPLICABLE);
    if (bmi_refused(bmi) || x[5] > 0)
        return outside(REFUSED);
    total += below(bmi, 18.5) ? 2 : above(bmi, 20) ? 0 : 1;
    total += below(x[3], 5) ? 0 : above(x[3], 10) ? 2 : 1;
    return in_band(total, total > 1 ? "high" : total > 0 ? "medium" : "low");
}

static double g8_bmi(double bmi)
{
    if (below(bmi, 19))
        return 0;
    if (below(bmi, 21))
        return 1;
    return below(bmi, 23) ? 2 : 3;
}

static verdict judge_g8(const double *x)
{
    static const double health[] = {0, 0.5, 1, 2};
    double bmi = bmi_of(x[4], x[5]);
    double total = x[0] + x[1] + x[2] + x[3];

    if (x[8] < 70)
        return outside(NOT_APPLICABLE);
    if (bmi_refused(bmi))
        return outside(REFUSED);
    total += g8_bmi(bmi);
    total += x[6] > 3 ? 0 : 1;
    total += health[(int)x[7]];
    total += x[8] > 85 ? 0 : x[8] >= 80 ? 1 : 2;
    return in_band(total, total > 14 ? "normal" : "abnormal");
}

static verdict judge_bmi_class(const double *x)
{
    static const double limits[] = {16, 17, 18.5, 25, 30, 35, 40};
    static const char *const bands[] = {"severe_thinness", "moderate_thinness", "mild_thinness",
                                        "normal",          "preobese",          "obese_i",
                                        "obese_ii",        "obese_iii"};
    double bmi = bmi_of(x[0], x[1]);
    int i = 0;

    if (x[2] < 18)
        return outside(OPEN);
    if (bmi_refused(bmi))
        return outside(REFUSED);
    while (i < 7 && !below(bmi, limits[i]))
        i++;
    return in_band(bmi, bands[i]);
}

/* --- Pain -------------------------------------------------------------------------------------- */

static verdict judge_nrs(const double *x)
{
    static const int mild_to[] = {4, 3, 4}, moderate_to[] = {6, 6, 7};
    int set = (int)x[1];

    if (x[0] < 1)
        return in_band(x[0], "none");
    if (x[0] <= mild_to[set])
        return in_band(x[0], "mild");
    return in_band(x[0], x[0] <= moderate_to[set] ? "moderate" : "severe");
}

static verdict judge_chow(const double *x)
{
    double change = x[1] - x[0];
    bool dose_up = above(x[3], x[2]);
    bool fall = x[2] > 0 && !above(x[3], 0.75 * x[2]);
    bool rise = x[2] > 0 ? !below(x[3], 1.25 * x[2]) : x[3] > 0;

    if (x[0] < 1)
        return outside(NOT_APPLICABLE);
    if (x[1] < 1 && !dose_up)
        return in_band(0, "complete_response");
    if ((change <= -2 && !dose_up) || (fall && change <= 0))
        return in_band(0, "partial_response");
    if ((change >= 2 && !fall) || (rise && change >= 0 && change <= 1))
        return in_band(0, "pain_progression");
    return in_band(0, "indeterminate");
}

/* --- Kidney, calcium, dose --------------------------------------------------------------------- */

static double clearance(const double *x)
{
    return (140 - x[0]) * x[1] / (72 * x[2]) * (x[3] > 0 ? 0.85 : 1);
}

/* Stated for 18 to 110 years; the value is plausible from 1 to 250 mL/min. */
static verdict judge_clearance(const double *x)
{
    double value = clearance(x);

    if (x[0] < 18)
        return outside(NOT_APPLICABLE);
    if (x[0] > 110 || value < 1 || value > 250)
        return outside(OPEN);
    return in_band(value, NULL);
}

static verdict judge_zoledronic(const double *x)
{
    verdict v = judge_clearance(x);

    if (v.kind != APPLIES)
        return v;
    if (below(v.total, 30))
        v.band = "not_recommended";
    else if (below(v.total, 40))
        v.band = "mg_3_0";
    else if (below(v.total, 50))
        v.band = "mg_3_3";
    else
        v.band = above(v.total, 60) ? "mg_4_0" : "mg_3_5";
    return v;
}

static verdict judge_calcium(const double *x)
{
    double value = x[0] + 0.8 * (4 - x[1]);

    return value < 3 || value > 25 ? outside(OPEN) : in_band(value, NULL);
}

/* The sums are entered at alpha/beta 2, which the lumbar cord does not go by (D-25). */
enum { FIRST_LUMBAR = 2 };

static const char *const cord_levels[] = {"C5", "T12", "L1", "L4"};

static verdict judge_nieder(const double *x)
{
    double total = 0;

    if (x[1] > x[0])
        return outside(OPEN);
    if (x[3] >= FIRST_LUMBAR)
        return outside(REFUSED);
    for (int limit = 120; limit <= 200; limit += 10)
        total += above(x[0], limit) ? 1 : 0;
    total += below(x[2], 6) ? 4.5 : 0;
    total += below(x[1], 102) ? 0 : 4.5;
    return in_band(total, total > 6 ? "high" : total > 3 ? "intermediate" : "low");
}

static verdict judge_dose(const double *x)
{
    double b = x[2] * x[1];

    return in_band((sqrt(b * b + 4 * x[1] * x[0] * (2 + x[2])) - b) / 2, NULL);
}

/* --- Equations of one line --------------------------------------------------------------------- */

static verdict is(double value)
{
    return in_band(value, NULL);
}

static verdict judge_prednisolone(const double *x)
{
    return is(x[0] * 5 / 0.75);
}

static verdict judge_hydrocortisone(const double *x)
{
    return is(x[0] * 20 / 0.75);
}

static verdict judge_calcitonin(const double *x)
{
    return is(4 * x[0]);
}

static verdict judge_calcitonin_day(const double *x)
{
    return is(8 * x[0]);
}

static verdict judge_samarium(const double *x)
{
    return is(37 * x[0]);
}

static verdict judge_radium(const double *x)
{
    return is(55 * x[0]);
}

static verdict judge_radium_volume(const double *x)
{
    return is(55 * x[0] / (1100 * pow(2, -x[1] / 11.43)));
}

static verdict judge_new_risk(const double *x)
{
    double risk = x[0] * x[1];

    return risk > 1 ? outside(NOT_APPLICABLE) : is(risk);
}

static verdict judge_arr(const double *x)
{
    return x[0] * x[1] > 1 ? outside(NOT_APPLICABLE) : is(x[0] - x[0] * x[1]);
}

static verdict judge_nnt(const double *x)
{
    if (x[0] <= 0 || x[1] >= 1)
        return outside(NOT_APPLICABLE);
    return is(1 / (x[0] - x[0] * x[1]));
}

/* What was never irradiated is not irradiated again. */
static verdict judge_allowed(const double *x)
{
    return x[0] <= 0 ? outside(NOT_APPLICABLE) : is(fmax(0, fmin(25, fmin(70 - x[0], x[0]))));
}

static verdict judge_in_three(const double *x)
{
    double v[3] = {judge_allowed(x).total, 3, 2};

    return x[0] <= 0 ? outside(NOT_APPLICABLE) : judge_dose(v);
}

static verdict judge_egfr(const double *x)
{
    bool female = x[2] > 0;
    double ratio = x[1] / (female ? 0.7 : 0.9);
    double value = 142 * pow(fmin(ratio, 1), female ? -0.241 : -0.302) * pow(fmax(ratio, 1), -1.2) *
                   pow(0.9938, x[0]) * (female ? 1.012 : 1);

    if (x[0] < 18)
        return outside(NOT_APPLICABLE);
    return x[0] > 110 ? outside(OPEN) : is(value);
}

/* --- Records on a boundary --------------------------------------------------------------------- */

static double rounded(double value, int digits)
{
    double scale = pow(10, digits);

    return round(value * scale) / scale;
}

static double one_of(uint64_t *random, const double *values, int n)
{
    static const double steps[] = {0, 0, 1e-6, -1e-6};

    return values[oracle_below(random, n)] + steps[oracle_below(random, 4)];
}

static void aim_weight(double *kg, double target)
{
    if (target >= 30 && target <= 250)
        *kg = rounded(target, 9);
}

static void aim_bmi(double *kg, double cm, uint64_t *random)
{
    static const double limits[] = {10, 16, 17, 18.5, 19, 20, 21, 23, 25, 30, 35, 40, 80};
    double bmi = one_of(random, limits, (int)(sizeof limits / sizeof *limits));

    aim_weight(kg, bmi * (cm / 100) * (cm / 100));
}

static void aim_must(double *x, uint64_t *random)
{
    aim_bmi(&x[1], x[2], random);
}

static void aim_g8(double *x, uint64_t *random)
{
    aim_bmi(&x[4], x[5], random);
}

static void aim_bmi_class(double *x, uint64_t *random)
{
    aim_bmi(&x[0], x[1], random);
}

static void aim_clearance(double *x, uint64_t *random)
{
    static const double limits[] = {30, 40, 50, 60};
    double per_kg = (140 - x[0]) / (72 * x[2]) * (x[3] > 0 ? 0.85 : 1);

    aim_weight(&x[1], one_of(random, limits, 4) / per_kg);
}

static void aim_chow(double *x, uint64_t *random)
{
    static const double shares[] = {0.75, 1, 1.25};
    double dose = rounded(x[2] * one_of(random, shares, 3), 9);

    if (dose <= 5000)
        x[3] = dose;
}

/* --- The instruments --------------------------------------------------------------------------- */

/* The long bones of the limbs, the femur first: what is not one has no such criteria. */
static const char *const long_bones[] = {"femur",
                                         "femur_head",
                                         "femur_neck",
                                         "femur_intertrochanteric",
                                         "femur_subtrochanteric",
                                         "femur_shaft",
                                         "femur_distal",
                                         "tibia",
                                         "tibia_shaft",
                                         "tibia_distal",
                                         "fibula",
                                         "humerus",
                                         "humerus_proximal",
                                         "humerus_shaft",
                                         "humerus_distal",
                                         "radius",
                                         "ulna"};
static const char *const diabetes[] = {"no", "diet_only", "drug_treated"};
static const char *const g8_food[] = {"severe", "moderate", "normal"};
static const char *const g8_weight[] = {"gt3", "does_not_know", "1_to_3", "none"};
static const char *const g8_mobility[] = {"bed_chair", "indoors", "goes_out"};
static const char *const g8_neuro[] = {"severe", "mild", "none"};
static const char *const g8_health[] = {"worse", "does_not_know", "same", "better"};
static const char *const nrs_sets[] = {"serlin", "thirds", "paul2005"};
static const char *const sexes[] = {"male", "female"};

static const double g8_weights[] = {72, 76, 80, 84, 88, 92}; /* at 2 m */
static const double g8_heights[] = {200};
static const double steroids[] = {0.1, 4, 8, 16, 24};
static const double days[] = {-2, 0, 5, 7, 14};
static const double risks[] = {0, 0.1, 0.2, 0.3, 0.4, 1};
static const double relative_risks[] = {0.01, 0.55, 0.77, 1, 2, 5};
static const double prior_doses[] = {0, 6, 20, 25, 26.4, 37.5, 45, 50, 70, 80};
static const double ages[] = {17, 18, 45, 60, 110};
static const double old_ages[] = {69, 70, 79, 80, 85, 86};
static const double weights[] = {30, 48, 64, 80, 110, 250};
static const double heights[] = {100, 150, 160, 200, 230};
static const double creatinines[] = {0.2, 0.8, 1, 1.5, 2.4, 15};
static const double calcia[] = {3, 8.9, 10.5, 11.2, 12.6, 14.2, 25};
static const double albumins[] = {0.5, 2.4, 2.8, 3, 4, 4.4, 8};
static const double lengths[] = {0, 12, 29.9, 29.999999, 30, 30.000001, 31, 400};
static const double sizes[] = {0, 24.999999, 25, 25.000001, 26, 400};
static const double halves[] = {0, 25, 49.999999, 50, 50.000001, 51, 60, 100};
static const double rigidities[] = {0, 10, 20, 32.9, 32.999999, 33, 34, 34.999999, 35, 100};
static const double losses[] = {0, 2, 4.9, 4.999999, 5, 8, 10, 10.000001, 60};
static const double medicines[] = {0, 3, 4, 60};
static const double grades[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const double muscles[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10,
                                 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
static const double opioids[] = {0, 10, 15, 30, 40, 44, 50, 60, 70, 80, 100, 125};
static const double sums[] = {0,   119.999999, 120, 120.000001, 130, 130.000001,
                              140, 145.5,      150, 152,        160, 170,
                              180, 190,        200, 200.000001, 300};
static const double courses[] = {0, 75, 101.999999, 102, 102.000001, 200};
static const double intervals[] = {0, 4, 5.999999, 6, 6.000001, 240};
static const double kept_intervals[] = {5, 5.000001, 12, 240};
static const double wanted[] = {1, 20, 25, 37.5, 50, 100};
static const double fractions[] = {1, 2, 3, 5, 10, 45};
static const double ratios[] = {0.87, 1.5, 2, 3, 4, 10}; /* the tissues that are named */

#define FLAG(name)                 .key = (name), .options = no_yes, .n_options = 2
#define CODE(name, list)           .key = (name), .options = (list), .n_options = COUNT(list)
#define POINTS(list)               .points = (list), .n_points = COUNT(list)
#define IN(in, from, to, decimals) .unit = (in), .low = (from), .high = (to), .digits = (decimals)
#define OTHER(in, size)            .other_unit = (in), .other_size = (size)
#define AGE                        .key = "age", IN(NULL, 0, 120, 0), POINTS(ages)
#define WEIGHT                     .key = "weight", IN("kg", 30, 250, 3), POINTS(weights), OTHER("g", 1000)
#define HEIGHT                     .key = "height", IN("cm", 100, 230, 1), POINTS(heights), OTHER("m", 0.01)
#define PERCENT(name, list)        .key = (name), IN("%", 0, 100, 2), POINTS(list)
#define PAIN(name)                 .key = (name), IN(NULL, 0, 10, 0), POINTS(grades)
#define OMED(name)                 .key = (name), IN("mg/d", 0, 5000, 1), POINTS(opioids)
#define MUSCLES(name)              .key = (name), IN(NULL, 0, 20, 0), POINTS(muscles)
#define ON_LESION                  .kind = "lesion", .list = "lesions"
#define ON_COURSE                  .kind = "rt_course", .list = "rt_courses"

static const input axial_inputs[] = {
    {.key = "axial_cortical_mm", IN("mm", 0, 400, 2), POINTS(lengths), OTHER("cm", 0.1)},
    {PERCENT("circumferential_pct", halves)},
    {CODE("bone", long_bones)}};
static const input harrington_inputs[] = {
    {PERCENT("cortex_destroyed_pct", halves)},
    {.key = "lesion_size_mm", IN("mm", 0, 400, 2), POINTS(sizes), OTHER("cm", 0.1)},
    {FLAG("lesser_trochanter_avulsion")},
    {FLAG("pain_after_rt")},
    {CODE("bone", long_bones)}};
static const input ctra_inputs[] = {{PERCENT("ctra_axial", rigidities)},
                                    {PERCENT("ctra_bending", rigidities)},
                                    {PERCENT("ctra_torsional", rigidities)},
                                    {CODE("bone", long_bones)}};
static const input ais_inputs[] = {{FLAG("prior_deficit")},        {FLAG("neuro_exam_normal")},
                                   {FLAG("sacral_sparing")},       {FLAG("motor_below_level")},
                                   {MUSCLES("key_muscles_below")}, {MUSCLES("key_muscles_ge3")}};
static const input katz_inputs[] = {
    {CODE("katz_bathing", able)},    {CODE("katz_dressing", able)},
    {CODE("katz_toileting", able)},  {CODE("katz_transferring", able)},
    {CODE("katz_continence", able)}, {CODE("katz_feeding", able)}};
static const input mfi5_inputs[] = {{CODE("diabetes", diabetes)},
                                    {FLAG("hypertension_on_drugs")},
                                    {FLAG("copd_or_pneumonia")},
                                    {FLAG("chf")},
                                    {FLAG("functional_dependence")}};
static const input mfi11_inputs[] = {
    {CODE("diabetes", diabetes)},    {FLAG("functional_dependence")},
    {FLAG("copd_or_pneumonia")},     {FLAG("chf")},
    {FLAG("myocardial_infarction")}, {FLAG("cardiac_intervention_or_angina")},
    {FLAG("hypertension_on_drugs")}, {FLAG("peripheral_vascular_disease")},
    {FLAG("impaired_sensorium")},    {FLAG("tia_or_stroke_without_deficit")},
    {FLAG("stroke_with_deficit")}};
static const input mstfi_inputs[] = {{FLAG("anaemia")},
                                     {FLAG("chronic_lung_disease")},
                                     {FLAG("coagulopathy_diagnosis")},
                                     {FLAG("electrolyte_abnormality")},
                                     {FLAG("pulmonary_circulation_disorder")},
                                     {FLAG("renal_failure_diagnosis")},
                                     {FLAG("malnutrition_diagnosis")},
                                     {FLAG("urgent_admission")},
                                     {FLAG("anterior_or_combined_approach")}};
static const input must_inputs[] = {{AGE},
                                    {WEIGHT},
                                    {HEIGHT},
                                    {.key = "weight_loss_pct", IN("%", 0, 60, 1), POINTS(losses)},
                                    {FLAG("acutely_ill_no_intake")},
                                    {FLAG("ascites_or_oedema")}};
static const input g8_inputs[] = {
    {CODE("g8_food", g8_food)},
    {CODE("g8_weight_loss", g8_weight)},
    {CODE("g8_mobility", g8_mobility)},
    {CODE("g8_neuro", g8_neuro)},
    {.key = "weight", IN("kg", 30, 250, 3), POINTS(g8_weights), OTHER("g", 1000)},
    {.key = "height", IN("cm", 100, 230, 1), POINTS(g8_heights), OTHER("m", 0.01)},
    {.key = "medicines_per_day", IN(NULL, 0, 60, 0), POINTS(medicines)},
    {CODE("g8_health", g8_health)},
    {.key = "age", IN(NULL, 60, 120, 0), POINTS(old_ages)}};
static const input bmi_inputs[] = {{WEIGHT}, {HEIGHT}, {AGE}};
static const input nrs_inputs[] = {{PAIN("worst_pain")},
                                   {CODE("nrs_bands", nrs_sets), .always = true}};
static const input chow_inputs[] = {
    {PAIN("pain_base")}, {PAIN("pain_fu")}, {OMED("omed_base")}, {OMED("omed_fu")}};
static const input clearance_inputs[] = {
    {AGE},
    {WEIGHT},
    {.key = "creatinine", IN("mg/dL", 0.2, 15, 2), POINTS(creatinines), OTHER("umol/L", 88.4)},
    {CODE("sex", sexes)}};
static const input calcium_inputs[] = {
    {.key = "calcium_total", IN("mg/dL", 3, 25, 2), POINTS(calcia), OTHER("mmol/L", 1 / 4.008)},
    {.key = "albumin", IN("g/dL", 0.5, 8, 2), POINTS(albumins), OTHER("g/L", 10)}};
static const input nieder_inputs[] = {
    {.key = "cum_cord_bed2", IN("Gy", 0, 300, 2), POINTS(sums), .given = true},
    {.key = "max_course_bed2", IN("Gy", 0, 200, 2), POINTS(courses)},
    {.key = "rt_interval", IN("mo", 0, 240, 1), POINTS(intervals)},
    {CODE("level", cord_levels), .given = true}};
static const input dose_inputs[] = {{.key = "wanted_eqd2", IN("Gy", 1, 100, 2), POINTS(wanted)},
                                    {.key = "rt_fractions", IN(NULL, 1, 45, 0), POINTS(fractions)},
                                    {.key = "alpha_beta", IN("Gy", 0.87, 10, 2), POINTS(ratios)}};

static const input steroid_inputs[] = {
    {.key = "dexamethasone_mg_per_day", IN("mg/d", 0.1, 40, 1), POINTS(steroids)}};
static const input weight_inputs[] = {{WEIGHT}};
static const input radium_inputs[] = {
    {WEIGHT}, {.key = "days_from_reference", IN("d", -14, 28, 1), POINTS(days)}};
static const input risk_inputs[] = {
    {.key = "control_risk", IN(NULL, 0, 1, 3), POINTS(risks)},
    {.key = "relative_risk", IN(NULL, 0.01, 5, 2), POINTS(relative_risks)}};
static const input hytec_inputs[] = {
    {.key = "cum_eqd2", IN("Gy", 0, 150, 2), POINTS(prior_doses), .given = true},
    {.key = "rt_interval", IN("mo", 5, 240, 1), POINTS(kept_intervals), .given = true}};
static const input egfr_inputs[] = {
    {AGE},
    {.key = "creatinine", IN("mg/dL", 0.2, 15, 2), POINTS(creatinines), OTHER("umol/L", 88.4)},
    {CODE("sex", sexes)}};

#define JUDGED(name, by, list)                                                                     \
    .id = (name), .judge = (by), .inputs = (list), .n_inputs = COUNT(list)
#define LINE  .total = true, .light = true
#define ITEMS .total = true, .separable = true

static const instrument axial = {JUDGED("axial_cortical", judge_axial, axial_inputs), ON_LESION};
static const instrument harrington = {JUDGED("harrington", judge_harrington, harrington_inputs),
                                      ON_LESION, .total = true};
static const instrument ctra = {JUDGED("ctra", judge_ctra, ctra_inputs), ON_LESION};
static const instrument ais = {JUDGED("ais", judge_ais, ais_inputs)};
static const instrument katz = {JUDGED("katz", judge_katz, katz_inputs), ITEMS};
static const instrument mfi5 = {JUDGED("mfi5", judge_mfi5, mfi5_inputs), ITEMS};
static const instrument mfi11 = {JUDGED("mfi11", judge_mfi11, mfi11_inputs), ITEMS};
static const instrument mstfi = {JUDGED("mstfi", judge_mstfi, mstfi_inputs), ITEMS};
static const instrument must = {JUDGED("must", judge_must, must_inputs), .total = true,
                                .aim = aim_must};
static const instrument g8 = {JUDGED("g8", judge_g8, g8_inputs), .total = true, .aim = aim_g8};
static const instrument bmi_class = {JUDGED("bmi_class", judge_bmi_class, bmi_inputs),
                                     .aim = aim_bmi_class};
static const instrument nrs = {JUDGED("nrs_band", judge_nrs, nrs_inputs), ON_LESION};
static const instrument chow = {JUDGED("chow2012", judge_chow, chow_inputs), ON_COURSE,
                                .aim = aim_chow};
static const instrument cockcroft = {JUDGED("cockcroft_gault", judge_clearance, clearance_inputs),
                                     .total = true, .aim = aim_clearance};
static const instrument zoledronic = {JUDGED("zoledronic_dose", judge_zoledronic, clearance_inputs),
                                      .aim = aim_clearance};
static const instrument calcium = {JUDGED("corrected_calcium", judge_calcium, calcium_inputs),
                                   .total = true};
static const instrument nieder = {JUDGED("nieder", judge_nieder, nieder_inputs), ON_LESION,
                                  .total = true};
static const instrument dose = {JUDGED("dose_for_eqd2", judge_dose, dose_inputs), ON_COURSE,
                                .total = true};

static const instrument prednisolone = {
    JUDGED("prednisolone_equivalent", judge_prednisolone, steroid_inputs), LINE};
static const instrument hydrocortisone = {
    JUDGED("hydrocortisone_equivalent", judge_hydrocortisone, steroid_inputs), LINE};
static const instrument calcitonin = {JUDGED("calcitonin_dose", judge_calcitonin, weight_inputs),
                                      LINE};
static const instrument calcitonin_day = {
    JUDGED("calcitonin_per_day", judge_calcitonin_day, weight_inputs), LINE};
static const instrument samarium = {JUDGED("sm153_activity", judge_samarium, weight_inputs), LINE};
static const instrument radium = {JUDGED("ra223_activity", judge_radium, weight_inputs), LINE};
static const instrument radium_volume = {JUDGED("ra223_volume", judge_radium_volume, radium_inputs),
                                         LINE};
static const instrument new_risk = {JUDGED("p1", judge_new_risk, risk_inputs), LINE};
static const instrument arr = {JUDGED("arr", judge_arr, risk_inputs), LINE};
static const instrument nnt = {JUDGED("nnt", judge_nnt, risk_inputs), LINE};
static const instrument allowed = {JUDGED("hytec_allowed_eqd2", judge_allowed, hytec_inputs), LINE,
                                   ON_LESION, .key = "level", .code = "T8"};
static const instrument in_three = {JUDGED("hytec_dose_in_3", judge_in_three, hytec_inputs), LINE,
                                    ON_LESION, .key = "level", .code = "T8"};
static const instrument egfr = {JUDGED("ckd_epi_2021", judge_egfr, egfr_inputs), LINE};

/* --- Asking the library ------------------------------------------------------------------------ */

/* What is known of one input. */
enum { EXACT, RANGE, OPTIONS, NOTHING };

typedef struct {
    int known;
    double low, high;
    uint64_t mask;
    bool other_unit;
} answer;

static int32_t record_of(oracle_session *session, const char *key)
{
    const char *about =
        bonemets_fact_str(session->set, oracle_fact(session, key), BONEMETS_F_ABOUT);

    return about && strcmp(about, "patient") != 0 ? 1 : 0;
}

static void add_number(oracle_case *c, int32_t record, const input *in, const answer *a)
{
    double size = a->other_unit ? in->other_size : 1;
    double low = a->other_unit ? rounded(a->low * size, 9) : a->low;
    double high = a->other_unit ? rounded(a->high * size, 9) : a->high;

    oracle_add_number(c, record, in->key, low, high, a->other_unit ? in->other_unit : in->unit);
}

static void fill(oracle_session *session, oracle_case *c, const instrument *it,
                 const answer answers[])
{
    oracle_case_clear(c, it->kind, it->list, it->kind ? 1 : 0);
    if (it->key)
        oracle_add_code(c, record_of(session, it->key), it->key, it->code);
    for (int i = 0; i < it->n_inputs; i++) {
        const input *in = &it->inputs[i];
        int32_t record = record_of(session, in->key);

        if (answers[i].known == NOTHING)
            continue;
        if (in->options)
            oracle_add_mask(c, record, in->key, in->options, answers[i].mask);
        else
            add_number(c, record, in, &answers[i]);
    }
}

static bool answers_it(oracle_session *session, const char *guideline, const char *id)
{
    bonemets_assessment *a = NULL;
    bonemets_record record = 0;
    bool found = false;

    bonemets_patient_reset(session->patient);
    (void)bonemets_patient_add_record(session->patient, "lesion", &record);
    (void)bonemets_patient_add_record(session->patient, "rt_course", &record);
    if (bonemets_assess(session->patient, guideline, &a, NULL) == BONEMETS_OK)
        found = bonemets_assessment_find(a, BONEMETS_RESULTS, id, 0) >= 0 ||
                bonemets_assessment_find(a, BONEMETS_RESULTS, id, 1) >= 0;
    bonemets_assessment_unref(a);
    return found;
}

/* The guideline that computes it, whatever the file calls it. */
static const char *target_of(oracle_session *session, const char *id)
{
    static const char *last, *target;

    for (int32_t i = 0; last != id && i < bonemets_guideline_count(session->set); i++) {
        target = bonemets_guideline_str(session->set, i, BONEMETS_F_ID);
        if (answers_it(session, target, id))
            last = id;
    }
    if (last != id)
        oracle_mismatch(NULL, id, "a table that computes it", "none");
    return target;
}

static int32_t find(const oracle_case *c, const bonemets_assessment *a, const char *id)
{
    int32_t i = bonemets_assessment_find(a, BONEMETS_RESULTS, id, 1);

    return i >= 0 ? i : oracle_result(c, a, id, 0);
}

static double number(const bonemets_assessment *a, int32_t i, bonemets_field field)
{
    return bonemets_assessment_num(a, BONEMETS_RESULTS, i, field);
}

static int32_t state_of(const bonemets_assessment *a, int32_t i)
{
    return bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE);
}

static const char *band_of(const bonemets_assessment *a, int32_t i)
{
    return bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND);
}

static double slack_of(double value)
{
    return 1e-9 * fmax(1, fabs(value));
}

static void check_near(const oracle_case *c, const char *what, double expected, double actual)
{
    if (!(fabs(expected - actual) <= slack_of(expected)))
        oracle_check_num(c, what, expected, isnan(actual) ? -1e9 : actual);
}

/* --- Fully known records ----------------------------------------------------------------------- */

static void check_verdict(const oracle_case *c, const instrument *it, const bonemets_assessment *a,
                          const verdict *v)
{
    int32_t i = find(c, a, it->id);

    if (v->kind == OPEN)
        return;
    if (v->kind == REFUSED) {
        if (state_of(a, i) == BONEMETS_KNOWN)
            oracle_mismatch(c, it->id, "no certain answer", "known");
        return;
    }
    oracle_check_int(c, it->id, v->kind == APPLIES ? BONEMETS_KNOWN : BONEMETS_INAPPLICABLE,
                     state_of(a, i));
    oracle_check_str(c, it->id, v->band, band_of(a, i));
    if (v->kind == APPLIES && it->total) {
        check_near(c, it->id, v->total, number(a, i, BONEMETS_F_LOW));
        check_near(c, it->id, v->total, number(a, i, BONEMETS_F_HIGH));
    }
}

static bool can_convert(const input *in, double value)
{
    return in->other_unit && value > in->low + 1e-3 && value < in->high - 1e-3;
}

static void check_full(oracle_session *session, const instrument *it, const double *x,
                       bool other_units, bool reread)
{
    static oracle_case c;
    answer answers[MAX_INPUTS] = {0};
    verdict v = it->judge(x);

    for (int i = 0; i < it->n_inputs; i++)
        answers[i] =
            (answer){EXACT, x[i], x[i], 1ULL << (unsigned)(it->inputs[i].options ? x[i] : 0),
                     other_units && can_convert(&it->inputs[i], x[i])};
    const char *target = target_of(session, it->id);

    fill(session, &c, it, answers);
    bonemets_assessment *a = oracle_assess(session, &c, target);

    check_verdict(&c, it, a, &v);
    if (reread)
        oracle_check_reread(session, &c, target, a);
    bonemets_assessment_unref(a);
}

static int n_choices(const input *in)
{
    return in->options ? in->n_options : in->n_points;
}

static double choice(const input *in, int k)
{
    return in->options ? k : in->points[k];
}

static double draw(const input *in, uint64_t *random)
{
    int n = n_choices(in);

    if (in->options || oracle_chance(random, 35))
        return choice(in, oracle_below(random, n));
    double share = (double)(oracle_next(random) >> 11) * 0x1p-53;

    return rounded(in->low + (in->high - in->low) * share, in->digits);
}

static void draw_all(const instrument *it, double *x, uint64_t *random)
{
    for (int i = 0; i < it->n_inputs; i++)
        x[i] = draw(&it->inputs[i], random);
    if (it->aim && oracle_chance(random, 50))
        it->aim(x, random);
}

static bool only_choices(const instrument *it)
{
    for (int i = 0; i < it->n_inputs; i++)
        if (!it->inputs[i].options)
            return false;
    return true;
}

/* Every combination of options and of the numbers that matter, when they are not too many. */
static void every_combination(oracle_session *session, const instrument *it)
{
    long all = 1, done = 0;

    for (int i = 0; i < it->n_inputs && all <= GRID_LIMIT; i++)
        all *= n_choices(&it->inputs[i]);
    for (long k = 0; all <= GRID_LIMIT && k < all; k++) {
        double x[MAX_INPUTS] = {0};
        long rest = k;

        for (int i = 0; i < it->n_inputs; rest /= n_choices(&it->inputs[i++]))
            x[i] = choice(&it->inputs[i], (int)(rest % n_choices(&it->inputs[i])));
        if (oracle_keep(session))
            check_full(session, it, x, false, done++ % 997 == 0);
    }
    print_message("%s: %ld combinations\n", it->id, done);
}

static void random_records(oracle_session *session, const instrument *it)
{
    uint64_t random = 1982;
    long many = only_choices(it) ? 0 : oracle_count(session, it->light ? 20000 : 100000);

    for (long k = 0; k < many; k++) {
        double x[MAX_INPUTS] = {0};
        bool other = oracle_chance(&random, 30);

        draw_all(it, x, &random);
        check_full(session, it, x, other, !other && k % 997 == 0);
    }
    print_message("%s: %ld random records\n", it->id, many);
}

/* --- Partly known records ---------------------------------------------------------------------- */

static answer forget(const input *in, double x, uint64_t *random)
{
    answer a = {EXACT, x, x, 1ULL << (unsigned)(in->options ? x : 0), false};
    int kind = in->always ? 9 : oracle_below(random, 10);

    if (kind < 3 && !in->given) {
        a.known = NOTHING;
        a.low = in->low;
        a.high = in->high;
        a.mask = in->options ? (1ULL << (unsigned)in->n_options) - 1 : 0;
    } else if (kind < 6 && in->options) {
        a.known = OPTIONS;
        a.mask |= 1ULL << (unsigned)oracle_below(random, in->n_options);
    } else if (kind < 6) {
        double other = draw(in, random);

        a.known = RANGE;
        a.low = fmin(x, other);
        a.high = fmax(x, other);
    }
    a.other_unit = oracle_chance(random, 30) && can_convert(in, a.low) && can_convert(in, a.high);
    return a;
}

static double within(const input *in, const answer *a, uint64_t *random)
{
    double value = draw(in, random);

    if (in->options) {
        int k = (int)value;

        while (!(a->mask >> (unsigned)k & 1))
            k = (k + 1) % in->n_options;
        return k;
    }
    if (value >= a->low && value <= a->high)
        return value;
    if (oracle_chance(random, 50))
        return oracle_chance(random, 50) ? a->low : a->high;
    double share = (double)oracle_below(random, 1001) / 1000.0;
    double between = a->low + (a->high - a->low) * share;

    between = in->digits ? between : floor(between);
    return between < a->low ? a->low : between;
}

/* What completions have been seen. */
typedef struct {
    bool applies, not_applicable, bands_differ, totals_differ;
    double total;
    const char *band;
} seen;

static void check_completion(const oracle_case *c, const instrument *it,
                             const bonemets_assessment *a, int32_t i, const oracle_words *bands,
                             const verdict *v)
{
    double slack = slack_of(v->total);

    if (v->band && !oracle_words_has(bands, v->band))
        oracle_mismatch(c, "band that a completion reaches", v->band, NULL);
    if (it->total && number(a, i, BONEMETS_F_LOW) > v->total + slack)
        oracle_check_num(c, "low", v->total, number(a, i, BONEMETS_F_LOW));
    if (it->total && number(a, i, BONEMETS_F_HIGH) < v->total - slack)
        oracle_check_num(c, "high", v->total, number(a, i, BONEMETS_F_HIGH));
}

static void note(seen *s, const verdict *v)
{
    if (v->kind == NOT_APPLICABLE)
        s->not_applicable = true;
    if (v->kind != APPLIES)
        return;
    if (s->applies && v->band && strcmp(s->band, v->band) != 0)
        s->bands_differ = true;
    if (s->applies && fabs(s->total - v->total) > 1e-6)
        s->totals_differ = true;
    s->applies = true;
    s->band = v->band;
    s->total = v->total;
}

static void check_seen(const oracle_case *c, const instrument *it, const bonemets_assessment *a,
                       int32_t i, const seen *s)
{
    int32_t state = state_of(a, i);
    bool open =
        (s->applies && s->not_applicable) || s->bands_differ || (it->total && s->totals_differ);

    if (s->applies && state == BONEMETS_INAPPLICABLE)
        oracle_mismatch(c, it->id, "may apply", "not applicable");
    if (open && state == BONEMETS_KNOWN)
        oracle_mismatch(c, it->id, "completions differ", "known");
    if (s->bands_differ && band_of(a, i))
        oracle_check_str(c, it->id, NULL, band_of(a, i));
}

/* Bounds of a sum whose items are apart: each item alone at its least and at its most. */
static void check_bounds(const oracle_case *c, const instrument *it, const bonemets_assessment *a,
                         int32_t i, const answer *answers)
{
    double x[MAX_INPUTS] = {0};
    double start = it->judge(x).total, low = start, high = start;

    for (int k = 0; k < it->n_inputs; k++) {
        double least = 99, most = -99;

        for (int option = 0; option < it->inputs[k].n_options; option++) {
            if (!(answers[k].mask >> (unsigned)option & 1))
                continue;
            x[k] = option;
            least = fmin(least, it->judge(x).total - start);
            most = fmax(most, it->judge(x).total - start);
        }
        x[k] = 0;
        low += least;
        high += most;
    }
    check_near(c, "low", low, number(a, i, BONEMETS_F_LOW));
    check_near(c, "high", high, number(a, i, BONEMETS_F_HIGH));
}

/* Returns whether the answer is known, or one band, beyond what the completions differ in. */
static bool check_partial(oracle_session *session, const instrument *it, uint64_t *random)
{
    static oracle_case c;
    double x[MAX_INPUTS] = {0};
    answer answers[MAX_INPUTS] = {0};
    seen s = {0};
    const char *target = target_of(session, it->id);

    draw_all(it, x, random);
    for (int i = 0; i < it->n_inputs; i++)
        answers[i] = forget(&it->inputs[i], x[i], random);
    fill(session, &c, it, answers);
    bonemets_assessment *a = oracle_assess(session, &c, target);
    int32_t i = find(&c, a, it->id);
    const oracle_words bands = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_BANDS);

    for (int n = 0; n < COMPLETIONS; n++) {
        verdict v = it->judge(x);

        note(&s, &v);
        if (v.kind == APPLIES)
            check_completion(&c, it, a, i, &bands, &v);
        for (int k = 0; k < it->n_inputs; k++)
            if (answers[k].known != EXACT)
                x[k] = within(&it->inputs[k], &answers[k], random);
    }
    check_seen(&c, it, a, i, &s);
    if (it->separable)
        check_bounds(&c, it, a, i, answers);
    bool wide = s.applies && s.band && !s.bands_differ && !s.not_applicable && !band_of(a, i);

    bonemets_assessment_unref(a);
    return wide;
}

static void completions_are_contained(oracle_session *session, const instrument *it)
{
    uint64_t random = 2004;
    long many = oracle_count(session, it->light ? 4000 : 20000), wide = 0;

    for (long k = 0; k < many; k++)
        wide += check_partial(session, it, &random);
    print_message("%s: %ld partial records; in %ld the completions seen share a band that is not "
                  "called certain\n",
                  it->id, many, wide);
}

/* --- Worked examples of the sources ------------------------------------------------------------ */

typedef struct {
    const instrument *it;
    double x[MAX_INPUTS];
    double total; /* as printed */
    double error; /* of the last digit that is printed; 0: no total */
    const char *band;
} example;

#define BAND(...) {__VA_ARGS__}, 0, 0
static const example examples[] = {
    {&axial, BAND(28, 40), "not_high"},
    {&axial, BAND(31, 20), "high"},
    {&axial, BAND(12, 55), "high"},
    {&axial, BAND(30, 10), "high"},
    {&axial, BAND(29.9, 50), "not_high"},
    {&harrington, {0, 0, 0, 0}, 0, 1e-9, "negative"},
    {&harrington, {0, 25, 0, 0}, 0, 1e-9, "negative"},
    {&harrington, {0, 0, 1, 0}, 1, 1e-9, "positive"},
    {&harrington, {60, 0, 0, 1}, 2, 1e-9, "positive"},
    {&ctra, BAND(20, 36, 10), "high"},
    {&ctra, BAND(35, 0, 0), "high"},
    {&ctra, BAND(34, 34, 34), "threshold_dependent"},
    {&ctra, BAND(33, 0, 0), "threshold_dependent"},
    {&ctra, BAND(32.9, 10, 12), "not_high"},
    {&ais, BAND(1, 0, 1, 0, 10, 0), "b"},
    {&ais, BAND(1, 0, 1, 1, 10, 5), "d"},
    {&ais, BAND(1, 0, 1, 1, 10, 4), "c"},
    {&ais, BAND(1, 1, 1, 1, 10, 10), "e"},
    {&ais, BAND(1, 0, 0, 0, 10, 0), "a"},
    {&katz, {0, 0, 0, 1, 0, 0}, 5, 1e-9, "moderate"},
    {&katz, {0, 0, 0, 1, 1, 0}, 4, 1e-9, "moderate"},
    {&katz, {1, 1, 0, 1, 0, 0}, 3, 1e-9, "moderate"},
    {&katz, {1, 1, 0, 1, 1, 0}, 2, 1e-9, "severe"},
    {&katz, {1, 1, 1, 1, 1, 0}, 1, 1e-9, "severe"},
    {&katz, {0}, 6, 1e-9, "independent"},
    {&must, {50, 96.4, 200, 2, 0, 0}, 0, 1e-9, "low"},
    {&must, {50, 80, 200, 0, 0, 0}, 1, 1e-9, "medium"},
    {&must, {50, 76.8, 200, 8, 0, 0}, 2, 1e-9, "high"},
    {&must, {50, 73.6, 200, 10, 0, 0}, 3, 1e-9, "high"},
    {&must, {50, 74, 200, 4.9, 1, 0}, 3, 1e-9, "high"},
    {&must, {50, 92, 200, 12, 1, 0}, 4, 1e-9, "high"},
    {&mfi5, {0, 1, 0, 0, 0}, 1, 1e-9, "prefrail"},
    {&mfi5, {0, 1, 1, 0, 0}, 2, 1e-9, "frail"},
    {&mfi5, {2, 1, 0, 0, 1}, 3, 1e-9, "frail"},
    {&mfi5, {2, 1, 1, 0, 1}, 4, 1e-9, "frail"},
    {&mfi5, {1, 0, 0, 0, 0}, 0, 1e-9, "not_frail"},
    {&mfi11, {1, 0, 0, 0, 0, 0, 1}, 2, 1e-9, "below_cutoff"},
    {&mfi11, {1, 0, 1, 0, 0, 0, 1}, 3, 1e-9, "at_or_above_cutoff"},
    {&mfi11, {0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1}, 5, 1e-9, "at_or_above_cutoff"},
    {&mfi11, {0}, 0, 1e-9, "below_cutoff"},
    {&mstfi, {0}, 0, 1e-9, "not_frail"},
    {&mstfi, {0, 0, 0, 0, 0, 0, 0, 1, 0}, 1, 1e-9, "mild"},
    {&mstfi, {1, 0, 0, 0, 0, 0, 0, 1, 0}, 2, 1e-9, "moderate"},
    {&mstfi, {1, 0, 0, 0, 0, 0, 1, 1, 1}, 4, 1e-9, "severe"},
    {&g8, {2, 3, 2, 2, 92, 200, 4, 3, 75}, 16, 1e-9, "normal"},
    {&g8, {2, 3, 2, 2, 92, 200, 4, 1, 75}, 14.5, 1e-9, "normal"},
    {&g8, {2, 3, 2, 2, 92, 200, 4, 0, 75}, 14, 1e-9, "abnormal"},
    {&g8, {2, 1, 2, 2, 92, 200, 3, 1, 75}, 13.5, 1e-9, "abnormal"},
    {&g8, {2, 2, 2, 2, 84, 200, 4, 2, 86}, 11, 1e-9, "abnormal"},
    {&g8, {1, 0, 1, 1, 76, 200, 4, 0, 80}, 5, 1e-9, "abnormal"},
    {&bmi_class, BAND(45, 160, 50), "mild_thinness"},
    {&bmi_class, BAND(52, 165, 50), "normal"},
    {&bmi_class, BAND(88, 170, 50), "obese_i"},
    {&bmi_class, BAND(48, 175, 50), "severe_thinness"},
    {&bmi_class, BAND(100, 168, 50), "obese_ii"},
    {&nrs, BAND(0), "none"},
    {&nrs, BAND(2), "mild"},
    {&nrs, BAND(5), "moderate"},
    {&nrs, BAND(8), "severe"},
    {&nrs, BAND(10), "severe"},
    {&nrs, BAND(4, 1), "moderate"},
    {&nrs, BAND(7, 2), "moderate"},
    {&chow, BAND(7, 0, 60, 60), "complete_response"},
    {&chow, BAND(6, 0, 30, 15), "complete_response"},
    {&chow, BAND(8, 5, 90, 90), "partial_response"},
    {&chow, BAND(5, 5, 80, 60), "partial_response"},
    {&chow, BAND(6, 5, 100, 70), "partial_response"},
    {&chow, BAND(4, 6, 40, 40), "pain_progression"},
    {&chow, BAND(5, 6, 40, 50), "pain_progression"},
    {&chow, BAND(5, 5, 0, 10), "pain_progression"},
    {&chow, BAND(7, 0, 60, 80), "indeterminate"},
    {&chow, BAND(6, 3, 40, 44), "indeterminate"},
    {&chow, BAND(6, 5, 30, 30), "indeterminate"},
    {&chow, BAND(4, 6, 100, 70), "indeterminate"},
    {&cockcroft, {60, 70, 0.8, 1}, 82.64, 0.005, NULL},
    {&cockcroft, {72, 80, 1.5, 0}, 50.37, 0.005, NULL},
    {&cockcroft, {80, 55, 1.1, 1}, 35.42, 0.005, NULL},
    {&cockcroft, {68, 65, 2.4, 0}, 27.08, 0.005, NULL},
    {&cockcroft, {50, 90, 1.0, 0}, 112.50, 0.005, NULL},
    {&cockcroft, {75, 60, 1.0, 1}, 46.04, 0.005, NULL},
    {&zoledronic, BAND(60, 70, 0.8, 1), "mg_4_0"},
    {&zoledronic, BAND(72, 80, 1.5, 0), "mg_3_5"},
    {&zoledronic, BAND(80, 55, 1.1, 1), "mg_3_0"},
    {&zoledronic, BAND(68, 65, 2.4, 0), "not_recommended"},
    {&zoledronic, BAND(50, 90, 1.0, 0), "mg_4_0"},
    {&zoledronic, BAND(75, 60, 1.0, 1), "mg_3_3"},
    {&calcium, {11.2, 2.8}, 12.16, 0.005, NULL},
    {&calcium, {14.2, 3.0}, 15.00, 0.005, NULL},
    {&calcium, {12.6, 4.4}, 12.28, 0.005, NULL},
    {&calcium, {8.9, 2.4}, 10.18, 0.005, NULL},
    {&nieder, {120, 75, 12}, 0, 1e-9, "low"},
    {&nieder, {175, 100, 8}, 6, 1e-9, "intermediate"},
    {&nieder, {160, 80, 4}, 8.5, 1e-9, "high"},
    {&nieder, {152.5, 112.5, 12}, 8.5, 1e-9, "high"},
    {&nieder, {135, 75, 7}, 2, 1e-9, "low"},
    {&nieder, {145.5, 85.5, 9}, 3, 1e-9, "low"},
    {&dose, {25, 3, 2}, 14.5784, 5e-5, NULL},
    {&dose, {20, 5, 2}, 15.6155, 5e-5, NULL},
    {&dose, {25, 2, 2}, 12.2829, 5e-5, NULL},
    {&dose, {50, 5, 10}, 35.2080, 5e-5, NULL},
    {&dose, {25, 1, 2}, 9.0499, 5e-5, NULL},
    {&dose, {37.5, 10, 2}, 30, 5e-5, NULL},
    {&prednisolone, {4}, 26.7, 0.05, NULL},
    {&prednisolone, {16}, 106.7, 0.05, NULL},
    {&hydrocortisone, {8}, 213.3, 0.05, NULL},
    {&hydrocortisone, {24}, 640, 0.05, NULL},
    {&calcitonin, {65}, 260, 1e-9, NULL},
    {&calcitonin_day, {65}, 520, 1e-9, NULL},
    {&samarium, {85}, 3145, 1e-9, NULL},
    {&radium, {72}, 3960, 1e-9, NULL},
    {&radium_volume, {80, 0}, 4, 0.005, NULL},
    {&radium_volume, {72, 5}, 4.88, 0.005, NULL},
    {&radium_volume, {95, 7}, 7.26, 0.005, NULL},
    {&radium_volume, {60, -2}, 2.66, 0.005, NULL},
    {&new_risk, {0.4, 0.77}, 0.308, 1e-9, NULL},
    {&arr, {0.1, 0.55}, 0.045, 1e-9, NULL},
    {&nnt, {0.4, 0.77}, 10.5, 0.5, NULL},
    {&nnt, {0.3, 0.77}, 14.5, 0.5, NULL},
    {&nnt, {0.1, 0.55}, 22.5, 0.5, NULL},
    {&allowed, {26.4, 12}, 25, 1e-9, NULL},
    {&allowed, {50, 12}, 20, 1e-9, NULL},
    {&allowed, {6, 12}, 6, 1e-9, NULL},
    {&allowed, {80, 12}, 0, 1e-9, NULL},
    {&in_three, {26.4, 12}, 14.58, 0.005, NULL},
    {&in_three, {50, 12}, 12.78, 0.005, NULL},
    {&in_three, {6, 12}, 6, 0.005, NULL},
    {&egfr, {60, 0.8, 1}, 84.30, 0.005, NULL},
    {&egfr, {72, 1.5, 0}, 49.16, 0.005, NULL},
    {&egfr, {80, 1.1, 1}, 50.80, 0.005, NULL},
    {&egfr, {68, 2.4, 0}, 28.67, 0.005, NULL}};

/* The oracle against the sources, then the library against the oracle. */
static void worked_examples(oracle_session *session, const instrument *it)
{
    for (int k = 0; k < COUNT(examples); k++) {
        const example *e = &examples[k];
        verdict v = e->it->judge(e->x);

        if (e->it != it)
            continue;
        oracle_check_int(NULL, it->id, APPLIES, v.kind);
        oracle_check_str(NULL, it->id, e->band, v.band);
        if (e->error > 0 && fabs(v.total - e->total) > e->error)
            oracle_check_num(NULL, it->id, e->total, v.total);
        check_full(session, it, e->x, false, true);
        check_full(session, it, e->x, true, false);
    }
}

/* --- Single points ----------------------------------------------------------------------------- */

/* A record as text and what must come of it; NULL leaves the band open. */
typedef struct {
    const char *id, *yaml;
    int state;
    double low, high; /* low > high: not looked at */
    const char *band;
    int notes; /* at least */
} point;

static void check_point(oracle_session *session, const point *p)
{
    static oracle_case c;

    c.yaml = p->yaml;
    bonemets_assessment *a = oracle_assess(session, &c, target_of(session, p->id));
    int32_t i = find(&c, a, p->id);

    if (p->state != BONEMETS_PARTLY || state_of(a, i) != BONEMETS_UNKNOWN)
        oracle_check_int(&c, p->id, p->state, state_of(a, i));
    oracle_check_str(&c, p->id, p->band, band_of(a, i));
    if (p->low <= p->high) {
        check_near(&c, p->id, p->low, number(a, i, BONEMETS_F_LOW));
        check_near(&c, p->id, p->high, number(a, i, BONEMETS_F_HIGH));
    }
    if (bonemets_assessment_sub_count(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES) < p->notes)
        oracle_mismatch(&c, p->id, "a note on the boundary", "none");
    bonemets_assessment_unref(a);
}

#define COURSES_AT(level, dose, n, months, next, parts)                                            \
    "lesions: [{level: " level "}]\n"                                                              \
    "rt_courses:\n  - {rt_lesion: 1, rt_status: delivered, rt_total_gy: " dose                     \
    ", rt_fractions: " n ", rt_months_ago: " months                                                \
    "}\n  - {rt_lesion: 1, rt_status: proposed, rt_total_gy: " next ", rt_fractions: " parts "}\n"
#define COURSES(dose, n, months, next, parts) COURSES_AT("T8", dose, n, months, next, parts)
#define MSTFI_BUT_ONE                                                                              \
    "anaemia: no\nchronic_lung_disease: no\ncoagulopathy_diagnosis: no\n"                          \
    "electrolyte_abnormality: no\npulmonary_circulation_disorder: no\n"                            \
    "renal_failure_diagnosis: no\nmalnutrition_diagnosis: no\nurgent_admission: no\n"
#define FEMUR  "bone: femur_shaft, "
#define GRADES "pain_base: 0, pain_fu: 0, omed_base: 10, omed_fu: 10"

static const point points[] = {
    {"axial_cortical", "lesions: [{" FEMUR "axial_cortical_mm: 20}]\n", BONEMETS_PARTLY, 1, 0, NULL,
     0},
    {"axial_cortical", "lesions: [{" FEMUR "axial_cortical_mm: 31}]\n", BONEMETS_KNOWN, 1, 0,
     "high", 0},
    {"axial_cortical", "lesions: [{" FEMUR "axial_cortical_mm: 3.1 cm}]\n", BONEMETS_KNOWN, 1, 0,
     "high", 0},
    {"axial_cortical", "lesions: [{bone: tibia, axial_cortical_mm: 31}]\n", BONEMETS_KNOWN, 1, 0,
     "high", 1},
    {"axial_cortical", "lesions: [{bone: pelvis, axial_cortical_mm: 31}]\n", BONEMETS_INAPPLICABLE,
     1, 0, NULL, 0},
    {"axial_cortical", "lesions: [{" FEMUR "axial_cortical_mm: 30, circumferential_pct: 10}]\n",
     BONEMETS_KNOWN, 1, 0, "high", 1},
    {"axial_cortical", "lesions: [{" FEMUR "axial_cortical_mm: 29.9, circumferential_pct: 50}]\n",
     BONEMETS_KNOWN, 1, 0, "not_high", 1},
    {"harrington",
     "lesions: [{" FEMUR "cortex_destroyed_pct: 10, lesion_size_mm: 25, "
     "lesser_trochanter_avulsion: no, pain_after_rt: no}]\n",
     BONEMETS_KNOWN, 1, 0, "negative", 1},
    {"harrington", "lesions: [{" FEMUR "lesser_trochanter_avulsion: yes}]\n", BONEMETS_PARTLY, 1, 4,
     "positive", 0},
    {"harrington", "lesions: [{" FEMUR "side: left}]\n", BONEMETS_PARTLY, 1, 0, NULL, 0},
    {"ctra", "lesions: [{" FEMUR "ctra_axial: 20, ctra_torsional: 15}]\n", BONEMETS_PARTLY, 1, 0,
     NULL, 0},
    {"ais", "prior_deficit: no\n", BONEMETS_INAPPLICABLE, 1, 0, NULL, 0},
    {"ais", "prior_deficit: yes\nneuro_exam_normal: yes\n", BONEMETS_KNOWN, 1, 0, "e", 0},
    {"must", "age: 12\n", BONEMETS_INAPPLICABLE, 1, 0, NULL, 0},
    {"g8", "age: 60\n", BONEMETS_INAPPLICABLE, 1, 0, NULL, 0},
    {"cockcroft_gault", "age: 17\nweight: 50\ncreatinine: 1 mg/dL\nsex: male\n",
     BONEMETS_INAPPLICABLE, 1, 0, NULL, 0},
    {"nrs_band", "lesions: [{worst_pain: 4}]\n", BONEMETS_KNOWN, 1, 0, "mild", 0},
    {"chow2012", "rt_courses: [{" GRADES "}]\n", BONEMETS_INAPPLICABLE, 1, 0, NULL, 0},
    {"mstfi", MSTFI_BUT_ONE "lesions: [{level: T8, surgical_approach: combined}]\n", BONEMETS_KNOWN,
     1, 1, "mild", 0},
    {"mstfi", MSTFI_BUT_ONE, BONEMETS_PARTLY, 0, 1, NULL, 0},
    {"nieder", COURSES("30", "10", "12", "20", "8"), BONEMETS_KNOWN, 0, 0, "low", 0},
    {"nieder", COURSES("50", "25", "8", "30", "10"), BONEMETS_KNOWN, 6, 6, "intermediate", 0},
    {"nieder", COURSES("40", "20", "4", "40", "20"), BONEMETS_KNOWN, 8.5, 8.5, "high", 0},
    {"nieder", COURSES("50", "20", "12", "8", "1"), BONEMETS_KNOWN, 8.5, 8.5, "high", 0},
    {"nieder", COURSES("20", "5", "7", "30", "10"), BONEMETS_KNOWN, 2, 2, "low", 0},
    {"nieder", COURSES("45", "25", "9", "20", "5"), BONEMETS_KNOWN, 3, 3, "low", 0},
    /* Gy4 at a lumbar level: 65.25 + 52.5, 75 + 52.5, and 75 + 75 after 4 months */
    {"nieder", COURSES_AT("L4", "45", "25", "9", "30", "10"), BONEMETS_KNOWN, 0, 0, "low", 1},
    {"nieder", COURSES_AT("L1", "50", "25", "8", "30", "10"), BONEMETS_KNOWN, 1, 1, "low", 1},
    {"nieder", COURSES_AT("L5", "50", "25", "4", "50", "25"), BONEMETS_KNOWN, 7.5, 7.5, "high", 1},
    {"nieder", COURSES_AT("S1", "45", "25", "9", "30", "10"), BONEMETS_INAPPLICABLE, 1, 0, NULL, 0},
    {"katz", "katz_total: 4\n", BONEMETS_KNOWN, 4, 4, "moderate", 0},
    {"mfi5", "mfi5_total: 2\n", BONEMETS_KNOWN, 2, 2, "frail", 0},
    {"must", "age: 50\nmust_total: 1\n", BONEMETS_KNOWN, 1, 1, "medium", 0},
    {"must",
     "age: 50\nbmi: 20\nweight_loss_pct: 5\nacutely_ill_no_intake: no\n"
     "ascites_or_oedema: no\n",
     BONEMETS_KNOWN, 2, 2, "high", 0},
    {"must", "age: 50\nbmi: 24\nweight_loss_pct: 2\nacutely_ill_no_intake: no\n", BONEMETS_PARTLY,
     1, 0, "low", 0},
    {"must", "age: 50\nmust_total: 3\nascites_or_oedema: yes\n", BONEMETS_KNOWN, 3, 3, "high", 0},
    {"bmi_class", "age: 50\nbmi: 18.5\n", BONEMETS_KNOWN, 1, 0, "normal", 0},
    {"zoledronic_dose", "age: 50\ncrcl: 60\n", BONEMETS_KNOWN, 1, 0, "mg_3_5", 0},
    {"zoledronic_dose", "age: 50\ncrcl: 40\n", BONEMETS_KNOWN, 1, 0, "mg_3_3", 0},
    {"cockcroft_gault", "age: 72\nweight: 80\ncreatinine: 132.6 umol/L\nsex: male\n",
     BONEMETS_KNOWN, 5440 / 108.0, 5440 / 108.0, NULL, 0},
    {"corrected_calcium", "calcium_total: 2.5 mmol/L\nalbumin: 30 g/L\n", BONEMETS_KNOWN,
     2.5 * 4.008 + 0.8, 2.5 * 4.008 + 0.8, NULL, 0}};

static void single_points(oracle_session *session, const instrument *it)
{
    for (int k = 0; k < COUNT(points); k++)
        if (strcmp(points[k].id, it->id) == 0)
            check_point(session, &points[k]);
}

/* The usual session, but with the tables that are off or restricted as well. */
static int setup(void **state)
{
    const char *directory = getenv("BONEMETS_TEST_RULES");
    bonemets_loader *loader = NULL;
    bonemets_guidelines *set = NULL;

    if (oracle_setup(state) != 0)
        return -1;
    oracle_session *session = *state;
    bonemets_status status = bonemets_loader_new(NULL, NULL, &loader);

    if (status == BONEMETS_OK)
        status = bonemets_loader_set_option(loader, BONEMETS_OPTION_UNVERIFIED, 1);
    if (status == BONEMETS_OK)
        status = bonemets_loader_set_option(loader, BONEMETS_OPTION_RESTRICTED, 1);
    if (status == BONEMETS_OK)
        status = directory ? bonemets_loader_add_path(loader, directory, NULL)
                           : bonemets_loader_add_embedded(loader, NULL, NULL);
    if (status == BONEMETS_OK)
        status = bonemets_loader_build(loader, &set, NULL);
    bonemets_loader_free(loader);
    if (status != BONEMETS_OK)
        return -1;
    bonemets_patient_free(session->patient);
    bonemets_patient_free(session->reread);
    session->patient = session->reread = NULL;
    bonemets_guidelines_unref(session->set);
    session->set = set;
    return bonemets_patient_new(set, &session->patient) == BONEMETS_OK &&
                   bonemets_patient_new(set, &session->reread) == BONEMETS_OK
               ? 0
               : -1;
}

#define TEST(name)                                                                                 \
    static void test_##name(void **state)                                                          \
    {                                                                                              \
        worked_examples(*state, &name);                                                            \
        single_points(*state, &name);                                                              \
        every_combination(*state, &name);                                                          \
        random_records(*state, &name);                                                             \
        completions_are_contained(*state, &name);                                                  \
    }

TEST(axial)
TEST(harrington)
TEST(ctra)
TEST(ais)
TEST(katz)
TEST(mfi5)
TEST(mfi11)
TEST(mstfi)
TEST(must)
TEST(g8)
TEST(bmi_class)
TEST(nrs)
TEST(chow)
TEST(cockcroft)
TEST(zoledronic)
TEST(calcium)
TEST(nieder)
TEST(dose)
TEST(prednisolone)
TEST(hydrocortisone)
TEST(calcitonin)
TEST(calcitonin_day)
TEST(samarium)
TEST(radium)
TEST(radium_volume)
TEST(new_risk)
TEST(arr)
TEST(nnt)
TEST(allowed)
TEST(in_three)
TEST(egfr)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_axial),         cmocka_unit_test(test_harrington),
        cmocka_unit_test(test_ctra),          cmocka_unit_test(test_ais),
        cmocka_unit_test(test_katz),          cmocka_unit_test(test_mfi5),
        cmocka_unit_test(test_mfi11),         cmocka_unit_test(test_mstfi),
        cmocka_unit_test(test_must),          cmocka_unit_test(test_g8),
        cmocka_unit_test(test_bmi_class),     cmocka_unit_test(test_nrs),
        cmocka_unit_test(test_chow),          cmocka_unit_test(test_cockcroft),
        cmocka_unit_test(test_zoledronic),    cmocka_unit_test(test_calcium),
        cmocka_unit_test(test_nieder),        cmocka_unit_test(test_dose),
        cmocka_unit_test(test_prednisolone),  cmocka_unit_test(test_hydrocortisone),
        cmocka_unit_test(test_calcitonin),    cmocka_unit_test(test_calcitonin_day),
        cmocka_unit_test(test_samarium),      cmocka_unit_test(test_radium),
        cmocka_unit_test(test_radium_volume), cmocka_unit_test(test_new_risk),
        cmocka_unit_test(test_arr),           cmocka_unit_test(test_nnt),
        cmocka_unit_test(test_allowed),       cmocka_unit_test(test_in_three),
        cmocka_unit_test(test_egfr),
    };

    return cmocka_run_group_tests(tests, setup, oracle_teardown);
}
