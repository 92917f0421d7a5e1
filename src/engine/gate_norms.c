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
 * i·w_step of the run. */
static void back_to_group(const struct node *n, struct group g, const real *w,
                          size_t w_step, const real *up, real *out) {
    const real *x = n->in[0]->value;
    struct spread s = spread_of(x, g);
    real scale = scale_of(n, s.variance), count = (real)(g.outer * g.inner);
    real sum = 0, along = 0;
    EACH_OF(g, i) {
        real slope = up[i] * w[c_ * w_step];
        sum += slope;
        along += slope * (x[i] - s.mean) * scale;
    }
    EACH_OF(g, i) {
        real own = (x[i] - s.mean) * scale;
        out[i] += scale * (up[i] * w[c_ * w_step] - sum / count - own * along / count);
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
            back_to_group(n, g, w, 1, up, out);
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
            back_to_group(n, g, w, 0, up, out);
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
static const struct gate norms[] = {
    {.name = "layernorm", .sign = "norm", .min_in = 3, .max_in = 3,
     .shape = shape_layernorm, .forward = layernorm_forward,
     .backward = layernorm_backward, NORM_CHECKED, .rows = ROWS_LAST,
     .rule = {"U·b/σ − means", "sum(U·(a − μ)/σ)", "sum(U)"},
     .forms = forms_layernorm},
    {.name = "batchnorm", .sign = "norm", .min_in = 5, .max_in = 5,
     .shape = shape_batchnorm, .forward = batchnorm_forward,
     .backward = batchnorm_backward, .passes = batchnorm_passes,
     .settle = batchnorm_settle, NORM_CHECKED,
     .rows = ROWS_SETTLED,
     .rule = {"U·b/σ − means", "sum(U·(a − μ)/σ)", "sum(U)", "−sum(U·b/σ)",
              "−sum(U·b·(a − μ)/(2·σ^3))"},
     .forms = forms_batchnorm},
    {0},
};
// clang-format on

const struct gate *gates_norms(void) { return norms; }
