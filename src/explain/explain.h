/* explain: a graph in words, formulas and factors, as it would be done on the board.
 * Each prints to the session's out; graphs are compiled and run forward already, and
 * stay the caller's. An error says why there is nothing to explain.
 *
 *     h = w·x = 3·1 = 3
 *     E = (h − y)² = (3 − 1)² = 4
 */
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include <stdint.h>

#include "board/compile.h"
#include "text/out.h"

enum explain_form { EXPLAIN_NAMES, EXPLAIN_NUMBERS };

/* A node as a formula. Operands with a name stop at it; expand: go on down to the
 * leaves. */
void explain_node(struct buf *b, const struct node *n, enum explain_form form,
                  bool expand, int digits);
void explain_value(struct buf *b, const struct node *n, int digits);
void explain_forward(struct out *o, const struct compiled *c);
/* Gradients of root, which must be a scalar: every gate in reverse, then the
 * products. */
struct error *explain_backward(struct out *o, struct compiled *c, struct board *b);
/* The same, of the way from root to one node alone. */
struct error *explain_backward_way(struct out *o, struct compiled *c, struct node *wrt);
struct error *explain_graph(struct out *o, struct compiled *c, struct board *b);
/* A box for each named formula in place of each gate. */
struct error *explain_graph_formulas(struct out *o, struct compiled *c,
                                     struct board *b);
/* Layers of neurons as circles and wires; an error where there are none. */
struct error *explain_graph_net(struct out *o, struct compiled *c, struct board *b);
/* The three methods for d of / d wrt (nodes of c->graph). */
struct error *explain_grad(struct out *o, struct compiled *c, struct node *wrt);
struct error *explain_check(struct out *o, struct compiled *c, struct board *b);
/* element: of wrt, or EXPLAIN_ALL. A layer's weight is told with the examples that push
 * it. */
#define EXPLAIN_ALL SIZE_MAX
struct error *explain_why(struct out *o, struct compiled *c, struct node *wrt,
                          size_t element, double rate);

#endif
