#include "engine/gates.h"

#include <string.h>

#include "engine/gates_inside.h"

/* ---- the table: the families one after another ---- */

static const struct gate *(*const families[])(void) = {
    gates_arithmetic, gates_functions, gates_folds, gates_products, gates_tensors,
    gates_losses,     gates_layers,    gates_norms, gates_sequences};

#define EACH_ROW(g)                                                    \
    for (size_t f_ = 0; f_ < sizeof families / sizeof *families; f_++) \
        for (const struct gate *g = families[f_](); g->name; g++)

const struct gate *gate_at(size_t i) {
    EACH_ROW(g) if (i-- == 0) return g;
    return NULL;
}

size_t gate_count(void) {
    size_t n = 0;
    EACH_ROW(g) n++;
    return n;
}

size_t gate_place(const struct gate *gate) {
    size_t i = 0;
    EACH_ROW(g) {
        if (g == gate) return i;
        i++;
    }
    return i;
}

const struct gate *gate_find(const char *name) {
    EACH_ROW(g) if (strcmp(g->name, name) == 0) return g;
    return NULL;
}

const struct gate *gate_typed(const char *sign, int operands) {
    EACH_ROW(g) {
        if (g->typed && g->max_in == operands && strcmp(g->typed, sign) == 0) return g;
    }
    return NULL;
}

/* ---- shapes that many gates have ---- */

struct error *gate_shape_mismatch(const struct node *a, const struct node *b,
                                  const char *key) {
    struct buf first = {0}, second = {0};
    shape_print(&first, &a->shape);
    if (b) shape_print(&second, &b->shape);
    struct error *e =
        error_new(key, "a", buf_text(&first), "b", buf_text(&second), NULL);
    buf_free(&first);
    buf_free(&second);
    return e;
}

struct error *gate_shape_same(struct node *n) {
    n->shape = n->over = n->in[0]->shape;
    n->over_size = n->in[0]->size;
    n->flat = true;
    return NULL;
}

/* Is `in` broadcast to `to`, aligned at the last dimension? Sets its steps. */
static bool broadcasts(const struct shape *in, const struct shape *to,
                       size_t step[MAX_DIMS]) {
    size_t stride = 1;
    if (in->n > to->n) return false;
    for (int d = to->n - 1; d >= 0; d--) {
        int own = d - (to->n - in->n);
        size_t dim = own < 0 ? 1 : in->dim[own];
        if (dim != to->dim[d] && dim != 1) return false;
        step[d] = dim == to->dim[d] ? stride : 0;
        stride *= dim;
    }
    return true;
}

static struct error *find_common(struct node *n) {
    for (int k = 0; k < n->n_in; k++) {
        bool all = true;
        n->flat = true;
        n->over = n->in[k]->shape;
        n->over_size = n->in[k]->size;
        for (int j = 0; j < n->n_in && all; j++) {
            all = broadcasts(&n->in[j]->shape, &n->over, n->step[j]);
            n->flat =
                n->flat && (n->in[j]->size == n->over_size || n->in[j]->size == 1);
        }
        if (all) return NULL;
    }
    /* y [4] beside a column [4, 1]: by far the most common slip */
    const struct node *a = n->in[n->n_in - 2], *b = n->in[n->n_in - 1];
    bool column = (a->shape.n == 2 && a->shape.dim[1] == 1 && b->shape.n == 1) ||
                  (b->shape.n == 2 && b->shape.dim[1] == 1 && a->shape.n == 1);
    return gate_shape_mismatch(a, b, column ? "shape-column" : "shape-mismatch");
}

struct error *gate_shape_over(struct node *n) {
    struct error *e = find_common(n);
    n->shape = n->over;
    return e;
}

struct error *gate_shape_mean(struct node *n) {
    n->shape = (struct shape){0};
    return find_common(n);
}

/* ---- element by element ---- */

void gate_forward_each(struct node *n) {
    struct walk s = walk_rows(n);
    struct span p = {0};
    do {
        walk_span(n, &s, &p);
        n->gate->each(&p);
    } while (walk_next(n, &s));
}

void gate_backward_each(const struct node *n, int k, const real *up, real *out) {
    struct walk s = walk_rows(n);
    struct span p = {0};
    do {
        walk_span_back(n, k, &s, up, out, &p);
        n->gate->each_back[k](&p);
    } while (walk_next(n, &s));
}
