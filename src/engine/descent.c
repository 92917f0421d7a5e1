#include "engine/descent.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/memory_left.h"
#include "engine/gates.h"
#include "engine/tape.h"
#include "engine/unfit.h"

static const double heavy_work = 1e5; /* a fraction of a millisecond */

/* Averages stand where a run keeps them, behind what learns. */
static void place_averages(struct descent *d) {
    real *at = d->numbers + d->n_slopes;
    for (size_t i = d->n_learned; i < d->n_params; i++) {
        struct node *p = d->params[i];
        memcpy(at, p->value, p->size * sizeof *at);
        p->value = at;
        at += p->size;
    }
    int count = d->n_learned < d->n_params ? graph_count(d->graph) : 0;
    d->settling =
        arena_alloc(graph_arena(d->graph), (size_t)count, sizeof *d->settling);
    for (int i = 0; i < count; i++) {
        struct node *n = graph_node(d->graph, i);
        if (n->gate && n->gate->settle && graph_depends(d->graph, d->loss, n))
            d->settling[d->n_settling++] = n;
    }
}

struct error *descent_open(struct descent *d, struct graph *g, struct node *loss,
                           struct node **params, size_t n_params, struct rule rule) {
    *d = (struct descent){
        .graph = g, .loss = loss, .params = params, .n_params = n_params, .rule = rule};
    while (d->n_learned < n_params && !params[d->n_learned]->average) d->n_learned++;
    struct error *e = graph_want(g, loss, params, (int)d->n_learned);
    if (e) return e;
    for (size_t i = 0; i < n_params; i++) {
        d->n_numbers += params[i]->size;
        if (i < d->n_learned) d->n_slopes += params[i]->size;
    }
    d->n_state = d->n_slopes * rule.optimiser->state;
    size_t all = d->n_numbers + d->n_state;
    /* those below, four rows of a run, whatever they weigh, and what is brought home */
    if ((e = memory_left_for(9.0 * sizeof(real) * (double)all))) return e;
    d->numbers = arena_alloc(graph_arena(g), all, sizeof *d->numbers);
    d->before = arena_alloc(graph_arena(g), all, sizeof *d->before);
    d->clipped = arena_alloc(graph_arena(g), d->n_slopes, sizeof *d->clipped);
    graph_set_learns(g);
    place_averages(d);
    /* what no parameter changes is worked out here, once */
    if (!graph_forward(g)) return interrupt_stopped();
    d->tape = tape_new(g, loss, params, d->n_learned, d->numbers);
    size_t after = graph_after(g, params, n_params, &d->rest);
    d->heavy = graph_work(d->rest, after) > heavy_work;
    for (size_t i = 0; i < after; i++) {
        if (tape_has(d->tape, d->rest[i])) continue;
        d->slopes_lost = d->slopes_lost || d->rest[i]->attr.wrt;
        d->rest[d->n_rest++] = d->rest[i];
    }
    graph_backward(g, loss); /* lists what has a gradient, so that no step has to */
    return NULL;
}

void descent_close(struct descent *d) { *d = (struct descent){0}; } /* all is g's */

/* The gates beside the loss. One of them may be a derivative, which takes the
 * gradients' place for a while: of another formula, or by what the tape has no gradient
 * of. */
static void look_at_rest(struct descent *d) {
    if (!d->n_rest) return;
    graph_forward_some(d->graph, d->rest, d->n_rest);
    if (d->slopes_lost) graph_backward(d->graph, d->loss);
}

static void run_tape(void *tape) { tape_run(tape); }

/* What is over in no time need not be left half-way. */
static inline bool look_at_loss(struct descent *d) {
    if (d->heavy) return interrupt_run(run_tape, d->tape);
    tape_run(d->tape);
    return true;
}

void descent_look(struct descent *d) {
    if (look_at_loss(d)) look_at_rest(d);
}

/* Exponents of ones alone (infinite, or no number) carry into the sign. */
static inline bool all_finite(const real *v, size_t n) {
    const uint64_t exponent = (uint64_t)0x7ff << 52;
    uint64_t carried = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, v + i, sizeof bits);
        carried |= (bits & exponent) + ((uint64_t)1 << 52);
    }
    return carried >> 63 == 0;
}

static inline void copy(real *to, const real *from, size_t n) {
    if (n > 16) memcpy(to, from, n * sizeof *to);
    else
        for (size_t i = 0; i < n; i++) to[i] = from[i];
}

double descent_clip(const struct descent *d) {
    double squares = 0;
    if (d->rule.clip <= 0) return 1;
    const real *slopes = tape_slopes(d->tape);
    for (size_t i = 0; i < d->n_slopes; i++) squares += slopes[i] * slopes[i];
    return rule_clip(d->rule, sqrt(squares));
}

/* No longer all together than the rule has them. */
static const real *clip(struct descent *d, const real *slopes) {
    double scale = descent_clip(d);
    for (size_t i = 0; i < d->n_slopes; i++) d->clipped[i] = scale * slopes[i];
    return d->clipped;
}

/* One update, and its look; false: Ctrl-C came. What was is in d->before. */
static inline bool update(struct descent *d, const real *slopes) {
    copy(d->before, d->numbers, d->n_numbers + d->n_state);
    for (size_t i = 0; i < d->n_settling; i++)
        d->settling[i]->gate->settle(d->settling[i], false);
    d->rule.optimiser->update(
        d->n_slopes, d->numbers, d->rule.clip > 0 ? clip(d, slopes) : slopes,
        d->numbers + d->n_numbers, rule_rate(d->rule, d->t), d->rule.setting, d->t + 1);
    return look_at_loss(d);
}

static inline void take_back(struct descent *d, real loss) {
    copy(d->numbers, d->before, d->n_numbers + d->n_state);
    descent_look(d);
    d->loss->value[0] = loss;
}

bool descent_step(struct descent *d) {
    size_t n = d->n_slopes;
    real loss = d->loss->value[0];
    const real *slopes = tape_slopes(d->tape);
    bool whole = update(d, slopes);
    if (whole && isfinite(d->loss->value[0]) && all_finite(slopes, n) &&
        all_finite(d->numbers, d->n_numbers)) {
        d->step++;
        d->t++;
        return true;
    }
    take_back(d, loss);
    return false;
}

enum descent_why descent_why(struct descent *d, struct buf *what, int digits) {
    real loss = d->loss->value[0];
    graph_backward(d->graph, d->loss);
    if (unfit_slope(d->graph, what, digits)) return WHY_SLOPE;
    descent_look(d);
    update(d, tape_slopes(d->tape));
    graph_forward(d->graph);
    bool number = unfit_number(d->graph, what, digits);
    take_back(d, loss);
    return number ? WHY_NUMBER : WHY_FAR;
}

static bool met(const struct node *until) {
    for (size_t i = 0; i < until->size; i++) {
        if (until->value[i] == 0) return false;
    }
    return true;
}

enum descent_end descent_go(struct descent *d, size_t n,
                            const struct descent_how *how) {
    enum descent_end end = DESCENT_ENDED;
    for (; n && end == DESCENT_ENDED; n--) {
        interrupt_look();
        if (how->until && met(how->until)) {
            end = DESCENT_MET;
        } else if (how->stop && *how->stop) {
            end = DESCENT_STOPPED;
        } else if (!descent_step(d)) {
            end = how->stop && *how->stop ? DESCENT_STOPPED : DESCENT_EXPLODED;
        } else {
            run_add(how->run, d->step, d->loss->value[0], d->numbers);
            if (fabs(d->loss->value[0]) > how->most) end = DESCENT_EXPLODED;
            if (how->until) look_at_rest(d);
        }
    }
    look_at_rest(d);
    return end == DESCENT_ENDED && how->until && met(how->until) ? DESCENT_MET : end;
}

void descent_load(struct descent *d, struct run_row row) {
    memcpy(d->numbers, row.numbers, (d->n_numbers + d->n_state) * sizeof(real));
    d->step = row.step;
    d->t = row.step;
    descent_look(d);
}
