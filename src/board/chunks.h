/* chunks: a formula over a large data set (LARGE_VALUE numbers and more) is worked out
 * a few hundred rows at a time, so that memory does not grow with the set.
 *
 * In chunks: what goes row by row from the set (elementwise formulas, dense, conv,
 * pools, flatten, softmax, argmax, one_hot, concat beside one another, sums along other
 * axes), the losses and accuracy, mean, sum, max and min over all rows, what is made of
 * those, and dE/dw of such a mean or sum. The parts of a mean are added by their rows:
 * the same number as the whole's, but for rounding. Where rows are taken out, as in
 * O[7] or C[7, 0], only these are worked out at all. Not in chunks: what mixes rows
 * (transpose, std, X - mean(X), X @ with rows on the right, the gradient of the set
 * itself): the whole set is worked with, or refused where memory is too small for it.
 */
#ifndef BOARD_CHUNKS_H
#define BOARD_CHUNKS_H

#include "board/board.h"
#include "engine/graph.h"

struct chunk;
struct builder;

/* The value of e, if it stands on a large set and can be cut: *out owned; else
 * NULL. */
struct error *chunks_value(struct board *b, const struct expr *e, struct tensor **out);

/* ---- for builder.c, while a chunk's graph is built ---- */

/* The leaf of a value that the chunk cuts, or NULL: not its business. */
struct node *chunk_leaf(struct builder *b, const char *name, const struct def *d);
/* How many rows base has to a person who counts them. */
size_t chunk_rows(struct builder *b, const struct node *base);
/* Rows from..to are taken out of base: where base goes row by row they become places in
 * the chunk. */
void chunk_index(struct builder *b, const struct node *base, size_t *from, size_t *to);

#endif
