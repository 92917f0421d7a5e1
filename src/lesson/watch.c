/* watch: `learn lint --watch FILE…`: lints at every save. Each lint is a child, so
 * that a save stops one that still plays; its end is waited for, and nothing old is
 * said. The folder is watched, not the file: editors put another one in its place. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/raw.h"
#include "lesson/lesson.h"
#include "text/number.h"

enum { LOOK_MS = 200, SETTLE_MS = 20, STEP_SIZE = 16 };

struct watch {
    const struct lint_order *order;
    struct stat *was;         /* of each file, when it was linted last */
    int inotify;              /* -1: there is none, and they are looked at often */
    pid_t child;              /* 0: none lints */
    bool keys;                /* somebody is at the keys */
    struct lint_found *found; /* of the file that was linted last, by the child */
    int *file;                /* which of them the first fault is in */
    struct termios before;
};

/* ---- what has changed ---- */

static struct stat stat_of(const char *path) {
    struct stat st = {0};
    if (stat(path, &st) != 0) st = (struct stat){0};
    return st;
}

static bool is_same(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool has_changed(struct watch *w) {
    bool changed = false;
    for (int i = 0; i < w->order->n; i++) {
        struct stat now = stat_of(w->order->paths[i]);
        changed |= !is_same(&now, &w->was[i]);
        w->was[i] = now;
    }
    return changed;
}

static void watch_folders(struct watch *w) {
    uint32_t what = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE;
    w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    for (int i = 0; i < w->order->n && w->inotify >= 0; i++) {
        char *folder = file_beside(w->order->paths[i], ".");
        if (inotify_add_watch(w->inotify, folder, what) < 0) {
            close(w->inotify);
            w->inotify = -1;
        }
        free(folder);
    }
}

static void drain(int fd) {
    char events[4096];
    while (fd >= 0 && read(fd, events, sizeof events) > 0) {}
}

/* ---- linting ---- */

static void lint_all(struct watch *w) {
    struct out *o = w->order->out;
    *w->found = (struct lint_found){0};
    for (int i = 0; i < w->order->n; i++) {
        double start = clock_seconds();
        time_t now = time(NULL);
        char clock[16];
        strftime(clock, sizeof clock, "%H:%M:%S", localtime(&now));
        out_printf(o, "%s%s  %s%s\n", out_ink(o, OUT_STRONG), w->order->paths[i], clock,
                   out_ink(o, OUT_PLAIN));
        out_flush(o);
        struct lint_found f =
            lesson_lint(o, w->order->tables, w->order->home, w->order->paths[i], true);
        if (f.step && !w->found->step) w->found->step = f.step, *w->file = i;
        w->found->plays |= f.plays && *w->file == i;
        double seconds = (double)(int)(100 * (clock_seconds() - start)) / 100;
        out_printf(o, "%s%s s%s\n", out_ink(o, OUT_DIM), NUM(o, seconds),
                   out_ink(o, OUT_PLAIN));
    }
    const char *step = w->found->step ? "watch.keys-step" : "watch.keys";
    const char *keys = w->found->plays ? step : "watch.end";
    if (w->keys) out_say(o, keys, "step", NUM(o, w->found->step), NULL);
    out_flush(o);
}

static void stop(struct watch *w) {
    if (!w->child) return;
    kill(w->child, SIGTERM); /* it takes its scratch folder with it */
    waitpid(w->child, NULL, 0);
    w->child = 0;
}

static void begin(struct watch *w) {
    struct out *o = w->order->out;
    stop(w);
    has_changed(w);
    if (o->moves) out_clear(o);
    else out_puts(o, "\n");
    out_flush(o);
    *w->file = 0;
    pid_t child = fork();
    if (child == 0) {
        lint_all(w);
        _exit(0);
    }
    w->child = child > 0 ? child : 0; /* there may be no room for one more */
}

/* ---- keys ---- */

static void set_keys(const struct watch *w, bool raw) {
    if (w->keys && raw) raw_begin(&w->before, TCSADRAIN);
    else if (w->keys) raw_end(&w->before);
}

/* From the first step that lint finds something in. */
static void play(struct watch *w) {
    char step[STEP_SIZE];
    snprintf(step, sizeof step, "%d", w->found->step ? w->found->step : 1);
    stop(w);
    set_keys(w, false);
    pid_t player = fork();
    if (player == 0) {
        signal(SIGTERM, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        w->order->play(w->order->self, w->order->paths[*w->file], step);
        _exit(0);
    }
    while (player > 0 && waitpid(player, NULL, 0) < 0 && errno == EINTR) {}
    interrupt_clear(); /* Ctrl-C was the player's */
    set_keys(w, true);
    begin(w);
}

/* False: it is the end. */
static bool take_key(struct watch *w) {
    char key = 0;
    ssize_t got = read(STDIN_FILENO, &key, 1);
    if (got == 0 || (got < 0 && errno != EINTR)) return false;
    if (got > 0 && (key == 'q' || key == 4)) return false;
    if (got > 0 && key == 'p' && w->found->plays) play(w);
    return true;
}

/* ---- the loop ---- */

static void watch(struct watch *w) {
    begin(w);
    for (bool on = true; on && !interrupt_flag;) {
        struct pollfd at[] = {{w->keys ? STDIN_FILENO : -1, POLLIN, 0},
                              {w->inotify, POLLIN, 0}};
        int n = poll(at, 2, w->inotify < 0 ? LOOK_MS : 5 * LOOK_MS);
        if (w->child && waitpid(w->child, NULL, WNOHANG) == w->child) w->child = 0;
        if (n > 0 && at[1].revents) {
            drain(w->inotify);
            poll(NULL, 0, SETTLE_MS); /* an editor writes more than once */
            drain(w->inotify);
        }
        if (n > 0 && at[0].revents) on = take_key(w);
        if (on && has_changed(w)) begin(w);
    }
    stop(w);
}

int lesson_watch(const struct lint_order *order) {
    struct watch w = {.order = order, .inotify = -1};
    size_t size = sizeof *w.found + sizeof *w.file;
    void *shared =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 1;
    w.found = shared;
    w.file = (int *)(w.found + 1);
    w.was = mem_alloc((size_t)order->n, sizeof *w.was);
    w.keys = raw_can(&w.before);
    interrupt_catch(SIGTERM, 0);
    interrupt_catch(SIGHUP, 0);
    watch_folders(&w);
    set_keys(&w, true);
    watch(&w);
    set_keys(&w, false);
    if (w.inotify >= 0) close(w.inotify);
    free(w.was);
    munmap(shared, size);
    return 0;
}
