/* move: other numbers in the place of a name's own, so that what is right for today's
 * alone is seen. What is large stays as it is; of a table of whole numbers (places,
 * labels, counts) nobody knows whether it can be moved.
 *
 *     if (!move_is_table(def)) move_name(board, "w", 1); // 3 becomes 4.86; 2: another
 */
#ifndef LESSON_MOVE_H
#define LESSON_MOVE_H

#include "board/board.h"

enum { MOVE_MOST = 4096 }; /* numbers */

bool move_is_table(const struct def *d);
void move_name(struct board *b, const char *name, int point);

#endif
