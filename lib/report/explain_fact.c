/* SPDX-License-Identifier: Apache-2.0 */
/* A fact of the vocabulary, and the vocabulary as a list. */
#include "report/explain.h"
#include "report/report.h"
#include "report/answer.h"

#include <math.h>

enum { OPTION_COLUMN = 30 };

static const char *type_name(const bonemets_guidelines *set, const bm_fact *fact)
{
    return bonemets_fact_str(set, bm_set_fact_number(set, fact), BONEMETS_F_TYPE);
}

static void write_head(bm_explainer *explainer, const bm_fact *fact)
{
    bm_page *page = &explainer->page;
    const char *kind = bm_kind_label(explainer->set, fact->kind);
    bm_page_title(page, fact->label != NULL ? fact->label : fact->id, '=');
    bm_page_begin(page, 0, NULL);
    bm_page_puts(page,
                 (const char *[]){fact->id, " | ", type_name(explainer->set, fact), " | about ",
                                  kind == NULL ? "the patient" : "each ", kind, NULL});
    bm_page_put(page, fact->is_value ? " | derived" : "");
    bm_page_put(page, fact->setting ? " | setting of the caller" : "");
    bm_page_end(page);
    bm_page_gap(page);
    bm_explain_text(explainer, 0, "Note", fact->note);
    bm_explain_text(explainer, 0, "Default", fact->default_option);
}

static void put_range(bm_page *page, const bm_type *type)
{
    if (bm_is_instant(type)) {
        bm_page_instants(page, type->low, type->high);
        return;
    }
    if (isfinite(type->low)) {
        bm_page_put(page, isfinite(type->high) ? "" : "from ");
        bm_page_exact(page, type->low);
        bm_page_put(page, isfinite(type->high) ? " to " : "");
    } else if (isfinite(type->high)) {
        bm_page_put(page, "up to ");
    }
    if (isfinite(type->high)) {
        bm_page_exact(page, type->high);
    }
    if (type->unit != NULL) {
        bm_page_puts(page, (const char *[]){" ", type->unit, NULL});
    }
}

/* Whichever of the two is the larger, so that the number reads well. */
static void write_unit(bm_page *page, const char *canonical, const bm_unit *unit)
{
    bool turned = unit->divide == (unit->factor >= 1);
    const char *larger = turned ? canonical : unit->unit;
    const char *smaller = turned ? unit->unit : canonical;
    bm_page_begin(page, 0, NULL);
    bm_page_puts(page, (const char *[]){"Also in ", unit->unit, ": 1 ", larger, " is ", NULL});
    bm_page_quantity(page, unit->factor >= 1 ? unit->factor : 1 / unit->factor, smaller);
    bm_page_end(page);
}

static void write_number(bm_explainer *explainer, const bm_fact *fact)
{
    bm_page *page = &explainer->page;
    bm_page_begin(page, 0, NULL);
    bm_page_put(page, "Plausible: ");
    put_range(page, &fact->type);
    if (fact->step > 0 && !bm_is_instant(&fact->type)) {
        bm_page_put(page, ", in steps of ");
        bm_page_exact(page, fact->step);
    }
    bm_page_end(page);
    for (int i = 1; i < fact->type.unit_count; i++) {
        write_unit(page, fact->type.unit, &fact->type.units[i]);
    }
    if (fact->unit_required) {
        bm_page_line(page, 0, NULL, "The unit is needed: a bare number is refused.");
    }
}

static void write_options(bm_explainer *explainer, const bm_fact *fact)
{
    bm_page *page = &explainer->page;
    bonemets_fact number = bm_set_fact_number(explainer->set, fact);
    int32_t count = bonemets_fact_option_count(explainer->set, number);
    if (fact->type.base == BM_BOOL) {
        return; /* yes or no, as every flag */
    }
    if (fact->type.base == BM_SET && !fact->is_link) {
        bm_page_line(page, 0, NULL,
                     "The list names what was found; all others then count as looked for and "
                     "absent. [] means looked for and none found. Where nobody has looked the fact "
                     "is left out.");
    }
    if (count > 0) {
        bm_page_line(page, 0, NULL,
                     fact->type.base == BM_SET ? "Members, any number of:" : "One of:");
    }
    for (int32_t i = 0; i < count; i++) {
        const char *id = bonemets_fact_option_str(explainer->set, number, i, BONEMETS_F_ID);
        const char *label = bonemets_fact_option_str(explainer->set, number, i, BONEMETS_F_LABEL);
        bm_page_begin(page, 2, "- ");
        bm_page_put(page, id);
        if (label != NULL && !bm_same(label, id)) {
            bm_page_tab(page, OPTION_COLUMN);
            bm_page_put(page, label);
        }
        bm_page_end(page);
    }
}

static void write_pairs(bm_explainer *explainer, const char *lead, const char *between,
                        const bm_pairs *pairs)
{
    if (pairs->count == 0) {
        return;
    }
    bm_page_begin(&explainer->page, 0, NULL);
    bm_page_put(&explainer->page, lead);
    for (int i = 0; i < pairs->count; i++) {
        bm_page_puts(&explainer->page, (const char *[]){i > 0 ? "; " : "", pairs->items[i].key,
                                                        between, pairs->items[i].value, NULL});
    }
    bm_page_end(&explainer->page);
}

/* ---- how a value is derived ---- */

static void put_table_result(bm_page *page, const bm_fact *fact, const bm_table_row *row)
{
    if (row->ask) {
        bm_page_put(page, "cannot be told, ask");
    } else if (fact->type.base == BM_NUMBER) {
        bm_page_exact(page, row->number);
    }
    for (int i = 0; i < row->option_count; i++) {
        bm_page_puts(page, (const char *[]){i > 0 ? " or " : "", row->options[i], NULL});
    }
}

static bool gives_the_same(const bm_table_row *a, const bm_table_row *b)
{
    bool same = a->ask == b->ask && a->option_count == b->option_count &&
                !(a->number < b->number) && !(a->number > b->number);
    for (int i = 0; same && i < a->option_count; i++) {
        same = bm_same(a->options[i], b->options[i]);
    }
    return same;
}

/* One line for each result, with all the options that lead to it. */
static void write_table(bm_explainer *explainer, const bm_fact *fact)
{
    bm_page *page = &explainer->page;
    for (int i = 0; i < fact->table_count; i++) {
        bool seen = false;
        for (int k = 0; k < i && !seen; k++) {
            seen = gives_the_same(&fact->table[k], &fact->table[i]);
        }
        if (seen) {
            continue;
        }
        bm_page_begin(page, 2, "- ");
        put_table_result(page, fact, &fact->table[i]);
        bm_page_put(page, ": ");
        for (int k = i, put = 0; k < fact->table_count; k++) {
            if (gives_the_same(&fact->table[k], &fact->table[i])) {
                bm_page_puts(page,
                             (const char *[]){put++ > 0 ? ", " : "", fact->table[k].option, NULL});
            }
        }
        bm_page_end(page);
    }
}

static void write_cases(bm_explainer *explainer, const bm_fact *fact)
{
    bm_page *page = &explainer->page;
    for (int i = 0; i < fact->case_count; i++) {
        const bm_case *one = &fact->cases[i];
        bm_page_begin(page, 2, "- ");
        bm_page_put(page, one->ask ? "cannot be told, ask" : one->is.text);
        bm_page_puts(page, (const char *[]){one->when.text != NULL ? ", when " : ", otherwise",
                                            one->when.text, NULL});
        bm_page_end(page);
    }
}

static void write_derivation(bm_explainer *explainer, const bm_fact *fact)
{
    if (!fact->is_value) {
        return;
    }
    switch (fact->origin) {
    case BM_FROM_TABLE:
        bm_explain_text(explainer, 0, "Derived from", fact->from);
        write_table(explainer, fact);
        break;
    case BM_FROM_CASES:
        bm_page_line(&explainer->page, 0, NULL, "Derived, the first that holds:");
        write_cases(explainer, fact);
        break;
    case BM_FROM_VALUE:
        bm_explain_text(explainer, 0, "Derived as", fact->value.text);
        break;
    case BM_GIVEN_BY:
        bm_explain_text(explainer, 0, "Given by", fact->given_by);
        break;
    case BM_FROM_NOWHERE:
        bm_page_line(&explainer->page, 0, NULL, "Never derived, only entered.");
        break;
    }
    bm_explain_text(explainer, 0, "Basis", fact->basis);
    bm_explain_text(explainer, 0, "Source", fact->source);
    bm_page_line(&explainer->page, 0, NULL,
                 fact->no_supply ? "It cannot be entered." : "It may be entered, and then wins.");
}

/* ---- terminologies ---- */

static void write_terms(bm_explainer *explainer, const bm_fact *fact)
{
    const bm_definitions *definitions = &explainer->set->definitions;
    for (int i = 0; i < definitions->term_count; i++) {
        const bm_term *term = &definitions->terms[i];
        if (term->definition != fact) {
            continue;
        }
        bm_page_begin(&explainer->page, 0, NULL);
        bm_page_puts(&explainer->page,
                     (const char *[]){"Code: ", term->system, " ", term->code, NULL});
        bm_page_puts(&explainer->page,
                     (const char *[]){term->name == NULL ? NULL : " ", term->name, NULL});
        if (term->unit != NULL) {
            bm_page_puts(&explainer->page, (const char *[]){", in ", term->unit, NULL});
        }
        for (int k = 0; k < term->options.count; k++) {
            bm_page_puts(&explainer->page, (const char *[]){k == 0 ? ", for " : " or ",
                                                            term->options.items[k], NULL});
        }
        bm_page_end(&explainer->page);
        bm_explain_text(explainer, 4, "Note", term->note);
    }
}

/* ---- readers ---- */

typedef struct {
    bm_page *page;
    int count;
} reader_list;

static void put_reader(void *ctx, const char *kind, const char *id)
{
    reader_list *list = ctx;
    bm_page_puts(list->page, (const char *[]){list->count++ > 0 ? ", " : "", kind, " ", id, NULL});
}

static void write_readers(bm_explainer *explainer, const bm_fact *fact)
{
    reader_list list = {&explainer->page, 0};
    bm_page_begin(&explainer->page, 0, NULL);
    bm_page_put(&explainer->page, "Read by: ");
    bm_fact_readers(explainer->set, fact, put_reader, &list);
    bm_page_put(&explainer->page, list.count == 0 ? "no table" : "");
    bm_page_end(&explainer->page);
}

void bm_write_fact_text(bm_text *out, const bonemets_guidelines *set, const bm_fact *fact)
{
    bm_explainer explainer = {.set = set};
    bm_page_init(&explainer.page, out);
    write_head(&explainer, fact);
    if (fact->type.base == BM_NUMBER) {
        write_number(&explainer, fact);
    }
    write_options(&explainer, fact);
    write_pairs(&explainer, "Also accepted: ", " for ", &fact->aliases);
    write_pairs(&explainer, "Refused: ", ", ", &fact->refusals);
    write_derivation(&explainer, fact);
    write_terms(&explainer, fact);
    write_readers(&explainer, fact);
}

/* ---- the list ---- */

static void write_line(bm_explainer *explainer, const bm_fact *fact)
{
    enum { TYPE_COLUMN = 30, LABEL_COLUMN = 52 };
    bm_page *page = &explainer->page;
    bm_page_begin(page, 2, NULL);
    bm_page_put(page, fact->id);
    bm_page_tab(page, TYPE_COLUMN);
    bm_page_put(page, type_name(explainer->set, fact));
    if (fact->type.base == BM_NUMBER) {
        bm_page_put(page, " ");
        put_range(page, &fact->type);
    }
    bm_page_tab(page, LABEL_COLUMN);
    bm_page_put(page, fact->label);
    bm_page_end(page);
}

static void write_kind(bm_explainer *explainer, int kind, bool values)
{
    const bm_definitions *definitions = &explainer->set->definitions;
    const char *label = bm_kind_label(explainer->set, kind);
    bool any = false;
    for (int n = 0; n < definitions->fact_count * BM_MOST_PRECEDENCE; n++) {
        const bm_fact *fact = &definitions->facts[n % definitions->fact_count];
        int turn = n / definitions->fact_count + 1; /* those without precedence come last */
        if (fact->kind != kind || fact->is_value != values ||
            (fact->precedence > 0 ? fact->precedence : BM_MOST_PRECEDENCE) != turn) {
            continue;
        }
        if (!any) {
            bm_page_gap(&explainer->page);
            bm_page_begin(&explainer->page, 0, NULL);
            bm_page_puts(&explainer->page,
                         (const char *[]){values ? "Derived values" : "Facts", " about ",
                                          label == NULL ? "the patient" : "each ", label, NULL});
            bm_page_end(&explainer->page);
            any = true;
        }
        write_line(explainer, fact);
    }
}

void bm_write_facts_text(bm_text *out, const bonemets_guidelines *set)
{
    bm_explainer explainer = {.set = set};
    bm_page_init(&explainer.page, out);
    bm_page_line(&explainer.page, 0, NULL, "A derived value may be entered too, and then wins.");
    for (int kind = 0; kind < set->definitions.kind_count; kind++) {
        write_kind(&explainer, kind, false);
        write_kind(&explainer, kind, true);
    }
}
