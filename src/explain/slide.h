/* slide: the window of a convolution or a pool on its way over a picture, a place at a
 * time: the picture with the window in brackets, beside it what has come out so far,
 * below it the products and their sum. At a terminal Enter goes on to the next place.
 * `slide conv(P, K)`, its second place, where K is [[[[-1, 1], [-1, 1]]]]:
 *
 *       0[ 1  1]      2[-2]
 *       1[ 2  0]      ·  ·
 *       0  1  0
 *     1·(-1) + 1·1 = 0
 *     2·(-1) + 0·1 = -2
 *     0 + (-2) = -2
 */
#ifndef EXPLAIN_SLIDE_H
#define EXPLAIN_SLIDE_H

#include "board/session.h"

/* slide C: place after place; slide C[0, 0, 1, 2]: one of them. */
struct error *slide_command(struct session *s, const struct stmt *c);

#endif
