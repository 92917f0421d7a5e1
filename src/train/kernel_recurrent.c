/* Kernels of recurrent cells: one step of all rows, between the products. */
#include <string.h>

#include "train/kernel_inside.h"

typedef float loose __attribute__((vector_size(VEC_BYTES), aligned(4), may_alias));

/* One vector of a row: n units from u on; g, rec: the row's gates and gru's products;
 * at: where the units stand among states. */
#define VECTOR const struct cell *s, float *g, float *rec, size_t at, size_t u, size_t n

/* A vector of some numbers, which may begin anywhere and be fewer than it is wide. */
#define LOAD(to, from, n)                             \
    do {                                              \
        if ((n) == WIDE) {                            \
            (to) = *(const loose *)(from);            \
        } else {                                      \
            (to) = (vec){0};                          \
            memcpy(&(to), from, (n) * sizeof(float)); \
        }                                             \
    } while (0)
#define STORE(to, from, n)                             \
    do {                                               \
        if ((n) == WIDE) *(loose *)(to) = (from);      \
        else memcpy(to, &(from), (n) * sizeof(float)); \
    } while (0)
#define SIGMOID(v)                \
    do {                          \
        vec e_;                   \
        VEC_EXP(e_, -(v));        \
        (v) = 1.0f / (1.0f + e_); \
    } while (0)
#define TANH(v)                          \
    do {                                 \
        vec e_;                          \
        VEC_EXP(e_, (v)*2.0f);           \
        (v) = 1.0f - 2.0f / (e_ + 1.0f); \
    } while (0)

INLINE void rnn_forward(VECTOR) {
    vec v;
    (void)rec;
    LOAD(v, g + u, n);
    TANH(v);
    STORE(g + u, v, n);
    STORE(s->h + at, v, n);
}

INLINE void rnn_backward(VECTOR) {
    vec v, up;
    (void)rec;
    LOAD(v, g + u, n);
    LOAD(up, s->dh + at, n);
    up *= 1.0f - v * v;
    STORE(g + u, up, n);
}

INLINE void lstm_forward(VECTOR) {
    const size_t H = s->units;
    vec i, f, m, o, c = {0};
    (void)rec;
    LOAD(i, g + u, n);
    LOAD(f, g + u + H, n);
    LOAD(m, g + u + 2 * H, n);
    LOAD(o, g + u + 3 * H, n);
    if (s->c_before) LOAD(c, s->c_before + at, n);
    SIGMOID(i);
    SIGMOID(f);
    TANH(m);
    SIGMOID(o);
    c = f * c + i * m;
    STORE(g + u, i, n);
    STORE(g + u + H, f, n);
    STORE(g + u + 2 * H, m, n);
    STORE(g + u + 3 * H, o, n);
    STORE(s->c + at, c, n);
    TANH(c);
    c *= o;
    STORE(s->h + at, c, n);
}

INLINE void lstm_backward(VECTOR) {
    const size_t H = s->units;
    vec i, f, m, o, c, was = {0}, up, dc;
    (void)rec;
    LOAD(i, g + u, n);
    LOAD(f, g + u + H, n);
    LOAD(m, g + u + 2 * H, n);
    LOAD(o, g + u + 3 * H, n);
    LOAD(c, s->c + at, n);
    if (s->c_before) LOAD(was, s->c_before + at, n);
    LOAD(up, s->dh + at, n);
    LOAD(dc, s->dc + at, n);
    TANH(c);
    dc += up * o * (1.0f - c * c);
    o = up * c * o * (1.0f - o);
    vec di = dc * m * i * (1.0f - i);
    m = dc * i * (1.0f - m * m);
    i = dc * f;
    f = i * was * (1.0f - f);
    STORE(s->dc + at, i, n);
    STORE(g + u, di, n);
    STORE(g + u + H, f, n);
    STORE(g + u + 2 * H, m, n);
    STORE(g + u + 3 * H, o, n);
}

INLINE void gru_forward(VECTOR) {
    const size_t H = s->units;
    vec r, z, m, more, h = {0};
    LOAD(r, g + u, n);
    LOAD(z, g + u + H, n);
    LOAD(m, g + u + 2 * H, n);
    LOAD(more, rec + u, n);
    r += more;
    LOAD(more, rec + u + H, n);
    z += more;
    SIGMOID(r);
    SIGMOID(z);
    LOAD(more, rec + u + 2 * H, n);
    m += r * more;
    TANH(m);
    if (s->h_before) LOAD(h, s->h_before + at, n);
    h = (1.0f - z) * m + z * h;
    STORE(g + u, r, n);
    STORE(g + u + H, z, n);
    STORE(g + u + 2 * H, m, n);
    STORE(s->h + at, h, n);
}

INLINE void gru_backward(VECTOR) {
    const size_t H = s->units;
    vec r, z, m, more, h = {0}, up;
    LOAD(r, g + u, n);
    LOAD(z, g + u + H, n);
    LOAD(m, g + u + 2 * H, n);
    LOAD(more, rec + u + 2 * H, n);
    if (s->h_before) LOAD(h, s->h_before + at, n);
    LOAD(up, s->dh + at, n);
    vec dz = up * (h - m) * z * (1.0f - z);
    m = up * (1.0f - z) * (1.0f - m * m);
    vec dr = m * more * r * (1.0f - r);
    up *= z;
    STORE(s->dh + at, up, n); /* Wh's share is added to it */
    STORE(g + u, dr, n);
    STORE(g + u + H, dz, n);
    STORE(g + u + 2 * H, m, n);
    m *= r;
    STORE(rec + u, dr, n);
    STORE(rec + u + H, dz, n);
    STORE(rec + u + 2 * H, m, n);
}

/* All rows, the last vector of each for as many units as there are. */
#define EACH_VECTOR(s, do_it)                                                        \
    for (size_t r = 0; r < (s)->rows && !interrupt_flag; r++) {                      \
        float *g = (s)->gates + r * (s)->row;                                        \
        float *rec = (s)->product ? (s)->product + r * (s)->row : NULL;              \
        size_t u = 0, at = r * (s)->unit_row, rest = (s)->units % WIDE;              \
        for (; u + WIDE <= (s)->units; u += WIDE) do_it(s, g, rec, at + u, u, WIDE); \
        if (rest) do_it(s, g, rec, at + u, u, rest);                                 \
    }

static void kernel_cell(const struct cell *s) {
    if (s->kind == KERNEL_RNN) {
        EACH_VECTOR(s, rnn_forward)
    } else if (s->kind == KERNEL_LSTM) {
        EACH_VECTOR(s, lstm_forward)
    } else {
        EACH_VECTOR(s, gru_forward)
    }
}

static void kernel_cell_back(const struct cell *s) {
    if (s->kind == KERNEL_RNN) {
        EACH_VECTOR(s, rnn_backward)
    } else if (s->kind == KERNEL_LSTM) {
        EACH_VECTOR(s, lstm_backward)
    } else {
        EACH_VECTOR(s, gru_backward)
    }
}
