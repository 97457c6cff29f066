/* SPDX-License-Identifier: Apache-2.0 */
/* JSON with its commas and indentation. `key` is NULL within a list and at the top. */
#ifndef BM_REPORT_JSON_H
#define BM_REPORT_JSON_H

#include "base/text.h"

typedef struct {
    bm_text *out;
    int depth;  /* open objects and lists */
    int flat;   /* depth from which everything stands on one line; 0: none */
    bool empty; /* the innermost one has nothing yet */
} bm_json;

void bm_json_init(bm_json *json, bm_text *out);
/* The bracket is '{' or '['. */
void bm_json_open(bm_json *json, const char *key, char bracket);
/* The same, with all that is in it on one line. */
void bm_json_open_line(bm_json *json, const char *key, char bracket);
/* The bracket is '}' or ']'. */
void bm_json_close(bm_json *json, char bracket);
/* null when the text is NULL. */
void bm_json_text(bm_json *json, const char *key, const char *text);
/* A name with blanks for its underscores. */
void bm_json_name(bm_json *json, const char *key, const char *name);
/* null when the number is not finite. */
void bm_json_number(bm_json *json, const char *key, double value);
/* null when the number is negative, which is how limits say that there is none. */
void bm_json_limit(bm_json *json, const char *key, double value);
/* A point in time, as base/instant.h counts it. */
void bm_json_instant(bm_json *json, const char *key, double seconds);
void bm_json_int(bm_json *json, const char *key, long long value);
void bm_json_bool(bm_json *json, const char *key, bool value);
void bm_json_null(bm_json *json, const char *key);

#endif
