/* plot y, h vs x: dots for numbers that are given, a line for formulas of x. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "plot/plots.h"

static int by_x(const void *a, const void *b) {
    const double *p = a, *q = b;
    return (p[0] > q[0]) - (p[0] < q[0]);
}

/* e at the numbers of x: e's value where x is another tensor. */
static struct error *value_at(struct board *b, const struct expr *e, const char *name,
                              struct tensor *x, struct tensor **out) {
    int n = e->n, root = n - 1;
    struct expr_node *nodes = mem_alloc((size_t)n + 2, sizeof *nodes);
    memcpy(nodes, e->nodes, (size_t)n * sizeof *nodes);
    struct expr_bind bind = {.name = (char *)(uintptr_t)name, .value = n};
    nodes[n] =
        (struct expr_node){.kind = EXPR_VALUE, .axis = -1, .height = 1, .tensor = x};
    nodes[n + 1] = (struct expr_node){.kind = EXPR_AT,
                                      .axis = -1,
                                      .height = 2,
                                      .kids = &root,
                                      .n_kids = 1,
                                      .binds = &bind,
                                      .n_binds = 1};
    struct error *err = compile_value(b, &(struct expr){1, nodes, n + 2}, out);
    free(nodes);
    return err;
}

/* The lectures' green for the first line, other colours for more. */
static enum hue next_hue(const struct chart *c) {
    static const enum hue order[] = {HUE_VALUE, HUE_LOSS, HUE_PURPLE, HUE_BROWN};
    int lines = 0;
    for (int k = 0; k < c->n; k++) lines += c->series[k].kind == SERIES_LINE;
    return order[lines % 4];
}

/* A line through many x between the ends; false where e does not allow other x. */
static bool fine_line(const struct plot_request *r, int k, const struct tensor *x,
                      struct chart *c) {
    struct shape shape = x->shape;
    shape.dim[0] = SAMPLES;
    struct tensor *many, *y;
    struct error *e = tensor_new(shape, &many);
    if (e) {
        error_free(e);
        return false;
    }
    for (size_t i = 0; i < SAMPLES; i++)
        many->data[i] = sample_at(c->x_from, c->x_to, i, SAMPLES);
    e = value_at(r->s->board, r->exprs[k], r->axes[0].ref.name, many, &y);
    bool fits = !e && y->size == SAMPLES;
    if (fits) {
        struct series *s =
            chart_add(c, SERIES_LINE, next_hue(c), mem_copy(r->titles[k]), SAMPLES);
        memcpy(s->x, many->data, SAMPLES * sizeof *s->x);
        memcpy(s->y, y->data, SAMPLES * sizeof *s->y);
    }
    if (!e) tensor_unref(y);
    error_free(e);
    tensor_unref(many);
    return fits;
}

/* The numbers themselves: dots, or joined from left to right. */
static void points(const struct plot_request *r, int k, const struct tensor *x,
                   const struct tensor *y, struct chart *c, bool dots) {
    double(*pairs)[2] = mem_alloc(x->size, sizeof *pairs);
    for (size_t i = 0; i < x->size; i++) {
        pairs[i][0] = x->data[i];
        pairs[i][1] = y->data[i];
    }
    if (!dots) qsort(pairs, x->size, sizeof *pairs, by_x);
    struct series *s =
        chart_add(c, dots ? SERIES_DOTS : SERIES_LINE, dots ? HUE_DATA : next_hue(c),
                  mem_copy(r->titles[k]), x->size);
    for (size_t i = 0; i < x->size; i++) {
        s->x[i] = pairs[i][0];
        s->y[i] = pairs[i][1];
    }
    free(pairs);
}

static bool is_given(const struct plot_request *r, int k) {
    const struct expr_node *root = &r->exprs[k]->nodes[r->exprs[k]->n - 1];
    if (root->kind == EXPR_LIST) return true;
    const struct def *d =
        root->kind == EXPR_NAME ? board_get(r->s->board, root->name) : NULL;
    return d && d->kind != DEF_FORMULA;
}

static struct error *add_series(const struct plot_request *r, int k,
                                const struct tensor *x, struct chart *c) {
    struct tensor *y;
    struct error *e = compile_value(r->s->board, r->exprs[k], &y);
    if (e) return e;
    if (y->size != x->size) {
        struct buf a = {0}, b = {0};
        shape_print(&a, &y->shape);
        shape_print(&b, &x->shape);
        e = error_new("plot-sizes", "name", r->titles[k], "shape", buf_text(&a), "axis",
                      r->axes[0].ref.name, "axisshape", buf_text(&b), NULL);
        buf_free(&a);
        buf_free(&b);
    } else if (is_given(r, k)) {
        points(r, k, x, y, c, true);
    } else if (!fine_line(r, k, x, c)) {
        points(r, k, x, y, c, false);
    }
    tensor_unref(y);
    return e;
}

static struct error *find_ends(const struct plot_request *r, const struct tensor *x,
                               struct chart *c) {
    bool given;
    const struct axis *a = r->range ? r->range : &r->axes[0];
    struct error *e = sample_range(r->s->board, a, &c->x_from, &c->x_to, &given);
    if (e || given) return e;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < x->size; i++) {
        if (!isfinite(x->data[i])) continue;
        low = fmin(low, x->data[i]);
        high = fmax(high, x->data[i]);
    }
    if (!(low <= high)) low = high = 0;
    double margin = high > low ? 0.05 * (high - low) : 1;
    c->x_from = low - margin;
    c->x_to = high + margin;
    return NULL;
}

struct error *plot_data(const struct plot_request *r, struct chart *c) {
    struct expr_node name = {.kind = EXPR_NAME,
                             .axis = -1,
                             .height = 1,
                             .name = r->axes[0].ref.name,
                             .at = r->axes[0].ref.at};
    struct tensor *x;
    struct error *e = compile_value(r->s->board, &(struct expr){1, &name, 1}, &x);
    if (e) return e;
    if (x->size != x->shape.dim[0]) {
        struct buf shape = {0};
        shape_print(&shape, &x->shape);
        e = error_at(error_new("plot-element", "name", name.name, "shape",
                               buf_text(&shape), NULL),
                     name.at);
        buf_free(&shape);
    }
    if (!e) e = find_ends(r, x, c);
    for (int dots = 0; dots < 2; dots++) { /* last, so that no line hides them */
        for (int k = 0; k < r->n && !e; k++) {
            if (is_given(r, k) == dots) e = add_series(r, k, x, c);
        }
    }
    tensor_unref(x);
    if (e) return e;
    struct buf names = {0};
    for (int k = 0; k < r->n; k++)
        buf_printf(&names, "%s%s", k ? ", " : "", r->titles[k]);
    c->x = mem_copy(name.name);
    c->y = buf_take(&names);
    c->title =
        out_sentence(r->s->out, "plot.curve.title", "name", c->y, "axis", c->x, NULL);
    chart_fit(c);
    return NULL;
}
