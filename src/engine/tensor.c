#include "engine/tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/memory_left.h"
#include "base/units.h"
#include "text/number.h"
#include "text/out.h"

/* ---- shapes ---- */

size_t shape_size(const struct shape *s) {
    size_t size = 1;
    for (int i = 0; i < s->n; i++) size *= s->dim[i];
    return size;
}

static const double few_bytes = 1 << 20; /* that any machine has */

struct error *shape_check(const struct shape *s) {
    double bytes = sizeof(real);
    for (int i = 0; i < s->n; i++) bytes *= (double)s->dim[i];
    if (bytes > 0 && bytes < few_bytes) return NULL; /* a hundred thousand gates ask */
    struct buf shape = {0};
    struct error *e = NULL;
    double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGE_SIZE);
    shape_print(&shape, s);
    if (bytes > memory / 2) {
        char wants[UNITS_SIZE], has[UNITS_SIZE];
        e = error_new("too-large", "shape", buf_text(&shape), "memory",
                      units_bytes(wants, bytes), "has", units_bytes(has, memory), NULL);
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

void shape_print_index(struct buf *b, const struct shape *s, size_t k) {
    if (!s->n) return;
    size_t index[MAX_DIMS];
    for (int i = s->n - 1; i >= 0; i--) {
        index[i] = k % s->dim[i];
        k /= s->dim[i];
    }
    for (int i = 0; i < s->n; i++) buf_printf(b, "%s%zu", i ? "," : "[", index[i]);
    buf_add(b, "]");
}

void shape_print(struct buf *b, const struct shape *s) {
    buf_add(b, "[");
    for (int i = 0; i < s->n; i++) buf_printf(b, i ? ", %zu" : "%zu", s->dim[i]);
    buf_add(b, "]");
}

/* ---- tensors ---- */

static size_t bytes_of(const struct shape *s) {
    return sizeof(struct tensor) + shape_size(s) * sizeof(real);
}

static struct tensor *begin(struct tensor *t, const struct shape *s) {
    t->shape = *s;
    t->size = shape_size(s);
    t->refs = 1;
    return t;
}

struct tensor *tensor_zeros(struct shape s) {
    return begin(mem_alloc(1, bytes_of(&s)), &s);
}

struct error *tensor_new(struct shape s, struct tensor **out) {
    struct error *e = shape_check(&s);
    if (!e) e = memory_left_for((double)bytes_of(&s));
    if (e) return e;
    struct tensor *t = mem_try(1, bytes_of(&s));
    if (!t) return memory_left_short((double)bytes_of(&s));
    *out = begin(t, &s);
    return NULL;
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
    int widest;              /* columns of the widest number so far */
    int cell;                /* what each is to take; 0: all in one line */
    int indent, used, width; /* columns: before a line, of the last one, at most */
};

static void print_text(struct printer *p, const char *s, int columns) {
    buf_add(p->b, s);
    p->used += columns;
}

static void print_number(struct printer *p, real v) {
    char number[NUM_SIZE];
    num_format(number, v, p->digits);
    int columns = (int)strlen(number),
        spaces = p->cell > columns ? p->cell - columns : 0;
    if (columns > p->widest) p->widest = columns;
    buf_printf(p->b, "%*s%s", spaces, "", number);
    p->used += spaces + columns;
}

/* Between two entries: on to the next line where one ends. */
static void print_comma(struct printer *p, int depth) {
    bool row = p->size[depth + 1] > 1;
    int number = p->cell + 2 * (p->shape->n - 1 - depth); /* with its own brackets */
    print_text(p, ",", 1);
    if (!p->cell || (!row && p->used + 1 + number + p->shape->n <= p->width)) {
        print_text(p, " ", 1);
        return;
    }
    p->used = p->indent + depth + 1;
    buf_printf(p->b, "\n%*s", p->used, "");
}

/* At least so many at each depth, that the ends are seen. */
static size_t least_shown(size_t most) { return most < 4 ? 1 : most < 36 ? 2 : 6; }

/* The entries of one pair of brackets; of many, the first and last few that `most`
 * allows. */
static void print_part(struct printer *p, int depth, size_t at, size_t most) {
    if (depth == p->shape->n) {
        print_number(p, p->v[at]);
        return;
    }
    size_t entries = p->shape->dim[depth], size = p->size[depth + 1];
    size_t shown = most / size;
    if (shown < least_shown(most)) shown = least_shown(most);
    if (shown > entries) shown = entries;
    print_text(p, "[", 1);
    for (size_t i = 0; i < entries; i++) {
        if (i) print_comma(p, depth);
        if (shown < entries && i == (shown + 1) / 2) {
            print_text(p, "…", 1);
            i = entries - shown / 2;
            if (i == entries) break;
            print_comma(p, depth);
        }
        print_part(p, depth + 1, at + i * size, most / shown);
    }
    print_text(p, "]", 1);
}

static void print_all(struct printer *p, struct buf *b, const struct shape *s,
                      size_t most) {
    p->b = b;
    p->shape = s;
    p->used = p->indent;
    p->size[s->n] = 1;
    for (int i = s->n - 1; i >= 0; i--) p->size[i] = p->size[i + 1] * s->dim[i];
    print_part(p, 0, 0, most > 2 ? most : 2);
}

void tensor_print(struct buf *b, const struct shape *s, const real *v, int digits,
                  size_t most) {
    struct printer p = {.v = v, .digits = digits};
    print_all(&p, b, s, most);
}

void tensor_print_rows(struct buf *b, const struct shape *s, const real *v, int digits,
                       size_t most, int indent, int width) {
    struct printer p = {.v = v, .digits = digits, .indent = indent, .width = width};
    struct buf line = {0};
    print_all(&p, &line, s, most);
    if (p.used > width) {
        buf_clear(&line);
        p.cell = p.widest;
        print_all(&p, &line, s, most);
    }
    buf_add(b, buf_text(&line));
    buf_free(&line);
}

static const real *write_part(struct buf *b, const struct shape *s, int dim,
                              const real *v, void (*number)(struct buf *b, real v)) {
    if (dim == s->n) {
        number(b, *v);
        return v + 1;
    }
    buf_add(b, "[");
    for (size_t i = 0; i < s->dim[dim]; i++) {
        if (i) buf_add(b, ", ");
        v = write_part(b, s, dim + 1, v, number);
    }
    buf_add(b, "]");
    return v;
}

void tensor_write(struct buf *b, const struct shape *s, const real *v,
                  void (*number)(struct buf *b, real v)) {
    write_part(b, s, 0, v, number);
}
