/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as guideline tables. A line of `%%%` begins another file of the same set. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bonemets/bonemets.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char divider[] = "\n%%%\n";

static const uint8_t *find_divider(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + sizeof divider - 1 <= size; i++)
        if (memcmp(data + i, divider, sizeof divider - 1) == 0)
            return data + i;
    return NULL;
}

static void add_files(bonemets_loader *loader, const uint8_t *data, size_t size,
                      bonemets_error *err)
{
    const uint8_t *end;
    while ((end = find_divider(data, size)) != NULL) {
        const size_t length = (size_t)(end - data);
        bonemets_loader_add_memory(loader, "part", data, length, err);
        data = end + sizeof divider - 1;
        size -= length + sizeof divider - 1;
    }
    bonemets_loader_add_memory(loader, "last", data, size, err);
}

/* A record that states the first fact, and may be refused. */
static void read_something(bonemets_patient *patient, const bonemets_guidelines *set,
                           bonemets_error *err)
{
    char record[300];
    const char *key = bonemets_fact_str(set, bonemets_fact_at(set, 0), BONEMETS_F_ID);
    const int length = snprintf(record, sizeof record, "%s: yes\n", key ? key : "nothing");
    if (length > 0 && (size_t)length < sizeof record)
        bonemets_patient_read(patient, "record", record, (size_t)length, err);
}

static void use(bonemets_guidelines *set, bonemets_error *err)
{
    static char text[1 << 16];
    size_t needed;
    bonemets_patient *patient = NULL;
    bonemets_assessment *result = NULL;
    bonemets_guidelines_run_examples(set, NULL, NULL, err);
    bonemets_describe_facts(set, NULL, BONEMETS_FORMAT_JSON, text, sizeof text, &needed);
    for (int32_t i = 0; i < bonemets_guideline_count(set); i++)
        bonemets_explain(set, bonemets_guideline_str(set, i, BONEMETS_F_ID), BONEMETS_FORMAT_TEXT,
                         text, sizeof text, &needed);
    if (bonemets_patient_new(set, &patient))
        abort();
    read_something(patient, set, err);
    if (bonemets_assess(patient, NULL, &result, err))
        abort();
    bonemets_assessment_write(result, BONEMETS_FORMAT_TEXT, text, sizeof text, &needed);
    bonemets_assessment_unref(result);
    bonemets_patient_free(patient);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bonemets_error *err = bonemets_error_new();
    bonemets_loader *loader = NULL;
    bonemets_guidelines *set = NULL;
    if (bonemets_loader_new(NULL, NULL, &loader))
        abort();
    add_files(loader, data, size, err);
    if (bonemets_loader_build(loader, &set, err) == BONEMETS_OK)
        use(set, err);
    else if (set || bonemets_error_count(err) == 0)
        abort(); /* refused without a word */
    bonemets_guidelines_unref(set);
    bonemets_loader_free(loader);
    bonemets_error_free(err);
    return 0;
}
