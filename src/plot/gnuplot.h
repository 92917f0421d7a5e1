/* gnuplot: one child process, driven safely:
 *
 * - started as `gnuplot -d` (a person's own ~/.gnuplot is not read), or the program
 *   that the environment variable LEARN_GNUPLOT names, or one that was brought along;
 * - only numbers go into its data blocks, and text through gnuplot_quote;
 * - it is never given a file name: pictures come back through its standard output;
 * - each script ends with a marker that it prints back with its error number, and it
 *   has a deadline: missing, dead or hanging, it is an error here and nothing worse;
 * - Ctrl-C ends the wait for it at once.
 *
 *     struct gnuplot *g;
 *     struct error *e = gnuplot_open(&g, &stop);
 *     if (!e) e = gnuplot_draw(g, "set term dumb\nplot x\n", 1, &answer);
 *     gnuplot_close(g);
 */
#ifndef PLOT_GNUPLOT_H
#define PLOT_GNUPLOT_H

#include <signal.h>

#include "base/buf.h"
#include "base/error.h"

#define GNUPLOT_SILENCE 10  /* seconds without a sign of life */
#define GNUPLOT_DEADLINE 60 /* seconds for a picture, whatever it says meanwhile */

struct gnuplot;
/* stop: set by Ctrl-C; or NULL */
struct error *gnuplot_open(struct gnuplot **out, volatile sig_atomic_t *stop);
void gnuplot_close(struct gnuplot *g); /* NULL is fine */
/* Sends a script of so many pictures and waits until they are drawn; *answer gets what
 * gnuplot printed on its standard output (the picture's bytes), without our marker.
 * After any error but "gnuplot-said" the child is of no more use: close it. */
struct error *gnuplot_draw(struct gnuplot *g, const char *script, int pictures,
                           struct buf *answer);
/* Text that came from people, quoted for gnuplot: the one quoting function. */
void gnuplot_quote(struct buf *script, const char *text);

#endif
