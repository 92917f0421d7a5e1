/* functions: THE TABLE of built-in functions that are no gates: they make a value while the
 * graph is built. To add one: a row in functions.c.
 */
#ifndef BOARD_FUNCTIONS_H
#define BOARD_FUNCTIONS_H

#include "base/random.h"
#include "board/builder.h"

struct call {
    const char *name, *example;
    int min, max; /* arguments */
    int settings; /* of which so many come before the shape */
    bool draws;   /* throws dice: a line with it is worked out now */
    struct error *(*build)(struct builder *b, const struct expr *e,
                           const struct expr_node *x, const struct call *row,
                           struct scope *s, const struct locals *l, struct node **out);
    double (*value)(struct dice *d, double a, double b); /* of one element */
    const char *words; /* "size stride pad": what may be given as size=3 */
    /* A layer's own weights: their shape, from that of what goes in, and how many inputs
     * each output has. NULL: it owns none. */
    struct error *(*weights)(struct builder *b, const struct expr *e,
                             const struct expr_node *x, const struct shape *given,
                             size_t units, struct shape *w, double *in);
    int outputs;   /* the dimension of the weights that counts them */
    bool or_given; /* where the second operand is a tensor, that is the weights */
};

const struct call *call_find(const char *name);
size_t call_count(void);
const struct call *call_at(size_t i);
bool call_draws(const struct expr *e);
/* Does this function, or gate, know the word of `word=…`? */
bool function_takes_word(const char *function, const char *word);

#endif
