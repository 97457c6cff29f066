/* SPDX-License-Identifier: Apache-2.0 */
/* The head of the page: how urgent it is for certain, and what may yet be. What rests on nothing
 * that was entered holds for everybody and says nothing of how urgent this patient is. */
#include "report/summary_row.h"

/* The most urgent row, of these the one with the shortest limit; and the shortest limit of all. */
typedef struct {
    const bm_row_def *row, *shortest;
    bool contradicted;
} head;

static bool is_shorter(const bm_row_def *row, const bm_row_def *than)
{
    return row->within_h >= 0 &&
           (than == NULL || than->within_h < 0 || row->within_h < than->within_h);
}

static bool goes_before(const bm_row_def *row, const bm_row_def *than)
{
    return row->urgency_rank >= 0 &&
           (than == NULL || row->urgency_rank < than->urgency_rank ||
            (row->urgency_rank == than->urgency_rank && is_shorter(row, than)));
}

static void look_at_group(bm_summary *summary, const bm_group *group, void *ctx)
{
    head *found = ctx;
    for (int i = 0; i < group->guideline->row_count; i++) {
        const bm_row_def *row = &group->guideline->rows[i];
        bm_spoken item;
        bool before = goes_before(row, found->row), shorter = is_shorter(row, found->shortest);
        if ((!before && !shorter && !row->hard) || !bm_row_open(summary, group, i, &item) ||
            !item.speaks || !bm_row_rests_on_something_entered(summary, &item)) {
            continue;
        }
        found->row = before ? row : found->row;
        found->shortest = shorter ? row : found->shortest;
        found->contradicted = found->contradicted || row->hard;
    }
}

/* "No urgency" is no answer while something urgent is still possible. */
static bool is_known(const bm_summary *summary, const head *found)
{
    int least = bm_scale_size(summary->writer.set, "urgency") - 1;
    int possible = summary->a->most_urgent_possible;
    return found->row != NULL &&
           (found->row->urgency_rank < least || possible < 0 || possible >= least);
}

static void put_name(bm_summary *summary, const bm_row_def *row)
{
    bm_page_puts(summary->page, (const char *[]){" [", row->id, "]", NULL});
}

static void put_urgency(bm_summary *summary, const bm_row_def *row)
{
    if (row->within_h >= 0) {
        bm_page_capitals(summary->page, row->urgency);
        bm_page_put(summary->page, row->within_h > 0 ? ": within " : ": ");
        bm_page_hours(summary->page, row->within_h);
    } else {
        bm_put_urgency(&summary->writer, row->urgency);
    }
    put_name(summary, row);
}

static void put_soonest(bm_summary *summary)
{
    const bm_row_def *row = summary->a->soonest_row;
    if (row != NULL) {
        bm_put_deadline(summary->page, "; first limit to end: ", &summary->a->soonest);
        put_name(summary, row);
    }
}

static void write_certain(bm_summary *summary, const head *found)
{
    bm_page_begin_title(summary->page, '=');
    if (is_known(summary, found)) {
        put_urgency(summary, found->row);
        if (found->shortest != NULL && is_shorter(found->shortest, found->row)) {
            bm_page_put(summary->page, "; shortest limit ");
            bm_page_hours(summary->page, found->shortest->within_h);
            put_name(summary, found->shortest);
        }
        put_soonest(summary);
    } else {
        bm_page_put(summary->page, "URGENCY NOT YET KNOWN");
    }
    bm_page_end_title(summary->page, '=');
}

static void write_possible(bm_summary *summary, const head *found)
{
    int possible = summary->a->most_urgent_possible;
    if (possible >= 0 && (!is_known(summary, found) || possible < found->row->urgency_rank)) {
        const bm_scale *scale = bm_definitions_scale(summary->definitions, "urgency");
        bm_page_begin(summary->page, 0, NULL);
        bm_page_put(summary->page, "Still possible: ");
        bm_put_urgency(&summary->writer, scale->members.items[possible].key);
        bm_page_end(summary->page);
    }
}

void bm_write_summary_head(bm_summary *summary)
{
    head found = {NULL, NULL, false};
    if (summary->a->choices.count + summary->a->advice.count + summary->a->undecided.count == 0) {
        bm_page_title(summary->page, "Assessment", '=');
        return;
    }
    bm_for_groups(summary, look_at_group, &found);
    write_certain(summary, &found);
    write_possible(summary, &found);
    if (found.contradicted || bonemets_assessment_count(summary->a, BONEMETS_DISAGREEMENTS) > 0) {
        bm_page_line(
            summary->page, 0, "! ",
            "Entries contradict each other; see Conflicts before relying on what follows.");
    }
}
