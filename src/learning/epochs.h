/* epochs: `train E epochs 5 batch 32 rate 0.1 [with momentum 0.9] [penalty 1e-4]
 * [patience 3]`: reads the order, goes through the data batch by batch (batched.h),
 * tells how it goes and keeps the record, one row an epoch.
 */
#ifndef LEARNING_EPOCHS_H
#define LEARNING_EPOCHS_H

#include "board/session.h"

struct error *epochs_train_command(struct session *s, const struct stmt *c);

#endif
