/* SPDX-License-Identifier: Apache-2.0 */
/* The assessment as a clinician reads it: what is urgent, what is known, scores, considerations,
 * what to find out, conflicts, assumptions, limits. */
#ifndef BM_REPORT_SUMMARY_H
#define BM_REPORT_SUMMARY_H

#include "assess/entry.h"
#include "report/text.h"

enum { BM_SAID_ROOM = 1024, BM_SHOWN_WORDS = 256 };

typedef struct {
    bm_writer writer;
    bm_page *page; /* of the writer */
    const bonemets_assessment *a;
    const bm_definitions *definitions;
    /* What has been said of a record, so that it is said once. When it is full nothing more is
     * kept, and a repetition may stand. */
    struct {
        const char *text;
        int kind, record;
    } said[BM_SAID_ROOM];
    int said_count;
    uint64_t rows[BM_SHOWN_WORDS];       /* rows of the program that have been written … */
    uint64_t short_rows[BM_SHOWN_WORDS]; /* … and those of which only the row is named */
    uint64_t results[BM_SHOWN_WORDS];    /* guidelines a result of which has been written */
    uint64_t silent_words[BM_MARK_WORDS];
    bm_marks silent;                     /* inputs on whose silence something written rests */
    int left_out;                        /* notes that do not bear on what was entered */
} bm_summary;

/* A guideline as it was evaluated for one record, with its entries of the notes. */
typedef struct {
    int number, record;
    const bm_guideline *guideline;
    int32_t first_note, end_note;
} bm_group;

void bm_summary_init(bm_summary *summary, bm_text *out, const bonemets_assessment *result,
                     bool markdown);

typedef void bm_group_writer(bm_summary *summary, const bm_group *group, void *ctx);
/* All that were evaluated, in the order of precedence. */
void bm_for_groups(bm_summary *summary, bm_group_writer *write, void *ctx);

bm_cell bm_group_cell(const bm_summary *summary, const bm_group *group, int32_t slot);
bool bm_summary_mark(uint64_t *words, int number); /* false: it was marked, or does not fit */
bool bm_summary_marked(const uint64_t *words, int number);
bool bm_group_in_section(const bm_group *group, const char *section);

/* Has a row of its guideline been written? */
bool bm_group_has_spoken(const bm_summary *summary, const bm_group *group);

/* ` (lesion 2)` */
void bm_put_group_record(bm_summary *summary, const bm_group *group);
/* The same of an input; nothing for the patient. */
void bm_put_input_record(bm_summary *summary, const bm_marked_input *input);
/* The text that goes with a section, from the vocabulary. */
void bm_write_section_note(bm_summary *summary, const char *section);
/* Labels of inputs, with the records that they belong to, up to a few; `own`: the record that need
 * not be named. */
void bm_put_marked(bm_summary *summary, const bm_marks *marks, const bm_group *own);
/* What an input holds; of a set also what it holds not, when `absent`. */
void bm_put_entry(bm_summary *summary, const bm_marked_input *input, bool absent);
void bm_put_label(bm_summary *summary, const char *label, const char *id);
/* Anything among them that was entered, settings aside? */
bool bm_any_given(const bm_summary *summary, const bm_marks *marks);

/* Its own file each; in the order in which they are read. */
void bm_write_summary_head(bm_summary *summary);
void bm_write_red_flags(bm_summary *summary);
void bm_write_known(bm_summary *summary);
void bm_write_scores(bm_summary *summary);
void bm_write_considerations(bm_summary *summary);
void bm_write_to_find_out(bm_summary *summary);
void bm_write_conflicts(bm_summary *summary);
void bm_write_for_everybody(bm_summary *summary);
void bm_write_rests_on(bm_summary *summary);
void bm_write_limits(bm_summary *summary);
void bm_write_cited(bm_summary *summary);

/* Choices of a group without an outcome so far, that may still get one. */
bool bm_choice_is_open(const bm_summary *summary, const bm_group *group, int choice);

#endif
