/* rewrite: expressions made from others: `now(…)` worked out and kept as a value, and
 * the right side that -= and += stand for.
 */
#ifndef BOARD_REWRITE_H
#define BOARD_REWRITE_H

#include "board/draft.h"

/* e with each now(…) replaced by today's value. *out: one reference (e itself where it
 * has none). */
struct error *rewrite_now(struct board *b, const struct draft *draft, struct expr *e,
                          struct expr **out);
/* w -= e is w = w − e. */
struct expr *rewrite_update(const struct ref *r, char op, struct expr *e);
/* The part of e below node i as an expression of its own. */
struct expr *rewrite_part(const struct expr *e, int i);

#endif
