/* train_inside: what a run of training is made of. A plan is a list of steps, made
 * once; a step is a gate as it stands (in float), or a fast kernel that does several at
 * once.
 *
 * Between fused steps activations stand in `rows`: an example a row, each row padded to
 * whole vectors with zeros. Gates as they stand use their node's own buffers, unpadded.
 */
#ifndef TRAIN_TRAIN_INSIDE_H
#define TRAIN_TRAIN_INSIDE_H

#include "train/kernels.h"
#include "train/team.h"
#include "train/train.h"

struct rows {
    float *value, *grad;
    size_t columns, ld; /* ld: from one row to the next */
};

/* A parameter as a matrix. Its numbers stand in train->numbers, in strips; those of one
 * row, and what is no matrix, one after another. */
struct param {
    struct node *leaf; /* the graph's, in double */
    struct node *node; /* its copy, in float */
    float *value, *grad;
    size_t at;         /* in train->numbers */
    size_t n, columns; /* n: with padding */
    bool decays;       /* has two dimensions or more: the penalty is for it */
    bool owned;        /* by one fused step, which writes its whole gradient */
    bool fused;        /* … or updates it at once; an average's gate does both */
};

struct step {
    void (*forward)(struct train *t, struct step *s);
    void (*backward)(struct train *t, struct step *s); /* NULL: nothing learns here */
    struct node *from, *to; /* the nodes whose values go in and come out */
    bool looking;           /* only for the output that is looked at */
    bool joined;            /* its rows out are the rows in of the one step after it */
    struct rows in, out;
    struct param *weights, *bias;
    void *more; /* the kernel's own */
};

struct train {
    struct arena *arena;
    struct train_how how;
    const struct kernels *kernels;
    const struct optimiser *optimiser; /* in float */
    struct node **settling;            /* gates that keep averages */
    size_t n_settling;
    struct node **copies; /* by the graph's ids; NULL: not needed */
    int n_copies;
    struct node *x, *y, *loss, *output; /* copies */
    struct rows *seen;                  /* output's, where a fused step makes it */
    struct param *params;
    float *numbers, *grads, *state;
    size_t n_numbers;
    struct step **steps;
    size_t n_steps;
    size_t rows; /* in this batch */
    size_t t;    /* updates taken */
    struct team *team;
};

/* May a kernel update what it has the gradient of? Clipping waits for all of them. */
static inline bool train_fuses(const struct train *t) {
    return t->optimiser->plain && t->how.rule.clip <= 0;
}

/* What stays of a parameter in a fused update: 1, less the penalty's pull. */
static inline float train_keep(const struct train *t, const struct param *p) {
    return p->decays ? 1 - (float)(t->how.rule.rate * t->how.penalty) : 1;
}

/* plan.c */
struct error *plan_make(struct train *t);
void plan_reshape(struct train *t, size_t rows);
struct error *plan_try_rows(struct train *t, size_t rows);

#endif
