/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

enum { LONGEST_QUOTED = 60 };

static const char hex_digits[] = "0123456789abcdef";

void bm_text_init(bm_text *text, char *buffer, size_t size)
{
    text->buffer = buffer;
    text->size = size;
    text->length = 0;
    if (size > 0) {
        buffer[0] = '\0';
    }
}

void bm_put_bytes(bm_text *text, const char *bytes, size_t length)
{
    if (text->length + 1 < text->size) {
        size_t room = text->size - 1 - text->length;
        size_t part = length < room ? length : room;
        if (part > 0) {
            memcpy(text->buffer + text->length, bytes, part);
        }
        text->buffer[text->length + part] = '\0';
    }
    text->length += length;
}

void bm_put(bm_text *text, const char *string)
{
    if (string != NULL) {
        bm_put_bytes(text, string, strlen(string));
    }
}

void bm_put_char(bm_text *text, char c)
{
    bm_put_bytes(text, &c, 1);
}

void bm_put_int(bm_text *text, long long value)
{
    char digits[24];
    size_t at = sizeof digits;
    /* Negated as unsigned, where the smallest value has a counterpart. */
    unsigned long long rest =
        value < 0 ? 0ULL - (unsigned long long)value : (unsigned long long)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        digits[--at] = '-';
    }
    bm_put_bytes(text, digits + at, sizeof digits - at);
}

static bool continues(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

/* Table 3-7 of the Unicode standard: the second byte decides about overlong forms, surrogates and
 * what lies beyond U+10FFFF. */
static bool second_byte_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0 && second <= 0xbf;
    case 0xed:
        return second >= 0x80 && second <= 0x9f;
    case 0xf0:
        return second >= 0x90 && second <= 0xbf;
    case 0xf4:
        return second >= 0x80 && second <= 0x8f;
    default:
        return continues(second);
    }
}

/* Bytes of the character at the start, or 0 when it is not valid. */
static size_t character_length(const unsigned char *bytes, size_t length)
{
    unsigned char first = bytes[0];
    size_t expected = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2 || first > 0xf4 || length < expected || !second_byte_fits(first, bytes[1])) {
        return 0;
    }
    for (size_t i = 2; i < expected; i++) {
        if (!continues(bytes[i])) {
            return 0;
        }
    }
    return expected;
}

size_t bm_utf8_valid(const char *bytes, size_t length)
{
    const unsigned char *all = (const unsigned char *)bytes;
    size_t at = 0;
    while (at < length) {
        size_t step = character_length(all + at, length - at);
        if (step == 0) {
            break;
        }
        at += step;
    }
    return at;
}

static void put_json_escape(bm_text *text, unsigned char c)
{
    static const char letters[] = "btn\0fr"; /* U+0008 to U+000D; there is none for U+000B */
    if (c == '"' || c == '\\') {
        bm_put_char(text, '\\');
        bm_put_char(text, (char)c);
    } else if (c >= '\b' && c <= '\r' && c != '\v') {
        bm_put_char(text, '\\');
        bm_put_char(text, letters[c - '\b']);
    } else {
        bm_put(text, "\\u00");
        bm_put_char(text, hex_digits[c >> 4]);
        bm_put_char(text, hex_digits[c & 15]);
    }
}

/* Bytes from the start that are ASCII and stand for themselves. */
static size_t plain_length(const unsigned char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && bytes[at] >= 0x20 && bytes[at] < 0x80 && bytes[at] != '"' &&
           bytes[at] != '\\')
        at++;
    return at;
}

void bm_put_json(bm_text *text, const char *string)
{
    const unsigned char *all = (const unsigned char *)(string != NULL ? string : "");
    size_t length = strlen((const char *)all), step;
    bm_put_char(text, '"');
    for (size_t at = 0; at < length; at += step) {
        unsigned char c = all[at];
        step = plain_length(all + at, length - at);
        if (step > 0) { /* nearly everything */
            bm_put_bytes(text, (const char *)all + at, step);
            continue;
        }
        step = character_length(all + at, length - at);
        if (step == 0) {
            bm_put(text, "\xef\xbf\xbd");
            step = 1;
        } else if (c < 0x20 || c == '"' || c == '\\') {
            put_json_escape(text, c);
        } else {
            bm_put_bytes(text, (const char *)all + at, step);
        }
    }
    bm_put_char(text, '"');
}

/* Controls of ASCII and Latin-1, and the marks that turn the direction of writing or break lines:
 * a message must not rearrange the terminal or the log in which it is read. */
static bool is_printable(const unsigned char *bytes, size_t length)
{
    switch (length) {
    case 1:
        return bytes[0] >= 0x20 && bytes[0] != 0x7f;
    case 2:
        return !(bytes[0] == 0xc2 && bytes[1] < 0xa0);
    case 3:
        if (bytes[0] != 0xe2 || (bytes[1] != 0x80 && bytes[1] != 0x81)) {
            return true;
        }
        return bytes[1] == 0x80 ? bytes[2] < 0xa8 || bytes[2] > 0xae
                                : bytes[2] < 0xa6 || bytes[2] > 0xa9;
    default:
        return length == 4;
    }
}

static void put_escaped_bytes(bm_text *text, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\n' || bytes[i] == '\t' || bytes[i] == '\r') {
            bm_put(text, bytes[i] == '\n' ? "\\n" : bytes[i] == '\t' ? "\\t" : "\\r");
            continue;
        }
        bm_put(text, "\\x");
        bm_put_char(text, hex_digits[bytes[i] >> 4]);
        bm_put_char(text, hex_digits[bytes[i] & 15]);
    }
}

static void put_quoted(bm_text *text, const char *string)
{
    const unsigned char *all = (const unsigned char *)(string != NULL ? string : "");
    size_t length = strlen((const char *)all), step;
    bm_put_char(text, '\'');
    for (size_t at = 0; at < length; at += step) {
        step = character_length(all + at, length - at);
        if (at + step > LONGEST_QUOTED) {
            bm_put(text, "\xe2\x80\xa6");
            break;
        }
        if (is_printable(all + at, step)) {
            bm_put_bytes(text, (const char *)all + at, step);
        } else {
            step = step > 0 ? step : 1;
            put_escaped_bytes(text, all + at, step);
        }
    }
    bm_put_char(text, '\'');
}

void bm_put_format_list(bm_text *text, const char *format, va_list arguments)
{
    for (const char *at = format; *at != '\0'; at++) {
        const char *percent = strchr(at, '%');
        if (percent == NULL || percent[1] == '\0') {
            bm_put(text, at);
            return;
        }
        bm_put_bytes(text, at, (size_t)(percent - at));
        at = percent + 1;
        switch (*at) {
        case 's':
            bm_put(text, va_arg(arguments, const char *));
            break;
        case 'd':
            bm_put_int(text, va_arg(arguments, int));
            break;
        case 'n':
            bm_put_number(text, va_arg(arguments, double));
            break;
        case 'q':
            put_quoted(text, va_arg(arguments, const char *));
            break;
        default:
            bm_put_char(text, *at);
            break;
        }
    }
}

void bm_put_format(bm_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bm_put_format_list(text, format, arguments);
    va_end(arguments);
}
