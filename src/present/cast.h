/* cast: what a terminal showed, as a recording that players know: asciicast, version 2
 * (a line of JSON for what it is, one for each piece of output). Times are the
 * caller's, in seconds from the beginning; one that falls is taken for the one before.
 * Each line is written at once, so that a crash leaves a recording that plays.
 *
 *     struct cast *c;
 *     struct error *e = cast_open("3.cast", "Gradient descent", 80, 24, &c);
 *     cast_mark(c, 9.1, "4 nudge-at-2");
 *     cast_heard(c, 9.1, bytes, n);      // of out_listen: pieces may end anywhere
 *     if (cast_close(c)) …               // not all of it could be written
 */
#ifndef PRESENT_CAST_H
#define PRESENT_CAST_H

#include <stddef.h>

#include "base/error.h"

struct cast;
/* Nothing is written over: a file that is there is refused ("cast-there"). The moment
 * that stands in it is SOURCE_DATE_EPOCH's where that is set. */
struct error *cast_open(const char *path, const char *title, int columns, int rows,
                        struct cast **out);
/* Newlines become \r\n, as a terminal makes them; no event ends within a character. */
void cast_heard(struct cast *c, double t, const char *bytes, size_t n);
/* A place to jump to, as players with chapters show it. */
void cast_mark(struct cast *c, double t, const char *label);
void cast_resize(struct cast *c, double t, int columns, int rows);
/* What could not be written so far: errno, or 0. It goes on all the same. */
int cast_lost(const struct cast *c);
/* NULL, or that not all of it could be written ("cast-lost"). */
struct error *cast_close(struct cast *c);

#endif
