/* test: how well a net answers on the part of the data set that it has not learned
 * from: `test O`: accuracy, confusion matrix and the worst mistakes.
 */
#ifndef LEARNING_TEST_H
#define LEARNING_TEST_H

#include "board/session.h"

struct error *test_command(struct session *s, const struct stmt *c);

#endif
