#include "present/notes_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "present/notes_inside.h"

#define SEEN_FOR 1.5 /* seconds since a reader was last heard of */

struct notes_place {
    int folder, socket;
    char file[NOTES_NAME], fresh[NOTES_NAME], keys[NOTES_NAME];
    double heard;              /* when a reader was last heard of, or 0 */
    char pressed[NOTES_PRESS]; /* of the last datagram */
    ssize_t n_pressed, at;
};

/* ---- the folder ---- */

int notes_places(char *paths[NOTES_PLACES]) {
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    struct buf b = {0};
    int n = 0;
    if (runtime && *runtime == '/') {
        buf_printf(&b, "%s/learn", runtime);
        paths[n++] = buf_take(&b);
    }
    buf_printf(&b, "/tmp/learn-%u", (unsigned)geteuid());
    paths[n++] = buf_take(&b);
    return n;
}

int notes_folder(const char *path, bool make, struct error **e) {
    struct stat st;
    *e = NULL;
    if (make) mkdir(path, 0700); /* open says itself what is wrong */
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return -1;
    bool ours = fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
                (!(st.st_mode & 077) || fchmod(fd, 0700) == 0);
    if (ours) return fd;
    *e = error_new("notes-folder", "path", path, NULL);
    if (fd >= 0) close(fd);
    return -1;
}

/* The first that can be had. A folder that is not there and can't be made is none; one
 * that another could read is refused. */
static int own_folder(struct error **e) {
    char *paths[NOTES_PLACES];
    int n = notes_places(paths), fd = -1;
    *e = NULL;
    for (int i = 0; i < n; i++) {
        if (fd < 0 && !*e) fd = notes_folder(paths[i], true, e);
        if (fd < 0 && !*e && i == n - 1)
            *e = error_new("notes-folder", "path", paths[i], NULL);
        free(paths[i]);
    }
    return fd;
}

void notes_address(struct sockaddr_un *to, int folder, const char *name) {
    *to = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(to->sun_path, sizeof to->sun_path, "/proc/self/fd/%d/%s", folder, name);
}

static int open_socket(const struct notes_place *n) {
    struct sockaddr_un own;
    notes_address(&own, n->folder, n->keys);
    unlinkat(n->folder, n->keys, 0); /* of one who had this number before, and died */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof own) != 0 ||
        fchmodat(n->folder, n->keys, 0600, 0) != 0) {
        if (fd >= 0) close(fd);
        return -1;
    }
    return fd;
}

struct error *notes_place_open(struct notes_place **out) {
    struct error *e;
    int folder = own_folder(&e);
    if (e) return e;
    struct notes_place *n = mem_alloc(1, sizeof *n);
    n->folder = folder;
    snprintf(n->file, sizeof n->file, NOTES_FILE, (long)getpid());
    snprintf(n->fresh, sizeof n->fresh, NOTES_FILE ".new", (long)getpid());
    snprintf(n->keys, sizeof n->keys, NOTES_KEYS, (long)getpid());
    n->socket = open_socket(n);
    if (n->socket < 0) {
        e = error_new("notes-keys", "why", strerror(errno), NULL);
        notes_place_close(n);
        return e;
    }
    *out = n;
    return NULL;
}

void notes_place_close(struct notes_place *n) {
    unlinkat(n->folder, n->file, 0);
    unlinkat(n->folder, n->fresh, 0);
    if (n->socket >= 0) {
        unlinkat(n->folder, n->keys, 0);
        close(n->socket);
    }
    close(n->folder);
    free(n);
}

/* ---- a page ---- */

void notes_place_put(struct notes_place *n, const char *page, size_t len) {
    int fd = openat(n->folder, n->fresh,
                    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool whole = fd >= 0 && file_write_all(fd, page, len);
    if (fd >= 0) whole &= close(fd) == 0;
    if (whole) renameat(n->folder, n->fresh, n->folder, n->file);
}

/* ---- keys ---- */

int notes_place_fd(const struct notes_place *n) { return n->socket; }

int notes_place_key(struct notes_place *n) {
    while (n->at >= n->n_pressed) {
        n->at = 0;
        n->n_pressed = recv(n->socket, n->pressed, sizeof n->pressed, 0);
        if (n->n_pressed < 0) return -1;
        n->heard = clock_seconds();
        if (n->n_pressed == 1 && !n->pressed[0]) n->n_pressed = 0; /* he looks */
    }
    return (unsigned char)n->pressed[n->at++];
}

bool notes_place_seen(const struct notes_place *n) {
    return n->heard > 0 && clock_seconds() - n->heard < SEEN_FOR;
}
