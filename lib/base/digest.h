/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4), which names the tables that an answer came from. */
#ifndef BM_BASE_DIGEST_H
#define BM_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t state[8];
    uint64_t bytes;
    uint8_t block[64];
    size_t filled;
} bm_digest;

void bm_digest_start(bm_digest *digest);
void bm_digest_add(bm_digest *digest, const void *bytes, size_t length);
void bm_digest_finish(bm_digest *digest, uint8_t out[32]);
/* 64 lower-case hexadecimal digits and NUL. */
void bm_digest_hex(const uint8_t in[32], char out[65]);

#endif
