/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

/* What all other code is too rarely run to pay for: loops over a chunk as vectors, as Clang makes
 * them by itself. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic")
#endif

#include "engine/arithmetic.h"
#include "engine/exact_parts.h"

void bm_kernel_lookup(const bm_step *step, size_t count)
{
    step->look_up(step->table, step->a, step->to, count);
}

/* Eight rows of bytes at a time. Buffers of a chunk end on whole words, columns may not. */
static uint64_t load(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static void store(uint8_t *bytes, uint64_t word)
{
    memcpy(bytes, &word, sizeof word);
}

void bm_kernel_or_lookup(const bm_step *step, size_t count)
{
    uint8_t found[BM_CHUNK], *to = step->to;
    size_t i = 0;
    step->look_up(step->table, step->a, found, count);
    for (; i + 8 <= count; i += 8)
        store(to + i, load(to + i) | load(found + i));
    for (; i < count; i++)
        to[i] |= found[i];
}

void bm_kernel_all_undecided(const bm_step *step, size_t count)
{
    memset(step->to, 1, count);
}

void bm_kernel_not(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a;
    uint8_t *to = step->to;
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        store(to + i, load(a + i) ^ UINT64_C(0x0101010101010101));
    for (; i < count; i++)
        to[i] = a[i] ^ 1;
}

void bm_kernel_and(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a, *b = step->b;
    uint8_t *to = step->to;
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        store(to + i, load(a + i) & load(b + i));
    for (; i < count; i++)
        to[i] = a[i] & b[i];
}

void bm_kernel_or(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a, *b = step->b;
    uint8_t *to = step->to;
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        store(to + i, load(a + i) | load(b + i));
    for (; i < count; i++)
        to[i] = a[i] | b[i];
}

void bm_kernel_same(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a, *b = step->b;
    uint8_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = a[i] == b[i];
}

void bm_kernel_has_any(const bm_step *step, size_t count)
{
    const uint64_t *a = step->a;
    uint8_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = (a[i] & step->mask) != 0;
}

void bm_kernel_has_all(const bm_step *step, size_t count)
{
    const uint64_t *a = step->a;
    uint8_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = (a[i] & step->mask) == step->mask;
}

void bm_kernel_members(const bm_step *step, size_t count)
{
    const uint64_t *a = step->a;
    uint8_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = (uint8_t)__builtin_popcountll(a[i]);
}

void bm_kernel_compare(const bm_step *step, size_t count)
{
    const double *a = step->a, *b = step->b;
    uint8_t *restrict to = step->to;
    if (step->code == BM_DO_LT) {
        for (size_t i = 0; i < count; i++)
            to[i] = bm_less(a[i], b[i]);
    } else if (step->code == BM_DO_LE) {
        for (size_t i = 0; i < count; i++)
            to[i] = bm_at_most(a[i], b[i]);
    } else {
        for (size_t i = 0; i < count; i++)
            to[i] = (uint8_t)((int)bm_at_most(a[i], b[i]) & (int)bm_at_most(b[i], a[i]));
    }
}

void bm_kernel_compare_bytes(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a, *b = step->b;
    uint8_t *restrict to = step->to;
    if (step->code == BM_DO_LT) {
        for (size_t i = 0; i < count; i++)
            to[i] = a[i] < b[i];
    } else if (step->code == BM_DO_LE) {
        for (size_t i = 0; i < count; i++)
            to[i] = a[i] <= b[i];
    } else {
        for (size_t i = 0; i < count; i++)
            to[i] = a[i] == b[i];
    }
}

/* The binder has made sure that no sum passes 255, so no byte carries into the next. */
void bm_kernel_add_bytes(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a, *b = step->b;
    uint8_t *to = step->to;
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        store(to + i, load(a + i) + load(b + i));
    for (; i < count; i++)
        to[i] = (uint8_t)(a[i] + b[i]);
}

void bm_kernel_min_bytes(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a, *b = step->b;
    uint8_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = a[i] < b[i] ? a[i] : b[i];
}

void bm_kernel_max_bytes(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a, *b = step->b;
    uint8_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = a[i] > b[i] ? a[i] : b[i];
}

/* Where a number is not defined the row is undecided. */
static void arith_undecided(const bm_step *step, size_t count)
{
    const double *a = step->a, *b = step->b;
    uint8_t *undecided = (uint8_t *)(uintptr_t)step->c;
    double *restrict to = step->to;
    for (size_t i = 0; i < count; i++) {
        to[i] = bm_arith(step->code, a[i], b ? b[i] : 0);
        if (isnan(to[i]))
            undecided[i] = 1;
    }
}

void bm_kernel_arith(const bm_step *step, size_t count)
{
    const double *a = step->a, *b = step->b;
    double *restrict to = step->to;
    switch (step->code) { /* the common ones in loops of their own */
    case BM_DO_ADD:
        for (size_t i = 0; i < count; i++)
            to[i] = a[i] + b[i];
        return;
    case BM_DO_SUB:
        for (size_t i = 0; i < count; i++)
            to[i] = a[i] - b[i];
        return;
    case BM_DO_MUL:
        for (size_t i = 0; i < count; i++)
            to[i] = a[i] * b[i];
        return;
    default:
        arith_undecided(step, count);
    }
}

void bm_kernel_widen(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a;
    double *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = a[i];
}

void bm_kernel_look_up_number(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a;
    double *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = step->cells[a[i]].low.number;
}

/* in[i]: a[i] lies in the cut. Each kind of border has a loop without branches. */
static void mark_cut(const bm_cut *cut, const double *restrict a, uint8_t *restrict in,
                     size_t count)
{
    double low = cut->low, high = cut->high;
    if (cut->low_open) {
        for (size_t i = 0; i < count; i++)
            in[i] = bm_less(low, a[i]);
    } else {
        for (size_t i = 0; i < count; i++)
            in[i] = bm_at_most(low, a[i]);
    }
    if (cut->high_open) {
        for (size_t i = 0; i < count; i++)
            in[i] &= (uint8_t)bm_less(a[i], high);
    } else {
        for (size_t i = 0; i < count; i++)
            in[i] &= (uint8_t)bm_at_most(a[i], high);
    }
}

/* The first cut that holds a number gives its code; a NaN lies in none. */
void bm_kernel_cut(const bm_step *step, size_t count)
{
    uint8_t in[BM_CHUNK], none[BM_CHUNK];
    uint8_t *undecided = (uint8_t *)(uintptr_t)step->b, *restrict to = step->to;
    memset(to, 0, count);
    memset(none, 1, count);
    for (int c = 0; c < step->cuts->count; c++) {
        uint8_t code = (uint8_t)step->cuts->cuts[c].code;
        mark_cut(&step->cuts->cuts[c], step->a, in, count);
        for (size_t i = 0; i < count; i++) {
            in[i] &= none[i];
            none[i] ^= in[i];
            to[i] |= in[i] ? code : 0;
        }
    }
    for (size_t i = 0; i < count; i++)
        undecided[i] |= none[i];
}

void bm_kernel_if_bytes(const bm_step *step, size_t count)
{
    const uint8_t *a = step->a, *b = step->b, *c = step->c;
    uint8_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = c[i] ? a[i] : b[i];
}

void bm_kernel_if_doubles(const bm_step *step, size_t count)
{
    const double *a = step->a, *b = step->b;
    const uint8_t *c = step->c;
    double *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = c[i] ? a[i] : b[i];
}

void bm_kernel_if_words(const bm_step *step, size_t count)
{
    const uint64_t *a = step->a, *b = step->b;
    const uint8_t *c = step->c;
    uint64_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = c[i] ? a[i] : b[i];
}

void bm_kernel_clear(const bm_step *step, size_t count)
{
    memset(step->to, 0, count);
}

void bm_kernel_row_speaks(const bm_step *step, size_t count)
{
    const uint8_t *when = step->a, *lead = step->b;
    uint8_t *restrict to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = (uint8_t)(when[i] & ((lead[i] == 0) | (lead[i] == step->value)));
}

void bm_kernel_row_sets(const bm_step *step, size_t count)
{
    const uint8_t *speaks = step->a;
    uint8_t *to = step->to;
    for (size_t i = 0; i < count; i++)
        to[i] = speaks[i] && to[i] == 0 ? step->value : to[i];
}
