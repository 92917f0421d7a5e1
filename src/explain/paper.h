/* paper: squared paper for drawings in the terminal: a character with its colour in
 * each square, wide ones over two. What lies outside is not drawn.
 *
 *     struct paper p = {arena_alloc(a, 2 * 40, sizeof *p.at), 40, 2};
 *     int end = paper_put(&p, 0, 0, "w ", OUT_PARAM);
 *     paper_wire(&p, 0, end, 9);
 *     paper_print(o, &p, 0);                        // w ───────
 */
#ifndef EXPLAIN_PAPER_H
#define EXPLAIN_PAPER_H

#include "text/out.h"

struct square {
    char text[8]; /* "": nothing; a wide character's second half is skipped */
    bool half;
    enum out_colour colour;
};

struct paper {
    struct square *at; /* rows × columns, borrowed */
    int columns, rows;
};

const char *paper_text(const struct paper *p, int row, int column); /* "": nothing */
/* Writes s from a square on; returns the column after it. */
int paper_put(const struct paper *p, int row, int column, const char *s,
              enum out_colour c);
void paper_wire(const struct paper *p, int row, int from, int to);
/* One line, without spaces at its end; an empty last one is left out. */
void paper_print(struct out *o, const struct paper *p, int row);

#endif
