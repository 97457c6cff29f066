/* SPDX-License-Identifier: Apache-2.0 */
/* From files to definitions: what a small set means, and where and how everything else is refused.
 * In the refused texts an @ stands where the message must point. */
#include <setjmp.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "guideline/definitions.h"

enum { MOST_FILES = 4, LONGEST = 1 << 16 };

/* ---- a set of files ---- */

typedef struct {
    bm_arena trees, arena;
    bm_definitions definitions;
    bm_file files[MOST_FILES];
    int count;
    bonemets_error *err;
} set;

static void start_set(set *s)
{
    bm_memory memory;
    memset(s, 0, sizeof *s);
    bm_memory_init(&memory, NULL, NULL);
    bm_arena_init(&s->trees, &memory);
    bm_arena_init(&s->arena, &memory);
    s->definitions.arena = &s->arena;
    s->err = bonemets_error_new();
    assert_non_null(s->err);
}

static void end_set(set *s)
{
    bm_arena_free(&s->trees);
    bm_arena_free(&s->arena);
    bonemets_error_free(s->err);
}

static void parse(set *s, const char *name, const char *text)
{
    bm_file *file = &s->files[s->count++];
    *file = (bm_file){.name = name};
    int status =
        bm_yaml_read(&s->trees, &BM_YAML_LIMITS, name, text, strlen(text), &file->root, s->err);
    if (status != BONEMETS_OK) {
        fail_msg("%s: %s", name, bonemets_error_str(s->err, 0, BONEMETS_F_MESSAGE));
    }
}

static bonemets_status read_files(set *s)
{
    bonemets_status status = BONEMETS_OK;
    for (int i = 0; i < s->count; i++) {
        bonemets_status one = bm_definitions_read(&s->definitions, &s->files[i], s->err);
        status = status == BONEMETS_OK ? one : status;
    }
    return status;
}

static bonemets_status read_set(set *s)
{
    bonemets_status status = read_files(s);
    if (status != BONEMETS_OK) {
        return status;
    }
    return bm_definitions_complete(&s->definitions, s->err);
}

static void show_errors(const set *s)
{
    for (int i = 0; i < bonemets_error_count(s->err); i++) {
        const char *path = bonemets_error_str(s->err, i, BONEMETS_F_PATH);
        print_message("  %s:%d:%d: %s: %s\n", bonemets_error_str(s->err, i, BONEMETS_F_FILE),
                      bonemets_error_int(s->err, i, BONEMETS_F_LINE),
                      bonemets_error_int(s->err, i, BONEMETS_F_COLUMN), path ? path : "",
                      bonemets_error_str(s->err, i, BONEMETS_F_MESSAGE));
    }
}

/* ---- what a good set means ---- */

static const char vocabulary[] =
    "vocabulary: small\n"
    "title: A small vocabulary\n"
    "statement: Supports the team\n"
    "kinds:\n"
    "  lesion: {label: lesion, list: lesions}\n"
    "  rt_course: {label: course of radiotherapy, list: rt_courses}\n"
    "scales:\n"
    "  urgency: {immediate: start within 1 h, urgent: this week, none: no urgency}\n"
    "  strength: {strong: recommended, consensus: opinion}\n"
    "  certainty: {high: high, low: low}\n"
    "  verified: {two_sources: two, one_source: one, memory: none}\n"
    "units:\n"
    "  time: {h: 1, d: 24, wk: 168, mo: 730.5, a: 8766}\n"
    "  share: {'%': 1}\n"
    "facts:\n"
    "  level:\n"
    "    label: vertebral level\n"
    "    about: lesion\n"
    "    type: code\n"
    "    options: {C1: atlas, T12: twelfth thoracic, Co: coccyx}\n"
    "    aliases: {D12: T12, coccyx: Co}\n"
    "    refuse: {T13: 'there are twelve'}\n"
    "    note: the vertebra\n"
    "  bone: {about: lesion, type: code, options: [sacrum, femur_shaft]}\n"
    "  escc: {about: lesion, type: code, options: {'0': bone only, 1a: impinging, '2': severe}}\n"
    "  collapse_pct: {about: lesion, type: quantity, unit: '%', range: 0..100}\n"
    "  age: {type: count, range: 0..120, step: 10, label: age in years}\n"
    "  spinal_pain: {type: flag}\n"
    "  features: {type: set, options: [falls, limb_weakness]}\n"
    "  survival: {type: quantity, unit: mo, accepts: [wk, d, a], range: 0.5..120}\n"
    "  span: {type: quantity, unit: wk, accepts: [d, a], range: 0..100}\n"
    "  creatinine:\n"
    "    type: quantity\n"
    "    unit: mg/dL\n"
    "    accepts: {umol/L: {per: 88.4}, g/L: {times: 100}}\n"
    "    unit_required: true\n"
    "    range: 0.2..15\n"
    "  ratio: {type: quantity, unit: '1', range: 0..9, descriptive: true}\n"
    "  profile: {type: code, options: [nice, dutch], setting: true, default: dutch}\n"
    "values:\n"
    "  location:\n"
    "    about: lesion\n"
    "    type: code\n"
    "    options: {junctional: at a junction, rigid: rigid}\n"
    "    from: level\n"
    "    table: {C1: junctional, T12: [junctional, rigid], Co: ask}\n"
    "    basis: stated\n"
    "    source: fisher2010\n"
    "  escc_rank:\n"
    "    about: lesion\n"
    "    type: count\n"
    "    range: 0..5\n"
    "    from: escc\n"
    "    table: {'0': 0, 1a: 1, '2': 4}\n"
    "  grade:\n"
    "    about: lesion\n"
    "    type: code\n"
    "    options: ['0', 1a, gt50]\n"
    "    cases:\n"
    "      - {when: collapse_pct > 50 %, is: gt50}\n"
    "      - {when: collapse_pct > 0 %, is: 1a}\n"
    "      - {when: bone = sacrum, is: escc_class}\n"
    "      - {else: ask}\n"
    "  painful:\n"
    "    type: flag\n"
    "    cases: [{when: spinal_pain, is: yes}, {else: no}]\n"
    "  any_feature: {type: flag, value: 'count(features) > 0', supply: false}\n"
    "  sum: {type: count, given_by: total, supply: false}\n"
    "  guess: {type: flag, basis: proposed}\n"
    "exclusive:\n"
    "  - [level, bone]\n"
    "picks:\n"
    "  index_lesion: {about: lesion, highest: [escc_rank]}\n";

static const char guideline[] =
    "guideline: small\n"
    "title: A small guideline\n"
    "about: lesion\n"
    "edition: '2010'\n"
    "status: warning\n"
    "status_reason: to be read again\n"
    "time_critical: true\n"
    "verified: two_sources\n"
    "verified_note: the table\n"
    "purpose: How unstable\n"
    "rights: {owner: nobody, terms: own words, commercial: free}\n"
    "applies_when: stated(level) or bone = sacrum\n"
    "sources:\n"
    "  fisher2010: {cite: 'Fisher 2010', doi: 10.1/x, year: 2010, seen: table, url: 'http://x',\n"
    "               note: N}\n"
    "  NG234: {cite: NICE}\n"
    "assumes: {spinal_pain: no}\n"
    "values:\n"
    "  unstable: age >= 13\n"
    "  class:\n"
    "    label: the class\n"
    "    type: code\n"
    "    options: [low_one, high_one]\n"
    "    cases: [{when: unstable, is: high_one}, {else: low_one}]\n"
    "    note: N\n"
    "  dose: {from: escc, table: {'0': 8, 1a: 20.5, '2': ask}}\n"
    "  limit: {cases: [{when: unstable, is: 3 mo}, {else: 6 mo}]}\n"
    "  truth: {from: bone, table: {sacrum: yes, femur_shaft: no}, source: NG234}\n"
    "scores:\n"
    "  total:\n"
    "    label: Total\n"
    "    direction: higher_is_worse\n"
    "    range: 0..7\n"
    "    cap: 7\n"
    "    note: N\n"
    "    items:\n"
    "      location: {label: location, of: location, points: {junctional: 3, rigid: 0},\n"
    "                 verified: memory, note: N}\n"
    "      pain: {label: pain, of: spinal_pain, points: {yes: 1, no: 0}}\n"
    "      age: {label: age, of: age, points: {0..50: 0, 60..120: 1.5}}\n"
    "      collapse: {label: collapse, of: collapse_pct, points: {<20: 0, 20..50: 1, '>50': 2}}\n"
    "      chemo: {label: chemo, cases: [{when: unstable, points: 1, label: L}, {else: -1}]}\n"
    "    bands:\n"
    "      stable: {total: 0..6, label: stable, meaning: M, action: A, risk: 1 %, survival: 2 mo}\n"
    "      unstable_band: {total: '>6', label: unstable}\n"
    "equations:\n"
    "  bed: {label: dose, unit: Gy, value: 'age * 2', range: 0..1000, note: N}\n"
    "  plain: {label: number, unit: '1', value: 'age'}\n"
    "choices:\n"
    "  triage:\n"
    "    label: how fast\n"
    "    options: {emergency: at once, soon: soon, '0': none}\n"
    "    note: N\n"
    "    rows:\n"
    "      - id: A-01\n"
    "        when: spinal_pain and unstable\n"
    "        choose: emergency\n"
    "        with: {contact_h: 4.0, drug: 16 mg once}\n"
    "        do: [call_team, lie_flat]\n"
    "        warn: []\n"
    "        urgency: immediate\n"
    "        within: 2 d\n"
    "        strength: strong\n"
    "        certainty: low\n"
    "        verified: one_source\n"
    "        source: [NG234, fisher2010]\n"
    "        because: It helps.\n"
    "        note: N\n"
    "      - {id: A-02, when: 'true', choose: soon, with: {contact_h: 24}, urgency: urgent,\n"
    "         strength: consensus, certainty: high, verified: memory, source: NG234, because: B}\n"
    "  contact_h: {label: contact within, unit: h}\n"
    "  drug:\n"
    "    label: drug\n"
    "    text: true\n"
    "    optional: true\n"
    "    rows:\n"
    "      - {id: D-01, when: triage = soon, choose: 8 mg, with: {contact_h: 4}, urgency: none,\n"
    "         strength: strong, certainty: low, verified: memory, source: NG234, because: B}\n"
    "advice:\n"
    "  - {id: Z-01, when: features has falls, do: [call_team], warn: look_twice, urgency: urgent,\n"
    "     within: 90 h, strength: strong, certainty: low, verified: memory, source: NG234,\n"
    "     because: B}\n"
    "wording: {call_team: Call the team}\n"
    "notes:\n"
    "  - {id: n1, when: 'total = 6', say: On the edge, alternative: sum + 1, verified: memory,\n"
    "     source: [NG234, fisher2010]}\n"
    "  - {id: n2, say: A dispute, verified: one_source}\n"
    "examples:\n"
    "  - {id: E-1, title: T, note: N, profile: nice, given: {age: 3}, expect: {total: 3},\n"
    "     tolerance: 0.01}\n";

static void start_good_set(set *s)
{
    start_set(s);
    parse(s, "small.yaml", vocabulary);
    parse(s, "guideline.yaml", guideline);
    bonemets_status status = read_set(s);
    if (status != BONEMETS_OK) {
        show_errors(s);
    }
    assert_int_equal(status, BONEMETS_OK);
    assert_int_equal(bonemets_error_count(s->err), 0);
}

static const bm_fact *fact_of(const set *s, const char *id)
{
    const bm_fact *fact = bm_definitions_fact(&s->definitions, id);
    assert_non_null(fact);
    assert_string_equal(fact->id, id);
    return fact;
}

static void same_number(double a, double b)
{
    assert_true(a >= b && a <= b);
}

static void test_kinds_scales_and_units(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_definitions *d = &s.definitions;
    assert_string_equal(d->statement, "Supports the team");
    assert_int_equal(d->kind_count, 3);
    assert_int_equal(bm_definitions_kind(d, "patient"), 0);
    assert_int_equal(bm_definitions_kind(d, "lesion"), 1);
    assert_int_equal(bm_definitions_kind(d, "rt_course"), 2);
    assert_int_equal(bm_definitions_kind(d, "drug"), -1);
    assert_string_equal(d->kinds[1].list, "lesions");
    assert_string_equal(d->kinds[2].label, "course of radiotherapy");
    assert_int_equal(d->kinds[1].most, 1000);
    assert_int_equal(d->scale_count, 4);
    const bm_scale *urgency = bm_definitions_scale(d, "urgency");
    assert_int_equal(bm_scale_rank(urgency, "immediate"), 0);
    assert_int_equal(bm_scale_rank(urgency, "none"), 2);
    assert_int_equal(bm_scale_rank(urgency, "later"), -1);
    assert_string_equal(urgency->members.items[1].value, "this week");
    assert_null(bm_definitions_scale(d, "colour"));
    assert_int_equal(d->family_count, 2);
    assert_string_equal(d->families[0].units[3], "mo");
    same_number(d->families[0].sizes[3], 730.5);
    assert_int_equal(d->exclusive_count, 1);
    assert_int_equal(d->exclusive[0].count, 2);
    assert_string_equal(d->exclusive[0].items[1], "bone");
    assert_int_equal(d->exclusive[0].nodes[1]->line, 71);
    assert_int_equal(d->pick_count, 1);
    assert_int_equal(d->picks[0].kind, 1);
    assert_int_equal(d->picks[0].index, -1);
    assert_string_equal(d->picks[0].label, "index lesion");
    assert_string_equal(d->picks[0].highest.items[0], "escc_rank");
    end_set(&s);
}

static void check_codes(const bm_codes *codes, int count, const char *const *ids,
                        const char *const *labels)
{
    assert_int_equal(codes->count, count);
    for (int i = 0; i < count; i++) {
        assert_string_equal(codes->ids[i], ids[i]);
        assert_string_equal(codes->labels[i], labels[i]);
        assert_int_equal(bm_names_find(&codes->index, ids[i]), i);
    }
}

static void test_facts(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    assert_int_equal(s.definitions.fact_count, 19);
    const bm_fact *level = fact_of(&s, "level");
    check_codes(level->type.codes, 3, (const char *const[]){"C1", "T12", "Co"},
                (const char *const[]){"atlas", "twelfth thoracic", "coccyx"});
    assert_int_equal(level->type.base, BM_CODE);
    assert_int_equal(level->kind, 1);
    assert_string_equal(level->label, "vertebral level");
    assert_string_equal(level->note, "the vertebra");
    assert_string_equal(level->file->name, "small.yaml");
    assert_int_equal(level->node->key_line, 16);
    assert_int_equal(bm_names_find(&level->type.codes->index, "D12"), 1);
    assert_int_equal(bm_names_find(&level->type.codes->index, "coccyx"), 2);
    assert_int_equal(bm_names_find(&level->type.codes->index, "T13"), -1);
    assert_int_equal(level->refusals.count, 1);
    assert_string_equal(level->refusals.items[0].value, "there are twelve");
    assert_int_equal(level->aliases.count, 2);
    assert_int_equal(level->input, -1);
    assert_int_equal(level->slot, -1);
    assert_int_equal(level->applies, -1);
    assert_false(level->is_value || level->local || level->setting || level->used);
    check_codes(fact_of(&s, "bone")->type.codes, 2, (const char *const[]){"sacrum", "femur_shaft"},
                (const char *const[]){"sacrum", "femur shaft"});
    const bm_fact *age = fact_of(&s, "age");
    assert_int_equal(age->type.base, BM_NUMBER);
    assert_true(age->type.whole);
    assert_null(age->type.unit);
    assert_int_equal(age->type.unit_count, 0);
    same_number(age->type.low, 0);
    same_number(age->type.high, 120);
    same_number(age->step, 10);
    assert_int_equal(age->kind, 0);
    const bm_fact *pain = fact_of(&s, "spinal_pain");
    assert_int_equal(pain->type.base, BM_BOOL);
    assert_true(pain->flag_type);
    assert_null(pain->type.codes);
    assert_string_equal(pain->label, "spinal pain");
    assert_int_equal(fact_of(&s, "features")->type.base, BM_SET);
    assert_int_equal(fact_of(&s, "features")->type.codes->count, 2);
    const bm_fact *profile = fact_of(&s, "profile");
    assert_true(profile->setting);
    assert_string_equal(profile->default_option, "dutch");
    assert_null(bm_definitions_fact(&s.definitions, "nothing"));
    end_set(&s);
}

static void check_unit(const bm_unit *unit, const char *name, double factor, bool divide)
{
    assert_string_equal(unit->unit, name);
    same_number(unit->factor, factor);
    assert_int_equal(unit->divide, divide);
}

static void test_units(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_type *survival = &fact_of(&s, "survival")->type;
    assert_string_equal(survival->unit, "mo");
    assert_false(survival->whole);
    assert_int_equal(survival->unit_count, 4);
    check_unit(&survival->units[0], "mo", 1, false);
    check_unit(&survival->units[1], "wk", 168 / 730.5, false);
    check_unit(&survival->units[2], "d", 24 / 730.5, false);
    check_unit(&survival->units[3], "a", 12, false);
    const bm_type *span = &fact_of(&s, "span")->type;
    check_unit(&span->units[1], "d", 7, true);
    check_unit(&span->units[2], "a", 8766 / 168.0, false);
    const bm_type *creatinine = &fact_of(&s, "creatinine")->type;
    assert_true(fact_of(&s, "creatinine")->unit_required);
    assert_false(fact_of(&s, "survival")->unit_required);
    assert_int_equal(creatinine->unit_count, 3);
    check_unit(&creatinine->units[0], "mg/dL", 1, false);
    check_unit(&creatinine->units[1], "umol/L", 88.4, true);
    check_unit(&creatinine->units[2], "g/L", 100, false);
    const bm_fact *ratio = fact_of(&s, "ratio");
    assert_null(ratio->type.unit);
    assert_int_equal(ratio->type.unit_count, 0);
    assert_true(ratio->descriptive);
    assert_int_equal(fact_of(&s, "collapse_pct")->type.unit_count, 1);
    end_set(&s);
}

static void test_tables(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_fact *location = fact_of(&s, "location");
    assert_true(location->is_value);
    assert_int_equal(location->origin, BM_FROM_TABLE);
    assert_string_equal(location->from, "level");
    assert_string_equal(location->basis, "stated");
    assert_string_equal(location->source, "fisher2010");
    assert_int_equal(location->table_count, 3);
    assert_string_equal(location->table[0].option, "C1");
    assert_int_equal(location->table[0].option_count, 1);
    assert_string_equal(location->table[0].options[0], "junctional");
    assert_int_equal(location->table[1].option_count, 2);
    assert_string_equal(location->table[1].options[1], "rigid");
    assert_false(location->table[1].ask);
    assert_true(location->table[2].ask);
    const bm_fact *rank = fact_of(&s, "escc_rank");
    assert_string_equal(rank->table[1].option, "1a");
    same_number(rank->table[1].number, 1);
    same_number(rank->table[2].number, 4);
    end_set(&s);
}

static void test_other_origins(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_fact *grade = fact_of(&s, "grade");
    assert_int_equal(grade->origin, BM_FROM_CASES);
    assert_int_equal(grade->case_count, 4);
    assert_string_equal(grade->cases[0].text, "collapse_pct > 50 %");
    assert_int_equal(grade->cases[0].when.ex->kind, BM_EX_COMPARE);
    assert_int_equal(grade->cases[0].is.ex->kind, BM_EX_QUOTED);
    assert_string_equal(grade->cases[0].is.ex->name, "gt50");
    assert_int_equal(grade->cases[1].is.ex->kind, BM_EX_QUOTED);
    assert_string_equal(grade->cases[1].is.ex->name, "1a");
    assert_int_equal(grade->cases[1].is.ex->line, 61);
    assert_int_equal(grade->cases[1].is.ex->column, 40);
    assert_int_equal(grade->cases[2].is.ex->kind, BM_EX_NAME);
    assert_null(grade->cases[3].when.ex);
    assert_true(grade->cases[3].ask);
    assert_string_equal(grade->cases[3].text, "else");
    const bm_fact *painful = fact_of(&s, "painful");
    assert_int_equal(painful->cases[0].is.ex->kind, BM_EX_TRUTH);
    same_number(painful->cases[0].is.ex->number, 1);
    same_number(painful->cases[1].is.ex->number, 0);
    const bm_fact *feature = fact_of(&s, "any_feature");
    assert_int_equal(feature->origin, BM_FROM_VALUE);
    assert_true(feature->no_supply);
    assert_string_equal(feature->value.text, "count(features) > 0");
    assert_int_equal(feature->value.ex->kind, BM_EX_COMPARE);
    /* one behind the quote */
    assert_int_equal(feature->value.ex->a->column, feature->value.node->column + 1);
    const bm_fact *sum = fact_of(&s, "sum");
    assert_int_equal(sum->origin, BM_GIVEN_BY);
    assert_string_equal(sum->given_by, "total");
    same_number(sum->type.low, -DBL_MAX);
    same_number(sum->type.high, DBL_MAX);
    assert_int_equal(fact_of(&s, "guess")->origin, BM_FROM_NOWHERE);
    assert_string_equal(fact_of(&s, "guess")->basis, "proposed");
    end_set(&s);
}

static const bm_guideline *only_guideline(const set *s)
{
    assert_int_equal(s->definitions.guideline_count, 1);
    assert_int_equal(bm_names_find(&s->definitions.guideline_names, "small"), 0);
    return &s->definitions.guidelines[0];
}

static void test_head_of_guideline(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_guideline *g = only_guideline(&s);
    assert_string_equal(g->id, "small");
    assert_string_equal(g->title, "A small guideline");
    assert_int_equal(g->kind, 1);
    assert_string_equal(g->edition, "2010");
    assert_string_equal(g->status, "warning");
    assert_string_equal(g->status_reason, "to be read again");
    assert_true(g->time_critical);
    assert_string_equal(g->verified, "two_sources");
    assert_string_equal(g->verified_note, "the table");
    assert_string_equal(g->purpose, "How unstable");
    assert_string_equal(g->rights.owner, "nobody");
    assert_string_equal(g->rights.terms, "own words");
    assert_string_equal(g->rights.commercial, "free");
    assert_string_equal(g->file->name, "guideline.yaml");
    assert_int_equal(g->applies_when.ex->kind, BM_EX_OR);
    assert_int_equal(g->applies, -1);
    assert_int_equal(g->source_count, 2);
    assert_string_equal(g->sources[0].key, "fisher2010");
    assert_string_equal(g->sources[0].cite, "Fisher 2010");
    assert_string_equal(g->sources[0].doi, "10.1/x");
    assert_string_equal(g->sources[0].url, "http://x");
    assert_string_equal(g->sources[0].seen, "table");
    assert_int_equal(g->sources[0].year, 2010);
    assert_int_equal(g->assumption_count, 1);
    assert_string_equal(g->assumptions[0].fact, "spinal_pain");
    assert_string_equal(g->assumptions[0].node->text, "no");
    assert_int_equal(g->wording.count, 1);
    assert_string_equal(g->wording.items[0].value, "Call the team");
    end_set(&s);
}

static void test_local_values(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_guideline *g = only_guideline(&s);
    assert_int_equal(g->value_count, 5);
    const bm_fact *unstable = &g->values[0], *class = &g->values[1];
    assert_true(unstable->local && unstable->is_value && unstable->no_supply);
    assert_int_equal(unstable->kind, 1);
    assert_int_equal(unstable->origin, BM_FROM_VALUE);
    assert_false(unstable->flag_type);
    assert_int_equal(unstable->type.base, BM_BOOL);
    assert_int_equal(unstable->value.ex->kind, BM_EX_COMPARE);
    assert_int_equal(unstable->slot, -1);
    assert_string_equal(class->label, "the class");
    assert_int_equal(class->type.base, BM_CODE);
    assert_string_equal(class->type.codes->labels[1], "high one");
    assert_int_equal(class->cases[0].is.ex->kind, BM_EX_QUOTED);
    const bm_fact *dose = &g->values[2], *limit = &g->values[3], *truth = &g->values[4];
    assert_int_equal(dose->type.base, BM_NUMBER);
    same_number(dose->table[1].number, 20.5);
    assert_true(dose->table[2].ask);
    assert_int_equal(limit->type.base, BM_NUMBER);
    assert_string_equal(limit->type.unit, "mo");
    assert_int_equal(truth->type.base, BM_BOOL);
    assert_true(truth->flag_type);
    assert_string_equal(truth->table[0].options[0], "yes");
    end_set(&s);
}

static void check_points(const bm_points *points, const char *text, double low, bool low_open,
                         double high, bool high_open, double number)
{
    assert_true(points->is_range);
    assert_null(points->option);
    assert_string_equal(points->text, text);
    same_number(points->range.low, low);
    same_number(points->range.high, high);
    assert_int_equal(points->range.low_open, low_open);
    assert_int_equal(points->range.high_open, high_open);
    same_number(points->points, number);
}

static void test_score(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_guideline *g = only_guideline(&s);
    assert_int_equal(g->score_count, 1);
    const bm_score *score = &g->scores[0];
    assert_string_equal(score->id, "total");
    assert_string_equal(score->direction, "higher_is_worse");
    assert_true(score->has_range && score->has_cap);
    same_number(score->high, 7);
    same_number(score->cap, 7);
    assert_int_equal(score->item_count, 5);
    assert_int_equal(score->total, -1);
    const bm_item *location = &score->items[0];
    assert_string_equal(location->of, "location");
    assert_string_equal(location->verified, "memory");
    assert_string_equal(location->points[0].option, "junctional");
    assert_string_equal(location->points[0].label, "at a junction");
    assert_false(location->points[0].is_range || location->points[0].is_case);
    same_number(location->points[0].points, 3);
    assert_string_equal(score->items[1].points[0].option, "yes");
    check_points(&score->items[2].points[1], "60..120", 60, false, 120, false, 1.5);
    check_points(&score->items[3].points[0], "<20", -INFINITY, true, 20, true, 0);
    check_points(&score->items[3].points[2], ">50", 50, true, INFINITY, true, 2);
    const bm_item *chemo = &score->items[4];
    assert_true(chemo->points[0].is_case);
    assert_string_equal(chemo->points[0].label, "L");
    assert_string_equal(chemo->points[0].text, "unstable");
    assert_non_null(chemo->points[0].when.ex);
    assert_null(chemo->points[1].when.ex);
    same_number(chemo->points[1].points, -1);
    assert_int_equal(score->band_count, 2);
    assert_string_equal(score->bands[0].text, "0..6");
    same_number(score->bands[0].total.high, 6);
    assert_true(score->bands[1].total.low_open);
    assert_string_equal(score->bands[0].meaning, "M");
    assert_string_equal(score->bands[0].action, "A");
    assert_int_equal(score->bands[0].more.count, 2);
    assert_string_equal(score->bands[0].more.items[0].key, "risk");
    assert_string_equal(score->bands[0].more.items[1].value, "2 mo");
    check_codes(&score->band_codes, 2, (const char *const[]){"stable", "unstable_band"},
                (const char *const[]){"stable", "unstable"});
    end_set(&s);
}

static void test_equations_and_notes(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_guideline *g = only_guideline(&s);
    assert_int_equal(g->equation_count, 2);
    assert_string_equal(g->equations[0].unit, "Gy");
    assert_true(g->equations[0].has_range);
    same_number(g->equations[0].high, 1000);
    assert_int_equal(g->equations[0].value.ex->kind, BM_EX_ARITH);
    assert_null(g->equations[1].unit);
    assert_int_equal(g->note_count, 2);
    assert_string_equal(g->notes[0].say, "On the edge");
    assert_string_equal(g->notes[0].source, "NG234, fisher2010");
    assert_int_equal(g->notes[0].sources.count, 2);
    assert_non_null(g->notes[0].when.ex);
    assert_non_null(g->notes[0].alternative.ex);
    assert_int_equal(g->notes[0].when_slot, -1);
    assert_null(g->notes[1].when.ex);
    assert_null(g->notes[1].source);
    assert_int_equal(g->example_count, 1);
    assert_string_equal(g->examples[0].profile, "nice");
    assert_int_equal(g->examples[0].given->count, 1);
    assert_int_equal(g->examples[0].expect->count, 1);
    same_number(g->examples[0].tolerance, 0.01);
    end_set(&s);
}

static void test_choices(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_guideline *g = only_guideline(&s);
    assert_int_equal(g->choice_count, 3);
    const bm_choice *triage = &g->choices[0], *contact = &g->choices[1], *drug = &g->choices[2];
    check_codes(&triage->codes, 3, (const char *const[]){"emergency", "soon", "0"},
                (const char *const[]){"at once", "soon", "none"});
    assert_int_equal(triage->first_row, 0);
    assert_int_equal(triage->row_count, 2);
    assert_false(triage->is_text || triage->optional);
    assert_null(triage->numbers);
    assert_string_equal(contact->unit, "h");
    assert_int_equal(contact->row_count, 0);
    check_codes(&contact->codes, 2, (const char *const[]){"4.0", "24"},
                (const char *const[]){"4.0", "24"});
    same_number(contact->numbers[0], 4);
    same_number(contact->numbers[1], 24);
    assert_int_equal(bm_names_find(&contact->codes.index, "4"), 0);
    assert_true(drug->is_text && drug->optional);
    assert_int_equal(drug->first_row, 2);
    assert_int_equal(drug->row_count, 1);
    check_codes(&drug->codes, 2, (const char *const[]){"16 mg once", "8 mg"},
                (const char *const[]){"16 mg once", "8 mg"});
    end_set(&s);
}

static void test_rows(void **state)
{
    set s;
    (void)state;
    start_good_set(&s);
    const bm_guideline *g = only_guideline(&s);
    assert_int_equal(g->row_count, 4);
    const bm_row_def *row = &g->rows[0], *advice = &g->rows[3];
    assert_string_equal(row->id, "A-01");
    assert_int_equal(row->when.ex->kind, BM_EX_AND);
    assert_string_equal(row->choose, "emergency");
    assert_int_equal(row->choice, 0);
    assert_int_equal(row->row, -1);
    assert_int_equal(row->with_count, 2);
    assert_string_equal(row->with[1].choice, "drug");
    assert_string_equal(row->with[1].value, "16 mg once");
    assert_int_equal(row->actions.count, 2);
    assert_string_equal(row->actions.items[1], "lie_flat");
    assert_int_equal(row->warnings.count, 0);
    assert_int_equal(row->sources.count, 2);
    assert_int_equal(row->urgency_rank, 0);
    same_number(row->within_h, 48);
    assert_string_equal(row->because, "It helps.");
    assert_string_equal(row->certainty, "low");
    assert_int_equal(g->rows[1].urgency_rank, 1);
    assert_true(g->rows[1].within_h < 0);
    assert_int_equal(g->rows[2].choice, 2);
    assert_int_equal(advice->choice, -1);
    assert_null(advice->choose);
    assert_string_equal(advice->warnings.items[0], "look_twice");
    same_number(advice->within_h, 90);
    end_set(&s);
}

/* ---- what is refused ---- */

static const char base[] =
    "vocabulary: base\n"
    "kinds: {lesion: {label: lesion, list: lesions}}\n"
    "scales:\n"
    "  urgency: {immediate: I, urgent: U}\n"
    "  strength: {strong: S}\n"
    "  certainty: {low: L}\n"
    "  verified: {one_source: O}\n"
    "units: {time: {h: 1, d: 24, mo: 730.5}}\n"
    "facts:\n"
    "  age: {type: count, range: 0..120}\n"
    "  pain: {type: flag}\n"
    "  marks: {type: set, options: [one, two]}\n"
    "  weight: {type: quantity, unit: kg, range: 30..250}\n"
    "  level: {about: lesion, type: code, options: [C1, T12], aliases: {D12: T12}}\n"
    "  grade: {type: code, options: {1a: first, '2': second}}\n";

typedef enum { WHOLE, VOCABULARY, GUIDELINE } kind;

typedef struct {
    kind kind;
    const char *text;
    const char *path;    /* NULL: none */
    const char *message; /* a part of it */
} refusal;

#define EVIDENCE                                                                                   \
    "urgency: urgent, strength: strong, certainty: low, verified: one_source, source: s1, "        \
    "because: B"
#define ROW(more) "{id: r1, when: pain, " EVIDENCE ", " more "}"
#define SCORE_BODY                                                                                 \
    "label: S, direction: higher_is_worse, items: {i: {label: I, cases: [{else: 1}]}}"
#define SCORE(item)  "scores: {s: {label: S, direction: higher_is_worse, items: {i: " item "}}}\n"
#define BANDS(bands) "scores: {s: {" SCORE_BODY ", bands: {" bands "}}}\n"
#define CHOICE       "choices:\n  c: {label: C, options: [a, b], rows: ["

static const refusal refusals[] = {
    /* files */
    {WHOLE, "@title: T\n", NULL,
     "expected 'vocabulary: NAME' or 'guideline: NAME' on top, found "
     "neither"},
    {WHOLE, "@[a, b]\n", NULL, "found a list"},
    {WHOLE, "@vocabulary: a\nguideline: b\n", NULL, "found both"},
    {WHOLE, "vocabulary: @Not a name\n", "vocabulary", "expected a name of small letters"},
    {VOCABULARY, "@factz: {}\n", "factz", "unknown key 'factz'; did you mean 'facts'?"},
    {VOCABULARY, "facts: @[a]\n", "facts", "expected a map, found a list"},
    {VOCABULARY, "facts:@\n", "facts", "nothing stands behind 'facts'"},
    /* facts */
    {VOCABULARY, "facts:\n  x: {type: flag, @lable: L}\n", "facts.x.lable",
     "unknown key 'lable'; did you mean 'label'?"},
    {VOCABULARY, "facts: {x: {type: flag, @colour: red}}\n", "facts.x.colour",
     "unknown key 'colour'; expected one of: label, about, type"},
    {VOCABULARY, "facts:\n  x: @{label: L}\n", "facts.x", "the key 'type' is missing"},
    {VOCABULARY, "facts:\n  x:\n    @label: L\n", "facts.x", "the key 'type' is missing"},
    {VOCABULARY, "facts: {x: @flag}\n", "facts.x", "expected a map, found 'flag'"},
    {VOCABULARY, "facts: {x: {type: @number}}\n", "facts.x.type",
     "expected code, flag, count, quantity, set, link or instant, found 'number'"},
    {VOCABULARY, "facts: {x: @{type: instant}}\n", "facts.x",
     "the key 'range' is missing; an instant needs it"},
    {VOCABULARY, "facts: {x: {type: instant, range: 2000-01-01..2001-01-01, @unit: h}}\n",
     "facts.x.unit", "an instant has no 'unit'"},
    {VOCABULARY, "facts: {x: {type: instant, range: @0..5}}\n", "facts.x.range",
     "'0..5' is no range of instants: expected date and time such as 2026-11-21T08:00"},
    {VOCABULARY, "facts: {x: {type: instant, range: @2000-01-01}}\n", "facts.x.range",
     "two dates such as 2000-01-01..2099-12-31 are expected"},
    {VOCABULARY, "facts: {x: {type: instant, range: @2001-01-01..2000-02-30}}\n", "facts.x.range",
     "there is no such day in that month"},
    {VOCABULARY, "facts: {x: {type: instant, range: @2001-01-01..2000-02-29}}\n", "facts.x.range",
     "the lower end is above the upper one"},
    {VOCABULARY, "facts: {x: {type: flag, @now: true}}\n", "facts.x.now",
     "only an instant of the patient can be the present"},
    {VOCABULARY,
     "facts:\n  x: {type: instant, range: 2000-01-01..2001-01-01, now: true}\n"
     "  y: {type: instant, range: 2000-01-01..2001-01-01, @now: true}\n",
     "facts.y.now", "'now' is declared already, at case.yaml:3:53"},
    {VOCABULARY, "facts: {x: {type: flag, about: @leison}}\n", "facts.x.about",
     "there is no kind of record 'leison'; did you mean 'lesion'?"},
    {VOCABULARY, "facts: {@Xray: {type: flag}}\n", "facts.Xray", "'Xray' is no name"},
    {VOCABULARY, "facts: {@any: {type: flag}}\n", "facts.any", "word of the language"},
    {VOCABULARY, "facts: {x: @{type: code}}\n", "facts.x",
     "the key 'options' is missing; a code needs it"},
    {VOCABULARY, "facts: {x: {type: flag, @options: [a, b]}}\n", "facts.x.options",
     "a flag has no 'options'"},
    {VOCABULARY, "facts: {x: @{type: count}}\n", "facts.x", "the key 'range' is missing"},
    {VOCABULARY, "facts: {x: @{type: quantity, range: 0..1}}\n", "facts.x",
     "the key 'unit' is missing; a quantity needs it"},
    {VOCABULARY, "facts: {x: {type: count, range: @5..1}}\n", "facts.x.range",
     "found '5..1': the lower end is above the upper one"},
    {VOCABULARY, "facts: {x: {type: count, range: @<=5}}\n", "facts.x.range",
     "expected a range with both ends, LOW..HIGH, found '<=5'"},
    {VOCABULARY, "facts: {x: {type: quantity, unit: kg, range: @'0..1,5'}}\n", "facts.x.range",
     "a decimal comma; write a point"},
    {VOCABULARY, "facts: {x: {type: quantity, unit: kg, range: @0..1e999}}\n", "facts.x.range",
     "an exponent"},
    {VOCABULARY, "facts: {x: {type: count, range: @0..1.5}}\n", "facts.x.range",
     "expected whole numbers"},
    {VOCABULARY, "facts: {x: {type: quantity, unit: @k g, range: 0..1}}\n", "facts.x.unit",
     "expected a unit without blanks"},
    {VOCABULARY, "facts: {x: {type: flag, @step: 10}}\n", "facts.x.step", "a flag has no 'step'"},
    {VOCABULARY, "facts: {x: {type: count, range: 0..9, step: @0}}\n", "facts.x.step",
     "expected a number above 0, found '0'"},
    {VOCABULARY, "facts: {x: {type: flag, descriptive: @yes}}\n", "facts.x.descriptive",
     "expected true or false, found 'yes'"},
    {VOCABULARY, "facts: {x: {type: flag, descriptive: @'true'}}\n", "facts.x.descriptive",
     "expected true or false"},
    {VOCABULARY, "facts:\n  x:\n    type: flag\n    label:@\n", "facts.x.label",
     "nothing stands behind 'label'; fill it in, or leave the key out"},
    /* options */
    {VOCABULARY, "facts: {x: {type: code, options: [a, @b-c]}}\n", "facts.x.options[2]",
     "'b-c' is no option"},
    {VOCABULARY, "facts: {x: {type: code, options: {@T12b: L}}}\n", "facts.x.options.T12b",
     "'T12b' is no option"},
    {VOCABULARY, "facts: {x: {type: code, options: [a, @ask]}}\n", "facts.x.options[2]",
     "'ask' is a word of the language"},
    {VOCABULARY, "facts: {x: {type: code, options: [a, @a]}}\n", "facts.x.options[2]",
     "'a' stands here twice"},
    {VOCABULARY, "facts: {x: {type: code, options: {a: @[b]}}}\n", "facts.x.options.a",
     "expected a label, found a list"},
    {VOCABULARY, "facts: {x: {type: set, options: @[]}}\n", "facts.x.options",
     "expected options, as a map of labels or a list, found a list"},
    {VOCABULARY, "facts: {x: {type: code, options: [cord, root], aliases: {c: @crod}}}\n",
     "facts.x.aliases.c", "there is no option 'crod'; did you mean 'cord'?"},
    {VOCABULARY, "facts: {x: {type: code, options: [a, b], aliases: {@b: a}}}\n",
     "facts.x.aliases.b", "'b' is an option, or a spelling, already"},
    {VOCABULARY, "facts: {x: {type: code, options: [a, b], aliases: {y: a}, refuse: {@y: no}}}\n",
     "facts.x.refuse.y", "'y' is an option, or a spelling of one"},
    {VOCABULARY, "facts: {x: {type: code, options: [a, b], @default: a}}\n", "facts.x.default",
     "only a setting has a default"},
    {VOCABULARY, "facts: {x: {type: code, options: [a, b], setting: true, default: @c}}\n",
     "facts.x.default", "there is no option 'c'; expected one of: a, b"},
    {VOCABULARY, "facts: {x: {type: flag, @setting: true}}\n", "facts.x.setting",
     "a setting is a code; this is a flag"},
    /* units */
    {VOCABULARY, "facts: {x: {type: quantity, unit: mo, accepts: [d, @kg], range: 0..1}}\n",
     "facts.x.accepts[2]", "'kg' is no unit of the family 'time'"},
    {VOCABULARY, "facts: {x: {type: quantity, unit: kg, accepts: [@g], range: 0..1}}\n",
     "facts.x.accepts[1]", "no family of units has 'kg'; say how to convert: {g: {per: NUMBER}}"},
    {VOCABULARY, "facts: {x: {type: quantity, unit: kg, accepts: {g: {per: @0}}, range: 0..1}}\n",
     "facts.x.accepts.g.per", "expected a number above 0"},
    {VOCABULARY,
     "facts: {x: {type: quantity, unit: kg, accepts: {g: @{per: 2, times: 2}}, range: 0..1}}\n",
     "facts.x.accepts.g", "either 'per' or 'times'"},
    {VOCABULARY, "facts: {x: {type: quantity, unit: mo, accepts: [d, @mo], range: 0..1}}\n",
     "facts.x.accepts[2]", "the unit 'mo' stands here twice"},
    {VOCABULARY, "facts: {x: {type: quantity, unit: '1', @accepts: [d], range: 0..1}}\n",
     "facts.x.accepts", "a number without a unit accepts no other"},
    {VOCABULARY, "units: {mass: {g: @2, kg: 1000}}\n", "units.mass.g", "so its own is 1"},
    {VOCABULARY, "units: {mass: {g: 1, @d: 1000}}\n", "units.mass.d",
     "'d' is declared already, at base.yaml:8:22"},
    {VOCABULARY, "units: {@time: {s: 1}}\n", "units.time",
     "'time' is declared already, at base.yaml:8:9"},
    /* kinds, scales, picks, exclusive */
    {VOCABULARY, "kinds: {@patient: {label: L, list: l}}\n", "kinds.patient", "always exists"},
    {VOCABULARY, "kinds: {@lesion: {label: L, list: l}}\n", "kinds.lesion",
     "'lesion' is declared already, at base.yaml:2:9"},
    {VOCABULARY, "kinds: {drug: {label: L, @list: lesions}}\n", "kinds.drug.list",
     "'lesions' is declared already"},
    {VOCABULARY, "kinds: {drug: {label: L, @list: age}}\n", "kinds.drug.list",
     "'age' is declared already, at base.yaml:10:3"},
    {WHOLE,
     "guideline: g\ntitle: T\nstatus: on\nverified: one_source\n"
     "sources: {s: {cite: C, year: @20.5}}\n",
     "sources.s.year", "expected a whole number above 0"},
    {VOCABULARY, "scales: {@urgency: {now: N}}\n", "scales.urgency",
     "'urgency' is declared already, at base.yaml:4:3"},
    {VOCABULARY, "exclusive:\n  - [age, @paim]\n", "exclusive[1][2]",
     "there is no fact 'paim'; did you mean 'pain'?"},
    {VOCABULARY, "exclusive:\n  - @[age]\n", "exclusive[1]", "a list of two facts or more"},
    {VOCABULARY, "exclusive:\n  - [age, @level]\n", "exclusive[1][2]",
     "'age' and 'level' are about different kinds"},
    {VOCABULARY, "exclusive:\n  - [age, @age]\n", "exclusive[1][2]", "'age' stands here twice"},
    {VOCABULARY, "picks: {p: {about: @patient, highest: [age]}}\n", "picks.p.about",
     "of which there can be several"},
    {VOCABULARY, "picks: {p: {about: lesion, highest: [@age]}}\n", "picks.p.highest[1]",
     "'age' is about the patient and ranks no records"},
    {VOCABULARY, "picks: {p: {about: lesion, highest: [@level]}}\n", "picks.p.highest[1]",
     "'level' is no number"},
    {VOCABULARY, "picks: {p: {about: lesion, highest: [@lvel]}}\n", "picks.p.highest[1]",
     "there is no fact or value 'lvel'"},
    {VOCABULARY, "facts: {@age: {type: flag}}\n", "facts.age",
     "'age' is declared already, at base.yaml:10:3"},
    {VOCABULARY, "values: {@pain: {type: flag, value: pain}}\n", "values.pain",
     "'pain' is declared already, at base.yaml:11:3"},
    /* values */
    {VOCABULARY, "values: {v: @{type: flag}}\n", "values.v",
     "nothing says where the value comes from"},
    {VOCABULARY, "values: {v: {type: flag, cases: [{else: yes}], @value: pain}}\n",
     "values.v.value", "'cases' says already where the value comes from"},
    {VOCABULARY, "values: {v: @{type: flag, from: grade}}\n", "values.v",
     "the key 'table' is missing"},
    {VOCABULARY, "values: {v: @{type: flag, table: {1a: yes}}}\n", "values.v",
     "the key 'from' is missing"},
    {VOCABULARY, "values: {v: {type: flag, from: @grades, table: {1a: yes, '2': no}}}\n",
     "values.v.from", "there is no fact or value 'grades'; did you mean 'grade'?"},
    {VOCABULARY, "values: {v: {type: flag, from: @age, table: {1a: yes, '2': no}}}\n",
     "values.v.from", "'age' is a count; a table reads a code or a flag"},
    {VOCABULARY, "values: {v: {type: flag, from: @level, table: {C1: yes, T12: no}}}\n",
     "values.v.from", "'level' is about each lesion, and is read here about patient"},
    {VOCABULARY, "values: {v: {type: flag, from: grade, table: @{1a: yes}}}\n", "values.v.table",
     "no row for 2"},
    {VOCABULARY, "values: {v: {type: flag, from: grade, table: {1a: yes, '2': no, @1b: no}}}\n",
     "values.v.table.1b", "there is no option '1b'; did you mean '1a'?"},
    {VOCABULARY,
     "values: {v: {type: flag, about: lesion, from: level, table: {C1: yes, T12: no, @D12: no}}}\n",
     "values.v.table.D12", "'D12' is another spelling of 'T12'; write 'T12'"},
    {VOCABULARY, "values: {v: {type: flag, from: grade, table: {1a: yes, '2': @maybe}}}\n",
     "values.v.table.2", "there is no option 'maybe'; expected one of: no, yes"},
    {VOCABULARY, "values: {v: {type: flag, from: grade, table: {1a: yes, '2': [no, @ask]}}}\n",
     "values.v.table.2[2]", "'ask' stands alone"},
    {VOCABULARY, "values: {v: {type: count, range: 0..3, from: grade, table: {1a: 1, '2': @4}}}\n",
     "values.v.table.2", "4 lies outside the range 0..3"},
    {VOCABULARY,
     "values: {v: {type: count, range: 0..3, from: grade, table: {1a: @one, '2': 2}}}\n",
     "values.v.table.1a", "expected a number, found 'one'"},
    {VOCABULARY, "values: {v: {type: set, options: [a], from: grade, @table: {1a: a, '2': a}}}\n",
     "values.v.table", "a set cannot be read from a table"},
    {VOCABULARY, "values: {v: {type: flag, cases: @[]}}\n", "values.v.cases", "at least one case"},
    {VOCABULARY, "values: {v: {type: flag, cases: [@{is: yes}]}}\n", "values.v.cases[1]",
     "the key 'when' is missing"},
    {VOCABULARY, "values: {v: {type: flag, cases: [@{when: pain}]}}\n", "values.v.cases[1]",
     "the key 'is' is missing"},
    {VOCABULARY, "values: {v: {type: flag, cases: [{@else: yes}, {when: pain, is: no}]}}\n",
     "values.v.cases[1].else", "'else' must be the last case"},
    {VOCABULARY, "values: {v: {type: flag, cases: [{when: pain, @else: yes}]}}\n",
     "values.v.cases[1].else", "'else' stands alone"},
    {VOCABULARY, "values: {v: {type: code, options: [1a, 1b], cases: [{when: pain, is: @1c}]}}\n",
     "values.v.cases[1].is", "there is no option '1c'; did you mean '1a'?"},
    {VOCABULARY, "values: {v: {type: flag, value: pain and @or}}\n", "values.v.value", "'or'"},
    {VOCABULARY, "values: {v: {type: flag, value: 'pain and @or'}}\n", "values.v.value", "'or'"},
    {VOCABULARY, "values: {v: {type: flag, value: @[pain]}}\n", "values.v.value",
     "expected an expression, found a list"},
    {VOCABULARY, "values: {v: {type: flag, value: pain, basis: @guessed}}\n", "values.v.basis",
     "expected stated, implied or proposed, found 'guessed'"},
    {VOCABULARY, "values: {v: {type: flag, basis: proposed, @supply: false}}\n", "values.v.supply",
     "a proposed value is only ever supplied"},
    {VOCABULARY, "values: {v: @{type: count, value: age}}\n", "values.v",
     "the key 'range' is missing; a count needs it"},
    {VOCABULARY, "values: {v: {type: flag, value: pain, @default: yes}}\n", "values.v.default",
     "unknown key 'default'"},
    /* head of a guideline */
    {WHOLE, "@guideline: g\nstatus: on\nverified: one_source\n", NULL,
     "the key 'title' is missing"},
    {WHOLE, "guideline: g\ntitle: T\nstatus: @yes\nverified: one_source\n", "status",
     "expected on, warning, off or restricted, found 'yes'"},
    {WHOLE, "@guideline: g\ntitle: T\nstatus: off\nverified: one_source\n", NULL,
     "the key 'status_reason' is missing; the status 'off' needs a reason"},
    {WHOLE, "guideline: g\ntitle: T\nstatus: on\nverified: @one_sorce\n", "verified",
     "there is no verified 'one_sorce'; did you mean 'one_source'?"},
    {GUIDELINE, "about: @leson\n", "about", "there is no kind of record 'leson'"},
    {GUIDELINE, "applies_when: 'pain = @'\n", "applies_when", "expected"},
    {GUIDELINE, "assumes: {pain: @{a: b}}\n", "assumes.pain", "expected the value to assume"},
    /* local values */
    {GUIDELINE, "values: {@age: pain}\n", "values.age",
     "'age' is declared already, at base.yaml:10:3"},
    {GUIDELINE, "values: {@c: pain}\nchoices: {c: {label: C, options: [a]}}\n", "values.c",
     "'c' is declared already, at case.yaml:7:11"},
    {GUIDELINE, "values: {v: {value: pain, @about: lesion}}\n", "values.v.about",
     "unknown key 'about'"},
    {GUIDELINE, "values: {v: {from: grade, table: {1a: @red, '2': green}}}\n", "values.v.table.1a",
     "a table of options needs 'type: code' and 'options'"},
    {GUIDELINE, "values: {v: {value: pain, @options: [a]}}\n", "values.v.options",
     "'options' needs a 'type' beside it"},
    {GUIDELINE, "values: {v: {value: pain, source: @s2}}\n", "values.v.source",
     "there is no source in this guideline called 's2'; did you mean 's1'?"},
    /* scores */
    {GUIDELINE,
     "scores: {s: {label: S, direction: @up, items: {i: {label: I, cases: [{else: 1}]}}}}\n",
     "scores.s.direction", "expected higher_is_worse or higher_is_better, found 'up'"},
    {GUIDELINE, "scores: {s: {label: S, direction: higher_is_worse, items: @{}}}\n",
     "scores.s.items", "expected at least one item"},
    {GUIDELINE, SCORE("@{label: I}"), "scores.s.items.i",
     "expected 'of' with 'points', or 'cases'"},
    {GUIDELINE, SCORE("@{label: I, of: pain}"), "scores.s.items.i", "the key 'points' is missing"},
    {GUIDELINE, SCORE("@{label: I, points: {yes: 1, no: 0}}"), "scores.s.items.i",
     "the key 'of' is missing"},
    {GUIDELINE, SCORE("{label: I, of: pain, points: {yes: 1, no: 0}, @cases: [{else: 0}]}"),
     "scores.s.items.i.cases", "either 'of' with 'points', or 'cases'"},
    {GUIDELINE, SCORE("{label: I, of: @pian, points: {yes: 1, no: 0}}"), "scores.s.items.i.of",
     "there is no fact or value 'pian'; did you mean 'pain'?"},
    {GUIDELINE, SCORE("{label: I, of: @level, points: {C1: 1, T12: 0}}"), "scores.s.items.i.of",
     "'level' is about each lesion"},
    {GUIDELINE, SCORE("{label: I, of: @marks, points: {one: 1, two: 0}}"), "scores.s.items.i.of",
     "'marks' is a set"},
    {GUIDELINE, SCORE("{label: I, of: pain, points: @{yes: 1}}"), "scores.s.items.i.points",
     "no points for no"},
    {GUIDELINE, SCORE("{label: I, of: grade, points: {1a: 1, '2': 2, @'3': 3}}"),
     "scores.s.items.i.points.3", "there is no option '3'"},
    {GUIDELINE, SCORE("{label: I, of: grade, points: {1a: 1, '2': @1;5}}"),
     "scores.s.items.i.points.2", "expected a number, found '1;5'"},
    {GUIDELINE, SCORE("{label: I, of: grade, points: {1a: @NaN, '2': 2}}"),
     "scores.s.items.i.points.1a", "expected a number, found 'NaN'"},
    {GUIDELINE, SCORE("{label: I, of: age, points: {0..59: 0, @59..120: 1}}"),
     "scores.s.items.i.points.59..120", "'59..120' overlaps with '0..59'"},
    {GUIDELINE, SCORE("{label: I, of: age, points: @{0..59: 0, 61..120: 1}}"),
     "scores.s.items.i.points", "no points for 60; 'age' goes from 0 to 120"},
    {GUIDELINE, SCORE("{label: I, of: age, points: @{0..59: 0, 60..119: 1}}"),
     "scores.s.items.i.points", "no points for 120"},
    {GUIDELINE, SCORE("{label: I, of: age, points: @{1..120: 1}}"), "scores.s.items.i.points",
     "no points for 0"},
    {GUIDELINE, SCORE("{label: I, of: weight, points: @{<50: 1, '>50': 0}}"),
     "scores.s.items.i.points", "no points for 50; 'weight' goes from 30 to 250"},
    {GUIDELINE, SCORE("{label: I, of: weight, points: @{<50: 1, 50..59: 0, 60..250: 2}}"),
     "scores.s.items.i.points", "no points for numbers just above 59"},
    {GUIDELINE, SCORE("{label: I, of: weight, points: {<=50: 1, @'>=50': 0}}"),
     "scores.s.items.i.points.>=50", "'>=50' overlaps with '<=50'"},
    {GUIDELINE, SCORE("{label: I, of: weight, points: {<50: 1, @x: 0}}"),
     "scores.s.items.i.points.x", "expected a range such as 0..6, found 'x'"},
    {GUIDELINE, SCORE("{label: I, cases: [@{when: pain, points: 1}]}"), "scores.s.items.i.cases[1]",
     "the last case must be {else: POINTS}"},
    {GUIDELINE, SCORE("{label: I, cases: @[]}"), "scores.s.items.i.cases", "nothing gives points"},
    {GUIDELINE, SCORE("{label: I, cases: [{else: 1}], verified: @twice}"),
     "scores.s.items.i.verified", "there is no verified 'twice'"},
    {GUIDELINE, BANDS("b: @{label: B}"), "scores.s.bands.b", "the key 'total' is missing"},
    {GUIDELINE, BANDS("b: {total: @6..0, label: B}"), "scores.s.bands.b.total",
     "the lower end is above the upper one"},
    {GUIDELINE, BANDS("b: {total: @0-6, label: B}"), "scores.s.bands.b.total",
     "a range is written LOW..HIGH"},
    {GUIDELINE, BANDS("b: {total: 0..6, label: B, @actoin: A}"), "scores.s.bands.b.actoin",
     "did you mean 'action'?"},
    {GUIDELINE, BANDS("b: {total: 0..6, label: B, risk: @[high]}"), "scores.s.bands.b.risk",
     "expected text, found a list"},
    {GUIDELINE, "equations: {e: @{label: E}}\n", "equations.e", "the key 'value' is missing"},
    {GUIDELINE, "scores: {e: {" SCORE_BODY "}}\nequations: {@e: {label: E, value: age}}\n",
     "equations.e", "'e' is declared already, at case.yaml:6:10"},
    /* choices and rows */
    {GUIDELINE, "choices: {c: @{label: C}}\n", "choices.c",
     "expected one of: options, unit, text: true; found none"},
    {GUIDELINE, "choices: {c: @{label: C, unit: h, options: [a]}}\n", "choices.c",
     "found more than one"},
    {GUIDELINE, "choices: {@pain: {label: C, options: [a]}}\n", "choices.pain",
     "'pain' is declared already, at base.yaml:11:3"},
    {GUIDELINE, "choices: {c: {label: C, options: [a], rows: @{}}}\n", "choices.c.rows",
     "expected a list of rows, found a map"},
    {GUIDELINE, CHOICE ROW("choose: @d") "]}\n", "choices.c.rows[1].choose",
     "there is no option 'd'; expected one of: a, b"},
    {GUIDELINE, CHOICE ROW("choose: @ask") "]}\n", "choices.c.rows[1].choose", "a row must choose"},
    {GUIDELINE, CHOICE "@" ROW("note: N") "]}\n", "choices.c.rows[1]",
     "the key 'choose' is missing"},
    {GUIDELINE, CHOICE ROW("choose: a") ", @" ROW("choose: b") "]}\n", "choices.c.rows[2]",
     "'r1' is declared already, at case.yaml:7:41"},
    {GUIDELINE, CHOICE ROW("choose: a, with: {@c: b}") "]}\n", "choices.c.rows[1].with.c",
     "the row chooses 'c' already"},
    {GUIDELINE, CHOICE ROW("choose: a, with: {hours: @soon}") "]}\n  hours: {label: D, unit: h}\n",
     "choices.c.rows[1].with.hours", "expected a number for 'hours', found 'soon'"},
    {GUIDELINE, CHOICE ROW("choose: a, with: {huors: @4}") "]}\n  hours: {label: D, unit: h}\n",
     "choices.c.rows[1].with.huors",
     "there is no choice of this guideline called 'huors'; did you mean 'hours'?"},
    {GUIDELINE, CHOICE ROW("choose: a, @clock: age") "]}\n", "choices.c.rows[1].clock",
     "a clock needs the limit that it runs against: 'within'"},
    {GUIDELINE, "choices: {c: {label: L, options: [a], @clock: age}}\n", "choices.c.clock",
     "only a choice of hours, unit: h, runs against a clock"},
    {GUIDELINE, CHOICE ROW("choose: a, within: @24") "]}\n", "choices.c.rows[1].within",
     "expected a time with its unit, such as 24 h, found '24'"},
    {GUIDELINE, CHOICE ROW("choose: a, within: @24 hr") "]}\n", "choices.c.rows[1].within",
     "'hr' is no unit of the family 'time'"},
    {GUIDELINE, CHOICE ROW("choose: a, within: @soon") "]}\n", "choices.c.rows[1].within",
     "expected a time such as 24 h, found 'soon'"},
    {GUIDELINE, CHOICE ROW("choose: a, do: [call, @Call Team]") "]}\n", "choices.c.rows[1].do[2]",
     "expected a name of small letters, digits and underscores, found 'Call Team'"},
    {GUIDELINE, CHOICE ROW("choose: a, do: [call, @call]") "]}\n", "choices.c.rows[1].do[2]",
     "'call' stands here twice"},
    {GUIDELINE,
     CHOICE "@{id: r1, when: pain, choose: a, urgency: urgent, strength: strong, certainty: low, "
            "verified: one_source, source: s1}]}\n",
     "choices.c.rows[1]", "the key 'because' is missing"},
    {GUIDELINE,
     CHOICE "{id: r1, when: pain, choose: a, urgency: @urgnet, strength: strong, certainty: low, "
            "verified: one_source, source: s1, because: B}]}\n",
     "choices.c.rows[1].urgency", "there is no urgency 'urgnet'; did you mean 'urgent'?"},
    {GUIDELINE,
     CHOICE "{id: r1, when: pain, choose: a, urgency: urgent, strength: @firm, certainty: low, "
            "verified: one_source, source: s1, because: B}]}\n",
     "choices.c.rows[1].strength", "there is no strength 'firm'"},
    {GUIDELINE,
     CHOICE "{id: r1, when: pain, choose: a, urgency: urgent, strength: strong, certainty: low, "
            "verified: one_source, source: [s1, @s9], because: B}]}\n",
     "choices.c.rows[1].source[2]",
     "there is no source in this guideline called 's9'; did you mean 's1'?"},
    {GUIDELINE,
     CHOICE "{id: r1, when: pain, choose: a, urgency: urgent, strength: strong, certainty: low, "
            "verified: one_source, source: @[], because: B}]}\n",
     "choices.c.rows[1].source", "expected at least one source"},
    {GUIDELINE, "advice: [" ROW("do: [a], @choose: a") "]\n", "advice[1].choose",
     "advice chooses nothing"},
    {GUIDELINE, "advice: [@" ROW("note: N") "]\n", "advice[1]", "it advises nothing"},
    {GUIDELINE, "advice: [" ROW("do: [a], @doo: [b]") "]\n", "advice[1].doo", "did you mean 'do'?"},
    /* notes, examples, sources */
    {GUIDELINE, "notes: [{id: n, say: S, verified: one_source, @alternative: '3'}]\n",
     "notes[1].alternative", "'alternative' needs a 'when' beside it"},
    {GUIDELINE,
     "notes: [{id: n, say: S, verified: one_source}, @{id: n, say: S, verified: one_source}]\n",
     "notes[2]", "'n' is declared already, at case.yaml:6:9"},
    {GUIDELINE, "notes: [{id: n, say: S, verified: one_source, source: @x9}]\n", "notes[1].source",
     "there is no source in this guideline called 'x9'"},
    {GUIDELINE, "notes: [@{id: n, verified: one_source}]\n", "notes[1]",
     "the key 'say' is missing"},
    {GUIDELINE, "examples: [{id: e, given: {}, expect: @[]}]\n", "examples[1].expect",
     "expected a map, found a list"},
    {GUIDELINE, "examples: [@{id: e, given: {}}]\n", "examples[1]", "the key 'expect' is missing"},
    {WHOLE, "guideline: g\ntitle: T\nstatus: on\nverified: one_source\nsources: {s: @{doi: x}}\n",
     "sources.s", "the key 'cite' is missing"},
    {WHOLE,
     "guideline: g\ntitle: T\nstatus: on\nverified: one_source\nsources: {@s s: {cite: C}}\n",
     "sources.'s s'", "'s s' is no key"},
};

/* Takes out the @ and says where it stood. */
static void take_mark(char *text, int *line, int *column)
{
    char *mark = strchr(text, '@');
    assert_non_null(mark);
    *line = *column = 1;
    for (const char *at = text; at < mark; at++) {
        *column = *at == '\n' ? 1 : *column + 1;
        *line += *at == '\n';
    }
    memmove(mark, mark + 1, strlen(mark));
    assert_null(strchr(text, '@'));
}

static void expect_error(const set *s, const char *text, int i, int line, int column,
                         const char *path, const char *message)
{
    const char *said = bonemets_error_str(s->err, i, BONEMETS_F_MESSAGE);
    const char *at = bonemets_error_str(s->err, i, BONEMETS_F_PATH);
    bool good = said != NULL && strstr(said, message) != NULL &&
                bonemets_error_int(s->err, i, BONEMETS_F_LINE) == line &&
                bonemets_error_int(s->err, i, BONEMETS_F_COLUMN) == column &&
                strcmp(at != NULL ? at : "", path != NULL ? path : "") == 0 &&
                bonemets_error_int(s->err, i, BONEMETS_F_STATUS) == BONEMETS_E_RULE &&
                strcmp(bonemets_error_str(s->err, i, BONEMETS_F_FILE), "case.yaml") == 0;
    if (!good) {
        show_errors(s);
        fail_msg("expected %d:%d %s: %s, in\n%s", line, column, path, message, text);
    }
}

static void check_refusal(const refusal *one)
{
    static const char *const heads[] = {
        "", "vocabulary: v\n",
        "guideline: g\ntitle: T\nstatus: on\nverified: one_source\nsources: {s1: {cite: C}}\n"};
    char text[4096];
    int line, column;
    set s;
    assert_true(strlen(one->text) + 200 < sizeof text);
    strcpy(text, heads[one->kind]);
    strcat(text, one->text);
    take_mark(text, &line, &column);
    start_set(&s);
    parse(&s, "base.yaml", base);
    parse(&s, "case.yaml", text);
    bonemets_status status = read_set(&s);
    expect_error(&s, text, 0, line, column, one->path, one->message);
    if (bonemets_error_count(s.err) != 1) {
        show_errors(&s);
        fail_msg("more than one error in\n%s", text);
    }
    assert_int_equal(status, BONEMETS_E_RULE);
    end_set(&s);
}

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        check_refusal(&refusals[i]);
    }
}

/* The base alone has nothing wrong, or the test above would prove little. */
static void test_base_is_good(void **state)
{
    set s;
    (void)state;
    start_set(&s);
    parse(&s, "base.yaml", base);
    assert_int_equal(read_set(&s), BONEMETS_OK);
    assert_int_equal(bonemets_error_count(s.err), 0);
    end_set(&s);
}

static void test_all_errors_are_reported(void **state)
{
    static const char text[] = "vocabulary: v\n"
                               "facts:\n"
                               "  a: {type: flag, lable: L, options: [x]}\n"
                               "  b: {type: count, range: 9..1, descriptive: 1}\n"
                               "  c: 3\n"
                               "values:\n"
                               "  d: {type: flag, value: a and}\n";
    static const int lines[] = {3, 3, 4, 4, 5, 7};
    set s;
    (void)state;
    start_set(&s);
    parse(&s, "case.yaml", text);
    assert_int_equal(read_set(&s), BONEMETS_E_RULE);
    assert_int_equal(bonemets_error_count(s.err), 6);
    for (int i = 0; i < 6; i++) {
        assert_int_equal(bonemets_error_int(s.err, i, BONEMETS_F_LINE), lines[i]);
    }
    end_set(&s);
}

/* Errors of several files, in one run, where the caller goes on to the end. */
static void test_half_read_files_are_completed(void **state)
{
    set s;
    (void)state;
    start_set(&s);
    parse(&s, "base.yaml", base);
    parse(&s, "one.yaml",
          "guideline: g\nscores: {s: 3, t: {items: [], bands: {b: 4}}, u: {items: {i: 3}}}\n"
          "choices: [a]\nadvice: {}\nnotes: [3]\nvalues: {a: [], b: {from: x}}\nsources: []\n"
          "equations: {e: 1}\nexamples: [1]\nassumes: []\nwording: 1\n");
    parse(&s, "two.yaml",
          "vocabulary: v\nfacts: {x: {type: code}, y: {type: set}, z: 1, w: {type: quantity,\n"
          "  unit: mo, accepts: [[], d]}}\nvalues: {p: {type: code, from: x, table: {a: b}}, q: {\n"
          "  type: code, cases: [{else: a}], from: 3}, r: {type: count, from: y, table: {a: 1}}}\n"
          "picks: {k: {about: [], highest: []}, l: 3}\nexclusive: [3, [x, y]]\nscales: {s: 3}\n"
          "units: {u: 3, v: {}}\nkinds: {m: 3}\n");
    assert_int_equal(read_files(&s), BONEMETS_E_RULE);
    assert_int_equal(bm_definitions_complete(&s.definitions, s.err), BONEMETS_E_RULE);
    end_set(&s);
}

static void test_more_than_fits(void **state)
{
    char text[LONGEST], name[16];
    set s;
    (void)state;
    strcpy(text, "vocabulary: v\nfacts: {full: {type: code, options: [");
    for (int i = 0; i < 64; i++) {
        snprintf(name, sizeof name, "o%d, ", i);
        strcat(text, name);
    }
    strcat(text, "]}, over: {type: set, options: [");
    for (int i = 0; i < 65; i++) {
        snprintf(name, sizeof name, "o%d, ", i);
        strcat(text, name);
    }
    strcat(text, "]}}\nkinds: {");
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "k%d: ", i);
        strcat(text, name);
        snprintf(name, sizeof name, "l%d}, ", i);
        strcat(strcat(text, "{label: L, list: "), name);
    }
    strcat(text, "}\n");
    start_set(&s);
    parse(&s, "case.yaml", text);
    assert_int_equal(read_set(&s), BONEMETS_E_RULE);
    assert_int_equal(bonemets_error_count(s.err), 2);
    assert_string_equal(bonemets_error_str(s.err, 0, BONEMETS_F_PATH), "kinds.k7");
    assert_non_null(strstr(bonemets_error_str(s.err, 0, BONEMETS_F_MESSAGE), "at most 7 kinds"));
    assert_string_equal(bonemets_error_str(s.err, 1, BONEMETS_F_PATH), "facts.over.options");
    assert_non_null(
        strstr(bonemets_error_str(s.err, 1, BONEMETS_F_MESSAGE), "65 options; at most 64"));
    end_set(&s);
}

/* Rows of a choice of numbers, each with an outcome of its own. */
static void outcomes(set *s, int count)
{
    char text[LONGEST], row[300];
    strcpy(text, "guideline: g\ntitle: T\nstatus: on\nverified: one_source\n"
                 "sources: {s1: {cite: C}}\nchoices:\n  c:\n    label: C\n    unit: h\n"
                 "    rows:\n");
    for (int i = 0; i < count; i++) {
        snprintf(row, sizeof row, "    - {id: r%d, when: pain, choose: %d, " EVIDENCE "}\n", i, i);
        strcat(text, row);
    }
    start_set(s);
    parse(s, "base.yaml", base);
    parse(s, "case.yaml", text);
}

static void test_number_of_outcomes(void **state)
{
    set s;
    (void)state;
    outcomes(&s, 62);
    assert_int_equal(read_set(&s), BONEMETS_OK);
    assert_int_equal(s.definitions.guidelines[0].choices[0].codes.count, 62);
    end_set(&s);
    outcomes(&s, 63);
    assert_int_equal(read_set(&s), BONEMETS_E_RULE);
    assert_int_equal(bonemets_error_count(s.err), 1);
    assert_non_null(strstr(bonemets_error_str(s.err, 0, BONEMETS_F_MESSAGE),
                           "'62' would be outcome 63 of 'c'; at most 62 are possible"));
    end_set(&s);
}

static void test_ids_over_files(void **state)
{
    static const char first[] = "guideline: g\ntitle: T\nstatus: on\nverified: one_source\n"
                                "equations: {e: {label: E, value: age}}\n";
    static const char second[] = "guideline: h\ntitle: T\nstatus: on\nverified: one_source\n"
                                 "scores:\n  e: {" SCORE_BODY "}\n";
    set s;
    (void)state;
    start_set(&s);
    parse(&s, "base.yaml", base);
    parse(&s, "first.yaml", first);
    parse(&s, "case.yaml", second);
    assert_int_equal(read_set(&s), BONEMETS_E_RULE);
    expect_error(&s, second, 0, 6, 3, "scores.e", "'e' is declared already, at first.yaml:5:13");
    end_set(&s);
    start_set(&s);
    parse(&s, "base.yaml", base);
    parse(&s, "first.yaml", first);
    parse(&s, "case.yaml", "title: T\nguideline: g\nstatus: on\nverified: one_source\n");
    assert_int_equal(read_set(&s), BONEMETS_E_RULE);
    expect_error(&s, second, 0, 2, 1, "guideline", "'g' is declared already, at first.yaml:1:1");
    end_set(&s);
}

static void test_empty_and_missing(void **state)
{
    set s;
    (void)state;
    start_set(&s);
    parse(&s, "case.yaml", "guideline: g\ntitle: T\nstatus: on\nverified: one_source\n");
    assert_int_equal(read_set(&s), BONEMETS_E_RULE);
    expect_error(&s, "", 0, 1, 1, NULL, "no vocabulary declares the scale 'verified'");
    assert_int_equal(bonemets_error_count(s.err), 1);
    end_set(&s);
}

/* A range of a count is one of whole numbers; where it goes in steps, the next one is a step on. */
static void test_ranges_of_counts(void **state)
{
    set s;
    (void)state;
    start_set(&s);
    parse(&s, "base.yaml", base);
    parse(&s, "case.yaml", "vocabulary: v\nfacts: {kps: {type: count, step: 10, range: 0..100}}\n");
    parse(&s, "g.yaml",
          "guideline: g\ntitle: T\nstatus: on\nverified: one_source\nscores:\n  s:\n"
          "    label: S\n    direction: higher_is_worse\n    items:\n"
          "      k: {label: K, of: kps, points: {<50: 2, 50..70: 1, 80..100: 0}}\n"
          "      a: {label: A, of: age, points: {<18: 2, 18..64: 1, '>64': 0}}\n");
    bonemets_status status = read_set(&s);
    show_errors(&s);
    assert_int_equal(status, BONEMETS_OK);
    const bm_item *item = &s.definitions.guidelines[0].scores[0].items[1];
    same_number(item->points[0].range.high, 17);
    same_number(item->points[2].range.low, 65);
    end_set(&s);
}

/* ---- memory ---- */

typedef struct {
    bool none; /* from now on there is no memory */
    size_t blocks;
} supply;

static void *limited(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    supply *left = ctx;
    (void)old_size;
    if (new_size == 0) {
        left->blocks -= ptr != NULL;
        free(ptr);
        return NULL;
    }
    if (left->none) {
        return NULL;
    }
    left->blocks += ptr == NULL;
    return realloc(ptr, new_size);
}

enum { STEP = 16, LARGE = 1 << 18 };

/* An arena whose newest chunk is as large as chunks become. */
static void start_last_chunk(bm_arena *arena, supply *memory)
{
    bm_memory source;
    *memory = (supply){false, 0};
    bm_memory_init(&source, limited, memory);
    bm_arena_init(arena, &source);
    assert_non_null(bm_arena_take(arena, LARGE));
    assert_non_null(bm_arena_take(arena, 1));
}

static size_t room_of_last_chunk(void)
{
    supply memory;
    bm_arena arena;
    size_t room = 0;
    start_last_chunk(&arena, &memory);
    memory.none = true;
    while (bm_arena_take(&arena, STEP) != NULL) {
        room += STEP;
    }
    bm_arena_free(&arena);
    assert_int_equal(memory.blocks, 0);
    return room;
}

/* Reads the files with so many bytes of the last chunk and no other chunk after it. */
static bonemets_status read_with(set *s, size_t bytes, size_t room)
{
    supply memory;
    bm_arena arena;
    start_last_chunk(&arena, &memory);
    if (bytes < room) {
        assert_non_null(bm_arena_take(&arena, room - bytes));
    }
    memory.none = true;
    bonemets_error_clear(s->err);
    memset(&s->definitions, 0, sizeof s->definitions);
    s->definitions.arena = &arena;
    bonemets_status status = read_set(s);
    bm_arena_free(&arena);
    assert_int_equal(memory.blocks, 0);
    return status;
}

static void check_no_memory(const set *s, size_t bytes)
{
    for (int i = 0; i < bonemets_error_count(s->err); i++) {
        if (bonemets_error_int(s->err, i, BONEMETS_F_STATUS) != BONEMETS_E_MEMORY) {
            show_errors(s);
            fail_msg("with %zu bytes", bytes);
        }
    }
    assert_true(bonemets_error_count(s->err) > 0);
}

/* Memory that ends within every single request, from the first to the last. */
static void test_memory_ends_anywhere(void **state)
{
    set s;
    size_t bytes = 0, room = room_of_last_chunk();
    bonemets_status status = BONEMETS_E_MEMORY;
    (void)state;
    start_set(&s);
    parse(&s, "small.yaml", vocabulary);
    parse(&s, "guideline.yaml", guideline);
    for (; bytes <= room && status == BONEMETS_E_MEMORY; bytes += STEP) {
        status = read_with(&s, bytes, room);
        if (status == BONEMETS_E_MEMORY) {
            check_no_memory(&s, bytes);
        }
    }
    assert_int_equal(status, BONEMETS_OK);
    assert_int_equal(bonemets_error_count(s.err), 0);
    assert_true(bytes > 1000 * STEP);
    end_set(&s);
}

/* The same with mistakes to report: whatever is found, lack of memory is what it is called. */
static void test_memory_ends_among_mistakes(void **state)
{
    set s;
    size_t bytes = 0, room = room_of_last_chunk();
    bonemets_status status = BONEMETS_E_MEMORY;
    (void)state;
    start_set(&s);
    parse(&s, "small.yaml", vocabulary);
    parse(&s, "wrong.yaml",
          "guideline: g\ntitle: T\nstatus: on\nverified: seldom\nvalues: {v: {cases: [{is: a}]}}\n"
          "scores: {s: {label: S, items: {i: {label: I, of: nothing, points: {a: b}}}}}\n"
          "choices: {c: {label: C, text: true, rows: [{id: r, choose: x, with: {d: e}}]}}\n");
    for (; bytes <= room && status == BONEMETS_E_MEMORY; bytes += STEP) {
        status = read_with(&s, bytes, room);
    }
    assert_int_equal(status, BONEMETS_E_RULE);
    end_set(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds_scales_and_units),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_other_origins),
        cmocka_unit_test(test_head_of_guideline),
        cmocka_unit_test(test_local_values),
        cmocka_unit_test(test_score),
        cmocka_unit_test(test_equations_and_notes),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_base_is_good),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_all_errors_are_reported),
        cmocka_unit_test(test_half_read_files_are_completed),
        cmocka_unit_test(test_more_than_fits),
        cmocka_unit_test(test_number_of_outcomes),
        cmocka_unit_test(test_ids_over_files),
        cmocka_unit_test(test_empty_and_missing),
        cmocka_unit_test(test_ranges_of_counts),
        cmocka_unit_test(test_memory_ends_anywhere),
        cmocka_unit_test(test_memory_ends_among_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
