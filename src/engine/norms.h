/* norms: what normalising layers know of the shape they get and of the averages that
 * batchnorm keeps, for the gates (gate_norms.c) and for who builds the layers.
 *
 *     size_t n = norm_features(&shape);            // of [32, 10]: 10
 *     if (norm_moved(NORM_VAR, var->value, n)) …   // no longer 1
 */
#ifndef ENGINE_NORMS_H
#define ENGINE_NORMS_H

#include "engine/tensor.h"

/* The axis of batchnorm's features: of pictures their channels, else the last one; of a
 * vector all its numbers are one feature: -1. */
static inline int norm_axis(const struct shape *s) {
    return s->n == 4 ? 1 : s->n > 1 ? s->n - 1 : -1;
}

static inline size_t norm_features(const struct shape *s) {
    int axis = norm_axis(s);
    return axis < 0 ? 1 : s->dim[axis];
}

/* Numbers on the last axis, which layernorm takes together. */
static inline size_t norm_last(const struct shape *s) {
    return s->n ? s->dim[s->n - 1] : 1;
}

/* batchnorm's averages; each begins as the number that it has here. */
enum norm_average { NORM_MEAN = 0, NORM_VAR = 1 };

/* Has an average moved from where it begins? */
static inline bool norm_moved(enum norm_average which, const real *v, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (v[i] != (real)which) return true;
    }
    return false;
}

#endif
