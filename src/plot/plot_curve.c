/* plot E vs w: the curve, today's point with its tangent, and the path so far. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plot/plots.h"
#include "text/number.h"

enum { OTHERS = 3 }; /* that are named */

void plot_fill_curves(struct sampler *m, struct chart *c) {
    double today = m->leaf[0]->value[m->at[0]];
    for (size_t i = 0; i < SAMPLES; i++) {
        double x = sample_at(c->x_from, c->x_to, i, SAMPLES);
        sampler_set(m, 0, x);
        sampler_look(m);
        for (int k = 0; k < m->n; k++) {
            c->series[k].x[i] = x;
            c->series[k].y[i] = m->roots[k]->value[0];
        }
    }
    sampler_set(m, 0, today);
    sampler_look(m);
}

/* The parameters but the axis that moved on the way: on their account the path is not
 * on the curve, which has today's. */
static void others(const struct run *run, size_t rows, size_t axis, struct buf *names) {
    size_t at = 0, n = 0;
    for (size_t p = 0; p < run->n_params; p++) {
        bool moved = false;
        for (size_t end = at + shape_size(&run->shapes[p]); at < end; at++) {
            double first = run_at(run, 0).numbers[at];
            moved |= at != axis && first != run_at(run, rows - 1).numbers[at];
        }
        if (moved && n++ < OTHERS) buf_add_listed(names, "%s", run->names[p]);
    }
    if (n > OTHERS) buf_add(names, ", …");
}

static void add_path(const struct plot_request *r, struct sampler *m, struct chart *c) {
    int which;
    size_t at;
    const struct run *run = plot_run(r, m, 1, &which);
    size_t rows = run ? plot_run_rows(r, run) : 0;
    if (rows < 2) return;
    plot_run_number(run, m, 0, &at);
    size_t n = rows < PLOT_POINTS ? rows : PLOT_POINTS;
    struct buf names = {0};
    others(run, rows, at, &names);
    char *title =
        out_sentence(r->s->out, names.len ? "plot.path-others" : "plot.path", "steps",
                     NUM(r->s->out, (double)run_at(run, rows - 1).step), "names",
                     buf_text(&names), NULL);
    buf_free(&names);
    struct series *s = chart_add(c, SERIES_PATH, HUE_PARAM, title, n);
    for (size_t i = 0; i < n; i++) {
        struct run_row row = run_at(run, plot_thin(rows, n, i));
        s->x[i] = row.numbers[at];
        s->y[i] = row.loss;
    }
}

static void add_tangent(const struct plot_request *r, struct sampler *m,
                        struct chart *c) {
    struct out *o = r->s->out;
    struct series *curve = &c->series[0];
    double at = m->leaf[0]->value[m->at[0]], value = m->roots[0]->value[0];
    double slope = sampler_slope(m), zero = value - slope * at, x[2], y[2], apart = 0;
    if (m->n != 1 || !isfinite(slope) || !isfinite(value)) return;
    if (!chart_crossing(c, slope, -1, zero, x, y)) return;
    for (size_t i = 0; i < curve->n; i++) {
        double far = fabs(curve->y[i] - (slope * curve->x[i] + zero));
        apart = isfinite(far) ? fmax(apart, far) : INFINITY;
    }
    if (apart < 0.01 * (c->y_to - c->y_from)) { /* it is its own tangent */
        free(curve->title);
        curve->title = out_sentence(o, "plot.tangent.same", "name", r->titles[0],
                                    "slope", NUM(o, slope), NULL);
        return;
    }
    char *title = out_sentence(o, "plot.tangent", "slope", NUM(o, slope), NULL);
    struct series *s = chart_add(c, SERIES_TANGENT, HUE_GRADIENT, title, 2);
    memcpy(s->x, x, sizeof x);
    memcpy(s->y, y, sizeof y);
}

void plot_add_today(const struct plot_request *r, struct sampler *m, struct chart *c) {
    struct out *o = r->s->out;
    add_tangent(r, m, c);
    add_path(r, m, c);
    for (int k = 0; k < m->n; k++) {
        double x = m->leaf[0]->value[m->at[0]], y = m->roots[k]->value[0];
        if (!isfinite(y)) continue;
        char *title = out_sentence(o, "plot.today", "axis", m->title[0], "x", NUM(o, x),
                                   "name", r->titles[k], "y", NUM(o, y), NULL);
        plot_add_point(o, c, title, x, y);
    }
}

static char *join(const struct plot_request *r) {
    struct buf b = {0};
    for (int i = 0; i < r->n; i++) buf_printf(&b, "%s%s", i ? ", " : "", r->titles[i]);
    return buf_take(&b);
}

struct error *plot_curve(const struct plot_request *r, struct chart *c) {
    struct sampler m;
    struct error *e = sampler_open(&m, r->s->board, r->exprs, r->n, r->axes, 1);
    if (e) return e;
    if (!(e = plot_range(r, &m, 0, &c->x_from, &c->x_to))) {
        c->x = mem_copy(m.title[0]);
        c->y = join(r);
        c->title = out_sentence(r->s->out, "plot.curve.title", "name", c->y, "axis",
                                c->x, NULL);
        for (int k = 0; k < r->n; k++)
            chart_add(c, SERIES_LINE, plot_hue(k), mem_copy(r->titles[k]), SAMPLES);
        plot_fill_curves(&m, c);
        chart_fit(c);
        plot_add_today(r, &m, c);
    }
    sampler_close(&m);
    return e;
}
