/* same: does what a student did at a `try` come to the same as the solution, or a line
 * that is accepted: here, and where parameters and inputs have other numbers? `h = 8`
 * is no neuron, `w = -2.2` no update, however right today; another formula for the same
 * is as good.
 *
 *     struct script did = script_of(s);
 *     bool is = same_as_wanted(s, step, &asked, s->board, &did, &today);
 *     script_free(&did);
 */
#ifndef LESSON_SAME_H
#define LESSON_SAME_H

#include "lesson/asked.h"

struct script { /* since the step began, statement by statement, but for the first */
    struct lines all;
    size_t first;
    bool known; /* false: lines have been forgotten (one took too long) */
};

struct script script_of(struct session *s);
void script_play(struct session *s, struct board *b, const struct script *did);
void script_free(struct script *did);

/* b: what it has made of the board. True where the step doesn't ask for it. *today: it
 * is the same with the numbers that there are. */
bool same_as_wanted(struct session *s, const struct step *step, const struct asked *a,
                    struct board *b, const struct script *did, bool *today);

#endif
