/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pathway against its second implementation: usage: oracle_pathways FILE.rows [RECORDS]
 * FILE.rows was written from the clinical sources, apart from the table that it judges.
 * ORACLE_SCALE shrinks the number of records, 200,000 unless it is given.
 */
#include "pathways/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *rows_file;
static long wanted_records = 200000;

/* The pathway alone, and among all tables: what is entered must win over what they derive. */
typedef struct {
    oracle_session *alone, *among_all;
    pw_table *table;
} fixture;

static oracle_session *open_session(const char *id)
{
    void *session = NULL;

    return oracle_setup_one(&session, id) == 0 ? session : NULL;
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);

    *state = f;
    if (!f)
        return -1;
    f->table = pw_read(rows_file);
    f->among_all = open_session(NULL);
    f->alone = open_session(f->table->id);
    return f->alone && f->among_all ? 0 : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    void *alone = f->alone, *among_all = f->among_all;

    (void)oracle_teardown(&alone);
    (void)oracle_teardown(&among_all);
    pw_free(f->table);
    free(f);
    return 0;
}

/* ---- Complete records --------------------------------------------------------------------- */

static const char *outcome_word(const pw_table *t, const pw_outcome *out, int key)
{
    return out->word[key] < 0 ? NULL : t->words[out->word[key]];
}

static bool leads(const pw_table *t, int key)
{
    for (int r = 0; r < t->n_rows; r++)
        if (t->rows[r].n_sets > 0 && t->rows[r].sets[0].key == key)
            return true;
    return false;
}

/* The row that decides a choice shows its urgency there. */
static void check_deciding_row(const oracle_case *c, const bonemets_assessment *a,
                               const pw_table *t, int key, const pw_row *row)
{
    int32_t record = strcmp(t->about, "patient") == 0 ? 0 : 1;
    int32_t i = bonemets_assessment_find(a, BONEMETS_CHOICES, t->keys[key].name, record);
    double within = bonemets_assessment_num(a, BONEMETS_CHOICES, i, BONEMETS_F_WITHIN_H);

    oracle_check_str(c, t->keys[key].name, row->id,
                     bonemets_assessment_str(a, BONEMETS_CHOICES, i, BONEMETS_F_ROW));
    oracle_check_str(c, row->id, pw_urgency_name(row->urgency),
                     bonemets_assessment_str(a, BONEMETS_CHOICES, i, BONEMETS_F_URGENCY));
    if (row->within >= 0 || within >= 0)
        oracle_check_num(c, row->id, row->within, within);
}

static void check_choice(const oracle_case *c, const bonemets_assessment *a, const pw_table *t,
                         int key, const pw_outcome *out)
{
    static pw_answer answer;
    const char *name = t->keys[key].name;
    const char *expected = outcome_word(t, out, key);

    pw_read_answer(c, a, t, key, &answer);
    if (!pw_same(expected, answer.value))
        oracle_mismatch(c, name, expected, answer.value);
    if (!out->doubt[key])
        oracle_check_int(c, name, expected ? BONEMETS_KNOWN : BONEMETS_NONE, answer.state);
    if (expected && leads(t, key))
        check_deciding_row(c, a, t, key, &t->rows[out->row[key]]);
}

static bool has_tokens(const pw_row *row)
{
    for (int l = 0; l < PW_LISTS; l++)
        if (row->n_tokens[l] > 0)
            return true;
    return false;
}

static void check_row(const oracle_case *c, const bonemets_assessment *a, const pw_table *t,
                      const pw_row *row)
{
    int32_t i = pw_find_entry(a, BONEMETS_ADVICE, row->id);

    if (i < 0)
        oracle_mismatch(c, row->id, "speaks", "is silent");
    for (int l = 0; l < t->n_lists; l++) {
        oracle_words expected = pw_tokens_of_row(row, l);
        oracle_words given = pw_tokens_of_entry(a, i, t, l);

        oracle_check_words(c, row->id, &expected, &given);
    }
    oracle_check_str(c, row->id, pw_urgency_name(row->urgency),
                     bonemets_assessment_str(a, BONEMETS_ADVICE, i, BONEMETS_F_URGENCY));
    double within = bonemets_assessment_num(a, BONEMETS_ADVICE, i, BONEMETS_F_WITHIN_H);

    if (row->within >= 0 || within >= 0)
        oracle_check_num(c, row->id, row->within, within);
}

/* Whatever speaks in the library speaks here; what was superseded keeps its warnings alone. */
static void check_no_other_row(const oracle_case *c, const bonemets_assessment *a,
                               const pw_table *t, const pw_outcome *out)
{
    for (int32_t i = 0; i < bonemets_assessment_count(a, BONEMETS_ADVICE); i++) {
        const char *id = bonemets_assessment_str(a, BONEMETS_ADVICE, i, BONEMETS_F_ROW);
        int r = id ? pw_find_row(t, id) : -1;

        if (r >= 0 && (out->state[r] == PW_SPEAKS || out->state[r] == PW_WAITS))
            continue; /* the library may see that what is missing does not matter */
        if (r < 0 || out->state[r] == PW_IDLE)
            oracle_mismatch(c, "row that speaks", NULL, id);
        if (bonemets_assessment_sub_count(a, BONEMETS_ADVICE, i, BONEMETS_SUB_DO) > 0)
            oracle_mismatch(c, id, "superseded", "says what to do");
    }
}

static void check_superseded(const oracle_case *c, const bonemets_assessment *a, const pw_table *t,
                             const pw_row *row)
{
    int32_t i = pw_find_entry(a, BONEMETS_ADVICE, row->id);
    oracle_words expected = pw_tokens_of_row(row, PW_WARN), given;

    if (expected.n == 0)
        return;
    if (i < 0)
        oracle_mismatch(c, row->id, "warns although superseded", "is silent");
    given = pw_tokens_of_entry(a, i, t, PW_WARN);
    oracle_check_words(c, row->id, &expected, &given);
}

static void check_rows(const oracle_case *c, const bonemets_assessment *a, const pw_table *t,
                       const pw_outcome *out)
{
    for (int r = 0; r < t->n_rows; r++) {
        if (out->state[r] == PW_SPEAKS && has_tokens(&t->rows[r]))
            check_row(c, a, t, &t->rows[r]);
        if (out->state[r] == PW_SUPERSEDED)
            check_superseded(c, a, t, &t->rows[r]);
    }
    check_no_other_row(c, a, t, out);
}

static void check_limits(const oracle_case *c, const bonemets_assessment *a, const pw_outcome *out)
{
    static const bonemets_field limits[] = {BONEMETS_F_WITHIN_H, BONEMETS_F_POSSIBLE_WITHIN_H};
    static const bonemets_field urgencies[] = {BONEMETS_F_URGENCY, BONEMETS_F_POSSIBLE_URGENCY};
    static const char *const names[] = {"urgency and limit", "possible urgency and limit"};

    for (int i = 0; i < (out->open ? 1 : 2); i++) {
        double within = bonemets_assessment_overall_num(a, limits[i]);

        oracle_check_str(c, names[i], pw_urgency_name(out->urgency),
                         bonemets_assessment_overall_str(a, urgencies[i]));
        if (out->within >= 0 || within >= 0)
            oracle_check_num(c, names[i], out->within, within);
    }
}

static bool complete(const pw_table *t, const pw_record *record)
{
    for (int i = 0; i < t->n_inputs; i++)
        if (record->inputs[i].kind == PW_UNKNOWN)
            return false;
    return true;
}

static void check_nothing_waits(const oracle_case *c, const bonemets_assessment *a)
{
    const char *row = bonemets_assessment_str(a, BONEMETS_UNDECIDED, 0, BONEMETS_F_ROW);

    if (bonemets_assessment_count(a, BONEMETS_UNDECIDED) > 0)
        oracle_mismatch(c, "rows that wait", NULL, row ? row : "a choice");
    if (bonemets_assessment_count(a, BONEMETS_MISSING) > 0)
        oracle_mismatch(c, "missing facts", NULL,
                        bonemets_assessment_str(a, BONEMETS_MISSING, 0, BONEMETS_F_ID));
}

static void check_record(const oracle_case *c, const bonemets_assessment *a, const pw_table *t,
                         const pw_record *record, const pw_outcome *out)
{
    for (int key = 0; key < t->n_keys; key++)
        check_choice(c, a, t, key, out);
    check_rows(c, a, t, out);
    check_limits(c, a, out);
    if (complete(t, record))
        check_nothing_waits(c, a);
}

static void check_every_row_was_met(const pw_table *t, const long met[PW_ROWS])
{
    for (int r = 0; r < t->n_rows; r++)
        if (met[r] == 0)
            oracle_mismatch(NULL, t->rows[r].id, "met by some record", "met by none");
}

static void check_complete(oracle_session *session, const pw_table *t, uint64_t *random,
                           bool reread, long met[PW_ROWS])
{
    static oracle_case c;
    pw_record record = pw_random_record(t, random);

    if (oracle_chance(random, 50))
        pw_leave_out(t, random, &record);
    pw_view view = pw_complete_view(t, &record);
    pw_outcome out = pw_interpret(t, &record);

    pw_fill(&c, t, &view);
    bonemets_assessment *a = oracle_assess(session, &c, t->id);

    check_record(&c, a, t, &record, &out);
    if (reread)
        oracle_check_reread(session, &c, t->id, a);
    bonemets_assessment_unref(a);
    for (int r = 0; r < t->n_rows; r++)
        met[r] += out.state[r] == PW_SPEAKS || out.state[r] == PW_WAITS;
}

static void check_many(oracle_session *session, const pw_table *t, uint64_t random, long n)
{
    long met[PW_ROWS] = {0};

    for (long k = 0; k < n; k++)
        check_complete(session, t, &random, k % 997 == 0, met);
    if (n >= 4000)
        check_every_row_was_met(t, met);
}

static void complete_records(void **state)
{
    fixture *f = *state;

    check_many(f->alone, f->table, 1104, oracle_count(f->alone, wanted_records));
}

static void complete_records_among_all(void **state)
{
    fixture *f = *state;

    check_many(f->among_all, f->table, 43, oracle_count(f->among_all, wanted_records / 10));
}

/* ---- Partial records ---------------------------------------------------------------------- */

static bool as_assumed(const pw_table *t, const pw_view *v, const pw_record *r, int i)
{
    const pw_input *in = &t->inputs[i];
    double number;

    bool wide = in->type == PW_COUNTED && v->low[i] < v->high[i]; /* perhaps all of its range */

    if (in->assumed < 0 || (!v->absent[i] && !wide))
        return true;
    if (in->type == PW_FLAG)
        return pw_same(t->words[in->assumed], r->inputs[i].word ? "yes" : "no");
    number = r->inputs[i].number;
    return in->type == PW_COUNTED ? number == strtod(t->words[in->assumed], NULL)
                                  : r->inputs[i].word == in->assumed;
}

/* The completion confirms all assumptions, and no row speaks because something is missing. */
static bool confirms(const pw_table *t, const pw_view *v, const pw_record *record)
{
    for (int i = 0; i < t->n_inputs; i++)
        if (!as_assumed(t, v, record, i) || (v->absent[i] && t->inputs[i].asked))
            return false;
    return true;
}

/* What rests on silence speaks only for the completions that confirm the silence. */
static bool covered(const pw_table *t, const oracle_words *assumed, const pw_view *v,
                    const pw_record *record)
{
    for (int k = 0; k < assumed->n; k++) {
        int i = pw_find_input(t, assumed->word[k]);

        if (i < 0 || t->inputs[i].assumed < 0 || !v->absent[i] || !as_assumed(t, v, record, i))
            return false;
    }
    return true;
}

typedef struct {
    const pw_table *table;
    const oracle_case *c;
    const bonemets_assessment *a;
    const pw_view *view;
    const pw_record *record; /* the completion */
    pw_outcome out;
} comparison;

/* Prints the completion beside the record that should have allowed for it. */
static void uncontained(const comparison *m, const char *what, const char *expected,
                        const char *actual)
{
    static oracle_case completed;
    static char text[ORACLE_TEXT];
    pw_view v = pw_complete_view(m->table, m->record);

    pw_fill(&completed, m->table, &v);
    (void)fprintf(stderr,
                  "--- the completion\n%s--- rows:", oracle_yaml(&completed, text, sizeof text));
    for (int r = 0; r < m->table->n_rows; r++)
        if (m->out.state[r] == PW_SPEAKS)
            (void)fprintf(stderr, " %s", m->table->rows[r].id);
    (void)fprintf(stderr, "\n--- of the record\n");
    oracle_mismatch(m->c, what, expected, actual);
}

static void check_contained(const comparison *m, int key, const pw_answer *answer)
{
    static char text[ORACLE_TEXT];
    const char *value = outcome_word(m->table, &m->out, key);
    bool certain = answer->state == BONEMETS_KNOWN || answer->state == BONEMETS_NONE;

    if (!covered(m->table, &answer->assumed, m->view, m->record))
        return;
    if (certain && !pw_same(value, answer->state == BONEMETS_KNOWN ? answer->value : NULL))
        uncontained(m, m->table->keys[key].name, value, answer->value);
    if (!certain && value && !m->table->keys[key].text && !pw_may_be(answer, value))
        uncontained(m, m->table->keys[key].name, value,
                    oracle_words_join(&answer->possible, text, sizeof text));
}

static void check_entry(const comparison *m, int32_t i)
{
    const char *id = bonemets_assessment_str(m->a, BONEMETS_ADVICE, i, BONEMETS_F_ROW);
    oracle_words assumed = oracle_sub_words(m->a, BONEMETS_ADVICE, i, BONEMETS_SUB_ASSUMED);
    int r = id ? pw_find_row(m->table, id) : -1;
    bool acts = bonemets_assessment_sub_count(m->a, BONEMETS_ADVICE, i, BONEMETS_SUB_DO) > 0;

    if (r < 0)
        uncontained(m, "row that speaks", "a row of the table", id);
    if (!covered(m->table, &assumed, m->view, m->record) ||
        bonemets_assessment_int(m->a, BONEMETS_ADVICE, i, BONEMETS_F_STATE) != BONEMETS_KNOWN)
        return;
    if (m->out.state[r] == PW_IDLE || (acts && m->out.state[r] != PW_SPEAKS))
        uncontained(m, id, "is silent", "speaks with certainty");
}

static void check_rows_contained(const comparison *m)
{
    for (int32_t i = 0; i < bonemets_assessment_count(m->a, BONEMETS_ADVICE); i++)
        check_entry(m, i);
    if (!confirms(m->table, m->view, m->record))
        return;
    for (int r = 0; r < m->table->n_rows; r++) {
        const pw_row *row = &m->table->rows[r];

        if (m->out.state[r] == PW_SPEAKS && has_tokens(row) &&
            pw_find_entry(m->a, BONEMETS_ADVICE, row->id) < 0 &&
            pw_find_entry(m->a, BONEMETS_UNDECIDED, row->id) < 0)
            uncontained(m, row->id, "can still speak", "neither speaks nor waits");
    }
}

static void check_possible_urgency(const comparison *m)
{
    const char *possible = bonemets_assessment_overall_str(m->a, BONEMETS_F_POSSIBLE_URGENCY);
    double within = bonemets_assessment_overall_num(m->a, BONEMETS_F_POSSIBLE_WITHIN_H);
    char left[32], right[32];

    if (!confirms(m->table, m->view, m->record))
        return;
    if (pw_urgency(possible) > m->out.urgency)
        uncontained(m, "possible urgency, at least", pw_urgency_name(m->out.urgency), possible);
    if (m->out.within < 0 || (within >= 0 && within <= m->out.within + 1e-9))
        return;
    (void)snprintf(left, sizeof left, "%g", m->out.within);
    (void)snprintf(right, sizeof right, "%g", within);
    uncontained(m, "possible limit, at most", left, right);
}

static long certain_answers(const pw_table *t, const pw_answer *answers)
{
    long n = 0;

    for (int key = 0; key < t->n_keys; key++)
        n += answers[key].assumed.n == 0 &&
             (answers[key].state == BONEMETS_KNOWN || answers[key].state == BONEMETS_NONE);
    return n;
}

static void check_completions(comparison *m, uint64_t *random, const pw_answer *answers,
                              const pw_record *truth)
{
    for (int sample = 0; sample < 12; sample++) {
        pw_record record;

        if (!pw_completion(m->table, random, m->view, truth, &record))
            continue;
        m->record = &record;
        m->out = pw_interpret(m->table, &record);
        for (int key = 0; key < m->table->n_keys; key++)
            check_contained(m, key, &answers[key]);
        check_rows_contained(m);
        check_possible_urgency(m);
    }
}

static long check_partial(fixture *f, uint64_t *random)
{
    static oracle_case c;
    static pw_answer answers[PW_KEYS];
    pw_record truth = pw_random_record(f->table, random);
    pw_view view = pw_random_view(f->table, random, &truth);

    pw_fill(&c, f->table, &view);
    bonemets_assessment *a = oracle_assess(f->alone, &c, f->table->id);
    comparison m = {.table = f->table, .c = &c, .a = a, .view = &view};

    for (int key = 0; key < f->table->n_keys; key++)
        pw_read_answer(&c, a, f->table, key, &answers[key]);
    check_completions(&m, random, answers, &truth);
    bonemets_assessment_unref(a);
    return certain_answers(f->table, answers);
}

static void partial_records(void **state)
{
    fixture *f = *state;
    uint64_t random = 77;
    long n = oracle_count(f->alone, wanted_records / 3), sure = 0;

    for (long k = 0; k < n; k++)
        sure += check_partial(f, &random);
    if (f->table->n_keys > 0)
        print_message("%.1f %% of the choices certain\n",
                      100.0 * (double)sure / (double)n / f->table->n_keys);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complete_records),
        cmocka_unit_test(complete_records_among_all),
        cmocka_unit_test(partial_records),
    };

    if (argc < 2) {
        (void)fprintf(stderr, "usage: %s FILE.rows [RECORDS]\n", argv[0]);
        return 1;
    }
    rows_file = argv[1];
    if (argc > 2)
        wanted_records = atol(argv[2]);
    return cmocka_run_group_tests(tests, setup, teardown);
}
