#include "train/team.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

/* Tasks follow each other within microseconds, so those who wait look this often before
 * they go to sleep. */
enum { LOOKS = 2000 };

struct member {
    struct team *team;
    pthread_t thread;
    size_t index;
    _Atomic size_t done; /* tasks */
};

struct team {
    size_t threads;
    struct member *members; /* threads − 1 of them: the caller is the first thread */
    void (*work)(void *, size_t);
    void *context;
    size_t pieces;
    _Atomic size_t tasks; /* given out so far */
    atomic_bool ends;
    pthread_mutex_t lock;
    pthread_cond_t woken;
};

static void rest(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

/* Thread i's share: the same stretch each time, so that its cache stays warm. */
static void do_share(struct team *t, size_t i) {
    size_t from = t->pieces * i / t->threads, to = t->pieces * (i + 1) / t->threads;
    for (size_t p = from; p < to; p++) t->work(t->context, p);
}

static void wait_for_task(struct team *t, size_t seen) {
    for (int i = 0; i < LOOKS; i++) {
        if (atomic_load(&t->tasks) != seen || atomic_load(&t->ends)) return;
        rest();
    }
    pthread_mutex_lock(&t->lock);
    while (atomic_load(&t->tasks) == seen && !atomic_load(&t->ends)) {
        pthread_cond_wait(&t->woken, &t->lock);
    }
    pthread_mutex_unlock(&t->lock);
}

static void *run(void *p) {
    struct member *m = p;
    for (size_t seen = 0;; seen++) {
        wait_for_task(m->team, seen);
        if (atomic_load(&m->team->ends)) return NULL;
        do_share(m->team, m->index);
        atomic_store(&m->done, seen + 1);
    }
}

struct team *team_new(int threads) {
    struct team *t = mem_alloc(1, sizeof *t);
    t->threads = 1;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->woken, NULL);
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

static void wake(struct team *t) {
    pthread_mutex_lock(&t->lock);
    pthread_cond_broadcast(&t->woken);
    pthread_mutex_unlock(&t->lock);
}

void team_free(struct team *t) {
    if (!t) return;
    atomic_store(&t->ends, true);
    wake(t);
    for (size_t i = 1; i < t->threads; i++)
        pthread_join(t->members[i - 1].thread, NULL);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->woken);
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
    size_t task = atomic_fetch_add(&t->tasks, 1) + 1;
    wake(t);
    do_share(t, 0);
    for (size_t i = 1; i < t->threads; i++) {
        for (int look = 0; atomic_load(&t->members[i - 1].done) != task; look++) {
            if (look < LOOKS) rest();
            else sched_yield(); /* the machine is busy: let the other one run */
        }
    }
}
