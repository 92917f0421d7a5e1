#include "plot/chart.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct series *chart_add(struct chart *c, enum series_kind kind, enum hue hue,
                         char *title, size_t n) {
    struct series *s = &c->series[c->n++];
    *s = (struct series){.kind = kind, .hue = hue, .title = title, .n = n};
    s->x = mem_alloc(n, sizeof *s->x);
    s->y = mem_alloc(n, sizeof *s->y);
    s->z = mem_alloc(n, sizeof *s->z);
    return s;
}

void chart_drop(struct chart *c, int n) {
    while (c->n > n) {
        struct series *s = &c->series[--c->n];
        free(s->title);
        free(s->x);
        free(s->y);
        free(s->z);
    }
}

void chart_close(struct chart *c) {
    chart_drop(c, 0);
    free(c->title);
    free(c->x);
    free(c->y);
    free(c->z);
    if (c->below) chart_close(c->below);
    free(c->below);
    *c = (struct chart){0};
}

void chart_fit(struct chart *c) {
    double low = INFINITY, high = -INFINITY;
    for (int k = 0; k < c->n; k++) {
        const struct series *s = &c->series[k];
        for (size_t i = 0; i < s->n && s->kind != SERIES_TANGENT; i++) {
            bool inside =
                c->x_from == c->x_to || (s->x[i] >= c->x_from && s->x[i] <= c->x_to);
            if (!inside || !isfinite(s->y[i])) continue;
            low = fmin(low, s->y[i]);
            high = fmax(high, s->y[i]);
        }
    }
    if (!(low <= high)) return;
    double margin = high > low ? 0.05 * (high - low) : fmax(1, 0.1 * fabs(high));
    c->y_from = low - margin;
    c->y_to = high + margin;
}

bool chart_inside(const struct chart *c, double x, double y) {
    return x >= c->x_from && x <= c->x_to && y >= c->y_from && y <= c->y_to;
}

bool chart_crossing(const struct chart *c, double a, double b, double zero, double x[2],
                    double y[2]) {
    int n = 0;
    for (int k = 0; k < 2 && n < 2 && b != 0; k++) { /* the left and the right side */
        double side = k ? c->x_to : c->x_from, v = -(a * side + zero) / b;
        if (v >= c->y_from && v <= c->y_to) x[n] = side, y[n++] = v;
    }
    for (int k = 0; k < 2 && n < 2 && a != 0; k++) {
        double side = k ? c->y_to : c->y_from, v = -(b * side + zero) / a;
        if (v > c->x_from && v < c->x_to) x[n] = v, y[n++] = side;
    }
    return n == 2;
}

bool chart_empty(const struct chart *c) {
    for (int k = 0; k < c->n; k++) {
        const struct series *s = &c->series[k];
        for (size_t i = 0; i < s->n; i++) {
            if (isfinite(s->x[i]) && isfinite(s->y[i]) && isfinite(s->z[i]))
                return false;
        }
    }
    return true;
}
