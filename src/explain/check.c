/* Gradients compared: grad (the three methods for one) and check (all parameters). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "board/compile.h"
#include "engine/gates.h"
#include "explain/derive.h"
#include "explain/explain_inside.h"
#include "text/number.h"
#include "text/table.h"

enum {
    ELEMENTS_SHOWN = 8,    /* of a tensor, in grad */
    ELEMENTS_CHECKED = 500 /* of a parameter, in check */
};
/* Relative: as near as a difference of two losses comes to a slope. */
static const double agree_within = 1e-4;
static const double work_most = 3e8; /* numbers worked out for one parameter */

/* ---- nudging ---- */

double explain_delta(double v) { return fmax(1e-5, 1e-7 * fabs(v)); }

struct nudge explain_nudge(struct compiled *c, struct node *wrt) {
    struct nudge g = {.graph = c->graph, .of = c->root, .wrt = wrt};
    g.n = graph_after(c->graph, &wrt, 1, &g.after);
    for (size_t i = 0; i < g.n; i++) g.differs |= g.after[i]->attr.of != NULL;
    if (g.n && g.after[0] == wrt) { /* a formula holds still while it is nudged */
        g.after++;
        g.n--;
    }
    return g;
}

double explain_nudged(const struct nudge *g, size_t element, double by) {
    real *v = &g->wrt->value[element], was = *v;
    *v += by;
    graph_forward_some(g->graph, g->after, g->n);
    double loss = g->of->value[0];
    *v = was;
    graph_forward_some(g->graph, g->after, g->n);
    /* another loss's gradients are there */
    if (g->differs) graph_backward(g->graph, g->of);
    return loss;
}

struct numeric {
    double delta, here, up, down; /* the loss, and the loss at w + δ and w − δ */
    double right, left, both;     /* the slopes from there */
};

static struct numeric slopes(const struct nudge *g, size_t element, double delta) {
    struct numeric s = {.delta = delta, .here = g->of->value[0]};
    s.up = explain_nudged(g, element, delta);
    s.down = explain_nudged(g, element, -delta);
    s.right = (s.up - s.here) / delta;
    s.left = (s.here - s.down) / delta;
    s.both = (s.up - s.down) / (2 * delta);
    return s;
}

/* Where the curve is smooth the two one-sided slopes come together ten times closer
 * with a tenth of δ; at a kink they stay apart, and right beside one they jump
 * together. */
static bool is_kink(const struct nudge *g, size_t element, struct numeric s) {
    double gap = fabs(s.right - s.left);
    if (!(gap > 1e-6 * fmax(1, fabs(s.here)))) return false;
    struct numeric near = slopes(g, element, s.delta / 10);
    double ratio = fabs(near.right - near.left) / gap;
    return ratio > 0.3 || ratio < 0.03;
}

static double relative(double a, double b) {
    if (isinf(a) || isinf(b)) return a == b ? 0 : INFINITY;
    double size = fmax(fabs(a), fabs(b));
    return size > 1e-8 ? fabs(a - b) / size : fabs(a - b);
}

/* ---- grad: the three methods ---- */

enum { FINE_DIGITS = 9 }; /* of E(w + δ), where the change is in the last figures … */
enum { MOST_DIGITS = 17 }; /* … and as many more as the quotient wants */

#define FINE(v, digits) num_format((char[NUM_SIZE]){0}, (v), (digits))
#define DELTA(v) format_delta((char[NUM_SIZE]){0}, (v))

/* 0.00001, as the lecture writes it, not 1e-5. */
static char *format_delta(char to[NUM_SIZE], double v) {
    if (v < 1e-5 || v > 2e-5) return num_format(to, v, FINE_DIGITS);
    snprintf(to, NUM_SIZE, "%.5f", v);
    return to;
}

/* So many that whoever works the quotient out by hand finds the slope that is shown. */
static int fine_digits(const struct out *o, double a, double b, double by,
                       double slope) {
    int digits = FINE_DIGITS;
    for (; digits < MOST_DIGITS; digits++) {
        double change = strtod(FINE(a, digits), NULL) - strtod(FINE(b, digits), NULL);
        if (strcmp(NUM(o, change / by), NUM(o, slope)) == 0) break;
    }
    return digits;
}

static void say_quotient(struct out *o, const char *key, double a, double b, double by,
                         double slope) {
    struct buf quotient = {0};
    char *name = out_sentence(o, key, NULL);
    int digits = fine_digits(o, a, b, by, slope);
    buf_printf(&quotient, b < 0 ? "(%s − (%s))/%s" : "(%s − %s)/%s", FINE(a, digits),
               FINE(b, digits), DELTA(by));
    char *parts[] = {name, buf_take(&quotient), mem_copy(NUM(o, slope))};
    explain_say_equal(o, 2, parts, 3, OUT_PLAIN, OUT_GRADIENT);
    for (int i = 0; i < 3; i++) free(parts[i]);
}

/* True at a kink: there the methods have nothing to agree on. */
static bool say_numeric(struct out *o, const struct compiled *c, const struct nudge *g,
                        struct buf *slope) {
    struct numeric s = slopes(g, 0, explain_delta(g->wrt->value[0]));
    struct buf name = {0};
    explain_name(&name, g->wrt, o->digits);
    out_say(o, "grad.numeric", "wrt", buf_text(&name), "delta", DELTA(s.delta), "of",
            c->root->name, NULL);
    say_quotient(o, "grad.right", s.up, s.here, s.delta, s.right);
    say_quotient(o, "grad.left", s.here, s.down, s.delta, s.left);
    say_quotient(o, "grad.both", s.up, s.down, 2 * s.delta, s.both);
    bool kink = is_kink(g, 0, s);
    if (kink) out_say(o, "grad.kink", "slope", buf_text(slope), NULL);
    buf_free(&name);
    return kink;
}

/* A tensor: a row for each of its first elements. */
static void say_numeric_rows(struct out *o, const struct compiled *c,
                             const struct nudge *g) {
    struct out_table *t = table_new(4);
    const char *keys[] = {"grad.column.right", "grad.column.left", "grad.column.both"};
    size_t shown = g->wrt->size < ELEMENTS_SHOWN ? g->wrt->size : ELEMENTS_SHOWN;
    struct buf name = {0};
    explain_name(&name, g->wrt, o->digits);
    out_say(o, "grad.numeric-each", "wrt", buf_text(&name), "delta",
            DELTA(explain_delta(0)), "of", c->root->name, NULL);
    table_cell(t, "", OUT_PLAIN);
    for (int i = 0; i < 3; i++) {
        char *head = out_sentence(o, keys[i], NULL);
        table_cell(t, head, OUT_DIM);
        free(head);
    }
    for (size_t i = 0; i < shown; i++) {
        struct numeric s = slopes(g, i, explain_delta(g->wrt->value[i]));
        struct buf row = {0};
        buf_printf(&row, "  %s", buf_text(&name));
        shape_print_index(&row, &g->wrt->shape, i);
        table_cell(t, buf_text(&row), OUT_PLAIN);
        table_cell(t, NUM(o, s.right), OUT_PLAIN);
        table_cell(t, NUM(o, s.left), OUT_PLAIN);
        table_cell(t, NUM(o, s.both), OUT_GRADIENT);
        buf_free(&row);
    }
    table_print(o, t, 1);
    table_free(t);
    if (shown < g->wrt->size) {
        out_say(o, "grad.more", "n", NUM(o, (double)(g->wrt->size - shown)), NULL);
    }
    buf_free(&name);
}

static void say_backprop(struct out *o, const struct compiled *c,
                         const struct node *wrt, struct buf *slope) {
    struct buf product = {0}, value = {0};
    out_say(o, "grad.backprop", NULL);
    explain_path(&product, explain_paths(c), wrt, o->digits);
    explain_tensor(&value, &wrt->shape, wrt->grad, o->digits);
    char *parts[] = {mem_copy(buf_text(slope)), mem_copy(buf_text(&product)),
                     buf_take(&value)};
    explain_say_equal(o, 2, parts, 3, OUT_PLAIN, OUT_GRADIENT);
    for (int i = 0; i < 3; i++) free(parts[i]);
    buf_free(&product);
}

static void say_formula(struct out *o, const struct derived *d, struct buf *slope) {
    struct buf names = {0}, numbers = {0}, value = {0};
    /* (w >= 0) */
    bool choice = d->formula->kind == SYM_CALL && sym_chooses(d->formula);
    void (*print)(struct buf *, const struct sym *, enum sym_form, int) =
        choice ? sym_print_factor : sym_print;
    print(&names, d->formula, SYM_NAMES, o->digits);
    print(&numbers, d->formula, SYM_NUMBERS, o->digits);
    if (utf8_width(buf_text(&numbers)) > o->width) buf_clear(&numbers);
    explain_tensor(&value, &d->value->shape, d->value->data, o->digits);
    char *parts[] = {mem_copy(buf_text(slope)), buf_take(&names),
                     mem_copy(buf_text(&numbers)), buf_take(&value)};
    explain_say_equal(o, 2, parts, 4, OUT_PLAIN, OUT_GRADIENT);
    for (int i = 0; i < 4; i++) free(parts[i]);
    buf_free(&numbers);
}

static void say_algebra(struct out *o, const struct compiled *c,
                        const struct derived *d, struct buf *slope) {
    struct buf formula = {0};
    explain_node(&formula, c->root, EXPLAIN_NAMES, true, o->digits);
    bool wide = utf8_width(buf_text(&formula)) > o->width;
    if (wide) buf_clear(&formula);
    out_say(o, wide ? "grad.algebra-wide" : "grad.algebra", "of", c->root->name,
            "formula", buf_text(&formula), NULL);
    if (d->formula) {
        say_formula(o, d, slope);
    } else if (d->gate) {
        char *says =
            out_sentence(o, "grad.no-formula", "gate", d->gate->gate->name, NULL);
        out_wrap(o, says, 2);
        free(says);
    } else {
        char *says = out_sentence(o, "grad.too-long", NULL);
        out_wrap(o, says, 2);
        free(says);
    }
    buf_free(&formula);
}

static void say_verdict(struct out *o, const struct nudge *g, const struct derived *d) {
    double worst = 0;
    size_t n = g->wrt->size < ELEMENTS_SHOWN ? g->wrt->size : ELEMENTS_SHOWN;
    for (size_t i = 0; i < n; i++) {
        double both = slopes(g, i, explain_delta(g->wrt->value[i])).both;
        worst = fmax(worst, relative(both, g->wrt->grad[i]));
        if (d->value) worst = fmax(worst, relative(d->value->data[i], g->wrt->grad[i]));
        if (isnan(both) || isnan(g->wrt->grad[i])) worst = INFINITY;
    }
    out_say(o,
            worst > agree_within ? "grad.differ"
            : d->formula         ? "grad.agree"
                                 : "grad.agree-two",
            NULL);
}

struct error *explain_grad(struct out *o, struct compiled *c, struct node *wrt) {
    struct error *e = explain_one_number(c->root);
    if (!e) e = graph_want(c->graph, c->root, &wrt, 1);
    if (e) return e;
    graph_backward(c->graph, c->root);
    struct nudge g = explain_nudge(c, wrt);
    struct buf slope = {0};
    struct derived d;
    explain_slope_name(&slope, c->root, wrt);
    derive_formula(&d, c->graph, c->root, wrt);
    e = interrupt_error();
    if (!e) {
        bool kink = wrt->size == 1 && say_numeric(o, c, &g, &slope);
        if (wrt->size > 1) say_numeric_rows(o, c, &g);
        say_backprop(o, c, wrt, &slope);
        say_algebra(o, c, &d, &slope);
        if (!kink) say_verdict(o, &g, &d);
    }
    derive_free(&d);
    buf_free(&slope);
    return e;
}

/* ---- check: every parameter ---- */

struct checked {
    size_t element, looked; /* the worst one, and how many were looked at */
    double numeric, relative;
    bool kink, noise; /* noise: no number could be measured yet */
    bool edge;        /* beside it the loss is no number: 0^w below 0 */
};

static struct checked check_one(struct compiled *c, struct node *w) {
    struct nudge g = explain_nudge(c, w);
    double work = 4 * (1 + graph_work(g.after, g.n)); /* up, down, and back twice */
    size_t most = (size_t)(work_most / work) + 2;
    if (most > ELEMENTS_CHECKED) most = ELEMENTS_CHECKED;
    struct checked worst = {.looked = w->size < most ? w->size : most, .relative = -1};
    for (size_t i = 0; i < worst.looked; i++) { /* evenly spaced where there are more */
        size_t at = (size_t)((double)i * ((double)w->size / (double)worst.looked));
        struct numeric s = slopes(&g, at, explain_delta(w->value[at]));
        double off = relative(s.both, w->grad[at]), gap = fabs(s.both - w->grad[at]);
        if (isnan(off)) off = INFINITY;
        /* below what rounding leaves of a difference of two losses: cannot be
           measured */
        bool noise = off > agree_within && gap < 1e-14 * fabs(s.here) / s.delta;
        if (noise && worst.relative >= 0) continue;
        bool edge = isfinite(s.here) && !(isfinite(s.up) && isfinite(s.down));
        worst.edge |= edge && isfinite(w->grad[at]);
        worst.kink = worst.kink || (!edge && is_kink(&g, at, s));
        if (off > worst.relative || worst.noise) {
            worst.noise = noise;
            worst.relative = off;
            worst.element = at;
            worst.numeric = s.both;
        }
    }
    return worst;
}

static bool differs_from(const struct checked *k) {
    return !k->kink && !k->edge && !k->noise && k->relative > agree_within;
}

static void add_row(struct out *o, struct out_table *t, const struct node *w,
                    struct checked k) {
    struct buf name = {0};
    char small[NUM_SIZE];
    buf_add(&name, w->name);
    shape_print_index(&name, &w->shape, k.element);
    const char *key = k.edge               ? "check.edge"
                      : k.kink             ? "check.kink"
                      : differs_from(&k)   ? "check.differs"
                      : k.looked < w->size ? "check.sample"
                                           : "check.fine";
    char *remark = out_sentence(o, key, "n", NUM(o, (double)k.looked), "all",
                                NUM(o, (double)w->size), NULL);
    table_cell(t, buf_text(&name), OUT_PARAM);
    table_cell(t, NUM(o, k.numeric), OUT_PLAIN);
    table_cell(t, NUM(o, w->grad[k.element]), OUT_GRADIENT);
    table_cell(t, num_format(small, k.relative, 2), OUT_PLAIN);
    bool warns = k.kink || k.edge || differs_from(&k);
    table_cell(t, remark, warns ? OUT_LOSS : OUT_DIM);
    free(remark);
    buf_free(&name);
}

struct error *explain_check(struct out *o, struct compiled *c, struct board *b) {
    struct node **params;
    struct error *e = explain_one_number(c->root);
    if (e) return e;
    size_t n = compile_params(c, b, &params);
    if (!n) {
        out_say(o, "check.no-params", "name", c->root->name, NULL);
        return NULL;
    }
    if ((e = graph_want(c->graph, c->root, params, (int)n))) return e;
    graph_backward(c->graph, c->root);
    struct out_table *t = table_new(5);
    static const char *const keys[] = {"check.column.parameter", "check.column.numeric",
                                       "check.column.backprop", "check.column.relative",
                                       "check.column.result"};
    for (int i = 0; i < 5; i++) {
        char *head = out_sentence(o, keys[i], NULL);
        table_cell(t, head, OUT_DIM);
        free(head);
    }
    bool kink = false, edge = false, differs = false;
    size_t looked = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        struct checked k = check_one(c, params[i]);
        kink = kink || k.kink;
        edge = edge || k.edge;
        differs = differs || differs_from(&k);
        looked += k.looked;
        all += params[i]->size;
        add_row(o, t, params[i], k);
    }
    table_print(o, t, 1);
    table_free(t);
    if (looked < all) {
        out_say(o, "check.sampled", "looked", NUM(o, (double)looked), "all",
                NUM(o, (double)all), NULL);
    }
    out_say(o,
            differs ? "check.has-difference"
            : kink  ? "check.has-kink"
            : edge  ? "check.has-edge"
                    : "check.agree",
            "name", c->root->name, NULL);
    return NULL;
}
