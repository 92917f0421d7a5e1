#include "engine/tape.h"

#include <stdlib.h>
#include <string.h>

#include "engine/gates_inside.h"

/* A broadcast of more stretches than this is left to the gate's own walk. */
enum { STRETCHES = 16 };

struct op {
    struct span span; /* first: a gate that stands as it is finds its op by it */
    gate_span *run;
    struct node *node;
    int k; /* backward: which operand */
};

struct tape {
    struct op *forward, *backward;
    size_t n_forward, n_backward;
    real *slopes; /* every gradient; the parameters' first */
    size_t n_slopes;
    bool *between; /* by the graph's ids: stands on a parameter, and the loss on it */
    struct node *loss;
};

/* ---- making ---- */

static void mark_between(struct tape *t, struct graph *g, struct node *const *params,
                         size_t n_params) {
    bool *below = mem_alloc((size_t)t->loss->id + 1, sizeof *below);
    below[t->loss->id] = true;
    for (int i = t->loss->id; i >= 0; i--) {
        const struct node *n = graph_node(g, i);
        for (int k = 0; below[i] && k < n->n_in; k++) below[n->in[k]->id] = true;
    }
    t->between = arena_alloc(graph_arena(g), (size_t)graph_count(g), sizeof *t->between);
    for (size_t i = 0; i < n_params; i++) t->between[params[i]->id] = true;
    for (int i = 0; i <= t->loss->id; i++) {
        const struct node *n = graph_node(g, i);
        for (int k = 0; below[i] && k < n->n_in; k++) {
            t->between[i] = t->between[i] || t->between[n->in[k]->id];
        }
    }
    free(below);
}

/* All gradients in one piece, so that one sweep clears them. */
static void place_numbers(struct tape *t, struct graph *g, struct node *const *params,
                          size_t n_params, real *numbers) {
    for (size_t i = 0; i < n_params; i++) t->n_slopes += params[i]->size;
    for (int i = 0; i <= t->loss->id; i++) {
        if (t->between[i] && graph_node(g, i)->gate) t->n_slopes += graph_node(g, i)->size;
    }
    t->slopes = arena_alloc(graph_arena(g), t->n_slopes, sizeof *t->slopes);
    real *slopes = t->slopes;
    for (size_t i = 0; i < n_params; i++) {
        struct node *p = params[i];
        memcpy(numbers, p->value, p->size * sizeof(real));
        p->value = numbers;
        p->grad = slopes;
        numbers += p->size;
        slopes += p->size;
    }
    for (int i = 0; i <= t->loss->id; i++) {
        struct node *n = graph_node(g, i);
        if (!t->between[i] || !n->gate) continue;
        n->grad = slopes;
        slopes += n->size;
    }
}

static void forward_as_it_stands(const struct span *s) {
    struct node *n = ((const struct op *)(const void *)s)->node;
    n->gate->forward(n);
}

static void backward_as_it_stands(const struct span *s) {
    const struct op *o = (const void *)s;
    o->node->gate->backward(o->node, o->k, o->node->grad, o->node->in[o->k]->grad);
}

/* 0: it stands as it is. */
static size_t stretches_of(const struct node *n) {
    if (!n->gate->each) return 0;
    if (n->flat) return 1;
    size_t stretches = n->over_size / n->over.dim[n->over.n - 1];
    return stretches <= STRETCHES ? stretches : 0;
}

/* Ops of a gate: forward (k < 0), or backward to operand k. */
static struct op *add_ops(struct op *o, struct node *n, int k) {
    if (!stretches_of(n)) {
        *o = (struct op){.node = n, .k = k};
        o->run = k < 0 ? forward_as_it_stands : backward_as_it_stands;
        return o + 1;
    }
    struct stretch s = stretch_first(n);
    do {
        *o = (struct op){.run = k < 0 ? n->gate->each : n->gate->each_back[k]};
        stretch_span(n, &s, &o->span);
        if (k >= 0) {
            o->span.up = n->grad + s.start;
            o->span.out = n->in[k]->grad + s.at[k];
            o->span.out_step = s.step[k];
        }
        o++;
    } while (stretch_next(n, &s));
    return o;
}

struct tape *tape_new(struct graph *g, struct node *loss, struct node *const *params,
                      size_t n_params, real *numbers) {
    struct tape *t = arena_alloc(graph_arena(g), 1, sizeof *t);
    t->loss = loss;
    mark_between(t, g, params, n_params);
    place_numbers(t, g, params, n_params, numbers);
    size_t most = 0;
    for (int i = 0; i <= loss->id; i++) {
        struct node *n = graph_node(g, i);
        if (t->between[i] && n->gate) most += (stretches_of(n) + 1) * (size_t)n->n_in;
    }
    t->forward = arena_alloc(graph_arena(g), most, sizeof *t->forward);
    t->backward = arena_alloc(graph_arena(g), most, sizeof *t->backward);
    struct op *to = t->forward, *back = t->backward;
    for (int i = 0; i <= loss->id; i++) {
        struct node *n = graph_node(g, i);
        if (t->between[i] && n->gate) to = add_ops(to, n, -1);
    }
    for (int i = loss->id; i >= 0; i--) {
        struct node *n = graph_node(g, i);
        for (int k = 0; t->between[i] && k < n->n_in; k++) {
            if (t->between[n->in[k]->id]) back = add_ops(back, n, k);
        }
    }
    t->n_forward = (size_t)(to - t->forward);
    t->n_backward = (size_t)(back - t->backward);
    return t;
}

/* ---- running ---- */

void tape_run(const struct tape *t) {
    for (const struct op *o = t->forward, *end = o + t->n_forward; o < end; o++) {
        o->run(&o->span);
    }
    if (t->n_slopes > 16) memset(t->slopes, 0, t->n_slopes * sizeof *t->slopes);
    else
        for (size_t i = 0; i < t->n_slopes; i++) t->slopes[i] = 0;
    t->loss->grad[0] = 1;
    for (const struct op *o = t->backward, *end = o + t->n_backward; o < end; o++) {
        o->run(&o->span);
    }
}

const real *tape_slopes(const struct tape *t) { return t->slopes; }

bool tape_has(const struct tape *t, const struct node *n) { return t->between[n->id]; }
