/* Gates that make one number of several: sums, means, the largest along an axis; and
 * what goes along the last one, softmax, argmax and one_hot. */
#include <string.h>

#include "engine/forms.h"
#include "engine/gate_formulas.h"

/* ---- along an axis ----
 * The operand as outer × along × inner numbers; one result for each outer and inner. */
struct lanes {
    size_t outer, along, inner;
};

static struct lanes lanes_of(const struct node *n) {
    const struct node *in = n->in[0];
    struct lanes l = {1, in->size, 1};
    if (n->attr.has_axis) {
        l.along = 1;
        for (int d = 0; d < in->shape.n; d++) {
            size_t *part = d < n->attr.axis   ? &l.outer
                           : d > n->attr.axis ? &l.inner
                                              : &l.along;
            *part *= in->shape.dim[d];
        }
    }
    return l;
}

static struct error *check_axis(const struct node *n) {
    const struct node *in = n->in[0];
    if (!n->attr.has_axis || n->attr.axis < in->shape.n) return NULL;
    struct buf shape = {0}, axis = {0};
    shape_print(&shape, &in->shape);
    buf_printf(&axis, "%d", n->attr.axis);
    struct error *e = error_new("no-such-axis", "shape", buf_text(&shape), "axis",
                                buf_text(&axis), NULL);
    buf_free(&shape);
    buf_free(&axis);
    return e;
}

static struct error *shape_along(struct node *n) {
    n->shape = (struct shape){0};
    if (!n->attr.has_axis) return NULL;
    struct error *e = check_axis(n);
    n->shape = n->in[0]->shape;
    if (!e) n->shape.dim[n->attr.axis] = 1;
    return e;
}

/* For each lane: where it begins in the operand, and its place in the result. */
#define EACH_LANE(l, at, to)                            \
    for (size_t to = 0, at = 0; to < l.outer * l.inner; \
         to++, at = to / l.inner * l.along * l.inner + to % l.inner)

static void sum_forward(struct node *n) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) {
        real sum = 0;
        const real *in = n->in[0]->value + at;
        for (size_t i = 0; i < l.along; i++) sum += in[i * l.inner];
        n->value[to] = sum;
    }
}

static void sum_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        for (size_t i = 0; i < l.along; i++) out[at + i * l.inner] += up[to];
    }
}

static void mean_forward(struct node *n) {
    size_t along = lanes_of(n).along;
    sum_forward(n);
    for (size_t i = 0; i < n->size; i++) n->value[i] /= (real)along;
}

static void mean_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        real each = up[to] / (real)l.along;
        for (size_t i = 0; i < l.along; i++) out[at + i * l.inner] += each;
    }
}

/* The deviation divides by n. */
static real lane_mean(const struct node *n, struct lanes l, size_t at) {
    real sum = 0;
    for (size_t i = 0; i < l.along; i++) sum += n->in[0]->value[at + i * l.inner];
    return sum / (real)l.along;
}

static void std_forward(struct node *n) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) {
        real mean = lane_mean(n, l, at), sum = 0;
        for (size_t i = 0; i < l.along; i++) {
            real off = n->in[0]->value[at + i * l.inner] - mean;
            sum += off * off;
        }
        n->value[to] = sqrt(sum / (real)l.along);
    }
}

static void std_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        real mean = lane_mean(n, l, at), scale = (real)l.along * n->value[to];
        if (scale == 0) continue; /* all the same: a kink, flat by choice */
        for (size_t i = 0; i < l.along; i++) {
            real off = n->in[0]->value[at + i * l.inner] - mean;
            out[at + i * l.inner] += up[to] * off / scale;
        }
    }
}

static void var_forward(struct node *n) {
    std_forward(n);
    for (size_t i = 0; i < n->size; i++) n->value[i] *= n->value[i];
}

static void var_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        real mean = lane_mean(n, l, at), each = 2 * up[to] / (real)l.along;
        for (size_t i = 0; i < l.along; i++)
            out[at + i * l.inner] += each * (n->in[0]->value[at + i * l.inner] - mean);
    }
}

static void norm_forward(struct node *n) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) {
        real sum = 0;
        for (size_t i = 0; i < l.along; i++) {
            real v = n->in[0]->value[at + i * l.inner];
            sum += v * v;
        }
        n->value[to] = sqrt(sum);
    }
}

static void norm_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        if (n->value[to] == 0) continue; /* a kink, flat by choice */
        for (size_t i = 0; i < l.along; i++)
            out[at + i * l.inner] +=
                up[to] * n->in[0]->value[at + i * l.inner] / n->value[to];
    }
}

/* The product of a lane but for the number at `but` (l.along: of all). */
static real lane_product(const struct node *n, struct lanes l, size_t at, size_t but) {
    real product = 1;
    for (size_t i = 0; i < l.along; i++)
        product *= i == but ? 1 : n->in[0]->value[at + i * l.inner];
    return product;
}

static void prod_forward(struct node *n) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) n->value[to] = lane_product(n, l, at, l.along);
}

/* What a number is multiplied with; where it is 0 that is no quotient. */
static void prod_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of(n);
    (void)k;
    EACH_LANE(l, at, to) {
        for (size_t i = 0; i < l.along; i++) {
            real v = n->in[0]->value[at + i * l.inner];
            out[at + i * l.inner] +=
                up[to] * (v == 0 ? lane_product(n, l, at, i) : n->value[to] / v);
        }
    }
}

/* The first of the largest (or, sign −1, smallest) in a lane; what is no number stands
 * above all. */
static size_t lane_best(const struct node *n, struct lanes l, size_t at, real sign) {
    size_t best = 0;
    const real *in = n->in[0]->value + at;
    for (size_t i = 1; i < l.along; i++) {
        real v = sign * in[i * l.inner], most = sign * in[best * l.inner];
        if (v > most || (isnan(v) && !isnan(most))) best = i;
    }
    return best;
}

static void best_forward(struct node *n, real sign) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) {
        n->value[to] = n->in[0]->value[at + lane_best(n, l, at, sign) * l.inner];
    }
}

static void best_backward(const struct node *n, const real *up, real *out, real sign) {
    struct lanes l = lanes_of(n);
    EACH_LANE(l, at, to) out[at + lane_best(n, l, at, sign) * l.inner] += up[to];
}

static void max_forward(struct node *n) { best_forward(n, 1); }
static void min_forward(struct node *n) { best_forward(n, -1); }
static void max_backward(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    best_backward(n, up, out, 1);
}
static void min_backward(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    best_backward(n, up, out, -1);
}

/* max(a) looks along, max(a, b) element by element: then it is the row below. A tie
 * goes to the first; a sum is what can't be compared: not a number. */
// clang-format off
GATE_TWO(larger,  where(a >= b, a, where(a < b, b, a + b)), a >= b, a < b)
GATE_TWO(smaller, where(a <= b, a, where(a > b, b, a + b)), a <= b, a > b)
// clang-format on

static struct error *shape_max(struct node *n) {
    if (n->n_in == 1) return shape_along(n);
    n->gate++;
    return gate_shape_over(n);
}

static struct error *shape_min(struct node *n) {
    if (n->n_in == 1) return shape_along(n);
    n->gate++;
    return gate_shape_over(n);
}

/* ---- of the last axis ---- */

static size_t row_length(const struct node *in) {
    return in->shape.n ? in->shape.dim[in->shape.n - 1] : 1;
}

static struct error *shape_place(struct node *n) { /* the last axis goes away */
    n->shape = n->in[0]->shape;
    if (n->shape.n) n->shape.n--;
    return NULL;
}

static void place_forward(struct node *n, real sign) {
    struct lanes l = {n->size, row_length(n->in[0]), 1};
    for (size_t i = 0; i < n->size; i++) {
        n->value[i] = (real)lane_best(n, l, i * l.along, sign);
    }
}

static void argmax_forward(struct node *n) { place_forward(n, 1); }
static void argmin_forward(struct node *n) { place_forward(n, -1); }

static struct error *shape_softmax(struct node *n) {
    struct error *e = check_axis(n);
    return e ? e : gate_shape_same(n);
}

static struct lanes lanes_of_softmax(const struct node *n) {
    size_t length = row_length(n->in[0]);
    return n->attr.has_axis ? lanes_of(n) : (struct lanes){n->size / length, length, 1};
}

/* e^x over the lane's sum of them; its largest is taken off first, so that none
 * overflows. */
static void softmax_forward(struct node *n) {
    struct lanes l = lanes_of_softmax(n);
    EACH_LANE(l, at, lane) {
        const real *in = n->in[0]->value + at;
        real *f = n->value + at, top = in[lane_best(n, l, at, 1) * l.inner], sum = 0;
        for (size_t i = 0; i < l.along * l.inner; i += l.inner)
            sum += f[i] = exp(in[i] - top);
        for (size_t i = 0; i < l.along * l.inner; i += l.inner) f[i] /= sum;
    }
}

static void softmax_backward(const struct node *n, int k, const real *up, real *out) {
    struct lanes l = lanes_of_softmax(n);
    (void)k;
    EACH_LANE(l, at, lane) {
        const real *f = n->value + at, *u = up + at;
        real sum = 0;
        for (size_t i = 0; i < l.along * l.inner; i += l.inner) sum += u[i] * f[i];
        for (size_t i = 0; i < l.along * l.inner; i += l.inner)
            out[at + i] += f[i] * (u[i] - sum);
    }
}

static void forms_softmax(const struct node *n, struct forms *f) {
    int axis = n->attr.has_axis ? n->attr.axis : -1;
    buf_printf(&f->torch, "torch.softmax(A, %d)", axis);
    buf_printf(&f->onnx, "Softmax(A, axis=%d)", axis);
}

/* Class numbers [N] or [N, 1] become rows [N, classes]. */
static struct error *shape_one_hot(struct node *n) {
    const struct node *in = n->in[0];
    n->shape = in->shape;
    if (in->shape.n == 2 && in->shape.dim[1] == 1) n->shape.n = 1;
    if (n->shape.n == MAX_DIMS) return gate_shape_mismatch(in, NULL, "one-hot-dims");
    n->shape.dim[n->shape.n++] = (size_t)n->attr.count;
    return NULL;
}

static void one_hot_forward(struct node *n) {
    size_t classes = (size_t)n->attr.count;
    for (size_t i = 0; i < n->in[0]->size; i++) {
        real y = n->in[0]->value[i];
        bool is_class = y >= 0 && y < (real)classes && y == floor(y);
        for (size_t c = 0; c < classes; c++) {
            n->value[i * classes + c] = is_class ? y == (real)c : (real)NAN;
        }
    }
}

/* A column of class numbers beside a row of them all. */
static void forms_one_hot(const struct node *n, struct forms *f) {
    int rows = n->shape.n - 1;
    long column[MAX_DIMS];
    memcpy(column, f->size, sizeof column);
    column[rows] = 1;
    buf_add(&f->torch, "torch.nn.functional.one_hot(A.long().reshape(");
    form_list(f, &f->torch, f->size, rows);
    buf_printf(&f->torch, "), %d) * 1.0", n->attr.count);
    buf_add(&f->onnx, "Cast(Equal(Reshape(A, ");
    form_list(f, &f->onnx, column, rows + 1);
    buf_printf(&f->onnx, "), Range(0, %d, 1)), to=1)", n->attr.count);
}

/* ---- along an axis, elsewhere ---- */

/* ONNX's sum alone takes its axes as a tensor. */
static void forms_sum(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.sum(A%s)", form_along(&n->attr).torch);
    if (!n->attr.has_axis) buf_add(&f->onnx, "ReduceSum(A, keepdims=0)");
    else buf_printf(&f->onnx, "ReduceSum(A, [%d], keepdims=1)", n->attr.axis);
}

static void forms_mean(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.mean(A%s)", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "ReduceMean(A%s)", form_along(&n->attr).onnx);
}

static void forms_std(const struct node *n, struct forms *f) {
    struct form_along s = form_along(&n->attr);
    buf_printf(&f->torch, "torch.std(A%s, unbiased=False)", s.torch);
    buf_printf(&f->onnx, "Sqrt(ReduceMean(Pow(Sub(A, ReduceMean(A%s)), 2)%s))", s.onnx,
               s.onnx);
}

static void forms_var(const struct node *n, struct forms *f) {
    struct form_along s = form_along(&n->attr);
    buf_printf(&f->torch, "torch.var(A%s, unbiased=False)", s.torch);
    buf_printf(&f->onnx, "ReduceMean(Pow(Sub(A, ReduceMean(A%s)), 2)%s)", s.onnx,
               s.onnx);
}

static void forms_norm(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.sqrt(torch.sum(A * A%s))", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "Sqrt(ReduceSumSquare(A%s))", form_along(&n->attr).onnx);
}

static void forms_prod(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.prod(A%s)", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "ReduceProd(A%s)", form_along(&n->attr).onnx);
}

static void forms_max(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.amax(A%s)", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "ReduceMax(A%s)", form_along(&n->attr).onnx);
}

static void forms_min(const struct node *n, struct forms *f) {
    buf_printf(&f->torch, "torch.amin(A%s)", form_along(&n->attr).torch);
    buf_printf(&f->onnx, "ReduceMin(A%s)", form_along(&n->attr).onnx);
}

/* ---- what people do instead ---- */

// clang-format off
GATE_SLIP(a_is_less, a < b)
GATE_SLIP(b_is_less, a >= b)
GATE_SLIP(f_over_n, f / n)
GATE_SLIP(f_times_n, f * n)
GATE_SLIP(least_of, where(a < b, a, b))
GATE_SLIP(most_of, where(a < b, b, a))
GATE_SLIP(share_alone, f * (1 - f))

static const struct gate_slip sum_slips[] = {
    {"sum.mean",  0, WRONG_WALK, NULL, mean_backward},
    {"sum.value", 0, WRONG_VALUE, f_over_n, NULL},
    {0},
};
static const struct gate_slip mean_slips[] = {
    {"mean.sum",   0, WRONG_WALK, NULL, sum_backward},
    {"mean.value", 0, WRONG_VALUE, f_times_n, NULL},
    {0},
};
static const struct gate_slip along_slips[] = {
    {"choice.both", 0, WRONG_WALK, NULL, sum_backward},
    {0},
};
/* To the one that was not chosen, alone or too: it comes to the same on its wire. */
static const struct gate_slip larger_slips[] = {
    {"choice.loser", 0, WRONG_LOCAL, a_is_less, NULL},
    {"choice.loser", 1, WRONG_LOCAL, b_is_less, NULL},
    {"choice.value", 0, WRONG_VALUE, least_of, NULL},
    {0},
};
static const struct gate_slip smaller_slips[] = {
    {"choice.loser", 0, WRONG_LOCAL, b_is_less, NULL},
    {"choice.loser", 1, WRONG_LOCAL, a_is_less, NULL},
    {"choice.value", 0, WRONG_VALUE, most_of, NULL},
    {0},
};
static const struct gate_slip softmax_slips[] = {
    {"softmax.alone", 0, WRONG_LOCAL, share_alone, NULL},
    {0},
};
// clang-format on

#define ALONG                                                                       \
    .min_in = 1, .max_in = 1, .shape = shape_along, .flags = GATE_CALL | GATE_AXIS, \
    .test_from = -2, .test_to = 2

// clang-format off
static const struct gate folds[] = {
    {.name = "sum", .sign = "Σ", ALONG, .forward = sum_forward,
     .backward = sum_backward, .fold = FOLD_SUM, .rule = {"U"}, .slips = sum_slips,
     .forms = forms_sum,
     .example = "sum([1, 2, 3])"},
    {.name = "mean", .sign = "mean", ALONG, .forward = mean_forward,
     .backward = mean_backward, .fold = FOLD_MEAN, .rule = {"U / n"}, .slips = mean_slips,
     .forms = forms_mean,
     .example = "mean([1, 2, 3])"},
    {.name = "std", .sign = "std", ALONG, .forward = std_forward,
     .backward = std_backward, .fold = FOLD_SPREAD, .rule = {"U·(a − mean(a))/(n·f)"},
     .forms = forms_std,
     .example = "std([1, 2, 3])"},
    {.name = "var", .sign = "var", ALONG, .forward = var_forward,
     .backward = var_backward, .fold = FOLD_SPREAD, .rule = {"2·U·(a − mean(a))/n"},
     .forms = forms_var,
     .example = "var([1, 2, 3])"},
    {.name = "norm", .sign = "norm", ALONG, .forward = norm_forward,
     .backward = norm_backward, .fold = FOLD_SPREAD, .rule = {"U·a/f"},
     .forms = forms_norm,
     .example = "norm([3, 4])"},
    {.name = "prod", .sign = "Π", ALONG, .forward = prod_forward,
     .backward = prod_backward, .fold = FOLD_SPREAD, .rule = {"U·f/a"},
     .forms = forms_prod,
     .example = "prod([2, 3, 4])"},
    {.name = "max", .sign = "max", .min_in = 1, .max_in = 2, .shape = shape_max,
     .forward = max_forward, .backward = max_backward, .flags = GATE_CALL | GATE_AXIS,
     .fold = FOLD_MOST, .rule = {"U → the first largest"},
     .slips = along_slips,
     .forms = forms_max,
     .example = "max([1, 3, 2])", .test_from = -2, .test_to = 2},
    {.name = "max", .sign = "max", .min_in = 2, .max_in = 2, .shape = gate_shape_over,
     GATE_TWO_OF(larger), .slips = larger_slips, .flags = GATE_ELEMENTWISE, .fold = FOLD_MOST,
     .torch = "torch.maximum(A, B)", .onnx = "Max(A, B)",
     .example = "max(2, 3)", .test_from = -2, .test_to = 2},
    {.name = "min", .sign = "min", .min_in = 1, .max_in = 2, .shape = shape_min,
     .forward = min_forward, .backward = min_backward, .flags = GATE_CALL | GATE_AXIS,
     .fold = FOLD_LEAST, .rule = {"U → the first smallest"},
     .slips = along_slips,
     .forms = forms_min,
     .example = "min([3, 1, 2])", .test_from = -2, .test_to = 2},
    {.name = "min", .sign = "min", .min_in = 2, .max_in = 2, .shape = gate_shape_over,
     GATE_TWO_OF(smaller), .slips = smaller_slips, .flags = GATE_ELEMENTWISE, .fold = FOLD_LEAST,
     .torch = "torch.minimum(A, B)", .onnx = "Min(A, B)",
     .example = "min(2, 3)", .test_from = -2, .test_to = 2},
    {.name = "argmax", .sign = "argmax", .min_in = 1, .max_in = 1, .shape = shape_place,
     .forward = argmax_forward, .flags = GATE_CALL | GATE_NO_GRADIENT,
     .rows = ROWS_LAST,
     .torch = "torch.argmax(A, -1) * 1.0",
     .onnx = "Cast(ArgMax(A, axis=-1, keepdims=0), to=1)",
     .example = "argmax([1, 3, 2])"},
    {.name = "argmin", .sign = "argmin", .min_in = 1, .max_in = 1, .shape = shape_place,
     .forward = argmin_forward, .flags = GATE_CALL | GATE_NO_GRADIENT,
     .rows = ROWS_LAST,
     .torch = "torch.argmin(A, -1) * 1.0",
     .onnx = "Cast(ArgMin(A, axis=-1, keepdims=0), to=1)",
     .example = "argmin([3, 1, 2])"},
    {.name = "softmax", .sign = "softmax", .min_in = 1, .max_in = 1,
     .shape = shape_softmax, .forward = softmax_forward, .backward = softmax_backward,
     .flags = GATE_CALL | GATE_AXIS, .role = ROLE_SHARES, .rows = ROWS_LAST,
     .rule = {"f·(U − sum(U·f))"}, .slips = softmax_slips,
     .forms = forms_softmax,
     .example = "softmax([1, 2, 3])", .test_from = -2, .test_to = 2},
    {.name = "one_hot", .sign = "one_hot", .min_in = 1, .max_in = 1,
     .shape = shape_one_hot, .forward = one_hot_forward,
     .flags = GATE_CALL | GATE_NO_GRADIENT | GATE_COUNT, .rows = ROWS_EACH,
     .forms = forms_one_hot,
     .example = "one_hot([0, 2], 3)"},
    {0},
};
// clang-format on

const struct gate *gates_folds(void) { return folds; }
