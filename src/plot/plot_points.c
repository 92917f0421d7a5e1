/* plot X, near, a, b as points: rows of two numbers as points of a plane. N class
 * numbers behind N points colour them; further pairs are marks on them: centres,
 * flags. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "board/compile.h"
#include "plot/chart_hues.h"
#include "plot/labels.h"
#include "plot/plots.h"
#include "text/number.h"

enum { MARKS = 5, WIDE = 66, HIGH = 24, WORDS = 2 /* rows of them around it */ };

static bool are_pairs(const struct tensor *t) {
    return t->size > 0 && t->shape.n && t->shape.n <= 2 &&
           t->shape.dim[t->shape.n - 1] == 2;
}

static struct error *refuse(const struct plot_request *r, int k, const struct tensor *t,
                            const char *key) {
    struct buf shape = {0};
    shape_print(&shape, &t->shape);
    struct error *e = error_new(key, "name", r->titles[k], "shape", buf_text(&shape),
                                "most", NUM(r->s->out, LABELS_MOST), NULL);
    buf_free(&shape);
    return error_at(e, r->exprs[k]->nodes[r->exprs[k]->n - 1].at);
}

/* ---- the chart ---- */

/* The points whose label is l's k-th; without labels all of them. */
static void add_points(const struct plot_request *r, struct chart *c,
                       const struct tensor *x, const struct tensor *classes,
                       const struct labels *l, size_t k) {
    static const enum hue hues[LABELS_MOST] = {
        HUE_GRADIENT, HUE_PARAM, HUE_VALUE, HUE_LOSS,  HUE_PURPLE,
        HUE_BROWN,    HUE_PINK,  HUE_GREY,  HUE_OLIVE, HUE_CYAN};
    char *title = classes ? labels_title(l, k, r->s->out) : mem_copy(r->titles[0]);
    enum hue hue = hues[classes ? labels_class(l, k) : 0];
    struct series *s = chart_add(c, SERIES_DOTS, hue, title, x->size / 2);
    s->mark = classes ? labels_sign(l, k) : CHART_DOT;
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (classes && classes->data[i] != l->value[k]) continue;
        s->x[n] = x->data[2 * i];
        s->y[n++] = x->data[2 * i + 1];
    }
    s->n = n;
}

static void add_mark(const struct plot_request *r, struct chart *c,
                     const struct tensor *t, int k, int mark) {
    struct buf title = {0}, at = {0};
    tensor_print(&at, &t->shape, t->data, 4, 8);
    buf_printf(&title, "%s %s", r->titles[k], buf_text(&at));
    struct series *s =
        chart_add(c, SERIES_MARK, HUE_DATA, mem_copy(buf_text(&title)), t->size / 2);
    s->mark = (char)('A' + mark);
    for (size_t i = 0; i < s->n; i++) {
        s->x[i] = t->data[2 * i];
        s->y[i] = t->data[2 * i + 1];
    }
    buf_free(&title);
    buf_free(&at);
}

/* Room around all there is. */
static void find_limits(struct chart *c) {
    double from[2] = {INFINITY, INFINITY}, to[2] = {-INFINITY, -INFINITY};
    for (int k = 0; k < c->n; k++) {
        const struct series *s = &c->series[k];
        for (size_t i = 0; i < s->n; i++) {
            if (!isfinite(s->x[i]) || !isfinite(s->y[i])) continue;
            from[0] = fmin(from[0], s->x[i]), to[0] = fmax(to[0], s->x[i]);
            from[1] = fmin(from[1], s->y[i]), to[1] = fmax(to[1], s->y[i]);
        }
    }
    for (int k = 0; k < 2; k++) {
        double room = from[k] < to[k] ? 0.05 * (to[k] - from[k]) : 1;
        if (!(from[k] <= to[k])) from[k] = to[k] = 0;
        from[k] -= room, to[k] += room;
    }
    c->x_from = from[0], c->x_to = to[0], c->y_from = from[1], c->y_to = to[1];
}

static struct error *fill(const struct plot_request *r, struct tensor **t,
                          struct chart *c) {
    const struct tensor *classes = NULL;
    struct labels labels;
    int marks = 0;
    if (!are_pairs(t[0])) return refuse(r, 0, t[0], "plot-points");
    size_t rows = t[0]->size / 2;
    for (int k = 1; k < r->n; k++) {
        if (!are_pairs(t[k]) && t[k]->size != rows)
            return refuse(r, k, t[k], "plot-marks");
    }
    if (r->n > 1 && t[1]->size == rows) classes = t[1];
    if (classes && !labels_find(&labels, classes->data, rows))
        return refuse(r, 1, classes, "plot-labels");
    for (size_t k = 0; k < (classes ? labels.n : 1); k++)
        add_points(r, c, t[0], classes, &labels, k);
    for (int k = classes ? 2 : 1; k < r->n && marks < MARKS; k++) {
        if (are_pairs(t[k])) add_mark(r, c, t[k], k, marks++);
    }
    const char *by =
        classes && labels.digits ? "plot.points.by" : "plot.points.by-signs";
    c->title = classes ? out_sentence(r->s->out, by, "name", r->titles[0], "class",
                                      r->titles[1], NULL)
                       : mem_copy(r->titles[0]);
    find_limits(c);
    return NULL;
}

struct error *plot_points(const struct plot_request *r, struct chart *c) {
    struct tensor **t = mem_alloc((size_t)r->n, sizeof *t);
    struct error *e = NULL;
    int n = 0;
    for (; n < r->n && !e; n++) e = compile_value(r->s->board, r->exprs[n], &t[n]);
    if (e) n--; /* the last has none */
    c->kind = CHART_POINTS;
    c->x = out_sentence(r->s->out, "plot.points.first", NULL);
    c->y = out_sentence(r->s->out, "plot.points.second", NULL);
    if (!e) e = fill(r, t, c);
    while (n--) tensor_unref(t[n]);
    free(t);
    return e;
}

/* ---- in the terminal ---- */

struct cells {
    int wide, high;
    int *shown, *most, *count; /* the series in a cell, or -1; how many points */
};

static int cell_of(const struct chart *c, const struct cells *cells, double x,
                   double y) {
    double column = (x - c->x_from) / (c->x_to - c->x_from) * cells->wide;
    double row = (c->y_to - y) / (c->y_to - c->y_from) * cells->high;
    bool inside = column >= 0 && column < cells->wide && row >= 0 && row < cells->high;
    return inside ? (int)row * cells->wide + (int)column : -1; /* nan is not inside */
}

/* Each cell shows the class that has the most points in it; marks lie on top. */
static void fill_cells(const struct chart *c, const struct cells *cells) {
    int n = cells->wide * cells->high;
    for (int at = 0; at < n; at++) cells->shown[at] = -1, cells->most[at] = 0;
    for (int k = 0; k < c->n; k++) {
        const struct series *s = &c->series[k];
        for (int at = 0; at < n; at++) cells->count[at] = 0;
        for (size_t i = 0; i < s->n; i++) {
            int at = cell_of(c, cells, s->x[i], s->y[i]);
            if (at >= 0) cells->count[at]++;
        }
        for (int at = 0; at < n; at++) {
            int count = cells->count[at];
            if (!count || (s->kind != SERIES_MARK && count <= cells->most[at]))
                continue;
            cells->shown[at] = k;
            cells->most[at] = count;
        }
    }
}

static void put_cell(struct out *o, const struct chart *c, int k) {
    bool colour = k >= 0 && o->colour && !o->plain;
    if (colour && c->series[k].kind == SERIES_MARK) out_control(o, "\033[7m");
    else if (colour)
        out_paint(o, PAINT_INK,
                  (unsigned)strtoul(chart_looks[c->series[k].hue].rgb + 1, NULL, 16));
    out_printf(o, "%c", k < 0 ? ' ' : chart_mark(c, k));
    if (colour) out_puts(o, out_ink(o, OUT_PLAIN));
}

static void put_cells(struct out *o, const struct chart *c, const struct cells *cells) {
    for (int row = 0; row < cells->high; row++) {
        const int *shown = cells->shown + row * cells->wide;
        int last = cells->wide - 1;
        while (last >= 0 && shown[last] < 0) last--;
        out_puts(o, row == 0 || row == cells->high - 1 ? "+" : "|");
        if (last >= 0) out_puts(o, " ");
        for (int column = 0; column <= last; column++) put_cell(o, c, shown[column]);
        out_puts(o, "\n");
    }
}

int plot_points_print(struct out *o, const struct chart *c) {
    int wide = o->width - 3 < WIDE ? o->width - 3 : WIDE, signs = 0;
    for (int k = 0; k < c->n; k++) signs += c->series[k].kind == SERIES_MARK;
    int high = chart_rows(o, WORDS + signs, HIGH);
    size_t n = (size_t)(wide * high);
    struct cells cells = {wide, high, mem_alloc(n, sizeof(int)),
                          mem_alloc(n, sizeof(int)), mem_alloc(n, sizeof(int))};
    fill_cells(c, &cells);
    out_printf(o, "%s\n", c->title);
    put_cells(o, c, &cells);
    free(cells.shown);
    free(cells.most);
    free(cells.count);
    char low[NUM_SIZE], top[NUM_SIZE], left[NUM_SIZE], right[NUM_SIZE];
    char *legend = out_sentence(
        o, "plot.points.legend", "x_from", num_format(left, c->x_from, 3), "x_to",
        num_format(right, c->x_to, 3), "y_from", num_format(low, c->y_from, 3), "y_to",
        num_format(top, c->y_to, 3), NULL);
    int rows = 1 + high + out_wrap(o, legend, 0);
    free(legend);
    return rows + chart_signs(o, c);
}
