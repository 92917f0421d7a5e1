/* lint_faults: what `learn lint` finds in a file that has the right shape: lint.c reads
 * it, lint_play.c plays it.
 *
 *     lint_fault(t, json, error_new("lint-control", NULL));
 */
#ifndef LESSON_LINT_FAULTS_H
#define LESSON_LINT_FAULTS_H

#include <signal.h>

#include "base/map.h"
#include "lesson/content.h"
#include "lesson/form.h"
#include "text/out.h"

#define LINT_COLUMNS 80
#define LINT_SECONDS 120 /* to play a lesson in both languages */
#define LINT_GRACE 10    /* to end what is running, after that */

struct command;

struct lint {
    struct out *out;
    const struct command *const *tables;
    const char *home, *path;
    volatile sig_atomic_t *stop; /* set when the time is up */
    struct faults faults, warnings;
    size_t calls;                /* of lint_fault, news or not */
    size_t told[2];              /* how many of each have been printed */
    int step;                    /* the first that one of them is in, from 1; 0: none */
    struct map known;            /* what has been said, and where */
    struct arena *names;         /* of that */
    const struct lesson *lesson; /* for places */
};

/* Takes e; said once for a place, whatever the language. */
void lint_fault(struct lint *t, const cJSON *at, struct error *e);
/* What is no fault, but seldom meant. */
void lint_warn(struct lint *t, const cJSON *at, struct error *e);
/* Sorts and prints those that have not been. */
void lint_tell(struct lint *t);
/* The same, and how many there were. */
void lint_print(struct lint *t);

#endif
