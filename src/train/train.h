/* train: batches through a graph in float, at the machine's speed. The graph is the
 * same one that explains itself in double; here its gates are planned once: order,
 * buffers and fused passes (bias and activation into the product that makes them,
 * pooling into its convolution, the plain update into the weight's gradient) are
 * decided by train_open, and the loop allocates nothing and cannot fail.
 *
 *     struct train *t;
 *     struct error *e = train_open(&t, &how);         // E of X [32, …] and y [32, …]
 *     for (…) loss += train_batch(t, x, y, rows);     // one update
 *     train_store(t);                                 // into the leaves, in double
 *     train_close(t);
 *
 * Ctrl-C (base/interrupt.h) ends a batch at once: its loss means nothing then. Layers
 * whose gradient was whole have taken their step, the others none.
 *
 * Work is cut into the same pieces whatever the number of threads and added in piece
 * order: the same seed gives the same numbers with one thread as with two.
 */
#ifndef TRAIN_TRAIN_H
#define TRAIN_TRAIN_H

#include "engine/graph.h"
#include "engine/optimisers.h"
#include "engine/run.h"

struct train_how {
    struct graph *graph; /* compiled with x and y as leaves of `batch` rows; borrowed */
    struct node *loss;   /* one number, a mean over the batch */
    struct node *output; /* what is compared with y (logits), for accuracy; or NULL */
    struct node *x, *y;  /* leaves; y may be NULL (an autoencoder) */
    struct node **params; /* leaves: where train_store puts the numbers; averages too */
    size_t n_params, batch;
    struct rule rule;
    double penalty; /* L2: adds penalty·w to the gradient of what is not a bias
                       (parameters of two or more dimensions) */
    uint64_t seed;  /* dropout's */
    int threads;
};

struct train;

/* The set of kernels (kernels.h) that batches are worked out by here, by name. */
struct error *train_kernels(const char **name);

/* Refused where a gate on the way has no float form. */
struct error *train_open(struct train **out, const struct train_how *how);
void train_close(struct train *t);
/* One update on `rows` rows, at most `batch` (the last batch of an epoch is shorter:
 * the mean is over its own rows). x: rows × numbers of a row, as the leaf has them.
 * Returns the loss before the update; where it is not finite nothing is updated. */
float train_batch(struct train *t, const float *x, const float *y, size_t rows);
/* Forward alone, without dropout: the loss, and output's rows (may be NULL). */
float train_look(struct train *t, const float *x, const float *y, size_t rows,
                 float *output);
size_t train_updates(const struct train *t);   /* so far */
void train_rate(struct train *t, double rate); /* from the next batch on */
void train_store(const struct train *t);       /* parameters into their leaves */
void train_load(struct train *t); /* and from them; the optimiser begins afresh */
size_t train_state_size(const struct train *t); /* floats: parameters and optimiser */
void train_save_state(const struct train *t, float *to);
void train_load_state(struct train *t, const float *from);

/* Numbers, in float, that a batch keeps or works with beside n's value and gradient:
 * shapes are enough. */
double train_room(const struct node *n);

#endif
