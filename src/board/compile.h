/* compile: names become a graph. Each question (E, dE/dw, plot E vs w …) builds the
 * graph it needs from the definitions as they are now; a descent builds it once.
 *
 *     struct compiled c;
 *     struct error *e = compile_open(&c, board, expr);  // or compile_name
 *     graph_forward(c.graph);   c.root->value[0]
 *     compile_close(&c);
 *
 * compile_open, compile_name and the answers below are short for an order:
 *
 *     compile(&c, board, &(struct compile_order){.expr = E, .shapes = true});
 */
#ifndef BOARD_COMPILE_H
#define BOARD_COMPILE_H

#include "base/random.h"
#include "board/board.h"
#include "board/draft.h"
#include "engine/graph.h"

struct compiled {
    struct graph *graph;
    struct node *root; /* the last one's, where there are several */
    bool sized;        /* some shape hangs on a number that others may change */
};

/* Names that stand for something else in one graph: a batch in the place of the
 * data. */
struct compile_instead {
    const char *name;
    struct shape shape;
    struct node *leaf; /* made by compile */
};

/* What is wanted; all but expr (or exprs) may be left out. */
struct compile_order {
    const struct expr *expr;
    const struct expr *const
        *exprs; /* or several, in one graph, sharing what they share */
    int n;
    struct node **roots; /* gets the node of each */
    struct compile_instead *instead;
    int n_instead;
    bool shapes; /* shapes alone, no numbers: for graphs larger than memory */
    size_t most; /* nodes at most; 0: as many as a graph may have */
    /* while something is being defined: */
    bool shallow;              /* other names go by their known shapes */
    const struct draft *draft; /* these go before the board */
    const char *owner;         /* whose formula: a layer in it owns owner.W */
    struct dice *dice;         /* for normal(…) and uniform(…) */
};

struct error *compile(struct compiled *c, struct board *b,
                      const struct compile_order *o);
struct error *compile_open(struct compiled *c, struct board *b, const struct expr *e);
/* shapes: not 0: shapes alone, of so many nodes at most. */
struct error *compile_name(struct compiled *c, struct board *b, const char *name,
                           size_t shapes);
void compile_close(struct compiled *c);
/* The node of a name in this graph, or NULL where the root does not need it. */
struct node *compile_find(const struct compiled *c, const char *name);
/* The parameters that root depends on, in board order; array in the graph's arena. */
size_t compile_params(const struct compiled *c, struct board *b, struct node ***out);
/* The averages that root's layers keep (node.average). */
size_t compile_averages(const struct compiled *c, struct node ***out);
/* What such parameters have learned becomes the board's: all of it, or (no memory)
 * nothing. */
struct error *compile_keep(struct board *b, size_t n, struct node *const *params);

/* Shape and validity, referring to other names by their known shapes. */
struct error *compile_shape(struct board *b, const struct expr *e, struct shape *out);
/* The value now. *out owned. */
struct error *compile_value(struct board *b, const struct expr *e, struct tensor **out);
/* The same of an order, the whole at once: never in chunks. */
struct error *compile_drawn(struct board *b, const struct compile_order *o,
                            struct tensor **out);
struct error *compile_number(struct board *b, const struct expr *e, double *out);
/* Node i of e as an index into a dimension of dim: whole and inside, 2 or 1..3 (both
 * ends in). */
struct error *compile_range(struct board *b, const struct expr *e, int i, size_t dim,
                            size_t *from, size_t *to);

#endif
