/* descent: gradient descent on a graph: forward, backward, one update of every
 * parameter (all gradients taken first). Nothing in a step allocates.
 *
 *     struct descent d;
 *     descent_open(&d, g, E, params, n, rule);
 *     while (descent_step(&d)) ...;     // false: E or a gradient is no longer finite
 *     descent_close(&d);
 */
#ifndef ENGINE_DESCENT_H
#define ENGINE_DESCENT_H

#include <signal.h>

#include "base/buf.h"
#include "engine/graph.h"
#include "engine/optimisers.h"
#include "engine/run.h"

struct descent {
    struct graph *graph;        /* borrowed */
    struct node *loss;          /* a scalar */
    struct node **params;       /* borrowed; averages (node.average) stand last */
    size_t n_params, n_learned; /* n_learned: without these */
    struct rule rule;
    struct node **settling; /* gates that keep averages */
    size_t n_settling;
    struct tape *tape;  /* what every update works out */
    struct node **rest; /* gates that an update changes and the loss does not need */
    size_t n_rest;
    /* one of the rest is a derivative: it writes over the gradients */
    bool slopes_lost;
    bool heavy; /* a look takes long: Ctrl-C leaves it half-way */
    size_t n_numbers, n_slopes, n_state;
    real *numbers; /* n_numbers parameters (where their leaves' values are), n_slopes of
                      which learn, + n_state optimiser numbers, as run keeps them */
    real *before;  /* the same, before the last update */
    real *clipped; /* the gradients of an update, where the rule clips them */
    size_t step;   /* updates taken */
    size_t t;      /* updates since the optimiser began: Adam's correction */
};

struct error *descent_open(struct descent *d, struct graph *g, struct node *loss,
                           struct node **params, size_t n_params, struct rule rule);
void descent_close(struct descent *d);
/* Values and gradients at the present parameters, of all the graph. */
void descent_look(struct descent *d);
/* What the next update multiplies its gradients by: less than 1 where they are
 * clipped. */
double descent_clip(const struct descent *d);
/* One update with the gradients of the last look, then E and its gradients again.
 * False, with the parameters put back, where what came out is not finite, or Ctrl-C
 * came (then the loss is as it was, what else is worked out is not). */
bool descent_step(struct descent *d);

/* Why the step from here comes to nothing: a gate whose slope is no ordinary number
 * whatever the rate, one that makes none of what the update gives it (*what: which,
 * with the numbers put in), or numbers too large. */
enum descent_why { WHY_SLOPE, WHY_NUMBER, WHY_FAR };
enum descent_why descent_why(struct descent *d, struct buf *what, int digits);

enum descent_end { DESCENT_ENDED, DESCENT_MET, DESCENT_STOPPED, DESCENT_EXPLODED };

struct descent_how {
    struct run *run;          /* keeps every step */
    const struct node *until; /* met where none of its numbers is 0; or NULL */
    real most;                /* a loss beyond this, either way, has exploded */
    const volatile sig_atomic_t *stop; /* not 0: stop; or NULL */
};

/* Up to n steps, looked at when they end: why they did. */
enum descent_end descent_go(struct descent *d, size_t n, const struct descent_how *how);
/* Puts parameters and optimiser back from a run's row (and looks). */
void descent_load(struct descent *d, struct run_row row);

#endif
