/* window: where pictures go beside the terminal: a window of gnuplot's own, or a page's
 * column (page/window.c).
 *
 *     if (window_find(s, has_terminal, &to)) …   // the script is for `to`; it is run
 *     window_show(&chart, &picture, -1);
 */
#ifndef PLOT_WINDOW_H
#define PLOT_WINDOW_H

#include "board/session.h"
#include "plot/chart.h"

/* How pictures are drawn there; false: there is no such place. has: can gnuplot draw
 * for this terminal of its own? */
bool window_find(struct session *s,
                 bool (*has)(struct session *s, const char *terminal),
                 struct medium *to);
/* Shows what gnuplot gave, unless it has shown it itself. frame: which of an animation,
 * from 0, each over the one before; -1: of none. */
void window_show(const struct chart *c, const struct buf *picture, int frame);

#endif
