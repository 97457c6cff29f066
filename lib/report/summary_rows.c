/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that can wait: with their guideline, with the conflicts, or last when they hold for
 * everybody. */
#include "report/summary_row.h"

#include <string.h>

/* ---- by guideline ---- */

typedef struct {
    bool section;
} considerations;

/* It reads something that was entered. */
static bool note_bears(const bm_summary *summary, const bm_group *group, const bm_note *note)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marks_init(&marks, &summary->a->frame, words);
    bm_why_so(&summary->a->frame, group->guideline->kind, group->record, note->when_slot, &marks);
    return bm_any_given(summary, &marks);
}

static bool is_conflict(const bm_note *note)
{
    return strncmp(note->id, "conflict_", strlen("conflict_")) == 0;
}

static void write_note(bm_summary *summary, const bm_group *group, const bm_note *note, bool record)
{
    bm_page_begin(summary->page, 0, "- ");
    bm_page_puts(summary->page, (const char *[]){"Note: ", note->say, " (", NULL});
    bm_page_name(summary->page, note->verified);
    bm_page_put(summary->page, ")");
    if (record) {
        bm_put_group_record(summary, group);
    }
    bm_page_end(summary->page);
}

static void write_notes(bm_summary *summary, const bm_group *group)
{
    for (int32_t i = group->first_note; i < group->end_note; i++) {
        const bm_note *note = &group->guideline->notes[summary->a->notes.items[i].index];
        if (!is_conflict(note) && note_bears(summary, group, note)) {
            write_note(summary, group, note, false);
        } else if (!is_conflict(note)) {
            summary->left_out++;
        }
    }
}

static void write_heading(bm_summary *summary, const bm_group *group, bool section)
{
    if (section) {
        bm_write_section(&summary->writer, "Considerations");
    } else {
        bm_page_gap(summary->page);
    }
    bm_page_begin_title(summary->page, ' ');
    bm_page_put(summary->page, group->guideline->title);
    bm_put_group_record(summary, group);
    bm_page_end_title(summary->page, ' ');
}

static void write_group(bm_summary *summary, const bm_group *group, void *ctx)
{
    considerations *state = ctx;
    bool any = false;
    for (int i = 0; i < group->guideline->row_count; i++) {
        bm_spoken item;
        if (!bm_row_open(summary, group, i, &item) ||
            bm_row_place(summary, &item) != BM_CONSIDERATION ||
            !bm_row_says_something_new(summary, &item)) {
            continue;
        }
        if (!any) {
            write_heading(summary, group, !state->section);
        }
        bm_write_spoken(summary, &item, BM_WITH_BOTH);
        any = state->section = true;
    }
    if (any) {
        write_notes(summary, group);
    } else {
        summary->left_out += group->end_note - group->first_note;
    }
}

void bm_write_considerations(bm_summary *summary)
{
    considerations state = {false};
    bm_for_groups(summary, write_group, &state);
}

/* ---- for everybody ---- */

/* Only by name: what holds whatever is entered is no news at a meeting. */
static void write_everybody_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    bool *begun = ctx;
    for (int i = 0; i < group->guideline->row_count; i++) {
        bm_spoken item;
        if (!bm_row_open(summary, group, i, &item) || !item.speaks ||
            bm_row_place(summary, &item) != BM_FOR_EVERYBODY ||
            !bm_row_says_something_new(summary, &item) ||
            !bm_summary_mark(summary->short_rows, item.row->row)) {
            continue;
        }
        if (!*begun) {
            bm_page_begin(summary->page, 0, "- ");
            bm_page_put(summary->page,
                        "Rows that hold for everybody, whatever was entered (in the full text): ");
        }
        bm_page_puts(summary->page, (const char *[]){*begun ? ", " : "", item.row->id, NULL});
        *begun = true;
    }
}

void bm_write_for_everybody(bm_summary *summary)
{
    bool begun = false;
    bm_for_groups(summary, write_everybody_of, &begun);
    if (begun) {
        bm_page_end(summary->page);
    }
}

/* ---- conflicts ---- */

static void open_conflicts(bm_summary *summary, bool *section)
{
    if (!*section) {
        bm_write_section(&summary->writer, "Conflicts");
        bm_write_section_note(summary, "conflicts");
    }
    *section = true;
}

/* What was entered that the row speaks of. */
static void write_entries(bm_summary *summary, const bm_spoken *item)
{
    const bm_frame *frame = &summary->a->frame;
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marked_input one;
    int put = 0;
    bm_marks_init(&marks, frame, words);
    bm_why_so(frame, item->group->guideline->kind, item->group->record, item->made->when, &marks);
    for (size_t at = 0; bm_marks_next(&marks, frame, &at, &one);) {
        const bm_fact *fact = bm_set_input_fact(summary->a->set, one.kind, one.input);
        if (put == 0) {
            bm_page_begin(summary->page, 2, NULL);
            bm_page_put(summary->page, "Entered: ");
        }
        bm_page_put(summary->page, put++ > 0 ? "; " : "");
        bm_put_label(summary, fact->label, fact->id);
        bm_put_input_record(summary, &one);
        bm_page_put(summary->page, ": ");
        bm_put_entry(summary, &one, false);
    }
    if (put > 0) {
        bm_page_end(summary->page);
    }
}

static void write_conflicts_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    for (int i = 0; i < group->guideline->row_count && bm_group_in_section(group, "conflicts");
         i++) {
        bm_spoken item;
        if (bm_row_open(summary, group, i, &item)) {
            open_conflicts(summary, ctx);
            bm_write_spoken(summary, &item, BM_WITH_BOTH);
            write_entries(summary, &item);
        }
    }
    for (int32_t i = group->first_note; i < group->end_note; i++) {
        const bm_note *note = &group->guideline->notes[summary->a->notes.items[i].index];
        if (is_conflict(note) && note_bears(summary, group, note)) {
            open_conflicts(summary, ctx);
            write_note(summary, group, note, true);
        }
    }
}

void bm_write_conflicts(bm_summary *summary)
{
    bool section = false;
    bm_for_groups(summary, write_conflicts_of, &section);
    if (bonemets_assessment_count(summary->a, BONEMETS_DISAGREEMENTS) > 0) {
        open_conflicts(summary, &section);
        bm_write_each_disagreement(&summary->writer);
    }
}
