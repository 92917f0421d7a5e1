/* Layers of sequences: a text's numbers, [N, time], become vectors, [N, time, width];
 * recurrent cells go through those step by step (recurrent.h has their formulas). These
 * are the plain loops; train's float kernels are checked against them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/forms.h"
#include "engine/gates_inside.h"
#include "engine/recurrent.h"
#include "engine/smooth.h"

/* ---- embedding(X, W): each number of X, a word's, becomes row X of W ---- */

static struct error *shape_embedding(struct node *n) {
    const struct shape *w = &n->in[1]->shape;
    n->shape = n->in[0]->shape;
    if (n->shape.n == MAX_DIMS || w->n != 2)
        return gate_shape_mismatch(n->in[0], n->in[1], "embedding-dims");
    n->shape.dim[n->shape.n++] = w->dim[1];
    return NULL;
}

static bool is_word(const struct node *n, real x) {
    return x >= 0 && x < (real)n->in[1]->shape.dim[0] && x == (real)floor((double)x);
}

/* The row of W; its number of rows where there is none. */
static size_t word_row(const struct node *n, size_t i) {
    real x = n->in[0]->value[i];
    return is_word(n, x) ? (size_t)x : n->in[1]->shape.dim[0];
}

static void embedding_forward(struct node *n) {
    size_t words = n->in[1]->shape.dim[0], width = n->in[1]->shape.dim[1];
    for (size_t i = 0; i < n->in[0]->size; i++) {
        size_t row = word_row(n, i);
        for (size_t c = 0; c < width; c++)
            n->value[i * width + c] =
                row < words ? n->in[1]->value[row * width + c] : (real)NAN;
    }
}

static void embedding_backward(const struct node *n, int k, const real *up, real *out) {
    size_t words = n->in[1]->shape.dim[0], width = n->in[1]->shape.dim[1];
    for (size_t i = 0; k == 1 && i < n->in[0]->size; i++) {
        size_t row = word_row(n, i);
        for (size_t c = 0; row < words && c < width; c++)
            out[row * width + c] += up[i * width + c];
    }
}

static bool embedding_passes(const struct node *n, int k) {
    (void)n;
    return k == 1;
}

/* ---- rnn, lstm, gru: (X, Wx, Wh, b) ---- */

static struct error *shape_recurrent(struct node *n) {
    const struct shape *x = &n->in[0]->shape, *wx = &n->in[1]->shape;
    const struct shape *wh = &n->in[2]->shape, *b = &n->in[3]->shape;
    size_t gates = recurrent_gates_of(n->gate);
    if (x->n != 3) return gate_shape_mismatch(n->in[0], NULL, "sequence-dims");
    if (wx->n != 2 || wx->dim[0] != x->dim[2])
        return gate_shape_mismatch(n->in[0], n->in[1], "sequence-weights");
    if (wh->n != 2 || wh->dim[1] != wx->dim[1] || wh->dim[1] != gates * wh->dim[0])
        return gate_shape_mismatch(n->in[1], n->in[2], "sequence-weights");
    if (b->n != 1 || b->dim[0] != wx->dim[1])
        return gate_shape_mismatch(n->in[1], n->in[3], "sequence-weights");
    n->shape = (struct shape){2, {x->dim[0], wh->dim[0]}};
    if (n->attr.all) n->shape = (struct shape){3, {x->dim[0], x->dim[1], wh->dim[0]}};
    return NULL;
}

/* What is kept of each step, and on the way back the slopes of one: at x @ Wx + b, at
 * h @ Wh, at h and beside it. */
static size_t room_recurrent(const struct node *n) {
    struct recurrent r = recurrent_of(n);
    return r.examples * r.time * recurrent_kept(&r) + 2 * (r.gates + 1) * r.units;
}

static size_t terms_recurrent(const struct node *n) {
    struct recurrent r = recurrent_of(n);
    return (r.columns + r.units) * r.gates * (r.all ? 1 : r.time);
}

static real sigmoid_of(real x) { return (real)(1 / (1 + smooth_exp(-(double)x))); }
static real tanh_of(real x) { return (real)smooth_tanh((double)x); }

/* to += v @ W, W [n, columns] */
static void add_rows(real *to, const real *v, const real *w, size_t n, size_t columns) {
    for (size_t i = 0; i < n; i++, w += columns) {
        for (size_t c = 0; c < columns; c++) to[c] += v[i] * w[c];
    }
}

/* One step of the cell. g: x @ Wx + b, and with it h @ Wh, but gru's for the new state,
 * which is beside: they become the gates. before: the step before, NULL: none. */
static void step_forward(enum gate_kernel kernel, size_t units, real *g, real *h,
                         real *beside, const real *h_before, const real *c_before) {
    for (size_t u = 0; u < units; u++) {
        real *i = g + u, *f = i + units, *m = f + units, *o = m + units;
        real was = h_before ? h_before[u] : 0;
        if (kernel == KERNEL_RNN) {
            h[u] = *i = tanh_of(*i);
        } else if (kernel == KERNEL_LSTM) {
            *i = sigmoid_of(*i), *f = sigmoid_of(*f), *o = sigmoid_of(*o);
            *m = tanh_of(*m);
            beside[u] = *f * (c_before ? c_before[u] : 0) + *i * *m;
            h[u] = *o * tanh_of(beside[u]);
        } else { /* r z n */
            *i = sigmoid_of(*i), *f = sigmoid_of(*f);
            *m = tanh_of(*m + *i * beside[u]);
            h[u] = (1 - *f) * *m + *f * was;
        }
    }
}

static void recurrent_forward(struct node *n) {
    struct recurrent r = recurrent_of(n);
    enum gate_kernel kernel = n->gate->kernel;
    const real *wx = n->in[1]->value, *wh = n->in[2]->value, *b = n->in[3]->value;
    size_t wide = r.gates * r.units, apart = kernel == KERNEL_GRU ? 2 * r.units : wide;
    for (size_t i = 0; i < r.examples; i++) {
        const real *before = NULL, *c_before = NULL;
        for (size_t t = 0; t < r.time; t++) {
            real *g = recurrent_gates(&r, i, t), *h = recurrent_state(&r, i, t);
            real *beside = recurrent_beside(&r, i, t);
            memcpy(g, b, wide * sizeof *g);
            memset(beside, 0, r.units * sizeof *beside);
            add_rows(g, n->in[0]->value + (i * r.time + t) * r.columns, wx, r.columns,
                     wide);
            for (size_t u = 0; before && u < r.units; u++) {
                for (size_t c = 0; c < wide; c++) {
                    real product = before[u] * wh[u * wide + c];
                    if (c < apart) g[c] += product;
                    else beside[c - apart] += product;
                }
            }
            step_forward(kernel, r.units, g, h, beside, before, c_before);
            before = h, c_before = beside;
            size_t to = r.all ? i * r.time + t : i;
            memcpy(n->value + to * r.units, h, r.units * sizeof *h);
        }
    }
}

/* What people leave out on the way back through time: the steps before the last one,
 * the curves' derivatives, Wh between two steps, and what passes a step without it. */
enum { LEFT_NOTHING, LEFT_STEPS, LEFT_CURVES, LEFT_WH, LEFT_STATE };

/* The slopes of one step: dh and dc come in, those of the step before (but for what
 * comes to h through Wh) go out; dx at x @ Wx + b, dr at h @ Wh. */
static void step_back(enum gate_kernel kernel, size_t gates, size_t units,
                      const real *g, const real *beside, const real *h_before,
                      const real *c_before, real *dh, real *dc, real *dx, real *dr,
                      int left) {
    real curve = left == LEFT_CURVES ? 0 : 1, state = left == LEFT_STATE ? 0 : 1;
    for (size_t u = 0; u < units; u++) {
        real i = g[u], up = dh[u], *to = dx + u;
        real i_slope = curve > 0 ? i * (1 - i) : 1;
        if (kernel == KERNEL_RNN) {
            to[0] = up * (1 - curve * i * i);
            dh[u] = 0;
        } else if (kernel == KERNEL_LSTM) {
            real f = g[u + units], m = g[u + 2 * units], o = g[u + 3 * units];
            real out = tanh_of(beside[u]), c = dc[u] + up * o * (1 - curve * out * out);
            to[0] = c * m * i_slope;
            to[units] =
                c * (c_before ? c_before[u] : 0) * (curve > 0 ? f * (1 - f) : 1);
            to[2 * units] = c * i * (1 - curve * m * m);
            to[3 * units] = up * out * (curve > 0 ? o * (1 - o) : 1);
            dc[u] = c * f * state;
            dh[u] = 0;
        } else {
            real z = g[u + units], m = g[u + 2 * units];
            real fresh = up * (1 - z) * (1 - curve * m * m), was = -m;
            if (h_before) was += h_before[u];
            to[0] = fresh * beside[u] * i_slope;
            to[units] = up * was * (curve > 0 ? z * (1 - z) : 1);
            to[2 * units] = fresh;
            dh[u] = up * z * state;
        }
    }
    memcpy(dr, dx, gates * units * sizeof *dr);
    for (size_t u = 0; kernel == KERNEL_GRU && u < units; u++)
        dr[u + 2 * units] *= g[u];
}

/* to[row] += W[row] · slopes */
static void add_columns(real *to, const real *w, const real *slopes, size_t rows,
                        size_t columns) {
    for (size_t i = 0; i < rows; i++, w += columns) {
        real sum = 0;
        for (size_t c = 0; c < columns; c++) sum += w[c] * slopes[c];
        to[i] += sum;
    }
}

/* to[row][column] += v[row]·slopes[column] */
static void add_outer(real *to, const real *v, const real *slopes, size_t rows,
                      size_t columns) {
    for (size_t i = 0; i < rows; i++, to += columns) {
        for (size_t c = 0; c < columns; c++) to[c] += v[i] * slopes[c];
    }
}

/* Through time: the last step first. */
static void back_through(const struct node *n, int k, const real *up, real *out,
                         int left) {
    struct recurrent r = recurrent_of(n);
    const real *wx = n->in[1]->value, *wh = n->in[2]->value;
    size_t wide = r.gates * r.units;
    real *dx = recurrent_gates(&r, r.examples, 0), *dr = dx + wide, *dh = dr + wide;
    real *dc = dh + r.units;
    for (size_t i = 0; i < r.examples; i++) {
        memset(dh, 0, 2 * r.units * sizeof *dh);
        for (size_t t = r.time; t-- > 0;) {
            const real *x = n->in[0]->value + (i * r.time + t) * r.columns;
            const real *before = t ? recurrent_state(&r, i, t - 1) : NULL;
            const real *c_before = t ? recurrent_beside(&r, i, t - 1) : NULL;
            const real *here = up + (r.all ? i * r.time + t : i) * r.units;
            for (size_t u = 0; (r.all || t + 1 == r.time) && u < r.units; u++)
                dh[u] += here[u];
            step_back(n->gate->kernel, r.gates, r.units, recurrent_gates(&r, i, t),
                      recurrent_beside(&r, i, t), before, c_before, dh, dc, dx, dr,
                      left);
            if (k == 0)
                add_columns(out + (i * r.time + t) * r.columns, wx, dx, r.columns,
                            wide);
            else if (k == 1) add_outer(out, x, dx, r.columns, wide);
            else if (k == 2 && before) add_outer(out, before, dr, r.units, wide);
            for (size_t c = 0; k == 3 && c < wide; c++) out[c] += dx[c];
            if (left == LEFT_STEPS) memset(dh, 0, 2 * r.units * sizeof *dh);
            else if (left == LEFT_WH)
                for (size_t u = 0; u < r.units; u++) dh[u] += dr[u];
            else if (before) add_columns(dh, wh, dr, r.units, wide);
        }
    }
}

static void recurrent_backward(const struct node *n, int k, const real *up, real *out) {
    back_through(n, k, up, out, LEFT_NOTHING);
}

/* ---- what people do instead ---- */

static void last_step(const struct node *n, int k, const real *up, real *out) {
    back_through(n, k, up, out, LEFT_STEPS);
}

static void no_curves(const struct node *n, int k, const real *up, real *out) {
    back_through(n, k, up, out, LEFT_CURVES);
}

static void no_wh(const struct node *n, int k, const real *up, real *out) {
    back_through(n, k, up, out, LEFT_WH);
}

static void no_state(const struct node *n, int k, const real *up, real *out) {
    back_through(n, k, up, out, LEFT_STATE);
}

/* Forwards: as if there were no step before; in the room for slopes. */
static void step_alone(const struct node *n, int e, const real *up, real *out) {
    struct recurrent r = recurrent_of(n);
    size_t at = (size_t)e / r.units, wide = r.gates * r.units;
    size_t i = r.all ? at / r.time : at, t = r.all ? at % r.time : r.time - 1;
    real *g = recurrent_gates(&r, r.examples, 0), *h = g + 2 * wide;
    real *beside = h + r.units;
    (void)up;
    memcpy(g, n->in[3]->value, wide * sizeof *g);
    memset(beside, 0, r.units * sizeof *beside);
    add_rows(g, n->in[0]->value + (i * r.time + t) * r.columns, n->in[1]->value,
             r.columns, wide);
    step_forward(n->gate->kernel, r.units, g, h, beside, NULL, NULL);
    *out = h[(size_t)e % r.units];
}

/* … and of rnn, the sum that tanh is of. */
static void no_tanh(const struct node *n, int e, const real *up, real *out) {
    (void)up;
    *out = (real)atanh((double)n->value[e]);
}

/* ---- the same elsewhere ---- */

/* The columns of our gates in ONNX's order: lstm's i o f g, gru's z r n. */
static void add_ordered(struct buf *b, const struct recurrent *r, char operand,
                        int axis) {
    static const int orders[][4] = {{0}, {0, 3, 1, 2}, {1, 0, 2}};
    const int *order = orders[r->gates == 4 ? 1 : r->gates == 3 ? 2 : 0];
    if (r->gates == 1) {
        buf_printf(b, "%c", operand);
        return;
    }
    buf_add(b, "Concat(");
    for (size_t g = 0; g < r->gates; g++) {
        size_t from = (size_t)order[g] * r->units;
        buf_printf(b, "Slice(%c, [%zu], [%zu], [%d]), ", operand, from, from + r->units,
                   axis);
    }
    buf_printf(b, "axis=%d)", axis);
}

static void forms_recurrent(const struct node *n, struct forms *f, const char *torch,
                            const char *onnx, const char *more) {
    struct recurrent r = recurrent_of(n);
    const char *state = "A.new_zeros(1, A.shape[0], ";
    bool pair = n->gate->kernel == KERNEL_LSTM;
    buf_printf(&f->torch, "torch.%s(A, ", torch);
    if (pair) buf_printf(&f->torch, "(%s%zu), ", state, r.units);
    buf_printf(&f->torch,
               "%s%zu)%s, [B.t(), C.t(), D, torch.zeros_like(D)], True, 1, 0.0, False, "
               "False, True)[0]%s",
               state, r.units, pair ? ")" : "", r.all ? "" : "[:, -1]");
    struct buf *to = &f->onnx;
    buf_add(to, r.all ? "Transpose(Squeeze(" : "Squeeze(Slice(");
    buf_printf(to, "%s(Transpose(A, perm=[1, 0, 2]), ", onnx);
    for (char operand = 'B'; operand <= 'C'; operand++) {
        buf_add(to, "Unsqueeze(Transpose(");
        add_ordered(to, &r, operand, 1);
        buf_add(to, ", perm=[1, 0]), [0]), ");
    }
    buf_add(to, "Unsqueeze(Concat(");
    add_ordered(to, &r, 'D', 0);
    buf_printf(to, ", Sub(D, D), axis=0), [0]), hidden_size=%zu%s)", r.units, more);
    if (r.all) buf_add(to, ", [1]), perm=[1, 0, 2])");
    else buf_printf(to, ", [%zu], [%zu], [0]), [0, 1])", r.time - 1, r.time);
}

static void forms_rnn(const struct node *n, struct forms *f) {
    forms_recurrent(n, f, "rnn_tanh", "RNN", "");
}

static void forms_lstm(const struct node *n, struct forms *f) {
    forms_recurrent(n, f, "lstm", "LSTM", "");
}

static void forms_gru(const struct node *n, struct forms *f) {
    forms_recurrent(n, f, "gru", "GRU", ", linear_before_reset=1");
}

#define RECURRENT                                                                     \
    .min_in = 4, .max_in = 4, .shape = shape_recurrent, .forward = recurrent_forward, \
    .backward = recurrent_backward, .room = room_recurrent, .terms = terms_recurrent, \
    .rows = ROWS_EACH, .test_from = -1, .test_to = 1,                                 \
    .rule = {"U through time @ b^T", "steps of a^T @ U", "states^T @ U", "sum(U)"}

// clang-format off
#define THROUGH_TIME                                      \
    {"time.last",  SLIP_EACH, WRONG_WALK, NULL, last_step}, \
    {"time.curve", SLIP_EACH, WRONG_WALK, NULL, no_curves}, \
    {"time.alone", 0, WRONG_VALUE, NULL, step_alone}

static const struct gate_slip rnn_slips[] = {
    THROUGH_TIME,
    {"time.weights", SLIP_EACH, WRONG_WALK, NULL, no_wh},
    {"time.tanh", 0, WRONG_VALUE, NULL, no_tanh},
    {0},
};
static const struct gate_slip lstm_slips[] = {
    THROUGH_TIME,
    {"time.memory", SLIP_EACH, WRONG_WALK, NULL, no_state},
    {0},
};
static const struct gate_slip gru_slips[] = {
    THROUGH_TIME,
    {"time.kept", SLIP_EACH, WRONG_WALK, NULL, no_state},
    {0},
};

static const struct gate sequences[] = {
    {.name = "embedding", .sign = "embed", .min_in = 2, .max_in = 2,
     .shape = shape_embedding, .forward = embedding_forward,
     .backward = embedding_backward, .passes = embedding_passes, .labels = is_word,
     .rows = ROWS_EACH,
     .rule = {"0", "rows of U, added up"},
     .torch = "torch.nn.functional.embedding(A.long(), B)",
     .onnx = "Gather(B, Cast(A, to=7), axis=0)"},
    {.name = "rnn", .sign = "rnn", RECURRENT, .kernel = KERNEL_RNN, .slips = rnn_slips,
     .forms = forms_rnn},
    {.name = "lstm", .sign = "lstm", RECURRENT, .kernel = KERNEL_LSTM, .slips = lstm_slips,
     .forms = forms_lstm},
    {.name = "gru", .sign = "gru", RECURRENT, .kernel = KERNEL_GRU, .slips = gru_slips,
     .forms = forms_gru},
    {0},
};
// clang-format on

const struct gate *gates_sequences(void) { return sequences; }
