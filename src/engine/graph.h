/* graph: the live computation graph. A node is a leaf (an input, a parameter, a
 * constant) or a gate with operands made before it, so that the order of making is the
 * order of forward, and its reverse that of backward.
 *
 * A graph owns its nodes, values and gradients (one arena). Everything that can fail
 * fails while building: graph_forward and graph_backward allocate nothing while they
 * walk, and are left where they stand when Ctrl-C is hit (base/interrupt.h): false, and
 * the values mean nothing. One engine: the same walk serves E = (wx - y)^2 and a
 * network.
 *
 *     struct graph *g = graph_new();
 *     struct node *w = graph_leaf(g, tensor_of_3, "w", true), *h, *E;
 *     graph_gate(g, gate_find("mul"), (struct node *[]){w, x}, 2, NULL, &h);  ...
 *     graph_want(g, E, &w, 1);
 *     graph_forward(g);
 *     graph_backward(g, E);      // w->grad[0] is dE/dw
 *     graph_free(g);
 */
#ifndef ENGINE_GRAPH_H
#define ENGINE_GRAPH_H

#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"
#include "engine/tensor.h"

struct gate;
struct graph;

/* What a gate needs to know beside its operands. */
struct attr {
    int axis; /* axis=; meaningful where has_axis */
    bool has_axis;
    int count;          /* one_hot's classes; a pool's size */
    int stride, pad;    /* conv and pools */
    bool drops;         /* floor=1: what no whole step reaches */
    struct shape shape; /* reshape's; one size may be SIZE_MAX: whatever is left */
    double share;       /* dropout's: how much is dropped */
    double epsilon;     /* normalising layers: added to the variance */
    bool all;           /* rnn, lstm, gru: every state, not the last alone */
    bool settled;       /* batchnorm's averages have moved */
    int n_index;        /* index gate: ranges given, one for each leading dimension */
    struct {
        size_t from, to; /* both ends in */
        bool single;     /* W[0]: the dimension goes away; W[0..0] keeps it */
        bool all;        /* W[..]: from end to end, however long that is */
    } index[MAX_DIMS];
    struct node *of, *wrt; /* derivative gate: d of / d wrt */
    struct graph *graph;   /* derivative, dropout: where they are */
};

struct node {
    const struct gate *gate; /* NULL: a leaf */
    struct node **in;
    int n_in;
    int id; /* its place in the order */
    struct shape shape;
    size_t size;
    real *value;      /* size numbers */
    real *room;       /* what its gate keeps beside the value; NULL: nothing */
    real *grad;       /* size numbers; NULL where no gradient is wanted */
    const char *name; /* "h"; NULL where a formula gave it none */
    bool param;       /* a leaf that learning changes */
    bool constant;    /* a number written in the formula */
    bool average;     /* a leaf that an update moves by itself: a running mean */
    struct attr attr;
    /* Element by element: the operands' common shape (the node's own, but for the
     * losses, which take a mean over it) and the steps to walk operand k beside it (0:
     * broadcast). flat: all operands are of that size or one number, so one step
     * serves. */
    struct shape over;
    size_t over_size;
    size_t step[3][MAX_DIMS];
    bool flat;
};

/* Element by element: the element of operand k that n's element is made of. */
size_t graph_operand_at(const struct node *n, int k, size_t element);

struct graph *graph_new(void);
/* A graph of shapes alone: no numbers but of single ones, nothing to run. */
struct graph *graph_new_shapes(void);
void graph_free(struct graph *g);
/* Fewer nodes than a graph may have: more are refused. */
void graph_set_most(struct graph *g, size_t nodes);
struct arena *graph_arena(struct graph *g); /* lives as long as g */

/* Copies the tensor's numbers; name may be NULL. */
struct node *graph_leaf(struct graph *g, const struct tensor *t, const char *name,
                        bool param);
/* A leaf of which only the shape is known yet: zeros, or nothing in a graph of
 * shapes. */
struct node *graph_leaf_shape(struct graph *g, const struct shape *s, const char *name,
                              bool param);
struct node *graph_constant(struct graph *g, real v);
/* There was no memory for a leaf, which has no numbers then: the next gate is refused
 * for it, or whoever makes none asks here. NULL: there was. */
struct error *graph_refused(struct graph *g);
/* A gate on operands of g: works out its shape, or says why they do not fit. */
struct error *graph_gate(struct graph *g, const struct gate *gate, struct node **in,
                         int n_in, const struct attr *attr, struct node **out);
/* Names a node (copied), where it has no name yet. */
void graph_name(struct graph *g, struct node *n, const char *name);

int graph_count(const struct graph *g);
struct node *graph_node(const struct graph *g, int id);

/* Gradients of `of` will be wanted for each wrt: marks what lies between and gives it
 * buffers. Refused where a gate between has no derivative (argmax, a derivative). */
struct error *graph_want(struct graph *g, const struct node *of,
                         struct node *const *wrt, int n_wrt);
bool graph_forward(struct graph *g);
/* Marks, by id: what `of` stands on, itself too; what stands on one that is marked, of
 * the nodes from..to. */
void graph_mark_before(const struct graph *g, const struct node *of, bool *marks);
void graph_mark_after(const struct graph *g, bool *marks, int from, int to);
/* The gates that depend on one of these leaves, in order (the array lives in the
 * arena): all that must be worked out anew when only they change. */
size_t graph_after(struct graph *g, struct node *const *leaves, size_t n_leaves,
                   struct node ***out);
bool graph_forward_some(struct graph *g, struct node *const *gates, size_t n);
/* About how many numbers that works out, products of layers among them. */
double graph_work(struct node *const *gates, size_t n);
/* Clears all gradients, puts 1 on every element of `of` and walks back. */
bool graph_backward(struct graph *g, const struct node *of);
/* The same with a seed of of->size numbers (a row of a Jacobian). */
bool graph_backward_from(struct graph *g, const struct node *of, const real *seed);
/* Of whom alone the gradient is being asked, or NULL: where one goes past a node to
 * what it stands on (gates.h: passes), it stops there for that one question. */
const struct node *graph_asked(const struct graph *g);
/* While updating, dropout drops: what, is drawn from (seed, node, step, element). Step
 * 0 is looking: nothing is dropped. */
void graph_set_step(struct graph *g, uint64_t seed, uint64_t step);
uint64_t graph_drop_dice(const struct graph *g); /* 0: looking */
/* A graph made to learn (descent.h) is always updating; another while it has a step. */
void graph_set_learns(struct graph *g);
bool graph_learns(const struct graph *g);
/* Does b's value depend on a? */
bool graph_depends(const struct graph *g, const struct node *b, const struct node *a);

/* The gate of dE/dw: values are the gradient (or the Jacobian, shape(of) +
 * shape(wrt)). */
struct error *graph_derivative(struct graph *g, struct node *of, struct node *wrt,
                               struct node **out);

#endif
