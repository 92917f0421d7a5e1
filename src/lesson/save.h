/* save: where we are in the lesson in hand, what was answered and what made the board,
 * put into the progress. What made it is kept as lines; the definitions stand beside
 * them. resume comes back there.
 *
 *     save_all(s);
 */
#ifndef LESSON_SAVE_H
#define LESSON_SAVE_H

#include "lesson/desk.h"

void save_all(struct session *s);

#endif
