#include "engine/unfit.h"

#include <math.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/whole.h"
#include "engine/gates.h"
#include "text/number.h"

/* ---- numbers that are none ---- */

static size_t first_bad(const struct node *n) {
    size_t i = 0;
    while (i < n->size && isfinite(n->value[i])) i++;
    return i;
}

/* 2, or (-2) where a sign stands before it. */
static void add_number(struct buf *b, double v, int digits, bool infix) {
    char to[NUM_SIZE];
    bool brackets = infix && v < 0;
    buf_printf(b, "%s%s%s", brackets ? "(" : "", num_format(to, v, digits),
               brackets ? ")" : "");
}

/* , h[1, 0] = 0 */
static void add_place(struct buf *b, const struct node *n, size_t at, int digits) {
    char to[NUM_SIZE];
    if (!n->name) return;
    buf_add_listed(b, "%s", n->name);
    size_t stride = n->size;
    for (int d = 0; d < n->shape.n; d++) {
        stride /= n->shape.dim[d];
        buf_printf(b, "%s%zu", d ? ", " : "[", at / stride % n->shape.dim[d]);
    }
    buf_printf(b, "%s = %s", n->shape.n ? "]" : "",
               num_format(to, n->value[at], digits));
}

/* 1/0, log(0): one element, with the numbers put in. */
static void add_call(struct buf *b, const struct node *n, size_t at, int digits) {
    const struct gate *g = n->gate;
    bool infix = g->typed && n->n_in == 2;
    buf_add(b, infix ? "" : g->name);
    if (!(g->flags & GATE_ELEMENTWISE)) return;
    buf_add(b, infix ? "" : "(");
    for (int k = 0; k < n->n_in; k++) {
        if (k) buf_add(b, infix ? g->typed : ", ");
        add_number(b, n->in[k]->value[graph_operand_at(n, k, at)], digits, infix);
    }
    buf_add(b, infix ? "" : ")");
    int last = n->n_in - 1;
    add_place(b, n->in[last], graph_operand_at(n, last, at), digits);
}

bool unfit_number(const struct graph *g, struct buf *to, int digits) {
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        size_t at = n->value ? first_bad(n) : n->size;
        if (at == n->size) continue;
        if (n->gate) add_call(to, n, at, digits);
        else add_place(to, n, at, digits);
        return n->gate;
    }
    return false;
}

struct error *unfit_gate(const struct graph *g) {
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        if (!n->value || first_bad(n) == n->size) continue;
        bool known = n->gate && n->gate->unfit;
        return known ? error_new(n->gate->unfit, NULL) : NULL;
    }
    return NULL;
}

/* The first of a gate's operands whose gradient is no number: where; or -1. */
static int bad_slope(const struct node *n, size_t *at) {
    for (int k = 0; k < n->n_in; k++) {
        const struct node *in = n->in[k];
        for (*at = 0; in->grad && *at < in->size; ++*at) {
            if (!isfinite(in->grad[*at])) return k;
        }
    }
    return -1;
}

bool unfit_is_slope(const struct graph *g) {
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        if (n->value && first_bad(n) < n->size) return n->gate && n->attr.of;
    }
    return false;
}

static bool all_finite(const real *v, size_t n) {
    size_t i = 0;
    while (i < n && isfinite(v[i])) i++;
    return i == n;
}

bool unfit_slope(const struct graph *g, struct buf *to, int digits) {
    for (int i = graph_count(g) - 1; i >= 0; i--) {
        const struct node *n = graph_node(g, i);
        size_t bad;
        if (!n->gate || !n->grad || !all_finite(n->grad, n->size)) continue;
        int k = bad_slope(n, &bad);
        if (k < 0) continue;
        size_t at = 0;
        bool each = n->gate->flags & GATE_ELEMENTWISE;
        while (each && at + 1 < n->size && graph_operand_at(n, k, at) != bad) at++;
        add_call(to, n, at, digits);
        if (!each) add_place(to, n->in[k], bad, digits);
        return true;
    }
    return false;
}

/* ---- labels ---- */

const struct node *unfit_labels(const struct node *n) {
    if (!n->gate || !n->gate->labels) return NULL;
    return n->in[n->gate->flags & GATE_LOSS ? 1 : 0];
}

struct error *unfit_label_of(const struct node *n, size_t row, double label) {
    const struct gate *g = n->gate;
    if (!g || !g->labels || g->labels(n, label)) return NULL;
    const struct shape *s = &n->in[0]->shape;
    char r[24], last[24], l[NUM_SIZE];
    bool words = !(g->flags & GATE_LOSS), classes = g->answers == ANSWERS_CLASSES;
    size_t top = words     ? n->in[1]->shape.dim[0] - 1
                 : classes ? s->dim[s->n - 1] - 1
                           : 1;
    return error_new(words                           ? "word-outside"
                     : g->answers == ANSWERS_NUMBERS ? "label-side"
                                                     : "label-outside",
                     "row", whole_text(r, row), "label", num_format(l, label, 6),
                     "last", whole_text(last, top), NULL);
}

struct error *unfit_label(const struct graph *g) {
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        const struct node *y = unfit_labels(n);
        if (!y || !y->value) continue;
        size_t row = y->shape.n && y->shape.dim[0] ? y->size / y->shape.dim[0] : 1;
        for (size_t k = 0; k < y->size; k++) {
            struct error *e = unfit_label_of(n, k / row, y->value[k]);
            if (e) return e;
        }
    }
    return NULL;
}

/* ---- shares of one ---- */

struct error *unfit_shares(const struct graph *g, const struct node *root) {
    for (int i = 0; i < graph_count(g); i++) {
        const struct node *n = graph_node(g, i);
        const struct shape *s = &n->shape;
        if (!gate_is(n, ROLE_SHARES) || !graph_depends(g, root, n)) continue;
        if (!s->n || s->dim[n->attr.has_axis ? n->attr.axis : s->n - 1] == 1)
            return error_new("shares-of-one", NULL);
    }
    return NULL;
}
