/* lint: the inside of `learn lint`: faults of a file that has the right shape: lint.c
 * reads it, lint_play.c plays it.
 */
#ifndef LESSON_LINT_H
#define LESSON_LINT_H

#include <signal.h>

#include "board/session.h"
#include "lesson/load.h"

#define LINT_COLUMNS 80
#define LINT_SECONDS 120 /* to play a lesson in both languages */
#define LINT_GRACE 10    /* to end what is running, after that */

struct lint {
    struct out *out;
    const struct command *const *tables;
    const char *home, *path;
    volatile sig_atomic_t *stop; /* set when the time is up */
    struct faults faults;
    const struct lesson *lesson; /* for places */
};

/* Takes e; said once for a place, whatever the language. */
void lint_fault(struct lint *t, const cJSON *at, struct error *e);
/* Plays the lesson from its beginning to its end. */
void lint_play(struct lint *t, enum text_lang lang);

#endif
