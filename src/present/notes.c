#include "present/notes.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "present/notes_inside.h"

#define LEAST_WAIT 0.1 /* seconds between two pages that are written */
#define SEEN_FOR 1.5   /* since a reader was last heard of */
#define DRIFT 0.5      /* seconds by which a clock may be off */

struct notes {
    int folder, socket;
    char file[NOTES_NAME], fresh[NOTES_NAME], keys[NOTES_NAME];
    char *text, *waits;    /* the page that is written, but for its clock; the next */
    double elapsed, shown; /* of the page that is written, and when it was */
    bool running;
    double next_elapsed; /* of the one that waits, when it came */
    double came;
    bool next_running;
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

static int open_socket(const struct notes *n) {
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

struct error *notes_open(struct notes **out) {
    struct error *e;
    int folder = own_folder(&e);
    if (e) return e;
    struct notes *n = mem_alloc(1, sizeof *n);
    n->folder = folder;
    snprintf(n->file, sizeof n->file, NOTES_FILE, (long)getpid());
    snprintf(n->fresh, sizeof n->fresh, NOTES_FILE ".new", (long)getpid());
    snprintf(n->keys, sizeof n->keys, NOTES_KEYS, (long)getpid());
    n->socket = open_socket(n);
    if (n->socket < 0) {
        e = error_new("notes-keys", "why", strerror(errno), NULL);
        notes_close(n);
        return e;
    }
    *out = n;
    return NULL;
}

void notes_close(struct notes *n) {
    if (!n) return;
    unlinkat(n->folder, n->file, 0);
    unlinkat(n->folder, n->fresh, 0);
    if (n->socket >= 0) {
        unlinkat(n->folder, n->keys, 0);
        close(n->socket);
    }
    close(n->folder);
    free(n->text);
    free(n->waits);
    free(n);
}

/* ---- the page ---- */

static void add_text(cJSON *to, const char *key, const char *text) {
    if (text) cJSON_AddStringToObject(to, key, text);
    else cJSON_AddNullToObject(to, key);
}

static void add_list(cJSON *to, const char *key, const char *const *texts) {
    cJSON *list = cJSON_AddArrayToObject(to, key);
    for (; *texts; texts++) cJSON_AddItemToArray(list, cJSON_CreateString(*texts));
}

/* All but the clock, with its bracket open. Owned. */
static char *print_page(const struct notes_page *p) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "format", NOTES_FORMAT);
    cJSON_AddNumberToObject(o, "pid", (double)getpid());
    cJSON_AddNumberToObject(o, "number", p->number);
    cJSON_AddNumberToObject(o, "step", p->step);
    cJSON_AddNumberToObject(o, "steps", p->steps);
    cJSON_AddNumberToObject(o, "hints", p->hints);
    cJSON_AddNumberToObject(o, "minutes", p->minutes);
    add_text(o, "title", p->title);
    add_text(o, "lang", p->lang);
    add_text(o, "name", p->name);
    add_text(o, "kind", p->kind);
    add_text(o, "state", p->state);
    add_text(o, "line", p->line);
    add_text(o, "note", p->note);
    add_text(o, "answer", p->answer);
    add_text(o, "said", p->said);
    add_text(o, "foot", p->foot);
    add_text(o, "keys", p->keys);
    add_list(o, "slips", p->slips);
    add_list(o, "next", p->next);
    char *printed = cJSON_PrintUnformatted(o);
    size_t len = strlen(printed);
    char *text = mem_copy_n(printed, len - 1);
    cJSON_free(printed);
    cJSON_Delete(o);
    return text;
}

/* Whole, and put there in one move. A page that can't be written is none: the next may
 * be. */
static void write_page(struct notes *n) {
    struct buf b = {0};
    buf_printf(&b, "%s,\"elapsed\":%.3f,\"at\":%.3f,\"running\":%s}\n", n->text,
               n->elapsed, clock_wall(), n->running ? "true" : "false");
    int fd = openat(n->folder, n->fresh,
                    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool whole = fd >= 0 && file_write_all(fd, b.data, b.len);
    if (fd >= 0) whole &= close(fd) == 0;
    if (whole) renameat(n->folder, n->fresh, n->folder, n->file);
    buf_free(&b);
}

/* What a clock that was set when a page came says by now. */
static double by_now(double elapsed, double since, bool running) {
    return running ? elapsed + clock_seconds() - since : elapsed;
}

void notes_show(struct notes *n, const struct notes_page *page) {
    char *text = print_page(page);
    double expected = by_now(n->elapsed, n->shown, n->running);
    bool same = n->text && !n->waits && strcmp(text, n->text) == 0 &&
                page->running == n->running && fabs(page->elapsed - expected) < DRIFT;
    if (same) {
        free(text);
        return;
    }
    free(n->waits);
    n->waits = text;
    n->next_elapsed = page->elapsed;
    n->next_running = page->running;
    n->came = clock_seconds();
    notes_due(n);
}

int notes_due(struct notes *n) {
    double wait = n->shown + LEAST_WAIT - clock_seconds();
    if (!n->waits) return -1;
    if (n->text && wait > 0) return (int)ceil(wait * 1000);
    free(n->text);
    n->text = n->waits;
    n->waits = NULL;
    n->elapsed = by_now(n->next_elapsed, n->came, n->next_running);
    n->running = n->next_running;
    n->shown = clock_seconds();
    write_page(n);
    return -1;
}

/* ---- keys ---- */

int notes_fd(const struct notes *n) { return n->socket; }

int notes_key(struct notes *n) {
    while (n->at >= n->n_pressed) {
        n->at = 0;
        n->n_pressed = recv(n->socket, n->pressed, sizeof n->pressed, 0);
        if (n->n_pressed < 0) return -1;
        n->heard = clock_seconds();
        if (n->n_pressed == 1 && !n->pressed[0]) n->n_pressed = 0; /* he looks */
    }
    return (unsigned char)n->pressed[n->at++];
}

bool notes_seen(const struct notes *n) {
    return n->heard > 0 && clock_seconds() - n->heard < SEEN_FOR;
}
