/* optimisers: THE TABLE of rules that turn a gradient into an update. To add one: a row
 * and a function in optimisers.c.
 *
 * sgd       w ← w − α·g
 * momentum  v ← μ·v + g,  w ← w − α·v                      (μ = 0.9 unless given)
 * nesterov  v ← μ·v + g,  w ← w − α·(g + μ·v)
 * adagrad   s ← s + g²,  w ← w − α·g / (√s + 1e-10)
 * rmsprop   s ← ρ·s + (1 − ρ)·g²,  w ← w − α·g / (√s + 1e-8)  (ρ = 0.9 unless given)
 * adam      Kingma and Ba 2015, with both bias corrections  (0.9, 0.999, 1e-8)
 */
#ifndef ENGINE_OPTIMISERS_H
#define ENGINE_OPTIMISERS_H

#include "engine/tensor.h"

struct optimiser {
    const char *name;
    size_t state;      /* numbers kept for each number of a parameter: v; m and v */
    double setting;    /* momentum's μ, rmsprop's ρ, unless given */
    double batch_rate; /* α of training in batches, unless given */
    bool plain; /* w ← w − α·g and no more: train's kernels do it on the way */
    /* One update of n numbers. state holds `state` runs of n numbers; t counts from
       1. */
    void (*update)(size_t n, real *w, const real *g, real *state, real rate,
                   real setting, size_t t);
    const char *torch; /* the same in PyTorch: {weights}, {rate}, {setting} */
};

ENGINE_API const struct optimiser *optimiser_find(const char *name);
ENGINE_API size_t optimiser_count(void);
ENGINE_API const struct optimiser *optimiser_at(size_t i);

#endif
