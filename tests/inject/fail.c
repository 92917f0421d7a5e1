/* fail: a library put before libc (LD_PRELOAD, so not into the sanitized build), which
 * lets the n-th of some calls fail, or ends the program there. tests/inject.py builds
 * it and says how it is driven:
 *
 *     FAIL_CALLS=write,fsync   which calls count; all of them where not set
 *     FAIL_PATH=/tmp/s.learn   only those on a path that has this in it
 *     FAIL_AT=3                the third of them
 *     FAIL_ON=1                and every one after it (a disk that stays full)
 *     FAIL_ERRNO=28            how; 0: SIGKILL, before the call is made
 *     FAIL_SAW=/tmp/seen       file that then says which call it was
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static long counted;

static bool is_counted(const char *call) {
    const char *calls = getenv("FAIL_CALLS");
    size_t n = strlen(call);
    for (const char *at = calls; at && *at; at += *at == ',') {
        size_t length = strcspn(at, ",");
        if (length == n && memcmp(at, call, n) == 0) return true;
        at += length;
    }
    return !calls;
}

static void note(const char *call, const char *path) {
    const char *file = getenv("FAIL_SAW");
    char line[4200];
    int n = snprintf(line, sizeof line, "%s %s\n", call, path);
    long fd = file ? syscall(SYS_openat, AT_FDCWD, file,
                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
                   : -1;
    if (fd < 0) return;
    if (syscall(SYS_write, fd, line, n < (int)sizeof line ? n : (int)sizeof line - 1))
        (void)0;
    syscall(SYS_close, fd);
}

/* Is this the one? errno is set then. */
static bool fails(const char *call, const char *path) {
    const char *at = getenv("FAIL_AT"), *part = getenv("FAIL_PATH");
    const char *code = getenv("FAIL_ERRNO"), *on = getenv("FAIL_ON");
    if (!at || !code || !path || !is_counted(call)) return false;
    if (part && !strstr(path, part)) return false;
    long n = ++counted, first = atol(at);
    if (n != first && !(on && n > first)) return false;
    note(call, path);
    if (atoi(code) == 0) kill(getpid(), SIGKILL);
    errno = atoi(code);
    return true;
}

/* The same of an open file, by the path it has now. */
static bool fails_on(const char *call, int fd) {
    char link[64], path[4096];
    if (!getenv("FAIL_AT")) return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long n = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (n < 0) return false;
    path[n] = '\0';
    return fails(call, path);
}

static bool fails_on_two(const char *call, const char *from, const char *to) {
    char both[8200];
    snprintf(both, sizeof both, "%s -> %s", from, to);
    return fails(call, both);
}

/* ---- the calls: what they return where they fail ---- */

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define BY_PATH(type, failed, name, list, path, args) \
    type name list { return fails(#name, path) ? (failed) : REAL(name) args; }
#define BY_FD(type, name, list, fd, args) \
    type name list { return fails_on(#name, fd) ? -1 : REAL(name) args; }

#define MODE(last)                                                          \
    va_list list;                                                           \
    va_start(list, last);                                                   \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
    va_end(list)

int open(const char *path, int flags, ...) {
    MODE(flags);
    return fails("open", path) ? -1 : REAL(open)(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    MODE(flags);
    return fails("open", path) ? -1 : REAL(open64)(path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
    MODE(flags);
    return fails("openat", path) ? -1 : REAL(openat)(at, path, flags, mode);
}

// clang-format off
BY_PATH(FILE *, NULL, fopen, (const char *path, const char *mode), path, (path, mode))
BY_PATH(FILE *, NULL, fopen64, (const char *path, const char *mode), path, (path, mode))
BY_PATH(DIR *, NULL, opendir, (const char *path), path, (path))
BY_PATH(char *, NULL, realpath, (const char *path, char *to), path, (path, to))
BY_PATH(int, -1, mkstemp, (char *path), path, (path))
BY_PATH(int, -1, mkostemp, (char *path, int flags), path, (path, flags))
BY_PATH(int, -1, mkostemps, (char *path, int more, int flags), path, (path, more, flags))
BY_PATH(int, -1, mkdir, (const char *path, mode_t mode), path, (path, mode))
BY_PATH(int, -1, unlink, (const char *path), path, (path))
BY_PATH(int, -1, stat, (const char *path, struct stat *to), path, (path, to))
BY_PATH(int, -1, lstat, (const char *path, struct stat *to), path, (path, to))
BY_PATH(int, -1, access, (const char *path, int how), path, (path, how))
BY_FD(ssize_t, read, (int fd, void *to, size_t n), fd, (fd, to, n))
BY_FD(ssize_t, write, (int fd, const void *from, size_t n), fd, (fd, from, n))
BY_FD(int, fsync, (int fd), fd, (fd))
BY_FD(int, fstat, (int fd, struct stat *to), fd, (fd, to))
BY_FD(int, fchmod, (int fd, mode_t mode), fd, (fd, mode))
BY_FD(int, fchown, (int fd, uid_t owner, gid_t group), fd, (fd, owner, group))
BY_FD(int, ftruncate, (int fd, off_t size), fd, (fd, size))
BY_FD(int, flock, (int fd, int how), fd, (fd, how))
// clang-format on

int rename(const char *from, const char *to) {
    return fails_on_two("rename", from, to) ? -1 : REAL(rename)(from, to);
}

/* What is closed is closed, whatever it says. */
int close(int fd) {
    bool bad = fails_on("close", fd);
    int why = errno, done = REAL(close)(fd);
    if (!bad) return done;
    errno = why;
    return -1;
}
