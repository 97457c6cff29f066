/* SPDX-License-Identifier: Apache-2.0 */
/* Scores one lesion with the Spinal Instability Neoplastic Score. Build it with
 *     cc embed.c -o embed $(pkg-config --cflags --libs bonemets)
 *     cc embed.c -o embed -static $(pkg-config --cflags --libs --static bonemets) */
#include <bonemets/bonemets.h>
#include <stdio.h>
#include <string.h>

static const char record[] = "lesions: [{level: T12, sins_pain: mechanical, lesion_type: lytic}]";

int main(void)
{
    bonemets_error *err = bonemets_error_new();
    bonemets_loader *loader;
    bonemets_guidelines *set = NULL;
    bonemets_patient *patient = NULL;
    bonemets_assessment *result = NULL;

    if (!bonemets_loader_new(NULL, NULL, &loader) &&
        !bonemets_loader_add_embedded(loader, "sins", err) &&
        !bonemets_loader_build(loader, &set, err) && !bonemets_patient_new(set, &patient) &&
        !bonemets_patient_read(patient, "record", record, strlen(record), err) &&
        !bonemets_assess(patient, "sins", &result, err)) {
        const int32_t list = BONEMETS_RESULTS,
                      i = bonemets_assessment_find(result, list, "sins", 1);
        const char *band = bonemets_assessment_str(result, list, i, BONEMETS_F_BAND);
        printf("SINS %g to %g, band %s, missing:",
               bonemets_assessment_num(result, list, i, BONEMETS_F_LOW),
               bonemets_assessment_num(result, list, i, BONEMETS_F_HIGH), band ? band : "open");
        for (int32_t j = 0;
             j < bonemets_assessment_sub_count(result, list, i, BONEMETS_SUB_MISSING); j++)
            printf(" %s", bonemets_assessment_sub_str(result, list, i, BONEMETS_SUB_MISSING, j,
                                                      BONEMETS_F_ID));
        printf("\n");
    }
    for (int32_t i = 0; !result && i < bonemets_error_count(err); i++)
        fprintf(stderr, "%s\n", bonemets_error_str(err, i, BONEMETS_F_MESSAGE));
    const int status = result ? 0 : 1;
    bonemets_assessment_unref(result);
    bonemets_patient_free(patient);
    bonemets_guidelines_unref(set);
    bonemets_loader_free(loader);
    bonemets_error_free(err);
    return status;
}
