/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused before YAML is looked at: libyaml says of bad bytes only how far in they stand,
 * and takes UTF-16 and invisible line breaks without a word. */
#ifndef BM_YAML_BYTES_H
#define BM_YAML_BYTES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Reports the first byte or character that a file must not hold. */
bool bm_yaml_check_bytes(const char *name, const char *bytes, size_t size, bonemets_error *err);
/* Place of the first control character, invisible line break, mark that turns the direction of
 * writing, or non-character in valid UTF-8; `size` when there is none. */
size_t bm_yaml_find_refused(const char *bytes, size_t size);
/* Line and column, in characters, of a byte. */
bm_place bm_yaml_place_of(const char *name, const char *bytes, size_t size, size_t offset);

#endif
