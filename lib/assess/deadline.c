/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/deadline.h"

#include <math.h>

/* The hours that have passed; false when nothing is known of them. Of a clock that starts later
 * than now nothing is said: one of the two times is wrong. */
static bool hours_passed(const bonemets_assessment *a, const bm_guideline *guideline, int record,
                         const bm_clock *clock, bm_cell *out)
{
    bm_cell cell = bm_assessment_cell(&a->frame, guideline->kind, record, clock->slot);
    uint64_t applies =
        clock->applies < 0
            ? BM_YES
            : bm_assessment_cell(&a->frame, guideline->kind, record, clock->applies).low.mask;
    bool anything = cell.low.number <= clock->least && cell.high.number >= clock->most;
    if (applies != BM_YES || anything || bm_cell_same(BM_NUMBER, cell, clock->blank) ||
        !isfinite(cell.low.number) || !isfinite(cell.high.number) || cell.high.number < 0)
        return false;
    cell.low.number = fmax(cell.low.number, 0);
    *out = cell;
    return true;
}

static bool present(const bonemets_assessment *a, bm_cell *out)
{
    const bm_fact *now = a->set->definitions.now;
    if (!now || now->input < 0 || !a->frame.given[0][now->input])
        return false;
    *out = bm_assessment_cell(&a->frame, 0, 0, now->input);
    return true;
}

static double after(double instant, double hours)
{
    return floor(instant + hours * BM_SECONDS_OF_HOUR + 0.5);
}

bm_deadline bm_deadline_of(const bonemets_assessment *a, const bm_guideline *guideline, int record,
                           const bm_clock *clock, double limit)
{
    bm_deadline out = {.state = BONEMETS_INAPPLICABLE};
    bm_cell passed, now;
    if (clock->slot < 0 || limit < 0)
        return out;
    out.state = BONEMETS_UNKNOWN;
    if (!hours_passed(a, guideline, record, clock, &passed))
        return out;
    out.state = bm_cell_known(BM_NUMBER, passed) ? BONEMETS_KNOWN : BONEMETS_PARTLY;
    out.low = limit - passed.high.number;
    out.high = limit - passed.low.number;
    out.dated = present(a, &now);
    if (out.dated) {
        out.due_low = after(now.low.number, out.low);
        out.due_high = after(now.high.number, out.high);
    }
    return out;
}

static bool speaks(const bm_view *view)
{
    const bm_row *row = &view->a->set->program.rows[view->row->row];
    return (bm_view_cell(view, row->slot).low.mask & BM_ROW_SPEAKS) != 0;
}

bm_deadline bm_view_deadline(const bm_view *view)
{
    const bm_clock *clock = NULL;
    double limit = -1;
    if (view->list == BONEMETS_CHOICES && view->choice->numbers) {
        int value = bm_outcome_value(bm_view_cell(view, view->choice->slot));
        clock = &view->choice->clock;
        limit = value < 0 ? -1 : view->choice->numbers[value];
    } else if (view->list == BONEMETS_ADVICE && speaks(view)) {
        clock = &view->row->clock;
        limit = view->row->within_h;
    }
    if (!clock)
        return (bm_deadline){.state = BONEMETS_INAPPLICABLE};
    return bm_deadline_of(view->a, view->guideline, view->entry->record, clock, limit);
}
