/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a patient record, against the embedded tables. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bonemets/bonemets.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bonemets_guidelines *embedded_set(void)
{
    static bonemets_guidelines *set;
    bonemets_loader *loader = NULL;
    if (set)
        return set;
    if (bonemets_loader_new(NULL, NULL, &loader) ||
        bonemets_loader_add_embedded(loader, NULL, NULL) ||
        bonemets_loader_build(loader, &set, NULL))
        abort();
    bonemets_loader_free(loader);
    return set;
}

/* Writing into a buffer of exactly the size that was asked for must succeed. */
static void write_exactly(const bonemets_assessment *result, int32_t format)
{
    size_t needed = 0, again = 0;
    if (bonemets_assessment_write(result, format, NULL, 0, &needed) != BONEMETS_E_SPACE)
        abort();
    char *text = malloc(needed);
    if (!text || bonemets_assessment_write(result, format, text, needed, &again) ||
        again != needed || strlen(text) + 1 != needed)
        abort();
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bonemets_error *err = bonemets_error_new();
    bonemets_patient *patient = NULL;
    bonemets_assessment *result = NULL;
    if (bonemets_patient_new(embedded_set(), &patient))
        abort();
    const bonemets_status status = bonemets_patient_read(patient, "record", data, size, err);
    if (status && bonemets_error_count(err) == 0)
        abort(); /* refused without a word */
    if (!status && bonemets_assess(patient, NULL, &result, err))
        abort();
    if (result) {
        write_exactly(result, BONEMETS_FORMAT_JSON);
        write_exactly(result, BONEMETS_FORMAT_TEXT);
    }
    bonemets_assessment_unref(result);
    bonemets_patient_free(patient);
    bonemets_error_free(err);
    return 0;
}
