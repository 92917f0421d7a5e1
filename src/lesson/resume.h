/* resume: coming back to where a lesson was left: the same step, and the same board,
 * run and all. What made the board was kept as lines, which are played again; the
 * definitions are kept beside them, and where the two do not agree the definitions are
 * believed.
 *
 *     if (!resume_load(s, &e)) play_go(s, 0);
 */
#ifndef LESSON_RESUME_H
#define LESSON_RESUME_H

#include "lesson/desk.h"

/* False: from the beginning. Where Ctrl-C came, or there was no memory, *e says so, no
 * lesson is open, and what was kept is as it was. */
bool resume_load(struct session *s, struct error **e);
void resume_records(struct session *s); /* what was answered, alone */

#endif
