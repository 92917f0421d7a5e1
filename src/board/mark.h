/* mark: a board as it was at some moment, to come back to: a copy that shares every
 * definition with the board it was made of, so it costs little.
 *
 *     struct board *then = mark_take(s->board);
 *     …
 *     if (!mark_same(s->board, then)) mark_restore(s->board, then, "again");
 *     board_free(then);
 */
#ifndef BOARD_MARK_H
#define BOARD_MARK_H

#include "board/board.h"

struct board *mark_take(const struct board *b); /* the caller frees it */
bool mark_same(const struct board *b, const struct board *mark);
/* As one line that can be undone, called `label`. */
void mark_restore(struct board *b, const struct board *mark, const char *label);
/* The same, but names defined since then stay. */
void mark_put_back(struct board *b, const struct board *mark, const char *label);

#endif
