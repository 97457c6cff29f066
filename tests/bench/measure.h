/* SPDX-License-Identifier: Apache-2.0 */
/* What the benchmarks measure with: time, the middle of several runs, and the same random numbers
 * each time. */
#ifndef BM_BENCH_MEASURE_H
#define BM_BENCH_MEASURE_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

static double seconds_by(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, by_value);
    return times[count / 2];
}

static uint64_t random_state = 42;

static uint32_t random_below(uint32_t limit)
{
    random_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) >> 32) % limit;
}

#endif
