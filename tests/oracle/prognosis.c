/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prognostic scores once more, plainly: revised and first Tokuhashi, Tomita, Bauer, modified
 * Bauer, new Katagiri, van der Linden, Oswestry, Rades (supportive care), New England, Mizumoto,
 * Chow, TEACHH, the two radiosurgery partitions, Sioutos and the Palliative Prognostic Index.
 *
 * A score is a list of items; an item reads facts of its own, so what a partly known record can
 * reach is the sum of the sets that its items can reach, exactly.
 */
#include "oracle.h"

#include <stdio.h>
#include <string.h>

enum { BREAST, PROSTATE, MYELOMA_LYMPHOMA, LUNG, OTHER };
enum { N_PRIMARIES = 63, MAX_VALUES = 16, MAX_ITEMS = 8, MAX_ITEM_FACTS = 6, MAX_FACTS = 12 };

/* Bauer: 0 lung, 1 neither lung nor favourable, 2 favourable. Sioutos: 1 lung or colon. */
static const struct {
    const char *code;
    int tokuhashi_1990, tokuhashi_2005, tomita, bauer, katagiri, van_der_linden, oswestry, rades,
        mizumoto, chow, teachh, sioutos;
} primaries[N_PRIMARIES] = {
    /* clang-format off */
    {"breast_hr_pos", 2, 5, 1, 2, 0, 3, 1, BREAST, 0, 0, 0, 0},
    {"breast_hr_neg_her2_pos", 2, 5, 1, 2, 2, 3, 1, BREAST, 0, 0, 0, 0},
    {"breast_triple_neg", 2, 5, 1, 2, 2, 3, 1, BREAST, 0, 0, 0, 0},
    {"breast_endocrine_refractory", 2, 5, 1, 2, 2, 3, 1, BREAST, 0, 0, 0, 0},
    {"breast_nos", 2, 5, 1, 2, 2, 3, 1, BREAST, 0, 0, 0, 0},
    {"prostate_hormone_sensitive", 2, 5, 1, 1, 0, 2, 1, PROSTATE, 0, 1, 0, 0},
    {"prostate_castration_resistant", 2, 5, 1, 1, 2, 2, 1, PROSTATE, 0, 1, 0, 0},
    {"prostate_nos", 2, 5, 1, 1, 2, 2, 1, PROSTATE, 0, 1, 0, 0},
    {"lung_nsclc_targeted", 0, 0, 4, 0, 2, 1, 5, LUNG, 3, 1, 1, 1},
    {"lung_nsclc", 0, 0, 4, 0, 3, 1, 5, LUNG, 3, 1, 1, 1},
    {"lung_sclc", 0, 0, 4, 0, 3, 1, 5, LUNG, 3, 1, 1, 1},
    {"lung_nos", 0, 0, 4, 0, 3, 1, 5, LUNG, 3, 1, 1, 1},
    {"mesothelioma", 1, 2, 4, 1, 2, 0, 5, OTHER, 3, 1, 1, 0},
    {"kidney_rcc", 1, 3, 2, 2, 2, 0, 2, OTHER, 3, 1, 1, 0},
    {"urothelial_upper", 1, 2, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"bladder", 1, 0, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"testis_germ_cell", 1, 2, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"penis_urethra", 1, 2, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"thyroid_differentiated", 2, 5, 1, 1, 0, 0, 1, OTHER, 0, 1, 1, 0},
    {"thyroid_medullary", 2, 5, 1, 1, 0, 0, 1, OTHER, 0, 1, 1, 0},
    {"thyroid_anaplastic", 2, 5, 4, 1, 0, 0, 4, OTHER, 3, 1, 1, 0},
    {"thyroid_nos", 2, 5, 1, 1, 0, 0, 1, OTHER, 0, 1, 1, 0},
    {"colon", 1, 2, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 1},
    {"rectum", 2, 4, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"colorectal_nos", 1, 2, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 1},
    {"anus", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"stomach", 0, 0, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"esophagus", 1, 0, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"pancreas", 1, 0, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"liver_hcc", 1, 1, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"gallbladder_biliary", 1, 1, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"cholangiocarcinoma_ih", 1, 1, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"small_bowel", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"gist", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"net_carcinoid", 1, 5, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"nec", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"uterus_endometrial", 1, 3, 2, 1, 2, 0, 2, OTHER, 3, 1, 1, 0},
    {"uterus_cervix", 1, 3, 2, 1, 3, 0, 2, OTHER, 3, 1, 1, 0},
    {"uterus_nos", 1, 3, 2, 1, 3, 0, 2, OTHER, 3, 1, 1, 0},
    {"ovary", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"vulva_vagina", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"nasopharynx", 1, 2, 4, 1, 3, 0, 2, OTHER, 3, 1, 1, 0},
    {"tonsil", 1, 2, 4, 1, 3, 0, 2, OTHER, 3, 1, 1, 0},
    {"head_neck", 1, 2, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"melanoma", 1, 2, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    {"skin_other", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"osteosarcoma", 1, 0, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"ewing", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"chondrosarcoma", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"synovial_sarcoma", 1, 2, 4, 1, 2, 0, 2, OTHER, 3, 1, 1, 0},
    {"soft_tissue_sarcoma", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"hemangioendothelioma", 1, 2, 4, 1, 2, 0, 1, OTHER, 3, 1, 1, 0},
    {"myeloma", 1, 2, 1, 2, 0, 0, 1, MYELOMA_LYMPHOMA, 0, 1, 1, 0},
    {"lymphoma_nhl", 1, 2, 1, 2, 0, 0, 1, MYELOMA_LYMPHOMA, 0, 1, 1, 0},
    {"lymphoma_hodgkin", 1, 2, 1, 2, 0, 0, 1, MYELOMA_LYMPHOMA, 0, 1, 1, 0},
    {"lymphoma_nos", 1, 2, 1, 2, 0, 0, 1, MYELOMA_LYMPHOMA, 0, 1, 1, 0},
    {"leukemia", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"thymoma", 1, 2, 4, 1, 2, 0, 2, OTHER, 3, 1, 1, 0},
    {"thymic_carcinoma", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"adrenal", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"cns", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"other", 1, 2, 4, 1, 2, 0, 4, OTHER, 3, 1, 1, 0},
    {"unknown_primary", 1, 1, 4, 1, 3, 0, 4, OTHER, 3, 1, 1, 0},
    /* clang-format on */
};

enum fact {
    KPS,
    EXTRASPINAL_BONE_FOCI,
    VERTEBRAL_METS,
    ORGAN_METS,
    PRIMARY,
    FRANKEL,
    VISCERAL_STATUS,
    SKELETAL_EXTENT,
    VISCERAL_OR_BRAIN_METS,
    PATHOLOGICAL_FRACTURE,
    VISCERAL_SPREAD,
    CRP,
    LDH,
    ALBUMIN,
    PLATELETS,
    CALCIUM_TOTAL,
    BILIRUBIN,
    ECOG,
    PRIOR_CHEMO,
    VISCERAL_METS,
    OTHER_BONE_METS,
    MONTHS_DX_TO_MSCC,
    AMBULATORY,
    MOTOR_DEFICIT_DAYS,
    MODIFIED_BAUER,
    HYPERCALCAEMIA_STATED,
    AGE,
    METS_OTHER_THAN_BONE,
    LIVER_METS,
    PALLIATIVE_CHEMO_COURSES,
    HOSPITALIZATIONS_3MO,
    MONTHS_SINCE_PRIMARY_DX,
    SYSTEMIC_DISEASE_CONTROLLED,
    LEG_STRENGTH_MRC,
    PPS,
    ORAL_INTAKE,
    OEDEMA,
    DYSPNOEA_AT_REST,
    DELIRIUM,
    N_FACTS
};

static const char *const flag[] = {"no", "yes"};
static const char *const organs[] = {"none", "removable", "unremovable"};
static const char *const frankel_grades[] = {"A", "B", "C", "D", "E"};
static const char *const visceral[] = {"none", "treatable", "untreatable"};
static const char *const extent[] = {"solitary", "multiple"};
static const char *const spread[] = {"none", "nodular", "disseminated"};
static const char *const intake[] = {"normal", "moderately_reduced", "severely_reduced"};

/*
 * The values tried for a fact: its options, or numbers on both sides of every limit. All of them
 * lie where the scores are defined. A value of a code is the number of its option.
 */
static const struct {
    const char *key, *unit;
    const char *const *options; /* NULL for a number */
    int n;
    double values[MAX_VALUES];
} facts[N_FACTS] = {
    [KPS] = {"kps", NULL, NULL, 10, {10, 20, 30, 40, 50, 60, 70, 80, 90, 100}},
    [EXTRASPINAL_BONE_FOCI] = {"extraspinal_bone_foci", NULL, NULL, 5, {0, 1, 2, 3, 500}},
    [VERTEBRAL_METS] = {"vertebral_mets", NULL, NULL, 4, {1, 2, 3, 30}},
    [ORGAN_METS] = {"organ_mets", NULL, organs, 3, {0}},
    [PRIMARY] = {"primary", NULL, NULL, N_PRIMARIES, {0}},
    [FRANKEL] = {"frankel", NULL, frankel_grades, 5, {0}},
    [VISCERAL_STATUS] = {"visceral_status", NULL, visceral, 3, {0}},
    [SKELETAL_EXTENT] = {"skeletal_extent", NULL, extent, 2, {0}},
    [VISCERAL_OR_BRAIN_METS] = {"visceral_or_brain_mets", NULL, flag, 2, {0}},
    [PATHOLOGICAL_FRACTURE] = {"pathological_fracture", NULL, flag, 2, {0}},
    [VISCERAL_SPREAD] = {"visceral_spread", NULL, spread, 3, {0}},
    [CRP] = {"crp", "mg/dL", NULL, 4, {0, 0.39, 0.4, 60}},
    [LDH] = {"ldh", "U/L", NULL, 4, {0, 249, 250, 20000}},
    [ALBUMIN] = {"albumin", "g/dL", NULL, 6, {0.5, 3.49, 3.5, 3.69, 3.7, 8}},
    [PLATELETS] = {"platelets", "/uL", NULL, 4, {0, 99900, 100000, 1500000}},
    [CALCIUM_TOTAL] = {"calcium_total", "mg/dL", NULL, 4, {3, 10.29, 10.3, 25}},
    [BILIRUBIN] = {"bilirubin", "mg/dL", NULL, 4, {0, 1.39, 1.4, 60}},
    [ECOG] = {"ecog", NULL, NULL, 5, {0, 1, 2, 3, 4}},
    [PRIOR_CHEMO] = {"prior_chemo", NULL, flag, 2, {0}},
    [VISCERAL_METS] = {"visceral_mets", NULL, flag, 2, {0}},
    [OTHER_BONE_METS] = {"other_bone_mets", NULL, flag, 2, {0}},
    [MONTHS_DX_TO_MSCC] = {"months_dx_to_mscc", "mo", NULL, 5, {0, 15, 15.1, 16, 600}},
    [AMBULATORY] = {"ambulatory", NULL, flag, 2, {0}},
    [MOTOR_DEFICIT_DAYS] = {"motor_deficit_days", "d", NULL, 6, {1, 7, 7.5, 8, 14, 365}},
    [MODIFIED_BAUER] = {"modified_bauer", NULL, NULL, 5, {0, 1, 2, 3, 4}},
    [HYPERCALCAEMIA_STATED] = {"hypercalcaemia_stated", NULL, flag, 2, {0}},
    [AGE] = {"age", NULL, NULL, 9, {18, 53, 54, 60, 61, 69, 70, 71, 120}},
    [METS_OTHER_THAN_BONE] = {"mets_other_than_bone", NULL, flag, 2, {0}},
    [LIVER_METS] = {"liver_mets", NULL, flag, 2, {0}},
    [PALLIATIVE_CHEMO_COURSES] = {"palliative_chemo_courses", NULL, NULL, 4, {0, 1, 2, 20}},
    [HOSPITALIZATIONS_3MO] = {"hospitalizations_3mo", NULL, NULL, 4, {0, 1, 2, 50}},
    [MONTHS_SINCE_PRIMARY_DX] = {"months_since_primary_dx", "mo", NULL, 5, {0, 30, 30.1, 31, 600}},
    [SYSTEMIC_DISEASE_CONTROLLED] = {"systemic_disease_controlled", NULL, flag, 2, {0}},
    [LEG_STRENGTH_MRC] = {"leg_strength_mrc", NULL, NULL, 6, {0, 1, 2, 3, 4, 5}},
    [PPS] = {"pps", NULL, NULL, 10, {10, 20, 30, 40, 50, 60, 70, 80, 90, 100}},
    [ORAL_INTAKE] = {"oral_intake", NULL, intake, 3, {0}},
    [OEDEMA] = {"oedema", NULL, flag, 2, {0}},
    [DYSPNOEA_AT_REST] = {"dyspnoea_at_rest", NULL, flag, 2, {0}},
    [DELIRIUM] = {"delirium", NULL, flag, 2, {0}},
};

/* Points of one item for the values `p` of its facts. */
typedef double points_of(const double *p);

static int code(const double *p, enum fact fact)
{
    return (int)p[fact];
}

static double tokuhashi_condition(const double *p)
{
    return p[KPS] >= 80 ? 2 : p[KPS] >= 50 ? 1 : 0;
}

static double tokuhashi_foci(const double *p)
{
    return p[EXTRASPINAL_BONE_FOCI] >= 3 ? 0 : p[EXTRASPINAL_BONE_FOCI] >= 1 ? 1 : 2;
}

static double tokuhashi_vertebrae(const double *p)
{
    return p[VERTEBRAL_METS] >= 3 ? 0 : p[VERTEBRAL_METS] >= 2 ? 1 : 2;
}

static double tokuhashi_organs(const double *p)
{
    return 2 - p[ORGAN_METS];
}

static double tokuhashi_palsy(const double *p)
{
    static const int points[] = {0, 0, 1, 1, 2};

    return points[code(p, FRANKEL)];
}

static double tokuhashi_2005_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].tokuhashi_2005;
}

static double tokuhashi_1990_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].tokuhashi_1990;
}

static double tomita_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].tomita;
}

static double tomita_visceral(const double *p)
{
    return 2 * p[VISCERAL_STATUS];
}

static double tomita_bone(const double *p)
{
    return 1 + p[SKELETAL_EXTENT];
}

static double bauer_visceral(const double *p)
{
    return 1 - p[VISCERAL_OR_BRAIN_METS];
}

static double bauer_solitary(const double *p)
{
    return 1 - p[SKELETAL_EXTENT];
}

static double bauer_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].bauer;
}

static double bauer_fracture(const double *p)
{
    return 1 - p[PATHOLOGICAL_FRACTURE];
}

static double katagiri_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].katagiri;
}

static double katagiri_spread(const double *p)
{
    return p[VISCERAL_SPREAD];
}

static double katagiri_laboratory(const double *p)
{
    if (p[PLATELETS] < 100000 || p[CALCIUM_TOTAL] >= 10.3 || p[BILIRUBIN] >= 1.4)
        return 2;
    return p[CRP] >= 0.4 || p[LDH] >= 250 || p[ALBUMIN] < 3.7 ? 1 : 0;
}

static double ecog_3_or_4(const double *p)
{
    return p[ECOG] >= 3 ? 1 : 0;
}

static double chemo(const double *p)
{
    return p[PRIOR_CHEMO];
}

static double multiple(const double *p)
{
    return p[SKELETAL_EXTENT];
}

static double van_der_linden_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].van_der_linden;
}

static double no_visceral(const double *p)
{
    return 1 - p[VISCERAL_METS];
}

static double oswestry_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].oswestry;
}

static double oswestry_condition(const double *p)
{
    return 2 - tokuhashi_condition(p);
}

static double rades_ecog(const double *p)
{
    return p[ECOG] >= 3 ? 4 : 0;
}

static double rades_primary(const double *p)
{
    static const int points[] = {
        [BREAST] = 1, [PROSTATE] = 2, [MYELOMA_LYMPHOMA] = 1, [LUNG] = 3, [OTHER] = 3};

    return points[primaries[code(p, PRIMARY)].rades];
}

static double rades_bone(const double *p)
{
    return p[OTHER_BONE_METS] > 0 ? 3 : 1;
}

static double rades_visceral(const double *p)
{
    return p[VISCERAL_METS] > 0 ? 4 : 1;
}

static double rades_interval(const double *p)
{
    return p[MONTHS_DX_TO_MSCC] <= 15 ? 3 : 1;
}

static double rades_walking(const double *p)
{
    return p[AMBULATORY] > 0 ? 1 : 4;
}

static double rades_motor(const double *p)
{
    return p[MOTOR_DEFICIT_DAYS] <= 7 ? 4 : 1;
}

static double nesms_bauer(const double *p)
{
    return p[MODIFIED_BAUER] >= 3 ? 2 : 0;
}

static double nesms_walking(const double *p)
{
    return p[AMBULATORY];
}

static double nesms_albumin(const double *p)
{
    return p[ALBUMIN] >= 3.5 ? 1 : 0;
}

static double mizumoto_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].mizumoto;
}

static double mizumoto_ecog(const double *p)
{
    return p[ECOG] >= 3 ? 3 : 0;
}

static double mizumoto_calcium(const double *p)
{
    return 2 * p[HYPERCALCAEMIA_STATED];
}

static double mizumoto_visceral(const double *p)
{
    return 2 * p[VISCERAL_METS];
}

static double mizumoto_chemo(const double *p)
{
    return 2 * p[PRIOR_CHEMO];
}

static double mizumoto_age(const double *p)
{
    return p[AGE] >= 71 ? 1 : 0;
}

static double chow_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].chow;
}

static double chow_metastases(const double *p)
{
    return p[METS_OTHER_THAN_BONE];
}

static double chow_condition(const double *p)
{
    return p[KPS] <= 60 ? 1 : 0;
}

static double teachh_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].teachh;
}

static double teachh_ecog(const double *p)
{
    return p[ECOG] >= 2 ? 1 : 0;
}

static double teachh_age(const double *p)
{
    return p[AGE] > 60 ? 1 : 0;
}

static double teachh_chemo(const double *p)
{
    return p[PALLIATIVE_CHEMO_COURSES] >= 2 ? 1 : 0;
}

static double teachh_hospital(const double *p)
{
    return p[HOSPITALIZATIONS_3MO] >= 1 ? 1 : 0;
}

static double teachh_liver(const double *p)
{
    return p[LIVER_METS];
}

static double chao_class(const double *p)
{
    if (p[MONTHS_SINCE_PRIMARY_DX] > 30)
        return p[KPS] > 70 ? 1 : 2;
    return p[AGE] < 70 ? 2 : 3;
}

static double balagamwala_class(const double *p)
{
    if (p[KPS] > 70)
        return p[SYSTEMIC_DISEASE_CONTROLLED] > 0 ? 1 : 2;
    return p[AGE] < 54 || p[VISCERAL_METS] > 0 ? 3 : 2;
}

static double sioutos_legs(const double *p)
{
    return p[LEG_STRENGTH_MRC] <= 3 ? 1 : 0;
}

static double sioutos_primary(const double *p)
{
    return primaries[code(p, PRIMARY)].sioutos;
}

static double sioutos_vertebrae(const double *p)
{
    return p[VERTEBRAL_METS] > 1 ? 1 : 0;
}

static double ppi_scale(const double *p)
{
    return p[PPS] <= 20 ? 4 : p[PPS] <= 50 ? 2.5 : 0;
}

static double ppi_intake(const double *p)
{
    static const double points[] = {0, 1, 2.5};

    return points[code(p, ORAL_INTAKE)];
}

static double ppi_oedema(const double *p)
{
    return p[OEDEMA];
}

static double ppi_dyspnoea(const double *p)
{
    return 3.5 * p[DYSPNOEA_AT_REST];
}

static double ppi_delirium(const double *p)
{
    return 4 * p[DELIRIUM];
}

/* A band holds the totals above the one before it, up to and with `to`. */
struct band {
    double to;
    const char *id;
};

struct item {
    points_of *points;
    int n;
    enum fact facts[MAX_ITEM_FACTS];
};

enum { SUM, CAPPED_AT_3, CLASSES };

struct score {
    const char *id;
    int kind; /* of CLASSES the total says nothing */
    struct item items[MAX_ITEMS];
    struct band bands[MAX_ITEMS];
};

/* clang-format off */
static const struct score scores[] = {
    {"tokuhashi_2005", SUM,
     {{tokuhashi_condition, 1, {KPS}}, {tokuhashi_foci, 1, {EXTRASPINAL_BONE_FOCI}},
      {tokuhashi_vertebrae, 1, {VERTEBRAL_METS}}, {tokuhashi_organs, 1, {ORGAN_METS}},
      {tokuhashi_2005_primary, 1, {PRIMARY}}, {tokuhashi_palsy, 1, {FRANKEL}}},
     {{8, "total_0_8"}, {11, "total_9_11"}, {15, "total_12_15"}}},
    {"tokuhashi_1990", SUM,
     {{tokuhashi_condition, 1, {KPS}}, {tokuhashi_foci, 1, {EXTRASPINAL_BONE_FOCI}},
      {tokuhashi_vertebrae, 1, {VERTEBRAL_METS}}, {tokuhashi_organs, 1, {ORGAN_METS}},
      {tokuhashi_1990_primary, 1, {PRIMARY}}, {tokuhashi_palsy, 1, {FRANKEL}}},
     {{5, "total_0_5"}, {8, "total_6_8"}, {12, "total_9_12"}}},
    {"tomita_2001", SUM,
     {{tomita_primary, 1, {PRIMARY}}, {tomita_visceral, 1, {VISCERAL_STATUS}},
      {tomita_bone, 1, {SKELETAL_EXTENT}}},
     {{3, "total_2_3"}, {5, "total_4_5"}, {7, "total_6_7"}, {10, "total_8_10"}}},
    {"bauer_1995", SUM,
     {{bauer_visceral, 1, {VISCERAL_OR_BRAIN_METS}}, {bauer_solitary, 1, {SKELETAL_EXTENT}},
      {bauer_primary, 1, {PRIMARY}}, {bauer_fracture, 1, {PATHOLOGICAL_FRACTURE}}},
     {{1, "total_0_1"}, {3, "total_2_3"}, {5, "total_4_5"}}},
    {"bauer_modified_2008", SUM,
     {{bauer_visceral, 1, {VISCERAL_OR_BRAIN_METS}}, {bauer_solitary, 1, {SKELETAL_EXTENT}},
      {bauer_primary, 1, {PRIMARY}}},
     {{1, "total_0_1"}, {2, "total_2"}, {4, "total_3_4"}}},
    {"katagiri_2014", SUM,
     {{katagiri_primary, 1, {PRIMARY}}, {katagiri_spread, 1, {VISCERAL_SPREAD}},
      {katagiri_laboratory, 6, {CRP, LDH, ALBUMIN, PLATELETS, CALCIUM_TOTAL, BILIRUBIN}},
      {ecog_3_or_4, 1, {ECOG}}, {chemo, 1, {PRIOR_CHEMO}}, {multiple, 1, {SKELETAL_EXTENT}}},
     {{3, "total_0_3"}, {6, "total_4_6"}, {10, "total_7_10"}}},
    {"vanderlinden_2005", SUM,
     {{tokuhashi_condition, 1, {KPS}}, {van_der_linden_primary, 1, {PRIMARY}},
      {no_visceral, 1, {VISCERAL_METS}}},
     {{3, "a"}, {5, "b"}, {6, "c"}}},
    {"osri_2013", SUM,
     {{oswestry_primary, 1, {PRIMARY}}, {oswestry_condition, 1, {KPS}}},
     {{1, "total_1"}, {3, "total_2_3"}, {5, "total_4_5"}, {6, "total_6"}, {7, "total_7"}}},
    {"rades_bsc_2013", SUM,
     {{rades_ecog, 1, {ECOG}}, {rades_primary, 1, {PRIMARY}}, {rades_bone, 1, {OTHER_BONE_METS}},
      {rades_visceral, 1, {VISCERAL_METS}}, {rades_interval, 1, {MONTHS_DX_TO_MSCC}},
      {rades_walking, 1, {AMBULATORY}}, {rades_motor, 1, {MOTOR_DEFICIT_DAYS}}},
     {{23, "below_24"}, {25, "at_least_24"}}},
    {"nesms", CAPPED_AT_3,
     {{nesms_bauer, 1, {MODIFIED_BAUER}}, {nesms_walking, 1, {AMBULATORY}},
      {nesms_albumin, 1, {ALBUMIN}}},
     {{0, "score_0"}, {1, "score_1"}, {2, "score_2"}, {3, "score_3"}}},
    {"mizumoto_2008", SUM,
     {{mizumoto_primary, 1, {PRIMARY}}, {mizumoto_ecog, 1, {ECOG}},
      {mizumoto_calcium, 1, {HYPERCALCAEMIA_STATED}}, {mizumoto_visceral, 1, {VISCERAL_METS}},
      {mizumoto_chemo, 1, {PRIOR_CHEMO}}, {multiple, 1, {SKELETAL_EXTENT}},
      {mizumoto_age, 1, {AGE}}},
     {{4, "a"}, {9, "b"}, {14, "c"}}},
    {"chow_nrf_2008", SUM,
     {{chow_primary, 1, {PRIMARY}}, {chow_metastases, 1, {METS_OTHER_THAN_BONE}},
      {chow_condition, 1, {KPS}}},
     {{1, "group_1"}, {2, "group_2"}, {3, "group_3"}}},
    {"teachh_2014", SUM,
     {{teachh_primary, 1, {PRIMARY}}, {teachh_ecog, 1, {ECOG}}, {teachh_age, 1, {AGE}},
      {teachh_chemo, 1, {PALLIATIVE_CHEMO_COURSES}}, {teachh_hospital, 1, {HOSPITALIZATIONS_3MO}},
      {teachh_liver, 1, {LIVER_METS}}},
     {{1, "a"}, {4, "b"}, {6, "c"}}},
    {"chao_rpa_2012", CLASSES, {{chao_class, 3, {MONTHS_SINCE_PRIMARY_DX, KPS, AGE}}},
     {{1, "class_1"}, {2, "class_2"}, {3, "class_3"}}},
    {"balagamwala_rpa_2018", CLASSES,
     {{balagamwala_class, 4, {KPS, SYSTEMIC_DISEASE_CONTROLLED, AGE, VISCERAL_METS}}},
     {{1, "class_1"}, {2, "class_2"}, {3, "class_3"}}},
    {"sioutos_1995", SUM,
     {{sioutos_legs, 1, {LEG_STRENGTH_MRC}}, {sioutos_primary, 1, {PRIMARY}},
      {sioutos_vertebrae, 1, {VERTEBRAL_METS}}},
     {{1, "below_two"}, {3, "two_or_more"}}},
    {"ppi_1999", SUM,
     {{ppi_scale, 1, {PPS}}, {ppi_intake, 1, {ORAL_INTAKE}}, {ppi_oedema, 1, {OEDEMA}},
      {ppi_dyspnoea, 1, {DYSPNOEA_AT_REST}}, {ppi_delirium, 1, {DELIRIUM}}},
     {{4, "low"}, {6, "intermediate"}, {15, "high"}}},
};
/* clang-format on */

enum { N_SCORES = sizeof scores / sizeof *scores };

/* Which of the values of each fact are possible; 0 says that nothing was entered. */
struct record {
    uint64_t possible[N_FACTS];
};

static double value(enum fact fact, int i)
{
    bool is_code = fact == PRIMARY || facts[fact].options;

    return is_code ? i : facts[fact].values[i];
}

static uint64_t all(enum fact fact)
{
    return UINT64_MAX >> (64 - facts[fact].n);
}

static int lowest(uint64_t set)
{
    int i = 0;

    while (!(set >> i & 1))
        i++;
    return i;
}

static int highest(uint64_t set)
{
    int i = 63;

    while (!(set >> i & 1))
        i--;
    return i;
}

/* Bit 2p: the item may have p points. */
static uint64_t item_set(const struct item *item, const struct record *r, int k, double *p)
{
    uint64_t set = 0;

    if (k == item->n)
        return 1ULL << (int)(2 * item->points(p));
    enum fact fact = item->facts[k];
    uint64_t possible = r->possible[fact] ? r->possible[fact] : all(fact);

    for (int i = 0; i < facts[fact].n; i++) {
        if (!(possible >> i & 1))
            continue;
        p[fact] = value(fact, i);
        set |= item_set(item, r, k + 1, p);
    }
    return set;
}

/* Bit 2t: the total may be t. */
static uint64_t totals_of(const struct score *s, const struct record *r)
{
    uint64_t totals = 1;
    double p[N_FACTS];

    for (int k = 0; k < MAX_ITEMS && s->items[k].points; k++) {
        uint64_t set = item_set(&s->items[k], r, 0, p);
        uint64_t sum = 0;

        for (int points = 0; points < 32; points++)
            if (set >> points & 1)
                sum |= totals << points;
        totals = sum;
    }
    if (s->kind == CAPPED_AT_3 && totals >> 7)
        totals = (totals & 0x7F) | 1U << 6;
    return totals;
}

static const char *band_of(const struct score *s, double total)
{
    int k = 0;

    while (total > s->bands[k].to)
        k++;
    return s->bands[k].id;
}

static oracle_words bands_of(const struct score *s, uint64_t totals)
{
    oracle_words bands = {0};

    for (int t = 0; t < 64; t++)
        if (totals >> t & 1)
            oracle_words_add(&bands, band_of(s, t / 2.0));
    return bands;
}

static void fill_fact(oracle_case *c, enum fact fact, uint64_t possible)
{
    const char *key = facts[fact].key;

    if (facts[fact].options) {
        oracle_add_mask(c, 0, key, facts[fact].options, possible);
    } else if (fact == PRIMARY) {
        oracle_add_code(c, 0, key, primaries[lowest(possible)].code);
        oracle_entry *entry = &c->entries[c->n_entries - 1];

        for (int i = lowest(possible) + 1; i < N_PRIMARIES; i++)
            if (possible >> i & 1)
                entry->codes[entry->n_codes++] = primaries[i].code;
    } else {
        oracle_add_number(c, 0, key, facts[fact].values[lowest(possible)],
                          facts[fact].values[highest(possible)], facts[fact].unit);
    }
}

static void fill(oracle_case *c, const struct score *s, const struct record *r)
{
    oracle_case_clear(c, NULL, NULL, 0);
    for (int k = 0; k < MAX_ITEMS && s->items[k].points; k++)
        for (int j = 0; j < s->items[k].n; j++)
            if (r->possible[s->items[k].facts[j]])
                fill_fact(c, s->items[k].facts[j], r->possible[s->items[k].facts[j]]);
}

static double number(const bonemets_assessment *a, int32_t i, bonemets_field field)
{
    return bonemets_assessment_num(a, BONEMETS_RESULTS, i, field);
}

static int32_t state_of(const bonemets_assessment *a, int32_t i)
{
    return bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE);
}

static void check_complete(oracle_session *session, const struct score *s, const struct record *r,
                           bool reread)
{
    static oracle_case c;
    int total = lowest(totals_of(s, r));

    fill(&c, s, r);
    bonemets_assessment *a = oracle_assess(session, &c, s->id);
    int32_t i = oracle_result(&c, a, s->id, 0);

    if (s->kind != CLASSES) {
        oracle_check_num(&c, "low", total / 2.0, number(a, i, BONEMETS_F_LOW));
        oracle_check_num(&c, "high", total / 2.0, number(a, i, BONEMETS_F_HIGH));
    }
    oracle_check_str(&c, s->id, band_of(s, total / 2.0),
                     bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND));
    oracle_check_int(&c, "state", BONEMETS_KNOWN, state_of(a, i));
    if (reread && c.n_entries > 0)
        oracle_check_reread(session, &c, s->id, a);
    bonemets_assessment_unref(a);
}

/* The facts of a score, each once. */
static int facts_of(const struct score *s, enum fact *list)
{
    int n = 0;

    for (int k = 0; k < MAX_ITEMS && s->items[k].points; k++)
        for (int j = 0; j < s->items[k].n; j++)
            list[n++] = s->items[k].facts[j];
    return n;
}

/* Every combination of values when there are at most 200,000, else 100,000 at random. */
static void complete(oracle_session *session, const struct score *s)
{
    enum fact list[MAX_FACTS];
    int n = facts_of(s, list);
    long size = 1, done = 0;
    uint64_t random = 1926;

    for (int k = 0; k < n; k++)
        size *= facts[list[k]].n;
    bool exhaustive = size <= 200000;

    for (long m = exhaustive ? size : oracle_count(session, 100000), left = 0; left < m; left++) {
        struct record r = {{0}};
        long digits = left;

        if (exhaustive && !oracle_keep(session))
            continue;
        for (int k = 0; k < n; k++) {
            int options = facts[list[k]].n;
            int i = exhaustive ? (int)(digits % options) : oracle_below(&random, options);

            r.possible[list[k]] = 1ULL << i;
            digits /= options;
        }
        check_complete(session, s, &r, done++ % 4999 == 0);
    }
    print_message("%s: %ld %s records\n", s->id, done, exhaustive ? "(all)" : "random");
}

/* Nothing entered, one value, several options or a range. */
static uint64_t random_values(uint64_t *random, enum fact fact)
{
    int n = facts[fact].n;
    int a = oracle_below(random, n), b = oracle_below(random, n);
    uint64_t set = 1ULL << a;

    if (oracle_chance(random, 25))
        return 0;
    if (oracle_chance(random, 50))
        return set;
    if (fact != PRIMARY && !facts[fact].options)
        return UINT64_MAX >> (63 - (a > b ? a : b)) & UINT64_MAX << (a < b ? a : b);
    for (int more = oracle_below(random, 3); more >= 0; more--)
        set |= 1ULL << oracle_below(random, n);
    return set;
}

/* One completion, added up without sets, lies within them. */
static void check_completion(const oracle_case *c, const struct score *s, const struct record *r,
                             uint64_t totals, uint64_t *random)
{
    enum fact list[MAX_FACTS];
    double p[N_FACTS], total = 0;

    for (int n = facts_of(s, list), k = 0; k < n; k++) {
        uint64_t possible = r->possible[list[k]] ? r->possible[list[k]] : all(list[k]);
        int i = oracle_below(random, facts[list[k]].n);

        while (!(possible >> i & 1))
            i = oracle_below(random, facts[list[k]].n);
        p[list[k]] = value(list[k], i);
    }
    for (int k = 0; k < MAX_ITEMS && s->items[k].points; k++)
        total += s->items[k].points(p);
    if (s->kind == CAPPED_AT_3 && total > 3)
        total = 3;
    if (!(totals >> (int)(2 * total) & 1))
        oracle_mismatch(c, s->id, "a completion within the sets of the oracle", NULL);
}

/* Outside what a score defines: dead, no vertebra, no motor deficit. */
static const struct {
    const char *id;
    enum fact fact;
    double value;
} outside[] = {
    {"tokuhashi_2005", KPS, 0},
    {"tokuhashi_2005", VERTEBRAL_METS, 0},
    {"tokuhashi_1990", KPS, 0},
    {"tokuhashi_1990", VERTEBRAL_METS, 0},
    {"vanderlinden_2005", KPS, 0},
    {"osri_2013", KPS, 0},
    {"chow_nrf_2008", KPS, 0},
    {"chao_rpa_2012", KPS, 0},
    {"balagamwala_rpa_2018", KPS, 0},
    {"sioutos_1995", VERTEBRAL_METS, 0},
    {"katagiri_2014", ECOG, 5},
    {"rades_bsc_2013", ECOG, 5},
    {"mizumoto_2008", ECOG, 5},
    {"teachh_2014", ECOG, 5},
    {"rades_bsc_2013", MOTOR_DEFICIT_DAYS, 0},
};

/* Whether the record leaves open that the score does not apply at all. */
static bool may_not_apply(const struct score *s, const struct record *r)
{
    for (size_t k = 0; k < sizeof outside / sizeof *outside; k++)
        if (strcmp(outside[k].id, s->id) == 0 && r->possible[outside[k].fact] == 0)
            return true;
    return false;
}

/*
 * Every band that can be reached is named, and none outside the lowest and highest of them. One
 * that is certain is the band. Returns whether none between them is named in vain.
 */
static bool check_bands(const oracle_case *c, const bonemets_assessment *a, int32_t i,
                        const struct score *s, const struct record *r)
{
    uint64_t totals = totals_of(s, r);
    oracle_words expected = bands_of(s, totals);
    oracle_words between = {0};
    oracle_words actual = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_BANDS);
    const char *band = bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND);

    for (int t = lowest(totals); t <= highest(totals); t++)
        oracle_words_add(&between, band_of(s, t / 2.0));
    for (int k = 0; k < expected.n; k++)
        if (!oracle_words_has(&actual, expected.word[k]))
            oracle_mismatch(c, "band that a completion reaches", expected.word[k], NULL);
    for (int k = 0; k < actual.n; k++)
        if (!oracle_words_has(&between, actual.word[k]))
            oracle_mismatch(c, "band that no completion reaches", NULL, actual.word[k]);
    if (band || !may_not_apply(s, r))
        oracle_check_str(c, "band", expected.n > 1 ? NULL : expected.word[0], band);
    return actual.n == expected.n;
}

/* A fact that is settled is not asked for; while the answer is open, something is. */
static void check_missing(const oracle_case *c, const bonemets_assessment *a, int32_t i,
                          const struct score *s, const struct record *r)
{
    enum fact list[MAX_FACTS];
    uint64_t totals = totals_of(s, r);
    oracle_words missing = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING);

    for (int n = facts_of(s, list), k = 0; k < n; k++) {
        uint64_t possible = r->possible[list[k]];

        if (possible && lowest(possible) == highest(possible) &&
            oracle_words_has(&missing, facts[list[k]].key))
            oracle_mismatch(c, "missing, though it is settled", NULL, facts[list[k]].key);
    }
    if (lowest(totals) != highest(totals) && missing.n == 0)
        oracle_mismatch(c, "missing", "a fact", NULL);
}

/* Bounds of a sum are exactly those of the oracle; returns whether the bands are, too. */
static bool check_partial(oracle_session *session, const struct score *s, const struct record *r,
                          uint64_t *random, bool reread)
{
    static oracle_case c;
    uint64_t totals = totals_of(s, r);
    oracle_words bands = bands_of(s, totals);

    fill(&c, s, r);
    bonemets_assessment *a = oracle_assess(session, &c, s->id);
    int32_t i = oracle_result(&c, a, s->id, 0);

    check_completion(&c, s, r, totals, random);
    if (s->kind != CLASSES) {
        oracle_check_num(&c, "low", lowest(totals) / 2.0, number(a, i, BONEMETS_F_LOW));
        oracle_check_num(&c, "high", highest(totals) / 2.0, number(a, i, BONEMETS_F_HIGH));
    }
    bool exact = check_bands(&c, a, i, s, r);

    check_missing(&c, a, i, s, r);

    if (state_of(a, i) == BONEMETS_INAPPLICABLE || state_of(a, i) == BONEMETS_NONE)
        oracle_check_int(&c, "state", BONEMETS_PARTLY, state_of(a, i));
    if (state_of(a, i) == BONEMETS_KNOWN && bands.n > 1)
        oracle_check_int(&c, "state", BONEMETS_PARTLY, BONEMETS_KNOWN);
    if (reread && c.n_entries > 0)
        oracle_check_reread(session, &c, s->id, a);
    bonemets_assessment_unref(a);
    return exact;
}

static void partial(oracle_session *session, const struct score *s)
{
    enum fact list[MAX_FACTS];
    int n = facts_of(s, list);
    uint64_t random = 2014;
    long wider = 0;

    for (long m = oracle_count(session, 40000), done = 0; done < m; done++) {
        struct record r = {{0}};

        for (int k = 0; k < n; k++)
            r.possible[list[k]] = random_values(&random, list[k]);
        if (!check_partial(session, s, &r, &random, done % 4999 == 0))
            wider++;
    }
    print_message("%s: %ld records name a band between others in vain\n", s->id, wider);
}

static const struct score *score_of(const char *id)
{
    for (int i = 0; i < N_SCORES; i++)
        if (strcmp(scores[i].id, id) == 0)
            return &scores[i];
    oracle_mismatch(NULL, "score", id, NULL);
    return NULL;
}

/* Whatever else is known or not. */
static void not_applicable(void **state)
{
    uint64_t random = 5;

    for (size_t k = 0; k < 100 * sizeof outside / sizeof *outside; k++) {
        static oracle_case c;
        size_t o = k / 100;
        const struct score *s = score_of(outside[o].id);
        struct record r = {{0}};
        enum fact list[MAX_FACTS];

        for (int n = facts_of(s, list), j = 0; j < n && k % 100 > 0; j++)
            if (list[j] != outside[o].fact)
                r.possible[list[j]] = random_values(&random, list[j]);
        fill(&c, s, &r);
        oracle_add_number(&c, 0, facts[outside[o].fact].key, outside[o].value, outside[o].value,
                          facts[outside[o].fact].unit);
        bonemets_assessment *a = oracle_assess(*state, &c, s->id);
        int32_t i = oracle_result(&c, a, s->id, 0);

        oracle_check_int(&c, "state", BONEMETS_INAPPLICABLE, state_of(a, i));
        oracle_check_str(&c, "band", NULL,
                         bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND));
        bonemets_assessment_unref(a);
    }
}

/* The ranges that the sources print. */
static void nothing_known(void **state)
{
    static const struct {
        const char *id;
        int low, high;
    } ranges[] = {
        {"tokuhashi_2005", 0, 15},
        {"tokuhashi_1990", 0, 12},
        {"tomita_2001", 2, 10},
        {"bauer_1995", 0, 5},
        {"bauer_modified_2008", 0, 4},
        {"katagiri_2014", 0, 10},
        {"vanderlinden_2005", 0, 6},
        {"osri_2013", 1, 7},
        {"rades_bsc_2013", 6, 25},
        {"nesms", 0, 3},
        {"mizumoto_2008", 0, 14},
        {"chow_nrf_2008", 0, 3},
        {"teachh_2014", 0, 6},
        {"chao_rpa_2012", 1, 3},
        {"balagamwala_rpa_2018", 1, 3},
        {"sioutos_1995", 0, 3},
        {"ppi_1999", 0, 15},
    };
    uint64_t random = 1;

    assert_int_equal(N_SCORES, sizeof ranges / sizeof *ranges);
    for (int k = 0; k < N_SCORES; k++) {
        const struct score *s = score_of(ranges[k].id);
        struct record r = {{0}};

        assert_int_equal(ranges[k].low * 2, lowest(totals_of(s, &r)));
        assert_int_equal(ranges[k].high * 2, highest(totals_of(s, &r)));
        (void)check_partial(*state, s, &r, &random, false);
    }
}

/* A range that reaches out of what a score defines: the totals within it stay contained. */
static void perhaps_not_applicable(void **state)
{
    uint64_t random = 0;

    for (size_t k = 0; k < 1000 * sizeof outside / sizeof *outside; k++) {
        static oracle_case c;
        const struct score *s = score_of(outside[k / 1000].id);
        enum fact list[MAX_FACTS], fact = outside[k / 1000].fact;
        int inside = fact == ECOG ? 4 : 0;
        double end = facts[fact].values[inside], out = outside[k / 1000].value;
        struct record r = {{0}};

        for (int n = facts_of(s, list), j = 0; j < n; j++)
            r.possible[list[j]] = list[j] == fact ? 0 : random_values(&random, list[j]);
        fill(&c, s, &r);
        oracle_add_number(&c, 0, facts[fact].key, end < out ? end : out, end < out ? out : end,
                          facts[fact].unit);
        r.possible[fact] = 1ULL << inside;
        bonemets_assessment *a = oracle_assess(*state, &c, s->id);
        int32_t i = oracle_result(&c, a, s->id, 0);
        oracle_words bands = bands_of(s, totals_of(s, &r));
        oracle_words actual = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_BANDS);

        if (state_of(a, i) == BONEMETS_INAPPLICABLE)
            oracle_mismatch(&c, "state", "may apply", "not applicable");
        for (int j = 0; j < bands.n; j++)
            if (!oracle_words_has(&actual, bands.word[j]))
                oracle_mismatch(&c, "band that a completion reaches", bands.word[j], NULL);
        if (s->kind != CLASSES && (number(a, i, BONEMETS_F_LOW) > lowest(totals_of(s, &r)) / 2.0 ||
                                   number(a, i, BONEMETS_F_HIGH) < highest(totals_of(s, &r)) / 2.0))
            oracle_mismatch(&c, s->id, "bounds around every completion", NULL);
        bonemets_assessment_unref(a);
    }
}

struct example {
    const char *id, *yaml;
    double low, high;
    const char *band;
};

static void check_examples(oracle_session *session, const struct example *examples, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        static oracle_case c;
        const struct example *e = &examples[k];

        c.yaml = e->yaml;
        bonemets_assessment *a = oracle_assess(session, &c, e->id);
        int32_t i = oracle_result(&c, a, e->id, 0);

        if (score_of(e->id)->kind != CLASSES) {
            oracle_check_num(&c, "low", e->low, number(a, i, BONEMETS_F_LOW));
            oracle_check_num(&c, "high", e->high, number(a, i, BONEMETS_F_HIGH));
        }
        oracle_check_str(&c, "band", e->band,
                         bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND));
        bonemets_assessment_unref(a);
    }
}

/* clang-format off */
static const struct example worked[] = {
    {"tokuhashi_2005", "{primary: breast_nos, kps: 90, extraspinal_bone_foci: 0, vertebral_mets: 1,"
     " organ_mets: none, frankel: E}", 15, 15, "total_12_15"},
    {"tokuhashi_2005", "{primary: kidney_rcc, kps: 70, extraspinal_bone_foci: 2, vertebral_mets: 1,"
     " organ_mets: removable, frankel: D}", 9, 9, "total_9_11"},
    {"tokuhashi_2005", "{primary: stomach, kps: 90, extraspinal_bone_foci: 1, vertebral_mets: 2,"
     " organ_mets: none, frankel: E}", 8, 8, "total_0_8"},
    /* Lung never exceeds 10. */
    {"tokuhashi_2005", "primary: {one_of: [lung_nsclc, lung_sclc, lung_nos]}", 0, 10, NULL},
    {"tokuhashi_1990", "{primary: rectum, kps: 80, extraspinal_bone_foci: 0, vertebral_mets: 2,"
     " organ_mets: unremovable, frankel: E}", 9, 9, "total_9_12"},
    {"tomita_2001", "{primary: stomach, visceral_status: treatable, skeletal_extent: multiple}",
     8, 8, "total_8_10"},
    {"bauer_1995", "{primary: lung_nos, visceral_or_brain_mets: yes, skeletal_extent: multiple,"
     " pathological_fracture: no}", 1, 1, "total_0_1"},
    {"bauer_1995", "primary: lung_nos", 0, 3, NULL},
    {"bauer_modified_2008", "{primary: lung_nos, visceral_or_brain_mets: no,"
     " skeletal_extent: solitary}", 2, 2, "total_2"},
    {"katagiri_2014", "{primary: breast_hr_pos, visceral_spread: nodular, crp: 0.5 mg/dL,"
     " ldh: '200 [IU]/L', albumin: 4 g/dL, platelets: 200000 /uL, calcium_total: 9 mg/dL,"
     " bilirubin: 1 mg/dL, ecog: 1, prior_chemo: no, skeletal_extent: multiple}", 3, 3, "total_0_3"},
    {"katagiri_2014", "{primary: lung_nsclc, visceral_spread: nodular, calcium_total: 11 mg/dL,"
     " ecog: 3, prior_chemo: yes, skeletal_extent: multiple}", 9, 9, "total_7_10"},
    {"vanderlinden_2005", "{primary: breast_nos, kps: 90, visceral_mets: no}", 6, 6, "c"},
    {"vanderlinden_2005", "{primary: kidney_rcc, kps: 90, visceral_mets: no}", 3, 3, "a"},
    {"osri_2013", "{primary: lung_nos, kps: 30}", 7, 7, "total_7"},
    {"rades_bsc_2013", "{primary: prostate_nos, ecog: 3, other_bone_mets: yes, visceral_mets: yes,"
     " months_dx_to_mscc: 6 mo, ambulatory: no, motor_deficit_days: 2 d}", 24, 24, "at_least_24"},
    {"rades_bsc_2013", "{primary: colon, ecog: 3, other_bone_mets: yes, visceral_mets: yes,"
     " months_dx_to_mscc: 6 mo, ambulatory: no, motor_deficit_days: 12 d}", 22, 22, "below_24"},
    {"nesms", "{modified_bauer: 3, ambulatory: yes, albumin: 3.8 g/dL}", 3, 3, "score_3"},
    {"nesms", "{modified_bauer: 4, ambulatory: no, albumin: 3.0 g/dL}", 2, 2, "score_2"},
    {"mizumoto_2008", "{primary: lung_nos, ecog: 2, hypercalcaemia_stated: no, visceral_mets: yes,"
     " prior_chemo: yes, skeletal_extent: multiple, age: 72}", 9, 9, "b"},
    {"chow_nrf_2008", "{primary: prostate_nos, mets_other_than_bone: no, kps: 60}", 2, 2, "group_2"},
    {"teachh_2014", "{primary: prostate_nos, ecog: 2, age: 75, palliative_chemo_courses: 2,"
     " hospitalizations_3mo: 1, liver_mets: yes}", 5, 5, "c"},
    {"chao_rpa_2012", "{months_since_primary_dx: 30 mo, kps: 90, age: 69}", 0, 0, "class_2"},
    {"chao_rpa_2012", "{months_since_primary_dx: 40 mo, kps: 80}", 0, 0, "class_1"},
    {"balagamwala_rpa_2018", "{kps: 60, systemic_disease_controlled: yes, age: 54,"
     " visceral_mets: yes}", 0, 0, "class_3"},
    {"sioutos_1995", "{leg_strength_mrc: 0, primary: colon, vertebral_mets: 3}", 3, 3, "two_or_more"},
    {"ppi_1999", "{pps: 50, oral_intake: severely_reduced, oedema: yes, dyspnoea_at_rest: no,"
     " delirium: no}", 6, 6, "intermediate"},
    {"ppi_1999", "{pps: 20, oral_intake: severely_reduced, oedema: no, dyspnoea_at_rest: no,"
     " delirium: yes}", 10.5, 10.5, "high"},
};

#define NO_SPREAD \
    "visceral_spread: none, ecog: 0, prior_chemo: no, skeletal_extent: solitary, "
#define NORMAL \
    "crp: 0.1 mg/dL, ldh: '200 [IU]/L', platelets: 200000 /uL, bilirubin: 1 mg/dL, "

/* Values read from other facts, and other units. */
static const struct example indirect[] = {
    {"bauer_modified_2008", "{primary: breast_nos, visceral_mets: no, brain_mets: yes,"
     " n_bone_metastases: 1}", 3, 3, "total_3_4"},
    {"bauer_modified_2008", "{primary: breast_nos, liver_mets: yes, n_bone_metastases: 3}", 2, 2,
     "total_2"},
    {"bauer_modified_2008", "{primary: breast_nos, visceral_mets: no, n_bone_metastases: 3}", 2, 3,
     NULL},
    {"nesms", "{primary: breast_nos, visceral_mets: no, brain_mets: no, skeletal_extent: multiple,"
     " ambulatory_status: nonambulatory, albumin: 34 g/L}", 2, 2, "score_2"},
    {"nesms", "{primary: lung_nos, ambulatory_status: with_aid, albumin: 35 g/L}", 2, 2, "score_2"},
    {"chow_nrf_2008", "{primary: lung_nos, liver_mets: yes, kps: 70}", 2, 2, "group_2"},
    {"mizumoto_2008", "{primary: lung_nos, ecog: 3, hypercalcaemia_stated: yes, lung_mets: yes,"
     " prior_chemo: yes, n_bone_metastases: 2, age: 71}", 14, 14, "c"},
    {"katagiri_2014", "{primary: prostate_nos, " NO_SPREAD NORMAL
     "albumin: 4 g/dL, calcium_total: 9 mg/dL}", 2, 2, "total_0_3"},
    {"katagiri_2014", "{primary: prostate_nos, castration_resistant: no, " NO_SPREAD NORMAL
     "albumin: 4 g/dL, calcium_total: 9 mg/dL}", 0, 0, "total_0_3"},
    {"katagiri_2014", "{primary: prostate_nos, castration_resistant: yes, " NO_SPREAD NORMAL
     "albumin: 4 g/dL, calcium_total: 9 mg/dL}", 2, 2, "total_0_3"},
    {"katagiri_2014", "{primary: myeloma, " NO_SPREAD NORMAL
     "albumin: 37 g/L, calcium_total: 2.569 mmol/L}", 0, 0, "total_0_3"},
    {"katagiri_2014", "{primary: myeloma, " NO_SPREAD NORMAL
     "albumin: 36.9 g/L, calcium_total: 2.569 mmol/L}", 1, 1, "total_0_3"},
    {"katagiri_2014", "{primary: myeloma, " NO_SPREAD NORMAL
     "albumin: 37 g/L, calcium_total: 2.57 mmol/L}", 2, 2, "total_0_3"},
    {"katagiri_2014", "{primary: myeloma, " NO_SPREAD "crp: 4 mg/L, ldh: 249 U/L, albumin: 4 g/dL,"
     " platelets: 100000 /uL, bilirubin: 23.9 umol/L, calcium_total: 9 mg/dL}", 1, 1, "total_0_3"},
    {"katagiri_2014", "{primary: myeloma, " NO_SPREAD "crp: 3.9 mg/L, ldh: 250 U/L, albumin: 4 g/dL,"
     " platelets: 99900 /uL, bilirubin: 23 umol/L, calcium_total: 9 mg/dL}", 2, 2, "total_0_3"},
    {"chao_rpa_2012", "{months_since_primary_dx: 2.5 a, kps: 90, age: 75}", 0, 0, "class_3"},
    {"rades_bsc_2013", "{primary: breast_nos, ecog: 0, skeletal_extent: solitary, visceral_mets: no,"
     " months_dx_to_mscc: 40 mo, ambulatory_status: independent, motor_deficit_days: 3 wk}", 6, 6,
     "below_24"},
};
/* clang-format on */

static void worked_examples(void **state)
{
    check_examples(*state, worked, sizeof worked / sizeof *worked);
}

static void other_facts_and_units(void **state)
{
    check_examples(*state, indirect, sizeof indirect / sizeof *indirect);
}

static void check_platelets(oracle_session *session, double low, double high, const char *unit,
                            int least, int most)
{
    static oracle_case c;

    oracle_case_clear(&c, NULL, NULL, 0);
    oracle_add_code(&c, 0, "primary", "myeloma");
    oracle_add_number(&c, 0, "platelets", low, high, unit);
    bonemets_assessment *a = oracle_assess(session, &c, "katagiri_2014");
    int32_t i = oracle_result(&c, a, "katagiri_2014", 0);

    oracle_check_num(&c, "low", least, number(a, i, BONEMETS_F_LOW));
    oracle_check_num(&c, "high", most, number(a, i, BONEMETS_F_HIGH));
    bonemets_assessment_unref(a);
}

/* Units that begin with a digit. */
static void platelets(void **state)
{
    static const char *const units[] = {"10*9/L", "10*3/uL"};

    for (int k = 0; k < 2; k++) {
        check_platelets(*state, 99.9, 99.9, units[k], 2, 7);
        check_platelets(*state, 100, 100, units[k], 0, 7);
        check_platelets(*state, 20, 99, units[k], 2, 7);
        check_platelets(*state, 99, 300, units[k], 0, 7);
    }
}

#define SCORE(id)                                                                                  \
    static void complete_##id(void **state)                                                        \
    {                                                                                              \
        complete(*state, score_of(#id));                                                           \
    }                                                                                              \
    static void partial_##id(void **state)                                                         \
    {                                                                                              \
        partial(*state, score_of(#id));                                                            \
    }
#define TESTS(id) cmocka_unit_test(complete_##id), cmocka_unit_test(partial_##id)

SCORE(tokuhashi_2005)
SCORE(tokuhashi_1990)
SCORE(tomita_2001)
SCORE(bauer_1995)
SCORE(bauer_modified_2008)
SCORE(katagiri_2014)
SCORE(vanderlinden_2005)
SCORE(osri_2013)
SCORE(rades_bsc_2013)
SCORE(nesms)
SCORE(mizumoto_2008)
SCORE(chow_nrf_2008)
SCORE(teachh_2014)
SCORE(chao_rpa_2012)
SCORE(balagamwala_rpa_2018)
SCORE(sioutos_1995)
SCORE(ppi_1999)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_examples),
        cmocka_unit_test(other_facts_and_units),
        cmocka_unit_test(platelets),
        cmocka_unit_test(nothing_known),
        cmocka_unit_test(not_applicable),
        cmocka_unit_test(perhaps_not_applicable),
        TESTS(tokuhashi_2005),
        TESTS(tokuhashi_1990),
        TESTS(tomita_2001),
        TESTS(bauer_1995),
        TESTS(bauer_modified_2008),
        TESTS(katagiri_2014),
        TESTS(vanderlinden_2005),
        TESTS(osri_2013),
        TESTS(rades_bsc_2013),
        TESTS(nesms),
        TESTS(mizumoto_2008),
        TESTS(chow_nrf_2008),
        TESTS(teachh_2014),
        TESTS(chao_rpa_2012),
        TESTS(balagamwala_rpa_2018),
        TESTS(sioutos_1995),
        TESTS(ppi_1999),
    };

    return cmocka_run_group_tests(tests, oracle_setup, oracle_teardown);
}
