#include "classroom/class.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "base/utf8.h"
#include "lesson/load.h"
#include "text/number.h"

enum { DEEPEST = 3, ROOM = 32 }; /* ROOM: bytes that one of a file may take here */
#define ROOM_STEP ((double)(128 << 20)) /* so often is it asked how much is left */

/* ---- what is said of them ---- */

void class_note(struct class *c, char *sentence) {
    if (c->n_notes == c->notes_cap) {
        c->notes_cap = c->notes_cap ? 2 * c->notes_cap : 16;
        c->notes = mem_grow(c->notes, c->notes_cap, sizeof *c->notes);
    }
    c->notes[c->n_notes++] = sentence;
}

/* A path as it may be shown. */
static char *shown(const char *path) {
    struct buf b = {0};
    utf8_add_line(&b, path);
    return b.data ? buf_take(&b) : mem_copy("");
}

/* The bare sentence of an error, without its place. */
static char *sentence_of(struct out *o, const struct error *e) {
    struct buf b = {0};
    struct error bare = *e;
    bare.line = bare.file = NULL;
    bare.at = (struct place){0};
    text_add_error(o->text, &b, &bare);
    char *s = buf_take(&b);
    s[strcspn(s, "\n")] = '\0';
    return s;
}

static void leave_out(struct class *c, const char *path, struct error *e) {
    struct buf where = {0};
    char *name = shown(path), *why = sentence_of(c->out, e);
    buf_add(&where, name);
    if (e->at.line) buf_printf(&where, ":%d:%d", e->at.line, e->at.column);
    class_note(c, out_sentence(c->out, e->of_file ? "report.broken" : "report.left",
                               "file", buf_text(&where), "why", why, NULL));
    c->n_left++;
    buf_free(&where);
    free(name);
    free(why);
    error_free(e);
}

static void leave_out_for(struct class *c, const char *path, const char *why) {
    leave_out(c, path, error_new("report-file", "why", why, NULL));
}

/* ---- what is not written over ---- */

static void add_seen(struct class *c, const struct stat *st) {
    if (c->n_seen == c->seen_cap) {
        c->seen_cap = c->seen_cap ? 2 * c->seen_cap : 256;
        c->seen = mem_grow(c->seen, c->seen_cap, sizeof *c->seen);
    }
    c->seen[c->n_seen++] = (struct class_seen){st->st_dev, st->st_ino};
}

static bool is_seen(const struct class *c, const struct stat *st) {
    for (size_t i = 0; i < c->n_seen; i++)
        if (c->seen[i].device == st->st_dev && c->seen[i].number == st->st_ino)
            return true;
    return false;
}

void class_keep(struct class *c, const char *path) {
    struct stat st;
    if (lstat(path, &st) == 0) add_seen(c, &st);
    if (stat(path, &st) == 0) add_seen(c, &st);
}

bool class_keeps(const struct class *c, const char *path) {
    struct stat st;
    return (lstat(path, &st) == 0 && is_seen(c, &st)) ||
           (stat(path, &st) == 0 && is_seen(c, &st));
}

/* ---- one file ---- */

/* 0 where it is no time. */
static double time_of(const char *iso) {
    struct tm t = {0};
    const char *end = strptime(iso, "%Y-%m-%dT%H:%M:%S%z", &t);
    long offset = t.tm_gmtoff;
    return end && !*end ? (double)(timegm(&t) - offset) : 0;
}

static void add_file(struct class *c, const char *path, struct result_file *r) {
    struct class_file *f = mem_alloc(1, sizeof *f);
    *f = (struct class_file){shown(path), *r, time_of(r->made)};
    if (c->n_files == c->files_cap) {
        c->files_cap = c->files_cap ? 2 * c->files_cap : 256;
        c->files = mem_grow(c->files, c->files_cap, sizeof *c->files);
    }
    c->files[c->n_files++] = f;
}

/* Of an open one; it may grow meanwhile. */
static struct error *read_result(struct class *c, int fd, const char *path,
                                 struct result_file *r) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return error_new("report-file", "why", strerror(errno), NULL);
    add_seen(c, &st);
    if (!S_ISREG(st.st_mode)) return error_new("report-odd", NULL);
    if (st.st_size > RESULT_MOST) return error_new("result-large", NULL);
    c->room -= (double)(st.st_size * ROOM);
    struct error *e = c->room < 0 ? memory_left_for(2 * ROOM_STEP) : NULL;
    if (e) return e;
    if (c->room < 0) c->room = ROOM_STEP;
    char *text = mem_alloc((size_t)st.st_size + 1, 1);
    ssize_t n = file_read_all(fd, text, (size_t)st.st_size);
    if (n >= 0) return result_read(text, (size_t)n, path, r);
    free(text);
    return error_new("report-file", "why", strerror(errno), NULL);
}

static void take_file(struct class *c, int fd, const char *path) {
    struct result_file r;
    struct error *e = fd < 0 ? error_new("report-file", "why", strerror(errno), NULL)
                             : read_result(c, fd, path, &r);
    if (e) leave_out(c, path, e);
    else add_file(c, path, &r);
    if (fd >= 0) close(fd);
}

/* ---- folders ---- */

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What others' programs leave beside results. */
static bool passed_over(const char *name) {
    return *name == '.' || strcmp(name, "__MACOSX") == 0;
}

/* The names in it, in order; it is closed. */
static char **list_names(int folder, size_t *n) {
    char **names = NULL;
    size_t cap = 0;
    *n = 0;
    DIR *d = fdopendir(folder);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        if (passed_over(entry->d_name)) continue;
        if (*n == cap) {
            cap = cap ? 2 * cap : 64;
            names = mem_grow(names, cap, sizeof *names);
        }
        names[(*n)++] = mem_copy(entry->d_name);
    }
    if (d) closedir(d);
    else close(folder);
    if (*n) qsort(names, *n, sizeof *names, by_name);
    return names;
}

static void read_folder(struct class *c, int folder, const char *path, int depth);

/* A link is looked at as what it is; what is put in its place meanwhile, too. */
static void read_entry(struct class *c, int folder, const char *name, const char *path,
                       int depth) {
    struct stat st;
    int how = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        leave_out_for(c, path, strerror(errno));
        return;
    }
    add_seen(c, &st); /* one that can't be opened, too */
    if (S_ISLNK(st.st_mode)) {
        leave_out(c, path, error_new("report-link", NULL));
    } else if (S_ISDIR(st.st_mode) && depth == DEEPEST) {
        leave_out(c, path, error_new("report-deep", NULL));
    } else if (S_ISDIR(st.st_mode)) {
        int inner = openat(folder, name, how | O_DIRECTORY);
        if (inner < 0) leave_out_for(c, path, strerror(errno));
        else read_folder(c, inner, path, depth + 1);
    } else if (S_ISREG(st.st_mode)) {
        take_file(c, openat(folder, name, how), path);
    } else {
        leave_out(c, path, error_new("report-odd", NULL));
    }
}

/* Takes the descriptor over. */
static void read_folder(struct class *c, int folder, const char *path, int depth) {
    size_t n, slash = strlen(path);
    int again = fcntl(folder, F_DUPFD_CLOEXEC, 0); /* the other is the list's */
    char **names = list_names(folder, &n);
    for (size_t i = 0; i < n; i++) {
        struct buf inner = {0};
        bool ends = slash && path[slash - 1] == '/';
        buf_printf(&inner, "%s%s%s", path, ends ? "" : "/", names[i]);
        c->stopped = c->stopped || interrupt_flag;
        if (!c->stopped) read_entry(c, again, names[i], buf_text(&inner), depth);
        buf_free(&inner);
        free(names[i]);
    }
    free(names);
    close(again);
}

/* What the person names may be a link. */
void class_read(struct class *c, const char *path) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    class_keep(c, path);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        read_folder(c, fd, path, 0);
    else take_file(c, fd, path);
}

/* ---- who handed in what ---- */

static int by_id(const struct class_file *a, const struct class_file *b) {
    return strcmp(a->result.id, b->result.id);
}

/* The newer one first; of two of one moment, by their paths. */
static int by_age(const struct class_file *a, const struct class_file *b) {
    if (a->made != b->made) return a->made > b->made ? -1 : 1;
    return strcmp(a->path, b->path);
}

/* A lesson is its id: a number is what it is called. */
static int compare_parts(const void *x, const void *y) {
    const struct class_part *a = x, *b = y;
    int order = strcmp(a->lesson->id, b->lesson->id);
    if (!order) order = by_id(a->file, b->file);
    return order ? order : by_age(a->file, b->file);
}

static int compare_shown(const void *x, const void *y) {
    const struct class_part *a = x, *b = y;
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    return compare_parts(x, y);
}

static int compare_students(const void *x, const void *y) {
    const struct class_file *a = *(const struct class_file *const *)x,
                            *b = *(const struct class_file *const *)y;
    int order = by_id(a, b);
    return order ? order : by_age(a, b);
}

static int compare_names(const void *x, const void *y) {
    const struct class_file *a = *(const struct class_file *const *)x,
                            *b = *(const struct class_file *const *)y;
    int order = strcmp(a->result.name, b->result.name);
    return order ? order : by_id(a, b);
}

static int compare_numbers(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Of those most have; one file can't move a class to another lesson. */
static double commonest_number(const struct class_part *parts, size_t n) {
    double *all = mem_alloc(n, sizeof *all), best = 0;
    for (size_t i = 0; i < n; i++) all[i] = parts[i].lesson->number;
    qsort(all, n, sizeof *all, compare_numbers);
    for (size_t i = 0, end, most = 0; i < n; i = end) {
        for (end = i; end < n && !(all[end] > all[i]);) end++;
        if (end - i > most) most = end - i, best = all[i];
    }
    free(all);
    return best;
}

/* What each lesson is called; those that are not asked for are dropped. */
static void number_parts(struct class *c) {
    size_t n = 0;
    for (size_t i = 0, end; i < c->n_parts; i = end) {
        const char *id = c->parts[i].lesson->id;
        for (end = i; end < c->n_parts && !strcmp(c->parts[end].lesson->id, id);) end++;
        double number = lesson_number_of(c->home, id);
        if (number < 0) number = commonest_number(&c->parts[i], end - i);
        for (size_t k = i; k < end && (c->only < 0 || number == c->only); k++) {
            c->parts[n] = c->parts[k];
            c->parts[n++].number = number;
        }
    }
    c->n_parts = n;
}

static void list_parts(struct class *c) {
    size_t n = 0;
    for (size_t i = 0; i < c->n_files; i++) n += (size_t)c->files[i]->result.n_lessons;
    c->parts = mem_alloc(n + 1, sizeof *c->parts);
    for (size_t i = 0; i < c->n_files; i++) {
        const struct result_file *r = &c->files[i]->result;
        for (int k = 0; k < r->n_lessons; k++)
            c->parts[c->n_parts++] =
                (struct class_part){c->files[i], &r->lessons[k], 0};
    }
    if (c->n_parts) qsort(c->parts, c->n_parts, sizeof *c->parts, compare_parts);
    number_parts(c);
}

static void leave_older(struct class *c, const struct class_part *older,
                        const struct class_part *newer) {
    bool same = older->file->made == newer->file->made;
    class_note(
        c, out_sentence(c->out, same ? "report.copy" : "report.older", "file",
                        older->file->path, "new", newer->file->path, "id",
                        newer->file->result.id, "n", NUM(c->out, newer->number), NULL));
    c->n_left++;
}

static void keep_newest(struct class *c) {
    size_t n = 0;
    for (size_t i = 0; i < c->n_parts; i++) {
        const struct class_part *p = &c->parts[i], *last = n ? &c->parts[n - 1] : NULL;
        bool again = last && strcmp(last->lesson->id, p->lesson->id) == 0 &&
                     by_id(last->file, p->file) == 0;
        if (again) leave_older(c, p, last);
        else c->parts[n++] = *p;
    }
    c->n_parts = n;
    if (n) qsort(c->parts, n, sizeof *c->parts, compare_shown);
}

static void list_students(struct class *c) {
    const struct class_file **all = mem_alloc(c->n_files + 1, sizeof *all);
    memcpy(all, c->files, c->n_files * sizeof *all);
    if (c->n_files) qsort(all, c->n_files, sizeof *all, compare_students);
    const struct class_file *odd = NULL; /* said already */
    for (size_t i = 0; i < c->n_files; i++) {
        const struct class_file *last = c->n_students ? all[c->n_students - 1] : NULL;
        if (!last || by_id(last, all[i]) != 0) {
            all[c->n_students++] = all[i];
        } else if (last != odd && strcmp(last->result.name, all[i]->result.name) != 0) {
            odd = last;
            class_note(c, out_sentence(c->out, "report.two-names", "id",
                                       last->result.id, "name", last->result.name,
                                       "other", all[i]->result.name, NULL));
        }
    }
    c->students = all;
}

static void find_namesakes(struct class *c) {
    size_t n = c->n_students;
    const struct class_file **all = mem_alloc(n + 1, sizeof *all);
    memcpy(all, c->students, n * sizeof *all);
    if (n) qsort(all, n, sizeof *all, compare_names);
    for (size_t i = 1; i < n; i++) {
        const struct result_file *a = &all[i - 1]->result, *b = &all[i]->result;
        if (!*a->name || strcmp(a->name, b->name) != 0) continue;
        class_note(c, out_sentence(c->out, "report.two-ids", "name", a->name, "id",
                                   a->id, "other", b->id, NULL));
    }
    free(all);
}

void class_settle(struct class *c) {
    list_parts(c);
    keep_newest(c);
    list_students(c);
    find_namesakes(c);
}

void class_free(struct class *c) {
    for (size_t i = 0; i < c->n_files; i++) {
        result_free(&c->files[i]->result);
        free(c->files[i]->path);
        free(c->files[i]);
    }
    for (size_t i = 0; i < c->n_notes; i++) free(c->notes[i]);
    free(c->files);
    free(c->notes);
    free(c->parts);
    free(c->seen);
    free(c->students);
    *c = (struct class){0};
}
