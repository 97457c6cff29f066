/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "report/json.h"

#include <math.h>

void bm_json_init(bm_json *json, bm_text *out)
{
    json->out = out;
    json->depth = 0;
    json->flat = 0;
    json->empty = true;
}

static void begin_line(bm_json *json)
{
    bm_put_char(json->out, '\n');
    for (int i = 0; i < json->depth; i++) {
        bm_put(json->out, "  ");
    }
}

static void begin_value(bm_json *json, const char *key)
{
    if (!json->empty) {
        bm_put_char(json->out, ',');
    }
    if (json->flat == 0 && json->depth > 0) {
        begin_line(json);
    } else if (!json->empty) {
        bm_put_char(json->out, ' ');
    }
    if (key != NULL) {
        bm_put_json(json->out, key);
        bm_put(json->out, ": ");
    }
    json->empty = false;
}

void bm_json_open(bm_json *json, const char *key, char bracket)
{
    begin_value(json, key);
    bm_put_char(json->out, bracket);
    json->depth++;
    json->empty = true;
}

void bm_json_open_line(bm_json *json, const char *key, char bracket)
{
    bm_json_open(json, key, bracket);
    if (json->flat == 0) {
        json->flat = json->depth;
    }
}

void bm_json_close(bm_json *json, char bracket)
{
    json->depth--;
    if (json->flat == 0 && !json->empty) {
        begin_line(json);
    }
    if (json->depth < json->flat) {
        json->flat = 0;
    }
    bm_put_char(json->out, bracket);
    json->empty = false;
}

void bm_json_text(bm_json *json, const char *key, const char *text)
{
    if (text == NULL) {
        bm_json_null(json, key);
        return;
    }
    begin_value(json, key);
    bm_put_json(json->out, text);
}

/* A name has nothing that needs to be escaped. */
void bm_json_name(bm_json *json, const char *key, const char *name)
{
    begin_value(json, key);
    bm_put_char(json->out, '"');
    for (; *name != '\0'; name++) {
        bm_put_char(json->out, *name == '_' ? ' ' : *name);
    }
    bm_put_char(json->out, '"');
}

void bm_json_number(bm_json *json, const char *key, double value)
{
    if (!isfinite(value)) {
        bm_json_null(json, key);
        return;
    }
    begin_value(json, key);
    bm_put_number(json->out, value);
}

void bm_json_limit(bm_json *json, const char *key, double value)
{
    bm_json_number(json, key, value < 0 ? (double)INFINITY : value);
}

void bm_json_instant(bm_json *json, const char *key, double seconds)
{
    char written[32];
    bm_text text;
    bm_text_init(&text, written, sizeof written);
    bm_put_instant(&text, seconds);
    bm_json_text(json, key, written);
}

void bm_json_int(bm_json *json, const char *key, long long value)
{
    begin_value(json, key);
    bm_put_int(json->out, value);
}

void bm_json_bool(bm_json *json, const char *key, bool value)
{
    begin_value(json, key);
    bm_put(json->out, value ? "true" : "false");
}

void bm_json_null(bm_json *json, const char *key)
{
    begin_value(json, key);
    bm_put(json->out, "null");
}
