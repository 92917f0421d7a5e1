/* gate_formulas: a gate in one line: its value and what it hands down, as formulas.
 *
 *     GATE_TWO(mul, a * b, b, a)                  // a·b, ∂/∂a, ∂/∂b
 *     … {.name = "mul", GATE_TWO_OF(mul), …}      // in its family's table
 *
 * The same formula is compiled here, as C, and kept as text in the row, for the
 * algebraic method: so they are written in what C and `learn` have in common. a and b
 * are the operands, f is the value. Of each, GATE_… makes a function of numbers and
 * hands it to the loops below, which the compiler inlines, formula and all.
 */
#ifndef ENGINE_GATE_FORMULAS_H
#define ENGINE_GATE_FORMULAS_H

#include <math.h>

#include "engine/gates_inside.h"
#include "engine/smooth.h"

/* ---- what formulas may say ---- */

#ifdef ENGINE_FLOAT
#define exp expf
#define log logf
#define log1p log1pf
#define sqrt sqrtf
#define sin sinf
#define cos cosf
#define tanh (float)smooth_tanh
#define atan atanf
#define fabs fabsf
#define floor floorf
#define rint rintf
#define erf erff
#else
#define exp smooth_exp
#define tanh smooth_tanh
#endif
#define where(condition, yes, no) ((condition) ? (yes) : (no))
#define abs(x) fabs(x)
#define arctan(x) atan(x)
#define round(x) rint(x) /* 2.5 to 2: the even one, as elsewhere */
#define pow(x, y) gate_power(x, y)

/* Squares are exact: (w·x − y)^2 is 0 where it should be. */
static inline real gate_power(real x, real y) {
    return y == 2 ? x * x : y == 1 ? x : (pow)(x, y);
}

/* ---- loops over a span ---- */

/* Several numbers at once where the machine can; the bits are the same. All that walks
 * over elements has it: what is written in small pieces and read in a large one has to
 * wait. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(ENGINE_FLOAT) && !defined(__SANITIZE_ADDRESS__)
#define GATE_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define GATE_WIDE
#endif
#define GATE_LOOP static inline __attribute__((always_inline))

typedef real value_of_one(real a), slope_of_one(real a, real f);
typedef real value_of_two(real a, real b), slope_of_two(real a, real b, real f);

GATE_LOOP void each_one(const struct span *s, value_of_one *value_of) {
    const real *a = s->in[0];
    real *restrict value = s->value;
    if (s->n == 1) *value = value_of(*a);
    else
        for (size_t e = 0; e < s->n; e++) value[e] = value_of(a[e]);
}

GATE_LOOP void back_one(const struct span *s, slope_of_one *slope) {
    const real *a = s->in[0], *value = s->value, *up = s->up;
    real *restrict out = s->out;
    if (s->n == 1) *out += *up * slope(*a, *value);
    else
        for (size_t e = 0; e < s->n; e++) out[e] += up[e] * slope(a[e], value[e]);
}

/* A statement on e = 0 … n − 1, four at once: rows are often short. */
#define FOURS(n, DO)                                    \
    do {                                                \
        size_t four_ = 0, left_ = (n) % 4;              \
        for (; four_ + 4 <= (n); four_ += 4) {          \
            for (size_t q_ = 0; q_ < 4; q_++) {         \
                size_t e = four_ + q_;                  \
                DO;                                     \
            }                                           \
        }                                               \
        for (size_t e = four_; left_; left_--, e++) DO; \
    } while (0)

GATE_LOOP void each_two(const struct span *s, value_of_two *value_of) {
    const real *a = s->in[0], *b = s->in[1];
    real *restrict value = s->value;
    size_t n = s->n, i = s->step[0], j = s->step[1];
    if (n * s->rows == 1) {
        *value = value_of(*a, *b);
        return;
    }
    for (size_t r = 0; r < s->rows; r++) {
        if (i & j) FOURS(n, value[e] = value_of(a[e], b[e]));
        else
            for (size_t e = 0; e < n; e++) value[e] = value_of(a[e * i], b[e * j]);
        a += s->row[0], b += s->row[1], value += n;
    }
}

GATE_LOOP void back_two(const struct span *s, slope_of_two *slope) {
    const real *a = s->in[0], *b = s->in[1], *value = s->value, *up = s->up;
    real *restrict out = s->out;
    size_t n = s->n, i = s->step[0], j = s->step[1];
    if (n * s->rows == 1) {
        *out += *up * slope(*a, *b, *value);
        return;
    }
    for (size_t r = 0; r < s->rows; r++) {
        if (!s->out_step) { /* the operand is stretched: a sum */
            real sum = *out;
            for (size_t e = 0; e < n; e++)
                sum += up[e] * slope(a[e * i], b[e * j], value[e]);
            *out = sum;
        } else if (i & j) {
            FOURS(n, out[e] += up[e] * slope(a[e], b[e], value[e]));
        } else {
            for (size_t e = 0; e < n; e++)
                out[e] += up[e] * slope(a[e * i], b[e * j], value[e]);
        }
        a += s->row[0], b += s->row[1], value += n, up += n, out += s->out_row;
    }
}

/* ---- the mean of a formula over all elements: a loss ---- */

GATE_LOOP real sum_two(const struct span *s, real sum, value_of_two *value_of) {
    const real *a = s->in[0], *b = s->in[1];
    size_t i = s->step[0], j = s->step[1];
    for (size_t e = 0; e < s->n; e++) sum += value_of(a[e * i], b[e * j]);
    return sum;
}

/* each: what goes to one element where its slope is 1. */
GATE_LOOP void sum_two_back(const struct span *s, real each, slope_of_two *slope) {
    const real *a = s->in[0], *b = s->in[1];
    real *restrict out = s->out;
    size_t i = s->step[0], j = s->step[1];
    if (i & j) {
        FOURS(s->n, out[e] += each * slope(a[e], b[e], 0));
        return;
    }
    for (size_t e = 0; e < s->n; e++)
        out[e * s->out_step] += each * slope(a[e * i], b[e * j], 0);
}

GATE_LOOP void mean_two(const struct span *s, value_of_two *value_of) {
    *s->value = sum_two(s, 0, value_of) / (real)s->inner;
}

GATE_LOOP void mean_two_back(const struct span *s, slope_of_two *slope) {
    sum_two_back(s, s->up[0] / (real)s->inner, slope);
}

/* The same over however many spans there are. */
GATE_LOOP void mean_all(struct node *n, value_of_two *value_of) {
    struct walk s = walk_first(n);
    struct span p = {0};
    real sum = 0;
    do {
        walk_span(n, &s, &p);
        sum = sum_two(&p, sum, value_of);
    } while (walk_next(n, &s));
    n->value[0] = sum / (real)n->over_size;
}

GATE_LOOP void mean_all_back(const struct node *n, int k, const real *up, real *out,
                             slope_of_two *slope_a, slope_of_two *slope_b) {
    struct walk s = walk_first(n);
    struct span p = {0};
    real each = up[0] / (real)n->over_size;
    do {
        walk_span_back(n, k, &s, up, out, &p);
        if (k) sum_two_back(&p, each, slope_b);
        else sum_two_back(&p, each, slope_a);
    } while (walk_next(n, &s));
}

/* Is one span all of it? Then it is *p. */
static inline bool mean_span(const struct node *n, int k, struct span *p) {
    struct walk s = walk_first(n);
    if (!n->flat) return false;
    walk_span(n, &s, p);
    p->out_step = k < 0 ? 0 : p->step[k];
    p->inner = n->over_size;
    return true;
}

/* ---- a gate in one line ---- */

#define GATE_SPAN(NAME, LOOP, FORMULA) \
    GATE_WIDE static void NAME(const struct span *s) { LOOP(s, FORMULA); }
#define SLOPE_OF_TWO(NAME, SLOPE)                     \
    static inline real NAME(real a, real b, real f) { \
        return (void)a, (void)b, (void)f, SLOPE;      \
    }

#define GATE_ONE(NAME, VALUE, DA)                                                    \
    static inline real NAME##_value(real a) { return VALUE; }                        \
    static inline real NAME##_slope(real a, real f) { return (void)a, (void)f, DA; } \
    GATE_SPAN(NAME##_each, each_one, NAME##_value)                                   \
    GATE_SPAN(NAME##_back, back_one, NAME##_slope)                                   \
    static const char NAME##_f[] = #VALUE, NAME##_da[] = #DA;

#define GATE_TWO(NAME, VALUE, DA, DB)                                 \
    static inline real NAME##_value(real a, real b) { return VALUE; } \
    SLOPE_OF_TWO(NAME##_slope_a, DA)                                  \
    SLOPE_OF_TWO(NAME##_slope_b, DB)                                  \
    GATE_SPAN(NAME##_each, each_two, NAME##_value)                    \
    GATE_SPAN(NAME##_back_a, back_two, NAME##_slope_a)                \
    GATE_SPAN(NAME##_back_b, back_two, NAME##_slope_b)                \
    static const char NAME##_f[] = #VALUE, NAME##_da[] = #DA, NAME##_db[] = #DB;

#define GATE_MEAN_OF(NAME, VALUE, DA, DB)                                        \
    static inline real NAME##_value(real a, real b) { return VALUE; }            \
    SLOPE_OF_TWO(NAME##_slope_a, DA)                                             \
    SLOPE_OF_TWO(NAME##_slope_b, DB)                                             \
    GATE_SPAN(NAME##_mean, mean_two, NAME##_value)                               \
    GATE_SPAN(NAME##_back_a, mean_two_back, NAME##_slope_a)                      \
    GATE_SPAN(NAME##_back_b, mean_two_back, NAME##_slope_b)                      \
    static void NAME##_forward(struct node *n) { mean_all(n, NAME##_value); }    \
    static void NAME##_backward(const struct node *n, int k, const real *up,     \
                                real *out) {                                     \
        mean_all_back(n, k, up, out, NAME##_slope_a, NAME##_slope_b);            \
    }                                                                            \
    static gate_span *NAME##_plan(const struct node *n, int k, struct span *p) { \
        if (!mean_span(n, k, p)) return NULL;                                    \
        return k < 0 ? NAME##_mean : k ? NAME##_back_b : NAME##_back_a;          \
    }                                                                            \
    static const char NAME##_f[] = #VALUE, NAME##_da[] = #DA, NAME##_db[] = #DB;

/* ---- a wrong rule in one line ----
 *
 *     GATE_SLIP(pow_lost, pow(a, b - 1))          // d(a²) = a
 *     … {"pow.lost", 0, WRONG_LOCAL, pow_lost}    // in the row's `slips`
 */
#define GATE_SLIP(NAME, FORMULA)                              \
    static inline real NAME(real a, real b, real f, real n) { \
        return (void)a, (void)b, (void)f, (void)n, FORMULA;   \
    }

GATE_SLIP(slip_a, a)
GATE_SLIP(slip_b, b)
GATE_SLIP(slip_f, f)
GATE_SLIP(slip_n, n)
GATE_SLIP(slip_one, 1)
GATE_SLIP(slip_minus, -1)

/* What such a gate's row has from it. */
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

#endif
