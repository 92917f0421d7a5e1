/* derive: the algebraic method: a graph's derivative as a formula, simplified as a
 * person would write it: 2·(w·x − y)·x. It reads the gates' rows (struct gate, local),
 * so there is no second list of derivatives.
 *
 *     struct derived d;
 *     if (derive_formula(&d, c.graph, E, w)) sym_print(&b, d.formula, SYM_NAMES, 6);
 *     derive_free(&d);
 */
#ifndef EXPLAIN_DERIVE_H
#define EXPLAIN_DERIVE_H

#include "base/buf.h"
#include "engine/graph.h"
#include "explain/sym.h"

struct derived {
    struct arena *arena; /* owns the formula */
    struct sym *formula; /* ∂of/∂wrt down to the leaves; NULL where there is none */
    struct tensor *value;    /* worked out with today's numbers, in wrt's shape */
    const struct node *gate; /* the gate that has no formula; NULL: it grew too long */
};

/* False where there is no formula to show. The graph has been run forward; `of` is one
 * number. Free it in both cases. */
bool derive_formula(struct derived *d, const struct graph *g, const struct node *of,
                    const struct node *wrt);
void derive_free(struct derived *d);
/* A gate's own derivative as a factor, of its operands' names and of their values:
 * "2·(h − y)" and "2·2". False where its row has a rule instead. */
bool derive_local(struct buf *names, struct buf *numbers, const struct node *n, int k,
                  int digits);

#endif
