/* SPDX-License-Identifier: Apache-2.0 */
/* The same bytes in a locale with a decimal comma. usage: locale RECORD... */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <bonemets/bonemets.h>

enum { ROOM = 1 << 19, SKIP = 77 };

static size_t read_file(const char *path, char *text)
{
    FILE *file = fopen(path, "rb");
    const size_t size = file ? fread(text, 1, ROOM, file) : 0;
    if (file)
        fclose(file);
    return size;
}

/* Loads the tables as well, so that numbers in tables are read in this locale too. */
static int write_all(const char *path, const char *text, size_t size, char *out)
{
    bonemets_loader *loader = NULL;
    bonemets_guidelines *set = NULL;
    bonemets_patient *patient = NULL;
    bonemets_assessment *result = NULL;
    size_t first = 0;
    int status = 1;
    if (!bonemets_loader_new(NULL, NULL, &loader) &&
        !bonemets_loader_add_embedded(loader, NULL, NULL) &&
        !bonemets_loader_build(loader, &set, NULL) && !bonemets_patient_new(set, &patient) &&
        !bonemets_patient_read(patient, path, text, size, NULL) &&
        !bonemets_assess(patient, NULL, &result, NULL) &&
        !bonemets_assessment_write(result, BONEMETS_FORMAT_JSON, out, ROOM, &first))
        status = bonemets_assessment_write(result, BONEMETS_FORMAT_TEXT, out + first, ROOM - first,
                                           NULL);
    bonemets_assessment_unref(result);
    bonemets_patient_free(patient);
    bonemets_guidelines_unref(set);
    bonemets_loader_free(loader);
    return status;
}

static int set_comma_locale(void)
{
    const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "fr_FR.utf8", "de_DE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (setlocale(LC_ALL, names[i]) && strcmp(localeconv()->decimal_point, ",") == 0)
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    static char text[ROOM], with_point[ROOM], with_comma[ROOM];
    int wrong = argc < 2;
    for (int i = 1; i < argc; i++) {
        const size_t size = read_file(argv[i], text);
        memset(with_point, 0, ROOM);
        memset(with_comma, 0, ROOM);
        setlocale(LC_ALL, "C");
        const int status = write_all(argv[i], text, size, with_point);
        if (!set_comma_locale()) {
            printf("skipped: no locale with a decimal comma is installed\n");
            return SKIP;
        }
        const int again = write_all(argv[i], text, size, with_comma);
        if (status || again || memcmp(with_point, with_comma, ROOM) != 0) {
            printf("%s: status %d, then %d, or other bytes\n", argv[i], status, again);
            wrong = 1;
        }
    }
    return wrong;
}
