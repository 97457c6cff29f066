/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/bytes.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

bm_place bm_yaml_place_of(const char *name, const char *bytes, size_t size, size_t offset)
{
    bm_place place = {.file = name, .line = 1, .column = 1};
    for (size_t i = 0; i < offset && i < size; i++) {
        bool return_alone = bytes[i] == '\r' && (i + 1 == size || bytes[i + 1] != '\n');
        if (bytes[i] == '\n' || return_alone) {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)bytes[i] & 0xc0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

/* The bytes are valid UTF-8. */
static uint32_t code_point(const unsigned char *bytes, size_t *length)
{
    if (bytes[0] < 0x80) {
        *length = 1;
        return bytes[0];
    }
    *length = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    uint32_t code = bytes[0] & (0x7fU >> *length);
    for (size_t i = 1; i < *length; i++) {
        code = code << 6 | (bytes[i] & 0x3fU);
    }
    return code;
}

static bool is_refused(uint32_t code)
{
    if (code < 0x20) {
        return code != '\t' && code != '\n' && code != '\r';
    }
    return (code >= 0x7f && code <= 0x9f) ||     /* controls, and the line break U+0085 */
           (code >= 0x2028 && code <= 0x202e) || /* line breaks; marks of direction */
           (code >= 0x2066 && code <= 0x2069) || /* marks of direction */
           code == 0xfeff || (code & 0xfffe) == 0xfffe;
}

size_t bm_yaml_find_refused(const char *bytes, size_t size)
{
    size_t length;
    for (size_t at = 0; at < size; at += length) {
        if (is_refused(code_point((const unsigned char *)bytes + at, &length))) {
            return at;
        }
    }
    return size;
}

static const char *hex(uint32_t value, int digits, char out[8])
{
    for (int i = digits - 1; i >= 0; i--, value >>= 4) {
        out[i] = "0123456789ABCDEF"[value & 15];
    }
    out[digits] = '\0';
    return out;
}

static bool looks_like_utf16(const char *bytes, size_t size)
{
    return size >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0 ||
                         bytes[0] == '\0' || bytes[1] == '\0');
}

bool bm_yaml_check_bytes(const char *name, const char *bytes, size_t size, bonemets_error *err)
{
    char digits[8];
    size_t length = 0, at = bm_utf8_valid(bytes, size);
    if (looks_like_utf16(bytes, size)) {
        bm_place place = {.file = name, .line = 1, .column = 1};
        bm_fail(err, BONEMETS_E_YAML, &place, "not UTF-8 but UTF-16; save the file as UTF-8");
        return false;
    }
    size_t refused = bm_yaml_find_refused(bytes, at);
    if (refused < at) {
        bm_place place = bm_yaml_place_of(name, bytes, size, refused);
        uint32_t code = code_point((const unsigned char *)bytes + refused, &length);
        bm_fail(err, BONEMETS_E_YAML, &place, "invisible character U+%s; delete it",
                hex(code, code > 0xffff ? 6 : 4, digits));
        return false;
    }
    if (at < size) {
        bm_place place = bm_yaml_place_of(name, bytes, size, at);
        bm_fail(err, BONEMETS_E_YAML, &place, "byte 0x%s is not UTF-8; save the file as UTF-8",
                hex((unsigned char)bytes[at], 2, digits));
        return false;
    }
    return true;
}
