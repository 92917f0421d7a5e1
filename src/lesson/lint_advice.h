/* lint_advice: what is no fault in a lesson, but seldom meant: warnings about how it is
 * written. What playing shows lint_play warns of. To add one: a function among those
 * that lint_advise calls, its sentence "error.warn-…".
 *
 *     lint_advise(&t);      // t->warnings
 */
#ifndef LESSON_LINT_ADVICE_H
#define LESSON_LINT_ADVICE_H

#include "lesson/lint_faults.h"

void lint_advise(struct lint *t);

#endif
