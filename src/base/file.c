#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"

static struct error *failed(const char *key, const char *path) {
    return error_new(key, "file", path, "why", strerror(errno), NULL);
}

bool file_hold_standard(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int wrong_way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", wrong_way) != fd) return false;
    }
    return true;
}

/* ---- out ---- */

static struct error *write_all(int fd, const char *path, const char *data, size_t n) {
    for (size_t at = 0; at < n;) {
        ssize_t wrote = write(fd, data + at, n - at);
        if (wrote < 0 && errno != EINTR) return failed("cannot-write", path);
        if (wrote > 0) at += (size_t)wrote;
    }
    return fsync(fd) != 0 ? failed("cannot-write", path) : NULL;
}

/* Over what was there: where its folder takes no new file, or a link leads nowhere
 * yet. */
static struct error *write_in_place(const char *path, const char *data, size_t n) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return failed("cannot-write", path);
    struct error *e = write_all(fd, path, data, n);
    if (close(fd) != 0 && !e) e = failed("cannot-write", path);
    return e;
}

static struct error *write_beside(const char *path, mode_t mode, const char *data,
                                  size_t n) {
    struct buf temp = {0};
    buf_printf(&temp, "%s.XXXXXX", path);
    int fd = mkostemp(temp.data, O_CLOEXEC);
    if (fd < 0) {
        bool closed = errno == EACCES || errno == EPERM || errno == EROFS;
        struct error *e = failed("cannot-write", path);
        buf_free(&temp);
        if (!closed || access(path, W_OK) != 0) return e;
        error_free(e);
        return write_in_place(path, data, n);
    }
    struct error *e = write_all(fd, path, data, n);
    if (!e && fchmod(fd, mode) != 0) e = failed("cannot-write", path);
    if (close(fd) != 0 && !e) e = failed("cannot-write", path);
    if (!e && rename(temp.data, path) != 0) e = failed("cannot-write", path);
    if (e) unlink(temp.data);
    buf_free(&temp);
    return e;
}

struct error *file_write(const char *path, const char *data, size_t n) {
    struct stat st;
    mode_t mask = umask(0);
    umask(mask);
    bool there = stat(path, &st) == 0;
    if (there && !S_ISREG(st.st_mode))
        return error_new("not-a-file", "file", path, NULL);
    if (!there && lstat(path, &st) == 0) return write_in_place(path, data, n);
    char *behind = there ? realpath(path, NULL) : NULL; /* the links to it stay links */
    struct error *e = write_beside(behind ? behind : path,
                                   there ? st.st_mode & 0777 : 0666 & ~mask, data, n);
    free(behind);
    return e;
}

/* ---- in ---- */

/* A FIFO is opened without waiting for somebody to write into it. */
static int open_in(const char *path) {
    int fd;
    do fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* Up to n bytes, fewer where the file ends before; -1: errno says why. */
static ssize_t read_all(int fd, char *data, size_t n) {
    size_t at = 0;
    while (at < n) {
        ssize_t got = read(fd, data + at, n - at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        at += (size_t)got;
    }
    return (ssize_t)at;
}

struct error *file_read(const char *path, size_t most, char **out, size_t *n) {
    struct stat st;
    int fd = open_in(path);
    if (fd < 0) return failed("cannot-read", path);
    struct error *e = NULL;
    char *data = NULL;
    if (fstat(fd, &st) != 0) {
        e = failed("cannot-read", path);
    } else if (!S_ISREG(st.st_mode)) {
        e = error_new("not-a-file", "file", path, NULL);
    } else if ((size_t)st.st_size > most) {
        e = error_new("file-too-large", "file", path, NULL);
    } else {
        data = mem_alloc((size_t)st.st_size + 1, 1);
        ssize_t got = read_all(fd, data, (size_t)st.st_size);
        if (got < 0) e = failed("cannot-read", path);
        else *n = (size_t)got;
    }
    close(fd);
    if (e) free(data);
    else *out = data;
    return e;
}
