/* fuse: finds the chains of gates that one fast kernel does: a dense layer
 * (product, bias, activation), a stack of convolutions (bias, relu, pool), a recurrent
 * layer, a loss. What
 * is not found stays gates.
 */
#ifndef TRAIN_FUSE_H
#define TRAIN_FUSE_H

#include "train/train_inside.h"

struct fusion {         /* all by node id */
    const bool *learns; /* a gradient comes by */
    bool *varies;       /* with the batch */
    bool *inside;       /* no step of its own, or no buffer */
    int *uses;          /* by gates, and by being the output */
    struct node **user; /* the last of them */
    struct step **ends; /* the step that makes this node */
    bool *kept;         /* is the output */
};

struct fusion *fuse(struct train *t, const bool *learns);
/* Once parameters and nodes have their places. */
void fuse_finish(struct train *t, struct fusion *f);

/* ---- what the families of chains need ---- */

bool fuse_is(const struct node *n, enum gate_kernel kernel);
/* The one gate that n goes into, where the chain may go on through it. */
struct node *fuse_next(const struct fusion *f, const struct node *n);
/* The parameter that a node is, where nothing else uses it. */
struct param *fuse_param(struct train *t, const struct fusion *f, const struct node *n);
/* Where a layer's examples really come from: flatten changes nothing in memory. */
struct node *fuse_source(struct fusion *f, struct node *n);
/* Rows for a step's results; the step is known by the node it ends with. */
void fuse_end(struct train *t, struct fusion *f, struct step *s, struct node *end,
              size_t columns);
/* Joins a step's rows in to those of the step that makes `from`, or sets from. */
void fuse_begin(struct train *t, struct fusion *f, struct step *s, struct node *from,
                size_t columns);

/* Values and gradients between rows and the nodes of gates as they stand. */
void rows_come_in(struct train *t, struct step *s);
void rows_go_out(struct train *t, struct step *s);
void rows_slopes_in(struct train *t, struct step *s);  /* into out.grad */
void rows_slopes_out(struct train *t, struct step *s); /* from in.grad */

/* A product in a piece for each thread. */
void dense_product(struct train *t, const struct dense_product *p);
/* Wᵀ, in strips as well; W has so many rows. */
void dense_turn(const struct train *t, const struct param *w, size_t rows, float *to);
/* A step writes p's whole gradient, or updates it at once; it has so many columns. */
void dense_own(struct param *p, size_t columns, bool fused);

/* ---- the families (dense.c, conv.c, recurrent.c) ---- */

void fuse_dense(struct train *t, struct fusion *f, struct node *n);
void fuse_recurrent(struct train *t, struct fusion *f, struct node *n);
void fuse_head(struct train *t, struct fusion *f, struct node *n);
void fuse_conv(struct train *t, struct fusion *f, struct node *n);

#endif
