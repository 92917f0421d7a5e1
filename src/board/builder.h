/* builder: the inside of compile: names and operators (builder.c), functions
 * (functions.c), layers. A scope maps names to nodes; `at` opens an inner one with its
 * overrides; locals are the arguments of a function of one's own.
 */
#ifndef BOARD_BUILDER_H
#define BOARD_BUILDER_H

#include "base/random.h"
#include "board/compile.h"
#include "board/draft.h"

/* Brackets within brackets, functions within functions, `at` within `at`: all that
 * build_expr goes down, together, so that the stack is enough. */
#define BUILD_DEPTH (4 * EXPR_HEIGHT)
#define NUM_TEXT 40

struct scope {
    struct map memo;
    struct node **nodes;
    size_t n, cap;
    const char **over; /* names bound by `at` */
    size_t n_over;
};

struct locals {
    const char **names; /* borrowed */
    struct node **nodes;
    int n;
};

struct builder {
    struct board *board;
    const struct draft *draft; /* goes before the board; or NULL */
    struct graph *graph;
    int depth;         /* where build_expr is */
    struct dice *dice; /* normal() throws these; NULL: the board's own, a throw each */
    const char *owner; /* the formula being built: C owns C.W */
    bool shapes;       /* a graph of shapes alone */
    /* some rows of a large set stand for all (chunks.h), or NULL */
    struct chunk *chunk;
    bool shallow;        /* other formulas stand in by their shape alone */
    bool sized;          /* answered: a size hangs on a number of others */
    struct asked *asked; /* of kernels (layers.c); those inside share it */
};

/* What a name stands for: about to, or on the board; NULL: nothing. */
const struct def *build_find(const struct builder *b, const char *name);
/* For what is wanted while building: a graph of its own, with numbers or of shapes. */
struct builder build_inside(const struct builder *b, struct graph *own);
void build_inside_end(struct builder *inner); /* frees the graph */

struct node *scope_find(const struct scope *s, const char *name); /* or NULL */
void scope_put(struct scope *s, const char *name, struct node *n);
void scope_free(struct scope *s);
void locals_put(struct locals *l, const char *name, struct node *n);
/* True where one of them is more than a number written in the formula. */
bool locals_known(struct locals *to, const struct locals *from, struct graph *g);
void locals_free(struct locals *l);

struct error *build_expr(struct builder *b, const struct expr *e, int i,
                         struct scope *s, const struct locals *l, struct node **out);
struct error *build_call(struct builder *b, const struct expr *e,
                         const struct expr_node *x, struct scope *s,
                         const struct locals *l, struct node **out);
struct error *build_name(struct builder *b, const char *name, struct scope *s,
                         const struct locals *l, struct node **out);
struct error *build_whole(struct builder *b, const struct expr *e, int i,
                          const struct locals *l, double *out);
struct error *build_number(struct builder *b, const struct expr *e, int i,
                           const struct locals *l, double *out);
struct error *build_range(struct builder *b, const struct expr *e,
                          const struct expr_node *ix, const struct locals *l,
                          size_t dim, size_t *from, size_t *to, bool *single);

#endif
