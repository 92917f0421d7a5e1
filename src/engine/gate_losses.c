/* Losses: one number that says how wrong. All are means. */
#include <stdio.h>
#include <string.h>

#include "engine/forms.h"
#include "engine/gate_formulas.h"

// clang-format off
GATE_MEAN_OF(l1, abs(a - b),        (a > b) - (a < b), (a < b) - (a > b))
GATE_MEAN_OF(l2, (a - b) * (a - b), 2 * (a - b),       -2 * (a - b))
GATE_MEAN_OF(hinge, where(a * b >= 1, 0, 1 - a * b), where(a * b < 1, -b, 0),
                                                    where(a * b < 1, -a, 0))
/* 0·log(0) counts 0: where the truth is sure, so may be the answer. */
GATE_MEAN_OF(bce,
    -(where(b == 0, 0, b * log(a)) + where(b == 1, 0, (1 - b) * log(1 - a))),
    where(b == 0, 1 / (1 - a), where(b == 1, -1 / a, (a - b) / (a * (1 - a)))),
    log(1 - a) - log(a))
// clang-format on

/* ---- binary cross-entropy behind a sigmoid: of p, y, and z, where p is sigmoid(z)
 * ---- Where p rounds to 0 or 1, log(p) is infinite and the sigmoid lets no gradient
 * through, so E is worked out from z itself: max(z, 0) − z·y + log(1 + e^−|z|). There z
 * gets its slope, p − y, straight from here; else through p, by the chain rule.
 */
static bool is_flat(real p) { return !(p * (1 - p) > 0); }

/* Is one of them flat, and z asked for its slope? Then all go the straight way: p − y
 * is right everywhere. */
static bool is_straight(const struct node *n) {
    const struct node *p = n->in[0];
    bool flat = false;
    for (size_t i = 0; i < p->size && !flat; i++) flat = is_flat(p->value[i]);
    return flat && n->in[2]->grad && graph_asked(n->attr.graph) != p;
}

static void logits_forward(struct node *n) {
    const struct node *y = n->in[1], *z = n->in[2];
    struct walk s = walk_first(n);
    real sum = 0;
    do {
        for (size_t i = 0; i < s.n; i++) {
            real v = z->value[s.at[2] + i * s.step[2]];
            sum += where(v > 0, v, 0) - v * y->value[s.at[1] + i * s.step[1]] +
                   log1p(exp(-abs(v)));
        }
    } while (walk_next(n, &s));
    n->value[0] = sum / (real)n->over_size;
}

/* Of one element. Who asks about p alone, and nothing below it, is told the truth
 * there: infinite. */
static real logits_slope(int k, bool straight, real p, real y, real z) {
    if (k == 0 && p == y) return straight ? 0 : is_flat(p) ? 1 - 2 * p : 0;
    if (k == 0) return straight ? 0 : (p - y) / (p * (1 - p));
    if (k == 1) return -z; /* log(1 − p) − log(p) */
    return straight ? p - y : 0;
}

static void logits_backward(const struct node *n, int k, const real *up, real *out) {
    struct walk s = walk_first(n);
    real each = up[0] / (real)n->over_size;
    bool straight = is_straight(n);
    do {
        for (size_t i = 0; i < s.n; i++) {
            real in[3];
            for (int j = 0; j < 3; j++)
                in[j] = n->in[j]->value[s.at[j] + i * s.step[j]];
            out[s.at[k] + i * s.step[k]] +=
                each * logits_slope(k, straight, in[0], in[1], in[2]);
        }
    } while (walk_next(n, &s));
}

static bool logits_passes(const struct node *n, int k) {
    return k == 1 || is_straight(n) == (k == 2);
}

static struct error *shape_binary(struct node *n) {
    const struct node *p = n->in[0];
    struct error *e = gate_shape_mean(n);
    bool behind = p->gate && p->gate->kernel == KERNEL_SIGMOID;
    if (e || !behind || p->size != n->over_size) return e;
    struct node **in = arena_alloc(graph_arena(n->attr.graph), 3, sizeof *in);
    memcpy(in, n->in, 2 * sizeof *in);
    in[2] = p->in[0];
    n->in = in;
    n->n_in = 3;
    n->gate++;
    return gate_shape_mean(n);
}

/* ---- cross-entropy ----
 * Rows of logits O [N, C] (or one row [C]) against class numbers [N], [N, 1] (or one
 * number), or against rows of probabilities (one-hot) of O's own shape. */
static size_t classes_of(const struct node *n) {
    const struct shape *s = &n->in[0]->shape;
    return s->n ? s->dim[s->n - 1] : 1;
}

static bool one_hot_given(const struct node *n) {
    return classes_of(n) > 1 && shape_equal(&n->in[0]->shape, &n->in[1]->shape);
}

static struct error *shape_rows(struct node *n) {
    const struct node *o = n->in[0], *y = n->in[1];
    n->shape = (struct shape){0};
    if (o->shape.n < 1 || o->shape.n > 2)
        return gate_shape_mismatch(o, y, "class-rows");
    size_t rows = o->size / classes_of(n);
    bool column = y->shape.n < 2 || (y->shape.n == 2 && y->shape.dim[1] == 1);
    if (one_hot_given(n) || (y->size == rows && column)) return NULL;
    return gate_shape_mismatch(o, y, "class-rows");
}

/* What truths the losses can be asked about. */
static bool is_class(const struct node *n, real y) {
    return one_hot_given(n) || (y >= 0 && y < (real)classes_of(n) && y == floor(y));
}
static bool is_chance(const struct node *n, real y) {
    return (void)n, y >= 0 && y <= 1;
}
static bool is_side(const struct node *n, real y) { return (void)n, y == 1 || y == -1; }

/* A softmax of one score would always be sure. */
static struct error *shape_entropy(struct node *n) {
    struct error *e = shape_rows(n);
    if (e || classes_of(n) > 1) return e;
    return gate_shape_mismatch(n->in[0], NULL, "one-class");
}

/* How much of the truth is class c in row r; nan where the row names no class. */
static real truth(const struct node *n, size_t classes, size_t r, size_t c) {
    if (one_hot_given(n)) return n->in[1]->value[r * classes + c];
    real y = n->in[1]->value[r];
    if (!(y >= 0 && y < (real)classes) || y != floor(y)) return NAN;
    return y == (real)c;
}

/* The log of the row's sum of e^logit. */
static real log_sum(const real *row, size_t classes) {
    real top = row[0], sum = 0;
    for (size_t c = 1; c < classes; c++) top = row[c] > top ? row[c] : top;
    for (size_t c = 0; c < classes; c++) sum += exp(row[c] - top);
    return top + log(sum);
}

static void cross_entropy_forward(struct node *n) {
    size_t classes = classes_of(n), rows = n->in[0]->size / classes;
    real sum = 0;
    for (size_t r = 0; r < rows; r++) {
        const real *row = n->in[0]->value + r * classes;
        real all = log_sum(row, classes);
        for (size_t c = 0; c < classes; c++) {
            real t = truth(n, classes, r, c);
            if (t != 0) sum += t * (all - row[c]);
        }
    }
    n->value[0] = sum / (real)rows;
}

static void cross_entropy_backward(const struct node *n, int k, const real *up,
                                   real *out) {
    size_t classes = classes_of(n), rows = n->in[0]->size / classes;
    real each = up[0] / (real)rows;
    if (k == 1 && !one_hot_given(n)) return; /* a class number has no slope */
    for (size_t r = 0; r < rows; r++) {
        const real *row = n->in[0]->value + r * classes;
        real all = log_sum(row, classes), given = 0;
        for (size_t c = 0; c < classes; c++) given += truth(n, classes, r, c);
        for (size_t c = 0; c < classes; c++) {
            real slope =
                k ? all - row[c] : given * exp(row[c] - all) - truth(n, classes, r, c);
            out[r * classes + c] += each * slope;
        }
    }
}

/* One neuron's answers [N] against [N]: no row of N classes. */
static bool one_neuron(const struct node *n) {
    const struct shape *s = &n->in[0]->shape;
    return s->n == 1 && shape_equal(s, &n->in[1]->shape);
}

/* What parts no from yes in one column: where the truth is -1 or 1 the sign, else a
 * half. */
static real middle_of(const struct node *truth) {
    for (size_t i = 0; i < truth->size; i++) {
        if (truth->value[i] < 0) return 0;
    }
    return (real)0.5;
}

/* The share of rows whose largest logit is the right class; of one column: whose number
 * is on the right side of the middle. */
static void accuracy_forward(struct node *n) {
    size_t classes = one_neuron(n) ? 1 : classes_of(n), rows = n->in[0]->size / classes;
    size_t right = 0;
    const real middle = middle_of(n->in[1]);
    for (size_t r = 0; r < rows; r++) {
        const real *row = n->in[0]->value + r * classes;
        size_t best = 0, is = 0;
        bool answers = !isnan(row[0]);
        for (size_t c = 1; c < classes; c++) {
            answers &= !isnan(row[c]);
            if (row[c] > row[best]) best = c;
            if (truth(n, classes, r, c) > truth(n, classes, r, is)) is = c;
        }
        if (!answers) continue; /* nothing is the largest */
        if (classes == 1) right += (row[0] >= middle) == (n->in[1]->value[r] >= middle);
        else right += best == is && truth(n, classes, r, is) > 0;
    }
    n->value[0] = (real)right / (real)rows;
}

static struct error *shape_accuracy(struct node *n) {
    n->shape = (struct shape){0};
    return one_neuron(n) ? NULL : shape_rows(n);
}

/* ---- the same elsewhere: three shapes of truth ---- */

static void forms_cross_entropy(const struct node *n, struct forms *f) {
    char truth[80] = "B";
    if (one_hot_given(n)) {
        buf_add(&f->torch, "-(B * torch.log_softmax(A, -1)).sum(-1).mean()");
    } else if (n->in[0]->shape.n == 1) {
        buf_add(&f->torch, "-torch.log_softmax(A, -1)[B.flatten().long()].mean()");
    } else {
        buf_add(&f->torch, "torch.nn.functional.cross_entropy(A, B.flatten().long())");
    }
    if (!one_hot_given(n)) {
        snprintf(truth, sizeof truth,
                 "Cast(Equal(Reshape(B, [-1, 1]), Range(0, %zu, 1)), to=1)",
                 classes_of(n));
    }
    buf_printf(&f->onnx,
               "Neg(ReduceMean(ReduceSum(Mul(%s, LogSoftmax(A, axis=-1)), [-1], "
               "keepdims=0), keepdims=0))",
               truth);
}

static void forms_accuracy(const struct node *n, struct forms *f) {
    if (one_neuron(n) || classes_of(n) == 1) {
        buf_add(&f->torch,
                "((A.flatten() >= 0.5 * (B.min() >= 0)) == "
                "(B.flatten() >= 0.5 * (B.min() >= 0))).double().mean()");
        buf_add(
            &f->onnx,
            "ReduceMean(Cast(Equal("
            "Less(Reshape(A, [-1]), Sub(0.5, Mul(0.5, "
            "Cast(Less(ReduceMin(B, keepdims=0), 0), to=1)))), "
            "Less(Reshape(B, [-1]), Sub(0.5, Mul(0.5, "
            "Cast(Less(ReduceMin(B, keepdims=0), 0), to=1))))), to=1), keepdims=0)");
    } else if (one_hot_given(n)) {
        buf_add(&f->torch, "(A.argmax(-1) == B.argmax(-1)).double().mean()");
        buf_add(&f->onnx,
                "ReduceMean(Cast(Equal(ArgMax(A, axis=-1, keepdims=0), "
                "ArgMax(B, axis=-1, keepdims=0)), to=1), keepdims=0)");
    } else {
        buf_add(&f->torch, "(A.argmax(-1) == B.flatten()).double().mean()");
        buf_add(&f->onnx,
                "ReduceMean(Cast(Equal(Reshape(ArgMax(A, axis=-1, keepdims=0), [-1]), "
                "Cast(Reshape(B, [-1]), to=7)), to=1), keepdims=0)");
    }
}

/* ---- what people do instead ---- */

// clang-format off
GATE_SLIP(a_half, (real)0.5)
GATE_SLIP(loss_sum, f * n)

static const struct gate_slip loss_slips[] = {
    {"loss.turned", SLIP_EACH, WRONG_TIMES, slip_minus, NULL},
    {"loss.n",      SLIP_EACH, WRONG_TIMES, slip_n, NULL},
    {0},
};
static const struct gate_slip l2_slips[] = {
    {"loss.n",      SLIP_EACH, WRONG_TIMES, slip_n, NULL},
    {"loss.lost",   SLIP_EACH, WRONG_TIMES, a_half, NULL},
    {"loss.turned", SLIP_EACH, WRONG_TIMES, slip_minus, NULL},
    {"loss.value",  0, WRONG_VALUE, loss_sum, NULL},
    {0},
};
// clang-format on

#define BINARY .flags = GATE_CALL | GATE_LOSS | GATE_MEAN, .min_in = 2, .max_in = 2
#define LOSS BINARY, .shape = gate_shape_mean

// clang-format off
static const struct gate losses[] = {
    {.name = "l1", .sign = "L1", LOSS, GATE_MEAN_OF_FORMULA(l1), .slips = loss_slips,
     .torch = "(A - B).abs().mean()",
     .onnx = "ReduceMean(Abs(Sub(A, B)), keepdims=0)",
     .example = "l1([1, 2], [3, 3])",
     .test_from = -2, .test_to = 2},
    {.name = "l2", .sign = "L2", LOSS, GATE_MEAN_OF_FORMULA(l2), .slips = l2_slips,
     .usual = true,
     .kernel = KERNEL_SQUARES,
     .torch = "((A - B) ** 2).mean()",
     .onnx = "ReduceMean(Pow(Sub(A, B), 2), keepdims=0)",
     .example = "l2([1, 2], [3, 3])",
     .test_from = -2, .test_to = 2},
    {.name = "cross_entropy", .sign = "CE", .flags = GATE_CALL | GATE_LOSS, .min_in = 2,
     .max_in = 2, .shape = shape_entropy, .forward = cross_entropy_forward,
     .backward = cross_entropy_backward, .rule = {"U·(softmax(a) − y)/N"},
     .slips = loss_slips,
     .rows = ROWS_PAIRED, .kernel = KERNEL_ENTROPY, .answers = ANSWERS_CLASSES, .usual = true,
      .labels = is_class,
     .forms = forms_cross_entropy,
     .example = "cross_entropy([1, 2, 3], 2)", .test_from = -2, .test_to = 2},
    {.name = "binary_cross_entropy", .sign = "BCE", BINARY, .shape = shape_binary,
     GATE_MEAN_OF_FORMULA(bce), .slips = loss_slips, .answers = ANSWERS_YES,
     .usual = true, .labels = is_chance,
     .torch = "-(B * torch.log(A) + (1 - B) * torch.log(1 - A)).mean()",
     .onnx = "Neg(ReduceMean(Add(Mul(B, Log(A)), Mul(Sub(1, B), Log(Sub(1, A)))), "
             "keepdims=0))",
     .example = "binary_cross_entropy(0.9, 1)", .test_from = 0.2, .test_to = 0.8},
    /* behind a sigmoid: of p, y and z */
    {.name = "binary_cross_entropy", .sign = "BCE",
     .flags = GATE_LOSS | GATE_MEAN, .min_in = 2, .max_in = 2,
     .shape = gate_shape_mean,
     .forward = logits_forward, .backward = logits_backward, .passes = logits_passes,
     .local = {bce_da, "-c", "a - b"}, .slips = loss_slips, .answers = ANSWERS_YES,
     .labels = is_chance,
     .torch = "(torch.relu(C) - C * B + torch.log1p(torch.exp(-torch.abs(C)))).mean()",
     .onnx = "ReduceMean(Add(Sub(Relu(C), Mul(C, B)), "
             "Log(Add(1, Exp(Neg(Abs(C)))))), keepdims=0)"},
    {.name = "hinge", .sign = "hinge", LOSS, GATE_MEAN_OF_FORMULA(hinge), .slips = loss_slips, .labels = is_side,
     .torch = "torch.relu(1 - A * B).mean()",
     .onnx = "ReduceMean(Relu(Sub(1, Mul(A, B))), keepdims=0)",
     .example = "hinge([0.5, -2], [1, -1])",
     .test_from = 0.1, .test_to = 0.9},
    {.name = "accuracy", .sign = "acc", .flags = GATE_CALL | GATE_NO_GRADIENT,
     .min_in = 2, .max_in = 2, .shape = shape_accuracy, .forward = accuracy_forward,
     .rows = ROWS_PAIRED,
     .forms = forms_accuracy,
     .example = "accuracy([[2, 1], [0, 3]], [0, 0])"},
    {0},
};
// clang-format on

const struct gate *gates_losses(void) { return losses; }
