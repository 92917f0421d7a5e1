/* shrug: "I don't know", in either language, or a bare "?", is an answer too: the way
 * to a hint.
 *
 *     if (shrug_is("모르겠어요")) …
 */
#ifndef LESSON_SHRUG_H
#define LESSON_SHRUG_H

#include <stdbool.h>

bool shrug_is(const char *line);

#endif
