/* sampling: a formula as a function of one or two of its leaves: compiled once, then a
 * leaf is set and the graph run forward for each point. The board is not touched.
 *
 *     struct sampler m;
 *     struct error *e = sampler_open(&m, board, &E, 1, axes, 1);    // vs w
 *     sampler_set(&m, 0, 2.5);
 *     sampler_look(&m);
 *     m.roots[0]->value[0], sampler_slope(&m);     sampler_close(&m);
 */
#ifndef PLOT_SAMPLING_H
#define PLOT_SAMPLING_H

#include "board/compile.h"

#define SAMPLES 201     /* of a curve; odd, so that the middle is one */
#define SAMPLES_GRID 41 /* on a side of a surface */

struct sampler {
    struct compiled c;
    struct node **roots; /* one number each */
    int n;
    struct node *leaf[2];
    size_t at[2];   /* which of the leaf's numbers */
    real today[2];  /* its value on the board */
    char *title[2]; /* "w", "W[0, 1]" */
    bool slopes;    /* of roots[0] by leaf[0] */
};

/* exprs against the axes' names; every one must be a single number. */
struct error *sampler_open(struct sampler *m, struct board *b,
                           const struct expr *const *exprs, int n,
                           const struct axis *axes, int n_axes);
/* e as a function of a name of its own: "x" in x^2, or of f's argument. */
struct error *sampler_open_function(struct sampler *m, struct board *b,
                                    const struct expr *e, const char *arg);
void sampler_close(struct sampler *m);
void sampler_set(struct sampler *m, int axis, real v);
void sampler_look(struct sampler *m); /* forward */
/* of roots[0] by leaf[0], where we look; nan: none */
real sampler_slope(struct sampler *m);
/* Where point i of n stands between the ends. */
double sample_at(double from, double to, size_t i, size_t n);
/* The ends of a range: given or left as they are. False in *given where there is
 * none. */
struct error *sample_range(struct board *b, const struct axis *a, double *from,
                           double *to, bool *given);

#endif
