/* lint_lazy: what a lazy or lucky student types at a `try` must not pass: the value of
 * today in the place of the formula or of a name in it, a plain number for a parameter,
 * the end state in the place of the way there, what is compared in the place of what it
 * is compared with, the solution of another step. What is right all the same
 * the lesson lists in `accept`, and that must pass.
 *
 *     lazy_play(g, s, step);                 // on the board as the solution left it
 *     lazy_play_others(g, s, step, i, steps, n); // where all have been played
 */
#ifndef LESSON_LINT_LAZY_H
#define LESSON_LINT_LAZY_H

#include "lesson/desk.h"

struct game;

struct lazy_order {
    struct session *s;
    const struct step *step;
    /* What was typed and should not pass, or should: at, key, line, "". */
    void (*fault)(struct game *g, const cJSON *at, const char *key, const char *line,
                  const char *what);
    struct game *g;
};

void lazy_play(const struct lazy_order *o);
/* At step i, the solutions of those of `steps`; NULL: not that one, it takes long. */
void lazy_play_others(const struct lazy_order *o, int i, const struct step **steps,
                      int n);

#endif
