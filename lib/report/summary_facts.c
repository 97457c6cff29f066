/* SPDX-License-Identifier: Apache-2.0 */
/* What was entered, in words: one paragraph for each record. */
#include "report/summary.h"

#include "engine/compile.h"

static bool is_given(const bm_summary *summary, const bm_fact *fact, int kind, int record)
{
    size_t inputs = (size_t)summary->a->frame.program->kinds[kind].inputs;
    return fact->kind == kind && fact->input >= 0 && !fact->setting &&
           summary->a->frame.given[kind][(size_t)record * inputs + (size_t)fact->input] != 0;
}

static void put_codes(bm_summary *summary, const bm_codes *codes, uint64_t mask,
                      const char *between)
{
    bool first = true;
    for (int i = 0; i < codes->count; i++) {
        if ((mask >> i) & 1) {
            bm_page_put(summary->page, first ? "" : between);
            bm_put_label(summary, codes->labels == NULL ? NULL : codes->labels[i], codes->ids[i]);
            first = false;
        }
    }
}

/* Members that are present, and those of which it is not known. */
static void put_set(bm_summary *summary, const bm_codes *codes, bm_cell cell, bool absent)
{
    uint64_t open = cell.high.mask & ~cell.low.mask;
    uint64_t all = codes->count >= 64 ? UINT64_MAX : (UINT64_C(1) << codes->count) - 1;
    if (cell.high.mask == 0) {
        bm_page_put(summary->page, "none");
        return;
    }
    put_codes(summary, codes, cell.low.mask, ", ");
    if (absent && open == 0 && cell.low.mask != all) {
        /* nobody may have looked for them, so that they stand here to be seen */
        bm_page_put(summary->page, " (absent: ");
        put_codes(summary, codes, all & ~cell.low.mask, ", ");
        bm_page_put(summary->page, ")");
    }
    if (open != 0) {
        bm_page_put(summary->page, cell.low.mask != 0 ? " (not known: " : "(not known: ");
        if (cell.high.mask == all && cell.low.mask == 0) {
            bm_page_put(summary->page, "all");
        } else {
            put_codes(summary, codes, open, ", ");
        }
        bm_page_put(summary->page, ")");
    }
}

static uint8_t entered_unit(const bm_summary *summary, const bm_marked_input *input)
{
    const bm_frame *frame = &summary->a->frame;
    size_t inputs = (size_t)frame->program->kinds[input->kind].inputs;
    return bm_given_unit(
        frame->given[input->kind][(size_t)input->record * inputs + (size_t)input->input]);
}

/* In the unit in which it came, so that it can be held against the letter it came from. */
static void put_number(bm_summary *summary, const bm_fact *fact, bm_cell cell, uint8_t place)
{
    const bm_type *type = &fact->type;
    bm_unit unit = {.unit = type->unit, .factor = 1};
    if (bm_is_instant(type)) {
        bm_page_instants(summary->page, cell.low.number, cell.high.number);
        return;
    }
    if (place > 0 && place < type->unit_count) {
        unit = type->units[place];
        unit.divide = !unit.divide;
    }
    if (cell.low.number < cell.high.number) {
        bm_page_number(summary->page, bm_unit_apply(&unit, cell.low.number));
        bm_page_put(summary->page, " to ");
    }
    bm_page_quantity(summary->page, bm_unit_apply(&unit, cell.high.number), unit.unit);
}

void bm_put_entry(bm_summary *summary, const bm_marked_input *input, bool absent)
{
    const bm_fact *fact = bm_set_input_fact(summary->a->set, input->kind, input->input);
    bm_cell cell = bm_frame_cell(&summary->a->frame, input->kind, input->record, input->input);
    switch (fact->type.base) {
    case BM_NUMBER:
        put_number(summary, fact, cell, entered_unit(summary, input));
        return;
    case BM_BOOL:
        bm_page_put(summary->page, cell.low.mask == BM_YES  ? "yes"
                                   : cell.low.mask == BM_NO ? "no"
                                                            : "not known");
        return;
    case BM_SET:
        put_set(summary, fact->type.codes, cell, absent);
        return;
    default:
        put_codes(summary, fact->type.codes, cell.low.mask, " or ");
    }
}

/* ` label value` of all that is no flag, in the order of the vocabulary. */
static int put_values(bm_summary *summary, int kind, int record)
{
    int put = 0;
    for (int i = 0; i < summary->definitions->fact_count; i++) {
        const bm_fact *fact = &summary->definitions->facts[i];
        bm_cell cell;
        if (!is_given(summary, fact, kind, record)) {
            continue;
        }
        cell = bm_assessment_cell(&summary->a->frame, kind, record, fact->input);
        if (fact->type.base == BM_BOOL && cell.low.mask != BM_EITHER) {
            continue;
        }
        bm_page_put(summary->page, put++ > 0 ? "; " : "");
        bm_put_label(summary, fact->label, fact->id);
        bm_page_put(summary->page, ": ");
        bm_put_entry(summary, &(bm_marked_input){kind, record, fact->input}, true);
    }
    return put;
}

/* All flags that are yes, or all that are no. */
static int put_flags(bm_summary *summary, int kind, int record, uint64_t truth, int before)
{
    int put = 0;
    for (int i = 0; i < summary->definitions->fact_count; i++) {
        const bm_fact *fact = &summary->definitions->facts[i];
        if (!is_given(summary, fact, kind, record) || fact->type.base != BM_BOOL ||
            bm_assessment_cell(&summary->a->frame, kind, record, fact->input).low.mask != truth) {
            continue;
        }
        if (put == 0) {
            bm_page_put(summary->page, before > 0 ? ". " : "");
            bm_page_put(summary->page, truth == BM_YES ? "Yes: " : "No: ");
        }
        bm_page_put(summary->page, put++ > 0 ? "; " : "");
        bm_put_label(summary, fact->label, fact->id);
    }
    return before + put;
}

static bool any_given(const bm_summary *summary, int kind, int record)
{
    for (int i = 0; i < summary->definitions->fact_count; i++) {
        if (is_given(summary, &summary->definitions->facts[i], kind, record)) {
            return true;
        }
    }
    return false;
}

static void put_owner(bm_summary *summary, int kind, int record)
{
    const char *label = bm_kind_label(summary->writer.set, kind);
    int number = bm_assessment_record(summary->a, kind, record);
    bm_page_put(summary->page, kind == 0 ? "Patient" : number > 0 ? "" : "Every ");
    bm_page_put(summary->page, label);
    if (number > 0) {
        bm_page_put(summary->page, " ");
        bm_page_int(summary->page, number);
    }
    bm_page_put(summary->page, ": ");
}

static void write_record(bm_summary *summary, int kind, int record)
{
    bool nothing = !any_given(summary, kind, record);
    if (nothing && kind > 0 && !summary->a->frame.listed[kind] && !summary->a->frame.none[kind]) {
        return;
    }
    bm_page_begin(summary->page, 0, "- ");
    if (summary->a->frame.none[kind]) {
        bm_page_puts(summary->page,
                     (const char *[]){bm_kind_label(summary->writer.set, kind), ": none", NULL});
    } else {
        put_owner(summary, kind, record);
        int put = put_values(summary, kind, record);
        put = put_flags(summary, kind, record, BM_YES, put);
        put_flags(summary, kind, record, BM_NO, put);
        bm_page_put(summary->page, nothing ? "nothing was entered" : "");
    }
    bm_page_end(summary->page);
}

static bool is_default(const bm_summary *summary, const bm_fact *fact)
{
    return bm_frame_cell(&summary->a->frame, 0, 0, fact->input).low.mask ==
           summary->a->set->settings[fact->input].low.mask;
}

/* Those that somebody chose, each by its key: it is what one writes into a record. */
static void write_settings(bm_summary *summary)
{
    int put = 0;
    for (int i = 0; i < summary->definitions->fact_count; i++) {
        const bm_fact *fact = &summary->definitions->facts[i];
        const char *option = bm_setting_option(summary->a, fact);
        if (option == NULL || is_default(summary, fact)) {
            continue;
        }
        if (put == 0) {
            bm_page_begin(summary->page, 0, "- ");
        }
        bm_page_put(summary->page, put++ == 0 ? "Settings other than the default: " : "; ");
        bm_page_name(summary->page, fact->id);
        bm_page_put(summary->page, " ");
        bm_page_name(summary->page, option);
    }
    if (put > 0) {
        bm_page_end(summary->page);
    }
}

void bm_write_known(bm_summary *summary)
{
    const bm_frame *frame = &summary->a->frame;
    bm_write_section(&summary->writer, "What is known");
    for (int kind = 0; kind < frame->program->kind_count; kind++) {
        for (int record = 0; record < frame->records[kind]; record++) {
            write_record(summary, kind, record);
        }
    }
    write_settings(summary);
}
