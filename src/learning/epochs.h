/* training: batches and epochs on a data set: train and test. A batch stands in the
 * place of X and y everywhere in the formula; the engine's float trainer
 * (engine/train.h) does the work, this room reads the order, cuts the data, tells how
 * it goes and keeps the record, one row an epoch.
 */
#ifndef LEARNING_EPOCHS_H
#define LEARNING_EPOCHS_H

#include "board/session.h"

/* train E epochs 5 batch 32 rate 0.1 [with momentum 0.9] [penalty 1e-4] [patience 3] */
struct error *training_train_command(struct session *s, const struct stmt *c);
/* test O: accuracy, confusion matrix and the worst mistakes on the test part. */
struct error *training_test_command(struct session *s, const struct stmt *c);

#endif
