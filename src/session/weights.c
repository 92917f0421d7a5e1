#include "session/weights.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/memory_left.h"
#include "board/names.h"

#define OURS "learn weights "
#define FIRST OURS "2 %010zu\n"
enum { FIRST_SIZE = 27 };

struct pair weights_pair(const char *base) {
    return (struct pair){base, "", OURS, sizeof OURS - 1};
}

void weights_add_quoted(struct buf *b, const char *name) {
    buf_add(b, "\"");
    for (; *name; name++) {
        if (*name == '"' || *name == '\\') buf_add(b, "\\");
        if (*name == '\n') buf_add(b, "\\n");
        else buf_add_n(b, name, 1);
    }
    buf_add(b, "\"");
}

/* ---- out ---- */

static void add_numbers(void *to, const real *numbers, size_t n) {
    file_out_add(to, numbers, n * sizeof *numbers);
}

static void add_line(struct buf *b, const char *name, const struct shape *s) {
    buf_add(b, name);
    for (int k = 0; k < s->n; k++) buf_printf(b, " %zu", s->dim[k]);
    buf_add(b, "\n");
}

struct error *weights_write(const char *base, const struct board *board,
                            weights_choice *which, char **path, bool *there) {
    struct file_out f;
    struct buf first = {0}, list = {0};
    for (size_t i = 0; i < board_count(board); i++) {
        const struct slot *slot = board_at(board, i);
        if (slot->def && which(slot->def))
            add_line(&list, slot->name, &slot->def->shape);
    }
    buf_printf(&first, FIRST, list.len);
    file_out_open(&f, base);
    file_out_add(&f, first.data, first.len);
    file_out_add(&f, buf_text(&list), list.len);
    for (size_t i = 0; i < board_count(board) && !f.why; i++) {
        const struct def *d = board_at(board, i)->def;
        if (d && which(d)) def_stream(d, add_numbers, &f);
    }
    struct pair p = weights_pair(base);
    struct error *e = pair_close(&p, &f, path, there);
    buf_free(&first);
    buf_free(&list);
    return e;
}

/* ---- in ---- */

static struct error *damaged(const char *path) {
    return error_new("weights-damaged", "file", path, NULL);
}

/* A tensor of that name and shape, to be filled. counted: the file of before says how
 * many numbers, and not in which shape. */
static struct error *draft_tensor(const struct board *board, const char *path,
                                  const char *name, struct shape shape, bool counted,
                                  struct draft *to) {
    const struct def *d = board_get(board, name);
    if (!d || d->kind > DEF_PARAM)
        return error_new("weights-unknown", "file", path, "name", name, NULL);
    bool fits = counted ? shape.n == 1 && shape.dim[0] == shape_size(&d->shape)
                        : shape_equal(&shape, &d->shape);
    if (!fits) {
        struct buf has = {0}, is = {0};
        shape_print(&has, &shape);
        shape_print(&is, &d->shape);
        struct error *e = error_new("weights-shape", "file", path, "name", name, "has",
                                    buf_text(&has), "is", buf_text(&is), NULL);
        buf_free(&has);
        buf_free(&is);
        return e;
    }
    struct tensor *t;
    struct error *e = tensor_new(d->shape, &t);
    if (!e) draft_add(to, name, def_with(d, t));
    return e;
}

/* NAME SIZE SIZE\n: false where it is no such line. */
static bool read_line(char *line, char **name, struct shape *shape) {
    *shape = (struct shape){0};
    *name = strsep(&line, " ");
    for (char *size; (size = strsep(&line, " "));) {
        char *end;
        if (shape->n == MAX_DIMS || !isdigit((unsigned char)*size)) return false;
        unsigned long long n = strtoull(size, &end, 10);
        if (*end || n > SIZE_MAX) return false;
        shape->dim[shape->n++] = (size_t)n;
    }
    return true;
}

static struct error *draft_list(const struct board *board, const char *path, char *list,
                                struct draft *to) {
    for (char *line; *list && (line = strsep(&list, "\n"));) {
        char *name;
        struct shape shape;
        if (!list || !read_line(line, &name, &shape)) return damaged(path);
        struct error *e = draft_tensor(board, path, name, shape, false, to);
        if (e) return e;
    }
    return NULL;
}

static size_t bytes_of(const struct draft *d) {
    size_t bytes = 0;
    for (size_t i = 0; i < d->n; i++)
        bytes += shape_size(&d->at[i].def->shape) * sizeof(real);
    return bytes;
}

static struct error *read_now(struct file_in *f, const struct board *board,
                              size_t length, struct draft *to) {
    struct error *e = memory_left_for((double)f->size);
    if (e || length > f->size - FIRST_SIZE) return e ? e : damaged(f->path);
    char *list = mem_alloc(length + 1, 1);
    e = file_in_take(f, list, length);
    if (!e) e = draft_list(board, f->path, list, to);
    free(list);
    if (!e && FIRST_SIZE + length + bytes_of(to) != f->size) e = damaged(f->path);
    for (size_t i = 0; i < to->n && !e; i++) {
        struct tensor *t = to->at[i].def->value;
        e = file_in_take(f, t->data, t->size * sizeof(real));
    }
    return e;
}

/* As it was before the numbers had a checksum: `learn weights 1`, then of each tensor
 * `NAME COUNT` and its numbers. */
static struct error *read_before(const struct board *board, const char *path,
                                 struct draft *to) {
    char *all;
    size_t n, at = strlen(OURS "1\n");
    struct error *e = file_read(path, SIZE_MAX, &all, &n);
    if (e) return e;
    while (at < n && !e) {
        char *name, *line = all + at, *end = memchr(line, '\n', n - at);
        struct shape shape;
        if (end) *end = '\0';
        if (!end || !read_line(line, &name, &shape)) e = damaged(path);
        if (!e) e = draft_tensor(board, path, name, shape, true, to);
        if (e) break;
        struct tensor *t = to->at[to->n - 1].def->value;
        at = (size_t)(end + 1 - all);
        if (t->size > (n - at) / sizeof(real)) e = damaged(path);
        else memcpy(t->data, all + at, t->size * sizeof(real));
        at += t->size * sizeof(real);
    }
    free(all);
    return e;
}

static bool has_sum(const char *path, unsigned long sum) {
    struct pair p = weights_pair("");
    const char *said = pair_sum(&p, path);
    return !said || strtoul(said + 1, NULL, 16) == sum;
}

/* Where it doesn't fit: is it that it isn't what it was? */
static struct error *blame(struct error *e, const char *path) {
    if (error_is_stop(e)) return e;
    char part[1 << 16];
    struct file_in f;
    struct error *unread = file_in_open(&f, path);
    for (size_t left = f.size, n; !unread && left; left -= n) {
        n = left < sizeof part ? left : sizeof part;
        unread = file_in_take(&f, part, n);
    }
    file_in_close(&f);
    bool same = unread || has_sum(path, f.sum);
    error_free(unread);
    if (same) return e;
    error_free(e);
    return damaged(path);
}

static struct error *read_any(struct file_in *f, const struct board *board,
                              struct draft *to) {
    char first[FIRST_SIZE + 1] = "", again[FIRST_SIZE + 24];
    size_t old = strlen(OURS "1\n"), length = 0;
    struct error *e = file_in_take(f, first, f->size < old ? f->size : old);
    if (!e && strcmp(first, OURS "1\n") == 0) return read_before(board, f->path, to);
    if (!e && f->size < FIRST_SIZE) e = damaged(f->path);
    if (!e) e = file_in_take(f, first + old, FIRST_SIZE - old);
    if (e) return e;
    if (strncmp(first, OURS "2 ", old) == 0)
        length = (size_t)strtoull(first + old, NULL, 10);
    snprintf(again, sizeof again, FIRST, length);
    if (strcmp(first, again) != 0) return damaged(f->path);
    e = read_now(f, board, length, to);
    return e || has_sum(f->path, f->sum) ? e : damaged(f->path);
}

struct error *weights_read(struct board *board, const char *path) {
    struct file_in f;
    struct draft d = {0};
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return error_new("weights-missing", "file", path, NULL);
    struct error *e = file_in_open(&f, path);
    if (e) return e;
    e = read_any(&f, board, &d);
    file_in_close(&f);
    if (e) {
        draft_drop(&d);
        return blame(e, path);
    }
    board_begin(board, path);
    names_set(board, &d, NULL);
    board_end(board);
    draft_drop(&d);
    return NULL;
}

struct error *weights_restore_command(struct session *s, const struct stmt *c) {
    const char *name = NULL;
    struct error *e = stmt_file(c, &name);
    if (e) return e;
    char *script = s->file ? file_behind(s->file) : mem_copy("");
    char *path = file_beside(script, name);
    e = weights_read(s->board, path);
    if (e) e->whole = true;
    free(script);
    free(path);
    return e;
}
