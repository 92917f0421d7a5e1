/* saying: what is typed in a lesson in plain words: letters without spaces and signs,
 * words without their particles ("The connections." is "connection", "가중치예요" is
 * "가중치"); and what a person wants who says so: a hint, the answer, out.
 *
 *     char *said = saying_words("시냅스의 강도예요");        // 시냅스강도
 *     saying_wants("모르겠어요")                           // "hint"
 *     saying_topic("what is a synapse?", &topic)         // true: synapse
 */
#ifndef LESSON_SAYING_H
#define LESSON_SAYING_H

#include <stdbool.h>

#include "base/buf.h"

/* Small letters, digits and what is no sign of a sentence. The caller frees it. */
char *saying_letters(const char *line);
/* The same without articles, the s of a plural, particles and polite endings. */
char *saying_words(const char *line);
/* The command that these words stand for, or NULL. */
const char *saying_wants(const char *line);
/* Asks the line what something is? Then the word that it asks for is added. */
bool saying_topic(const char *line, struct buf *topic);
/* Words, and no sign of a formula: what was meant for a person. */
bool saying_is_prose(const char *line);

#endif
