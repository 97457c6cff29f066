/* SPDX-License-Identifier: Apache-2.0 */
/* Slices shared out among threads. Only the first worker, which is R's own thread, calls R. */
#include "bonemets_r.h"

#include <signal.h>

static bonemets_status score_slice(team *all, worker *one, int64_t from)
{
    int64_t left = all->rows - from, count = left < SLICE_ROWS ? left : SLICE_ROWS;
    const struct ArrowArray *slice = slice_at(&one->in, from, count);
    one->status = bonemets_batch_run(one->batch, slice, &one->made, one->err);
    if (one->status) {
        one->before = from;
        atomic_store(&all->stop, 1);
        return one->status;
    }
    for (; one->told < bonemets_error_count(one->err) && one->told < MOST_TOLD; one->told++)
        one->told_before[one->told] = from;
    fill_answers(all->sinks, &one->made, from);
    return BONEMETS_OK;
}

static void release_made(worker *one)
{
    if (one->made.release)
        one->made.release(&one->made);
}

/* Slices are taken in order and one that was taken is done, so that of several that are refused the
 * first one is always among them. False: there is none left. */
static int next_slice(team *all, worker *one)
{
    if (atomic_load(&all->stop))
        return 0;
    int64_t from = atomic_fetch_add(&all->next, SLICE_ROWS);
    if (from >= all->rows)
        return 0;
    score_slice(all, one, from);
    release_made(one);
    return !one->status;
}

static void *work(void *data)
{
    worker *one = data;
    while (next_slice(one->all, one))
        ;
    return NULL;
}

/* Signals are for R's own thread. */
static void start_threads(team *all)
{
    sigset_t every, before;
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    for (int i = 1; i < all->count; i++, all->started++)
        if (pthread_create(&all->workers[i].thread, NULL, work, &all->workers[i]))
            break; /* those that run do the work */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void join_threads(team *all)
{
    for (; all->started > 0; all->started--)
        pthread_join(all->workers[all->started].thread, NULL);
}

const worker *run_team(team *all, SEXP answers)
{
    worker *own = &all->workers[0], *worst = NULL;
    atomic_store(&all->next, SLICE_ROWS);
    /* one slice even when there are no rows: the levels come with the answers */
    if (score_slice(all, own, 0))
        return own;
    name_levels(answers, &own->made);
    release_made(own);
    if (all->rows > SLICE_ROWS)
        start_threads(all);
    while (next_slice(all, own))
        R_CheckUserInterrupt();
    join_threads(all);
    for (int i = 0; i < all->count; i++)
        if (all->workers[i].status && (!worst || all->workers[i].before < worst->before))
            worst = &all->workers[i];
    if (!worst)
        fill_lists(answers, all->sinks, all->rows);
    return worst;
}

void free_team(team *all)
{
    atomic_store(&all->stop, 1);
    join_threads(all);
    for (int i = 0; i < all->count; i++) {
        release_made(&all->workers[i]);
        bonemets_batch_free(all->workers[i].batch);
        bonemets_error_free(all->workers[i].err);
    }
    if (all->sinks)
        free_lists(all->sinks, all->sink_count, all->rows);
}
