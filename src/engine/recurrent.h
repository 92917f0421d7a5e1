/* recurrent: what rnn, lstm and gru go through, [N, time, columns], and what they keep
 * of the way (node.room): of each example and step the cell's gates, its state h, and
 * beside that lstm's memory c, or gru's h @ Wh for the new state. All that asks for a
 * step's numbers asks here; nothing is owned.
 *
 * Their forms are PyTorch's; σ is the sigmoid, ⊙ element by element. With columns of
 * Wx [columns, gates·units], Wh [units, gates·units] and b [gates·units] in this order:
 *
 *     rnn        h ← tanh(x @ Wx + h @ Wh + b)
 *     lstm  i f g o of x @ Wx + h @ Wh + b, all σ but g, which is tanh
 *                c ← f ⊙ c + i ⊙ g,  h ← o ⊙ tanh(c)
 *     gru   r z n: r, z = σ(x @ Wx + h @ Wh + b), n = tanh(x @ Wx + b + r ⊙ (h @ Wh))
 *                h ← (1 − z) ⊙ n + z ⊙ h
 *
 * h and c begin as 0. What comes out is the last h, or with all=1 every one.
 *
 *     struct recurrent r = recurrent_of(n);
 *     const real *g = recurrent_gates(&r, example, t);  // units of i, then of f …
 */
#ifndef ENGINE_RECURRENT_H
#define ENGINE_RECURRENT_H

#include "engine/gates.h"

struct recurrent {
    const struct node *layer;
    size_t examples, time, columns, units, gates;
    bool all;
};

/* How many gates one of them has; 0: it is none. */
static inline size_t recurrent_gates_for(enum gate_kernel kernel) {
    switch (kernel) {
        case KERNEL_RNN: return 1;
        case KERNEL_LSTM: return 4;
        case KERNEL_GRU: return 3;
        default: return 0;
    }
}

static inline size_t recurrent_gates_of(const struct gate *g) {
    return recurrent_gates_for(g ? g->kernel : KERNEL_NONE);
}

static inline bool recurrent_is(const struct node *n) {
    return recurrent_gates_of(n->gate) > 0;
}

/* Shapes are enough. */
static inline struct recurrent recurrent_of(const struct node *n) {
    const struct shape *x = &n->in[0]->shape, *wh = &n->in[2]->shape;
    return (struct recurrent){.layer = n,
                              .examples = x->dim[0],
                              .time = x->dim[1],
                              .columns = x->dim[2],
                              .units = wh->dim[0],
                              .gates = wh->dim[1] / wh->dim[0],
                              .all = n->attr.all};
}

/* Numbers that are kept of a step. */
static inline size_t recurrent_kept(const struct recurrent *r) {
    return (r->gates + 2) * r->units;
}

static inline real *recurrent_gates(const struct recurrent *r, size_t example,
                                    size_t t) {
    return r->layer->room + (example * r->time + t) * recurrent_kept(r);
}

static inline real *recurrent_state(const struct recurrent *r, size_t example,
                                    size_t t) {
    return recurrent_gates(r, example, t) + r->gates * r->units;
}

static inline real *recurrent_beside(const struct recurrent *r, size_t example,
                                     size_t t) {
    return recurrent_state(r, example, t) + r->units;
}

#endif
