/* SPDX-License-Identifier: Apache-2.0 */
/* One set of guidelines and one assessment, shared by several threads that each have a patient of
 * their own. Meant for ThreadSanitizer; without it, at least the answers are compared. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bonemets/bonemets.h>

enum { THREADS = 4, ROUNDS = 25, ROOM = 1 << 20 };

static const char record[] = "spinal_pain: yes\nlesions:\n  - {level: T8}\n  - {level: T12}\n";

typedef struct {
    bonemets_guidelines *set;    /* a reference of its own */
    bonemets_assessment *shared; /* a reference of its own */
    const char *expected;
    bool ok;
} task;

static bool write_json(const bonemets_assessment *result, char *buffer)
{
    return bonemets_assessment_write(result, BONEMETS_FORMAT_JSON, buffer, ROOM, NULL) ==
           BONEMETS_OK;
}

static bonemets_assessment *assess(bonemets_guidelines *set)
{
    bonemets_patient *patient = NULL;
    bonemets_assessment *result = NULL;
    if (bonemets_patient_new(set, &patient) == BONEMETS_OK &&
        bonemets_patient_read(patient, "record", record, strlen(record), NULL) == BONEMETS_OK)
        bonemets_assess(patient, NULL, &result, NULL);
    bonemets_patient_free(patient);
    return result;
}

static void *work(void *argument)
{
    task *t = argument;
    char *json = malloc(ROOM);
    t->ok = json != NULL;
    for (int i = 0; i < ROUNDS && t->ok; i++) {
        bonemets_guidelines *set = bonemets_guidelines_ref(t->set);
        bonemets_assessment *shared = bonemets_assessment_ref(t->shared);
        bonemets_assessment *own = assess(set);
        bonemets_guidelines_unref(set);
        t->ok = write_json(own, json) && strcmp(json, t->expected) == 0;
        t->ok = t->ok && write_json(shared, json) && strcmp(json, t->expected) == 0;
        bonemets_assessment_unref(own);
        bonemets_assessment_unref(shared);
    }
    bonemets_assessment_unref(t->shared);
    bonemets_guidelines_unref(t->set);
    free(json);
    return NULL;
}

static bonemets_guidelines *load(void)
{
    bonemets_loader *loader = NULL;
    bonemets_guidelines *set = NULL;
    if (bonemets_loader_new(NULL, NULL, &loader) == BONEMETS_OK &&
        bonemets_loader_add_embedded(loader, NULL, NULL) == BONEMETS_OK)
        bonemets_loader_build(loader, &set, NULL);
    bonemets_loader_free(loader);
    return set;
}

/* ---- an answer of which nobody has asked anything yet ---- */

typedef struct {
    bonemets_assessment *shared;
    const char *expected;
    pthread_barrier_t *start;
    int first; /* which list is asked for first */
    bool ok;
} cold_task;

static void *ask_cold(void *argument)
{
    static const int32_t lists[] = {BONEMETS_MISSING, BONEMETS_RESULTS, BONEMETS_ASSUMED,
                                    BONEMETS_CHOICES};
    cold_task *t = argument;
    char *json = malloc(ROOM);
    pthread_barrier_wait(t->start);
    int32_t list = lists[t->first];
    for (int32_t i = 0; i < bonemets_assessment_count(t->shared, list); i++)
        bonemets_assessment_sub_count(t->shared, list, i, BONEMETS_SUB_NOTES);
    t->ok = json && write_json(t->shared, json) && strcmp(json, t->expected) == 0;
    free(json);
    return NULL;
}

/* All threads come upon the same lists at once, and none of them has been worked out. */
static int wrong_when_cold(bonemets_guidelines *set, const char *expected)
{
    int wrong = 0;
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[THREADS];
        pthread_barrier_t start;
        cold_task tasks[THREADS];
        bonemets_assessment *shared = assess(set);
        pthread_barrier_init(&start, NULL, THREADS);
        for (int i = 0; i < THREADS; i++) {
            tasks[i] = (cold_task){shared, expected, &start, (i + round) % 4, false};
            if (pthread_create(&threads[i], NULL, ask_cold, &tasks[i]))
                exit(1);
        }
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
            wrong += !tasks[i].ok;
        }
        pthread_barrier_destroy(&start);
        bonemets_assessment_unref(shared);
    }
    return wrong;
}

int main(void)
{
    static char expected[ROOM];
    task tasks[THREADS];
    pthread_t threads[THREADS];
    bonemets_guidelines *set = load();
    bonemets_assessment *shared = set ? assess(set) : NULL;
    if (!shared || !write_json(shared, expected))
        return 1;
    int wrong = wrong_when_cold(set, expected);
    for (int i = 0; i < THREADS; i++) {
        tasks[i] =
            (task){bonemets_guidelines_ref(set), bonemets_assessment_ref(shared), expected, false};
        if (pthread_create(&threads[i], NULL, work, &tasks[i]))
            return 1;
    }
    /* The threads may hold the last references. */
    bonemets_assessment_unref(shared);
    bonemets_guidelines_unref(set);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        wrong += !tasks[i].ok;
    }
    printf("%d of %d threads got another answer\n", wrong, THREADS * (ROUNDS + 1));
    return wrong != 0;
}
