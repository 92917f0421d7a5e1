/* How a graph becomes a list of steps: its gates in order, in float, and fused kernels
 * in place of the chains that fuse.c finds. */
#define ENGINE_FLOAT
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "train/fuse.h"
#include "train/leaves.h"
#include "train/train_inside.h"

/* ---- a gate as it stands ---- */

static void forward(void *node) {
    struct node *n = node;
    n->gate->forward(n);
}

static void backward(void *node) {
    const struct node *n = node;
    for (int k = 0; k < n->n_in; k++) {
        if (n->in[k]->grad) n->gate->backward(n, k, n->grad, n->in[k]->grad);
    }
}

static void gate_forward(struct train *t, struct step *s) {
    (void)t;
    interrupt_run(forward, s->to);
}

static void gate_backward(struct train *t, struct step *s) {
    (void)t;
    interrupt_run(backward, s->to);
}

/* ---- which nodes are needed, and their copies ---- */

static struct error *copy_node(struct train *t, const struct node *n) {
    struct node *c = arena_alloc(t->arena, 1, sizeof *c);
    *c = *n;
    c->value = c->grad = c->room = NULL;
    t->copies[n->id] = c;
    if (!n->gate) return NULL;
    if (!(c->gate = t->kernels->gate(gate_place(n->gate)))) {
        return error_new("no-float", "gate", n->gate->name, NULL);
    }
    c->in = arena_alloc(t->arena, (size_t)n->n_in, sizeof *c->in);
    for (int k = 0; k < n->n_in; k++) c->in[k] = t->copies[n->in[k]->id];
    return NULL;
}

static struct error *copy_nodes(struct train *t, const bool *needed) {
    struct graph *g = t->how.graph;
    t->n_copies = graph_count(g);
    t->copies = arena_alloc(t->arena, (size_t)t->n_copies, sizeof *t->copies);
    for (int i = 0; i < t->n_copies; i++) {
        struct error *e = needed[i] ? copy_node(t, graph_node(g, i)) : NULL;
        if (e) return e;
    }
    t->x = t->copies[t->how.x->id];
    t->y = t->how.y ? t->copies[t->how.y->id] : NULL;
    t->loss = t->copies[t->how.loss->id];
    t->output = t->how.output ? t->copies[t->how.output->id] : NULL;
    return NULL;
}

/* ---- numbers ---- */

/* Parameters stand one after another, each beginning on a vector of its own. */
static void place_params(struct train *t) {
    size_t state = t->optimiser->state;
    for (size_t i = 0; i < t->how.n_params; i++) {
        struct param *p = &t->params[i];
        size_t rows = p->leaf->size / p->columns;
        p->at = t->n_numbers;
        p->n = rows * LANES_FOR(p->columns);
        t->n_numbers += p->n;
    }
    t->numbers = arena_alloc(t->arena, t->n_numbers, sizeof *t->numbers);
    t->grads = arena_alloc(t->arena, t->n_numbers, sizeof *t->grads);
    t->state = arena_alloc(t->arena, t->n_numbers * state, sizeof *t->state);
    for (size_t i = 0; i < t->how.n_params; i++) {
        struct param *p = &t->params[i];
        p->node->value = p->value = t->numbers + p->at;
        p->grad = t->grads + p->at;
        p->node->grad = p->leaf->average ? NULL : p->grad;
    }
}

static void list_params(struct train *t) {
    t->params = arena_alloc(t->arena, t->how.n_params, sizeof *t->params);
    for (size_t i = 0; i < t->how.n_params; i++) {
        struct node *leaf = t->how.params[i];
        struct node *copy = t->copies[leaf->id];
        if (!copy) { /* the loss does not stand on it: it stays */
            copy = t->copies[leaf->id] = arena_alloc(t->arena, 1, sizeof *copy);
            *copy = *leaf;
        }
        t->params[i] = (struct param){.leaf = leaf,
                                      .node = copy,
                                      .columns = leaf->size,
                                      .owned = leaf->average,
                                      .fused = leaf->average,
                                      .decays = leaf->shape.n > 1};
    }
}

/* Does a parameter stand below, so that a gradient comes by? (Asked of the copies.) */
static void find_learning(const struct train *t, bool *learns) {
    for (size_t i = 0; i < t->how.n_params; i++)
        learns[t->params[i].leaf->id] = !t->params[i].leaf->average;
    for (int i = 0; i < t->n_copies; i++) {
        const struct node *n = t->copies[i];
        for (int k = 0; n && k < n->n_in; k++)
            learns[i] = learns[i] || learns[n->in[k]->id];
    }
}

static void give_buffers(struct train *t, const struct fusion *f, const bool *grads) {
    for (int i = 0; i < t->n_copies; i++) {
        struct node *n = t->copies[i];
        if (!n || f->inside[i] || n->value || n == t->x || n == t->y) continue;
        n->value = arena_alloc(t->arena, n->size, sizeof *n->value);
        if (n->gate && n->gate->room && !f->ends[i])
            n->room = arena_alloc(t->arena, n->gate->room(n), sizeof *n->room);
        if (!n->gate) leaf_read(graph_node(t->how.graph, i), n->value, n->size);
        if (n->gate && grads[i])
            n->grad = arena_alloc(t->arena, n->size, sizeof *n->grad);
    }
}

/* ---- the last batch is shorter ---- */

static struct error *reshape(struct train *t, size_t rows) {
    struct error *e = NULL;
    t->rows = rows;
    t->x->shape.dim[0] = rows;
    if (t->y) t->y->shape.dim[0] = rows;
    for (int i = 0; i < t->n_copies && !e; i++) {
        struct node *n = t->copies[i];
        if (!n) continue;
        if (n->gate) e = n->gate->shape(n);
        n->size = shape_size(&n->shape);
    }
    return e;
}

void plan_reshape(struct train *t, size_t rows) { error_free(reshape(t, rows)); }

/* What takes a whole batch must take one that is shorter. */
struct error *plan_try_rows(struct train *t, size_t rows) {
    struct error *e = rows ? reshape(t, rows) : NULL;
    return e ? e : reshape(t, t->how.batch);
}

/* ---- the plan ---- */

static void add_gate_steps(struct train *t, const bool *inside, const bool *grads,
                           const bool *in_loss, const struct fusion *f) {
    t->steps = arena_alloc(t->arena, (size_t)t->n_copies, sizeof *t->steps);
    for (int i = 0; i < t->n_copies; i++) {
        struct node *n = t->copies[i];
        if (!n || !n->gate) continue;
        struct step *s = f->ends[i];
        if (!s && inside[i]) continue;
        if (!s) {
            s = arena_alloc(t->arena, 1, sizeof *s);
            *s = (struct step){.forward = gate_forward,
                               .to = n,
                               .backward = grads[i] ? gate_backward : NULL};
        }
        s->looking = !in_loss[i];
        t->steps[t->n_steps++] = s;
    }
}

static void list_settling(struct train *t, const bool *in_loss) {
    t->settling = arena_alloc(t->arena, (size_t)t->n_copies, sizeof *t->settling);
    for (int i = 0; i < t->n_copies; i++) {
        struct node *n = in_loss[i] ? t->copies[i] : NULL;
        if (n && n->gate && n->gate->settle) t->settling[t->n_settling++] = n;
    }
}

struct error *plan_make(struct train *t) {
    struct graph *g = t->how.graph;
    size_t n = (size_t)graph_count(g);
    bool *marks = mem_alloc(3 * n, sizeof *marks);
    bool *needed = marks, *in_loss = marks + n, *learns = marks + 2 * n;
    graph_mark_before(g, t->how.loss, in_loss);
    graph_mark_before(g, t->how.loss, needed);
    if (t->how.output) graph_mark_before(g, t->how.output, needed);
    needed[t->how.x->id] = true;
    if (t->how.y) needed[t->how.y->id] = true;
    struct error *e = copy_nodes(t, needed);
    if (!e) {
        list_params(t);
        find_learning(t, learns);
        for (size_t i = 0; i < n; i++) learns[i] = learns[i] && in_loss[i];
        struct fusion *f = fuse(t, learns);
        place_params(t);
        give_buffers(t, f, learns);
        fuse_finish(t, f);
        list_settling(t, in_loss);
        add_gate_steps(t, f->inside, learns, in_loss, f);
        e = plan_try_rows(t, t->how.batch - 1);
    }
    free(marks);
    return e;
}
