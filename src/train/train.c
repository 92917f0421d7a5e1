#define ENGINE_FLOAT /* numbers here are float; the graph's own are not looked at */
#include "train/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "train/leaves.h"
#include "train/train_inside.h"

struct error *train_kernels(const char **name) {
    const struct kernels *k;
    struct error *e = kernels_choose(&k);
    if (!e) *name = k->name;
    return e;
}

struct error *train_open(struct train **out, const struct train_how *how) {
    struct train *t = mem_alloc(1, sizeof *t);
    t->arena = arena_new();
    t->how = *how;
    struct error *e = kernels_choose(&t->kernels);
    if (!e) {
        t->optimiser = t->kernels->optimiser(how->rule.optimiser->name);
        t->team = team_new(how->threads);
        e = plan_make(t);
    }
    if (e) {
        train_close(t);
        return e;
    }
    train_load(t);
    *out = t;
    return NULL;
}

void train_close(struct train *t) {
    if (!t) return;
    team_free(t->team);
    arena_free(t->arena);
    free(t);
}

/* ---- a batch ---- */

static void put_batch(struct train *t, const float *x, const float *y, size_t rows) {
    if (rows != t->rows) plan_reshape(t, rows);
    t->x->value = (float *)x; /* only read */
    if (t->y) t->y->value = (float *)y;
}

static float forward(struct train *t, bool looking) {
    for (size_t i = 0; i < t->n_steps && !interrupt_flag; i++) {
        interrupt_look();
        struct step *s = t->steps[i];
        if (looking || !s->looking) s->forward(t, s);
    }
    return t->loss->value[0];
}

static void clear_gradients(struct train *t) {
    for (int i = 0; i < t->n_copies; i++) {
        const struct node *n = t->copies[i];
        if (n && n->grad && n->gate) memset(n->grad, 0, n->size * sizeof *n->grad);
    }
    for (size_t i = 0; i < t->how.n_params; i++) {
        struct param *p = &t->params[i];
        if (!p->owned) memset(p->grad, 0, p->n * sizeof *p->grad);
    }
}

/* The gradients of all parameters together, no longer than the rule has them. Nothing
 * but averages, which have none, is fused then. */
static void clip(struct train *t) {
    double squares = 0;
    for (size_t i = 0; i < t->how.n_params; i++) {
        const struct param *p = &t->params[i];
        for (size_t k = 0; k < p->n && !p->fused; k++)
            squares += (double)p->grad[k] * p->grad[k];
    }
    float scale = (float)rule_clip(t->how.rule, sqrt(squares));
    for (size_t i = 0; i < t->how.n_params && scale < 1; i++) {
        struct param *p = &t->params[i];
        for (size_t k = 0; k < p->n && !p->fused; k++) p->grad[k] *= scale;
    }
}

static void update(struct train *t) {
    float rate = (float)t->how.rule.rate, setting = (float)t->how.rule.setting;
    float penalty = (float)t->how.penalty;
    if (t->how.rule.clip > 0) clip(t);
    for (size_t i = 0; i < t->how.n_params; i++) {
        struct param *p = &t->params[i];
        if (p->fused) continue;
        for (size_t k = 0; p->decays && penalty > 0 && k < p->n; k++) {
            p->grad[k] += penalty * p->value[k];
        }
        t->optimiser->update(p->n, p->value, p->grad,
                             t->state + p->at * t->optimiser->state, rate, setting,
                             t->t + 1);
    }
}

float train_batch(struct train *t, const float *x, const float *y, size_t rows) {
    put_batch(t, x, y, rows);
    graph_set_step(t->how.graph, t->how.seed, t->t + 1);
    float loss = forward(t, false);
    if (isfinite(loss) && !interrupt_flag) {
        for (size_t i = 0; i < t->n_settling; i++)
            t->settling[i]->gate->settle(t->settling[i], false);
        clear_gradients(t);
        if (t->loss->grad) t->loss->grad[0] = 1;
        for (size_t i = t->n_steps; i-- > 0 && !interrupt_flag;) {
            interrupt_look();
            struct step *s = t->steps[i];
            if (s->backward && !s->looking) s->backward(t, s);
        }
        if (!interrupt_flag) {
            update(t);
            t->t++;
        }
    }
    graph_set_step(t->how.graph, t->how.seed, 0);
    return loss;
}

float train_look(struct train *t, const float *x, const float *y, size_t rows,
                 float *output) {
    put_batch(t, x, y, rows);
    float loss = forward(t, true);
    if (!output || !t->output) return loss;
    if (!t->seen) {
        memcpy(output, t->output->value, t->output->size * sizeof *output);
        return loss;
    }
    size_t columns = t->seen->columns;
    for (size_t r = 0; r < rows; r++) {
        memcpy(output + r * columns, t->seen->value + r * t->seen->ld,
               columns * sizeof *output);
    }
    return loss;
}

/* ---- what is learnt ---- */

size_t train_updates(const struct train *t) { return t->t; }

void train_rate(struct train *t, double rate) { t->how.rule.rate = rate; }

void train_store(const struct train *t) {
    for (size_t i = 0; i < t->how.n_params; i++) {
        const struct param *p = &t->params[i];
        leaf_write(p->leaf, p->value, p->columns);
    }
}

void train_load(struct train *t) {
    memset(t->state, 0, t->n_numbers * t->optimiser->state * sizeof *t->state);
    t->t = 0;
    for (size_t i = 0; i < t->how.n_params; i++) {
        struct param *p = &t->params[i];
        leaf_read(p->leaf, p->value, p->columns);
    }
}

/* Numbers, optimiser, and how many updates there were, in two halves that a float
 * holds. */
#define HALF 16777216

size_t train_state_size(const struct train *t) {
    return t->n_numbers * (1 + t->optimiser->state) + 2;
}

void train_save_state(const struct train *t, float *to) {
    size_t n = t->n_numbers, kept = n * t->optimiser->state;
    memcpy(to, t->numbers, n * sizeof *to);
    memcpy(to + n, t->state, kept * sizeof *to);
    to[n + kept] = (float)(t->t / HALF);
    to[n + kept + 1] = (float)(t->t % HALF);
}

void train_load_state(struct train *t, const float *from) {
    size_t n = t->n_numbers, kept = n * t->optimiser->state;
    memcpy(t->numbers, from, n * sizeof *from);
    memcpy(t->state, from + n, kept * sizeof *from);
    t->t = (size_t)from[n + kept] * HALF + (size_t)from[n + kept + 1];
}
