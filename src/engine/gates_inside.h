/* gates_inside: shared by the families of gates (gate_*.c): shapes and the walk over
 * elements. gate_formulas.h makes a gate of its formulas.
 */
#ifndef ENGINE_GATES_INSIDE_H
#define ENGINE_GATES_INSIDE_H

#include "engine/gates.h"

/* ---- shapes (gates.c) ---- */

ENGINE_API struct error *gate_shape_same(struct node *n); /* the operand's */
/* one operand's, the others broadcast */
ENGINE_API struct error *gate_shape_over(struct node *n);
/* the same, then a mean over it: a scalar */
ENGINE_API struct error *gate_shape_mean(struct node *n);
ENGINE_API struct error *gate_shape_mismatch(const struct node *a, const struct node *b,
                                             const char *key);

/* ---- the walk over elements ----
 * So many elements at a time (n) as one step serves: operand k's begin at at[k] and go
 * on by step[k]. Or so many rows of them, one dimension more at a time (walk_rows). */
struct walk {
    size_t n, start, rows;
    size_t at[3], step[3];
    size_t index[MAX_DIMS];
};

static inline struct walk walk_first(const struct node *n) {
    int last = n->over.n - 1;
    struct walk w = {.n = n->flat ? n->over_size : n->over.dim[last], .rows = 1};
    for (int k = 0; k < n->n_in && k < 3; k++) {
        w.step[k] = n->flat ? n->in[k]->size == n->over_size : n->step[k][last];
    }
    return w;
}

static inline struct walk walk_rows(const struct node *n) {
    struct walk w = walk_first(n);
    if (!n->flat && n->over.n > 1) w.rows = n->over.dim[n->over.n - 2];
    return w;
}

static inline bool walk_next(const struct node *n, struct walk *w) {
    if (n->flat) return false;
    w->start += w->n * w->rows;
    for (int d = n->over.n - (w->rows > 1 ? 3 : 2); d >= 0; d--) {
        bool carry = ++w->index[d] == n->over.dim[d];
        for (int k = 0; k < n->n_in && k < 3; k++) {
            w->at[k] += n->step[k][d];
            if (carry) w->at[k] -= n->step[k][d] * n->over.dim[d];
        }
        if (!carry) return true;
        w->index[d] = 0;
    }
    return false;
}

static inline void walk_span(const struct node *n, const struct walk *w,
                             struct span *p) {
    p->n = w->n;
    p->rows = w->rows;
    p->value = n->value + w->start;
    for (int k = 0; k < n->n_in && k < 2; k++) {
        p->in[k] = n->in[k]->value + w->at[k];
        p->step[k] = w->step[k];
        p->row[k] = w->rows > 1 ? n->step[k][n->over.n - 2] : 0;
    }
}

static inline void walk_span_back(const struct node *n, int k, const struct walk *w,
                                  const real *up, real *out, struct span *p) {
    walk_span(n, w, p);
    p->up = up + w->start;
    p->out = out + w->at[k];
    p->out_step = p->step[k];
    p->out_row = p->row[k];
}

/* forward and backward of what is made element by element of a formula: row.each, and
 * row.each_back, over the spans. */
ENGINE_API void gate_forward_each(struct node *n);
ENGINE_API void gate_backward_each(const struct node *n, int k, const real *up,
                                   real *out);

/* ---- the families; each ends with a row without name ---- */

ENGINE_API const struct gate *gates_arithmetic(void), *gates_functions(void),
    *gates_folds(void), *gates_products(void), *gates_tensors(void),
    *gates_losses(void), *gates_layers(void), *gates_norms(void),
    *gates_sequences(void);

extern const struct gate gate_derivative; /* made by graph_derivative alone */

#endif
