/* truth: what y is, by the one rule that looks at it (data_classes, or what was said),
 * and so what a net's answers are compared with it by. `net` writes by it, `test`
 * tests.
 *
 *     struct truth t = truth_of(board_get(s->board, "y"));
 *     truth_loss(truth_answers(&t, 1, false))     // "binary_cross_entropy": of 0 and 1
 */
#ifndef LEARNING_TRUTH_H
#define LEARNING_TRUTH_H

#include "board/board.h"
#include "engine/gates.h"

enum truth_kind {
    TRUTH_UNKNOWN, /* no y, or a formula */
    TRUTH_CLASSES, /* their numbers */
    TRUTH_ONE_HOT, /* rows of 0 and a single 1 */
    TRUTH_SIGNS,   /* -1 and 1, a number a row */
    TRUTH_MEASURES
};

struct truth {
    enum truth_kind kind;
    size_t numbers, classes; /* in a row; of classes: how many */
    size_t below; /* all of them are 0, 1 … up to below this; 0: they are not */
};

struct truth truth_of(const struct def *y);
/* What so many answers a row are, that is which loss they go with. plain: nothing
 * squashes the last neuron. */
enum gate_answers truth_answers(const struct truth *t, size_t neurons, bool plain);
const char *truth_loss(enum gate_answers a);

#endif
