/* kernels: the float side of the engine. The gates and optimisers are compiled once
 * more from their one source (kernel_gates.c); beside them stand fast kernels for what
 * nets spend their time in. A file that includes this begins with `#define
 * ENGINE_FLOAT`.
 *
 *     const struct gate *g = kernel_gate("sigmoid", 1);   // its forward takes float
 * nodes
 *
 * A vector is LANES floats, however many registers the machine needs for it. Whatever
 * is written in vectors begins on one and has rows of whole ones, padded with zeros.
 * Every sum is taken in one order, whoever works out its piece.
 */
#ifndef ENGINE_KERNELS_H
#define ENGINE_KERNELS_H

#include "engine/gates.h"
#include "engine/optimisers.h"

#define LANES ((size_t)16)
#define LANES_FOR(n) (((n) + LANES - 1) / LANES * LANES)

/* The float row of a gate with n_in operands; NULL where it has none (a derivative). */
const struct gate *kernel_gate(const char *name, int n_in);
const struct optimiser *kernel_optimiser(const char *name);

/* C[r][c] = start[c] + Σ_k A(r, k)·B[k][c], or keep·C[r][c] + … where start is NULL. */
struct dense_product {
    size_t rows, inner, vectors; /* vectors: of a row of B and C */
    const float *a;
    size_t a_row, a_inner; /* A(r, k) is a[r·a_row + k·a_inner] */
    const float *b;
    size_t b_row;
    float *c;
    size_t c_row;
    const float *start;
    float keep;
};
void kernel_product(const struct dense_product *p);

/* to[c][r] = from[r][c]; to's rows are filled up with zeros to whole vectors. */
void kernel_transpose(const float *from, size_t rows, size_t columns, size_t from_row,
                      float *to, size_t to_row);

enum activation { ACT_NONE, ACT_RELU, ACT_SIGMOID, ACT_TANH };
/* In place, over n numbers, a whole number of vectors. relu leaves −0 where it cut. */
void kernel_activate(enum activation act, float *v, size_t n);
/* slope[i] *= act′, by the values that came out. */
void kernel_deactivate(enum activation act, const float *v, float *slope, size_t n);
/* to[c] = keep·to[c] + scale·Σ_r from[r][c]; then from *= scale. */
void kernel_sum_rows(float *from, size_t rows, size_t vectors, size_t from_row,
                     float scale, float keep, float *to);
/* Rows of logits against class numbers (or, y_row > 0, against rows of probabilities):
 * the mean loss; slope gets its gradient (NULL: not wanted). */
float kernel_cross_entropy(const float *logits, size_t rows, size_t classes, size_t row,
                           const float *y, size_t y_row, float *slope);
/* The mean of (a − y)² over all numbers. */
float kernel_l2(const float *a, size_t rows, size_t columns, size_t row, const float *y,
                float *slope);

#endif
