/* The rows of exercises about learning that goes well or badly: really run, then drawn,
 * or to be mended. To add one: a row of its level; its question's words in
 * text/words/practice.json. */
#include "practice/rows.h"

// clang-format off

/* ---- which rate made this curve? ---- */

#define DESCENT "x = {1..4}; y = {3..9}; param w = {-3..0}; E = (w*x - y)^2\n" \
                "descend E rate {k=0.01|0.02|0.4|0.6|2.05|2.1}/(2*x^2) steps 30 every 0"
#define WHICH "({k} > 0.1) + ({k} > 1.5)"
#define NOISY(rows, noise) "seed {s=1..9999}; A = normal(0, 1, " rows ", 3); " \
                           "B = (A[.., 0..0] + " noise "*normal(0, 1, " rows ", 1) > 0)\n" \
                           "use A, B test 0.5; net 3-16-1 tanh\n"
#define ON_TEST "(E at X = X.test, y = y.test)"
#define OF_THREE "drill.curve.small drill.curve.right drill.curve.large"

const struct exercise_row drill_curve[] = {
    {1, "plot E", "drill.curve.ask", WHICH, OF_THREE, .hidden = DESCENT, .why = "drill.curve.why", .sizes = true},
    {2, "plot E", "drill.curve.ask", WHICH, OF_THREE " drill.curve.stuck", .hidden = DESCENT, .why = "drill.curve.why", .sizes = true},
    {2, "plot E", "drill.curve.ask", "3", OF_THREE " drill.curve.stuck", .why = "drill.curve.why-stuck", .sizes = true,
     .hidden = "x = {1..4}; y = {3..9}; param w = {-3..-1}; h = relu(w*x); E = (h - y)^2\ndescend E rate {k=0.01|0.1} steps 30 every 0"},
    {3, "plot E", "drill.curve.ask", WHICH, OF_THREE " drill.curve.over", .hidden = DESCENT, .why = "drill.curve.why", .sizes = true},
    {3, "plot E", "drill.curve.ask", "3", OF_THREE " drill.curve.over", .hidden = NOISY("24", "1") "train E epochs 60 batch 12 rate 1",
     .needs = "(E < 0.2)*(" ON_TEST " > 0.7)", .why = "drill.curve.why-over", .sizes = true},
    {3, "plot E", "drill.curve.ask", "1", OF_THREE " drill.curve.over", .hidden = NOISY("120", "0.1") "train E epochs 40 batch 12 rate 0.5",
     .needs = "(E < 0.2)*(" ON_TEST " < 0.25)", .why = "drill.curve.why-right", .sizes = true},
    {0},
};

/* ---- a net that doesn't learn ---- */

#define ONE "x = {1..3}; y = {2..9}; param w = {-2..0}; E = (w*x - y)^2\n"
#define LEARNED "*(learned(E) > 0)"

const struct exercise_row drill_debug[] = {
    {1, ONE "descend E rate {1|2|3} steps 6", "drill.debug.ask", .hints = "drill.debug.rate", .until = "(E < 0.01)" LEARNED,
     .solution = "w = 0; descend E rate 0.05 steps 300 every 100", .why = "drill.debug.why-rate"},
    {1, ONE "descend E rate {0.0001|0.00001} steps 6", "drill.debug.ask", .hints = "drill.debug.rate", .until = "(E < 0.01)" LEARNED,
     .solution = "descend E rate 0.05 steps 300 every 100", .why = "drill.debug.why-small"},
    {1, ONE "repeat 5 { w = w + 0.05*dE/dw }\nw, E", "drill.debug.ask", .hints = "drill.debug.sign", .until = "(E < 0.01)" LEARNED,
     .solution = "w = 0; repeat 300 { w = w - 0.05*dE/dw }", .why = "drill.debug.why-sign"},
    {2, "x = [{1..4}00, {5..9}00]; y = now({2..5}*x/100); param w = 0\nE = mean((w*x - y)^2); descend E rate 0.1 steps 6", "drill.debug.ask",
     .hints = "drill.debug.scale", .until = "(E < 0.01)" LEARNED, .solution = "w = 0; x = x/100; descend E rate 0.01 steps 300 every 100", .why = "drill.debug.why-scale"},
    {2, "x = [1, 2, 3]; y = {2..4}*x; param w = {-5..-1}\nh = relu(w*x); E = mean((h - y)^2); descend E rate 0.1 steps 6", "drill.debug.ask",
     .hints = "drill.debug.dead", .until = "(E < 0.01)" LEARNED, .solution = "w = 1; descend E rate 0.05 steps 100 every 50", .why = "drill.debug.why-dead"},
    {3, "x = [1, 2, 3]; y = {2..4}*x; param w = {0..1}\nE = mean(w*x - y); descend E rate 0.5 steps 6", "drill.debug.fit", .hints = "drill.debug.loss",
     .until = "(max(abs(w*x - y)) < 0.1)" LEARNED, .solution = "w = 0; E = mean((w*x - y)^2); descend E rate 0.05 steps 100 every 50", .why = "drill.debug.why-loss"},
    {3, "x = [-2, -1, 1, {2..4}]; y = [0, 0, 1, 1]; param w = {-19..-12}\np = sigmoid(w*x); E = mean((p - y)^2); descend E rate 0.5 steps 6", "drill.debug.ask",
     .hints = "drill.debug.flat", .until = "(E < 0.1)" LEARNED, .solution = "w = 0; descend E rate 1 steps 100 every 50", .why = "drill.debug.why-flat"},
    {0},
};

// clang-format on
