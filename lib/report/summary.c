/* SPDX-License-Identifier: Apache-2.0 */
/* The whole of the written assessment, and what its parts share. */
#include "report/summary.h"

#include <string.h>

#include "report/report.h"

enum { MOST_LABELS = 5 };

bm_cell bm_group_cell(const bm_summary *summary, const bm_group *group, int32_t slot)
{
    return bm_assessment_cell(&summary->a->frame, group->guideline->kind, group->record, slot);
}

bool bm_summary_marked(const uint64_t *words, int number)
{
    return number < 0 || number >= BM_SHOWN_WORDS * 64 ||
           ((words[number / 64] >> (number % 64)) & 1) != 0;
}

bool bm_summary_mark(uint64_t *words, int number)
{
    if (bm_summary_marked(words, number)) {
        return false;
    }
    words[number / 64] |= UINT64_C(1) << (number % 64);
    return true;
}

bool bm_group_in_section(const bm_group *group, const char *section)
{
    return bm_same(group->guideline->section, section);
}

bool bm_group_has_spoken(const bm_summary *summary, const bm_group *group)
{
    for (int i = 0; i < group->guideline->row_count; i++) {
        if (bm_summary_marked(summary->rows, group->guideline->rows[i].row)) {
            return true;
        }
    }
    return false;
}

static bool note_is_of(const bonemets_assessment *a, int32_t note, int number, int record)
{
    return note < a->notes.count && a->notes.items[note].guideline == number &&
           a->notes.items[note].record == record;
}

void bm_for_groups(bm_summary *summary, bm_group_writer *write, void *ctx)
{
    const bonemets_assessment *a = summary->a;
    int32_t note = 0;
    for (int i = 0; i < summary->definitions->guideline_count; i++) {
        int number = a->set->order[i];
        const bm_guideline *guideline = &summary->definitions->guidelines[number];
        if (!bm_assessment_covers(a, number)) {
            continue;
        }
        for (int r = 0; r < a->frame.records[guideline->kind]; r++) {
            bm_group group = {number, r, guideline, note, note};
            while (note_is_of(a, note, number, r)) {
                group.end_note = ++note;
            }
            write(summary, &group, ctx);
        }
    }
}

static void put_record(bm_summary *summary, int kind, int record)
{
    const char *label = bm_kind_label(summary->writer.set, kind);
    int number = bm_assessment_record(summary->a, kind, record);
    if (label != NULL && number > 0) {
        bm_page_puts(summary->page, (const char *[]){label, " ", NULL});
        bm_page_int(summary->page, number);
    }
}

void bm_put_group_record(bm_summary *summary, const bm_group *group)
{
    if (bm_assessment_record(summary->a, group->guideline->kind, group->record) > 0) {
        bm_page_put(summary->page, " (");
        put_record(summary, group->guideline->kind, group->record);
        bm_page_put(summary->page, ")");
    }
}

void bm_put_input_record(bm_summary *summary, const bm_marked_input *input)
{
    if (bm_assessment_record(summary->a, input->kind, input->record) > 0) {
        bm_page_put(summary->page, " (");
        put_record(summary, input->kind, input->record);
        bm_page_put(summary->page, ")");
    }
}

void bm_write_section_note(bm_summary *summary, const char *section)
{
    const char *note = bm_scale_meaning(summary->writer.set, "sections", section);
    if (note != NULL) {
        bm_page_line(summary->page, 0, NULL, note);
    }
}

void bm_put_label(bm_summary *summary, const char *label, const char *id)
{
    if (label != NULL && !bm_same(label, id)) {
        bm_page_put(summary->page, label);
    } else {
        bm_page_name(summary->page, id);
    }
}

void bm_put_marked(bm_summary *summary, const bm_marks *marks, const bm_group *own)
{
    const bm_frame *frame = &summary->a->frame;
    bm_marked_input one, before = {-1, -1, -1};
    int put = 0;
    for (size_t at = 0; bm_marks_next(marks, frame, &at, &one); before = one, put++) {
        if (put == MOST_LABELS && marks->count > MOST_LABELS + 1) {
            bm_page_put(summary->page, " and ");
            bm_page_int(summary->page, marks->count - put);
            bm_page_put(summary->page, " more");
            return;
        }
        const bm_fact *fact = bm_set_input_fact(summary->a->set, one.kind, one.input);
        bm_page_put(summary->page, put > 0 ? "; " : "");
        bool mine = own != NULL && own->guideline->kind == one.kind && own->record == one.record;
        if (!mine && one.kind > 0 && (one.kind != before.kind || one.record != before.record) &&
            bm_assessment_record(summary->a, one.kind, one.record) > 0) {
            put_record(summary, one.kind, one.record);
            bm_page_put(summary->page, ": ");
        }
        bm_put_label(summary, fact->label, fact->id);
    }
}

bool bm_any_given(const bm_summary *summary, const bm_marks *marks)
{
    const bm_frame *frame = &summary->a->frame;
    bm_marked_input one;
    for (size_t at = 0; bm_marks_next(marks, frame, &at, &one);) {
        size_t inputs = (size_t)frame->program->kinds[one.kind].inputs;
        const bm_fact *fact = bm_set_input_fact(summary->a->set, one.kind, one.input);
        if (frame->given[one.kind][(size_t)one.record * inputs + (size_t)one.input] &&
            !fact->setting) {
            return true;
        }
    }
    return false;
}

/* Silence that bears on what was written is asked of the same rows and results again. */
void bm_summary_init(bm_summary *summary, bm_text *out, const bonemets_assessment *result,
                     bool markdown)
{
    memset(summary, 0, sizeof *summary);
    summary->writer.result = summary->a = result;
    summary->writer.set = bm_assessment_set(result);
    summary->definitions = &summary->writer.set->definitions;
    summary->page = &summary->writer.page;
    bm_page_init(summary->page, out);
    summary->page->markdown = markdown;
    bm_marks_init(&summary->silent, &result->frame, summary->silent_words);
}

void bm_write_summary(bm_text *out, const bonemets_assessment *result, bool markdown)
{
    bm_summary summary;
    bm_summary_init(&summary, out, result, markdown);
    bm_write_summary_head(&summary);
    bm_write_red_flags(&summary);
    bm_write_known(&summary);
    bm_write_scores(&summary);
    bm_write_considerations(&summary);
    bm_write_to_find_out(&summary);
    bm_write_conflicts(&summary);
    bm_write_rests_on(&summary);
    bm_write_limits(&summary);
    bm_write_cited(&summary);
}
