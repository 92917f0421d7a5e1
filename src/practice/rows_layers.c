/* The rows of exercises about neurons and layers: sizes, cells, matrices, softmax,
 * reward. To add one: a row of its level; its question's words in
 * text/words/practice.json. */
#include "practice/rows.h"

// clang-format off

/* ---- sizes ---- */

const struct exercise_row drill_sizes[] = {
    {1, "X = zeros(1, {n=3..9}); O = dense(X, {m=2..6})", "drill.sizes.dense", "parameters(O)", .sizes = true, .worked = "summary O",
     .slips = {{"{n}*{m}", "slip.bias"}, {"{n}*{m} + {n}", "slip.bias-inputs"}, {"{n} + {m}", "slip.every-pair"}, {"{n}*{m} + 1", "slip.bias-one"}}},
    {2, "X = zeros(1, {n=4..12}); H = relu(dense(X, {m=3..6})); O = dense(H, {k=2..5})", "drill.sizes.net",
     "parameters(O)", .sizes = true, .worked = "summary O",
     .slips = {{"{n}*{m} + {m}*{k}", "slip.bias"}, {"{n}*{m}*{k}", "slip.every-pair"}, {"{n}*{m} + {m}", "slip.one-layer"}}},
    {3, "X = zeros(1, 1, {n=5..12}, {n}); C = conv(X, 1, size={k=2..5}, pad={p=0..2}, stride={s=1..3})", "drill.sizes.conv",
     "sum(0*C[0, 0, .., 0] + 1)", .sizes = true, .needs = "{k} > {p}", .worked = "summary C",
     .slips = {{"({n} - {k} + 2*{p})/{s}", "slip.window"}, {"{n}", "slip.same"}}},
    {3, "X = zeros(1, 1, {n=5..12}, {n}); C = conv(X, 1, size={k=3..5}, pad={p=1..2}, stride={s=1..3})", "drill.sizes.conv",
     "sum(0*C[0, 0, .., 0] + 1)", .sizes = true, .needs = "{k} > {p}", .worked = "summary C",
     .slips = {{"({n} - {k} + 2*{p})/{s}", "slip.window"}, {"({n} - {k} + {p})/{s} + 1", "slip.pad"}, {"({n} - {k})/{s} + 1", "slip.pad-none"}}},
    {4, "X = zeros(1, {c=2..5}, 9, 9); C = conv(X, {f=2..8}, size={k=2|3|5})", "drill.sizes.filters", "parameters(C)",
     .sizes = true, .worked = "summary C",
     .slips = {{"{k}*{k}*{c}*{f}", "slip.bias"}, {"{k}*{k}*{f} + {f}", "slip.channels"}, {"{k}*{k}*{c} + 1", "slip.filters"}, {"({k}*{k} + 1)*{c}*{f}", "slip.bias-channels"}}},
    {5, "X = zeros(1, 1, {n=8..20}, {n}); C = conv(X, 1, size={k=3|5}); P = maxpool(C, {q=2|3})", "drill.sizes.pool",
     "sum(0*P[0, 0, .., 0] + 1)", .sizes = true, .worked = "summary P",
     .slips = {{"({n} - {k})/{q}", "slip.window"}, {"{n}/{q}", "slip.conv"}, {"{n} - {k} + 1", "slip.pool"}}},
    {6, "X = zeros(1, 1, 40, 40)\nA = conv(X, 1, size={k=3|5}, stride={s=1|2})\nP = maxpool(A, 2, floor=1); C = conv(P, 1, size={m=3|5})",
     "drill.sizes.field", "1 + ({k} - 1) + {s} + 2*{s}*({m} - 1)", .sizes = true, .worked = "summary C",
     .slips = {{"{k} + 2 + {m}", "slip.field-sum"}, {"{k} + 1 + {m} - 1", "slip.field-stride"}, {"{k}*2*{m}", "slip.field-times"}}},
    {0},
};

/* ---- neurons ---- */

#define THRESHOLD "x = [{0|1}, {0|1}, {0|1}]; w = [{-2..4}, {-2..4}, {-2..4}]; T = {-1..4}"
#define PERCEPTRON "x = [{0|1|2}, {0|1|2}]; w = [{-2..3}, {-2..3}]; b = {-2..2}; y = {0|1}\n" \
                   "o = (sum(w*x) + b > 0)"

const struct exercise_row drill_neuron[] = {
    {1, THRESHOLD, "drill.neuron.on", "sum(w*x) >= T", .needs = "sum(x) > 1", .choices = "drill.neuron.0 drill.neuron.1", .worked = "sum(w*x), T"},
    {2, THRESHOLD, "drill.neuron.inverted", "sum(w*x) <= T", .needs = "sum(x) > 1", .choices = "drill.neuron.0 drill.neuron.1", .worked = "sum(w*x), T"},
    {2, THRESHOLD, "drill.neuron.bias", "sum(w*x) - T", .worked = "T, sum(w*x), sum(w*x) - T",
     .slips = {{"sum(w*x) + T", "slip.threshold-sign"}, {"sum(w*x)", "slip.bias-sum"}, {"sum(w) - T", "slip.inputs"}}},
    {3, PERCEPTRON, "drill.neuron.rule", "w[{i=0|1}] + {r=0.1|0.5|1}*(y - o)*x[{i}]", .needs = "abs(y - o)*x[{i}] > 0", .worked = "y - o, x[{i}], w + {r}*(y - o)*x",
     .slips = {{"w[{i}] - {r}*(y - o)*x[{i}]", "slip.rule-sign"}, {"{r}*(y - o)*x[{i}]", "slip.step-alone"}, {"w[{i}]", "slip.rule-none"}}},
    {4, PERCEPTRON, "drill.neuron.rule", "w[{i=0|1}] + {r=0.1|0.5}*(y - o)*x[{i}]", .worked = "y - o, x[{i}], w + {r}*(y - o)*x"},
    {4, PERCEPTRON, "drill.neuron.rule-bias", "b + {r=0.1|0.5}*(y - o)", .needs = "y != o", .worked = "b, y - o, b + {r}*(y - o)",
     .slips = {{"b - {r}*(y - o)", "slip.rule-sign"}, {"b", "slip.rule-none"}, {"b + (y - o)", "slip.rule-rate"}}},
    {0},
};

/* ---- layers ---- */

#define LAYER "W = [[{-3..4}, {-3..4}], [{-3..4}, {-3..4}]]; x = [{-2..5 not 0}, {-2..5 not 0}]\n"

const struct exercise_row drill_matrix[] = {
    {1, LAYER "h = W @ x", "drill.matrix.ask", "h[{i=0|1}]", .worked = "W[{i}], x, W[{i}]*x, sum(W[{i}]*x)",
     .slips = {{"(x @ W)[{i}]", "slip.columns"}, {"W[{i}, 0]*x[1] + W[{i}, 1]*x[0]", "slip.crossed"}, {"W[{i}, 0]*x[0]", "slip.one-product"},
               {"h[1 - {i}]", "slip.other-row"}}},
    {2, LAYER "d = [{-3..4 not 0}, {-3..4 not 0}]; h = W @ x; E = sum(d*h)", "drill.matrix.weight", "dE/dW[{i=0|1}, {j=0|1}]", .worked = "dE/dh, x, dE/dW"},
    {3, LAYER "d = [{-3..4 not 0}, {-3..4 not 0}]; h = W @ x; E = sum(d*h)", "drill.matrix.back", "dE/dx[{j=0|1}]", .worked = "dE/dh, W[.., {j}], dE/dx"},
    {4, "param W = [[{-3..4}, {-3..4}], [{-3..4}, {-3..4}]]; x = [{1..3}, {-2..3 not 0}]; y = [{0..3}, {0..3}]\n"
        "z = W @ x; h = relu(z); e = h - y; E = sum(e^2)", "drill.matrix.ask", "dE/dW[{i=0|1}, {j=0|1}]", .needs = "z[{i}] > 0", .worked = "dE/dh, dE/dz, x, dE/dW",
     .slips = {{"-dE/dW[{i}, {j}]", "slip.sign"}}},
    {0},
};

const struct exercise_row drill_softmax[] = {
    {1, "z = [{0|1}, {1|2}, {0|2|3}]; p = softmax(z)", "drill.softmax.share", "p[{i=0|1|2}]", .within = 0.01, .needs = "sum(z) != 0", .worked = "exp(z), sum(exp(z)), p",
     .slips = {{"z[{i}]/sum(z)", "slip.no-exp"}, {"exp(z[{i}])", "slip.no-share"}}},
    {2, "z = [[{0|1}, {1|2}, {0|2|3}]]; y = [[{c=0|1|2}]]\nE = cross_entropy(z, y)", "drill.softmax.gradient", "dE/dz[0, {c}]", .within = 0.01, .worked = "softmax(z), dE/dz",
     .slips = {{"softmax(z)[0, {c}]", "slip.truth"}}},
    {2, "z = [[{0|1}, {1|2}, {0|2|3}]]; y = [[{c=0|1|2}]]\nE = cross_entropy(z, y)", "drill.softmax.gradient", "dE/dz[0, {i=0|1|2}]", .within = 0.01, .needs = "{i} != {c}", .worked = "softmax(z), dE/dz",
     .slips = {{"softmax(z)[0, {i}] - 1", "slip.truth-other"}}},
    {3, "z = [[{0|1}, {1|2}, {0|2|3}]]; y = [[{c=0|1|2}]]\nE = cross_entropy(z, y)", "drill.softmax.loss", "E", .within = 0.01, .worked = "z, softmax(z), -log(softmax(z)[0, {c}])",
     .slips = {{"-E", "slip.log-sign"}, {"1 - softmax(z)[0, {c}]", "slip.log"}, {"softmax(z)[0, {c}]", "slip.log"}}},
    {0},
};

#define PICTURE "X = [[[[{0..4}, {0..4}, {0..4}], [{0..4}, {0..4}, {0..4}], [{0..4}, {0..4}, {0..4}]]]]\n"
#define KERNEL "[[{-1..2}, {-1..2}], [{-1..2}, {-1..2}]]"

const struct exercise_row drill_cell[] = {
    {1, PICTURE "K = [[" KERNEL "]]; C = conv(X, K)", "drill.cell.conv", "C[0, 0, {i=0|1}, {j=0|1}]", .worked = "trace C[0, 0, {i}, {j}]",
     .slips = {{"sum(X[0, 0, {i}..{i}+1, {j}..{j}+1])", "slip.kernel"}, {"C[0, 0, {j}, {i}]", "slip.row-column"},
               {"X[0, 0, {i}, {j}]*K[0, 0, 1, 1] + X[0, 0, {i}, {j}+1]*K[0, 0, 1, 0] + X[0, 0, {i}+1, {j}]*K[0, 0, 0, 1] + X[0, 0, {i}+1, {j}+1]*K[0, 0, 0, 0]", "slip.flipped"}},
     .needs = "{i} != {j}"},
    {2, "X = [[" KERNEL ", " KERNEL "]]; b = {-3..3 not 0}\nK = [[" KERNEL ", " KERNEL "]]; C = conv(X, K) + b", "drill.cell.channels", "C[0, 0, 0, 0]", .worked = "trace C[0, 0, 0, 0]",
     .slips = {{"C[0, 0, 0, 0] - b", "slip.bias"}, {"sum(X[0, 0]*K[0, 0]) + b", "slip.channels"}, {"C[0, 0, 0, 0] + b", "slip.bias-channels"}}},
    {3, "X = [[[[{0..9}, {0..9}], [{0..9}, {0..9}]]]]; P = maxpool(X, 2)", "drill.cell.pool", "P[0, 0, 0, 0]", .worked = "X, P",
     .slips = {{"mean(X)", "slip.pool-mean"}, {"sum(X)", "slip.pool-sum"}, {"min(X)", "slip.pool-min"}}},
    {4, "X = [[[[{0..9}, {0..9}], [{0..9}, {0..9}]]]]; G = {2..7}\nP = maxpool(X, 2); E = sum(G*P)", "drill.cell.route", "dE/dX[0, 0, {i=0|1}, {j=0|1}]", .worked = "X, P, dE/dX",
     .needs = "(X[0, 0, {i}, {j}] == max(X))*(sum(X == max(X)) == 1)",
     .slips = {{"G/4", "slip.both"}, {"G*max(X)", "slip.max-times"}, {"0", "slip.max-loser"}}},
    {4, "X = [[[[{0..9}, {0..9}], [{0..9}, {0..9}]]]]; G = {2..7}\nP = maxpool(X, 2); E = sum(G*P)", "drill.cell.route", "dE/dX[0, 0, {i=0|1}, {j=0|1}]", .worked = "X, P, dE/dX",
     .needs = "(X[0, 0, {i}, {j}] < max(X))*(sum(X == max(X)) == 1)*(X[0, 0, {i}, {j}] > 0)",
     .slips = {{"G", "slip.both"}, {"G/4", "slip.both"}, {"G*X[0, 0, {i}, {j}]", "slip.max-times"}}},
    {0},
};

/* ---- by reward ---- */

#define TABLE "Q = [[{0..8}, {0..8}], [{0..8}, {0..8}]]; r = {-2..10}\nrate = 0.5; gamma = {0.5|0.9}"

const struct exercise_row drill_q[] = {
    {1, TABLE, "drill.q.end", "Q[0, {a=0|1}] + rate*(r - Q[0, {a}])", .needs = "r != Q[0, {a}]", .worked = "Q[0, {a}], r - Q[0, {a}], Q[0, {a}] + rate*(r - Q[0, {a}])",
     .slips = {{"Q[0, {a}] + rate*r", "slip.q-difference"}, {"rate*(r - Q[0, {a}])", "slip.step-alone"}, {"r", "slip.q-rate"}, {"Q[0, {a}] - rate*(r - Q[0, {a}])", "slip.rule-sign"}}},
    {2, TABLE, "drill.q.ask", "Q[0, {a=0|1}] + rate*(r + gamma*max(Q[1]) - Q[0, {a}])", .needs = "Q[1, 0] != Q[1, 1]",
     .worked = "Q[1], r + gamma*max(Q[1])\nQ[0, {a}], Q[0, {a}] + rate*(r + gamma*max(Q[1]) - Q[0, {a}])",
     .slips = {{"Q[0, {a}] + rate*(r + max(Q[1]) - Q[0, {a}])", "slip.q-gamma"}, {"Q[0, {a}] + rate*(r - Q[0, {a}])", "slip.q-next"},
               {"Q[0, {a}] + rate*(r + gamma*min(Q[1]) - Q[0, {a}])", "slip.q-max"}, {"Q[0, {a}] + rate*(r + gamma*max(Q[1]))", "slip.q-difference"},
               {"r + gamma*max(Q[1])", "slip.q-rate"}}},
    {3, "Q = [[{0..8}, {0..8}, {0..8}, {0..8}], [{0..8}, {0..8}, {0..8}, {0..8}]]; r = {-4..9}\nrate = 0.5; gamma = 0.5", "drill.q.policy",
     "argmax(Q[0] + rate*(r + gamma*max(Q[1]) - Q[0])*one_hot({a=0..3}, 4))", .choices = "drill.q.up drill.q.right drill.q.down drill.q.left",
     .needs = "argmax(Q[0] + rate*(r + gamma*max(Q[1]) - Q[0])*one_hot({a}, 4)) != argmax(Q[0])",
     .worked = "Q[1], r + gamma*max(Q[1])\nQ[0], Q[0] + rate*(r + gamma*max(Q[1]) - Q[0])*one_hot({a}, 4)"},
    {0},
};

// clang-format on
