/* kernels: the float side of the engine. The gates and optimisers are compiled once
 * more from their one source (kernel_set.c); beside them stand fast kernels for what
 * nets spend their time in. A file that includes this begins with `#define
 * ENGINE_FLOAT`.
 *
 * All of it is built once for each set of instructions (kernel_set.c, and SETS in the
 * Makefile); kernels_choose takes the best set that the machine runs. The environment's
 * LEARN_KERNELS names one instead: "baseline" gives the same numbers on every x86-64.
 *
 *     const struct kernels *k;
 *     struct error *e = kernels_choose(&k);
 *     const struct gate *g = k->gate(gate_place(n->gate)); // it takes float nodes
 *
 * A vector is LANES floats, however many registers the machine needs for it. Whatever
 * is written in vectors begins on one and has rows of whole ones, padded with zeros. A
 * matrix's columns stand in strips of a vector's width: `row` floats from one row of a
 * strip to the next, `strip` floats from one strip to the next (LANES: plain rows).
 * Every sum is taken in one order, whoever works out its piece.
 */
#ifndef TRAIN_KERNELS_H
#define TRAIN_KERNELS_H

#include "engine/gates.h"
#include "engine/optimisers.h"

#define LANES ((size_t)16)
#define LANES_FOR(n) (((n) + LANES - 1) / LANES * LANES)

/* C[r][c] = start[c] + Σ_k A(r, k)·B[k][c], or keep·C[r][c] + … where start is NULL. */
struct dense_product {
    size_t rows, inner, vectors; /* vectors: strips of B and C */
    const float *a;
    size_t a_row, a_inner; /* A(r, k) is a[r·a_row + k·a_inner]; one is 1 */
    const float *b;
    size_t b_row, b_strip;
    float *c;
    size_t c_row, c_strip;
    const float *start;
    float keep;
};

enum activation { ACT_NONE, ACT_RELU, ACT_SIGMOID, ACT_TANH };

/* Convolutions, of `lanes` examples at once.
 * Pictures stand as [channel][row][column][example], with a border of zeros where there
 * is padding. Sizes are counted in vectors. */
struct conv {
    size_t channels, filters, side;
    size_t high, wide;       /* places of the window */
    bool relu, pool;         /* then relu, then the largest of each 2 × 2 */
    size_t in_row, in_plane; /* with the border */
    size_t out_row, out_plane;
    const float *weights; /* as conv_weights lays them */
    const float *bias;    /* a number for each filter; or NULL */
};

/* One step of a recurrent cell (engine/recurrent.h), of some rows. On the way back the
 * gates become their slopes, `product` that at h @ Wh (else it is the gates'), dh what
 * gru's old state gets past Wh, dc what the memory before gets. */
struct cell {
    enum gate_kernel kind;
    size_t rows, units, row, unit_row; /* floats from one row of gates, of units on */
    float *gates;                      /* x @ Wx + b, with h @ Wh but for gru */
    float *product;                    /* gru's h @ Wh; else NULL */
    float *h, *c;                      /* the new state; lstm's memory */
    const float *h_before, *c_before;  /* NULL: zeros */
    float *dh, *dc;
};

struct kernels {
    const char *name; /* of the set of instructions */
    size_t lanes;     /* floats of a register */

    /* The float row in a gate's place (gate_place); NULL: it has none (a
     * derivative). */
    const struct gate *(*gate)(size_t place);
    const struct optimiser *(*optimiser)(const char *name);

    void (*product)(const struct dense_product *p);
    /* to[c][r] = from[r][c]; to's rows are filled up with zeros. */
    void (*transpose)(const float *from, size_t rows, size_t columns, size_t from_row,
                      float *to, size_t to_row);
    /* In place, over n numbers, whole vectors. relu leaves −0 where it cut. */
    void (*activate)(enum activation act, float *v, size_t n);
    /* slope[i] *= act′, by the values that came out. */
    void (*deactivate)(enum activation act, const float *v, float *slope, size_t n);
    /* to[c] = keep·to[c] + scale·Σ_r from[r][c]; then from *= scale. */
    void (*sum_rows)(float *from, size_t rows, size_t vectors, size_t from_row,
                     float scale, float keep, float *to);
    /* Rows of logits against class numbers (or, y_row > 0, against rows of
     * probabilities): the mean loss; slope gets its gradient (NULL: not wanted). */
    float (*cross_entropy)(const float *logits, size_t rows, size_t classes, size_t row,
                           const float *y, size_t y_row, float *slope);
    /* The mean of (a − y)² over all numbers. */
    float (*l2)(const float *a, size_t rows, size_t columns, size_t row, const float *y,
                float *slope);

    void (*cell)(const struct cell *s);
    void (*cell_back)(const struct cell *s);

    /* chosen: for each number out, which of its window's places it came from; −1: cut
     * by relu (NULL: not wanted). out begins inside its border, if it has one. */
    void (*conv)(const struct conv *c, const float *in, float *out, int *chosen);
    /* Slopes of numbers out, put back to the places they came from. */
    void (*conv_scatter)(const struct conv *c, const float *slope, const int *chosen,
                         float *to, size_t to_row, size_t to_plane);
    /* The gradients of the kernel [filters][channels][side][side] and of the bias.
     * work: conv_work(c) floats to work in. */
    void (*conv_slopes)(const struct conv *c, const float *in, const float *slope,
                        const int *chosen, float *work, float *weights, float *bias);
    size_t (*conv_work)(const struct conv *c);
    /* Weights as conv wants them. Turned: of the convolution that goes back. */
    void (*conv_weights)(const float *from, size_t filters, size_t channels,
                         size_t side, bool turned, float *to);
};

/* Fails where LEARN_KERNELS names a set that is not known, or not this machine's. */
struct error *kernels_choose(const struct kernels **out);
/* The sets that this machine runs, the best first; NULL after the last. */
const struct kernels *kernels_at(size_t i);

#endif
