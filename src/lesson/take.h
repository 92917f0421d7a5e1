/* take: what is typed in a lesson: an answer, a word that asks for help, a sentence, or
 * a line for the board, after which its task is judged. play shows and goes on.
 *
 *     take_typed(s, &typed);
 */
#ifndef LESSON_TAKE_H
#define LESSON_TAKE_H

#include "lesson/desk.h"

/* False where it failed. */
bool take_typed(struct session *s, struct typed *t);

#endif
