/* Layers that take numbers to mean 0 and deviation 1, then to a scale W and a shift b
 * of their own: layernorm each example's last axis by itself (Ba et al. 2016),
 * batchnorm each feature over the examples (Ioffe and Szegedy 2015). In PyTorch's
 * forms. */
#include <math.h>
#include <stdio.h>

#include "engine/forms.h"
#include "engine/gates_inside.h"
#include "engine/norms.h"
#include "text/number.h"

/* Where a group's numbers stand, whose mean and deviation are one: `outer` runs of
 * `inner` numbers, `step` apart. */
struct group {
    size_t start, outer, inner, step;
};

#define EACH_OF(g, i)                                                                  \
    for (size_t r_ = 0, i = (g).start; r_ < (g).outer; r_++)                           \
        for (size_t c_ = ((i = (g).start + r_ * (g).step), (size_t)0); c_ < (g).inner; \
             c_++, i++)

struct spread {
    real mean, variance;
};

static struct spread spread_of(const real *v, struct group g) {
    real n = (real)(g.outer * g.inner), sum = 0, squares = 0;
    EACH_OF(g, i) sum += v[i];
    real mean = sum / n;
    EACH_OF(g, i) squares += (v[i] - mean) * (v[i] - mean);
    return (struct spread){mean, squares / n};
}

static real scale_of(const struct node *n, real variance) {
    return 1 / (real)sqrt((double)variance + n->attr.epsilon);
}

/* What comes back to a group's numbers whose own mean and deviation they were taken to:
 * the slopes `up·w`, less their mean and less what goes along with the numbers. W's at
 * i·w_step of the run. without: what people leave out. */
enum without { NOTHING, THE_MEAN = 1, THE_SPREAD = 2, THE_SHARE = 4, THE_SCALE = 8 };
static void back_to_group(const struct node *n, struct group g, const real *w,
                          size_t w_step, const real *up, real *out, int without) {
    const real *x = n->in[0]->value;
    struct spread s = spread_of(x, g);
    real scale = scale_of(n, s.variance), count = (real)(g.outer * g.inner);
    real sum = 0, along = 0;
    EACH_OF(g, i) {
        real slope = up[i] * w[c_ * w_step];
        sum += slope;
        along += slope * (x[i] - s.mean) * scale;
    }
    if (without & THE_MEAN) sum = 0;
    if (without & THE_SPREAD) along = 0;
    if (without & THE_SHARE) count = 1;
    EACH_OF(g, i) {
        real own = (x[i] - s.mean) * scale;
        out[i] += (without & THE_SCALE ? 1 : scale) *
                  (up[i] * w[c_ * w_step] - sum / count - own * along / count);
    }
}

static struct error *check_vectors(struct node *n, size_t features) {
    for (int k = 1; k < n->n_in; k++) {
        const struct shape *s = &n->in[k]->shape;
        if (s->n != 1 || s->dim[0] != features)
            return gate_shape_mismatch(n->in[0], n->in[k], "norm-vector");
    }
    return gate_shape_same(n);
}

/* ---- layernorm(a, W, b) ---- */

static struct error *shape_layernorm(struct node *n) {
    return check_vectors(n, norm_last(&n->in[0]->shape));
}

static void layernorm_forward(struct node *n) {
    const real *x = n->in[0]->value, *w = n->in[1]->value, *b = n->in[2]->value;
    size_t width = norm_last(&n->shape);
    for (size_t at = 0; at < n->size; at += width) {
        struct spread s = spread_of(x, (struct group){at, 1, width, 0});
        real scale = scale_of(n, s.variance);
        for (size_t c = 0; c < width; c++)
            n->value[at + c] = (x[at + c] - s.mean) * scale * w[c] + b[c];
    }
}

static void layernorm_backward(const struct node *n, int k, const real *up, real *out) {
    const real *x = n->in[0]->value, *w = n->in[1]->value;
    size_t width = norm_last(&n->shape);
    for (size_t at = 0; at < n->size; at += width) {
        struct group g = {at, 1, width, 0};
        if (k == 0) {
            back_to_group(n, g, w, 1, up, out, NOTHING);
        } else if (k == 2) {
            for (size_t c = 0; c < width; c++) out[c] += up[at + c];
        } else {
            struct spread s = spread_of(x, g);
            real scale = scale_of(n, s.variance);
            for (size_t c = 0; c < width; c++)
                out[c] += up[at + c] * (x[at + c] - s.mean) * scale;
        }
    }
}

/* ---- batchnorm(a, W, b, mean, var) ----
 * While a graph learns, and until its averages have moved from where they begin, mean
 * and variance are the batch's; then they are the averages'. Where a feature has one
 * number (the one example that is left over of an epoch) it has no spread of its own:
 * PyTorch refuses it; here it goes by the averages, wherever they are, and leaves
 * them as they are. */

enum { WITH_W = 1, WITH_B, AVERAGE_MEAN, AVERAGE_VAR };
static const double towards_batch = 0.1; /* so far the averages go to each */

static struct error *shape_batchnorm(struct node *n) {
    return check_vectors(n, norm_features(&n->in[0]->shape));
}

static struct group feature(const struct node *n, size_t f) {
    size_t features = n->in[1]->size;
    size_t plane = n->shape.n == 4 ? n->shape.dim[2] * n->shape.dim[3] : 1;
    return (struct group){f * plane, n->size / features / plane, plane,
                          features * plane};
}

/* Of how many numbers a feature's mean is. */
static size_t each_has(const struct node *n) { return n->size / n->in[WITH_W]->size; }

static bool of_batch(const struct node *n) {
    const struct node *mean = n->in[AVERAGE_MEAN], *var = n->in[AVERAGE_VAR];
    if (each_has(n) == 1) return false;
    return graph_learns(n->attr.graph) ||
           !(norm_moved(NORM_MEAN, mean->value, mean->size) ||
             norm_moved(NORM_VAR, var->value, var->size));
}

static struct spread spread_now(const struct node *n, size_t f, bool batch) {
    if (batch) return spread_of(n->in[0]->value, feature(n, f));
    return (struct spread){n->in[AVERAGE_MEAN]->value[f], n->in[AVERAGE_VAR]->value[f]};
}

static void batchnorm_forward(struct node *n) {
    const real *x = n->in[0]->value;
    bool batch = of_batch(n);
    for (size_t f = 0; f < n->in[WITH_W]->size; f++) {
        struct group g = feature(n, f);
        struct spread s = spread_now(n, f, batch);
        real scale = scale_of(n, s.variance) * n->in[WITH_W]->value[f];
        real shift = n->in[WITH_B]->value[f];
        EACH_OF(g, i) n->value[i] = (x[i] - s.mean) * scale + shift;
    }
}

/* Of a batch nothing goes to the averages. */
static bool batchnorm_passes(const struct node *n, int k) {
    return k < AVERAGE_MEAN || !of_batch(n);
}

/* At rest the averages are numbers like others: what comes to them, and through them
 * nothing goes back to a. */
static void batchnorm_backward(const struct node *n, int k, const real *up, real *out) {
    const real *x = n->in[0]->value;
    bool batch = of_batch(n);
    if (k >= AVERAGE_MEAN && batch) return;
    for (size_t f = 0; f < n->in[WITH_W]->size; f++) {
        struct group g = feature(n, f);
        const real *w = n->in[WITH_W]->value + f;
        if (k == 0 && batch) {
            back_to_group(n, g, w, 0, up, out, NOTHING);
            continue;
        }
        struct spread s = spread_now(n, f, batch);
        real scale = scale_of(n, s.variance), sum = 0, along = 0;
        EACH_OF(g, i) {
            if (k == 0) out[i] += up[i] * *w * scale;
            sum += up[i];
            along += up[i] * (x[i] - s.mean);
        }
        if (k == WITH_W) out[f] += along * scale;
        else if (k == WITH_B) out[f] += sum;
        else if (k == AVERAGE_MEAN) out[f] -= sum * *w * scale;
        else if (k == AVERAGE_VAR) out[f] -= along * *w * scale * scale * scale / 2;
    }
}

/* The variance that an average goes to is n/(n − 1) of the batch's, as in PyTorch: so
 * much larger is that of all there may be. */
static void batchnorm_settle(const struct node *n, bool begin) {
    real *mean = n->in[AVERAGE_MEAN]->value, *var = n->in[AVERAGE_VAR]->value;
    real count = (real)each_has(n), part = begin ? 1 : (real)towards_batch;
    for (size_t f = 0; (begin || count > 1) && f < n->in[AVERAGE_VAR]->size; f++) {
        struct spread s = {NORM_MEAN, NORM_VAR};
        if (!begin) {
            s = spread_of(n->in[0]->value, feature(n, f));
            s.variance *= count / (count - 1);
        }
        mean[f] += part * (s.mean - mean[f]);
        var[f] += part * (s.variance - var[f]);
    }
}

/* ---- what people do instead ---- */

static bool is_layer(const struct node *n) { return n->n_in <= AVERAGE_MEAN; }
static bool is_fresh(const struct node *n) { return is_layer(n) || of_batch(n); }

static size_t count_groups(const struct node *n) {
    return is_layer(n) ? n->size / norm_last(&n->shape) : n->in[WITH_W]->size;
}

static struct group group_at(const struct node *n, size_t i) {
    size_t width = norm_last(&n->shape);
    return is_layer(n) ? (struct group){i * width, 1, width, 0} : feature(n, i);
}

/* At rest nothing goes through mean and spread, so nothing can be left out. */
static void back_without(const struct node *n, const real *up, real *out, int without) {
    const real *w = n->in[WITH_W]->value;
    if (!is_fresh(n)) n->gate->backward(n, 0, up, out);
    for (size_t i = 0; is_fresh(n) && i < count_groups(n); i++)
        back_to_group(n, group_at(n, i), is_layer(n) ? w : w + i, is_layer(n), up, out,
                      without);
}

#define NORM_WITHOUT(NAME, WHAT)                                               \
    static void NAME(const struct node *n, int k, const real *up, real *out) { \
        (void)k;                                                               \
        back_without(n, up, out, WHAT);                                        \
    }
NORM_WITHOUT(norm_straight, THE_MEAN | THE_SPREAD)
NORM_WITHOUT(norm_no_mean, THE_MEAN)
NORM_WITHOUT(norm_no_spread, THE_SPREAD)
NORM_WITHOUT(norm_no_share, THE_SHARE)
NORM_WITHOUT(norm_no_scale, THE_SCALE)

/* Its mean and spread, where element i stands. */
static struct spread spread_at(const struct node *n, size_t element, size_t *group) {
    size_t width = norm_last(&n->shape);
    *group = element / width;
    if (is_layer(n)) return spread_of(n->in[0]->value, group_at(n, *group));
    struct group g = feature(n, 0);
    *group = element / g.inner % n->in[WITH_W]->size;
    return spread_now(n, *group, of_batch(n));
}

/* To W: a as it is, or less its mean alone. */
static void to_w(const struct node *n, const real *up, real *out, bool centred) {
    for (size_t i = 0; i < n->size; i++) {
        size_t group;
        struct spread s = spread_at(n, i, &group);
        size_t at = is_layer(n) ? i % norm_last(&n->shape) : group;
        out[at] += up[i] * (n->in[0]->value[i] - (centred ? s.mean : 0));
    }
}

static void norm_raw(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    to_w(n, up, out, false);
}

static void norm_centred(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    to_w(n, up, out, true);
}

/* Forwards: less the mean alone; by the variance; without W and b. */
static void value_by(const struct node *n, int e, real *out, int which) {
    size_t i = (size_t)e, group;
    struct spread s = spread_at(n, i, &group);
    size_t at = is_layer(n) ? i % norm_last(&n->shape) : group;
    real own = n->in[0]->value[i] - s.mean, scale = scale_of(n, s.variance);
    bool plain = which == THE_SHARE;
    real by = which == THE_SCALE ? 1 : which == THE_SPREAD ? scale * scale : scale;
    real w = plain ? 1 : n->in[WITH_W]->value[at];
    *out = own * by * w + (plain ? 0 : n->in[WITH_B]->value[at]);
}

static void norm_undivided(const struct node *n, int e, const real *up, real *out) {
    (void)up;
    value_by(n, e, out, THE_SCALE);
}

static void norm_variance(const struct node *n, int e, const real *up, real *out) {
    (void)up;
    value_by(n, e, out, THE_SPREAD);
}

static void norm_plain(const struct node *n, int e, const real *up, real *out) {
    (void)up;
    value_by(n, e, out, THE_SHARE);
}

/* ---- the same elsewhere ---- */

static void forms_layernorm(const struct node *n, struct forms *f) {
    char epsilon[NUM_SIZE];
    num_exact(epsilon, n->attr.epsilon);
    buf_printf(&f->torch, "torch.nn.functional.layer_norm(A, [%zu], B, C, %s)",
               norm_last(&n->shape), epsilon);
    const char *mean = "ReduceMean(A, axes=[-1], keepdims=1)";
    const char *square =
        "ReduceMean(Mul(Sub(A, ReduceMean(A, axes=[-1], keepdims=1)), "
        "Sub(A, ReduceMean(A, axes=[-1], keepdims=1))), axes=[-1], "
        "keepdims=1)";
    buf_printf(&f->onnx, "Add(Mul(Div(Sub(A, %s), Sqrt(Add(%s, %s))), B), C)", mean,
               square, epsilon);
}

/* PyTorch and ONNX have the features on axis 1; of a vector and of [N, time, columns]
 * they are brought there and back. */
static void forms_batchnorm(const struct node *n, struct forms *f) {
    char epsilon[NUM_SIZE];
    num_exact(epsilon, n->attr.epsilon);
    int dims = n->shape.n;
    const char *there = dims == 3  ? "A.transpose(1, 2)"
                        : dims < 2 ? "A.reshape(-1, 1)"
                                   : "A";
    const char *back = dims == 3 ? ".transpose(1, 2)" : dims < 2 ? ".reshape(" : "";
    buf_printf(&f->torch,
               "torch.nn.functional.batch_norm(%s, *((D, E) if self.training else "
               "(D.clone(), E.clone())), B, C, A.numel() > D.numel() and "
               "(self.training or bool(D.eq(0).all() and E.eq(1).all())), %g, %s)%s",
               there, towards_batch, epsilon, back);
    if (dims < 2) {
        form_list(f, &f->torch, f->size, dims);
        buf_add(&f->torch, ")");
    }
    /* a file that no longer learns: of the batch where nothing was averaged yet */
    long over[MAX_DIMS], sizes[MAX_DIMS];
    int n_over = 0;
    for (int d = 0; d < dims; d++) {
        bool own = d == norm_axis(&n->shape);
        sizes[d] = own ? (long)n->shape.dim[d] : 1;
        if (!own) over[n_over++] = d;
    }
    struct buf mean = {0}, var = {0}, axes = {0};
    if (of_batch(n)) {
        form_list(f, &axes, over, n_over);
        buf_printf(&mean, "ReduceMean(A, axes=%s, keepdims=1)", buf_text(&axes));
        buf_printf(&var, "ReduceMean(Mul(Sub(A, %s), Sub(A, %s)), axes=%s, keepdims=1)",
                   buf_text(&mean), buf_text(&mean), buf_text(&axes));
    } else {
        form_list(f, &axes, sizes, dims);
        buf_printf(&mean, "Reshape(D, %s)", buf_text(&axes));
        buf_printf(&var, "Reshape(E, %s)", buf_text(&axes));
    }
    buf_clear(&axes);
    form_list(f, &axes, sizes, dims);
    buf_printf(&f->onnx,
               "Add(Mul(Div(Sub(A, %s), Sqrt(Add(%s, %s))), Reshape(B, %s)), "
               "Reshape(C, %s))",
               buf_text(&mean), buf_text(&var), epsilon, buf_text(&axes),
               buf_text(&axes));
    buf_free(&mean);
    buf_free(&var);
    buf_free(&axes);
}

#define NORM_CHECKED .test_from = 0.5, .test_to = 2

// clang-format off
static const struct gate_slip norm_slips[] = {
    {"norm.straight", 0, WRONG_WALK, NULL, norm_straight},
    {"norm.mean",     0, WRONG_WALK, NULL, norm_no_mean},
    {"norm.spread",   0, WRONG_WALK, NULL, norm_no_spread},
    {"norm.share",    0, WRONG_WALK, NULL, norm_no_share},
    {"norm.scale",    0, WRONG_WALK, NULL, norm_no_scale},
    {"norm.raw",      1, WRONG_WALK, NULL, norm_raw},
    {"norm.centred",  1, WRONG_WALK, NULL, norm_centred},
    {"norm.undivided", 0, WRONG_VALUE, NULL, norm_undivided},
    {"norm.variance", 0, WRONG_VALUE, NULL, norm_variance},
    {"norm.plain",    0, WRONG_VALUE, NULL, norm_plain},
    {0},
};

static const struct gate norms[] = {
    {.name = "layernorm", .sign = "norm", .min_in = 3, .max_in = 3,
     .shape = shape_layernorm, .forward = layernorm_forward,
     .backward = layernorm_backward, NORM_CHECKED, .rows = ROWS_LAST,
     .rule = {"U·b/σ − means", "sum(U·(a − μ)/σ)", "sum(U)"}, .slips = norm_slips,
     .forms = forms_layernorm},
    {.name = "batchnorm", .sign = "norm", .min_in = 5, .max_in = 5,
     .shape = shape_batchnorm, .forward = batchnorm_forward,
     .backward = batchnorm_backward, .passes = batchnorm_passes,
     .settle = batchnorm_settle, NORM_CHECKED,
     .rows = ROWS_SETTLED, .slips = norm_slips,
     .rule = {"U·b/σ − means", "sum(U·(a − μ)/σ)", "sum(U)", "−sum(U·b/σ)",
              "−sum(U·b·(a − μ)/(2·σ^3))"},
     .forms = forms_batchnorm},
    {0},
};
// clang-format on

const struct gate *gates_norms(void) { return norms; }
