/* Functions of one number: the lecture's table of activations among them.
 *
 * relu'(0) = 1, as in the lecture's table. rrelu draws its slope between 1/8 and 1/3
 * while training in the paper (Xu et al. 2015); here it is the mean of the two, 11/48,
 * which is what the paper uses afterwards. */
#include "engine/gate_formulas.h"

// clang-format off
GATE_ONE(absolute, abs(a),  (a > 0) - (a < 0))
GATE_ONE(exp,      exp(a),  f)
GATE_ONE(log,      log(a),  1 / a)
GATE_ONE(sqrt,     sqrt(a), 1 / (2 * f))
GATE_ONE(sin,      sin(a),  cos(a))
GATE_ONE(cos,      cos(a),  -sin(a))

GATE_ONE(sigmoid,         1 / (1 + exp(-a)), f * (1 - f))
GATE_ONE(tanh,            tanh(a),           1 - f * f)
GATE_ONE(inverse_tangent, arctan(a),         1 / (1 + a * a))
GATE_ONE(softsign,        a / (1 + abs(a)),  1 / ((1 + abs(a)) * (1 + abs(a))))

GATE_ONE(binary_step, where(a < 0, 0, 1),             0)
GATE_ONE(relu,        where(a < 0, 0, a),             a >= 0)
GATE_ONE(leaky_relu,  where(a < 0, 0.01 * a, a),      where(a < 0, 0.01, 1))
GATE_ONE(rrelu,       where(a < 0, 11.0 / 48 * a, a), where(a < 0, 11.0 / 48, 1))
GATE_TWO(prelu, where(a < 0, b * a, a),            where(a < 0, b, 1),
                                                   where(a < 0, a, 0))
GATE_TWO(elu_of, where(a < 0, b * (exp(a) - 1), a), where(a < 0, b * exp(a), 1),
                                                   where(a < 0, exp(a) - 1, 0))
GATE_ONE(elu,   where(a < 0, exp(a) - 1, a),       where(a < 0, exp(a), 1))

/* far below 0 the 1 would swallow what is added: the logarithm's series there */
GATE_ONE(softplus, where(a > 36, a, where(a < -7,
    exp(a) * (1 - exp(a) * (1.0 / 2 - exp(a) / 3)), log(1 + exp(a)))),
                                                      1 / (1 + exp(-a)))
GATE_ONE(silu,     a / (1 + exp(-a)),                 f + (1 - f) / (1 + exp(-a)))
GATE_ONE(erf,      erf(a),                            1.1283791670955126 * exp(-a * a))
GATE_ONE(gelu,     a / 2 * (1 + erf(a / sqrt(2))),
                   (1 + erf(a / sqrt(2))) / 2 + 0.3989422804014327 * a * exp(-a * a / 2))
GATE_ONE(sign,     where(a > 0, 1, where(a < 0, -1, a)), 0)
GATE_ONE(floor,    floor(a),          0)
GATE_ONE(round,    round(a),          0)

/* ---- what people do instead ---- */

GATE_SLIP(one_less_f,     1 - f)
GATE_SLIP(f_less,         f * (1 - f))
GATE_SLIP(a_less,         a * (1 - a))
GATE_SLIP(one_less_a_a,   1 - a * a)
GATE_SLIP(one_over_f,     1 / f)
GATE_SLIP(sine,           sin(a))

#define SLIP_THROUGH {"curve.through", 0, WRONG_LOCAL, slip_one, NULL}
#define SLIP_ITSELF  {"curve.value", 0, WRONG_LOCAL, slip_f, NULL}

static const struct gate_slip curve_slips[] = {SLIP_THROUGH, SLIP_ITSELF, {0}};
static const struct gate_slip through_slips[] = {SLIP_THROUGH, {0}};
static const struct gate_slip abs_slips[] = {
    {"abs.sign", 0, WRONG_LOCAL, slip_one, NULL},
    {"abs.kept", 0, WRONG_VALUE, slip_a, NULL},
    {0},
};
static const struct gate_slip sqrt_slips[] = {
    {"sqrt.half", 0, WRONG_LOCAL, one_over_f, NULL}, SLIP_ITSELF, SLIP_THROUGH, {0},
};
static const struct gate_slip cos_slips[] = {
    {"cos.sign", 0, WRONG_LOCAL, sine, NULL}, SLIP_ITSELF, {0},
};
static const struct gate_slip sigmoid_slips[] = {
    SLIP_ITSELF,
    {"sigmoid.half",  0, WRONG_LOCAL, one_less_f, NULL},
    {"sigmoid.input", 0, WRONG_LOCAL, a_less, NULL},
    SLIP_THROUGH,
    {0},
};
static const struct gate_slip tanh_slips[] = {
    {"tanh.square",  0, WRONG_LOCAL, one_less_f, NULL},
    SLIP_ITSELF,
    {"tanh.input",   0, WRONG_LOCAL, one_less_a_a, NULL},
    {"tanh.sigmoid", 0, WRONG_LOCAL, f_less, NULL},
    SLIP_THROUGH,
    {0},
};
static const struct gate_slip relu_slips[] = {
    {"relu.open", 0, WRONG_LOCAL, slip_one, NULL},
    SLIP_ITSELF,
    {"relu.kept", 0, WRONG_VALUE, slip_a, NULL},
    {0},
};
// clang-format on

/* elu(x, a) is the row below. */
static struct error *shape_elu(struct node *n) {
    if (n->n_in == 1) return gate_shape_same(n);
    n->gate++;
    return gate_shape_over(n);
}

#define FUNCTION                                        \
    .min_in = 1, .max_in = 1, .shape = gate_shape_same, \
    .flags = GATE_CALL | GATE_ELEMENTWISE
#define STEPS                                           \
    .min_in = 1, .max_in = 1, .shape = gate_shape_same, \
    .flags = GATE_CALL | GATE_ELEMENTWISE | GATE_FLAT
#define ACTIVATION                                      \
    .min_in = 1, .max_in = 1, .shape = gate_shape_same, \
    .flags = GATE_CALL | GATE_ELEMENTWISE | GATE_ACTIVATION
#define ANYWHERE .test_from = -2, .test_to = 2
#define POSITIVE .test_from = 0.5, .test_to = 3

// clang-format off
static const struct gate functions[] = {
    {.name = "abs", .sign = "|□|", FUNCTION, GATE_ONE_OF(absolute), .slips = abs_slips,
     .torch = "torch.abs(A)", .onnx = "Abs(A)",
     .example = "abs(-3)", POSITIVE},
    {.name = "exp", .sign = "exp", FUNCTION, GATE_ONE_OF(exp), .slips = through_slips,
     .torch = "torch.exp(A)", .onnx = "Exp(A)",
     .example = "exp(1)", ANYWHERE},
    {.name = "log", .sign = "log", FUNCTION, GATE_ONE_OF(log), .slips = curve_slips,
     .torch = "torch.log(A)", .onnx = "Log(A)",
     .example = "log(2)", POSITIVE},
    {.name = "sqrt", .sign = "√", FUNCTION, GATE_ONE_OF(sqrt), .slips = sqrt_slips,
     .torch = "torch.sqrt(A)", .onnx = "Sqrt(A)",
     .example = "sqrt(9)", POSITIVE},
    {.name = "sin", .sign = "sin", FUNCTION, GATE_ONE_OF(sin), .slips = curve_slips,
     .torch = "torch.sin(A)", .onnx = "Sin(A)",
     .example = "sin(pi/2)", ANYWHERE},
    {.name = "cos", .sign = "cos", FUNCTION, GATE_ONE_OF(cos), .slips = cos_slips,
     .torch = "torch.cos(A)", .onnx = "Cos(A)",
     .example = "cos(pi)", ANYWHERE},
    {.name = "erf", .sign = "erf", FUNCTION, GATE_ONE_OF(erf),
     .torch = "torch.erf(A)", .onnx = "Erf(A)",
     .example = "erf(1)", ANYWHERE},
    {.name = "sign", .sign = "sign", STEPS, GATE_ONE_OF(sign),
     .torch = "torch.sign(A)", .onnx = "Sign(A)",
     .example = "sign(-3)"},
    {.name = "floor", .sign = "⌊□⌋", STEPS, GATE_ONE_OF(floor),
     .torch = "torch.floor(A)", .onnx = "Floor(A)",
     .example = "floor(-1.5)"},
    {.name = "round", .sign = "round", STEPS, GATE_ONE_OF(round),
     .torch = "torch.round(A)", .onnx = "Round(A)",
     .example = "round(1.7)"},
    {.name = "binary_step", .sign = "step", .min_in = 1, .max_in = 1,
     .shape = gate_shape_same, GATE_ONE_OF(binary_step),
     .flags = GATE_CALL | GATE_ELEMENTWISE | GATE_ACTIVATION | GATE_FLAT,
     .yes_from = 0.5,
     .torch = "(A >= 0) * 1.0", .onnx = "Cast(GreaterOrEqual(A, 0), to=1)",
     .example = "binary_step(-1)"},
    {.name = "sigmoid", .sign = "σ", ACTIVATION, GATE_ONE_OF(sigmoid), .slips = sigmoid_slips,
     .yes_from = 0.5, .kernel = KERNEL_SIGMOID,
     .torch = "torch.sigmoid(A)", .onnx = "Sigmoid(A)",
     .example = "sigmoid(0)", ANYWHERE},
    {.name = "tanh", .sign = "tanh", ACTIVATION, GATE_ONE_OF(tanh), .slips = tanh_slips,
     .kernel = KERNEL_TANH,
     .torch = "torch.tanh(A)", .onnx = "Tanh(A)",
     .example = "tanh(1)", ANYWHERE},
    {.name = "arctan", .sign = "arctan", ACTIVATION, GATE_ONE_OF(inverse_tangent), .slips = curve_slips,
     .torch = "torch.atan(A)", .onnx = "Atan(A)",
     .example = "arctan(1)", ANYWHERE},
    {.name = "softsign", .sign = "softsign", ACTIVATION, GATE_ONE_OF(softsign), .slips = curve_slips,
     .torch = "A / (1 + torch.abs(A))", .onnx = "Softsign(A)",
     .example = "softsign(1)", POSITIVE},
    {.name = "relu", .sign = "relu", ACTIVATION, GATE_ONE_OF(relu), .slips = relu_slips,
     .kernel = KERNEL_RELU,
     .torch = "torch.relu(A)", .onnx = "Relu(A)",
     .example = "relu(-1)", POSITIVE},
    {.name = "leaky_relu", .sign = "leaky", ACTIVATION, GATE_ONE_OF(leaky_relu), .slips = through_slips,
     .torch = "torch.nn.functional.leaky_relu(A, 0.01)",
     .onnx = "LeakyRelu(A, alpha=0.01)",
     .example = "leaky_relu(-1)",
     .test_from = -2, .test_to = -0.5},
    {.name = "rrelu", .sign = "rrelu", ACTIVATION, GATE_ONE_OF(rrelu), .slips = through_slips,
     .torch = "torch.nn.functional.leaky_relu(A, 11 / 48)",
     .onnx = "LeakyRelu(A, alpha=0.22916666666666666)",
     .example = "rrelu(-1)",
     .test_from = -2, .test_to = -0.5},
    {.name = "prelu", .sign = "prelu", .min_in = 2, .max_in = 2,
     .shape = gate_shape_over,
     .flags = GATE_CALL | GATE_ELEMENTWISE | GATE_CURVE, GATE_TWO_OF(prelu),
     .torch = "torch.where(A < 0, B * A, A)",
     .onnx = "Where(Less(A, 0), Mul(B, A), A)",
     .example = "prelu(-2, 0.25)",
     .test_from = -2, .test_to = -0.5},
    {.name = "softplus", .sign = "softplus", ACTIVATION, GATE_ONE_OF(softplus), .slips = curve_slips,
     .torch = "torch.nn.functional.softplus(A)", .onnx = "Softplus(A)",
     .example = "softplus(0)", ANYWHERE},
    {.name = "silu", .sign = "silu", ACTIVATION, GATE_ONE_OF(silu), .slips = curve_slips,
     .torch = "torch.nn.functional.silu(A)", .onnx = "Mul(A, Sigmoid(A))",
     .example = "silu(1)", ANYWHERE},
    {.name = "gelu", .sign = "gelu", ACTIVATION, GATE_ONE_OF(gelu), .slips = curve_slips,
     .torch = "torch.nn.functional.gelu(A)",
     .onnx = "Mul(Div(A, 2), Add(Erf(Div(A, 1.4142135623730951)), 1))",
     .example = "gelu(1)", ANYWHERE},
    {.name = "elu", .sign = "elu", .min_in = 1, .max_in = 2, .shape = shape_elu,
     .flags = GATE_CALL | GATE_ELEMENTWISE | GATE_ACTIVATION, GATE_ONE_OF(elu), .slips = through_slips,
     .torch = "torch.nn.functional.elu(A)", .onnx = "Elu(A)",
     .example = "elu(-1)",
     .test_from = -2, .test_to = -0.5},
    {.name = "elu", .sign = "elu", .min_in = 2, .max_in = 2, .shape = gate_shape_over,
     .flags = GATE_ELEMENTWISE, GATE_TWO_OF(elu_of),
     .torch = "torch.where(A < 0, B * (torch.exp(A.clamp(max=0)) - 1), A)",
     .onnx = "Where(Less(A, 0), Mul(B, Sub(Exp(A), 1)), A)",
     .example = "elu(-1, 1)",
     .test_from = -2, .test_to = -0.5},
    {0},
};
// clang-format on

const struct gate *gates_functions(void) { return functions; }
