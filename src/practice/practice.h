/* practice: drills, and what was missed asked again. Commands in commands.c.
 *
 *     struct error *e = drill_open_words(s, "backward level 4");   // learn drill …
 */
#ifndef PRACTICE_PRACTICE_H
#define PRACTICE_PRACTICE_H

#include "board/session.h"

extern const struct command practice_commands[]; /* drill review progress */

/* KIND, level N, both or nothing: then the kind that has waited longest or goes worst.
 * Its first exercise is shown. */
struct error *practice_drill(struct session *s, const char *words);

/* Before a lesson opens: the session's `before`. True: what is due is asked first. */
bool review_before(struct session *s, const char *word, bool at_prompt);

#endif
