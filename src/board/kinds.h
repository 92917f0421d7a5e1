/* kinds: what each node of a graph is to somebody who sees some rows of a data set at a
 * time: rows itself, a mean over them, or what needs all of them at once. A large set
 * is worked out in chunks by it (chunks.h), and learning in batches knows by it whether
 * the mean over the batches is the whole's.
 *
 *     struct kinds k = {.rows = 32};               // in hand
 *     kinds_cut(&k, x);                            // this leaf shows them
 *     if (kinds_of(&k, g, loss) == KIND_MEAN) …
 *     kinds_free(&k);
 */
#ifndef BOARD_KINDS_H
#define BOARD_KINDS_H

#include <stdbool.h>

#include "engine/graph.h"

enum kind {
    KIND_FIXED, /* stands on no row */
    KIND_ROWS,  /* its first dimension is the rows */
    KIND_MEAN,
    KIND_SUM,
    KIND_MOST,
    KIND_LEAST, /* over rows: the parts are put together so */
    KIND_AFTER, /* made of these: worked out when they are together */
    KIND_WHOLE  /* needs all rows at once */
};

struct kinds {
    size_t rows;
    bool found; /* what is taken out, X[7], is found wherever it stands (chunk_index);
                   else X[7] is the seventh in hand */
    bool rest;  /* averages of layers that keep some have moved, or soon will */
    const struct node **cuts; /* leaves that show them; owned, the nodes not */
    size_t n_cuts;
    /* By the graph's ids, as far as they were asked for; owned. */
    enum kind *of;
    bool *average; /* kinds_average */
    int n, cap;
};

void kinds_cut(struct kinds *k, const struct node *leaf);
enum kind kinds_of(struct kinds *k, const struct graph *g, const struct node *n);
/* Is the mean of what it is in each batch, weighed by their rows, what it is in the
 * whole? A mean over rows, and sums of such; not its root or its square. */
bool kinds_average(struct kinds *k, const struct graph *g, const struct node *n);
void kinds_free(struct kinds *k);

#endif
