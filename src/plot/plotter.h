/* plotter: where a chart is drawn: a file, a window, the terminal, or as numbers. It
 * owns the gnuplot child, lives in the session and says each trouble once.
 *
 *     struct canvas p;
 *     struct error *e = plotter_aim(s, stmt, false, &p);
 *     if (!e) e = plotter_show(s, &p, &chart);
 */
#ifndef PLOT_PLOTTER_H
#define PLOT_PLOTTER_H

#include "board/session.h"
#include "plot/chart.h"

enum canvas_kind {
    CANVAS_NUMBERS,
    CANVAS_TERMINAL, /* in letters */
    CANVAS_INLINE,   /* the same page, but a real picture */
    CANVAS_WINDOW,
    CANVAS_PAGE, /* the out's: a picture and, for who can't see it, its numbers */
    CANVAS_FILE
};

struct canvas {
    enum canvas_kind kind;
    const char *path; /* FILE */
    struct medium screen;
    bool english; /* no Hangul font: the picture's words are English */
};

/* Reads `into` and the surroundings; `moves`: it will be drawn over. */
struct error *plotter_aim(struct session *s, const struct stmt *c, bool moves,
                          struct canvas *p);
/* How real pictures are shown: in the terminal ("kitty") or beside it ("qt"; in a page
 * "SVG"); NULL: they aren't. May they be? */
const char *plotter_shows(struct session *s);
void plotter_allow(struct session *s, bool pictures);
struct error *plotter_show(struct session *s, const struct canvas *p,
                           const struct chart *c);
/* The chart in letters, as a text (with the one below it beside it, where there is
 * room); owned. NULL: as plotter_draw. */
char *plotter_text(struct session *s, const struct chart *c);
/* Has gnuplot run a script of our own making, of so many pictures; *picture: what came
 * back. False: no picture could be drawn (said), or Ctrl-C was hit (not said). */
bool plotter_draw(struct session *s, const char *script, int pictures,
                  struct buf *picture);
/* To a file: over a picture of the same kind, but over nothing else. */
struct error *plotter_write(const char *path, const struct buf *picture);

#endif
