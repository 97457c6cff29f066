/* SPDX-License-Identifier: Apache-2.0 */
/* Patients of several lines: each line has a lesion (or another record) of its own, and what is said
 * about the patient is said once, or the same in each line. They become a patient record, whose cells
 * the batch call has looked at before, and are assessed by themselves. */
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { MOST_KINDS = 16, MOST_GUIDELINES = 8 };

static const char ITEMS[] = ".items.";

/* What is asked: columns that follow each other in the answer. */
typedef struct {
    char *id;
    int64_t first, end;
    int choice;
    const char *about, *guideline; /* found with the first patient */
} target;

struct patients {
    bonemets_patient *patient;
    target *targets;
    int target_count;
    const char *kinds[MOST_KINDS]; /* of the columns, without `patient` */
    int kind_count;
    const char *guidelines[MOST_GUIDELINES];
    int guideline_count; /* 0: not known yet; more than there is room: all */
    text record, answers;
    size_t from[BLOCK_ROWS], to[BLOCK_ROWS];
    int numbers[BLOCK_ROWS][MOST_KINDS]; /* of each row, its record of each kind; 0: none */
};

/* ---- opening ---- */

static const char *last_dot(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot : name + strlen(name);
}

/* `ID.state`, `ID.items.ITEM.low`: how long the id is. */
static size_t id_length(const char *name)
{
    const char *items = strstr(name, ITEMS), *part = last_dot(name);
    const int item = items && items + strlen(ITEMS) < part &&
                     (strcmp(part, ".low") == 0 || strcmp(part, ".high") == 0);
    return (size_t)((item ? items : part) - name);
}

static int list_targets(worker *by)
{
    patients *all = by->patients;
    const struct ArrowSchema *answers = &by->plan->answers;
    all->targets = calloc((size_t)answers->n_children + 1, sizeof *all->targets);
    for (int64_t i = 0; all->targets && i < answers->n_children; i++) {
        const char *name = answers->children[i]->name;
        const size_t length = id_length(name);
        target *one = all->target_count ? &all->targets[all->target_count - 1] : NULL;
        if (!one || strlen(one->id) != length || strncmp(one->id, name, length) != 0) {
            one = &all->targets[all->target_count++];
            one->first = i;
            one->id = calloc(1, length + 1);
            if (!one->id) {
                return 0;
            }
            memcpy(one->id, name, length);
        }
        one->end = i + 1;
        one->choice |= strcmp(last_dot(name), ".code") == 0;
    }
    return all->targets != NULL;
}

static int kind_of(const patients *all, const char *about)
{
    for (int k = 0; k < all->kind_count; k++) {
        if (strcmp(all->kinds[k], about) == 0) {
            return k;
        }
    }
    return -1;
}

int open_patients(worker *by)
{
    patients *all = by->patients = calloc(1, sizeof *all);
    if (!all || bonemets_patient_new(by->plan->set, &all->patient) || !list_targets(by)) {
        return 0;
    }
    for (int i = 0; i < by->plan->count; i++) {
        const char *about = by->plan->columns[i].about;
        if (about && strcmp(about, "patient") != 0 && kind_of(all, about) < 0 &&
            all->kind_count < MOST_KINDS) {
            all->kinds[all->kind_count++] = about;
        }
    }
    return 1;
}

void close_patients(worker *by)
{
    patients *all = by->patients;
    if (!all) {
        return;
    }
    for (int i = 0; all->targets && i < all->target_count; i++) {
        free(all->targets[i].id);
    }
    bonemets_patient_free(all->patient);
    free(all->targets);
    free(all->record.bytes);
    free(all->answers.bytes);
    free(all);
}

/* ---- what the lines of a patient say ---- */

static int is_said(const worker *by, int i, int row)
{
    const cells *one = &by->cells[i];
    return one->use != NOT_READ && !by->plan->columns[i].box_for_none && is_valid(one->valid, row);
}

static const char *said(const worker *by, int i, int row, size_t *length)
{
    const cells *one = &by->cells[i];
    const int key = one->keys[row];
    *length = (size_t)(one->ends[key + 1] - one->ends[key]);
    return one->texts.bytes + one->ends[key];
}

static int is_yes(const char *bytes, size_t length)
{
    return length > 0 && (bytes[0] == 'y' || bytes[0] == 't' || bytes[0] == '1');
}

/* A cell that is nothing but a plain number. */
static int is_number(const char *bytes, size_t length, double *out)
{
    int negative;
    for (; length > 0 && bytes[0] == ' '; length--) {
        bytes++;
    }
    for (; length > 0 && bytes[length - 1] == ' '; length--) {
    }
    negative = length > 0 && bytes[0] == '-';
    if (!plain_number(bytes + negative, length - (size_t)negative, 0, out)) {
        return 0;
    }
    *out = negative ? -*out : *out;
    return 1;
}

/* Numbers and truth values are compared by what they say, `90` and `90.0`; all others as they are written. */
static int says_same(const worker *by, int i, int row, int other)
{
    size_t length, other_length;
    double x, y;
    const char *type = by->plan->columns[i].type;
    const char *a = said(by, i, row, &length), *b = said(by, i, other, &other_length);
    if (length == other_length && memcmp(a, b, length) == 0) {
        return 1;
    }
    if (strcmp(type, "flag") == 0 || strchr(by->plan->columns[i].key, '.')) {
        return is_yes(a, length) == is_yes(b, other_length);
    }
    return (strcmp(type, "quantity") == 0 || strcmp(type, "count") == 0) &&
           is_number(a, length, &x) && is_number(b, other_length, &y) && x == y;
}

static int same_patient(const worker *by, int row)
{
    return row > 0 && row < by->rows && by->records[by->row_record[row]].same;
}

static int end_of_patient(const worker *by, int first)
{
    int end = first + 1;
    while (same_patient(by, end)) {
        end++;
    }
    return end;
}

/* One fact about the patient, over the lines. */
static void settle_fact(worker *by, int i, int first, int end)
{
    static const char why[] = "this is not what an earlier line says about the same patient; "
                              "numbers are compared by value, all else as it is written";
    int told = -1, differs = 0;
    for (int row = first; row < end; row++) {
        if (!is_said(by, i, row)) {
            continue;
        }
        if (told >= 0 && !says_same(by, i, told, row)) {
            differs = 1;
            add_problem(by, by->records[by->row_record[row]].line, i, CONTRADICTED, why);
        }
        told = told < 0 ? row : told;
    }
    for (int row = first; row < end && differs; row++) {
        set_null(&by->cells[i], row);
    }
}

/* A line that was not scored may be of the patient before or behind it. */
static void doubt(worker *by, int row)
{
    static const char why[] = "a line beside it was not scored, which may be of the same patient";
    int first = row;
    while (same_patient(by, first)) {
        first--;
    }
    for (int end = end_of_patient(by, first); first < end; first++) {
        add_problem(by, by->records[by->row_record[first]].line, -1, BONEMETS_E_OTHER, why);
    }
}

void settle_patients(worker *by)
{
    for (int first = 0; first < by->rows;) {
        const int end = end_of_patient(by, first);
        for (int i = 0; i < by->plan->count && end - first > 1; i++) {
            const char *about = by->plan->columns[i].about;
            if (about && strcmp(about, "patient") == 0) {
                settle_fact(by, i, first, end);
            }
        }
        first = end;
    }
    if (by->at->behind_left_out && by->record_count > 0 && by->records[0].row >= 0) {
        doubt(by, by->records[0].row);
    }
    for (int r = 0; r < by->record_count && by->rows > 0; r++) {
        if (by->records[r].row >= 0) {
            continue;
        }
        if (r > 0 && by->records[r - 1].row >= 0) {
            doubt(by, by->records[r - 1].row);
        }
        if (r + 1 < by->record_count && by->records[r + 1].row >= 0) {
            doubt(by, by->records[r + 1].row);
        }
    }
}

/* ---- a patient record ---- */

static void put_string(text *to, const char *bytes, size_t length)
{
    char escape[8];
    add_word(to, "\"");
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        if (c < 0x20 || c == '"' || c == '\\') {
            snprintf(escape, sizeof escape, "\\u%04x", c);
            add_word(to, escape);
        } else {
            add(to, bytes + i, 1);
        }
    }
    add_word(to, "\"");
}

static void put_key(text *to, const char *key, size_t length)
{
    if (to->used > 0 && to->bytes[to->used - 1] != '{') {
        add_word(to, ", ");
    }
    put_string(to, key, length);
    add_word(to, ": ");
}

/* A bare number is in the unit of its column. */
static void put_quantity(text *to, const column *of, const char *bytes, size_t length)
{
    text all = {0};
    size_t at = 0;
    while (at < length && strchr("<>= ", bytes[at])) {
        at++;
    }
    while (at < length && strchr("-.0123456789", bytes[at])) {
        at++;
    }
    add(&all, bytes, length);
    if (at == length && of->key_unit && strcmp(of->key_unit, "1") != 0) {
        add_word(&all, " ");
        add_word(&all, of->key_unit);
    }
    put_string(to, all.bytes ? all.bytes : "", all.used);
    to->failed |= all.failed;
    free(all.bytes);
}

static int has_option(const plan *of, const char *key, const char *option)
{
    const bonemets_fact fact = bonemets_fact_find(of->set, key);
    for (int32_t i = 0; i < bonemets_fact_option_count(of->set, fact); i++) {
        if (strcmp(bonemets_fact_option_str(of->set, fact, i, BONEMETS_F_ID), option) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Members parted by semicolons; `none` is none. */
static void put_set(text *to, const plan *of, const column *one, const char *bytes, size_t length)
{
    const char *end = bytes + length, *sign = "";
    add_word(to, "[");
    if (length == 4 && memcmp(bytes, "none", 4) == 0 && !has_option(of, one->key, "none")) {
        bytes = end;
    }
    while (bytes < end) {
        const char *stop = memchr(bytes, ';', (size_t)(end - bytes));
        stop = stop ? stop : end;
        size_t from = 0, wide = (size_t)(stop - bytes);
        while (from < wide && bytes[from] == ' ') {
            from++;
        }
        while (wide > from && bytes[wide - 1] == ' ') {
            wide--;
        }
        add_word(to, sign);
        put_string(to, bytes + from, wide - from);
        sign = ", ";
        bytes = stop + 1;
    }
    add_word(to, "]");
}

/* The records of a line are about its own lesion. */
static void put_link(const worker *by, text *to, int row)
{
    char number[32];
    const int k = kind_of(by->patients, "lesion");
    snprintf(number, sizeof number, "[%d]", k < 0 ? 1 : by->patients->numbers[row][k]);
    add_word(to, number);
}

static void put_fact(worker *by, int i, int row)
{
    size_t length;
    const column *of = &by->plan->columns[i];
    text *to = &by->patients->record;
    const char *bytes = said(by, i, row, &length);
    put_key(to, of->key, strlen(of->key));
    if (strcmp(of->type, "flag") == 0) {
        add_word(to, is_yes(bytes, length) ? "true" : "false");
    } else if (strcmp(of->type, "quantity") == 0) {
        put_quantity(to, of, bytes, length);
    } else if (strcmp(of->type, "set") == 0 && has_option(by->plan, of->key, "1")) {
        put_link(by, to, row);
    } else if (strcmp(of->type, "set") == 0) {
        put_set(to, by->plan, of, bytes, length);
    } else {
        put_string(to, bytes, length);
    }
}

/* ---- sets by columns of their members ---- */

static const char *member_of(const column *of, const char *set, size_t length)
{
    return of->key && strncmp(of->key, set, length) == 0 && of->key[length] == '.'
               ? of->key + length + 1
               : NULL;
}

/* What some rows say about a member: 1, 0, or -1. */
static int member_said(const worker *by, const char *set, size_t set_length, const char *member,
                       int first, int end)
{
    for (int i = 0; i < by->plan->count; i++) {
        const char *name = member_of(&by->plan->columns[i], set, set_length);
        for (int row = first; row < end && name && strcmp(name, member) == 0; row++) {
            size_t length;
            if (is_said(by, i, row)) {
                const char *bytes = said(by, i, row, &length);
                return is_yes(bytes, length);
            }
        }
    }
    return -1;
}

static void put_members(worker *by, const char *set, size_t length, int first, int end)
{
    char key[256];
    text *to = &by->patients->record;
    if (length >= sizeof key) {
        return;
    }
    memcpy(key, set, length);
    key[length] = '\0';
    const bonemets_fact fact = bonemets_fact_find(by->plan->set, key);
    put_key(to, key, length);
    for (int wanted = 1; wanted >= -1; wanted -= 2) {
        const char *sign = "";
        add_word(to, wanted > 0 ? "{\"present\": [" : "], \"unknown\": [");
        for (int32_t o = 0; o < bonemets_fact_option_count(by->plan->set, fact); o++) {
            const char *member = bonemets_fact_option_str(by->plan->set, fact, o, BONEMETS_F_ID);
            if (member_said(by, set, length, member, first, end) == wanted) {
                add_word(to, sign);
                put_string(to, member, strlen(member));
                sign = ", ";
            }
        }
    }
    add_word(to, "]}");
}

/* Is this the first column of its set about which the rows say something? */
static int opens_set(const worker *by, int i, size_t length, int first, int end)
{
    const char *set = by->plan->columns[i].key;
    for (int other = 0; other <= i; other++) {
        for (int row = first; row < end && member_of(&by->plan->columns[other], set, length);
             row++) {
            if (is_said(by, other, row)) {
                return other == i;
            }
        }
    }
    return 0;
}

/* What the rows say about one record: the patient, or a lesion that is one row. */
static void put_facts(worker *by, const char *about, int first, int end)
{
    for (int i = 0; i < by->plan->count; i++) {
        const column *of = &by->plan->columns[i];
        if (!of->about || strcmp(of->about, about) != 0) {
            continue;
        }
        const size_t dot = of->key ? strcspn(of->key, ".") : 0;
        if (of->key && of->key[dot] == '.') {
            if (opens_set(by, i, dot, first, end)) {
                put_members(by, of->key, dot, first, end);
            }
            continue;
        }
        for (int row = first; row < end; row++) {
            if (is_said(by, i, row)) {
                put_fact(by, i, row);
                break;
            }
        }
    }
}

static int says_anything(const worker *by, const char *about, int row)
{
    for (int i = 0; i < by->plan->count; i++) {
        const char *of = by->plan->columns[i].about;
        if (of && strcmp(of, about) == 0 && is_said(by, i, row)) {
            return 1;
        }
    }
    return 0;
}

static void number_records(worker *by, int first, int end)
{
    patients *all = by->patients;
    for (int k = 0; k < all->kind_count; k++) {
        int count = 0;
        for (int row = first; row < end; row++) {
            all->numbers[row][k] = says_anything(by, all->kinds[k], row) ? ++count : 0;
        }
    }
}

/* The list of a kind is called as the kind, with an s. */
static void put_record(worker *by, int first, int end)
{
    patients *all = by->patients;
    text *to = &all->record;
    to->used = 0;
    number_records(by, first, end);
    add_word(to, "{");
    put_facts(by, "patient", first, end);
    for (int k = 0; k < all->kind_count; k++) {
        const char *sign = "[";
        for (int row = first; row < end; row++) {
            if (all->numbers[row][k] == 0) {
                continue;
            }
            if (*sign == '[') {
                add_word(to, to->bytes[to->used - 1] == '{' ? "\"" : ", \"");
                add_word(to, all->kinds[k]);
                add_word(to, "s\": ");
            }
            add_word(to, sign);
            add_word(to, "{");
            put_facts(by, all->kinds[k], row, row + 1);
            add_word(to, "}");
            sign = ", ";
        }
        add_word(to, *sign == '[' ? "" : "]");
    }
    add_word(to, "}");
}

/* ---- answers ---- */

static int32_t list_of(const target *one)
{
    return one->choice ? BONEMETS_CHOICES : BONEMETS_RESULTS;
}

static void learn(worker *by, const bonemets_assessment *a)
{
    patients *all = by->patients;
    for (int t = 0; t < all->target_count; t++) {
        target *one = &all->targets[t];
        const char *name = one->choice ? last_dot(one->id) + 1 : one->id;
        const size_t of = one->choice ? (size_t)(last_dot(one->id) - one->id) : 0;
        for (int32_t i = 0; i < bonemets_assessment_count(a, list_of(one)) && !one->about; i++) {
            const char *id = bonemets_assessment_str(a, list_of(one), i, BONEMETS_F_ID);
            const char *from = bonemets_assessment_str(a, list_of(one), i, BONEMETS_F_GUIDELINE);
            if (strcmp(id, name) == 0 &&
                (!one->choice || (strlen(from) == of && strncmp(from, one->id, of) == 0))) {
                one->guideline = from;
                one->about = bonemets_assessment_str(a, list_of(one), i, BONEMETS_F_ABOUT);
            }
        }
    }
}

static void put_text(text *to, const char *word)
{
    if (word) {
        add_field(to, word, strlen(word));
    }
}

/* `fact`, or `fact@2` when it belongs to another record than the answer, as JSON has it. */
static void put_missing(const plan *of, text *to, const bonemets_assessment *a, int32_t list,
                        int32_t i)
{
    const int32_t sub = BONEMETS_SUB_MISSING;
    const int32_t count = bonemets_assessment_sub_count(a, list, i, sub);
    const int32_t own = bonemets_assessment_int(a, list, i, BONEMETS_F_LESION);
    const char *kind = bonemets_assessment_str(a, list, i, BONEMETS_F_ABOUT);
    add(to, "\"", count > 1);
    for (int32_t j = 0; j < count; j++) {
        const char *fact = bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_ID);
        const int32_t other = bonemets_assessment_sub_int(a, list, i, sub, j, BONEMETS_F_LESION);
        const char *about =
            bonemets_fact_str(of->set, bonemets_fact_find(of->set, fact), BONEMETS_F_ABOUT);
        char number[16];
        add_word(to, j > 0 ? ";" : "");
        add_word(to, fact);
        if (other > 0 && (other != own || strcmp(about, kind) != 0)) {
            snprintf(number, sizeof number, "@%d", (int)other);
            add_word(to, number);
        }
    }
    add(to, "\"", count > 1);
}

/* The number of the item in a column's name. */
static int32_t item_of(const bonemets_assessment *a, int32_t i, const char *name)
{
    const int32_t list = BONEMETS_RESULTS, sub = BONEMETS_SUB_ITEMS;
    const char *item = name + strlen(ITEMS), *end = last_dot(name);
    for (int32_t j = 0; j < bonemets_assessment_sub_count(a, list, i, sub); j++) {
        const char *id = bonemets_assessment_sub_str(a, list, i, sub, j, BONEMETS_F_ID);
        if (strlen(id) == (size_t)(end - item) && strncmp(id, item, strlen(id)) == 0) {
            return j;
        }
    }
    return -1;
}

static double number_of(const bonemets_assessment *a, int32_t list, int32_t i, const char *part)
{
    const bonemets_field field =
        strcmp(last_dot(part), ".low") == 0 ? BONEMETS_F_LOW : BONEMETS_F_HIGH;
    if (part == last_dot(part)) {
        return bonemets_assessment_num(a, list, i, field);
    }
    return bonemets_assessment_sub_num(a, list, i, BONEMETS_SUB_ITEMS, item_of(a, i, part), field);
}

/* `part`: what stands behind the id in the name of the column. */
static void put_cell(const plan *by, text *to, const bonemets_assessment *a, const target *of,
                     int32_t i, const char *part)
{
    static const char *const results[] = {"unknown", "partly", "known", "not_applicable", "none"};
    static const char *const choices[] = {"unknown", "provisional", "known", "not_applicable",
                                          "none"};
    char number[40];
    const int32_t list = list_of(of);
    const int32_t state = bonemets_assessment_int(a, list, i, BONEMETS_F_STATE);
    const char *code = bonemets_assessment_str(a, list, i, BONEMETS_F_CODE);
    if (strcmp(part, ".state") == 0 && state >= 0 && state < STATES) {
        put_text(to, (of->choice ? choices : results)[state]);
    } else if (strcmp(part, ".band") == 0) {
        put_text(to, bonemets_assessment_str(a, list, i, BONEMETS_F_BAND));
    } else if (strcmp(part, ".code") == 0) {
        put_text(to, state == BONEMETS_KNOWN ? code : NULL);
    } else if (strcmp(part, ".provisional") == 0) {
        put_text(to, state == BONEMETS_PARTLY ? code : NULL);
    } else if (strcmp(part, ".assumed") == 0) {
        put_text(to, bonemets_assessment_sub_count(a, list, i, BONEMETS_SUB_ASSUMED) > 0 ? "yes"
                                                                                         : "no");
    } else if (strcmp(part, ".missing") == 0) {
        if (state != BONEMETS_INAPPLICABLE) {
            put_missing(by, to, a, list, i);
        }
    } else if (state != BONEMETS_INAPPLICABLE) {
        const char *end = put_number(number, number_of(a, list, i, part));
        add(to, number, (size_t)(end - number));
    }
}

/* The answers of one line; the states that the batch call counted for it are counted anew. */
static void put_row(worker *by, const bonemets_assessment *a, int row,
                    const struct ArrowArray *answer)
{
    patients *all = by->patients;
    all->from[row] = all->answers.used;
    for (int t = 0; t < all->target_count; t++) {
        const target *of = &all->targets[t];
        const int k = of->about ? kind_of(all, of->about) : -1;
        const int whole = of->about && strcmp(of->about, "patient") == 0;
        const int32_t number = k >= 0 ? all->numbers[row][k] : 0;
        const int32_t i =
            number > 0 || whole ? bonemets_assessment_find(a, list_of(of), of->id, number) : -1;
        for (int64_t c = of->first; c < of->end; c++) {
            const char *name = by->plan->answers.children[c]->name;
            const char *part = name + id_length(name);
            add_word(&all->answers, ",");
            if (i >= 0) {
                put_cell(by->plan, &all->answers, a, of, i, part);
            }
            if (strcmp(part, ".state") == 0) {
                int64_t *states = &by->at->states[c * STATES];
                states[((const int8_t *)answer->children[c]->buffers[1])[row]]--;
                const int32_t state = bonemets_assessment_int(a, list_of(of), i, BONEMETS_F_STATE);
                if (i >= 0 && state >= 0 && state < STATES) {
                    states[state]++;
                }
            }
        }
    }
    all->to[row] = all->answers.used;
}

static int score_patient(worker *by, int first, int end, const struct ArrowArray *answer)
{
    patients *all = by->patients;
    bonemets_assessment *a = NULL;
    const char *profile = by->plan->options->profile;
    put_record(by, first, end);
    bonemets_error_clear(by->err);
    bonemets_patient_reset(all->patient);
    bonemets_status status = all->record.failed
                                 ? BONEMETS_E_MEMORY
                                 : bonemets_patient_read(all->patient, "patient", all->record.bytes,
                                                         all->record.used, by->err);
    if (status == BONEMETS_OK && profile) {
        status = bonemets_patient_set_profile(all->patient, profile, by->err);
    }
    if (status == BONEMETS_OK) {
        status = bonemets_assess(all->patient, NULL, &a, by->err);
    }
    if (status != BONEMETS_OK) {
        by->at->fatal_line = by->records[by->row_record[first]].line;
        by->at->fatal = keep_message(by, bonemets_error_count(by->err) > 0
                                             ? bonemets_error_str(by->err, 0, BONEMETS_F_MESSAGE)
                                             : bonemets_status_name(status));
        return FAILED;
    }
    learn(by, a);
    for (int row = first; row < end; row++) {
        put_row(by, a, row, answer);
    }
    bonemets_assessment_unref(a);
    return all->answers.failed ? FAILED : DONE;
}

int score_patients(worker *by, const struct ArrowArray *answer)
{
    patients *all = by->patients;
    int status = DONE;
    all->answers.used = 0;
    for (int first = 0; first < by->rows && status == DONE;) {
        const int end = end_of_patient(by, first);
        all->from[first] = all->to[first] = 0;
        if (end - first > 1) {
            status = score_patient(by, first, end, answer);
        }
        first = end;
    }
    return status;
}

const char *own_answers(const worker *by, int row, size_t *length)
{
    const patients *all = by->patients;
    if (!all || all->to[row] == all->from[row]) {
        return NULL;
    }
    *length = all->to[row] - all->from[row];
    return all->answers.bytes + all->from[row];
}
