/* mistakes: which wrong rule makes a student's number. A gate's row carries what people
 * do in its place (struct gate_slip); what can go wrong anywhere (upstream forgotten,
 * one path only, the value for the gradient) is a table in mistakes.c. Each is walked
 * back through the graph, at one gate or at all of its kind, and the kinds that give
 * the number, where the right answer is another, are the diagnosis. To add one: a row
 * there, and its words "mistake.KEY" and "mistake.KEY.name".
 *
 *     struct mistakes *m;                           // in c's graph, run forward
 *     struct error *e = mistakes_open(&m, &c);
 *     struct diagnosis d = mistakes_diagnose(m, MISTAKE_GRADIENT, w, 0, 2, 1e-9);
 *     if (mistakes_say(&b, s->out, &d)) …           // "You handed w its own value …"
 *
 * Opening takes all the memory there is to take, from the graph's arena; nothing that
 * follows allocates, fails, or changes the graph's values and gradients. When leaves
 * were given other numbers (graph_forward, graph_backward), it goes on with those.
 */
#ifndef EXPLAIN_MISTAKES_H
#define EXPLAIN_MISTAKES_H

#include "board/compile.h"
#include "text/out.h"

struct mistakes;

enum mistake_side { MISTAKE_VALUE, MISTAKE_GRADIENT }; /* above a wire, below it */

struct mistake {
    const char *key;         /* its kind: "mul.own", "upstream" */
    const struct node *gate; /* where; the first of them where it is all of its kind */
    const struct node *wire; /* of which the number is */
    int operand;             /* of the gate: the wire, or what leads to it; -1: none */
    bool all;
    double number; /* what it makes of it */
};

struct diagnosis {
    int kinds; /* 0: none gives the number; 2: either may be it; more: nobody knows */
    struct mistake mistake[2];
};

/* c's root is one number; its gradients become wanted and are worked out, as
 * explain_gradients does. *m is NULL where the graph is too large to try everything:
 * then no number is diagnosed. */
struct error *mistakes_open(struct mistakes **m, struct compiled *c);

/* Of an element of the wire above or below it. NULL for m: nothing. Whoever calls has
 * seen that `typed` is not right. */
struct diagnosis mistakes_diagnose(const struct mistakes *m, enum mistake_side side,
                                   const struct node *wire, size_t element,
                                   double typed, double within);

/* Every mistake that shows there, with its number, into `to`, which has room for
 * `most`: for distractors and tests. How many. What leaves the answer right is none. */
int mistakes_list(const struct mistakes *m, enum mistake_side side,
                  const struct node *wire, size_t element, struct mistake *to,
                  int most);

/* How well the numbers of today tell mistakes apart at this wire: `same` pairs of kinds
 * that give one number, `hidden` kinds that leave it right. A generator throws away
 * draws that have any of the first, and takes one with few of the second. */
struct mistakes_told {
    int same, hidden;
};
struct mistakes_told mistakes_tell(const struct mistakes *m, enum mistake_side side,
                                   const struct node *wire, size_t element);

/* The sentence of a mistake; of a diagnosis, of two both. False (and nothing) where
 * there is none. */
void mistake_say(struct buf *b, const struct out *o, const struct mistake *m);
bool mistakes_say(struct buf *b, const struct out *o, const struct diagnosis *d);

#endif
