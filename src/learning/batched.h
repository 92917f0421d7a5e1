/* batched: a loss compiled to learn from a data set: a batch stands in the place of X
 * and y everywhere in the formula, the float trainer (train/train.h) does the work.
 * `train` (epochs.h) and `test` (test.h) both stand on it.
 *
 *     struct batched t = {.loss = e, .title = title, .batch = 32, .rule = rule};
 *     struct error *e = batched_open(s, &t);    // close it after an error too
 *     struct score now = batched_look(s, &t, &t.data.train);
 *     batched_close(&t);
 *
 * Rows are counted within the batch in hand. The title is freed by batched_close.
 */
#ifndef LEARNING_BATCHED_H
#define LEARNING_BATCHED_H

#include "board/compile.h"
#include "board/session.h"
#include "learning/batches.h"
#include "train/train.h"

struct batched {
    const struct expr *loss;
    char *title;
    size_t epochs, batch, patience; /* patience 0: none */
    struct rule rule;
    double penalty;
    double most; /* bytes that it may take; 0: as many as there are */
    struct batches data;
    struct compiled c;
    struct train *train;
    struct node *x, *y;  /* where a batch stands; y may be NULL */
    size_t in_hand;      /* rows of the one that was learned last */
    struct node *output; /* what y is compared with, where that is classes; or NULL */
    bool measures;   /* y is numbers, not classes: its output is wanted all the same */
    double yes_from; /* one neuron's answer means yes from here on */
    struct node **params;
    size_t n_params, classes;
    float *answers; /* output of one batch */
    /* Over batches its mean is not the whole's: X - mean(X, axis=0). At first only: of
     * batchnorm, until its averages have moved. */
    bool mixes, mixes_first;
    struct batched *eye; /* where it mixes: the same with all rows in a batch */
};

struct score {
    double loss, accuracy; /* nan where there is none */
};

struct error *batched_open(struct session *s, struct batched *t);
void batched_close(struct batched *t);
/* Who looks at t: t itself, or its eye with t's parameters. */
struct batched *batched_eye(struct batched *t);
/* The mean loss over a part of the data, and the share of right answers. */
struct score batched_look(struct session *s, struct batched *t, const struct part *p);
/* The class that the net answered in a row of the batch in hand, as looked at last. */
size_t batched_answer(const struct batched *t, size_t row);
/* The right class of a row: a number, or the largest of one-hot. */
size_t batched_truth(const struct batched *t, size_t row);

#endif
