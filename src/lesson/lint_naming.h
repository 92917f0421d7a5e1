/* lint_naming: lessons that a lesson's texts name: by an id that there is, and by no
 * number. In the course a fault; in a person's own a warning.
 *
 *     lint_naming(&t);
 */
#ifndef LESSON_LINT_NAMING_H
#define LESSON_LINT_NAMING_H

#include "lesson/lint_faults.h"

void lint_naming(struct lint *t);

#endif
