/* descent: gradient descent on a graph: forward, backward, one update of every parameter
 * (all gradients taken first). Nothing in descent_step allocates.
 *
 *     struct descent d;
 *     descent_open(&d, g, E, params, n, rule);
 *     while (descent_step(&d)) ...;     // false: E or a gradient is no longer finite
 *     descent_close(&d);
 */
#ifndef ENGINE_DESCENT_H
#define ENGINE_DESCENT_H

#include "engine/graph.h"
#include "engine/optimisers.h"
#include "engine/run.h"

struct descent {
    struct graph *graph;  /* borrowed */
    struct node *loss;    /* a scalar */
    struct node **params; /* borrowed */
    size_t n_params;
    struct rule rule;
    struct node **order; /* the gates that an update changes */
    size_t n_order;
    size_t n_numbers, n_state;
    real *numbers; /* n_numbers parameters + n_state optimiser numbers, as run keeps them */
    real *before;  /* the same, before the last update */
    size_t step;   /* updates taken */
    size_t t;      /* updates since the optimiser began: Adam's correction */
};

struct error *descent_open(struct descent *d, struct graph *g, struct node *loss,
                           struct node **params, size_t n_params, struct rule rule);
void descent_close(struct descent *d);
/* Values and gradients at the present parameters. */
void descent_look(struct descent *d);
/* One update with the gradients of the last look, then looks again. False, with the
 * parameters put back, where what came out is not finite. */
bool descent_step(struct descent *d);
/* Puts parameters and optimiser back from a run's row (and looks). */
void descent_load(struct descent *d, const struct run_row *row);

#endif
