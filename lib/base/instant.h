/* SPDX-License-Identifier: Apache-2.0 */
/* Points in time as they stand on the wall, kept as whole seconds from 1970-01-01T00:00. There are
 * no zones and no clock here: who gives two of them gives both of one clock. */
#ifndef BM_BASE_INSTANT_H
#define BM_BASE_INSTANT_H

#include "base/text.h"

enum { BM_DAY = 24 * 60 * 60 }; /* seconds */

/* `2026-11-21T08:00`, seconds may follow; `2026-11-21` alone is any moment of that day, from its
 * midnight to the next. Returns NULL when it was read, else what is wrong with it. */
const char *bm_read_instant(const char *text, size_t length, double *from, double *to);

/* The earliest and the latest that can be written: the years 1 to 9999. */
extern const double bm_first_instant, bm_last_instant;

/* The same again, to the nearest second; the seconds only where there are some. What cannot be
 * written so is put as a number. */
void bm_put_instant(bm_text *text, double seconds);

#endif
