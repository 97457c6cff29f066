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
            to[i] = bm_decimal_of_float(number);
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
BM_INLINE void convert(const bm_unit *unit, size_t count, double *restrict values)
{
    double factor = unit->factor;
    if (unit->divide)
        for (size_t i = 0; i < count; i++)
            values[i] = values[i] / factor;
    else if (factor < 1 || factor > 1)
        for (size_t i = 0; i < count; i++)
            values[i] = values[i] * factor;
}

BM_INLINE uint8_t is_broken(double steps)
{
    double whole = (steps + BM_WHOLE_ONLY) - BM_WHOLE_ONLY;
    return (uint8_t)(!(steps >= -BM_MOST_STEPS) | !(steps <= BM_MOST_STEPS) | !(whole >= steps) |
                     !(whole <= steps));
}

/* In whole steps without any doubt, and never a negative zero. */
BM_INLINE void check_steps(double step, size_t count, double *restrict values,
                           uint8_t *restrict doubtful)
{
    for (size_t i = 0; i < count; i++) {
        doubtful[i] |= is_broken(values[i] / step);
        values[i] += 0.0;
    }
}

BM_INLINE void check_whole(size_t count, double *restrict values, uint8_t *restrict doubtful)
{
    for (size_t i = 0; i < count; i++) {
        doubtful[i] |= is_broken(values[i]);
        values[i] += 0.0;
    }
}

BM_INLINE void check(const bm_fact *fact, const bm_unit *unit, size_t count,
                     double *restrict values, uint8_t *restrict doubtful)
{
    double low = fact->type.low, high = fact->type.high;
    convert(unit, count, values);
    for (size_t i = 0; i < count; i++)
        doubtful[i] = (uint8_t)(!(values[i] >= low) | !(values[i] <= high));
    if (fact->type.whole)
        check_whole(count, values, doubtful);
    if (fact->step > 0)
        check_steps(fact->step, count, values, doubtful);
}

static void check_plain(const bm_fact *fact, const bm_unit *unit, size_t count, double *values,
                        uint8_t *doubtful)
{
    check(fact, unit, count, values, doubtful);
}

BM_FOR_AVX2 static void check_avx2(const bm_fact *fact, const bm_unit *unit, size_t count,
                                   double *values, uint8_t *doubtful)
{
    check(fact, unit, count, values, doubtful);
}

BM_FOR_AVX512 static void check_avx512(const bm_fact *fact, const bm_unit *unit, size_t count,
                                       double *values, uint8_t *doubtful)
{
    check(fact, unit, count, values, doubtful);
}

void bm_numbers_read(const bm_vector *from, const bm_fact *fact, const bm_unit *unit,
                     bm_processor most, size_t count, double *values, uint8_t *doubtful)
{
    take(from, count, values);
    switch (bm_processor_at_most(most)) {
    case BM_WITH_AVX512:
        check_avx512(fact, unit, count, values, doubtful);
        break;
    case BM_WITH_AVX2:
        check_avx2(fact, unit, count, values, doubtful);
        break;
    default:
        check_plain(fact, unit, count, values, doubtful);
        break;
    }
}
