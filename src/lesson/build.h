/* build: the board as it would be where a step begins: by the lesson's setup, its own
 * lines and the solutions of its tasks, without a word. Whole or, after Ctrl-C or
 * for want of memory (the error), not at all: then it is as it was.
 *
 *     build_board(s, 0);  // set up
 *     build_board(s, 12); // as after twelve steps
 */
#ifndef LESSON_BUILD_H
#define LESSON_BUILD_H

#include "lesson/desk.h"

struct error *build_board(struct session *s, int i);
/* What the step does to the board, done; perhaps in part. */
struct error *build_step(struct session *s, const struct step *step);
/* A line, silently; what it says is wrong is no error, as a formula that no longer fits
 * does not stop the rest. */
struct error *build_line(struct session *s, const char *line);

#endif
