#include "base/file.h"

#include <errno.h>
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

struct error *file_write(const char *path, const char *data, size_t n) {
    struct buf temp = {0};
    struct stat st;
    mode_t mode = umask(0);
    umask(mode);
    mode = 0666 & ~mode;
    if (stat(path, &st) == 0) {
        if (!S_ISREG(st.st_mode)) return error_new("not-a-file", "file", path, NULL);
        mode = st.st_mode & 0777;
    }
    buf_printf(&temp, "%s.XXXXXX", path);
    int fd = mkstemp(temp.data);
    if (fd < 0) {
        buf_free(&temp);
        return failed("cannot-write", path);
    }
    struct error *e = NULL;
    for (size_t at = 0; at < n && !e;) {
        ssize_t wrote = write(fd, data + at, n - at);
        if (wrote < 0 && errno != EINTR) e = failed("cannot-write", path);
        if (wrote > 0) at += (size_t)wrote;
    }
    if (!e && fchmod(fd, mode) != 0) e = failed("cannot-write", path);
    if (!e && fsync(fd) != 0) e = failed("cannot-write", path);
    if (close(fd) != 0 && !e) e = failed("cannot-write", path);
    if (!e && rename(temp.data, path) != 0) e = failed("cannot-write", path);
    if (e) unlink(temp.data);
    buf_free(&temp);
    return e;
}

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
