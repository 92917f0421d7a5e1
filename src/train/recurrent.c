/* rnn, lstm and gru as steps of training: products over all rows of the batch for each
 * step of time, and one over all steps for what comes in. Numbers stand time by time:
 * [time][row][…]. engine/recurrent.h has the formulas. */
#define ENGINE_FLOAT
#include "engine/recurrent.h"

#include <math.h>
#include <string.h>

#include "base/interrupt.h"
#include "train/fuse.h"

struct cells {
    enum gate_kernel kind;
    size_t time, columns, units;
    size_t wide, tall; /* rows of gates, and of states, with padding */
    bool all;
    struct param *wx, *wh, *b;
    float *x;           /* what comes in */
    float *gates, *h;   /* gates become their slopes on the way back */
    float *product, *c; /* gru's h @ Wh; lstm's memory */
    float *dh, *dc;
    float *turned_h, *turned_x, *dx; /* Whᵀ, Wxᵀ; the slopes of x, where they go on */
};

/* Step t of the cell, of the batch's rows. */
static struct cell cell_at(const struct train *t, const struct cells *k, size_t at) {
    size_t gates = at * t->rows * k->wide, states = at * t->rows * k->tall;
    struct cell s = {.kind = k->kind,
                     .rows = t->rows,
                     .units = k->units,
                     .row = k->wide,
                     .unit_row = k->tall,
                     .gates = k->gates + gates,
                     .h = k->h + states,
                     .dh = k->dh,
                     .dc = k->dc};
    if (k->product) s.product = k->product + gates;
    if (k->c) s.c = k->c + states;
    if (at) s.h_before = s.h - t->rows * k->tall;
    if (at && k->c) s.c_before = s.c - t->rows * k->tall;
    return s;
}

/* Rows of [time·columns] into [time][row][columns], or back. */
static void by_time(const struct train *t, const struct cells *k, const float *from,
                    size_t row) {
    size_t n = k->columns;
    for (size_t at = 0; at < k->time; at++) {
        for (size_t r = 0; r < t->rows; r++) {
            memcpy(k->x + (at * t->rows + r) * n, from + r * row + at * n,
                   n * sizeof(float));
        }
    }
}

static void states_out(const struct train *t, const struct cells *k, struct step *s) {
    for (size_t at = k->all ? 0 : k->time - 1; at < k->time; at++) {
        for (size_t r = 0; r < t->rows; r++) {
            memcpy(s->out.value + r * s->out.ld + (k->all ? at * k->units : 0),
                   k->h + (at * t->rows + r) * k->tall, k->units * sizeof(float));
        }
    }
}

static void recurrent_forward(struct train *t, struct step *s) {
    const struct cells *k = s->more;
    size_t rows = t->rows;
    rows_come_in(t, s);
    by_time(t, k, s->in.value, s->in.ld);
    dense_product(t, &(struct dense_product){.rows = rows * k->time,
                                             .inner = k->columns,
                                             .vectors = k->wide / LANES,
                                             .a = k->x,
                                             .a_row = k->columns,
                                             .a_inner = 1,
                                             .b = k->wx->value,
                                             .b_row = LANES,
                                             .b_strip = k->columns * LANES,
                                             .c = k->gates,
                                             .c_row = k->wide,
                                             .c_strip = LANES,
                                             .start = k->b->value});
    if (k->product) memset(k->product, 0, rows * k->wide * sizeof(float));
    for (size_t at = 0; at < k->time && !interrupt_flag; at++) {
        struct cell c = cell_at(t, k, at);
        if (at) {
            dense_product(t,
                          &(struct dense_product){.rows = rows,
                                                  .inner = k->units,
                                                  .vectors = k->wide / LANES,
                                                  .a = c.h_before,
                                                  .a_row = k->tall,
                                                  .a_inner = 1,
                                                  .b = k->wh->value,
                                                  .b_row = LANES,
                                                  .b_strip = k->units * LANES,
                                                  .c = c.product ? c.product : c.gates,
                                                  .c_row = k->wide,
                                                  .c_strip = LANES,
                                                  .keep = c.product ? 0 : 1});
        }
        t->kernels->cell(&c);
    }
    states_out(t, k, s);
    rows_go_out(t, s);
}

/* What comes from above to the state of a step. */
static void slopes_of_step(const struct train *t, const struct cells *k,
                           const struct step *s, size_t at) {
    if (!k->all && at + 1 < k->time) return;
    for (size_t r = 0; r < t->rows; r++) {
        const float *from = s->out.grad + r * s->out.ld + (k->all ? at * k->units : 0);
        for (size_t u = 0; u < k->units; u++) k->dh[r * k->tall + u] += from[u];
    }
}

static void through_time(struct train *t, struct step *s) {
    const struct cells *k = s->more;
    memset(k->dh, 0, t->rows * k->tall * sizeof(float));
    if (k->dc) memset(k->dc, 0, t->rows * k->tall * sizeof(float));
    dense_turn(t, k->wh, k->units, k->turned_h);
    for (size_t at = k->time; at-- > 0 && !interrupt_flag;) {
        struct cell c = cell_at(t, k, at);
        slopes_of_step(t, k, s, at);
        t->kernels->cell_back(&c);
        if (!at) break;
        dense_product(t, &(struct dense_product){.rows = t->rows,
                                                 .inner = k->wh->columns,
                                                 .vectors = k->tall / LANES,
                                                 .a = c.product ? c.product : c.gates,
                                                 .a_row = k->wide,
                                                 .a_inner = 1,
                                                 .b = k->turned_h,
                                                 .b_row = LANES,
                                                 .b_strip = k->wh->columns * LANES,
                                                 .c = k->dh,
                                                 .c_row = k->tall,
                                                 .c_strip = LANES,
                                                 .keep = c.product ? 1 : 0});
    }
}

/* dX = slopes @ Wxᵀ */
static void slopes_down(struct train *t, struct step *s) {
    const struct cells *k = s->more;
    size_t ld = LANES_FOR(k->columns),
           row = s->from ? LANES_FOR(s->in.columns) : s->in.ld;
    dense_turn(t, k->wx, k->columns, k->turned_x);
    dense_product(t, &(struct dense_product){.rows = t->rows * k->time,
                                             .inner = k->wx->columns,
                                             .vectors = ld / LANES,
                                             .a = k->gates,
                                             .a_row = k->wide,
                                             .a_inner = 1,
                                             .b = k->turned_x,
                                             .b_row = LANES,
                                             .b_strip = k->wx->columns * LANES,
                                             .c = k->dx,
                                             .c_row = ld,
                                             .c_strip = LANES});
    for (size_t at = 0; at < k->time; at++) {
        for (size_t r = 0; r < t->rows; r++) {
            memcpy(s->in.grad + r * row + at * k->columns,
                   k->dx + (at * t->rows + r) * ld, k->columns * sizeof(float));
        }
    }
    rows_slopes_out(t, s);
}

/* The gradient, or at once the update, of W: what came in, turned, times slopes. */
static void slopes_of(struct train *t, struct param *w, size_t inputs, const float *in,
                      size_t in_row, const float *slopes, size_t rows) {
    dense_product(t, &(struct dense_product){.rows = inputs,
                                             .inner = rows,
                                             .vectors = LANES_FOR(w->columns) / LANES,
                                             .a = in,
                                             .a_row = 1,
                                             .a_inner = in_row,
                                             .b = slopes,
                                             .b_row = LANES_FOR(w->columns),
                                             .b_strip = LANES,
                                             .c = w->fused ? w->value : w->grad,
                                             .c_row = LANES,
                                             .c_strip = inputs * LANES,
                                             .keep = w->fused ? train_keep(t, w) : 0});
}

static void recurrent_backward(struct train *t, struct step *s) {
    const struct cells *k = s->more;
    size_t rows = t->rows, all = rows * k->time, after = rows * (k->time - 1);
    rows_slopes_in(t, s);
    through_time(t, s);
    if (k->dx) slopes_down(t, s);
    float scale = k->b->fused ? -(float)t->how.rule.rate : 1;
    t->kernels->sum_rows(k->gates, all, k->wide / LANES, k->wide, scale,
                         k->b->fused ? train_keep(t, k->b) : 0,
                         k->b->fused ? k->b->value : k->b->grad);
    for (size_t i = 0; k->product && i < all * k->wide; i++) k->product[i] *= scale;
    slopes_of(t, k->wx, k->columns, k->x, k->columns, k->gates, all);
    slopes_of(t, k->wh, k->units, k->h, k->tall,
              (k->product ? k->product : k->gates) + rows * k->wide, after);
}

static struct cells cells_of(const struct node *n) {
    struct recurrent r = recurrent_of(n);
    return (struct cells){.kind = n->gate->kernel,
                          .time = r.time,
                          .columns = r.columns,
                          .units = r.units,
                          .wide = LANES_FOR(r.gates * r.units),
                          .tall = LANES_FOR(r.units),
                          .all = r.all};
}

/* How many numbers it works with, of so many rows; in an arena they get their places.
 * on: slopes go on to x. */
static size_t place(struct cells *k, size_t rows, bool on, struct arena *in) {
    size_t all = rows * k->time, gates = recurrent_gates_for(k->kind) * k->units;
    size_t line = on ? LANES_FOR(k->columns) : 0, sum = 0;
    bool gru = k->kind == KERNEL_GRU, lstm = k->kind == KERNEL_LSTM;
    const struct {
        float **at;
        size_t n;
    } parts[] = {{&k->x, all * k->columns},
                 {&k->gates, all * k->wide},
                 {&k->h, all * k->tall},
                 {&k->dh, rows * k->tall},
                 {&k->product, gru ? all * k->wide : 0},
                 {&k->c, lstm ? all * k->tall : 0},
                 {&k->dc, lstm ? rows * k->tall : 0},
                 {&k->turned_h, gates * k->tall},
                 {&k->turned_x, gates * line},
                 {&k->dx, all * line}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sum += parts[i].n;
        if (in && parts[i].n) *parts[i].at = arena_alloc(in, parts[i].n, sizeof(float));
    }
    return sum;
}

double train_room(const struct node *n) {
    double room = n->gate && n->gate->room ? (double)n->gate->room(n) : 0;
    if (!recurrent_is(n)) return room;
    struct cells k = cells_of(n);
    return fmax(room, (double)place(&k, n->in[0]->shape.dim[0], n->in[0]->gate, NULL));
}

void fuse_recurrent(struct train *t, struct fusion *f, struct node *n) {
    if (!recurrent_is(n) || !f->varies[n->in[0]->id] || !f->learns[n->id]) return;
    struct recurrent r = recurrent_of(n);
    struct param *own[3];
    for (int i = 0; i < 3; i++) {
        if (!(own[i] = fuse_param(t, f, n->in[i + 1]))) return;
    }
    if (r.examples != t->how.batch) return;
    struct step *s = arena_alloc(t->arena, 1, sizeof *s);
    struct cells *k = s->more = arena_alloc(t->arena, 1, sizeof *k);
    *k = cells_of(n);
    k->wx = own[0], k->wh = own[1], k->b = own[2];
    for (int i = 0; i < 3; i++) dense_own(own[i], r.gates * r.units, train_fuses(t));
    place(k, t->how.batch, f->learns[n->in[0]->id], t->arena);
    s->forward = recurrent_forward;
    s->backward = recurrent_backward;
    fuse_begin(t, f, s, n->in[0], r.time * r.columns);
    fuse_end(t, f, s, n, (r.all ? r.time : 1) * r.units);
}
