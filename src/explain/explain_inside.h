/* explain_inside: what the explanations share: how a node is called, which nodes count,
 * what a gate hands back to an operand, and how a line of equal parts is printed. What
 * looks at all of a graph goes along it in order; only what is printed as one formula
 * is followed operand by operand, and only so deep. Texts are added to the caller's
 * buf; arrays live in the graph's arena.
 *
 *     explain_label(c);                              // long formulas get names
 *     n = explain_gates(c, &gates);
 *     explain_name(&b, gates[0], o->digits);         // "h", or "w·x"
 *     explain_put_in(&b, gates[0], o->digits);       // "3·1"
 */
#ifndef EXPLAIN_EXPLAIN_INSIDE_H
#define EXPLAIN_EXPLAIN_INSIDE_H

#include "board/compile.h"
#include "explain/explain.h"

enum {
    SHOWN_NUMBERS = 6,  /* of a tensor in a line; the middle is left out */
    SHOWN_COLUMNS = 68, /* where they are so long that it would not fit, fewer */
    WRITTEN_OUT = 8,    /* terms of a sum that are written out */
    GATES_SHOWN = 200,  /* at each end of a walk; what is between is counted */
    PARAMS_SHOWN = 40
};

/* ---- names (formula.c, shared.c) ---- */

/* A number written in the formula: 3, -3 (neg of 3), [1, 2] too. */
bool explain_is_number(const struct node *n);
/* Its name, or its formula where it has none. */
void explain_name(struct buf *b, const struct node *n, int digits);
/* dE, d(h − y); dE/dh, dE/d(h − y). */
void explain_d(struct buf *b, const struct node *n);
void explain_slope_name(struct buf *b, const struct node *of, const struct node *n);
/* Gives g1, g2 … to the unnamed gates whose formula would be long, so that every line
 * is short. The graph is made for one question, so nobody else sees these names. */
void explain_label(const struct compiled *c);
/* The formula with each operand's value in its place: 2². */
void explain_put_in(struct buf *b, const struct node *n, int digits);
/* What is given beside the operands, as it would be typed: ", 2, stride=1". */
void explain_settings(struct buf *b, const struct node *n, int digits);
/* [0, 1..2], as an index gate takes it. */
void explain_index(struct buf *b, const struct attr *at);
/* A tensor as it stands in a line. */
void explain_tensor(struct buf *b, const struct shape *s, const real *v, int digits);
/* A number in a product: negative ones in brackets. */
void explain_factor(struct buf *b, double v, int digits);
/* + … (18: -0.31): so many terms are not written out, and that is what they come to. */
void explain_rest(struct buf *b, size_t terms, double sum, int digits);
enum out_colour explain_colour(const struct node *n, const struct node *root);

/* ---- which nodes (shared.c) ---- */

/* By id: does root stand on it? Numbers count too. In the graph's arena. */
bool *explain_needed(const struct compiled *c);
/* The gates that root stands on, in order, numbers aside; how many. */
size_t explain_gates(const struct compiled *c, struct node ***out);
/* Wants and works out the gradients of root for every parameter and every named input
 * that learning could reach, so that all local gradients can be shown. *leaves: the
 * parameters, or the inputs where there is none; in the graph's arena. */
struct error *explain_gradients(struct compiled *c, struct node ***leaves, size_t *n);

/* ---- printing (shared.c) ---- */

/* "a = b = c", the first and last in their colours, broken before " = " where it is
 * wide. */
void explain_say_equal(struct out *o, int indent, char *const *parts, int n,
                       enum out_colour first, enum out_colour last);
/* Says that so many gates are left out here. */
void explain_say_gap(struct out *o, size_t gates);
/* What must be one number: an error otherwise, asking for mean(name). */
struct error *explain_one_number(const struct node *n);

/* ---- what a gate hands back (factors.c) ---- */

/* Does the gate hand operand k a gradient that was asked for, by a formula or a
 * rule? */
bool explain_hands(const struct node *n, int k);
/* upstream · local for operand k, in names and in numbers (empty where there are too
 * many to read). The gradient of n is there. */
void explain_hand_back(struct out *o, struct buf *names, struct buf *numbers,
                       const struct node *of, const struct node *n, int k);
/* The local gradient of a gate of one number for an operand of one number. */
double explain_local(const struct node *n, int k);

/* ---- a graph with empty boxes (blanks.h) ---- */

/* By id: a ? in the place of the value, of the gradient. */
struct explain_asked {
    const bool *value, *gradient;
    bool gradients; /* are there any? */
    bool wide;      /* set: it would not fit, and is drawn as a tree */
};
struct error *explain_graph_asking(struct out *o, struct compiled *c,
                                   struct explain_asked *asked);
struct error *explain_net_asking(struct out *o, struct compiled *c,
                                 struct explain_asked *asked);
/* One gate as forward writes it; and what backward writes of one node, whatever hands
 * it its gradient. */
void explain_forward_of(struct out *o, const struct compiled *c, const struct node *n);
void explain_backward_to(struct out *o, struct compiled *c, const struct node *n);

/* ---- recurrent layers (recurrent.c) ---- */

/* One number of rnn, lstm or gru, gate by gate with the numbers put in. */
void explain_cell(struct out *o, const struct node *n, size_t element);
/* All steps of a small one. */
void explain_steps(struct out *o, const struct node *n);

/* ---- the product of local gradients from a leaf up to root (paths.c) ---- */

struct paths;
struct paths *explain_paths(const struct compiled *c); /* in the graph's arena */
/* "4·1·1", "2·3 + 4·1"; false where there are too many or too long paths, or tensors.
 * b may be NULL: just to ask. */
bool explain_path(struct buf *b, const struct paths *p, const struct node *leaf,
                  int digits);

/* ---- a layer's weight (net.c) ---- */

/* Which examples push an element of w: says nothing where w is no layer's. The
 * gradients are there. */
bool explain_pushes(struct out *o, const struct compiled *c, const struct node *w,
                    size_t element, const char *wrt, const char *slope);

/* ---- nudging (check.c) ---- */

/* A leaf (or a formula) moved by hand, with all that stands on it worked out anew. */
struct nudge {
    struct graph *graph;
    const struct node *of;
    struct node *wrt;
    struct node **after; /* the gates between */
    size_t n;
    bool differs; /* there is a dE/dw among them */
};
struct nudge explain_nudge(struct compiled *c, struct node *wrt);
double explain_nudged(const struct nudge *g, size_t element, double by);
/* How far a number of this size is nudged: 0.00001, more only for large ones. */
double explain_delta(double v);

#endif
