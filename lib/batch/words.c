/* SPDX-License-Identifier: Apache-2.0 */
/* Types of columns in words, for messages. */
#include <string.h>

#include "batch/batch.h"

enum { DEEPEST = 4 };

/* By the beginning of the format; what is longer stands first. */
static const struct {
    const char *format, *words;
} kinds[] = {
    {"td", "dates"},          {"tt", "times of day"},
    {"tD", "durations"},      {"ti", "intervals"},
    {"vu", "texts"},          {"vz", "bytes"},
    {"d:", "decimals"},       {"w:", "bytes"},
    {"+s", "records"},        {"+m", "maps"},
    {"+u", "unions"},         {"+r", "runs"},
    {"n", "nulls"},           {"b", "booleans"},
    {"c", "8-bit integers"},  {"C", "unsigned 8-bit integers"},
    {"s", "16-bit integers"}, {"S", "unsigned 16-bit integers"},
    {"i", "32-bit integers"}, {"I", "unsigned 32-bit integers"},
    {"l", "64-bit integers"}, {"L", "unsigned 64-bit integers"},
    {"e", "16-bit floats"},   {"f", "32-bit floats"},
    {"g", "64-bit floats"},   {"u", "texts"},
    {"U", "texts"},           {"z", "bytes"},
    {"Z", "bytes"},
};

/* `tsu:Europe/Berlin`: what stands behind the colon is a time zone. */
static const char *timestamps(const char *format)
{
    const char *colon = strchr(format, ':');
    return colon && colon[1] ? "timestamps with a time zone" : "timestamps without a time zone";
}

static const char *words_of(const char *format)
{
    if (strncmp(format, "ts", 2) == 0)
        return timestamps(format);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(format, kinds[i].format, strlen(kinds[i].format)) == 0)
            return kinds[i].words;
    return "an unknown type";
}

static bool is_list(const struct ArrowSchema *schema)
{
    const char *format = schema->format;
    bool list = format[0] == '+' && format[1] && strchr("lLwv", format[1]);
    return list && schema->n_children == 1 && schema->children && schema->children[0];
}

void bm_put_type(bm_text *text, const struct ArrowSchema *schema)
{
    for (int depth = 0; depth < DEEPEST && schema->format; depth++) {
        if (schema->dictionary) {
            bm_put(text, "categories that are ");
            schema = schema->dictionary;
        } else if (is_list(schema)) {
            bm_put(text, "lists of ");
            schema = schema->children[0];
        } else {
            bm_put(text, words_of(schema->format));
            return;
        }
    }
    bm_put(text, "an unknown type");
}
