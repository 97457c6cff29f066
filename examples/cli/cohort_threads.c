/* SPDX-License-Identifier: Apache-2.0 */
/* Several blocks in work at a time. The main thread reads and puts out, so that the order of the file
 * is kept whatever the number of threads. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "cohort.h"

enum { BLOCKS_AHEAD = 2 };

typedef struct {
    crew *crew;
    worker worker;
    pthread_t thread;
    int started;
} member;

struct crew {
    const plan *plan;
    member *members;
    int count;
    block *blocks;
    size_t block_count;
    size_t filled, taken, given; /* blocks so far */
    int lent, stop, status;
    pthread_mutex_t lock;
    pthread_cond_t change;
};

static void *work(void *context)
{
    member *me = context;
    crew *of = me->crew;
    pthread_mutex_lock(&of->lock);
    for (;;) {
        while (of->taken == of->filled && !of->stop) {
            pthread_cond_wait(&of->change, &of->lock);
        }
        if (of->stop) {
            break;
        }
        block *one = &of->blocks[of->taken++ % of->block_count];
        pthread_mutex_unlock(&of->lock);
        score_block(&me->worker, one);
        pthread_mutex_lock(&of->lock);
        one->done = 1;
        pthread_cond_broadcast(&of->change);
    }
    pthread_mutex_unlock(&of->lock);
    return NULL;
}

static int open_blocks(crew *of)
{
    const size_t states = (size_t)of->plan->answers.n_children * STATES + 1;
    of->block_count = of->count > 1 ? (size_t)of->count + BLOCKS_AHEAD : 1;
    of->blocks = calloc(of->block_count, sizeof *of->blocks);
    for (size_t i = 0; of->blocks && i < of->block_count; i++) {
        of->blocks[i].states = calloc(states, sizeof *of->blocks[i].states);
        if (!of->blocks[i].states) {
            return 0;
        }
    }
    return of->blocks != NULL;
}

crew *start_crew(const plan *on, int threads)
{
    crew *of = calloc(1, sizeof *of);
    int ok = of != NULL;
    if (of) {
        of->plan = on;
        of->count = threads;
        of->members = calloc((size_t)threads, sizeof *of->members);
        pthread_mutex_init(&of->lock, NULL);
        pthread_cond_init(&of->change, NULL);
        ok = of->members && open_blocks(of);
    }
    for (int i = 0; i < threads && ok; i++) {
        of->members[i].crew = of;
        ok = open_worker(&of->members[i].worker, on);
    }
    for (int i = 0; i < threads && threads > 1 && ok; i++) {
        ok = pthread_create(&of->members[i].thread, NULL, work, &of->members[i]) == 0;
        of->members[i].started = ok;
    }
    if (!ok) {
        fputs("bonemets: the threads cannot be started\n", stderr);
        end_crew(of);
        return NULL;
    }
    return of;
}

/* Reads as far ahead as there are blocks. */
static void fill(crew *of, input *from, int *status)
{
    while (of->status == 0 && of->filled - of->given < of->block_count) {
        block *one = &of->blocks[of->filled % of->block_count];
        one->done = 0;
        const int more = next_block(from, one);
        if (more <= 0) {
            of->status = 1;
            *status = more < 0 ? FAILED : DONE;
            return;
        }
        pthread_mutex_lock(&of->lock);
        of->filled++;
        pthread_cond_broadcast(&of->change);
        pthread_mutex_unlock(&of->lock);
    }
}

block *next_scored(crew *of, input *from, int *status)
{
    of->given += (size_t)of->lent;
    of->lent = 0;
    fill(of, from, status);
    if (of->given == of->filled) {
        return NULL;
    }
    block *one = &of->blocks[of->given % of->block_count];
    if (of->count == 1) {
        score_block(&of->members[0].worker, one);
    }
    pthread_mutex_lock(&of->lock);
    while (of->count > 1 && !one->done) {
        pthread_cond_wait(&of->change, &of->lock);
    }
    pthread_mutex_unlock(&of->lock);
    of->lent = 1;
    return one;
}

void end_crew(crew *of)
{
    if (!of) {
        return;
    }
    pthread_mutex_lock(&of->lock);
    of->stop = 1;
    pthread_cond_broadcast(&of->change);
    pthread_mutex_unlock(&of->lock);
    for (int i = 0; of->members && i < of->count; i++) {
        if (of->members[i].started) {
            pthread_join(of->members[i].thread, NULL);
        }
        if (of->members[i].worker.plan) {
            close_worker(&of->members[i].worker);
        }
    }
    for (size_t i = 0; of->blocks && i < of->block_count; i++) {
        free(of->blocks[i].in.bytes);
        free(of->blocks[i].out.bytes);
        free(of->blocks[i].problems);
        free(of->blocks[i].begun);
        free(of->blocks[i].states);
    }
    pthread_cond_destroy(&of->change);
    pthread_mutex_destroy(&of->lock);
    free(of->blocks);
    free(of->members);
    free(of);
}
