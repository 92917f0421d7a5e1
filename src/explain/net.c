/* why dE/dO.W[3, 2]: a weight of a layer in a net's words: the layer, the two ends of
 * the weight, and which examples push it: its slope is a sum over the batch of what
 * came in × what comes back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "board/compile.h"
#include "engine/gates.h"
#include "engine/window.h"
#include "explain/explain_inside.h"
#include "text/number.h"
#include "text/table.h"

enum { EXAMPLES_SHOWN = 5 };

/* The one gate that uses w, with w as its operand k. */
struct layer {
    const struct node *gate, *name; /* name: the first named formula from the gate on */
    int k;
    size_t examples, at[MAX_DIMS]; /* at: the element's index in w */
};

static bool knows(const struct layer *l) {
    const struct node *n = l->gate;
    if (window_is(n)) return l->k > 0;
    if (n->shape.n != 2 || l->k != 1) return false;
    return gate_is(n, ROLE_MATMUL) ||
           (gate_is(n, ROLE_SUM) && n->in[1]->size == n->shape.dim[1]);
}

static bool find_layer(struct layer *l, const struct compiled *c, const struct node *w,
                       size_t element) {
    int uses = 0;
    *l = (struct layer){0};
    for (int i = w->id + 1; i < graph_count(c->graph); i++) {
        const struct node *n = graph_node(c->graph, i);
        for (int k = 0; k < n->n_in; k++) {
            if (n->in[k] == w) l->gate = n, l->k = k, uses++;
        }
        if (l->gate && !l->name && n->gate && n->name && n->grad) l->name = n;
    }
    if (uses != 1 || !l->name || !l->gate->grad || !knows(l)) return false;
    l->examples = l->gate->shape.dim[0];
    for (int d = w->shape.n - 1; d >= 0; d--) {
        l->at[d] = element % w->shape.dim[d];
        element /= w->shape.dim[d];
    }
    return l->examples > 1;
}

/* ---- what one example adds to the slope ---- */

static real came_in(const struct layer *l, size_t example) {
    const struct node *x = l->gate->in[0];
    if (gate_is(l->gate, ROLE_SUM)) return 1;
    return x->value[example * x->shape.dim[1] + l->at[0]];
}

static real comes_back(const struct layer *l, size_t example) {
    size_t unit = l->at[gate_is(l->gate, ROLE_SUM) ? l->gate->in[1]->shape.n - 1 : 1];
    return l->gate->grad[example * l->gate->shape.dim[1] + unit];
}

static real push_of(const struct layer *l, size_t example) {
    const struct node *n = l->gate;
    if (!window_is(n)) return came_in(l, example) * comes_back(l, example);
    real sum = 0; /* over the places of the window; a bias sees a 1 at each */
    size_t places = n->shape.dim[2] * n->shape.dim[3];
    size_t first = (example * n->shape.dim[1] + l->at[0]) * places;
    for (size_t i = first; i < first + places; i++) {
        struct window w = window_at(n, i);
        real seen = l->k == 2 ? 1 : window_pixel(&w, l->at[1], l->at[2], l->at[3]);
        sum += n->grad[i] * seen;
    }
    return sum;
}

struct pushes {
    size_t most[EXAMPLES_SHOWN], shown, up, down; /* most: the strongest first */
    real all, rest;                               /* rest: of those not shown */
};

static struct pushes find_pushes(const struct layer *l) {
    struct pushes p = {0};
    real strength[EXAMPLES_SHOWN + 1];
    for (size_t i = 0; i < l->examples; i++) {
        real v = push_of(l, i);
        p.all += v;
        p.up += v < 0; /* against the slope */
        p.down += v > 0;
        size_t at = p.shown;
        for (; at > 0 && fabs(v) > strength[at - 1]; at--) {
            strength[at] = strength[at - 1];
            if (at < EXAMPLES_SHOWN) p.most[at] = p.most[at - 1];
        }
        if (v == 0 || at == EXAMPLES_SHOWN) continue;
        strength[at] = fabs(v);
        p.most[at] = i;
        if (p.shown < EXAMPLES_SHOWN) p.shown++;
    }
    for (size_t i = 0; i < l->examples; i++) { /* added up: a difference leaves dust */
        bool shown = false;
        for (size_t k = 0; k < p.shown; k++) shown |= p.most[k] == i;
        if (!shown) p.rest += push_of(l, i);
    }
    return p;
}

/* ---- saying it ---- */

static void say_place(struct out *o, const struct layer *l, const char *wrt,
                      const char *slope, bool pushed) {
    const struct node *n = l->gate;
    bool conv = n->shape.n == 4, bias = gate_is(n, ROLE_SUM) || l->k == 2;
    struct buf from = {0}, to = {0};
    explain_name(&from, n->in[0], o->digits);
    buf_add(&to, l->name->name);
    if (conv) {
        buf_printf(&from, "[n, %zu]", bias ? 0 : l->at[1]);
        buf_printf(&to, "[n, %zu]", l->at[0]);
    } else {
        buf_printf(&from, "[n, %zu]", l->at[0]);
        buf_printf(&to, "[n, %zu]", l->at[bias ? n->in[1]->shape.n - 1 : 1]);
    }
    const char *key = conv ? (bias ? "why.net.conv-bias" : "why.net.conv")
                           : (bias ? "why.net.bias" : "why.net.dense");
    double places = conv ? (double)(n->shape.dim[2] * n->shape.dim[3]) : 1;
    out_say(o, key, "layer", l->name->name, "wrt", wrt, "from", buf_text(&from), "to",
            buf_text(&to), NULL);
    key = !pushed ? "why.net.nothing" : conv ? "why.net.slope-places" : "why.net.slope";
    out_say(o, key, "slope", slope, "n", NUM(o, (double)l->examples), "places",
            NUM(o, places), NULL);
    buf_free(&from);
    buf_free(&to);
}

static void head(struct out *o, struct out_table *t, const char *key) {
    char *text = out_sentence(o, key, NULL);
    table_cell(t, text, OUT_DIM);
    free(text);
}

/* A last row: what some examples come to together. */
static void add_sum(struct out *o, struct out_table *t, const char *key, size_t n,
                    bool class, bool factors, real v) {
    char *text = out_sentence(o, key, "n", NUM(o, (double)n), NULL);
    table_cell(t, text, OUT_DIM);
    for (int i = 0; i < class + 2 * factors; i++) table_cell(t, "", OUT_PLAIN);
    table_cell(t, NUM(o, v), OUT_GRADIENT);
    free(text);
}

static void say_pushes(struct out *o, const struct layer *l, const struct pushes *p,
                       const struct node *y) {
    bool factors = l->gate->shape.n == 2, class = y && y->size == l->examples;
    struct out_table *t = table_new(2 + class + 2 * factors);
    head(o, t, "why.net.column.example");
    if (class) table_cell(t, y->name, OUT_DIM);
    if (factors) head(o, t, "why.net.column.in");
    if (factors) head(o, t, "why.net.column.back");
    head(o, t, "why.net.column.push");
    for (size_t i = 0; i < p->shown; i++) {
        size_t at = p->most[i];
        table_cell(t, NUM(o, (double)at), OUT_STRONG);
        if (class) table_cell(t, NUM(o, y->value[at]), OUT_PLAIN);
        if (factors) table_cell(t, NUM(o, came_in(l, at)), OUT_VALUE);
        if (factors) table_cell(t, NUM(o, comes_back(l, at)), OUT_GRADIENT);
        table_cell(t, NUM(o, push_of(l, at)), OUT_GRADIENT);
    }
    if (p->shown < l->examples) {
        add_sum(o, t, "why.net.others", l->examples - p->shown, class, factors,
                p->rest);
    }
    add_sum(o, t, "why.net.all", l->examples, class, factors, p->all);
    table_print(o, t, 1);
    table_free(t);
}

bool explain_pushes(struct out *o, const struct compiled *c, const struct node *w,
                    size_t element, const char *wrt, const char *slope) {
    struct layer l;
    if (!find_layer(&l, c, w, element)) return false;
    struct pushes p = find_pushes(&l);
    say_place(o, &l, wrt, slope, p.shown > 0);
    if (!p.shown) return true;
    say_pushes(o, &l, &p, compile_find(c, "y"));
    out_say(o, "why.net.votes", "up", NUM(o, (double)p.up), "down",
            NUM(o, (double)p.down), "still",
            NUM(o, (double)(l.examples - p.up - p.down)), NULL);
    return true;
}
