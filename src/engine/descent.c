#include "engine/descent.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/gates.h"

struct error *descent_open(struct descent *d, struct graph *g, struct node *loss,
                           struct node **params, size_t n_params, struct rule rule) {
    *d = (struct descent){.graph = g, .loss = loss, .params = params,
                          .n_params = n_params, .rule = rule};
    struct error *e = graph_want(g, loss, params, (int)n_params);
    if (e) return e;
    for (size_t i = 0; i < n_params; i++) d->n_numbers += params[i]->size;
    d->n_state = d->n_numbers * rule.optimiser->state;
    size_t all = d->n_numbers + d->n_state;
    d->numbers = arena_alloc(graph_arena(g), all, sizeof *d->numbers);
    d->before = arena_alloc(graph_arena(g), all, sizeof *d->before);
    d->n_order = graph_after(g, params, n_params, &d->order);
    graph_forward(g); /* what no parameter changes is worked out here, once */
    graph_backward(g, loss); /* lists what has a gradient, so that no step has to */
    size_t at = 0;
    for (size_t i = 0; i < n_params; at += params[i++]->size) {
        memcpy(d->numbers + at, params[i]->value, params[i]->size * sizeof(real));
    }
    return NULL;
}

void descent_close(struct descent *d) { *d = (struct descent){0}; } /* all is g's */

void descent_look(struct descent *d) {
    graph_forward_some(d->graph, d->order, d->n_order);
    graph_backward(d->graph, d->loss);
}

static bool all_finite(const real *v, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(v[i])) return false;
    }
    return true;
}

static bool is_finite(const struct descent *d) {
    bool ok = isfinite(d->loss->value[0]);
    for (size_t i = 0; i < d->n_params && ok; i++) {
        ok = all_finite(d->params[i]->grad, d->params[i]->size) &&
             all_finite(d->params[i]->value, d->params[i]->size);
    }
    return ok;
}

static void show_numbers(struct descent *d) { /* to the parameters */
    size_t at = 0;
    for (size_t i = 0; i < d->n_params; at += d->params[i++]->size) {
        memcpy(d->params[i]->value, d->numbers + at, d->params[i]->size * sizeof(real));
    }
}

bool descent_step(struct descent *d) {
    size_t all = d->n_numbers + d->n_state, at = 0;
    const struct optimiser *o = d->rule.optimiser;
    memcpy(d->before, d->numbers, all * sizeof(real));
    for (size_t i = 0; i < d->n_params; at += d->params[i++]->size) {
        o->update(d->params[i]->size, d->numbers + at, d->params[i]->grad,
                  d->numbers + d->n_numbers + at * o->state, d->rule.rate,
                  d->rule.setting, d->t + 1);
    }
    show_numbers(d);
    descent_look(d);
    if (is_finite(d)) {
        d->step++;
        d->t++;
        return true;
    }
    memcpy(d->numbers, d->before, all * sizeof(real));
    show_numbers(d);
    descent_look(d);
    return false;
}

void descent_load(struct descent *d, const struct run_row *row) {
    memcpy(d->numbers, row->numbers, (d->n_numbers + d->n_state) * sizeof(real));
    d->step = row->step;
    d->t = row->step;
    show_numbers(d);
    descent_look(d);
}
