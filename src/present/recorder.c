#include "present/recorder.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "present/cast.h"

struct recorder {
    struct out *out;
    struct cast *cast;
    double began;
    int rows, columns;
};

/* Of the terminal, or of those there are none of. */
static void measure(const struct out *o, int *rows, int *columns) {
    if (o->terminal) screen_size(rows, columns);
    if (!o->terminal || !*rows || !*columns) *rows = 24, *columns = 80;
}

/* A window that is another by now was so before this was written into it. */
static void hear(void *self, const char *bytes, size_t n) {
    struct recorder *r = self;
    double t = clock_seconds() - r->began;
    int rows, columns;
    measure(r->out, &rows, &columns);
    if (rows != r->rows || columns != r->columns)
        cast_resize(r->cast, t, columns, rows);
    r->rows = rows;
    r->columns = columns;
    cast_heard(r->cast, t, bytes, n);
}

static void mark(void *self, const char *label) {
    struct recorder *r = self;
    cast_mark(r->cast, clock_seconds() - r->began, label);
}

struct error *recorder_open(struct out *o, const char *path, const char *title,
                            struct recorder **out) {
    int rows, columns;
    struct cast *cast;
    measure(o, &rows, &columns);
    struct error *e = cast_open(path, title, columns, rows, &cast);
    if (e) return e;
    *out = mem_alloc(1, sizeof **out);
    **out = (struct recorder){o, cast, clock_seconds(), rows, columns};
    out_listen(o, *out, hear);
    out_listen_marks(o, *out, mark);
    return NULL;
}

struct error *recorder_close(struct recorder *r) {
    if (!r) return NULL;
    out_flush(r->out);
    out_unlisten(r->out, r);
    struct error *e = cast_close(r->cast);
    free(r);
    return e;
}
