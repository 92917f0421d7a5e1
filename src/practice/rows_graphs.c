/* The rows of exercises about graphs: forward, backward, gates, means, updates. To add
 * one: a row of its level; its question's words in text/words/practice.json. */
#include "practice/rows.h"

// clang-format off

#define NEURON "x = {1..5}; y = {1..9}; param w = {-3..4 not 0 1 2}\nh = w*x; E = (h - y)^2"
#define BIASED "x = {2..5}; y = {1..9}; param w = {-3..4 not 0 1 2}; param b = {-4..4 not 0}\n" \
               "h = w*x + b; E = (h - y)^2"
#define NET "x1 = {1..3}; x2 = {-2..2 not 0}; y = {1..5}\n" \
            "param a = {-2..3 not 0}; param b = {-2..3 not 0}; param c = {-2..3 not 0}; " \
            "param d = {-2..3 not 0}\n" \
            "h1 = relu(a*x1 + b*x2); h2 = relu(c*x1 + d*x2)\n" \
            "param u = {-2..3 not 0 1}; param v = {-2..3 not 0 1}\n" \
            "o = u*h1 + v*h2; E = (o - y)^2"

const struct exercise_row drill_forward[] = {
    {1, "x = {2..6}; w = {2..5}; b = {-4..9 not 0}\nh = w*x + b", "drill.forward.ask", "h",
     .worked = "forward h", .slips = {{"w*(x + b)", "slip.times-first"}, {"w + x + b", "slip.plus"}, {"w*x - b", "slip.taken"}}},
    {1, "x = {1..9}; y = {1..9}\ne = x - y; E = e^2", "drill.forward.ask", "E",
     .worked = "forward E", .slips = {{"2*e", "slip.doubled"}, {"x^2 - y^2", "slip.square-apart"}, {"e", "slip.square"}, {"-e^2", "slip.sign"}}},
    {2, NEURON, "drill.forward.ask", "E", .worked = "forward E",
     .slips = {{"2*(h - y)", "slip.doubled"}, {"(w + x - y)^2", "slip.plus"}, {"h - y", "slip.square"},
               {"-(h - y)^2", "slip.sign"}, {"(h + y)^2", "slip.minus"}}},
    {3, "a = {-5..8}; b = {-5..8}; c = {2..5}\nm = max(a, b); n = c*m; f = n - a", "drill.forward.ask", "f", .worked = "forward f",
     .slips = {{"c*(a + b) - a", "slip.max"}, {"c*min(a, b) - a", "slip.max"}, {"c*(m - a)", "slip.times-first"}}},
    {4, "x = {1..4}; y = {1..6}; w = {-3..3 not 0}; b = {-4..4 not 0}\nz = w*x + b; h = relu(z); e = h - y; E = e^2 + w^2",
     "drill.forward.ask", "E", .needs = "z < 0", .worked = "forward E",
     .slips = {{"(z - y)^2 + w^2", "slip.relu"}, {"e^2 + 2*w", "slip.doubled"}, {"e^2 + w", "slip.square"}}},
    {4, "x = {1..4}; y = {1..6}; w = {-3..3 not 0}; b = {-4..4 not 0}\nz = w*x + b; h = relu(z); e = h - y; E = e^2 + w^2",
     "drill.forward.ask", "E", .needs = "z > 0", .worked = "forward E",
     .slips = {{"y^2 + w^2", "slip.relu"}, {"e^2 + 2*w", "slip.doubled"}, {"e^2 + w", "slip.square"}, {"(h + y)^2 + w^2", "slip.minus"}}},
    {5, "x = {1..3}; w = {-2..2 not 0}; b = {-3..3}; v = {2..4}\nz = w*x + b; h = sigmoid(z); f = v*h - 1",
     "drill.forward.sigmoid", "f", .within = 0.01, .needs = "abs(z) < 4", .worked = "forward f",
     .slips = {{"v/(1 + exp(z)) - 1", "slip.exp-sign"}, {"v*z - 1", "slip.sigmoid"}}},
    {0},
};

const struct exercise_row drill_backward[] = {
    {1, NEURON, "drill.backward.ask", "dE/dw", .worked = "backward dE/dw",
     .slips = {{"-dE/dw", "slip.sign"}, {"E", "slip.value"}}},
    {1, NEURON, "drill.backward.ask", "dE/dx", .worked = "backward dE/dx",
     .slips = {{"-dE/dx", "slip.sign"}, {"E", "slip.value"}}},
    {2, BIASED, "drill.backward.ask", "dE/db", .worked = "backward dE/db",
     .slips = {{"-dE/db", "slip.sign"}, {"2*(h - y)*b", "slip.plus-times"}, {"E", "slip.value"}}},
    {2, BIASED, "drill.backward.ask", "dE/dw", .worked = "backward dE/dw",
     .slips = {{"-dE/dw", "slip.sign"}, {"E", "slip.value"}}},
    {3, "x = {2..5}; param w = {-3..4 not 0 1}\nh = w*x; e = h - w; E = e^2", "drill.backward.ask", "dE/dw", .worked = "backward dE/dw",
     .slips = {{"2*e*(x + 1)", "slip.minus-one"}}},
    {3, "x = {2..5}; param w = {-3..4 not 0 1}\nh = w*x; f = h*w", "drill.backward.ask", "df/dw", .worked = "backward df/dw",
     .slips = {{"-2*h", "slip.sign"}}},
    {4, "a = {-4..6}; b = {-4..6}; c = {2..5}; y = {1..9}\nm = max(a, b); h = c*m; E = (h - y)^2", "drill.backward.ask", "dE/da",
     .needs = "a > b", .worked = "backward dE/da",
     .slips = {{"-dE/da", "slip.sign"}, {"dE/dm*a", "slip.max-times"}}},
    {4, "a = {-4..6}; b = {-4..6}; c = {2..5}; y = {1..9}\nm = max(a, b); h = c*m; E = (h - y)^2", "drill.backward.ask", "dE/da",
     .needs = "a < b", .worked = "backward dE/da",
     .slips = {{"dE/dm", "slip.both"}, {"dE/dm/2", "slip.both"}, {"dE/dm*a", "slip.max-times"}}},
    {5, NET, "drill.backward.ask", "dE/d{p=a|b}", .needs = "h1 > 0", .worked = "backward dE/d{p}",
     .slips = {{"-dE/d{p}", "slip.sign"}}},
    {5, NET, "drill.backward.ask", "dE/d{p=c|d}", .needs = "h2 > 0", .worked = "backward dE/d{p}",
     .slips = {{"-dE/d{p}", "slip.sign"}}},
    {0},
};

const struct exercise_row drill_mean[] = {
    {1, "x = [{1..3}, {1..4}]; y = [{0..6}, {0..6}]; param w = {-2..3 not 0}\nE = mean((w*x - y)^2)", "drill.mean.ask", "dE/dw",
     .worked = "backward dE/dw",
     .slips = {{"-dE/dw", "slip.sign"}}},
    {2, "x = [{1..3}, {1..4}, {1..4}]; y = [{0..6}, {0..6}, {0..6}]; param w = {-2..3 not 0}\nE = mean((w*x - y)^2)", "drill.mean.ask", "dE/dw",
     .worked = "backward dE/dw",
     .slips = {{"-dE/dw", "slip.sign"}}},
    {3, "x = [{1..3}, {1..4}, {1..4}, {1..5}]; y = [{0..6}, {0..6}, {0..6}, {0..6}]\n"
        "param w = {-2..3 not 0}; param b = {-2..3 not 0}; E = mean((w*x + b - y)^2)", "drill.mean.ask", "dE/d{p=w|b}",
     .worked = "backward dE/d{p}",
     .slips = {{"-dE/d{p}", "slip.sign"}}},
    {0},
};

const struct exercise_row drill_update[] = {
    {1, NEURON, "drill.update.ask", "w - {r=0.1|0.5|0.01}*dE/dw", .worked = "step E rate {r}",
     .slips = {{"w + {r}*dE/dw", "slip.uphill"}, {"w - dE/dw", "slip.rate"}, {"{r}*dE/dw", "slip.step-alone"}, {"w - {r}*dE/dw/2", "slip.two"}, {"dE/dw", "slip.gradient"}}},
    {2, BIASED, "drill.update.bias", "b - {r=0.1|0.5|0.01}*dE/db", .worked = "step E rate {r}",
     .slips = {{"b + {r}*dE/db", "slip.uphill"}, {"b - dE/db", "slip.rate"}, {"b - {r}*2*((w - {r}*dE/dw)*x + b - y)", "slip.early"}, {"b - {r}*dE/db/2", "slip.two"}}},
    {3, "x = [{1..3}, {1..4}, {1..4}]; y = [{0..6}, {0..6}, {0..6}]\nparam w = {-2..3 not 0}; E = mean((w*x - y)^2)",
     "drill.update.ask", "w - {r=0.1|0.5|0.01}*dE/dw", .worked = "step E rate {r}",
     .slips = {{"w + {r}*dE/dw", "slip.uphill"}, {"w - {r}*3*dE/dw", "slip.mean"}, {"w - dE/dw", "slip.rate"}, {"w - {r}*dE/dw/2", "slip.two"}}},
    {4, "x = {1..4}; y = {1..9}; param w = {-3..4 not 0 1}; v = {-6..6 not 0}\nE = (w*x - y)^2", "drill.update.momentum",
     "w - {r=0.1|0.5}*(0.5*v + dE/dw)", .worked = "v = 0.5*v + dE/dw; w - {r}*v",
     .slips = {{"w - {r}*dE/dw", "slip.momentum"}, {"w - {r}*(v + dE/dw)", "slip.momentum-share"}, {"w + {r}*(0.5*v + dE/dw)", "slip.uphill"}}},
    {5, "x = {1..4}; y = {1..9}; param w = {-3..4 not 0 1}\nE = (w*x - y)^2", "drill.update.adam",
     "w - {r=0.1|0.2|0.5}*sign(dE/dw)", .worked = "step E rate {r} with adam",
     .slips = {{"w - {r}*dE/dw", "slip.adam"}, {"w + {r}*sign(dE/dw)", "slip.uphill"}}},
    {0},
};

/* Which operand gets what: one gate, with something from above, three in a row. */
const struct exercise_row drill_gates[] = {
    {1, "a = {2..9}; b = {2..9}\nf = a*b", "drill.gates.ask", "df/d{p=a|b}", .worked = "backward df/d{p}",
     .slips = {{"f", "slip.value"}, {"2*{p}", "slip.times-square"}}},
    {1, "a = {2..9}; b = {2..9}\nf = a + b", "drill.gates.ask", "df/d{p=a|b}", .worked = "backward df/d{p}",
     .slips = {{"{p}", "slip.plus-times"}, {"f", "slip.value"}, {"0.5", "slip.plus-half"}}},
    {1, "a = {2..9}; b = {2..9}\nf = a - b", "drill.gates.ask", "df/db", .worked = "backward df/db",
     .slips = {{"1", "slip.minus-one"}, {"b", "slip.plus-times"}, {"-b", "slip.plus-times"}, {"f", "slip.value"}}},
    {1, "a = {-5..9}; b = {-5..9}\nf = max(a, b)", "drill.gates.ask", "df/da", .needs = "a > b", .worked = "backward df/da",
     .slips = {{"0.5", "slip.both"}, {"a", "slip.max-times"}, {"0", "slip.max-loser"}}},
    {1, "a = {-5..9}; b = {-5..9}\nf = max(a, b)", "drill.gates.ask", "df/db", .needs = "a > b", .worked = "backward df/db",
     .slips = {{"0.5", "slip.both"}, {"1", "slip.both"}, {"a", "slip.max-times"}}},
    {2, "a = {2..9}; b = {2..9}; c = {2..5}\nh = a*b; f = c*h", "drill.gates.ask", "df/d{p=a|b}", .worked = "backward df/d{p}",
     .slips = {{"f", "slip.value"}}},
    {2, "a = {2..9}; b = {2..9}; c = {2..5}\nh = a + b; f = c*h", "drill.gates.ask", "df/d{p=a|b}", .worked = "backward df/d{p}",
     .slips = {{"c*{p}", "slip.plus-times"}, {"f", "slip.value"}}},
    {2, "a = {2..9}; c = {3..5}\nh = a^2; f = c*h", "drill.gates.ask", "df/da", .worked = "backward df/da",
     .slips = {{"c", "slip.local-square"}, {"f", "slip.value"}}},
    {3, "a = {2..5}; b = {2..5}; c = {-9..9 not 0}\np = a*b; q = p + c; f = q^2", "drill.gates.ask", "df/d{p=a|b}", .worked = "backward df/d{p}"},
    {3, "a = {2..6}; b = {-6..6}; c = {2..4}\np = a + b; q = p*c; f = q^2", "drill.gates.ask", "df/da", .worked = "backward df/da",
     .slips = {{"2*q*c*a", "slip.plus-times"}}},
    {3, "a = {-5..6}; b = {-5..6}; c = {2..4}\np = max(a, b); q = c - p; f = q^2", "drill.gates.ask", "df/da", .needs = "a > b", .worked = "backward df/da",
     .slips = {{"2*q", "slip.minus-one"}, {"0", "slip.max-loser"}, {"-2*q*a", "slip.max-times"}}},
    {0},
};
// clang-format on
