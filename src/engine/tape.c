#include "engine/tape.h"

#include <stdlib.h>
#include <string.h>

#include "engine/gates_inside.h"

/* A broadcast of more spans than this is left to the gate's own walk. */
enum { SPANS = 16 };

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
    /* By the graph's ids: where a gate's gradient is read. Its own, but for the only
     * gate that uses it where that one hands down what it gets. */
    real **slope;
    struct node *loss;
};

/* ---- making ---- */

static void mark_between(struct tape *t, struct graph *g, struct node *const *params,
                         size_t n_params) {
    bool *below = mem_alloc((size_t)t->loss->id + 1, sizeof *below);
    graph_mark_before(g, t->loss, below);
    t->between =
        arena_alloc(graph_arena(g), (size_t)graph_count(g), sizeof *t->between);
    for (size_t i = 0; i < n_params; i++) t->between[params[i]->id] = true;
    graph_mark_after(g, t->between, 0, t->loss->id);
    for (int i = 0; i <= t->loss->id; i++)
        t->between[i] &= below[i] || !graph_node(g, i)->gate;
    free(below);
}

/* Does n hand its gradient to operand k as it is? */
static bool hands_down(const struct node *n, int k) {
    const struct node *in = n->in[k];
    return n->gate->each && n->gate->local[k] && strcmp(n->gate->local[k], "1") == 0 &&
           in->gate && in->size == n->size;
}

/* One piece, so that one sweep clears them; those handed down are none. */
static void place_slopes(struct tape *t, struct graph *g, real *slopes) {
    int *uses = mem_alloc((size_t)t->loss->id + 1, sizeof *uses);
    for (int i = 0; i <= t->loss->id; i++) {
        const struct node *n = graph_node(g, i);
        for (int k = 0; t->between[i] && k < n->n_in; k++) uses[n->in[k]->id]++;
    }
    for (int i = t->loss->id; i >= 0; i--) {
        struct node *n = graph_node(g, i);
        if (!t->between[i] || !n->gate) continue;
        if (!t->slope[i]) {
            t->slope[i] = n->grad = slopes;
            slopes += n->size;
        }
        for (int k = 0; k < n->n_in; k++) {
            int below = n->in[k]->id;
            if (uses[below] == 1 && hands_down(n, k)) t->slope[below] = t->slope[i];
        }
    }
    t->n_slopes = (size_t)(slopes - t->slopes);
    free(uses);
}

static void place_numbers(struct tape *t, struct graph *g, struct node *const *params,
                          size_t n_params, real *numbers) {
    for (size_t i = 0; i < n_params; i++) t->n_slopes += params[i]->size;
    for (int i = 0; i <= t->loss->id; i++) {
        if (t->between[i] && graph_node(g, i)->gate)
            t->n_slopes += graph_node(g, i)->size;
    }
    t->slopes = arena_alloc(graph_arena(g), t->n_slopes, sizeof *t->slopes);
    t->slope = arena_alloc(graph_arena(g), (size_t)graph_count(g), sizeof *t->slope);
    real *slopes = t->slopes;
    for (size_t i = 0; i < n_params; i++) {
        struct node *p = params[i];
        memcpy(numbers, p->value, p->size * sizeof(real));
        p->value = numbers;
        p->grad = t->slope[p->id] = slopes;
        numbers += p->size;
        slopes += p->size;
    }
    place_slopes(t, g, slopes);
}

static void forward_as_it_stands(const struct span *s) {
    struct node *n = ((const struct op *)(const void *)s)->node;
    n->gate->forward(n);
}

static void backward_as_it_stands(const struct span *s) {
    const struct op *o = (const void *)s;
    o->node->gate->backward(o->node, o->k, o->span.up, o->node->in[o->k]->grad);
}

/* 0: it stands as it is. */
static size_t spans_of(const struct node *n) {
    if (!n->gate->each) return 0;
    struct walk s = walk_rows(n);
    size_t spans = n->over_size / (s.n * s.rows);
    return spans <= SPANS ? spans : 0;
}

/* Ops of a gate: forward (k < 0), or backward to operand k. */
static struct op *add_ops(const struct tape *t, struct op *o, struct node *n, int k) {
    if (!spans_of(n)) {
        *o = (struct op){.span.up = t->slope[n->id], .node = n, .k = k};
        if (k >= 0) o->span.out = n->in[k]->grad;
        if (n->gate->plan) o->run = n->gate->plan(n, k, &o->span);
        if (!o->run) o->run = k < 0 ? forward_as_it_stands : backward_as_it_stands;
        return o + 1;
    }
    struct walk s = walk_rows(n);
    do {
        *o = (struct op){.run = k < 0 ? n->gate->each : n->gate->each_back[k]};
        if (k < 0) walk_span(n, &s, &o->span);
        else walk_span_back(n, k, &s, t->slope[n->id], n->in[k]->grad, &o->span);
        o++;
    } while (walk_next(n, &s));
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
        if (t->between[i] && n->gate) most += (spans_of(n) + 1) * (size_t)n->n_in;
    }
    t->forward = arena_alloc(graph_arena(g), most, sizeof *t->forward);
    t->backward = arena_alloc(graph_arena(g), most, sizeof *t->backward);
    struct op *to = t->forward, *back = t->backward;
    for (int i = 0; i <= loss->id; i++) {
        struct node *n = graph_node(g, i);
        if (t->between[i] && n->gate) to = add_ops(t, to, n, -1);
    }
    for (int i = loss->id; i >= 0; i--) {
        struct node *n = graph_node(g, i);
        for (int k = 0; t->between[i] && k < n->n_in; k++) {
            bool given = t->slope[n->in[k]->id] == n->in[k]->grad;
            if (t->between[n->in[k]->id] && given) back = add_ops(t, back, n, k);
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
