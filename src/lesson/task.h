/* task: what was typed at a `try`, judged. The board decides, with the names that the
 * task does not ask about as they were; where the step says `same`, also from other
 * numbers than today's; and after a slip what was done last alone, from where the step
 * began.
 *
 *     if (task_done(s, step, &anew)) …
 *     else if (task_remark(s, step)) …
 *     task_tidy(s, step);            // the rest is put back, and that is said
 */
#ifndef LESSON_TASK_H
#define LESSON_TASK_H

#include "lesson/desk.h"

/* Is the task done as the board stands? */
bool task_passes(struct session *s, const struct step *step);
/* The same, or by what was done last: then the board becomes what that makes of the one
 * the step began with, and *anew is set. */
bool task_done(struct session *s, const struct step *step, bool *anew);
/* The same by this line, which an error of what came before it kept from running. */
bool task_done_alone(struct session *s, const struct step *step, const char *line);
/* Would this line do it, from where the step began? The board stays as it is. */
bool task_would_be(struct session *s, const struct step *step, const char *line);
/* Is it done by the end of a line that took too long to be remembered. */
bool task_done_at_end(struct session *s, const struct step *step,
                      const struct program *p);
/* Where it is not: says why, if that is known. *slip: which of the step's, from 0; -1:
 * none of them. */
bool task_remark(struct session *s, const struct step *step, int *slip);
/* Is it half done: does the board stand where some of the solution's lines lead? */
bool task_begun(struct session *s, const struct step *step);
/* What the task does not ask about is put back as it was where the step began; names
 * defined since then stay. */
void task_tidy(struct session *s, const struct step *step);

#endif
