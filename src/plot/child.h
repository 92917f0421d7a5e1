/* child: another program, spoken to through one socket that is both its standard input
 * and its standard output (so that writing to a dead one is an error, not a signal). It
 * lives in its own process group: Ctrl-C is ours alone, and what it started ends with
 * it.
 *
 *     struct child c;
 *     if (!child_open(&c, (char *[]){"fc-list", ":lang=ko", NULL})) return;   // errno
 *     child_talk(&c, "", 0, &answer, 2000, NULL, NULL);
 *     child_close(&c);
 */
#ifndef PLOT_CHILD_H
#define PLOT_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

struct child {
    pid_t pid;
    int fd;
};

enum child_end { CHILD_DONE, CHILD_GONE, CHILD_SILENT };

bool child_open(struct child *c, char *const *argv);
/* Sends text while reading what comes, until done(answer) says so, the child has closed
 * its end (CHILD_GONE), or `patience` milliseconds went by without a byte either
 * way. */
enum child_end child_talk(struct child *c, const char *text, size_t n,
                          struct buf *answer, int patience,
                          bool (*done)(void *context, const struct buf *),
                          void *context);
/* Closes its input, waits a moment, ends it where it will not end. */
void child_close(struct child *c);

#endif
