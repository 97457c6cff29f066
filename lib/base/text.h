/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows into a fixed buffer and counts what did not fit; numbers in and out, independent
 * of locale. */
#ifndef BM_BASE_TEXT_H
#define BM_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Writes up to `size` bytes and always a NUL (when size > 0); `length` goes on counting past the
 * end, so that one pass tells how much room a second one needs. */
typedef struct {
    char *buffer;
    size_t size;
    size_t length;
} bm_text;

void bm_text_init(bm_text *text, char *buffer, size_t size);
void bm_put(bm_text *text, const char *string); /* NULL puts nothing */
void bm_put_bytes(bm_text *text, const char *bytes, size_t length);
void bm_put_char(bm_text *text, char c);
void bm_put_int(bm_text *text, long long value);
/* Shortest decimal that reads back as the same double: 14.4, 26.666666666666668, 1e+21, -0 as 0. */
void bm_put_number(bm_text *text, double value);
/* A JSON string with its quotes; invalid UTF-8 becomes U+FFFD. */
void bm_put_json(bm_text *text, const char *string);
/* %s text, %d int, %n double as bm_put_number takes (passed as double), %q text in single quotes
 * (long or unprintable text is shortened and escaped), %% percent. Nothing else. */
void bm_put_format(bm_text *text, const char *format, ...);
void bm_put_format_list(bm_text *text, const char *format, va_list arguments);

/* Reads a decimal number that fills the whole text: optional '-', digits, optional '.' and digits.
 * At most 15 significant digits, so that the nearest double is exact to compute. No exponent, no
 * sign '+', no 'inf'. Returns NULL when it was read, else what is wrong with it, in words a person
 * understands, for example "a decimal comma; write a point". */
const char *bm_read_number(const char *text, size_t length, double *out);

/* Number of bytes of the valid UTF-8 prefix: equal to length when all is valid. */
size_t bm_utf8_valid(const char *bytes, size_t length);

#endif
