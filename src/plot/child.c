#include "plot/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

bool child_open(struct child *c, char *const *argv) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return false;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&how, 0);
    posix_spawnattr_setsigmask(&how, &none);
    int failed = posix_spawnp(&c->pid, argv[0], &files, &how, argv, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    c->fd = ends[0];
    if (failed) close(ends[0]);
    errno = failed;
    return !failed;
}

enum child_end child_talk(struct child *c, const char *text, size_t n,
                          struct buf *answer, int patience,
                          bool (*done)(void *context, const struct buf *),
                          void *context) {
    char piece[65536];
    for (;;) {
        struct pollfd p = {c->fd, (short)(n ? POLLIN | POLLOUT : POLLIN), 0};
        int ready = poll(&p, 1, patience);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return CHILD_SILENT;
        if (p.revents & POLLOUT) {
            ssize_t sent = send(c->fd, text, n, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent > 0) text += sent, n -= (size_t)sent;
            else if (errno != EAGAIN && errno != EINTR) return CHILD_GONE;
        }
        if (!(p.revents & (POLLIN | POLLHUP | POLLERR))) continue;
        ssize_t got = recv(c->fd, piece, sizeof piece, MSG_DONTWAIT);
        if (got > 0) buf_add_n(answer, piece, (size_t)got);
        else if (got == 0 || (errno != EAGAIN && errno != EINTR)) return CHILD_GONE;
        if (!n && done && done(context, answer)) return CHILD_DONE;
    }
}

void child_close(struct child *c) {
    close(c->fd);
    for (int i = 0; i < 50; i++) { /* half a second */
        if (waitpid(c->pid, NULL, WNOHANG) == c->pid) return;
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    kill(-c->pid, SIGKILL);
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR) {}
}
