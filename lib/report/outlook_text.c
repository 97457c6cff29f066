/* SPDX-License-Identifier: Apache-2.0 */
/* Changes and questions for a person. */
#include "report/outlook.h"

#include "engine/outcome.h"
#include "report/report.h"

/* JSON has all of them. */
enum { MOST_LINES = 60, MOST_DECIDED = 6, MOST_OPTIONS = 12 };

/* ---- how something stands ---- */

static void put_label(bm_writer *writer, const char *label, const char *id)
{
    if (label == NULL || bm_same(label, id)) {
        bm_page_name(&writer->page, id);
    } else {
        bm_page_put(&writer->page, label);
    }
}

/* All that is set in a mask: `a`, `a or b`, `a, b or c`. */
static void put_alternatives(bm_writer *writer, uint64_t mask, const bm_choice *choice,
                             const bm_score *score)
{
    int left = __builtin_popcountll(mask), shown = 0;
    for (; mask != 0; mask &= mask - 1, left--) {
        int at = __builtin_ctzll(mask);
        bm_page_put(&writer->page, shown++ == 0 ? "" : left == 1 ? " or " : ", ");
        if (choice != NULL) {
            const char *id = choice->codes.ids[at];
            put_label(writer, bm_codes_label(&choice->codes, id), id);
        } else {
            put_label(writer, score->bands[at].label, score->bands[at].id);
        }
    }
}

static void put_choice(bm_writer *writer, const bm_choice *choice, const bm_standing *standing)
{
    uint64_t open = standing->open & ~BM_UNSET;
    bool settled = bm_standing_settled(writer->result, standing);
    if (open == 0) {
        bm_page_put(&writer->page, "no outcome");
        return;
    }
    bm_page_put(&writer->page, settled ? "" : "open: ");
    put_alternatives(writer, open, choice, NULL);
    bm_page_puts(&writer->page, (const char *[]){choice->unit != NULL ? " " : "",
                                                 choice->unit != NULL ? choice->unit : "", NULL});
    if (!settled && (standing->open & BM_UNSET)) {
        bm_page_put(&writer->page, " or no outcome");
    }
}

static void put_numbers(bm_writer *writer, double low, double high, const char *unit)
{
    if (low < high) {
        bm_page_number(&writer->page, low);
        bm_page_put(&writer->page, " to ");
    }
    bm_page_quantity(&writer->page, high, unit);
}

static const bm_equation *equation_of(const bm_writer *writer, const bm_standing *standing)
{
    const bm_guideline *guideline = &writer->set->definitions.guidelines[standing->entry.guideline];
    return &guideline->equations[standing->entry.index - guideline->score_count];
}

static void put_result(bm_writer *writer, const bm_score *score, const bm_standing *standing)
{
    bool number = score == NULL || !score->only_bands;
    if (standing->applies == BM_NO) {
        bm_page_put(&writer->page, "not applicable");
        return;
    }
    if (bm_standing_state(writer->result, standing) == BONEMETS_UNKNOWN) {
        bm_page_put(&writer->page, "unknown");
        return;
    }
    if (number) {
        put_numbers(writer, standing->low, standing->high,
                    score == NULL ? equation_of(writer, standing)->unit : NULL);
    }
    if (score != NULL && score->band_count > 0) {
        bm_page_put(&writer->page, number ? ", " : "");
        put_alternatives(writer, standing->open, NULL, score);
    }
    if (standing->applies != BM_YES) {
        bm_page_put(&writer->page, ", if it applies");
    }
}

void bm_put_standing(bm_writer *writer, const bm_standing *standing)
{
    const bm_choice *choice = bm_standing_choice(writer->result, standing);
    if (choice != NULL) {
        put_choice(writer, choice, standing);
    } else {
        put_result(writer, bm_standing_score(writer->result, standing), standing);
    }
}

void bm_put_record_number(bm_writer *writer, int kind, int32_t record)
{
    const char *label = bm_kind_label(writer->set, kind);
    if (record > 0 && label != NULL) {
        bm_page_puts(&writer->page, (const char *[]){" (", label, " ", NULL});
        bm_page_int(&writer->page, record);
        bm_page_put(&writer->page, ")");
    }
}

static void put_record_of(bm_writer *writer, const bm_entry *entry)
{
    int kind = writer->set->definitions.guidelines[entry->guideline].kind;
    bm_put_record_number(writer, kind, bm_assessment_record(writer->result, kind, entry->record));
}

static void put_label_of(bm_writer *writer, const bm_standing *standing)
{
    const bm_score *score = bm_standing_score(writer->result, standing);
    const bm_choice *choice = bm_standing_choice(writer->result, standing);
    if (choice != NULL) {
        put_label(writer, choice->label, choice->id);
    } else if (score != NULL) {
        put_label(writer, score->label, score->id);
    } else {
        put_label(writer, equation_of(writer, standing)->label, equation_of(writer, standing)->id);
    }
    put_record_of(writer, &standing->entry);
}

/* ---- what a fact is and becomes ---- */

static void put_now(bm_writer *writer, const bonemets_outlook *outlook, int at)
{
    const char *from = bonemets_outlook_str(outlook, at, BONEMETS_F_FROM);
    int state = bonemets_outlook_int(outlook, at, BONEMETS_F_FROM_STATE);
    const bm_fact *fact = bm_prospect_fact(outlook, &outlook->items[at]);
    if (fact->type.base == BM_NUMBER && state != BONEMETS_UNKNOWN) {
        put_numbers(writer, bonemets_outlook_num(outlook, at, BONEMETS_F_FROM_LOW),
                    bonemets_outlook_num(outlook, at, BONEMETS_F_FROM_HIGH), NULL);
    } else if (from != NULL) {
        bm_page_name(&writer->page, from);
    } else {
        bool partly = state == BONEMETS_PARTLY && fact->type.base != BM_SET;
        bm_page_put(&writer->page, partly ? "partly known" : "unknown");
    }
}

static void put_change(bm_writer *writer, const bm_fact *fact, const bm_change *change)
{
    switch (change->to) {
    case BM_TO_OPTION:
        bm_page_name(&writer->page, bm_option_id(fact, change->option));
        break;
    case BM_TO_NUMBER:
        put_numbers(writer, change->low, change->high, fact->type.unit);
        break;
    case BM_TO_PRESENT:
        bm_page_put(&writer->page, "present");
        break;
    case BM_TO_ABSENT:
        bm_page_put(&writer->page, "absent");
        break;
    default:
        bm_page_put(&writer->page, "none");
    }
}

static bool same_fact(const bm_prospect *a, const bm_prospect *b)
{
    return a->kind == b->kind && a->record == b->record && a->input == b->input;
}

/* Options, or numbers, of the same fact of which the same comes stand on one line. */
static bool goes_with(const bm_prospect *first, const bm_prospect *other)
{
    bool single = first->change.to == BM_TO_OPTION || first->change.to == BM_TO_NUMBER;
    return single && same_fact(first, other) && first->mark == other->mark &&
           first->change.to == other->change.to;
}

static bool is_written(const bonemets_outlook *outlook, int at)
{
    for (int i = 0; i < at; i++) {
        if (goes_with(&outlook->items[i], &outlook->items[at])) {
            return true;
        }
    }
    return false;
}

static void put_changes(bm_writer *writer, const bonemets_outlook *outlook, int at)
{
    const bm_prospect *first = &outlook->items[at];
    const bm_fact *fact = bm_prospect_fact(outlook, first);
    int shown = 0, left = 0;
    for (int i = at; i < outlook->count; i++) {
        left += goes_with(first, &outlook->items[i]);
    }
    put_change(writer, fact, &first->change);
    for (int i = at + 1; i < outlook->count && shown < MOST_OPTIONS; i++) {
        if (goes_with(first, &outlook->items[i])) {
            shown++;
            bm_page_put(&writer->page, shown + 1 == left ? " or " : ", ");
            put_change(writer, fact, &outlook->items[i].change);
        }
    }
    if (left > shown + 1) {
        bm_page_put(&writer->page, " or others");
    }
}

static void put_fact(bm_writer *writer, const bonemets_outlook *outlook, int at)
{
    const bm_prospect *one = &outlook->items[at];
    bm_page_put(&writer->page, bm_prospect_fact(outlook, one)->id);
    bm_put_record_number(writer, one->kind,
                         bm_assessment_record(writer->result, one->kind, one->record));
}

static void write_change(bm_writer *writer, const bonemets_outlook *outlook, int at)
{
    const bm_prospect *one = &outlook->items[at];
    const bm_fact *fact = bm_prospect_fact(outlook, one);
    const char *member = bonemets_outlook_str(outlook, at, BONEMETS_F_MEMBER);
    bm_page_begin(&writer->page, 0, "- ");
    put_fact(writer, outlook, at);
    bm_page_put(&writer->page, fact->setting ? " (setting): " : ": ");
    if (member != NULL) {
        bm_page_name(&writer->page, member);
        bm_page_put(&writer->page, " ");
    }
    put_now(writer, outlook, at);
    bm_page_put(&writer->page, " -> ");
    put_changes(writer, outlook, at);
    bm_page_put(&writer->page, ": ");
    bm_put_standing(writer, &one->after);
    bm_page_end(&writer->page);
}

/* Those that change the band or outcome, or those that do not. */
static void write_changes(bm_writer *writer, const bonemets_outlook *outlook, bool main,
                          const char *title)
{
    int lines = 0, more = 0;
    for (int i = 0; i < outlook->count; i++) {
        if (outlook->items[i].main != main || is_written(outlook, i)) {
            continue;
        }
        if (lines == 0) {
            bm_write_section(writer, title);
        }
        if (lines++ < MOST_LINES) {
            write_change(writer, outlook, i);
        } else {
            more++;
        }
    }
    if (more > 0) {
        bm_page_begin(&writer->page, 0, "- ");
        bm_page_put(&writer->page, "and ");
        bm_page_int(&writer->page, more);
        bm_page_put(&writer->page, " more, further away");
        bm_page_end(&writer->page);
    }
}

static void write_what_if(bm_writer *writer, const bonemets_outlook *outlook)
{
    const bm_standing *target = &outlook->target;
    bool choice = target->list == BONEMETS_CHOICES;
    bm_page_begin(&writer->page, 0, NULL);
    bm_page_put(&writer->page, "What if: ");
    put_label_of(writer, target);
    bm_page_end_title(&writer->page, '=');
    bm_page_begin(&writer->page, 0, NULL);
    bm_page_put(&writer->page, "Now: ");
    bm_put_standing(writer, target);
    bm_page_end(&writer->page);
    if (outlook->count == 0) {
        bm_page_line(&writer->page, 0, NULL, "No single fact alters it.");
    }
    write_changes(writer, outlook, true,
                  choice ? "Another outcome, the smallest changes first"
                         : "Another answer, the smallest changes first");
    write_changes(writer, outlook, false,
                  choice ? "Not another outcome, but other possible ones"
                         : "Another total, or other possible ones");
}

/* ---- questions ---- */

static void write_why(bm_writer *writer, const bonemets_outlook *outlook, int at)
{
    const char *because = bonemets_outlook_str(outlook, at, BONEMETS_F_BECAUSE);
    const char *row = bonemets_outlook_str(outlook, at, BONEMETS_F_ROW);
    if (row == NULL) {
        return;
    }
    bm_page_begin(&writer->page, 4, NULL);
    bm_page_puts(&writer->page, (const char *[]){because, " [", row, "]", NULL});
    put_record_of(writer, &outlook->items[at].row);
    bm_page_end(&writer->page);
}

static bool same_effects(const bm_writer *writer, const bm_prospect *one, int a, int b)
{
    int i = 0, j = 0;
    for (;; i++, j++) {
        while (i < one->effect_count && one->effects[i].answer != a) {
            i++;
        }
        while (j < one->effect_count && one->effects[j].answer != b) {
            j++;
        }
        if (i == one->effect_count || j == one->effect_count) {
            return i == one->effect_count && j == one->effect_count;
        }
        const bm_standing *x = &one->effects[i].after, *y = &one->effects[j].after;
        bool row = x->list == BONEMETS_ADVICE;
        if (x->list != y->list || x->entry.guideline != y->entry.guideline ||
            x->entry.index != y->entry.index || x->entry.record != y->entry.record ||
            (!row && bm_standing_mark(writer->result, x, true) !=
                         bm_standing_mark(writer->result, y, true))) {
            return false;
        }
    }
}

static void put_answer(bm_writer *writer, const bm_fact *fact, const bm_change *answer)
{
    if (answer->to == BM_TO_PRESENT) {
        bm_page_name(&writer->page, bm_option_id(fact, answer->option));
    } else {
        put_change(writer, fact, answer);
    }
}

static void put_effect(bm_writer *writer, const bonemets_outlook *outlook, const bm_effect *effect)
{
    const bm_row_def *row = bm_effect_row(outlook, effect);
    if (row != NULL) {
        bm_page_put(&writer->page, row->id);
        put_record_of(writer, &effect->after.entry);
        bm_page_put(&writer->page, " speaks");
        if (row->urgency_rank < bm_scale_size(writer->set, "urgency") - 1) {
            bm_page_put(&writer->page, ", ");
            bm_page_name(&writer->page, row->urgency);
        }
        return;
    }
    put_label_of(writer, &effect->after);
    bm_page_put(&writer->page, " = ");
    bm_put_standing(writer, &effect->after);
}

static void put_effects(bm_writer *writer, const bonemets_outlook *outlook, const bm_prospect *one,
                        int answer)
{
    int shown = 0, more = 0;
    for (int i = 0; i < one->effect_count; i++) {
        if (one->effects[i].answer != answer) {
            continue;
        }
        if (shown == MOST_DECIDED) {
            more++;
            continue;
        }
        bm_page_put(&writer->page, shown++ == 0 ? "" : "; ");
        put_effect(writer, outlook, &one->effects[i]);
    }
    if (more > 0) {
        bm_page_put(&writer->page, "; and ");
        bm_page_int(&writer->page, more);
        bm_page_put(&writer->page, " more");
    }
    bm_page_put(&writer->page, shown == 0 ? "nothing by itself" : "");
}

/* Answers that decide the same stand on one line. */
static void write_answers(bm_writer *writer, const bonemets_outlook *outlook, int at)
{
    const bm_prospect *one = &outlook->items[at];
    const bm_fact *fact = bm_prospect_fact(outlook, one);
    for (int a = 0; a < one->answer_count; a++) {
        int before = 0, shown = 0;
        while (before < a && !same_effects(writer, one, before, a)) {
            before++;
        }
        if (before < a) {
            continue;
        }
        bm_page_begin(&writer->page, 4, "- ");
        for (int b = a; b < one->answer_count; b++) {
            if (b != a && !same_effects(writer, one, a, b)) {
                continue;
            }
            if (shown++ == MOST_OPTIONS) {
                bm_page_put(&writer->page, " or others");
                break;
            }
            bm_page_put(&writer->page, shown == 1 ? "" : ", ");
            put_answer(writer, fact, &one->answers[b]);
        }
        bm_page_put(&writer->page, " -> ");
        put_effects(writer, outlook, one, a);
        bm_page_end(&writer->page);
    }
}

void bm_write_asked(bm_writer *writer, const bonemets_outlook *outlook, int at)
{
    const bm_prospect *one = &outlook->items[at];
    const char *urgency = bonemets_outlook_str(outlook, at, BONEMETS_F_URGENCY);
    bm_page_begin(&writer->page, 0, "? ");
    put_fact(writer, outlook, at);
    bm_page_puts(&writer->page,
                 (const char *[]){": ", bm_prospect_fact(outlook, one)->label, NULL});
    if (urgency != NULL) {
        bm_page_put(&writer->page, " | ");
        bm_page_name(&writer->page, urgency);
    }
    if (one->excluded_most > 0) {
        bm_page_put(&writer->page, " | excludes ");
        if (one->excluded_least < one->excluded_most) {
            bm_page_int(&writer->page, one->excluded_least);
            bm_page_put(&writer->page, " to ");
        }
        bm_page_int(&writer->page, one->excluded_most);
        bm_page_put(&writer->page, " of ");
        bm_page_int(&writer->page, one->open);
        bm_page_put(&writer->page, " outcomes");
    }
    bm_page_end(&writer->page);
    write_why(writer, outlook, at);
    write_answers(writer, outlook, at);
}

void bm_write_outlook_text(bm_text *out, const bonemets_outlook *outlook)
{
    bm_writer writer = {.result = outlook->a, .set = bm_assessment_set(outlook->a)};
    bm_page_init(&writer.page, out);
    if (!outlook->questions) {
        write_what_if(&writer, outlook);
        return;
    }
    bm_page_title(&writer.page, "What to find out next", '=');
    if (outlook->count == 0) {
        bm_page_line(&writer.page, 0, NULL, "Nothing is missing.");
    }
    for (int i = 0; i < outlook->count; i++) {
        bm_write_asked(&writer, outlook, i);
    }
}
