/* gnuplot: one child process, driven safely (the rules are in gnuplot.c's head).
 *
 * It is started at the first plot. Missing, dead or hanging, it is said once, plainly, and
 * the program goes on with numbers in place of the picture.
 */
#ifndef PLOT_GNUPLOT_H
#define PLOT_GNUPLOT_H

#include "base/buf.h"
#include "base/error.h"

struct gnuplot;
/* NULL-error on success. Trying again after a death starts a new child. */
struct error *gnuplot_open(struct gnuplot **out);
void gnuplot_close(struct gnuplot *g);
/* Sends a script, waits (deadline) until it is drawn; *answer gets what gnuplot printed on
 * its standard output (the `dumb` terminal's picture), without our marker. */
struct error *gnuplot_draw(struct gnuplot *g, const char *script, struct buf *answer);
/* Text that came from people, quoted for gnuplot: the one quoting function. */
void gnuplot_quote(struct buf *script, const char *text);
/* A file name, made harmless ('|cmd' would run even in quotes) and quoted. */
void gnuplot_quote_path(struct buf *script, const char *path);

#endif
