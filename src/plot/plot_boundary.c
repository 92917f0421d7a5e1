/* plot boundary h: what h says at every point of a plane of two inputs: each class's
 * ground, the data on it, and the line of each neuron of the first layer, where it is
 * undecided: w1·x1 + w2·x2 + b = 0. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "plot/chart_hues.h"
#include "plot/labels.h"
#include "plot/plots.h"
#include "text/number.h"

enum {
    FILE_WIDE = 160,
    FILE_HIGH = 120,
    TERMINAL_WIDE = 64,
    TERMINAL_HIGH = 24,
    WORDS = 4, /* rows of them around it */
    LINES = 4, /* of neurons: more hide what they are about */
    SHOWN = 400
};
#define UNDECIDED 0.01

bool plot_is_boundary(const struct plot_request *r) {
    return r->word && strcmp(r->word, "boundary") == 0;
}

/* ---- the plane ---- */

struct plane {
    size_t wide, high;
    double from[2], to[2];
};

static const struct tensor *data_of(struct board *b, const char *name) {
    const struct def *d = board_get(b, name);
    return d && d->kind == DEF_VALUE ? d->value : NULL;
}

/* Around the data, with room. */
static struct plane plane_around(const struct plot_request *r, const struct tensor *x) {
    int wide = r->s->out->width - 1, high = chart_rows(r->s->out, WORDS, TERMINAL_HIGH);
    struct plane p = {
        r->file ? FILE_WIDE : (size_t)(wide < TERMINAL_WIDE ? wide : TERMINAL_WIDE),
        r->file ? FILE_HIGH : (size_t)high,
        {INFINITY, INFINITY},
        {-INFINITY, -INFINITY}};
    for (size_t i = 0; i < x->size; i++) {
        p.from[i % 2] = fmin(p.from[i % 2], x->data[i]);
        p.to[i % 2] = fmax(p.to[i % 2], x->data[i]);
    }
    for (int k = 0; k < 2; k++) {
        double room = 0.15 * (p.to[k] - p.from[k]);
        p.from[k] -= room > 0 ? room : 1;
        p.to[k] += room > 0 ? room : 1;
    }
    return p;
}

static double at(const struct plane *p, int axis, size_t i) {
    size_t n = axis ? p->high : p->wide;
    return p->from[axis] +
           (p->to[axis] - p->from[axis]) * ((double)i + 0.5) / (double)n;
}

/* ---- what h says ---- */

/* The class of row i of the answers: the largest, or of one answer whether it is at
 * least the middle (0.5 behind a sigmoid, else 0). Nearer than UNDECIDED to saying
 * otherwise it says nothing: nan. */
static double class_of(const struct node *h, size_t i) {
    size_t classes = h->shape.n == 2 ? h->shape.dim[1] : 1, best = 0;
    const real *row = h->value + i * classes;
    if (classes == 1) {
        double above = row[0] - gate_yes_from(h);
        return fabs(above) >= UNDECIDED ? above > 0 : NAN;
    }
    for (size_t c = 1; c < classes; c++) best = row[c] > row[best] ? c : best;
    for (size_t c = 0; c < classes; c++) {
        if (c != best && !(row[best] - row[c] >= UNDECIDED)) return NAN;
    }
    return (double)best;
}

/* The sums of the first layer: made of X and parameters alone. */
static const struct node *first_layer(const struct compiled *c, const struct node *x) {
    const struct node *sums = NULL;
    for (int i = 0; i < graph_count(c->graph); i++) {
        const struct node *n = graph_node(c->graph, i);
        if (!n->gate) continue;
        bool product = gate_is(n, ROLE_MATMUL) && n->in[0] == x;
        bool bias = sums && gate_is(n, ROLE_SUM) && n->in[0] == sums;
        if (product || bias) sums = n;
    }
    return sums && sums->shape.n <= 2 ? sums : NULL;
}

static char *numbered(struct out *o, const char *key, size_t k) {
    char n[NUM_SIZE];
    return out_sentence(o, key, "n", num_format(n, (double)k, 6), NULL);
}

/* A neuron's sum is a plane over the plane: three of its values say where it is 0. */
static void add_lines(struct out *o, struct chart *c, const struct plane *p,
                      const struct node *sums) {
    size_t neurons = sums->shape.n == 2 ? sums->shape.dim[1] : 1;
    size_t top = (p->high - 1) * p->wide;
    for (size_t k = 0; k < neurons && neurons <= LINES; k++) {
        double s0 = sums->value[k], s1 = sums->value[(p->wide - 1) * neurons + k];
        double s2 = sums->value[top * neurons + k], x[2], y[2];
        double a = (s1 - s0) / (at(p, 0, p->wide - 1) - at(p, 0, 0));
        double b = (s2 - s0) / (at(p, 1, p->high - 1) - at(p, 1, 0));
        double zero = s0 - a * at(p, 0, 0) - b * at(p, 1, 0);
        if (!chart_crossing(c, a, b, zero, x, y)) continue;
        struct series *s = chart_add(c, SERIES_TANGENT, HUE_PARAM,
                                     numbered(o, "plot.boundary.neuron", k), 2);
        memcpy(s->x, x, sizeof x);
        memcpy(s->y, y, sizeof y);
    }
}

/* Each row's label: the number it has in y, or the place of its largest. */
static double *labels_of(const struct tensor *y, size_t rows) {
    double *label = mem_alloc(rows, sizeof *label);
    size_t row = y->size / rows;
    for (size_t i = 0; i < rows; i++) {
        const real *each = y->data + i * row;
        size_t most = 0;
        for (size_t j = 1; j < row; j++) most = each[j] > each[most] ? j : most;
        label[i] = row == 1 ? each[0] : (double)most;
    }
    return label;
}

/* Data by label; of more labels than can be told apart all data alike. */
static void add_data(struct out *o, struct chart *c, const struct tensor *x,
                     const struct tensor *y) {
    static const enum hue hues[LABELS_MOST] = {
        HUE_DATA, HUE_LOSS,  HUE_VALUE, HUE_PURPLE, HUE_OLIVE,
        HUE_CYAN, HUE_BROWN, HUE_GREY,  HUE_PINK,   HUE_GRADIENT};
    size_t rows = x->shape.dim[0];
    struct labels l;
    double *label = labels_of(y, rows);
    bool apart = labels_find(&l, label, rows);
    for (size_t k = 0; k < (apart ? l.n : 1); k++) {
        char *title = apart ? labels_title(&l, k, o) : mem_copy("X");
        enum hue hue = hues[apart ? labels_class(&l, k) : 0];
        struct series *s = chart_add(c, SERIES_DOTS, hue, title, rows);
        s->mark = apart ? labels_sign(&l, k) : CHART_DOT;
        size_t n = 0;
        for (size_t i = 0; i < rows && n < SHOWN; i++) {
            if (apart && label[i] != l.value[k]) continue;
            s->x[n] = x->data[2 * i];
            s->y[n++] = x->data[2 * i + 1];
        }
        s->n = n;
    }
    free(label);
}

struct error *plot_boundary(const struct plot_request *r, struct chart *c) {
    struct board *board = r->s->board;
    const struct tensor *x = data_of(board, "X"), *y = data_of(board, "y");
    if (!x || x->shape.n != 2 || x->shape.dim[1] != 2) {
        return error_new("plot-boundary", NULL);
    }
    struct plane p = plane_around(r, x);
    size_t n = p.wide * p.high;
    struct compile_instead instead = {"X", {2, {n, 2}}, NULL};
    struct compiled k;
    struct compile_order o = {.expr = r->exprs[0], .instead = &instead, .n_instead = 1};
    struct error *e = compile(&k, board, &o);
    if (e) return e;
    if (k.root->shape.n < 1 || k.root->shape.dim[0] != n) {
        compile_close(&k);
        return error_new("plot-boundary-rows", "name", r->titles[0], NULL);
    }
    for (size_t i = 0; i < n; i++) {
        instead.leaf->value[2 * i] = at(&p, 0, i % p.wide);
        instead.leaf->value[2 * i + 1] = at(&p, 1, i / p.wide);
    }
    graph_forward(k.graph);
    c->kind = CHART_MAP;
    c->columns = p.wide;
    c->x_from = p.from[0], c->x_to = p.to[0];
    c->y_from = p.from[1], c->y_to = p.to[1];
    c->x = mem_copy("X[.., 0]");
    c->y = mem_copy("X[.., 1]");
    c->z = mem_copy(r->titles[0]);
    c->title =
        out_sentence(r->s->out, "plot.boundary.title", "name", r->titles[0], NULL);
    struct series *grid = chart_add(c, SERIES_GRID, HUE_DATA, mem_copy(""), n);
    for (size_t i = 0; i < n; i++) {
        grid->x[i] = instead.leaf->value[2 * i];
        grid->y[i] = instead.leaf->value[2 * i + 1];
        grid->z[i] = class_of(k.root, i);
    }
    const struct node *sums = first_layer(&k, instead.leaf);
    if (y && y->shape.n && y->shape.dim[0] == x->shape.dim[0]) {
        add_data(r->s->out, c, x, y);
    }
    if (sums) add_lines(r->s->out, c, &p, sums);
    compile_close(&k);
    return NULL;
}

/* ---- what it can be learned by ---- */

static bool teaches(struct board *b, const char *name, const char *h) {
    struct compiled c;
    struct node **params;
    struct error *e = compile_name(&c, b, name, 0);
    if (e) {
        error_free(e);
        return false;
    }
    bool does =
        compile_find(&c, h) && c.root->size == 1 && compile_params(&c, b, &params);
    for (const struct node *n = c.root; does && n->gate; n = n->in[0]) {
        if (n->gate->flags & GATE_NO_GRADIENT) does = false; /* accuracy */
    }
    compile_close(&c);
    return does;
}

const char *plot_boundary_loss(const struct plot_request *r) {
    struct board *b = r->s->board;
    const struct expr_node *root = &r->exprs[0]->nodes[r->exprs[0]->n - 1];
    const char *h = root->kind == EXPR_NAME ? root->name : "X";
    for (size_t i = 0; i < board_count(b); i++) {
        const struct slot *slot = board_at(b, i);
        bool one = slot->def && slot->def->kind == DEF_FORMULA && !slot->def->broken &&
                   shape_size(&slot->def->shape) == 1;
        if (one && teaches(b, slot->name, h)) return slot->name;
    }
    return NULL;
}

/* ---- in the terminal: a cell is a place of the grid ---- */

/* Does a line pass between the corners of a cell? */
static bool passes(const struct series *s, double left, double wide, double low,
                   double tall) {
    double a = s->y[1] - s->y[0], b = s->x[0] - s->x[1];
    double zero = -(a * s->x[0] + b * s->y[0]);
    bool up = false, down = false;
    for (int i = 0; i < 4; i++) {
        double v = a * (left + wide * (i % 2)) + b * (low + tall * (i / 2)) + zero;
        up |= v > 0;
        down |= v < 0;
    }
    return up && down;
}

/* Which sign stands in a cell: a datum's class, a neuron's line; \0: the ground. */
static char sign_at(const struct chart *c, size_t column, size_t row) {
    size_t high = c->series[0].n / c->columns;
    double wide = (c->x_to - c->x_from) / (double)c->columns;
    double tall = (c->y_to - c->y_from) / (double)high;
    double left = c->x_from + wide * (double)column,
           low = c->y_from + tall * (double)row;
    char sign = '\0';
    for (int k = 1; k < c->n; k++) {
        const struct series *s = &c->series[k];
        if (s->kind != SERIES_DOTS) {
            if (passes(s, left, wide, low, tall)) sign = '*';
            continue;
        }
        for (size_t i = 0; i < s->n; i++) {
            if (s->x[i] >= left && s->x[i] < left + wide && s->y[i] >= low &&
                s->y[i] < low + tall) {
                return s->mark;
            }
        }
    }
    return sign;
}

/* A cell of the ground of class `k` (nan: undecided), with a sign on it or \0. */
static void put_cell(struct out *o, double k, char sign) {
    static const char grounds[] = " .:-=+%#";
    static const unsigned inks[CHART_GROUNDS] = {
        0x005f87, 0x870000, 0x005f00, 0x5f0087, 0x875f00, 0x008787, 0x5f5f00, 0x5f5f87};
    int ground = isnan(k) ? 0 : (int)k % CHART_GROUNDS;
    bool colours = !isnan(k) && out_paint(o, PAINT_GROUND, inks[ground]);
    out_printf(o, "%c", sign ? sign : isnan(k) ? '?' : colours ? ' ' : grounds[ground]);
    if (colours) out_puts(o, out_ink(o, OUT_PLAIN));
}

/* Which ground is whose. */
static int put_grounds(struct out *o, const struct chart *c) {
    bool there[CHART_GROUNDS] = {false};
    bool undecided = chart_grounds(c, there);
    char *head = out_sentence(o, "plot.boundary.grounds", NULL);
    out_puts(o, head);
    free(head);
    for (int k = 0; k < CHART_GROUNDS; k++) {
        if (!there[k]) continue;
        out_puts(o, "  [");
        put_cell(o, k, '\0');
        out_printf(o, "] %c", chart_ground_mark(c, k));
    }
    out_puts(o, undecided ? "  " : "");
    char *words = out_sentence(o, "plot.boundary.undecided", NULL);
    if (undecided) out_puts(o, words);
    free(words);
    out_puts(o, "\n");
    return 1;
}

static int put_legend(struct out *o, const struct chart *c) {
    bool digits = true, lines = false;
    for (int k = 1; k < c->n; k++) {
        const struct series *s = &c->series[k];
        digits &= s->kind != SERIES_DOTS || isdigit((unsigned char)s->mark);
        lines |= s->kind == SERIES_TANGENT;
    }
    char x_from[NUM_SIZE], x_to[NUM_SIZE], y_from[NUM_SIZE], y_to[NUM_SIZE];
    const char *key = digits ? "plot.boundary.legend" : "plot.boundary.legend-signs";
    char *axes = out_sentence(
        o, key, "x", c->x, "y", c->y, "x_from", num_format(x_from, c->x_from, 3),
        "x_to", num_format(x_to, c->x_to, 3), "y_from",
        num_format(y_from, c->y_from, 3), "y_to", num_format(y_to, c->y_to, 3), NULL);
    char *neurons = out_sentence(o, "plot.boundary.lines", NULL);
    struct buf legend = {0};
    buf_printf(&legend, "%s%s%s", axes, lines ? " " : "", lines ? neurons : "");
    int rows = put_grounds(o, c) + out_wrap(o, buf_text(&legend), 0);
    buf_free(&legend);
    free(axes);
    free(neurons);
    return rows + chart_signs(o, c);
}

int plot_boundary_print(struct out *o, const struct chart *c) {
    const struct series *grid = &c->series[0];
    size_t high = grid->n / c->columns;
    out_printf(o, "%s\n", c->title);
    for (size_t r = high; r-- > 0;) {
        for (size_t i = 0; i < c->columns; i++) {
            put_cell(o, grid->z[r * c->columns + i], sign_at(c, i, r));
        }
        out_puts(o, "\n");
    }
    return 1 + (int)high + put_legend(o, c);
}
