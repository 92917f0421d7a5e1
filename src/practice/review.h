/* review: what was missed, hinted or skipped is asked again after 1, 3, 7 and 16 days
 * (Leitner's boxes: right, and it goes a box on; else back to the first). A lesson's
 * question is asked on the board as it was at its step, a drill with other numbers.
 *
 * When and which box stands in a lesson's record ({"day": 20785, "box": 0}), and in a
 * drill's entry ({"again": {LEVEL: {"day": …, "box": …}}}).
 *
 *     if (review_begin(s, 2, "3", false)) …          // two at most; then lesson 3
 */
#ifndef PRACTICE_REVIEW_H
#define PRACTICE_REVIEW_H

#include "board/session.h"

/* Asks what is due, the longest first. False: there is nothing. then: the lesson that
 * opens afterwards, or NULL. */
bool review_begin(struct session *s, int most, const char *then, bool at_prompt);
/* Says when there will be something. */
void review_say_next(struct session *s);
#endif
