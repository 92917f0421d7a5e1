/* compile: names become a graph. Each question (E, dE/dw, plot E vs w …) builds the
 * graph it needs from the definitions as they are now; a descent builds it once.
 *
 *     struct compiled c;
 *     struct error *e = compile_open(&c, board, expr);  // or compile_name
 *     graph_forward(c.graph);   c.root->value[0]
 *     compile_close(&c);
 */
#ifndef BOARD_COMPILE_H
#define BOARD_COMPILE_H

#include "base/random.h"
#include "board/board.h"
#include "board/draft.h"
#include "engine/graph.h"

struct compiled {
    struct graph *graph;
    struct node *root;
};

struct error *compile_open(struct compiled *c, struct board *b, const struct expr *e);
struct error *compile_name(struct compiled *c, struct board *b, const char *name);
/* Several roots in one graph, sharing what they share. roots: room for n. */
struct error *compile_many(struct compiled *c, struct board *b,
                           const struct expr *const *exprs, int n, struct node **roots);
/* The same with shapes alone, no numbers: for graphs larger than memory. */
struct error *compile_shapes(struct compiled *c, struct board *b, const struct expr *e,
                             size_t most); /* nodes; 0: as many as a graph may have */
/* Names that stand for something else in one graph: a batch in the place of the
 * data. */
struct compile_instead {
    const char *name;
    struct shape shape;
    struct node *leaf; /* made by compile_instead */
};
struct error *compile_instead(struct compiled *c, struct board *b, const struct expr *e,
                              struct compile_instead *instead, int n);
/* The same with shapes alone. */
struct error *compile_instead_shapes(struct compiled *c, struct board *b,
                                     const struct expr *e,
                                     struct compile_instead *instead, int n);
void compile_close(struct compiled *c);
/* The node of a name in this graph, or NULL where the root does not need it. */
struct node *compile_find(const struct compiled *c, const char *name);
/* The parameters that root depends on, in board order; array in the graph's arena. */
size_t compile_params(const struct compiled *c, struct board *b, struct node ***out);
/* Puts into the formula d its shape (and sized), or says why it does not fit. owner: its
 * name. Other names go by their known shapes; those in the draft (or NULL) go first. */
struct error *compile_formula(struct board *b, const struct draft *draft,
                              const char *owner, struct def *d);
/* Shape and validity of a formula, referring to other names by their known shapes. */
struct error *compile_shape(struct board *b, const struct expr *e, struct shape *out);
/* The same for a part of it (a node), within the formula of `owner` (or NULL). */
struct error *compile_part_shape(struct board *b, const char *owner,
                                 const struct expr *e, int part, struct shape *out);
/* The value now. *out owned. */
struct error *compile_value(struct board *b, const struct expr *e, struct tensor **out);
/* The same, throwing the given dice for normal(…) and uniform(…). Names in the draft (or
 * NULL) go first. */
struct error *compile_drawn(struct board *b, const struct draft *draft,
                            const struct expr *e, struct dice *dice,
                            struct tensor **out);
struct error *compile_number(struct board *b, const struct expr *e, double *out);
/* Node i of e as an index into a dimension of dim: whole and inside, 2 or 1..3 (both
 * ends in). */
struct error *compile_range(struct board *b, const struct expr *e, int i, size_t dim,
                            size_t *from, size_t *to);

#endif
