/* SPDX-License-Identifier: Apache-2.0 */
/* Table look-ups over columns of bytes: with byte shuffles where the processor has them, chosen
 * at run time, and plain C elsewhere. Both give the same bytes. */
#ifndef BM_ENGINE_LOOKUP_H
#define BM_ENGINE_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `table` has 256 bytes; `used` says how many of them indices can reach (1..256). Indices at or
 * past `used` read what table holds there, on every path. */
typedef void (*bm_lookup)(const uint8_t *table, const uint8_t *in, uint8_t *out, size_t count);

/* The fastest way on this processor; `plain` asks for portable C, to compare with. */
bm_lookup bm_lookup_for(int used, bool plain);

#endif
