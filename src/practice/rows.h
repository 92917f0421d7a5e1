/* rows: the rows of exercises of each kind, by level, for THE TABLE in kinds.c.
 *
 *     {"backward", "역전파", "backpropagation", drill_backward},
 */
#ifndef PRACTICE_ROWS_H
#define PRACTICE_ROWS_H

#include "practice/exercise.h"

extern const struct exercise_row drill_forward[], drill_backward[], drill_gates[],
    drill_update[], drill_mean[], drill_matrix[], drill_softmax[], drill_neuron[],
    drill_sizes[], drill_cell[], drill_curve[], drill_debug[], drill_q[];

#endif
