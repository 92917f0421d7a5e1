/* explain_inside: shared by the explain_*.c files and draw.c: how a node is called, which
 * nodes count, and how a line of equal parts is printed.
 */
#ifndef LANGUAGE_EXPLAIN_INSIDE_H
#define LANGUAGE_EXPLAIN_INSIDE_H

#include "language/explain.h"

enum { SHOWN_NUMBERS = 6 }; /* of a tensor in a line; the middle is left out */

/* A number written in the formula (also -3, which is neg of 3). */
bool explain_is_number(const struct node *n);
/* Its name, or its formula where it has none. */
void explain_name(struct buf *b, const struct node *n, int digits);
/* The formula with each operand's value in its place: 2². */
void explain_put_in(struct buf *b, const struct node *n, int digits);
/* A scalar in a product: negative ones in brackets. */
void explain_factor(struct buf *b, double v, int digits);
enum out_colour explain_colour(const struct node *n, const struct node *root);
/* By id: does root stand on it? Numbers count too. In the graph's arena. */
bool *explain_needed(const struct compiled *c);
/* "a = b = c", the first and last in their colours, broken before " = " where it is wide. */
void explain_say_equal(struct out *o, int indent, char *const *parts, int n,
                       enum out_colour first, enum out_colour last);
/* What must be one number: an error otherwise, asking for mean(name). */
struct error *explain_one_number(const struct node *n);

#endif
