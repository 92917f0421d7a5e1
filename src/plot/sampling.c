#include "plot/sampling.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/whole.h"
#include "board/builder.h"
#include "board/functions.h"

/* W[0, 1]: which number of the leaf, and its title. */
static struct error *find_element(struct sampler *m, struct board *b,
                                  const struct ref *ref, int k) {
    const struct shape *shape = &m->leaf[k]->shape;
    struct buf title = {0}, shown = {0};
    struct error *e = NULL;
    bool single = ref->n_index == shape->n || (!ref->n_index && m->leaf[k]->size == 1);
    buf_add(&title, ref->name);
    for (int i = 0; i < ref->n_index && !e && single; i++) {
        double v;
        size_t at;
        if (ref->index[i]->nodes[ref->index[i]->n - 1].kind == EXPR_RANGE) {
            single = false;
            break;
        }
        if ((e = compile_number(b, ref->index[i], &v))) break;
        if (!whole(v, 0, (double)shape->dim[i] - 1, &at)) {
            char got[32], last[32];
            snprintf(got, sizeof got, "%g", v);
            snprintf(last, sizeof last, "%zu", shape->dim[i] - 1);
            e = error_new("index-out", "value", got, "last", last, NULL);
        } else {
            m->at[k] = m->at[k] * shape->dim[i] + at;
            buf_printf(&title, "%s%g", i ? ", " : "[", v);
        }
    }
    if (ref->n_index) buf_add(&title, "]");
    if (!single && !e) {
        shape_print(&shown, shape);
        e = error_new("plot-element", "name", ref->name, "shape", buf_text(&shown),
                      NULL);
    }
    m->title[k] = buf_take(&title);
    buf_free(&shown);
    return error_at(e, ref->at);
}

static struct error *find_leaf(struct sampler *m, struct board *b,
                               const struct ref *ref, int k) {
    const struct def *d = board_get(b, ref->name);
    if (!d) return error_at(name_unknown(b, ref->name), ref->at);
    m->leaf[k] = compile_find(&m->c, ref->name);
    bool used = false;
    for (int i = 0; i < m->n && m->leaf[k]; i++) {
        used = used || m->roots[i] == m->leaf[k] ||
               graph_depends(m->c.graph, m->roots[i], m->leaf[k]);
    }
    if (!used)
        return error_at(error_new("plot-no-effect", "name", ref->name, NULL), ref->at);
    if (m->leaf[k]->gate)
        return error_at(error_new("plot-formula-axis", "name", ref->name, NULL),
                        ref->at);
    struct error *e = find_element(m, b, ref, k);
    if (!e) m->today[k] = m->leaf[k]->value[m->at[k]];
    return e;
}

static struct error *check_roots(struct sampler *m, const struct expr *const *exprs) {
    for (int i = 0; i < m->n; i++) {
        if (m->roots[i]->size == 1) continue;
        struct buf name = {0}, shape = {0};
        expr_print(&name, exprs[i]);
        shape_print(&shape, &m->roots[i]->shape);
        struct error *e = error_new("plot-not-one-number", "name", buf_text(&name),
                                    "shape", buf_text(&shape), NULL);
        buf_free(&name);
        buf_free(&shape);
        return error_at(e, exprs[i]->nodes[exprs[i]->n - 1].at);
    }
    return NULL;
}

static void want_slopes(struct sampler *m) {
    struct error *e = graph_want(m->c.graph, m->roots[0], m->leaf, 1);
    m->slopes = !e; /* argmax, a derivative: there is a curve, but no tangent */
    error_free(e);
}

struct error *sampler_open(struct sampler *m, struct board *b,
                           const struct expr *const *exprs, int n,
                           const struct axis *axes, int n_axes) {
    *m = (struct sampler){.n = n};
    m->roots = mem_alloc((size_t)n, sizeof *m->roots);
    struct compile_order o = {.exprs = exprs, .n = n, .roots = m->roots};
    struct error *e = compile(&m->c, b, &o);
    for (int k = 0; k < n_axes && !e; k++) e = find_leaf(m, b, &axes[k].ref, k);
    if (!e) e = check_roots(m, exprs);
    if (!e) want_slopes(m);
    if (e) sampler_close(m);
    return e;
}

struct error *sampler_open_function(struct sampler *m, struct board *b,
                                    const struct expr *expr, const char *arg) {
    *m = (struct sampler){.n = 1, .c.graph = graph_new()};
    m->roots = mem_alloc(1, sizeof *m->roots);
    struct builder build = {.board = b, .graph = m->c.graph};
    struct scope scope = {0};
    struct locals locals = {0};
    struct tensor *zero = tensor_scalar(0);
    m->leaf[0] = graph_leaf(m->c.graph, zero, arg, true);
    tensor_unref(zero);
    locals_put(&locals, arg, m->leaf[0]);
    struct error *e = build_expr(&build, expr, expr->n - 1, &scope, &locals, m->roots);
    locals_free(&locals);
    scope_free(&scope);
    if (!e) e = check_roots(m, &expr);
    if (!e) want_slopes(m);
    if (e) sampler_close(m);
    else m->title[0] = mem_copy(arg);
    return e;
}

void sampler_close(struct sampler *m) {
    if (m->c.graph) compile_close(&m->c);
    free(m->roots);
    free(m->title[0]);
    free(m->title[1]);
    *m = (struct sampler){0};
}

void sampler_set(struct sampler *m, int axis, real v) {
    m->leaf[axis]->value[m->at[axis]] = v;
}

void sampler_look(struct sampler *m) { graph_forward(m->c.graph); }

real sampler_slope(struct sampler *m) {
    if (!m->slopes) return NAN;
    graph_backward(m->c.graph, m->roots[0]);
    return m->leaf[0]->grad ? m->leaf[0]->grad[m->at[0]] : NAN;
}

double sample_at(double from, double to, size_t i, size_t n) {
    double part = n < 2 ? 0 : (double)i / (double)(n - 1);
    double v = from * (1 - part) + to * part;
    return fabs(v) < 1e-12 * (to - from) ? 0 : v; /* 0 exactly, where the kinks are */
}

struct error *sample_range(struct board *b, const struct axis *a, double *from,
                           double *to, bool *given) {
    *given = a && a->from && a->to;
    if (!*given) return NULL;
    struct error *e = compile_number(b, a->from, from);
    if (!e) e = compile_number(b, a->to, to);
    if (e) return e;
    if (isfinite(*from) && isfinite(*to) && *from < *to && isfinite(*to - *from))
        return NULL;
    char low[32], high[32];
    snprintf(low, sizeof low, "%g", *from);
    snprintf(high, sizeof high, "%g", *to);
    return error_at(error_new("plot-range", "from", low, "to", high, NULL),
                    a->from->nodes[a->from->n - 1].at);
}
