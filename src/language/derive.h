/* derive: the algebraic method: a graph's derivative as a formula, simplified as a person
 * would write it: 2·(w·x − y)·x. It reads the gates' rows (struct gate, local), so there is
 * no second list of derivatives.
 */
#ifndef LANGUAGE_DERIVE_H
#define LANGUAGE_DERIVE_H

#include "base/buf.h"
#include "engine/graph.h"

/* Adds ∂of/∂wrt to b, down to the leaves. *value: the formula worked out with today's
 * numbers (graph run forward). False where a gate on the way has no formula: *gate names
 * it. */
bool derive_formula(struct buf *b, const struct graph *g, const struct node *of,
                    const struct node *wrt, int digits, double *value, const char **gate);
/* A gate's own derivative as a formula of its operands' printed forms: for explanations.
 * "2·(h − y)"; with numbers: "2·2". False where its row has a rule instead. */
bool derive_local(struct buf *names, struct buf *numbers, const struct node *n, int k,
                  int digits);

#endif
