#include "engine/optimisers.h"

#include <math.h>
#include <string.h>

static void sgd(size_t n, real *w, const real *g, real *state, real rate, real setting,
                size_t t) {
    (void)state, (void)setting, (void)t;
    for (size_t i = 0; i < n; i++) w[i] -= rate * g[i];
}

static void momentum(size_t n, real *w, const real *g, real *v, real rate, real mu,
                     size_t t) {
    (void)t;
    for (size_t i = 0; i < n; i++) {
        v[i] = mu * v[i] + g[i];
        w[i] -= rate * v[i];
    }
}

/* As PyTorch and Keras have it: the step looks where the speed will take it. */
static void nesterov(size_t n, real *w, const real *g, real *v, real rate, real mu,
                     size_t t) {
    (void)t;
    for (size_t i = 0; i < n; i++) {
        v[i] = mu * v[i] + g[i];
        w[i] -= rate * (g[i] + mu * v[i]);
    }
}

static void adagrad(size_t n, real *w, const real *g, real *sum, real rate,
                    real setting, size_t t) {
    const real tiny = 1e-10;
    (void)setting, (void)t;
    for (size_t i = 0; i < n; i++) {
        sum[i] += g[i] * g[i];
        w[i] -= rate * g[i] / (sqrt(sum[i]) + tiny);
    }
}

static void rmsprop(size_t n, real *w, const real *g, real *mean, real rate, real rho,
                    size_t t) {
    const real tiny = 1e-8;
    (void)t;
    for (size_t i = 0; i < n; i++) {
        mean[i] = rho * mean[i] + (1 - rho) * g[i] * g[i];
        w[i] -= rate * g[i] / (sqrt(mean[i]) + tiny);
    }
}

static void adam(size_t n, real *w, const real *g, real *state, real rate, real setting,
                 size_t t) {
    const real b1 = 0.9, b2 = 0.999, tiny = 1e-8;
    real *m = state, *v = state + n;
    real fix1 = 1 - pow(b1, (real)t), fix2 = 1 - pow(b2, (real)t);
    (void)setting;
    for (size_t i = 0; i < n; i++) {
        m[i] = b1 * m[i] + (1 - b1) * g[i];
        v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
        w[i] -= rate * (m[i] / fix1) / (sqrt(v[i] / fix2) + tiny);
    }
}

static const struct optimiser optimisers[] = {
    {"sgd", 0, 0, 0.1, true, sgd, "torch.optim.SGD({weights}, lr={rate})"},
    {"momentum", 1, 0.9, 0.1, false, momentum,
     "torch.optim.SGD({weights}, lr={rate}, momentum={setting})"},
    {"nesterov", 1, 0.9, 0.1, false, nesterov,
     "torch.optim.SGD({weights}, lr={rate}, momentum={setting}, nesterov=True)"},
    {"adagrad", 1, 0, 0.01, false, adagrad,
     "torch.optim.Adagrad({weights}, lr={rate})"},
    {"rmsprop", 1, 0.9, 0.001, false, rmsprop,
     "torch.optim.RMSprop({weights}, lr={rate}, alpha={setting})"},
    {"adam", 2, 0, 0.001, false, adam, "torch.optim.Adam({weights}, lr={rate})"},
};

size_t optimiser_count(void) { return sizeof optimisers / sizeof *optimisers; }
const struct optimiser *optimiser_at(size_t i) { return &optimisers[i]; }

const struct optimiser *optimiser_find(const char *name) {
    for (size_t i = 0; i < optimiser_count(); i++) {
        if (strcmp(optimisers[i].name, name) == 0) return &optimisers[i];
    }
    return NULL;
}
