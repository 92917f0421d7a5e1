/* The shape of a formula, and its value: worked out by the engine, in a graph of its
 * own. */
#include <string.h>

#include "engine/gates.h"
#include "explain/sym.h"

struct shape sym_shape(const struct sym *s) {
    if (s->kind == SYM_NODE) return s->node->shape;
    if (s->kind == SYM_CALL && s->node) return s->node->shape;
    struct shape most = {0};
    if (s->kind == SYM_CALL && s->gate->fold && s->n == 1) return most;
    /* element by element: the one that the others are broadcast to */
    for (int i = 0; i < s->n; i++) {
        struct shape kid = sym_shape(s->kids[i]);
        size_t size = shape_size(&kid), so_far = shape_size(&most);
        if (size > so_far || (size == so_far && kid.n > most.n)) most = kid;
    }
    return most;
}

bool sym_chooses(const struct sym *s) {
    if (s->kind == SYM_CALL &&
        (s->gate->role == ROLE_CHOICE || s->gate->precedence == HOLDS_COMPARE))
        return true;
    for (int i = 0; i < s->n; i++) {
        if (sym_chooses(s->kids[i])) return true;
    }
    return false;
}

/* ---- as a graph ---- */

static struct error *build(struct graph *g, const struct sym *s, struct node **out);

static struct error *build_leaf(struct graph *g, const struct node *n,
                                struct node **out) {
    struct tensor *t;
    struct error *e = tensor_new(n->shape, &t);
    if (e) return e;
    memcpy(t->data, n->value, n->size * sizeof(real));
    *out = graph_leaf(g, t, NULL, false);
    tensor_unref(t);
    return NULL;
}

/* One kid after another into the gate of two operands. */
static struct error *build_chain(struct graph *g, const struct sym *s, const char *gate,
                                 struct node **out) {
    struct error *e = build(g, s->kids[0], out);
    for (int i = 1; i < s->n && !e; i++) {
        struct node *in[2] = {*out};
        e = build(g, s->kids[i], &in[1]);
        if (!e) e = graph_gate(g, gate_find(gate), in, 2, NULL, out);
    }
    return e;
}

static struct error *build_call(struct graph *g, const struct sym *s,
                                struct node **out) {
    struct node **in = arena_alloc(graph_arena(g), (size_t)s->n, sizeof *in);
    struct error *e = NULL;
    for (int i = 0; i < s->n && !e; i++) e = build(g, s->kids[i], &in[i]);
    const struct attr *attr = s->node ? &s->node->attr : NULL;
    return e ? e : graph_gate(g, s->gate, in, s->n, attr, out);
}

/* As deep as the formula is heavy at most, which is SYM_HEAVY. */
static struct error *build(struct graph *g, const struct sym *s, struct node **out) {
    switch (s->kind) {
        case SYM_NUMBER: *out = graph_constant(g, s->number); return NULL;
        case SYM_NODE: return build_leaf(g, s->node, out);
        case SYM_SUM: return build_chain(g, s, "add", out);
        case SYM_PRODUCT: return build_chain(g, s, "mul", out);
        case SYM_POWER: return build_chain(g, s, "pow", out);
        case SYM_CALL: return build_call(g, s, out);
    }
    return NULL;
}

struct tensor *sym_value(const struct sym *s) {
    struct graph *g = graph_new();
    struct node *root;
    struct tensor *t = NULL;
    struct error *e = build(g, s, &root);
    if (!e) e = tensor_new(root->shape, &t);
    if (!e) {
        graph_forward(g);
        memcpy(t->data, root->value, root->size * sizeof(real));
    }
    error_free(e);
    graph_free(g);
    return t;
}
