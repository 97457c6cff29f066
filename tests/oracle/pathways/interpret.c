/* SPDX-License-Identifier: Apache-2.0 */
/* Rows from the top to the bottom, in logic of three values. */
#include "pathways.h"

#include <math.h>
#include <string.h>

typedef struct {
    const pw_table *table;
    const pw_record *record;
    const pw_outcome *outcome;
    pw_value lets[PW_LETS];
} frame;

static pw_value evaluate(const frame *f, int node);

static pw_value truth_value(pw_truth truth)
{
    if (truth == PW_MAYBE)
        return (pw_value){.kind = PW_UNKNOWN};
    return (pw_value){.kind = PW_TRUTH, .word = truth == PW_YES};
}

static pw_truth truth_of(const pw_value *value)
{
    if (value->kind == PW_UNKNOWN)
        return PW_MAYBE;
    return value->kind == PW_TRUTH && value->word ? PW_YES : PW_NO;
}

static pw_truth truth_at(const frame *f, int node)
{
    pw_value value = evaluate(f, node);

    return truth_of(&value);
}

static pw_truth both(pw_truth left, pw_truth right)
{
    if (left == PW_NO || right == PW_NO)
        return PW_NO;
    return left == PW_YES && right == PW_YES ? PW_YES : PW_MAYBE;
}

static pw_truth opposite(pw_truth truth)
{
    return truth == PW_MAYBE ? PW_MAYBE : truth == PW_YES ? PW_NO : PW_YES;
}

static pw_truth when(bool holds)
{
    return holds ? PW_YES : PW_NO;
}

static pw_truth compare_numbers(const char *sign, double left, double right)
{
    bool equal = fabs(left - right) <= 1e-9;

    if (sign[0] == '=')
        return when(equal);
    if (sign[0] == '!')
        return when(!equal);
    if (sign[0] == '<')
        return when(sign[1] ? equal || left < right : !equal && left < right);
    return when(sign[1] ? equal || left > right : !equal && left > right);
}

static bool of_kind(pw_kind kind, const pw_value *left, const pw_value *right)
{
    return left->kind == kind || right->kind == kind;
}

static pw_truth compare(const pw_node *n, const pw_value *left, const pw_value *right)
{
    if (of_kind(PW_INAPPLICABLE, left, right))
        return PW_NO;
    if (of_kind(PW_UNKNOWN, left, right))
        return PW_MAYBE;
    if (left->kind == PW_NUMBER && right->kind == PW_NUMBER)
        return compare_numbers(n->sign, left->number, right->number);
    return when((left->kind == right->kind && left->word == right->word) == (n->sign[0] == '='));
}

static pw_truth is_in(const frame *f, const pw_node *n)
{
    pw_value value = evaluate(f, n->left);

    if (value.kind == PW_UNKNOWN)
        return PW_MAYBE;
    for (int i = 0; i < n->n_items; i++)
        if (value.kind == PW_WORD && value.word == n->items[i])
            return PW_YES;
    return PW_NO;
}

static pw_value calculate(const frame *f, const pw_node *n)
{
    pw_value left = evaluate(f, n->left), right = evaluate(f, n->right);

    if (of_kind(PW_INAPPLICABLE, &left, &right))
        return (pw_value){.kind = PW_INAPPLICABLE};
    if (of_kind(PW_UNKNOWN, &left, &right))
        return (pw_value){.kind = PW_UNKNOWN};
    switch (n->sign[0]) {
    case '+':
        left.number += right.number;
        break;
    case '-':
        left.number -= right.number;
        break;
    case '*':
        left.number *= right.number;
        break;
    default:
        left.number /= right.number;
    }
    return left;
}

/* An output that is not set equals nothing; one that is in doubt is not known. */
static pw_value output(const frame *f, int key)
{
    if (f->outcome->doubt[key])
        return (pw_value){.kind = PW_UNKNOWN};
    if (f->outcome->word[key] < 0)
        return (pw_value){.kind = PW_INAPPLICABLE};
    return (pw_value){.kind = PW_WORD, .word = f->outcome->word[key]};
}

static pw_value of_set(const frame *f, const pw_node *n)
{
    pw_value set = f->record->inputs[n->left];

    if (set.kind != PW_SET)
        return set.kind == PW_UNKNOWN ? set : truth_value(PW_NO);
    if (n->operation == PW_IS_HAS)
        return truth_value(when((set.members & n->value.members) != 0));
    set.kind = PW_NUMBER;
    set.number = 0;
    for (uint64_t rest = set.members; rest; rest &= rest - 1)
        set.number += 1;
    return set;
}

static pw_truth logic(const frame *f, const pw_node *n)
{
    pw_value left, right;

    switch (n->operation) {
    case PW_IS_NOT:
        return opposite(truth_at(f, n->left));
    case PW_IS_AND:
        return both(truth_at(f, n->left), truth_at(f, n->right));
    case PW_IS_OR:
        return opposite(both(opposite(truth_at(f, n->left)), opposite(truth_at(f, n->right))));
    case PW_IS_COMPARED:
        left = evaluate(f, n->left);
        right = evaluate(f, n->right);
        return compare(n, &left, &right);
    case PW_IS_IN:
        return is_in(f, n);
    default:
        return when(f->record->inputs[n->left].kind == PW_UNKNOWN);
    }
}

static pw_value evaluate(const frame *f, int node)
{
    const pw_node *n = &f->table->nodes[node];

    switch (n->operation) {
    case PW_IS_VALUE:
        return n->value;
    case PW_IS_INPUT:
        return f->record->inputs[n->left];
    case PW_IS_LET:
        return f->lets[n->left];
    case PW_IS_OUT:
        return output(f, n->left);
    case PW_IS_HAS:
    case PW_IS_COUNT:
        return of_set(f, n);
    case PW_IS_SUM:
        return calculate(f, n);
    default:
        return truth_value(logic(f, n));
    }
}

/* Sets what is unset; `surely`: the row speaks whatever is missing. */
static void set_key(pw_outcome *out, int key, int word, int r, bool surely)
{
    if (out->word[key] >= 0)
        return;
    out->word[key] = word;
    out->row[key] = r;
    if (surely && out->doubt[key] == word + 1)
        out->doubt[key] = 0; /* whoever sets it, the outcome is the same */
}

static void speak(pw_outcome *out, const pw_row *row, int r, bool surely)
{
    out->state[r] = PW_SPEAKS;
    for (int i = 0; i < row->n_sets; i++)
        set_key(out, row->sets[i].key, row->sets[i].word, r, surely);
    if (row->urgency < out->urgency)
        out->urgency = row->urgency;
    if (row->within >= 0 && (out->within < 0 || row->within < out->within))
        out->within = row->within;
}

/* What the row would set is not decided, unless it was before. */
static void doubt(pw_outcome *out, const pw_row *row)
{
    out->open = true;
    for (int i = 0; i < row->n_sets; i++) {
        int key = row->sets[i].key, word = row->sets[i].word + 1;

        if (out->word[key] < 0 || out->doubt[key])
            out->doubt[key] = out->doubt[key] && out->doubt[key] != word ? PW_SEVERAL : word;
    }
}

/* Rows that are not decided do not speak; what they could set or supersede is in doubt. */
static void take_row(pw_outcome *out, const pw_row *row, int r, pw_truth holds)
{
    int lead = row->n_sets ? row->sets[0].key : -1, word = lead >= 0 ? row->sets[0].word : -1;
    bool taken = lead >= 0 && out->word[lead] >= 0 && out->word[lead] != word;
    bool doubtful = lead >= 0 && out->doubt[lead] && (taken || out->doubt[lead] != word + 1);

    if (holds == PW_NO)
        return;
    if (doubtful || (holds == PW_MAYBE && !taken))
        doubt(out, row);
    if (holds == PW_MAYBE) {
        out->state[r] = PW_WAITS;
        out->open = true;
    } else if (taken) {
        out->state[r] = PW_SUPERSEDED;
    } else {
        speak(out, row, r, !doubtful);
    }
}

static void derive(frame *f)
{
    for (int i = 0; i < f->table->n_lets; i++)
        f->lets[i] = evaluate(f, f->table->lets[i].node);
}

pw_outcome pw_interpret(const pw_table *table, const pw_record *record)
{
    pw_outcome out = {.urgency = PW_NO_URGENCY, .within = -1};
    frame f = {.table = table, .record = record, .outcome = &out};

    for (int key = 0; key < PW_KEYS; key++)
        out.word[key] = out.row[key] = -1;
    derive(&f);
    for (int r = 0; r < table->n_rows; r++)
        take_row(&out, &table->rows[r], r, truth_at(&f, table->rows[r].condition));
    return out;
}

pw_truth pw_holds(const pw_table *table, int node, const pw_record *record)
{
    pw_outcome out = {.urgency = PW_NO_URGENCY};
    frame f = {.table = table, .record = record, .outcome = &out};

    derive(&f);
    return truth_at(&f, node);
}
