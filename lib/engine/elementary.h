/* SPDX-License-Identifier: Apache-2.0 */
/* Exponential, logarithm and power that give the same bits on every platform: the system's
 * libraries differ in their last digits. Built from + - * / alone; errors stay below 1e-14
 * relative, far inside the 1e-9 within which numbers count as equal. */
#ifndef BM_ENGINE_ELEMENTARY_H
#define BM_ENGINE_ELEMENTARY_H

double bm_exp(double x);
double bm_log(double x);            /* x > 0 */
double bm_pow(double x, double y);  /* x > 0, or y a whole number */

#endif
