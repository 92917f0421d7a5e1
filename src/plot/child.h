/* child: another program, spoken to through one socket that is both its standard input
 * and its standard output (so that writing to a dead one is an error, not a signal). It
 * lives in its own process group: Ctrl-C is ours alone, and what it started ends with
 * it.
 *
 *     struct child c;
 *     if (!child_open(&c, (char *[]){"fc-list", NULL}, NULL)) return;  // errno
 *     child_talk(&c, "", 0, &answer, &(struct patience){2, 2}, NULL, NULL);
 *     child_close(&c);
 */
#ifndef PLOT_CHILD_H
#define PLOT_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

struct child {
    pid_t pid;
    int fd;
    volatile sig_atomic_t *stop; /* set by Ctrl-C; or NULL */
    bool hangs;                  /* it did not answer: it is not waited for again */
};

struct patience {
    double silence, whole; /* seconds without a byte either way; for all of a talk */
};

enum child_end { CHILD_DONE, CHILD_GONE, CHILD_SILENT, CHILD_STOPPED, CHILD_FLOODS };

/* Bytes of an answer: an animation of 60 large frames is a tenth of it. */
#define CHILD_ANSWER_MOST ((size_t)64 << 20)

/* False: errno says why. */
bool child_open(struct child *c, char *const *argv, volatile sig_atomic_t *stop);
/* Sends text while reading what comes, until done(answer) says so, the child has closed
 * its end (CHILD_GONE), patience is at its end (CHILD_SILENT), it says more than any
 * picture (CHILD_FLOODS), or Ctrl-C is hit now (one that was hit before is left as it
 * is). */
enum child_end child_talk(struct child *c, const char *text, size_t n,
                          struct buf *answer, const struct patience *patience,
                          bool (*done)(void *context, const struct buf *),
                          void *context);
/* Closes its input, waits a moment, ends it where it will not end or has not answered.
 */
void child_close(struct child *c);

#endif
