/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

#include "report/outlook.h"

static bool format_is_known(int32_t format, int32_t last)
{
    return format >= BONEMETS_FORMAT_TEXT && format <= last;
}

/* Common to all writers: false for arguments that cannot be served. `last`: the last format that
 * this one knows. */
static bool begin(bm_text *out, const void *handle, int32_t format, int32_t last, char *buf,
                  size_t size, size_t *needed)
{
    if (needed != NULL) {
        *needed = 0;
    }
    if (buf != NULL && size > 0) {
        buf[0] = '\0';
    }
    if (handle == NULL || !format_is_known(format, last) || (buf == NULL && size > 0)) {
        return false;
    }
    bm_text_init(out, buf, size);
    return true;
}

static bonemets_status finish(const bm_text *out, size_t *needed)
{
    if (needed != NULL) {
        *needed = out->length + 1;
    }
    return out->length < out->size ? BONEMETS_OK : BONEMETS_E_SPACE;
}

bonemets_status bonemets_assessment_write(const bonemets_assessment *result, int32_t format,
                                          char *buf, size_t size, size_t *needed)
{
    bm_text out;
    if (!begin(&out, result, format, BONEMETS_FORMAT_FULL, buf, size, needed)) {
        return BONEMETS_E_ARGUMENT;
    }
    if (format == BONEMETS_FORMAT_JSON) {
        bm_write_assessment_json(&out, result);
    } else if (format == BONEMETS_FORMAT_FULL) {
        bm_write_assessment_text(&out, result);
    } else {
        bm_write_summary(&out, result, format == BONEMETS_FORMAT_MARKDOWN);
    }
    return finish(&out, needed);
}

bonemets_status bonemets_outlook_write(const bonemets_outlook *outlook, int32_t format, char *buf,
                                       size_t size, size_t *needed)
{
    bm_text out;
    if (!begin(&out, outlook, format, BONEMETS_FORMAT_JSON, buf, size, needed)) {
        return BONEMETS_E_ARGUMENT;
    }
    if (format == BONEMETS_FORMAT_JSON) {
        bm_write_outlook_json(&out, outlook);
    } else {
        bm_write_outlook_text(&out, outlook);
    }
    return finish(&out, needed);
}

static void write_guideline(bm_text *out, const bonemets_guidelines *set,
                            const bm_guideline *guideline, bool json)
{
    if (json) {
        bm_write_guideline_json(out, set, guideline);
    } else {
        bm_write_guideline_text(out, set, guideline);
    }
}

static bool write_fact(bm_text *out, const bonemets_guidelines *set, const char *key, bool json)
{
    const bm_fact *fact = bm_definitions_fact(&set->definitions, key);
    if (fact != NULL && json) {
        bm_write_fact_json(out, set, fact);
    } else if (fact != NULL) {
        bm_write_fact_text(out, set, fact);
    }
    return fact != NULL;
}

/* By its own id, or by that of a table in it that no fact shares. */
static const bm_guideline *guideline_of(const bonemets_guidelines *set, const char *id)
{
    int number = bm_set_guideline(set, id);
    if (number >= 0) {
        return &set->definitions.guidelines[number];
    }
    return bm_definitions_fact(&set->definitions, id) == NULL ? bm_guideline_of_table(set, id)
                                                              : NULL;
}

static bool write_parts(bm_text *out, const bonemets_guidelines *set, const char *id, bool json)
{
    const bm_text start = *out;
    bool any = json ? bm_write_parts_json(out, set, id) : bm_write_parts_text(out, set, id);
    if (!any) {
        *out = start;
    }
    return any;
}

bonemets_status bonemets_explain(const bonemets_guidelines *set, const char *id, int32_t format,
                                 char *buf, size_t size, size_t *needed)
{
    bm_text out;
    if (!begin(&out, set, format, BONEMETS_FORMAT_JSON, buf, size, needed)) {
        return BONEMETS_E_ARGUMENT;
    }
    bool json = format == BONEMETS_FORMAT_JSON;
    const bm_guideline *guideline = id == NULL ? NULL : guideline_of(set, id);
    if (id == NULL && json) {
        bm_write_guidelines_json(&out, set);
    } else if (id == NULL) {
        bm_write_guidelines_text(&out, set);
    } else if (guideline != NULL) {
        write_guideline(&out, set, guideline, json);
    } else if (!write_fact(&out, set, id, json) && !write_parts(&out, set, id, json)) {
        return BONEMETS_E_FACT;
    }
    return finish(&out, needed);
}

bonemets_status bonemets_describe_facts(const bonemets_guidelines *set, const char *key,
                                        int32_t format, char *buf, size_t size, size_t *needed)
{
    bm_text out;
    if (!begin(&out, set, format, BONEMETS_FORMAT_JSON, buf, size, needed)) {
        return BONEMETS_E_ARGUMENT;
    }
    bool json = format == BONEMETS_FORMAT_JSON;
    if (key == NULL && json) {
        bm_write_facts_json(&out, set);
    } else if (key == NULL) {
        bm_write_facts_text(&out, set);
    } else if (!write_fact(&out, set, key, json)) {
        return BONEMETS_E_FACT;
    }
    return finish(&out, needed);
}
