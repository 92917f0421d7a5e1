/* batches: the data set of the board, X and y with X.test and y.test, as rows of
 * floats, shuffled and cut into batches. Owner: the command that trains or tests.
 */
#ifndef LEARNING_BATCHES_H
#define LEARNING_BATCHES_H

#include "board/session.h"

struct part { /* one of the two parts */
    size_t rows;
    const struct def *x, *y; /* borrowed from the board; y may be NULL */
};

struct batches {
    struct part train, test; /* test.rows is 0 where there is none */
    size_t x_row, y_row;     /* numbers in a row */
    size_t size;             /* rows of a batch */
    size_t *order;           /* of the training rows */
    float *x, *y;            /* the batch in hand: size rows */
    real *row;               /* room for one as the board has it */
};

/* Refused where there is no data, or a number in it is not finite. */
struct error *batches_open(struct batches *b, struct session *s, size_t size);
void batches_close(struct batches *b);
/* Throws the order anew, for an epoch: the same for the same seed. */
void batches_shuffle(struct batches *b, uint64_t seed, size_t epoch);
/* Fills the batch with rows from `at` on (of the training part in shuffled order, or of
 * a part as it stands); returns how many. */
size_t batches_take(struct batches *b, size_t at);
size_t batches_take_of(struct batches *b, const struct part *p, size_t at);
/* The shape of X or y with `rows` rows. */
struct shape batches_shape(const struct def *d, size_t rows);

#endif
