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
    int fd = mkstemp(temp.data);
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

struct error *file_read(const char *path, size_t most, char **out, size_t *n) {
    struct stat st;
    if (stat(path, &st) != 0) return failed("cannot-read", path);
    if (!S_ISREG(st.st_mode)) return error_new("not-a-file", "file", path, NULL);
    if ((size_t)st.st_size > most)
        return error_new("file-too-large", "file", path, NULL);
    FILE *f = fopen(path, "rb");
    if (!f) return failed("cannot-read", path);
    char *data = mem_alloc((size_t)st.st_size + 1, 1);
    *n = fread(data, 1, (size_t)st.st_size, f);
    bool bad = ferror(f);
    fclose(f);
    if (bad) {
        free(data);
        return failed("cannot-read", path);
    }
    *out = data;
    return NULL;
}
