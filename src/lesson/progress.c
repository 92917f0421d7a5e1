#include "lesson/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/places.h"
#include "lesson/json.h"

#define PROGRESS_MOST ((size_t)64 << 20)

struct progress {
    char *path; /* NULL: no home */
    cJSON *root;
    struct stat left; /* the file as we read or wrote it last */
    bool in_memory, said;
};

static void note_file(struct progress *p) {
    if (lstat(p->path, &p->left) != 0) p->left = (struct stat){0};
}

/* Has nobody written it since? */
static bool is_as_left(const struct progress *p) {
    struct stat st;
    return lstat(p->path, &st) == 0 && st.st_ino == p->left.st_ino &&
           st.st_size == p->left.st_size &&
           st.st_mtim.tv_sec == p->left.st_mtim.tv_sec &&
           st.st_mtim.tv_nsec == p->left.st_mtim.tv_nsec;
}

/* ---- places ---- */

char *progress_weights(const char *id) {
    struct buf name = {0};
    if (id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-")]) return NULL;
    buf_printf(&name, "%s.weights", id);
    char *path = places_state(buf_text(&name));
    buf_free(&name);
    return path;
}

/* Waits a little for the other terminal; -1: without a lock, then. */
static int lock(void) {
    char *path = places_state("progress.lock");
    int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    free(path);
    for (int tries = 0; fd >= 0 && tries < 100; tries++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) break;
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    return fd;
}

static void unlock(int fd) {
    if (fd >= 0) close(fd);
}

/* ---- reading ---- */

static cJSON *lessons_in(const cJSON *root) {
    return cJSON_GetObjectItemCaseSensitive(root, "lessons");
}

static cJSON *fresh(void) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "format", 1);
    cJSON_AddObjectToObject(root, "lessons");
    return root;
}

/* Moves the file out of the way, under a name that is free. */
static void set_aside(struct progress *p, struct out *o) {
    for (int n = 1; n < 1000; n++) {
        struct buf to = {0};
        struct stat st;
        buf_printf(&to, "%s.damaged-%d", p->path, n);
        bool is_free = lstat(buf_text(&to), &st) != 0;
        if (is_free && rename(p->path, buf_text(&to)) == 0) {
            out_say(o, "progress.damaged", "file", buf_text(&to), NULL);
            buf_free(&to);
            return;
        }
        buf_free(&to);
        if (is_free) break;
    }
    p->in_memory = true; /* it can't be moved, so it isn't written over either */
}

/* What the file holds now; NULL where there is none, or none that can be read. */
static cJSON *read_now(struct progress *p, struct out *o) {
    struct json_doc d;
    struct stat st;
    note_file(p);
    if (lstat(p->path, &st) != 0) return NULL;
    struct error *e = json_open(p->path, PROGRESS_MOST, &d);
    bool good = !e && json_number(d.root, "format", 0) == 1 &&
                cJSON_IsObject(lessons_in(d.root));
    error_free(e);
    cJSON *root = NULL;
    if (good) {
        root = d.root;
        d.root = NULL;
    } else {
        set_aside(p, o);
    }
    json_close(&d);
    return root;
}

struct progress *progress_open(struct out *o) {
    struct progress *p = mem_alloc(1, sizeof *p);
    p->path = places_state("progress.json");
    int fd = lock();
    if (p->path) p->root = read_now(p, o);
    unlock(fd);
    if (!p->root) p->root = fresh();
    return p;
}

void progress_close(struct progress *p) {
    if (!p) return;
    cJSON_Delete(p->root);
    free(p->path);
    free(p);
}

const cJSON *progress_all(const struct progress *p) { return lessons_in(p->root); }

const cJSON *progress_of(const struct progress *p, const char *id) {
    const cJSON *entry = cJSON_GetObjectItemCaseSensitive(lessons_in(p->root), id);
    return cJSON_IsObject(entry) ? entry : NULL;
}

bool progress_in_memory(const struct progress *p) { return p && p->in_memory; }

/* ---- saving ---- */

/* Of each question the better result is kept; where we are is ours to say. */
static void merge(cJSON *entry, const cJSON *was) {
    cJSON *records = cJSON_GetObjectItemCaseSensitive(entry, "records");
    const cJSON *old, *theirs = cJSON_GetObjectItemCaseSensitive(was, "records");
    if (!cJSON_IsObject(theirs)) theirs = NULL;
    cJSON_ArrayForEach(old, theirs) {
        const cJSON *mine = cJSON_GetObjectItemCaseSensitive(records, old->string);
        if (mine && json_number(mine, "result", 0) >= json_number(old, "result", 0)) {
            continue;
        }
        cJSON_DeleteItemFromObjectCaseSensitive(records, old->string);
        cJSON_AddItemToObject(records, old->string, cJSON_Duplicate(old, 1));
    }
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(was, "done"))) {
        cJSON_DeleteItemFromObjectCaseSensitive(entry, "done");
        cJSON_AddTrueToObject(entry, "done");
    }
}

static void put(cJSON *root, const char *id, cJSON *entry) {
    cJSON *lessons = lessons_in(root);
    merge(entry, cJSON_GetObjectItemCaseSensitive(lessons, id));
    cJSON_DeleteItemFromObjectCaseSensitive(lessons, id);
    cJSON_AddItemToObject(lessons, id, entry);
}

void progress_save(struct progress *p, struct out *o, const char *id, cJSON *entry) {
    int fd = p->in_memory ? -1 : lock();
    bool theirs = p->path && !p->in_memory && !is_as_left(p);
    cJSON *now = theirs ? read_now(p, o) : NULL;
    if (now) {
        cJSON_Delete(p->root);
        p->root = now;
    }
    put(p->root, id, entry);
    char *text = cJSON_Print(p->root);
    struct error *e = NULL;
    if (!p->in_memory && p->path && text) e = file_write(p->path, text, strlen(text));
    if (p->path) note_file(p);
    unlock(fd);
    free(text);
    p->in_memory = p->in_memory || e || !p->path;
    error_free(e);
    if (p->in_memory && !p->said) {
        out_say(o, "progress.memory", NULL);
        p->said = true;
    }
}
