#include "plot/child.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

bool child_open(struct child *c, char *const *argv, volatile sig_atomic_t *stop) {
    *c = (struct child){.stop = stop};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return false;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, usual; /* what we ignore, it does not */
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGXFSZ);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(
        &how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&how, 0);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &usual);
    int failed = posix_spawnp(&c->pid, argv[0], &files, &how, argv, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    c->fd = ends[0];
    if (failed) close(ends[0]);
    errno = failed;
    return !failed;
}

/* ---- waiting ---- */

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* SIGINT is blocked but in here, so that none is lost between looking and waiting. */
static enum child_end wait_for(const struct child *c, struct pollfd *p, double deadline,
                               const sigset_t *unblocked) {
    for (;;) {
        double left = deadline - now();
        if (c->stop && *c->stop) return CHILD_STOPPED;
        if (left <= 0) return CHILD_SILENT;
        struct timespec t = {(time_t)left, (long)(1e9 * (left - floor(left)))};
        int ready = ppoll(p, 1, &t, unblocked);
        if (ready > 0) return CHILD_DONE;
        if (ready < 0 && errno != EINTR) return CHILD_GONE;
    }
}

struct talk {
    const char *text;
    size_t n;
    struct buf *answer;
    double silence, deadline;
    bool (*done)(void *context, const struct buf *);
    void *context;
};

static enum child_end talk(const struct child *c, struct talk *k,
                           const sigset_t *unblocked) {
    char piece[65536];
    for (;;) {
        struct pollfd p = {c->fd, (short)(k->n ? POLLIN | POLLOUT : POLLIN), 0};
        double deadline = fmin(k->deadline, now() + k->silence);
        enum child_end end = wait_for(c, &p, deadline, unblocked);
        if (end != CHILD_DONE) return end;
        if (p.revents & POLLOUT) {
            ssize_t sent = send(c->fd, k->text, k->n, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent > 0) k->text += sent, k->n -= (size_t)sent;
            else if (errno != EAGAIN && errno != EINTR) return CHILD_GONE;
        }
        if (!(p.revents & (POLLIN | POLLHUP | POLLERR))) continue;
        ssize_t got = recv(c->fd, piece, sizeof piece, MSG_DONTWAIT);
        if (got > 0) buf_add_n(k->answer, piece, (size_t)got);
        else if (got == 0 || (errno != EAGAIN && errno != EINTR)) return CHILD_GONE;
        if (k->answer->len > CHILD_ANSWER_MOST) return CHILD_FLOODS;
        if (!k->n && k->done && k->done(k->context, k->answer)) return CHILD_DONE;
    }
}

enum child_end child_talk(struct child *c, const char *text, size_t n,
                          struct buf *answer, const struct patience *patience,
                          bool (*done)(void *context, const struct buf *),
                          void *context) {
    struct talk k = {text, n,      answer, patience->silence, now() + patience->whole,
                     done, context};
    bool stopped = c->stop && *c->stop;
    if (stopped) *c->stop = 0;
    sigset_t interrupt, before;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, &before);
    enum child_end end = talk(c, &k, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (stopped) *c->stop = 1;
    c->hangs = end == CHILD_SILENT || end == CHILD_STOPPED || end == CHILD_FLOODS;
    return end;
}

void child_close(struct child *c) {
    close(c->fd);
    for (int i = 0; i < 50 && !c->hangs; i++) { /* half a second */
        if (waitpid(c->pid, NULL, WNOHANG) == c->pid) return;
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    kill(-c->pid, SIGKILL);
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR) {}
}
