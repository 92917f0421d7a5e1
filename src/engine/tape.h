/* tape: the part of a graph between some parameters and a loss, as a list of what is to
 * be done: decided once, from the gates' own rows, and then run again and again. What
 * no parameter changes is not on it, nor any gradient that none of them needs.
 * Elementwise gates are on it as their spans (row.each, row.each_back), others as
 * they stand.
 *
 * The numbers are the nodes' own, so whoever looks at a node sees them; the parameters'
 * values stand side by side, as do all gradients. Lives in the graph's arena.
 *
 *     struct tape *t = tape_new(g, E, params, n_params, numbers);
 *     tape_run(t);             // E and every gradient, at the present parameters
 */
#ifndef ENGINE_TAPE_H
#define ENGINE_TAPE_H

#include "engine/graph.h"

struct tape;

/* The parameters' values move to `numbers`, one after another. graph_want(g, loss,
 * params) and graph_forward have been. */
struct tape *tape_new(struct graph *g, struct node *loss, struct node *const *params,
                      size_t n_params, real *numbers);
void tape_run(const struct tape *t);
const real *tape_slopes(const struct tape *t); /* the parameters' gradients, in a row */
bool tape_has(const struct tape *t, const struct node *n); /* a gate: is it on it? */

#endif
