#include "train/team.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

/* Tasks follow each other within microseconds, so those who wait look this often before
 * they go to sleep; who came too late for one, until the next. Where a task is done
 * before those who are woken for it are there, the machine has others to serve: the
 * next ones wake nobody, at most so many. */
enum { LOOKS = 2000, LOOKS_LATE = 10000, SPARED = 64 };

struct member {
    struct team *team;
    pthread_t thread;
    size_t index;
    _Atomic size_t taken, done; /* the last task whose share somebody, or it, did */
    bool helps;                 /* in the task in hand */
};

struct bed {
    pthread_cond_t woken;
    _Atomic int asleep;
};

struct team {
    size_t threads;
    struct member *members; /* threads − 1 of them: the caller is the first thread */
    void (*work)(void *, size_t);
    void *context;
    size_t pieces;
    _Atomic size_t tasks; /* given out so far */
    atomic_bool ends;
    size_t spare, spared; /* tasks that wake nobody; of them still to come */
    pthread_mutex_t lock;
    struct bed idle, caller;
};

static void rest(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

/* ---- waiting ---- */

/* Until the number is another: looking first, then asleep. */
static void wait_for(struct team *t, struct bed *bed, const _Atomic size_t *number,
                     size_t from, int looks) {
    for (int i = 0; i < looks; i++) {
        if (atomic_load(number) != from) return;
        rest();
    }
    pthread_mutex_lock(&t->lock);
    atomic_fetch_add(&bed->asleep, 1);
    while (atomic_load(number) == from) pthread_cond_wait(&bed->woken, &t->lock);
    atomic_fetch_sub(&bed->asleep, 1);
    pthread_mutex_unlock(&t->lock);
}

static void wake(struct team *t, struct bed *bed) {
    if (!atomic_load(&bed->asleep)) return;
    pthread_mutex_lock(&t->lock);
    pthread_cond_broadcast(&bed->woken);
    pthread_mutex_unlock(&t->lock);
}

/* ---- a task's shares ---- */

/* Thread i's share: the same stretch each time, so that its cache stays warm. */
static void do_share(struct team *t, size_t i) {
    size_t from = t->pieces * i / t->threads, to = t->pieces * (i + 1) / t->threads;
    for (size_t p = from; p < to; p++) t->work(t->context, p);
}

/* A share is the member's or, where it comes too late, the caller's. */
static bool take(struct member *m, size_t task) {
    size_t before = task - 1;
    return atomic_compare_exchange_strong(&m->taken, &before, task);
}

static void *run(void *p) {
    struct member *m = p;
    struct team *t = m->team;
    bool late = false;
    for (size_t task = 0;;) {
        wait_for(t, &t->idle, &t->tasks, task, late ? LOOKS_LATE : LOOKS);
        task = atomic_load(&t->tasks);
        if (atomic_load(&t->ends)) return NULL;
        late = !take(m, task);
        if (late) continue;
        do_share(t, m->index);
        atomic_store(&m->done, task);
        wake(t, &t->caller);
    }
}

/* ---- a team ---- */

struct team *team_new(int threads) {
    struct team *t = mem_alloc(1, sizeof *t);
    t->threads = 1;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->idle.woken, NULL);
    pthread_cond_init(&t->caller.woken, NULL);
    if (threads < 2) return t;
    t->members = mem_alloc((size_t)threads - 1, sizeof *t->members);
    sigset_t all, before; /* signals are the first thread's: it may be left by one */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    for (int i = 1; i < threads; i++) { /* as many as can be had */
        struct member *m = &t->members[i - 1];
        *m = (struct member){.team = t, .index = (size_t)i};
        if (pthread_create(&m->thread, NULL, run, m)) break;
        t->threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return t;
}

void team_free(struct team *t) {
    if (!t) return;
    atomic_store(&t->ends, true);
    atomic_fetch_add(&t->tasks, 1);
    wake(t, &t->idle);
    for (size_t i = 1; i < t->threads; i++)
        pthread_join(t->members[i - 1].thread, NULL);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->idle.woken);
    pthread_cond_destroy(&t->caller.woken);
    free(t->members);
    free(t);
}

void team_do(struct team *t, size_t pieces, void (*work)(void *context, size_t piece),
             void *context) {
    if (t->threads == 1 || pieces == 1) {
        for (size_t p = 0; p < pieces; p++) work(context, p);
        return;
    }
    t->work = work;
    t->context = context;
    t->pieces = pieces;
    size_t task = atomic_fetch_add(&t->tasks, 1) + 1, helpers = 0;
    if (t->spared) t->spared--;
    else wake(t, &t->idle);
    do_share(t, 0);
    for (size_t i = 1; i < t->threads; i++) {
        struct member *m = &t->members[i - 1];
        m->helps = !take(m, task);
        if (m->helps) helpers++;
        else do_share(t, i);
    }
    for (size_t i = 0; i + 1 < t->threads; i++) {
        struct member *m = &t->members[i];
        size_t done = atomic_load(&m->done);
        if (m->helps && done != task) wait_for(t, &t->caller, &m->done, done, LOOKS);
    }
    if (helpers) t->spare = t->spared = 0;
    else if (!t->spared)
        t->spared = t->spare = t->spare < SPARED / 2 ? 2 * t->spare + 1 : SPARED;
}
