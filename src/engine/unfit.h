/* unfit: what does not fit in a graph whose values are there: where a number came from
 * that is none, and labels that a loss cannot be asked about, or that an embedding has
 * no row for.
 *
 *     struct buf b = {0};
 *     if (unfit_number(g, &b, 6)) …      // "log(0), h[1, 0] = 0"
 *     struct error *e = unfit_label(g);  // row 2 says class 5; or NULL
 */
#ifndef ENGINE_UNFIT_H
#define ENGINE_UNFIT_H

#include "engine/graph.h"

/* The first gate that makes no ordinary number of ordinary ones, with those put in and,
 * where it has a name, which element it is. False: there is none. */
bool unfit_number(const struct graph *g, struct buf *to, int digits);
/* Where that gate has a reason of its own: a matrix that solve cannot undo; or NULL. */
struct error *unfit_gate(const struct graph *g);
/* The same of slopes, walked back to from the loss: sqrt(0), w = 0. */
bool unfit_slope(const struct graph *g, struct buf *to, int digits);
/* Is the first that is none a derivative? Then its slopes are in the graph. */
bool unfit_is_slope(const struct graph *g);
/* The first label that its gate does not take: class 3 where there are scores for 0 to
 * 2, 0 where a side of -1 and 1 is asked for, word 30 of 30. */
struct error *unfit_label(const struct graph *g);
/* The same of one label of a gate; rows are counted by the caller. */
struct error *unfit_label_of(const struct node *n, size_t row, double label);
/* The operand that has a gate's labels: a loss's y, an embedding's X; NULL: none. */
const struct node *unfit_labels(const struct node *n);
/* A softmax over one number, which is 1 whatever that number is, on the way to root: it
 * learns nothing. */
struct error *unfit_shares(const struct graph *g, const struct node *root);

#endif
