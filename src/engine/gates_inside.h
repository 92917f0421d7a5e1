/* gates_inside: shared by the families of gates (gate_*.c): shapes, the walk over elements,
 * and the macros that write a gate's two functions from its formulas.
 */
#ifndef ENGINE_GATES_INSIDE_H
#define ENGINE_GATES_INSIDE_H

#include <math.h>

#include "engine/gates.h"
#include "engine/smooth.h"

/* ---- shapes (gates.c) ---- */

struct error *gate_shape_same(struct node *n);  /* the operand's */
struct error *gate_shape_over(struct node *n);  /* one operand's, the others stretch */
struct error *gate_shape_mean(struct node *n);  /* the same, then a mean over it: a scalar */
struct error *gate_shape_mismatch(const struct node *a, const struct node *b,
                                  const char *key);

/* ---- the walk over elements ----
 * A stretch of n elements: operand k begins at at[k] and goes on by step[k]. */
struct stretch {
    size_t n, start;
    size_t at[3], step[3];
    size_t index[MAX_DIMS];
};

static inline struct stretch stretch_first(const struct node *n) {
    int last = n->over.n - 1;
    struct stretch s = {.n = n->flat ? n->over_size : n->over.dim[last]};
    for (int k = 0; k < n->n_in && k < 3; k++) {
        s.step[k] = n->flat ? n->in[k]->size == n->over_size : n->step[k][last];
    }
    return s;
}

static inline bool stretch_next(const struct node *n, struct stretch *s) {
    if (n->flat) return false;
    s->start += s->n;
    for (int d = n->over.n - 2; d >= 0; d--) {
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
    p->value = n->value + s->start;
    for (int k = 0; k < n->n_in && k < 2; k++) {
        p->in[k] = n->in[k]->value + s->at[k];
        p->step[k] = s->step[k];
    }
}

/* forward and backward of what is made element by element of a formula: row.each, and
 * row.each_back, over the stretches. */
void gate_forward_each(struct node *n);
void gate_backward_each(const struct node *n, int k, const real *up, real *out);

/* ---- gates from formulas ----
 * The same formula is compiled here, as C, and kept as text in the row, for the algebraic
 * method: so they are written in what C and `learn` have in common. a, b, c are the
 * operands, f is the value. */
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
/* Several numbers at once where the machine can; the bits are the same. */
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

#define GATE_ONE(NAME, VALUE, DA)                                                       \
    static inline real NAME##_value(real a) { return VALUE; }                           \
    static inline real NAME##_slope(real a, real f) {                                   \
        (void)a, (void)f;                                                               \
        return DA;                                                                      \
    }                                                                                   \
    GATE_WIDE static void NAME##_each(const struct span *s) {                           \
        const real *in = s->in[0];                                                      \
        real *restrict value = s->value;                                                \
        if (s->n == 1) *value = NAME##_value(*in);                                      \
        else                                                                            \
            for (size_t i = 0; i < s->n; i++) value[i] = NAME##_value(in[i]);           \
    }                                                                                   \
    static void NAME##_back(const struct span *s) {                                     \
        const real *in = s->in[0], *value = s->value, *up = s->up;                      \
        real *restrict out = s->out;                                                    \
        if (s->n == 1) *out += *up * NAME##_slope(*in, *value);                         \
        else                                                                            \
            for (size_t i = 0; i < s->n; i++)                                           \
                out[i] += up[i] * NAME##_slope(in[i], value[i]);                        \
    }                                                                                   \
    static const char NAME##_f[] = #VALUE, NAME##_da[] = #DA;

#define GATE_TWO_BACK(NAME, SLOPE)                                                      \
    static void NAME(const struct span *s) {                                            \
        const real *a = s->in[0], *b = s->in[1], *value = s->value, *up = s->up;        \
        real *restrict out = s->out;                                                    \
        if (s->n == 1) {                                                                \
            *out += *up * SLOPE(*a, *b, *value);                                        \
        } else if (s->out_step) {                                                       \
            for (size_t i = 0; i < s->n; i++)                                           \
                out[i] +=                                                               \
                    up[i] * SLOPE(a[i * s->step[0]], b[i * s->step[1]], value[i]);      \
        } else {                                                                        \
            real sum = *out;                                                            \
            for (size_t i = 0; i < s->n; i++)                                           \
                sum += up[i] * SLOPE(a[i * s->step[0]], b[i * s->step[1]], value[i]);   \
            *out = sum;                                                                 \
        }                                                                               \
    }

#define GATE_TWO(NAME, VALUE, DA, DB)                                                   \
    static inline real NAME##_value(real a, real b) { return VALUE; }                   \
    static inline real NAME##_slope_a(real a, real b, real f) {                         \
        (void)a, (void)b, (void)f;                                                      \
        return DA;                                                                      \
    }                                                                                   \
    static inline real NAME##_slope_b(real a, real b, real f) {                         \
        (void)a, (void)b, (void)f;                                                      \
        return DB;                                                                      \
    }                                                                                   \
    static void NAME##_each(const struct span *s) {                                     \
        const real *a = s->in[0], *b = s->in[1];                                        \
        real *restrict value = s->value;                                                \
        if (s->n == 1) *value = NAME##_value(*a, *b);                                   \
        else                                                                            \
            for (size_t i = 0; i < s->n; i++)                                           \
                value[i] = NAME##_value(a[i * s->step[0]], b[i * s->step[1]]);          \
    }                                                                                   \
    GATE_TWO_BACK(NAME##_back_a, NAME##_slope_a)                                        \
    GATE_TWO_BACK(NAME##_back_b, NAME##_slope_b)                                        \
    static const char NAME##_f[] = #VALUE, NAME##_da[] = #DA, NAME##_db[] = #DB;

/* The mean of a formula over all elements: a loss. */
#define GATE_MEAN_OF(NAME, VALUE, DA, DB)                                               \
    static void NAME##_forward(struct node *n) {                                        \
        struct stretch s = stretch_first(n);                                            \
        real sum = 0;                                                                   \
        do {                                                                            \
            const real *in0 = n->in[0]->value + s.at[0];                                \
            const real *in1 = n->in[1]->value + s.at[1];                                \
            for (size_t i = 0; i < s.n; i++) {                                          \
                real a = in0[i * s.step[0]], b = in1[i * s.step[1]];                    \
                sum += VALUE;                                                           \
            }                                                                           \
        } while (stretch_next(n, &s));                                                  \
        n->value[0] = sum / (real)n->over_size;                                         \
    }                                                                                   \
    static void NAME##_backward(const struct node *n, int k, const real *up,            \
                                real *out) {                                            \
        struct stretch s = stretch_first(n);                                            \
        real each = up[0] / (real)n->over_size;                                         \
        do {                                                                            \
            const real *in0 = n->in[0]->value + s.at[0];                                \
            const real *in1 = n->in[1]->value + s.at[1];                                \
            for (size_t i = 0; i < s.n; i++) {                                          \
                real a = in0[i * s.step[0]], b = in1[i * s.step[1]];                    \
                (void)a, (void)b;                                                       \
                out[s.at[k] + i * s.step[k]] += each * (k ? (real)(DB) : (real)(DA));   \
            }                                                                           \
        } while (stretch_next(n, &s));                                                  \
    }                                                                                   \
    __attribute__((unused)) static const char NAME##_f[] = #VALUE;                      \
    static const char NAME##_da[] = #DA, NAME##_db[] = #DB;

#define GATE_ONE_OF(NAME)                                                               \
    .forward = gate_forward_each, .backward = gate_backward_each,                       \
    .each = NAME##_each, .each_back = {NAME##_back}, .formula = NAME##_f,               \
    .local = {NAME##_da}
#define GATE_TWO_OF(NAME)                                                               \
    .forward = gate_forward_each, .backward = gate_backward_each,                       \
    .each = NAME##_each, .each_back = {NAME##_back_a, NAME##_back_b},                   \
    .formula = NAME##_f, .local = {NAME##_da, NAME##_db}
#define GATE_MEAN_OF_FORMULA(NAME)                                                      \
    .forward = NAME##_forward, .backward = NAME##_backward, .formula = NAME##_f,        \
    .local = {NAME##_da, NAME##_db}

/* ---- the families; each ends with a row without name ---- */

extern const struct gate gates_arithmetic[], gates_functions[], gates_tensors[],
    gates_losses[], gates_layers[];

extern const struct gate gate_derivative; /* made by graph_derivative alone */

#endif
