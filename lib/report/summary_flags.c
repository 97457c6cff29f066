/* SPDX-License-Identifier: Apache-2.0 */
/* What cannot wait, by its limits, and what may turn out so. */
#include "report/summary_row.h"

#include <limits.h>
#include <string.h>

/* ---- what cannot wait ---- */

/* Those of one limit and precedence, and what comes next. */
typedef struct {
    double limit, next_limit;
    int precedence, next;
    bool section, heading;
} red_flags;

static const double last = 1e300;

static int precedence_of(const bm_spoken *item)
{
    int own = item->row->precedence, all = item->group->guideline->precedence;
    return own > 0 ? own : all > 0 ? all : INT_MAX - 1;
}

/* Rows without a limit come behind those with one, by their urgency. */
static double limit_of(const bm_row_def *row)
{
    return row->within_h >= 0 ? row->within_h : last / 2 * (1 + row->urgency_rank / 64.0);
}

static void write_limit(bm_summary *summary, red_flags *flags, const bm_row_def *row)
{
    if (!flags->section) {
        bm_write_section(&summary->writer, "Red flags and deadlines");
    } else if (!flags->heading) {
        bm_page_gap(summary->page);
    }
    if (!flags->heading) {
        bm_page_begin_title(summary->page, ' ');
        if (row->within_h > 0) {
            bm_page_put(summary->page, "Within ");
            bm_page_hours(summary->page, row->within_h);
        } else if (row->within_h < 0) {
            bm_put_urgency(&summary->writer, row->urgency);
        } else {
            bm_page_put(summary->page, "At once");
        }
        bm_page_end_title(summary->page, ' ');
    }
    flags->section = flags->heading = true;
}

static void write_or_put_off(bm_summary *summary, red_flags *flags, const bm_spoken *item)
{
    int precedence = precedence_of(item);
    double limit = limit_of(item->row);
    if (limit > flags->limit) {
        flags->next_limit = limit < flags->next_limit ? limit : flags->next_limit;
    } else if (limit < flags->limit) {
        return;
    } else if (precedence == flags->precedence && bm_row_says_something_new(summary, item)) {
        write_limit(summary, flags, item->row);
        bm_write_spoken(summary, item, BM_WITH_URGENCY);
    } else if (precedence > flags->precedence && precedence < flags->next) {
        flags->next = precedence;
    }
}

static void write_red_flags_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    for (int i = 0; i < group->guideline->row_count; i++) {
        bm_spoken item;
        if (bm_row_is_red_flag(summary, &group->guideline->rows[i]) &&
            bm_row_open(summary, group, i, &item) && bm_row_place(summary, &item) == BM_RED_FLAG) {
            write_or_put_off(summary, ctx, &item);
        }
    }
}

/* By limit, then by precedence, then in the order of the tables. */
static void write_by_limit(bm_summary *summary)
{
    red_flags flags = {.limit = 0};
    for (; flags.limit < last; flags.limit = flags.next_limit) {
        flags.next_limit = last;
        flags.heading = false;
        for (flags.precedence = 0; flags.precedence < INT_MAX; flags.precedence = flags.next) {
            flags.next = INT_MAX;
            bm_for_groups(summary, write_red_flags_of, &flags);
        }
    }
}

/* ---- what may still be urgent ---- */

/* A row that waits matters when it is more urgent than what is certain, and advice also when it is
 * as urgent; a choice says itself that it is open. */
static bool is_pressing(const bm_summary *summary, const bm_row_def *row)
{
    int certain = summary->a->most_urgent;
    return bm_row_is_red_flag(summary, row) &&
           (certain < 0 || row->urgency_rank < certain ||
            (row->urgency_rank == certain && row->choose == NULL));
}

/* The outcome that the row would give. */
static void put_would_be(bm_summary *summary, const bm_guideline *guideline, const bm_row_def *row)
{
    const bm_choice *choice = row->choose == NULL ? NULL : &guideline->choices[row->choice];
    for (int value = 0; choice != NULL && value < choice->codes.count; value++) {
        if (bm_same(choice->codes.ids[value], row->choose)) {
            bm_page_puts(summary->page, (const char *[]){" ", choice->label, ": ", NULL});
            bm_put_outcome(summary, choice, value);
            bm_page_put(summary->page, ".");
        }
    }
}

/* What it would ask for: it may be the one thing to do before something else. */
static void put_would_do(bm_summary *summary, const bm_spoken *item)
{
    if (item->row->actions.count > 0) {
        bm_page_put(summary->page, " Then: ");
        bm_put_words(summary, item, &item->row->actions);
        bm_page_put(summary->page, ".");
    }
}

static void write_waiting(bm_summary *summary, const bm_entry *entry)
{
    const bm_guideline *guideline = &summary->definitions->guidelines[entry->guideline];
    const bm_row_def *row = &guideline->rows[entry->index];
    const bm_group group = {
        .number = entry->guideline, .record = entry->record, .guideline = guideline};
    const bm_spoken item = {.group = &group, .row = row, .entry = *entry};
    bm_page_begin(summary->page, 0, "? ");
    bm_page_capitals(summary->page, row->urgency);
    bm_put_row_id(summary, &item, BM_WITH_LIMIT);
    put_would_be(summary, guideline, row);
    put_would_do(summary, &item);
    bm_page_puts(summary->page, (const char *[]){" ", row->because, " Open", NULL});
    bm_put_row_waiting(summary, &item, BONEMETS_UNDECIDED, entry->index);
    bm_page_end(summary->page);
}

static const bm_row_def *row_of(const bm_summary *summary, const bm_entry *entry)
{
    return &summary->definitions->guidelines[entry->guideline].rows[entry->index];
}

/* How many facts a row waits for. */
static int count_waiting(const bm_summary *summary, const bm_entry *entry)
{
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marks_init(&marks, &summary->a->frame, words);
    bm_reasons_missing(summary->a, BONEMETS_UNDECIDED, entry, &marks);
    return marks.count;
}

/* How many that were entered speak for it already. */
static int count_held(const bm_summary *summary, const bm_entry *entry)
{
    const bm_row *row = &summary->a->set->program.rows[row_of(summary, entry)->row];
    uint64_t words[BM_MARK_WORDS];
    bm_marks marks;
    bm_marks_init(&marks, &summary->a->frame, words);
    bm_why_held(&summary->a->frame, row->kind, entry->record, row->when, &marks);
    return marks.count;
}

typedef struct {
    int held, waiting, rank, at; /* facts known and open, urgency, place in the list */
} pressing_row;

/* By the share of its facts that is known, then by urgency. */
static bool is_nearer(const pressing_row *x, const pressing_row *y)
{
    int left = x->held * (y->held + y->waiting), right = y->held * (x->held + x->waiting);
    if (left != right) {
        return left > right;
    }
    if (x->waiting != y->waiting) {
        return x->waiting < y->waiting;
    }
    return x->rank != y->rank ? x->rank < y->rank : x->at < y->at;
}

/* Enough of one table: another may have the row that matters. */
static bool has_its_share(const bm_summary *summary, const pressing_row *chosen, int count,
                          const bm_entry *entry)
{
    enum { MOST_OF_ONE = 2 };
    int same = 0;
    for (int i = 0; i < count; i++) {
        const bm_entry *other = &summary->a->undecided.items[chosen[i].at];
        same += other->guideline == entry->guideline && other->record == entry->record;
    }
    return summary->a->target < 0 && same >= MOST_OF_ONE;
}

static bool is_chosen(const pressing_row *chosen, int count, int at)
{
    for (int i = 0; i < count; i++) {
        if (chosen[i].at == at) {
            return true;
        }
    }
    return false;
}

/* The nearest that is not chosen yet; false when there is none. */
static bool choose_nearest(const bm_summary *summary, pressing_row *chosen, int count)
{
    pressing_row best = {0, -1, 0, 0};
    for (int i = 0; i < summary->a->undecided.count; i++) {
        const bm_entry *entry = &summary->a->undecided.items[i];
        const bm_row_def *row = row_of(summary, entry);
        if (!is_pressing(summary, row) || is_chosen(chosen, count, i) ||
            has_its_share(summary, chosen, count, entry)) {
            continue;
        }
        const pressing_row one = {count_held(summary, entry), count_waiting(summary, entry),
                                  row->urgency_rank, i};
        best = best.waiting < 0 || is_nearer(&one, &best) ? one : best;
    }
    chosen[count] = best;
    return best.waiting >= 0;
}

static int count_pressing(const bm_summary *summary)
{
    int count = 0;
    for (int i = 0; i < summary->a->undecided.count; i++) {
        count += is_pressing(summary, row_of(summary, &summary->a->undecided.items[i]));
    }
    return count;
}

static void open_may_be_urgent(bm_summary *summary, bool *section)
{
    if (!*section) {
        bm_write_section(&summary->writer, "May still be urgent");
    }
    *section = true;
}

/* What a time-critical table that has begun to speak has not decided yet: it may be decided on the urgent side. */
static void write_open_of(bm_summary *summary, const bm_group *group, void *ctx)
{
    bool asked = group->guideline->time_critical && bm_group_has_spoken(summary, group);
    for (int i = 0; i < group->guideline->choice_count && asked; i++) {
        const bm_choice *choice = &group->guideline->choices[i];
        const bm_spoken item = {.group = group, .entry = {group->number, i, group->record}};
        if (choice->is_text || !bm_choice_is_open(summary, group, i)) {
            continue;
        }
        open_may_be_urgent(summary, ctx);
        bm_page_begin(summary->page, 0, "? ");
        bm_page_puts(summary->page, (const char *[]){choice->label, ": not settled, ", NULL});
        bm_put_possible(summary, choice, bm_group_cell(summary, group, choice->slot));
        bm_put_row_waiting(summary, &item, BONEMETS_CHOICES, i);
        bm_page_end(summary->page);
    }
}

static void write_may_be_urgent(bm_summary *summary)
{
    enum { MOST_PRESSING = 6 };
    pressing_row chosen[MOST_PRESSING];
    bool section = false;
    int count = 0, all = count_pressing(summary);
    while (count < MOST_PRESSING && choose_nearest(summary, chosen, count)) {
        open_may_be_urgent(summary, &section);
        write_waiting(summary, &summary->a->undecided.items[chosen[count++].at]);
    }
    bm_for_groups(summary, write_open_of, &section);
    if (all > count) {
        bm_page_begin(summary->page, 0, "? ");
        bm_page_put(summary->page, "and ");
        bm_page_int(summary->page, all - count);
        bm_page_put(summary->page, all - count == 1 ? " more row" : " more rows");
        bm_page_put(summary->page, ", in the full text");
        bm_page_end(summary->page);
    }
}

void bm_write_red_flags(bm_summary *summary)
{
    write_by_limit(summary);
    write_may_be_urgent(summary);
}
