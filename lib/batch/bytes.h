/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as bytes and bits, many at a time. */
#ifndef BM_BATCH_BYTES_H
#define BM_BATCH_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is above 255 becomes that. */
void bm_bytes_from_words(const void *words, size_t count, uint8_t *to);
/* to[i] = null where bit at + i is not set. */
void bm_bytes_put_nulls(const uint8_t *valid, int64_t at, size_t count, uint8_t null, uint8_t *to);
bool bm_bytes_any(const uint8_t *bytes, size_t count, uint8_t wanted);
/* numbers[i] = 0 where the byte is that. */
void bm_bytes_clear(const uint8_t *bytes, uint8_t where, size_t count, double *numbers);
/* A bit for each byte that is another than this; returns how many. */
size_t bm_bytes_mark_other(const int8_t *of, int8_t than, size_t count, uint8_t *bitmap);
/* A bit for each code; those below 0 become 0, without a bit. */
size_t bm_bytes_mark_codes(int8_t *codes, size_t count, uint8_t *bitmap);

#endif
