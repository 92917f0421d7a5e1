#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"

static struct error *failed(const char *key, const char *path) {
    return error_new(key, "file", path, "why", strerror(errno), NULL);
}

struct error *file_check_name(const char *path) {
    size_t len;
    const char *s = path;
    for (uint32_t c; (c = utf8_decode(s, &len)); s += len) {
        if (utf8_controls(c)) return error_new("file-name", "file", path, NULL);
    }
    return NULL;
}

bool file_hold_standard(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int wrong_way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", wrong_way) != fd) return false;
    }
    return true;
}

/* ---- paths ---- */

char *file_at_home(const char *home, const char *name) {
    struct buf b = {0};
    buf_printf(&b, "%s/%s", home ? home : ".", name);
    return buf_take(&b);
}

char *file_beside(const char *path, const char *name) {
    struct buf b = {0};
    const char *slash = strrchr(path, '/');
    if (slash && *name != '/') buf_add_n(&b, path, (size_t)(slash + 1 - path));
    buf_add(&b, name);
    return buf_take(&b);
}

char *file_behind(const char *path) {
    enum { LINKS = 40 }; /* of which the system follows no more either */
    char *at = mem_copy(path), to[4096];
    for (int i = 0; i < LINKS; i++) {
        ssize_t n = readlink(at, to, sizeof to - 1);
        if (n < 0) break;
        to[n] = '\0';
        char *next = file_beside(at, to);
        free(at);
        at = next;
    }
    return at;
}

/* ---- out ---- */

#define TEMP ".learn-XXXXXX.tmp"
enum { HEAD = 7, TAIL = 4 }; /* of it, before and behind what differs */

static bool is_temp(const char *name) {
    size_t n = strlen(TEMP);
    return strlen(name) == n && memcmp(name, TEMP, HEAD) == 0 &&
           memcmp(name + n - TAIL, &TEMP[n - TAIL], TAIL) == 0;
}

/* Removes what killed writers left in path's folder: who lives holds his locked. */
static void sweep(const char *path) {
    char *folder = file_beside(path, ".");
    DIR *d = opendir(folder);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        if (!is_temp(entry->d_name)) continue;
        int how = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
        int fd = openat(dirfd(d), entry->d_name, how);
        if (fd < 0) continue;
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) unlinkat(dirfd(d), entry->d_name, 0);
        close(fd);
    }
    if (d) closedir(d);
    free(folder);
}

/* A fresh one, locked; not one that was swept before it was. */
static int make_temp(const char *path, char **temp) {
    for (int tries = 0; tries < 100; tries++) {
        struct stat st;
        *temp = file_beside(path, TEMP);
        int fd = mkostemps(*temp, TAIL, O_CLOEXEC);
        if (fd < 0 && errno != EINTR) break;
        bool swept = fd < 0 ||
                     (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) ||
                     (fstat(fd, &st) == 0 && st.st_nlink == 0);
        if (!swept) return fd;
        if (fd >= 0) close(fd);
        free(*temp);
        *temp = NULL;
    }
    if (!*temp) errno = EAGAIN; /* a hundred were swept: no luck is an error, too */
    return -1;
}

void file_out_open(struct file_out *f, const char *path) {
    struct error *e = file_check_name(path);
    *f = (struct file_out){.fd = -1, .why = e ? EINVAL : 0};
    error_free(e);
    if (f->why) return;
    sweep(path);
    f->fd = make_temp(path, &f->temp);
    if (f->fd < 0) f->why = errno;
}

bool file_write_all(int fd, const void *data, size_t n) {
    for (size_t at = 0; at < n;) {
        ssize_t wrote = write(fd, (const char *)data + at, n - at);
        if (wrote < 0 && errno != EINTR) return false;
        if (wrote > 0) at += (size_t)wrote;
    }
    return true;
}

static bool sync_all(int fd) {
    int done;
    do done = fsync(fd);
    while (done != 0 && errno == EINTR);
    return done == 0;
}

static void add(struct file_out *f, const void *data, size_t n) {
    if (f->why) return;
    if (!file_write_all(f->fd, data, n)) f->why = errno;
    f->sum = crc32_z(f->sum, data, n);
    f->size += n;
}

enum { LARGE = 16 << 20 };
enum { PART = 1 << 20 }; /* so that its sum finds it at hand, and Ctrl-C is heard */

void file_out_add(struct file_out *f, const void *data, size_t n) {
    for (size_t at = 0, part; at < n && !f->why; at += part) {
        part = n - at < PART ? n - at : PART;
        add(f, (const char *)data + at, part);
        if (interrupt_flag) f->why = ECANCELED;
    }
}

/* The mode and the owner of what it takes the place of. */
static bool dress(int fd, const char *path) {
    struct stat st, own;
    mode_t mask = umask(0);
    umask(mask);
    if (stat(path, &st) != 0) return fchmod(fd, 0666 & ~mask) == 0;
    bool other =
        fstat(fd, &own) == 0 && (own.st_uid != st.st_uid || own.st_gid != st.st_gid);
    bool given = other && fchown(fd, st.st_uid, st.st_gid) == 0; /* if one may */
    (void)given;
    return fchmod(fd, st.st_mode & 0777) == 0;
}

/* So that of two files put in their places the first is there first, whatever ends. */
static void sync_folder(const char *path) {
    char *folder = file_beside(path, ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) sync_all(fd);
    if (fd >= 0) close(fd);
    free(folder);
}

static bool rehearsal;

void file_rehearse(bool on) { rehearsal = on; }
bool file_rehearses(void) { return rehearsal; }

struct error *file_out_close(struct file_out *f, const char *path) {
    if (rehearsal) path = NULL;
    if (!f->why && path) {
        bool fine = sync_all(f->fd) && dress(f->fd, path) && rename(f->temp, path) == 0;
        if (!fine) f->why = errno;
    }
    int why = path ? f->why : 0;
    if (f->fd >= 0 && (why || !path)) unlink(f->temp);
    if (f->fd >= 0) close(f->fd); /* what fsync took is safe, whatever this says */
    if (path && !why) sync_folder(path);
    free(f->temp);
    *f = (struct file_out){.fd = -1, .why = why};
    struct error *e = why == ECANCELED ? interrupt_stopped() : NULL;
    if (why && !e) e = file_check_name(path);
    errno = why;
    return why && path && !e ? failed("cannot-write", path) : e;
}

/* Where nothing can be made beside it. There is room before the old one is touched. */
static struct error *write_in_place(const char *path, const char *data, size_t n) {
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return failed("cannot-write", path);
    bool room = !n || fallocate(fd, 0, 0, (off_t)n) == 0 || errno == EOPNOTSUPP ||
                errno == ENOSYS;
    bool fine = room && file_write_all(fd, data, n) && ftruncate(fd, (off_t)n) == 0 &&
                sync_all(fd);
    struct error *e = fine ? NULL : failed("cannot-write", path);
    close(fd);
    return e;
}

/* What can be told of a write without doing it. */
static struct error *rehearse(const char *path) {
    char *folder = file_beside(path, ".");
    bool can = access(folder, W_OK) == 0 || access(path, W_OK) == 0;
    struct error *e = can ? NULL : failed("cannot-write", path);
    free(folder);
    return e;
}

struct error *file_write(const char *path, const char *data, size_t n) {
    struct stat st;
    bool there = stat(path, &st) == 0;
    if (!there && errno != ENOENT) return failed("cannot-write", path);
    if (there && !S_ISREG(st.st_mode))
        return error_new("not-a-file", "file", path, NULL);
    if (rehearsal) return rehearse(path);
    char *behind = file_behind(path);
    struct file_out f;
    file_out_open(&f, behind);
    if (n > LARGE) file_out_add(&f, data, n);
    else add(&f, data, n); /* at once, Ctrl-C or not: progress must not wait */
    struct error *e = file_out_close(&f, behind);
    /* its folder, or the place itself */
    bool shut = f.why == EACCES || f.why == EPERM || f.why == EROFS || f.why == EBUSY;
    if (shut && there && access(behind, W_OK) == 0) {
        error_free(e);
        e = write_in_place(behind, data, n);
    }
    free(behind);
    return e;
}

struct error *file_write_new(const char *path, const char *data, size_t n) {
    struct error *e = file_check_name(path);
    if (e || rehearsal) return e ? e : rehearse(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno == EEXIST ? error_new("file-there", "file", path, NULL)
                               : failed("cannot-write", path);
    if (!file_write_all(fd, data, n) || !sync_all(fd)) {
        e = failed("cannot-write", path);
        unlink(path);
    }
    close(fd);
    return e;
}

ssize_t file_head(const char *path, char head[FILE_MARK_IN]) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return errno == ENOENT ? 0 : -1;
    ssize_t n = file_read_all(fd, head, FILE_MARK_IN);
    close(fd);
    return n;
}

/* Of another's; what can't be read could be anybody's. */
static bool is_foreign(const char *path, const char *mark) {
    char head[FILE_MARK_IN];
    ssize_t n = file_head(path, head);
    return n < 0 || (n > 0 && (!*mark || !memmem(head, (size_t)n, mark, strlen(mark))));
}

struct error *file_check_again(const char *path, const char *mark) {
    return is_foreign(path, mark) ? error_new("file-there", "file", path, NULL) : NULL;
}

struct error *file_write_again(const char *path, const char *mark, const char *data,
                               size_t n) {
    struct error *e = file_check_again(path, mark);
    return e ? e : file_write(path, data, n);
}

enum { NAMES = 10000 };

static char *name_at(const char *stem, const char *end, int i) {
    struct buf b = {0};
    if (i == 1) buf_printf(&b, "%s%s", stem, end);
    else buf_printf(&b, "%s-%d%s", stem, i, end);
    return buf_take(&b);
}

char *file_free_name(const char *stem, const char *end) {
    struct stat st;
    char *name = name_at(stem, end, 1);
    for (int i = 2; i < NAMES && lstat(name, &st) == 0; i++) {
        free(name);
        name = name_at(stem, end, i);
    }
    return name;
}

struct error *file_write_free(const char *stem, const char *end, const char *data,
                              size_t n, char **path) {
    struct error *e = NULL;
    *path = NULL;
    for (int i = 1; i < NAMES && (i == 1 || e); i++) {
        if (e && strcmp(e->key, "file-there") != 0) break;
        error_free(e);
        free(*path);
        *path = name_at(stem, end, i);
        e = file_write_new(*path, data, n);
    }
    return e;
}

/* ---- in ---- */

/* A FIFO is opened without waiting for somebody to write into it. */
static struct error *open_in(const char *path, int *out) {
    struct error *e = file_check_name(path);
    int fd;
    *out = -1;
    if (e) return e;
    do fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    while (fd < 0 && errno == EINTR);
    *out = fd;
    return fd < 0 ? failed("cannot-read", path) : NULL;
}

ssize_t file_read_all(int fd, void *data, size_t n) {
    size_t at = 0;
    while (at < n) {
        ssize_t got = read(fd, (char *)data + at, n - at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        at += (size_t)got;
    }
    return (ssize_t)at;
}

struct error *file_read(const char *path, size_t most, char **out, size_t *n) {
    struct stat st;
    int fd;
    struct error *e = open_in(path, &fd);
    if (e) return e;
    char *data = NULL;
    if (fstat(fd, &st) != 0) {
        e = failed("cannot-read", path);
    } else if (!S_ISREG(st.st_mode)) {
        e = error_new("not-a-file", "file", path, NULL);
    } else if ((size_t)st.st_size > most) {
        e = error_new("file-too-large", "file", path, NULL);
    } else {
        size_t size = (size_t)st.st_size + 1;
        ssize_t got = 0;
        e = memory_left_for((double)size);
        if (!e && !(data = mem_try(size, 1))) e = memory_left_short((double)size);
        if (!e) got = file_read_all(fd, data, size - 1);
        if (got < 0) e = failed("cannot-read", path);
        else *n = (size_t)got;
    }
    close(fd);
    if (e) free(data);
    else *out = data;
    return e;
}

struct error *file_in_open(struct file_in *f, const char *path) {
    struct stat st;
    *f = (struct file_in){.path = path};
    struct error *e = open_in(path, &f->fd);
    if (e) return e;
    if (fstat(f->fd, &st) != 0) e = failed("cannot-read", path);
    if (!e && !S_ISREG(st.st_mode)) e = error_new("not-a-file", "file", path, NULL);
    if (e) file_in_close(f);
    else f->size = (size_t)st.st_size;
    return e;
}

struct error *file_in_take(struct file_in *f, void *to, size_t n) {
    for (size_t at = 0, part; at < n; at += part) {
        if (at && interrupt_flag) return interrupt_error();
        char *here = (char *)to + at;
        part = n - at < PART ? n - at : PART;
        ssize_t got = file_read_all(f->fd, here, part);
        if (got >= 0 && (size_t)got < part)
            errno = EIO; /* it was longer when it was opened */
        if (got < 0 || (size_t)got < part) return failed("cannot-read", f->path);
        f->sum = crc32_z(f->sum, (unsigned char *)here, part);
    }
    return NULL;
}

void file_in_close(struct file_in *f) {
    if (f->fd >= 0) close(f->fd);
    f->fd = -1;
}

bool file_is_beside(const char *name) {
    return *name && !strchr(name, '/') && strcmp(name, ".") && strcmp(name, "..");
}

struct error *file_open_beside(const char *folder, const char *name, int *fd) {
    struct stat st;
    struct error *e = file_check_name(name);
    *fd = -1;
    if (e) return e;
    if (!file_is_beside(name)) return error_new("file-not-beside", "file", name, NULL);
    int in = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int how = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
    if (in >= 0) *fd = openat(in, name, how);
    if (*fd < 0) e = failed("cannot-read", name);
    bool link = *fd < 0 && errno == ELOOP;
    if (in >= 0) close(in);
    bool odd = *fd >= 0 && (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode));
    if (!link && !odd) return e;
    error_free(e);
    if (odd) close(*fd);
    *fd = -1;
    return error_new("file-not-beside", "file", name, NULL);
}

/* ---- several files that belong together ---- */

int file_lock_open(int fd, double seconds) {
    const double nap = 0.02;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno != EWOULDBLOCK || seconds <= 0) return errno;
        nanosleep(&(struct timespec){.tv_nsec = (long)(nap * 1e9)}, NULL);
        seconds -= nap;
    }
    return 0;
}

int file_lock(const char *path) {
    char *folder = file_beside(path, ".");
    int fd;
    do fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    free(folder);
    if (fd >= 0 && file_lock_open(fd, 5) == 0) return fd;
    file_unlock(fd);
    return -1;
}

void file_unlock(int lock) {
    if (lock >= 0) close(lock);
}
