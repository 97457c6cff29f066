/* SPDX-License-Identifier: Apache-2.0 */
/* Random records, what the library is told of them, and what it must reckon with. */
#include "pathways.h"

#include <stdlib.h>
#include <string.h>

static pw_value value_of(const pw_input *in, int option)
{
    if (in->type == PW_COUNTED)
        return (pw_value){.kind = PW_NUMBER, .number = in->numbers[option]};
    if (in->type == PW_FLAG)
        return (pw_value){.kind = PW_TRUTH, .word = option};
    return (pw_value){.kind = PW_WORD, .word = in->words[option]};
}

static int option_of(const pw_input *in, const pw_value *value)
{
    for (int i = 0; i < in->n_options; i++)
        if (in->type == PW_FLAG ? value->word == i : value->word == in->words[i])
            return i;
    return 0;
}

static uint64_t random_members(uint64_t *random, int n)
{
    static const int shares[] = {0, 10, 25, 50};
    int percent = shares[oracle_below(random, 4)];
    uint64_t members = 0;

    for (int i = 0; i < n; i++)
        if (oracle_chance(random, percent))
            members |= UINT64_C(1) << i;
    return members;
}

static pw_value random_value(const pw_input *in, uint64_t *random)
{
    if (in->type == PW_MEMBERS)
        return (pw_value){.kind = PW_SET, .members = random_members(random, in->n_options)};
    return value_of(in, in->draws[oracle_below(random, in->n_draws)]);
}

/* What applies depends on what was drawn before. */
static void keep_applicable(const pw_table *t, pw_record *record)
{
    for (int i = 0; i < t->n_inputs; i++)
        if (t->inputs[i].condition >= 0 && pw_holds(t, t->inputs[i].condition, record) == PW_NO)
            record->inputs[i] = (pw_value){.kind = PW_INAPPLICABLE};
}

pw_record pw_random_record(const pw_table *table, uint64_t *random)
{
    pw_record record;

    memset(&record, 0, sizeof record);
    for (int i = 0; i < table->n_inputs; i++)
        record.inputs[i] = random_value(&table->inputs[i], random);
    keep_applicable(table, &record);
    return record;
}

void pw_leave_out(const pw_table *table, uint64_t *random, pw_record *record)
{
    for (int i = 0; i < table->n_inputs; i++)
        if (table->inputs[i].absent > 0 && record->inputs[i].kind != PW_INAPPLICABLE &&
            oracle_chance(random, table->inputs[i].absent))
            record->inputs[i] = (pw_value){.kind = PW_UNKNOWN};
}

pw_view pw_complete_view(const pw_table *table, const pw_record *record)
{
    pw_view v;

    memset(&v, 0, sizeof v);
    for (int i = 0; i < table->n_inputs; i++) {
        const pw_input *in = &table->inputs[i];
        const pw_value *value = &record->inputs[i];

        v.absent[i] = value->kind == PW_UNKNOWN || value->kind == PW_INAPPLICABLE;
        if (in->type == PW_MEMBERS)
            v.mask[i] = value->members;
        else if (in->type == PW_COUNTED)
            v.low[i] = v.high[i] = value->number;
        else
            v.mask[i] = UINT64_C(1) << option_of(in, value);
    }
    return v;
}

static void blur(const pw_input *in, uint64_t *random, pw_view *v, int i)
{
    int option = in->draws[oracle_below(random, in->n_draws)];

    if (in->type == PW_MEMBERS) {
        v->unknown[i] = random_members(random, in->n_options);
        v->mask[i] &= ~v->unknown[i];
    } else if (in->type == PW_COUNTED) {
        v->low[i] = in->numbers[option] < v->low[i] ? in->numbers[option] : v->low[i];
        v->high[i] = in->numbers[option] > v->high[i] ? in->numbers[option] : v->high[i];
    } else if (in->n_options > 2) {
        v->mask[i] |= UINT64_C(1) << option;
    }
}

pw_view pw_random_view(const pw_table *table, uint64_t *random, const pw_record *record)
{
    static const int shares[] = {3, 8, 20, 50};
    int percent = shares[oracle_below(random, 4)];
    pw_view v = pw_complete_view(table, record);

    for (int i = 0; i < table->n_inputs; i++) {
        if (v.absent[i] || table->inputs[i].always || !oracle_chance(random, percent))
            continue;
        if (table->inputs[i].bound >= 0 || oracle_chance(random, 65))
            v.absent[i] = true;
        else
            blur(&table->inputs[i], random, &v, i);
    }
    return v;
}

static int assumed_option(const pw_input *in)
{
    for (int i = 0; i < in->n_options; i++)
        if (in->words[i] == in->assumed)
            return i;
    return 0;
}

/* A value that the view allows. */
static pw_value complete(const pw_input *in, uint64_t *random, const pw_view *v, int i)
{
    int option = in->draws[oracle_below(random, in->n_draws)];

    if (v->absent[i] && in->assumed >= 0 && oracle_chance(random, 75))
        return value_of(in, assumed_option(in));
    if (v->absent[i])
        return random_value(in, random);
    if (in->type == PW_MEMBERS)
        return (pw_value){.kind = PW_SET,
                          .members =
                              v->mask[i] | (v->unknown[i] & random_members(random, in->n_options))};
    if (in->type == PW_COUNTED) {
        double number = in->numbers[option];
        double end = oracle_chance(random, 50) ? v->low[i] : v->high[i];

        if (number < v->low[i] || number > v->high[i])
            number = end;
        return (pw_value){.kind = PW_NUMBER, .number = number};
    }
    for (int tries = 0; !(v->mask[i] >> option & 1) && tries < 400; tries++)
        option = oracle_below(random, in->n_options);
    return value_of(in, option);
}

static bool keeps_bounds(const pw_table *t, const pw_view *v, const pw_record *record)
{
    for (int i = 0; i < t->n_inputs; i++)
        if (v->absent[i] && t->inputs[i].bound >= 0 &&
            pw_holds(t, t->inputs[i].bound, record) != PW_YES)
            return false;
    return true;
}

bool pw_completion(const pw_table *table, uint64_t *random, const pw_view *view,
                   const pw_record *truth, pw_record *record)
{
    for (int tries = 0; tries < 20; tries++) {
        *record = *truth;
        for (int i = 0; i < table->n_inputs; i++)
            if (truth->inputs[i].kind != PW_INAPPLICABLE || table->inputs[i].condition >= 0)
                record->inputs[i] = complete(&table->inputs[i], random, view, i);
        keep_applicable(table, record);
        if (keeps_bounds(table, view, record))
            return true;
    }
    return false;
}

void pw_fill(oracle_case *c, const pw_table *table, const pw_view *view)
{
    oracle_case_clear(c, "lesion", "lesions", table->has_lesion ? 1 : 0);
    for (int i = 0; i < table->n_inputs; i++) {
        const pw_input *in = &table->inputs[i];
        int32_t record = in->of_record ? 1 : 0;

        if (view->absent[i])
            continue;
        if (in->type == PW_MEMBERS)
            oracle_add_members(c, record, in->name, in->options, view->mask[i], view->unknown[i]);
        else if (in->type == PW_COUNTED)
            oracle_add_number(c, record, in->name, view->low[i], view->high[i], in->unit);
        else
            oracle_add_mask(c, record, in->name, in->options, view->mask[i]);
    }
}
