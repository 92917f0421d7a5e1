/* inline: real pictures between the lines of a terminal that can show them: kitty's
 * graphics, iTerm2's inline images, sixel. Whether it can is asked, never guessed.
 *
 *     struct inline_screen to;
 *     char *said = o->ask(INLINE_QUESTION);
 *     if (inline_read(said, &to)) inline_put(o, &to, &picture, rows, columns);
 */
#ifndef PLOT_INLINE_H
#define PLOT_INLINE_H

#include "base/buf.h"
#include "plot/chart.h"

/* Kitty's query (a picture of one dot, not shown), iTerm2's cell, the cell in pixels,
 * 256 colours for sixel (a VT340 has 16), and what every terminal answers: the last, so
 * that who is silent so far is heard. */
#define INLINE_QUESTION                          \
    "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\" \
    "\033]1337;ReportCellSize\a\033[16t\033[?1;3;256S\033[c"

struct inline_row;
struct inline_screen {
    const struct inline_row *row; /* NULL: it shows none */
    int wide, high;               /* of a cell, in pixels; 0: it didn't say */
};

/* What the answers say; false: no pictures. */
bool inline_read(const char *answers, struct inline_screen *to);
const char *inline_name(const struct inline_screen *to);
/* What gnuplot has to make: SCREEN_PNG or SCREEN_SIXEL. */
enum screen_kind inline_wants(const struct inline_screen *to);
/* gnuplot's bytes, on the `rows` last rows, which are empty; the cursor stays below. */
void inline_put(struct out *o, const struct inline_screen *to,
                const struct buf *picture, int rows, int columns);

#endif
