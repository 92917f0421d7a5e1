/* THE TABLE of kinds. To add one: a row here, its rows of exercises in a rows_*.c,
 * named in rows.h, their words drill.NAME… in text/words/practice.json; what is said
 * to a mistake is `slip.NAME` there. tests/drill_test.py draws a thousand of each
 * level. */
#include "practice/rows.h"

// clang-format off
const struct drill_kind drill_kinds[] = {
    {"forward",  "순전파",     "backpropagation",      drill_forward},
    {"backward", "역전파",     "backpropagation",      drill_backward},
    {"gates",    "게이트",     "patterns",             drill_gates},
    {"update",   "업데이트",   "gradient-descent",     drill_update},
    {"mean",     "평균",       "linear-regression",    drill_mean},
    {"matrix",   "행렬",       "multi-layer",          drill_matrix},
    {"softmax",  "소프트맥스", "multi-layer",          drill_softmax},
    {"neuron",   "뉴런",       "perceptron-xor",       drill_neuron},
    {"sizes",    "크기",       "pooling-cnn",          drill_sizes},
    {"cell",     "칸",         "pooling-cnn",          drill_cell},
    {"curve",    "곡선",       "going-deep",           drill_curve},
    {"debug",    "고치기",     "going-deep",           drill_debug},
    {"q",        "보상",       "by-reward",            drill_q},
    {0},
};
// clang-format on
