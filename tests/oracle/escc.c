/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The epidural compression grade once more, plainly: Bilsky MH et al. J Neurosurg Spine
 * 2010;13(3):324-328. A grade is a label with a rank; 0 to 1c are low grade, 2 and 3 high grade.
 */
#include "oracle.h"

#include <stdio.h>
#include <string.h>

enum { N_GRADES = 6 };

static const char *const grades[N_GRADES] = {"0", "1a", "1b", "1c", "2", "3"};

static const char *group(int rank)
{
    return rank >= 4 ? "high" : "low";
}

struct expected {
    int low, high;
    oracle_words groups;
};

static struct expected expect(unsigned mask)
{
    struct expected e = {N_GRADES, -1, {0}};

    for (int rank = 0; rank < N_GRADES; rank++) {
        if (!(mask >> rank & 1))
            continue;
        e.low = rank < e.low ? rank : e.low;
        e.high = rank;
        oracle_words_add(&e.groups, group(rank));
    }
    return e;
}

static void check(const oracle_case *c, const bonemets_assessment *a, bonemets_record record,
                  unsigned mask)
{
    struct expected e = expect(mask);
    int32_t i = oracle_result(c, a, "escc", record);
    oracle_words bands = oracle_sub_words(a, BONEMETS_RESULTS, i, BONEMETS_SUB_BANDS);
    int32_t state = bonemets_assessment_int(a, BONEMETS_RESULTS, i, BONEMETS_F_STATE);

    oracle_check_num(c, "lowest rank", e.low,
                     bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_LOW));
    oracle_check_num(c, "highest rank", e.high,
                     bonemets_assessment_num(a, BONEMETS_RESULTS, i, BONEMETS_F_HIGH));
    oracle_check_words(c, "groups", &e.groups, &bands);
    oracle_check_str(c, "group", e.groups.n == 1 ? e.groups.word[0] : NULL,
                     bonemets_assessment_str(a, BONEMETS_RESULTS, i, BONEMETS_F_BAND));
    if (e.low == e.high)
        oracle_check_int(c, "state", BONEMETS_KNOWN, state);
    else if (mask != 0x3F || state != BONEMETS_UNKNOWN)
        oracle_check_int(c, "state", BONEMETS_PARTLY, state);
    if (e.low < e.high)
        oracle_check_int(
            c, "missing escc_grade", 1,
            oracle_sub_find(a, BONEMETS_RESULTS, i, BONEMETS_SUB_MISSING, "escc_grade") >= 0);
}

static void every_set_of_grades(void **state)
{
    static oracle_case c;

    for (unsigned mask = 0; mask < 1U << N_GRADES; mask++) {
        oracle_case_clear(&c, "lesion", "lesions", 1);
        oracle_add_code(&c, 1, "level", "T6");
        if (mask)
            oracle_add_mask(&c, 1, "escc_grade", grades, mask);
        bonemets_assessment *a = oracle_assess(*state, &c, "escc");

        check(&c, a, 1, mask ? mask : 0x3F);
        oracle_check_reread(*state, &c, "escc", a);
        bonemets_assessment_unref(a);
    }
}

/* Each level has its own grade; nothing of one reaches the other. */
static void every_pair_of_levels(void **state)
{
    static oracle_case c;

    for (int first = 0; first < N_GRADES; first++) {
        for (int second = 0; second < N_GRADES; second++) {
            oracle_case_clear(&c, "lesion", "lesions", 2);
            oracle_add_code(&c, 1, "level", "C5");
            oracle_add_code(&c, 1, "escc_grade", grades[first]);
            oracle_add_code(&c, 2, "level", "T9");
            oracle_add_code(&c, 2, "escc_grade", grades[second]);
            bonemets_assessment *a = oracle_assess(*state, &c, "escc");

            check(&c, a, 1, 1U << first);
            check(&c, a, 2, 1U << second);
            bonemets_assessment_unref(a);
        }
    }
}

static int32_t notes_of(void **state, const char *level, const char *grade)
{
    static oracle_case c;

    oracle_case_clear(&c, "lesion", "lesions", 1);
    oracle_add_code(&c, 1, "level", level);
    oracle_add_code(&c, 1, "escc_grade", grade);
    bonemets_assessment *a = oracle_assess(*state, &c, "escc");
    int32_t i = oracle_result(&c, a, "escc", 1);
    int32_t notes = bonemets_assessment_sub_count(a, BONEMETS_RESULTS, i, BONEMETS_SUB_NOTES);

    bonemets_assessment_unref(a);
    return notes;
}

/* 1c is disputed; from L2 down the scale is used by analogy. */
static void notes(void **state)
{
    static const char *const below[] = {"L2", "L3", "L4", "L5", "S1"};

    for (int rank = 0; rank < N_GRADES; rank++) {
        int32_t plain = notes_of(state, "T6", grades[rank]);

        assert_int_equal(plain, rank == 3 ? 1 : 0);
        assert_int_equal(notes_of(state, "L1", grades[rank]), plain);
        for (size_t i = 0; i < sizeof below / sizeof *below; i++)
            assert_int_equal(notes_of(state, below[i], grades[rank]), plain + 1);
    }
}

static void plain_one_is_refused(void **state)
{
    static const char *const wrong[] = {"1", "4", "1d", "low"};
    oracle_session *session = *state;
    bonemets_fact grade = oracle_fact(session, "escc_grade");
    bonemets_record record = 0;

    bonemets_patient_reset(session->patient);
    assert_int_equal(bonemets_patient_add_record(session->patient, "lesion", &record), BONEMETS_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(
            bonemets_patient_set_codes(session->patient, record, grade, &wrong[i], 1, NULL),
            BONEMETS_E_TYPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_of_grades),
        cmocka_unit_test(every_pair_of_levels),
        cmocka_unit_test(notes),
        cmocka_unit_test(plain_one_is_refused),
    };

    return cmocka_run_group_tests(tests, oracle_setup, oracle_teardown);
}
