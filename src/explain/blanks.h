/* blanks: a graph with empty boxes, to be filled in by hand: values above the wires
 * forwards, gradients below them backwards. What stands in them is worked out; whoever
 * asks keeps which are filled.
 *
 *     struct blank *blanks;
 *     struct error *e = blanks_list(&c, BLANKS_BOTH, &blanks, &n); // in c's
 *     blanks_draw(o, &c, BLANKS_BOTH, blanks, n, filled);  // ? where it is false
 *     blank_name(&b, &c, &blanks[0]);                     // "h", "dE/dh"
 *     blank_rule(&b, o, &c, &blanks[0]);                  // "w·x"
 *     blank_work_out(o, &c, &blanks[0]);                  // h = w·x = 2·3 = 6
 *     blanks_hide(o, &c, true, h, false);                 // graph E as net hide h
 *
 * The graph has been run forward; of its gradients blanks_list sees to it.
 */
#ifndef EXPLAIN_BLANKS_H
#define EXPLAIN_BLANKS_H

#include "board/compile.h"
#include "text/out.h"

enum { BLANKS_FORWARD = 1, BLANKS_BACKWARD, BLANKS_BOTH };
/* How a lesson asks for them, in that order. */
#define BLANKS_WORDS "forward", "backward", "both"

struct blank {
    const struct node *node;
    bool gradient; /* below the wire; else the value above it */
};

/* 0: no such word. */
int blanks_which(const char *word);
/* In the order in which they are worked out; what is given (leaves, 1 at the end) is
 * none of them. The array lives in the graph's arena. An error: root is not one
 * number. */
struct error *blanks_list(struct compiled *c, int which, struct blank **out, size_t *n);
/* False where it is too wide for o, and drawn as a tree. filled NULL: all are. */
bool blanks_draw(struct out *o, struct compiled *c, int which,
                 const struct blank *blanks, size_t n, const bool *filled);
/* The whole graph, or its layers as circles and wires: ? for the value of `from` and
 * for all that is worked out after it; or for its gradient and for all behind it. */
struct error *blanks_hide(struct out *o, struct compiled *c, bool net,
                          const struct node *from, bool gradient);
void blank_name(struct buf *b, const struct compiled *c, const struct blank *k);
double blank_value(const struct blank *k);
/* How it is worked out, in names: w·x, dE/dh · w; of several ways the sum. */
void blank_rule(struct buf *b, struct out *o, struct compiled *c,
                const struct blank *k);
/* The gate of it, as forward or backward writes it. */
void blank_work_out(struct out *o, struct compiled *c, const struct blank *k);
/* What hands it its gradient: the gate, where it is one alone, or NULL. */
const struct node *blank_above(const struct compiled *c, const struct blank *k);

#endif
