/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/elementary.h"

#include <math.h>

/* ln 2 in two parts, so that a multiple of it can be taken off without losing digits. */
static const double ln2_high = 0.693147180369123816490;
static const double ln2_low = 1.90821492927058770002e-10;

double bm_log(double x)
{
    int exponent;
    double m = frexp(x, &exponent); /* exact */
    if (m < 0.70710678118654752440) {
        m *= 2;
        exponent--;
    }
    double s = (m - 1) / (m + 1);
    double s2 = s * s, sum = 0;
    for (int k = 23; k >= 1; k -= 2) /* 2 atanh(s); |s| < 0.1716 */
        sum = sum * s2 + 1.0 / k;
    return exponent * ln2_high + (exponent * ln2_low + 2 * s * sum);
}

double bm_exp(double x)
{
    if (isnan(x))
        return x;
    if (x > 709.7)
        return HUGE_VAL;
    if (x < -745.0)
        return 0;
    double n = floor(x / ln2_high + 0.5);
    double r = (x - n * ln2_high) - n * ln2_low;
    double sum = 1;
    for (int k = 17; k >= 1; k--)
        sum = 1 + r * sum / k;
    return ldexp(sum, (int)n); /* exact */
}

static double whole_power(double x, double n)
{
    double result = 1;
    for (; n >= 1; n = floor(n / 2)) {
        if (fmod(n, 2) >= 1)
            result *= x;
        x *= x;
    }
    return result;
}

double bm_pow(double x, double y)
{
    if (fabs(y) <= 64 && floor(y) >= y) {
        double power = whole_power(x, fabs(y));
        return y < 0 ? 1 / power : power;
    }
    if (x < 0)
        return (fmod(y, 2) < 0 || fmod(y, 2) > 0 ? -1 : 1) * bm_exp(y * bm_log(-x));
    if (x <= 0)
        return y > 0 ? 0 : HUGE_VAL;
    return bm_exp(y * bm_log(x));
}
