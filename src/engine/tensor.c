#include "engine/tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "text/out.h"

/* ---- shapes ---- */

size_t shape_size(const struct shape *s) {
    size_t size = 1;
    for (int i = 0; i < s->n; i++) size *= s->dim[i];
    return size;
}

/* "7.3 TiB": for people, so in floating point, where nothing overflows. */
static void print_bytes(char *to, size_t n, double bytes) {
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t u = 0;
    while (bytes >= 1024 && u + 1 < sizeof units / sizeof *units) bytes /= 1024, u++;
    snprintf(to, n, bytes < 10 ? "%.1f %s" : "%.0f %s", bytes, units[u]);
}

enum { FEW_BYTES = 1 << 20 }; /* that any machine has */

struct error *shape_check(const struct shape *s) {
    double bytes = sizeof(real);
    for (int i = 0; i < s->n; i++) bytes *= (double)s->dim[i];
    if (bytes > 0 && bytes < FEW_BYTES) return NULL; /* a hundred thousand gates ask */
    struct buf shape = {0};
    struct error *e = NULL;
    double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGE_SIZE);
    shape_print(&shape, s);
    if (bytes > memory / 2) {
        char wants[40], has[40];
        print_bytes(wants, sizeof wants, bytes);
        print_bytes(has, sizeof has, memory);
        e = error_new("too-large", "shape", buf_text(&shape), "memory", wants, "has", has,
                      NULL);
    } else if (bytes == 0) {
        e = error_new("empty-shape", "shape", buf_text(&shape), NULL);
    }
    buf_free(&shape);
    return e;
}

bool shape_equal(const struct shape *a, const struct shape *b) {
    if (a->n != b->n) return false;
    for (int i = 0; i < a->n; i++) {
        if (a->dim[i] != b->dim[i]) return false;
    }
    return true;
}

void shape_print(struct buf *b, const struct shape *s) {
    buf_add(b, "[");
    for (int i = 0; i < s->n; i++) buf_printf(b, i ? ", %zu" : "%zu", s->dim[i]);
    buf_add(b, "]");
}

/* ---- tensors ---- */

struct tensor *tensor_zeros(struct shape s) {
    size_t size = shape_size(&s);
    struct tensor *t = mem_alloc(1, sizeof *t + size * sizeof(real));
    t->shape = s;
    t->size = size;
    t->refs = 1;
    return t;
}

struct error *tensor_new(struct shape s, struct tensor **out) {
    struct error *e = shape_check(&s);
    if (!e) *out = tensor_zeros(s);
    return e;
}

struct tensor *tensor_scalar(real v) {
    struct tensor *t = tensor_zeros((struct shape){0});
    t->data[0] = v;
    return t;
}

struct tensor *tensor_ref(const struct tensor *t) {
    struct tensor *shared = (struct tensor *)t; /* the count is nobody's number */
    shared->refs++;
    return shared;
}

void tensor_unref(struct tensor *t) {
    if (t && --t->refs == 0) free(t);
}

/* ---- printing ---- */

struct printer {
    struct buf *b;
    const struct shape *shape;
    const real *v;
    size_t size[MAX_DIMS + 1]; /* numbers in one entry at each depth */
    int digits;
};

/* The entries of one pair of brackets; of many, the first and last few that `most` allows. */
static void print_part(struct printer *p, int depth, size_t at, size_t most) {
    if (depth == p->shape->n) {
        char number[NUM_SIZE];
        buf_add(p->b, num_format(number, p->v[at], p->digits));
        return;
    }
    size_t entries = p->shape->dim[depth], size = p->size[depth + 1];
    size_t shown = most / size;
    if (shown > entries) shown = entries;
    if (shown < entries && shown < 2) shown = entries < 2 ? entries : 2;
    buf_add(p->b, "[");
    for (size_t i = 0; i < entries; i++) {
        if (i) buf_add(p->b, ", ");
        if (shown < entries && i == (shown + 1) / 2) {
            buf_add(p->b, "…, ");
            i = entries - shown / 2;
        }
        print_part(p, depth + 1, at + i * size, most / shown);
    }
    buf_add(p->b, "]");
}

void tensor_print(struct buf *b, const struct shape *s, const real *v, int digits,
                  size_t most) {
    struct printer p = {.b = b, .shape = s, .v = v, .digits = digits};
    p.size[s->n] = 1;
    for (int i = s->n - 1; i >= 0; i--) p.size[i] = p.size[i + 1] * s->dim[i];
    print_part(&p, 0, 0, most > 2 ? most : 2);
}
