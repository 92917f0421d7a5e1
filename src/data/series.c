/* Rows in their own order, cut into windows: what came before is the input, what comes
 * next the answer. And scaling. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/memory_left.h"
#include "data/loaders.h"

/* ---- windows ---- */

/* The rows that end a window of w rows and are followed by their answer, none left out
 * between: row i + w answers rows i … i + w − 1. Fills `starts` where there is room. */
static size_t find_starts(size_t rows, size_t w, const size_t *breaks, size_t n_breaks,
                          size_t *starts) {
    size_t n = 0, next = 0;
    for (size_t i = 0; i + w < rows; i++) {
        while (next < n_breaks && breaks[next] <= i) next++;
        if (next < n_breaks && breaks[next] <= i + w) continue;
        if (starts) starts[n] = i;
        n++;
    }
    return n;
}

static struct error *cut(const struct tensor *x, const struct tensor *y, size_t w,
                         const size_t *starts, size_t n, struct tensor **x_out,
                         struct tensor **y_out) {
    size_t k = x->shape.dim[1], answers = y->shape.dim[1];
    struct error *e = tensor_new((struct shape){3, {n, w, k}}, x_out);
    if (!e) e = tensor_new((struct shape){2, {n, answers}}, y_out);
    for (size_t i = 0; i < n && !e; i++) {
        memcpy((*x_out)->data + i * w * k, x->data + starts[i] * k,
               w * k * sizeof(real));
        memcpy((*y_out)->data + i * answers, y->data + (starts[i] + w) * answers,
               answers * sizeof(real));
    }
    return e;
}

struct error *data_windows(struct dataset *d, const size_t *breaks, size_t n_breaks,
                           const struct data_order *how) {
    size_t rows = d->x->shape.dim[0], w = how->window;
    size_t n = find_starts(rows, w, breaks, n_breaks, NULL);
    if (!n) {
        char has[24], wants[24];
        snprintf(has, sizeof has, "%zu", rows);
        snprintf(wants, sizeof wants, "%zu", w);
        return error_new("data-window", "rows", has, "window", wants, NULL);
    }
    size_t *starts = mem_alloc(n, sizeof *starts);
    size_t test = how->test > 0 ? data_share(n, how->test) : 0, learn = n - test;
    struct tensor *x = d->x, *y = d->y;
    d->x = d->y = NULL;
    find_starts(rows, w, breaks, n_breaks, starts);
    struct error *e = cut(x, y, w, starts, learn, &d->x, &d->y);
    if (!e && test) e = cut(x, y, w, starts + learn, test, &d->x_test, &d->y_test);
    tensor_unref(x);
    tensor_unref(y);
    free(starts);
    return e;
}

/* ---- scaling: mean 0, deviation 1, by the training part alone ---- */

/* Both parts read a row at a time, whatever their form is. */
static void read_row(const struct tensor *t, const struct packed *p, size_t i,
                     real *to) {
    size_t row = p ? p->row : t->size / t->shape.dim[0];
    if (p) packed_read(p, i, 1, to);
    else memcpy(to, t->data + i * row, row * sizeof(real));
}

static void find_scale(const struct dataset *d, size_t row, real *mean,
                       real *deviation) {
    size_t rows = d->y->shape.dim[0], columns = d->mean->size;
    real *v = mem_alloc(row, sizeof *v);
    double n = (double)(rows * (row / columns));
    for (size_t i = 0; i < rows; i++) {
        read_row(d->x, d->packed, i, v);
        for (size_t k = 0; k < row; k++) mean[k % columns] += v[k];
    }
    for (size_t c = 0; c < columns; c++) mean[c] /= n;
    for (size_t i = 0; i < rows; i++) {
        read_row(d->x, d->packed, i, v);
        for (size_t k = 0; k < row; k++) {
            double off = v[k] - mean[k % columns];
            deviation[k % columns] += off * off;
        }
    }
    for (size_t c = 0; c < columns; c++) {
        deviation[c] = sqrt(deviation[c] / n);
        if (deviation[c] == 0) deviation[c] = 1;
    }
    free(v);
}

static void scale(const struct dataset *d, struct tensor **t, struct packed *p) {
    size_t columns = d->mean->size;
    for (size_t i = 0; *t && i < (*t)->size; i++) {
        size_t c = i % columns;
        (*t)->data[i] = ((*t)->data[i] - d->mean->data[c]) / d->deviation->data[c];
    }
    if (!p) return;
    p->mean = mem_alloc(columns, sizeof *p->mean);
    p->deviation = mem_alloc(columns, sizeof *p->deviation);
    memcpy(p->mean, d->mean->data, columns * sizeof *p->mean);
    memcpy(p->deviation, d->deviation->data, columns * sizeof *p->deviation);
}

/* A tensor that others hold, too, is copied first. */
static void own(struct tensor **t) {
    if (!*t || (*t)->refs == 1) return;
    struct tensor *copy = tensor_zeros((*t)->shape);
    memcpy(copy->data, (*t)->data, copy->size * sizeof(real));
    tensor_unref(*t);
    *t = copy;
}

void data_scale(struct dataset *d) {
    struct shape s = d->packed ? d->packed->shape : d->x->shape;
    size_t row = shape_size(&s) / s.dim[0];
    /* a series has its columns last, all moments alike; pictures are scaled whole */
    struct shape by = s;
    for (int k = 0; k + 1 < s.n; k++) by.dim[k] = 1;
    if (s.n == 1 || s.n == 4) by = (struct shape){0};
    own(&d->x);
    own(&d->x_test);
    d->mean = tensor_zeros(by);
    d->deviation = tensor_zeros(by);
    find_scale(d, row, d->mean->data, d->deviation->data);
    scale(d, &d->x, d->packed);
    scale(d, &d->x_test, d->packed_test);
}
