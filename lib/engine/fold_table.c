/* SPDX-License-Identifier: Apache-2.0 */
/* An operation on a few columns of bytes, done once for everything that they can be. */
#include <string.h>

#include "engine/fold_parts.h"

/* ---- what is read ---- */

void bm_fold_add_dep(bm_folder *f, const bm_dep *dep)
{
    if (f->dep_count == BM_DEPS) {
        f->refused = true;
        return;
    }
    f->deps[f->dep_count++] = *dep;
}

static void read_sum(bm_folder *f, int kind, int32_t slot, bm_fold_sum *sum)
{
    if (!bm_fold_sum_bytes(f, sum)) {
        f->refused = true;
        return;
    }
    bm_dep dep = {.what = BM_DEP_LOW,
                  .column = sum->low,
                  .kind = kind,
                  .slot = slot,
                  .base = sum->low_base,
                  .unit = sum->unit};
    bm_fold_add_dep(f, &dep);
    dep.what = BM_DEP_HIGH;
    dep.column = sum->high;
    dep.base = sum->high_base;
    bm_fold_add_dep(f, &dep);
}

void bm_fold_read(bm_folder *f, int kind, int32_t number)
{
    bm_folded *slot = bm_fold_slot(f, kind, number);
    if (slot->form == BM_AS_SUM) {
        read_sum(f, kind, number, slot->sum);
        return;
    }
    if (slot->form == BM_AS_TABLE && !slot->cells) { /* nothing has filled it */
        f->refused = true;
        return;
    }
    f->row_by_row |= slot->form == BM_AS_CELLS;
    bm_fold_add_dep(f, &(bm_dep){.column = slot->form == BM_AS_CELLS ? -1 : slot->column,
                                 .kind = kind,
                                 .slot = number,
                                 .cells = slot->form == BM_AS_CELLS ? NULL : slot->cells,
                                 .wide = slot->form == BM_AS_CELLS ? slot->wide : NULL});
}

static void set_given(bm_frame *frame, const bm_dep *dep, uint8_t flag)
{
    ((uint8_t *)(uintptr_t)frame->given[dep->kind])[dep->slot] = flag;
}

void bm_fold_apply(const bm_dep *dep, int state, bm_frame *plain, bm_frame *strict)
{
    double number = dep->base + state * dep->unit;
    switch (dep->what) {
    case BM_DEP_CELL:
        plain->cells[dep->kind][dep->slot] = dep->cells[state].plain;
        strict->cells[dep->kind][dep->slot] = dep->cells[state].strict;
        break;
    case BM_DEP_PLAIN:
        plain->cells[dep->kind][dep->slot] = dep->cells[state].plain;
        break;
    case BM_DEP_STRICT:
        strict->cells[dep->kind][dep->slot] = dep->cells[state].strict;
        break;
    case BM_DEP_LOW:
        plain->cells[dep->kind][dep->slot].low.number = number;
        strict->cells[dep->kind][dep->slot].low.number = number;
        break;
    case BM_DEP_HIGH:
        plain->cells[dep->kind][dep->slot].high.number = number;
        strict->cells[dep->kind][dep->slot].high.number = number;
        break;
    case BM_DEP_GIVEN:
        set_given(plain, dep, dep->flags[state]);
        set_given(strict, dep, dep->flags[state]);
        break;
    case BM_DEP_LISTED:
        plain->listed[dep->kind] = strict->listed[dep->kind] = dep->flags[state];
        break;
    case BM_DEP_FLAG:
        *dep->flag = dep->flags[state];
        break;
    }
}

/* ---- axes: columns, with states that come to the same put together ---- */

typedef struct {
    int column, states, count;
    uint8_t class_of[BM_STATES], first[BM_STATES];
} axis;

typedef struct {
    axis axes[BM_AXES];
    int axis_count;
    size_t cases;
    uint8_t *ids;  /* of what comes of each case */
    bm_twin *outs; /* BM_STATES x out_count: what comes of it */
    int id_count, out_count;
} bm_sheet;

static bool same_dep(const bm_dep *dep, int s, int t)
{
    if (dep->cells)
        return (dep->what == BM_DEP_STRICT ||
                bm_same_bits(dep->cells[s].plain, dep->cells[t].plain)) &&
               (dep->what == BM_DEP_PLAIN ||
                bm_same_bits(dep->cells[s].strict, dep->cells[t].strict));
    return dep->flags ? dep->flags[s] == dep->flags[t] : s == t;
}

static bool same_state(const bm_folder *f, int column, int s, int t)
{
    for (int d = 0; d < f->dep_count; d++)
        if (f->deps[d].column == column && !same_dep(&f->deps[d], s, t))
            return false;
    return true;
}

static bool add_axis(const bm_folder *f, bm_sheet *sheet, int column)
{
    for (int a = 0; a < sheet->axis_count; a++)
        if (sheet->axes[a].column == column)
            return true;
    if (sheet->axis_count == BM_AXES)
        return false;
    axis *one = &sheet->axes[sheet->axis_count++];
    one->column = column;
    one->states = f->fold->columns[column].states;
    one->count = 0;
    for (int s = 0; s < one->states; s++) {
        int c = 0;
        while (c < one->count && !same_state(f, column, one->first[c], s))
            c++;
        if (c == one->count)
            one->first[one->count++] = (uint8_t)s;
        one->class_of[s] = (uint8_t)c;
    }
    sheet->cases *= (size_t)one->count;
    return sheet->cases <= BM_CASES;
}

static bool find_axes(const bm_folder *f, bm_sheet *sheet)
{
    sheet->axis_count = 0;
    sheet->cases = 1;
    for (int d = 0; d < f->dep_count; d++)
        if (f->deps[d].column >= 0 && !add_axis(f, sheet, f->deps[d].column))
            return false;
    return true;
}

/* ---- cases ---- */

static void enter_case(bm_folder *f, const bm_sheet *sheet, size_t n)
{
    int state[BM_AXES];
    for (int a = 0; a < sheet->axis_count; a++) {
        size_t count = (size_t)sheet->axes[a].count;
        state[a] = sheet->axes[a].first[n % count];
        n /= count;
    }
    for (int d = 0; d < f->dep_count; d++) {
        int at = 0;
        for (int a = 0; a < sheet->axis_count; a++)
            if (sheet->axes[a].column == f->deps[d].column)
                at = state[a];
        bm_fold_apply(&f->deps[d], at, &f->plain, &f->strict);
    }
}

static int id_of(bm_sheet *sheet, const bm_twin *outs)
{
    size_t size = (size_t)sheet->out_count * sizeof *outs;
    for (int i = 0; i < sheet->id_count; i++)
        if (memcmp(sheet->outs + i * sheet->out_count, outs, size) == 0)
            return i;
    if (sheet->id_count == BM_STATES)
        return -1;
    memcpy(sheet->outs + sheet->id_count * sheet->out_count, outs, size);
    return sheet->id_count++;
}

static bool try_cases(bm_folder *f, bm_fold_evaluate evaluate, const void *context, bm_sheet *sheet)
{
    for (size_t n = 0; n < sheet->cases; n++) {
        bm_twin outs[BM_OUTS];
        memset(outs, 0, sizeof outs);
        enter_case(f, sheet, n);
        evaluate(f, context, outs);
        int id = id_of(sheet, outs);
        if (id < 0)
            return false;
        sheet->ids[n] = (uint8_t)id;
    }
    return true;
}

/* ---- classes of which the same comes, whatever the other axes are ---- */

static size_t stride_of(const bm_sheet *sheet, int a)
{
    size_t stride = 1;
    for (int i = 0; i < a; i++)
        stride *= (size_t)sheet->axes[i].count;
    return stride;
}

static bool same_class(const bm_sheet *sheet, int a, int c, int d)
{
    size_t stride = stride_of(sheet, a), count = (size_t)sheet->axes[a].count;
    for (size_t n = 0; n < sheet->cases; n += stride * count)
        if (memcmp(sheet->ids + n + (size_t)c * stride, sheet->ids + n + (size_t)d * stride,
                   stride) != 0)
            return false;
    return true;
}

/* Moves what stays together; the number of cases shrinks. */
static void keep_classes(bm_sheet *sheet, int a, const uint8_t *kept, int kept_count)
{
    size_t stride = stride_of(sheet, a), count = (size_t)sheet->axes[a].count, to = 0;
    for (size_t n = 0; n < sheet->cases; n += stride * count)
        for (int c = 0; c < kept_count; c++, to += stride)
            memmove(sheet->ids + to, sheet->ids + n + kept[c] * stride, stride);
    sheet->cases = to;
    sheet->axes[a].count = kept_count;
}

static void merge_classes(bm_sheet *sheet, int a)
{
    axis *one = &sheet->axes[a];
    uint8_t kept[BM_STATES], merged[BM_STATES], first[BM_STATES];
    int count = 0;
    for (int c = 0; c < one->count; c++) {
        int k = 0;
        while (k < count && !same_class(sheet, a, kept[k], c))
            k++;
        if (k == count) {
            first[count] = one->first[c];
            kept[count++] = (uint8_t)c;
        }
        merged[c] = (uint8_t)k;
    }
    if (count == one->count)
        return;
    for (int s = 0; s < one->states; s++)
        one->class_of[s] = merged[one->class_of[s]];
    memcpy(one->first, first, (size_t)count);
    keep_classes(sheet, a, kept, count);
}

/* Axes with one class left say nothing. */
static void drop_axes(bm_sheet *sheet)
{
    int count = 0;
    for (int a = 0; a < sheet->axis_count; a++)
        if (sheet->axes[a].count > 1)
            sheet->axes[count++] = sheet->axes[a];
    sheet->axis_count = count;
}

/* ---- what is left to be done for every row ---- */

static void by_one_column(bm_folder *f, const bm_sheet *sheet, bm_fold_result *out)
{
    const axis *one = sheet->axis_count ? &sheet->axes[0] : NULL;
    size_t size = (size_t)sheet->out_count;
    out->column = one ? one->column : -1;
    out->states = one ? one->states : 1;
    out->outs = bm_fold_take(f, (size_t)out->states * size, sizeof *out->outs);
    for (int s = 0; out->outs && s < out->states; s++)
        memcpy(out->outs + (size_t)s * size,
               sheet->outs + sheet->ids[one ? one->class_of[s] : 0] * size,
               size * sizeof *out->outs);
}

static void fill_sources(const bm_sheet *sheet, bm_fold_source *sources)
{
    for (int a = 0; a < sheet->axis_count; a++) {
        const axis *one = &sheet->axes[a];
        sources[a].column = one->column;
        sources[a].used = one->states;
        for (int s = 0; s < one->states; s++) {
            size_t at = one->class_of[s] * stride_of(sheet, a);
            sources[a].low[s] = (uint8_t)(at & UINT8_MAX);
            sources[a].high[s] = (uint8_t)(at >> 8);
        }
    }
}

static void by_many(bm_folder *f, const bm_sheet *sheet, bm_fold_result *out)
{
    uint8_t *bytes;
    bool large = sheet->cases > BM_STATES;
    size_t outs = (size_t)sheet->id_count * (size_t)sheet->out_count;
    out->column = bm_fold_new_column(f, sheet->id_count, &bytes);
    out->states = sheet->id_count;
    out->outs = bm_fold_take(f, outs, sizeof *out->outs);
    bm_fold_step *step = bm_fold_new_step(f, large ? bm_fold_combine_large : bm_fold_combine);
    bm_fold_source *sources = bm_fold_keep(f, (size_t)sheet->axis_count, sizeof *sources);
    uint8_t *table = large ? bm_fold_keep(f, sheet->cases, 1) : step ? step->table : NULL;
    if (f->no_memory)
        return;
    fill_sources(sheet, sources);
    memcpy(table, sheet->ids, sheet->cases);
    memcpy(out->outs, sheet->outs, outs * sizeof *out->outs);
    step->to = bytes;
    step->sources = sources;
    step->source_count = sheet->axis_count;
    step->cases = (int)sheet->cases;
    step->large = large ? table : NULL;
}

bool bm_fold_tabulate(bm_folder *f, bm_fold_evaluate evaluate, const void *context, int out_count,
                      bm_fold_result *out)
{
    bm_sheet sheet = {.out_count = out_count};
    if (!find_axes(f, &sheet))
        return false;
    sheet.ids = f->ids;
    sheet.outs = f->results;
    if (!try_cases(f, evaluate, context, &sheet))
        return false;
    for (int a = 0; a < sheet.axis_count; a++)
        merge_classes(&sheet, a);
    drop_axes(&sheet);
    if (sheet.axis_count > 1)
        by_many(f, &sheet, out);
    else
        by_one_column(f, &sheet, out);
    return true;
}
