/* SPDX-License-Identifier: Apache-2.0 */
/* Columns of numbers, a chunk at a time. What is not plainly right is left to whoever checks one
 * number. */
#include <string.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("tree-vectorize", "vect-cost-model=dynamic")
#endif

#include "batch/batch.h"

#define BM_MOST_STEPS 1e9 /* more of them are looked at one by one */

/* As doubles, wherever they stand. */
static void take(const bm_vector *from, size_t count, double *restrict to)
{
    const char *data = from->data;
    float number;
    int32_t word;
    if (from->store == BM_STORE_F64) {
        memcpy(to, data + from->at * (int64_t)sizeof *to, count * sizeof *to);
    } else if (from->store == BM_STORE_F32) {
        for (size_t i = 0; i < count; i++) {
            memcpy(&number, data + ((size_t)from->at + i) * sizeof number, sizeof number);
            to[i] = (double)number;
        }
    } else if (from->store == BM_STORE_I32) {
        for (size_t i = 0; i < count; i++) {
            memcpy(&word, data + ((size_t)from->at + i) * sizeof word, sizeof word);
            to[i] = word;
        }
    } else {
        for (size_t i = 0; i < count; i++)
            to[i] = bm_vector_number(from, (int64_t)i);
    }
}

/* As bm_unit_apply does. */
static void convert(const bm_unit *unit, size_t count, double *values)
{
    double factor = unit->factor;
    if (unit->divide)
        for (size_t i = 0; i < count; i++)
            values[i] = values[i] / factor;
    else if (factor < 1 || factor > 1)
        for (size_t i = 0; i < count; i++)
            values[i] = values[i] * factor;
}

/* In whole steps without any doubt, and never a negative zero. */
static void check_steps(double step, size_t count, double *restrict values,
                        uint8_t *restrict doubtful)
{
    for (size_t i = 0; i < count; i++) {
        double steps = values[i] / step;
        double least = steps >= -BM_MOST_STEPS ? steps : -BM_MOST_STEPS; /* also a NaN */
        double whole = (int32_t)(least <= BM_MOST_STEPS ? least : BM_MOST_STEPS);
        doubtful[i] |= (uint8_t)(!(whole >= steps) | !(whole <= steps));
        values[i] += 0.0;
    }
}

void bm_numbers_read(const bm_vector *from, const bm_fact *fact, const bm_unit *unit, size_t count,
                     double *restrict values, uint8_t *restrict doubtful)
{
    double low = fact->type.low, high = fact->type.high;
    take(from, count, values);
    convert(unit, count, values);
    for (size_t i = 0; i < count; i++)
        doubtful[i] = (uint8_t)(!(values[i] >= low) | !(values[i] <= high));
    if (fact->type.whole)
        check_steps(1, count, values, doubtful);
    if (fact->step > 0)
        check_steps(fact->step, count, values, doubtful);
}
