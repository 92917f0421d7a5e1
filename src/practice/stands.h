/* stands: what a question stands on, for one that is asked out of its lesson: the
 * definitions of the names in its text, its answer and its solution, and of those that
 * these are made of; the nearest first, where they are many. Formulas are shown as
 * such, without what they come to.
 *
 *     stands_show(s, desk_step(s));   // x = 2; w = 3; h = w*x
 */
#ifndef PRACTICE_STANDS_H
#define PRACTICE_STANDS_H

#include "lesson/desk.h"

void stands_show(struct session *s, const struct step *step);

#endif
