/* gates_inside: shared by the families of gates (gate_*.c): shapes, the walk over
 * elements, and the macros that write a gate's two functions from its formulas.
 */
#ifndef ENGINE_GATES_INSIDE_H
#define ENGINE_GATES_INSIDE_H

#include <math.h>

#include "engine/gates.h"
#include "engine/smooth.h"

/* ---- shapes (gates.c) ---- */

struct error *gate_shape_same(struct node *n); /* the operand's */
struct error *gate_shape_over(struct node *n); /* one operand's, the others stretch */
/* the same, then a mean over it: a scalar */
struct error *gate_shape_mean(struct node *n);
struct error *gate_shape_mismatch(const struct node *a, const struct node *b,
                                  const char *key);

/* ---- the walk over elements ----
 * A stretch of n elements: operand k begins at at[k] and goes on by step[k]. Or so many
 * rows of them, one dimension more at a time (stretch_rows). */
struct stretch {
    size_t n, start, rows;
    size_t at[3], step[3];
    size_t index[MAX_DIMS];
};

static inline struct stretch stretch_first(const struct node *n) {
    int last = n->over.n - 1;
    struct stretch s = {.n = n->flat ? n->over_size : n->over.dim[last], .rows = 1};
    for (int k = 0; k < n->n_in && k < 3; k++) {
        s.step[k] = n->flat ? n->in[k]->size == n->over_size : n->step[k][last];
    }
    return s;
}

static inline struct stretch stretch_rows(const struct node *n) {
    struct stretch s = stretch_first(n);
    if (!n->flat && n->over.n > 1) s.rows = n->over.dim[n->over.n - 2];
    return s;
}

static inline bool stretch_next(const struct node *n, struct stretch *s) {
    if (n->flat) return false;
    s->start += s->n * s->rows;
    for (int d = n->over.n - (s->rows > 1 ? 3 : 2); d >= 0; d--) {
        bool carry = ++s->index[d] == n->over.dim[d];
        for (int k = 0; k < n->n_in && k < 3; k++) {
            s->at[k] += n->step[k][d];
            if (carry) s->at[k] -= n->step[k][d] * n->over.dim[d];
        }
        if (!carry) return true;
        s->index[d] = 0;
    }
    return false;
}

static inline void stretch_span(const struct node *n, const struct stretch *s,
                                struct span *p) {
    p->n = s->n;
    p->rows = s->rows;
    p->value = n->value + s->start;
    for (int k = 0; k < n->n_in && k < 2; k++) {
        p->in[k] = n->in[k]->value + s->at[k];
        p->step[k] = s->step[k];
        p->row[k] = s->rows > 1 ? n->step[k][n->over.n - 2] : 0;
    }
}

static inline void stretch_span_back(const struct node *n, int k,
                                     const struct stretch *s, const real *up, real *out,
                                     struct span *p) {
    stretch_span(n, s, p);
    p->up = up + s->start;
    p->out = out + s->at[k];
    p->out_step = p->step[k];
    p->out_row = p->row[k];
}

/* forward and backward of what is made element by element of a formula: row.each, and
 * row.each_back, over the spans. */
void gate_forward_each(struct node *n);
void gate_backward_each(const struct node *n, int k, const real *up, real *out);

/* ---- gates from formulas ----
 * The same formula is compiled here, as C, and kept as text in the row, for the
 * algebraic method: so they are written in what C and `learn` have in common. a, b, c
 * are the operands, f is the value. */
#ifdef ENGINE_FLOAT
#define exp expf
#define log logf
#define log1p log1pf
#define sqrt sqrtf
#define sin sinf
#define cos cosf
#define tanh tanhf
#define atan atanf
#define fabs fabsf
#define floor floorf
#else
#define exp smooth_exp
#define tanh smooth_tanh
#endif
/* Several numbers at once where the machine can; the bits are the same. All that walks
 * over elements has it: what is written in small pieces and read in a large one has to
 * wait. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(ENGINE_FLOAT) && !defined(__SANITIZE_ADDRESS__)
#define GATE_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define GATE_WIDE
#endif
#define where(condition, yes, no) ((condition) ? (yes) : (no))
#define abs(x) fabs(x)
#define arctan(x) atan(x)
#define pow(x, y) gate_power(x, y)

/* Squares are exact: (w·x − y)^2 is 0 where it should be. */
static inline real gate_power(real x, real y) {
    return y == 2 ? x * x : y == 1 ? x : (pow)(x, y);
}

#define GATE_ONE(NAME, VALUE, DA)                                             \
    static inline real NAME##_value(real a) { return VALUE; }                 \
    static inline real NAME##_slope(real a, real f) {                         \
        (void)a, (void)f;                                                     \
        return DA;                                                            \
    }                                                                         \
    GATE_WIDE static void NAME##_each(const struct span *s) {                 \
        const real *in = s->in[0];                                            \
        real *restrict value = s->value;                                      \
        if (s->n == 1) *value = NAME##_value(*in);                            \
        else                                                                  \
            for (size_t i = 0; i < s->n; i++) value[i] = NAME##_value(in[i]); \
    }                                                                         \
    GATE_WIDE static void NAME##_back(const struct span *s) {                 \
        const real *in = s->in[0], *value = s->value, *up = s->up;            \
        real *restrict out = s->out;                                          \
        if (s->n == 1) *out += *up * NAME##_slope(*in, *value);               \
        else                                                                  \
            for (size_t i = 0; i < s->n; i++)                                 \
                out[i] += up[i] * NAME##_slope(in[i], value[i]);              \
    }                                                                         \
    static const char NAME##_f[] = #VALUE, NAME##_da[] = #DA;

/* A statement on e = 0 … N − 1, four at once. */
#define GATE_FOURS(N, ...)                            \
    do {                                              \
        size_t four_ = 0, left_ = (N)&3;              \
        for (; four_ + 4 <= (N); four_ += 4) {        \
            for (size_t q_ = 0; q_ < 4; q_++) {       \
                size_t e = four_ + q_;                \
                __VA_ARGS__;                          \
            }                                         \
        }                                             \
        for (size_t e = four_; left_; left_--, e++) { \
            __VA_ARGS__;                              \
        }                                             \
    } while (0)

#define GATE_TWO_BACK(NAME, SLOPE)                                                  \
    GATE_WIDE static void NAME(const struct span *s) {                              \
        const real *a = s->in[0], *b = s->in[1], *value = s->value, *up = s->up;    \
        real *restrict out = s->out;                                                \
        size_t n = s->n, i = s->step[0], j = s->step[1];                            \
        if (n * s->rows == 1) {                                                     \
            *out += *up * SLOPE(*a, *b, *value);                                    \
            return;                                                                 \
        }                                                                           \
        for (size_t r = 0; r < s->rows; r++) {                                      \
            if (!s->out_step) {                                                     \
                real sum = *out;                                                    \
                for (size_t e = 0; e < n; e++)                                      \
                    sum += up[e] * SLOPE(a[e * i], b[e * j], value[e]);             \
                *out = sum;                                                         \
            } else if (i & j) {                                                     \
                GATE_FOURS(n, out[e] += up[e] * SLOPE(a[e], b[e], value[e]));       \
            } else {                                                                \
                for (size_t e = 0; e < n; e++)                                      \
                    out[e] += up[e] * SLOPE(a[e * i], b[e * j], value[e]);          \
            }                                                                       \
            a += s->row[0], b += s->row[1], value += n, up += n, out += s->out_row; \
        }                                                                           \
    }

#define GATE_TWO(NAME, VALUE, DA, DB)                                      \
    static inline real NAME##_value(real a, real b) { return VALUE; }      \
    static inline real NAME##_slope_a(real a, real b, real f) {            \
        (void)a, (void)b, (void)f;                                         \
        return DA;                                                         \
    }                                                                      \
    static inline real NAME##_slope_b(real a, real b, real f) {            \
        (void)a, (void)b, (void)f;                                         \
        return DB;                                                         \
    }                                                                      \
    GATE_WIDE static void NAME##_each(const struct span *s) {              \
        const real *a = s->in[0], *b = s->in[1];                           \
        real *restrict value = s->value;                                   \
        size_t n = s->n, i = s->step[0], j = s->step[1];                   \
        if (n * s->rows == 1) {                                            \
            *value = NAME##_value(*a, *b);                                 \
            return;                                                        \
        }                                                                  \
        for (size_t r = 0; r < s->rows; r++) {                             \
            if (i & j) GATE_FOURS(n, value[e] = NAME##_value(a[e], b[e])); \
            else                                                           \
                for (size_t e = 0; e < n; e++)                             \
                    value[e] = NAME##_value(a[e * i], b[e * j]);           \
            a += s->row[0], b += s->row[1], value += n;                    \
        }                                                                  \
    }                                                                      \
    GATE_TWO_BACK(NAME##_back_a, NAME##_slope_a)                           \
    GATE_TWO_BACK(NAME##_back_b, NAME##_slope_b)                           \
    static const char NAME##_f[] = #VALUE, NAME##_da[] = #DA, NAME##_db[] = #DB;

/* The mean of a formula over all elements: a loss. */
#define GATE_MEAN_BACK(NAME, SLOPE)                                              \
    static inline void NAME##_add(const struct span *s, real each) {             \
        const real *in0 = s->in[0], *in1 = s->in[1];                             \
        real *restrict out = s->out;                                             \
        size_t i = s->step[0], j = s->step[1];                                   \
        if (i & j) {                                                             \
            GATE_FOURS(s->n, real a = in0[e]; real b = in1[e]; (void)a, (void)b; \
                       out[e] += each * (real)(SLOPE));                          \
            return;                                                              \
        }                                                                        \
        for (size_t e = 0; e < s->n; e++) {                                      \
            real a = in0[e * i], b = in1[e * j];                                 \
            (void)a, (void)b;                                                    \
            out[e * s->out_step] += each * (real)(SLOPE);                        \
        }                                                                        \
    }                                                                            \
    GATE_WIDE static void NAME(const struct span *s) {                           \
        NAME##_add(s, s->up[0] / (real)s->inner);                                \
    }

#define GATE_MEAN_OF(NAME, VALUE, DA, DB)                                              \
    static inline real NAME##_sum(const struct span *s, real sum) {                    \
        const real *in0 = s->in[0], *in1 = s->in[1];                                   \
        for (size_t e = 0; e < s->n; e++) {                                            \
            real a = in0[e * s->step[0]], b = in1[e * s->step[1]];                     \
            sum += VALUE;                                                              \
        }                                                                              \
        return sum;                                                                    \
    }                                                                                  \
    static void NAME##_mean(const struct span *s) {                                    \
        *s->value = NAME##_sum(s, 0) / (real)s->inner;                                 \
    }                                                                                  \
    static void NAME##_forward(struct node *n) {                                       \
        struct stretch s = stretch_first(n);                                           \
        struct span p = {0};                                                           \
        real sum = 0;                                                                  \
        do {                                                                           \
            stretch_span(n, &s, &p);                                                   \
            sum = NAME##_sum(&p, sum);                                                 \
        } while (stretch_next(n, &s));                                                 \
        n->value[0] = sum / (real)n->over_size;                                        \
    }                                                                                  \
    GATE_MEAN_BACK(NAME##_back_a, DA)                                                  \
    GATE_MEAN_BACK(NAME##_back_b, DB)                                                  \
    static void NAME##_backward(const struct node *n, int k, const real *up,           \
                                real *out) {                                           \
        struct stretch s = stretch_first(n);                                           \
        struct span p = {0};                                                           \
        real each = up[0] / (real)n->over_size;                                        \
        do {                                                                           \
            stretch_span_back(n, k, &s, up, out, &p);                                  \
            if (k) NAME##_back_b_add(&p, each);                                        \
            else NAME##_back_a_add(&p, each);                                          \
        } while (stretch_next(n, &s));                                                 \
    }                                                                                  \
    __attribute__((unused)) static gate_span *NAME##_plan(const struct node *n, int k, \
                                                          struct span *p) {            \
        struct stretch s = stretch_first(n);                                           \
        if (!n->flat) return NULL;                                                     \
        stretch_span(n, &s, p);                                                        \
        p->out_step = k < 0 ? 0 : p->step[k];                                          \
        p->inner = n->over_size;                                                       \
        return k < 0 ? NAME##_mean : k ? NAME##_back_b : NAME##_back_a;                \
    }                                                                                  \
    __attribute__((unused)) static const char NAME##_f[] = #VALUE;                     \
    static const char NAME##_da[] = #DA, NAME##_db[] = #DB;

#define GATE_ONE_OF(NAME)                                                              \
    .forward = gate_forward_each, .backward = gate_backward_each, .each = NAME##_each, \
    .each_back = {NAME##_back}, .formula = NAME##_f, .local = {NAME##_da}
#define GATE_TWO_OF(NAME)                                                              \
    .forward = gate_forward_each, .backward = gate_backward_each, .each = NAME##_each, \
    .each_back = {NAME##_back_a, NAME##_back_b}, .formula = NAME##_f,                  \
    .local = {NAME##_da, NAME##_db}
#define GATE_MEAN_OF_FORMULA(NAME)                                               \
    .forward = NAME##_forward, .backward = NAME##_backward, .plan = NAME##_plan, \
    .formula = NAME##_f, .local = {NAME##_da, NAME##_db}

/* ---- the families; each ends with a row without name ---- */

extern const struct gate gates_arithmetic[], gates_functions[], gates_tensors[],
    gates_losses[], gates_layers[];

extern const struct gate gate_derivative; /* made by graph_derivative alone */

#endif
