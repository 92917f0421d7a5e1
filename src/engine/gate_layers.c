/* Layers: pictures are [N, channels, rows, columns], batch first. These loops are the
 * plain ones that say what is meant; train's float kernels are checked against them. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "base/whole.h"
#include "engine/forms.h"
#include "engine/gates_inside.h"
#include "engine/window.h"
#include "text/number.h"

/* ---- a window on its way over a picture ---- */

/* How many places a window has on a side: (size + 2·pad − window)/stride + 1, which
 * must come out whole, or floor=1 drops the rest. The error says the rule, the numbers
 * and what would fit. */
static struct error *places(size_t size, size_t window, const struct attr *a,
                            size_t *out) {
    size_t pad = (size_t)a->pad, stride = (size_t)a->stride, room = size + 2 * pad;
    if (window <= room && (a->drops || (room - window) % stride == 0)) {
        *out = (room - window) / stride + 1;
        return NULL;
    }
    char is[24], high[24], step[24], border[24], got[40], fits[80];
    whole_text(is, size);
    whole_text(high, window);
    whole_text(step, stride);
    whole_text(border, pad);
    if (window > room) {
        return error_new("window-too-big", "size", is, "window", high, "pad", border,
                         NULL);
    }
    size_t smaller = size - (room - window) % stride;
    snprintf(got, sizeof got, "%.6g", (double)(room - window) / (double)stride + 1);
    snprintf(fits, sizeof fits, "%zu, %zu", smaller, smaller + stride);
    return error_new("window-fit", "size", is, "window", high, "stride", step, "pad",
                     border, "got", got, "fits", fits, NULL);
}

static struct error *shape_window(struct node *n, size_t high, size_t wide) {
    const struct shape *in = &n->in[0]->shape;
    n->shape = *in;
    struct error *e = places(in->dim[2], high, &n->attr, &n->shape.dim[2]);
    return e ? e : places(in->dim[3], wide, &n->attr, &n->shape.dim[3]);
}

/* ---- conv(X, K, b): X [N, C, H, W], K [F, C, kh, kw], b [F] (or none) ---- */

static struct error *shape_conv(struct node *n) {
    const struct shape *x = &n->in[0]->shape, *k = &n->in[1]->shape;
    if (x->n != 4) return gate_shape_mismatch(n->in[0], NULL, "picture-dims");
    if (k->n != 4 || k->dim[1] != x->dim[1]) {
        return gate_shape_mismatch(n->in[0], n->in[1], "kernel-dims");
    }
    if (n->n_in == 3 &&
        (n->in[2]->shape.n != 1 || n->in[2]->shape.dim[0] != k->dim[0])) {
        return gate_shape_mismatch(n->in[1], n->in[2], "kernel-bias");
    }
    struct error *e = shape_window(n, k->dim[2], k->dim[3]);
    n->shape.dim[1] = k->dim[0];
    return e;
}

/* Calls DO with `to` an output number, `from` an input number and `by` a weight for
 * every product that a convolution is made of. */
#define EACH_PRODUCT(w, DO)                                                            \
    for (size_t i = 0; i < w.examples; i++)                                            \
        for (size_t f = 0; f < w.maps; f++)                                            \
            for (size_t r = 0; r < w.out_rows; r++)                                    \
                for (size_t c = 0; c < w.out_columns; c++) {                           \
                    size_t to =                                                        \
                        ((i * w.maps + f) * w.out_rows + r) * w.out_columns + c;       \
                    for (size_t ch = 0; ch < w.channels; ch++)                         \
                        for (size_t y = 0; y < w.high; y++) {                          \
                            size_t row = r * w.stride + y - w.pad;                     \
                            if (row >= w.rows) continue; /* the border of zeros */     \
                            for (size_t x = 0; x < w.wide; x++) {                      \
                                size_t column = c * w.stride + x - w.pad;              \
                                if (column >= w.columns) continue;                     \
                                size_t from = ((i * w.channels + ch) * w.rows + row) * \
                                                  w.columns +                          \
                                              column;                                  \
                                size_t by =                                            \
                                    ((f * w.channels + ch) * w.high + y) * w.wide + x; \
                                DO;                                                    \
                            }                                                          \
                        }                                                              \
                }

static size_t conv_terms(const struct node *n) {
    return n->in[1]->size / n->in[1]->shape.dim[0];
}

static void conv_forward(struct node *n) {
    struct window w = window_of(n);
    const real *in = n->in[0]->value, *kernel = n->in[1]->value;
    size_t plane = w.out_rows * w.out_columns;
    for (size_t i = 0; i < n->size; i++) {
        n->value[i] = n->n_in == 3 ? n->in[2]->value[i / plane % n->shape.dim[1]] : 0;
    }
    EACH_PRODUCT(w, n->value[to] += in[from] * kernel[by])
}

static void conv_backward(const struct node *n, int k, const real *up, real *out) {
    struct window w = window_of(n);
    const real *in = n->in[0]->value, *kernel = n->in[1]->value;
    size_t plane = w.out_rows * w.out_columns;
    if (k == 2) {
        for (size_t i = 0; i < n->size; i++) out[i / plane % n->shape.dim[1]] += up[i];
    } else if (k == 1) {
        EACH_PRODUCT(w, out[by] += up[to] * in[from])
    } else {
        EACH_PRODUCT(w, out[from] += up[to] * kernel[by])
    }
}

/* What people do instead: the first place alone of a weight that stands at all. */
static void conv_place(const struct node *n, int k, const real *up, real *out) {
    struct window w = window_of(n);
    const real *in = n->in[0]->value;
    size_t plane = w.out_rows * w.out_columns;
    for (size_t i = 0; k == 2 && i < n->size; i += plane)
        out[i / plane % n->shape.dim[1]] += up[i];
    if (k == 1) {
        EACH_PRODUCT(w, out[by] += to % plane ? 0 : up[to] * in[from])
    }
}

/* … of a number the first window alone that sees it, */
static size_t first_window(const struct window *w, size_t at, size_t side) {
    size_t behind = at + w->pad;
    return behind < side ? 0 : (behind - side) / w->stride + 1;
}

static void conv_window(const struct node *n, int k, const real *up, real *out) {
    struct window w = window_of(n);
    const real *kernel = n->in[1]->value;
    (void)k;
    EACH_PRODUCT(w, {
        bool first =
            r == first_window(&w, row, w.high) && c == first_window(&w, column, w.wide);
        if (first) out[from] += up[to] * kernel[by];
    })
}

/* … what it has itself in the place of what it met, */
static void conv_own(const struct node *n, int k, const real *up, real *out) {
    struct window w = window_of(n);
    const real *in = n->in[0]->value, *kernel = n->in[1]->value;
    bool own = k == 1; /* the kernel's */
    EACH_PRODUCT(w, out[own ? by : from] += up[to] * (own ? kernel[by] : in[from]))
}

/* … and forwards: one window, by weights that turn it round, or by none. */
enum { KERNEL_TURNED, KERNEL_LEFT_OUT };
static real window_sum(const struct node *n, int element, int which) {
    struct window w = window_at(n, (size_t)element);
    real sum = n->n_in == 3 ? n->in[2]->value[w.map] : 0;
    for (size_t c = 0; c < w.deep; c++)
        for (size_t y = 0; y < w.high; y++)
            for (size_t x = 0; x < w.wide; x++) {
                real weight =
                    which == KERNEL_LEFT_OUT
                        ? 1
                        : window_weight(&w, c, w.high - 1 - y, w.wide - 1 - x);
                sum += window_pixel(&w, c, y, x) * weight;
            }
    return sum;
}

static void conv_turned(const struct node *n, int e, const real *up, real *out) {
    (void)up;
    *out = window_sum(n, e, KERNEL_TURNED);
}

static void conv_sum(const struct node *n, int e, const real *up, real *out) {
    (void)up;
    *out = window_sum(n, e, KERNEL_LEFT_OUT);
}

static void conv_plain(const struct node *n, int e, const real *up, real *out) {
    (void)up;
    *out = n->value[e];
    if (n->n_in == 3) *out -= n->in[2]->value[window_at(n, (size_t)e).map];
}

/* ---- pools ---- */

/* A border of more than half a window would let one see nothing else. */
static struct error *shape_pool(struct node *n) {
    int side = n->attr.count;
    if (n->in[0]->shape.n != 4)
        return gate_shape_mismatch(n->in[0], NULL, "picture-dims");
    if (2 * n->attr.pad > side) {
        char pad[24], window[24];
        snprintf(pad, sizeof pad, "%d", n->attr.pad);
        snprintf(window, sizeof window, "%d", side);
        return error_new("pool-pad", "pad", pad, "window", window, NULL);
    }
    return shape_window(n, (size_t)side, (size_t)side);
}

/* What a window sees of its plane: rows and columns, the last ones not in. The border
 * is nothing to a maximum, and zeros to a mean. */
struct seen {
    size_t plane, top, bottom, left, right;
};

static struct seen seen_at(const struct window *w, size_t to) {
    size_t column = to % w->out_columns * w->stride;
    size_t row = to / w->out_columns % w->out_rows * w->stride;
    size_t bottom = row + w->high - w->pad, right = column + w->wide - w->pad;
    return (struct seen){
        to / w->out_columns / w->out_rows * w->rows * w->columns,
        row < w->pad ? 0 : row - w->pad, bottom < w->rows ? bottom : w->rows,
        column < w->pad ? 0 : column - w->pad, right < w->columns ? right : w->columns};
}

#define EACH_SEEN(w, s, at)                                       \
    for (size_t y_ = (s).top; y_ < (s).bottom; y_++)              \
        for (size_t at = (s).plane + y_ * (w).columns + (s).left, \
                    end_ = at + (s).right - (s).left;             \
             at < end_; at++)

/* The first of the largest in a window, as an index into the input. */
static size_t window_best(const struct window *w, const real *in, size_t to) {
    struct seen s = seen_at(w, to);
    size_t best = s.plane + s.top * w->columns + s.left;
    EACH_SEEN(*w, s, at) {
        if (in[at] > in[best] || (isnan(in[at]) && !isnan(in[best]))) best = at;
    }
    return best;
}

static void maxpool_forward(struct node *n) {
    struct window w = window_of(n);
    const real *in = n->in[0]->value;
    for (size_t to = 0; to < n->size; to++) n->value[to] = in[window_best(&w, in, to)];
}

static void maxpool_backward(const struct node *n, int k, const real *up, real *out) {
    struct window w = window_of(n);
    (void)k;
    for (size_t to = 0; to < n->size; to++)
        out[window_best(&w, n->in[0]->value, to)] += up[to];
}

static void avgpool_forward(struct node *n) {
    struct window w = window_of(n);
    for (size_t to = 0; to < n->size; to++) {
        struct seen s = seen_at(&w, to);
        real sum = 0;
        EACH_SEEN(w, s, at) sum += n->in[0]->value[at];
        n->value[to] = sum / (real)(w.high * w.wide);
    }
}

static void avgpool_backward(const struct node *n, int k, const real *up, real *out) {
    struct window w = window_of(n);
    (void)k;
    for (size_t to = 0; to < n->size; to++) {
        struct seen s = seen_at(&w, to);
        EACH_SEEN(w, s, at) out[at] += up[to] / (real)(w.high * w.wide);
    }
}

/* ---- the same numbers in another shape ---- */

static struct error *shape_flatten(struct node *n) {
    const struct node *in = n->in[0];
    n->shape = in->shape;
    if (in->shape.n < 2) return NULL;
    n->shape.n = 2;
    n->shape.dim[1] = in->size / in->shape.dim[0];
    return NULL;
}

static struct error *shape_reshape(struct node *n) {
    size_t known = 1;
    int open = -1;
    n->shape = n->attr.shape;
    for (int d = 0; d < n->shape.n; d++) {
        if (n->shape.dim[d] == SIZE_MAX) open = d;
        else known *= n->shape.dim[d];
    }
    if (open >= 0 && known && n->in[0]->size % known == 0) {
        n->shape.dim[open] = n->in[0]->size / known;
        return NULL;
    }
    if (open < 0 && known == n->in[0]->size) return NULL;
    char has[24], wants[24];
    return error_new("reshape-size", "has", whole_text(has, n->in[0]->size), "wants",
                     whole_text(wants, known), NULL);
}

static void copy_forward(struct node *n) {
    memcpy(n->value, n->in[0]->value, n->size * sizeof(real));
}

static void copy_backward(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    for (size_t i = 0; i < n->size; i++) out[i] += up[i];
}

/* The last two dimensions change places. */
static struct error *shape_transpose(struct node *n) {
    struct shape *s = &n->shape;
    *s = n->in[0]->shape;
    if (s->n < 2) return gate_shape_mismatch(n->in[0], NULL, "transpose-dims");
    size_t last = s->dim[s->n - 1];
    s->dim[s->n - 1] = s->dim[s->n - 2];
    s->dim[s->n - 2] = last;
    return NULL;
}

static size_t transposed(const struct node *n, size_t i) {
    size_t columns = n->shape.dim[n->shape.n - 1], rows = n->shape.dim[n->shape.n - 2];
    size_t plane = i / (rows * columns), in = i % (rows * columns);
    return plane * rows * columns + in % columns * rows + in / columns;
}

static void transpose_forward(struct node *n) {
    for (size_t i = 0; i < n->size; i++)
        n->value[i] = n->in[0]->value[transposed(n, i)];
}

static void transpose_backward(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    for (size_t i = 0; i < n->size; i++) out[transposed(n, i)] += up[i];
}

/* ---- concat(a, b, …, axis=1): side by side; along the last axis unless told ---- */

static int concat_axis(const struct node *n) {
    return n->attr.has_axis ? n->attr.axis : n->in[0]->shape.n - 1;
}

static struct error *shape_concat(struct node *n) {
    int axis = concat_axis(n);
    n->shape = n->in[0]->shape;
    if (axis < 0 || axis >= n->shape.n) {
        return gate_shape_mismatch(n->in[0], n->in[n->n_in - 1], "concat-shapes");
    }
    for (int k = 1; k < n->n_in; k++) {
        struct shape other = n->in[k]->shape;
        size_t more = other.n == n->shape.n ? other.dim[axis] : 0;
        other.dim[axis] = n->shape.dim[axis];
        if (!shape_equal(&other, &n->shape)) {
            return gate_shape_mismatch(n->in[0], n->in[k], "concat-shapes");
        }
        n->shape.dim[axis] += more;
    }
    return NULL;
}

/* Operand k as runs of `length` numbers, that stand `step` apart in the result. */
static size_t concat_runs(const struct node *n, int k, size_t *length, size_t *step,
                          size_t *start) {
    int axis = concat_axis(n);
    size_t inner = 1;
    for (int d = axis + 1; d < n->shape.n; d++) inner *= n->shape.dim[d];
    *length = n->in[k]->shape.dim[axis] * inner;
    *step = n->shape.dim[axis] * inner;
    *start = 0;
    for (int j = 0; j < k; j++) *start += n->in[j]->shape.dim[axis] * inner;
    return n->in[k]->size / *length;
}

static void concat_forward(struct node *n) {
    for (int k = 0; k < n->n_in; k++) {
        size_t length, step, start, runs = concat_runs(n, k, &length, &step, &start);
        for (size_t r = 0; r < runs; r++) {
            memcpy(n->value + r * step + start, n->in[k]->value + r * length,
                   length * sizeof(real));
        }
    }
}

static void concat_backward(const struct node *n, int k, const real *up, real *out) {
    size_t length, step, start, runs = concat_runs(n, k, &length, &step, &start);
    for (size_t r = 0; r < runs; r++) {
        for (size_t i = 0; i < length; i++)
            out[r * length + i] += up[r * step + start + i];
    }
}

/* What people do instead: the part of the one beside it. */
static void concat_other(const struct node *n, int k, const real *up, real *out) {
    int other = (k + 1) % n->n_in;
    size_t length, step, start, own, runs = concat_runs(n, k, &own, &step, &start);
    concat_runs(n, other, &length, &step, &start);
    for (size_t r = 0; r < runs; r++) {
        for (size_t i = 0; i < own && i < length; i++)
            out[r * own + i] += up[r * step + start + i];
    }
}

/* ---- dropout (Srivastava et al. 2014), inverted ----
 * While updating, a share of the numbers becomes 0 and the others grow by 1/(1 −
 * share), so that the mean stays; while looking, nothing happens. Drawn from (step,
 * element): forward and backward draw the same without keeping anything. */
static real kept(const struct node *n, size_t i) {
    uint64_t dice = graph_drop_dice(n->attr.graph);
    if (!dice) return 1;
    struct dice d = {dice ^ ((uint64_t)n->id << 40) ^ (i * 0x9e3779b97f4a7c15u)};
    return dice_uniform(&d) < n->attr.share ? 0 : 1 / (1 - n->attr.share);
}

static void dropout_forward(struct node *n) {
    for (size_t i = 0; i < n->size; i++) n->value[i] = n->in[0]->value[i] * kept(n, i);
}

static void dropout_backward(const struct node *n, int k, const real *up, real *out) {
    (void)k;
    for (size_t i = 0; i < n->size; i++) out[i] += up[i] * kept(n, i);
}

/* ---- the same elsewhere ---- */

static void forms_conv(const struct node *n, struct forms *f) {
    int stride = n->attr.stride, pad = n->attr.pad;
    buf_printf(&f->torch, "torch.nn.functional.conv2d(A, ..., stride=%d, padding=%d)",
               stride, pad);
    buf_printf(&f->onnx, "Conv(A, ..., strides=[%d, %d], pads=[%d, %d, %d, %d])",
               stride, stride, pad, pad, pad, pad);
}

/* torch and ONNX count a mean's border, too; ONNX when it is told. */
static void forms_pool(const struct node *n, struct forms *f, const char *torch,
                       const char *onnx) {
    int side = n->attr.count, stride = n->attr.stride, pad = n->attr.pad;
    buf_printf(&f->torch, "torch.nn.functional.%s(A, %d, stride=%d, padding=%d)", torch,
               side, stride, pad);
    buf_printf(
        &f->onnx,
        "%s(A, kernel_shape=[%d, %d], strides=[%d, %d], pads=[%d, %d, %d, %d]%s)", onnx,
        side, side, stride, stride, pad, pad, pad, pad,
        n->gate->pool == FOLD_MEAN ? ", count_include_pad=1" : "");
}

static void forms_maxpool(const struct node *n, struct forms *f) {
    forms_pool(n, f, "max_pool2d", "MaxPool");
}

static void forms_avgpool(const struct node *n, struct forms *f) {
    forms_pool(n, f, "avg_pool2d", "AveragePool");
}

static void onnx_reshape(const struct node *n, struct forms *f) {
    buf_add(&f->onnx, "Reshape(A, ");
    form_list(f, &f->onnx, f->size, n->shape.n);
    buf_add(&f->onnx, ")");
}

static void forms_flatten(const struct node *n, struct forms *f) {
    buf_add(&f->torch, n->in[0]->shape.n < 2 ? "A" : "A.flatten(1)");
    onnx_reshape(n, f);
}

static void forms_reshape(const struct node *n, struct forms *f) {
    buf_add(&f->torch, "A.reshape(");
    form_list(f, &f->torch, f->size, n->shape.n);
    buf_add(&f->torch, ")");
    onnx_reshape(n, f);
}

/* ONNX wants to hear of every dimension which one comes there: the last two change. */
static void forms_transpose(const struct node *n, struct forms *f) {
    int last = n->shape.n - 1;
    long from[MAX_DIMS];
    for (int d = 0; d <= last; d++) from[d] = d;
    from[last] = last - 1;
    from[last - 1] = last;
    buf_add(&f->onnx, "Transpose(A, perm=");
    form_list(f, &f->onnx, from, n->shape.n);
    buf_add(&f->onnx, ")");
}

static void forms_concat(const struct node *n, struct forms *f) {
    const struct attr *a = &n->attr;
    buf_printf(&f->torch, "torch.cat([A, ...], dim=%d)", a->has_axis ? a->axis : -1);
    buf_printf(&f->onnx, "Concat(A, ..., axis=%d)",
               a->has_axis ? a->axis : n->shape.n - 1);
}

static void forms_dropout(const struct node *n, struct forms *f) {
    char share[NUM_SIZE];
    buf_printf(&f->torch, "torch.nn.functional.dropout(A, %s, self.training)",
               num_exact(share, n->attr.share));
}

#define CHECKED .test_from = -2, .test_to = 2

// clang-format off
/* What people do instead. */
static const struct gate_slip maxpool_slips[] = {
    {"pool.shared", 0, WRONG_WALK, NULL, avgpool_backward},
    {0},
};
static const struct gate_slip conv_slips[] = {
    {"conv.place",  1, WRONG_WALK, NULL, conv_place},
    {"conv.place",  2, WRONG_WALK, NULL, conv_place},
    {"conv.window", 0, WRONG_WALK, NULL, conv_window},
    {"conv.own",    0, WRONG_WALK, NULL, conv_own},
    {"conv.own",    1, WRONG_WALK, NULL, conv_own},
    {"conv.sum",    0, WRONG_VALUE, NULL, conv_sum},
    {"conv.bias",   0, WRONG_VALUE, NULL, conv_plain},
    {"conv.turned", 0, WRONG_VALUE, NULL, conv_turned},
    {0},
};
static const struct gate_slip concat_slips[] = {
    {"beside.other", SLIP_EACH, WRONG_WALK, NULL, concat_other},
    {0},
};
static const struct gate_slip avgpool_slips[] = {
    {"pool.largest", 0, WRONG_WALK, NULL, maxpool_backward},
    {0},
};

static const struct gate layers[] = {
    {.name = "conv", .sign = "conv", .min_in = 2, .max_in = 3, .shape = shape_conv,
     .forward = conv_forward, .backward = conv_backward, CHECKED,
     .rows = ROWS_EACH, .kernel = KERNEL_CONV, .terms = conv_terms,
     .rule = {"U ∗ turned kernel", "windows of a · U", "sum(U)"}, .slips = conv_slips,
     .forms = forms_conv},
    {.name = "maxpool", .sign = "max□", .min_in = 1, .max_in = 1, .shape = shape_pool,
     .forward = maxpool_forward, .backward = maxpool_backward, CHECKED,
     .pool = FOLD_MOST, .rows = ROWS_EACH, .kernel = KERNEL_MAXPOOL,
     .rule = {"U → the largest of each window"}, .slips = maxpool_slips,
     .forms = forms_maxpool},
    {.name = "avgpool", .sign = "mean□", .min_in = 1, .max_in = 1, .shape = shape_pool,
     .forward = avgpool_forward, .backward = avgpool_backward, CHECKED,
     .pool = FOLD_MEAN, .rows = ROWS_EACH,
     .rule = {"U/n → all of each window"}, .slips = avgpool_slips,
     .forms = forms_avgpool},
    {.name = "flatten", .sign = "flat", .min_in = 1, .max_in = 1,
     .shape = shape_flatten,
     .forward = copy_forward, .backward = copy_backward, CHECKED, .flags = GATE_CALL,
     .rows = ROWS_EACH, .kernel = KERNEL_FLATTEN, .rule = {"U"},
     .forms = forms_flatten,
     .example = "flatten([[1, 2], [3, 4]])"},
    {.name = "reshape", .sign = "shape", .min_in = 1, .max_in = 1,
     .shape = shape_reshape,
     .forward = copy_forward, .backward = copy_backward, CHECKED, .flags = GATE_SHAPE,
     .rows = ROWS_OPEN,
     .rule = {"U"},
     .forms = forms_reshape},
    {.name = "transpose", .sign = "ᵀ", .min_in = 1, .max_in = 1,
     .shape = shape_transpose,
     .forward = transpose_forward, .backward = transpose_backward, CHECKED,
     .flags = GATE_CALL, .rule = {"U^T"},
     .torch = "A.transpose(-1, -2)", .forms = forms_transpose,
     .example = "transpose([[1, 2], [3, 4]])"},
    {.name = "concat", .sign = "‖", .min_in = 1, .max_in = GATE_ANY,
     .shape = shape_concat,
     .forward = concat_forward, .backward = concat_backward, CHECKED,
     .flags = GATE_CALL | GATE_AXIS, .rows = ROWS_BESIDE,
     .rule = {"U's part", "U's part"}, .slips = concat_slips,
     .forms = forms_concat,
     .example = "concat([1, 2], [3])"},
    {.name = "dropout", .sign = "drop", .min_in = 1, .max_in = 1,
     .shape = gate_shape_same,
     .forward = dropout_forward, .backward = dropout_backward, CHECKED,
     .flags = GATE_SHARE, .rows = ROWS_EACH,
     .rule = {"U where kept"},
     .onnx = "Identity(A)", .forms = forms_dropout},
    {0},
};
// clang-format on

const struct gate *gates_layers(void) { return layers; }
