#include "engine/graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory_left.h"
#include "base/random.h"
#include "base/whole.h"
#include "engine/gates_inside.h"

/* Memory is asked for in steps as large as what there is, within these (bytes). */
enum { FIRST_STEP = 64 << 10, LAST_STEP = 16 << 20 };
/* Nobody types more: f1(x) = f0(x) + f0(x), f2(x) = f1(x) + f1(x) … do. */
enum { NODES_MOST = 1000000, LARGE_COPY = 1 << 16 };

struct graph {
    struct arena *arena;
    struct node **nodes; /* in the order of forward */
    int n, cap;
    struct node **active; /* those with a gradient, in order; NULL until asked for */
    int n_active;
    bool wants;                /* a gradient has been asked for */
    const struct node *looked; /* the gradients are of this one, at the values now */
    const struct node *asked;  /* only of this one the gradient is wanted now */
    size_t taken, granted;     /* bytes; granted: memory was asked for them */
    struct error *refused;     /* there was none for a leaf: the next gate says so */
    size_t most;               /* nodes it may have */
    bool shapes;               /* numbers have no place here */
    bool learns;               /* made to be updated: no look at rest */
    uint64_t drop;             /* dropout's dice of this step; 0: nothing is dropped */
};

struct graph *graph_new(void) {
    struct graph *g = mem_alloc(1, sizeof *g);
    g->arena = arena_new();
    g->most = NODES_MOST;
    return g;
}

struct graph *graph_new_shapes(void) {
    struct graph *g = graph_new();
    g->shapes = true;
    return g;
}

void graph_free(struct graph *g) {
    if (!g) return;
    arena_free(g->arena);
    error_free(g->refused);
    free(g->nodes);
    free(g);
}

void graph_set_most(struct graph *g, size_t nodes) { g->most = nodes; }

struct arena *graph_arena(struct graph *g) {
    return g->arena;
}
int graph_count(const struct graph *g) { return g->n; }
struct node *graph_node(const struct graph *g, int id) {
    return g->nodes[id];
}

/* ---- making nodes ---- */

/* Room for a node, or for a buffer of an old one, and its numbers. */
static struct error *room_for(struct graph *g, size_t bytes, size_t numbers) {
    if (!g->shapes || numbers == 1) bytes += numbers * sizeof(real);
    g->taken += bytes;
    if (g->taken <= g->granted) return NULL;
    size_t step = g->taken < LAST_STEP ? g->taken : LAST_STEP;
    if (step < FIRST_STEP) step = FIRST_STEP;
    if (step < g->taken - g->granted) step = g->taken - g->granted;
    g->granted += step;
    return memory_left_for((double)step);
}

/* A leaf that there is no room for has no numbers, and nothing more can be made. */
static struct node *append(struct graph *g, struct node *n) {
    if (g->n == g->cap) {
        g->cap = g->cap ? g->cap * 2 : 64;
        g->nodes = mem_grow(g->nodes, (size_t)g->cap, sizeof *g->nodes);
    }
    n->id = g->n;
    n->size = shape_size(&n->shape);
    if (!n->gate && !g->refused) g->refused = room_for(g, sizeof *n, n->size);
    if (n->size == 1 || (!g->shapes && !g->refused)) {
        n->value = arena_alloc(g->arena, n->size, sizeof(real));
    }
    return g->nodes[g->n++] = n;
}

struct error *graph_refused(struct graph *g) {
    struct error *e = g->refused;
    g->refused = NULL;
    return e;
}

struct copy {
    real *to;
    const real *from;
    size_t n;
};

static void copy_numbers(void *context) {
    const struct copy *c = context;
    memcpy(c->to, c->from, c->n * sizeof(real));
}

struct node *graph_leaf(struct graph *g, const struct tensor *t, const char *name,
                        bool param) {
    struct node *n = graph_leaf_shape(g, &t->shape, name, param);
    struct copy c = {n->value, t->data, n->size};
    if (n->size >= LARGE_COPY && n->value) interrupt_run(copy_numbers, &c);
    else if (n->value) copy_numbers(&c);
    return n;
}

struct node *graph_leaf_shape(struct graph *g, const struct shape *s, const char *name,
                              bool param) {
    struct node *n = arena_alloc(g->arena, 1, sizeof *n);
    n->shape = *s;
    n->param = param;
    graph_name(g, n, name);
    return append(g, n);
}

struct node *graph_constant(struct graph *g, real v) {
    struct node *n = arena_alloc(g->arena, 1, sizeof *n);
    n->constant = true;
    append(g, n)->value[0] = v;
    return n;
}

static struct error *too_many(const struct graph *g) {
    char nodes[24];
    return error_new("too-many-nodes", "nodes", whole_text(nodes, g->most), NULL);
}

struct error *graph_gate(struct graph *g, const struct gate *gate, struct node **in,
                         int n_in, const struct attr *attr, struct node **out) {
    struct node *n = arena_alloc(g->arena, 1, sizeof *n);
    n->gate = gate;
    n->n_in = n_in;
    n->in = arena_alloc(g->arena, (size_t)n_in, sizeof *n->in);
    memcpy(n->in, in, (size_t)n_in * sizeof *in);
    if (attr) n->attr = *attr;
    n->attr.graph = g;
    struct error *e = graph_refused(g);
    if (!e) e = (size_t)g->n < g->most ? gate->shape(n) : too_many(g);
    if (!e) e = shape_check(&n->shape);
    size_t room = !e && gate->room ? gate->room(n) : 0;
    if (!e) e = room_for(g, sizeof *n, shape_size(&n->shape) + room);
    if (!e && room && !g->shapes) n->room = arena_alloc(g->arena, room, sizeof(real));
    if (!e) *out = append(g, n);
    return e;
}

void graph_name(struct graph *g, struct node *n, const char *name) {
    if (name && !n->name) n->name = arena_copy(g->arena, name);
}

size_t graph_operand_at(const struct node *n, int k, size_t element) {
    size_t at = 0;
    if (n->flat) return n->in[k]->size == n->over_size ? element : 0;
    for (int d = n->over.n - 1; d >= 0; d--) {
        at += element % n->over.dim[d] * n->step[k][d];
        element /= n->over.dim[d];
    }
    return at;
}

/* ---- what depends on what ---- */

void graph_mark_before(const struct graph *g, const struct node *of, bool *marks) {
    marks[of->id] = true;
    for (int i = of->id; i >= 0; i--) {
        const struct node *n = g->nodes[i];
        for (int k = 0; marks[i] && k < n->n_in; k++) marks[n->in[k]->id] = true;
    }
}

void graph_mark_after(const struct graph *g, bool *marks, int from, int to) {
    for (int i = from; i <= to; i++) {
        const struct node *n = g->nodes[i];
        for (int k = 0; k < n->n_in && !marks[i]; k++) marks[i] = marks[n->in[k]->id];
    }
}

bool graph_depends(const struct graph *g, const struct node *b, const struct node *a) {
    if (a->id > b->id) return false;
    bool *marks = mem_alloc((size_t)g->n, sizeof *marks);
    marks[a->id] = true;
    graph_mark_after(g, marks, a->id, b->id);
    bool depends = marks[b->id];
    free(marks);
    return depends;
}

size_t graph_after(struct graph *g, struct node *const *leaves, size_t n_leaves,
                   struct node ***out) {
    bool *marks = mem_alloc((size_t)g->n, sizeof *marks);
    size_t n = 0;
    *out = arena_alloc(g->arena, (size_t)g->n, sizeof **out);
    for (size_t i = 0; i < n_leaves; i++) marks[leaves[i]->id] = true;
    graph_mark_after(g, marks, 0, g->n - 1);
    for (int i = 0; i < g->n; i++) {
        if (marks[i] && g->nodes[i]->gate) (*out)[n++] = g->nodes[i];
    }
    free(marks);
    return n;
}

/* ---- dropout's dice ---- */

void graph_set_step(struct graph *g, uint64_t seed, uint64_t step) {
    g->drop = step ? (dice_for(seed, "dropout", step).state | 1) : 0;
}

uint64_t graph_drop_dice(const struct graph *g) { return g->drop; }
void graph_set_learns(struct graph *g) { g->learns = true; }
bool graph_learns(const struct graph *g) { return g->learns || g->drop; }

/* ---- gradients ---- */

static void give_gradient(struct graph *g, struct node *n) {
    if (n->grad || g->shapes) return;
    n->grad = arena_alloc(g->arena, n->size, sizeof(real));
    g->wants = true;
    g->active = NULL;
    g->looked = NULL;
}

struct error *graph_want(struct graph *g, const struct node *of,
                         struct node *const *wrt, int n_wrt) {
    bool *above = mem_alloc((size_t)g->n, sizeof *above); /* depends on a wrt */
    bool *below = mem_alloc((size_t)g->n, sizeof *below); /* `of` depends on it */
    struct error *e = NULL;
    for (int i = 0; i < n_wrt; i++) {
        above[wrt[i]->id] = true;
        if (!e && !wrt[i]->grad) e = room_for(g, 0, wrt[i]->size);
        if (!e) give_gradient(g, wrt[i]);
    }
    graph_mark_after(g, above, 0, of->id);
    /* no graph_mark_before: below a wrt, which may be a formula, nothing is needed */
    below[of->id] = true;
    for (int i = of->id; i >= 0 && !e; i--) {
        struct node *n = g->nodes[i];
        if (!above[i] || !below[i]) continue;
        /* a wrt may be a formula: what it stands on is not needed */
        bool passes = false;
        for (int k = 0; k < n->n_in; k++) {
            passes = passes || above[n->in[k]->id];
            below[n->in[k]->id] = true;
        }
        if (passes && n->gate->flags & GATE_NO_GRADIENT) {
            bool derivative = n->gate == &gate_derivative;
            e = error_new(derivative ? "derivative-twice" : "no-gradient", "gate",
                          n->gate->name, NULL);
        }
        if (!e && !n->grad) e = room_for(g, 0, n->size);
        if (!e) give_gradient(g, n);
    }
    free(above);
    free(below);
    return e;
}

/* Before a walk, which takes no memory: it may be left where it stands. */
static void list_active(struct graph *g) {
    if (g->active || !g->wants) return;
    g->active = arena_alloc(g->arena, (size_t)g->n, sizeof *g->active);
    g->n_active = 0;
    for (int i = 0; i < g->n; i++) {
        if (g->nodes[i]->grad) g->active[g->n_active++] = g->nodes[i];
    }
}

struct stretch { /* of a walk */
    struct graph *g;
    struct node *const *gates;
    size_t n;
    const struct node *of;
    const real *seed;
};

static void walk_back(void *context) {
    const struct stretch *w = context;
    struct graph *g = w->g;
    const struct node *of = w->of;
    for (int i = 0; i < g->n_active; i++) {
        struct node *n = g->active[i];
        if (n->size == 1) n->grad[0] = 0;
        else memset(n->grad, 0, n->size * sizeof(real));
    }
    if (!of->grad) return; /* it depends on nothing that was asked for */
    for (size_t i = 0; i < of->size; i++) of->grad[i] = w->seed ? w->seed[i] : 1;
    for (int i = g->n_active - 1; i >= 0; i--) {
        const struct node *n = g->active[i];
        if (!n->gate || n->id > of->id || n->gate->flags & GATE_NO_GRADIENT) continue;
        for (int k = 0; k < n->n_in; k++) {
            if (n->in[k]->grad) n->gate->backward(n, k, n->grad, n->in[k]->grad);
        }
    }
}

bool graph_backward_from(struct graph *g, const struct node *of, const real *seed) {
    struct stretch w = {.g = g, .of = of, .seed = seed};
    list_active(g);
    g->looked = NULL;
    return interrupt_run(walk_back, &w);
}

bool graph_backward(struct graph *g, const struct node *of) {
    if (g->looked == of) return true;
    bool whole = graph_backward_from(g, of, NULL);
    g->looked = whole ? of : NULL;
    return whole;
}

static void walk_on(void *context) {
    const struct stretch *w = context;
    for (size_t i = 0; i < w->n; i++) {
        if (w->gates[i]->gate) w->gates[i]->gate->forward(w->gates[i]);
    }
}

bool graph_forward_some(struct graph *g, struct node *const *gates, size_t n) {
    struct stretch w = {.g = g, .gates = gates, .n = n};
    list_active(g); /* a gate may be a derivative */
    g->looked = NULL;
    bool whole = interrupt_run(walk_on, &w);
    if (!whole) g->looked = g->asked = NULL; /* by a derivative left half-way */
    return whole;
}

double graph_work(struct node *const *gates, size_t n) {
    double work = 0;
    for (size_t i = 0; i < n; i++) {
        const struct gate *gate = gates[i]->gate;
        size_t each = gate && gate->terms ? gate->terms(gates[i]) : 1;
        work += 8 + (double)gates[i]->size * (double)each;
    }
    return work;
}

bool graph_forward(struct graph *g) {
    return graph_forward_some(g, g->nodes, (size_t)g->n);
}

const struct node *graph_asked(const struct graph *g) { return g->asked; }

/* ---- the gate of dE/dw ---- */

/* Does a gradient go past it, at the values now, to what it stands on? */
static bool is_passed_by(const struct graph *g, const struct node *wrt) {
    for (int i = wrt->id + 1; i < g->n; i++) {
        const struct node *n = g->nodes[i];
        for (int k = 0; n->gate && n->gate->passes && k < n->n_in; k++) {
            if (n->in[k] == wrt && !n->gate->passes(n, k)) return true;
        }
    }
    return false;
}

static void derivative_forward(struct node *n) {
    const struct node *of = n->attr.of, *wrt = n->attr.wrt;
    struct graph *g = n->attr.graph;
    if (is_passed_by(g, wrt)) g->asked = wrt;
    if (of->size == 1) {
        if (g->asked) graph_backward_from(g, of, NULL);
        else graph_backward(g, of);
        memcpy(n->value, wrt->grad, n->size * sizeof(real));
        g->asked = NULL;
        return;
    }
    /* the Jacobian, a row for each number of `of` */
    for (size_t i = 0; i < of->size; i++) {
        real *row = n->value + i * wrt->size;
        memset(n->room, 0, of->size * sizeof(real));
        n->room[i] = 1;
        graph_backward_from(g, of, n->room);
        memcpy(row, wrt->grad, wrt->size * sizeof(real));
    }
    g->asked = NULL;
}

static struct error *derivative_shape(struct node *n) {
    const struct shape *of = &n->attr.of->shape, *wrt = &n->attr.wrt->shape;
    n->shape = *of;
    if (n->attr.of->size == 1) n->shape.n = 0;
    if (n->shape.n + wrt->n > MAX_DIMS) {
        return gate_shape_mismatch(n->attr.of, n->attr.wrt, "jacobian-dims");
    }
    memcpy(n->shape.dim + n->shape.n, wrt->dim, (size_t)wrt->n * sizeof *wrt->dim);
    n->shape.n += wrt->n;
    return NULL;
}

/* A Jacobian's: from where a row starts. */
static size_t derivative_room(const struct node *n) {
    return n->attr.of->size > 1 ? n->attr.of->size : 0;
}

const struct gate gate_derivative = {.name = "derivative",
                                     .sign = "d/d",
                                     .min_in = 2,
                                     .max_in = 2,
                                     .flags = GATE_NO_GRADIENT,
                                     .shape = derivative_shape,
                                     .room = derivative_room,
                                     .forward = derivative_forward};

struct error *graph_derivative(struct graph *g, struct node *of, struct node *wrt,
                               struct node **out) {
    struct attr a = {.of = of, .wrt = wrt};
    struct error *e = graph_want(g, of, &wrt, 1);
    if (!e) e = graph_gate(g, &gate_derivative, (struct node *[]){of, wrt}, 2, &a, out);
    return e;
}
