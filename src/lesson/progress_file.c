#include "lesson/progress_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/places.h"
#include "lesson/json.h"
#include "lesson/record.h"

#define PROGRESS_MOST ((size_t)64 << 20)

/* ---- one at a time ---- */

int progress_file_lock(struct progress_file *f) {
    char *path = places_state("progress.lock");
    int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    free(path);
    if (fd >= 0 && file_lock_open(fd, f->impatient ? 0 : 2) == EWOULDBLOCK)
        f->impatient = true;
    return fd;
}

void progress_file_unlock(int lock) { file_unlock(lock); }

/* ---- is it as we left it? ---- */

void progress_file_note(struct progress_file *f) {
    if (stat(f->path, &f->left) != 0) f->left = (struct stat){0};
}

bool progress_file_is_left(const struct progress_file *f) {
    struct stat st;
    return stat(f->path, &st) == 0 && st.st_dev == f->left.st_dev &&
           st.st_ino == f->left.st_ino && st.st_size == f->left.st_size &&
           st.st_mtim.tv_sec == f->left.st_mtim.tv_sec &&
           st.st_mtim.tv_nsec == f->left.st_mtim.tv_nsec;
}

/* ---- reading ---- */

/* What was read and parsed: ours, a newer learn's, or something else. */
static enum reading judge(const struct progress_file *f, const cJSON *root,
                          struct error **why) {
    double format = json_number(root, "format", 0);
    const cJSON *lessons = cJSON_GetObjectItemCaseSensitive(root, "lessons");
    if (format > PROGRESS_FORMAT) {
        *why = error_new("progress-newer", "file", f->path, NULL);
        return READING_FAILED;
    }
    bool known = format == PROGRESS_FORMAT || format == 1;
    if (known && cJSON_IsObject(lessons)) return READING_GOOD;
    *why = error_new("progress-none", "file", f->path, NULL);
    return READING_DAMAGED;
}

/* In format 1 the place stood among the rest. */
static void move_place(cJSON *entry) {
    static const char *const names[] = {"step",  "after",   "plus",
                                        "lines", "board",   "began-lines",
                                        "began", "weights", "weights-file"};
    cJSON *place = cJSON_AddObjectToObject(entry, "place");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(entry, names[i]);
        if (item) cJSON_AddItemToObject(place, names[i], item);
    }
}

/* Format 1 becomes 2. */
static void carry_over(cJSON *root) {
    cJSON *entry, *record;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(root, "lessons")) {
        if (!cJSON_IsObject(entry)) continue;
        move_place(entry);
        cJSON_ArrayForEach(record, cJSON_GetObjectItemCaseSensitive(entry, "records")) {
            if (cJSON_IsObject(record)) record_from_1(record);
        }
    }
    cJSON_SetNumberValue(cJSON_GetObjectItemCaseSensitive(root, "format"),
                         PROGRESS_FORMAT);
}

enum reading progress_file_read(struct progress_file *f, cJSON **root,
                                struct error **why) {
    struct json_doc d;
    *why = NULL;
    f->left = (struct stat){0};
    if (stat(f->path, &f->left) != 0) {
        f->left = (struct stat){0};
        if (errno == ENOENT || errno == ENOTDIR) return READING_NONE;
        *why = error_new("cannot-read", "file", f->path, "why", strerror(errno), NULL);
        return READING_FAILED;
    }
    *why = json_open(f->path, PROGRESS_MOST, &d);
    if (*why) return (*why)->of_file ? READING_DAMAGED : READING_FAILED;
    enum reading r = judge(f, d.root, why);
    if (r == READING_GOOD) {
        if (json_number(d.root, "format", 0) == 1) carry_over(d.root);
        *root = d.root;
        d.root = NULL;
    }
    json_close(&d);
    return r;
}

/* Under a name that is free. */
char *progress_file_set_aside(struct progress_file *f) {
    for (int n = 1; n < 1000; n++) {
        struct buf to = {0};
        struct stat st;
        buf_printf(&to, "%s.damaged-%d", f->path, n);
        bool is_free = lstat(buf_text(&to), &st) != 0 && errno == ENOENT;
        if (is_free && rename(f->path, buf_text(&to)) == 0) return buf_take(&to);
        buf_free(&to);
        if (is_free) break;
    }
    return NULL;
}
