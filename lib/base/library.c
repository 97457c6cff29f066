/* SPDX-License-Identifier: Apache-2.0 */
/* What the running library says about itself. */
#include <stddef.h>
#include <string.h>

#include "bonemets/bonemets.h"

int32_t bonemets_version(void)
{
    return BONEMETS_VERSION;
}

int32_t bonemets_has(const char *feature)
{
    static const char features[][16] = {"embedded", "json",     "text",     "markdown",
                                        "full",     "instants", "links",    "batch",
                                        "arrow",    "what_if",  "questions"};
    if (feature == NULL) {
        return 0;
    }
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
        if (strcmp(features[i], feature) == 0) {
            return 1;
        }
    }
    return 0;
}

const char *bonemets_status_name(bonemets_status status)
{
    switch (status) {
    case BONEMETS_OK:
        return "ok";
    case BONEMETS_E_ARGUMENT:
        return "invalid argument";
    case BONEMETS_E_MEMORY:
        return "out of memory";
    case BONEMETS_E_LIMIT:
        return "limit passed";
    case BONEMETS_E_IO:
        return "file cannot be read";
    case BONEMETS_E_YAML:
        return "YAML refused";
    case BONEMETS_E_RULE:
        return "guideline table refused";
    case BONEMETS_E_FACT:
        return "unknown name";
    case BONEMETS_E_TYPE:
        return "wrong type of value";
    case BONEMETS_E_UNIT:
        return "wrong unit";
    case BONEMETS_E_RANGE:
        return "out of range";
    case BONEMETS_E_SPACE:
        return "buffer too small";
    default: /* also a number from a newer header */
        return "other error";
    }
}
