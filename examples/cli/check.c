/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "program.h"

static void print_summary(const bonemets_guidelines *set, int errors, int warnings, int passed,
                          int failed)
{
    if (!set) {
        printf("refused: %d error%s\n", errors, errors == 1 ? "" : "s");
        return;
    }
    const int guidelines = (int)bonemets_guideline_count(set);
    const int known = (int)bonemets_fact_count(set);
    printf("%d guideline%s, %d fact%s; examples: %d passed, %d failed; %d warning%s\n", guidelines,
           guidelines == 1 ? "" : "s", known, known == 1 ? "" : "s", passed, failed, warnings,
           warnings == 1 ? "" : "s");
}

/* First as they are used, so that nothing leans on a guideline that is off; then with those. */
static bonemets_guidelines *load_both_ways(const arguments *options, bonemets_error *err)
{
    const char *const *paths = options->add ? &options->add : options->words;
    const int count = options->add ? 1 : options->word_count;
    const int beside = options->add ? WITH_EMBEDDED : 0;
    bonemets_guidelines *as_used = load_tables(paths, count, beside, err);
    if (!as_used) {
        return NULL;
    }
    bonemets_guidelines_unref(as_used);
    bonemets_error_clear(err);
    return load_tables(paths, count, beside | WITH_UNVERIFIED | WITH_RESTRICTED, err);
}

static int count_warnings(const bonemets_error *err)
{
    int warnings = 0;
    for (int32_t i = 0; i < bonemets_error_count(err); i++) {
        warnings += bonemets_error_int(err, i, BONEMETS_F_SEVERITY) == BONEMETS_SEVERITY_WARNING;
    }
    return warnings;
}

int check(const arguments *options)
{
    bonemets_error *err = bonemets_error_new();
    int32_t passed = 0, failed = 0;
    bonemets_guidelines *set = load_both_ways(options, err);
    const bonemets_status ran =
        set ? bonemets_guidelines_run_examples(set, &passed, &failed, err) : BONEMETS_E_RULE;
    const int errors = print_errors(err), warnings = count_warnings(err);
    if (!set && options->word_count > 0) {
        fputs("bonemets: tables that read the built-in vocabulary are checked with --add\n",
              stderr);
    }
    print_summary(set, errors, warnings, (int)passed, (int)failed);
    bonemets_guidelines_unref(set);
    bonemets_error_free(err);
    return ran == BONEMETS_OK ? DONE : FAILED;
}
