/* Arithmetic, comparisons and choices, element by element. */
#include "engine/gate_formulas.h"

// clang-format off
GATE_TWO(add, a + b, 1,     1)
GATE_TWO(sub, a - b, 1,     -1)
GATE_TWO(mul, a * b, b,     a)
GATE_TWO(div, a / b, 1 / b, -a / (b * b))
/* Both slopes have a hole, 0·∞ that is 0: a^0 is flat in a, and 0^b in b. */
GATE_TWO(power, pow(a, b), where(b == 0, 0, b * pow(a, b - 1)),
                           where(a == 0, where(b < 0, -f, 0), f * log(a)))
GATE_ONE(neg,      -a, -1)
GATE_ONE(identity, a,  1)

GATE_TWO(lt,   a < b,              0, 0)
GATE_TWO(gt,   a > b,              0, 0)
GATE_TWO(le,   a <= b,             0, 0)
GATE_TWO(ge,   a >= b,             0, 0)
GATE_TWO(eq,   a == b,             0, 0)
GATE_TWO(ne,   a != b,             0, 0)
GATE_TWO(near, abs(a - b) <= 1e-6, 0, 0)

/* ---- what people do instead ---- */

GATE_SLIP(slip_sum,      a + b)
GATE_SLIP(slip_product,  a * b)
GATE_SLIP(other_way,     b - a)
GATE_SLIP(upside_down,   b / a)
GATE_SLIP(div_unsigned,  a / (b * b))
GATE_SLIP(div_unsquared, -a / b)
GATE_SLIP(pow_lost,      pow(a, b - 1))

static const struct gate_slip add_slips[] = {
    {"add.times",   0, WRONG_LOCAL, slip_b, NULL},
    {"add.times",   1, WRONG_LOCAL, slip_a, NULL},
    {"add.product", 0, WRONG_VALUE, slip_product, NULL},
    {0},
};
static const struct gate_slip sub_slips[] = {
    {"sub.sign",   1, WRONG_LOCAL, slip_one, NULL},
    {"sub.turned", 0, WRONG_VALUE, other_way, NULL},
    {"sub.sum",    0, WRONG_VALUE, slip_sum, NULL},
    {0},
};
static const struct gate_slip mul_slips[] = {
    {"mul.own",     0, WRONG_LOCAL, slip_a, NULL},
    {"mul.own",     1, WRONG_LOCAL, slip_b, NULL},
    {"mul.through", SLIP_EACH, WRONG_LOCAL, slip_one, NULL},
    {"mul.sum",     0, WRONG_VALUE, slip_sum, NULL},
    {0},
};
static const struct gate_slip div_slips[] = {
    {"div.sign",    1, WRONG_LOCAL, div_unsigned, NULL},
    {"div.square",  1, WRONG_LOCAL, div_unsquared, NULL},
    {"div.through", 0, WRONG_LOCAL, slip_one, NULL},
    {"div.turned",  0, WRONG_VALUE, upside_down, NULL},
    {0},
};
static const struct gate_slip pow_slips[] = {
    {"pow.lost",   0, WRONG_LOCAL, pow_lost, NULL},
    {"pow.flat",   0, WRONG_LOCAL, slip_b, NULL},
    {"pow.whole",  0, WRONG_LOCAL, slip_f, NULL},
    {"pow.double", 0, WRONG_VALUE, slip_product, NULL},
    {0},
};
static const struct gate_slip neg_slips[] = {
    {"neg.sign", 0, WRONG_LOCAL, slip_one, NULL},
    {"neg.kept", 0, WRONG_VALUE, slip_a, NULL},
    {0},
};
// clang-format on

/* where(c, a, b): three operands, so written out. */
static void where_forward(struct node *n) {
    struct walk s = walk_first(n);
    do {
        for (size_t i = 0; i < s.n; i++) {
            int k = n->in[0]->value[s.at[0] + i * s.step[0]] != 0 ? 1 : 2;
            n->value[s.start + i] = n->in[k]->value[s.at[k] + i * s.step[k]];
        }
    } while (walk_next(n, &s));
}

static void where_backward(const struct node *n, int k, const real *up, real *out) {
    struct walk s = walk_first(n);
    if (k == 0) return;
    do {
        for (size_t i = 0; i < s.n; i++) {
            bool yes = n->in[0]->value[s.at[0] + i * s.step[0]] != 0;
            if (yes == (k == 1)) out[s.at[k] + i * s.step[k]] += up[s.start + i];
        }
    } while (walk_next(n, &s));
}

#define OVER .min_in = 2, .max_in = 2, .shape = gate_shape_over
#define COMPARES \
    .flags = GATE_ELEMENTWISE | GATE_FLAT, OVER, .precedence = HOLDS_COMPARE

// clang-format off
static const struct gate arithmetic[] = {
    {.name = "add", .sign = "+", .infix = " + ", .typed = "+", .precedence = HOLDS_SUM,
     OVER, GATE_TWO_OF(add), .slips = add_slips,
     .flags = GATE_ELEMENTWISE, .role = ROLE_SUM, .kernel = KERNEL_BIAS,
     .torch = "A + B", .onnx = "Add(A, B)",
     .example = "2 + 3",
     .test_from = -2, .test_to = 2},
    {.name = "sub", .sign = "−", .infix = " − ", .typed = "-", .precedence = HOLDS_SUM,
     OVER, GATE_TWO_OF(sub), .slips = sub_slips,
     .flags = GATE_ELEMENTWISE, .role = ROLE_DIFFERENCE,
     .torch = "A - B", .onnx = "Sub(A, B)",
     .example = "2 - 3",
     .test_from = -2, .test_to = 2},
    {.name = "mul", .sign = "×", .infix = "·", .typed = "*", .precedence = HOLDS_TERM,
     OVER, GATE_TWO_OF(mul), .slips = mul_slips,
     .flags = GATE_ELEMENTWISE, .role = ROLE_PRODUCT,
     .torch = "A * B", .onnx = "Mul(A, B)",
     .example = "2 * 3",
     .test_from = -2, .test_to = 2},
    {.name = "div", .sign = "÷", .infix = "/", .typed = "/", .precedence = HOLDS_TERM,
     OVER, GATE_TWO_OF(div), .slips = div_slips,
     .flags = GATE_ELEMENTWISE, .role = ROLE_QUOTIENT,
     .torch = "A / B", .onnx = "Div(A, B)",
     .example = "3 / 4",
     .test_from = 0.5, .test_to = 2},
    {.name = "pow", .sign = "^", .infix = "^", .typed = "^", .precedence = HOLDS_POWER,
     OVER, GATE_TWO_OF(power), .slips = pow_slips,
     .flags = GATE_ELEMENTWISE, .role = ROLE_POWER,
     .torch = "A ** B", .onnx = "Pow(A, B)",
     .example = "3^2",
     .test_from = 0.5, .test_to = 2},
    {.name = "neg", .sign = "−", .infix = "−", .typed = "-", .precedence = HOLDS_SIGN,
     .min_in = 1, .max_in = 1,
     .shape = gate_shape_same, GATE_ONE_OF(neg), .slips = neg_slips, .flags = GATE_ELEMENTWISE,
     .role = ROLE_NEGATIVE,
     .torch = "-A", .onnx = "Neg(A)",
     .example = "-(3)", .test_from = -2, .test_to = 2},
    {.name = "identity", .sign = "=", .min_in = 1, .max_in = 1,
     .shape = gate_shape_same,
     GATE_ONE_OF(identity), .flags = GATE_CALL | GATE_ELEMENTWISE | GATE_ACTIVATION,
     .role = ROLE_SAME, .torch = "A", .onnx = "Identity(A)",
     .example = "identity(3)", .test_from = -2, .test_to = 2},
    {.name = "where", .sign = "?", .min_in = 3, .max_in = 3, .shape = gate_shape_over,
     .forward = where_forward, .backward = where_backward,
     .local = {"0", "a != 0", "a == 0"}, .flags = GATE_CALL | GATE_ELEMENTWISE,
     .role = ROLE_CHOICE, .torch = "torch.where(A != 0, B, C)",
     .onnx = "Where(Not(Equal(A, 0)), B, C)",
     .example = "where(1 < 2, 10, 20)",
     .test_from = 0.5, .test_to = 2},
    {.name = "lt", .sign = "<", .infix = " < ", .typed = "<", COMPARES, GATE_TWO_OF(lt),
     .torch = "(A < B) * 1.0", .onnx = "Cast(Less(A, B), to=1)",
     .example = "1 < 2"},
    {.name = "gt", .sign = ">", .infix = " > ", .typed = ">", COMPARES, GATE_TWO_OF(gt),
     .torch = "(A > B) * 1.0", .onnx = "Cast(Greater(A, B), to=1)",
     .example = "1 > 2"},
    {.name = "le", .sign = "≤", .infix = " <= ", .typed = "<=",
     COMPARES, GATE_TWO_OF(le),
     .torch = "(A <= B) * 1.0", .onnx = "Cast(LessOrEqual(A, B), to=1)",
     .example = "2 <= 2"},
    {.name = "ge", .sign = "≥", .infix = " >= ", .typed = ">=",
     COMPARES, GATE_TWO_OF(ge),
     .torch = "(A >= B) * 1.0", .onnx = "Cast(GreaterOrEqual(A, B), to=1)",
     .example = "1 >= 2"},
    {.name = "eq", .sign = "=", .infix = " == ", .typed = "==",
     COMPARES, GATE_TWO_OF(eq), .role = ROLE_EQUALITY,
     .torch = "(A == B) * 1.0", .onnx = "Cast(Equal(A, B), to=1)",
     .example = "1 == 1"},
    {.name = "ne", .sign = "≠", .infix = " != ", .typed = "!=",
     COMPARES, GATE_TWO_OF(ne),
     .torch = "(A != B) * 1.0", .onnx = "Cast(Not(Equal(A, B)), to=1)",
     .example = "1 != 1"},
    {.name = "near", .sign = "≈", .infix = " ~= ", .typed = "~=",
     COMPARES, GATE_TWO_OF(near),
     .torch = "((A - B).abs() <= 1e-6) * 1.0",
     .onnx = "Cast(LessOrEqual(Abs(Sub(A, B)), 1e-6), to=1)",
     .example = "0.1 + 0.2 ~= 0.3"},
    {0},
};
// clang-format on

const struct gate *gates_arithmetic(void) { return arithmetic; }
