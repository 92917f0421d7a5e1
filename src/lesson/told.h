/* told: which mistake makes a wrong number, by the gates (explain/mistakes.h), where
 * what is asked is a value or a gradient: E, dE/dw, dE/dW[0, 1], dE/dw at w = 2.
 *
 *     struct buf said = {0};
 *     const char *key = told_by(s, board, "dE/dw", 6, 0, &said);    // "mul.own"
 */
#ifndef LESSON_TOLD_H
#define LESSON_TOLD_H

#include "board/session.h"

/* The mistake's key (of two the likelier one's); what is to be said is added. NULL: it
 * is no such question, or nobody's number. */
const char *told_by(struct session *s, struct board *b, const char *asked, double typed,
                    double within, struct buf *said);

/* Does each kind of mistake make a number of its own there? So too where none can be
 * known. */
bool told_apart(struct session *s, struct board *b, const char *asked);
/* Those numbers, `most` at most: for tests. How many. */
int told_numbers(struct session *s, struct board *b, const char *asked, double *to,
                 int most);

#endif
